"""Decisions are kept for good, with what was asked for, what has changed since, and whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.stored_portfolios import state

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.identifiers import new_id
from portfolio_app.services.actions import (
    add_action,
    edit_action,
    finish_action,
    list_actions,
    remove_action,
    reopen_action,
)
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.decisions import acknowledge, decisions_of, record_decision
from portfolio_app.services.evidence import EvidenceGiven, add_evidence, edit_evidence
from portfolio_app.services.feedback import RequirementFeedback, feedback
from portfolio_app.services.history import list_history, redo, undo
from portfolio_app.services.people import PersonGiven, add_person
from portfolio_app.storage.errors import NothingToUndo
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]
LEAF = "Serve customers-2.1"


def today() -> date:
    return datetime.now().astimezone().date()


def about(portfolio: PortfolioFile, requirement_id: str = LEAF) -> RequirementFeedback:
    (found,) = [
        each
        for unit in feedback(portfolio).units
        for each in unit.requirements
        if each.requirement.id == requirement_id
    ]
    return found


def test_the_turn_goes_to_and_fro(portfolio: PortfolioFile, kinds: Kinds) -> None:
    assert not about(portfolio).waits_for_assessor
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan"))
    add_claim(portfolio, "E1", "U1/2.1", ClaimGiven())
    assert about(portfolio).waits_for_assessor
    (decision, action), changes = record_decision(portfolio, LEAF, Verdict.MORE_NEEDED, "Ann", due=date(2026, 7, 1))
    assert (list(changes.decisions), list(changes.requirements)) == ([decision.id], [LEAF])
    assert action is not None
    assert (action.due, action.origin, action.text) == (
        date(2026, 7, 1),
        decision.id,
        "U1/2.1: Answer Ann’s decision “more evidence needed”",
    )
    asked = about(portfolio)
    assert (asked.decision, asked.waits_for_learner, asked.waits_for_assessor) == (decision, True, False)
    assert (asked.evidence, asked.changed, asked.actions) == (("E1",), (), (action,))
    edit_evidence(portfolio, kinds, "E1", EvidenceGiven(body="More"))
    answered = about(portfolio)
    assert (answered.waits_for_learner, answered.waits_for_assessor, answered.changed) == (False, True, ("E1",))
    on_an_older_copy = replace(decision, id=new_id(), decided_at=datetime.now(UTC), seen_at=decision.decided_at)
    with portfolio.edit("Accept a review") as editor:
        editor.add_decision(on_an_older_copy)
    again = about(portfolio)
    assert (again.decision, again.waits_for_assessor, again.changed) == (on_an_older_copy, True, ("E1",))
    record_decision(portfolio, LEAF, Verdict.MET, "Bob")
    done = about(portfolio)
    assert (done.waits_for_learner, done.waits_for_assessor, done.state) == (False, False, "met")
    assert [each.by for each in done.decisions] == ["Bob", "Ann", "Ann"]
    assert decisions_of(portfolio, LEAF) == list(done.decisions)
    view = feedback(portfolio)
    assert (view.waiting_for_learner, view.waiting_for_assessor) == (0, 0)


def test_a_decision_of_an_earlier_day_does_not_overrule_a_later_one(portfolio: PortfolioFile) -> None:
    record_decision(portfolio, LEAF, Verdict.MET, "Ann")
    record_decision(portfolio, LEAF, Verdict.NOT_YET_MET, "Bob", decided_on=today() - timedelta(days=3))
    assert [each.by for each in about(portfolio).decisions] == ["Ann", "Bob"]
    assert about(portfolio).state == "met"


@pytest.mark.parametrize(
    ("requirement", "by", "days", "message"),
    [
        (LEAF, " ", 0, "The assessor’s name is empty"),
        (LEAF, "Ann", 1, "day to come"),
        ("Serve customers-LO1", "Ann", 0, "only groups other requirements"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(
    portfolio: PortfolioFile, requirement: str, by: str, days: int, message: str
) -> None:
    before = state(portfolio.path)
    with pytest.raises(InvalidInput, match=message):
        record_decision(portfolio, requirement, Verdict.MET, by, decided_on=today() + timedelta(days=days))
    with pytest.raises(UnknownReference):
        record_decision(portfolio, "gone", Verdict.MET, "Ann")
    assert state(portfolio.path) == before


def test_a_decision_is_acknowledged_by_doing_what_it_asks_or_by_saying_so(portfolio: PortfolioFile) -> None:
    (decision, action), _ = record_decision(portfolio, LEAF, Verdict.NOT_YET_MET, "Ann", "Show how.")
    assert action is not None
    assert not about(portfolio).acknowledged
    acknowledge(portfolio, decision.id)
    assert about(portfolio).acknowledged
    assert [each.done_on for each in list_actions(portfolio)] == [today()]
    reopen_action(portfolio, action.id)
    assert not about(portfolio).acknowledged
    (met, none), _ = record_decision(portfolio, LEAF, Verdict.MET, "Ann")
    assert none is None
    assert not about(portfolio).acknowledged
    acknowledge(portfolio, met.id)
    assert about(portfolio).acknowledged
    steps = len(list_history(portfolio))
    acknowledge(portfolio, met.id)
    assert len(list_history(portfolio)) == steps
    with pytest.raises(UnknownReference):
        acknowledge(portfolio, "gone")


def test_assessors_are_offered_newest_first_and_once(portfolio: PortfolioFile) -> None:
    add_person(portfolio, PersonGiven("Cy Dale", role="Peripatetic assessor"))
    add_person(portfolio, PersonGiven("Jo Hill", role="Manager"))
    for name in ("Ann Lee", "Bob Ray", "ann lee"):
        record_decision(portfolio, LEAF, Verdict.MET, name)
    assert feedback(portfolio).assessors == ("ann lee", "Bob Ray", "Cy Dale")


def test_actions_are_changed_finished_reopened_and_removed_each_as_a_step(portfolio: PortfolioFile) -> None:
    action, _ = add_action(portfolio, "Ask Jo", address="U1/2.1")
    states = [state(portfolio.path)]
    edit_action(portfolio, action.id, "Ask Jo twice", date(2026, 7, 1))
    states.append(state(portfolio.path))
    finish_action(portfolio, action.id, date(2026, 6, 30))
    states.append(state(portfolio.path))
    (done,) = list_actions(portfolio)
    assert (done.text, done.due, done.done_on, done.requirement_id) == (
        "Ask Jo twice",
        date(2026, 7, 1),
        date(2026, 6, 30),
        LEAF,
    )
    reopen_action(portfolio, action.id)
    states.append(state(portfolio.path))
    remove_action(portfolio, action.id)
    assert list_actions(portfolio) == []
    for before in reversed(states):
        undo(portfolio)
        assert state(portfolio.path) == before
    redo(portfolio)
    assert state(portfolio.path) == states[1]
    with pytest.raises(InvalidInput):
        edit_action(portfolio, action.id, "", None)
    with pytest.raises(UnknownReference):
        finish_action(portfolio, "gone")


def test_open_actions_come_first_and_the_earliest_due_before_those_without_a_day(portfolio: PortfolioFile) -> None:
    for text, due in (("later", date(2026, 8, 1)), ("some day", None), ("soon", date(2026, 7, 1)), ("done", None)):
        action, _ = add_action(portfolio, text, due=due)
    finish_action(portfolio, action.id)
    assert [each.text for each in feedback(portfolio).actions] == ["soon", "later", "some day", "done"]


def test_a_decision_stays_when_all_else_is_undone(portfolio: PortfolioFile) -> None:
    record_decision(portfolio, LEAF, Verdict.MET, "Ann")
    with pytest.raises(NothingToUndo):
        undo(portfolio)
