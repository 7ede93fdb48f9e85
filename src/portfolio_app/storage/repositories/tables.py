"""One row, or a few, of any table: found, put, removed, and made what is wanted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from sqlalchemy import Table

from portfolio_app.domain.errors import UnknownReference
from portfolio_app.storage import schema
from portfolio_app.storage.database import RowStatements, run

Row: TypeAlias = dict[str, Any]

_STATEMENTS: Final = {table: RowStatements(table) for table in schema.metadata.sorted_tables}

# What the user calls a row; of the other tables none is looked for by a key that may be out of date.
_NAMES: Final[dict[Table, str]] = {
    schema.unit: "unit",
    schema.requirement: "requirement",
    schema.evidence: "evidence",
    schema.claim: "claim",
    schema.action: "action",
    schema.person: "person",
    schema.dismissal: "dismissal",
    schema.redaction_term: "word to hide",
    schema.redaction_region: "region to hide",
}


class Tables:
    """The tables of an open portfolio, inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Any]:
        """Return what a statement finds, each row as a tuple."""
        return run(self._connection, sql, parameters).fetchall()

    def first(self, sql: str, parameters: Mapping[str, object] | None = None) -> Any:
        """Return the first value of the first row that a statement finds, or ``None``."""
        row = run(self._connection, sql, parameters).fetchone()
        return None if row is None else row[0]

    def dicts(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Return what a statement finds, each row by the names of its columns."""
        cursor = run(self._connection, sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def all(self, table: Table) -> list[Row]:
        """Return the whole table."""
        return self.dicts(_STATEMENTS[table].select_all)

    def find(self, table: Table, **key: object) -> Row | None:
        """Return the row with this key, or ``None``."""
        found = self.dicts(_STATEMENTS[table].select, _STATEMENTS[table].key_of(key))
        return found[0] if found else None

    def row(self, table: Table, **key: object) -> Row:
        """Return the row with this key; UnknownReference when there is none."""
        found = self.find(table, **key)
        if found is None:
            raise UnknownReference(f"That {_NAMES[table]} is not in this portfolio any more.")
        return found

    def like(self, table: Table, row: Row) -> Row:
        """Return the stored row with the key of this one; UnknownReference when there is none."""
        return self.row(table, **{name: row[name] for name in _STATEMENTS[table].keys})

    def insert(self, table: Table, row: Row) -> None:
        """Add a row."""
        run(self._connection, _STATEMENTS[table].insert, row)

    def update(self, table: Table, row: Row) -> None:
        """Change the row that has the key of this one."""
        run(self._connection, _STATEMENTS[table].update, row | _STATEMENTS[table].key_of(row))

    def put(self, table: Table, row: Row) -> bool:
        """Insert the row, or update the one with its key; return whether anything changed."""
        stored = self.find(table, **{name: row[name] for name in _STATEMENTS[table].keys})
        if stored is None:
            self.insert(table, row)
        elif stored != row:
            self.update(table, row)
        return stored != row

    def remove(self, table: Table, row: Row) -> None:
        """Remove the row with the key of this one, and what belongs to it."""
        run(self._connection, _STATEMENTS[table].delete, _STATEMENTS[table].key_of(row))

    def sync(self, table: Table, stored: list[Row], wanted: list[Row]) -> list[Row]:
        """Make the stored rows those that are wanted, in this order, touching no other; return those that went.

        Rows are added and changed before any is removed, because removing a parent removes its children.
        """
        before, after = by_key(table, stored), by_key(table, wanted)
        for key, row in after.items():
            if key not in before:
                self.insert(table, row)
            elif before[key] != row:
                self.update(table, row)
        gone = [row for key, row in before.items() if key not in after]
        for row in gone:
            self.remove(table, row)
        return gone


def by_key(table: Table, rows: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    """Return rows by the values of their primary key."""
    return {tuple(row[name] for name in _STATEMENTS[table].keys): row for row in rows}
