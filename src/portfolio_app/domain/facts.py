"""The narrow columns that coverage and gaps are computed from.

A portfolio of 10,000 items and 60,000 claims is summed up many times a minute while someone works, so these
are tuples straight from the store rather than whole values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portfolio_app.domain.claims import Decision, Dismissal
from portfolio_app.domain.portfolio import Declaration, Portfolio
from portfolio_app.domain.qualification import Qualification, Unit


class ClaimFact(NamedTuple):
    """A claim without its words. ``has_place`` is 1 when there is a quotation or a locator, else 0."""

    evidence_id: str
    requirement_id: str
    has_place: int


class ClaimedItems(NamedTuple):
    """The ids of the items claimed for one requirement: those with a quotation or a place, and those without."""

    placed: list[str]
    pointless: list[str]


class ClaimsByRequirement(Collection[ClaimFact]):
    """Claims in groups, as a store reads them and rules ask for them: tens of thousands need no tuple each.

    ``groups`` are by the requirement's id; none is empty. Whoever goes through the claims one by one gets them
    in the order of the groups.
    """

    def __init__(self, groups: Mapping[str, ClaimedItems]) -> None:
        self.groups = groups

    @classmethod
    def of(cls, claims: Iterable[ClaimFact]) -> ClaimsByRequirement:
        """Group claims, unless they are grouped already."""
        if isinstance(claims, cls):
            return claims
        groups: dict[str, ClaimedItems] = {}
        for evidence_id, requirement_id, has_place in claims:
            group = groups.setdefault(requirement_id, ClaimedItems([], []))
            (group.placed if has_place else group.pointless).append(evidence_id)
        return cls(groups)

    def __iter__(self) -> Iterator[ClaimFact]:
        for requirement_id, (placed, pointless) in self.groups.items():
            for evidence_id in placed:
                yield ClaimFact(evidence_id, requirement_id, 1)
            for evidence_id in pointless:
                yield ClaimFact(evidence_id, requirement_id, 0)

    def __len__(self) -> int:
        return sum(len(placed) + len(pointless) for placed, pointless in self.groups.values())

    def __contains__(self, claim: object) -> bool:
        return any(claim == each for each in self)


class EvidenceFact(NamedTuple):
    """An evidence item without its content. ``date`` and ``revised_at`` are ISO 8601 text, empty if unknown.

    ``has_content`` is 0 when its body and every field are empty (blank text, no table rows); attachments do not count.
    """

    id: str
    number: int
    kind: str
    title: str
    date: str
    method: str
    standing: str
    location: str
    confirmed_by: str
    simulated: int
    revised_at: str
    has_content: int = 1


class InvolvementFact(NamedTuple):
    """A person's part in an item; ``signed_on`` is an ISO date, empty while unsigned."""

    evidence_id: str
    part: str
    name: str
    role: str
    relation: str
    signed_on: str


class AttachmentFact(NamedTuple):
    """An attachment as the store knows it; ``size`` in bytes."""

    evidence_id: str
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """What coverage and gaps need to know of a portfolio.

    Involvements and attachments keep their order within an item, but not that of the items. ``ticked`` holds the
    ids of all components ticked in any claim. ``decisions`` maps a requirement's id to its newest decision.
    ``newest_claim`` maps a requirement's id to the time (UTC, ISO 8601) of its newest claim. ``file_sizes`` maps
    the hash of each attached file that is on disk to its size in bytes.
    """

    units: Sequence[Unit]
    evidence: Sequence[EvidenceFact]
    claims: Collection[ClaimFact]
    ticked: frozenset[str]
    decisions: Mapping[str, Decision]
    newest_claim: Mapping[str, str]
    involvements: Sequence[InvolvementFact]
    attachments: Sequence[AttachmentFact]
    file_sizes: Mapping[str, int]
    declaration: Declaration
    dismissals: Sequence[Dismissal]
    qualification: Qualification = Qualification()


def facts_of(portfolio: Portfolio, file_sizes: Mapping[str, int]) -> AssessmentFacts:
    """Narrow a whole portfolio to its facts (exports and tests; an open portfolio reads them from its store)."""
    people = {person.id: person for person in portfolio.people}
    newest: dict[str, str] = {}
    for claim in portfolio.claims:
        moment = claim.claimed_at.isoformat() if claim.claimed_at else ""
        newest[claim.requirement_id] = max(moment, newest.get(claim.requirement_id, ""))
    return AssessmentFacts(
        units=portfolio.units,
        evidence=[
            EvidenceFact(
                item.id,
                item.number,
                item.kind,
                item.title,
                item.date.isoformat() if item.date else "",
                item.method or "",
                item.standing.kind,
                item.standing.location,
                item.standing.confirmed_by,
                int(item.simulated),
                item.revised_at.isoformat() if item.revised_at else "",
                int(item.has_content),
            )
            for item in portfolio.evidence
        ],
        claims=[ClaimFact(claim.evidence_id, claim.requirement_id, int(claim.has_place)) for claim in portfolio.claims],
        ticked=frozenset(component for claim in portfolio.claims for component in claim.component_ids),
        decisions={decision.requirement_id: decision for decision in portfolio.decisions},
        newest_claim=newest,
        involvements=[
            InvolvementFact(
                item.id,
                involvement.part,
                people[involvement.person_id].name,
                people[involvement.person_id].role,
                people[involvement.person_id].relation,
                involvement.signed_on.isoformat() if involvement.signed_on else "",
            )
            for item in portfolio.evidence
            for involvement in item.people
        ],
        attachments=[
            AttachmentFact(item.id, attachment.name, attachment.sha256, attachment.size)
            for item in portfolio.evidence
            for attachment in item.attachments
        ],
        file_sizes=file_sizes,
        declaration=portfolio.details.declaration,
        dismissals=portfolio.dismissals,
        qualification=portfolio.details.qualification,
    )
