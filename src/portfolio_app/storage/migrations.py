"""Steps that bring a database of an older format up to the present one.

A step is written by hand for its two formats and never changed once released. It gets the connection inside the
one transaction in which all steps, the checks and the new format number succeed or fail together. Foreign keys are
off meanwhile, so that a table can be rebuilt (make the new one, copy, drop the old one, rename) without its
children's rows being deleted; they are checked before the commit. A step rebuilds a table rather than adding a
column to it, so that the schema's text ends as a new database has it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from portfolio_app.storage import format_1, format_2, history, schema, trail
from portfolio_app.storage.database import Database
from portfolio_app.storage.errors import PortfolioDamaged, UpdateFailed


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from format ``before`` to the next.

    ``schema_before`` is what a database of that format holds, as text: a format's schema is frozen on the day it is
    released. ``added`` says how many rows each table gains (negative: loses) where that is meant; every other
    table must keep its number of rows.
    """

    before: int
    schema_before: Sequence[str]
    change: Callable[[sqlite3.Connection], None]
    added: Callable[[Mapping[str, int]], Mapping[str, int]] = lambda _: {}


MIGRATIONS: Final[tuple[Migration, ...]] = (
    Migration(1, format_1.SCHEMA, format_1.change),
    Migration(2, format_2.SCHEMA, format_2.change),
)
"""All steps, oldest first. There is one for each format before the present one."""


def known_schema(version: int) -> frozenset[schema.SchemaItem] | None:
    """Return what a database of this format holds, or ``None`` when there is no such format."""
    if version == schema.FORMAT:
        return schema.expected_items()
    for migration in MIGRATIONS:
        if migration.before == version:
            return schema.items_of(migration.schema_before)
    return None


def migrate(database: Database, version: int) -> None:
    """Bring a database from its format to the present one, or leave it as it was.

    What was done before cannot be undone afterwards, because its images are of the older tables; the audit trail
    keeps them and goes on from images of every row of the tables that were changed.

    Raises:
        UpdateFailed: rows would be lost or left dangling; nothing was changed.
        StorageError: it could not be saved; nothing was changed.
    """
    steps = [migration for migration in MIGRATIONS if migration.before >= version]
    connection = database.raw
    connection.execute("PRAGMA foreign_keys = OFF")
    history.watch(connection, tables=())
    try:
        with database.transaction(write=True, alone=True):
            unchanged = _fingerprints(connection)
            for step in steps:
                before = _row_counts(connection)
                step.change(connection)
                _must_be_complete(database, before, step)
            for problem in ("foreign_key_check", "integrity_check"):
                found = connection.execute(f"PRAGMA {problem}").fetchone()
                if found is not None and found[0] != "ok":
                    raise _refused(database, f"{problem.replace('_', ' ')} found {found}")
            if schema.items(connection) != schema.expected_items():
                raise _refused(database, "its tables did not become those of the present format")
            now = _fingerprints(connection)
            for table in trail.COMPARED:
                if now[table.name] != unchanged.get(table.name):
                    history.start_anew(connection, table)
            history.record(connection, f"Update to format {schema.FORMAT}", datetime.now(UTC), start=True)
            connection.execute(f"PRAGMA user_version = {schema.FORMAT}")
    except PortfolioDamaged as error:
        raise _refused(database, str(error)) from error
    finally:
        connection.execute("DROP TABLE temp.pending")
        connection.execute("PRAGMA foreign_keys = ON")


def _fingerprints(connection: sqlite3.Connection) -> dict[str, tuple[tuple[str, ...], int]]:
    """Return what tells each table's columns and rows, in whatever order they lie, from others."""
    found = {}
    for name in _row_counts(connection):
        rows = connection.execute(f'SELECT * FROM main."{name}"')  # noqa: S608
        columns = tuple(column[0] for column in rows.description)
        found[name] = columns, sum(int.from_bytes(hashlib.blake2b(repr(row).encode()).digest()) for row in rows)
    return found


def _row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the rows of every table but SQLite's own, which follow by themselves."""
    tables = connection.execute(
        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'"
    ).fetchall()
    return {
        name: int(connection.execute(f'SELECT count(*) FROM main."{name}"').fetchone()[0])  # noqa: S608
        for (name,) in tables
    }


def _must_be_complete(database: Database, before: Mapping[str, int], step: Migration) -> None:
    after = _row_counts(database.raw)
    added = step.added(before)
    for name, count in before.items():
        wanted = count + added.get(name, 0)
        if after.get(name, 0) != wanted:
            raise _refused(database, f"table {name} would have {after.get(name, 0)} rows instead of {wanted}")


def _refused(database: Database, why: str) -> UpdateFailed:
    return UpdateFailed(
        f"“{database.path.name}” could not be updated to the present format, so it was left as it was ({why})."
    )
