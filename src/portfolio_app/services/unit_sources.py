"""Where units come from: the library, TOML files, guidance texts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.qualification import Unit
from portfolio_app.importing.guidance_text import read_guidance_text
from portfolio_app.importing.imported_unit import ImportedUnit
from portfolio_app.importing.unit_library import load_library_unit, read_unit_toml
from portfolio_app.services.library import unit_library, user_units
from portfolio_app.services.references import nearest
from portfolio_app.services.text_input import line, read_bounded

TOML_SUFFIX = ".toml"


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


def import_unit(path: Path, *, title: str = "", reference: str = "", level: str = "") -> ImportedUnit:
    """Read a unit from a guidance text or a TOML file without storing it.

    Title, reference and level, where given, are those of the unit. A guidance text carries none of them, so the
    unit of one has an empty title if none is given, and cannot be stored like that.

    Raises:
        InvalidInput: the file cannot be read as a unit.
    """
    title, reference = line(title, "The unit’s title"), line(reference, "The unit’s reference")
    level = line(level, "The unit’s level")
    if path.suffix.lower() != TOML_SUFFIX:
        return read_guidance_text(read_bounded(path), path.name, title=title, reference=reference, level=level)
    unit = read_unit_toml(path)
    return ImportedUnit(
        replace(unit, title=title or unit.title, reference=reference or unit.reference, level=level or unit.level)
    )
