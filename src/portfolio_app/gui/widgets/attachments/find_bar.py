"""A line to search in: the words, how many there are, on to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QWidget

from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import MutedLabel, SearchField, icon_button


class FindBar(QWidget):
    """Enter goes to the next place, Shift+Enter to the one before, Escape closes."""

    searched = Signal(str)
    stepped = Signal(int)
    """1 for the next place, -1 for the one before."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = SearchField("Find in this file")
        self._told = MutedLabel()
        self._told.setWordWrap(False)
        before, after = icon_button("chevron-up", "Previous place"), icon_button("chevron-down", "Next place")
        close = icon_button("x", "Close the search")
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.S8, Space.S4, Space.S8, Space.S4)
        row.setSpacing(Space.S4)
        row.addWidget(self.field, 1)
        row.addSpacing(Space.S4)
        row.addWidget(self._told)
        for widget in (before, after, close):
            row.addWidget(widget)
        self.field.searched.connect(self._search)
        before.clicked.connect(self._to_previous)
        after.clicked.connect(self._to_next)
        close.clicked.connect(self.dismiss)
        self._searched = ""
        self._given: tuple[str, tuple[str, ...]] = ("", ())

    @property
    def wanted(self) -> tuple[str, ...]:
        """What is looked for: what was typed, as it is, or any of the words that were given."""
        text, words = self._given
        typed = self.field.text()
        return words if words and typed == text else tuple(filter(str.strip, (typed,)))

    @property
    def wants_whole_words(self) -> bool:
        """Whether parts of words do not count: they do in what is typed, which may be unfinished."""
        return bool(self._given[1]) and self.field.text() == self._given[0]

    def look_for(self, words: Sequence[str]) -> None:
        """Show the line and look for any of some words; the keyboard stays where it is."""
        self._given = " ".join(words), tuple(words)
        self._searched = ""
        self.show()
        self.field.setText(self._given[0])
        self.field.search_now()

    def open(self, text: str = "") -> None:
        """Show the line, with words to search for if any are given."""
        self.show()
        if text:
            self.field.setText(text)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        if self.field.text():
            self.field.search_now()

    def tell(self, text: str) -> None:
        """Say how the search goes: "3 of 17"."""
        self._told.setText(text)

    def dismiss(self) -> None:
        """Close the line and forget the search."""
        self.hide()
        self._searched = ""
        self.tell("")
        self.closed.emit()

    def _search(self, text: str) -> None:
        if self.isHidden():
            return
        if text == self._searched and text:
            self.stepped.emit(1)
        else:
            self._searched = text
            self.searched.emit(text)

    def _to_previous(self) -> None:
        self.stepped.emit(-1)

    def _to_next(self) -> None:
        self.stepped.emit(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Step back on Shift+Enter, close on Escape."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif enter and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.stepped.emit(-1)
        elif not enter:
            super().keyPressEvent(event)


def words_pattern(words: Sequence[str], *, whole: bool = True) -> QRegularExpression:
    """Return a pattern for any of some words, whatever their case; ``whole`` ones, or within others as well."""
    either = "|".join(map(QRegularExpression.escape, words))
    options = QRegularExpression.PatternOption
    return QRegularExpression(
        rf"\b(?:{either})\b" if whole else either,
        options.CaseInsensitiveOption | options.UseUnicodePropertiesOption,
    )


def is_find_key(event: QKeyEvent) -> bool:
    """Say whether a key searches: Ctrl+F, F3, Shift+F3, or what the system has for them."""
    keys = QKeySequence.StandardKey
    return any(event.matches(key) for key in (keys.Find, keys.FindNext, keys.FindPrevious))
