"""A table of records: whole rows are marked, and stay marked when the records are loaded anew."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.models.records import RecordModel, TickedRecordModel
from portfolio_app.gui.widgets.basics import set_rows

Record = TypeVar("Record")
_NARROWEST: Final = 56
_FEWEST_ROWS: Final = 5
_MARK: Final = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


class RecordTable(QTableView, Generic[Record]):
    """Shows a model of records; one column takes the room that is left.

    Args:
        model: The records.
        name: What a screen reader calls the table.
        wide: The number of the column that takes the room.
        many: Whether several rows can be marked.
        sortable: Whether a press on a heading sorts.
    """

    chosen = Signal()
    """What is marked is another."""
    opened = Signal()
    """Enter, or a double click on a row."""
    delete_pressed = Signal()

    def __init__(
        self,
        model: RecordModel[Record],
        name: str,
        parent: QWidget | None = None,
        *,
        wide: int = 0,
        many: bool = False,
        sortable: bool = False,
    ) -> None:
        super().__init__(parent)
        self._records = model
        self._is_filling = False
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if many else modes.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(50)  # of thousands of rows a few tell how wide a column must be
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(theme.current().scaled(_NARROWEST))
        header.setSectionsClickable(sortable)
        if sortable:
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.setSortingEnabled(True)
        set_rows(self)
        self.selectionModel().selectionChanged.connect(self._tell)
        self.doubleClicked.connect(self._open)

    def show_records(self, records: Sequence[Record]) -> None:
        """Show other records. What was marked stays marked; if none of it is left, the nearest row is."""
        marked = self.chosen_keys()
        row = self.currentIndex().row()
        top = self.verticalScrollBar().value()
        self._is_filling = True
        self._records.set_records(records)
        self.choose(marked)
        if not self.chosen_keys() and self._records.rowCount():
            self.choose([self._records.key(max(0, min(row, self._records.rowCount() - 1)))])
        self.verticalScrollBar().setValue(top)
        self._is_filling = False
        self.chosen.emit()

    def choose(self, keys: Iterable[Hashable]) -> None:
        """Mark records that are shown, and none besides; the first is in hand."""
        marked = QItemSelection()
        first = None
        for row in sorted(row for row in map(self._records.row_of, keys) if row >= 0):
            index = self._records.index(row, 0)
            first = first or index
            marked.select(index, index)
        selection = self.selectionModel()
        if first is not None:
            selection.setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(first)
        selection.select(marked, QItemSelectionModel.SelectionFlag.Clear | _MARK)

    def chosen_records(self) -> list[Record]:
        """Return what is marked, from top to bottom."""
        return [self._records.record(row) for row in self._marked_rows()]

    def chosen_keys(self) -> list[Hashable]:
        """Return what tells the marked records from the others."""
        return [self._records.key(row) for row in self._marked_rows()]

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Tell of Enter and Delete; the rest is as in any table."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._marked_rows():
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Delete and self._marked_rows():
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)

    def _marked_rows(self) -> list[int]:
        selection = self.selectionModel().selection()
        spans = [selection.at(number) for number in range(selection.count())]
        return sorted({row for span in spans for row in range(span.top(), span.bottom() + 1)})

    def _tell(self, *_selections: object) -> None:
        if not self._is_filling:
            self.chosen.emit()

    def _open(self, _index: Any) -> None:
        self.opened.emit()


class TickedTable(RecordTable[Record]):
    """Shows records with a tick each; Space ticks the one in hand, whichever of its cells that is.

    Args:
        model: The records.
        name: What a screen reader calls the table.
        wide: The number of the column that takes the room that is left.
        widths: Of the first columns, at a zoom of 100 %; they can be drawn wider.
    """

    def __init__(self, model: TickedRecordModel[Record], name: str, *, wide: int, widths: Sequence[int]) -> None:
        super().__init__(model, name, wide=wide)
        self._ticks = model
        header = self.horizontalHeader()
        for column, width in enumerate(widths):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, theme.current().scaled(width))

    def show_rows(self, count: int) -> None:
        """Be high enough for so many rows, within reason."""
        header = self.horizontalHeader().sizeHint().height()
        rows = self.verticalHeader().defaultSectionSize()
        self.setMinimumHeight(header + rows * min(max(count, 1), _FEWEST_ROWS) + 2 * self.frameWidth())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Tick with Space; the rest is as in any table."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._ticks.tick(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
