"""The way of a newer version of a unit into the portfolio: read, looked through, compared, taken over."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.qualification import Unit
from portfolio_app.gui.dialogs.import_unit import ImportUnitDialog
from portfolio_app.gui.dialogs.unit_review import UnitReviewDialog
from portfolio_app.gui.dialogs.unit_update import UnitUpdateDialog
from portfolio_app.gui.page import Navigator
from portfolio_app.gui.session import Session
from portfolio_app.services.unit_drafts import UnitDraft, unit_of
from portfolio_app.services.unit_versions import UnitUpdate, UpdatedUnit, compare_newer, newer_draft


class UnitUpdates(QObject):
    """Leads through the dialogs, each over the page.

    Args:
        session: The open portfolio.
        window: Where messages are shown.
        page: The page that it is done over.
    """

    updated = Signal(object)
    """The :class:`UpdatedUnit`."""
    skipped = Signal()
    """This one is not to be taken over; the next of several is to be looked at."""

    def __init__(self, session: Session, window: Navigator, page: QWidget) -> None:
        super().__init__(page)
        self._session, self._window, self._page = session, window, page

    def read(self, unit: Unit) -> None:
        """Ask what the newer version of a unit is to be read from."""
        dialog = ImportUnitDialog(self._session, self._page, title=f"Read the newer version of {unit.code}")
        dialog.read.connect(partial(self.review, unit))
        dialog.open()

    def review(self, unit: Unit, drafts: Sequence[UnitDraft], place: str = "") -> None:
        """Have what was read looked through: of several the one that is called like the unit."""
        try:
            draft = newer_draft(unit, drafts)
        except KnownError as error:
            self._window.message(str(error), kind="warning")
            return
        self._review(unit, place, draft)

    def compare(self, unit: Unit, draft: UnitDraft) -> None:
        """Compare what was looked through already with a unit."""
        self._compare(unit, "", newer_draft(unit, [draft]))

    def _review(self, unit: Unit, place: str, draft: UnitDraft) -> None:
        dialog = UnitReviewDialog(self._session, draft, self._page, newer_of=unit.code, place=place)
        dialog.reviewed.connect(partial(self._compare, unit, place))
        dialog.skipped.connect(self.skipped)
        dialog.open()

    def _compare(self, unit: Unit, place: str, draft: UnitDraft) -> None:
        self._session.read(
            compare_newer,
            unit.code,
            unit_of(draft),
            done=partial(self._show, unit, place, draft),
            failed=partial(self._refused, unit, place, draft),
            receiver=self,
            topic="compare",
        )

    def _show(self, unit: Unit, place: str, draft: UnitDraft, update: UnitUpdate) -> None:
        if update.comparison.is_same:
            self._window.message(f"{unit.code} says all of that already; nothing was changed.")
            self.skipped.emit()
            return
        dialog = UnitUpdateDialog(self._session, update, self._page)
        dialog.updated.connect(self.updated)
        dialog.back_wanted.connect(partial(self._review, unit, place, draft))
        dialog.open()

    def _refused(self, unit: Unit, place: str, draft: UnitDraft, error: BaseException) -> None:
        self._review(unit, place, draft)
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
