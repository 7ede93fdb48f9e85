"""What is not as it was at an earlier revision, out of the history."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Table, bindparam, select

from portfolio_app.domain.changes import ChangedSince
from portfolio_app.domain.evidence import Attachment, Evidence, Involvement, Person, PersonPart
from portfolio_app.storage import history
from portfolio_app.storage.database import compiled
from portfolio_app.storage.repositories.tables import Row, Tables
from portfolio_app.storage.repositories.values import day_of, evidence_of
from portfolio_app.storage.schema import (
    attachment,
    claim,
    component,
    evidence,
    evidence_content,
    involvement,
    person,
    requirement,
)

_WORDING: Final = ("ref", "kind", "text")
_CONTENT: Final = ("revised_at", "binned_at")
_OF_ITEM: Final = {
    table: compiled(select(table).where(table.c.evidence_id == bindparam("owner")))
    for table in (attachment, involvement)
}


def changed_since(connection: sqlite3.Connection, revision: int) -> ChangedSince:
    """Compare requirements, claims and items with how they were after the step of this number."""
    reworded: set[str] = set()
    gone: dict[str, str] = {}
    claimed: set[str] = set()
    items: set[str] = set()
    for table, then, now in history.changed_rows(connection, revision, (requirement, component, claim, evidence)):
        row = now or then or {}
        if table == requirement.name and now is None:
            gone[row["id"]] = f"{row['ref']} {row['text']}".strip()
        elif table == requirement.name and _differ(then, now, _WORDING):
            reworded.add(row["id"])
        elif table == component.name and _differ(then, now, ("text",)):
            reworded.add(row["requirement_id"])
        elif table == claim.name:
            claimed |= {each["requirement_id"] for each in (then, now) if each is not None}
        elif table == evidence.name and _differ(then, now, _CONTENT):
            items.add(row["id"])
    return ChangedSince(frozenset(reworded - gone.keys()), gone, frozenset(claimed), frozenset(items))


def items_at(
    connection: sqlite3.Connection, revision: int, evidence_ids: Iterable[str]
) -> Iterator[tuple[Evidence, Mapping[str, Person]]]:
    """Yield items as they were after the step of this number, with the people that they named, by id.

    One that was not there then is left out.
    """
    tables = Tables(connection)
    past = _Past(connection, revision, (evidence, evidence_content, attachment, involvement, person))
    people = {row["id"]: Person(**row) for row in past.rows(person, tables.all(person))}
    for evidence_id in evidence_ids:
        item = past.row(evidence, tables.find(evidence, id=evidence_id), (evidence_id,))
        content = past.row(evidence_content, tables.find(evidence_content, evidence_id=evidence_id), (evidence_id,))
        if item is None or content is None:
            continue
        parts, files = (
            sorted(past.rows(table, tables.dicts(sql, {"owner": evidence_id}), evidence_id), key=_position)
            for table, sql in ((involvement, _OF_ITEM[involvement]), (attachment, _OF_ITEM[attachment]))
        )
        involved = tuple(
            Involvement(part["person_id"], PersonPart(part["part"]), day_of(part["signed_on"])) for part in parts
        )
        attached = tuple(
            Attachment(file["id"], file["name"], file["sha256"], file["size"], file["media_type"], file["caption"])
            for file in files
        )
        yield (
            evidence_of(item | content, involved, attached),
            {each.person_id: people[each.person_id] for each in involved},
        )


class _Past:
    """The rows of some tables that are not as they were after a step."""

    def __init__(self, connection: sqlite3.Connection, revision: int, tables: tuple[Table, ...]) -> None:
        keys = {table.name: tuple(column.name for column in table.primary_key) for table in tables}
        self._keys = keys
        self._then: dict[str, dict[tuple[Any, ...], Row | None]] = {table.name: {} for table in tables}
        for name, then, now in history.changed_rows(connection, revision, tables):
            row = then or now or {}
            self._then[name][tuple(row[key] for key in keys[name])] = then

    def row(self, table: Table, now: Row | None, key: tuple[Any, ...]) -> Row | None:
        """Return a row as it was, given what it is now; columns that came later are as they are now."""
        then = self._then[table.name].get(key, now)
        return then if then is None else (now or {}) | then

    def rows(self, table: Table, now: Iterable[Row], owner: str = "") -> list[Row]:
        """Return the rows that there were, given those that there are now; ``owner``: only those of one item."""
        found: dict[tuple[Any, ...], Row | None] = {
            tuple(row[key] for key in self._keys[table.name]): row for row in now
        }
        for key, then in self._then[table.name].items():
            if key in found or (then is not None and owner in ("", then.get("evidence_id"))):
                found[key] = then if then is None else (found.get(key) or {}) | then
        return [row for row in found.values() if row is not None]


def _position(row: Row) -> int:
    return int(row["position"])


def _differ(then: dict[str, Any] | None, now: dict[str, Any] | None, columns: tuple[str, ...]) -> bool:
    return then is None or now is None or any(then[name] != now[name] for name in columns)
