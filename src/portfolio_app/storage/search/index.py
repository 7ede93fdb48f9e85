"""The file of the search index: ``cache/search.sqlite``, which can be thrown away at any time.

It is made of what the portfolio holds and caught up with its history; whatever is wrong with the file, it is made
anew. Where the portfolio's folder cannot be written or its disk is full, the index lies in a folder of the moment.

One object may be used from several threads: reading and writing have a connection each, and a search waits for no
writing but the moment of a commit. Another program may have the same file open: whoever writes holds SQLite's lock,
and notices by the mark of the state it began with when the other was quicker.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from portfolio_app.domain.attached_text import AttachedText, TextState
from portfolio_app.domain.search import HitSort, LabelName, SearchableThing, SearchQuery
from portfolio_app.scratch import remove_scratch, scratch_folder
from portfolio_app.storage import schema
from portfolio_app.storage.database import with_settings
from portfolio_app.storage.errors import StorageError
from portfolio_app.storage.search import rows
from portfolio_app.storage.search.finding import Finder, Found
from portfolio_app.storage.search.rows import IndexDamaged, sort_of, state_of

CACHE_FOLDER: Final = "cache"
"""What can be made anew, in a portfolio's folder."""

_FILE: Final = "search.sqlite"
_APPLICATION_ID: Final = 0x50465358
_VERSION: Final = 2
"""Of what is in the index and how; one of another version is made anew."""

_BUSY_SECONDS: Final = 5.0
_KEPT_FREE: Final = 20 << 20  # bytes that are left for the portfolio itself
_SETTINGS: Final = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -16384",
    "PRAGMA cache_spill = OFF",  # others can search until the commit
)
_FAILURES: Final = (sqlite3.Error, UnicodeDecodeError)  # the latter where a damaged file garbles SQLite's own words
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_NO_PLACE: Final = (
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN),
    *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS),
)
_NOTHING_MISSED: Final = (TextState.READ, TextState.NOTHING, TextState.UNKNOWN_FORMAT)
"""Files in these states hold no words that could be found and are not."""

_log = logging.getLogger(__name__)


class SearchUnavailable(StorageError):
    """The index cannot be read or brought up to date now."""


class IndexLost(SearchUnavailable):
    """The index was made anew, or another program was quicker: whoever writes it begins again."""


class IndexState(NamedTuple):
    """What the index was made of: which portfolio at which step of its history, and with which kinds of evidence.

    ``building`` marks an index that is still being made; all are empty where nothing is in it.
    """

    portfolio_id: str = ""
    head: str = ""
    kinds: str = ""
    building: str = ""


class UnreadFile(NamedTuple):
    """An attached file that may hold words which are not found.

    ``name`` and ``ref`` are those of one attachment that it is; ``state`` says why its text is not known, ``None``
    that nobody has looked yet.
    """

    sha256: str
    name: str
    ref: str
    media_type: str
    state: TextState | None


class SearchIndex:
    """What can be searched of one portfolio. No file is opened or made before it is used."""

    def __init__(self, portfolio_folder: Path) -> None:
        self._folder = portfolio_folder / CACHE_FOLDER
        self._scratch: Path | None = None
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        # Whoever needs both takes the lock for writing first.
        self._writing = threading.RLock()
        self._reading = threading.RLock()
        self._finder = Finder()
        self._is_closed = False

    @property
    def path(self) -> Path:
        """Where the index lies now."""
        return (self._scratch or self._folder) / _FILE

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read one consistent state.

        Raises:
            SearchUnavailable: the index cannot be read now.
        """
        try:
            if self._reader is None or not self.path.exists():
                self._open()
            with self._reading:
                if self._reader is None:
                    raise IndexLost("The search index is made anew; search again in a moment.")
                self._reader.execute("BEGIN")
                try:
                    yield self._reader
                finally:
                    if self._reader.in_transaction:
                        self._reader.execute("ROLLBACK")
        except _FAILURES as error:
            raise self._mended(error) from error

    @contextmanager
    def _changing(self, building: str | None = None, *, is_unfinished: bool = False) -> Iterator[sqlite3.Connection]:
        """Write in one transaction; with ``building`` only while whoever has this mark makes the index."""
        with self._writing:
            try:
                connection = self._open()
                # What was being made when the power went is made anew; the last commit of it brings all to the disk.
                connection.execute(f"PRAGMA synchronous = {'OFF' if is_unfinished else 'NORMAL'}")
                connection.execute("BEGIN IMMEDIATE")
                try:
                    if building is not None and _state(connection).building != building:
                        raise IndexLost("Another program makes the search index anew.")
                    yield connection
                    connection.execute("COMMIT")
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
            except _FAILURES as error:
                raise self._mended(error) from error

    def state(self) -> IndexState:
        """Return what the index was made of."""
        with self.reading() as connection:
            return _state(connection)

    def begin_anew(self, portfolio_id: str, kinds: str) -> str:
        """Throw away all but the texts of files, and return the mark of whoever makes the index now."""
        with self._changing() as connection:
            connection.execute("DELETE FROM words WHERE rowid > 0")
            for table in ("thing", "label", "meta"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names
            building = secrets.token_hex(16)
            _put_state(connection, IndexState(portfolio_id, "", kinds, building))
        return building

    def add(self, building: str, things: Iterable[SearchableThing]) -> None:
        """Add things to an index that is being made, each once.

        Raises:
            IndexLost: somebody else makes it now.
        """
        with self._changing(building, is_unfinished=True) as connection:
            for thing in things:
                rows.put_thing(connection, thing)

    def finish(self, building: str, head: str) -> None:
        """Say at which step of the history an index stands that was being made.

        Raises:
            IndexLost: somebody else makes it now.
        """
        with self._changing(building) as connection:
            _put_state(connection, _state(connection)._replace(head=head, building=""))
        self.tidy()

    def tidy(self) -> None:
        """Merge what was written piece by piece: searching is twice as quick then."""
        with self._changing() as connection:
            connection.execute("INSERT INTO words (words) VALUES ('optimize')")

    def update(
        self, before: str, head: str, things: Iterable[SearchableThing], gone: Iterable[tuple[HitSort, str]]
    ) -> None:
        """Go from one step of the history to another: put things in place of what they were, remove others by key.

        Raises:
            IndexLost: the index does not stand at the step ``before`` any more.
        """
        with self._changing() as connection:
            state = _state(connection)
            if state.building or state.head != before:
                raise IndexLost("Another program has brought the search index up to date.")
            for sort, key in gone:
                rows.remove_thing(connection, sort, key)
            for thing in things:
                rows.remove_thing(connection, thing.sort, thing.key)
                rows.put_thing(connection, thing)
            _put_state(connection, state._replace(head=head))

    def keys_of(self, *, unit_id: str = "", evidence_id: str = "") -> set[tuple[HitSort, str]]:
        """Return what the index holds of a unit (with its requirements and guidance) or an item (with its files)."""
        column, value = ("unit_id", unit_id) if unit_id else ("evidence_id", evidence_id)
        with self.reading() as connection:
            found = connection.execute(f"SELECT sort, key FROM thing WHERE {column} = ?", (value,))  # noqa: S608
            return {(sort_of(sort), key) for sort, key in found}

    def evidence_with(self, name: LabelName, value: str) -> set[str]:
        """Return the ids of the items with this label."""
        with self.reading() as connection:
            found = connection.execute(
                "SELECT DISTINCT evidence_id FROM label JOIN thing ON thing.id = label.thing "
                "WHERE label.name = ? AND label.value = ? AND evidence_id <> ''",
                (name, value),
            )
            return {evidence_id for (evidence_id,) in found}

    def put_texts(self, texts: Iterable[AttachedText]) -> None:
        """Keep what files say, in place of what was known of them."""
        with self._changing() as connection:
            for text in texts:
                rows.put_text(connection, text)

    def forget_unnamed_texts(self) -> None:
        """Remove the texts of files that belong to nothing any more, once the index is whole."""
        with self._changing() as connection:
            if _state(connection).head:
                unnamed = connection.execute(
                    "SELECT sha256 FROM file_text WHERE sha256 NOT IN (SELECT sha256 FROM thing)"
                ).fetchall()
                for (sha256,) in unnamed:
                    rows.remove_text(connection, sha256)

    def attached_text(self, sha256: str) -> AttachedText | None:
        """Return what a file says, or ``None`` while nobody has looked."""
        with self.reading() as connection:
            return rows.get_text(connection, sha256)

    def unread_files(self) -> list[UnreadFile]:
        """Return the attached files whose text is not known, those of the newest items first; each content once."""
        with self.reading() as connection:
            found = connection.execute(
                "SELECT sha256, title, ref, media_type, state, max(number) FROM thing "
                "LEFT JOIN file_text USING (sha256) WHERE sort = ? AND (state IS NULL OR state NOT IN (?, ?, ?)) "
                "GROUP BY sha256 ORDER BY max(number) DESC, sha256",
                (HitSort.ATTACHMENT, *_NOTHING_MISSED),
            )
            return [
                UnreadFile(sha256, title, ref, media_type, None if state is None else state_of(state))
                for sha256, title, ref, media_type, state, _ in found
            ]

    def find(self, query: SearchQuery, limit: int) -> Found:
        """Return what a query finds, the best first, and at most so many."""
        with self.reading() as connection:
            return self._finder.find(connection, query, limit)

    def close(self) -> None:
        """Close the index, and remove it where it lies in a folder of the moment."""
        with self._writing:
            self._is_closed = True
            self._let_go()
            with self._reading:
                self._finder.close()
            if self._scratch is not None:
                remove_scratch(self._scratch)
                self._scratch = None

    def _open(self) -> sqlite3.Connection:
        """Open what is not open, and return the connection for writing."""
        with self._writing:
            if self._is_closed:
                raise SearchUnavailable("The portfolio was closed.")
            if self._writer is not None and not self.path.exists():
                self._let_go()  # somebody has emptied the folder
            if self._scratch is None and _is_nearly_full(self._folder.parent):
                self._leave_room()
            if self._writer is None:
                writer = self._made()
                with self._reading:
                    self._writer, self._reader = writer, _connected(self.path)
            return self._writer

    def _made(self) -> sqlite3.Connection:
        if self._scratch is None:
            try:
                self._folder.mkdir(exist_ok=True)
                return _sound(self.path)
            except (*_FAILURES, OSError) as error:
                if _code(error) in _BUSY:
                    raise _busy() from error
                self._move(error)
        try:
            return _sound(self.path)
        except (*_FAILURES, OSError) as error:
            raise _nowhere(error) from error

    def _leave_room(self) -> None:
        """Leave the disk to the portfolio."""
        self._let_go()
        place = self.path
        self._move("its disk is nearly full")
        with suppress(OSError):
            _delete(place)

    def _move(self, why: object) -> None:
        """Go on in a folder of the moment, with what the index holds so far."""
        _log.warning("The search index cannot be written in %s: %s", self._folder, why)
        before = self.path
        try:
            self._scratch = scratch_folder("search")
        except OSError as error:
            raise _nowhere(error) from error
        for ending in ("", "-journal"):
            with suppress(OSError):
                shutil.copyfile(f"{before}{ending}", f"{self.path}{ending}")

    def _mended(self, error: Exception) -> Exception:
        """Make the index anew or put it elsewhere where that helps; return what to raise."""
        code = _code(error)
        if code in _BUSY:
            return _busy()
        if code not in _NO_PLACE and not _is_damage(error):
            return error
        with self._writing:
            self._let_go()
            was_moved = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY_DBMOVED
            if code not in _NO_PLACE:
                self._throw_away(error)
            elif self.path.exists() and not was_moved:
                if self._scratch is not None:
                    return _nowhere(error)
                self._move(error)
        return IndexLost("The search index was damaged and is made anew; search again in a moment.")

    def _throw_away(self, why: Exception) -> None:
        _log.warning("The search index is made anew: %s", why)
        try:
            _delete(self.path)
        except OSError as held:  # by another program, where open files cannot be removed
            if self._scratch is not None:
                raise _nowhere(held) from held
            self._move(held)
            _delete(self.path)

    def _let_go(self) -> None:
        with self._reading:
            for connection in (self._reader, self._writer):
                if connection is not None:
                    with suppress(sqlite3.Error):
                        connection.close()
            self._reader = self._writer = None
            self._finder.forget()


def _busy() -> SearchUnavailable:
    return SearchUnavailable(
        "The search index is being written by another program, so what is new may not be found yet; "
        "try again in a moment."
    )


def _nowhere(error: Exception) -> SearchUnavailable:
    return SearchUnavailable(f"There is no place for a search index, so nothing can be searched ({error}).")


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    return with_settings(connection, _SETTINGS)


def _sound(path: Path) -> sqlite3.Connection:
    """Return a connection to an index that can be written, made anew where it is not what it should be."""
    try:
        return _checked(path)
    except _FAILURES as error:
        if not _is_damage(error):
            raise
    _delete(path)
    return _checked(path)


def _checked(path: Path) -> sqlite3.Connection:
    """Return a connection to an index of this version with nothing in it that was put there; an empty file becomes one.

    Raises:
        IndexDamaged: it is something else.
    """
    connection = _connected(path)
    try:
        connection.execute("BEGIN IMMEDIATE")
        found = schema.items(connection)
        if found:
            _compare(connection, found)
        else:
            for statement in rows.STATEMENTS:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        # Written in any case: SQLite opens a read-only file without a word.
        connection.execute(f"PRAGMA user_version = {_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _compare(connection: sqlite3.Connection, found: frozenset[schema.SchemaItem]) -> None:
    marks = tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    if marks != (_APPLICATION_ID, _VERSION) or found != _expected():
        raise IndexDamaged("it is no index of this version")


@cache
def _expected() -> frozenset[schema.SchemaItem]:
    return schema.items_of(rows.STATEMENTS)


def _is_nearly_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _KEPT_FREE
    except OSError:
        return False


def _delete(path: Path) -> None:
    for ending in ("-journal", ""):
        path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)


def _is_damage(error: Exception) -> bool:
    """Return whether the file holds what it should not; the driver has no code for text that is not UTF-8."""
    return isinstance(error, IndexDamaged) or _code(error) in _DAMAGED or "decode" in str(error)


def _code(error: Exception) -> int:
    """Return SQLite's code without its extended part; 0 for errors that are not SQLite's."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _state(connection: sqlite3.Connection) -> IndexState:
    stored = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    return IndexState(**{name: stored.get(name, "") for name in IndexState._fields})


def _put_state(connection: sqlite3.Connection, state: IndexState) -> None:
    connection.executemany("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", state._asdict().items())
