"""Changing a unit keeps the claims on what stays, says what would go, and undo brings all of it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.stored_portfolios import state

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.qualification import AssessmentMethod, Component, Requirement, Unit, UnitRules
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.decisions import record_decision
from portfolio_app.services.evidence import EvidenceGiven, add_evidence
from portfolio_app.services.history import list_history, redo, undo
from portfolio_app.services.unit_drafts import change_kind, demote, draft_of, move, promote, remove, renumber, unit_of
from portfolio_app.services.unit_editing import (
    edit_consequences,
    edit_unit,
    removal_consequences,
    reorder_units,
    set_unit_rules,
    unit_trees,
)
from portfolio_app.services.unit_sources import add_library_units, library_choices
from portfolio_app.services.units import insert_units, list_units, remove_unit
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]
ONE, TWO, FLAT = (f"Serve customers-{ref}" for ref in ("1.1", "1.2", "2.1"))


@pytest.fixture
def claimed(portfolio: PortfolioFile, kinds: Kinds) -> PortfolioFile:
    """E1 is claimed for 1.1 and, with a part, for 1.2; E2 for 1.2 only."""
    for title in ("A", "B"):
        add_evidence(portfolio, kinds["plan"], EvidenceGiven(title=title))
    add_claim(portfolio, "E1", "U1/1.1", ClaimGiven(why="So"))
    add_claim(portfolio, "E1", "U1/1.2", ClaimGiven(place="p. 2", components=[1]))
    add_claim(portfolio, "E2", "U1/1.2", ClaimGiven())
    return portfolio


def the_unit(portfolio: PortfolioFile) -> Unit:
    return list_units(portfolio)[0]


def pairs(portfolio: PortfolioFile) -> set[tuple[str, str]]:
    with portfolio.read() as reader:
        refs = {item.id: f"E{item.number}" for item in reader.evidence_facts()}
        return {(refs[claim.evidence_id], claim.requirement_id) for claim in reader.claims()}


def test_everything_of_a_unit_changes_in_one_step_and_claims_stay(claimed: PortfolioFile) -> None:
    before, held = state(claimed.path), pairs(claimed)
    unit = the_unit(claimed)
    outcome, flat = unit.requirements
    one, two = outcome.children
    moved = replace(two, ref="2.2", text="Do it well.", components=(two.components[0], Component("new", "third")))
    changed = replace(
        unit,
        code="ignored",
        title=" Serve  customers well",
        credits=6,
        mandatory=False,
        rules=UnitRules(pieces_per_requirement=2, currency_years=None),
        requirements=(replace(flat, children=()), replace(outcome, children=(moved, one))),
    )
    assert str(edit_consequences(claimed, changed)) == ""
    stored, changes = edit_unit(claimed, changed)
    assert (stored.code, stored.title) == ("U1", "Serve customers well")
    assert the_unit(claimed) == stored
    assert changes.units == {unit.id}
    assert pairs(claimed) == held
    after = state(claimed.path)
    assert list_history(claimed, 1)[0].name == "Change unit U1 Serve customers well"
    assert edit_unit(claimed, stored)[1].units == frozenset()
    undo(claimed)
    assert state(claimed.path) == before
    redo(claimed)
    assert state(claimed.path) == after


def test_what_goes_is_named_first_and_all_of_it_comes_back(claimed: PortfolioFile) -> None:
    before = state(claimed.path)
    unit = the_unit(claimed)
    draft = draft_of(unit)
    places = [place for place, row in enumerate(draft.rows) if row.key == TWO]
    smaller = unit_of(replace(draft, rows=remove(draft.rows, places)))
    lost = edit_consequences(claimed, smaller)
    assert [(claim.evidence, claim.requirement) for claim in lost.claims] == [("E1", "U1/1.2"), ("E2", "U1/1.2")]
    assert lost.unclaimed == ("E2",)
    assert str(lost) == (
        "2 claims of E1 and E2 would be removed. E2 would then be claimed for nothing; the evidence itself stays."
    )
    assert removal_consequences(claimed, requirement_ids=[TWO]) == lost
    whole = removal_consequences(claimed, unit_id=unit.id)
    assert (len(whole.claims), whole.unclaimed) == (3, ("E1", "E2"))
    assert removal_consequences(claimed, requirement_ids=["Serve customers-LO1"]) == whole
    assert not removal_consequences(claimed, requirement_ids=[FLAT])
    edit_unit(claimed, smaller)
    assert pairs(claimed) == {("E1", ONE)}
    undo(claimed)
    assert state(claimed.path) == before
    remove_unit(claimed, "U1")
    assert pairs(claimed) == set()
    undo(claimed)
    assert state(claimed.path) == before


def test_ticks_on_parts_that_go_are_named(claimed: PortfolioFile) -> None:
    unit = the_unit(claimed)
    outcome, flat = unit.requirements
    two = outcome.children[1]
    first, second = two.components
    without = replace(two, components=(second,))
    changed = replace(unit, requirements=(replace(outcome, children=(outcome.children[0], without)), flat))
    assert str(edit_consequences(claimed, changed)) == "The ticks at “first” would be removed."
    # A part that moves to another requirement was not ticked there.
    taken = replace(flat, components=(first,))
    moved = replace(unit, requirements=(replace(outcome, children=(outcome.children[0], without)), taken))
    assert edit_consequences(claimed, moved).parts == ("first",)
    stored, _ = edit_unit(claimed, moved)
    (part,) = stored.requirements[1].components
    assert (part.text, part.id == first.id) == ("first", False)
    with claimed.read() as reader:
        assert reader.facts({}).ticked == frozenset()


def test_claims_go_from_what_others_stand_under_now(claimed: PortfolioFile) -> None:
    before = state(claimed.path)
    unit = the_unit(claimed)
    outcome, flat = unit.requirements
    one, two = outcome.children
    under = replace(unit, requirements=(replace(outcome, children=(replace(one, children=(two,)),)), flat))
    assert [claim.requirement for claim in edit_consequences(claimed, under).claims] == ["U1/1.1"]
    edit_unit(claimed, under)
    assert pairs(claimed) == {("E1", TWO), ("E2", TWO)}
    undo(claimed)
    assert state(claimed.path) == before


@pytest.mark.parametrize("requirement_id", [ONE, FLAT])
def test_what_was_decided_stays(claimed: PortfolioFile, requirement_id: str) -> None:
    record_decision(claimed, requirement_id, Verdict.MET, "Ann")
    before = state(claimed.path)
    unit = the_unit(claimed)
    draft = draft_of(unit)
    (place,) = [place for place, row in enumerate(draft.rows) if row.key == requirement_id]
    smaller = unit_of(replace(draft, rows=remove(draft.rows, [place])))
    sentence = r"U1/\d\.1 has a decision by an assessor, which is kept for good"
    with pytest.raises(InvalidInput, match=sentence):
        edit_unit(claimed, smaller)
    rows = move(draft.rows, [place], 0)
    rows = demote(promote(rows, [1]), [1])
    if not unit_of(replace(draft, rows=rows)).requirements[0].is_leaf:
        with pytest.raises(InvalidInput, match=sentence):
            edit_unit(claimed, unit_of(replace(draft, rows=rows)))
    assert edit_consequences(claimed, smaller).decided
    assert state(claimed.path) == before


def test_it_is_said_that_decisions_stay_where_what_they_were_made_on_is_reworded(claimed: PortfolioFile) -> None:
    (decision, _), _ = record_decision(claimed, ONE, Verdict.MET, "Ann")
    unit = the_unit(claimed)

    def reworded(*ids: str, to: str) -> Unit:
        rows = (replace(row, text=f"{row.text}{to}") if row.key in ids else row for row in draft_of(unit).rows)
        return unit_of(replace(draft_of(unit), rows=tuple(rows)))

    assert not edit_consequences(claimed, reworded(ONE, to="  "))
    assert not edit_consequences(claimed, reworded(TWO, FLAT, to=" again"))
    consequences = edit_consequences(claimed, reworded(ONE, TWO, to=" again"))
    assert (consequences.loses, consequences.reworded[0].decision.id) == (False, decision.id)
    assert str(consequences) == (
        f"U1/1.1 was decided on {day_in_words(decision.decided_at)} (“met”); "
        "changing its words does not change that decision."
    )
    record_decision(claimed, FLAT, Verdict.NOT_YET_MET, "Ann")
    assert str(edit_consequences(claimed, reworded(ONE, FLAT, to=" again"))) == (
        "U1/1.1 and U1/2.1 were decided before; changing their words does not change those decisions."
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": " "}, "needs a title"),
        ({"requirements": ()}, "no requirement"),
        ({"credits": -1}, "credits"),
        ({"rules": UnitRules(pieces_per_requirement=0)}, "number of pieces"),
        ({"rules": UnitRules(currency_years=0)}, "stay current"),
        (
            {"requirements": (Requirement("a", "1", "criterion", "A"), Requirement("b", "1 ", "criterion", "B"))},
            "twice",
        ),
        ({"requirements": (Requirement("a", "", "criterion", "A"),)}, "no reference"),
        ({"requirements": (Requirement("a", "1", "criterion", "\n"),)}, "no text"),
    ],
)
def test_a_unit_that_makes_no_sense_is_refused(
    portfolio: PortfolioFile, change: dict[str, object], message: str
) -> None:
    before = state(portfolio.path)
    with pytest.raises(InvalidInput, match=message):
        edit_unit(portfolio, replace(the_unit(portfolio), **change))  # type: ignore[arg-type]
    with pytest.raises(UnknownReference):
        edit_unit(portfolio, replace(the_unit(portfolio), id="gone"))
    assert state(portfolio.path) == before


def test_rules_are_set_without_touching_the_rest(claimed: PortfolioFile) -> None:
    unit = the_unit(claimed)
    method = AssessmentMethod.OBSERVATION
    rules = UnitRules((method, method), simulation_allowed=False, pieces_per_requirement=2, currency_years=3)
    stored, changes = set_unit_rules(claimed, unit.id, rules)
    assert stored == replace(unit, rules=replace(rules, required_methods=(method,))) == the_unit(claimed)
    assert changes.units == {unit.id}
    assert len(pairs(claimed)) == 3


def test_units_are_put_in_order_by_their_codes(claimed: PortfolioFile) -> None:
    def unit(title: str) -> Unit:
        return Unit(f"id-{title}", "", title, requirements=(Requirement(f"{title}-1", "1", "criterion", "Do."),))

    insert_units(claimed, [unit("B"), unit("C"), unit("D")])
    remove_unit(claimed, "U3")
    before = state(claimed.path)
    ids = {unit.title: unit.id for unit in list_units(claimed)}
    reorder_units(claimed, [ids["D"], ids["Serve customers"], ids["B"]])
    assert [(unit.code, unit.title) for unit in list_units(claimed)] == [
        ("U1", "D"),
        ("U2", "Serve customers"),
        ("U4", "B"),
    ]
    assert len(pairs(claimed)) == 3
    undo(claimed)
    assert state(claimed.path) == before
    with pytest.raises(UnknownReference, match="changed meanwhile"):
        reorder_units(claimed, [ids["D"], ids["B"]])


def test_the_tree_says_where_each_requirement_stands(claimed: PortfolioFile) -> None:
    (tree,) = unit_trees(claimed)
    two = tree.nodes[TWO]
    assert (two.address, two.depth, two.state, two.items, two.placed) == ("U1/1.2", 1, CoverageState.CLAIMED, 2, 1)
    assert len(two.ticked) == 1
    group = tree.nodes["Serve customers-LO1"]
    assert (group.depth, group.state, str(group.tally), group.items) == (0, CoverageState.CLAIMED, "0 of 2 met", 0)
    assert list(tree.nodes) == [node.id for _, node in tree.unit.walk()]


def test_units_of_the_library_join_a_portfolio_once(portfolio: PortfolioFile) -> None:
    first, second = (choice.entry.id for choice in library_choices(portfolio)[:2])
    added, _ = add_library_units(portfolio, [first, second])
    assert [unit.code for unit in added] == ["U2", "U3"]
    assert [choice.code for choice in library_choices(portfolio)[:2]] == ["U2", "U3"]
    assert not any(choice.code for choice in library_choices())
    before = state(portfolio.path)
    with pytest.raises(InvalidInput, match="as U2"):
        add_library_units(portfolio, [library_choices(portfolio)[2].entry.id, first])
    assert state(portfolio.path) == before


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_undo_brings_back_any_change_made_in_the_grid(claimed: PortfolioFile, data: st.DataObject) -> None:
    before = state(claimed.path)
    draft = draft_of(the_unit(claimed))
    rows = draft.rows
    for _ in range(data.draw(st.integers(1, 4))):
        places = [data.draw(st.integers(0, len(rows) - 1))]
        name = data.draw(st.sampled_from(["promote", "demote", "move", "remove", "kind"]))
        if name == "remove" and len(rows) > 1:
            rows = remove(rows, places) or rows
        elif name == "move":
            rows = move(rows, places, data.draw(st.integers(0, len(rows))))
        elif name == "kind":
            rows = change_kind(rows, places, "standard")
        else:
            rows = (promote if name == "promote" else demote)(rows, places)
    unit = unit_of(replace(draft, rows=renumber(rows)))
    lost = edit_consequences(claimed, unit)
    held = len(pairs(claimed))
    _, changes = edit_unit(claimed, unit)
    assert len(pairs(claimed)) == held - len(lost.claims)
    assert the_unit(claimed).requirements == unit.requirements
    after = state(claimed.path)
    if changes:
        undo(claimed)
        assert state(claimed.path) == before
        redo(claimed)
        assert state(claimed.path) == after
        undo(claimed)
