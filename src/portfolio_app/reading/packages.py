"""Office files: zip archives of XML parts, read with care because anybody may have made them."""

from __future__ import annotations

import posixpath
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, cast
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element as Element

from portfolio_app.reading.limits import Limits, Problem, Unreadable, Watch

__all__ = ["Element", "OfficePackage", "Relation", "attribute", "child", "children", "local", "walk"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = b"PK\x05\x06"
_END_AND_COMMENT = 22 + 65_535
_PIECE = 65_536
_ENCRYPTED = 0x1
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


class Target(Protocol):
    """Takes a part as it is read, so that it is never held as a whole. ``done`` says that no more is wanted."""

    done: bool

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""

    def end(self, tag: str) -> None:
        """End an element."""

    def data(self, text: str) -> None:
        """Take text."""

    def close(self) -> None:
        """End the part."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: another part by its name in the package, or an address outside of it."""

    kind: str
    target: str
    external: bool


class OfficePackage:
    """An open Office file. Use it in a ``with`` statement."""

    def __init__(self, path: Path, watch: Watch, limits: Limits) -> None:
        """Open it.

        Raises:
            Unreadable: it is protected, damaged, or enormous.
            OSError: it cannot be read.
        """
        self._watch = watch
        self._limits = limits
        self._left = limits.most_unpacked
        with path.open("rb") as file:
            if file.read(len(_OLE)) == _OLE:
                raise Unreadable(Problem.PROTECTED)
            size = file.seek(0, 2)
            file.seek(max(0, size - _END_AND_COMMENT))
            tail = file.read()
        end = tail.rfind(_END)
        if end < 0 or len(tail) < end + 22:
            raise Unreadable(Problem.DAMAGED)
        directory = struct.unpack_from("<I", tail, end + 12)[0]
        if directory > limits.largest_directory:
            raise Unreadable(Problem.ENORMOUS)
        self._zip = zipfile.ZipFile(path)
        self._names = {name.casefold(): name for name in reversed(self._zip.namelist())}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._names

    def root(self, name: str) -> Element:
        """Return a part as a tree.

        Raises:
            Unreadable: it is missing, protected, damaged, or enormous.
        """
        data = b"".join(self._pieces(name, self._limits.largest_part))
        root = etree.fromstring(data, etree.XMLParser(**_SAFE))
        if root.getroottree().docinfo.internalDTD is not None:
            raise Unreadable(Problem.DAMAGED)  # no program writes one, and entities are defined there
        return root

    def data(self, name: str, most: int) -> bytes:
        """Return a part as it is, of so many bytes at the most.

        Raises:
            Unreadable: it is missing, protected, damaged, or enormous.
        """
        return b"".join(self._pieces(name, most))

    def feed(self, name: str, target: Target) -> None:
        """Read a part piece by piece until the target has enough.

        Raises:
            Unreadable: it is missing, protected, damaged, or enormous.
        """
        parser = etree.XMLParser(target=cast("Any", target), **_SAFE)
        for piece in self._pieces(name, self._limits.largest_stream):
            parser.feed(piece)
            if target.done:
                return
        parser.close()

    def relations(self, name: str) -> dict[str, Relation]:
        """Return what a part refers to, by id; nothing where that is not said."""
        folder, _, file = name.rpartition("/")
        listed = posixpath.join(folder, "_rels", f"{file}.rels")
        if listed not in self:
            return {}
        found = {}
        for element in children(self.root(listed), "Relationship"):
            external = attribute(element, "TargetMode") == "External"
            target = attribute(element, "Target")
            if not external:
                path = unquote(target)
                target = posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
            kind = attribute(element, "Type").rpartition("/")[2]
            found[attribute(element, "Id")] = Relation(kind, target, external)
        return found

    def main_part(self, otherwise: str) -> str:
        """Return the name of the part that the others hang on."""
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and not relation.external and relation.target in self:
                return relation.target
        return otherwise

    def _pieces(self, name: str, most: int) -> Iterator[bytes]:
        stored = self._names.get(name.casefold())
        if stored is None:
            raise Unreadable(Problem.DAMAGED)
        part = self._zip.getinfo(stored)
        if part.flag_bits & _ENCRYPTED:
            raise Unreadable(Problem.PROTECTED)
        read = 0
        with self._zip.open(part) as stream:
            while piece := stream.read(_PIECE):
                self._watch()
                read += len(piece)
                self._left -= len(piece)
                if read > most or self._left < 0:
                    raise Unreadable(Problem.ENORMOUS)
                yield piece


def local(element: Element) -> str:
    """Return an element's name without its namespace, of which there is a transitional and a strict one."""
    tag: object = element.tag  # of a reference to an entity, a function
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute by its name, whatever its namespace; empty if there is none."""
    value = element.get(name)
    if value is not None:
        return str(value)
    for key, other in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(other)
    return ""


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first child of this name, or its child, and so on."""
    for name in path:
        if element is None:
            return None
        element = next((inner for inner in element if local(inner) == name), None)
    return element


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the children of a name."""
    if element is not None:
        yield from (inner for inner in element if local(inner) == name)


def walk(element: Element, name: str) -> Iterator[Element]:
    """Yield the elements of a name, at any depth, in order."""
    return (inner for inner in element.iter() if local(inner) == name)
