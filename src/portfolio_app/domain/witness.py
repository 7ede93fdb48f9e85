"""What a witness is asked about an item, and how the answers stand beside what the item says.

A witness records and signs; nothing here is a decision on a requirement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from portfolio_app.domain.dates import PartialDate, Period, day_in_words
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import (
    Evidence,
    EvidenceKind,
    Person,
    PersonPart,
    WitnessQuestion,
)

_EMAIL: Final = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")
LONGEST_GIVEN: Final = 300
"""Characters of what is filled in: of more, nobody could see what they confirm."""

VOUCHING: Final = frozenset({PersonPart.WITNESS, PersonPart.OBSERVER})
"""The parts of people who saw it and sign."""


class Part(StrEnum):
    """What a witness writes on the form. The value is the name of its field, and its name in JSON."""

    NAME = "name"
    ROLE = "role"
    ORGANISATION = "organisation"
    RELATION = "relation"
    REACHED_AT = "reached_at"
    OCCASION = "occasion"
    SEEN_FROM = "seen_from"
    SEEN_TO = "seen_to"
    ACCOUNT = "account"
    MAY_BE_CONTACTED = "may_be_contacted"
    SIGNATURE = "signature"
    SIGNED_ON = "signed_on"


@dataclass(frozen=True, slots=True)
class WitnessRequest:
    """What one form asks of one witness.

    ``requirements`` are the ids of those they may say they saw, in printed order. ``given`` is what is filled in
    already, so that they only confirm it; ``person_id`` is empty where nobody is known yet.
    """

    evidence_id: str
    person_id: str = ""
    requirements: tuple[str, ...] = ()
    given: Mapping[Part, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WitnessStatement:
    """What a witness wrote: each part as typed, and the ids of the requirements whose box they ticked.

    ``today`` is the last day on which anybody can have signed.
    """

    parts: Mapping[Part, str]
    seen: tuple[str, ...] = ()
    today: date = date.max

    def __getitem__(self, part: Part) -> str:
        return self.parts.get(part, "")

    def says_more_than(self, given: Mapping[Part, str]) -> bool:
        """Return whether anything was filled in that was not there before."""
        changed = any(text and text != given.get(part, "") for part, text in self.parts.items())
        return changed or bool(self.seen)

    @property
    def email(self) -> str:
        """The e-mail address among what they can be reached at; empty if there is none."""
        found = _EMAIL.search(self[Part.REACHED_AT])
        return found[0] if found else ""

    @property
    def seen_on(self) -> Period | None:
        """When they saw it; ``None`` where they do not say, or it cannot be read."""
        first, last = self[Part.SEEN_FROM], self[Part.SEEN_TO]
        try:
            return Period.parse(f"{first} to {last}" if first and last else first or last)
        except InvalidInput:
            return None

    @property
    def signed_on(self) -> date | None:
        """The day they signed, if they did, and it is a whole date that is not still to come."""
        try:
            day = PartialDate.parse(self[Part.SIGNED_ON])
        except InvalidInput:
            return None
        is_day = day.day is not None and day.first_day <= self.today
        return day.first_day if is_day and self[Part.SIGNATURE] else None


class Change(StrEnum):
    """How an answer stands beside what the item says. The value is the word on screen and in JSON."""

    SAME = "as it is"
    NEW = "new"
    CORRECTED = "corrected"
    """The witness wrote something else in place of what the form had been filled in with."""
    DIFFERENT = "different"
    """The item says something that the form did not have: only the learner can tell which is right."""

    @property
    def is_taken(self) -> bool:
        """Whether the answer is taken over unless the learner says otherwise."""
        return self in {Change.NEW, Change.CORRECTED}


class Place(StrEnum):
    """Where an answer goes. The value is its name in JSON."""

    ROLE = "role"
    ORGANISATION = "organisation"
    RELATION = "relation"
    EMAIL = "email"
    SIGNED = "signed_on"
    DATE = "date"
    OCCASION = "occasion"
    SEEN = "seen_on"
    KNOWS = "knows_the_work"
    CONTACT = "may_be_contacted"
    TESTIMONY = "testimony"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One answer beside what the item, or the list of people, says now."""

    place: Place
    label: str
    now: str
    said: str
    change: Change


_FIELDS: Final = (
    (Place.OCCASION, WitnessQuestion.OCCASION, Part.OCCASION),
    (Place.KNOWS, WitnessQuestion.RELATION, Part.RELATION),
    (Place.CONTACT, WitnessQuestion.CONTACT, Part.MAY_BE_CONTACTED),
)
_QUESTIONS: Final = {place: question for place, question, _ in _FIELDS} | {Place.SEEN: WitnessQuestion.SEEN}


def has_form(kind: EvidenceKind | None) -> bool:
    """Return whether a witness can be given a form about an item of this kind."""
    return kind is not None and kind.witnessed


def whom_to_ask(item: Evidence) -> str:
    """Return the id of the witness who is to be asked next: the first who has not signed, else the first, or none."""
    witnesses = [each for each in item.people if each.part in VOUCHING]
    unsigned = [each for each in witnesses if each.signed_on is None]
    return next((each.person_id for each in [*unsigned, *witnesses]), "")


def request_for(
    item: Evidence, kind: EvidenceKind, person: Person | None, requirements: Sequence[str]
) -> WitnessRequest:
    """Return what a form asks a person, who may be unknown yet, about an item."""
    given = {
        Part.NAME: person.name if person else "",
        Part.ROLE: person.role if person else "",
        Part.ORGANISATION: person.organisation if person else "",
        Part.RELATION: (person.relation if person else "") or _value(item, kind, WitnessQuestion.RELATION),
        Part.REACHED_AT: person.email if person else "",
        Part.OCCASION: _value(item, kind, WitnessQuestion.OCCASION),
        **_seen(item, kind),
    }
    return WitnessRequest(
        item.id,
        person.id if person else "",
        tuple(requirements),
        {part: line for part, text in given.items() if 0 < len(line := " ".join(text.split())) <= LONGEST_GIVEN},
    )


def compare(
    item: Evidence,
    kind: EvidenceKind | None,
    person: Person | None,
    statement: WitnessStatement,
    given: Mapping[Part, str],
) -> list[Comparison]:
    """Set every answer beside what is known now, in the order of the form; what was left empty is left out.

    Args:
        item: as it is now.
        kind: its kind, if that is known.
        person: whoever the witness is on the list of people now, if they are on it.
        statement: what the witness wrote.
        given: what the form had been filled in with.
    """
    before = WitnessStatement(given)
    known = person or Person("", "")
    signed = next((each.signed_on for each in item.people if each.person_id == known.id), None)
    found = [
        _compared(Place.ROLE, "Role", known.role, statement[Part.ROLE], before[Part.ROLE]),
        _compared(
            Place.ORGANISATION,
            "Organisation",
            known.organisation,
            statement[Part.ORGANISATION],
            before[Part.ORGANISATION],
        ),
        _compared(
            Place.RELATION, "Relation to the learner", known.relation, statement[Part.RELATION], before[Part.RELATION]
        ),
        _compared(Place.EMAIL, "E-mail", known.email, statement.email, before.email),
        _compared(Place.SIGNED, "Signed on", _in_words(signed), _in_words(statement.signed_on), ""),
    ]
    seen = kind.field_for(WitnessQuestion.SEEN) if kind else None
    if seen is not None:
        now = _tidy_date(str(item.fields.get(seen.name, "")))
        found.append(_compared(Place.SEEN, seen.label, now, _one_date(statement.seen_on), _one_date(before.seen_on)))
    if seen is None or item.date is None:
        now, said, filled_in = (_in_words(period) for period in (item.date, statement.seen_on, before.seen_on))
        found.append(_compared(Place.DATE, "Date", now, said, filled_in))
    for place, question, part in _FIELDS:
        definition = kind.field_for(question) if kind else None
        if definition is not None:
            now = " ".join(str(item.fields.get(definition.name, "")).split())
            found.append(_compared(place, definition.label, now, statement[part], before[part]))
    return [answer for answer in found if answer.said]


def with_answers(item: Evidence, kind: EvidenceKind | None, taken: Sequence[Comparison]) -> Evidence:
    """Return the item with those answers that go into its form and its date; the others are about the person."""
    fields = dict(item.fields)
    period = item.date
    for answer in taken:
        question = _QUESTIONS.get(answer.place)
        definition = kind.field_for(question) if kind and question else None
        if definition is not None:
            fields[definition.name] = answer.said
        elif answer.place is Place.DATE:
            period = Period.parse(answer.said)
    return replace(item, fields=fields, date=period)


def _compared(place: Place, label: str, now: str, said: str, filled_in: str) -> Comparison:
    if not said or now == said:
        change = Change.SAME
    elif not now:
        change = Change.NEW
    elif said == filled_in:
        change = Change.SAME  # the witness left it, and it was changed here meanwhile
    else:
        change = Change.CORRECTED if now == filled_in else Change.DIFFERENT
    return Comparison(place, label, now, said, change)


def _value(item: Evidence, kind: EvidenceKind, question: WitnessQuestion) -> str:
    definition = kind.field_for(question)
    return str(item.fields.get(definition.name, "")) if definition else ""


def _seen(item: Evidence, kind: EvidenceKind) -> dict[Part, str]:
    """Return when it was seen, as far as the item says: its form rather than its date, which may be a later one."""
    text = _tidy_date(_value(item, kind, WitnessQuestion.SEEN))
    if text or item.date is None:
        return {Part.SEEN_FROM: text}
    return {Part.SEEN_FROM: str(item.date.start), Part.SEEN_TO: str(item.date.end or "")}


def _tidy_date(text: str) -> str:
    """Return a date written as the program writes dates; what is none, as it stands."""
    try:
        return str(PartialDate.parse(text))
    except InvalidInput:
        return text


def _one_date(period: Period | None) -> str:
    """Return a period as the one date that a form's field holds: as much of it as both its ends share."""
    if period is None:
        return ""
    first, last = period.start, period.end or period.start
    if first.year != last.year:
        return str(last)
    if first.month != last.month:
        return str(PartialDate(first.year))
    return str(first if first == last else PartialDate(first.year, first.month))


def _in_words(day: date | Period | None) -> str:
    return day_in_words(day) if isinstance(day, date) else str(day or "")
