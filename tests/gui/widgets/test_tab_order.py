"""Tab goes through a window as it is read, and past what is no stop."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from portfolio_app.gui.widgets.focus_passing import FocusPassing
from portfolio_app.gui.widgets.tab_order import go_on


class _Window(QWidget):
    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's
        return go_on(self, forward=forward)


@pytest.fixture
def window(qtbot: QtBot) -> _Window:
    """Return an empty window."""
    made = _Window()
    qtbot.addWidget(made)
    made.resize(300, 200)
    return made


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    return line


def _names(window: QWidget, start: QWidget, presses: int) -> list[str]:
    window.show()
    window.activateWindow()
    QApplication.processEvents()
    start.setFocus()
    found = [start.objectName()]
    for _ in range(presses):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        found.append(focused.objectName())
    return found


def _grid(column: QVBoxLayout) -> None:
    grid = QGridLayout()
    for name, row, side in (("d", 1, 1), ("b", 0, 1), ("c", 1, 0), ("a", 0, 0)):
        grid.addWidget(_line(name), row, side)
    column.addLayout(grid)


def _upside_down(column: QVBoxLayout) -> None:
    box = QBoxLayout(QBoxLayout.Direction.BottomToTop)
    for name in ("d", "c", "b", "a"):
        box.addWidget(_line(name))
    column.addLayout(box)


def _added_later(column: QVBoxLayout) -> None:
    for name in ("d", "c", "b", "a"):
        column.insertWidget(0, _line(name))


@pytest.mark.parametrize("build", [_grid, _upside_down, _added_later])
def test_tab_goes_by_where_things_stand(window: _Window, build: Callable[[QVBoxLayout], None]) -> None:
    build(QVBoxLayout(window))
    first = window.findChild(QLineEdit, "a")
    assert isinstance(first, QLineEdit)
    assert _names(window, first, 4) == ["a", "b", "c", "d", "a"]


def test_of_choices_the_one_taken_is_the_stop(window: _Window) -> None:
    column, group = QVBoxLayout(window), QButtonGroup(window)
    above, below = _line("above"), _line("below")
    column.addWidget(above)
    for name in ("one", "two", "three"):
        choice = QCheckBox(name)
        choice.setObjectName(name)
        group.addButton(choice)
        column.addWidget(choice)
    column.addWidget(below)
    group.buttons()[1].setChecked(True)
    assert _names(window, above, 3) == ["above", "two", "below", "above"]
    assert _names(window, group.buttons()[0], 1) == ["one", "below"]


def test_what_passes_the_keyboard_on_is_no_stop(window: _Window) -> None:
    column, whole = QVBoxLayout(window), FocusPassing()
    inside = QVBoxLayout(whole)
    for name in ("first", "entry"):
        inside.addWidget(_line(name))
    entry = whole.findChild(QLineEdit, "entry")
    assert isinstance(entry, QLineEdit)
    whole.set_entry(entry)
    above = _line("above")
    column.addWidget(above)
    column.addWidget(whole)
    assert _names(window, above, 3) == ["above", "first", "entry", "above"]
    whole.setFocus()
    assert entry.hasFocus()


def test_what_is_reached_is_scrolled_to(window: _Window) -> None:
    column, area, page = QVBoxLayout(window), QScrollArea(), QWidget()
    long = QVBoxLayout(page)
    above, far = _line("above"), _line("far")
    long.addSpacing(2000)
    long.addWidget(far)
    area.setWidget(page)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    column.addWidget(above)
    column.addWidget(area)
    assert _names(window, above, 1) == ["above", "far"]
    assert area.viewport().rect().contains(far.mapTo(area.viewport(), far.rect().center()))
