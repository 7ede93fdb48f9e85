"""The attached files: write-once, named by the SHA-256 of their content, one copy per content."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import stat
import sys
import threading
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from io import FileIO
from pathlib import Path
from typing import Final

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.durable import CannotWrite, is_disk_full, replace_atomically, sync_file, sync_folder
from portfolio_app.storage.attachment_names import clean_name
from portfolio_app.storage.errors import DiskFull, FileChangedWhileRead, FileUnreadable, FileUnwritable

__all__ = ["FILES_FOLDER", "FileState", "FileStore", "StoredFile", "clean_name"]

FILES_FOLDER: Final = "files"
"""What the store is called in a portfolio's folder."""

_CHUNK = 1 << 20  # bytes; larger ones were no faster
_WRITTEN_OUT_EVERY = 8 << 20  # bytes
_KEPT_FREE = 4 << 20  # bytes left for the database, which must still be able to note the new file
_STORED_NAME = re.compile(r"(?P<sha256>[0-9a-f]{64})(?:\.[a-z0-9]{1,10})?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_EXTENSION = re.compile(r"[a-z0-9]{1,10}")
_TEMPORARY_PREFIX = ".incoming-"
_UNUSED_LEDGER = "unused.json"
_WRITE_ONCE = 0o444


class FileState(StrEnum):
    """Whether a stored file still is what it was when it was added."""

    OK = "ok"
    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the store. ``size`` is in bytes; ``extension`` is lower case without the dot, or empty."""

    sha256: str
    size: int
    extension: str


@dataclass(frozen=True, slots=True)
class _Identity:
    """What changes when a file is written to or replaced."""

    size: int
    modified: int
    serial: int

    @classmethod
    def of(cls, status: os.stat_result) -> _Identity:
        return cls(status.st_size, status.st_mtime_ns, status.st_ino if os.name == "posix" else 0)


class FileStore:
    """The folder ``files`` of a portfolio: ``ab/ab12….pdf`` for each content."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._changing = threading.Lock()

    def add(self, source: Path, progress: Progress = no_progress) -> StoredFile:
        """Copy a file into the store and return only when the copy is safe on the disk.

        A content that is already there is not stored twice; should the copy there be damaged, this one
        replaces it. ``progress`` counts bytes; when it raises, nothing is left behind.

        Raises:
            FileUnreadable: there is no such file, it is a folder or a device, or reading it failed.
            FileChangedWhileRead: it was written to, replaced or removed meanwhile.
            DiskFull: the disk has no room for it.
            FileUnwritable: the portfolio's folder cannot be written.
        """
        with _opened(source) as original:
            before = _Identity.of(os.fstat(original.fileno()))
            self._prepare(source, before.size)
            temporary = self.folder / f"{_TEMPORARY_PREFIX}{secrets.token_hex(8)}.tmp"
            try:
                with _writing(source), temporary.open("xb", buffering=0) as copy:
                    sha256 = _copy(original, copy, before.size, source, progress)
                    _must_be_unchanged(source, original, before)
                    stored = self._known(sha256, before.size, progress)
                    if stored is not None:
                        return stored
                    _make_write_once(temporary)
                    sync_file(copy.fileno())
                with _writing(source):
                    return self._keep(temporary, sha256, before.size, extension_of(source.name))
            finally:
                _remove(temporary)

    def path(self, sha256: str) -> Path | None:
        """Return where the file with this content is, or ``None`` when it is not there."""
        if not _SHA256.fullmatch(sha256):
            return None
        folder = self.folder / sha256[:2]
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                name = _STORED_NAME.fullmatch(entry.name)
                if name and name["sha256"] == sha256 and entry.is_file(follow_symlinks=False):
                    return folder / entry.name
        return None

    def sizes(self) -> dict[str, int]:
        """Return the size in bytes of every stored file by its hash."""
        return {sha256: entry.stat(follow_symlinks=False).st_size for sha256, entry in self._entries()}

    def verify(self, sha256: str, progress: Progress = no_progress) -> FileState:
        """Read a stored file again and say whether it still is what its name says. ``progress`` counts bytes."""
        place = self.path(sha256)
        if place is None:
            return FileState.MISSING
        try:
            return FileState.OK if hash_file(place, progress) == sha256 else FileState.CHANGED
        except FileNotFoundError:
            return FileState.MISSING
        except OSError:
            return FileState.UNREADABLE

    def find_again(self, wanted: Mapping[str, int], place: Path, progress: Progress = no_progress) -> list[str]:
        """Look in a folder and those within it for files with these contents, and add the ones that are found.

        ``wanted`` gives the size in bytes by hash, so that only likely files are read; ``progress`` counts
        the files looked at. Returns the hashes that were found, sorted.
        """
        missing = dict(wanted)
        found: list[str] = []
        looked_at = 0
        for folder, _, names in os.walk(place):
            for name in sorted(names):
                looked_at += 1
                progress(len(found), len(wanted), f"Looking at {clean_name(name)} ({looked_at} files so far)")
                candidate = Path(folder, name)
                with suppress(OSError, FileUnreadable, FileChangedWhileRead):
                    status = candidate.lstat()
                    if not stat.S_ISREG(status.st_mode) or status.st_size not in missing.values():
                        continue
                    sha256 = hash_file(candidate)
                    if missing.get(sha256) == status.st_size and self.add(candidate).sha256 == sha256:
                        del missing[sha256]
                        found.append(sha256)
        return sorted(found)

    def collect(self, keep: Collection[str], older_than: timedelta, now: datetime | None = None) -> list[str]:
        """Remove files that nothing has named for at least this long, and return their hashes, sorted.

        ``keep`` holds the hashes that rows, history or kept back-ups name. The time counts from when a
        collection first found the file unused, not from when it was added: what left the portfolio
        yesterday stays, however old it is.
        """
        now = now or datetime.now(UTC)
        kept = frozenset(keep)
        with self._changing:
            known = self._unused()
            unused: dict[str, datetime] = {}
            removed: list[str] = []
            for sha256, entry in list(self._entries()):
                if sha256 in kept:
                    continue
                since = min(known.get(sha256, now), now)
                touched = datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_mtime, UTC)
                if now - since >= older_than and now - touched >= older_than and _remove(Path(entry.path)):
                    removed.append(sha256)
                else:
                    unused[sha256] = since
            if unused != known:
                self._note_unused(unused)
        return sorted(removed)

    def temporaries(self) -> list[Path]:
        """Return the unfinished copies that a killed program left behind (or that another is writing now)."""
        with suppress(OSError):
            return sorted(self.folder.glob(f"{_TEMPORARY_PREFIX}*.tmp"))
        return []

    def remove_temporaries(self) -> None:
        """Remove unfinished copies; only for whoever holds the portfolio's lock."""
        for left in self.temporaries():
            _remove(left)

    def strangers(self) -> list[Path]:
        """Return what is in the folder but was not put there by the store."""
        found: list[Path] = []
        ours = {entry.path for _, entry in self._entries()}
        temporaries = {str(path) for path in self.temporaries()}
        for folder, folders, names in os.walk(self.folder):
            top = Path(folder) == self.folder
            found += [Path(folder, name) for name in folders if not (top and re.fullmatch(r"[0-9a-f]{2}", name))]
            for name in names:
                path = str(Path(folder, name))
                if path not in ours and path not in temporaries and not (top and name == _UNUSED_LEDGER):
                    found.append(Path(path))
        return sorted(found)

    def _entries(self) -> Iterator[tuple[str, os.DirEntry[str]]]:
        try:
            with os.scandir(self.folder) as groups:
                folders = [group.path for group in groups if len(group.name) == 2 and group.is_dir()]
        except OSError:
            return
        for folder in folders:
            with suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    name = _STORED_NAME.fullmatch(entry.name)
                    if name and entry.name[:2] == folder[-2:] and entry.is_file(follow_symlinks=False):
                        yield name["sha256"], entry

    def _prepare(self, source: Path, size: int) -> None:
        """Make the folder, and refuse early what the disk has no room for."""
        with _writing(source):
            self.folder.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # some network drives do not tell
            disk = shutil.disk_usage(self.folder)
            if disk.total and disk.free < size + _KEPT_FREE:
                raise DiskFull(
                    f"“{clean_name(source.name)}” was not added: it needs {_megabytes(size)} MB and the disk has only "
                    f"{_megabytes(disk.free)} MB free. Free some space and add it again."
                )

    def _known(self, sha256: str, size: int, progress: Progress) -> StoredFile | None:
        """Return the copy of this content that is already there, if it is sound."""
        place = self.path(sha256)
        if place is None or place.stat().st_size != size or self.verify(sha256, progress) is not FileState.OK:
            return None
        with self._changing:
            with suppress(OSError):  # so that a collection about to run sees it as new
                os.utime(place)
            if not place.exists():
                return None
        sync_folder(place.parent)
        return StoredFile(sha256, size, extension_of(place.name))

    def _keep(self, temporary: Path, sha256: str, size: int, extension: str) -> StoredFile:
        """Give a finished copy its name."""
        folder = self.folder / sha256[:2]
        name = f"{sha256}.{extension}" if extension else sha256
        with self._changing:
            damaged = self.path(sha256)
            place = damaged or folder / name
            if not folder.is_dir():
                folder.mkdir(exist_ok=True)
                sync_folder(self.folder)
            if damaged is not None and os.name == "nt":
                damaged.chmod(stat.S_IWRITE)  # a write-protected file cannot be replaced there
            temporary.replace(place)
            sync_folder(folder)
        return StoredFile(sha256, size, extension_of(place.name))

    def _unused(self) -> dict[str, datetime]:
        """Return since when files are unused; a lost or damaged ledger only means that the time starts again."""
        try:
            entries = json.loads((self.folder / _UNUSED_LEDGER).read_text(encoding="utf-8"))
            return {str(sha256): datetime.fromisoformat(since).astimezone(UTC) for sha256, since in entries.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _note_unused(self, unused: Mapping[str, datetime]) -> None:
        entries = {sha256: since.isoformat() for sha256, since in sorted(unused.items())}
        with suppress(CannotWrite, OSError), replace_atomically(self.folder / _UNUSED_LEDGER) as temporary:
            temporary.write_text(json.dumps(entries, indent=0), encoding="utf-8")


def extension_of(name: str) -> str:
    """Return the extension of a file name in lower case without the dot, or nothing if it is not a plain one."""
    extension = Path(name.replace("\0", "")).suffix[1:].lower()
    return extension if _EXTENSION.fullmatch(extension) else ""


def hash_file(path: Path, progress: Progress = no_progress) -> str:
    """Return the SHA-256 of a file in hexadecimal; ``progress`` counts bytes.

    Raises:
        OSError: the file cannot be read.
    """
    digest = hashlib.sha256()
    buffer = memoryview(bytearray(_CHUNK))
    done = 0
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        while count := file.readinto(buffer):
            digest.update(buffer[:count])
            done += count
            progress(done, max(size, done), "Checking")
    return digest.hexdigest()


@contextmanager
def _opened(source: Path) -> Iterator[FileIO]:
    """Open an ordinary file for reading. Never waits for a pipe, never opens a folder or a device."""
    name = clean_name(source.name)
    try:
        status = source.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _not_a_file(name, status.st_mode)
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        file = open(os.open(source, flags), "rb", buffering=0)  # noqa: SIM115, PTH123 - closed below; flags are needed
    except FileNotFoundError as error:
        raise FileUnreadable(f"“{name}” was not added: there is no such file (any more).") from error
    except PermissionError as error:
        raise FileUnreadable(
            f"“{name}” was not added: you may not read it, or another program keeps it to itself."
        ) from error
    except ValueError as error:
        raise FileUnreadable(f"“{name}” was not added: this cannot be the name of a file.") from error
    except OSError as error:
        raise FileUnreadable(f"“{name}” was not added: it cannot be opened ({error.strerror or error}).") from error
    with file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise _not_a_file(name, mode)
        yield file


def _not_a_file(name: str, mode: int) -> FileUnreadable:
    if stat.S_ISDIR(mode):
        return FileUnreadable(f"“{name}” is a folder and was not added; add the files in it.")
    return FileUnreadable(f"“{name}” is a device or pipe, not a file, and was not added.")


def _copy(original: FileIO, copy: FileIO, size: int, source: Path, progress: Progress) -> str:
    """Copy ``size`` bytes and return their SHA-256; hashing and the disk work beside reading and writing."""
    digest = hashlib.sha256()
    what = f"Adding {clean_name(source.name)}"
    done = 0
    written_out = 0
    buffers = [memoryview(bytearray(min(_CHUNK, size + 1))) for _ in range(2 if size >= _CHUNK else 1)]
    hashed: list[Future[None] | None] = [None] * len(buffers)
    with ThreadPoolExecutor(1) as hasher:
        turn = 0
        while True:
            pending = hashed[turn]
            if pending is not None:
                pending.result()
            count = _read(original, buffers[turn], source)
            if count == 0:
                break
            done += count
            if done > size:
                raise _changed(source)
            chunk = buffers[turn][:count]
            if len(buffers) > 1:
                hashed[turn] = hasher.submit(digest.update, chunk)
            else:
                digest.update(chunk)
            _write(copy, chunk)
            if done - written_out >= _WRITTEN_OUT_EVERY:
                _start_writing_out(copy, written_out, done - written_out)
                written_out = done
            progress(done, size, what)
            turn = (turn + 1) % len(buffers)
    if done != size:
        raise _changed(source)
    return digest.hexdigest()


def _read(original: FileIO, buffer: memoryview, source: Path) -> int:
    try:
        return original.readinto(buffer) or 0
    except OSError as error:
        raise FileUnreadable(
            f"“{clean_name(source.name)}” was not added: reading it failed ({error.strerror or error}). "
            "If it is on a stick or a network drive, copy it to this computer first."
        ) from error


def _write(copy: FileIO, chunk: memoryview) -> None:
    while chunk:
        chunk = chunk[copy.write(chunk) :]


def _start_writing_out(copy: FileIO, start: int, length: int) -> None:
    """Let the disk begin now, so that the sync at the end finds nearly all of it done (a third of the time less)."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.posix_fadvise(copy.fileno(), start, length, os.POSIX_FADV_DONTNEED)


def _must_be_unchanged(source: Path, original: FileIO, before: _Identity) -> None:
    """Refuse a file that was written to, replaced or removed while it was being read."""
    if _Identity.of(os.fstat(original.fileno())) != before:
        raise _changed(source)
    try:
        after = _Identity.of(source.stat())
    except OSError as error:
        raise _changed(source) from error
    if after != before:
        raise _changed(source)


def _changed(source: Path) -> FileChangedWhileRead:
    return FileChangedWhileRead(
        f"“{clean_name(source.name)}” was not added: it changed while it was being read. "
        "Close it in the other program (or wait until it is saved), and add it again."
    )


@contextmanager
def _writing(source: Path) -> Iterator[None]:
    """Turn the disk's refusal to take the copy into a sentence."""
    name = clean_name(source.name)
    try:
        yield
    except OSError as error:
        if is_disk_full(error):
            raise DiskFull(
                f"“{name}” was not added: the disk is full. Nothing was changed; free some space and add it again."
            ) from error
        if error.errno == errno.EFBIG:
            raise DiskFull(f"“{name}” was not added: it is larger than this disk allows a file to be.") from error
        raise FileUnwritable(
            f"“{name}” was not added: the portfolio's folder cannot be written ({error.strerror or error})."
        ) from error


def _make_write_once(path: Path) -> None:
    with suppress(OSError):  # not every file system knows permissions
        path.chmod(_WRITE_ONCE)


def _remove(path: Path) -> bool:
    """Remove a file of the store if it is there; say whether it is gone."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        with suppress(OSError):
            path.chmod(stat.S_IWRITE | stat.S_IREAD)  # Windows keeps write-protected files
            path.unlink(missing_ok=True)
            return True
        return False
    except OSError:
        return False
    return True


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f}"
