"""Objects written to the end of a PDF that is closed: an incremental update (ISO 32000-1, 7.5.6).

A library keeps all objects in memory, and takes a while for each. Large files are written straight to the file
instead; saved once more, it takes them in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import pikepdf

_TAIL: Final = 64
_START: Final = re.compile(rb"startxref\s+(\d+)")
_NEVER_WRITTEN: Final = -1


def _no_tick() -> None:
    """Go on."""


def reference_to(thing: pikepdf.Object) -> str:
    """Return a reference in PDF syntax."""
    number, generation = thing.objgen
    return f"{number} {generation} R"


class AppendedObjects:
    """Adds objects to a document, whose other objects may refer to them once it is opened again.

    ``tick`` is called for each object; it may raise to cancel.
    """

    def __init__(self, document: Path, tick: Callable[[], None] = _no_tick) -> None:
        self._document = document
        self._tick = tick
        self._offsets: list[int] = []
        self.pages: list[str] = []
        """References of the pages ("12 0 R")."""

    def __enter__(self) -> Self:
        with pikepdf.open(self._document) as document:
            self._first = int(document.trailer.Size)
            self._references = " ".join(
                f"{key} {reference_to(document.trailer[key])}" for key in ("/Root", "/Info") if key in document.trailer
            )
            for page in document.pages:
                self._tick()
                self.pages.append(reference_to(page.obj))
        self.file: BinaryIO = self._document.open("r+b")
        self.file.seek(-_TAIL, os.SEEK_END)
        self._table = int(_START.findall(self.file.read())[-1])
        self.file.write(b"\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            self._finish()
        self.file.close()

    def reserve(self) -> int:
        """Return the number of an object that will be written."""
        self._offsets.append(_NEVER_WRITTEN)
        return self._first + len(self._offsets) - 1

    def write(self, number: int, content: str) -> None:
        """Write a reserved object."""
        self.begin(number)
        self.file.write(content.encode("latin-1"))
        self.file.write(b"\nendobj\n")

    def add(self, content: str) -> int:
        """Write an object; return its number."""
        number = self.reserve()
        self.write(number, content)
        return number

    def add_stream(self, entries: str, data: bytes) -> int:
        """Write a stream as it is, with these entries of its dictionary; return its number."""
        number = self.reserve()
        self.begin(number)
        self.file.write(f"<<{entries}/Length {len(data)}>>\nstream\n".encode())
        self.file.write(data)
        self.file.write(b"\nendstream\nendobj\n")
        return number

    def begin(self, number: int) -> None:
        """Write the head of a reserved object; its content, and "endobj", are to follow."""
        self._tick()
        self._offsets[number - self._first] = self.file.tell()
        self.file.write(f"{number} 0 obj\n".encode())

    def give_up(self, number: int) -> None:
        """Take back the object that was begun last."""
        place = number - self._first
        self.file.seek(self._offsets[place])
        self.file.truncate()
        self._offsets[place] = _NEVER_WRITTEN

    def _finish(self) -> None:
        """Write the table of the added objects."""
        if not self._offsets:
            return
        table = self.file.tell()
        entries = (
            b"0000000000 00001 f \n" if offset == _NEVER_WRITTEN else f"{offset:010} 00000 n \n".encode()
            for offset in self._offsets
        )
        self.file.write(f"xref\n{self._first} {len(self._offsets)}\n".encode())
        self.file.write(b"".join(entries))
        self.file.write(
            f"trailer\n<< /Size {self._first + len(self._offsets)} {self._references} "
            f"/Prev {self._table} >>\nstartxref\n{table}\n%%EOF\n".encode()
        )
