"""A password that is chosen: typed twice, because nobody can recover it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.widgets.basics import MutedLabel


class NewPassword(QWidget):
    """A box to tick, and below it two fields, what is thought of the password, and what follows from losing it.

    Args:
        question: The words beside the box.
        warning: What follows from losing the password.
        shortest: Characters that it must have.
    """

    typed = Signal(str)
    """The password so far: :meth:`show_strength` says what is thought of it."""

    def __init__(self, question: str, warning: str, shortest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shortest = shortest
        self._wanted = QCheckBox(question)
        self._fields = QWidget()
        self._first = _field("Password")
        self._second = _field("The password again")
        self._shown = QCheckBox("Show what is typed")
        self._strength = MutedLabel()
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        theme.set_role(self._problem, "error")
        self._build(warning)
        self._wanted.toggled.connect(self._unfold)
        self._shown.toggled.connect(self._show_letters)
        self._first.textChanged.connect(self._has_typed)
        self._second.textChanged.connect(self._forget_problem)
        self._unfold(False)

    @property
    def password(self) -> str:
        """The password; empty where none is wanted."""
        return self._first.text() if self._wanted.isChecked() else ""

    def can_be_used(self) -> bool:
        """Return whether there is nothing to mend, and say what is, in the field where it is."""
        problem, field = self._found_wrong()
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if problem:
            field.setFocus()
            field.selectAll()
        return not problem

    def show_strength(self, words: str) -> None:
        """Say what is thought of what is typed."""
        self._strength.setText(words)
        self._strength.setVisible(bool(words))
        self._first.setAccessibleDescription(words)

    def _build(self, warning: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._wanted)
        rows = QVBoxLayout(self._fields)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        for words, field in (("Pass&word", self._first), ("The password &again", self._second)):
            label = QLabel(words)
            label.setBuddy(field)
            rows.addWidget(label)
            rows.addWidget(field)
            rows.addSpacing(4)
        rows.insertWidget(2, self._strength)
        rows.addWidget(self._problem)
        rows.addWidget(self._shown)
        rows.addWidget(MutedLabel(warning))
        column.addWidget(self._fields)

    def _found_wrong(self) -> tuple[str, QLineEdit]:
        if not self._wanted.isChecked():
            return "", self._first
        if len(self._first.text()) < self._shortest:
            return f"Type a password of at least {self._shortest} characters.", self._first
        if self._first.text() != self._second.text():
            return "The two passwords are not the same; type it again.", self._second
        return "", self._first

    def _unfold(self, wanted: bool) -> None:
        self._forget_problem()
        self._fields.setVisible(wanted)
        if wanted:
            self._first.setFocus()

    def _has_typed(self, text: str) -> None:
        self._forget_problem()
        self.show_strength("")
        self.typed.emit(text)

    def _forget_problem(self, *_text: str) -> None:
        self._problem.clear()
        self._problem.hide()

    def _show_letters(self, shown: bool) -> None:
        for field in (self._first, self._second):
            field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)


def _field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    return field
