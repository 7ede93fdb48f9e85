"""Taking the matrix elsewhere as it is shown: into a spreadsheet by the clipboard, or as a document of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from portfolio_app.domain.claims import Claim
from portfolio_app.domain.facts import EvidenceFact
from portfolio_app.domain.portfolio import PortfolioDetails
from portfolio_app.domain.qualification import Unit
from portfolio_app.exporting.csv_matrix import safe
from portfolio_app.exporting.options import ExportOptions
from portfolio_app.exporting.publication import (
    Block,
    Heading,
    Matrix,
    MatrixCell,
    MatrixColumn,
    MatrixRow,
    Paragraph,
    ParagraphStyle,
    Publication,
    Run,
    Section,
)
from portfolio_app.exporting.wording import Wording, load_wording
from portfolio_app.plain_text import one_line
from portfolio_app.services.matrix_grid import STATES, GridRow, Grouping, MatrixFilter, MatrixGrid, RowKind, Shown
from portfolio_app.storage.portfolio_file import PortfolioFile

_HEADER = ("Address", "Requirement", "State", "Items")


def tabbed_text(rows: Sequence[GridRow], evidence: Sequence[tuple[int, EvidenceFact]]) -> str:
    """Return rows as lines of cells parted by tabs, with a heading, for a spreadsheet to paste.

    ``evidence`` are items with the numbers of their columns. No cell is one that a spreadsheet takes for a formula.
    """
    lines = [[*_HEADER, *(f"E{item.number} {item.title}" for _, item in evidence)]]
    for row in rows:
        signs = [STATES[code].symbol if code else "" for code in (row.code(column) for column, _ in evidence)]
        if row.is_requirement:
            lines.append(
                [row.address, row.full_text, f"{row.state.symbol} {row.state.value}", str(len(row.columns)), *signs]
            )
        else:
            lines.append([row.address, row.full_text, str(row.tally), "", *signs])
    return "".join("\t".join(safe(one_line(cell)) for cell in line) + "\n" for line in lines)


def matrix_publication(
    portfolio: PortfolioFile, grid: MatrixGrid, shown: Shown, wanted: MatrixFilter, options: ExportOptions
) -> Publication:
    """Bind what is shown of a grid: a matrix for each unit with any requirement in view.

    Where only items in use are wanted, each unit has those that are claimed for its own requirements.

    Raises:
        InvalidInput: exports cannot be written in the language.
    """
    words = load_wording(options.language)
    with portfolio.read() as reader:
        details = reader.details()
        units = {unit.id: unit for unit in reader.units()}
        claims = {(claim.requirement_id, claim.evidence_id): claim for claim in reader.claims()}
    by_unit: dict[str, list[GridRow]] = {}
    for number in shown.rows:
        row = grid.rows[number]
        if row.kind is not RowKind.UNIT:
            by_unit.setdefault(row.unit_id, []).append(row)
    sections = tuple(
        _section(units[unit_id], rows, _columns(grid, shown, wanted, rows), claims, words, wanted.grouping)
        for unit_id, rows in by_unit.items()
        if unit_id in units
    )
    learner = one_line(details.learner.name) or words("person.unnamed")
    return Publication(
        title=words("document.title", learner=learner),
        author=learner,
        subject=one_line(details.qualification.title) or words("document.subject"),
        running_title=_running_title(details),
        sections=sections,
        language=options.language,
    )


def _running_title(details: PortfolioDetails) -> str:
    parts = (one_line(details.learner.name), one_line(details.qualification.title))
    return " · ".join(part for part in parts if part)


def _columns(
    grid: MatrixGrid, shown: Shown, wanted: MatrixFilter, rows: Sequence[GridRow]
) -> Sequence[tuple[int, EvidenceFact]]:
    used = {column for row in rows for column in row.columns}
    return [(column, grid.evidence[column]) for column in shown.columns if not wanted.only_used or column in used]


def _section(  # noqa: PLR0917 - each is needed, and none can be mistaken for another
    unit: Unit,
    rows: Sequence[GridRow],
    columns: Sequence[tuple[int, EvidenceFact]],
    claims: Mapping[tuple[str, str], Claim],
    words: Wording,
    grouping: Grouping,
) -> Section:
    title = words("matrix.title", unit=one_line(f"{unit.code} {unit.title}"))
    blocks: list[Block] = [Heading(1, title)]
    if unit.is_guidance:
        lead = Run(words("unit.guidance_lead"), bold=True)
        blocks.append(Paragraph((lead,), ParagraphStyle.MUTED, keep_with_next=True))
    blocks.append(
        Matrix(
            title,
            tuple(_rows(rows, columns, claims, words, grouping)),
            tuple(MatrixColumn(f"E{item.number}", one_line(item.title), "") for _, item in columns),
        )
    )
    if not columns:
        blocks.append(Paragraph((Run(words("matrix.no_evidence")),), ParagraphStyle.MUTED))
    return Section(tuple(blocks), label=one_line(unit.code), landscape=True)


def _rows(
    rows: Sequence[GridRow],
    columns: Sequence[tuple[int, EvidenceFact]],
    claims: Mapping[tuple[str, str], Claim],
    words: Wording,
    grouping: Grouping,
) -> Iterator[MatrixRow]:
    for row in rows:
        # Without headings over it a reference alone may stand for several requirements of the unit.
        ref = row.ref if grouping is Grouping.OUTCOMES else row.address.partition("/")[2]
        cells: dict[int, MatrixCell] = {}
        for place, (column, item) in enumerate(columns):
            code = row.code(column)
            if code:
                claim = claims.get((row.id, item.id))
                cells[place] = MatrixCell(STATES[code], words.place(claim.locator) if claim else "")
        status = row.state if row.is_requirement else None
        yield MatrixRow(one_line(ref), one_line(row.full_text), "", status, cells)
