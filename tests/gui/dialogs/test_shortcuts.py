"""The page of shortcuts: every key of the tables, found by what it does."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from tests.gui.dialogs.parts import button, open_dialog, said
from tests.gui.stand import StandWindow

from portfolio_app.gui.actions import ACTIONS, plain_text
from portfolio_app.gui.dialogs.shortcuts import ShortcutsDialog, all_shortcuts
from portfolio_app.gui.widgets.basics import SearchField


def test_every_action_with_a_key_is_listed() -> None:
    listed = {does for group in all_shortcuts() for _, does in group.entries}
    assert {plain_text(action) for action in ACTIONS if action.shortcuts} <= listed
    assert all(keys and does for group in all_shortcuts() for keys, does in group.entries)


def test_keys_are_found_by_what_they_do_and_copied(sample_window: StandWindow) -> None:
    dialog = open_dialog(sample_window, "shortcuts", ShortcutsDialog)
    (search,) = dialog.findChildren(SearchField)
    search.setText("matrix claim")
    shown = said(dialog)
    assert "Matrix" in shown
    assert "Claim, or take the claim back; fold a heading" in shown
    assert "Bold" not in shown
    search.setText("zxq")
    assert any(sentence.startswith("No key does that.") for sentence in said(dialog))
    search.clear()
    assert "Bold" in said(dialog)
    button(dialog, "Copy as text").click()
    copied = QGuiApplication.clipboard().text()
    assert "Ctrl+B" in copied
    assert "Preview of a file" in copied


def test_there_are_as_many_columns_as_fit(sample_window: StandWindow) -> None:
    dialog = open_dialog(sample_window, "shortcuts", ShortcutsDialog)
    dialog.resize(1100, 700)
    sample_window.settle()
    lefts = {label.mapTo(dialog, label.rect().topLeft()).x() for label in dialog._columns._sheets}
    assert len(lefts) == 3
    dialog.resize(420, 700)
    sample_window.settle()
    lefts = {label.mapTo(dialog, label.rect().topLeft()).x() for label in dialog._columns._sheets}
    assert len(lefts) == 1
