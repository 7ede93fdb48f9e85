"""Saving what pikepdf holds, so that a full disk is an error and not the end of the process."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO, cast

import pikepdf


def save_pdf(document: pikepdf.Pdf, target: Path, **options: Any) -> None:
    """Write a document to a file, with the options of ``pikepdf.Pdf.save``.

    Raises:
        OSError: it cannot be written, or the disk is full.
    """
    with target.open("wb") as file:
        document.save(cast(BinaryIO, _FlushedLater(file)), **options)


class _FlushedLater:
    """A file that is flushed when it is closed: qpdf ends the whole process where its own last flush fails."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.tell, self.seek, self.seekable = file.tell, file.seek, file.seekable
        self.write, self.writable = file.write, file.writable

    def flush(self) -> None:
        """Do nothing yet."""
