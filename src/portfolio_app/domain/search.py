"""What is searched for in a portfolio, and what is found.

What a user types is words, "words in this order", -words that must not occur, and filters such as ``kind:plan``. Every
word must occur; the last one may be only its beginning, because the search runs while it is typed.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Final, NamedTuple

from portfolio_app.domain.dates import PartialDate
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.folding import folded

MOST_CHARACTERS: Final = 1000
MOST_TERMS: Final = 32
EXCERPT_LENGTH: Final = 160
"""About so many characters of what surrounds a find are shown."""

_DATE_WORDS: Final = 4  # Monday 9 March 2026


class HitSort(StrEnum):
    """What sort of thing was found."""

    EVIDENCE = "evidence"
    PERSON = "person"
    UNIT = "unit"
    REQUIREMENT = "requirement"
    GUIDANCE = "guidance"
    ATTACHMENT = "attachment"


class FilterName(StrEnum):
    """What a search can be narrowed by, as it is typed before the colon."""

    KIND = "kind"
    UNIT = "unit"
    PERSON = "person"
    TAG = "tag"
    BEFORE = "before"
    AFTER = "after"
    HAS = "has"
    IN = "in"


class Having(StrEnum):
    """What ``has:`` asks for. Requirements can have claims, quotations and decisions, evidence all of them."""

    ATTACHMENT = "attachment"
    CLAIM = "claim"
    QUOTATION = "quotation"
    DECISION = "decision"
    PERSON = "person"
    TAG = "tag"
    DATE = "date"


SEARCHED_IN: Final[dict[str, frozenset[HitSort]]] = {
    "evidence": frozenset({HitSort.EVIDENCE}),
    "people": frozenset({HitSort.PERSON}),
    "units": frozenset({HitSort.UNIT}),
    "criteria": frozenset({HitSort.REQUIREMENT}),
    "requirements": frozenset({HitSort.REQUIREMENT}),
    "guidance": frozenset({HitSort.GUIDANCE}),
    "attachments": frozenset({HitSort.ATTACHMENT}),
    "files": frozenset({HitSort.ATTACHMENT}),
}
"""What ``in:`` takes, and which sorts of things each means."""


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """A word, or several in this order. ``is_prefix``: the last word of it may go on."""

    words: str
    excluded: bool = False
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """A condition; ``value`` is as typed, and ``day`` what a date means.

    For ``before:`` that is the first day of what was typed, for ``after:`` the last: ``after:2025`` begins in 2026.
    """

    name: FilterName
    value: str
    excluded: bool = False
    day: date | None = None


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What was typed into the search box.

    Of filters with the same name any must hold (of ``has:``, ``before:`` and ``after:`` all), of different ones all;
    of those excluded none.
    """

    terms: tuple[SearchTerm, ...] = ()
    filters: tuple[SearchFilter, ...] = ()

    @property
    def wanted(self) -> tuple[SearchTerm, ...]:
        """The terms that must occur."""
        return tuple(term for term in self.terms if not term.excluded)

    @property
    def unwanted(self) -> tuple[SearchTerm, ...]:
        """The terms that must not occur."""
        return tuple(term for term in self.terms if term.excluded)

    @property
    def asks_nothing(self) -> bool:
        """Whether nothing was typed that could be looked for."""
        return not self.wanted and not self.filters


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One thing that was found, at its best place.

    Attributes:
        sort: What it is; tells which of the ids are not empty.
        title: What it is called on screen: an item's title, a file's name, a requirement's short text.
        ref: E12, U1/1.2, U1; of an attachment that of its item, of guidance that of its unit; empty for people.
        excerpt: About 160 characters around the place on one line, with … where something was left out.
        marks: Where the words stand in the excerpt: pairs of start and end.
        title_marks: Where they stand in the title.
        evidence_id: The item; of an attachment the item that it belongs to.
        page: Page, slide or sheet of an attachment from 1, where its format has them.
        paragraph: Paragraph of an attachment from 1 over the whole file.
        field: What the part is called that the excerpt is from ("Purpose", "Tags", "Tip"); empty for the text itself.
        field_name: The same for a program: the name of a form's field, or ``body``, ``date``, ``tags``, ``people``,
            ``standing``, ``claim``, ``caption`` …
    """

    sort: HitSort
    title: str
    ref: str = ""
    excerpt: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    evidence_id: str = ""
    requirement_id: str = ""
    unit_id: str = ""
    person_id: str = ""
    attachment_id: str = ""
    page: int | None = None
    paragraph: int | None = None
    field: str = ""
    title_marks: tuple[tuple[int, int], ...] = ()
    field_name: str = ""


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What was found, the best first.

    ``total`` counts all that was found, also beyond the limit; ``unread`` the attached files whose text is not known,
    because it was not read yet or could not be. ``problem`` is a sentence where nothing could be looked for.
    """

    hits: tuple[SearchHit, ...] = ()
    total: int = 0
    unread: int = 0
    problem: str = ""


class LabelName(StrEnum):
    """By what things are told apart that a search is narrowed to.

    ``called`` is what a unit or a person may be called in a filter; the others stand at whatever a filter may choose.
    """

    CALLED = "called"
    KIND = "kind"
    UNIT = "unit"
    PERSON = "person"
    TAG = "tag"
    HAS = "has"


class SearchableField(NamedTuple):
    """A part of a thing with its name for programs, what it is called on screen, and its text."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class SearchableThing:
    """A thing as it is searched.

    Attributes:
        key: What no other thing of its sort is called.
        number: What things that are found equally well are ordered by.
        requirement: The text of a requirement.
        body: What is written in it, without marks of its layout.
        fields: Its other texts.
        sha256: The file that an attachment is.
        first_day: With ``last_day`` when it was done, ISO 8601; empty where that is not known.
        labels: What it can be narrowed by: ids, and words as :func:`~portfolio_app.domain.folding.folded`.
    """

    sort: HitSort
    key: str
    title: str
    ref: str = ""
    number: int = 0
    requirement: str = ""
    body: str = ""
    fields: tuple[SearchableField, ...] = ()
    evidence_id: str = ""
    requirement_id: str = ""
    unit_id: str = ""
    person_id: str = ""
    attachment_id: str = ""
    sha256: str = ""
    media_type: str = ""
    first_day: str = ""
    last_day: str = ""
    labels: frozenset[tuple[LabelName, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of what was typed. ``is_open``: it reaches to the very end, so that more of it may follow."""

    name: str
    value: str
    excluded: bool
    is_open: bool


_TOKEN: Final = re.compile(
    r'(?P<minus>-?)(?:(?P<name>[A-Za-z]{2,}):(?!//))?(?:"(?P<quoted>[^"]*)(?P<end>"?)|(?P<word>[^\s"]*))'
)
_QUOTES: Final = str.maketrans("“”„«»＂", '""""""')
_UNUSABLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def parse_query(text: str) -> SearchQuery:
    """Read what was typed into the search box.

    A filter that has no value yet asks nothing, since it is still being typed.

    Raises:
        InvalidInput: there is no such filter, a filter cannot have this value, or far too much was typed.
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(f"A search can have {MOST_CHARACTERS:,} characters at most; search for less of it.")
    terms: list[SearchTerm] = []
    filters: list[SearchFilter] = []
    tokens = deque(_tokens(text))
    while tokens:
        token = tokens.popleft()
        if token.name and (found := _filter(token, tokens)) is not None:
            filters.append(found)
        elif not token.name and any(character.isalnum() for character in token.value):
            terms.append(SearchTerm(token.value, token.excluded, token.is_open and not token.excluded))
    if len(terms) + len(filters) > MOST_TERMS:
        raise InvalidInput(f"A search can have {MOST_TERMS} words at most; leave some out.")
    return SearchQuery(tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(filters)))


def _tokens(text: str) -> Iterator[_Token]:
    typed = _UNUSABLE.sub(" ", text.translate(_QUOTES))
    for match in _TOKEN.finditer(typed):
        name = match["name"] or ""
        is_open = match.end() == len(typed) and not match["end"]
        value = " ".join((match["quoted"] or match["word"] or "").split())
        if name.lower() not in _NAMES and not value:  # "Action: call" are words
            name, value = "", name
        if name or value:
            yield _Token(name.lower(), value, bool(match["minus"]), is_open)


_NAMES: Final = frozenset(FilterName)


def _filter(token: _Token, following: deque[_Token]) -> SearchFilter | None:
    """Read a filter, and with ``before: 9 March 2026`` what belongs to it of the following; ``None``: not typed yet."""
    if token.name not in _NAMES:
        names = ", ".join(f"{name}:" for name in FilterName)
        raise InvalidInput(
            f"There is no filter “{token.name}:”. There are {names}; put words with a colon in quotation marks."
        )
    name = FilterName(token.name)
    value = token.value
    if not value and following and not following[0].name:
        value = following.popleft().value
    if not value:
        return None
    if name in (FilterName.BEFORE, FilterName.AFTER):
        return _date_filter(name, value, following, excluded=token.excluded)
    if name is FilterName.HAS:
        value = _one_of(value, tuple(Having), "has:")
    elif name is FilterName.IN:
        value = _one_of(value, tuple(SEARCHED_IN), "in:")
    return SearchFilter(name, value, token.excluded)


def _one_of(value: str, choices: Sequence[str], name: str) -> str:
    """Return the choice that is meant, in the plural as well, or by its beginning where that is enough."""
    wanted = folded(value)
    exact = [choice for choice in choices if wanted in (choice, f"{choice}s") or f"{wanted}s" == choice]
    found = exact or [choice for choice in choices if choice.startswith(wanted)]
    if len(found) != 1:
        raise InvalidInput(f"“{name}{value}” cannot be searched for; there are {', '.join(choices)}.")
    return found[0]


def _date_filter(name: FilterName, value: str, following: deque[_Token], *, excluded: bool) -> SearchFilter:
    """Read a date of one word or, where that is none, of as many of the following words as make one."""
    more = [token.value for token in islice(following, _DATE_WORDS - 1) if not token.name and not token.excluded]
    for count in range(len(more) + 1):
        text = " ".join([value, *more[:count]])
        try:
            found = PartialDate.parse(text)
        except InvalidInput:
            continue
        for _ in range(count):
            following.popleft()
        return SearchFilter(name, text, excluded, found.first_day if name is FilterName.BEFORE else found.last_day)
    raise InvalidInput(f"“{name}:{value}” is no date; write it as {name}:9/3/2026, {name}:2026-03 or {name}:2026.")


_ENDINGS: Final = (
    *("ation", "ations", "ational", "ization", "isation", "izations", "isations", "ition", "itions", "ion", "ions"),
    *("ement", "ements", "ment", "ments", "ness", "ousness", "fulness", "iveness", "ability", "ibility", "ivity"),
    *("ality", "ity", "ities", "ance", "ances", "ence", "ences", "ancy", "ency", "encies", "able", "ible", "ably"),
    *("ative", "ive", "icate", "ate", "ates", "ated", "ating", "ator", "ators", "ical", "ically", "ally", "alism"),
    *("ize", "ise", "izes", "ises", "ized", "ised", "izing", "ising", "izer", "iser", "ism", "ously", "ous", "ively"),
    *("ently", "ent", "ents", "ant", "ants", "er", "ers", "ful", "fully", "ing", "ings"),
    *("ingly", "ed", "edly", "es", "ies", "ied", "ying", "less", "lessly", "ssion", "ssions", "tional"),
)
_VOWELS: Final = "aeiou"
_LEAST_BEGINNING: Final = 4


def completions(beginning: str) -> tuple[str, ...]:
    """Return words that this may be the beginning of, by the endings of English.

    An index holds stems: it knows “organisation” as “organis”, which does not begin with “organisat”. So what is still
    being typed is looked for as these words too.

    >>> "organisation" in completions("organisat")
    True
    >>> "planning" in completions("plann")
    True
    """
    if len(beginning) < _LEAST_BEGINNING or not beginning.isalpha():
        return ()
    found = {
        beginning + ending[length:]: None
        for ending in _ENDINGS
        for length in range(1, len(ending))
        if beginning.endswith(ending[:length]) and len(beginning) - length > 1
    }
    if beginning[-1] == beginning[-2] and beginning[-1] not in _VOWELS:
        found[f"{beginning}ing"] = None  # “swimm” of “swimming”, which is known as “swim”
    return tuple(found)
