"""The tables of a portfolio at the current format, and how they are compared with those of a file.

Keys are random UUIDs as 32 hexadecimal digits. Moments are UTC in ISO 8601, days are ISO 8601 dates, both as
text that sorts in time order; an unknown day is null where no rule reads it in bulk, else empty. Lists that
are only ever read whole (tags, form fields, guidance) are JSON text. No column type is peculiar to SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

APPLICATION_ID: Final = 0x50464C4F
"""Marks an SQLite file as a portfolio (the letters PFLO)."""

FORMAT: Final = 3
"""The format this program writes, in the file's ``user_version``."""

metadata = MetaData()


def _key() -> Column[str]:
    return Column("id", String(32), primary_key=True)


def _owner(name: str, table: str, *, on_delete: str | None = "CASCADE", nullable: bool = False) -> Column[str]:
    return Column(name, String(32), ForeignKey(f"{table}.id", ondelete=on_delete), nullable=nullable)


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _day(name: str) -> Column[str]:
    return Column(name, String(10))


def _moment(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(32), nullable=nullable)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _number(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=nullable)


portfolio = Table(
    "portfolio",
    metadata,
    _key(),
    _words("learner_name"),
    _words("learner_number"),
    _words("learner_email"),
    _words("learner_profile"),
    _words("qualification_title"),
    _words("qualification_number"),
    _words("awarding_body"),
    _words("qualification_level"),
    _words("centre"),
    _day("started_on"),
    _day("planned_end"),
    _words("declared_by"),
    _day("declared_on"),
    _words("ai_use"),
    _moment("created_at"),
    _number("least_credits"),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(32), primary_key=True),
    _number("value"),
)

unit_group = Table(
    "unit_group",
    metadata,
    _key(),
    _number("position"),
    _words("title"),
    _flag("mandatory"),
    _number("least_units"),
    _number("least_credits"),
)

unit = Table(
    "unit",
    metadata,
    _key(),
    Column("code", Text, nullable=False, unique=True),
    _words("title"),
    _words("reference"),
    _words("level"),
    _number("credits", nullable=True),
    _words("synopsis"),
    _words("source"),
    _flag("is_guidance"),
    _flag("mandatory"),
    _words("required_methods"),
    _flag("simulation_allowed"),
    _number("pieces_per_requirement"),
    _number("currency_years", nullable=True),
    _words("guidance"),
    _owner("group_id", "unit_group", on_delete="SET NULL", nullable=True),
    Index("unit_by_group", "group_id"),
)

requirement = Table(
    "requirement",
    metadata,
    _key(),
    _owner("unit_id", "unit"),
    _owner("parent_id", "requirement", nullable=True),
    _number("position"),
    _words("ref"),
    _words("kind"),
    _words("text"),
    _words("label"),
    _number("source_page", nullable=True),
    _number("source_line", nullable=True),
    Index("requirement_by_unit", "unit_id"),
    Index("requirement_by_parent", "parent_id"),
)

component = Table(
    "component",
    metadata,
    _key(),
    _owner("requirement_id", "requirement"),
    _number("position"),
    _words("text"),
    Index("component_by_requirement", "requirement_id"),
)

person = Table(
    "person",
    metadata,
    _key(),
    _words("name"),
    _words("role"),
    _words("organisation"),
    _words("relation"),
    _words("status"),
    _words("email"),
)

evidence = Table(
    "evidence",
    metadata,
    _key(),
    Column("number", Integer, nullable=False, unique=True),
    _words("kind"),
    _words("title"),
    _words("date"),
    _words("method"),
    _words("standing"),
    _words("location"),
    _words("location_description"),
    _words("confirmed_by"),
    _day("confirmed_on"),
    _flag("simulated"),
    _flag("has_content"),
    _flag("confidential"),
    _words("tags"),
    Column("judgement", Text),
    _moment("created_at"),
    _moment("revised_at"),
    _moment("binned_at", nullable=True),
)

# Long text stands apart, so that summing up ten thousand items does not read it.
evidence_content = Table(
    "evidence_content",
    metadata,
    Column("evidence_id", String(32), ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True),
    _words("body"),
    _words("fields"),
)

involvement = Table(
    "involvement",
    metadata,
    _owner("evidence_id", "evidence"),
    _number("position"),
    _owner("person_id", "person", on_delete=None),
    _words("part"),
    _words("signed_on"),
    PrimaryKeyConstraint("evidence_id", "position"),
    Index("involvement_by_person", "person_id"),
    sqlite_with_rowid=False,
)

attachment = Table(
    "attachment",
    metadata,
    _key(),
    _owner("evidence_id", "evidence"),
    _number("position"),
    _words("name"),
    Column("sha256", String(64), nullable=False),
    _number("size"),
    _words("media_type"),
    _words("caption"),
    Index("attachment_by_evidence", "evidence_id"),
)

# Coverage is computed from the index alone, already grouped as it reads it.
claim = Table(
    "claim",
    metadata,
    _key(),
    _owner("evidence_id", "evidence"),
    _owner("requirement_id", "requirement"),
    _words("why"),
    _words("quotation"),
    _words("locator"),
    _flag("has_place"),
    _moment("claimed_at"),
    UniqueConstraint("evidence_id", "requirement_id"),
    Index("claim_facts", "requirement_id", "has_place", "evidence_id", "claimed_at"),
)

claim_component = Table(
    "claim_component",
    metadata,
    _owner("claim_id", "claim"),
    _owner("component_id", "component"),
    PrimaryKeyConstraint("claim_id", "component_id"),
    Index("claim_component_by_component", "component_id"),
    sqlite_with_rowid=False,
)

decision = Table(
    "decision",
    metadata,
    _key(),
    _number("sequence"),
    _owner("requirement_id", "requirement", on_delete=None),
    _words("verdict"),
    _words("decided_by"),
    _words("comment"),
    _moment("decided_at"),
    _moment("seen_at", nullable=True),
    _words("source"),
    Index("decision_by_requirement", "requirement_id"),
)

action = Table(
    "action",
    metadata,
    _key(),
    _number("sequence"),
    _words("text"),
    _day("due"),
    _day("done_on"),
    _owner("requirement_id", "requirement", on_delete="SET NULL", nullable=True),
    _owner("evidence_id", "evidence", on_delete="SET NULL", nullable=True),
    _words("origin"),
    Index("action_by_requirement", "requirement_id"),
    Index("action_by_evidence", "evidence_id"),
)

# Empty instead of null, because a key may hold no null; no foreign keys, because a dismissal names what a gap named.
dismissal = Table(
    "dismissal",
    metadata,
    _words("rule"),
    Column("unit_id", String(32), nullable=False),
    Column("requirement_id", String(32), nullable=False),
    Column("evidence_id", String(32), nullable=False),
    _words("reason"),
    PrimaryKeyConstraint("rule", "unit_id", "requirement_id", "evidence_id"),
)

evidence_version = Table(
    "evidence_version",
    metadata,
    _key(),
    _owner("evidence_id", "evidence"),
    _number("number"),
    _moment("made_at"),
    _words("reason"),
    _words("kind"),
    _words("title"),
    _words("date"),
    _words("body"),
    _words("fields"),
    _words("attachments"),
    _words("people"),
    Column("judgement", Text),
    UniqueConstraint("evidence_id", "number"),
)

redaction_term = Table(
    "redaction_term",
    metadata,
    _key(),
    _number("sequence"),
    _words("text"),
    _words("replacement"),
    _flag("whole_words"),
)

redaction_region = Table(
    "redaction_region",
    metadata,
    _key(),
    _owner("attachment_id", "attachment"),
    _number("page"),
    _number("left"),
    _number("top"),
    _number("width"),
    _number("height"),
    Index("redaction_region_by_attachment", "attachment_id"),
)

redaction_spared = Table(
    "redaction_spared",
    metadata,
    Column("text", Text, primary_key=True),
)

rejected_suggestion = Table(
    "rejected_suggestion",
    metadata,
    _owner("evidence_id", "evidence"),
    _owner("requirement_id", "requirement"),
    PrimaryKeyConstraint("evidence_id", "requirement_id"),
    Index("rejected_suggestion_by_requirement", "requirement_id"),
    sqlite_with_rowid=False,
)

secret = Table(
    "secret",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""What this portfolio alone knows, by purpose; in no history and no export but the database itself."""

history_step = Table(
    "history_step",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    _words("name"),
    _moment("at"),
    Column("kind", String(4), nullable=False),
    _number("target", nullable=True),
    _flag("barrier"),
    _number("undo_next", nullable=True),
    _number("redo_next", nullable=True),
    Column("hash", String(64), nullable=False),
)

history_image = Table(
    "history_image",
    metadata,
    # A step's images are written first, because its hash covers them.
    Column(
        "step",
        Integer,
        ForeignKey("history_step.number", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
    _number("part"),
    Column("images", LargeBinary, nullable=False),
    PrimaryKeyConstraint("step", "part"),
)

APPEND_ONLY: Final = (decision, history_step, history_image)
"""Tables whose rows are never changed or removed, whoever asks."""


class SchemaItem(NamedTuple):
    """A row of SQLite's own table of contents, its text without quotes and needless white space."""

    type: str
    name: str
    sql: str


def statements() -> list[str]:
    """Return the SQL text that makes an empty database of the current format, in order."""
    dialect = sqlite.dialect()
    made = []
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        made += [
            str(CreateIndex(index).compile(dialect=dialect))
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        ]
    for table in APPEND_ONLY:
        made += [
            f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{table.name} is append only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return made


def items(connection: sqlite3.Connection) -> frozenset[SchemaItem]:
    """Return what a database holds, apart from what SQLite makes by itself. Nothing of it is executed."""
    rows = connection.execute("SELECT type, name, sql FROM main.sqlite_schema").fetchall()
    return frozenset(
        SchemaItem(str(kind), str(name), normalised(str(sql or "")))
        for kind, name, sql in rows
        if not _made_by_sqlite(str(kind), str(name))
    )


def normalised(sql: str) -> str:
    """Return SQL text as it is compared: renaming a table adds quotes, and white space says nothing."""
    return " ".join(sql.replace('"', "").replace("( ", "(").replace(" )", ")").split())


def items_of(texts: Iterable[str]) -> frozenset[SchemaItem]:
    """Return what a database made by these statements holds."""
    connection = sqlite3.connect(":memory:")
    try:
        for text in texts:
            connection.execute(text)
        return items(connection)
    finally:
        connection.close()


@cache
def expected_items() -> frozenset[SchemaItem]:
    """Return what a database of the current format holds."""
    return items_of(statements())


def differences(found: Iterable[SchemaItem], expected: Iterable[SchemaItem]) -> list[str]:
    """Name what is foreign, changed or missing, for a sentence to the user: ``trigger “x”``."""
    odd = frozenset(found) ^ frozenset(expected)
    return sorted({f"{item.type} “{item.name}”" for item in odd})


def _made_by_sqlite(kind: str, name: str) -> bool:
    return (kind == "index" and name.startswith("sqlite_autoindex_")) or (
        kind == "table" and name in {"sqlite_stat1", "sqlite_stat4"}
    )
