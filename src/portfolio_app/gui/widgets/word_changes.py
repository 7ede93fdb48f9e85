"""Texts with the words marked that are others in another version: what went is struck out, what came is underlined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextCharFormat, QTextCursor, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTextEdit, QWidget

from portfolio_app.domain.word_changes import Passage
from portfolio_app.gui import theme

PASSAGES_ROLE: Final = Qt.ItemDataRole.UserRole + 40
"""Of a cell: its passages, and whether they are of the version before."""
_ELLIPSIS: Final = "…"
_EDGE: Final = 2
_LONGEST_LINE: Final = 400
"""Characters of a text that a row can show at all."""


def marked_format(*, gone: bool) -> QTextCharFormat:
    """Return how words look that went, or that came: never told apart by colour alone."""
    look = QTextCharFormat()
    dress = theme.current()
    look.setForeground(dress.colour("not_yet" if gone else "met"))
    look.setFontStrikeOut(gone)
    look.setFontUnderline(not gone)
    look.setFontWeight(QFont.Weight.Normal if gone else QFont.Weight.DemiBold)
    return look


class ChangeText(QTextEdit):
    """Shows what a change is about: paragraphs with a word before each, changed words marked. It can be read only."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(theme.Space.S8)
        self._paragraphs: Sequence[tuple[str, Sequence[Passage], bool]] = ()
        theme.notifier().changed.connect(self._write)

    def show_paragraphs(self, paragraphs: Sequence[tuple[str, Sequence[Passage], bool]]) -> None:
        """Show others: what each is called, its passages, and whether they are of the version before."""
        self._paragraphs = paragraphs
        self._write()

    def _write(self) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        usual, label = QTextCharFormat(), QTextCharFormat()
        label.setForeground(theme.current().colour("muted"))
        for number, (word, passages, gone) in enumerate(self._paragraphs):
            if number:
                cursor.insertBlock()
            if word:
                cursor.insertText(f"{word}: ", label)
            marked = marked_format(gone=gone)
            for passage in passages:
                cursor.insertText(passage.text, marked if passage.changed else usual)
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)


class PassageDelegate(QStyledItemDelegate):
    """Draws a cell's text in one line, its changed words marked."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell as any other, with the words on top."""
        passages, gone = index.data(PASSAGES_ROLE) or ((), False)
        if not any(passage.changed for passage in passages):
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        text = option.text
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        area = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, option.widget)
        edge = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, option.widget) + _EDGE
        area.adjust(edge, 0, -edge, 0)
        layout = _elided(text[:_LONGEST_LINE], passages, option.font, area.width(), gone=gone)
        painter.save()
        painter.setClipRect(area)
        painter.setPen(option.palette.color(option.palette.ColorRole.Text))
        top = area.top() + (area.height() - layout.boundingRect().height()) / 2
        layout.draw(painter, QPointF(area.left(), top))
        painter.restore()


def _elided(text: str, passages: Sequence[Passage], font: QFont, width: int, *, gone: bool) -> QTextLayout:
    """Lay a text out in one line, cut where it is wider; marked words are wider than others."""
    layout = _line(text, passages, font, gone=gone)
    if layout.maximumWidth() <= width:
        return layout
    fits = layout.lineAt(0).xToCursor(width - QFontMetrics(font).horizontalAdvance(_ELLIPSIS))
    return _line(text[: max(0, fits - 1)].rstrip() + _ELLIPSIS, passages, font, gone=gone)


def _line(text: str, passages: Sequence[Passage], font: QFont, *, gone: bool) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextOption(option)
    marks = []
    start = 0
    for passage in passages:
        if passage.changed and start < len(text):
            mark = QTextLayout.FormatRange()
            mark.start, mark.length = start, len(passage.text.rstrip())
            mark.format = marked_format(gone=gone)
            marks.append(mark)
        start += len(passage.text)
    layout.setFormats(marks)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return layout
