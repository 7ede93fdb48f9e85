"""How much of an attached file is read and shown, and what ends the reading."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from portfolio_app.domain.errors import KnownError

MOST_CHARACTERS: Final = 150_000
"""Of one file that are shown: some fifty pages."""
MOST_BLOCKS: Final = 6_000
"""Paragraphs, tables and lists of one file that are shown."""
MOST_TEXT_BYTES: Final = 2_000_000
"""Of a text file that are read."""
LARGEST_EMAIL: Final = 50_000_000
"""Bytes of an e-mail that is taken apart."""
LARGEST_PART: Final = 12_000_000
"""Bytes of one part of an Office file, unpacked, that is held in memory as a whole."""
LARGEST_STREAM: Final = 60_000_000
"""Bytes of a part of an Office file, unpacked, that is read piece by piece."""
MOST_UNPACKED: Final = 120_000_000
"""Bytes of all the parts that are read of one Office file."""
LARGEST_DIRECTORY: Final = 5_000_000
"""Bytes of an Office file's table of contents."""
MOST_ROWS: Final = 100
"""Of one table that are shown."""
MOST_ROWS_OF_FILE: Final = 400
MOST_COLUMNS: Final = 16
LONGEST_CELL: Final = 1_000
MOST_SHEETS: Final = 30
MOST_SLIDES: Final = 200
SECONDS: Final = 15.0
"""After which the reading of one file is given up."""

_SECONDS_BETWEEN_TICKS = 0.05


class Unshowable(KnownError):
    """A file cannot be shown; the text is the key of the reason in ``attached_problem``."""


class LimitReached(Exception):
    """As much of a file as a document takes has been read."""


class Watch:
    """Looks at the clock while one file is read: so that the user can cancel, and no file takes for ever."""

    def __init__(self, tick: Callable[[], None]) -> None:
        self._tick = tick
        now = time.monotonic()
        self._end = now + SECONDS
        self._last = now

    def __call__(self) -> None:
        """Let the work be cancelled.

        Raises:
            Unshowable: the file has taken too long.
        """
        now = time.monotonic()
        if now - self._last < _SECONDS_BETWEEN_TICKS:
            return
        self._last = now
        self._tick()
        if now > self._end:
            raise Unshowable("slow")
