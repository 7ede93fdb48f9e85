"""Format 2 as it was released, and the step from it to format 3.

Format 3 knows groups of units, with what a qualification asks of each, and which suggestions the learner rejected.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from portfolio_app.storage import format_1

SCHEMA: Final = (
    *(format_1.DECISION if "CREATE TABLE decision (" in statement else statement for statement in format_1.SCHEMA),
    *format_1.NEW_TABLES,
)
"""What a portfolio of format 2 holds."""

_PORTFOLIO_COLUMNS: Final = (
    "id, learner_name, learner_number, learner_email, learner_profile, qualification_title, qualification_number, "
    "awarding_body, qualification_level, centre, started_on, planned_end, declared_by, declared_on, ai_use, created_at"
)
_UNIT_COLUMNS: Final = (
    "id, code, title, reference, level, credits, synopsis, source, is_guidance, mandatory, required_methods, "
    "simulation_allowed, pieces_per_requirement, currency_years, guidance"
)
_PORTFOLIO: Final = """
    CREATE TABLE new_portfolio (
        id VARCHAR(32) NOT NULL,
        learner_name TEXT NOT NULL,
        learner_number TEXT NOT NULL,
        learner_email TEXT NOT NULL,
        learner_profile TEXT NOT NULL,
        qualification_title TEXT NOT NULL,
        qualification_number TEXT NOT NULL,
        awarding_body TEXT NOT NULL,
        qualification_level TEXT NOT NULL,
        centre TEXT NOT NULL,
        started_on VARCHAR(10),
        planned_end VARCHAR(10),
        declared_by TEXT NOT NULL,
        declared_on VARCHAR(10),
        ai_use TEXT NOT NULL,
        created_at VARCHAR(32) NOT NULL,
        least_credits INTEGER NOT NULL,
        PRIMARY KEY (id)
    )
    """
_UNIT: Final = """
    CREATE TABLE new_unit (
        id VARCHAR(32) NOT NULL,
        code TEXT NOT NULL,
        title TEXT NOT NULL,
        reference TEXT NOT NULL,
        level TEXT NOT NULL,
        credits INTEGER,
        synopsis TEXT NOT NULL,
        source TEXT NOT NULL,
        is_guidance BOOLEAN NOT NULL,
        mandatory BOOLEAN NOT NULL,
        required_methods TEXT NOT NULL,
        simulation_allowed BOOLEAN NOT NULL,
        pieces_per_requirement INTEGER NOT NULL,
        currency_years INTEGER,
        guidance TEXT NOT NULL,
        group_id VARCHAR(32),
        PRIMARY KEY (id),
        UNIQUE (code),
        FOREIGN KEY(group_id) REFERENCES unit_group (id) ON DELETE SET NULL
    )
    """
_NEW_TABLES: Final = (
    """
    CREATE TABLE unit_group (
        id VARCHAR(32) NOT NULL,
        position INTEGER NOT NULL,
        title TEXT NOT NULL,
        mandatory BOOLEAN NOT NULL,
        least_units INTEGER NOT NULL,
        least_credits INTEGER NOT NULL,
        PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE rejected_suggestion (
        evidence_id VARCHAR(32) NOT NULL,
        requirement_id VARCHAR(32) NOT NULL,
        PRIMARY KEY (evidence_id, requirement_id),
        FOREIGN KEY(evidence_id) REFERENCES evidence (id) ON DELETE CASCADE,
        FOREIGN KEY(requirement_id) REFERENCES requirement (id) ON DELETE CASCADE
    )
     WITHOUT ROWID
    """,
    "CREATE INDEX rejected_suggestion_by_requirement ON rejected_suggestion (requirement_id)",
)


def change(connection: sqlite3.Connection) -> None:
    """Make a database of format 2 one of format 3."""
    for statement in _NEW_TABLES:
        connection.execute(statement)
    for table, made, columns, more in (
        ("portfolio", _PORTFOLIO, _PORTFOLIO_COLUMNS, ("least_credits", "0")),
        ("unit", _UNIT, _UNIT_COLUMNS, ("group_id", "NULL")),
    ):
        added, value = more
        connection.execute(made)
        connection.execute(
            f"INSERT INTO new_{table} ({columns}, {added}) SELECT {columns}, {value} FROM {table}"  # noqa: S608
        )
        connection.execute(f"DROP TABLE {table}")
        connection.execute(f"ALTER TABLE new_{table} RENAME TO {table}")
    connection.execute("CREATE INDEX unit_by_group ON unit (group_id)")
