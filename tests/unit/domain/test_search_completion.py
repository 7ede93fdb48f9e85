"""How what was typed into the search box may go on."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_app.domain.search import FilterName, parse_query
from portfolio_app.domain.search_completion import FILTER_MEANINGS, KnownValues, filter_completions

KNOWN = KnownValues(
    kinds={"plan": "Plan", "action-plan": "Action plan", "witness-testimony": "Witness testimony"},
    units={"U1": "Manage customer service", "U2": "Plan the rota"},
    people=("Karen Holt", "Zoë"),
    tags=("rota", "team work"),
    today=date(2026, 1, 9),
)


def _texts(typed: str) -> list[str]:
    return [way.text for way in filter_completions(typed, KNOWN).ways]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("rota ki", ["rota kind:"]),
        ("-pe", ["-person:"]),
        ("k", []),
        ("?", [f"{name}:" for name in FILTER_MEANINGS]),
        ("rota ", []),
        ("kind:", ["kind:plan ", "kind:action-plan ", "kind:witness-testimony "]),
        ("rota kind:TEST", ["rota kind:witness-testimony "]),
        ("kind:plan", ["kind:action-plan "]),
        ("unit:plan", ["unit:U2 "]),
        ("person:ho", ['person:"Karen Holt" ']),
        ('person:"karen h', ['person:"Karen Holt" ']),
        ("person:zoe", []),
        ("-tag:te", ['-tag:"team work" ']),
        ("before:", ["before:2026-01 ", "before:2025-12 ", "before:2026 ", "before:2025 "]),
        ("in:f", []),
        ("in:at", ["in:attachments "]),
        ("has:quo", ["has:quotation "]),
        ("http://ki", []),
    ],
)
def test_what_is_typed_may_go_on_as_what_the_portfolio_has(typed: str, expected: list[str]) -> None:
    assert _texts(typed) == expected


def test_the_days_that_a_date_means_are_said() -> None:
    meanings = {way.added: way.meaning for way in filter_completions("after:", KNOWN).ways}
    assert meanings["after:2025-12"] == "after 31 December 2025"
    assert meanings["after:2026"] == "after 31 December 2026"


@settings(max_examples=30)
@given(st.text('aé\u2019" -:,', min_size=1, max_size=8).filter(lambda name: any(map(str.isalnum, name))))
def test_whoever_is_proposed_is_searched_for_whole(name: str) -> None:
    (way,) = filter_completions("rota person:", KnownValues(people=(name,))).ways
    query = parse_query(way.text)
    assert [term.words for term in query.wanted] == ["rota"]
    (found,) = query.filters
    assert found.value.split() == name.replace('"', " ").split()


@pytest.mark.parametrize("name", FILTER_MEANINGS)
def test_every_value_that_is_proposed_is_understood(name: FilterName) -> None:
    ways = filter_completions(f"{name}:", KNOWN).ways
    assert ways
    assert all(parse_query(way.text).filters[0].name is name for way in ways)
