"""Texts compared by their words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_app.suggesting.lexical import Wordings, words_of

_TEXTS = [
    "Train staff to handle complaints",
    "Plan the budget of the service",
    "Explain laws that apply to the service",
]


def test_a_word_counts_in_all_its_forms_but_words_like_the_do_not() -> None:
    assert words_of("The plans, planning and the PLANNED café") == {"plan": 3, "cafe": 1}
    assert words_of("x" * 5_000) == {}


@pytest.mark.parametrize(
    ("said", "nearest"),
    [("I trained my staff", 0), ("Our budgets were planned in May", 1), ("The new law is explained here", 2)],
)
def test_the_text_that_shares_rare_words_is_nearest(said: str, nearest: int) -> None:
    near = Wordings(_TEXTS).nearness(words_of(said))
    assert near.index(max(near)) == nearest


def test_what_was_accepted_adds_its_words() -> None:
    said = words_of("Everybody did a role play with an angry caller")
    assert max(Wordings(_TEXTS).nearness(said)) == 0
    near = Wordings(_TEXTS, accepted=[["We had a role play of an angry caller"], [], []]).nearness(said)
    assert near[0] > 0.3
    assert near[1:] == [0, 0]


def test_the_share_of_words_chooses_among_many() -> None:
    share = Wordings(_TEXTS).share(0)
    assert share("we trained our staff: complaints are handled") == pytest.approx(1)
    assert 0 < share("staff staff staff") < 0.5
    assert share("nothing of it") == 0
    assert Wordings([""]).share(0)("anything") == 0


def test_a_text_is_like_itself_and_nothing_is_like_nothing() -> None:
    wordings = Wordings(_TEXTS)
    assert wordings.between(0, 0) == pytest.approx(1)
    assert wordings.between(0, 2) == 0
    assert wordings.nearness(words_of("")) == [0, 0, 0]
    assert Wordings([]).nearness(words_of("Plan")) == []


@settings(max_examples=50)
@given(st.lists(st.text(max_size=60), max_size=5), st.text(max_size=200))
def test_nearness_is_a_cosine_whatever_the_texts_are(texts: list[str], said: str) -> None:
    assert all(0 <= near <= 1 + 1e-9 for near in Wordings(texts).nearness(words_of(said)))
