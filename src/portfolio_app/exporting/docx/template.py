"""Where a Word document takes its looks from: our own template, or a centre's that was made of it.

Of a template the styles, the theme, the margins and what stands at the edges of pages are taken; a style that it
lacks comes from ours. Anybody may have made it, so nothing else of it goes into a document: no macros, no settings,
no content.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from lxml import etree

from portfolio_app.domain.errors import InvalidInput, KnownError
from portfolio_app.exporting.docx.parts import MAIN, RELATIONSHIPS
from portfolio_app.exporting.docx.template_styles import adopt_styles, rename_styles
from portfolio_app.exporting.docx.text import attribute, field_xml, legal, web_address
from portfolio_app.exporting.wording import Wording
from portfolio_app.paths import resources_dir
from portfolio_app.reading.limits import SHOWN, Problem, Unreadable, Watch
from portfolio_app.reading.packages import Element, OfficePackage, Relation

OWN_TEMPLATE: Final = resources_dir() / "word" / "portfolio.dotx"
"""The template that the program brings along."""

LARGEST_TEMPLATE: Final = 30_000_000
"""Bytes of the largest template that is opened."""

_MOST_EDGE_CHARACTERS = 60_000  # of one header or footer, which every unit and item has a copy of
_MOST_STYLES = 5_000
_LARGEST_PICTURE = 3_000_000
_W = f"{{{MAIN}}}"
_R = f"{{{RELATIONSHIPS}}}"
_PLACES = re.compile(r"\{\s*(portfolio|reference|page)\s*\}", re.IGNORECASE)
_NEAR = 60  # twentieths of a point: a tab stop this near to the right margin stands at it
_PICTURES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "emf": "image/x-emf",
    "wmf": "image/x-wmf",
}
_NO_TEMPLATE = "is not a Word template (.dotx), or is damaged."
_STRICT = "is a Strict Open XML document; save it as a Word Template (.dotx)."
_SAYS = {
    Problem.PROTECTED: "is protected with a password; save it without one.",
    Problem.ENORMOUS: "is too large for a template.",
}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_INTEGER = re.compile(r"-?\d{1,6}")
_A4_WIDTH = 11906
_MOST_MARGIN = 4000  # twentieths of a point, 70 mm: more leaves no room for a table
_NO_RULE = '<w:pBdr><w:top w:val="nil"/><w:bottom w:val="nil"/></w:pBdr>'
# What Word keeps beside the text of a header, and what would be found twice where it stands in many copies.
_LEFT_OUT = ("bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", "dataBinding", "del", "moveFrom")
_TO_FILL = "\ue000{}\ue001"
_PORTFOLIO, _REFERENCE, _RIGHT, _DRAWING = (
    _TO_FILL.format(name) for name in ("portfolio", "reference", "right", "drawing")
)
_DRAWINGS = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


@dataclass(frozen=True, slots=True)
class EdgePicture:
    """A picture at the edge of pages, such as a logo; ``extension`` says of which kind it is."""

    data: bytes
    extension: str

    @property
    def media_type(self) -> str:
        """Return its media type."""
        return _PICTURES[self.extension]


@dataclass(frozen=True, slots=True)
class PageEdge:
    """A header or footer. ``pictures`` and ``addresses`` are what it refers to, by relationship id."""

    xml: str
    pictures: Mapping[str, EdgePicture]
    addresses: Mapping[str, str]

    def filled(self, portfolio: str, reference: str, width: int) -> str:
        """Return it for one section: ``width`` is that of its text, in twentieths of a point."""
        xml = self.xml.replace(_PORTFOLIO, attribute(portfolio)).replace(_REFERENCE, attribute(reference))
        return xml.replace(_RIGHT, str(width))

    @staticmethod
    def numbered(xml: str, numbers: Iterator[int]) -> str:
        """Return what was filled in with a number for each drawing, which no other in the document may have."""
        return re.sub(_DRAWING, lambda _: str(next(numbers)), xml)


@dataclass(frozen=True, slots=True)
class Margins:
    """The room around the text of an upright page, in twentieths of a point."""

    top: int = 1474
    right: int = 1361
    bottom: int = 1304
    left: int = 1361
    header: int = 680
    footer: int = 624

    @property
    def lying(self) -> Margins:
        """Return those of a page that lies on its side: tables need its width."""
        return Margins(self.top, self.right * 3 // 4, self.bottom, self.left * 3 // 4, self.header, self.footer)


@dataclass(frozen=True, slots=True)
class WordTemplate:
    """What is taken of a template. The edges of a first page are those of the front sheet."""

    styles: str
    theme: bytes
    margins: Margins
    header: PageEdge
    first_header: PageEdge
    footer: PageEdge
    first_footer: PageEdge

    @property
    def names_reference(self) -> bool:
        """Say whether pages show which unit or item they belong to."""
        return _REFERENCE in self.header.xml + self.footer.xml


class TemplateUnusable(InvalidInput):
    """A template cannot be used; the sentence says why."""


def read_template(path: Path, language: str, words: Wording, tick: Callable[[], None]) -> WordTemplate:
    """Read a template.

    Args:
        path: a .dotx or .docx file; macros in a .dotm or .docm are left out.
        language: of the text, a BCP 47 tag.
        words: what page numbers are called.
        tick: called now and then; an exception it raises cancels.

    Raises:
        TemplateUnusable: it is missing, no Word template, damaged, protected, or refers to what is elsewhere.
    """
    try:
        if path.stat().st_size <= LARGEST_TEMPLATE:
            with OfficePackage(path, Watch(tick, SHOWN.seconds), SHOWN) as package:
                return _Reader(package, language, words).template()
    except Unreadable as error:
        raise TemplateUnusable(f"“{path.name}” {_SAYS.get(error.problem, _NO_TEMPLATE)}") from error
    except TemplateUnusable as error:
        raise TemplateUnusable(f"“{path.name}” {error}") from error
    except KnownError:
        raise
    except OSError as error:
        raise TemplateUnusable(f"The Word template “{path}” cannot be read: {error.strerror or error}.") from error
    except Exception as error:  # what strangers' files raise in zip and XML parsers has no end
        raise TemplateUnusable(f"“{path.name}” {_NO_TEMPLATE}") from error
    raise TemplateUnusable(f"“{path.name}” {_SAYS[Problem.ENORMOUS]}")


class _Reader:
    """Takes what is wanted out of one template."""

    def __init__(self, package: OfficePackage, language: str, words: Wording) -> None:
        self._package = package
        self._language = language
        self._words = words
        self._main = package.main_part("word/document.xml")
        self._relations = package.relations(self._main)

    def template(self) -> WordTemplate:
        document = self._package.root(self._main)
        if document.tag != f"{_W}document":
            raise TemplateUnusable(_NO_TEMPLATE if not _is_strict(document) else _STRICT)
        section = next(document.iter(f"{_W}sectPr"), None)
        margins, width = _margins(section)
        styles, names = self._styles()
        edges = {
            (kind, first): self._edge(section, kind, width, names, first=first)
            for kind in ("header", "footer")
            for first in (False, True)
        }
        return WordTemplate(
            styles=styles,
            theme=self._theme(),
            margins=margins,
            header=edges["header", False],
            first_header=edges["header", True],
            footer=edges["footer", False],
            first_footer=edges["footer", True],
        )

    def _part(self, kind: str) -> str | None:
        """Return the name of the part of a kind that the document refers to."""
        found = (relation for relation in self._relations.values() if relation.kind == kind and not relation.external)
        return next((relation.target for relation in found if relation.target in self._package), None)

    def _styles(self) -> tuple[str, dict[str, str]]:
        own = etree.fromstring(_own_part("word/styles.xml"))
        name = self._part("styles")
        root = self._package.root(name) if name else deepcopy(own)
        if root.tag != f"{_W}styles" or len(root) > _MOST_STYLES:
            raise TemplateUnusable(_NO_TEMPLATE)
        names = adopt_styles(root, own, legal(self._language))
        return etree.tostring(root, encoding="unicode"), names

    def _theme(self) -> bytes:
        name = self._part("theme")
        if name is None or self._package.relations(name):  # its pictures would be missed
            return _own_part("word/theme/theme1.xml")
        return etree.tostring(self._package.root(name), encoding="UTF-8", standalone=True)

    def _edge(
        self, section: Element | None, kind: str, width: int, names: Mapping[str, str], *, first: bool
    ) -> PageEdge:
        references = {} if section is None else _references(section, kind)
        has_first = section is not None and section.find(f"{_W}titlePg") is not None
        relation = self._relations.get(references.get("first" if first and has_first else "default", ""))
        if relation is None or relation.external or relation.target not in self._package:
            return _no_edge(kind)
        root = self._package.root(relation.target)
        if root.tag not in {f"{_W}hdr", f"{_W}ftr"}:
            raise TemplateUnusable(_NO_TEMPLATE)
        rename_styles(root, names)
        for name in _LEFT_OUT:
            for element in [*root.iter(f"{_W}{name}")]:
                _remove(element)
        for drawing in root.iter(_DRAWINGS):
            drawing.set("id", _DRAWING)
        self._fill(root, width)
        related = self._package.relations(relation.target)
        used = {
            str(value) for element in root.iter() for key, value in element.attrib.items() if str(key).startswith(_R)
        }
        pictures, addresses = {}, {}
        for key in sorted(used):
            if (found := related.get(key)) is None:
                raise TemplateUnusable(_NO_TEMPLATE)
            if found.kind == "hyperlink" and found.external and web_address(found.target):
                addresses[key] = web_address(found.target)
            else:
                pictures[key] = self._picture(found)
        xml = etree.tostring(root, encoding="unicode")
        if len(xml) > _MOST_EDGE_CHARACTERS:
            raise TemplateUnusable(f"has too much in its {kind}; keep it to a few lines and a logo.")
        return PageEdge(xml, pictures, addresses)

    def _picture(self, relation: Relation) -> EdgePicture:
        extension = relation.target.rpartition(".")[2].lower()
        if relation.kind != "image" or relation.external or extension not in _PICTURES:
            raise TemplateUnusable(
                "has something in its header or footer that stays outside of a document, such as a linked picture; "
                "insert the picture itself."
            )
        data = self._package.data(relation.target, _LARGEST_PICTURE)
        return EdgePicture(data, extension)

    def _fill(self, root: Element, width: int) -> None:
        """Find the words that are filled in, over however many runs Word has spread them."""
        for tab in root.iter(f"{_W}tab"):
            place = tab.get(f"{_W}pos")
            if tab.get(f"{_W}val") in {"right", "end"} and place and abs(_number(place, 0) - width) <= _NEAR:
                tab.set(f"{_W}pos", _RIGHT)
        for paragraph in root.iter(f"{_W}p"):
            texts = [text for text in paragraph.iter(f"{_W}t") if next(text.iterancestors(f"{_W}p")) is paragraph]
            whole = "".join(text.text or "" for text in texts)
            for found in reversed(list(_PLACES.finditer(whole))):
                self._put(texts, found)

    def _put(self, texts: list[Element], place: re.Match[str]) -> None:
        """Put what is filled in where the first letter of its place stands; its other letters go."""
        start, end = place.span()
        position = 0
        for text in texts:
            words = text.text or ""
            before, after = words[: max(0, start - position)], words[max(0, end - position) :]
            begins_here = position <= start < position + len(words)
            position += len(words)
            if begins_here and place[1].lower() == "page":
                text.text = before
                text.set(_SPACE, "preserve")
                _put_after(text, after, self._words)
            elif begins_here:
                text.text = f"{before}{_PORTFOLIO if place[1].lower() == 'portfolio' else _REFERENCE}{after}"
                text.set(_SPACE, "preserve")
            elif start < position - len(words) < end:
                text.text = after
                text.set(_SPACE, "preserve")


def _put_after(text: Element, after: str, words: Wording) -> None:
    """Put the page's number behind a text, in runs that look like its own, and then the rest of the text."""
    run = _only(text.getparent())
    properties = run.find(f"{_W}rPr")
    look = "" if properties is None else etree.tostring(properties, encoding="unicode")
    pieces = page_number_xml(words, look)
    holder = etree.fromstring(f'<w:p xmlns:w="{MAIN}">{pieces}</w:p>')
    tail = deepcopy(run)
    for child in [*tail]:
        if child.tag != f"{_W}rPr":
            tail.remove(child)
    rest = etree.SubElement(tail, f"{_W}t")
    rest.text = after
    rest.set(_SPACE, "preserve")
    following = [*text.itersiblings()]
    for sibling in following:
        tail.append(sibling)
    parent = _only(run.getparent())
    position = parent.index(run) + 1
    for number, piece in enumerate([*holder, tail]):
        parent.insert(position + number, piece)


def page_number_xml(words: Wording, look: str = "") -> str:
    """Return "Page 3 of 20" with fields for the numbers; ``look`` are the properties of each run."""
    pieces = re.split("([\0\1])", words("page.number", page="\0", pages="\1"))
    fields = {"\0": field_xml("PAGE", "1", look), "\1": field_xml("NUMPAGES", "1", look)}
    return "".join(
        fields.get(piece) or f'<w:r>{look}<w:t xml:space="preserve">{attribute(piece)}</w:t></w:r>' for piece in pieces
    )


def _margins(section: Element | None) -> tuple[Margins, int]:
    """Return the margins of a section, and how wide its text is."""
    usual = Margins()
    sizes = None if section is None else section.find(f"{_W}pgSz")
    found = None if section is None else section.find(f"{_W}pgMar")

    def side(name: str, otherwise: int) -> int:
        value = _number("" if found is None else str(found.get(f"{_W}{name}") or ""), otherwise)
        return min(_MOST_MARGIN, max(0, value))

    gutter = side("gutter", 0)
    margins = Margins(
        abs(side("top", usual.top)),
        side("right", usual.right),
        abs(side("bottom", usual.bottom)),
        min(_MOST_MARGIN, side("left", usual.left) + gutter),
        side("header", usual.header),
        side("footer", usual.footer),
    )
    page = _number("" if sizes is None else str(sizes.get(f"{_W}w") or ""), _A4_WIDTH)
    return margins, page - margins.left - margins.right


def _references(section: Element, kind: str) -> dict[str, str]:
    return {
        str(reference.get(f"{_W}type") or "default"): str(reference.get(f"{_R}id") or "")
        for reference in section.findall(f"{_W}{kind}Reference")
    }


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _number(text: str, otherwise: int) -> int:
    return int(text) if _INTEGER.fullmatch(text) else otherwise


def _only(element: Element | None) -> Element:
    if element is None:
        raise TemplateUnusable(_NO_TEMPLATE)
    return element


def _is_strict(root: Element) -> bool:
    return str(root.tag).startswith("{http://purl.oclc.org/ooxml/")


def _no_edge(kind: str) -> PageEdge:
    tag = "hdr" if kind == "header" else "ftr"
    return PageEdge(
        f'<w:{tag} xmlns:w="{MAIN}"><w:p><w:pPr><w:pStyle w:val="{kind.title()}"/>{_NO_RULE}</w:pPr></w:p></w:{tag}>',
        {},
        {},
    )


@cache
def _own_part(name: str) -> bytes:
    with zipfile.ZipFile(OWN_TEMPLATE) as archive:
        return archive.read(name)


def own_fonts() -> bytes:
    """Return our font table: what stands in where a font is not installed."""
    return _own_part("word/fontTable.xml")
