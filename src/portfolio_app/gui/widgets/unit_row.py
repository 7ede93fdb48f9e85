"""How a row of the units' tree is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.gui import theme
from portfolio_app.gui.models.unit_tree import ROW_ROLE, GroupHeading, UnitTreeRow, items_in_words
from portfolio_app.gui.widgets.coverage_bar import paint_shares
from portfolio_app.gui.widgets.text_lines import draw_lines

Index = QModelIndex | QPersistentModelIndex
_EDGE: Final = 8
_BAR: Final = 6
_GAP: Final = 10
_SHOWN, _NOT_SHOWN = "●", "○"


class UnitRowDelegate(QStyledItemDelegate):
    """A unit with its bar; an outcome with its count; a leaf with its state; a part with its tick."""

    def __init__(self, view: QTreeView, parent: QObject | None = None) -> None:
        super().__init__(parent or view)
        self._view = view
        self._widths: dict[str, int] = {}
        self._metrics = QFontMetrics(theme.body_font())
        self._line = self._metrics.height()
        theme.notifier().changed.connect(self._forget)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return room for one line, or two where the words of a leaf need them."""
        del option
        row = index.data(ROW_ROLE)
        line = self._line
        scaled = theme.current().scaled
        if not isinstance(row, UnitTreeRow):
            return QSize(0, line)
        if row.heading is not None:
            return QSize(160, line * (1 + len(_said(row.heading))) + scaled(18))
        if row.is_unit:
            return QSize(160, line + scaled(_BAR) + scaled(18))
        if row.component is not None:
            return QSize(160, line + scaled(4))
        return QSize(160, line * self._lines(row) + scaled(10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, UnitTreeRow):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dress = theme.current()
        area = option.rect.adjusted(2, 1, -4, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(dress.colour("selection" if chosen else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        if option.state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(dress.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 5, 5)
        inner = area.adjusted(_EDGE, 0, -_EDGE, 0)
        paint = self._painter_of(row)
        paint(painter, inner, row)
        painter.restore()

    def _painter_of(self, row: UnitTreeRow) -> Callable[[QPainter, QRect, UnitTreeRow], None]:
        if row.heading is not None:
            return self._paint_heading
        if row.is_unit:
            return self._paint_unit
        return self._paint_requirement if row.component is None else self._paint_part

    def _paint_heading(self, painter: QPainter, area: QRect, row: UnitTreeRow) -> None:
        """Draw a title, and below it what the group asks for and how far it is, each on a line of its own."""
        heading = row.heading
        if heading is None:
            return
        dress, scaled = theme.current(), theme.current().scaled
        vertical = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        line = QRect(area.left(), area.top() + scaled(10), area.width(), self._line)
        lines = [(heading.title, "text"), *_said(heading)]
        for place, (words, token) in enumerate(lines):
            painter.setFont(theme.body_font() if place else theme.section_font())
            painter.setPen(dress.colour(token))
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, vertical, shown)
            line.translate(0, self._line + (0 if place else scaled(2)))

    def _paint_unit(self, painter: QPainter, area: QRect, row: UnitTreeRow) -> None:
        if row.tree is None:
            return
        scaled = theme.current().scaled
        tally = row.tree.coverage.tally
        line = self._line
        top = QRect(area.left(), area.top() + scaled(6), area.width(), line)
        count = f"✓ {tally}" if row.tree.coverage.complete else str(tally)
        used = self._paint_right(painter, top, count, "met" if row.tree.coverage.complete else "muted")
        font = theme.body_font()
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        painter.setPen(theme.current().colour("text"))
        words = f"{row.unit.code}  {row.unit.title}"
        room = top.width() - used - _GAP
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        bar = QRectF(area.left(), top.bottom() + scaled(5), area.width(), scaled(_BAR))
        paint_shares(painter, bar, tally)

    def _paint_requirement(self, painter: QPainter, area: QRect, row: UnitTreeRow) -> None:
        standing = row.standing
        line = self._line
        top = QRect(area.left(), area.top() + theme.current().scaled(4), area.width(), line)
        token = "muted" if standing.tally is not None else theme.state_token(standing.state)
        used = self._paint_right(painter, top, _right_words(row), token)
        painter.setFont(theme.body_font())
        painter.setPen(theme.current().colour("text"))
        room = QRectF(top.left(), top.top(), top.width() - used - _GAP, area.height())
        draw_lines(painter, _words(row), room, 2)

    def _paint_part(self, painter: QPainter, area: QRect, row: UnitTreeRow) -> None:
        painter.setFont(theme.body_font())
        metrics = painter.fontMetrics()
        painter.setPen(theme.current().colour("proof" if row.is_ticked else "nothing"))
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, vertical, _SHOWN if row.is_ticked else _NOT_SHOWN)
        left = metrics.horizontalAdvance(_SHOWN) + 6
        used = self._paint_right(painter, area, "shown" if row.is_ticked else "not shown yet", "muted")
        painter.setFont(theme.body_font())
        painter.setPen(theme.current().colour("text"))
        room = area.adjusted(left, 0, -used - _GAP, 0)
        words = row.component.text if row.component else ""
        painter.drawText(room, vertical, metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width()))

    def _paint_right(self, painter: QPainter, line: QRect, words: str, token: str) -> int:
        """Draw words at the right end of a line and return their width."""
        painter.setFont(theme.tabular(theme.body_font()))
        painter.setPen(theme.current().colour(token))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        return painter.fontMetrics().horizontalAdvance(words)

    def _lines(self, row: UnitTreeRow) -> int:
        depth = row.standing.depth + 2
        room = self._view.viewport().width() - depth * self._view.indentation() - 2 * _EDGE - 6
        return 1 if self._width(_words(row)) <= room - self._width(_right_words(row)) - _GAP else 2

    def _width(self, words: str) -> int:
        width = self._widths.get(words)
        if width is None:
            width = self._widths[words] = self._metrics.horizontalAdvance(words)
        return width

    def _forget(self) -> None:
        self._widths.clear()
        self._metrics = QFontMetrics(theme.body_font())
        self._line = self._metrics.height()


def _said(heading: GroupHeading) -> list[tuple[str, str]]:
    """Return what is said below a group's title, each line with the colour that it has."""
    standing = heading.standing
    if standing is None:
        return []
    far = f"✓ {heading.far}" if standing.is_achieved else heading.far
    lines = [
        (heading.asks, "muted" if standing.is_filled else "claimed"),
        (far, "met" if standing.is_achieved else "muted"),
    ]
    return [(words, token) for words, token in lines if words]


def _words(row: UnitTreeRow) -> str:
    return f"{row.requirement.ref}  {row.requirement.short_text}" if row.requirement else ""


def _right_words(row: UnitTreeRow) -> str:
    """Say the state as briefly as its sign allows: the number of items where it is claimed, else the word.

    Of a heading, say how many are met; over a single requirement that would only repeat its state.
    """
    standing = row.standing
    if standing.tally is not None:
        return str(standing.tally) if standing.tally.total > 1 else ""
    claimed = standing.state in (CoverageState.CLAIMED, CoverageState.PROOF)
    return f"{standing.state.symbol} {items_in_words(standing.items) if claimed else standing.state}"
