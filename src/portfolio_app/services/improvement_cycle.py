"""The improvement cycle of each unit that asks for improvement, filled from what is claimed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.facts import EvidenceFact
from portfolio_app.domain.improvement import (
    CycleBox,
    CyclePassage,
    asks_for_improvement,
    filled_boxes,
    stage_of,
    stages_held,
)
from portfolio_app.domain.qualification import Unit, find_unit
from portfolio_app.domain.quality_words import CYCLE, Stage
from portfolio_app.domain.text_facts import TextFacts
from portfolio_app.services.item_texts import body_passages, one_line, values_of
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioReader

_SHOWN: Final = 3
"""Passages of a box."""

_MOST_CLAIMS: Final = 400
_LEAST_OF_EACH: Final = 12
"""Claims on a unit that are looked at, and on each of its requirements at least; the first by the items' references."""

_MOST_ITEMS: Final = 60
"""Items that are claimed without a quotation and read for one unit."""

_LONGEST: Final = 320
_SENTENCE: Final = re.compile(r"(?<=[.!?])[”\"’')]*\s+")
_LEAST_WORDS: Final = 4
_LEAST_IN_SENTENCE: Final = 2
"""A sentence that nobody has quoted says so much of a stage at least, to stand in its box."""


@dataclass(frozen=True, slots=True)
class PlacedPassage:
    """A passage with the references that users know: the item's, the requirement's address."""

    passage: CyclePassage
    evidence: str
    requirement: str


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A box of the cycle; ``more`` passages are not shown."""

    stage: Stage
    passages: tuple[PlacedPassage, ...]
    more: int


@dataclass(frozen=True, slots=True)
class UnitCycle:
    """A unit and its five boxes, in the cycle's order."""

    unit: Unit
    boxes: tuple[PlacedBox, ...]

    @property
    def not_found(self) -> tuple[Stage, ...]:
        """The stages of which nothing was found."""
        return tuple(box.stage for box in self.boxes if not box.passages)


class _Claim(NamedTuple):
    evidence_id: str
    requirement_id: str
    quotation: str


def unit_cycles(
    portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind], texts: TextFacts, code: str | None = None
) -> list[UnitCycle]:
    """Return the cycles of the units that ask for improvement, or of one of them.

    Boxes are filled with the quotations of claims and, for items that are claimed without any, with their sentences.
    What is quoted from a plan belongs to planning.

    Raises:
        UnknownReference: there is no such unit.
    """
    if CYCLE not in texts.words.checks:
        return []
    with portfolio.read() as reader:
        units = reader.units() if code is None else (find_unit(reader.units(), code),)
        asking = [unit for unit in units if asks_for_improvement(unit, texts.words)]
        items = {item.id: item for item in reader.evidence_facts()} if asking else {}
        return [_cycle(reader, unit, items, kinds, texts) for unit in asking]


def _cycle(
    reader: PortfolioReader,
    unit: Unit,
    items: Mapping[str, EvidenceFact],
    kinds: Mapping[str, EvidenceKind],
    texts: TextFacts,
) -> UnitCycle:
    numbers = {item.id: item.number for item in items.values()}
    plans = {item.id for item in items.values() if (kind := kinds.get(item.kind)) is not None and kind.planning}
    addresses = unit.addresses()
    leaves = list(unit.leaves())
    most = max(_LEAST_OF_EACH, _MOST_CLAIMS // max(1, len(leaves)))
    claims = [
        _Claim(evidence_id, leaf.id, quotation.strip())
        for leaf in leaves
        for evidence_id, quotation in reader.quotations(leaf.id)[:most]
    ]
    claims.sort(key=lambda claim: numbers[claim.evidence_id])
    found = [
        (stage, CyclePassage(claim.evidence_id, claim.requirement_id, _shortened(claim.quotation), is_quotation=True))
        for claim in claims
        if claim.quotation
        and (stage := Stage.PLAN if claim.evidence_id in plans else stage_of(claim.quotation, texts.words)) is not None
    ]
    found += _from_texts(reader, claims, texts)
    return UnitCycle(unit, tuple(_placed(box, numbers, addresses) for box in filled_boxes(found, _SHOWN)))


def _from_texts(
    reader: PortfolioReader, claims: Sequence[_Claim], texts: TextFacts
) -> Iterator[tuple[Stage, CyclePassage]]:
    """Yield the first sentence of each stage in each item that is claimed without a quotation."""
    quoted = {claim.evidence_id for claim in claims if claim.quotation}
    bare = {claim.evidence_id: claim for claim in reversed(claims) if claim.evidence_id not in quoted}
    wanted = [
        evidence_id
        for evidence_id in reversed(bare)
        if (reading := texts.readings.get(evidence_id)) is not None and stages_held(reading.holds)
    ]
    for evidence_id, body, fields in reader.contents(wanted[:_MOST_ITEMS]):
        said: set[Stage] = set()
        for passage in (*body_passages(body), *values_of(fields)):
            for sentence in _SENTENCE.split(passage):
                if sentence.count(" ") < _LEAST_WORDS:
                    continue
                stage = stage_of(sentence, texts.words, _LEAST_IN_SENTENCE)
                if stage is not None and stage not in said:
                    said.add(stage)
                    claim = bare[evidence_id]
                    yield (
                        stage,
                        CyclePassage(evidence_id, claim.requirement_id, _shortened(sentence), is_quotation=False),
                    )


def _placed(box: CycleBox, numbers: Mapping[str, int], addresses: Mapping[str, str]) -> PlacedBox:
    passages = tuple(
        PlacedPassage(passage, f"E{numbers[passage.evidence_id]}", addresses[passage.requirement_id])
        for passage in box.passages
    )
    return PlacedBox(box.stage, passages, box.more)


def _shortened(text: str) -> str:
    words = one_line(text)
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rsplit(' ', 1)[0]} …"
