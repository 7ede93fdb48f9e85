"""Things to do: noted, changed, ticked and removed, with what is overdue said in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTreeWidget, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.domain.claims import Verdict
from portfolio_app.gui import places
from portfolio_app.gui.dialogs.actions import ActionsDialog
from portfolio_app.services.action_list import PlacedAction, action_list
from portfolio_app.services.actions import add_action
from portfolio_app.services.decisions import decide


class Window(QWidget):
    def __init__(self, session: OpenSession, navigator: RecordingNavigator) -> None:
        super().__init__()
        self.session = session
        self.go = navigator.go
        self.toast = navigator.toast
        self.message = navigator.message


@pytest.fixture
def dialog(qtbot: QtBot, sample_session: OpenSession, navigator: RecordingNavigator) -> Iterator[ActionsDialog]:
    today = datetime.now().astimezone().date()
    sample_session.edit(add_action, "Ring the bank", due=today - timedelta(days=3), evidence_ref="E3")
    sample_session.edit(decide, "U3/MP5", Verdict.NOT_YET_MET, "David Okafor", "Say more about costs")
    sample_session.settle()
    window = Window(sample_session, navigator)
    qtbot.addWidget(window)
    dialog = ActionsDialog(cast("Any", window))
    dialog.show()
    qtbot.waitExposed(dialog)
    sample_session.settle()
    yield dialog
    dialog.close()


def _settle(dialog: ActionsDialog) -> None:
    session = dialog._session
    assert isinstance(session, OpenSession)
    session.settle()
    assert session.refused == []


def _tree(dialog: ActionsDialog) -> QTreeWidget:
    (tree,) = dialog.findChildren(QTreeWidget)
    return tree


def _row(dialog: ActionsDialog, text: str) -> QTreeWidgetItem:
    flags = Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive
    (item,) = _tree(dialog).findItems(text, flags)
    return item


def _stored(dialog: ActionsDialog) -> dict[str, PlacedAction]:
    found: list[PlacedAction] = []
    dialog._session.read(action_list, done=found.extend)
    _settle(dialog)
    return {placed.action.text: placed for placed in found}


def test_what_is_overdue_comes_first_and_says_so(dialog: ActionsDialog) -> None:
    first = _tree(dialog).topLevelItem(0)
    assert first is not None
    assert first.text(0) == "Ring the bank"
    assert first.text(1).startswith("overdue since ")
    assert first.text(2) == "E3"
    assert "overdue since" in first.data(0, Qt.ItemDataRole.AccessibleTextRole)


def test_one_is_noted_with_enter_and_changed_below(dialog: ActionsDialog) -> None:
    QTest.keyClicks(dialog._new, "Print the rota")
    dialog._new_due._has_day.setChecked(True)
    due = dialog._new_due.day()
    QTest.keyClick(dialog._new, Qt.Key.Key_Return)
    _settle(dialog)
    assert _stored(dialog)["Print the rota"].action.due == due
    assert dialog._new.text() == ""
    assert _tree(dialog).currentItem() is _row(dialog, "Print the rota")
    dialog._text.setFocus()
    dialog._text.selectAll()
    QTest.keyClicks(dialog._text, "Print the new rota")
    QTest.keyClick(dialog._text, Qt.Key.Key_Return)
    dialog._due._has_day.setChecked(False)
    _settle(dialog)
    assert _stored(dialog)["Print the new rota"].action.due is None
    assert "Print the rota" not in _stored(dialog)


def test_what_is_typed_is_saved_when_another_is_chosen_or_the_dialog_closed(dialog: ActionsDialog) -> None:
    _tree(dialog).setCurrentItem(_row(dialog, "Ring the bank"))
    QTest.keyClicks(dialog._text, "Now: ")
    _tree(dialog).setCurrentItem(_row(dialog, "Say more about costs"))
    _settle(dialog)
    assert any("Now:" in text for text in _stored(dialog))
    QTest.keyClicks(dialog._text, "Soon: ")
    dialog.accept()
    _settle(dialog)
    assert any("Soon:" in text for text in _stored(dialog))


def test_ticking_moves_it_to_what_is_done_and_back(dialog: ActionsDialog) -> None:
    _row(dialog, "Ring the bank").setCheckState(0, Qt.CheckState.Checked)
    _settle(dialog)
    item = _row(dialog, "Ring the bank")
    heading = item.parent()
    assert heading is not None
    assert heading.text(0).startswith("Done (")
    assert not heading.isExpanded()
    assert item.text(1).startswith("done ")
    item.setCheckState(0, Qt.CheckState.Unchecked)
    _settle(dialog)
    assert _row(dialog, "Ring the bank").parent() is None


def test_what_is_removed_comes_back_by_the_button_that_says_so(dialog: ActionsDialog) -> None:
    _tree(dialog).setCurrentItem(_row(dialog, "Ring the bank"))
    QTest.keyClick(_tree(dialog), Qt.Key.Key_Delete)
    _settle(dialog)
    assert "Ring the bank" not in _stored(dialog)
    (undo,) = [each for each in dialog.findChildren(QPushButton) if each.text() == "Undo" and each.isVisible()]
    undo.click()
    _settle(dialog)
    assert "Ring the bank" in _stored(dialog)


def test_the_link_leads_to_where_it_came_from(dialog: ActionsDialog, navigator: RecordingNavigator) -> None:
    item = _row(dialog, "Say more about costs")
    _tree(dialog).setCurrentItem(item)
    assert dialog._source.text() == "David Okafor: not yet met · U3/MP5"
    placed = _stored(dialog)[item.text(0)]
    dialog._source.click()
    assert [(place.page, place.requirement_id) for place in navigator.places] == [
        (places.FEEDBACK, placed.action.requirement_id)
    ]
    assert not dialog.isVisible()


def test_a_portfolio_without_anything_to_do_says_so(
    qtbot: QtBot, empty_session: OpenSession, navigator: RecordingNavigator
) -> None:
    window = Window(empty_session, navigator)
    qtbot.addWidget(window)
    dialog = ActionsDialog(cast("Any", window))
    dialog.show()
    empty_session.settle()
    assert dialog._none.isVisible()
    assert not _tree(dialog).isVisible()
    dialog.close()
