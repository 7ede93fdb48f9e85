"""A page that is read from top to bottom: one column, no wider than lines can be followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space

_WIDEST: Final = 720


class Sheet(QScrollArea):
    """A column of parts that scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        content = QWidget()
        self._column = QWidget(content)
        self._column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(content)
        row.setContentsMargins(Space.S24, Space.S24, Space.S24, Space.S24)
        row.addWidget(self._column, 1000)
        row.addStretch(1)
        self._parts = QVBoxLayout(self._column)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(Space.S12)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        theme.notifier().changed.connect(self._set_width)
        self._set_width()

    def set_parts(self, parts: Sequence[QWidget]) -> None:
        """Put these parts below each other; called once."""
        for part in parts:
            self._parts.addWidget(part)
        self._parts.addStretch(1)

    def _set_width(self) -> None:
        self._column.setMaximumWidth(theme.current().scaled(_WIDEST))


def plain_label(role: str = "") -> QLabel:
    """Return a label whose words wrap and can be copied."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        theme.set_role(label, role)
    return label
