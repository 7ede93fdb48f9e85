"""Bytes that should be text, whatever wrote them: Unicode with a byte order mark, UTF-8, Windows-1252, or a mixture."""

from __future__ import annotations

import codecs
import re

_KNOWN_FORMATS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word, spreadsheet or ZIP file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word, Excel or Outlook file"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"Rar!", "a compressed file"),
)
_WEB_PAGE = re.compile(rb"\s{0,64}<(?:!doctype\s+html|html|\?xml)", re.IGNORECASE)
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BYTE_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r"))
# Control characters cannot stand in a document (XML forbids them); a space keeps words apart where one stood.
_CONTROLS = (*range(9), *range(14, 32), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xFFFE, 0xFFFF)
_TIDY: dict[int, str | None] = {**dict.fromkeys(_CONTROLS, " "), 0xFEFF: None}
_MAX_CONTROL_SHARE = 0.02


def known_format(data: bytes) -> str:
    """Say what a file that is no plain text is, by its first bytes: "a PDF", "a web page"; or nothing."""
    for magic, what in _KNOWN_FORMATS:
        if data.startswith(magic):
            return what
    return "a web page" if _WEB_PAGE.match(data) else ""


def text_of(data: bytes) -> str | None:
    """Turn bytes into text, ``None`` if they are binary. Line ends stay as they are; control characters become spaces.

    A byte that is not UTF-8 is read as Windows-1252, byte by byte, so that a mixture of both loses nothing.
    """
    encoding, start = _encoding(data)
    body = data[start:]
    if encoding == "utf-8":
        controls = len(body) - len(body.translate(None, _BYTE_CONTROLS))
        if controls > _MAX_CONTROL_SHARE * len(body) or b"\0" in body:
            return None
        text = _utf8_or_windows(body)
    else:
        text = body.decode(encoding, "replace")
    return text.translate(_TIDY)


def _encoding(data: bytes) -> tuple[str, int]:
    """Name the encoding and where the text starts after a byte order mark."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    head = data[:4096]
    pairs = len(head) // 2
    if pairs > 4:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if odd > 0.6 * pairs and even < 0.05 * pairs:
            return "utf-16-le", 0
        if even > 0.6 * pairs and odd < 0.05 * pairs:
            return "utf-16-be", 0
    return "utf-8", 0


def _utf8_or_windows(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if _MULTIBYTE.search(data) is None:
            return data.decode("cp1252", _LATIN)
        return data.decode("utf-8", _WINDOWS)


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 - only ever called while decoding
    return error.object[error.start : error.end].decode("cp1252", _LATIN), error.end


def _as_latin(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101
    return error.object[error.start : error.end].decode("latin-1"), error.end


_WINDOWS, _LATIN = "portfolio_app.windows_1252", "portfolio_app.latin_1"
codecs.register_error(_WINDOWS, _as_windows)
codecs.register_error(_LATIN, _as_latin)
