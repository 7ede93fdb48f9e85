"""What of a portfolio is searched, and under which names it is found."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from portfolio_app.domain.claims import ClaimWords
from portfolio_app.domain.evidence import DATE_IN_WORDS, Evidence, EvidenceKind, FieldDefinition, FieldValue, Person
from portfolio_app.domain.folding import folded
from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.domain.search import Having, HitSort, LabelName, SearchableField, SearchableThing

_Labels = frozenset[tuple[LabelName, str]]
Kinds = Mapping[str, EvidenceKind]

_MARKUP: Final = re.compile(r"[*_`#>\[\\]")
_LISTED: Final = re.compile(r"\n[ \t]*(?:[-+]|\d{1,9}[.)])[ \t]")
_LINE_STARTS: Final = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\d{1,9}[.)][ \t]+|`{3,}.*$)", re.MULTILINE
)
_LINKS: Final = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_STARS: Final = re.compile(r"(?<![\w\\*])(\*{1,3})(?=[^\s*])([^*\n]+)(?<=[^\s\\])\1(?!\w)")
_LINES: Final = re.compile(r"(?<![\w\\])(_{1,3})(?=[^\s_])([^_\n]+)(?<=[^\s\\])\1(?!\w)")
_ESCAPES: Final = re.compile(r"\\([!-/:-@\[-`{-~])")


def fingerprint(kinds: Kinds) -> str:
    """Return a mark of what the kinds of evidence give to the search: their titles and the names of their fields."""
    names = [
        (
            kind.id,
            kind.title,
            [(each.name, each.label, [(c.name, c.label) for c in each.columns]) for each in kind.fields],
        )
        for kind in kinds.values()
    ]
    return hashlib.sha256(repr(sorted(names)).encode(errors="replace")).hexdigest()


def things_of_evidence(
    item: Evidence, kinds: Kinds, people: Mapping[str, Person], claims: Sequence[ClaimWords], unit_of: Mapping[str, str]
) -> Iterator[SearchableThing]:
    """Yield an item and its attachments; ``unit_of`` maps the ids of requirements to those of their units."""
    labels = _evidence_labels(item, kinds, claims, unit_of)
    first, last = (item.date.start.first_day.isoformat(), item.date.last_day.isoformat()) if item.date else ("", "")
    kind = kinds.get(item.kind)
    fields = [*_form_fields(item.fields, kind), *_other_fields(item, people)]
    fields += [SearchableField("claim", "Claim", f"{each.why}\n{each.quotation}".strip()) for each in claims]
    yield SearchableThing(
        sort=HitSort.EVIDENCE,
        key=item.id,
        title=item.shown_title,
        ref=item.ref,
        number=item.number,
        body=plain_of_markdown(item.body),
        fields=tuple(fields),
        evidence_id=item.id,
        first_day=first,
        last_day=last,
        labels=labels,
    )
    for attachment in item.attachments:
        yield SearchableThing(
            sort=HitSort.ATTACHMENT,
            key=attachment.id,
            title=attachment.name,
            ref=item.ref,
            number=item.number,
            fields=(SearchableField("caption", "Caption", attachment.caption),),
            evidence_id=item.id,
            attachment_id=attachment.id,
            sha256=attachment.sha256,
            media_type=attachment.media_type,
            first_day=first,
            last_day=last,
            labels=labels,
        )


def thing_of_person(person: Person, number: int) -> SearchableThing:
    """Return a person; in a filter they may be called by any of their names."""
    names = folded(person.name).split()
    labels = {(LabelName.CALLED, " ".join(names[start:])) for start in range(len(names))}
    named = (
        ("role", "Role", person.role),
        ("organisation", "Organisation", person.organisation),
        ("relation", "Relation", person.relation),
        ("status", "Status", person.status),
        ("email", "E-mail", person.email),
    )
    return SearchableThing(
        sort=HitSort.PERSON,
        key=person.id,
        title=person.name,
        number=number,
        fields=tuple(SearchableField(*each) for each in named),
        person_id=person.id,
        labels=frozenset(labels | {(LabelName.PERSON, person.id)}),
    )


def things_of_unit(unit: Unit, claimed: Mapping[str, bool], decided: frozenset[str]) -> Iterator[SearchableThing]:
    """Yield a unit, its requirements and its guidance.

    ``claimed`` says by id of which requirements there are claims, and whether any quotes; ``decided`` of which there is
    a decision.
    """
    own = (LabelName.UNIT, unit.id)
    called = {(LabelName.CALLED, folded(name)) for name in (unit.code, unit.reference, unit.title) if name.strip()}
    yield SearchableThing(
        sort=HitSort.UNIT,
        key=unit.id,
        title=unit.title,
        ref=unit.code,
        body=unit.synopsis,
        fields=(
            SearchableField("reference", "Reference", unit.reference),
            SearchableField("source", "Source", unit.source),
        ),
        unit_id=unit.id,
        labels=frozenset({own, *called}),
    )
    addresses = unit.addresses()
    for number, (_, requirement) in enumerate(unit.walk(), 1):
        labels = {own, (LabelName.KIND, folded(requirement.kind))}
        having = {
            Having.CLAIM: requirement.id in claimed,
            Having.QUOTATION: claimed.get(requirement.id, False),
            Having.DECISION: requirement.id in decided,
        }
        labels.update((LabelName.HAS, what) for what, has in having.items() if has)
        yield _thing_of_requirement(unit, requirement, addresses[requirement.id], number, frozenset(labels))
    for number, advice in enumerate(unit.guidance, 1):
        name = advice.kind.capitalize()
        yield SearchableThing(
            sort=HitSort.GUIDANCE,
            key=f"{unit.id}/{number}",
            title=advice.title or name,
            ref=unit.code,
            number=number,
            fields=(SearchableField("guidance", name, advice.text),),
            unit_id=unit.id,
            labels=frozenset({own, (LabelName.KIND, folded(advice.kind))}),
        )


def _thing_of_requirement(
    unit: Unit, requirement: Requirement, address: str, number: int, labels: _Labels
) -> SearchableThing:
    parts = [SearchableField("component", "Part", component.text) for component in requirement.components]
    return SearchableThing(
        sort=HitSort.REQUIREMENT,
        key=requirement.id,
        title=requirement.short_text,
        ref=address,
        number=number,
        requirement=requirement.text,
        fields=(*parts, SearchableField("unit", "Unit", f"{unit.code} {unit.title}")),
        requirement_id=requirement.id,
        unit_id=unit.id,
        labels=labels,
    )


def plain_of_markdown(text: str) -> str:
    """Return what someone wrote without the marks of its layout, as far as they are plain to see."""
    if not _MARKUP.search(text) and not _LISTED.search(f"\n{text}"):
        return text
    text = _LINKS.sub(r"\1", _LINE_STARTS.sub("", text))
    for _ in range(2):  # bold around italics
        text = _LINES.sub(r"\2", _STARS.sub(r"\2", text))
    return _ESCAPES.sub(r"\1", text)


def _evidence_labels(item: Evidence, kinds: Kinds, claims: Sequence[ClaimWords], unit_of: Mapping[str, str]) -> _Labels:
    kind = kinds.get(item.kind)
    labels = {(LabelName.KIND, folded(item.kind))}
    if kind is not None:
        labels.add((LabelName.KIND, folded(kind.title)))
    labels.update((LabelName.UNIT, unit_of[each.requirement_id]) for each in claims if each.requirement_id in unit_of)
    labels.update((LabelName.PERSON, each.person_id) for each in item.people)
    labels.update((LabelName.TAG, folded(tag)) for tag in item.tags)
    having = {
        Having.ATTACHMENT: bool(item.attachments),
        Having.CLAIM: bool(claims),
        Having.QUOTATION: any(each.quotation for each in claims),
        Having.DECISION: item.judgement is not None,
        Having.PERSON: bool(item.people),
        Having.TAG: bool(item.tags),
        Having.DATE: item.date is not None,
    }
    labels.update((LabelName.HAS, what) for what, has in having.items() if has)
    return frozenset(labels)


def _form_fields(fields: Mapping[str, FieldValue], kind: EvidenceKind | None) -> Iterator[SearchableField]:
    for name, value in fields.items():
        definition = kind.field(name) if kind is not None else None
        label = "Date" if name == DATE_IN_WORDS else definition.label if definition is not None else _as_words(name)
        text = value if isinstance(value, str) else "\n".join(_cells(row, definition) for row in value)
        yield SearchableField("date" if name == DATE_IN_WORDS else name, label, text)


def _cells(row: Mapping[str, str], definition: FieldDefinition | None) -> str:
    """Return a table's row as it is read, from left to right."""
    order = [column.name for column in definition.columns] if definition is not None else []
    names = [*(name for name in order if name in row), *(name for name in row if name not in order)]
    return " · ".join(row[name] for name in names if row[name].strip())


def _as_words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _other_fields(item: Evidence, people: Mapping[str, Person]) -> Iterable[SearchableField]:
    if item.date is not None:
        yield SearchableField("date", "Date", str(item.date))
    if item.tags:
        yield SearchableField("tags", "Tags", ", ".join(item.tags))
    for part in item.people:
        if part.person_id in people:
            person = people[part.person_id]
            known = (person.name, person.role, person.organisation)
            yield SearchableField("people", part.part.capitalize(), ", ".join(filter(None, known)))
    standing = item.standing
    yield SearchableField("standing", "Where it is", f"{standing.location}\n{standing.description}".strip())
    yield SearchableField("standing", "Seen by", standing.confirmed_by)
