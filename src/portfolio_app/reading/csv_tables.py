"""Tables of values parted by commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
from dataclasses import dataclass

__all__ = ["Values", "delimiter_of", "read_values"]

_SIGNS = ",;\t|"
_LINES_TRIED = 20


@dataclass(frozen=True, slots=True)
class Values:
    """The rows of a table. ``is_cut`` says that there are more, or that they are wider."""

    rows: list[list[str]]
    is_cut: bool


def read_values(text: str, most_rows: int, most_columns: int) -> Values:
    """Read the first rows and columns of a table; what was read before a monstrous cell is kept."""
    rows: list[list[str]] = []
    is_cut = False
    try:
        for row in csv.reader(text.split("\n"), delimiter=delimiter_of(text), strict=False):
            if len(rows) >= most_rows:
                is_cut = True
                break
            if row:
                is_cut = is_cut or len(row) > most_columns
                rows.append(row[:most_columns])
    except csv.Error:
        is_cut = True
    return Values(rows, is_cut)


def delimiter_of(text: str) -> str:
    """Return the separator that divides the first lines most evenly."""
    lines = [line for line in text.split("\n", 50)[:50] if line.strip()][:_LINES_TRIED]

    def evenness(sign: str) -> tuple[int, int]:
        counts = [len(next(csv.reader([line], delimiter=sign), [])) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual) if usual > 1 else 0, usual)

    try:
        return max(_SIGNS, key=evenness)
    except csv.Error:
        return ","
