"""Where the files of an item stand in it: somebody who has just dropped some sees them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.gui.widgets.evidence_editor.editor import EvidenceEditor
from portfolio_app.services.evidence_edits import change_evidence, new_evidence
from portfolio_app.services.evidence_given import EvidenceGiven


@pytest.fixture
def editor(sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot) -> EvidenceEditor:
    made = EvidenceEditor(sample_session, navigator)
    made.resize(720, 600)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def item(editor: EvidenceEditor, sample_session: OpenSession) -> str:
    made: list[str] = []
    sample_session.edit(
        new_evidence, sample_session.kinds, "plan", EvidenceGiven(title="A plan"), done=lambda new: made.append(new.id)
    )
    sample_session.settle()
    editor.show_item(made[0])
    sample_session.settle()
    return made[0]


def _attach(editor: EvidenceEditor, qtbot: QtBot, path: Path) -> None:
    path.write_text(path.name, encoding="utf-8")
    count = len(editor.column.files.attachments)
    editor.attach([path])
    qtbot.waitUntil(lambda: len(editor.column.files.attachments) > count)


def _is_seen(editor: EvidenceEditor) -> bool:
    cards = editor.column.files.list
    top = cards.mapTo(editor.area.viewport(), QPoint(0, 0)).y()
    return cards.isVisible() and top >= 0 and top + cards.height() <= editor.area.viewport().height()


@pytest.mark.usefixtures("item")
def test_files_of_an_item_without_prose_stand_above_its_form_and_go_back_with_the_last(
    editor: EvidenceEditor, qtbot: QtBot, tmp_path: Path
) -> None:
    column = editor.column
    assert column.form.pos().y() < column.files.mapTo(column, QPoint(0, 0)).y()
    _attach(editor, qtbot, tmp_path / "plan.txt")
    qtbot.waitUntil(lambda: _is_seen(editor))
    assert column.files.mapTo(column, QPoint(0, 0)).y() < column.form.pos().y()
    column.files.removed.emit(column.files.attachments[0].id)
    qtbot.waitUntil(lambda: not column.files.attachments)
    qtbot.waitUntil(lambda: column.form.pos().y() < column.files.mapTo(column, QPoint(0, 0)).y())


@pytest.mark.usefixtures("item")
def test_files_of_a_written_item_are_scrolled_to_unless_it_is_being_written(
    editor: EvidenceEditor,
    sample_session: OpenSession,
    navigator: RecordingNavigator,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    item = editor.item
    sample_session.edit(change_evidence, sample_session.kinds, item, EvidenceGiven(body="We planned.\n\n" * 30))
    sample_session.settle()
    column = editor.column
    column.title.text.setFocus()
    scrolled = editor.area.verticalScrollBar().value()
    _attach(editor, qtbot, tmp_path / "first.txt")
    sample_session.settle()
    assert column.form.pos().y() < column.files.mapTo(column, QPoint(0, 0)).y()
    assert editor.area.verticalScrollBar().value() == scrolled
    assert navigator.toasts == [("“first.txt” was attached.", True)]
    focused = QApplication.focusWidget()
    assert focused is not None
    focused.clearFocus()
    _attach(editor, qtbot, tmp_path / "second.txt")
    qtbot.waitUntil(lambda: _is_seen(editor))
    assert len(navigator.toasts) == 1
