"""Room set aside, so that the last edits can still be saved when the disk is full."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from portfolio_app.durable import sync_folder

SIZE: Final = 8 << 20
"""Bytes: more than one edit with its journal and its history ever took."""

_CHUNK = 1 << 20


class Ballast:
    """A file that only takes room: given up when a save finds the disk full, laid down again when there is room."""

    def __init__(self, path: Path, size: int = SIZE) -> None:
        self.path = path
        self.size = size

    @property
    def is_whole(self) -> bool:
        """Whether the whole room is set aside."""
        try:
            return self.path.stat().st_size == self.size
        except OSError:
            return False

    def refill(self) -> bool:
        """Set the room aside if it is not, and say whether it is now. A disk without room for it is no error."""
        if self.is_whole:
            return True
        temporary = self.path.with_name(f"{self.path.name}.tmp")
        try:
            with temporary.open("wb", buffering=0) as file:
                if hasattr(os, "posix_fallocate"):
                    with suppress(OSError):  # not every file system; the bytes below take the room as well
                        os.posix_fallocate(file.fileno(), 0, self.size)
                for start in range(0, self.size, _CHUNK):
                    # Zeros, or what repeats, might take no room at all.
                    rest = memoryview(secrets.token_bytes(min(_CHUNK, self.size - start)))
                    while rest:
                        rest = rest[file.write(rest) :]
                os.fsync(file.fileno())
            temporary.replace(self.path)
            sync_folder(self.path.parent)
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            return False
        return True

    def release(self) -> bool:
        """Give the room up and say whether there was any."""
        try:
            self.path.unlink()
        except OSError:
            return False
        with suppress(OSError):
            sync_folder(self.path.parent)
        return True
