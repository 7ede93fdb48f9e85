"""Quotations marked in text that a publication shows: an item's own words, and what attached files say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from portfolio_app.exporting.publication import Block, Cell, Heading, Link, ListBlock, Paragraph, Run, Runs, Table
from portfolio_app.exporting.quotations.matching import Folded, Quotation


@dataclass(frozen=True, slots=True)
class Quoted:
    """A passage that a claim quotes, and the requirement it is quoted for: its code and where it stands."""

    quotation: Quotation
    code: str
    anchor: str


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Blocks in which quotations are marked; ``found`` says for each of them whether it is there."""

    blocks: tuple[Block, ...]
    found: tuple[bool, ...]


def mark_quotations(blocks: Sequence[Block], quoted: Sequence[Quoted]) -> MarkedText:
    """Mark passages that are quoted, each followed by a link to what it is quoted for.

    Headings are read, for a quotation may begin in one, but not marked.
    """
    if not quoted:
        return MarkedText(tuple(blocks), ())
    lines = [line for block in blocks for line in _lines(block)]
    whole = Folded.of("\n".join(lines))
    marks = [one.quotation.found_in(whole) for one in quoted]
    if not any(marks):
        return MarkedText(tuple(blocks), (False,) * len(quoted))
    marker = _Marker(lines, quoted, marks)
    return MarkedText(tuple(marker.block(block) for block in blocks), tuple(map(bool, marks)))


def _lines(block: Block) -> Iterator[str]:
    """Yield the texts in the order in which they are read, and in which :class:`_Marker` comes to them."""
    match block:
        case Heading():
            yield block.text
        case Paragraph():
            yield _text(block.runs)
        case ListBlock():
            for item in block.items:
                for part in item:
                    yield from _lines(part)
        case Table():
            for row in (block.header, *block.rows):
                for cell in row:
                    for runs in cell.paragraphs:
                        yield _text(runs)
        case _:
            return


def _text(runs: Runs) -> str:
    return "".join(run.text for run in runs)


class _Marker:
    """Goes through the blocks once more and marks what was found, counting characters as it goes."""

    def __init__(
        self, lines: Sequence[str], quoted: Sequence[Quoted], marks: Sequence[Sequence[tuple[int, int]]]
    ) -> None:
        self._lines = iter(lines)
        self._place = 0
        self._stretches = sorted(stretch for found in marks for stretch in found)
        labels: dict[int, dict[str, Run]] = {}
        for one, found in zip(quoted, marks, strict=True):
            if found:
                label = Run(one.code, link=Link(anchor=one.anchor))
                labels.setdefault(found[-1][1], {}).setdefault(one.code, label)
        self._labels = {end: tuple(runs.values()) for end, runs in sorted(labels.items())}

    def block(self, block: Block) -> Block:
        match block:
            case Heading():
                self._next()
                return block
            case Paragraph():
                return replace(block, runs=self._runs(block.runs))
            case ListBlock():
                return self._list(block)
            case Table():
                return replace(block, header=self._row(block.header), rows=tuple(map(self._row, block.rows)))
            case _:
                return block

    def _list(self, block: ListBlock) -> ListBlock:
        items = tuple(
            tuple(
                self._list(part) if isinstance(part, ListBlock) else replace(part, runs=self._runs(part.runs))
                for part in item
            )
            for item in block.items
        )
        return replace(block, items=items)

    def _row(self, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(replace(cell, paragraphs=tuple(map(self._runs, cell.paragraphs))) for cell in row)

    def _next(self) -> tuple[int, int]:
        """Return where the next line begins and ends."""
        begin = self._place
        end = begin + len(next(self._lines))
        self._place = end + 1
        return begin, end

    def _runs(self, runs: Runs) -> Runs:
        begin, end = self._next()
        cuts = {edge for stretch in self._stretches for edge in stretch if stretch[0] < end and stretch[1] > begin}
        if not cuts:
            return runs
        marked: list[Run] = []
        place = begin
        for run in runs:
            stop = place + len(run.text)
            edges = [place, *sorted(edge for edge in cuts if place < edge < stop), stop]
            for first, last in pairwise(edges):
                if last > first:
                    is_quoted = any(start <= first and last <= over for start, over in self._stretches)
                    part = replace(run, text=run.text[first - place : last - place])
                    marked.append(replace(part, quoted=True) if is_quoted else part)
                for label in self._labels.get(last, ()) if last > first else ():
                    marked += (Run("\u00a0["), label, Run("]"))
            place = stop
        return tuple(marked)
