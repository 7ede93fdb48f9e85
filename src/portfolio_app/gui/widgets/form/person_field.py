"""A name, with those that the portfolio knows offered while typing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from portfolio_app.domain.evidence import FieldDefinition
from portfolio_app.gui.widgets.form.text_fields import LineEditor


class KnownWords(QStringListModel):
    """Words that many fields offer while typing, kept in one list."""

    def set_words(self, words: Sequence[str]) -> None:
        """Offer other words."""
        found = sorted(dict.fromkeys(words), key=str.casefold)
        if found != self.stringList():
            self.setStringList(found)


def complete(line: QLineEdit, words: KnownWords) -> QCompleter:
    """Let a line offer known words that contain what is typed; any other is taken as well."""
    completer = QCompleter(words, line)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    line.setCompleter(completer)
    return completer


class PersonEditor(LineEditor):
    """The name of a person; a new name is as good as a known one."""

    def __init__(self, definition: FieldDefinition, people: KnownWords, parent: QWidget | None = None) -> None:
        super().__init__(definition, parent)
        self.line.setPlaceholderText("Name, or role where names are confidential")
        complete(self.line, people).activated.connect(self._chosen)

    def _chosen(self) -> None:
        self._touched()
