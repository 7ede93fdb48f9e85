"""Suggestions looked for and shown: what an item might meet, and which items might meet a requirement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from portfolio_app import settings
from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Claim
from portfolio_app.domain.suggestions import Band, Sibling, Suggestion, SuggestionSet
from portfolio_app.gui.page import Navigator
from portfolio_app.gui.session import Session
from portfolio_app.gui.suggester import shared_suggester
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import Banner
from portfolio_app.gui.widgets.suggestion_list import ShownSuggestion, SuggestionList
from portfolio_app.services.claims import PlacedClaim
from portfolio_app.services.suggested_claims import claim_suggested, turn_down
from portfolio_app.services.suggestions import PlacedSuggestion, placed_suggestions

_ASK_AFTER_MS: Final = 900
"""Going through the list with the arrow keys asks for nothing."""
_MOST_LIKE: Final = 5


class _Suggestions(QWidget):
    """Suggestions about one thing, each told apart by the key of the other."""

    looked_at = Signal(str)
    """The key of what was pressed."""

    def __init__(self, session: Session, window: Navigator, listed: SuggestionList, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._session = session
        self._window = window
        self._suggester = shared_suggester(window, session)
        self._about = ""
        self._found: SuggestionSet | None = None
        self._placed: dict[str, PlacedSuggestion] = {}
        self._list = listed
        listed.set_read_only(session.read_only)
        listed.wanted.connect(self._ask)
        listed.looked_at.connect(self.looked_at)
        listed.taken.connect(self._take_as_it_is)
        listed.turned_down.connect(self.turn_down)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S8)
        self._column.addWidget(listed)
        session.changed.connect(self._hear)

    def suggestion_for(self, key: str) -> ShownSuggestion | None:
        """Return what is suggested, if it is."""
        placed = self._placed.get(key)
        return self._shown(placed) if placed else None

    def take(self, key: str, quotation: str) -> None:
        """Claim what is suggested, with a quotation as the learner left it."""
        placed = self._placed.get(key)
        if placed is not None:
            self._session.edit(claim_suggested, placed, quotation, done=self._has_claimed, initiator=self)

    def turn_down(self, key: str) -> None:
        """Do not suggest it again."""
        placed = self._placed.get(key)
        if placed is not None:
            said = f"{placed.address} is not suggested for {placed.item.ref} again."
            self._session.edit(turn_down, placed, done=lambda _: self._window.toast(said, undo=True), initiator=self)

    def _take_up(self, about: str) -> None:
        """Forget what was found about another thing."""
        self._about = about
        self._found = None
        self._placed = {}
        self._list.show_nothing_yet()

    def _ask(self) -> None:
        if not self._about:
            return
        if not self._placed:
            self._list.show_looking()
        self._search(self._about, partial(self._has_found, self._about), partial(self._has_failed, self._about))

    def _has_found(self, about: str, found: SuggestionSet) -> None:
        if about == self._about:
            self._found = found
            self._place()

    def _has_failed(self, about: str, error: BaseException) -> None:
        if about == self._about:
            self._found = None
            self._placed = {}
            self._list.show_found((), str(error))

    def _place(self) -> None:
        if self._found is not None:
            self._session.read(placed_suggestions, self._found, done=self._show, receiver=self, topic="suggestions")

    def _show(self, placed: Sequence[PlacedSuggestion]) -> None:
        if self._found is None:
            return
        self._placed = {self._key(each): each for each in placed}
        said = ("" if placed else self._nothing, _unread(self._found.unread), self._found.notice)
        self._list.show_found([self._shown(each) for each in placed], " ".join(filter(None, said)))

    def _take_as_it_is(self, key: str) -> None:
        placed = self._placed.get(key)
        if placed is not None:
            self.take(key, placed.suggestion.quotation)

    def _has_claimed(self, claimed: PlacedClaim) -> None:
        self._window.toast(f"{claimed.evidence_ref} is claimed for {claimed.address}.", undo=True)

    # What the two directions differ in

    _nothing = ""

    def _search(
        self, about: str, done: Callable[[SuggestionSet], None], failed: Callable[[BaseException], None]
    ) -> None:
        raise NotImplementedError

    def _key(self, placed: PlacedSuggestion) -> str:
        raise NotImplementedError

    def _shown(self, placed: PlacedSuggestion) -> ShownSuggestion:
        raise NotImplementedError

    def _hear(self, changes: Changes, initiator: object) -> None:
        raise NotImplementedError


class ItemSuggestions(_Suggestions):
    """The requirements that an item might meet; what is claimed for one may be claimed for its like in other units."""

    _nothing = "Probably nothing here."

    def __init__(self, session: Session, window: Navigator, parent: QWidget | None = None) -> None:
        chosen = window.settings
        listed = SuggestionList("Suggested", "Look for requirements", expanded=chosen.get(settings.SUGGESTIONS))
        super().__init__(session, window, listed, parent)
        listed.toggled.connect(self._fold)
        self._likes: tuple[PlacedSuggestion, ...] = ()
        self._as_well = Banner("", "info", (("Claim it as well", self._claim_like), ("No", self._forget_likes)))
        self._as_well.hide()
        self._column.addWidget(self._as_well)
        self._asking = QTimer(self, singleShot=True, interval=_ASK_AFTER_MS)
        self._asking.timeout.connect(self._ask)

    def show_item(self, evidence_id: str) -> None:
        """Take another item, or none; what it might meet is looked for after a pause."""
        if evidence_id != self._about:
            self._take_up(evidence_id)
            self._forget_likes()
            self._ask_later()

    def set_brief(self, brief: bool) -> None:
        """Take little room."""
        self._list.set_brief(brief)

    def _fold(self, expanded: bool) -> None:
        self._window.settings.set(settings.SUGGESTIONS, expanded)
        self._ask_later()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Look for what was not worth looking for while nobody could see it."""
        super().showEvent(event)
        self._ask_later()

    def _ask_later(self) -> None:
        if self._about and self._found is None and self._list.is_expanded() and self.isVisible():
            self._asking.start()
        else:
            self._asking.stop()

    def _hear(self, changes: Changes, initiator: object) -> None:
        del initiator
        if not self._about:
            return
        if changes.units or (self._about in changes.evidence and not changes.claims):
            self._found = None  # what it says, or what is asked, may be something else
            self._ask_later()
        elif changes.claims or changes.rejections:
            self._place()

    def _search(
        self, about: str, done: Callable[[SuggestionSet], None], failed: Callable[[BaseException], None]
    ) -> None:
        self._asking.stop()
        self._suggester.for_evidence(about, done=done, failed=failed, receiver=self)

    def _key(self, placed: PlacedSuggestion) -> str:
        return placed.suggestion.requirement_id

    def _shown(self, placed: PlacedSuggestion) -> ShownSuggestion:
        found = placed.suggestion
        text = placed.requirement.short_text
        return ShownSuggestion(
            found.requirement_id, placed.address, text, found.band, found.quotation, str(placed.locator)
        )

    def _has_claimed(self, claimed: PlacedClaim) -> None:
        super()._has_claimed(claimed)
        claim = claimed.claim
        self._suggester.siblings(
            claim.requirement_id,
            claim.evidence_id,
            done=partial(self._has_siblings, claim),
            failed=lambda _error: None,  # a convenience that nobody asked for
            receiver=self,
        )

    def _has_siblings(self, claim: Claim, siblings: Sequence[Sibling]) -> None:
        like = tuple(
            Suggestion(claim.evidence_id, sibling.requirement_id, Band.STRONG, claim.quotation)
            for sibling in siblings[:_MOST_LIKE]
        )
        self._session.read(
            placed_suggestions,
            SuggestionSet(like, with_model=False, words=0),
            done=partial(self._offer, claim),
            receiver=self,
            topic="siblings",
        )

    def _offer(self, claim: Claim, like: Sequence[PlacedSuggestion]) -> None:
        if claim.evidence_id != self._about or not like:
            return
        self._likes = tuple(replace(each, locator=claim.locator) for each in like)
        first = self._likes[0]
        self._as_well.set_message(
            f"{first.address} of “{first.unit.title}” asks for much the same: {first.requirement.short_text}"
        )
        self._as_well.show()

    def _claim_like(self) -> None:
        first, *others = self._likes
        self._likes = tuple(others)
        self._as_well.hide()
        self._session.edit(
            claim_suggested, first, first.suggestion.quotation, done=self._has_claimed_like, initiator=self
        )

    def _has_claimed_like(self, claimed: PlacedClaim) -> None:
        super()._has_claimed(claimed)
        if self._likes:
            self._offer(claimed.claim, self._likes)

    def _forget_likes(self) -> None:
        self._likes = ()
        self._as_well.hide()


class RequirementSuggestions(_Suggestions):
    """The items that might meet a requirement, looked for when it is asked."""

    _nothing = "Probably none of your evidence."

    def __init__(self, session: Session, window: Navigator, parent: QWidget | None = None) -> None:
        listed = SuggestionList("Evidence that might fit", "Look through the evidence")
        super().__init__(session, window, listed, parent)

    def show_requirement(self, requirement_id: str) -> None:
        """Take another requirement, or none."""
        if requirement_id != self._about:
            self._take_up(requirement_id)

    def _hear(self, changes: Changes, initiator: object) -> None:
        del initiator
        if changes.claims or changes.rejections or changes.evidence:
            self._place()

    def _search(
        self, about: str, done: Callable[[SuggestionSet], None], failed: Callable[[BaseException], None]
    ) -> None:
        self._suggester.for_requirement(about, done=done, failed=failed, receiver=self)

    def _key(self, placed: PlacedSuggestion) -> str:
        return placed.suggestion.evidence_id

    def _shown(self, placed: PlacedSuggestion) -> ShownSuggestion:
        found = placed.suggestion
        return ShownSuggestion(
            found.evidence_id,
            placed.item.ref,
            placed.item.shown_title,
            found.band,
            found.quotation,
            str(placed.locator),
        )


def _unread(count: int) -> str:
    if not count:
        return ""
    return "One attached file is not read yet." if count == 1 else f"{count:,} attached files are not read yet."
