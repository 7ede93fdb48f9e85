from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.dates import PartialDate, Period, day_in_words, moment_in_words
from portfolio_app.domain.errors import InvalidInput

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(DAYS)
    return draw(
        st.sampled_from(
            [PartialDate(day.year), PartialDate(day.year, day.month), PartialDate(day.year, day.month, day.day)]
        )
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", PartialDate(2026)),
        ("2026-03", PartialDate(2026, 3)),
        ("2026-3-9", PartialDate(2026, 3, 9)),
        ("9/3/2026", PartialDate(2026, 3, 9)),
        ("09.03.2026", PartialDate(2026, 3, 9)),
        ("09-03-2026", PartialDate(2026, 3, 9)),
        ("9/3/26", PartialDate(2026, 3, 9)),
        ("3/2026", PartialDate(2026, 3)),
        ("9 March 2026", PartialDate(2026, 3, 9)),
        ("  9th   mar  2026 ", PartialDate(2026, 3, 9)),
        ("1st Sept. 2026", PartialDate(2026, 9, 1)),
        ("Mon 9 March 2026", PartialDate(2026, 3, 9)),
        ("Thursday, 9th of March, 2026", PartialDate(2026, 3, 9)),
        ("9-Mar-26", PartialDate(2026, 3, 9)),
        ("9 March ’26", PartialDate(2026, 3, 9)),
        ("March 9, 2026", PartialDate(2026, 3, 9)),
        ("March 2026", PartialDate(2026, 3)),
        ("MAY 2026", PartialDate(2026, 5)),
        ("29 February 2024", PartialDate(2024, 2, 29)),
    ],
)
def test_ways_to_write_a_date(text: str, expected: PartialDate) -> None:
    assert PartialDate.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-13",
        "31/4/2026",
        "29 February 2025",
        "9 Marsh 2026",
        "26-03-09",
        "3/26",
        "March 26",
        "Monday",
        "1899",
        "2200",
        "2026-00-01",
        "٢٠٢٦x",
    ],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"not a date|is not"):
        PartialDate.parse(text)


def test_a_day_without_a_month_is_a_bug() -> None:
    with pytest.raises(ValueError, match="month"):
        PartialDate(2026, None, 3)


@given(partial_dates())
def test_what_is_written_is_read_back(day: PartialDate) -> None:
    assert PartialDate.parse(day.isoformat()) == day
    assert PartialDate.parse(str(day)) == day


@given(partial_dates())
def test_first_and_last_day_span_what_it_can_mean(day: PartialDate) -> None:
    span = (day.last_day - day.first_day).days + 1
    assert span in ({1} if day.day else {28, 29, 30, 31} if day.month else {365, 366})
    if day.month:
        assert day.first_day.month == day.last_day.month == day.month


@given(partial_dates(), partial_dates())
def test_a_period_is_read_back_or_refused(one: PartialDate, other: PartialDate) -> None:
    text = f"{one.isoformat()}/{other.isoformat()}"
    if other.last_day < one.first_day:
        with pytest.raises(InvalidInput, match="ends before it starts"):
            Period.parse(text)
    else:
        period = Period.parse(text)
        assert period == Period(one, other)
        assert Period.parse(period.isoformat()) == period
        assert Period.parse(str(period)) == period
        assert period.last_day == other.last_day


@pytest.mark.parametrize(
    "text",
    ["2026-03 to 2026-05", "March 2026 – May 2026", "March 2026 until May 2026", "3/2026 - 5/2026", "2026-03/2026-05"],
)
def test_ways_to_write_a_period(text: str) -> None:
    assert Period.parse(text) == Period(PartialDate(2026, 3), PartialDate(2026, 5))


def test_days_with_slashes_join_to_a_period() -> None:
    assert Period.parse("9/3/2026 to 10/3/2026") == Period(PartialDate(2026, 3, 9), PartialDate(2026, 3, 10))


def test_one_date_is_a_period_too() -> None:
    period = Period.parse("9/3/2026")
    assert period == Period(PartialDate(2026, 3, 9))
    assert (str(period), period.isoformat(), period.last_day) == ("9 March 2026", "2026-03-09", date(2026, 3, 9))


@pytest.mark.parametrize("text", ["", "to", "2026 to", "to 2026", "2026 to 2027 to 2028", "then and now"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(InvalidInput):
        Period.parse(text)


def test_a_period_that_ends_first_is_a_bug_when_made_directly() -> None:
    with pytest.raises(ValueError, match="before"):
        Period(PartialDate(2026), PartialDate(2025))


@given(st.text(max_size=40))
def test_any_text_is_a_period_or_a_known_error(text: str) -> None:
    try:
        period = Period.parse(text)
    except InvalidInput:
        return
    assert Period.parse(period.isoformat()) == period


@given(DAYS)
def test_a_day_in_words_is_read_back(day: date) -> None:
    assert PartialDate.parse(day_in_words(day)).first_day == day


def test_a_moment_is_named_as_people_remember_it() -> None:
    noon = datetime(2026, 3, 9, 12, 5).astimezone()
    assert moment_in_words(noon, date(2026, 3, 9)) == "today, 12:05"
    assert moment_in_words(noon.astimezone(UTC), date(2026, 3, 10)) == "yesterday, 12:05"
    assert moment_in_words(noon, date(2026, 3, 11)) == "9 March 2026, 12:05"
