"""A publication as a PDF: one pass over the pages, then attached pages and original files put in."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from reportlab import rl_config

from portfolio_app.domain.collector import collector_paused
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.review import IDENTITY, ReviewIdentity
from portfolio_app.durable import replace_atomically
from portfolio_app.exporting.options import Profile
from portfolio_app.exporting.pdf.assemble import Assembly, write_assembled
from portfolio_app.exporting.pdf.attached import AttachedDocument, examine
from portfolio_app.exporting.pdf.destinations import Destinations
from portfolio_app.exporting.pdf.layout import Layout
from portfolio_app.exporting.pdf.paper import Paper
from portfolio_app.exporting.pdf.pen import Pen
from portfolio_app.exporting.pdf.properties import PROGRAM, Properties
from portfolio_app.exporting.pdf.text import Typesetter
from portfolio_app.exporting.publication import AttachedPages, Publication, without_forms
from portfolio_app.exporting.typography import FontBook
from portfolio_app.exporting.wording import Wording, wording_of
from portfolio_app.scratch import scratch_prefix

__all__ = ["PdfResult", "write_pdf"]

# Text encoding of compressed streams, on by default: makes photographs a quarter larger.
rl_config.useA85 = 0

_SECONDS_BETWEEN_REPORTS = 0.05
_MOST_CHARACTERS_LISTED = 12
_TOKEN_BYTES = 4


@dataclass(frozen=True, slots=True)
class PdfResult:
    """What was written. ``warnings`` are sentences: what could not be shown or embedded."""

    pages: int
    warnings: tuple[str, ...]


class _Steps:
    """Counts units of work and reports them, often enough to be cancelled at once but not at every word."""

    def __init__(self, progress: Progress, total: int, what: str) -> None:
        self._progress = progress
        self._total = max(total, 1)
        self._done = 0
        self._what = what
        self._last = 0.0

    def __call__(self, what: str, units: int = 1) -> None:
        changed = what != self._what
        self._what = what
        self._done = min(self._done + units, self._total)
        self.check(now=changed)

    def check(self, *, now: bool = False) -> None:
        """Report where the work is; the caller's progress may raise to cancel it."""
        moment = time.monotonic()
        if now or moment - self._last >= _SECONDS_BETWEEN_REPORTS:
            self._last = moment
            self._progress(self._done, self._total, self._what)


def write_pdf(
    publication: Publication,
    target: Path,
    *,
    page_size: str = "A4",
    profile: Profile = Profile.REVIEW,
    progress: Progress = no_progress,
    invariant: bool = False,
    review_key: bytes = b"",
) -> PdfResult:
    """Write the publication to ``target``; the file there stays as it was unless everything went well.

    Args:
        publication: what to write.
        target: the file to write or replace.
        page_size: "A4" or "Letter".
        profile: what it is for: to be read and answered (PDF/UA-1), or to be kept (PDF/A-3a as well).
        progress: told how far the work is; raises to cancel it.
        invariant: leave the time of writing out, so that the same publication gives the same bytes.
        review_key: the portfolio's secret, which the identity of an assessor's form is sealed with.

    Raises:
        InvalidInput: the page size is unknown.
        CannotWrite: the folder is missing or not writable, the disk is full.
        Cancelled: ``progress`` said so.
    """
    if profile is Profile.ARCHIVE:
        publication = without_forms(publication)
    review = _numbered(publication.review, invariant=invariant)
    paper = Paper.named(page_size)
    words = wording_of(publication.language)
    blocks = sum(len(section.blocks) for section in publication.sections)
    attached = [
        block for section in publication.sections for block in section.blocks if isinstance(block, AttachedPages)
    ]
    with (
        replace_atomically(target) as place,
        tempfile.TemporaryDirectory(prefix=scratch_prefix("pdf")) as scratch,
        collector_paused(),
    ):
        steps = _Steps(progress, blocks + 2 * len(attached) + len(publication.embedded) + 1, words("writing.reading"))
        steps.check(now=True)
        documents: dict[Path, AttachedDocument] = {}
        for block in attached:
            steps(words("writing.reading"))
            if block.file.path not in documents:
                documents[block.file.path] = examine(block.file, words)
        fonts = FontBook()
        destinations = Destinations(publication, lambda pages: len(documents[pages.file.path].sizes))
        typesetter = Typesetter(fonts, destinations, words, steps.check)
        laid_out = Path(scratch) / "pages.pdf"
        pen = Pen(laid_out, fonts, language=publication.language, invariant=invariant)
        layout = Layout(
            publication,
            paper=paper,
            pen=pen,
            typesetter=typesetter,
            documents=documents,
            step=lambda: steps(words("writing.layout")),
            tick=steps.check,
        )
        layout.run()
        if review is not None:
            pen.fields.hidden(IDENTITY, 1)
        pen.close(steps.check)
        properties = Properties(
            title=publication.title,
            author=publication.author,
            subject=publication.subject,
            keywords=publication.keywords,
            program=PROGRAM,
            language=publication.language,
            profile=profile,
            written_at=None if invariant else datetime.now().astimezone(),
            identifier=str(review) if review is not None else "",
        )
        assembly = Assembly(
            words,
            layout.placements,
            publication.embedded,
            pen.places(),
            pen.structure,
            properties,
            pen.fields,
            review,
            review_key,
        )
        problems = write_assembled(laid_out, place, assembly, steps)
        steps(words("writing.pdf"))
    return PdfResult(pen.page, tuple(dict.fromkeys([*layout.warnings, *problems, *_substituted(fonts, words)])))


def _numbered(review: ReviewIdentity | None, *, invariant: bool) -> ReviewIdentity | None:
    """Give a copy the number that tells it from all others: any, or for comparable bytes one that follows from it."""
    if review is None:
        return None
    fixed = hashlib.sha256(review.to_json().encode()).hexdigest()[: 2 * _TOKEN_BYTES]
    return replace(review, token=fixed if invariant else secrets.token_hex(_TOKEN_BYTES))


def _substituted(fonts: FontBook, words: Wording) -> list[str]:
    missing = sorted(fonts.substituted)
    if not missing:
        return []
    shown = [f"U+{ord(character):04X}" for character in missing[:_MOST_CHARACTERS_LISTED]]
    listed = ", ".join(shown) + (" …" if len(missing) > len(shown) else "")
    return [words.count("pdf.substituted", len(missing), list=listed)]
