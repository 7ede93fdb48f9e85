"""Changing evidence from its page: by id, one named step each, and nothing that was typed is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as parts_of
from dataclasses import replace

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Claim
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import Evidence, EvidenceKind, Involvement, Judgement
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.services.evidence import next_number, portfolio_can_change, with_copied, with_people
from portfolio_app.services.evidence_given import EvidenceGiven, filled
from portfolio_app.services.people import checked, find_person
from portfolio_app.services.references import current_evidence, find_kind, leaf_of_id
from portfolio_app.services.text_input import line
from portfolio_app.storage.portfolio_file import PortfolioFile

_NAMED_PARTS = {
    "title": "the title",
    "date": "the date",
    "body": "the text",
    "method": "the assessment method",
    "simulated": "“simulated”",
    "confidential": "“confidential”",
    "tags": "the tags",
}
_STANDING_PARTS = frozenset({"standing", "location", "standing_description", "confirmed_by", "confirmed_on"})


def new_evidence(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    kind_id: str,
    given: EvidenceGiven | None = None,
    *,
    requirement_id: str = "",
) -> tuple[Evidence, Changes]:
    """Add an item, which may still be empty and without a title, and claim it for a requirement in the same step.

    Raises:
        InvalidInput: there is no such kind, the requirement only groups others, or something given cannot be used.
        UnknownReference: the requirement is not there any more.
    """
    kind = find_kind(kinds, kind_id)
    item = filled(Evidence(new_id(), 0, kind.id, ""), kind, given or EvidenceGiven(), lenient=True)
    people = [checked(person) for person in given.people] if given else []
    purpose = ""
    if requirement_id:
        with portfolio.read() as reader:
            unit, requirement = leaf_of_id(reader, requirement_id)
        purpose = f" for {unit.addresses()[requirement.id]}"
    item = replace(item, number=next_number(portfolio))
    with portfolio.edit(f"Add evidence {item.ref}{purpose}") as editor:
        editor.put_evidence(with_people(editor, item, kind, people))
        if requirement_id:
            editor.put_claim(Claim(new_id(), item.id, requirement_id))
        return editor.evidence(item.number), editor.changes


def change_evidence(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    evidence_id: str,
    given: EvidenceGiven,
    progress: Progress = no_progress,
) -> tuple[Evidence, Changes]:
    """Change what an item says, as far as it is typed: values that do not fit their field are kept and can be mended.

    Raises:
        UnknownReference: the item is not there any more or in the bin, or has no such file or person.
        InvalidInput: something is too long, is no text, or is a day that cannot be read.
        StorageError: a file cannot be read or there is no room for it.
    """
    with portfolio.read() as reader:
        before = current_evidence(reader, evidence_id)
        known = reader.people()
    kind = kinds.get(before.kind)
    item = filled(before, kind, given, lenient=True)
    gone = {find_person(known, name).id for name in given.removed_people}
    item = replace(item, people=tuple(each for each in item.people if each.person_id not in gone))
    people = [checked(person) for person in given.people]
    if given.files:
        portfolio_can_change(portfolio)
        item = replace(item, attachments=with_copied(portfolio, item.attachments, given.files, progress))
    with portfolio.edit(_step(before, kind, given)) as editor:
        editor.put_evidence(with_people(editor, item, kind, people))
        return editor.evidence(item.number), editor.changes


def change_kind(
    portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind], evidence_id: str, kind_id: str
) -> tuple[Evidence, Changes]:
    """Make an item one of another kind. What its form held stays with it, and shows again should the kind come back.

    Raises:
        UnknownReference: the item is not there any more or in the bin.
        InvalidInput: there is no such kind.
    """
    kind = find_kind(kinds, kind_id)
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
    with portfolio.edit(f"Change {item.ref} to {in_sentence(kind.title)}") as editor:
        editor.put_evidence(replace(item, kind=kind.id))
        return editor.evidence(item.number), editor.changes


def duplicate_evidence(portfolio: PortfolioFile, evidence_id: str) -> tuple[Evidence, Changes]:
    """Add a copy of an item under the next reference, with the same files.

    Claims, the assessor's judgement and confirmation, and signatures were given to the original: the copy has none.

    Raises:
        UnknownReference: the item is not there any more or in the bin.
    """
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
    copy = replace(
        item,
        id=new_id(),
        number=next_number(portfolio),
        title=line(f"{item.title[:480]} (copy)", "The title") if item.title else "",
        standing=replace(item.standing, confirmed_by="", confirmed_on=None),
        people=tuple(replace(each, signed_on=None) for each in item.people),
        attachments=tuple(replace(each, id=new_id()) for each in item.attachments),
        judgement=None,
        created_at=None,
        revised_at=None,
    )
    with portfolio.edit(f"Duplicate {item.ref} as {copy.ref}") as editor:
        editor.put_evidence(copy)
        return editor.evidence(copy.number), editor.changes


def put_involvement(portfolio: PortfolioFile, evidence_id: str, involvement: Involvement) -> tuple[Evidence, Changes]:
    """Say what part a person has in an item and when they signed, or did not; adds them if they had none.

    Raises:
        UnknownReference: the item or the person is not there any more, or the item is in the bin.
    """
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
        name = reader.person(involvement.person_id).name
    parts = {each.person_id: each for each in item.people}
    verb = "Change the part of" if involvement.person_id in parts else "Add"
    parts[involvement.person_id] = involvement
    with portfolio.edit(f"{verb} {name} in {item.ref}") as editor:
        editor.put_evidence(replace(item, people=tuple(parts.values())))
        return editor.evidence(item.number), editor.changes


def remove_involvement(portfolio: PortfolioFile, evidence_id: str, person_id: str) -> tuple[Evidence, Changes]:
    """Take a person off an item; they stay on the portfolio's list.

    Raises:
        UnknownReference: the item or the person is not there any more, or the item is in the bin.
    """
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
        name = reader.person(person_id).name
    with portfolio.edit(f"Take {name} off {item.ref}") as editor:
        editor.put_evidence(replace(item, people=tuple(each for each in item.people if each.person_id != person_id)))
        return editor.evidence(item.number), editor.changes


def set_judgement(portfolio: PortfolioFile, evidence_id: str, judgement: Judgement | None) -> tuple[Evidence, Changes]:
    """Note how the assessor judges an item (valid, authentic, reliable, current, sufficient); ``None`` takes it back.

    Raises:
        UnknownReference: the item is not there any more or in the bin.
        InvalidInput: the assessor's name is missing.
    """
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
    if judgement is not None:
        judgement = replace(judgement, by=line(judgement.by, "The assessor’s name"))
        if judgement == Judgement():
            judgement = None
        elif not judgement.by:
            raise InvalidInput("The assessor’s name is missing; say who judged it.")
    verb = "Judge" if judgement else "Take back the judgement of"
    with portfolio.edit(f"{verb} {item.ref}") as editor:
        editor.put_evidence(replace(item, judgement=judgement))
        return editor.evidence(item.number), editor.changes


def in_sentence(title: str) -> str:
    """Return a title as it stands inside a sentence: “Plan” as “plan”, but “KPI report” as it is."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _step(item: Evidence, kind: EvidenceKind | None, given: EvidenceGiven) -> str:
    """Name a step by what it changes, where that is one thing."""
    blank = EvidenceGiven()
    touched = {part.name for part in parts_of(given) if getattr(given, part.name) != getattr(blank, part.name)}
    if touched == {"fields"} and len(given.fields) == 1:
        (name,) = given.fields
        definition = kind.field(name) if kind else None
        return f"Change “{definition.label if definition else name}” of {item.ref}"
    if touched and touched <= _STANDING_PARTS:
        return f"Change where {item.ref} is"
    if touched == {"files"}:
        return f"Attach {_counted(len(given.files), 'file')} to {item.ref}"
    if touched == {"people"}:
        return f"Add {', '.join(person.name for person in given.people)} to {item.ref}"
    if len(touched) == 1 and (part := _NAMED_PARTS.get(next(iter(touched)))):
        return f"Change {part} of {item.ref}"
    return f"Change evidence {item.ref}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
