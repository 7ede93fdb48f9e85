"""Domain values as JSON: stable keys, documented in docs/command-line.md. Unknown values are null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portfolio_app.domain.claims import Action, Decision, Locator
    from portfolio_app.domain.coverage import Tally
    from portfolio_app.domain.evidence import (
        Attachment,
        Evidence,
        EvidenceKind,
        EvidenceVersion,
        FieldDefinition,
        FieldValue,
        Person,
    )
    from portfolio_app.domain.portfolio import PortfolioDetails
    from portfolio_app.domain.qualification import Guidance, Qualification, Requirement, Unit
    from portfolio_app.domain.redaction import RedactionRegion, RedactionTerm
    from portfolio_app.domain.search import SearchResults
    from portfolio_app.domain.suggestions import SuggestionSet
    from portfolio_app.domain.unit_groups import GroupStanding, QualificationStanding
    from portfolio_app.services.attached_texts import UnreadFile
    from portfolio_app.services.claims import PlacedClaim
    from portfolio_app.services.coverage import PortfolioMatrix
    from portfolio_app.services.evidence import EvidenceLine, EvidenceView
    from portfolio_app.services.exports import Exported
    from portfolio_app.services.gap_list import PlacedGap
    from portfolio_app.services.improvement_cycle import UnitCycle
    from portfolio_app.services.library import LibraryEntry
    from portfolio_app.services.redaction import Candidate, MarkedRegion, Survey
    from portfolio_app.services.review import AcceptedReview
    from portfolio_app.services.review_comparison import ReviewComparison
    from portfolio_app.services.seals import SealReport
    from portfolio_app.services.suggestions import PlacedSuggestion
    from portfolio_app.services.witness_forms import WitnessForm, WrittenForm
    from portfolio_app.services.witness_returns import TakenIn, WitnessComparison
    from portfolio_app.storage.backups import Backup
    from portfolio_app.storage.check import CheckReport
    from portfolio_app.storage.history import HistoryStep

Json = dict[str, Any]


def moment(value: date | datetime | None) -> str | None:
    """A day or a moment in ISO 8601."""
    return value.isoformat() if value else None


def details(value: PortfolioDetails) -> Json:
    """What the front sheet says."""
    return {
        "id": value.id,
        "learner": {
            "name": value.learner.name,
            "number": value.learner.number,
            "email": value.learner.email,
            "profile": value.learner.profile,
        },
        "qualification": {
            "title": value.qualification.title,
            "number": value.qualification.number,
            "awarding_body": value.qualification.awarding_body,
            "level": value.qualification.level,
            "least_credits": value.qualification.least_credits,
        },
        "centre": value.centre,
        "started_on": moment(value.started_on),
        "planned_end": moment(value.planned_end),
        "declaration": {
            "signed_by": value.declaration.signed_by,
            "signed_on": moment(value.declaration.signed_on),
            "ai_use": value.declaration.ai_use,
        },
        "created_at": moment(value.created_at),
    }


def qualification_standing(value: Qualification, standing: QualificationStanding) -> Json:
    """The groups of a qualification's units and how far each is."""
    return {
        "title": value.title,
        "achieved": standing.is_achieved,
        "groups": [
            {
                "title": each.group.title,
                "mandatory": each.group.mandatory,
                "least_units": each.group.least_units,
                "least_credits": each.group.least_credits,
                **_group_standing(each),
            }
            for each in standing.groups
            if each.group is not None
        ],
        "ungrouped": [unit.code for unit in standing.ungrouped],
        "ungrouped_open": list(standing.open_units),
        "whole": {"least_credits": value.least_credits, **_group_standing(standing.whole)},
    }


def _group_standing(value: GroupStanding) -> Json:
    return {
        "units": [unit.code for unit in value.units],
        "needed": {"units": value.needed.units, "credits": value.needed.credits},
        "chosen": {"units": value.chosen.units, "credits": value.chosen.credits},
        "claimed": {"units": value.claimed.units, "credits": value.claimed.credits},
        "achieved": {"units": value.achieved.units, "credits": value.achieved.credits},
        "without_credits": list(value.unknown),
        "is_filled": value.is_filled,
        "is_achieved": value.is_achieved,
        "missing": value.missing or None,
    }


def library_entry(value: LibraryEntry) -> Json:
    """A unit of the library."""
    return {
        "id": value.id,
        "title": value.title,
        "reference": value.reference,
        "level": value.level,
        "credits": value.credits,
        "requirements": value.requirements,
        "synopsis": value.synopsis,
        "source": value.source,
        "is_guidance": value.is_guidance,
    }


def kind(value: EvidenceKind) -> Json:
    """A kind of evidence with its form."""
    return {
        "id": value.id,
        "title": value.title,
        "description": value.description,
        "method": value.method.value,
        "own_word": value.own_word,
        "witnessed": value.witnessed,
        "planning": value.planning,
        "body_label": value.body_label,
        "body_prompts": list(value.body_prompts),
        "fields": [_definition(definition) for definition in value.fields],
    }


def _definition(value: FieldDefinition) -> Json:
    found: Json = {
        "name": value.name,
        "type": value.type.value,
        "label": value.label,
        "help": value.help,
        "required": value.required,
        "prompts": list(value.prompts),
        "choices": list(value.choices),
    }
    if value.columns:
        found |= {"columns": [_definition(column) for column in value.columns], "rows": list(value.rows)}
    return found


def unit(value: Unit) -> Json:
    """A unit with its tree; addresses are null while it has no code."""
    addresses = value.addresses() if value.code else {}
    return {
        "code": value.code or None,
        "title": value.title,
        "reference": value.reference,
        "level": value.level,
        "credits": value.credits,
        "synopsis": value.synopsis,
        "source": value.source,
        "is_guidance": value.is_guidance,
        "mandatory": value.mandatory,
        "rules": {
            "required_methods": [method.value for method in value.rules.required_methods],
            "simulation_allowed": value.rules.simulation_allowed,
            "pieces_per_requirement": value.rules.pieces_per_requirement,
            "currency_years": value.rules.currency_years,
        },
        "requirements": [_requirement(child, addresses) for child in value.requirements],
        "guidance": [{"kind": item.kind.value, "title": item.title, "text": item.text} for item in value.guidance],
    }


def _requirement(value: Requirement, addresses: Mapping[str, str]) -> Json:
    return {
        "address": addresses.get(value.id),
        "ref": value.ref,
        "kind": value.kind,
        "text": value.text,
        "label": value.label,
        "leaf": value.is_leaf,
        "components": [
            {"number": number, "text": component.text} for number, component in enumerate(value.components, 1)
        ],
        "source_page": value.source_page,
        "source_line": value.source_line,
        "children": [_requirement(child, addresses) for child in value.children],
    }


def evidence_line(value: EvidenceLine) -> Json:
    """An item in a list."""
    return {
        "ref": value.ref,
        "kind": value.kind,
        "title": value.title,
        "date": value.date or None,
        "files": value.files,
        "claims": value.claims,
    }


def evidence(value: EvidenceView) -> Json:
    """An item with its people and claims."""
    item = value.evidence
    return _evidence(item, value.people) | {
        "claims": [claim(placed) for placed in value.claims],
        "versions": [_version(version) for version in value.versions],
    }


def _version(value: EvidenceVersion) -> Json:
    return {
        "number": value.number,
        "made_at": moment(value.made_at),
        "reason": value.reason,
        "kind": value.kind,
        "title": value.title,
        "date": value.date.isoformat() if value.date else None,
        "body": value.body,
        "fields": {name: _field(field) for name, field in value.fields.items()},
        "people": list(value.people),
        "attachments": [_attachment(each) for each in value.attachments],
    }


def _evidence(item: Evidence, people: Mapping[str, Person]) -> Json:
    return {
        "ref": item.ref,
        "kind": item.kind,
        "title": item.title,
        "date": item.date.isoformat() if item.date else None,
        "body": item.body,
        "fields": {name: _field(field) for name, field in item.fields.items()},
        "standing": {
            "kind": item.standing.kind.value,
            "location": item.standing.location,
            "description": item.standing.description,
            "confirmed_by": item.standing.confirmed_by,
            "confirmed_on": moment(item.standing.confirmed_on),
        },
        "method": item.method.value if item.method else None,
        "simulated": item.simulated,
        "confidential": item.confidential,
        "tags": list(item.tags),
        "people": [
            person(people[involvement.person_id])
            | {"part": involvement.part.value, "signed_on": moment(involvement.signed_on)}
            for involvement in item.people
        ],
        "attachments": [_attachment(each) for each in item.attachments],
        "created_at": moment(item.created_at),
        "revised_at": moment(item.revised_at),
    }


def _attachment(value: Attachment) -> Json:
    return {
        "name": value.name,
        "size": value.size,
        "media_type": value.media_type,
        "sha256": value.sha256,
        "caption": value.caption,
    }


def _field(value: FieldValue) -> str | list[dict[str, str]]:
    return value if isinstance(value, str) else [dict(row) for row in value]


def claim(value: PlacedClaim) -> Json:
    """A claim; ``components`` are the numbers that are ticked."""
    ticked = value.claim.component_ids
    locator = value.claim.locator
    return {
        "evidence": value.evidence_ref,
        "requirement": value.address,
        "why": value.claim.why,
        "quotation": value.claim.quotation,
        "place": str(locator),
        "locator": _locator(locator),
        "components": [
            number for number, component in enumerate(value.requirement.components, 1) if component.id in ticked
        ],
        "claimed_at": moment(value.claim.claimed_at),
    }


def decision(value: Decision, address: str) -> Json:
    """An assessor's decision."""
    return {
        "requirement": address,
        "verdict": value.verdict.value,
        "by": value.by,
        "comment": value.comment,
        "decided_at": moment(value.decided_at),
        "seen_at": moment(value.seen_at),
        "source": value.source,
    }


def action(value: Action, number: int | None) -> Json:
    """Something to do; ``number`` is what ``action done`` calls it by."""
    return {"number": number, "text": value.text, "due": moment(value.due), "done_on": moment(value.done_on)}


def person(value: Person) -> Json:
    """A person."""
    return {
        "name": value.name,
        "role": value.role,
        "organisation": value.organisation,
        "relation": value.relation,
        "status": value.status,
        "email": value.email,
    }


def _locator(value: Locator) -> Json:
    return {
        "page": value.page,
        "heading": value.heading,
        "paragraph": value.paragraph,
        "time": value.time,
        "attachment": value.attachment,
    }


def gap(value: PlacedGap, advice: Sequence[Guidance] = ()) -> Json:
    """Something a rule found, and the unit's advice that belongs to it."""
    return {
        "rule": value.gap.rule,
        "severity": value.gap.severity.value,
        "unit": value.unit,
        "requirement": value.requirement,
        "evidence": value.evidence,
        "message": value.gap.message,
        "guidance": value.gap.guidance,
        "dismissed": value.gap.dismissed_reason,
        "advice": [{"kind": piece.kind.value, "text": piece.text} for piece in advice],
    }


def cycle(value: UnitCycle) -> Json:
    """The improvement cycle of a unit."""
    return {
        "unit": value.unit.code,
        "stages": [
            {
                "stage": box.stage.value,
                "passages": [
                    {
                        "evidence": placed.evidence,
                        "requirement": placed.requirement,
                        "text": placed.passage.text,
                        "quotation": placed.passage.is_quotation,
                    }
                    for placed in box.passages
                ],
                "more": box.more,
            }
            for box in value.boxes
        ],
        "not_found": [stage.value for stage in value.not_found],
    }


def suggestions(value: SuggestionSet, placed: Sequence[PlacedSuggestion]) -> Json:
    """What may fit, the best first."""
    return {
        "suggestions": [
            {
                "evidence": each.item.ref,
                "requirement": each.address,
                "band": each.suggestion.band.value,
                "quotation": each.suggestion.quotation,
                "place": str(each.locator),
                "locator": _locator(each.locator),
            }
            for each in placed
        ],
        "with_model": value.with_model,
        "words": value.words,
        "unread": value.unread,
    }


def tally(value: Tally) -> Json:
    """How many requirements are in each state."""
    return {
        "total": value.total,
        "met": value.met,
        "claimed": value.claimed,
        "complete": value.complete,
        "state": value.state.value,
        "counts": {state.value: count for state, count in value.counts.items()},
    }


def matrix(value: PortfolioMatrix) -> Json:
    """The coverage matrix, the requirements of each unit in printed order."""
    return {
        "units": [
            {
                "code": block.unit.code,
                "title": block.unit.title,
                "reference": block.unit.reference,
                "coverage": tally(value.coverage.unit(block.unit.id).tally),
                "requirements": [
                    {
                        "address": line.address,
                        "ref": line.requirement.ref,
                        "kind": line.requirement.kind,
                        "text": line.requirement.text,
                        "depth": line.depth,
                        "leaf": line.requirement.is_leaf,
                        "state": line.state.value,
                        "claims": [
                            {
                                "evidence": cell.evidence,
                                "state": cell.state.value,
                                "place": str(cell.claim.locator),
                                "quotation": cell.claim.quotation,
                            }
                            for cell in line.claims
                        ],
                        "decision": decision(line.decision, line.address) if line.decision else None,
                    }
                    for line in block.lines
                ],
            }
            for block in value.units
        ],
        "evidence": [
            {"ref": f"E{item.number}", "kind": item.kind, "title": item.title, "date": item.date or None}
            for item in value.evidence
        ],
    }


def exported(value: Exported) -> Json:
    """A document that was written."""
    return {
        "path": str(value.path),
        "format": value.path.suffix.lower().lstrip("."),
        "size": value.size,
        "pages": value.pages,
        "fingerprint": value.fingerprint or None,
        "warnings": list(value.warnings),
    }


def redaction_term(value: RedactionTerm) -> Json:
    """Words that are hidden in copies; the replacement is null where it is the usual one."""
    return {"text": value.text, "replacement": value.replacement or None, "whole_words": value.whole_words}


def redaction_region(value: RedactionRegion, ref: str, attachment: Attachment) -> Json:
    """A region that is covered in copies; its edges in per cent of the page or picture."""
    return {
        "evidence": ref,
        "file": attachment.name,
        "page": value.page,
        "left": value.left / 100,
        "top": value.top / 100,
        "width": value.width / 100,
        "height": value.height / 100,
    }


def redaction_candidate(value: Candidate) -> Json:
    """Words that might be hidden."""
    return {"text": value.text, "kind": value.kind.value, "count": value.count, "places": list(value.places)}


def redaction(value: Survey, regions: Sequence[MarkedRegion]) -> Json:
    """Everything that is marked to be hidden, with where it stands."""
    return {
        "terms": [redaction_term(one.term) | {"count": one.count, "places": list(one.places)} for one in value.terms],
        "regions": [redaction_region(one.region, one.item.ref, one.attachment) for one in regions],
        "spared": list(value.spared),
        "unread": value.unread,
    }


def seal_report(file: Path, value: SealReport, *, kept_here: bool) -> Json:
    """What a seal says, and whether the file is as it says."""
    return {
        "path": str(file),
        "state": value.state.value,
        "sealed_by": value.sealed_by,
        "sealed_at": moment(value.sealed_at),
        "fingerprint": value.fingerprint or None,
        "kept_here": kept_here,
        "bytes_added": value.bytes_added,
        "signatures_added": list(value.signatures_added),
    }


def review(value: ReviewComparison, accepted: AcceptedReview | None) -> Json:
    """A returned review copy beside the portfolio; ``accepted`` is what was recorded of it, ``None``: it was not."""
    identity = value.identity
    addresses = {answer.requirement_id: answer.address for answer in value.answers}
    return {
        "file": value.copy.name,
        "sha256": value.copy.sha256,
        "copy": {"revision": identity.revision, "made": moment(identity.made)},
        "revision": value.revision,
        "by": value.by,
        "role": value.role,
        "decided_on": moment(value.decided_on),
        "warnings": list(value.warnings),
        "notes": list(value.notes),
        "answers": [
            {
                "requirement": answer.address,
                "verdict": answer.verdict.value if answer.verdict else None,
                "comment": answer.comment,
                "state": answer.state.value,
                "says": answer.says,
                "new": answer.is_acceptable,
                "changed": list(answer.changed),
                "recorded": decision(answer.recorded, answer.address) if answer.recorded else None,
            }
            for answer in value.answers
        ],
        "judgements": [
            {
                "evidence": item.ref,
                "ticked": list(item.ticked),
                "state": item.state.value,
                "says": item.says,
                "new": item.is_acceptable,
                "changed": list(item.changed),
            }
            for item in value.judgements
        ],
        "blank": value.blank,
        "accepted": None
        if accepted is None
        else {
            "decisions": [decision(each, addresses[each.requirement_id]) for each in accepted.decisions],
            "actions": [action(each, None) for each in (*accepted.actions, *accepted.notes)],
            "judged": [item.ref for item in accepted.judged],
        },
    }


def witness_form(value: WitnessForm, written: WrittenForm) -> Json:
    """A form for a witness that was written."""
    return {
        "path": str(written.path),
        "size": written.size,
        "evidence": value.item.ref,
        "person": value.person.name if value.person else None,
        "listed": written.listed,
        "claimed": written.claimed,
    }


def witness_comparison(value: WitnessComparison, taken: TakenIn | None) -> Json:
    """A returned form for a witness beside its item; ``taken`` is what became of it, ``None``: it was only shown."""
    return {
        "file": value.file_name,
        "evidence": value.item.ref,
        "witness": value.name,
        "known": value.is_known,
        "signed": value.signed,
        "seen": list(value.seen),
        "not_seen": list(value.not_seen),
        "warnings": list(value.warnings),
        "notes": list(value.notes),
        "answers": [
            {
                "answer": answer.place.value,
                "label": answer.label,
                "now": answer.now,
                "said": answer.said,
                "state": answer.change.value,
                "new": answer.place in value.usual,
            }
            for answer in value.answers
        ],
        "taken_in_before": value.was_taken_in,
        "accepted": None if taken is None else {"evidence": taken.evidence.ref, "new": taken.is_new},
    }


def history_step(value: HistoryStep) -> Json:
    """A step of the history."""
    return {
        "number": value.number,
        "name": value.name,
        "at": moment(value.at),
        "kind": value.kind.value,
        "undone": value.undone,
        "barrier": value.barrier,
        "hash": value.hash,
    }


def backup(value: Backup) -> Json:
    """A back-up."""
    return {
        "name": value.name,
        "made_at": moment(value.made_at),
        "size": value.size,
        "intact": value.intact,
        "path": str(value.path),
    }


def check_report(value: CheckReport) -> Json:
    """What a check found."""
    return {
        "sound": value.sound,
        "files_checked": value.files_checked,
        "steps_checked": value.steps_checked,
        "backups_checked": value.backups_checked,
        "findings": [
            {"severity": finding.severity.value, "what": finding.what, "message": finding.sentence}
            for finding in value.findings
        ],
    }


def search_results(results: SearchResults, unread: Sequence[UnreadFile]) -> Json:
    """What a search has found, and which files it could not look into."""
    return {
        "total": results.total,
        "hits": [
            {
                "sort": hit.sort.value,
                "ref": hit.ref,
                "title": hit.title,
                "field": hit.field,
                "page": hit.page,
                "paragraph": hit.paragraph,
                "excerpt": hit.excerpt,
                "marks": [list(mark) for mark in hit.marks],
            }
            for hit in results.hits
        ],
        "unread": [{"evidence": file.ref, "name": file.name, "reason": file.reason} for file in unread],
    }
