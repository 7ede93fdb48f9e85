"""What a newer version of a unit changes, and that requirements in both keep their ids whatever else happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.newer_units import read_again

from portfolio_app.domain.qualification import (
    Component,
    Guidance,
    GuidanceKind,
    Requirement,
    Unit,
    UnitRules,
    former_ref,
    plain_ref,
)
from portfolio_app.domain.requirement_matching import in_other_places
from portfolio_app.domain.unit_checks import unit_problems
from portfolio_app.domain.unit_versions import (
    UnitComparison,
    compare_units,
    completed,
    older_version,
    updated_unit,
)

_IDS = count()

POINTS = (
    "Explain how to plan resources for a busy shift",
    "Describe the purpose of a service level agreement",
    "Analyse complaints to find their root cause",
    "Evaluate methods of gathering feedback from customers",
    "Supervise a team to reach agreed standards",
    "Keep records of incidents in line with the law on data protection",
    "Review the budget every quarter and report differences",
    "Explain the importance of health and safety at work",
)


def leaf(ref: str, text: str, *parts: str) -> Requirement:
    components = tuple(Component(f"c{next(_IDS)}", part) for part in parts)
    return Requirement(f"r{next(_IDS)}", ref, "criterion", text, components=components)


def heading(ref: str, text: str, *children: Requirement) -> Requirement:
    return Requirement(f"r{next(_IDS)}", ref, "outcome", text, children=children)


def unit(*requirements: Requirement, title: str = "Serve customers") -> Unit:
    return Unit(f"u{next(_IDS)}", "U2", title, requirements=requirements)


def another_reading(before: Unit) -> Unit:
    return replace(before, requirements=read_again(before.requirements))


def pairs(comparison: UnitComparison) -> dict[str, str]:
    return {each.old_address: each.new_address for each in comparison.matched}


@pytest.fixture
def before() -> Unit:
    return unit(
        heading("LO1", "Plan the service", leaf("1.1", POINTS[0]), leaf("1.2", POINTS[1], "targets", "reviews")),
        heading("LO2", "Improve the service", leaf("2.1", POINTS[2]), leaf("2.2", POINTS[3]), leaf("2.3", POINTS[4])),
    )


def test_reworded_requirements_are_found_by_their_place_and_by_their_words(before: Unit) -> None:
    one, two = read_again(before.requirements)
    changed = replace(
        before,
        requirements=(
            replace(one, children=(replace(one.children[0], text="Explain how resources are planned for shifts"),)),
            replace(
                two,
                children=(
                    replace(
                        two.children[2], ref="2.1", text="Supervise your team so that agreed standards are reached"
                    ),
                    leaf("2.2", "Recruit and induct new colleagues"),
                    replace(two.children[0], ref="2.3"),
                ),
            ),
        ),
    )
    found = compare_units(before, changed)
    assert pairs(found) == {
        "U2/LO1": "U2/LO1",
        "U2/1.1": "U2/1.1",
        "U2/LO2": "U2/LO2",
        "U2/2.3": "U2/2.1",
        "U2/2.1": "U2/2.3",
    }
    assert [each.new_address for each in found.reworded] == ["U2/1.1", "U2/2.1"]
    assert [each.new_address for each in found.renumbered] == ["U2/2.1", "U2/2.3"]
    assert [each.address for each in found.new] == ["U2/2.2"]
    assert [each.address for each in found.removed] == ["U2/1.2", "U2/2.2"]
    assert not found.is_same


def test_another_requirement_under_the_same_number_is_not_the_same_one(before: Unit) -> None:
    one, two = read_again(before.requirements)
    other = replace(one.children[1], text="Describe the purpose of an induction programme", components=())
    found = compare_units(before, replace(before, requirements=(replace(one, children=(one.children[0], other)), two)))
    assert [each.address for each in found.new] == ["U2/1.2"]
    (removed,) = found.removed
    assert (removed.address, removed.nearest_id) == ("U2/1.2", other.id)


def test_what_somebody_keeps_apart_is_not_matched(before: Unit) -> None:
    newer = another_reading(before)
    apart = {(before.requirements[0].children[0].id, newer.requirements[0].children[0].id)}
    found = compare_units(before, newer, apart)
    assert [each.address for each in found.removed] == [each.address for each in found.new] == ["U2/1.1"]


def test_a_requirement_under_another_heading_or_in_another_order_is_moved(before: Unit) -> None:
    one, two = read_again(before.requirements)
    newer = replace(
        before,
        requirements=(
            replace(
                one,
                children=(one.children[0], replace(two.children[0], ref="1.2"), replace(one.children[1], ref="1.3")),
            ),
            replace(two, children=(two.children[2], two.children[1])),
        ),
    )
    found = compare_units(before, newer)
    assert {each.old_address for each in found.moved} in ({"U2/2.1", "U2/2.2"}, {"U2/2.1", "U2/2.3"})
    assert not found.new
    assert not found.removed


def test_a_heading_that_says_something_else_is_known_by_what_stands_under_it(before: Unit) -> None:
    one, two = read_again(before.requirements)
    newer = replace(before, requirements=(replace(one, ref="A", text="Be ready for visitors"), two))
    found = compare_units(before, newer)
    assert pairs(found)["U2/LO1"] == "U2/A"
    assert not found.moved
    assert updated_unit(found).requirements[0].id == before.requirements[0].id


def test_what_became_a_heading_is_not_what_evidence_was_claimed_against(before: Unit) -> None:
    one, two = read_again(before.requirements)
    divided = heading("1.1", POINTS[0], leaf("(a)", "people"), leaf("(b)", "equipment"))
    found = compare_units(
        before, replace(before, requirements=(replace(one, children=(divided, one.children[1])), two))
    )
    (removed,) = found.removed
    assert (removed.address, removed.heading) == ("U2/1.1", "U2/1.1")
    stored = updated_unit(found, {removed.requirement.id})
    assert [node.ref for node in stored.requirements[0].children] == ["1.1", "1.2", "1.1 (former)"]


def test_parts_keep_their_ids_and_those_a_learner_made_stay_where_the_words_stay(before: Unit) -> None:
    one, two = read_again(before.requirements)
    parts = (Component("x", "clear targets"), Component("y", "escalation"))
    newer = replace(
        before, requirements=(replace(one, children=(one.children[0], replace(one.children[1], components=parts))), two)
    )
    found = compare_units(before, newer)
    targets, reviews = before.requirements[0].children[1].components
    (changed,) = found.reworded
    assert changed.parts.reworded == ((targets, "clear targets"),)
    assert (changed.parts.new, changed.parts.removed) == ((parts[1],), (reviews,))
    assert updated_unit(found).requirements[0].children[1].components == (
        replace(targets, text="clear targets"),
        parts[1],
    )
    without = replace(
        before, requirements=(replace(one, children=(one.children[0], replace(one.children[1], components=()))), two)
    )
    assert compare_units(before, without).is_same
    assert updated_unit(compare_units(before, without)).requirements[0].children[1].components == (targets, reviews)


def test_what_is_kept_stands_at_the_end_of_its_heading_and_the_next_time_too(before: Unit) -> None:
    one, two = read_again(before.requirements)
    newer = replace(before, requirements=(replace(one, children=(leaf("1.1", POINTS[7]), *one.children[1:])),))
    found = compare_units(before, newer)
    kept = {each.requirement.id for each in found.removed if each.address in {"U2/1.1", "U2/2.2", "U2/LO2"}}
    stored = updated_unit(found, kept)
    assert [(stored.addresses()[node.id], node.text) for node in stored.leaves()] == [
        ("U2/1.1", POINTS[7]),
        ("U2/1.2", POINTS[1]),
        ("U2/1.1 (former)", POINTS[0]),
        ("U2/2.2 (former)", POINTS[3]),
    ]
    assert stored.requirements[1].ref == "LO2 (former)"
    again = compare_units(stored, another_reading(newer))
    assert again.is_same
    formers = {each.requirement.id for each in again.removed if each.is_former}
    assert updated_unit(again, formers).addresses().keys() >= kept - {before.requirements[1].id}
    back = compare_units(stored, replace(another_reading(before), requirements=(one, two)))
    assert not [each for each in back.removed if each.requirement.text != POINTS[7]]


def test_the_head_the_rules_and_the_guidance_are_compared_and_silence_changes_nothing(before: Unit) -> None:
    tip, concept = Guidance(GuidanceKind.TIP, "Plan ahead."), Guidance(GuidanceKind.CONCEPT, "What is promised.", "SLA")
    before = replace(before, level="4", credits=6, guidance=(tip,), mandatory=False, rules=UnitRules(currency_years=3))
    silent = replace(
        another_reading(before),
        id="other",
        code="",
        level="",
        credits=None,
        guidance=(),
        mandatory=True,
        rules=UnitRules(),
    )
    assert compare_units(before, completed(silent, before)).is_same
    newer = replace(
        silent, title="Serve customers well", credits=7, guidance=(concept,), rules=UnitRules(simulation_allowed=False)
    )
    found = compare_units(before, completed(newer, before))
    assert [(fact.name, fact.before, fact.after) for fact in found.facts] == [
        ("Title", "Serve customers", "Serve customers well"),
        ("Credits", "6", "7"),
        ("Simulation", "allowed", "not allowed"),
        ("Years that evidence is current", "3", "2"),
    ]
    assert (found.new_guidance, found.removed_guidance) == ((concept,), (tip,))
    stored = updated_unit(found)
    assert (stored.id, stored.code, stored.mandatory) == (before.id, before.code, False)


def test_a_unit_is_known_by_its_reference_then_by_its_title(before: Unit) -> None:
    other = replace(before, id="o", code="U3", title="Lead a team", reference="M/506/2898")
    assert older_version([before, other], unit(title=" serve  CUSTOMERS ")) is before
    assert older_version([before, other], replace(unit(title="Serve customers"), reference="m/506/2898 ")) is other
    assert older_version([before, other], unit(title="")) is None


def test_references_of_former_requirements_are_unlike_all_others() -> None:
    assert former_ref("1.3", {"1.3"}) == "1.3 (former)"
    assert former_ref("1.3 (former)", {"1.3"}) == "1.3 (former)"
    assert former_ref("1.3", {"1.3 (former)"}) == "1.3 (former 2)"
    assert plain_ref("1.3 (former 2)") == "1.3"
    assert leaf("1.3 (former 2)", "").is_former
    assert not leaf("1(a)", "").is_former


# Properties


@st.composite
def trees(draw: st.DrawFn, *, texts: st.SearchStrategy[str] | None = None) -> Unit:
    """Draw units of up to three levels whose texts may repeat; references are unique under each heading."""
    words = texts or st.sampled_from([*POINTS, "Explain", "Plan", "Do it well"])

    def level(depth: int) -> tuple[Requirement, ...]:
        size = draw(st.integers(1, 4))
        made = []
        for number in range(1, size + 1):
            children = level(depth + 1) if depth < 3 and draw(st.integers(0, 3)) == 0 else ()
            parts = draw(st.lists(st.sampled_from(["targets", "reviews", "root cause"]), max_size=2, unique=True))
            node = leaf(f"{depth}.{number}", draw(words), *([] if children else parts))
            made.append(replace(node, children=children))
        return tuple(made)

    return unit(*level(1))


def renumbered(nodes: Sequence[Requirement]) -> Iterator[Requirement]:
    for node in nodes:
        yield replace(node, ref=f"N{node.ref}", children=tuple(renumbered(node.children)))


@settings(max_examples=60, deadline=None)
@given(trees(), trees())
def test_matching_is_one_to_one_and_what_becomes_of_it_can_be_stored(one: Unit, other: Unit) -> None:
    found = compare_units(one, other)
    assert found == compare_units(one, other)
    older = [each.before.id for each in found.matched]
    newer = [each.after.id for each in found.matched]
    assert len(set(older)) == len(older)
    assert len(set(newer)) == len(newer)
    assert all(each.before.is_leaf is each.after.is_leaf for each in found.matched)
    assert set(older) | {each.requirement.id for each in found.removed} == set(one.addresses())
    assert set(newer) | {each.requirement.id for each in found.new} == set(other.addresses())
    kept = {each.requirement.id for each in found.removed if each.requirement.is_leaf}
    plain, stored = updated_unit(found), updated_unit(found, kept)
    assert [(node.ref, node.text) for _, node in plain.walk()] == [(node.ref, node.text) for _, node in other.walk()]
    assert {leaf.id for leaf in one.leaves()} <= {leaf.id for leaf in stored.leaves()}
    assert not list(unit_problems(stored))
    assert len(set(stored.addresses())) == sum(1 for _ in stored.walk())


@settings(max_examples=40, deadline=None)
@given(trees())
def test_the_same_tree_read_again_is_no_change_and_a_renumbering_is_only_that(before: Unit) -> None:
    same = compare_units(before, another_reading(before))
    assert same.is_same
    assert updated_unit(same) == before
    newer = replace(before, requirements=tuple(renumbered(read_again(before.requirements))))
    found = compare_units(before, newer)
    assert found.renumbered == found.matched
    assert not [*found.new, *found.removed, *found.reworded, *found.moved]
    assert [node.id for _, node in updated_unit(found).walk()] == [node.id for _, node in before.walk()]


@given(st.permutations(range(6)))
def test_what_is_elsewhere_is_as_little_as_can_be(order: list[int]) -> None:
    moved = in_other_places(order)
    rest = [number for number in order if number not in moved]
    assert rest == sorted(rest)
    assert bool(moved) == (order != sorted(order))
