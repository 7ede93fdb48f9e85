"""What a screen reader finds in a tagged PDF: the tree, with the text of each element as PDFium reads it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pypdfium2 import raw


@dataclass
class Node:
    """An element: its tag, what is said in its place, its attributes, and its parts in order (text or elements)."""

    tag: str
    alt: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list[Node | str] = field(default_factory=list)
    links: int = 0

    def walk(self) -> Iterator[Node]:
        yield self
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.walk()

    def all(self, tag: str) -> list[Node]:
        return [node for node in self.walk() if node.tag == tag]

    @property
    def text(self) -> str:
        """What is read of it, as one line."""
        said = "".join(part if isinstance(part, str) else f" {part.text} " for part in self.parts)
        return " ".join(said.split())


def structure_of(path: Path) -> Node:
    """Return the tree of a document."""
    texts = _marked_texts(path)
    with pikepdf.open(path) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        return _node(pdf.Root.StructTreeRoot.K, texts, pages)


def _node(element: pikepdf.Object, texts: dict[tuple[int, int], str], pages: dict[tuple[int, int], int]) -> Node:
    node = Node(str(element.S)[1:], str(element.get("/Alt", "")))
    attributes = element.get("/A", pikepdf.Dictionary())
    node.attributes = {key[1:]: str(value) for key, value in attributes.items()}
    kids: Any = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            node.parts.append(texts.get((pages[element.Pg.objgen], kid), ""))
        elif "/MCID" in kid:
            node.parts.append(texts.get((pages[kid.Pg.objgen], int(kid.MCID)), ""))
        elif "/Obj" in kid:
            node.links += 1
        else:
            assert kid.P.objgen == element.objgen
            node.parts.append(_node(kid, texts, pages))
    if "/ActualText" in element:
        node.parts = [str(element.ActualText)]
    return node


def _marked_texts(path: Path) -> dict[tuple[int, int], str]:
    """Return the text of marked content by its page (from 0) and number."""
    found: dict[tuple[int, int], str] = {}
    with pypdfium2.PdfDocument(path) as pdf:
        for number, page in enumerate(pdf):
            content = page.get_textpage()
            for thing in page.get_objects(max_depth=1):
                mark = raw.FPDFPageObj_GetMarkedContentID(thing.raw)
                if mark >= 0 and thing.type == raw.FPDF_PAGEOBJ_TEXT:
                    found[number, mark] = found.get((number, mark), "") + _text(thing, content)
            content.close()
            page.close()
    return found


def _text(thing: pypdfium2.PdfObject, content: pypdfium2.PdfTextPage) -> str:
    size = raw.FPDFTextObj_GetText(thing.raw, content.raw, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFTextObj_GetText(thing.raw, content.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[:-2].decode("utf-16-le")
