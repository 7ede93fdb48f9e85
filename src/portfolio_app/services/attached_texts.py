"""What attached files say, as the search index keeps it. May be called from any thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from portfolio_app.domain.attached_text import AttachedText, TextState, page_word
from portfolio_app.services.attachment_previews import TextPreview, in_short_lines
from portfolio_app.storage.portfolio_file import PortfolioFile

__all__ = ["UnreadFile", "attached_text", "unread_files", "words_to_read"]

MOST_SHOWN: Final = 300_000
"""Characters of a file whose words are all that is shown of it."""

_ONLY_WORDS: Final = "Only the words of this file are shown here. Open it in its own program to see it as it is."
_IS_CUT: Final = " There is more of it than stands here."

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


def words_to_read(portfolio: PortfolioFile, sha256: str, name: str) -> TextPreview | None:
    """Return the words of a file that is not shown as it is, each page below its number; ``None`` if none are known.

    Raises:
        SearchUnavailable: the index, which keeps them, cannot be read now.
    """
    text = attached_text(portfolio, sha256)
    if text is None or not text.passages:
        return None
    lines: list[str] = []
    page, length = None, 0
    for passage in text.passages:
        if passage.page != page:
            page = passage.page
            lines += ["", f"{page_word(name).capitalize()} {page:,}", ""] if page is not None else [""]
        lines.append(passage.text)
        length += len(passage.text)
        if length > MOST_SHOWN:
            break
    is_cut = length > MOST_SHOWN or not text.complete
    return TextPreview(in_short_lines("\n".join(lines).strip()), _ONLY_WORDS + (_IS_CUT if is_cut else ""))
