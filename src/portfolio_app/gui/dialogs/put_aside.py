"""Asking why something that is missing can be put aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from portfolio_app.domain.gaps import Gap
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame

_LINES: Final = 3
_CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_MOST_NAMED: Final = 3


class PutAsideDialog(DialogFrame):
    """Names what is to be put aside and asks for the reason, which stays with it."""

    reason_given = Signal(str)

    def __init__(self, gaps: Sequence[Gap], parent: QWidget | None = None) -> None:
        count = len(gaps)
        super().__init__(
            "Put aside" if count == 1 else f"Put {count:,} aside",
            parent,
            says="It no longer counts as a gap, and can be brought back at any time. The reason stays with it.",
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for gap in gaps[:_MOST_NAMED]:
            self.body.addWidget(_sentence(gap.message))
        if count > _MOST_NAMED:
            self.body.addWidget(_sentence(f"… and {count - _MOST_NAMED:,} more"))
        self._reason = QPlainTextEdit()
        self._reason.setTabChangesFocus(True)
        self._reason.setPlaceholderText("For example: agreed with my assessor on 3 March")
        self._reason.setFixedHeight(self._reason.fontMetrics().lineSpacing() * _LINES + 18)
        self._reason.setAccessibleName("Why it can be put aside")
        self._reason.textChanged.connect(self._follow)
        label = QLabel("&Why it can be put aside")
        label.setBuddy(self._reason)
        self.body.addWidget(label)
        self.body.addWidget(self._reason)
        self.body.addStretch(1)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self._put = self.add_button("Put aside", "primary", default=True)
        self._put.setEnabled(False)
        self._put.clicked.connect(self._give)
        self.resize(theme.current().scaled(520), self.sizeHint().height())
        self._reason.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Put aside on Ctrl+Enter: Enter alone begins a new line of the reason."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & _CONTROL:
            self._give()
        else:
            super().keyPressEvent(event)

    def _follow(self) -> None:
        self._put.setEnabled(bool(self._reason.toPlainText().strip()))

    def _give(self) -> None:
        reason = self._reason.toPlainText().strip()
        if reason:
            self.accept()
            self.reason_given.emit(reason)


def _sentence(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
