"""A line of text and a text of several lines."""

from __future__ import annotations

from math import ceil
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import FieldDefinition
from portfolio_app.gui import theme
from portfolio_app.gui.models.table_rows import problem_of, stored_text
from portfolio_app.gui.widgets.form.scrolling import make_room, make_room_soon
from portfolio_app.gui.widgets.form.text_change import change_line, change_text
from portfolio_app.gui.widgets.form.value_editor import ValueEditor

_FEWEST_LINES, _MOST_LINES = 3, 12
_NUMBER_WIDTH = 180


class LineEditor(ValueEditor):
    """One line: a text, a number as it was typed, a name."""

    def __init__(
        self,
        definition: FieldDefinition,
        parent: QWidget | None = None,
        *,
        line: QLineEdit | None = None,
        body: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.definition = definition
        self.line = line or QLineEdit()
        self.line.setAccessibleName(definition.label)
        self.line.textEdited.connect(self._typed)
        self.line.returnPressed.connect(self.flush)
        self.set_entry(self.line)
        self._watch(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(body or self.line)

    def value(self) -> Any:
        """Return the text as it is stored."""
        try:
            return stored_text(self.definition, self.line.text())
        except InvalidInput:
            return self._latest() or ""

    def problem(self) -> str:
        """Return why the text does not fit the field."""
        return problem_of(self.definition, self.line.text())

    def has_unstored(self) -> bool:
        """Whether the text is none, or too long."""
        return not _can_be_stored(self.definition, self.line.text())

    def draft(self) -> object:
        """Return a text that is too long."""
        return self.line.text() if self.has_unstored() else None

    def restore(self, draft: object) -> None:
        """Show it again, and why it is not saved."""
        if isinstance(draft, str):
            self.line.setText(draft)
            self._show_problem(self._hint())

    def is_empty(self) -> bool:
        """Whether nothing stands in the line."""
        return not self.line.text().strip()

    def set_read_only(self, read_only: bool) -> None:
        """Let the text be read and copied but not changed."""
        self.line.setReadOnly(read_only)

    def _load(self, value: Any, *, anew: bool) -> None:
        if anew:
            self.line.setText(value)
            self.line.setCursorPosition(0)
        else:
            change_line(self.line, value)

    def _typed(self) -> None:
        self._touched()

    def _show_problem(self, sentence: str) -> None:
        theme.set_state(self.line, "invalid", bool(sentence))
        self.line.setAccessibleDescription(sentence)
        super()._show_problem(sentence)


class NumberEditor(LineEditor):
    """A figure as it was typed: "£1,200", "94%", "4m 10s"."""

    def __init__(self, definition: FieldDefinition, parent: QWidget | None = None) -> None:
        super().__init__(definition, parent)
        theme.notifier().changed.connect(self._size)
        self._size()

    def _size(self) -> None:
        self.line.setMaximumWidth(theme.current().scaled(_NUMBER_WIDTH))


class GrowingTextEdit(QTextEdit):
    """Plain text that is as high as its words, within limits; Tab leaves it."""

    def __init__(self, parent: QWidget | None = None, fewest: int = _FEWEST_LINES, most: int = _MOST_LINES) -> None:
        super().__init__(parent)
        self._fewest, self._most = fewest, most
        self._resizing = False
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """Return the width that Qt thinks and the height of the words."""
        return QSize(super().sizeHint().width(), self._wanted_height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """Return the least width and the height of the words."""
        return QSize(80, self._wanted_height())

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's
        """Paste words only, with line ends made the same."""
        if source.hasText():
            self.insertPlainText(source.text().replace("\r\n", "\n").replace("\r", "\n"))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's
        """Fit again in another type size."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Fit again at another width."""
        self._resizing = True
        super().resizeEvent(event)
        self._fit()
        self._resizing = False

    def _grow(self) -> None:
        before = self.height()
        self._fit()
        if self.height() == before:
            return
        if self._resizing:
            make_room_soon(self)
        else:
            make_room(self)

    def _fit(self) -> None:
        wanted = self._wanted_height()
        longer = self._words_height() > wanted
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if longer else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if self.verticalScrollBarPolicy() != policy:
            self.setVerticalScrollBarPolicy(policy)
        if self.minimumHeight() != wanted or self.maximumHeight() != wanted:
            self.setFixedHeight(wanted)

    def _wanted_height(self) -> int:
        line = ceil(QFontMetricsF(self.font()).height())
        frame = self._frame()
        least, most = (line * lines + frame for lines in (self._fewest, self._most))
        return min(max(self._words_height(), least), most)

    def _words_height(self) -> int:
        return round(self.document().size().height() - 2 * self.document().documentMargin()) + self._frame()

    def _frame(self) -> int:
        return 2 * self.frameWidth() + round(2 * self.document().documentMargin())


class LongTextEditor(ValueEditor):
    """Several lines of plain text."""

    def __init__(
        self, definition: FieldDefinition, parent: QWidget | None = None, *, text: GrowingTextEdit | None = None
    ) -> None:
        super().__init__(parent)
        self.definition = definition
        self.text = text or GrowingTextEdit()
        self.text.setAccessibleName(definition.label)
        self.text.textChanged.connect(self._typed)
        self.set_entry(self.text)
        self._watch(self.text)
        self._loading = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)

    def value(self) -> Any:
        """Return the text as it is stored."""
        try:
            return stored_text(self.definition, self.text.toPlainText())
        except InvalidInput:
            return self._latest() or ""

    def problem(self) -> str:
        """Return why the text cannot be stored: it is too long, or not text."""
        return problem_of(self.definition, self.text.toPlainText())

    def has_unstored(self) -> bool:
        """Whether the text is none, or too long."""
        return not _can_be_stored(self.definition, self.text.toPlainText())

    def draft(self) -> object:
        """Return a text that is too long."""
        return self.text.toPlainText() if self.has_unstored() else None

    def restore(self, draft: object) -> None:
        """Show it again, and why it is not saved."""
        if isinstance(draft, str):
            self._load(draft, anew=True)
            self._show_problem(self._hint())

    def is_empty(self) -> bool:
        """Whether there are no words."""
        return not self.text.toPlainText().strip()

    def set_read_only(self, read_only: bool) -> None:
        """Let the text be read and copied but not changed."""
        self.text.setReadOnly(read_only)

    def _load(self, value: Any, *, anew: bool) -> None:
        self._loading = True
        if anew:
            self.text.setPlainText(value)
        else:
            change_text(self.text, value)
        self._loading = False

    def _typed(self) -> None:
        if not self._loading:
            self._touched()


def _can_be_stored(definition: FieldDefinition, text: str) -> bool:
    try:
        stored_text(definition, text)
    except InvalidInput:
        return False
    return True
