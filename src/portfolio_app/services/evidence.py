"""Collecting evidence: items, their words, files and people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.dates import Period
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import (
    Attachment,
    Evidence,
    EvidenceKind,
    FieldValue,
    Involvement,
    Person,
    PersonPart,
    Standing,
    StandingKind,
)
from portfolio_app.domain.forms import validate_fields
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.qualification import AssessmentMethod
from portfolio_app.services.claims import PlacedClaim, claims_of
from portfolio_app.services.people import PersonGiven, checked, find_person, put_given
from portfolio_app.services.references import evidence_number, find_evidence, find_kind
from portfolio_app.services.text_input import line, prose
from portfolio_app.storage.files import clean_name, media_type
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioEditor

_HEAD = 4096  # bytes that tell what sort of file it is


@dataclass(frozen=True, slots=True)
class EvidenceGiven:
    """What an item is to say, as typed. ``None`` leaves it as it is, empty text clears it.

    ``fields`` are set by name, the others stay; an empty value clears one. ``people`` and ``files`` are added,
    ``removed_people`` and ``removed_files`` named by their names.
    """

    title: str | None = None
    date: str | None = None
    body: str | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    standing: StandingKind | None = None
    location: str | None = None
    standing_description: str | None = None
    method: AssessmentMethod | None = None
    simulated: bool | None = None
    confidential: bool | None = None
    tags: Sequence[str] | None = None
    people: Sequence[PersonGiven] = ()
    removed_people: Sequence[str] = ()
    files: Sequence[Path] = ()
    removed_files: Sequence[str] = ()


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
    """An item with all that hangs on it; ``people`` by id."""

    evidence: Evidence
    people: Mapping[str, Person]
    claims: Sequence[PlacedClaim]


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
        return EvidenceView(item, people, claims_of(reader, item))


def add_evidence(
    portfolio: PortfolioFile, kind: EvidenceKind, given: EvidenceGiven, progress: Progress = no_progress
) -> tuple[Evidence, Changes]:
    """Add an item with its files and people; it gets the next reference.

    Raises:
        InvalidInput: there is no title, or something given cannot be used.
        StorageError: a file cannot be read or there is no room for it.
    """
    item = _filled(Evidence(new_id(), 0, kind.id, ""), kind, given)
    people = [checked(person) for person in given.people]
    item = replace(item, number=_next_number(portfolio))
    item = replace(item, attachments=_stored(portfolio, item.attachments, given.files, progress))
    with portfolio.edit(f"Add evidence {item.ref}") as editor:
        editor.put_evidence(_with_people(editor, item, kind, people))
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
    item = _filled(item, kind, given)
    item = _without(item, given.removed_files, [find_person(known, name) for name in given.removed_people])
    people = [checked(person) for person in given.people]
    _portfolio_can_change(portfolio)
    item = replace(item, attachments=_stored(portfolio, item.attachments, given.files, progress))
    with portfolio.edit(f"Change evidence {item.ref}") as editor:
        editor.put_evidence(_with_people(editor, item, kind, people))
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


def _filled(item: Evidence, kind: EvidenceKind | None, given: EvidenceGiven) -> Evidence:
    problems = validate_fields(kind, given.fields, item.fields) if kind else ()
    if problems:
        raise InvalidInput(problems[0])
    fields = {name: value for name, value in {**item.fields, **given.fields}.items() if value}
    return replace(
        item,
        title=line(item.title if given.title is None else given.title, "The title", required=True),
        date=item.date if given.date is None else _period(given.date),
        body=item.body if given.body is None else prose(given.body, "The text"),
        fields={name: _cleaned(value, kind, name) for name, value in fields.items()},
        standing=_standing(item.standing, given),
        method=given.method or item.method,
        simulated=item.simulated if given.simulated is None else given.simulated,
        confidential=item.confidential if given.confidential is None else given.confidential,
        tags=item.tags if given.tags is None else _tags(given.tags),
    )


def _period(text: str) -> Period | None:
    return Period.parse(text) if text.strip() else None


def _cleaned(value: FieldValue, kind: EvidenceKind | None, name: str) -> FieldValue:
    definition = kind.field(name) if kind else None
    what = f"“{definition.label if definition else name}”"
    if isinstance(value, str):
        return prose(value, what)
    return tuple({column: prose(cell, what) for column, cell in row.items()} for row in value)


def _standing(current: Standing, given: EvidenceGiven) -> Standing:
    kind, location = given.standing, given.location
    if kind is None and location:
        # A place was named without saying what it is: an address is a link, anything else a shelf at work.
        kind = (
            StandingKind.LINKED if location.strip().lower().startswith(("http://", "https://")) else StandingKind.HELD
        )
    standing = replace(
        current,
        kind=kind or current.kind,
        location=current.location if location is None else line(location, "The location"),
        description=current.description
        if given.standing_description is None
        else prose(given.standing_description, "The description"),
    )
    if given.standing in (StandingKind.LINKED, StandingKind.HELD) and not standing.location:
        raise InvalidInput(f"Evidence that is {given.standing} needs its location.")
    return standing


def _tags(tags: Sequence[str]) -> tuple[str, ...]:
    cleaned = (line(tag, "A tag") for tag in tags)
    return tuple(dict.fromkeys(tag for tag in cleaned if tag))


def _stored(
    portfolio: PortfolioFile, present: Sequence[Attachment], files: Sequence[Path], progress: Progress
) -> tuple[Attachment, ...]:
    attachments = list(present)
    for place, path in enumerate(files, 1):
        name = clean_name(path.name)
        size_given = path.stat().st_size if path.is_file() else None
        if size_given == 0:
            raise InvalidInput(f"“{name}” is empty and was not added.")
        counted = f" ({place} of {len(files)})" if len(files) > 1 else ""

        def report(done: int, total: int, what: str, shown: str = f"Attaching {name}{counted}") -> None:
            del what
            progress(done, total, shown)

        stored = portfolio.files.add(path, report)
        twin = next((other for other in attachments if other.sha256 == stored.sha256), None)
        if twin is not None:
            raise InvalidInput(f"“{name}” was not added: its content is attached already, as “{twin.name}”.")
        taken = {other.name.casefold() for other in attachments}
        attachments.append(
            Attachment(
                id=new_id(),
                name=_free_name(name, taken),
                sha256=stored.sha256,
                size=stored.size,
                media_type=media_type(name, _head(portfolio.files.path(stored.sha256))),
            )
        )
    return tuple(attachments)


def _free_name(name: str, taken: set[str]) -> str:
    """Number a name that another file of the item has, so that a claim can say which one it means."""
    stem, suffix = Path(name).stem, Path(name).suffix
    free, number = name, 2
    while free.casefold() in taken:
        free, number = f"{stem} ({number}){suffix}", number + 1
    return free


def _head(path: Path | None) -> bytes:
    if path is None:
        return b""
    with path.open("rb") as file:
        return file.read(_HEAD)


def _with_people(
    editor: PortfolioEditor, item: Evidence, kind: EvidenceKind | None, people: Sequence[PersonGiven]
) -> Evidence:
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


def _next_number(portfolio: PortfolioFile) -> int:
    """Return the number for the next item; an edit that puts nothing leaves nothing, so it is not used up yet."""
    with portfolio.edit("Number the next item") as editor:
        return editor.next_evidence_number()


def _portfolio_can_change(portfolio: PortfolioFile) -> None:
    """Fail before files are copied, not after, where nothing can be written."""
    with portfolio.edit("Look whether the portfolio can be changed"):
        pass
