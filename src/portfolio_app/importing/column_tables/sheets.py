"""The cells of tables: text files parted by commas, semicolons, tabs or bars, and the sheets of workbooks."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.importing.column_tables.mapping import MOST_COLUMNS
from portfolio_app.importing.text_decoding import decode_text
from portfolio_app.reading.blocks import Cell, Entry, ParagraphStyle, Runs
from portfolio_app.reading.csv_tables import read_values
from portfolio_app.reading.formats import read_file, reader_of
from portfolio_app.reading.limits import SEARCHED, SHOWN, LimitReached, Problem, Unreadable, Watch
from portfolio_app.reading.sink import Sink

MOST_ROWS: Final = 20_000
"""Rows of one table that are read."""
LARGEST_WORKBOOK: Final = 50_000_000
"""Bytes of a workbook."""

_LIMITS: Final = replace(
    SHOWN,
    most_rows=MOST_ROWS,
    most_rows_of_file=2 * MOST_ROWS,
    most_columns=MOST_COLUMNS,
    most_sheets=60,
    longest_cell=SEARCHED.longest_cell,
)
_LINE_END: Final = re.compile(r"\r\n?")
_LARGEST_CELL: Final = 1_000_000
_TEXTS: Final = frozenset({".csv", ".tsv", ".tab"})
_TYPES: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroenabled.12",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".xls": "application/vnd.ms-excel",
}
TABLE_SUFFIXES: Final = (*sorted(_TEXTS), *_TYPES)
"""The ends of the names of files that hold tables, in small letters."""

_PROBLEMS: Final = {
    Problem.PROTECTED: "is protected with a password: save a copy without one, and import that",
    Problem.DAMAGED: "cannot be read: it is damaged, or not what its name says",
    Problem.ENORMOUS: "is too large to be read: keep only the table of units in it",
    Problem.SLOW: "takes too long to be read: keep only the table of units in it",
}


@dataclass(frozen=True, slots=True)
class TableSheet:
    """One table: its rows from the first, of any length. ``name`` is empty where the file holds one table only.

    ``is_cut`` says that there are more rows or columns than are read.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    is_cut: bool = False

    @property
    def width(self) -> int:
        """The columns up to the last one that holds anything."""
        return max(map(len, self.rows), default=0)


def is_table(name: str) -> bool:
    """Return whether a file of this name holds a table."""
    return Path(name).suffix.casefold() in TABLE_SUFFIXES


def is_text_table(name: str) -> bool:
    """Return whether a file of this name is a text whose lines are the rows of a table."""
    return Path(name).suffix.casefold() in _TEXTS


def read_text_table(data: bytes, name: str) -> TableSheet:
    """Read a table from the bytes of a text file, in any encoding that units come in.

    Raises:
        InvalidInput: it is no text, or holds no table.
    """
    before = csv.field_size_limit(_LARGEST_CELL)
    try:
        values = read_values(decode_text(data, name), MOST_ROWS, MOST_COLUMNS, blank_rows=True)
    finally:
        csv.field_size_limit(before)
    if not any(map(any, values.rows)):
        raise InvalidInput(f"“{name}” holds no table.")
    return _sheet("", values.rows, is_cut=values.is_cut)


def read_workbook_sheets(path: Path) -> tuple[TableSheet, ...]:
    """Read the visible sheets of a workbook that hold anything.

    Raises:
        InvalidInput: it cannot be read, or is empty.
        OSError: there is no such file.
    """
    reader = reader_of(_TYPES[path.suffix.casefold()], path.name)
    if reader is None or path.stat().st_size > LARGEST_WORKBOOK:
        raise InvalidInput(f"“{path.name}” {_PROBLEMS[Problem.ENORMOUS]}.")
    sink = _Sheets()
    try:
        read_file(partial(reader, path, sink), sink)
    except LimitReached:
        sink.cut()
    except Unreadable as error:
        said = _PROBLEMS.get(error.problem)
        raise InvalidInput(f"“{path.name}” {said}." if said else f"“{path.name}” holds no table.") from error
    return sink.sheets


class _Sheets(Sink):
    """Keeps the cells of sheets as they are."""

    def __init__(self) -> None:
        super().__init__(_PlainWords(), Watch(lambda: None, _LIMITS.seconds), _LIMITS)
        self.sheets: tuple[TableSheet, ...] = ()
        self._name = ""

    @property
    def has_text(self) -> bool:
        return bool(self.sheets)

    def page(self, number: int, title: str, name: str = "") -> None:
        del number, title
        self._name = name

    def grid(self, rows: Sequence[Sequence[str]]) -> None:
        is_cut = any(len(row) > MOST_COLUMNS for row in rows)
        self.sheets += (_sheet(self._name, rows, is_cut=is_cut),)

    def note(self, text: str, *, leaves_out: bool = True) -> None:
        if leaves_out and text == _PlainWords.CUT:
            self.cut()

    def cut(self) -> None:
        """Remember that the last sheet goes on."""
        if self.sheets:
            self.sheets = (*self.sheets[:-1], replace(self.sheets[-1], is_cut=True))

    def leave_out(self) -> None:
        """Pass over it: only what is no sheet is left out without a word."""

    def heading(self, text: str, depth: int = 1) -> None:
        """Pass over what is no table."""

    def paragraph(self, runs: Runs, style: ParagraphStyle = ParagraphStyle.BODY) -> None:
        """Pass over what is no table."""

    def listing(self, entries: Sequence[Entry]) -> None:
        """Pass over what is no table."""

    def table(self, rows: Sequence[Sequence[Cell]], *, header: bool) -> None:
        """Pass over what is no sheet."""

    def quiet_table(self, rows: Sequence[tuple[Cell, ...]], widths: tuple[float, ...]) -> None:
        """Pass over what is no sheet."""


class _PlainWords:
    """The few words that readers of sheets put into cells, and a sign for rows that were left out."""

    CUT: Final = "attached_text.rows_cut_sheet"

    def __call__(self, key: str, /, **values: object) -> str:
        del values
        return {"answer.yes": "Yes", "answer.no": "No"}.get(key, key)

    def count(self, key: str, number: int, /, **values: object) -> str:
        del number, values
        return key

    def day(self, day: date | None) -> str:
        return day.isoformat() if day else ""

    def size(self, size: int) -> str:
        return str(size)


def _sheet(name: str, rows: Sequence[Sequence[str]], *, is_cut: bool) -> TableSheet:
    kept = [tuple(_LINE_END.sub("\n", cell) for cell in row[:MOST_COLUMNS]) for row in rows]
    while kept and not any(cell.strip() for cell in kept[-1]):
        kept.pop()
    width = max((place + 1 for row in kept for place, cell in enumerate(row) if cell.strip()), default=0)
    return TableSheet(name, tuple(row[:width] for row in kept), is_cut)
