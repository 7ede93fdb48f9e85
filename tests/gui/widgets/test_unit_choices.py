"""Units are ticked by the box, by the words beside it and by Space, once each."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from portfolio_app.gui.widgets.unit_choices import UnitChoiceList


@pytest.fixture
def units(qtbot: QtBot) -> UnitChoiceList:
    units = UnitChoiceList()
    units.add_choice("a", "Manage a team", "4 requirements")
    units.add_choice("b", "Serve customers", "6 requirements")
    units.add_choice("c", "Keep records", "already in the portfolio as U1", ticked=True, enabled=False)
    units.resize(400, 300)
    with qtbot.waitExposed(units):
        units.show()
    return units


@pytest.mark.parametrize("left", [12, 200, 390])
def test_a_click_anywhere_in_a_row_ticks_it_and_another_takes_the_tick_away(units: UnitChoiceList, left: int) -> None:
    row = units.visualItemRect(units.item(1))
    place = QPoint(left, row.center().y())
    QTest.mouseClick(units.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert units.ticked() == ["b"]
    QTest.mouseClick(units.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert units.ticked() == []


def test_what_is_no_click_on_a_row_ticks_nothing(units: UnitChoiceList) -> None:
    first, second, taken = (units.visualItemRect(units.item(row)).center() for row in range(3))
    QTest.mousePress(units.viewport(), Qt.MouseButton.LeftButton, pos=first)
    QTest.mouseRelease(units.viewport(), Qt.MouseButton.LeftButton, pos=second)
    QTest.mouseClick(units.viewport(), Qt.MouseButton.RightButton, pos=first)
    QTest.mouseClick(units.viewport(), Qt.MouseButton.LeftButton, pos=taken)
    assert units.ticked() == []
