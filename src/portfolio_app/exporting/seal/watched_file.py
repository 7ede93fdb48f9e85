"""A file that says how far it was read, for libraries that have no progress of their own."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

CHUNK: Final = 1 << 20
"""Bytes to read at once: enough to be fast, and to be cancelled soon."""


class WatchedFile(io.BufferedRandom):
    """An open file whose large reads are reported; the report may raise to cancel."""

    def __init__(self, path: Path, report: Callable[[int], None]) -> None:
        """Open the file to be read and written."""
        super().__init__(io.FileIO(path, "r+"))
        self._report = report

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer, as any file does."""
        count = super().readinto(buffer)
        if count:
            self._report(self.tell())
        return count
