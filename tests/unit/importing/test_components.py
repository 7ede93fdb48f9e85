from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.importing.components import explicit_components


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a plan, including staff, money and time.", ("staff", "money", "time")),
        ("a plan, including staff, money, and time", ("staff", "money", "time")),
        ("a plan that includes clear aims and a budget", ("clear aims", "a budget")),
        ("a plan that specifies roles, tasks and dates for a team", ("roles", "tasks", "dates for a team")),
        (
            "Evidence of a repair should include the cause, the cure, and the cost.",
            ("the cause", "the cure", "the cost"),
        ),
        ("a system, incorporating feedback loops and regular reviews", ("feedback loops", "regular reviews")),
        ("a kit comprising rope, hook and lamp", ("rope", "hook", "lamp")),
        ("including: rope, hook and lamp, with evidence of use", ("rope", "hook", "lamp")),
        ("including rope, hook and lamp; a bag, a map and a cup", ("rope", "hook", "lamp")),
        ("including but not limited to rope, hook and lamp", ("rope", "hook", "lamp")),
        ("a plan (including roles, costs and dates) for a team", ("roles", "costs", "dates")),
        ("including checks (e.g., surveys, counts), reports and reviews", ("checks", "reports", "reviews")),
        ("including tools (saw, plane), wood and glue", ("tools (saw, plane)", "wood", "glue")),
        (
            "including training, money, and use of technology such as tills or scanners",
            ("training", "money", "use of technology"),
        ),
        ("including rope, hook and lamp. Also a bag, a map and a cup.", ("rope", "hook", "lamp")),
        ("including rope, rope and lamp", ("rope", "lamp")),
    ],
)
def test_a_list_that_says_what_must_be_there(text: str, expected: tuple[str, ...]) -> None:
    assert explicit_components(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tools, such as saw, plane and glue",
        "tools (e.g., saw, plane and glue)",
        "tools, for example saw, plane and glue",
        "tools like saws, planes and glue",
        "using tools such as plans including budgets and dates",
        "a plan including budget",
        "a plan including terms and conditions",
        "a plan including surveys or interviews",
        "a plan including saw, plane or glue",
        "including saw, tools such as plane, file and glue",
        "including saw, training and terms and conditions",
        "not including saw, plane and glue",
        "which may include saw, plane and glue",
        "included saw, plane and glue",
        "an inclusive list of saw, plane and glue",
        "including " + "word " * 13 + "and glue",
        "including saw, plane and glue" + " more" * 1000,
    ],
)
def test_examples_and_doubtful_lists_make_no_components(text: str) -> None:
    assert explicit_components(text) == ()


PARTS = st.lists(
    st.from_regex(r"(?:zz|yy|xx)[a-z]{1,6}( q[a-z]{1,6}){0,3}", fullmatch=True), min_size=3, max_size=6, unique=True
)


@given(PARTS, st.sampled_from(["including", "that includes", "which specifies", "incorporating"]), st.booleans())
def test_every_part_of_a_plain_list_is_found(parts: list[str], marker: str, oxford: bool) -> None:
    comma = "," if oxford else ""
    text = f"Produce a plan {marker} {', '.join(parts[:-1])}{comma} and {parts[-1]}."
    assert explicit_components(text) == tuple(parts)


@given(st.text(alphabet="abc ,.;:()&", max_size=60).map("including {}".format))
def test_components_are_taken_from_the_text(text: str) -> None:
    for part in explicit_components(text):
        assert part
        assert part in " ".join(text.split())
