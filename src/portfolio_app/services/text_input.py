"""Words that a user gives, made fit to be stored: lines, prose, days and text files.

Everything is checked before anything is written, so that a bad value never leaves half an edit behind.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path

from portfolio_app.domain.dates import PartialDate
from portfolio_app.domain.errors import InvalidInput

LONGEST_LINE = 500
"""Characters in a title, a name, an address: more is a paste that went into the wrong place."""

LARGEST_TEXT = 1_000_000
"""Bytes in a text file that becomes the words of an item: some 150,000 words."""

_LINE_BREAKS = re.compile(r"\r\n?|\x85|\u2028|\u2029|\x0b|\x0c")


def line(text: str, what: str, *, required: bool = False) -> str:
    """Return the text on one line without surplus white space or control characters.

    Args:
        text: what was given.
        what: its name in an error sentence, beginning with a capital ("The title").
        required: whether it may not be empty.

    Raises:
        InvalidInput: it is too long, empty though required, or not text.
    """
    cleaned = " ".join(_printable(" ".join(text.split()), what).split())
    if required and not cleaned:
        raise InvalidInput(f"{what} is empty; give it some words.")
    if len(cleaned) > LONGEST_LINE:
        raise InvalidInput(f"{what} has {len(cleaned):,} characters; at most {LONGEST_LINE:,} fit.")
    return cleaned


def shortened(text: str, longest: int = LONGEST_LINE) -> str:
    """Return text of the program's own on one line, cut at a word where it is longer than fits."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= longest else f"{one_line[: longest - 1].rsplit(' ', 1)[0]}…"


def prose(text: str, what: str) -> str:
    """Return text of any number of lines with line ends made the same and control characters removed.

    Raises:
        InvalidInput: it is too long or not text.
    """
    if len(text) > LARGEST_TEXT:
        raise InvalidInput(f"{what} is too long; at most {LARGEST_TEXT // 1000:,} kB of text fit.")
    return _printable(_LINE_BREAKS.sub("\n", text), what, keep="\n\t").strip("\n")


def day(text: str) -> date:
    """Read a whole calendar date, in any of the ways of :meth:`PartialDate.parse`.

    Raises:
        InvalidInput: it is no date, or its day is left open.
    """
    partial = PartialDate.parse(text)
    if partial.day is None:
        raise InvalidInput(f"“{text}” names no day; write the whole date, such as 2026-03-09.")
    return partial.first_day


def read_bounded(path: Path, limit: int = LARGEST_TEXT) -> bytes:
    """Return a file's bytes.

    Raises:
        InvalidInput: it is missing, a folder, unreadable, empty, or larger than ``limit`` bytes.
    """
    if path.is_dir():
        raise InvalidInput(f"“{path}” is a folder; a text file is needed here.")
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else _reason(error)
        raise InvalidInput(f"“{path}” cannot be read: {reason}.") from error
    return bounded(data, f"“{path}”", limit)


def bounded(data: bytes, name: str, limit: int = LARGEST_TEXT) -> bytes:
    """Return the bytes if there are some, and not too many.

    Raises:
        InvalidInput: there are none, or more than ``limit``.
    """
    if len(data) > limit:
        raise InvalidInput(f"{name} is too large for a text; at most {limit // 1000:,} kB are taken.")
    if not data.strip():
        raise InvalidInput(f"{name} is empty.")
    return data


def decode(data: bytes, name: str) -> str:
    """Return the text of a file in UTF-8 (with or without byte order mark), UTF-16 with one, or Windows-1252.

    Raises:
        InvalidInput: it is not text.
    """
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(unicodedata.category(character) == "Cc" and character not in "\t\n\r\f\v\x85" for character in text):
            break
        return prose(text, name)
    raise InvalidInput(f"{name} is not a text file; save it as plain text in UTF-8 and try again.")


def _printable(text: str, what: str, keep: str = "") -> str:
    """Drop what could steer a terminal or break a document."""
    if text.isprintable():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidInput(f"{what} holds characters that are not text; type it anew.") from None
    return "".join(character for character in text if character in keep or unicodedata.category(character) != "Cc")


def _reason(error: OSError | ValueError) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "its name cannot be used"
    return reason[:1].lower() + reason[1:]
