"""Finding the parts of a dialog as a user does: by what is written on them."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget
from tests.gui.stand import StandWindow

from portfolio_app.gui.widgets.record_table import RecordTable

Found = TypeVar("Found", bound=QDialog)


def open_dialog(window: StandWindow, action: str, kind: type[Found]) -> Found:
    """Run an action and return the dialog that it opened, with everything loaded."""
    window.run_action(action)
    window.settle()
    (dialog,) = [each for each in window.findChildren(kind) if each.isVisible()]
    return dialog


def button(parent: QWidget, text: str) -> QPushButton:
    """Return the button with this text."""
    (found,) = [each for each in parent.findChildren(QPushButton) if each.text().replace("&", "") == text]
    return found


def table(parent: QWidget) -> RecordTable[Any]:
    """Return the table of a dialog that has one."""
    (found,) = parent.findChildren(RecordTable)
    return found


def field(parent: QWidget, label: str) -> QWidget:
    """Return the field that a label belongs to."""
    (found,) = [each.buddy() for each in parent.findChildren(QLabel) if each.text().replace("&", "") == label]
    assert isinstance(found, QWidget)
    return found


def said(parent: QWidget) -> list[str]:
    """Return every sentence that can be read now."""
    return [label.text() for label in parent.findChildren(QLabel) if label.isVisible() and label.text()]
