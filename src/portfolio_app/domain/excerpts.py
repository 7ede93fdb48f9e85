"""The piece of a long text that shows why it was found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from portfolio_app.domain.search import EXCERPT_LENGTH

MARK_START: Final = "\ufdd0"
MARK_END: Final = "\ufdd1"
"""What stands before and after each word that was found: code points that no text has."""
SEPARATOR: Final = "\x1e"
"""What stands between the parts of a text: fields of a form, passages of a file."""

_BEFORE: Final = 50  # characters that lead to the first word
_CUT: Final = "…"
_MARK: Final = re.compile(f"{MARK_START}([^{MARK_START}{MARK_END}]*){MARK_END}")
_RESERVED: Final = re.compile(f"[\x00{SEPARATOR}{MARK_START}{MARK_END}\ud800-\udfff]")
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")  # where a word may be broken: it is one word all the same
_WORD_END: Final = re.compile(r"\s")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece on one line, where the words stand in it, how many there are, and which part of the text it is from."""

    text: str
    marks: tuple[Span, ...]
    part: int


def unmarked(text: str) -> str:
    """Return the text with a space for whatever has a meaning here, and without what breaks words unseen."""
    return text if text.isascii() and text.isprintable() else _RESERVED.sub(" ", _INVISIBLE.sub("", text))


def read_marks(marked: str) -> tuple[str, tuple[Span, ...]]:
    """Take the marks out of a text and return where they stood."""
    pieces = _MARK.split(marked)  # what is marked stands at every second place
    spans: list[Span] = []
    end = 0
    for number, piece in enumerate(pieces):
        start, end = end, end + len(piece)
        if number % 2 and piece:
            spans.append((start, end))
    return "".join(pieces), tuple(spans)


def different_words(marked: str) -> int:
    """Return how many different words are marked in a text."""
    return len({word.lower() for word in set(_MARK.findall(marked))})


def excerpt(marked: str, *, across_parts: bool, is_cut: bool = False, length: int = EXCERPT_LENGTH) -> Excerpt:
    """Return the piece in which most different words stand, the first of several; the beginning where none does.

    ``across_parts``: the piece may go on into the parts before and after. ``is_cut``: something stood before the text.
    """
    plain, spans = read_marks(marked)
    first, last = _densest(plain, spans, length)
    start, end = (spans[first][0], spans[last][1]) if spans else (0, 0)
    left, right = 0, len(plain)
    if not across_parts:
        left = plain.rfind(SEPARATOR, 0, start) + 1
        right = _found_or(plain.find(SEPARATOR, start), right)
    end = min(end, right)
    begin = _word_start(plain, max(left, start - _BEFORE), start) if start - _BEFORE > left else left
    finish = _word_end(plain, max(end, begin + 1), begin + length) if begin + length < right else right
    shown = [(max(low, begin), min(high, finish)) for low, high in spans if low < finish and high > begin]
    text, marks = _on_one_line(plain, begin, finish, shown)
    head = _CUT if plain[left:begin].strip() or (is_cut and left == 0) else ""
    tail = _CUT if plain[finish:right].strip() else ""
    return Excerpt(
        f"{head}{text}{tail}",
        tuple((low + len(head), high + len(head)) for low, high in marks),
        plain.count(SEPARATOR, 0, start),
    )


def _densest(plain: str, spans: tuple[Span, ...], length: int) -> tuple[int, int]:
    """Return the first and the last of the marks that together show most different words."""
    marked = [plain[low:high].lower() for low, high in spans]
    different = len(set(marked))
    best, most, last = (0, 0), 0, 0
    room = length - _BEFORE
    for first, (start, _) in enumerate(spans):
        last = max(last, first)
        while last + 1 < len(spans) and spans[last + 1][1] - start <= room:
            last += 1
        words = len(set(marked[first : last + 1]))
        if words > most:
            best, most = (first, last), words
            if most == different:
                break
    return best


def _found_or(place: int, otherwise: int) -> int:
    return otherwise if place < 0 else place


def _word_start(plain: str, place: int, latest: int) -> int:
    """Return where the next word begins; ``place`` itself inside a very long one."""
    match = _WORD_END.search(plain, place, latest)
    return match.end() if match else place


def _word_end(plain: str, earliest: int, place: int) -> int:
    """Return where the last word ends that does not go beyond a place; the place itself inside a very long one."""
    end = max(place, earliest)
    while end > earliest and not plain[end].isspace():
        end -= 1
    return end if end > earliest else max(place, earliest)


def _on_one_line(plain: str, begin: int, finish: int, spans: list[Span]) -> tuple[str, list[Span]]:
    """Return the piece with single spaces for white space, and the marks where they are then."""
    piece = plain[begin:finish]
    if piece.isprintable() and "  " not in piece and not piece.startswith(" "):
        text = piece.rstrip()
        return text, [(low - begin, min(high - begin, len(text))) for low, high in spans]
    places: dict[int, int] = {}
    shown: list[str] = []
    for place in range(begin, finish):
        places[place] = len(shown)
        character = plain[place]
        if not character.isspace() and character.isprintable():
            shown.append(character)
        elif shown and shown[-1] != " ":
            shown.append(" ")
    places[finish] = len(shown)
    text = "".join(shown).rstrip()
    moved = [(places[low], min(places[high], len(text))) for low, high in spans]
    return text, [(low, high) for low, high in moved if low < high]
