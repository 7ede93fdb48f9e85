"""The field of the prose editor: keys, the clipboard, what is dropped on it, links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QTextEdit, QToolTip, QWidget

from portfolio_app.exporting.prose_markdown import Block, Span, Style, plain_blocks, read_markdown, write_markdown
from portfolio_app.gui import theme
from portfolio_app.gui.spelling import menu_position
from portfolio_app.gui.widgets.prose_document import (
    DEEPEST,
    LINE_BREAK,
    append,
    block_format,
    blocks_of,
    char_format,
    depth_of,
    is_ordered,
    list_of,
    make_item,
    make_plain,
    style_of,
)
from portfolio_app.gui.widgets.prose_paste import html_blocks
from portfolio_app.plain_text import printable
from portfolio_app.reading.blocks import safe_link

MARKDOWN: Final = "application/x-portfolio-app-prose"  # Qt itself writes text/markdown, and wraps it

_LONGEST_LINE = "The customers told us that the queue at the desk was too long on Monday mornings"[:75]
_TYPED_MARKS = re.compile(r"(?P<bullet>[-*•])|(?P<number>\d{1,9})[.)]|(?P<heading>#{1,2})")
_LISTED = frozenset({Style.ITEM, Style.MORE})
_CONTROL_SHIFT_ALT = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
)


class ProseField(QTextEdit):
    """A field of prose with headings, lists, bold, italic and links.

    ``files_dropped`` brings files that were dropped or pasted (as paths), ``image_pasted`` a picture,
    ``link_activated`` the address of a link that was clicked with Ctrl, ``left`` that the focus has gone,
    ``menu_requested`` where in the viewport a menu is wanted.
    """

    files_dropped = Signal(list)
    image_pasted = Signal(QImage)
    link_activated = Signal(str)
    left = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.own_actions: Sequence[QAction] = ()
        self.setAcceptRichText(True)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.document().setDocumentMargin(theme.Space.S8)
        self.cursorPositionChanged.connect(self._leave_link)

    # What stands at the cursor

    def selected_blocks(self) -> list[QTextBlock]:
        """Return the blocks that the selection touches, or that of the cursor."""
        cursor = self.textCursor()
        block = self.document().findBlock(cursor.selectionStart())
        found = [block]
        while block.next().isValid() and block.next().position() < cursor.selectionEnd():
            block = block.next()
            found.append(block)
        return found

    def selected_text(self) -> str:
        """Return what is selected, its paragraphs as lines."""
        return self.textCursor().selectedText().replace("\u2029", "\n").replace(LINE_BREAK, "\n").replace("\ufffc", "")

    def link_at_cursor(self) -> QTextCursor | None:
        """Return the whole link that the cursor stands in."""
        cursor = self.textCursor()
        block = cursor.block()
        place = cursor.selectionStart() - block.position()
        for part in block.textFormats():
            address = part.format.anchorHref()
            if address and part.start <= place <= part.start + part.length:
                found = QTextCursor(self.document())
                found.setPosition(block.position() + part.start)
                found.setPosition(found.position() + part.length, QTextCursor.MoveMode.KeepAnchor)
                if place < part.start + part.length or found.selectionEnd() == cursor.selectionEnd():
                    return found
        return None

    # Changes, each one step of undo

    def set_bold(self, on: bool) -> None:
        """Make the selection, or what is typed next, bold or not."""
        form = QTextCharFormat()
        form.setFontWeight(QFont.Weight.Bold if on else QFont.Weight.Normal)
        self.mergeCurrentCharFormat(form)

    def set_italic(self, on: bool) -> None:
        """Make the selection, or what is typed next, italic or not."""
        form = QTextCharFormat()
        form.setFontItalic(on)
        self.mergeCurrentCharFormat(form)

    def set_heading(self, level: int) -> None:
        """Make the selected paragraphs headings of a level, or text (0)."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        for block in self.selected_blocks():
            make_plain(block, Style.HEADING if level else Style.BODY, level)
        cursor.endEditBlock()

    def toggle_list(self, *, ordered: bool) -> None:
        """Make the selected paragraphs items of a list, or text again if they are."""
        blocks = self.selected_blocks()
        cursor = self.textCursor()
        cursor.beginEditBlock()
        if all((items := list_of(block)) is not None and is_ordered(items) == ordered for block in blocks):
            for block in blocks:
                make_plain(block)
        else:
            for block in blocks:
                make_item(block, max(1, depth_of(block)), ordered=ordered)
        cursor.endEditBlock()

    def can_indent(self) -> bool:
        """Say whether the item at the cursor can stand below the one before it."""
        block = self.selected_blocks()[0]
        before = block.previous()
        return (
            list_of(block) is not None
            and before.isValid()
            and style_of(before) in _LISTED
            and depth_of(block) <= depth_of(before)
            and depth_of(block) < DEEPEST
        )

    def can_outdent(self) -> bool:
        """Say whether the item at the cursor stands below another."""
        return list_of(self.selected_blocks()[0]) is not None and depth_of(self.selected_blocks()[0]) > 1

    def indent(self, by: int) -> None:
        """Move the selected items, and what stands below them, one deeper (1) or less deep (-1)."""
        if not (self.can_indent() if by > 0 else self.can_outdent()):
            return
        blocks = self.selected_blocks()
        depth = depth_of(blocks[-1])
        below = blocks[-1].next()
        while (
            below.isValid() and style_of(below) in _LISTED and depth_of(below) > depth - (style_of(below) is Style.MORE)
        ):
            blocks.append(below)
            below = below.next()
        cursor = self.textCursor()
        cursor.beginEditBlock()
        for block in blocks:
            level = min(max(depth_of(block) + by, 1), DEEPEST)
            items = list_of(block)
            if items is not None:
                make_item(block, level, ordered=is_ordered(items))
            elif style_of(block) is Style.MORE:
                QTextCursor(block).setBlockFormat(block_format(Style.MORE, level))
        cursor.endEditBlock()

    def set_link(self, cursor: QTextCursor, text: str, address: str) -> None:
        """Put a link in place of what a cursor has selected; without an address, its text alone."""
        look = cursor.charFormat() if cursor.hasSelection() else QTextCharFormat()
        cursor.insertText(
            text or address, char_format(Span("", look.fontWeight() > QFont.Weight.Medium, look.fontItalic(), address))
        )
        self.setTextCursor(cursor)

    def insert_blocks(self, blocks: Sequence[Block]) -> None:
        """Put blocks in place of the selection; they join what stands there as far as they can."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        rest = list(blocks)
        here = style_of(cursor.block())
        if here is Style.SOURCE:
            cursor.insertText(LINE_BREAK.join(block.text.replace("\n", LINE_BREAK) for block in rest))
            rest = []
        elif (
            rest and rest[0].style is Style.BODY and (len(rest) == 1 or here is Style.ITEM or not cursor.atBlockStart())
        ):
            _insert_spans(cursor, rest.pop(0).spans)
            if here is Style.ITEM and all(block.style is Style.BODY for block in rest):
                for block in rest:
                    cursor.insertBlock()
                    _insert_spans(cursor, block.spans)
                rest = []
        if rest:
            if cursor.block().length() > 1:
                if not cursor.atBlockStart():
                    cursor.insertBlock(block_format(Style.BODY), QTextCharFormat())
                if not cursor.atBlockEnd():
                    cursor.insertBlock()
                    cursor.movePosition(QTextCursor.MoveOperation.PreviousBlock)
            make_plain(cursor.block())
            append(cursor, rest)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    # Keys

    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+K for the window, and the editor's own keys from it; Tab moves items of lists, else the focus."""
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and _is_window_key(event):
                event.ignore()
                return True
            if event.type() == QEvent.Type.ShortcutOverride and self._own_action(event) is not None:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and self._moves_item(event):
                event.accept()
                return True
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        return super().event(event)

    def _own_action(self, event: QKeyEvent) -> QAction | None:
        """Return what a key does here though it may mean something else in the window."""
        keys = QKeySequence(event.keyCombination())
        found = (action for action in self.own_actions if action.isEnabled() and keys in action.shortcuts())
        return next(found, None)

    def _moves_item(self, event: QKeyEvent) -> bool:
        if self.isReadOnly() or event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        ):
            return False
        if event.key() == Qt.Key.Key_Tab and self.can_indent():
            self.indent(1)
            return True
        if event.key() == Qt.Key.Key_Backtab and self.can_outdent():
            self.indent(-1)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Enter and Backspace end lists and headings, and marks typed at a line's start make them."""
        if _is_window_key(event):
            event.ignore()
            return
        own = self._own_action(event)
        if own is not None:
            own.trigger()
            return
        if self.isReadOnly():
            super().keyPressEvent(event)
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers() & _CONTROL_SHIFT_ALT:
            self._break_block()
            return
        if event.key() == Qt.Key.Key_Backspace and not event.modifiers() & _CONTROL_SHIFT_ALT and self._end_style():
            return
        super().keyPressEvent(event)
        if event.text() == " ":
            self._take_typed_mark()

    def _break_block(self) -> None:
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        block = cursor.block()
        match style_of(block):
            case Style.ITEM if block.length() == 1:
                if depth_of(block) > 1:
                    self.indent(-1)
                else:
                    make_plain(block)
            case Style.SOURCE if cursor.atBlockEnd() and block.text().endswith(LINE_BREAK):
                cursor.deletePreviousChar()
                cursor.insertBlock(block_format(Style.BODY), QTextCharFormat())
            case Style.SOURCE:
                cursor.insertText(LINE_BREAK)
            case Style.HEADING if cursor.atBlockStart() and block.length() > 1:
                cursor.insertBlock()
                make_plain(block)
            case Style.HEADING:
                cursor.insertBlock(block_format(Style.BODY), QTextCharFormat())
            case _:
                look = _without_link(cursor.charFormat())
                cursor.insertBlock()
                cursor.setBlockCharFormat(look)
                cursor.setCharFormat(look)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _end_style(self) -> bool:
        """Take a list item or heading back to text, when the cursor stands at its start."""
        cursor = self.textCursor()
        if cursor.hasSelection() or not cursor.atBlockStart():
            return False
        if style_of(cursor.block()) not in {Style.ITEM, Style.MORE, Style.HEADING}:
            return False
        if list_of(cursor.block()) is not None and depth_of(cursor.block()) > 1:
            self.indent(-1)
            return True
        cursor.beginEditBlock()
        make_plain(cursor.block())
        cursor.endEditBlock()
        return True

    def _take_typed_mark(self) -> None:
        cursor = self.textCursor()
        block = cursor.block()
        typed = block.text()[: cursor.positionInBlock()]
        found = _TYPED_MARKS.fullmatch(typed[:-1]) if typed.endswith(" ") and len(typed) < 12 else None
        if found is None or style_of(block) is not Style.BODY:
            return
        cursor.beginEditBlock()
        cursor.setPosition(block.position(), QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        if found["heading"]:
            make_plain(block, Style.HEADING, len(found["heading"]))
        else:
            make_item(block, 1, ordered=bool(found["number"]), start=int(found["number"] or 1))
        cursor.endEditBlock()

    def _leave_link(self) -> None:
        """Let what is typed after a link, or before it, be text."""
        cursor = self.textCursor()
        form = self.currentCharFormat()
        if cursor.hasSelection() or not form.isAnchor():
            return
        following = QTextCursor(cursor)
        inside = following.movePosition(QTextCursor.MoveOperation.NextCharacter) and not cursor.atBlockEnd()
        if not inside or following.charFormat().anchorHref() != form.anchorHref() or cursor.atBlockStart():
            self.setCurrentCharFormat(_without_link(form))

    # The clipboard, and what is dropped

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802 - Qt's name
        """Give other programs text and HTML, and this one Markdown."""
        data = QMimeData()
        cursor = self.textCursor()
        data.setText(self.selected_text())
        data.setHtml(cursor.selection().toHtml())
        blocks = blocks_of(self.document(), cursor.selectionStart(), cursor.selectionEnd())
        if len(blocks) == 1 and blocks[0].style is not Style.SOURCE:
            blocks = [Block(Style.BODY, blocks[0].spans)]  # a part of a heading or an item is but text
        data.setData(MARKDOWN, write_markdown(blocks).encode())
        return data

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - Qt's name
        """Say whether this can be pasted or dropped here."""
        return not self.isReadOnly() and (source.hasText() or source.hasHtml() or source.hasImage() or source.hasUrls())

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """Paste or drop: files and pictures go to the form, of text only what this editor has."""
        files = local_files(source)
        if files:
            self.files_dropped.emit(files)
            return
        blocks: Sequence[Block] = ()
        if source.hasFormat(MARKDOWN):
            blocks = read_markdown(bytes(source.data(MARKDOWN).data()).decode(errors="replace"))
        if not blocks and source.hasHtml():
            blocks = html_blocks(source.html())
        if not blocks and source.hasImage():
            image = source.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self.image_pasted.emit(image)
                return
        if not blocks and source.hasText():
            blocks = plain_blocks(source.text())
            if not blocks and source.text():
                self.textCursor().insertText(printable(source.text()).replace("\n", " "))
        if blocks:
            self.insert_blocks(_with_outer_spaces(blocks, source.text()))

    def paste_plain(self, text: str) -> None:
        """Paste text without any appearance."""
        self.insert_blocks(plain_blocks(text))

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: ARG002, N802 - Qt's name
        """Fetch nothing: neither from the web nor from this computer, as Qt does if it is given nothing."""
        return QImage(1, 1, QImage.Format.Format_ARGB32)

    # Links

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show that a link can be followed while Ctrl is held."""
        super().mouseMoveEvent(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            follows = self._follows(event)
            shape = Qt.CursorShape.PointingHandCursor if follows else Qt.CursorShape.IBeamCursor
            if self.viewport().cursor().shape() != shape:
                self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Follow a link that was clicked with Ctrl."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            address = self._follows(event)
            if address:
                self.link_activated.emit(address)

    def _follows(self, event: QMouseEvent) -> str:
        if not (event.modifiers() & Qt.KeyboardModifier.ControlModifier or self.isReadOnly()):
            return ""
        address = self.anchorAt(event.position().toPoint())
        return address if address and safe_link(address) else ""

    def _show_tip(self, event: QHelpEvent) -> None:
        position = self.viewport().mapFromGlobal(event.globalPos())
        address = self.anchorAt(position)
        if address:
            how = "Click" if self.isReadOnly() else "Ctrl+click"
            text = f"{address}\n{how} to open" if safe_link(address) else address
            QToolTip.showText(event.globalPos(), text, self)
        elif style_of(self.cursorForPosition(position).block()) is Style.SOURCE and not self.isReadOnly():
            QToolTip.showText(event.globalPos(), "Shown as its Markdown, and kept as it stands", self)
        else:
            QToolTip.hideText()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the menu to the editor."""
        self.menu_requested.emit(menu_position(self, event))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw a ground behind what is shown as its source."""
        viewport = self.viewport()
        layout = self.document().documentLayout()
        top = self.verticalScrollBar().value()
        painter = QPainter(viewport)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().colour("sunken"))
        block = self.cursorForPosition(QPoint(0, 0)).block()
        while block.isValid():
            place = layout.blockBoundingRect(block).translated(0, -top)
            if place.top() > event.rect().bottom():
                break
            if style_of(block) is Style.SOURCE:
                painter.drawRoundedRect(place.adjusted(-4, -2, 4, 2), theme.Space.S4, theme.Space.S4)
            block = block.next()
        painter.end()
        super().paintEvent(event)

    # Room

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep lines to 75 characters."""
        self._keep_column()
        super().resizeEvent(event)

    def column_width(self) -> int:
        """Return how wide a line of 75 characters is, with the margins of the page."""
        return round(QFontMetricsF(self.font()).horizontalAdvance(_LONGEST_LINE) + 2 * self.document().documentMargin())

    def _keep_column(self) -> None:
        frame = 2 * self.frameWidth()
        bar = self.verticalScrollBar().sizeHint().width() if self.verticalScrollBar().isVisible() else 0
        right = max(0, self.width() - frame - bar - self.column_width())
        if self.viewportMargins().right() != right:
            self.setViewportMargins(0, 0, right, 0)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Say that the field was left."""
        super().focusOutEvent(event)
        self.left.emit()


def local_files(source: QMimeData) -> list[Path]:
    """Return the files of this computer that are meant, none if any address leads elsewhere."""
    urls = source.urls() if source.hasUrls() else []
    return [Path(url.toLocalFile()) for url in urls] if all(url.isLocalFile() for url in urls) else []


def _with_outer_spaces(blocks: Sequence[Block], text: str) -> Sequence[Block]:
    """Give a piece of a sentence the spaces around it back."""
    if len(blocks) != 1 or blocks[0].style is not Style.BODY or "\n" in text:
        return blocks
    before, after = " " * text.startswith(" "), " " * text.endswith(" ")
    return [Block(Style.BODY, (Span(before), *blocks[0].spans, Span(after)))]


def _is_window_key(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_K and event.modifiers() == Qt.KeyboardModifier.ControlModifier


def _without_link(form: QTextCharFormat) -> QTextCharFormat:
    plain = QTextCharFormat(form)
    for name in (QTextFormat.Property.IsAnchor, QTextFormat.Property.AnchorHref, QTextFormat.Property.AnchorName):
        plain.clearProperty(int(name))
    return plain


def _insert_spans(cursor: QTextCursor, spans: Sequence[Span]) -> None:
    for span in spans:
        cursor.insertText(span.text.replace("\n", LINE_BREAK), char_format(span))
