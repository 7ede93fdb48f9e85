"""What every dialog has in common: a title that is a verb, its content, and verbs on its buttons."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.widgets.basics import MutedLabel, button, press_with_enter
from portfolio_app.gui.widgets.tab_order import go_on

_EDGE: Final = 24


class DialogFrame(QDialog):
    """A dialog in the style of the house. Enter does the safe thing, Escape closes it.

    Attributes:
        body: The layout for what it holds.
    """

    def __init__(self, title: str, parent: QWidget | None = None, *, says: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        heading = QLabel(title)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setWordWrap(True)
        theme.set_role(heading, "page-title")
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._problem = QLabel()
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setWordWrap(True)
        theme.set_role(self._problem, "error")
        self._problem.hide()
        self._left = QHBoxLayout()
        self._left.setSpacing(8)
        self._right = QHBoxLayout()
        self._right.setSpacing(8)
        buttons = QHBoxLayout()
        buttons.addLayout(self._left)
        buttons.addStretch(1)
        buttons.addLayout(self._right)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, _EDGE, _EDGE, 16)
        column.setSpacing(16)
        column.addWidget(heading)
        if says:
            words = MutedLabel(says)
            words.setWordWrap(True)
            column.addWidget(words)
        column.addLayout(self.body, 1)
        column.addWidget(self._problem)
        column.addLayout(buttons)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        """Let Tab go through the dialog as it is read."""
        return go_on(self, forward=forward)

    def set_size(self, width: int, height: int) -> None:
        """Be so large at a zoom of 100 %, larger with it, and never larger than the screen."""
        scaled, screen = theme.current().scaled, self.screen().availableGeometry()
        self.resize(min(scaled(width), screen.width() - 2 * _EDGE), min(scaled(height), screen.height() - 2 * _EDGE))

    def set_edge(self, edge: int) -> None:
        """Leave less room around what it holds, where that needs all there is."""
        column = self.layout()
        if column is not None:
            column.setContentsMargins(edge, edge, edge, edge)
            column.setSpacing(edge)

    def add_button(self, text: str, role: str = "", *, icon_name: str = "", default: bool = False) -> QPushButton:
        """Put a button at the lower right, after those already there."""
        made = button(text, role, icon_name)
        made.setAutoDefault(False)
        made.setDefault(default)
        self._right.addWidget(made)
        return made

    def add_left_button(self, text: str, role: str = "", *, icon_name: str = "") -> QPushButton:
        """Put a button at the lower left: something else than the dialog's own purpose."""
        made = button(text, role, icon_name)
        made.setAutoDefault(False)
        self._left.addWidget(made)
        return made

    def add_close_button(self, text: str = "Close") -> QPushButton:
        """Put the button that closes the dialog at the lower right."""
        close = self.add_button(text)
        close.clicked.connect(self.reject)
        return close

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Let Enter press the button in focus rather than the default one."""
        if not press_with_enter(self, event):
            super().keyPressEvent(event)

    def show_problem(self, sentence: str) -> None:
        """Say what cannot be done, or nothing any more."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def show_error(self, error: BaseException) -> None:
        """Say what a service refused."""
        self.show_problem(str(error))


def form_layout() -> QFormLayout:
    """Return a layout of labels above fields, as forms of the house have them."""
    form = QFormLayout()
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    form.setVerticalSpacing(4)
    form.setContentsMargins(0, 0, 0, 0)
    return form
