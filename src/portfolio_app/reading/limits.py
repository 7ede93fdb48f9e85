"""How much of a stranger's file is read, and what ends the reading."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portfolio_app.domain.errors import KnownError

_SECONDS_BETWEEN_TICKS = 0.05


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one file is read.

    Attributes:
        most_characters: Of all its text.
        most_blocks: Paragraphs, tables and lists.
        most_text_bytes: Of a text file.
        largest_email: Bytes of an e-mail that is taken apart.
        largest_part: Bytes of one part of an Office file, unpacked, that is held in memory as a whole.
        largest_stream: Bytes of a part of an Office file, unpacked, that is read piece by piece.
        most_unpacked: Bytes of all the parts that are read of one Office file.
        largest_directory: Bytes of an Office file's table of contents.
        largest_compound: Bytes of a document of before 2007 or an e-mail of Outlook's, most of them pictures.
        largest_old_workbook: Bytes of a workbook of before 2007.
        largest_rich_text: Bytes of an RTF file, most of them pictures.
        largest_rich_text_words: Bytes of an RTF file without its pictures.
        longest_web_page: Characters of a web page that are parsed.
        most_rows: Of one table.
        most_rows_of_file: Of all sheets of a workbook.
        most_columns: Of one table.
        longest_cell: Characters of a cell.
        most_sheets: Of a workbook.
        most_slides: Of a presentation.
        most_pages: Of a PDF.
        deepest_file: Files within files, such as those in an e-mail, that are read: so deep.
        seconds: After which the reading is given up.
    """

    most_characters: int
    most_blocks: int
    most_text_bytes: int
    largest_email: int
    largest_part: int
    largest_stream: int
    most_unpacked: int
    largest_directory: int
    largest_compound: int
    largest_old_workbook: int
    largest_rich_text: int
    largest_rich_text_words: int
    longest_web_page: int
    most_rows: int
    most_rows_of_file: int
    most_columns: int
    longest_cell: int
    most_sheets: int
    most_slides: int
    most_pages: int
    deepest_file: int
    seconds: float

    @property
    def read_columns(self) -> int:
        """Columns that are looked at: blank ones between those that are used take no room."""
        return 4 * self.most_columns


SHOWN: Final = Limits(
    most_characters=150_000,
    most_blocks=6_000,
    most_text_bytes=2_000_000,
    largest_email=50_000_000,
    largest_part=12_000_000,
    largest_stream=60_000_000,
    most_unpacked=120_000_000,
    largest_directory=5_000_000,
    largest_compound=50_000_000,
    largest_old_workbook=12_000_000,
    largest_rich_text=20_000_000,
    largest_rich_text_words=1_500_000,
    longest_web_page=1_500_000,
    most_rows=100,
    most_rows_of_file=400,
    most_columns=16,
    longest_cell=1_000,
    most_sheets=30,
    most_slides=200,
    most_pages=0,
    deepest_file=0,
    seconds=15.0,
)
"""What a document takes of a file: some fifty pages of text."""
SEARCHED: Final = Limits(
    most_characters=5_000_000,
    most_blocks=200_000,
    most_text_bytes=20_000_000,
    largest_email=50_000_000,
    largest_part=30_000_000,
    largest_stream=200_000_000,
    most_unpacked=400_000_000,
    largest_directory=5_000_000,
    largest_compound=100_000_000,
    largest_old_workbook=40_000_000,
    largest_rich_text=100_000_000,
    largest_rich_text_words=6_000_000,
    longest_web_page=6_000_000,
    most_rows=50_000,
    most_rows_of_file=50_000,
    most_columns=200,
    longest_cell=30_000,
    most_sheets=200,
    most_slides=2_000,
    most_pages=2_000,
    deepest_file=3,
    seconds=30.0,
)
"""What is found of a file: all that people write, and no more than a bomb may do."""


class Problem(StrEnum):
    """Why a file cannot be read."""

    PROTECTED = "protected"
    DAMAGED = "damaged"
    ENORMOUS = "enormous"
    SLOW = "slow"
    EMPTY = "empty"
    NO_TEXT = "no_text"
    NO_WORDS = "no_words"
    OLD_FORMAT = "old_format"
    UNKNOWN_FORMAT = "unknown_format"


class Unreadable(KnownError):
    """A file cannot be read, because of ``problem``."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class LimitReached(Exception):
    """As much of a file as is wanted has been read."""


class Watch:
    """Looks at the clock while one file is read: so that the user can cancel, and no file takes for ever."""

    def __init__(self, tick: Callable[[], None], seconds: float) -> None:
        self._tick = tick
        now = time.monotonic()
        self._end = now + seconds
        self._last = now

    def __call__(self) -> None:
        """Let the work be cancelled.

        Raises:
            Unreadable: the file has taken too long.
        """
        now = time.monotonic()
        if now - self._last < _SECONDS_BETWEEN_TICKS:
            return
        self._last = now
        self._tick()
        if now > self._end:
            raise Unreadable(Problem.SLOW)
