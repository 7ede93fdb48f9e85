"""Named steps that can be undone and redone, and the audit trail that they leave.

Triggers write a JSON image of each row before and after a change. They are made anew on every connection and
stand in SQLite's temporary schema, so a portfolio's file holds nothing that runs when a stranger's file is opened.
When an edit is committed its images are packed into the file as one step, in the same transaction.

A step is never changed or removed, and undoing one appends another. Each step says which step would be undone
next and which redone next (``undo_next``, ``redo_next``), so both are one look-up however long the history is;
undoing step *t* leaves what stood as ``undo_next`` just before *t*.

Each step's hash covers the hash before it, its own columns and its images, so that a trail that was tampered
with no longer adds up.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import Table, bindparam, func, insert, select

from portfolio_app.domain.changes import Changes
from portfolio_app.storage import schema
from portfolio_app.storage.database import RowStatements, compiled, run
from portfolio_app.storage.errors import NothingToUndo, PortfolioDamaged

_PART_SIZE: Final = 256 * 1024
"""Characters of images that are packed together; bounds the memory for undoing an import of thousands of items."""

_LARGE_LEVEL: Final = 1
_SMALL_LEVEL: Final = 6

# Of each table: what an interface would call the thing that changed, and the column with its id.
_TOUCHES: Final[dict[Table, tuple[tuple[str, str], ...]]] = {
    schema.portfolio: (("details", "id"),),
    schema.unit_group: (("details", "id"),),
    schema.unit: (("units", "id"),),
    schema.requirement: (("requirements", "id"), ("units", "unit_id")),
    schema.component: (("requirements", "requirement_id"),),
    schema.person: (("people", "id"),),
    schema.evidence: (("evidence", "id"),),
    schema.evidence_content: (("evidence", "evidence_id"),),
    schema.involvement: (("evidence", "evidence_id"), ("people", "person_id")),
    schema.attachment: (("evidence", "evidence_id"),),
    schema.claim: (("claims", "id"), ("evidence", "evidence_id"), ("requirements", "requirement_id")),
    schema.claim_component: (("claims", "claim_id"),),
    schema.decision: (("decisions", "id"), ("requirements", "requirement_id")),
    schema.action: (("actions", "id"),),
    schema.dismissal: (("dismissals", "rule"),),
    schema.evidence_version: (("evidence", "evidence_id"),),
    schema.redaction_term: (("redaction", "id"),),
    schema.redaction_region: (("redaction", "id"),),
    schema.redaction_spared: (("redaction", "text"),),
    schema.rejected_suggestion: (("rejections", "evidence_id"),),
}
_TOUCHES_BY_NAME: Final = {table.name: touches for table, touches in _TOUCHES.items()}
_TOUCH_COLUMNS: Final = ("touched_1", "touched_2", "touched_3")


class StepKind(StrEnum):
    """What a step did."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"


class Recorded(NamedTuple):
    """A step that has just been written: its name, its hash, what it touched, and the names of the tables."""

    name: str
    hash: str
    changes: Changes
    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One step of the audit trail.

    ``name`` is what was done ("Add evidence E4"); a step that undid or redid another carries that one's name and,
    as ``target``, its number. ``undone`` says that an edit is not in force now. ``barrier``: it is never undone.
    ``at`` is UTC, ``hash`` 64 hexadecimal digits.
    """

    number: int
    name: str
    at: datetime
    kind: StepKind
    undone: bool
    barrier: bool
    hash: str
    target: int | None = None


class UndoNames(NamedTuple):
    """The steps that undo and redo would take; empty where there is none, or where a decision bars the way."""

    undo: str
    redo: str


class _Step(NamedTuple):
    number: int
    name: str
    at: str
    kind: str
    target: int | None
    barrier: int
    undo_next: int | None
    redo_next: int | None
    hash: str


_BEGINNING: Final = _Step(0, "", "", "", None, 0, None, None, "0" * 64)


_ROWS: Final = {table.name: RowStatements(table) for table in _TOUCHES}

_steps = schema.history_step
_images = schema.history_image
_SELECT_STEP = select(*(_steps.c[name] for name in _Step._fields))
_LAST_STEP: Final = compiled(_SELECT_STEP.where(_steps.c.number == select(func.max(_steps.c.number)).scalar_subquery()))
_ONE_STEP: Final = compiled(_SELECT_STEP.where(_steps.c.number == bindparam("number")))
_ALL_STEPS: Final = compiled(_SELECT_STEP.order_by(_steps.c.number))
_STEPS_FROM: Final = compiled(_SELECT_STEP.where(_steps.c.number >= bindparam("number")).order_by(_steps.c.number))
_INSERT_STEP: Final = compiled(insert(_steps))
_NUMBERS_FROM: Final = compiled(
    select(_steps.c.number).where(_steps.c.number >= bindparam("number")).order_by(_steps.c.number)
)
_IMAGES_SIZE: Final = compiled(
    select(func.sum(func.length(_images.c.images))).where(_images.c.step >= bindparam("number"))
)
_STEP_OF_HASH: Final = compiled(select(_steps.c.number).where(_steps.c.hash == bindparam("hash")))
_ALL_IMAGES: Final = compiled(select(_images.c.images))
_INSERT_IMAGES: Final = compiled(insert(_images))
_PARTS: Final = compiled(select(_images.c.part).where(_images.c.step == bindparam("step")).order_by(_images.c.part))
_ONE_PART: Final = compiled(
    select(_images.c.images).where(_images.c.step == bindparam("step"), _images.c.part == bindparam("part"))
)


def watch(connection: sqlite3.Connection, tables: Collection[Table] = tuple(_TOUCHES)) -> None:
    """Make the temporary table and triggers that note every change of this connection to these tables."""
    connection.execute(
        "CREATE TEMP TABLE pending (sequence INTEGER PRIMARY KEY, table_name TEXT NOT NULL, "
        f"{', '.join(f'{name} TEXT' for name in _TOUCH_COLUMNS)}, before TEXT, after TEXT)"
    )
    for table in tables:
        for trigger in _triggers(table):
            connection.execute(trigger)


def _triggers(table: Table) -> Iterator[str]:
    name = table.name
    columns = [column.name for column in table.c]
    touched = [column for _, column in _TOUCHES[table]]

    def note(row: str, before: str, after: str) -> str:
        ids = [f"{row}.{column}" for column in touched] + ["NULL"] * (len(_TOUCH_COLUMNS) - len(touched))
        values = f"'{name}', {', '.join(ids)}, {before}, {after}"
        return f"INSERT INTO pending (table_name, {', '.join(_TOUCH_COLUMNS)}, before, after) VALUES ({values});"  # noqa: S608

    def both(row: str) -> str:
        return "(" + ", ".join(f"{row}.{column}" for column in columns) + ")"

    head = f"CREATE TEMP TRIGGER note_{name}"
    yield f"{head}_insert AFTER INSERT ON main.{name} BEGIN {note('new', 'NULL', _image('new', columns))} END"
    yield f"{head}_delete AFTER DELETE ON main.{name} BEGIN {note('old', _image('old', columns), 'NULL')} END"
    yield (
        f"{head}_update AFTER UPDATE ON main.{name} WHEN {both('old')} IS NOT {both('new')} "
        f"BEGIN {note('new', _image('old', columns), _image('new', columns))} END"
    )


def _image(row: str, columns: Sequence[str]) -> str:
    pairs = ", ".join(f"'{column}', {row}.{column}" for column in columns)
    return f"json_object({pairs})"


class PendingChanges:
    """What the transaction under way has touched so far, read from the noted images as they come."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._seen = 0
        self._touched: dict[str, set[str]] = {}

    def changes(self) -> Changes:
        """Return the ids that were touched until now."""
        sql = f"SELECT sequence, table_name, {', '.join(_TOUCH_COLUMNS)} FROM temp.pending WHERE sequence > ?"  # noqa: S608
        for sequence, table, *ids in self._connection.execute(sql, (self._seen,)):
            self._seen = sequence
            for (kind, _), value in zip(_TOUCHES_BY_NAME[table], ids, strict=False):
                if value is not None:
                    self._touched.setdefault(kind, set()).add(value)
        return _changes(self._touched)


def _changes(touched: Mapping[str, Iterable[str]]) -> Changes:
    ids_by_kind: dict[str, Any] = {kind: frozenset(ids) for kind, ids in touched.items()}
    ids_by_kind["details"] = "details" in ids_by_kind
    return Changes(**ids_by_kind)


def has_pending(connection: sqlite3.Connection) -> bool:
    """Return whether the transaction under way changed anything."""
    return connection.execute("SELECT 1 FROM temp.pending LIMIT 1").fetchone() is not None


def record(
    connection: sqlite3.Connection, name: str, at: datetime, *, barrier: bool = False, start: bool = False
) -> Recorded:
    """Append the noted changes as a step of kind edit.

    With ``start`` nothing before this step, nor the step itself, can be undone.
    """
    head = _last(connection)
    number = head.number + 1
    return _append(
        connection,
        _Step(number, name, at.isoformat(), StepKind.EDIT, None, int(barrier), None if start else number, None, ""),
        head,
    )


def undo(connection: sqlite3.Connection, at: datetime) -> Recorded:
    """Take the newest step in force back.

    Raises:
        NothingToUndo: nothing is left, or the step is a barrier.
    """
    head = _last(connection)
    if head.undo_next is None:
        raise NothingToUndo("There is nothing to undo.")
    target = _step(connection, head.undo_next)
    if target.barrier:
        raise NothingToUndo(
            f"“{target.name}” cannot be undone, nor anything before it: an assessor's decision is superseded by a "
            "new one, never taken back."
        )
    _reverse(connection, target.number)
    number = head.number + 1
    below = _step(connection, target.number - 1) if target.number > 1 else _BEGINNING
    # A redone step is undone under the number of the edit that it brought back.
    step = _Step(number, target.name, at.isoformat(), StepKind.UNDO, target.number, 0, below.undo_next, number, "")
    return _append(connection, step, head)


def redo(connection: sqlite3.Connection, at: datetime) -> Recorded:
    """Bring the step that was undone last back.

    Raises:
        NothingToUndo: nothing was undone since the last edit.
    """
    head = _last(connection)
    if head.redo_next is None:
        raise NothingToUndo("There is nothing to redo.")
    undoing = _step(connection, head.redo_next)
    _reverse(connection, undoing.number)
    below = _step(connection, undoing.number - 1)
    step = _Step(
        head.number + 1,
        undoing.name,
        at.isoformat(),
        StepKind.REDO,
        undoing.target,
        0,
        undoing.target,
        below.redo_next,
        "",
    )
    return _append(connection, step, head)


def next_names(connection: sqlite3.Connection) -> UndoNames:
    """Return the names of the steps that undo and redo would take; a few look-ups, however long the history is."""
    head = _last(connection)
    undo_name = redo_name = ""
    if head.undo_next is not None:
        target = _step(connection, head.undo_next)
        undo_name = "" if target.barrier else target.name
    if head.redo_next is not None:
        redo_name = _step(connection, head.redo_next).name
    return UndoNames(undo_name, redo_name)


def steps(connection: sqlite3.Connection, limit: int | None = None, offset: int = 0) -> list[HistoryStep]:
    """Return the audit trail, newest first: at most ``limit`` steps after the newest ``offset`` ones.

    Only what is newer than the oldest step asked for is read: nothing older says whether one is undone.
    """
    first = 0 if limit is None else max(_last(connection).number - offset - limit + 1, 0)
    undone: set[int] = set()
    rows = [_Step(*row) for row in run(connection, _STEPS_FROM, {"number": first})]
    for row in rows:
        if row.target is not None:
            (undone.add if row.kind == StepKind.UNDO else undone.discard)(row.target)
    wanted = rows[::-1][offset : None if limit is None else offset + limit]
    return [
        HistoryStep(
            number=row.number,
            name=row.name,
            at=datetime.fromisoformat(row.at),
            kind=StepKind(row.kind),
            undone=row.number in undone,
            barrier=bool(row.barrier),
            hash=row.hash,
            target=row.target,
        )
        for row in wanted
    ]


def head(connection: sqlite3.Connection) -> tuple[int, str]:
    """Return the number and the hash of the newest step."""
    last = _last(connection)
    return last.number, last.hash


def verify(connection: sqlite3.Connection) -> Iterator[tuple[int, str | None]]:
    """Go through the trail from its first step; yield each number with a sentence where it does not add up.

    The chain is followed by each step's stored hash, so one altered step is reported as one.
    """
    before = _BEGINNING
    for row in connection.execute(_ALL_STEPS).fetchall():
        step = _Step(*row)
        problem = None
        if step.number != before.number + 1:
            problem = f"The history goes from step {before.number} to step {step.number}: steps are missing."
        else:
            try:
                digests = [hashlib.sha256(text).hexdigest() for text in _part_texts(connection, step.number)]
            except zlib.error:
                problem = f"The images of history step {step.number} (“{step.name}”) cannot be read."
            else:
                if _hash(step, before.hash, digests) != step.hash:
                    problem = f"History step {step.number} (“{step.name}”) was altered after it was written."
        yield step.number, problem
        before = step


def images(
    connection: sqlite3.Connection, number: int
) -> Iterator[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]:
    """Yield what a step changed, in order: table, row before (``None``: added), row after (``None``: removed).

    Both are ``None`` where the table starts anew (see :func:`start_anew`).
    """
    for text in _part_texts(connection, number):
        for line in text.decode().split("\n"):
            table, before, after = json.loads(line)
            yield table, before, after


def number_of(connection: sqlite3.Connection, step_hash: str) -> int | None:
    """Return the number of the step with this hash, or ``None`` where the history has none."""
    row = run(connection, _STEP_OF_HASH, {"hash": step_hash}).fetchone()
    return int(row[0]) if row else None


def changes_since(connection: sqlite3.Connection, since: int, most_bytes: int) -> Changes | None:
    """Return what was touched by the steps after this one.

    ``None`` where the images of those steps have more bytes than ``most_bytes``, as packed, or a table starts anew.
    """
    (size,) = run(connection, _IMAGES_SIZE, {"number": since + 1}).fetchone()
    if (size or 0) > most_bytes:
        return None
    touched: dict[str, set[str]] = {}
    for (number,) in run(connection, _NUMBERS_FROM, {"number": since + 1}).fetchall():
        for table, before, after in images(connection, number):
            if before is None and after is None:
                return None
            for kind, column in _TOUCHES_BY_NAME.get(table, ()):
                ids = (row.get(column) for row in (before, after) if row is not None)
                touched.setdefault(kind, set()).update(key for key in ids if key is not None)
    return _changes(touched)


def changed_rows(
    connection: sqlite3.Connection, since: int, tables: Collection[Table]
) -> Iterator[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]:
    """Yield the rows of these tables that are not as they were after a step: table, row then, row now.

    ``None`` stands for a row that was not there, or is not. What was changed and changed back is left out.
    """
    names = {table.name for table in tables}
    then: dict[tuple[str, ...], dict[str, Any] | None] = {}
    now: dict[tuple[str, ...], dict[str, Any] | None] = {}
    for (number,) in run(connection, _NUMBERS_FROM, {"number": since + 1}).fetchall():
        begun_anew: set[str] = set()
        for table, before, after in images(connection, number):
            row = before or after
            if table not in names:
                continue
            if row is None:
                begun_anew.add(table)
                continue
            key = (table, *map(str, _ROWS[table].key_of(row).values()))
            if key not in then and table in begun_anew:
                continue  # how it was is not known; nothing says that it was changed
            then.setdefault(key, before)
            now[key] = after
    for key, before in then.items():
        if before != now[key]:
            yield key[0], before, now[key]


def mentioned(connection: sqlite3.Connection, words: Collection[str]) -> set[str]:
    """Return which of these words stand anywhere in the images; plain text is searched, which is quick.

    Raises:
        zlib.error: an image cannot be read.
    """
    sought = {word.encode(): word for word in words}
    found: set[str] = set()
    if sought:
        for (packed,) in connection.execute(_ALL_IMAGES):
            text = zlib.decompress(packed)
            found |= {sought.pop(word) for word in [word for word in sought if word in text]}
            if not sought:
                break
    return found


def start_anew(connection: sqlite3.Connection, table: Table) -> None:
    """Note that whatever the history says of a table no longer counts, and how each of its rows is now.

    For a change of the format, which is made without triggers.
    """
    columns = [column.name for column in table.c]
    connection.execute("INSERT INTO temp.pending (table_name) VALUES (?)", (table.name,))
    connection.execute(
        "INSERT INTO temp.pending (table_name, after) "  # noqa: S608 - names from the schema
        f"SELECT '{table.name}', {_image(table.name, columns)} FROM main.{table.name}"
    )


def _last(connection: sqlite3.Connection) -> _Step:
    row = run(connection, _LAST_STEP).fetchone()
    return _Step(*row) if row else _BEGINNING


def _step(connection: sqlite3.Connection, number: int) -> _Step:
    row = run(connection, _ONE_STEP, {"number": number}).fetchone()
    if row is None:
        raise PortfolioDamaged(f"The history of this portfolio lacks step {number}; use check to see what is wrong.")
    return _Step(*row)


def _append(connection: sqlite3.Connection, step: _Step, before: _Step) -> Recorded:
    """Pack the noted changes into the file as this step; foreign keys of images wait for the step's row."""
    changes = PendingChanges(connection).changes()
    tables = frozenset(name for (name,) in connection.execute("SELECT DISTINCT table_name FROM temp.pending"))
    digests = []
    for part, text in enumerate(_packed_texts(connection), 1):
        digests.append(hashlib.sha256(text).hexdigest())
        packed = zlib.compress(text, _LARGE_LEVEL if len(text) > _PART_SIZE // 4 else _SMALL_LEVEL)
        run(connection, _INSERT_IMAGES, {"step": step.number, "part": part, "images": packed})
    finished = step._replace(hash=_hash(step, before.hash, digests))
    run(connection, _INSERT_STEP, finished._asdict())
    connection.execute("DELETE FROM temp.pending")
    return Recorded(finished.name, finished.hash, changes, tables)


def _hash(step: _Step, before: str, digests: list[str]) -> str:
    covered = json.dumps([before, *step[:-1], digests], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(covered.encode()).hexdigest()


def _packed_texts(connection: sqlite3.Connection) -> Iterator[bytes]:
    lines: list[str] = []
    size = 0
    rows = connection.execute("SELECT table_name, before, after FROM temp.pending ORDER BY sequence")
    for table, before, after in rows:
        line = f'["{table}",{before or "null"},{after or "null"}]'
        if lines and size + len(line) > _PART_SIZE:
            yield "\n".join(lines).encode()
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    if lines:
        yield "\n".join(lines).encode()


def _part_texts(connection: sqlite3.Connection, number: int, *, backwards: bool = False) -> Iterator[bytes]:
    parts = [part for (part,) in run(connection, _PARTS, {"step": number}).fetchall()]
    for part in reversed(parts) if backwards else parts:
        (packed,) = run(connection, _ONE_PART, {"step": number, "part": part}).fetchone()
        yield zlib.decompress(packed)


def _reverse(connection: sqlite3.Connection, number: int) -> None:
    """Turn each image of a step round, last first; the triggers note that as the images of the step under way."""
    connection.execute("PRAGMA defer_foreign_keys = ON")
    for text in _part_texts(connection, number, backwards=True):
        for line in reversed(text.decode().split("\n")):
            table, before, after = json.loads(line)
            _put_back(connection, number, table, before, after)


def _put_back(
    connection: sqlite3.Connection,
    number: int,
    table: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    statements = _ROWS.get(table)
    if statements is None or any(row is not None and row.keys() != statements.columns for row in (before, after)):
        raise PortfolioDamaged(f"Step {number} of the history cannot be read, so it cannot be undone.")
    key = statements.key_of(after) if after is not None else {}
    if before is None:
        cursor = run(connection, statements.delete, key)
    elif after is None:
        cursor = run(connection, statements.insert, before)
    else:
        cursor = run(connection, statements.update, before | key)
    if cursor.rowcount != 1:
        raise PortfolioDamaged(f"Step {number} of the history does not fit what is stored, so it cannot be undone.")
