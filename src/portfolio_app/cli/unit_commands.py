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
    from collections.abc import Sequence

    from portfolio_app.services.units_found import UnitFound

_SOURCES = (
    "A specification (PDF, Word, .odt, .rtf, web page, text), a guidance text, a table (.csv, .tsv, .xlsx, .ods), a "
    "framework of Mahara (.matrix), Moodle (.csv) or CASE (.json), or a unit in a TOML file."
)
_MOST_IN_FULL = 3  # units that --dry-run shows with all their requirements


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
    title: Annotated[str, typer.Option(metavar="TITLE", help="The unit's title, where the file does not say it.")] = "",
    ref: Annotated[str, typer.Option(metavar="REFERENCE", help="The unit's reference, such as M/506/2898.")] = "",
    level: Annotated[str, typer.Option(metavar="LEVEL", help="The unit's level.")] = "",
    only: Annotated[
        str,
        typer.Option(metavar="N,…", help="Only these of several units, by number: 2 or 1,4-6. --dry-run lists them."),
    ] = "",
    columns: Columns = "",
    sheet: Sheet = "",
    nesting: Nesting = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be stored, and store nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Read units from a specification, a text, a table or a framework and add them to the portfolio."""
    from portfolio_app.services.column_imports import ColumnsSaid
    from portfolio_app.services.unit_sources import import_units
    from portfolio_app.services.units import insert_units
    from portfolio_app.services.units_found import chosen_numbers, units_found_for

    said = ColumnsSaid(columns, sheet, nesting)
    read = import_units(file, title=title, reference=ref, level=level, said=said)
    if len(read.units) == 1 and not read.units[0].unit.title and sys.stdin is not None and sys.stdin.isatty():
        title, ref, level = (
            given or typer.prompt(question, default="", show_default=False, err=True)
            for given, question in ((title, "The unit's title"), (ref, "Its reference"), (level, "Its level"))
        )
        read = import_units(file, title=title, reference=ref, level=level, said=said)
    numbers = set(chosen_numbers(only, len(read.units)) if only else range(1, len(read.units) + 1))
    with reading(folder) if dry_run else editing(folder) as portfolio, naming_update():
        found = [each for each in units_found_for(portfolio, read.units) if each.number in numbers]
        # Of many units the sound ones come in; of one, or of those that are named, nothing is passed over.
        skipped = [each for each in found if each.problem] if len(found) > 1 and not only else []
        taken = [each for each in found if each not in skipped]
        units = [each.found.unit for each in taken]
        if not dry_run:
            if not all(unit.title for unit in units):
                raise InvalidInput("The file does not say what unit it is about: give --title (and --ref, --level).")
            if not units:
                raise InvalidInput(f"None of the {len(found)} units can be stored: {found[0].problem}")
            units, _ = insert_units(portfolio, units, "Import")
    if as_json:
        told = [
            {"number": each.number, "unit": json_views.unit(unit), "warnings": _warnings(each)}
            for unit, each in zip(units, taken, strict=True)
        ]
        left = [
            {"number": each.number, "title": each.found.unit.title, "reason": each.problem, "warnings": _warnings(each)}
            for each in skipped
        ]
        first = {"unit": told[0]["unit"], "warnings": told[0]["warnings"]} if told else {}
        say_json({"stored": not dry_run, "columns": read.columns, **first, "units": told, "skipped": left})
        return
    if read.columns:
        say(f"Read as a table: {read.columns}.")
    if dry_run:
        say("Nothing was stored. This would be:")
    if dry_run and len(found) > _MOST_IN_FULL and not only:
        say()
        _say_list(found)
        return
    if not dry_run:
        for unit in units:
            say(f"Imported {unit.code} {unit.title} ({_points(unit)}).")
    for unit, each in zip(units, taken, strict=True):
        _say_imported(unit, each, in_full=dry_run, named=len(units) > 1)
    for each in skipped:
        say_wrapped(f"Left out number {each.number}, “{each.found.unit.title}”: {each.problem}")


def _say_imported(unit: Unit, found: "UnitFound", *, in_full: bool, named: bool) -> None:
    """Print a unit with what is worth a look in it; if not in full, only that, under its name if it is ``named``."""
    if in_full:
        say()
        _say_unit(unit)
        _say_guidance(unit)
    elif named and found.doubts:
        say()
        say_wrapped(f"{unit.code} {unit.title}")
    _say_warnings(found)


def _warnings(found: "UnitFound") -> list[dict[str, object]]:
    return [{"line": warning.line, "page": warning.page, "message": warning.sentence} for warning in found.doubts]


def _doubtful(found: "UnitFound") -> int:
    return sum(not warning.certain for warning in found.doubts)


def _say_list(found: "Sequence[UnitFound]") -> None:
    """Print many units as a table; --only shows some of them in full."""
    rows = [
        (
            str(each.number),
            each.found.unit.title or "(no title)",
            each.found.unit.reference,
            str(each.page or ""),
            str(each.requirements),
            each.problem or (f"{doubtful} to look at" if (doubtful := _doubtful(each)) else ""),
        )
        for each in found
    ]
    say_table(("No", "Unit", "Reference", "Page", "Requirements", ""), rows)


def _say_warnings(found: "UnitFound") -> None:
    if not found.doubts:
        return
    say()
    has_pages = any(warning.page for warning in found.doubts)
    has_places = has_pages or any(warning.line for warning in found.doubts)
    places = [str((warning.page if has_pages else warning.line) or "") for warning in found.doubts]
    rows = [
        (place, warning.sentence)[0 if has_places else 1 :] for place, warning in zip(places, found.doubts, strict=True)
    ]
    say_table(("Page" if has_pages else "Line", "Worth a look") if has_places else ("Worth a look",), rows)


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
