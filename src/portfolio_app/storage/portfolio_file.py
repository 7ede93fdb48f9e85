"""An open portfolio: create, open, read, edit, undo, close."""

from __future__ import annotations

import re
import secrets
import sqlite3
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.durable import sync_file, sync_folder
from portfolio_app.storage import history, schema
from portfolio_app.storage.database import Access, Database, translated
from portfolio_app.storage.errors import (
    AlreadyExists,
    Conflict,
    ForeignSchema,
    NewerFormat,
    NotAPortfolio,
    ReadOnlyPortfolio,
)
from portfolio_app.storage.files import FileStore
from portfolio_app.storage.history import HistoryStep
from portfolio_app.storage.repositories import PortfolioEditor, PortfolioReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from portfolio_app.domain.changes import Changes
    from portfolio_app.domain.portfolio import PortfolioDetails

SUFFIX: Final = ".portfolio"


class PortfolioFile:
    """A portfolio that is open, to be used from one thread.

    ``folder`` is the portfolio's folder, ``path`` its database; ``notices`` are sentences for the user about
    what happened on opening or since.
    """

    def __init__(self, path: Path, database: Database, *, read_only: bool, notices: tuple[str, ...] = ()) -> None:
        """Use :meth:`create` or :meth:`open`."""
        self.path = path
        self.folder = path.parent
        self.read_only = read_only
        self.notices = notices
        self.files = FileStore(self.folder / "files")
        self._database = database
        if not read_only:
            history.watch(database.raw)

    @classmethod
    def create(cls, folder: Path, details: PortfolioDetails) -> PortfolioFile:
        """Make a new portfolio in a folder that does not exist or is empty, and open it; all or nothing.

        Raises:
            AlreadyExists: there is something in the folder already.
            StorageError: the place cannot be written, or the disk is full.
        """
        made_folder = not folder.exists()
        if not made_folder and (not folder.is_dir() or any(folder.iterdir())):
            raise AlreadyExists(f"“{folder}” is not empty; choose another folder for the new portfolio.")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{file_stem(details.learner.name)}{SUFFIX}"
        temporary = folder / f".new-{secrets.token_hex(4)}"
        try:
            _write_new(temporary, details)
            temporary.rename(path)
            sync_folder(folder)
            sync_folder(folder.parent)
        except BaseException:
            temporary.unlink(missing_ok=True)
            if made_folder:
                with suppress(OSError):
                    folder.rmdir()
            raise
        return cls.open(path)

    @classmethod
    def open(cls, place: Path, *, read_only: bool = False) -> PortfolioFile:
        """Open a portfolio by its folder or its ``.portfolio`` file.

        Raises:
            StorageError: it cannot be opened; the sentence says why and nothing was changed.
        """
        path = place
        if place.is_dir():
            found = sorted(place.glob(f"*{SUFFIX}"))
            if not found:
                raise NotAPortfolio(f"The folder “{place}” holds no portfolio.")
            path = found[0]
        database = Database(path, Access.READ if read_only else Access.WRITE)
        try:
            _check(database)
            if not read_only:
                database.use_truncating_journal()
            return cls(path, database, read_only=read_only)
        except sqlite3.Error as error:
            database.close()
            raise translated(error, path) from error
        except BaseException:
            database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def read(self) -> Iterator[PortfolioReader]:
        """Read one consistent state."""
        with self._database.transaction(write=False) as connection:
            yield PortfolioReader(connection)

    @contextmanager
    def edit(self, step: str, *, barrier: bool = False) -> Iterator[PortfolioEditor]:
        """Change the portfolio in one named step, which is on the disk when the block has ended.

        On any exception nothing is changed. When the block changed nothing, no step is recorded.
        ``barrier``: the step, and what came before it, can not be undone.

        Raises:
            StorageError: the edit could not be saved; nothing of it was.
            InvalidInput, UnknownReference: a value cannot be stored.
        """
        with self._editing() as connection:
            now = datetime.now(UTC)
            editor = PortfolioEditor(connection, now)
            yield editor
            editor.finish()
            if not history.has_pending(connection):
                raise _NothingChanged
            history.record(connection, step, now, barrier=barrier or editor.is_barrier)

    def undo(self) -> tuple[str, Changes]:
        """Take the newest step back; return its name and what that touched.

        Raises:
            NothingToUndo: there is none, or it is a decision.
        """
        with self._editing() as connection:
            return history.undo(connection, datetime.now(UTC))

    def redo(self) -> tuple[str, Changes]:
        """Bring the step that was undone last back; return its name and what that touched.

        Raises:
            NothingToUndo: nothing was undone since the last edit.
        """
        with self._editing() as connection:
            return history.redo(connection, datetime.now(UTC))

    def history(self, limit: int | None = None) -> list[HistoryStep]:
        """Return the steps of the audit trail, newest first, at most ``limit``."""
        with self._database.transaction(write=False) as connection:
            return history.steps(connection, limit)

    def close(self) -> None:
        """Close the portfolio; a second time does nothing."""
        self._database.close()

    @contextmanager
    def _editing(self) -> Iterator[sqlite3.Connection]:
        if self.read_only:
            raise ReadOnlyPortfolio(f"“{self.path.name}” is open for reading only, so it cannot be changed.")
        with suppress(_NothingChanged), self._database.transaction(write=True) as connection:
            try:
                yield connection
            except sqlite3.IntegrityError as error:
                raise _refused(error) from error
            except UnicodeEncodeError as error:
                raise InvalidInput("The text holds half a character, which cannot be saved; type it again.") from error


class _NothingChanged(Exception):
    """Ends a transaction that changed nothing without recording it."""


def file_stem(name: str) -> str:
    """Return a learner's name as a file may be called on any system."""
    cleaned = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]', " ", name)
    cleaned = " ".join(cleaned.split()).strip(". ")
    while len(cleaned.encode(errors="replace")) > 120:
        cleaned = cleaned[:-1].rstrip(". ")
    reserved = re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", cleaned, re.IGNORECASE)
    return f"Portfolio {cleaned}".strip() if reserved or not cleaned else cleaned


def _write_new(path: Path, details: PortfolioDetails) -> None:
    database = Database(path, Access.CREATE)
    try:
        database.use_truncating_journal()
        database.raw.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        with database.transaction(write=True) as connection:
            for statement in schema.statements():
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {schema.FORMAT}")
            history.watch(connection)
            now = datetime.now(UTC)
            PortfolioEditor(connection, now).put_details(details)
            history.record(connection, "New portfolio", now, start=True)
    finally:
        database.close()
    with path.open("r+b") as written:
        sync_file(written.fileno())


def _check(database: Database) -> None:
    name = f"“{database.path.name}”"
    if database.pragma("application_id") != schema.APPLICATION_ID:
        raise NotAPortfolio(f"{name} is not a portfolio.")
    version = database.pragma("user_version")
    if version > schema.FORMAT:
        raise NewerFormat(
            f"{name} was saved by a newer version of this program (format {version}, this one knows {schema.FORMAT}); "
            "update the program to open it."
        )
    if different := schema.differences(schema.items(database.raw), schema.expected_items()):
        raise ForeignSchema(f"{name} was changed by another program ({', '.join(different[:3])}) and was not opened.")


def _refused(error: sqlite3.IntegrityError) -> Exception:
    code = error.sqlite_errorcode
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return UnknownReference("That refers to something which is not in this portfolio (any more).")
    if code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        return Conflict("The same thing is in this portfolio already; nothing was changed.")
    return error
