"""Claims as the window makes them: by ids, beside an item or the other way round beside a requirement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Claim, Decision
from portfolio_app.domain.coverage import CoverageState, cell_state, coverage
from portfolio_app.domain.errors import UnknownReference
from portfolio_app.domain.facts import ClaimsByRequirement
from portfolio_app.domain.folding import folded, search_words
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.listing import EvidenceSummary
from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.services.claims import ClaimGiven, PlacedClaim, filled_claim
from portfolio_app.services.evidence_sheet import ClaimInPlace, claims_in_place
from portfolio_app.services.references import current_evidence, leaf_of_id
from portfolio_app.storage.portfolio_file import PortfolioFile


@dataclass(frozen=True, slots=True)
class ItemClaim:
    """A claim with the item that is claimed, and the state that it shows in the matrix."""

    claim: Claim
    item: EvidenceSummary
    state: CoverageState


@dataclass(frozen=True, slots=True)
class RequirementClaims:
    """A requirement with everything that is claimed for it, in reference order, and the decision in force."""

    unit: Unit
    ancestors: tuple[Requirement, ...]
    requirement: Requirement
    address: str
    state: CoverageState
    decision: Decision | None
    claims: tuple[ItemClaim, ...]


@dataclass(frozen=True, slots=True)
class RequirementChoice:
    """A requirement that evidence can be claimed for, as one line to choose from.

    ``ancestors`` stand outermost first; ``claims`` counts the items claimed for it; ``words`` is what is searched.
    """

    requirement: Requirement
    address: str
    unit_id: str
    unit_code: str
    unit_title: str
    ancestors: tuple[Requirement, ...]
    state: CoverageState
    claims: int
    words: str


def set_claim(
    portfolio: PortfolioFile, evidence_id: str, requirement_id: str, given: ClaimGiven | None = None
) -> tuple[PlacedClaim, Changes]:
    """Claim that an item meets a requirement, or change what that claim says; saved as it is typed.

    Raises:
        UnknownReference: the item, the requirement or a component is not there any more, or the item is in the bin.
        InvalidInput: the requirement only groups others, or its words are too long or no text.
    """
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
        unit, requirement = leaf_of_id(reader, requirement_id)
        existing = reader.claims(evidence_id=evidence_id, requirement_id=requirement_id)
    address = unit.addresses()[requirement.id]
    before = existing[0] if existing else Claim(new_id(), item.id, requirement.id)
    claim = filled_claim(before, given or ClaimGiven(), item, requirement, address, lenient=True)
    verb = "Change claim" if existing else "Claim"
    with portfolio.edit(f"{verb} {item.ref} → {address}") as editor:
        if claim != before or not existing:
            claim = replace(claim, claimed_at=datetime.now(UTC))
            editor.put_claim(claim)
        return PlacedClaim(claim, item.ref, address, requirement), editor.changes


def claim_all(
    portfolio: PortfolioFile, evidence_ids: Sequence[str], requirement_ids: Sequence[str]
) -> tuple[list[Claim], Changes]:
    """Claim each of the items for each of the requirements in one step, where that is not done already.

    Raises:
        UnknownReference: an item or a requirement is not there any more, or an item is in the bin.
        InvalidInput: a requirement only groups others.
    """
    with portfolio.read() as reader:
        items = [current_evidence(reader, evidence_id) for evidence_id in dict.fromkeys(evidence_ids)]
        leaves = [leaf_of_id(reader, requirement_id) for requirement_id in dict.fromkeys(requirement_ids)]
        present = {
            (claim.evidence_id, claim.requirement_id) for item in items for claim in reader.claims(evidence_id=item.id)
        }
    wanted = [(item, unit, leaf) for item in items for unit, leaf in leaves if (item.id, leaf.id) not in present]
    what = items[0].ref if len(items) == 1 else f"{len(items):,} items"
    where = f"{len(leaves):,} requirements"
    if len(leaves) == 1:
        unit, leaf = leaves[0]
        where = unit.addresses()[leaf.id]
    with portfolio.edit(f"Claim {what} → {where}") as editor:
        now = datetime.now(UTC)
        claims = [Claim(new_id(), item.id, leaf.id, claimed_at=now) for item, _, leaf in wanted]
        editor.put_claims_many(claims)
        return claims, editor.changes


def remove_claims(portfolio: PortfolioFile, pairs: Iterable[tuple[str, str]]) -> tuple[list[Claim], Changes]:
    """Take claims back, each named by the ids of its item and requirement, in one step.

    Raises:
        UnknownReference: a claim is not there any more; nothing was changed.
    """
    claims: list[Claim] = []
    with portfolio.read() as reader:
        for evidence_id, requirement_id in dict.fromkeys(pairs):
            found = reader.claims(evidence_id=evidence_id, requirement_id=requirement_id)
            if not found:
                raise UnknownReference("That claim is not in this portfolio any more.")
            claims += found
        name = f"{len(claims):,} claims"
        if len(claims) == 1:
            unit, leaf = leaf_of_id(reader, claims[0].requirement_id)
            name = f"claim {reader.evidence_by_id(claims[0].evidence_id).ref} → {unit.addresses()[leaf.id]}"
    with portfolio.edit(f"Remove {name}") as editor:
        for claim in claims:
            editor.remove_claim(claim.id)
        return claims, editor.changes


def tick_component(
    portfolio: PortfolioFile, evidence_id: str, requirement_id: str, component_id: str, *, ticked: bool
) -> tuple[PlacedClaim, Changes]:
    """Say that an item shows one component of a requirement, or does not; claims it if need be.

    Raises:
        UnknownReference: the item, the requirement or the component is not there any more.
    """
    with portfolio.read() as reader:
        existing = reader.claims(evidence_id=evidence_id, requirement_id=requirement_id)
    before = existing[0].component_ids if existing else frozenset()
    after = before | {component_id} if ticked else before - {component_id}
    return set_claim(portfolio, evidence_id, requirement_id, ClaimGiven(component_ids=after))


def claims_for_evidence(portfolio: PortfolioFile, evidence_id: str) -> tuple[ClaimInPlace, ...]:
    """Return an item's claims in the order of the units.

    Raises:
        UnknownReference: there is no such item.
    """
    with portfolio.read() as reader:
        return claims_in_place(reader, reader.evidence_by_id(evidence_id))


def claims_for_requirement(portfolio: PortfolioFile, requirement_id: str) -> RequirementClaims:
    """Return a requirement with everything that is claimed for it; items in the bin are left out.

    Raises:
        UnknownReference: the requirement is not there any more.
        InvalidInput: it only groups others.
    """
    with portfolio.read() as reader:
        unit, leaf = leaf_of_id(reader, requirement_id)
        items = reader.evidence_summaries()
        claims = reader.claims(requirement_id=requirement_id)
        decision = next((each for each in reversed(reader.decisions()) if each.requirement_id == leaf.id), None)
        covered = coverage(reader.facts({}))
        ancestors = next(above for above, node in unit.walk() if node.id == leaf.id)
        return RequirementClaims(
            unit=unit,
            ancestors=ancestors,
            requirement=leaf,
            address=unit.addresses()[leaf.id],
            state=covered.states[leaf.id],
            decision=decision,
            claims=tuple(
                ItemClaim(claim, items[claim.evidence_id], cell_state(claim.has_place, decision)) for claim in claims
            ),
        )


def requirement_choices(portfolio: PortfolioFile) -> tuple[RequirementChoice, ...]:
    """Return everything that evidence can be claimed for, in the order of the units."""
    with portfolio.read() as reader:
        facts = reader.facts({})
    covered = coverage(facts)
    groups = ClaimsByRequirement.of(facts.claims).groups
    choices = []
    for unit in facts.units:
        addresses = unit.addresses()
        for ancestors, leaf in unit.walk():
            if not leaf.is_leaf:
                continue
            claimed = groups.get(leaf.id)
            parts = (
                addresses[leaf.id],
                leaf.text,
                leaf.label,
                *(component.text for component in leaf.components),
                *(f"{node.ref} {node.short_text}" for node in ancestors),
                unit.title,
                unit.reference,
            )
            choices.append(
                RequirementChoice(
                    requirement=leaf,
                    address=addresses[leaf.id],
                    unit_id=unit.id,
                    unit_code=unit.code,
                    unit_title=unit.title,
                    ancestors=ancestors,
                    state=covered.states[leaf.id],
                    claims=len(claimed.placed) + len(claimed.pointless) if claimed else 0,
                    words=folded("\n".join(parts)),
                )
            )
    return tuple(choices)


def matching(choices: Iterable[RequirementChoice], typed: str) -> list[RequirementChoice]:
    """Return the choices in which every word that was typed occurs; those whose address begins with it come first."""
    words = search_words(typed)
    found = [choice for choice in choices if all(word in choice.words for word in words)]
    wanted = folded(typed).strip()
    if wanted:
        found.sort(key=lambda choice: not _is_called(choice, wanted))
    return found


def _is_called(choice: RequirementChoice, wanted: str) -> bool:
    address, ref = folded(choice.address), folded(choice.requirement.ref)
    return address.startswith(wanted) or ref.startswith(wanted)
