"""Figures as people type them into a form: "£1,200", "94%", "4m 10s", "12 days", "4 out of 5"."""

from __future__ import annotations

import re
from typing import NamedTuple

MINUTES = "minutes"

_COMPARED = re.compile(
    r"(?:[<>≤≥~≈]=?|at least|at most|no more than|no less than|no fewer than|less than|fewer than|more than|"
    r"under|over|below|above|up to|about|around|approx\.?)\s*",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?P<sign>[-−+]?)\s*(?P<currency>[£$€]?)\s*(?P<whole>\d{1,3}(?:,\d{3})+|\d+)?(?P<part>\.\d+)?"
    r"(?:(?P<scale>k|m|bn)\b)?\s*(?P<unit>%[^\d]*|per\s?cent[^\d]*|[^\W\d_][^\d]*)?",
    re.IGNORECASE,
)
_OUT_OF = re.compile(r"(\d+(?:\.\d+)?)\s*(?:/|out of)\s*(5|7|10|100)", re.IGNORECASE)
_DURATION = re.compile(
    r"(?:(?P<hours>\d+(?:\.\d+)?)\s*h(?:(?:ou)?rs?)?\.?)?[\s,]*"
    r"(?:(?P<minutes>\d+(?:\.\d+)?)\s*m(?:in(?:ute)?s?)?\.?)?[\s,]*"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)\s*s(?:ec(?:ond)?s?)?\.?)?",
    re.IGNORECASE,
)
_AMBIGUOUS = re.compile(r"[\d.,\s]+m\.?", re.IGNORECASE)
_SCALES = {"k": 1e3, "m": 1e6, "bn": 1e9}
_LONGEST = 60
_ORDINALS = frozenset({"st", "nd", "rd", "th"})


class Quantity(NamedTuple):
    """A figure and what it counts: a sign of currency, "%", "minutes", "out of 5", a word, or nothing."""

    value: float
    unit: str


def read_quantity(text: str) -> Quantity | None:
    """Return the one figure that the text gives, else ``None``: a range, a date or a clock time is no figure.

    Durations are in minutes. A comparison ("≥ 90%", "under £500") gives the figure compared with. "5m" is
    refused: it may be minutes, metres or millions.
    """
    typed = " ".join(text.split())
    if match := _COMPARED.match(typed):
        typed = typed[match.end() :]
    if not typed or len(typed) > _LONGEST or _AMBIGUOUS.fullmatch(typed):
        return None
    if match := _OUT_OF.fullmatch(typed):
        return Quantity(float(match[1]), f"out of {match[2]}")
    match = _DURATION.fullmatch(typed)
    if match and any(match.groups()):
        hours, minutes, seconds = (float(part or 0) for part in match.groups())
        return Quantity(60 * hours + minutes + seconds / 60, MINUTES)
    return _plain_figure(typed)


def _plain_figure(typed: str) -> Quantity | None:
    match = _FIGURE.fullmatch(typed)
    if match is None or not (match["whole"] or match["part"]):
        return None
    scale = (match["scale"] or "").casefold()
    unit = match["currency"] or _unit(match["unit"] or "")
    if unit in _ORDINALS or (scale in {"m", "bn"} and not match["currency"]):
        return None
    value = float((match["whole"] or "0").replace(",", "") + (match["part"] or "")) * _SCALES.get(scale, 1.0)
    return Quantity(-value if match["sign"] in {"-", "−"} else value, unit)


def _unit(typed: str) -> str:
    unit = typed.strip(" .").casefold()
    if unit.startswith(("%", "percent", "per cent")):
        return "%"
    return unit
