"""Which requirements a piece of evidence may speak to: proposals, never claims. The learner decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Band(StrEnum):
    """How much speaks for a suggestion. There is no percentage, because none could be meant."""

    STRONG = "strong"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item might meet a requirement, as this passage of it shows.

    ``quotation`` is the sentence that speaks most for it, letter for letter as it stands in the item. It stands in an
    attachment where ``attachment_id`` is given: on ``page`` (or slide or sheet, from 1; ``None`` where the format has
    none) and in ``paragraph`` (from 1 over the whole file). Otherwise it stands in the item's own text, ``page`` is
    ``None``, and ``paragraph`` counts in that text, or is ``None`` for a field of the form.
    """

    evidence_id: str
    requirement_id: str
    band: Band
    quotation: str
    attachment_id: str = ""
    page: int | None = None
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class SuggestionSet:
    """Suggestions, the best first; none where there is probably nothing.

    Attributes:
        suggestions: What might fit.
        with_model: Whether meaning was compared too; otherwise only words were.
        words: How many words of evidence were read for it.
        unread: How many attached files were not considered, because their text is not known yet.
        notice: One sentence for the user where only words were compared, saying why; else empty.
    """

    suggestions: tuple[Suggestion, ...]
    with_model: bool
    words: int
    unread: int = 0
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Sibling:
    """A requirement of another unit that asks for what a first one asks for; word for word if ``is_same``."""

    requirement_id: str
    is_same: bool


@dataclass(frozen=True, slots=True, order=True)
class RejectedSuggestion:
    """The learner's word that an item does not meet a requirement: it is not suggested again."""

    evidence_id: str
    requirement_id: str
