"""The reports that are kept can be read and copied from the window."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from portfolio_app import crash
from portfolio_app.gui.dialogs.reports import ReportsDialog
from portfolio_app.gui.tasks import Tasks


class Window(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.tasks = Tasks(self)


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReportsDialog]:
    monkeypatch.setattr(crash, "user_log_dir", lambda: tmp_path)
    window = Window()
    qtbot.addWidget(window)
    dialog = ReportsDialog(cast("Any", window))
    dialog.show()
    qtbot.waitUntil(lambda: not window.tasks.running)
    window.tasks.stop()
    yield dialog
    dialog.close()


@pytest.fixture
def two_reports(tmp_path: Path) -> None:
    for second, name in enumerate(("report-b.txt", "report-a.txt")):
        (tmp_path / name).write_text(f"from {name}", encoding="utf-8")
        os.utime(tmp_path / name, (1_700_000_000 + second, 1_700_000_000 + second))


@pytest.mark.usefixtures("two_reports")
def test_the_newest_is_shown_and_copied(dialog: ReportsDialog) -> None:
    (rows,), (text,) = dialog.findChildren(QListWidget), dialog.findChildren(QPlainTextEdit)
    assert rows.count() == 2
    assert text.toPlainText() == "from report-a.txt"
    rows.setCurrentRow(1)
    (copy,) = [button for button in dialog.findChildren(QPushButton) if button.text() == "Copy report"]
    copy.click()
    assert QGuiApplication.clipboard().text() == "from report-b.txt"


def test_without_reports_there_is_nothing_to_copy(dialog: ReportsDialog) -> None:
    (rows,) = dialog.findChildren(QListWidget)
    assert not rows.isVisible()
    assert [
        button.text() for button in dialog.findChildren(QPushButton) if button.isVisible() and button.isEnabled()
    ] == ["Close"]


@pytest.mark.usefixtures("two_reports")
def test_a_report_is_deleted_and_the_next_one_shown(dialog: ReportsDialog, tmp_path: Path) -> None:
    (rows,), (text,) = dialog.findChildren(QListWidget), dialog.findChildren(QPlainTextEdit)
    (delete,) = [button for button in dialog.findChildren(QPushButton) if button.text() == "Delete report"]
    delete.click()
    assert [path.name for path in tmp_path.iterdir()] == ["report-b.txt"]
    assert text.toPlainText() == "from report-b.txt"
    delete.click()
    assert not list(tmp_path.iterdir())
    assert not rows.isVisible()
    assert not delete.isEnabled()
