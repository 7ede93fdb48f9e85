"""Markdown files as prose: with their headings, lists and tables."""

from __future__ import annotations

from pathlib import Path

from portfolio_app.exporting.attached_text.composing import LEVEL, Composer
from portfolio_app.exporting.prose import plain, prose_blocks
from portfolio_app.exporting.publication import Heading, ListBlock, Paragraph, ParagraphStyle, Table
from portfolio_app.plain_text import BLANK_LINES
from portfolio_app.reading.limits import LimitReached
from portfolio_app.reading.plain import take_paragraphs, text_of_file

# Between blank lines: what is longer, or has more brackets, was not written by a person, and takes the parser long.
_LONGEST_PART = 10_000
_MOST_BRACKETS = 200


def read_markdown(path: Path, composer: Composer) -> None:
    """Show a text file with its headings, lists and tables.

    Raises:
        Unreadable: it is not text.
        LimitReached: it is longer than what is shown.
    """
    text, is_cut = text_of_file(path, composer.limits)
    parts = BLANK_LINES.split(text)
    if len(text) > composer.limits.most_characters or any(
        len(part) > _LONGEST_PART or part.count("[") > _MOST_BRACKETS for part in parts
    ):
        take_paragraphs(composer, text)
    else:
        for block in prose_blocks(text, top_level=LEVEL):
            match block:
                case Heading():
                    composer.heading(block.text)
                case Paragraph(style=ParagraphStyle.LABEL):
                    composer.heading(plain(block.runs), 2)
                case Paragraph():
                    composer.paragraph(block.runs, block.style)
                case Table():
                    composer.table([block.header, *block.rows], header=True)
                case ListBlock():
                    composer.add(block)
                case _:
                    raise TypeError(f"prose makes no {type(block).__name__}")
    if is_cut:
        raise LimitReached
