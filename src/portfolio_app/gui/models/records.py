"""Records in rows and columns, as lists of back-ups, people and deleted items show them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QIcon

from portfolio_app.domain.folding import sorting_key
from portfolio_app.gui import theme
from portfolio_app.gui.icons import icon

Record = TypeVar("Record")
Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column(Generic[Record]):
    """What a column shows of each record.

    ``order`` is what it is sorted by, the text if not given; ``icon`` the name of an icon before the text and
    ``tone`` that of a colour of the theme, or empty. Numbers stand at the ``right``.
    """

    title: str
    text: Callable[[Record], str]
    order: Callable[[Record], Any] | None = None
    icon: Callable[[Record], str] | None = None
    tone: Callable[[Record], str] | None = None
    right: bool = False


class RecordModel(QAbstractTableModel, Generic[Record]):
    """Records that are shown and not edited; sorting is Python's, which takes 10,000 of them in some milliseconds."""

    def __init__(
        self,
        columns: Sequence[Column[Record]],
        key: Callable[[Record], Hashable],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._records: list[Record] = []
        self._places: dict[Hashable, int] = {}
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None

    def set_records(self, records: Sequence[Record]) -> None:
        """Show other records, in the order that was chosen if one was."""
        self.beginResetModel()
        self._records = list(records)
        self._arrange()
        self.endResetModel()

    def update_record(self, record: Record) -> None:
        """Show what is newly known of a record that is shown."""
        place = self._places.get(self._key(record))
        if place is not None:
            self._records[place] = record
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(self._columns) - 1))

    def record(self, row: int) -> Record:
        """Return the record of a row."""
        return self._records[row]

    def key(self, row: int) -> Hashable:
        """Return what tells the record of a row from the others."""
        return self._key(self._records[row])

    def row_of(self, key: Hashable) -> int:
        """Return the row of a record, or -1."""
        return self._places.get(key, -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many records there are."""
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title of a column."""
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self._columns):
            if role == Qt.ItemDataRole.DisplayRole:
                return self._columns[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole and self._columns[section].right:
                return _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if not index.isValid():
            return None
        column, record = self._columns[index.column()], self._records[index.row()]
        shown: dict[int, Callable[[], Any]] = {
            Qt.ItemDataRole.DisplayRole: lambda: column.text(record),
            Qt.ItemDataRole.AccessibleTextRole: lambda: f"{column.title}: {column.text(record)}",
            Qt.ItemDataRole.DecorationRole: lambda: self._icon(column, record),
            Qt.ItemDataRole.ForegroundRole: lambda: self._colour(column, record),
            Qt.ItemDataRole.TextAlignmentRole: lambda: _RIGHT if column.right else None,
        }
        return shown[role]() if role in shown else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the records into another order; what is marked stays so."""
        self._sorted_by = (column, order) if column >= 0 else None
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(self.key(index.row()), index.column()) for index in before]
        self._arrange()
        after = [self.index(self._places[key], place) for key, place in kept]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        if self._sorted_by is not None:
            number, order = self._sorted_by
            column = self._columns[number]
            self._records.sort(
                key=column.order or (lambda record: sorting_key(column.text(record))),
                reverse=order == Qt.SortOrder.DescendingOrder,
            )
        self._places = {self._key(record): row for row, record in enumerate(self._records)}

    @staticmethod
    def _icon(column: Column[Record], record: Record) -> QIcon | None:
        name = column.icon(record) if column.icon else ""
        return icon(name, 16, (column.tone(record) if column.tone else "") or "muted") if name else None

    @staticmethod
    def _colour(column: Column[Record], record: Record) -> QColor | None:
        token = column.tone(record) if column.tone else ""
        return theme.current().colour(token) if token else None


class TickedRecordModel(RecordModel[Record]):
    """Records with a tick each, in front of the first column, where one can be ticked.

    Args:
        columns: As of every model of records.
        key: What tells one from the others.
        can_tick: Whether a record has a tick at all.
        parent: Whose it is.
    """

    ticked_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column[Record]],
        key: Callable[[Record], Hashable],
        can_tick: Callable[[Record], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, key, parent)
        self._can_tick = can_tick
        self._ticked: set[Hashable] = set()

    def ticked(self) -> frozenset[Hashable]:
        """Return what tells the ticked records from the others."""
        return frozenset(self._ticked)

    def set_ticked(self, keys: Iterable[Hashable]) -> None:
        """Tick these records, as far as they can be, and no others."""
        wanted = frozenset(keys)
        records = map(self.record, range(self.rowCount()))
        self._ticked = {self._key(record) for record in records if self._can_tick(record)} & wanted
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0), [Qt.ItemDataRole.CheckStateRole])
        self.ticked_changed.emit()

    def tick(self, row: int) -> None:
        """Tick a record, or take its tick away; one that cannot be ticked stays as it is."""
        if self._can_tick(self.record(row)):
            self.set_ticked(self._ticked ^ {self.key(row)})

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows, or the record's tick."""
        if role == Qt.ItemDataRole.CheckStateRole and index.isValid() and index.column() == 0:
            record = self.record(index.row())
            if not self._can_tick(record):
                return None
            return Qt.CheckState.Checked if self._key(record) in self._ticked else Qt.CheckState.Unchecked
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Tick a record, or take its tick away."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        if (Qt.CheckState(value) == Qt.CheckState.Checked) != (self.key(index.row()) in self._ticked):
            self.tick(index.row())
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let those be ticked that can be."""
        flags = super().flags(index)
        if index.isValid() and index.column() == 0 and self._can_tick(self.record(index.row())):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags
