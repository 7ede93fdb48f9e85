"""The editor of prose, used as a learner uses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QAction,
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QInputMethodEvent,
    QKeySequence,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from portfolio_app.exporting.prose_markdown import read_markdown
from portfolio_app.gui import theme
from portfolio_app.gui.widgets.prose_document import blocks_of, fill
from portfolio_app.gui.widgets.prose_editor import ProseEditor
from portfolio_app.gui.widgets.prose_link import LinkDialog, link_address

ELSEWHERE = (
    "# Head\n\nHard\nwrapped *text* with `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> said\n\n* one\n* two\n\n***\n"
)


@pytest.fixture
def editor(qtbot: QtBot) -> ProseEditor:
    made = ProseEditor(quotes=True)
    qtbot.addWidget(made)
    made.resize(640, 400)
    made.show()
    made.field.setFocus()
    qtbot.waitUntil(made.field.hasFocus)
    return made


def type_into(editor: ProseEditor, keys: str) -> None:
    """Type; a line feed is Enter, ``\\t`` Tab, ``\\b`` Backspace."""
    special = {"\n": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "\b": Qt.Key.Key_Backspace}
    for key in keys:
        if key in special:
            QTest.keyClick(editor.field, special[key])
        elif key.isascii():
            QTest.keyClicks(editor.field, key)
        else:
            event = QInputMethodEvent()
            event.setCommitString(key)
            QApplication.sendEvent(editor.field, event)


def select(editor: ProseEditor, text: str) -> None:
    document = editor.field.document()
    editor.field.setTextCursor(document.find(text, 0, QTextDocument.FindFlag.FindCaseSensitively))


def press(editor: ProseEditor, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    QTest.keyClick(editor.field, key, held)


def paste(editor: ProseEditor, **content: str) -> None:
    data = QMimeData()
    if "html" in content:
        data.setHtml(content["html"])
    if "text" in content:
        data.setText(content["text"])
    editor.field.insertFromMimeData(data)


CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def test_what_was_only_opened_is_given_back_to_the_letter(editor: ProseEditor, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(editor.committed), qtbot.assertNotEmitted(editor.edited):
        editor.set_markdown(ELSEWHERE)
        editor.field.selectAll()
        type_into(editor, "")
        theme.notifier().changed.emit()
        QTest.qWait(50)
        editor.flush()
    assert editor.markdown() == ELSEWHERE


def test_a_change_keeps_what_the_editor_cannot_show(editor: ProseEditor) -> None:
    editor.set_markdown(ELSEWHERE)
    editor.field.moveCursor(QTextCursor.MoveOperation.End)
    editor.field.insert_blocks(read_markdown("x\n\nlast"))
    written = editor.markdown()
    for kept in (
        "# Head\n\nHard\nwrapped *text* with `code`.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "> said",
        "- one\n- two",
    ):
        assert kept in written
    editor.undo()
    assert editor.markdown() == ELSEWHERE


@given(st.text(st.sampled_from("ab 1-+*_`#>|[]()!<&;:/\\~=.é😀"), max_size=60))
@hypothesis_settings(max_examples=60)
def test_typed_text_is_the_same_when_it_is_opened_again(qapp: QApplication, text: str) -> None:
    first, second = ProseEditor(), ProseEditor()
    paste(first, text=text)
    second.set_markdown(first.markdown())
    shown = second.field.toPlainText().replace("\u2028", "\n")
    assert shown == "\n".join(line.strip() for line in text.split("\n") if line.strip())
    first.deleteLater()
    second.deleteLater()


def test_the_document_holds_what_it_was_filled_with(qapp: QApplication) -> None:
    source = (
        "# A\n\n**b _c_** [d](https://a.example)\n\n3. one\n   - in\n\n     more\n4. two\n5) b\n\n- x\n\n* y\n\n> q"
    )
    blocks = read_markdown(source)
    document = QTextDocument()
    for _ in range(2):
        fill(document, blocks)
        assert tuple(blocks_of(document)) == blocks


def test_marks_typed_at_the_start_of_a_line_make_what_they_mean(editor: ProseEditor) -> None:
    type_into(editor, "# Head\n- one\ntwo\n\n3. three\nfour\n\n## Sub\n1.5 hours - and # more")
    assert editor.markdown() == "# Head\n\n- one\n- two\n\n3. three\n4. four\n\n## Sub\n\n1.5 hours - and # more"


def test_a_typed_mark_can_be_had_back(editor: ProseEditor) -> None:
    type_into(editor, "- ")
    assert editor.markdown() == ""
    editor.undo()
    type_into(editor, "x")
    assert editor.markdown() == "\\- x"


def test_tab_moves_items_in_and_out_and_else_the_focus(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    before, editor, after = QLineEdit(), ProseEditor(), QLineEdit()
    for widget in (before, editor, after):
        column.addWidget(widget)
    window.show()
    editor.field.setFocus()
    qtbot.waitUntil(editor.field.hasFocus)
    type_into(editor, "- one\n\ttwo\nthree")
    press(editor, Qt.Key.Key_Backtab, SHIFT)
    assert editor.markdown() == "- one\n  - two\n- three"
    type_into(editor, "\t\t")
    assert editor.markdown() == "- one\n  - two\n    - three"
    assert editor.field.hasFocus()
    type_into(editor, "\t")
    assert after.hasFocus()
    editor.field.setFocus()
    editor.set_markdown("plain")
    press(editor, Qt.Key.Key_Backtab, SHIFT)
    assert before.hasFocus()


def test_an_item_takes_those_below_it_along(editor: ProseEditor) -> None:
    editor.set_markdown("1. a\n2. b\n   - c\n3. d")
    select(editor, "b")
    type_into(editor, "\t")
    assert editor.markdown() == "1. a\n   1. b\n      - c\n2. d"


def test_enter_and_backspace_end_lists_and_headings(editor: ProseEditor) -> None:
    type_into(editor, "- a\n\tb\n\n\nafter")
    assert editor.markdown() == "- a\n  - b\n\nafter"
    editor.set_markdown("# Head\n\n- item")
    editor.field.moveCursor(QTextCursor.MoveOperation.End)
    editor.field.moveCursor(QTextCursor.MoveOperation.StartOfBlock)
    type_into(editor, "\b")
    assert editor.markdown() == "# Head\n\nitem"
    editor.field.moveCursor(QTextCursor.MoveOperation.Start)
    type_into(editor, "first\n")
    assert editor.markdown() == "# first\n\nHead\n\nitem"


@pytest.mark.parametrize(
    ("key", "modifiers", "source"),
    [
        (Qt.Key.Key_B, (CONTROL,), "one **two** three"),
        (Qt.Key.Key_I, (CONTROL,), "one _two_ three"),
        (Qt.Key.Key_1, (CONTROL, ALT), "# one two three"),
        (Qt.Key.Key_2, (CONTROL, ALT), "## one two three"),
        (Qt.Key.Key_8, (CONTROL, SHIFT), "- one two three"),
        (Qt.Key.Key_7, (CONTROL, SHIFT), "1. one two three"),
    ],
)
def test_keys_give_the_selection_an_appearance_and_take_it_again(
    editor: ProseEditor, key: Qt.Key, modifiers: tuple[Qt.KeyboardModifier, ...], source: str
) -> None:
    editor.set_markdown("one two three")
    select(editor, "two")
    press(editor, key, *modifiers)
    assert editor.markdown() == source
    press(editor, key, *modifiers)
    assert editor.markdown() == "one two three"
    editor.undo()
    assert editor.markdown() == source


def test_a_pause_or_leaving_commits_once(editor: ProseEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.edited):
        type_into(editor, "a")
    with qtbot.waitSignal(editor.committed) as committed:
        type_into(editor, "b")
    assert committed.args == ["ab"]
    with qtbot.assertNotEmitted(editor.committed, wait=20):
        editor.flush()
    type_into(editor, "c")
    with qtbot.waitSignal(editor.committed) as committed:
        editor.field.clearFocus()
    assert committed.args == ["abc"]


def test_the_echo_of_what_was_committed_disturbs_nobody_who_writes_on(editor: ProseEditor) -> None:
    type_into(editor, "one ")
    editor.flush()
    editor.set_markdown("one")
    type_into(editor, "two")
    editor.set_markdown("one")
    assert editor.markdown() == "one two"
    assert editor.can_undo()
    editor.undo()
    assert editor.can_redo()


def test_another_text_keeps_the_cursor_where_it_was_meant(editor: ProseEditor) -> None:
    editor.set_markdown("first\n\nsecond 😀 third")
    select(editor, "third")
    cursor = editor.field.textCursor()
    cursor.setPosition(cursor.selectionStart())
    editor.field.setTextCursor(cursor)
    editor.set_markdown("first and more\n\nsecond 😀 third")
    type_into(editor, "x")
    assert editor.markdown() == "first and more\n\nsecond 😀 xthird"
    editor.set_markdown("")
    assert not editor.can_undo()
    assert editor.field.textCursor().position() == 0


def test_what_is_typed_after_a_link_is_no_link(editor: ProseEditor) -> None:
    editor.set_markdown("[plan](https://a.example)")
    editor.field.moveCursor(QTextCursor.MoveOperation.End)
    type_into(editor, " x")
    assert editor.markdown() == "[plan](https://a.example) x"


def test_a_link_is_made_changed_and_taken_away(editor: ProseEditor, qtbot: QtBot) -> None:
    editor.set_markdown("see the plan now")
    select(editor, "the plan")

    def answer(address: str, button: str) -> None:
        editor.activateWindow()
        qtbot.waitUntil(editor.field.hasFocus)
        press(editor, Qt.Key.Key_K, CONTROL, SHIFT)
        (dialog,) = editor.findChildren(LinkDialog)
        dialog._typed.setText(address)
        (found,) = [each for each in dialog.findChildren(QPushButton) if each.text() == button]
        found.click()
        if dialog.result() != QDialog.DialogCode.Accepted:
            assert dialog.isVisible()
            dialog.reject()
        qtbot.waitUntil(lambda: not editor.findChildren(LinkDialog))

    answer("no address", "Add link")
    assert editor.markdown() == "see the plan now"
    answer("www.example.org/plan", "Add link")
    assert editor.markdown() == "see [the plan](https://www.example.org/plan) now"
    select(editor, "plan")
    answer("sam@example.org", "Change link")
    assert editor.markdown() == "see [the plan](mailto:sam@example.org) now"
    answer("", "Remove link")
    assert editor.markdown() == "see the plan now"


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "file:///etc/passwd", "plan", "", "https://", "C:\\x"])
def test_only_web_and_mail_addresses_can_be_linked(typed: str) -> None:
    assert link_address(typed) == ""


def test_ctrl_and_a_click_follow_only_safe_links(editor: ProseEditor, qtbot: QtBot) -> None:
    editor.set_markdown("[web](https://a.example)\n\n[file](file:///etc/passwd)")
    for text, followed in (("web", ["https://a.example"]), ("file", [])):
        found: list[str] = []
        editor.link_activated.connect(found.append)
        place = editor.field.cursorRect(editor.field.document().find(text)).center() - QPoint(6, 0)
        QTest.mouseClick(editor.field.viewport(), Qt.MouseButton.LeftButton, CONTROL, place)
        QTest.mouseClick(editor.field.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        editor.link_activated.disconnect(found.append)
        assert found == followed


def test_pasting_keeps_what_the_editor_has_and_joins_the_sentence(editor: ProseEditor) -> None:
    editor.set_markdown("one three")
    select(editor, "three")
    editor.field.moveCursor(QTextCursor.MoveOperation.Left)
    paste(editor, html="<b>two</b>", text="two ")
    assert editor.markdown() == "one **two** three"
    editor.undo()
    paste(editor, html="<h1>H</h1><ul><li>a</li></ul>", text="H\na")
    assert editor.markdown() == "one\n\n# H\n\n- a\n\nthree"
    editor.set_markdown("- one")
    editor.field.moveCursor(QTextCursor.MoveOperation.End)
    paste(editor, text=" x\n2. y")
    assert editor.markdown() == "- onex\n- 2\\. y"


def test_copying_within_the_editor_keeps_everything(editor: ProseEditor) -> None:
    source = "# Head\n\n1. one\n   - **two** [x](https://a.example)\n\nlast"
    editor.set_markdown(source)
    editor.field.selectAll()
    data = editor.field.createMimeDataFromSelection()
    assert data.hasText()
    assert data.hasHtml()
    editor.set_markdown("")
    editor.field.insertFromMimeData(data)
    assert editor.markdown() == source


def test_files_and_pictures_go_to_the_form(editor: ProseEditor, qtbot: QtBot, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "plan.docx"))])
    data.setText(str(tmp_path / "plan.docx"))
    button, held = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(20, 20), Qt.DropAction.CopyAction, data, button, held)
    dropped = QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, data, button, held)
    with qtbot.waitSignal(editor.files_dropped) as files:
        QApplication.sendEvent(editor.field.viewport(), entered)
        assert entered.isAccepted()
        QApplication.sendEvent(editor.field.viewport(), dropped)
    assert files.args == [[tmp_path / "plan.docx"]]
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    data = QMimeData()
    data.setImageData(picture)
    data.setHtml("<img src='https://a.example/x.png'>")
    with qtbot.waitSignal(editor.image_pasted) as images:
        editor.field.insertFromMimeData(data)
    assert images.args is not None
    assert images.args[0].size() == picture.size()
    assert editor.markdown() == ""


def test_nothing_is_fetched(editor: ProseEditor, tmp_path: Path) -> None:
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    picture.save(str(tmp_path / "x.png"))
    url = QUrl.fromLocalFile(str(tmp_path / "x.png"))
    shown = editor.field.document().resource(QTextDocument.ResourceType.ImageResource.value, url)
    assert shown.size() != picture.size()


def test_selected_text_can_be_quoted(editor: ProseEditor, qtbot: QtBot) -> None:
    editor.set_markdown("one **two**\n\nthree")
    assert not editor._quote_button.isEnabled()
    editor.field.selectAll()
    with qtbot.waitSignal(editor.quote_requested) as quoted:
        editor._quote_button.click()
    assert quoted.args == ["one two\nthree"]


def test_read_only_text_can_be_read_and_copied_but_not_changed(editor: ProseEditor) -> None:
    editor.set_markdown("- one\n- two")
    editor.set_read_only(True)
    select(editor, "two")
    type_into(editor, "x\t")
    press(editor, Qt.Key.Key_B, CONTROL)
    press(editor, Qt.Key.Key_7, CONTROL, SHIFT)
    paste(editor, text="x") if editor.field.canInsertFromMimeData(QMimeData()) else None
    assert editor.markdown() == "- one\n- two"
    editor.set_read_only(False)
    editor.field.moveCursor(QTextCursor.MoveOperation.End)
    type_into(editor, "x")
    assert editor.markdown() == "- one\n- twox"
    assert editor.can_undo()


def test_the_window_keeps_ctrl_k(editor: ProseEditor) -> None:
    editor.set_markdown("one two")
    press(editor, Qt.Key.Key_K, CONTROL)
    assert editor.markdown() == "one two"


def test_its_keys_are_its_own_where_the_window_has_them_too(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    inside = ProseEditor(window)
    triggered: list[bool] = []
    for keys in ("Ctrl+I", "Ctrl+Shift+V"):
        action = QAction(window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(triggered.append)
        window.addAction(action)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    inside.set_markdown("Well done")
    inside.field.setFocus()
    inside.field.selectAll()
    QTest.keyClick(inside.field, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert inside.markdown() == "_Well done_"
    QGuiApplication.clipboard().setText("plain")
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(inside.field, Qt.Key.Key_V, both)
    assert inside.field.toPlainText() == "plain"
    assert triggered == []


def test_a_form_keeps_its_lines(qtbot: QtBot) -> None:
    form = ProseEditor(keep_lines=True)
    qtbot.addWidget(form)
    form.set_markdown("12 High Street\nTown")
    assert form.field.toPlainText() == "12 High Street\nTown"
    form.field.moveCursor(QTextCursor.MoveOperation.End)
    type_into(form, "x")
    assert form.markdown() == "12 High Street\nTownx"


def test_it_grows_with_its_text_and_keeps_lines_short(qtbot: QtBot, theme_named: Callable[..., theme.Theme]) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    editor = ProseEditor(grows=True)
    column = QVBoxLayout(window)
    column.addWidget(editor)
    column.addStretch(1)
    window.resize(1400, 900)
    window.show()
    small = editor.field.height()
    editor.set_markdown("\n\n".join(["A sentence that is said again and again, for the sake of its length. " * 3] * 8))
    qtbot.waitUntil(lambda: editor.field.height() > 2 * small)
    assert editor.field.document().size().height() <= editor.field.viewport().height() + 1
    layout = editor.field.document().begin().layout()
    assert max(layout.lineAt(number).textLength() for number in range(layout.lineCount())) <= 85
    before = editor.field.font().pixelSize()
    theme_named("dark", 2.0)
    assert editor.field.font().pixelSize() == 2 * before
    theme_named("light")


def test_prompts_help_and_fold(editor: ProseEditor, qtbot: QtBot) -> None:
    assert not editor._prompts.isVisible()
    editor.set_prompts(("What was <your> part?",))
    assert editor._prompts._list.isVisible()
    with qtbot.waitSignal(editor.prompts_folded) as folded:
        editor._prompts._button.click()
    assert folded.args == [True]
    assert not editor._prompts._list.isVisible()
    editor.set_prompts(())
    assert not editor._prompts.isVisible()


def test_words_are_counted(editor: ProseEditor) -> None:
    editor.set_markdown("It isn’t 4.5 minutes, **Sam**.\n\n- e-mail sam@a.example")
    assert editor.word_count() == 7
    assert editor._words.text() == "7 words"
