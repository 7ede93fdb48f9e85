"""The editor of learners' prose, which is stored as Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QHideEvent,
    QImage,
    QKeySequence,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from portfolio_app.exporting.prose_markdown import Style, read_markdown, write_markdown
from portfolio_app.gui import theme
from portfolio_app.gui.icons import set_icon
from portfolio_app.gui.spelling import FieldSpelling, Spelling
from portfolio_app.gui.widgets.focus_passing import FocusPassing
from portfolio_app.gui.widgets.hiding_words import in_copies
from portfolio_app.gui.widgets.prose_document import ProseHighlighter, blocks_of, fill, is_ordered, list_of, style_of
from portfolio_app.gui.widgets.prose_field import ProseField
from portfolio_app.gui.widgets.prose_link import LinkDialog
from portfolio_app.gui.widgets.typing_pause import TypingPause

_COUNT_AFTER = 250
_WORD = re.compile(r"\w+(?:['’.,:/@-]\w+)*")


@dataclass(frozen=True, slots=True)
class ProseShortcut:
    """A shortcut of the editor, for the page of shortcuts."""

    text: str
    keys: str
    icon: str = ""


BOLD: Final = ProseShortcut("Bold", "Ctrl+B", "bold")
ITALIC: Final = ProseShortcut("Italic", "Ctrl+I", "italic")
HEADING: Final = ProseShortcut("Heading", "Ctrl+Alt+1", "heading-1")
SUBHEADING: Final = ProseShortcut("Subheading", "Ctrl+Alt+2", "heading-2")
BODY: Final = ProseShortcut("Text", "Ctrl+Alt+0")
BULLETS: Final = ProseShortcut("Bulleted list", "Ctrl+Shift+8", "list")
NUMBERS: Final = ProseShortcut("Numbered list", "Ctrl+Shift+7", "list-ordered")
OUTDENT: Final = ProseShortcut("Move item out", "Ctrl+[", "indent-decrease")
INDENT: Final = ProseShortcut("Move item in", "Ctrl+]", "indent-increase")
LINK: Final = ProseShortcut("Link …", "Ctrl+Shift+K", "link")
PASTE_PLAIN: Final = ProseShortcut("Paste as plain text", "Ctrl+Shift+V")
SHORTCUTS: Final = (BOLD, ITALIC, HEADING, SUBHEADING, BODY, BULLETS, NUMBERS, INDENT, OUTDENT, LINK, PASTE_PLAIN)


class ProseEditor(FocusPassing):
    """Rich text with headings, lists, bold, italic and links, read from and written as Markdown.

    What was only opened is given back to the letter; what the editor has no appearance for stays as its source.

    ``edited`` follows each change by the user at once; ``committed`` brings the Markdown after a pause, or when the
    field is left. ``quote_requested`` brings the selected text; ``files_dropped`` paths, ``image_pasted`` a picture
    that belong into the form; ``link_activated`` a web or e-mail address to open.
    """

    edited = Signal()
    committed = Signal(str)
    quote_requested = Signal(str)
    hide_requested = Signal(str)
    """The selected text is to be hidden in copies for others."""
    link_activated = Signal(str)
    files_dropped = Signal(list)
    image_pasted = Signal(QImage)
    prompts_folded = Signal(bool)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        spelling: Spelling | None = None,
        keep_lines: bool = False,
        grows: bool = False,
        quotes: bool = False,
    ) -> None:
        """Make an empty editor.

        Args:
            parent: The widget that it stands in.
            spelling: What checks the spelling.
            keep_lines: Whether each line of a paragraph stays a line, as in the fields of a form.
            grows: Whether the editor becomes as tall as its text, for a page that scrolls as a whole.
            quotes: Whether selected text can be quoted for a claim.
        """
        super().__init__(parent)
        self._keep_lines = keep_lines
        self._grows = grows
        self._quotes = quotes
        self._spelling = spelling
        self._text = ""
        self._written = ""
        self._committed = ""
        self._setting = False
        self._field = ProseField()
        self._highlighter = ProseHighlighter(self._field.document(), spelling)
        self._field_spelling = FieldSpelling(self._field, self._highlighter)
        self._revision = -1
        self._was_modified = False
        self._commit = TypingPause(self.flush, self)
        self._count = self._timer(_COUNT_AFTER, self._show_count)
        self._actions = self._made_actions()
        self._field.own_actions = tuple(self._actions.values())
        self._prompts = _Prompts()
        self._bar = QWidget()
        self._bar.setMinimumWidth(1)  # what does not fit gives way
        self._row = QHBoxLayout(self._bar)
        self._buttons: dict[ProseShortcut, QToolButton] = {}
        self._words = QLabel()
        self._build()
        self._listen()
        self._dress()
        self._show_count()
        self._show_state()
        self._show_selection()

    # Text

    def markdown(self) -> str:
        """Return the text as Markdown: as it was given, unless it was changed."""
        document = self._field.document()
        if document.isModified() and self._revision != document.revision():
            self._written = write_markdown(blocks_of(document), keep_lines=self._keep_lines)
            self._revision = document.revision()
        return self._written if document.isModified() else self._text

    def set_markdown(self, text: str, *, anew: bool = False) -> None:
        """Show another text.

        Nothing happens if it is the text that is shown, or the one that was committed last while the user already
        writes on. Otherwise the steps of undo are forgotten, and the cursor stays as near as can be.

        Args:
            text: What to show.
            anew: It belongs to something else than the text before, of which nothing is held on to.
        """
        if not anew and (text == self.markdown() or (self._commit.isActive() and text == self._committed)):
            return
        self._commit.stop()
        document = self._field.document()
        before, place = document.toPlainText(), self._field.textCursor().position()
        scrolled = self._field.verticalScrollBar().value()
        self._setting = True
        document.setUndoRedoEnabled(False)
        fill(document, read_markdown(text, keep_lines=self._keep_lines))
        document.setUndoRedoEnabled(not self._field.isReadOnly())
        document.setModified(False)
        self._setting = False
        self._was_modified = False
        self._text = self._committed = text
        cursor = self._field.textCursor()
        cursor.setPosition(0 if anew else _nearest_place(before, document.toPlainText(), place))
        self._field.setTextCursor(cursor)
        self._field.verticalScrollBar().setValue(scrolled)
        self._show_count()
        self._show_state()

    def flush(self) -> None:
        """Commit now what was typed."""
        self._commit.stop()
        text = self.markdown()
        if text != self._committed:
            self._committed = text
            self.committed.emit(text)

    def selected_text(self) -> str:
        """Return what is selected, its paragraphs as lines."""
        return self._field.selected_text()

    def word_count(self) -> int:
        """Return how many words there are."""
        return len(_WORD.findall(self._field.document().toPlainText()))

    def insert_markdown(self, text: str) -> None:
        """Put Markdown in place of the selection, as one step that can be undone."""
        self._field.insert_blocks(read_markdown(text, keep_lines=self._keep_lines))

    # Undo

    def can_undo(self) -> bool:
        """Say whether there is a step to undo in this field."""
        return self._field.document().isUndoAvailable()

    def can_redo(self) -> bool:
        """Say whether there is a step to redo in this field."""
        return self._field.document().isRedoAvailable()

    def undo(self) -> None:
        """Undo the last step in this field."""
        self._field.undo()

    def redo(self) -> None:
        """Redo the step that was undone last."""
        self._field.redo()

    # What it looks like and does

    @property
    def field(self) -> ProseField:
        """The field itself, for the order of focus and for tests."""
        return self._field

    def set_placeholder(self, text: str) -> None:
        """Say in muted text what to write while there is none."""
        self._field.setPlaceholderText(text)

    def set_prompts(self, prompts: tuple[str, ...], *, folded: bool = False) -> None:
        """Show what to write about above the text, as a list that can be folded."""
        self._prompts.set_prompts(prompts, folded=folded)

    def set_read_only(self, read_only: bool) -> None:
        """Let the text be read and copied, but not changed."""
        self._field.setReadOnly(read_only)
        if read_only:
            flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            self._field.setTextInteractionFlags(flags)
        else:
            self._field.setTextInteractionFlags(Qt.TextInteractionFlag.TextEditorInteraction)
        self._highlighter.set_spelling(None if read_only else self._spelling)
        self._field.document().setUndoRedoEnabled(not read_only)
        self._fit_bar()
        self._show_state()

    def set_spelling(self, spelling: Spelling | None) -> None:
        """Have the spelling checked by another, or not at all."""
        self._spelling = spelling
        self._highlighter.set_spelling(None if self._field.isReadOnly() else spelling)

    def setAccessibleName(self, name: str) -> None:  # noqa: N802 - Qt's name
        """Name the field for readers by ear."""
        super().setAccessibleName(name)
        self._field.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:  # noqa: N802 - Qt's name
        """Describe the field for readers by ear."""
        super().setAccessibleDescription(description)
        self._field.setAccessibleDescription(description)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Let buttons that have keys give way where the editor is narrow."""
        super().resizeEvent(event)
        self._fit_bar()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Commit what was typed before another page is shown."""
        self.flush()
        super().hideEvent(event)

    # Making

    def _timer(self, milliseconds: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(slot)
        return timer

    def _made_actions(self) -> dict[ProseShortcut, QAction]:
        slots: dict[ProseShortcut, Callable[[], None]] = {
            BOLD: self._bold,
            ITALIC: self._italic,
            HEADING: self._heading,
            SUBHEADING: self._subheading,
            BODY: self._body,
            BULLETS: self._bullets,
            NUMBERS: self._numbers,
            OUTDENT: self._outdent,
            INDENT: self._indent,
            LINK: self.edit_link,
            PASTE_PLAIN: self._paste_plain,
        }
        made = {}
        for shortcut, slot in slots.items():
            action = QAction(shortcut.text, self)
            action.setShortcut(QKeySequence(shortcut.keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.setCheckable(shortcut in {BOLD, ITALIC, HEADING, SUBHEADING, BULLETS, NUMBERS})
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{shortcut.text.removesuffix('…')} ({keys})")
            action.triggered.connect(slot)
            self.addAction(action)
            if shortcut.icon:
                set_icon(action, shortcut.icon)
            made[shortcut] = action
        return made

    def _build(self) -> None:
        row = self._row
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for shortcut in (BOLD, ITALIC, None, HEADING, SUBHEADING, None, BULLETS, NUMBERS, OUTDENT, INDENT, None, LINK):
            if shortcut is None:
                row.addSpacing(theme.Space.S8)
                continue
            self._buttons[shortcut] = _tool_button(self._actions[shortcut], shortcut.text.removesuffix("…"))
            row.addWidget(self._buttons[shortcut])
        self._quote_action = QAction("Quote for …", self)
        self._quote_action.setToolTip("Quote the selected text for a claim")
        self._quote_action.triggered.connect(self._quote)
        self.addAction(self._quote_action)
        set_icon(self._quote_action, "quote")
        self._quote_button = _tool_button(self._quote_action, "Quote the selected text for a claim")
        row.addWidget(self._quote_button)
        self._quote_button.setVisible(self._quotes)
        row.addStretch(1)
        theme.set_role(self._words, "muted")
        row.addWidget(self._words)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.Space.S4)
        whole.addWidget(self._prompts)
        whole.addWidget(self._bar)
        whole.addWidget(self._field, 1)
        self.set_entry(self._field)
        if self._grows:
            self._field.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._field.document().documentLayout().documentSizeChanged.connect(self._fit_height)

    def _listen(self) -> None:
        document = self._field.document()
        document.contentsChanged.connect(self._content_changed)
        self._field.currentCharFormatChanged.connect(self._show_state)
        self._field.cursorPositionChanged.connect(self._show_state)
        self._field.selectionChanged.connect(self._show_selection)
        self._field.left.connect(self.flush)
        self._field.menu_requested.connect(self._show_menu)
        self._field.link_activated.connect(self.link_activated)
        self._field.files_dropped.connect(self.files_dropped)
        self._field.image_pasted.connect(self.image_pasted)
        self._prompts.folded.connect(self.prompts_folded)
        theme.notifier().changed.connect(self._dress)

    def _dress(self) -> None:
        document = self._field.document()
        was_setting, self._setting = self._setting, True  # another font counts as a change of the document
        self._field.setFont(theme.prose_font())
        document.setIndentWidth(theme.current().scaled(theme.Space.S24))
        self._setting = was_setting
        metrics = QFontMetricsF(theme.prose_font())
        self._field.setMinimumHeight(round(4 * 1.5 * metrics.height()))
        self._fit_height()

    def _fit_height(self) -> None:
        if self._grows:
            field = self._field
            tall = field.height() - field.viewport().height() + round(field.document().size().height())
            field.setFixedHeight(max(tall, round(4 * 1.5 * QFontMetricsF(field.font()).height())))

    def _fit_bar(self) -> None:
        spare: tuple[tuple[QWidget, ...], ...] = (
            (self._words,),
            (self._buttons[OUTDENT], self._buttons[INDENT]),
            (self._buttons[SUBHEADING],),
        )
        buttons = self._buttons.values()
        shown: set[QWidget] = {self._words} if self._field.isReadOnly() else {self._words, *buttons}
        for widgets in spare:
            if self._bar_width(shown) <= self.width():
                break
            shown.difference_update(widgets)
        for widget in (self._words, *buttons):
            widget.setVisible(widget in shown)

    def _bar_width(self, shown: set[QWidget]) -> int:
        """Return how wide the bar is with these in it, which need not be seen: showing them for it takes long."""
        standing = shown if self._quote_button.isHidden() else shown | {self._quote_button}
        items = (self._row.itemAt(place) for place in range(self._row.count()))
        spaces = sum(item.sizeHint().width() for item in items if item is not None and item.spacerItem() is not None)
        widths = sum(widget.sizeHint().width() for widget in standing)
        return spaces + widths + self._row.spacing() * (len(standing) - 1)

    # What follows the user

    def _content_changed(self) -> None:
        is_modified, was_modified = self._field.document().isModified(), self._was_modified
        if self._setting or self._highlighter.is_marking or not (is_modified or was_modified):
            return
        self._was_modified = is_modified
        self._commit.touch()
        if not self._count.isActive():
            self._count.start()
        self.edited.emit()

    def _show_count(self) -> None:
        count = self.word_count()
        self._words.setText("1 word" if count == 1 else f"{count:,} words")

    def _show_state(self) -> None:
        block = self._field.textCursor().block()
        form = self._field.currentCharFormat()
        items = list_of(block)
        level = block.blockFormat().headingLevel()
        inline = style_of(block) not in {Style.HEADING, Style.SOURCE}
        writes = not self._field.isReadOnly()
        states = {
            BOLD: (writes and inline, form.fontWeight() > QFont.Weight.Medium),
            ITALIC: (writes and inline, form.fontItalic()),
            HEADING: (writes, level == 1),
            SUBHEADING: (writes, level > 1),
            BULLETS: (writes, items is not None and not is_ordered(items)),
            NUMBERS: (writes, items is not None and is_ordered(items)),
            OUTDENT: (writes and self._field.can_outdent(), False),
            INDENT: (writes and self._field.can_indent(), False),
            LINK: (writes and style_of(block) is not Style.SOURCE, False),
        }
        for shortcut, (enabled, checked) in states.items():
            action = self._actions[shortcut]
            if action.isEnabled() != enabled:
                action.setEnabled(enabled)
            if action.isChecked() != checked:
                action.setChecked(checked)

    def _show_selection(self) -> None:
        has_selection = self._field.textCursor().hasSelection()
        if self._quote_action.isEnabled() != has_selection:
            self._quote_action.setEnabled(has_selection)

    def _show_menu(self, position: QPoint) -> None:
        field = self._field
        menu = field.createStandardContextMenu(position)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSeparator()
        if not field.isReadOnly():
            menu.addAction(self._actions[PASTE_PLAIN])
            menu.addAction(self._actions[LINK])
        if self._quotes:
            menu.addAction(self._quote_action)
            selected = self.selected_text().strip()
            if selected and not field.isReadOnly():
                menu.addAction(in_copies(selected), partial(self.hide_requested.emit, " ".join(selected.split())))
        self._field_spelling.add_to_menu(menu, field.cursorForPosition(position))
        menu.popup(field.viewport().mapToGlobal(position))

    # Actions

    def _bold(self) -> None:
        self._field.set_bold(self._actions[BOLD].isChecked())

    def _italic(self) -> None:
        self._field.set_italic(self._actions[ITALIC].isChecked())

    def _heading(self) -> None:
        self._field.set_heading(int(self._actions[HEADING].isChecked()))
        self._show_state()

    def _subheading(self) -> None:
        self._field.set_heading(2 * self._actions[SUBHEADING].isChecked())
        self._show_state()

    def _body(self) -> None:
        self._field.set_heading(0)
        self._show_state()

    def _bullets(self) -> None:
        self._field.toggle_list(ordered=False)
        self._show_state()

    def _numbers(self) -> None:
        self._field.toggle_list(ordered=True)
        self._show_state()

    def _outdent(self) -> None:
        self._field.indent(-1)
        self._show_state()

    def _indent(self) -> None:
        self._field.indent(1)
        self._show_state()

    def _paste_plain(self) -> None:
        if not self._field.isReadOnly():
            self._field.paste_plain(QGuiApplication.clipboard().text())

    def _quote(self) -> None:
        text = self.selected_text().strip()
        if text:
            self.quote_requested.emit(text)

    def edit_link(self) -> None:
        """Ask for the address of the link at the cursor, or of a new one."""
        cursor = self._field.link_at_cursor() or self._field.textCursor()
        if cursor.hasSelection() and "\u2029" in cursor.selectedText():
            cursor.setPosition(cursor.selectionStart())  # a link cannot span paragraphs
        dialog = LinkDialog(cursor.selectedText(), _address_at(cursor), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(partial(self._set_link, dialog, cursor))
        dialog.open()

    def _set_link(self, dialog: LinkDialog, cursor: QTextCursor) -> None:
        self._field.set_link(cursor, dialog.text, dialog.address)
        self._field.setFocus()


def _address_at(cursor: QTextCursor) -> str:
    return cursor.charFormat().anchorHref() if cursor.hasSelection() else ""


def _nearest_place(before: str, after: str, place: int) -> int:
    """Find where a cursor belongs once its text has become another: what is the same around it stays around it."""
    end = _units(after)
    if before == after:
        return min(place, end)
    prefix = _same_at_start(before, after)
    suffix = _same_at_start(before[prefix:][::-1], after[prefix:][::-1])
    same_until, same_from = _units(before[:prefix]), _units(before[: len(before) - suffix])
    if place <= same_until:
        return place
    if place >= same_from:
        return max(0, end - (_units(before) - place))
    return min(place, _units(after[: len(after) - suffix]))


def _same_at_start(one: str, other: str) -> int:
    return next(
        (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


def _units(text: str) -> int:
    """Count a text as Qt does, where a letter beyond the basic plane counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _tool_button(action: QAction, name: str) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # each has its keys or stands in the menu of the field
    return button


class _Prompts(QFrame):
    """What to write about, foldable."""

    folded = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._button = QToolButton()
        self._button.setText("What to write about")
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.clicked.connect(self._toggle)
        theme.set_role(self._button, "quiet")
        self._list = QLabel()
        self._list.setWordWrap(True)
        self._list.setTextFormat(Qt.TextFormat.RichText)
        self._list.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_role(self._list, "help")
        theme.set_role(self, "well")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.Space.S8, theme.Space.S4, theme.Space.S8, theme.Space.S8)
        column.setSpacing(0)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._list)
        self._prompts: tuple[str, ...] = ()
        theme.notifier().changed.connect(self._dress)
        self.hide()

    def set_prompts(self, prompts: tuple[str, ...], *, folded: bool) -> None:
        self._prompts = prompts
        self._dress()
        self.setVisible(bool(prompts))
        self._show(open_now=not folded)

    def _dress(self) -> None:
        left = theme.current().scaled(theme.Space.S24)
        items = "".join(f"<li>{html.escape(prompt)}</li>" for prompt in self._prompts)
        self._list.setText(f'<ul style="margin: 0 0 4px {left}px; -qt-list-indent: 0">{items}</ul>')

    def _toggle(self) -> None:
        self._show(open_now=self._list.isHidden())
        self.folded.emit(self._list.isHidden())

    def _show(self, *, open_now: bool) -> None:
        self._button.setToolTip("Fold" if open_now else "Unfold")
        set_icon(self._button, "chevron-down" if open_now else "chevron-right")
        self._list.setVisible(open_now)
