"""A unit as a Moodle competency framework (CSV of 14 columns)."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from typing import Final

from portfolio_app.domain.qualification import CRITERION, MARKING_POINT, OUTCOME, Unit
from portfolio_app.exporting.frameworks.words import html_of, short_name

_COLUMNS: Final = (
    "Parent ID number",
    "ID number",
    "Short name",
    "Description",
    "Description format",
    "Scale values",
    "Scale configuration",
    "Rule type (optional)",
    "Rule outcome (optional)",
    "Rule config (optional)",
    "Cross-referenced competency ID numbers",
    "Exported ID (optional)",
    "Is framework",
    "Taxonomy",
)
_LONGEST: Final = 100
_HTML: Final = "1"
_SCALE: Final = "Not yet met,Met"
_SCALE_SETUP: Final = json.dumps([{"scaleid": "1"}, {"id": 2, "scaledefault": 1, "proficient": 1}])
_TAXONOMY: Final = {OUTCOME: "outcome", CRITERION: "competency", MARKING_POINT: "indicator"}
_LEVELS: Final = 4  # of a taxonomy


def moodle_framework(unit: Unit) -> bytes:
    """Return the unit as CSV in UTF-8: the framework in the first row, then each requirement under its parent."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_COLUMNS)
    about = {
        "ID number": (unit.reference or unit.title)[:_LONGEST],
        "Short name": unit.title[:_LONGEST],
        "Description": html_of(unit.synopsis),
        "Scale values": _SCALE,
        "Scale configuration": _SCALE_SETUP,
        "Is framework": "1",
        "Taxonomy": ",".join(_taxonomy(unit)),
    }
    writer.writerow(_row(about))
    for number, cells in enumerate(_requirements(unit), 1):
        writer.writerow(_row(cells | {"Exported ID (optional)": str(number)}))
    return file.getvalue().encode("utf-8", "replace")


def _requirements(unit: Unit) -> Iterator[dict[str, str]]:
    # An ID number stands once in a framework, a reference once under its heading.
    counts = Counter(requirement.ref for _, requirement in unit.walk())
    identifiers: dict[str, str] = {}
    used: set[str] = set()
    for ancestors, requirement in unit.walk():
        parent = identifiers[ancestors[-1].id] if ancestors else ""
        wanted = requirement.ref if counts[requirement.ref] == 1 or not parent else f"{parent}/{requirement.ref}"
        identifier = wanted[:_LONGEST]
        if identifier in used:
            identifier = f"{identifier[: _LONGEST - 8]} #{len(identifiers)}"
        used.add(identifier)
        identifiers[requirement.id] = identifier
        yield {
            "Parent ID number": parent,
            "ID number": identifier,
            "Short name": short_name(requirement, _LONGEST),
            "Description": html_of(requirement.text),
        }


def _row(cells: dict[str, str]) -> list[str]:
    return [(cells | {"Description format": _HTML}).get(column, "") for column in _COLUMNS]


def _taxonomy(unit: Unit) -> list[str]:
    """Return what each level is called, by what its first requirement is."""
    kinds: dict[int, str] = {}
    for ancestors, requirement in unit.walk():
        kinds.setdefault(len(ancestors), _TAXONOMY.get(requirement.kind, "competency"))
    return [kinds.get(level, "competency") for level in range(_LEVELS)]
