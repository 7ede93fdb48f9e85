"""What is compared for suggestions: the words of requirements, and all that an item says with its places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from portfolio_app.domain.attached_text import AttachedText
from portfolio_app.domain.claims import Claim, ClaimWords, Decision, Verdict
from portfolio_app.domain.evidence import Evidence
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.qualification import Guidance, GuidanceKind, Requirement, Unit
from portfolio_app.exporting.prose import plain, prose_blocks
from portfolio_app.exporting.publication import Block, Heading, ListBlock, Paragraph, Table
from portfolio_app.services.attached_texts import attached_text
from portfolio_app.services.searching import ReadText, SearchUnavailable
from portfolio_app.services.text_desk import FileToRead
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.suggesting.lexical import Wordings
from portfolio_app.suggesting.target import Passage, Target

MOST_ACCEPTED: Final = 20
"""Passages of other items that are compared with, for each requirement: the newest."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A requirement that evidence can be claimed against, and where it stands."""

    unit: Unit
    ancestors: tuple[Requirement, ...]
    requirement: Requirement


@dataclass(frozen=True, slots=True)
class RequirementTexts:
    """Requirements as items are held against them: three sequences in the same order."""

    leaves: Sequence[Leaf]
    targets: Sequence[Target]
    wordings: Wordings


def leaves(units: Iterable[Unit]) -> list[Leaf]:
    """Return every requirement that evidence can be claimed against, in printed order."""
    return [
        Leaf(unit, ancestors, requirement)
        for unit in units
        for ancestors, requirement in unit.walk()
        if requirement.is_leaf and requirement.text.strip()
    ]


def requirement_texts(
    units: Sequence[Unit], quotations: Iterable[ClaimWords] = (), decisions: Iterable[Decision] = (), without: str = ""
) -> RequirementTexts:
    """Return the requirements of units as items are held against them.

    What was quoted for them, newest first, helps to find more, unless the assessor has said that it was not enough;
    what was quoted from the item with the id ``without`` would only find itself.
    """
    newest = {decision.requirement_id: decision.verdict for decision in decisions}
    quoted: dict[str, list[str]] = {}
    for claim in quotations:
        is_refused = newest.get(claim.requirement_id, Verdict.MET) is not Verdict.MET
        if claim.quotation.strip() and claim.evidence_id != without and not is_refused:
            quoted.setdefault(claim.requirement_id, []).append(claim.quotation)
    advice = {unit.id: tuple(_advice(unit.guidance)) for unit in units}
    found = leaves(units)
    targets = [
        Target(
            text=_whole(leaf.requirement),
            context=" ".join((leaf.requirement.label, *(each.text for each in leaf.ancestors))),
            unit=leaf.unit.id,
            guidance=advice[leaf.unit.id],
            accepted=tuple(quoted.get(leaf.requirement.id, ())[:MOST_ACCEPTED]),
        )
        for leaf in found
    ]
    wordings = Wordings(
        [f"{target.text} {target.context}" for target in targets],
        [
            *(f"{piece.title} {piece.text}" for unit in units for piece in unit.guidance),
            *(text for target in targets for text in target.accepted),  # words of this workplace are not rare
        ],
        [target.accepted for target in targets],
    )
    return RequirementTexts(found, targets, wordings)


def file_texts(
    portfolio: PortfolioFile, item: Evidence, read_text: ReadText | None, progress: Progress = no_progress
) -> Mapping[str, AttachedText]:
    """Return what an item's files say, by the attachment's id: as the search index knows it, or read now.

    Those that the index does not know are left out where there is no ``read_text``.

    Raises:
        Cancelled: ``progress`` said so.
        ProcessDied: they cannot be read now.
    """
    found = {}
    for attachment in item.attachments:
        text = None
        with suppress(SearchUnavailable):
            text = attached_text(portfolio, attachment.sha256)
        if text is None and read_text is not None:
            path = portfolio.files.path(attachment.sha256)
            if path is not None:
                file = FileToRead(path, attachment.name, attachment.media_type, attachment.sha256)
                text = read_text(file, progress)
        if text is not None:
            found[attachment.id] = text
    return found


def passages(
    item: Evidence, claims: Iterable[Claim] = (), files: Mapping[str, AttachedText] | None = None
) -> Iterator[Passage]:
    """Yield all that an item says: body and form, what its claims quote, and its ``files`` by the attachment's id."""
    number = 0
    for block in prose_blocks(item.body):
        number += isinstance(block, Paragraph)
        for text in _texts(block):
            yield Passage(text, paragraph=number if isinstance(block, Paragraph) else None)
    for value in item.fields.values():
        for cell in (value,) if isinstance(value, str) else [cell for row in value for cell in row.values()]:
            for block in prose_blocks(cell, keep_lines=True):
                yield from map(Passage, _texts(block))
    yield from (Passage(attachment.caption) for attachment in item.attachments if attachment.caption)
    yield from (Passage(claim.quotation) for claim in claims if claim.quotation)
    for attachment in item.attachments:
        found = (files or {}).get(attachment.id)
        for passage in found.passages if found else ():
            yield Passage(passage.text, attachment.id, passage.page, passage.paragraph)


def _whole(requirement: Requirement) -> str:
    """Return its text, with its components where they are not part of it."""
    apart = [each.text for each in requirement.components if each.text.casefold() not in requirement.text.casefold()]
    return " ".join((requirement.text, *(f"{text}." for text in apart)))


def _advice(guidance: Iterable[Guidance]) -> Iterator[str]:
    """Yield advice on what to do; misconceptions say what not to, in much the same words."""
    for piece in guidance:
        if piece.kind is not GuidanceKind.MISCONCEPTION:
            yield f"{piece.title}. {piece.text}" if piece.title else piece.text


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield block.text
        case Paragraph():
            yield plain(block.runs)
        case ListBlock():
            for item in block.items:
                for part in item:
                    yield from _texts(part)
        case Table():
            for row in (block.header, *block.rows):
                for cell in row:
                    yield from map(plain, cell.paragraphs)
        case _:
            return
