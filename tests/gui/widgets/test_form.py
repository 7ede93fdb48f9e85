"""The form of an evidence item: what is typed is given on once, and nothing typed gets lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import not_

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QScrollArea, QTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from portfolio_app.domain.evidence import (
    DATE_IN_WORDS,
    EvidenceKind,
    FieldDefinition,
    FieldType,
    FieldValue,
)
from portfolio_app.domain.qualification import AssessmentMethod
from portfolio_app.gui.theme import Theme
from portfolio_app.gui.widgets.form.choice_fields import ChoiceEditor, YesNoEditor
from portfolio_app.gui.widgets.form.date_fields import DateEditor
from portfolio_app.gui.widgets.form.evidence_form import EvidenceForm
from portfolio_app.gui.widgets.form.table_field import TableEditor
from portfolio_app.gui.widgets.form.text_change import change_line, change_text
from portfolio_app.gui.widgets.form.text_fields import LineEditor, LongTextEditor
from portfolio_app.gui.widgets.tab_order import go_on
from portfolio_app.importing.evidence_kinds import load_kinds
from portfolio_app.services import text_input
from portfolio_app.services.sample import sample_items

KIND = EvidenceKind(
    "visit",
    "Visit",
    "A visit.",
    AssessmentMethod.PRODUCT,
    fields=(
        FieldDefinition("place", FieldType.TEXT, "Place", required=True, help="Where it was."),
        FieldDefinition("story", FieldType.LONG_TEXT, "What happened", prompts=("Who was there?",)),
        FieldDefinition("seen_on", FieldType.DATE, "Seen on"),
        FieldDefinition("cost", FieldType.NUMBER, "Cost"),
        FieldDefinition("mood", FieldType.CHOICE, "Mood", choices=("good", "bad")),
        FieldDefinition("again", FieldType.YES_NO, "Again?"),
        FieldDefinition("host", FieldType.PERSON, "Host"),
        FieldDefinition(
            "actions",
            FieldType.TABLE,
            "Actions",
            columns=(
                FieldDefinition("action", FieldType.TEXT, "Action"),
                FieldDefinition("owner", FieldType.PERSON, "Owner"),
            ),
        ),
    ),
)
OTHER = EvidenceKind(
    "call",
    "Call",
    "A call.",
    AssessmentMethod.PRODUCT,
    fields=(
        FieldDefinition("place", FieldType.TEXT, "Place of the call"),
        FieldDefinition(
            "actions", FieldType.TABLE, "Actions", columns=(FieldDefinition("action", FieldType.TEXT, "Action"),)
        ),
    ),
)


class Given:
    """What a form gave on, and for which item."""

    def __init__(self, form: EvidenceForm) -> None:
        self.form = form
        self.values: list[tuple[str, str, FieldValue]] = []
        form.committed.connect(self._note)

    def _note(self, name: str, value: FieldValue) -> None:
        self.values.append((self.form.item, name, value))


@pytest.fixture
def form(qtbot: QtBot) -> EvidenceForm:
    form = EvidenceForm()
    qtbot.addWidget(form)
    form.set_kind(KIND)
    form.set_values({}, of="e1")
    form.resize(560, 700)
    form.show()
    return form


def _line(form: EvidenceForm, name: str) -> QLineEdit:
    editor = form.editor(name)
    assert isinstance(editor, LineEditor)
    return editor.line


def _type(qtbot: QtBot, widget: QWidget, text: str) -> None:
    widget.setFocus()
    QTest.keyClicks(widget, text)


def _message(form: EvidenceForm, name: str) -> str:
    field = form.field(name)
    assert field is not None
    return "" if field.message.isHidden() else field.message.text()


def test_every_kind_shows_the_sample_and_gives_it_back_unasked_for_nothing(qtbot: QtBot) -> None:
    kinds = load_kinds()
    form = EvidenceForm()
    qtbot.addWidget(form)
    given = Given(form)
    fields: dict[str, Mapping[str, FieldValue]] = {item.kind: item.given.fields for item in sample_items()}
    for kind in kinds.values():
        form.set_kind(kind)
        form.set_values(fields.get(kind.id, {}), of=kind.id)
        assert form.values() == fields.get(kind.id, {})
        form.flush()
        assert not form.kept.values()
    assert given.values == []


def test_what_is_typed_is_given_on_after_a_pause(form: EvidenceForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.committed, timeout=5_000) as signal:
        _type(qtbot, _line(form, "place"), "Pool ")
    assert signal.args == ["place", "Pool"]
    assert _line(form, "place").text() == "Pool "


def test_leaving_a_field_gives_it_on_at_once(form: EvidenceForm, qtbot: QtBot) -> None:
    _type(qtbot, _line(form, "place"), "Pool")
    with qtbot.waitSignal(form.committed, timeout=500):
        _line(form, "cost").setFocus()


def test_a_value_that_comes_back_while_more_is_typed_disturbs_nothing(form: EvidenceForm, qtbot: QtBot) -> None:
    given = Given(form)
    line = _line(form, "place")
    _type(qtbot, line, "Poo")
    form.flush()
    QTest.keyClicks(line, "l side")
    form.flush()
    QTest.keyClicks(line, ", east")
    line.setCursorPosition(2)
    form.set_values({"place": "Poo"}, of="e1")
    form.set_values({"place": "Pool side"}, of="e1")
    form.set_values({"place": "Pool side", "cost": "4"}, of="e1")
    assert (line.text(), line.cursorPosition()) == ("Pool side, east", 2)
    form.flush()
    assert [value for _, _, value in given.values] == ["Poo", "Pool side", "Pool side, east"]


def test_a_value_changed_elsewhere_comes_in_and_the_cursor_stays_beside_its_words(
    form: EvidenceForm, qtbot: QtBot
) -> None:
    given = Given(form)
    form.set_values({"story": "One. Two. Three.", "place": "Pool"}, of="e1")
    (story,) = form.text_edits()
    story.setFocus()
    cursor = story.textCursor()
    cursor.setPosition(len("One. Two."))
    story.setTextCursor(cursor)
    form.set_values({"story": "Nought. One. Two. Three.", "place": "Pool"}, of="e1")
    assert story.toPlainText() == "Nought. One. Two. Three."
    assert story.textCursor().position() == len("Nought. One. Two.")
    form.flush()
    assert given.values == []


def test_another_item_gets_nothing_of_the_one_before(form: EvidenceForm, qtbot: QtBot) -> None:
    given = Given(form)
    (story,) = form.text_edits()
    _type(qtbot, story, "Half a sen")
    form.set_values({"story": "Another one's."}, of="e2")
    assert given.values == [("e1", "story", "Half a sen")]
    assert story.toPlainText() == "Another one's."
    story.undo()
    assert story.toPlainText() == "Another one's."
    form.set_values({}, of="e3")
    assert form.values() == {}


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("seen_on", "in May", "“in May” is not a date"),
        ("seen_on", "31 April 2026", "not a date in the calendar"),
        ("cost", "a lot", "must be a number"),
    ],
)
def test_what_does_not_fit_is_kept_and_says_so_when_the_field_is_left(
    form: EvidenceForm, qtbot: QtBot, name: str, typed: str, sentence: str
) -> None:
    given = Given(form)
    line = _line(form, name)
    _type(qtbot, line, typed)
    assert _message(form, name) == ""
    form.flush()
    assert given.values == [("e1", name, typed)]
    assert sentence in _message(form, name)
    assert sentence in line.accessibleDescription()
    line.clear()
    _type(qtbot, line, "2026")
    assert _message(form, name) == ""


def test_a_stored_value_that_does_not_fit_is_told_when_it_is_shown(form: EvidenceForm) -> None:
    form.set_values({"seen_on": "soon"}, of="e2")
    assert "“soon” is not a date" in _message(form, "seen_on")
    form.set_values({"seen_on": "2026-05"}, of="e2")
    assert _message(form, "seen_on") == ""


def test_a_date_says_how_it_was_understood_where_that_is_not_plain(form: EvidenceForm, qtbot: QtBot) -> None:
    editor = form.editor("seen_on")
    assert isinstance(editor, DateEditor)
    _type(qtbot, editor.line, "3/2026")
    assert editor.date.meaning.text() == "= March 2026"
    editor.line.clear()
    _type(qtbot, editor.line, "9 march 2026")
    assert editor.date.meaning.isHidden()


def test_what_the_portfolio_refuses_stays_on_the_screen_and_is_given_on_again(form: EvidenceForm, qtbot: QtBot) -> None:
    given = Given(form)
    line = _line(form, "place")
    _type(qtbot, line, "Pool")
    form.flush()
    form.refuse("place", "The disk is full.")
    assert _message(form, "place") == "✗ Not saved: The disk is full."
    form.set_values({}, of="e1")
    assert line.text() == "Pool"
    QTest.keyClicks(line, "!")
    form.flush()
    assert given.values[-1] == ("e1", "place", "Pool!")
    assert _message(form, "place") == ""


def test_text_that_cannot_be_stored_is_not_given_on(form: EvidenceForm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_input, "LARGEST_TEXT", 40)
    given = Given(form)
    form.set_values({"story": "Good."}, of="e1")
    (story,) = form.text_edits()
    story.insertPlainText("too long " * 9)
    form.flush()
    assert given.values == []
    assert _message(form, "story").startswith("✗ Not saved: “What happened” is too long")


def test_needed_is_said_until_something_is_there(form: EvidenceForm, qtbot: QtBot) -> None:
    field = form.field("place")
    assert field is not None
    assert not field.needed.isHidden()
    _type(qtbot, _line(form, "place"), "P")
    assert field.needed.isHidden()


def test_choices_and_answers_are_given_on_at_once(form: EvidenceForm, qtbot: QtBot) -> None:
    given = Given(form)
    mood, again = form.editor("mood"), form.editor("again")
    assert isinstance(mood, ChoiceEditor)
    assert isinstance(again, YesNoEditor)
    mood.box.setFocus()
    QTest.keyClick(mood.box, Qt.Key.Key_Down)
    for answer in again.findChildren(QPushButton):
        if answer.text() == "No":
            QTest.mouseClick(answer, Qt.MouseButton.LeftButton)
    assert given.values == [("e1", "mood", "good"), ("e1", "again", "no")]
    form.set_values({"mood": "mixed"}, of="e2")
    assert mood.box.currentText() == "mixed (not one of the choices)"
    assert form.values() == {"mood": "mixed"}


def test_known_people_are_offered_and_new_names_taken(form: EvidenceForm, qtbot: QtBot) -> None:
    form.set_people(["Priya Raman", "Karen Holt"])
    line = _line(form, "host")
    completer = line.completer()
    completer.setCompletionPrefix("holt")
    assert [completer.completionModel().index(0, 0).data()] == ["Karen Holt"]
    given = Given(form)
    _type(qtbot, line, "Somebody New")
    form.flush()
    assert given.values == [("e1", "host", "Somebody New")]


def test_another_kind_shows_what_it_shares_and_keeps_the_rest(form: EvidenceForm, qtbot: QtBot) -> None:
    rows = ({"action": "Ring", "owner": "Jo"},)
    values: dict[str, FieldValue] = {"place": "Pool", "story": "Long ago.", "actions": rows}
    form.set_values({**values, DATE_IN_WORDS: "last spring"}, of="e1")
    _type(qtbot, _line(form, "host"), "Kim")
    given = Given(form)
    form.set_kind(OTHER)
    assert given.values == [("e1", "host", "Kim")]
    assert form.kept.values() == {"story": "Long ago.", "host": "Kim"}
    assert _line(form, "place").text() == "Pool"
    assert form.values() == {**values, "host": "Kim"}
    table = form.editor("actions")
    assert isinstance(table, TableEditor)
    table.model.setData(table.model.index(0, 0), "Ring again")
    form.flush()
    assert given.values[-1] == ("e1", "actions", ({"action": "Ring again", "owner": "Jo"},))
    form.set_kind(KIND)
    assert form.values() == {**values, "host": "Kim", "actions": ({"action": "Ring again", "owner": "Jo"},)}


def test_what_was_kept_can_be_copied_and_removed(form: EvidenceForm, qtbot: QtBot) -> None:
    form.set_kind(OTHER)
    form.set_values({"story": "Long ago.", "log": ({"day": "Mon", "note": "a\tb"}, {"note": "c"})}, of="e1")
    given = Given(form)
    buttons = {one.accessibleName(): one for one in form.kept.findChildren(QPushButton)}
    buttons["Copy Log"].click()
    assert QGuiApplication.clipboard().text() == 'day\tnote\nMon\t"a\tb"\n\tc'
    buttons["Remove Log"].click()
    assert given.values == [("e1", "log", ())]
    assert form.kept.values() == {"story": "Long ago."}
    {one.accessibleName(): one for one in form.kept.findChildren(QPushButton)}["Remove Story"].click()
    assert given.values[-1] == ("e1", "story", "")
    assert form.kept.isHidden()


def test_an_unknown_kind_shows_everything_as_kept(form: EvidenceForm) -> None:
    form.set_kind(None)
    form.set_values({"place": "Pool"}, of="e9")
    assert form.kept.values() == {"place": "Pool"}
    assert form.values() == {"place": "Pool"}


def test_a_field_is_led_to_even_far_down_the_page(qtbot: QtBot) -> None:
    area = QScrollArea()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    form = EvidenceForm()
    area.setWidget(form)
    area.resize(420, 300)
    area.show()
    area.activateWindow()
    form.set_kind(load_kinds()["meeting-minutes"])
    form.set_values({}, of="e1")
    assert form.focus_field("actions")
    editor = form.editor("actions")
    assert isinstance(editor, TableEditor)
    qtbot.waitUntil(lambda: area.viewport().rect().contains(editor.mapTo(area.viewport(), editor.rect().topLeft())))
    qtbot.waitUntil(lambda: QApplication.focusWidget() is editor.view)
    assert editor.view.currentIndex().row() == 0
    assert not form.focus_field("no such field")


def test_everything_that_takes_the_keyboard_has_a_name(form: EvidenceForm) -> None:
    form.set_values({"old": "x"}, of="e1")
    for widget in form.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(form) and not widget.focusProxy():
            text = widget.text() if isinstance(widget, QPushButton) else ""
            assert widget.accessibleName() or text or widget.property("text"), widget


class _Window(QWidget):
    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's
        return go_on(self, forward=forward)


def test_tab_goes_down_the_form_and_on_to_what_follows_it(qtbot: QtBot) -> None:
    page = _Window()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    above, form, below = QLineEdit(), EvidenceForm(), QLineEdit()
    for widget in (above, form, below):
        column.addWidget(widget)
    page.show()
    page.activateWindow()
    # Another kind's fields come first into the window, and all of them long after the line below.
    form.set_kind(OTHER)
    form.set_kind(KIND)
    form.set_values({"old": "x"}, of="e1")
    form.values()
    stops = [*(definition.name for definition in KIND.fields), "kept"]
    above.setFocus()
    qtbot.waitUntil(above.hasFocus)
    passed: list[str] = []
    for _ in range(60):
        QTest.keyClick(_focused(), Qt.Key.Key_Tab)
        if _focused() is below:
            break
        name = next(name for name in stops if _within(form, name, _focused()))
        if name not in passed[-1:]:
            passed.append(name)
    assert passed == stops
    assert _focused() is below


def _focused() -> QWidget:
    focused = QApplication.focusWidget()
    assert focused is not None
    return focused


def _within(form: EvidenceForm, name: str, widget: QWidget) -> bool:
    part = form.kept if name == "kept" else form.field(name)
    return part is not None and part.isAncestorOf(widget)


def test_what_can_only_be_read_cannot_be_typed_into(form: EvidenceForm, qtbot: QtBot) -> None:
    form.set_values({"place": "Pool", "story": "Text.", "actions": ({"action": "Ring"},)}, of="e1")
    form.set_read_only(True)
    given = Given(form)
    _type(qtbot, _line(form, "place"), "x")
    _type(qtbot, form.text_edits()[0], "x")
    table = form.editor("actions")
    assert isinstance(table, TableEditor)
    assert table.model.rowCount() == 1
    form.flush()
    assert given.values == []
    form.set_kind(OTHER)
    assert _line(form, "place").isReadOnly()


def test_a_long_text_is_as_high_as_its_words_up_to_twelve_lines(form: EvidenceForm, qtbot: QtBot) -> None:
    story = form.editor("story")
    assert isinstance(story, LongTextEditor)
    heights = []
    for lines in (1, 3, 6, 12, 40):
        form.set_values({"story": "\n".join(["words"] * lines)}, of=str(lines))
        qtbot.wait(1)
        heights.append(story.text.height())
    assert heights[0] == heights[1] < heights[2] < heights[3] == heights[4]


@pytest.mark.parametrize("zoom", [1.0, 2.0])
def test_no_part_of_a_form_is_ever_painted_over_another(
    qtbot: QtBot, theme_named: Callable[..., Theme], zoom: float
) -> None:
    theme_named("light", zoom)
    area = QScrollArea()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    form = EvidenceForm()
    area.setWidget(form)
    area.resize(640, 700)
    area.show()
    qtbot.waitExposed(area)
    fields = {item.kind: item.given.fields for item in sample_items()}
    for kind_id in ("plan", "meeting-minutes", "plan"):
        with qtbot.waitSignal(form.settling, check_params_cb=not_):
            form.set_kind(load_kinds()[kind_id])
            form.set_values(fields[kind_id], of=kind_id)
        bottom = -1
        for definition in load_kinds()[kind_id].fields:
            field = form.field(definition.name)
            assert field is not None
            top = field.mapTo(form, QPoint()).y()
            assert top > bottom
            inside = (field.mapTo(form, one.geometry().bottomLeft()).y() for one in _children(field))
            bottom = top + field.height()
            assert max(inside) <= bottom
            table = field.editor
            if isinstance(table, TableEditor):
                assert table.view.geometry().bottom() < table.add_button.mapTo(table, QPoint()).y()


def _children(widget: QWidget) -> list[QWidget]:
    children = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [child for child in children if child.isVisible()]


TEXT = st.text(st.sampled_from("ab \n😀é"), max_size=12)


@given(TEXT, TEXT, st.integers(0, 12))
def test_changed_text_is_shown_and_the_cursor_stays_within(before: str, after: str, place: int) -> None:
    edit = QTextEdit()
    edit.setPlainText(before)
    cursor = edit.textCursor()
    cursor.setPosition(min(place, len(before.encode("utf-16-le")) // 2))
    edit.setTextCursor(cursor)
    change_text(edit, after)
    assert edit.toPlainText() == after
    edit.undo()
    assert edit.toPlainText() == before
    line = QLineEdit(before.replace("\n", " "))
    change_line(line, after.replace("\n", " "))
    assert line.text() == after.replace("\n", " ")
