from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.exporting.chapters.parts import cell, filled_table, filled_tables, header
from portfolio_app.exporting.column_widths import PADDING, TEXT_WIDTH, column_widths, text_width
from portfolio_app.exporting.publication import Cell, Run
from portfolio_app.exporting.typography import BOLD, REGULAR, FontBook

_SIZE = 8.5


def table(head: Sequence[str], *rows: Sequence[str]) -> list[float]:
    shares = column_widths(header(*head), [[cell(text) for text in row] for row in rows])
    return [share * TEXT_WIDTH - PADDING for share in shares]


def room_for(text: str, *, bold: bool = False) -> float:
    return max(FontBook().width(word, _SIZE, BOLD if bold else REGULAR) for word in text.split(" ")) - 0.05


@pytest.mark.parametrize("bold", [False, True])
def test_text_is_as_wide_as_the_font_draws_it(bold: bool) -> None:
    for text in ("Aleksandra Wójcik", "quantitative", "“£1,200.50” – 94% of 3 × 5 …", "Zażółć gęślą jaźń", "~{|}^@#"):
        drawn = FontBook().width(text, _SIZE, BOLD if bold else REGULAR)
        assert text_width(text, bold=bold) == pytest.approx(drawn, rel=0.03)


def test_no_word_is_broken_where_all_have_room() -> None:
    head = ("Risk", "Effect on customers", "Likelihood", "Impact", "Score", "Response", "Owner", "After", "Status")
    response = "Places held for 30 minutes; paper list; ring back on the same morning"
    checks = "quantitative checks, a report every night, and nine on duty on Monday"
    rows = (
        ("Payment page down", "Families lose the place", "3", "4", "12", response, "Aleksandra Wójcik", "6", "closed"),
        ("Class sizes differ", "There are none to give", "3", "5", "15", checks, "Imran Sadiq", "5", "watched"),
    )
    widths = table(head, *rows)
    for column, width in enumerate(widths):
        assert width >= room_for(head[column], bold=True)
        assert all(width >= room_for(row[column]) for row in rows)


def test_what_is_left_goes_to_the_column_with_most_to_say() -> None:
    reason = "Seen by me on 17 June; the minutes and the expert witness confirm that this is how it always works. " * 2
    when, who, state, why = table(
        ("Date", "By", "Decision", "Reason"),
        ("15 October 2026", "David Okafor", "✓ met", reason),
        ("30 September 2026", "David Okafor", "✗ not yet met", reason),
    )
    assert when >= text_width("30 September 2026")
    assert why > when + who + state


def test_a_long_table_is_as_low_as_it_can_be() -> None:
    long, short = "word " * 60, "word " * 6
    widths = table(("A", "B", "C"), (long, short, long), (long, short, long))
    assert widths[0] == pytest.approx(widths[2], rel=0.15)
    assert widths[0] > 2 * widths[1]


def test_addresses_and_hashes_do_not_push_words_aside() -> None:
    widths = table(
        ("Where", "What"),
        ("https://intranet.example.org/policies/customer-service/2026/complaints.html?v=7", "x " * 80),
    )
    assert widths[1] > widths[0]


def test_too_many_columns_share_what_there_is() -> None:
    words = [f"{letter}ncomprehensibilities" for letter in "ABCDEFGHIJKL"]
    shares = column_widths(header("Nr", *words), [])
    assert sum(shares) == pytest.approx(1)
    assert shares[0] * TEXT_WIDTH - PADDING >= text_width("Nr", bold=True) - 0.05
    assert max(shares[1:]) == pytest.approx(min(shares[1:]))


def test_columns_without_any_text_have_some_width() -> None:
    assert column_widths((), []) == ()
    assert column_widths(header("one"), []) == (1.0,)
    shares = column_widths((), [[cell(""), cell("a b c " * 50), Cell(())]])
    assert sum(shares) == pytest.approx(1)
    assert min(shares) > 0


CELLS = st.builds(
    lambda parts, is_header: Cell(
        tuple(tuple(Run(text, bold=bold) for text, bold in runs) for runs in parts), header=is_header
    ),
    st.lists(st.lists(st.tuples(st.text("abcM 9-/–£.é\n語✓", max_size=30), st.booleans()), max_size=3), max_size=3),
    st.booleans(),
)


@given(st.lists(CELLS, max_size=9), st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=6))
def test_any_table_has_sound_widths(head: list[Cell], rows: list[list[Cell]]) -> None:
    shares = column_widths(head, rows)
    assert len(shares) == max((len(row) for row in (head, *rows)), default=0)
    if shares:
        assert sum(shares) == pytest.approx(1)
        assert min(shares) > 0


@given(
    st.lists(
        st.lists(st.text("abcdefghimnorstu  ", min_size=1, max_size=60), min_size=4, max_size=4), min_size=1, max_size=8
    )
)
def test_each_column_is_at_least_as_wide_as_its_longest_word(rows: list[list[str]]) -> None:
    cut = [[" ".join(word[:12] for word in text.split()) for text in row] for row in rows]
    widths = table((), *cut)
    for column, width in enumerate(widths):
        for row in cut:
            assert width >= max((text_width(word) for word in row[column].split()), default=0) - 0.01


def test_a_giant_table_is_set_by_a_part_of_its_rows() -> None:
    rows = [[cell(f"{number} some words to set"), cell("more of them " * 9), cell("x")] for number in range(20_000)]
    head = header("A", "B", "C")
    assert column_widths(head, rows) == pytest.approx(column_widths(head, rows[:5000]), abs=0.02)


def test_columns_that_say_nothing_are_left_out() -> None:
    rows = [(cell("a"), cell(""), cell("b")), (cell("c"), cell(" "), Cell(()))]
    found = filled_table(header("A", "Empty", "B"), rows)
    assert [column.paragraphs[0][0].text for column in found.header] == ["A", "B"]
    assert {len(row) for row in found.rows} == {2}
    assert len(filled_table(header("A", "B"), [(cell(""), cell(""))]).header) == 2
    first, second = filled_tables(header("A", "B"), [rows_of("one", "two words"), rows_of("three", "")])
    assert first.widths == second.widths


def rows_of(*texts: str) -> list[tuple[Cell, ...]]:
    return [tuple(cell(text) for text in texts)]
