from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.errors import AmbiguousReference, UnknownReference
from portfolio_app.domain.qualification import CRITERION, OUTCOME, Requirement, Unit, find_requirement, find_unit


def node(key: str, ref: str, *children: Requirement) -> Requirement:
    return Requirement(key, ref, OUTCOME if children else CRITERION, f"Text of {key}", children=children)


UNIT = Unit(
    "u1",
    "U1",
    "Manage a service",
    reference="M/506/2898",
    requirements=(
        node("o1", "LO1", node("a", "1.1"), node("b", "1.2", node("b1", "a"), node("b2", "b"))),
        node("o2", "LO2", node("c", "1.1"), node("d", "2.2", node("d1", "a"))),
        node("e", "MP1"),
    ),
)
UNITS = (UNIT, Unit("u2", "U2", "Plan a service", requirements=(node("x", "1.1"),)))


def test_walk_is_depth_first_with_ancestors() -> None:
    assert [(len(above), each.id) for above, each in UNIT.walk()] == [
        (0, "o1"), (1, "a"), (1, "b"), (2, "b1"), (2, "b2"), (0, "o2"), (1, "c"), (1, "d"), (2, "d1"), (0, "e"),
    ]  # fmt: skip
    assert [leaf.id for leaf in UNIT.leaves()] == ["a", "b1", "b2", "c", "d1", "e"]


def test_addresses_are_as_short_as_they_can_be() -> None:
    assert UNIT.addresses() == {
        "o1": "U1/LO1",
        "a": "U1/LO1/1.1",
        "b": "U1/1.2",
        "b1": "U1/1.2/a",
        "b2": "U1/b",
        "o2": "U1/LO2",
        "c": "U1/LO2/1.1",
        "d": "U1/2.2",
        "d1": "U1/2.2/a",
        "e": "U1/MP1",
    }


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("U1/LO1/1.1", "a"),
        ("u1/lo2/1.1", "c"),
        (" U1/MP1 ", "e"),
        ("U1/1.2/a", "b1"),
        ("U1/LO1/1.2/a", "b1"),
        ("M/506/2898", None),
        ("U2/1.1", "x"),
    ],
)
def test_an_address_leads_to_its_requirement(address: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(UnknownReference):
            find_requirement(UNITS, address)
    else:
        assert find_requirement(UNITS, address)[1].id == expected


def test_a_ref_that_repeats_asks_which() -> None:
    with pytest.raises(AmbiguousReference, match=r"say which: U1/LO1/1\.1, U1/LO2/1\.1\."):
        find_requirement(UNITS, "U1/1.1")


@pytest.mark.parametrize("address", ["", "/", "U1", "U1/", "U9/1.1", "U1/9.9", "U1/1.1/LO1", "1.1", "U1/O1"])
def test_an_address_of_nothing_is_a_known_error(address: str) -> None:
    with pytest.raises(UnknownReference):
        find_requirement(UNITS, address)


@pytest.mark.parametrize("code", ["U1", "u1 ", "m/506/2898"])
def test_a_unit_is_found_by_code_or_reference(code: str) -> None:
    assert find_unit(UNITS, code) is UNIT


def test_an_empty_code_does_not_find_a_unit_without_reference() -> None:
    with pytest.raises(UnknownReference, match="units: U1, U2"):
        find_unit(UNITS, " ")
    with pytest.raises(UnknownReference, match="none yet"):
        find_unit((), "U1")


@st.composite
def trees(draw: st.DrawFn, depth: int = 4) -> tuple[Requirement, ...]:
    """Draw siblings with refs unique among them, as every unit has."""
    refs = draw(st.lists(st.sampled_from(["1", "2", "a", "LO1", "1.1"]), min_size=1, max_size=3, unique=True))
    return tuple(
        Requirement(
            draw(st.uuids()).hex,
            ref,
            CRITERION,
            ref,
            children=draw(trees(depth - 1)) if depth > 1 and draw(st.booleans()) else (),
        )
        for ref in refs
    )


@given(trees())
def test_every_address_leads_back_to_its_own_requirement(requirements: tuple[Requirement, ...]) -> None:
    unit = Unit("u", "U1", "T", requirements=requirements)
    addresses = unit.addresses()
    assert len(set(addresses.values())) == len(addresses)
    for requirement_id, address in addresses.items():
        assert find_requirement((unit,), address)[1].id == requirement_id
