"""A portfolio's facts, gathered once in the shape that every gap rule asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.coverage import evidence_methods
from portfolio_app.domain.evidence import PersonPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from portfolio_app.domain.evidence import EvidenceKind
    from portfolio_app.domain.facts import AssessmentFacts, ClaimFact, EvidenceFact, InvolvementFact
    from portfolio_app.domain.qualification import AssessmentMethod, Requirement, Unit


class Finding(NamedTuple):
    """What a rule found: its sentence, and the place to mend it."""

    message: str
    unit_id: str | None = None
    requirement_id: str | None = None
    evidence_id: str | None = None


class Leaf(NamedTuple):
    """A requirement that evidence is claimed against. ``claims`` are in evidence order; ``met`` is as decided."""

    unit: Unit
    requirement: Requirement
    address: str
    claims: list[ClaimFact]
    met: bool


@dataclass(frozen=True, slots=True)
class GapFacts:
    """What the rules work on. Claims on requirements or items that are not there are left out.

    ``items_of_unit`` maps each unit's id to the ids of the items claimed for it and how many of its leaves
    each is claimed for; ``witnesses`` are the witnesses and observers of each item.
    """

    facts: AssessmentFacts
    kinds: Mapping[str, EvidenceKind]
    today: date
    leaves: list[Leaf]
    items: Mapping[str, EvidenceFact]
    items_of_unit: Mapping[str, Mapping[str, int]]
    witnesses: Mapping[str, list[InvolvementFact]]
    methods: Mapping[str, AssessmentMethod]

    @classmethod
    def gather(cls, facts: AssessmentFacts, kinds: Mapping[str, EvidenceKind], today: date) -> GapFacts:
        """Index the facts in one pass over each table."""
        items = {item.id: item for item in facts.evidence}
        claims: dict[str, list[ClaimFact]] = {}
        items_of_unit: dict[str, dict[str, int]] = {}
        unit_items_of: dict[str, dict[str, int]] = {}
        leaves: list[Leaf] = []
        for unit in facts.units:
            unit_items = items_of_unit[unit.id] = {}
            addresses = unit.addresses()
            for leaf in unit.leaves():
                decision = facts.decisions.get(leaf.id)
                claims[leaf.id] = []
                unit_items_of[leaf.id] = unit_items
                leaves.append(
                    Leaf(
                        unit,
                        leaf,
                        addresses[leaf.id],
                        claims[leaf.id],
                        decision is not None and decision.verdict is Verdict.MET,
                    )
                )
        for claim in facts.claims:
            evidence_id, requirement_id, _ = claim
            if requirement_id in claims and evidence_id in items:
                claims[requirement_id].append(claim)
                unit_items = unit_items_of[requirement_id]
                unit_items[evidence_id] = unit_items.get(evidence_id, 0) + 1
        witnesses: dict[str, list[InvolvementFact]] = {}
        for involvement in facts.involvements:
            if involvement.part in (PersonPart.WITNESS, PersonPart.OBSERVER):
                witnesses.setdefault(involvement.evidence_id, []).append(involvement)
        return cls(facts, kinds, today, leaves, items, items_of_unit, witnesses, evidence_methods(facts, kinds))

    def in_order(self, evidence_ids: Iterable[str]) -> list[EvidenceFact]:
        """Return these items in the order of their references."""
        return sorted((self.items[evidence_id] for evidence_id in evidence_ids), key=_number)


def _number(item: EvidenceFact) -> int:
    return item.number


def joined(words: Iterable[str], last: str = "and") -> str:
    """Write a list as in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"
