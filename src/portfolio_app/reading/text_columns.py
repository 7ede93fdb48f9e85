"""Two columns side by side in a plain text, as they come out of a page that was copied with its layout."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

_NUMBERED: Final = re.compile(r"(?<=\s\s)\S{0,3}?\d{1,3}\.\d{1,2}(?:\.\d{1,2})?[.)]?\s+\S")
"""What begins in the right column, and shows where that is: "1.1 Explain …"."""
_BEGINS: Final = re.compile(r"(?:\d{1,2}[.):]?\s|(?:LO|learning outcome|outcome|element|unit)\b)", re.IGNORECASE)
"""What begins a row in the left column, though the one before has not ended."""
_FEWEST: Final = 2  # such beginnings at one place
_BETWEEN: Final = 2  # blank characters, at least


def column_rows(lines: Sequence[str]) -> dict[int, tuple[int, str, str]]:
    """Return the rows that stand in two columns, by the place of their first line.

    Each is the place after its last line, and what stands at the left and at the right, their lines kept. Lines of
    which nothing is returned stand in no columns.
    """
    lines = [line.rstrip() for line in lines]
    begins = Counter(
        match.start() for line in lines for match in [_NUMBERED.search(line)] if match and line[: match.start()].strip()
    )
    if not begins:
        return {}
    (gutter, _), *_ = begins.most_common(1)
    starting = [place for place, line in enumerate(lines) if _NUMBERED.match(line, gutter)]
    if len(starting) < _FEWEST:
        return {}
    rows: dict[int, tuple[int, str, str]] = {}
    for first, last in _stretches(lines, gutter, starting):
        bounds = [*_beginnings(lines, gutter, first, last), last]
        for begin, end in itertools.pairwise(bounds):
            left, right = (
                "\n".join(filter(None, (part.strip() for part in parts)))
                for parts in zip(*((line[:gutter], line[gutter:]) for line in lines[begin:end]), strict=True)
            )
            rows[begin] = (end, left, right)
    return rows


def _stretches(lines: Sequence[str], gutter: int, starting: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield where no line runs over the gutter, around each line that begins something in the right column."""
    after = 0
    for place in starting:
        if place < after:
            continue
        first = last = place
        while first > after and _is_apart(lines[first - 1], gutter) and lines[first - 1].strip():
            first -= 1
        while last < len(lines) and _is_apart(lines[last], gutter):
            last += 1
        while last > place + 1 and not lines[last - 1][gutter:].strip() and not _goes_on(lines[last - 1]):
            last -= 1  # it stands below the columns
        after = last
        yield first, last


def _beginnings(lines: Sequence[str], gutter: int, first: int, last: int) -> Iterator[int]:
    """Yield where rows begin: where the left column does after a blank, or with the number of the next one."""
    was_blank = True
    for place in range(first, last):
        left = lines[place][:gutter].strip()
        if place == first or (left and (was_blank or _BEGINS.match(left))):
            yield place
        was_blank = not left


def _goes_on(line: str) -> bool:
    """Say whether a line at the left goes on with a sentence rather than beginning something else."""
    return line.strip()[:1].islower()


def _is_apart(line: str, gutter: int) -> bool:
    return not line[max(0, gutter - _BETWEEN) : gutter].strip()
