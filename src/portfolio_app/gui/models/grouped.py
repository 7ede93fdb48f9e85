"""Rows under headings: the model of every list that is divided into groups which can be folded."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractItemModel, QItemSelection, QModelIndex, QObject, QPersistentModelIndex, Qt

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_SHOWN: Final = Qt.ItemDataRole.DisplayRole
_SAID: Final = Qt.ItemDataRole.AccessibleTextRole
_TIP: Final = Qt.ItemDataRole.ToolTipRole
MOST_AT_ONCE: Final = 1_500
"""Rows of a group that a view is told of at first: Qt asks for index and flags of each, some 8 microseconds."""
_HEADING_FLAGS: Final = Qt.ItemFlag.ItemIsEnabled
_ROW_FLAGS: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


@dataclass(frozen=True, slots=True)
class Group(Generic[Row]):
    """Rows under a heading; ``key`` tells the group from all others, ``note`` stands at the right of the heading."""

    key: str
    heading: str
    rows: Sequence[Row]
    note: str = ""


class GroupedModel(QAbstractItemModel, Generic[Row]):
    """Two levels: headings, and the rows of each.

    Heirs say how a row is told from others (:meth:`key_of`) and what it reads (:meth:`text_of`, :meth:`said_of`).
    An index of a row holds the number of its group plus one, one of a heading holds 0, so that thousands of rows
    need no object of their own. The rows of a long group are handed out a part at a time, by :meth:`hand_out_more`.

    Attributes:
        most_at_once: How many rows of a group are handed out at a time.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.most_at_once = MOST_AT_ONCE
        self._groups: Sequence[Group[Row]] = ()
        self._handed_out: list[int] = []

    # For heirs

    def key_of(self, row: Row) -> Hashable:
        """Return what the row is found by again when everything was loaded anew."""
        raise NotImplementedError

    def keys_of(self, rows: Iterable[Row]) -> Iterable[Hashable]:
        """Return the keys of many rows."""
        return map(self.key_of, rows)

    def text_of(self, row: Row) -> str:
        """Return the words of a row."""
        raise NotImplementedError

    def tip_of(self, row: Row) -> str:
        """Return what is shown where the pointer rests on a row: its words, which may be cut."""
        return self.text_of(row)

    def said_of(self, row: Row) -> str:
        """Return what a screen reader says of a row."""
        return self.text_of(row)

    # For views

    @property
    def groups(self) -> Sequence[Group[Row]]:
        """What is shown."""
        return self._groups

    def set_groups(self, groups: Sequence[Group[Row]]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._groups = groups
        self._handed_out = [min(len(group.rows), self.most_at_once) for group in groups]
        self.endResetModel()

    def group(self, index: Index) -> Group[Row] | None:
        """Return the group that a heading or a row belongs to."""
        if not index.isValid():
            return None
        return self._groups[(index.internalId() or index.row() + 1) - 1]

    def row(self, index: Index) -> Row | None:
        """Return what stands in a row; ``None`` for a heading."""
        if not index.isValid() or not index.internalId():
            return None
        return self._groups[index.internalId() - 1].rows[index.row()]

    def heading_index(self, group: int) -> QModelIndex:
        """Return the heading of a group."""
        return self.createIndex(group, 0, 0) if 0 <= group < len(self._groups) else QModelIndex()

    def row_index(self, group: int, row: int) -> QModelIndex:
        """Return a row of a group, as far as they are handed out."""
        if 0 <= group < len(self._groups) and 0 <= row < self._handed_out[group]:
            return self.createIndex(row, 0, group + 1)
        return QModelIndex()

    def places_of(self, keys: Collection[Hashable]) -> dict[Hashable, tuple[int, int]]:
        """Return the group and the place in it of the rows with these keys, handed out or not.

        Looked for each time: keeping the keys of thousands of rows would set the garbage collector to work.
        """
        wanted = set(keys)
        return {
            key: (group, place)
            for group, shown in enumerate(self._groups)
            for place, key in enumerate(self.keys_of(shown.rows))
            if key in wanted
        }

    def index_of(self, key: Hashable) -> QModelIndex:
        """Return the row with this key, or an invalid index."""
        found = self.places_of((key,)).get(key)
        return self.place_index(*found) if found else QModelIndex()

    def place_index(self, group: int, place: int) -> QModelIndex:
        """Return the row at a place, which is handed out first if need be."""
        if 0 <= group < len(self._groups) and place < len(self._groups[group].rows):
            self._hand_out(group, place + 1)
        return self.row_index(group, place)

    def handed_out(self, group: int) -> int:
        """Return how many rows of a group views know of."""
        return self._handed_out[group]

    def rows_in(self, selection: QItemSelection) -> Iterator[Row]:
        """Yield the rows of a selection in the order shown."""
        ranges = [
            (part.parent().row(), part.top(), part.bottom())
            for part in (selection.at(number) for number in range(selection.count()))
            if part.isValid() and part.parent().isValid()
        ]
        for group, top, bottom in sorted(ranges):
            yield from self._groups[group].rows[top : bottom + 1]

    def hand_out_more(self, group: int) -> None:
        """Hand out the next rows of a group, if it has more.

        Not by way of ``fetchMore``, which a tree calls whenever it lays its rows out.
        """
        if self._handed_out[group] < len(self._groups[group].rows):
            self._hand_out(group, self._handed_out[group] + 1)

    # Qt

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        """Return the index of a heading, or of a row below one."""
        # Written out, because Qt asks for thousands in a row.
        if column != 0 or row < 0:
            return QModelIndex()
        if not parent.isValid():
            return self.createIndex(row, 0, 0) if row < len(self._groups) else QModelIndex()
        group = parent.row()
        if parent.internalId() or row >= self._handed_out[group]:
            return QModelIndex()
        return self.createIndex(row, 0, group + 1)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override] # QObject.parent is another
        """Return the heading above a row."""
        group = index.internalId() if index.isValid() else 0
        return self.createIndex(group - 1, 0, 0) if group else QModelIndex()

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many headings there are, or rows below one."""
        if not parent.isValid():
            return len(self._groups)
        return 0 if parent.internalId() else self._handed_out[parent.row()]

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return that there is one column."""
        del parent
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that rows can be chosen, headings only be reached."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _ROW_FLAGS if index.internalId() else _HEADING_FLAGS

    def data(self, index: Index, role: int = _SHOWN) -> Any:
        """Return the words of a heading or a row, and what a screen reader says of it."""
        group = self.group(index)
        if group is None:
            return None
        row = self.row(index)
        if row is None:
            said = ", ".join(part for part in (group.heading, group.note) if part)
            return group.heading if role == _SHOWN else said if role == _SAID else None
        if role in (_SHOWN, _SAID):
            return self.text_of(row) if role == _SHOWN else self.said_of(row)
        return self.tip_of(row) if role == _TIP else None

    def _hand_out(self, group: int, needed: int) -> None:
        before = self._handed_out[group]
        if needed <= before:
            return
        parts = -(-needed // self.most_at_once)
        after = min(len(self._groups[group].rows), parts * self.most_at_once)
        self.beginInsertRows(self.heading_index(group), before, after - 1)
        self._handed_out[group] = after
        self.endInsertRows()
