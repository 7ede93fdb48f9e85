"""A unit as rows of a grid: what goes in comes out, and no change loses words or lets the tree fall apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import (
    CRITERION,
    MARKING_POINT,
    OUTCOME,
    Component,
    Guidance,
    GuidanceKind,
    Requirement,
    Unit,
)
from portfolio_app.domain.unit_checks import DEEPEST
from portfolio_app.importing.unit_library import library, load_library_unit
from portfolio_app.services.unit_checking import checked_unit
from portfolio_app.services.unit_drafts import (
    DraftRow,
    Rows,
    change_kind,
    demote,
    draft_of,
    draft_of_import,
    group,
    insert,
    merge,
    move,
    new_draft,
    number_missing,
    promote,
    remarks,
    remove,
    renumber,
    set_components,
    set_text,
    split,
    suggest_components,
    unit_of,
)
from portfolio_app.services.unit_sources import units_from_text

WORDS = st.text(st.sampled_from("ab :é"), min_size=1, max_size=12).map(lambda text: f"x{text}x")


@st.composite
def requirements(draw: st.DrawFn, depth: int = 1) -> tuple[Requirement, ...]:
    count = draw(st.integers(1 if depth == 1 else 0, 3))
    return tuple(
        Requirement(
            id=new_id(),
            ref=f"{depth}.{number}",
            kind=draw(st.sampled_from([OUTCOME, CRITERION, MARKING_POINT, "standard"])),
            text=draw(WORDS),
            label=draw(WORDS | st.just("")),
            components=tuple(Component(new_id(), draw(WORDS)) for _ in range(draw(st.integers(0, 2)))),
            children=draw(requirements(depth + 1)) if depth < DEEPEST else (),
            source_page=draw(st.none() | st.integers(1, 9)),
            source_line=draw(st.none() | st.integers(1, 99)),
        )
        for number in range(count)
    )


@st.composite
def units(draw: st.DrawFn) -> Unit:
    guidance = draw(st.lists(st.builds(Guidance, st.sampled_from(list(GuidanceKind)), WORDS, WORDS), max_size=4))
    return Unit(new_id(), "U1", "Title", requirements=draw(requirements()), guidance=tuple(guidance))


@given(units())
def test_a_unit_made_of_its_own_rows_is_the_same(unit: Unit) -> None:
    assert unit_of(draft_of(unit)) == unit


CHANGES: dict[str, Callable[[Rows, list[int]], Rows]] = {
    "promote": promote,
    "demote": demote,
    "move up": lambda rows, places: move(rows, places, 0),
    "move down": lambda rows, places: move(rows, places, len(rows)),
    "group": group,
    "merge": merge,
    "to a tip": lambda rows, places: change_kind(rows, places, GuidanceKind.TIP),
    "to a concept": lambda rows, places: change_kind(rows, places, GuidanceKind.CONCEPT),
    "to a criterion": lambda rows, places: change_kind(rows, places, CRITERION),
    "split": lambda rows, places: split(rows, places[0], len(rows[places[0]].text) // 2),
    "insert": lambda rows, places: insert(rows, places[0]),
}


def words(rows: Rows) -> list[str]:
    """Every letter of the rows, in an order that only words lost or invented would change."""
    return sorted("".join("".join(f"{row.title}{row.text}".split()).replace(":", "") for row in rows))


@settings(max_examples=50)
@given(units(), st.lists(st.tuples(st.sampled_from(list(CHANGES)), st.lists(st.integers(0, 30), min_size=1))))
def test_no_change_loses_words_or_breaks_the_tree(unit: Unit, changes: list[tuple[str, list[int]]]) -> None:
    draft = draft_of(unit)
    rows = draft.rows
    for name, places in changes:
        before = rows
        rows = CHANGES[name](rows, sorted({place % len(rows) for place in places}))
        assert words(rows) == words(before)
        assert len({row.key for row in rows}) == len(rows)
        depths = [row.depth for row in rows if row.is_requirement]
        assert all(0 <= depth < DEEPEST for depth in depths)
        assert all(after <= above + 1 for above, after in zip([-1, *depths], depths, strict=False))
    if any(row.is_requirement for row in rows):
        filled = tuple(row if row.text.strip() else replace(row, text="Now written") for row in rows)
        built = unit_of(replace(draft, rows=renumber(filled)))
        assert checked_unit(built).requirements
        again = draft_of(built).rows
        assert [row.key for row in again if row.is_requirement] == [row.key for row in filled if row.is_requirement]
        assert [row.depth for row in again if row.is_requirement] == [row.depth for row in filled if row.is_requirement]


@given(units())
def test_taking_requirements_back_from_guidance_brings_all_of_them_back(unit: Unit) -> None:
    rows = tuple(row for row in draft_of(unit).rows if row.is_requirement and row.depth == 0)
    for row in rows:
        (tip,) = change_kind((row,), [0], GuidanceKind.TIP)
        (back,) = change_kind((tip,), [0], row.kind)
        assert (back.key, back.ref, back.text) == (row.key, row.ref, row.text)
        assert back.components[: len(row.components)] == row.components


def leaves(*texts: str) -> Rows:
    return tuple(
        DraftRow(f"k{number}", text, ref=f"MP{number}", kind=MARKING_POINT, label=text)
        for number, text in enumerate(texts, 1)
    )


def shape(rows: Rows) -> list[str]:
    return [f"{'  ' * row.depth}{row.ref} {row.text}".rstrip() for row in rows]


def test_marking_points_are_grouped_under_outcomes_and_numbered() -> None:
    rows = leaves("Plan", "Do", "Check", "Act")
    rows = group(rows, [0, 2], "Understand")
    rows = group(rows, [3, 4], "Act on it")
    assert shape(renumber(rows)) == [
        "LO1 Understand",
        "  MP1 Plan",
        "  MP2 Check",
        "LO2 Act on it",
        "  MP3 Do",
        "  MP4 Act",
    ]
    criteria = change_kind(rows, [1, 2, 4, 5], CRITERION)
    assert [row.ref for row in renumber(criteria)] == ["LO1", "1.1", "1.2", "LO2", "2.1", "2.2"]
    assert [row.ref for row in number_missing(rows)] == ["LO1", "MP1", "MP3", "LO2", "MP2", "MP4"]


def test_a_block_moves_with_its_heading() -> None:
    rows = renumber(group(leaves("Plan", "Do", "Check"), [0, 1], "Heading"))
    assert shape(move(rows, [0], 4)) == ["MP3 Check", "LO1 Heading", "  MP1 Plan", "  MP2 Do"]
    assert shape(remove(rows, [0])) == ["MP3 Check"]
    assert shape(promote(rows, [0])) == shape(rows)
    assert shape(demote(rows, [0])) == shape(rows)
    assert shape(demote(rows, [3])) == ["LO1 Heading", "  MP1 Plan", "  MP2 Do", "  MP3 Check"]
    assert shape(insert(rows, 1)) == ["LO1 Heading", "", "  MP1 Plan", "  MP2 Do", "MP3 Check"]
    assert insert(rows, 1)[1].depth == 1


def test_a_point_is_cut_in_two_with_its_parts_and_put_together_again() -> None:
    rows = leaves("Award credit for plans including goals and checks. Award credit for reviews.")
    rows = suggest_components(rows, 0)
    assert [part.text for part in rows[0].components] == []
    rows = set_components(rows, 0, ["goals", "reviews"])
    goals = rows[0].components[0]
    cut = split(rows, 0, rows[0].text.index("Award credit for reviews"))
    assert [row.label for row in cut] == ["Plans including goals and checks.", "Reviews."]
    assert (cut[0].key, cut[0].components) == ("k1", (goals,))
    assert ([part.text for part in cut[1].components], cut[1].ref) == (["reviews"], "")
    assert cut[1].key != "k1"
    (merged,) = merge(cut, [0, 1])
    assert (merged.key, merged.text) == ("k1", rows[0].text)
    assert [part.text for part in merged.components] == ["goals", "reviews"]
    assert split(rows, 0, 0) == rows


def test_parts_keep_their_ticks_when_they_are_reworded_or_moved() -> None:
    rows = set_components(leaves("Text"), 0, ["one", "two", "three"])
    ids = {part.text: part.id for part in rows[0].components}
    swapped = set_components(rows, 0, ["three", "one", "two "])[0].components
    assert [part.id for part in swapped] == [ids["three"], ids["one"], ids["two"]]
    reworded = set_components(rows, 0, ["one", "second", "three"])[0].components
    assert [part.id for part in reworded] == [ids["one"], ids["two"], ids["three"]]
    fewer = set_components(rows, 0, ["", "three"])[0].components
    assert [part.id for part in fewer] == [ids["three"]]
    twice = set_components(rows, 0, ["one", "one"])[0].components
    assert len({part.id for part in twice}) == 2


def test_a_label_follows_its_text_unless_it_was_written_by_hand() -> None:
    rows = set_text(leaves(""), 0, "Award credit for plans.")
    assert rows[0].label == "Plans."
    by_hand = (replace(rows[0], label="My words"),)
    assert set_text(by_hand, 0, "Award credit for maps.")[0].label == "My words"


def test_what_becomes_guidance_keeps_its_words_and_frees_what_stood_under_it() -> None:
    rows = renumber(group(leaves("Service: what we do", "Do"), [0, 1], "Heading"))
    rows = change_kind(rows, [0], GuidanceKind.TIP)
    assert [(row.kind_name, row.depth) for row in rows] == [("tip", 0), ("marking point", 0), ("marking point", 0)]
    concept = change_kind(rows, [1], GuidanceKind.CONCEPT)[1]
    assert (concept.title, concept.text) == ("Service", "what we do")
    tip = change_kind((concept,), [0], GuidanceKind.TIP)[0]
    assert (tip.title, tip.text) == ("", "Service: what we do")
    assert change_kind((concept,), [0], CRITERION)[0].text == "Service: what we do"


TEXT = """A unit about service.
Topic Synopsis
It is about service.
Key Concepts & Core Principles
- Service: what we do for others.
Exam Tips & Revision Strategies
- Read the question.
Common Misconceptions & Mistakes to Avoid
- That it is easy.
Examiner Marking Points
- Award credit for plans including goals, measures and reviews.
- Award credit for plans including goals, measures and reviews.
"""


def test_pasted_text_becomes_rows_with_their_lines_and_warnings() -> None:
    (found,) = units_from_text(TEXT)
    draft = draft_of_import(replace(found, unit=replace(found.unit, title="Service")))
    assert draft.unit.source == "Revision guidance, imported from “pasted text”"
    assert [(row.ref, row.kind_name) for row in draft.rows] == [
        ("MP1", "marking point"),
        ("MP2", "marking point"),
        ("", "concept"),
        ("", "tip"),
        ("", "misconception"),
    ]
    assert draft.source_of(draft.rows[1]) == "- Award credit for plans including goals, measures and reviews."
    assert [part.text for part in draft.rows[0].components] == ["goals", "measures", "reviews"]
    twice = next(remark for remark in remarks(draft) if "says the same" in remark.sentence)
    assert (twice.row, twice.blocks) == (1, False)
    assert unit_of(draft).synopsis.endswith("It is about service.")
    with pytest.raises(InvalidInput, match="paste it first"):
        units_from_text(" \n")
    assert units_from_text("half \ud800 a character")[0].unit.requirements == ()


def test_what_stops_a_unit_is_said_before_what_is_worth_a_look() -> None:
    draft = replace(new_draft(), rows=(*leaves("One", ""), *leaves("Two")))
    draft = replace(draft, rows=(*draft.rows, DraftRow("k9", "Long " * 61, ref="MP9", kind=OUTCOME)))
    assert [(remark.row, remark.blocks, remark.sentence) for remark in remarks(draft)] == [
        (None, True, "The unit needs a title."),
        (1, True, "MP2 has no text: write it, or remove the row."),
        (2, True, "The reference MP1 stands twice: references under one heading differ."),
        (3, False, "The numbering goes from MP1 to MP9: check that nothing is missing."),
        (3, False, "MP9 has 61 words: check that it is one requirement."),
        (3, False, "MP9 is an outcome with nothing under it."),
    ]
    with pytest.raises(InvalidInput, match="needs a title"):
        unit_of(draft)
    empty = remarks(new_draft("Title"))
    assert [remark.sentence for remark in empty] == [
        "There is no requirement of “Title”, so there is nothing to claim evidence against."
    ]


def test_every_unit_of_the_library_goes_through_the_grid() -> None:
    for entry in library():
        unit = load_library_unit(entry.id)
        draft = draft_of(unit)
        assert unit_of(draft) == unit
        assert not [remark for remark in remarks(draft) if remark.blocks]
        assert number_missing(draft.rows) == draft.rows
