"""1EdTech CASE packages, versions 1.0 and 1.1.

The tree is in the associations of type ``isChildOf``, from child to parent. Real packages break the schema: addresses
stand where objects should, associations lead to items that are not there, or go round in circles.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import Unit
from portfolio_app.importing.frameworks.json_values import objects_of, text_of
from portfolio_app.importing.frameworks.statements import Findings, Statement, requirements_of
from portfolio_app.importing.imported_unit import ImportedUnit

_ROOT = "CFPackage"


class _Edge(NamedTuple):
    child: str
    parent: str
    order: float | None


def is_case(document: object) -> bool:
    """Return whether this JSON is a CASE package, wrapped or not."""
    if not isinstance(document, Mapping):
        return False
    package = document.get(_ROOT, document)
    return isinstance(package, Mapping) and isinstance(package.get("CFDocument"), Mapping)


def read_case(document: Mapping[str, Any], name: str) -> ImportedUnit:
    """Read a CASE package; ``name`` is the file's.

    Raises:
        InvalidInput: it holds no item.
    """
    package = document.get(_ROOT, document)
    about = package["CFDocument"]
    findings = Findings()
    items = {
        identifier: item
        for item in objects_of(package.get("CFItems"))
        if (identifier := text_of(item, "identifier") or _identifier_of(item.get("uri")))
    }
    if not items:
        raise InvalidInput(f"“{name}” is a CASE package without any item, so there is nothing to import.")
    edges = _edges(package, text_of(about, "identifier"), items, findings)
    ordered = sorted(items, key=lambda identifier: _order(identifier, items, edges))
    statements = [
        Statement(
            identifier,
            edges[identifier].parent if identifier in edges else "",
            ref=text_of(items[identifier], "humanCodingScheme") or text_of(items[identifier], "listEnumeration"),
            title="",
            text=text_of(items[identifier], "fullStatement") or text_of(items[identifier], "abbreviatedStatement"),
            kind=text_of(items[identifier], "CFItemType").casefold(),
            label=" ".join(text_of(items[identifier], "abbreviatedStatement").split()),
        )
        for identifier in ordered
    ]
    unit = Unit(
        id=new_id(),
        code="",
        title=text_of(about, "title"),
        synopsis=text_of(about, "description"),
        source=f"CASE package {name}" + (f", {publisher}" if (publisher := _publisher(about)) else ""),
        requirements=requirements_of(statements, name, findings),
    )
    return ImportedUnit(unit, tuple(findings.warnings))


def _edges(
    package: Mapping[str, Any], root: str, items: Mapping[str, Mapping[str, Any]], findings: Findings
) -> dict[str, _Edge]:
    """Return the first parent of each item; of what stands nowhere at all, none."""
    edges: dict[str, _Edge] = {}
    gone: list[str] = []
    again: list[str] = []
    for association in objects_of(package.get("CFAssociations")):
        if text_of(association, "associationType").replace(" ", "").casefold() != "ischildof":
            continue
        child = _identifier_of(association.get("originNodeURI"))
        parent = _identifier_of(association.get("destinationNodeURI"))
        if child not in items or (parent not in items and parent != root):
            gone.append(_name_of(items.get(child)) or child or "nameless")
        elif child in edges:
            again.append(_name_of(items[child]))
        else:
            edges[child] = _Edge(child, "" if parent == root else parent, _number(association.get("sequenceNumber")))
    findings.say_of(
        gone,
        "A link of “{}” leads to something that is not in the file, so it was left out.",
        "{} links lead to something that is not in the file, so they were left out: {}.",
    )
    findings.say_of(
        again,
        "“{}” stands under several headings; it was taken under the first.",
        "{} items stand under several headings; they were taken under the first: {}.",
    )
    findings.say_of(
        [_name_of(item) for identifier, item in items.items() if identifier not in edges],
        "“{}” stands under nothing, so it is at the top.",
        "{} items stand under nothing, so they are at the top: {}.",
    )
    return edges


def _order(
    identifier: str, items: Mapping[str, Mapping[str, Any]], edges: Mapping[str, _Edge]
) -> tuple[bool, float, bool, float, str]:
    """Sort by the association's number, then by the item's own, then by its code."""
    edge = edges.get(identifier)
    first = edge.order if edge else None
    second = _number(items[identifier].get("listEnumeration"))
    return first is None, first or 0.0, second is None, second or 0.0, text_of(items[identifier], "humanCodingScheme")


def _identifier_of(node: object) -> str:
    """Return whom a link names: an object with an identifier, or an address that ends in one."""
    if isinstance(node, Mapping):
        return text_of(node, "identifier") or _identifier_of(node.get("uri"))
    return node.rstrip("/").rpartition("/")[2] if isinstance(node, str) else ""


def _name_of(item: Mapping[str, Any] | None) -> str:
    if item is None:
        return ""
    words = (
        text_of(item, "humanCodingScheme") or text_of(item, "abbreviatedStatement") or text_of(item, "fullStatement")
    )
    return " ".join(words.split())[:60]


def _publisher(about: Mapping[str, Any]) -> str:
    return text_of(about, "publisher") or text_of(about, "creator")


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None
