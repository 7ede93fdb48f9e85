"""Text, links and bookmarks as WordprocessingML strings."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote, urlsplit

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting import house_style
from portfolio_app.exporting.publication import (
    AttachedPages,
    Heading,
    Link,
    ListBlock,
    Paragraph,
    Picture,
    Publication,
    Run,
    Runs,
    Table,
)

TEXT_FONT = "Noto Sans"
SYMBOL_FONT = "Noto Sans Symbols 2"
MUTED = house_style.MUTED[1:]
ACCENT = house_style.ACCENT[1:]
_STATUS_COLOURS = {state: colour[1:] for state, colour in house_style.STATUS_COLOURS.items()}

_STATE_STYLES = {state: f"State{state.value.title().replace(' ', '')}" for state in CoverageState}
MUTED_TEXT = "MutedText"
"""The id of the character style of what is said by the way."""

_LONGEST_BOOKMARK = 40
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile("[^\x20-\x25\x27-\x3b\x3d\x3f-\ud7ff]")
_SYMBOLS = re.compile("([" + "".join(state.symbol for state in CoverageState) + "]+)")
_SCHEMES = frozenset({"http", "https", "mailto"})
_HOST = re.compile(r"[A-Za-z0-9.\-\[\]:_~%@]+")
_PAGE_ANCHOR = re.compile(r"(.+)-p\d+", re.DOTALL)


def legal(text: str) -> str:
    """Leave out what XML cannot hold (most control characters, half surrogates); keep everything else."""
    return _ILLEGAL.sub("", text)


def attribute(text: str) -> str:
    """Return text fit to stand between double quotes in a tag, on one line."""
    escaped = " ".join(_escaped(text).split("\n"))
    return escaped.replace('"', "&quot;").replace("\t", " ")


def state_style(state: CoverageState) -> str:
    """Return the id of the character style of a state."""
    return _STATE_STYLES[state]


def status_colour(state: CoverageState) -> str:
    """Return the colour of a state as Word writes colours."""
    return _STATUS_COLOURS[state]


@lru_cache(maxsize=256)
def run_properties(
    *,
    bold: bool = False,
    italic: bool = False,
    style: str = "",
    symbols: bool = False,
    quoted: bool = False,
    removed: bool = False,
) -> str:
    """Return ``w:rPr`` (empty when nothing is set) with its children in the order of the schema."""
    parts = [
        f'<w:rStyle w:val="{style}"/>' if style else "",
        _SYMBOL_FONTS if symbols else "",
        "<w:b/><w:bCs/>" if bold else "",
        "<w:i/><w:iCs/>" if italic and not symbols else "",
        _REMOVED if removed else _QUOTED if quoted else "",
    ]
    joined = "".join(parts)
    return f"<w:rPr>{joined}</w:rPr>" if joined else ""


_QUOTED = f'<w:shd w:val="clear" w:color="auto" w:fill="{house_style.HIGHLIGHT.lstrip("#")}"/>'
_REMOVED = (
    f'<w:color w:val="{house_style.WHITE.lstrip("#")}"/>'
    f'<w:shd w:val="clear" w:color="auto" w:fill="{house_style.REMOVED.lstrip("#")}"/>'
)
_SYMBOL_FONTS = (
    f'<w:rFonts w:ascii="{SYMBOL_FONT}" w:hAnsi="{SYMBOL_FONT}" w:eastAsia="{SYMBOL_FONT}" w:cs="{SYMBOL_FONT}"/>'
)


def run_xml(
    text: str, *, bold: bool = False, italic: bool = False, style: str = "", quoted: bool = False, removed: bool = False
) -> str:
    r"""Return text as runs of one appearance; "\\n" breaks the line, status symbols get the symbol font."""
    plain = run_properties(bold=bold, italic=italic, style=style, quoted=quoted, removed=removed)
    if not _SYMBOLS.search(text):
        return _run(_escaped(text), plain)
    signs = run_properties(bold=bold, italic=italic, style=style, symbols=True, quoted=quoted, removed=removed)
    pieces = _SYMBOLS.split(text)
    return "".join(
        _run(_escaped(piece), signs if number % 2 else plain) for number, piece in enumerate(pieces) if piece
    )


def _run(escaped: str, properties: str) -> str:
    if not escaped:
        return ""
    if "\n" in escaped or "\t" in escaped:
        escaped = escaped.replace("\n", f"</w:t><w:br/>{_TEXT}").replace("\t", f"</w:t><w:tab/>{_TEXT}")
    return f"<w:r>{properties}{_TEXT}{escaped}</w:t></w:r>"


_TEXT = '<w:t xml:space="preserve">'


def _escaped(text: str) -> str:
    if not _SPECIAL.search(text):
        return text
    text = legal(text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n"))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def field_xml(code: str, result: str, look: str = "") -> str:
    """Return a field with what it shows until it is brought up to date; ``look`` are the properties of its runs."""
    shown = f"<w:r>{look}<w:t>{result}</w:t></w:r>" if result else ""
    sign = '<w:r>{}<w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        f'{sign.format(look, "begin")}<w:r>{look}<w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f"{sign.format(look, 'separate')}{shown}{sign.format(look, 'end')}"
    )


def paragraph_xml(style: str, content: str, properties: str = "") -> str:
    """Return one paragraph; ``properties`` are what follows ``w:pStyle`` in the schema's order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def apart(xml: str, distance: int) -> str:
    """Let a paragraph stand this far below what is above it (in twentieths of a point), unless its style already does.

    ``xml`` may be more than the paragraph; what begins with anything else is returned as it is.
    """
    found = _BEGINNING.match(xml)
    if found is None or found["style"] in _APART_BY_THEMSELVES:
        return xml
    properties = found["properties"]
    before = f' w:before="{distance}"'
    if "<w:spacing" in properties:
        if "w:before=" not in properties:
            properties = properties.replace("<w:spacing", f"<w:spacing{before}", 1)
    else:
        place = _AFTER_SPACING.search(properties)
        at = place.start() if place else len(properties)
        properties = f"{properties[:at]}<w:spacing{before}/>{properties[at:]}"
    return xml[: found.start("properties")] + properties + xml[found.end("properties") :]


_BEGINNING = re.compile(r'<w:p><w:pPr><w:pStyle w:val="(?P<style>\w+)"/>(?P<properties>(?:(?!</?w:pPr>).)*)', re.DOTALL)
_AFTER_SPACING = re.compile("<w:(?:ind|jc|sectPr)")  # of what is written here, in the schema's order
_APART_BY_THEMSELVES = frozenset(
    {"Heading1", "Heading2", "Heading3", "Heading4", "Attachment", "TableCaption", "SectionEnd", "BetweenTables"}
)


def plain_text(paragraphs: Iterable[Runs]) -> str:
    """Return the words of a cell."""
    return "\n".join("".join(run.text for run in runs) for runs in paragraphs)


def shortened(text: str, longest: int) -> str:
    """Return text on one line, cut at a word where it is too long."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    words = line[: longest - 1]
    return (words.rpartition(" ")[0] if " " in words[longest // 2 :] else words) + "…"


def web_address(url: str) -> str:
    """Return an address that Word accepts as a link's target, or "" where it is none.

    Word refuses a whole document for one malformed target, so what is not plainly an address is left as text.
    """
    url = legal(url).strip()
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in _SCHEMES or len(url) > 2000:
        return ""
    if parts.scheme.lower() == "mailto":
        return quote(url, safe="%:/?#@!$&'()*+,;=~") if "@" in parts.path else ""
    try:
        host = parts.netloc.encode("ascii").decode() if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except UnicodeError:
        return ""
    if not _HOST.fullmatch(host) or "%" in host or ("[" in host) != ("]" in host):
        return ""
    rest = url[url.index("//") + 2 + len(parts.netloc) :] if "//" in url else ""
    return f"{parts.scheme.lower()}://{host}{quote(re.sub('%(?![0-9A-Fa-f]{2})', '%25', rest), safe=_KEPT_IN_PATH)}"


_KEPT_IN_PATH = "%:/?#@!$&'()*+,;=~"


class LinkTargets(Protocol):
    """Where web addresses become relationships."""

    def add_address(self, url: str) -> str:
        """Return the relationship id of an address."""


class Anchors:
    """The bookmarks of a document: which anchors it defines, under which names, and what leads to them."""

    def __init__(self, publication: Publication, targets: LinkTargets) -> None:
        self._targets = targets
        self._defined = {anchor for anchor in _defined_anchors(publication) if anchor}
        self._names: dict[str, str] = {}
        self._used: set[str] = set()
        self._placed: set[str] = set()
        self._last_id = 0

    def mark(self, anchor: str) -> str:
        """Return the bookmark to stand at the start of what has this anchor; "" for none or one placed already."""
        if not anchor or anchor in self._placed:
            return ""
        self._placed.add(anchor)
        return self.bookmark(self._name(anchor))

    def bookmark(self, name: str) -> str:
        """Return an empty bookmark of this exact name."""
        self._last_id += 1
        return f'<w:bookmarkStart w:id="{self._last_id}" w:name="{name}"/><w:bookmarkEnd w:id="{self._last_id}"/>'

    def name_of(self, anchor: str) -> str:
        """Return the bookmark that this anchor leads to, or "" when the document has none."""
        if anchor in self._defined:
            return self._name(anchor)
        page = _PAGE_ANCHOR.fullmatch(anchor)
        return self._name(page[1]) if page and page[1] in self._defined else ""

    def linked(self, content: str, link: Link) -> str:
        """Return runs as a link; as they are where the link leads nowhere."""
        name = self.name_of(link.anchor) or self.name_of(link.fallback)
        if name:
            return f'<w:hyperlink w:anchor="{name}" w:history="1">{content}</w:hyperlink>'
        address = web_address(link.url)
        if address:
            return f'<w:hyperlink r:id="{self._targets.add_address(address)}" w:history="1">{content}</w:hyperlink>'
        return content

    def linked_text(self, text: str, link: Link, *, bold: bool = False) -> str:
        """Return text as a link in its colour; plain where the link leads nowhere."""
        if not self.leads_somewhere(link):
            return run_xml(text, bold=bold)
        return self.linked(run_xml(text, bold=bold, style="CrossReference"), link)

    def leads_somewhere(self, link: Link) -> bool:
        """Say whether this link can be followed in this document."""
        return bool(self.name_of(link.anchor) or self.name_of(link.fallback) or web_address(link.url))

    def runs(self, runs: Runs, *, bold: bool = False) -> str:
        """Return runs with their links; ``bold`` makes all of them so."""
        return "".join(self._one_run(run, bold=bold) for run in runs)

    def _one_run(self, run: Run, *, bold: bool) -> str:
        leads = run.link is not None and self.leads_somewhere(run.link)
        style = MUTED_TEXT if run.muted else ""
        if run.status:
            style = state_style(run.status)
        elif leads and run.link:
            style = "Hyperlink" if run.link.url and not run.link.anchor else "CrossReference"
        # A sign stays on the line of its word; what is said by the way is not made bold with the rest of its cell.
        text = run.text.replace(f"{run.status.symbol} ", f"{run.status.symbol}\u00a0", 1) if run.status else run.text
        content = run_xml(
            text,
            bold=run.bold or (bold and not run.muted),
            italic=run.italic,
            style=style,
            quoted=run.quoted,
            removed=run.removed,
        )
        return self.linked(content, run.link) if leads and run.link else content

    def _name(self, anchor: str) -> str:
        """Return a name Word allows (a letter, then letters, digits, _; at most 40), unique whatever the case."""
        if anchor in self._names:
            return self._names[anchor]
        readable = re.sub(r"[^A-Za-z0-9_]", "_", anchor)
        if not readable[:1].isalpha():
            readable = f"a_{readable}"
        name = readable
        if readable != anchor.replace("-", "_") or len(name) > _LONGEST_BOOKMARK or name.lower() in self._used:
            digest = hashlib.sha256(anchor.encode("utf-8", "surrogatepass")).hexdigest()[:12]
            name = f"{readable[: _LONGEST_BOOKMARK - 13]}_{digest}"
        self._names[anchor] = name
        self._used.add(name.lower())
        return name


def _defined_anchors(publication: Publication) -> Iterator[str]:
    for section in publication.sections:
        for block in section.blocks:
            match block:
                case Heading() | Picture() | AttachedPages():
                    yield block.anchor
                case Table():
                    for row in (block.header, *block.rows):
                        yield from (cell.anchor for cell in row)
                case Paragraph() | ListBlock():
                    yield from _paragraph_anchors(block)
                case _:
                    pass


def _paragraph_anchors(block: Paragraph | ListBlock) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield block.anchor
        return
    for item in block.items:
        for part in item:
            yield from _paragraph_anchors(part)
