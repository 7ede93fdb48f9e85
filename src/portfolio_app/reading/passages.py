"""A file's words as passages with their places: what searches and suggestions look through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from portfolio_app.domain.attached_text import TextPassage
from portfolio_app.domain.dates import day_in_words
from portfolio_app.plain_text import printable
from portfolio_app.reading.blocks import Cell, Entry, ParagraphStyle, Runs
from portfolio_app.reading.limits import LimitReached, Limits, Watch
from portfolio_app.reading.sink import Sink

_LONGEST_PASSAGE: Final = 2_000
_SHORTEST_CUT: Final = _LONGEST_PASSAGE // 2
_CUTS: Final = (re.compile(r".*\n", re.DOTALL), re.compile(r".*[.!?;]\s", re.DOTALL), re.compile(r".*\s", re.DOTALL))
"""Where a long paragraph is cut best: after a line, a sentence, a word."""
_OF_THE_FILE: Final = ("text", "title", "name", "subject")


class FileWords:
    """Puts no words beside those of the file: of a sentence of ours remains what it tells of the file."""

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the name, title or text that the words with this key would hold; nothing if none."""
        if key.startswith("answer."):
            return key.removeprefix("answer.")
        return next((str(values[name]) for name in _OF_THE_FILE if name in values), "")

    def count(self, key: str, number: int, /, **values: object) -> str:
        """Return nothing: it would tell what is left out."""
        del key, number, values
        return ""

    def day(self, day: date | None) -> str:
        """Write a day as learners do."""
        return day_in_words(day) if day else ""

    def size(self, size: int) -> str:
        """Return nothing: nobody searches for it."""
        del size
        return ""


class PassageSink(Sink):
    """Collects the passages of one file; ``complete`` says that nothing was left out."""

    def __init__(self, watch: Watch, limits: Limits) -> None:
        super().__init__(FileWords(), watch, limits)
        self.passages: list[TextPassage] = []
        self.complete = True
        self._page: int | None = None
        self._paragraph = 0
        self._characters = 0

    @property
    def has_text(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.passages)

    def page(self, number: int, title: str, name: str = "") -> None:
        """Begin a page; what it is called is its first passage."""
        self._page = number
        self._put(name or title)

    def heading(self, text: str, depth: int = 1) -> None:
        """Take a heading as a passage."""
        del depth
        self._put(text)

    def paragraph(self, runs: Runs, style: ParagraphStyle = ParagraphStyle.BODY) -> None:
        """Take a paragraph as a passage."""
        del style
        self._put("".join(run.text for run in runs))

    def listing(self, entries: Sequence[Entry]) -> None:
        """Take each entry of a list as a passage."""
        for entry in entries:
            self.paragraph(entry.runs)

    def table(self, rows: Sequence[Sequence[Cell]], *, header: bool) -> None:
        """Take each row of a table as a passage."""
        del header
        for row in rows:
            self._put(*map(words_of_cell, row))

    def grid(self, rows: Sequence[Sequence[str]]) -> None:
        """Take each row of a sheet as a passage, so much sooner than as a table with its columns."""
        for row in rows:
            self._put(*(" ".join(cell.split()) for cell in row))

    def quiet_table(self, rows: Sequence[tuple[Cell, ...]], widths: tuple[float, ...]) -> None:
        """Take each row as a passage."""
        del widths
        self.table(rows, header=False)

    def note(self, text: str, *, leaves_out: bool = True) -> None:
        """Remember whether something is left out."""
        del text
        self.complete = self.complete and not leaves_out

    def leave_out(self) -> None:
        """Remember that something is left out."""
        self.complete = False

    def _put(self, *cells: str) -> None:
        self.watch()
        words = "\t".join(filter(None, (printable(cell).strip() for cell in cells)))
        if not words:
            return
        self._paragraph += 1
        for piece in _pieces(words[: self.limits.most_characters - self._characters]):
            self.passages.append(TextPassage(piece, self._page, self._paragraph))
        self._characters += len(words)
        if self._characters >= self.limits.most_characters or len(self.passages) >= self.limits.most_blocks:
            raise LimitReached


def words_of_cell(cell: Cell) -> str:
    """Return what a cell says on one line."""
    return " ".join(" ".join(run.text for run in runs).strip() for runs in cell.paragraphs).strip()


def _pieces(text: str) -> Iterator[str]:
    """Cut a paragraph that is too long for a passage, at a line or a sentence if there is one."""
    start = 0
    while len(text) - start > _LONGEST_PASSAGE:
        end = _cut(text, start)
        if piece := text[start:end].strip():
            yield piece
        start = end
    if piece := text[start:].strip():
        yield piece


def _cut(text: str, start: int) -> int:
    most = start + _LONGEST_PASSAGE
    for pattern in _CUTS:
        match = pattern.match(text, start, most)
        if match and match.end() - start >= _SHORTEST_CUT:
            return match.end()
    return most
