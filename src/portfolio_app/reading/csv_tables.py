"""Tables of values parted by commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import islice

__all__ = ["Values", "delimiter_of", "read_values"]

_SIGNS = ",;\t|"
_ROWS_TRIED = 20
_CHARACTERS_TRIED = 100_000
_SAID = re.compile(r"sep=(?P<sign>[,;\t|])\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Values:
    """The rows of a table. ``is_cut`` says that there are more, or that they are wider."""

    rows: list[list[str]]
    is_cut: bool


def read_values(text: str, most_rows: int, most_columns: int, *, blank_rows: bool = False) -> Values:
    """Read the first rows and columns of a table; what was read before a monstrous cell is kept.

    A first line such as ``sep=;``, by which Excel is told the separator, is taken for that. With ``blank_rows`` those
    are kept too, so that a row's place is its number.
    """
    rows: list[list[str]] = []
    is_cut = False
    said = _SAID.match(text)
    sign = said["sign"] if said else delimiter_of(text)
    table = io.StringIO(text[said.end() :] if said else text, newline="")
    try:
        for row in csv.reader(table, delimiter=sign, strict=False):
            if len(rows) >= most_rows:
                is_cut = True
                break
            if row or blank_rows:
                is_cut = is_cut or len(row) > most_columns
                rows.append(row[:most_columns])
    except csv.Error:
        is_cut = True
    return Values(rows, is_cut)


def delimiter_of(text: str) -> str:
    """Return the separator that divides the first rows most evenly; cells in quotes may hold any of them, and lines."""

    def evenness(sign: str) -> tuple[int, int]:
        rows = csv.reader(io.StringIO(text[:_CHARACTERS_TRIED], newline=""), delimiter=sign)
        counts = [len(row) for row in islice(rows, _ROWS_TRIED) if row]
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual) if usual > 1 else 0, usual)

    try:
        return max(_SIGNS, key=evenness)
    except csv.Error:
        return ","
