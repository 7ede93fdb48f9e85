"""Office files of before 2007: workbooks are read; what documents and presentations say is known to their programs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import xlrd

from portfolio_app.exporting.attached_text.composing import Composer
from portfolio_app.exporting.attached_text.grids import show_grid
from portfolio_app.exporting.attached_text.limits import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_ROWS_OF_FILE,
    MOST_SHEETS,
    Unshowable,
    Watch,
)
from portfolio_app.exporting.wording import Wording

_LARGEST: Final = 12_000_000  # bytes
_READ_COLUMNS: Final = 4 * MOST_COLUMNS


class _Watched(bytes):
    """A file's bytes, of which a library takes one small stretch after the other; each looks at the clock."""

    watch: Watch

    def __getitem__(self, key: Any) -> Any:
        self.watch()
        return super().__getitem__(key)


def refuse_old_format(path: Path, composer: Composer) -> None:
    """Say that only the program which wrote it can show it.

    Raises:
        Unshowable: always.
    """
    del path, composer
    raise Unshowable("old_format")


def read_old_workbook(path: Path, composer: Composer) -> None:
    """Read an Excel workbook of 97 to 2003.

    Raises:
        Unshowable: it cannot be read, or is enormous.
        LimitReached: it is longer than what is shown.
    """
    with path.open("rb") as file:
        data = _Watched(file.read(_LARGEST + 1))
    data.watch = composer.watch
    if len(data) > _LARGEST:
        raise Unshowable("enormous")
    try:
        book = xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), on_demand=True, ragged_rows=True, formatting_info=False
        )
    except xlrd.XLRDError as error:
        raise Unshowable("protected" if "encrypted" in str(error) else "damaged") from None
    if isinstance(book.mem, bytes) and not isinstance(book.mem, _Watched):
        book.mem = _Watched(book.mem)
        book.mem.watch = composer.watch
    _sheets(book, composer)


def _sheets(book: Any, composer: Composer) -> None:
    words = composer.words
    visible = [number for number in range(book.nsheets) if not book._sheet_visibility[number]]  # noqa: SLF001
    left = MOST_ROWS_OF_FILE
    for place, number in enumerate(visible[:MOST_SHEETS], 1):
        composer.watch()
        name = book.sheet_names()[number]
        if len(visible) > 1:
            composer.page(place, words("attached_text.sheet", name=name), name)
        sheet = book.sheet_by_index(number)
        shown = min(MOST_ROWS, left)
        rows = list(_rows(book, sheet, shown, composer))
        left -= len(rows)
        if any(any(text.strip() for text in row) for row in rows):
            show_grid(composer, rows)
        else:
            composer.note(words("attached_text.empty_sheet"))
        if sheet.nrows > shown:
            composer.note(words("attached_text.rows_cut_sheet", shown=f"{shown:,}"))
        book.unload_sheet(number)
    if len(visible) > MOST_SHEETS:
        composer.note(words("attached_text.sheets_cut", shown=MOST_SHEETS, total=f"{len(visible):,}"))
    if len(visible) < book.nsheets:
        composer.note(words.count("attached_text.hidden_sheets", book.nsheets - len(visible)))


def _rows(book: Any, sheet: Any, most: int, composer: Composer) -> Iterator[list[str]]:
    for row in range(min(sheet.nrows, most)):
        composer.watch()
        yield [_shown(book, cell, composer)[: LONGEST_CELL + 1] for cell in sheet.row_slice(row, 0, _READ_COLUMNS)]


def _shown(book: Any, cell: Any, composer: Composer) -> str:
    words = composer.words
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


def _moment(book: Any, cell: Any, words: Wording) -> str:
    try:
        moment = xlrd.xldate_as_datetime(cell.value, book.datemode)
    except (xlrd.xldate.XLDateError, OverflowError, ValueError):
        return ""
    time = f"{moment:%H:%M}" if cell.value % 1 else ""
    return ", ".join(part for part in (words.day(moment.date()) if cell.value >= 1 else "", time) if part)
