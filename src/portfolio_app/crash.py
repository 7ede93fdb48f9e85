"""What to do about a bug: a report in a file, so that the user sees a sentence and not a traceback."""

from __future__ import annotations

import platform
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

_KEPT = 20  # reports; older ones are removed


def program_version() -> str:
    """Return the installed version of the program."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - start-up time

    try:
        return version("portfolio-app")
    except PackageNotFoundError:
        return "0"


def write_report(error: BaseException, doing: str) -> Path | None:
    """Write down what went wrong and return where, or ``None`` where nothing can be written.

    The report holds versions and the chain of calls, not the command line.
    """
    now = datetime.now(UTC)
    report = "\n".join(
        [
            f"Portfolio App {program_version()} · Python {platform.python_version()} · {platform.platform()}",
            f"{now.isoformat(timespec='seconds')} · {doing}",
            "",
            "".join(traceback.format_exception(error)),
        ]
    )
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"report-{now:%Y%m%dT%H%M%S%f}.txt"
            path.write_text(report, encoding="utf-8", errors="backslashreplace")
            for old in sorted(folder.glob("report-*.txt"))[:-_KEPT]:
                old.unlink(missing_ok=True)
        except OSError:
            continue
        else:
            return path
    return None


def _folders() -> list[Path]:
    from platformdirs import user_log_path  # noqa: PLC0415 - only when something went wrong

    return [user_log_path("portfolio-app", appauthor=False), Path(tempfile.gettempdir()) / "portfolio-app"]


def describe_command(arguments: list[str]) -> str:
    """Return the command of a command line without what was typed behind it: ``evidence add``."""
    words = []
    for argument in arguments[:2]:
        if not argument.isascii() or not argument.replace("-", "").isalpha():
            break
        words.append(argument)
    return " ".join([Path(sys.argv[0]).name or "portfolio-app", *words])
