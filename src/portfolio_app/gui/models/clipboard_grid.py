"""Cells on their way to and from a spreadsheet, as tab-separated text or as an HTML table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from typing import Final

Grid = list[list[str]]

_QUOTE: Final = '"'
_BREAKS_LINE: Final = frozenset({"br", "p", "div", "li"})
_UNSEEN: Final = frozenset({"style", "script", "head", "title"})
_WIDEST_SPAN: Final = 100


def write_tsv(grid: Iterable[Sequence[str]]) -> str:
    """Return cells as spreadsheets take them: tabs between, a line for each row, quotes where a cell needs them."""
    return "\n".join("\t".join(_quoted(cell) for cell in row) for row in grid)


def read_tsv(text: str) -> Grid:
    """Return the cells of tab-separated text; a cell in quotes may hold tabs, line breaks and doubled quotes.

    A quotation mark that only begins a cell's words is left in them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.removesuffix("\n")
    if not text:
        return []
    grid: Grid = [[]]
    position = 0
    while True:
        cell, position = _read_cell(text, position)
        grid[-1].append(cell)
        if position >= len(text):
            return grid
        if text[position] == "\n":
            grid.append([])
        position += 1


def read_html_grid(html: str) -> Grid:
    """Return the cells of the tables in some HTML, or nothing where there is none. Merged cells leave empty ones."""
    if "<table" not in html.lower():
        return []
    reader = _TableReader()
    reader.feed(html)
    reader.close()
    return [row for row in reader.grid if row]


def _quoted(cell: str) -> str:
    if cell.startswith(_QUOTE) or any(sign in cell for sign in "\t\n\r"):
        return _QUOTE + cell.replace(_QUOTE, _QUOTE * 2) + _QUOTE
    return cell


def _read_cell(text: str, start: int) -> tuple[str, int]:
    """Return the cell that begins here and where it ends."""
    if text.startswith(_QUOTE, start):
        end = start + 1
        while (end := text.find(_QUOTE, end)) != -1 and text.startswith(_QUOTE, end + 1):
            end += 2
        inside = text[start + 1 : end]
        if end != -1 and text[end + 1 : end + 2] in {"", "\t", "\n"} and any(sign in inside for sign in '\t\n"'):
            return inside.replace(_QUOTE * 2, _QUOTE), end + 1
    ends = [place for place in (text.find("\t", start), text.find("\n", start)) if place != -1]
    end = min(ends, default=len(text))
    return text[start:end], end


class _TableReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.grid: Grid = []
        self._cell: list[str] | None = None
        self._span = 1
        self._depth = 0
        self._unseen = 0
        self._reserved: dict[int, int] = {}  # columns that a cell above reaches down into, and how many rows more

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._depth += 1
        elif tag == "tr" and self._depth == 1:
            self._end_cell()
            self.grid.append([])
            self._fill_reserved()
        elif tag in {"td", "th"} and self._depth == 1:
            self._end_cell()
            if not self.grid:
                self.grid.append([])
            given = dict(attrs)
            self._cell, self._span = [], _span(given.get("colspan"))
            if (down := _span(given.get("rowspan"))) > 1:
                self._reserved.update({len(self.grid[-1]) + across: down for across in range(self._span)})
        elif tag in _BREAKS_LINE and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "table":
            if self._depth == 1:
                self._end_cell()
                self._reserved.clear()
            self._depth = max(0, self._depth - 1)
        elif tag in {"td", "th", "tr"} and self._depth == 1:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._unseen:
            self._cell.append(" ".join(f"|{data}|".split())[1:-1])

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        lines = (" ".join(line.split()) for line in "".join(self._cell).split("\n"))
        self.grid[-1] += ["\n".join(line for line in lines if line), *[""] * (self._span - 1)]
        self._cell = None
        self._fill_reserved()

    def _fill_reserved(self) -> None:
        row = self.grid[-1]
        while (left := self._reserved.get(len(row), 0)) > 1:
            self._reserved[len(row)] = left - 1
            row.append("")


def _span(text: str | None) -> int:
    return min(int(text), _WIDEST_SPAN) if text and text.isascii() and text.isdigit() and int(text) else 1
