"""Tables and signature lines as WordprocessingML."""

from __future__ import annotations

from collections.abc import Sequence

from portfolio_app.exporting.column_widths import PADDING, least_width
from portfolio_app.exporting.column_widths import column_widths as shares_of
from portfolio_app.exporting.docx.parts import LINE
from portfolio_app.exporting.docx.text import Anchors, attribute, paragraph_xml, plain_text, run_xml, shortened
from portfolio_app.exporting.publication import Cell, SignatureLines, Table
from portfolio_app.exporting.wording import Wording

_LONGEST_UNSPLIT_ROW = 1200  # characters of its longest cell; a longer one may go over the page
_LONGEST_DESCRIPTION = 200
_SHORT_TABLE = (6, 600)  # rows and characters that stay on one page
_SIGNATURE_COLUMNS = (0.34, 0.03, 0.34, 0.03, 0.26)
_SIGNATURE_HEIGHT = 567  # twentieths of a point: 10 mm, room for a hand
_POINT = 20  # twentieths of one
_FEW_COLUMNS = 7
_NARROW_TYPE = 7 / 8.5  # of the usual size
_NARROW_PADDING = 4.5  # points
_EMPTY = Cell(paragraphs=((),))


def table_xml(table: Table, anchors: Anchors, width: int, *, with_next: bool = False, front: bool = False) -> str:
    """Return a table as wide as the text (in twentieths of a point); its header row repeats on every page.

    ``with_next`` keeps its end on the page of what follows; on a ``front`` sheet label and value have rules.
    """
    columns = max((_columns(row) for row in (table.header, *table.rows)), default=0)
    if not columns:
        return ""
    widths = column_widths(table.widths, columns, width)
    rows = []
    family = ("Front" if front else "Quiet") if table.quiet else "Table"
    if columns > _FEW_COLUMNS and not table.quiet and least_width(table.header, table.rows) > width / _POINT:
        family = "Narrow"
        widths = _narrow_widths(table, width)
    if table.header:
        rows.append(_row(_filled(table.header, columns), widths, anchors, family, head=True))
    together = _is_short(table)
    for number, row in enumerate(table.rows, 1):
        is_last = number == len(table.rows)
        held = with_next if is_last else keeps_with_next(number, len(table.rows), together=together)
        rows.append(_row(_filled(row, columns), widths, anchors, family, held=held))
    style = "Hairlines" if family == "Table" else f"{family}Table"
    named = table.caption or plain_text(cell.paragraphs[0] for cell in table.header if cell.paragraphs)
    caption = paragraph_xml("TableCaption", run_xml(table.caption)) if table.caption else ""
    row_heads = bool(table.rows) and all(row and row[0].header for row in table.rows)
    header = bool(table.header)
    return caption + table_frame(style, widths, "".join(rows), named, header=header, row_heads=row_heads)


def _narrow_widths(table: Table, width: int) -> list[int]:
    """Return the columns' widths of a table in small type, which leaves words more room."""
    points = width / _POINT
    columns = max(map(_columns, (table.header, *table.rows)))
    # As wide as a table in usual type and with usual margins would have to be for the same words.
    whole = (points - columns * _NARROW_PADDING) / _NARROW_TYPE + columns * PADDING
    shares = shares_of(table.header, table.rows, whole)
    return column_widths(
        [(share * whole - PADDING) * _NARROW_TYPE + _NARROW_PADDING for share in shares], columns, width
    )


def _is_short(table: Table) -> bool:
    most_rows, most_text = _SHORT_TABLE
    if len(table.rows) > most_rows:
        return False
    return sum(len(run.text) for row in table.rows for c in row for runs in c.paragraphs for run in runs) <= most_text


def keeps_with_next(row: int, rows: int, *, together: bool) -> bool:
    """Say whether a table's row (counted from 1) stays on the page of the next: never one row all alone."""
    return row < rows if together else row in {1, rows - 1}


def column_widths(shares: Sequence[float], columns: int, width: int) -> list[int]:
    """Share a width out to columns; unusable shares count as one."""
    usable = [share if 0 < share < float("inf") else 1.0 for share in shares[:columns]]
    usable += [1.0] * (columns - len(usable))
    whole = sum(usable)
    return [max(1, int(width * share / whole)) for share in usable]


def table_frame(
    style: str, widths: Sequence[int], rows: str, description: str, *, header: bool, row_heads: bool = False
) -> str:
    """Return rows in their table, of a fixed layout: no application has to measure the text.

    ``row_heads`` says that the first column names the rows.
    """
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    bits = 0x0600 | (0x0020 if header else 0) | (0x0080 if row_heads else 0)
    look = f'w:val="{bits:04X}" w:firstRow="{int(header)}" w:lastRow="0" w:firstColumn="{int(row_heads)}"'
    words = attribute(shortened(description, _LONGEST_DESCRIPTION))
    caption = f'<w:tblCaption w:val="{words}"/>' if words else ""
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook {look} w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{caption}'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def signature_xml(block: SignatureLines, words: Wording, width: int) -> str:
    """Return a line each for name, signature and date, with what is known filled in."""
    if not block.lines:
        return ""
    widths = column_widths(_SIGNATURE_COLUMNS, len(_SIGNATURE_COLUMNS), width)
    rows = []
    signature, date = words("sign.signature"), words("sign.date")
    for number, (who, name, day) in enumerate(block.lines, 1):
        keep = "<w:keepNext/>" if number < len(block.lines) or block.keep_with_next else ""
        signed = _signature_row((name, "", "", "", day), widths, "QuietText", "<w:keepNext/>", ruled=True)
        labels = _signature_row((who, "", signature, "", date), widths, "SignatureLabel", keep, ruled=False)
        height = f'<w:trHeight w:val="{_SIGNATURE_HEIGHT}" w:hRule="atLeast"/>'
        rows.append(f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{signed}</w:tr>")
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{labels}</w:tr>")
    return table_frame("QuietTable", widths, "".join(rows), words("sign.title"), header=False)


def _signature_row(texts: Sequence[str], widths: Sequence[int], style: str, keep: str, *, ruled: bool) -> str:
    """Return one row's cells; every other one is a gap between the lines to write on."""
    rule = f'<w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="{LINE}"/></w:tcBorders>'
    cells = []
    for number, (text, width) in enumerate(zip(texts, widths, strict=True)):
        borders = f'{rule if number % 2 == 0 else ""}<w:vAlign w:val="bottom"/>' if ruled else ""
        content = paragraph_xml(style, run_xml(text), keep)
        cells.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}</w:tcPr>{content}</w:tc>')
    return "".join(cells)


def _filled(row: tuple[Cell, ...], columns: int) -> tuple[Cell, ...]:
    return row + (_EMPTY,) * (columns - _columns(row))


def _columns(row: tuple[Cell, ...]) -> int:
    return sum(max(1, cell.span) for cell in row)


def _row(
    row: tuple[Cell, ...],
    widths: Sequence[int],
    anchors: Anchors,
    family: str,
    *,
    head: bool = False,
    held: bool = False,
) -> str:
    cells = []
    longest = 0
    column = 0
    for cell in row:
        span = max(1, cell.span)
        width = sum(widths[column : column + span])
        column += span
        longest = max(longest, sum(len(run.text) for runs in cell.paragraphs for run in runs))
        cells.append(_cell(cell, width, anchors, family, head=head, held=held))
    whole = "<w:cantSplit/>" if head or longest <= _LONGEST_UNSPLIT_ROW else ""
    repeated = "<w:tblHeader/>" if head else ""
    properties = f"<w:trPr>{whole}{repeated}</w:trPr>" if whole or repeated else ""
    return f"<w:tr>{properties}{''.join(cells)}</w:tr>"


def _cell(cell: Cell, width: int, anchors: Anchors, family: str, *, head: bool, held: bool) -> str:
    quiet = family in {"Quiet", "Front"}
    style = f"{family}Head" if head or (quiet and cell.header) else f"{family}Text"
    keep = "<w:keepNext/>" if held and not head else ""
    right = '<w:jc w:val="right"/>' if cell.numeric else ""
    paragraphs = []
    for number, runs in enumerate(cell.paragraphs or ((),)):
        mark = anchors.mark(cell.anchor) if number == 0 else ""
        content = anchors.runs(runs, bold=number == 0 and cell.header and not quiet and not head)
        paragraphs.append(paragraph_xml(style, mark + content, keep + right))
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}</w:tcPr>{"".join(paragraphs)}</w:tc>'
