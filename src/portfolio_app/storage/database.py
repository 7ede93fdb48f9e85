"""One connection to a portfolio's SQLite file: its settings, its transactions, its errors as sentences.

Statements are written with SQLAlchemy Core, compiled once and run on the driver's own connection: with tens of
thousands of rows most of the time would otherwise go into result objects that nobody looks at.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, bindparam, create_engine, delete, event, insert, select, update
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql.elements import ClauseElement

from portfolio_app.storage.errors import (
    DiskFull,
    FileUnreadable,
    PortfolioDamaged,
    PortfolioLocked,
    ReadOnlyPortfolio,
    StorageError,
)

BUSY_SECONDS: Final = 5.0
"""How long to wait for another program that is just reading or saving."""

_SETTINGS: Final = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -32768",
)


class Access(Enum):
    """How a file is opened; the value is what SQLite's URI says."""

    WRITE = "mode=rw"
    CREATE = "mode=rwc"
    READ = "mode=ro"
    UNCHANGING = "mode=ro&immutable=1"
    """A medium that nobody can write, not even a lock."""


class _TakenBack(Exception):
    """Ends a transaction whose changes were only tried."""


def with_settings(connection: sqlite3.Connection, settings: Iterable[str]) -> sqlite3.Connection:
    """Return a new connection with these settings made; it is closed where one of them fails."""
    try:
        for setting in settings:
            connection.execute(setting).close()
    except BaseException:
        connection.close()
        raise
    return connection


class Database:
    """An open SQLite file. To be used from the thread that opened it.

    ``raw`` is the driver's connection: rows are read and written through it inside :meth:`transaction`.
    """

    def __init__(self, path: Path, access: Access = Access.WRITE) -> None:
        """Open the file; nothing of it is read yet.

        Raises:
            StorageError: the file cannot be opened.
        """
        self.path = path
        self.access = access
        self._begin = "BEGIN"
        engine = create_engine("sqlite+pysqlite://", creator=self._connect, poolclass=StaticPool)
        event.listen(engine, "begin", self._send_begin)
        self._engine = engine
        try:
            self._connection = engine.connect()
        except (sqlite3.Error, DBAPIError, UnicodeDecodeError) as error:
            engine.dispose()
            raise translated(error, path) from error
        driver = self._connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise TypeError("the driver of a portfolio is sqlite3")
        self.raw = driver

    def _connect(self) -> sqlite3.Connection:
        uri = f"{self.path.absolute().as_uri()}?{self.access.value}"
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        return with_settings(connection, _SETTINGS)

    def _send_begin(self, connection: Connection) -> None:
        connection.exec_driver_sql(self._begin)

    def use_truncating_journal(self) -> None:
        """Say how commits are made safe; reads the file's header, so it comes after the file is known to be sound."""
        self.raw.execute("PRAGMA journal_mode = TRUNCATE")

    @contextmanager
    def transaction(self, *, write: bool, alone: bool = False) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end, rolled back on any exception.

        ``alone`` keeps readers out as well.

        Raises:
            StorageError: the disk, another program or a damaged file is in the way; nothing was saved.
        """
        if self._connection.in_transaction():
            raise RuntimeError("a transaction is already under way on this portfolio")
        self._begin = f"BEGIN {'EXCLUSIVE' if alone else 'IMMEDIATE' if write else 'DEFERRED'}"
        try:
            transaction = self._connection.begin()
        except DBAPIError as error:
            self._give_up()
            raise translated(error, self.path) from error
        try:
            yield self.raw
            if write:
                transaction.commit()
            else:
                transaction.rollback()
        except BaseException as error:
            self._give_up()
            if isinstance(error, sqlite3.Error | DBAPIError):
                raise translated(error, self.path) from error
            raise

    def _give_up(self) -> None:
        """Roll back, also where SQLAlchemy holds a transaction for ended whose commit SQLite has refused."""
        self._connection.rollback()
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")

    def prove_writable(self) -> None:
        """Write the header as it is and take it back: SQLite begins a transaction on a read-only file without a word.

        Raises:
            StorageError: the file or its folder cannot be written.
        """
        with suppress(_TakenBack), self.transaction(write=True) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            connection.execute(f"PRAGMA user_version = {int(version)}")
            raise _TakenBack

    def pragma(self, name: str) -> Any:
        """Return the value of a setting that has one."""
        row = self.raw.execute(f"PRAGMA {name}").fetchone()
        return row[0] if row else None

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        self._connection.close()
        self._engine.dispose()


_NOT_UTF8: Final = "Could not decode to UTF-8"  # the driver's own finding, without a code
_WITH_TEXT: Final = " with text "  # follows that finding, and is whatever stands there

_dialect = SQLiteDialect_pysqlite(paramstyle="named")


def compiled(statement: ClauseElement) -> str:
    """Return the SQL text of a Core statement, its parameters as ``:name``."""
    return str(statement.compile(dialect=_dialect, compile_kwargs={"render_postcompile": True}))


class RowStatements:
    """The statements that put, change, remove and find one row of a table, or find all its rows.

    Every name in them comes from the schema.
    """

    def __init__(self, table: Table) -> None:
        keys = [column.name for column in table.primary_key]
        key = [table.c[name] == bindparam(f"key_{name}") for name in keys]
        self.keys = tuple(keys)
        self.columns = frozenset(column.name for column in table.c)
        self.insert = compiled(insert(table))
        self.update = compiled(update(table).where(*key).values({c.name: bindparam(c.name) for c in table.c}))
        self.delete = compiled(delete(table).where(*key))
        self.select = compiled(select(table).where(*key))
        self.select_all = compiled(select(table))

    def key_of(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters that find a row."""
        return {f"key_{name}": row[name] for name in self.keys}


def run(connection: sqlite3.Connection, sql: str, parameters: Mapping[str, object] | None = None) -> sqlite3.Cursor:
    """Run one statement with named parameters."""
    return connection.execute(sql, parameters or {})


def translated(error: sqlite3.Error | DBAPIError | UnicodeDecodeError, path: Path) -> Exception:
    """Return the known error that this is for the user, or the error itself where it is a bug.

    The driver cannot even say what is wrong with a schema whose damaged text is no UTF-8.
    """
    if isinstance(error, UnicodeDecodeError):
        return PortfolioDamaged(f"“{path.name}” is damaged: its description of itself is not text.")
    original = error.orig if isinstance(error, DBAPIError) else error
    code = (getattr(original, "sqlite_errorcode", 0) or 0) & 0xFF  # without the extended part
    name = f"“{path.name}”"
    found: StorageError | None = None
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        found = PortfolioLocked(
            f"{name} is being used by another program; nothing was changed. Close it there or try again in a moment."
        )
    elif code == sqlite3.SQLITE_FULL:
        found = DiskFull(f"The disk with {name} is full; nothing was half-saved. Make some room and try again.")
    elif code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        found = ReadOnlyPortfolio(f"{name} cannot be written where it is; copy the portfolio's folder to edit it.")
    elif code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or _NOT_UTF8 in str(original):
        what = " ".join(str(original).partition(_WITH_TEXT)[0].split())
        found = PortfolioDamaged(f"{name} is damaged: {what}.")
    elif code == sqlite3.SQLITE_CANTOPEN:
        found = FileUnreadable(f"{name} cannot be opened: it is missing, not permitted, or its disk was removed.")
    elif code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS):
        found = FileUnreadable(
            f"The disk with {name} reports an error ({original}); the last saved state is kept. "
            "Check that the disk is still connected."
        )
    elif code == sqlite3.SQLITE_TOOBIG:
        found = StorageError("That text is too long to be saved (over 1,000,000,000 characters); nothing was changed.")
    elif code == sqlite3.SQLITE_NOMEM:
        found = StorageError("There is not enough memory for this; nothing was changed.")
    return found or error
