"""An open portfolio: create, open, read, edit, undo, close."""

from __future__ import annotations

import errno
import re
import secrets
import shutil
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Final, Self

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.portfolio import PortfolioDetails
from portfolio_app.durable import is_disk_full, sync_file, sync_folder
from portfolio_app.storage import history, migrations, schema
from portfolio_app.storage.backups import BACKUPS_FOLDER, Backup, Backups
from portfolio_app.storage.ballast import Ballast
from portfolio_app.storage.database import Access, Database, translated
from portfolio_app.storage.errors import (
    AlreadyExists,
    Conflict,
    DiskFull,
    FileUnreadable,
    FileUnwritable,
    PortfolioDamaged,
    ReadOnlyPortfolio,
    StorageError,
)
from portfolio_app.storage.files import FILES_FOLDER, FileStore
from portfolio_app.storage.history import HistoryStep, Recorded, UndoNames
from portfolio_app.storage.lock import PortfolioLock
from portfolio_app.storage.opening import (
    SUFFIX,
    check,
    locate,
    look,
    missing_files,
    open_database,
    restore_newest,
    restored_name,
)
from portfolio_app.storage.repositories import FactsMemory, ListMemory, PortfolioEditor, PortfolioReader
from portfolio_app.storage.search.index import SearchIndex
from portfolio_app.storage.unused_files import remove_unused

__all__ = ["SUFFIX", "PortfolioFile", "file_stem"]

BACKUP_SECONDS: Final = 600.0
"""How long someone edits until a back-up is made without closing."""

_BALLAST: Final = ".ballast"
_NEARLY_FULL: Final = (
    "The disk is nearly full. Room that was kept for the last edits has been freed, so they are still saved: make "
    "room on the disk now."
)
_UNFINISHED: Final = ".new-portfolio-"
_ROOM_FOR_AN_EDIT: Final = 4 << 20  # bytes, its journal included


class PortfolioFile:
    """A portfolio that is open, to be used from one thread.

    ``folder`` is the portfolio's folder, ``path`` its database; ``notices`` are sentences for the user about
    what happened on opening or since. ``files`` and ``search_index`` may be used from other threads too.
    """

    def __init__(
        self, database: Database, lock: PortfolioLock | None, *, read_only: bool, notices: Iterable[str] = ()
    ) -> None:
        """Use :meth:`create` or :meth:`open`."""
        self.path = database.path
        self.folder = self.path.parent
        self.read_only = read_only
        self.notices = tuple(notices)
        self.files = FileStore(self.folder / FILES_FOLDER)
        self.backups = Backups(self.folder / BACKUPS_FOLDER, self.path)
        self.search_index = SearchIndex(self.folder)
        self._database = database
        self._lock = lock
        self._ballast = Ballast(self.folder / _BALLAST)
        self._memory = FactsMemory()
        self._list_memory = ListMemory()
        self._latest: Recorded | None = None
        self._changed = False
        self._is_closed = False
        self._backed_up = monotonic()

    @classmethod
    def create(cls, folder: Path, details: PortfolioDetails) -> PortfolioFile:
        """Make a new portfolio in a folder that does not exist or is empty, and open it; all or nothing.

        Raises:
            AlreadyExists: there is something in the folder already.
            StorageError: the place cannot be written, or the disk is full.
        """
        try:
            missing = [place for place in (folder, *folder.parents) if not place.exists()]
            if not missing and (not folder.is_dir() or not _is_empty(folder)):
                raise AlreadyExists(f"“{folder}” is not empty; choose another folder for the new portfolio.")
            path = folder / f"{file_stem(details.learner.name)}{SUFFIX}"
            temporary = folder / f"{_UNFINISHED}{secrets.token_hex(4)}"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                _write_new(temporary, details)
                temporary.rename(path)
                sync_folder(folder)
                sync_folder(folder.parent)
            except BaseException:
                for left in (temporary, temporary.with_name(f"{temporary.name}-journal")):
                    with suppress(OSError):
                        left.unlink(missing_ok=True)
                with suppress(OSError):
                    for made in missing:
                        made.rmdir()
                raise
        except DiskFull as error:
            raise _not_created(folder, OSError(errno.ENOSPC, "")) from error
        except FileUnreadable as error:
            raise _not_created(folder, OSError(errno.EIO, "its disk reports an error")) from error
        except (OSError, ValueError) as error:
            raise _not_created(folder, error) from error
        return cls.open(path)

    @classmethod
    def open(cls, place: Path, *, read_only: bool = False, take_over: bool = False) -> PortfolioFile:
        """Open a portfolio by its folder or its ``.portfolio`` file.

        Takes the lock, then checks in this order: kind of file, format, schema, content. An older format is
        brought up to date after a back-up was made. In place of a damaged database the newest intact back-up is
        restored under a new name, and the damaged file kept under another. On a medium that cannot be written it
        opens for reading. ``notices`` says what of this happened. ``take_over``: another computer's note that it
        is open there does not count, because the user knows that it is not.

        Raises:
            PortfolioLocked: another window or computer has it open; it can still be opened ``read_only``.
            StorageError: it cannot be opened; the sentence says why, and nothing was changed.
        """
        path = locate(place)
        notices: list[str] = []
        try:
            return cls._open(path, read_only=read_only, take_over=take_over, notices=notices)
        except PortfolioDamaged as damage:
            if read_only:
                raise PortfolioDamaged(f"{damage} Open it for editing to have it restored from a back-up.") from damage
            try:
                with _locked(path, take_over=take_over):
                    current = locate(place)
                    if current == path:  # else another window has just restored it
                        current, notice = restore_newest(path, damage)
                        notices.append(notice)
            except ReadOnlyPortfolio as error:
                raise PortfolioDamaged(
                    f"{damage} Its folder cannot be written: copy it to another disk and open it there to have it "
                    "restored from a back-up."
                ) from error
            return cls._open(current, read_only=False, take_over=take_over, notices=notices)

    @classmethod
    def _open(cls, path: Path, *, read_only: bool, take_over: bool, notices: list[str]) -> PortfolioFile:
        look(path)
        with ExitStack() as undoing:
            lock: PortfolioLock | None = None
            if not read_only:
                try:
                    lock = undoing.enter_context(_locked(path, take_over=take_over))
                except ReadOnlyPortfolio as error:
                    read_only = True
                    notices.append(str(error))
            database, read_only = _open_or_read(path, read_only=read_only, notices=notices)
            undoing.callback(database.close)
            version = check(database)
            if version < schema.FORMAT:
                database = _updated(database, version, read_only=read_only)
                undoing.callback(database.close)
                notices.append(
                    f"“{path.name}” was saved by an older version of this program and is brought up to date; "
                    "a back-up of how it was is kept."
                )
            opened = cls(database, lock, read_only=read_only, notices=notices)
            try:
                opened._begin()
            except sqlite3.Error as error:
                raise translated(error, path) from error
            undoing.pop_all()
            return opened

    def _begin(self) -> None:
        if not self.read_only:
            self._database.use_truncating_journal()
            history.watch(self._database.raw)
            self.files.remove_temporaries()
            self.backups.remove_temporaries()
            self._ballast.refill()
        with self._database.transaction(write=False) as connection:
            notice = missing_files(connection, self.files.sizes())
        if notice:
            self.notices += (notice,)

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
            yield PortfolioReader(connection, self._memory, self._list_memory)

    @contextmanager
    def edit(self, step: str, *, barrier: bool = False) -> Iterator[PortfolioEditor]:
        """Change the portfolio in one named step, which is on the disk when the block has ended.

        On any exception nothing is changed. When the block changed nothing, no step is recorded.
        ``barrier``: the step, and what came before it, can not be undone.

        Raises:
            StorageError: the edit could not be saved; nothing of it was.
            InvalidInput, UnknownReference: a value cannot be stored.
        """
        with self._editing(step) as connection:
            now = datetime.now(UTC)
            editor = PortfolioEditor(connection, now)
            yield editor
            if not history.has_pending(connection):
                raise _NothingChanged
            recorded = history.record(connection, step, now, barrier=barrier or editor.is_barrier)
            editor.finish(recorded.changes)
            self._latest = recorded

    def undo(self) -> tuple[str, Changes]:
        """Take the newest step back; return its name and what that touched.

        Raises:
            NothingToUndo: there is none, or it is a decision.
        """
        with self._editing("Undo") as connection:
            self._latest = history.undo(connection, datetime.now(UTC))
        return self._latest.name, self._latest.changes

    def redo(self) -> tuple[str, Changes]:
        """Bring the step that was undone last back; return its name and what that touched.

        Raises:
            NothingToUndo: nothing was undone since the last edit.
        """
        with self._editing("Redo") as connection:
            self._latest = history.redo(connection, datetime.now(UTC))
        return self._latest.name, self._latest.changes

    def undo_names(self) -> UndoNames:
        """Return the names of the steps that :meth:`undo` and :meth:`redo` would take, without taking them."""
        if self.read_only:
            return UndoNames("", "")
        with self._database.transaction(write=False) as connection:
            return history.next_names(connection)

    def history(self, limit: int | None = None, offset: int = 0) -> list[HistoryStep]:
        """Return the steps of the audit trail, newest first: at most ``limit`` after the newest ``offset`` ones."""
        with self._database.transaction(write=False) as connection:
            return history.steps(connection, limit, offset)

    def restore(self, backup: Backup) -> Path:
        """Write a back-up under a new name, which is the folder's current database from then on; return its path.

        The present state is backed up first and its file stays as it is. To go on with what was restored, close
        this portfolio and open the folder again.

        Raises:
            BackupDamaged: the back-up is not intact.
            StorageError: there is no room, or the folder cannot be written. Nothing was changed.
        """
        if self.read_only:
            raise _read_only(self.path)
        self.backups.make()
        return self.backups.restore(backup, restored_name(self.path, datetime.now(UTC)))

    def close(self) -> None:
        """Close the portfolio, after a back-up if it was changed; a second time does nothing.

        A back-up that cannot be made is no error, since every edit is saved; ``notices`` then says so. Files that
        nothing has named for 30 days are removed.
        """
        if self._is_closed:
            return
        self._is_closed = True
        self.search_index.close()
        try:
            if self._changed:
                self._back_up()
                self._tidy_files()
        finally:
            self._database.close()
            if self._lock is not None:
                self._lock.release()

    @contextmanager
    def _editing(self, step: str) -> Iterator[sqlite3.Connection]:
        if self.read_only:
            raise _read_only(self.path)
        self._keep_room()
        try:
            with suppress(_NothingChanged):
                with self._database.transaction(write=True) as connection:
                    try:
                        yield connection
                    except sqlite3.IntegrityError as error:
                        raise _refused(error) from error
                    except UnicodeEncodeError as error:
                        raise InvalidInput(
                            "The text holds half a character, which cannot be saved; type it again."
                        ) from error
                self._changed = True
                if self._latest is not None:
                    self._memory.has_moved(self._latest.hash, self._latest.tables)
                    self._list_memory.has_moved(self._latest.hash, self._latest.changes)
        except DiskFull as error:
            if not self._ballast.release():
                raise
            raise DiskFull(
                f"The disk is full, so “{step}” was not saved and everything is as it was before. Room that was kept "
                "for this has been freed: do it again now, then make room on the disk."
            ) from error
        if self._changed and monotonic() - self._backed_up >= BACKUP_SECONDS:
            self._back_up()

    def _keep_room(self) -> None:
        """Give up the room that was set aside while an edit can still be saved with it."""
        with suppress(OSError):
            if shutil.disk_usage(self.folder).free < _ROOM_FOR_AN_EDIT and self._ballast.release():
                self.notices += (_NEARLY_FULL,)

    def _back_up(self) -> None:
        self._backed_up = monotonic()
        try:
            self.backups.make()
            self.backups.rotate()
        except StorageError as error:
            self.notices += (f"{error} Every edit is saved nevertheless.",)
        else:
            self._changed = False

    def _tidy_files(self) -> None:
        """Remove what has long been unused; whatever stands in the way only means that it stays."""
        with (
            suppress(StorageError, sqlite3.Error, zlib.error, OSError),
            self._database.transaction(write=False) as connection,
        ):
            remove_unused(connection, self.path, self.files, self.backups)


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
        # Twice SQLite's own: two thirds of the time for a back-up, because most long texts fit into a page.
        database.raw.execute("PRAGMA page_size = 8192")
        database.use_truncating_journal()
        with database.transaction(write=True) as connection:
            for statement in schema.statements():
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {schema.FORMAT}")
            history.watch(connection)
            now = datetime.now(UTC)
            editor = PortfolioEditor(connection, now)
            editor.put_details(details)
            editor.make_review_key()
            history.record(connection, "New portfolio", now, start=True)
    finally:
        database.close()
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    with path.open("r+b") as written:
        sync_file(written.fileno())


def _locked(path: Path, *, take_over: bool) -> PortfolioLock:
    """Take the lock; on a full disk the room that was set aside is given up for it."""
    try:
        return PortfolioLock.acquire(path, take_over=take_over)
    except DiskFull:
        if not Ballast(path.with_name(_BALLAST)).release():
            raise
        return PortfolioLock.acquire(path, take_over=take_over)


def _open_or_read(path: Path, *, read_only: bool, notices: list[str]) -> tuple[Database, bool]:
    try:
        return open_database(path, read_only=read_only), read_only
    except ReadOnlyPortfolio as error:
        if read_only:
            raise
        database = open_database(path, read_only=True)
        notices.append(f"{error} Until then it is open for reading only.")
        return database, True


def _updated(database: Database, version: int, *, read_only: bool) -> Database:
    """Bring an older format up to date, with a back-up before; temporary triggers do not outlive a changed schema."""
    path = database.path
    if read_only:
        raise ReadOnlyPortfolio(
            f"“{path.name}” was saved by an older version of this program and has to be brought up to date first; "
            "open it for editing once, where it can be written."
        )
    Backups(path.parent / BACKUPS_FOLDER, path).make()
    database.use_truncating_journal()
    migrations.migrate(database, version)
    database.close()
    return open_database(path, read_only=False)


def _is_empty(folder: Path) -> bool:
    """Return whether nothing is in the folder but what a killed creation left, which is removed."""
    left = list(folder.iterdir())
    if any(not path.name.startswith(_UNFINISHED) for path in left):
        return False
    for path in left:
        path.unlink()
    return True


def _not_created(folder: Path, error: OSError | ValueError) -> StorageError:
    if is_disk_full(error):
        return DiskFull(f"The disk is full, so no portfolio was made in “{folder}”.")
    reason = (error.strerror or error) if isinstance(error, OSError) else "that cannot be a folder's name"
    return FileUnwritable(f"No portfolio could be made in “{folder}”: {reason}.")


def _read_only(path: Path) -> ReadOnlyPortfolio:
    return ReadOnlyPortfolio(f"“{path.name}” is open for reading only, so it cannot be changed.")


def _refused(error: sqlite3.IntegrityError) -> Exception:
    code = error.sqlite_errorcode
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return UnknownReference("That refers to something which is not in this portfolio (any more).")
    if code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        return Conflict("The same thing is in this portfolio already; nothing was changed.")
    return error
