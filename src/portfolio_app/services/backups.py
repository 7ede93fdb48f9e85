"""Back-ups of a portfolio, and getting one back: always to a new name."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.storage.backups import Backup
from portfolio_app.storage.errors import FileUnwritable
from portfolio_app.storage.files import FileStore
from portfolio_app.storage.portfolio_file import SUFFIX, PortfolioFile

__all__ = ["Backup", "Restored", "choose_backup", "list_backups", "make_backup", "restore_backup"]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. ``place``, a folder or a file, is what to open; ``missing`` names lost files."""

    backup: Backup
    place: Path
    missing: tuple[str, ...] = ()


def list_backups(portfolio: PortfolioFile) -> list[Backup]:
    """Return the back-ups, newest first."""
    return portfolio.backups.list()


def make_backup(portfolio: PortfolioFile) -> Backup:
    """Make a back-up now."""
    return portfolio.backups.make()


def choose_backup(backups: Sequence[Backup], wanted: str | None) -> Backup:
    """Return the back-up of this name, or the beginning of it; the newest intact one where none is named.

    Raises:
        UnknownReference: there is none.
        InvalidInput: several begin like that.
    """
    if wanted is None:
        intact = next((backup for backup in backups if backup.intact), None)
        if intact is None:
            raise UnknownReference("There is no intact back-up of this portfolio.")
        return intact
    found = [backup for backup in backups if backup.name.startswith(wanted.strip())] if wanted.strip() else []
    if not found:
        raise UnknownReference(f"There is no back-up “{wanted}”; “backup list” shows their names.")
    if len(found) > 1:
        raise InvalidInput(f"{len(found)} back-ups begin with “{wanted}”; give more of the name.")
    return found[0]


def restore_backup(
    portfolio: PortfolioFile, backup: Backup, to: Path | None = None, progress: Progress = no_progress
) -> Restored:
    """Get a back-up back under a new name; what there is now stays.

    Args:
        portfolio: the portfolio as it is now, open for editing unless ``to`` is given.
        backup: one of its back-ups.
        to: a new folder, which becomes a whole portfolio with its files; or a new ``.portfolio`` file, which is the
            database alone. By default a new file in the portfolio's folder, which is its current one from then on.
        progress: counts the attached files.

    Raises:
        InvalidInput: there is something of this name already.
        StorageError: the back-up is damaged, or there is no room for it.
    """
    if to is None:
        return Restored(backup, portfolio.restore(backup))
    _must_be_new(to)
    if to.suffix.lower() == SUFFIX:
        return Restored(backup, portfolio.backups.restore(backup, to))
    try:
        to.mkdir()
    except OSError as error:
        raise FileUnwritable(f"The folder “{to}” cannot be made ({error.strerror or error}).") from error
    try:
        portfolio.backups.restore(backup, to / portfolio.path.name)
        missing = _copy_files(portfolio.files, to, progress)
    except BaseException:
        shutil.rmtree(to, ignore_errors=True)
        raise
    return Restored(backup, to, missing)


def _must_be_new(target: Path) -> None:
    try:
        exists = target.exists()
    except (OSError, ValueError) as error:
        raise InvalidInput(f"“{target}” cannot be the name of a file or folder.") from error
    if exists:
        raise InvalidInput(f"“{target}” exists already; a back-up is restored to a new name.")
    if not target.absolute().parent.is_dir():
        raise InvalidInput(f"There is no folder “{target.parent}” to restore into.")


def _copy_files(source: FileStore, folder: Path, progress: Progress) -> tuple[str, ...]:
    with PortfolioFile.open(folder, read_only=True) as restored, restored.read() as reader:
        wanted = {attachment.sha256: attachment.name for attachment in reader.facts({}).attachments}
        missing = []
        for done, (sha256, name) in enumerate(wanted.items()):
            progress(done, len(wanted), f"Copying {name}")
            path = source.path(sha256)
            if path is None or restored.files.add(path).sha256 != sha256:
                missing.append(name)
    return tuple(missing)
