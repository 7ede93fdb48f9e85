"""Evidence items, their kinds, the files that belong to them and the people they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeAlias

from portfolio_app.domain.dates import Period
from portfolio_app.domain.qualification import AssessmentMethod


class FieldType(StrEnum):
    """What a form field holds. Every value is stored as the text that was typed."""

    TEXT = "text"
    LONG_TEXT = "long text"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes/no"
    PERSON = "person"
    TABLE = "table"


class ChartType(StrEnum):
    """How a table of figures is also drawn."""

    BAR = "bar"
    LINE = "line"
    GANTT = "gantt"


@dataclass(frozen=True, slots=True)
class Chart:
    """How to draw a table field.

    For bars and lines ``label`` names the column along the axis and ``values`` the columns of figures;
    for a Gantt chart ``values`` names the start and the end column. ``group`` names a column that
    splits the rows into charts of their own (a scorecard's perspectives), or is empty.
    """

    type: ChartType
    title: str
    label: str
    values: tuple[str, ...]
    group: str = ""


class WitnessQuestion(StrEnum):
    """What the form for a witness asks that a kind's own form may have a field for. The value stands in TOML."""

    OCCASION = "occasion"
    SEEN = "seen"
    RELATION = "relation"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """One field of an evidence kind's form, or one column of a table field (then without columns).

    ``prompts`` are questions that help the learner to write. ``rows`` are first cells that a new
    table starts with. ``witness``: it takes the witness's answer to this question.
    """

    name: str
    type: FieldType
    label: str
    help: str = ""
    required: bool = False
    prompts: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    columns: tuple[FieldDefinition, ...] = ()
    rows: tuple[str, ...] = ()
    chart: Chart | None = None
    witness: WitnessQuestion | None = None


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A kind of evidence with its own form, as declared in TOML.

    ``own_word``: it is only the learner's own account. ``witnessed``: it needs a named person, with
    role, relation, date and signature. ``planning``: it is a plan, from which figures and dates are expected.
    ``file_words`` are words in a file's name that speak for this kind.
    """

    id: str
    title: str
    description: str
    method: AssessmentMethod
    own_word: bool = False
    witnessed: bool = False
    planning: bool = False
    body_label: str = "Notes"
    body_prompts: tuple[str, ...] = ()
    fields: tuple[FieldDefinition, ...] = ()
    file_words: tuple[str, ...] = ()

    def field(self, name: str) -> FieldDefinition | None:
        """Return the field with this name, or ``None``."""
        return next((definition for definition in self.fields if definition.name == name), None)

    def field_for(self, question: WitnessQuestion) -> FieldDefinition | None:
        """Return the field that takes a witness's answer, or ``None``."""
        return next((definition for definition in self.fields if definition.witness is question), None)


TableRow: TypeAlias = Mapping[str, str]
FieldValue: TypeAlias = str | tuple[TableRow, ...]


DATE_IN_WORDS: Final = "date in words"
"""Where a date that cannot be read is kept among an item's fields; no form can have a field of this name."""

UNTITLED: Final = "Untitled"
"""What an item is called on screen while it has no title."""


class StandingKind(StrEnum):
    """Where the evidence is."""

    ATTACHED = "attached"
    LINKED = "linked"
    HELD = "held at a location"
    SEEN = "seen by the assessor"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the evidence is. ``location`` is an address or a place; ``confirmed_by`` the assessor who saw it."""

    kind: StandingKind = StandingKind.ATTACHED
    location: str = ""
    description: str = ""
    confirmed_by: str = ""
    confirmed_on: date | None = None


class PersonPart(StrEnum):
    """What a person did for an evidence item."""

    WITNESS = "witness"
    OBSERVER = "observer"
    AUTHOR = "author"
    PARTICIPANT = "participant"


@dataclass(frozen=True, slots=True)
class Person:
    """A witness, assessor, internal quality assurer … ``relation`` is to the learner."""

    id: str
    name: str
    role: str = ""
    organisation: str = ""
    relation: str = ""
    status: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Involvement:
    """A person's part in an evidence item, and the day they signed it."""

    person_id: str
    part: PersonPart
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to an evidence item. ``name`` is shown, never used as a path; ``size`` is in bytes."""

    id: str
    name: str
    sha256: str
    size: int
    media_type: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The assessor's judgement of one item: valid, authentic, reliable, current, sufficient (``None``: not judged)."""

    valid: bool | None = None
    authentic: bool | None = None
    reliable: bool | None = None
    current: bool | None = None
    sufficient: bool | None = None
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class EvidenceVersion:
    """What an item was before it was reworked, as the assessor had it. ``number`` counts an item's versions from 1.

    ``reason`` says why there is a newer one. ``people`` are in words, because who they were then may be changed
    since; the other parts are as in :class:`Evidence`. ``made_at`` (UTC) is when it became an earlier version.
    """

    id: str
    evidence_id: str
    number: int
    made_at: datetime
    reason: str
    kind: str
    title: str
    date: Period | None = None
    body: str = ""
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    people: tuple[str, ...] = ()
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One evidence item. ``number`` is given once and never reused: E1, E2 ….

    ``body`` is Markdown. ``method`` overrides that of the kind. ``revised_at`` (UTC) is when its content
    last changed.
    """

    id: str
    number: int
    kind: str
    title: str
    date: Period | None = None
    body: str = ""
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    standing: Standing = Standing()
    method: AssessmentMethod | None = None
    simulated: bool = False
    confidential: bool = False
    tags: tuple[str, ...] = ()
    people: tuple[Involvement, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    judgement: Judgement | None = None
    created_at: datetime | None = None
    revised_at: datetime | None = None

    @property
    def ref(self) -> str:
        """The reference printed on every page of the item."""
        return f"E{self.number}"

    @property
    def shown_title(self) -> str:
        """The title, or what stands for it on screen."""
        return self.title or UNTITLED

    @property
    def has_content(self) -> bool:
        """Whether anything is written in it: a body, or a field that is not blank. Attachments do not count."""
        return bool(self.body.strip()) or any(
            value.strip() if isinstance(value, str) else value
            for name, value in self.fields.items()
            if name != DATE_IN_WORDS
        )
