"""The small parts of pages do what a hand or a key asks of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QDate, QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableWidget, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.gui import theme
from portfolio_app.gui.widgets.basics import (
    Badge,
    Banner,
    Card,
    ElidedLabel,
    EmptyState,
    FlowLayout,
    PageHeader,
    SearchField,
    Section,
    SegmentedControl,
    StateLabel,
    add_together,
    date_field,
    icon_button,
    set_rows,
)


def _shown(qtbot: QtBot, widget: QWidget, width: int = 400, height: int = 200) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)


def test_a_flow_breaks_where_the_next_would_not_fit_and_never_overlaps(qtbot: QtBot) -> None:
    window = QWidget()
    flow = FlowLayout(window)
    for words in ("Customer service", "Complaints", "Rota", "Service level agreement", "Plan"):
        flow.addWidget(QPushButton(words))
    _shown(qtbot, window, 260, flow.heightForWidth(260))

    places = [flow.itemAt(index).geometry() for index in range(flow.count())]  # type: ignore[union-attr]

    assert len({place.top() for place in places}) > 1
    assert all(QRect(0, 0, 260, flow.heightForWidth(260)).contains(place) for place in places)
    assert not [1 for one in places for other in places if one is not other and one.intersects(other)]
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    flow.activate()
    assert flow.itemAt(0).geometry().right() == 259  # type: ignore[union-attr]


def test_a_flow_leaves_no_room_for_what_is_hidden_and_can_be_emptied(qtbot: QtBot) -> None:
    window = QWidget()
    flow = FlowLayout(window)
    first, second = QPushButton("One"), QPushButton("Two")
    flow.addWidget(second)
    flow.insert_widget(0, first)
    _shown(qtbot, window)
    assert first.x() < second.x()

    first.hide()
    flow.activate()
    assert second.x() == 0

    flow.clear()
    assert flow.count() == 0
    assert second.isHidden()


def test_an_elided_label_tells_the_whole_text_only_where_it_is_cut(qtbot: QtBot) -> None:
    label = ElidedLabel("Plan, organise and control customer service operations")
    _shown(qtbot, label, 120, 24)

    def told() -> str:
        QApplication.sendEvent(label, QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), label.mapToGlobal(QPoint(2, 2))))
        return label.toolTip()

    assert told() == label.text()
    assert label.minimumSizeHint().width() < 60
    label.resize(800, 24)
    assert told() == ""


def test_searching_waits_for_a_pause_and_escape_empties(qtbot: QtBot) -> None:
    field = SearchField("Search evidence")
    _shown(qtbot, field)
    field.setFocus()
    asked: list[str] = []
    field.searched.connect(asked.append)

    QTest.keyClicks(field, "rota")
    assert asked == []
    qtbot.waitUntil(lambda: asked == ["rota"])

    cross = field.findChild(QToolButton)
    assert cross is not None
    assert cross.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), asked) == ("", ["rota", ""])
    assert not cross.isVisible()
    QTest.keyClicks(field, "plan")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert asked[-1] == "plan"
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert (field.text(), asked[-1]) == ("", "")


def test_a_segmented_control_says_what_was_chosen_by_mouse_and_by_key(qtbot: QtBot) -> None:
    control = SegmentedControl([("unit", "By unit"), ("rule", "By rule")], accessible_name="Group")
    _shown(qtbot, control)
    chosen: list[str] = []
    control.changed.connect(chosen.append)
    first, second = control.findChildren(QPushButton)
    assert control.current == "unit"

    QTest.mouseClick(second, Qt.MouseButton.LeftButton)
    second.setFocus()
    QTest.keyClick(second, Qt.Key.Key_Left)

    assert chosen == ["rule", "unit"]
    assert first.isChecked()
    control.set_current("rule")
    assert (control.current, chosen) == ("rule", ["rule", "unit"])
    with pytest.raises(ValueError, match="state"):
        control.set_current("state")


def test_a_section_folds_and_opens_by_key(qtbot: QtBot) -> None:
    section = Section("Details", collapsible=True, expanded=False)
    inside = QLabel("inside")
    section.body.addWidget(inside)
    _shown(qtbot, section)
    heading = section.findChild(QToolButton)
    assert heading is not None
    assert not inside.isVisible()

    with qtbot.waitSignal(section.toggled):
        QTest.keyClick(heading, Qt.Key.Key_Space)

    assert inside.isVisible()
    assert heading.accessibleDescription() == "open"
    fixed = Section("Always open")
    qtbot.addWidget(fixed)
    fixed.set_expanded(False)
    assert fixed.is_expanded()


def test_a_banner_offers_its_actions_and_goes_when_dismissed(qtbot: QtBot) -> None:
    done: list[str] = []
    banner = Banner("Twelve files changed.", "warning", [("Show", lambda: done.append("shown"))], dismissible=True)
    _shown(qtbot, banner)
    QTest.mouseClick(banner.buttons[0], Qt.MouseButton.LeftButton)
    cross = banner.findChild(QToolButton)
    assert cross is not None

    with qtbot.waitSignal(banner.dismissed):
        QTest.mouseClick(cross, Qt.MouseButton.LeftButton)

    assert done == ["shown"]
    assert banner.isHidden()
    banner.set_message("All is well again.", "success")
    assert banner.accessibleName() == "All is well again."


def test_an_empty_state_has_one_sentence_and_a_button_only_where_there_is_something_to_do(qtbot: QtBot) -> None:
    empty = EmptyState("files", "No evidence yet.", "New evidence")
    _shown(qtbot, empty, 300, 300)
    with qtbot.waitSignal(empty.pressed):
        QTest.mouseClick(empty.button, Qt.MouseButton.LeftButton)

    empty.set_text("Nothing matches the filter.")

    assert not empty.button.isVisible()


def test_a_long_sentence_of_an_empty_state_is_never_cut(qtbot: QtBot, theme_named: Callable[..., theme.Theme]) -> None:
    theme_named("light", 2.0)
    empty = EmptyState("files", "No evidence yet. Write down something you did at work, or drop a file here.", "New")
    _shown(qtbot, empty, 420, 700)
    sentence = next(label for label in empty.findChildren(QLabel) if label.text())

    assert sentence.height() >= sentence.heightForWidth(sentence.width())


def test_states_are_told_by_sign_word_and_colour(qtbot: QtBot) -> None:
    for state in CoverageState:
        label, badge = StateLabel(state), Badge(state.value, state)
        qtbot.addWidget(label)
        qtbot.addWidget(badge)
        label.ensurePolished()

        assert label.text() == f"{state.symbol} {state.value}" == badge.text()
        assert label.palette().windowText().color() == theme.state_colour(state)


def test_titles_keep_their_places(qtbot: QtBot) -> None:
    header, card = PageHeader("Evidence"), Card()
    _shown(qtbot, header)
    _shown(qtbot, card)
    add = QPushButton("New")
    header.add_action_widget(add)
    header.set_title("A title far longer than the window is wide, which must not push the button out of it")
    qtbot.waitUntil(lambda: add.isVisible() and add.width() > 0)
    assert header.title.startswith("A title")
    assert header.minimumSizeHint().width() < 400
    card.set_title("Next")
    assert [label.text() for label in card.findChildren(QLabel) if label.isVisible()] == ["Next"]


def test_icon_buttons_say_what_they_are(qtbot: QtBot) -> None:
    button = icon_button("trash-2", "Put in the bin")
    qtbot.addWidget(button)

    assert (button.accessibleName(), button.toolTip()) == ("Put in the bin", "Put in the bin")
    assert button.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_rows_of_a_table_follow_the_zoom(qtbot: QtBot, theme_named: Callable[..., theme.Theme]) -> None:
    table = QTableWidget(2, 2)
    set_rows(table)
    _shown(qtbot, table)
    assert table.rowHeight(0) == theme.ROW_HEIGHT

    theme_named("light", 1.5)

    assert table.rowHeight(0) == 48


def test_the_weekends_of_a_calendar_are_in_the_colour_of_text(
    qtbot: QtBot, theme_named: Callable[..., theme.Theme]
) -> None:
    theme_named("dark")
    field = date_field()
    qtbot.addWidget(field)
    field.setDate(QDate(2026, 3, 12))

    saturday = field.calendarWidget().weekdayTextFormat(Qt.DayOfWeek.Saturday)

    assert field.text() == "12 March 2026"
    assert saturday.foreground().style() == Qt.BrushStyle.NoBrush


def test_a_banner_in_a_narrow_place_shows_all_its_words_and_buttons(qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    column = QVBoxLayout(around)
    told = "Alex Reed 2026-11-22.pdf was exported (419.4 KB, 21 pages)."
    banner = Banner(told, "success", (("Open", around.update), ("Open folder", around.repaint)), dismissible=True)
    column.addWidget(banner)
    column.addStretch(1)
    around.resize(300, 400)
    around.show()
    words = next(label for label in banner.findChildren(QLabel) if label.text() == told)
    qtbot.waitUntil(lambda: banner.buttons[0].mapTo(banner, QPoint(0, 0)).y() > words.geometry().bottom())
    assert words.height() >= words.heightForWidth(words.width())
    assert all(one.width() >= one.sizeHint().width() for one in banner.buttons)
    around.resize(700, 400)
    qtbot.waitUntil(lambda: banner.buttons[0].mapTo(banner, QPoint(0, 0)).y() < words.geometry().bottom())


class _Moves(QObject):
    """Counts how often a widget is put elsewhere."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        self.count += event.type() == QEvent.Type.Move
        return False


def test_rows_that_are_added_together_have_what_is_around_them_laid_out_once(qtbot: QtBot) -> None:
    page, card, below = QWidget(), Card("Rows"), QLabel("Below")
    column = QVBoxLayout(page)
    column.addWidget(card)
    column.addWidget(below)
    column.addStretch(1)
    _shown(qtbot, page, height=800)
    rows = [QLabel(f"Row {number}") for number in range(8)]
    moves = _Moves(below)

    add_together(card.body, rows)

    assert all(row.isVisible() for row in rows)
    qtbot.waitUntil(lambda: below.y() >= card.y() + card.sizeHint().height())
    assert moves.count == 1
    places = [row.mapTo(page, QPoint()).y() for row in rows]
    assert places == sorted(set(places))
