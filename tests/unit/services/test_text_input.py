from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.services.text_input import LARGEST_TEXT, LONGEST_LINE, day, decode, line, prose, read_bounded


@given(st.text(max_size=LONGEST_LINE))
def test_a_line_is_one_line_and_stays_as_it_is_when_cleaned_again(text: str) -> None:
    try:
        cleaned = line(text, "The title")
    except InvalidInput:
        assert any("\ud800" <= character <= "\udfff" for character in text)
        return
    assert len(cleaned.splitlines()) <= 1
    assert line(cleaned, "The title") == cleaned
    assert cleaned.encode().decode() == cleaned


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_prose_keeps_every_visible_character(text: str) -> None:
    def visible(words: str) -> str:
        return "".join(character for character in words if character.isprintable() and not character.isspace())

    assert visible(prose(text, "The text")) == visible(text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_line_ends_are_made_the_same(end: str) -> None:
    assert prose(f"one{end}two{end}", "The text") == "one\ntwo"


def test_limits() -> None:
    assert len(line("x" * LONGEST_LINE, "The title")) == LONGEST_LINE
    with pytest.raises(InvalidInput, match="The title has 501 characters"):
        line("x" * (LONGEST_LINE + 1), "The title")
    with pytest.raises(InvalidInput, match="The title is empty"):
        line(" \n\t", "The title", required=True)
    with pytest.raises(InvalidInput, match="too long"):
        prose("x" * (LARGEST_TEXT + 1), "The text")


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_text_survives_its_encoding(text: str) -> None:
    expected = prose(text, "x")
    assert decode(text.encode(), "x").strip("\ufeff") == expected.strip("\ufeff")
    assert decode(b"\xef\xbb\xbf" + text.encode(), "x") == expected
    assert decode(("\ufeff" + text).encode("utf-16-le"), "x") == expected


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data, "“x”")
    except InvalidInput:
        return
    assert "\0" not in text


def test_a_day() -> None:
    assert day("9 March 2026") == date(2026, 3, 9)
    for text in ("March 2026", "2026", "soon", ""):
        with pytest.raises(InvalidInput):
            day(text)


def test_reading_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"x" * 11)
    assert read_bounded(path, 11) == b"x" * 11
    with pytest.raises(InvalidInput, match="too large"):
        read_bounded(path, 10)
    with pytest.raises(InvalidInput, match="no such file"):
        read_bounded(tmp_path / "y.txt")
    with pytest.raises(InvalidInput, match="name cannot be used"):
        read_bounded(tmp_path / "\0")
