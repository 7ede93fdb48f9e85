"""Everything that a file says: what documents show of it, what they do not, and the files within it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from portfolio_app.media_types import media_type
from portfolio_app.reading.blocks import Cell, Entry, ParagraphStyle, Runs
from portfolio_app.reading.formats import Reader, in_package, read_file, reader_of
from portfolio_app.reading.limits import Problem, Unreadable
from portfolio_app.reading.messages import EmailPart
from portfolio_app.reading.old_documents import read_old_slides, read_old_word
from portfolio_app.reading.open_document import read_beside_open_text
from portfolio_app.reading.outlook import OutlookFile
from portfolio_app.reading.packages import OfficePackage
from portfolio_app.reading.pdf_text import read_pdf
from portfolio_app.reading.picture_text import read_picture
from portfolio_app.reading.plain import email_of_file, read_text, take_email
from portfolio_app.reading.sink import Sink
from portfolio_app.reading.slides import read_whole_slides
from portfolio_app.reading.spreadsheet import read_whole_workbook
from portfolio_app.reading.word import read_whole_word

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_IN_PACKAGES: Final[Mapping[str, Callable[[OfficePackage, Sink], None]]] = {
    f"{_OFFICE}wordprocessingml.document": read_whole_word,
    f"{_OFFICE}spreadsheetml.sheet": read_whole_workbook,
    f"{_OFFICE}presentationml.presentation": read_whole_slides,
    "application/vnd.ms-word.document.macroenabled.12": read_whole_word,
    "application/vnd.ms-excel.sheet.macroenabled.12": read_whole_workbook,
}
_OPEN: Final = tuple(f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation"))
_AS_TEXT: Final = frozenset({"application/json", "application/xml", "application/x-subrip", "image/svg+xml"})
_HEAD: Final = 4_096  # bytes that tell what sort of file it is


def read_whole(path: Path, name: str, kind: str, sink: Sink, depth: int = 0) -> None:
    """Have a file read; whatever its reader stumbles over is one of the known problems.

    Args:
        path: where its content is.
        name: what the user knows it as.
        kind: its media type.
        sink: takes what it says.
        depth: how many files it lies within.

    Raises:
        Unreadable: it cannot be read, nothing is known of such files, or there are no words in it.
        LimitReached: the sink has enough.
        OSError: there is no file, or it cannot be opened.
        KnownError: the watch's ``tick`` raised it.
    """
    with path.open("rb") as file:
        if not file.read(1):
            raise Unreadable(Problem.EMPTY)
    kind = kind.casefold()
    within = _WITH_FILES_WITHIN.get(kind)
    reader = _BY_TYPE.get(kind) or reader_of(kind, name) or _by_family(kind)
    if within is not None:
        read_file(partial(within, path, sink, depth), sink)
    elif reader is not None:
        read_file(partial(reader, path, sink), sink)
    else:
        raise Unreadable(Problem.UNKNOWN_FORMAT)


class _Within(Sink):
    """Passes on what a file within another says: its pages are none of the outer file's."""

    def __init__(self, outer: Sink) -> None:
        super().__init__(outer.words, outer.watch, outer.limits)
        self._outer = outer

    @property
    def has_text(self) -> bool:
        return self._outer.has_text

    def page(self, number: int, title: str, name: str = "") -> None:
        del number
        self._outer.heading(name or title)

    def heading(self, text: str, depth: int = 1) -> None:
        self._outer.heading(text, depth)

    def paragraph(self, runs: Runs, style: ParagraphStyle = ParagraphStyle.BODY) -> None:
        self._outer.paragraph(runs, style)

    def listing(self, entries: Sequence[Entry]) -> None:
        self._outer.listing(entries)

    def table(self, rows: Sequence[Sequence[Cell]], *, header: bool) -> None:
        self._outer.table(rows, header=header)

    def grid(self, rows: Sequence[Sequence[str]]) -> None:
        self._outer.grid(rows)

    def quiet_table(self, rows: Sequence[tuple[Cell, ...]], widths: tuple[float, ...]) -> None:
        self._outer.quiet_table(rows, widths)

    def note(self, text: str, *, leaves_out: bool = True) -> None:
        self._outer.note(text, leaves_out=leaves_out)

    def leave_out(self) -> None:
        self._outer.leave_out()


def _read_email(path: Path, sink: Sink, depth: int) -> None:
    email = email_of_file(path, sink)
    take_email(sink, email)
    _read_files(email.files, sink, depth)


def _read_outlook(path: Path, sink: Sink, depth: int) -> None:
    with OutlookFile(path, sink.limits) as file:
        waiting: list[tuple[tuple[str, ...], int]] = [((), depth)]
        while waiting:
            sink.watch()
            place, at = waiting.pop(0)
            found = file.email(place)
            into = sink if at == depth else _Within(sink)
            take_email(into, found.email)
            _read_files(found.email.files, into, at)
            if at < sink.limits.deepest_file:
                waiting += [(inner, at + 1) for inner in found.within]
            elif found.within:
                sink.leave_out()


def _read_files(files: Iterable[EmailPart], sink: Sink, depth: int) -> None:
    """Read the files in an e-mail; one that cannot be read does not stop the others."""
    for file in files:
        sink.watch()
        if depth >= sink.limits.deepest_file or not file.content:
            sink.leave_out()
            continue
        name = "mail.eml" if file.is_email else file.name
        kind = "message/rfc822" if file.is_email else media_type(name, file.content[:_HEAD])
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "part")
                path.write_bytes(file.content)
                read_whole(path, name, kind, _Within(sink), depth + 1)
        except OSError:  # no room for it
            sink.leave_out()
        except Unreadable as error:
            if error.problem is Problem.SLOW:
                raise
            sink.leave_out()


def _read_open(kind: str, path: Path, sink: Sink) -> None:
    reader = reader_of(kind, "")
    if reader is not None:
        reader(path, sink)
    in_package(read_beside_open_text, path, sink)


def _by_family(kind: str) -> Reader | None:
    if kind in _AS_TEXT or kind.startswith("text/"):
        return read_text
    return read_picture if kind.startswith("image/") else None


_BY_TYPE: Final[Mapping[str, Reader]] = {
    "application/pdf": read_pdf,
    "application/msword": read_old_word,
    "application/vnd.ms-powerpoint": read_old_slides,
    **{kind: partial(in_package, read) for kind, read in _IN_PACKAGES.items()},
    **{kind: partial(_read_open, kind) for kind in _OPEN},
}
_WITH_FILES_WITHIN: Final[Mapping[str, Callable[[Path, Sink, int], None]]] = {
    "message/rfc822": _read_email,
    "application/vnd.ms-outlook": _read_outlook,
}
