"""The structure of a qualification: groups of units, what each asks for, and how far that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.coverage import coverage
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import Qualification, Unit, UnitGroup, find_unit
from portfolio_app.domain.unit_groups import QualificationStanding, qualification_standing
from portfolio_app.services.references import nearest
from portfolio_app.services.text_input import line
from portfolio_app.services.unit_editing import UnitTree
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioEditor

MOST_GROUPS = 50
MOST_UNITS_ASKED = 200
MOST_CREDITS = 9_999


@dataclass(frozen=True, slots=True)
class GroupGiven:
    """What is said of a group. ``None`` leaves it as it is, or as usual in a new one: optional, asking for nothing.

    ``place`` is where it is shown among the others, from 1.
    """

    title: str | None = None
    mandatory: bool | None = None
    least_units: int | None = None
    least_credits: int | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """Everything about the groups at once, as they are edited in a form.

    ``group_of`` holds for units, by their ids, the id of the group that each is in; those that it leaves out, or has
    an empty id for, are in none.
    """

    least_credits: int
    groups: tuple[UnitGroup, ...]
    group_of: Mapping[str, str]


def standing_of_qualification(portfolio: PortfolioFile) -> tuple[Qualification, QualificationStanding]:
    """Return the qualification, and how far each of its groups and the whole are."""
    with portfolio.read() as reader:
        facts = reader.facts({})
    tallies = {unit.unit_id: unit.tally for unit in coverage(facts).units}
    return facts.qualification, qualification_standing(facts.qualification, facts.units, tallies)


def standing_of_trees(portfolio: PortfolioFile, trees: Sequence[UnitTree]) -> QualificationStanding:
    """Return how far the groups are, by the standings of all units that were read already."""
    with portfolio.read() as reader:
        qualification = reader.details().qualification
    tallies = {tree.unit.id: tree.coverage.tally for tree in trees}
    return qualification_standing(qualification, [tree.unit for tree in trees], tallies)


def set_structure(portfolio: PortfolioFile, wanted: Structure) -> tuple[Qualification, Changes]:
    """Make the groups, and which units are in them, what is given, in one step.

    Raises:
        InvalidInput: a group has no title, or that of another one, or a number cannot be used.
        UnknownReference: a unit or a group that is named is not there.
    """
    with portfolio.read() as reader:
        units = reader.units()
    known = {group.id for group in wanted.groups}
    if set(wanted.group_of) - {unit.id for unit in units} or {*wanted.group_of.values()} - known - {""}:
        raise UnknownReference("The units have changed meanwhile; look at them again before you group them.")
    with portfolio.edit("Change the groups of units") as editor:
        qualification = replace(
            editor.details().qualification, least_credits=wanted.least_credits, groups=wanted.groups
        )
        return _store(editor, qualification, wanted.group_of), editor.changes


def set_least_credits(portfolio: PortfolioFile, least_credits: int) -> tuple[Qualification, Changes]:
    """Say how many credits all units together have to come to, 0 where that is not asked.

    Raises:
        InvalidInput: there cannot be so many.
    """
    with portfolio.edit("Set the credits that the qualification asks for") as editor:
        qualification = replace(editor.details().qualification, least_credits=least_credits)
        return _store(editor, qualification, _group_of(editor)), editor.changes


def put_group(portfolio: PortfolioFile, name: str, given: GroupGiven) -> tuple[UnitGroup, Changes]:
    """Change the group of this title, or make one after the others where there is none.

    Raises:
        InvalidInput: the title is empty or that of another group, or a number cannot be used.
    """
    with portfolio.read() as reader:
        before = _find(reader.details().qualification.groups, name)
    title = line(name if given.title is None else given.title, "The group’s title", required=True)
    verb = "Change" if before else "Add"
    with portfolio.edit(f"{verb} the group {title}") as editor:
        qualification = editor.details().qualification
        base = before or UnitGroup(new_id(), title)
        group = UnitGroup(
            base.id,
            title,
            base.mandatory if given.mandatory is None else given.mandatory,
            base.least_units if given.least_units is None else given.least_units,
            base.least_credits if given.least_credits is None else given.least_credits,
        )
        groups = [each for each in qualification.groups if each.id != group.id]
        place = given.place or (qualification.groups.index(before) if before else len(groups)) + 1
        if not 1 <= place <= len(groups) + 1:
            raise InvalidInput(f"A group can be moved to the places 1 to {len(groups) + 1}.")
        groups.insert(place - 1, group)
        _store(editor, replace(qualification, groups=tuple(groups)), _group_of(editor))
        return group, editor.changes


def remove_group(portfolio: PortfolioFile, name: str) -> tuple[UnitGroup, Changes]:
    """Remove a group. Its units stay, in no group, mandatory or optional as they were.

    Raises:
        UnknownReference: there is no such group.
    """
    with portfolio.read() as reader:
        group = find_group(reader.details().qualification, name)
    with portfolio.edit(f"Remove the group {group.title}") as editor:
        qualification = editor.details().qualification
        groups = tuple(each for each in qualification.groups if each.id != group.id)
        _store(editor, replace(qualification, groups=groups), _group_of(editor))
        return group, editor.changes


def put_units(portfolio: PortfolioFile, name: str, codes: Sequence[str]) -> tuple[list[Unit], Changes]:
    """Put units into a group, or into none where its name is empty, in one step; return them as they are then.

    Raises:
        UnknownReference: there is no such group or unit.
        InvalidInput: no unit is named.
    """
    if not codes:
        raise InvalidInput("Name the units.")
    with portfolio.read() as reader:
        units = reader.units()
        group = find_group(reader.details().qualification, name) if name else None
    chosen = [find_unit(units, code) for code in codes]
    named = chosen[0].code if len(chosen) == 1 else f"{len(chosen):,} units"
    step = f"Put {named} into the group {group.title}" if group else f"Take {named} out of the groups"
    with portfolio.edit(step) as editor:
        group_of = _group_of(editor) | {unit.id: group.id if group else "" for unit in chosen}
        _store(editor, editor.details().qualification, group_of)
        by_id = {unit.id: unit for unit in editor.units()}
        return [by_id[unit.id] for unit in chosen], editor.changes


def find_group(qualification: Qualification, name: str) -> UnitGroup:
    """Return the group of this title, case ignored.

    Raises:
        UnknownReference: there is none.
    """
    group = _find(qualification.groups, name)
    if group is None:
        titles = [each.title for each in qualification.groups]
        known = f"groups: {', '.join(titles)}" if titles else "it has none yet"
        raise UnknownReference(f"The qualification has no group “{name}”{nearest(name, titles)} ({known}).")
    return group


def _find(groups: Sequence[UnitGroup], name: str) -> UnitGroup | None:
    wanted = " ".join(name.split()).casefold()
    return next((group for group in groups if group.title.casefold() == wanted), None)


def _group_of(editor: PortfolioEditor) -> dict[str, str]:
    return {unit.id: unit.group_id for unit in editor.units()}


def _store(editor: PortfolioEditor, qualification: Qualification, group_of: Mapping[str, str]) -> Qualification:
    """Store the groups, and the units in them: a unit in a group is mandatory where the group is."""
    qualification = replace(
        qualification,
        least_credits=_number(qualification.least_credits, MOST_CREDITS, "The credits of the qualification"),
        groups=tuple(_checked(group) for group in qualification.groups),
    )
    _refuse_twins(qualification.groups)
    by_id = {group.id: group for group in qualification.groups}
    wanted = []
    for unit in editor.units():
        group = by_id.get(group_of.get(unit.id, ""))
        changed = replace(unit, group_id="")
        if group is not None:
            changed = replace(unit, group_id=group.id, mandatory=group.mandatory)
        if changed != unit:
            wanted.append(changed)
    details = editor.details()
    if details.qualification != qualification:
        editor.put_details(replace(details, qualification=qualification))
    for unit in wanted:
        editor.put_unit(unit)
    return qualification


def _checked(group: UnitGroup) -> UnitGroup:
    title = line(group.title, "The group’s title", required=True)
    return replace(
        group,
        title=title,
        least_units=_number(group.least_units, MOST_UNITS_ASKED, f"The units that “{title}” asks for"),
        least_credits=_number(group.least_credits, MOST_CREDITS, f"The credits that “{title}” asks for"),
    )


def _number(value: int, most: int, what: str) -> int:
    if not 0 <= value <= most:
        raise InvalidInput(f"{what} are a number from 0 to {most:,}.")
    return value


def _refuse_twins(groups: Sequence[UnitGroup]) -> None:
    if len(groups) > MOST_GROUPS:
        raise InvalidInput(f"A qualification has {MOST_GROUPS} groups at the most.")
    seen: set[str] = set()
    for group in groups:
        if group.title.casefold() in seen:
            raise InvalidInput(f"Two groups cannot both be called “{group.title}”.")
        seen.add(group.title.casefold())
