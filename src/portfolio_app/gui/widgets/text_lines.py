"""Words that wrap within a row that is painted."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QTextLayout, QTextOption


def draw_lines(painter: QPainter, text: str, area: QRectF, most: int) -> None:
    """Draw at most so many lines of a text, the last one cut short, with the painter's font and pen."""
    layout = QTextLayout(text, painter.font())
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    metrics = painter.fontMetrics()
    layout.beginLayout()
    for number in range(most):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(area.width())
        place = QRectF(area.left(), area.top() + number * metrics.height(), area.width(), metrics.height())
        words = text[line.textStart() : line.textStart() + line.textLength()]
        if number == most - 1:
            words = metrics.elidedText(text[line.textStart() :], Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(place, 0, words)
    layout.endLayout()
