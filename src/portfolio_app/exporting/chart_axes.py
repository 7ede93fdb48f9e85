"""What the axes and the figures of a chart say, alike on paper and on the screen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portfolio_app.exporting.publication import ChartFigure
from portfolio_app.exporting.wording import Wording

_TICKS = 5
_LEAST = 1e-290  # a span below it is lost in rounding


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale with round ticks that includes zero."""

    low: float
    high: float
    step: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Scale:
        """Return a scale on which these values and zero have their place."""
        low, high = min([0.0, *values]), max([0.0, *values])
        if high - low < _LEAST:
            high = 1.0
        rough = (high - low) / _TICKS
        power = 10.0 ** math.floor(math.log10(rough))
        step = next((factor * power for factor in (1, 2, 2.5, 5) if factor * power >= rough * 0.999), 10 * power)
        return cls(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step)

    def ticks(self) -> list[float]:
        """The values to mark, from low to high."""
        count = min(round((self.high - self.low) / self.step), 4 * _TICKS)
        return [self.low + index * self.step for index in range(count + 1)]

    def share(self, value: float) -> float:
        """How far along the axis a value is, from 0 to 1."""
        return (value - self.low) / (self.high - self.low)


def figure_text(value: float) -> str:
    """Write a figure with thousands separated and a true minus sign."""
    if abs(value) < 1e-12:
        return "0"
    text = f"{value:,.6g}" if abs(value) >= 1e15 or abs(value) < 1e-3 else f"{value:,.3f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def clean_series(figure: ChartFigure) -> list[list[float | None]]:
    """Return the series at the labels' length; what cannot be drawn is missing."""
    return [
        [
            value if value is not None and math.isfinite(value) and abs(value) < 1e100 else None
            for value in (*series.values, *[None] * len(figure.labels))[: len(figure.labels)]
        ]
        for series in figure.series
    ]


def unbroken(points: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """Yield the stretches of a line between missing points."""
    stretch: list[tuple[float, float]] = []
    for point in (*points, None):
        if point is not None:
            stretch.append(point)
        elif stretch:
            yield stretch
            stretch = []


def span_words(start: date, end: date, words: Wording) -> str:
    """Write from when to when, shortly: "9 Mar – 4 Apr"."""
    first = short_day(start, words)
    return first if end <= start else f"{first} – {short_day(end, words)}"


def short_day(day: date, words: Wording) -> str:
    """Write "9 Mar"."""
    return f"{day.day} {words(f'month_short.{day.month}')}"


def calendar_marks(first: date, last: date, span: float, words: Wording) -> list[tuple[date, str]]:
    """Return the days to mark on the axis: weeks for a short plan, else months, quarters or years."""
    days = (last - first).days + 1
    if days <= 45:
        monday = first + timedelta(days=-first.weekday() % 7)
        weeks = [monday + timedelta(weeks=number) for number in range((last - monday).days // 7 + 1)]
        return [(day, short_day(day, words)) for day in weeks] or [(first, short_day(first, words))]
    needed = 46.0
    every = next((months for months in (1, 2, 3, 6) if span * months * 30 / days >= needed), 0)
    if not every:
        every = 12 * math.ceil(30.0 * days / (span * 365))
    marks: list[tuple[date, str]] = []
    number = first.year * 12 + first.month - 1
    following = _month(number + every - number % every)
    if (following - first).days * span / days >= 34:
        marks.append(_mark(first, every, words))
    number += every - number % every
    while number <= last.year * 12 + last.month - 1:
        marks.append(_mark(_month(number), every, words))
        number += every
    return marks


def _month(number: int) -> date:
    """Return the first day of a month, counted from January of the year 0."""
    return date(number // 12, number % 12 + 1, 1)


def _mark(day: date, every: int, words: Wording) -> tuple[date, str]:
    return day, str(day.year) if every >= 12 else f"{words(f'month_short.{day.month}')} {day.year % 100:02}"
