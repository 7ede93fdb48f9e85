"""Compare what a portfolio holds with what its history says: an edit behind the history's back shows."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from sqlalchemy import Table, select

from portfolio_app.storage import history, schema
from portfolio_app.storage.database import compiled

_Row: TypeAlias = Mapping[str, Any]
_Key: TypeAlias = tuple[Any, ...]

_OUTSIDE_HISTORY: Final = frozenset({"counter", "secret", "history_step", "history_image"})
COMPARED: Final = tuple(table for table in schema.metadata.sorted_tables if table.name not in _OUTSIDE_HISTORY)
"""The tables whose every change is in the history."""

_KEYS: Final = {table.name: tuple(column.name for column in table.primary_key) for table in COMPARED}
_LOOK_EVERY: Final = 2_000  # images or rows: some 30 ms


def altered_rows(connection: sqlite3.Connection, steps: int, look: Callable[[], None]) -> Iterator[str]:
    """Yield a sentence for each row that is not as the newest of its images in the history has it.

    Follows the whole trail, whose chain is known to be sound, from its first step to step number ``steps``;
    ``look`` is called now and then and ends it by raising. Keeps 16 bytes of each row in memory. Where a change
    of the format made a table start anew, only what follows counts; images before may be of other columns.
    """
    expected: dict[str, dict[_Key, bytes]] = {table.name: {} for table in COMPARED}
    every_image = (image for number in range(1, steps + 1) for image in history.images(connection, number))
    for count, (table, before, after) in enumerate(every_image):
        if count % _LOOK_EVERY == 0:
            look()
        if table not in expected:
            continue  # of an older format
        if before is None and after is None:
            expected[table].clear()
        if before is not None:
            expected[table].pop(_key(table, before), None)
        if after is not None:
            expected[table][_key(table, after)] = _digest(after)
    for compared in COMPARED:
        yield from _differences(connection, compared, expected[compared.name], look)


def _differences(
    connection: sqlite3.Connection, table: Table, expected: dict[_Key, bytes], look: Callable[[], None]
) -> Iterator[str]:
    columns = [column.name for column in table.c]
    for count, values in enumerate(connection.execute(compiled(select(table)))):
        if count % _LOOK_EVERY == 0:
            look()
        row = dict(zip(columns, values, strict=True))
        image = expected.pop(_key(table.name, row), None)
        if image is None:
            yield f"{_named(connection, table, row)} was added without a step in the history."
        elif image != _digest(row):
            yield f"{_named(connection, table, row)} was altered without a step in the history."
    for key in expected:
        row = dict(zip(_KEYS[table.name], key, strict=True))
        yield f"{_named(connection, table, row)} was removed without a step in the history."


def _key(table: str, row: _Row) -> _Key:
    return tuple(row.get(name) for name in _KEYS[table])


def _digest(row: _Row) -> bytes:
    text = json.dumps(row, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _named(connection: sqlite3.Connection, table: Table, row: _Row) -> str:
    """Name a row as the learner knows it, where it belongs to an evidence item."""
    evidence_id = row.get("evidence_id") or (row.get("id") if table.name == schema.evidence.name else None)
    if evidence_id:
        sql = compiled(select(schema.evidence.c.number).where(schema.evidence.c.id == evidence_id))
        found = connection.execute(sql, {"id_1": evidence_id}).fetchone()
        if found:
            part = "" if table.name == schema.evidence.name else f" ({table.name.replace('_', ' ')})"
            return f"E{found[0]}{part}"
    return f"A row of “{table.name.replace('_', ' ')}”"
