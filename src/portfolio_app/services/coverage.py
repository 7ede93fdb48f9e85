"""Seeing what is covered and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Claim, Decision, Dismissal
from portfolio_app.domain.coverage import Coverage, CoverageState, cell_state, coverage
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.facts import EvidenceFact
from portfolio_app.domain.gaps import RULES, Gap, find_gaps
from portfolio_app.domain.qualification import Requirement, Unit, find_requirement, find_unit
from portfolio_app.services.references import find_evidence, nearest
from portfolio_app.services.text_input import prose
from portfolio_app.storage.portfolio_file import PortfolioFile


@dataclass(frozen=True, slots=True)
class PlacedGap:
    """A gap with the references that users know: unit code, requirement's address, evidence reference, or ``None``."""

    gap: Gap
    unit: str | None
    requirement: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class MatrixClaim:
    """A claim in the matrix: the item's reference and the state it shows."""

    evidence: str
    claim: Claim
    state: CoverageState


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """A requirement in the matrix, ``depth`` levels below its unit."""

    requirement: Requirement
    address: str
    depth: int
    state: CoverageState
    claims: Sequence[MatrixClaim]
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class UnitMatrix:
    """One unit's matrix, its lines in printed order."""

    unit: Unit
    lines: Sequence[MatrixLine]


@dataclass(frozen=True, slots=True)
class PortfolioMatrix:
    """The whole coverage matrix; ``evidence`` are all items in reference order."""

    coverage: Coverage
    units: Sequence[UnitMatrix]
    evidence: Sequence[EvidenceFact]


def gaps(
    portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind], today: date, *, include_dismissed: bool = False
) -> list[PlacedGap]:
    """Return what the rules find, in their order."""
    sizes = portfolio.files.sizes()
    with portfolio.read() as reader:
        facts = reader.facts(sizes)
    codes = {unit.id: unit.code for unit in facts.units}
    addresses = {key: address for unit in facts.units for key, address in unit.addresses().items()}
    refs = {item.id: f"E{item.number}" for item in facts.evidence}
    return [
        PlacedGap(
            gap,
            codes.get(gap.unit_id or ""),
            addresses.get(gap.requirement_id or ""),
            refs.get(gap.evidence_id or ""),
        )
        for gap in find_gaps(facts, kinds, today, include_dismissed=include_dismissed)
    ]


def dismiss_gap(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    today: date,
    rule: str,
    reason: str,
    *,
    address: str | None = None,
    evidence_ref: str | None = None,
) -> tuple[Sequence[PlacedGap], Changes]:
    """Put aside what a rule finds about a unit, a requirement or an item (or everywhere), and say why.

    Raises:
        UnknownReference: there is no such rule, unit, requirement or item.
        InvalidInput: there is no reason, or the rule finds nothing there.
    """
    known = [known_rule.id for known_rule in RULES]
    if rule not in known:
        raise UnknownReference(f"There is no rule “{rule}”{nearest(rule, known)}; “gaps” names them.")
    reason = prose(reason, "The reason").strip()
    if not reason:
        raise InvalidInput("Say why it can be put aside.")
    unit_id = requirement_id = evidence_id = None
    with portfolio.read() as reader:
        if address and "/" in address:
            requirement_id = find_requirement(reader.units(), address)[1].id
        elif address:
            unit_id = find_unit(reader.units(), address).id
        if evidence_ref:
            evidence_id = find_evidence(reader, evidence_ref).id
    found = [
        placed
        for placed in gaps(portfolio, kinds, today)
        if placed.gap.rule == rule
        and unit_id in (None, placed.gap.unit_id)
        and requirement_id in (None, placed.gap.requirement_id)
        and evidence_id in (None, placed.gap.evidence_id)
    ]
    if not found:
        raise InvalidInput(f"“{rule}” finds nothing there, so there is nothing to put aside.")
    with portfolio.edit(f"Put aside “{rule}”") as editor:
        for placed in found:
            gap = placed.gap
            editor.put_dismissal(Dismissal(rule, gap.unit_id, gap.requirement_id, gap.evidence_id, reason))
        return found, editor.changes


def matrix(portfolio: PortfolioFile, unit_codes: Sequence[str] = ()) -> PortfolioMatrix:
    """Return the coverage matrix of all units, or of those with these codes.

    Raises:
        UnknownReference: there is no such unit.
    """
    with portfolio.read() as reader:
        facts = reader.facts({})
        claims = reader.claims()
    units = [find_unit(facts.units, code) for code in unit_codes] or facts.units
    covered = coverage(facts)
    numbers = {item.id: item.number for item in facts.evidence}
    by_requirement: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.evidence_id in numbers:
            by_requirement.setdefault(claim.requirement_id, []).append(claim)

    def lines(unit: Unit) -> list[MatrixLine]:
        addresses = unit.addresses()
        return [
            MatrixLine(
                requirement,
                addresses[requirement.id],
                len(ancestors),
                covered.states[requirement.id],
                [
                    MatrixClaim(
                        f"E{numbers[claim.evidence_id]}",
                        claim,
                        cell_state(claim.has_place, facts.decisions.get(requirement.id)),
                    )
                    for claim in sorted(
                        by_requirement.get(requirement.id, ()), key=lambda claim: numbers[claim.evidence_id]
                    )
                ],
                facts.decisions.get(requirement.id),
            )
            for ancestors, requirement in unit.walk()
        ]

    return PortfolioMatrix(covered, [UnitMatrix(unit, lines(unit)) for unit in units], facts.evidence)
