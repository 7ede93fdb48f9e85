"""What may say who somebody is: patterns of personal details in texts, proposed to be hidden and never hidden unasked.

Each pattern is data: what it is called, what it looks like, and what else must be true of it (check digits, areas that
are given out), so that an invoice number is not taken for a bank account.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portfolio_app.domain.evidence import Person
from portfolio_app.domain.hidden_terms import letters_of
from portfolio_app.domain.portfolio import Learner


class DetailKind(StrEnum):
    """What a candidate is; the value says so on screen."""

    PERSON = "name on the list of people"
    LEARNER = "about the learner"
    PART_OF_NAME = "part of a name"
    ORGANISATION = "organisation"
    TITLED = "name with a title"
    LABELLED = "after a label"
    EMAIL = "e-mail address"
    PHONE = "telephone number"
    NATIONAL_INSURANCE = "National Insurance number"
    NHS = "NHS number"
    POSTCODE = "postcode"
    BANK = "bank details"
    CARD = "payment card"


@dataclass(frozen=True, slots=True)
class Detail:
    """Something in a text that may say who somebody is."""

    text: str
    kind: DetailKind


@dataclass(frozen=True, slots=True)
class Pattern:
    """What details of a kind look like. ``check`` is given a match, and says whether it can be one."""

    kind: DetailKind
    expression: re.Pattern[str]
    check: Callable[[str], bool] = lambda _text: True


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def is_phone(text: str) -> bool:
    """Say whether a number can be a British telephone number: its length, and an area that is given out (Ofcom)."""
    digits = _digits(text)
    digits = re.sub(r"^(?:0044|44)(?=0?[1-9])", "", digits).removeprefix("0")
    if len(digits) not in {9, 10} or len(set(digits)) == 1:
        return False
    return bool(re.match(r"1[1-9]|2[03489]|3[03478]|5[56]|7[0-9]|8[0478]|9[01]", digits)) and (
        len(digits) == 10 or digits[0] in "18"
    )


def is_national_insurance_number(text: str) -> bool:
    """Say whether its prefix can be given out (HMRC, NIM39110)."""
    letters = letters_of(text).upper()
    first, second = letters[0], letters[1]
    return first not in "DFIQUV" and second not in "DFIOQUV" and letters[:2] not in _UNUSED_PREFIXES


_ANY_CASE: Final = re.IGNORECASE
_UNUSED_PREFIXES: Final = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def is_nhs_number(text: str) -> bool:
    """Say whether its check digit is right (modulus 11)."""
    digits = [int(digit) for digit in _digits(text)]
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    return check != 10 and check % 11 == digits[9]


def is_card_number(text: str) -> bool:
    """Say whether its check digit is right (Luhn)."""
    digits = [int(digit) for digit in _digits(text)]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Say whether its check digits are right (ISO 7064, modulus 97)."""
    letters = letters_of(text).upper()
    if not 15 <= len(letters) <= 34:
        return False
    turned = letters[4:] + letters[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def _is_sort_code(text: str) -> bool:
    """Refuse a date written 12-03-26 where no account number follows."""
    digits = _digits(text)
    return digits != "000000" and len(set(digits)) > 1


_NO_NAMES: Final = frozenset(
    (
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("teams", "word", "excel", "office", "access", "outlook", "powerpoint", "project", "windows", "no", "who"),
        *("the", "a", "an", "this", "that", "it", "all", "everyone", "team", "none", "nobody", "staff", "date", "time"),
        *(
            "account",
            "customer",
            "manager",
            "learner",
            "assessor",
            "witness",
            "head",
            "department",
            "office",
            "service",
            "not",
        ),
    )
)
_NAME_WORDS: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def _is_name(text: str) -> bool:
    words = [word.casefold() for word in _NAME_WORDS.findall(text)]
    return bool(words) and not any(word in _NO_NAMES for word in words)


_NAME: Final = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]*(?:['’-][^\W\d_]+)*"
_NAMES: Final = rf"{_NAME}(?:[ \u00a0]+(?:(?:de|da|van|von|der|bin|al|ap)[ \u00a0]+)?{_NAME}){{0,3}}"
_TITLES: Final = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Rev|Revd|Cllr|Councillor|Nurse|Sister)"
_PERSON_LABELS: Final = (
    r"(?:(?:full |first |last |staff |employee |customer |client |patient |service user |pupil |witness |assessor |"
    r"manager |contact |account )?name|surname|forename|contact|employee|customer|client|patient|service user|"
    r"(?:line |team )?manager|supervisor|signed(?: by)?|prepared by|written by|author|attendees?|present|apologies|"
    r"chair|minutes by|witness|from|to|cc|attn)"
)
_NUMBER_LABELS: Final = (
    r"(?:employee|staff|payroll|personnel|customer|client|patient|learner|student|candidate|account|a/c|policy|member|"
    r"membership|licence|passport|hospital|case|uln|user|card)"
)
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"

PATTERNS: Final[tuple[Pattern, ...]] = (
    Pattern(
        DetailKind.EMAIL,
        re.compile(
            r"(?<![\w.+%-])[\w.+%'-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,5}[a-z]{2,24}\b", _ANY_CASE
        ),
    ),
    Pattern(
        DetailKind.PHONE,
        re.compile(
            r"(?<![\w+./-])(?:(?:\+|00)44[ \u00a0.-]?(?:\(0\)[ \u00a0]?)?|\(?0)"
            r"(?:[()]?[ \u00a0.-]?[()]?\d){8,10}(?![\w/]|[.-]\d)"
        ),
        is_phone,
    ),
    Pattern(
        DetailKind.NATIONAL_INSURANCE,
        re.compile(r"\b[a-z]{2}[ \u00a0-]?\d{2}[ \u00a0-]?\d{2}[ \u00a0-]?\d{2}[ \u00a0-]?[a-d]\b", _ANY_CASE),
        is_national_insurance_number,
    ),
    Pattern(DetailKind.NHS, re.compile(r"(?<![\d-])\d{3}[ \u00a0-]\d{3}[ \u00a0-]\d{4}(?![\d-])"), is_nhs_number),
    Pattern(
        # The forms of a postcode (BS 7666, as Royal Mail gives them out), capitals only: "b1 2cd" is a list's number.
        DetailKind.POSTCODE,
        re.compile(
            r"\b(?:GIR ?0AA|(?:[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRV-Y]))"
            r"[ \u00a0]?\d[ABD-HJLNP-UW-Z]{2})\b"
        ),
    ),
    Pattern(
        DetailKind.BANK,
        re.compile(
            r"\b(?:sort[ -]?code)\W{0,3}(?:no\.?\W{0,2})?(\d{2}[ -]?\d{2}[ -]?\d{2})\b",
            _ANY_CASE,
        ),
        _is_sort_code,
    ),
    Pattern(
        DetailKind.BANK,
        re.compile(
            r"(?<![\d-])(\d{2}-\d{2}-\d{2}[ \u00a0,;/]{1,3}"
            r"(?:(?:account|a/c|acc)\W{0,3}(?:no\.?|number)?\W{0,3})?\d{8})(?![\d-])",
            _ANY_CASE,
        ),
        _is_sort_code,
    ),
    Pattern(
        DetailKind.BANK,
        re.compile(r"\b(?:account|a/c|acc)(?: (?:no\.?|number))?\W{1,3}(\d{8})\b", _ANY_CASE),
    ),
    Pattern(
        DetailKind.BANK,
        re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}(?:[ \u00a0]?[A-Z0-9]{1,3})?\b"),
        is_iban,
    ),
    Pattern(
        DetailKind.CARD, re.compile(r"(?<![\d.-])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\d-]|\.\d)"), is_card_number
    ),
    Pattern(DetailKind.TITLED, re.compile(rf"\b{_TITLES}\b\.?[ \u00a0]+({_NAMES})"), _is_name),
    Pattern(
        DetailKind.LABELLED,
        re.compile(rf"(?:^|(?<=[\n|;(]))[ \t*_]*(?i:{_PERSON_LABELS})[ \t*_]*:[ \t*_]*({_NAMES})", re.MULTILINE),
        lambda text: _is_name(text) and " " in text.strip(),
    ),
    Pattern(
        DetailKind.LABELLED,
        re.compile(
            rf"\b{_NUMBER_LABELS}(?: (?:no\.?|number|id|ref\.?|reference))\W{{0,3}}"
            r"((?=[a-z/-]{0,6}\d)[a-z0-9][a-z0-9/-]{2,19})\b",
            _ANY_CASE,
        ),
        lambda text: len(_digits(text)) >= 3,
    ),
    Pattern(
        DetailKind.LABELLED,
        re.compile(
            rf"\b(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\W{{0,3}}"
            rf"(\d{{1,2}}[ ./-](?:\d{{1,2}}|(?:st|nd|rd|th)? ?{_MONTH})[ ./-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}})",
            _ANY_CASE,
        ),
    ),
)
"""Every pattern; a group in an expression is the detail, else all of it is."""

_PARTICLES: Final = frozenset(("de", "da", "del", "van", "von", "der", "den", "la", "le", "bin", "al", "ap", "ten"))
_SHORTEST_PART: Final = 3
_NAME_TITLES: Final = frozenset(
    ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev", "revd", "cllr", "councillor")
)


def details_in(text: str) -> Iterator[tuple[Detail, int, int]]:
    """Find what may say who somebody is; each with where it stands. What is part of a longer detail is left out."""
    taken: list[tuple[int, int]] = []
    for pattern in PATTERNS:
        for match in pattern.expression.finditer(text):
            group = 1 if pattern.expression.groups else 0
            start, end = match.span(group)
            detail = match[group]
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            if pattern.check(detail):
                taken.append((start, end))
                yield Detail(" ".join(detail.split()), pattern.kind), start, end


def known_details(people: Sequence[Person], learner: Learner, centre: str) -> Iterator[Detail]:
    """Return what the portfolio itself says of people: their names and the parts of these, addresses, organisations."""
    for person in people:
        yield from _of_name(person.name, DetailKind.PERSON)
        if person.email.strip():
            yield Detail(person.email.strip(), DetailKind.EMAIL)
    for person in people:
        if person.organisation.strip():
            yield Detail(" ".join(person.organisation.split()), DetailKind.ORGANISATION)
    yield from _of_name(learner.name, DetailKind.LEARNER)
    for text in (learner.number, learner.email):
        if text.strip():
            yield Detail(" ".join(text.split()), DetailKind.LEARNER)
    if centre.strip():
        yield Detail(" ".join(centre.split()), DetailKind.ORGANISATION)


def _of_name(name: str, kind: DetailKind) -> Iterator[Detail]:
    whole = " ".join(name.split())
    words = whole.split()
    while words and words[0].casefold().rstrip(".") in _NAME_TITLES:
        words = words[1:]
    if not words:
        return
    yield Detail(" ".join(words), kind)
    if len(words) < 2:
        return
    for word in words:
        part = word.strip(".,()")
        if len(letters_of(part)) >= _SHORTEST_PART and part.casefold() not in _PARTICLES:
            yield Detail(part, DetailKind.PART_OF_NAME)
