"""Attached PDF documents: what is in them, found out before the layout."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import pikepdf

from portfolio_app.exporting.pdf.structure import Element
from portfolio_app.exporting.publication import AttachedFile
from portfolio_app.exporting.wording import Wording
from portfolio_app.untrusted_pdf import UNREADABLE

MOST_PAGES = 2000
"""Of one document; a file can claim any number of pages in a few bytes."""

_SMALLEST = 1.0  # points; a page without extent cannot be shown
_WIDER = 1.02

Box: TypeAlias = tuple[float, float, float, float]
"""Left, foot, right and head in points; of what is seen of a page, left, top, right and bottom as shares of it."""


@dataclass(frozen=True, slots=True)
class SeenSize:
    """Width and height of a page as it is seen, in points."""

    width: float
    height: float

    @property
    def is_landscape(self) -> bool:
        """Whether the page is wider than high."""
        return self.width > self.height * _WIDER

    def scale_into(self, box: Box) -> float:
        """Return how much the page is shrunk to fit into a box; it is never enlarged."""
        return min((box[2] - box[0]) / self.width, (box[3] - box[1]) / self.height, 1.0)

    def placed_in(self, box: Box) -> Box:
        """Return where in a box the page is drawn: at its top, in the middle."""
        scale = self.scale_into(box)
        wide, high = self.width * scale, self.height * scale
        left = (box[0] + box[2] - wide) / 2
        return left, box[3] - high, left + wide, box[3]


@dataclass(frozen=True, slots=True)
class Placement:
    """A page of an attached document (counted from 0) and where it goes: a page (from 1) and a rectangle on it.

    There it is the marked content ``mark`` of ``element``. ``highlights`` are shares of what is seen of it.
    """

    path: Path
    name: str
    source_page: int
    page: int
    box: Box
    element: Element
    mark: int
    highlights: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class AttachedDocument:
    """A readable document with the size of each page shown, or a sentence that says why it cannot be shown.

    A page of no known size is ``None``.
    """

    sizes: tuple[SeenSize | None, ...] = ()
    page_count: int = 0
    problem: str = ""


def examine(file: AttachedFile, words: Wording) -> AttachedDocument:
    """Find out how many pages an attached PDF has and how they are turned."""
    try:
        with pikepdf.open(file.path) as document:
            if _only_adobe_shows_it(document):
                return AttachedDocument(problem=words("pdf.form_file", name=file.name))
            count = len(document.pages)
            if not count:
                return AttachedDocument(problem=words("pdf.empty_file", name=file.name))
            sizes = tuple(_size_or_none(page) for page in islice(document.pages, MOST_PAGES))
            return AttachedDocument(sizes, count)
    except FileNotFoundError:
        return AttachedDocument(problem=words("pdf.missing_file", name=file.name))
    except pikepdf.PasswordError:
        return AttachedDocument(problem=words("pdf.locked_file", name=file.name))
    except UNREADABLE:
        return AttachedDocument(problem=words("pdf.broken_file", name=file.name))


def _only_adobe_shows_it(document: pikepdf.Pdf) -> bool:
    """Say whether this is a dynamic XFA form, whose one page only asks for another program."""
    return bool(document.Root.get("/NeedsRendering", False))


def _size_or_none(page: pikepdf.Page) -> SeenSize | None:
    try:
        return seen_size(page)
    except UNREADABLE:
        return None


def seen_size(page: pikepdf.Page) -> SeenSize:
    """Return how large a page is seen.

    Raises:
        ValueError: it has no extent. Anything else of ``UNREADABLE`` if it is damaged.
    """
    left, foot, right, head = visible_box(page)
    unit = float(page.get("/UserUnit", 1))
    width, height = (right - left) * unit, (head - foot) * unit
    if int(page.rotation) % 180:
        width, height = height, width
    if not (_SMALLEST <= width < math.inf and _SMALLEST <= height < math.inf):
        raise ValueError("a page without extent")
    return SeenSize(width, height)


def visible_box(page: pikepdf.Page) -> Box:
    """Return the part of a page that is seen: left, foot, right and head in its own units."""
    media = _edges(page.mediabox)
    crop = _edges(page.cropbox)
    left, foot = max(media[0], crop[0]), max(media[1], crop[1])
    right, head = min(media[2], crop[2]), min(media[3], crop[3])
    return (left, foot, right, head) if left < right and foot < head else media


def _edges(array: Any) -> Box:
    a, b, c, d = (float(edge) for edge in array)
    return min(a, c), min(b, d), max(a, c), max(b, d)
