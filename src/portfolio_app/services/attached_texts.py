"""What attached files say, as the search index keeps it. May be called from any thread."""

from __future__ import annotations

from dataclasses import dataclass

from portfolio_app.domain.attached_text import AttachedText, TextState
from portfolio_app.storage.portfolio_file import PortfolioFile

__all__ = ["UnreadFile", "attached_text", "unread_files"]

_REASONS = {
    None: "it was not read yet",
    TextState.ENCRYPTED: "it is protected by a password",
    TextState.DAMAGED: "it is damaged",
    TextState.TOO_LARGE: "it is too large",
    TextState.TOO_SLOW: "reading it takes too long",
    TextState.MISSING: "it is missing from the portfolio’s folder",
}


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """An attached file that may hold words which a search does not find.

    ``ref`` and ``name`` are of one of the attachments that it is; ``state`` is ``None`` until somebody has looked.
    """

    sha256: str
    ref: str
    name: str
    state: TextState | None

    @property
    def reason(self) -> str:
        """Why it is not read, as the end of a sentence."""
        return _REASONS.get(self.state, "it cannot be read")


def attached_text(portfolio: PortfolioFile, sha256: str) -> AttachedText | None:
    """Return what the file with this content says, or ``None`` while it has not been read.

    :func:`~portfolio_app.services.searching.catch_up` reads them.

    Raises:
        SearchUnavailable: the index, which keeps it, cannot be read now.
    """
    return portfolio.search_index.attached_text(sha256)


def unread_files(portfolio: PortfolioFile) -> list[UnreadFile]:
    """Return the attached files whose text is not known, those of the newest items first; each content once.

    Raises:
        SearchUnavailable: the index cannot be read now.
    """
    return [UnreadFile(each.sha256, each.ref, each.name, each.state) for each in portfolio.search_index.unread_files()]
