"""Web pages that were saved: headings, paragraphs, lists and tables; no script, no style, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from lxml import etree
from lxml.etree import _Element as Element

from portfolio_app.reading.blocks import Cell, Entry, Link, ParagraphStyle, Run, safe_link
from portfolio_app.reading.limits import LimitReached
from portfolio_app.reading.plain import text_of_file
from portfolio_app.reading.sink import Sink

_PIECE: Final = 65_536
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_LISTS: Final = frozenset({"ul", "ol"})
_TEXT: Final = frozenset((
    *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "dfn", "em", "font", "i", "img"),
    *("ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"),
    *("u", "var", "wbr"),
))  # fmt: skip
_DROPPED: Final = frozenset((
    *("script", "style", "head", "title", "object", "embed", "applet", "iframe", "svg", "math", "template", "noscript"),
    *("select", "option", "textarea", "button", "canvas", "audio", "video", "map"),
))  # fmt: skip
_DEEPEST_LIST: Final = 8
_DEEPEST: Final = 60  # elements within elements; what is deeper is read as one text


def read_web_page(path: Path, sink: Sink) -> None:
    """Show what a web page says.

    Raises:
        Unreadable: it is not text.
        LimitReached: it is longer than what is shown.
    """
    text, is_cut = text_of_file(path, sink.limits)
    longest = sink.limits.longest_web_page
    is_cut = is_cut or len(text) > longest
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    data = text[:longest].encode("utf-8", "replace")
    for start in range(0, len(data), _PIECE):
        sink.watch()
        parser.feed(data[start : start + _PIECE])
    root = parser.close()
    if root is not None:
        etree.strip_elements(root, *_DROPPED, with_tail=False)
        _Reader(sink).children(root, ParagraphStyle.BODY, 0)
    if is_cut:
        raise LimitReached


class _Reader:
    """Goes through the elements; words that stand in none of their own gather to a paragraph."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._runs: list[Run] = []

    def children(self, element: Element, style: ParagraphStyle, depth: int) -> None:
        self._text(element.text)
        for inner in element:
            self._sink.watch()
            self._element(inner, style, depth + 1)
            self._text(inner.tail)
        self._flush(style)

    def _element(self, element: Element, style: ParagraphStyle, depth: int) -> None:
        name = str(element.tag)
        if name in _TEXT or depth > _DEEPEST:
            self._runs += _runs(element, self._sink)
            return
        self._flush(style)
        if name in _HEADINGS:
            self._sink.heading(_words(element), _HEADINGS[name] - 1)
        elif name in _LISTS:
            self._sink.listing(list(_entries(element, name == "ol", 0, self._sink)))
        elif name == "table" and element.find(".//table") is None:  # else it only lays the page out
            _table(element, self._sink)
        elif name == "pre":
            self._sink.text(_all_text(element), style)
        else:
            self.children(element, ParagraphStyle.QUOTATION if name == "blockquote" else style, depth)

    def _text(self, text: str | None) -> None:
        if text:
            self._runs.append(Run(_spaced(text)))

    def _flush(self, style: ParagraphStyle) -> None:
        runs, self._runs = self._runs, []
        if any(run.text.strip() for run in runs):
            self._sink.paragraph(_trimmed(runs), style)


def _runs(element: Element, sink: Sink) -> Iterator[Run]:
    """Yield an element of running text with what is in it."""
    todo: list[tuple[Element | str, bool, bool, Link | None]] = [(element, False, False, None)]
    while todo:
        part, bold, italic, link = todo.pop()
        if isinstance(part, str):
            yield Run(_spaced(part), bold, italic, link=link)
            continue
        name = str(part.tag)
        if name == "br":
            yield Run("\n")
        elif name == "img":
            alt = _spaced(part.get("alt", "")).strip()
            words = sink.words
            yield Run(
                words("attached_text.picture_of", text=alt) if alt else words("attached_text.picture"), muted=True
            )
        bold, italic = bold or name in {"b", "strong"}, italic or name in {"i", "em"}
        link = safe_link(part.get("href", "")) if name == "a" else link
        inner: list[tuple[Element | str, bool, bool, Link | None]] = []
        if part.text:
            inner.append((part.text, bold, italic, link))
        for one in part:
            inner.append((one, bold, italic, link))
            if one.tail:
                inner.append((one.tail, bold, italic, link))
        todo += reversed(inner)


def _entries(element: Element, ordered: bool, depth: int, sink: Sink) -> Iterator[Entry]:
    for item in element:
        sink.watch()
        name = str(item.tag)
        if name in _LISTS:
            yield from _entries(item, name == "ol", min(depth + 1, _DEEPEST_LIST), sink)
            continue
        runs: list[Run] = [Run(_spaced(item.text))] if item.text else []
        lists: list[Element] = []
        for part in item:
            if str(part.tag) in _LISTS:
                lists.append(part)
            else:
                runs += _runs(part, sink)
            if part.tail:
                runs.append(Run(_spaced(part.tail)))
        yield Entry(tuple(_trimmed(runs)), depth, ordered)
        for inner in lists if depth < _DEEPEST_LIST else ():
            yield from _entries(inner, str(inner.tag) == "ol", depth + 1, sink)


def _table(element: Element, sink: Sink) -> None:
    most = sink.limits.most_rows
    rows: list[list[Cell]] = []
    header = False
    total = 0
    for row in element.iter("tr"):
        sink.watch()
        cells = [cell for cell in row if str(cell.tag) in {"td", "th"}]
        if not cells:
            continue
        total += 1
        if total > most:
            continue
        header = header or (not rows and all(str(cell.tag) == "th" for cell in cells))
        rows.append([_cell(cell, sink) for cell in cells])
    caption = next(element.iter("caption"), None)
    if caption is not None and _words(caption):
        sink.text(_words(caption), ParagraphStyle.LABEL)
    sink.table(rows, header=header)
    if total > most:
        sink.note(sink.words("attached_text.rows_cut_sheet", shown=most))


def _cell(element: Element, sink: Sink) -> Cell:
    made = sink.cell(_words(element)[: sink.limits.longest_cell + 1])
    span = element.get("colspan", "1")
    return Cell(made.paragraphs, span=min(max(int(span), 1), 100) if span.isdecimal() and len(span) < 4 else 1)


def _all_text(element: Element) -> str:
    parts: list[str] = []
    for part in element.iter():
        if str(part.tag) in {"br", "p", "div"}:
            parts.append("\n")
        parts.append(part.text or "")
        parts.append((part.tail or "") if part is not element else "")
    return "".join(parts)


def _words(element: Element) -> str:
    return " ".join(_all_text(element).split())


def _spaced(text: str) -> str:
    """Return text with single spaces, as browsers show it."""
    words = " ".join(text.split())
    return f"{' ' * text[:1].isspace()}{words}{' ' * (text[-1:].isspace() and bool(words))}"


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """Return runs without space at either end, and no two spaces between them."""
    kept: list[Run] = []
    after_space = True
    for run in runs:
        text = run.text.lstrip(" ") if after_space else run.text
        if text:
            kept.append(Run(text, run.bold, run.italic, run.muted, run.link))
            after_space = text.endswith((" ", "\n"))
    if kept:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(kept)
