"""The people a portfolio names: witnesses, assessors, colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import Person, PersonPart
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
