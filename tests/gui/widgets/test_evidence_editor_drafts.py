"""What is too long to be stored is still there when its item is shown again."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QTextEdit
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.gui.widgets.evidence_editor.editor import EvidenceEditor
from portfolio_app.services import text_input
from portfolio_app.services.evidence_list import evidence_list
from portfolio_app.services.evidence_sheet import EvidenceSheet, evidence_for_editing


@pytest.fixture
def editor(sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot) -> EvidenceEditor:
    made = EvidenceEditor(sample_session, navigator)
    made.resize(720, 600)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def _show(editor: EvidenceEditor, session: OpenSession, ref: str) -> str:
    found: dict[str, str] = {}
    session.read(evidence_list, session.kinds, done=lambda rows: found.update({row.ref: row.id for row in rows.rows}))
    session.settle()
    editor.show_item(found[ref])
    session.settle()
    return found[ref]


def _retype(field: QTextEdit, text: str) -> None:
    field.selectAll()
    field.textCursor().insertText(text)


def test_texts_too_long_come_back_with_their_item_and_are_saved_once_they_fit(
    editor: EvidenceEditor,
    sample_session: OpenSession,
    navigator: RecordingNavigator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(text_input, "LARGEST_TEXT", 5_000)
    _show(editor, sample_session, "E2")
    item = _show(editor, sample_session, "E1")
    title, body = "T" * 600, "word " * 1_500
    kind = sample_session.kinds["plan"]
    purpose = editor.column.form.editor(kind.fields[0].name)
    assert purpose is not None
    (field,) = purpose.findChildren(QTextEdit)
    editor.column.title.text.setPlainText(title)
    _retype(editor.column.body.field, body)
    field.setPlainText("x" * 6_000)
    _show(editor, sample_session, "E2")
    assert any("E1 is not saved" in text for text, _ in navigator.messages)
    assert editor.column.title.text.toPlainText() != title
    assert not editor.column.has_unstored()
    _show(editor, sample_session, "E1")
    assert editor.column.title.text.toPlainText() == title
    assert editor.column.title_problem.text().startswith("✗ Not saved: ")
    assert editor.column.body.field.toPlainText().split() == body.split()
    assert field.toPlainText() == "x" * 6_000
    assert editor.column.has_unstored()
    editor.column.title.text.setPlainText("Short")
    _retype(editor.column.body.field, "Fewer words.")
    field.setPlainText("x")
    _show(editor, sample_session, "E2")
    stored: list[EvidenceSheet] = []
    sample_session.read(evidence_for_editing, item, done=stored.append)
    sample_session.settle()
    assert (stored[0].evidence.title, stored[0].evidence.body) == ("Short", "Fewer words.")
    _show(editor, sample_session, "E1")
    assert not editor.column.has_unstored()
