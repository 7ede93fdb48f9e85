"""The tables of the search index, and how things and texts of files stand in them.

A row of words belongs to a thing or to the text of a file, and its number says to which: that of the owner, and its
own in the last 16 bits. So it is known without another look what was found. Things are numbered from 1, texts of files
from -1 downwards: so the newest things come first, and files last.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from portfolio_app.domain.attached_text import AttachedText, TextPassage, TextState
from portfolio_app.domain.excerpts import SEPARATOR, unmarked
from portfolio_app.domain.folding import folded
from portfolio_app.domain.search import HitSort, SearchableThing

TOKENS: Final = "porter unicode61 remove_diacritics 2"
COLUMNS: Final = ("title", "ref", "requirement", "body", "fields", "attached")
ROW_BITS: Final = 16
_THING: Final = """
CREATE TABLE thing (
    id INTEGER PRIMARY KEY,
    sort TEXT NOT NULL,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    ref TEXT NOT NULL,
    folded_ref TEXT NOT NULL,
    number INTEGER NOT NULL,
    evidence_id TEXT NOT NULL,
    requirement_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    attachment_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    UNIQUE (sort, key)
)
"""
_LABEL: Final = """
CREATE TABLE label (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    thing INTEGER NOT NULL,
    PRIMARY KEY (name, value, thing)
) WITHOUT ROWID
"""
_FILE_TEXT: Final = """
CREATE TABLE file_text (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    complete INTEGER NOT NULL
)
"""
_WORDS: Final = f"{', '.join(COLUMNS)}, places UNINDEXED, tokenize='{TOKENS}', prefix='1 2 3'"
STATEMENTS: Final = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    _THING,
    "CREATE INDEX thing_by_evidence ON thing (evidence_id)",
    "CREATE INDEX thing_by_unit ON thing (unit_id)",
    "CREATE INDEX thing_by_file ON thing (sha256)",
    _LABEL,
    "CREATE INDEX label_by_thing ON label (thing)",
    _FILE_TEXT,
    f"CREATE VIRTUAL TABLE words USING fts5({_WORDS})",
    "INSERT INTO words (words, rank) VALUES ('hashsize', 8388608)",  # bytes that are sorted at a time
)
_THING_COLUMNS: Final = (
    *("sort", "key", "title", "ref", "folded_ref", "number", "evidence_id", "requirement_id", "unit_id", "person_id"),
    *("attachment_id", "sha256", "media_type", "first_day", "last_day"),
)


def _insertion(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608


_PUT_THING: Final = _insertion("thing", _THING_COLUMNS)
_PUT_LABEL: Final = _insertion("label", ("name", "value", "thing"))
_PUT_WORDS: Final = _insertion("words", ("rowid", *COLUMNS, "places"))
_PUT_TEXT: Final = (
    "INSERT INTO file_text (id, sha256, state, complete) "
    "VALUES ((SELECT min(coalesce(min(id), 0), 0) - 1 FROM file_text), ?, ?, ?)"
)
_MOST_ROWS: Final = 1 << ROW_BITS
_CHUNK: Final = 2000  # characters that are weighed together, and shown as one text where a word is found
_LONGEST: Final = 3000  # characters of what is not parted


class IndexDamaged(sqlite3.DatabaseError):
    """The index holds what was never put there."""


class _Piece(NamedTuple):
    """Part of a thing's or a file's text, and what is kept of its place."""

    text: str
    place: Any


def put_thing(connection: sqlite3.Connection, thing: SearchableThing) -> None:
    """Add a thing that is not there."""
    title, ref = unmarked(thing.title), unmarked(thing.ref)
    row = (
        *(thing.sort, thing.key, title, ref, folded(ref), thing.number),
        *(thing.evidence_id, thing.requirement_id, thing.unit_id, thing.person_id, thing.attachment_id),
        *(thing.sha256, thing.media_type, thing.first_day, thing.last_day),
    )
    number = int(connection.execute(_PUT_THING, row).lastrowid or 0)
    connection.executemany(_PUT_LABEL, [(name, value, number) for name, value in thing.labels])
    bodies = list(_chunks([_Piece(thing.body, None)])) if thing.body.strip() else []
    fields = list(_chunks([_Piece(each.text, (each.name, each.label)) for each in thing.fields if each.text.strip()]))
    first = number << ROW_BITS
    for row_number in range(min(max(len(bodies), len(fields), 1), _MOST_ROWS)):
        body = bodies[row_number] if row_number < len(bodies) else []
        chunk = fields[row_number] if row_number < len(fields) else []
        heads = ("", "", "")
        if row_number == 0:  # a requirement's title is a piece of its text
            heads = ("" if thing.requirement else title, ref, unmarked(thing.requirement))
        places = json.dumps([piece.place for piece in chunk]) if chunk else ""
        connection.execute(_PUT_WORDS, (first + row_number, *heads, _joined(body), _joined(chunk), "", places))


def remove_thing(connection: sqlite3.Connection, sort: HitSort, key: str) -> None:
    """Remove a thing, if it is there."""
    row = connection.execute("SELECT id FROM thing WHERE sort = ? AND key = ?", (sort, key)).fetchone()
    if row is not None:
        connection.execute("DELETE FROM words WHERE rowid BETWEEN ? AND ?", rows_of(row[0]))
        connection.execute("DELETE FROM label WHERE thing = ?", row)
        connection.execute("DELETE FROM thing WHERE id = ?", row)


def put_text(connection: sqlite3.Connection, text: AttachedText) -> None:
    """Keep what a file says, in place of what was known of it."""
    remove_text(connection, text.sha256)
    cursor = connection.execute(_PUT_TEXT, (text.sha256, text.state, text.complete))
    first = int(cursor.lastrowid or 0) << ROW_BITS
    pieces = (_Piece(each.text, (each.page, each.paragraph)) for each in text.passages)
    for number, chunk in enumerate(_chunks(pieces)):
        if number == _MOST_ROWS:  # over a hundred million characters
            connection.execute("UPDATE file_text SET complete = 0 WHERE sha256 = ?", (text.sha256,))
            break
        places = json.dumps([piece.place for piece in chunk])
        connection.execute(_PUT_WORDS, (first + number, "", "", "", "", "", _joined(chunk), places))


def remove_text(connection: sqlite3.Connection, sha256: str) -> None:
    """Forget what a file says."""
    row = connection.execute("SELECT id FROM file_text WHERE sha256 = ?", (sha256,)).fetchone()
    if row is not None:
        connection.execute("DELETE FROM words WHERE rowid BETWEEN ? AND ?", rows_of(row[0]))
        connection.execute("DELETE FROM file_text WHERE id = ?", row)


def get_text(connection: sqlite3.Connection, sha256: str) -> AttachedText | None:
    """Return what a file says, or ``None`` where that is not known."""
    found = connection.execute("SELECT id, state, complete FROM file_text WHERE sha256 = ?", (sha256,)).fetchone()
    if found is None:
        return None
    number, state, complete = found
    passages: list[TextPassage] = []
    for words, places in connection.execute(
        "SELECT attached, places FROM words WHERE rowid BETWEEN ? AND ? ORDER BY rowid", rows_of(number)
    ):
        for text, (page, paragraph) in zip(words.split(SEPARATOR), places_in_file(places), strict=False):
            is_rest = bool(passages) and passages[-1].paragraph == paragraph  # of one that was too long for a row
            before = passages.pop().text if is_rest else ""
            passages.append(TextPassage(before + text, page, paragraph))
    return AttachedText(sha256, state_of(state), tuple(passages), bool(complete))


def places_in_file(places: str) -> list[tuple[int | None, int]]:
    """Return page and paragraph of each part of a row of a file."""
    try:
        return [(None if page is None else int(page), int(paragraph)) for page, paragraph in json.loads(places or "[]")]
    except (ValueError, TypeError, RecursionError):
        raise IndexDamaged("places in a file") from None


def names_of_fields(places: str) -> list[tuple[str, str]]:
    """Return the name of each part of a row of fields, and what it is called on screen."""
    try:
        return [(str(name), str(label)) for name, label in json.loads(places or "[]")]
    except (ValueError, TypeError, RecursionError):
        raise IndexDamaged("names of fields") from None


def sort_of(stored: str) -> HitSort:
    """Return which sort of thing a row says it is."""
    try:
        return HitSort(stored)
    except ValueError:
        raise IndexDamaged("sort of a thing") from None


def state_of(stored: str) -> TextState:
    """Return what a row says of the text of a file."""
    try:
        return TextState(stored)
    except ValueError:
        raise IndexDamaged("state of a text") from None


def rows_of(owner: int) -> tuple[int, int]:
    """Return the first and the last number of the rows of words that a thing or a text can have."""
    return owner << ROW_BITS, ((owner + 1) << ROW_BITS) - 1


def _joined(pieces: Iterable[_Piece]) -> str:
    return SEPARATOR.join(piece.text for piece in pieces)


def _chunks(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """Yield pieces in groups of about the same length; long ones are parted between two words."""
    chunk: list[_Piece] = []
    length = 0
    for whole in pieces:
        for piece in _parted(whole):
            if chunk and length + len(piece.text) > _CHUNK:
                yield chunk
                chunk, length = [], 0
            chunk.append(piece)
            length += len(piece.text)
    if chunk:
        yield chunk


def _parted(piece: _Piece) -> Iterable[_Piece]:
    text = unmarked(piece.text)
    if len(text) <= _LONGEST:
        return (_Piece(text, piece.place),)
    parts: list[_Piece] = []
    start = 0
    while start < len(text):
        rest = len(text) - start
        end = len(text) if rest <= _LONGEST else text.rfind(" ", start + _CHUNK // 2, start + _CHUNK) + 1
        end = end or start + _CHUNK  # a very long word
        parts.append(_Piece(text[start:end], piece.place))
        start = end
    return parts
