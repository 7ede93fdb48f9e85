"""The matrix for a screen: the same cells as the domain's, whatever is filtered, folded or claimed."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.assessment_facts import KINDS, item, sound_facts
from tests.matrix_facts import filters, large_grid, matrix_facts

from portfolio_app.domain.coverage import CoverageState, coverage, matrix_cells
from portfolio_app.domain.facts import AssessmentFacts, ClaimFact
from portfolio_app.services.matrix_grid import (
    CODES,
    STATES,
    Grouping,
    MatrixFilter,
    MatrixGrid,
    RowChoice,
    RowKind,
    Shown,
    grid_of,
    shown,
    with_cells,
)

_TITLES = {kind.id: kind.title for kind in KINDS.values()}


@given(matrix_facts())
def test_the_grid_holds_each_requirement_once_in_printed_order_with_its_state_and_cells(facts: AssessmentFacts) -> None:
    grid = grid_of(facts)
    covered = coverage(facts)
    assert [row.id for row in grid.rows] == [
        each for unit in facts.units for each in (unit.id, *(requirement.id for _, requirement in unit.walk()))
    ]
    cells = {leaf: found for unit in facts.units for leaf, found in matrix_cells(facts, unit).items()}
    for number, row in enumerate(grid.rows):
        if row.kind is not RowKind.UNIT:
            assert row.state is covered.states[row.id]
        if row.is_requirement:
            assert {
                grid.evidence[column].id: STATES[row.code(column)]
                for column in range(len(grid.evidence))
                if row.code(column)
            } == cells[row.id]
        below = [each.depth > row.depth for each in grid.rows[number + 1 : row.end]]
        assert all(below)
        assert row.end == len(grid.rows) or grid.rows[row.end].depth <= row.depth


def _naive(grid: MatrixGrid, wanted: MatrixFilter) -> Shown:
    """Say what is shown, one row at a time and without any haste."""

    def matches(row_number: int) -> bool:
        row = grid.rows[row_number]
        by_choice = {
            RowChoice.ALL: True,
            RowChoice.GAPS: row.state in (CoverageState.NONE, CoverageState.CLAIMED),
            RowChoice.CLAIMED: len(row.columns) > 0,
            RowChoice.NOT_YET_MET: row.state in (CoverageState.NOT_YET_MET, CoverageState.MORE_NEEDED),
        }
        return row.is_requirement and (not wanted.units or row.unit_id in wanted.units) and by_choice[wanted.rows]

    def is_heading(row_number: int) -> bool:
        row = grid.rows[row_number]
        kinds = {
            Grouping.OUTCOMES: (RowKind.UNIT, RowKind.GROUP),
            Grouping.UNITS: (RowKind.UNIT,),
            Grouping.NONE: (),
        }[wanted.grouping]
        return row.kind in kinds and any(matches(below) for below in range(row_number, row.end))

    def is_folded_away(row_number: int) -> bool:
        return any(
            is_heading(above) and above < row_number < grid.rows[above].end and grid.rows[above].id in wanted.folded
            for above in range(row_number)
        )

    everything = range(len(grid.rows))
    rows = [number for number in everything if matches(number) or is_heading(number)]
    used = {column for number in everything if matches(number) for column in grid.rows[number].columns}
    columns = [
        number
        for number, fact in enumerate(grid.evidence)
        if all(
            word in f"E{fact.number} {fact.title} {_TITLES[fact.kind]} {fact.date}".lower()
            for word in wanted.items.lower().split()
        )
        and (not wanted.only_used or number in used)
    ]
    return Shown(
        tuple(number for number in rows if not is_folded_away(number)), tuple(columns), sum(map(matches, everything))
    )


@given(st.data())
def test_what_is_shown_is_what_matches_with_its_headings_less_what_is_folded_away(data: st.DataObject) -> None:
    grid = grid_of(data.draw(matrix_facts()))
    wanted = data.draw(filters(grid))
    assert shown(grid, wanted, _TITLES) == _naive(grid, wanted)


@given(st.data())
def test_a_cell_shown_as_claimed_at_once_is_what_the_portfolio_says_when_it_is_read_again(data: st.DataObject) -> None:
    facts = data.draw(matrix_facts())
    grid = grid_of(facts)
    leaves = [number for number, row in enumerate(grid.rows) if row.is_requirement]
    if not leaves or not grid.evidence:
        return
    row, column = data.draw(st.sampled_from(leaves)), data.draw(st.integers(0, len(grid.evidence) - 1))
    is_claiming = not grid.rows[row].code(column)
    claim = ClaimFact(grid.evidence[column].id, grid.rows[row].id, 0)
    claims = [each for each in facts.claims if each[:2] != claim[:2]] + [claim] * is_claiming
    now, later = with_cells(grid, [(row, column)], claimed=is_claiming), grid_of(replace(facts, claims=claims))
    assert (now.rows[row].columns, now.rows[row].codes) == (later.rows[row].columns, later.rows[row].codes)
    assert now.rows[row].state is later.rows[row].state
    assert now.has_same_shape(later)


def test_items_are_found_by_reference_title_kind_and_date_in_any_order() -> None:
    facts = replace(
        sound_facts(), evidence=[item(1), item(4, "testimony", title="What Jo saw", date="2026-05-02"), item(40)]
    )
    grid = grid_of(facts)

    def found(words: str) -> list[int]:
        return [grid.evidence[column].number for column in shown(grid, MatrixFilter(items=words), _TITLES).columns]

    assert found("witness JO 2026-05") == [4]
    assert found("e4") == [4, 40]
    assert found("E40") == [40]
    assert found("jo nobody") == []


def test_a_summary_reads_as_people_say_it() -> None:
    rows = {row.id: row for row in grid_of(replace(sound_facts(), ticked=frozenset())).rows}
    assert rows["explain"].summary == "claimed, 2 items"
    assert rows["manage"].summary == "claimed with proof, 2 items"
    assert rows["unit"].summary == "0 of 2 met"


def test_large_grids_for_other_tests_are_sound() -> None:
    grid = large_grid(100, 30)
    assert sum(row.is_requirement for row in grid.rows) == 100
    assert all(grid.rows[row.end - 1].unit_id == row.unit_id for row in grid.rows)
    assert len(shown(grid, MatrixFilter()).rows) == len(grid.rows)
    assert CODES[CoverageState.NONE] == 0
