"""What spreadsheet and CSV need of a publication: its matrices, their columns, and the index of evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portfolio_app.exporting.publication import Cell, Matrix, MatrixCell, MatrixColumn, MatrixRow, Publication, Table
from portfolio_app.plain_text import one_line


@dataclass(frozen=True, slots=True)
class UnitMatrix:
    """The matrix of one unit. ``code`` is the unit's ("U1") or empty; ``name`` has code and title."""

    code: str
    name: str
    matrix: Matrix


def unit_matrices(publication: Publication) -> tuple[UnitMatrix, ...]:
    """Return every matrix in order."""
    found = []
    for section in publication.sections:
        code = one_line(section.label)
        for block in section.blocks:
            if isinstance(block, Matrix):
                title = one_line(block.title)
                position = title.find(code) if code else -1
                found.append(UnitMatrix(code, title[max(0, position) :], block))
    return tuple(found)


def grouped(matrix: Matrix) -> Iterator[tuple[str, MatrixRow]]:
    """Yield each requirement with the heading it stands under."""
    group = ""
    for row in matrix.rows:
        if row.status is None:
            group = one_line(f"{row.code} {row.text}")
        else:
            yield group, row


def evidence_columns(matrices: tuple[UnitMatrix, ...]) -> tuple[MatrixColumn, ...]:
    """Return each evidence item of any matrix once, E2 before E10."""
    found: dict[str, MatrixColumn] = {}
    for unit in matrices:
        for column in unit.matrix.columns:
            found.setdefault(column.code, column)
    return tuple(sorted(found.values(), key=lambda column: natural_order(column.code)))


def natural_order(code: str) -> tuple[str, int, str]:
    """Return a key that sorts E2 before E10."""
    letters = code.rstrip("0123456789")
    digits = code[len(letters) :][:18]
    return letters, int(digits) if digits.isascii() and digits else 0, code


def claim_text(cell: MatrixCell) -> str:
    """Return the sign of a claim and its place: "● p. 3"."""
    return one_line(f"{cell.status.symbol} {cell.place}")


def cell_text(cell: Cell) -> str:
    """Return a table cell's words on one line."""
    return one_line(" ".join("".join(run.text for run in runs) for runs in cell.paragraphs))


def evidence_index(publication: Publication, codes: frozenset[str]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return header and rows of the table that lists the evidence: the one whose first column names most of it."""
    best: Table | None = None
    most = 0
    for section in publication.sections:
        for block in section.blocks:
            if not isinstance(block, Table) or not block.header:
                continue
            named = len({cell_text(row[0]) for row in block.rows if row} & codes)
            if named > most:
                best, most = block, named
    if best is None:
        return (), []
    lines = [max(1, len(cell.paragraphs)) for cell in best.header]
    header = _spread(best.header, lines)
    return header, [_spread(row, lines) for row in best.rows if row]


def captioned_table(publication: Publication, caption: str) -> list[tuple[str, ...]]:
    """Return the rows of the table of this caption, its header first; nothing where there is none."""
    for section in publication.sections:
        for block in section.blocks:
            if isinstance(block, Table) and block.caption == caption:
                return [tuple(cell_text(cell) for cell in row) for row in (block.header, *block.rows)]
    return []


def _spread(row: Sequence[Cell], lines: Sequence[int]) -> tuple[str, ...]:
    """Give each line of a cell a column of its own where the table's heading has several lines."""
    texts: list[str] = []
    for position, count in enumerate(lines):
        paragraphs = row[position].paragraphs if position < len(row) else ()
        parts = [cell_text(Cell((runs,))) for runs in paragraphs]
        texts += [*parts, *[""] * count][: count - 1]
        texts.append(one_line(" ".join(parts[count - 1 :])))
    return tuple(texts)
