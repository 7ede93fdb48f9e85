"""What is missing, under headings, as the Gaps page shows it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.folding import folded, search_words
from portfolio_app.domain.gaps import Gap, Severity
from portfolio_app.domain.text_facts import TextFacts
from portfolio_app.gui.models.grouped import Group, GroupedModel
from portfolio_app.services.gap_list import Grouping, PlacedGap, grouped_gap_list
from portfolio_app.services.units import list_units

if TYPE_CHECKING:
    from portfolio_app.storage.portfolio_file import PortfolioFile


@dataclass(frozen=True, slots=True)
class FoundGaps:
    """All gaps under their headings; ``words`` are those that each row is searched in, group by group."""

    groups: Sequence[Group[PlacedGap]]
    words: Sequence[Sequence[str]]
    has_units: bool

    @property
    def total(self) -> int:
        """The number of gaps, those put aside included where they were asked for."""
        return sum(len(group.rows) for group in self.groups)

    def narrowed(self, typed: str, severity: Severity | None) -> list[Group[PlacedGap]]:
        """Return the groups with the gaps of a weight in which every word typed occurs; empty ones are left out."""
        wanted = search_words(typed)
        if not wanted and severity is None:
            return list(self.groups)
        result = []
        for group, searched in zip(self.groups, self.words, strict=True):
            rows = [
                placed
                for placed, words in zip(group.rows, searched, strict=True)
                if (severity is None or placed.gap.severity is severity) and all(word in words for word in wanted)
            ]
            if rows:
                result.append(Group(group.key, group.heading, rows, count_in_words(len(rows))))
        return result


class GapTreeModel(GroupedModel[PlacedGap]):
    """Gaps under headings."""

    def key_of(self, row: PlacedGap) -> Hashable:
        """Return the rule and the things that the gap names."""
        return gap_key(row.gap)

    def keys_of(self, rows: Iterable[PlacedGap]) -> Iterable[Hashable]:
        """Return the keys of many gaps."""
        return map(_KEY, map(_GAP, rows))

    def text_of(self, row: PlacedGap) -> str:
        """Return what is missing."""
        return row.gap.message

    def said_of(self, row: PlacedGap) -> str:
        """Return the weight, what is missing, and what mends it or why it was put aside."""
        gap = row.gap
        if gap.dismissed_reason is not None:
            parts = [f"Put aside: {gap.message}", row.about, f"Reason: {gap.dismissed_reason}"]
        else:
            parts = [f"{gap.severity.heading}: {gap.message}", row.about, row.fix]
        return " ".join(part for part in parts if part)

    def tip_of(self, row: PlacedGap) -> str:
        """Return what is missing, and what it names in words."""
        return f"{row.gap.message}\n{row.about}" if row.about else row.gap.message


def gap_key(gap: Gap) -> Hashable:
    """Return what tells a gap from all others, whatever becomes of its words."""
    return (gap.rule, gap.unit_id, gap.requirement_id, gap.evidence_id)


_GAP = attrgetter("gap")
_KEY = itemgetter(*(Gap._fields.index(name) for name in ("rule", "unit_id", "requirement_id", "evidence_id")))


def found_gaps(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    today: date,
    grouping: Grouping,
    *,
    include_dismissed: bool = False,
    texts: TextFacts | None = None,
) -> FoundGaps:
    """Find the gaps and prepare them for being searched, off the window's thread."""
    found = grouped_gap_list(portfolio, kinds, today, grouping, include_dismissed=include_dismissed, texts=texts)
    groups = [Group(each.key, each.heading, each.gaps, count_in_words(len(each.gaps))) for each in found]
    words = [[_searched(placed) for placed in group.rows] for group in groups]
    return FoundGaps(groups, words, bool(list_units(portfolio)))


def count_in_words(count: int) -> str:
    """Return a number of gaps as it stands beside a heading."""
    return f"{count:,}"


def _searched(placed: PlacedGap) -> str:
    gap = placed.gap
    return folded(f"{gap.message}\n{placed.title}\n{placed.unit or ''}\n{placed.about}\n{gap.dismissed_reason or ''}")
