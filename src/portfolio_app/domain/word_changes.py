"""What changed between two texts, word by word."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

_PIECE: Final = re.compile(r"\s+|\w+|[^\w\s]")
_FEWEST_SAME: Final = 2
_SHORTEST_SAME: Final = 3
_MOST_PAIRS: Final = 12_000
"""Times that a word of one text stands in the other, beyond which these are not compared word by word."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a text, and whether the other version has others there."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class WordChange:
    """A text before and after, cut into passages: those of each, joined, are the text."""

    before: tuple[Passage, ...]
    after: tuple[Passage, ...]


def word_change(before: str, after: str) -> WordChange:
    """Return what changed between two texts, word by word; a sign is a word too.

    Of texts that are too long, or too monotonous, to be compared like that, all between what they begin and what they
    end with in common counts as changed.
    """
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    left: list[Passage] = []
    right: list[Passage] = []
    for changed, start, end, other_start, other_end in _blocks(old, new):
        _add(left, "".join(old[start:end]), changed=changed)
        _add(right, "".join(new[other_start:other_end]), changed=changed)
    return WordChange(tuple(left), tuple(right))


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Yield whether a run of pieces changed, and where it begins and ends in each text."""
    counts = Counter(old), Counter(new)
    if sum(count * counts[1][piece] for piece, count in counts[0].items() if not piece.isspace()) <= _MOST_PAIRS:
        matcher = difflib.SequenceMatcher(str.isspace, old, new, autojunk=False)
        runs = matcher.get_opcodes()
        for place, (tag, start, stop, other_start, other_stop) in enumerate(runs):
            is_lost = 0 < place < len(runs) - 1 and _says_nothing(old[start:stop])
            yield tag != "equal" or is_lost, start, stop, other_start, other_stop
        return
    shorter = min(len(old), len(new))
    begin = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    end = next((place for place in range(shorter - begin) if old[-1 - place] != new[-1 - place]), shorter - begin)
    yield False, 0, begin, 0, begin
    yield True, begin, len(old) - end, begin, len(new) - end
    yield False, len(old) - end, len(old), len(new) - end, len(new)


def _says_nothing(pieces: Sequence[str]) -> bool:
    """Say whether what did not change, between words that did, is too little to be seen as the same: "of", "a"."""
    words = [piece for piece in pieces if not piece.isspace()]
    return len(words) <= _FEWEST_SAME and all(len(word) <= _SHORTEST_SAME for word in words)


def _add(passages: list[Passage], text: str, *, changed: bool) -> None:
    """Put words after others; white space alone belongs to what stands before it, so that it tears nothing apart."""
    if not text:
        return
    if passages and (passages[-1].changed == changed or text.isspace()):
        passages[-1] = replace(passages[-1], text=passages[-1].text + text)
    else:
        passages.append(Passage(text, changed and not text.isspace()))
