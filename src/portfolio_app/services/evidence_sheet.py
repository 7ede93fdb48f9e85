"""One evidence item with all that the page shows beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from portfolio_app.domain.claims import Decision
from portfolio_app.domain.coverage import CoverageState, cell_state
from portfolio_app.domain.errors import UnknownReference
from portfolio_app.domain.evidence import Attachment, Evidence, Person
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.services.claims import PlacedClaim
from portfolio_app.storage.files import FileState
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioReader


class AttachmentState(StrEnum):
    """Whether a stored file still is what it was when it was attached. The value is the word on screen."""

    PRESENT = "present"
    MISSING = "missing"
    ALTERED = "altered"
    UNREADABLE = "unreadable"


_STATES = {
    FileState.OK: AttachmentState.PRESENT,
    FileState.MISSING: AttachmentState.MISSING,
    FileState.CHANGED: AttachmentState.ALTERED,
    FileState.UNREADABLE: AttachmentState.UNREADABLE,
}


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """An attachment and the stored file; ``path`` is ``None`` when it is missing. The file is never written to."""

    attachment: Attachment
    path: Path | None
    state: AttachmentState


@dataclass(frozen=True, slots=True)
class ClaimInPlace(PlacedClaim):
    """A claim with where its requirement stands, outermost first, and what became of it."""

    unit: Unit
    ancestors: tuple[Requirement, ...]
    state: CoverageState
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class EvidenceSheet:
    """An item with its files, people by id, and claims in the order of the units.

    ``binned``: it is in the bin and can only be brought back or deleted.
    """

    evidence: Evidence
    binned: bool
    people: Mapping[str, Person]
    files: tuple[AttachedFile, ...]
    claims: tuple[ClaimInPlace, ...]


def evidence_for_editing(portfolio: PortfolioFile, evidence_id: str) -> EvidenceSheet:
    """Return an item, in the bin or not, with all that hangs on it.

    Of the files only presence and size are looked at; :func:`verify_attachment` reads one wholly.

    Raises:
        UnknownReference: there is no such item (any more).
    """
    with portfolio.read() as reader:
        item = reader.evidence_by_id(evidence_id)
        named = {involvement.person_id for involvement in item.people}
        return EvidenceSheet(
            evidence=item,
            binned=reader.is_binned(evidence_id),
            people={person.id: person for person in reader.people() if person.id in named},
            files=tuple(attached_file(portfolio, attachment) for attachment in item.attachments),
            claims=claims_in_place(reader, item),
        )


def attached_file(portfolio: PortfolioFile, attachment: Attachment) -> AttachedFile:
    """Return where an attachment's file is, and whether it seems to be what was attached (by its size)."""
    path = portfolio.files.path(attachment.sha256)
    state = AttachmentState.PRESENT
    try:
        if path is None:
            state = AttachmentState.MISSING
        elif path.stat().st_size != attachment.size:
            state = AttachmentState.ALTERED
    except OSError:
        state = AttachmentState.UNREADABLE
    return AttachedFile(attachment, path, state)


def verify_attachment(
    portfolio: PortfolioFile, attachment: Attachment, progress: Progress = no_progress
) -> AttachedFile:
    """Read an attachment's file wholly and say whether its content is what was attached."""
    state = portfolio.files.verify(attachment.sha256, progress)
    return AttachedFile(attachment, portfolio.files.path(attachment.sha256), _STATES[state])


def find_attachment(evidence: Evidence, attachment_id: str) -> Attachment:
    """Return one of an item's attachments.

    Raises:
        UnknownReference: it has no such attachment (any more).
    """
    for attachment in evidence.attachments:
        if attachment.id == attachment_id:
            return attachment
    raise UnknownReference(f"That file is not attached to {evidence.ref} any more.")


def claims_in_place(reader: PortfolioReader, item: Evidence) -> tuple[ClaimInPlace, ...]:
    """Return an item's claims in the order of the units' requirements."""
    claims = {claim.requirement_id: claim for claim in reader.claims(evidence_id=item.id)}
    if not claims:
        return ()
    decisions = {decision.requirement_id: decision for decision in reader.decisions()}
    placed = []
    for unit in reader.units():
        addresses = unit.addresses()
        for ancestors, leaf in unit.walk():
            claim = claims.get(leaf.id)
            if claim is not None:
                decision = decisions.get(leaf.id)
                placed.append(
                    ClaimInPlace(
                        claim=claim,
                        evidence_ref=item.ref,
                        address=addresses[leaf.id],
                        requirement=leaf,
                        unit=unit,
                        ancestors=ancestors,
                        state=cell_state(claim.has_place, decision),
                        decision=decision,
                    )
                )
    return tuple(placed)
