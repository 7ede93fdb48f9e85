"""The coverage matrix in Word: several tables that each fit the page's width, or a list where it is enormous."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from math import ceil

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting.column_widths import text_width
from portfolio_app.exporting.docx.parts import SUNKEN
from portfolio_app.exporting.docx.tables import column_widths, keeps_with_next, table_frame
from portfolio_app.exporting.docx.text import MUTED_TEXT, Anchors, paragraph_xml, run_xml, shortened, state_style
from portfolio_app.exporting.publication import Link, Matrix, MatrixCell, MatrixColumn, MatrixRow
from portfolio_app.exporting.wording import Wording

LARGEST = 30_000
"""Cells of the largest matrix drawn as a grid: beyond, Word itself takes minutes to open it."""

_TWIPS = 56.7  # per millimetre
_WIDTH_WITH_PLACE, _WIDTH_OF_SIGN, _WIDEST = 11.0, 8.0, 18.0  # millimetres
_NARROWEST_TEXT, _WIDEST_TEXT = 52.0, 110.0
_STATE_WIDTH = 9.0
_HEAD_HEIGHT = round(34 * _TWIPS)
_LONGEST_TITLE = 40
_WIDEST_PLACE = 35.0  # in the letters of other tables, which are 8.5 pt: 27 pt in its own of 6.5
_FILE_NAME = re.compile(r"\.\w{1,5}$")
_ROWS_TOGETHER = 12
_APART = '<w:spacing w:before="480"/>'
_LIST_WIDTHS = (0.09, 0.39, 0.16, 0.36)


def matrix_xml(
    matrix: Matrix, anchors: Anchors, words: Wording, width: int, tick: Callable[[], None], *, titled: bool
) -> Iterator[str]:
    """Yield a matrix piece by piece.

    ``width`` is the text's, in twentieths of a point; a matrix that is ``titled`` stands under a heading with
    its own title.
    """
    if len(matrix.rows) * len(matrix.columns) > LARGEST:
        yield from _as_list(matrix, anchors, words, width, tick, titled=titled)
        return
    code_width = min(26.0, max(11.0, 1.7 * max((len(row.code) for row in matrix.rows if row.status), default=0) + 3))
    room = width / _TWIPS - code_width - _STATE_WIDTH
    sheets, shows_places = _sheets(matrix, room)
    least = _WIDTH_WITH_PLACE if shows_places else _WIDTH_OF_SIGN
    per_sheet = ceil(len(matrix.columns) / sheets)
    column = max(least, min(_WIDEST, (room - _WIDEST_TEXT) / per_sheet)) if per_sheet else 0.0
    text_width = min(_WIDEST_TEXT, room - column * per_sheet) if per_sheet else room
    fixed = [int(part * _TWIPS) for part in (code_width, text_width, _STATE_WIDTH)]
    for sheet in range(sheets):
        first = sheet * per_sheet
        columns = matrix.columns[first : first + per_sheet]
        if sheets > 1 or not titled:
            yield _sheet_title(matrix, columns, words, sheet, sheets, titled=titled)
        yield legend_xml(words)
        widths = fixed + [int(column * _TWIPS)] * len(columns)
        # The first sheet begins under its heading whatever room there is; a later one would rather stay whole.
        together = bool(sheet) and len(matrix.rows) <= _ROWS_TOGETHER
        rows = [_head(columns, widths, anchors, words)]
        for number, row in enumerate(matrix.rows, 1):
            if number % 100 == 0:
                tick()
            held = keeps_with_next(number, len(matrix.rows), together=together)
            rows.append(_row(row, first, widths, anchors, held=held, shows_places=shows_places))
        yield table_frame("MatrixGrid", widths, "".join(rows), matrix.title, header=True)
        tick()


def _sheets(matrix: Matrix, room: float) -> tuple[int, bool]:
    """Return on how many sheets the columns fit, and whether places are shown: where they make no sheet more.

    ``room`` is what is left for the columns and the requirements, in millimetres.
    """
    signs, places = (
        max(1, ceil(len(matrix.columns) / max(1, int((room - _NARROWEST_TEXT) / least))))
        for least in (_WIDTH_OF_SIGN, _WIDTH_WITH_PLACE)
    )
    return signs, places == signs


def legend_xml(words: Wording) -> str:
    """Return what the symbols mean, to stand above a matrix."""
    parts = []
    for state in reversed(CoverageState):
        name = words(f"state.{state.value}")
        parts.append(run_xml(state.symbol, style=state_style(state)) + run_xml(f"\u00a0{name}   ", style=MUTED_TEXT))
    return paragraph_xml("MatrixText", "".join(parts), '<w:keepNext/><w:spacing w:before="40" w:after="100"/>')


def _sheet_title(
    matrix: Matrix, columns: Sequence[MatrixColumn], words: Wording, sheet: int, sheets: int, *, titled: bool
) -> str:
    """Return what stands above a sheet; the first of a matrix ``titled`` by its heading does not say so again."""
    title = "" if titled and not sheet else run_xml(matrix.title)
    if sheets > 1:
        span = columns[0].code
        if len(columns) > 1:
            span = words("coverage.span", first=columns[0].code, last=columns[-1].code)
        which = words("coverage.sheet", number=sheet + 1, total=sheets)
        title += run_xml(f"{' · ' if title else ''}{span} · {which}", style=MUTED_TEXT)
    apart = ""
    if sheet:
        apart = "<w:pageBreakBefore/>" if len(matrix.rows) > _ROWS_TOGETHER else _APART
    return paragraph_xml("TableCaption", title, apart)


def _head(columns: Sequence[MatrixColumn], widths: Sequence[int], anchors: Anchors, words: Wording) -> str:
    cells = [
        _cell(
            paragraph_xml("MatrixText", run_xml(name, bold=True, style=MUTED_TEXT), "<w:keepNext/>"), width, foot=True
        )
        for name, width in zip(_names(words)[:3], widths[:3], strict=True)
    ]
    for column, width in zip(columns, widths[3:], strict=True):
        name = anchors.linked_text(column.code, Link(anchor=column.anchor), bold=True)
        title = run_xml(f"  {shortened(column.title, _LONGEST_TITLE)}", style=MUTED_TEXT) if column.title else ""
        content = paragraph_xml("MatrixHead", name + title, "<w:keepNext/>")
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:textDirection w:val="btLr"/>'
            f'<w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'
        )
    height = f'<w:trHeight w:val="{_HEAD_HEIGHT}" w:hRule="exact"/>' if columns else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{height}<w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"


def _names(words: Wording) -> tuple[str, str, str, str]:
    return words("coverage.ref"), words("coverage.requirement"), words("coverage.state"), words("coverage.evidence")


def _row(
    row: MatrixRow, first: int, widths: Sequence[int], anchors: Anchors, *, held: bool, shows_places: bool = False
) -> str:
    keep = "<w:keepNext/>" if held or row.status is None else ""
    link = Link(anchor=row.anchor)
    if row.status is None:
        code = anchors.linked_text(row.code, link, bold=True) + run_xml("  ") if row.code else ""
        content = paragraph_xml("MatrixText", code + run_xml(row.text, bold=True), keep)
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{SUNKEN}"/>'
        span = f'<w:gridSpan w:val="{len(widths)}"/>'
        properties = f'<w:tcPr><w:tcW w:w="{sum(widths)}" w:type="dxa"/>{span}{shade}</w:tcPr>'
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc>{properties}{content}</w:tc></w:tr>"
    state = run_xml(row.status.symbol, style=state_style(row.status))
    cells = [
        _cell(paragraph_xml("MatrixText", anchors.linked_text(row.code, link), keep), widths[0]),
        _cell(paragraph_xml("MatrixText", run_xml(row.text), keep), widths[1]),
        _cell(paragraph_xml("MatrixMark", state, keep), widths[2]),
    ]
    empty = paragraph_xml("MatrixMark", "", keep)
    for index, width in enumerate(widths[3:], first):
        claim = row.cells.get(index)
        cells.append(
            _cell(
                paragraph_xml("MatrixMark", _claim(claim, shows_places=shows_places), keep) if claim else empty, width
            )
        )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _claim(cell: MatrixCell, *, shows_places: bool) -> str:
    sign = run_xml(cell.status.symbol, style=state_style(cell.status))
    place = _short_place(cell.place) if shows_places else ""
    return sign + (run_xml(f"\n{place}", style="MatrixPlace") if place else "")


def _short_place(place: str) -> str:
    """Return a place that fits a narrow cell on one line, without the file's name; "" where it would be torn.

    The index by criterion has all of them in full.
    """
    first, comma, rest = place.partition(", ")
    short = (rest if comma and _FILE_NAME.search(first) else place).replace(" ", "\u00a0")
    return short if text_width(short) <= _WIDEST_PLACE else ""


def _cell(content: str, width: int, *, foot: bool = False) -> str:
    align = "bottom" if foot else "center"
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="{align}"/></w:tcPr>{content}</w:tc>'


def _as_list(
    matrix: Matrix, anchors: Anchors, words: Wording, width: int, tick: Callable[[], None], *, titled: bool
) -> Iterator[str]:
    """Yield each requirement with the evidence claimed for it: all that the grid says, without its empty cells."""
    if not titled:
        yield paragraph_xml("TableCaption", run_xml(matrix.title))
    note = words("coverage.too_large", rows=f"{len(matrix.rows):,}", columns=f"{len(matrix.columns):,}")
    yield paragraph_xml("Muted", run_xml(note), "<w:keepNext/>")
    widths = column_widths(_LIST_WIDTHS, 4, width)
    heads = "".join(
        _cell(paragraph_xml("MatrixText", run_xml(name, bold=True, style=MUTED_TEXT), "<w:keepNext/>"), cell_width)
        for name, cell_width in zip(_names(words), widths, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>"]
    for number, row in enumerate(matrix.rows):
        if number % 50 == 0:
            tick()
        if row.status is None:
            rows.append(_row(row, 0, widths, anchors, held=False))
            continue
        claims = []
        for index, claim in sorted(row.cells.items()):
            if 0 <= index < len(matrix.columns):
                column = matrix.columns[index]
                sign = run_xml(f"\u00a0{claim.status.symbol}", style=state_style(claim.status))
                place = run_xml(f" {claim.place}") if claim.place else ""
                claims.append(anchors.linked_text(column.code, Link(anchor=column.anchor)) + sign + place)
        name = words(f"state.{row.status.value}")
        state = run_xml(f"{row.status.symbol} {name}", style=state_style(row.status))
        contents = (
            anchors.linked_text(row.code, Link(anchor=row.anchor)),
            run_xml(row.text),
            state,
            run_xml("; ").join(claims),
        )
        cells = "".join(
            _cell(paragraph_xml("MatrixText", content), cell_width)
            for content, cell_width in zip(contents, widths, strict=True)
        )
        rows.append(f"<w:tr>{cells}</w:tr>")
    yield table_frame("Hairlines", widths, "".join(rows), matrix.title, header=True)
