"""Seeing what is covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portfolio_app.domain.claims import Claim, Decision
from portfolio_app.domain.coverage import Coverage, CoverageState, cell_state, coverage
from portfolio_app.domain.facts import EvidenceFact
from portfolio_app.domain.qualification import Requirement, Unit, find_unit
from portfolio_app.storage.portfolio_file import PortfolioFile


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
