"""Fonts in a PDF: whether they are in the file, and what their glyphs are said to mean."""

from __future__ import annotations

import re
from typing import Final

from pikepdf import Array, Dictionary, Name, Stream

_FONT_FILES: Final = ("/FontFile", "/FontFile2", "/FontFile3")
_STANDARD_ENCODINGS: Final = (Name.WinAnsiEncoding, Name.MacRomanEncoding)
_GLYPH_NAME: Final = re.compile(r"\.notdef|[A-Za-z]{2,}|[A-Za-z]|uni[0-9A-F]{4}|u[0-9A-F]{4,6}")
_BLOCK: Final = re.compile(rb"\d+\s+beginbfchar\s(.*?)endbfchar", re.DOTALL)
_FIVE_DIGITS: Final = re.compile(rb"<(1?[0-9A-F]{5})>\s*$", re.IGNORECASE)
_NO_CHARACTER: Final = re.compile(rb"<(?:0000|FEFF|FFFE)>\s*$", re.IGNORECASE)


def is_embedded(font: object) -> bool:
    """Return whether a font's glyphs are in the file, so that it looks the same everywhere."""
    if not isinstance(font, Dictionary):
        return True
    if font.get("/Subtype") == Name.Type3:
        return True
    descendants = font.get("/DescendantFonts")
    if isinstance(descendants, Array) and len(descendants):
        font = descendants[0]
    descriptor = font.get("/FontDescriptor")
    return isinstance(descriptor, Dictionary) and any(key in descriptor for key in _FONT_FILES)


def mend_fonts(resources: object) -> None:
    """Put right what ReportLab says of the glyphs of its fonts.

    It says of each font's first that it means the character 0, which is none, and writes characters beyond the first
    65,536 with five digits, where a pair of four is asked for.
    """
    fonts = resources.get("/Font") if isinstance(resources, Dictionary) else None
    for _, font in fonts.items() if isinstance(fonts, Dictionary) else ():
        stream = font.get("/ToUnicode") if isinstance(font, Dictionary) else None
        if not isinstance(stream, Stream):
            continue
        before = stream.read_bytes()
        after = _BLOCK.sub(_without_none, before)
        if after != before:
            stream.write(after)


def _without_none(block: re.Match[bytes]) -> bytes:
    lines = [line for line in block[1].splitlines() if line.strip() and not _NO_CHARACTER.search(line)]
    lines = [_FIVE_DIGITS.sub(_as_pair, line) for line in lines]
    return b"%d beginbfchar\n%s\nendbfchar" % (len(lines), b"\n".join(lines)) if lines else b""


def _as_pair(digits: re.Match[bytes]) -> bytes:
    return b"<" + chr(int(digits[1], 16)).encode("utf-16-be").hex().upper().encode() + b">"


def is_readable(font: object) -> bool:
    """Return whether it can be known which characters a font's glyphs stand for."""
    if not isinstance(font, Dictionary) or isinstance(font.get("/ToUnicode"), Stream):
        return True
    if font.get("/Subtype") in (Name.Type0, Name.Type3):
        return False
    encoding = font.get("/Encoding")
    if isinstance(encoding, Dictionary):
        differences = encoding.get("/Differences", Array())
        names = [str(one)[1:] for one in differences if isinstance(one, Name)] if isinstance(differences, Array) else []
        return bool(names) and all(_GLYPH_NAME.fullmatch(name) for name in names)
    return encoding in _STANDARD_ENCODINGS
