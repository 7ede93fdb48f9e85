"""Which reader shows which file, and what is said where none can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath
from typing import Final

from portfolio_app.domain.errors import KnownError
from portfolio_app.exporting.attached_text.composing import Composer, folded
from portfolio_app.exporting.attached_text.limits import LimitReached, Unshowable, Watch
from portfolio_app.exporting.attached_text.old_office import read_old_workbook, refuse_old_format
from portfolio_app.exporting.attached_text.open_document import read_open_sheets, read_open_slides, read_open_text
from portfolio_app.exporting.attached_text.packages import OfficePackage
from portfolio_app.exporting.attached_text.plain import read_email, read_markdown, read_table, read_text
from portfolio_app.exporting.attached_text.rich_text import read_rich_text
from portfolio_app.exporting.attached_text.slides import read_slides
from portfolio_app.exporting.attached_text.spreadsheet import read_workbook
from portfolio_app.exporting.attached_text.web import read_web_page
from portfolio_app.exporting.attached_text.word import read_word
from portfolio_app.exporting.publication import AttachedFile, Block, Paragraph, ParagraphStyle, Run
from portfolio_app.exporting.wording import Wording

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."
_PROTECTED: Final = "application/x-ole-storage"
"""What the content of an Office file with a password looks like."""

_Reader = Callable[[Path, Composer], None]


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file as a document shows it.

    ``pages`` are the anchors of slides and sheets by number, ``headings`` those of headings by their folded text.
    ``problem`` is the sentence that says why nothing is shown, or empty; ``complete`` says that nothing was left out.
    """

    blocks: tuple[Block, ...]
    landscape: bool = False
    pages: Mapping[int, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    complete: bool = True

    def anchor_of(self, page: int | None, heading: str) -> str:
        """Return where a slide, a sheet or a heading stands; empty if it is not shown."""
        found = self.headings.get(folded(heading), "") if heading else ""
        return found or (self.pages.get(page, "") if page else "")


def is_shown_as_text(file: AttachedFile | None) -> bool:
    """Whether a document shows what the file says."""
    return file is not None and _reader_of(file) is not None


def show_file(file: AttachedFile, anchor: str, words: Wording, tick: Callable[[], None]) -> ShownFile:
    """Read a file into blocks; whatever is wrong with it becomes one sentence.

    Args:
        file: one that is shown as text.
        anchor: what the anchors within it begin with.
        words: the export's language.
        tick: called every now and then; raises to cancel the work.

    Raises:
        KnownError: ``tick`` did.
    """
    reader = _reader_of(file)
    if reader is None:
        raise ValueError(f"{file.media_type} is not shown as text")
    composer = Composer(anchor, words, Watch(tick))
    reason = ""
    try:
        reader(file.path, composer)
    except LimitReached:
        composer.note(words("attached_text.cut"))
    except Unshowable as error:
        reason = str(error)
    except KnownError:
        raise
    except FileNotFoundError:
        return _unshown(words("attached_text.missing", name=file.name))
    except (MemoryError, RecursionError):
        reason = "enormous"
    except Exception:  # noqa: BLE001 - what strangers' files raise in zip, XML and mail parsers has no end
        reason = "damaged"
    if not reason and not composer.has_text:
        reason = "no_words"
    if reason:
        sentence = words("attached_text.cannot", name=file.name, reason=words(f"attached_problem.{reason}"))
        return _unshown(sentence)
    return ShownFile(
        tuple(composer.blocks), composer.landscape, composer.pages, composer.headings, complete=composer.complete
    )


def _unshown(sentence: str) -> ShownFile:
    return ShownFile((Paragraph((Run(sentence),), ParagraphStyle.MUTED),), problem=sentence)


def _in_package(read: Callable[[OfficePackage, Composer], None], path: Path, composer: Composer) -> None:
    with OfficePackage(path, composer.watch) as package:
        read(package, composer)


_word = partial(_in_package, read_word)
_workbook = partial(_in_package, read_workbook)
_slides = partial(_in_package, read_slides)

_open_text = partial(_in_package, read_open_text)
_open_sheets = partial(_in_package, read_open_sheets)
_open_slides = partial(_in_package, read_open_slides)

_BY_TYPE: Mapping[str, _Reader] = {
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
    "text/markdown": read_markdown,
    "text/plain": read_text,
    "message/rfc822": read_email,
}
_BY_SUFFIX: Mapping[str, _Reader] = {".docx": _word, ".xlsx": _workbook, ".pptx": _slides}


def _reader_of(file: AttachedFile) -> _Reader | None:
    if file.media_type == _PROTECTED:
        return _BY_SUFFIX.get(PurePath(file.name).suffix.casefold())
    return _BY_TYPE.get(file.media_type)
