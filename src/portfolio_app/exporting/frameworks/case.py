"""A unit as a 1EdTech CASE 1.1 package (JSON): a document, its items, and which of them stands below which."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.exporting.frameworks.words import short_name

_NAMESPACE: Final = UUID("6f0a4c55-3c8f-5f0e-9b3a-0f2f6d1d7e21")
"""Of the identifiers, which are made of ours, so that whoever exports again finds the same."""

_LONGEST_SHORT: Final = 120


def case_package(unit: Unit, changed_at: datetime, program_version: str) -> bytes:
    """Return the unit as JSON in UTF-8; ``changed_at`` is when it was last changed, as far as is known."""
    moment = changed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    document_link = _link("document", unit.id, unit.title)
    document = {
        "identifier": document_link["identifier"],
        "uri": document_link["uri"],
        "creator": f"Portfolio App {program_version}",
        "title": unit.title,
        "lastChangeDateTime": moment,
        "caseVersion": "1.1",
        "language": "en",
    }
    notes = "; ".join(filter(None, (unit.reference, f"level {unit.level}" if unit.level else "", unit.source)))
    document |= {key: words for key, words in (("description", unit.synopsis), ("notes", notes)) if words}
    package = {
        "CFDocument": document,
        "CFItems": [_item(requirement, moment) for _, requirement in unit.walk()],
        "CFAssociations": list(_associations(unit.requirements, document_link, moment)),
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _item(requirement: Requirement, moment: str) -> dict[str, Any]:
    link = _link_to(requirement)
    item = {
        "identifier": link["identifier"],
        "uri": link["uri"],
        "fullStatement": requirement.text,
        "humanCodingScheme": requirement.ref,
        "CFItemType": requirement.kind[:1].upper() + requirement.kind[1:],
        "language": "en",
        "lastChangeDateTime": moment,
    }
    if requirement.label:
        item["abbreviatedStatement"] = requirement.label
    return item


def _associations(nodes: tuple[Requirement, ...], parent: dict[str, str], moment: str) -> Iterator[dict[str, Any]]:
    for number, node in enumerate(nodes, 1):
        link = _link_to(node)
        own = _link("association", node.id, "")
        yield {
            "identifier": own["identifier"],
            "uri": own["uri"],
            "associationType": "isChildOf",
            "sequenceNumber": number,
            "originNodeURI": link,
            "destinationNodeURI": parent,
            "lastChangeDateTime": moment,
        }
        yield from _associations(node.children, link, moment)


def _link_to(requirement: Requirement) -> dict[str, str]:
    return _link("item", requirement.id, short_name(requirement, _LONGEST_SHORT))


def _link(sort: str, identifier: str, title: str) -> dict[str, str]:
    made = str(uuid5(_NAMESPACE, f"{sort}/{identifier}"))
    return {"title": title, "identifier": made, "uri": f"urn:uuid:{made}"}
