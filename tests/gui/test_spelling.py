"""Spelling: what is marked, what is suggested, and the user's own words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QAction, QContextMenuEvent, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QTextEdit
from pytestqt.qtbot import QtBot

from portfolio_app.gui.spelling import Spelling, words_in
from portfolio_app.gui.widgets.prose_editor import ProseEditor


@pytest.fixture(scope="module")
def dictionary(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spelling]:
    """Return spelling whose dictionary is read once for all these tests."""
    made = Spelling(tmp_path_factory.mktemp("config") / "words.txt")
    yield made
    made.close()


@pytest.fixture
def spelling(dictionary: Spelling) -> Iterator[Spelling]:
    yield dictionary
    dictionary.set_names(())
    for word in dictionary.own_words():
        dictionary.forget_word(word)


def marked(document: QTextDocument) -> list[str]:
    """Return the words that have a wavy line."""
    found = []
    block = document.begin()
    while block.isValid():
        text = block.text().encode("utf-16-le")
        found += [
            text[2 * part.start : 2 * (part.start + part.length)].decode("utf-16-le")
            for part in block.layout().formats()
            if part.format.underlineStyle() == QTextCharFormat.UnderlineStyle.WaveUnderline
        ]
        block = block.next()
    return found


def wait_for_marks(qtbot: QtBot, document: QTextDocument, words: list[str]) -> None:
    def check() -> None:
        assert marked(document) == words

    qtbot.waitUntil(check, timeout=20_000)


def open_menu(edit: QTextEdit | QPlainTextEdit, word: str) -> QMenu:
    cursor = edit.document().find(word)
    cursor.setPosition(cursor.selectionStart() + 1)
    place = edit.cursorRect(cursor).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, edit.viewport().mapToGlobal(place))
    QApplication.sendEvent(edit.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def entry(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)


def test_only_words_are_checked() -> None:
    text = (
        "Ask Sam’s team: E4, U1/2.1, 3pm, KPI, KPIs, NVQ, PowerPoint, https://exampel.org/x?y, www.exampel.org, "
        "sam@exampel.org, plann.docx and well-knwon I a B&Q."
    )
    assert [word for _, word in words_in(text)] == ["Ask", "Sam’s", "team", "and", "well-knwon"]


@given(st.text(st.sampled_from("ab 'é😀-1.@/:E"), max_size=40))
def test_words_stand_where_they_are_said_to_stand(text: str) -> None:
    units = text.encode("utf-16-le")
    for start, word in words_in(text):
        assert units[2 * start : 2 * (start + len(word))].decode("utf-16-le") == word


def test_wrong_words_are_marked_and_words_of_work_are_not(spelling: Spelling, qtbot: QtBot) -> None:
    edit = QTextEdit()
    qtbot.addWidget(edit)
    spelling.attach_to(edit)
    edit.setPlainText(
        "We recieved 😀 a definately good rota.\nOnboarding of stakeholders, the learner’s café and colour."
    )
    wait_for_marks(qtbot, edit.document(), ["recieved", "definately"])
    edit.setPlainText("All is well and good")
    wait_for_marks(qtbot, edit.document(), [])


def test_the_word_in_hand_is_left_alone(spelling: Spelling, qtbot: QtBot) -> None:
    editor = ProseEditor(spelling=spelling)
    qtbot.addWidget(editor)
    editor.show()
    editor.field.setFocus()
    qtbot.waitUntil(editor.field.hasFocus)
    editor.set_markdown("wrnog")
    editor.field.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(editor.field, " custmer")
    wait_for_marks(qtbot, editor.field.document(), ["wrnog"])
    QTest.keyClicks(editor.field, " ")
    wait_for_marks(qtbot, editor.field.document(), ["wrnog", "custmer"])


def test_marks_change_nothing_that_was_written(spelling: Spelling, qtbot: QtBot) -> None:
    editor = ProseEditor(spelling=spelling)
    qtbot.addWidget(editor)
    with qtbot.assertNotEmitted(editor.edited):
        editor.set_markdown("# Recieved\n\na **custmer** [plann](https://a.example)")
        wait_for_marks(qtbot, editor.field.document(), ["Recieved", "custmer", "plann"])
    assert not editor.can_undo()
    editor.set_read_only(True)
    wait_for_marks(qtbot, editor.field.document(), [])


@pytest.mark.parametrize("kind", [QTextEdit, QPlainTextEdit])
def test_a_suggestion_replaces_the_word_as_one_step(
    spelling: Spelling, qtbot: QtBot, kind: type[QTextEdit | QPlainTextEdit]
) -> None:
    edit = kind()
    qtbot.addWidget(edit)
    edit.resize(400, 200)
    edit.show()
    spelling.attach_to(edit)
    edit.setPlainText("The custmer waited")
    wait_for_marks(qtbot, edit.document(), ["custmer"])
    menu = open_menu(edit, "custmer")
    qtbot.waitUntil(lambda: menu.actions()[0].text() == "customer", timeout=20_000)
    entry(menu, "customer").trigger()
    menu.close()
    assert edit.toPlainText() == "The customer waited"
    edit.undo()
    assert edit.toPlainText() == "The custmer waited"


def test_nothing_is_suggested_for_what_means_nothing(spelling: Spelling, qtbot: QtBot) -> None:
    edit = QTextEdit("xqzzptlk")
    qtbot.addWidget(edit)
    edit.resize(400, 200)
    edit.show()
    spelling.attach_to(edit)
    wait_for_marks(qtbot, edit.document(), ["xqzzptlk"])
    menu = open_menu(edit, "xqzzptlk")
    assert menu.actions()[0].text() == "Looking for suggestions …"
    qtbot.waitUntil(lambda: menu.actions()[0].text() == "No suggestions", timeout=20_000)
    menu.close()


def test_own_words_and_names_are_right_everywhere(spelling: Spelling, qtbot: QtBot) -> None:
    one, other = QTextEdit("Okafor’s Wexcombe"), ProseEditor(spelling=spelling)
    for widget in (one, other):
        qtbot.addWidget(widget)
        widget.resize(400, 300)
        widget.show()
    spelling.attach_to(one)
    other.set_markdown("Okafor and okafor")
    wait_for_marks(qtbot, one.document(), ["Okafor’s", "Wexcombe"])
    wait_for_marks(qtbot, other.field.document(), ["Okafor", "okafor"])
    menu = open_menu(one, "Okafor")
    entry(menu, "Add to dictionary").trigger()
    menu.close()
    wait_for_marks(qtbot, one.document(), ["Wexcombe"])
    wait_for_marks(qtbot, other.field.document(), [])
    spelling.set_names(["Harrow & Wexcombe Trust"])
    wait_for_marks(qtbot, one.document(), [])
    kept = Spelling(spelling._word_list)
    assert kept.own_words() == ("Okafor",)
    assert kept.is_right("okafor")
    spelling.forget_word("Okafor")
    wait_for_marks(qtbot, one.document(), ["Okafor’s"])


def test_a_word_can_be_ignored_in_one_field(spelling: Spelling, qtbot: QtBot) -> None:
    one, other = QTextEdit("Ferrowbridge"), QTextEdit("Ferrowbridge")
    for edit in (one, other):
        qtbot.addWidget(edit)
        edit.resize(300, 100)
        edit.show()
        spelling.attach_to(edit)
        wait_for_marks(qtbot, edit.document(), ["Ferrowbridge"])
    menu = open_menu(one, "Ferrowbridge")
    entry(menu, "Ignore here").trigger()
    menu.close()
    wait_for_marks(qtbot, one.document(), [])
    assert marked(other.document()) == ["Ferrowbridge"]


def test_words_that_cannot_be_kept_are_said_and_still_hold(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    spelling = Spelling(tmp_path / "file" / "words.txt")
    with qtbot.waitSignal(spelling.failed) as failed:
        spelling.add_word("Okafor")
    assert failed.args is not None
    assert "could not be kept" in failed.args[0]
    assert spelling.is_right("Okafor")


def test_without_a_language_nothing_is_marked(qtbot: QtBot, tmp_path: Path) -> None:
    spelling = Spelling(tmp_path / "words.txt", language="off")
    edit = QTextEdit("custmer")
    qtbot.addWidget(edit)
    spelling.attach_to(edit)
    QTest.qWait(20)
    assert marked(edit.document()) == []
    spelling.set_language("en_GB")
    wait_for_marks(qtbot, edit.document(), ["custmer"])
    spelling.set_language("off")
    wait_for_marks(qtbot, edit.document(), [])
    assert spelling._worker is None
    with pytest.raises(ValueError, match="xx"):
        spelling.set_language("xx")


def test_a_field_that_goes_leaves_nothing_behind(spelling: Spelling, qtbot: QtBot) -> None:
    edit = QTextEdit("custmer")
    spelling.attach_to(edit)
    edit.show()
    edit.deleteLater()
    QTest.qWait(10)
    spelling.answered.emit()
    spelling.changed.emit()
    QTest.qWait(50)
