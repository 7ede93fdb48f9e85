"""The programs of Type 1 fonts (Adobe Type 1 Font Format, 1990): which glyphs are in them, and their side bearings.

A descriptor's list of a subset's glyphs must name all of them; programs that make PDFs forget some. Two things that
are allowed are avoided, because not all that checks PDFs understands them: a side bearing written as a fraction is
rounded (the width that follows is taken for nothing), and what is encrypted has no slash (it is taken for a name).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_PROGRAM_KEY: Final = 55665
_GLYPH_KEY: Final = 4330
_LARGEST: Final = 3_000_000  # bytes; a subset has a hundredth of it
_SIGN: Final = rb"%!PS-AdobeFont-"
_OTHER_SIGN: Final = re.compile(rb"\A%!FontType1-")
_DIVIDE: Final = b"\x0c\x0c"
_SLASH: Final = b"/"
_LONGEST_BEARING: Final = 16  # bytes of the numbers that a glyph begins with
_MOST_TRIED: Final = 400
_FIRST_NUMBER: Final = 32
_WIDEST: Final = 1131  # units; what is more takes a number of five bytes, which checkers read wrongly
_RANDOM: Final = 4  # bytes at the beginning of what is encrypted
_LEN_IV: Final = re.compile(rb"/lenIV\s+(-?\d+)")
_GLYPHS: Final = re.compile(rb"/CharStrings\s+(\d+)\s+dict")
_GLYPH: Final = re.compile(rb"/([^\s/]+)\s+(\d+)\s+(RD|-\||\S+)[ ]")
_ROUTINE: Final = re.compile(rb"dup\s+(\d+)\s+(\d+)\s+(RD|-\||\S+)[ ]")
_ENCODED: Final = re.compile(rb"dup\s+(\d+)\s*/(\S+)\s+put")
_HEX: Final = re.compile(rb"[0-9A-Fa-f\s]{8,}")
_STANDARD: Final = re.compile(rb"/Encoding\s+StandardEncoding\s+def")


@dataclass(frozen=True, slots=True)
class Type1Program:
    """What a program says. ``mended`` is the program anew where something had to be put right, with its two lengths.

    ``is_clear`` says that its widths are understood by whatever reads them.
    """

    glyphs: tuple[str, ...]
    encoding: dict[int, str]
    is_standard: bool
    is_clear: bool
    mended: tuple[bytes, int, int] | None


def read_program(data: bytes, length1: int, length2: int) -> Type1Program | None:
    """Read a program of clear text and an encrypted part; ``None`` if it cannot be understood."""
    if len(data) > _LARGEST:
        return None
    clear, private, tail = data[:length1], data[length1 : length1 + length2], data[length1 + length2 :]
    head = _OTHER_SIGN.sub(_SIGN, clear, count=1)
    if _HEX.match(private[:16]):
        return None  # not allowed in PDF
    plain = _decrypted(private, _PROGRAM_KEY)
    start = _GLYPHS.search(plain)
    if start is None:
        return None
    given = _LEN_IV.search(plain)
    skip = int(given[1]) if given else _RANDOM
    glyphs = list(_stretches(plain, start.end(), _GLYPH))
    if not glyphs or skip < 0:
        return None
    changes: list[tuple[int, int, bytes]] = []
    if int(start[1]) != len(glyphs):
        changes.append((*start.span(1), str(len(glyphs)).encode()))
    anew = skip
    if not skip and given is not None and any(_SLASH in plain[one.begin : one.end] for one in glyphs):
        anew = _RANDOM  # else what is encrypted cannot be changed
        changes.append((*given.span(1), str(anew).encode()))
        for one in _stretches(plain[: start.start()], 0, _ROUTINE):
            code = _decrypted(plain[one.begin : one.end], _GLYPH_KEY)
            changes += one.replaced_by(_encrypted_anew(code, anew))
    is_wide = False
    for one in glyphs:
        encrypted = plain[one.begin : one.end]
        bearing = _bearing(encrypted, skip)
        is_wide = is_wide or any(abs(number) > _WIDEST for number in bearing.numbers)
        if anew != skip or bearing.divided or _SLASH in encrypted:
            changes += one.replaced_by(_encrypted_anew(_mended_glyph(encrypted, skip, bearing), anew))
    mended = None
    if (changes or head != clear) and not is_wide:
        again = _encrypted(_changed(plain, sorted(changes)), _PROGRAM_KEY)
        mended = head + again + tail, len(head), len(again)
    encoding = {int(code): name.decode("latin-1") for code, name in _ENCODED.findall(head)}
    names = tuple(one.name for one in glyphs)
    return Type1Program(names, encoding, _STANDARD.search(head) is not None, not is_wide, mended)


def _changed(plain: bytes, changes: Sequence[tuple[int, int, bytes]]) -> bytes:
    pieces: list[bytes] = []
    written = 0
    for begin, end, anew in changes:
        pieces += [plain[written:begin], anew]
        written = end
    return b"".join([*pieces, plain[written:]])


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A glyph's code, or a routine's, from ``begin`` to ``end``; its length is written in ``length``."""

    name: str
    length: tuple[int, int]
    begin: int
    end: int

    def replaced_by(self, code: bytes) -> list[tuple[int, int, bytes]]:
        """Return the changes that put other code into its place."""
        return [(*self.length, str(len(code)).encode()), (self.begin, self.end, code)]


def _stretches(plain: bytes, place: int, heading: re.Pattern[bytes]) -> Iterator[_Stretch]:
    while match := heading.search(plain, place):
        begin = match.end()
        end = begin + int(match[2])
        if end > len(plain):
            return
        yield _Stretch(match[1].decode("latin-1"), match.span(2), begin, end)
        place = end


@dataclass(frozen=True, slots=True)
class _Bearing:
    """The numbers that a glyph begins with (side bearing and width), where they end, and whether one is a fraction."""

    numbers: tuple[float, ...]
    end: int
    divided: bool


def _bearing(encrypted: bytes, skip: int) -> _Bearing:
    code = _decrypted(encrypted[: skip + _LONGEST_BEARING], _GLYPH_KEY)[skip:]
    stack: list[float] = []
    place, divided = 0, False
    while place < len(code):
        first = code[place]
        if first >= _FIRST_NUMBER:
            size = 1 if first <= 246 else 2 if first <= 254 else 5
            stack.append(_number(code[place : place + size]))
            place += size
        elif code[place : place + 2] == _DIVIDE and len(stack) >= 2 and stack[-1]:
            above = stack.pop()
            stack[-1] /= above
            divided, place = True, place + 2
        else:
            break
    return _Bearing(tuple(stack), place, divided)


def _mended_glyph(encrypted: bytes, skip: int, bearing: _Bearing) -> bytes:
    """Return a glyph's code in clear, its side bearing and width in whole units."""
    code = _decrypted(encrypted, _GLYPH_KEY)[skip:]
    if bearing.divided:
        code = b"".join(_written(round(number)) for number in bearing.numbers) + code[bearing.end :]
    return code


def _encrypted_anew(code: bytes, skip: int) -> bytes:
    """Return code encrypted after so many bytes of chance, such that no slash is in it if that can be."""
    encrypted = b""
    for chance in range(_MOST_TRIED if skip else 1):
        encrypted = _encrypted(chance.to_bytes(skip, "big") + code, _GLYPH_KEY)
        if _SLASH not in encrypted:
            break
    return encrypted


def _number(code: bytes) -> int:
    first = code[0]
    if first <= 246:
        return first - 139
    if first == 255 or len(code) < 2:
        return int.from_bytes(code[1:5], "big", signed=True)
    return (first - 247) * 256 + code[1] + 108 if first <= 250 else -(first - 251) * 256 - code[1] - 108


def _written(number: int) -> bytes:
    if -107 <= number <= 107:
        return bytes([number + 139])
    if 108 <= number <= 1131:
        return bytes([247 + (number - 108) // 256, (number - 108) % 256])
    if -1131 <= number <= -108:
        return bytes([251 + (-number - 108) // 256, (-number - 108) % 256])
    return b"\xff" + number.to_bytes(4, "big", signed=True)


def _decrypted(data: bytes, key: int) -> bytes:
    out = bytearray(len(data))
    for place, byte in enumerate(data):
        out[place] = byte ^ (key >> 8)
        key = ((byte + key) * 52845 + 22719) & 0xFFFF
    return bytes(out)


def _encrypted(data: bytes, key: int) -> bytes:
    out = bytearray(len(data))
    for place, byte in enumerate(data):
        out[place] = coded = byte ^ (key >> 8)
        key = ((coded + key) * 52845 + 22719) & 0xFFFF
    return bytes(out)
