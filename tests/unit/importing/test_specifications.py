"""Specifications come back as they were printed, in every layout; nothing is invented, and what is doubtful is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.printed_specifications import (
    NUMBERED,
    PLAIN,
    Printed,
    Tree,
    made_up_units,
    statements,
    text_of,
    tree_of,
    write_pdf,
    write_word,
)

from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.importing.imported_unit import ImportedUnit
from portfolio_app.importing.specifications import read_specification
from portfolio_app.reading.document_lines import PDF, SourceLine, read_lines, text_lines

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNIT = Printed()


def read(text: str) -> tuple[ImportedUnit, ...]:
    return read_specification(text_lines(text), "unit.txt")


def read_one(text: str) -> Unit:
    (found,) = read(text)
    return found.unit


def said(text: str) -> str:
    return "\n".join(warning.sentence for found in read(text) for warning in found.warnings)


def plain_tree(unit: Printed, layout: str) -> Tree:
    """Return the references that layouts give which number criteria anew under each outcome."""
    names = "abcdefghij" if layout == "lettered" else [str(number) for number in range(1, 11)]
    return [
        (ref, text, [(names[place], words) for place, (_, words) in enumerate(criteria)])
        for ref, text, criteria in unit.tree()
    ]


def without_ids(node: Requirement) -> object:
    parts = tuple(part.text for part in node.components)
    return node.ref, node.kind, node.text, parts, node.source_line, [without_ids(child) for child in node.children]


_POOL = (
    "customer", "service", "the", "and", "of", "staff", "plans", "complaints", "with", "organisation", "records", "a",
    "policies,", "Health and Safety Executive", "GDPR", "(if any)", "follow-up", "24 hours", "people’s", "for", "when",
    "legislation", "to", "how", "their", "own", "team", "“the offer”", "risks;", "England", "self-service",
)  # fmt: skip
_VERBS = ("explain", "Describe", "analyse", "Plan", "identify", "carry out", "evaluate", "Use", "work", "demonstrate")
_ENDINGS = ("customers", "the law", "plans", "staff", "an organisation", "results.")


@st.composite
def printed_units(draw: st.DrawFn) -> Printed:
    def sentence(first: str) -> str:
        words = draw(st.lists(st.sampled_from(_POOL), min_size=1, max_size=24))
        return " ".join([first, *words, draw(st.sampled_from(_ENDINGS))])

    starts = st.sampled_from(("Understand", "Be able to", "Know how to"))
    count = draw(st.integers(1, 5))
    return Printed(
        outcomes=tuple(
            (
                f"{draw(starts)} topic {chr(65 + number)} {draw(st.sampled_from(_ENDINGS[:5]))}",
                tuple(
                    f"{sentence(draw(st.sampled_from(_VERBS)))}" for _ in range(draw(st.integers(1, 6)))
                ),
            )
            for number in range(count)
        )
    )  # fmt: skip


@given(unit=printed_units(), layout=st.sampled_from([*NUMBERED, *PLAIN]), gap=st.sampled_from(["\t", " | "]))
@settings(max_examples=60, deadline=None)
def test_any_unit_comes_back_as_it_was_printed(unit: Printed, layout: str, gap: str) -> None:
    lines = (NUMBERED | PLAIN)[layout](unit)
    (found,) = read(text_of(lines, gap=gap))
    assert tree_of(found.unit) == (unit.tree() if layout in NUMBERED else plain_tree(unit, layout))
    assert found.unit.title == unit.title
    assert [without_ids(node) for node in found.unit.requirements] == [
        without_ids(node) for node in read(text_of(lines, gap=gap))[0].unit.requirements
    ]


@pytest.mark.parametrize("layout", [*NUMBERED, *PLAIN])
@pytest.mark.parametrize("width", [88, 60, 40])
def test_broken_lines_are_put_together(layout: str, width: int) -> None:
    unit = read_one(text_of((NUMBERED | PLAIN)[layout](UNIT), width=width))
    assert tree_of(unit) == (UNIT.tree() if layout in NUMBERED else plain_tree(UNIT, layout))
    assert unit.title == UNIT.title


_MARKS = ("1.1", "1", "LO2", "Unit 3:", "(a)", "K1", "\n", "\t", "|", "Learning outcomes", "The learner can:", "•")


@given(st.text(max_size=600) | st.lists(st.sampled_from([*_POOL, *_MARKS])).map(" ".join))
@settings(max_examples=100, deadline=None)
def test_no_text_is_too_strange(text: str) -> None:
    for found in read(text):
        assert all(node.ref and node.text for _, node in found.unit.walk())
        zero = any(warning.sentence.startswith("0 requirements were found") for warning in found.warnings)
        assert zero != bool(found.unit.requirements)


@pytest.mark.parametrize("layout", ["rows", "outcomes", "gridless", "text"])
def test_pdf(tmp_path: Path, layout: str) -> None:
    path = tmp_path / "unit.pdf"
    write_pdf(path, [UNIT], layout)
    (found,) = read_specification(read_lines(path, path.name, PDF), path.name)
    unit = found.unit
    assert tree_of(unit) == UNIT.tree()
    assert (unit.title, unit.reference, unit.level, unit.credits) == (UNIT.title, "M/506/2898", "4", 7)
    assert unit.synopsis == "This unit is about running a service from day to day, and about the people who do it."
    assert {node.source_page for _, node in unit.walk()} == {2}
    assert unit.source == "Specification, imported from “unit.pdf”, page 2"
    first = unit.requirements[0].children[0]
    assert first.source_line is not None
    assert "explain the importance" in found.lines[first.source_line - found.first_line]


@pytest.mark.parametrize("layout", ["rows", "outcomes", "unnumbered", "automatic"])
def test_word(tmp_path: Path, layout: str) -> None:
    path = tmp_path / "unit.docx"
    write_word(path, [UNIT], layout)
    (found,) = read_specification(read_lines(path, path.name, WORD), path.name)
    unit = found.unit
    assert tree_of(unit) == UNIT.tree()
    assert (unit.title, unit.reference, unit.level, unit.credits) == (UNIT.title, "M/506/2898", "4", 7)
    numbered = [warning.sentence for warning in found.warnings if "numbered by their place" in warning.sentence]
    assert bool(numbered) == (layout == "unnumbered")


@pytest.mark.parametrize("layout", ["rows", "outcomes", "gridless", "text"])
def test_many_units_each_with_its_own_numbering(tmp_path: Path, layout: str) -> None:
    printed = made_up_units(6)
    path = tmp_path / "qualification.pdf"
    write_pdf(path, printed, layout, front_pages=2)
    found = read_specification(read_lines(path, path.name, PDF), path.name)
    assert [tree_of(each.unit) for each in found] == [unit.tree() for unit in printed]
    assert [(each.unit.title, each.unit.reference, each.unit.level) for each in found] == [
        (unit.title, unit.reference, unit.level) for unit in printed
    ]
    assert all(each.pages[0] == each.unit.requirements[0].source_page for each in found)


def test_knowledge_skills_and_behaviours() -> None:
    text = (
        text_of(statements(UNIT))
        + "\nPass: does so with help\nDistinction: does so alone\nOccupational duties\nDuty 1 K1 K2 S1"
    )
    unit = read_one(text)
    assert [(node.ref, node.kind) for node in unit.requirements] == [
        ("K1", "knowledge"), ("K2", "knowledge"), ("K3", "knowledge"), ("S1", "skill"), ("S2", "skill"),
        ("B1", "behaviour"), ("B2", "behaviour"),
    ]  # fmt: skip
    assert [(piece.title, piece.text) for piece in unit.guidance] == [
        ("Pass: B2", "does so with help"),
        ("Distinction: B2", "does so alone"),
    ]
    assert (unit.title, unit.reference, unit.level) == (UNIT.title, "ST0071", "3")


def test_grades_in_columns() -> None:
    unit = read_one(
        "Learning outcome\tInsufficient\tGood\n"
        "1 Analyse a problem\tno cause is found\tall causes are found\n"
        "2 Design\tno\tyes"
    )
    assert [(node.ref, node.kind, node.text) for node in unit.requirements] == [
        ("1", "learning outcome", "Analyse a problem"),
        ("2", "learning outcome", "Design"),
    ]
    assert [(piece.title, piece.text) for piece in unit.guidance][:2] == [
        ("Insufficient: 1", "no cause is found"),
        ("Good: 1", "all causes are found"),
    ]


def test_grades_of_knowledge_and_skills_in_a_table_of_their_own() -> None:
    unit = read_one(
        "Duty\tKSBs\nDuty 1 Advise guests\tK1 S1\nK1: Principles of care.\nS1: Deal with complaints.\n"
        "Theme\tPass\tDistinction\nCare (K1 S1)\tExplains them\tEvaluates them\n"
    )
    assert [node.ref for node in unit.requirements] == ["K1", "S1"]
    assert [(piece.title, piece.text) for piece in unit.guidance] == [
        ("Pass: Care (K1 S1)", "Explains them"),
        ("Distinction: Care (K1 S1)", "Evaluates them"),
    ]


def test_a_row_that_goes_on_over_a_page_is_said_to_be_in_doubt() -> None:
    """Its cells are split there, and PDF viewers read them line by line."""
    (found,) = read(
        "1 Know the menu and\n1.1 explain the dishes that\n\fits wines are on it\n1.2 name them\n2 Serve\n2.1 do so"
    )
    assert [(warning.page, warning.sentence) for warning in found.warnings[1:]] == [
        (1, "1.1 goes on over page 2, where words of 1 may stand among its own.")
    ]


def test_lines_that_were_full_go_on_whatever_they_begin_with() -> None:
    unit = read_one(
        "1 Understand the aims of a kitchen 1.1 explain\nwhy food is kept cold\nand for how long that is right\n"
        "1.2 describe what is told to the Food\nStandards Agency\nIn a Kitchen\n1.3 list"
    )
    assert unit.requirements[0].children[1].text == "describe what is told to the Food Standards Agency"


def test_nothing_behind_the_units_is_theirs() -> None:
    unit = read_one("Unit 2: Serve\nLevel: 2\n1 Know guests\n1.1 – greet guests\nAppendix A\n1.2 Contact us")
    assert tree_of(unit) == [("1", "Know guests", [("1.1", "greet guests")])]


def test_graded_criteria_under_learning_aims() -> None:
    unit = read_one(
        "Unit 3: Campaigns\nLearning aim A: Explore methods\n"
        "A.P1 Explain the methods.\nA.M1 Compare them.\nA.D1 Judge them.\n"
        "Learning aim B: Plan\nB.P2 Plan a campaign."
    )
    assert [(node.ref, [(child.ref, child.kind) for child in node.children]) for node in unit.requirements] == [
        ("A", [("P1", "pass criterion"), ("M1", "merit criterion"), ("D1", "distinction criterion")]),
        ("B", [("P2", "pass criterion")]),
    ]


def test_flat_references_stand_alone() -> None:
    text = (
        "Unit 301 Deliver a service\n301.1.1 | Explain the offer | | |\n301.1.2 | Describe customers | | |\n"
        "301.2.1 | Deal with complaints"
    )
    assert [(node.ref, node.text) for node in read_one(text).requirements] == [
        ("301.1.1", "Explain the offer"),
        ("301.1.2", "Describe customers"),
        ("301.2.1", "Deal with complaints"),
    ]
    headed = text.replace("301.1.1", "Outcome 1 Know the offer\n301.1.1").replace("301.2.1", "Outcome 2 Act\n301.2.1")
    assert [(node.ref, len(node.children)) for node in read_one(headed).requirements] == [("1", 2), ("2", 1)]


def test_lists_under_a_criterion_are_its_parts_unless_they_are_examples() -> None:
    unit = read_one(
        "1 Know the law\n1.1 describe duties under:\n• equality law\n• data protection\nlaw\n"
        "1.2 explain risks, such as:\n• fire\n• floods\n1.3 state\na) one thing\nb) another\n"
        "1.4 carry out checks, including doors, windows and alarms"
    )
    (outcome,) = unit.requirements
    assert [(child.ref, [part.text for part in child.components]) for child in outcome.children] == [
        ("1.1", ["equality law", "data protection law"]),
        ("1.2", []),
        ("1.3", ["one thing", "another"]),
        ("1.4", ["doors", "windows", "alarms"]),
    ]
    assert outcome.children[1].text == "explain risks, such as: fire; floods"


def test_what_is_no_requirement_is_guidance_or_said_to_be_left_out() -> None:
    text = (
        "1 Know the menu\n1.1 explain the menu\nEvidence requirements\nTwo menus.\n1.9 is not asked for.\n"
        "Indicative content\n1 Know the menu\n- Starters\n- Main courses\n2 Wines\n2.1 regions\n"
    )
    (found,) = read(text)
    assert tree_of(found.unit) == [("1", "Know the menu", [("1.1", "explain the menu")])]
    assert [(piece.title, piece.text) for piece in found.unit.guidance] == [
        ("Indicative content 1", "Know the menu\n\n- Starters\n- Main courses"),
        ("Indicative content 2", "Wines"),
        ("Indicative content 2.1", "regions"),
    ]
    assert "Left out, as no requirements: “Evidence requirements”." in said(text)


def test_words_around_the_table_are_told_from_it() -> None:
    """As a specification of an English awarding body prints a unit, copied from its PDF."""
    (found,) = read(
        "Unit 4: Run a kitchen\nUnit type: Mandatory\nCredit value: 7\nAim: This unit is about running a kitchen\n"
        "from day to day.\nLearning outcomes and assessment criteria\n"
        "To pass this unit, the learner needs to demonstrate that they can meet all the learning outcomes. The\n"
        "assessment criteria outline the requirements.\n"
        "Learning outcomes Assessment criteria Evidence type Portfolio reference Date\n"
        "1 Understand the\nrunning of a\nkitchen\n1.1 Explain how to use e.g.\n– gas\n– steam\n"
        "1.2 Keep within £1.5 million\nin 2.3 months\n"
        "Learner name: Date:\nInternal verifier signature: Date:\n(if sampled)\n"
    )
    assert tree_of(found.unit) == [
        (
            "1",
            "Understand the running of a kitchen",
            [("1.1", "Explain how to use e.g. gas; steam"), ("1.2", "Keep within £1.5 million in 2.3 months")],
        )
    ]
    assert found.unit.synopsis == "This unit is about running a kitchen from day to day."
    assert found.unit.requirements[0].children[0].components == ()
    assert all(warning.certain for warning in found.warnings)


def test_national_occupational_standards_number_what_is_done_and_known() -> None:
    unit = read_one(
        "INSCS015 Serve customers\nPerformance criteria\nYou must be able to:\nP1 plan a conversation with a guest\n"
        "P2 hold it\nKnowledge and understanding\nYou need to know and understand:\nK1 why to listen\nK2 how to ask"
    )
    assert [(node.ref, node.kind) for node in unit.requirements] == [
        ("P1", "performance criterion"),
        ("P2", "performance criterion"),
        ("K1", "knowledge"),
        ("K2", "knowledge"),
    ]
    assert (unit.title, unit.reference) == ("Serve customers", "INSCS015")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Dear all,\nthe meeting is at 3.15 pm in room 4.", "0 requirements were found"),
        ("Unit 2 must be done before Unit 3.\n", "0 requirements were found"),
        ("1 Know a\n1.1 explain b\n2.1 explain c\n2.2 explain d", "No outcome stands above 2.1 and 2.2"),
        ("1 Know a\n1.1 explain b\n1.1 describe c", "The reference 1.1 stands twice under one heading"),
        ("1 Know a\n1.1 explain b\n1.2\n\n1.3 explain c", "1.2 has no text in the source, so it was left out."),
        ("Learning outcome: the learner will know a\nThe learner can:\n• explain b", "numbered by their place"),
        ("1 Know a\n1.1 explain b\n1 Know a\n1.1 explain b", "Printed more than once and taken once: 1.1."),
        ("1 Know a\n1.1 explain b.\n\nThe Manager signs.", "it looks like no requirement: “The Manager signs.”."),
    ],
)  # fmt: skip
def test_what_is_doubtful_is_said(text: str, sentence: str) -> None:
    assert sentence in said(text)


def test_a_list_of_contents_and_mentions_begin_no_unit() -> None:
    text = (
        "Contents\nUnit 1: Cook ........ 3\nUnit 2: Serve ........ 5\n"
        "Unit 1: Cook\nLevel: 2\n1 Know food\n1.1 name dishes\nThis goes well with\nUnit 2: Serve\n"
        "Unit 1: Cook\n1.2 cook one\n"
        "Unit 2: Serve\nLevel: 3\n1 Know guests\n1.1 greet guests\n"
    )
    first, second = read(text)
    assert (first.unit.title, [ref for _, _, criteria in tree_of(first.unit) for ref, _ in criteria]) == (
        "Cook",
        ["1.1", "1.2"],
    )
    assert (second.unit.title, second.unit.level) == ("Serve", "3")


def test_line_numbers_are_those_of_the_file() -> None:
    text = "Unit 1: Cook\n1 Know food\n1.1 name dishes\nUnit 2: Serve\n1 Know guests\n1.1 greet guests\n"
    _, second = read(text)
    (outcome,) = second.unit.requirements
    assert (second.first_line, outcome.source_line, outcome.children[0].source_line) == (4, 5, 6)
    assert second.lines == ("Unit 2: Serve", "1 Know guests", "1.1 greet guests")


def test_a_merged_cell_that_is_said_again_is_one_outcome() -> None:
    lines = [
        SourceLine("", cells=("Learning outcome", "Assessment criteria")),
        SourceLine("", cells=("Know the menu", "explain the starters")),
        SourceLine("", cells=("Know the menu", "explain the wines")),
        SourceLine("", cells=("Serve", "carry plates\nclear tables")),
    ]
    (found,) = read_specification(lines, "x")
    assert tree_of(found.unit) == [
        ("1", "Know the menu", [("1.1", "explain the starters"), ("1.2", "explain the wines")]),
        ("2", "Serve", [("2.1", "carry plates"), ("2.2", "clear tables")]),
    ]
