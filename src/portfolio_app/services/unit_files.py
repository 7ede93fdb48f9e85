"""A unit as a file: for other portfolios, and for the systems that a centre uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.qualification import Unit, find_unit
from portfolio_app.durable import replace_atomically
from portfolio_app.exporting.frameworks.case import case_package
from portfolio_app.exporting.frameworks.mahara import mahara_framework
from portfolio_app.exporting.frameworks.moodle import moodle_framework
from portfolio_app.importing.unit_library import write_unit_toml
from portfolio_app.storage.portfolio_file import PortfolioFile, file_stem

UNIT_FORMATS: Final[Mapping[str, str]] = {
    ".toml": "Unit for this program, with everything",
    ".matrix": "Mahara SmartEvidence framework",
    ".csv": "Moodle competency framework",
    ".json": "CASE 1.1 package",
}
"""What each suffix makes."""


def unit_file_name(unit: Unit) -> str:
    """Return what a file of the unit may be called on any system, without a suffix."""
    return file_stem(unit.title)


def write_unit(portfolio: PortfolioFile, code: str, target: Path, program_version: str) -> Unit:
    """Write a unit to a file, whose suffix says the format, and return it.

    Raises:
        UnknownReference: there is no such unit.
        InvalidInput: the suffix is not known.
        CannotWrite: the folder is missing or not writable, or the disk is full.
    """
    writers: dict[str, Callable[[Unit], bytes]] = {
        ".toml": lambda unit: write_unit_toml(unit).encode("utf-8", "replace"),
        ".matrix": mahara_framework,
        ".csv": moodle_framework,
        ".json": lambda unit: case_package(unit, datetime.now(UTC), program_version),
    }
    writer = writers.get(target.suffix.lower())
    if writer is None:
        known = ", ".join(f"{suffix} ({what})" for suffix, what in UNIT_FORMATS.items())
        raise InvalidInput(f"“{target.name}” does not say its format; let the name end in one of {known}.")
    with portfolio.read() as reader:
        unit = find_unit(reader.units(), code)
    with replace_atomically(target) as place:
        place.write_bytes(writer(unit))
    return unit
