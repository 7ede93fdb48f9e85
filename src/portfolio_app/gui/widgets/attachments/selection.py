"""Which text of a document is selected: from one spot to another, over as many pages as lie between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from portfolio_app.reading.page_text import PageText, whole_words

Range: TypeAlias = tuple[int, int]
"""Characters of a page: from the first up to, not with, the second."""


class Move(Enum):
    """Where a key takes the end of a selection."""

    RIGHT = 1
    LEFT = -1
    DOWN = 2
    UP = -2
    LINE_END = 3
    LINE_START = -3
    WORD_RIGHT = 4
    WORD_LEFT = -4
    PAGE_END = 5
    PAGE_START = -5


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A position in the text of the document."""

    page: int
    position: int


class TextSelection:
    """A selection over the pages that have been read, which ``texts`` holds."""

    def __init__(self, texts: Mapping[int, PageText]) -> None:
        self._texts = texts
        self.anchor: Spot | None = None
        self.focus: Spot | None = None

    def __bool__(self) -> bool:
        return self.anchor is not None and self.focus is not None and self.anchor != self.focus

    def set(self, anchor: Spot | None, focus: Spot | None) -> bool:
        """Select from one spot to another; say whether that is a change."""
        changed = (anchor, focus) != (self.anchor, self.focus)
        self.anchor, self.focus = anchor, focus
        return changed

    @property
    def pages(self) -> range:
        """The pages it touches."""
        if self.anchor is None or self.focus is None:
            return range(0)
        first, last = sorted((self.anchor, self.focus))
        return range(first.page, last.page + 1)

    @property
    def unread(self) -> list[int]:
        """The pages it touches whose text is not known."""
        return [page for page in self.pages if page not in self._texts]

    def parts(self) -> list[tuple[int, Range]]:
        """Return what is selected of each page that has been read."""
        if self.anchor is None or self.focus is None:
            return []
        first, last = sorted((self.anchor, self.focus))
        parts = []
        for page in self.pages:
            text = self._texts.get(page)
            if text is None:
                continue
            start = first.position if page == first.page else 0
            end = last.position if page == last.page else len(text)
            if start < end:
                parts.append((page, (start, end)))
        return parts

    def quoted(self) -> tuple[str, str]:
        """Return the text as one would write it down, and its pages as a reader counts them: "3" or "3–4"."""
        pieces = [(page, self._texts[page].quoted(*characters)) for page, characters in self.parts()]
        pieces = [(page, piece) for page, piece in pieces if piece]
        if not pieces:
            return "", ""
        first, last = pieces[0][0] + 1, pieces[-1][0] + 1
        return "\n".join(piece for _, piece in pieces), str(first) if first == last else f"{first}–{last}"

    def whole_words(self) -> tuple[Spot | None, Spot | None]:
        """Return where it would begin and end with the rest of words of which a part is selected."""
        if self.anchor is None or self.focus is None:
            return None, None
        first, last = sorted((self.anchor, self.focus))
        for page, (start, end) in self.parts():
            words = whole_words(self._texts[page].text, start, end)
            first = Spot(page, words[0]) if page == first.page else first
            last = Spot(page, words[1]) if page == last.page else last
        return first, last

    def moved(self, move: Move) -> Spot | None:
        """Return where a key takes the end of the selection; ``None`` without one, or on a page not read."""
        spot = self.focus
        text = self._texts.get(spot.page) if spot else None
        if spot is None or text is None:
            return None
        position = _moved(text, spot.position, move)
        if position > len(text) and spot.page + 1 in self._texts:
            return Spot(spot.page + 1, 0)
        if position < 0 and spot.page - 1 in self._texts:
            return Spot(spot.page - 1, len(self._texts[spot.page - 1]))
        return Spot(spot.page, min(max(position, 0), len(text)))


def _moved(text: PageText, position: int, move: Move) -> int:
    """Return a position on the page, or one before or after it."""
    match move:
        case Move.RIGHT | Move.LEFT:
            return position + (1 if move is Move.RIGHT else -1)
        case Move.WORD_RIGHT | Move.WORD_LEFT:
            return text.word_beside(position, forward=move is Move.WORD_RIGHT)
        case Move.LINE_START | Move.LINE_END:
            start, end = text.line_at(position)
            return end if move is Move.LINE_END else start
        case Move.PAGE_START | Move.PAGE_END:
            return len(text) if move is Move.PAGE_END else 0
        case _:
            beside = text.line_beside(position, 1 if move is Move.DOWN else -1)
            past = len(text) + 1 if move is Move.DOWN else -1
            return past if beside is None else beside
