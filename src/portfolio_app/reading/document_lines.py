"""A document as lines: paragraphs and rows of tables in their order, each with its page and its cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from portfolio_app.plain_text import printable
from portfolio_app.reading.blocks import Cell, Entry, ParagraphStyle, Run, Runs
from portfolio_app.reading.formats import read_file, reader_of
from portfolio_app.reading.limits import SEARCHED, LimitReached, Problem, Unreadable, Watch
from portfolio_app.reading.pdf_text import pdf_pages
from portfolio_app.reading.sink import Sink
from portfolio_app.reading.text_columns import column_rows

PDF: Final = "application/pdf"

_EDGE: Final = 4
"""Lines at the top and the bottom of a page among which a running title is looked for."""
_FEWEST_REPEATS: Final = 3
_LEAST_SHARE: Final = 0.45
"""Of the pages from its first to its last that a running title stands on: left and right pages may have two."""
_PAGE_WORDS: Final = re.compile(
    r"(?:page|p\.?)\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|\d{1,4}\s*(?:of|/)\s*\d{1,4}|[-–—]\s*\d{1,4}\s*[-–—]",
    re.IGNORECASE,
)
_LONE_NUMBER: Final = re.compile(r"\d{1,4}")
_NUMBER_AT_EDGE: Final = re.compile(
    r"^\d{1,4}\s+(?=\D)|(?<=\D)\s+\|?\s*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?$", re.IGNORECASE
)
_MARKDOWN_HEADING: Final = re.compile(r"(#{1,6})\s")
_BULLET: Final = "•"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of a document: a line of its text, or a row of a table; without text it is a blank line.

    Attributes:
        text: The words of it; of a row, those of all its cells.
        page: The page, slide or sheet, from 1; ``None`` where the format has none.
        cells: Of a row of a table: what stands in each column, its paragraphs on lines of their own.
        heading: How deep a heading it is, from 1; 0 where it is none, or the format does not say.
    """

    text: str
    page: int | None = None
    cells: tuple[str, ...] = ()
    heading: int = 0


def read_lines(
    path: Path,
    name: str,
    media_type: str,
    *,
    keep: Callable[[str], bool] = lambda _line: False,
    tick: Callable[[], None] = lambda: None,
) -> tuple[SourceLine, ...]:
    """Read a PDF, or any of the formats of :mod:`portfolio_app.reading.formats`, as lines.

    Running titles and page numbers of a PDF are left out. A document that is longer than what is read ends early.

    Args:
        path: The file.
        name: What it is called.
        media_type: What its content is.
        keep: Says of a line of a PDF that it stays even where it is repeated on several pages.
        tick: Called now and then; what it raises ends the reading.

    Raises:
        Unreadable: the file cannot be read, or there are no words in it.
        FileNotFoundError: there is no file.
    """
    watch = Watch(tick, SEARCHED.seconds)
    if media_type == PDF:
        return _pdf_lines(path, watch, keep)
    reader = reader_of(media_type, name)
    if reader is None:
        raise Unreadable(Problem.UNKNOWN_FORMAT)
    sink = _Lines(watch)
    try:
        read_file(lambda: reader(path, sink), sink)
    except LimitReached:
        if not sink.has_text:
            raise Unreadable(Problem.ENORMOUS) from None
    return tuple(sink.lines)


def text_lines(text: str) -> tuple[SourceLine, ...]:
    """Return the lines of a plain text; columns that are parted by tabs, upright strokes or white space are cells.

    A form feed begins a page, as in the text that is taken out of a PDF. A row that takes several lines stands on the
    first of them, and the others are blank.
    """
    pages = text.removesuffix("\f").split("\f")
    return tuple(
        line
        for number, page in enumerate(pages, 1)
        for line in _page_lines(page.splitlines(), number if len(pages) > 1 else None)
    )


def _page_lines(lines: Sequence[str], page: int | None) -> Iterator[SourceLine]:
    rows = {} if any("\t" in line or "|" in line for line in lines) else column_rows(lines)
    place = 0
    while place < len(lines):
        if place not in rows:
            yield _text_line(lines[place], page)
            place += 1
            continue
        end, left, right = rows[place]
        yield SourceLine(" ".join(f"{left} {right}".split()), page, (left, right))
        yield from [SourceLine("", page)] * (end - place - 1)
        place = end


def _text_line(line: str, page: int | None) -> SourceLine:
    stripped = line.strip()
    cells: list[str] = []
    if "\t" in stripped:
        cells = stripped.split("\t")
    elif stripped.startswith("|") or " | " in stripped:
        cells = stripped.removeprefix("|").removesuffix("|").split("|")
        if all(set(cell.strip()) <= set("-:") for cell in cells):  # the rule under a head in Markdown
            return SourceLine("", page)
    marks = _MARKDOWN_HEADING.match(stripped)
    return SourceLine(stripped, page, tuple(cell.strip() for cell in cells), len(marks[1]) if marks else 0)


def _pdf_lines(path: Path, watch: Watch, keep: Callable[[str], bool]) -> tuple[SourceLine, ...]:
    pages = [printable(text).split("\n") for text in pdf_pages(path, watch, SEARCHED.most_pages)]
    if not any(line.strip() for page in pages for line in page):
        raise Unreadable(Problem.NO_TEXT)
    kept = without_running_titles([[line.strip() for line in page if line.strip()] for page in pages], keep)
    # A page without words is a blank line, so that it can be told from one that is not there.
    return tuple(SourceLine(line, number) for number, page in enumerate(kept, 1) for line in page or [""])


def without_running_titles(
    pages: Sequence[Sequence[str]], keep: Callable[[str], bool] = lambda _line: False
) -> list[list[str]]:
    """Leave out the page numbers, and what stands at the edge of most pages of a stretch in the same words.

    A lone number is a page's only where it grows with the pages; elsewhere it may be the number of an outcome.
    """
    on_pages: dict[str, list[int]] = {}
    for number, page in enumerate(pages):
        for title in {_running(line) for line in _edges(page)}:
            on_pages.setdefault(title, []).append(number)
    running = {
        title
        for title, numbers in on_pages.items()
        if len(numbers) >= _FEWEST_REPEATS
        and len(numbers) >= _LEAST_SHARE * (numbers[-1] - numbers[0] + 1)
        and any(map(str.isalpha, title))
        and not keep(title)
    }
    numbers = Counter(
        int(line) - number for number, page in enumerate(pages) for line in _edges(page) if _LONE_NUMBER.fullmatch(line)
    )
    offset, support = numbers.most_common(1)[0] if numbers else (0, 0)
    kept = []
    for number, page in enumerate(pages):
        own = str(number + offset) if support > 1 else ""

        def is_dropped(line: str, own: str = own) -> bool:
            return line == own or _running(line) in running or _PAGE_WORDS.fullmatch(line) is not None

        # Only what lies at the very edge: further in, the same words may be part of a sentence.
        start = next((place for place, line in enumerate(page) if not is_dropped(line)), len(page))
        after = next((place for place in range(len(page), start, -1) if not is_dropped(page[place - 1])), start)
        kept.append(list(page[start:after]))
    return kept


def _edges(page: Sequence[str]) -> list[str]:
    return [*page[:_EDGE], *page[max(_EDGE, len(page) - _EDGE) :]]


def _running(line: str) -> str:
    """Return a line of the edge without the page's number, as it would be the same on the next page."""
    return _NUMBER_AT_EDGE.sub("", line).strip()


class _NoWords:
    """Readers put no words of ours between those of the file: nothing of them is a requirement."""

    def __call__(self, key: str, /, **values: object) -> str:
        del key, values
        return ""

    def count(self, key: str, number: int, /, **values: object) -> str:
        del key, number, values
        return ""

    def day(self, day: date | None) -> str:
        return "" if day is None else day.isoformat()

    def size(self, size: int) -> str:
        del size
        return ""


class _Lines(Sink):
    """Gathers lines."""

    wants_numbers = True

    def __init__(self, watch: Watch) -> None:
        super().__init__(_NoWords(), watch, SEARCHED)
        self.lines: list[SourceLine] = []
        self._page: int | None = None
        self._characters = 0

    @property
    def has_text(self) -> bool:
        return self._characters > 0

    def page(self, number: int, title: str, name: str = "") -> None:
        del name
        self._page = number
        if title:
            self.heading(title)

    def heading(self, text: str, depth: int = 1) -> None:
        self._take(SourceLine(" ".join(printable(text).split()), heading=max(1, depth)))

    def paragraph(self, runs: Runs, style: ParagraphStyle = ParagraphStyle.BODY) -> None:
        del style
        for line in _words(runs).split("\n"):
            self._take(SourceLine(line.strip()))

    def listing(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            text = " ".join(_words(entry.runs).split())
            if text:
                self._take(SourceLine(f"{_BULLET} {text}"))

    def table(self, rows: Sequence[Sequence[Cell]], *, header: bool) -> None:
        del header
        for row in rows:
            cells: list[str] = []
            for cell in row:
                cells.append("\n".join(_words(runs).strip() for runs in cell.paragraphs).strip())
                cells += [""] * (min(cell.span, self.limits.most_columns) - 1)
            self._take(SourceLine(" ".join(" ".join(cells).split()), cells=tuple(cells)))
        self._take(SourceLine(""))

    def quiet_table(self, rows: Sequence[tuple[Cell, ...]], widths: tuple[float, ...]) -> None:
        del widths
        self.table(rows, header=False)

    def note(self, text: str, *, leaves_out: bool = True) -> None:
        del text, leaves_out

    def leave_out(self) -> None:
        pass

    def _take(self, line: SourceLine) -> None:
        self._characters += len(line.text)
        if self._characters > self.limits.most_characters or len(self.lines) >= self.limits.most_blocks:
            raise LimitReached
        self.lines.append(replace(line, page=self._page))


def _words(runs: Sequence[Run]) -> str:
    return printable("".join(run.text for run in runs))
