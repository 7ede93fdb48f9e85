"""A portfolio's facts, gathered once in the shape that every gap rule asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

from portfolio_app.domain.claims import Decision, Verdict
from portfolio_app.domain.coverage import evidence_methods
from portfolio_app.domain.evidence import EvidenceKind, PersonPart
from portfolio_app.domain.facts import (
    AssessmentFacts,
    ClaimedItems,
    ClaimsByRequirement,
    EvidenceFact,
    InvolvementFact,
)
from portfolio_app.domain.qualification import AssessmentMethod, Requirement, Unit
from portfolio_app.domain.text_facts import TextFacts

_NOTHING: Final = ClaimedItems([], [])
_NUMBER: Final = itemgetter(EvidenceFact._fields.index("number"))

# What a rule found: its sentence and the place to mend it (ids of unit, requirement, evidence item). A plain
# tuple: a large portfolio has thousands, and named ones take eight times as long to make.
Finding: TypeAlias = tuple[str, str | None, str | None, str | None]


class Leaf(NamedTuple):
    """A requirement that evidence is claimed against.

    ``items`` are the ids of the items claimed for it, ``pointless`` of those whose claim has neither a quotation
    nor a place; ``met`` is as the assessor decided. A former requirement, which nobody asks for any more, is as good as
    met.
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
    for how many of its leaves each, ``used`` those claimed for any unit. ``witnesses`` are the witnesses and
    observers of each item. ``texts`` is what was read of the items' texts, or ``None``: then no rule speaks of text.
    """

    facts: AssessmentFacts
    kinds: Mapping[str, EvidenceKind]
    today: date
    items: Mapping[str, EvidenceFact]
    leaves: Mapping[str, list[Leaf]]
    claimed: Mapping[str, Mapping[str, int]]
    used: AbstractSet[str]
    witnesses: Mapping[str, list[InvolvementFact]]
    methods: Mapping[str, AssessmentMethod]
    texts: TextFacts | None = None

    @classmethod
    def gather(
        cls, facts: AssessmentFacts, kinds: Mapping[str, EvidenceKind], today: date, texts: TextFacts | None = None
    ) -> GapFacts:
        """Index the facts in one pass over each table."""
        items = {item.id: item for item in facts.evidence}
        groups = ClaimsByRequirement.of(facts.claims).groups
        leaves = {unit.id: list(_leaves(unit, facts.decisions, groups)) for unit in facts.units}
        claimed = _counted(leaves)
        used: set[str] = set().union(*claimed.values())
        if unknown := used - items.keys():
            for leaf in chain.from_iterable(leaves.values()):
                for ids in (leaf.items, leaf.pointless):
                    ids[:] = [evidence_id for evidence_id in ids if evidence_id not in unknown]
            claimed = _counted(leaves)
            used -= unknown
        watching = (PersonPart.WITNESS.value, PersonPart.OBSERVER.value)
        witnesses: dict[str, list[InvolvementFact]] = {}
        for involvement in facts.involvements:
            if involvement.part in watching:
                witnesses.setdefault(involvement.evidence_id, []).append(involvement)
        methods = evidence_methods(facts, kinds)
        return cls(facts, kinds, today, items, leaves, claimed, used, witnesses, methods, texts)

    def open_leaves(self) -> Iterator[Leaf]:
        """Yield the requirements that are not decided met, in the units' order; no former ones."""
        for unit in self.facts.units:
            for leaf in self.leaves[unit.id]:
                if not leaf.met:
                    yield leaf

    def in_order(self, evidence_ids: Iterable[str]) -> list[EvidenceFact]:
        """Return these items in the order of their references."""
        return sorted(map(self.items.__getitem__, evidence_ids), key=_NUMBER)


def _leaves(unit: Unit, decisions: Mapping[str, Decision], groups: Mapping[str, ClaimedItems]) -> Iterator[Leaf]:
    addresses = unit.addresses()
    for requirement in unit.leaves():
        decision = decisions.get(requirement.id)
        met = requirement.is_former or (decision is not None and decision.verdict is Verdict.MET)
        placed, pointless = groups.get(requirement.id, _NOTHING)
        yield Leaf(unit, requirement, addresses[requirement.id], placed + pointless, pointless.copy(), met)


def _counted(leaves: Mapping[str, list[Leaf]]) -> dict[str, Counter[str]]:
    return {
        unit_id: Counter(chain.from_iterable(leaf.items for leaf in unit_leaves))
        for unit_id, unit_leaves in leaves.items()
    }


def joined(words: Iterable[str], last: str = "and") -> str:
    """Write a list as in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"
