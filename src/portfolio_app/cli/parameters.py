"""Arguments and options that several commands share, and how their words are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from portfolio_app.domain.errors import InvalidInput

if TYPE_CHECKING:
    from portfolio_app.domain.qualification import AssessmentMethod
    from portfolio_app.services.people import PersonGiven

STANDARD_INPUT = "-"
PAGE_SIZES = ("A4", "Letter")

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The portfolio: its folder or its .portfolio file.")]
EvidenceRef = Annotated[str, typer.Argument(metavar="EVIDENCE", help="The item's reference, such as E1.")]
Address = Annotated[
    str,
    typer.Argument(
        metavar="REQUIREMENT",
        help="The requirement's address, such as U1/MP3; with its path (U1/LO2/2.1) where a ref repeats.",
    ),
]
UnitCode = Annotated[str, typer.Argument(metavar="UNIT", help="The unit's code, such as U1, or its reference.")]
Columns = Annotated[
    str,
    typer.Option(
        metavar="HOLDS",
        help="What the columns of a table hold, such as ref=A,text=C,parent=B, by letter, number or heading: "
        "ref, text, kind, parent, outcome-ref, outcome, notes, unit, unit-ref, level, credits, mandatory. "
        "Guessed where it is not said.",
    ),
]
Sheet = Annotated[str, typer.Option(metavar="NAME", help="The sheet of a workbook, or “all”; else the likeliest one.")]
Nesting = Annotated[
    str,
    typer.Option(
        metavar="HOW",
        help="How a table is nested: parent, outcome, prefix, indent or none. Guessed where it is not said.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
Person = Annotated[
    list[str] | None,
    typer.Option(
        "--person",
        metavar="WHO",
        help='A person, as "Name;role=Manager;relation=line manager;part=witness;signed=2026-03-01"; may be repeated. '
        "Parts: witness, observer, author, participant. Also: organisation=, status=, email=.",
    ),
]
Tag = Annotated[list[str] | None, typer.Option("--tag", metavar="WORD", help="A word to find it by; may be repeated.")]
Location = Annotated[
    str | None, typer.Option("--location", metavar="PLACE", help="Where the original is: a place at work or a link.")
]
Description = Annotated[
    str | None, typer.Option("--describe", metavar="TEXT", help="What the original at that place is.")
]
Method = Annotated[
    str | None,
    typer.Option("--method", metavar="METHOD", help="The assessment method, where it is not the kind's usual one."),
]

PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", metavar="FILE", help="A package's password is the first line of this text file."),
]


class StandingWord(StrEnum):
    """Where evidence is, as one word on the command line."""

    ATTACHED = "attached"
    LINKED = "linked"
    HELD = "held"
    SEEN = "seen"


class VerdictWord(StrEnum):
    """An assessor's decision, as one word on the command line."""

    MET = "met"
    NOT_YET = "not-yet"
    MORE = "more"


Standing = Annotated[StandingWord | None, typer.Option("--standing", help="Where the evidence is.")]

_Choice = TypeVar("_Choice", bound=StrEnum)


def choice_from(text: str, choices: type[_Choice], what: str) -> _Choice:
    """Return the choice that these words name; case, hyphens and underscores do not matter.

    Raises:
        InvalidInput: they name none.
    """
    wanted = _plain(text)
    for choice in choices:
        if wanted in (_plain(choice.value), _plain(choice.name)):
            return choice
    known = ", ".join(choice.value for choice in choices)
    raise InvalidInput(f"“{text}” is not {what}; choose one of {known}.")


def page_size_from(text: str) -> str:
    """Return the page size that this word names.

    Raises:
        InvalidInput: it names none.
    """
    sizes = {size.casefold(): size for size in PAGE_SIZES}
    if text.casefold() not in sizes:
        raise InvalidInput(f"“{text}” is not a page size; choose {' or '.join(PAGE_SIZES)}.")
    return sizes[text.casefold()]


def method_from(text: str | None) -> AssessmentMethod | None:
    """Return the assessment method that these words name."""
    from portfolio_app.domain.qualification import AssessmentMethod  # start-up time

    return None if text is None else choice_from(text, AssessmentMethod, "an assessment method")


def password_from(file: Path | None, *, ask: bool = False, twice: bool = False) -> str:
    """Return the password in a file's first line, or the one that is typed when asked; nothing where there is none.

    Raises:
        InvalidInput: the file cannot be read or has no first line.
    """
    from portfolio_app.services.text_input import decode, read_bounded

    if file is not None:
        lines = decode(read_bounded(file), f"“{file.name}”").splitlines()
        if not lines or not lines[0]:
            raise InvalidInput(f"“{file.name}” does not begin with a password.")
        return lines[0]
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=twice, err=True)) if ask else ""


def person_from(text: str) -> PersonGiven:
    """Read ``Name;role=…;part=witness;signed=2026-03-01``.

    Raises:
        InvalidInput: there is no name, a word before ``=`` is not known, or a date is none.
    """
    from portfolio_app.domain.evidence import PersonPart
    from portfolio_app.services.people import PersonGiven
    from portfolio_app.services.text_input import day

    name, *details = text.split(";")
    words = dict.fromkeys(("role", "organisation", "relation", "status", "email"), "")
    part: PersonPart | None = None
    signed_on: date | None = None
    for detail in details:
        key, equals, value = (piece.strip() for piece in detail.partition("="))
        if not detail.strip():
            continue
        if key == "part":
            part = choice_from(value, PersonPart, "a part in evidence")
        elif key == "signed":
            signed_on = day(value)
        elif equals and key in words:
            words[key] = value
        else:
            known = ", ".join((*words, "part", "signed"))
            raise InvalidInput(
                f"“{detail.strip()}” says nothing of a person; after the name write {known} as word=value."
            )
    if not name.strip() or "=" in name:
        raise InvalidInput(f"“{text}” names nobody; begin with the name, as in “Jo Hill;role=Manager”.")
    return PersonGiven(
        name=name.strip(),
        role=words["role"],
        organisation=words["organisation"],
        relation=words["relation"],
        status=words["status"],
        email=words["email"],
        part=part,
        signed_on=signed_on,
    )


def component_numbers(words: Sequence[str] | None) -> tuple[int, ...] | None:
    """Read component numbers; ``all`` stands for every one of them.

    Raises:
        InvalidInput: a word is neither a number from 1 nor ``all``.
    """
    from portfolio_app.services.claims import ALL_COMPONENTS

    if words is None:
        return None
    numbers = []
    for word in words:
        for piece in word.split(","):
            cleaned = piece.strip()
            if cleaned.casefold() == "all":
                numbers.append(ALL_COMPONENTS)
            elif cleaned.isascii() and cleaned.isdigit() and int(cleaned[:9]) > 0:
                numbers.append(int(cleaned[:9]))
            elif cleaned:
                raise InvalidInput(f"“{cleaned}” is not a component; give its number as “unit show” prints it, or all.")
    return tuple(numbers)


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
