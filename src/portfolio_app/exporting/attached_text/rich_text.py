"""Rich text (RTF): its words and tables, without fonts and pictures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from striprtf.striprtf import rtf_to_text

from portfolio_app.exporting.attached_text.composing import Composer
from portfolio_app.exporting.attached_text.grids import show_grid
from portfolio_app.exporting.attached_text.limits import MOST_CHARACTERS, MOST_ROWS, Unshowable
from portfolio_app.exporting.plain_text import printable

_LARGEST: Final = 20_000_000  # bytes, most of them pictures
_MOST_WITHOUT_PICTURES: Final = 1_500_000
_PICTURE: Final = re.compile(rb"[0-9a-fA-F\s]{400,}")  # pictures and objects are hexadecimal digits
_BULLETS: Final = {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢", 0xF0FC: "✓"}  # as Word writes them, in Symbol and Wingdings
_CELL_END: Final = "|"  # what the library writes after each cell


def read_rich_text(path: Path, composer: Composer) -> None:
    """Show a rich text file.

    Raises:
        Unshowable: it is none, or enormous.
        LimitReached: it is longer than what is shown.
    """
    with path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise Unshowable("enormous")
    if not data.lstrip().startswith(b"{\\rtf"):
        raise Unshowable("damaged")
    data = _PICTURE.sub(b" ", data)
    composer.watch()
    if len(data) > _MOST_WITHOUT_PICTURES:
        raise Unshowable("enormous")
    text = rtf_to_text(data.decode("latin-1"), errors="replace")[: 2 * MOST_CHARACTERS]  # type: ignore[no-untyped-call]
    composer.watch()
    rows: list[list[str]] = []
    for line in [*printable(text.translate(_BULLETS)).split("\n"), ""]:
        if line.rstrip().endswith(_CELL_END) and len(rows) <= MOST_ROWS:
            rows.append([cell.strip() for cell in line.rstrip().removesuffix(_CELL_END).split(_CELL_END)])
            continue
        if rows:
            show_grid(composer, rows[:MOST_ROWS])
            if len(rows) > MOST_ROWS:
                composer.note(composer.words("attached_text.rows_cut_sheet", shown=MOST_ROWS))
            rows = []
        composer.text(line)
