"""Commands on units: show, add, import, export, remove."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portfolio_app.cli import json_views
from portfolio_app.cli.opening import editing, reading
from portfolio_app.cli.output import say, say_json, say_table, say_wrapped
from portfolio_app.cli.parameters import Columns, Folder, Json, Nesting, Sheet, UnitCode
from portfolio_app.cli.unit_update_commands import naming_update
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.qualification import Requirement, Unit

if TYPE_CHECKING:
    from portfolio_app.importing.imported_unit import ImportedUnit

_SOURCES = (
    "A guidance text, a table (.csv, .tsv, .xlsx, .ods), a framework of Mahara (.matrix), Moodle (.csv) or CASE "
    "(.json), or a unit in a TOML file."
)


def show(
    folder: Folder,
    unit: Annotated[str | None, typer.Argument(metavar="[UNIT]", help="Only this unit.")] = None,
    guidance: Annotated[bool, typer.Option("--guidance", help="Also print the advice on each unit.")] = False,
    as_json: Json = False,
) -> None:
    """Show the units with their requirements and numbered components."""
    from portfolio_app.domain.qualification import find_unit
    from portfolio_app.services.units import list_units

    with reading(folder) as portfolio:
        units = list_units(portfolio)
    if unit is not None:
        units = (find_unit(units, unit),)
    if as_json:
        say_json([json_views.unit(each) for each in units])
        return
    if not units:
        say("The portfolio has no units yet.")
    for number, each in enumerate(units):
        if number:
            say()
        _say_unit(each)
        if guidance:
            _say_guidance(each)


def add(
    folder: Folder,
    source: Annotated[str, typer.Argument(metavar="ID_OR_FILE", help="A unit of the library, or a TOML file.")],
    as_json: Json = False,
) -> None:
    """Add a unit of the library, or one from a TOML file."""
    from portfolio_app.services.unit_sources import unit_from
    from portfolio_app.services.units import insert_units

    unit = unit_from(source)
    with editing(folder) as portfolio, naming_update():
        (stored,), _ = insert_units(portfolio, [unit])
        if as_json:
            say_json(json_views.unit(stored))
        else:
            say(f"Added {stored.code} {stored.title} ({_points(stored)}).")


def import_text(
    folder: Folder,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_SOURCES)],
    title: Annotated[str, typer.Option(metavar="TITLE", help="The unit's title; a guidance text has none.")] = "",
    ref: Annotated[str, typer.Option(metavar="REFERENCE", help="The unit's reference, such as M/506/2898.")] = "",
    level: Annotated[str, typer.Option(metavar="LEVEL", help="The unit's level.")] = "",
    columns: Columns = "",
    sheet: Sheet = "",
    nesting: Nesting = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be stored, and store nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Read units from a text, a table or a framework and add them to the portfolio."""
    from portfolio_app.services.column_imports import ColumnsSaid
    from portfolio_app.services.unit_sources import import_units
    from portfolio_app.services.units import insert_units

    said = ColumnsSaid(columns, sheet, nesting)
    found = import_units(file, title=title, reference=ref, level=level, said=said)
    if len(found.units) == 1 and not found.units[0].unit.title and sys.stdin is not None and sys.stdin.isatty():
        title, ref, level = (
            given or typer.prompt(question, default="", show_default=False, err=True)
            for given, question in ((title, "The unit's title"), (ref, "Its reference"), (level, "Its level"))
        )
        found = import_units(file, title=title, reference=ref, level=level, said=said)
    units = [each.unit for each in found.units]
    if dry_run:
        with reading(folder):
            pass
    elif not all(unit.title for unit in units):
        raise InvalidInput("The file does not say what unit it is about: give --title (and --ref, --level).")
    else:
        with editing(folder) as portfolio, naming_update():
            units, _ = insert_units(portfolio, units, "Import")
            if not as_json:
                for unit in units:
                    say(f"Imported {unit.code} {unit.title} ({_points(unit)}).")
    warnings = [_warnings(each) for each in found.units]
    if as_json:
        told = [
            {"unit": json_views.unit(unit), "warnings": listed} for unit, listed in zip(units, warnings, strict=True)
        ]
        say_json({"stored": not dry_run, "columns": found.columns, **told[0], "units": told})
        return
    if found.columns:
        say(f"Read as a table: {found.columns}.")
    if dry_run:
        say("Nothing was stored. This would be:")
    for unit, each in zip(units, found.units, strict=True):
        if dry_run:
            say()
            _say_unit(unit)
            _say_guidance(unit)
        _say_warnings(each)


def _warnings(found: "ImportedUnit") -> list[dict[str, object]]:
    return [{"line": warning.line, "message": warning.sentence} for warning in found.warnings]


def _say_warnings(found: "ImportedUnit") -> None:
    if found.warnings:
        say()
        has_lines = any(warning.line for warning in found.warnings)
        rows = [(str(warning.line or ""), warning.sentence)[0 if has_lines else 1 :] for warning in found.warnings]
        say_table(("Line", "Worth a look") if has_lines else ("Worth a look",), rows)


def export(
    folder: Folder,
    unit: UnitCode,
    target: Annotated[
        Path,
        typer.Argument(metavar="OUT", help="The file to write: .toml, .matrix (Mahara), .csv (Moodle), .json (CASE)."),
    ],
    as_json: Json = False,
) -> None:
    """Write a unit to a file, for another portfolio or for the system that a centre uses."""
    from portfolio_app.crash import program_version
    from portfolio_app.services.unit_files import write_unit

    with reading(folder) as portfolio:
        written = write_unit(portfolio, unit, target, program_version())
    if as_json:
        say_json({"file": str(target), "unit": written.code})
    else:
        say(f"Wrote {written.code} {written.title} to {target}.")


def remove(folder: Folder, unit: UnitCode, as_json: Json = False) -> None:
    """Remove a unit and the claims on it; undo brings them back."""
    from portfolio_app.services.units import remove_unit

    with editing(folder) as portfolio:
        (removed, counts), _ = remove_unit(portfolio, unit)
        if as_json:
            say_json({"removed": removed.code, "title": removed.title, "claims": counts.claims})
        else:
            with_claims = f" with {counts.claims} claims" if counts.claims else ""
            say(f"Removed {removed.code} {removed.title}{with_claims}.")


def _points(unit: Unit) -> str:
    count = sum(1 for _ in unit.leaves())
    return f"{count} requirement{'' if count == 1 else 's'}"


def _say_unit(unit: Unit) -> None:
    facts = [unit.reference, f"level {unit.level}" if unit.level else ""]
    facts += [f"{unit.credits} credits" if unit.credits is not None else "", "" if unit.mandatory else "optional"]
    shown = ", ".join(fact for fact in facts if fact)
    say_wrapped(f"{f'{unit.code} ' if unit.code else ''}{unit.title}{f' ({shown})' if shown else ''}")
    if unit.is_guidance:
        say_wrapped("From revision guidance, not an awarding body's text.")
    say()
    addresses = unit.addresses()
    say_table(
        ("Address", "Requirement"),
        [
            (f"{'  ' * len(ancestors)}{addresses[requirement.id].removeprefix('/')}", _words(requirement))
            for ancestors, requirement in unit.walk()
        ],
    )


def _words(requirement: Requirement) -> str:
    lines = [requirement.text]
    lines += [f"  {number}. {component.text}" for number, component in enumerate(requirement.components, 1)]
    return "\n".join(lines)


def _say_guidance(unit: Unit) -> None:
    if not unit.guidance:
        return
    say()
    say_table(
        ("Advice", "Says"),
        [(item.kind.value, f"{item.title}: {item.text}" if item.title else item.text) for item in unit.guidance],
    )
