"""What to do about a bug: a report in a file, so that the user sees a sentence and not a traceback.

A report may be passed on by somebody who does not read it, so it holds nothing that was typed: names of modules, lines
of the program, kinds of errors, and messages only where Python itself words them. Folders of the user begin with ``~``.
"""

from __future__ import annotations

import atexit
import faulthandler
import os
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TextIO

from portfolio_app.paths import user_log_dir
from portfolio_app.processes import is_running

_KEPT = 20  # reports; older ones are removed
_LONGEST_REPORT = 200_000  # characters read of what a crash left behind


class HappenedElsewhere(Exception):
    """The cause of an error that came out of another process; its message is the traceback there, as written here."""


# Python words these itself, from the names in the code. Others may quote what was typed.
_TELLING = (
    AttributeError,
    HappenedElsewhere,
    ImportError,
    IndexError,
    ModuleNotFoundError,
    NameError,
    NotImplementedError,
    RecursionError,
    TypeError,
    UnboundLocalError,
)
_FROM_QT = ("Internal C++ object", "libshiboken:", "Signal source has been deleted")


def program_version() -> str:
    """Return the installed version of the program."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - start-up time

    try:
        return version("portfolio-app")
    except PackageNotFoundError:
        return "0"


def program_line() -> str:
    """Return the line that says which program this is, and what it runs on."""
    import platform  # noqa: PLC0415 - start-up time

    return f"Portfolio App {program_version()} · Python {platform.python_version()} · {platform.platform()}"


def report_text(error: BaseException, doing: str) -> str:
    """Return the report of an error: versions and the chain of calls, neither values nor the command line."""
    now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    return f"{program_line()}\n{now} · {doing}\n\n{traceback_text(error)}"


def traceback_text(error: BaseException) -> str:
    """Return the chain of calls that led to ``error``, with nothing in it that was typed."""
    return without_home("".join(_chain(error, set())))


def write_report(error: BaseException, doing: str) -> Path | None:
    """Write down what went wrong and return where, or ``None`` where nothing can be written."""
    return keep_report(report_text(error, doing))


def keep_report(report: str) -> Path | None:
    """Write a report to a file of its own and return which, or ``None`` where nothing can be written."""
    import tempfile  # noqa: PLC0415 - start-up time

    moment = time.time_ns()
    name = f"report-{time.strftime('%Y%m%dT%H%M%S', time.gmtime(moment // 10**9))}{moment % 10**9 // 1000:06}.txt"
    for folder in (user_log_dir(), Path(tempfile.gettempdir()) / "portfolio-app"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            path.write_text(report, encoding="utf-8", errors="backslashreplace")
            for old in sorted(folder.glob("report-*.txt"))[:-_KEPT]:
                old.unlink(missing_ok=True)
        except OSError:
            continue
        else:
            return path
    return None


class KeptReport(NamedTuple):
    """A report that is kept: when it was written (seconds since 1970), its text, and where it is."""

    at: float
    text: str
    path: Path


def kept_reports() -> tuple[KeptReport, ...]:
    """Return the reports that are kept, newest first."""
    found = []
    with suppress(OSError):
        for path in user_log_dir().glob("report-*.txt"):
            with suppress(OSError):
                text = path.read_text(encoding="utf-8", errors="replace")
                found.append(KeptReport(path.stat().st_mtime, text, path))
    return tuple(sorted(found, reverse=True))


def without_home(text: str) -> str:
    """Return ``text`` with the user's folder, which holds the user's name, as ``~``."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is none
    return text.replace(home, "~") if len(home) > len("/a") else text


def describe_command(arguments: list[str]) -> str:
    """Return the command of a command line without what was typed behind it: ``evidence add``."""
    words = []
    for argument in arguments[:2]:
        if not argument.isascii() or not argument.replace("-", "").isalpha():
            break
        words.append(argument)
    return " ".join([Path(sys.argv[0]).name or "portfolio-app", *words])


def _chain(error: BaseException, told: set[int]) -> Iterator[str]:
    told.add(id(error))
    before, joint = error.__cause__, "\nThis led directly to:\n\n"
    if before is None and not error.__suppress_context__:
        before, joint = error.__context__, "\nWhile that was being handled:\n\n"
    if before is not None and id(before) not in told:
        yield from _chain(before, told)
        yield joint
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__qualname__}: {_message(error)}\n"
    if isinstance(error, BaseExceptionGroup):
        for number, part in enumerate(error.exceptions, 1):
            yield f"\nPart {number} of {len(error.exceptions)}:\n\n"
            yield from _chain(part, told)


def _message(error: BaseException) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return f"[Errno {error.errno}] {os.strerror(error.errno)}"
    if isinstance(error, UnicodeError):
        return str(getattr(error, "reason", ""))
    sqlite_name = getattr(error, "sqlite_errorname", None)
    if isinstance(sqlite_name, str):
        return sqlite_name
    if type(error) in _TELLING or (type(error) is RuntimeError and str(error).startswith(_FROM_QT)):
        return str(error)
    return "(its message is left out, as it may hold what you typed)" if error.args else ""


# ---- crashes of the whole process

_FAULTS = "faults-*.txt"


def start_watching() -> None:
    """Have Python write where it was, should the process itself crash (a fault in a library, not an exception).

    What it writes stays for ``last_crash`` at the next start; a process that ends in order leaves nothing.
    """
    try:
        folder = user_log_dir()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"faults-{os.getpid()}.txt"
        with suppress(OSError):
            path.replace(_set_aside(path))  # left by an earlier process of this number
        file = path.open("w", encoding="utf-8")
    except OSError:
        return  # nowhere to write: the program is no worse for it
    faulthandler.enable(file, all_threads=True)
    atexit.register(_stop_watching, file, path)


def last_crash() -> str | None:
    """Return the report of a crash that nobody was told of yet, or ``None``. It is told once."""
    report = None
    with suppress(OSError):
        for path in sorted(user_log_dir().glob(_FAULTS), key=lambda path: path.stat().st_mtime):
            text = _left_behind(path)
            if text:
                report = f"{program_line()}\nThe program ended in the middle of its work.\n\n{text}"
    if report:
        keep_report(report)
    return report


def _left_behind(path: Path) -> str:
    """Return what a crashed process wrote, and remove its file; nothing for a process that still runs."""
    with path.open(encoding="utf-8", errors="replace") as file:
        text = file.read(_LONGEST_REPORT)
    process = path.stem.partition("-")[2]
    if process == str(os.getpid()) or (not text and process.isdecimal() and is_running(int(process))):
        return ""
    path.unlink(missing_ok=True)  # Windows refuses while the process runs
    return without_home(text.strip())


def _set_aside(path: Path) -> Path:
    return path.with_name(f"faults-before-{time.time_ns()}.txt")


def _stop_watching(file: TextIO, path: Path) -> None:
    faulthandler.disable()
    with suppress(OSError):
        file.close()
        path.unlink(missing_ok=True)
