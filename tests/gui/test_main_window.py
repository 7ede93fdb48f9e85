"""The window as a whole: which portfolio it shows, where it goes, what it remembers."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.stand import StandWindow, drop_on

from portfolio_app import settings as declared
from portfolio_app.gui import theme
from portfolio_app.gui.actions import ACTIONS, MENUS, ActionDeclaration
from portfolio_app.gui.commands import Commands
from portfolio_app.gui.late_modules import LateModules
from portfolio_app.gui.main_window import MainWindow
from portfolio_app.gui.navigation import PAGES
from portfolio_app.gui.notices import Toast
from portfolio_app.gui.places import Place
from portfolio_app.gui.tasks import Tasks
from portfolio_app.gui.widgets.basics import Banner
from portfolio_app.gui.widgets.drop_zones import DropZone
from portfolio_app.services.actions import add_action
from portfolio_app.settings import Settings


def _messages(window: MainWindow) -> list[str]:
    return [banner.text for banner in window.findChildren(Banner) if banner.isVisible()]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_has_its_handler(action: ActionDeclaration) -> None:
    owner: type = Commands
    if action.page:
        page = next(page for page in PAGES if page.name == action.page)
        owner = getattr(importlib.import_module(page.module), page.class_name)
    assert callable(getattr(owner, action.handler))


def test_shortcuts_are_each_one_actions(qapp: object) -> None:
    shortcuts = [keys for action in ACTIONS for keys in action.shortcuts]
    assert len(shortcuts) == len(set(shortcuts))
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


def test_it_shows_the_portfolio_its_counts_and_its_pages(sample_window: StandWindow) -> None:
    assert sample_window.windowTitle().startswith("Sam Ellis")
    for page in PAGES:
        sample_window.go(Place(page.name))
        sample_window.settle()
        made = sample_window.page(page.name)
        assert made is not None
        assert made.isVisible(), page.name
    assert _messages(sample_window) == []


def test_what_is_no_portfolio_is_said_and_what_was_open_stays(sample_window: StandWindow, tmp_path: Path) -> None:
    (tmp_path / "Empty").mkdir()
    sample_window.open_path(tmp_path / "Empty")
    sample_window.settle()
    (said,) = _messages(sample_window)
    assert "Empty" in said
    assert sample_window.session.is_open
    assert sample_window.page("overview") is not None


def test_a_dropped_portfolio_is_opened_in_place_of_the_other(sample_window: StandWindow, tmp_path: Path) -> None:
    from portfolio_app.services.portfolios import DetailsGiven, start_portfolio

    start_portfolio(tmp_path / "Alex", DetailsGiven(learner="Alex Morgan")).close()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "Alex"))])
    no_button = Qt.MouseButton.NoButton
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, no_button, Qt.KeyboardModifier.NoModifier)
    sample_window.dropEvent(drop)
    sample_window.settle()
    assert sample_window.session.details.learner.name == "Alex Morgan"
    assert sample_window.settings.get(declared.RECENT)[0] == str(tmp_path / "Alex")


def _hover(window: StandWindow, *paths: Path) -> list[str]:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dragEnterEvent(QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
    return [zone.accessibleName() for zone in window.findChildren(DropZone) if zone.isVisible()]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["plan.docx"], ["A new item of evidence"]),
        (["plan.docx", "photo.jpg"], ["A new item of evidence for each file"]),
        (["Alex.portfolio"], ["Open this portfolio"]),
        (["Alex.zip"], ["Open this package"]),
    ],
)
def test_every_page_says_what_becomes_of_files_that_hover(
    sample_window: StandWindow, tmp_path: Path, names: list[str], said: list[str]
) -> None:
    sample_window.go(Place("overview"))
    sample_window.settle()
    assert _hover(sample_window, *(tmp_path / name for name in names)) == said


def test_files_that_hover_are_dropped_where_it_says_so_and_pages_with_zones_say_it_themselves(
    sample_window: StandWindow, tmp_path: Path
) -> None:
    (tmp_path / "Late shift notes.txt").write_text("All quiet.", encoding="utf-8")
    sample_window.go(Place("overview"))
    sample_window.settle()
    assert _hover(sample_window, tmp_path / "Late shift notes.txt")
    (zone,) = [zone for zone in sample_window.findChildren(DropZone) if zone.isVisible()]
    drop_on(zone, tmp_path / "Late shift notes.txt")
    sample_window.settle()
    assert not zone.isVisible()
    evidence = sample_window.page("evidence")
    assert evidence is not None
    assert evidence.isVisible()
    assert evidence.editor.column.title.text.toPlainText() == "Late shift notes"  # type: ignore[attr-defined]
    assert _hover(sample_window, tmp_path / "Late shift notes.txt") == []


def test_a_button_that_is_pressed_twice_before_its_dialog_comes_opens_one(
    sample_window: StandWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("portfolio_app.gui.dialogs.new_portfolio")
    waiting: list[Callable[[ModuleType], object]] = []
    monkeypatch.setattr(LateModules, "use", lambda _self, _name, act, **_: waiting.append(act))
    for _ in range(2):
        sample_window.run_action("new-portfolio")
    for act in waiting:
        act(module)
    (dialog,) = sample_window.findChildren(module.NewPortfolioDialog)
    dialog.reject()
    monkeypatch.undo()
    sample_window.run_action("new-portfolio")
    assert any(dialog.isVisible() for dialog in sample_window.findChildren(module.NewPortfolioDialog))
    sample_window.settle()


def test_undo_is_named_and_takes_the_portfolios_step_back(sample_window: StandWindow) -> None:
    sample_window.session.edit(add_action, "Ring the training manager")
    sample_window.settle()
    undo = sample_window.actions_["undo"]
    assert "Add action “Ring the training manager”" in undo.text()
    sample_window.run_action("undo")
    sample_window.settle()
    toast = sample_window.findChild(Toast)
    assert isinstance(toast, Toast)
    assert toast.accessibleName() == "Undone: Add action “Ring the training manager”"
    assert "Add action “Ring the training manager”" in sample_window.actions_["redo"].text()


def test_a_text_keeps_undo_only_while_it_has_something_to_take_back(sample_window: StandWindow) -> None:
    sample_window.session.edit(add_action, "Ring the training manager")
    sample_window.settle()
    field = QLineEdit(sample_window)
    field.show()
    sample_window.activateWindow()
    field.setFocus()
    QTest.keyClicks(field, "typed")
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    sample_window.settle()
    assert field.text() == ""
    assert "training manager" in sample_window.actions_["undo"].text()
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    sample_window.settle()
    assert "training manager" not in sample_window.actions_["undo"].text()


def test_closing_remembers_and_opening_comes_back(
    sample_window: StandWindow, sample_folder: Path, qtbot: QtBot
) -> None:
    sample_window.go(Place("matrix"))
    sample_window.settle()
    sample_window.resize(sample_window.width(), 611)  # smaller than the screen that offscreen has
    settings = sample_window.settings
    sample_window.close()
    assert settings.get(declared.LAST_OPEN) == str(sample_folder)
    again = StandWindow(sample_folder, settings=settings)
    assert again.height() == 611
    matrix = again.page("matrix")
    assert matrix is not None
    assert matrix.isVisible()
    again.run_action("close-portfolio")
    again.settle()
    assert settings.get(declared.LAST_OPEN) == ""
    assert not again.actions_["new-evidence"].isEnabled()
    again.close()


def test_theme_and_zoom_take_effect_at_once(sample_window: StandWindow) -> None:
    sample_window.run_action("switch-theme")
    assert theme.current().name == "dark"
    sample_window.run_action("zoom-in")
    assert theme.current().zoom == pytest.approx(1.1)
    for _ in range(20):
        sample_window.run_action("zoom-in")
    assert theme.current().zoom == pytest.approx(2.0)
    sample_window.run_action("zoom-reset")
    sample_window.run_action("switch-theme")
    assert (theme.current().name, theme.current().zoom) == ("light", 1.0)


def test_without_a_portfolio_files_are_not_lost_in_silence(qtbot: QtBot, tmp_path: Path) -> None:
    window = MainWindow(Tasks(), Settings())
    qtbot.addWidget(window)
    window.show()
    (tmp_path / "notes.txt").write_text("Notes")
    window.open_files([tmp_path / "notes.txt"])
    assert _messages(window) == ["Open or make a portfolio first, then drop files on it."]
    assert not window.actions_["undo"].isEnabled()
    assert window.actions_["new-portfolio"].isEnabled()
    window.close()


def test_enter_presses_the_button_in_focus(sample_window: StandWindow) -> None:
    search = next(one for one in sample_window.findChildren(QPushButton) if one.accessibleName().startswith("Search"))
    pressed: list[bool] = []
    search.clicked.disconnect()
    search.clicked.connect(lambda: pressed.append(True))
    search.setFocus()
    QTest.keyClick(search, Qt.Key.Key_Return)
    QTest.keyClick(search, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    QTest.keyClick(search, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(pressed) == 2


@pytest.mark.parametrize("menu", MENUS)
def test_no_two_entries_of_a_menu_have_the_same_access_key(menu: str) -> None:
    texts = [action.text for action in ACTIONS if action.menu == menu]
    keys = [text[text.index("&") + 1].casefold() for text in texts]
    assert len(set(keys)) == len(keys), texts
