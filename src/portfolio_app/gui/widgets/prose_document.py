"""Prose between the blocks of Markdown and Qt's document.

The document holds what is meant (bold, a link, a heading, an item of a list), not what it looks like: its appearance
is drawn over it by :class:`ProseHighlighter`, so that another theme or zoom changes nothing that was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextList,
    QTextListFormat,
)

from portfolio_app.exporting.prose_markdown import Block, Span, Style, merged
from portfolio_app.gui import theme
from portfolio_app.gui.spelling import SpellingHighlighter
from portfolio_app.plain_text import printable

DEEPEST: Final = 9
LINE_BREAK: Final = "\u2028"

_STYLE = int(QTextFormat.Property.UserProperty) + 1
_LINE_HEIGHT = 110.0  # per cent of what Noto Sans asks for, which is 1.36: 1.5 times the size of the letters
_HEADING_SIZES = {1: 1.3, 2: 1.13}
_BULLETS = (
    QTextListFormat.Style.ListDisc,
    QTextListFormat.Style.ListCircle,
    QTextListFormat.Style.ListSquare,
)


def fill(document: QTextDocument, blocks: Sequence[Block]) -> None:
    """Put these blocks in place of what a document holds."""
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.removeSelectedText()
    make_plain(cursor.block())
    cursor.setBlockCharFormat(QTextCharFormat())
    append(cursor, blocks)
    cursor.endEditBlock()


def append(cursor: QTextCursor, blocks: Iterable[Block]) -> None:
    """Write blocks from the empty block of the cursor on."""
    formats: dict[tuple[Style, int], QTextBlockFormat] = {}
    lists: list[QTextList] = []
    plain = QTextCharFormat()
    for number, block in enumerate(blocks):
        key = (block.style, block.level)
        made = formats.get(key)
        if made is None:
            made = formats[key] = block_format(block.style, block.level)
        if number:
            cursor.insertBlock(made, plain)
        else:
            cursor.setBlockFormat(made)
        if block.style is Style.ITEM:
            del lists[block.level :]
            if len(lists) == block.level and not block.begins:
                lists[-1].add(cursor.block())
            else:
                lists[block.level - 1 :] = [cursor.createList(list_format(block.level, block.number))]
        elif block.style is not Style.MORE:
            lists.clear()
        for span in block.spans:
            cursor.insertText(
                span.text.replace("\n", LINE_BREAK), char_format(span) if span != Span(span.text) else plain
            )


def block_format(style: Style, level: int = 0) -> QTextBlockFormat:
    """Return the format of a block of this style."""
    made = QTextBlockFormat()
    made.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    made.setBottomMargin(theme.Space.S4 if style in {Style.ITEM, Style.MORE} else theme.Space.S8)
    if style is Style.HEADING:
        made.setHeadingLevel(level)
        made.setTopMargin(theme.Space.S12)
    elif style is Style.MORE:
        made.setIndent(level)
    if style in {Style.MORE, Style.SOURCE}:
        made.setProperty(_STYLE, style.value)
    return made


def list_format(level: int, number: int | None) -> QTextListFormat:
    """Return the format of a list that stands so deep; ``number`` is its first item's, ``None`` makes bullets."""
    made = QTextListFormat()
    made.setIndent(level)
    if number is None:
        made.setStyle(_BULLETS[(level - 1) % len(_BULLETS)])
    else:
        made.setStyle(QTextListFormat.Style.ListDecimal)
        made.setStart(number)
    return made


def char_format(span: Span) -> QTextCharFormat:
    """Return the format of text of this appearance."""
    made = QTextCharFormat()
    if span.bold:
        made.setFontWeight(QFont.Weight.Bold)
    if span.italic:
        made.setFontItalic(True)
    if span.link:
        made.setAnchor(True)
        made.setAnchorHref(span.link)
    return made


def list_of(block: QTextBlock) -> QTextList | None:
    """Return the list of a list item, ``None`` for other blocks."""
    return block.textList()


def style_of(block: QTextBlock) -> Style:
    """Say what a block is."""
    if list_of(block) is not None:
        return Style.ITEM
    form = block.blockFormat()
    if form.headingLevel():
        return Style.HEADING
    kept = form.property(_STYLE)
    return Style(kept) if isinstance(kept, str) else Style.BODY


def depth_of(block: QTextBlock) -> int:
    """Return how deep a list item, or a further paragraph of one, stands; 0 for other blocks."""
    items = list_of(block)
    return items.format().indent() if items is not None else block.blockFormat().indent()


def is_ordered(items: QTextList) -> bool:
    """Say whether a list is numbered."""
    return items.format().style() == QTextListFormat.Style.ListDecimal


def blocks_of(document: QTextDocument, start: int = 0, end: int | None = None) -> list[Block]:
    """Read the blocks of a document, or of what stands between two places of it."""
    found = []
    previous: dict[int, QTextList] = {}
    block = document.findBlock(start)
    while block.isValid() and (end is None or block.position() < end):
        style = style_of(block)
        level = number = 0
        ordered = begins = False
        if style is Style.HEADING:
            level = block.blockFormat().headingLevel()
        elif style in {Style.ITEM, Style.MORE}:
            level = max(1, depth_of(block))
        items = list_of(block)
        if items is not None:
            ordered = is_ordered(items)
            number = items.format().start() + items.itemNumber(block) if ordered else 0
            begins = previous.get(level) != items
            previous = {depth: kept for depth, kept in previous.items() if depth < level} | {level: items}
        elif style is not Style.MORE:
            previous = {}
        found.append(Block(style, _spans(block, start, end), level, number if ordered else None, begins))
        block = block.next()
    return found


def _spans(block: QTextBlock, start: int, end: int | None) -> tuple[Span, ...]:
    if block.length() == 1:
        return ()
    spans = []
    part = block.begin()
    while not part.atEnd():
        fragment = part.fragment()
        form = fragment.charFormat()
        text = fragment.text()
        if start or end is not None:
            text = _between(text, start - fragment.position(), (end or 0) - fragment.position())
        text = printable(text.replace("\ufffc", ""))
        spans.append(
            Span(
                text,
                form.fontWeight() > QFont.Weight.Medium,
                form.fontItalic(),
                form.anchorHref() if form.isAnchor() else "",
            )
        )
        part += 1
    return tuple(merged(span for span in spans if span.text))


def _between(text: str, start: int, end: int) -> str:
    """Cut a text as Qt counts, where a letter beyond the basic plane counts twice."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * max(0, start) : 2 * max(0, end)].decode("utf-16-le", "ignore")


def make_item(block: QTextBlock, level: int, *, ordered: bool, start: int = 1) -> None:
    """Make a block an item of the list beside it that stands as deep, or the first of a new one."""
    cursor = QTextCursor(block)
    cursor.setBlockFormat(block_format(Style.ITEM))
    neighbour = _list_beside(block, level, ordered=ordered)
    if neighbour is not None:
        neighbour.add(block)
    else:
        cursor.createList(list_format(level, start if ordered else None))


def _list_beside(block: QTextBlock, level: int, *, ordered: bool) -> QTextList | None:
    for step in (QTextBlock.previous, QTextBlock.next):
        other = step(block)
        while other.isValid() and style_of(other) in {Style.ITEM, Style.MORE} and depth_of(other) >= level:
            items = list_of(other)
            if items is not None and depth_of(other) == level:
                if is_ordered(items) == ordered:
                    return items
                break
            other = step(other)
    return None


def make_plain(block: QTextBlock, style: Style = Style.BODY, level: int = 0) -> None:
    """Make a block a paragraph or a heading, whatever it was."""
    items = list_of(block)
    if items is not None:
        items.remove(block)
    cursor = QTextCursor(block)
    cursor.setBlockFormat(block_format(style, level))


class ProseHighlighter(SpellingHighlighter):
    """Draws headings, links and source over what the document holds."""

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Draw one block; Qt calls it after each change."""
        block = self.currentBlock()
        in_force = theme.current()
        form = block.blockFormat()
        level = form.headingLevel()
        if level:
            look = QTextCharFormat()
            font = theme.prose_font()
            look.setFontWeight(QFont.Weight.Bold)
            look.setProperty(
                int(QTextFormat.Property.FontPixelSize), round(font.pixelSize() * _HEADING_SIZES.get(level, 1.0))
            )
            self.setFormat(0, block.length() - 1, look)
        elif form.property(_STYLE) == Style.SOURCE.value:
            look = QTextCharFormat()
            look.setForeground(in_force.colour("muted"))
            self.setFormat(0, block.length() - 1, look)
            return
        for part in block.textFormats():
            if part.format.isAnchor():
                look = QTextCharFormat(self.format(part.start))
                look.setForeground(in_force.colour("accent"))
                look.setFontUnderline(True)
                self.setFormat(part.start, part.length, look)
        self.mark_words(text)
