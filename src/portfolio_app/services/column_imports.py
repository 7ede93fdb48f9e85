"""Units from tables: what the columns seem to hold, and what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.gap_facts import joined
from portfolio_app.importing.column_tables.guessing import (
    guess_header,
    guess_mapping,
    guess_nesting,
    guess_roles,
    headings_of,
)
from portfolio_app.importing.column_tables.mapping import (
    MOST_COLUMNS,
    ColumnMapping,
    ColumnRole,
    Nesting,
    column_letter,
    mapping_problem,
    parse_columns,
)
from portfolio_app.importing.column_tables.sheets import (
    LARGEST_WORKBOOK,
    MOST_ROWS,
    TABLE_SUFFIXES,
    TableSheet,
    is_table,
    is_text_table,
    read_text_table,
    read_workbook_sheets,
)
from portfolio_app.importing.column_tables.units import MOST_UNITS, read_units
from portfolio_app.importing.frameworks import read_framework
from portfolio_app.importing.imported_unit import ImportedUnit, UnitWarning
from portfolio_app.importing.text_decoding import MAX_TEXT_BYTES
from portfolio_app.services.text_input import read_bounded

__all__ = [
    "NOTHING_SAID",
    "TABLE_SUFFIXES",
    "ColumnMapping",
    "ColumnRole",
    "ColumnsSaid",
    "Nesting",
    "TableFile",
    "TableReading",
    "TableSheet",
    "column_letter",
    "columns_in_words",
    "guess_nesting",
    "guess_roles",
    "headings_of",
    "mapping_problem",
    "mapping_said",
    "open_table",
    "try_mapping",
    "units_of_table",
]


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file of one or more tables.

    ``guesses`` say what the columns of each seem to hold; ``likely`` is the place of the one that looks most like
    requirements.
    """

    name: str
    sheets: tuple[TableSheet, ...]
    guesses: tuple[ColumnMapping, ...]
    likely: int


@dataclass(frozen=True, slots=True)
class ColumnsSaid:
    """What a user said of a table on the command line; what is empty is guessed."""

    columns: str = ""
    sheet: str = ""
    nesting: str = ""

    def __bool__(self) -> bool:
        return bool(self.columns or self.sheet or self.nesting)


NOTHING_SAID: Final = ColumnsSaid()
"""Everything about a table is to be guessed."""


def open_table(path: Path, *, as_table: bool = False) -> TableFile | None:
    """Read a table file; ``None`` where the file is none, or a framework of another system that is read as such.

    Args:
        path: the file.
        as_table: whether it is one whatever its name and whatever else it may be.

    Raises:
        InvalidInput: it cannot be read, or is empty.
    """
    if not as_table and not is_table(path.name):
        return None
    if is_text_table(path.name) or not is_table(path.name):
        data = read_bounded(path, MAX_TEXT_BYTES)
        if not as_table and read_framework(data, path.name) is not None:
            return None
        sheets: tuple[TableSheet, ...] = (read_text_table(data, path.name),)
    else:
        read_bounded(path, LARGEST_WORKBOOK)  # says why a file cannot be read
        sheets = read_workbook_sheets(path)
    guesses = tuple(guess_mapping(sheet.rows) for sheet in sheets)
    return TableFile(path.name, sheets, guesses, _likely(sheets, guesses))


ALL_SHEETS: Final = "all"
"""Said in place of a sheet's name: every sheet is read alike."""


def mapping_said(table: TableFile, said: ColumnsSaid) -> tuple[TableSheet | None, ColumnMapping]:
    """Return the sheet (``None`` for all of them) and the mapping that a user said, and the guess for what was not.

    Raises:
        InvalidInput: there is no such sheet, column or way of nesting.
    """
    chosen = _sheet_named(table, said.sheet) if said.sheet else table.sheets[table.likely]
    sheet = chosen or table.sheets[table.likely]
    mapping = table.guesses[table.sheets.index(sheet)]
    if said.columns:
        headings = headings_of(sheet.rows, mapping.header, sheet.width)
        mapping = replace(mapping, roles=parse_columns(said.columns, headings))
        mapping = replace(mapping, nesting=guess_nesting(sheet.rows, mapping))
    if said.nesting:
        try:
            mapping = replace(mapping, nesting=Nesting(said.nesting.strip().casefold()))
        except ValueError:
            raise InvalidInput(
                f"“{said.nesting}” is no way in which a table is nested; there are: {', '.join(Nesting)}."
            ) from None
    return chosen, mapping


def units_of_table(table: TableFile, sheet: TableSheet | None, mapping: ColumnMapping) -> tuple[ImportedUnit, ...]:
    """Return the units that a sheet gives when it is read like this, without storing them.

    Without a sheet all of them are read so, each from the row below its own headings. A unit that is not named in its
    sheet is called as the sheet is, and a sheet that gives nothing is passed over and named in a warning.

    Raises:
        InvalidInput: nothing can be read like this.
    """
    if sheet is None:
        return _units_of_all(table, mapping)
    name = f"{table.name}, sheet “{sheet.name}”" if sheet.name and len(table.sheets) > 1 else table.name
    first, *others = read_units(sheet.rows, mapping, name)
    if sheet.is_cut:
        cut = UnitWarning(None, f"The table goes on: only {MOST_ROWS:,} rows and {MOST_COLUMNS} columns are read.")
        first = replace(first, warnings=(cut, *first.warnings))
    return (first, *others)


def _units_of_all(table: TableFile, mapping: ColumnMapping) -> tuple[ImportedUnit, ...]:
    problem = mapping_problem(mapping)
    if problem:
        raise InvalidInput(problem)
    found: list[ImportedUnit] = []
    empty: list[str] = []
    for sheet in table.sheets:
        header = None if mapping.header is None else guess_header(sheet.rows)
        reading = try_mapping(table, sheet, replace(mapping, header=header))
        # A sheet without headings where there should be some is another table.
        if reading.problem or (header is None) is not (mapping.header is None):
            empty.append(f"“{sheet.name}”")
            continue
        found += [
            each if each.unit.title else replace(each, unit=replace(each.unit, title=sheet.name))
            for each in reading.units
        ]
    if not found:
        raise InvalidInput(
            f"No requirement was found in any sheet of “{table.name}” with these columns: choose others."
        )
    if len(found) > MOST_UNITS:
        raise InvalidInput(f"“{table.name}” names {len(found):,} units; at most {MOST_UNITS} are read at once.")
    if empty:
        passed = UnitWarning(None, f"Nothing was found in {joined(empty)}, so nothing of that was taken.")
        found[0] = replace(found[0], warnings=(passed, *found[0].warnings))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class TableReading:
    """What comes of a sheet: its units, or the ``problem`` that keeps it from being read."""

    units: tuple[ImportedUnit, ...] = ()
    problem: str = ""


def try_mapping(table: TableFile, sheet: TableSheet | None, mapping: ColumnMapping) -> TableReading:
    """Return what a sheet, or all of them, give when read like this, or a sentence that says why it gives nothing."""
    try:
        return TableReading(units_of_table(table, sheet, mapping))
    except InvalidInput as error:
        return TableReading(problem=str(error))


def columns_in_words(sheet: TableSheet | None, mapping: ColumnMapping) -> str:
    """Return how a sheet (or all of them) is read, as the command line takes it: "ref=A, text=B; nesting: prefix"."""
    held = [f"{role}={column_letter(place)}" for place, role in enumerate(mapping.roles) if role is not None]
    headed = "no headings" if mapping.header is None else f"headings in row {mapping.header + 1}"
    where = "all sheets, " if sheet is None else f"sheet “{sheet.name}”, " if sheet.name else ""
    return f"{where}{','.join(held) or 'no column'}; nesting {mapping.nesting}; {headed}"


def _sheet_named(table: TableFile, name: str) -> TableSheet | None:
    wanted = name.strip().casefold()
    for sheet in table.sheets:
        if sheet.name.strip().casefold() == wanted:
            return sheet
    if wanted == ALL_SHEETS:
        return None
    if wanted.isdecimal() and 0 < int(wanted) <= len(table.sheets):
        return table.sheets[int(wanted) - 1]
    known = ", ".join(f"“{sheet.name}”" for sheet in table.sheets if sheet.name)
    raise InvalidInput(
        f"“{table.name}” has no sheet “{name}” (it has: {known})." if known else f"“{table.name}” has no sheets."
    )


def _likely(sheets: Sequence[TableSheet], guesses: Sequence[ColumnMapping]) -> int:
    """Return the sheet whose columns tell most, or else the longest of those that tell as much."""

    def told(place: int) -> tuple[bool, int, int]:
        mapping = guesses[place]
        roles = [role for role in mapping.roles if role is not None]
        return not mapping_problem(mapping) and mapping.header is not None, len(roles), len(sheets[place].rows)

    return max(range(len(sheets)), key=told)
