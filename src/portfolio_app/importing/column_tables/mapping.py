"""What the columns of a table hold, and how its requirements stand under one another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from portfolio_app.domain.errors import InvalidInput


class ColumnRole(StrEnum):
    """What a column holds. The values are the words of the command line."""

    REF = "ref"
    TEXT = "text"
    KIND = "kind"
    PARENT = "parent"
    OUTCOME_REF = "outcome-ref"
    OUTCOME = "outcome"
    NOTES = "notes"
    UNIT = "unit"
    UNIT_REF = "unit-ref"
    LEVEL = "level"
    CREDITS = "credits"
    MANDATORY = "mandatory"


class Nesting(StrEnum):
    """How a table says what stands under what. The values are the words of the command line."""

    PARENT = "parent"
    OUTCOME = "outcome"
    PREFIX = "prefix"
    INDENT = "indent"
    NONE = "none"


OFTEN: Final = frozenset({ColumnRole.TEXT, ColumnRole.NOTES})
"""What several columns may hold: texts of one level after the other, and notes."""

MOST_COLUMNS: Final = 60
"""Columns of a table that are looked at."""

_LETTERS: Final = re.compile(r"[A-Za-z]{1,2}")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How a table is to be read.

    ``roles`` holds for each column, from the left, what it holds, or ``None`` for what is passed over. ``header``
    is the place of the row with the headings, from 0, or ``None`` where the table begins with its first row.
    """

    roles: tuple[ColumnRole | None, ...]
    nesting: Nesting = Nesting.NONE
    header: int | None = 0

    def columns(self, role: ColumnRole) -> tuple[int, ...]:
        """Return the places of the columns that hold this, from the left."""
        return tuple(place for place, held in enumerate(self.roles) if held is role)

    def column(self, role: ColumnRole) -> int | None:
        """Return the place of the column that holds this, or ``None``."""
        return next(iter(self.columns(role)), None)

    def with_role(self, place: int, role: ColumnRole | None) -> ColumnMapping:
        """Return the mapping with another role for one column; what only one column can hold leaves the other one."""
        roles = [None if held is role and role not in OFTEN else held for held in self.roles]
        roles[place] = role
        return replace(self, roles=tuple(roles))


def mapping_problem(mapping: ColumnMapping) -> str:
    """Return a sentence that says why nothing can be read like this, or nothing."""
    if mapping.column(ColumnRole.TEXT) is None and mapping.column(ColumnRole.OUTCOME) is None:
        return "No column holds the text of the requirements: say which one does."
    if mapping.nesting is Nesting.PARENT and mapping.column(ColumnRole.PARENT) is None:
        return "To nest by the parent’s reference, say which column holds it."
    if mapping.nesting is Nesting.PARENT and mapping.column(ColumnRole.REF) is None:
        return "To nest by the parent’s reference, say which column holds the references."
    if mapping.nesting is Nesting.OUTCOME and not (
        mapping.columns(ColumnRole.OUTCOME) or mapping.columns(ColumnRole.OUTCOME_REF)
    ):
        return "To nest under outcomes, say which column holds them."
    return ""


def column_letter(place: int) -> str:
    """Return what a spreadsheet calls a column: A for 0, AA for 26."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def parse_columns(text: str, headings: Sequence[str]) -> tuple[ColumnRole | None, ...]:
    """Read what a user says of the columns, such as ``ref=A, text=Criterion, text=4``.

    A column is named by its heading, its letter, or its number from 1.

    Args:
        text: what the user said.
        headings: one for each column of the table, empty where there is none.

    Raises:
        InvalidInput: a word is no role, a column is not in the table, or two things are said of the same one.
    """
    roles: list[ColumnRole | None] = [None] * len(headings)
    for part in filter(None, (part.strip() for part in text.split(","))):
        word, equals, name = (piece.strip() for piece in part.partition("="))
        if not equals or not name:
            raise InvalidInput(f"“{part}” does not say which column holds what: write it like ref=A,text=C.")
        try:
            role = ColumnRole(word.casefold())
        except ValueError:
            known = ", ".join(ColumnRole)
            raise InvalidInput(f"“{word}” is nothing that a column can hold; the words are: {known}.") from None
        place = _place(name, headings)
        if roles[place] is not None:
            raise InvalidInput(f"Column {column_letter(place)} cannot be both {roles[place]} and {role}.")
        if role in roles and role not in OFTEN:
            raise InvalidInput(f"Two columns are said to be {role}; only one can.")
        roles[place] = role
    return tuple(roles)


def _place(name: str, headings: Sequence[str]) -> int:
    wanted = " ".join(name.split()).casefold()
    for place, heading in enumerate(headings):
        if " ".join(heading.split()).casefold() == wanted:
            return place
    place = -1
    if _LETTERS.fullmatch(name):
        for letter in name.upper():
            place = (place + 1) * 26 + ord(letter) - ord("A")
    elif name.isascii() and name.isdecimal() and len(name) < 4:
        place = int(name) - 1
    if not 0 <= place < len(headings):
        last = column_letter(len(headings) - 1)
        raise InvalidInput(f"The table has no column “{name}”: its columns are A to {last}.")
    return place
