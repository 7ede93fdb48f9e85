"""The search box: what stands first is what Enter does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView
from tests.gui.stand import StandWindow

from portfolio_app.gui.dialogs.palette import CommandPalette


@pytest.fixture
def palette(sample_window: StandWindow) -> CommandPalette:
    palette = CommandPalette(sample_window)
    palette.open()
    sample_window.settle()
    return palette


def _found(palette: CommandPalette, window: StandWindow, typed: str) -> list[str]:
    (field,) = palette.findChildren(QLineEdit)
    field.setText(typed)
    window.settle()
    (view,) = palette.findChildren(QListView)
    assert view.currentIndex().row() == 0
    return [str(view.model().index(row, 0).data()) for row in range(view.model().rowCount())]


def test_a_command_that_begins_with_what_was_typed_stands_before_items_with_these_words(
    palette: CommandPalette, sample_window: StandWindow
) -> None:
    found = _found(palette, sample_window, "Hide names")
    assert found[0] == "Hide names and regions in copies"
    assert any(line.startswith("E6 ") for line in found[1:])
    assert len(set(found)) == len(found)


def test_what_is_only_somewhere_in_a_command_stands_after_the_items(
    palette: CommandPalette, sample_window: StandWindow
) -> None:
    found = _found(palette, sample_window, "names")
    assert found[0].startswith("E")
    assert found[-1] == "Hide names and regions in copies"


def test_enter_does_what_stands_first(palette: CommandPalette, sample_window: StandWindow) -> None:
    _found(palette, sample_window, "matri")
    (field,) = palette.findChildren(QLineEdit)
    QTest.keyClick(field, Qt.Key.Key_Return)
    sample_window.settle()
    page = sample_window.page("matrix")
    assert page is not None
    assert page.isVisible()
