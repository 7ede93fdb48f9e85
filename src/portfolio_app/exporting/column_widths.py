"""How wide each column of a table is to be, from what stands in it: no word broken, and as few lines as can be.

All of it is measured in Noto Sans as tables are set in it on A4; other fonts and papers are near enough, as
renderers are given shares of the text's width.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from portfolio_app.exporting.publication import Cell, Run, Runs

TEXT_WIDTH = 459.0
"""Of an upright A4 page, in points."""
LYING_WIDTH = 739.0
"""Of an A4 page that lies on its side, in points."""
PADDING = 14.5
"""What a renderer takes of a column's width for the space between columns, in points."""

_SIZE = 8.5
_REGULAR = (
    *(260, 269, 408, 646, 572, 831, 732, 225, 300, 300, 551, 572, 268, 322, 268, 372, 572, 572, 572, 572),
    *(572, 572, 572, 572, 572, 572, 268, 268, 572, 572, 572, 434, 899, 639, 650, 632, 730, 556, 519, 728),
    *(741, 339, 273, 619, 524, 907, 760, 781, 605, 781, 622, 549, 556, 731, 600, 930, 586, 566, 572, 329),
    *(372, 329, 572, 444, 281, 561, 615, 480, 615, 564, 344, 615, 618, 258, 258, 534, 258, 935, 618, 605),
    *(615, 615, 413, 479, 361, 618, 508, 786, 529, 510, 470, 380, 551, 380, 572),
)
_BOLD = (
    *(260, 286, 472, 646, 572, 901, 750, 266, 339, 339, 545, 572, 285, 322, 285, 413, 572, 572, 572, 572),
    *(572, 572, 572, 572, 572, 572, 285, 285, 572, 572, 572, 477, 897, 690, 672, 637, 740, 560, 549, 724),
    *(765, 389, 331, 664, 565, 943, 813, 796, 628, 796, 660, 551, 579, 756, 650, 967, 667, 624, 579, 331),
    *(413, 331, 572, 411, 362, 604, 633, 514, 633, 591, 387, 633, 657, 305, 305, 620, 305, 982, 657, 619),
    *(633, 633, 454, 497, 434, 657, 569, 856, 578, 569, 488, 394, 551, 394, 572),
)
"""Advance widths of " " to "~" in thousandths of the size."""
_OTHERS = {
    "–": 500,
    "—": 1000,
    "‘": 196,
    "’": 196,
    "“": 400,
    "”": 400,
    "…": 820,
    "·": 275,
    "×": 572,
    "−": 572,
    "ł": 280,
}
_OTHER, _BOLD_OTHER, _WIDE = 640, 700, 1000
_SPACE = 0.26 * _SIZE

_LETTER = r"[^\W\d_]"
_BREAKS = re.compile(rf"(?<={_LETTER}{_LETTER}[-–/])(?={_LETTER}{_LETTER})|(?<=[—\u200b])")
_ADDRESS = re.compile(r"://|^www\.|@")
_LONGEST_WORD = 30
_LONGEST_CODE = 16
_LONGEST_PIECE = 72.0  # of an address, a hash: they may be broken anywhere, and are easier to read in longer pieces
_KEPT_WHOLE = re.compile(r"[-−+<>≤≥~£$€]?\s?\d|.*\b\d{4}$")
_WIDEST_KEPT = 122.0  # "13 to 17 September 2026", "E17 on 30 September 2026"
_WIDEST_STATE = 46.0  # "in progress"
_CHEAP = 16.0
_WORDY = 130.0
_LEAST_WORDY = 92.0

_NARROWEST = 5.0

_ROWS_READ = 400
_ROWS_WEIGHED = 24
_STEPS = 16
_SHIFTS = (2.5, 6.0, 13.0, 28.0)
_ROUNDS = 3
_NORM = 3

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Line:
    """What stands on one line if its column is wide enough.

    ``words`` are the widths of what is not broken, each with the space before it. ``kept`` lines, such as dates,
    stay in one piece where there is room.
    """

    width: float
    words: tuple[tuple[float, float], ...]
    kept: bool


_Grid = Sequence[Sequence[Sequence[_Line]]]
"""Rows of cells of lines."""


def column_widths(
    header: Sequence[Cell], rows: Sequence[Sequence[Cell]], room: float = TEXT_WIDTH
) -> tuple[float, ...]:
    """Return the columns' shares of the text width, which is ``room`` points; they add up to 1.

    Each column has room for its longest word, if all columns can; what is left goes where it saves most lines.
    """
    count = max((len(row) for row in (header, *rows)), default=0)
    if count < 2:
        return (1.0,) * count
    grid = _grid(header, rows)
    unbroken, kept, natural = _needs(grid, count)
    widths = _held_together(unbroken, room)
    if sum(widths) < room:
        _keep_whole(widths, kept, natural, room)
        least = tuple(widths)
        weighed = _sample(grid, _ROWS_WEIGHED)
        _widen(widths, natural, weighed, room)
        _refine(widths, least, weighed)
    total = sum(widths)
    return tuple(width / total for width in widths)


def least_width(header: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> float:
    """Return how wide a table is, in points, that breaks no word."""
    count = max((len(row) for row in (header, *rows)), default=0)
    unbroken, _, _ = _needs(_grid(header, rows), count)
    return sum(unbroken)


def _grid(header: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> list[list[list[_Line]]]:
    grid = [[_lines(cell, is_header=True) for cell in header]] if header else []
    return grid + [[_lines(cell) for cell in row] for row in _sample(rows, _ROWS_READ)]


def _sample(rows: Sequence[_T], most: int) -> Sequence[_T]:
    """Return at most so many of the rows, from all over the table."""
    return rows if len(rows) <= most else [rows[index * len(rows) // most] for index in range(most)]


def text_width(text: str, *, bold: bool = False) -> float:
    """Return how wide a text of one line is set in a table, in points, to a few hundredths."""
    return sum(_advance(character, bold=bold) for character in text) * _SIZE / 1000


@lru_cache(maxsize=4096)
def _advance(character: str, *, bold: bool) -> int:
    code = ord(character)
    if code > 0x7E:
        known = _OTHERS.get(character)
        if known is not None:
            return known
        category = unicodedata.category(character)
        if category in {"Mn", "Me", "Cf"}:
            return 0
        if unicodedata.east_asian_width(character) in {"W", "F"} or category == "So":
            return _WIDE
        code = ord(unicodedata.normalize("NFD", character)[0])
    if 0x20 <= code <= 0x7E:
        return (_BOLD if bold else _REGULAR)[code - 0x20]
    return _BOLD_OTHER if bold else _OTHER


@lru_cache(maxsize=16384)
def _pieces(word: str, bold: bool) -> tuple[float, ...]:
    """Return the widths of what a word may be broken into without harm."""
    width = text_width(word, bold=bold)
    may_be_cut = len(word) > _LONGEST_WORD or _ADDRESS.search(word) is not None
    if may_be_cut or (len(word) > _LONGEST_CODE and any(character.isdigit() for character in word)):
        pieces = max(1, math.ceil(width / _LONGEST_PIECE))
        return (width / pieces,) * pieces
    if not any(sign in word for sign in "-–—/\u200b"):
        return (width,)
    return tuple(text_width(piece, bold=bold) for piece in _BREAKS.split(word) if piece) or (0.0,)


def _lines(cell: Cell, *, is_header: bool = False) -> list[_Line]:
    return [
        _line(line, bold=is_header or cell.header, is_header=is_header)
        for runs in cell.paragraphs
        for line in _split_lines(runs)
    ]


def _split_lines(runs: Runs) -> Iterator[list[Run]]:
    line: list[Run] = []
    for run in runs:
        if "\n" not in run.text:
            line.append(run)
            continue
        first, *others = run.text.split("\n")
        line.append(Run(first, bold=run.bold))
        for text in others:
            yield line
            line = [Run(text, bold=run.bold)]
    yield line


def _line(runs: Sequence[Run], *, bold: bool, is_header: bool) -> _Line:
    words: list[tuple[float, float]] = []
    starts = True
    for run in runs:
        for place, word in enumerate(run.text.split(" ")):
            starts = starts or place > 0
            if not word:
                continue
            first, *others = _pieces(word, bold or run.bold)
            if starts:
                words.append((first, _SPACE if words else 0.0))
            else:
                before = words.pop()
                words.append((before[0] + first, before[1]))
            words += [(piece, 0.0) for piece in others]
            starts = False
    width = sum(word + space for word, space in words)
    kept = not is_header and width <= _WIDEST_KEPT and _is_kept("".join(run.text for run in runs), width)
    return _Line(width, tuple(words), kept)


def _is_kept(text: str, width: float) -> bool:
    return _KEPT_WHOLE.match(text) is not None or (width <= _WIDEST_STATE and text.count(" ") <= 1)


def _needs(grid: _Grid, count: int) -> tuple[list[float], list[float], list[float]]:
    """Return how wide each column is if no word is broken, if no date is, and if no line is; padding included."""
    unbroken, kept, natural = [_NARROWEST] * count, [0.0] * count, [_NARROWEST] * count
    for row in grid:
        for column, lines in enumerate(row):
            for line in lines:
                unbroken[column] = max([unbroken[column], *[word for word, _ in line.words]])
                natural[column] = max(natural[column], line.width)
                if line.kept:
                    kept[column] = max(kept[column], line.width)
    return (
        [width + PADDING for width in unbroken],
        [width + PADDING for width in kept],
        [width + PADDING for width in natural],
    )


def _held_together(unbroken: Sequence[float], room: float) -> list[float]:
    """Give each column its longest word; if that is too much, cut the widest ones down to the same width."""
    left = room
    widths = list(unbroken)
    if sum(widths) <= left:
        return widths
    for position, column in enumerate(sorted(range(len(widths)), key=widths.__getitem__)):
        widths[column] = min(widths[column], left / (len(widths) - position))
        left -= widths[column]
    return widths


def _keep_whole(widths: list[float], kept: Sequence[float], natural: Sequence[float], room: float) -> None:
    """Widen columns of dates and states, the cheapest first, while columns of running text keep a fair width."""
    text = sum(max(0.0, _LEAST_WORDY - width) for width, whole in zip(widths, natural, strict=True) if whole > _WORDY)
    spare = room - sum(widths)
    for column in sorted(range(len(widths)), key=lambda column: kept[column] - widths[column]):
        more = kept[column] - widths[column]
        if 0 < more <= (spare if more < _CHEAP else spare - text):
            widths[column] += more
            spare -= more


def _widen(widths: list[float], natural: Sequence[float], grid: _Grid, room: float) -> None:
    """Share out what is left: each step goes to the column that makes the rows lower by most.

    Lines are counted in fractions here, so that a column that needs several steps to save a line is not passed over.
    """
    spare = room - sum(widths)
    step = spare / _STEPS
    rows = [
        [[line.width for line in lines] for lines in row]
        for row in grid
        if any(line.width + PADDING > widths[column] for column, lines in enumerate(row) for line in lines)
    ]
    while spare > 1e-6:
        gains = _gains(rows, [width - PADDING for width in widths])
        open_columns = [column for column, gain in enumerate(gains) if gain > 0 and widths[column] < natural[column]]
        if not open_columns:
            whole = sum(widths)
            widths[:] = [width + spare * width / whole for width in widths]
            return
        best = max(open_columns, key=gains.__getitem__)
        given = min(step, spare, natural[best] - widths[best])
        widths[best] += given
        spare -= given


def _gains(rows: Sequence[Sequence[Sequence[float]]], room: Sequence[float]) -> list[float]:
    """Return how much lower the rows get for each point that a column is widened; the tallest cell of a row counts."""
    gains = [0.0] * len(room)
    for row in rows:
        heights = [sum([max(1.0, width / room[column]) for width in lines]) for column, lines in enumerate(row)]
        whole = sum([height**_NORM for height in heights])
        scale = whole ** ((1 - _NORM) / _NORM)
        for column, lines in enumerate(row):
            space = room[column]
            over = sum([width for width in lines if width > space])
            if over:
                gains[column] += scale * heights[column] ** (_NORM - 1) * over / (space * space)
    return gains


def _refine(widths: list[float], least: Sequence[float], grid: _Grid) -> None:
    """Move width between columns as long as that saves whole lines, words being set as they will be."""
    known: dict[tuple[int, float], list[int]] = {}

    def set_lines(column: int, width: float) -> list[int]:
        found = known.get((column, width))
        if found is None:
            room = width - PADDING + 0.01
            found = known[column, width] = [
                sum([_line_count(line, room) for line in row[column]]) if column < len(row) else 0 for row in grid
            ]
        return found

    columns = range(len(widths))
    current = [set_lines(column, widths[column]) for column in columns]
    height = sum(map(max, zip(*current, strict=True)))
    if height == len(grid):
        return
    for _ in range(_ROUNDS):
        before = height
        for taker in columns:
            tallest = map(max, zip(*current, strict=True))
            if not any(1 < lines == most for lines, most in zip(current[taker], tallest, strict=True)):
                continue
            for giver in columns:
                for shift in _SHIFTS:
                    if giver == taker or widths[giver] - shift < least[giver]:
                        break
                    trial = list(current)
                    trial[taker] = set_lines(taker, widths[taker] + shift)
                    trial[giver] = set_lines(giver, widths[giver] - shift)
                    lower = sum(map(max, zip(*trial, strict=True)))
                    if lower < height:
                        widths[taker] += shift
                        widths[giver] -= shift
                        current, height = trial, lower
        if height == before:
            return


def _line_count(line: _Line, room: float) -> int:
    if line.width <= room:
        return 1
    count, used = 1, 0.0
    for width, space in line.words:
        if used and used + space + width > room:
            count += 1
            used = width
        else:
            used += space + width
    return count
