"""The review grid by keyboard and buttons, and the way of a unit through it into the portfolio."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession

from portfolio_app.domain.qualification import GuidanceKind, Unit
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.import_unit import ImportUnitDialog
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.dialogs.unit_review import SourceText, UnitReviewDialog
from portfolio_app.gui.models.unit_draft_model import Column, DraftRole
from portfolio_app.services.overview import overview
from portfolio_app.services.unit_drafts import UnitDraft, draft_of, new_draft
from portfolio_app.services.unit_sources import title_from
from portfolio_app.services.units import list_units

GUIDANCE = Path(__file__).parents[2] / "reference" / "guidance"
REAL_UNITS = Path(__file__).parents[4] / "shared" / "unit-specs"


def _units(session: OpenSession) -> list[Unit]:
    found: list[Unit] = []
    session.read(list_units, done=found.extend)
    session.settle()
    return found


def _imported(qtbot: QtBot, session: OpenSession, *paths: Path) -> list[UnitDraft]:
    dialog = ImportUnitDialog(session)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    found: list[UnitDraft] = []
    dialog.read.connect(found.extend)
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    field = dialog.findChild(QPlainTextEdit)
    assert field is not None
    field.insertFromMimeData(files)
    session.settle()
    return found


def _open(qtbot: QtBot, session: OpenSession, draft: UnitDraft, *, is_stored: bool = False) -> UnitReviewDialog:
    dialog = UnitReviewDialog(session, draft, is_stored=is_stored)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def _field(dialog: UnitReviewDialog, name: str) -> QLineEdit:
    return next(field for field in dialog.findChildren(QLineEdit) if field.accessibleName().startswith(name))


def _press(dialog: UnitReviewDialog, text: str) -> None:
    (found,) = [each for each in dialog.findChildren(QPushButton) if each.text() == text]
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def _texts(dialog: UnitReviewDialog, column: Column = Column.TEXT) -> list[str]:
    return [str(dialog.model.index(row, column).data()) for row in range(dialog.model.rowCount())]


def _depths(dialog: UnitReviewDialog) -> list[int]:
    return [row.depth for row in dialog.model.rows]


def _said(dialog: UnitReviewDialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def _problem(dialog: UnitReviewDialog) -> str:
    (label,) = [each for each in dialog.findChildren(QLabel) if each.property("role") == "error"]
    return label.text()


def _question(dialog: UnitReviewDialog) -> QuestionDialog:
    (question,) = [each for each in dialog.findChildren(QuestionDialog) if each.isVisible()]
    return question


def _editor(dialog: UnitReviewDialog) -> QTextEdit:
    viewport = dialog.grid.view.viewport()
    (editor,) = [each for each in viewport.findChildren(QTextEdit) if each.isVisible()]
    return editor


def _key(dialog: UnitReviewDialog, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(dialog.grid.view, key, modifier)


@pytest.fixture
def dialog(qtbot: QtBot, empty_session: OpenSession) -> UnitReviewDialog:
    """The tidy guidance text on its way in: 6 marking points, 3 concepts, 2 tips, 3 misconceptions."""
    (draft,) = _imported(qtbot, empty_session, GUIDANCE / "tidy.txt")
    dialog = _open(qtbot, empty_session, draft)
    dialog.grid.view.setFocus()
    return dialog


def test_an_imported_text_is_stored_once_it_has_a_title(dialog: UnitReviewDialog, empty_session: OpenSession) -> None:
    stored: list[Unit] = []
    dialog.stored.connect(stored.append)
    assert "1 thing keeps it from being stored. The unit needs a title." in _said(dialog)
    _press(dialog, "Add the unit")
    assert _problem(dialog) == ("The unit needs a title.")
    assert _field(dialog, "Title").hasFocus()
    QTest.keyClicks(_field(dialog, "Title"), "Repair bicycles")
    QTest.keyClicks(_field(dialog, "Level"), "2")
    QTest.keyClicks(_field(dialog, "Credits"), "x")
    _press(dialog, "Add the unit")
    assert _problem(dialog) == ("The credits are a number from 0 to 999.")
    _field(dialog, "Credits").clear()
    QTest.keyClicks(_field(dialog, "Credits"), "7")
    _press(dialog, "Add the unit")
    empty_session.settle()
    (unit,) = _units(empty_session)
    assert stored == [unit]
    assert (unit.title, unit.level, unit.credits, unit.is_guidance) == ("Repair bicycles", "2", 7, True)
    assert [leaf.ref for leaf in unit.leaves()] == ["MP1", "MP2", "MP3", "MP4", "MP5", "MP6"]
    kinds = [piece.kind for piece in unit.guidance]
    assert [kinds.count(kind) for kind in GuidanceKind] == [3, 2, 3]
    assert not dialog.isVisible()


def test_the_source_follows_the_row_and_leads_to_it(dialog: UnitReviewDialog) -> None:
    (source,) = dialog.findChildren(SourceText)
    dialog.grid.take(2)
    (mark,) = source.extraSelections()
    assert mark.cursor.block().text().startswith("- Evidence of repairing a braking fault")
    QApplication.processEvents()
    QTest.mouseClick(
        source.viewport(),
        Qt.MouseButton.LeftButton,
        pos=source.cursorRect(source.document().find("Look for evidence")).center(),
    )
    assert dialog.grid.view.currentIndex().row() == 4


def test_rows_are_structured_by_keyboard_alone(dialog: UnitReviewDialog) -> None:
    alt, control, shift = (
        Qt.KeyboardModifier.AltModifier,
        Qt.KeyboardModifier.ControlModifier,
        Qt.KeyboardModifier.ShiftModifier,
    )
    first, second, third = _texts(dialog)[:3]
    _key(dialog, Qt.Key.Key_Down, shift)
    _key(dialog, Qt.Key.Key_G, control)
    editor = _editor(dialog)  # the new outcome asks for its words
    QTest.keyClicks(editor, "Plan the day")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert _texts(dialog)[:3] == ["Plan the day", first, second]
    assert _depths(dialog)[:4] == [0, 1, 1, 0]
    dialog.grid.take(3)
    _key(dialog, Qt.Key.Key_Right, alt)
    assert _depths(dialog)[:4] == [0, 1, 1, 1]
    _key(dialog, Qt.Key.Key_Up, alt)
    assert _texts(dialog)[:4] == ["Plan the day", first, third, second]
    assert dialog.grid.view.currentIndex().row() == 2
    _key(dialog, Qt.Key.Key_Left, alt)
    assert _depths(dialog)[:4] == [0, 1, 0, 1]
    _key(dialog, Qt.Key.Key_R, control | shift)
    assert _texts(dialog, Column.REF)[:4] == ["LO1", "MP1", "2", "MP2"]
    while dialog.model.undo_name:
        _key(dialog, Qt.Key.Key_Z, control)
    assert _texts(dialog)[:3] == [first, second, third]
    assert set(_depths(dialog)) == {0}


def test_a_row_is_cut_at_the_cursor_and_put_together_again(dialog: UnitReviewDialog) -> None:
    whole = _texts(dialog)[0]
    count = dialog.model.rowCount()
    _key(dialog, Qt.Key.Key_Return)
    editor = _editor(dialog)
    cursor = editor.textCursor()
    cursor.setPosition(whole.index("including"))
    editor.setTextCursor(cursor)
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert _texts(dialog)[:2] == [whole[: whole.index("including")].rstrip(), whole[whole.index("including") :]]
    dialog.model.look_now()
    blocking = dialog.model.index(1, Column.TEXT).data(DraftRole.REMARKS)
    assert [remark.blocks for remark in blocking] == [True]  # the second half has no reference yet
    dialog.grid.perform("number")
    assert _texts(dialog, Column.REF)[1] == "MP7"
    dialog.grid.take(0)
    dialog.grid.perform("merge")
    assert _texts(dialog)[0] == whole
    assert dialog.model.rowCount() == count


def test_cutting_by_the_button_takes_what_is_being_typed(dialog: UnitReviewDialog) -> None:
    _key(dialog, Qt.Key.Key_F2)
    editor = _editor(dialog)
    editor.setPlainText("Find the fault. Mend it.")
    cursor = editor.textCursor()
    cursor.setPosition(len("Find the fault. "))
    editor.setTextCursor(cursor)
    dialog.grid.actions_["split"].trigger()
    assert _texts(dialog)[:2] == ["Find the fault.", "Mend it."]


def test_escape_in_a_cell_leaves_its_words_and_the_dialog(dialog: UnitReviewDialog) -> None:
    before = dialog.model.rows
    _key(dialog, Qt.Key.Key_F2)
    editor = _editor(dialog)
    QTest.keyClicks(editor, "Something else")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert dialog.model.rows == before
    assert dialog.isVisible()


def test_a_kind_is_chosen_or_typed(dialog: UnitReviewDialog) -> None:
    QTest.keyClick(dialog.grid.view, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)  # a tip
    assert dialog.model.rows[0].guidance is GuidanceKind.TIP
    dialog.grid.perform("undo")
    dialog.grid.view.edit(dialog.model.index(0, Column.KIND))
    (box,) = dialog.grid.view.viewport().findChildren(QComboBox)
    box.setCurrentText("Performance criterion")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert dialog.model.rows[0].kind == "performance criterion"


def test_next_goes_round_everything_that_is_to_be_said(dialog: UnitReviewDialog) -> None:
    QTest.keyClicks(_field(dialog, "Title"), "Repair bicycles")
    dialog.model.setData(dialog.model.index(1, Column.REF), "MP1")
    dialog.model.setData(dialog.model.index(4, Column.TEXT), "")
    dialog.model.look_now()
    assert "2 things keep it from being stored" in _said(dialog)
    places = []
    for _ in range(3):
        QTest.keyClick(dialog, Qt.Key.Key_F8)
        places.append((dialog.grid.view.currentIndex().row(), dialog.grid.view.currentIndex().column()))
    assert places[0] == (1, Column.REF)
    assert (4, Column.TEXT) in places
    _press(dialog, "Add the unit")
    assert dialog.grid.view.currentIndex().row() == 1
    assert _problem(dialog) == ("The reference MP1 stands twice: references under one heading differ.")


def test_leaving_asks_only_where_something_would_be_lost(
    qtbot: QtBot, dialog: UnitReviewDialog, empty_session: OpenSession
) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    other = _open(qtbot, empty_session, new_draft())
    QTest.keyClicks(_field(other, "Title"), "By hand")
    QTest.keyClick(other, Qt.Key.Key_Escape)
    question = _question(other)
    QTest.keyClick(question, Qt.Key.Key_Return)  # Enter does the safe thing
    assert other.isVisible()
    QTest.keyClick(other, Qt.Key.Key_Escape)
    QTest.mouseClick(_question(other).buttons["Leave"], Qt.MouseButton.LeftButton)
    assert not other.isVisible()


def test_a_unit_is_written_by_hand(qtbot: QtBot, empty_session: OpenSession) -> None:
    dialog = _open(qtbot, empty_session, new_draft())
    assert "There is no requirement" in _said(dialog)
    QTest.keyClicks(_field(dialog, "Title"), "Mend punctures")
    dialog.grid.view.setFocus()
    for words in ("Find the hole", "Mend it"):
        QTest.keyClick(dialog.grid.view, Qt.Key.Key_Insert)
        editor = _editor(dialog)
        QTest.keyClicks(editor, words)
        QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClick(dialog.grid.view, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    _press(dialog, "Add the unit")
    empty_session.settle()
    (unit,) = _units(empty_session)
    assert [(leaf.ref, leaf.kind, leaf.text) for leaf in unit.leaves()] == [
        ("1", "criterion", "Find the hole"),
        ("2", "criterion", "Mend it"),
    ]
    assert not unit.is_guidance


def test_changing_a_unit_says_first_which_claims_would_go(qtbot: QtBot, sample_session: OpenSession) -> None:
    unit, address, place = _claimed_undecided(sample_session)
    dialog = _open(qtbot, sample_session, draft_of(unit), is_stored=True)
    dialog.grid.take(place)
    dialog.grid.perform("delete")
    _press(dialog, "Save the changes")
    sample_session.settle()
    question = _question(dialog)
    assert "would be removed." in " ".join(label.text() for label in question.findChildren(QLabel))
    QTest.keyClick(question, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert _unit(sample_session, unit.id) == unit
    _press(dialog, "Save the changes")
    sample_session.settle()
    QTest.mouseClick(_question(dialog).buttons["Save"], Qt.MouseButton.LeftButton)
    sample_session.settle()
    assert not dialog.isVisible()
    assert address not in _unit(sample_session, unit.id).addresses().values()
    sample_session.undo()
    sample_session.settle()
    assert _unit(sample_session, unit.id) == unit


def test_a_requirement_with_a_decision_cannot_go(qtbot: QtBot, sample_session: OpenSession) -> None:
    unit, place = _decided(sample_session)
    dialog = _open(qtbot, sample_session, draft_of(unit), is_stored=True)
    dialog.grid.take(place)
    dialog.grid.perform("delete")
    _press(dialog, "Save the changes")
    sample_session.settle()
    assert "has a decision by an assessor, which is kept for good" in _said(dialog)
    assert dialog.isVisible()
    dialog.grid.perform("undo")
    _press(dialog, "Save the changes")
    sample_session.settle()
    assert not dialog.isVisible()


def test_rewording_what_was_decided_says_first_that_the_decision_stays(
    qtbot: QtBot, sample_session: OpenSession
) -> None:
    unit, place = _decided(sample_session)
    dialog = _open(qtbot, sample_session, draft_of(unit), is_stored=True)
    index = dialog.model.index(place, Column.TEXT)
    dialog.model.setData(index, "Something else altogether")
    _press(dialog, "Save the changes")
    sample_session.settle()
    question = _question(dialog)
    said = " ".join(label.text() for label in question.findChildren(QLabel))
    assert "changing its words does not change that decision." in said
    QTest.mouseClick(question.buttons["Save"], Qt.MouseButton.LeftButton)
    sample_session.settle()
    assert "Something else altogether" in {leaf.text for leaf in _unit(sample_session, unit.id).leaves()}


def _unit(session: OpenSession, unit_id: str) -> Unit:
    return next(unit for unit in _units(session) if unit.id == unit_id)


def _leaves(session: OpenSession) -> list[tuple[Unit, str, int, str]]:
    found: list[tuple[Unit, str, int, str]] = []
    standing: list[str] = []

    def take(seen: object) -> None:
        standing.extend(f"{leaf.address} {leaf.state}" for unit in seen.units for leaf in unit.leaves)  # type: ignore[attr-defined]

    session.read(overview, session.kinds, done=take)
    for unit in _units(session):
        addresses = unit.addresses()
        keys = [row.key for row in draft_of(unit).rows]
        found += [
            (unit, addresses[leaf.id], keys.index(leaf.id), line.partition(" ")[2])
            for leaf in unit.leaves()
            for line in standing
            if line.startswith(f"{addresses[leaf.id]} ")
        ]
    return found


def _claimed_undecided(session: OpenSession) -> tuple[Unit, str, int]:
    return next(
        (unit, address, place)
        for unit, address, place, state in _leaves(session)
        if state in {"claimed", "claimed with proof"}
    )


def _decided(session: OpenSession) -> tuple[Unit, int]:
    return next((unit, place) for unit, _, place, state in _leaves(session) if state == "met")


def test_files_that_cannot_be_read_are_told_in_a_sentence(
    qtbot: QtBot, empty_session: OpenSession, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("title = ", encoding="utf-8")
    dialog = ImportUnitDialog(empty_session)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    review = next(each for each in dialog.findChildren(QPushButton) if each.text() == "Review")
    assert not review.isEnabled()
    dialog._read_files([str(broken)])
    empty_session.settle()
    said = " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())
    assert "broken.toml" in said
    assert dialog.isVisible()
    assert dialog.isEnabled()


def test_pasted_text_is_read_as_a_file_is(qtbot: QtBot, empty_session: OpenSession) -> None:
    dialog = ImportUnitDialog(empty_session)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    found: list[UnitDraft] = []
    dialog.read.connect(found.extend)
    text = (GUIDANCE / "tidy.txt").read_text(encoding="utf-8")
    field = dialog.findChild(QPlainTextEdit)
    assert field is not None
    field.setPlainText(text)
    next(each for each in dialog.findChildren(QPushButton) if each.text() == "Review").click()
    empty_session.settle()
    (pasted,) = found
    (from_file,) = _imported(qtbot, empty_session, GUIDANCE / "tidy.txt")
    assert [row.text for row in pasted.rows] == [row.text for row in from_file.rows]
    assert pasted.source_of(pasted.rows[0]) == from_file.source_of(from_file.rows[0])


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("manage_customer-service.txt", "Manage customer service"),
        ("000_de1ffaf962b46a51.txt", ""),
        ("unit.txt", ""),
        ("Übung macht den Meister.txt", "Übung macht den Meister"),
    ],
)
def test_only_a_file_name_of_words_suggests_a_title(name: str, title: str) -> None:
    assert title_from(name) == title


@pytest.mark.skipif(not REAL_UNITS.is_dir(), reason="no folder of real unit texts beside this checkout")
def test_the_real_texts_come_whole_into_the_grid(qtbot: QtBot, empty_session: OpenSession) -> None:
    drafts = _imported(qtbot, empty_session, *sorted(REAL_UNITS.glob("*.txt")))
    assert len(drafts) == 5
    assert [_counts(draft.rows) for draft in drafts] == [
        (8, 5, 8, 6),
        (3, 5, 3, 3),
        (4, 5, 4, 4),
        (4, 5, 4, 4),
        (4, 5, 3, 3),
    ]
    for number, draft in enumerate(drafts):
        dialog = _open(qtbot, empty_session, draft)
        QTest.keyClicks(_field(dialog, "Title"), f"Unit number {number}")
        _press(dialog, "Add the unit")
        empty_session.settle()
        assert not dialog.isVisible()
    assert [sum(1 for _ in unit.leaves()) for unit in _units(empty_session)] == [8, 3, 4, 4, 4]


def _counts(rows: Sequence[object]) -> tuple[int, ...]:
    names = [row.kind_name for row in rows]  # type: ignore[attr-defined]
    return tuple(names.count(name) for name in ("marking point", "concept", "tip", "misconception"))


def test_large_letters_leave_the_room_to_the_rows(
    qtbot: QtBot, sample_session: OpenSession, theme_named: Callable[..., theme.Theme]
) -> None:
    theme_named("light", 2.0)
    around = QWidget()
    qtbot.addWidget(around)
    around.resize(1280, 720)
    unit, _ = _decided(sample_session)
    dialog = UnitReviewDialog(sample_session, draft_of(unit), around, is_stored=True)
    dialog.open()
    title = dialog.findChildren(QLineEdit)[0]
    assert not title.isVisible()
    assert dialog.grid.view.viewport().height() > dialog.height() // 2
    assert dialog.grid.view.columnViewportPosition(Column.KIND) == 0
    _press(dialog, "Title and facts")
    assert title.isVisible()
    title.clear()
    title.textEdited.emit("")
    _press(dialog, "Title and facts")
    _press(dialog, "Save the changes")
    assert title.isVisible()  # where something is missing is shown
    dialog.done(0)
