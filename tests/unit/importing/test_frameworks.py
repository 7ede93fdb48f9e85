"""Frameworks of other systems come in whole, also where they break the rules of their own formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.qualification import Requirement
from portfolio_app.domain.unit_checks import unit_problems
from portfolio_app.importing.frameworks import read_framework
from portfolio_app.importing.imported_unit import ImportedUnit

MAHARA: dict[str, Any] = {
    "framework": {
        "name": "Housekeeping",
        "description": 'What a <b>supervisor</b> does. <a href="https://a.example">More</a>',
        "standards": [
            {"shortname": "1", "name": "1 - Plan the work", "description": "Plan it.", "standardid": 1},
            {"shortname": "2", "name": "Check the work", "description": "", "standardid": "2"},
        ],
        "standardelements": [
            {"shortname": "1.1", "name": "1.1 - Rota", "description": "<p>Make a rota.</p>", "standardid": "1",
             "elementid": "1.1"},
            {"shortname": "1.1.1", "name": "For a week", "description": "", "standardid": 1, "elementid": "1.1.1",
             "parentelementid": "1.1"},
            {"shortname": "1.1.1", "name": "For a month", "description": "", "standardid": 1, "elementid": "1.1.1",
             "parentid": "1.1"},
            {"shortname": "9", "name": "Lost", "description": "", "standardid": 1, "elementid": "9",
             "parentelementid": "8"},
        ],
    }
}  # fmt: skip

MOODLE = (
    "Parent ID number,ID number,Short name,Description,Description format,Scale values,Scale configuration,"
    "Rule type (optional),Rule outcome (optional),Rule config (optional),"
    "Cross-referenced competency ID numbers,Exported ID (optional),Is framework,Taxonomy\n"
    ',HK,Housekeeping,"<p>About\nthe work</p>",1,,,,,,,,1,"outcome,skill,nonsense,value"\n'
    ",A,Plan,,1,,,,,,,1,,\n"
    'A,A1,Make a ro,"<p>Make a rota for all &amp; everybody,<br>each week</p>",1,,,,,,"A,x%2Cy",2,,\n'
    "A1,A11,In time,,1,,,,,,,3,,\n"
    "gone,B,Check,,1,,,,,,,4,,\n"
    "C,C,Itself,,1,,,,,,,5,,\n"
    "too,few\n"
)
_OLD_COLUMNS = (10, 11)

CASE: dict[str, Any] = {
    "CFDocument": {"identifier": "doc", "title": "Housekeeping", "creator": "Somebody"},
    "CFItems": [
        {"identifier": "b", "fullStatement": "Second", "humanCodingScheme": "B"},
        {"identifier": "a", "fullStatement": "First", "humanCodingScheme": "A", "CFItemType": "Standard"},
        {"identifier": "a1", "fullStatement": "Under the first, including a plan, a rota and a review"},
        {"identifier": "x", "fullStatement": "Round"},
        {"identifier": "y", "fullStatement": "and round"},
        {"identifier": "alone", "fullStatement": "Under nothing"},
    ],
    "CFAssociations": [
        {"associationType": "isChildOf", "originNodeURI": {"identifier": "b"}, "sequenceNumber": "2",
         "destinationNodeURI": {"identifier": "doc"}},
        {"associationType": "isChildOf", "originNodeURI": "https://s.example/CFItems/a", "sequenceNumber": 1,
         "destinationNodeURI": "https://s.example/CFDocuments/doc"},
        {"associationType": "isChildOf", "originNodeURI": {"identifier": "a1"},
         "destinationNodeURI": {"identifier": "a"}},
        {"associationType": "isChildOf", "originNodeURI": {"identifier": "a1"},
         "destinationNodeURI": {"identifier": "b"}},
        {"associationType": "isRelatedTo", "originNodeURI": {"identifier": "b"},
         "destinationNodeURI": {"identifier": "a"}},
        {"associationType": "isChildOf", "originNodeURI": {"identifier": "gone"},
         "destinationNodeURI": {"identifier": "a"}},
        {"associationType": "isChildOf", "originNodeURI": {"identifier": "x"},
         "destinationNodeURI": {"identifier": "y"}},
        {"associationType": "isChildOf", "originNodeURI": {"identifier": "y"},
         "destinationNodeURI": {"identifier": "x"}},
    ],
}  # fmt: skip


def read(source: object, name: str = "framework") -> ImportedUnit:
    data = source if isinstance(source, str) else json.dumps(source)
    found = read_framework(data.encode(), name)
    assert found is not None
    assert list(unit_problems(found.unit)) == []
    return found


def outline(nodes: tuple[Requirement, ...], depth: int = 0) -> list[tuple[int, str, str, str]]:
    found = []
    for node in nodes:
        found.append((depth, node.ref, node.kind, node.text))
        found += outline(node.children, depth + 1)
    return found


def said(found: ImportedUnit) -> str:
    return "\n".join(warning.sentence for warning in found.warnings)


def test_a_mahara_framework_with_both_names_of_a_parent() -> None:
    found = read(MAHARA)
    assert (found.unit.title, found.unit.synopsis) == (
        "Housekeeping",
        "What a supervisor does. More (https://a.example)",
    )
    assert outline(found.unit.requirements) == [
        (0, "1", "outcome", "Plan the work: Plan it."),
        (1, "1.1", "criterion", "Rota: Make a rota."),
        (2, "1.1.1", "marking point", "For a week"),
        (2, "1.1.1 (2)", "marking point", "For a month"),
        (1, "9", "criterion", "Lost"),
        (0, "2", "outcome", "Check the work"),
    ]
    assert found.unit.requirements[0].label == "Plan the work"
    assert "What “9” stands under is not in the file" in said(found)
    assert "The reference 1.1.1 stands twice" in said(found)


def test_an_older_mahara_framework_nests_its_elements() -> None:
    inner = {"shortname": "1.1", "name": "In it", "elementid": "1.1", "standardelements": [
        {"shortname": "1.1.1", "name": "Deeper", "elementid": "1.1.1"}
    ]}  # fmt: skip
    standard = {"shortname": "1", "name": "Outer", "standardid": 1, "standardelements": [inner]}
    found = read({"framework": {"name": "Old", "standards": [standard]}})
    assert [(depth, text) for depth, _, _, text in outline(found.unit.requirements)] == [
        (0, "Outer"),
        (1, "In it"),
        (2, "Deeper"),
    ]


@pytest.mark.parametrize("columns", [14, 12])
def test_a_moodle_framework_in_either_width(columns: int) -> None:
    text = "\ufeff" + MOODLE
    if columns == 12:
        import csv
        import io

        rows = [
            [cell for place, cell in enumerate(row) if place not in _OLD_COLUMNS]
            for row in csv.reader(io.StringIO(MOODLE))
        ]
        rows[1][-1] = '{"1":"outcome","2":"skill"}'
        file = io.StringIO()
        csv.writer(file).writerows(rows)
        text = file.getvalue()
    found = read(text)
    assert (found.unit.title, found.unit.reference, found.unit.synopsis) == ("Housekeeping", "HK", "About the work")
    assert outline(found.unit.requirements) == [
        (0, "A", "outcome", "Plan"),
        (1, "A1", "skill", "Make a rota for all & everybody,\neach week"),
        (2, "A11", "marking point", "In time"),
        (0, "B", "skill", "Check"),
    ]
    assert "“Itself”" in said(found) or "“C” stands under itself" in said(found)
    assert "“B” stands under something that is not in the file" in said(found)
    assert "The row “too few” has another number of columns" in said(found)
    assert ("Cross-references of 1 competencies" in said(found)) == (columns == 14)


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_case_package_that_breaks_its_schema(wrapped: bool) -> None:
    found = read({"CFPackage": CASE} if wrapped else CASE)
    assert outline(found.unit.requirements) == [
        (0, "A", "standard", "First"),
        (1, "A.1", "criterion", "Under the first, including a plan, a rota and a review"),
        (0, "B", "outcome", "Second"),
        (0, "3", "outcome", "Under nothing"),
    ]
    assert [part.text for part in found.unit.requirements[0].children[0].components] == ["a plan", "a rota", "a review"]
    assert "“gone” leads to something that is not in the file" in said(found)
    assert "stands under several headings" in said(found)
    assert "2 statements stand under themselves, so they were left out: Round, and round." in said(found)


def test_what_stands_too_deep_moves_up() -> None:
    items = [{"identifier": f"i{n}", "fullStatement": f"Level {n}", "humanCodingScheme": str(n)} for n in range(7)]
    links = [
        {"associationType": "isChildOf", "originNodeURI": {"identifier": f"i{n}"},
         "destinationNodeURI": {"identifier": f"i{n - 1}" if n else "doc"}}
        for n in range(7)
    ]  # fmt: skip
    found = read({"CFDocument": {"identifier": "doc", "title": "Deep"}, "CFItems": items, "CFAssociations": links})
    assert [(depth, ref) for depth, ref, _, _ in outline(found.unit.requirements)] == [
        (0, "0"), (1, "1"), (2, "2"), (3, "3"), (3, "4"), (3, "5"), (3, "6"),
    ]  # fmt: skip
    assert "3 statements stood deeper than 4 levels, so they moved up: 4, 5, 6." in said(found)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ('{"framework": {"name": "x"', "not sound JSON"),
        ("{" + '"a":{' * 100_000, "nested deeper"),
        ('{"some": "thing"}', "neither a Mahara framework nor a CASE package"),
        ('{"framework": {"standards": []}}', "without any standard"),
        ('{"CFDocument": {"title": "x"}, "CFItems": 4}', "without any item"),
        (MOODLE.split("\n,A,", maxsplit=1)[0] + "\n", "without any competency"),
    ],
)
def test_what_is_no_framework_is_said(source: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        read_framework(source.encode(), "strange.json")


def test_too_many_statements_are_refused() -> None:
    standards = [{"shortname": str(n), "name": "One more", "standardid": n} for n in range(5_001)]
    with pytest.raises(InvalidInput, match="holds 5,001 statements"):
        read({"framework": {"name": "Many", "standards": standards}})


def test_a_guidance_text_is_no_framework() -> None:
    assert read_framework(b"Key Concepts\n- Plan, check and mend\n", "unit.txt") is None


def _statements(data: bytes, name: str) -> list[str]:
    """Return every statement of a real file, read as simply as can be."""
    from portfolio_app.importing.frameworks.html_words import words_of

    if name.endswith(".csv"):
        import csv
        import io

        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:]
        return [words_of(row[3] or row[2]) for row in rows if row[12] != "1"]
    document = json.loads(data, strict=False)
    if "framework" in document:
        described = document["framework"]["standards"] + document["framework"]["standardelements"]
        return [words_of(each["description"]) for each in described]
    return [item["fullStatement"] for item in document["CFItems"]]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("mahara_example.matrix", 35),
        ("mahara_nace_usa.matrix", 8),
        ("moodle_framework_14col.csv", 64),
        ("case_v1p0_opensalt_SmartLevel.json", 14),
        ("case_v1p0_opensalt_Utf8.json", 1),
    ],
)
def test_every_statement_of_a_real_framework_comes_in(real_input: Path, name: str, count: int) -> None:
    data = (real_input / "frameworks" / name).read_bytes()
    found = read(data.decode("utf-8-sig"), name)
    texts = [text for _, _, _, text in outline(found.unit.requirements)]
    assert len(texts) == count
    missing = [words for words in _statements(data, name) if not any(words in text for text in texts)]
    assert missing == []
