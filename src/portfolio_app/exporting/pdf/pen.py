"""The one place that draws on pages: text, rules, links, destinations, and numbers that are known only at the end.

Coordinates are points from the page's lower left corner. Nothing else in the package touches the canvas, so that
every mark on paper says here what it means: it belongs to an element of the structure, or it is an artifact, which a
screen reader passes over.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeAlias

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFString
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from portfolio_app.exporting import house_style
from portfolio_app.exporting.pdf.canvas_file import LinkNote, pack_page, write_canvas
from portfolio_app.exporting.pdf.destinations import Destination, Target, WebAddress
from portfolio_app.exporting.pdf.form_fields import Box, FormFields
from portfolio_app.exporting.pdf.structure import Element, Structure, property_line
from portfolio_app.exporting.typography import REGULAR, FontBook, clean

_TOTAL = "page-total"
_NUMBER_ROOM = 40.0
_FIELD_EDGE = 0.7
FIELD_INSET = 2.0
"""Between the frame and the field, where programs begin to write at once."""

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


Line: TypeAlias = tuple[float, float, list[tuple[Element | None, list[Span]]]]
"""Where a line begins (x and its baseline), and its spans by the element that they belong to."""


def _no_tick() -> None:
    """Go on."""


class Furniture(StrEnum):
    """What stands on every page, and is read on none."""

    HEAD = "/Type/Pagination/Subtype/Header"
    FOOT = "/Type/Pagination/Subtype/Footer"


@cache
def _colour(token: str) -> HexColor:
    return HexColor(token)


# ReportLab writes these as well, but forms each number with much care: that is a tenth of the time.
@cache
def _fill(token: str) -> str:
    colour = _colour(token)
    return f"{colour.red:.4g} {colour.green:.4g} {colour.blue:.4g} rg"


def _text_origin(x: float, y: float) -> str:
    return f"1 0 0 1 {x:.2f} {y:.2f} Tm"


class _Jpeg(ImageReader):  # type: ignore[misc]
    """A photograph that goes into the file as it is; ReportLab would decode it only to tell it from others."""

    _dataA = None  # noqa: N815 - what ReportLab asks for

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self._bytes = data

    def getRGBData(self) -> bytes:  # noqa: N802
        return self._bytes


class Pen:
    """Draws one document, page after page.

    What is drawn for an element is marked as its content; without one it is an artifact.
    """

    def __init__(self, file: Path | io.BytesIO, fonts: FontBook, *, language: str, invariant: bool) -> None:
        self.fonts = fonts
        self.page = 0
        self._file = file
        self.structure = Structure()
        self.fields = FormFields(self.structure)
        self._artifacts = ""  # what everything is that is drawn now, if nothing of it is to be read
        self._in_form = False  # whose content means what the place means where it is drawn
        self._canvas = Canvas(
            io.BytesIO(),  # the file is written by what follows in close()
            pageCompression=1,
            invariant=int(invariant),
            lang=language or None,
            initialFontName=REGULAR,  # else every page names Helvetica, which is not in the file
        )
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._open = False
        self._bound: dict[Destination, tuple[int, float]] = {}
        self._wanted: dict[Destination, None] = {}
        self._numbers: dict[str, tuple[Destination, float, str]] = {}
        self._page_height = 0.0
        self._outline_level = -1
        self._after_total = ""

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
            pack_page(self._canvas, self.page)
            self._open = False

    @contextmanager
    def furniture(self, kind: Furniture) -> Iterator[None]:
        """Draw what is on every page."""
        with self._as_artifacts(kind):
            yield

    @contextmanager
    def repeated(self) -> Iterator[None]:
        """Draw again what was drawn, and read, before."""
        with self._as_artifacts("/Type/Pagination"):
            yield

    @contextmanager
    def _as_artifacts(self, kind: str) -> Iterator[None]:
        before, self._artifacts = self._artifacts, kind
        yield
        self._artifacts = before

    def reserve(self, element: Element) -> int:
        """Return the number of marked content of this page that is drawn later, on the finished page."""
        return self.structure.mark(element, self.page)

    def _opening(self, element: Element | None) -> str:
        if self._artifacts:
            return f"/Artifact <<{self._artifacts}>> BDC"
        if element is None:
            return "/Artifact BMC"
        number = self.structure.mark(element, self.page)
        return f"/{element.tag} <</MCID {number}>> BDC"

    @contextmanager
    def _marked(self, element: Element | None) -> Iterator[None]:
        if self._in_form:
            yield
            return
        self._canvas._code.append(self._opening(element))  # noqa: SLF001 - ReportLab has no word for it
        yield
        self._canvas._code.append("EMC")  # noqa: SLF001

    def text(self, lines: Iterable[Line]) -> None:
        """Write lines."""
        text = self._canvas.beginText()
        code: list[str] = text._code  # noqa: SLF001 - as above
        font: tuple[str, float] | None = None
        colour = ""
        current: Element | None = None
        is_open = False
        for x, y, pieces in lines:
            code.append(_text_origin(x, y))
            for element, spans in pieces:
                if not is_open or element is not current:
                    if is_open:
                        code.append("EMC")
                    code.append(self._opening(element))
                    current, is_open = element, True
                for span in spans:
                    if (span.font, span.size) != font:
                        font = span.font, span.size
                        text.setFont(*font)
                    if span.colour != colour:
                        colour = span.colour
                        code.append(_fill(colour))
                    text.textOut(span.text)
        if is_open:
            code.append("EMC")
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
        element: Element | None = None,
    ) -> float:
        """Write a few words on one line, from x or up to x; return their width."""
        canvas = self._canvas
        word = self.fonts.word(clean(text).replace("\n", " "), font)
        width = word.width * size
        place: PDFTextObject = canvas.beginText()
        place._code += (_text_origin(x - width if right else x, y), _fill(colour))  # noqa: SLF001 - as below
        for stretch in word.stretches:
            place.setFont(stretch.font, size)
            place.textOut(stretch.text)
        with self._marked(element):
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
        with self._marked(None):
            self._canvas.lines(lines)

    def leader(self, x1: float, x2: float, y: float) -> None:
        """Draw a dotted line that leads the eye across."""
        canvas = self._canvas
        canvas.saveState()
        canvas.setStrokeColor(_colour(house_style.MUTED))
        canvas.setLineWidth(0.6)
        canvas.setLineCap(1)
        canvas.setDash([0.01, 3.6])
        with self._marked(None):
            canvas.line(x1, y, x2, y)
        canvas.restoreState()

    def shade(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle whose lower left corner is (x, y)."""
        self._canvas.setFillColor(_colour(colour))
        with self._marked(None):
            self._canvas.rect(x, y, width, height, stroke=0, fill=1)

    def text_field(
        self,
        name: str,
        box: Box,
        element: Element,
        *,
        tip: str,
        size: float,
        multi_line: bool = False,
        value: str = "",
        longest: int = 0,
    ) -> None:
        """Draw a frame to write in; what the arguments mean says :meth:`FormFields.text`."""
        self._edge(box)
        left, foot, right, head = box
        inner = left + FIELD_INSET, foot + _FIELD_EDGE, right - FIELD_INSET, head - _FIELD_EDGE
        self.fields.text(
            name, self.page, inner, element, tip=tip, value=value, size=size, multi_line=multi_line, longest=longest
        )

    def check_box(self, name: str, box: Box, element: Element, *, tip: str, state: str) -> None:
        """Draw a box to tick; what the arguments mean says :meth:`FormFields.check_box`."""
        self._edge(box)
        self.fields.check_box(name, self.page, box, element, tip=tip, state=state)

    def radio_button(self, name: str, box: Box, element: Element, *, tip: str, state: str, state_tip: str) -> None:
        """Draw a button of a choice; what the arguments mean says :meth:`FormFields.radio_button`."""
        self._edge(box, is_round=True)
        self.fields.radio_button(name, self.page, box, element, tip=tip, state=state, state_tip=state_tip)

    def _edge(self, box: Box, *, is_round: bool = False) -> None:
        """Draw what surrounds a field."""
        left, foot, right, head = box
        with self._marked(None):
            if is_round:
                self._canvas.setFillColor(_colour(house_style.WHITE))
                self._canvas.setStrokeColor(_colour(house_style.MUTED))
                self._canvas.setLineWidth(_FIELD_EDGE)
                self._canvas.circle((left + right) / 2, (foot + head) / 2, (right - left) / 2, stroke=1, fill=1)
                return
            edge = f"{left:.2f} {foot:.2f} {right - left:.2f} {head - foot:.2f} re B"
            look = f"{_fill(house_style.WHITE)} {_fill(house_style.MUTED).upper()} {_FIELD_EDGE} w"
            self._canvas._code.append(f"q {look} {edge} Q")  # noqa: SLF001 - as above

    def picture(self, data: bytes, box: tuple[float, float, float, float], element: Element) -> None:
        """Draw a JPEG or PNG picture into (left, foot, width, height)."""
        jpeg = data.startswith(_JPEG)
        image = _Jpeg(data) if jpeg else ImageReader(io.BytesIO(data))
        element.attributes = element.attributes or bounding_box((box[0], box[1], box[0] + box[2], box[1] + box[3]))
        with self._marked(element):
            self._canvas.drawImage(image, *box, mask=None if jpeg else "auto")

    def drawing(self, drawing: Drawing, x: float, y: float, element: Element) -> None:
        """Draw a chart whose lower left corner is (x, y)."""
        element.attributes = element.attributes or bounding_box((x, y, x + drawing.width, y + drawing.height))
        with self._marked(element):
            renderPDF.draw(drawing, self._canvas, x, y)

    def link(self, target: Target, box: tuple[float, float, float, float], words: str, element: Element) -> None:
        """Make (left, foot, right, head) lead to the target; ``words`` say where to, ``element`` is the link."""
        if self._artifacts:
            return
        key = self.structure.note(element, self.page)
        canvas = self._canvas
        if isinstance(target, WebAddress):
            said = PDFString(words.strip() or target.url)
            canvas.linkURL(target.url, box, Contents=said, Border="[0 0 0]", F=4, StructParent=key)
            return
        self._wanted[target] = None
        note = LinkNote(target, box, words.strip() or target.name, key, self._bound)
        canvas._addAnnotation(note)  # noqa: SLF001 - what its own links do

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
        self._canvas.addOutlineEntry(property_line(title), destination.name, self._outline_level, closed=True)

    def page_number_of(
        self, destination: Destination, right: float, y: float, *, size: float, font: str, element: Element
    ) -> None:
        """Write the page on which the destination will be found, up to ``right``."""
        form = f"page-of-{destination.name}-{font}-{size:g}"
        self._numbers[form] = destination, size, font
        self._wanted[destination] = None
        self._deferred(form, right - _NUMBER_ROOM, y, element)

    def page_total(self, x: float, y: float, after: str) -> None:
        """Write how many pages the document will have and what comes ``after``, as small and muted as what is before.

        ``after`` is the same on all pages.
        """
        self._after_total = after
        self._deferred(_TOTAL, x, y, None)

    def _deferred(self, form: str, x: float, y: float, element: Element | None) -> None:
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(x, y)
        with self._marked(element):
            canvas.doForm(form)
        canvas.restoreState()

    def close(self, tick: Callable[[], None] = _no_tick) -> None:
        """Write the numbers that are known now, and the file; ``tick`` may raise to cancel."""
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
        if isinstance(self._file, Path):
            with self._file.open("wb") as file:
                write_canvas(self._canvas, file, tick)
        else:
            write_canvas(self._canvas, self._file, tick)
        del self._canvas  # with all pages and links, for which others now need the room

    @contextmanager
    def _form(self, name: str) -> Iterator[None]:
        self._canvas.beginForm(name, 0, -4, _NUMBER_ROOM, 14)
        self._in_form = True
        yield
        self._in_form = False
        self._canvas.endForm()


def bounding_box(box: tuple[float, float, float, float]) -> str:
    """Return the attributes that say where on its page a figure stands: left, foot, right, head."""
    left, foot, right, head = box
    return f"/O/Layout/BBox[{left:.2f} {foot:.2f} {right:.2f} {head:.2f}]"
