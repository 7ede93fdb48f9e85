"""The text of a page with the place of every character: pointing, selecting, finding and quoting.

Nothing here knows PDF or a screen. Places are in points from the top left corner of the page as it is seen.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""

LINE_HYPHEN: Final = "\u00ad"
"""Stands in a page's text for a hyphen at the end of a line, which may or may not belong to the word."""

_NEW_PARAGRAPH = 0.6  # of a line's height: white space above it
_OTHER_SIZE = 1.25
_KEEPS_HYPHEN = frozenset(
    (
        *("all", "anti", "co", "cross", "ex", "full", "half", "high", "ill", "inter", "long", "low", "mid", "multi"),
        *("non", "on", "part", "post", "pre", "pro", "self", "semi", "short", "so", "sub", "well"),
    )
)
"""Beginnings of words that often have a hyphen of their own."""
_ITEM = re.compile(r"(?:[•◦▪●–—-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])\s")
_GAP = re.compile(r"\s*(?:\[?(?:…|\.{3})\]?)\s*")
_HYPHENS = frozenset("-\u00ad\u2010\u2011\u2012\u2013\u2014\u2212")
_LIGATURES: Final = str.maketrans({sign: unicodedata.normalize("NFKC", sign) for sign in "ﬀﬁﬂﬃﬄﬅﬆ"})
_LETTERS: Final = r"[\w\u0300-\u036f]+"
_WORD: Final = re.compile(
    rf"{_LETTERS}(?:(?:['’\u00ad]|(?<=\d)[.,:](?=\d)|[-\u00ad\u2010\u2011][ \t]*\n[ \t]*){_LETTERS})*"
)
"""Signs within it belong to a word or number (it’s, 1,200.50), and the rest of one divided at the end of a line."""
_LONGEST_WORD: Final = 200
_SAME = str.maketrans({**dict.fromkeys('‘’‚‹›“”„«»"', "'"), "…": "..."})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its characters from ``start`` up to ``end`` (without the break), and its place."""

    start: int
    end: int
    box: Box

    @property
    def height(self) -> float:
        """How high its characters are."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class _Folded:
    """Text made comparable, and for each of its characters the one it came from."""

    text: str
    sources: Sequence[int]


class PageText:
    """A page's characters in reading order and where each stands. Each line ends with a line feed.

    A position is that of a caret: 0 before the first character, ``len(text)`` after the last.
    """

    def __init__(self, text: str, boxes: Iterable[Box]) -> None:
        self.text = text
        self._edges = array("f", (edge for box in boxes for edge in box))
        if len(self._edges) != 4 * len(text):
            raise ValueError("every character needs a box")

    def __len__(self) -> int:
        return len(self.text)

    def box(self, index: int) -> Box:
        """Return where a character stands."""
        left, top, right, bottom = self._edges[4 * index : 4 * index + 4]
        return left, top, right, bottom

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines that show something, in reading order."""
        found = []
        start = 0
        for piece in self.text.split("\n"):
            end = start + len(piece)
            if piece.strip():
                found.append(Line(start, end, self._around(start, end)))
            start = end + 1
        return tuple(found)

    def position_at(self, x: float, y: float) -> int:
        """Return the caret position nearest to a point."""
        line = min(self.lines, key=lambda each: _distance(each.box, x, y), default=None)
        if line is None:
            return 0
        return self._position_in(line, x, y)

    def is_on_text(self, x: float, y: float) -> bool:
        """Say whether there is a line under a point."""
        return any(_distance(line.box, x, y) == 0 for line in self.lines)

    def word_at(self, position: int) -> tuple[int, int]:
        """Return the word around a position; where there is none, the position itself."""
        index = min(position, len(self.text) - 1)
        if index < 0 or self.text[index].isspace():
            index = position - 1
        if index < 0 or self.text[index].isspace():
            return position, position
        inside = str.isalnum if self.text[index].isalnum() else _is_sign
        start = end = index
        while start > 0 and inside(self.text[start - 1]):
            start -= 1
        while end < len(self.text) and inside(self.text[end]):
            end += 1
        return start, max(end, index + 1)

    def line_at(self, position: int) -> tuple[int, int]:
        """Return the line around a position."""
        line = self._line_of(position)
        return (line.start, line.end) if line else (position, position)

    def line_beside(self, position: int, steps: int) -> int | None:
        """Return the position so many lines further down (or, negative, up); ``None`` if the page ends before."""
        line = self._line_of(position)
        if line is None:
            return None
        place = self.lines.index(line) + steps
        if not 0 <= place < len(self.lines):
            return None
        other = self.lines[place]
        return self._position_in(other, self._caret_x(position, line), (other.box[1] + other.box[3]) / 2)

    def word_beside(self, position: int, *, forward: bool) -> int:
        """Return the position at the end of the next word, or at the start of the one before."""
        if forward:
            while position < len(self.text) and not self.text[position].isalnum():
                position += 1
            while position < len(self.text) and self.text[position].isalnum():
                position += 1
            return position
        while position > 0 and not self.text[position - 1].isalnum():
            position -= 1
        while position > 0 and self.text[position - 1].isalnum():
            position -= 1
        return position

    def boxes(self, start: int, end: int) -> list[Box]:
        """Return what to paint behind the characters from ``start`` up to ``end``: one box for each line."""
        start, end = max(0, start), min(end, len(self.text))
        found = []
        for line in self.lines:
            first, last = max(start, line.start), min(end, line.end)
            if first < last:
                left, top, right, bottom = self._around(first, last)
                across = line.box[2] - line.box[0] >= line.height
                found.append((left, line.box[1], right, line.box[3]) if across else (left, top, right, bottom))
        return found

    def quoted(self, start: int, end: int) -> str:
        """Return the characters from ``start`` up to ``end`` as one would write them down.

        Lines of a paragraph become one, words that were divided at a line's end are whole again, and each
        paragraph and list item begins a line. Letters that were set as one sign are letters again.
        """
        start, end = max(0, start), min(end, len(self.text))
        pieces: list[str] = []
        before: Line | None = None
        for line in self.lines:
            first, last = max(start, line.start), min(end, line.end)
            if first >= last:
                continue
            piece = " ".join(self.text[first:last].split())
            if not piece:
                continue
            if before is not None:
                pieces[-1], link = self._link(pieces[-1], piece, before, line)
                pieces.append(link)
            pieces.append(piece)
            before = line
        return "".join(pieces).replace(LINE_HYPHEN, "-").translate(_LIGATURES)

    def find(self, wanted: str) -> list[tuple[int, int]]:
        """Return where some text stands, whatever its case, hyphens, quotation marks, and breaks between lines."""
        return self._occurrences(self._by_words, " ".join(_folded(wanted).text.split()))

    def is_whole(self, start: int, end: int) -> bool:
        """Say whether neither a letter nor a figure stands right before or after the characters."""
        around = self.text[max(0, start - 1) : start] + self.text[end : end + 1]
        return not any(map(str.isalnum, around))

    def find_quotation(self, quotation: str) -> list[tuple[int, int]]:
        """Return where a quotation stands: one range, or one for each of its parts around "…"; none if not all do."""
        whole = self._first_occurrence(quotation, 0)
        if whole is not None:
            return [whole]
        found: list[tuple[int, int]] = []
        for part in filter(None, _GAP.split(quotation)):
            place = self._first_occurrence(part, found[-1][1] if found else 0)
            if place is None:
                return []
            found.append(place)
        return found

    @cached_property
    def _by_words(self) -> _Folded:
        return _folded(self.text)

    @cached_property
    def _by_letters(self) -> _Folded:
        words = self._by_words
        kept = [place for place, character in enumerate(words.text) if character.isalnum()]
        return _Folded("".join(words.text[place] for place in kept), [words.sources[place] for place in kept])

    def _first_occurrence(self, quotation: str, after: int) -> tuple[int, int] | None:
        # Some files have no spaces between words, or some within them: letters and figures alone tell enough.
        wanted = _folded(quotation).text
        for folded, words in (
            (self._by_words, " ".join(wanted.split())),
            (self._by_letters, "".join(filter(str.isalnum, wanted))),
        ):
            for start, end in self._occurrences(folded, words):
                if start >= after:
                    return start, end
        return None

    @staticmethod
    def _occurrences(folded: _Folded, wanted: str) -> list[tuple[int, int]]:
        if not wanted:
            return []
        found = []
        place = folded.text.find(wanted)
        while place >= 0:
            found.append((folded.sources[place], folded.sources[place + len(wanted) - 1] + 1))
            place = folded.text.find(wanted, place + len(wanted))
        return found

    def _link(self, before: str, after: str, upper: Line, lower: Line) -> tuple[str, str]:
        """Return how a piece ends, and what stands between it and the next."""
        if before[-1] in _HYPHENS and before[-1] not in "–—" and len(before) > 1 and not before[-2].isspace():
            stem, first = before[:-1], after[0]
            if first.islower() and stem[-1].isalpha() and not self._keeps_hyphen(stem, after):
                return stem, ""
            return f"{stem}-", ""
        return before, "\n" if _is_new_paragraph(upper, lower, before, after) else " "

    def _keeps_hyphen(self, stem: str, rest: str) -> bool:
        """Say whether a word divided after a hyphen has one of its own: four-minute, self-assessment."""
        first = re.split(r"[^\w’']", stem)[-1].casefold()
        match = re.match(r"[\w’']+", rest)
        last = match[0].casefold() if match else ""
        words = self._plain
        if f"{first}-{last}" in words:
            return True
        if re.search(rf"\b{re.escape(first + last)}\b", words):
            return False
        return first in _KEEPS_HYPHEN or stem.endswith(f"-{first}")

    @cached_property
    def _plain(self) -> str:
        return self.text.casefold().translate({ord("\u2010"): "-", ord("\u2011"): "-"})

    def _position_in(self, line: Line, x: float, y: float) -> int:
        def nearness(index: int) -> float:
            left, top, right, bottom = self.box(index)
            return _distance((left, top, right, bottom), x, y) if right > left else 1e9

        index = min(range(line.start, line.end), key=nearness)
        left, top, right, bottom = self.box(index)
        if line.box[2] - line.box[0] >= line.height:
            past = x > (left + right) / 2
        else:  # a line that runs up or down the page
            backwards = self.box(line.start)[1] > self.box(line.end - 1)[1]
            past = (y < (top + bottom) / 2) if backwards else (y > (top + bottom) / 2)
        return index + 1 if past else index

    def _caret_x(self, position: int, line: Line) -> float:
        return self.box(position)[0] if position < line.end else self.box(line.end - 1)[2]

    def _line_of(self, position: int) -> Line | None:
        if not self.lines:
            return None
        return self.lines[max(0, bisect_right(self._line_starts, position) - 1)]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [line.start for line in self.lines]

    def _around(self, start: int, end: int) -> Box:
        seen = [box for box in map(self.box, range(start, end)) if box[2] > box[0] or box[3] > box[1]]
        if not seen:
            return self.box(start)
        lefts, tops, rights, bottoms = zip(*seen, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a part of a text to whole words, and leave out the white space around it."""
    first, last = start, end
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    return (_word_around(text, first)[0], _word_around(text, last)[1]) if first < last else (start, end)


def _word_around(text: str, position: int) -> tuple[int, int]:
    for word in _WORD.finditer(text, max(0, position - _LONGEST_WORD), position + _LONGEST_WORD):
        if word.start() < position < word.end():
            return word.span()
    return position, position


def _folded(text: str) -> _Folded:
    """Make text comparable: no case, no hyphens, plain quotation marks, one space for any white space."""
    letters: list[str] = []
    sources: list[int] = []
    hyphen_before = False
    for place, character in enumerate(text):
        if character in _HYPHENS:
            hyphen_before = True
            continue
        if character.isspace():
            if character != "\n" or not hyphen_before:
                hyphen_before = False
                if letters and letters[-1] != " ":
                    letters.append(" ")
                    sources.append(place)
            continue
        hyphen_before = False
        for letter in unicodedata.normalize("NFKC", character).casefold().translate(_SAME):
            letters.append(letter)
            sources.append(place)
    return _Folded("".join(letters), sources)


def _is_new_paragraph(upper: Line, lower: Line, before: str, after: str) -> bool:
    if _ITEM.match(after):
        return True
    if lower.box[1] < upper.box[1] - upper.height / 2:  # it goes on at the top of the next column
        return before[-1] in ".!?:"
    smaller, larger = sorted((max(upper.height, 0.1), max(lower.height, 0.1)))
    return larger > _OTHER_SIZE * smaller or lower.box[1] - upper.box[3] > _NEW_PARAGRAPH * smaller


def _is_sign(character: str) -> bool:
    return not character.isspace() and not character.isalnum()


def _distance(box: Box, x: float, y: float) -> float:
    """Return how far a point is from a box; up and down counts more, so that a line is found beside its end."""
    left, top, right, bottom = box
    across = max(left - x, 0.0, x - right)
    down = max(top - y, 0.0, y - bottom)
    return across + 4 * down
