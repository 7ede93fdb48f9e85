"""What readers tell of a file goes into a sink: as it comes, in the order in which people read it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Protocol

from portfolio_app.plain_text import printable
from portfolio_app.reading.blocks import Cell, Entry, ParagraphStyle, Run, Runs
from portfolio_app.reading.grids import show_grid
from portfolio_app.reading.limits import Limits, Watch


class Words(Protocol):
    """The words that readers put beside those of the file, in some language."""

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the words with this key, the values set in."""

    def count(self, key: str, number: int, /, **values: object) -> str:
        """Return the words for so many."""

    def day(self, day: date | None) -> str:
        """Write a day; nothing for no day."""

    def size(self, size: int) -> str:
        """Write a number of bytes."""


class Sink(ABC):
    """Takes what one file says.

    Each method may raise :class:`~portfolio_app.reading.limits.LimitReached` when it has enough.
    """

    wants_numbers: ClassVar[bool] = False
    """Whether numbers that a program puts before paragraphs are part of their words."""

    def __init__(self, words: Words, watch: Watch, limits: Limits) -> None:
        self.words = words
        self.watch = watch
        self.limits = limits

    @property
    @abstractmethod
    def has_text(self) -> bool:
        """Whether there is anything to read."""

    @abstractmethod
    def page(self, number: int, title: str, name: str = "") -> None:
        """Begin a slide or a sheet, counted from 1, of this title; the file calls it ``name``."""

    @abstractmethod
    def heading(self, text: str, depth: int = 1) -> None:
        """Take a heading, ``depth`` levels deep counted from 1."""

    @abstractmethod
    def paragraph(self, runs: Runs, style: ParagraphStyle = ParagraphStyle.BODY) -> None:
        """Take a paragraph; a blank one is none."""

    @abstractmethod
    def listing(self, entries: Sequence[Entry]) -> None:
        """Take a list; blank entries are none."""

    @abstractmethod
    def table(self, rows: Sequence[Sequence[Cell]], *, header: bool) -> None:
        """Take a table; the first row may be its header."""

    def grid(self, rows: Sequence[Sequence[str]]) -> None:
        """Take the cells of a sheet, row by row from its first; some of them may be blank."""
        show_grid(self, rows)

    @abstractmethod
    def quiet_table(self, rows: Sequence[tuple[Cell, ...]], widths: tuple[float, ...]) -> None:
        """Take a table of labels and values; ``widths`` are shares of the width."""

    @abstractmethod
    def note(self, text: str, *, leaves_out: bool = True) -> None:
        """Take a sentence of ours, most often on what of the file is left out."""

    @abstractmethod
    def leave_out(self) -> None:
        """Hear that a part of the file is left out, of which nothing is said."""

    def text(self, text: str, style: ParagraphStyle = ParagraphStyle.BODY) -> None:
        """Take a paragraph of plain text, its lines kept."""
        self.paragraph((Run(printable(text).strip("\n")),), style)

    def cell(self, text: str, *, numeric: bool = False) -> Cell:
        """Make a cell of text, shortened where it is monstrous."""
        longest = self.limits.longest_cell
        shown = printable(text if len(text) <= longest else f"{text[:longest]}…")
        lines = [line.strip() for line in shown.split("\n") if line.strip()] or [""]
        return Cell(tuple((Run(line),) for line in lines), numeric=numeric)
