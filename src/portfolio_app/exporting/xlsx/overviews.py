"""The first sheet, with counts for each unit, and the sheet that lists the evidence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting import house_style
from portfolio_app.exporting.publication import Publication
from portfolio_app.exporting.tabular import (
    UnitMatrix,
    captioned_table,
    evidence_columns,
    evidence_index,
    grouped,
    natural_order,
)
from portfolio_app.exporting.xlsx.sheets import Book, put, put_row, reference, rule_off, set_height
from portfolio_app.plain_text import one_line

_STATES = tuple(reversed(CoverageState))
_TABLE_ROW = 5
_EVIDENCE_ROW = 2
_WIDEST = 36
_NARROWEST = 9
_UNIT_WIDTH = 48
_STATE_WIDTH = 12
_LONGEST_TIP = 255


def fill_summary(
    book: Book, sheet: Any, publication: Publication, units: Sequence[UnitMatrix], sheet_names: Sequence[str]
) -> None:
    """Write who and what the portfolio is, and how far each unit is."""
    put(sheet, 0, 0, publication.title, book.format(bold=True, font_size=16))
    muted = book.format(font_color=house_style.MUTED)
    sheet.set_row(0, 26)
    sheet.set_row(1, 18)
    put(sheet, 1, 0, publication.author, book.format(font_size=11))
    put(sheet, 2, 0, publication.subject, muted)
    put(sheet, 3, 0, book.words("spreadsheet.lead"), muted)
    if not units:
        put(sheet, _TABLE_ROW, 0, book.words("spreadsheet.no_units"), book.format())
    else:
        _count_units(book, sheet, units, sheet_names)
    groups = captioned_table(publication, book.words("groups.summary"))
    if groups:
        _list_groups(book, sheet, groups, _TABLE_ROW + len(units) + 4)
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 0)


def _list_groups(book: Book, sheet: Any, rows: Sequence[Sequence[str]], first: int) -> None:
    """Write what the qualification asks for below the units, each cell but the first over two of their columns."""
    sheet.set_row(first - 1, 22)
    put(sheet, first - 1, 0, book.words("groups.summary"), book.format(bold=True, font_size=12))
    for row, cells in enumerate(rows, first):
        line = {"bottom": 4, "bottom_color": house_style.LINE}
        wrapped = book.header_format() if row == first else book.format(text_wrap=True, **line)
        put(sheet, row, 0, cells[0], wrapped)
        for place, text in enumerate(cells[1:]):
            column = 1 + 2 * place
            sheet.merge_range(row, column, row, column + 1, "", wrapped)
            put(sheet, row, column, text, wrapped)
        set_height(sheet, row, [(cells[0], _UNIT_WIDTH), *((text, 2 * _STATE_WIDTH) for text in cells[1:])])


def _count_units(book: Book, sheet: Any, units: Sequence[UnitMatrix], sheet_names: Sequence[str]) -> None:
    words = book.words
    header = (
        words("coverage.unit"),
        words("spreadsheet.requirements"),
        *(f"{state.symbol} {words(f'state.{state.value}')}" for state in _STATES),
        words("spreadsheet.share"),
        words("coverage.evidence"),
    )
    put_row(sheet, _TABLE_ROW, header, book.header_format(align="center"))
    put(sheet, _TABLE_ROW, 0, header[0], book.header_format())
    sheet.set_row(_TABLE_ROW, 42)
    number = book.format(align="center", bottom=4, bottom_color=house_style.LINE)
    share = book.format(align="right", num_format="0%", bottom=4, bottom_color=house_style.LINE)
    link = book.format(font_color=house_style.ACCENT, text_wrap=True, bottom=4, bottom_color=house_style.LINE)
    whole: Counter[CoverageState] = Counter()
    for row, (unit, name) in enumerate(zip(units, sheet_names, strict=True), _TABLE_ROW + 1):
        counts = Counter(requirement.status for _, requirement in grouped(unit.matrix) if requirement.status)
        whole += counts
        set_height(sheet, row, [(unit.name, _UNIT_WIDTH)])
        tip = words("spreadsheet.open_matrix")[:_LONGEST_TIP]
        sheet.write_url(row, 0, reference(name, "A1"), link, unit.name[:500] or name, tip)
        _write_counts(sheet, row, counts, number, share)
        sheet.write_number(row, len(_STATES) + 3, len(unit.matrix.columns), number)
    last = _TABLE_ROW + len(units)
    if len(units) > 1:
        total = book.format(bold=True, align="center", top=1, top_color=house_style.MUTED)
        put(
            sheet,
            last + 1,
            0,
            words("spreadsheet.all_units"),
            book.format(bold=True, top=1, top_color=house_style.MUTED),
        )
        shares = book.format(bold=True, align="right", num_format="0%", top=1, top_color=house_style.MUTED)
        _write_counts(sheet, last + 1, whole, total, shares)
        items = len(evidence_columns(tuple(units)))
        sheet.write_number(last + 1, len(_STATES) + 3, items, total)
    bar = {
        "type": "data_bar",
        "bar_solid": True,
        "bar_color": "#9FD3B6",
        "min_type": "num",
        "max_type": "num",
        "min_value": 0,
        "max_value": 1,
    }
    column = len(_STATES) + 2
    sheet.conditional_format(_TABLE_ROW + 1, column, last + 1, column, bar)
    sheet.set_column(0, 0, _UNIT_WIDTH)
    sheet.set_column(1, len(_STATES) + 1, _STATE_WIDTH)
    sheet.set_column(column, column, 16)
    sheet.set_column(column + 1, column + 1, 11)
    sheet.freeze_panes(_TABLE_ROW + 1, 1)
    sheet.repeat_rows(_TABLE_ROW)


def _write_counts(sheet: Any, row: int, counts: Counter[CoverageState], number: Any, share: Any) -> None:
    total = counts.total()
    sheet.write_number(row, 1, total, number)
    for column, state in enumerate(_STATES, 2):
        sheet.write_number(row, column, counts[state], number)
    sheet.write_number(row, len(_STATES) + 2, counts[CoverageState.MET] / total if total else 0, share)


def fill_evidence(book: Book, sheet: Any, publication: Publication, units: Sequence[UnitMatrix]) -> dict[str, int]:
    """List the evidence with what its index says and what it is claimed for; return the row of each item."""
    words = book.words
    claims = _claims(units)
    columns = {column.code: column for column in evidence_columns(tuple(units))}
    header, listed = evidence_index(publication, frozenset(columns))
    if not listed:
        header = (words("coverage.ref"), words("spreadsheet.title"))
        listed = [(code, one_line(column.title)) for code, column in columns.items()]
    listed.sort(key=lambda row: natural_order(row[0]))
    put(sheet, 0, 0, words("spreadsheet.evidence"), book.format(bold=True, font_size=14))
    counts = (words("coverage.claims"), words("spreadsheet.met"), words("spreadsheet.claims_in_detail"))
    put_row(sheet, _EVIDENCE_ROW, (*header, *counts), book.header_format())
    widths = [
        max(_NARROWEST, len(name) + 4, *(min(_WIDEST, len(cells[column])) for cells in listed))
        for column, name in enumerate(header)
    ]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    text_format = book.format(text_wrap=True)
    number_format = book.format(align="center")
    rows: dict[str, int] = {}
    for row, cells in enumerate(listed, _EVIDENCE_ROW + 1):
        if row % 100 == 0:
            book.tick()
        put_row(sheet, row, cells, text_format)
        found = claims.get(cells[0], [])
        met = sum(state is CoverageState.MET for _, state in found)
        sheet.write_number(row, len(header), len(found), number_format)
        sheet.write_number(row, len(header) + 1, met, number_format)
        where = "; ".join(place for place, _ in found)
        put(sheet, row, len(header) + 2, where, text_format)
        set_height(sheet, row, [*zip(cells, widths, strict=True), (where, _WIDEST)])
        rows.setdefault(cells[0], row)
    last = _EVIDENCE_ROW + len(listed)
    sheet.set_column(len(header), len(header) + 1, _NARROWEST)
    sheet.set_column(len(header) + 2, len(header) + 2, _WIDEST)
    sheet.autofilter(_EVIDENCE_ROW, 0, max(last, _EVIDENCE_ROW), len(header) + 2)
    sheet.freeze_panes(_EVIDENCE_ROW + 1, 1)
    sheet.repeat_rows(_EVIDENCE_ROW)
    rule_off(book, sheet, last, len(header) + 2, first_row=_EVIDENCE_ROW + 1)
    sheet.set_row(0, 22)
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 0)
    return rows


def _claims(units: Sequence[UnitMatrix]) -> dict[str, list[tuple[str, CoverageState]]]:
    """Return each item's requirements and places ("U1/1.1: p. 3") with the state of its claim."""
    found: dict[str, list[tuple[str, CoverageState]]] = defaultdict(list)
    for unit in units:
        start = f"{unit.code}/" if unit.code else ""
        for _, row in grouped(unit.matrix):
            for index, cell in row.cells.items():
                detail = f"{start}{row.code}: {cell.place}" if cell.place else f"{start}{row.code}"
                found[unit.matrix.columns[index].code].append((one_line(detail), cell.status))
    return found
