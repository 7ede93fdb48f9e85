"""Groups of units are made, changed, filled and removed, each in one step that can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import CRITERION, Requirement, Unit, UnitGroup
from portfolio_app.services.gap_list import gap_list
from portfolio_app.services.history import undo
from portfolio_app.services.overview import overview
from portfolio_app.services.portfolios import DetailsGiven, start_portfolio
from portfolio_app.services.qualification import (
    GroupGiven,
    Structure,
    put_group,
    put_units,
    remove_group,
    set_least_credits,
    set_structure,
    standing_of_qualification,
)
from portfolio_app.services.unit_editing import edit_unit
from portfolio_app.services.units import list_units
from portfolio_app.storage.portfolio_file import PortfolioFile


@pytest.fixture
def portfolio(tmp_path: Path) -> Iterator[PortfolioFile]:
    units = [
        Unit(new_id(), "", title, credits=number, requirements=(Requirement(new_id(), "1", CRITERION, "Plan it"),))
        for title, number in (("Plan", 6), ("Do", 3), ("Check", None))
    ]
    with start_portfolio(tmp_path / "p", DetailsGiven(learner="Sam"), units) as started:
        yield started


def _groups(portfolio: PortfolioFile) -> list[tuple[str, list[str]]]:
    _, standing = standing_of_qualification(portfolio)
    return [(group.title, [unit.code for unit in group.units]) for group in standing.groups]


def test_units_in_a_group_are_mandatory_where_it_is(portfolio: PortfolioFile) -> None:
    put_group(portfolio, "Core", GroupGiven(mandatory=True))
    put_group(portfolio, "Group A", GroupGiven(least_units=2, least_credits=12))
    put_units(portfolio, "group a", ["U2", "u3"])
    put_units(portfolio, "Core", ["U1"])
    assert [unit.mandatory for unit in list_units(portfolio)] == [True, False, False]
    assert _groups(portfolio) == [("Core", ["U1"]), ("Group A", ["U2", "U3"])]
    # Whoever edits the unit cannot say otherwise, and the group's own change reaches its units.
    unit = list_units(portfolio)[1]
    changed, _ = edit_unit(portfolio, Unit(unit.id, "", "Do it", requirements=unit.requirements))
    assert (changed.group_id, changed.mandatory) == (unit.group_id, False)
    put_group(portfolio, "Group A", GroupGiven(title="Group B", mandatory=True))
    assert all(each.mandatory for each in list_units(portfolio))
    undo(portfolio)
    assert [each.mandatory for each in list_units(portfolio)] == [True, False, False]
    put_group(portfolio, "Group A", GroupGiven(place=1))
    put_units(portfolio, "", ["U3"])
    assert _groups(portfolio) == [("Group A", ["U2"]), ("Core", ["U1"])]
    remove_group(portfolio, "Group A")
    assert [(each.group_id, each.mandatory) for each in list_units(portfolio)][1:] == [("", False), ("", False)]
    undo(portfolio)
    assert _groups(portfolio) == [("Group A", ["U2"]), ("Core", ["U1"])]


def test_everything_is_set_at_once_and_undone_at_once(portfolio: PortfolioFile) -> None:
    one, two, _ = list_units(portfolio)
    groups = (UnitGroup("a", "Core", mandatory=True), UnitGroup("b", "Group A", least_credits=12))
    set_structure(portfolio, Structure(20, groups, {one.id: "a", two.id: "b"}))
    assert _groups(portfolio) == [("Core", ["U1"]), ("Group A", ["U2"])]
    set_structure(portfolio, Structure(0, groups[1:], {one.id: "b"}))
    assert _groups(portfolio) == [("Group A", ["U1"])]
    undo(portfolio)
    undo(portfolio)
    qualification, standing = standing_of_qualification(portfolio)
    assert (qualification.groups, qualification.least_credits, standing.is_described) == ((), 0, False)
    assert all(unit.mandatory for unit in list_units(portfolio))


def test_what_the_units_chosen_lack_is_a_gap_and_a_next_step(portfolio: PortfolioFile) -> None:
    put_group(portfolio, "Group A", GroupGiven(least_credits=12))
    put_units(portfolio, "Group A", ["U1", "U2"])
    (found,) = [each for each in gap_list(portfolio, {}, date(2026, 1, 1)) if each.gap.rule == "groups-not-filled"]
    assert "“Group A” asks for at least 12 credits; the units chosen have 9 credits" in found.gap.message
    assert (found.place.page, found.place.field) == ("units", "groups")
    seen = overview(portfolio, {}, date(2026, 1, 1))
    assert seen.qualification.groups[0].chosen.credits == 9
    assert "groups-not-filled" in [step.source for step in seen.next_steps]
    put_group(portfolio, "Group A", GroupGiven(least_credits=9))
    assert not [each for each in gap_list(portfolio, {}, date(2026, 1, 1)) if each.gap.rule == "groups-not-filled"]


def test_what_cannot_be_changes_nothing(portfolio: PortfolioFile) -> None:
    put_group(portfolio, "Core", GroupGiven())
    put_group(portfolio, "Group A", GroupGiven())
    before = standing_of_qualification(portfolio)[0]
    with pytest.raises(InvalidInput, match="both be called “core”"):
        put_group(portfolio, "Group A", GroupGiven(title="core"))
    with pytest.raises(InvalidInput, match="is empty"):
        put_group(portfolio, "Core", GroupGiven(title="  "))
    with pytest.raises(InvalidInput, match="a number from 0 to 9,999"):
        set_least_credits(portfolio, -1)
    with pytest.raises(InvalidInput, match="places 1 to 2"):
        put_group(portfolio, "Core", GroupGiven(place=3))
    with pytest.raises(UnknownReference, match="no group “Cor”"):
        put_units(portfolio, "Cor", ["U1"])
    with pytest.raises(UnknownReference, match="no unit “U9”"):
        put_units(portfolio, "Core", ["U1", "U9"])
    with pytest.raises(UnknownReference, match="have changed meanwhile"):
        set_structure(portfolio, Structure(0, (), {"gone": ""}))
    assert standing_of_qualification(portfolio)[0] == before
    assert not any(unit.group_id for unit in list_units(portfolio))
