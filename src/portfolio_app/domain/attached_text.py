"""What an attached file says, as far as it can be read, and where in the file it says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Final

_PAGES_ARE: Final = {
    **dict.fromkeys((".pptx", ".ppt", ".odp"), "slide"),
    **dict.fromkeys((".xlsx", ".xls", ".ods"), "sheet"),
}


class TextState(StrEnum):
    """Whether a file's text was read, and why not."""

    READ = "read"
    NOTHING = "nothing"
    """There are no words in it: a scanned page, a blank sheet, a recording."""
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    """It is broken, or not what its name says."""
    TOO_LARGE = "too large"
    TOO_SLOW = "too slow"
    UNKNOWN_FORMAT = "unknown format"
    MISSING = "missing"
    """It is not in the portfolio's folder, or cannot be read from the disk."""


@dataclass(frozen=True, slots=True)
class TextPassage:
    """A paragraph, a list's entry, a table's row or a heading of a file.

    Attributes:
        text: Its words; never blank. Cells of a row are parted by tabs.
        page: The page, slide or sheet that it stands on, from 1; ``None`` where the format has none.
        paragraph: Its place in the whole file, from 1.
    """

    text: str
    page: int | None
    paragraph: int


@dataclass(frozen=True, slots=True)
class AttachedText:
    """What the file of this content says. Only one that was READ has passages.

    ``complete`` is false where a part of it was left out: beyond the limits, hidden, or a page that is broken.
    """

    sha256: str
    state: TextState
    passages: tuple[TextPassage, ...] = ()
    complete: bool = True


def page_word(name: str) -> str:
    """Return what the pages of a file with this name are called: page, slide or sheet."""
    return _PAGES_ARE.get(PurePath(name).suffix.lower(), "page")
