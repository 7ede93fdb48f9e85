from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.importing.labels import label_of


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Award credit for counting stock.", "Counting stock."),
        ("Award credit for evidence of counting stock.", "Counting stock."),
        ("Credit must be given for evidence of direct work", "Direct work"),
        ("Credit the ability to count", "Count"),
        ("Evidence must show safe work", "Safe work"),
        ("Evidence must show: safe work", "Safe work"),
        ("Evidence of a repair should include cause and cure.", "A repair: cause and cure."),
        ("Evidence of a repair", "A repair"),
        ("Candidates should provide a plan", "A plan"),
        ("Learners must demonstrate care", "Care"),
        ("Assessors should look for the use of figures", "The use of figures"),
        ("Look for evidence of how the candidate works", "How the candidate works"),
        ("Check for practical examples", "Practical examples"),
        ("Demonstrate understanding by explaining it", "Explaining it"),
        ("award  credit for counting", "Award  credit for counting"),
        ("explain it", "Explain it"),
        ("Award credit for ", "Award credit for "),
        ("", ""),
    ],
)
def test_lead_ins_are_left_out_of_the_label(text: str, label: str) -> None:
    assert label_of(text) == label


@given(st.text(max_size=80))
def test_a_label_is_the_end_of_its_text(text: str) -> None:
    label = label_of(text)
    assert bool(label) == bool(text)
    if "include" not in text.lower():
        assert text[1:].endswith(label[1:]) or text.upper().endswith(label.upper())
