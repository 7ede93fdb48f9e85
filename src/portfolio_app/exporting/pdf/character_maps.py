"""What the codes of a font mean in Unicode: a ToUnicode map read with patience and written as the standards ask.

PDF/UA-1 (7.21.7) and PDF/A-3a (6.2.11.7) want a meaning for every code that is shown, which is neither 0 nor a byte
order mark, nor for PDF/A a character of private use. Programs leave codes out, break the syntax, or name the glyphs
only; a code of which nothing says what it means is mapped to U+FFFD, the sign for just that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from reportlab.pdfbase import _glyphlist
from reportlab.pdfbase._fontdata import encodings

UNKNOWN: Final = "\ufffd"

_SECTION: Final = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_TOKEN: Final = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")
_MOST_CODES: Final = 70_000
_AT_ONCE: Final = 100  # entries of one section
_LONGEST: Final = 16  # characters that one glyph may stand for
_UNICODE_NAME: Final = re.compile(r"(?:uni((?:[0-9A-F]{4})+)|u([0-9A-F]{4,6}))")
_WORN: Final = {
    0xF0B7: "•",
    0xF0A7: "▪",
    0xF0D8: "➢",
    0xF0FC: "✓",
    0xF0FB: "✗",
    0xF0E0: "→",
    0xF0A8: "◻",
    0xF06F: "□",
    0xF076: "❖",
}
"""What word processors write for the bullets of Symbol and Wingdings, and what is seen."""


def read_map(data: bytes) -> dict[int, str]:
    """Return what a ToUnicode map says of codes, as far as it can be understood."""
    found: dict[int, str] = {}
    for section in _SECTION.finditer(data):
        # As a flat list; a range's list of texts is a list in it.
        tokens: list[bytes | list[bytes]] = []
        inner: list[bytes] | None = None
        for match in _TOKEN.finditer(section[2]):
            if match[2]:
                inner = []
            elif match[3]:
                tokens.append(inner or [])
                inner = None
            else:
                (tokens if inner is None else inner).append(b"".join(match[1].split()))
        step = 2 if section[1] == b"char" else 3
        for place in range(0, len(tokens) - step + 1, step):
            _note(found, tokens[place : place + step])
            if len(found) > _MOST_CODES:
                return found
    return found


def _note(found: dict[int, str], entry: list[bytes | list[bytes]]) -> None:
    first, last, text = entry[0], entry[-2], entry[-1]
    if isinstance(first, list) or isinstance(last, list) or not first or not last:
        return
    start, stop = int(first, 16), int(last, 16)
    if not 0 <= stop - start < _MOST_CODES:
        return
    if isinstance(text, list):
        for code, one in zip(range(start, stop + 1), text, strict=False):
            found[code] = _text(one)
        return
    meant = _text(text)
    for code in range(start, stop + 1):
        found[code] = meant[:-1] + chr(min(ord(meant[-1]) + code - start, 0x10FFFF)) if meant else ""


def _text(digits: bytes) -> str:
    if len(digits) % 2:
        digits += b"0"
    data = bytes.fromhex(digits.decode())
    if len(data) == 1:
        return chr(data[0])
    return data[: 2 * _LONGEST].decode("utf-16-be", "replace")


def fit(text: str) -> str:
    """Return a meaning that the standards allow: known bullets for characters of private use, else U+FFFD."""
    shown = "".join(_WORN.get(ord(character), character) for character in text)
    return shown if shown and all(map(_is_allowed, shown)) else UNKNOWN


def _is_allowed(character: str) -> bool:
    code = ord(character)
    private = 0xE000 <= code <= 0xF8FF or code >= 0xF0000
    return code not in {0, 0xFEFF, 0xFFFE} and not private and not 0xD800 <= code <= 0xDFFF


def written_map(meanings: Mapping[int, str], digits: int) -> bytes:
    """Return a ToUnicode map; codes have so many hexadecimal digits."""
    lines = [
        f"<{code:0{digits}X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in sorted(meanings.items())
    ]
    sections = [lines[start : start + _AT_ONCE] for start in range(0, len(lines), _AT_ONCE)]
    body = "\n".join(f"{len(some)} beginbfchar\n" + "\n".join(some) + "\nendbfchar" for some in sections)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<{'0' * digits}> <{'F' * digits}>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()


def meaning_of_glyph(name: str) -> str:
    """Return what a glyph's name says that it is (Adobe Glyph List); empty if that is nothing."""
    base = name.partition(".")[0]
    known = _glyph_names().get(base)
    if known is not None:
        return chr(known)
    match = _UNICODE_NAME.fullmatch(base)
    if match is None:
        parts = base.split("_")
        return "".join(map(meaning_of_glyph, parts)) if len(parts) > 1 and all(map(meaning_of_glyph, parts)) else ""
    if match[2]:
        code = int(match[2], 16)
        return chr(code) if code <= 0x10FFFF else ""
    return bytes.fromhex(match[1]).decode("utf-16-be", "replace")


def glyphs_of_encoding(name: str) -> tuple[str | None, ...]:
    """Return the glyph names of the codes of "WinAnsiEncoding" and the like; nothing if it is not known."""
    try:
        return tuple(encodings[name])
    except KeyError:
        return ()


@cache
def _glyph_names() -> Mapping[str, int]:
    names: dict[str, int] = _glyphlist._glyphname2unicode  # noqa: SLF001 - Adobe's list, which ReportLab ships
    return names
