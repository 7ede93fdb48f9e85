"""Charts painted for the screen, from the same figures and scales as those on paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from portfolio_app.exporting.chart_axes import Scale, calendar_marks, clean_series, figure_text, span_words, unbroken
from portfolio_app.exporting.publication import ChartFigure, GanttFigure
from portfolio_app.exporting.wording import Wording
from portfolio_app.gui import theme

MOST_TASKS: Final = 48
_PLOT_HEIGHT = 168.0
_FEW = 3
_DASHES: tuple[tuple[float, ...], ...] = ((), (5, 3), (1.5, 2.5), (8, 3, 1.5, 3))
_FILLS = ("accent", "accent", "surface", "text", "surface", "surface")
_PATTERNS = (
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.Dense5Pattern,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.HorPattern,
    Qt.BrushStyle.FDiagPattern,
)
_INKS = ("accent", "text", "muted")


class ChartPainter:
    """Paints one figure at a width; without a painter it only measures.

    Series differ by pattern, dash and marker, and never by colour alone.
    """

    def __init__(self, painter: QPainter | None, width: float, font: QFont, words: Wording) -> None:
        self.painter = painter
        self.width = width
        self.words = words
        self.font = theme.tabular(font)
        self.metrics = QFontMetricsF(self.font)
        self.line_height = self.metrics.height()
        self.unit = self.metrics.height() / 17  # one pixel at a zoom of 100 %

    def draw(self, figure: ChartFigure | GanttFigure) -> float:
        """Draw the figure below (0, 0) and return its height."""
        if isinstance(figure, GanttFigure):
            return self._gantt(figure)
        if figure.line:
            return self._lines(figure)
        widest = max((self.metrics.horizontalAdvance(label) for label in figure.labels), default=0.0)
        slot = (self.width - 48 * self.unit) / max(1, len(figure.labels))
        rows = len(figure.labels) * max(1, len(figure.series))
        if (len(figure.labels) <= _FEW or widest > 2 * slot) and rows <= MOST_TASKS:
            return self._level_bars(figure)
        return self._upright_bars(figure)

    # Kinds of chart

    def _upright_bars(self, figure: ChartFigure) -> float:
        series, unit = clean_series(figure), self.unit
        scale = Scale.of([value for values in series for value in values if value is not None])
        top = self._legend(figure, lines=False) + self.line_height * 0.8
        left, plot = self._axis_room(scale), _PLOT_HEIGHT * unit
        self._value_axis(scale, left, top, plot)
        slot = (self.width - left) / max(1, len(figure.labels))
        bar = min(40 * unit, slot * 0.74 / max(1, len(series)))
        zero = top + plot * (1 - scale.share(0))
        for place, values in enumerate(zip(*series, strict=True)):
            start = left + slot * (place + 0.5) - bar * len(series) / 2
            for index, value in enumerate(values):
                x = start + index * bar
                if value is None:
                    self._text(x + bar / 2, zero - 4 * unit, "–", "middle", "muted")
                    continue
                y = top + plot * (1 - scale.share(value))
                self._bar(QRectF(x + 0.5, min(y, zero), max(bar - 1.5, 1), abs(zero - y)), index)
                text = figure_text(value)
                if self.metrics.horizontalAdvance(text) <= bar + 4:
                    below = self.line_height - 2 if value < 0 else -4 * unit
                    self._text(x + bar / 2, y + below, text, "middle")
        bottom = top + plot + (self.line_height if scale.low < 0 else 0)
        return bottom + self._category_labels(figure.labels, left, slot, bottom)

    def _level_bars(self, figure: ChartFigure) -> float:
        series, unit = clean_series(figure), self.unit
        scale = Scale.of([value for values in series for value in values if value is not None])
        y = self._legend(figure, lines=False)
        labels = [self.metrics.horizontalAdvance(label) for label in figure.labels]
        left = min(self.width * 0.4, max(labels, default=0) + 12 * unit)
        texts = [figure_text(value) for values in series for value in values if value is not None]
        room = max((self.metrics.horizontalAdvance(text) for text in texts), default=0)
        span = self.width - left - room - 10 * unit
        zero, top, thick = left + span * scale.share(0), y, 17 * unit
        for place, label in enumerate(figure.labels):
            middle = y + thick * len(series) / 2 + self.metrics.ascent() / 2 - 1
            self._text(left - 8 * unit, middle, self._short(label, left - 10 * unit), "end")
            for index, values in enumerate(series):
                value = values[place]
                base = y + thick / 2 + self.metrics.ascent() / 2 - 1
                if value is None:
                    self._text(zero + 4, base, "–", colour="muted")
                else:
                    x = left + span * scale.share(value)
                    self._bar(QRectF(min(x, zero), y + 1, abs(x - zero), thick - 3), index)
                    self._text(max(x, zero) + 5 * unit, base, figure_text(value))
                y += thick
            y += 8 * unit
        self._rule(zero, top - 3, zero, y - 4 * unit, "muted")
        return y

    def _lines(self, figure: ChartFigure) -> float:
        series, unit = clean_series(figure), self.unit
        scale = Scale.of([value for values in series for value in values if value is not None])
        top = self._legend(figure, lines=True) + self.line_height * 0.8
        left, plot = self._axis_room(scale), _PLOT_HEIGHT * unit
        self._value_axis(scale, left, top, plot)
        slot = (self.width - left) / max(1, len(figure.labels))
        for index, values in enumerate(series):
            points = [
                None if value is None else (left + slot * (place + 0.5), top + plot * (1 - scale.share(value)))
                for place, value in enumerate(values)
            ]
            for stretch in unbroken(points):
                self._polyline([QPointF(*point) for point in stretch], index)
            if slot >= 8:
                for point in points:
                    if point is not None:
                        self._marker(QPointF(*point), index)
        if len(series) == 1 and slot >= 32 * unit:
            for place, value in enumerate(series[0]):
                if value is not None:
                    y = top + plot * (1 - scale.share(value))
                    self._text(left + slot * (place + 0.5), y - 8 * unit, figure_text(value), "middle")
        return top + plot + self._category_labels(figure.labels, left, slot, top + plot)

    def _gantt(self, figure: GanttFigure) -> float:
        tasks, unit = figure.tasks[:MOST_TASKS], self.unit
        first = min(task.start for task in tasks)
        last = max(max(task.end, task.start) for task in tasks)
        days = (last - first).days + 1
        widest = max(self.metrics.horizontalAdvance(task.label) for task in tasks)
        left = min(self.width * 0.38, widest + 14 * unit)
        span = self.width - left
        row, top = 25 * unit, 24 * unit
        bottom = top + row * len(tasks)

        def place(day: date) -> float:
            return left + span * (day - first).days / days

        taken = 0.0
        # The calendar's steps suit type of 8 pt, so the span is given in that measure.
        for day, label in calendar_marks(first, last, span * 8 / self.metrics.height() * 1.3, self.words):
            x = place(day)
            self._rule(x, top - 5 * unit, x, bottom, "line")
            end = x + 3 + self.metrics.horizontalAdvance(label)
            if x >= taken and end <= self.width + 0.5:
                self._text(x + 3, top - 10 * unit, label, colour="muted")
                taken = end + 6
        self._rule(0, top - 4 * unit, self.width, top - 4 * unit, "muted")
        for index, task in enumerate(tasks):
            y = top + row * index
            base = y + row / 2 + self.metrics.ascent() / 2 - 1
            self._text(0, base, self._short(task.label, left - 10 * unit))
            start, end = place(task.start), place(max(task.end, task.start) + timedelta(days=1))
            self._bar(QRectF(start, y + 5 * unit, max(end - start, 2), row - 10 * unit), 0)
            self._dates_beside(span_words(task.start, task.end, self.words), (start, end), base, left)
            self._rule(0, y + row, self.width, y + row, "line")
        if len(figure.tasks) > len(tasks):
            more = self.words.count("figure.more_tasks", len(figure.tasks) - len(tasks))
            self._text(0, bottom + self.line_height, more, colour="muted")
            bottom += self.line_height + 4
        return bottom + 1

    def _dates_beside(self, words: str, bar: tuple[float, float], y: float, left: float) -> None:
        start, end = bar
        needed = self.metrics.horizontalAdvance(words)
        if end + needed + 6 <= self.width:
            self._text(end + 5, y, words, colour="muted")
        elif needed + 10 <= end - start:
            self._text(start + 5, y, words, colour="on_accent")
        elif start - needed - 5 >= left:
            self._text(start - 5, y, words, "end", "muted")

    # Their parts

    def _legend(self, figure: ChartFigure, *, lines: bool) -> float:
        if len(figure.series) == 1 and not lines:
            return self._lone_name(figure)
        x, unit = 0.0, self.unit
        y = self.metrics.ascent()
        for index, series in enumerate(figure.series):
            name = self._short(series.name or self.words("figure.series", number=index + 1), self.width - 36 * unit)
            needed = 32 * unit + self.metrics.horizontalAdvance(name)
            if x and x + needed > self.width:
                x, y = 0.0, y + self.line_height + 2
            middle = y - self.metrics.ascent() / 2 + 1
            if lines:
                self._polyline([QPointF(x, middle), QPointF(x + 26 * unit, middle)], index)
                self._marker(QPointF(x + 13 * unit, middle), index)
            else:
                self._bar(QRectF(x + 4 * unit, middle - 5 * unit, 20 * unit, 10 * unit), index)
            self._text(x + 32 * unit, y, name)
            x += needed + 18 * unit
        return y + self.metrics.descent() + 8 * unit

    def _lone_name(self, figure: ChartFigure) -> float:
        """Write the only series' name without a sample: there is nothing to tell it from."""
        self._text(0, self.metrics.ascent(), self._short(figure.series[0].name, self.width), colour="muted")
        return self.line_height + 8 * self.unit

    def _value_axis(self, scale: Scale, left: float, top: float, plot: float) -> None:
        for tick in scale.ticks():
            y = top + plot * (1 - scale.share(tick))
            zero = abs(tick) < scale.step / 1e6
            self._rule(left, y, self.width, y, "muted" if zero else "line")
            baseline = y + self.metrics.ascent() / 2 - 2
            self._text(left - 7 * self.unit, baseline, figure_text(0 if zero else tick), "end", "muted")

    def _axis_room(self, scale: Scale) -> float:
        return max(self.metrics.horizontalAdvance(figure_text(tick)) for tick in scale.ticks()) + 10 * self.unit

    def _category_labels(self, labels: Sequence[str], left: float, slot: float, y: float) -> float:
        every = max(1, math.ceil(40 * self.unit / slot))
        room = slot * every - 6
        tallest = 1
        for index in range(0, len(labels), every):
            lines = self._two_lines(labels[index], room)
            tallest = max(tallest, len(lines))
            for number, line in enumerate(lines):
                below = y + self.line_height + number * (self.line_height - 1)
                self._text(left + slot * (index + 0.5), below, line, "middle")
        return tallest * self.line_height + 6 * self.unit

    def _two_lines(self, label: str, room: float) -> list[str]:
        if self.metrics.horizontalAdvance(label) <= room:
            return [label]
        words, first = label.split(), ""
        while words and self.metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= room:
            first = f"{first} {words.pop(0)}".strip()
        rest = self._short(" ".join(words), room)
        return [line for line in (first, rest) if line]

    def _short(self, text: str, room: float) -> str:
        return self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room, 0))

    # Strokes

    def _text(self, x: float, y: float, text: str, anchor: str = "start", colour: str = "text") -> None:
        if self.painter is None:
            return
        x -= {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * self.metrics.horizontalAdvance(text)
        self.painter.setFont(self.font)
        self.painter.setPen(theme.current().colour(colour))
        self.painter.drawText(QPointF(x, y), text)

    def _rule(self, x1: float, y1: float, x2: float, y2: float, colour: str) -> None:
        if self.painter is not None:
            self.painter.setPen(QPen(theme.current().colour(colour), 1))
            self.painter.drawLine(QLineF(round(x1) + 0.5, round(y1) + 0.5, round(x2) + 0.5, round(y2) + 0.5))

    def _bar(self, rect: QRectF, series: int) -> None:
        if self.painter is None:
            return
        colours = theme.current()
        style = _PATTERNS[series % len(_PATTERNS)]
        dark = _FILLS[series % len(_FILLS)] == "text"
        ink: QColor = colours.colour("text" if dark else _INKS[0] if series < len(_PATTERNS) else "muted")
        self.painter.fillRect(rect, colours.colour("surface"))
        self.painter.setPen(QPen(ink, 1))
        self.painter.setBrush(QBrush(ink, style))
        self.painter.drawRect(rect)

    def _polyline(self, points: list[QPointF], series: int) -> None:
        if self.painter is None or len(points) < 2:
            return
        pen = QPen(theme.current().colour(_INKS[series % len(_INKS)]), 2)
        if dashes := _DASHES[series % len(_DASHES)]:
            pen.setDashPattern(list(dashes))
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPolyline(QPolygonF(points))

    def _marker(self, at: QPointF, series: int) -> None:
        if self.painter is None:
            return
        colours = theme.current()
        ink = colours.colour(_INKS[series % len(_INKS)])
        self.painter.setPen(QPen(ink, 1.5))
        self.painter.setBrush(ink if series % 2 == 0 else colours.colour("surface"))
        size, x, y = 4.0 * self.unit, at.x(), at.y()
        match series % 4:
            case 0:
                self.painter.drawEllipse(at, size, size)
            case 1:
                self.painter.drawRect(QRectF(x - size, y - size, 2 * size, 2 * size))
            case 2:
                corners = [QPointF(x - size, y + size), QPointF(x + size, y + size), QPointF(x, y - size)]
                self.painter.drawPolygon(QPolygonF(corners))
            case _:
                corners = [QPointF(x - size, y), QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size)]
                self.painter.drawPolygon(QPolygonF(corners))
