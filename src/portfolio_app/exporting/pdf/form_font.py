"""The font of a form: what people type, and what stands in its fields from the start.

Programs that show a form draw themselves what is typed. Those that keep to the form's own font need one that they can
write: a simple TrueType font of all characters of Windows-1252, and the Welsh ones that those lack; for any other
character they take a font of their own. What a field holds from the start may be of any letters that Noto Sans has, and
is written with their glyphs' numbers. Both are the same font file.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFontFace, TTFontMaker

from portfolio_app.exporting.pdf.appending import AppendedObjects
from portfolio_app.exporting.pdf.character_maps import written_map
from portfolio_app.exporting.typography import REGULAR, FontBook

TYPED: Final = "NotoSans"
"""What the font is called in a form's resources that is typed in."""

DRAWN: Final = "NotoSansDrawn"
"""What it is called for what fields hold from the start."""

_NOT_SYMBOLIC: Final = 1 << 5
_WELSH: Final = {
    0x81: ("Wcircumflex", "Ŵ"),
    0x8D: ("wcircumflex", "ŵ"),
    0x8F: ("Ycircumflex", "Ŷ"),
    0x90: ("ycircumflex", "ŷ"),
}
"""In places that Windows-1252 leaves free: a glyph's name and its character."""
_UNKNOWN: Final = "?"
_FORMAT_6_GLYPHS: Final = 22  # bytes into ReportLab's table of characters


class FormFont:
    """The font of one form, with the letters that can be typed and those of ``texts``. Measures are for a size of 1."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        face = _face()
        characters = sorted({*_typed().values(), *(one for text in texts for one in text if _has(one))})
        part: bytes = face.makeSubset([ord(one) for one in characters])
        tables = dict(_tables(part))
        numbers = struct.unpack_from(f">{len(characters)}H", tables["cmap"], _FORMAT_6_GLYPHS)
        self._glyphs = dict(zip(characters, numbers, strict=True))
        tables["cmap"] = _character_map({ord(character): glyph for character, glyph in self._glyphs.items()})
        maker = TTFontMaker()
        for name, table in tables.items():
            maker.add(name, table)
        self._program = bytes(maker.makeStream())

    def encoded(self, text: str) -> str:
        """Return one line as a string of a page's content, for the font that is drawn with."""
        unknown = self._glyphs[_UNKNOWN]
        return "<" + "".join(f"{self._glyphs.get(character, unknown):04X}" for character in text) + ">"

    def write(self, objects: AppendedObjects) -> str:
        """Write it both ways; return the dictionary of both."""
        packed = zlib.compress(self._program, 6)
        program = objects.add_stream(f"/Length1 {len(self._program)}/Filter/FlateDecode", packed)
        face = _face()
        box = " ".join(f"{edge:.0f}" for edge in face.bbox)
        descriptor = objects.add(
            f"<</Type/FontDescriptor/FontName/{TYPED}/Flags {_NOT_SYMBOLIC}/FontBBox[{box}]/ItalicAngle 0"
            f"/Ascent {face.ascent:.0f}/Descent {face.descent:.0f}/CapHeight {face.capHeight:.0f}/StemV 80"
            f"/FontFile2 {program} 0 R>>"
        )
        return (
            f"<</{TYPED} {_typed_font(objects, descriptor)} 0 R/{DRAWN} {self._drawn_font(objects, descriptor)} 0 R>>"
        )

    def _drawn_font(self, objects: AppendedObjects, descriptor: int) -> int:
        # A glyph that several characters have, as spaces do, means the first of them.
        glyphs = {glyph: character for character, glyph in reversed(self._glyphs.items())}
        widths = " ".join(f"{glyph}[{_width(one):.0f}]" for glyph, one in sorted(glyphs.items()))
        whole = objects.add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{TYPED}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            f"/Supplement 0>>/FontDescriptor {descriptor} 0 R/CIDToGIDMap/Identity/W[{widths}]>>"
        )
        meanings = objects.add_stream("", written_map(glyphs, 4))
        return objects.add(
            f"<</Type/Font/Subtype/Type0/BaseFont/{TYPED}/Encoding/Identity-H/DescendantFonts[{whole} 0 R]"
            f"/ToUnicode {meanings} 0 R>>"
        )


def text_width(text: str, size: float) -> float:
    """Return the width of one line in points."""
    return size * sum(_width(character) for character in text) / 1000


def line_height(size: float) -> float:
    """Return how far lines stand apart, in points."""
    return size * float(_face().ascent - _face().descent) / 1000


def ascent(size: float) -> float:
    """Return how far a line reaches above its baseline, in points."""
    return size * float(_face().ascent) / 1000


@cache
def _face() -> TTFontFace:
    FontBook()  # which has ReportLab read it
    return pdfmetrics.getFont(REGULAR).face


def _has(character: str) -> bool:
    return ord(character) in _face().charToGlyph


def _width(character: str) -> float:
    return float(_face().getCharWidth(ord(character if _has(character) else _UNKNOWN)))


@cache
def _typed() -> Mapping[int, str]:
    """Return what the codes of the font mean that is typed in."""
    codes = {code: bytes([code]).decode("cp1252", "ignore") for code in range(32, 256) if code not in {0x7F, 0xAD}}
    known = {code: character for code, character in codes.items() if character and _has(character)}
    return known | {code: character for code, (_, character) in _WELSH.items()}


def _typed_font(objects: AppendedObjects, descriptor: int) -> int:
    codes = _typed()
    widths = " ".join(f"{_width(codes[code]) if code in codes else 0:.0f}" for code in range(32, 256))
    differences = " ".join(f"{code}/{name}" for code, (name, _) in _WELSH.items())
    return objects.add(
        f"<</Type/Font/Subtype/TrueType/BaseFont/{TYPED}/FirstChar 32/LastChar 255/Widths[{widths}]"
        f"/FontDescriptor {descriptor} 0 R/Encoding<</Type/Encoding/BaseEncoding/WinAnsiEncoding"
        f"/Differences[{differences}]>>/ToUnicode {objects.add_stream('', written_map(codes, 2))} 0 R>>"
    )


def _tables(program: bytes) -> Iterator[tuple[str, bytes]]:
    (count,) = struct.unpack_from(">H", program, 4)
    for number in range(count):
        name, _, offset, length = struct.unpack_from(">4sLLL", program, 12 + 16 * number)
        yield name.decode("ascii"), program[offset : offset + length]


def _character_map(glyphs: Mapping[int, int]) -> bytes:
    """Return a table of Unicode characters for Windows (format 4), each a segment of its own."""
    characters = [*sorted(one for one in glyphs if one < 0xFFFF), 0xFFFF]
    shifts = [(glyphs[one] - one) % 0x10000 for one in characters[:-1]] + [1]
    count = len(characters)
    power = 1 << (count.bit_length() - 1)
    head = struct.pack(">7H", 4, 16 + 8 * count, 0, 2 * count, 2 * power, power.bit_length() - 1, 2 * (count - power))
    segments: Sequence[Sequence[int]] = (characters, [0], characters, shifts, [0] * count)
    body = b"".join(struct.pack(f">{len(one)}H", *one) for one in segments)
    return struct.pack(">4HL", 0, 1, 3, 1, 12) + head + body
