"""Tables of anybody's making come in whole: what the columns hold is guessed or said."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from tests.attached_samples import old_workbook, open_file

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.qualification import Unit
from portfolio_app.domain.unit_checks import tree_problems
from portfolio_app.importing.column_tables.guessing import guess_mapping
from portfolio_app.importing.column_tables.mapping import ColumnMapping, ColumnRole, Nesting, parse_columns
from portfolio_app.importing.column_tables.nesting import parents_by_prefix
from portfolio_app.importing.column_tables.sheets import read_text_table, read_workbook_sheets
from portfolio_app.importing.column_tables.units import read_units
from portfolio_app.importing.imported_unit import ImportedUnit

REF, TEXT, PARENT, OUTCOME = ColumnRole.REF, ColumnRole.TEXT, ColumnRole.PARENT, ColumnRole.OUTCOME
OUTCOME_REF, NOTES, KIND = ColumnRole.OUTCOME_REF, ColumnRole.NOTES, ColumnRole.KIND


def _rows(text: str) -> tuple[tuple[str, ...], ...]:
    return read_text_table(text.encode(), "units.csv").rows


def _read(text: str) -> tuple[ImportedUnit, ...]:
    rows = _rows(text)
    return read_units(rows, guess_mapping(rows), "units.csv")


def _tree(unit: Unit) -> list[tuple[int, str, str]]:
    return [(len(ancestors), node.ref, node.text) for ancestors, node in unit.walk()]


def _sentences(found: ImportedUnit) -> str:
    return " ".join(warning.sentence for warning in found.warnings)


# What the columns hold


def test_a_table_of_an_awarding_body_needs_no_help() -> None:
    (found,) = _read(
        "Unit title,Plan the work\nLevel,4,Credit value,6\n,,,\n"
        "LO,Learning outcome,No.,Assessment criteria,Notes\n"
        "LO1,Understand planning,1.1,Describe a plan,Look at the rota\n"
        ",,1.2,Explain a plan,\n"
        "LO2,Be able to plan,2.1,Draw up a plan,\n"
    )
    unit = found.unit
    assert (unit.title, unit.level, unit.credits) == ("Plan the work", "4", 6)
    assert _tree(unit) == [
        (0, "LO1", "Understand planning"),
        (1, "1.1", "Describe a plan"),
        (1, "1.2", "Explain a plan"),
        (0, "LO2", "Be able to plan"),
        (1, "2.1", "Draw up a plan"),
    ]
    assert [piece.text for piece in unit.guidance] == ["1.1: Look at the rota"]
    assert [node.source_line for _, node in unit.walk()] == [5, 5, 6, 7, 7]
    assert found.lines[4] == "LO1 | Understand planning | 1.1 | Describe a plan | Look at the rota"
    assert not found.warnings


def test_rows_that_name_their_unit_make_several_each_with_its_own_numbering() -> None:
    plan, do = _read(
        "Unit;Unit no.;Mandatory/Optional;Level;Credits;Outcome;Criterion\n"
        "Plan;M/1;M;4;6;1. Understand the plan;1.1 Describe the plan\n;;;;;;1.2 Explain the plan\n"
        "Do;M/2;Optional A;4;six;1. Do the plan;1.1 Carry out the plan\nIdle;M/3;;;;;\n"
    )
    assert [(each.unit.title, each.unit.reference, each.unit.credits, each.unit.mandatory) for each in (plan, do)] == [
        ("Plan", "M/1", 6, True),
        ("Do", "M/2", None, False),
    ]
    assert [ref for _, ref, _ in _tree(plan.unit)] == ["1", "1.1", "1.2"]
    assert _tree(do.unit) == [(0, "1", "Do the plan"), (1, "1.1", "Carry out the plan")]
    assert "“six” is no number of credits" in _sentences(do)
    assert "The unit “Idle” has no requirement" in _sentences(plan)


def test_headings_of_units_between_the_rows_part_them() -> None:
    plan, do = _read(
        "Level 4 Diploma,\nNo.,Criterion\nUnit 301: Plan the work,\n1,Understand planning\n1.1,Describe a plan\n"
        "Unit M/506/2898 – Do the work,\n1,Carry it out\n"
    )
    assert [(each.unit.reference, each.unit.title) for each in (plan, do)] == [
        ("301", "Plan the work"),
        ("M/506/2898", "Do the work"),
    ]
    assert [len(_tree(each.unit)) for each in (plan, do)] == [2, 1]


@pytest.mark.parametrize(
    ("table", "roles", "nesting"),
    [
        ("id,parent id,type,name,description\na,,LO,Plan,Plan the work\nb,a,AC,Rota,Make a rota for a week\n",
         (REF, PARENT, KIND, None, TEXT), Nesting.PARENT),
        ("KSB,Statement\nK1,Knows about the rules\nS1,Applies the rules\n", (REF, TEXT), Nesting.NONE),
        ("K1,Knowledge,Knows about the rules of work\nS1,Skill,Applies the rules of work\n",
         (REF, KIND, TEXT), Nesting.NONE),
        ("Level 1|Level 2\nManage|Plan the work\n|Do the work\n", (TEXT, TEXT), Nesting.INDENT),
        ("Requirement\nUnderstand planning\n   Describe a plan\n", (TEXT,), Nesting.INDENT),
        ("Statement\n1 Understand planning\n1.1 Describe a plan\n", (TEXT,), Nesting.PREFIX),
        ("Outcome,Assessment criteria\nUnderstand planning,Describe a plan\n", (OUTCOME, TEXT), Nesting.OUTCOME),
        # The headings are merged over references and texts.
        ("Learning outcomes: the learner will,,Criteria,\n1,Understand teams,1.1,Describe a team\n,,1.2,Explain it\n",
         (OUTCOME_REF, OUTCOME, REF, TEXT), Nesting.OUTCOME),
        ("a,b\n1,2\n", (None, None), Nesting.NONE),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_headings_and_by_what_they_hold(
    table: str, roles: tuple[ColumnRole | None, ...], nesting: Nesting
) -> None:
    guessed = guess_mapping(_rows(table))
    assert (guessed.roles, guessed.nesting) == (roles, nesting)


def test_columns_are_said_by_letter_number_or_heading() -> None:
    headings = ("No.", "Criterion", "", "Advice")
    said = parse_columns("ref=no., text=B, parent=3,notes=D", headings)
    assert said == (REF, TEXT, PARENT, NOTES)
    for wrong, sentence in {
        "ref": "does not say which column holds what",
        "colour=A": "“colour” is nothing that a column can hold",
        "text=Z": "no column “Z”: its columns are A to D",
        "text=5": "no column “5”",
        "ref=A,text=A": "cannot be both",
        "ref=A,ref=B": "only one can",
    }.items():
        with pytest.raises(InvalidInput, match=sentence):
            parse_columns(wrong, headings)


def test_what_only_one_column_can_hold_leaves_the_other_one() -> None:
    mapping = ColumnMapping((REF, TEXT, None))
    assert mapping.with_role(2, REF).roles == (None, TEXT, REF)
    assert mapping.with_role(2, TEXT).roles == (REF, TEXT, TEXT)


# What stands under what


def test_references_say_what_stands_under_what() -> None:
    refs = ["LO1", "1.1", "AC 1.2", "1.2.1", "(a)", "(b)", "LO2", "2.1", "3.1", "K1", "K1.1", "LO1", "1.1"]
    assert parents_by_prefix(refs) == [None, 0, 0, 2, 3, 3, None, 6, None, None, 9, None, 11]


def test_outcomes_on_rows_of_their_own_are_taken_apart() -> None:
    (found,) = _read(
        "Ref,Criterion\nLO1 Understand planning,\n1.1,Describe a plan\n"
        ",Learning outcome 2: Be able to plan\n2.1,Plan it\n"
    )
    assert _tree(found.unit) == [
        (0, "LO1", "Understand planning"),
        (1, "1.1", "Describe a plan"),
        (0, "2", "Be able to plan"),
        (1, "2.1", "Plan it"),
    ]


def test_a_nought_that_a_spreadsheet_dropped_is_put_back_and_said() -> None:
    (found,) = _read("Ref,Criterion\n1,Plan it\n1.8,Eight\n1.9,Nine\n1.1,Ten\n1.11,Eleven\n02-Jan,A date\n")
    assert [ref for _, ref, _ in _tree(found.unit)] == ["1", "1.8", "1.9", "1.10", "1.11", "02-Jan"]
    assert [(each.line, each.sentence.split(":")[0]) for each in found.warnings] == [
        (5, "1.1 after 1.9 was read as 1.10"),
        (7, "The reference “02-Jan” looks like a date that a spreadsheet made of a number."),
    ]


def test_what_is_doubtful_is_said_and_nothing_is_invented() -> None:
    (found,) = _read(
        "Ref,Parent,Criterion,Price\nA,,Plan the work,\nB,A,Make a rota,\nC,Z,Lost,\nD,D,Itself,\n"
        "Ref,Parent,Criterion,Price\n,,,12\nB,A,Again,\n"
    )
    assert _tree(found.unit) == [
        (0, "A", "Plan the work"),
        (1, "B", "Make a rota"),
        (1, "B (2)", "Again"),
        (0, "C", "Lost"),
    ]
    said = _sentences(found)
    for sentence in ("“C” stands under something that is not in the file", "“D” stands under itself",
                     "The reference B stands twice", "Row 7 has nothing in the columns that are read"):  # fmt: skip
        assert sentence in said
    with pytest.raises(InvalidInput, match="No column holds the text"):
        read_units(_rows("a,b\n1,2\n"), ColumnMapping((REF, None)), "units.csv")
    with pytest.raises(InvalidInput, match="No requirement was found"):
        read_units(_rows("Ref,Text\n"), ColumnMapping((REF, TEXT)), "units.csv")


# A table that is written from a tree comes back as that tree

_Node = tuple[str, list[Any]]
_WORDS = st.lists(st.text("abcdefg", min_size=2, max_size=6), min_size=2, max_size=4).map(" ".join)
_LEAVES: st.SearchStrategy[list[_Node]] = st.lists(st.tuples(_WORDS, st.just([])), max_size=3)
_TREES = st.lists(
    st.tuples(_WORDS, st.lists(st.tuples(_WORDS, st.lists(st.tuples(_WORDS, _LEAVES), max_size=3)), max_size=3)),
    min_size=1,
    max_size=3,
)


def _numbered(nodes: list[_Node], above: str = "", depth: int = 0) -> Iterator[tuple[int, str, str, str]]:
    """Yield depth, reference, reference of the parent, and text."""
    for number, (words, below) in enumerate(nodes, 1):
        ref = f"{above}.{number}" if above else str(number)
        yield depth, ref, above, f"{words} {ref.replace('.', 'x')}"
        yield from _numbered(below, ref, depth + 1)


def _written(rows: list[list[str]], sign: str) -> tuple[tuple[str, ...], ...]:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=sign).writerows(rows)
    return _rows(buffer.getvalue())


@given(_TREES, st.sampled_from(",;\t|"), st.sampled_from([*Nesting]), st.booleans())
def test_a_tree_comes_back_from_its_table(tree: list[_Node], sign: str, nesting: Nesting, headed: bool) -> None:
    nodes = list(_numbered(tree))
    expected = [(depth, ref, text) for depth, ref, _, text in nodes]
    roles: tuple[ColumnRole | None, ...] = (REF, TEXT, PARENT)
    rows = [[ref, text, above] for _, ref, above, text in nodes]
    if nesting is Nesting.NONE:
        expected = [(0, ref, text) for _, ref, text in expected]
    elif nesting is Nesting.INDENT:
        rows = [[ref, f"{'  ' * depth}{text}", ""] for depth, ref, _, text in nodes]
    elif nesting is Nesting.OUTCOME:
        # Two levels: the outcome beside the first text under it, or alone where nothing stands under it.
        roles = (REF, TEXT, OUTCOME_REF, OUTCOME)
        top = {ref: text for depth, ref, _, text in nodes if depth == 0}
        below = [(ref, above, text) for depth, ref, above, text in nodes if depth == 1]
        alone = [["", "", ref, text] for ref, text in top.items() if not any(above == ref for _, above, _ in below)]
        rows = sorted([*alone, *([ref, text, above, top[above]] for ref, above, text in below)], key=lambda row: row[2])
        expected = [(depth, ref, text) for depth, ref, _, text in nodes if depth < 2]
    body = [["Ref", "Criterion", "x", "y"][: len(roles)], *rows] if headed else rows
    mapping = ColumnMapping(roles, nesting, 0 if headed else None)
    (found,) = read_units(_written(body, sign), mapping, "units.csv")
    assert _tree(found.unit) == expected
    assert not list(tree_problems(found.unit.requirements))


@given(st.lists(st.lists(st.text(max_size=12), max_size=5), min_size=1, max_size=12), st.data())
def test_no_table_breaks_the_guess_or_the_reading(cells: list[list[str]], data: st.DataObject) -> None:
    rows = tuple(map(tuple, cells))
    mapping = guess_mapping(rows)
    width = max(map(len, rows))
    roles = data.draw(st.lists(st.sampled_from([None, *ColumnRole]), min_size=width, max_size=width))
    wild = replace(mapping, roles=tuple(roles), nesting=data.draw(st.sampled_from([*Nesting])))
    for each in (mapping, wild):
        try:
            found = read_units(rows, each, "units.csv")
        except InvalidInput:
            continue
        for one in found:
            assert one.unit.requirements
            assert not list(tree_problems(one.unit.requirements))


# Files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_texts_are_read_in_any_encoding_with_lines_in_cells(encoding: str, sign: str) -> None:
    text = sign.join(("Ref", "Criterion")) + f'\r\n1{sign}"Plan the café;\r\nthen, open it"\r\n2{sign}"Close “it”"\r\n'
    rows = read_text_table(text.encode(encoding), "units.csv").rows
    assert rows == (("Ref", "Criterion"), ("1", "Plan the café;\nthen, open it"), ("2", "Close “it”"))


def test_excel_may_say_the_separator_and_blank_rows_keep_their_numbers() -> None:
    sheet = read_text_table(b"sep=;\r\nRef;Text\r\n\r\n1;a, b\r\n;;\r\n", "units.csv")
    assert sheet.rows == (("Ref", "Text"), (), ("1", "a, b"))
    with pytest.raises(InvalidInput, match="is empty"):
        read_text_table(b"  \n", "units.csv")
    with pytest.raises(InvalidInput, match="not text"):
        read_text_table(b"\x00\x01\x02" * 50, "units.csv")


def test_a_workbook_gives_its_visible_sheets_with_what_is_set_in(tmp_path: Path) -> None:
    path = tmp_path / "units.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        notes = book.add_worksheet("Read me")
        notes.write_string(0, 0, "How to use this workbook")
        sheet = book.add_worksheet("Units")
        set_in = book.add_format({"indent": 1})
        two_places = book.add_format({"num_format": "0.00"})
        for row, (ref, text) in enumerate([("No", "Criterion"), (1, "Plan it"), (1.1, "Rota"), (1.2, "Budget")], 3):
            sheet.write(row, 1, ref, two_places if row == 5 else None)
            sheet.write_string(row, 2, text, set_in if row > 4 else None)
        book.add_worksheet("Secret").hide()
    read_me, units = read_workbook_sheets(path)
    assert (read_me.name, read_me.rows) == ("Read me", (("How to use this workbook",),))
    assert units.rows == ((), (), (), ("", "No", "Criterion"), ("", "1", "Plan it"), ("", "1.10", "  Rota"),
                          ("", "1.2", "  Budget"))  # fmt: skip
    mapping = guess_mapping(units.rows)
    assert (mapping.roles, mapping.header) == ((None, REF, TEXT), 3)
    (found,) = read_units(units.rows, replace(mapping, nesting=Nesting.INDENT), "units.xlsx")
    assert _tree(found.unit) == [(0, "1", "Plan it"), (1, "1.10", "Rota"), (1, "1.2", "Budget")]


def test_workbooks_of_other_programs_are_read_too(tmp_path: Path) -> None:
    row = "<table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row>"
    table = f'<table:table table:name="Units">{row.format("Criterion")}{row.format("Plan it")}</table:table>'
    for name, data in {
        "units.ods": open_file("spreadsheet", table),
        "units.xls": old_workbook((0, 0, "Criterion"), (1, 0, "Plan it")),
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        (sheet,) = read_workbook_sheets(path)
        assert sheet.rows == (("Criterion",), ("Plan it",))


def test_broken_workbooks_are_refused_with_a_sentence(tmp_path: Path) -> None:
    for data, sentence in {
        b"PK\x03\x04 not really": "cannot be read",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 encrypted": "protected with a password",
    }.items():
        path = tmp_path / "units.xlsx"
        path.write_bytes(data)
        with pytest.raises(InvalidInput, match=sentence):
            read_workbook_sheets(path)
