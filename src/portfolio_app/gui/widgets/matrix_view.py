"""The coverage matrix on screen: requirements down, evidence across, a sign in each claimed cell.

It is a table view, so that selecting, moving about and what a screen reader needs are Qt's own; but it draws itself
without asking a model or a delegate for each cell, which is what makes 2,000 × 500 cells scroll smoothly.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QElapsedTimer,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.models.matrix_model import MatrixModel
from portfolio_app.gui.widgets.matrix_headers import EvidenceEdge, MatrixCorner, RequirementEdge
from portfolio_app.gui.widgets.matrix_painting import LARGEST_CELL, SMALLEST_CELL, USUAL_CELL, Look, draw_frame
from portfolio_app.services.matrix_grid import MatrixFilter, MatrixGrid

CELL_SIZES: Final = (SMALLEST_CELL, 20, 24, USUAL_CELL, 34, 42, LARGEST_CELL)

_NOWHERE: Final = (-1, -1)
_PAUSE_IN_TYPING = 1200  # milliseconds, after which another address begins
_WHEEL_STEP = 120
_ARROWS: Final = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_ZOOM_KEYS: Final = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: 0}
SHORTCUTS: Final = (
    ("Arrow keys", "Move from cell to cell"),
    ("Ctrl+Arrow keys", "Go to the next claim that way"),
    ("Space", "Claim, or take the claim back; fold a heading"),
    ("Enter", "Open the item at the requirement"),
    ("Letters and figures", "Go to the requirement or item that is typed"),
    ("Ctrl+C", "Copy what is selected"),
    ("Ctrl++, Ctrl+-, Ctrl+0", "Larger cells, smaller ones, the usual size"),
)
"""The keys of the matrix and what they do, for the page of shortcuts."""

Index = QModelIndex | QPersistentModelIndex


class MatrixTable(QTableView):
    """The matrix. Rows and columns of its signals are those in view."""

    cell_changed = Signal()
    """Another cell is in hand, or none."""
    toggle_requested = Signal(list)
    """Cells (row, column) are to be claimed, or their claims taken back."""
    opened = Signal(int, int)
    """A cell was asked for; -1 for the row or the column where only an edge of the matrix was pressed."""
    fold_requested = Signal(str)
    """The heading with this id is to be folded or unfolded."""
    menu_requested = Signal(int, int, QPoint)
    """A menu is wanted for a cell, or for a row or column where the other is -1, at a place on screen."""
    copy_requested = Signal()
    typed = Signal(str, bool)
    """What was typed to go somewhere, and whether there is such a place; empty when it ends."""
    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._look: Look | None = None  # asked for by the headers as soon as they are there
        self._cell = USUAL_CELL
        self._hovered = _NOWHERE
        self._typed = ""
        super().__init__(parent)
        self._since_typed = QElapsedTimer()
        self._model = MatrixModel(self)
        self.requirement_edge = RequirementEdge(self)
        self.evidence_edge = EvidenceEdge(self)
        self.setVerticalHeader(self.requirement_edge)
        self.setHorizontalHeader(self.evidence_edge)
        self._corner = MatrixCorner(self)
        self.setModel(self._model)
        self._set_up()
        self._resize_cells()
        self.requirement_edge.fold_pressed.connect(self._press_heading)
        self.requirement_edge.opened.connect(self._open_row)
        self.evidence_edge.opened.connect(self._open_column)
        self.requirement_edge.customContextMenuRequested.connect(self._ask_row_menu)
        self.evidence_edge.customContextMenuRequested.connect(self._ask_column_menu)
        self.doubleClicked.connect(self._open_index)
        theme.notifier().changed.connect(self._dress)

    def _set_up(self) -> None:
        self.setAccessibleName("Coverage matrix")
        self.setAccessibleDescription(
            "Requirements down, evidence across. Arrow keys move, Space claims or takes a claim back, Enter opens it, "
            "typing an address or a reference goes there."
        )
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAutoScrollMargin(4)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # --- what it shows -------------------------------------------------------------------------------------------

    @property
    def matrix(self) -> MatrixModel:
        """What is shown."""
        return self._model

    @property
    def look(self) -> Look:
        """What it is drawn with."""
        if self._look is None:
            self._look = Look(theme.current().scaled(self._cell), self.devicePixelRatioF())
        return self._look

    @property
    def row_in_hand(self) -> int:
        """The row of the cell in hand, -1 if there is none."""
        return self.currentIndex().row()

    @property
    def column_in_hand(self) -> int:
        """The column of the cell in hand, -1 if there is none."""
        return self.currentIndex().column()

    @property
    def hovered(self) -> tuple[int, int]:
        """Row and column under the pointer; -1 where there is none."""
        return self._hovered

    def show_matrix(self, grid: MatrixGrid, wanted: MatrixFilter) -> None:
        """Show what is wanted of a grid; the cell in hand, the selection and the part in view stay where they are."""
        before = self._model.grid
        rows, columns = self._model.shown.rows, self._model.shown.columns
        in_hand, top_left = self.currentIndex(), (self._first_row(), self._first_column())
        row_id = before.rows[rows[in_hand.row()]].id if in_hand.isValid() else ""
        item_id = before.evidence[columns[in_hand.column()]].id if in_hand.isValid() else ""
        top_id = before.rows[rows[top_left[0]]].id if top_left[0] >= 0 else ""
        left_id = before.evidence[columns[top_left[1]]].id if top_left[1] >= 0 else ""
        slack = self.requirement_edge.offset() % self.look.cell, self.evidence_edge.offset() % self.look.cell
        if not self._model.show(grid, wanted):
            self.viewport().update()
            return
        self._hovered = _NOWHERE
        self._measure()
        row, column = self._model.place_of(row_id, item_id)
        self._take_in_hand(row, column)
        top, left = self._model.place_of(top_id, left_id)
        self.verticalScrollBar().setValue(max(0, top) * self.look.cell + slack[0])
        if left >= 0:
            self.horizontalScrollBar().setValue(left * self.look.cell + slack[1])
        if row >= 0 and (row_id or item_id) and self.rowViewportPosition(max(row, 0)) < 0:
            self.scrollTo(self.currentIndex())

    def set_counts(self, down: str, across: str) -> None:
        """Say in the corner how much is in view."""
        self._corner.set_counts(down, across)

    def go_to(self, row: int, column: int) -> None:
        """Take a cell in hand and show it; -1 keeps the row or column."""
        self._take_in_hand(
            row if row >= 0 else max(self.row_in_hand, 0), column if column >= 0 else max(self.column_in_hand, 0)
        )
        self.scrollTo(self.currentIndex())

    def selected_cells(self) -> tuple[range, range]:
        """Return the rows and columns selected; those of the cell in hand if there is no more."""
        ranges = _ranges(self.selectionModel().selection())
        if not ranges:
            here = self.currentIndex()
            return (
                (range(here.row(), here.row() + 1), range(here.column(), here.column() + 1))
                if here.isValid()
                else (
                    range(0),
                    range(0),
                )
            )
        return (
            range(min(each.top() for each in ranges), max(each.bottom() for each in ranges) + 1),
            range(min(each.left() for each in ranges), max(each.right() for each in ranges) + 1),
        )

    def announce(self, sentence: str) -> None:
        """Have a screen reader say something."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _take_in_hand(self, row: int, column: int) -> None:
        rows, columns = self._model.rowCount(), self._model.columnCount()
        if not rows or not columns:
            self.cell_changed.emit()
            return
        if row < 0:
            row = next((each for each in range(rows) if self._model.line(each).is_requirement), 0)
        index = self._model.index(min(row, rows - 1), min(max(column, 0), columns - 1))
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _first_row(self) -> int:
        return min(self.requirement_edge.offset() // self.look.cell, self._model.rowCount() - 1)

    def _first_column(self) -> int:
        return min(self.evidence_edge.offset() // self.look.cell, self._model.columnCount() - 1)

    # --- how large it is -----------------------------------------------------------------------------------------

    @property
    def cell_size(self) -> int:
        """The edge of a cell in pixels, before the window's zoom."""
        return self._cell

    def set_cell_size(self, size: int, around: QPoint | None = None) -> None:
        """Make cells larger or smaller; what is at ``around`` (the viewport's middle if not given) stays there."""
        size = max(SMALLEST_CELL, min(size, LARGEST_CELL))
        if size == self._cell:
            return
        point = around or self.viewport().rect().center()
        across = (point.x() + self.evidence_edge.offset()) / self.look.cell
        down = (point.y() + self.requirement_edge.offset()) / self.look.cell
        self._cell = size
        self._resize_cells()
        self.horizontalScrollBar().setValue(round(across * self.look.cell) - point.x())
        self.verticalScrollBar().setValue(round(down * self.look.cell) - point.y())
        self.zoomed.emit(size)

    def can_zoom(self, steps: int) -> bool:
        """Whether cells can become larger, or smaller for steps below 0."""
        return self._cell < LARGEST_CELL if steps > 0 else self._cell > SMALLEST_CELL

    def zoom(self, steps: int, around: QPoint | None = None) -> None:
        """Go up or down the usual sizes; 0 goes back to the usual one."""
        if not steps:
            self.set_cell_size(USUAL_CELL, around)
            return
        larger = [size for size in CELL_SIZES if size > self._cell]
        smaller = [size for size in reversed(CELL_SIZES) if size < self._cell]
        found = larger if steps > 0 else smaller
        if found:
            self.set_cell_size(found[min(abs(steps), len(found)) - 1], around)

    def show_titles(self, *, shown: bool) -> None:
        """Write the titles of evidence along the upper edge, or not."""
        self.evidence_edge.show_titles(shown=shown)

    def _resize_cells(self) -> None:
        self._look = None
        cell = self.look.cell
        for edge in (self.requirement_edge, self.evidence_edge):
            edge.setDefaultSectionSize(cell)
        self.verticalScrollBar().setSingleStep(cell)
        self.horizontalScrollBar().setSingleStep(cell)
        self._measure()

    def _measure(self) -> None:
        self.requirement_edge.measure()
        self.evidence_edge.measure()
        self.updateGeometries()
        for edge in (self.requirement_edge, self.evidence_edge):
            edge.viewport().update()
        self.viewport().update()

    def _dress(self) -> None:
        self._resize_cells()
        self._corner.update()

    def updateGeometries(self) -> None:  # noqa: N802
        """Keep the corner between the edges."""
        super().updateGeometries()
        frame = self.frameWidth()
        self._corner.setGeometry(frame, frame, self.requirement_edge.width(), self.evidence_edge.height())
        self._corner.raise_()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Draw signs anew for a screen of another density."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._dress()

    # --- drawing -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw what needs it; after a scroll that is a strip."""
        painter = QPainter(self.viewport())
        for area in cast("Iterable[QRect]", event.region()):
            self._paint(painter, area)
        here = self.currentIndex()
        if here.isValid():
            focused = self.hasFocus()
            look = self.look
            draw_frame(painter, self.visualRect(here), look.accent if focused else look.muted, 2 if focused else 1)

    def _paint(self, painter: QPainter, area: QRect) -> None:
        look, model = self.look, self._model
        cell, left, top = look.cell, self.evidence_edge.offset(), self.requirement_edge.offset()
        filled = area.intersected(QRect(0, 0, model.columnCount() * cell - left, model.rowCount() * cell - top))
        if filled != area:
            painter.fillRect(area, look.window)
        if filled.isEmpty():
            return
        painter.drawTiledPixmap(filled, look.tile, QPoint((filled.x() + left) % cell, (filled.y() + top) % cell))
        rows = range((filled.top() + top) // cell, (filled.bottom() + top) // cell + 1)
        first, last = (filled.left() + left) // cell, (filled.right() + left) // cell
        for row in rows:
            if not model.line(row).is_requirement:
                painter.fillRect(QRect(filled.left(), row * cell - top, filled.width(), cell - 1), look.sunken)
        self._tint(painter, filled)
        draw = painter.drawPixmap
        for row in rows:
            y = row * cell - top
            if model.line(row).is_requirement:
                for column, code in model.claims(row, first, last):
                    draw(column * cell - left, y, look.signs[code])
            elif model.is_folded(row):
                self._paint_counts(painter, row, range(first, last + 1))

    def _tint(self, painter: QPainter, area: QRect) -> None:
        """Lay the accent over row and column of the cell in hand, over what is selected and under the pointer."""
        look = self.look
        here = self.visualRect(self.currentIndex())
        if here.isValid():
            painter.fillRect(QRect(area.left(), here.top(), area.width(), here.height()).intersected(area), look.band)
            painter.fillRect(QRect(here.left(), area.top(), here.width(), area.height()).intersected(area), look.band)
        rows, columns = self.selected_cells()
        if len(rows) > 1 or len(columns) > 1:
            painter.fillRect(self._box(rows, columns).intersected(area), look.selected)
        row, column = self._hovered
        if row >= 0 and column >= 0:
            painter.fillRect(self._box(range(row, row + 1), range(column, column + 1)).intersected(area), look.hover)

    def _paint_counts(self, painter: QPainter, row: int, columns: range) -> None:
        """Write into a folded heading how many requirements each item is claimed for."""
        counts = self._model.counts(row)
        painter.setFont(self.look.font)
        painter.setPen(self.look.muted)
        for column in columns:
            count = counts.get(column)
            if count:
                box = self._box(range(row, row + 1), range(column, column + 1))
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), f"{count:,}")

    def _box(self, rows: range, columns: range) -> QRect:
        cell = self.look.cell
        return QRect(
            columns.start * cell - self.evidence_edge.offset(),
            rows.start * cell - self.requirement_edge.offset(),
            len(columns) * cell,
            len(rows) * cell,
        )

    def set_hovered(self, row: int, column: int) -> None:
        """Tint what is under the pointer."""
        if (row, column) == self._hovered:
            return
        for place in (self._hovered, (row, column)):
            self._hovered = (row, column)
            if place[0] >= 0 and place[1] >= 0:
                self.viewport().update(self._box(range(place[0], place[0] + 1), range(place[1], place[1] + 1)))
            self.requirement_edge.update_section(place[0])
            self.evidence_edge.update_section(place[1])

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        """Tint the new row and column, and let go of the old."""
        super().currentChanged(current, previous)
        region = QRegion()
        view = self.viewport().rect()
        for index in (previous, current):
            if not index.isValid():
                continue
            cell = self.visualRect(index)
            if previous.row() != current.row():
                region |= QRegion(QRect(view.left(), cell.top(), view.width(), cell.height()))
            if previous.column() != current.column():
                region |= QRegion(QRect(cell.left(), view.top(), cell.width(), view.height()))
            region |= QRegion(cell)
            self.requirement_edge.update_section(index.row())
            self.evidence_edge.update_section(index.column())
        self.viewport().update(region)
        self.cell_changed.emit()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        """Draw what was and what is selected: Qt would ask for each cell."""
        super().selectionChanged(selected, deselected)
        for each in (*_ranges(selected), *_ranges(deselected)):
            if each.width() > 1 or each.height() > 1:
                self.viewport().update(
                    self._box(range(each.top(), each.bottom() + 1), range(each.left(), each.right() + 1))
                )

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802
        """Let go of the cell under the pointer, which is another one now."""
        self.set_hovered(*_NOWHERE)
        super().scrollContentsBy(dx, dy)

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802
        """Take the matrix, which the view has made itself; no other model can be drawn."""
        if model is not self._model:
            raise TypeError("a matrix view has a model of its own")
        super().setModel(model)

    # --- keyboard and pointer ------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Take the keys for zoom and copying before the window's own shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_own_key(event):
            event.accept()
            return True
        return super().event(event)

    @staticmethod
    def _is_own_key(event: QKeyEvent) -> bool:
        return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) and (
            event.key() in _ZOOM_KEYS or event.matches(QKeySequence.StandardKey.Copy)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Claim, open, fold, copy, zoom, or go to what is typed; the rest is as in any table."""
        if not (self._act_on(event) or self._move_by(event) or self._type(event)):
            super().keyPressEvent(event)
            if event.key() == Qt.Key.Key_Escape:
                self._end_typing()
                event.ignore()

    def _act_on(self, event: QKeyEvent) -> bool:
        key = event.key()
        holds_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        elif holds_control and key in _ZOOM_KEYS:
            self.zoom(_ZOOM_KEYS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Select) and not holds_control:
            self._press_cells()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not holds_control:
            self._open_index(self.currentIndex())
        else:
            return False
        return True

    def _press_cells(self) -> None:
        here = self.currentIndex()
        if not here.isValid():
            return
        rows, columns = self.selected_cells()
        if len(rows) == len(columns) == 1 and not self._model.line(here.row()).is_requirement:
            self.fold_requested.emit(self._model.line(here.row()).id)
            return
        cells = [(row, column) for row in rows if self._model.line(row).is_requirement for column in columns]
        if cells:
            self.toggle_requested.emit(cells)

    def _move_by(self, event: QKeyEvent) -> bool:
        here = self.currentIndex()
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if arrow is None or not here.isValid():
            return False
        down, across = arrow
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            found = self._model.next_claim(here.row(), here.column(), down, across)
            if found is not None:
                self.go_to(*found)
            return True
        line = self._model.line(here.row())
        if across and not line.is_requirement and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if self._model.is_folded(here.row()) == (across > 0):
                self.fold_requested.emit(line.id)
            return True
        return False

    def _type(self, event: QKeyEvent) -> bool:
        text = event.text()
        held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if held or not (text.isprintable() and text):
            return False
        if not self._since_typed.isValid() or self._since_typed.hasExpired(_PAUSE_IN_TYPING):
            self._typed = ""
        self._since_typed.restart()
        self._typed += text
        found = self._model.find(self._typed, self.row_in_hand)
        if found is not None:
            self.go_to(*found)
        self.typed.emit(self._typed, found is not None)
        return True

    def _end_typing(self) -> None:
        if self._typed:
            self._typed = ""
            self.typed.emit("", True)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom around the pointer with Ctrl."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        turned = event.angleDelta().y()
        if turned:
            steps = max(1, abs(turned) // _WHEEL_STEP)
            self.zoom(steps if turned > 0 else -steps, event.position().toPoint())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tint the cell under the pointer."""
        super().mouseMoveEvent(event)
        place = event.position().toPoint()
        self.set_hovered(self.rowAt(place.y()), self.columnAt(place.x()))

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """Tint nothing when the pointer has left."""
        if event.type() == QEvent.Type.Leave:
            self.set_hovered(*_NOWHERE)
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for a menu at the pointer, or at the cell in hand when the key for it was pressed."""
        here = self.currentIndex()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self.visualRect(here).bottomLeft())
        else:
            here, place = self.indexAt(event.pos()), event.globalPos()
        if here.isValid():
            self.menu_requested.emit(here.row(), here.column(), place)
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show which cell the keys are for."""
        super().focusInEvent(event)
        self.viewport().update(self.visualRect(self.currentIndex()))

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Draw the cell in hand more quietly."""
        super().focusOutEvent(event)
        self.viewport().update(self.visualRect(self.currentIndex()))

    def _press_heading(self, row: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.fold_requested.emit(self._model.line(row).id)

    def _open_index(self, index: Index) -> None:
        if not index.isValid():
            return
        line = self._model.line(index.row())
        if line.is_requirement:
            self.opened.emit(index.row(), index.column())
        else:
            self.fold_requested.emit(line.id)

    def _open_row(self, row: int) -> None:
        self.opened.emit(row, -1)

    def _open_column(self, column: int) -> None:
        self.opened.emit(-1, column)

    def _ask_row_menu(self, place: QPoint) -> None:
        row = self.requirement_edge.logicalIndexAt(place)
        if row >= 0:
            self.menu_requested.emit(row, -1, self.requirement_edge.viewport().mapToGlobal(place))

    def _ask_column_menu(self, place: QPoint) -> None:
        column = self.evidence_edge.logicalIndexAt(place)
        if column >= 0:
            self.menu_requested.emit(-1, column, self.evidence_edge.viewport().mapToGlobal(place))


def _ranges(selection: QItemSelection) -> list[QItemSelectionRange]:
    return list(cast("Iterable[QItemSelectionRange]", selection))
