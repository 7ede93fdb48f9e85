"""Adding and removing units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.qualification import Unit, find_unit
from portfolio_app.services.unit_checking import checked_unit, refuse_twin
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioEditor


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """What hangs on a unit: the claims and decisions on its requirements."""

    claims: int
    decisions: int


def insert_units(portfolio: PortfolioFile, units: Sequence[Unit], verb: str = "Add") -> tuple[list[Unit], Changes]:
    """Put units into the portfolio as one step and return them with the codes they got.

    Raises:
        InvalidInput: something of a unit cannot be stored, or one of its reference or title is there already.
    """
    with portfolio.read() as reader:
        present = list(reader.units())
    units = [checked_unit(unit) for unit in units]
    for unit in units:
        refuse_twin(unit, present)
        present.append(unit)
    with portfolio.edit(_step(portfolio, verb, units)) as editor:
        return [_insert(editor, unit) for unit in units], editor.changes


def remove_unit(portfolio: PortfolioFile, code: str) -> tuple[tuple[Unit, UnitCounts], Changes]:
    """Take a unit out together with the claims on it. Its decisions must not vanish, so a unit that has any stays.

    Raises:
        UnknownReference: there is no such unit.
        InvalidInput: an assessor has decided on it.
    """
    with portfolio.read() as reader:
        unit = find_unit(reader.units(), code)
        ids = {requirement.id for _, requirement in unit.walk()}
        counts = UnitCounts(
            claims=sum(claim.requirement_id in ids for claim in reader.claims()),
            decisions=sum(decision.requirement_id in ids for decision in reader.decisions()),
        )
    if counts.decisions:
        raise InvalidInput(
            f"{unit.code} has decisions by an assessor, which are kept for good, so it cannot be removed."
        )
    with portfolio.edit(f"Remove unit {unit.code} {unit.title}") as editor:
        editor.remove_unit(unit.id)
        return (unit, counts), editor.changes


def list_units(portfolio: PortfolioFile) -> tuple[Unit, ...]:
    """Return the portfolio's units in code order."""
    with portfolio.read() as reader:
        return reader.units()


def _insert(editor: PortfolioEditor, unit: Unit) -> Unit:
    coded = replace(unit, code=editor.next_unit_code())
    editor.put_unit(coded)
    return coded


def _step(portfolio: PortfolioFile, verb: str, units: Sequence[Unit]) -> str:
    if len(units) != 1:
        return f"{verb} {len(units):,} units"
    # An edit that puts nothing leaves nothing: this only looks which code is next.
    with portfolio.edit("Look for the next unit code") as editor:
        return f"{verb} unit {editor.next_unit_code()} {units[0].title}"
