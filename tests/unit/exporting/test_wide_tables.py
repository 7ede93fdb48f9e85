"""Tables that no upright page has room for: turned with their heading, and nothing lost or moved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest
from tests.word_documents import W, check_sound

from portfolio_app.exporting.chapters.parts import cell, filled_table, header
from portfolio_app.exporting.column_widths import LYING_WIDTH, PADDING, TEXT_WIDTH, least_width, text_width
from portfolio_app.exporting.docx import write_docx
from portfolio_app.exporting.pdf import write_pdf
from portfolio_app.exporting.publication import (
    Block,
    Heading,
    Paragraph,
    ParagraphStyle,
    Publication,
    Run,
    Section,
    Table,
)
from portfolio_app.exporting.wide_tables import turned

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WORDS = (
    *("Task", "Owner", "Priority", "Started", "Finished", "Status"),
    *("Likelihood", "Consequence", "Responsibility", "Mitigation", "Organisation"),
)


def table(heads: Sequence[str], *rows: Sequence[str]) -> Table:
    return filled_table(header(*heads), [[cell(text) for text in row] for row in rows])


WIDE = table(["Measure", *MONTHS], ["Calls answered", *["1,234"] * 12])
NARROW = table(["Measure", "Actual"], ["Calls answered", "1,234"])
TEXT = Paragraph((Run("What was found."),))
LABEL = Paragraph((Run("Figures"),), ParagraphStyle.LABEL)


def shown(blocks: Sequence[Block], label: str = "E1") -> list[tuple[bool, list[str]]]:
    sections = list(turned(Section(tuple(blocks), label=label)))
    assert {section.label for section in sections} == {label}
    return [(section.landscape, [type(block).__name__ for block in section.blocks]) for section in sections]


def test_a_wide_table_lies_on_its_side_under_its_heading() -> None:
    blocks: list[Block] = [Heading(2, "E1 Report"), TEXT, Heading(3, "Months"), LABEL, WIDE, TEXT, NARROW]
    assert shown(blocks) == [
        (False, ["Heading", "Paragraph"]),
        (True, ["Heading", "Paragraph", "Table"]),
        (False, ["Paragraph", "Table"]),
    ]


def test_a_wide_table_first_or_last_leaves_no_empty_page() -> None:
    assert shown([Heading(2, "E1 Report"), WIDE]) == [(True, ["Heading", "Table"])]
    assert shown([WIDE, WIDE]) == [(True, ["Table"]), (True, ["Table"])]
    assert shown([]) == [(False, [])]


@pytest.mark.parametrize(
    "blocks", [[Heading(2, "E1"), NARROW, TEXT], [table(list("abcdefghijkl"), list("123456789012"))]]
)
def test_what_has_room_stays_where_it_is(blocks: list[Block]) -> None:
    section = Section(tuple(blocks))
    assert list(turned(section)) == [section]


def test_columns_of_a_turned_table_have_room_for_their_words() -> None:
    (section,) = turned(Section((WIDE,)))
    (found,) = section.blocks
    assert isinstance(found, Table)
    assert TEXT_WIDTH < least_width(WIDE.header, WIDE.rows) <= LYING_WIDTH
    for word, share in zip(("Measure", *MONTHS), found.widths, strict=True):
        assert share * LYING_WIDTH - PADDING >= text_width(word, bold=True) - 0.05


@pytest.mark.parametrize("columns", [11, 15])
def test_no_word_of_a_wide_table_is_broken_on_paper(tmp_path: Path, columns: int) -> None:
    """Where even a page on its side has no room, Word sets it in small type."""
    heads = (WORDS * 2)[:columns]
    wide = table(heads, *[[f"{word.lower()}s" for word in heads]] * 3)
    (section,) = turned(Section((Heading(2, "E1"), wide), label="E1"))
    publication = Publication("", "", "", "", (section,))
    write_docx(publication, tmp_path / "wide.docx")
    frame = next(check_sound(tmp_path / "wide.docx").iter(f"{W}tbl"))
    widths = [int(str(column.get(f"{W}w"))) / 20 for column in frame.iter(f"{W}gridCol")]
    is_small = str(next(frame.iter(f"{W}tblStyle")).get(f"{W}val")) == "NarrowTable"
    assert is_small == (columns == 15)
    size, padding = (7 / 8.5, 4.0) if is_small else (1.0, 8.0)
    for word, width in zip(heads, widths, strict=True):
        assert width - padding >= text_width(f"{word.lower()}s") * size - 0.1, word
    if columns == 11:
        write_pdf(publication, tmp_path / "wide.pdf")
        with pypdfium2.PdfDocument(tmp_path / "wide.pdf") as pdf:
            lines = pdf[0].get_textpage().get_text_bounded().split()
        assert {f"{word.lower()}s" for word in heads} <= set(lines)
