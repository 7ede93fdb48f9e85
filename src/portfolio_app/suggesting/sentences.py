"""Text divided into sentences, each with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 60
"""Words of the longest sentence; what goes on longer without a full stop is cut, or could not be quoted."""

LONGEST_WORD: Final = 200
"""Characters of the longest word; what goes on longer is no word, and is cut too."""

_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+•◦▪–]|\(?(?:\d{1,3}|[a-z])[.)])[ \t])|[\x0b\x0c\u2029]")
_END: Final = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*(?=\s)")
_MARK: Final = re.compile(r"\s*(?:#{1,6}[ \t]|>[ \t]?|[-*+•◦▪–][ \t]|\(?(?:\d{1,3}|[a-z])[.)][ \t])*\s*")
_STARTS: Final = re.compile(r"\s+[\"'“‘«(\[*_]*[A-Z0-9£$€À-ÖØ-ÞА-Я]")
_LAST_WORD: Final = re.compile(r"[\w.’'-]+$")
_SHORTENED: Final = frozenset(
    (
        *("mr", "mrs", "ms", "dr", "prof", "rev", "st", "jr", "sr", "e.g", "i.e", "eg", "ie", "vs", "cf", "approx"),
        *("no", "nos", "p", "pp", "fig", "ref", "tel", "ext", "para", "ch", "vol", "ed", "inc", "ltd", "co", "dept"),
        *("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "wed"),
        *("thu", "fri", "sat", "sun", "a.m", "p.m"),
    )
)
"""Words that a full stop follows within a sentence. A few could also end one; then two are quoted together."""

_WORD: Final = re.compile(rf"\S{{1,{LONGEST_WORD}}}")
_SPACE: Final = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its text, letter for letter, and that it begins at the character ``start`` (from 0).

    ``paragraph`` counts from 1 in the text it was found in.
    """

    text: str
    start: int
    paragraph: int

    @property
    def end(self) -> int:
        """The character after its last."""
        return self.start + len(self.text)


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a text in order. Marks of lists, headings and quotations before them are left out."""
    number = 0
    for start, end in _paragraphs(text):
        first = _MARK.match(text, start, end)
        begin = first.end() if first else start
        if _next_word(text, begin, end) >= end:
            continue
        number += 1
        for piece_start, piece_end in _pieces(text, begin, end):
            for part_start, part_end in _short_enough(text, piece_start, piece_end):
                yield Sentence(text[part_start:part_end], part_start, number)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _PARAGRAPH.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for stop in _END.finditer(text, start, end):
        if _STARTS.match(text, stop.end(), end) and not _is_shortened(text, begin, stop):
            yield begin, stop.end()
            begin = _next_word(text, stop.end(), end)
    while end > begin and text[end - 1].isspace():
        end -= 1
    if end > begin:
        yield begin, end


def _next_word(text: str, start: int, end: int) -> int:
    space = _SPACE.match(text, start, end)
    return space.end() if space else start


def _is_shortened(text: str, begin: int, stop: re.Match[str]) -> bool:
    if stop[0] != ".":
        return False
    word = _LAST_WORD.search(text, max(begin, stop.start() - 12), stop.start())
    if word is None:
        return False
    bare = word[0].casefold()
    return bare in _SHORTENED or (len(bare) == 1 and bare.isalpha() and bare != "i")


def _short_enough(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = list(_WORD.finditer(text, start, end))
    for first in range(0, len(words), LONGEST):
        part = words[first : first + LONGEST]
        yield part[0].start(), part[-1].end()
