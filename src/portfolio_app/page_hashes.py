"""What the pages of a PDF draw, as hashes: whoever gets a copy back can tell which of its pages were changed.

What stands above the page (fields, notes) does not count, and neither does how a program stores its content: white
space and compression may differ, but for pictures, whose bytes count as they are. Shared by those who write review
forms and those who read them.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from portfolio_app.untrusted_pdf import UNREADABLE

HASH_LENGTH: Final = 16
"""Hexadecimal digits of a page's hash."""

_DEEPEST: Final = 12  # forms within forms, and folders of pages
_LONGEST_CONTENT: Final = 64_000_000  # bytes of one stream; what comes after does not count
_MOST_CONTENT: Final = 2_000_000_000  # bytes of a document: a file of a few pages can claim to hold any number
_DRAWN: Final = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")


def page_hashes(document: pikepdf.Pdf, tick: Callable[[], None] = lambda: None) -> list[str]:
    """Return the hash of what each page draws: its content, the forms and pictures in it.

    A page that cannot be read, or of a document that unfolds beyond any measure, has an empty one. ``tick`` is called
    for each page, and may raise to cancel.
    """
    reader = _Reader()
    hashes = []
    for page in document.pages:
        tick()
        hashes.append(reader.page(page.obj))
    return hashes


class _Reader:
    """Remembers what is drawn on many pages."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bytes] = {}
        self._left = _MOST_CONTENT

    def page(self, page: pikepdf.Object) -> str:
        try:
            contents = page.get("/Contents")
            streams = list(contents) if isinstance(contents, Array) else [contents]
            content = b"\n".join(self._content(one) for one in streams if isinstance(one, Stream))
            digest = self._drawn(content, _inherited(page, "/Resources"), _DEEPEST)
        except (*UNREADABLE, zlib.error):
            return ""
        return digest.hex()[:HASH_LENGTH] if self._left >= 0 else ""

    def _drawn(self, content: bytes, resources: object, deepest: int) -> bytes:
        found = hashlib.sha256(b" ".join(content.split()))
        things = resources.get("/XObject") if isinstance(resources, Dictionary) else None
        if isinstance(things, Dictionary) and deepest:
            for name in dict.fromkeys(_DRAWN.findall(content)):
                thing = things.get(_name(name))
                if isinstance(thing, Stream):
                    found.update(self._thing(thing, deepest - 1))
        return found.digest()

    def _thing(self, thing: Stream, deepest: int) -> bytes:
        """Return the digest of a form or a picture."""
        key = thing.objgen
        if key not in self._known:
            self._known[key] = b""  # while it is looked through: a form may draw itself
            if thing.get("/Subtype") == Name.Form:
                place = " ".join(_numbers(thing.get("/Matrix")))
                digest = self._drawn(self._content(thing), thing.get("/Resources"), deepest) + place.encode()
            else:
                digest = hashlib.sha256(thing.read_raw_bytes()).digest()
                mask = thing.get("/SMask")
                if isinstance(mask, Stream) and deepest:
                    digest += self._thing(mask, deepest - 1)
            self._known[key] = digest
        return self._known[key]

    def _content(self, stream: Stream) -> bytes:
        """Return what a stream says, as far as that is short enough."""
        raw = stream.read_raw_bytes()
        filters = stream.get("/Filter")
        names = list(filters) if isinstance(filters, Array) else [filters] if filters is not None else []
        if names == [Name.FlateDecode] and not stream.get("/DecodeParms"):
            unpacking = zlib.decompressobj()
            try:
                raw = unpacking.decompress(raw, _LONGEST_CONTENT)
            except zlib.error:
                raw = stream.read_bytes()  # damaged: as far as a PDF's reader gets
        self._left -= len(raw)
        return raw[:_LONGEST_CONTENT] if self._left >= 0 else b""


def _name(written: bytes) -> str:
    return "/" + _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), written).decode("utf-8", "surrogateescape")


def _numbers(matrix: object) -> Iterator[str]:
    for number in matrix if isinstance(matrix, Array) else ():
        yield f"{float(number):.2f}"


def _inherited(page: pikepdf.Object, key: str) -> object:
    node: object = page
    for _ in range(_DEEPEST):
        if not isinstance(node, Dictionary):
            return None
        if key in node:
            return node.get(key)
        node = node.get("/Parent")
    return None
