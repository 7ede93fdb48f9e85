from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.claims import Claim, Locator
from portfolio_app.domain.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Locator()),
        (" ; , ", Locator()),
        ("p. 3", Locator(page="3")),
        ("page 3", Locator(page="3")),
        ("P3", Locator(page="3")),
        ("pp. 2-4", Locator(page="2-4")),
        ("pages 2 – 4", Locator(page="2 – 4")),
        ("para 2", Locator(paragraph="2")),
        ("paragraphs 2-3", Locator(paragraph="2-3")),
        ("¶ 7", Locator(paragraph="7")),
        ("04:10", Locator(time="04:10")),
        ("at 1:04:10", Locator(time="1:04:10")),
        ("04:10-05:00", Locator(time="04:10-05:00")),
        ("budget.pdf, p. 3", Locator(attachment="budget.pdf", page="3")),
        ("Results", Locator(heading="Results")),
        ("“Results”, para 2", Locator(heading="Results", paragraph="2")),
        ("Results, costs and people, p. 4", Locator(heading="Results, costs and people", page="4")),
        ("p. 3; Results; 04:10; film.mp4; para 1", Locator("3", "Results", "1", "04:10", "film.mp4")),
        ("Pay and conditions", Locator(heading="Pay and conditions")),
        ("page", Locator(heading="page")),
    ],
)
def test_ways_to_write_a_place(text: str, expected: Locator) -> None:
    assert Locator.parse(text) == expected


@pytest.mark.parametrize("text", ["p. 3, p. 4", "para 1; para 2", "04:10, 05:10", "a.pdf, b.pdf"])
def test_a_claim_has_one_place(text: str) -> None:
    with pytest.raises(InvalidInput, match="more than one"):
        Locator.parse(text)


NUMBERS = st.integers(1, 9999).map(str)
RANGES = st.one_of(NUMBERS, st.tuples(NUMBERS, NUMBERS).map("-".join))
HEADINGS = st.from_regex(r"[A-Z][a-z]{3,9}( [a-z]{4,9}){0,3}", fullmatch=True).filter(
    lambda text: not text.lower().startswith(("page", "para", "time"))
)


@given(
    st.builds(
        Locator,
        page=st.one_of(st.just(""), RANGES),
        heading=st.one_of(st.just(""), HEADINGS),
        paragraph=st.one_of(st.just(""), RANGES),
        time=st.sampled_from(["", "04:10", "1:04:10", "04:10-05:00"]),
        attachment=st.sampled_from(["", "budget.pdf", "film of 3 May.mp4"]),
    )
)
def test_a_place_in_words_is_read_back(place: Locator) -> None:
    assert Locator.parse(str(place)) == place
    assert bool(place) == bool(str(place))


@given(st.text(max_size=60))
def test_any_text_is_a_place_or_a_known_error(text: str) -> None:
    try:
        place = Locator.parse(text)
    except InvalidInput:
        return
    assert not place or text.strip()


@pytest.mark.parametrize(
    ("claim", "shown"),
    [
        (Claim("c", "e", "r"), False),
        (Claim("c", "e", "r", why="Because"), False),
        (Claim("c", "e", "r", quotation="I planned it"), True),
        (Claim("c", "e", "r", locator=Locator(page="3")), True),
    ],
)
def test_a_claim_shows_where_to_look_by_quotation_or_place(claim: Claim, shown: bool) -> None:
    assert claim.has_place is shown
