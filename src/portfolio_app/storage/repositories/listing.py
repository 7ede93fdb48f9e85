"""Items as lists show them and the text that is searched, read in bulk once and then only where an edit touched.

Ten thousand items are listed anew at every key that is pressed in the search box, so nothing is read for that.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Generic, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select, true

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Decision
from portfolio_app.domain.collector import collector_paused
from portfolio_app.domain.coverage import CoverageState, Tally, cell_state
from portfolio_app.domain.evidence import PersonPart
from portfolio_app.domain.folding import folded
from portfolio_app.domain.listing import EvidenceSummary
from portfolio_app.storage.database import compiled, run
from portfolio_app.storage.schema import (
    attachment,
    claim,
    evidence,
    evidence_content,
    involvement,
    person,
    requirement,
)

_MANY: Final = 200
"""From so many items on, reading everything anew is quicker than reading them one by one."""

_WITNESSING: Final = (PersonPart.WITNESS.value, PersonPart.OBSERVER.value)
_COMMA: Final[Any] = literal_column("','")  # a plain text would become a parameter
_LINE_END: Final[Any] = literal_column("char(10)")


class _Statement(NamedTuple):
    """A statement about every item and the same about one."""

    every: str
    one: str

    def rows(self, connection: sqlite3.Connection, evidence_id: str | None) -> Iterator[Any]:
        if evidence_id is None:
            return run(connection, self.every)
        return run(connection, self.one, {"id": evidence_id})


def _statement(owner: ColumnElement[str], make: Callable[[ColumnElement[bool]], Select[Any]]) -> _Statement:
    return _Statement(compiled(make(true())), compiled(make(owner == bindparam("id"))))


_ITEMS: Final = _statement(
    evidence.c.id,
    lambda which: select(
        evidence.c.id,
        evidence.c.number,
        evidence.c.kind,
        evidence.c.title,
        evidence.c.date,
        evidence.c.standing,
        evidence.c.tags,
        evidence.c.has_content,
        evidence.c.simulated,
        evidence.c.confidential,
        evidence.c.revised_at,
        evidence.c.binned_at,
    ).where(which),
)
_FILES: Final = _statement(
    attachment.c.evidence_id,
    lambda which: select(attachment.c.evidence_id, func.count()).where(which).group_by(attachment.c.evidence_id),
)
_WITNESSES: Final = _statement(
    involvement.c.evidence_id,
    lambda which: select(involvement.c.evidence_id, involvement.c.part, involvement.c.signed_on).where(which),
)
# One row for each requirement instead of one for each claim: that halves the time to read them.
_CLAIMS: Final = _statement(
    claim.c.evidence_id,
    lambda which: (
        select(claim.c.requirement_id, claim.c.has_place, func.aggregate_strings(claim.c.evidence_id, _COMMA))
        .where(which)
        .group_by(claim.c.requirement_id, claim.c.has_place)
    ),
)
_UNITS: Final = compiled(select(requirement.c.id, requirement.c.unit_id))

_WORDS: Final = _statement(
    evidence.c.id,
    lambda which: (
        select(
            evidence.c.id,
            evidence.c.number,
            evidence.c.tags,
            evidence_content.c.fields,
            evidence.c.title,
            evidence.c.location,
            evidence.c.location_description,
            evidence_content.c.body,
        )
        .join(evidence_content, evidence_content.c.evidence_id == evidence.c.id)
        .where(which)
    ),
)
_NAMES: Final = _statement(
    involvement.c.evidence_id,
    lambda which: (
        select(involvement.c.evidence_id, person.c.name, person.c.role, person.c.organisation)
        .join(person, person.c.id == involvement.c.person_id)
        .where(which)
    ),
)
_FILE_NAMES: Final = _statement(
    attachment.c.evidence_id,
    lambda which: select(attachment.c.evidence_id, attachment.c.name, attachment.c.caption).where(which),
)
_CLAIM_WORDS: Final = _statement(
    claim.c.evidence_id,
    lambda which: (
        select(
            claim.c.evidence_id,
            func.aggregate_strings(claim.c.why + _LINE_END + claim.c.quotation, _LINE_END),
        )
        .where(which)
        .group_by(claim.c.evidence_id)
    ),
)

_NAMING: Final = compiled(
    select(involvement.c.evidence_id).where(involvement.c.person_id == bindparam("id")).distinct()
)
_CLAIMED_FOR: Final = compiled(select(claim.c.evidence_id).where(claim.c.requirement_id == bindparam("id")))


_Value = TypeVar("_Value")


class _Kept(Generic[_Value]):
    """One value for each item, and the ids of what was touched since they were read."""

    def __init__(self) -> None:
        self._values: dict[str, _Value] | None = None
        self._items: set[str] = set()
        self._linked: dict[str, set[str]] = {_NAMING: set(), _CLAIMED_FOR: set()}

    def touch(self, items: Iterable[str], people: Iterable[str] = (), requirements: Iterable[str] = ()) -> None:
        self._items.update(items)
        self._linked[_NAMING].update(people)
        self._linked[_CLAIMED_FOR].update(requirements)

    def refreshed(
        self, connection: sqlite3.Connection, read: Callable[[str | None], dict[str, _Value]]
    ) -> Mapping[str, _Value]:
        """Return the values after reading what was touched; ``read`` gets an item's id, or ``None`` for all."""
        touched = self._items
        if self._values is not None:
            for statement, ids in self._linked.items():
                for key in ids:
                    touched.update(owner for (owner,) in run(connection, statement, {"id": key}))
        if self._values is None or len(touched) > _MANY:
            with collector_paused():
                self._values = read(None)
        else:
            for evidence_id in touched:
                self._values.pop(evidence_id, None)
                self._values.update(read(evidence_id))
        touched.clear()
        for ids in self._linked.values():
            ids.clear()
        return self._values


class ListMemory:
    """The rows of the list and the searched texts as they were last read. Belongs to one open portfolio."""

    def __init__(self) -> None:
        self._head = ""
        self._rows: _Kept[EvidenceSummary] = _Kept()
        self._texts: _Kept[str] = _Kept()

    def rows(
        self, connection: sqlite3.Connection, head: str, decisions: Callable[[], Iterable[Decision]]
    ) -> Mapping[str, EvidenceSummary]:
        """Return all items by id, those in the bin too, at this step of the history."""
        self._stand_at(head)
        return self._rows.refreshed(connection, lambda which: _summaries(connection, decisions(), which))

    def texts(self, connection: sqlite3.Connection, head: str) -> Mapping[str, str]:
        """Return the folded text of every item by id, at this step of the history."""
        self._stand_at(head)
        return self._texts.refreshed(connection, lambda which: _searched(connection, which))

    def has_moved(self, head: str, changes: Changes) -> None:
        """Say to which step an own edit has led and what it touched."""
        self._rows.touch(changes.evidence, requirements=changes.requirements if changes.decisions else ())
        self._texts.touch(changes.evidence, people=changes.people)
        self._head = head

    def _stand_at(self, head: str) -> None:
        if head != self._head:
            self._rows, self._texts, self._head = _Kept(), _Kept(), head


def _summaries(
    connection: sqlite3.Connection, decisions: Iterable[Decision], evidence_id: str | None
) -> dict[str, EvidenceSummary]:
    files = dict(_FILES.rows(connection, evidence_id))
    witnesses: dict[str, list[int]] = {}
    for owner, part, signed_on in _WITNESSES.rows(connection, evidence_id):
        if part in _WITNESSING:
            counts = witnesses.setdefault(owner, [0, 0])
            counts[0] += 1
            counts[1] += not signed_on
    marks = _Marks(connection, {each.requirement_id: each for each in decisions}, evidence_id)
    tags: dict[str, tuple[str, ...]] = {}
    found = {}
    for key, number, kind, title, day, standing, tag_text, content, simulated, secret, revised, binned in _ITEMS.rows(
        connection, evidence_id
    ):
        if tag_text not in tags:
            tags[tag_text] = tuple(json.loads(tag_text))
        claims, tally, units = marks.of(key)
        witnessing, unsigned = witnesses.get(key, (0, 0))
        found[key] = EvidenceSummary(
            key,
            number,
            kind,
            title,
            day,
            standing,
            tags[tag_text],
            files.get(key, 0),
            claims,
            tally,
            units,
            witnessing,
            unsigned,
            bool(content),
            bool(simulated),
            bool(secret),
            revised,
            binned or "",
        )
    return found


class _Marks:
    """What the claims of each item show: equal sums are made once, since many items have the same."""

    def __init__(
        self, connection: sqlite3.Connection, decisions: Mapping[str, Decision], evidence_id: str | None
    ) -> None:
        units = dict(run(connection, _UNITS).fetchall())
        self._numbers: dict[tuple[str, CoverageState], int] = {}
        self._items: dict[str, list[int]] = {}
        self._sums: dict[tuple[int, ...], tuple[int, Tally, frozenset[str]]] = {}
        for requirement_id, has_place, evidence_ids in _CLAIMS.rows(connection, evidence_id):
            state = cell_state(has_place, decisions.get(requirement_id))
            number = self._numbers.setdefault((units[requirement_id], state), len(self._numbers))
            for owner in evidence_ids.split(","):
                self._items.setdefault(owner, []).append(number)
        self._meanings = list(self._numbers)

    def of(self, evidence_id: str) -> tuple[int, Tally, frozenset[str]]:
        numbers = tuple(sorted(self._items.get(evidence_id, ())))
        if numbers not in self._sums:
            found = [self._meanings[number] for number in numbers]
            tally = Tally(MappingProxyType(Counter(state for _, state in found)))
            self._sums[numbers] = len(numbers), tally, frozenset(unit_id for unit_id, _ in found)
        return self._sums[numbers]


def _searched(connection: sqlite3.Connection, evidence_id: str | None) -> dict[str, str]:
    more: dict[str, list[str]] = {}
    for statement in (_NAMES, _FILE_NAMES, _CLAIM_WORDS):
        for owner, *words in statement.rows(connection, evidence_id):
            more.setdefault(owner, []).extend(words)
    return {
        key: folded("\n".join((f"E{number}", *words, *json.loads(tags), *_values(fields), *more.get(key, ()))))
        for key, number, tags, fields, *words in _WORDS.rows(connection, evidence_id)
    }


def _values(fields: str) -> Iterator[str]:
    """Yield the words of a form's fields, the cells of tables one by one."""
    if fields == "{}":
        return
    for value in json.loads(fields).values():
        if isinstance(value, str):
            yield value
        else:
            for row in value:
                yield from row.values()
