"""What the text of an item holds, in a few words: the rules that read text ask for no more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from portfolio_app.domain.phrases import Span
from portfolio_app.domain.quality_words import ACCOUNT, BOTH_WAYS, PLAN, PROBLEM, QualityWords, list_name

_WE: Final = list_name(ACCOUNT, "we")
_OWN_ACTS: Final = list_name(ACCOUNT, "own_acts")
_NOT_ACTS: Final = list_name(ACCOUNT, "not_acts")
_PROBLEMS: Final = list_name(PROBLEM, "problems")
_FIGURES: Final = list_name(PLAN, "figures")
_DATES: Final = list_name(PLAN, "dates")
# A field that is filled in speaks by its name too: “Follow-up”, “I acted proactively”.
_LABELS_SAY: Final = frozenset(
    (list_name(PROBLEM, "checks"), list_name(BOTH_WAYS, "proactive"), list_name(BOTH_WAYS, "reactive"))
)
_QUOTED: Final = re.compile(r"“[^”\n]{0,600}”|(?<!\w)\"[^\"\n]{0,600}\"(?!\w)")
_WORDS: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class ItemText:
    """The text of an item: its title, its body, its fields, the files attached to it.

    ``passages`` are the title, paragraphs of the body, values of fields, cells of tables and paragraphs of files, plain
    and each on one line. ``labels`` are the names of the fields that are filled in, with what was chosen. ``is_whole``
    says that there is nothing more: no file that nobody could read.
    """

    passages: tuple[str, ...]
    labels: tuple[str, ...] = ()
    is_whole: bool = True


class ItemReading(NamedTuple):
    """What an item's text holds.

    ``words`` are counted without labels. ``holds`` names the lists of phrases of which something stands in it; ``we``
    and ``problems`` say how often for two of them.
    """

    words: int
    is_whole: bool
    holds: frozenset[str]
    we: int = 0
    problems: int = 0


def read_item(text: ItemText, words: QualityWords) -> ItemReading:
    """Look for every list of phrases in an item's text."""
    whole = "\n".join(text.passages)
    found = words.in_items.find(whole)
    holds = set(found)
    if text.labels:
        holds |= _LABELS_SAY & words.in_items.names_in("\n".join(text.labels))
    # “I wanted” is no deed, “I wanted to know and asked” is one.
    if _OWN_ACTS in found and not set(found[_OWN_ACTS]) - set(found.get(_NOT_ACTS, ())):
        holds.discard(_OWN_ACTS)
    if _FIGURES in found and not _stands_alone(found[_FIGURES], found.get(_DATES, ())):
        holds.discard(_FIGURES)
    # What somebody else is quoted with says nothing of who did it.
    quoted = [Span(*match.span()) for match in _QUOTED.finditer(whole)] if _WE in found else ()
    we = sum(_stands_alone((span,), quoted) for span in found.get(_WE, ()))
    return ItemReading(len(_WORDS.findall(whole)), text.is_whole, frozenset(holds), we, len(found.get(_PROBLEMS, ())))


def _stands_alone(spans: Iterable[Span], others: Iterable[Span]) -> bool:
    """Return whether one of these places lies in none of the others."""
    return any(not any(other.start < span.end and span.start < other.end for other in others) for span in spans)
