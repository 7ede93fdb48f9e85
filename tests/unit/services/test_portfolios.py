"""Opening a portfolio that others have open, and what its front sheet says."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.stored_portfolios import state

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.portfolio import PortfolioDetails
from portfolio_app.domain.qualification import Qualification, UnitGroup
from portfolio_app.services.history import undo
from portfolio_app.services.portfolios import (
    DetailsGiven,
    PortfolioLocked,
    declare,
    note_ai_use,
    open_portfolio,
    portfolio_details,
    set_details,
    start_portfolio,
    withdraw_declaration,
)
from portfolio_app.storage.lock import Holder, PortfolioLock
from portfolio_app.storage.portfolio_file import PortfolioFile


def test_a_portfolio_that_another_computer_left_open_can_be_taken_over(tmp_path: Path) -> None:
    with start_portfolio(tmp_path / "p", DetailsGiven(learner="Sam Ellis")) as portfolio:
        path = portfolio.path
    note = replace(Holder.this_process(), host="LAB-3", machine="another")
    PortfolioLock.path_for(path).write_text(json.dumps(asdict(note)), encoding="utf-8")
    with pytest.raises(PortfolioLocked, match="LAB-3") as caught:
        open_portfolio(tmp_path / "p")
    assert caught.value.can_take_over
    with open_portfolio(tmp_path / "p", read_only=True) as portfolio:
        assert portfolio.read_only
    with open_portfolio(tmp_path / "p", take_over=True) as portfolio:
        set_details(portfolio, DetailsGiven(centre="Northgate"))
        with pytest.raises(PortfolioLocked) as caught:
            open_portfolio(tmp_path / "p", take_over=True)
        assert not caught.value.can_take_over


FILLED = DetailsGiven(
    learner="Sam Ellis",
    learner_number="12",
    email="sam@example.org",
    profile="Team leader.\n\nFour years.",
    qualification="Customer Service",
    qualification_number="601/1234/5",
    awarding_body="A body",
    level="4",
    centre="Northgate",
    started_on="2 March 2026",
    planned_end="2026-12-01",
)


def test_every_detail_can_be_given_and_cleared_but_the_name(portfolio: PortfolioFile) -> None:
    before = state(portfolio.path)
    details, _ = set_details(portfolio, FILLED)
    assert details == portfolio_details(portfolio)
    assert (details.started_on, details.planned_end) == (date(2026, 3, 2), date(2026, 12, 1))
    names = [name for name in asdict(FILLED) if name != "learner"]
    cleared, _ = set_details(portfolio, DetailsGiven(**dict.fromkeys(names, "")))
    empty = clearable(cleared)
    assert not any(empty)
    assert state(portfolio.path) == before
    with pytest.raises(InvalidInput, match="learner’s name is empty"):
        set_details(portfolio, DetailsGiven(learner=" "))
    undo(portfolio)
    assert portfolio_details(portfolio) == details


def test_what_a_qualification_asks_for_stays_when_it_is_renamed(portfolio: PortfolioFile) -> None:
    asked = Qualification(least_credits=37, groups=(UnitGroup(new_id(), "Optional units", least_units=2),))
    with portfolio.edit("Group the units") as editor:
        editor.put_details(replace(editor.details(), qualification=asked))
    details, _ = set_details(portfolio, FILLED)
    assert details.qualification.title == "Customer Service"
    assert (details.qualification.least_credits, details.qualification.groups) == (asked.least_credits, asked.groups)


def clearable(details: PortfolioDetails) -> list[object]:
    learner, qualification = details.learner, details.qualification
    return [
        *(learner.number, learner.email, learner.profile),
        *asdict(qualification).values(),
        *(details.centre, details.started_on, details.planned_end),
    ]


def test_a_declaration_is_of_the_answer_that_was_signed(portfolio: PortfolioFile) -> None:
    today = datetime.now().astimezone().date()
    note_ai_use(portfolio, "None yet")
    assert portfolio_details(portfolio).declaration.signed_by == ""
    declare(portfolio, ai_use="None.", signed_on=today - timedelta(days=2))
    signed = portfolio_details(portfolio).declaration
    note_ai_use(portfolio, "None.\n")
    assert portfolio_details(portfolio).declaration == signed
    withdraw_declaration(portfolio)
    withdrawn = portfolio_details(portfolio).declaration
    assert (withdrawn.signed_by, withdrawn.signed_on, withdrawn.ai_use) == ("", None, "None.")
    undo(portfolio)
    assert portfolio_details(portfolio).declaration == signed
    note_ai_use(portfolio, "For spelling, in E4.")
    assert (portfolio_details(portfolio).declaration.signed_by, portfolio_details(portfolio).declaration.ai_use) == (
        "",
        "For spelling, in E4.",
    )
    with pytest.raises(InvalidInput, match="day to come"):
        declare(portfolio, ai_use="None.", signed_on=today + timedelta(days=1))
