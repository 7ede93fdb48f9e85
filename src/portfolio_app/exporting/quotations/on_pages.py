"""Quotations found on the pages of attached PDF documents, with the places of their lines on the page as it is seen."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeAlias

from portfolio_app.exporting.quotations.matching import Folded, Quotation
from portfolio_app.pdfium import PDFIUM

_MOST_CHARACTERS: Final = 200_000  # of a page
_MOST_PAGES_SEARCHED: Final = 300  # for one quotation whose page is not known, or is another
_SECONDS: Final = 6.0  # for all quotations from one document
_PAGES_KEPT: Final = 400
_SAME_LINE: Final = 0.5  # of a character's height, by which it overlaps the line
_GAP: Final = 3.0  # times its height, between words of a line
_UPRIGHT: Final = 0.7  # sine of the angle from which letters run up or down the page
_TALLEST: Final = 2.2  # times what is drawn of a letter; fonts may claim any height
_LARGEST: Final = 40.0  # points that a line reaches over its letters

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom, as shares of the page's width and height as it is seen."""


@dataclass(frozen=True, slots=True)
class FoundOnPages:
    """Where a quotation stands: boxes by page (from 1). Without any, ``has_text`` says whether there was what to read.

    ``has_text`` is about the page that was named, or, without one, about the document.
    """

    boxes: dict[int, tuple[Box, ...]]
    has_text: bool


class PageReader:
    """Looks for quotations in one PDF document; anything wrong with it means that nothing is found."""

    def __init__(self, path: Path, tick: Callable[[], None]) -> None:
        self._path = path
        self._tick = tick
        self._document: Any = None
        self._pages: OrderedDict[int, Folded] = OrderedDict()
        self._end = time.monotonic() + _SECONDS
        self._count = 0

    def __enter__(self) -> Self:
        import pypdfium2  # noqa: PLC0415 - 10 MB that portfolios without quotations from documents do not need

        with PDFIUM, suppress(pypdfium2.PdfiumError, OSError, ValueError):
            self._document = pypdfium2.PdfDocument(self._path)
            self._count = len(self._document)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with PDFIUM:
            if self._document is not None:
                self._document.close()

    def find(self, quotation: Quotation, named: Sequence[int]) -> FoundOnPages:
        """Find a quotation: on the pages named (from 1), over two of them, or else on another."""
        wanted = [number for number in named if 1 <= number <= self._count]
        for number in wanted:
            boxes = self._on(quotation, number) or self._over(quotation, number) or self._over(quotation, number - 1)
            if boxes:
                return FoundOnPages(boxes, has_text=True)
        read = 0
        for number in self._others(wanted):
            if read >= _MOST_PAGES_SEARCHED or time.monotonic() > self._end:
                break
            read += 1
            boxes = self._on(quotation, number) or self._over(quotation, number)
            if boxes:
                return FoundOnPages(boxes, has_text=True)
        asked = wanted or range(1, read + 1)
        return FoundOnPages({}, has_text=bool(asked) and all(self._text(number).text for number in asked))

    def _others(self, wanted: Sequence[int]) -> Iterator[int]:
        """Yield the other pages, those next to the named first."""
        near = wanted[0] if wanted else 1
        for number in sorted(range(1, self._count + 1), key=lambda one: abs(one - near)):
            if number not in wanted:
                yield number

    def _on(self, quotation: Quotation, number: int) -> dict[int, tuple[Box, ...]]:
        found = quotation.found_in(self._text(number))
        boxes = self._boxes(number, found) if found else ()
        return {number: boxes} if boxes else {}

    def _over(self, quotation: Quotation, number: int) -> dict[int, tuple[Box, ...]]:
        if not 1 <= number < self._count:
            return {}
        found = quotation.found_over(self._text(number), self._text(number + 1))
        if found is None:
            return {}
        here, there = self._boxes(number, found[0]), self._boxes(number + 1, found[1])
        return {number: here, number + 1: there} if here and there else {}

    def _text(self, number: int) -> Folded:
        known = self._pages.get(number)
        if known is not None:
            return known
        self._tick()
        text = ""
        with PDFIUM, _Page(self._document, number) as page:
            text = page.text
        known = self._pages[number] = Folded.of(text)
        if len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        return known

    def _boxes(self, number: int, found: Sequence[tuple[int, int]]) -> tuple[Box, ...]:
        with PDFIUM, _Page(self._document, number) as page:
            return tuple(box for start, end in found for box in page.boxes(start, end))


@dataclass(slots=True)
class _LineBox:
    left: float
    foot: float
    right: float
    head: float
    upright: bool

    def takes(self, other: _LineBox) -> bool:
        """Say whether the other goes on on the same line, and take it in."""
        if self.upright != other.upright:
            return False
        if self.upright:
            across, along = (
                (self.left, self.right, other.left, other.right),
                (self.foot, self.head, other.foot, other.head),
            )
        else:
            across, along = (
                (self.foot, self.head, other.foot, other.head),
                (self.left, self.right, other.left, other.right),
            )
        height = min(across[1] - across[0], across[3] - across[2])
        if min(across[1], across[3]) - max(across[0], across[2]) < _SAME_LINE * height:
            return False
        if max(along[0], along[2]) - min(along[1], along[3]) > _GAP * max(across[1] - across[0], 1.0):
            return False
        self.left, self.foot = min(self.left, other.left), min(self.foot, other.foot)
        self.right, self.head = max(self.right, other.right), max(self.head, other.head)
        return True


class _Page:
    """A page while PDFium reads it; the lock is held by whoever opens it. A page that cannot be read has no text."""

    def __init__(self, document: Any, number: int) -> None:
        self.text = ""
        self._document = document
        self._number = number
        self._page: Any = None
        self._content: Any = None

    def __enter__(self) -> Self:
        import pypdfium2  # noqa: PLC0415 - as above
        from pypdfium2 import raw  # noqa: PLC0415

        self._raw = raw
        if self._document is None:
            return self
        with suppress(pypdfium2.PdfiumError, ValueError):
            self._page = self._document[self._number - 1]
            self._content = self._page.get_textpage()
            count = min(int(raw.FPDFText_CountChars(self._content)), _MOST_CHARACTERS)
            code = raw.FPDFText_GetUnicode
            self.text = "".join(_character(code(self._content, place)) for place in range(count))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for opened in (self._content, self._page):
            if opened is not None:
                opened.close()

    def boxes(self, start: int, end: int) -> list[Box]:
        """Return a box for each line of a stretch of the text."""
        lines: list[_LineBox] = []
        for place in range(start, min(end, len(self.text))):
            if self.text[place].isspace():
                continue
            box = self._box_of(place)
            if box is not None and not (lines and lines[-1].takes(box)):
                lines.append(box)
        seen = (self._seen(line) for line in lines)
        return [box for box in seen if box is not None]

    def _box_of(self, place: int) -> _LineBox | None:
        raw = self._raw
        left, right, foot, head = (raw.c_double() for _ in range(4))
        if not raw.FPDFText_GetCharBox(self._content, place, left, right, foot, head):
            return None
        tight = left.value, foot.value, right.value, head.value
        if not all(map(math.isfinite, tight)) or (tight[0] >= tight[2] and tight[1] >= tight[3]):
            return None
        upright = abs(math.sin(raw.FPDFText_GetCharAngle(self._content, place))) > _UPRIGHT
        loose = raw.FS_RECTF()
        box = tight
        if raw.FPDFText_GetLooseCharBox(self._content, place, loose):
            given = loose.left, loose.bottom, loose.right, loose.top
            if all(map(math.isfinite, given)):
                box = _within(given, tight, upright=upright)
        return _LineBox(*box, upright)

    def _seen(self, line: _LineBox) -> Box | None:
        """Return a line's box on the page as it is seen: cropped and turned."""
        left, foot, right, head = self._page.get_bbox()
        wide, high = right - left, head - foot
        if not (wide > 0 and high > 0):
            return None
        near, far = (line.left - left) / wide, (line.right - left) / wide
        top, bottom = (head - line.head) / high, (head - line.foot) / high
        turned = {
            0: (near, top, far, bottom),
            90: (1 - bottom, near, 1 - top, far),
            180: (1 - far, 1 - bottom, 1 - near, 1 - top),
            270: (top, 1 - far, bottom, 1 - near),
        }[self._page.get_rotation() % 360]
        kept = tuple(min(max(edge, 0.0), 1.0) for edge in turned)
        return (kept[0], kept[1], kept[2], kept[3]) if kept[0] < kept[2] and kept[1] < kept[3] else None


def _within(box: Box, tight: Box, *, upright: bool) -> Box:
    """Return a letter's box with its font's height, as far as that is believable."""
    first, second = (0, 2) if upright else (1, 3)
    height = max(tight[second] - tight[first], 0.5)
    room = min((_TALLEST - 1) * height + 4, _LARGEST)
    edges = list(box)
    edges[first] = max(min(box[first], tight[first]), tight[first] - room)
    edges[second] = min(max(box[second], tight[second]), tight[second] + room)
    return edges[0], edges[1], edges[2], edges[3]


def _character(code: int) -> str:
    return chr(code) if 0 < code <= 0x10FFFF else " "
