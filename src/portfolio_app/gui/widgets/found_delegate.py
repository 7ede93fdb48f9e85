"""How a line of the search box is painted: what was found, and some of its text with the words marked."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextLine
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from portfolio_app.gui import theme
from portfolio_app.gui.icons import icon, kind_icon
from portfolio_app.gui.models.found_things import FOUND_ROLE, Found, FoundThings, Index, Marks

_ICON: Final = 16
_LEFT: Final = 8
_RIGHT: Final = 10
_BETWEEN: Final = 12
_ASIDE_SHARE: Final = 3  # a third of the line, and more only where the title leaves it
_BEFORE_MARK: Final = 24  # characters of an excerpt that are kept before the first mark where there is little room
_ELLIPSIS: Final = "…"


class FoundDelegate(QStyledItemDelegate):
    """An icon, the title, and at the right what else there is to say; below them an excerpt, if there is one.

    The first line of a sort stands below its heading.
    """

    def __init__(self, model: FoundThings, view: QListView) -> None:
        super().__init__(view)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the height of one line or two, and of the heading."""
        del option
        row = index.data(FOUND_ROLE)
        line = QFontMetrics(theme.body_font()).height()
        heading = self._heading_height() if self._model.begins_sort(index.row()) else 0
        lines = 2 if isinstance(row, Found) and row.excerpt else 1
        return QSize(100, lines * line + theme.current().scaled(12) + heading)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a line."""
        row = index.data(FOUND_ROLE)
        if not isinstance(row, Found):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dress = theme.current()
        area = QRect(option.rect)
        if self._model.begins_sort(index.row()):
            heading = QRect(area.left() + _LEFT, area.top(), area.width() - 2 * _LEFT, self._heading_height())
            painter.setFont(theme.badge_font())
            painter.setPen(dress.colour("muted"))
            painter.drawText(heading, Qt.AlignmentFlag.AlignBottom, row.sort)
            area.setTop(heading.bottom() + 3)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(dress.colour("selection" if chosen else "hover"))
            painter.drawRoundedRect(area.adjusted(0, 1, 0, -1), 6, 6)
        self._paint_row(painter, area, row)
        painter.restore()

    def _paint_row(self, painter: QPainter, area: QRect, row: Found) -> None:
        dress, font = theme.current(), theme.body_font()
        metrics = QFontMetrics(font)
        side = dress.scaled(_ICON)
        lines = 2 if row.excerpt else 1
        top = area.top() + (area.height() - lines * metrics.height()) // 2
        drawn = kind_icon(row.icon) if row.is_kind else icon(row.icon, colour="muted")
        drawn.paint(painter, QRect(area.left() + _LEFT, top + (metrics.height() - side) // 2, side, side))
        left = area.left() + side + _LEFT + _RIGHT
        room = area.right() - _RIGHT - left
        aside_room = max(room // _ASIDE_SHARE, room - metrics.horizontalAdvance(row.title) - _BETWEEN)
        aside = metrics.elidedText(row.aside, Qt.TextElideMode.ElideRight, aside_room)
        width = metrics.horizontalAdvance(aside)
        painter.setFont(font)
        painter.setPen(dress.colour("muted"))
        painter.drawText(QRect(left, top, room, metrics.height()), Qt.AlignmentFlag.AlignRight, aside)
        title = _Text(row.title, row.title_marks)
        _draw_marked(painter, QRect(left, top, room - width - _BETWEEN, metrics.height()), title, font, "text")
        if row.excerpt:
            below = QRect(left, top + metrics.height(), room, metrics.height())
            _draw_marked(painter, below, _Text(row.excerpt, row.marks), font, "muted")

    def _heading_height(self) -> int:
        return QFontMetrics(theme.badge_font()).height() + theme.current().scaled(10)


class _Text(NamedTuple):
    text: str
    marks: Marks

    def without(self, count: int) -> _Text:
        """Return it without so many of its first characters, in whose place an ellipsis stands."""
        marks = ((max(start, count), end) for start, end in self.marks if end > count)
        by = len(_ELLIPSIS) - count
        return _Text(_ELLIPSIS + self.text[count:], tuple((start + by, end + by) for start, end in marks))

    def until(self, count: int) -> _Text:
        """Return its first characters, and an ellipsis."""
        return _Text(
            self.text[:count].rstrip() + _ELLIPSIS,
            tuple((start, min(end, count)) for start, end in self.marks if start < count),
        )


def _draw_marked(painter: QPainter, area: QRect, shown: _Text, font: QFont, colour: str) -> None:
    """Draw as much of a text as there is room for, so that its first mark is seen."""
    if area.width() <= 0:
        return
    layout, line = _laid_out(shown, font)
    if line.naturalTextWidth() > area.width():
        first = shown.marks[0] if shown.marks else (0, 0)
        ellipsis_width = QFontMetrics(font).horizontalAdvance(_ELLIPSIS)
        if first[0] > _BEFORE_MARK and _x_of(line, shown.text, first[1]) > area.width() - ellipsis_width:
            shown = shown.without(first[0] - _BEFORE_MARK)
            layout, line = _laid_out(shown, font)
        if line.naturalTextWidth() > area.width():
            shown = shown.until(_character_at(line, shown.text, area.width() - ellipsis_width))
            layout, line = _laid_out(shown, font)
    painter.setPen(theme.current().colour(colour))
    layout.draw(painter, QPointF(area.left(), area.top()))


def _laid_out(shown: _Text, font: QFont) -> tuple[QTextLayout, QTextLine]:
    layout = QTextLayout(shown.text, font)
    layout.setCacheEnabled(True)
    units = _units(shown.text)
    ranges = []
    for start, end in shown.marks:
        mark = QTextLayout.FormatRange()
        mark.start, mark.length = units[start], units[end] - units[start]
        mark.format = _marking(theme.current().colour("found"), theme.current().colour("text"))
        ranges.append(mark)
    layout.setFormats(ranges)
    layout.beginLayout()
    line = layout.createLine()
    line.setNumColumns(len(shown.text) * 2 + 1)
    layout.endLayout()
    return layout, line


def _marking(ground: QColor, text: QColor) -> QTextCharFormat:
    marking = QTextCharFormat()
    marking.setBackground(ground)
    marking.setForeground(text)
    return marking


def _units(text: str) -> list[int]:
    """Return for each character, and the end, where it begins as Qt counts."""
    return list(accumulate((2 if ord(character) > 0xFFFF else 1 for character in text), initial=0))


def _x_of(line: QTextLine, text: str, position: int) -> float:
    x: Any = line.cursorToX(_units(text)[position])  # with the position, where that was none
    return float(x[0] if isinstance(x, tuple) else x)


def _character_at(line: QTextLine, text: str, x: float) -> int:
    """Return how many characters stand before a place on the line."""
    return max(0, bisect_right(_units(text), line.xToCursor(x, QTextLine.CursorPosition.CursorOnCharacter)) - 1)
