"""Collecting evidence: items, their words, files and people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import (
    Attachment,
    Evidence,
    EvidenceKind,
    EvidenceVersion,
    Involvement,
    Person,
    PersonPart,
)
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.services.attaching import file_copier, naming, with_files
from portfolio_app.services.claims import PlacedClaim, claims_of
from portfolio_app.services.evidence_given import EvidenceGiven, filled
from portfolio_app.services.people import PersonGiven, checked, find_person, put_given
from portfolio_app.services.references import evidence_number, find_evidence, find_kind
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioEditor

__all__ = [
    "EvidenceGiven",
    "EvidenceLine",
    "EvidenceView",
    "add_evidence",
    "edit_evidence",
    "list_evidence",
    "next_number",
    "portfolio_can_change",
    "remove_evidence",
    "restore_evidence",
    "show_evidence",
    "with_copied",
    "with_people",
]


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """An item in a list. ``date`` is as stored (ISO 8601), empty if unknown."""

    ref: str
    kind: str
    title: str
    date: str
    files: int
    claims: int


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """An item with all that hangs on it; ``people`` by id, ``versions`` the earlier ones, oldest first."""

    evidence: Evidence
    people: Mapping[str, Person]
    claims: Sequence[PlacedClaim]
    versions: Sequence[EvidenceVersion]


def list_evidence(portfolio: PortfolioFile, *, binned: bool = False) -> list[EvidenceLine]:
    """Return the items in reference order, or those in the bin."""
    with portfolio.read() as reader:
        items = reader.evidence_facts(binned=binned)
        facts = reader.facts({})
    files = Counter(attachment.evidence_id for attachment in facts.attachments)
    claims = Counter(claim.evidence_id for claim in facts.claims)
    return [
        EvidenceLine(f"E{item.number}", item.kind, item.title, item.date, files[item.id], claims[item.id])
        for item in items
    ]


def show_evidence(portfolio: PortfolioFile, ref: str) -> EvidenceView:
    """Return one item with its people and claims.

    Raises:
        UnknownReference: there is no such item.
    """
    with portfolio.read() as reader:
        item = find_evidence(reader, ref)
        named = {involvement.person_id for involvement in item.people}
        people = {person.id: person for person in reader.people() if person.id in named}
        return EvidenceView(item, people, claims_of(reader, item), reader.versions(item.id))


def add_evidence(
    portfolio: PortfolioFile, kind: EvidenceKind, given: EvidenceGiven, progress: Progress = no_progress
) -> tuple[Evidence, Changes]:
    """Add an item with its files and people; it gets the next reference.

    Raises:
        InvalidInput: there is no title, or something given cannot be used.
        StorageError: a file cannot be read or there is no room for it.
    """
    item = filled(Evidence(new_id(), 0, kind.id, ""), kind, given)
    people = [checked(person) for person in given.people]
    item = replace(item, number=next_number(portfolio))
    item = replace(item, attachments=with_copied(portfolio, item.attachments, given.files, progress))
    with portfolio.edit(f"Add evidence {item.ref}") as editor:
        editor.put_evidence(with_people(editor, item, kind, people))
        return editor.evidence(item.number), editor.changes


def edit_evidence(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    ref: str,
    given: EvidenceGiven,
    progress: Progress = no_progress,
) -> tuple[Evidence, Changes]:
    """Change what an item says, add files and people to it or take them off.

    An item whose kind is not known here (its file is in another portfolio or on another computer) can be changed in
    everything but its form.

    Raises:
        UnknownReference: there is no such item, or it has no such file or person.
        InvalidInput: something given cannot be used.
        StorageError: a file cannot be read or there is no room for it.
    """
    with portfolio.read() as reader:
        item = find_evidence(reader, ref)
        known = reader.people()
    kind = find_kind(kinds, item.kind) if given.fields else kinds.get(item.kind)
    item = filled(item, kind, given)
    item = _without(item, given.removed_files, [find_person(known, name) for name in given.removed_people])
    people = [checked(person) for person in given.people]
    portfolio_can_change(portfolio)
    item = replace(item, attachments=with_copied(portfolio, item.attachments, given.files, progress))
    with portfolio.edit(f"Change evidence {item.ref}") as editor:
        editor.put_evidence(with_people(editor, item, kind, people))
        return editor.evidence(item.number), editor.changes


def remove_evidence(portfolio: PortfolioFile, ref: str) -> tuple[Evidence, Changes]:
    """Put an item in the bin; its claims stop counting until it is brought back.

    Raises:
        UnknownReference: there is no such item.
    """
    with portfolio.read() as reader:
        item = find_evidence(reader, ref)
    with portfolio.edit(f"Remove evidence {item.ref}") as editor:
        editor.bin_evidence(item.id)
        return item, editor.changes


def restore_evidence(portfolio: PortfolioFile, ref: str) -> tuple[Evidence, Changes]:
    """Bring an item back from the bin.

    Raises:
        UnknownReference: there is no such item in the bin.
    """
    number = evidence_number(ref)
    with portfolio.read() as reader:
        found = next((item for item in reader.evidence_facts(binned=True) if item.number == number), None)
    if found is None:
        raise UnknownReference(f"There is no E{number} in the bin.")
    with portfolio.edit(f"Bring evidence E{number} back") as editor:
        editor.restore_evidence(found.id)
        return editor.evidence(number), editor.changes


def with_copied(
    portfolio: PortfolioFile, present: Sequence[Attachment], files: Sequence[Path], progress: Progress
) -> tuple[Attachment, ...]:
    """Copy files and return an item's attachments with them.

    Raises:
        InvalidInput: a file is empty, or its content is attached already.
        StorageError: a file cannot be read or there is no room for it.
    """
    copier = file_copier(portfolio)
    attachments = tuple(present)
    for place, path in enumerate(files, 1):
        copied = copier.copy(path, naming(progress, path, place, len(files)))
        attachments, told = with_files(attachments, [copied])
        if told:
            raise InvalidInput(told[0])
    return attachments


def with_people(
    editor: PortfolioEditor, item: Evidence, kind: EvidenceKind | None, people: Sequence[PersonGiven]
) -> Evidence:
    """Return the item with these people, who are found by name or put on the list inside an edit."""
    involvements = {involvement.person_id: involvement for involvement in item.people}
    usual = PersonPart.WITNESS if kind and kind.witnessed else PersonPart.PARTICIPANT
    for given in people:
        person = put_given(editor, given)
        current = involvements.get(person.id) or Involvement(person.id, given.part or usual)
        involvements[person.id] = replace(
            current, part=given.part or current.part, signed_on=given.signed_on or current.signed_on
        )
    return replace(item, people=tuple(involvements.values()))


def _without(item: Evidence, files: Sequence[str], people: Sequence[Person]) -> Evidence:
    attachments = list(item.attachments)
    for name in files:
        found = [attachment for attachment in attachments if attachment.name.casefold() == name.strip().casefold()]
        if not found:
            known = ", ".join(attachment.name for attachment in attachments) or "none"
            raise UnknownReference(f"{item.ref} has no attached file “{name}” (attached: {known}).")
        attachments.remove(found[0])
    gone = {person.id for person in people}
    for person in people:
        if person.id not in {involvement.person_id for involvement in item.people}:
            raise UnknownReference(f"{person.name} has no part in {item.ref}.")
    return replace(
        item,
        attachments=tuple(attachments),
        people=tuple(involvement for involvement in item.people if involvement.person_id not in gone),
    )


def next_number(portfolio: PortfolioFile) -> int:
    """Return the number for the next item; an edit that puts nothing leaves nothing, so it is not used up yet."""
    with portfolio.edit("Number the next item") as editor:
        return editor.next_evidence_number()


def portfolio_can_change(portfolio: PortfolioFile) -> None:
    """Fail before files are copied, not after, where nothing can be written."""
    with portfolio.edit("Look whether the portfolio can be changed"):
        pass
