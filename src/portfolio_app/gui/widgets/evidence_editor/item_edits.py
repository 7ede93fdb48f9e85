"""Saving what is typed into an item, and keeping what could not be saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import Evidence, EvidenceKind
from portfolio_app.gui.session import Session
from portfolio_app.services.evidence_edits import change_evidence
from portfolio_app.services.evidence_given import EvidenceGiven, filled


class _Refused(NamedTuple):
    given: EvidenceGiven
    sentence: str


class ItemEdits(QObject):
    """Sends edits of items, counts those that are underway, and tells which part was refused.

    What was refused is kept until it can be saved, or the program ends.
    """

    refused = Signal(str, str, str)
    """The id of an item, the part of it that was not saved, and why."""
    saved = Signal(str, str)
    """The id of an item, and a part of it that is saved though it was refused before."""
    settled = Signal()
    """Nothing is underway any more."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._underway = 0
        self._unsaved: dict[str, dict[str, _Refused]] = {}

    @property
    def is_underway(self) -> bool:
        """Whether an edit has not been answered yet."""
        return self._underway > 0

    def change(self, item: str, part: str, given: EvidenceGiven) -> None:
        """Save what was typed into one part of an item; it is kept if that is refused."""
        if not self._session.is_open:
            return  # whoever closes the portfolio has asked for everything before
        self._underway += 1
        self._session.edit(
            change_evidence,
            self._session.kinds,
            item,
            given,
            done=partial(self._is_saved, item, part),
            failed=partial(self._is_not_saved, item, part, given),
        )

    def unsaved(self, item: str) -> dict[str, str]:
        """Return the parts of an item that could not be saved, and why."""
        return {part: refused.sentence for part, refused in self._unsaved.get(item, {}).items()}

    def with_unsaved(self, item: Evidence, kind: EvidenceKind | None) -> Evidence:
        """Return an item as it is on the screen: with what was typed and could not be saved."""
        for refused in self._unsaved.get(item.id, {}).values():
            try:
                item = filled(item, kind, refused.given, lenient=True)
            except InvalidInput:  # too long, say: all of it is shown again, so that it can be made to fit
                given = refused.given
                item = replace(
                    item,
                    title=item.title if given.title is None else given.title,
                    body=item.body if given.body is None else given.body,
                    fields={**item.fields, **given.fields},
                )
        return item

    def try_again(self, item: str) -> None:
        """Save once more what could not be saved."""
        for part, refused in list(self._unsaved.get(item, {}).items()):
            self.change(item, part, refused.given)

    def run(self, service: Callable[..., tuple[Any, Changes]], *arguments: Any, item: str, part: str) -> None:
        """Have a service change one part of an item."""
        self._underway += 1
        self._session.edit(service, *arguments, done=self._is_done, failed=partial(self._is_refused, item, part))

    def _is_saved(self, item: str, part: str, _result: object) -> None:
        parts = self._unsaved.get(item, {})
        if parts.pop(part, None) is not None:
            self.saved.emit(item, part)
        if not parts:
            self._unsaved.pop(item, None)
        self._one_less()

    def _is_not_saved(self, item: str, part: str, given: EvidenceGiven, error: BaseException) -> None:
        self._unsaved.setdefault(item, {})[part] = _Refused(given, str(error))
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
