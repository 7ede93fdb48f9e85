"""Tables: hairlines between rows, the header repeated on each page, long rows cut like paragraphs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

from portfolio_app.exporting import house_style
from portfolio_app.exporting.pdf.blocks import EPSILON, Block, Inside, Stack
from portfolio_app.exporting.pdf.paper import (
    CELL,
    FRONT_CELL,
    HAIRLINE,
    HEADER_CELL,
    QUIET_CELL,
    TABLE_CAPTION,
    Frame,
    TextStyle,
)
from portfolio_app.exporting.pdf.pen import Pen
from portfolio_app.exporting.pdf.structure import Element, cell_element
from portfolio_app.exporting.pdf.text import Typesetter
from portfolio_app.exporting.publication import Cell, Table
from portfolio_app.exporting.typography import BOLD

_GUTTER, _NARROW_GUTTER = 13.0, 7.0
_MANY_COLUMNS = 9
_NARROWEST = 16.0
_BEFORE, _AFTER = 7.0, 12.0
_KEPT_WHOLE = 0.3  # of a page: rows lower than this are not cut
_EMPTY = Cell(())


def table_block(table: Table, typesetter: Typesetter, frame: Frame, *, front: bool = False) -> Block | None:
    """Return the table, under its caption if it has one; None if it has no cell at all."""
    columns = max((sum(max(1, cell.span) for cell in row) for row in (table.header, *table.rows)), default=0)
    if not columns:
        return None
    grid = _Grid(table, columns, typesetter, frame, front=front)
    block = TableBlock(grid, 0, len(grid.sources))
    if not table.caption.strip():
        return block
    caption = typesetter.plain(table.caption, TABLE_CAPTION, Element("Caption"))
    return Stack([Inside(caption, grid.element), block], held=1)


@dataclass(slots=True)
class _Row:
    """A row that has been set: one stack of paragraphs per cell, and how many columns each goes over."""

    cells: Sequence[Stack]
    spans: Sequence[int]
    element: Element
    elements: Sequence[Element]
    set_height: float = -1.0

    def placed(self, widths: Sequence[float]) -> Iterator[tuple[Stack, float, float]]:
        """Yield each cell, where it starts, and the width that its text may use: a gutter follows all but the last."""
        gutter = _NARROW_GUTTER if len(widths) >= _MANY_COLUMNS else _GUTTER
        column, left = 0, 0.0
        for cell, span in zip(self.cells, self.spans, strict=True):
            column += span
            wide = sum(widths[column - span : column])
            yield cell, left, wide - (gutter if column < len(widths) else 0.0)
            left += wide


def _row_height(row: _Row, widths: Sequence[float], padding: float) -> float:
    """Return the height of the tallest cell, with space above and below; remembered by the row."""
    if row.set_height < 0:
        row.set_height = max(cell.height(usable, math.inf) for cell, _, usable in row.placed(widths)) + 2 * padding
    return row.set_height


class _Grid:
    """What all parts of one table share; rows are set when a page has come to them."""

    def __init__(self, table: Table, columns: int, typesetter: Typesetter, frame: Frame, *, front: bool) -> None:
        self.sources = table.rows
        self.columns = columns
        self.page_height = frame.height
        self._shares = table.widths
        self.quiet = table.quiet
        self.spacing = typesetter.spacing
        self.padding = ((2.5 if not front else 3.2) if table.quiet else 4.5) * self.spacing.gaps
        self.ruled = front or not table.quiet
        self._typesetter = typesetter
        self._cell = (FRONT_CELL if front else QUIET_CELL) if table.quiet else CELL
        self._rows: dict[int, _Row] = {}
        self.element = Element("Table")
        self.header = self._set(table.header, header=True) if table.header else None
        if self.header is not None and self._too_high_to_repeat(self.header, frame):
            self.sources = (table.header, *table.rows)
            self.header = None

    def _too_high_to_repeat(self, header: _Row, frame: Frame) -> bool:
        widths = self.widths(frame.width)
        return _row_height(header, widths, self.padding) > _KEPT_WHOLE * frame.height

    def widths(self, width: float) -> list[float]:
        """Return the columns' widths, gutters included."""
        shares = [*self._shares[: self.columns], *[0.0] * (self.columns - len(self._shares))]
        usable = [share if math.isfinite(share) and share > 0 else 0.0 for share in shares]
        known = [share for share in usable if share]
        mean = sum(known) / len(known) if known else 1.0
        filled = [share or mean for share in usable]
        least = min(_NARROWEST, width / self.columns / 2)
        wanted = [width * share / sum(filled) for share in filled]
        narrow = sum(least for one in wanted if one < least)
        wide = sum(one for one in wanted if one >= least)
        return [least if one < least else one * (width - narrow) / wide for one in wanted]

    def row(self, index: int) -> _Row:
        known = self._rows.get(index)
        if known is None:
            known = self._rows[index] = self._set(self.sources[index], header=False)
        return known

    def forget(self, before: int) -> None:
        """Let go of rows that have been painted."""
        for index in [index for index in self._rows if index < before]:
            del self._rows[index]

    def _set(self, cells: Sequence[Cell], *, header: bool) -> _Row:
        missing = self.columns - sum(max(1, cell.span) for cell in cells)
        filled = [*cells, *[_EMPTY] * missing]
        row = Element("TR", parent=self.element)
        stacks, elements = [], []
        for column, one in enumerate(filled):
            heads = "Column" if header else "Row" if self._heads_row(one, column) else ""
            element = cell_element(heads=heads, span=max(1, one.span))
            element.parent = row
            stacks.append(self._stack(one, self._style(one, column, header=header), element))
            elements.append(element)
        return _Row(stacks, [max(1, one.span) for one in filled], row, elements)

    def _heads_row(self, cell: Cell, column: int) -> bool:
        """Say whether a cell tells what the others of its row are."""
        return bool(cell.paragraphs) and (cell.header or (self.quiet and column == 0 and self.columns > 1))

    def _style(self, cell: Cell, column: int, *, header: bool) -> TextStyle:
        if self.quiet and (cell.header or header or (column == 0 and self.columns > 1)):
            return replace(self._cell, colour=house_style.MUTED, right=cell.numeric)
        if header:
            return replace(HEADER_CELL, right=cell.numeric)
        return replace(self._cell, font=BOLD if cell.header else self._cell.font, right=cell.numeric)

    def _stack(self, cell: Cell, style: TextStyle, element: Element) -> Stack:
        spaced = replace(style, after=3.0)
        return Stack(
            [
                self._typesetter.block(
                    runs,
                    spaced,
                    anchor=cell.anchor if number == 0 else "",
                    element=element if len(cell.paragraphs) == 1 else Element("P", parent=element),
                )
                for number, runs in enumerate(cell.paragraphs or ((),))
            ]
        )


class TableBlock(Block):
    """The rows of a table from one to another. ``lead`` is what is left of a row cut by the page before."""

    def __init__(self, grid: _Grid, start: int, stop: int, lead: _Row | None = None, tail: _Row | None = None) -> None:
        self.before = _BEFORE * grid.spacing.gaps
        self.after = _AFTER * grid.spacing.gaps
        self._grid = grid
        self._start = start
        self._stop = stop
        self._lead = lead
        self._tail = tail

    def _rows(self) -> Iterator[_Row]:
        if self._lead is not None:
            yield self._lead
        for index in range(self._start, self._stop):
            yield self._grid.row(index)
        if self._tail is not None:
            yield self._tail

    def height(self, width: float, room: float) -> float:
        """Return the height of header and rows, counting rows only until they are too high."""
        widths = self._grid.widths(width)
        total = self._header_height(widths)
        for row in self._rows():
            total += self._row_height(row, widths)
            if total > room + EPSILON:
                break
        return total

    def cut(self, width: float, room: float, *, force: bool) -> tuple[Block, Block] | None:
        """Cut between rows; inside one only if it is long or would not fit on a page of its own."""
        grid = self._grid
        widths = grid.widths(width)
        left = room - self._header_height(widths)
        fitted = 0
        for row in self._rows():
            height = self._row_height(row, widths)
            if height > left + EPSILON:
                break
            left -= height
            fitted += 1
        else:
            return None
        whole = fitted - (self._lead is not None)  # rows of the table, not counting what is left of a cut one
        if height > _KEPT_WHOLE * grid.page_height or (force and fitted == 0):
            parts = self._cut_row(row, widths, left, force=force and fitted == 0)
            if parts is not None:
                return self._cut_inside(whole, *parts)
        remaining = self._stop - self._start - whole
        if fitted == 0:
            return None
        if remaining == 1 and whole >= 3:
            whole -= 1  # no row alone on the last page
        if fitted == 1 and remaining > 3 and not force:
            return None  # nor the first one alone under its header
        if whole < 0 or (self._lead is None and whole == 0):
            return None
        middle = self._start + whole
        return (
            TableBlock(grid, self._start, middle, self._lead),
            TableBlock(grid, middle, self._stop),
        )

    def _cut_inside(self, whole: int, first: _Row, rest: _Row) -> tuple[Block, Block]:
        """Cut in the row after ``whole`` ones (-1: in the lead)."""
        grid = self._grid
        if whole < 0:
            return (
                TableBlock(grid, self._start, self._start, first),
                TableBlock(grid, self._start, self._stop, rest),
            )
        middle = self._start + whole
        return (
            TableBlock(grid, self._start, middle, self._lead, first),
            TableBlock(grid, min(middle + 1, self._stop), self._stop, rest),
        )

    def _cut_row(self, row: _Row, widths: Sequence[float], room: float, *, force: bool) -> tuple[_Row, _Row] | None:
        inner = room - 2 * self._grid.padding
        firsts: list[Stack] = []
        rests: list[Stack] = []
        progress = False
        for cell, _, usable in row.placed(widths):
            if cell.height(usable, inner) <= inner + EPSILON:
                firsts.append(cell)
                rests.append(Stack([]))
                continue
            parts = cell.cut(usable, inner, force=force) if inner > 0 else None
            if parts is None:
                firsts.append(Stack([]))
                rests.append(cell)
                continue
            progress = True
            firsts.append(Stack([parts[0]]))
            rests.append(Stack([parts[1]]))
        if not progress:
            return None
        return _Row(firsts, row.spans, row.element, row.elements), _Row(rests, row.spans, row.element, row.elements)

    def _header_height(self, widths: Sequence[float]) -> float:
        header = self._grid.header
        return self._row_height(header, widths) if header is not None else 0.0

    def _row_height(self, row: _Row, widths: Sequence[float]) -> float:
        return _row_height(row, widths, self._grid.padding)

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Paint header, rows and the hairlines between them."""
        grid = self._grid
        widths = grid.widths(width)
        lines: list[tuple[float, float, float, float]] = []
        pen.structure.join(grid.element)
        if grid.header is not None:
            with pen.repeated() if grid.header.element.joined else nullcontext():
                y = self._paint_row(pen, grid.header, widths, x, y)
            pen.rules([(x, y, x + width, y)], colour=house_style.MUTED, width=0.8)
        for row in self._rows():
            y = self._paint_row(pen, row, widths, x, y)
            lines.append((x, y, x + width, y))
        if grid.ruled:
            pen.rules(lines, colour=house_style.LINE, width=HAIRLINE)
        grid.forget(self._stop)

    def _paint_row(self, pen: Pen, row: _Row, widths: Sequence[float], x: float, y: float) -> float:
        for element in row.elements:  # those without a word as well: each row has a cell for each column
            pen.structure.join(element)
        for cell, left, usable in row.placed(widths):
            cell.height(usable, math.inf)
            cell.paint(pen, x + left, y - self._grid.padding, usable)
        return y - self._row_height(row, widths)
