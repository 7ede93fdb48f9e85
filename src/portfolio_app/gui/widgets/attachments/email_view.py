"""An e-mail to read: who, to whom, when, what about; its words; the files in it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.attachments.text_view import TextView
from portfolio_app.gui.widgets.basics import IconLabel, clear_layout, hairline
from portfolio_app.gui.widgets.focus_passing import FocusPassing
from portfolio_app.services.attachment_previews import EmailPreview, size_in_words

_MOST_FILES_NAMED = 8


class EmailView(FocusPassing):
    """Shows an e-mail without fetching anything it refers to."""

    selection_changed = Signal(bool)
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject = _value()
        theme.set_role(self._subject, "section-title")
        self._head = QFormLayout()
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head.setHorizontalSpacing(Space.S12)
        self._head.setVerticalSpacing(Space.S4)
        self._head.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._head.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._files = QVBoxLayout()
        self._files.setSpacing(Space.S4)
        self.body = TextView()
        self.body.setAccessibleName("Text of the e-mail")
        self.set_entry(self.body)
        top = QVBoxLayout()
        top.setContentsMargins(Space.S16, Space.S12, Space.S16, Space.S12)
        top.setSpacing(Space.S8)
        top.addWidget(self._subject)
        top.addLayout(self._head)
        top.addLayout(self._files)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(hairline())
        column.addWidget(self.body, 1)
        self.body.selection_changed.connect(self.selection_changed)
        self.body.menu_wanted.connect(self.menu_wanted)

    def set_email(self, email: EmailPreview) -> None:
        """Show an e-mail."""
        self._subject.setText(email.subject or "(no subject)")
        while self._head.rowCount():
            self._head.removeRow(0)
        rows = (("From", email.sender), ("To", email.recipients), ("Copy to", email.copied), ("Sent", email.date))
        for label, text in rows:
            if text:
                name = QLabel(label)
                theme.set_role(name, "muted")
                value = _value()
                value.setText(text)
                value.setAccessibleName(f"{label}: {text}")
                self._head.addRow(name, value)
        clear_layout(self._files)
        for part in email.files[:_MOST_FILES_NAMED]:
            self._add_file(f"{part.name} ({size_in_words(part.size)})" if part.size else part.name)
        if len(email.files) > _MOST_FILES_NAMED:
            self._add_file(f"and {len(email.files) - _MOST_FILES_NAMED} more")
        if email.html:
            self.body.set_html(email.html)
        else:
            self.body.set_text(email.text or "This e-mail has no text.")

    @property
    def has_selection(self) -> bool:
        """Whether any text is selected."""
        return self.body.has_selection

    def selected_text(self) -> tuple[str, str]:
        """Return what is selected; an e-mail has no pages."""
        return self.body.selected_text()

    def select_whole_words(self) -> None:
        """Take in the rest of words of which only a part is selected."""
        self.body.select_whole_words()

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        self.body.copy()

    def select_all(self) -> None:
        """Select the whole text."""
        self.body.select_all()

    def _add_file(self, text: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.S8)
        row.addWidget(IconLabel("paperclip"), 0, Qt.AlignmentFlag.AlignTop)
        label = _value()
        label.setText(text)
        row.addWidget(label, 1)
        self._files.addLayout(row)


def _value() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label
