"""A table that is as high as its rows and is typed into like a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QMenu,
    QScrollBar,
    QSizePolicy,
    QTableView,
    QTextEdit,
    QWidget,
)

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.evidence import FieldDefinition, FieldType
from portfolio_app.gui import theme
from portfolio_app.gui.models.clipboard_grid import write_tsv
from portfolio_app.gui.models.table_rows import Index, TableRowsModel
from portfolio_app.gui.widgets.form.cell_editors import CellDelegate, clipboard_grid
from portfolio_app.gui.widgets.form.person_field import KnownWords
from portfolio_app.gui.widgets.form.row_headers import ColumnLabels, RowNumbers
from portfolio_app.gui.widgets.form.scrolling import bring_into_view, make_room, make_room_soon

_BATCH: Final = 120
"""Rows measured at a time, so that a long table never holds the window up."""
_LOOKED_AT: Final = 60
"""Rows whose words decide how wide a column is."""
_WIDTHS = {
    FieldType.NUMBER: (60, 130, 0),
    FieldType.DATE: (102, 140, 0),
    FieldType.YES_NO: (60, 80, 0),
    FieldType.CHOICE: (76, 150, 0),
    FieldType.PERSON: (88, 170, 1),
    FieldType.TEXT: (88, 220, 2),
    FieldType.LONG_TEXT: (148, 320, 4),
}
"""By type: the least width, the most that short words ask for, and the share of what is left over."""

_NARROWEST = 48

COMMANDS = {
    "add": ("Add a row", "Ctrl+Return"),
    "insert": ("Insert a row above", "Ctrl+Shift+Return"),
    "duplicate": ("Duplicate", "Ctrl+D"),
    "up": ("Move up", "Alt+Up"),
    "down": ("Move down", "Alt+Down"),
    "delete": ("Delete rows", "Ctrl+Del"),
}
"""What can be done with rows: its words and its keys."""

SHORTCUTS = (
    ("Tab, Shift+Tab", "Next cell, cell before"),
    ("Enter, or just type", "Edit the cell"),
    *((keys.replace("Return", "Enter"), words) for words, keys in COMMANDS.values()),
    ("Delete", "Empty the cells"),
    ("Ctrl+C, Ctrl+X, Ctrl+V", "Copy, cut and paste cells, from a spreadsheet too"),
    ("Esc, Ctrl+Tab", "Leave the table"),
)
"""The keys of a table and what they do, for the page of shortcuts."""


class _SidewaysBar(QScrollBar):
    """Leaves a turn of the wheel up or down to the page, which would else stop at every wide table on its way."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's
        """Take a turn that is meant sideways."""
        if abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
            super().wheelEvent(event)
        else:
            event.ignore()


class RowsView(QTableView):
    """The rows of a table field.

    Tab moves on from cell to cell and, past the last, out of the table; Ctrl+Tab and Escape leave it from anywhere.
    """

    refused = Signal(str)
    """Why something could not be done, in a sentence."""
    text_edit_opened = Signal(QTextEdit)

    def __init__(self, model: TableRowsModel, people: KnownWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.setModel(model)
        self._delegate = CellDelegate(self, model, people)
        self._delegate.step.connect(self._step_from_editor)
        self._delegate.grid_pasted.connect(self._paste_over_editor)
        self._delegate.text_edit_opened.connect(self.text_edit_opened)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(model.definition.label)
        self.setTabKeyNavigation(False)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            trigger.AnyKeyPressed | trigger.DoubleClicked | trigger.EditKeyPressed | trigger.SelectedClicked
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setWordWrap(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBar(_SidewaysBar(Qt.Orientation.Horizontal, self))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)
        self._labels = ColumnLabels(self)
        self.setHorizontalHeader(self._labels)
        self.setVerticalHeader(RowNumbers(self))
        self._labels.sectionResized.connect(self._column_resized)
        self._to_measure: range = range(0)
        self._measuring = QTimer(self)
        self._measuring.setSingleShot(True)
        self._measuring.setInterval(0)
        self._measuring.timeout.connect(self._measure_more)
        self._own_widths = True
        self._setting_widths = False
        self._laid_out = False
        model.modelReset.connect(self._start_anew)
        model.dataChanged.connect(self._measure_changed)
        model.rowsInserted.connect(self._measure_inserted)
        model.rowsRemoved.connect(self._rows_gone)
        model.rowsMoved.connect(self._measure_all)
        theme.notifier().changed.connect(self._start_anew)
        self._start_anew()

    # Rows by keys, buttons and menu

    def perform(self, command: str) -> None:
        """Do one of :data:`COMMANDS` to the rows in hand."""
        if self.rows.read_only:
            return
        first, last = self.rows_in_hand()
        try:
            match command:
                case "add":
                    self._add_below(last)
                case "insert" if first >= 0:
                    self.rows.insert_row(first)
                    self._take(first, 0)
                case "duplicate" if first >= 0:
                    self.rows.duplicate_rows(first, last)
                    self._take_rows(last + 1, last + 1 + last - first)
                case "up" | "down" if first >= 0:
                    by = -1 if command == "up" else 1
                    if self.rows.move_rows(first, last, by):
                        self._take_rows(first + by, last + by)
                case "delete" if first >= 0:
                    column = max(0, self.currentIndex().column())
                    self.rows.remove_rows(first, last)
                    self._take(min(first, self.rows.row_total()), column)
        except KnownError as error:
            self.refused.emit(str(error))

    def rows_in_hand(self) -> tuple[int, int]:
        """Return the first and last row selected, without the empty one; (-1, -1) if there is none."""
        found = {index.row() for index in self.selectedIndexes()} or {self.currentIndex().row()}
        found = {row for row in found if 0 <= row < self.rows.row_total()}
        return (min(found), max(found)) if found else (-1, -1)

    def begin(self) -> None:
        """Take the first cell that has nothing in it yet, to type in."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        place = next(
            (row for row in range(self.rows.row_total()) if not any(self.rows.typed_rows()[row].values())),
            self.rows.row_total(),
        )
        self._take(place, 0)

    def take_found(self, passage: str, words: Sequence[str]) -> bool:
        """Take a cell that holds any of some words, rather one that stands in a passage; return whether one does."""
        wanted = [word.casefold() for word in words]
        found = [
            (" ".join(cells[definition.name].split()) not in passage, row, column)
            for row, cells in enumerate(self.rows.typed_rows())
            for column, definition in enumerate(self.rows.columns())
            if any(word in cells.get(definition.name, "").casefold() for word in wanted)
        ]
        if found:
            _, row, column = min(found)
            self._take(row, column)
        return bool(found)

    def copy(self) -> None:
        """Put the selected cells onto the clipboard."""
        ranges = self.selectionModel().selection()
        if ranges.isEmpty():
            return
        block = ranges.first()
        QGuiApplication.clipboard().setText(write_tsv(self.rows.grid(block.topLeft(), block.bottomRight())))

    def cut(self) -> None:
        """Put the selected cells onto the clipboard and empty them."""
        self.copy()
        self.rows.clear_cells(self.selectedIndexes())

    def paste(self) -> None:
        """Fill cells from the clipboard, from the one in hand on."""
        grid = clipboard_grid()
        if not grid or self.rows.read_only:
            return
        selected = self.selectedIndexes() or [self.currentIndex()]
        row, column = max(0, min(cell.row() for cell in selected)), max(0, min(cell.column() for cell in selected))
        try:
            last_row, last_column = self.rows.paste(row, column, grid)
        except KnownError as error:
            self.refused.emit(str(error))
            return
        self._set_widths()
        self._take(row, column)
        filled = QItemSelection(self.rows.index(row, column), self.rows.index(last_row, last_column))
        self.selectionModel().select(filled, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Mind the keys for rows and cells; the others edit or move as in any table."""
        action = self._meaning(event)
        if not action:
            super().keyPressEvent(event)
            return
        event.accept()
        match action:
            case "copy":
                self.copy()
            case "cut":
                self.cut()
            case "paste":
                self.paste()
            case "clear":
                self.rows.clear_cells(self.selectedIndexes())
            case "edit":
                self._edit(self.currentIndex())
            case "out" | "back out":
                self._leave(forward=action == "out")
            case _:
                self.perform(action)

    def event(self, event: QEvent) -> bool:
        """Keep keys that mean something here from being taken as the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._meaning(event):
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's
        """Let Tab move on to the next cell, and out of the table past the last one."""
        if self.state() == QAbstractItemView.State.EditingState or self._step(forward=forward):
            return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Begin at the first cell, or coming backwards at the last."""
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.TabFocusReason:
            self._take(0, 0)
        elif event.reason() == Qt.FocusReason.BacktabFocusReason:
            self._take(self.rows.rowCount() - 1, 0)
        elif not self.currentIndex().isValid():
            self.selectionModel().setCurrentIndex(self.rows.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Let go of the selection, which would look as if it were still in hand."""
        super().focusOutEvent(event)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Open an empty cell for typing, and a list of choices, at one click."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or len(self.selectedIndexes()) > 1 or not index.isValid():
            return
        column = self.rows.columns()[index.column()]
        chooses = column.type in {FieldType.CHOICE, FieldType.YES_NO}
        if index == self.currentIndex() and (chooses or not index.data(Qt.ItemDataRole.EditRole)):
            self._edit(index)
            editor = self.indexWidget(index)
            if isinstance(editor, QComboBox):
                editor.showPopup()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's
        """Offer what can be done with cells and rows."""
        menu = QMenu(self)
        for words, keys, does in (
            ("Cut", "Ctrl+X", self.cut),
            ("Copy", "Ctrl+C", self.copy),
            ("Paste", "Ctrl+V", self.paste),
        ):
            one = QAction(f"{words}\t{keys}", menu)
            one.setEnabled(words == "Copy" or not self.rows.read_only)
            one.triggered.connect(does)
            menu.addAction(one)
        menu.addSeparator()
        for command, (words, keys) in COMMANDS.items():
            one = QAction(f"{words}\t{keys.replace('Return', 'Enter')}", menu)
            one.setData(command)
            one.setEnabled(not self.rows.read_only and (command == "add" or self.rows_in_hand()[0] >= 0))
            menu.addAction(one)
        chosen = menu.exec(event.globalPos())
        wanted: object = chosen.data() if chosen in menu.actions() else None
        if isinstance(wanted, str):
            self.perform(wanted)
        menu.deleteLater()

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's
        """Bring the cell in hand into the part of the page that is seen."""
        super().currentChanged(current, previous)
        self._bring_into_view()

    def _meaning(self, event: QKeyEvent) -> str:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        pressed = QKeySequence(event.keyCombination()).toString().replace("Enter", "Return")
        for command, (_, keys) in COMMANDS.items():
            if pressed == keys:
                return command
        for name, key in (
            ("copy", QKeySequence.StandardKey.Copy),
            ("cut", QKeySequence.StandardKey.Cut),
            ("paste", QKeySequence.StandardKey.Paste),
        ):
            if event.matches(key):
                return name
        meanings = {
            Qt.Key.Key_Escape: "out",
            Qt.Key.Key_Delete: "clear",
            Qt.Key.Key_Backspace: "clear",
            Qt.Key.Key_Return: "edit",
            Qt.Key.Key_Enter: "edit",
        }
        if control:
            meanings = {Qt.Key.Key_Tab: "out", Qt.Key.Key_Backtab: "back out"}
        return meanings.get(Qt.Key(event.key()), "")

    def _paste_over_editor(self) -> None:
        self._take(self.currentIndex().row(), self.currentIndex().column())
        self.paste()

    # From cell to cell

    def _step_from_editor(self, where: str) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        match where:
            case "next" | "previous":
                forward = where == "next"
                if self._step(forward=forward):
                    self._edit(self.currentIndex())
                else:
                    self._leave(forward=forward)
            case "down":
                self._take(min(self.currentIndex().row() + 1, self.rows.rowCount() - 1), self.currentIndex().column())
            case "row":
                self.perform("add")
            case _:
                self._leave(forward=where == "out")

    def _step(self, *, forward: bool) -> bool:
        """Take the next cell; return whether there was one. From a wholly empty new row one goes on out."""
        current, columns = self.currentIndex(), len(self.rows.definition.columns)
        if not current.isValid():
            return False
        row, column = current.row(), min(current.column(), columns - 1)
        row, column = divmod(row * columns + column + (1 if forward else -1), columns)
        if row < 0 or row >= self.rows.rowCount():
            return False
        self._take(row, column)
        return True

    def _leave(self, *, forward: bool) -> None:
        super().focusNextPrevChild(forward)

    def _add_below(self, last: int) -> None:
        if 0 <= last < self.rows.row_total() - 1:
            self.rows.insert_row(last + 1)
            self._take(last + 1, 0)
        else:
            self._take(self.rows.row_total(), 0)
        self._edit(self.currentIndex())

    def _take(self, row: int, column: int) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        # Said outright: setCurrentIndex() would add to the selection while Control is held down for a shortcut.
        index = self.rows.index(row, column)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _take_rows(self, first: int, last: int) -> None:
        self._take(first, max(0, self.currentIndex().column()))
        if last > first:
            for row in range(first, last + 1):
                self.selectionModel().select(
                    self.rows.index(row, 0),
                    QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
                )

    def _edit(self, index: QModelIndex) -> None:
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def _bring_into_view(self) -> None:
        if self.currentIndex().isValid() and self.isVisible() and self.hasFocus():
            bring_into_view(self.viewport(), self.visualRect(self.currentIndex()))

    # Heights and widths

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Share the new width out among the columns."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            first, self._laid_out = not self._laid_out, True
            self._set_widths()
            if first:
                self._measure_all()

    def _start_anew(self) -> None:
        self._own_widths = True
        self._set_widths()
        self._measure_all()

    def _column_resized(self) -> None:
        if not self._setting_widths:
            self._own_widths = False
            self._measure_all()

    def _set_widths(self) -> None:
        if not self._own_widths or not self._laid_out:
            return
        self._setting_widths = True
        before = [self.columnWidth(column) for column in range(self.rows.columnCount())]
        wanted = shared_widths(
            [self._wanted_width(place, column) for place, column in enumerate(self.rows.columns())],
            self.viewport().width(),
        )
        for place, width in enumerate(wanted):
            self.setColumnWidth(place, width)
        self._setting_widths = False
        if wanted != before:
            self._measure_all()

    def _wanted_width(self, place: int, column: FieldDefinition) -> tuple[int, int, int]:
        scaled = theme.current().scaled
        least, most, share = _WIDTHS[column.type]
        least = max(scaled(least), self._labels.label_width(column.label))
        texts = [self.rows.index(row, place).data() for row in range(min(self.rows.row_total(), _LOOKED_AT))]
        texts += column.choices
        natural = max((self._delegate.natural_width(column, text) for text in texts if text), default=0)
        if column.type is FieldType.CHOICE:
            least = max(least, min(natural, scaled(most)))
        elif column.type is FieldType.TEXT and 0 < natural < least and place:
            least = max(natural, self._labels.label_width(column.label), scaled(_NARROWEST))
        return least, min(max(least, natural), max(scaled(most), least)), share

    def _measure_all(self) -> None:
        if not self._laid_out:
            return
        self._to_measure = range(self.rows.rowCount())
        self._measure_more()

    def _measure_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        self._measure(range(first.row(), last.row() + 1))

    def _measure_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._measure(range(max(0, first - 1), last + 1))

    def _rows_gone(self) -> None:
        self._fit_height()
        make_room(self)

    def _measure(self, rows: Sequence[int]) -> None:
        if len(rows) > _BATCH:
            self._measure_all()
            return
        for row in rows:
            self._set_height(row)
        self._fit_height()
        make_room(self)

    def _measure_more(self) -> None:
        now, self._to_measure = self._to_measure[:_BATCH], self._to_measure[_BATCH:]
        for row in now:
            if row < self.rows.rowCount():
                self._set_height(row)
        if self._to_measure:
            self._measuring.start()
        self._fit_height()

    def _set_height(self, row: int) -> None:
        least = theme.current().scaled(theme.COMPACT_ROW_HEIGHT)
        height = max(
            self._delegate.height(self.rows.index(row, column), self.columnWidth(column) - 1)
            for column in range(self.rows.columnCount())
        )
        self.setRowHeight(row, max(least, height))

    def _fit_height(self) -> None:
        labels = self._labels.sizeHint().height()
        if labels != self._labels.height():
            self._labels.setFixedHeight(labels)
        bar = self.horizontalScrollBar()
        overflow = self._labels.length() > self.viewport().width()
        height = (
            self.verticalHeader().length()
            + labels
            + (bar.sizeHint().height() if overflow else 0)
            + 2 * self.frameWidth()
        )
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)
            make_room_soon(self)

    def scrollTo(  # noqa: N802 - Qt's
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Scroll sideways only: the page scrolls up and down."""
        super().scrollTo(index, hint)
        self.verticalScrollBar().setValue(0)

    def cell_rect(self, row: int, column: int) -> QRect:
        """Return where a cell is, in the view's own coordinates."""
        rect = self.visualRect(self.rows.index(row, column))
        return rect.translated(self.viewport().mapTo(self, QPoint(0, 0)))


def shared_widths(wanted: Sequence[tuple[int, int, int]], room: int) -> list[int]:
    """Share the room out among columns that each have a least width, a natural one and a share of what is left.

    Where even the least widths do not fit, they are kept and the table scrolls sideways.
    """
    least, natural = [one[0] for one in wanted], [one[1] for one in wanted]
    if sum(least) >= room:
        return least
    if sum(natural) > room:
        gap, give = sum(natural) - room, sum(natural) - sum(least)
        widths = [high - (high - low) * gap // give for low, high in zip(least, natural, strict=True)]
        shares = [high - low for low, high in zip(least, natural, strict=True)]
    else:
        shares = [one[2] for one in wanted]
        if not any(shares):
            shares = [1] * len(wanted)
        left = room - sum(natural)
        widths = [high + left * share // sum(shares) for high, share in zip(natural, shares, strict=True)]
    # Rounding leaves a pixel or two to one of those that can take it.
    widths[shares.index(max(shares))] += room - sum(widths)
    return widths
