"""A table field as it is typed into: by keyboard, by mouse and from a spreadsheet."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QScrollArea, QTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from portfolio_app.domain.evidence import Chart, ChartType, FieldDefinition, FieldType
from portfolio_app.gui.models.table_rows import MOST_ROWS
from portfolio_app.gui.widgets.form.person_field import KnownWords
from portfolio_app.gui.widgets.form.rows_view import shared_widths
from portfolio_app.gui.widgets.form.table_field import TableEditor

PLAN = FieldDefinition(
    "tasks",
    FieldType.TABLE,
    "Tasks",
    columns=(
        FieldDefinition("task", FieldType.TEXT, "Task", required=True),
        FieldDefinition("owner", FieldType.PERSON, "Owner"),
        FieldDefinition("start", FieldType.DATE, "Start", required=True),
        FieldDefinition("finish", FieldType.DATE, "Finish"),
        FieldDefinition("state", FieldType.CHOICE, "State", choices=("open", "done")),
        FieldDefinition("note", FieldType.LONG_TEXT, "Note"),
    ),
    chart=Chart(ChartType.GANTT, "Timeline", "task", ("start", "finish")),
)


class Page(QWidget):
    """A table between two fields, as on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.before, self.after = QLineEdit(), QLineEdit()
        self.table = TableEditor(PLAN, KnownWords(self))
        column = QVBoxLayout(self)
        for widget in (self.before, self.table, self.after):
            column.addWidget(widget)
        column.addStretch(1)
        self.given: list[object] = []
        self.table.committed.connect(self.given.append)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    page = Page()
    qtbot.addWidget(page)
    page.resize(700, 600)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    return page


def _press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifier)


def _write(qtbot: QtBot, text: str) -> None:
    for letter in text:  # the first one opens the cell's editor, which gets the others
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClicks(focused, letter)


def _at(page: Page) -> tuple[int, int]:
    index = page.table.view.currentIndex()
    return index.row(), index.column()


def _take(page: Page, row: int, column: int) -> None:
    page.table.view.setFocus()
    page.table.view.setCurrentIndex(page.table.model.index(row, column))


CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def test_rows_are_typed_one_after_the_other_with_tab(page: Page, qtbot: QtBot) -> None:
    page.table.focus()
    for text in ("Recruit", "Jo", "March 2026", "2026-04", "", "Two at first"):
        _write(qtbot, text)
        _press(qtbot, Qt.Key.Key_Tab)
    _write(qtbot, "Train")
    page.table.flush()
    assert page.table.value() == (
        {"task": "Recruit", "owner": "Jo", "start": "March 2026", "finish": "2026-04", "note": "Two at first"},
        {"task": "Train"},
    )
    assert page.given[-1] == page.table.value()
    assert page.table.model.rowCount() == 3


def test_what_is_typed_is_in_the_table_before_the_cell_is_left(page: Page, qtbot: QtBot) -> None:
    page.table.focus()
    with qtbot.waitSignal(page.table.committed, timeout=5_000) as signal:
        _write(qtbot, "Recr")
    assert signal.args == [({"task": "Recr"},)]
    assert page.table.view.state() == page.table.view.State.EditingState
    _write(qtbot, "uit")
    page.table.set_value(({"task": "Recr"},))
    assert page.table.value() == ({"task": "Recruit"},)


def test_escape_takes_typing_back_and_then_leaves_the_table(page: Page, qtbot: QtBot) -> None:
    page.table.set_value(({"task": "Recruit"},))
    _take(page, 0, 0)
    _write(qtbot, "Oops")
    _press(qtbot, Qt.Key.Key_Escape)
    assert page.table.value() == ({"task": "Recruit"},)
    _take(page, 1, 0)
    _write(qtbot, "New")
    _press(qtbot, Qt.Key.Key_Escape)
    assert page.table.model.row_total() == 1
    _press(qtbot, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is page.table.add_button


def test_tab_goes_through_the_cells_and_out_at_the_end_and_control_tab_at_once(page: Page, qtbot: QtBot) -> None:
    page.before.setFocus()
    _press(qtbot, Qt.Key.Key_Tab)
    assert _at(page) == (0, 0)
    for _ in range(5):
        _press(qtbot, Qt.Key.Key_Tab)
    assert _at(page) == (0, 5)
    _press(qtbot, Qt.Key.Key_Backtab)
    assert _at(page) == (0, 4)
    _press(qtbot, Qt.Key.Key_Tab)
    _press(qtbot, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.table.add_button
    _take(page, 0, 2)
    _press(qtbot, Qt.Key.Key_Tab, CONTROL)
    assert QApplication.focusWidget() is page.table.add_button
    _take(page, 0, 0)
    _press(qtbot, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is page.before


def test_rows_are_added_doubled_moved_and_deleted_by_keys(page: Page, qtbot: QtBot) -> None:
    page.table.set_value(({"task": "a"}, {"task": "b"}, {"task": "c"}))

    def tasks() -> str:
        return "".join(row.get("task", ".") for row in page.table.model.typed_rows())

    _take(page, 0, 0)
    _press(qtbot, Qt.Key.Key_Return, CONTROL)
    _write(qtbot, "n")
    _press(qtbot, Qt.Key.Key_Return)
    assert tasks() == "anbc"
    _take(page, 3, 0)
    _press(qtbot, Qt.Key.Key_Up, ALT)
    assert (tasks(), _at(page)) == ("ancb", (2, 0))
    _press(qtbot, Qt.Key.Key_Down, ALT)
    _press(qtbot, Qt.Key.Key_Down, ALT)
    assert (tasks(), _at(page)) == ("anbc", (3, 0))
    _press(qtbot, Qt.Key.Key_D, CONTROL)
    assert tasks() == "anbcc"
    _press(qtbot, Qt.Key.Key_Delete, CONTROL)
    _take(page, 1, 0)
    _press(qtbot, Qt.Key.Key_Delete, CONTROL)
    assert tasks() == "abc"
    _press(qtbot, Qt.Key.Key_Delete)
    assert tasks() == "a.c"
    page.table.flush()
    assert page.given[-1] == ({"task": "a"}, {"task": "c"})


def test_the_buttons_do_what_the_keys_do_and_show_only_in_the_table(page: Page, qtbot: QtBot) -> None:
    page.table.set_value(({"task": "a"}, {"task": "b"}))
    page.before.setFocus()
    assert not any(button.isVisible() for button in page.table._buttons)
    _take(page, 1, 0)
    buttons = {button.property("command"): button for button in page.table._buttons}
    assert buttons["up"].isVisible()
    assert not buttons["down"].isEnabled()
    buttons["up"].click()
    assert page.table.value() == ({"task": "b"}, {"task": "a"})
    buttons["delete"].click()
    assert page.table.value() == ({"task": "a"},)
    page.table.add_button.click()
    _write(qtbot, "c")
    assert page.table.value() == ({"task": "a"}, {"task": "c"})


def test_a_sheet_is_pasted_from_the_cell_in_hand_even_while_it_is_edited(page: Page, qtbot: QtBot) -> None:
    page.table.set_value(({"task": "a"},))
    QGuiApplication.clipboard().setText('Jo\t9/3/2026\nKim\t"10/3/2026"\n')
    _take(page, 0, 1)
    _press(qtbot, Qt.Key.Key_V, CONTROL)
    assert page.table.value() == (
        {"task": "a", "owner": "Jo", "start": "9/3/2026"},
        {"owner": "Kim", "start": '"10/3/2026"'},
    )
    data = QMimeData()
    data.setHtml("<table><tr><td>Train</td><td>Sam</td></tr></table>")
    data.setText("Train Sam")
    QGuiApplication.clipboard().setMimeData(data)
    _take(page, 1, 0)
    _write(qtbot, "x")
    _press(qtbot, Qt.Key.Key_V, CONTROL)
    assert page.table.value()[1]["task"] == "Train"
    assert page.table.value()[1]["owner"] == "Sam"


def test_lines_pasted_into_a_text_being_written_stay_one_text(page: Page, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("First line\nsecond line")
    _take(page, 0, 5)
    _write(qtbot, "x")
    _press(qtbot, Qt.Key.Key_V, CONTROL)
    assert page.table.value() == ({"note": "xFirst line\nsecond line"},)


def test_a_sheet_that_is_too_long_is_refused_in_words(page: Page, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("a\n" * (MOST_ROWS + 1))
    _take(page, 0, 0)
    with qtbot.waitSignal(page.table.problem_changed) as signal:
        _press(qtbot, Qt.Key.Key_V, CONTROL)
    assert "Attach the spreadsheet" in signal.args[0]
    assert page.table.value() == ()


def test_cells_are_copied_and_cut_for_a_spreadsheet(page: Page, qtbot: QtBot) -> None:
    page.table.set_value(({"task": "a", "owner": "Jo"}, {"task": "b", "owner": "two\nlines"}))
    _take(page, 0, 0)
    page.table.view.selectAll()
    _press(qtbot, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == 'a\tJo\t\t\t\t\nb\t"two\nlines"\t\t\t\t'
    _press(qtbot, Qt.Key.Key_X, CONTROL)
    assert page.table.value() == ()


def test_a_choice_is_made_by_keyboard(page: Page, qtbot: QtBot) -> None:
    page.table.set_value(({"task": "a"},))
    _take(page, 0, 4)
    _press(qtbot, Qt.Key.Key_F2)
    assert isinstance(QApplication.focusWidget(), QComboBox)
    _press(qtbot, Qt.Key.Key_Down)
    _press(qtbot, Qt.Key.Key_Down)
    _press(qtbot, Qt.Key.Key_Tab)
    assert page.table.value() == ({"task": "a", "state": "done"},)
    assert _at(page) == (0, 5)


def test_one_click_opens_an_empty_cell(page: Page, qtbot: QtBot) -> None:
    view = page.table.view
    centre = view.visualRect(page.table.model.index(0, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre)
    assert isinstance(QApplication.focusWidget(), QTextEdit)
    _write(qtbot, "Recruit")
    assert page.table.value() == ({"task": "Recruit"},)


def test_a_cell_of_one_line_keeps_to_it_and_one_of_several_takes_enter(page: Page, qtbot: QtBot) -> None:
    _take(page, 0, 5)
    _write(qtbot, "one")
    _press(qtbot, Qt.Key.Key_Return)
    _write(qtbot, "two")
    _take(page, 0, 0)
    _write(qtbot, "Train")
    _press(qtbot, Qt.Key.Key_Return)
    assert page.table.value() == ({"task": "Train", "note": "one\ntwo"},)
    assert _at(page) == (1, 0)


def test_keys_that_mean_something_here_are_not_the_windows_shortcuts(page: Page, qtbot: QtBot) -> None:
    pressed: list[str] = []
    for keys in ("Ctrl+D", "Ctrl+Return", "Del", "Alt+Up", "Esc"):
        shortcut = QShortcut(QKeySequence(keys), page)
        shortcut.activated.connect(lambda keys=keys: pressed.append(keys))
    page.table.set_value(({"task": "a"},))
    _take(page, 0, 0)
    _press(qtbot, Qt.Key.Key_D, CONTROL)
    _press(qtbot, Qt.Key.Key_Delete)
    _press(qtbot, Qt.Key.Key_Up, ALT)
    _press(qtbot, Qt.Key.Key_Return, CONTROL)
    _press(qtbot, Qt.Key.Key_Escape)
    _press(qtbot, Qt.Key.Key_Escape)
    assert pressed == []


def test_the_table_is_as_high_as_its_rows_and_what_is_below_makes_room(page: Page, qtbot: QtBot) -> None:
    page.table.set_value(tuple({"task": f"Task {number}"} for number in range(8)))
    _take(page, 0, 5)
    _write(qtbot, "words " * 40)
    view = page.table.view
    rows = sum(view.rowHeight(row) for row in range(page.table.model.rowCount()))
    assert view.height() >= rows + view.horizontalHeader().height()
    assert view.rowHeight(0) > 3 * view.rowHeight(1)
    assert page.table.add_button.mapTo(page, QPoint()).y() >= view.mapTo(page, QPoint(0, view.height())).y()
    assert page.after.y() >= page.table.geometry().bottom()


def test_a_long_table_is_wholly_there_and_its_rows_get_their_height_in_time(page: Page, qtbot: QtBot) -> None:
    page.table.set_value(tuple({"task": f"{number}", "note": "word " * 30} for number in range(400)))
    view = page.table.view
    qtbot.waitUntil(lambda: view.rowHeight(399) > 60)
    assert view.verticalScrollBar().maximum() == 0


def test_the_cell_in_hand_is_brought_into_sight(qtbot: QtBot) -> None:
    area = QScrollArea()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    page = Page()
    area.setWidget(page)
    area.resize(700, 300)
    area.show()
    area.activateWindow()
    page.table.set_value(tuple({"task": f"{number}"} for number in range(60)))
    qtbot.waitUntil(page.table.view.isVisible)
    QApplication.processEvents()
    _take(page, 59, 0)
    cell = page.table.view.visualRect(page.table.model.index(59, 0))
    assert area.viewport().rect().contains(page.table.view.viewport().mapTo(area.viewport(), cell.center()))


def test_a_wrong_cell_says_which_row_it_is_in(page: Page, qtbot: QtBot) -> None:
    _take(page, 0, 0)
    _write(qtbot, "Train")
    _take(page, 0, 2)
    _write(qtbot, "soon")
    with qtbot.waitSignal(page.table.problem_changed) as signal:
        page.after.setFocus()
    assert signal.args[0].startswith("Row 1: “Start”: “soon” is not a date")
    assert page.given[-1] == ({"task": "Train", "start": "soon"},)


def test_a_bar_is_drawn_as_soon_as_there_are_dates(page: Page, qtbot: QtBot) -> None:
    charts = page.table.charts
    assert charts is not None
    assert charts.hint.text() == "Give a start and an end date to see the bar."
    page.table.focus()
    for text in ("Recruit", "Jo", "March 2026", "2026-04"):
        _write(qtbot, text)
        _press(qtbot, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: len(charts.charts) == 1)
    assert charts.hint.isHidden()
    assert "Recruit: 1 March 2026 to 30 April 2026" in charts.charts[0].accessibleDescription()


def test_columns_share_the_room_and_keep_their_least() -> None:
    assert shared_widths([(50, 80, 0), (50, 60, 1)], 300) == [80, 220]
    assert sum(shared_widths([(50, 180, 0), (50, 160, 1), (33, 100, 0)], 301)) == 301
    assert shared_widths([(50, 80, 0), (90, 160, 1)], 100) == [50, 90]
    assert shared_widths([(50, 80, 0), (50, 60, 0)], 200) == [110, 90]


def test_the_wheel_over_the_bar_of_a_wide_table_is_left_to_the_page(page: Page) -> None:
    page.resize(300, 600)
    QApplication.processEvents()
    bar = page.table.view.horizontalScrollBar()
    assert bar.maximum() > 0
    for turned, moved in ((QPoint(0, -120), False), (QPoint(-120, 0), True)):
        wheel = QWheelEvent(
            QPointF(5, 5),
            bar.mapToGlobal(QPointF(5, 5)),
            QPoint(),
            turned,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(bar, wheel)
        assert (bar.value() > 0) == moved
