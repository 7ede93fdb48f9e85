"""What the search box finds: commands, evidence, requirements and people, in one list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
FOUND_ROLE: Final = Qt.ItemDataRole.UserRole
_NOWHERE: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the list: what it is called, what stands at its right, and what choosing it does.

    ``sort`` is the word for what it is (“command”, “evidence” …); ``icon`` is an icon's name.
    """

    sort: str
    title: str
    icon: str
    choose: Callable[[], object]
    aside: str = ""
    is_kind: bool = False
    """Whether ``icon`` is the id of a kind of evidence instead."""


class FoundThings(QAbstractListModel):
    """Things found, sort by sort."""

    def __init__(self) -> None:
        super().__init__()
        self._sorts: dict[str, Sequence[Found]] = {}
        self._rows: list[Found] = []

    def set_found(self, sort: str, found: Sequence[Found]) -> None:
        """Show these things of a sort; sorts keep the order in which they first came."""
        self.beginResetModel()
        self._sorts[sort] = found
        self._rows = [row for rows in self._sorts.values() for row in rows]
        self.endResetModel()

    def row(self, number: int) -> Found:
        """Return a line."""
        return self._rows[number]

    def begins_sort(self, number: int) -> bool:
        """Return whether a line is the first of its sort."""
        return number == 0 or self._rows[number - 1].sort != self._rows[number].sort

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a line shows and what a screen reader says of it."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == FOUND_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (row.title, row.aside, row.sort) if part)
        return None
