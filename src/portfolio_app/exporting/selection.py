"""What of a portfolio goes into one copy: the units asked for, and without what is confidential or held back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from portfolio_app.domain.claims import Locator
from portfolio_app.domain.evidence import Evidence, Standing, StandingKind
from portfolio_app.domain.facts import AssessmentFacts, facts_of
from portfolio_app.domain.portfolio import Portfolio
from portfolio_app.domain.qualification import Qualification, find_unit
from portfolio_app.exporting.options import ExportOptions


@dataclass(frozen=True, slots=True)
class Selection:
    """One copy's content. ``portfolio`` holds nothing of what is withheld but its reference and its claims.

    ``facts`` still know whether a withheld item's claims have a place, so that coverage is the same in every
    copy; they hold no text of it. ``withheld`` are ids of evidence; ``items_left_out`` counts the evidence that is
    claimed for no unit of this copy.
    """

    portfolio: Portfolio
    facts: AssessmentFacts
    withheld: frozenset[str]
    items_left_out: int


def select(portfolio: Portfolio, options: ExportOptions, file_sizes: Mapping[str, int]) -> Selection:
    """Take what the options ask for.

    Raises:
        UnknownReference: the portfolio has no such unit.
    """
    chosen, left_out = _of_units(portfolio, options.unit_codes)
    withheld = frozenset(
        item.id
        for item in chosen.evidence
        if item.id in options.held_back or (item.confidential and not options.include_confidential)
    )
    facts = facts_of(chosen, file_sizes)
    if options.unit_codes:
        # What a qualification asks of all its units cannot be told from some of them.
        facts = replace(facts, qualification=Qualification())
    if withheld:
        facts = _without_texts(facts, withheld)
        chosen = _without_withheld(chosen, withheld)
    return Selection(chosen, facts, withheld, left_out)


def sizes_of_files(portfolio: Portfolio, file_path: Callable[[str], Path | None]) -> dict[str, int]:
    """Return the size on disk in bytes of every attached file that is there."""
    places = {
        attachment.sha256: file_path(attachment.sha256)
        for item in portfolio.evidence
        for attachment in item.attachments
    }
    sizes: dict[str, int] = {}
    for sha256, place in places.items():
        with suppress(OSError):  # gone since it was found: missing like any other
            if place:
                sizes[sha256] = place.stat().st_size
    return sizes


def _of_units(portfolio: Portfolio, codes: Iterable[str]) -> tuple[Portfolio, int]:
    wanted = {find_unit(portfolio.units, code).id for code in codes}
    if not wanted:
        return portfolio, 0
    units = tuple(unit for unit in portfolio.units if unit.id in wanted)
    requirements = {requirement.id for unit in units for _, requirement in unit.walk()}
    claims = tuple(claim for claim in portfolio.claims if claim.requirement_id in requirements)
    claimed = {claim.evidence_id for claim in claims}
    evidence = tuple(item for item in portfolio.evidence if item.id in claimed)
    actions = tuple(
        action
        for action in portfolio.actions
        if (action.requirement_id in requirements if action.requirement_id else action.evidence_id is None)
        or action.evidence_id in claimed
    )
    chosen = replace(
        portfolio,
        units=units,
        claims=claims,
        evidence=evidence,
        decisions=tuple(decision for decision in portfolio.decisions if decision.requirement_id in requirements),
        actions=actions,
        dismissals=tuple(entry for entry in portfolio.dismissals if entry.unit_id is None or entry.unit_id in wanted),
        versions=tuple(version for version in portfolio.versions if version.evidence_id in claimed),
        rejected_suggestions=frozenset(
            each
            for each in portfolio.rejected_suggestions
            if each.evidence_id in claimed and each.requirement_id in requirements
        ),
    )
    return chosen, len(portfolio.evidence) - len(evidence)


def _without_withheld(portfolio: Portfolio, withheld: frozenset[str]) -> Portfolio:
    named = {
        involvement.person_id for item in portfolio.evidence if item.id not in withheld for involvement in item.people
    }
    only_withheld = {
        involvement.person_id for item in portfolio.evidence if item.id in withheld for involvement in item.people
    } - named
    return replace(
        portfolio,
        evidence=tuple(_placeholder(item) if item.id in withheld else item for item in portfolio.evidence),
        claims=tuple(
            replace(claim, why="", quotation="", locator=Locator()) if claim.evidence_id in withheld else claim
            for claim in portfolio.claims
        ),
        actions=tuple(
            replace(action, text="") if action.evidence_id in withheld else action for action in portfolio.actions
        ),
        people=tuple(person for person in portfolio.people if person.id not in only_withheld),
        versions=tuple(version for version in portfolio.versions if version.evidence_id not in withheld),
    )


def _placeholder(item: Evidence) -> Evidence:
    """Keep the reference and, where the original is held somewhere, the place to ask at."""
    held = item.standing.kind is StandingKind.HELD
    standing = Standing(StandingKind.HELD, item.standing.location) if held else Standing()
    return Evidence(item.id, item.number, kind="", title="", confidential=item.confidential, standing=standing)


def _without_texts(facts: AssessmentFacts, withheld: frozenset[str]) -> AssessmentFacts:
    return replace(
        facts,
        evidence=[
            fact._replace(title="", location="", confirmed_by="") if fact.id in withheld else fact
            for fact in facts.evidence
        ],
        involvements=[fact for fact in facts.involvements if fact.evidence_id not in withheld],
        attachments=[fact for fact in facts.attachments if fact.evidence_id not in withheld],
        dismissals=[entry for entry in facts.dismissals if entry.evidence_id not in withheld],
    )
