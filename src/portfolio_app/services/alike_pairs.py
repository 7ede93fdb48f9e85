"""Two items with passages in common, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portfolio_app.domain.alike import AlikePassage
from portfolio_app.domain.evidence import Evidence, EvidenceKind
from portfolio_app.domain.text_facts import TextFacts
from portfolio_app.services.item_texts import item_text
from portfolio_app.services.text_reading import compared, indexed_text
from portfolio_app.storage.portfolio_file import PortfolioFile


@dataclass(frozen=True, slots=True)
class AlikePair:
    """The earlier item and the later one, with what they have in common in the order of the earlier."""

    earlier: Evidence
    later: Evidence
    passages: tuple[AlikePassage, ...]


def alike_pair(
    portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind], texts: TextFacts, evidence_id: str
) -> AlikePair | None:
    """Return an item beside the earlier one that it is like, as both are now; ``None`` where there is none any more.

    Raises:
        UnknownReference: the item is not there.
    """
    other = texts.alike.get(evidence_id)
    if other is None:
        return None
    with portfolio.read() as reader:
        earlier, later = reader.evidence_by_id(other.evidence_id), reader.evidence_by_id(evidence_id)
    first, second = (
        item_text(
            item.title,
            item.body,
            item.fields,
            kinds.get(item.kind),
            [attachment.sha256 for attachment in item.attachments],
            lambda sha256: indexed_text(portfolio, sha256),
        )
        for item in (earlier, later)
    )
    found = compared(texts.words, first, second)
    return AlikePair(earlier, later, tuple(found)) if found else None
