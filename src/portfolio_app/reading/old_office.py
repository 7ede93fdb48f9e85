"""Office files of before 2007: workbooks are read; what documents and presentations say is known to their programs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlrd

from portfolio_app.reading.limits import Problem, Unreadable, Watch
from portfolio_app.reading.sink import Sink, Words


class _Watched(bytes):
    """A file's bytes, of which a library takes one small stretch after the other; each looks at the clock."""

    watch: Watch

    def __getitem__(self, key: Any) -> Any:
        self.watch()
        return super().__getitem__(key)


def refuse_old_format(path: Path, sink: Sink) -> None:
    """Say that only the program which wrote it can show it.

    Raises:
        Unreadable: always.
    """
    del path, sink
    raise Unreadable(Problem.OLD_FORMAT)


def read_old_workbook(path: Path, sink: Sink) -> None:
    """Read an Excel workbook of 97 to 2003.

    Raises:
        Unreadable: it cannot be read, or is enormous.
        LimitReached: it is longer than what is shown.
    """
    largest = sink.limits.largest_old_workbook
    with path.open("rb") as file:
        data = _Watched(file.read(largest + 1))
    data.watch = sink.watch
    if len(data) > largest:
        raise Unreadable(Problem.ENORMOUS)
    try:
        book = xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), on_demand=True, ragged_rows=True, formatting_info=False
        )
    except xlrd.XLRDError as error:
        raise Unreadable(Problem.PROTECTED if "encrypted" in str(error) else Problem.DAMAGED) from None
    if isinstance(book.mem, bytes) and not isinstance(book.mem, _Watched):
        book.mem = _Watched(book.mem)
        book.mem.watch = sink.watch
    _sheets(book, sink)


def _sheets(book: Any, sink: Sink) -> None:
    words, limits = sink.words, sink.limits
    visible = [number for number in range(book.nsheets) if not book._sheet_visibility[number]]  # noqa: SLF001
    left = limits.most_rows_of_file
    for place, number in enumerate(visible[: limits.most_sheets], 1):
        sink.watch()
        name = book.sheet_names()[number]
        if len(visible) > 1:
            sink.page(place, words("attached_text.sheet", name=name), name)
        sheet = book.sheet_by_index(number)
        shown = min(limits.most_rows, left)
        rows = list(_rows(book, sheet, shown, sink))
        left -= len(rows)
        if any(any(text.strip() for text in row) for row in rows):
            sink.grid(rows)
        else:
            sink.note(words("attached_text.empty_sheet"), leaves_out=False)
        if sheet.nrows > shown:
            sink.note(words("attached_text.rows_cut_sheet", shown=f"{shown:,}"))
        book.unload_sheet(number)
    if len(visible) > limits.most_sheets:
        sink.note(words("attached_text.sheets_cut", shown=limits.most_sheets, total=f"{len(visible):,}"))
    if len(visible) < book.nsheets:
        sink.note(words.count("attached_text.hidden_sheets", book.nsheets - len(visible)))


def _rows(book: Any, sheet: Any, most: int, sink: Sink) -> Iterator[list[str]]:
    limits = sink.limits
    for row in range(min(sheet.nrows, most)):
        sink.watch()
        cells = sheet.row_slice(row, 0, limits.read_columns)
        yield [_shown(book, cell, sink)[: limits.longest_cell + 1] for cell in cells]


def _shown(book: Any, cell: Any, sink: Sink) -> str:
    words = sink.words
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return str(cell.value)
        case xlrd.XL_CELL_BOOLEAN:
            return words("answer.yes" if cell.value else "answer.no")
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, ""))
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            moment = _moment(book, cell, words) if cell.ctype == xlrd.XL_CELL_DATE else ""
            return moment or f"{cell.value:.10g}"
        case _:
            return ""


def _moment(book: Any, cell: Any, words: Words) -> str:
    try:
        moment = xlrd.xldate_as_datetime(cell.value, book.datemode)
    except (xlrd.xldate.XLDateError, OverflowError, ValueError):
        return ""
    time = f"{moment:%H:%M}" if cell.value % 1 else ""
    return ", ".join(part for part in (words.day(moment.date()) if cell.value >= 1 else "", time) if part)
