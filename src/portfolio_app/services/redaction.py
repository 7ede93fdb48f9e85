"""What is hidden in copies for others: marking words and regions, and proposing what might be marked.

Marks change nothing but copies: the portfolio and its files stay as they are. What nobody marked is not hidden, and no
copy is anonymous because of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import Attachment, Evidence, EvidenceKind
from portfolio_app.domain.hidden_terms import TermFinder, check_term, is_same_term, letters_of
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.portfolio import Portfolio
from portfolio_app.domain.private_details import Detail, DetailKind, details_in, known_details
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.redaction import Redaction, RedactionRegion, RedactionTerm
from portfolio_app.exporting.options import ExportOptions
from portfolio_app.exporting.portfolio_publication import build_publication
from portfolio_app.exporting.publication import AttachedFile, AttachedPages, Publication
from portfolio_app.exporting.redaction.fixed_words import check_can_be_hidden
from portfolio_app.exporting.redaction.search import Unsearchable
from portfolio_app.exporting.redaction.texts import section_text
from portfolio_app.services.references import find_evidence
from portfolio_app.services.text_input import line
from portfolio_app.storage.portfolio_file import PortfolioFile

__all__ = [
    "Candidate",
    "MarkedRegion",
    "MarkedTerm",
    "Survey",
    "add_region",
    "add_terms",
    "edit_term",
    "find_attachment",
    "list_marks",
    "marked_regions",
    "propose_again",
    "regions_of",
    "remove_regions",
    "remove_terms",
    "spare",
    "survey",
]

WHOLE = 10_000
"""What the edges of a region are parts of: the width or height of the page as it is shown."""

_LANGUAGE = ExportOptions().language
_MOST_PLACES = 8
_FRONT = "front pages"
_SMALLEST_REGION = 10


@dataclass(frozen=True, slots=True)
class MarkedTerm:
    """A marked term, how often it stands in what would be exported, and in which places ("E4", "rota.pdf, page 2")."""

    term: RedactionTerm
    count: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may say who somebody is, how often they stand there, and where."""

    text: str
    kind: DetailKind
    count: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What is marked in a portfolio, and what might be. ``unread`` counts pages and pictures without text."""

    terms: tuple[MarkedTerm, ...]
    candidates: tuple[Candidate, ...]
    spared: tuple[str, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class MarkedRegion:
    """A marked region with the item and the file it is in."""

    region: RedactionRegion
    item: Evidence
    attachment: Attachment


def list_marks(portfolio: PortfolioFile) -> Redaction:
    """Return everything that is marked."""
    with portfolio.read() as reader:
        return reader.redaction()


def marked_regions(portfolio: PortfolioFile) -> list[MarkedRegion]:
    """Return the marked regions by item, file and page."""
    with portfolio.read() as reader:
        whole = reader.portfolio()
    by_attachment = {attachment.id: (item, attachment) for item in whole.evidence for attachment in item.attachments}
    found = [
        MarkedRegion(region, *by_attachment[region.attachment_id])
        for region in whole.redaction.regions
        if region.attachment_id in by_attachment
    ]
    return sorted(found, key=lambda one: (one.item.number, one.attachment.name, one.region.page, one.region.top))


def add_terms(
    portfolio: PortfolioFile, texts: Sequence[str], *, replacement: str = "", whole_words: bool = True
) -> tuple[list[RedactionTerm], Changes]:
    """Mark words to be hidden in copies; those that are marked already are left as they are.

    Raises:
        InvalidInput: one of them is too short or too long, or is a word that every document has.
    """
    instead = line(replacement, "What stands in its place")
    wanted = [
        _checked(RedactionTerm(new_id(), check_term(line(text, "The term")), instead, whole_words)) for text in texts
    ]
    if not wanted:
        raise InvalidInput("Nothing was given to hide; name a word, a name or a number.")
    what = f"Hide “{wanted[0].text}”" if len(wanted) == 1 else f"Hide {len(wanted)} terms"
    with portfolio.edit(what) as editor:
        known = editor.redaction()
        added: list[RedactionTerm] = []
        for term in wanted:
            if any(is_same_term(term.text, other.text) for other in (*known.terms, *added)):
                continue
            editor.put_redaction_term(term)
            added.append(term)
            for text in known.spared:
                if is_same_term(text, term.text):
                    editor.unspare_text(text)
        return added, editor.changes


def edit_term(
    portfolio: PortfolioFile, term_id: str, *, replacement: str, whole_words: bool
) -> tuple[RedactionTerm, Changes]:
    """Change what stands in a term's place, and whether it counts within longer words.

    Raises:
        UnknownReference: it is not marked any more.
        InvalidInput: the replacement has the term in it.
    """
    instead = line(replacement, "What stands in its place")
    with portfolio.read() as reader:
        term = next((term for term in reader.redaction().terms if term.id == term_id), None)
    if term is None:
        raise UnknownReference("That term is not marked any more.")
    changed = _checked(RedactionTerm(term.id, term.text, instead, whole_words))
    with portfolio.edit(f"Change how “{term.text}” is hidden") as editor:
        editor.put_redaction_term(changed)
        return changed, editor.changes


def _checked(term: RedactionTerm) -> RedactionTerm:
    check_can_be_hidden(term, _LANGUAGE)
    return term


def remove_terms(portfolio: PortfolioFile, texts: Sequence[str]) -> tuple[list[RedactionTerm], Changes]:
    """Show marked words again.

    Raises:
        UnknownReference: one of them is not marked.
    """
    with portfolio.read() as reader:
        marked = reader.redaction().terms
    found: dict[str, RedactionTerm] = {}
    for text in texts:
        matching = [term for term in marked if is_same_term(term.text, text)]
        if not matching:
            known = ", ".join(f"“{term.text}”" for term in marked[:_MOST_PLACES]) or "nothing"
            raise UnknownReference(f"“{text}” is not marked to be hidden (marked: {known}).")
        found.update({term.id: term for term in matching})
    terms = list(found.values())
    what = f"Show “{terms[0].text}” again" if len(terms) == 1 else f"Show {len(terms)} terms again"
    with portfolio.edit(what) as editor:
        for term in terms:
            editor.remove_redaction_term(term.id)
        return terms, editor.changes


def spare(portfolio: PortfolioFile, texts: Sequence[str]) -> tuple[list[str], Changes]:
    """Note that words which were proposed are to be left, so that they are not proposed again.

    Raises:
        InvalidInput: they are no words.
    """
    wanted = [line(text, "The words to leave", required=True) for text in texts]
    what = f"Leave “{wanted[0]}”" if len(wanted) == 1 else f"Leave {len(wanted)} proposals"
    with portfolio.edit(what) as editor:
        for text in wanted:
            editor.spare_text(text)
        return wanted, editor.changes


def propose_again(portfolio: PortfolioFile, texts: Sequence[str]) -> tuple[list[str], Changes]:
    """Let words be proposed that were left."""
    with portfolio.edit("Propose again what was left") as editor:
        spared = [text for text in editor.redaction().spared if any(is_same_term(text, one) for one in texts)]
        for text in spared:
            editor.unspare_text(text)
        return spared, editor.changes


def find_attachment(portfolio: PortfolioFile, ref: str, name: str) -> Attachment:
    """Return the file of an item by its name, case ignored; the only one where no name is given.

    Raises:
        UnknownReference: there is no such item, or it has no such file.
        InvalidInput: it has several files and no name was given.
    """
    with portfolio.read() as reader:
        item = find_evidence(reader, ref)
    if not name and len(item.attachments) == 1:
        return item.attachments[0]
    if not name:
        names = ", ".join(attachment.name for attachment in item.attachments) or "none"
        raise InvalidInput(f"{item.ref} has {len(item.attachments)} files ({names}); say in which one the region is.")
    for attachment in item.attachments:
        if attachment.name.casefold() == name.strip().casefold():
            return attachment
    raise UnknownReference(f"{item.ref} has no file “{name}”.")


def add_region(
    portfolio: PortfolioFile, attachment: Attachment, page: int, box: tuple[int, int, int, int]
) -> tuple[RedactionRegion, Changes]:
    """Mark a region of a page or a picture; ``box`` is left, top, width and height in ten-thousandths of what is shown.

    Raises:
        InvalidInput: it is outside the page or too small, or the file has no pages that are shown.
        UnknownReference: the file is not in the portfolio any more.
    """
    is_document = attachment.media_type == "application/pdf"
    if not is_document and not attachment.media_type.startswith("image/"):
        raise InvalidInput(
            f"“{attachment.name}” has no pages on which a region could be marked; mark the words in it instead."
        )
    if page < 1 or (page > 1 and not is_document):
        raise InvalidInput(f"“{attachment.name}” has no page {page}.")
    left, top, width, height = box
    left, right = max(0, left), min(WHOLE, left + width)
    top, foot = max(0, top), min(WHOLE, top + height)
    if right - left < _SMALLEST_REGION or foot - top < _SMALLEST_REGION:
        raise InvalidInput("The region is outside the page, or too small to hide anything.")
    region = RedactionRegion(new_id(), attachment.id, page, left, top, right - left, foot - top)
    with portfolio.edit(f"Hide a region of {attachment.name}") as editor:
        editor.put_redaction_region(region)
        return region, editor.changes


def remove_regions(portfolio: PortfolioFile, region_ids: Sequence[str]) -> tuple[int, Changes]:
    """Show marked regions again; return how many.

    Raises:
        UnknownReference: one of them is not marked.
    """
    what = "Show a region again" if len(region_ids) == 1 else f"Show {len(region_ids)} regions again"
    with portfolio.edit(what) as editor:
        for region_id in region_ids:
            editor.remove_redaction_region(region_id)
        return len(region_ids), editor.changes


def regions_of(portfolio: PortfolioFile, attachment_id: str) -> list[RedactionRegion]:
    """Return the marked regions of a file."""
    with portfolio.read() as reader:
        return [region for region in reader.redaction().regions if region.attachment_id == attachment_id]


def survey(
    portfolio: Portfolio,
    kinds: Mapping[str, EvidenceKind],
    file_path: Callable[[str], Path | None],
    *,
    today: date,
    progress: Progress = no_progress,
) -> Survey:
    """Look through everything that a document would show for what is marked, and for what might be.

    Raises:
        Cancelled: ``progress`` said so.
    """
    publication = build_publication(
        portfolio, kinds, file_path, ExportOptions(redacted=False), today, "", progress=progress
    )
    texts: list[tuple[str, str]] = []
    unread = 0
    for place, text, is_page in _texts(publication, portfolio, progress):
        texts.append((place, text))
        unread += is_page and not text.strip()
    found = _candidates(portfolio, texts)
    proposed = {letters_of(detail.text): RedactionTerm(str(number), detail.text) for number, detail in enumerate(found)}
    terms = TermFinder([*portfolio.redaction.terms, *proposed.values()])
    counts: Counter[RedactionTerm] = Counter()
    places: dict[RedactionTerm, dict[str, None]] = defaultdict(dict)
    for place, text in texts:
        for term, number in terms.counts(text).items():
            counts[term] += number
            places[term][place] = None

    def where(term: RedactionTerm) -> tuple[str, ...]:
        return tuple(places[term])[:_MOST_PLACES]

    return Survey(
        tuple(MarkedTerm(term, counts[term], where(term)) for term in portfolio.redaction.terms),
        tuple(
            Candidate(detail.text, detail.kind, counts[term], where(term))
            for detail in found
            if counts[term := proposed[letters_of(detail.text)]]
        ),
        portfolio.redaction.spared,
        unread + _pictures(portfolio),
    )


def _texts(publication: Publication, portfolio: Portfolio, progress: Progress) -> Iterator[tuple[str, str, bool]]:
    """Yield what a document says, with the place; last, whether it is a page of a PDF."""
    from portfolio_app.exporting.redaction.pdf_copy import page_texts  # noqa: PLC0415 - libraries that few need

    documents: dict[str, AttachedFile] = {}
    total = len(publication.sections)
    for number, section in enumerate(publication.sections):
        progress(number, total, "Looking for names and numbers")
        documents.update(
            {block.file.sha256: block.file for block in section.blocks if isinstance(block, AttachedPages)}
        )
        yield section.label or _FRONT, section_text(section), False
    by_hash = {
        attachment.sha256: f"{item.ref}, {attachment.name}"
        for item in portfolio.evidence
        for attachment in item.attachments
    }
    for number, file in enumerate(documents.values()):
        tick = partial(progress, number, len(documents), "Looking for names and numbers")
        try:
            for page, text in enumerate(page_texts(file.path, tick), 1):
                yield f"{by_hash.get(file.sha256, file.name)}, page {page}", text, True
        except Unsearchable:
            continue


def _pictures(portfolio: Portfolio) -> int:
    covered = {region.attachment_id for region in portfolio.redaction.regions}
    return sum(
        attachment.media_type.startswith("image/") and attachment.id not in covered
        for item in portfolio.evidence
        for attachment in item.attachments
    )


def _candidates(portfolio: Portfolio, texts: Iterable[tuple[str, str]]) -> list[Detail]:
    """Return what might be hidden, each once: what the portfolio knows of people first, then what texts look like."""
    redaction = portfolio.redaction
    settled = {letters_of(text) for text in (*redaction.spared, *(term.text for term in redaction.terms))}
    found: dict[str, Detail] = {}
    details = portfolio.details
    for detail in known_details(portfolio.people, details.learner, details.centre):
        found.setdefault(letters_of(detail.text), detail)
    for _, text in texts:
        for detail, _, _ in details_in(text):
            found.setdefault(letters_of(detail.text), detail)
    order = {kind: number for number, kind in enumerate(DetailKind)}
    return sorted(
        (detail for letters, detail in found.items() if letters and letters not in settled and _can_be_hidden(detail)),
        key=lambda detail: order[detail.kind],
    )


def _can_be_hidden(detail: Detail) -> bool:
    try:
        check_can_be_hidden(RedactionTerm("", check_term(detail.text)), _LANGUAGE)
    except InvalidInput:
        return False
    return True
