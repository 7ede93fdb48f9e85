"""Gap rules about the qualification as a whole: whether the units chosen can come to what it asks for."""

from __future__ import annotations

from collections.abc import Iterator

from portfolio_app.domain.gap_facts import Finding, GapFacts
from portfolio_app.domain.unit_groups import qualification_standing


def groups_not_filled(known: GapFacts) -> Iterator[Finding]:
    """Groups of units, or the whole, ask for more units or credits than the units chosen have.

    All of them are one finding, since none of them belongs to a unit by which it could be put aside.
    """
    shortages = qualification_standing(known.facts.qualification, known.facts.units, {}).shortages
    if shortages:
        yield " ".join(shortages), None, None, None
