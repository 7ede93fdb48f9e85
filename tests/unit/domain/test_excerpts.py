"""The piece of a text that shows why it was found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.excerpts import MARK_END, MARK_START, SEPARATOR, excerpt, read_marks, unmarked

WORDS = "one two three four five six seven eight nine ten "


def _m(word: str) -> str:
    return f"{MARK_START}{word}{MARK_END}"


@pytest.mark.parametrize(
    ("text", "shown", "words", "part"),
    [
        ("", "", [], 0),
        ("Nothing\n\n is\tfound", "Nothing is found", [], 0),
        (f"A {_m('rota')} of\n{_m('rotas')}.", "A rota of rotas.", ["rota", "rotas"], 0),
        (f"a{SEPARATOR}the {_m('rota')}{SEPARATOR}b", "a the rota b", ["rota"], 1),
        (f"{_m('rota')} {WORDS * 20} {_m('rota')} {_m('week')} x", None, ["rota", "week"], 0),
    ],
)
def test_the_piece_with_most_different_words_is_shown(
    text: str, shown: str | None, words: list[str], part: int
) -> None:
    """On one line, whatever parts it goes over."""
    found = excerpt(text, across_parts=True)
    assert shown is None or found.text == shown
    assert [found.text[start:end] for start, end in found.marks] == words
    assert found.part == part


def test_a_part_by_itself_is_not_left() -> None:
    text = f"{WORDS}{SEPARATOR}the {_m('rota')}{SEPARATOR}{WORDS}"
    assert excerpt(text, across_parts=False).text == "the rota"


def test_what_was_left_out_is_shown_by_dots() -> None:
    """Words are cut only where one is longer than all that is shown."""
    found = excerpt(f"{WORDS * 9}{_m('rota')} {WORDS * 9}", across_parts=True)
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert 120 < len(found.text) < 170
    assert set(found.text.strip("…").split()) <= {*WORDS.split(), "rota"}
    assert len(excerpt("x" * 500, across_parts=True).text) == 161
    assert excerpt("later", across_parts=True, is_cut=True).text == "…later"


@given(
    st.lists(st.one_of(st.text(max_size=30), st.sampled_from(["rota", "\n", " ", SEPARATOR, "x" * 200])), max_size=30),
    st.sets(st.integers(0, 29)),
    st.booleans(),
)
def test_marks_always_stand_at_what_was_marked(pieces: list[str], marked: set[int], across: bool) -> None:
    """Whatever the text, on one line and of a length that fits."""
    plain = [unmarked(piece) if piece != SEPARATOR else piece for piece in pieces]
    text = "".join(_m(piece) if number in marked else piece for number, piece in enumerate(plain))
    whole, spans = read_marks(text)
    assert whole == "".join(plain)
    assert [whole[start:end] for start, end in spans] == [
        piece for number, piece in enumerate(plain) if number in marked and piece
    ]
    found = excerpt(text, across_parts=across)
    assert "\n" not in found.text
    assert found.text.isprintable()
    ends = [0, *(place for mark in found.marks for place in mark), len(found.text)]
    assert ends == sorted(ends)
    assert 0 <= found.part <= whole.count(SEPARATOR)
