"""Numbers as the cells of a workbook write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.exporting.wording import load_wording
from portfolio_app.reading.cell_formats import read_format, shown_number

WORDS = load_wording("en-GB")


@pytest.mark.parametrize(
    ("code", "number", "expected"),
    [
        ("General", "0.30000000000000004", "0.3"),
        ("0.00", "-2.345", "-2.35"),
        ("#,##0", "1234567.8", "1,234,568"),
        ("[$£-809]#,##0.00;[Red]-[$£-809]#,##0.00", "-5", "-£5.00"),
        ('0" days"', "12", "12 days"),
        ("dd/mm/yyyy", "61", "1 March 1900"),
        ("h:mm", "45000.75", "18:00"),
        ("[h]:mm:ss", "1.5", "36:00"),
        ("dd/mm/yyyy", "-1", "-1"),
        ("0.00", "1e400", "1e400"),
        ("0.00", "no number", "no number"),
    ],
)
def test_numbers_are_written_as_their_cells_write_them(code: str, number: str, expected: str) -> None:
    assert shown_number(number, read_format(code), WORDS) == expected


@given(st.text(alphabet='0#?,.%;"[]$£\\_-dmyhsE/ @*', max_size=30), st.floats().map(repr))
def test_any_format_writes_any_number(code: str, number: str) -> None:
    assert shown_number(number, read_format(code), WORDS).strip()
