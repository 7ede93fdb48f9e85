"""Reading what attached files say: many small ones of every format, and one long document."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.attached_samples import open_file, pdf_file, sheet_file, slides_file, word_file
from tests.benchmarks.measure import Result, at_least, at_most, run_task

_SMALL: Final = 2_000
_PAGES: Final = 300
_LINES: Final = 40
_TEXT: Final = (
    "we planned the rota with our team and agreed the measures resources and targets for each customer service "
    "objective then monitored complaints weekly recorded causes briefed colleagues about the procedure"
)


def measure(folder: Path) -> list[Result]:
    """Read 2,000 files of a page or two, then 300 pages, each in a process that a process makes."""
    chance = random.Random(1)
    words = _TEXT.split()

    def sentence() -> str:
        return " ".join(chance.choices(words, k=12)) + "."

    def email() -> bytes:
        return f"From: a@b.example\r\nSubject: {sentence()}\r\n\r\n{sentence() * 20}".encode()

    makers: dict[str, Callable[[], bytes]] = {
        "docx": lambda: word_file("".join(f"<w:p><w:r><w:t>{sentence()}</w:t></w:r></w:p>" for _ in range(40))),
        "pdf": lambda: pdf_file(*("\n".join(sentence() for _ in range(_LINES)) for _ in range(2))),
        "xlsx": lambda: sheet_file(f"<row><c t='inlineStr'><is><t>{sentence()}</t></is></c><c><v>4</v></c></row>" * 60),
        "pptx": lambda: slides_file(*((sentence(), sentence(), sentence()) for _ in range(10))),
        "odt": lambda: open_file("text", "".join(f"<text:p>{sentence()}</text:p>" for _ in range(40))),
        "eml": email,
        "txt": lambda: "\n\n".join(sentence() for _ in range(40)).encode(),
    }
    small = folder / "small"
    small.mkdir()
    for number in range(_SMALL):
        kind = list(makers)[number % len(makers)]
        (small / f"{number}.{kind}").write_bytes(makers[kind]())
    long = folder / "long"
    long.mkdir()
    pages = ("\n".join(sentence() for _ in range(_LINES)) for _ in range(_PAGES))
    (long / "specification.pdf").write_bytes(pdf_file(*pages))
    cost, _ = run_task("read_texts", small)
    book, _ = run_task("read_texts", long)
    return [
        at_most(f"read {_SMALL:,} small attachments", cost.cpu, 20, "CPU-s", 1),
        at_most("memory of the process that reads them", cost.memory / 1e6, 200, "MB", 0),
        at_least(f"pages of a PDF of {_PAGES} in a CPU-second", _PAGES / book.cpu, 80, "pages", 0),
        at_most("memory while it is read", book.memory / 1e6, 200, "MB", 0),
    ]
