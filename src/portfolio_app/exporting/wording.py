"""The words of an export in one language, from ``resources/i18n/export.<language>.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from portfolio_app.domain.claims import Locator
from portfolio_app.domain.dates import PartialDate, Period
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.paths import resources_dir

_PREFIX = "export."
_FALLBACK = "en-GB"


class Wording:
    """Looks up words by their dotted key and writes dates, places and sizes."""

    def __init__(self, language: str, texts: Mapping[str, Any]) -> None:
        self.language = language
        self._texts = dict(_flat("", texts))

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the words with this key, the values set in; ``KeyError`` if there are none."""
        text = self._texts[key]
        return text.format_map(values) if values else text

    def count(self, key: str, number: int, /, **values: object) -> str:
        """Return the words for so many: ``<key>.<number>`` if there are any, else ``<key>.other``."""
        form = f"{key}.{number}"
        return self(form if form in self else f"{key}.other", number=f"{number:,}", **values)

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    @property
    def known_keys(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._texts)

    def day(self, day: date | None) -> str:
        """Write "9 March 2026"; nothing for no day."""
        return f"{day.day} {self(f'month.{day.month}')} {day.year}" if day else ""

    def partial(self, moment: PartialDate) -> str:
        """Write as much of the date as is known."""
        parts = [str(moment.day)] if moment.day else []
        if moment.month:
            parts.append(self(f"month.{moment.month}"))
        return " ".join([*parts, str(moment.year)])

    def period(self, period: Period | None) -> str:
        """Write a date or "9 to 12 March 2026", saying month and year once; nothing for no period."""
        if period is None:
            return ""
        first, last = period.start, period.end
        if last is None:
            return self.partial(first)
        start = self.partial(first)
        if first.year == last.year and first.month and last.month and bool(first.day) == bool(last.day):
            start = start.removesuffix(f" {first.year}")
            if first.day and first.month == last.month:
                start = str(first.day)
        return self("date.period", start=start, end=self.partial(last))

    def place(self, locator: Locator) -> str:
        """Write where in the evidence: "budget.pdf, p. 3"."""
        parts = [locator.attachment] if locator.attachment else []
        if locator.page:
            many = any(sign in locator.page for sign in "-–,")
            parts.append(self("place.pages" if many else "place.page", page=locator.page))
        if locator.heading:
            parts.append(self("place.heading", heading=locator.heading))
        if locator.paragraph:
            parts.append(self("place.paragraph", paragraph=locator.paragraph))
        if locator.time:
            parts.append(self("place.time", time=locator.time))
        return ", ".join(parts)

    def size(self, size: int) -> str:
        """Write a number of bytes as people do: "1.2 MB"."""
        if size < 1000:
            return self.count("size.bytes", size)
        amount = float(size)
        for unit in ("kB", "MB", "GB"):
            amount /= 1000
            if amount < 999.5 or unit == "GB":
                break
        return f"{amount:,.1f} {unit}" if amount < 9.95 else f"{amount:,.0f} {unit}"

    def length(self, seconds: float) -> str:
        """Write how long a recording is: "4 min 10 s"."""
        minutes, rest = divmod(round(seconds), 60)
        hours, left = divmod(minutes, 60)
        if hours:
            return self.count("length.hours", hours, minutes=left, seconds=rest)
        return self.count("length.minutes", minutes, seconds=rest)


@cache
def load_wording(language: str) -> Wording:
    """Return the words of a language.

    Raises:
        InvalidInput: there are none in this language.
    """
    folder = resources_dir() / "i18n"
    known = {path.name.removeprefix(_PREFIX).removesuffix(".toml"): path for path in folder.glob(f"{_PREFIX}*.toml")}
    if language not in known:
        raise InvalidInput(f"Exports cannot be written in “{language}” (known: {', '.join(sorted(known))}).")
    return Wording(language, tomllib.loads(known[language].read_text(encoding="utf-8")))


def wording_of(language: str) -> Wording:
    """Return the words of a publication's language, or the British English ones where there are none.

    Whoever builds a publication refuses a language without words; whoever renders one takes what there is.
    """
    try:
        return load_wording(language)
    except InvalidInput:
        return load_wording(_FALLBACK)


def _flat(prefix: str, texts: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in texts.items():
        found += [(prefix + key, value)] if isinstance(value, str) else _flat(f"{prefix}{key}.", value)
    return found
