"""What can be shown of an attached file, read within limits: text, tables, e-mail, pictures, words of a document.

The pages of a PDF are in :mod:`portfolio_app.services.pdf_pages`. Everything here reads from the disk, so it is
for a thread that nobody waits for; nothing fetches anything from elsewhere.
"""

from __future__ import annotations

import hashlib
import re
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Final

from portfolio_app.domain.errors import InvalidInput, KnownError
from portfolio_app.domain.evidence import Attachment
from portfolio_app.exporting.file_types import file_type_in_words
from portfolio_app.exporting.pictures import upright_picture
from portfolio_app.exporting.wording import wording_of
from portfolio_app.importing.text_decoding import decode_text
from portfolio_app.reading.csv_tables import read_values
from portfolio_app.reading.limits import SHOWN
from portfolio_app.reading.messages import EmailPart as Part
from portfolio_app.reading.messages import decoded, harmless_html, plain_of_html, read_message

__all__ = [
    "EmailPart",
    "EmailPreview",
    "PicturePreview",
    "PreviewKind",
    "PreviewUnavailable",
    "RichTextPreview",
    "TablePreview",
    "TextPreview",
    "file_problem",
    "in_short_lines",
    "preview_kind",
    "read_email",
    "read_picture",
    "read_table",
    "read_text",
    "read_web_page",
    "read_words",
    "size_in_words",
    "type_in_words",
]

MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 100
MOST_RICH_TEXT: Final = 100_000
"""Characters of HTML that are laid out; longer ones are shown as plain text."""

_LONGEST_CELL = 2_000
_LONGEST_LINE = 5_000  # characters
_MOST_WORDS_BYTES = 20_000_000  # of a document's text, unpacked
_MOST_UNPACKED_BYTES = 200_000_000
_MOST_PARAGRAPHS = 10_000
_HASHED_UP_TO = 16_000_000
_LANGUAGE = "en-GB"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([A-Za-z0-9_-]{2,40})""", re.IGNORECASE)


class PreviewUnavailable(KnownError):
    """A file cannot be shown; the sentence says why and what to do."""


class PreviewKind(StrEnum):
    """How a file is shown."""

    PAGES = "pages"
    PICTURE = "picture"
    TEXT = "text"
    TABLE = "table"
    EMAIL = "email"
    WEB_PAGE = "web page"
    WORDS = "words"
    NONE = "none"


_KIND_OF_TYPE = {
    "application/pdf": PreviewKind.PAGES,
    "text/csv": PreviewKind.TABLE,
    "message/rfc822": PreviewKind.EMAIL,
    "text/html": PreviewKind.WEB_PAGE,
    _WORD: PreviewKind.WORDS,
    **dict.fromkeys(("application/json", "application/xml", "application/x-subrip", "image/svg+xml"), PreviewKind.TEXT),
}
_KIND_OF_FAMILY = {"image": PreviewKind.PICTURE, "text": PreviewKind.TEXT}


@dataclass(frozen=True, slots=True)
class TextPreview:
    """A file's text; ``note`` says what is left out, or is empty."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RichTextPreview:
    """A file's text as harmless HTML, or as plain text where that is too long to be laid out."""

    html: str
    text: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TablePreview:
    """Rows of a table, padded to the same width. The first may be headings; ``note`` says what is left out."""

    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class EmailPreview:
    """An e-mail: its head as readable text, its body as text or as harmless HTML, and the files in it."""

    sender: str
    recipients: str
    copied: str
    date: str
    subject: str
    text: str
    html: str
    files: tuple[EmailPart, ...]


@dataclass(frozen=True, slots=True)
class EmailPart:
    """A file within an e-mail."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class PicturePreview:
    """Pixels, four bytes each: red, green, blue, opacity; and the size of the picture itself."""

    data: bytes
    width: int
    height: int
    full_width: int
    full_height: int


def preview_kind(attachment: Attachment) -> PreviewKind:
    """Say how a file is shown, by its content's type."""
    media_type = attachment.media_type.casefold()
    family, _, _ = media_type.partition("/")
    return _KIND_OF_TYPE.get(media_type) or _KIND_OF_FAMILY.get(family, PreviewKind.NONE)


def type_in_words(attachment: Attachment) -> str:
    """Return what sort of file it is: "PDF document"."""
    return file_type_in_words(attachment.media_type, attachment.name, wording_of(_LANGUAGE))


def size_in_words(size: int) -> str:
    """Return a number of bytes as people write it: "1.2 MB"."""
    return wording_of(_LANGUAGE).size(size)


def file_problem(attachment: Attachment, path: Path | None) -> str:
    """Return a sentence if the file is missing or is not what was added; else nothing.

    Small files are read through, the first time; of large ones only the size is looked at.
    """
    missing = "This file is missing from the portfolio."
    if path is None:
        return missing
    try:
        status = path.stat()
        if status.st_size != attachment.size:
            return "This file has changed since it was added."
        if attachment.size <= _HASHED_UP_TO:
            sound = _sound.knows(path, status.st_mtime_ns, attachment.sha256)
            if not sound and hashlib.sha256(path.read_bytes()).hexdigest() != attachment.sha256:
                return "This file has changed since it was added."
            _sound.keep(path, status.st_mtime_ns, attachment.sha256)
    except FileNotFoundError:
        return missing
    except OSError as error:
        return f"This file cannot be read ({error.strerror or 'the disk refuses'})."
    return ""


class _Sound:
    """The files that were read through and found to be what they were."""

    _MOST = 10_000

    def __init__(self) -> None:
        self._known: set[tuple[Path, int, str]] = set()
        self._lock = threading.Lock()

    def knows(self, path: Path, modified: int, sha256: str) -> bool:
        with self._lock:
            return (path, modified, sha256) in self._known

    def keep(self, path: Path, modified: int, sha256: str) -> None:
        with self._lock:
            if len(self._known) >= self._MOST:
                self._known.clear()
            self._known.add((path, modified, sha256))


_sound = _Sound()


def read_text(path: Path, name: str) -> TextPreview:
    """Return a text file's beginning, whatever it is encoded in.

    Raises:
        PreviewUnavailable: it is missing, empty or not text.
    """
    data, is_cut = _beginning(path, name, SHOWN.most_text_bytes)
    if not data.strip(b"\0\xff\xfe \r\n\t"):
        raise PreviewUnavailable(f"“{name}” is empty.")
    try:
        text = decode_text(data, name)
    except InvalidInput:
        raise PreviewUnavailable(f"“{name}” cannot be shown: it is not plain text.") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    return TextPreview(text, _cut_note(name) if is_cut else "")


def in_short_lines(text: str) -> str:
    """Return text whose lines can be laid out quickly: far longer ones than people write are broken."""
    lines = text.split("\n")
    if max(map(len, lines)) <= _LONGEST_LINE:
        return text
    return "\n".join(
        line[start : start + _LONGEST_LINE] for line in lines for start in range(0, max(1, len(line)), _LONGEST_LINE)
    )


def read_table(path: Path, name: str) -> TablePreview:
    """Return the first rows of a table of values separated by commas, semicolons, tabs or bars.

    Raises:
        PreviewUnavailable: it is missing, empty or not text.
    """
    preview = read_text(path, name)
    values = read_values(preview.text, MOST_ROWS, MOST_COLUMNS)
    rows = [[_cell(cell) for cell in row] for row in values.rows]
    if not rows:
        raise PreviewUnavailable(f"“{name}” holds no table that can be shown.")
    is_cut = values.is_cut or bool(preview.note)
    width = max(map(len, rows))
    note = f"Only a part of “{name}” is shown here ({len(rows):,} rows)." if is_cut else ""
    return TablePreview(tuple((*row, *("",) * (width - len(row))) for row in rows), note)


def read_web_page(path: Path, name: str) -> RichTextPreview:
    """Return the words of a saved web page or HTML file, without scripts, styles, pictures and links.

    Raises:
        PreviewUnavailable: it is missing or empty.
    """
    data, is_cut = _beginning(path, name, SHOWN.most_text_bytes)
    declared = _CHARSET.search(data[:4096])
    html = harmless_html(decoded(data, declared[1].decode("ascii") if declared else ""))
    if not plain_of_html(html):
        raise PreviewUnavailable(f"“{name}” has no text that can be shown here.")
    note = _cut_note(name) if is_cut else ""
    return (
        RichTextPreview(html, "", note)
        if len(html) <= MOST_RICH_TEXT
        else RichTextPreview("", plain_of_html(html), note)
    )


def read_words(path: Path, name: str) -> TextPreview:
    """Return the text of a Word document: its paragraphs and the cells of its tables, without how they look.

    Raises:
        PreviewUnavailable: it is missing, protected, damaged, or enormous once unpacked.
    """
    try:
        paragraphs = None if _is_enormous(path) else list(islice(_paragraphs(path), _MOST_PARAGRAPHS))
    except FileNotFoundError:
        raise _missing(name) from None
    except Exception:  # noqa: BLE001 - python-docx raises anything on a damaged package
        raise PreviewUnavailable(
            f"The text of “{name}” cannot be shown: it is damaged or protected; open it in its own program."
        ) from None
    if paragraphs is None:
        raise PreviewUnavailable(f"“{name}” is too large to be shown here; open it in its own program.")
    text = "\n".join(paragraphs).strip()
    if not text:
        raise PreviewUnavailable(f"“{name}” has no text that can be shown here; open it in its own program.")
    return TextPreview(text, "Only the text is shown here, not how it looks.")


def read_email(path: Path, name: str) -> EmailPreview:
    """Return an e-mail with the body people read and the list of files in it; nothing remote is fetched.

    Raises:
        PreviewUnavailable: it is missing, enormous, or no e-mail.
    """
    data, is_cut = _beginning(path, name, SHOWN.largest_email)
    if is_cut:
        raise PreviewUnavailable(f"“{name}” is too large to be shown here; open it in its own program.")
    email = read_message(data)
    if email is None:
        raise PreviewUnavailable(f"“{name}” cannot be shown: it is not an e-mail.")
    moment = email.moment
    return EmailPreview(
        sender=email.sender,
        recipients=email.recipients,
        copied=email.copied,
        date=f"{wording_of(_LANGUAGE).day(moment.date())}, {moment:%H:%M}" if moment else email.date,
        subject=email.subject,
        text=email.text,
        html=email.html if len(email.html) <= MOST_RICH_TEXT and plain_of_html(email.html) else "",
        files=tuple(EmailPart(_file_name(part), part.size) for part in email.files),
    )


def _file_name(part: Part) -> str:
    if part.is_email:
        return f"E-mail: {part.name}" if part.name else "forwarded e-mail"
    return part.name or "unnamed file"


def read_picture(path: Path, name: str, longest: int) -> PicturePreview:
    """Return a picture turned upright, at most ``longest`` pixels on its longest side.

    Raises:
        PictureUnreadable: it is missing, damaged, enormous, or of a kind that cannot be read.
    """
    from PIL import Image  # noqa: PLC0415 - only for its size; a header

    picture = upright_picture(path, name, wording_of(_LANGUAGE), longest)
    with Image.open(path) as original:
        full_width, full_height = original.size
    if (full_width > full_height) != (picture.width > picture.height):
        full_width, full_height = full_height, full_width
    pixels = picture.convert("RGBA")
    return PicturePreview(pixels.tobytes(), pixels.width, pixels.height, full_width, full_height)


def _beginning(path: Path, name: str, limit: int) -> tuple[bytes, bool]:
    """Return up to ``limit`` bytes, whole lines only if there are more, and whether there are."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise _missing(name) from None
    except OSError as error:
        raise PreviewUnavailable(f"“{name}” cannot be read ({error.strerror or 'the disk refuses'}).") from None
    if len(data) <= limit:
        return data, False
    end = data.rfind(b"\n", limit // 2, limit) + 1 or limit
    return data[: end + end % 2], True  # an even number keeps UTF-16 whole


def _missing(name: str) -> PreviewUnavailable:
    return PreviewUnavailable(f"“{name}” cannot be shown: its file is missing from the portfolio.")


def _cut_note(name: str) -> str:
    return f"Only the beginning of “{name}” is shown here; open it in its own program to see the rest."


def _cell(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"


def _is_enormous(path: Path) -> bool:
    """Say whether a package would fill the memory when it is unpacked."""
    with zipfile.ZipFile(path) as package:
        parts = package.infolist()
    text = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    return text > _MOST_WORDS_BYTES or sum(part.file_size for part in parts) > _MOST_UNPACKED_BYTES


def _paragraphs(path: Path) -> Iterator[str]:
    import docx  # noqa: PLC0415 - 0.2 s that only Word documents need
    from docx.table import Table  # noqa: PLC0415

    with path.open("rb") as file:
        document = docx.Document(file)
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                for row in block.rows:
                    yield "\t".join(cell.text.replace("\n", " ") for cell in row.cells)
            else:
                yield block.text
