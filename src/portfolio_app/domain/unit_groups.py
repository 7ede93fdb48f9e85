"""What a qualification asks of its units, group by group, and how far that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portfolio_app.domain.coverage import CoverageState, Tally
from portfolio_app.domain.qualification import Qualification, Unit, UnitGroup

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Amount:
    """So many units, which come to so many credits; a unit that does not say its credits counts none."""

    units: int = 0
    credits: int = 0


@dataclass(frozen=True, slots=True)
class GroupStanding:
    """What a group asks for and how far it is; of the whole qualification ``group`` is ``None``.

    ``chosen`` are the units that the portfolio has, ``claimed`` those of them with a claim for every requirement, and
    ``achieved`` those of which every requirement is met. ``asked`` is the least that the rule names and ``needed`` what
    has to be achieved: of a mandatory group, all its units. ``unknown`` are the codes of units that do not say their
    credits, where credits are asked for.
    """

    group: UnitGroup | None
    units: tuple[Unit, ...]
    asked: Amount
    needed: Amount
    chosen: Amount
    claimed: Amount
    achieved: Amount
    unknown: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What the group is called; empty for the whole."""
        return self.group.title if self.group else ""

    @property
    def is_filled(self) -> bool:
        """Whether the units chosen are enough, once they are achieved."""
        return _covers(self.chosen, self.asked) and (bool(self.units) or not (self.group and self.group.mandatory))

    @property
    def is_achieved(self) -> bool:
        """Whether what is needed is achieved; a group that asks for nothing is."""
        return self.is_filled and _covers(self.achieved, self.needed)

    @property
    def rule(self) -> str:
        """What is asked for, in words: “all its units”, “at least 2 units and 12 credits”."""
        least = f"at least {_in_words(self.asked)}" if _in_words(self.asked) else ""
        if self.group is None:
            return least
        if self.group.mandatory:
            return f"all its units, {least}" if least else "all its units"
        return least or "any of its units"

    @property
    def shortage(self) -> str:
        """Say in a sentence what the units chosen lack, and what to do; empty where they are enough."""
        if self.is_filled:
            return ""
        name = f"The group “{self.title}”" if self.group else "The qualification"
        if not self.units:
            return f"{name} asks for {self.rule} and has none yet: choose units for it."
        have = [units_in_words(self.chosen.units)] if self.asked.units > self.chosen.units else []
        if self.asked.credits > self.chosen.credits:
            have.append(credits_in_words(self.chosen.credits) if self.chosen.credits else "no credits")
        unsaid, remedy = "", "choose more units for it"
        if self.unknown and self.asked.credits > self.chosen.credits:
            codes = ", ".join(self.unknown[:_NAMED]) + (" …" if len(self.unknown) > _NAMED else "")
            unsaid = f" ({codes} {'does not say its' if len(self.unknown) == 1 else 'do not say their'} credits)"
            remedy += ", or say the credits"
        return f"{name} asks for {self.rule}; the units chosen have {' and '.join(have)}{unsaid}: {remedy}."

    @property
    def missing(self) -> str:
        """Say in a sentence what is still to be achieved; empty where nothing is."""
        if self.is_achieved:
            return ""
        if not self.is_filled:
            return self.shortage
        parts = []
        if self.needed.units > self.achieved.units:
            parts.append(f"{self.achieved.units:,} of {units_in_words(self.needed.units)}")
        if self.needed.credits > self.achieved.credits:
            parts.append(f"{self.achieved.credits:,} of {credits_in_words(self.needed.credits)}")
        return f"{' and '.join(parts)} achieved so far."


@dataclass(frozen=True, slots=True)
class QualificationStanding:
    """How far a qualification is: its groups in their order, the units in none of them, and the whole.

    ``open_units`` are the codes of mandatory units in no group that are not achieved. Where ``is_described`` is false
    the qualification has neither groups nor credits to come to, and there is nothing to say.
    """

    groups: tuple[GroupStanding, ...]
    ungrouped: tuple[Unit, ...]
    open_units: tuple[str, ...]
    whole: GroupStanding
    is_described: bool

    @property
    def is_achieved(self) -> bool:
        """Whether every group, every mandatory unit in none, and the whole are achieved."""
        return (
            self.is_described
            and not self.open_units
            and self.whole.is_achieved
            and all(group.is_achieved for group in self.groups)
        )

    @property
    def shortages(self) -> tuple[str, ...]:
        """The sentences that say which groups need more units, and whether the whole does."""
        return tuple(filter(None, (each.shortage for each in (*self.groups, self.whole))))

    def in_order(self) -> list[Unit]:
        """Return the units as they are shown: group by group, and those in none last."""
        return [unit for group in self.groups for unit in group.units] + list(self.ungrouped)


def qualification_standing(
    qualification: Qualification, units: Sequence[Unit], tallies: Mapping[str, Tally]
) -> QualificationStanding:
    """Work out how far each group and the whole are.

    Args:
        qualification: its groups, and the credits of the whole.
        units: those of the portfolio, in its order. One in a group that is not there is in none.
        tallies: how far each unit is, by its id; one that is not there is not begun.
    """
    known = {group.id for group in qualification.groups}
    ungrouped = tuple(unit for unit in units if unit.group_id not in known)
    open_units = tuple(unit.code for unit in ungrouped if unit.mandatory and not _is_achieved(unit, tallies))
    groups = tuple(
        _standing(group, [unit for unit in units if unit.group_id == group.id], tallies)
        for group in qualification.groups
    )
    whole = _amounts(None, units, tallies, Amount(0, qualification.least_credits))
    return QualificationStanding(
        groups, ungrouped, open_units, whole, bool(qualification.groups or qualification.least_credits)
    )


def units_in_words(number: int) -> str:
    """Return “1 unit” or “3 units”."""
    return f"{number:,} unit{'' if number == 1 else 's'}"


def credits_in_words(number: int) -> str:
    """Return “1 credit” or “12 credits”."""
    return f"{number:,} credit{'' if number == 1 else 's'}"


def _standing(group: UnitGroup, units: Sequence[Unit], tallies: Mapping[str, Tally]) -> GroupStanding:
    return _amounts(group, units, tallies, Amount(group.least_units, group.least_credits))


def _amounts(
    group: UnitGroup | None, units: Sequence[Unit], tallies: Mapping[str, Tally], asked: Amount
) -> GroupStanding:
    chosen = _amount(units)
    needed = asked
    if group is not None and group.mandatory:
        needed = Amount(max(chosen.units, asked.units), max(chosen.credits, asked.credits))
    return GroupStanding(
        group,
        tuple(units),
        asked,
        needed,
        chosen,
        _amount(unit for unit in units if _is_claimed(unit, tallies)),
        _amount(unit for unit in units if _is_achieved(unit, tallies)),
        tuple(unit.code for unit in units if unit.credits is None) if asked.credits else (),
    )


def _amount(units: Iterable[Unit]) -> Amount:
    listed = list(units)
    return Amount(len(listed), sum(unit.credits or 0 for unit in listed))


def _is_achieved(unit: Unit, tallies: Mapping[str, Tally]) -> bool:
    return unit.id in tallies and tallies[unit.id].complete


def _is_claimed(unit: Unit, tallies: Mapping[str, Tally]) -> bool:
    tally = tallies.get(unit.id)
    return tally is not None and tally.total > 0 and not tally[CoverageState.NONE]


def _covers(there: Amount, wanted: Amount) -> bool:
    return there.units >= wanted.units and there.credits >= wanted.credits


def _in_words(amount: Amount) -> str:
    """Return “2 units and 12 credits”, without what is nought; empty where both are."""
    parts = [units_in_words(amount.units)] if amount.units else []
    parts += [credits_in_words(amount.credits)] if amount.credits else []
    return " and ".join(parts)
