"""What changed: by day, in words, as far back as one scrolls, searched, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QListView
from tests.gui.dialogs.parts import button, open_dialog, said
from tests.gui.stand import StandWindow

from portfolio_app.domain.evidence import Person
from portfolio_app.gui.dialogs.history import HistoryDialog
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.widgets.basics import SearchField
from portfolio_app.services.history import list_history, undo
from portfolio_app.services.people import put_person
from portfolio_app.services.portfolios import opened, opened_to_read

_ADDED = 340


@pytest.fixture
def dialog(sample_folder: Path, sample_window: StandWindow) -> HistoryDialog:
    del sample_folder
    return open_dialog(sample_window, "history", HistoryDialog)


@pytest.fixture
def long_dialog(sample_folder: Path) -> Iterator[HistoryDialog]:
    """Return the dialog on more steps than are loaded at once."""
    with opened(sample_folder) as portfolio:
        for number in range(_ADDED):
            put_person(portfolio, Person(f"p{number}", f"Person {number}"))
        undo(portfolio)
    window = StandWindow(sample_folder)
    dialog = open_dialog(window, "history", HistoryDialog)
    yield dialog
    window.close()


def _shown(dialog: HistoryDialog) -> list[str]:
    (steps,) = dialog.findChildren(QListView)
    model = steps.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def _window(dialog: HistoryDialog) -> StandWindow:
    window = dialog.parent()
    assert isinstance(window, StandWindow)
    return window


def _choose(dialog: HistoryDialog, words: str) -> None:
    (steps,) = dialog.findChildren(QListView)
    row = next(row for row, text in enumerate(_shown(dialog)) if words in text)
    steps.setCurrentIndex(steps.model().index(row, 0))


def test_steps_stand_below_their_day_with_what_became_of_them(long_dialog: HistoryDialog) -> None:
    rows = _shown(long_dialog)
    assert rows[0].startswith("Today, ")
    assert rows[1].endswith(f"Undo: Add Person {_ADDED - 1}")
    assert rows[2].endswith(f"Add Person {_ADDED - 1}, undone since")


def test_older_steps_come_when_one_scrolls_to_the_end(long_dialog: HistoryDialog, sample_folder: Path) -> None:
    before = len(_shown(long_dialog))
    (steps,) = long_dialog.findChildren(QListView)
    for _ in range(3):
        steps.scrollToBottom()
        _window(long_dialog).settle()
    rows = _shown(long_dialog)
    assert len(rows) > before
    assert any("Decide U1/" in row and row.endswith("a decision: it stands") for row in rows)
    with opened_to_read(sample_folder) as portfolio:
        assert rows[-1].endswith(list_history(portfolio)[-1].name)


def test_a_search_finds_steps_that_are_not_loaded(long_dialog: HistoryDialog) -> None:
    (field,) = long_dialog.findChildren(SearchField)
    field.setText("decide u1")
    field.returnPressed.emit()
    _window(long_dialog).settle()
    found = [row for row in _shown(long_dialog) if "Decide" in row]
    assert found
    assert len(found) == len([row for row in _shown(long_dialog) if "Person" not in row]) - 1
    field.clear()
    _window(long_dialog).settle()
    assert any("Person" in row for row in _shown(long_dialog))


def test_many_steps_are_taken_back_together(long_dialog: HistoryDialog) -> None:
    window = _window(long_dialog)
    _choose(long_dialog, f"Add Person {_ADDED - 25}")
    button(long_dialog, "Undo back to here …").click()
    (question,) = long_dialog.findChildren(QuestionDialog)
    question.buttons["Take 24 steps back"].click()
    window.settle()
    assert "24 steps were taken back." in said(long_dialog)
    assert window.session.undo_names.undo == f"Add Person {_ADDED - 26}"
    assert window.session.undo_names.redo == f"Add Person {_ADDED - 25}"


def test_a_decision_bars_the_way_back(dialog: HistoryDialog, sample_window: StandWindow) -> None:
    back = button(dialog, "Undo back to here …")
    _choose(dialog, "Decide")
    assert not back.isEnabled()
    (steps,) = dialog.findChildren(QListView)
    steps.setCurrentIndex(steps.model().index(steps.model().rowCount() - 1, 0))
    assert not back.isEnabled()
    assert not sample_window.refused


def test_nothing_is_taken_back_of_what_is_only_read(sample_folder: Path) -> None:
    window = StandWindow(sample_folder, read_only=True)
    dialog = open_dialog(window, "history", HistoryDialog)
    assert _shown(dialog)
    assert not button(dialog, "Undo back to here …").isVisible()
    window.close()


def test_the_list_follows_an_undo(long_dialog: HistoryDialog) -> None:
    window = _window(long_dialog)
    window.session.undo()
    window.settle()
    assert _shown(long_dialog)[1].endswith(f"Undo: Add Person {_ADDED - 2}")
