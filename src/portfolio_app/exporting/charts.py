"""Charts in the house style, drawn from lines, rectangles and text so that PDF and Word show the same.

Every series differs by pattern, dash or marker and not by colour alone; no text is smaller than 7.5 pt. The
figure's title is not part of the drawing: the document's own text says it.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Circle, Drawing, Line, Polygon, PolyLine, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from portfolio_app.exporting import house_style
from portfolio_app.exporting.chart_axes import (
    Scale,
    calendar_marks,
    clean_series,
    figure_text,
    span_words,
    unbroken,
)
from portfolio_app.exporting.publication import ChartFigure, GanttFigure
from portfolio_app.exporting.typography import BOLD, REGULAR, FontBook
from portfolio_app.exporting.wording import Wording
from portfolio_app.pdfium import PDFIUM

_SIZE = 8.0
_SMALL = 7.5
_HAIRLINE = 0.4
PLOT_HEIGHT = 130.0
"""Of the axis of values, in points."""
_MOST_ROWS = 48
_FEW = 3  # categories: standing bars would leave most of the width empty
_TINT = "#BCD0E8"
_DASHES: tuple[tuple[float, ...] | None, ...] = (None, (5, 2.5), (1.2, 2), (7, 2, 1.2, 2))
_PATTERNS = ("solid", "tint", "rising", "dark", "level", "falling")


def chart_drawing(
    figure: ChartFigure | GanttFigure,
    width: float,
    words: Wording,
    *,
    fonts: FontBook | None = None,
    plot_height: float = PLOT_HEIGHT,
) -> Drawing:
    """Return the figure as a drawing ``width`` points wide; its height follows from its content.

    ``plot_height`` is that of the axis of values where there is one.
    """
    sketch = _Sketch(width, fonts or FontBook(), words, plot_height)
    if isinstance(figure, GanttFigure):
        return _gantt(figure, sketch)
    if figure.line:
        return _lines(figure, sketch)
    return _bars(figure, sketch)


def chart_png(figure: ChartFigure | GanttFigure, width_mm: float, dpi: int, words: Wording) -> bytes:
    """Return the figure as a PNG picture on white, ``width_mm`` wide at ``dpi`` dots per inch."""
    import pypdfium2  # noqa: PLC0415 - 10 MB that only Word documents need

    drawing = chart_drawing(figure, width_mm * 72 / 25.4, words)
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=(drawing.width, drawing.height), invariant=1, initialFontName=REGULAR)
    renderPDF.draw(drawing, canvas, 0, 0)
    canvas.showPage()
    canvas.save()
    with PDFIUM, pypdfium2.PdfDocument(page.getvalue()) as document:
        picture = document[0].render(scale=dpi / 72).to_pil()
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", dpi=(dpi, dpi))
    return buffer.getvalue()


class _Sketch:
    """A drawing under construction; y counts downwards from its top until it is finished."""

    def __init__(self, width: float, fonts: FontBook, words: Wording, plot_height: float) -> None:
        self.width = width
        self.fonts = fonts
        self.words = words
        self.plot_height = plot_height
        self.shapes: list[object] = []

    def finished(self, height: float) -> Drawing:
        drawing = Drawing(self.width, height)
        for shape in self.shapes:
            drawing.add(shape)
        drawing.shift(0, height)
        return drawing

    def line(self, x1: float, y1: float, x2: float, y2: float, *, colour: str, width: float = _HAIRLINE) -> None:
        self.shapes.append(Line(x1, -y1, x2, -y2, strokeColor=HexColor(colour), strokeWidth=width))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = _SIZE,
        anchor: str = "start",
        colour: str,
        bold: bool = False,
    ) -> None:
        word = self.fonts.word(text, BOLD if bold else REGULAR)
        x -= {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * word.width * size
        for stretch in word.stretches:
            string = String(x, -y, stretch.text, fontName=stretch.font, fontSize=size, fillColor=HexColor(colour))
            self.shapes.append(string)
            x += stretch.width * size

    def bar(self, x: float, y: float, width: float, height: float, series: int) -> None:
        """Draw a filled rectangle whose top left corner is (x, y)."""
        ink = house_style.ACCENT if series < len(_PATTERNS) else house_style.MUTED
        pattern = _PATTERNS[series % len(_PATTERNS)]
        fill = {"solid": ink, "tint": _TINT, "dark": house_style.TEXT}.get(pattern, house_style.WHITE)
        self.shapes.append(
            Rect(x, -y - height, width, height, fillColor=HexColor(fill), strokeColor=HexColor(ink), strokeWidth=0.5)
        )
        for x1, y1, x2, y2 in _hatching(pattern, width, height):
            self.line(x + x1, y + y1, x + x2, y + y2, colour=ink, width=0.6)

    def marker(self, x: float, y: float, series: int) -> None:
        ink = HexColor(_line_ink(series))
        paint = {"fillColor": ink if series % 2 == 0 else HexColor(house_style.WHITE), "strokeColor": ink}
        size = 2.4
        match series % 4:
            case 0:
                self.shapes.append(Circle(x, -y, size, strokeWidth=1, **paint))
            case 1:
                self.shapes.append(Rect(x - size, -y - size, 2 * size, 2 * size, strokeWidth=1, **paint))
            case 2:
                corners = [x - size, -y - size, x + size, -y - size, x, -y + size]
                self.shapes.append(Polygon(corners, strokeWidth=1, **paint))
            case _:
                corners = [x - size, -y, x, -y - size, x + size, -y, x, -y + size]
                self.shapes.append(Polygon(corners, strokeWidth=1, **paint))

    def polyline(self, points: Sequence[tuple[float, float]], series: int) -> None:
        flat = [coordinate for x, y in points for coordinate in (x, -y)]
        dash = _DASHES[series % len(_DASHES)]
        line = PolyLine(flat, strokeColor=HexColor(_line_ink(series)), strokeWidth=1.3)
        if dash:
            line.strokeDashArray = list(dash)
        self.shapes.append(line)

    def label(self, text: str, room: float, size: float = _SIZE) -> str:
        return self.fonts.shortened(text, size, room)


def _line_ink(series: int) -> str:
    return (house_style.ACCENT, house_style.TEXT, house_style.MUTED)[series % 3]


def _hatching(pattern: str, width: float, height: float) -> Iterator[tuple[float, float, float, float]]:
    """Yield lines, relative to the top left corner, that hatch a rectangle."""
    step = 3.0
    if pattern == "level":
        for line in range(1, math.ceil(height / step)):
            yield 0, line * step, width, line * step
    elif pattern in {"rising", "falling"}:
        for line in range(1, math.ceil((width + height) / step)):
            offset = line * step
            x1, y1 = min(offset, width), max(0.0, offset - width)
            x2, y2 = max(0.0, offset - height), min(offset, height)
            if pattern == "falling":
                x1, x2 = width - x1, width - x2
            yield x1, y1, x2, y2


def _legend(sketch: _Sketch, figure: ChartFigure, *, lines: bool) -> float:
    """Draw the series' names; return the y below."""
    x, y = 0.0, _SIZE
    for index, series in enumerate(figure.series):
        name = sketch.label(series.name or sketch.words("figure.series", number=index + 1), sketch.width - 30)
        needed = 26 + sketch.fonts.width(name, _SIZE) + 16
        if x and x + needed - 16 > sketch.width:
            x, y = 0.0, y + 13
        if lines:
            sketch.polyline([(x, y - 3), (x + 20, y - 3)], index)
            sketch.marker(x + 10, y - 3, index)
        else:
            sketch.bar(x + 6, y - 7, 14, 7.5, index)
        sketch.text(x + 26, y, name, colour=house_style.TEXT)
        x += needed
    return y + 12


def _value_axis(sketch: _Sketch, scale: Scale, left: float, top: float) -> None:
    for tick in scale.ticks():
        y = top + sketch.plot_height * (1 - scale.share(tick))
        zero = abs(tick) < scale.step / 1e6
        ink, thickness = (house_style.MUTED, 0.8) if zero else (house_style.LINE, _HAIRLINE)
        sketch.line(left, y, sketch.width, y, colour=ink, width=thickness)
        sketch.text(left - 5, y + 2.7, figure_text(0 if zero else tick), anchor="end", colour=house_style.MUTED)


def _axis_room(sketch: _Sketch, scale: Scale) -> float:
    return max(sketch.fonts.width(figure_text(tick), _SIZE) for tick in scale.ticks()) + 8


def _category_labels(sketch: _Sketch, labels: Sequence[str], left: float, slot: float, y: float) -> float:
    """Write the labels under their slots, leaving some out where they are too narrow; return the height taken."""
    every = max(1, math.ceil(24 / slot))
    room = slot * every - 4
    tallest = 1
    for index in range(0, len(labels), every):
        lines = _two_lines(sketch, labels[index], room)
        tallest = max(tallest, len(lines))
        for number, line in enumerate(lines):
            x = left + slot * (index + 0.5)
            sketch.text(x, y + 10 + number * 10, line, anchor="middle", colour=house_style.TEXT)
    return tallest * 10 + 4


def _two_lines(sketch: _Sketch, label: str, room: float) -> list[str]:
    if sketch.fonts.width(label, _SIZE) <= room:
        return [" ".join(label.split())]
    words, first = label.split(), ""
    while words and sketch.fonts.width(f"{first} {words[0]}".strip(), _SIZE) <= room:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    lines = [first] if first else []
    return [*lines, sketch.label(rest, room)] if rest else lines


def _bars(figure: ChartFigure, sketch: _Sketch) -> Drawing:
    widest = max((sketch.fonts.width(label, _SIZE) for label in figure.labels), default=0)
    slot = (sketch.width - 40) / max(1, len(figure.labels))
    rows = len(figure.labels) * max(1, len(figure.series))
    if (len(figure.labels) <= _FEW or widest > 2 * slot) and 0 < rows <= _MOST_ROWS:
        return _level_bars(figure, sketch)
    return _upright_bars(figure, sketch)


def _upright_bars(figure: ChartFigure, sketch: _Sketch) -> Drawing:
    series = clean_series(figure)
    scale = Scale.of([value for values in series for value in values if value is not None])
    top = _legend(sketch, figure, lines=False) + 8
    left = _axis_room(sketch, scale)
    _value_axis(sketch, scale, left, top)
    slot = (sketch.width - left) / max(1, len(figure.labels))
    bar = min(34.0, slot * 0.74 / max(1, len(series)))
    zero = top + sketch.plot_height * (1 - scale.share(0))
    for place, values in enumerate(zip(*series, strict=True)):
        start = left + slot * (place + 0.5) - bar * len(series) / 2
        for index, value in enumerate(values):
            x = start + index * bar
            if value is None:
                sketch.text(x + bar / 2, zero - 3, "–", anchor="middle", colour=house_style.MUTED)
                continue
            y = top + sketch.plot_height * (1 - scale.share(value))
            sketch.bar(x + 0.5, min(y, zero), max(bar - 1, 0.4), abs(zero - y), index)
            text = figure_text(value)
            if bar >= 9 and sketch.fonts.width(text, _SMALL) <= bar + 4:
                below = value < 0
                sketch.text(
                    x + bar / 2, y + (9 if below else -3), text, size=_SMALL, anchor="middle", colour=house_style.TEXT
                )
    bottom = top + sketch.plot_height + (10 if scale.low < 0 else 0)
    return sketch.finished(bottom + _category_labels(sketch, figure.labels, left, slot, bottom))


def _level_bars(figure: ChartFigure, sketch: _Sketch) -> Drawing:
    """Draw the bars lying down: for labels too long to stand side by side."""
    series = clean_series(figure)
    scale = Scale.of([value for values in series for value in values if value is not None])
    y = _legend(sketch, figure, lines=False)
    left = min(sketch.width * 0.4, max(sketch.fonts.width(label, _SIZE) for label in figure.labels) + 10)
    fonts = sketch.fonts
    value_room = max(
        (fonts.width(figure_text(v), _SMALL) for values in series for v in values if v is not None), default=0
    )
    span = sketch.width - left - value_room - 8
    zero = left + span * scale.share(0)
    thick = 9.0
    top = y
    for place, label in enumerate(figure.labels):
        middle = y + thick * len(series) / 2
        sketch.text(left - 8, middle + 2.8, sketch.label(label, left - 10), anchor="end", colour=house_style.TEXT)
        for index, values in enumerate(series):
            value = values[place]
            if value is None:
                sketch.text(zero + 4, y + 7.2, "–", size=_SMALL, colour=house_style.MUTED)
            else:
                x = left + span * scale.share(value)
                sketch.bar(min(x, zero), y + 0.5, abs(x - zero), thick - 1, index)
                sketch.text(max(x, zero) + 4, y + 7.2, figure_text(value), size=_SMALL, colour=house_style.TEXT)
            y += thick
        y += 6
    sketch.line(zero, top - 3, zero, y - 3, colour=house_style.MUTED, width=0.8)
    return sketch.finished(y)


def _lines(figure: ChartFigure, sketch: _Sketch) -> Drawing:
    series = clean_series(figure)
    present = [value for values in series for value in values if value is not None]
    scale = Scale.of(present)
    top = _legend(sketch, figure, lines=True) + 8
    left = _axis_room(sketch, scale)
    _value_axis(sketch, scale, left, top)
    slot = (sketch.width - left) / max(1, len(figure.labels))
    for index, values in enumerate(series):
        points = [
            None
            if value is None
            else (left + slot * (place + 0.5), top + sketch.plot_height * (1 - scale.share(value)))
            for place, value in enumerate(values)
        ]
        for stretch in unbroken(points):
            if len(stretch) > 1:
                sketch.polyline(stretch, index)
        for point in points:
            if point is not None and slot >= 8:
                sketch.marker(*point, index)
    if len(series) == 1 and slot >= 28:
        for place, value in enumerate(series[0]):
            if value is not None:
                y = top + sketch.plot_height * (1 - scale.share(value))
                x = left + slot * (place + 0.5)
                sketch.text(x, y - 6, figure_text(value), size=_SMALL, anchor="middle", colour=house_style.TEXT)
    bottom = top + sketch.plot_height
    return sketch.finished(bottom + _category_labels(sketch, figure.labels, left, slot, bottom))


def _gantt(figure: GanttFigure, sketch: _Sketch) -> Drawing:
    tasks, width, words = figure.tasks[:_MOST_ROWS], sketch.width, sketch.words
    if not tasks:
        return sketch.finished(0)
    first = min(task.start for task in tasks)
    last = max(max(task.end, task.start) for task in tasks)
    days = (last - first).days + 1
    left = min(width * 0.42, max(sketch.fonts.width(task.label, _SIZE) for task in tasks) + 12)
    span = width - left
    row, top = 16.0, 18.0
    bottom = top + row * len(tasks) + 2

    def place(day: date) -> float:
        return left + span * (day - first).days / days

    for day, label in calendar_marks(first, last, span, words):
        x = place(day)
        sketch.line(x, top - 4, x, bottom, colour=house_style.LINE)
        if x + sketch.fonts.width(label, _SIZE) <= width + 0.5:
            sketch.text(x + 2, top - 8, label, colour=house_style.MUTED)
    sketch.line(0, top - 4, width, top - 4, colour=house_style.MUTED, width=0.6)
    for index, task in enumerate(tasks):
        y = top + row * index
        sketch.text(0, y + 10.5, sketch.label(task.label, left - 8), colour=house_style.TEXT)
        start, end = place(task.start), place(max(task.end, task.start) + timedelta(days=1))
        sketch.bar(start, y + 3.5, max(end - start, 1.5), 8.5, 0)
        _dates_beside(sketch, span_words(task.start, task.end, words), (start, end), y + 10.5, left)
        sketch.line(0, y + row - 0.5, width, y + row - 0.5, colour=house_style.LINE, width=0.3)
    if len(figure.tasks) > len(tasks):
        more = words.count("figure.more_tasks", len(figure.tasks) - len(tasks))
        sketch.text(0, bottom + 10, more, colour=house_style.MUTED)
        bottom += 14
    return sketch.finished(bottom)


def _dates_beside(sketch: _Sketch, words: str, bar: tuple[float, float], y: float, left: float) -> None:
    """Write a task's dates where there is room: after its bar, on it, or before it."""
    start, end = bar
    needed = sketch.fonts.width(words, _SMALL)
    if end + needed + 5 <= sketch.width:
        sketch.text(end + 4, y, words, size=_SMALL, colour=house_style.MUTED)
    elif needed + 8 <= end - start:
        sketch.text(start + 4, y, words, size=_SMALL, colour=house_style.WHITE)
    elif start - needed - 4 >= left:
        sketch.text(start - 4, y, words, size=_SMALL, anchor="end", colour=house_style.MUTED)
