"""What an item keeps of itself when it is reworked after an assessor has looked at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from portfolio_app.domain.claims import Decision
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.evidence import Evidence, EvidenceVersion, Involvement, Person
from portfolio_app.domain.identifiers import new_id


def reason_to_keep(item: Evidence, decisions: Iterable[Decision]) -> str:
    """Return why an item that is about to change must keep what it is now, or nothing.

    It must when an assessor decided on it or judged it as it is: what they saw has to stay beside what they said of
    it. Changes after the first one make no more versions, until somebody has looked again. ``decisions`` are those on
    the requirements that it is claimed for.
    """
    if item.revised_at is None:
        return ""
    considered = [decision for decision in decisions if decision.considers >= item.revised_at]
    if considered:
        newest = max(considered, key=lambda each: each.decided_at)
        day = day_in_words(newest.decided_at.astimezone().date())
        return f"{newest.by} decided “{newest.verdict}” on {day}"
    judged = item.judgement
    if judged is not None and (judged.on is None or judged.on >= item.revised_at.astimezone().date()):
        return f"{judged.by} judged it" + (f" on {day_in_words(judged.on)}" if judged.on else "")
    return ""


def version_of(
    item: Evidence, number: int, reason: str, made_at: datetime, people: Mapping[str, Person]
) -> EvidenceVersion:
    """Return what an item is now as its version of this number. ``people`` has those whom it names, by id."""
    return EvidenceVersion(
        id=new_id(),
        evidence_id=item.id,
        number=number,
        made_at=made_at,
        reason=reason,
        kind=item.kind,
        title=item.title,
        date=item.date,
        body=item.body,
        fields=item.fields,
        attachments=item.attachments,
        people=tuple(_in_words(people[each.person_id], each) for each in item.people),
        judgement=item.judgement,
    )


def _in_words(person: Person, involvement: Involvement) -> str:
    described = ", ".join(filter(None, (person.name, person.role, person.organisation)))
    signed = f", signed {day_in_words(involvement.signed_on)}" if involvement.signed_on else ""
    return f"{involvement.part.value.capitalize()}: {described}{signed}"
