"""Passages that two items have in common, nearly word for word.

Texts are compared by their shingles: every run of five words. To find likely pairs among thousands of items without
comparing each with each, an item keeps only some of its shingles' hashes, chosen by winnowing (Schleimer, Wilkerson and
Aiken 2003): of every :data:`WINDOW` in a row the least. Two texts that share :data:`SURE` words in a row then share at
least one. What two items have in common is no fault and never called one: the learner looks at both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SHINGLE: Final = 5
"""Words of a shingle."""

WINDOW: Final = 8
"""Of so many shingles in a row one is kept at least."""

SURE: Final = SHINGLE + WINDOW - 1
"""A run of so many words that stands in two texts is always noticed."""

_MOST_WORDS: Final = 40_000
_MOST_BETWEEN: Final = 8
_MOST_AROUND: Final = 240
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_END: Final = re.compile(r"[.!?][”\"’')]?\s+")


@dataclass(frozen=True, slots=True)
class AlikePassage:
    """A passage of one item and the one in another that is like it.

    ``first`` and ``second`` are the passages as they stand; the marks are the places in them (start and end) of the
    runs of words that are the same in both. ``words`` are those in the marks of the first.
    """

    first: str
    second: str
    first_marks: tuple[tuple[int, int], ...]
    second_marks: tuple[tuple[int, int], ...]
    words: int


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it is compared, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class _Run:
    """A run of words that is the same in both: where it begins in each, and how many words it has."""

    first: int
    second: int
    length: int


def shingles(words: Sequence[str]) -> list[int]:
    """Return the hash of every run of five words, in their order. Hashes hold within this process alone."""
    return list(map(hash, zip(*(words[start:] for start in range(SHINGLE)), strict=False)))


def fingerprints(passages: Iterable[str]) -> tuple[int, ...]:
    """Return the shingles by which an item is noticed that has a passage in common with another."""
    kept: set[int] = set()
    left = _MOST_WORDS
    for passage in passages:
        words = _WORD.findall(passage.casefold())[: max(left, 0)]
        left -= len(words)
        if len(words) >= SURE:
            kept |= _winnowed(shingles(words))
    return tuple(kept)


def alike_passages(first: Iterable[str], second: Iterable[str], percent: int) -> list[AlikePassage]:
    """Return what two texts, each given as its passages, have in common, in the order of the first.

    A passage counts from :data:`SURE` words on; of all words between its first common one and its last, ``percent``
    are the same in both.
    """
    others = list(_spelled(second))
    places: dict[int, list[tuple[int, int]]] = {}
    for number, (_, words) in enumerate(others):
        for position, shingle in enumerate(shingles([word.text for word in words])):
            places.setdefault(shingle, []).append((number, position))
    found = []
    for text, words in _spelled(first):
        runs = _runs(shingles([word.text for word in words]), places)
        for number, group in _regions(runs):
            region = _passage(text, words, *others[number], group)
            begin, end = group[0], group[-1]
            longest = max(end.first + end.length - begin.first, end.second + end.length - begin.second)
            if region.words >= SURE and region.words * 100 >= percent * longest:
                found.append(region)
    return found


def are_alike(passages: Sequence[AlikePassage], words: int) -> bool:
    """Return whether what is common is worth a look: a passage of so many words, or twice as many in several."""
    return any(passage.words >= words for passage in passages) or sum(each.words for each in passages) >= 2 * words


def _winnowed(hashes: Sequence[int]) -> set[int]:
    if len(hashes) <= WINDOW:
        return {min(hashes)}
    kept: set[int] = set()
    least = -1  # where the least of the window stands
    for end in range(WINDOW, len(hashes) + 1):
        if least < end - WINDOW:
            least = min(range(end - WINDOW, end), key=hashes.__getitem__)
        elif hashes[end - 1] <= hashes[least]:
            least = end - 1
        kept.add(hashes[least])
    return kept


def _spelled(passages: Iterable[str]) -> Iterator[tuple[str, list[_Word]]]:
    left = _MOST_WORDS
    for passage in passages:
        words = [_Word(match[0].casefold(), *match.span()) for match in _WORD.finditer(passage)][: max(left, 0)]
        left -= len(words)
        if len(words) >= SURE:
            yield passage, words


def _runs(hashes: Sequence[int], places: Mapping[int, Sequence[tuple[int, int]]]) -> dict[int, list[_Run]]:
    """Return the common runs by the number of the other passage, in the order of the first text."""
    found: dict[int, list[_Run]] = {}
    newest: _Run | None = None
    of = -1
    for position, shingle in enumerate(hashes):
        options = places.get(shingle)
        if not options:
            newest = None
            continue
        going_on = (of, newest.second + newest.length - SHINGLE + 1) if newest is not None else None
        if newest is not None and going_on in options:
            newest.length += 1
            continue
        of, second = _nearest(options, found)
        newest = _Run(position, second, SHINGLE)
        found.setdefault(of, []).append(newest)
    return found


def _nearest(options: Sequence[tuple[int, int]], found: Mapping[int, Sequence[_Run]]) -> tuple[int, int]:
    """Return the place that goes on with what was found before, or else the first."""
    for number, position in options:
        runs = found.get(number)
        if runs and 0 <= position - runs[-1].second - runs[-1].length <= _MOST_BETWEEN:
            return number, position
    return options[0]


def _regions(runs: Mapping[int, Sequence[_Run]]) -> Iterator[tuple[int, list[_Run]]]:
    """Join runs that are near each other in both texts."""
    for number, found in runs.items():
        group: list[_Run] = []
        for run in found:
            if group and not _goes_on(group[-1], run):
                yield number, group
                group = []
            group.append(run)
        yield number, group


def _goes_on(before: _Run, run: _Run) -> bool:
    return (
        0 <= run.first - before.first - before.length <= _MOST_BETWEEN
        and 0 <= run.second - before.second - before.length <= _MOST_BETWEEN
    )


def _passage(first: str, words: list[_Word], second: str, others: list[_Word], group: list[_Run]) -> AlikePassage:
    begin, end = group[0], group[-1]
    left = _sentences(first, words[begin.first].start, words[end.first + end.length - 1].end)
    right = _sentences(second, others[begin.second].start, others[end.second + end.length - 1].end)
    return AlikePassage(
        first[slice(*left)],
        second[slice(*right)],
        tuple((words[run.first].start - left[0], words[run.first + run.length - 1].end - left[0]) for run in group),
        tuple(
            (others[run.second].start - right[0], others[run.second + run.length - 1].end - right[0]) for run in group
        ),
        sum(run.length for run in group),
    )


def _sentences(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place of the whole sentences around a place, no more than some words beyond it."""
    before = [match.end() for match in _SENTENCE_END.finditer(text, max(0, start - _MOST_AROUND), start)]
    after = _SENTENCE_END.search(text, end, min(len(text), end + _MOST_AROUND))
    begin = before[-1] if before else (0 if start <= _MOST_AROUND else start)
    finish = after.start() + 1 if after else (len(text) if len(text) - end <= _MOST_AROUND else end)
    return begin, finish
