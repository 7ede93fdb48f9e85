"""What to do next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Action
from portfolio_app.domain.errors import UnknownReference
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import find_requirement
from portfolio_app.services.references import find_evidence
from portfolio_app.services.text_input import line
from portfolio_app.storage.portfolio_file import PortfolioFile


def list_actions(portfolio: PortfolioFile) -> list[Action]:
    """Return all actions, done ones too; their place in this list, from 1, is the number they are called by."""
    with portfolio.read() as reader:
        return reader.actions()


def add_action(
    portfolio: PortfolioFile,
    text: str,
    *,
    due: date | None = None,
    address: str | None = None,
    evidence_ref: str | None = None,
) -> tuple[Action, Changes]:
    """Note something to do, perhaps for a requirement or an item.

    Raises:
        UnknownReference: there is no such requirement or item.
        InvalidInput: there are no words.
    """
    text = line(text, "The action", required=True)
    with portfolio.edit(f"Add action “{text}”") as editor:
        requirement_id = find_requirement(editor.units(), address)[1].id if address else None
        evidence_id = find_evidence(editor, evidence_ref).id if evidence_ref else None
        action = Action(new_id(), text, due, requirement_id=requirement_id, evidence_id=evidence_id)
        editor.put_action(action)
        return action, editor.changes


def finish_action(portfolio: PortfolioFile, number: int, done_on: date | None = None) -> tuple[Action, Changes]:
    """Tick an action off, today unless another day is given.

    Raises:
        UnknownReference: there is no action of this number.
    """
    actions = list_actions(portfolio)
    if not 1 <= number <= len(actions):
        raise UnknownReference(f"There is no action {number}; “action list” shows their numbers.")
    action = replace(actions[number - 1], done_on=done_on or datetime.now().astimezone().date())
    with portfolio.edit(f"Finish action “{action.text}”") as editor:
        editor.put_action(action)
        return action, editor.changes
