"""What a qualification asks of its units, group by group, and what is missing in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.coverage import CoverageState, Tally
from portfolio_app.domain.qualification import Qualification, Unit, UnitGroup
from portfolio_app.domain.unit_groups import Amount, QualificationStanding, qualification_standing

CORE = UnitGroup("core", "Core", mandatory=True)
CHOICE = UnitGroup("choice", "Group A", least_units=2, least_credits=12)
MET, OPEN = Tally({CoverageState.MET: 3}), Tally({CoverageState.MET: 1, CoverageState.NONE: 1})
CLAIMED = Tally({CoverageState.PROOF: 2, CoverageState.NOT_YET_MET: 1})


def _unit(number: int, group: str = "", value: int | None = 6, *, mandatory: bool = False) -> Unit:
    return Unit(f"u{number}", f"U{number}", "Plan", credits=value, group_id=group, mandatory=mandatory)


def _standing(units: Sequence[Unit], **tallies: Tally) -> QualificationStanding:
    return qualification_standing(Qualification(groups=(CORE, CHOICE), least_credits=30), units, tallies)


def test_units_and_credits_are_counted_by_how_far_they_are() -> None:
    found = _standing([_unit(1, "core", 10), _unit(2, "core", 8), _unit(3, "choice"), _unit(4, "choice")],
                      u1=MET, u2=CLAIMED, u3=MET, u4=OPEN)  # fmt: skip
    core, choice = found.groups
    assert (core.needed, core.chosen, core.claimed, core.achieved) == (
        Amount(2, 18), Amount(2, 18), Amount(2, 18), Amount(1, 10),
    )  # fmt: skip
    assert (choice.needed, choice.claimed, choice.achieved) == (Amount(2, 12), Amount(1, 6), Amount(1, 6))
    assert (core.rule, choice.rule, found.whole.rule) == (
        "all its units", "at least 2 units and 12 credits", "at least 30 credits",
    )  # fmt: skip
    assert core.missing == "1 of 2 units and 10 of 18 credits achieved so far."
    assert found.whole.missing == "16 of 30 credits achieved so far."
    assert found.shortages == ()
    assert not found.is_achieved


def test_what_the_units_chosen_lack_is_said_with_what_to_do() -> None:
    found = _standing([_unit(1, "choice", 9), _unit(2, "choice", None), _unit(3, "gone", 3)])
    core, choice, whole = found.shortages
    assert core == "The group “Core” asks for all its units and has none yet: choose units for it."
    assert choice == (
        "The group “Group A” asks for at least 2 units and 12 credits; the units chosen have 9 credits "
        "(U2 does not say its credits): choose more units for it, or say the credits."
    )
    assert whole.startswith("The qualification asks for at least 30 credits; the units chosen have 12 credits (U2 ")
    assert [unit.code for unit in found.ungrouped] == ["U3"]


def test_a_mandatory_unit_in_no_group_keeps_the_qualification_open() -> None:
    everything = [_unit(1, "core", 12), _unit(2, "choice"), _unit(3, "choice", 12), _unit(4, "", 0, mandatory=True)]
    done = _standing(everything, u1=MET, u2=MET, u3=MET, u4=MET)
    assert done.is_achieved
    assert not _standing(everything, u1=MET, u2=MET, u3=MET, u4=OPEN).is_achieved
    assert _standing(everything, u1=MET, u2=MET, u3=MET).open_units == ("U4",)
    undescribed = qualification_standing(Qualification(), everything, {})
    assert not undescribed.is_described
    assert not undescribed.is_achieved
    assert undescribed.shortages == ()


_UNITS = st.lists(
    st.builds(_unit, st.integers(1, 99), st.sampled_from(["core", "choice", ""]), st.none() | st.integers(0, 40)),
    max_size=8,
    unique_by=lambda unit: unit.id,
)


@given(_UNITS, st.data(), st.integers(0, 4), st.integers(0, 40))
def test_more_achieved_never_takes_anything_away(
    units: list[Unit], data: st.DataObject, least_units: int, least_credits: int
) -> None:
    group = replace(CHOICE, least_units=least_units, least_credits=least_credits)
    qualification = Qualification(groups=(CORE, group), least_credits=least_credits)
    met = data.draw(st.sets(st.sampled_from([unit.id for unit in units]))) if units else set()
    some = qualification_standing(qualification, units, dict.fromkeys(met, MET))
    every = qualification_standing(qualification, units, {unit.id: MET for unit in units})
    for before, after in zip((*some.groups, some.whole), (*every.groups, every.whole), strict=True):
        assert before.chosen == after.chosen == after.achieved
        assert not before.is_achieved or after.is_achieved
        # All achieved, a group is achieved exactly where its units were enough, and says what is missing else.
        assert after.is_achieved is after.is_filled
        assert bool(before.missing) is not before.is_achieved
    assert len(every.in_order()) == len(units)
