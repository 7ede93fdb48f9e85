"""What the rules that read text know of a portfolio: by which words they look, and what was found in each item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from portfolio_app.domain.item_reading import ItemReading
from portfolio_app.domain.quality_words import QualityWords


class AlikeItem(NamedTuple):
    """The earlier item with which another has passages in common, and how many words these have."""

    evidence_id: str
    words: int


@dataclass(frozen=True, slots=True)
class TextFacts:
    """Readings are by the item's id; an item that was not read yet has none, and no rule speaks of it.

    ``alike`` names, by the later item's id, the earlier one it is like.
    """

    words: QualityWords
    readings: Mapping[str, ItemReading] = field(default_factory=dict)
    alike: Mapping[str, AlikeItem] = field(default_factory=dict)
