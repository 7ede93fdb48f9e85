"""The coverage matrix as CSV: one row for each requirement, one column for each evidence item."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.durable import replace_atomically
from portfolio_app.exporting.publication import Publication
from portfolio_app.exporting.tabular import claim_text, evidence_columns, grouped, unit_matrices
from portfolio_app.exporting.wording import wording_of
from portfolio_app.plain_text import one_line

_HEADER = (
    "coverage.unit",
    "coverage.group",
    "coverage.ref",
    "coverage.requirement",
    "coverage.state",
    "coverage.claims",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_ROWS_BETWEEN_REPORTS = 100


def write_csv(publication: Publication, target: Path, *, progress: Progress = no_progress) -> None:
    """Write every unit's matrix as one table that can be sorted and filtered.

    UTF-8 with a byte order mark and CRLF, as spreadsheets expect. A cell that a spreadsheet could take for a
    formula starts with an apostrophe.

    Raises:
        CannotWrite: ``target`` cannot be written.
    """
    with (
        replace_atomically(target) as temporary,
        temporary.open("w", encoding="utf-8-sig", newline="", errors="replace") as file,
    ):
        writer = csv.writer(file, lineterminator="\r\n")
        for row in _rows(publication, progress):
            writer.writerow([safe(cell) for cell in row])


def safe(text: str) -> str:
    """Return a cell's text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _rows(publication: Publication, progress: Progress) -> Iterator[list[str]]:
    matrices = unit_matrices(publication)
    columns = evidence_columns(matrices)
    place = {column.code: number for number, column in enumerate(columns, len(_HEADER))}
    words = wording_of(publication.language)
    yield [*(words(key) for key in _HEADER), *(one_line(f"{column.code} {column.title}") for column in columns)]
    total = sum(len(unit.matrix.rows) for unit in matrices)
    done = 0
    for unit in matrices:
        for group, row in grouped(unit.matrix):
            if done % _ROWS_BETWEEN_REPORTS == 0:
                progress(done, total, words("writing.matrix"))
            done += 1
            state = words(f"state.{row.status.value}") if row.status else ""
            start = [unit.name, group, one_line(row.code), one_line(row.text), state, str(len(row.cells))]
            cells = start + [""] * len(columns)
            for index, claim in row.cells.items():
                cells[place[unit.matrix.columns[index].code]] = claim_text(claim)
            yield cells
