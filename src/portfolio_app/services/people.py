"""The people a portfolio names: witnesses, assessors, colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import Involvement, Person, PersonPart
from portfolio_app.domain.identifiers import new_id
from portfolio_app.services.text_input import line
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioEditor


@dataclass(frozen=True, slots=True)
class PersonGiven:
    """A person as typed. Empty words leave what is known of them as it is.

    ``part`` and ``signed_on`` are their part in one evidence item; ``None`` leaves those too.
    """

    name: str
    role: str = ""
    organisation: str = ""
    relation: str = ""
    status: str = ""
    email: str = ""
    part: PersonPart | None = None
    signed_on: date | None = None


def checked(given: PersonGiven) -> PersonGiven:
    """Return the person with clean words.

    Raises:
        InvalidInput: there is no name, or a word cannot be used.
    """
    return replace(
        given,
        name=line(given.name, "A person’s name", required=True),
        role=line(given.role, f"The role of {given.name}"),
        organisation=line(given.organisation, f"The organisation of {given.name}"),
        relation=line(given.relation, f"The relation of {given.name}"),
        status=line(given.status, f"The status of {given.name}"),
        email=line(given.email, f"The e-mail address of {given.name}"),
    )


def find_person(people: Sequence[Person], name: str) -> Person:
    """Return the person with this name, case ignored.

    Raises:
        UnknownReference: nobody has it.
    """
    for person in people:
        if person.name.casefold() == name.strip().casefold():
            return person
    known = ", ".join(person.name for person in people) or "nobody yet"
    raise UnknownReference(f"The portfolio names no “{name}” (it names: {known}).")


def put_given(editor: PortfolioEditor, given: PersonGiven) -> Person:
    """Find the person by name, or add them, with what was newly given, inside an edit."""
    known = {person.name.casefold(): person for person in editor.people()}
    current = known.get(given.name.casefold()) or Person(new_id(), given.name)
    person = replace(
        current,
        role=given.role or current.role,
        organisation=given.organisation or current.organisation,
        relation=given.relation or current.relation,
        status=given.status or current.status,
        email=given.email or current.email,
    )
    if known.get(given.name.casefold()) != person:
        editor.put_person(person)
    return person


def add_person(portfolio: PortfolioFile, given: PersonGiven) -> tuple[Person, Changes]:
    """Put a person on the list.

    Raises:
        InvalidInput: the name is there already, is empty, or a word cannot be used.
    """
    given = checked(given)
    with portfolio.edit(f"Add {given.name}") as editor:
        if any(person.name.casefold() == given.name.casefold() for person in editor.people()):
            raise InvalidInput(f"{given.name} is on the list already; “person edit” changes what it says.")
        return put_given(editor, given), editor.changes


def edit_person(portfolio: PortfolioFile, given: PersonGiven) -> tuple[Person, Changes]:
    """Change what is known of a person.

    Raises:
        UnknownReference: nobody has this name.
        InvalidInput: a word cannot be used.
    """
    given = checked(given)
    with portfolio.edit(f"Change {given.name}") as editor:
        find_person(editor.people(), given.name)
        return put_given(editor, given), editor.changes


def list_people(portfolio: PortfolioFile) -> list[Person]:
    """Return everybody the portfolio names."""
    with portfolio.read() as reader:
        return reader.people()


@dataclass(frozen=True, slots=True)
class PersonUse:
    """A person with the parts they have: each item's id and reference, in the bin or not, and the part."""

    person: Person
    parts: tuple[tuple[str, str, Involvement], ...]


def people_register(portfolio: PortfolioFile) -> list[PersonUse]:
    """Return everybody the portfolio names, by name, with what they are named in."""
    with portfolio.read() as reader:
        items = sorted(reader.evidence_summaries().values(), key=lambda item: item.number)
        named = reader.involvements()
        people = reader.people()
    parts: dict[str, list[tuple[str, str, Involvement]]] = {}
    for item in items:
        for involvement in named.get(item.id, ()):
            parts.setdefault(involvement.person_id, []).append((item.id, item.ref, involvement))
    return [PersonUse(person, tuple(parts.get(person.id, ()))) for person in people]


def put_person(portfolio: PortfolioFile, person: Person) -> tuple[Person, Changes]:
    """Change all that is known of a person, or add them; empty words clear what was known.

    Raises:
        InvalidInput: there is no name, somebody else has it, or a word cannot be used.
    """
    given = checked(
        PersonGiven(person.name, person.role, person.organisation, person.relation, person.status, person.email)
    )
    person = Person(person.id, given.name, given.role, given.organisation, given.relation, given.status, given.email)
    with portfolio.read() as reader:
        known = reader.people()
    if any(other.id != person.id and other.name.casefold() == person.name.casefold() for other in known):
        raise InvalidInput(f"{person.name} is on the list already; choose them there, or merge the two.")
    verb = "Change" if any(other.id == person.id for other in known) else "Add"
    with portfolio.edit(f"{verb} {person.name}") as editor:
        editor.put_person(person)
        return person, editor.changes


def merge_people(portfolio: PortfolioFile, kept_id: str, other_id: str) -> tuple[Person, Changes]:
    """Make two entries for one person one: what only the other knew is kept, and so are the other's parts.

    Where both have a part in an item, the kept one's part stays; a signature of either counts.

    Raises:
        UnknownReference: one of them is not there any more.
        InvalidInput: both are the same entry.
    """
    if kept_id == other_id:
        raise InvalidInput("These are the same person already.")
    with portfolio.read() as reader:
        kept, other = reader.person(kept_id), reader.person(other_id)
        touched = [
            reader.evidence_by_id(evidence_id)
            for evidence_id, parts in reader.involvements().items()
            if any(part.person_id == other_id for part in parts)
        ]
    person = Person(
        kept.id,
        kept.name,
        kept.role or other.role,
        kept.organisation or other.organisation,
        kept.relation or other.relation,
        kept.status or other.status,
        kept.email or other.email,
    )
    with portfolio.edit(f"Merge {other.name} into {kept.name}") as editor:
        editor.put_person(person)
        for item in touched:
            editor.put_evidence(replace(item, people=_merged(item.people, kept_id, other_id)))
        editor.remove_person(other_id)
        return person, editor.changes


def _merged(parts: Sequence[Involvement], kept_id: str, other_id: str) -> tuple[Involvement, ...]:
    found: dict[str, Involvement] = {}
    ours = next((part for part in parts if part.person_id == kept_id), None)
    for part in parts:
        if part.person_id in (kept_id, other_id):
            stays = ours or replace(part, person_id=kept_id)
            signed = stays.signed_on or next((each.signed_on for each in parts if each.person_id == other_id), None)
            found.setdefault(kept_id, replace(stays, signed_on=signed))
        else:
            found.setdefault(part.person_id, part)
    return tuple(found.values())


def remove_people(portfolio: PortfolioFile, person_ids: Sequence[str]) -> tuple[list[Person], Changes]:
    """Take people off the list in one step.

    Raises:
        UnknownReference: one is not there any more.
        Conflict: an item, in the bin or not, still names one of them; nothing was changed.
    """
    with portfolio.read() as reader:
        people = [reader.person(person_id) for person_id in person_ids]
    name = people[0].name if len(people) == 1 else f"{len(people):,} people"
    with portfolio.edit(f"Remove {name} from the list") as editor:
        for person in people:
            editor.remove_person(person.id)
        return people, editor.changes


def remove_unused_people(portfolio: PortfolioFile) -> tuple[list[Person], Changes]:
    """Take everybody off the list whom no item names, in one step."""
    return remove_people(portfolio, [use.person.id for use in people_register(portfolio) if not use.parts])
