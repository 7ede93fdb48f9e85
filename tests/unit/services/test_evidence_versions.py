"""Reworked evidence keeps what the assessor saw, and can say it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.errors import UnknownReference
from portfolio_app.domain.evidence import Evidence, EvidenceKind, EvidenceVersion, Judgement
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.decisions import decide
from portfolio_app.services.evidence import EvidenceGiven, add_evidence, edit_evidence, show_evidence
from portfolio_app.services.evidence_edits import set_judgement
from portfolio_app.services.evidence_files import remove_attachments
from portfolio_app.services.evidence_versions import bring_version_back, earlier_versions
from portfolio_app.services.history import redo, undo
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]


@pytest.fixture
def item(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> Evidence:
    """Return an item with a file, claimed for U1/2.1."""
    file = tmp_path / "rota.txt"
    file.write_text("Monday: Sam", encoding="utf-8")
    made, _ = add_evidence(portfolio, kinds["plan"], EvidenceGiven(title="Plan", body="We planned.", files=(file,)))
    add_claim(portfolio, "E1", "U1/2.1", ClaimGiven())
    return made


def now(portfolio: PortfolioFile) -> Evidence:
    return show_evidence(portfolio, "E1").evidence


def versions(portfolio: PortfolioFile, item: Evidence) -> list[EvidenceVersion]:
    return [kept.version for kept in earlier_versions(portfolio, item.id)]


def test_what_was_decided_on_is_kept_once_and_again_after_the_next_decision(
    portfolio: PortfolioFile, kinds: Kinds, item: Evidence
) -> None:
    edit_evidence(portfolio, kinds, "E1", EvidenceGiven(body="I planned."))
    assert versions(portfolio, item) == []
    decide(portfolio, "U1/2.1", Verdict.NOT_YET_MET, "Jo Marsh", "Say who approved it.")
    edit_evidence(portfolio, kinds, "E1", EvidenceGiven(tags=("new",)))
    assert versions(portfolio, item) == []
    edit_evidence(portfolio, kinds, "E1", EvidenceGiven(body="I planned. Dana approved it."))
    edit_evidence(portfolio, kinds, "E1", EvidenceGiven(body="I planned. Dana Price approved it."))
    (first,) = versions(portfolio, item)
    assert (first.number, first.body, first.attachments) == (1, "I planned.", item.attachments)
    assert first.reason.startswith("Jo Marsh decided “not yet met” on ")
    decide(portfolio, "U1/2.1", Verdict.MET, "Jo Marsh")
    edit_evidence(portfolio, kinds, "E1", EvidenceGiven(title="Service plan"))
    assert [(each.number, each.title, each.body) for each in versions(portfolio, item)] == [
        (2, "Plan", "I planned. Dana Price approved it."),
        (1, "Plan", "I planned."),
    ]
    undo(portfolio)
    assert [each.number for each in versions(portfolio, item)] == [1]
    redo(portfolio)
    assert [each.number for each in versions(portfolio, item)] == [2, 1]


def test_the_judgement_stays_with_what_was_judged(portfolio: PortfolioFile, kinds: Kinds, item: Evidence) -> None:
    judgement = Judgement(valid=True, sufficient=False, by="Jo Marsh", on=date(2099, 1, 1))
    set_judgement(portfolio, item.id, judgement)
    assert versions(portfolio, item) == []
    edit_evidence(portfolio, kinds, "E1", EvidenceGiven(body="More"))
    (first,) = versions(portfolio, item)
    assert (first.judgement, first.reason) == (judgement, "Jo Marsh judged it on 1 January 2099")
    assert now(portfolio).judgement is None


def test_a_version_can_be_brought_back_with_its_files(portfolio: PortfolioFile, kinds: Kinds, item: Evidence) -> None:
    decide(portfolio, "U1/2.1", Verdict.MORE_NEEDED, "Jo Marsh")
    remove_attachments(portfolio, item.id, [item.attachments[0].id])
    edit_evidence(portfolio, kinds, "E1", EvidenceGiven(body="Something else"))
    (kept,) = earlier_versions(portfolio, item.id)
    assert kept.files[0].path is not None
    assert kept.files[0].path.read_text(encoding="utf-8") == "Monday: Sam"
    back, changes = bring_version_back(portfolio, item.id, 1)
    assert (back.body, back.attachments, changes.evidence) == ("We planned.", item.attachments, frozenset({item.id}))
    assert len(versions(portfolio, item)) == 1
    undo(portfolio)
    assert (now(portfolio).body, now(portfolio).attachments) == ("Something else", ())
    with pytest.raises(UnknownReference, match="E1 has no version 2"):
        bring_version_back(portfolio, item.id, 2)
