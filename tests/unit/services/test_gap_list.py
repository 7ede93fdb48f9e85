"""Gaps lead to where they are mended, and are put aside and brought back by what they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from tests.stored_portfolios import state

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import EvidenceKind, PersonPart
from portfolio_app.services.actions import action_from_gap, list_actions
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.decisions import record_decision
from portfolio_app.services.evidence import EvidenceGiven, add_evidence
from portfolio_app.services.gap_list import (
    FixPlace,
    Grouping,
    PlacedGap,
    bring_back,
    gap_list,
    grouped_gap_list,
    put_aside,
)
from portfolio_app.services.history import list_history, redo, undo
from portfolio_app.services.people import PersonGiven
from portfolio_app.storage.portfolio_file import PortfolioFile

TODAY = date(2026, 6, 1)
Kinds = Mapping[str, EvidenceKind]


@pytest.fixture
def worked_on(portfolio: PortfolioFile, kinds: Kinds) -> PortfolioFile:
    """E1 without a date is claimed for U1/1.2 with one of two parts, E2 is by an incomplete witness."""
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan", body="x"))
    add_claim(portfolio, "E1", "U1/1.2", ClaimGiven(place="p. 3", components=[1]))
    witness = PersonGiven("Jo Hill", part=PersonPart.WITNESS)
    given = EvidenceGiven(title="Testimony", body="x", date="2026-05-01", people=[witness])
    add_evidence(portfolio, kinds["witness-testimony"], given)
    add_claim(portfolio, "E2", "U1/2.1", ClaimGiven())
    return portfolio


def found(portfolio: PortfolioFile, kinds: Kinds, rule: str) -> list[PlacedGap]:
    return [placed for placed in gap_list(portfolio, kinds, TODAY) if placed.gap.rule == rule]


def test_each_gap_leads_to_the_field_that_mends_it(worked_on: PortfolioFile, kinds: Kinds) -> None:
    with worked_on.read() as reader:
        ids = {f"E{item.number}": item.id for item in reader.evidence_facts()}
        (unit,) = reader.units()
        leaves = {leaf.ref: leaf.id for leaf in unit.leaves()}
    places = {placed.gap.rule: (placed.place, placed.fix.value) for placed in gap_list(worked_on, kinds, TODAY)}
    assert places["no-claim"] == (FixPlace("evidence", "", leaves["1.1"], unit.id), "Add evidence")
    assert places["component-not-ticked"] == (
        FixPlace("evidence", ids["E1"], leaves["1.2"], unit.id, "parts"),
        "Tick the parts",
    )
    assert places["claim-without-place"] == (
        FixPlace("evidence", ids["E2"], leaves["2.1"], unit.id, "claim"),
        "Open the claim",
    )
    assert places["evidence-without-date"] == (FixPlace("evidence", ids["E1"], field="date"), "Give a date")
    assert places["witness-incomplete"] == (FixPlace("evidence", ids["E2"], field="people"), "Complete the witness")
    assert places["declaration-unsigned"] == (FixPlace("overview", field="declaration"), "Sign the declaration")
    decided_on = datetime.now(UTC).astimezone().date()
    record_decision(worked_on, leaves["2.1"], Verdict.MORE_NEEDED, "Ann", decided_on=decided_on)
    (asked,) = found(worked_on, kinds, "decision-unanswered")
    assert asked.place == FixPlace("feedback", "", leaves["2.1"], unit.id)


def test_groups_stand_in_the_order_of_units_weight_and_rules(worked_on: PortfolioFile, kinds: Kinds) -> None:
    by_unit = grouped_gap_list(worked_on, kinds, TODAY, Grouping.UNIT)
    assert [group.heading for group in by_unit] == ["U1 Serve customers", "Evidence", "The whole portfolio"]
    by_weight = grouped_gap_list(worked_on, kinds, TODAY, Grouping.SEVERITY)
    assert [group.heading for group in by_weight] == ["Missing", "Worth a look"]
    by_rule = grouped_gap_list(worked_on, kinds, TODAY, Grouping.RULE)
    assert by_rule[0].heading == "Nothing claimed yet"
    everything = gap_list(worked_on, kinds, TODAY)
    for groups in (by_unit, by_weight, by_rule):
        assert len({group.key for group in groups}) == len(groups)
        assert sorted(placed.gap for group in groups for placed in group.gaps) == sorted(
            placed.gap for placed in everything
        )


def test_gaps_are_put_aside_and_brought_back_in_one_step(worked_on: PortfolioFile, kinds: Kinds) -> None:
    before = state(worked_on.path)
    gaps = [placed.gap for placed in gap_list(worked_on, kinds, TODAY) if placed.gap.evidence_id]
    assert len({gap.rule for gap in gaps}) > 1
    with pytest.raises(InvalidInput, match="Say why"):
        put_aside(worked_on, gaps, "  ")
    put_aside(worked_on, gaps, "Agreed with Ann")
    aside = state(worked_on.path)
    assert list_history(worked_on, 1)[0].name == f"Put aside {len(gaps)} remarks"
    assert not [placed for placed in gap_list(worked_on, kinds, TODAY) if placed.gap.evidence_id]
    kept = gap_list(worked_on, kinds, TODAY, include_dismissed=True)
    dismissed = [placed.gap for placed in kept if placed.gap.dismissed_reason == "Agreed with Ann"]
    assert len(dismissed) == len(gaps)
    bring_back(worked_on, dismissed)
    assert state(worked_on.path) == before
    with pytest.raises(UnknownReference):
        bring_back(worked_on, dismissed)
    undo(worked_on)
    assert state(worked_on.path) == aside
    undo(worked_on)
    assert state(worked_on.path) == before
    redo(worked_on)
    assert state(worked_on.path) == aside


def test_a_gap_becomes_an_action_that_knows_where_it_came_from(worked_on: PortfolioFile, kinds: Kinds) -> None:
    (placed,) = found(worked_on, kinds, "component-not-ticked")
    action, changes = action_from_gap(worked_on, placed.gap, due=date(2026, 7, 1))
    assert (action.text, action.origin) == (placed.gap.message, "component-not-ticked")
    assert (action.due, action.requirement_id) == (date(2026, 7, 1), placed.gap.requirement_id)
    assert list(changes.actions) == [action.id]
    long = placed.gap._replace(message="much " * 200 + "to do.")
    assert action_from_gap(worked_on, long)[0].text.endswith("much…")
    assert len(list_actions(worked_on)) == 2
