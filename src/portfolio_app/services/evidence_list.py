"""The list of evidence: searched, narrowed and sorted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.listing import EvidenceQuery, EvidenceState, EvidenceSummary, chosen, count_states
from portfolio_app.storage.portfolio_file import PortfolioFile


@dataclass(frozen=True, slots=True)
class EvidenceList:
    """What a list shows, in its order; ``total`` counts the items before the list was narrowed."""

    rows: tuple[EvidenceSummary, ...]
    total: int

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the items in the list's order."""
        return tuple(row.id for row in self.rows)


@dataclass(frozen=True, slots=True)
class EvidenceFacets:
    """What a list can be narrowed by: how many items there are of each kind and unit (ids), state and tag."""

    kinds: Mapping[str, int]
    units: Mapping[str, int]
    states: Mapping[EvidenceState, int]
    tags: Mapping[str, int]


def evidence_list(
    portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind], query: EvidenceQuery | None = None
) -> EvidenceList:
    """Return the items that a query asks for, in its order; without one, all in reference order."""
    query = query or EvidenceQuery()
    with portfolio.read() as reader:
        summaries = reader.evidence_summaries()
        texts = reader.evidence_texts() if query.words.strip() else {}
        rows = chosen(summaries.values(), query, kinds, texts)
        total = sum(bool(item.binned_at) is query.binned for item in summaries.values())
    return EvidenceList(tuple(rows), total)


def evidence_rows(portfolio: PortfolioFile, ids: Iterable[str]) -> dict[str, EvidenceSummary]:
    """Return just these items by id, those in the bin too; an id that is no longer there is left out."""
    with portfolio.read() as reader:
        summaries = reader.evidence_summaries()
        return {evidence_id: summaries[evidence_id] for evidence_id in ids if evidence_id in summaries}


def evidence_facets(
    portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind], *, binned: bool = False
) -> EvidenceFacets:
    """Return what the list, or the bin, can be narrowed by, and how many items that leaves; tags by their names."""
    with portfolio.read() as reader:
        items = [item for item in reader.evidence_summaries().values() if bool(item.binned_at) is binned]
    tags = Counter(tag for item in items for tag in item.tags)
    return EvidenceFacets(
        kinds=Counter(item.kind for item in items),
        units=Counter(unit_id for item in items for unit_id in item.units),
        states=count_states(items, kinds),
        tags={tag: tags[tag] for tag in sorted(tags, key=str.casefold)},
    )
