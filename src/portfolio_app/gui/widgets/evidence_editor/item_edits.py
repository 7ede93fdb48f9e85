"""Saving what is typed into an item."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from portfolio_app.domain.changes import Changes
from portfolio_app.gui.session import Session
from portfolio_app.services.evidence_edits import change_evidence
from portfolio_app.services.evidence_given import EvidenceGiven


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

    @property
    def is_underway(self) -> bool:
        """Whether an edit has not been answered yet."""
        return self._underway > 0

    def change(self, item: str, part: str, given: EvidenceGiven) -> None:
        """Save what was typed into one part of an item."""
        self.run(change_evidence, self._session.kinds, item, given, item=item, part=part)

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

    def _is_done(self, _result: object) -> None:
        self._one_less()

    def _is_refused(self, item: str, part: str, error: BaseException) -> None:
        self._one_less()
        self.refused.emit(item, part, str(error))

    def _one_less(self) -> None:
        self._underway -= 1
        if not self._underway:
            self.settled.emit()
