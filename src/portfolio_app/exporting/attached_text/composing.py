"""What a reader puts together: blocks of the publication, up to a limit, with anchors for what claims may name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portfolio_app.exporting.column_widths import LYING_WIDTH, TEXT_WIDTH, column_widths
from portfolio_app.exporting.publication import (
    Block,
    Cell,
    Heading,
    ListBlock,
    Paragraph,
    ParagraphStyle,
    Run,
    Runs,
    Table,
)
from portfolio_app.plain_text import one_line, printable
from portfolio_app.reading.blocks import Entry
from portfolio_app.reading.limits import LimitReached, Limits, Watch
from portfolio_app.reading.sink import Sink, Words

LEVEL = 4
"""Of the headings within a file: its name is a heading of the level above."""
_LONGEST_HEADING = 300
_WIDE_TABLE = 7  # columns: more are set across


class Composer(Sink):
    """Collects the blocks of one file.

    ``headings`` are the anchors of headings by their text, ``pages`` those of slides and sheets by their number.
    """

    def __init__(self, anchor: str, words: Words, watch: Watch, limits: Limits) -> None:
        super().__init__(words, watch, limits)
        self.blocks: list[Block] = []
        self.headings: dict[str, str] = {}
        self.pages: dict[int, str] = {}
        self.landscape = False
        self.complete = True
        self._anchor = anchor
        self._characters = 0

    @property
    def has_text(self) -> bool:
        """Whether there is anything to read."""
        return self._characters > 0

    def page(self, number: int, title: str, name: str = "") -> None:
        """Begin a slide or a sheet, which is found by its number and by ``name``."""
        anchor = f"{self._anchor}-p{number}"
        self.pages[number] = anchor
        if name:
            self.headings.setdefault(folded(name), anchor)
        self._put(Heading(LEVEL, one_line(title)[:_LONGEST_HEADING], anchor), len(title))

    def heading(self, text: str, depth: int = 1) -> None:
        """Add a heading; one below the first level is a bold paragraph."""
        line = one_line(text)[:_LONGEST_HEADING]
        if not line:
            return
        anchor = self.headings.get(folded(line), "")
        if anchor:
            anchor = ""  # the first of its name is found
        else:
            anchor = self.headings[folded(line)] = f"{self._anchor}-heading{len(self.headings) + 1}"
        if depth <= 1:
            self._put(Heading(LEVEL, line, anchor), len(line))
        else:
            self._put(Paragraph((Run(line),), ParagraphStyle.LABEL, anchor, keep_with_next=True), len(line))

    def paragraph(self, runs: Runs, style: ParagraphStyle = ParagraphStyle.BODY) -> None:
        """Add a paragraph, unless it is blank."""
        shown = fitted(runs, self._room)
        if any(run.text.strip() for run in shown):
            self._put(Paragraph(shown, style), _length(shown))

    def note(self, text: str, *, leaves_out: bool = True) -> None:
        """Add a sentence of ours on what is left out; it counts for nothing and is never cut."""
        self.complete = self.complete and not leaves_out
        self.blocks.append(Paragraph((Run(text),), ParagraphStyle.MUTED))

    def leave_out(self) -> None:
        """Remember that not all of it is shown."""
        self.complete = False

    def listing(self, entries: Sequence[Entry]) -> None:
        """Add a list."""
        shown = [entry for entry in entries if any(run.text.strip() for run in entry.runs)]
        length = sum(_length(entry.runs) for entry in shown)
        if shown:
            self._put(_nested(shown), length)

    def add(self, block: ListBlock) -> None:
        """Add a list that is put together already."""
        self._put(block, _list_length(block))

    def quiet_table(self, rows: Sequence[tuple[Cell, ...]], widths: tuple[float, ...]) -> None:
        """Add a table of labels and values."""
        length = sum(_length(runs) for row in rows for cell in row for runs in cell.paragraphs)
        if rows:
            self._put(Table((), tuple(rows), widths, quiet=True), length)

    def table(self, rows: Sequence[Sequence[Cell]], *, header: bool) -> None:
        """Add a table, its columns as wide as they need; the first row may be its header."""
        widest = max((_columns(row) for row in rows), default=0)
        most = self.limits.most_columns
        if not widest:
            return
        if widest > most:
            rows = [_first_columns(row, most) for row in rows]
        if widest == 1:
            header = False
        self.landscape = self.landscape or widest > _WIDE_TABLE
        head = tuple(rows[0]) if header and len(rows) > 1 else ()
        body = tuple(tuple(row) for row in rows[1 if head else 0 :])
        simple = [row for row in body if not any(cell.span > 1 for cell in row)]
        plain_head = head if not any(cell.span > 1 for cell in head) else ()
        shares = column_widths(plain_head, simple, LYING_WIDTH if widest > _WIDE_TABLE else TEXT_WIDTH)
        count = min(widest, most)
        widths = shares if len(shares) == count else (1 / count,) * count
        length = sum(_length(runs) for row in (head, *body) for cell in row for runs in cell.paragraphs)
        self._put(Table(_in_bold(head), body, widths), length)
        if widest > most:
            self.note(self.words("attached_text.columns_cut", shown=most, total=f"{widest:,}"))

    @property
    def _room(self) -> int:
        return max(1, self.limits.most_characters - self._characters)

    def _put(self, block: Block, length: int) -> None:
        self.watch()
        self.blocks.append(block)
        self._characters += length
        if self._characters >= self.limits.most_characters or len(self.blocks) >= self.limits.most_blocks:
            raise LimitReached


def folded(text: str) -> str:
    """Return a text as it is compared with what a claim names."""
    return one_line(text).casefold()


def fitted(runs: Runs, room: int) -> Runs:
    """Return runs fit for paper, no longer than there is room."""
    shown: list[Run] = []
    for run in runs:
        text = printable(run.text[:room])
        room -= len(text)
        if text:
            shown.append(Run(text, run.bold, run.italic, run.muted, run.link))
        if room <= 0:
            break
    return tuple(shown)


def _length(runs: Iterable[Run]) -> int:
    return sum(len(run.text) for run in runs)


def _list_length(block: ListBlock) -> int:
    return sum(
        _list_length(part) if isinstance(part, ListBlock) else _length(part.runs)
        for item in block.items
        for part in item
    )


def _columns(row: Sequence[Cell]) -> int:
    return sum(cell.span for cell in row)


def _first_columns(row: Sequence[Cell], room: int) -> list[Cell]:
    kept: list[Cell] = []
    for cell in row:
        if room <= 0:
            break
        kept.append(Cell(cell.paragraphs, cell.header, cell.numeric, cell.anchor, min(cell.span, room)))
        room -= cell.span
    return kept


def _in_bold(head: Sequence[Cell]) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            tuple(tuple(Run(run.text, bold=True, link=run.link) for run in runs) for runs in cell.paragraphs),
            numeric=cell.numeric,
            span=cell.span,
        )
        for cell in head
    )


def _nested(entries: Sequence[Entry]) -> ListBlock:
    """Make a list of lists; an entry more than one deeper than the one before stands one deeper."""
    top = min(entry.depth for entry in entries)
    items: list[tuple[Paragraph | ListBlock, ...]] = []
    position = 0
    while position < len(entries):
        entry = entries[position]
        position += 1
        begin = position
        while position < len(entries) and entries[position].depth > top:
            position += 1
        inner = entries[begin:position]
        own: tuple[Paragraph | ListBlock, ...] = (Paragraph(entry.runs),)
        if entry.depth > top:  # the list begins with a deeper entry
            inner = entries[begin - 1 : position]
            own = ()
        items.append((*own, _nested(inner)) if inner else own)
    return ListBlock(tuple(items), ordered=entries[0].ordered)
