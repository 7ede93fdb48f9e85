"""The columns of a table are chosen by keyboard or mouse, and what comes of it is seen at once."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.dialogs.parts import button, said
from tests.gui.stand import OpenSession

from portfolio_app.gui.dialogs.choose_columns import ChooseColumnsDialog
from portfolio_app.gui.dialogs.import_unit import ImportUnitDialog
from portfolio_app.services.column_imports import open_table
from portfolio_app.services.unit_drafts import UnitDraft

TABLE = "Unit,No,What,Long words\nPlan,1,X,Understand the planning\n,1.1,X,Describe a plan\nDo,1,Y,Carry the plan out\n"


def _opened(qtbot: QtBot, session: OpenSession, path: Path) -> ChooseColumnsDialog:
    table = open_table(path)
    assert table is not None
    dialog = ChooseColumnsDialog(session, table)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    session.settle()
    return dialog


def _csv(tmp_path: Path, text: str = TABLE) -> Path:
    path = tmp_path / "units.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_guess_is_shown_and_followed_at_once_when_it_is_changed(
    qtbot: QtBot, empty_session: OpenSession, tmp_path: Path
) -> None:
    dialog = _opened(qtbot, empty_session, _csv(tmp_path))
    boxes = dialog.columns.boxes
    assert [box.currentText() for box in boxes] == ["Unit title", "Reference", "Not read", "Requirement"]
    assert boxes[3].accessibleName() == "Column D, “Long words” holds"
    assert boxes[3].accessibleDescription() == "Understand the planning; Describe a plan; Carry the plan out"
    assert "This gives 2 units with 3 requirements, 2 of them to claim evidence against: Plan, Do." in said(dialog)
    # By keyboard alone: the unit's column is not read any more, so there is one unit.
    assert boxes[0].hasFocus()
    QTest.keyClick(boxes[0], Qt.Key.Key_Home)
    empty_session.settle()
    told = " ".join(said(dialog))
    assert "This gives 1 unit with 3 requirements" in told
    assert "1 thing is worth a look." in told
    assert "The reference 1 stands twice under one heading" in told
    QTest.keyClick(boxes[0], Qt.Key.Key_Tab)
    assert boxes[1].hasFocus()


def test_a_wide_table_shows_all_its_columns_in_the_end(
    qtbot: QtBot, empty_session: OpenSession, tmp_path: Path
) -> None:
    head = ",".join([*["Other"] * 25, "Criterion"])
    dialog = _opened(qtbot, empty_session, _csv(tmp_path, f"No.,{head}\n1,{',' * 25}Plan the work\n"))
    qtbot.waitUntil(lambda: len(dialog.columns.boxes) == 27)
    assert [dialog.columns.boxes[place].currentText() for place in (0, 1, 26)] == [
        "Reference",
        "Not read",
        "Requirement",
    ]
    assert dialog.columns.boxes[26].accessibleName() == "Column AA, “Criterion” holds"


def test_what_cannot_be_read_says_why_and_goes_no_further(
    qtbot: QtBot, empty_session: OpenSession, tmp_path: Path
) -> None:
    dialog = _opened(qtbot, empty_session, _csv(tmp_path))
    text = dialog.columns.boxes[3]
    text.setCurrentIndex(0)
    text.activated.emit(0)
    empty_session.settle()
    assert "No column holds the text of the requirements: say which one does." in said(dialog)
    assert not button(dialog, "Review").isEnabled()
    QTest.keyClick(text, Qt.Key.Key_Down)
    empty_session.settle()
    assert button(dialog, "Review").isEnabled()


def test_the_wheel_scrolls_past_a_choice(qtbot: QtBot, empty_session: OpenSession, tmp_path: Path) -> None:
    dialog = _opened(qtbot, empty_session, _csv(tmp_path))
    box = dialog.columns.boxes[3]
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(box.mapToGlobal(QPoint(5, 5))), QPoint(), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, wheel)
    assert box.currentText() == "Requirement"


def test_sheets_headings_and_nesting_are_chosen(qtbot: QtBot, empty_session: OpenSession, tmp_path: Path) -> None:
    path = tmp_path / "units.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("Plan", "Do"):
            sheet = book.add_worksheet(name)
            for row, cells in enumerate((("Ref", "Criterion"), ("1", f"{name} the work"), ("1.1", "Check the work"))):
                sheet.write_row(row, 0, cells)
    dialog = _opened(qtbot, empty_session, path)
    assert (dialog.sheet_box.currentText(), dialog.heading_box.currentText()) == ("Plan", "1: Ref, Criterion")
    assert dialog.nesting_box.currentText() == "By reference: 1.2 under 1"
    QTest.keyClick(dialog.sheet_box, Qt.Key.Key_Down)
    QTest.keyClick(dialog.nesting_box, Qt.Key.Key_End)
    empty_session.settle()
    drafts: list[UnitDraft] = []
    dialog.chosen.connect(drafts.extend)
    button(dialog, "Review").click()
    assert [(row.text, row.depth) for row in drafts[0].rows] == [("Do the work", 0), ("Check the work", 0)]
    assert drafts[0].source_of(drafts[0].rows[1]) == "1.1 | Check the work"
    # All sheets at once, each a unit that is called as its sheet is.
    dialog = _opened(qtbot, empty_session, path)
    QTest.keyClick(dialog.sheet_box, Qt.Key.Key_End)
    empty_session.settle()
    assert "This gives 2 units with 4 requirements, 2 of them to claim evidence against: Plan, Do." in said(dialog)
    # Without headings the first row says something too.
    dialog = _opened(qtbot, empty_session, path)
    QTest.keyClick(dialog.heading_box, Qt.Key.Key_Home)
    empty_session.settle()
    assert "with 3 requirements" in " ".join(said(dialog))


def test_files_are_asked_about_in_their_order_and_a_moodle_framework_is_not(
    qtbot: QtBot, empty_session: OpenSession, tmp_path: Path
) -> None:
    text = tmp_path / "guidance.txt"
    text.write_text("Examiner Marking Points\n- Award credit for a plan.\n", encoding="utf-8")
    head = ",".join(
        ["Parent ID number", "ID number", "Short name", "Description", *["x"] * 8, "Is framework", "Taxonomy"]
    )
    moodle = tmp_path / "moodle.csv"
    moodle.write_text(f"{head}\n,F,Frame,,1,,,,,,,,1,\n,A,Plan,,1,,,,,,,,,\n", encoding="utf-8")
    table = tmp_path / "working_with_customers.csv"
    table.write_text("Ref,Criterion\n1,Plan the work\n", encoding="utf-8")
    dialog = ImportUnitDialog(empty_session)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    found: list[UnitDraft] = []
    dialog.read.connect(found.extend)
    dialog._read_files([str(text), str(table), str(moodle)])
    empty_session.settle()
    (asking,) = dialog.findChildren(ChooseColumnsDialog)
    assert not found
    review = next(each for each in asking.findChildren(QPushButton) if each.text() == "Review")
    qtbot.waitUntil(review.isEnabled)
    review.click()
    assert [draft.unit.title for draft in found] == ["", "Working with customers", "Frame"]
