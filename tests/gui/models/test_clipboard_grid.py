"""Cells to and from a spreadsheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.gui.models.clipboard_grid import read_html_grid, read_tsv, write_tsv

CELLS = st.text(st.sampled_from(['"', "\t", "\n", "a", "é", " ", ","]), max_size=6)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_is_copied_is_pasted_alike(grid: list[list[str]]) -> None:
    text = write_tsv(grid)
    # A last line of one empty cell cannot be told from the line break that spreadsheets end with.
    if not text or text.endswith("\n"):
        text += "\n"
    if text != "\n":
        assert read_tsv(text) == grid


@pytest.mark.parametrize(
    ("text", "grid"),
    [
        ("", []),
        ("one\ttwo\r\nthree\tfour\r\n", [["one", "two"], ["three", "four"]]),
        ('"two\nlines"\t"a ""word"" quoted"\tb', [["two\nlines", 'a "word" quoted', "b"]]),
        ('"Thank you" she said\tx', [['"Thank you" she said', "x"]]),
        ('"never closed\tx', [['"never closed', "x"]]),
        ("a\t\t\n\nb", [["a", "", ""], [""], ["b"]]),
    ],
)
def test_tab_separated_text_as_spreadsheets_write_it(text: str, grid: list[list[str]]) -> None:
    assert read_tsv(text) == grid


def test_a_table_of_html_as_spreadsheets_and_word_write_it() -> None:
    html = """<html><head><style>td { color: red }</style></head><body><!--StartFragment-->
      <table><colgroup><col></colgroup>
        <tr><th>Action</th><th colspan="2">Who &amp;
           when</th></tr>
        <tr><td rowspan=2><p>Ring the</p><p>supplier</p></td><td>Jo</td><td>9&nbsp;March<br>2026</td></tr>
        <tr><td>Kim</td><td><b>10</b> March</td>
      </table></body></html>"""
    assert read_html_grid(html) == [
        ["Action", "Who & when", ""],
        ["Ring the\nsupplier", "Jo", "9 March\n2026"],
        ["", "Kim", "10 March"],
    ]


def test_html_without_a_table_has_no_cells() -> None:
    assert read_html_grid("<p>Just <b>words</b></p>") == []
    assert read_html_grid("<table></table>") == []


@given(st.text(st.sampled_from(list("<>/tabledrh= \"'a12")), max_size=60))
def test_no_html_breaks_the_reading(html: str) -> None:
    assert isinstance(read_html_grid(f"<table>{html}"), list)
