"""Original files embedded in the PDF, without ever holding more than one in memory.

pikepdf embeds bytes; a hundred attachments would need their whole size in memory. The files are therefore written,
compressed, piece by piece to the end of the document while it is still a scratch file (an incremental update,
ISO 32000-1, 7.5.6). Saved once more, it passes them on one by one.
"""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, String

from portfolio_app.exporting.publication import AttachedFile
from portfolio_app.exporting.typography import clean
from portfolio_app.exporting.wording import Wording

LARGEST_EMBEDDED = 50_000_000
"""Bytes. Larger files are listed with their checksum only: few readers cope with them inside a PDF."""

_CHUNK = 1 << 20
_TAIL = 64
_START = re.compile(rb"startxref\s+(\d+)")
_PACKED_TYPES = re.compile(r"(?:image/(?:jpeg|png|webp|gif|hei[cf])|video/.*|audio/.*|.*zip.*|.*officedocument.*)")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")


class EmbeddedFiles:
    """Adds files to a scratch document, which must be closed, and then embeds them where it is open."""

    def __init__(self, document: Path, words: Wording) -> None:
        self._document = document
        self._words = words
        self._files: list[tuple[AttachedFile, int]] = []  # with the number of its object
        self._offsets: list[int] = []

    def __enter__(self) -> Self:
        with pikepdf.open(self._document) as document:
            self._size = int(document.trailer.Size)
            self._references = " ".join(
                f"{key} {document.trailer[key].objgen[0]} {document.trailer[key].objgen[1]} R"
                for key in ("/Root", "/Info")
                if key in document.trailer
            )
        self._out = self._document.open("r+b")
        self._out.seek(-_TAIL, os.SEEK_END)
        found = _START.findall(self._out.read())
        self._table = int(found[-1])
        self._out.write(b"\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            self._finish()
        self._out.close()

    def add(self, file: AttachedFile, check: Callable[[], None]) -> str:
        """Take a file in; return a sentence if that was not possible."""
        if file.size > LARGEST_EMBEDDED:
            return self._words("pdf.too_large", name=file.name, size=f"{file.size / 1e6:,.0f}")
        start = self._out.tell()
        try:
            source = file.path.open("rb")
        except OSError:
            return self._words("pdf.not_found", name=file.name)
        with source:
            packing = zlib.compressobj(0 if _PACKED_TYPES.fullmatch(file.media_type) else 6)
            # PDF asks for this MD5; it protects nothing. What was read is compared with the portfolio's SHA-256.
            sums = hashlib.md5(usedforsecurity=False), hashlib.sha256()
            size = 0
            number, length_at = self._begin(file)
            begun = self._out.tell()
            while chunk := source.read(_CHUNK):
                check()
                size += len(chunk)
                for one in sums:
                    one.update(chunk)
                self._out.write(packing.compress(chunk))
            self._out.write(packing.flush())
        if file.sha256 and sums[1].hexdigest() != file.sha256:
            self._out.seek(start)
            self._out.truncate()
            self._offsets.pop()
            return self._words("pdf.changed", name=file.name)
        length = self._out.tell() - begun
        self._out.write(b"\nendstream\nendobj\n")
        end = self._out.tell()
        self._out.seek(length_at)
        self._out.write(f"{length:012} /Params << /Size {size:012} /CheckSum <{sums[0].hexdigest()}> >>".encode())
        self._out.seek(end)
        self._files.append((file, number))
        return ""

    def _begin(self, file: AttachedFile) -> tuple[int, int]:
        """Write the head of a stream; return its number and where its length and sums are to be written."""
        self._offsets.append(self._out.tell())
        media_type = file.media_type.lower()
        if not _MEDIA_TYPE.fullmatch(media_type):
            media_type = "application/octet-stream"
        subtype = media_type.replace("/", "#2F")
        number = self._size + len(self._offsets) - 1
        self._out.write(
            f"{number} 0 obj\n<< /Type /EmbeddedFile /Subtype /{subtype} /Filter /FlateDecode /Length ".encode()
        )
        length_at = self._out.tell()
        self._out.write(b" " * (12 + len(" /Params << /Size  /CheckSum <> >>") + 12 + 32) + b" >>\nstream\n")
        return number, length_at

    def _finish(self) -> None:
        """Write the table of the added objects."""
        if not self._offsets:
            return
        table = self._out.tell()
        self._out.write(f"xref\n{self._size} {len(self._offsets)}\n".encode())
        self._out.write(b"".join(f"{offset:010} 00000 n \n".encode() for offset in self._offsets))
        self._out.write(
            f"trailer\n<< /Size {self._size + len(self._offsets)} {self._references} "
            f"/Prev {self._table} >>\nstartxref\n{table}\n%%EOF\n".encode()
        )

    def embed_in(self, document: pikepdf.Pdf) -> None:
        """Embed what was added in the same document, opened again."""
        if not self._files:
            return
        tree = NameTree.new(document)
        specifications = Array()
        taken: set[str] = set()
        for file, number in self._files:
            stream = document.get_object((number, 0))
            name = _unused(" ".join(clean(file.name).split()) or "file", taken)
            specification = document.make_indirect(
                Dictionary(
                    Type=Name.Filespec,
                    F=String(_ascii(name)),
                    UF=String(name),
                    Desc=String(clean(file.description)),
                    AFRelationship=Name.Supplement,
                    EF=Dictionary(F=stream, UF=stream),
                )
            )
            tree[name] = specification
            specifications.append(specification)
        if "/Names" not in document.Root:
            document.Root.Names = Dictionary()
        document.Root.Names.EmbeddedFiles = tree.obj
        document.Root.AF = specifications


def _unused(name: str, taken: set[str]) -> str:
    """Return the name, numbered if another file has it already."""
    stem, dot, suffix = name.rpartition(".")
    candidate, number = name, 2
    while candidate.casefold() in taken:
        candidate = f"{stem} ({number}).{suffix}" if dot and stem else f"{name} ({number})"
        number += 1
    taken.add(candidate.casefold())
    return candidate


def _ascii(name: str) -> str:
    return name.encode("ascii", "replace").decode("ascii").replace("?", "_")
