"""The window as a whole: every page by keyboard alone, at twice the size, and every action once."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QWidget
from tests.gui.stand import DIALOGS, StandWindow, a_unit, described, items_by_kind, told, unfold

from portfolio_app.gui import places
from portfolio_app.gui.navigation import PAGES
from portfolio_app.gui.places import Place

_MOST_PRESSES = 600
_MODIFIER = {Qt.Key.Key_Tab: Qt.KeyboardModifier.NoModifier, Qt.Key.Key_Backtab: Qt.KeyboardModifier.ShiftModifier}


@pytest.fixture
def window(sample_window: StandWindow) -> StandWindow:
    """Return the window as wide as usual, with the inspector open and the keyboard in it."""
    sample_window.resize(1280, 800)
    sample_window.run_action("inspector")
    sample_window.activateWindow()
    sample_window.settle()
    return sample_window


@pytest.fixture
def one_of_each(sample_window: StandWindow) -> dict[str, str]:
    """Return the id of an item of each kind."""
    found: dict[str, str] = {}
    sample_window.session.read(items_by_kind, done=found.update)
    sample_window.settle()
    return found


def _show(window: StandWindow, place: Place) -> None:
    window.go(place)
    window.settle()
    unfold(window)


def _take_in_hand(window: StandWindow, evidence_id: str) -> None:
    """Let an item and a unit be in hand: some actions are about these."""
    unit: list[str] = []
    window.session.read(a_unit, done=unit.append)
    window.settle()
    _show(window, Place(places.EVIDENCE, evidence_id=evidence_id))
    _show(window, Place(places.UNITS, unit_id=unit[0]))


# By keyboard


def _walk(window: QWidget, key: Qt.Key) -> list[QWidget]:
    """Press a key until it has come round, or comes by for a second time; return where it led."""
    passed = [_focused(window)]
    for _ in range(_MOST_PRESSES):
        before = _focused(window)
        QTest.keyClick(before, key, _MODIFIER[key])
        now = _focused(window)
        if now is before:
            continue  # from cell to cell
        if now in passed:
            return passed if now is passed[0] else [*passed, now]
        passed.append(now)
    return passed


def _focused(window: QWidget) -> QWidget:
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.window() is window
    return focused


def _taking_tab(window: QWidget) -> set[QWidget]:
    return {
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisibleTo(window)
        and widget.isEnabled()
        and widget.window() is window
        and widget.focusProxy() is None  # the line in a field for figures
        and not _is_untaken_choice(widget)
    }


def _is_untaken_choice(widget: QWidget) -> bool:
    """Whether the arrow keys lead to it from the choice that is taken."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and group.exclusive() and group.checkedButton() not in (None, widget)


def _tab_troubles(window: QWidget) -> list[str]:
    QTest.keyClick(_focused(window), Qt.Key.Key_Tab)  # what is in hand need not be a stop
    forward = _walk(window, Qt.Key.Key_Tab)
    if forward[-1] in forward[:-1]:
        return [f"Tab goes round from {described(forward[-2], window)} to {described(forward[-1], window)}"]
    wanted = _taking_tab(window)
    found = [f"Tab never comes to {described(widget, window)}" for widget in wanted - set(forward)]
    found += [f"Tab stops at {described(widget, window)}" for widget in set(forward) - wanted]
    back, again = _walk(window, Qt.Key.Key_Backtab)[1:], forward[:0:-1]
    if back != again:
        differing = [there for there, here in zip(back, again, strict=False) if there is not here]
        found.append("Shift+Tab goes another way" + (f" to {described(differing[0], window)}" if differing else ""))
    return found + _ways_up(window, forward)


def _ways_up(window: QWidget, stops: list[QWidget]) -> list[str]:
    """Return where Tab goes back to what one has read already: up, and not into a column further right."""
    for area in window.findChildren(QScrollArea):
        area.verticalScrollBar().setValue(0)
    found = []
    for here, there in pairwise([*stops, stops[0]]):
        before, after = _place(here, beside=there), _place(there, beside=here)
        if after.bottom() < before.top() and after.left() <= before.right():
            found.append(f"Tab goes up from {described(here, window)} to {described(there, window)}")
    return found if len(found) > 1 else []  # it goes up once to come round


def _place(widget: QWidget, *, beside: QWidget) -> QRect:
    """Return where a widget stands in the window; of what is scrolled apart from the other, the whole area."""
    area = _area(widget)
    return _place_of(area if area is not None and area is not _area(beside) else widget)


def _place_of(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def _area(widget: QWidget) -> QScrollArea | None:
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    return above


def test_tab_goes_through_every_page_as_it_is_read_and_comes_round(window: StandWindow) -> None:
    found = {}
    for page in PAGES:
        _show(window, Place(page.name))
        window.activateWindow()
        if troubles := _tab_troubles(window):
            found[page.title] = troubles
    assert not found, told(found)


def test_tab_goes_through_the_form_of_every_kind(window: StandWindow, one_of_each: dict[str, str]) -> None:
    assert len(one_of_each) > 20
    found = {}
    for kind, evidence_id in one_of_each.items():
        _show(window, Place(places.EVIDENCE, evidence_id=evidence_id))
        if troubles := _tab_troubles(window):
            found[kind] = troubles
    assert not found, told(found)


def test_tab_goes_through_every_dialog(window: StandWindow, one_of_each: dict[str, str]) -> None:
    _take_in_hand(window, one_of_each["plan"])
    found = {}
    for action in DIALOGS:
        window.run_action(action)
        window.settle()
        dialog = QApplication.activeModalWidget()
        assert dialog is not None, action
        dialog.activateWindow()
        if troubles := _tab_troubles(dialog):
            found[action] = troubles
        dialog.close()
        window.settle()
    assert not found, told(found)
