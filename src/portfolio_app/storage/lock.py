"""One writer at a time: a lock of the operating system, and a note of who holds it.

The operating system's lock ends with the process, however it ends. The note is for the sentence to whoever
comes second, and for folders that reach other computers by synchronising, where a lock does not travel but
a file does.
"""

from __future__ import annotations

import errno
import getpass
import hashlib
import json
import os
import platform
import secrets
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from portfolio_app.durable import is_disk_full
from portfolio_app.processes import is_running
from portfolio_app.storage.errors import DiskFull, FileUnwritable, PortfolioLocked, ReadOnlyPortfolio

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_LONGEST_NOTE = 4096  # bytes
_LOCKED_BYTE = 1 << 30  # on Windows a locked byte cannot be read: one far behind the note
_TAKEN = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a portfolio open. ``since`` is UTC in ISO 8601.

    ``machine`` and ``process`` tell computers of one name, and processes of one number, apart; they are
    empty where the system does not say.
    """

    host: str
    user: str
    pid: int
    since: str
    machine: str = ""
    process: str = ""
    token: str = ""

    @classmethod
    def this_process(cls) -> Holder:
        """Return the note that this process would leave now."""
        try:
            user = getpass.getuser()
        except (OSError, KeyError, ImportError):  # no such name on this system
            user = ""
        return cls(
            host=platform.node(),
            user=user,
            pid=os.getpid(),
            since=datetime.now(UTC).isoformat(timespec="seconds"),
            machine=_machine_mark(),
            process=_process_mark(os.getpid()),
            token=secrets.token_hex(8),
        )

    @property
    def is_here(self) -> bool:
        """Whether this is a process of this computer, alive or not."""
        machine = _machine_mark()
        return self.machine == machine if self.machine and machine else self.host == platform.node()

    @property
    def is_alive(self) -> bool:
        """Whether the process runs, as far as this computer can tell; only to be asked when it :attr:`is_here`."""
        mark = _process_mark(self.pid)
        if self.process and mark:
            return self.process == mark
        return is_running(self.pid)


class PortfolioLock:
    """The right to write a portfolio, held until :meth:`release` or the end of the process."""

    def __init__(self, path: Path, descriptor: int, holder: Holder) -> None:
        """Use :meth:`acquire`."""
        self.path = path
        self.holder = holder
        self._descriptor: int | None = descriptor

    @staticmethod
    def path_for(database: Path) -> Path:
        """Return the lock file of a portfolio's database: hidden, beside it."""
        return database.with_name(f".{database.name}.lock")

    @classmethod
    def acquire(cls, database: Path, *, take_over: bool = False) -> PortfolioLock:
        """Take the lock of a portfolio, or say who has it.

        What a dead process of this computer left is taken over silently. ``take_over``: so is what another
        computer's note claims; for users who say that it is not open there any more.

        Raises:
            PortfolioLocked: another window or computer has it; the sentence names who and since when.
            ReadOnlyPortfolio: the folder cannot be written, so nobody can hold a lock in it.
            DiskFull: there is no room even for the note.
            FileUnwritable: the disk reports an error.
        """
        path = cls.path_for(database)
        for _ in range(_ATTEMPTS):
            descriptor = _open(path, database)
            try:
                lock = cls._try(path, descriptor, database, take_over=take_over)
            except BaseException:
                os.close(descriptor)
                raise
            if lock is not None:
                return lock
            os.close(descriptor)
        raise PortfolioLocked(_sentence(database, None))

    @classmethod
    def holder_of(cls, database: Path) -> Holder | None:
        """Return who says to have the portfolio open, or ``None``."""
        with suppress(OSError), cls.path_for(database).open("rb") as file:
            return _parsed(file.read(_LONGEST_NOTE))
        return None

    def release(self) -> None:
        """Give the lock back; a second time does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        if _is_at(descriptor, self.path):
            with suppress(OSError):
                os.ftruncate(descriptor, 0)
            with suppress(OSError):  # Windows removes no open file: below
                self.path.unlink(missing_ok=True)
        _unlock(descriptor)
        os.close(descriptor)
        if sys.platform == "win32":
            with suppress(OSError):  # another process has just opened it
                self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()

    @classmethod
    def _try(cls, path: Path, descriptor: int, database: Path, *, take_over: bool) -> PortfolioLock | None:
        """Return the lock, or ``None`` when the file was replaced under our hands and must be opened again."""
        locked = _lock(descriptor)
        noted = _noted(descriptor)
        if locked is False:
            raise PortfolioLocked(_sentence(database, noted))
        if not _is_at(descriptor, path):
            return None
        if noted is not None and not take_over:
            # Who holds the system's lock knows that no process of this computer does.
            elsewhere = not noted.is_here
            alive_here = locked is None and noted.is_here and noted.is_alive
            if elsewhere or alive_here:
                raise PortfolioLocked(_sentence(database, noted), can_take_over=elsewhere)
        holder = Holder.this_process()
        _note(descriptor, holder, needed=locked is None, database=database)
        return cls(path, descriptor, holder)


def _open(path: Path, database: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    except OSError as error:
        if is_disk_full(error):
            raise DiskFull(
                f"“{database.stem}” was not opened for writing: the disk is full. Free some space and open it again."
            ) from error
        if isinstance(error, PermissionError) or error.errno == errno.EROFS:
            raise ReadOnlyPortfolio(
                f"The folder of “{database.stem}” cannot be written, so it can be opened for reading only."
            ) from error
        raise FileUnwritable(
            f"“{database.stem}” was not opened for writing: its folder reports “{error.strerror or error}”."
        ) from error


def _lock(descriptor: int) -> bool | None:
    """Take the system's lock: yes, no (another holds it), or ``None`` where there are no locks."""
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in _TAKEN else None
    return True


def _unlock(descriptor: int) -> None:
    with suppress(OSError):
        if sys.platform == "win32":
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_UN)


def _is_at(descriptor: int, path: Path) -> bool:
    """Say whether the open file is still the one with this name: its last holder may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def _noted(descriptor: int) -> Holder | None:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return _parsed(os.read(descriptor, _LONGEST_NOTE))
    except OSError:
        return None


def _parsed(text: bytes) -> Holder | None:
    """Read a note; a half-written or foreign one is none."""
    try:
        values = json.loads(text)
        return Holder(
            host=str(values["host"]),
            user=str(values["user"]),
            pid=int(values["pid"]),
            since=datetime.fromisoformat(str(values["since"])).astimezone(UTC).isoformat(),
            machine=str(values.get("machine", "")),
            process=str(values.get("process", "")),
            token=str(values.get("token", "")),
        )
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None


def _note(descriptor: int, holder: Holder, *, needed: bool, database: Path) -> None:
    """Write who holds the lock. With the system's lock in hand a full disk does not matter; without, it does."""
    text = json.dumps(asdict(holder)).encode()
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, text)
        os.ftruncate(descriptor, len(text))
    except OSError as error:
        if needed:
            raise FileUnwritable(
                f"“{database.stem}” was not opened for writing: its folder reports “{error.strerror or error}”."
            ) from error
    if needed and _noted(descriptor) != _parsed(text):
        raise PortfolioLocked(_sentence(database, _noted(descriptor)))


def _sentence(database: Path, holder: Holder | None) -> str:
    name = f"“{database.stem}”"
    if holder is None:
        return f"{name} is already open in another window. Close it there, or open it here for reading only."
    since = f"{datetime.fromisoformat(holder.since).astimezone():%Y-%m-%d %H:%M}"
    if holder.is_here:
        return (
            f"{name} is already open in another window on this computer, since {since}. "
            "Close it there, or open it here for reading only."
        )
    return (
        f"{name} is open on the computer “{holder.host}” (user {holder.user or 'unknown'}, since {since}). Close it "
        "there, or open it here for reading only. If it is not open there any more, remove the file "
        f"“{PortfolioLock.path_for(database).name}” from its folder."
    )


def _machine_mark() -> str:
    """Return what tells this computer from another of its name, or nothing; hashed, because notes get about."""
    identity = ""
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - not on other systems

        with suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            identity = str(winreg.QueryValueEx(key, "MachineGuid")[0])
    else:
        with suppress(OSError):
            identity = Path("/etc/machine-id").read_text(encoding="ascii", errors="replace").strip()
    return hashlib.sha256(f"portfolio-app {identity}".encode()).hexdigest()[:16] if identity else ""


def _process_mark(pid: int) -> str:
    """Return what tells a process from a later one of the same number, or nothing (also when it is not running)."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    started = status.rpartition(")")[2].split()[19]  # clock ticks since the start of the computer
    return f"{boot[:8]}-{started}"
