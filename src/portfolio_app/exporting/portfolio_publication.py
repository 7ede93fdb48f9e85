"""A portfolio bound as one publication, for every format to render."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path

from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.portfolio import Portfolio
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.text_facts import TextFacts
from portfolio_app.exporting.chapters.evidence import evidence_sections
from portfolio_app.exporting.chapters.feedback import feedback_section, gap_section
from portfolio_app.exporting.chapters.front_matter import (
    contents,
    declaration,
    front_sheet,
    people,
    running_title,
)
from portfolio_app.exporting.chapters.indexes import criterion_index, evidence_index
from portfolio_app.exporting.chapters.material import Material, gather
from portfolio_app.exporting.chapters.matrices import matrix_section
from portfolio_app.exporting.chapters.review_form import for_assessor
from portfolio_app.exporting.chapters.units import no_units, unit_section
from portfolio_app.exporting.options import Audience, ExportOptions
from portfolio_app.exporting.publication import Publication, Section
from portfolio_app.exporting.wording import load_wording
from portfolio_app.plain_text import one_line

__all__ = ["Audience", "ExportOptions", "build_publication"]


def build_publication(  # noqa: PLR0917 - each is needed, and none can be mistaken for another
    portfolio: Portfolio,
    kinds: Mapping[str, EvidenceKind],
    file_path: Callable[[str], Path | None],
    options: ExportOptions,
    today: date,
    program_version: str,
    *,
    made: datetime | None = None,
    read_files: bool = True,
    texts: TextFacts | None = None,
    progress: Progress = no_progress,
) -> Publication:
    """Bind a portfolio, as it was when it was read: at ``made``, or else on the morning of ``today``.

    ``file_path`` finds a stored file by its hash, ``None`` where it is missing. With ``read_files`` those that are
    shown as text are read, and how long recordings are; else no file is opened. With ``texts`` the tutor's copy also
    says what is worth a look in the words of the evidence.

    Raises:
        UnknownReference: the portfolio has no unit that the options ask for.
        Cancelled: ``progress`` said so.
        InvalidInput: exports cannot be written in the language.
    """
    words = load_wording(options.language)
    with _collector_at_rest():
        return _bind(
            gather(
                portfolio,
                kinds,
                file_path,
                options,
                words,
                today=today,
                program_version=program_version,
                made=made or datetime.combine(today, time(tzinfo=UTC)),
                read_files=read_files,
                remarked=texts,
                progress=progress,
            )
        )


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking a million new values, none of which can be in a cycle: half the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _bind(material: Material) -> Publication:
    words = material.words
    details = material.portfolio.details
    return Publication(
        title=words("document.title", learner=material.learner),
        author=one_line(details.learner.name),
        subject=one_line(details.qualification.title) or words("document.subject"),
        running_title=running_title(material),
        sections=tuple(_sections(material)),
        embedded=tuple(file for files in material.files.values() for file in files if file is not None),
        language=material.options.language,
        keywords=tuple(
            keyword
            for keyword in (
                words("document.keyword"),
                one_line(details.qualification.number),
                *(one_line(unit.reference) for unit in material.portfolio.units),
            )
            if keyword
        ),
        review=material.review if material.field_names else None,
    )


def _sections(material: Material) -> Iterator[Section]:
    """Put the chapters in the order in which centres ask for them."""
    yield front_sheet(material)
    yield contents(material)
    if material.field_names:
        yield for_assessor(material)
    yield declaration(material)
    yield people(material)
    units = material.portfolio.units
    if not units:
        yield no_units(material)
    for unit in units:
        yield unit_section(material, unit)
    for unit in units:
        matrix = matrix_section(material, unit)
        if matrix:
            yield matrix
    yield evidence_index(material)
    yield from evidence_sections(material)
    yield feedback_section(material)
    if material.options.audience is Audience.TUTOR:
        yield gap_section(material)
    yield criterion_index(material)
