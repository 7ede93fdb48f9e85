"""The text of a page with the place of every character: pointing, quoting, finding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.reading.page_text import LINE_HYPHEN, PageText, whole_words


def page_of(*lines: str, leading: float = 14, size: float = 12) -> PageText:
    """Return a page whose characters are 10 points wide."""
    boxes = []
    for row, line in enumerate(lines):
        top = row * leading
        boxes += [(10.0 * column, top, 10.0 * column + 10, top + size) for column in range(len(line))]
        if row < len(lines) - 1:
            boxes.append((10.0 * len(line), top, 10.0 * len(line), top + size))
    return PageText("\n".join(lines), boxes)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("each cus-", "tomer waits"), "each customer waits"),
        ((f"each cus{LINE_HYPHEN}", "tomer waits"), "each customer waits"),
        (("a four-minute wait; four-", "minute targets"), "a four-minute wait; four-minute targets"),
        (("my self-", "assessment"), "my self-assessment"),
        (("from E-", "Mail to 2025-", "26"), "from E-Mail to 2025-26"),
        (("we waited –", "too long"), "we waited – too long"),
        (("two words  ", " on lines"), "two words on lines"),
        (("Agenda:", "• first", "• second"), "Agenda:\n• first\n• second"),
        (("up-to-", "date figures"), "up-to-date figures"),
        (("an eﬃcient ofﬁce",), "an efficient office"),
    ],
)
def test_a_passage_is_written_down_as_one_would(lines: tuple[str, ...], expected: str) -> None:
    page = page_of(*lines)
    assert page.quoted(0, len(page)) == expected


def test_paragraphs_stay_apart() -> None:
    page = page_of("One.", "Two.", leading=30)
    assert page.quoted(0, len(page)) == "One.\nTwo."


def test_a_point_leads_to_the_character_there() -> None:
    page = page_of("first line", "second")
    assert page.position_at(0, 5) == 0
    assert page.position_at(26, 5) == 3
    assert page.position_at(500, 5) == len("first line")
    assert page.position_at(500, 500) == len(page)
    assert page.word_at(3) == (0, 5)
    assert page.line_at(13) == (11, 17)
    assert page.line_beside(3, 1) == 14
    assert page.line_beside(14, 1) is None
    assert PageText("", []).position_at(1, 1) == 0


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        ("ustomers wai", "customers wait"),
        (" each ", "each"),
        ("ach customers", "Each customers"),
        ("n’t the wa", "isn’t the way"),
        ("20", "1,200.50"),
        ("(at ti", "(at times"),
        ("ok four", f"took four{LINE_HYPHEN}\nminute"),
        (f"{LINE_HYPHEN}\nmin", f"four{LINE_HYPHEN}\nminute"),
        ("nute queue", f"four{LINE_HYPHEN}\nminute queues"),
        ("ﬁ", "ofﬁce"),
        ("e\u0301", "cafe\u0301s"),
        ("\n", "\n"),
    ],
)
def test_a_passage_is_widened_to_whole_words(selected: str, expected: str) -> None:
    text = (
        "Each customers wait isn’t the way, it cost 1,200.50 (at times). It took "
        f"four{LINE_HYPHEN}\nminute queues in each ofﬁce; cafe\u0301s\n"
    )
    start = text.rindex(selected) if selected != " each " else text.index(selected)
    first, last = whole_words(text, start, start + len(selected))
    assert text[first:last] == expected


@pytest.mark.parametrize(
    ("quotation", "expected"),
    [
        ("set a four minute' target", "set a 'four-\nminute' target"),
        ("Set a  “four-minute”\ntarget", "set a 'four-\nminute' target"),
        ("four\u2010minute' tar get", "four-\nminute' target"),
        ("target for all … we", ""),
        ("we set […] for all", "for all"),
    ],
)
def test_a_quotation_is_found_whatever_its_breaks_and_signs(quotation: str, expected: str) -> None:
    page = page_of("Then we set a 'four-", "minute' target for all")
    found = page.find_quotation(quotation)
    assert (page.text[found[-1][0] : found[-1][1]] if found else "") == expected


def test_a_quotation_that_is_only_half_there_is_not_found() -> None:
    page = page_of("we set a target")
    assert page.find_quotation("we set … a budget") == []
    assert page.find_quotation("…") == []
    assert page.find("") == []


@given(st.text(alphabet="ab -\n\u00ad.ﬁÉ“", max_size=60), st.data())
def test_whatever_is_selected_can_be_quoted_and_found_again(text: str, data: st.DataObject) -> None:
    page = page_of(*text.split("\n"))
    start = data.draw(st.integers(0, len(page)))
    end = data.draw(st.integers(start, len(page)))
    quoted = page.quoted(start, end)
    assert quoted == quoted.strip()
    letters = [sign for sign in text[start:end].replace("ﬁ", "fi") if sign.isalnum() or sign == "."]
    assert [sign for sign in quoted if sign.isalnum() or sign == "."] == letters
    if any(sign.isalnum() for sign in quoted):
        assert page.find_quotation(quoted)
    for left, top, right, bottom in page.boxes(start, end):
        assert left <= right
        assert top <= bottom


@given(st.text(alphabet="ab \n-", max_size=40), st.floats(-50, 700), st.floats(-50, 700))
def test_every_point_leads_to_a_position_on_the_page(text: str, x: float, y: float) -> None:
    page = page_of(*text.split("\n"))
    position = page.position_at(x, y)
    assert 0 <= position <= len(page)
    first, last = page.word_at(position)
    assert 0 <= first <= last <= len(page)
