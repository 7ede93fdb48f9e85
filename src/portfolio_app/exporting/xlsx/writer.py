"""Makes the workbook of a publication."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.durable import replace_atomically
from portfolio_app.exporting.publication import ChartFigure, GanttFigure, Publication
from portfolio_app.exporting.tabular import unit_matrices
from portfolio_app.exporting.wording import wording_of
from portfolio_app.exporting.xlsx.figures import fill_figures
from portfolio_app.exporting.xlsx.matrix_sheets import add_matrix_sheets, evidence_links
from portfolio_app.exporting.xlsx.overviews import fill_evidence, fill_summary
from portfolio_app.exporting.xlsx.sheets import Book
from portfolio_app.plain_text import one_line

_LONGEST_PROPERTY = 255
_FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def write_xlsx(
    publication: Publication, target: Path, *, progress: Progress = no_progress, invariant: bool = False
) -> None:
    """Write the publication's matrices as a spreadsheet.

    A summary, one sheet for each unit, the evidence, and native charts where the portfolio has figures. No
    cell is a formula, whatever its text looks like.

    Args:
        publication: where the matrices and figures are taken from.
        target: the file; replaced as a whole or left as it was.
        progress: called now and then; an exception it raises cancels and leaves nothing behind.
        invariant: leave out the time of writing, so that equal publications give equal bytes.

    Raises:
        CannotWrite: ``target`` cannot be written.
    """
    with replace_atomically(target) as temporary:
        buffer = BytesIO()
        _fill(publication, buffer, progress, invariant=invariant)
        temporary.write_bytes(buffer.getbuffer())


def _fill(publication: Publication, buffer: BytesIO, progress: Progress, *, invariant: bool) -> None:
    units = unit_matrices(publication)
    figures = [
        block
        for section in publication.sections
        for block in section.blocks
        if isinstance(block, (ChartFigure, GanttFigure))
    ]
    words = wording_of(publication.language)
    total = len(units) + 2
    done = 0

    def tick() -> None:
        progress(done, total, words("writing.spreadsheet"))

    tick()
    book = Book(buffer, words, tick)
    created = (_FIXED_TIME if invariant else datetime.now(UTC)).replace(tzinfo=None, microsecond=0)
    book.workbook.set_properties(
        {
            "title": one_line(publication.title)[:_LONGEST_PROPERTY],
            "author": one_line(publication.author)[:_LONGEST_PROPERTY],
            "subject": one_line(publication.subject)[:_LONGEST_PROPERTY],
            "keywords": one_line(", ".join(publication.keywords))[:_LONGEST_PROPERTY],
            "created": created,
        }
    )
    running_title = publication.running_title or publication.title
    summary, _ = book.add_sheet(words("spreadsheet.summary"), running_title)
    evidence, evidence_name = book.add_sheet(words("spreadsheet.evidence"), running_title) if units else (None, "")
    links: dict[str, str] = {}
    if evidence is not None:
        links = evidence_links(evidence_name, fill_evidence(book, evidence, publication, units))
    names = []
    for done, unit in enumerate(units, 1):  # noqa: B007 - tick reads it
        tick()
        names.append(add_matrix_sheets(book, unit, running_title, links))
    if figures:
        sheet, name = book.add_sheet(words("spreadsheet.figures"), running_title, landscape=False)
        fill_figures(book, sheet, name, figures)
    fill_summary(book, summary, publication, units, names)
    done += 1
    tick()
    book.workbook.close()
    done += 1
    tick()
