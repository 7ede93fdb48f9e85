"""What is found in the search index, and in which order.

Which things hold all the words is computed exactly. Of the rows in which the words stand so many are weighed that
typing stays quick: those of the newest things; what stands in titles, references and requirements is weighed always.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
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
from portfolio_app.storage.search.rows import (
    COLUMNS,
    ROW_BITS,
    TOKENS,
    IndexDamaged,
    names_of_fields,
    places_in_file,
    sort_of,
)

_WEIGHTS: Final = "12, 12, 7, 3, 2, 1"  # of COLUMNS
_AS_TYPED: Final = 5  # times as much weight
_HEADS: Final = "{title ref requirement}"
_MOST_WEIGHED: Final = 1000  # rows of words
_SHOWN: Final = tuple(name for name in COLUMNS if name != "ref")
_OWN_NUMBER: Final = (1 << ROW_BITS) - 1
_MOST_REMEMBERED: Final = 8
_LONGEST_REF: Final = 40
_LAST: Final = "\U0010ffff"  # what begins with x stands before x and this

_WEIGH: Final = f"SELECT rowid, bm25(words, {_WEIGHTS}) FROM words WHERE words MATCH ?"  # noqa: S608 - constants
_WEIGH_THESE: Final = f"{_WEIGH} AND (rowid >> {ROW_BITS}) IN (SELECT value FROM json_each(?))"  # noqa: S608
_OWNERS: Final = f"SELECT rowid >> {ROW_BITS} AS number FROM words WHERE words MATCH ?"  # noqa: S608 - constants
_ROWS_BETWEEN: Final = "SELECT rowid AS number FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?"
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

    ``texts`` are what stands together at the best place, by the name of the column. ``fields`` are the names of the
    parts of the column of that name, ``places`` where the parts of a file stand: page and paragraph. ``goes_on``: the
    body begins before what is here.
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
    fields: Sequence[tuple[str, str]]
    places: Sequence[tuple[int | None, int]]
    goes_on: bool


class Found(NamedTuple):
    """The best of what was found, how much there is of it, and how many files hold words that are not known."""

    things: tuple[FoundThing, ...]
    total: int
    unread: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What is remembered of one state of the index, which SQLite gives the number ``version``.

    ``attachments`` are the things that a text is of, ``texts`` the other way round. ``found`` are the things in which
    terms occur, or that filters leave: while someone types, all but the last word is the same.
    """

    version: int = -1
    attachments: Mapping[int, Sequence[int]] = field(default_factory=dict)
    texts: Mapping[int, int] = field(default_factory=dict)
    unread: int = 0
    found: dict[object, frozenset[int]] = field(default_factory=dict)

    def things(self, asked: object, find: Callable[[], Iterable[int]]) -> frozenset[int]:
        """Return what is found for a term or filters, as the last time if that is not long ago."""
        found = self.found.get(asked)
        if found is None:
            if len(self.found) == _MOST_REMEMBERED:
                self.found.pop(next(iter(self.found)))
            found = self.found[asked] = frozenset(find())
        return found


class _Asked(NamedTuple):
    """A query with its terms in the language of FTS5; ``typed`` are the words that must occur, folded.

    ``phrase`` is all that must occur as it was typed, one word after the other; empty where that is one term.
    """

    wanted: tuple[str, ...]
    phrase: str
    unwanted: tuple[str, ...]
    filters: tuple[SearchFilter, ...]
    typed: str


class Finder:
    """Finds in an index; remembers of it what changes only with the index. To be used from one thread at a time."""

    def __init__(self) -> None:
        self._known = _Known()
        self._words = _Words()

    def find(self, connection: sqlite3.Connection, query: SearchQuery, limit: int) -> Found:
        """Return what a query finds; without any word or filter nothing."""
        known = self._read_known(connection)
        if query.asks_nothing:
            return Found((), 0, known.unread)
        asked = _Asked(
            tuple(map(self._words.expression, query.wanted)),
            self._words.expression(_in_one(query.wanted)) if len(query.wanted) > 1 else "",
            tuple(map(self._words.expression, query.unwanted)),
            query.filters,
            folded(" ".join(term.words for term in query.wanted)),
        )
        found = _matching(connection, asked, known)
        best = _best(connection, asked, found, known, limit)
        return Found(tuple(self._as_shown(connection, asked, best)), len(found), known.unread)

    def close(self) -> None:
        """Let go of what is remembered."""
        self._words.close()

    def forget(self) -> None:
        """Say that the connection will be another one."""
        self._known = _Known()

    def _read_known(self, connection: sqlite3.Connection) -> _Known:
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if version != self._known.version:
            attachments: dict[int, list[int]] = {}
            for text, thing in connection.execute(_FILES):
                attachments.setdefault(text, []).append(thing)
            texts = {thing: text for text, things in attachments.items() for thing in things}
            (unread,) = connection.execute(_UNREAD).fetchone()
            self._known = _Known(version, attachments, texts, unread)
        return self._known

    def _as_shown(self, connection: sqlite3.Connection, asked: _Asked, best: Mapping[int, int]) -> Iterable[FoundThing]:
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
        if len(things) < len(best):
            raise IndexDamaged("words of what is not there")
        nothing = ("",) * len(_SHOWN)
        texts = {thing: (things[thing][1], *words.get(row, nothing)[:-1]) for thing, row in best.items()}
        marked = self._words.marked(asked.wanted, texts)
        for thing, row in best.items():
            sort, _, ref, evidence_id, requirement_id, unit_id, person_id, attachment_id = things[thing]
            title, *rest = marked.get(thing, texts[thing])
            shown = {name: text for name, text in zip(_SHOWN[1:], rest, strict=True) if text}
            places = words.get(row, nothing)[-1]
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
                names_of_fields(places) if row > 0 else (),
                places_in_file(places) if row < 0 else (),
                row & _OWN_NUMBER > 0,
            )


class _Words:
    """What is the same word to the index, which takes some off their endings: asked of an empty one in memory."""

    def __init__(self) -> None:
        self._memory: sqlite3.Connection | None = None

    def close(self) -> None:
        """Let the memory go."""
        if self._memory is not None:
            self._memory.close()
            self._memory = None

    def expression(self, term: SearchTerm) -> str:
        """Write a term for FTS5; in quotation marks nothing has a meaning."""
        quoted = _quoted(term.words)
        if not term.is_prefix:
            return quoted
        *before, last = term.words.split(" ")
        words = (_quoted(" ".join((*before, word))) for word in self._beyond(last))
        return f"({' OR '.join((f'{quoted} *', *words))})"

    def _beyond(self, beginning: str) -> list[str]:
        """Return the words that this may be the beginning of where the index knows them by something shorter."""
        words = completions(beginning)
        if not words:
            return []
        with self._tried("trial", ["word"], [(0, beginning), *enumerate(words, 1)]) as memory:
            stems = dict(memory.execute("SELECT doc, term FROM stem").fetchall())
        by_stem = {stems.get(number, word): word for number, word in enumerate(words, 1)}
        return [word for stem, word in by_stem.items() if not stem.startswith(stems.get(0, beginning))]

    def marked(self, wanted: Sequence[str], texts: Mapping[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
        """Mark what is wanted in texts; those without any are left out."""
        if not wanted:
            return {}
        rows = [(number, *columns) for number, columns in texts.items()]
        with self._tried("shown", _SHOWN, rows) as memory:
            marks = [f"highlight(shown, {number}, ?1, ?2)" for number in range(len(_SHOWN))]
            found = memory.execute(
                f"SELECT rowid, {', '.join(marks)} FROM shown WHERE shown MATCH ?3",  # noqa: S608 - constants
                (MARK_START, MARK_END, " OR ".join(wanted)),
            )
            return {number: tuple(columns) for number, *columns in found}

    @contextmanager
    def _tried(
        self, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
    ) -> Iterator[sqlite3.Connection]:
        """Put rows, the number first, into a table in memory, and take them out again."""
        if self._memory is None:
            self._memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            self._memory.execute(f"CREATE VIRTUAL TABLE shown USING fts5({', '.join(_SHOWN)}, tokenize='{TOKENS}')")
            self._memory.execute(f"CREATE VIRTUAL TABLE trial USING fts5(word, tokenize='{TOKENS}')")
            self._memory.execute("CREATE VIRTUAL TABLE stem USING fts5vocab(trial, instance)")
        self._memory.execute("BEGIN")
        try:
            self._memory.executemany(
                f"INSERT INTO {table} (rowid, {', '.join(columns)}) VALUES (?{', ?' * len(columns)})",  # noqa: S608
                rows,
            )
            yield self._memory
        finally:
            self._memory.execute("ROLLBACK")


def _matching(connection: sqlite3.Connection, asked: _Asked, known: _Known) -> set[int]:
    """Return the things that a query finds; of attachments that are the same file only that of the first item."""
    of_terms = [_with(connection, expression, known) for expression in asked.wanted]
    if asked.filters:
        of_terms.append(known.things(asked.filters, partial(_allowed, connection, asked.filters)))
    found = set(frozenset.intersection(*of_terms))
    for expression in asked.unwanted:
        found -= _with(connection, expression, known)
    for attachments in known.attachments.values():
        if len(attachments) > 1:
            found.difference_update([thing for thing in attachments if thing in found][1:])
    return found


def _with(connection: sqlite3.Connection, expression: str, known: _Known) -> frozenset[int]:
    """Return the things in which a term occurs; an attachment is one with the text of its file."""
    return known.things(expression, partial(_with_anew, connection, expression, known))


def _with_anew(connection: sqlite3.Connection, expression: str, known: _Known) -> set[int]:
    owners = _owners(connection, expression)
    texts = {owner for owner in owners if owner < 0}
    owners -= texts
    for text in texts:
        owners.update(known.attachments.get(text, ()))
    return owners


def _owners(connection: sqlite3.Connection, expression: str) -> set[int]:
    """Return the things and texts of files that have rows with what is meant."""
    return _ids(connection, _OWNERS, expression)


def _in_one(terms: Sequence[SearchTerm]) -> SearchTerm:
    return SearchTerm(" ".join(term.words for term in terms), is_prefix=terms[-1].is_prefix)


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _allowed(connection: sqlite3.Connection, filters: Sequence[SearchFilter]) -> set[int]:
    """Return the things that filters leave."""
    wanted: dict[object, set[int]] = {}
    unwanted: set[int] = set()
    for number, each in enumerate(filters):
        things = _FILTERS[each.name](connection, each)
        if each.excluded:
            unwanted |= things
        else:
            key = number if each.name in _ALL_OF else each.name
            wanted[key] = wanted.get(key, set()) | things
    found = set.intersection(*wanted.values()) if wanted else _ids(connection, "SELECT id AS number FROM thing")
    return found - unwanted


def _of_kind(connection: sqlite3.Connection, chosen: SearchFilter) -> set[int]:
    beginning = folded(chosen.value)
    return _ids(
        connection,
        "SELECT thing AS number FROM label WHERE name = ? AND value >= ? AND value < ?",
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
        "SELECT thing AS number FROM label WHERE name = ? AND value IN (SELECT value FROM json_each(?))",
        label,
        json.dumps(sorted(meant)),
    )


def _labelled(connection: sqlite3.Connection, label: LabelName, value: str) -> set[int]:
    return _ids(connection, "SELECT thing AS number FROM label WHERE name = ? AND value = ?", label, value)


def _dated(connection: sqlite3.Connection, chosen: SearchFilter) -> set[int]:
    day = chosen.day.isoformat() if chosen.day else ""
    if chosen.name is FilterName.BEFORE:
        return _ids(connection, "SELECT id AS number FROM thing WHERE first_day <> '' AND first_day < ?", day)
    return _ids(connection, "SELECT id AS number FROM thing WHERE last_day > ?", day)


def _of_sorts(connection: sqlite3.Connection, chosen: SearchFilter) -> set[int]:
    sorts = json.dumps(sorted(SEARCHED_IN[chosen.value]))
    return _ids(connection, "SELECT id AS number FROM thing WHERE sort IN (SELECT value FROM json_each(?))", sorts)


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


def _best(connection: sqlite3.Connection, asked: _Asked, found: set[int], known: _Known, limit: int) -> dict[int, int]:
    """Return the best things in order, each with the number of the row that is its best place."""
    if not asked.wanted:
        rows = connection.execute(_UNWEIGHED, (json.dumps(list(found)), limit))
        return {thing: thing << ROW_BITS for (thing,) in rows}
    weighed: dict[int, tuple[float, int]] = {}

    def note(rows: Iterable[tuple[int, float]]) -> int:
        count = 0
        for row, weight in rows:
            count += 1
            owner = row >> ROW_BITS
            for thing in (owner,) if owner > 0 else known.attachments.get(owner, ()):
                if thing in found and (thing not in weighed or weight < weighed[thing][0]):
                    weighed[thing] = weight, row
        return count

    together = f"({' AND '.join(asked.wanted)})"
    if asked.filters or asked.unwanted:
        count = note(_weigh(connection, together, asked.phrase, _owners_of(found, known)))
    else:
        count = note(_weigh(connection, together, asked.phrase))
    if count == _MOST_WEIGHED:
        note(_weigh(connection, f"{_HEADS} : {together}", asked.phrase and f"{_HEADS} : {asked.phrase}"))
    elif len(weighed) < len(found):  # their words stand in different rows
        note(_weigh(connection, " OR ".join(asked.wanted), "", _owners_of(found - weighed.keys(), known)))
    exact = _called(connection, asked.typed, found)
    ranked = sorted(weighed, key=lambda thing: (exact.get(thing, len(exact)), *weighed[thing]))[:limit]
    if len(ranked) < limit:
        ranked += sorted(found - weighed.keys(), reverse=True)[: limit - len(ranked)]
    return {thing: weighed[thing][1] if thing in weighed else thing << ROW_BITS for thing in ranked}


def _weigh(
    connection: sqlite3.Connection, expression: str, phrase: str, owners: Sequence[int] | None = None
) -> list[tuple[int, float]]:
    """Return rows with their weights, the best being the least; with ``owners`` only rows that belong to these.

    Where the phrase stands, whole, the weight is several times as much.
    """
    limit = f"ORDER BY rowid DESC LIMIT {_MOST_WEIGHED}"
    if owners is None:
        rows = connection.execute(f"{_WEIGH} {limit}", (expression,)).fetchall()
    else:
        rows = connection.execute(f"{_WEIGH_THESE} {limit}", (expression, json.dumps(owners))).fetchall()
    if phrase and rows:
        as_typed = _ids(connection, _ROWS_BETWEEN, phrase, rows[-1][0], rows[0][0])
        rows = [(row, weight * _AS_TYPED if row in as_typed else weight) for row, weight in rows]
    return rows


def _owners_of(things: Iterable[int], known: _Known) -> list[int]:
    """Return the things and the texts of the files that they are."""
    found = list(things)
    return [*found, *(known.texts[thing] for thing in found if thing in known.texts)]


def _called(connection: sqlite3.Connection, typed: str, found: set[int]) -> dict[int, int]:
    """Return the things whose reference was typed, the best first: E12, U1/1.2, or 1.2 in any unit."""
    if len(typed) > _LONGEST_REF or not any(character.isdigit() for character in typed):
        return {}
    owners = _owners(connection, f"ref : {_quoted(typed)}") & found
    refs = _by_id(
        connection, "SELECT id, sort, folded_ref FROM thing WHERE id IN (SELECT value FROM json_each(?))", owners
    )
    meant = {
        thing: (sort in (HitSort.ATTACHMENT, HitSort.GUIDANCE), ref != typed, thing)
        for thing, (sort, ref) in refs.items()
        if ref == typed or ref.endswith(f"/{typed}")
    }
    return {thing: place for place, thing in enumerate(sorted(meant, key=meant.__getitem__))}


def _ids(connection: sqlite3.Connection, sql: str, *parameters: str | int) -> set[int]:
    """Return what a statement finds in its column ``number``.

    It comes as one value: tens of thousands of rows take longer to fetch than to find.
    """
    ((found,),) = connection.execute(f"SELECT json_group_array(number) FROM ({sql})", parameters)  # noqa: S608 - ours
    return set(json.loads(found))


def _by_id(connection: sqlite3.Connection, sql: str, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    return {number: tuple(row) for number, *row in connection.execute(sql, (json.dumps(list(ids)),))}
