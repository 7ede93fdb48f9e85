"""Each edit is one named step, says what it touched, and is all there or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.errors import Cancelled, InvalidInput, UnknownReference
from portfolio_app.domain.evidence import EvidenceKind, StandingKind
from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.services.actions import add_action, finish_action, list_actions, numbered_action
from portfolio_app.services.claims import ClaimGiven, add_claim, edit_claim, remove_claim
from portfolio_app.services.coverage import matrix
from portfolio_app.services.decisions import decide
from portfolio_app.services.evidence import (
    EvidenceGiven,
    add_evidence,
    edit_evidence,
    list_evidence,
    remove_evidence,
    restore_evidence,
    show_evidence,
)
from portfolio_app.services.gap_list import dismiss_gap, gap_list
from portfolio_app.services.history import list_history, redo, undo
from portfolio_app.services.people import PersonGiven, add_person, edit_person, list_people
from portfolio_app.services.portfolios import DetailsGiven, declare, portfolio_details, set_details
from portfolio_app.services.units import insert_units, list_units, remove_unit
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]


def _newest(portfolio: PortfolioFile) -> str:
    return list_history(portfolio, 1)[0].name


def _item(portfolio: PortfolioFile, kinds: Kinds, title: str = "Plan") -> str:
    return add_evidence(portfolio, kinds["plan"], EvidenceGiven(title=title))[0].ref


def test_steps_are_named_as_users_would_read_them(portfolio: PortfolioFile, kinds: Kinds) -> None:
    assert _newest(portfolio) == "Add unit U1 Serve customers"
    item, changes = add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan"))
    assert (_newest(portfolio), list(changes.evidence)) == ("Add evidence E1", [item.id])
    placed, changes = add_claim(portfolio, "E1", "U1/1.2", ClaimGiven(components=[1]))
    assert (_newest(portfolio), list(changes.claims)) == ("Claim E1 → U1/1.2", [placed.claim.id])
    _, changes = edit_claim(portfolio, "E1", "U1/1.2", ClaimGiven(why="So"))
    assert (_newest(portfolio), list(changes.claims)) == ("Change claim E1 → U1/1.2", [placed.claim.id])
    remove_claim(portfolio, "E1", "U1/LO1/1.2")
    assert _newest(portfolio) == "Remove claim E1 → U1/1.2"
    edit_evidence(portfolio, kinds, "E1", EvidenceGiven(title="New"))
    assert _newest(portfolio) == "Change evidence E1"
    remove_evidence(portfolio, "E1")
    assert _newest(portfolio) == "Remove evidence E1"
    restore_evidence(portfolio, "E1")
    assert _newest(portfolio) == "Bring evidence E1 back"
    _, changes = set_details(portfolio, DetailsGiven(centre="North"))
    assert changes.details
    (decision, _, action), changes = decide(portfolio, "U1/2.1", Verdict.NOT_YET_MET, "Ann", "Show how.")
    assert _newest(portfolio) == "Decide U1/2.1: not yet met"
    assert action is not None
    assert (list(changes.decisions), list(changes.actions)) == ([decision.id], [action.id])
    insert_units(portfolio, [_unit("B"), _unit("C")])
    assert _newest(portfolio) == "Add 2 units"
    remove_unit(portfolio, "U3")
    assert _newest(portfolio) == "Remove unit U3 C"


def _unit(title: str) -> Unit:
    return Unit(f"id-{title}", "", title, requirements=(Requirement(f"{title}-1", "1", "criterion", "Do."),))


def test_an_edit_that_changes_nothing_leaves_no_step(portfolio: PortfolioFile, kinds: Kinds) -> None:
    _item(portfolio, kinds)
    add_claim(portfolio, "E1", "U1/1.1", ClaimGiven(why="So"))
    add_person(portfolio, PersonGiven("Jo", role="Manager"))
    before = len(list_history(portfolio))
    assert edit_evidence(portfolio, kinds, "E1", EvidenceGiven(title="Plan"))[1] == Changes()
    assert edit_claim(portfolio, "E1", "U1/1.1", ClaimGiven(why="So"))[1] == Changes()
    assert edit_person(portfolio, PersonGiven("Jo"))[1] == Changes()
    assert set_details(portfolio, DetailsGiven(learner="Sam Ellis"))[1] == Changes()
    assert len(list_history(portfolio)) == before


def test_an_item_of_a_kind_that_is_not_known_here_keeps_its_form_and_can_be_changed(
    portfolio: PortfolioFile, kinds: Kinds
) -> None:
    ref = add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan", fields={"purpose": "Why"}))[0].ref
    others = {name: kind for name, kind in kinds.items() if name != "plan"}
    item, _ = edit_evidence(portfolio, others, ref, EvidenceGiven(title="New", people=[PersonGiven("Jo Hill")]))
    assert (item.kind, item.title, dict(item.fields)) == ("plan", "New", {"purpose": "Why"})
    with pytest.raises(InvalidInput, match="no kind of evidence “plan”"):
        edit_evidence(portfolio, others, ref, EvidenceGiven(fields={"purpose": "What for"}))


def test_undo_and_redo_take_a_whole_step(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("a", encoding="utf-8")
    given = EvidenceGiven(title="T", people=[PersonGiven("Jo Hill", role="Manager")], files=[file])
    add_evidence(portfolio, kinds["witness-testimony"], given)
    name, changes = undo(portfolio)
    assert name == "Add evidence E1"
    assert len(changes.people) == len(changes.evidence) == 1
    assert list_people(portfolio) == []
    assert redo(portfolio)[0] == "Add evidence E1"
    view = show_evidence(portfolio, "E1")
    assert [person.name for person in view.people.values()] == ["Jo Hill"]
    assert portfolio.files.path(view.evidence.attachments[0].sha256) is not None


@pytest.mark.parametrize(
    "given",
    [
        EvidenceGiven(title=""),
        EvidenceGiven(title="T", date="soon"),
        EvidenceGiven(title="T", people=[PersonGiven(" ")]),
        EvidenceGiven(title="T", fields={"unknown": "x"}),
        EvidenceGiven(title="T", standing=StandingKind.LINKED),
        EvidenceGiven(title="T", body="x" * 1_000_001),
        EvidenceGiven(title="T", body="half a \ud800 character"),
    ],
)
def test_nothing_is_copied_for_an_item_that_cannot_be(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path, given: EvidenceGiven
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("a", encoding="utf-8")
    before = len(list_history(portfolio))
    with pytest.raises(InvalidInput):
        add_evidence(portfolio, kinds["plan"], replace(given, files=[file]))
    assert portfolio.files.sizes() == {}
    assert len(list_history(portfolio)) == before


def test_cancelling_between_two_files_leaves_no_item(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.txt", "b.txt")]
    for file in files:
        file.write_text(file.name, encoding="utf-8")
    seen = []

    def stop_at_second(done: int, total: int, what: str) -> None:
        seen.append(what)
        if "b.txt" in what:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="T", files=files), stop_at_second)
    assert seen[0] == "Attaching a.txt (1 of 2)"
    assert list_evidence(portfolio) == []
    assert _item(portfolio, kinds) == "E1"


def test_a_place_is_a_link_or_a_shelf(portfolio: PortfolioFile, kinds: Kinds) -> None:
    def standing(place: str) -> StandingKind:
        return add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="T", location=place))[0].standing.kind

    assert standing("HTTPS://example.org/x") is StandingKind.LINKED
    assert standing("HR, file 3") is StandingKind.HELD
    assert standing("") is StandingKind.ATTACHED


def test_people_are_found_by_name_and_only_what_is_given_changes(portfolio: PortfolioFile, kinds: Kinds) -> None:
    add_person(portfolio, PersonGiven("Jo Hill", role="Manager", email="jo@example.org"))
    given = EvidenceGiven(
        title="T", people=[PersonGiven("jo hill", relation="line manager", signed_on=date(2026, 3, 1))]
    )
    item, _ = add_evidence(portfolio, kinds["witness-testimony"], given)
    (person,) = list_people(portfolio)
    assert (person.name, person.role, person.relation, person.email) == (
        "Jo Hill", "Manager", "line manager", "jo@example.org",
    )  # fmt: skip
    again, _ = edit_evidence(portfolio, kinds, "E1", EvidenceGiven(people=[PersonGiven("Jo Hill")]))
    assert again.people == item.people


def test_claims_stand_only_on_what_can_be_claimed(portfolio: PortfolioFile, kinds: Kinds) -> None:
    _item(portfolio, kinds)
    with pytest.raises(InvalidInput, match=r"U1/LO1 only groups other requirements; name one of them"):
        add_claim(portfolio, "E1", "U1/LO1", ClaimGiven())
    with pytest.raises(UnknownReference):
        add_claim(portfolio, "E1", "U1/9", ClaimGiven())
    remove_evidence(portfolio, "E1")
    with pytest.raises(UnknownReference):
        add_claim(portfolio, "E1", "U1/1.1", ClaimGiven())


def test_the_matrix_knows_places_states_and_depth(portfolio: PortfolioFile, kinds: Kinds) -> None:
    _item(portfolio, kinds)
    _item(portfolio, kinds)
    add_claim(portfolio, "E2", "U1/1.2", ClaimGiven(place="p. 3", components=[0]))
    add_claim(portfolio, "E1", "U1/1.2", ClaimGiven())
    lines = {line.address: line for line in matrix(portfolio, ["u1"]).units[0].lines}
    assert [(cell.evidence, str(cell.claim.locator)) for cell in lines["U1/1.2"].claims] == [("E1", ""), ("E2", "p. 3")]
    assert (lines["U1/1.2"].state, lines["U1/1.2"].depth) == ("claimed with proof", 1)
    assert (lines["U1/LO1"].state, lines["U1/LO1"].depth) == ("no claim", 0)


def test_gaps_can_be_put_aside_one_by_one(portfolio: PortfolioFile, kinds: Kinds) -> None:
    today = date(2026, 6, 1)
    found, _ = dismiss_gap(portfolio, kinds, today, "no-claim", "Later", address="U1/2.1")
    assert [placed.requirement for placed in found] == ["U1/2.1"]
    left = [placed.requirement for placed in gap_list(portfolio, kinds, today) if placed.gap.rule == "no-claim"]
    assert left == ["U1/1.1", "U1/1.2"]
    dismiss_gap(portfolio, kinds, today, "no-claim", "All later", address="U1")
    assert not [placed for placed in gap_list(portfolio, kinds, today) if placed.gap.rule == "no-claim"]


def test_actions_are_numbered_as_they_were_noted(portfolio: PortfolioFile) -> None:
    for text in ("b", "a", "c"):
        add_action(portfolio, text)
    finish_action(portfolio, numbered_action(portfolio, 2).id, date(2026, 1, 2))
    assert [(action.text, action.done_on) for action in list_actions(portfolio)] == [
        ("b", None), ("a", date(2026, 1, 2)), ("c", None),
    ]  # fmt: skip


def test_units_stand_in_a_portfolio_once(portfolio: PortfolioFile) -> None:
    with pytest.raises(InvalidInput, match="as U1"):
        insert_units(portfolio, [_unit("SERVE CUSTOMERS")])
    assert [unit.code for unit in list_units(portfolio)] == ["U1"]


def test_the_declaration_is_signed_by_the_learner_unless_said_otherwise(portfolio: PortfolioFile) -> None:
    declare(portfolio, ai_use="None.")
    assert portfolio_details(portfolio).declaration.signed_by == "Sam Ellis"
    with pytest.raises(InvalidInput):
        set_details(portfolio, DetailsGiven(started_on="2026-02-01", planned_end="2026-01-01"))
