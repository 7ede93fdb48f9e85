"""Finding the database of a portfolio, checking it before it is trusted, and what is done when it is damaged.

A folder holds one current database. When a back-up is restored it gets a new name with the time in it,
``Sam Ellis (restored 20261121T233005Z).portfolio``, and the newest such name is the current one from then on.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Container
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from portfolio_app.storage import migrations, schema
from portfolio_app.storage.backups import BACKUPS_FOLDER, Backups
from portfolio_app.storage.database import Access, Database, compiled, translated
from portfolio_app.storage.errors import (
    DiskFull,
    FileUnreadable,
    ForeignSchema,
    NewerFormat,
    NotAPortfolio,
    PortfolioDamaged,
    ReadOnlyPortfolio,
    StorageError,
)

SUFFIX: Final = ".portfolio"
DAMAGED_SUFFIX: Final = f"{SUFFIX}-damaged"

_HEADING: Final = "*** in database main ***"
_MAGIC: Final = b"SQLite format 3\x00"
_RESTORED: Final = re.compile(r" \(restored (\d{8}T\d{6}Z)\)(?: \(\d+\))?$")
_LONGEST_SHOWN: Final = 160
_LISTED: Final = 3
_ATTACHED: Final = compiled(
    select(schema.attachment.c.sha256, schema.attachment.c.name, schema.evidence.c.number)
    .join(schema.evidence, schema.evidence.c.id == schema.attachment.c.evidence_id)
    .order_by(schema.evidence.c.number, schema.attachment.c.position)
)


def locate(place: Path) -> Path:
    """Return the current database of a folder, or the file itself; it may be missing where back-ups are there.

    Raises:
        NotAPortfolio: the folder holds none, or several of which none is the current one.
        FileUnreadable: there is nothing there, or it cannot be read.
    """
    try:
        if place.is_dir():
            return _current(place)
        if place.is_file():
            return place
        successor = _successor(place)
        exists = place.exists()
    except (OSError, ValueError) as error:
        raise FileUnreadable(f"“{_shown(place)}” cannot be opened: {_reason(error)}.") from error
    if successor is not None:
        return successor
    if exists:
        raise NotAPortfolio(f"“{_shown(place)}” is not a portfolio: it is neither a file nor a folder.")
    raise FileUnreadable(f"There is no portfolio at “{_shown(place)}”.")


def _successor(place: Path) -> Path | None:
    """Return the restored database that took the place of one that is gone, for whoever still has its old name."""
    if place.suffix != SUFFIX or place.exists() or not place.parent.is_dir():
        return None
    with suppress(NotAPortfolio):
        current = _current(place.parent)
        if base_stem(current) == base_stem(place):
            return current
    return None


def _current(folder: Path) -> Path:
    found = sorted(path for path in folder.glob(f"*{SUFFIX}") if not path.name.startswith(".") and path.is_file())
    restored = {match[1]: path for path in found if (match := _RESTORED.search(path.stem))}
    if restored:
        return restored[max(restored)]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"“{path.name}”" for path in found)
        raise NotAPortfolio(
            f"The folder “{folder.name}” holds several portfolios: {names}. Open one of them by its file."
        )
    if Backups(folder / BACKUPS_FOLDER, folder / "none").list():
        return folder / f"{folder.name}{SUFFIX}"
    raise NotAPortfolio(f"The folder “{_shown(folder)}” holds no portfolio.")


def base_stem(path: Path) -> str:
    """Return a database's name without its ending and without the mark of being restored."""
    return _RESTORED.sub("", path.stem)


def restored_name(path: Path, now: datetime) -> Path:
    """Return the name under which a back-up of this database is restored."""
    return path.with_name(f"{base_stem(path)} (restored {_stamp(now)}){SUFFIX}")


def look(path: Path) -> None:
    """Look at the first bytes, before anything is written beside a file that is none of ours.

    Raises:
        NotAPortfolio: it is another kind of file.
        PortfolioDamaged: it cannot be a database, but back-ups show that it was one.
        FileUnreadable: it cannot be read.
    """
    name = f"“{path.name}”"
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except FileNotFoundError:
        raise PortfolioDamaged(f"The database of {name} is missing.") from None
    except (OSError, ValueError) as error:
        raise FileUnreadable(f"{name} cannot be read: {_reason(error)}.") from error
    if head == _MAGIC:
        return
    if path.suffix == SUFFIX and Backups(path.parent / BACKUPS_FOLDER, path).list():
        raise PortfolioDamaged(f"{name} is {'damaged' if head else 'empty'}.")
    raise NotAPortfolio(f"{name} is {'not a portfolio' if head else 'an empty file, not a portfolio'}.")


def open_database(path: Path, *, read_only: bool) -> Database:
    """Open the file so that reading, and unless ``read_only`` writing, is known to work.

    An unfinished save that a power cut left behind is rolled back by SQLite here.

    Raises:
        ReadOnlyPortfolio: it was to be written and cannot be.
        StorageError: it cannot be read.
    """
    if read_only and not _unfinished(path):
        try:
            return _proved(Database(path, Access.READ), write=False)
        except (FileUnreadable, ReadOnlyPortfolio):
            return _proved(Database(path, Access.UNCHANGING), write=False)
    database = _proved(Database(path, Access.WRITE), write=not read_only)
    if read_only:
        database.raw.execute("PRAGMA query_only = ON")
    return database


def _unfinished(path: Path) -> bool:
    with suppress(OSError):
        return path.with_name(f"{path.name}-journal").stat().st_size > 0
    return False


def _proved(database: Database, *, write: bool) -> Database:
    try:
        if write:
            with suppress(DiskFull):  # then it is not write-protected, and every edit says what is wrong
                database.prove_writable()
        with database.transaction(write=False) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        database.close()
        raise
    return database


def check(database: Database) -> int:
    """Check that the file is a sound portfolio of a format this program knows, and return the format.

    SQLite's quick check reads the whole file every time: 70 ms for 74 MB (10,000 items, 60,000 claims). To skip it
    after a clean close would save no time that anyone notices and miss what the disk did since.

    Raises:
        NotAPortfolio, NewerFormat, ForeignSchema: it must not be touched.
        PortfolioDamaged: SQLite finds it damaged.
    """
    name = f"“{database.path.name}”"
    try:
        if database.pragma("application_id") != schema.APPLICATION_ID:
            raise NotAPortfolio(f"{name} is a database of another program, not a portfolio.")
        version = int(database.pragma("user_version"))
        if version > schema.FORMAT:
            raise NewerFormat(
                f"{name} was saved by a newer version of this program (format {version}; this one knows up to "
                f"{schema.FORMAT}). Update the program to open it."
            )
        expected = migrations.known_schema(version)
        if expected is None:
            raise ForeignSchema(f"{name} has a format ({version}) that this program never wrote; it was not opened.")
        if different := schema.differences(schema.items(database.raw), expected):
            listed = ", ".join(different[:_LISTED]) + (" and more" if len(different) > _LISTED else "")
            raise ForeignSchema(f"{name} was changed by another program ({listed}), so it was not opened.")
        finding = database.pragma("quick_check(1)")
    except sqlite3.Error as error:
        raise translated(error, database.path) from error
    if finding != "ok":
        raise PortfolioDamaged(f"{name} is damaged: {' '.join(str(finding).removeprefix(_HEADING).split())}.")
    return version


def restore_newest(path: Path, damage: PortfolioDamaged) -> tuple[Path, str]:
    """Put the newest intact back-up in a damaged database's place; return its path and a notice.

    Both get new names: the back-up becomes the current database, the damaged file is kept beside it. Whoever
    calls holds the lock.

    Raises:
        PortfolioDamaged: there is no intact back-up; nothing was changed.
        StorageError: the back-up could not be written; nothing was changed.
    """
    backups = Backups(path.parent / BACKUPS_FOLDER, path)
    backup = next((each for each in backups.list() if each.intact and _is_sound(each.path)), None)
    if backup is None:
        raise PortfolioDamaged(
            f"{damage} There is no intact back-up of it in the folder “{BACKUPS_FOLDER}”. The file was left as it is."
        ) from damage
    held = backups.compare(backup).backup
    now = datetime.now(UTC)
    restored = backups.restore(backup, restored_name(path, now))
    aside = _set_aside(path, now)
    made = f"{backup.made_at.astimezone():%Y-%m-%d %H:%M}"
    kept = f" The damaged file is kept as “{aside.name}”." if aside else ""
    notice = (
        f"{damage} The back-up of {made} was restored as “{restored.name}” with {held.items} evidence items, "
        f"{held.claims} claims and {held.decisions} decisions; changes made after that time are not in it.{kept}"
    )
    return restored, notice


def _is_sound(path: Path) -> bool:
    """Return whether a back-up would open: its hash only says that it is what was once written."""
    try:
        with closing(Database(path, Access.UNCHANGING)) as database:
            check(database)
    except StorageError:
        return False
    return True


def _set_aside(path: Path, now: datetime) -> Path | None:
    """Rename a damaged file, and its journal with it, to a name that nothing opens; ``None`` if it cannot be."""
    target = path.with_name(f"{path.stem} (damaged {_stamp(now)}){DAMAGED_SUFFIX}")
    if target.exists() or not path.exists():
        return None
    try:
        path.rename(target)
    except OSError:
        return None
    journal = path.with_name(f"{path.name}-journal")
    with suppress(OSError):
        if journal.exists():
            journal.rename(target.with_name(f"{target.name}-journal"))
    return target


def missing_files(connection: sqlite3.Connection, stored: Container[str]) -> str | None:
    """Return a notice naming the attached files that are not there, or ``None``."""
    missing: dict[str, str] = {}
    for sha256, name, number in connection.execute(_ATTACHED):
        if sha256 not in stored:
            missing.setdefault(sha256, f"“{name}” (E{number})")
    if not missing:
        return None
    listed = ", ".join(list(missing.values())[:_LISTED])
    more = f" and {len(missing) - _LISTED} more" if len(missing) > _LISTED else ""
    what = "1 attached file is" if len(missing) == 1 else f"{len(missing)} attached files are"
    return (
        f"{what} missing: {listed}{more}. Everything else is here; put the folder “files” back beside the portfolio "
        "to have them again."
    )


def _shown(place: Path) -> str:
    """Return a path short enough for a sentence and without characters that break it; its end tells most."""
    text = "".join(letter if letter.isprintable() else "�" for letter in str(place))
    return text if len(text) <= _LONGEST_SHOWN else f"…{text[-_LONGEST_SHOWN:]}"


def _stamp(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "its name cannot be a file's"
