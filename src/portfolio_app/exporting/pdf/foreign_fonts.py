"""Fonts of attached documents, put right so that a page may be taken over as it is.

Other programs' fonts need not keep to PDF/UA or PDF/A: those of pdfTeX and Ghostscript leave codes without a meaning,
and list the glyphs of a subset wrongly. That can be mended, and then the page's text stays text.
"""

from __future__ import annotations

from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from portfolio_app.exporting.pdf.character_maps import (
    UNKNOWN,
    fit,
    glyphs_of_encoding,
    meaning_of_glyph,
    read_map,
    written_map,
)
from portfolio_app.exporting.pdf.type1_programs import Type1Program, read_program

_FONT_FILES: Final = ("/FontFile", "/FontFile2", "/FontFile3")
_CODES: Final = 256  # of a font whose codes are bytes
_MOST_GLYPHS: Final = 65_536
_TWO_BYTES: Final = (Name("/Identity-H"), Name("/Identity-V"))
_HAS_A_PLACE_FOR_EACH: Final = 8


def is_embedded(font: object) -> bool:
    """Return whether a font's glyphs are in the file, so that it looks the same everywhere."""
    if not isinstance(font, Dictionary):
        return True
    if font.get("/Subtype") == Name.Type3:
        return True
    descriptor = _described(font).get("/FontDescriptor")
    return isinstance(descriptor, Dictionary) and any(key in descriptor for key in _FONT_FILES)


def mend_foreign_font(document: Pdf, font: object) -> bool:
    """Put a font right in its own document; return whether its text may be shown elsewhere as text.

    Raises:
        Anything of ``UNREADABLE``: the font is damaged.
    """
    if not isinstance(font, Dictionary):
        return True
    if not is_embedded(font):
        return False
    if font.get("/Subtype") == Name.Type0:
        return _mend_composite(font)
    program = _mend_type1(font) if font.get("/Subtype") in (Name.Type1, Name.MMType1) else None
    if program is not None and not program.is_clear:
        return False
    _mend_simple(document, font, program)
    return True


def _described(font: Dictionary) -> Dictionary:
    """Return the part of a font that has the descriptor."""
    descendants = font.get("/DescendantFonts")
    inner = descendants[0] if isinstance(descendants, Array) and len(descendants) else font
    return inner if isinstance(inner, Dictionary) else font


def _mend_composite(font: Dictionary) -> bool:
    inner = _described(font)
    descriptor = inner.get("/FontDescriptor")
    if not isinstance(descriptor, Dictionary):
        return False
    glyphs = _glyphs_in_set(descriptor)
    if "/CIDSet" in descriptor:
        del descriptor["/CIDSet"]  # may be left out, and is often wrong
    stream = font.get("/ToUnicode")
    if not isinstance(stream, Stream):
        return False
    if font.get("/Encoding") not in _TWO_BYTES:
        return True
    known = read_map(stream.read_bytes())
    for glyph in (*_glyphs_with_widths(inner), *glyphs):
        known.setdefault(glyph, UNKNOWN)
    stream.write(written_map({code: fit(text) for code, text in known.items() if code < _MOST_GLYPHS}, 4))
    return True


def _glyphs_in_set(descriptor: Dictionary) -> list[int]:
    stream = descriptor.get("/CIDSet")
    if not isinstance(stream, Stream):
        return []
    places = stream.read_bytes()[: _MOST_GLYPHS // _HAS_A_PLACE_FOR_EACH]
    return [
        _HAS_A_PLACE_FOR_EACH * number + bit
        for number, byte in enumerate(places)
        if byte
        for bit in range(_HAS_A_PLACE_FOR_EACH)
        if byte & 0x80 >> bit
    ]


def _glyphs_with_widths(inner: Dictionary) -> list[int]:
    """Return the glyphs whose widths are listed: "first [width …]" or "first last width"."""
    widths = inner.get("/W")
    entries: list[object] = list(widths) if isinstance(widths, Array) else []
    glyphs: list[int] = []
    place = 0
    while place + 1 < len(entries) and len(glyphs) < _MOST_GLYPHS:
        first, second = int(entries[place]), entries[place + 1]  # type: ignore[call-overload]
        if isinstance(second, Array):
            glyphs += range(first, first + len(second))
            place += 2
        else:
            glyphs += range(first, min(int(second) + 1, first + _MOST_GLYPHS))  # type: ignore[call-overload]
            place += 3
    return glyphs


def _mend_type1(font: Dictionary) -> Type1Program | None:
    descriptor = font["/FontDescriptor"]
    stream = descriptor.get("/FontFile")
    if not isinstance(stream, Stream):
        return None
    program = read_program(stream.read_bytes(), int(stream.get("/Length1", 0)), int(stream.get("/Length2", 0)))
    if program is None:
        return None
    descriptor["/CharSet"] = String("".join(f"/{name}" for name in program.glyphs if name != ".notdef"))
    if program.mended is not None:
        data, length1, length2 = program.mended
        stream.write(data)
        stream["/Length1"], stream["/Length2"] = length1, length2
        stream["/Length3"] = len(data) - length1 - length2
    return program


def _mend_simple(document: Pdf, font: Dictionary, program: Type1Program | None) -> None:
    stream = font.get("/ToUnicode")
    known = read_map(stream.read_bytes()) if isinstance(stream, Stream) else {}
    names = _glyph_names(font, program)
    meanings = {code: fit(known.get(code) or meaning_of_glyph(names.get(code, ""))) for code in range(_CODES)}
    data = written_map(meanings, 2)
    if isinstance(stream, Stream):
        stream.write(data)
    else:
        font["/ToUnicode"] = document.make_stream(data)


def _glyph_names(font: Dictionary, program: Type1Program | None) -> dict[int, str]:
    """Return the names of the glyphs that the codes of a font show, as far as it has names for them."""
    encoding = font.get("/Encoding")
    base = encoding.get("/BaseEncoding") if isinstance(encoding, Dictionary) else encoding
    own = program.encoding if program is not None and not program.is_standard else None
    if isinstance(base, Name):
        listed = glyphs_of_encoding(str(base)[1:])
    elif own:
        listed = ()
    else:
        listed = glyphs_of_encoding("StandardEncoding") if font.get("/Subtype") != Name.Type3 else ()
    names = {code: name for code, name in enumerate(listed) if name}
    if not isinstance(base, Name) and own:
        names.update(own)
    differences = encoding.get("/Differences") if isinstance(encoding, Dictionary) else None
    code = 0
    parts: list[Object] = list(differences) if isinstance(differences, Array) else []
    for part in parts:
        if isinstance(part, Name):
            names[code] = str(part)[1:]
            code += 1
        else:
            code = int(part)
    return names
