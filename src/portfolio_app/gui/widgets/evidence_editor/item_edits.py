"""Saving what is typed into an item, and keeping what could not be saved."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import Evidence, EvidenceKind
from portfolio_app.gui.session import Session
from portfolio_app.services.evidence_edits import change_evidence
from portfolio_app.services.evidence_given import EvidenceGiven, filled


class ItemEdits(QObject):
    """Sends edits of items, counts those that are underway, and tells which part was refused.

    Args:
        session: The open portfolio.
        initiator: Who shows the item already as it was edited.
    """

    refused = Signal(str, str, str)
    """The id of an item, the part of it that was not saved, and why."""
    settled = Signal()
    """Nothing is underway any more."""

    def __init__(self, session: Session, initiator: QObject) -> None:
        super().__init__(initiator)
        self._session = session
        self._initiator = initiator
        self._underway = 0
        self._unsaved: dict[str, dict[str, EvidenceGiven]] = {}

    @property
    def is_underway(self) -> bool:
        """Whether an edit has not been answered yet."""
        return self._underway > 0

    def change(self, item: str, part: str, given: EvidenceGiven) -> None:
        """Save what was typed into one part of an item; it is kept if that is refused."""
        self._underway += 1
        self._session.edit(
            change_evidence,
            self._session.kinds,
            item,
            given,
            done=partial(self._is_saved, item, part),
            failed=partial(self._is_not_saved, item, part, given),
            initiator=self._initiator,
        )

    def has_unsaved(self, item: str) -> bool:
        """Whether something typed into an item could not be saved."""
        return item in self._unsaved

    def with_unsaved(self, item: Evidence, kind: EvidenceKind | None) -> Evidence:
        """Return an item as it is on the screen: with what was typed and could not be saved."""
        for given in self._unsaved.get(item.id, {}).values():
            with suppress(InvalidInput):
                item = filled(item, kind, given, lenient=True)
        return item

    def try_again(self, item: str) -> None:
        """Save once more what could not be saved."""
        for part, given in list(self._unsaved.get(item, {}).items()):
            self.change(item, part, given)

    def run(
        self,
        service: Callable[..., tuple[Any, Changes]],
        *arguments: Any,
        item: str,
        part: str,
        is_shown: bool = True,
    ) -> None:
        """Have a service change one part of an item; ``is_shown``: its initiator needs not be told of the change."""
        self._underway += 1
        self._session.edit(
            service,
            *arguments,
            done=self._is_done,
            failed=partial(self._is_refused, item, part),
            initiator=self._initiator if is_shown else None,
        )

    def _is_saved(self, item: str, part: str, _result: object) -> None:
        parts = self._unsaved.get(item, {})
        parts.pop(part, None)
        if not parts:
            self._unsaved.pop(item, None)
        self._one_less()

    def _is_not_saved(self, item: str, part: str, given: EvidenceGiven, error: BaseException) -> None:
        self._unsaved.setdefault(item, {})[part] = given
        self._is_refused(item, part, error)

    def _is_done(self, _result: object) -> None:
        self._one_less()

    def _is_refused(self, item: str, part: str, error: BaseException) -> None:
        self.refused.emit(item, part, str(error))
        self._one_less()

    def _one_less(self) -> None:
        self._underway -= 1
        if not self._underway:
            self.settled.emit()
