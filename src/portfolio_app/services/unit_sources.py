"""Where units come from: the library, TOML files, specifications, guidance, tables, frameworks of other systems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.qualification import Unit
from portfolio_app.importing.frameworks import read_framework
from portfolio_app.importing.guidance_text import NO_TITLE
from portfolio_app.importing.imported_unit import ImportedUnit
from portfolio_app.importing.text_decoding import MAX_TEXT_BYTES
from portfolio_app.importing.unit_library import load_library_unit, read_unit_toml
from portfolio_app.services.column_imports import (
    NOTHING_SAID,
    ColumnsSaid,
    columns_in_words,
    mapping_said,
    open_table,
    units_of_table,
)
from portfolio_app.services.library import LibraryEntry, unit_library, user_units
from portfolio_app.services.references import nearest
from portfolio_app.services.text_input import line, read_bounded
from portfolio_app.services.units import insert_units
from portfolio_app.storage.portfolio_file import PortfolioFile

TOML_SUFFIX = ".toml"

_FEWEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class LibraryChoice:
    """A unit of the library; ``code`` is that of the same unit in the portfolio, empty where it is not there."""

    entry: LibraryEntry
    code: str


@dataclass(frozen=True, slots=True)
class ImportedUnits:
    """The units of a file; ``columns`` says how its columns were read, where it is a table."""

    units: tuple[ImportedUnit, ...]
    columns: str = ""


def unit_from(source: str) -> Unit:
    """Return the unit that a user named: by an id of the library, or the path of a TOML file.

    Raises:
        InvalidInput: it is neither, or the file is not a sound unit.
    """
    ids = [entry.id for entry in unit_library()]
    if source.strip().casefold() in (known.casefold() for known in ids):
        return load_library_unit(source, user_units())
    path = Path(source)
    if path.suffix.lower() == TOML_SUFFIX:
        return read_unit_toml(path)
    if path.is_file():
        raise InvalidInput(
            f"“{source}” is a text, which needs a title: make the portfolio without it, "
            f"then bring it in with “unit import”."
        )
    raise InvalidInput(
        f"“{source}” is neither a unit of the library{nearest(source, ids)} nor a file; “library” lists the units."
    )


def import_units(
    path: Path,
    *,
    title: str = "",
    reference: str = "",
    level: str = "",
    said: ColumnsSaid = NOTHING_SAID,
    tick: Callable[[], None] = lambda: None,
) -> ImportedUnits:
    """Read all the units of a file without storing them.

    A specification (PDF, Word, OpenDocument, RTF, web page, text) and a table give as many as they name; a guidance
    text, a framework of another system and a TOML file give one. What a file is, is told by its content. A guidance
    text does not say what the unit is called, so that unit has an empty title if none is given, and cannot be stored
    like that.

    Args:
        path: the file.
        title: the title of the unit, where there is one.
        reference: its reference, likewise.
        level: its level, likewise.
        said: how a table is to be read; what is not said is guessed. With it, any text is read as a table.
        tick: called now and then while a document is read; what it raises ends the reading.

    Raises:
        InvalidInput: the file cannot be read as units, or there are several and they are all to be called the same.
    """
    # What reads documents takes a while to be imported, and a unit of the library does not need it.
    from portfolio_app.services.specifications import is_document, units_of_document, units_of_text  # noqa: PLC0415

    title, reference, level = _cleaned(title, reference, level)
    columns = ""
    table = open_table(path, as_table=bool(said))
    if table is not None:
        sheet, mapping = mapping_said(table, said)
        units: Sequence[ImportedUnit] = units_of_table(table, sheet, mapping)
        columns = columns_in_words(sheet, mapping)
    elif path.suffix.lower() == TOML_SUFFIX:
        units = [ImportedUnit(read_unit_toml(path))]
    elif is_document(path):
        units = units_of_document(path, tick=tick)
    else:
        data = read_bounded(path, MAX_TEXT_BYTES)
        framework = read_framework(data, path.name)
        units = [framework] if framework is not None else units_of_text(data, path.name)
    if len(units) > 1 and (title or reference):
        raise InvalidInput(f"“{path.name}” holds {len(units)} units, so they cannot all have the same title.")
    return ImportedUnits(tuple(_called(found, title, reference, level) for found in units), columns)


def units_from_text(text: str) -> tuple[ImportedUnit, ...]:
    """Read all the units of a text that was pasted or typed, without storing them; as :func:`import_units` does.

    Raises:
        InvalidInput: there is no text, or more than a qualification has.
    """
    from portfolio_app.services.specifications import PASTED, units_of_text  # noqa: PLC0415 - as above

    if not text.strip():
        raise InvalidInput("There is no text to read a unit from: paste it first.")
    # Half a character, as a clipboard may hold, is no reason to refuse a text.
    return units_of_text(text.encode("utf-8", "replace"), PASTED)


def title_from(name: str) -> str:
    """Return the title that a file's name suggests: its words, or nothing where they are not words."""
    words = Path(name).stem.replace("_", " ").replace("-", " ").split()
    if len(words) < _FEWEST_WORDS or not all(word.isalpha() for word in words):
        return ""
    title = " ".join(words)
    return title[:1].upper() + title[1:]


def library_choices(portfolio: PortfolioFile | None = None) -> list[LibraryChoice]:
    """Return the units of the library, and which of them the portfolio has already."""
    present: dict[str, str] = {}
    if portfolio is not None:
        with portfolio.read() as reader:
            for unit in reader.units():
                present |= {name.casefold(): unit.code for name in (unit.title, unit.reference) if name}
    return [
        LibraryChoice(entry, present.get(entry.title.casefold()) or present.get(entry.reference.casefold()) or "")
        for entry in unit_library()
    ]


def add_library_units(portfolio: PortfolioFile, ids: Sequence[str]) -> tuple[list[Unit], Changes]:
    """Put units of the library into the portfolio as one step, by their ids, and return them with their codes.

    Raises:
        InvalidInput: the library has no such unit, or the portfolio has one of them already.
    """
    if not ids:
        raise InvalidInput("Choose a unit to add.")
    return insert_units(portfolio, [unit_from(unit_id) for unit_id in ids])


def _called(found: ImportedUnit, title: str, reference: str, level: str) -> ImportedUnit:
    unit = found.unit
    named = replace(unit, title=title or unit.title, reference=reference or unit.reference, level=level or unit.level)
    warnings = tuple(each for each in found.warnings if not title or each.sentence != NO_TITLE)
    return replace(found, unit=named, warnings=warnings)


def _cleaned(title: str, reference: str, level: str) -> tuple[str, str, str]:
    return (
        line(title, "The unit’s title"),
        line(reference, "The unit’s reference"),
        line(level, "The unit’s level"),
    )
