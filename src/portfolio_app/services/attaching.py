"""Files on their way into a portfolio: copied beside the work on the database, then attached in one step."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portfolio_app.domain.errors import Cancelled, InvalidInput, KnownError
from portfolio_app.domain.evidence import Attachment
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.exporting.pictures import day_taken
from portfolio_app.media_types import media_type
from portfolio_app.reading.messages import read_message
from portfolio_app.storage.files import FileStore, clean_name
from portfolio_app.storage.portfolio_file import PortfolioFile

_HEAD = 4096  # bytes that tell what sort of file it is
_EMAIL_HEAD = 65_536  # bytes that hold what an e-mail says of itself


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """A file whose content is safe in the portfolio's folder, but which belongs to no item yet. ``size`` in bytes.

    ``made_on`` is the day that the file itself gives: when an e-mail was sent or a camera took the photograph.
    """

    name: str
    sha256: str
    size: int
    media_type: str
    made_on: date | None = None


@dataclass(frozen=True, slots=True)
class CopiedFiles:
    """The files that were copied, and a sentence for each that could not be."""

    files: tuple[CopiedFile, ...]
    refused: tuple[str, ...] = ()


class FileCopier:
    """Copies files into an open portfolio's folder. May be used from any thread: it leaves the database alone.

    What is copied and then not attached is collected after 30 days like any file that nothing names.
    """

    def __init__(self, store: FileStore) -> None:
        self._store = store

    def copy(self, path: Path, progress: Progress = no_progress) -> CopiedFile:
        """Copy one file; ``progress`` counts bytes.

        Raises:
            InvalidInput: it is empty.
            StorageError: it cannot be read or there is no room for it.
        """
        name = clean_name(path.name)
        if path.is_file() and path.stat().st_size == 0:
            raise InvalidInput(f"“{name}” is empty and was not added.")
        stored = self._store.add(path, progress)
        kept = self._store.path(stored.sha256)
        kind = media_type(name, _head(kept))
        return CopiedFile(name, stored.sha256, stored.size, kind, _day_within(kept, kind))

    def copy_all(self, paths: Sequence[Path], progress: Progress = no_progress) -> CopiedFiles:
        """Copy files one after the other; one that cannot be copied does not stop the others.

        Raises:
            Cancelled: the user stopped it.
        """
        copied: list[CopiedFile] = []
        refused: list[str] = []
        for place, path in enumerate(paths, 1):
            try:
                copied.append(self.copy(path, naming(progress, path, place, len(paths))))
            except Cancelled:
                raise
            except KnownError as error:
                refused.append(str(error))
        return CopiedFiles(tuple(copied), tuple(refused))

    def keep(self, name: str, content: bytes) -> CopiedFile:
        """Keep what has no file yet, such as a picture from the clipboard.

        Raises:
            InvalidInput: there is nothing in it.
            StorageError: there is no room for it.
        """
        with tempfile.TemporaryDirectory(prefix="portfolio-") as folder:
            path = Path(folder, clean_name(name))
            path.write_bytes(content)
            return self.copy(path)


def file_copier(portfolio: PortfolioFile) -> FileCopier:
    """Return what copies files into this portfolio."""
    return FileCopier(portfolio.files)


def naming(progress: Progress, path: Path, place: int, count: int) -> Progress:
    """Return a progress that tells which of several files is being attached."""
    counted = f" ({place} of {count})" if count > 1 else ""
    shown = f"Attaching {clean_name(path.name)}{counted}"

    def report(done: int, total: int, what: str) -> None:
        del what
        progress(done, total, shown)

    return report


def with_files(present: Sequence[Attachment], files: Sequence[CopiedFile]) -> tuple[tuple[Attachment, ...], list[str]]:
    """Return an item's attachments with more files, and a sentence for each whose content it has already."""
    attachments = list(present)
    told: list[str] = []
    for file in files:
        twin = next((other for other in attachments if other.sha256 == file.sha256), None)
        if twin is not None:
            told.append(f"“{file.name}” was not added: its content is attached already, as “{twin.name}”.")
            continue
        name = free_name(file.name, {other.name.casefold() for other in attachments})
        attachments.append(Attachment(new_id(), name, file.sha256, file.size, file.media_type))
    return tuple(attachments), told


def free_name(name: str, taken: set[str]) -> str:
    """Number a name that another file of the item has, so that a claim can say which one it means."""
    stem, suffix = Path(name).stem, Path(name).suffix
    free, number = name, 2
    while free.casefold() in taken:
        free, number = f"{stem} ({number}){suffix}", number + 1
    return free


def _head(path: Path | None, most: int = _HEAD) -> bytes:
    if path is None:
        return b""
    with path.open("rb") as file:
        return file.read(most)


def _day_within(path: Path | None, kind: str) -> date | None:
    """Return the day an e-mail was sent, in its sender’s time, or a photograph taken, if the file says so."""
    if path is not None and kind.startswith("image/"):
        return day_taken(path, date.max)
    email = read_message(_head(path, _EMAIL_HEAD)) if kind == "message/rfc822" else None
    return email.moment.date() if email is not None and email.moment is not None else None
