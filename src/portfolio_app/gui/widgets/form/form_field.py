"""One field of a form: its label, what helps to fill it in, the editor, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.icons import set_icon
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import ElidedLabel, MutedLabel
from portfolio_app.gui.widgets.form.value_editor import ValueEditor

_WIDEST_HELP = 640


class Prompts(QWidget):
    """Questions that help to write, behind a line that unfolds them."""

    def __init__(self, prompts: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.toggle = QToolButton()
        self.toggle.setText("Questions that help")
        self.toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggle.setCheckable(True)
        self.toggle.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.set_role(self.toggle, "quiet")
        self.toggle.toggled.connect(self._unfold)
        self.questions = QLabel("\n".join(f"•  {prompt}" for prompt in prompts))
        self.questions.setTextFormat(Qt.TextFormat.PlainText)
        self.questions.setWordWrap(True)
        self.questions.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.questions.setContentsMargins(Space.S24, 0, 0, Space.S4)
        theme.set_role(self.questions, "help")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.questions)
        self._unfold(False)

    def _unfold(self, unfolded: bool) -> None:
        set_icon(self.toggle, "chevron-down" if unfolded else "chevron-right", colour="muted")
        self.questions.setVisible(unfolded)


class FormField(QWidget):
    """A label above an editor, with help, questions, and the editor's problem below it.

    Args:
        editor: The editor.
        label: Its name.
        help_text: What to put in, in a sentence.
        required: Whether it is needed; that is said until something is there.
        prompts: Questions that help to write.
    """

    def __init__(
        self,
        editor: ValueEditor,
        label: str,
        help_text: str = "",
        parent: QWidget | None = None,
        *,
        required: bool = False,
        prompts: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._required = required
        self.label = ElidedLabel(label)
        self.label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.label.setBuddy(editor)
        theme.set_role(self.label, "field")
        self.needed = QLabel("needed")
        theme.set_role(self.needed, "muted")
        top = QHBoxLayout()
        top.setSpacing(Space.S8)
        top.addWidget(self.label)
        top.addWidget(self.needed, 0, Qt.AlignmentFlag.AlignBottom)
        top.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S4)
        self._column.addLayout(top)
        if help_text:
            words = MutedLabel(help_text)
            words.setTextFormat(Qt.TextFormat.PlainText)
            self._column.addWidget(words)
        self.prompts = Prompts(prompts) if prompts else None
        if self.prompts:
            self._column.addWidget(self.prompts)
        self._column.addWidget(editor)
        self.message = QLabel()
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.hide()
        theme.set_role(self.message, "error")
        self._column.addWidget(self.message)
        hints = [help_text, "Needed." if required else ""]
        editor.setAccessibleName(label)
        editor.setAccessibleDescription(" ".join(hint for hint in hints if hint))
        if editor.entry is not None:
            editor.entry.setAccessibleDescription(editor.accessibleDescription())
        editor.problem_changed.connect(self._show_problem)
        editor.edited.connect(self.refresh_needed)
        self.refresh_needed()

    def refresh_needed(self) -> None:
        """Say that the field is needed while nothing is in it."""
        self.needed.setVisible(self._required and self.editor.is_empty())

    def _show_problem(self, sentence: str) -> None:
        self.message.setText(f"✗ {sentence}" if sentence else "")
        self.message.setVisible(bool(sentence))
