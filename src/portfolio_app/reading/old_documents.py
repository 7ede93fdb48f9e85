"""Word documents and presentations of before 2007: their words, without what they look like.

Documents keep all text, that of notes, headers and comments too, as one sequence of characters in pieces ([MS-DOC],
2.4.1); presentations keep each text as a record among others ([MS-PPT], 2.9).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from portfolio_app.reading.compound import CompoundFile
from portfolio_app.reading.limits import Limits, Problem, Unreadable
from portfolio_app.reading.sink import Sink

_DOCUMENT: Final = ("WordDocument",)
_TABLES: Final = (("0Table",), ("1Table",))
_WORD_97: Final = 0x00C1  # the least number of a format in which text stands in pieces as here
_IDENTITY: Final = 0xA5EC
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_FLAGS_AT, _PIECES_AT = 0x0A, 0x01A2
_NARROW: Final = 0x40000000
_PROPERTIES, _PIECE_TABLE = 1, 2
_FIELD_BEGINS, _FIELD_SHOWS, _FIELD_ENDS = "\x13", "\x14", "\x15"
_FIELD_SIGNS: Final = re.compile("([\x13\x14\x15])")
_NO_SIGNS: Final = "\x01\x02\x05\x08\x1f"
_SIGNS: Final = str.maketrans({"\x0b": "\n", "\x1e": "-", "\xa0": " ", **dict.fromkeys(_NO_SIGNS, "")})
_PARAGRAPH_ENDS: Final = re.compile("[\r\x0c\x0e]|\x07\x07")
_CELL_ENDS: Final = "\x07"

_PRESENTATION: Final = ("PowerPoint Document",)
_USER: Final = ("Current User",)
_ENCRYPTED_SIGN: Final = 0xF3D1C4DF
_RECORD: Final = struct.Struct("<HHI")
_WIDE_TEXT, _NARROW_TEXT = 0x0FA0, 0x0FA8
_HOLDS_RECORDS: Final = 0xF
_MASTERS: Final = frozenset({(0x0, 0x03F8), (0x1, 0x0FF0)})
"""The slides that others follow, and their texts: these say “Click to edit”."""


def read_old_word(path: Path, sink: Sink) -> None:
    """Read a Word document of 97 to 2003.

    Raises:
        Unreadable: it is older, protected, damaged or enormous.
        LimitReached: the sink has enough.
    """
    with CompoundFile(path, sink.limits) as file:
        text = _text_of_document(file, sink.limits)
    sink.watch()
    for paragraph in _PARAGRAPH_ENDS.split(_without_field_codes(text)):
        cells = [sink.cell(cell.translate(_SIGNS)) for cell in paragraph.split(_CELL_ENDS) if cell.strip()]
        if len(cells) > 1:
            sink.table([cells], header=False)
        else:
            sink.text(paragraph.replace(_CELL_ENDS, "").translate(_SIGNS))


def read_old_slides(path: Path, sink: Sink) -> None:
    """Read a presentation of 97 to 2003; it does not say simply which slide a text stands on.

    Raises:
        Unreadable: it is protected, damaged or enormous.
        LimitReached: the sink has enough.
    """
    with CompoundFile(path, sink.limits) as file:
        user = file.data(_USER, sink.limits.most_text_bytes)
        data = file.data(_PRESENTATION, sink.limits.largest_compound)
    if not data:
        raise Unreadable(Problem.DAMAGED)
    if len(user) >= 16 and int.from_bytes(user[12:16], "little") == _ENCRYPTED_SIGN:
        raise Unreadable(Problem.PROTECTED)
    told: set[str] = set()
    for text in _texts_of_slides(data, sink):
        for paragraph in text.split("\r"):
            if paragraph not in told:  # outlines repeat what stands on slides
                told.add(paragraph)
                sink.text(paragraph.translate(_SIGNS))


def _text_of_document(file: CompoundFile, limits: Limits) -> str:
    head = file.data(_DOCUMENT, limits.largest_compound)
    if len(head) < _PIECES_AT + 8:
        raise Unreadable(Problem.DAMAGED)
    identity, version = struct.unpack_from("<HH", head)
    (flags,) = struct.unpack_from("<H", head, _FLAGS_AT)
    if identity != _IDENTITY or version < _WORD_97:
        raise Unreadable(Problem.OLD_FORMAT)
    if flags & _ENCRYPTED:
        raise Unreadable(Problem.PROTECTED)
    start, size = struct.unpack_from("<II", head, _PIECES_AT)
    table = file.data(_TABLES[bool(flags & _SECOND_TABLE)], limits.largest_compound)[start:]
    found: list[str] = []
    room = limits.most_characters + 1
    for count, place in _pieces(table[:size]):
        narrow = place & _NARROW
        at = (place & ~_NARROW) // 2 if narrow else place
        shown = min(count, room)
        piece = head[at : at + shown] if narrow else head[at : at + 2 * shown]
        found.append(piece.decode("cp1252" if narrow else "utf-16-le", "replace"))
        room -= shown
        if room <= 0:
            break
    return "".join(found)


def _pieces(table: bytes) -> Iterator[tuple[int, int]]:
    """Yield how many characters each piece has, and where it stands."""
    at = 0
    while at + 5 <= len(table) and table[at] == _PROPERTIES:
        at += 3 + int.from_bytes(table[at + 1 : at + 3], "little")
    if at + 5 > len(table) or table[at] != _PIECE_TABLE:
        raise Unreadable(Problem.DAMAGED)
    size = min(int.from_bytes(table[at + 1 : at + 5], "little"), len(table) - at - 5)
    count = max(0, size - 4) // 12
    at += 5
    bounds = struct.unpack_from(f"<{count + 1}I", table, at) if count else ()
    for number in range(count):
        (place,) = struct.unpack_from("<I", table, at + 4 * (count + 1) + 8 * number + 2)
        if bounds[number + 1] > bounds[number]:
            yield bounds[number + 1] - bounds[number], place & 0x7FFFFFFF


def _without_field_codes(text: str) -> str:
    """Leave out what makes fields, such as the address of a link; what they show stays."""
    kept: list[str] = []
    codes: list[bool] = []  # of the fields that are open: whether their code is being read
    for part in _FIELD_SIGNS.split(text):
        if part == _FIELD_BEGINS:
            codes.append(True)
        elif part == _FIELD_SHOWS and codes:
            codes[-1] = False
        elif part == _FIELD_ENDS and codes:
            codes.pop()
        elif not any(codes):
            kept.append(part)
    return "".join(kept)


def _texts_of_slides(data: bytes, sink: Sink) -> Iterator[str]:
    at = 0
    while at + _RECORD.size <= len(data):
        sink.watch()
        version, kind, size = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        if version & 0xF == _HOLDS_RECORDS and (version >> 4, kind) not in _MASTERS:
            continue  # what it holds comes next
        if kind == _WIDE_TEXT:
            yield data[at : at + size].decode("utf-16-le", "replace")
        elif kind == _NARROW_TEXT:
            yield data[at : at + size].decode("latin-1")
        at += size
