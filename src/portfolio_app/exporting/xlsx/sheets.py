"""A workbook with our formats, sheets of legal names, and text that never becomes a formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting import house_style
from portfolio_app.exporting.wording import Wording
from portfolio_app.plain_text import one_line

MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576
TINTS = {
    CoverageState.MET: "#E1F1E8",
    CoverageState.PROOF: "#E3ECF7",
    CoverageState.CLAIMED: "#F8EFDC",
    CoverageState.MORE_NEEDED: "#F8EFDC",
    CoverageState.NOT_YET_MET: "#FAE4E2",
}

_LONGEST_CELL = 32_767
_LONGEST_NAME = 31
_LONGEST_PAGE_HEADER = 100  # of Excel's 255, which codes and doubled ampersands share
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\]")
_RESERVED_NAMES = frozenset({"history"})
_LINE, _TALLEST_ROW = 13.0, 300.0  # points
_WRAPPED = 0.95  # a width counts digits of 10 pt, text has 9 pt but breaks at words only
_FONT = "Noto Sans"
_A4 = 9


class Book:
    """A workbook as it grows. ``tick`` is called now and then so that the work can be cancelled."""

    def __init__(self, buffer: BytesIO, words: Wording, tick: Callable[[], None]) -> None:
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.workbook: Any = xlsxwriter.Workbook(buffer, options)
        self.words = words
        self.tick = tick
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._names: set[str] = set()
        self.workbook.formats[0].set_font_name(_FONT)
        self.workbook.formats[0].set_font_size(10)

    def format(self, **properties: object) -> Any:
        """Return the cell format with these properties; top-aligned text in the house's font unless they say else."""
        whole = {"font_name": _FONT, "font_size": 9, "font_color": house_style.TEXT, "valign": "top"} | properties
        key = tuple(sorted(whole.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(whole)
        return self._formats[key]

    def header_format(self, **properties: object) -> Any:
        """Return the format of a table's header cells."""
        shape: dict[str, object] = {
            "bold": True,
            "bg_color": house_style.SUNKEN,
            "bottom": 1,
            "bottom_color": house_style.MUTED,
            "text_wrap": True,
            "valign": "bottom",
        }
        return self.format(**shape | properties)

    def add_sheet(self, name: str, title: str, *, landscape: bool = True) -> tuple[Any, str]:
        """Add a sheet set up for printing on A4; return it and the name it got."""
        legal = self._legal_name(name)
        sheet = self.workbook.add_worksheet(legal)
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        printed = one_line(title)[:_LONGEST_PAGE_HEADER].replace("&", "&&")
        sheet.set_header(f"&L&8{_apart(printed)}&R&8&A")
        sheet.set_footer(f"&R&8{_apart(self.words('page.number', page='&P', pages='&N'))}")
        return sheet, legal

    def _legal_name(self, wanted: str) -> str:
        """Return a sheet name that Excel accepts and that no other sheet has, whatever the case."""
        plain = " ".join(_FORBIDDEN_IN_NAME.sub(" ", one_line(wanted)).split()).strip("' ")
        base = "".join(character for character in plain if character <= "\uffff")[:_LONGEST_NAME].strip("' ")
        base = base or self.words("spreadsheet.sheet")
        name = base
        number = 2
        while name.casefold() in self._names or name.casefold() in _RESERVED_NAMES:
            suffix = f" ({number})"
            name = base[: _LONGEST_NAME - len(suffix)].rstrip("' ") + suffix
            number += 1
        self._names.add(name.casefold())
        return name


def put(sheet: Any, row: int, column: int, text: str, cell_format: Any) -> None:
    """Write text as text, whatever it looks like; no text leaves the cell blank."""
    line = one_line(text)[:_LONGEST_CELL]
    if line:
        sheet.write_string(row, column, line, cell_format)
    else:
        sheet.write_blank(row, column, None, cell_format)


def put_row(sheet: Any, row: int, texts: Sequence[str], cell_format: Any) -> None:
    """Write texts side by side from the first column."""
    for column, text in enumerate(texts):
        put(sheet, row, column, text, cell_format)


def set_height(sheet: Any, row: int, texts: Sequence[tuple[str, float]]) -> None:
    """Make a row as high as its wrapped texts need, each given with its column's width in characters.

    Excel would do so by itself when it opens the file; LibreOffice and others do not.
    """
    lines = max((ceil(len(text) * _WRAPPED / width) for text, width in texts if text), default=1)
    sheet.set_row(row, min(_TALLEST_ROW, _LINE * max(1, lines) + 3))


def rule_off(book: Book, sheet: Any, last_row: int, last_column: int, *, first_row: int) -> None:
    """Draw hairlines between the cells of a table, empty ones too, without writing these."""
    if last_row >= first_row:
        line = {"border": 1, "border_color": house_style.LINE}
        rule = {"type": "formula", "criteria": "=TRUE", "format": book.workbook.add_format(line)}
        sheet.conditional_format(first_row, 0, last_row, last_column, rule)


def reference(sheet_name: str, cell: str) -> str:
    """Return the address of a cell of this workbook as a link's target."""
    quoted = sheet_name.replace("'", "''")
    return f"internal:'{quoted}'!{cell}"


def _apart(printed: str) -> str:
    """Keep a leading figure from being read as part of the font size before it."""
    return f" {printed}" if printed[:1].isdigit() else printed
