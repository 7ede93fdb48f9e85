"""Toasts and messages: they say what was done and are never in the way."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from portfolio_app.gui.notices import Toast


def test_a_toast_covers_no_button_that_is_seen(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(600, 500)
    column = QVBoxLayout(page)
    area = QScrollArea()
    inner = QWidget()
    rows = QVBoxLayout(inner)
    for number in range(40):
        rows.addWidget(QPushButton(f"Out of sight {number}"))
    area.setWidget(inner)
    area.setMaximumHeight(120)
    column.addWidget(area)
    column.addStretch(1)
    buttons = [QPushButton("Copy"), QPushButton("Quote for …")]
    for button in buttons:
        column.addWidget(button)
    toast = Toast(page)
    page.show()
    toast.show_text("Moved to the bin.", undo=True)
    for height in (500, 300):
        page.resize(600, height)
        covered = [QRect(button.mapTo(page, QPoint(0, 0)), button.size()) for button in buttons]
        assert not any(toast.geometry().intersects(button) for button in covered)
        assert toast.y() > height // 2
    for button in buttons:
        button.hide()
    toast.show_text("Moved to the bin.", undo=True)
    assert toast.geometry().bottom() == page.height() - 21
