"""A list under headings that fold, quick with thousands of rows, and how its rows are drawn."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.icons import icon
from portfolio_app.gui.models.grouped import Group, GroupedModel

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_EDGE: Final = 8
_MOST_UNFOLDED: Final = 2_500
"""Rows laid out when all is loaded anew: see ``MOST_AT_ONCE``."""
_NEAR_THE_END: Final = 20


class GroupedRowDelegate(QStyledItemDelegate, Generic[Row]):
    """Draws headings with their note; heirs draw the rows, which are all two lines high."""

    def __init__(self, model: GroupedModel[Row], view: QTreeView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view

    def draw_row(self, painter: QPainter, area: QRect, row: Row) -> None:
        """Draw one row on the ground that is drawn already."""
        raise NotImplementedError

    def link_area(self, area: QRect, row: Row) -> QRect:
        """Return where in its area a row has a link; nowhere unless an heir says otherwise."""
        del area, row
        return QRect()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """As high as two lines."""
        del option, index
        return QSize(120, QFontMetrics(theme.body_font()).height() * 2 + theme.current().row_padding(12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a heading or a row."""
        group = self._model.group(index)
        if group is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dress = theme.current()
        area = option.rect.adjusted(4, 1, -4, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(dress.colour("selection" if chosen else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(dress.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 5, 5)
        row = self._model.row(index)
        if row is None:
            self._draw_heading(painter, inner(area), group, is_open=self._view.isExpanded(index))
        else:
            self.draw_row(painter, inner(area), row)
        painter.restore()

    def link_at(self, index: QModelIndex, position: Any) -> bool:
        """Return whether the link of a row is at this place of the view."""
        row = self._model.row(index)
        if row is None:
            return False
        area = inner(self._view.visualRect(index).adjusted(4, 1, -4, -1))
        return self.link_area(area, row).adjusted(-4, -4, 4, 4).contains(position)

    def _draw_heading(self, painter: QPainter, area: QRect, group: Group[Row], *, is_open: bool) -> None:
        dress = theme.current()
        side = dress.scaled(16)
        chevron = QRect(area.left(), area.center().y() - side // 2 + 1, side, side)
        icon("chevron-down" if is_open else "chevron-right", 16, "muted").paint(painter, chevron)
        note_font = theme.tabular(theme.body_font())
        note_width = QFontMetrics(note_font).horizontalAdvance(group.note)
        painter.setFont(note_font)
        painter.setPen(dress.colour("muted"))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, group.note)
        font = theme.body_font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(dress.colour("text"))
        words = area.adjusted(side + _EDGE, 0, -note_width - _EDGE, 0)
        shown = painter.fontMetrics().elidedText(group.heading, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)


class GroupedTree(QTreeView):
    """Shows a grouped model; what is folded, marked and in hand stays so when the rows are loaded anew."""

    row_chosen = Signal()
    """The row in hand, or what is marked, is another."""
    row_activated = Signal(object)
    """Enter or a double click on a row, which is given."""
    link_pressed = Signal(object)
    """The link of a row was clicked."""
    delete_pressed = Signal()
    fold_changed = Signal()

    def __init__(self, model: GroupedModel[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._folded: set[str] = set()
        self._is_filling = False
        self._pressed = QModelIndex()
        self.setModel(model)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.selectionModel().selectionChanged.connect(self._tell)
        self.selectionModel().currentChanged.connect(self._tell)
        self.expanded.connect(self._note_unfolded)
        self.collapsed.connect(self._note_folded)
        self.verticalScrollBar().valueChanged.connect(self._ask_for_more)
        theme.notifier().changed.connect(self.doItemsLayout)

    # What is shown

    def folded(self) -> list[str]:
        """Return the keys of the groups that the user folded, also of those not shown now."""
        return sorted(self._folded)

    def set_folded(self, keys: Iterable[str]) -> None:
        """Fold these groups from the next filling on."""
        self._folded = set(keys)

    def set_groups(self, groups: Sequence[Group[Any]]) -> None:
        """Show other rows; the row in hand stays, or the one that now is where it was."""
        current, marked, scrolled = self.currentIndex(), self.marked_keys(), self.verticalScrollBar().value()
        row, group = self._model.row(current), self._model.group(current)
        key = self._model.key_of(row) if row is not None else None
        group_key, place = group.key if group else "", current.row()
        self._is_filling = True
        self._model.set_groups(groups)
        wanted = self._again(key, group_key, place) if key is not None else QModelIndex()
        self._unfold(wanted)
        if wanted.isValid():
            self._mark(wanted, marked)
        self._is_filling = False
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(scrolled)
        if wanted.isValid():
            self.scrollTo(wanted)
        self.row_chosen.emit()

    def show_key(self, key: Hashable) -> bool:
        """Take a row in hand and bring it into sight; false if it is not there."""
        index = self._model.index_of(key)
        if not index.isValid():
            return False
        self.expand(index.parent())
        self._mark(index, ())
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        return True

    def choose_first(self) -> None:
        """Take the first row in hand."""
        first = self._model.row_index(0, 0)
        if first.isValid() and self.isExpanded(first.parent()):
            self._mark(first, ())

    def current_row(self) -> Any:
        """Return the row in hand, or ``None``."""
        return self._model.row(self.currentIndex())

    def marked_rows(self) -> list[Any]:
        """Return the rows that are marked, in the order shown."""
        return list(self._model.rows_in(self.selectionModel().selection()))

    def marked_keys(self) -> list[Hashable]:
        """Return the keys of the rows that are marked."""
        return [self._model.key_of(row) for row in self.marked_rows()]

    # Qt

    def selectAll(self) -> None:  # noqa: N802
        """Mark every row that is not folded away."""
        everything = QItemSelection()
        for number in range(len(self._model.groups)):
            last = self._model.handed_out(number) - 1
            if last >= 0 and self.isExpanded(self._model.heading_index(number)):
                ends = self._model.row_index(number, 0), self._model.row_index(number, last)
                everything.append(QItemSelectionRange(*ends))
        self.selectionModel().select(everything, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter opens a row or folds a heading, the space bar folds too, Delete asks to put away."""
        index = self.currentIndex()
        is_heading = index.isValid() and self._model.row(index) is None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid() and not is_heading:
            self.row_activated.emit(self._model.row(index))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and is_heading:
            self.setExpanded(index, not self.isExpanded(index))
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Remember where a click began."""
        self._pressed = self.indexAt(event.position().toPoint())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Fold a heading, or follow the link of a row."""
        super().mouseReleaseEvent(event)
        position = event.position().toPoint()
        index = self.indexAt(position)
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        if not plain or not index.isValid() or index != self._pressed:
            return
        row = self._model.row(index)
        if row is None:
            self.setExpanded(index, not self.isExpanded(index))
        elif self._has_link(position):
            self.link_pressed.emit(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Open a row."""
        row = self._model.row(self.indexAt(event.position().toPoint()))
        if event.button() == Qt.MouseButton.LeftButton and row is not None:
            self.row_activated.emit(row)
        else:
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show a hand over a link."""
        super().mouseMoveEvent(event)
        linked = self._has_link(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if linked else Qt.CursorShape.ArrowCursor)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the height of larger letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.doItemsLayout()

    def _has_link(self, position: Any) -> bool:
        index, delegate = self.indexAt(position), self.itemDelegate()
        return isinstance(delegate, GroupedRowDelegate) and index.isValid() and delegate.link_at(index, position)

    def _tell(self, *_what: object) -> None:
        if not self._is_filling:
            self.row_chosen.emit()

    def _ask_for_more(self, _scrolled: int) -> None:
        """Ask for the next rows of a long group before its last one is in sight."""
        last = self.indexAt(self.viewport().rect().bottomLeft())
        above = last.parent()
        if above.isValid() and last.row() >= self._model.rowCount(above) - _NEAR_THE_END:
            self._model.hand_out_more(above.row())

    def _again(self, key: Hashable, group_key: str, place: int) -> QModelIndex:
        """Return the row with a key, or the one at its place; the first where it would take thousands to get there."""
        found = self._model.places_of((key,)).get(key)
        if found is not None:
            near_enough = found[1] < self._model.most_at_once or found[1] - place < _NEAR_THE_END
            return self._model.place_index(*found) if near_enough else self._model.row_index(0, 0)
        for number, group in enumerate(self._model.groups):
            if group.key == group_key:
                return self._model.place_index(number, min(place, len(group.rows) - 1))
        return self._model.row_index(0, 0)

    def _unfold(self, wanted: QModelIndex) -> None:
        room = _MOST_UNFOLDED
        in_hand = wanted.parent().row() if wanted.isValid() else -1
        order = sorted(range(len(self._model.groups)), key=lambda number: number != in_hand)
        for number in order:
            group = self._model.groups[number]
            size = self._model.handed_out(number)
            is_open = group.key not in self._folded and (size <= room or number == order[0])
            self.setExpanded(self._model.heading_index(number), is_open)
            room -= size if is_open else 0

    def _mark(self, current: QModelIndex, keys: Sequence[Hashable]) -> None:
        selection = self.selectionModel()
        selection.setCurrentIndex(current, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if 1 < len(keys) <= _MOST_UNFOLDED:
            for group, place in self._model.places_of(keys).values():
                index = self._model.row_index(group, place)
                if index.isValid():
                    selection.select(index, QItemSelectionModel.SelectionFlag.Select)

    def _note_folded(self, index: QModelIndex) -> None:
        group = self._model.group(index)
        if group is not None and not self._is_filling:
            self._folded.add(group.key)
            self.fold_changed.emit()

    def _note_unfolded(self, index: QModelIndex) -> None:
        group = self._model.group(index)
        if group is not None and not self._is_filling:
            self._folded.discard(group.key)
            self.fold_changed.emit()


def inner(area: QRect) -> QRect:
    """Return the area of a row without its edge."""
    return area.adjusted(_EDGE, 0, -_EDGE, 0)


def draw_lines(painter: QPainter, text: str, area: QRect, font: QFont, *, most: int = 2) -> None:
    """Draw a text on as many lines as it needs, but ``most``, in the middle of the area; the last is cut short."""
    painter.setFont(font)
    metrics = QFontMetrics(font)
    if metrics.horizontalAdvance(text) <= area.width():
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
        return
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    lines: list[str] = []
    layout.beginLayout()
    while len(lines) < most:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(area.width())
        is_last = len(lines) == most - 1
        words = _part(text, line.textStart(), None if is_last else line.textLength())
        lines.append(metrics.elidedText(words, Qt.TextElideMode.ElideRight, area.width()) if is_last else words)
    layout.endLayout()
    top = area.center().y() + 1 - metrics.height() * len(lines) / 2
    for number, words in enumerate(lines):
        painter.drawText(QRectF(area.left(), top + number * metrics.height(), area.width(), metrics.height()), 0, words)


def _part(text: str, start: int, length: int | None) -> str:
    """Return a part of a text by the places that Qt counts, in which some signs are two."""
    units = text.encode("utf-16-le", "replace")
    return units[2 * start : None if length is None else 2 * (start + length)].decode("utf-16-le", "replace").rstrip()
