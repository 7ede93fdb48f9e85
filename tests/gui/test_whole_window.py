"""The window as a whole: every page by keyboard alone, at twice the size, and every action once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)
from tests.gui.stand import DIALOGS, StandWindow, a_unit, described, items_by_kind, told, unfold
from tests.newer_units import newer_version
from tests.printed_specifications import learning_outcomes, made_up_units, text_of

from portfolio_app.domain.qualification import Unit
from portfolio_app.gui import places, theme
from portfolio_app.gui.actions import ACTIONS
from portfolio_app.gui.dialogs.choose_units import ChooseUnitsDialog
from portfolio_app.gui.dialogs.unit_update import UnitUpdateDialog
from portfolio_app.gui.inspector import Inspector
from portfolio_app.gui.navigation import PAGES
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets.evidence_editor.item_column import ItemColumn
from portfolio_app.services.unit_sources import units_from_text
from portfolio_app.services.unit_versions import UnitUpdate, compare_newer
from portfolio_app.services.units import list_units
from portfolio_app.services.units_found import units_found

_MOST_PRESSES = 600
_SMALL_SCREEN = 1280, 720
_LETTERS_OF_LINE = 6
_LOOK = ("zoom-in", "zoom-reset", "zoom-out", "switch-theme")
_LAST = ("undo", "redo", "close-portfolio", "open-sample", "quit")
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
    columns = window.findChildren(ItemColumn)
    window.wait_until(lambda: all(column.updatesEnabled() for column in columns))  # else a form is being built
    unfold(window)
    heights: list[list[int]] = [[]]

    def is_still() -> bool:
        heights.append([widget.height() for widget in window.findChildren(QWidget)])
        return heights[-1] == heights[-2]

    window.wait_until(is_still)  # what is unfolded has its room some turns later


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


def test_tab_goes_through_forms_from_top_to_bottom(window: StandWindow, one_of_each: dict[str, str]) -> None:
    assert len(one_of_each) > 20
    found = {}
    for kind, evidence_id in list(one_of_each.items())[::2]:  # all types of fields are in half of them
        _show(window, Place(places.EVIDENCE, evidence_id=evidence_id))
        if troubles := _tab_troubles(window):
            found[kind] = troubles
    assert not found, told(found)


def test_tab_goes_through_every_dialog(window: StandWindow, one_of_each: dict[str, str]) -> None:
    _take_in_hand(window, one_of_each["witness-testimony"])
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


# Large letters in a small window


@pytest.fixture
def large(
    sample_window: StandWindow, theme_named: Callable[..., theme.Theme], monkeypatch: pytest.MonkeyPatch
) -> StandWindow:
    """Return a window that fills a small screen, with everything twice as large."""
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: QRect(0, 0, *_SMALL_SCREEN))
    theme_named("light", 2.0)
    sample_window.resize(*_SMALL_SCREEN)
    sample_window.settle()
    return sample_window


def _cut_off(window: QWidget) -> list[str]:
    """Return which words and controls of a window are not seen whole."""
    found = []
    for widget in window.findChildren(QWidget):
        if (
            isinstance(widget, QLabel | QAbstractButton | QLineEdit | QComboBox)
            and widget.isVisibleTo(window)
            and widget.window() is window
            and not isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox)  # theirs to place
        ):
            told = [_lacking(widget), _outside(widget, window)]
            found += [f"{described(widget, window)}: {trouble}" for trouble in told if trouble]
    return found


def _lacking(widget: QWidget) -> str:
    needed = widget.minimumSizeHint()
    if isinstance(widget, QLabel) and widget.wordWrap():
        needed = QSize(0, widget.heightForWidth(widget.width()))
    elif isinstance(widget, QLineEdit):
        needed.setWidth(widget.fontMetrics().averageCharWidth() * _LETTERS_OF_LINE)  # the words move along
    if widget.width() >= needed.width() and widget.height() >= needed.height():
        return ""
    return f"{widget.width()} × {widget.height()}, which should be {needed.width()} × {needed.height()}"


def _outside(widget: QWidget, window: QWidget) -> str:
    """Return what of the widgets around cuts something off; what is further down can be scrolled to."""
    seen, above = widget, widget.parentWidget()
    while above is not None and above is not window.parentWidget():
        place = QRect(seen.mapTo(above, QPoint(0, 0)), seen.size())
        area = above.parentWidget()
        if isinstance(area, QAbstractScrollArea) and above is area.viewport():
            if place.left() < 0 or place.right() >= above.width():
                return f"cut off at the side by {described(area, window)}"
            seen = above = area
        elif not above.rect().contains(place):
            return f"cut off by {described(above, window)}"
        above = above.parentWidget()
    return ""


def test_nothing_is_cut_off_on_any_page_at_twice_the_size(large: StandWindow) -> None:
    found = {}
    for page in PAGES:
        _show(large, Place(page.name))
        if troubles := _cut_off(large):
            found[page.title] = troubles
    assert not found, told(found)


def test_the_inspector_stands_in_the_page_s_place_where_there_is_no_room_for_both(
    large: StandWindow, one_of_each: dict[str, str]
) -> None:
    _show(large, Place(places.EVIDENCE, evidence_id=one_of_each["plan"]))
    evidence = large.page(places.EVIDENCE)
    assert evidence is not None
    large.run_action("inspector")
    large.settle()
    (inspector,) = large.findChildren(Inspector)
    assert inspector.isVisible()
    assert not evidence.isVisible()
    assert not _cut_off(large)

    _show(large, Place(places.UNITS))
    units = large.page(places.UNITS)
    assert units is not None
    assert units.isVisible()
    assert not inspector.isVisible()

    large.run_action("inspector")
    large.resize(2400, 720)
    assert inspector.isVisible()
    assert units.isVisible()


def test_nothing_is_cut_off_in_the_form_of_any_kind_at_twice_the_size(
    large: StandWindow, one_of_each: dict[str, str]
) -> None:
    found = {}
    for kind, evidence_id in one_of_each.items():
        _show(large, Place(places.EVIDENCE, evidence_id=evidence_id))
        if troubles := _cut_off(large):
            found[kind] = troubles
    assert not found, told(found)


def test_every_dialog_fits_the_screen_whole_at_twice_the_size(large: StandWindow, one_of_each: dict[str, str]) -> None:
    _take_in_hand(large, one_of_each["witness-testimony"])
    found = {}
    for action in DIALOGS:
        large.run_action(action)
        large.settle()
        dialog = QApplication.activeModalWidget()
        assert dialog is not None, action
        troubles = _cut_off(dialog)
        if dialog.width() > _SMALL_SCREEN[0] or dialog.height() > _SMALL_SCREEN[1]:
            troubles.append(f"larger than the screen: {dialog.width()} × {dialog.height()}")
        if troubles:
            found[action] = troubles
        dialog.close()
        large.settle()
    assert not found, told(found)


def test_the_comparison_with_a_newer_version_is_seen_whole_and_gone_through_by_tab(large: StandWindow) -> None:
    units: list[Unit] = []
    updates: list[UnitUpdate] = []
    large.session.read(list_units, done=units.extend)
    large.settle()
    large.session.read(compare_newer, "U1", newer_version(units[0]), done=updates.append)
    large.settle()
    dialog = UnitUpdateDialog(large.session, updates[0], large)
    dialog.open()
    dialog.activateWindow()
    found = {}
    for change in dialog._changes:
        dialog.table.choose([change.key])
        large.settle()
        if troubles := [*_cut_off(dialog), *_tab_troubles(dialog)]:
            found[change.name] = troubles
    assert dialog.width() <= _SMALL_SCREEN[0]
    assert dialog.height() <= _SMALL_SCREEN[1]
    dialog.close()
    assert not found, told(found)


def test_the_choice_of_units_is_seen_whole_and_gone_through_by_tab(large: StandWindow) -> None:
    text = text_of([line for unit in made_up_units(12, outcomes=1, criteria=1) for line in learning_outcomes(unit)])
    dialog = ChooseUnitsDialog("A specification with a rather long name.pdf", units_found(units_from_text(text)), large)
    dialog.open()
    dialog.activateWindow()
    large.settle()
    found = [*_cut_off(dialog), *_tab_troubles(dialog)]
    assert dialog.width() <= _SMALL_SCREEN[0]
    assert dialog.height() <= _SMALL_SCREEN[1]
    dialog.close()
    assert not found, found


# Every action


class _Windows(QObject):
    """Writes down which widgets show up as windows of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_going_through_the_pages_shows_no_other_window_even_for_a_moment(
    qapp: QApplication, sample_window: StandWindow
) -> None:
    windows = _Windows()
    qapp.installEventFilter(windows)
    for page in PAGES:
        sample_window.go(Place(page.name))
        sample_window.settle()
    qapp.removeEventFilter(windows)
    assert windows.seen == []


@pytest.fixture
def opened(sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[QUrl]:
    """Keep what is outside the window in the test; return what other programs are asked to open."""
    asked: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        asked.append(url)
        return True

    shutil.copytree(sample_folder, tmp_path / "Sample portfolio")  # else the program would make it now
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _place: str(tmp_path))
    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_arguments: ([], ""))
    return asked


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_every_action_does_its_work_from_every_page(
    opened: list[QUrl], window: StandWindow, page: str, one_of_each: dict[str, str]
) -> None:
    _take_in_hand(window, one_of_each["plan"])
    actions = [action.id for action in ACTIONS if action.id not in (*_LOOK, *_LAST)]
    for action in (*actions, *_LAST):
        if window.session.is_open:
            window.go(Place(page))
            window.settle()
        window.actions_[action].trigger()
        window.settle()
        while (dialog := QApplication.activeModalWidget()) is not None:
            dialog.close()
            window.settle()
        assert not window.refused, (action, window.refused)
    assert len(opened) == 1
    assert not window.isVisible()


def test_the_look_changes_with_every_page_there(window: StandWindow) -> None:
    for page in PAGES:
        window.go(Place(page.name))
        window.settle()
    for action in _LOOK:
        before = theme.current()
        window.actions_[action].trigger()
        window.settle()
        assert not window.refused, (action, window.refused)
        assert theme.current() != before, action
