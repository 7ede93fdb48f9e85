"""Rich text (RTF): its words and tables, without fonts and pictures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from striprtf.striprtf import rtf_to_text

from portfolio_app.plain_text import BULLETS, printable
from portfolio_app.reading.grids import show_grid
from portfolio_app.reading.limits import Problem, Unreadable
from portfolio_app.reading.sink import Sink

_PICTURE: Final = re.compile(rb"[0-9a-fA-F\s]{400,}")  # pictures and objects are hexadecimal digits
_CELL_END: Final = "|"  # what the library writes after each cell


def read_rich_text(path: Path, sink: Sink) -> None:
    """Show a rich text file.

    Raises:
        Unreadable: it is none, or enormous.
        LimitReached: it is longer than what is shown.
    """
    limits = sink.limits
    with path.open("rb") as file:
        data = file.read(limits.largest_rich_text + 1)
    if len(data) > limits.largest_rich_text:
        raise Unreadable(Problem.ENORMOUS)
    if not data.lstrip().startswith(b"{\\rtf"):
        raise Unreadable(Problem.DAMAGED)
    data = _PICTURE.sub(b" ", data)
    sink.watch()
    if len(data) > limits.largest_rich_text_words:
        raise Unreadable(Problem.ENORMOUS)
    text = rtf_to_text(data.decode("latin-1"), errors="replace")[: 2 * limits.most_characters]  # type: ignore[no-untyped-call]
    sink.watch()
    rows: list[list[str]] = []
    for line in [*printable(text.translate(BULLETS)).split("\n"), ""]:
        if line.rstrip().endswith(_CELL_END) and len(rows) <= limits.most_rows:
            rows.append([cell.strip() for cell in line.rstrip().removesuffix(_CELL_END).split(_CELL_END)])
            continue
        if rows:
            show_grid(sink, rows[: limits.most_rows])
            if len(rows) > limits.most_rows:
                sink.note(sink.words("attached_text.rows_cut_sheet", shown=limits.most_rows))
            rows = []
        sink.text(line)
