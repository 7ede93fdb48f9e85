"""The pages of a PDF as pictures and as text, for looking at: read with PDFium, one thread at a time."""

from __future__ import annotations

import ctypes
import math
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from portfolio_app.domain.errors import KnownError
from portfolio_app.pdfium import PDFIUM
from portfolio_app.reading.page_text import PageText
from portfolio_app.reading.pdf_text import PDFIUM_ERRORS, read_page_text

MOST_PAGES: Final = 2000
"""Pages of one document that are shown; a file can claim any number in a few bytes."""

_PAGES_KEPT_OPEN = 4
_A4 = (595.0, 842.0)
_LARGEST_SIDE = 20_000.0  # points


class PagesUnreadable(KnownError):
    """A PDF, or a page of it, cannot be shown; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of page ``number`` drawn with ``scale`` pixels for a point; the edges are in those pixels."""

    number: int
    scale: float
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class RenderedPart:
    """Pixels of a part of a page, four bytes each: blue, green, red, unused."""

    data: bytearray
    width: int
    height: int


class PdfPages:
    """An open PDF. It may be used from any thread, and must be closed; pages are counted from 0.

    Attributes:
        name: What the file is called in sentences.
        count: How many pages are shown.
        pages_in_file: How many there are.
        sizes: Width and height of each page as it is seen, in points.
    """

    def __init__(self, path: Path, name: str) -> None:
        """Open the file.

        Raises:
            PagesUnreadable: it is missing, protected, damaged or empty.
        """
        self.name = name
        self._document: Any = None
        self._open_pages: OrderedDict[int, Any] = OrderedDict()
        with PDFIUM:
            self._document = _opened(path, name)
            try:
                self._prepare()
            except BaseException:
                self.close()
                raise

    def _prepare(self) -> None:
        self.pages_in_file = len(self._document)
        if not self.pages_in_file:
            raise PagesUnreadable(f"“{self.name}” cannot be shown here: it has no pages.")
        if self._document.get_formtype() == pdfium.FORMTYPE_XFA_FULL:
            raise PagesUnreadable(
                f"“{self.name}” cannot be shown here: it is a form that only Adobe’s own programs can display."
            )
        self.count = min(self.pages_in_file, MOST_PAGES)
        self.sizes = tuple(self._size(number) for number in range(self.count))
        self._document.init_forms()

    def close(self) -> None:
        """Let go of the file; nothing can be read after that."""
        with PDFIUM:
            while self._open_pages:
                self._open_pages.popitem()[1].close()
            if self._document is not None:
                self._document.close()
                self._document = None

    def __del__(self) -> None:
        # PDFium's own objects would otherwise be freed wherever the garbage is collected, without the lock.
        with suppress(Exception):
            self.close()

    def drawn(self, part: Part) -> RenderedPart:
        """Draw a part of a page.

        Raises:
            PagesUnreadable: the page is damaged, or the document was closed.
        """
        number, width, height = part.number, part.width, part.height
        with PDFIUM:
            page = self._page(number)
            full_width, full_height = self.sizes[number]
            across, down = math.ceil(full_width * part.scale), math.ceil(full_height * part.scale)
            place = (-part.left, -part.top, across, down, 0)
            data = bytearray(width * height * 4)
            buffer = (ctypes.c_ubyte * len(data)).from_buffer(data)
            bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGRx, buffer, width * 4)
            if not bitmap:
                raise self._damaged(number)
            try:
                pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
                pdfium.FPDF_RenderPageBitmap(bitmap, page, *place, pdfium.FPDF_ANNOT)
                if self._document.formenv:
                    pdfium.FPDF_FFLDraw(self._document.formenv, bitmap, page, *place, pdfium.FPDF_ANNOT)
            finally:
                pdfium.FPDFBitmap_Destroy(bitmap)
            return RenderedPart(data, width, height)

    def text(self, number: int) -> PageText:
        """Return the text of a page and where it stands; a page that is a picture has none.

        Raises:
            PagesUnreadable: the page is damaged, or the document was closed.
        """
        with PDFIUM:
            page = self._page(number)
            try:
                text_page = page.get_textpage()
            except PDFIUM_ERRORS as error:
                raise self._damaged(number) from error
            try:
                return read_page_text(page, text_page)
            except PDFIUM_ERRORS as error:
                raise self._damaged(number) from error
            finally:
                text_page.close()

    def _size(self, number: int) -> tuple[float, float]:
        try:
            width, height = self._document.get_page_size(number)
        except PDFIUM_ERRORS:
            return _A4
        if not (1 <= width <= _LARGEST_SIDE and 1 <= height <= _LARGEST_SIDE):
            return _A4
        return width, height

    def _page(self, number: int) -> Any:
        if self._document is None:
            raise PagesUnreadable(f"“{self.name}” is not open any more.")
        page = self._open_pages.get(number)
        if page is not None:
            self._open_pages.move_to_end(number)
            return page
        try:
            page = self._document[number]
        except PDFIUM_ERRORS as error:
            raise self._damaged(number) from error
        self._open_pages[number] = page
        if len(self._open_pages) > _PAGES_KEPT_OPEN:
            self._open_pages.popitem(last=False)[1].close()
        return page

    def _damaged(self, number: int) -> PagesUnreadable:
        return PagesUnreadable(f"Page {number + 1} of “{self.name}” cannot be shown here: it is damaged.")


def _opened(path: Path, name: str) -> Any:
    try:
        return pypdfium2.PdfDocument(path)
    except FileNotFoundError:
        raise PagesUnreadable(f"“{name}” cannot be shown: its file is missing from the portfolio.") from None
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise PagesUnreadable(
                f"“{name}” cannot be shown here: it is protected with a password; open it in its own program."
            ) from None
        raise PagesUnreadable(f"“{name}” cannot be shown here: it is damaged or not a PDF.") from None
    except PDFIUM_ERRORS:
        raise PagesUnreadable(f"“{name}” cannot be shown here: it cannot be read.") from None
