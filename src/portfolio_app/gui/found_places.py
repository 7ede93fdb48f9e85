"""Where a search leads: the place of each thing that it can find."""

from __future__ import annotations

from typing import Final

from portfolio_app.domain.attached_text import page_word
from portfolio_app.domain.search import HitSort, SearchHit
from portfolio_app.gui import places
from portfolio_app.gui.places import GUIDANCE_FIELD, Place

_ELLIPSIS: Final = "…"
_SHORT: Final = 3  # letters


def place_of(hit: SearchHit) -> Place:
    """Return where a thing that was found is; people have no page."""
    match hit.sort:
        case HitSort.EVIDENCE:
            return Place(
                places.EVIDENCE,
                evidence_id=hit.evidence_id,
                field=hit.field_name,
                passage=_passage(hit),
                words=found_words(hit),
            )
        case HitSort.ATTACHMENT:
            return Place(
                places.EVIDENCE,
                evidence_id=hit.evidence_id,
                attachment=hit.title,
                page_number=str(hit.page or ""),
                passage=_passage(hit),
                words=found_words(hit) if hit.paragraph is not None else (),  # else in its name or caption
            )
        case HitSort.GUIDANCE:
            return Place(places.UNITS, unit_id=hit.unit_id, field=GUIDANCE_FIELD, passage=_passage(hit))
        case _:
            return Place(places.UNITS, unit_id=hit.unit_id, requirement_id=hit.requirement_id)


def found_words(hit: SearchHit) -> tuple[str, ...]:
    """Return the words that were found as they stand in the excerpt, each once; short ones only if there are no others.

    Where “by” is looked for as well, it is marked on every line.
    """
    words = {word.casefold(): word for word in (hit.excerpt[start:end] for start, end in hit.marks)}.values()
    return tuple(word for word in words if len(word) > _SHORT) or tuple(words)


def page_in_words(hit: SearchHit) -> str:
    """Say on which page, slide or sheet of a file something stands; nothing where its format has none."""
    if hit.page is None:
        return ""
    what = page_word(hit.title)
    return f"p. {hit.page:,}" if what == "page" else f"{what} {hit.page:,}"


def _passage(hit: SearchHit) -> str:
    """Return the piece of the excerpt in which the first of the words stands, as it is in the text."""
    place = hit.marks[0][0] if hit.marks else 0
    start = hit.excerpt.rfind(_ELLIPSIS, 0, place) + 1
    end = hit.excerpt.find(_ELLIPSIS, place)
    return hit.excerpt[start : end if end >= 0 else None].strip()
