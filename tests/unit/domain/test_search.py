"""What is typed into the search box."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.search import (
    MOST_CHARACTERS,
    FilterName,
    Having,
    SearchFilter,
    SearchQuery,
    SearchTerm,
    parse_query,
)


def test_words_phrases_and_what_must_not_occur() -> None:
    """Only the word that is still being typed may be a beginning."""
    assert parse_query("rota “end of  day” -draft absen").terms == (
        SearchTerm("rota"),
        SearchTerm("end of day"),
        SearchTerm("draft", excluded=True),
        SearchTerm("absen", is_prefix=True),
    )
    assert parse_query("rota ").terms == (SearchTerm("rota"),)
    assert parse_query('"rota"').terms == (SearchTerm("rota"),)
    assert parse_query('plan "for the we').terms[-1] == SearchTerm("for the we", is_prefix=True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Action: call", ["Action", "call"]),
        ("https://example.org 12:30", ["https://example.org", "12:30"]),
        ("e-mail -", ["e-mail"]),
        ("— … ?", []),
        ('"kind:plan"', ["kind:plan"]),
    ],
)
def test_what_only_looks_like_a_filter_is_a_word(typed: str, words: list[str]) -> None:
    """Colons and dashes stand in ordinary writing."""
    query = parse_query(typed)
    assert [term.words for term in query.terms] == words
    assert not query.filters


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("kind:plan", SearchFilter(FilterName.KIND, "plan")),
        ('-Unit:"customer service"', SearchFilter(FilterName.UNIT, "customer service", excluded=True)),
        ("person: Mary", SearchFilter(FilterName.PERSON, "Mary")),
        ("has:quotations", SearchFilter(FilterName.HAS, Having.QUOTATION)),
        ("in:file", SearchFilter(FilterName.IN, "files")),
        ("before:Mon 9 March 2026", SearchFilter(FilterName.BEFORE, "Mon 9 March 2026", day=date(2026, 3, 9))),
        ("before: March 2026", SearchFilter(FilterName.BEFORE, "March 2026", day=date(2026, 3, 1))),
        ("after:2025", SearchFilter(FilterName.AFTER, "2025", day=date(2025, 12, 31))),
    ],
)
def test_filters(typed: str, expected: SearchFilter) -> None:
    """Each is read with the words that belong to it, and no more."""
    assert parse_query(f"{typed} rota") == SearchQuery((SearchTerm("rota", is_prefix=True),), (expected,))
    assert parse_query(typed).filters == (expected,)


def test_a_filter_that_is_still_being_typed_asks_nothing() -> None:
    """Else the list would be empty, or an error stand there, at each key."""
    assert parse_query("kind:").asks_nothing
    assert parse_query("rota before:").terms == (SearchTerm("rota"),)


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("colour:red", "There are kind:, unit:"),
        ("before:soon", "write it as before:9/3/2026"),
        ("after:2026-13-40", "is no date"),
        ("has:wings", "there are attachment, claim"),
        ("in:limbo", "there are evidence, people"),
        ("a " * 40, "leave some out"),
        ("x" * (MOST_CHARACTERS + 1), "1,000 characters"),
    ],
)
def test_what_cannot_be_meant_is_said(typed: str, part: str) -> None:
    """One sentence that says what can."""
    with pytest.raises(InvalidInput, match=part):
        parse_query(typed)


@given(st.text(st.one_of(st.characters(), st.sampled_from('":-“” kindbeforehas')), max_size=60))
def test_anything_can_be_typed(typed: str) -> None:
    """A query or a sentence, and never a word that could not be looked for."""
    try:
        query = parse_query(typed)
    except InvalidInput:
        return
    for term in query.terms:
        term.words.encode()
        assert any(character.isalnum() for character in term.words)
