"""What an evidence item is to say, as typed, and the item filled with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

from portfolio_app.domain.dates import Period
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import DATE_IN_WORDS, Evidence, EvidenceKind, FieldValue, Standing, StandingKind
from portfolio_app.domain.forms import validate_fields
from portfolio_app.domain.qualification import AssessmentMethod
from portfolio_app.services.people import PersonGiven
from portfolio_app.services.text_input import day, line, prose


@dataclass(frozen=True, slots=True)
class EvidenceGiven:
    """What an item is to say, as typed. ``None`` leaves it as it is, empty text clears it.

    ``fields`` are set by name, the others stay; an empty value clears one. ``method`` empty means that of the kind.
    ``people`` and ``files`` are added, ``removed_people`` and ``removed_files`` named by their names.
    """

    title: str | None = None
    date: str | None = None
    body: str | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    standing: StandingKind | None = None
    location: str | None = None
    standing_description: str | None = None
    confirmed_by: str | None = None
    confirmed_on: str | None = None
    method: AssessmentMethod | Literal[""] | None = None
    simulated: bool | None = None
    confidential: bool | None = None
    tags: Sequence[str] | None = None
    people: Sequence[PersonGiven] = ()
    removed_people: Sequence[str] = ()
    files: Sequence[Path] = ()
    removed_files: Sequence[str] = ()


def filled(item: Evidence, kind: EvidenceKind | None, given: EvidenceGiven, *, lenient: bool = False) -> Evidence:
    """Return the item with what was given.

    Args:
        item: as it is.
        kind: its kind, if that is known.
        given: what it is to say.
        lenient: keep whatever was typed, since it is saved while it is being typed: an empty title, values that do
            not fit their field, a place that is still to be named. A date that cannot be read is kept in words.

    Raises:
        InvalidInput: something given cannot be used.
    """
    problems = validate_fields(kind, given.fields, item.fields) if kind and not lenient else ()
    if problems:
        raise InvalidInput(problems[0])
    fields = {**item.fields, **given.fields}
    period = item.date
    if given.date is not None:
        period, fields[DATE_IN_WORDS] = _period(given.date, lenient=lenient)
    fields = {name: value for name, value in fields.items() if value}
    return replace(
        item,
        title=line(item.title if given.title is None else given.title, "The title", required=not lenient),
        date=period,
        body=item.body if given.body is None else prose(given.body, "The text"),
        fields={name: _cleaned(value, kind, name) for name, value in fields.items()},
        standing=_standing(item.standing, given, lenient=lenient),
        method=item.method if given.method is None else given.method or None,
        simulated=item.simulated if given.simulated is None else given.simulated,
        confidential=item.confidential if given.confidential is None else given.confidential,
        tags=item.tags if given.tags is None else tidy_tags(given.tags),
    )


def _period(text: str, *, lenient: bool) -> tuple[Period | None, str]:
    """Return the date and nothing, or no date and the words that are not one (yet)."""
    typed = line(text, "The date")
    if not typed:
        return None, ""
    try:
        return Period.parse(typed), ""
    except InvalidInput:
        if not lenient:
            raise
        return None, typed


def _cleaned(value: FieldValue, kind: EvidenceKind | None, name: str) -> FieldValue:
    definition = kind.field(name) if kind else None
    what = f"“{definition.label if definition else name}”"
    if isinstance(value, str):
        return prose(value, what)
    return tuple({column: prose(cell, what) for column, cell in row.items()} for row in value)


def _standing(current: Standing, given: EvidenceGiven, *, lenient: bool) -> Standing:
    kind, location = given.standing, given.location
    if kind is None and location and not lenient:
        # A place was named without saying what it is: an address is a link, anything else a shelf at work.
        kind = (
            StandingKind.LINKED if location.strip().lower().startswith(("http://", "https://")) else StandingKind.HELD
        )
    standing = replace(
        current,
        kind=kind or current.kind,
        location=current.location if location is None else line(location, "The location"),
        description=current.description
        if given.standing_description is None
        else prose(given.standing_description, "The description"),
        confirmed_by=current.confirmed_by
        if given.confirmed_by is None
        else line(given.confirmed_by, "The assessor’s name"),
        confirmed_on=current.confirmed_on if given.confirmed_on is None else _day(given.confirmed_on),
    )
    if not lenient and given.standing in (StandingKind.LINKED, StandingKind.HELD) and not standing.location:
        raise InvalidInput(f"Evidence that is {given.standing} needs its location.")
    return standing


def _day(text: str) -> date | None:
    return day(text) if text.strip() else None


def tidy_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Return tags on one line each, none twice: case does not make another tag.

    Raises:
        InvalidInput: one cannot be used.
    """
    cleaned = (line(tag, "A tag") for tag in tags)
    found: dict[str, str] = {}
    for tag in cleaned:
        found.setdefault(tag.casefold(), tag)
    found.pop("", None)
    return tuple(found.values())
