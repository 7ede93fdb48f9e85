"""What there is to do, each with the references that users know and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portfolio_app.domain.claims import Action
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.gaps import RULES_BY_ID
from portfolio_app.storage.portfolio_file import PortfolioFile


@dataclass(frozen=True, slots=True)
class PlacedAction:
    """An action with its requirement's address and its item's reference, where it has them.

    ``source`` says where it came from: a decision (then ``is_decided``) or the heading of a rule.
    """

    action: Action
    address: str = ""
    evidence_ref: str = ""
    source: str = ""
    is_decided: bool = False


def action_list(portfolio: PortfolioFile) -> list[PlacedAction]:
    """Return all actions: open before done, and of these the earliest due first, those without a day last.

    Done ones begin with what was done last.
    """
    with portfolio.read() as reader:
        actions = reader.actions()
        if not actions:
            return []
        addresses = {key: address for unit in reader.units() for key, address in unit.addresses().items()}
        summaries = reader.evidence_summaries()
        named = {action.evidence_id for action in actions if action.evidence_id}
        refs = {evidence_id: summaries[evidence_id].ref for evidence_id in named if evidence_id in summaries}
        decisions = {decision.id: decision for decision in reader.decisions()}
    placed = []
    for action in actions:
        decision = decisions.get(action.origin)
        rule = RULES_BY_ID.get(action.origin)
        placed.append(
            PlacedAction(
                action,
                addresses.get(action.requirement_id or "", ""),
                refs.get(action.evidence_id or "", ""),
                f"{decision.by}: {decision.verdict}" if decision else rule.title if rule else "",
                decision is not None,
            )
        )
    return sorted(placed, key=_by_urgency)


def due_in_words(action: Action, today: date) -> str:
    """Return by when it is to be done, or when it was; that a day has passed is said."""
    if action.done_on is not None:
        return f"done {day_in_words(action.done_on)}"
    if action.due is None:
        return ""
    days = (action.due - today).days
    if days < 0:
        return f"overdue since {day_in_words(action.due)}"
    return "due today" if days == 0 else "due tomorrow" if days == 1 else f"due {day_in_words(action.due)}"


def _by_urgency(placed: PlacedAction) -> tuple[bool, int]:
    action = placed.action
    if action.done_on is not None:
        return True, -action.done_on.toordinal()
    return False, (action.due or date.max).toordinal()
