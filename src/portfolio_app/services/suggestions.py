"""Suggestions: which requirements an item may meet, and which items may meet a requirement.

They are proposals with the sentence that speaks for each, never claims: the learner decides. What the learner has
rejected is not proposed again. The functions take an open portfolio and a :class:`SuggestionEngine`, and may take
seconds: the window asks a :class:`~portfolio_app.services.suggestion_desk.SuggestionProcess` instead.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Claim, Locator
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import Evidence
from portfolio_app.domain.folding import folded
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.domain.suggestions import RejectedSuggestion, Sibling, Suggestion, SuggestionSet
from portfolio_app.services.references import current_evidence, find_evidence, find_leaf, leaf_of_id
from portfolio_app.services.searching import ReadText
from portfolio_app.services.suggestion_engine import SuggestionEngine
from portfolio_app.services.suggestion_texts import (
    MOST_ACCEPTED,
    Leaf,
    RequirementTexts,
    file_texts,
    leaves,
    passages,
    requirement_texts,
)
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioReader
from portfolio_app.suggesting.lexical import Wordings
from portfolio_app.suggesting.ranking import MOST, Comparison, Said

if TYPE_CHECKING:
    from portfolio_app.suggesting.meanings import Aims

MOST_ITEMS: Final = 24
"""So many items are read for one requirement: those whose words are nearest to it."""

_SIBLING_WORDS: Final = 0.5
_SIBLING_MEANING: Final = 0.8


def suggest_for_evidence(
    portfolio: PortfolioFile,
    evidence_ref: str,
    engine: SuggestionEngine,
    read_text: ReadText | None = None,
    progress: Progress = no_progress,
) -> SuggestionSet:
    """Return at most three requirements that an item may meet, the best first; none: probably nothing there.

    What it is claimed for already, and what was rejected for it, is left out. Attached files are known from the search
    index; with ``read_text``, those that it does not know yet are read now.

    Raises:
        UnknownReference: there is no such item.
        Cancelled: ``progress`` said so.
        ProcessDied: files were to be read, and cannot be.
    """
    with portfolio.read() as reader:
        item = find_evidence(reader, evidence_ref)
        claims = reader.claims(evidence_id=item.id)
        taken = _taken(reader, item.id, claims)
        texts = _requirements(reader, without=item.id)
    files = file_texts(portfolio, item, read_text, progress)
    said = Said(passages(item, claims, files), item.title)
    comparison = Comparison(said, texts.wordings, engine.meanings, _aims(texts, engine, progress), progress)
    order = sorted(range(len(texts.leaves)), key=lambda place: -comparison.scores[place])
    open_places = [place for place in order if texts.leaves[place].requirement.id not in taken]
    made = (_suggestion(item, texts.leaves[place], place, comparison) for place in open_places[:MOST])
    return SuggestionSet(
        suggestions=tuple(filter(None, made)),
        with_model=engine.meanings is not None,
        words=said.words,
        unread=len(item.attachments) - len(files),
        notice=engine.notice,
    )


def suggest_for_requirement(
    portfolio: PortfolioFile,
    address: str,
    engine: SuggestionEngine,
    read_text: ReadText | None = None,
    progress: Progress = no_progress,
) -> SuggestionSet:
    """Return at most three items that may meet a requirement, the best first; none: probably nothing is there yet.

    What is claimed for it already, and what was rejected for it, is left out. Where there are many items, those are
    read whose words are nearest. Attached files are as in :func:`suggest_for_evidence`.

    Raises:
        UnknownReference, AmbiguousReference, InvalidInput: there is no such requirement, or it only groups others.
        Cancelled: ``progress`` said so.
        ProcessDied: files were to be read, and cannot be.
    """
    with portfolio.read() as reader:
        _, wanted = find_leaf(reader, address)
        texts = _requirements(reader)
        place = _place(texts, wanted.id)
        taken = {claim.evidence_id for claim in reader.claims(requirement_id=wanted.id)}
        taken |= {each.evidence_id for each in reader.rejected_suggestions() if each.requirement_id == wanted.id}
        candidates = [fact.id for fact in reader.evidence_facts() if fact.id not in taken]
        items = [
            (reader.evidence_by_id(key), reader.claims(evidence_id=key))
            for key in _nearest(reader, candidates, texts, place)
        ]
    aims = _aims(texts, engine, progress)
    made = []
    words = unread = 0
    for number, (item, claims) in enumerate(sorted(items, key=lambda each: each[0].number)):
        progress(number, len(items), f"Reading {item.ref}")
        files = file_texts(portfolio, item, read_text, progress)
        said = Said(passages(item, claims, files), item.title)
        words += said.words
        unread += len(item.attachments) - len(files)
        comparison = Comparison(said, texts.wordings, engine.meanings, aims, progress)
        suggestion = _suggestion(item, texts.leaves[place], place, comparison)
        if suggestion is not None:
            made.append((comparison.scores[place], suggestion))
    best = heapq.nlargest(MOST, made, key=lambda each: each[0])
    return SuggestionSet(
        suggestions=tuple(suggestion for _, suggestion in best),
        with_model=engine.meanings is not None,
        words=words,
        unread=unread,
        notice=engine.notice,
    )


@dataclass(frozen=True, slots=True)
class PlacedSuggestion:
    """A suggestion with what it is about, for people to read; ``locator`` is the place for a claim of it."""

    suggestion: Suggestion
    item: Evidence
    unit: Unit
    requirement: Requirement
    address: str
    locator: Locator


def placed_suggestions(portfolio: PortfolioFile, found: SuggestionSet) -> list[PlacedSuggestion]:
    """Return suggestions with what they are about.

    What became of them since they were made counts: one that is claimed by now or was rejected is left out, and so is
    one whose item or requirement is gone.
    """
    placed = []
    with portfolio.read() as reader:
        units = reader.units()
        rejected = reader.rejected_suggestions()
        places = {leaf.requirement.id: leaf for leaf in leaves(units)}
        addresses = {key: address for unit in units for key, address in unit.addresses().items()}
        for suggestion in found.suggestions:
            pair = (suggestion.evidence_id, suggestion.requirement_id)
            if RejectedSuggestion(*pair) in rejected or reader.claims(evidence_id=pair[0], requirement_id=pair[1]):
                continue
            leaf = places.get(suggestion.requirement_id)
            with suppress(UnknownReference):
                item = current_evidence(reader, suggestion.evidence_id)
                if leaf is not None:
                    address = addresses[leaf.requirement.id]
                    locator = _locator(suggestion, item)
                    placed.append(PlacedSuggestion(suggestion, item, leaf.unit, leaf.requirement, address, locator))
    return placed


def sibling_requirements(
    portfolio: PortfolioFile, requirement_id: str, engine: SuggestionEngine, evidence_id: str = ""
) -> tuple[Sibling, ...]:
    """Return requirements of other units that ask for the same or nearly so, the nearest first.

    They are for offering when one is claimed: what is claimed for ``evidence_id`` already, or was rejected for it, is
    left out.

    Raises:
        UnknownReference, InvalidInput: there is no such requirement, or it only groups others.
    """
    with portfolio.read() as reader:
        unit, wanted = leaf_of_id(reader, requirement_id)
        texts = requirement_texts(reader.units())
        taken = _taken(reader, evidence_id, reader.claims(evidence_id=evidence_id)) if evidence_id else set()
    place = _place(texts, wanted.id)
    words = [target.text for target in texts.targets]
    wordings = Wordings(words)
    near = engine.meanings.likeness(words[place], words) if engine.meanings is not None else [0.0] * len(words)
    siblings = []
    for other, leaf in enumerate(texts.leaves):
        if leaf.unit.id == unit.id or leaf.requirement.id in taken:
            continue
        is_same = _bare(leaf.requirement.text) == _bare(wanted.text)
        by_words = wordings.between(place, other)
        if is_same or by_words >= _SIBLING_WORDS or near[other] >= _SIBLING_MEANING:
            siblings.append((is_same, by_words + near[other], Sibling(leaf.requirement.id, is_same)))
    return tuple(sibling for *_, sibling in sorted(siblings, key=lambda each: each[:2], reverse=True))


def reject_suggestion(portfolio: PortfolioFile, evidence_id: str, requirement_id: str) -> tuple[str, Changes]:
    """Note that an item does not meet a requirement, so that it is not suggested again; return its address.

    Raises:
        UnknownReference, InvalidInput: there is no such item, or no such requirement to claim against.
    """
    ref, address = _names(portfolio, evidence_id, requirement_id)
    with portfolio.edit(f"Do not suggest {address} for {ref}") as editor:
        editor.reject_suggestion(evidence_id, requirement_id)
        return address, editor.changes


def allow_suggestion(portfolio: PortfolioFile, evidence_id: str, requirement_id: str) -> tuple[str, Changes]:
    """Let an item be suggested for a requirement again, where it was rejected; return the requirement's address.

    Raises:
        UnknownReference, InvalidInput: there is no such item, or no such requirement to claim against.
    """
    ref, address = _names(portfolio, evidence_id, requirement_id)
    with portfolio.edit(f"Suggest {address} for {ref} again") as editor:
        editor.unreject_suggestion(evidence_id, requirement_id)
        return address, editor.changes


def _names(portfolio: PortfolioFile, evidence_id: str, requirement_id: str) -> tuple[str, str]:
    with portfolio.read() as reader:
        unit, _ = leaf_of_id(reader, requirement_id)
        return current_evidence(reader, evidence_id).ref, unit.addresses()[requirement_id]


def _requirements(reader: PortfolioReader, without: str = "") -> RequirementTexts:
    quotations = reader.newest_quotations(MOST_ACCEPTED + 1)  # one may be of the item itself
    return requirement_texts(reader.units(), quotations, reader.decisions(), without)


def _taken(reader: PortfolioReader, evidence_id: str, claims: Iterable[Claim]) -> set[str]:
    """Return the requirements that an item is not to be suggested for: claimed, or rejected."""
    rejected = {each.requirement_id for each in reader.rejected_suggestions() if each.evidence_id == evidence_id}
    return rejected | {claim.requirement_id for claim in claims}


def _place(texts: RequirementTexts, requirement_id: str) -> int:
    for place, leaf in enumerate(texts.leaves):
        if leaf.requirement.id == requirement_id:
            return place
    raise InvalidInput("That requirement has no words to compare with.")


def _aims(texts: RequirementTexts, engine: SuggestionEngine, progress: Progress) -> Aims | None:
    return engine.meanings.aims(texts.targets, progress) if engine.meanings is not None else None


def _nearest(reader: PortfolioReader, candidates: Sequence[str], texts: RequirementTexts, place: int) -> Sequence[str]:
    if len(candidates) <= MOST_ITEMS:
        return candidates
    share, written = texts.wordings.share(place), reader.evidence_texts()
    return heapq.nlargest(MOST_ITEMS, candidates, key=lambda key: share(written.get(key, "")))


def _suggestion(item: Evidence, leaf: Leaf, place: int, comparison: Comparison) -> Suggestion | None:
    band = comparison.band(place)
    if band is None:
        return None
    passage, sentence = comparison.best_sentence(place)
    return Suggestion(
        evidence_id=item.id,
        requirement_id=leaf.requirement.id,
        band=band,
        quotation=sentence,
        attachment_id=passage.attachment_id,
        page=passage.page,
        paragraph=passage.paragraph,
    )


def _locator(suggestion: Suggestion, item: Evidence) -> Locator:
    names = {attachment.id: attachment.name for attachment in item.attachments}
    return Locator(
        page="" if suggestion.page is None else str(suggestion.page),
        paragraph="" if suggestion.paragraph is None or suggestion.page is not None else str(suggestion.paragraph),
        attachment=names.get(suggestion.attachment_id, ""),
    )


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, folded(text)))
