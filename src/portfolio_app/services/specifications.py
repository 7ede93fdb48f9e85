"""Units from documents that somebody else wrote: specifications as PDF, Word, web page or text, and guidance texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.progress import Progress
from portfolio_app.importing.guidance_text import holds_guidance, read_guidance_text
from portfolio_app.importing.imported_unit import ImportedUnit
from portfolio_app.importing.specifications import read_specification, stays_on_every_page
from portfolio_app.importing.text_decoding import decode_text
from portfolio_app.media_types import media_type
from portfolio_app.reading.document_lines import PDF, SourceLine, read_lines, text_lines
from portfolio_app.reading.formats import reader_of
from portfolio_app.reading.limits import Problem, Unreadable

LARGEST_DOCUMENT: Final = 300_000_000
"""Bytes; most of a large specification are pictures."""

PASTED: Final = "pasted text"
"""What a text without a file is called."""

READING: Final = "Reading"
"""What a reader in a process of its own tells when it has begun."""

_HEAD: Final = 4_096  # bytes that tell what a file is
_MARKED_UP: Final = frozenset({"text/html", "text/rtf"})
_SAYS: Final[Mapping[Problem, str]] = {
    Problem.PROTECTED: "is protected with a password: save a copy without one, and import that",
    Problem.DAMAGED: "cannot be read: it is damaged, or not what its name says",
    Problem.ENORMOUS: "is too large to be read: import the pages of its units only",
    Problem.SLOW: "takes too long to be read: import the pages of its units only",
    Problem.EMPTY: "is empty: choose a file with the unit’s text",
    Problem.NO_TEXT: (
        "holds no text, only pictures of its pages, as a scanned document does: have its text recognised first, or "
        "paste or type the unit’s text"
    ),
    Problem.NO_WORDS: "holds no text to read a unit from",
    Problem.OLD_FORMAT: "is in an old format of Office: save it as .docx, and import that",
    Problem.UNKNOWN_FORMAT: "is no text, PDF, Word document, web page or other document that units can be read from",
}


def is_document(path: Path) -> bool:
    """Say whether a file is a PDF, a Word document or another that is no plain text, by its content."""
    kind = _kind_of(path)
    if kind.startswith("text/"):
        return kind in _MARKED_UP
    return kind == PDF or reader_of(kind, path.name) is not None


def units_of_document(path: Path, *, tick: Callable[[], None] = lambda: None) -> tuple[ImportedUnit, ...]:
    """Read all units of a PDF, a Word document or another document that is no plain text.

    Raises:
        InvalidInput: the file cannot be read; the sentence says why.
    """
    try:
        is_enormous = path.stat().st_size > LARGEST_DOCUMENT
        kind = _kind_of(path)
        lines = () if is_enormous else read_lines(path, path.name, kind, keep=stays_on_every_page, tick=tick)
    except Unreadable as error:
        raise InvalidInput(f"“{path.name}” {_SAYS[error.problem]}.") from error
    except OSError as error:
        raise InvalidInput(f"“{path.name}” cannot be read: {error.strerror or 'there is no such file'}.") from error
    if is_enormous:
        raise InvalidInput(f"“{path.name}” {_SAYS[Problem.ENORMOUS]}.")
    if holds_guidance([line.text for line in lines]):
        text = "\n".join(line.text for line in lines)
        return (read_guidance_text(text.encode("utf-8", "replace"), path.name),)
    return read_specification(lines, path.name, tick=tick)


def units_of_text(data: bytes, name: str) -> tuple[ImportedUnit, ...]:
    """Read all units of a plain text: one where it is guidance, whose headings tell it.

    Raises:
        InvalidInput: it is no text, or there is too much of it.
    """
    text = decode_text(data, name)
    if holds_guidance(text.splitlines()):
        return (read_guidance_text(data, name),)
    lines: tuple[SourceLine, ...] = text_lines(text)
    return read_specification(lines, name)


def _kind_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return media_type(path.name, file.read(_HEAD))
    except (OSError, ValueError):
        return ""


class DocumentReader:
    """Reads documents; it lives in a process of its own, which so needs nothing of portfolios."""

    def document(self, path: Path, progress: Progress) -> tuple[ImportedUnit, ...]:
        """Read a document, as :func:`units_of_document` does."""
        progress(0, 0, READING)
        return units_of_document(path, tick=lambda: progress(0, 0, READING))

    def text(self, text: str, progress: Progress) -> tuple[ImportedUnit, ...]:
        """Read a text that was pasted, as :func:`units_of_text` does."""
        progress(0, 0, READING)
        return units_of_text(text.encode("utf-8", "replace"), PASTED)
