"""The way of units into the portfolio: read, looked through, and stored, or compared with what is there already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.gap_facts import joined
from portfolio_app.domain.qualification import Unit, find_unit
from portfolio_app.domain.unit_versions import older_version
from portfolio_app.gui.dialogs.import_unit import ImportUnitDialog
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.dialogs.unit_review import UnitReviewDialog
from portfolio_app.gui.dialogs.unit_update import UnitUpdateDialog
from portfolio_app.gui.page import Navigator
from portfolio_app.gui.session import Session
from portfolio_app.services.unit_drafts import UnitDraft, unit_of
from portfolio_app.services.unit_versions import UnitUpdate, UpdatedUnit, compare_newer, newer_draft

_UPDATE_ALL: Final = "Update them"
_SKIP_ALL: Final = "Skip them"


class UnitIntake(QObject):
    """Leads through the dialogs for one unit after the other, each over the page.

    Args:
        session: The open portfolio.
        window: Where messages are shown.
        page: The page that it is done over.
        present: Tells which units are in the portfolio.
    """

    added = Signal(object)
    """The :class:`Unit` that is in the portfolio now."""
    updated = Signal(object)
    """The :class:`UpdatedUnit`."""

    def __init__(
        self, session: Session, window: Navigator, page: QWidget, present: Callable[[], Sequence[Unit]]
    ) -> None:
        super().__init__(page)
        self._session, self._window, self._page, self._present = session, window, page, present
        self._waiting: list[UnitDraft] = []
        self._total = 0
        self._for_all = ""
        self._same: list[str] = []

    def import_units(self) -> None:
        """Ask what units are to be read from, and have them looked through."""
        dialog = ImportUnitDialog(self._session, self._page)
        dialog.read.connect(self._take)
        dialog.open()

    def update(self, unit: Unit) -> None:
        """Ask what the newer version of a unit is to be read from."""
        self._take(())
        title = f"Read the newer version of {unit.code}"
        dialog = ImportUnitDialog(self._session, self._page, title=title, asks_which=False)
        dialog.read.connect(partial(self._compare_first, unit))
        dialog.open()

    # One unit after the other

    def _take(self, drafts: Sequence[UnitDraft]) -> None:
        self._waiting, self._total = list(drafts), len(drafts)
        self._for_all, self._same = "", []
        there = [older for draft in drafts if (older := self._older(draft)) is not None]
        if len(there) > 1:
            self._ask_about_all(there)
        else:
            self._go_on()

    def _ask_about_all(self, there: Sequence[Unit]) -> None:
        question = QuestionDialog(
            f"Update the {len(there):,} units that are there already?",
            f"{len(there):,} of the {self._total:,} units that were read are in the portfolio. Updating keeps their "
            "claims and shows what changed, one unit after the other.",
            _UPDATE_ALL,
            _SKIP_ALL,
            parent=self._page,
        )
        question.answered.connect(self._set_for_all)
        question.open()

    def _set_for_all(self, answer: str) -> None:
        self._for_all = answer
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting:
            draft = self._waiting.pop(0)
            older = self._older(draft)
            if older is not None and self._for_all == _SKIP_ALL:
                continue
            if older is None:
                self._review(draft)
            elif self._for_all == _UPDATE_ALL:
                self._compare_first(older, [draft])
            else:
                self._ask_about(older, draft)
            return

    def _ask_about(self, older: Unit, draft: UnitDraft) -> None:
        update = f"Update {older.code}"
        question = QuestionDialog(
            f"{update}, or add another unit?",
            f"“{older.title}” is in the portfolio as {older.code}. Updating keeps its claims and shows what changed; "
            "another unit needs another title and reference.",
            update,
            "Add another unit",
            parent=self._page,
            no="Cancel" if self._total == 1 else "Skip this one",
        )
        question.answered.connect(
            lambda answer: self._compare_first(older, [draft]) if answer == update else self._review(draft)
        )
        question.rejected.connect(self._go_on)
        question.open()

    def _older(self, draft: UnitDraft) -> Unit | None:
        return older_version(self._present(), draft.unit)

    def _place(self) -> str:
        return f"{self._total - len(self._waiting)} of {self._total}" if self._total > 1 else ""

    # A new one

    def _review(self, draft: UnitDraft) -> None:
        dialog = UnitReviewDialog(self._session, draft, self._page, place=self._place())
        dialog.stored.connect(self._has_added)
        dialog.is_there.connect(self._update_instead)
        dialog.skipped.connect(self._go_on)
        dialog.open()

    def _has_added(self, unit: Unit) -> None:
        self.added.emit(unit)
        self._go_on()

    def _update_instead(self, code: str, draft: UnitDraft) -> None:
        unit = find_unit(self._present(), code)
        self._compare(unit, newer_draft(unit, [draft]))

    # A newer version

    def _compare_first(self, unit: Unit, drafts: Sequence[UnitDraft]) -> None:
        """Have a newer version looked through, unless it says nothing new: of several, what is called like the unit."""
        try:
            draft = newer_draft(unit, drafts)
        except InvalidInput as error:
            self._window.message(str(error), kind="warning")
            return
        try:
            newer = unit_of(draft)
        except InvalidInput:  # it must be mended first
            self._review_newer(unit, draft)
            return
        self._session.read(
            compare_newer,
            unit.code,
            newer,
            done=partial(self._review_unless_same, unit, draft),
            failed=partial(self._refused, unit, draft),
            receiver=self,
            topic="compare",
        )

    def _review_unless_same(self, unit: Unit, draft: UnitDraft, update: UnitUpdate) -> None:
        if update.comparison.is_same:
            self._say_same(unit)
        else:
            self._review_newer(unit, draft)

    def _say_same(self, unit: Unit) -> None:
        self._same.append(unit.code)
        say = "says" if len(self._same) == 1 else "say"
        self._window.message(f"{joined(self._same)} {say} all of that already; nothing was changed.")
        self._go_on()

    def _review_newer(self, unit: Unit, draft: UnitDraft) -> None:
        dialog = UnitReviewDialog(self._session, draft, self._page, newer_of=unit.code, place=self._place())
        dialog.reviewed.connect(partial(self._compare, unit))
        dialog.skipped.connect(self._go_on)
        dialog.open()

    def _compare(self, unit: Unit, draft: UnitDraft) -> None:
        self._session.read(
            compare_newer,
            unit.code,
            unit_of(draft),
            done=partial(self._show, unit, draft),
            failed=partial(self._refused, unit, draft),
            receiver=self,
            topic="compare",
        )

    def _show(self, unit: Unit, draft: UnitDraft, update: UnitUpdate) -> None:
        if update.comparison.is_same:
            self._say_same(unit)
            return
        dialog = UnitUpdateDialog(self._session, update, self._page)
        dialog.updated.connect(self._has_updated)
        dialog.back_wanted.connect(partial(self._review_newer, unit, draft))
        dialog.open()

    def _has_updated(self, done: UpdatedUnit) -> None:
        self.updated.emit(done)
        self._go_on()

    def _refused(self, unit: Unit, draft: UnitDraft, error: BaseException) -> None:
        self._review_newer(unit, draft)
        self._window.message(str(error), kind="error")


def updated_in_words(done: UpdatedUnit) -> str:
    """Say in a sentence or two what an update did."""
    parts = [f"{done.unit.code} was updated."]
    if done.kept:
        parts.append(f"Kept: {', '.join(done.kept)}.")
    for count, what in ((done.moved, "moved"), (done.removed, "removed")):
        if count:
            parts.append(f"{count:,} {'claim was' if count == 1 else 'claims were'} {what}.")
    return " ".join(parts)
