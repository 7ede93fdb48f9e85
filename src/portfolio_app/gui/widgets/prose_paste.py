"""What is pasted or dropped into prose, from anywhere: paragraphs, headings, lists, bold, italic and links of it.

Word and Outlook write lists as paragraphs with a mark in front, Google Docs bold as a style, all three wrap the
whole in mark-up of their own. The HTML is cleaned first, so that it is well formed, and then only read: none of it is
ever shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser

import nh3

from portfolio_app.exporting.prose_markdown import Block, Span, Style, merged
from portfolio_app.plain_text import printable

_HEADINGS = {"h1": 1, "h2": 2, "h3": 2, "h4": 2, "h5": 2, "h6": 2}
_PARAGRAPHS = frozenset({"p", "div", "blockquote", "pre", "tr", "dt", "dd", "figcaption", "caption", "section", "hr"})
_LISTS = frozenset({"ul", "ol"})
_CELLS = frozenset({"td", "th"})
_BOLD = frozenset({"b", "strong"})
_ITALIC = frozenset({"i", "em", "cite"})
_TAGS = {*_HEADINGS, *_PARAGRAPHS, *_LISTS, *_CELLS, *_BOLD, *_ITALIC, "li", "a", "br", "span"}
_VOID = frozenset({"br", "hr"})
_ATTRIBUTES = {"*": {"style", "class"}, "a": {"href", "style", "class"}, "ol": {"start", "style", "class"}}
_WITHOUT_CONTENT = {"script", "style", "head", "title", "xml", "template", "svg", "math"}
_WORD_LIST = re.compile(r"mso-list:[^;]*\blevel(\d+)", re.IGNORECASE)
_WORD_MARK = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
_WORD_NUMBER = re.compile(r"\(?(\d{1,9})[.)]")
_WEIGHT = re.compile(r"(?<![\w-])font-weight:\s*(\w+)", re.IGNORECASE)
_SLANT = re.compile(r"(?<![\w-])font-style:\s*(\w+)", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_CELL_GAP = " · "
_MOST = 2_000_000  # characters; a whole book


def html_blocks(source: str) -> tuple[Block, ...]:
    """Read pasted HTML into blocks; a row of a table becomes a line, pictures are left out."""
    clean = nh3.clean(
        source[:_MOST],
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        clean_content_tags=_WITHOUT_CONTENT,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    return tuple(reader.finished())


@dataclass(frozen=True, slots=True)
class _Look:
    """What text inside an element looks like."""

    bold: bool = False
    italic: bool = False
    link: str = ""
    keeps_lines: bool = False
    is_mark: bool = False


class _Reader(HTMLParser):
    """Collects blocks from clean HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[Block] = []
        self._spans: list[Span] = []
        self._looks: list[tuple[str, _Look]] = [("", _Look())]
        self._lists: list[int | None] = []
        self._block = Block(Style.BODY, ())
        self._mark = ""
        self._starts_list = False

    def finished(self) -> list[Block]:
        """Return the blocks once all was read."""
        self._end_block()
        return self._blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        style = given.get("style") or ""
        if tag == "br":
            self._spans.append(Span("\n"))
            return
        if tag in _CELLS:
            if self._spans:
                self._spans.append(Span(_CELL_GAP))
        elif tag in _HEADINGS:
            self._begin(Block(Style.HEADING, (), _HEADINGS[tag]))
        elif tag in _LISTS:
            self._end_block()
            start = given.get("start") or "1"
            self._lists.append((int(start) if start.isdecimal() else 1) if tag == "ol" else None)
            self._starts_list = True
        elif tag == "li":
            self._begin_item()
        elif tag in _PARAGRAPHS and not self._in_cell():
            self._begin_paragraph(style)
        if tag not in _VOID:
            self._looks.append((tag, self._look(tag, style, given.get("href") or "")))

    def handle_endtag(self, tag: str) -> None:
        while len(self._looks) > 1:
            ended, _ = self._looks.pop()
            if ended == tag:
                break
        if tag in _LISTS and self._lists:
            self._end_block()
            self._lists.pop()
        elif tag in _HEADINGS or tag == "li" or (tag in _PARAGRAPHS and not self._in_cell()):
            self._end_block()

    def handle_data(self, data: str) -> None:
        look = self._looks[-1][1]
        if look.is_mark:
            self._mark += data
            return
        text = printable(data) if look.keeps_lines else _BLANKS.sub(" ", data)
        text = printable(text.replace("\u00a0", " "))
        if not look.keeps_lines and (not self._spans or self._spans[-1].text[-1:] in {" ", "\n"}):
            text = text.lstrip(" ")
        if text:
            self._spans.append(Span(text, look.bold, look.italic, look.link))

    def _look(self, tag: str, style: str, address: str) -> _Look:
        look = self._looks[-1][1]
        bold, italic = look.bold or tag in _BOLD, look.italic or tag in _ITALIC
        if weight := _WEIGHT.search(style):
            bold = weight[1].lower() in {"bold", "bolder"} or (weight[1].isdecimal() and int(weight[1]) >= 600)
        if slant := _SLANT.search(style):
            italic = slant[1].lower() in {"italic", "oblique"}
        return _Look(
            bold and tag not in _HEADINGS,
            italic,
            address.strip() if tag == "a" else look.link,
            look.keeps_lines or tag == "pre",
            look.is_mark or bool(_WORD_MARK.search(style)),
        )

    def _in_cell(self) -> bool:
        return any(tag in _CELLS for tag, _ in self._looks)

    def _begin_item(self) -> None:
        depth = max(1, len(self._lists))
        number = self._lists[-1] if self._lists else None
        self._begin(Block(Style.ITEM, (), depth, number, begins=self._starts_list))
        self._starts_list = False
        if number is not None:
            self._lists[-1] = number + 1

    def _begin_paragraph(self, style: str) -> None:
        if self._lists and self._block.style is Style.ITEM and not self._text():
            return  # the paragraph is what the item holds
        if found := _WORD_LIST.search(style):
            self._begin(Block(Style.ITEM, (), int(found[1])))
        elif self._lists:
            self._begin(Block(Style.MORE, (), len(self._lists)))
        else:
            self._begin(Block(Style.BODY, ()))

    def _begin(self, block: Block) -> None:
        self._end_block()
        self._block = block

    def _text(self) -> str:
        return "".join(span.text for span in self._spans).strip()

    def _end_block(self) -> None:
        block, spans, mark = self._block, merged(self._spans), self._mark
        self._block, self._spans, self._mark = Block(Style.BODY, ()), [], ""
        if spans:
            spans[0] = replace(spans[0], text=spans[0].text.lstrip())
            spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip())
        if not any(span.text.strip() for span in spans):
            return
        if self._lists and block.style is Style.BODY:
            block = Block(Style.MORE, (), len(self._lists))  # goes on after a list within the item
        if mark and block.style is Style.ITEM and (number := _WORD_NUMBER.match(mark.strip())):
            block = replace(block, number=int(number[1]))
        self._blocks.append(replace(block, spans=tuple(span for span in spans if span.text)))
