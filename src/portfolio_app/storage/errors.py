"""What can go wrong with a portfolio on disk, each with a sentence for the user.

Everything here is the user's or the disk's doing. Any other exception out of this package is a bug.
"""

from __future__ import annotations

from portfolio_app.domain.errors import KnownError


class StorageError(KnownError):
    """A portfolio or one of its files could not be read or written."""


class NotAPortfolio(StorageError):
    """The place does not hold a portfolio: another kind of file, an empty file or an empty folder."""


class AlreadyExists(StorageError):
    """The folder for a new portfolio already has something in it."""


class NewerFormat(StorageError):
    """A newer version of the program wrote the portfolio; this one must not touch it."""


class UpdateFailed(StorageError):
    """A portfolio of an older format could not be brought up to date; it was left as it was."""


class ForeignSchema(StorageError):
    """The database has tables, views or triggers that this program did not make."""


class PortfolioLocked(StorageError):
    """Another window, program or computer has the portfolio open for writing.

    ``can_take_over``: only a note of another computer's says so, which a user who knows better may override.
    """

    def __init__(self, sentence: str, *, can_take_over: bool = False) -> None:
        super().__init__(sentence)
        self.can_take_over = can_take_over


class PortfolioDamaged(StorageError):
    """The database is damaged and no intact back-up could stand in for it."""


class ReadOnlyPortfolio(StorageError):
    """An edit was asked of a portfolio that is open for reading only."""


class DiskFull(StorageError):
    """There is no room left; nothing was half-saved."""


class FileUnreadable(StorageError):
    """A file could not be read: missing, not permitted, a folder, or the disk reports an error."""


class FileUnwritable(StorageError):
    """A file or folder of the portfolio could not be written: not permitted, or the disk reports an error."""


class FileChangedWhileRead(StorageError):
    """A file that was being attached changed under way, so that its copy would be neither old nor new."""


class BackupDamaged(StorageError):
    """A back-up's content does not agree with the hash in its name."""


class NothingToUndo(StorageError):
    """There is no step to undo or redo, or the step is a decision, which is superseded and never undone."""


class Conflict(StorageError):
    """An edit would break a rule of the portfolio, such as two claims for the same evidence and requirement."""
