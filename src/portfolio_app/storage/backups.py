"""Back-ups: whole databases under names that tell when they were made and whether they are still intact."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import sqlite3
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias

from sqlalchemy import func, select

from portfolio_app.durable import is_disk_full, sync_file, sync_folder
from portfolio_app.storage import history, schema
from portfolio_app.storage.database import BUSY_SECONDS, Access, Database, compiled, translated
from portfolio_app.storage.errors import (
    BackupDamaged,
    DiskFull,
    FileUnreadable,
    FileUnwritable,
    PortfolioDamaged,
    StorageError,
)
from portfolio_app.storage.files import hash_file

_NAME = re.compile(r"(?P<time>\d{8}T\d{6})Z-(?P<hash>[0-9a-f]{8})\.portfolio")
_TIME_FORMAT = "%Y%m%dT%H%M%S"
_TEMPORARY_PREFIX = ".making-"
_CHUNK = 1 << 20
_WRITE_ONCE = 0o444
_SIDE_FILES = ("-journal", "-wal", "-shm")

BACKUPS_FOLDER: Final = "backups"
"""What the back-ups' folder is called in a portfolio's folder."""

KEPT_LAST: Final = 10
_HOURLY_FOR = timedelta(hours=24)
_DAILY_FOR = timedelta(days=30)

_COUNTS: Final = (
    select(func.count()).select_from(schema.evidence).where(schema.evidence.c.binned_at.is_(None)),
    select(func.count()).select_from(schema.claim),
    select(func.count()).select_from(schema.decision),
    select(func.count()).select_from(schema.attachment),
    select(func.count()).select_from(schema.history_step),
)
_ATTACHED: Final = compiled(select(schema.attachment.c.sha256).distinct())


@dataclass(frozen=True, slots=True)
class Backup:
    """A back-up on the disk. ``made_at`` is UTC to the second, ``size`` is in bytes."""

    path: Path
    name: str
    made_at: datetime
    size: int

    @property
    def intact(self) -> bool:
        """Whether its content agrees with its name. Reads the whole file each time."""
        try:
            return hash_file(self.path)[:8] == self.name.partition("-")[2][:8]
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds, counted. ``newest_change`` is UTC; ``items`` leaves out what is in the bin."""

    learner: str
    items: int
    claims: int
    decisions: int
    attachments: int
    steps: int
    newest_change: datetime | None
    head: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A back-up beside the portfolio as it is now (``None`` when that cannot be read).

    ``steps_since`` counts the steps that the portfolio has taken since the back-up; it is ``None`` when the
    portfolio does not continue from it (another one was restored in between).
    """

    backup: Contents
    current: Contents | None
    steps_since: int | None


_Found: TypeAlias = list[Backup]  # in the class below, ``list`` is a method


class Backups:
    """The folder ``backups`` of a portfolio. Back-ups are never changed, only added and, by age, removed."""

    def __init__(self, folder: Path, database: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.folder = folder
        self.database = database
        self._clock = clock

    def make(self) -> Backup:
        """Make a back-up and return only when it is safe on the disk; an unchanged portfolio gets no second one.

        Opens a connection of its own. It holds up nobody who reads; whoever saves meanwhile waits for it.

        Raises:
            DiskFull, FileUnwritable: there is no back-up, and nothing of it is left behind.
            PortfolioDamaged: the database cannot be read as a whole.
        """
        with _writing("No back-up was made"):
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary = self.folder / f"{_TEMPORARY_PREFIX}{secrets.token_hex(8)}.tmp"
            try:
                copy_database(self.database, temporary)
                # The disk is as busy with the one as the processor with the other.
                with ThreadPoolExecutor(1) as beside, temporary.open("r+b") as file:
                    synced = beside.submit(sync_file, file.fileno())
                    mark = hash_file(temporary)[:8]
                    synced.result()
                newest = next(iter(self.list()), None)
                if newest is not None and newest.name.partition("-")[2][:8] == mark and newest.intact:
                    return newest
                return self._named(temporary, mark, newest)
            finally:
                _remove_with_side_files(temporary)

    def list(self) -> _Found:
        """Return the back-ups, newest first. Nothing is read but their names and sizes."""
        found: _Found = []
        with suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                name = _NAME.fullmatch(entry.name)
                if name and entry.is_file(follow_symlinks=False):
                    with suppress(ValueError, OSError):  # digits that are no time; removed meanwhile
                        made_at = datetime.strptime(name["time"], _TIME_FORMAT).replace(tzinfo=UTC)
                        size = entry.stat(follow_symlinks=False).st_size
                        found.append(Backup(self.folder / entry.name, entry.name, made_at, size))
        return sorted(found, key=lambda backup: backup.name, reverse=True)

    def newest_intact(self) -> Backup | None:
        """Return the newest back-up whose content agrees with its name, or ``None``."""
        return next((backup for backup in self.list() if backup.intact), None)

    def restore(self, backup: Backup, into: Path) -> Path:
        """Write a back-up's content to a new file and return its path; nothing that exists is written over.

        The path is ``into``, or a numbered name beside it when that, or a journal of that name, exists.

        Raises:
            BackupDamaged: its content does not agree with its name; nothing was written.
            FileUnreadable, DiskFull, FileUnwritable: nothing was written.
        """
        with _writing(f"The back-up of {_shown(backup.made_at)} was not restored"):
            temporary = into.parent / f"{_TEMPORARY_PREFIX}{secrets.token_hex(8)}.tmp"
            try:
                if _copy(backup, temporary)[:8] != backup.name.partition("-")[2][:8]:
                    raise BackupDamaged(
                        f"The back-up of {_shown(backup.made_at)} is damaged and was not restored; choose another one."
                    )
                target = _unused_name(into)
                temporary.rename(target)
                sync_folder(target.parent)
            finally:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
        return target

    def compare(self, backup: Backup) -> Comparison:
        """Count what a back-up and the portfolio hold, so that one can choose before restoring.

        Raises:
            BackupDamaged: the back-up cannot be read.
        """
        try:
            with closing(Database(backup.path, Access.UNCHANGING)) as database:
                then = _contents(database)
        except (StorageError, sqlite3.Error) as error:
            raise BackupDamaged(
                f"The back-up of {_shown(backup.made_at)} cannot be read; choose another one."
            ) from error
        try:
            with closing(Database(self.database, Access.READ)) as database:
                now = _contents(database)
                passed = {step.number: step.hash for step in history.steps(database.raw)}
        except (StorageError, sqlite3.Error):
            return Comparison(then, None, None)
        continues = then.steps == 0 or passed.get(then.steps) == then.head
        return Comparison(then, now, now.steps - then.steps if continues else None)

    def rotate(self, now: datetime | None = None) -> _Found:
        """Remove the back-ups that age makes superfluous, and return them. An intact one is always left."""
        found = self.list()
        kept_times = kept([backup.made_at for backup in found], now or self._clock())
        keep = [backup for backup in found if backup.made_at in kept_times]
        superfluous = [backup for backup in found if backup.made_at not in kept_times]
        if superfluous and not any(backup.intact for backup in keep):
            spared = next((backup for backup in superfluous if backup.intact), None)
            superfluous = [backup for backup in superfluous if backup is not spared]
        return [backup for backup in superfluous if _removed(backup.path)]

    def attached_files(self) -> frozenset[str]:
        """Return the hashes of the attached files that any back-up names, so that they are kept.

        Raises:
            StorageError, sqlite3.Error: a back-up cannot be read, so that nobody knows what it names.
        """
        named: set[str] = set()
        for backup in self.list():
            with (
                closing(Database(backup.path, Access.UNCHANGING)) as database,
                database.transaction(write=False) as connection,
            ):
                named.update(sha256 for (sha256,) in connection.execute(_ATTACHED))
        return frozenset(named)

    def temporaries(self) -> tuple[Path, ...]:
        """Return the unfinished back-ups that a killed program left behind (or that another is making now)."""
        with suppress(OSError):
            return tuple(sorted(self.folder.glob(f"{_TEMPORARY_PREFIX}*")))
        return ()

    def remove_temporaries(self) -> None:
        """Remove unfinished back-ups; only for whoever holds the portfolio's lock."""
        for left in self.temporaries():
            _removed(left)

    def _named(self, temporary: Path, mark: str, newest: Backup | None) -> Backup:
        """Give a finished back-up its name: later than the newest, whatever became of the clock."""
        made_at = self._clock().astimezone(UTC).replace(microsecond=0)
        if newest is not None and made_at <= newest.made_at:
            made_at = newest.made_at + timedelta(seconds=1)
        path = self.folder / f"{made_at.strftime(_TIME_FORMAT)}Z-{mark}.portfolio"
        with suppress(OSError):  # not every file system knows permissions
            temporary.chmod(_WRITE_ONCE)
        temporary.rename(path)
        sync_folder(self.folder)
        return Backup(path, path.name, made_at, path.stat().st_size)


def copy_database(database: Path, target: Path) -> None:
    """Write a database as it is now to a new or empty file, not yet synced to the disk.

    ``VACUUM INTO`` reads every row, so that damage is not copied unseen. Opens a connection of its own.

    Raises:
        StorageError: the database cannot be read as a whole, or the file not be written.
    """
    uri = f"{database.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("PRAGMA synchronous = OFF")  # of the copy: it is synced as a whole, before its name
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise translated(error, database) from error


def kept(times: Collection[datetime], now: datetime) -> frozenset[datetime]:
    """Return which of these back-ups' times are kept at a moment.

    The last ten; of the last 24 hours the newest of each hour, of the last 30 days the newest of each day,
    before that the newest of each ISO week (all UTC). Times in the future count as those of the last hours.
    """
    newest_first = sorted(set(times), reverse=True)
    chosen = set(newest_first[:KEPT_LAST])
    seen: set[tuple[int, ...]] = set()
    for time in newest_first:
        age = now - time
        buckets: list[tuple[int, ...]] = [time.isocalendar()[:2]]
        if age <= _DAILY_FOR:
            buckets.append((time.year, time.month, time.day))
        if age <= _HOURLY_FOR:
            buckets.append((time.year, time.month, time.day, time.hour))
        if not seen.issuperset(buckets):
            chosen.add(time)
            seen.update(buckets)
    return frozenset(chosen)


def _contents(database: Database) -> Contents:
    with database.transaction(write=False) as connection:
        items, claims, decisions, attachments, steps = (
            int(connection.execute(compiled(count)).fetchone()[0]) for count in _COUNTS
        )
        learner = connection.execute(compiled(select(schema.portfolio.c.learner_name))).fetchone()
        newest = connection.execute(compiled(select(func.max(schema.history_step.c.at)))).fetchone()[0]
        return Contents(
            learner=str(learner[0]) if learner else "",
            items=items,
            claims=claims,
            decisions=decisions,
            attachments=attachments,
            steps=steps,
            newest_change=datetime.fromisoformat(newest) if newest else None,
            head=history.head(connection)[1],
        )


def _copy(backup: Backup, target: Path) -> str:
    """Copy a back-up, synced to the disk, and return the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    with target.open("xb", buffering=0) as copy:
        try:
            original = backup.path.open("rb")
        except OSError as error:
            raise FileUnreadable(
                f"The back-up of {_shown(backup.made_at)} cannot be opened: {error.strerror}."
            ) from error
        with original:
            while chunk := _read(original.read, backup):
                digest.update(chunk)
                view = memoryview(chunk)
                while view:
                    view = view[copy.write(view) :]
        sync_file(copy.fileno())
    return digest.hexdigest()


def _read(read: Callable[[int], bytes], backup: Backup) -> bytes:
    try:
        return read(_CHUNK)
    except OSError as error:
        raise FileUnreadable(f"The back-up of {_shown(backup.made_at)} cannot be read: {error.strerror}.") from error


def _unused_name(wanted: Path) -> Path:
    """Return the path, or one with a number, where neither a file nor a journal that would be replayed exists."""
    candidate, number = wanted, 1
    while any(Path(f"{candidate}{side}").exists() for side in ("", *_SIDE_FILES)):
        number += 1
        candidate = wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
    return candidate


def _removed(path: Path) -> bool:
    try:
        if os.name == "nt":
            path.chmod(0o600)  # write-protected files cannot be removed there
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _remove_with_side_files(path: Path) -> None:
    for side in ("", *_SIDE_FILES):
        _removed(Path(f"{path}{side}"))


@contextmanager
def _writing(what: str) -> Iterator[None]:
    """Turn the disk's refusal into a sentence that begins with what was not done."""
    try:
        yield
    except OSError as error:
        if is_disk_full(error):
            raise DiskFull(f"{what}: the disk is full. Free some space and try again.") from error
        raise FileUnwritable(f"{what}: the folder cannot be written ({error.strerror or error}).") from error
    except DiskFull as error:
        raise DiskFull(f"{what}: the disk is full. Free some space and try again.") from error
    except PortfolioDamaged as error:
        raise PortfolioDamaged(f"{what}: {error}") from error


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
