"""The list finds, narrows and sorts, and after any edit shows what a list read anew would show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.listing import EvidenceOrder, EvidenceQuery, EvidenceState
from portfolio_app.services.claims import ClaimGiven, add_claim, remove_claim
from portfolio_app.services.decisions import decide
from portfolio_app.services.evidence import (
    EvidenceGiven,
    add_evidence,
    edit_evidence,
    remove_evidence,
    restore_evidence,
)
from portfolio_app.services.evidence_list import evidence_facets, evidence_list, evidence_rows
from portfolio_app.services.history import redo, undo
from portfolio_app.services.people import PersonGiven, edit_person
from portfolio_app.services.units import remove_unit
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import listing

Kinds = Mapping[str, EvidenceKind]


def _refs(portfolio: PortfolioFile, known: Kinds, words: str = "", **options: Any) -> str:
    query = EvidenceQuery(words, **options)
    return " ".join(row.ref for row in evidence_list(portfolio, known, query).rows)


@pytest.fixture
def four(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> PortfolioFile:
    """A plan, a testimony, minutes and an empty reflection; one claim with a place, one without."""
    file = tmp_path / "Rota März.txt"
    file.write_text("a", encoding="utf-8")
    for kind, given in (
        (
            "plan",
            EvidenceGiven("Week 10 – the team’s rota", "2026-03-09", "Who works **when**.", tags=["Rota", "2026"]),
        ),
        (
            "witness-testimony",
            EvidenceGiven(
                "week 2", "2025", people=[PersonGiven("Zoë Hill", "Manager")], fields={"occasion": "Front desk"}
            ),
        ),
        ("meeting-minutes", EvidenceGiven("Água", "2026-01 to 2026-02", files=[file], simulated=True)),
        ("reflective-account", EvidenceGiven("After", confidential=True)),
    ):
        add_evidence(portfolio, kinds[kind], given)
    add_claim(portfolio, "E1", "U1/1.1", ClaimGiven(why="Because I planned it", place="p. 3"))
    add_claim(portfolio, "E1", "U1/2.1", ClaimGiven(quotation="Nobody waited"))
    add_claim(portfolio, "E2", "U1/1.2", ClaimGiven())
    return portfolio


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", "E1 E2 E3 E4"),
        ("ROTA", "E1 E3"),
        ("rota works", "E1"),
        ("zoe", "E2"),
        ("manager front", "E2"),
        ("agua", "E3"),
        ("marz.txt", "E3"),
        ("e4", "E4"),
        ("planned nobody", "E1"),
        ("2026 rota", "E1"),
        ("team's", "E1"),
        ('"rota nobody"', ""),
        ('"who works', "E1"),
        ('"works who"', ""),
        ("minutes", "E3"),
        ("reflective aft", "E4"),
        ("unheard-of", ""),
        ("%", ""),
    ],
)
def test_every_word_must_occur_somewhere_in_the_item(four: PortfolioFile, kinds: Kinds, words: str, found: str) -> None:
    assert _refs(four, kinds, words) == found


def test_a_list_is_narrowed_by_any_of_each_sort(four: PortfolioFile, kinds: Kinds) -> None:
    def states(*wanted: EvidenceState) -> str:
        return _refs(four, kinds, states=frozenset(wanted))

    assert _refs(four, kinds, kinds=frozenset({"plan", "meeting-minutes"})) == "E1 E3"
    assert _refs(four, kinds, units=frozenset({"id-Serve customers"})) == "E1 E2"
    assert _refs(four, kinds, tags=frozenset({"rota"})) == "E1"
    assert _refs(four, kinds, "week", kinds=frozenset({"witness-testimony"})) == "E2"
    assert states(EvidenceState.NOT_CLAIMED) == "E3 E4"
    assert states(EvidenceState.NO_PLACE) == "E2"
    assert states(EvidenceState.UNSIGNED) == "E2"
    assert states(EvidenceState.NO_DATE) == "E4"
    assert states(EvidenceState.EMPTY) == "E4"
    assert states(EvidenceState.UNDECIDED) == "E1 E2"
    assert states(EvidenceState.SIMULATED, EvidenceState.CONFIDENTIAL) == "E3 E4"
    decide(four, "U1/1.1", Verdict.MET, "Ann")
    decide(four, "U1/1.2", Verdict.NOT_YET_MET, "Ann")
    assert states(EvidenceState.MET) == "E1"
    assert states(EvidenceState.NOT_YET_MET) == "E2"
    assert states(EvidenceState.UNDECIDED) == "E1"
    facets = evidence_facets(four, kinds)
    shown = {state: states(state).split() for state in EvidenceState}
    assert facets.states == {state: len(refs) for state, refs in shown.items() if refs}
    assert dict(facets.tags) == {"2026": 1, "Rota": 1}
    assert dict(facets.units) == {"id-Serve customers": 2}


@pytest.mark.parametrize(
    ("order", "found", "backwards"),
    [
        (EvidenceOrder.REF, "E1 E2 E3 E4", "E4 E3 E2 E1"),
        (EvidenceOrder.TITLE, "E4 E3 E2 E1", "E1 E2 E3 E4"),
        (EvidenceOrder.KIND, "E3 E1 E4 E2", "E2 E4 E1 E3"),
        (EvidenceOrder.DATE, "E2 E3 E1 E4", "E1 E3 E2 E4"),
        (EvidenceOrder.CLAIMS, "E3 E4 E2 E1", "E1 E2 E3 E4"),
    ],
)
def test_a_list_is_sorted_as_people_sort(
    four: PortfolioFile, kinds: Kinds, order: EvidenceOrder, found: str, backwards: str
) -> None:
    assert _refs(four, kinds, order=order) == found
    assert _refs(four, kinds, order=order, descending=True) == backwards


def test_the_newest_change_comes_first_when_asked_for(four: PortfolioFile, kinds: Kinds) -> None:
    edit_evidence(four, kinds, "E2", EvidenceGiven(body="New."))
    assert _refs(four, kinds, order=EvidenceOrder.CHANGED, descending=True).startswith("E2")


def test_a_row_tells_what_a_learner_looks_for(four: PortfolioFile, kinds: Kinds) -> None:
    first, second, third, _ = evidence_list(four, kinds).rows
    assert (first.title, first.date, first.tags) == ("Week 10 – the team’s rota", "2026-03-09", ("Rota", "2026"))
    assert (first.claims, first.tally[CoverageState.PROOF], first.files) == (2, 2, 0)
    assert (second.witnesses, second.unsigned, second.tally[CoverageState.CLAIMED]) == (1, 1, 1)
    assert (third.files, third.simulated, third.claims) == (1, True, 0)
    edit_evidence(four, kinds, "E2", EvidenceGiven(people=[PersonGiven("Zoë Hill", signed_on=date(2026, 1, 1))]))
    assert evidence_rows(four, [second.id, "gone"])[second.id].unsigned == 0


def _edits(kinds: Kinds) -> list[Callable[[PortfolioFile], object]]:
    return [
        lambda p: edit_evidence(p, kinds, "E1", EvidenceGiven(title="Quay", body="Ships", tags=["sea"])),
        lambda p: edit_person(p, PersonGiven("Zoë Hill", role="Harbour master")),
        lambda p: remove_claim(p, "E1", "U1/1.1"),
        lambda p: add_claim(p, "E3", "U1/1.1", ClaimGiven(why="A lighthouse", place="p. 1")),
        lambda p: remove_evidence(p, "E3"),
        lambda p: restore_evidence(p, "E3"),
        lambda p: remove_unit(p, "U1"),
        undo,
        undo,
        redo,
        lambda p: decide(p, "U1/2.1", Verdict.MET, "Ann"),
    ]


@pytest.mark.parametrize("many", [0, 200])  # touched items are read all together, or one by one
def test_after_every_edit_the_list_is_what_it_would_be_read_anew(
    four: PortfolioFile, kinds: Kinds, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_MANY", many)
    for words in ("", "ships", "harbour", "lighthouse"):
        evidence_list(four, kinds, EvidenceQuery(words))
    seen = set()
    for number, edit in enumerate(_edits(kinds)):
        edit(four)
        with PortfolioFile.open(four.path, read_only=True) as anew:
            for words in ("", "ships", "harbour", "lighthouse"):
                for binned in (False, True):
                    query = EvidenceQuery(words, binned=binned)
                    found = evidence_list(four, kinds, query)
                    assert found == evidence_list(anew, kinds, query), (number, words)
                    seen.add((words, binned, bool(found.rows)))
    assert {(words, False, True) for words in ("", "ships", "harbour", "lighthouse")} <= seen
    assert ("", True, True) in seen
