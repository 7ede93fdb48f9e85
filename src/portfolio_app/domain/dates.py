"""Dates as learners know them: a day, a month, a year, or from one to another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portfolio_app.domain.errors import InvalidInput

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH_NUMBER = (
    {name.lower(): number for number, name in enumerate(_MONTHS, 1)}
    | {name[:3].lower(): number for number, name in enumerate(_MONTHS, 1)}
    | {"sept": 9}
)

_CENTURY = 2000
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_NUMERIC = re.compile(r"(?:(\d{1,2})[-/.])?(\d{1,2})[-/.](\d{4})|(\d{1,2})[/.](\d{1,2})[/.](\d{2})")
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = r"(?P<month>[A-Za-z]+)\.?"
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_DAY}(?:\s+of)?[\s./-]+)?{_MONTH}[\s,/-]+(?P<year>\d{{4}})",
        rf"{_DAY}(?:\s+of)?[\s./-]+{_MONTH}[\s,/-]+[’']?(?P<year>\d{{2}})",
        rf"{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})",
    )
)
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[.,]?\s+(?=\d)", re.IGNORECASE)
# The slash comes last: it also stands inside dates (9/3/2026 to 10/3/2026).
_RANGES = (re.compile(r"\s*(?:\bto\b|–|—|\s-\s|\buntil\b)\s*", re.IGNORECASE), re.compile(r"\s*/\s*"))


def day_in_words(day: date) -> str:
    """Write a day as learners do, whatever the computer's language: ``9 March 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment_in_words(moment: datetime, today: date) -> str:
    """Write when something happened, on this computer's clock: ``today, 14:02``, ``9 March 2026, 14:02``."""
    local = moment.astimezone()
    near = {today: "today", today - timedelta(days=1): "yesterday"}
    return f"{near.get(local.date()) or day_in_words(local)}, {local:%H:%M}"


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A calendar date of which the day, or day and month, may be unknown."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError("a day needs a month")
        if not 1900 <= self.year <= 2199:
            raise ValueError(f"year {self.year} is not between 1900 and 2199")
        date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``2026``, ``2026-03``, ``2026-03-09``, ``9/3/2026``, ``9/3/26`` or ``9 March 2026``.

        Numbers with slashes are day first (British order); a year of two figures is of this century. A weekday before
        the date says nothing more.

        Raises:
            InvalidInput: the text is no date, or no such day exists.
        """
        cleaned = _WEEKDAY.sub("", " ".join(text.split()))
        year = month = day = None
        if match := _ISO.fullmatch(cleaned):
            year, month, day = (int(part) if part else None for part in match.groups())
        elif match := _NUMERIC.fullmatch(cleaned):
            day, month, year = (int(part) if part else None for part in match.groups()[:3])
            if year is None:
                day, month, year = (int(part) for part in match.groups()[3:])
                year += _CENTURY
        elif match := next(filter(None, (pattern.fullmatch(cleaned) for pattern in _NAMED)), None):
            month = _MONTH_NUMBER.get(match["month"].lower())
            if month is not None:
                day, year = (int(match["day"]) if match["day"] else None), int(match["year"])
                year += _CENTURY if len(match["year"]) == 2 else 0
        if year is None:
            raise InvalidInput(f"“{text}” is not a date; write it as 9 March 2026, 9/3/2026, March 2026 or 2026.")
        try:
            return cls(year, month, day)
        except ValueError:
            raise InvalidInput(f"“{text}” is not a date in the calendar.") from None

    @property
    def first_day(self) -> date:
        """The earliest day this date can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        """The latest day this date can mean."""
        if self.day is not None:
            return self.first_day
        if self.month is None or self.month == 12:
            return date(self.year, 12, 31)
        return date(self.year, self.month + 1, 1) - timedelta(days=1)

    def isoformat(self) -> str:
        """The stored form: ``2026``, ``2026-03`` or ``2026-03-09``."""
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def __str__(self) -> str:
        words = [str(self.day)] if self.day else []
        if self.month:
            words.append(_MONTHS[self.month - 1])
        return " ".join([*words, str(self.year)])


@dataclass(frozen=True, slots=True)
class Period:
    """When something was done: one partial date, or from one to another (both included)."""

    start: PartialDate
    end: PartialDate | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end.last_day < self.start.first_day:
            raise ValueError("the end is before the start")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read one date, or two joined by ``to``, a dash or ``/`` (ISO 8601 interval).

        Raises:
            InvalidInput: a date cannot be read, or the end is before the start.
        """
        try:
            return cls(PartialDate.parse(text))
        except InvalidInput as single:
            splits = (separator.split(text.strip()) for separator in _RANGES)
            parts = next((split for split in splits if len(split) == 2 and all(split)), None)
            if parts is None:
                raise single from None
        start, end = (PartialDate.parse(part) for part in parts)
        try:
            return cls(start, end)
        except ValueError:
            raise InvalidInput(f"“{text}” ends before it starts.") from None

    @property
    def last_day(self) -> date:
        """The latest day this period can mean."""
        return (self.end or self.start).last_day

    def isoformat(self) -> str:
        """The stored form, an ISO 8601 date or interval."""
        return "/".join(part.isoformat() for part in (self.start, self.end) if part is not None)

    def __str__(self) -> str:
        return f"{self.start} to {self.end}" if self.end else str(self.start)
