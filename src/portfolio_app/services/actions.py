"""What to do next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Action
from portfolio_app.domain.errors import UnknownReference
from portfolio_app.domain.gaps import Gap
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import find_requirement
from portfolio_app.services.references import find_evidence
from portfolio_app.services.text_input import line, shortened
from portfolio_app.storage.portfolio_file import PortfolioFile


def list_actions(portfolio: PortfolioFile) -> list[Action]:
    """Return all actions, done ones too; their place in this list, from 1, is the number they are called by."""
    with portfolio.read() as reader:
        return reader.actions()


def numbered_action(portfolio: PortfolioFile, number: int) -> Action:
    """Return the action that is called by this number.

    Raises:
        UnknownReference: there is none.
    """
    actions = list_actions(portfolio)
    if not 1 <= number <= len(actions):
        raise UnknownReference(f"There is no action {number}; “action list” shows their numbers.")
    return actions[number - 1]


def add_action(
    portfolio: PortfolioFile,
    text: str,
    *,
    due: date | None = None,
    address: str | None = None,
    evidence_ref: str | None = None,
    requirement_id: str | None = None,
    evidence_id: str | None = None,
    origin: str = "",
) -> tuple[Action, Changes]:
    """Note something to do, perhaps for a requirement or an item, each by its reference or its id.

    ``origin`` is the id of the decision or the rule that it comes from.

    Raises:
        UnknownReference: there is no such requirement or item.
        InvalidInput: there are no words.
    """
    text = line(text, "The action", required=True)
    with portfolio.edit(f"Add action “{text}”") as editor:
        if address:
            requirement_id = find_requirement(editor.units(), address)[1].id
        if evidence_ref:
            evidence_id = find_evidence(editor, evidence_ref).id
        action = Action(new_id(), text, due, requirement_id=requirement_id, evidence_id=evidence_id, origin=origin)
        editor.put_action(action)
        return action, editor.changes


def action_from_gap(
    portfolio: PortfolioFile, gap: Gap, *, text: str = "", due: date | None = None
) -> tuple[Action, Changes]:
    """Note what a gap asks for as something to do; in its own words unless others are given.

    Raises:
        InvalidInput: the words cannot be used.
    """
    return add_action(
        portfolio,
        text.strip() or shortened(gap.message),
        due=due,
        requirement_id=gap.requirement_id,
        evidence_id=gap.evidence_id,
        origin=gap.rule,
    )


def edit_action(portfolio: PortfolioFile, action_id: str, text: str, due: date | None) -> tuple[Action, Changes]:
    """Change the words and the day of an action; ``None`` leaves the day open.

    Raises:
        UnknownReference: the action is not there any more.
        InvalidInput: there are no words.
    """
    text = line(text, "The action", required=True)
    return _put(portfolio, "Change", replace(_stored(portfolio, action_id), text=text, due=due))


def finish_action(portfolio: PortfolioFile, action_id: str, done_on: date | None = None) -> tuple[Action, Changes]:
    """Tick an action off, today unless another day is given.

    Raises:
        UnknownReference: the action is not there any more.
    """
    done_on = done_on or datetime.now().astimezone().date()
    return _put(portfolio, "Finish", replace(_stored(portfolio, action_id), done_on=done_on))


def reopen_action(portfolio: PortfolioFile, action_id: str) -> tuple[Action, Changes]:
    """Take the tick off an action again.

    Raises:
        UnknownReference: the action is not there any more.
    """
    return _put(portfolio, "Reopen", replace(_stored(portfolio, action_id), done_on=None))


def remove_action(portfolio: PortfolioFile, action_id: str) -> tuple[Action, Changes]:
    """Take an action off the list.

    Raises:
        UnknownReference: the action is not there any more.
    """
    action = _stored(portfolio, action_id)
    with portfolio.edit(f"Remove action “{action.text}”") as editor:
        editor.remove_action(action_id)
        return action, editor.changes


def _put(portfolio: PortfolioFile, verb: str, action: Action) -> tuple[Action, Changes]:
    with portfolio.edit(f"{verb} action “{action.text}”") as editor:
        editor.put_action(action)
        return action, editor.changes


def _stored(portfolio: PortfolioFile, action_id: str) -> Action:
    for action in list_actions(portfolio):
        if action.id == action_id:
            return action
    raise UnknownReference("That action is not in this portfolio any more.")
