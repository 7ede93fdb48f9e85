"""The overview says what to do next, in a sensible order and never the same thing five times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.services.actions import add_action, finish_action
from portfolio_app.services.backups import make_backup
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.decisions import decide
from portfolio_app.services.evidence import EvidenceGiven, add_evidence, edit_evidence
from portfolio_app.services.gap_list import FixPlace
from portfolio_app.services.history import undo
from portfolio_app.services.overview import counts, overview
from portfolio_app.services.portfolios import DetailsGiven, set_details, start_portfolio
from portfolio_app.services.units import insert_units, list_units
from portfolio_app.storage.portfolio_file import PortfolioFile

TODAY = date(2026, 6, 1)
Kinds = Mapping[str, EvidenceKind]


def sources(portfolio: PortfolioFile, kinds: Kinds, today: date = TODAY) -> list[str]:
    return [step.source for step in overview(portfolio, kinds, today).next_steps]


def test_a_new_portfolio_is_told_how_to_begin(tmp_path: Path, kinds: Kinds) -> None:
    with start_portfolio(tmp_path / "new", DetailsGiven(learner="Sam Ellis")) as portfolio:
        seen = overview(portfolio, kinds, TODAY)
        assert [step.button for step in seen.next_steps] == ["Add a unit", "Add evidence"]
        assert (seen.units, seen.total.total, seen.days_left, seen.last_backup) == ((), 0, None, None)
        assert counts(portfolio, kinds, TODAY) == (0, 0, 1, 0, 0)


def test_what_the_assessor_waits_for_comes_first_and_sorts_vary(portfolio: PortfolioFile, kinds: Kinds) -> None:
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan", body="x", date="2026-05-01"))
    add_claim(portfolio, "E1", "U1/1.2", ClaimGiven(place="p. 3", components=[1]))
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan 2", body="x"))
    add_claim(portfolio, "E2", "U1/2.1", ClaimGiven())
    decide(portfolio, "U1/2.1", Verdict.NOT_YET_MET, "Ann", "Show how.")
    late, _ = add_action(portfolio, "Ask Jo.", due=TODAY - timedelta(days=1), evidence_ref="E1")
    add_action(portfolio, "Some day")
    add_action(portfolio, "Next month", due=TODAY + timedelta(days=30))
    add_action(portfolio, "This week", due=TODAY + timedelta(days=3))
    seen = overview(portfolio, kinds, TODAY)
    assert [step.source for step in seen.next_steps] == [
        "decision-unanswered",
        "action-overdue",
        "action-due",
        "component-not-ticked",
        "claim-without-place",
    ]
    overdue = seen.next_steps[1]
    assert overdue.sentence == "“Ask Jo” was due on 31 May 2026."
    assert (overdue.place, overdue.action_id) == (FixPlace("evidence", late.evidence_id or ""), late.id)
    finish_action(portfolio, late.id)
    assert "action-overdue" not in sources(portfolio, kinds)
    assert counts(portfolio, kinds, TODAY)[3:] == (4, 1)


def test_the_same_is_said_again_only_when_there_is_nothing_else(portfolio: PortfolioFile, kinds: Kinds) -> None:
    many = tuple(Requirement(f"r{n}", str(n), "criterion", "Explain.") for n in range(9))
    insert_units(portfolio, [Unit("many", "", "Many", requirements=many)])
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan", body="x", date="2026-05-01"))
    add_claim(portfolio, "E1", "U1/1.1", ClaimGiven(place="p. 3"))
    steps = overview(portfolio, kinds, TODAY).next_steps
    assert [step.source for step in steps] == ["no-claim", "one-item-only", "no-claim", "no-claim", "no-claim"]
    # The unit that is begun comes before the one that nobody has touched.
    codes = {unit.id: unit.code for unit in list_units(portfolio)}
    assert [codes[step.place.unit_id] for step in steps if step.source == "no-claim"] == ["U1", "U1", "U2", "U2"]


def test_the_declaration_is_asked_for_near_the_end(portfolio: PortfolioFile, kinds: Kinds) -> None:
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan", body="x", date="2026-05-01"))
    assert "declaration-unsigned" not in sources(portfolio, kinds)
    set_details(portfolio, DetailsGiven(planned_end="2026-06-10"))
    assert "declaration-unsigned" in sources(portfolio, kinds)
    assert overview(portfolio, kinds, TODAY).days_left == 9
    set_details(portfolio, DetailsGiven(planned_end="2026-05-30"))
    assert overview(portfolio, kinds, TODAY).days_left == -2
    set_details(portfolio, DetailsGiven(planned_end=""))
    assert "declaration-unsigned" not in sources(portfolio, kinds)
    for address in ("U1/1.1", "U1/1.2", "U1/2.1"):
        add_claim(portfolio, "E1", address, ClaimGiven(place="p. 1", components=[1, 2] if address == "U1/1.2" else []))
    assert "declaration-unsigned" in sources(portfolio, kinds)


def test_what_changed_lately_is_what_stands(portfolio: PortfolioFile, kinds: Kinds) -> None:
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan"))
    for words in ("a", "b", "c"):
        edit_evidence(portfolio, kinds, "E1", EvidenceGiven(body=words))
    add_action(portfolio, "Taken back")
    undo(portfolio)
    seen = overview(portfolio, kinds, TODAY)
    assert [(change.name, change.times) for change in seen.recent] == [
        ("Change evidence E1", 3),
        ("Add evidence E1", 1),
        ("Add unit U1 Serve customers", 1),
        ("New portfolio", 1),
    ]


def test_units_show_each_requirement_and_the_totals_add_up(portfolio: PortfolioFile, kinds: Kinds) -> None:
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan", body="x", date="2026-05-01"))
    add_claim(portfolio, "E1", "U1/1.2", ClaimGiven(place="p. 3", components=[1, 2]))
    decide(portfolio, "U1/1.1", Verdict.MET, "Ann")
    backup = make_backup(portfolio)
    seen = overview(portfolio, kinds, TODAY)
    (unit,) = seen.units
    assert [(leaf.address, leaf.state.symbol) for leaf in unit.leaves] == [
        ("U1/1.1", "✓"),
        ("U1/1.2", "●"),
        ("U1/2.1", "○"),
    ]
    assert (unit.gaps, seen.evidence, str(seen.total), seen.complete_units) == (1, 1, "1 of 3 met", 0)
    assert seen.last_backup == backup.made_at
    assert seen.gaps == counts(portfolio, kinds, TODAY).gaps == 2


@pytest.mark.parametrize("days", [0, 7])
def test_an_action_due_within_a_week_is_named(portfolio: PortfolioFile, kinds: Kinds, days: int) -> None:
    add_action(portfolio, "Ring Jo", due=TODAY + timedelta(days=days), address="U1/1.1")
    (step,) = [step for step in overview(portfolio, kinds, TODAY).next_steps if step.source == "action-due"]
    assert step.sentence == ("“Ring Jo” is due today." if days == 0 else "“Ring Jo” is due on 8 June 2026.")
    assert step.place.page == "units"
    assert step.place.requirement_id


def test_what_references_stand_for_is_said_in_words(portfolio: PortfolioFile, kinds: Kinds) -> None:
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan of\tthe year", body="x"))
    add_claim(portfolio, "E1", "U1/2.1", ClaimGiven())
    add_action(portfolio, "Ring Jo", due=TODAY, address="U1/1.1")
    (unit,) = list_units(portfolio)
    texts = {leaf.id: leaf.short_text for leaf in unit.leaves()}
    addresses = unit.addresses()
    seen = overview(portfolio, kinds, TODAY)
    by_source = {step.source: step for step in seen.next_steps}
    for source in ("action-due", "claim-without-place", "no-claim"):
        key = by_source[source].place.requirement_id
        assert by_source[source].about == f"{addresses[key]}  {texts[key]}"
    assert by_source["evidence-without-date"].about == "E1  Plan of the year"
    assert [(change.name, change.about) for change in seen.recent[1:3]] == [
        ("Claim E1 → U1/2.1", next(text for key, text in texts.items() if addresses[key] == "U1/2.1")),
        ("Add evidence E1", "Plan of the year"),
    ]
    assert [change.about for change in seen.recent[3:]] == ["", ""]  # the name of the unit stands in the step's own
