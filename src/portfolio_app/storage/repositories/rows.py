"""Domain values to rows, as the schema has them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime

from portfolio_app.domain.claims import Claim, Decision, Dismissal
from portfolio_app.domain.evidence import Evidence, EvidenceVersion, FieldValue, Judgement
from portfolio_app.domain.portfolio import PortfolioDetails
from portfolio_app.domain.qualification import Component, Requirement, Unit, UnitGroup
from portfolio_app.storage.repositories.tables import Row


def json_text(value: object) -> str:
    """Return a value as the compact JSON that the database holds."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def moment_text(value: datetime | None) -> str | None:
    """Return the UTC moment as text that sorts in time order; one without a zone is taken as UTC."""
    if value is None:
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def day_text(value: date | None) -> str | None:
    """Return a day as it is stored, ``None`` when unknown."""
    return value.isoformat() if value else None


def row_of_details(details: PortfolioDetails, created_at: str) -> Row:
    """Return the one row of the front sheet."""
    learner, qualification, declaration = details.learner, details.qualification, details.declaration
    return {
        "id": details.id,
        "learner_name": learner.name,
        "learner_number": learner.number,
        "learner_email": learner.email,
        "learner_profile": learner.profile,
        "qualification_title": qualification.title,
        "qualification_number": qualification.number,
        "awarding_body": qualification.awarding_body,
        "qualification_level": qualification.level,
        "centre": details.centre,
        "started_on": day_text(details.started_on),
        "planned_end": day_text(details.planned_end),
        "declared_by": declaration.signed_by,
        "declared_on": day_text(declaration.signed_on),
        "ai_use": declaration.ai_use,
        "created_at": created_at,
        "least_credits": qualification.least_credits,
    }


def row_of_unit(value: Unit) -> Row:
    """Return a unit without its requirements."""
    rules = value.rules
    return {
        "id": value.id,
        "code": value.code,
        "title": value.title,
        "reference": value.reference,
        "level": value.level,
        "credits": value.credits,
        "synopsis": value.synopsis,
        "source": value.source,
        "is_guidance": int(value.is_guidance),
        "mandatory": int(value.mandatory),
        "required_methods": json_text([method.value for method in rules.required_methods]),
        "simulation_allowed": int(rules.simulation_allowed),
        "pieces_per_requirement": rules.pieces_per_requirement,
        "currency_years": rules.currency_years,
        "guidance": json_text([[piece.kind.value, piece.title, piece.text] for piece in value.guidance]),
        "group_id": value.group_id or None,
    }


def rows_of_groups(groups: Sequence[UnitGroup]) -> list[Row]:
    """Return the groups of a qualification's units."""
    return [
        asdict(group) | {"mandatory": int(group.mandatory), "position": position}
        for position, group in enumerate(groups)
    ]


def requirement_rows(
    unit_id: str, parent_id: str | None, nodes: Sequence[Requirement]
) -> Iterable[tuple[Row, tuple[Component, ...]]]:
    """Yield a tree of requirements, parents first, each with its components."""
    for position, node in enumerate(nodes):
        yield (
            {
                "id": node.id,
                "unit_id": unit_id,
                "parent_id": parent_id,
                "position": position,
                "ref": node.ref,
                "kind": node.kind,
                "text": node.text,
                "label": node.label,
                "source_page": node.source_page,
                "source_line": node.source_line,
            },
            node.components,
        )
        yield from requirement_rows(unit_id, node.id, node.children)


def row_of_evidence(value: Evidence) -> Row:
    """Return an item without its text, moments, people and attachments."""
    standing = value.standing
    return {
        "id": value.id,
        "number": value.number,
        "kind": value.kind,
        "title": value.title,
        "date": value.date.isoformat() if value.date else "",
        "method": value.method.value if value.method else "",
        "standing": standing.kind.value,
        "location": standing.location,
        "location_description": standing.description,
        "confirmed_by": standing.confirmed_by,
        "confirmed_on": day_text(standing.confirmed_on),
        "simulated": int(value.simulated),
        "has_content": int(value.has_content),
        "confidential": int(value.confidential),
        "tags": json_text(value.tags),
        "judgement": _judgement_text(value.judgement),
    }


def _judgement_text(value: Judgement | None) -> str | None:
    if value is None:
        return None
    return json_text(asdict(value) | {"on": day_text(value.on)})


def row_of_content(value: Evidence) -> Row:
    """Return an item's text and form fields."""
    return {"evidence_id": value.id, "body": value.body, "fields": _fields_text(value.fields)}


def _fields_text(fields: Mapping[str, FieldValue]) -> str:
    return json_text(
        {name: given if isinstance(given, str) else [dict(line) for line in given] for name, given in fields.items()}
    )


def row_of_version(value: EvidenceVersion) -> Row:
    """Return an earlier version of an item."""
    return {
        "id": value.id,
        "evidence_id": value.evidence_id,
        "number": value.number,
        "made_at": moment_text(value.made_at),
        "reason": value.reason,
        "kind": value.kind,
        "title": value.title,
        "date": value.date.isoformat() if value.date else "",
        "body": value.body,
        "fields": _fields_text(value.fields),
        "attachments": json_text([asdict(each) for each in value.attachments]),
        "people": json_text(value.people),
        "judgement": _judgement_text(value.judgement),
    }


def row_of_decision(value: Decision, sequence: int) -> Row:
    """Return a decision, which is the so many-th that was ever recorded."""
    return {
        "id": value.id,
        "sequence": sequence,
        "requirement_id": value.requirement_id,
        "verdict": value.verdict.value,
        "decided_by": value.by,
        "comment": value.comment,
        "decided_at": moment_text(value.decided_at),
        "seen_at": moment_text(value.seen_at),
        "source": value.source,
    }


def rows_of_people(value: Evidence) -> list[Row]:
    """Return an item's people in their order."""
    return [
        {
            "evidence_id": value.id,
            "position": position,
            "person_id": each.person_id,
            "part": each.part.value,
            "signed_on": day_text(each.signed_on) or "",
        }
        for position, each in enumerate(value.people)
    ]


def rows_of_attachments(value: Evidence) -> list[Row]:
    """Return an item's attachments in their order."""
    return [
        {
            "id": each.id,
            "evidence_id": value.id,
            "position": position,
            "name": each.name,
            "sha256": each.sha256,
            "size": each.size,
            "media_type": each.media_type,
            "caption": each.caption,
        }
        for position, each in enumerate(value.attachments)
    ]


def row_of_claim(value: Claim) -> Row:
    """Return a claim without its ticked components."""
    return {
        "id": value.id,
        "evidence_id": value.evidence_id,
        "requirement_id": value.requirement_id,
        "why": value.why,
        "quotation": value.quotation,
        "locator": json_text({k: v for k, v in asdict(value.locator).items() if v}) if value.locator else "",
        "has_place": int(value.has_place),
        "claimed_at": moment_text(value.claimed_at),
    }


def row_of_dismissal(value: Dismissal) -> Row:
    """Return a dismissal; what it does not name is empty."""
    return {name: text or "" for name, text in asdict(value).items()}
