"""What the marks on the pages mean: the structure tree of a tagged PDF (ISO 32000-1, 14.7 and 14.8; PDF/UA-1).

Blocks make their elements before they know on which page, and how often, they will be painted: a paragraph that is
cut over two pages is one element with marks on both. An element joins the tree when it is first painted, so that
the order of the tree is that of the pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from portfolio_app.exporting.pdf.packing import PackedObjects
from portfolio_app.exporting.typography import clean

HEADING: Final = "H"
"""Stands for a heading whose level is found when it is painted: levels follow each other without a gap."""

_NUMBERS_AT_ONCE: Final = 500  # of a number tree's leaf


class Mark(NamedTuple):
    """Marked content on a page (counted from 1)."""

    page: int
    number: int


class Note(NamedTuple):
    """An annotation, a link or a field that can be filled in, by its page (from 1) and its key."""

    page: int
    key: int


@dataclass(eq=False, slots=True)
class Element:
    """A part of the document's meaning.

    ``tag`` is a standard structure type. ``alt`` says in words what cannot be read, ``actual`` what is really meant by
    a sign. ``attributes`` is the inside of an attribute dictionary in PDF syntax. A heading's ``level`` is the wanted
    one, from 1.
    """

    tag: str
    parent: Element | None = None
    alt: str = ""
    actual: str = ""
    attributes: str = ""
    level: int = 0
    kids: list[Element | Mark | Note] = field(default_factory=list)
    joined: bool = False


def cell_element(*, heads: str = "", span: int = 1) -> Element:
    """Return a table's cell over ``span`` columns; ``heads`` is "Column" or "Row" for one that says what is there."""
    attributes = "/O/Table" if heads or span > 1 else ""
    attributes += f"/Scope/{heads}" if heads else ""
    attributes += f"/ColSpan {span}" if span > 1 else ""
    return Element("TH" if heads else "TD", attributes=attributes)


class Structure:
    """The tree of one document while it is painted."""

    def __init__(self) -> None:
        self.document = Element("Document", joined=True)
        self._within = [self.document]
        self._level = 0
        self._marks: dict[int, list[Element]] = {}
        self._keys = 0
        self._page_keys: dict[int, int] = {}
        self._notes: dict[int, int] = {}

    @contextmanager
    def within(self, element: Element) -> Iterator[None]:
        """Let what is painted, and has no parent of its own, be part of this element."""
        self.join(element)
        self._within.append(element)
        yield
        self._within.pop()

    def join(self, element: Element) -> None:
        """Take an element into the tree, after what is there already; done once."""
        if element.joined:
            return
        element.joined = True
        parent = element.parent or self._within[-1]
        self.join(parent)
        element.parent = parent
        if element.tag == HEADING:
            self._level = min(max(element.level, 1), self._level + 1, 6)
            element.tag = f"H{self._level}"
        parent.kids.append(element)

    def mark(self, element: Element, page: int) -> int:
        """Return the number of new marked content of an element on a page."""
        self.join(element)
        marks = self._marks.setdefault(page, [])
        number = len(marks)
        marks.append(element)
        element.kids.append(Mark(page, number))
        return number

    def note(self, element: Element, page: int) -> int:
        """Return the key of an annotation that is about to be put on a page, after those that are there."""
        self.join(element)
        self._notes[page] = self._notes.get(page, 0) + 1
        key = self._key()
        element.kids.append(Note(page, key))
        return key

    def field(self, element: Element, page: int) -> tuple[int, int]:
        """Return the key of a field that is to stand on a page, and how many links come before it there."""
        self.join(element)
        key = self._key()
        element.kids.append(Note(page, key))
        return key, self._notes.get(page, 0)

    def page_keys(self, pages: int) -> list[int]:
        """Return the key of each page."""
        for page in range(1, pages + 1):
            if page not in self._page_keys:
                self._page_keys[page] = self._key()
        return [self._page_keys[page] for page in range(1, pages + 1)]

    def _key(self) -> int:
        self._keys += 1
        return self._keys - 1

    def write(self, objects: PackedObjects) -> None:
        """Write the tree of the document that objects are added to."""
        pages, notes = objects.pages, objects.notes
        keys = self.page_keys(len(pages))
        root = objects.tree
        numbers: dict[int, int] = {}
        stack = [self.document]
        while stack:
            element = stack.pop()
            numbers[id(element)] = objects.reserve()
            stack += [kid for kid in element.kids if isinstance(kid, Element)]
        tree: dict[int, str] = {}
        stack = [self.document]
        while stack:
            element = stack.pop()
            number = numbers[id(element)]
            parent = numbers[id(element.parent)] if element.parent is not None else root
            page = next((kid.page for kid in element.kids if isinstance(kid, Mark)), 0)
            kids = []
            for kid in element.kids:
                if isinstance(kid, Element):
                    kids.append(f"{numbers[id(kid)]} 0 R")
                    stack.append(kid)
                elif isinstance(kid, Note):
                    kids.append(f"<</Type/OBJR/Obj {notes[kid.key]}/Pg {pages[kid.page - 1]}>>")
                    tree[kid.key] = f"{number} 0 R"
                elif kid.page == page:
                    kids.append(str(kid.number))
                else:
                    kids.append(f"<</Type/MCR/Pg {pages[kid.page - 1]}/MCID {kid.number}>>")
            objects.write(number, _said(element, parent, pages[page - 1] if page else "", kids))
        for page, elements in self._marks.items():
            tree[keys[page - 1]] = "[" + " ".join(f"{numbers[id(one)]} 0 R" for one in elements) + "]"
        leaves = _number_tree(objects, tree)
        objects.write(
            root,
            f"<</Type/StructTreeRoot/K {numbers[id(self.document)]} 0 R"
            f"/ParentTree <</Kids[{leaves}]>>/ParentTreeNextKey {self._keys}>>",
        )


def _said(element: Element, parent: int, page: str, kids: Sequence[str]) -> str:
    said = [f"<</Type/StructElem/S/{element.tag}/P {parent} 0 R"]
    if page:
        said.append(f"/Pg {page}")
    if kids:
        said.append(f"/K {kids[0]}" if len(kids) == 1 else f"/K[{' '.join(kids)}]")
    if element.alt:
        said.append(f"/Alt {text_string(element.alt)}")
    if element.actual:
        said.append(f"/ActualText {text_string(element.actual)}")
    if element.attributes:
        said.append(f"/A<<{element.attributes}>>")
    said.append(">>")
    return "".join(said)


def _number_tree(objects: PackedObjects, tree: Mapping[int, str]) -> str:
    """Write the leaves of a number tree; return their references."""
    leaves = []
    keys = sorted(tree)
    for start in range(0, len(keys), _NUMBERS_AT_ONCE):
        some = keys[start : start + _NUMBERS_AT_ONCE]
        pairs = " ".join(f"{key} {tree[key]}" for key in some)
        leaves.append(f"{objects.add(f'<</Limits[{some[0]} {some[-1]}]/Nums[{pairs}]>>')} 0 R")
    return " ".join(leaves)


def text_string(text: str) -> str:
    """Return a text as a string object in PDF syntax."""
    return f"<FEFF{property_line(text).encode('utf-16-be').hex().upper()}>"


def property_line(text: str) -> str:
    """Return text fit for a document's properties: no control characters or halves of characters."""
    return " ".join(clean(text).encode("utf-16", "replace").decode("utf-16").split())
