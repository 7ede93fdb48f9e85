"""What the matrix is drawn with: colours, fonts and the signs of its cells, drawn once for a size and a theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPixmap

from portfolio_app.gui import theme
from portfolio_app.services.matrix_grid import STATES

SMALLEST_CELL: Final = 16
USUAL_CELL: Final = 28
LARGEST_CELL: Final = 56

_SIGN_SHARE = 0.62  # of a cell, its sign's font
_SMALLEST_SIGN = 10
_CHIP_MARGIN = 0.09  # of a cell, around the ground of its sign
_CHIP_RADIUS = 0.2
_BAND, _HOVER, _SELECTED = 18, 26, 44  # of 255: how strongly the accent lies over cells
_LEAST_FONT = 9
_SUMMARY_SIGN = 14


class Look:
    """Colours, fonts and signs for one size of cell in the theme in force.

    ``cell`` is the edge of a cell in pixels; ``signs`` are those of cells by the number of their state, ``summaries``
    those of requirements. Texts that were cut to a width are remembered, since the same rows are
    drawn again and again.
    """

    def __init__(self, cell: int, density: float) -> None:
        self.cell = cell
        self.density = density
        now = theme.current()
        self.surface, self.window, self.sunken = (now.colour(token) for token in ("surface", "window", "sunken"))
        self.text, self.muted, self.line = (now.colour(token) for token in ("text", "muted", "line"))
        self.accent, self.selection = now.colour("accent"), now.colour("selection")
        self.band, self.hover, self.selected = (_thin(self.accent, alpha) for alpha in (_BAND, _HOVER, _SELECTED))
        size = min(theme.body_font().pixelSize(), max(_LEAST_FONT, cell - 4))
        self.font = theme.tabular(theme.body_font())
        self.font.setPixelSize(size)
        self.bold = QFont(self.font)
        self.bold.setWeight(QFont.Weight.Bold)
        self.metrics, self.bold_metrics = QFontMetrics(self.font), QFontMetrics(self.bold)
        self.tile = self._tile()
        self.signs = [self._sign(code) for code in range(len(STATES))]
        self.summaries = {
            state: sign_picture(
                state.symbol, min(now.scaled(_SUMMARY_SIGN), cell - 4), theme.state_colour(state), density
            )
            for state in STATES
        }
        self._lines: dict[tuple[str, int, int], Sequence[str]] = {}
        self._cut: dict[tuple[str, int, bool], str] = {}

    def lines(self, text: str, width: int, most: int) -> Sequence[str]:
        """Return the text on at most so many lines of a width, the last one cut."""
        key = (text, width, most)
        found = self._lines.get(key)
        if found is None:
            found = self._lines[key] = wrapped(text, width, most, self.metrics)
        return found

    def cut(self, text: str, width: int, *, bold: bool = False) -> str:
        """Return as much of the text as fits."""
        key = (text, width, bold)
        found = self._cut.get(key)
        if found is None:
            metrics = self.bold_metrics if bold else self.metrics
            found = self._cut[key] = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        return found

    def _tile(self) -> QPixmap:
        """Draw one empty cell with its right and lower line: a whole grid is filled with it in one stroke."""
        picture = self._picture()
        picture.fill(self.surface)
        painter = QPainter(picture)
        thick = 1 / self.density
        painter.fillRect(QRectF(0, self.cell - thick, self.cell, thick), self.line)
        painter.fillRect(QRectF(self.cell - thick, 0, thick, self.cell), self.line)
        painter.end()
        return picture

    def _sign(self, code: int) -> QPixmap:
        picture = self._picture()
        picture.fill(Qt.GlobalColor.transparent)
        if not code:
            return picture
        state = STATES[code]
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        margin = max(1.0, self.cell * _CHIP_MARGIN)
        chip = QRectF(0, 0, self.cell - 1, self.cell - 1).adjusted(margin, margin, -margin, -margin)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.tint(theme.current(), theme.state_token(state)))
        painter.drawRoundedRect(chip, self.cell * _CHIP_RADIUS, self.cell * _CHIP_RADIUS)
        draw_sign(
            painter,
            chip.center(),
            state.symbol,
            max(_SMALLEST_SIGN, round(self.cell * _SIGN_SHARE)),
            theme.state_colour(state),
        )
        painter.end()
        return picture

    def _picture(self) -> QPixmap:
        edge = max(1, round(self.cell * self.density))
        picture = QPixmap(edge, edge)
        picture.setDevicePixelRatio(self.density)
        return picture


def draw_sign(painter: QPainter, centre: QPointF, symbol: str, size: int, colour: QColor) -> None:
    """Draw a sign with the middle of its ink at ``centre``: as text, each would stand at another height."""
    font = theme.body_font()
    font.setPixelSize(size)
    path = QPainterPath()
    path.addText(QPointF(0, 0), font, symbol)
    path.translate(centre - path.boundingRect().center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(path, colour)
    painter.restore()


def sign_picture(symbol: str, size: int, colour: QColor, density: float) -> QPixmap:
    """Return a sign as a picture as large as a line of text of that size needs."""
    edge = round(size * 1.3)
    picture = QPixmap(max(1, round(edge * density)), max(1, round(edge * density)))
    picture.setDevicePixelRatio(density)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_sign(painter, QPointF(edge / 2, edge / 2), symbol, size, colour)
    painter.end()
    return picture


def draw_chevron(painter: QPainter, box: QRect, colour: QColor, *, folded: bool) -> None:
    """Draw the arrow of a heading: to the right when it is folded, else down."""
    reach = min(box.width(), box.height()) * 0.27
    middle = QPointF(box.center()) + QPointF(0.5, 0.5)
    path = QPainterPath()
    points = ((-0.5, -1.0), (0.5, 0.0), (-0.5, 1.0)) if folded else ((-1.0, -0.5), (0.0, 0.5), (1.0, -0.5))
    for number, (x, y) in enumerate(points):
        point = middle + QPointF(x * reach, y * reach)
        if number:
            path.lineTo(point)
        else:
            path.moveTo(point)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = painter.pen()
    pen.setColor(colour)
    pen.setWidthF(1.5 * theme.current().zoom)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.restore()


def draw_frame(painter: QPainter, box: QRect, colour: QColor, width: int) -> None:
    """Draw a frame of whole pixels inside a box."""
    top_left, size = box.topLeft(), box.size()
    right, bottom = top_left.x() + size.width(), top_left.y() + size.height()
    painter.fillRect(QRect(top_left, QPoint(right - 1, top_left.y() + width - 1)), colour)
    painter.fillRect(QRect(QPoint(top_left.x(), bottom - width), QPoint(right - 1, bottom - 1)), colour)
    painter.fillRect(QRect(top_left, QPoint(top_left.x() + width - 1, bottom - 1)), colour)
    painter.fillRect(QRect(QPoint(right - width, top_left.y()), QPoint(right - 1, bottom - 1)), colour)


def wrapped(text: str, width: int, most: int, metrics: QFontMetrics) -> Sequence[str]:
    """Break a text into at most so many lines; what does not fit on the last one is cut."""
    lines: list[str] = []
    rest = " ".join(text.split())
    while rest and len(lines) < most - 1 and metrics.horizontalAdvance(rest) > width:
        words = rest.split(" ")
        line = words.pop(0)
        while words and metrics.horizontalAdvance(f"{line} {words[0]}") <= width:
            line = f"{line} {words.pop(0)}"
        lines.append(line)
        rest = " ".join(words)
    lines.append(rest)
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in lines]


def _thin(colour: QColor, alpha: int) -> QColor:
    result = QColor(colour)
    result.setAlpha(alpha)
    return result
