"""The title of an item: a heading that is typed in, as many lines high as it needs."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from portfolio_app.domain.evidence import UNTITLED
from portfolio_app.gui import theme
from portfolio_app.gui.widgets.form.text_fields import GrowingTextEdit

_MOST_LINES = 4


class TitleText(GrowingTextEdit):
    """One line of words, broken where it is too long for the page."""

    entered = Signal()
    """Enter was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, fewest=1, most=_MOST_LINES)
        theme.set_role(self, "title")
        self.setPlaceholderText(UNTITLED)
        self.document().setDocumentMargin(2)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Tell of Enter instead of breaking the line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Paste words only, as one line."""
        if source.hasText():
            self.insertPlainText(" ".join(source.text().split()))
