"""A whole portfolio as one value: what an export is built from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portfolio_app.domain.claims import Action, Claim, Decision, Dismissal
from portfolio_app.domain.evidence import Evidence, EvidenceVersion, Person
from portfolio_app.domain.qualification import Qualification, Unit
from portfolio_app.domain.redaction import Redaction
from portfolio_app.domain.suggestions import RejectedSuggestion


@dataclass(frozen=True, slots=True)
class Learner:
    """The person being assessed. ``profile`` is Markdown: job role, employer, experience."""

    name: str
    number: str = ""
    email: str = ""
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """The learner's declaration of authenticity. ``ai_use`` says which AI tool was used and where, or that none was."""

    signed_by: str = ""
    signed_on: date | None = None
    ai_use: str = ""


@dataclass(frozen=True, slots=True)
class PortfolioDetails:
    """What the front sheet says. ``id`` never changes, copies and restored back-ups included."""

    id: str
    learner: Learner
    qualification: Qualification = Qualification()
    centre: str = ""
    started_on: date | None = None
    planned_end: date | None = None
    declaration: Declaration = Declaration()
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything in a portfolio at one revision.

    ``units`` are in code order, ``evidence`` in reference order, ``decisions`` oldest first, and
    ``versions``, the earlier ones of items, in reference order and oldest first.
    ``revision`` counts the history steps; ``history_head`` is the hash of the newest, in hexadecimal.
    """

    details: PortfolioDetails
    units: tuple[Unit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    claims: tuple[Claim, ...] = ()
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()
    people: tuple[Person, ...] = ()
    dismissals: tuple[Dismissal, ...] = ()
    versions: tuple[EvidenceVersion, ...] = ()
    redaction: Redaction = Redaction()
    rejected_suggestions: frozenset[RejectedSuggestion] = frozenset()
    revision: int = 0
    history_head: str = ""
