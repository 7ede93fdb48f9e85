"""The program's log: a small file for whoever helps the user, with nothing in it that was typed.

What the program logs itself is worded in its code; a message of a library may quote a portfolio, so only where it
came from is kept.
"""

from __future__ import annotations

import logging
import re
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from portfolio_app import crash
from portfolio_app.paths import user_log_dir

NAME = "portfolio-app.log"
QT = "qt"

_LARGEST = 256 * 1024  # bytes; then the file becomes the one before, and that one goes
_LONGEST_MESSAGE = 2_000  # characters
_OUR_OWN = ("portfolio_app", QT)

# "…" and '…' as Qt quotes file names and values, and paths up to the end of the line: they may hold spaces.
_QUOTED = re.compile(r"\"[^\"\n]*\"|(?<!\w)'[^'\n]*'(?!\w)|“[^”\n]*”|‘[^’\n]*’")
_PATH = re.compile(r"(?:\b[a-z]+:)?(?<![\w.])(?:/|~/|[A-Za-z]:[\\/]|\\\\)[^\s].*")


def start() -> Path | None:
    """Begin to write the log; return its file, or ``None`` where none can be written."""
    path = user_log_dir() / NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _SmallFile(path)
    except OSError:
        return None
    handler.setFormatter(_Discreet("{asctime} {levelname} {name} {message}", style="{"))
    root = logging.getLogger()
    for old in root.handlers[:]:
        if isinstance(old, _SmallFile):
            root.removeHandler(old)
            old.close()
    root.addHandler(handler)
    logging.getLogger("portfolio_app").setLevel(logging.INFO)
    logging.getLogger(QT).setLevel(logging.INFO)
    return path


def note_versions() -> None:
    """Write down which program this is and what it runs on (takes a moment: not before the window is there)."""
    logging.getLogger("portfolio_app").info("%s", crash.program_line())


def discreet(message: str) -> str:
    """Return a message of Qt without what it quotes and without names of files."""
    return _PATH.sub("…", _QUOTED.sub("…", message))[:_LONGEST_MESSAGE]


class _Discreet(logging.Formatter):
    """Writes a record without what may have been typed."""

    def format(self, record: logging.LogRecord) -> str:
        # A copy: other handlers write the record as it is, and may have put a whole traceback into it.
        record = logging.makeLogRecord({**record.__dict__, "exc_text": None})
        if record.name.partition(".")[0] not in _OUR_OWN:
            record.msg, record.args = f"(said at {record.module}:{record.lineno})", None
        return crash.without_home(super().format(record))

    def formatException(  # noqa: N802 - the name is the library's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return crash.traceback_text(ei[1]).rstrip() if ei[1] is not None else ""


class _SmallFile(logging.FileHandler):
    """A log file that is set aside when it is large enough; ``logging.handlers`` takes 10 ms to import."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", errors="backslashreplace", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; a log that cannot be written (the disk is full) is not worth a word to the user."""
        with suppress(OSError, ValueError):
            if self.stream is not None and self.stream.tell() >= _LARGEST:
                self._set_aside()
            if self.stream is None:
                self.stream = self._open()
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is the library's
        """Say a fault of the program's own logging, but not that the disk is full."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)

    def _set_aside(self) -> None:
        if self.stream is not None:
            self.stream.close()
        self.stream = None
        path = Path(self.baseFilename)
        with suppress(OSError):  # Windows keeps it while another window writes to it
            path.replace(path.with_suffix(".log.1"))
