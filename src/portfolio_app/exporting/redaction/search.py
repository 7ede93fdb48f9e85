"""Every text in a file, wherever the format can hold one: what is read, what describes it, and what is packed in it."""

from __future__ import annotations

import email
import email.policy
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from hashlib import file_digest
from pathlib import PurePosixPath
from typing import IO, Any, Final

from lxml import etree
from PIL import Image

from portfolio_app.domain.errors import KnownError
from portfolio_app.text_bytes import text_of

MOST_BYTES: Final = 400_000_000
"""Unpacked, of all that is read of one file of a stranger's."""
MOST_BYTES_OF_OURS: Final = 4_000_000_000
"""The same of a document that the program has written."""
LARGEST_MEMBER: Final = 100_000_000
"""Bytes of one file in another, unpacked."""
MOST_MEMBERS: Final = 20_000
DEEPEST: Final = 4
"""Files in files in files; a message in a message in a package has three."""

_LARGEST_MARKUP: Final = 60_000_000
_LARGEST_MESSAGE: Final = 50_000_000
_LONGEST_HEADER: Final = 100_000
_MOST_PARTS: Final = 500

_IN_LINE: Final = frozenset(
    (
        *("r", "t", "rPr", "span", "a", "hyperlink", "b", "i", "u", "s", "em", "strong", "font", "smartTag", "ins"),
        *("proofErr", "bookmarkStart", "bookmarkEnd", "fldSimple", "lastRenderedPageBreak", "noBreakHyphen", "sub"),
        *("softHyphen", "sup", "small", "big", "code", "mark", "rFonts", "sz", "color", "lang", "commentRangeStart"),
        *("commentRangeEnd", "sdt", "sdtContent", "sdtPr", "bCs", "iCs", "szCs", "shd", "rStyle", "vertAlign", "wbr"),
    )
)
"""Elements of Word, spreadsheets, slides and web pages that do not end a word."""
_MEDIA_MAGIC: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_RICH_TEXT: Final = b"{\\rtf"
_ZIP: Final = b"PK\x03\x04"
_MARKUP: Final = re.compile(rb"\s*(?:<\?xml|<!doctype|<[a-z][\w:.-]*[\s>/])", re.IGNORECASE)
_WEB_PAGE: Final = re.compile(rb"\s*<(?:!doctype\s+html|html|body|div|p|span|table|head)\b", re.IGNORECASE)
_MAIL: Final = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}\r?\n")


class Unsearchable(KnownError):
    """A file, or something in it, cannot be searched; the text names what it is."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a file. ``place`` says where: "page 3", "the properties", "rota.docx, its text"."""

    place: str
    text: str


class Search:
    """Goes through one file.

    ``tick`` is called every now and then, and raises to cancel. ``known`` are hashes of files that need not be searched
    where they are packed in it, since they have been; ``most`` is how many bytes are read, unpacked.
    """

    def __init__(self, tick: Callable[[], None], known: Collection[str] = (), most: int = MOST_BYTES) -> None:
        self.tick = tick
        self._known = known
        self._left = most

    def texts(self, file: IO[bytes], name: str = "", depth: int = 0) -> Iterator[Text]:
        """Yield every text in a file.

        Raises:
            Unsearchable: it is encrypted, damaged, enormous, or of a format that is not known.
            KnownError: ``tick`` did.
        """
        self.tick()
        if depth and self._known and file_digest(file, "sha256").hexdigest() in self._known:  # type: ignore[arg-type]
            return
        if depth > DEEPEST:
            raise Unsearchable(name or "a file")
        file.seek(0)
        head = file.read(2048)
        file.seek(0)
        if b"%PDF-" in head[:1024]:
            from portfolio_app.exporting.redaction.search_pdf import pdf_texts  # noqa: PLC0415 - PDFium is slow to load

            yield from pdf_texts(self, file, name, depth)
        elif head.startswith(_ZIP):
            yield from self._zip(file, name, depth)
        elif head.startswith(_MEDIA_MAGIC):
            yield from _picture(file, name)
        else:
            data = self.take(file.read(LARGEST_MEMBER + 1), name)
            yield from self.of_bytes(data, name, depth)

    def of_bytes(self, data: bytes, name: str, depth: int) -> Iterator[Text]:
        """Yield every text of what is no document of a known format: text, markup, JSON, a message."""
        suffix = PurePosixPath(name.casefold()).suffix
        if suffix == ".json":
            with suppress(ValueError, RecursionError):
                yield from (Text(_where(name), value) for value in _json_strings(json.loads(data)))
                return
        if suffix == ".eml" or (suffix not in {".txt", ".md", ".csv"} and _MAIL.match(data[:8192])):
            try:
                yield from self._message(data, name, depth)
            except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
                raise Unsearchable(name or "a message") from error  # what strangers' messages do to parsers
            return
        if _MARKUP.match(data[:512]) and suffix not in {".txt", ".md", ".csv"}:
            yield from markup_texts(data, name)
            return
        # Rich text writes its letters in ways of its own.
        text = None if data.startswith(_RICH_TEXT) else text_of(data)
        if text is None:
            raise Unsearchable(name or "a file")
        yield Text(_where(name), text)

    def take(self, data: bytes, name: str) -> bytes:
        """Count what was read.

        Raises:
            Unsearchable: that is too much.
        """
        self._left -= len(data)
        if len(data) > LARGEST_MEMBER or self._left < 0:
            raise Unsearchable(name or "a file")
        self.tick()
        return data

    def _zip(self, file: IO[bytes], name: str, depth: int) -> Iterator[Text]:
        try:
            with zipfile.ZipFile(file) as archive:
                yield from self.archive(archive, name, depth)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise Unsearchable(name or "a file") from error

    def archive(self, archive: Any, name: str = "", depth: int = 0) -> Iterator[Text]:
        """Yield every text of an opened zip: its comment, the names and comments of its members, and what they hold.

        Raises:
            Unsearchable: a member is.
            zipfile.BadZipFile: it is damaged.
        """
        yield Text(_where(name), archive.comment.decode("utf-8", "replace"))
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise Unsearchable(name or "a file")
        for member in members:
            yield Text("a file’s name", member.filename)
            yield Text("a file’s comment", member.comment.decode("utf-8", "replace"))
            if member.is_dir():
                continue
            with archive.open(member) as opened:
                data = self.take(opened.read(LARGEST_MEMBER + 1), member.filename)
            yield from self.texts(io.BytesIO(data), member.filename, depth + 1)

    def _message(self, data: bytes, name: str, depth: int) -> Iterator[Text]:
        if len(data) > _LARGEST_MESSAGE:
            raise Unsearchable(name or "a message")
        # Not the newer policy, which takes headers apart, and for ever where a stranger has made them for that.
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        for number, part in enumerate(message.walk()):
            self.tick()
            if number > _MOST_PARTS:
                raise Unsearchable(name or "a message")
            for key, value in part.items():
                yield Text(_where(name), f"{key}: {_plain_header(str(value), name)}")
            if part.is_multipart():
                continue
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes):
                continue
            if part.get_content_maintype() == "text":
                yield from self._words(part, content, name)
                continue
            called = _plain_header(part.get_filename() or "", name)
            yield from self.texts(io.BytesIO(self.take(content, name)), called or name, depth + 1)

    @staticmethod
    def _words(part: Any, content: bytes, name: str) -> Iterator[Text]:
        text = text_of(content)
        if text is None:
            raise Unsearchable(name or "a message")
        with suppress(LookupError, UnicodeError):
            yield Text(_where(name), content.decode(part.get_content_charset() or "utf-8"))
        yield Text(_where(name), text)
        if part.get_content_subtype() == "html":
            yield from markup_texts(content, name)


def _plain_header(value: str, name: str) -> str:
    """Return a header as it is read."""
    if len(value) > _LONGEST_HEADER:
        raise Unsearchable(name or "a message")
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, UnicodeError, HeaderParseError):
        return value


def markup_texts(data: bytes, name: str) -> Iterator[Text]:
    """Yield what XML or HTML says: its text, its comments and instructions, and each attribute.

    Raises:
        Unsearchable: it is damaged or enormous.
    """
    root = _tree(data, name)
    if root is None:
        return
    pieces: list[str] = []
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:  # deep trees are common in hostile files
        node, is_end = stack.pop()
        if is_end:
            if _local(node.tag) not in _IN_LINE:
                pieces.append("\n")
            pieces.append(node.tail or "")
            continue
        if not isinstance(node.tag, str):  # a comment, an instruction, an entity
            yield Text(_where(name), str(node.text or ""))
            pieces.append(node.tail or "")
            continue
        if _local(node.tag) not in _IN_LINE:
            pieces.append("\n")
        if _local(node.tag) == "style":
            yield Text(_where(name), node.text or "")
        else:
            pieces.append(node.text or "")
        for value in node.attrib.values():
            yield Text(_where(name), str(value))
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))
    yield Text(_where(name), "".join(pieces))


def _tree(data: bytes, name: str) -> Any:
    """Return the root of XML or HTML, or ``None`` where there is none."""
    if len(data) > _LARGEST_MARKUP:
        raise Unsearchable(name or "a file")
    if _WEB_PAGE.match(data):
        parser: Any = etree.HTMLParser(huge_tree=True, no_network=True)
    else:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unsearchable(name or "a file") from error


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _picture(file: IO[bytes], name: str) -> Iterator[Text]:
    """Yield what a picture says of itself; what it shows is not read."""
    try:
        with Image.open(file) as image:
            values: list[object] = [*image.info.values(), *getattr(image, "text", {}).items()]
            with suppress(Exception):  # whatever a damaged directory of tags does
                tags = image.getexif()
                values += tags.values()
                for part in (0x8769, 0x8825, 0xA005):
                    values += tags.get_ifd(part).values()
    except Exception as error:
        raise Unsearchable(name or "a picture") from error
    for value in _plain(values):
        yield Text(_where(name, "what a picture says of itself"), value)


def _plain(values: object) -> Iterator[str]:
    match values:
        case str():
            yield values
        case bytes():
            yield values.decode("utf-8", "ignore")
            yield values.decode("utf-16-le", "ignore")
            yield values.decode("latin-1")
        case list() | tuple():
            for value in values:
                yield from _plain(value)
        case dict():
            yield from _plain([*values.keys(), *values.values()])
        case _:
            pass


def _json_strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for part in value:
                yield from _json_strings(part)
        case dict():
            for part in value.values():
                yield from _json_strings(part)
        case _:
            pass


def _where(name: str, what: str = "") -> str:
    if name.startswith("."):  # the document itself, of which only the format is known
        return what or "the text"
    return f"“{name}”" + (f", {what}" if what else "") if name else what or "the text"
