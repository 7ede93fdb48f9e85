"""Which reader shows which file, and what is said where none can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from portfolio_app.exporting.attached_text.composing import Composer, folded
from portfolio_app.exporting.attached_text.markdown import read_markdown
from portfolio_app.exporting.publication import AttachedFile, Block, Paragraph, ParagraphStyle, Run
from portfolio_app.exporting.wording import Wording
from portfolio_app.reading.formats import read_file, reader_of
from portfolio_app.reading.limits import SHOWN, LimitReached, Unreadable, Watch

_MARKDOWN: Final = "text/markdown"


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
    return file is not None and reader_of(file.media_type, file.name) is not None


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
    reader: Callable[[Path, Composer], None] | None = reader_of(file.media_type, file.name)
    if reader is None:
        raise ValueError(f"{file.media_type} is not shown as text")
    if file.media_type == _MARKDOWN:
        reader = read_markdown
    composer = Composer(anchor, words, Watch(tick, SHOWN.seconds), SHOWN)
    try:
        read_file(partial(reader, file.path, composer), composer)
    except LimitReached:
        composer.note(words("attached_text.cut"))
    except Unreadable as error:
        reason = words(f"attached_problem.{error.problem}")
        return _unshown(words("attached_text.cannot", name=file.name, reason=reason))
    except FileNotFoundError:
        return _unshown(words("attached_text.missing", name=file.name))
    return ShownFile(
        tuple(composer.blocks), composer.landscape, composer.pages, composer.headings, complete=composer.complete
    )


def _unshown(sentence: str) -> ShownFile:
    return ShownFile((Paragraph((Run(sentence),), ParagraphStyle.MUTED),), problem=sentence)
