from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.quantities import Quantity, read_quantity


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("94", (94, "")),
        ("1,200.50", (1200.5, "")),
        (".5", (0.5, "")),
        ("−3", (-3, "")),
        ("£1,200", (1200, "£")),
        ("-£40", (-40, "£")),
        ("€3", (3, "€")),
        ("£1.2m", (1_200_000, "£")),
        ("250k", (250_000, "")),
        ("94%", (94, "%")),
        ("94 per cent", (94, "%")),
        ("94% of guests", (94, "%")),
        ("≥ 90 %", (90, "%")),
        ("at least 90%", (90, "%")),
        ("under £500", (500, "£")),
        ("4m 10s", (250 / 60, "minutes")),
        ("45 seconds", (0.75, "minutes")),
        ("1 hour 30 mins", (90, "minutes")),
        ("6 min", (6, "minutes")),
        ("12 days", (12, "days")),
        ("35 seconds", (35 / 60, "minutes")),
        ("-£1,000.25", (-1000.25, "£")),
        ("4/5", (4, "out of 5")),
        ("4.5 out of 5", (4.5, "out of 5")),
    ],
)
def test_figures_are_read_as_people_type_them(text: str, quantity: tuple[float, str]) -> None:
    found = read_quantity(text)
    assert found is not None
    assert found.value == pytest.approx(quantity[0])
    assert found.unit == quantity[1]


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "n/a", "-", "80-90%", "80 to 90", "4:10", "9/3", "9/3/2026", "3rd", "May 2026", "5m", "1,20"),
        *("x" * 99, "1.2.3", "2 hrs 5", "£", "%", "5 m", "1,25", "3 of 4", "many"),
    ],
)
def test_what_is_no_single_figure_is_not_guessed(text: str) -> None:
    assert read_quantity(text) is None


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_any_plain_number_is_read(number: object) -> None:
    found = read_quantity(f"{number:f}")
    assert found is not None
    assert found.value == pytest.approx(float(str(number)))
    assert not found.unit


def test_a_quantity_is_a_value_and_what_it_counts() -> None:
    assert read_quantity("12 calls a month") == Quantity(12.0, "calls a month")
