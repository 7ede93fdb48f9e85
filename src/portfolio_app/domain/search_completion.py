"""What may follow what was typed into the search box: names of filters, and what they can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from portfolio_app.domain.dates import PartialDate, day_in_words
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.folding import folded
from portfolio_app.domain.search import SEARCHED_IN, FilterName, Having

ASKING: Final = "?"
MOST_COMPLETIONS: Final = 40
FILTER_MEANINGS: Final[Mapping[FilterName, str]] = {
    FilterName.KIND: "one kind of evidence, such as kind:plan",
    FilterName.UNIT: "what belongs to a unit, such as unit:U2",
    FilterName.PERSON: "what names somebody, such as person:Holt",
    FilterName.TAG: "what has a tag, such as tag:rota",
    FilterName.BEFORE: "dated before a day, month or year, such as before:2026-03",
    FilterName.AFTER: "dated after a day, month or year, such as after:2025",
    FilterName.HAS: "what has something, such as has:claim",
    FilterName.IN: "one sort of thing, such as in:attachments",
}
"""What each filter leaves, as it is explained on screen."""

_HAVING: Final[Mapping[Having, str]] = {
    Having.ATTACHMENT: "with attached files",
    Having.CLAIM: "claimed",
    Having.QUOTATION: "with a quotation",
    Having.DECISION: "decided by an assessor",
    Having.PERSON: "naming somebody",
    Having.TAG: "with tags",
    Having.DATE: "with a date",
}
_FEWEST_LETTERS: Final = 2  # of a filter's name, which may as well begin a word
_NAME: Final = re.compile(r"(?:^|\s)-?(?P<typed>[A-Za-z]+)$")
_VALUE: Final = re.compile(
    rf"(?:^|\s)-?(?P<name>{'|'.join(FilterName)}):(?:\"(?P<quoted>[^\"]*)|(?P<typed>[^\s\"]*))$", re.IGNORECASE
)
_PLAIN: Final = re.compile(r"[\w-]+")
_SAME: Final = {name: sorts for name, sorts in SEARCHED_IN.items() if name not in ("requirements", "files")}


@dataclass(frozen=True, slots=True)
class KnownValues:
    """What the open portfolio has that can be searched for.

    ``kinds`` are titles by id and ``units`` titles by code; ``today`` is the day from which dates are proposed.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on: ``text`` is all that then stands in the box, ``added`` the filter in it."""

    text: str
    added: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Completions:
    """The ways to go on.

    ``is_value``: they are what a filter can be, whose name stands there already; ``is_bare``: nothing else of it does.
    """

    ways: tuple[Completion, ...] = ()
    is_value: bool = False
    is_bare: bool = False


def filter_completions(typed: str, known: KnownValues) -> Completions:
    """Return how what was typed may go on: at its end, where the cursor is. All filters follow a question mark."""
    if typed.strip() == ASKING:
        return Completions(tuple(_names("", "")), is_value=True, is_bare=True)
    if match := _VALUE.search(typed):
        name = FilterName(match["name"].lower())
        value = match["typed"] if match["quoted"] is None else match["quoted"]
        start = typed[: match.start("name")]
        options = list(_options(name, known))
        wanted = folded(value)
        found = [
            Completion(f"{start}{name}:{_quoted(option)} ", f"{name}:{_quoted(option)}", meaning)
            for option, meaning in _matching(options, wanted)
        ]
        return Completions(tuple(found[:MOST_COMPLETIONS]), is_value=True, is_bare=not wanted)
    if (match := _NAME.search(typed)) and len(match["typed"]) >= _FEWEST_LETTERS:
        start, begun = typed[: match.start("typed")], match["typed"].lower()
        return Completions(tuple(_names(start, begun)))
    return Completions()


def _names(start: str, begun: str) -> Iterator[Completion]:
    for name, meaning in FILTER_MEANINGS.items():
        if name.startswith(begun):
            yield Completion(f"{start}{name}:", f"{name}:", meaning)


def _options(name: FilterName, known: KnownValues) -> Iterator[tuple[str, str]]:
    """Yield what a filter can be, each with what it means."""
    match name:
        case FilterName.KIND:
            yield from known.kinds.items()
        case FilterName.UNIT:
            yield from known.units.items()
        case FilterName.PERSON:
            yield from ((person, "") for person in known.people)
        case FilterName.TAG:
            yield from ((tag, "") for tag in known.tags)
        case FilterName.HAS:
            yield from ((having.value, meaning) for having, meaning in _HAVING.items())
        case FilterName.IN:
            yield from ((sort, "") for sort in _SAME)
        case FilterName.BEFORE | FilterName.AFTER:
            yield from _dates(name, known.today) if known.today else ()


def _dates(name: FilterName, today: date) -> Iterator[tuple[str, str]]:
    last_month = today.replace(day=1) - timedelta(days=1)
    for text in (f"{today:%Y-%m}", f"{last_month:%Y-%m}", f"{today:%Y}", f"{today.year - 1}"):
        try:
            meant = PartialDate.parse(text)
        except InvalidInput:  # the computer's clock is centuries wrong
            continue
        day = meant.first_day if name is FilterName.BEFORE else meant.last_day
        yield text, f"{name} {day_in_words(day)}"


def _matching(options: Iterable[tuple[str, str]], wanted: str) -> list[tuple[str, str]]:
    """Return the options that hold what was typed, those that begin with it first, without the one that it is."""
    found = [
        (option, meaning)
        for option, meaning in options
        if wanted in folded(f"{option} {meaning}") and wanted != folded(option)
    ]
    found.sort(key=lambda each: not folded(each[0]).startswith(wanted))
    return found


def _quoted(value: str) -> str:
    value = " ".join(value.replace('"', " ").split())
    return value if _PLAIN.fullmatch(value) else f'"{value}"'
