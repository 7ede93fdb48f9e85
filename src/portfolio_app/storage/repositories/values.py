"""Rows to domain values, and the finding that a row makes no sense."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from portfolio_app.domain.claims import Decision, Locator, Verdict
from portfolio_app.domain.dates import PartialDate, Period
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import (
    Attachment,
    Evidence,
    EvidenceVersion,
    FieldValue,
    Involvement,
    Judgement,
    Standing,
    StandingKind,
)
from portfolio_app.domain.portfolio import Declaration, Learner, PortfolioDetails
from portfolio_app.domain.qualification import (
    AssessmentMethod,
    Guidance,
    GuidanceKind,
    Qualification,
    Requirement,
    Unit,
    UnitGroup,
    UnitRules,
)
from portfolio_app.storage.errors import PortfolioDamaged
from portfolio_app.storage.repositories.tables import Row

_P = ParamSpec("_P")
_T = TypeVar("_T")


def from_sound_rows(read: Callable[_P, _T]) -> Callable[_P, _T]:
    """Say that the database is damaged where a stored value makes no sense; nothing that was put in is like that."""

    @wraps(read)
    def reading(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return read(*args, **kwargs)
        except (ValueError, TypeError, KeyError, InvalidInput) as error:
            raise PortfolioDamaged(
                f"The portfolio holds something that cannot be read ({error}). Check it, and restore a back-up."
            ) from error

    return reading


def natural_order(code: str) -> tuple[tuple[int, int | str], ...]:
    """Return a key that sorts U2 before U10."""
    return tuple(
        (0, int(part)) if part.isdecimal() else (1, part.casefold()) for part in re.split(r"(\d+)", code) if part
    )


def day_of(text: str | None) -> date | None:
    """Return a stored day, ``None`` when unknown."""
    return date.fromisoformat(text) if text else None


def details_of(row: Row, groups: tuple[UnitGroup, ...]) -> PortfolioDetails:
    """Return what the front sheet says, with the groups of the qualification's units."""
    return PortfolioDetails(
        id=row["id"],
        learner=Learner(row["learner_name"], row["learner_number"], row["learner_email"], row["learner_profile"]),
        qualification=Qualification(
            row["qualification_title"],
            row["qualification_number"],
            row["awarding_body"],
            row["qualification_level"],
            row["least_credits"],
            groups,
        ),
        centre=row["centre"],
        started_on=day_of(row["started_on"]),
        planned_end=day_of(row["planned_end"]),
        declaration=Declaration(row["declared_by"], day_of(row["declared_on"]), row["ai_use"]),
        created_at=datetime.fromisoformat(row["created_at"]),
    )


def unit_of(row: Row, requirements: tuple[Requirement, ...]) -> Unit:
    """Return a unit with these requirements."""
    return Unit(
        id=row["id"],
        code=row["code"],
        title=row["title"],
        reference=row["reference"],
        level=row["level"],
        credits=row["credits"],
        synopsis=row["synopsis"],
        source=row["source"],
        is_guidance=bool(row["is_guidance"]),
        mandatory=bool(row["mandatory"]),
        requirements=requirements,
        guidance=tuple(
            Guidance(GuidanceKind(kind), text=text, title=title) for kind, title, text in json.loads(row["guidance"])
        ),
        rules=UnitRules(
            required_methods=tuple(AssessmentMethod(method) for method in json.loads(row["required_methods"])),
            simulation_allowed=bool(row["simulation_allowed"]),
            pieces_per_requirement=row["pieces_per_requirement"],
            currency_years=row["currency_years"],
        ),
        group_id=row["group_id"] or "",
    )


def group_of(row: Row) -> UnitGroup:
    """Return a group of units."""
    return UnitGroup(row["id"], row["title"], bool(row["mandatory"]), row["least_units"], row["least_credits"])


def evidence_of(row: Row, people: tuple[Involvement, ...], attachments: tuple[Attachment, ...]) -> Evidence:
    """Return a whole item; ``row`` holds its text as well."""
    return Evidence(
        id=row["id"],
        number=row["number"],
        kind=row["kind"],
        title=row["title"],
        date=_period_of(row["date"]),
        body=row["body"],
        fields=fields_of(row["fields"]),
        standing=Standing(
            StandingKind(row["standing"]),
            row["location"],
            row["location_description"],
            row["confirmed_by"],
            day_of(row["confirmed_on"]),
        ),
        method=AssessmentMethod(row["method"]) if row["method"] else None,
        simulated=bool(row["simulated"]),
        confidential=bool(row["confidential"]),
        tags=tuple(json.loads(row["tags"])),
        people=people,
        attachments=attachments,
        judgement=_judgement_of(row["judgement"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        revised_at=datetime.fromisoformat(row["revised_at"]),
    )


def version_of(row: Row) -> EvidenceVersion:
    """Return an earlier version of an item."""
    return EvidenceVersion(
        id=row["id"],
        evidence_id=row["evidence_id"],
        number=row["number"],
        made_at=datetime.fromisoformat(row["made_at"]),
        reason=row["reason"],
        kind=row["kind"],
        title=row["title"],
        date=_period_of(row["date"]),
        body=row["body"],
        fields=fields_of(row["fields"]),
        attachments=tuple(Attachment(**each) for each in json.loads(row["attachments"])),
        people=tuple(json.loads(row["people"])),
        judgement=_judgement_of(row["judgement"]),
    )


def decision_of(row: Row) -> Decision:
    """Return an assessor's decision."""
    return Decision(
        id=row["id"],
        requirement_id=row["requirement_id"],
        verdict=Verdict(row["verdict"]),
        by=row["decided_by"],
        comment=row["comment"],
        decided_at=datetime.fromisoformat(row["decided_at"]),
        seen_at=datetime.fromisoformat(row["seen_at"]) if row["seen_at"] else None,
        source=row["source"],
    )


def fields_of(text: str) -> Mapping[str, FieldValue]:
    """Return the stored values of a form's fields."""
    return {name: value if isinstance(value, str) else tuple(value) for name, value in json.loads(text).items()}


def _period_of(text: str) -> Period | None:
    if not text:
        return None
    start, _, end = text.partition("/")
    return Period(PartialDate.parse(start), PartialDate.parse(end) if end else None)


def _judgement_of(text: str | None) -> Judgement | None:
    if text is None:
        return None
    values = json.loads(text)
    return Judgement(**values | {"on": day_of(values["on"])})


def locator_of(text: str) -> Locator:
    """Return a stored place, an empty one where there is none."""
    return Locator(**json.loads(text)) if text else Locator()
