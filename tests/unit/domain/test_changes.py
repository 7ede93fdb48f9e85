from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.changes import Changes

IDS = st.frozensets(st.sampled_from("abcd"), max_size=3)
CHANGES = st.builds(Changes, *[st.booleans() if field.name == "details" else IDS for field in fields(Changes)])


def test_nothing_changed_is_false() -> None:
    assert not Changes()


def test_any_change_is_true() -> None:
    for field in fields(Changes):
        changed: Any = True if field.name == "details" else frozenset({"a"})
        assert replace(Changes(), **{field.name: changed})


@given(CHANGES, CHANGES, CHANGES)
def test_changes_join_in_any_order_and_lose_nothing(one: Changes, two: Changes, three: Changes) -> None:
    assert (one | two) | three == one | (two | three)
    assert one | two == two | one
    assert one | one == one == one | Changes()
    for field in fields(Changes):
        joined, first, second = (getattr(changes, field.name) for changes in (one | two, one, two))
        assert joined == first | second
