"""Pages of attached PDF documents drawn into the places laid out for them.

A page is taken over as it is (a form XObject: text stays text), its fonts put right, unless it needs fonts that are
not in the file or cannot be put right, fields that have no appearance, layers some of which are hidden, or, in a copy
of sRGB colours, inks; such a page is drawn by PDFium at 150 dots per inch. What cannot be shown is replaced by a
sentence: a damaged document never stops the export.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL.Image import Image

from portfolio_app.exporting import house_style
from portfolio_app.exporting.pdf.attached import Box, Placement, SeenSize, seen_size, visible_box
from portfolio_app.exporting.pdf.colours import uses_ink
from portfolio_app.exporting.pdf.destinations import Destinations
from portfolio_app.exporting.pdf.fonts import mend_fonts
from portfolio_app.exporting.pdf.foreign_fonts import mend_foreign_font
from portfolio_app.exporting.pdf.paper import BODY
from portfolio_app.exporting.pdf.pen import Pen
from portfolio_app.exporting.pdf.text import Typesetter
from portfolio_app.exporting.publication import Publication
from portfolio_app.exporting.typography import FontBook
from portfolio_app.exporting.wording import Wording
from portfolio_app.pdfium import PDFIUM
from portfolio_app.untrusted_pdf import UNREADABLE

_DOTS_PER_INCH = 150
_JPEG_QUALITY = 85
_DEEPEST = 12  # nested forms; real documents have two or three
_HIDDEN = 1 << 1  # of an annotation's flags
_MARKS = re.compile(rb"\b(?:BMC|BDC|MP|DP)\b")
_MARKING = frozenset({"BMC", "BDC", "EMC", "MP", "DP"})
_INVISIBLE = 3  # text rendering mode
_FRAME = "0.835 0.855 0.89 RG 0.4 w"  # house_style.LINE
_MARKER = " ".join(f"{int(house_style.HIGHLIGHT[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))
_NO_PUBLICATION = Publication("", "", "", "", ())


class _CannotShow(Exception):
    """This page has to be replaced by a sentence."""


class Placer:
    """Puts pages of one document after the other into a PDF. Sources stay open until the PDF has been saved.

    With ``no_ink`` a page that mixes inks is drawn, and so becomes a picture of sRGB colours.
    """

    def __init__(self, document: pikepdf.Pdf, words: Wording, *, no_ink: bool, careful: bool) -> None:
        self._no_ink = no_ink
        self._words = words
        self.warnings: list[str] = []
        self._document = document
        self._careful = careful
        self._sources = ExitStack()
        self._source: _Source | None = None
        self._same_source = ExitStack()
        self._marker: pikepdf.Object | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._same_source.close()
        self._sources.close()

    def open(self, path: Path) -> None:
        """Turn to another document."""
        self._same_source.close()
        self._source = None
        try:
            pdf = self._sources.enter_context(pikepdf.open(path))
            self._source = self._same_source.enter_context(_Source(path, pdf, no_ink=self._no_ink))
        except UNREADABLE:
            return

    def place(self, placement: Placement) -> None:
        """Draw a page into its place, or a sentence if that is impossible."""
        try:
            form, size = self._form(placement)
            self._draw(placement, form, size)
        except (_CannotShow, *UNREADABLE):
            sentence = self._words("pdf.broken_page", page=placement.source_page + 1, name=placement.name)
            self.warnings.append(sentence)
            form, size = self._sentence(sentence, placement)
            placement.element.alt = sentence
            self._draw(placement, form, size, framed=False)

    def _form(self, placement: Placement) -> tuple[pikepdf.Object, SeenSize]:
        source = self._source
        if source is None or placement.source_page >= len(source.pdf.pages):
            raise _CannotShow
        size = seen_size(source.pdf.pages[placement.source_page])
        if source.must_be_drawn(placement.source_page):
            scale = size.scale_into(placement.box)
            image = source.drawn(placement.source_page, scale * _DOTS_PER_INCH / 72)
            return self._image(image, size), size
        form = source.form(placement.source_page)
        if self._careful:
            _try_out(form)
        return self._document.copy_foreign(form), size

    def _draw(self, placement: Placement, form: pikepdf.Object, size: SeenSize, *, framed: bool = True) -> None:
        page = self._document.pages[placement.page - 1]
        x, y, right, head = size.placed_in(placement.box)
        name = page.add_resource(form, Name.XObject, Name("/AttachedPage"))
        rectangle = pikepdf.Rectangle(x, y, right, head)
        placed = page.calc_form_xobject_placement(
            form, name, rectangle, invert_transformations=True, allow_shrink=True, allow_expand=True
        )
        if not placed.strip():
            raise _CannotShow
        line = f"\n/Artifact BMC q {_FRAME} {x:.2f} {y:.2f} {right - x:.2f} {head - y:.2f} re S Q EMC\n".encode()
        page.contents_add(b"q\n", prepend=True)
        opening = f"\nQ\n/{placement.element.tag} <</MCID {placement.mark}>> BDC\n".encode()
        page.contents_add(opening + placed + b"\nEMC\n" + (line if framed else b""))
        if placement.highlights and framed:
            page.contents_add(self._highlighted(page, placement.highlights, (x, y, right, head)))

    def _highlighted(self, page: pikepdf.Page, highlights: Sequence[Box], placed: Box) -> bytes:
        """Return what colours lines of the placed page as a marker pen does: the writing stays as dark as it is."""
        if self._marker is None:
            self._marker = self._document.make_indirect(Dictionary(Type=Name.ExtGState, BM=Name.Multiply))
        name = page.add_resource(self._marker, Name.ExtGState, Name("/Marker"))
        left, foot, right, head = placed
        wide, high = right - left, head - foot
        boxes = " ".join(
            " ".join(
                f"{number:.2f}"
                for number in (left + near * wide, head - low * high, (far - near) * wide, (low - top) * high)
            )
            + " re"
            for near, top, far, low in highlights
        )
        return f"\n/Artifact BMC q {name} gs {_MARKER} rg {boxes} f Q EMC\n".encode()

    def _image(self, image: Image, size: SeenSize) -> pikepdf.Object:
        """Return a form of the page's own size that shows the picture."""
        grey = all(low == high for low, high in _channel_differences(image))
        picture = image.convert("L" if grey else "RGB")
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=_JPEG_QUALITY)
        data, packed = buffer.getvalue(), zlib.compress(picture.tobytes(), 6)
        lossless = len(packed) <= len(data)
        stream = pikepdf.Stream(
            self._document,
            packed if lossless else data,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=picture.width,
            Height=picture.height,
            ColorSpace=Name.DeviceGray if grey else Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Name.FlateDecode if lossless else Name.DCTDecode,
        )
        return pikepdf.Stream(
            self._document,
            f"q {size.width:.3f} 0 0 {size.height:.3f} 0 0 cm /Page Do Q".encode(),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, size.width, size.height]),
            Resources=Dictionary(XObject=Dictionary(Page=stream)),
        )

    def _sentence(self, sentence: str, placement: Placement) -> tuple[pikepdf.Object, SeenSize]:
        left, foot, right, head = placement.box
        size = SeenSize(right - left, head - foot)
        page = self._sources.enter_context(pikepdf.open(io.BytesIO(_written(sentence, size, self._words))))
        mend_fonts(page.pages[0].resources)
        return self._document.copy_foreign(page.pages[0].as_form_xobject()), size


class _Source:
    """An attached document, its form fields and notes made part of its pages."""

    def __init__(self, path: Path, pdf: pikepdf.Pdf, *, no_ink: bool) -> None:
        self.pdf = pdf
        self._no_ink = no_ink
        self._path = path
        self._all_drawn = _has_hidden_layers(pdf)
        self._bare = {number for number, page in enumerate(pdf.pages) if _has_bare_fields(page)}
        self._lacking: dict[tuple[int, int], bool] = {}
        self._fonts: dict[tuple[int, int], bool] = {}
        self._unmarked: set[tuple[int, int]] = set()
        self._drawing = ExitStack()
        self._drawable: Any = None
        try:
            pdf.flatten_annotations("all")
        except UNREADABLE:
            self._all_drawn = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with PDFIUM:
            self._drawing.close()

    def form(self, number: int) -> pikepdf.Object:
        """Return the page as something that can be drawn on another."""
        page = self.pdf.pages[number]
        # The visible box, which the form takes from the first of these that a page has.
        page.obj.TrimBox = Array(list(visible_box(page)))
        form = page.as_form_xobject()
        if "/StructParents" in form:
            del form["/StructParents"]
        self._make_part_of_another(form, _DEEPEST)
        return form

    def _make_part_of_another(self, form: pikepdf.Object, deepest: int) -> None:
        """Take out of a page, and the forms that it draws, the marks of a structure of its own.

        On the page where it is shown it is one figure, within which nothing else may be marked.
        """
        if not isinstance(form, pikepdf.Stream) or not deepest or form.objgen in self._unmarked:
            return
        if form.is_indirect:
            self._unmarked.add(form.objgen)
        if _MARKS.search(form.read_bytes()):
            content = [one for one in pikepdf.parse_content_stream(form) if str(one.operator) not in _MARKING]
            form.write(pikepdf.unparse_content_stream(content))
        resources = form.get("/Resources")
        for _, inner in _items(resources, "/XObject") if isinstance(resources, Dictionary) else ():
            if isinstance(inner, pikepdf.Stream) and inner.get("/Subtype") == Name.Form:
                self._make_part_of_another(inner, deepest - 1)
            elif isinstance(inner, pikepdf.Stream) and "/Interpolate" in inner:
                del inner["/Interpolate"]  # PDF/A leaves no room for taste

    def must_be_drawn(self, number: int) -> bool:
        """Say whether the page would look different elsewhere if it were taken over as it is; mends its fonts."""
        if self._all_drawn or number in self._bare:
            return True
        page = self.pdf.pages[number]
        resources = page.obj.get("/Resources")
        if resources is None:
            resources = page.resources
        return self._lacks_fonts(page, resources, _DEEPEST) or (self._no_ink and uses_ink(page, resources))

    def _lacks_fonts(self, content: pikepdf.Object | pikepdf.Page, resources: object, deepest: int) -> bool:
        """Say whether content, or a form it draws, writes in a font that is not in the file or says nothing."""
        if not isinstance(resources, Dictionary) or not deepest:
            return False
        missing = {name for name, font in _items(resources, "/Font") if not self._may_be_text(font)}
        if missing and not missing.isdisjoint(_fonts_written_in(content)):
            return True
        return any(self._form_lacks_fonts(inner, deepest - 1) for _, inner in _items(resources, "/XObject"))

    def _may_be_text(self, font: pikepdf.Object) -> bool:
        key = font.objgen
        if key not in self._fonts or not font.is_indirect:
            self._fonts[key] = mend_foreign_font(self.pdf, font)
        return self._fonts[key]

    def _form_lacks_fonts(self, form: pikepdf.Object, deepest: int) -> bool:
        if not isinstance(form, pikepdf.Stream) or form.get("/Subtype") != Name.Form:
            return False
        key = form.objgen
        if key not in self._lacking:
            self._lacking[key] = False  # while it is looked through: a form may draw itself
            self._lacking[key] = self._lacks_fonts(form, form.get("/Resources"), deepest)
        return self._lacking[key]

    def drawn(self, number: int, scale: float) -> Image:
        """Return the page as a picture, ``scale`` dots per point."""
        import pypdfium2  # noqa: PLC0415 - 10 MB that most portfolios do not need

        with PDFIUM:
            try:
                if self._drawable is None:
                    self._drawable = self._drawing.enter_context(pypdfium2.PdfDocument(self._path))
                    self._drawable.init_forms()
                page = self._drawable[number]
                image: Image = page.render(scale=scale).to_pil()
                page.close()
            except pypdfium2.PdfiumError as error:
                raise _CannotShow from error
        return image


def _items(resources: Dictionary, key: str) -> list[tuple[str, pikepdf.Object]]:
    inner = resources.get(key)
    return list(inner.items()) if isinstance(inner, Dictionary) else []


def _fonts_written_in(content: pikepdf.Object | pikepdf.Page) -> set[str]:
    """Return the names of fonts that visible text is written in (a scan's invisible text needs no font)."""
    written: set[str] = set()
    font, visible = "", True
    kept: list[tuple[str, bool]] = []
    for instruction in pikepdf.parse_content_stream(content, "q Q Tf Tr Tj TJ ' \""):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "q":
                kept.append((font, visible))
            case "Q" if kept:
                font, visible = kept.pop()
            case "Tf" if operands:
                font = str(operands[0])
            case "Tr" if operands:
                visible = operands[0] != _INVISIBLE
            case "Tj" | "TJ" | "'" | '"' if visible:
                written.add(font)
    return written


def _has_hidden_layers(pdf: pikepdf.Pdf) -> bool:
    layers = pdf.Root.get("/OCProperties")
    usual = layers.get("/D") if isinstance(layers, Dictionary) else None
    if not isinstance(usual, Dictionary):
        return False
    off = usual.get("/OFF")
    return usual.get("/BaseState") == Name.OFF or (isinstance(off, Array) and len(off) > 0)


def _has_bare_fields(page: pikepdf.Page) -> bool:
    """Say whether a field that is to be seen on the page has a value but nothing that shows it."""
    notes = page.obj.get("/Annots")
    if not isinstance(notes, Array):
        return False
    return any(
        isinstance(note, Dictionary)
        and note.get("/Subtype") == Name.Widget
        and "/AP" not in note
        and ("/V" in note or "/Parent" in note)
        and not _is_hidden(note)
        for note in notes
    )


def _is_hidden(note: Dictionary) -> bool:
    flags: Any = note.get("/F")
    return isinstance(flags, int) and bool(flags & _HIDDEN)


def _channel_differences(image: Image) -> list[tuple[float, float]]:
    """Return the range of red minus green and of green minus blue: (0, 0) and (0, 0) for a grey picture."""
    from PIL import ImageChops  # noqa: PLC0415 - beside PDFium only

    red, green, blue = image.convert("RGB").split()
    found = []
    for one, other in ((red, green), (green, blue)):
        extremes = ImageChops.difference(one, other).getextrema()
        found.append((float(extremes[0]), float(extremes[1])))  # type: ignore[arg-type]
    return found


def _try_out(form: pikepdf.Object) -> None:
    """Write the form into a document of its own; raises what it would raise in the real one."""
    with pikepdf.new() as trial:
        page = trial.add_blank_page()
        page.add_resource(trial.copy_foreign(form), Name.XObject)
        trial.save(io.BytesIO())


def _written(sentence: str, size: SeenSize, words: Wording) -> bytes:
    buffer = io.BytesIO()
    fonts = FontBook()
    pen = Pen(buffer, fonts, language="", invariant=True)
    pen.new_page(size.width, size.height)
    typesetter = Typesetter(fonts, Destinations(_NO_PUBLICATION, lambda _: 0), words, lambda: None)
    block = typesetter.plain(sentence, BODY)
    block.height(size.width - 60, size.height)
    block.paint(pen, 30, size.height - 30, size.width - 60)
    pen.close()
    return buffer.getvalue()
