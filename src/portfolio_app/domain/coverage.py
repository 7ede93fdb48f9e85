"""What is covered: the state of each requirement, its roll-up, and the matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from portfolio_app.domain.claims import Decision, Verdict
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.facts import AssessmentFacts, ClaimsByRequirement
from portfolio_app.domain.qualification import AssessmentMethod, Requirement, Unit


class CoverageState(StrEnum):
    """How far a requirement is, least first. The value is the word on screen and paper."""

    NONE = "no claim"
    CLAIMED = "claimed"
    PROOF = "claimed with proof"
    NOT_YET_MET = "not yet met"
    MORE_NEEDED = "more evidence needed"
    MET = "met"

    @property
    def symbol(self) -> str:
        """The sign that stands with the word, never colour alone."""
        return _SYMBOLS[self]


_SYMBOLS = {
    CoverageState.NONE: "○",
    CoverageState.CLAIMED: "◐",
    CoverageState.PROOF: "●",
    CoverageState.NOT_YET_MET: "✗",
    CoverageState.MORE_NEEDED: "✚",
    CoverageState.MET: "✓",
}
_LEAST_FIRST = tuple(CoverageState)
_DECIDED = {
    Verdict.MET: CoverageState.MET,
    Verdict.NOT_YET_MET: CoverageState.NOT_YET_MET,
    Verdict.MORE_NEEDED: CoverageState.MORE_NEEDED,
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many leaves are in each state; states with none are absent. ``str()`` reads "6 of 8 met"."""

    counts: Mapping[CoverageState, int]

    def __getitem__(self, state: CoverageState) -> int:
        """The number of leaves in this state."""
        return self.counts.get(state, 0)

    @property
    def total(self) -> int:
        """The number of leaves."""
        return sum(self.counts.values())

    @property
    def met(self) -> int:
        """The number of leaves that the assessor decided are met."""
        return self[CoverageState.MET]

    @property
    def claimed(self) -> int:
        """The number of leaves with any claim or decision."""
        return self.total - self[CoverageState.NONE]

    @property
    def complete(self) -> bool:
        """Whether every leaf is met. Nothing is complete without requirements."""
        return self.met == self.total > 0

    @property
    def percentage(self) -> int:
        """Whole per cent met, rounded down: information, never a verdict."""
        return 100 * self.met // self.total if self.total else 0

    @property
    def state(self) -> CoverageState:
        """The state of the whole: as far as its least leaf."""
        return next((state for state in _LEAST_FIRST if self[state]), CoverageState.NONE)

    def __add__(self, other: Tally) -> Tally:
        return Tally({state: self[state] + other[state] for state in _LEAST_FIRST if self[state] + other[state]})

    def __str__(self) -> str:
        return f"{self.met:,} of {self.total:,} met"


@dataclass(frozen=True, slots=True)
class UnitCoverage:
    """How far one unit is."""

    unit_id: str
    code: str
    title: str
    reference: str
    mandatory: bool
    tally: Tally

    @property
    def complete(self) -> bool:
        """Whether the unit is achieved: every one of its requirements is met."""
        return self.tally.complete


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a portfolio is.

    ``states`` holds every requirement by id, ``tallies`` those that have children; ``units`` are in the
    portfolio's order. Decisions and claims count on leaves only; a parent is as far as its least leaf. Former
    requirements have a state, and count for nothing but a former heading.
    """

    states: Mapping[str, CoverageState]
    tallies: Mapping[str, Tally]
    units: tuple[UnitCoverage, ...]

    def unit(self, unit_id: str) -> UnitCoverage:
        """Return one unit's coverage; ``KeyError`` if there is no such unit."""
        for unit in self.units:
            if unit.unit_id == unit_id:
                return unit
        raise KeyError(unit_id)

    @property
    def total(self) -> Tally:
        """All leaves of all units together."""
        return sum((unit.tally for unit in self.units), Tally({}))

    @property
    def complete_units(self) -> int:
        """The number of units achieved."""
        return sum(unit.complete for unit in self.units)


def coverage(facts: AssessmentFacts) -> Coverage:
    """Work out the state of every requirement and its roll-up.

    A leaf's newest decision wins over its claims, whatever was claimed since. Without one it is *claimed
    with proof* when a claim has a quotation or a place and all its components are ticked over its claims
    together. Linear in claims and requirements.
    """
    claimed = ClaimsByRequirement.of(facts.claims).groups
    states: dict[str, CoverageState] = {}
    tallies: dict[str, Tally] = {}

    def leaf_state(leaf: Requirement) -> CoverageState:
        decision = facts.decisions.get(leaf.id)
        if decision is not None:
            return _DECIDED[decision.verdict]
        items = claimed.get(leaf.id)
        if items is None:
            return CoverageState.NONE
        if items.placed and all(component.id in facts.ticked for component in leaf.components):
            return CoverageState.PROOF
        return CoverageState.CLAIMED

    def roll_up(requirements: Iterable[Requirement], *, among_formers: bool = False) -> Counter[CoverageState]:
        counts: Counter[CoverageState] = Counter()
        for requirement in requirements:
            counts_here = among_formers or not requirement.is_former
            if requirement.children:
                below = roll_up(requirement.children, among_formers=among_formers or requirement.is_former)
                tally = tallies[requirement.id] = Tally(dict(below))
                states[requirement.id] = tally.state
                if counts_here:
                    counts.update(below)
            else:
                state = states[requirement.id] = leaf_state(requirement)
                if counts_here:
                    counts[state] += 1
        return counts

    units = tuple(
        UnitCoverage(
            unit.id, unit.code, unit.title, unit.reference, unit.mandatory, Tally(dict(roll_up(unit.requirements)))
        )
        for unit in facts.units
    )
    return Coverage(states, tallies, units)


def cell_state(has_place: object, decision: Decision | None) -> CoverageState:
    """The state that one claim shows in the matrix: the decision on its requirement, else the claim's strength."""
    if decision is not None:
        return _DECIDED[decision.verdict]
    return CoverageState.PROOF if has_place else CoverageState.CLAIMED


def matrix_cells(facts: AssessmentFacts, unit: Unit) -> dict[str, dict[str, CoverageState]]:
    """Requirements × evidence: for every leaf of the unit, the state of each claim by evidence id."""
    claimed = ClaimsByRequirement.of(facts.claims).groups
    cells: dict[str, dict[str, CoverageState]] = {}
    for leaf in unit.leaves():
        placed, pointless = claimed.get(leaf.id, ((), ()))
        decision = facts.decisions.get(leaf.id)
        cells[leaf.id] = dict.fromkeys(placed, cell_state(True, decision))
        cells[leaf.id] |= dict.fromkeys(pointless, cell_state(False, decision))
    return cells


def evidence_methods(facts: AssessmentFacts, kinds: Mapping[str, EvidenceKind]) -> dict[str, AssessmentMethod]:
    """Each item's assessment method by evidence id: its own, else its kind's. Items of an unknown kind are absent."""
    by_name = {method.value: method for method in AssessmentMethod}
    by_kind = {kind_id: kind.method for kind_id, kind in kinds.items()}
    found: dict[str, AssessmentMethod] = {}
    for item in facts.evidence:
        method = by_name.get(item.method) or by_kind.get(item.kind)
        if method is not None:
            found[item.id] = method
    return found


def method_cells(
    facts: AssessmentFacts, kinds: Mapping[str, EvidenceKind], unit: Unit
) -> dict[str, dict[AssessmentMethod, int]]:
    """Requirements × assessment methods: for every leaf of the unit, the number of items claimed per method."""
    methods = evidence_methods(facts, kinds)
    claimed = ClaimsByRequirement.of(facts.claims).groups
    cells: dict[str, dict[AssessmentMethod, int]] = {}
    for leaf in unit.leaves():
        found = map(methods.get, chain(*claimed.get(leaf.id, ())))
        cells[leaf.id] = dict(Counter(method for method in found if method is not None))
    return cells


@dataclass(frozen=True, slots=True)
class ClassUnit:
    """A unit as a class shares it: codes differ from one portfolio to the next, reference and title do not."""

    reference: str
    title: str


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One learner's units, in the order of the columns; ``None`` where the learner does not take a unit."""

    learner: str
    cells: tuple[Tally | None, ...]


@dataclass(frozen=True, slots=True)
class ClassMatrix:
    """Learners × units."""

    units: tuple[ClassUnit, ...]
    rows: tuple[ClassRow, ...]


def class_matrix(learners: Sequence[tuple[str, Coverage]]) -> ClassMatrix:
    """Set several learners' coverage side by side, in the order given.

    Units are the same when their reference is (case and spaces ignored), or their title where neither has one.
    """
    columns: dict[tuple[str, str], ClassUnit] = {}
    found: list[tuple[str, dict[tuple[str, str], Tally]]] = []
    for learner, covered in learners:
        row: dict[tuple[str, str], Tally] = {}
        for unit in covered.units:
            key = ("reference", _folded(unit.reference)) if unit.reference.strip() else ("title", _folded(unit.title))
            columns.setdefault(key, ClassUnit(unit.reference, unit.title))
            row[key] = row.get(key, Tally({})) + unit.tally
        found.append((learner, row))
    return ClassMatrix(
        tuple(columns.values()),
        tuple(ClassRow(learner, tuple(row.get(key) for key in columns)) for learner, row in found),
    )


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()
