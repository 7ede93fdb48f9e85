"""What sentences mean, kept beside a portfolio so that none is read twice. Nothing is lost with it.

It lies in ``cache/`` of the portfolio's folder, which is never exported and may be deleted at any time. Keys are
digests, so that no words of evidence are in it.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from portfolio_app.storage.search.index import CACHE_FOLDER

MOST: Final = 40_000
"""How many vectors are kept, in about 35 MB; beyond, those go first that were made first."""

_NAME: Final = "meanings.sqlite"
_AT_ONCE: Final = 500  # keys of one question
_WAIT: Final = 2.0  # seconds for another process that writes
_SCHEMA: Final = "CREATE TABLE meaning (key BLOB NOT NULL UNIQUE, value BLOB NOT NULL)"

_log = logging.getLogger(__name__)


class VectorCache:
    """Values under keys, on the disk while that works, in memory at any rate.

    A file that is damaged is begun anew; a folder that cannot be written is done without. Nothing is ever raised.
    """

    def __init__(self, portfolio_folder: Path) -> None:
        """Keep values in a portfolio's folder; nothing is opened until it is needed."""
        self._path = portfolio_folder / CACHE_FOLDER / _NAME
        self._memory: dict[bytes, bytes] = {}
        self._connection: sqlite3.Connection | None = None
        self._is_usable = True

    def get(self, keys: Iterable[bytes]) -> Mapping[bytes, bytes]:
        """Return what is kept under these keys."""
        wanted = list(keys)
        found = {key: self._memory[key] for key in wanted if key in self._memory}
        missing = [key for key in wanted if key not in found]
        for first in range(0, len(missing), _AT_ONCE):
            part = missing[first : first + _AT_ONCE]
            marks = ",".join("?" * len(part))
            rows = self._run(f"SELECT key, value FROM meaning WHERE key IN ({marks})", part)  # noqa: S608 - marks only
            kept = {bytes(key): bytes(value) for key, value in rows}
            found |= kept
            self._remember(kept)
        return found

    def put(self, values: Mapping[bytes, bytes]) -> None:
        """Keep values under their keys."""
        self._remember(values)
        connection = self._opened()
        if connection is None:
            return
        try:
            with connection:
                connection.executemany("INSERT OR REPLACE INTO meaning (key, value) VALUES (?, ?)", values.items())
                connection.execute("DELETE FROM meaning WHERE rowid <= (SELECT max(rowid) FROM meaning) - ?", (MOST,))
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Let go of the file."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _remember(self, values: Mapping[bytes, bytes]) -> None:
        if len(self._memory) + len(values) > MOST:
            self._memory.clear()
        self._memory.update(values)

    def _run(self, sql: str, parameters: list[bytes]) -> list[tuple[bytes, bytes]]:
        connection = self._opened()
        if connection is None:
            return []
        try:
            return connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            self._give_up(error)
            return []

    def _opened(self) -> sqlite3.Connection | None:
        if self._connection is None and self._is_usable:
            try:
                self._path.parent.mkdir(exist_ok=True)
                try:
                    self._connection = _connected(self._path)
                except sqlite3.DatabaseError as error:
                    if isinstance(error, sqlite3.OperationalError):
                        raise
                    self._path.unlink()  # it is damaged, or no database
                    self._connection = _connected(self._path)
            except (sqlite3.Error, OSError) as error:
                self._give_up(error)
        return self._connection

    def _give_up(self, error: Exception) -> None:
        """Do without the file from now on, and begin it anew the next time if it is the file's fault."""
        _log.info("Meanings are not kept on the disk: %s", type(error).__name__)
        self._is_usable = False
        self.close()
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            with suppress(OSError):
                self._path.unlink()


def _connected(path: Path) -> sqlite3.Connection:
    """Open the file, or make it; what else a stranger has put into it is never run.

    Raises:
        sqlite3.DatabaseError: it is damaged, or not such a file.
    """
    connection = sqlite3.connect(path, timeout=_WAIT, check_same_thread=False)
    try:
        # Speed before safety: what is lost is read again.
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        with connection:
            connection.execute("BEGIN IMMEDIATE")  # another process may be making it
            if not _made(connection):
                connection.execute(_SCHEMA)
        if _made(connection) != {_SCHEMA}:
            raise sqlite3.DatabaseError("not a file of vectors")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _made(connection: sqlite3.Connection) -> set[str]:
    return {text for (text,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")}
