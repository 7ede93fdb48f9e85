"""Making something to do of what is missing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame, form_layout
from portfolio_app.gui.widgets.due_field import DueField
from portfolio_app.services.text_input import LONGEST_LINE, shortened


class ActionFromGapDialog(DialogFrame):
    """Asks for the words, which are those of the gap unless they are changed, and the day it is due."""

    action_given = Signal(str, object)
    """The words, and the day or ``None``."""

    def __init__(self, message: str, parent: QWidget | None = None) -> None:
        super().__init__(
            "Make an action", parent, says="It joins your things to do (Ctrl+T). The gap stays until it is mended."
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._text = QLineEdit(shortened(message))
        self._text.setMaxLength(LONGEST_LINE)
        self._text.setCursorPosition(0)
        self._text.textChanged.connect(self._follow)
        self._due = DueField()
        form = form_layout()
        form.addRow("&What is to be done", self._text)
        form.addRow("&By when", self._due)
        self.body.addLayout(form)
        self.body.addStretch(1)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self._make = self.add_button("Make the action", "primary", default=True)
        self._make.clicked.connect(self._give)
        self.resize(theme.current().scaled(560), self.sizeHint().height())
        self._text.setFocus()

    def _follow(self, text: str) -> None:
        self._make.setEnabled(bool(text.strip()))

    def _give(self) -> None:
        self.accept()
        self.action_given.emit(self._text.text().strip(), self._due.day())
