"""How a row of the evidence list is drawn."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from portfolio_app.gui import theme
from portfolio_app.gui.icons import icon, kind_icon
from portfolio_app.gui.models.evidence_model import (
    SUMMARY_ROLE,
    EvidenceModel,
    date_in_words,
    shown_states,
    title_of,
)

_EDGE: Final = 8


class EvidenceRowDelegate(QStyledItemDelegate):
    """Two lines: the kind's icon, reference and title; below, the kind and date, and the states of the claims."""

    def __init__(self, model: EvidenceModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As high as two lines."""
        del option, index
        return QSize(200, self.row_height())

    def row_height(self) -> int:
        """Return the height of each row in pixels."""
        return QFontMetrics(theme.body_font()).height() * 2 + theme.current().row_padding(14)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one row."""
        row = index.data(SUMMARY_ROLE)
        if row is None:
            return
        dress = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect.adjusted(4, 1, -4, -1)
        state = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(dress.colour("selection" if chosen else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(dress.colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 6, 6)
        side = dress.scaled(16)
        left = area.left() + _EDGE
        middle = area.center().y()
        font = theme.tabular(theme.body_font())
        metrics = QFontMetrics(font)
        top_line = QRect(left, middle - metrics.height(), area.right() - left - _EDGE, metrics.height())
        low_line = top_line.translated(0, metrics.height() + 1)
        kind_icon(row.kind, 16).paint(painter, QRect(left, top_line.center().y() - side // 2 + 1, side, side))
        painter.setFont(font)
        painter.setPen(dress.colour("muted"))
        ref_width = metrics.horizontalAdvance(row.ref)
        text_left = left + side + _EDGE
        painter.drawText(QRect(text_left, top_line.top(), ref_width, top_line.height()), 0, row.ref)
        painter.setPen(dress.colour("text" if row.title else "muted"))
        title_area = top_line.adjusted(text_left - left + ref_width + 6, 0, 0, 0)
        title = metrics.elidedText(title_of(row), Qt.TextElideMode.ElideRight, title_area.width())
        painter.drawText(title_area, 0, title)
        small = theme.tabular(theme.badge_font())
        small_metrics = QFontMetrics(small)
        painter.setFont(small)
        right = self._draw_states(painter, row, low_line, small_metrics)
        if row.files:
            right -= dress.scaled(14)
            clip = QRect(right, low_line.center().y() - dress.scaled(12) // 2, dress.scaled(12), dress.scaled(12))
            icon("paperclip", 12, "muted").paint(painter, clip)
            right -= 4
        painter.setPen(dress.colour("muted"))
        words = " · ".join(part for part in (self._model.kind_title(row), date_in_words(row)) if part)
        words_area = QRect(text_left, low_line.top(), right - text_left - 6, low_line.height())
        shown = small_metrics.elidedText(words, Qt.TextElideMode.ElideRight, words_area.width())
        painter.drawText(words_area, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def _draw_states(self, painter: QPainter, row: object, line: QRect, metrics: QFontMetrics) -> int:
        """Draw the states of the claims at the right, and return where they begin."""
        right = line.right()
        states = shown_states(row)  # type: ignore[arg-type] # the model's role holds nothing else
        if not states:
            width = metrics.horizontalAdvance("not claimed")
            painter.setPen(theme.current().colour("muted"))
            painter.drawText(
                QRect(right - width, line.top(), width, line.height()), Qt.AlignmentFlag.AlignVCenter, "not claimed"
            )
            return right - width
        for state, count in reversed(states):
            text = f"{state.symbol} {count:,}"
            width = metrics.horizontalAdvance(text)
            painter.setPen(theme.state_colour(state))
            painter.drawText(
                QRect(right - width, line.top(), width + 2, line.height()), Qt.AlignmentFlag.AlignVCenter, text
            )
            right -= width + 8
        return right
