"""PDF documents as PDFium reads them: the text of a page with the place of each character, and of a whole document."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from portfolio_app.pdfium import PDFIUM
from portfolio_app.plain_text import BULLETS
from portfolio_app.reading.limits import Problem, Unreadable, Watch
from portfolio_app.reading.page_text import LINE_HYPHEN, Box, PageText
from portfolio_app.reading.picture_text import LONGEST_SIDE, can_read_pictures, take_words_on
from portfolio_app.reading.sink import Sink

PDFIUM_ERRORS: Final = (pypdfium2.PdfiumError, OSError, ValueError, MemoryError, OverflowError, ctypes.ArgumentError)
"""What a damaged or hostile PDF may raise from pypdfium2."""

_MOST_CHARACTERS = 100_000  # of one page
_DOTS: Final = 200  # in an inch of a scan
_MOST_ANNOTATIONS: Final = 1_000  # of one page
_TEXT_ANNOTATIONS: Final = frozenset({pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT})
_END_OF_LINE_HYPHENS = frozenset({0x02, 0xFFFE, 0xAD})
_BREAK_IN_WORD: Final = re.compile("(?<=\\w)(?:\x02|\ufffe|\xad)\r?\n(?=\\w)")
_HYPHENS: Final = str.maketrans({"\x02": "-", "\ufffe": "-", "\xad": "-"})
_NOWHERE: Final[Box] = (0.0, 0.0, 0.0, 0.0)


class PdfDocument:
    """An open PDF. PDFium is locked only while a page is read, so that others need not wait for all of them."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            Unreadable: it is protected or damaged.
            FileNotFoundError: there is no file.
        """
        with PDFIUM:
            try:
                self._document: Any = pypdfium2.PdfDocument(path)
            except FileNotFoundError:
                raise
            except PDFIUM_ERRORS as error:
                protected = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
                raise Unreadable(Problem.PROTECTED if protected else Problem.DAMAGED) from None
            self.count = len(self._document)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with PDFIUM:
            self._document.close()

    def picture(self, number: int) -> Image.Image | None:
        """Return a page, counted from 0, as a picture in shades of grey; ``None`` if it cannot be drawn."""
        with PDFIUM:
            try:
                page = self._document[number]
                try:
                    scale = min(_DOTS / 72, LONGEST_SIDE / max(1.0, *page.get_size()))
                    bitmap = page.render(scale=scale, grayscale=True)
                    try:
                        picture: Image.Image = bitmap.to_pil().copy()
                    finally:
                        bitmap.close()
                finally:
                    page.close()
            except PDFIUM_ERRORS:
                return None
            return picture

    def read(self, number: int, read: Callable[[Any, Any], str], *, filled_in: bool = False) -> str | None:
        """Return what is read of a page, counted from 0, and PDFium's text of it; ``None`` if it is damaged.

        Where it is ``filled_in``, what stands in the fields of a form and was typed onto the page is text, too.
        """
        with PDFIUM:
            try:
                page = self._document[number]
                if filled_in and _has_more_text(page) and pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY):
                    page.close()
                    page = self._document[number]
                try:
                    text_page = page.get_textpage()
                    try:
                        return read(page, text_page)
                    finally:
                        text_page.close()
                finally:
                    page.close()
            except PDFIUM_ERRORS:
                return None


def read_pdf(path: Path, sink: Sink) -> None:
    """Read the pages of a PDF; the paragraphs are those that its lines seem to make. Scans need Tesseract.

    Raises:
        Unreadable: it cannot be read.
        LimitReached: the sink has enough.
        FileNotFoundError: there is no file.
    """
    with PdfDocument(path) as document:
        most = sink.limits.most_pages
        for number in range(min(document.count, most)):
            sink.watch()
            text = document.read(number, _paragraphs, filled_in=True)
            if text is None:
                sink.leave_out()
                continue
            sink.page(number + 1, "")
            for paragraph in text.split("\n"):
                sink.text(paragraph)
            scan = document.picture(number) if not text and can_read_pictures() else None
            if scan is not None:
                take_words_on(scan, sink)
        if document.count > most:
            sink.leave_out()


def pdf_pages(path: Path, watch: Watch, most: int) -> Iterator[str]:
    """Yield the text of each page, in the lines of the page; of a page that is damaged, nothing.

    A word that is divided at the end of a line is whole again where the file says that it was divided.

    Raises:
        Unreadable: it cannot be read, or has more pages than ``most``.
        FileNotFoundError: there is no file.
    """
    with PdfDocument(path) as document:
        if document.count > most:
            raise Unreadable(Problem.ENORMOUS)
        for number in range(document.count):
            watch()
            text = document.read(number, _lines) or ""
            yield _BREAK_IN_WORD.sub("", text).translate(_HYPHENS).replace("\r\n", "\n").replace("\r", "\n")


def read_page_text(page: Any, text_page: Any, *, every_place: bool = True) -> PageText:
    """Return the text of a page of PDFium's; use it under the lock.

    Args:
        page: the page.
        text_page: what PDFium made of its text.
        every_place: find the place of each character; else only where each line begins, which takes half the time
            and suffices to tell paragraphs.
    """
    turned = _Turned(page)
    characters: list[str] = []
    boxes: list[Box] = []
    rectangle = pdfium.FS_RECTF()
    last = _NOWHERE
    wanted = True
    high = 0
    for index in range(min(text_page.count_chars(), _MOST_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if 0xD800 <= code < 0xDC00:  # the first half of a character beyond the basic plane
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code, high = (0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD), 0
        if code in {0, 0x0D}:
            continue
        if code == 0x0A:
            characters.append("\n")
            boxes.append((last[2], last[1], last[2], last[3]))
            wanted = True
            continue
        if not wanted:
            last = _NOWHERE
        elif pdfium.FPDFText_GetLooseCharBox(text_page, index, rectangle):
            last = turned.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            wanted = every_place or last[2] <= last[0]
        else:
            last = (last[2], last[1], last[2], last[3])
        if code in _END_OF_LINE_HYPHENS:  # PDFium swallows the end of the line after it
            characters += (LINE_HYPHEN, "\n")
            boxes += (last, (last[2], last[1], last[2], last[3]))
            wanted = True
            continue
        characters.append(" " if code < 0x20 or code == 0xA0 else chr(code))
        boxes.append(last)
    return PageText("".join(characters), boxes)


def _paragraphs(page: Any, text_page: Any) -> str:
    text = read_page_text(page, text_page, every_place=False)
    return text.quoted(0, len(text)).translate(BULLETS)


def _has_more_text(page: Any) -> bool:
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        if annotation:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            pdfium.FPDFPage_CloseAnnot(annotation)
            if kind in _TEXT_ANNOTATIONS:
                return True
    return False


def _lines(page: Any, text_page: Any) -> str:
    del page
    count = min(text_page.count_chars(), _MOST_CHARACTERS)
    return str(text_page.get_text_range(0, count)) if count > 0 else ""


class _Turned:
    """Takes places on a page to where they are seen, from its top left corner."""

    def __init__(self, page: Any) -> None:
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._rotation = page.get_rotation()

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        match self._rotation:
            case 90:
                return bottom - self._bottom, left - self._left, top - self._bottom, right - self._left
            case 180:
                return self._right - right, bottom - self._bottom, self._right - left, top - self._bottom
            case 270:
                return self._top - top, self._right - right, self._top - bottom, self._right - left
            case _:
                return left - self._left, self._top - top, right - self._left, self._top - bottom
