"""A back-up is compared by names that the learner knows, and neither it nor the portfolio is touched."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from tests.stored_portfolios import state

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.errors import Cancelled
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.services.actions import add_action
from portfolio_app.services.backups import list_backups, make_backup, restore_backup
from portfolio_app.services.claims import ClaimGiven, add_claim, edit_claim, remove_claim
from portfolio_app.services.comparison import Compared, compare_backup, whole_portfolio
from portfolio_app.services.decisions import record_decision
from portfolio_app.services.evidence import EvidenceGiven, add_evidence, edit_evidence, remove_evidence
from portfolio_app.services.gap_list import gap_list, put_aside
from portfolio_app.services.history import undo
from portfolio_app.services.people import PersonGiven, add_person
from portfolio_app.services.portfolios import DetailsGiven, declare, open_portfolio, set_details
from portfolio_app.services.unit_sources import add_library_units, library_choices
from portfolio_app.storage.errors import BackupDamaged
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def test_each_difference_is_named(portfolio: PortfolioFile, kinds: Kinds) -> None:
    for title in ("Plan", "Minutes", "Notes"):
        add_evidence(portfolio, kinds["plan"], EvidenceGiven(title=title))
    add_claim(portfolio, "E1", "U1/1.1", ClaimGiven(why="So"))
    add_claim(portfolio, "E1", "U1/2.1", ClaimGiven())
    set_details(portfolio, DetailsGiven(centre="North", level="4"))
    backup = make_backup(portfolio)
    assert compare_backup(whole_portfolio(portfolio), backup).same

    remove_evidence(portfolio, "E2")
    edit_evidence(portfolio, kinds, "E3", EvidenceGiven(tags=["new"]))
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="x " * 100))
    edit_claim(portfolio, "E1", "U1/1.1", ClaimGiven(place="p. 2"))
    remove_claim(portfolio, "E1", "U1/2.1")
    add_claim(portfolio, "E3", "U1/1.2", ClaimGiven())
    record_decision(portfolio, "Serve customers-1.1", Verdict.MET, "Ann")
    add_action(portfolio, "Ask Jo")
    add_person(portfolio, PersonGiven("Jo Hill"))
    add_library_units(portfolio, [library_choices()[0].entry.id])
    set_details(portfolio, DetailsGiven(centre="South", level="", email="sam@example.org"))
    declare(portfolio, ai_use="None.")
    gap = next(each.gap for each in gap_list(portfolio, kinds, date(2026, 6, 1)) if each.gap.rule == "no-claim")
    put_aside(portfolio, [gap], "Later")

    before, files = state(portfolio.path), digests(portfolio.folder)
    present = whole_portfolio(portfolio)
    with ThreadPoolExecutor(1) as beside:
        compared = beside.submit(compare_backup, present, backup).result()
    assert (state(portfolio.path), digests(portfolio.folder)) == (before, files)
    assert not compared.same
    assert (compared.made_at, compared.learner) == (backup.made_at, "Sam Ellis")

    def found(sort: Compared) -> tuple[tuple[str, ...], ...]:
        of = compared.of(sort)
        return of.only_then, of.only_now, of.changed

    evidence = found(Compared.EVIDENCE)
    assert (evidence[0], evidence[2]) == (("E2 Minutes",), ("E3 Notes",))
    assert evidence[1][0].startswith("E4 x x")
    assert evidence[1][0].endswith("…")
    assert found(Compared.CLAIMS) == (("E1 → U1/2.1",), ("E3 → U1/1.2",), ("E1 → U1/1.1",))
    assert found(Compared.DETAILS) == (
        ("The level",),
        ("The e-mail address", "The signature of the declaration", "The answer on the use of AI"),
        ("The centre",),
    )
    assert found(Compared.DECISIONS)[1][0].startswith("U1/1.1: met (Ann, ")
    assert found(Compared.ACTIONS) == ((), ("Ask Jo",), ())
    assert found(Compared.PEOPLE) == ((), ("Jo Hill",), ())
    assert found(Compared.UNITS)[1][0].startswith("U2 ")
    assert found(Compared.PUT_ASIDE)[1][0].startswith("“Nothing claimed yet” U")
    assert (compared.of(Compared.EVIDENCE).then, compared.of(Compared.EVIDENCE).now) == (3, 3)


def test_what_is_restored_is_what_was_compared(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan"))
    backup = make_backup(portfolio)
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Minutes"))
    assert compare_backup(whole_portfolio(portfolio), backup).of(Compared.EVIDENCE).only_now == ("E2 Minutes",)
    restored = restore_backup(portfolio, backup, tmp_path / "again")
    with open_portfolio(restored.place) as again:
        assert compare_backup(whole_portfolio(again), backup).same
    undo(portfolio)
    assert compare_backup(whole_portfolio(portfolio), backup).same


def test_a_damaged_back_up_says_so_and_a_comparison_can_be_cancelled(portfolio: PortfolioFile) -> None:
    backup = make_backup(portfolio)
    present = whole_portfolio(portfolio)

    def stop(done: int, total: int, what: str) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        compare_backup(present, backup, stop)
    backup.path.chmod(0o644)
    backup.path.write_bytes(backup.path.read_bytes()[:-1] + b"x")
    with pytest.raises(BackupDamaged, match="cannot be read; choose another one"):
        compare_backup(present, list_backups(portfolio)[0])
