"""Mahara SmartEvidence frameworks (``.matrix``).

A standard is an outcome, its elements are criteria, and what is nested in those are marking points. Mahara's own
download writes ``parentid`` where its importer reads ``parentelementid``; either is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import Unit
from portfolio_app.importing.frameworks.html_words import words_of
from portfolio_app.importing.frameworks.json_values import objects_of, text_of
from portfolio_app.importing.frameworks.statements import Findings, Statement, requirements_of
from portfolio_app.importing.imported_unit import ImportedUnit


def is_mahara(document: object) -> bool:
    """Return whether this JSON is a framework of Mahara's."""
    return isinstance(document, Mapping) and isinstance(document.get("framework"), Mapping)


def read_mahara(document: Mapping[str, Any], name: str) -> ImportedUnit:
    """Read a framework of Mahara's; ``name`` is the file's.

    Raises:
        InvalidInput: it holds no standard.
    """
    framework = document["framework"]
    findings = Findings()
    standards = objects_of(framework.get("standards"))
    if not standards:
        raise InvalidInput(f"“{name}” is a Mahara framework without any standard, so there is nothing to import.")
    statements = list(_statements(standards, objects_of(framework.get("standardelements")), findings))
    unit = Unit(
        id=new_id(),
        code="",
        title=text_of(framework, "name") or text_of(framework, "title"),
        synopsis=words_of(text_of(framework, "description")),
        source=f"Mahara framework {name}",
        requirements=requirements_of(statements, name, findings),
    )
    return ImportedUnit(unit, tuple(findings.warnings))


def _statements(
    standards: list[Mapping[str, Any]], elements: list[Mapping[str, Any]], findings: Findings
) -> Iterator[Statement]:
    places: dict[str, str] = {}
    for place, standard in enumerate(standards):
        key = f"s{place}"
        places.setdefault(text_of(standard, "standardid"), key)
        yield _statement(standard, key, "")
        nested = objects_of(standard.get("standardelements"))
        elements = elements + [{**element, "standardid": standard.get("standardid")} for element in nested]
    nowhere: list[str] = []
    # Identifiers can stand twice: each names the latest element before whatever stands under it.
    latest: dict[tuple[str, str], str] = {}
    for place, element in enumerate(_all(elements)):
        key, standard_id = f"e{place}", text_of(element, "standardid")
        wanted = text_of(element, "parentelementid") or text_of(element, "parentid")
        parent = latest.get((standard_id, wanted)) if wanted and wanted != "0" else places.get(standard_id)
        if parent is None:
            nowhere.append(text_of(element, "shortname") or text_of(element, "name"))
            parent = places.get(standard_id, "")
        latest[standard_id, text_of(element, "elementid") or text_of(element, "shortname")] = key
        yield _statement(element, key, parent)
    findings.say_of(
        nowhere,
        "What “{}” stands under is not in the file; it stands directly under its standard.",
        "What {} elements stand under is not in the file; they stand directly under their standards: {}.",
    )


def _all(elements: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield elements with those that older files nest in them, parents first."""
    waiting = list(reversed(elements))
    while waiting:
        element = waiting.pop()
        yield element
        inner = {"standardid": element.get("standardid"), "parentelementid": element.get("elementid")}
        waiting += [{**inner, **below} for below in reversed(objects_of(element.get("standardelements")))]


def _statement(described: Mapping[str, Any], key: str, parent: str) -> Statement:
    return Statement(
        key,
        parent,
        ref=text_of(described, "shortname"),
        title=text_of(described, "name"),
        text=words_of(text_of(described, "description")),
    )
