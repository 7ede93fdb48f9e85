"""Passages found again in a text that is set in another way.

Compared are letters and digits only: white space, line ends, hyphens at them, quotation marks and dashes differ from
program to program, and ligatures and accents are written in more than one way.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_LEFT_OUT: Final = re.compile(r"\[?(?:\.\s?){3}\]?|\[?…\]?")
"""Three dots, alone or in brackets, for words that a quotation leaves out."""
_SHORTEST: Final = 4  # letters and digits: less than that stands everywhere
_WHOLE_WORDS: Final = 12  # shorter than this, the beginning or the end of a longer word is something else
_FARTHEST: Final = 3_000  # letters and digits that three dots may stand for
_MOST_TRIED: Final = 200
_LONGEST_TAIL: Final = 4  # characters of a page's foot that may go on like the quotation by chance


@dataclass(frozen=True, slots=True)
class Folded:
    """The letters and digits of a text, and where in the text each stands."""

    text: str
    places: array[int]
    source: str

    @classmethod
    def of(cls, source: str) -> Folded:
        """Fold a text."""
        found: list[str] = []
        places = array("I")
        for place, character in enumerate(source):
            if character.isascii():
                if character.isalnum():
                    found.append(character.lower())
                    places.append(place)
                continue
            for part in unicodedata.normalize("NFKD", character).casefold():
                if part.isalnum():
                    found.append(part)
                    places.append(place)
        return cls("".join(found), places, source)

    def stands_alone(self, start: int, end: int) -> bool:
        """Say whether neither end of a stretch is within a word."""
        first, last = self.places[start], self.places[end - 1]
        before = self.source[first - 1] if first else " "
        after = self.source[last + 1] if last + 1 < len(self.source) else " "
        return not (before.isalnum() or after.isalnum())

    def range_of(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of letters begins and ends in the text."""
        return self.places[start], self.places[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Quotation:
    """What is looked for: the letters of its parts, between which words are left out."""

    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Quotation | None:
        """Return what to look for; ``None`` where that is too little to be found again."""
        parts = tuple(part for part in (Folded.of(piece).text for piece in _LEFT_OUT.split(text)) if part)
        return cls(parts) if sum(map(len, parts)) >= _SHORTEST else None

    @property
    def whole(self) -> str:
        """All its letters."""
        return "".join(self.parts)

    def found_in(self, text: Folded) -> list[tuple[int, int]]:
        """Return where its parts begin and end in the text; nothing if one of them is not there."""
        for start in _occurrences(self.parts[0], text, 0):
            found = [(start, start + len(self.parts[0]))]
            for part in self.parts[1:]:
                begin = found[-1][1]
                following = next(_occurrences(part, text, begin), -1)
                if not 0 <= following <= begin + _FARTHEST:
                    break
                found.append((following, following + len(part)))
            else:
                return [text.range_of(*one) for one in found]
        return []

    def found_over(self, page: Folded, following: Folded) -> tuple[list[tuple[int, int]], list[tuple[int, int]]] | None:
        """Return where it begins on one page and goes on on the next, whatever stands at their foot and head."""
        whole = self.whole
        # The longer a beginning is, the fewer places have it: the longest that the page has is found by halving.
        low, high = 0, len(whole) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if whole[:middle] in page.text:
                low = middle
            else:
                high = middle - 1
        for count in range(low, max(low - _LONGEST_TAIL, _SHORTEST - 1), -1):
            rest = whole[count:]
            if len(rest) < _SHORTEST:
                continue
            start, goes_on = page.text.rfind(whole[:count]), following.text.find(rest)
            if start >= 0 and goes_on >= 0:
                return [page.range_of(start, start + count)], [following.range_of(goes_on, goes_on + len(rest))]
        return None


def _occurrences(part: str, text: Folded, start: int) -> Iterator[int]:
    for _ in range(_MOST_TRIED):
        start = text.text.find(part, start)
        if start < 0:
            return
        if len(part) >= _WHOLE_WORDS or text.stands_alone(start, start + len(part)):
            yield start
        start += 1
