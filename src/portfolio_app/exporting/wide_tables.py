"""Tables that are too wide for an upright page: they lie on their side, on pages of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from portfolio_app.exporting.column_widths import LYING_WIDTH, TEXT_WIDTH, column_widths, least_width
from portfolio_app.exporting.publication import Block, Heading, Paragraph, ParagraphStyle, Section, Table

_FEW_COLUMNS = 5
"""So many hold their words, or no page is wide enough."""


def turned(section: Section) -> Iterator[Section]:
    """Split a section so that its wide tables lie on their side, each with the headings that it stands under."""
    before: list[Block] = []
    for block in section.blocks:
        if isinstance(block, Table) and _is_wide(block):
            above = _what_stands_above(before)
            if len(before) > above:
                yield replace(section, blocks=tuple(before[: len(before) - above]))
            widths = column_widths(block.header, block.rows, LYING_WIDTH)
            lying = (*before[len(before) - above :], replace(block, widths=widths))
            yield replace(section, blocks=lying, landscape=True)
            before = []
        else:
            before.append(block)
    if before or not section.blocks:
        yield replace(section, blocks=tuple(before))


def _is_wide(table: Table) -> bool:
    columns = max((len(row) for row in (table.header, *table.rows)), default=0)
    spans = any(cell.span > 1 for row in (table.header, *table.rows) for cell in row)
    return columns > _FEW_COLUMNS and not spans and least_width(table.header, table.rows) > TEXT_WIDTH


def _what_stands_above(blocks: Sequence[Block]) -> int:
    """Return how many of the last blocks are headings of what follows."""
    count = 0
    for block in reversed(blocks):
        is_label = isinstance(block, Paragraph) and (block.keep_with_next or block.style is ParagraphStyle.LABEL)
        if not isinstance(block, Heading) and not is_label:
            break
        count += 1
    return count
