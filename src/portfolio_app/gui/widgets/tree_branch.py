"""The room before the rows of a tree, in which rows are unfolded."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QTreeView

from portfolio_app.gui import theme
from portfolio_app.gui.icons import icon

_SIGN: Final = 14


def draw_branch(tree: QTreeView, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
    """Draw the sign that a row can be unfolded, and nothing of the selection."""
    painter.fillRect(rect, theme.current().colour("window"))  # over what the style puts there for a chosen row
    if not tree.model().hasChildren(index):
        return
    side = theme.current().scaled(_SIGN)
    place = QRect(0, 0, side, side)
    place.moveCenter(QPoint(rect.right() - tree.indentation() // 2, rect.center().y()))
    icon("chevron-down" if tree.isExpanded(index) else "chevron-right", _SIGN, "muted").paint(painter, place)
