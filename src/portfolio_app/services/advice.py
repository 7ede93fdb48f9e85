"""Tips and misconceptions from the units' guidance, where they matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from portfolio_app.domain.advice import MOST, advice_on_requirement, advice_on_rule, tips_of
from portfolio_app.domain.gaps import Gap
from portfolio_app.domain.qualification import Guidance, Requirement, Unit
from portfolio_app.domain.quality_words import QualityWords
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioReader
from portfolio_app.suggesting.lexical import Wordings, words_of

_NEAR: Final = 0.15
"""From so near on, on ten units read by eye, a tip is about the requirement more often than not."""


def requirement_advice(portfolio: PortfolioFile, requirement_id: str, words: QualityWords) -> tuple[Guidance, ...]:
    """Return the advice that matters for a requirement, two pieces at most; none for one that is not there.

    It shares its topic with the requirement, word stems compared, or belongs to a check that the requirement asks for.
    """
    with portfolio.read() as reader:
        units = reader.units()
    for unit in units:
        for leaf in unit.leaves():
            if leaf.id == requirement_id:
                return advice_on_requirement(unit, leaf, words, _near(unit, leaf))
    return ()


def _near(unit: Unit, requirement: Requirement) -> list[Guidance]:
    """Return the tips that are near to a requirement and to few others, the nearest first."""
    tips = tips_of(unit)
    wordings = Wordings([tip.text for tip in tips], [leaf.text for leaf in unit.leaves()])
    nearness = wordings.nearness(words_of(requirement.text))
    ranked = sorted(zip(nearness, range(len(tips)), strict=True), key=lambda pair: (-pair[0], pair[1]))
    return [tips[place] for near, place in ranked[:MOST] if near >= _NEAR]


def gap_advice(portfolio: PortfolioFile, gaps: Iterable[Gap], words: QualityWords) -> list[tuple[Guidance, ...]]:
    """Return for each gap the advice that belongs to it, two pieces at most.

    It comes from the unit that the gap names or, for a gap that names only an item, from those it is claimed for.
    """
    with portfolio.read() as reader:
        units = {unit.id: unit for unit in reader.units()}
        claimed = _Claimed(reader, units)
    known: dict[tuple[str, tuple[str, ...]], tuple[Guidance, ...]] = {}
    found = []
    for gap in gaps:
        ids = (gap.unit_id,) if gap.unit_id else claimed.units_of(gap.evidence_id)
        key = (gap.rule, ids)
        if key not in known:
            known[key] = advice_on_rule([units[unit_id] for unit_id in ids if unit_id in units], gap.rule, words)
        found.append(known[key])
    return found


class _Claimed:
    """For which units each item is claimed."""

    def __init__(self, reader: PortfolioReader, units: Mapping[str, Unit]) -> None:
        of_leaf = {leaf.id: unit.id for unit in units.values() for leaf in unit.leaves()}
        self._units: dict[str, dict[str, None]] = {}
        for claim in reader.facts({}).claims:
            if claim.requirement_id in of_leaf:
                self._units.setdefault(claim.evidence_id, {})[of_leaf[claim.requirement_id]] = None
        self._order = list(units)

    def units_of(self, evidence_id: str | None) -> tuple[str, ...]:
        """Return the ids of the units that an item is claimed for, in their order."""
        return tuple(sorted(self._units.get(evidence_id or "", ()), key=self._order.index))
