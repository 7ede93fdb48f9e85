"""Original files embedded in the PDF, without ever holding more than one in memory.

pikepdf embeds bytes; a hundred attachments would need their whole size in memory. The files are therefore written,
compressed, piece by piece to the end of the document while it is still a scratch file. Saved once more, it passes
them on one by one.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, String

from portfolio_app.exporting.pdf.appending import AppendedObjects
from portfolio_app.exporting.publication import AttachedFile
from portfolio_app.exporting.typography import clean
from portfolio_app.exporting.wording import Wording

LARGEST_EMBEDDED = 50_000_000
"""Bytes. Larger files are listed with their checksum only: few readers cope with them inside a PDF."""

_CHUNK = 1 << 20
_PACKED_TYPES = re.compile(r"(?:image/(?:jpeg|png|webp|gif|hei[cf])|video/.*|audio/.*|.*zip.*|.*officedocument.*)")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")


class EmbeddedFiles:
    """Adds files to a scratch document, which must be closed, and then embeds them where it is open."""

    def __init__(self, objects: AppendedObjects, words: Wording) -> None:
        self._objects = objects
        self._words = words
        self._files: list[tuple[AttachedFile, int]] = []  # with the number of its object

    def add(self, file: AttachedFile, check: Callable[[], None]) -> str:
        """Take a file in; return a sentence if that was not possible."""
        if file.size > LARGEST_EMBEDDED:
            return self._words("pdf.too_large", name=file.name, size=f"{file.size / 1e6:,.0f}")
        out = self._objects.file
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
            begun = out.tell()
            while chunk := source.read(_CHUNK):
                check()
                size += len(chunk)
                for one in sums:
                    one.update(chunk)
                out.write(packing.compress(chunk))
            out.write(packing.flush())
        if file.sha256 and sums[1].hexdigest() != file.sha256:
            self._objects.give_up(number)
            return self._words("pdf.changed", name=file.name)
        length = out.tell() - begun
        out.write(b"\nendstream\nendobj\n")
        end = out.tell()
        out.seek(length_at)
        out.write(f"{length:012} /Params << /Size {size:012} /CheckSum <{sums[0].hexdigest()}> >>".encode())
        out.seek(end)
        self._files.append((file, number))
        return ""

    def _begin(self, file: AttachedFile) -> tuple[int, int]:
        """Write the head of a stream; return its number and where its length and sums are to be written."""
        out = self._objects.file
        media_type = file.media_type.lower()
        if not _MEDIA_TYPE.fullmatch(media_type):
            media_type = "application/octet-stream"
        subtype = media_type.replace("/", "#2F")
        number = self._objects.reserve()
        self._objects.begin(number)
        out.write(f"<< /Type /EmbeddedFile /Subtype /{subtype} /Filter /FlateDecode /Length ".encode())
        length_at = out.tell()
        out.write(b" " * (12 + len(" /Params << /Size  /CheckSum <> >>") + 12 + 32) + b" >>\nstream\n")
        return number, length_at

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
