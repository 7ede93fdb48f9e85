"""Learners' prose between Markdown and the blocks that the editor shows.

It is read by the parsers of the exports, so that what the editor shows is what they print. What the editor has no
appearance for (tables, quotations, code, pictures) becomes a block of its source, which is written back as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby
from typing import Self

from markdown_it.common.utils import isPunctChar, isWhiteSpace
from markdown_it.token import Token

from portfolio_app.exporting.prose import block_parser, inline_parser, is_too_deep
from portfolio_app.plain_text import BLANK_LINES, printable

_LARGEST_NUMBER = 999_999_999
_ENDS = {"paragraph_open": "paragraph_close", "heading_open": "heading_close"}
_NEEDS_READING = re.compile(r"[\\`*_\[\]<>!&]|  \n")

_ALWAYS_ESCAPED = re.compile(r"[\\`*_\[\]]|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
_INSIDE_WORD = re.compile(r"(?<=[^\W_])\\_(?=[^\W_])")
# What would begin a block where a line begins: a heading, a quotation, a list, a fence, a line under a heading or
# between paragraphs, the second row of a table.
_BEGINS_BLOCK = re.compile(r"#{1,6}(?= |$)|>|[-+](?= |$)|~~~|=+ *$|[-|:][-|: ]*$")
_BEGINS_NUMBER = re.compile(r"(\d{1,9})([.)])(?= |$)")
_CLOSES_HEADING = re.compile(r"(^| )(#+)$")
_AUTOLINK = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\s\x00-\x20]+")
_ADDRESS_ESCAPES = re.compile(r"[\\()]|&(?=#?\w+;)")
_ADDRESS_UNFIT = re.compile(r"[\s<>`\x00-\x20\x7f]")


class Style(Enum):
    """What a block is."""

    BODY = "body"
    HEADING = "heading"
    ITEM = "item"
    MORE = "more"  # a further paragraph of the list item above it
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Span:
    """Text of one appearance; a line feed in it is a line break within the paragraph."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or list item.

    ``level`` is a heading's (1 to 6), or how deep a list item stands (from 1). ``number`` is what an item of a
    numbered list shows, ``None`` for a bullet. ``begins`` tells the first item of a list.
    """

    style: Style
    spans: tuple[Span, ...]
    level: int = 0
    number: int | None = None
    begins: bool = False

    @property
    def text(self) -> str:
        """The text without its appearance."""
        return "".join(span.text for span in self.spans)


def read_markdown(text: str, *, keep_lines: bool = False) -> tuple[Block, ...]:
    """Read Markdown into blocks; with ``keep_lines`` each line of a paragraph stays a line, as in a form."""
    cleaned = printable(text).strip("\n")
    if not cleaned.strip():
        return ()
    tokens = block_parser().parse(cleaned)
    if is_too_deep(tokens):
        return tuple(_source(part) for part in BLANK_LINES.split(cleaned) if part.strip())
    return tuple(_Reader(tokens, cleaned.split("\n"), keep_lines=keep_lines).blocks())


def write_markdown(blocks: Iterable[Block], *, keep_lines: bool = False) -> str:
    """Write blocks as Markdown that :func:`read_markdown` reads as the same; empty ones are left out."""
    return _Writer(keep_lines=keep_lines).write(_without_empty(_in_reach(blocks)))


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Make each line of plain text a paragraph; nothing in it is taken for Markdown."""
    return tuple(Block(Style.BODY, (Span(line),)) for part in printable(text).split("\n") if (line := part.strip()))


def _source(text: str) -> Block:
    return Block(Style.SOURCE, (Span(text),))


class _NotShown(Exception):
    """The editor has no appearance for this."""


class _Reader:
    """Walks the parser's flat list of tokens, block by block."""

    def __init__(self, tokens: Sequence[Token], lines: Sequence[str], *, keep_lines: bool) -> None:
        self._tokens = tokens
        self._lines = lines
        self._soft_break = "\n" if keep_lines else " "

    def blocks(self) -> Iterator[Block]:
        at = 0
        while at < len(self._tokens):
            end = self._end(at)
            token = self._tokens[at]
            try:
                yield from self._shown(at)
            except _NotShown:
                yield _source(self._source_of(token))
            at = end

    def _end(self, at: int) -> int:
        """Return the place after the block that begins here."""
        level = self._tokens[at].level
        if self._tokens[at].nesting == 0:
            return at + 1
        at += 1
        while self._tokens[at].level != level or self._tokens[at].nesting != -1:
            at += 1
        return at + 1

    def _shown(self, at: int) -> list[Block]:
        token = self._tokens[at]
        match token.type:
            case "paragraph_open":
                return [Block(Style.BODY, self._spans(at))]
            case "heading_open":
                spans = tuple(replace(span, text=span.text.replace("\n", " ")) for span in self._spans(at))
                return [Block(Style.HEADING, spans, level=int(token.tag[1:]))]
            case "bullet_list_open" | "ordered_list_open":
                return self._list(at, 1)
            case _:
                raise _NotShown

    def _list(self, at: int, depth: int) -> list[Block]:
        opening = self._tokens[at]
        number = int(opening.attrs.get("start", 1)) if opening.type == "ordered_list_open" else None
        blocks: list[Block] = []
        end = self._end(at) - 1
        at += 1
        while at < end:
            item = self._item(at, depth)
            blocks.append(replace(item[0], number=number, begins=not blocks))
            blocks += item[1:]
            number = None if number is None else number + 1
            at = self._end(at)
        return blocks

    def _item(self, at: int, depth: int) -> list[Block]:
        blocks: list[Block] = []
        end = self._end(at) - 1
        at += 1
        while at < end:
            token = self._tokens[at]
            match token.type:
                case "paragraph_open":
                    blocks.append(Block(Style.MORE if blocks else Style.ITEM, self._spans(at), level=depth))
                case "bullet_list_open" | "ordered_list_open":
                    blocks = blocks or [Block(Style.ITEM, (), level=depth)]
                    blocks += self._list(at, depth + 1)
                case _:
                    raise _NotShown
            at = self._end(at)
        return blocks or [Block(Style.ITEM, (), level=depth)]

    def _spans(self, at: int) -> tuple[Span, ...]:
        return tuple(_inline_spans(self._tokens[at + 1].content, self._soft_break))

    def _source_of(self, token: Token) -> str:
        start, end = token.map or (0, 0)
        source = "\n".join(self._lines[start:end]).rstrip("\n ")
        if token.type == "fence" and not _is_closed(source, token.markup):
            source += "\n" + token.markup  # or what is written after it would become part of it
        return source


def _is_closed(source: str, fence: str) -> bool:
    first, _, rest = source.partition("\n")
    last = rest.rsplit("\n", 1)[-1].strip() if rest else ""
    return bool(first) and last.startswith(fence) and not last.strip(fence[0])


def _inline_spans(text: str, soft_break: str) -> list[Span]:
    if not _NEEDS_READING.search(text):
        return [Span(soft_break.join(line.strip() for line in text.split("\n")))] if text.strip() else []
    spans: list[Span] = []
    bold = italic = linked = 0
    link = ""
    for token in inline_parser().parseInline(text)[0].children or ():
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "softbreak" | "hardbreak" | "text":
                shown = {"softbreak": soft_break, "hardbreak": "\n"}.get(token.type) or printable(token.content)
                spans.append(Span(shown, bold > 0, italic > 0, link))
            case "link_open" if token.attrs.get("href") and "title" not in token.attrs:
                link, linked = str(token.attrs["href"]), len(spans)
            case "link_close" if any(span.text.strip() for span in spans[linked:]):
                link = ""
            case _:
                raise _NotShown
    return merged(span for span in spans if span.text)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Join neighbours of the same appearance."""
    return [
        Span("".join(span.text for span in group), *appearance)
        for appearance, group in groupby(spans, lambda span: (span.bold, span.italic, span.link))
    ]


def _in_reach(blocks: Iterable[Block]) -> Iterator[Block]:
    """Let no item stand deeper than one below the last, and no further paragraph without an item."""
    depth = 0
    for block in blocks:
        match block.style:
            case Style.ITEM:
                depth = max(1, min(block.level, depth + 1))
                yield replace(block, level=depth)
            case Style.MORE if depth:
                depth = max(1, min(block.level, depth))
                yield replace(block, level=depth)
            case Style.MORE:
                yield replace(block, style=Style.BODY, level=0)
            case _:
                depth = 0
                yield block


def _without_empty(blocks: Iterable[Block]) -> list[Block]:
    """Leave out what is empty, but not an item that holds others."""
    kept: list[Block] = []
    following: Block | None = None
    for block in reversed(list(blocks)):
        if block.text.strip():
            kept.append(block)
        elif block.style is Style.ITEM and following and following.level >= block.level:
            if following.level > block.level and following.style is Style.ITEM:
                kept.append(block)
            else:
                # What follows takes its place.
                kept[-1] = replace(following, style=Style.ITEM, level=block.level, number=block.number)
                kept[-1] = replace(kept[-1], begins=block.begins or following.begins)
        following = kept[-1] if kept and kept[-1].style in {Style.ITEM, Style.MORE} else None
    return kept[::-1]


@dataclass(slots=True)
class _OpenList:
    """A list that is being written: its mark, and how far the text of its last item is indented."""

    mark: str
    number: int | None
    indent: int = 0
    empty: bool = False


class _Writer:
    """Puts the lines of the blocks below one another."""

    def __init__(self, *, keep_lines: bool) -> None:
        self._break = "\n" if keep_lines else "\\\n"
        self._parts: list[str] = []
        self._open: list[_OpenList] = []
        self._last: Block | None = None

    def write(self, blocks: Iterable[Block]) -> str:
        for block in blocks:
            match block.style:
                case Style.ITEM:
                    self._item(block)
                case Style.MORE:
                    del self._open[block.level :]
                    self._add(block, "\n\n", self._lines(block), " " * self._open[-1].indent)
                case _:
                    self._open.clear()
                    self._add(block, "\n\n", self._lines(block), "")
        return "".join(self._parts)

    def _add(self, block: Block, gap: str, lines: list[str], indent: str) -> None:
        if self._parts:
            self._parts.append(gap)
        self._parts.append("\n".join(indent + line for line in lines))
        self._last = block

    def _item(self, block: Block) -> None:
        del self._open[block.level :]
        outer = self._open[block.level - 2] if block.level > 1 else None
        gap = "\n" if self._last and self._last.style is Style.ITEM else "\n\n"
        same_level = self._open[block.level - 1] if len(self._open) == block.level else None
        if same_level and not block.begins and (same_level.number is None) == (block.number is None):
            this = same_level
            this.number = None if this.number is None else min(this.number + 1, _LARGEST_NUMBER)
        else:
            this = self._new_list(block, same_level)
            self._open[block.level - 1 :] = [this]
            interrupts = bool(block.text) and block.number in {None, 1}
            if not (outer and same_level is None and (interrupts or outer.empty)):
                gap = "\n\n"
        mark = this.mark if this.number is None else f"{this.number}{this.mark}"
        before = " " * (outer.indent if outer else 0)
        this.indent = len(before) + len(mark) + 1
        this.empty = not block.text
        first, *rest = self._lines(block) if block.text else [""]
        lines = [f"{before}{mark} {first}".rstrip(" "), *(" " * this.indent + line for line in rest)]
        self._add(block, gap, lines, "")

    @staticmethod
    def _new_list(block: Block, neighbour: _OpenList | None) -> _OpenList:
        # Two lists of a kind that follow each other are told apart by their marks.
        if block.number is None:
            return _OpenList("*" if neighbour and neighbour.mark == "-" else "-", None)
        number = max(0, min(block.number, _LARGEST_NUMBER))
        return _OpenList(")" if neighbour and neighbour.mark == "." else ".", number)

    def _lines(self, block: Block) -> list[str]:
        if block.style is Style.SOURCE:
            return block.text.strip("\n").split("\n")
        if block.style is Style.HEADING:
            spans = [replace(span, text=span.text.replace("\n", " ")) for span in block.spans]
            return [f"{'#' * max(1, min(block.level, 6))} " + _CLOSES_HEADING.sub(r"\1\\\2", _inline(spans))]
        lines = [_unlike_block(line.strip()) for line in _inline(block.spans).split("\n")]
        # An empty line would end the paragraph; the mark of a break alone on its line does not.
        return "\n".join(
            line + self._break.rstrip("\n") if line and number < len(lines) else line or "\\"
            for number, line in enumerate(lines, 1)
        ).split("\n")


def _unlike_block(line: str) -> str:
    """Escape what would make a line begin something else than a line of text."""
    if _BEGINS_BLOCK.match(line):
        return "\\" + line
    return _BEGINS_NUMBER.sub(r"\1\\\2", line, count=1) if _BEGINS_NUMBER.match(line) else line


def _inline(spans: Sequence[Span]) -> str:
    """Write the text of one paragraph, its line breaks as line feeds."""
    spans = _trimmed(spans)
    if not any(span.bold or span.italic or span.link for span in spans):
        text = "".join(span.text for span in spans)
        return _INSIDE_WORD.sub("_", _ALWAYS_ESCAPED.sub(r"\\\g<0>", text))
    parts = []
    for link, group in groupby(merged(spans), lambda span: span.link):
        written = list(group)
        text = "".join(span.text for span in written)
        if link and text == link and _AUTOLINK.fullmatch(link) and not (written[0].bold or written[0].italic):
            parts.append(f"<{link}>")
        elif link:
            if parts and parts[-1].endswith("!"):
                parts[-1] = parts[-1][:-1] + "\\!"  # or it would be a picture
            parts.append(f"[{_emphasised(written)}]({_address(link)})")
        else:
            parts.append(_emphasised(written))
    return "".join(parts)


def _trimmed(spans: Iterable[Span]) -> list[Span]:
    """Take white space off both ends, and out of the ends of links."""
    pieces: list[Span] = []
    for link, group in groupby(merged(span for span in spans if span.text), lambda span: span.link):
        linked = list(group)
        if link:
            text = "".join(span.text for span in linked)
            before, after = (text[: -len(text.lstrip()) or None], text[len(text.rstrip()) :])
            linked = [Span(before), *_without_ends(linked), Span(after if text.strip() else "")]
        pieces += linked
    return _without_ends(merged(span for span in pieces if span.text))


def _without_ends(spans: list[Span]) -> list[Span]:
    while spans and not spans[0].text.strip():
        del spans[0]
    while spans and not spans[-1].text.strip():
        del spans[-1]
    if spans:
        spans[0] = replace(spans[0], text=spans[0].text.lstrip())
        spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip())
    return spans


class _Mark(str):
    """A mark of emphasis among the text, which is written as it is."""

    __slots__ = ("opens",)
    opens: bool

    def __new__(cls, mark: str, *, opens: bool) -> Self:
        made = super().__new__(cls, mark)
        made.opens = opens
        return made


def _emphasised(spans: Sequence[Span]) -> str:
    """Write text with bold and italic.

    Bold is written with asterisks, italic with underscores, so that neither can be taken for part of the other. Marks
    stand at words, never at white space.
    """
    pieces = _marked(spans)
    written: list[str] = []
    for place, piece in enumerate(pieces):
        if isinstance(piece, _Mark):
            written.append(piece)
            continue
        text = _ALWAYS_ESCAPED.sub(r"\\\g<0>", piece)
        # Some marks count only where no letter stands on their other side: there it is written as its number.
        if _needs_number(piece[0], pieces[max(0, place - 2) : place][::-1], opens=False):
            text = f"&#{ord(piece[0])};{text[1:]}"
        if text[-1] != ";" and _needs_number(piece[-1], pieces[place + 1 : place + 3], opens=True):
            text = f"{text[:-1]}&#{ord(piece[-1])};"
        written.append(text)
    return "".join(written)


def _needs_number(letter: str, neighbours: Sequence[str], *, opens: bool) -> bool:
    """Say whether a letter keeps the mark beside it, with what comes behind that, from being a mark of emphasis."""
    mark = neighbours[0] if neighbours else ""
    if not isinstance(mark, _Mark) or mark.opens != opens or not _is_letter(letter):
        return False
    inner = neighbours[1]  # a single letter may itself be written as its number
    return mark == "_" or isinstance(inner, _Mark) or len(inner) == 1 or not _is_letter(inner[0 if opens else -1])


def _marked(spans: Sequence[Span]) -> list[str]:
    """Put the marks of bold and italic between the pieces of text."""
    pieces: list[str] = []
    open_marks: list[str] = []

    def close(wanted: set[str]) -> None:
        while not wanted.issuperset(open_marks):
            pieces.append(_Mark(open_marks.pop(), opens=False))

    words = [
        (word, {mark for mark, on in (("**", span.bold), ("_", span.italic)) if on})
        for span in spans
        for word in re.split(r"(\s+)", span.text)
        if word
    ]
    for place, (word, wanted) in enumerate(words):
        if word.isspace():
            close(wanted & next((marks for text, marks in words[place + 1 :] if not text.isspace()), set()))
        else:
            close(wanted)
            for mark in sorted(wanted.difference(open_marks), key=lambda mark: -_reach(words, place, mark)):
                pieces.append(_Mark(mark, opens=True))
                open_marks.append(mark)
        if pieces and not isinstance(pieces[-1], _Mark):
            pieces[-1] += word
        else:
            pieces.append(word)
    close(set())
    return pieces


def _reach(words: Sequence[tuple[str, set[str]]], place: int, mark: str) -> int:
    """Count for how many words from a place a mark holds."""
    reach = 0
    for _, marks in words[place:]:
        if mark not in marks:
            break
        reach += 1
    return reach


def _is_letter(character: str) -> bool:
    """Say whether a character is neither white space nor punctuation, for the rules of emphasis."""
    return not (isWhiteSpace(ord(character)) or isPunctChar(character))


def _address(link: str) -> str:
    fit = _ADDRESS_UNFIT.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), link)
    return _ADDRESS_ESCAPES.sub(r"\\\g<0>", fit)
