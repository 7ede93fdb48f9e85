"""The one place that draws on pages: text, rules, links, destinations, and numbers that are known only at the end.

Coordinates are points from the page's lower left corner. Nothing else in the package touches the canvas, so
that whatever must accompany every mark on paper (tags, for one) can be added here.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from portfolio_app.exporting import house_style
from portfolio_app.exporting.pdf.destinations import Destination, Target, WebAddress
from portfolio_app.exporting.typography import REGULAR, FontBook, clean

_TOTAL = "page-total"
_NUMBER_ROOM = 40.0
_JPEG = b"\xff\xd8\xff"
FURNITURE_SIZE = 8.0
"""Size of what stands at the head and foot of every page."""


@dataclass(slots=True)
class Span:
    """Text of one font, size and colour that is drawn in one go."""

    text: str
    font: str
    size: float
    colour: str


@cache
def _colour(token: str) -> HexColor:
    return HexColor(token)


class _Jpeg(ImageReader):  # type: ignore[misc]
    """A photograph that goes into the file as it is; ReportLab would decode it only to tell it from others."""

    _dataA = None  # noqa: N815 - what ReportLab asks for

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self._bytes = data

    def getRGBData(self) -> bytes:  # noqa: N802
        return self._bytes


class Pen:
    """Draws one document, page after page."""

    def __init__(self, file: Path | io.BytesIO, fonts: FontBook, *, language: str, invariant: bool) -> None:
        self.fonts = fonts
        self.page = 0
        self._canvas = Canvas(
            str(file) if isinstance(file, Path) else file,
            pageCompression=1,
            invariant=int(invariant),
            lang=language or None,
            initialFontName=REGULAR,  # else every page names Helvetica, which is not in the file
        )
        self._open = False
        self._bound: dict[Destination, tuple[int, float]] = {}
        self._wanted: dict[Destination, None] = {}
        self._numbers: dict[str, tuple[Destination, float, str]] = {}
        self._page_height = 0.0
        self._outline_level = -1
        self._after_total = ""

    def describe(self, *, title: str, author: str, subject: str, keywords: Iterable[str], program: str) -> None:
        """Say what the document is; a reader shows its title and its outline when it opens."""
        canvas = self._canvas
        canvas.setTitle(_one_line(title))
        canvas.setAuthor(_one_line(author))
        canvas.setSubject(_one_line(subject))
        canvas.setKeywords(", ".join(_one_line(word) for word in keywords))
        canvas.setCreator(program)
        canvas.setProducer(program)
        canvas.setViewerPreference("DisplayDocTitle", "true")

    def new_page(self, width: float, height: float) -> None:
        """Finish the page and start another."""
        self._finish_page()
        self._canvas.setPageSize((width, height))
        self._page_height = height
        self._open = True
        self.page += 1

    def _finish_page(self) -> None:
        if self._open:
            self._canvas.showPage()
            self._open = False

    def text(self, lines: Iterable[tuple[float, float, list[Span]]]) -> None:
        """Write lines, each from (x, y of its baseline)."""
        text = self._canvas.beginText()
        font: tuple[str, float] | None = None
        colour = ""
        for x, y, spans in lines:
            text.setTextOrigin(x, y)
            for span in spans:
                if (span.font, span.size) != font:
                    font = span.font, span.size
                    text.setFont(*font)
                if span.colour != colour:
                    colour = span.colour
                    text.setFillColor(_colour(colour))
                text.textOut(span.text)
        self._canvas.drawText(text)

    def label(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        colour: str = house_style.TEXT,
        font: str = REGULAR,
        right: bool = False,
    ) -> float:
        """Write a few words on one line, from x or up to x; return their width."""
        canvas = self._canvas
        word = self.fonts.word(clean(text).replace("\n", " "), font)
        width = word.width * size
        place = canvas.beginText()
        place.setTextOrigin(x - width if right else x, y)
        place.setFillColor(_colour(colour))
        for stretch in word.stretches:
            place.setFont(stretch.font, size)
            place.textOut(stretch.text)
        canvas.drawText(place)
        return width

    @contextmanager
    def upwards(self, x: float, y: float) -> Iterator[None]:
        """Turn the paper: what is drawn at (0, 0) stands at (x, y) and runs upwards."""
        self._canvas.saveState()
        self._canvas.translate(x, y)
        self._canvas.rotate(90)
        yield
        self._canvas.restoreState()

    def rules(self, lines: list[tuple[float, float, float, float]], *, colour: str, width: float) -> None:
        """Draw straight lines."""
        self._canvas.setStrokeColor(_colour(colour))
        self._canvas.setLineWidth(width)
        self._canvas.lines(lines)

    def leader(self, x1: float, x2: float, y: float) -> None:
        """Draw a dotted line that leads the eye across."""
        canvas = self._canvas
        canvas.saveState()
        canvas.setStrokeColor(_colour(house_style.MUTED))
        canvas.setLineWidth(0.6)
        canvas.setLineCap(1)
        canvas.setDash([0.01, 3.6])
        canvas.line(x1, y, x2, y)
        canvas.restoreState()

    def shade(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle whose lower left corner is (x, y)."""
        self._canvas.setFillColor(_colour(colour))
        self._canvas.rect(x, y, width, height, stroke=0, fill=1)

    def picture(self, data: bytes, box: tuple[float, float, float, float]) -> None:
        """Draw a JPEG or PNG picture into (left, foot, width, height)."""
        jpeg = data.startswith(_JPEG)
        image = _Jpeg(data) if jpeg else ImageReader(io.BytesIO(data))
        self._canvas.drawImage(image, *box, mask=None if jpeg else "auto")

    def drawing(self, drawing: Drawing, x: float, y: float) -> None:
        """Draw a chart whose lower left corner is (x, y)."""
        renderPDF.draw(drawing, self._canvas, x, y)

    def link(self, target: Target, box: tuple[float, float, float, float], words: str) -> None:
        """Make (left, foot, right, head) lead to the target; ``words`` say where to."""
        if isinstance(target, WebAddress):
            self._canvas.linkURL(target.url, box, Border="[0 0 0]")
            return
        self._wanted[target] = None
        self._canvas.linkRect(words, target.name, box, relative=0, Border="[0 0 0]")

    def bind(self, destination: Destination | None, top: float) -> None:
        """Let this be the place that a destination means, unless it has one already."""
        if destination is None or destination in self._bound:
            return
        top = round(top, 2)
        self._bound[destination] = self.page, top
        self._canvas.bookmarkPage(destination.name, "XYZ", left=0, top=top, zoom=0)

    def places(self) -> dict[str, tuple[int, float]]:
        """Return the page and the height on it of every destination, by name."""
        return {destination.name: place for destination, place in self._bound.items()}

    def outline(self, title: str, destination: Destination, level: int) -> None:
        """Add an entry to the outline; ``level`` counts from 0."""
        self._outline_level = min(level, self._outline_level + 1)
        self._wanted[destination] = None
        self._canvas.addOutlineEntry(_one_line(title), destination.name, self._outline_level, closed=True)

    def page_number_of(self, destination: Destination, right: float, y: float, *, size: float, font: str) -> None:
        """Write the page on which the destination will be found, up to ``right``."""
        form = f"page-of-{destination.name}-{font}-{size:g}"
        self._numbers[form] = destination, size, font
        self._wanted[destination] = None
        self._deferred(form, right - _NUMBER_ROOM, y)

    def page_total(self, x: float, y: float, after: str) -> None:
        """Write how many pages the document will have and what comes ``after``, as small and muted as what is before.

        ``after`` is the same on all pages.
        """
        self._after_total = after
        self._deferred(_TOTAL, x, y)

    def _deferred(self, form: str, x: float, y: float) -> None:
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(x, y)
        canvas.doForm(form)
        canvas.restoreState()

    def close(self) -> None:
        """Write the numbers that are known now, and the file."""
        for destination in self._wanted:
            # A link to what was never drawn would make the file invalid; the last page is better than that.
            self.bind(destination, self._page_height)
        self._finish_page()
        if self.page:
            with self._form(_TOTAL):
                self.label(0, 0, f"{self.page}{self._after_total}", size=FURNITURE_SIZE, colour=house_style.MUTED)
        for form, (destination, size, font) in self._numbers.items():
            with self._form(form):
                self.label(_NUMBER_ROOM, 0, str(self._bound[destination][0]), size=size, font=font, right=True)
        self._canvas.save()

    @contextmanager
    def _form(self, name: str) -> Iterator[None]:
        self._canvas.beginForm(name, 0, -4, _NUMBER_ROOM, 14)
        yield
        self._canvas.endForm()


def _one_line(text: str) -> str:
    """Return text fit for a document's properties: no control characters or halves of characters."""
    return " ".join(clean(text).encode("utf-16", "replace").decode("utf-16").split())
