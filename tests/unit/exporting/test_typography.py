from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting.typography import BOLD, BOLD_ITALIC, ITALIC, REGULAR, FontBook, _font, clean


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("plain text", "plain text"),
        ("a\tb\u2003c", "a b c"),
        ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
        ("in\u202everted \u2067text\u2069\x00\x07", "inverted text"),
        ("cafe\u0301", "café"),
        ("soft\u00adhyphen\ufeff\ufe0f", "softhyphen"),
        ("5\u202fkm", "5\u00a0km"),
        ("may\u200bbreak", "may\u200bbreak"),
        ("👍🏽", "👍"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


def test_each_character_is_drawn_by_a_font_that_has_it() -> None:
    word = FontBook().word("a→b≤✓①", BOLD)
    assert [(stretch.font, stretch.text) for stretch in word.stretches] == [
        (BOLD, "a"),
        ("NotoSansMath-Regular", "→"),
        (BOLD, "b"),
        ("NotoSansMath-Regular", "≤"),
        ("NotoSansSymbols2-Regular", "✓"),
        ("NotoSansSymbols-Regular", "①"),
    ]
    assert word.width == pytest.approx(sum(stretch.width for stretch in word.stretches))


def test_every_state_has_a_symbol_that_can_be_printed() -> None:
    fonts = FontBook()
    for state in CoverageState:
        assert fonts.word(state.symbol).missing == ""
    assert not fonts.substituted


def test_substitutes_are_remembered_however_often_they_are_used() -> None:
    fonts = FontBook()
    assert fonts.word("😀").stretches[0].text == "[grinning face]"
    assert fonts.word("你", BOLD).stretches[0].text == "▯"
    assert fonts.word("你", BOLD) is fonts.word("你", BOLD)
    assert fonts.substituted == {"😀", "你"}


@given(st.text(st.characters(codec=None)), st.sampled_from([REGULAR, BOLD, ITALIC, BOLD_ITALIC]))
def test_no_character_is_ever_drawn_as_a_silent_box(text: str, font: str) -> None:
    for stretch in FontBook().word(clean(text).replace("\n", " "), font).stretches:
        assert stretch.text
        for character in stretch.text:
            assert ord(character) in _font(stretch.font).face.charToGlyph


def test_long_words_are_shortened_to_their_room() -> None:
    fonts = FontBook()
    short = fonts.shortened("The quick brown\nfox jumps", 10, 60)
    assert short == "The quick…"
    assert fonts.shortened("The quickest fox", 10, 60) == "The quicke…"
    assert fonts.shortened("The quick brown fox", 10, 75) == "The quick…"
    assert fonts.width(short, 10) <= 60
    assert fonts.shortened("The  quick", 10, 60) == "The quick"
    assert fonts.shortened("wide", 10, 0) == "…"
