"""Files that are either written whole and safe on the disk, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from portfolio_app.domain.errors import KnownError

_TEMPORARY_PREFIX = ".portfolio-app-"
_TEMPORARY_SUFFIX = ".tmp"
_ABANDONED_AFTER = 24 * 60 * 60  # seconds; no export takes a day

_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_NOT_OFFERED_HERE = frozenset(
    {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF, errno.EACCES, errno.EPERM}
)
_OF_THE_DISK = _FULL | {errno.EFBIG, errno.EIO, errno.EROFS}

_LONGEST_SHOWN = 80  # characters of a file name
_REASONS: dict[int | None, str] = {
    errno.EFBIG: "it is larger than this disk or account allows a file to be. Choose another disk.",
    errno.EROFS: "the disk is read-only. Choose another place.",
    errno.ENAMETOOLONG: "the name is too long. Choose a shorter one.",
}


class CannotWrite(KnownError):
    """A document cannot be written where the user asked for it."""


def is_disk_full(error: BaseException) -> bool:
    """Say whether this error means that the disk, or the user's share of it, is full."""
    return isinstance(error, OSError) and error.errno in _FULL


def sync_file(descriptor: int) -> None:
    """Return only when the content of this open, writable file is on the disk itself."""
    if sys.platform == "darwin":
        # fsync leaves the data in the drive's own cache there; foreign file systems refuse the stronger call.
        import fcntl  # noqa: PLC0415 - not on Windows

        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Return only when the names in this folder are on the disk; does nothing where folders cannot be synced."""
    if os.name == "nt":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_OFFERED_HERE:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def replace_atomically(target: Path) -> Iterator[Path]:
    """Yield the path of an empty temporary file beside ``target`` which takes its place at the end.

    When the body ends well the file is synced to the disk and renamed to ``target``, whose permissions it
    takes over. When the body raises, the temporary file is removed and ``target`` stays as it was.

    Raises:
        CannotWrite: the folder is missing or not writable, the disk is full, ``target`` is a folder or a
            device, or another program holds it open. Errors of the body that are not about the disk
            pass through.
    """
    place = _usable_target(target)
    _remove_abandoned(place.parent)
    temporary = place.with_name(f"{_prefix_of(os.getpid())}{secrets.token_hex(8)}{_TEMPORARY_SUFFIX}")
    try:
        temporary.touch(exist_ok=False)
    except OSError as error:
        raise CannotWrite(_sentence(target, error)) from error
    try:
        try:
            yield temporary
        except KnownError:
            raise
        except Exception as error:
            cause = _disk_error_behind(error, temporary)
            if cause is None:
                raise
            raise CannotWrite(_sentence(target, cause)) from error
        try:
            if place.exists():
                shutil.copymode(place, temporary)
            with temporary.open("r+b") as written:
                sync_file(written.fileno())
            temporary.replace(place)
            sync_folder(place.parent)
        except OSError as error:
            raise CannotWrite(_sentence(target, error)) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _usable_target(target: Path) -> Path:
    """Follow links to the file that is meant, and refuse what is not a writable ordinary file in a folder."""
    try:
        place = target.resolve()
        if not place.parent.is_dir():
            raise CannotWrite(f"“{target.name}” was not written: the folder “{place.parent}” does not exist.")
        mode = place.stat().st_mode
    except FileNotFoundError:
        return place
    except ValueError as error:
        raise CannotWrite(f"{str(target)!r} cannot be the name of a file; choose another name.") from error
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead round in a circle, before Python 3.13
        raise CannotWrite(_sentence(target, error)) from error
    if stat.S_ISDIR(mode):
        raise CannotWrite(f"“{target}” is a folder; give the name of a file to write.")
    if not stat.S_ISREG(mode):
        raise CannotWrite(f"“{target}” is a device and not a file; choose another name.")
    if not os.access(place, os.W_OK):
        raise CannotWrite(f"“{target}” is write-protected and was left as it is; choose another name.")
    return place


@contextmanager
def temporary_beside(target: Path) -> Iterator[Path]:
    """Yield the path of an empty temporary file beside ``target``, which is removed at the end.

    Raises:
        OSError: the folder is missing or not writable, or the disk is full.
    """
    temporary = target.with_name(f"{_prefix_of(os.getpid())}{secrets.token_hex(8)}{_TEMPORARY_SUFFIX}")
    try:
        temporary.touch(exist_ok=False)
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def remove_unfinished(target: Path, process: int) -> None:
    """Remove what a process that was ended had begun to write beside ``target``."""
    with suppress(OSError, ValueError, RuntimeError):
        for left in target.resolve().parent.glob(f"{_prefix_of(process)}*{_TEMPORARY_SUFFIX}"):
            left.unlink(missing_ok=True)


def _prefix_of(process: int) -> str:
    return f"{_TEMPORARY_PREFIX}{process}-"


def _remove_abandoned(folder: Path) -> None:
    """Remove what a killed export left behind long ago."""
    with suppress(OSError):
        for left in folder.glob(f"{_TEMPORARY_PREFIX}*{_TEMPORARY_SUFFIX}"):
            if left.stat().st_mtime < time.time() - _ABANDONED_AFTER:
                left.unlink(missing_ok=True)


def _disk_error_behind(error: BaseException, temporary: Path) -> OSError | None:
    """Return the disk's own error in a chain of wrapped ones (libraries have error classes of their own)."""
    seen: set[int] = set()
    behind: BaseException | None = error
    while behind is not None and id(behind) not in seen:
        seen.add(id(behind))
        if isinstance(behind, OSError):
            about_us = behind.filename is not None and os.fsdecode(behind.filename) == str(temporary)
            unnamed = behind.filename is None and behind.errno in _OF_THE_DISK
            if about_us or unnamed or is_disk_full(behind):
                return behind
        behind = behind.__cause__ or behind.__context__
    return None


def _sentence(target: Path, error: Exception) -> str:
    """Say what happened and what to do."""
    code = error.errno if isinstance(error, OSError) else None
    name = target.name if len(target.name) <= _LONGEST_SHOWN else f"{target.name[:_LONGEST_SHOWN]}…"
    if is_disk_full(error):
        reason = "the disk is full. Free some space, or choose another disk."
    elif code in _REASONS:
        reason = _REASONS[code]
    elif isinstance(error, PermissionError) and os.name == "nt" and target.exists():
        reason = "it is open in another program or write-protected. Close it there, or choose another name."
    elif isinstance(error, PermissionError):
        reason = f"you may not write in the folder “{target.parent}”. Choose another place."
    else:
        reason = f"the disk reported “{getattr(error, 'strerror', None) or error}”. Choose another place."
    return f"“{name}” was not written: {reason}"
