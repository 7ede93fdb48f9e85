"""What the search box finds: commands, evidence, requirements, people …, in one list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
FOUND_ROLE: Final = Qt.ItemDataRole.UserRole
Marks = tuple[tuple[int, int], ...]
_NOWHERE: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the list: what it is called, what stands at its right, and what choosing it does.

    ``sort`` is the word for what it is (“Commands”, “Evidence” …); ``icon`` is an icon's name. ``excerpt`` is some of
    its text, below the title; ``marks`` and ``title_marks`` are where the words that were searched for stand in these.
    """

    sort: str
    title: str
    icon: str
    choose: Callable[[], object]
    aside: str = ""
    is_kind: bool = False
    """Whether ``icon`` is the id of a kind of evidence instead."""
    excerpt: str = ""
    marks: Marks = ()
    title_marks: Marks = ()
    is_completion: bool = False
    """Whether it only completes what is typed, so that the search goes on."""


class FoundThings(QAbstractListModel):
    """Things found, sort by sort."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Found] = ()

    @property
    def rows(self) -> Sequence[Found]:
        """What is shown."""
        return self._rows

    def show(self, rows: Sequence[Found]) -> None:
        """Show these things, which stand sort by sort."""
        self.beginResetModel()
        self._rows = rows
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
            return ", ".join(part for part in (row.title, row.aside, row.sort, row.excerpt) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.excerpt or None
        return None
