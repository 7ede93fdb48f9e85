"""The coverage matrix: as many sheets as it needs, split both ways, its headers repeated on each."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting import house_style
from portfolio_app.exporting.pdf.blocks import EPSILON, Block, Stack
from portfolio_app.exporting.pdf.paper import HAIRLINE, Frame
from portfolio_app.exporting.pdf.pen import Pen, Span
from portfolio_app.exporting.pdf.structure import Element, Structure, cell_element
from portfolio_app.exporting.pdf.text import Typesetter
from portfolio_app.exporting.publication import Matrix, MatrixCell, MatrixColumn, MatrixRow
from portfolio_app.exporting.typography import BOLD, REGULAR

_CELL_WIDTHS = (28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 17.0, 16.0, 15.0, 14.0)
_ROW_HEIGHTS = (24.0, 22.0, 20.0, 18.0, 16.0, 15.0)
_TWO_LINES_FROM = 20.0
_TITLE = 20.0
_TOTALS = 14.0
_LEGEND = 26.0
_STATUS = 18.0
_TEXT_GAP = 6.0
_CODE_SIZE = 7.5
_TEXT_SIZE = 7.0
_LINE_STEP = 8.5
_SIGN_SIZE = 9.0
_TALLEST_HEADERS = {1: 136.0, 2: 118.0}  # with so many lines for each title
_HEADER_ENDS = 8.0
_LEAST_SHARE = 0.45  # of a page: with less room than this a matrix starts on the next page


def matrix_block(matrix: Matrix, typesetter: Typesetter, frame: Frame, *, titled: bool = True) -> Block | None:
    """Return the matrix, ready to be cut into sheets; None if it has no column or no row.

    Without ``titled`` a matrix does not repeat the heading it stands under, only which of its sheets this is.
    """
    if not matrix.rows or not matrix.columns:
        return None
    return MatrixBlock(_Design(matrix, typesetter, frame, titled=titled))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Rows and columns of one sheet; ``group`` is the heading that the first row stands under, if it is elsewhere."""

    rows: range
    columns: range
    group: MatrixRow | None
    row_height: float
    number: int
    total: int


class _RowPlace(NamedTuple):
    """Where a row begins (its upper left corner), how far the sheet reaches, and the row's first cell."""

    x: float
    y: float
    right: float
    element: Element


class _Design:
    """Sizes that hold for all sheets of a matrix."""

    def __init__(self, matrix: Matrix, typesetter: Typesetter, frame: Frame, *, titled: bool) -> None:
        self.matrix = matrix
        self.titled = titled
        self.fonts = typesetter.fonts
        self.destinations = typesetter.destinations
        self.words = typesetter.words
        self.frame = frame
        codes = max(self.fonts.width(row.code, _CODE_SIZE, BOLD) for row in matrix.rows)
        self.code_width = min(codes, 64.0) + 6
        texts = max(self.fonts.width(row.text, _TEXT_SIZE) for row in matrix.rows)
        beside = self.code_width + _STATUS + len(matrix.columns) * _CELL_WIDTHS[0]
        room = max(frame.width * (0.34 if frame.width > 600 else 0.30), frame.width - beside)
        self.text_width = max(40.0, min(texts + _TEXT_GAP, room))
        self.label_width = self.code_width + self.text_width + _STATUS
        self.cell_width = self._cell_width()
        self.title_lines = 2 if self.cell_width >= _TWO_LINES_FROM else 1
        self.title_start = min(max(self.fonts.width(column.code, _CODE_SIZE, BOLD) for column in matrix.columns), 64.0)
        self.title_start += 4
        titles = max(self._title_room(column.title) for column in matrix.columns)
        self.header_height = min(self.title_start + titles + _HEADER_ENDS, _TALLEST_HEADERS[self.title_lines])
        self.states = Counter(row.status for row in matrix.rows if row.status is not None)
        self.claims = Counter(column for row in matrix.rows for column in row.cells)

    def _title_room(self, title: str) -> float:
        """Return how long a line must be for an item's title."""
        words = [self.fonts.width(word, _TEXT_SIZE) for word in title.split()]
        space = self.fonts.word(" ").width * _TEXT_SIZE
        whole = sum(words) + space * max(len(words) - 1, 0)
        if self.title_lines == 1:
            return whole
        shortest, first = whole, 0.0
        for word in words:
            shortest = min(shortest, max(first, whole - first - space * (first > 0)))
            first += word + space * (first > 0)
        return shortest + 0.1

    @property
    def around(self) -> float:
        """Height of a sheet without its rows."""
        return _TITLE + self.header_height + _TOTALS + _LEGEND

    def _cell_width(self) -> float:
        space = self.frame.width - self.label_width
        count = len(self.matrix.columns)

        def sheets(width: float) -> int:
            return math.ceil(count / max(1, int(space / width)))

        fewest = sheets(_CELL_WIDTHS[-1])
        return next(width for width in _CELL_WIDTHS if sheets(width) == fewest)

    def capacity(self, room: float, row_height: float) -> int:
        """Return how many rows fit, at least two (a group's heading and one under it)."""
        return max(2, int((room - self.around + EPSILON) / row_height))

    def sheets(self, room: float) -> list[_Sheet]:
        """Return the sheets, the first of them not higher than ``room``."""
        per_sheet = max(1, int((self.frame.width - self.label_width) / self.cell_width))
        bands = math.ceil(len(self.matrix.columns) / per_sheet)
        per_sheet = math.ceil(len(self.matrix.columns) / bands)
        fewest = len(self._row_bands(room, _ROW_HEIGHTS[-1]))
        height = next(height for height in _ROW_HEIGHTS if len(self._row_bands(room, height)) == fewest)
        rows = self._row_bands(room, height)
        columns = [
            range(start, min(start + per_sheet, len(self.matrix.columns)))
            for start in range(0, len(self.matrix.columns), per_sheet)
        ]
        total = len(rows) * len(columns)
        pairs = [(down, across) for across in columns for down in rows]
        return [
            _Sheet(down, across, group, height, number, total)
            for number, ((down, group), across) in enumerate(pairs, 1)
        ]

    def _row_bands(self, room: float, row_height: float) -> list[tuple[range, MatrixRow | None]]:
        rows = self.matrix.rows
        bands: list[tuple[range, MatrixRow | None]] = []
        start = 0
        group: MatrixRow | None = None
        while start < len(rows):
            carried = group if rows[start].status is not None else None
            fitting = self.capacity(room if not bands else self.frame.height, row_height)
            stop = min(start + fitting - (carried is not None), len(rows))
            while stop < len(rows) and stop - 1 > start and rows[stop - 1].status is None:
                stop -= 1
            bands.append((range(start, stop), carried))
            group = next((row for row in reversed(rows[start:stop]) if row.status is None), group)
            start = stop
        return bands


class MatrixBlock(Block):
    """A matrix that has not been cut into sheets yet."""

    before = 8.0
    after = 14.0

    def __init__(self, design: _Design) -> None:
        self._design = design
        self._only: SheetBlock | None = None

    def height(self, width: float, room: float) -> float:
        """Return the height of the only sheet, or more than ``room`` if there must be several."""
        sheets = self._design.sheets(room)
        self._only = SheetBlock(self._design, sheets[0])
        return self._only.height(width, room) if len(sheets) == 1 else room + 1

    def cut(self, width: float, room: float, *, force: bool) -> tuple[Block, Block] | None:  # noqa: ARG002
        """Return the first sheet and the others."""
        if not force and room < self._design.frame.height * _LEAST_SHARE:
            return None
        first, *others = (SheetBlock(self._design, sheet) for sheet in self._design.sheets(room))
        return (first, Stack(others)) if others else None

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Paint the only sheet."""
        if self._only is not None:
            self._only.paint(pen, x, y, width)


class _SheetElements:
    """What a sheet means: a table of its own, whose first row and first column say what is where."""

    def __init__(self, sheet: _Sheet, rows: Sequence[MatrixRow]) -> None:
        self._all: list[Element] = []
        self.table = Element("Table")
        head = Element("TR", self.table)
        self.corner = self._cell(head, heads="Column")
        self.columns = {index: self._cell(head, heads="Column") for index in sheet.columns}
        self.rows: list[Element] = []
        self.cells: dict[tuple[int, int], Element] = {}
        for number, row in enumerate(rows):
            line = Element("TR", self.table)
            if row.status is None:
                self.rows.append(self._cell(line, heads="Row", span=1 + len(sheet.columns)))
                continue
            self.rows.append(self._cell(line, heads="Row"))
            # Cells without a claim that stand beside each other are one: a matrix is mostly empty.
            start = sheet.columns.start
            for index in sorted(index for index in row.cells if index in sheet.columns):
                if index > start:
                    self._cell(line, span=index - start)
                self.cells[number, index] = self._cell(line)
                start = index + 1
            if sheet.columns.stop > start:
                self._cell(line, span=sheet.columns.stop - start)
        totals = Element("TR", self.table)
        self.total = self._cell(totals, heads="Row")
        self.totals = {index: self._cell(totals) for index in sheet.columns}

    def join(self, structure: Structure) -> None:
        """Put all of it into the tree in the order in which it is read, whatever is painted first."""
        for element in self._all:
            structure.join(element)

    def _cell(self, row: Element, *, heads: str = "", span: int = 1) -> Element:
        element = cell_element(heads=heads, span=span)
        element.parent = row
        self._all.append(element)
        return element


class SheetBlock(Block):
    """One sheet of a matrix, painted in a few strokes: thousands of cells cost little more than their symbols."""

    before = 8.0
    after = 14.0

    def __init__(self, design: _Design, sheet: _Sheet) -> None:
        self._design = design
        self._sheet = sheet
        rows = design.matrix.rows[sheet.rows.start : sheet.rows.stop]
        self._rows: Sequence[MatrixRow] = (sheet.group, *rows) if sheet.group is not None else rows

    def height(self, width: float, room: float) -> float:  # noqa: ARG002
        """Return the height of title, header, rows, totals and legend."""
        return self._design.around + len(self._rows) * self._sheet.row_height

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:  # noqa: ARG002
        """Paint the sheet."""
        design, sheet = self._design, self._sheet
        elements = _SheetElements(sheet, self._rows)
        parts = [design.matrix.title] if design.titled else []
        if sheet.total > 1:
            parts.append(design.words("coverage.sheet", number=sheet.number, total=sheet.total))
        if parts:
            title = design.fonts.shortened(" – ".join(parts), 9, design.frame.width, BOLD)
            caption = Element("Caption", elements.table)
            pen.label(x, y - 10, f"{title[:1].upper()}{title[1:]}", size=9, font=BOLD, element=caption)
        elements.join(pen.structure)
        top = y - _TITLE - design.header_height
        left = x + design.label_width
        right = left + len(sheet.columns) * design.cell_width
        foot = top - len(self._rows) * sheet.row_height
        self._paint_shades(pen, x, top, right)
        self._paint_grid(pen, x, left, top, foot)
        for number, index in enumerate(sheet.columns):
            place = left + number * design.cell_width, top
            self._paint_column(pen, design.matrix.columns[index], *place, elements.columns[index])
        for number, row in enumerate(self._rows):
            line = _RowPlace(x, top - number * sheet.row_height, right, elements.rows[number])
            self._paint_row(pen, row, line, continued=row is sheet.group)
        self._paint_cells(pen, left, top, elements)
        self._paint_totals(pen, x, left, foot, elements)
        self._paint_legend(pen, x, foot - _TOTALS)

    def _paint_shades(self, pen: Pen, x: float, top: float, right: float) -> None:
        height = self._sheet.row_height
        for number, row in enumerate(self._rows):
            if row.status is None:
                pen.shade(x, top - (number + 1) * height, right - x, height, house_style.SUNKEN)

    def _paint_grid(self, pen: Pen, x: float, left: float, top: float, foot: float) -> None:
        design = self._design
        right = left + len(self._sheet.columns) * design.cell_width
        lines = [
            (x, top - number * self._sheet.row_height, right, top - number * self._sheet.row_height)
            for number in range(1, len(self._rows) + 1)
        ]
        for number in range(len(self._sheet.columns) + 1):
            across = left + number * design.cell_width
            lines.append((across, top + 4, across, foot))
        pen.rules(lines, colour=house_style.LINE, width=HAIRLINE)
        pen.rules([(x, top, right, top)], colour=house_style.MUTED, width=0.8)

    def _paint_column(self, pen: Pen, column: MatrixColumn, x: float, top: float, element: Element) -> None:
        design = self._design
        target = design.destinations.of_anchor(column.anchor)
        middle = x + design.cell_width / 2 + _CODE_SIZE * 0.35
        room = design.header_height - _HEADER_ENDS - design.title_start
        lines = _lines(column.title, room, design.title_lines, REGULAR, design)
        rise = _LINE_STEP * (len(lines) - 1) / 2
        with pen.upwards(middle, top + 6):
            colour = house_style.ACCENT if target else house_style.TEXT
            code = design.fonts.shortened(column.code, _CODE_SIZE, design.title_start - 4, BOLD)
            link = Element("Link", element) if target else element
            pen.label(0, rise, f"{code} ", size=_CODE_SIZE, font=BOLD, colour=colour, element=link)
            for number, line in enumerate(lines):
                pen.label(
                    design.title_start,
                    rise - number * _LINE_STEP,
                    line if line is lines[-1] else f"{line} ",
                    size=_TEXT_SIZE,
                    colour=house_style.MUTED,
                    element=element,
                )
        if target is not None:
            pen.link(target, (x, top, x + design.cell_width, top + design.header_height), column.code, link)

    def _paint_row(self, pen: Pen, row: MatrixRow, place: _RowPlace, *, continued: bool) -> None:
        design = self._design
        x, y, right, element = place
        height = self._sheet.row_height
        target = design.destinations.of_anchor(row.anchor)
        group = row.status is None
        middle = y - height / 2 - _CODE_SIZE * 0.35
        colour = house_style.ACCENT if target and not continued else house_style.TEXT
        code_room = design.code_width - 4
        code = design.fonts.shortened(row.code, _CODE_SIZE, code_room, BOLD)
        link = Element("Link", element) if target is not None and not continued else element
        pen.label(x + 2, middle, f"{code} ", size=_CODE_SIZE, font=BOLD, colour=colour, element=link)
        start = x + design.code_width
        if group:
            text = design.words("pdf.continued", text=row.text) if continued else row.text
            font, room, lines = BOLD, right - start, 1
        else:
            text, font, room, lines = row.text, REGULAR, design.text_width - _TEXT_GAP, 1 + (height >= _TWO_LINES_FROM)
        written = _lines(text, room, lines, font, design)
        baseline = y - height / 2 - _TEXT_SIZE * 0.35 + _LINE_STEP * (len(written) - 1) / 2
        for number, line in enumerate(written):
            pen.label(start, baseline - number * _LINE_STEP, f"{line} ", size=_TEXT_SIZE, font=font, element=element)
        if row.status is not None:
            self._paint_symbols(pen, row.status, [(x + design.label_width - _STATUS / 2, y - height / 2, element)])
        if target is not None and not continued:
            pen.link(target, (x, y - height, start - 2, y), row.code, link)

    def _paint_cells(self, pen: Pen, left: float, top: float, elements: _SheetElements) -> None:
        design = self._design
        at: dict[CoverageState, list[tuple[float, float, Element | None]]] = {}
        roomy = design.cell_width >= 22 and self._sheet.row_height >= 20
        columns = {index: number for number, index in enumerate(self._sheet.columns)}
        for number, row in enumerate(self._rows):
            if row.status is None:
                continue
            y = top - (number + 0.5) * self._sheet.row_height
            for index, cell in row.cells.items():
                if index not in columns:
                    continue
                x = left + (columns[index] + 0.5) * design.cell_width
                place = self._place(cell) if roomy else ""
                element = elements.cells[number, index]
                at.setdefault(cell.status, []).append((x, y + (4.5 if place else 0), element))
                if place:
                    wide = design.fonts.width(place, _TEXT_SIZE)
                    pen.label(x - wide / 2, y - 8, place, size=_TEXT_SIZE, colour=house_style.MUTED, element=element)
        for status, centres in at.items():
            self._paint_symbols(pen, status, centres)

    def _place(self, cell: MatrixCell) -> str:
        """Return the claim's place if it can be written in the cell."""
        fits = self._design.fonts.width(cell.place, _TEXT_SIZE) <= self._design.cell_width - 2
        return cell.place if cell.place and fits else ""

    def _paint_symbols(
        self, pen: Pen, status: CoverageState, centres: Sequence[tuple[float, float, Element | None]]
    ) -> None:
        """Draw signs around points, each read as what it means within its element; without one it is not read."""
        size = _SIGN_SIZE
        meaning = self._design.words(f"state.{status.value}")
        stretch = self._design.fonts.word(status.symbol).stretches[0]
        span = Span(stretch.text, stretch.font, size, house_style.STATUS_COLOURS[status])
        offset = stretch.width * size / 2
        pen.text(
            (
                x - offset,
                y - size * 0.36,
                [(Element("Span", element, actual=meaning) if element is not None else None, [span])],
            )
            for x, y, element in centres
        )

    def _paint_totals(self, pen: Pen, x: float, left: float, foot: float, elements: _SheetElements) -> None:
        design = self._design
        baseline = foot - 10
        pen.label(
            x + 2,
            baseline,
            design.words("pdf.claims_of_item"),
            size=_TEXT_SIZE,
            colour=house_style.MUTED,
            element=elements.total,
        )
        for number, index in enumerate(self._sheet.columns):
            count = str(design.claims[index])
            middle = left + (number + 0.5) * design.cell_width
            wide = design.fonts.width(count, _TEXT_SIZE)
            pen.label(
                middle - wide / 2,
                baseline,
                count,
                size=_TEXT_SIZE,
                colour=house_style.MUTED,
                element=elements.totals[index],
            )

    def _paint_legend(self, pen: Pen, x: float, y: float) -> None:
        """Say what the symbols mean and how many requirements are in each state."""
        left = x
        for status in reversed(CoverageState):
            state = self._design.words(f"state.{status.value}")
            text = self._design.words("pdf.tally", state=state, count=f"{self._design.states[status]:,}")
            needed = 13 + self._design.fonts.width(text, 8)
            if x > left and x + needed > left + self._design.frame.width:
                x, y = left, y - 11.5
            # The words beside it say what the sign means.
            self._paint_symbols(pen, status, [(x + 5, y - 10, None)])
            pen.label(x + 13, y - 12.8, text, size=8, element=Element("P"))
            x += needed + 16


def _lines(text: str, room: float, most: int, font: str, design: _Design) -> list[str]:
    """Return the text on at most so many lines, the last one shortened."""
    fonts = design.fonts
    rest = " ".join(text.split())
    lines: list[str] = []
    while rest and len(lines) < most - 1 and fonts.width(rest, _TEXT_SIZE, font) > room:
        line = ""
        remaining = rest.split(" ")
        while remaining and fonts.width(f"{line} {remaining[0]}".strip(), _TEXT_SIZE, font) <= room:
            line = f"{line} {remaining.pop(0)}".strip()
        if not line:
            break
        lines.append(line)
        rest = " ".join(remaining)
    return [*lines, fonts.shortened(rest, _TEXT_SIZE, room, font)] if rest else lines
