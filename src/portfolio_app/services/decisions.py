"""The assessor's decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Action, Decision, Verdict
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.services.references import find_leaf, leaf_of_id
from portfolio_app.services.text_input import line, prose
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioEditor


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
    with portfolio.read() as reader:
        unit, requirement = find_leaf(reader, address)
    (decision, action), changes = _record(portfolio, unit, requirement, verdict, by=by, comment=comment)
    return (decision, unit.addresses()[requirement.id], action), changes


def record_decision(
    portfolio: PortfolioFile,
    requirement_id: str,
    verdict: Verdict,
    by: str,
    comment: str = "",
    *,
    decided_on: date | None = None,
    due: date | None = None,
) -> tuple[tuple[Decision, Action | None], Changes]:
    """Record a decision for good, today unless another day is given; a later one supersedes it.

    Whatever is not met becomes an action for the learner, to be done by ``due``.

    Raises:
        UnknownReference: the requirement is not there any more.
        InvalidInput: it only groups others, the name is missing, or the day is to come.
    """
    with portfolio.read() as reader:
        unit, requirement = leaf_of_id(reader, requirement_id)
    return _record(portfolio, unit, requirement, verdict, by=by, comment=comment, decided_on=decided_on, due=due)


def record_decisions(
    portfolio: PortfolioFile,
    requirement_ids: Sequence[str],
    verdict: Verdict,
    by: str,
    comment: str = "",
    *,
    decided_on: date | None = None,
    due: date | None = None,
) -> tuple[list[Decision], Changes]:
    """Record the same decision on several requirements in one step: on all of them, or on none.

    Whatever is not met becomes an action for each requirement.

    Raises:
        UnknownReference: a requirement is not there any more.
        InvalidInput: none is named, one only groups others, the name is missing, or the day is to come.
    """
    if not requirement_ids:
        raise InvalidInput("Choose the requirements that are decided.")
    with portfolio.read() as reader:
        leaves = [leaf_of_id(reader, requirement_id) for requirement_id in dict.fromkeys(requirement_ids)]
    if len(leaves) == 1:
        unit, requirement = leaves[0]
        (decision, _), changes = _record(
            portfolio, unit, requirement, verdict, by=by, comment=comment, decided_on=decided_on, due=due
        )
        return [decision], changes
    given = DecisionGiven(verdict, by, comment, decided_on, due)
    made = [given.on(unit, requirement) for unit, requirement in leaves]
    with portfolio.edit(f"Decide {len(made):,} requirements: {verdict}", barrier=True) as editor:
        put_decisions(editor, made)
        return [decision for decision, _ in made], editor.changes


def decisions_of(portfolio: PortfolioFile, requirement_id: str) -> list[Decision]:
    """Return every decision on a requirement, newest first; the first is the one that counts."""
    with portfolio.read() as reader:
        return [each for each in reversed(reader.decisions()) if each.requirement_id == requirement_id]


def acknowledge(portfolio: PortfolioFile, decision_id: str) -> tuple[Action, Changes]:
    """Note that the learner has taken a decision in: the action that it made is done.

    Where a decision made none, as one of "met", a finished one is noted: the trail then says who read what when.

    Raises:
        UnknownReference: there is no such decision.
    """
    today = datetime.now().astimezone().date()
    with portfolio.read() as reader:
        decision = next((each for each in reader.decisions() if each.id == decision_id), None)
        if decision is None:
            raise UnknownReference("That decision is not in this portfolio.")
        unit, requirement = leaf_of_id(reader, decision.requirement_id)
        made = [each for each in reader.actions() if each.origin == decision_id]
    address = unit.addresses()[requirement.id]
    with portfolio.edit(f"Acknowledge the decision on {address}") as editor:
        for action in made:
            if action.done_on is None:
                editor.put_action(_done(action, today))
        if not made:
            text = f"{address}: read {decision.by}’s decision “{decision.verdict}”"
            made = [Action(new_id(), text, requirement_id=requirement.id, origin=decision_id)]
            editor.put_action(_done(made[0], today))
        return _done(made[0], today), editor.changes


def _done(action: Action, today: date) -> Action:
    return action if action.done_on else replace(action, done_on=today)


def _record(
    portfolio: PortfolioFile,
    unit: Unit,
    requirement: Requirement,
    verdict: Verdict,
    *,
    by: str,
    comment: str,
    decided_on: date | None = None,
    due: date | None = None,
) -> tuple[tuple[Decision, Action | None], Changes]:
    address = unit.addresses()[requirement.id]
    decision, action = DecisionGiven(verdict, by, comment, decided_on, due).on(unit, requirement)
    with portfolio.edit(f"Decide {address}: {verdict}", barrier=True) as editor:
        put_decisions(editor, [(decision, action)])
        return (decision, action), editor.changes


def put_decisions(editor: PortfolioEditor, made: Iterable[tuple[Decision, Action | None]]) -> None:
    """Store decisions, each with the action that follows from it, inside an edit."""
    for decision, action in made:
        editor.add_decision(decision)
        if action is not None:
            editor.put_action(action)


class DecisionGiven:
    """What an assessor gives for one requirement or many, fit to be stored.

    ``seen_at`` and ``source`` say which copy it was given on and by which document it came back, as in a decision.
    """

    def __init__(
        self,
        verdict: Verdict,
        by: str,
        comment: str = "",
        decided_on: date | None = None,
        due: date | None = None,
        *,
        seen_at: datetime | None = None,
        source: str = "",
    ) -> None:
        """Check what is given.

        Raises:
            InvalidInput: the name is missing, or the day is to come.
        """
        self._by = line(by, "The assessor’s name", required=True)
        self._comment = prose(comment, "The comment")
        self._verdict, self._due = verdict, due
        self._moment = moment_of(decided_on, seen_at)
        self._seen_at, self._source = seen_at, source

    def on(self, unit: Unit, requirement: Requirement) -> tuple[Decision, Action | None]:
        """Return the decision on a requirement, and the action that follows from it unless it is met."""
        decision = Decision(
            new_id(),
            requirement.id,
            self._verdict,
            self._by,
            self._comment,
            self._moment,
            self._seen_at,
            self._source,
        )
        if self._verdict is Verdict.MET:
            return decision, None
        text = " ".join(self._comment.split()) or f"Answer {self._by}’s decision “{self._verdict}”"
        address = unit.addresses()[requirement.id]
        action = Action(new_id(), f"{address}: {text}", self._due, requirement_id=requirement.id, origin=decision.id)
        return decision, action


def moment_of(decided_on: date | None, seen_at: datetime | None = None) -> datetime:
    """Return the present moment for today, and noon for a day that has passed: nobody noted the hour.

    What was seen on a copy was not decided before that was made.

    Raises:
        InvalidInput: the day is to come.
    """
    now = datetime.now(UTC)
    today = now.astimezone().date()
    if decided_on is None or decided_on == today:
        return now
    if decided_on > today:
        raise InvalidInput("A decision cannot be dated on a day to come.")
    noon = datetime.combine(decided_on, time(12)).astimezone(UTC)
    return seen_at if seen_at is not None and seen_at > noon and seen_at.astimezone().date() == decided_on else noon
