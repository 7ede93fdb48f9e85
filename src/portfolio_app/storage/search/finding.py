"""What is found in the search index, and in which order.

Which things hold all the words is computed exactly. Of the rows in which the words stand so many are weighed that
typing stays quick: those of the newest things; what stands in titles, references and requirements is weighed always.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from portfolio_app.domain.excerpts import MARK_END, MARK_START
from portfolio_app.domain.folding import folded
from portfolio_app.domain.search import (
    SEARCHED_IN,
    FilterName,
    HitSort,
    LabelName,
    SearchFilter,
    SearchQuery,
    SearchTerm,
    completions,
)
from portfolio_app.storage.search.rows import COLUMNS, ROW_BITS, TOKENS, sort_of

_WEIGHTS: Final = "12, 12, 7, 3, 2, 1"  # of COLUMNS
_HEADS: Final = "{title ref requirement}"
_MOST_WEIGHED: Final = 2000  # rows of words
_SHOWN: Final = tuple(name for name in COLUMNS if name != "ref")
_OWN_NUMBER: Final = (1 << ROW_BITS) - 1
_LONGEST_REF: Final = 40
_LAST: Final = "\U0010ffff"  # what begins with x stands before x and this

_WEIGH: Final = f"SELECT rowid, bm25(words, {_WEIGHTS}) FROM words WHERE words MATCH ?"  # noqa: S608 - constants
_WEIGH_THESE: Final = f"{_WEIGH} AND (rowid >> {ROW_BITS}) IN (SELECT value FROM json_each(?))"  # noqa: S608
_OWNERS: Final = f"SELECT DISTINCT rowid >> {ROW_BITS} FROM words WHERE words MATCH ?"  # noqa: S608 - constants
_UNREAD: Final = (
    "SELECT count(DISTINCT sha256) FROM thing LEFT JOIN file_text USING (sha256) "
    "WHERE sort = 'attachment' AND (state IS NULL OR state NOT IN ('read', 'nothing', 'unknown format'))"
)
_UNWEIGHED: Final = """
SELECT id FROM thing WHERE id IN (SELECT value FROM json_each(?))
ORDER BY sort = 'attachment', number, id LIMIT ?
"""
_FILES: Final = (
    "SELECT file_text.id, thing.id FROM thing JOIN file_text USING (sha256) WHERE sort = 'attachment' "
    "ORDER BY number, thing.id"
)


class FoundThing(NamedTuple):
    """A thing that was found; in ``title`` and ``texts`` the words are marked.

    ``texts`` are what stands together at the best place, by the name of the column; ``places`` is what the index
    says of their parts. ``goes_on``: the body begins before them.
    """

    sort: HitSort
    title: str
    ref: str
    evidence_id: str
    requirement_id: str
    unit_id: str
    person_id: str
    attachment_id: str
    texts: Mapping[str, str]
    places: str
    goes_on: bool


class Found(NamedTuple):
    """The best of what was found, how much there is of it, and how many files hold words that are not known."""

    things: tuple[FoundThing, ...]
    total: int
    unread: int


class _Files(NamedTuple):
    """Which attachments are the file that a text is of, and the other way round."""

    version: int
    attachments: Mapping[int, tuple[int, ...]]
    texts: Mapping[int, int]
    unread: int


class Finder:
    """Finds in an index; remembers of it what changes only with the index. To be used from one thread at a time."""

    def __init__(self) -> None:
        self._files = _Files(-1, {}, {}, 0)
        self._shown: sqlite3.Connection | None = None

    def find(self, connection: sqlite3.Connection, query: SearchQuery, limit: int) -> Found:
        """Return what a query finds; without any word or filter nothing."""
        files = self._read_files(connection)
        if query.asks_nothing:
            return Found((), 0, files.unread)
        found = _matching(connection, query, files)
        best = _best(connection, query, found, files, limit)
        return Found(tuple(self._as_shown(connection, query, best)), len(found), files.unread)

    def close(self) -> None:
        """Let go of what is remembered."""
        if self._shown is not None:
            self._shown.close()
            self._shown = None

    def forget(self) -> None:
        """Say that the connection will be another one."""
        self._files = _Files(-1, {}, {}, 0)

    def _read_files(self, connection: sqlite3.Connection) -> _Files:
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if version != self._files.version:
            attachments: dict[int, tuple[int, ...]] = {}
            for text, thing in connection.execute(_FILES):
                attachments[text] = (*attachments.get(text, ()), thing)
            texts = {thing: text for text, things in attachments.items() for thing in things}
            (unread,) = connection.execute(_UNREAD).fetchone()
            self._files = _Files(version, attachments, texts, unread)
        return self._files

    def _as_shown(
        self, connection: sqlite3.Connection, query: SearchQuery, best: Mapping[int, int]
    ) -> Iterable[FoundThing]:
        """Return the things with the rows that are their best places, the words marked in them."""
        things = _by_id(
            connection,
            "SELECT id, sort, title, ref, evidence_id, requirement_id, unit_id, person_id, attachment_id FROM thing "
            "WHERE id IN (SELECT value FROM json_each(?))",
            best,
        )
        columns = ", ".join(_SHOWN[1:])
        words = _by_id(
            connection,
            f"SELECT rowid, {columns}, places FROM words WHERE rowid IN (SELECT value FROM json_each(?))",  # noqa: S608
            best.values(),
        )
        nothing = ("",) * len(_SHOWN)
        texts = {thing: (things[thing][1], *words.get(row, nothing)[:-1]) for thing, row in best.items()}
        marked = self._marked(query, texts)
        for thing, row in best.items():
            sort, _, ref, evidence_id, requirement_id, unit_id, person_id, attachment_id = things[thing]
            title, *rest = marked.get(thing, texts[thing])
            shown = {name: text for name, text in zip(_SHOWN[1:], rest, strict=True) if text}
            yield FoundThing(
                sort_of(sort),
                title,
                ref,
                evidence_id,
                requirement_id,
                unit_id,
                person_id,
                attachment_id,
                shown,
                words.get(row, nothing)[-1],
                row & _OWN_NUMBER > 0,
            )

    def _marked(self, query: SearchQuery, texts: Mapping[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
        """Mark the words in texts by the rules of the index itself, which alone knows what is the same word."""
        if not query.wanted:
            return {}
        if self._shown is None:
            self._shown = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            self._shown.execute(f"CREATE VIRTUAL TABLE shown USING fts5({', '.join(_SHOWN)}, tokenize='{TOKENS}')")
        self._shown.execute("BEGIN")
        try:
            self._shown.executemany(
                f"INSERT INTO shown (rowid, {', '.join(_SHOWN)}) VALUES (?{', ?' * len(_SHOWN)})",  # noqa: S608
                [(thing, *columns) for thing, columns in texts.items()],
            )
            marks = [f"highlight(shown, {number}, ?1, ?2)" for number in range(len(_SHOWN))]
            rows = self._shown.execute(
                f"SELECT rowid, {', '.join(marks)} FROM shown WHERE shown MATCH ?3",  # noqa: S608 - constants
                (MARK_START, MARK_END, " OR ".join(map(_expression, query.wanted))),
            )
            return {thing: tuple(columns) for thing, *columns in rows}
        finally:
            self._shown.execute("ROLLBACK")


def _matching(connection: sqlite3.Connection, query: SearchQuery, files: _Files) -> set[int]:
    """Return the things that a query finds; of attachments that are the same file only that of the first item."""
    found = _allowed(connection, query.filters)
    for term in query.wanted:
        these = _with(connection, term, files)
        found = these if found is None else found & these
        if not found:
            return set()
    found = found or set()
    for term in query.unwanted:
        found -= _with(connection, term, files)
    for attachments in files.attachments.values():
        if len(attachments) > 1:
            found.difference_update([thing for thing in attachments if thing in found][1:])
    return found


def _with(connection: sqlite3.Connection, term: SearchTerm, files: _Files) -> set[int]:
    """Return the things in which a term occurs; an attachment is one with the text of its file."""
    owners = {owner for (owner,) in connection.execute(_OWNERS, (_expression(term),))}
    texts = {owner for owner in owners if owner < 0}
    owners -= texts
    for text in texts:
        owners.update(files.attachments.get(text, ()))
    return owners


def _expression(term: SearchTerm) -> str:
    """Write a term for FTS5; in quotation marks nothing has a meaning."""
    quoted = _quoted(term.words)
    if not term.is_prefix:
        return quoted
    *before, last = term.words.split(" ")
    words = (_quoted(" ".join((*before, word))) for word in completions(last))
    return f"({' OR '.join((f'{quoted} *', *words))})"


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _allowed(connection: sqlite3.Connection, filters: Sequence[SearchFilter]) -> set[int] | None:
    """Return the things that the filters leave, or ``None`` where there is no filter."""
    if not filters:
        return None
    wanted: dict[object, set[int]] = {}
    unwanted: set[int] = set()
    for number, each in enumerate(filters):
        things = _FILTERS[each.name](connection, each)
        if each.excluded:
            unwanted |= things
        else:
            key = number if each.name in _ALL_OF else each.name
            wanted[key] = wanted.get(key, set()) | things
    found = set.intersection(*wanted.values()) if wanted else _ids(connection, "SELECT id FROM thing")
    return found - unwanted


def _of_kind(connection: sqlite3.Connection, chosen: SearchFilter) -> set[int]:
    beginning = folded(chosen.value)
    return _ids(
        connection,
        "SELECT thing FROM label WHERE name = ? AND value >= ? AND value < ?",
        LabelName.KIND,
        beginning,
        beginning + _LAST,
    )


def _of_called(connection: sqlite3.Connection, chosen: SearchFilter, sort: HitSort, label: LabelName) -> set[int]:
    """Return what belongs to the units or people that are called so, or else begin so."""
    column = "unit_id" if sort is HitSort.UNIT else "person_id"
    names = connection.execute(
        f"SELECT {column}, value FROM thing JOIN label ON label.thing = thing.id "  # noqa: S608 - one of two
        "WHERE sort = ? AND name = ?",
        (sort, LabelName.CALLED),
    ).fetchall()
    wanted = folded(chosen.value)
    meant = {key for key, name in names if name == wanted} or {key for key, name in names if name.startswith(wanted)}
    return _ids(
        connection,
        "SELECT thing FROM label WHERE name = ? AND value IN (SELECT value FROM json_each(?))",
        label,
        json.dumps(sorted(meant)),
    )


def _labelled(connection: sqlite3.Connection, label: LabelName, value: str) -> set[int]:
    return _ids(connection, "SELECT thing FROM label WHERE name = ? AND value = ?", label, value)


def _dated(connection: sqlite3.Connection, chosen: SearchFilter) -> set[int]:
    day = chosen.day.isoformat() if chosen.day else ""
    if chosen.name is FilterName.BEFORE:
        return _ids(connection, "SELECT id FROM thing WHERE first_day <> '' AND first_day < ?", day)
    return _ids(connection, "SELECT id FROM thing WHERE last_day > ?", day)


def _of_sorts(connection: sqlite3.Connection, chosen: SearchFilter) -> set[int]:
    sorts = json.dumps(sorted(SEARCHED_IN[chosen.value]))
    return _ids(connection, "SELECT id FROM thing WHERE sort IN (SELECT value FROM json_each(?))", sorts)


_FILTERS: Final[dict[FilterName, Callable[[sqlite3.Connection, SearchFilter], set[int]]]] = {
    FilterName.KIND: _of_kind,
    FilterName.UNIT: lambda connection, chosen: _of_called(connection, chosen, HitSort.UNIT, LabelName.UNIT),
    FilterName.PERSON: lambda connection, chosen: _of_called(connection, chosen, HitSort.PERSON, LabelName.PERSON),
    FilterName.TAG: lambda connection, chosen: _labelled(connection, LabelName.TAG, folded(chosen.value)),
    FilterName.BEFORE: _dated,
    FilterName.AFTER: _dated,
    FilterName.HAS: lambda connection, chosen: _labelled(connection, LabelName.HAS, chosen.value),
    FilterName.IN: _of_sorts,
}
_ALL_OF: Final = (FilterName.BEFORE, FilterName.AFTER, FilterName.HAS)


def _best(
    connection: sqlite3.Connection, query: SearchQuery, found: set[int], files: _Files, limit: int
) -> dict[int, int]:
    """Return the best things in order, each with the number of the row that is its best place."""
    if not query.wanted:
        rows = connection.execute(_UNWEIGHED, (json.dumps(list(found)), limit))
        return {thing: thing << ROW_BITS for (thing,) in rows}
    weighed: dict[int, tuple[float, int]] = {}

    def note(rows: Iterable[tuple[int, float]]) -> int:
        count = 0
        for row, weight in rows:
            count += 1
            owner = row >> ROW_BITS
            for thing in (owner,) if owner > 0 else files.attachments.get(owner, ()):
                if thing in found and (thing not in weighed or weight < weighed[thing][0]):
                    weighed[thing] = weight, row
        return count

    together = " AND ".join(map(_expression, query.wanted))
    if query.filters or query.unwanted:
        count = note(_weigh(connection, together, found, files))
    else:
        count = note(_weigh(connection, together))
    if count == _MOST_WEIGHED:
        note(_weigh(connection, f"{_HEADS} : ({together})"))
    elif len(weighed) < len(found):  # their words stand in different rows
        note(_weigh(connection, " OR ".join(map(_expression, query.wanted)), found - weighed.keys(), files))
    exact = _called(connection, query, found)
    ranked = sorted(weighed, key=lambda thing: (exact.get(thing, len(exact)), *weighed[thing]))[:limit]
    if len(ranked) < limit:
        ranked += sorted(found - weighed.keys(), reverse=True)[: limit - len(ranked)]
    return {thing: weighed[thing][1] if thing in weighed else thing << ROW_BITS for thing in ranked}


def _weigh(
    connection: sqlite3.Connection, expression: str, things: set[int] | None = None, files: _Files | None = None
) -> Iterable[tuple[int, float]]:
    """Return rows with their weights, the best being the least; with ``things`` only rows that belong to these."""
    limit = f"ORDER BY rowid DESC LIMIT {_MOST_WEIGHED}"
    if things is None or files is None:
        return connection.execute(f"{_WEIGH} {limit}", (expression,))
    owners = [*things, *(files.texts[thing] for thing in things if thing in files.texts)]
    return connection.execute(f"{_WEIGH_THESE} {limit}", (expression, json.dumps(owners)))


def _called(connection: sqlite3.Connection, query: SearchQuery, found: set[int]) -> dict[int, int]:
    """Return the things whose reference was typed, the best first: E12, U1/1.2, or 1.2 in any unit."""
    typed = folded(" ".join(term.words for term in query.wanted))
    if len(typed) > _LONGEST_REF or not any(character.isdigit() for character in typed):
        return {}
    owners = {owner for (owner,) in connection.execute(_OWNERS, (f"ref : {_quoted(typed)}",))} & found
    refs = _by_id(
        connection, "SELECT id, sort, folded_ref FROM thing WHERE id IN (SELECT value FROM json_each(?))", owners
    )
    meant = {
        thing: (sort in (HitSort.ATTACHMENT, HitSort.GUIDANCE), ref != typed, thing)
        for thing, (sort, ref) in refs.items()
        if ref == typed or ref.endswith(f"/{typed}")
    }
    return {thing: place for place, thing in enumerate(sorted(meant, key=meant.__getitem__))}


def _ids(connection: sqlite3.Connection, sql: str, *parameters: str) -> set[int]:
    return {number for (number,) in connection.execute(sql, parameters)}


def _by_id(connection: sqlite3.Connection, sql: str, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    return {number: tuple(row) for number, *row in connection.execute(sql, (json.dumps(list(ids)),))}
