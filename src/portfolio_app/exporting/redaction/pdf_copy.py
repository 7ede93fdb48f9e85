"""A copy of an attached PDF in which pages that hold something hidden are pictures with boxes painted over it.

The other pages are taken over as they are drawn: nothing else of the original goes into the copy, neither its
properties nor its notes, links, fields, layers' names and files.
"""

from __future__ import annotations

import ctypes
import io
import math
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops

from portfolio_app.domain.hidden_terms import TermFinder
from portfolio_app.exporting.pdf.attached import MOST_PAGES, seen_size, visible_box
from portfolio_app.exporting.pdf.saving import save_pdf
from portfolio_app.exporting.pictures import cover
from portfolio_app.exporting.redaction.search import Search, Unsearchable
from portfolio_app.pdfium import PDFIUM
from portfolio_app.untrusted_pdf import UNREADABLE

CoveredBox = tuple[float, float, float, float]
"""Left, top, right and bottom of what is covered, as fractions of the page or picture as it is shown."""

_SCALE: Final = 150 / 72
_MOST_PIXELS: Final = 30_000_000
_MARGIN: Final = 1.5  # points around a word: glyphs stand out of their boxes
_JPEG_QUALITY: Final = 85
_NO_COLOUR: Final = 3  # of 255, by which the channels of a grey page may differ
_UNREADABLE: Final = (*UNREADABLE, pikepdf.PasswordError, pypdfium2.PdfiumError, MemoryError, ctypes.ArgumentError)


@dataclass(frozen=True, slots=True)
class PdfCopy:
    """What became of a PDF.

    ``pictured`` are the pages (from 1) that are pictures now, ``wordless`` counts those without text. ``is_changed`` is
    False where nothing in it is hidden: then there is no copy, and the original may be used.
    """

    is_changed: bool
    pictured: frozenset[int]
    wordless: int


def copy_pdf(
    source: Path,
    target: Path,
    finder: TermFinder,
    regions: Mapping[int, Sequence[CoveredBox]],
    tick: Callable[[], None],
) -> PdfCopy:
    """Make the copy, if one is needed; ``regions`` are to be covered by page, counted from 1.

    Raises:
        Unsearchable: the original cannot be read, or something would still be found in the copy.
        KnownError: ``tick`` did.
    """
    try:
        with _Original(source, target.with_suffix(".flat"), tick) as original:
            covered = {page: list(boxes) for page, boxes in regions.items() if 1 <= page <= original.count and boxes}
            wordless = 0
            for number, text in enumerate(original.texts(), 1):
                tick()
                wordless += not text.strip()
                if finder.may_occur(text) and finder.find(text):
                    covered.setdefault(number, []).extend(original.boxes_of(number, finder))
            if not covered and not _holds(source, finder, tick):
                return PdfCopy(is_changed=False, pictured=frozenset(), wordless=wordless)
            original.write(target, covered)
            pictured = frozenset(covered)
            if _holds(target, finder, tick):
                # Something that a page draws with, not what it shows, has a hidden name.
                everything = {page: covered.get(page, []) for page in range(1, original.count + 1)}
                original.write(target, everything)
                pictured = frozenset(everything)
                if _holds(target, finder, tick):
                    raise Unsearchable(source.name)
            return PdfCopy(is_changed=True, pictured=pictured, wordless=wordless)
    except _UNREADABLE as error:
        raise Unsearchable(source.name) from error


def page_texts(source: Path, tick: Callable[[], None]) -> Iterator[str]:
    """Yield what each page of a PDF says, its fields and notes included.

    Raises:
        Unsearchable: it cannot be read.
        KnownError: ``tick`` did.
    """
    try:
        with (
            tempfile.TemporaryDirectory(prefix="portfolio-app-") as folder,
            _Original(source, Path(folder) / "flat.pdf", tick) as original,
        ):
            for text in original.texts():
                tick()
                yield text
    except _UNREADABLE as error:
        raise Unsearchable(source.name) from error


def _holds(path: Path, finder: TermFinder, tick: Callable[[], None]) -> bool:
    """Say whether anything that is hidden is in a PDF, or may be: in a file in it that cannot be searched."""
    try:
        with path.open("rb") as file:
            return any(finder.find(one.text) for one in Search(tick).texts(file))
    except Unsearchable:
        return True


class _Original:
    """An attached PDF with its fields and notes made part of its pages; it may be read from one thread."""

    def __init__(self, source: Path, flat: Path, tick: Callable[[], None]) -> None:
        self._tick = tick
        self._closing = ExitStack()
        self._pdf = self._closing.enter_context(pikepdf.open(source))
        if self._pdf.is_encrypted:
            self._closing.close()
            raise Unsearchable(source.name)
        self.count = min(len(self._pdf.pages), MOST_PAGES)
        has_notes = any("/Annots" in page.obj for page in self._pdf.pages)
        path = source
        if has_notes:
            if "/AcroForm" in self._pdf.Root:
                self._pdf.generate_appearance_streams()
            self._pdf.flatten_annotations("all")
            for page in self._pdf.pages:
                if "/Annots" in page.obj:
                    del page.obj["/Annots"]  # what has no appearance
            if "/AcroForm" in self._pdf.Root:
                del self._pdf.Root.AcroForm
            save_pdf(self._pdf, flat)
            path = flat
        with PDFIUM:
            self._drawable: Any = pypdfium2.PdfDocument(path)
        self._closing.callback(self._close_drawable)
        if has_notes:
            self._closing.callback(lambda: flat.unlink(missing_ok=True))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def _close_drawable(self) -> None:
        with PDFIUM:
            self._drawable.close()

    def texts(self) -> Iterator[str]:
        """Yield what each page says."""
        for number in range(self.count):
            with PDFIUM, ExitStack() as stack:
                page = self._drawable[number]
                stack.callback(page.close)
                text_page = page.get_textpage()
                stack.callback(text_page.close)
                text: str = text_page.get_text_range()
            yield text

    def boxes_of(self, number: int, finder: TermFinder) -> list[CoveredBox]:
        """Return what covers each occurrence on a page; the whole page where their places are not known."""
        with PDFIUM, ExitStack() as stack:
            page = self._drawable[number - 1]
            stack.callback(page.close)
            text_page = page.get_textpage()
            stack.callback(text_page.close)
            characters: list[str] = []
            indices: list[int] = []
            for index in range(text_page.count_chars()):
                code = pdfium.FPDFText_GetUnicode(text_page, index)
                if code:
                    characters.append(chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd")
                    indices.append(index)
            boxes: list[CoveredBox] = []
            for found in finder.find("".join(characters)):
                boxes += _lines(self._box(page, text_page, indices[place]) for place in range(found.start, found.end))
        return boxes or [(0.0, 0.0, 1.0, 1.0)]

    def _box(self, page: Any, text_page: Any, index: int) -> CoveredBox | None:
        """Return where a character is seen, as fractions of the page."""
        edges = pdfium.FS_RECTF()
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, edges) or edges.left == edges.right:
            return None
        width, height = page.get_size()
        corners = []
        across, down = ctypes.c_int(), ctypes.c_int()
        for x, y in ((edges.left, edges.top), (edges.right, edges.bottom), (edges.left, edges.bottom)):
            pdfium.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, across, down)
            corners.append((across.value / _FINE, down.value / _FINE))
        xs, ys = zip(*corners, strict=True)
        return (
            min(xs) - _MARGIN / width,
            min(ys) - _MARGIN / height,
            max(xs) + _MARGIN / width,
            max(ys) + _MARGIN / height,
        )

    def write(self, target: Path, covered: Mapping[int, Sequence[CoveredBox]]) -> None:
        """Write the copy: covered pages as pictures, the others as they are drawn."""
        with pikepdf.new() as copy:
            for number in range(1, self.count + 1):
                self._tick()
                if number in covered:
                    self._add_picture(copy, number, covered[number])
                else:
                    try:
                        self._add_page(copy, number)
                    except UNREADABLE:
                        self._add_picture(copy, number, ())
            copy.remove_unreferenced_resources()
            save_pdf(copy, target, object_stream_mode=pikepdf.ObjectStreamMode.generate)

    def _add_page(self, copy: pikepdf.Pdf, number: int) -> None:
        page = self._pdf.pages[number - 1]
        size = seen_size(page)
        width, height = size.width, size.height
        # The visible box, which the form takes from the first of these that a page has.
        page.obj.TrimBox = Array(list(visible_box(page)))
        form = copy.copy_foreign(page.as_form_xobject())
        for key in ("/StructParents", "/Metadata", "/PieceInfo", "/LastModified"):
            if key in form:
                del form[key]
        added = copy.add_blank_page(page_size=(width, height))
        name = added.add_resource(form, Name.XObject, Name("/Page"))
        placed = added.calc_form_xobject_placement(
            form,
            name,
            pikepdf.Rectangle(0, 0, width, height),
            invert_transformations=True,
            allow_shrink=True,
            allow_expand=True,
        )
        added.contents_add(placed)

    def _add_picture(self, copy: pikepdf.Pdf, number: int, boxes: Sequence[CoveredBox]) -> None:
        with PDFIUM:
            page = self._drawable[number - 1]
            try:
                width, height = page.get_size()
                if not (1 <= width < math.inf and 1 <= height < math.inf):
                    raise Unsearchable(str(number))
                scale = min(_SCALE, math.sqrt(_MOST_PIXELS / (width * height)))
                picture: Image.Image = page.render(scale=scale).to_pil()
            finally:
                page.close()
        cover(picture, boxes)
        picture = picture.convert("L" if _is_grey(picture) else "RGB")
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=_JPEG_QUALITY)
        image = pikepdf.Stream(
            copy,
            buffer.getvalue(),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=picture.width,
            Height=picture.height,
            ColorSpace=Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
        added = copy.add_blank_page(page_size=(width, height))
        added.obj.Resources = Dictionary(XObject=Dictionary(Page=image))
        added.obj.Contents = copy.make_stream(f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Page Do Q".encode())


_FINE: Final = 100_000
"""Steps across a page in which places are asked for."""


def _is_grey(picture: Image.Image) -> bool:
    red, green, blue = picture.convert("RGB").resize((256, 256), Image.Resampling.BOX).split()
    extremes = (ImageChops.difference(red, other).getextrema()[1] for other in (green, blue))
    return all(isinstance(most, int | float) and most < _NO_COLOUR for most in extremes)


def _lines(boxes: Iterator[CoveredBox | None]) -> list[CoveredBox]:
    """Join the boxes of characters that stand beside each other."""
    joined: list[CoveredBox] = []
    for box in boxes:
        if box is None:
            continue
        if joined:
            left, top, right, bottom = joined[-1]
            middle = (box[1] + box[3]) / 2
            across = (box[0] + box[2]) / 2
            if top <= middle <= bottom or left <= across <= right:
                joined[-1] = (min(left, box[0]), min(top, box[1]), max(right, box[2]), max(bottom, box[3]))
                continue
        joined.append(box)
    return joined
