"""Units go out to other systems, and come in again as they were."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker
from tests.case_1_1 import PACKAGE

from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.exporting.frameworks.case import case_package
from portfolio_app.exporting.frameworks.mahara import mahara_framework
from portfolio_app.exporting.frameworks.moodle import moodle_framework
from portfolio_app.importing.frameworks import read_framework
from portfolio_app.importing.labels import label_of
from portfolio_app.importing.unit_library import library, load_library_unit

CHANGED = datetime(2026, 6, 1, 9, tzinfo=UTC)


def as_case(unit: Unit) -> bytes:
    return case_package(unit, CHANGED, "0.1.0")


WRITERS: dict[str, Callable[[Unit], bytes]] = {"mahara": mahara_framework, "moodle": moodle_framework, "case": as_case}
_LEVELS = ("outcome", "criterion", "marking point", "marking point")

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Cn")), min_size=1, max_size=12
)
texts = st.builds(
    lambda first, rest: " ".join([f"Show {first}", *rest]), words, st.lists(st.one_of(words, st.just("\n•"))).map(tuple)
).map(lambda text: "\n".join(" ".join(line.split()) for line in text.split("\n")).strip("\n"))


def _tree(draw: st.DrawFn, depth: int, prefix: str, *, unique: bool) -> tuple[Requirement, ...]:
    count = draw(st.integers(1 if depth == 1 else 0, 3))
    found = []
    for number in range(1, count + 1):
        ref = f"{prefix}{number}" if unique else f"{'ABCD'[depth - 1]}{number}"
        children = _tree(draw, depth + 1, f"{ref}.", unique=unique) if depth < 4 else ()
        text = draw(texts)
        found.append(Requirement(new_id(), ref, _LEVELS[depth - 1], text, label_of(text), children=children))
    return tuple(found)


@st.composite
def units(draw: st.DrawFn) -> Unit:
    tree = _tree(draw, 1, "", unique=draw(st.booleans()))
    return Unit(new_id(), "U1", "A unit", requirements=tree)


def shape(nodes: tuple[Requirement, ...]) -> list[object]:
    return [(node.ref, " ".join(node.text.split()), shape(node.children)) for node in nodes]


@pytest.mark.parametrize("system", WRITERS)
@given(unit=units())
def test_out_and_in_again_is_the_same_tree(system: str, unit: Unit) -> None:
    found = read_framework(WRITERS[system](unit), "framework")
    assert found is not None
    assert shape(found.unit.requirements) == shape(unit.requirements)
    assert found.unit.title == unit.title
    assert found.warnings == ()


@pytest.mark.parametrize("system", WRITERS)
@pytest.mark.parametrize("unit_id", [entry.id for entry in library()])
def test_the_bundled_units_go_out_and_come_in(system: str, unit_id: str) -> None:
    unit = load_library_unit(unit_id)
    found = read_framework(WRITERS[system](unit), "framework")
    assert found is not None
    assert shape(found.unit.requirements) == shape(unit.requirements)
    if system == "case":
        assert [each.label for _, each in found.unit.walk()] == [each.label for _, each in unit.walk()]
    assert found.unit.synopsis.split() == unit.synopsis.split()


@pytest.mark.parametrize("system", WRITERS)
def test_signs_of_html_in_a_short_name_are_words(system: str) -> None:
    unit = Unit("u", "U1", "Less <b> than & more", requirements=(Requirement("r", "1", "criterion", "Show <?>0"),))
    found = read_framework(WRITERS[system](unit), "framework")
    assert found is not None
    assert (found.unit.title, found.unit.requirements[0].text) == (unit.title, "Show <?>0")


def _unit() -> Unit:
    leaf = Requirement("r2", "1.1", "criterion", "Make <b>rotas</b> & plans" + " for everybody" * 30, "")
    top = Requirement("r1", "1", "outcome", "Plan the work", "", children=(leaf,))
    return Unit("u", "U1", "Housekeeping", "M/506/2898", "4", synopsis="About it.", requirements=(top,))


def test_mahara_reads_what_its_importer_needs() -> None:
    framework = json.loads(mahara_framework(_unit()))["framework"]
    (standard,), (element,) = framework["standards"], framework["standardelements"]
    assert {key for status in framework["evidencestatuses"] for key in status} == {
        "begun", "incomplete", "partialcomplete", "completed",
    }  # fmt: skip
    assert (standard["standardid"], element["standardid"]) == (1, 1)
    assert (standard["shortname"], standard["name"]) == ("1", "1 - Plan the work")
    assert len(element["name"]) <= 255
    assert element["description"].startswith("<p>Make &lt;b&gt;rotas&lt;/b&gt; &amp; plans")


def test_moodle_gets_fourteen_columns_and_one_framework() -> None:
    head, *rows = csv.reader(io.StringIO(moodle_framework(_unit()).decode()))
    assert {len(row) for row in (head, *rows)} == {14}
    assert [row[12] for row in rows] == ["1", "", ""]
    assert [(row[0], row[1]) for row in rows] == [("", "M/506/2898"), ("", "1"), ("1", "1.1")]
    assert all(len(row[1]) <= 100 and len(row[2]) <= 100 for row in rows)


@pytest.mark.parametrize("unit_id", [entry.id for entry in library()])
def test_a_case_package_holds_what_case_1_1_lets_it_hold(unit_id: str) -> None:
    package = json.loads(as_case(load_library_unit(unit_id)))
    checker = Draft202012Validator(PACKAGE, format_checker=FormatChecker())
    assert [error.message for error in checker.iter_errors(package)] == []


@pytest.mark.parametrize("unit_id", [entry.id for entry in library()])
def test_a_case_package_fits_the_schema_of_1_0_as_well(real_input: Path, unit_id: str) -> None:
    schema_file = real_input / "frameworks" / "case-v1p0-cfpackage-schema.json"
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    package = json.loads(as_case(load_library_unit(unit_id)))
    errors = [error.message for error in Draft7Validator(schema, format_checker=FormatChecker()).iter_errors(package)]
    assert errors == []


def test_a_case_package_keeps_its_identifiers() -> None:
    unit = _unit()
    assert as_case(unit) == as_case(unit)
    first = json.loads(as_case(unit))
    assert first["CFDocument"]["caseVersion"] == "1.1"
    assert len({item["identifier"] for item in first["CFItems"] + first["CFAssociations"]}) == 4
    assert [link["destinationNodeURI"]["identifier"] for link in first["CFAssociations"]] == [
        first["CFDocument"]["identifier"],
        first["CFItems"][0]["identifier"],
    ]
