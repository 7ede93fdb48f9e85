"""How a requirement is drawn where decisions are recorded."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from portfolio_app.gui import theme
from portfolio_app.gui.models.feedback_tree import turn_in_words
from portfolio_app.gui.widgets.grouped_tree import GroupedRowDelegate
from portfolio_app.services.feedback import RequirementFeedback


class FeedbackRowDelegate(GroupedRowDelegate[RequirementFeedback]):
    """The sign of the state, address and words; below, the state in words and whose turn it is."""

    def draw_row(self, painter: QPainter, area: QRect, row: RequirementFeedback) -> None:
        """Draw a requirement."""
        dress = theme.current()
        font = theme.body_font()
        metrics = QFontMetrics(font)
        sign = QRect(area.left() + dress.scaled(4), 0, metrics.horizontalAdvance("◐") + 4, metrics.height())
        left = sign.right() + 8
        upper = QRect(left, area.center().y() - metrics.height() + 1, area.right() - left, metrics.height())
        lower = upper.translated(0, metrics.height())
        sign.moveTop(upper.top())
        painter.setFont(font)
        painter.setPen(theme.state_colour(row.state))
        painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, row.state.symbol)
        painter.setPen(dress.colour("text"))
        words = f"{row.address}  {row.requirement.short_text}"
        painter.drawText(upper, 0, metrics.elidedText(words, Qt.TextElideMode.ElideRight, upper.width()))
        painter.setPen(dress.colour("muted"))
        state = f"{row.state} · {turn_in_words(row)}"
        painter.drawText(lower, 0, metrics.elidedText(state, Qt.TextElideMode.ElideRight, lower.width()))
