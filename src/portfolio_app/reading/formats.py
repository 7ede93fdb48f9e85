"""Which reader reads which file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path, PurePath
from typing import Final, TypeAlias

from portfolio_app.domain.errors import KnownError
from portfolio_app.reading.limits import LimitReached, Problem, Unreadable
from portfolio_app.reading.old_office import read_old_workbook, refuse_old_format
from portfolio_app.reading.open_document import read_open_sheets, read_open_slides, read_open_text
from portfolio_app.reading.packages import OfficePackage
from portfolio_app.reading.plain import read_email, read_table, read_text
from portfolio_app.reading.rich_text import read_rich_text
from portfolio_app.reading.sink import Sink
from portfolio_app.reading.slides import read_slides
from portfolio_app.reading.spreadsheet import read_workbook
from portfolio_app.reading.web import read_web_page
from portfolio_app.reading.word import read_word

Reader: TypeAlias = Callable[[Path, Sink], None]

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."
_PROTECTED: Final = "application/x-ole-storage"
"""What the content of an Office file with a password looks like."""


def read_file(read: Callable[[], None], sink: Sink) -> None:
    """Have a file read into a sink; whatever its reader stumbles over is one of the known problems.

    Raises:
        Unreadable: the file cannot be read, or there are no words in it.
        LimitReached: the sink has enough.
        FileNotFoundError: there is no file.
        KnownError: the watch's ``tick`` raised it.
    """
    try:
        read()
    except (LimitReached, KnownError, FileNotFoundError):
        raise
    except (MemoryError, RecursionError):
        raise Unreadable(Problem.ENORMOUS) from None
    except Exception:  # noqa: BLE001 - what strangers' files raise in zip, XML and mail parsers has no end
        raise Unreadable(Problem.DAMAGED) from None
    if not sink.has_text:
        raise Unreadable(Problem.NO_WORDS)


def reader_of(media_type: str, name: str) -> Reader | None:
    """Return the reader of a file by its content's type and its name; ``None`` if its words are not read."""
    if media_type == _PROTECTED:
        return _BY_SUFFIX.get(PurePath(name).suffix.casefold())
    return _BY_TYPE.get(media_type)


def in_package(read: Callable[[OfficePackage, Sink], None], path: Path, sink: Sink) -> None:
    """Read an Office file with a reader of its parts."""
    with OfficePackage(path, sink.watch, sink.limits) as package:
        read(package, sink)


_word = partial(in_package, read_word)
_workbook = partial(in_package, read_workbook)
_slides = partial(in_package, read_slides)

_open_text = partial(in_package, read_open_text)
_open_sheets = partial(in_package, read_open_sheets)
_open_slides = partial(in_package, read_open_slides)

_BY_TYPE: Mapping[str, Reader] = {
    f"{_OFFICE}wordprocessingml.document": _word,
    f"{_OFFICE}spreadsheetml.sheet": _workbook,
    f"{_OFFICE}presentationml.presentation": _slides,
    "application/vnd.ms-word.document.macroenabled.12": _word,
    "application/vnd.ms-excel.sheet.macroenabled.12": _workbook,
    f"{_OPEN}text": _open_text,
    f"{_OPEN}spreadsheet": _open_sheets,
    f"{_OPEN}presentation": _open_slides,
    "application/msword": refuse_old_format,
    "application/vnd.ms-powerpoint": refuse_old_format,
    "application/vnd.ms-excel": read_old_workbook,
    "application/rtf": read_rich_text,
    "text/rtf": read_rich_text,
    "text/html": read_web_page,
    "text/csv": read_table,
    "text/markdown": read_text,
    "text/plain": read_text,
    "message/rfc822": read_email,
}
_BY_SUFFIX: Mapping[str, Reader] = {".docx": _word, ".xlsx": _workbook, ".pptx": _slides}
