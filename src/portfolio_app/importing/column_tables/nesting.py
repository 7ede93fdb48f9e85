"""Which statement stands under which: by the parent's reference, by the references themselves, or by indentation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

_NUMBERED: Final = re.compile(
    r"\s*\(?(?P<letters>[^\W\d_]*)[\s.:]*(?P<rest>\d{1,6}(?:\s?[.\-–/]\s?\d{1,6})*)[\s.]*\(?(?P<tail>[a-z]{0,4})\W*",
    re.IGNORECASE,
)
_LETTERED: Final = re.compile(r"\s*\(?([a-z]|[ivx]{1,5})[).]*\s*", re.IGNORECASE)
_LEADING: Final = re.compile(
    r"\s*(?P<ref>(?:[A-Z]{1,3}\s?)?\d{1,4}(?:\.\d{1,4}){0,4}(?:\s?\([a-z]\))?)(?:[.:)]+\s*|\s*[-–—]\s+|\s+)(?=\S)"
)
_HEADING: Final = re.compile(
    r"\s*(?:(?:learning )?outcome\s*(?P<number>\d{1,3})|(?P<short>(?:LO|AC|PC)\s?\d{1,3}(?:\.\d{1,3}){0,3}))"
    r"(?:\s*[.:)\-–—]+\s*|\s+)(?=\S)",
    re.IGNORECASE,
)
_MOST: Final = 0.8  # of the texts begin with a reference, else those that do begin with a number
_COMMON: Final = (
    *("", "lo", "l", "o", "outcome", "e", "element", "unit"),
    *("ac", "a", "pc", "p", "c", "criterion", "mp"),
)
"""Letters that stand before the same numbers: "1.1" is under "LO1", headings before what is under them."""

_Path = tuple[str, ...]


class _Ref(NamedTuple):
    """A reference taken apart: "AC 1.2(b)" has the letters "ac" and the path 1, 2, b."""

    letters: str
    path: _Path


def _taken_apart(ref: str) -> _Ref | None:
    match = _NUMBERED.fullmatch(ref)
    if match is None:
        return None
    numbers = tuple(str(int(number)) for number in re.findall(r"\d+", match["rest"]))
    tail = match["tail"].casefold()
    return _Ref(match["letters"].casefold(), (*numbers, tail) if tail else numbers)


def parents_by_prefix(refs: Sequence[str]) -> list[int | None]:
    """Return for each reference the place of what it stands under: "1.2" under "1" or "LO1", "1.2.1" under "1.2".

    Where a reference recurs, what stands under it is under the latest one before. A lone letter, such as "(b)", stands
    under the last number before it.
    """
    read = [_taken_apart(ref) for ref in refs]
    first: dict[_Ref, int] = {}
    for place, known in enumerate(read):
        if known is not None:
            first.setdefault(known, place)
    latest: dict[_Ref, int] = {}
    number: int | None = None
    found: list[int | None] = []
    for place, (ref, known) in enumerate(zip(refs, read, strict=True)):
        if known is None:
            found.append(number if _LETTERED.fullmatch(ref) else None)
            continue
        found.append(_above(known, place, latest, first))
        latest[known] = number = place
    return found


def _above(known: _Ref, place: int, latest: dict[_Ref, int], first: dict[_Ref, int]) -> int | None:
    for length in range(len(known.path) - 1, 0, -1):
        for letters in (known.letters, *(_COMMON if known.letters in _COMMON else ())):
            wanted = _Ref(letters, known.path[:length])
            above = latest.get(wanted, first.get(wanted))
            if above is not None and above != place:
                return above
    return None


def parents_by_name(
    refs: Sequence[str], texts: Sequence[str], named: Sequence[str]
) -> tuple[list[int | None], set[int]]:
    """Return for each row the place of the one that it names as its parent, and the rows whose parent is not there.

    A parent is named by its reference, or else by its whole text. Where that recurs it is the latest one before, or
    else the first one after.
    """
    keys = [(_folded(ref), _folded(text)) for ref, text in zip(refs, texts, strict=True)]
    first: list[dict[str, int]] = [{}, {}]
    for place, pair in enumerate(keys):
        for names, key in zip(first, pair, strict=True):
            if key:
                names.setdefault(key, place)
    latest: list[dict[str, int]] = [{}, {}]
    found: list[int | None] = []
    lost: set[int] = set()
    for place, (name, pair) in enumerate(zip(named, keys, strict=True)):
        wanted = _folded(name)
        choices = (names[wanted] for names in (latest[0], first[0], latest[1], first[1]) if wanted in names)
        above = next(choices, None) if wanted else None
        found.append(above)
        if wanted and above is None:
            lost.add(place)
        for names, key in zip(latest, pair, strict=True):
            if key:
                names[key] = place
    return found, lost


def parents_by_depth(depths: Sequence[int]) -> list[int | None]:
    """Return for each row the place of the last one before that stands further out."""
    found: list[int | None] = []
    above: list[int] = []
    for place, depth in enumerate(depths):
        while above and depths[above[-1]] >= depth:
            above.pop()
        found.append(above[-1] if above else None)
        above.append(place)
    return found


def heading_ref(text: str) -> tuple[str, str]:
    """Return reference and words of "Learning outcome 2: Plan the work" or "LO2 Plan the work"; nothing of others."""
    match = _HEADING.match(text)
    return (match["short"] or match["number"], text[match.end() :]) if match else ("", "")


def leading_refs(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the references that texts begin with ("1.2 Plan the work"), and the texts without them.

    Where not most of the texts begin with one, none has any: "5 whys" is no reference.
    """
    matches = [_LEADING.match(text) for text in texts]
    filled = sum(bool(text.strip()) for text in texts)
    if not filled or sum(map(bool, matches)) < _MOST * filled:
        return [""] * len(texts), list(texts)
    return (
        [match["ref"] if match else "" for match in matches],
        [text[match.end() :] if match else text for match, text in zip(matches, texts, strict=True)],
    )


def indentation(text: str) -> int:
    """Return how far in a text begins, in characters; a tab counts four."""
    width = 0
    for character in text:
        if character == "\t":
            width += 4
        elif character.isspace():
            width += 1
        else:
            break
    return width


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
