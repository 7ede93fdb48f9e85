"""The units that a file holds, as one chooses from them: what each is called, how much it asks for, what is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.qualification import Unit
from portfolio_app.domain.unit_checks import unit_problems
from portfolio_app.domain.unit_versions import older_version
from portfolio_app.importing.imported_unit import ImportedUnit, UnitWarning
from portfolio_app.services.unit_drafts import doubts
from portfolio_app.storage.portfolio_file import PortfolioFile

_RANGE: Final = re.compile(r"(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class UnitFound:
    """A unit of a file.

    Attributes:
        number: Its place in the file, from 1.
        found: What was read.
        requirements: How many requirements evidence would be claimed against.
        doubts: What is worth a look before it is stored.
        code: That of the same unit in the portfolio, empty where it is not there.
        problem: Why it cannot be stored as it is, empty where it can.
    """

    number: int
    found: ImportedUnit
    requirements: int
    doubts: tuple[UnitWarning, ...]
    code: str
    problem: str

    @property
    def page(self) -> int | None:
        """The page that it begins on."""
        return next((page for page in self.found.pages if page), None)


def units_found(units: Sequence[ImportedUnit], present: Sequence[Unit] = ()) -> tuple[UnitFound, ...]:
    """Return the units of a file with what keeps each from being stored in a portfolio that has those units."""
    found: list[UnitFound] = []
    before: list[Unit] = []
    for number, each in enumerate(units, 1):
        unit = each.unit
        same = older_version(present, unit) if unit.title else None
        twin = older_version(before, unit) if unit.title else None
        problem = next(unit_problems(unit), "")
        if not problem and same is not None:
            problem = f"The portfolio has it already, as {same.code}."
        elif not problem and twin is not None:
            problem = f"It is called like number {before.index(twin) + 1}."
        before.append(unit)
        leaves = sum(1 for _ in unit.leaves())
        found.append(UnitFound(number, each, leaves, doubts(each), same.code if same else "", problem))
    return tuple(found)


def units_found_for(portfolio: PortfolioFile, units: Sequence[ImportedUnit]) -> tuple[UnitFound, ...]:
    """Return the units of a file with what keeps each from being stored in this portfolio."""
    with portfolio.read() as reader:
        return units_found(units, reader.units())


def chosen_numbers(text: str, count: int) -> list[int]:
    """Read which of some units are meant: "3", "1,4-6".

    Raises:
        InvalidInput: it is no such list, or names one that is not there.
    """
    chosen: dict[int, None] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise InvalidInput(f"“{part}” is no number of a unit; write them as 1,4-6.")
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= count:
            held = "one unit" if count == 1 else f"{count} units"
            raise InvalidInput(f"There is no unit {part}: the file holds {held}.")
        chosen |= dict.fromkeys(range(first, last + 1))
    if not chosen:
        raise InvalidInput("Say which units are meant, such as 1,4-6.")
    return sorted(chosen)
