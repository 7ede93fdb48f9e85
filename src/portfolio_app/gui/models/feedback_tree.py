"""Requirements with what was claimed for them and decided on them, under their units."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from enum import StrEnum

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.folding import folded, search_words
from portfolio_app.gui.models.grouped import Group, GroupedModel
from portfolio_app.services.feedback import RequirementFeedback, UnitFeedback


class Turn(StrEnum):
    """Which requirements are shown. The value is the words on screen."""

    IN_HAND = "Claimed or decided"
    LEARNER = "Waiting for me"
    ASSESSOR = "Waiting for the assessor"
    DECIDED = "Decided"
    ALL = "Every requirement"

    def takes(self, row: RequirementFeedback) -> bool:
        """Return whether a requirement is one of these."""
        if self is Turn.IN_HAND:
            return bool(row.evidence or row.decisions)
        if self is Turn.LEARNER:
            return row.waits_for_learner
        if self is Turn.ASSESSOR:
            return row.waits_for_assessor
        return self is Turn.ALL or row.decision is not None


class FeedbackTreeModel(GroupedModel[RequirementFeedback]):
    """Requirements under their units."""

    def key_of(self, row: RequirementFeedback) -> Hashable:
        """Return the requirement's id."""
        return row.requirement.id

    def text_of(self, row: RequirementFeedback) -> str:
        """Return address and words."""
        return f"{row.address} {row.requirement.short_text}".strip()

    def tip_of(self, row: RequirementFeedback) -> str:
        """Return what a cut line would say."""
        return f"{self.text_of(row)}\n{row.state} · {turn_in_words(row)}"

    def said_of(self, row: RequirementFeedback) -> str:
        """Return address, words, state and whose turn it is."""
        return f"{self.text_of(row)}: {row.state}, {turn_in_words(row)}"


def shown_groups(units: Sequence[UnitFeedback], turn: Turn, typed: str) -> list[Group[RequirementFeedback]]:
    """Return the units with the requirements that are wanted and in which every word typed occurs."""
    wanted = search_words(typed)
    groups = []
    for unit in units:
        rows = [row for row in unit.requirements if turn.takes(row) and _matches(row, unit, wanted)]
        if rows:
            groups.append(Group(unit.unit_id, f"{unit.code} {unit.title}", rows, str(unit.tally)))
    return groups


def turn_in_words(row: RequirementFeedback) -> str:
    """Return what was decided, or whose turn it is."""
    decision = row.decision
    if decision is None:
        count = len(row.evidence)
        return f"{count:,} {'item' if count == 1 else 'items'}" if count else "nothing to decide yet"
    if decision.verdict is not Verdict.MET:
        return "your turn" if row.waits_for_learner else "the assessor’s turn"
    return f"{decision.by}, {day_in_words(decision.decided_at.astimezone().date())}"


def _matches(row: RequirementFeedback, unit: UnitFeedback, wanted: Sequence[str]) -> bool:
    if not wanted:
        return True
    parts = [row.address, row.requirement.text, row.requirement.label, unit.title, *row.evidence]
    parts += [f"{decision.by} {decision.comment}" for decision in row.decisions]
    words = folded("\n".join(parts))
    return all(word in words for word in wanted)
