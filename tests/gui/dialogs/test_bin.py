"""The bin: found again, brought back, deleted for good, and even that undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from tests.gui.dialogs.parts import button, open_dialog, said, table
from tests.gui.stand import StandWindow

from portfolio_app.gui.dialogs.bin import BinDialog
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.widgets.basics import SearchField
from portfolio_app.services.evidence_list import evidence_list
from portfolio_app.services.evidence_many import bin_evidence
from portfolio_app.services.portfolios import opened


@pytest.fixture
def folder(sample_folder: Path) -> Path:
    """Return a portfolio with E1, E2 and E3 in the bin."""
    with opened(sample_folder) as portfolio:
        bin_evidence(portfolio, evidence_list(portfolio, {}).ids[:3])
    return sample_folder


@pytest.fixture
def dialog(folder: Path, sample_window: StandWindow) -> BinDialog:
    del folder  # before the window
    return open_dialog(sample_window, "bin", BinDialog)


def _refs(dialog: BinDialog) -> list[str]:
    model = table(dialog).model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def _mark(dialog: BinDialog, *rows: int) -> None:
    view = table(dialog)
    view.choose([view.model().key(row) for row in rows])  # type: ignore[attr-defined] # a model of records


def test_items_come_back_and_go_again(dialog: BinDialog, sample_window: StandWindow) -> None:
    assert _refs(dialog) == ["E1", "E2", "E3"]
    _mark(dialog, 0, 2)
    button(dialog, "Bring back").click()
    sample_window.settle()
    assert _refs(dialog) == ["E2"]
    assert "2 items are back." in said(dialog)
    (undo,) = [each for each in dialog.findChildren(QPushButton) if each.text() == "Undo" and each.isVisible()]
    undo.click()
    sample_window.settle()
    assert _refs(dialog) == ["E1", "E2", "E3"]
    QTest.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    sample_window.settle()
    assert _refs(dialog) == ["E2"]


def test_deleting_asks_once_and_enter_keeps(dialog: BinDialog, sample_window: StandWindow) -> None:
    _mark(dialog, 1)
    QTest.keyClick(table(dialog), Qt.Key.Key_Delete)
    (question,) = dialog.findChildren(QuestionDialog)
    assert question.windowTitle().startswith("Delete E2 ")
    QTest.keyClick(question, Qt.Key.Key_Return)
    sample_window.settle()
    assert _refs(dialog) == ["E1", "E2", "E3"]

    button(dialog, "Empty the bin …").click()
    question = next(each for each in dialog.findChildren(QuestionDialog) if each.isVisible())
    assert "all 3 items" in question.windowTitle()
    question.buttons["Empty the bin"].click()
    sample_window.settle()
    assert _refs(dialog) == []
    assert "The bin is empty." in said(dialog)

    sample_window.session.undo()
    sample_window.settle()
    assert _refs(dialog) == ["E1", "E2", "E3"]


def test_the_bin_is_searched_and_sorted(dialog: BinDialog, sample_window: StandWindow) -> None:
    view = table(dialog)
    view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert _refs(dialog) == ["E3", "E2", "E1"]
    (field,) = dialog.findChildren(SearchField)
    field.setText(str(view.model().index(1, 1).data()))
    field.returnPressed.emit()
    sample_window.settle()
    assert _refs(dialog) == ["E2"]


def test_what_is_only_read_can_be_looked_at(folder: Path) -> None:
    window = StandWindow(folder, read_only=True)
    dialog = open_dialog(window, "bin", BinDialog)
    assert _refs(dialog) == ["E1", "E2", "E3"]
    assert [each.text() for each in dialog.findChildren(QPushButton) if each.isVisible()] == ["Close"]
    table(dialog).opened.emit()
    table(dialog).delete_pressed.emit()
    window.settle()
    assert not window.refused
    window.close()
