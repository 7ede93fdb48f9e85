"""One dictionary for a whole window, in the language that the settings name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from portfolio_app import settings
from portfolio_app.gui.places import Place
from portfolio_app.gui.shared_spelling import shared_spelling
from portfolio_app.settings import Settings


class _Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.settings = Settings()
        self.said: list[tuple[str, str]] = []

    def go(self, place: Place) -> None: ...
    def inspect(self, place: Place | None) -> None: ...
    def toast(self, text: str, *, undo: bool = False) -> None: ...
    def run_action(self, action_id: str) -> None: ...
    def check_seal(self, path: Path) -> None: ...
    def read_answers(self, paths: Sequence[Path]) -> None: ...
    def read_statements(self, paths: Sequence[Path]) -> None: ...

    def message(self, text: str, *, title: str = "", kind: str = "info") -> None:
        self.said.append((f"{title}{text}", kind))


def test_a_window_has_one_that_follows_its_settings_and_speaks_through_it(qtbot: QtBot) -> None:
    window = _Window()
    qtbot.addWidget(window)
    spelling = shared_spelling(window)
    assert shared_spelling(window) is spelling
    assert spelling.language == "en_GB"
    window.settings.set(settings.SPELLING, "")
    assert spelling.language == "off"
    window.settings.set(settings.SPELLING, "en_GB")
    assert spelling.language == "en_GB"
    spelling.failed.emit("Your own words could not be kept.")
    assert window.said == [("Your own words could not be kept.", "warning")]
    other = _Window()
    qtbot.addWidget(other)
    other.settings.set(settings.SPELLING, "")
    assert shared_spelling(other) is not spelling
    assert shared_spelling(other).language == "off"
