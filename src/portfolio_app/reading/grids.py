"""Cells of a sheet as tables: what stands alone is a line, what stands together a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from portfolio_app.domain.quantities import read_quantity

if TYPE_CHECKING:
    from portfolio_app.reading.sink import Sink


def show_grid(sink: Sink, rows: Sequence[Sequence[str]]) -> None:
    """Add rows of text; blank rows part tables from one another, columns that are blank throughout are left out."""
    part: list[Sequence[str]] = []
    for row in [*rows, ()]:
        if any(text.strip() for text in row):
            part.append(row)
            continue
        _show_part(sink, part)
        part = []


def _show_part(sink: Sink, part: Sequence[Sequence[str]]) -> None:
    """Add rows that stand together; rows of a single cell above and below them are headings and remarks."""
    rows = list(part)
    while rows and _is_remark(rows[0]):
        sink.text(_only(rows.pop(0)))
    remarks: list[str] = []
    while rows and _is_remark(rows[-1]) and not _is_column(rows):
        remarks.insert(0, _only(rows.pop()))
    if rows:
        _show_table(sink, rows)
    for remark in remarks:
        sink.text(remark)


def _show_table(sink: Sink, rows: Sequence[Sequence[str]]) -> None:
    width = max(map(len, rows))
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    used = [column for column in range(width) if any(row[column].strip() for row in padded)]
    padded = [[row[column] for column in used] for row in padded]
    header = len(padded) > 1 and all(text.strip() and not _is_figure(text) for text in padded[0][1:])
    body = padded[1:] if header else padded
    numeric = [
        any(row[column].strip() for row in body) and all(_is_figure(row[column]) for row in body if row[column].strip())
        for column in range(len(used))
    ]
    sink.table(
        [[sink.cell(text, numeric=right) for text, right in zip(row, numeric, strict=True)] for row in padded],
        header=header,
    )


def _is_remark(row: Sequence[str]) -> bool:
    return sum(bool(text.strip()) for text in row) == 1


def _is_column(rows: Sequence[Sequence[str]]) -> bool:
    """Whether nothing but single cells is left: then they are a list, shown as a table of one column."""
    return all(map(_is_remark, rows))


def _only(row: Sequence[str]) -> str:
    return next(text for text in row if text.strip())


def _is_figure(text: str) -> bool:
    return read_quantity(text) is not None
