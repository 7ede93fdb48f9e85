"""A portfolio's facts, gathered once in the shape that every gap rule asks for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.coverage import evidence_methods
from portfolio_app.domain.evidence import PersonPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from portfolio_app.domain.claims import Decision
    from portfolio_app.domain.evidence import EvidenceKind
    from portfolio_app.domain.facts import AssessmentFacts, EvidenceFact, InvolvementFact
    from portfolio_app.domain.qualification import AssessmentMethod, Requirement, Unit


# What a rule found: its sentence and the place to mend it (ids of unit, requirement, evidence item). A plain
# tuple: a large portfolio has thousands, and named ones take eight times as long to make.
Finding: TypeAlias = tuple[str, str | None, str | None, str | None]


class Leaf(NamedTuple):
    """A requirement that evidence is claimed against.

    ``items`` are the ids of the items claimed for it, ``pointless`` of those whose claim has neither a quotation
    nor a place; ``met`` is as the assessor decided.
    """

    unit: Unit
    requirement: Requirement
    address: str
    items: list[str]
    pointless: list[str]
    met: bool


@dataclass(frozen=True, slots=True)
class GapFacts:
    """What the rules work on. Claims on requirements or items that are not there are left out.

    ``leaves`` and ``claimed`` are by unit id; ``claimed`` holds the ids of the items claimed for the unit and
    for how many of its leaves each. ``witnesses`` are the witnesses and observers of each item.
    """

    facts: AssessmentFacts
    kinds: Mapping[str, EvidenceKind]
    today: date
    items: Mapping[str, EvidenceFact]
    leaves: Mapping[str, list[Leaf]]
    claimed: Mapping[str, Mapping[str, int]]
    witnesses: Mapping[str, list[InvolvementFact]]
    methods: Mapping[str, AssessmentMethod]

    @classmethod
    def gather(cls, facts: AssessmentFacts, kinds: Mapping[str, EvidenceKind], today: date) -> GapFacts:
        """Index the facts in one pass over each table."""
        items = {item.id: item for item in facts.evidence}
        leaves = {unit.id: list(_leaves(unit, facts.decisions)) for unit in facts.units}
        by_id = {leaf.requirement.id: leaf for unit_leaves in leaves.values() for leaf in unit_leaves}
        claims_of = {requirement_id: leaf.items for requirement_id, leaf in by_id.items()}
        for evidence_id, requirement_id, has_place in facts.claims:
            claims = claims_of.get(requirement_id)
            if claims is not None and evidence_id in items:
                claims.append(evidence_id)
                if not has_place:
                    by_id[requirement_id].pointless.append(evidence_id)
        claimed = {
            unit_id: Counter(chain.from_iterable(leaf.items for leaf in unit_leaves))
            for unit_id, unit_leaves in leaves.items()
        }
        watching = (PersonPart.WITNESS.value, PersonPart.OBSERVER.value)
        witnesses: dict[str, list[InvolvementFact]] = {}
        for involvement in facts.involvements:
            if involvement.part in watching:
                witnesses.setdefault(involvement.evidence_id, []).append(involvement)
        return cls(facts, kinds, today, items, leaves, claimed, witnesses, evidence_methods(facts, kinds))

    def open_leaves(self) -> Iterator[Leaf]:
        """Yield the requirements that are not decided met, in the units' order."""
        for unit in self.facts.units:
            for leaf in self.leaves[unit.id]:
                if not leaf.met:
                    yield leaf

    def in_order(self, evidence_ids: Iterable[str]) -> list[EvidenceFact]:
        """Return these items in the order of their references."""
        return sorted((self.items[evidence_id] for evidence_id in evidence_ids), key=_number)


def _leaves(unit: Unit, decisions: Mapping[str, Decision]) -> Iterator[Leaf]:
    addresses = unit.addresses()
    for requirement in unit.leaves():
        decision = decisions.get(requirement.id)
        met = decision is not None and decision.verdict is Verdict.MET
        yield Leaf(unit, requirement, addresses[requirement.id], [], [], met)


def _number(item: EvidenceFact) -> int:
    return item.number


def joined(words: Iterable[str], last: str = "and") -> str:
    """Write a list as in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"
