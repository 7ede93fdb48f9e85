"""What is hidden in copies for others: marked words, and regions of pages and pictures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RedactionTerm:
    """Words that no redacted copy shows, and what stands in their place (empty: the usual sign).

    ``whole_words``: they count only where no letter or digit goes on before or after them.
    """

    id: str
    text: str
    replacement: str = ""
    whole_words: bool = True


@dataclass(frozen=True, slots=True)
class RedactionRegion:
    """A region of an attached document's page, or of a picture, that no redacted copy shows.

    ``page`` counts from 1 and is 1 for a picture. The others are ten-thousandths of the width or the height of the
    page as it is shown, upright and cropped, from its upper left corner.
    """

    id: str
    attachment_id: str
    page: int
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Redaction:
    """Everything that is marked. ``spared`` are words that were proposed and that the learner chose to leave."""

    terms: tuple[RedactionTerm, ...] = ()
    regions: tuple[RedactionRegion, ...] = ()
    spared: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.regions)
