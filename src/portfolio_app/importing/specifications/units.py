"""Where units begin in a document that holds many of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from portfolio_app.importing.specifications.heads import (
    Beginning,
    beginning_of,
    fields_of,
    is_contents_line,
    is_head_line,
    is_title,
    label_alone,
)
from portfolio_app.importing.specifications.marks import Sort, mark_of, section_of
from portfolio_app.importing.specifications.pieces import Piece

_HEAD_PIECES = 25
_FIELDS_ABOVE = 6


@dataclass(slots=True)
class Portion:
    """The pieces of one unit, from ``start`` up to ``end``, and how it begins."""

    start: int
    end: int
    beginning: Beginning | None = None
    requirements: int = 0
    fields: int = 0


def portions_of(pieces: Sequence[Piece], most: int) -> list[Portion] | None:
    """Cut a document into units.

    A unit begins where one is named that is not the one before, and has requirements or the fields of a unit's head;
    so a list of contents and a mention of another unit begin nothing. Without any such line all is one unit; with
    more than ``most`` of them there is no telling, and ``None`` is returned.
    """
    named = _named(pieces)
    if len(named) > most:
        return None
    counts = list(accumulate((_is_requirement(piece) for piece in pieces), initial=0))
    found = _merged(named, pieces, counts)
    if not found:
        return [Portion(0, len(pieces))]
    with_requirements = [portion for portion in found if portion.requirements]
    known = {name for portion in with_requirements for name in _names(portion.beginning)}
    kept = [
        portion
        for portion in found
        if portion.requirements or (portion.fields > 1 and not known & set(_names(portion.beginning)))
    ]
    if not kept:
        return [Portion(0, len(pieces), found[0].beginning)]
    kept = _without_repeats(kept)
    if len(kept) == 1 and counts[kept[0].start]:
        kept[0].start = 0
    for portion in kept:
        _take_title_above(portion, pieces, counts)
    for portion, following in pairwise(kept):
        portion.end = following.start
    kept[-1].end = len(pieces)
    return kept


def _names(beginning: Beginning | None) -> list[str]:
    """Return what tells a unit from others: its reference and its title."""
    if beginning is None:
        return []
    return [name.casefold() for name in (beginning.reference, beginning.title) if name]


def _named(pieces: Sequence[Piece]) -> list[tuple[int, Beginning]]:
    found = []
    for place, piece in enumerate(pieces):
        following = pieces[place + 1].text if place + 1 < len(pieces) else ""
        beginning = beginning_of(piece.text, following)
        if beginning is not None:
            found.append((place, beginning))
    return found


def _merged(named: Sequence[tuple[int, Beginning]], pieces: Sequence[Piece], counts: Sequence[int]) -> list[Portion]:
    """Put together what names the same unit: the lines of one head, and running titles."""
    portions: list[Portion] = []
    for place, beginning in named:
        last = portions[-1] if portions else None
        if last is not None and last.beginning is not None:
            near = place - last.start <= _HEAD_PIECES
            empty = counts[place] == counts[last.start]
            if beginning.agrees(last.beginning) or (near and empty and beginning.adds_to(last.beginning)):
                if empty and is_contents_line(pieces[last.start].text):
                    last.start = place
                last.beginning = last.beginning.and_also(beginning)
                continue
        portions.append(Portion(place, len(pieces), beginning))
    for portion, following in pairwise(portions):
        portion.end = following.start
    for portion in portions:
        portion.requirements = counts[portion.end] - counts[portion.start]
        portion.fields = sum(
            bool(fields_of(piece.text) or label_alone(piece.text))
            for piece in pieces[portion.start : min(portion.end, portion.start + _HEAD_PIECES)]
        )
    return portions


def _is_requirement(piece: Piece) -> bool:
    """Say whether a line surely is a requirement."""
    sort = mark_of(piece.text).sort
    return sort in {Sort.CRITERION, Sort.OUTCOME} or (sort is Sort.STATEMENT and len(piece.text.split()) > 3)


def _without_repeats(portions: Sequence[Portion]) -> list[Portion]:
    """Put together what goes on with the same unit after another was only mentioned."""
    found: list[Portion] = []
    for portion in portions:
        before = found[-1].beginning if found else None
        if before is None or portion.beginning is None or not portion.beginning.agrees(before):
            found.append(portion)
    return found


def _take_title_above(portion: Portion, pieces: Sequence[Piece], counts: Sequence[int]) -> None:
    """Begin earlier where fields stand above, or the title: as a heading, or where nothing else goes on."""
    for place in range(portion.start - 1, max(-1, portion.start - 1 - _FIELDS_ABOVE), -1):
        if not is_head_line(pieces[place].text):
            break
        portion.start = place
    if portion.start == 0 or (portion.beginning is not None and portion.beginning.title):
        return
    title = pieces[portion.start - 1]
    before = pieces[portion.start - 2].text if portion.start > 1 else ""
    stands_alone = title.heading or title.starts or not counts[portion.start - 1] or before.endswith((".", ";", ":"))
    if stands_alone and is_title(title.text) and section_of(title.text) is None:
        portion.start -= 1
        named = Beginning(title=title.text)
        portion.beginning = portion.beginning.and_also(named) if portion.beginning else named
