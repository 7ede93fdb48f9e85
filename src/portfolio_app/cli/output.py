"""What the commands print: sentences, tables and JSON, safe in any terminal, pipe and locale."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TextIO

from portfolio_app.domain.errors import KnownError

_COLUMN_GAP = 3  # columns of the terminal between two of a table
_SHORT_CELL = 24  # a cell of so many characters is not wrapped where the long ones have room left
_LEAST_FOR_LONG = 18

_said = False


class OutputLost(KnownError):
    """Standard output could not be written; what the command did is done."""


def prepare_streams() -> None:
    """Make standard output and error take any text: UTF-8 whatever the locale, and something where they are closed."""
    global _said  # noqa: PLW0603 - one process runs one command; tests run several
    _said = False
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - lives as long as the process
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - as above
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def acknowledged() -> bool:
    """Return whether anything was printed to standard output since the command began."""
    return _said


def say(text: str = "") -> None:
    """Print a line to standard output at once."""
    global _said  # noqa: PLW0603 - as above
    _said = True
    _write(sys.stdout, f"{safe(text)}\n")


def tell(text: str) -> None:
    """Print a sentence to standard error, on one line whatever it holds."""
    with suppress(OSError):
        _write(sys.stderr, f"{safe(' '.join(text.split()))}\n")


def say_json(value: Any) -> None:
    """Print a value as JSON in UTF-8."""
    say(json.dumps(value, ensure_ascii=False, indent=2))


def say_facts(rows: Sequence[tuple[str, str]]) -> None:
    """Print names and what there is to say of them, without a heading."""
    say_table(("", ""), rows)


def say_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, named: bool = True) -> None:
    """Print a table that wraps its cells at the width of the terminal.

    ``named``: the first column holds what things are called by, and is not wrapped where there is room.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    rows = [[safe(cell) for cell in row] for row in rows]
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), show_header=any(columns))
    for column, cells in zip(columns, _column_widths([columns, *rows], named=named), strict=True):
        table.add_column(column, overflow="fold", width=cells)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    say_rich(table)


def _column_widths(grid: Sequence[Sequence[str]], *, named: bool) -> list[int]:
    """Share the width of the terminal out so that no word is broken where that fits, then where most text waits."""
    from rich.cells import cell_len

    columns = list(zip(*grid, strict=True))
    natural = [max(1, *(cell_len(line) for cell in column for line in cell.split("\n"))) for column in columns]
    least = [max(1, *(cell_len(word) for cell in column for word in ["", *cell.split()])) for column in columns]
    room = width() - _COLUMN_GAP * (len(columns) - 1)
    if named and natural[0] + sum(least[1:]) <= room:
        least[0] = natural[0]
    whole = [full if full <= _SHORT_CELL else word for full, word in zip(natural, least, strict=True)]
    left = room - sum(full for full in natural if full <= _SHORT_CELL)
    long = sum(full > _SHORT_CELL for full in natural)
    widths = whole if sum(whole) <= room and left >= long * _LEAST_FOR_LONG else list(least)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
    for _ in range(room - sum(widths)):
        neediest = max(range(len(widths)), key=lambda column: natural[column] / widths[column])
        if widths[neediest] >= natural[neediest]:
            break
        widths[neediest] += 1
    return widths


def say_rich(renderable: Any) -> None:
    """Print something of rich's to standard output."""
    global _said  # noqa: PLW0603 - as above
    from rich.console import Console

    _said = True
    buffer = io.StringIO()
    on_terminal = sys.stdout.isatty()
    console = Console(
        file=buffer,
        force_terminal=on_terminal,
        color_system="auto" if on_terminal else None,
        no_color=True if os.environ.get("NO_COLOR") else None,
        width=width(),
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    console.print(renderable)
    lines = [line.rstrip() for line in buffer.getvalue().split("\n")]
    _write(sys.stdout, "\n".join(lines))


def say_wrapped(text: str, indent: str = "") -> None:
    """Print prose, wrapped at the width of the terminal, each of its lines a paragraph."""
    import textwrap

    for paragraph in text.split("\n"):
        wrapped = textwrap.fill(
            paragraph,
            max(width(), len(indent) + 20),
            initial_indent=indent,
            subsequent_indent=indent,
            break_on_hyphens=False,
        )
        say(wrapped)


def width() -> int:
    """Return the columns to wrap at: the terminal's, or 80."""
    return max(shutil.get_terminal_size((80, 24)).columns, 40)


def safe(text: str) -> str:
    """Return text without control characters, so that nobody's words steer the terminal."""
    if text.isprintable():
        return text
    return "".join(
        character for character in text if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
    )


def close_quietly() -> None:
    """Send whatever is still to be printed nowhere: the reader of the pipe has gone."""
    with suppress(OSError, ValueError, io.UnsupportedOperation):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputLost(f"The output could not be written ({error.strerror or error}).") from error
