"""What the assessor decided, what has changed since, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from portfolio_app.domain.claims import Action, Decision, Verdict
from portfolio_app.domain.coverage import CoverageState, Tally, coverage
from portfolio_app.domain.evidence import Person
from portfolio_app.domain.gap_facts import GapFacts, Leaf
from portfolio_app.domain.qualification import Requirement
from portfolio_app.domain.requirement_rules import newest_change
from portfolio_app.storage.portfolio_file import PortfolioFile


@dataclass(frozen=True, slots=True)
class RequirementFeedback:
    """A requirement with what was decided on it.

    ``decisions`` are newest first: the first counts, the others are its history. ``evidence`` are the references
    of the items claimed for it, ``changed`` those whose content has changed since the decision; ``changed_at`` (UTC)
    is when anything of it last did, claims included. ``actions`` are those on the requirement in the order they were
    made.
    """

    requirement: Requirement
    address: str
    state: CoverageState
    decisions: tuple[Decision, ...]
    evidence: tuple[str, ...]
    changed: tuple[str, ...]
    changed_at: datetime | None
    actions: tuple[Action, ...]

    @property
    def decision(self) -> Decision | None:
        """The decision that counts."""
        return self.decisions[0] if self.decisions else None

    @property
    def answered(self) -> bool:
        """Whether something has changed since the decision; then it is the assessor's turn again."""
        return self.decision is not None and self.changed_at is not None and self.changed_at > self.decision.considers

    @property
    def waits_for_learner(self) -> bool:
        """Whether the assessor asked for more and nothing has changed since."""
        return self.decision is not None and self.decision.verdict is not Verdict.MET and not self.answered

    @property
    def waits_for_assessor(self) -> bool:
        """Whether there is something to decide: claims without a decision, or an answer to one."""
        if self.decision is None:
            return bool(self.evidence)
        return self.decision.verdict is not Verdict.MET and self.answered

    @property
    def acknowledged(self) -> bool:
        """Whether the learner has taken the decision in: what it asked for is done, or noted as read."""
        decision = self.decision
        made = [action for action in self.actions if decision is not None and action.origin == decision.id]
        return bool(made) and all(action.done_on for action in made)


@dataclass(frozen=True, slots=True)
class UnitFeedback:
    """One unit's requirements in printed order."""

    unit_id: str
    code: str
    title: str
    tally: Tally
    requirements: tuple[RequirementFeedback, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """All feedback. ``assessors`` are names to offer: who decided before, newest first, then who is one by role.

    ``actions`` are all of them: open before done, and of these the earliest due first, those without a day last.
    """

    units: tuple[UnitFeedback, ...]
    assessors: tuple[str, ...]
    actions: tuple[Action, ...]

    @property
    def waiting_for_learner(self) -> int:
        """The number of decisions that ask for more and after which nothing has changed."""
        return sum(each.waits_for_learner for unit in self.units for each in unit.requirements)

    @property
    def waiting_for_assessor(self) -> int:
        """The number of requirements with something to decide."""
        return sum(each.waits_for_assessor for unit in self.units for each in unit.requirements)


def feedback(portfolio: PortfolioFile) -> Feedback:
    """Return the decisions and actions of the portfolio, requirement by requirement."""
    with portfolio.read() as reader:
        facts = reader.facts({})
        decisions, actions, people = reader.decisions(), reader.actions(), reader.people()
    states = coverage(facts)
    known = GapFacts.gather(facts, {}, date.min)
    on_leaf: dict[str, list[Decision]] = {}
    for decision in reversed(decisions):
        on_leaf.setdefault(decision.requirement_id, []).append(decision)
    to_do: dict[str, list[Action]] = {}
    for action in actions:
        if action.requirement_id:
            to_do.setdefault(action.requirement_id, []).append(action)
    units = tuple(
        UnitFeedback(
            unit.id,
            unit.code,
            unit.title,
            states.unit(unit.id).tally,
            tuple(
                _requirement(
                    known,
                    leaf,
                    states.states[leaf.requirement.id],
                    on_leaf.get(leaf.requirement.id, ()),
                    to_do.get(leaf.requirement.id, ()),
                )
                for leaf in known.leaves[unit.id]
            ),
        )
        for unit in facts.units
    )
    return Feedback(units, _assessors(decisions, people), tuple(sorted(actions, key=_by_urgency)))


def _requirement(
    known: GapFacts, leaf: Leaf, state: CoverageState, decisions: Sequence[Decision], actions: Sequence[Action]
) -> RequirementFeedback:
    items = known.in_order(leaf.items)
    changed: tuple[str, ...] = ()
    if decisions:
        considered = decisions[0].considers.astimezone(UTC).isoformat()
        changed = tuple(f"E{item.number}" for item in items if item.revised_at > considered)
    return RequirementFeedback(
        requirement=leaf.requirement,
        address=leaf.address,
        state=state,
        decisions=tuple(decisions),
        evidence=tuple(f"E{item.number}" for item in items),
        changed=changed,
        changed_at=newest_change(known, leaf),
        actions=tuple(actions),
    )


def _assessors(decisions: Sequence[Decision], people: Sequence[Person]) -> tuple[str, ...]:
    decided = [decision.by for decision in reversed(decisions)]
    by_role = [person.name for person in people if "assess" in f"{person.role} {person.status}".casefold()]
    names: dict[str, str] = {}
    for name in (*decided, *by_role):
        names.setdefault(name.casefold(), name)
    return tuple(names.values())


def _by_urgency(action: Action) -> tuple[bool, date]:
    return action.done_on is not None, action.due or date.max
