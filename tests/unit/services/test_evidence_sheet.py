"""One item with its files, people and claims, as its page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.errors import UnknownReference
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.decisions import decide
from portfolio_app.services.evidence import EvidenceGiven, add_evidence, remove_evidence
from portfolio_app.services.evidence_sheet import (
    AttachmentState,
    evidence_for_editing,
    find_attachment,
    verify_attachment,
)
from portfolio_app.services.people import PersonGiven
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]


def test_a_sheet_holds_everything_that_hangs_on_an_item(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    file = tmp_path / "rota.txt"
    file.write_text("Monday", encoding="utf-8")
    given = EvidenceGiven("Rota", people=[PersonGiven("Jo Hill")], files=[file])
    item, _ = add_evidence(portfolio, kinds["plan"], given)
    add_claim(portfolio, "E1", "U1/2.1", ClaimGiven())
    add_claim(portfolio, "E1", "U1/1.2", ClaimGiven(place="p. 1"))
    decide(portfolio, "U1/2.1", Verdict.MORE_NEEDED, "Ann", "Show more.")
    sheet = evidence_for_editing(portfolio, item.id)
    assert [person.name for person in sheet.people.values()] == ["Jo Hill"]
    assert [
        (claim.address, [node.ref for node in claim.ancestors], claim.state, claim.decision and claim.decision.comment)
        for claim in sheet.claims
    ] == [
        ("U1/1.2", ["LO1"], CoverageState.PROOF, None),
        ("U1/2.1", [], CoverageState.MORE_NEEDED, "Show more."),
    ]
    (attached,) = sheet.files
    assert attached.path is not None
    assert attached.path.read_text(encoding="utf-8") == "Monday"
    assert attached.state is AttachmentState.PRESENT
    assert find_attachment(sheet.evidence, attached.attachment.id) == attached.attachment
    with pytest.raises(UnknownReference, match="not attached to E1 any more"):
        find_attachment(sheet.evidence, "gone")
    assert not sheet.binned
    remove_evidence(portfolio, "E1")
    assert evidence_for_editing(portfolio, item.id).binned
    with pytest.raises(UnknownReference):
        evidence_for_editing(portfolio, "gone")


def test_a_file_that_is_gone_or_was_changed_is_told(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    file = tmp_path / "rota.txt"
    file.write_text("Monday", encoding="utf-8")
    item, _ = add_evidence(portfolio, kinds["plan"], EvidenceGiven("Rota", files=[file]))

    def state() -> AttachmentState:
        return evidence_for_editing(portfolio, item.id).files[0].state

    (attachment,) = item.attachments
    path = portfolio.files.path(attachment.sha256)
    assert path is not None
    path.chmod(0o600)
    path.write_text("Sunday", encoding="utf-8")
    assert state() is AttachmentState.PRESENT  # of the same size: only reading it tells
    assert verify_attachment(portfolio, attachment).state is AttachmentState.ALTERED
    path.write_text("Tuesday", encoding="utf-8")
    assert state() is AttachmentState.ALTERED
    path.unlink()
    assert state() is AttachmentState.MISSING
    assert verify_attachment(portfolio, attachment).path is None
