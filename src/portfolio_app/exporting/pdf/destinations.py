"""Where links lead: anchors of a publication as named destinations of a PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from portfolio_app.exporting.publication import (
    AttachedPages,
    Block,
    Heading,
    Link,
    ListBlock,
    Paragraph,
    Picture,
    Publication,
    Table,
)

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_WEB = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f<>\"{}|\\^`]+", re.IGNORECASE)
_LONGEST_ADDRESS = 2000


@dataclass(frozen=True, slots=True)
class Destination:
    """A named place in the document."""

    name: str


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A place outside the document."""

    url: str


Target: TypeAlias = Destination | WebAddress


class Destinations:
    """The anchors a publication defines, each with a name that is safe in a PDF."""

    def __init__(self, publication: Publication, page_count: Callable[[AttachedPages], int]) -> None:
        self._names: dict[str, Destination] = {}
        for section in publication.sections:
            for block in section.blocks:
                for anchor in _anchors(block, page_count):
                    if anchor and anchor not in self._names:
                        self._names[anchor] = Destination(_name(anchor))

    def of_anchor(self, anchor: str) -> Destination | None:
        """Return the destination of an anchor that the publication defines."""
        return self._names.get(anchor)

    def of_link(self, link: Link | None) -> Target | None:
        """Return where a link leads: its anchor, else its fallback, else nowhere; only web and mail addresses."""
        if link is None:
            return None
        if link.url:
            usable = len(link.url) <= _LONGEST_ADDRESS and _WEB.fullmatch(link.url)
            return WebAddress(link.url) if usable else None
        return self._names.get(link.anchor) or self._names.get(link.fallback)


def _name(anchor: str) -> str:
    """Return a name of letters and digits: unique, and the anchor itself where that is possible."""
    if _PLAIN.fullmatch(anchor):
        return anchor
    return "." + "".join(character if _PLAIN.fullmatch(character) else f".{ord(character):x}." for character in anchor)


def _anchors(block: Block | Paragraph | ListBlock, page_count: Callable[[AttachedPages], int]) -> Iterator[str]:
    match block:
        case Heading() | Paragraph() | Picture():
            yield block.anchor
        case ListBlock():
            for item in block.items:
                for part in item:
                    yield from _anchors(part, page_count)
        case Table():
            for row in (block.header, *block.rows):
                for cell in row:
                    yield cell.anchor
        case AttachedPages():
            yield block.anchor
            for number in range(1, page_count(block) + 1):
                yield f"{block.anchor}-p{number}"
        case _:
            return
