"""One sheet for each unit's matrix: requirements down, evidence across."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting import house_style
from portfolio_app.exporting.publication import Matrix, MatrixColumn
from portfolio_app.exporting.tabular import UnitMatrix, claim_text
from portfolio_app.exporting.xlsx.sheets import (
    MOST_COLUMNS,
    MOST_ROWS,
    TINTS,
    Book,
    put,
    put_row,
    reference,
    rule_off,
    set_height,
)
from portfolio_app.plain_text import one_line

_HEADER = ("coverage.ref", "coverage.requirement", "coverage.state", "coverage.claims")
_WIDTHS = (9, 52, 24, 8)
_FIRST = len(_HEADER)
_HEADER_ROW = 3
_COLUMN_WIDTH = 11
_HEADER_HEIGHT = 150
_COLUMNS_A_PAGE = 12
_LONGEST_TITLE = 28
_MOST_LINKS = 1000
_ROWS_BETWEEN_REPORTS = 100


def add_matrix_sheets(book: Book, unit: UnitMatrix, title: str, evidence_rows: dict[str, str]) -> str:
    """Add a unit's matrix, on several sheets where Excel has too few columns; return the first sheet's name.

    ``evidence_rows`` gives each evidence item's link target on the sheet of evidence.
    """
    matrix = unit.matrix
    most = MOST_COLUMNS - _FIRST
    starts = range(0, max(1, len(matrix.columns)), most)
    first_name = ""
    for number, start in enumerate(starts, 1):
        name = unit.code or unit.name or book.words("spreadsheet.matrix")
        if len(starts) > 1:
            name = book.words("spreadsheet.part", name=name, number=number)
        sheet, legal = book.add_sheet(name, title)
        _fill(book, sheet, unit, evidence_rows, start=start, columns=matrix.columns[start : start + most])
        first_name = first_name or legal
    return first_name


def _fill(
    book: Book,
    sheet: Any,
    unit: UnitMatrix,
    links: dict[str, str],
    *,
    start: int,
    columns: tuple[MatrixColumn, ...],
) -> None:
    put(sheet, 0, 0, unit.name, book.format(bold=True, font_size=14))
    _legend(book, sheet)
    put_row(sheet, _HEADER_ROW, [book.words(key) for key in _HEADER], book.header_format())
    rotated = book.header_format(rotation=90, bold=False, align="center")
    for column, item in enumerate(columns, _FIRST):
        if item.code in links and column < _MOST_LINKS:
            sheet.write_url(
                _HEADER_ROW, column, links[item.code], rotated, item.code, one_line(item.title)[:255] or None
            )
        _write_item(book, sheet, column, item, rotated)
    sheet.set_row(0, 22)
    last_row = _write_rows(book, sheet, unit.matrix, start, len(columns))
    _set_up(sheet, last_row, len(columns))
    _colour_states(book, sheet, last_row, len(columns))
    rule_off(book, sheet, last_row, _FIRST + len(columns) - 1, first_row=_HEADER_ROW + 1)


def _write_item(book: Book, sheet: Any, column: int, item: MatrixColumn, rotated: Any) -> None:
    """Write the head of an evidence column over its link: the code in bold, then as much title as there is room."""
    code, title = one_line(item.code), one_line(item.title)
    if len(title) > _LONGEST_TITLE:
        title = title[: _LONGEST_TITLE - 1] + "…"
    if code and title:
        strong = book.format(bold=True, font_color=house_style.ACCENT)
        sheet.write_rich_string(_HEADER_ROW, column, strong, code, book.format(font_size=8), f"  {title}", rotated)
    else:
        put(sheet, _HEADER_ROW, column, code or title, rotated)


def _legend(book: Book, sheet: Any) -> None:
    pieces: list[Any] = []
    for state in reversed(CoverageState):
        pieces += [
            book.format(font_color=house_style.STATUS_COLOURS[state], bold=True),
            state.symbol,
            book.format(font_color=house_style.MUTED),
            f" {book.words(f'state.{state.value}')}     ",
        ]
    sheet.write_rich_string(1, 0, *pieces)


def _write_rows(book: Book, sheet: Any, matrix: Matrix, start: int, width: int) -> int:
    code_format = book.format(num_format="@")
    text_format = book.format(text_wrap=True)
    mark_format = book.format(align="center", text_wrap=True)
    group_format = book.format(bold=True, bg_color=house_style.SUNKEN)
    row = _HEADER_ROW
    for number, requirement in enumerate(matrix.rows[: MOST_ROWS - _HEADER_ROW - 1]):
        if number % _ROWS_BETWEEN_REPORTS == 0:
            book.tick()
        row += 1
        if requirement.status is None:
            put_row(sheet, row, (requirement.code, requirement.text), group_format)
            for column in range(2, _FIRST + width):
                sheet.write_blank(row, column, None, group_format)
            continue
        longest = max((claim_text(claim) for claim in requirement.cells.values()), key=len, default="")
        set_height(sheet, row, [(requirement.text, _WIDTHS[1]), (longest, _COLUMN_WIDTH)])
        put(sheet, row, 0, requirement.code, code_format)
        put(sheet, row, 1, requirement.text, text_format)
        state = f"{requirement.status.symbol} {book.words(f'state.{requirement.status.value}')}"
        put(sheet, row, 2, state, text_format)
        sheet.write_number(row, 3, len(requirement.cells), mark_format)
        for index, claim in requirement.cells.items():
            if start <= index < start + width:
                put(sheet, row, index - start + _FIRST, claim_text(claim), mark_format)
    return row


def _set_up(sheet: Any, last_row: int, width: int) -> None:
    last_column = _FIRST + width - 1
    for column, characters in enumerate(_WIDTHS):
        sheet.set_column(column, column, characters)
    if width:
        sheet.set_column(_FIRST, last_column, _COLUMN_WIDTH)
        sheet.set_row(_HEADER_ROW, _HEADER_HEIGHT)
    sheet.freeze_panes(_HEADER_ROW + 1, 2)
    sheet.autofilter(_HEADER_ROW, 0, max(last_row, _HEADER_ROW), last_column)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(max(last_row, _HEADER_ROW), last_column)}"})
    sheet.hide_gridlines(2)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.repeat_columns(0, 1)
    sheet.fit_to_pages(max(1, -(-width // _COLUMNS_A_PAGE)), 0)


def _colour_states(book: Book, sheet: Any, last_row: int, width: int) -> None:
    """Colour by the cell's sign, so that a changed sign changes the colour."""
    if last_row <= _HEADER_ROW:
        return
    areas = [(2, 2)] + ([(_FIRST, _FIRST + width - 1)] if width else [])
    for first, last in areas:
        for state in CoverageState:
            rule = {
                "type": "text",
                "criteria": "begins with",
                "value": state.symbol,
                "format": book.workbook.add_format(_difference(state)),
            }
            sheet.conditional_format(_HEADER_ROW + 1, first, last_row, last, rule)


def _difference(state: CoverageState) -> dict[str, str]:
    tint = {"bg_color": TINTS[state]} if state in TINTS else {}
    return {"font_color": house_style.STATUS_COLOURS[state]} | tint


def evidence_links(sheet_name: str, rows: dict[str, int]) -> dict[str, str]:
    """Return where each evidence item stands on the sheet of evidence, as targets of links."""
    return {code: reference(sheet_name, xl_rowcol_to_cell(row, 0)) for code, row in rows.items()}
