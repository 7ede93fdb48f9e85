"""The About dialog: the version to copy, and every licence to read."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from portfolio_app.crash import program_version
from portfolio_app.gui.dialogs.about import AboutDialog
from portfolio_app.gui.tasks import Tasks


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.tasks = Tasks(self)


def test_the_parts_can_be_read_and_the_versions_copied(qtbot: QtBot) -> None:
    window = Window()
    qtbot.addWidget(window)
    dialog = AboutDialog(cast("Any", window))
    qtbot.addWidget(dialog)
    (parts,), (text,) = dialog.findChildren(QListWidget), dialog.findChildren(QPlainTextEdit)
    qtbot.waitUntil(lambda: parts.count() > 20)
    assert parts.item(0).text() == f"Portfolio App {program_version()}"
    assert "MIT" in text.toPlainText()
    (row,) = [row for row in range(parts.count()) if parts.item(row).text().startswith("Noto")]
    parts.setCurrentRow(row)
    assert "SIL OPEN FONT LICENSE" in text.toPlainText()

    (copy,) = [button for button in dialog.findChildren(QPushButton) if button.text().startswith("Copy")]
    copy.click()
    copied = QGuiApplication.clipboard().text()
    assert f"Portfolio App {program_version()} · Python " in copied
    assert "SQLAlchemy" in copied
    window.tasks.stop()


def test_it_may_be_closed_before_the_licences_are_found(qtbot: QtBot) -> None:
    window = Window()
    qtbot.addWidget(window)
    dialog = AboutDialog(cast("Any", window))
    dialog.deleteLater()
    qtbot.waitUntil(lambda: not window.tasks.running)
    window.tasks.stop()
