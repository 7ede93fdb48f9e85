from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import EvidenceKind, FieldDefinition, FieldType
from portfolio_app.domain.forms import collect_fields, parse_field, validate_fields
from portfolio_app.domain.qualification import AssessmentMethod

TASKS = FieldDefinition(
    "tasks",
    FieldType.TABLE,
    "Tasks",
    columns=(
        FieldDefinition("task", FieldType.TEXT, "Task"),
        FieldDefinition("note", FieldType.LONG_TEXT, "Note for us"),
        FieldDefinition("start", FieldType.DATE, "Start"),
        FieldDefinition("hours", FieldType.NUMBER, "Hours"),
    ),
)
KIND = EvidenceKind(
    "plan",
    "Plan",
    "A plan.",
    AssessmentMethod.PRODUCT,
    fields=(
        FieldDefinition("purpose", FieldType.LONG_TEXT, "Purpose", required=True),
        FieldDefinition("agreed_on", FieldType.DATE, "Agreed on"),
        FieldDefinition("budget", FieldType.NUMBER, "Budget"),
        FieldDefinition("status", FieldType.CHOICE, "Status", choices=("open", "Closed for good")),
        FieldDefinition("shared", FieldType.YES_NO, "Shared"),
        FieldDefinition("owner", FieldType.PERSON, "Owner"),
        TASKS,
    ),
)


def test_values_are_checked_and_tidied() -> None:
    fields = collect_fields(
        KIND,
        [
            "purpose=Keep a=b\n\nand more ",
            "Agreed On = 9 March 2026",
            "budget=£1,200",
            "status=closed FOR good",
            "shared=Y",
            "owner=  Jo   Park ",
        ],
    )
    assert fields == {
        "purpose": "Keep a=b\n\nand more",
        "agreed_on": "9 March 2026",
        "budget": "£1,200",
        "status": "Closed for good",
        "shared": "yes",
        "owner": "Jo Park",
    }
    assert validate_fields(KIND, fields) == ()


@pytest.mark.parametrize(
    "row",
    [
        "Ring back | soon | 2026-03-01 | 4",
        "task=Ring back; note=soon; start=2026-03-01; hours=4",
        "Task = Ring back ; Note for us= soon; start =2026-03-01;hours=4",
        '{"task": "Ring back", "note": "soon", "start": "2026-03-01", "hours": 4}',
    ],
)
def test_a_row_can_be_typed_in_three_ways(row: str) -> None:
    expected = {"task": "Ring back", "note": "soon", "start": "2026-03-01", "hours": "4"}
    assert parse_field(TASKS, row) == (expected,)


def test_naming_a_table_again_adds_a_row() -> None:
    fields = collect_fields(KIND, ["tasks=One", "tasks=Two | a\\|b", "tasks=task=Three; note=x; y = z; hours=2"])
    assert fields["tasks"] == (
        {"task": "One"},
        {"task": "Two", "note": "a|b"},
        {"task": "Three", "note": "x; y = z", "hours": "2"},
    )


@pytest.mark.parametrize(
    ("assignment", "says"),
    [
        ("purpose", "“purpose” has no “=”"),
        ("colour=red", "“Plan” has no field “colour” (its fields: purpose, agreed_on, budget"),
        ("agreed_on=soon", "“Agreed on”: “soon” is not a date"),
        ("agreed_on=2026-02-30", "“2026-02-30” is not a date in the calendar"),
        ("budget=a lot", "“Budget” must be a number, and “a lot” is not."),
        ("status=half", "“Status” cannot be “half”; choose one of “open”, “Closed for good”."),
        ("shared=perhaps", "“Shared” must be yes or no"),
        ("tasks=", "“Tasks” was given an empty row"),
        ("tasks= | | ", "“Tasks” was given an empty row"),
        ("tasks=a|b|2026|1|more", "“Tasks” has 4 columns (task | note | start | hours), not 5."),
        ("tasks=a|b|never", "In “Tasks”: “Start”: “never” is not a date"),
        ("tasks=who=me", "“Tasks” has no column “who” (its columns: task, note, start, hours)."),
        ("tasks=task=a; task=b", "the column “task” was given twice"),
        ("tasks={nonsense", "is not a JSON object"),
        ('tasks={"task": ["a"]}', "“task” must be a text or a number"),
        ('tasks={"who": "me"}', "“Tasks” has no column “who”"),
    ],
)
def test_what_does_not_fit_is_told_in_one_sentence(assignment: str, says: str) -> None:
    with pytest.raises(InvalidInput) as error:
        collect_fields(KIND, [assignment])
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_plain_field_cannot_be_given_twice() -> None:
    with pytest.raises(InvalidInput, match="“purpose” was given twice"):
        collect_fields(KIND, ["purpose=a", "Purpose=b"])


def test_stored_fields_are_checked_without_failing() -> None:
    problems = validate_fields(
        KIND,
        {
            "purpose": "",
            "agreed_on": "soon",
            "old_field": "x",
            "tasks": ({"task": "a", "start": "never"},),
            "budget": ({"a": "b"},),
        },
    )
    assert len(problems) == 4
    assert validate_fields(KIND, {"tasks": "text"}) == ("“Tasks” is a table and needs rows.",)
    assert validate_fields(KIND, {}) == ()


def test_what_an_earlier_form_left_can_stay_and_be_cleared() -> None:
    row = {"task": "a", "start": "never", "outcome": "of a form that had this column"}
    assert len(validate_fields(KIND, {"tasks": (row,)})) == 1
    assert validate_fields(KIND, {"tasks": ({**row, "task": "b"},)}, {"tasks": (row,)}) == ()
    assert validate_fields(KIND, {"tasks": ({**row, "start": "ever"},)}, {"tasks": (row,)})
    assert validate_fields(KIND, {"agreed_on": "soon"}, {"agreed_on": "soon"}) == ()
    assert validate_fields(KIND, {"old_field": "", "old_table": ()}) == ()


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "task": st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1),
            "note": st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1),
            "hours": st.integers(0, 999).map(str),
        },
    ).filter(bool)
)
def test_any_row_given_as_json_comes_back(row: dict[str, str]) -> None:
    assert parse_field(TASKS, json.dumps(row)) == (row,)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_a_row(text: str) -> None:
    try:
        value = parse_field(TASKS, text)
    except InvalidInput as error:
        assert str(error)  # noqa: PT017 - any text may be refused, but only by a known error
    else:
        assert validate_fields(KIND, {"tasks": value}) == ()
