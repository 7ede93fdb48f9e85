"""Attached PDF documents: what is in them, found out before the layout."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from portfolio_app.exporting.pdf.structure import Element
from portfolio_app.exporting.publication import AttachedFile
from portfolio_app.exporting.wording import Wording
from portfolio_app.untrusted_pdf import UNREADABLE

MOST_PAGES = 2000
"""Of one document; a file can claim any number of pages in a few bytes."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A page of an attached document (counted from 0) and where it goes: a page (from 1) and a rectangle on it.

    There it is the marked content ``mark`` of ``element``.
    """

    path: Path
    name: str
    source_page: int
    page: int
    box: tuple[float, float, float, float]
    element: Element
    mark: int


@dataclass(frozen=True, slots=True)
class AttachedDocument:
    """A readable document with the turn of each page shown, or a sentence that says why it cannot be shown."""

    landscape: tuple[bool, ...] = ()
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
            turns = tuple(_is_landscape(document.pages[number]) for number in range(min(count, MOST_PAGES)))
            return AttachedDocument(turns, count)
    except FileNotFoundError:
        return AttachedDocument(problem=words("pdf.missing_file", name=file.name))
    except pikepdf.PasswordError:
        return AttachedDocument(problem=words("pdf.locked_file", name=file.name))
    except UNREADABLE:
        return AttachedDocument(problem=words("pdf.broken_file", name=file.name))


def _only_adobe_shows_it(document: pikepdf.Pdf) -> bool:
    """Say whether this is a dynamic XFA form, whose one page only asks for another program."""
    return bool(document.Root.get("/NeedsRendering", False))


def _is_landscape(page: pikepdf.Page) -> bool:
    try:
        left, foot, right, head = (float(edge) for edge in page.cropbox)
        width, height = abs(right - left), abs(head - foot)
        if int(page.rotation) % 180:
            width, height = height, width
    except UNREADABLE:
        return False
    return math.isfinite(width) and math.isfinite(height) and width > height * 1.02
