"""Asking before something is done that cannot be seen to be harmless."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame

_WIDTH = 480


class QuestionDialog(DialogFrame):
    """A question, what follows from the answer, and a verb for each answer; Enter and Escape change nothing.

    Args:
        question: The question, or what is about to be done.
        says: What follows from it.
        answers: The verbs by which it is done; ``answered`` brings the one that was pressed.
        parent: The widget that it is asked over.
        no: The verb by which nothing is done.
        danger: Whether something is lost by it.
    """

    answered = Signal(str)

    def __init__(
        self, question: str, says: str, *answers: str, parent: QWidget, no: str = "Cancel", danger: bool = False
    ) -> None:
        super().__init__(question, parent, says=says)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.buttons: dict[str, QPushButton] = {}
        for answer in answers:
            made = self.add_button(answer, "danger" if danger else "")
            made.clicked.connect(self._answer)
            self.buttons[answer] = made
        self.no = self.add_button(no, "primary", default=True)
        self.no.clicked.connect(self.reject)
        self.no.setFocus()
        self.setMinimumWidth(theme.current().scaled(_WIDTH))

    def _answer(self) -> None:
        pressed = self.sender()
        self.accept()
        self.answered.emit(next(text for text, made in self.buttons.items() if made is pressed))
