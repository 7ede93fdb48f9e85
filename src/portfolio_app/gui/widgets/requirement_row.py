"""How a requirement is drawn where it can be ticked."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from portfolio_app.gui import theme
from portfolio_app.gui.models.requirement_tree import NODE_ROLE, RequirementNode, RequirementTreeModel
from portfolio_app.gui.widgets.text_lines import draw_lines

Index = QModelIndex | QPersistentModelIndex
_LINES: Final = 2
_AROUND_TEXT: Final = 34  # pixels of a leaf's row that hold neither words nor signs


class RequirementRowDelegate(QStyledItemDelegate):
    """A box, the reference, two lines of the text, and the state of the requirement as a symbol at the right."""

    def __init__(self, view: QTreeView, model: RequirementTreeModel, parent: QObject | None = None) -> None:
        super().__init__(parent or view)
        self._view = view
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Two lines for a leaf whose words need them, else one."""
        del option
        node = index.data(NODE_ROLE)
        metrics = QFontMetrics(theme.body_font())
        if not isinstance(node, RequirementNode) or node.choice is None:
            return QSize(120, metrics.height() + theme.current().row_padding(14))
        room = self._view.viewport().width() - _depth(node) * self._view.indentation()
        room -= theme.current().scaled(16) + metrics.horizontalAdvance("◐") + _AROUND_TEXT
        lines = 1 if metrics.horizontalAdvance(_words(node)) <= room else _LINES
        return QSize(120, metrics.height() * lines + theme.current().row_padding(12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        node = index.data(NODE_ROLE)
        if not isinstance(node, RequirementNode):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dress = theme.current()
        area = option.rect.adjusted(2, 1, -6, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(dress.colour("selection" if chosen else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(dress.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 5, 5)
        if node.choice is None:
            self._paint_group(painter, area, node)
        else:
            self._paint_leaf(painter, area, node, ticked=self._model.is_ticked(node.choice.requirement.id))
        painter.restore()

    def editorEvent(  # type: ignore[override] # noqa: N802 - the stubs name the model's base class
        self, event: QEvent, model: RequirementTreeModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Tick when the box is clicked or Space is pressed; a click elsewhere only chooses."""
        node = index.data(NODE_ROLE)
        if not isinstance(node, RequirementNode) or node.choice is None or not self._ticks(event, option.rect):
            return False
        ticked = model.is_ticked(node.choice.requirement.id)
        model.setData(
            index, Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole
        )
        return True

    def _ticks(self, event: QEvent, row: QRect) -> bool:
        if isinstance(event, QKeyEvent):
            return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            around = self._box(row.adjusted(2, 1, -6, -1)).adjusted(-4, -4, 4, 4)
            return event.button() == Qt.MouseButton.LeftButton and around.contains(event.position())
        return False

    def _paint_group(self, painter: QPainter, area: QRect, node: RequirementNode) -> None:
        dress = theme.current()
        font = theme.body_font()
        font.setBold(node.parent is not None and node.parent.parent is None)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        count = f"{node.ticked} claimed" if node.ticked else ""
        width = metrics.horizontalAdvance(count)
        painter.setPen(dress.colour("muted"))
        inner = area.adjusted(6, 0, -6, 0)
        painter.setFont(theme.body_font())
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        painter.setFont(font)
        painter.setPen(dress.colour("text"))
        room = inner.width() - width - (8 if width else 0)
        text = metrics.elidedText(f"{node.label}  {node.text}".strip(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _box(self, area: QRect) -> QRectF:
        side = theme.current().scaled(16)
        return QRectF(area.left() + 6, area.top() + theme.current().scaled(6), side, side)

    def _paint_leaf(self, painter: QPainter, area: QRect, node: RequirementNode, *, ticked: bool) -> None:
        dress = theme.current()
        assert node.choice is not None  # noqa: S101 - groups are drawn elsewhere
        box = self._box(area)
        if ticked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(dress.colour("accent"))
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(QPen(dress.colour("on_accent"), 2))
            painter.drawPolyline([_inside(box, 0.25, 0.52), _inside(box, 0.43, 0.7), _inside(box, 0.77, 0.32)])
        else:
            painter.setPen(QPen(dress.colour("control" if self._model.can_tick else "line"), 1))
            painter.setBrush(dress.colour("surface"))
            painter.drawRoundedRect(box, 4, 4)
        painter.setFont(theme.body_font())
        metrics = painter.fontMetrics()
        state = node.choice.state
        symbol_width = metrics.horizontalAdvance("◐") + 4
        painter.setPen(theme.state_colour(state))
        symbol = QRect(area.right() - symbol_width - 2, area.top() + 4, symbol_width, metrics.height())
        painter.drawText(symbol, Qt.AlignmentFlag.AlignCenter, state.symbol)
        left = box.right() + 8
        painter.setPen(dress.colour("text"))
        draw_lines(
            painter,
            _words(node),
            QRectF(left, area.top() + 4, symbol.left() - left - 4, area.height()),
            _LINES,
        )


def _depth(node: RequirementNode) -> int:
    """Return how many rows stand above each other down to a node, itself included."""
    return 1 + _depth(node.parent) if node.parent is not None else 0


def _words(node: RequirementNode) -> str:
    return f"{node.label}  {node.text}".strip()


def _inside(box: QRectF, across: float, down: float) -> QPointF:
    return QPointF(box.left() + across * box.width(), box.top() + down * box.height())
