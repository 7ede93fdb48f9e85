"""Which of a unit's tips and misconceptions matter where: beside a requirement, and beside a remark about evidence.

A tip that is always shown is soon not read any more. So there are two at most, and most places have none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from portfolio_app.domain.qualification import Guidance, GuidanceKind, Requirement, Unit
from portfolio_app.domain.quality_words import QualityWords

MOST: Final = 2
"""So many are shown in one place at most."""


def tips_of(unit: Unit) -> list[Guidance]:
    """Return a unit's tips and misconceptions. Its concepts explain the topic and are no advice."""
    return [piece for piece in unit.guidance if piece.kind is not GuidanceKind.CONCEPT]


def advice_on_rule(units: Iterable[Unit], rule: str, words: QualityWords) -> tuple[Guidance, ...]:
    """Return the tips of these units that belong to what a rule finds, by the words listed for the rule."""
    found = (piece for unit in units for piece in tips_of(unit) if rule in words.in_advice.names_in(piece.text))
    return tuple(islice(_different(found), MOST))


def advice_on_requirement(
    unit: Unit, requirement: Requirement, words: QualityWords, near: Iterable[Guidance] = ()
) -> tuple[Guidance, ...]:
    """Return the tips that matter for a requirement: those ``near`` to it, then those of the checks it asks for."""
    asking = Counter(check for leaf in unit.leaves() for check in words.asked_by(leaf.text))
    # What every requirement of the unit asks for says least of this one.
    asked = sorted(words.asked_by(requirement.text), key=lambda check: (asking[check], check))
    of_checks = (piece for check in asked for piece in tips_of(unit) if check in words.in_advice.names_in(piece.text))
    return tuple(islice(_different((*near, *of_checks)), MOST))


def _different(pieces: Iterable[Guidance]) -> Iterator[Guidance]:
    return iter({piece.text: piece for piece in pieces}.values())
