"""The keyboard in every dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from portfolio_app.gui.dialogs.frame import DialogFrame


def test_enter_presses_the_button_in_focus_and_the_default_one_only_from_a_field(qtbot: QtBot) -> None:
    dialog = DialogFrame("Make something")
    qtbot.addWidget(dialog)
    field = QLineEdit()
    dialog.body.addWidget(field)
    cancel = dialog.add_button("Cancel")
    cancel.clicked.connect(dialog.reject)
    make = dialog.add_button("Make", "primary", default=True)
    made: list[bool] = []
    make.clicked.connect(lambda: made.append(True))
    dialog.show()
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert len(made) == 1
    assert dialog.isVisible()
    cancel.setFocus()
    QTest.keyClick(cancel, Qt.Key.Key_Return)
    assert len(made) == 1
    assert not dialog.isVisible()
