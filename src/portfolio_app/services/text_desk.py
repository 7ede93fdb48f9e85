"""The text of attached files, read in a process of its own: what hangs, crashes or fills the memory is lost there."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Self

from portfolio_app.domain.attached_text import AttachedText, TextState
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.helper_process import HelperProcess, ProcessDied
from portfolio_app.processes import give_way
from portfolio_app.reading.limits import SEARCHED, Limits

_WHAT: Final = "The part of the program that reads attached files"
_ADVICE: Final = "Your portfolio is as it was; try again."
_MOST_MEMORY: Final = 2_000_000_000  # bytes of addresses that the process may have, where the system counts them
_SECONDS_MORE: Final = 5.0  # for a library that does not look at the clock
_READING: Final = "Reading"


@dataclass(frozen=True, slots=True)
class FileToRead:
    """An attached file whose text is wanted: where it is, and what the portfolio knows of it."""

    path: Path
    name: str
    media_type: str
    sha256: str


class TextDesk:
    """Reads files in its process."""

    def __init__(self, limits: Limits) -> None:
        """Read so much of each file, while others who want the computer come first."""
        self._limits = limits
        _limit_memory(_MOST_MEMORY)
        give_way()

    def read(self, file: FileToRead, progress: Progress = no_progress) -> AttachedText:
        """Read one file; as :func:`~portfolio_app.reading.extraction.extract_text` does."""
        from portfolio_app.reading.extraction import extract_text  # noqa: PLC0415 - its libraries are for the process

        def tick() -> None:
            progress(0, 0, _READING)

        tick()
        return extract_text(file.path, file.name, file.media_type, file.sha256, tick, limits=self._limits)


class TextProcess:
    """A :class:`TextDesk` in a process of its own. Its methods wait for the answer: not for the window's thread."""

    def __init__(self, limits: Limits = SEARCHED) -> None:
        """Read so much of each file; the process is started when it is needed."""
        self._seconds = limits.seconds + _SECONDS_MORE
        self._process = HelperProcess(partial(TextDesk, limits), what=_WHAT, advice=_ADVICE)

    @property
    def process_id(self) -> int | None:
        """The number of the process, while there is one."""
        return self._process.process_id

    def read(self, file: FileToRead, progress: Progress = no_progress) -> AttachedText:
        """Return what a file says. One that ends the process, or never ends, is damaged or too slow.

        Raises:
            Cancelled: ``progress`` said so.
            ProcessDied: the process cannot be started.
        """
        watch = _Deadline(progress, file.name, self._seconds)
        try:
            return self._process.call(TextDesk.read, file, progress=watch)
        except _OutOfTimeError:
            return AttachedText(file.sha256, TextState.TOO_SLOW)
        except ProcessDied:
            if not watch.has_begun:
                raise
            return AttachedText(file.sha256, TextState.DAMAGED)
        except MemoryError:  # what was read did not fit either
            return AttachedText(file.sha256, TextState.TOO_LARGE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process for good; what it works on is cancelled."""
        self._process.close()


class _OutOfTimeError(Exception):
    """A file takes longer than any may."""


class _Deadline:
    """Passes progress on, and ends the work on one file when its time is up; that begins when the process does."""

    def __init__(self, progress: Progress, name: str, seconds: float) -> None:
        self.has_begun = False
        self._progress = progress
        self._shown = f"Reading {name}"
        self._seconds = seconds
        self._end = 0.0

    def __call__(self, done: int, total: int, what: str) -> None:
        del done, total
        now = time.monotonic()
        if what == _READING and not self.has_begun:
            self.has_begun = True
            self._end = now + self._seconds
        self._progress(0, 0, self._shown)
        if self.has_begun and now > self._end:
            raise _OutOfTimeError


def _limit_memory(most: int) -> None:
    """Let the system refuse this process more memory, if it is one that can."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    with suppress(OSError, ValueError):
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
