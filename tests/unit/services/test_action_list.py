"""What there is to do, by urgency and with where it came from; decisions on several requirements at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest
from tests.stored_portfolios import state

from portfolio_app.domain.claims import Action, Verdict
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.services.action_list import action_list, due_in_words
from portfolio_app.services.actions import add_action, finish_action
from portfolio_app.services.decisions import decisions_of, record_decisions
from portfolio_app.services.evidence import EvidenceGiven, add_evidence
from portfolio_app.services.history import list_history
from portfolio_app.storage.portfolio_file import PortfolioFile

LEAF = "Serve customers-2.1"


def test_open_ones_come_by_day_and_done_ones_last(portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind]) -> None:
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan"))
    add_action(portfolio, "Some day")
    done, _ = add_action(portfolio, "Done", due=date(2026, 1, 1))
    finish_action(portfolio, done.id, date(2026, 2, 1))
    add_action(portfolio, "Later", due=date(2026, 5, 1), evidence_ref="E1", origin="evidence-without-date")
    record_decisions(portfolio, [LEAF], Verdict.NOT_YET_MET, "Ann", "More, please", due=date(2026, 4, 1))
    found = action_list(portfolio)
    assert [(each.action.text, each.address, each.evidence_ref, each.source, each.is_decided) for each in found] == [
        ("U1/2.1: More, please", "U1/2.1", "", "Ann: not yet met", True),
        ("Later", "", "E1", "Evidence without a date", False),
        ("Some day", "", "", "", False),
        ("Done", "", "", "", False),
    ]


@pytest.mark.parametrize(
    ("due", "done", "words"),
    [
        (None, None, ""),
        (date(2026, 3, 9), None, "due today"),
        (date(2026, 3, 10), None, "due tomorrow"),
        (date(2026, 3, 8), None, "overdue since 8 March 2026"),
        (date(2026, 4, 1), None, "due 1 April 2026"),
        (date(2026, 3, 8), date(2026, 3, 2), "done 2 March 2026"),
    ],
)
def test_by_when_is_said_in_words(due: date | None, done: date | None, words: str) -> None:
    assert due_in_words(Action("a", "Ring", due, done), date(2026, 3, 9)) == words


def test_several_requirements_are_decided_in_one_step_or_none_is(portfolio: PortfolioFile) -> None:
    with portfolio.read() as reader:
        leaves = [leaf.id for unit in reader.units() for leaf in unit.leaves()][:3]
    before = state(portfolio.path)
    with pytest.raises(UnknownReference):
        record_decisions(portfolio, [*leaves, "gone"], Verdict.MET, "Ann")
    tomorrow = datetime.now().astimezone().date() + timedelta(days=1)
    with pytest.raises(InvalidInput, match="to come"):
        record_decisions(portfolio, leaves, Verdict.MET, "Ann", decided_on=tomorrow)
    with pytest.raises(InvalidInput, match="Choose"):
        record_decisions(portfolio, [], Verdict.MET, "Ann")
    assert state(portfolio.path) == before
    decisions, changes = record_decisions(portfolio, leaves, Verdict.MORE_NEEDED, "Ann", "A second one")
    assert changes.decisions == {decision.id for decision in decisions}
    assert [decisions_of(portfolio, leaf)[0].comment for leaf in leaves] == ["A second one"] * len(leaves)
    assert len(action_list(portfolio)) == len(leaves)
    newest = list_history(portfolio, limit=1)[0]
    assert (newest.name, newest.barrier) == (f"Decide {len(leaves)} requirements: more evidence needed", True)
