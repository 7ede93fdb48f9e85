"""Claims: which requirement an item meets, why, and where to look."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Claim, Locator
from portfolio_app.domain.errors import InvalidInput, KnownError, UnknownReference
from portfolio_app.domain.evidence import Evidence
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import Requirement
from portfolio_app.services.references import find_evidence, find_leaf
from portfolio_app.services.text_input import line, prose
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioReader

ALL_COMPONENTS = 0
"""Stands for every component of the requirement."""


@dataclass(frozen=True, slots=True)
class ClaimGiven:
    """What a claim is to say, as typed. ``None`` leaves it as it is, empty text clears it.

    ``components`` are counted from 1 in the order the requirement lists them; ``component_ids`` and ``locator`` are
    for those who have the ids, and the parts of the place, at hand.
    """

    why: str | None = None
    quotation: str | None = None
    place: str | None = None
    components: Sequence[int] | None = None
    locator: Locator | None = None
    component_ids: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class PlacedClaim:
    """A claim with what it is about, for people to read."""

    claim: Claim
    evidence_ref: str
    address: str
    requirement: Requirement


def add_claim(
    portfolio: PortfolioFile, evidence_ref: str, address: str, given: ClaimGiven
) -> tuple[PlacedClaim, Changes]:
    """Claim that an item meets a requirement.

    Raises:
        UnknownReference: there is no such item, requirement or component.
        InvalidInput: the requirement only groups others, the claim is there already, or its words cannot be used.
    """
    with portfolio.read() as reader:
        item, requirement, full_address, current = _find(reader, evidence_ref, address)
    if current is not None:
        raise InvalidInput(f"{item.ref} is claimed for {full_address} already; “claim edit” changes what it says.")
    blank = Claim(new_id(), item.id, requirement.id, claimed_at=datetime.now(UTC))
    claim = filled_claim(blank, given, item, requirement, full_address)
    with portfolio.edit(f"Claim {item.ref} → {full_address}") as editor:
        editor.put_claim(claim)
        return PlacedClaim(claim, item.ref, full_address, requirement), editor.changes


def edit_claim(
    portfolio: PortfolioFile, evidence_ref: str, address: str, given: ClaimGiven
) -> tuple[PlacedClaim, Changes]:
    """Change what a claim says.

    Raises:
        UnknownReference: there is no such item, requirement, claim or component.
        InvalidInput: its words cannot be used.
    """
    with portfolio.read() as reader:
        item, requirement, full_address, current = _find(reader, evidence_ref, address)
    current = _existing(current, item, full_address)
    claim = filled_claim(current, given, item, requirement, full_address)
    with portfolio.edit(f"Change claim {item.ref} → {full_address}") as editor:
        if claim != current:
            claim = replace(claim, claimed_at=datetime.now(UTC))
            editor.put_claim(claim)
        return PlacedClaim(claim, item.ref, full_address, requirement), editor.changes


def remove_claim(portfolio: PortfolioFile, evidence_ref: str, address: str) -> tuple[PlacedClaim, Changes]:
    """Take a claim back.

    Raises:
        UnknownReference: there is no such item, requirement or claim.
    """
    with portfolio.read() as reader:
        item, requirement, full_address, current = _find(reader, evidence_ref, address)
    claim = _existing(current, item, full_address)
    with portfolio.edit(f"Remove claim {item.ref} → {full_address}") as editor:
        editor.remove_claim(claim.id)
        return PlacedClaim(claim, item.ref, full_address, requirement), editor.changes


def claims_of(reader: PortfolioReader, item: Evidence) -> list[PlacedClaim]:
    """Return an item's claims in the order of the units' requirements."""
    by_requirement = {claim.requirement_id: claim for claim in reader.claims(evidence_id=item.id)}
    placed = []
    for unit in reader.units():
        addresses = unit.addresses()
        placed += [
            PlacedClaim(by_requirement[leaf.id], item.ref, addresses[leaf.id], leaf)
            for leaf in unit.leaves()
            if leaf.id in by_requirement
        ]
    return placed


def _find(reader: PortfolioReader, evidence_ref: str, address: str) -> tuple[Evidence, Requirement, str, Claim | None]:
    item = find_evidence(reader, evidence_ref)
    unit, requirement = find_leaf(reader, address)
    existing = reader.claims(evidence_id=item.id, requirement_id=requirement.id)
    return item, requirement, unit.addresses()[requirement.id], existing[0] if existing else None


def _existing(claim: Claim | None, item: Evidence, address: str) -> Claim:
    if claim is None:
        raise UnknownReference(f"{item.ref} is not claimed for {address}.")
    return claim


def filled_claim(
    claim: Claim,
    given: ClaimGiven,
    item: Evidence,
    requirement: Requirement,
    address: str,
    *,
    lenient: bool = False,
) -> Claim:
    """Return the claim with what was given; ``lenient`` keeps a place that cannot be read as a heading.

    Raises:
        UnknownReference: there is no such component or attached file.
        InvalidInput: its words cannot be used.
    """
    locator, ticked = claim.locator, claim.component_ids
    if given.place is not None:
        locator = _typed_place(given.place, item) if lenient else _locator(given.place, item)
    if given.locator is not None:
        locator = Locator(**{name: line(part, f"The {name}") for name, part in asdict(given.locator).items()})
    if given.components is not None:
        ticked = _components(given.components, requirement, address)
    if given.component_ids is not None:
        ticked = _ticked(given.component_ids, requirement, address)
    return replace(
        claim,
        why=claim.why if given.why is None else prose(given.why, "The reason"),
        quotation=claim.quotation if given.quotation is None else prose(given.quotation, "The quotation"),
        locator=locator,
        component_ids=ticked,
    )


def _typed_place(place: str, item: Evidence) -> Locator:
    try:
        return _locator(place, item)
    except KnownError:
        return Locator(heading=line(place, "The place"))


def _locator(place: str, item: Evidence) -> Locator:
    locator = Locator.parse(line(place, "The place"))
    if not locator.attachment:
        return locator
    for attachment in item.attachments:
        if attachment.name.casefold() == locator.attachment.casefold():
            return replace(locator, attachment=attachment.name)
    attached = ", ".join(attachment.name for attachment in item.attachments) or "none"
    raise UnknownReference(f"{item.ref} has no attached file “{locator.attachment}” (attached: {attached}).")


def _ticked(ids: Collection[str], requirement: Requirement, address: str) -> frozenset[str]:
    if not frozenset(ids) <= {component.id for component in requirement.components}:
        raise UnknownReference(f"A component of {address} is not there any more; look at it again.")
    return frozenset(ids)


def _components(numbers: Sequence[int], requirement: Requirement, address: str) -> frozenset[str]:
    count = len(requirement.components)
    if numbers and not count:
        raise UnknownReference(f"{address} has no components to tick.")
    chosen: set[str] = set()
    for number in numbers:
        if number == ALL_COMPONENTS:
            chosen.update(component.id for component in requirement.components)
        elif 1 <= number <= count:
            chosen.add(requirement.components[number - 1].id)
        else:
            raise UnknownReference(f"{address} has components 1 to {count}, so there is no component {number}.")
    return frozenset(chosen)
