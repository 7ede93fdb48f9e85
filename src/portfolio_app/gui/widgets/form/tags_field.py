"""Tags: words to find items by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import FlowLayout, icon_button
from portfolio_app.gui.widgets.form.person_field import KnownWords, complete
from portfolio_app.gui.widgets.form.value_editor import ValueEditor
from portfolio_app.services.evidence_given import tidy_tags
from portfolio_app.services.text_input import line as one_line

_LINE_WIDTH = 150


class _Chip(QFrame):
    """One tag, and its cross. It takes the focus: Delete removes it, the arrow keys go to its neighbours."""

    removed = Signal(str)
    stepped = Signal(int)

    def __init__(self, tag: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tag = tag
        theme.set_role(self, "chip")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"Tag {tag}. Delete removes it.")
        words = QLabel(tag)
        words.setTextFormat(Qt.TextFormat.PlainText)
        self.cross: QToolButton = icon_button("x", f"Remove the tag {tag}", size=12)
        self.cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cross.clicked.connect(self._remove)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.S8, 1, 2, 1)
        row.setSpacing(0)
        row.addWidget(words)
        row.addWidget(self.cross)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Remove the tag, or go to a neighbour."""
        match event.key():
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self._remove()
            case Qt.Key.Key_Left:
                self.stepped.emit(-1)
            case Qt.Key.Key_Right:
                self.stepped.emit(1)
            case _:
                super().keyPressEvent(event)

    def _remove(self) -> None:
        self.removed.emit(self.tag)


class TagsField(ValueEditor):
    """Tags as chips, and a line for more: Enter or a comma ends a tag. The value is a tuple of words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tags: list[str] = []
        self._chips: list[_Chip] = []
        self._known = KnownWords(self)
        self.line = QLineEdit()
        self.line.setPlaceholderText("Add a tag")
        self.line.setAccessibleName("Add a tag")
        self.line.textEdited.connect(self._typed)
        self.line.returnPressed.connect(self._enter)
        # The chosen word is put into the line after this signal, so that the line is read a moment later.
        complete(self.line, self._known).activated.connect(self._completed)
        self._taking = QTimer(self)
        self._taking.setSingleShot(True)
        self._taking.setInterval(0)
        self._taking.timeout.connect(self._enter)
        self._watch(self.line)
        self.set_entry(self.line)
        self._flow = FlowLayout(self, gap=6)
        self._flow.addWidget(self.line)
        theme.notifier().changed.connect(self._size)
        self._size()

    def set_known_tags(self, tags: Sequence[str]) -> None:
        """Offer these while typing."""
        self._known.set_words(tags)

    def value(self) -> tuple[str, ...]:
        """Return the tags, one that is being typed too."""
        return tidy_tags([*self._tags, *self._in_line()])

    def problem(self) -> str:
        """Return why what is typed cannot be a tag: it is too long."""
        try:
            one_line(self.line.text(), "The tag")
        except InvalidInput as error:
            return str(error)
        return ""

    def has_unstored(self) -> bool:
        """Whether what is typed is no tag."""
        return bool(self.problem())

    def flush(self) -> None:
        """Make chips of what is typed, and give the tags on."""
        self._take_line()
        super().flush()

    def set_read_only(self, read_only: bool) -> None:
        """Let the tags be read but not changed."""
        super().set_read_only(read_only)
        self.line.setVisible(not read_only)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Let Backspace at the beginning of the line take the last tag in hand."""
        if (
            watched is self.line
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in {Qt.Key.Key_Backspace, Qt.Key.Key_Left}
            and self.line.cursorPosition() == 0
            and not self.line.hasSelectedText()
            and self._chips
        ):
            self._chips[-1].setFocus()
            return True
        return super().eventFilter(watched, event)

    def _load(self, value: Any, *, anew: bool) -> None:
        self._show(value or ())
        if anew:
            self.line.clear()

    def _show(self, tags: Sequence[str]) -> None:
        self._tags = list(tags)
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for place, tag in enumerate(self._tags):
            chip = _Chip(tag, self)
            chip.removed.connect(self._remove)
            chip.stepped.connect(self._step)
            self._watch(chip)
            self._flow.insert_widget(place, chip)
            self._chips.append(chip)

    def _in_line(self) -> list[str]:
        found: list[str] = []
        for piece in self.line.text().split(","):
            try:
                found += [tag for tag in [one_line(piece, "The tag")] if tag]
            except InvalidInput:
                continue
        return found

    def _take_line(self) -> None:
        if self.line.text().strip() and not self.problem():
            tags = self.value()
            self.line.clear()
            self._show(tags)

    def _typed(self, text: str) -> None:
        if text.endswith(",") and not self.problem():
            self._take_line()
        self._touched()

    def _enter(self) -> None:
        if self.line.text().strip():
            self._touched_for_good()

    def _completed(self) -> None:
        self._taking.start()

    def _remove(self, tag: str) -> None:
        place = self._tags.index(tag)
        self._show([other for other in self._tags if other != tag])
        target: QWidget = self._chips[min(place, len(self._chips) - 1)] if self._chips else self.line
        target.setFocus()
        self._touched_for_good()

    def _step(self, by: int) -> None:
        place = next((place for place, chip in enumerate(self._chips) if chip.hasFocus()), -1) + by
        if place >= len(self._chips):
            self.line.setFocus()
        elif place >= 0:
            self._chips[place].setFocus()

    def _size(self) -> None:
        self.line.setFixedWidth(theme.current().scaled(_LINE_WIDTH))
