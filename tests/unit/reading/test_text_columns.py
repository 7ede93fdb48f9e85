"""Text that was copied with its layout: what stands side by side is read column by column."""

from __future__ import annotations

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.reading.document_lines import text_lines
from portfolio_app.reading.text_columns import column_rows

SIDE_BY_SIDE = """\
Unit aim: to manage customer service.

Learning outcome                     Assessment criteria
The learner will:                    The learner can:
1 Understand the management of       1.1 Explain the importance of customer
customer service                     service to an organisation
                                     1.2 Analyse what affects satisfaction
2 Be able to plan                    2.1 Identify opportunities

What follows runs over both columns and is no row of them, however long it is.
"""


def test_outcomes_and_criteria_side_by_side_are_rows() -> None:
    lines = text_lines(SIDE_BY_SIDE)
    assert [line.text for line in lines if not line.cells and line.text] == [
        "Unit aim: to manage customer service.",
        "What follows runs over both columns and is no row of them, however long it is.",
    ]
    assert [line.cells for line in lines if line.cells] == [
        ("Learning outcome\nThe learner will:", "Assessment criteria\nThe learner can:"),
        (
            "1 Understand the management of\ncustomer service",
            "1.1 Explain the importance of customer\nservice to an organisation\n1.2 Analyse what affects satisfaction",
        ),
        ("2 Be able to plan", "2.1 Identify opportunities"),
    ]
    assert len(lines) == len(SIDE_BY_SIDE.splitlines()), "each keeps its place, by which it is shown beside the source"
    assert lines[4].cells
    assert not lines[5].text


def test_numbers_within_a_text_make_no_columns() -> None:
    text = "See section 1.1 and then 1.2 of it.\nIn 2.1 too,  1.1 is named.\n1.1 Explain  it\n1.2 Do  that\n"
    assert column_rows(text.splitlines()) == {}
    assert not any(line.cells for line in text_lines(text))


@given(st.text(alphabet="ab1.2) \t\n\f|é\u2003", max_size=200))
def test_any_text_keeps_its_lines_and_its_words(text: str) -> None:
    lines = text_lines(text)
    pages = text.removesuffix("\f").split("\f")
    assert len(lines) == sum(len(page.splitlines()) for page in pages)
    if "|" not in text:
        assert sorted("".join("".join(line.text.split()) for line in lines)) == sorted("".join(text.split()))


_words = st.lists(st.sampled_from(("plan", "service", "customers", "explain", "standards")), min_size=3, max_size=14)


@given(
    st.lists(st.tuples(_words, st.lists(_words, min_size=2, max_size=3)), min_size=1, max_size=4), st.integers(20, 40)
)
def test_what_is_set_in_columns_comes_back_as_rows(table: list[tuple[list[str], list[list[str]]]], width: int) -> None:
    printed: list[str] = []
    for number, (outcome, criteria) in enumerate(table, 1):
        left = textwrap.wrap(f"{number} {' '.join(outcome)}", width - 3)
        right = [
            line
            for place, words in enumerate(criteria, 1)
            for line in textwrap.wrap(f"{number}.{place} {' '.join(words)}", 40)
        ]
        height = max(len(left), len(right))
        left += [""] * (height - len(left))
        right += [""] * (height - len(right))
        printed += [f"{one:<{width}}{other}".rstrip() for one, other in zip(left, right, strict=True)]
    rows = column_rows(printed)
    said = [(" ".join(left.split()), " ".join(right.split())) for _, left, right in rows.values()]
    assert said == [
        (
            f"{number} {' '.join(outcome)}",
            " ".join(f"{number}.{place} {' '.join(words)}" for place, words in enumerate(criteria, 1)),
        )
        for number, (outcome, criteria) in enumerate(table, 1)
    ]
