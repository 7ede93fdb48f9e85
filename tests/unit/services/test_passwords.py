"""What is thought of a password."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.services.packages import SHORTEST_PASSWORD
from portfolio_app.services.passwords import password_strength


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", ""),
        ("x7!kQz9", "Too short"),
        ("password123", "Weak"),
        ("a" * 40, "Weak"),
        ("Sam Ellis", "Weak"),
        ("x7!kQz92pw#t", "Fair"),
        ("purple lantern window goat", "Strong"),
    ],
)
def test_it_is_said_how_soon_a_computer_would_guess_it(password: str, says: str) -> None:
    strength = password_strength(password, ["Sam Ellis", "Ferrowbridge College"])
    assert strength.says.startswith(says)
    assert bool(strength.says) is bool(password)
    assert strength.enough is (says == "Strong")


@given(st.text(max_size=120))
def test_whatever_is_typed_there_is_an_answer(password: str) -> None:
    strength = password_strength(password, ["", "\u0130"])
    assert not (strength.enough and len(password) < SHORTEST_PASSWORD)
