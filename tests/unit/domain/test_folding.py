"""Searching and sorting do not mind case, accents and typographers' signs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.folding import folded, search_words, sorting_key


def test_folding_keeps_the_letters() -> None:
    assert folded("ÀÉÎÕÜ ŵŷ ﬁ Straße “It’s”") == 'aeiou wy fi strasse "it\'s"'
    assert folded("™") == "tm"


@given(st.text())
def test_folding_twice_changes_nothing_more_and_any_title_can_be_sorted(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert sorting_key(text) >= sorting_key("")
    assert isinstance(sorting_key(text) < sorting_key("Week 2"), bool)


def test_words_are_read_as_typed_so_far() -> None:
    assert search_words('  Rota "plan  for" rota') == ("rota", "plan for")
    assert search_words('"plan fo') == ("plan", "fo")
    assert search_words(' " "" ') == ()


def test_numbers_in_titles_count_as_numbers() -> None:
    assert sorted(["Week 10", "week 9", "Week 2b", "Àweek"], key=sorting_key) == [
        "Àweek",
        "Week 2b",
        "week 9",
        "Week 10",
    ]
