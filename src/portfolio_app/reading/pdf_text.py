"""PDF documents as PDFium reads them: the text of a page with the place of each character, and of a whole document."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from portfolio_app.pdfium import PDFIUM
from portfolio_app.reading.limits import Problem, Unreadable
from portfolio_app.reading.page_text import LINE_HYPHEN, Box, PageText
from portfolio_app.reading.sink import Sink

PDFIUM_ERRORS: Final = (pypdfium2.PdfiumError, OSError, ValueError, MemoryError, OverflowError, ctypes.ArgumentError)
"""What a damaged or hostile PDF may raise from pypdfium2."""

_MOST_CHARACTERS = 100_000  # of one page
_END_OF_LINE_HYPHENS = frozenset({0x02, 0xFFFE, 0xAD})
_NOWHERE: Final[Box] = (0.0, 0.0, 0.0, 0.0)


def read_pdf(path: Path, sink: Sink) -> None:
    """Read the pages of a PDF; the paragraphs are those that its lines seem to make.

    Raises:
        Unreadable: it cannot be read, or has no words: a scan, perhaps.
        LimitReached: the sink has enough.
    """
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            protected = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
            raise Unreadable(Problem.PROTECTED if protected else Problem.DAMAGED) from None
        try:
            pages = len(document)
            most = sink.limits.most_pages
            for number in range(min(pages, most)):
                sink.watch()
                try:
                    text = _text_of_page(document, number)
                except PDFIUM_ERRORS:
                    sink.leave_out()
                    continue
                if text:
                    sink.page(number + 1, "")
                for paragraph in text.split("\n"):
                    sink.text(paragraph)
            if pages > most:
                sink.leave_out()
        finally:
            document.close()


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


def _text_of_page(document: Any, number: int) -> str:
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            text = read_page_text(page, text_page, every_place=False)
            return text.quoted(0, len(text))
        finally:
            text_page.close()
    finally:
        page.close()


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
