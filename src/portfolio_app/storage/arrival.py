"""A whole portfolio coming into a folder from elsewhere: there when all of it is sound, and else not at all."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import select

from portfolio_app.durable import is_disk_full, sync_file, sync_folder
from portfolio_app.storage import schema
from portfolio_app.storage.attachment_names import clean_name
from portfolio_app.storage.database import Access, Database, compiled
from portfolio_app.storage.errors import AlreadyExists, DiskFull, FileUnwritable, StorageError
from portfolio_app.storage.files import FILES_FOLDER
from portfolio_app.storage.opening import SUFFIX, base_stem, check, look

_STAGING: Final = ".arriving-"
_STORED: Final = re.compile(r"(?P<group>[0-9a-f]{2})/(?P<sha256>(?P=group)[0-9a-f]{62})(?:\.[a-z0-9]{1,10})?")
_KEPT_FREE: Final = 4 << 20
_WRITE_ONCE: Final = 0o444
_NAMED: Final = compiled(select(schema.attachment.c.sha256, schema.attachment.c.name))


class Arrival:
    """A portfolio on its way. Files are written to the places that this names, which are not yet the final ones."""

    def __init__(self, staging: Path) -> None:
        """Use :func:`arriving`."""
        self._staging = staging
        self.database = staging / f"portfolio{SUFFIX}"
        """Where its database is to be written."""
        self._database_name = self.database.name
        self._settled: list[Path] = []

    def begin(self) -> None:
        """Make room for what comes."""
        self._staging.mkdir()

    def give_up(self) -> None:
        """Remove everything that has come."""
        for path in (*self._settled, self._staging):
            _removed(path)

    def name_database(self, name: str) -> None:
        """Say what the database is called; a mark of having been restored is not taken over."""
        stem = clean_name(base_stem(Path(clean_name(name))))
        self._database_name = f"{stem}{SUFFIX}"

    def file(self, stored_as: str, sha256: str) -> Path | None:
        """Return where to write an attached file, ``None`` where that is no name of the store's for this content."""
        match = _STORED.fullmatch(stored_as)
        if match is None or match["sha256"] != sha256:
            return None
        return self._made(self._staging / FILES_FOLDER / match["group"]) / stored_as.partition("/")[2]

    def other(self, folder: str, name: str) -> Path | None:
        """Return where to write a file of another folder, ``None`` where its name is not fit for one."""
        if clean_name(name) != name or clean_name(folder) != folder:
            return None
        return self._made(self._staging / folder) / name

    def missing(self) -> tuple[str, ...]:
        """Return the names of attached files that the database knows and that have not come.

        Raises:
            StorageError: the database is none of ours, newer, foreign or damaged.
        """
        look(self.database)
        with closing(Database(self.database, Access.UNCHANGING)) as database:
            check(database)
            with database.transaction(write=False) as connection:
                named = dict(connection.execute(_NAMED).fetchall())
        there = {path.name[:64] for path in (self._staging / FILES_FOLDER).glob("??/*")}
        return tuple(sorted(str(name) for sha256, name in named.items() if sha256 not in there))

    @staticmethod
    def _made(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def settle(self, folder: Path) -> Path:
        """Sync everything, give it its place, the database last, and return where that is."""
        for path in sorted(self._staging.rglob("*")):
            if path.is_file():
                with path.open("r+b") as written:
                    sync_file(written.fileno())
                if path.parent.parent.name == FILES_FOLDER:
                    with suppress(OSError):  # not every file system knows permissions
                        path.chmod(_WRITE_ONCE)
            else:
                sync_folder(path)
        final = folder / self._database_name
        for path in sorted(self._staging.iterdir()):
            if path != self.database:
                self._settled.append(path.rename(folder / path.name))
        self._settled.append(self.database.rename(final))
        self._staging.rmdir()
        sync_folder(folder)
        sync_folder(folder.parent)
        return final


@contextmanager
def arriving(folder: Path, size: int) -> Iterator[Arrival]:
    """Yield an arrival into a folder that does not exist or is empty, which settles when the block ends well.

    When it does not, nothing is left that was not there before. ``size`` is that of what is to come, in bytes.

    Raises:
        AlreadyExists: there is something in the folder already.
        DiskFull, FileUnwritable: there is no room, or the place cannot be written.
    """
    if "\0" in str(folder):  # of which only some calls complain
        raise _not_made(folder, ValueError())
    try:
        missing = [place for place in (folder, *folder.parents) if not place.exists()]
        if not missing and (not folder.is_dir() or not _is_empty(folder)):
            raise AlreadyExists(f"“{folder}” is not empty; choose another folder for the portfolio.")
    except (OSError, ValueError) as error:
        raise _not_made(folder, error) from error
    arrival = Arrival(folder / f"{_STAGING}{secrets.token_hex(4)}")
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _must_have_room(folder, size)
            arrival.begin()
            yield arrival
            arrival.settle(folder)
        except OSError as error:
            raise _not_made(folder, error) from error
    except BaseException:
        arrival.give_up()
        with suppress(OSError):
            for place in missing:
                place.rmdir()
        raise


def _must_have_room(folder: Path, size: int) -> None:
    free = None
    with suppress(OSError):  # some network drives do not tell
        disk = shutil.disk_usage(folder)
        free = disk.free if disk.total else None
    needed = size + _KEPT_FREE
    if free is not None and free < needed:
        raise DiskFull(
            f"No portfolio was made in “{folder}”: it needs {needed / 1e6:,.0f} MB and the disk has only "
            f"{free / 1e6:,.0f} MB free. Free some space, or choose another disk."
        )


def _is_empty(folder: Path) -> bool:
    """Return whether nothing is in the folder but what a killed import left, which is removed."""
    left = list(folder.iterdir())
    if any(not path.name.startswith(_STAGING) for path in left):
        return False
    for path in left:
        _removed(path)
    return True


def _removed(path: Path) -> None:
    if os.name == "nt":
        for each in path.rglob("*"):  # write-protected files cannot be removed there
            with suppress(OSError):
                each.chmod(stat.S_IWRITE)
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _not_made(folder: Path, error: OSError | ValueError) -> StorageError:
    if is_disk_full(error):
        return DiskFull(f"The disk is full, so no portfolio was made in “{folder}”.")
    reason = (error.strerror or error) if isinstance(error, OSError) else "that cannot be a folder’s name"
    return FileUnwritable(f"No portfolio could be made in “{folder}”: {reason}.")
