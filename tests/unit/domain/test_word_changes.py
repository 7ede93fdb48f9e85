"""Words that are others in two versions of a text are told apart from those that stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.word_changes import word_change


@pytest.mark.parametrize(
    ("then", "now", "gone", "come"),
    [
        ("Explain the plan.", "Explain the whole plan.", [], ["whole "]),
        ("Set targets, then review", "Set aims and review", ["targets, then"], ["aims and"]),
        ("Keep a plan in use", "Write out a full plan in use", ["Keep a"], ["Write out a full"]),
        ("Same", "Same", [], []),
        ("", "New", [], ["New"]),
        ("One. " + "a " * 400 + "end", "One. " + "b a " * 300 + "end", ["a " * 398 + "a"], ["b a " * 299 + "b"]),
    ],
)
def test_words_that_changed_are_marked(then: str, now: str, gone: list[str], come: list[str]) -> None:
    change = word_change(then, now)
    assert [passage.text.strip() for passage in change.before if passage.changed] == [text.strip() for text in gone]
    assert [passage.text.strip() for passage in change.after if passage.changed] == [text.strip() for text in come]


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_passages_of_a_text_are_the_text(one: str, other: str) -> None:
    change = word_change(one, other)
    assert "".join(passage.text for passage in change.before) == one
    assert "".join(passage.text for passage in change.after) == other
    if one == other:
        assert not any(passage.changed for passage in (*change.before, *change.after))
