"""Choosing a kind by typing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession

from portfolio_app.gui.dialogs.choose_kind import ChooseKindDialog


@pytest.mark.parametrize(("typed", "kind_id"), [("plan", "plan"), ("witness", "witness-testimony")])
def test_enter_takes_the_kind_whose_name_was_begun(
    empty_session: OpenSession, qtbot: QtBot, typed: str, kind_id: str
) -> None:
    dialog = ChooseKindDialog(empty_session.kinds, "New evidence")
    qtbot.addWidget(dialog)
    dialog.show()
    chosen: list[str] = []
    dialog.chosen.connect(chosen.append)
    field = dialog.findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert chosen == [kind_id]
