"""What an item was before it was reworked can be read and brought back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.dialogs.parts import button, table
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.evidence import Evidence, Judgement
from portfolio_app.gui.dialogs.earlier_versions import EarlierVersionsDialog
from portfolio_app.gui.widgets.attachments.cards import AttachmentsPanel
from portfolio_app.gui.widgets.prose_field import ProseField
from portfolio_app.importing.evidence_kinds import load_kinds
from portfolio_app.services.decisions import decide
from portfolio_app.services.evidence import EvidenceGiven, edit_evidence, show_evidence
from portfolio_app.services.evidence_edits import set_judgement
from portfolio_app.services.portfolios import opened

_JUDGEMENT = Judgement(valid=True, current=False, by="Jo Marsh")


@pytest.fixture
def item(sample_folder: Path) -> Evidence:
    """Return E2 of the sample, which has a file, was judged and was reworked twice."""
    with opened(sample_folder) as portfolio:
        kinds = load_kinds()
        evidence_id = show_evidence(portfolio, "E2").evidence.id
        set_judgement(portfolio, evidence_id, _JUDGEMENT)
        edit_evidence(portfolio, kinds, "E2", EvidenceGiven(body="## Second\n\n- One **bold** word"))
        address = show_evidence(portfolio, "E2").claims[0].address
        decide(portfolio, address, Verdict.NOT_YET_MET, "Jo Marsh")
        edit_evidence(portfolio, kinds, "E2", EvidenceGiven(title="Third", body="Third"))
        return show_evidence(portfolio, "E2").evidence


@pytest.fixture
def dialog(
    item: Evidence, sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot
) -> EarlierVersionsDialog:
    made = EarlierVersionsDialog(sample_session, navigator, item)
    qtbot.addWidget(made)
    made.open()
    sample_session.settle()
    QApplication.processEvents()
    return made


def _said(dialog: EarlierVersionsDialog) -> str:
    return dialog.findChildren(ProseField)[0].toPlainText()


def test_versions_are_read_and_brought_back(
    dialog: EarlierVersionsDialog, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    rows = table(dialog).model()
    assert [rows.index(row, 0).data() for row in range(rows.rowCount())] == ["2", "1"]
    assert rows.index(0, 2).data().startswith("Jo Marsh decided “not yet met” on ")
    assert "Second\nOne bold word" in _said(dialog)
    table(dialog).choose([1])
    assert "The assessor’s judgement: valid, not current (Jo Marsh)" in _said(dialog)
    assert dialog.findChildren(AttachmentsPanel)[0].isVisible()
    button(dialog, "Bring back").click()
    sample_session.settle()
    assert not dialog.isVisible()
    assert navigator.toasts == [("E2 says again what version 1 said.", True)]
    assert sample_session.undo_names.undo == "Bring back version 1 of E2"


def test_without_any_it_says_when_one_is_kept(
    sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot
) -> None:
    made = EarlierVersionsDialog(sample_session, navigator, Evidence("none", 4, "plan", "Plan"))
    qtbot.addWidget(made)
    made.open()
    sample_session.settle()
    assert not table(made).isVisible()
    assert not button(made, "Bring back").isEnabled()
