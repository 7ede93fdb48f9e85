"""The improvement cycle of a unit: five boxes, filled with passages from what is claimed for it.

A cycle goes through several items, so it is looked for in a unit as a whole; an item alone seldom has all of it. The
program sorts passages by words, as well as words can: an empty box means that nothing was found, not that nothing is
there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from portfolio_app.domain.qualification import Unit
from portfolio_app.domain.quality_words import CYCLE, QualityWords, Stage, list_name


@dataclass(frozen=True, slots=True)
class CyclePassage:
    """A passage in a box: the quotation of a claim, or a sentence of an item that is claimed without one.

    ``requirement_id`` is that of the claim.
    """

    evidence_id: str
    requirement_id: str
    text: str
    is_quotation: bool


@dataclass(frozen=True, slots=True)
class CycleBox:
    """A box with some passages, and how many more there are."""

    stage: Stage
    passages: tuple[CyclePassage, ...] = ()
    more: int = 0


def asks_for_improvement(unit: Unit, words: QualityWords) -> bool:
    """Return whether a requirement of the unit asks for improvement, so that its cycle is worth being shown."""
    return any(CYCLE in words.asked_by(leaf.text) for leaf in unit.leaves())


def stage_of(passage: str, words: QualityWords, least: int = 1) -> Stage | None:
    """Return the stage that a passage speaks of most, the later of two that are equal; ``None`` where it is none.

    Later stages are rarer, and their words stand beside those of earlier ones: “I planned to check; it fell to 3”.
    ``least`` phrases of the stage must stand in it.
    """
    found = words.in_items.find(passage)
    counts = Counter({stage: len(found.get(list_name(CYCLE, stage), ())) for stage in Stage})
    best = max(reversed(Stage), key=counts.__getitem__)
    return best if counts[best] >= least else None


def stages_held(holds: frozenset[str]) -> frozenset[Stage]:
    """Return the stages of which something stands in an item, by what was read of it."""
    return frozenset(stage for stage in Stage if list_name(CYCLE, stage) in holds)


def filled_boxes(passages: Sequence[tuple[Stage, CyclePassage]], most: int) -> tuple[CycleBox, ...]:
    """Return the five boxes in the cycle’s order with their first passages; a passage stands in a box once."""
    boxes = []
    for stage in Stage:
        own = list({passage.text: passage for each, passage in passages if each is stage}.values())
        boxes.append(CycleBox(stage, tuple(own[:most]), max(0, len(own) - most)))
    return tuple(boxes)
