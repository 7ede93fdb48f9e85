"""Learners' prose: Markdown → blocks.

Nothing that was written is lost, and nothing is run or fetched: HTML stands as it was typed, a picture is its
description and address in words, and only web and e-mail addresses become links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from portfolio_app.exporting.column_widths import column_widths
from portfolio_app.exporting.publication import (
    Block,
    Cell,
    Heading,
    Link,
    ListBlock,
    Paragraph,
    ParagraphStyle,
    Run,
    Runs,
    Table,
)
from portfolio_app.plain_text import BLANK_LINES, printable
from portfolio_app.reading.blocks import safe_link

_LOWEST_HEADING = 4
_DEEPEST = 60
_CELL_BREAK = re.compile(r"(?<!\\)\|")
_NEEDS_READING = re.compile(r"[\\`*_\[\]<>!&]|  \n")
# Beyond those, what makes a block: a mark or a number at the start of a line, an indent, a table's bars; and two
# spaces at a line's end break it.
_MAKES_BLOCKS = re.compile(r"[\\`*_\[\]<>!&|]|^[ #=~+-]|^\d{1,9}[.)]|  $", re.MULTILINE)


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002 - the parser's name for it
        """Accept every address: what may become a link is decided where runs are made."""
        return True


def prose_blocks(
    text: str,
    *,
    top_level: int = 3,
    keep_lines: bool = False,
    heading_anchor: str = "",
    paragraph_anchors: dict[int, str] | None = None,
) -> tuple[Block, ...]:
    """Read Markdown into headings, paragraphs, lists and tables.

    The highest heading used becomes one of ``top_level`` (1 to 4), the others follow; below level 4 a heading is
    a bold paragraph. With ``keep_lines`` each line of a paragraph stays a line, as in a form. Headings get the
    anchors ``<heading_anchor>1``, ``…2`` in order if one is given; ``paragraph_anchors`` gives those of
    paragraphs by their number from 1, counted outside lists, quotations and tables.
    """
    cleaned = printable(text).strip("\n")
    if not cleaned.strip():
        return ()
    anchors = paragraph_anchors or {}
    if not _MAKES_BLOCKS.search(cleaned):
        # Most of what is typed is plain, and this is many times as fast as parsing it.
        return tuple(
            Paragraph(inline_runs(part, keep_lines=keep_lines), anchor=anchors.get(number, ""))
            for number, part in enumerate(BLANK_LINES.split(cleaned), 1)
        )
    tokens = block_parser().parse(cleaned)
    if is_too_deep(tokens):
        return tuple(Paragraph((Run(part),)) for part in BLANK_LINES.split(cleaned))
    reader = _Reader(
        tokens,
        cleaned.split("\n"),
        top_level,
        keep_lines=keep_lines,
        heading_anchor=heading_anchor,
        paragraph_anchors=anchors,
    )
    return tuple(reader.blocks())


def prose_headings(blocks: Iterable[Block]) -> list[tuple[str, str]]:
    """Return text and anchor of each anchored heading, bold paragraphs in their stead included."""
    found = []
    for block in blocks:
        if isinstance(block, Heading) and block.anchor:
            found.append((block.text, block.anchor))
        elif isinstance(block, Paragraph) and block.anchor and block.style is ParagraphStyle.LABEL:
            found.append((plain(block.runs), block.anchor))
    return found


def plain(runs: Runs) -> str:
    """Return the text of runs without their appearance."""
    return "".join(run.text for run in runs)


@cache
def block_parser() -> MarkdownIt:
    """Return the parser of blocks; what stands inside a paragraph is left to :func:`inline_parser`."""
    # Definitions of links would vanish from the text; they stand as they were typed.
    return (
        _Markdown("commonmark", {"html": False, "maxNesting": _DEEPEST})
        .enable("table")
        .disable(["inline", "reference"])
    )


@cache
def inline_parser() -> MarkdownIt:
    """Return the parser of what stands inside a paragraph or a heading."""
    return _Markdown("commonmark", {"html": False, "maxNesting": _DEEPEST})


def is_too_deep(tokens: Iterable[Token]) -> bool:
    """Say whether lists and quotations stand inside one another so deep that the parser drops the innermost."""
    return any(token.level >= _DEEPEST - 1 for token in tokens)


class _Reader:
    """Walks the parser's flat list of tokens once."""

    def __init__(
        self,
        tokens: Sequence[Token],
        lines: Sequence[str],
        top_level: int,
        *,
        keep_lines: bool,
        heading_anchor: str,
        paragraph_anchors: dict[int, str],
    ) -> None:
        self._tokens = tokens
        self._lines = lines
        self._at = 0
        used = sorted({token.tag for token in tokens if token.type == "heading_open"})
        self._levels = {tag: top_level + rank for rank, tag in enumerate(used)}
        self._last_level = top_level - 1
        self._keep_lines = keep_lines
        self._heading_anchor = heading_anchor
        self._paragraph_anchors = paragraph_anchors
        self._headings = 0
        self._paragraphs = 0

    def blocks(self, until: str = "", style: ParagraphStyle = ParagraphStyle.BODY) -> list[Block]:
        """Read up to the closing token (or the end), which is passed over."""
        found: list[Block] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.type == until:
                break
            match token.type:
                case "paragraph_open":
                    found.append(self._paragraph(style, numbered=not until))
                case "heading_open":
                    found += self._heading(token.tag)
                case "bullet_list_open" | "ordered_list_open":
                    found.append(self._list(token, style))
                case "blockquote_open":
                    found += self.blocks("blockquote_close", ParagraphStyle.QUOTATION)
                case "fence" | "code_block":
                    # What follows an opening fence is a language for programmers, and the text itself for others.
                    code = "\n".join(part for part in (token.info.strip(), token.content.rstrip("\n")) if part)
                    found += [Paragraph((Run(code),), style)] if code else []
                case "table_open":
                    found.append(self._table(token))
                case _:
                    pass
        return found

    def _inline(self) -> Runs:
        token = self._tokens[self._at]
        self._at += 2  # the inline token and the closing one
        return inline_runs(token.content, keep_lines=self._keep_lines)

    def _paragraph(self, style: ParagraphStyle, *, numbered: bool) -> Paragraph:
        anchor = ""
        if numbered:
            self._paragraphs += 1
            anchor = self._paragraph_anchors.get(self._paragraphs, "")
        return Paragraph(self._inline(), style, anchor)

    def _heading(self, tag: str) -> list[Block]:
        runs = self._inline()
        if not plain(runs).strip():
            return []
        self._headings += 1
        anchor = f"{self._heading_anchor}{self._headings}" if self._heading_anchor else ""
        # A level is never skipped, whatever the writer did: readers by ear go from level to level.
        level = self._last_level = min(self._levels[tag], self._last_level + 1)
        if level > _LOWEST_HEADING:
            return [Paragraph(runs, ParagraphStyle.LABEL, anchor, keep_with_next=True)]
        return [Heading(level, plain(runs).replace("\n", " "), anchor)]

    def _list(self, opening: Token, style: ParagraphStyle) -> ListBlock:
        items = []
        while self._tokens[self._at].type == "list_item_open":
            self._at += 1
            items.append(tuple(_as_list_parts(self.blocks("list_item_close", style))))
        self._at += 1
        ordered = opening.type == "ordered_list_open"
        return ListBlock(tuple(items), ordered, int(opening.attrs.get("start", 1)) if ordered else 1)

    def _table(self, opening: Token) -> Block:
        rows: list[tuple[Cell, ...]] = []
        cells: list[Cell] = []
        while (token := self._tokens[self._at]).type != "table_close":
            self._at += 1
            if token.type in {"th_open", "td_open"}:
                numeric = "right" in str(token.attrs.get("style", ""))
                cells.append(Cell((self._inline(),), numeric=numeric))
            elif token.type == "tr_close":
                rows.append(tuple(cells))
                cells = []
        self._at += 1
        lines = self._lines[slice(*(opening.map or (0, 0)))]
        if any(len(_CELL_BREAK.findall(line.strip().strip("|"))) >= len(rows[0]) for line in lines):
            # The parser drops cells beyond the header's.
            return Paragraph((Run("\n".join(lines)),))
        return Table(rows[0], tuple(rows[1:]), column_widths(rows[0], rows[1:]))


def _as_list_parts(blocks: Iterable[Block]) -> list[Paragraph | ListBlock]:
    """Turn headings and tables inside a list item into paragraphs: a list holds nothing else."""
    parts: list[Paragraph | ListBlock] = []
    for block in blocks:
        match block:
            case Paragraph() | ListBlock():
                parts.append(block)
            case Heading():
                parts.append(Paragraph((Run(block.text, bold=True),), anchor=block.anchor))
            case Table():
                parts += [
                    Paragraph(_joined([cell.paragraphs[0] for cell in row])) for row in (block.header, *block.rows)
                ]
            case _:
                raise TypeError(f"prose makes no {type(block).__name__}")
    return parts


def _joined(parts: Sequence[Runs]) -> Runs:
    runs: list[Run] = []
    for part in parts:
        if runs:
            runs.append(Run(" · "))
        runs += part
    return tuple(runs)


def inline_runs(text: str, *, keep_lines: bool = False) -> Runs:
    """Read one paragraph of Markdown into runs."""
    if not _NEEDS_READING.search(text):
        lines = [line.strip() for line in text.split("\n")]
        return (Run(("\n" if keep_lines else " ").join(lines)),)
    runs = _InlineReader("\n" if keep_lines else " ").read(inline_parser().parseInline(text)[0].children or ())
    return runs or (Run(text),)


class _InlineReader:
    """Collects the runs of one paragraph; neighbours of the same appearance become one."""

    def __init__(self, soft_break: str) -> None:
        self._soft_break = soft_break
        self._runs: list[Run] = []
        self._bold = 0
        self._italic = 0
        self._link: Link | None = None
        self._address = ""

    def read(self, tokens: Iterable[Token]) -> Runs:
        for token in tokens:
            match token.type:
                case "strong_open" | "strong_close":
                    self._bold += token.nesting
                case "em_open" | "em_close":
                    self._italic += token.nesting
                case "softbreak":
                    self._add(self._soft_break)
                case "hardbreak":
                    self._add("\n")
                case "link_open":
                    self._address = str(token.attrs.get("href", ""))
                    self._link = safe_link(self._address)
                case "link_close":
                    link, self._link = self._link, None
                    if link is None and self._address:
                        self._add(f" ({self._address})")
                case "image":
                    described = "".join(child.content for child in token.children or ())
                    self._add(" ".join(part for part in (described, f"({token.attrs.get('src', '')})") if part))
                case _:
                    self._add(token.content)
        return tuple(self._runs)

    def _add(self, text: str) -> None:
        text = printable(text)  # a character may have been written as its number
        if not text:
            return
        run = Run(text, bold=self._bold > 0, italic=self._italic > 0, link=self._link)
        if self._runs:
            last = self._runs[-1]
            if (last.bold, last.italic, last.link) == (run.bold, run.italic, run.link):
                self._runs[-1] = Run(last.text + text, bold=run.bold, italic=run.italic, link=run.link)
                return
        self._runs.append(run)
