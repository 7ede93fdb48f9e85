"""The item in hand: what is typed belongs to it, comes back as it was, and is never written over by something older."""

from __future__ import annotations

from collections.abc import Callable
from operator import not_
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QImage, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.domain.claims import Locator
from portfolio_app.domain.evidence import DATE_IN_WORDS, Judgement, PersonPart, StandingKind
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets.evidence_editor.editor import EvidenceEditor
from portfolio_app.services.evidence_edits import change_evidence, change_kind, new_evidence
from portfolio_app.services.evidence_given import EvidenceGiven
from portfolio_app.services.evidence_list import evidence_list
from portfolio_app.services.evidence_many import bin_evidence, delete_from_bin, restore_from_bin
from portfolio_app.services.evidence_sheet import EvidenceSheet, evidence_for_editing

PLAN, AGREEMENT = "E1", "E2"


@pytest.fixture
def editor(sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot) -> EvidenceEditor:
    return _opened(qtbot, sample_session, navigator)


def _opened(qtbot: QtBot, session: OpenSession, navigator: RecordingNavigator) -> EvidenceEditor:
    made = EvidenceEditor(session, navigator)
    made.resize(720, 800)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    session.settle()
    return made


def _ids(session: OpenSession) -> dict[str, str]:
    found: dict[str, str] = {}
    session.read(evidence_list, session.kinds, done=lambda rows: found.update({row.ref: row.id for row in rows.rows}))
    session.settle()
    return found


def _stored(session: OpenSession, evidence_id: str) -> EvidenceSheet:
    found: list[EvidenceSheet] = []
    session.read(evidence_for_editing, evidence_id, done=found.append)
    session.settle()
    return found[0]


def _show(editor: EvidenceEditor, session: OpenSession, ref: str) -> str:
    evidence_id = _ids(session)[ref]
    editor.show_item(evidence_id)
    session.settle()
    assert editor.item == evidence_id
    return evidence_id


def _line(editor: EvidenceEditor, name: str) -> QLineEdit:
    field = editor.column.form.editor(name)
    assert field is not None
    return field.findChildren(QLineEdit)[0]


def _long_text(editor: EvidenceEditor, name: str) -> QTextEdit:
    field = editor.column.form.editor(name)
    assert field is not None
    return field.findChildren(QTextEdit)[0]


def _retype(field: QLineEdit | QTextEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def _body(editor: EvidenceEditor) -> QTextEdit:
    return editor.column.body.field


# What is typed is saved


def test_every_part_is_saved_for_its_item_and_can_be_taken_back(
    editor: EvidenceEditor, sample_session: OpenSession
) -> None:
    item = _show(editor, sample_session, AGREEMENT)
    before = _stored(sample_session, item).evidence
    _retype(editor.column.title.text, "A promise")
    _retype(editor.column.date.start.line, "May 2026")
    _retype(_line(editor, "parties"), "Us and them")
    _retype(_long_text(editor, "scope"), "All lessons")
    _retype(_body(editor), "We wrote it down.")
    editor.column.more.confidential.box.click()
    editor.commit()
    sample_session.settle()
    after = _stored(sample_session, item).evidence
    assert (after.title, str(after.date), after.body) == ("A promise", "May 2026", "We wrote it down.")
    assert (after.fields["parties"], after.fields["scope"]) == ("Us and them", "All lessons")
    assert after.confidential
    assert after.fields["standards"] == before.fields["standards"]
    for _ in range(6):
        sample_session.undo()
        sample_session.settle()
    assert _stored(sample_session, item).evidence == before
    assert editor.column.title.text.toPlainText() == before.title
    assert editor.column.body.markdown() == before.body


def test_looking_at_items_changes_none(editor: EvidenceEditor, sample_session: OpenSession) -> None:
    newest = sample_session.undo_names
    for evidence_id in _ids(sample_session).values():
        editor.show_item(evidence_id)
        sample_session.settle()
        editor.commit()
    sample_session.settle()
    assert sample_session.undo_names == newest


def test_a_date_that_cannot_be_read_is_kept_in_words(editor: EvidenceEditor, sample_session: OpenSession) -> None:
    item = _show(editor, sample_session, PLAN)
    _retype(editor.column.date.start.line, "last spring")
    editor.commit()
    sample_session.settle()
    stored = _stored(sample_session, item).evidence
    assert (stored.date, stored.fields[DATE_IN_WORDS]) == (None, "last spring")
    _show(editor, sample_session, AGREEMENT)
    _show(editor, sample_session, PLAN)
    assert editor.column.date.start.text() == "last spring"
    assert editor.column.form.kept.isHidden()  # the words are in the date's own field, not among what has none


def test_what_is_typed_while_items_fly_past_stays_with_the_first(
    editor: EvidenceEditor, sample_session: OpenSession
) -> None:
    ids = _ids(sample_session)
    before = {ref: _stored(sample_session, ids[ref]).evidence for ref in ("E3", "E4", "E5")}
    item = _show(editor, sample_session, PLAN)
    shown: list[str] = []
    editor.shown.connect(shown.append)
    _retype(editor.column.title.text, "Typed just before")
    _retype(_body(editor), "And this.")
    for ref in before:
        editor.show_item(ids[ref])
    _retype(_long_text(editor, "purpose"), "Typed while another is read")  # the plan is still on the screen
    sample_session.settle()
    assert shown == [ids["E5"]]
    stored = _stored(sample_session, item).evidence
    assert (stored.title, stored.body) == ("Typed just before", "And this.")
    assert stored.fields["purpose"] == "Typed while another is read"
    assert {ref: _stored(sample_session, ids[ref]).evidence for ref in before} == before


def test_what_was_read_before_an_edit_never_replaces_it(editor: EvidenceEditor, sample_session: OpenSession) -> None:
    item = _show(editor, sample_session, PLAN)
    # Somebody else's edit makes the editor read; what is typed meanwhile is saved after that reading.
    sample_session.edit(change_evidence, sample_session.kinds, item, EvidenceGiven(tags=["team"], body="Elsewhere"))

    def type_meanwhile() -> None:
        _retype(_body(editor), "Newer")
        editor.commit()

    sample_session.changed.connect(type_meanwhile, Qt.ConnectionType.SingleShotConnection)
    sample_session.settle()
    sample_session.settle()
    assert _stored(sample_session, item).evidence.body == "Newer"
    assert editor.column.body.markdown() == "Newer"
    assert editor.column.tags.value() == ("team",)


def test_undo_elsewhere_changes_its_field_and_leaves_the_cursor(
    editor: EvidenceEditor, sample_session: OpenSession
) -> None:
    item = _show(editor, sample_session, PLAN)
    title = _stored(sample_session, item).evidence.title
    _retype(editor.column.title.text, "Another title")
    editor.commit()
    sample_session.settle()
    body = _body(editor)
    body.setFocus()
    cursor = body.textCursor()
    cursor.setPosition(25)
    body.setTextCursor(cursor)
    sample_session.undo()
    sample_session.settle()
    assert editor.column.title.text.toPlainText() == title
    assert QApplication.focusWidget() is body
    assert body.textCursor().position() == 25


def test_steps_of_one_item_cannot_be_undone_in_the_text_of_the_next(
    editor: EvidenceEditor, sample_session: OpenSession
) -> None:
    first, _ = _new_item(sample_session), _show(editor, sample_session, PLAN)
    second = _new_item(sample_session)
    editor.show_item(first)
    sample_session.settle()
    _retype(_body(editor), "Secret of the first")
    _body(editor).selectAll()
    QTest.keyClick(_body(editor), Qt.Key.Key_Delete)
    editor.show_item(second)
    sample_session.settle()
    assert not _body(editor).document().isUndoAvailable()
    assert not editor.column.title.text.document().isUndoAvailable()


def _new_item(session: OpenSession, kind: str = "plan") -> str:
    made: list[str] = []
    session.edit(new_evidence, session.kinds, kind, done=lambda item: made.append(item.id))
    session.settle()
    return made[0]


def test_what_was_refused_is_kept_told_and_saved_once_it_can_be(
    editor: EvidenceEditor, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    item = _show(editor, sample_session, PLAN)
    sample_session.edit(bin_evidence, [item])
    _retype(editor.column.title.text, "Typed too late")
    _retype(_body(editor), "Prose typed too late")
    editor.commit()
    sample_session.settle()
    assert editor.column.title.text.toPlainText() == "Typed too late"
    assert editor.column.title_problem.text().startswith("✗ Not saved")
    assert any(kind == "error" for _, kind in navigator.messages)
    assert editor.column.has_unstored()
    _show(editor, sample_session, AGREEMENT)
    sample_session.edit(restore_from_bin, [item])
    sample_session.settle()
    _show(editor, sample_session, PLAN)
    sample_session.settle()
    stored = _stored(sample_session, item).evidence
    assert (stored.title, stored.body) == ("Typed too late", "Prose typed too late")
    assert editor.column.title.text.toPlainText() == "Typed too late"
    assert not editor.column.has_unstored()


# Kinds


def test_another_kind_brings_its_form_and_coming_back_loses_nothing(
    editor: EvidenceEditor, sample_session: OpenSession
) -> None:
    item = _show(editor, sample_session, PLAN)
    before = _stored(sample_session, item).evidence
    sample_session.edit(change_kind, sample_session.kinds, item, "witness-testimony")
    sample_session.settle()
    assert editor.column.form.editor("occasion") is not None
    assert not editor.column.form.kept.isHidden()
    assert _top(editor.column.people, editor) < _top(editor.column.form, editor)
    _retype(_line(editor, "occasion"), "At the desk")
    editor.commit()
    sample_session.edit(
        change_evidence, sample_session.kinds, item, EvidenceGiven(fields={"purpose": "Changed meanwhile"})
    )
    sample_session.edit(change_kind, sample_session.kinds, item, "plan")
    sample_session.settle()
    assert _long_text(editor, "purpose").toPlainText() == "Changed meanwhile"
    stored = _stored(sample_session, item).evidence
    assert stored.fields == {**before.fields, "purpose": "Changed meanwhile", "occasion": "At the desk"}


def _top(widget: QWidget, editor: EvidenceEditor) -> int:
    QApplication.processEvents()
    return widget.mapTo(editor, widget.rect().topLeft()).y()


# Files


def test_files_are_attached_named_and_taken_off(
    editor: EvidenceEditor, sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot, tmp_path: Path
) -> None:
    item = _show(editor, sample_session, PLAN)
    paths = [tmp_path / "notes.txt", tmp_path / "figures.csv"]
    for path in paths:
        path.write_text(path.name, encoding="utf-8")
    editor.attach(paths)
    _show_other_while_copying = _ids(sample_session)[AGREEMENT]
    editor.show_item(_show_other_while_copying)
    qtbot.waitUntil(lambda: len(_stored(sample_session, item).evidence.attachments) == 2)
    assert [file.attachment.name for file in _stored(sample_session, _show_other_while_copying).files] == [
        "service-level-agreement.pdf"
    ]
    _show(editor, sample_session, PLAN)
    notes, figures = editor.column.files.attachments
    editor.column.files.renamed.emit(notes.id, "minutes.txt")
    editor.column.files.caption_changed.emit(figures.id, "Calls by day")
    sample_session.settle()
    assert [file.name for file in editor.column.files.attachments] == ["minutes.txt", "figures.csv"]
    editor.column.files.renamed.emit(notes.id, "figures.csv")  # taken: .csv is another suffix, so this becomes …
    sample_session.settle()
    assert editor.column.files.attachments[0].name == "figures.csv.txt"
    undo = sample_session.undo_names
    for file in editor.column.files.attachments:
        editor.column.files.removed.emit(file.id)
    qtbot.wait(10)
    sample_session.settle()
    assert editor.column.files.attachments == []
    assert navigator.toasts[-1] == ("2 files were removed.", True)
    sample_session.undo()
    sample_session.settle()
    assert len(editor.column.files.attachments) == 2
    assert sample_session.undo_names == undo or sample_session.undo_names.undo == undo.undo


def test_a_pasted_picture_becomes_a_file_of_the_item(
    editor: EvidenceEditor, sample_session: OpenSession, qtbot: QtBot
) -> None:
    item = _show(editor, sample_session, PLAN)
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.blue)
    editor.column.body.image_pasted.emit(picture)
    qtbot.waitUntil(lambda: bool(_stored(sample_session, item).evidence.attachments))
    (file,) = _stored(sample_session, item).evidence.attachments
    assert file.name.startswith("Screenshot ")
    assert file.media_type == "image/png"


def test_a_file_is_shown_in_place_quoted_from_and_left_with_escape(
    editor: EvidenceEditor, sample_session: OpenSession, qtbot: QtBot
) -> None:
    _show(editor, sample_session, AGREEMENT)
    quoted: list[tuple[str, Locator]] = []
    editor.quote_requested.connect(lambda text, place: quoted.append((text, place)))
    editor.show_quotation("service-level-agreement.pdf", "2", "within 60 seconds")
    qtbot.waitUntil(lambda: editor.preview.isVisible() and editor.preview.pdf.area.page == 1)  # counted from 0
    assert not editor.column.isVisible()
    editor.preview.quote_requested.emit("within 60 seconds", "2")
    assert quoted == [("within 60 seconds", Locator(page="2", attachment="service-level-agreement.pdf"))]
    QTest.keyClick(editor.preview, Qt.Key.Key_Escape)
    assert editor.column.isVisible()
    assert QApplication.focusWidget() is editor.column.files.list
    editor.show_quotation("service-level-agreement.pdf", "1", "")
    _show(editor, sample_session, PLAN)
    assert editor.column.isVisible()  # another item is not left behind the file of this one


def test_a_quotation_from_the_prose_is_marked_there_and_says_where_it_stands(
    editor: EvidenceEditor, sample_session: OpenSession, navigator: RecordingNavigator
) -> None:
    item = _new_item(sample_session)
    text = "First paragraph.\n\n## What I did\n\nI answered 😀 every call\nwithin a minute."
    sample_session.edit(change_evidence, sample_session.kinds, item, EvidenceGiven(body=text))
    editor.show_item(item)
    sample_session.settle()
    quoted: list[tuple[str, Locator]] = []
    editor.quote_requested.connect(lambda text, place: quoted.append((text, place)))
    editor.show_quotation("", "", "every CALL within a minute")
    selected = editor.column.body.selected_text()
    assert " ".join(selected.split()) == "every call within a minute"
    editor.column.body.quote_requested.emit(selected)
    assert quoted[0][1] == Locator(heading="What I did")
    cursor = _body(editor).textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.Start)
    _body(editor).setTextCursor(cursor)
    editor.column.body.quote_requested.emit("First")
    assert quoted[1][1] == Locator(paragraph="1")
    editor.show_quotation("", "", "never written")
    assert "not in the text" in navigator.toasts[-1][0]


def test_what_a_search_found_in_a_text_of_the_item_is_selected(
    editor: EvidenceEditor, sample_session: OpenSession, qtbot: QtBot
) -> None:
    item = _new_item(sample_session)
    text = "\n\n".join(
        [*(f"The rota of week {week}." for week in range(60)), "I changed every\nrota myself. The rota."]
    )
    sample_session.edit(change_evidence, sample_session.kinds, item, EvidenceGiven(body=text))
    place = Place(
        "evidence", evidence_id=item, field="body", passage="changed every rota myself", words=("Rota", "myself")
    )
    editor.show_item(item)
    editor.show_place(place)
    sample_session.settle()
    selected = _body(editor).textCursor()
    assert selected.selectedText() == "rota"
    assert selected.block().text().startswith("I changed")
    qtbot.waitUntil(lambda: _is_seen(editor, _body(editor)))


def _is_seen(editor: EvidenceEditor, edit: QTextEdit) -> bool:
    spot = edit.viewport().mapTo(editor.area.viewport(), edit.cursorRect().center())
    return editor.area.viewport().rect().contains(spot)


def test_files_that_hover_over_a_field_are_left_to_the_page(
    editor: EvidenceEditor, sample_session: OpenSession, tmp_path: Path
) -> None:
    _show(editor, sample_session, AGREEMENT)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.txt"))])
    fields = [editor.column.title.text.viewport(), _line(editor, "parties"), _body(editor).viewport()]
    for field in fields:
        event = QDragEnterEvent(
            QPointF(5, 5).toPoint(),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(field, event)
        assert not event.isAccepted(), field


# Places


@pytest.mark.parametrize(
    ("field", "lands_in"),
    [
        ("title", lambda editor: editor.column.title),
        ("date", lambda editor: editor.column.date),
        ("body", lambda editor: editor.column.body),
        ("standing", lambda editor: editor.column.more.standing),
        ("judgement", lambda editor: editor.column.more.judgement),
        ("people", lambda editor: editor.column.people),
        ("attachments", lambda editor: editor.column.files),
        ("scope", lambda editor: editor.column.form.editor("scope")),
    ],
)
def test_a_place_leads_the_keyboard_there_also_before_the_item_is_read(
    editor: EvidenceEditor,
    sample_session: OpenSession,
    qtbot: QtBot,
    field: str,
    lands_in: Callable[[EvidenceEditor], QWidget],
) -> None:
    item = _ids(sample_session)[AGREEMENT]
    editor.show_item(item)
    editor.show_place(Place("evidence", evidence_id=item, field=field))
    sample_session.settle()
    focused = QApplication.focusWidget()
    assert focused is not None
    target = lands_in(editor)
    assert target is focused or target.isAncestorOf(focused)

    def is_seen() -> bool:
        top = focused.mapTo(editor.area.viewport(), focused.rect().topLeft()).y()
        return -5 <= top < editor.area.viewport().height()

    # While the form above finds its height, the place moves.
    qtbot.waitUntil(lambda: editor.column.updatesEnabled() and is_seen())


class _Painted(QObject):
    """Notes where a part of an item stands whenever it is painted."""

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self._part = part
        self.places: list[int] = []
        part.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        if event.type() == QEvent.Type.Paint:
            self.places.append(self._part.mapTo(self._part.window(), self._part.rect().topLeft()).y())
        return False


def test_what_is_below_a_form_is_never_seen_jumping_while_its_fields_are_built(
    editor: EvidenceEditor, sample_session: OpenSession, qtbot: QtBot
) -> None:
    editor.resize(720, 3000)  # as long as the item
    painted = _Painted(editor.column.body)
    for ref in (AGREEMENT, PLAN):  # the first is shown where nothing was, the second in place of another
        painted.places.clear()
        with qtbot.waitSignal(editor.column.form.settling, check_params_cb=not_):
            editor.show_item(_ids(sample_session)[ref])
        qtbot.waitUntil(lambda: bool(painted.places))
        assert len(set(painted.places)) == 1


# People and the assessor


def test_a_witness_is_named_and_signs(editor: EvidenceEditor, sample_session: OpenSession) -> None:
    item = _new_item(sample_session, "witness-testimony")
    editor.show_item(item)
    sample_session.settle()
    row = editor.column.people.add()
    _retype(row.name, "Grace Obi")
    _retype(row.words["role"], "Senior adviser")
    _retype(row.signed_on.line, "22 July 2026")
    editor.commit()
    sample_session.settle()
    sheet = _stored(sample_session, item)
    (involvement,) = sheet.evidence.people
    assert involvement.part is PersonPart.WITNESS
    assert str(involvement.signed_on) == "2026-07-22"
    assert sheet.people[involvement.person_id].role == "Senior adviser"


def test_a_judgement_without_an_assessor_waits_for_one(editor: EvidenceEditor, sample_session: OpenSession) -> None:
    item = _show(editor, sample_session, PLAN)
    editor.column.focus_part("judgement")
    judgement = editor.column.more.judgement
    judgement.answers["valid"].findChildren(QWidget)[0].click()  # type: ignore[attr-defined] # the button "Yes"
    sample_session.settle()
    assert _stored(sample_session, item).evidence.judgement is None
    assert "missing" in judgement.problem()
    assert editor.column.has_unstored()
    _show(editor, sample_session, AGREEMENT)
    assert judgement.answers["valid"].current == "open"
    _show(editor, sample_session, PLAN)
    assert judgement.answers["valid"].current == "yes"
    _retype(judgement.by, "David Okafor")
    editor.commit()
    sample_session.settle()
    assert _stored(sample_session, item).evidence.judgement == Judgement(valid=True, by="David Okafor")


def test_evidence_that_stays_at_work_says_where(editor: EvidenceEditor, sample_session: OpenSession) -> None:
    item = _show(editor, sample_session, PLAN)
    editor.column.focus_part("standing")
    standing = editor.column.more.standing
    standing.choices.button(list(StandingKind).index(StandingKind.HELD)).click()
    _retype(standing.location, "HR cabinet")
    editor.commit()
    sample_session.settle()
    stored = _stored(sample_session, item).evidence.standing
    assert (stored.kind, stored.location) == (StandingKind.HELD, "HR cabinet")


# What cannot be changed


def test_an_item_in_the_bin_can_be_read_and_restored(editor: EvidenceEditor, sample_session: OpenSession) -> None:
    item = _show(editor, sample_session, AGREEMENT)
    sample_session.edit(bin_evidence, [item])
    sample_session.settle()
    assert editor.banner.isVisible()
    assert editor.column.title.text.isReadOnly()
    assert _line(editor, "parties").isReadOnly()
    assert not editor.can_change
    editor.banner.buttons[0].click()
    sample_session.settle()
    assert not editor.banner.isVisible()
    assert not editor.column.title.text.isReadOnly()
    assert not _stored(sample_session, item).binned


def test_an_item_that_is_deleted_leaves_the_screen(editor: EvidenceEditor, sample_session: OpenSession) -> None:
    item = _show(editor, sample_session, PLAN)
    sample_session.edit(bin_evidence, [item])
    sample_session.edit(delete_from_bin, [item])
    sample_session.settle()
    assert editor.item == ""
    assert not editor.column.isVisible()


def test_a_portfolio_opened_for_reading_offers_nothing_to_change(
    qtbot: QtBot, navigator: RecordingNavigator, sample_folder: Path
) -> None:
    session = OpenSession(sample_folder, read_only=True)
    editor = _opened(qtbot, session, navigator)
    _show(editor, session, AGREEMENT)
    editor.column.more.set_expanded(True)
    for field in editor.column.findChildren(QLineEdit):
        assert field.isReadOnly() or not field.isEnabled() or not field.isVisible(), field.accessibleName()
    for text in editor.column.findChildren(QTextEdit):
        assert text.isReadOnly() or not text.isEnabled() or not text.isVisible(), text.accessibleName()
    assert not editor.bar.kind.isEnabled()
    assert not editor.bar.more.isVisible()
    QTest.keyClicks(_body(editor), "x")
    editor.commit()
    session.settle()
    assert session.refused == []
    session.finish()
