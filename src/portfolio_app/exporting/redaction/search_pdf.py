"""Every text in a PDF: on its pages, in what is not drawn, in properties, structure, notes, fields and files in it."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final, cast

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name

from portfolio_app.exporting.redaction import search
from portfolio_app.pdfium import PDFIUM
from portfolio_app.untrusted_pdf import UNREADABLE

if TYPE_CHECKING:
    from portfolio_app.exporting.redaction.search import Search, Text

_IN_MARKS: Final = re.compile(rb"/[A-Za-z]+\s*(\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f\s]+>)", re.DOTALL)
"""A name and a string beside each other in what a page draws: a property of marked content, such as ActualText."""
_IN_CODES: Final = re.compile(rb"\([^()]*\)|/[^\s/<>()\[\]]+")
_WRITES: Final = re.compile(rb"\bT[Jj]\b|['\"]\s")
_OBJECTS_BETWEEN_TICKS: Final = 200
_LARGEST_OTHER: Final = 30_000_000
_OWN_NAMES: Final = ("/BaseFont", "/FontName", "/FontFamily", "/Name")
_RESOURCES: Final = ("/Font", "/XObject", "/ColorSpace", "/Pattern", "/Shading", "/ExtGState", "/Properties")
_SUMS: Final = frozenset(("/ID", "/CheckSum", "/CreationDate", "/ModDate", "/M"))
"""Keys of sums and dates, which are no text and hold any figure."""
_PLACES: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("/EF",), "the name of a file in it"),
    (("/FT",), "a form field"),
    (("/Parent", "/T"), "a form field"),
    (("/Rect",), "a note on a page"),
    (("/S", "/P"), "what a screen reader reads"),
    (("/Title", "/Parent"), "the outline"),
    (("/Names",), "the names in it"),
    (("/Limits",), "the names in it"),
)
_USUAL_PROPERTIES: Final = frozenset(
    ("/Title", "/Author", "/Subject", "/Keywords", "/Creator", "/Producer", "/CreationDate", "/ModDate", "/Trapped")
)


def pdf_texts(whole: Search, file: IO[bytes], name: str, depth: int) -> Iterator[Text]:
    """Yield every text in a PDF.

    Raises:
        Unsearchable: it is encrypted or damaged, or something in it cannot be searched.
    """
    what = name or "a PDF"
    try:
        with pikepdf.open(cast("BinaryIO", file)) as pdf:
            if pdf.is_encrypted:
                raise search.Unsearchable(what)
            file.seek(0)
            prefix = f"“{name}”, " if depth else ""
            yield from _page_texts(file, lambda number: f"{prefix}page {number}", whole.tick)
            yield from _Objects(whole, pdf, name, depth).texts()
    except (pypdfium2.PdfiumError, pikepdf.PasswordError, *UNREADABLE) as error:
        raise search.Unsearchable(what) from error


def _page_texts(file: IO[bytes], place: Callable[[int], str], tick: Callable[[], None]) -> Iterator[Text]:
    with PDFIUM:
        document = pypdfium2.PdfDocument(file)
        count = len(document)
    try:
        for number in range(count):
            tick()
            with PDFIUM:
                page = document[number]
                text_page = page.get_textpage()
                text = text_page.get_text_range()
                text_page.close()
                page.close()
            yield search.Text(place(number + 1), text)
    finally:
        with PDFIUM:
            document.close()


class _Objects:
    """Looks into every object of a PDF."""

    def __init__(self, whole: Search, pdf: pikepdf.Pdf, name: str, depth: int) -> None:
        self._whole = whole
        self._pdf = pdf
        self._prefix = f"“{name}”, " if depth else ""
        self._depth = depth
        self._shown: set[tuple[int, int]] = set()
        self._pages: set[tuple[int, int]] = set()
        self._contents: set[tuple[int, int]] = set()
        self._unshown: list[pikepdf.Object] = []

    def texts(self) -> Iterator[Text]:
        pdf = self._pdf
        for page in pdf.pages:
            self._pages.add(page.obj.objgen)
            self._contents.update(stream.objgen for stream in _streams_of(page))
            self._note_shown(page.obj.get("/Resources"), _content_of(page))
        for key in pdf.docinfo if "/Info" in pdf.trailer else ():
            if key not in _USUAL_PROPERTIES:
                yield self._text("the properties", _plain_name(str(key)))
        yield from self._strings(pdf.trailer, "the properties")
        for number, item in enumerate(pdf.objects):
            if number % _OBJECTS_BETWEEN_TICKS == 0:
                self._whole.tick()
            if isinstance(item, pikepdf.Stream):
                yield from self._stream(item)
            elif isinstance(item, Dictionary | Array):
                if isinstance(item, Dictionary) and item.get("/Type") == Name.Page and item.objgen not in self._pages:
                    self._unshown.append(item)
                yield from self._strings(item, _place_of(item))
            elif isinstance(item, pikepdf.String):
                yield self._text("its inside", str(item))
        yield from self._not_shown()

    def _text(self, place: str, text: str) -> Text:
        return search.Text(f"{self._prefix}{place}", text)

    def _strings(self, item: pikepdf.Object, place: str) -> Iterator[Text]:
        """Yield the strings, and the names that authors choose, in an object, but not in those that it refers to."""
        waiting: list[pikepdf.Object] = [item]
        while waiting:
            current = waiting.pop()
            if isinstance(current, Dictionary | pikepdf.Stream):
                yield from self._names(current, place)
                values: list[Any] = [value for key, value in current.items() if key not in _SUMS]
            else:
                values = list(current)
                if len(values) > 1 and values[0] in (Name.Separation, Name.DeviceN):
                    colours = values[1] if isinstance(values[1], Array) else [values[1]]
                    for colour in colours:
                        yield self._text("the name of a colour", _plain_name(str(colour)))
            for value in values:
                if isinstance(value, pikepdf.String):
                    yield from self._string(value, place)
                elif isinstance(value, Dictionary | Array) and not value.is_indirect:
                    waiting.append(value)

    def _string(self, value: pikepdf.String, place: str) -> Iterator[Text]:
        text = str(value)
        yield self._text(place, text)
        data = bytes(value)
        if len(data) > 200 and not data.startswith((b"\xfe\xff", b"\xff\xfe")):  # a certificate, for example
            yield self._text(place, data.decode("utf-8", "ignore"))
            yield self._text(place, data.decode("utf-16-be", "ignore"))

    def _names(self, item: Any, place: str) -> Iterator[Text]:
        for key in _RESOURCES:
            inner = item.get(key)
            if isinstance(inner, Dictionary):
                for name in inner.keys():  # noqa: SIM118 - not a dictionary of Python's
                    yield self._text(place, _plain_name(name))
        for key in _OWN_NAMES:
            value = item.get(key)
            if isinstance(value, Name):
                yield self._text("the name of a font", _plain_name(str(value)))
        pieces = item.get("/PieceInfo")
        if isinstance(pieces, Dictionary):
            for name in pieces.keys():  # noqa: SIM118 - as above
                yield self._text("its inside", _plain_name(name))

    def _stream(self, stream: pikepdf.Stream) -> Iterator[Text]:
        yield from self._strings(stream, _place_of(stream))
        kind, subtype = stream.get("/Type"), stream.get("/Subtype")
        if subtype == Name.Image or kind in (Name.XRef, Name.ObjStm):
            return
        if kind == Name.EmbeddedFile:
            data = self._whole.take(self._data(stream), "a file in the PDF")
            yield from self._whole.texts(io.BytesIO(data), self._file_name(stream), self._depth + 1)
            return
        if "/Length1" in stream or subtype in (Name.Type1C, Name.CIDFontType0C, Name.OpenType) or "/N" in stream:
            return  # fonts and colour profiles
        data = self._whole.take(self._data(stream), "the inside of the PDF")
        if data.lstrip()[:1] == b"<" and (kind == Name.Metadata or b"</" in data):
            yield from (self._text("the properties", one.text) for one in search.markup_texts(data, ""))
            return
        if b"begincmap" in data:  # what the codes of a font mean; it names the font
            for called in _IN_CODES.findall(data):
                yield self._text("the name of a font", called.decode("latin-1").strip("/()"))
            return
        for match in _IN_MARKS.finditer(data):
            with suppress(*UNREADABLE):
                yield self._text("what a screen reader reads", str(pikepdf.Object.parse(match[1])))
        if _WRITES.search(data):
            if (subtype == Name.Form or "/PatternType" in stream) and stream.objgen not in self._shown:
                self._unshown.append(stream)
        elif len(data) < _LARGEST_OTHER and subtype != Name.Form and stream.objgen not in self._contents:
            yield self._text("its inside", data.decode("utf-8", "replace"))

    def _data(self, stream: pikepdf.Stream) -> bytes:
        """Return what a stream holds, but never more than one member may hold.

        Raises:
            Unsearchable: it is more, or damaged.
        """
        what = "a part of the PDF"
        if stream.get("/Filter") == Name.FlateDecode and "/DecodeParms" not in stream:
            unpacking = zlib.decompressobj()
            try:
                data = unpacking.decompress(bytes(stream.get_raw_stream_buffer()), search.LARGEST_MEMBER)
            except zlib.error:
                data = b""
            if unpacking.unconsumed_tail:
                raise search.Unsearchable(what)
            if data or unpacking.eof:
                return data
        if len(bytes(stream.get_raw_stream_buffer())) > _LARGEST_OTHER:
            raise search.Unsearchable(what)
        try:
            return stream.read_bytes()
        except pikepdf.PdfError as error:
            raise search.Unsearchable(what) from error

    def _file_name(self, stream: pikepdf.Stream) -> str:
        for specification in self._specifications:
            inner = specification.get("/EF")
            if isinstance(inner, Dictionary) and any(
                getattr(value, "objgen", None) == stream.objgen for _, value in inner.items()
            ):
                return str(specification.get("/UF", specification.get("/F", "")))
        return ""

    @property
    def _specifications(self) -> list[Any]:
        return [
            item
            for item in self._pdf.objects
            if isinstance(item, Dictionary) and not isinstance(item, pikepdf.Stream) and "/EF" in item
        ]

    def _note_shown(self, resources: object, data: bytes) -> None:
        """Remember the forms that are drawn from here: what they write is among what a page shows."""
        waiting: list[tuple[object, bytes]] = [(resources, data)]
        while waiting:
            current, drawing = waiting.pop()
            inner = current.get("/XObject") if isinstance(current, Dictionary) else None
            if not isinstance(inner, Dictionary):
                continue
            for key, form in inner.items():
                if not isinstance(form, pikepdf.Stream) or form.get("/Subtype") != Name.Form:
                    continue
                if form.objgen in self._shown or not re.search(re.escape(key.encode()) + rb"\s+Do\b", drawing):
                    continue
                self._shown.add(form.objgen)
                with suppress(*UNREADABLE):
                    waiting.append((form.get("/Resources"), self._data(form)))

    def _not_shown(self) -> Iterator[Text]:
        """Yield what forms, patterns and pages write that no page shows (a note's appearance), by drawing them."""
        if not self._unshown:
            return
        probe = pikepdf.new()
        for item in self._unshown:
            with suppress(*UNREADABLE):
                if isinstance(item, pikepdf.Stream):
                    form = probe.copy_foreign(item) if item.is_indirect else item
                    form.Type, form.Subtype = Name.XObject, Name.Form
                    if "/Matrix" in form:
                        del form["/Matrix"]
                    if "/OC" in form:
                        del form["/OC"]
                else:
                    form = probe.copy_foreign(pikepdf.Page(item).as_form_xobject())
                page = probe.add_blank_page(page_size=(14400, 14400))
                page.obj.Resources = Dictionary(XObject=Dictionary(Probe=form))
                page.obj.Contents = probe.make_stream(b"1 0 0 1 7200 7200 cm /Probe Do")
        if not len(probe.pages):
            return
        written = io.BytesIO()
        probe.save(written)
        written.seek(0)
        for one in _page_texts(written, lambda _number: "a part that no page shows", self._whole.tick):
            yield self._text(one.place, one.text)


def _streams_of(page: pikepdf.Page) -> list[pikepdf.Stream]:
    contents = page.obj.get("/Contents")
    streams = list(contents) if isinstance(contents, Array) else [contents]
    return [stream for stream in streams if isinstance(stream, pikepdf.Stream)]


def _content_of(page: pikepdf.Page) -> bytes:
    pieces = []
    for stream in _streams_of(page):
        with suppress(*UNREADABLE):
            pieces.append(stream.read_bytes())
    return b"\n".join(pieces)


def _place_of(item: pikepdf.Object) -> str:
    """Say in words what kind of thing an object is."""
    if not isinstance(item, Dictionary | pikepdf.Stream):
        return "its inside"
    for keys, place in _PLACES:
        if all(key in item for key in keys):
            return place
    return "the properties"


def _plain_name(name: str) -> str:
    return name.removeprefix("/")
