"""The assessor's decisions."""

from __future__ import annotations

from datetime import UTC, datetime

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Action, Decision, Verdict
from portfolio_app.domain.identifiers import new_id
from portfolio_app.services.references import find_leaf
from portfolio_app.services.text_input import line, prose
from portfolio_app.storage.portfolio_file import PortfolioFile


def decide(
    portfolio: PortfolioFile, address: str, verdict: Verdict, by: str, comment: str = ""
) -> tuple[tuple[Decision, str, Action | None], Changes]:
    """Record a decision for good; a later one supersedes it.

    Whatever is not met becomes an action for the learner.

    Returns:
        The decision, the requirement's full address, and the action if there is one.

    Raises:
        UnknownReference: there is no such requirement.
        InvalidInput: the requirement only groups others, or the name is missing.
    """
    by, comment = line(by, "The assessor’s name", required=True), prose(comment, "The comment")
    with portfolio.read() as reader:
        unit, requirement = find_leaf(reader, address)
    full_address = unit.addresses()[requirement.id]
    decision = Decision(new_id(), requirement.id, verdict, by, comment, datetime.now(UTC))
    action = None
    if verdict is not Verdict.MET:
        text = " ".join(comment.split()) or f"Answer {by}’s decision “{verdict}”"
        action = Action(new_id(), f"{full_address}: {text}", requirement_id=requirement.id, origin=decision.id)
    with portfolio.edit(f"Decide {full_address}: {verdict}", barrier=True) as editor:
        editor.add_decision(decision)
        if action is not None:
            editor.put_action(action)
        return (decision, full_address, action), editor.changes
