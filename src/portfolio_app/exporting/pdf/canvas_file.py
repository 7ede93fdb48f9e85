"""ReportLab's canvas written to a file, object by object.

Its own way makes the whole file in memory, at the end, without a word in between: for a portfolio of ten thousand
items that is several gigabytes and a minute in which nothing can be cancelled. Private names of ReportLab are used;
it is held to one minor version.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import BinaryIO

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFIndirectObject,
    PDFName,
    PDFObject,
    PDFStream,
    PDFTrailer,
)
from reportlab.pdfgen.canvas import Canvas

from portfolio_app.exporting.pdf.destinations import Destination
from portfolio_app.exporting.pdf.structure import text_string

_PACKING = 6  # of nine; more takes longer than it saves
_PAGE = "Page"  # before its number, what ReportLab calls a page


class LinkNote(PDFObject):  # type: ignore[misc]
    """A link within the document, in one piece: ReportLab puts each of a hundred thousand together from twenty."""

    __RefOnly__ = 1
    __slots__ = ("__InternalName__", "_bound", "_box", "_key", "_target", "_words")

    def __init__(
        self,
        target: Destination,
        box: tuple[float, float, float, float],
        words: str,
        key: int,
        bound: Mapping[Destination, tuple[int, float]],
    ) -> None:
        self._target = target
        self._box = box
        self._words = words
        self._key = key
        self._bound = bound

    def format(self, document: PDFDocument) -> bytes:
        """Return it in PDF syntax; all destinations are bound by now."""
        page, top = self._bound[self._target]
        number, _ = document.idToObjectNumberAndVersion[f"{_PAGE}{page}"]
        left, foot, right, head = self._box
        return (
            f"<</Type/Annot/Subtype/Link/Border[0 0 0]/F 4/StructParent {self._key}"
            f"/Rect[{left:.2f} {foot:.2f} {right:.2f} {head:.2f}]/Dest[{number} 0 R/XYZ 0 {top:g} 0]"
            f"/Contents {text_string(self._words)}>>"
        ).encode("latin-1")


def pack_page(canvas: Canvas, number: int) -> None:
    """Compress what a finished page (from 1) draws: until the file is written, all pages are in memory."""
    page = canvas._doc.idToObject[f"{_PAGE}{number}"]  # noqa: SLF001
    data = zlib.compress(page.stream.encode("extpdfdoc"), _PACKING)
    filters = PDFDictionary({"Filter": PDFArray([PDFName("FlateDecode")])})
    page.Contents = PDFStream(dictionary=filters, content=data, filters=[])
    page.stream = None


def write_canvas(canvas: Canvas, file: BinaryIO, tick: Callable[[], None]) -> None:
    """Write a canvas whose last page is finished; ``tick`` may raise to cancel."""
    document: PDFDocument = canvas._doc  # noqa: SLF001
    for font in document.delayedFonts:
        tick()
        font.addObjects(document)
    document.info.invariant = document.invariant
    document.info.digest(document.signature)
    root, info = document.Reference(document.Catalog), document.Reference(document.info)
    document.Outlines.prepare(document, canvas)
    if document.Outlines.ready < 0:
        document.Catalog.Outlines = None
    document.encrypt.prepare(document)
    place = file.write(b"%%PDF-%d.%d\n%%\x93\x8c\x8b\x9e\n" % document._pdfVersion)  # noqa: SLF001
    offsets: list[int] = []
    while (name := document.numberToId.get(len(offsets) + 1)) is not None:  # more may come while these are written
        tick()
        offsets.append(place)
        place += file.write(PDFIndirectObject(name, document.idToObject[name]).format(document))
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
    file.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    file.write(PDFTrailer(place, Size=len(offsets) + 1, Root=root, Info=info, ID=document.ID()).format(document))
