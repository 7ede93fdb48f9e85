from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pdf_publications import heading, paragraph, publication, section, written

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting.pdf.destinations import Destinations
from portfolio_app.exporting.pdf.paper import BODY, STYLES
from portfolio_app.exporting.pdf.text import TextBlock, Typesetter
from portfolio_app.exporting.publication import (
    Cell,
    ListBlock,
    Paragraph,
    ParagraphStyle,
    Run,
    Table,
)
from portfolio_app.exporting.typography import FontBook
from portfolio_app.exporting.wording import wording_of

WORDS = "We set a four-minute target, told the team why it matters and looked at the figures every Friday."


@pytest.fixture
def typesetter() -> Typesetter:
    return Typesetter(FontBook(), Destinations(publication(), lambda _: 0), wording_of("en-GB"), lambda: None)


def lines_of(block: TextBlock, width: float) -> list[str]:
    block.height(width, 1000)
    return [
        "".join(
            "".join(stretch.text for _, word in token.parts for stretch in word.stretches)
            + (" " if token.space and token is not line[-1] else "")
            for token in line
        )
        for line in block._lines
    ]


def test_text_stands_in_the_order_it_was_given_in(tmp_path: Path) -> None:
    read = written(
        publication(
            section(heading("First"), paragraph("alpha beta"), paragraph("gamma")),
            section(heading("Second"), paragraph("delta")),
        ),
        tmp_path,
    )
    assert len(read.texts) == 2
    assert read.texts[0] == "Sam Ellis · Customer Service Page 1 of 2 First alpha beta gamma"
    assert read.texts[1] == "Sam Ellis · Customer Service Page 2 of 2 Second delta"


def test_runs_join_where_no_space_is_between_them(typesetter: Typesetter) -> None:
    block = typesetter.block((Run("half", bold=True), Run("way, "), Run(" then"), Run(" on", italic=True)), BODY)
    assert lines_of(block, 400) == ["halfway, then on"]


def test_lines_are_never_wider_than_the_column(typesetter: Typesetter) -> None:
    block = typesetter.block(
        (Run(WORDS * 5, bold=True), Run("W" * 300), Run(" https://example.org/" + "a/b" * 80)), BODY
    )
    block.height(150, 1000)
    for line in block._lines:
        assert sum(token.width + token.space for token in line) - line[-1].space <= 150.001
    text = "".join(lines_of(block, 150)).replace(" ", "")
    assert text == (WORDS * 5 + "W" * 300 + "https://example.org/" + "a/b" * 80).replace(" ", "")


def test_words_break_after_hyphens_between_letters_but_dates_and_codes_do_not(typesetter: Typesetter) -> None:
    block = typesetter.plain("customer-facing 2026-03-09 M/506/2898", BODY)
    lines = lines_of(block, 60)
    assert lines[0] == "customer-"
    assert "2026-03-09" in lines
    assert "M/506/2898" in lines


def test_line_breaks_are_kept_and_other_space_collapses(typesetter: Typesetter) -> None:
    block = typesetter.plain("one  two\r\nthree\tfour\u2028five", BODY)
    assert lines_of(block, 400) == ["one two", "three four", "five"]


def test_a_cut_leaves_two_lines_on_either_page(typesetter: Typesetter) -> None:
    block = typesetter.plain("line\n" * 6, BODY)
    height = BODY.leading
    assert block.cut(400, height * 1.5, force=False) is None
    parts = block.cut(400, height * 5.5, force=False)
    assert parts is not None
    assert [part.height(400, 1000) / height for part in parts] == [4, 2]
    assert typesetter.plain("a\nb\nc", BODY).cut(400, height * 2, force=False) is None


def test_a_heading_never_stands_alone_at_the_foot_of_a_page(tmp_path: Path) -> None:
    for lines in range(38, 46):
        filler = paragraph("\n".join(["filler"] * lines))
        read = written(
            publication(section(filler, heading("Kept", 2), heading("Both", 3), paragraph(WORDS * 4))), tmp_path
        )
        assert read.page_of("Kept") == read.page_of("Both") == read.page_of("four-minute")


def test_a_paragraph_of_5000_words_goes_over_pages_with_nothing_lost(tmp_path: Path) -> None:
    many = " ".join(f"w{number}" for number in range(5000))
    read = written(publication(section(paragraph(many))), tmp_path)
    found = [word for text in read.texts for word in text.split() if word.startswith("w") and word[1:].isdigit()]
    assert found == many.split()
    assert read.result.pages == len(read.texts) == 8


def test_a_short_tail_is_pulled_back_and_a_long_one_leaves_all_as_usual(tmp_path: Path) -> None:
    def on_each_page(count: int) -> list[int]:
        blocks = [paragraph(f"p{number} {WORDS}") for number in range(count)]
        read = written(publication(section(heading("All"), *blocks)), tmp_path)
        return [sum(f"p{number} " in text for number in range(count)) for text in read.texts]

    usual = on_each_page(30)
    assert len(usual) == 2
    assert on_each_page(usual[0]) == usual[:1]
    assert on_each_page(usual[0] + 2) == [usual[0] + 2]
    assert on_each_page(usual[0] + 6) == [usual[0], 6]


def test_lists_are_numbered_from_their_start_and_nested(tmp_path: Path) -> None:
    inner = ListBlock(((paragraph("inside"),), (paragraph("inside two"),)), ordered=True)
    outer = ListBlock(((paragraph("first"), paragraph("more")), (paragraph("second"), inner)), ordered=True, start=4)
    bullets = ListBlock(((paragraph("dot"),), (), (paragraph("after nothing"),)))
    read = written(publication(section(outer, bullets)), tmp_path)
    assert "4. first more 5. second a. inside b. inside two • dot • • after nothing" in read.text


def test_what_no_font_has_is_shown_and_told(tmp_path: Path) -> None:
    read = written(publication(section(paragraph("Thanks 😀 你 → ≤ ✓ café"))), tmp_path)
    assert "Thanks [grinning face] ▯ → ≤ ✓ café" in read.text
    (warning,) = read.result.warnings
    assert warning.startswith("2 characters that the program’s fonts do not have are shown as ▯")
    assert warning.endswith(": U+4F60, U+1F600.")


def test_every_style_and_state_is_drawn(tmp_path: Path) -> None:
    blocks = [paragraph(f"style {style}", style=style) for style in ParagraphStyle]
    states = [Paragraph((Run(f"{state.symbol} {state}", status=state),)) for state in CoverageState]
    read = written(publication(section(*blocks, *states)), tmp_path)
    for style in STYLES:
        assert f"style {style}" in read.text
    for state in CoverageState:
        assert f"{state.symbol} {state}" in read.text


anything = st.text(st.characters(codec=None), max_size=60)
runs = st.lists(st.builds(Run, anything, st.booleans(), st.booleans(), st.booleans()), max_size=4).map(tuple)
cells = st.builds(Cell, st.lists(runs, max_size=2).map(tuple), st.booleans(), st.booleans())
rows = st.lists(st.lists(cells, max_size=4).map(tuple), max_size=4).map(tuple)
tables = st.builds(
    Table,
    st.lists(cells, max_size=4).map(tuple),
    rows,
    st.lists(st.floats(), max_size=5).map(tuple),
    anything,
    st.booleans(),
)


@settings(max_examples=40)
@given(blocks=st.lists(st.one_of(st.builds(Paragraph, runs), tables), min_size=1, max_size=4), title=anything)
def test_no_text_whatever_breaks_the_document(
    blocks: list[Paragraph | Table], title: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = replace(
        publication(section(heading(title), *blocks, label=title)), title=title, running_title=title, keywords=(title,)
    )
    written(whole, tmp_path_factory.mktemp("any"))
