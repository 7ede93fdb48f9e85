"""A unit as a Mahara SmartEvidence framework (``.matrix``)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.exporting.frameworks.words import html_of, short_name

_LONGEST_SHORT_NAME: Final = 100
_LONGEST_NAME: Final = 255
_STATUSES: Final = (
    ("begun", "Ready for assessment"),
    ("incomplete", "Not yet met"),
    ("partialcomplete", "More evidence needed"),
    ("completed", "Met"),
)


def mahara_framework(unit: Unit) -> bytes:
    """Return the unit as JSON in UTF-8: the top level as standards, everything below as their elements.

    A parent is named twice, as Mahara's importer reads it and as its own download writes it.
    """
    elements = [
        element
        for number, standard in enumerate(unit.requirements, 1)
        for element in _elements(standard, number, "", str(number))
    ]
    framework = {
        "institution": "all",
        "name": unit.title[:_LONGEST_NAME],
        "description": html_of(unit.synopsis),
        "selfassess": False,
        "evidencestatuses": [{key: words} for key, words in _STATUSES],
        "standards": [
            {**_names(standard), "standardid": number} for number, standard in enumerate(unit.requirements, 1)
        ],
        "standardelements": elements,
    }
    return (json.dumps({"framework": framework}, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _elements(parent: Requirement, standard: int, parent_id: str, path: str) -> Iterator[dict[str, Any]]:
    for number, child in enumerate(parent.children, 1):
        element_id = f"{path}.{number}"
        above = {"parentelementid": parent_id, "parentid": parent_id} if parent_id else {}
        yield {**_names(child), "standardid": standard, **above, "elementid": element_id}
        yield from _elements(child, standard, element_id, element_id)


def _names(requirement: Requirement) -> dict[str, str]:
    ref = requirement.ref[:_LONGEST_SHORT_NAME]
    name = f"{ref} - {short_name(requirement, _LONGEST_NAME - len(ref) - 3)}"
    return {"shortname": ref, "name": name, "description": html_of(requirement.text)}
