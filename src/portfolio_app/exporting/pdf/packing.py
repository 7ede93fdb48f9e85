"""Small objects packed together at the end of a finished PDF: object streams (ISO 32000-1, 7.5.7 and 7.5.8).

A structure tree has more objects than all else in a document. They are packed and written here, after a library has
written the rest, because it would hold each of them in memory and take a third of the whole time for them.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import pikepdf

from portfolio_app.exporting.pdf.appending import reference_to

_TAIL: Final = 64
_START: Final = re.compile(rb"startxref\s+(\d+)")
_TOGETHER: Final = 200  # objects of one stream
_WIDTHS: Final = (1, 6, 2)  # bytes of what a table says of an object: its kind, a place or a stream, its place there
_PLAIN, _PACKED = 1, 2


class PackedObjects:
    """Adds objects to a document that is finished but for them; it must have a table of its objects as a stream.

    ``pages`` are the references of its pages ("12 0 R"), ``notes`` those of its annotations by their key in the
    structure, and ``tree`` is the number of the object that is to become the root of the structure.
    """

    def __init__(self, document: Path, tick: Callable[[], None]) -> None:
        self._document = document
        self._tick = tick
        self._entries: dict[int, bytes] = {}
        self._waiting: list[tuple[int, bytes]] = []
        self.pages: list[str] = []
        self.notes: dict[int, str] = {}

    def __enter__(self) -> Self:
        with pikepdf.open(self._document, access_mode=pikepdf.AccessMode.stream) as document:
            trailer = document.trailer
            self._next = int(trailer.Size)
            self._said = "".join(
                f"{key} {reference_to(trailer[key])}" for key in ("/Root", "/Info") if key in trailer
            ) + "/ID[{}]".format("".join(f"<{bytes(one).hex()}>" for one in trailer.ID))
            self.tree = int(document.Root.StructTreeRoot.objgen[0])
            for page in document.pages:
                self._tick()
                self.pages.append(reference_to(page.obj))
                for note in page.obj.get("/Annots", ()):
                    key = note.get("/StructParent")
                    if key is not None:
                        self.notes[int(key)] = reference_to(note)
        self._file: BinaryIO = self._document.open("r+b")
        self._file.seek(-_TAIL, os.SEEK_END)
        self._table = int(_START.findall(self._file.read())[-1])
        self._file.write(b"\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._finish()
        finally:
            self._file.close()

    def reserve(self) -> int:
        """Return the number of an object that will be written."""
        self._next += 1
        return self._next - 1

    def write(self, number: int, content: str) -> None:
        """Write a reserved object, or one that is there already anew."""
        self._waiting.append((number, content.encode("latin-1")))
        if len(self._waiting) >= _TOGETHER:
            self._pack()

    def add(self, content: str) -> int:
        """Write an object; return its number."""
        number = self.reserve()
        self.write(number, content)
        return number

    def _pack(self) -> None:
        """Write the objects that wait as one stream."""
        if not self._waiting:
            return
        self._tick()
        stream = self.reserve()
        head, place = [], 0
        for index, (number, content) in enumerate(self._waiting):
            head.append(f"{number} {place}")
            place += len(content) + 1
            self._entries[number] = _entry(_PACKED, stream, index)
        first = f"{' '.join(head)}\n".encode()
        data = zlib.compress(first + b"\n".join(content for _, content in self._waiting) + b"\n")
        self._write_stream(stream, f"/Type/ObjStm/N {len(self._waiting)}/First {len(first)}", data)
        self._waiting = []

    def _write_stream(self, number: int, entries: str, data: bytes) -> None:
        self._entries[number] = _entry(_PLAIN, self._file.tell(), 0)
        self._file.write(f"{number} 0 obj\n<<{entries}/Filter/FlateDecode/Length {len(data)}>>\nstream\n".encode())
        self._file.write(data)
        self._file.write(b"\nendstream\nendobj\n")

    def _finish(self) -> None:
        """Write the table of the added objects."""
        self._pack()
        number = self.reserve()
        table = self._file.tell()
        self._entries[number] = _entry(_PLAIN, table, 0)
        numbers = sorted(self._entries)
        runs = [list(run) for _, run in groupby(enumerate(numbers), key=lambda one: one[1] - one[0])]
        index = " ".join(f"{run[0][1]} {len(run)}" for run in runs)
        widths = " ".join(map(str, _WIDTHS))
        entries = f"/Type/XRef/Size {self._next}/W[{widths}]/Index[{index}]{self._said}/Prev {self._table}"
        self._write_stream(number, entries, zlib.compress(b"".join(self._entries[one] for one in numbers)))
        self._file.write(f"startxref\n{table}\n%%EOF\n".encode())


def _entry(*values: int) -> bytes:
    return b"".join(value.to_bytes(width, "big") for value, width in zip(values, _WIDTHS, strict=True))
