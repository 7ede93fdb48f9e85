from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pdf_publications import heading, paragraph, publication, section, written

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting.pdf.destinations import Destinations
from portfolio_app.exporting.pdf.front_matter import SignatureLine
from portfolio_app.exporting.pdf.paper import Frame, Paper
from portfolio_app.exporting.pdf.tables import _Grid
from portfolio_app.exporting.pdf.text import Typesetter
from portfolio_app.exporting.publication import (
    Cell,
    Matrix,
    MatrixCell,
    MatrixColumn,
    MatrixRow,
    Paragraph,
    Run,
    SignatureLines,
    Table,
)
from portfolio_app.exporting.typography import FontBook
from portfolio_app.exporting.wording import load_wording


def cell(text: str, *, header: bool = False, numeric: bool = False) -> Cell:
    return Cell(((Run(text),),), header, numeric)


def setting() -> tuple[Typesetter, Frame]:
    words = load_wording("en-GB")
    destinations = Destinations(publication(), lambda _: 0)
    return Typesetter(FontBook(), destinations, words, lambda: None), Paper.named("A4").frame(landscape=False)


def table(rows: list[list[str]], *, header: list[str] | None = None, quiet: bool = False, caption: str = "") -> Table:
    columns = max(len(row) for row in rows)
    return Table(
        tuple(cell(text) for text in header or ()),
        tuple(tuple(cell(text) for text in row) for row in rows),
        (1.0,) * columns,
        caption,
        quiet,
    )


def test_a_long_table_repeats_its_header_and_loses_no_row(tmp_path: Path) -> None:
    rows = [[f"Row{number}", "some words " * (number % 7), f"End{number}"] for number in range(500)]
    read = written(publication(section(table(rows, header=["Task", "What", "When"], caption="All tasks"))), tmp_path)
    assert len(read.texts) > 12
    for text in read.texts:
        assert text.count("Task What When") == 1
    words = read.text.split()
    for number in range(500):
        assert words.count(f"Row{number}") == words.count(f"End{number}") == 1
    assert read.text.count("All tasks") == 1


def test_rows_stay_whole_unless_they_are_long(tmp_path: Path) -> None:
    rows = [[f"a{number}", "line\n" * 9 + f"b{number}"] for number in range(40)]
    read = written(publication(section(table(rows))), tmp_path)
    for text in read.texts:
        words = text.split()
        assert {word[1:] for word in words if word[0] == "a" and word[1:].isdigit()} == {
            word[1:] for word in words if word[0] == "b" and word[1:].isdigit()
        }


def test_a_row_longer_than_two_pages_is_cut_like_text(tmp_path: Path) -> None:
    words = [f"w{number}" for number in range(2500)]
    read = written(
        publication(section(table([["first", "x"], ["long", " ".join(words)], ["last", "y"]], header=["A", "B"]))),
        tmp_path,
    )
    found = [word for word in read.text.split() if word.startswith("w") and word[1:].isdigit()]
    assert found == words
    assert read.page_of("first") < read.page_of("last")
    assert all("A B" in text for text in read.texts)


def test_no_row_is_left_alone_on_the_last_page(tmp_path: Path) -> None:
    for filler in range(20, 30):
        rows = [[f"r{number}x", "y"] for number in range(12)]
        read = written(
            publication(section(paragraph("\n".join(["fill"] * filler)), table(rows, header=["A", "B"]))), tmp_path
        )
        counts = [sum(f"r{number}x" in text for number in range(12)) for text in read.texts]
        assert sum(counts) == 12
        assert 1 not in counts


def test_a_header_higher_than_half_a_page_is_not_repeated(tmp_path: Path) -> None:
    rows = [[f"r{number}"] for number in range(80)]
    read = written(publication(section(table(rows, header=["tall " * 900]))), tmp_path)
    assert read.text.split().count("tall") == 900
    assert all(f"r{number}" in read.text.split() for number in range(80))


def test_tables_without_a_cell_leave_nothing(tmp_path: Path) -> None:
    read = written(publication(section(Table((), (), ()), Table((), ((), ()), (1.0,)), paragraph("after"))), tmp_path)
    assert read.text.endswith("Page 1 of 1 after")


def test_rows_may_be_shorter_or_longer_than_the_widths(tmp_path: Path) -> None:
    odd = Table((cell("A"),), ((cell("b"), cell("c"), cell("d")), ()), (0.0, float("nan")))
    read = written(publication(section(odd)), tmp_path)
    assert read.text.endswith("A b c d")


def test_cells_over_several_columns_use_their_width(tmp_path: Path) -> None:
    words = " ".join(f"w{number}" for number in range(60))
    wide = Cell(((Run(words),),), span=3)
    rows = ((cell("a"), cell("b"), cell("c"), cell("d")), (cell("label"), wide), (cell("e"), cell("f")))
    grid = _Grid(Table((), rows, (0.1, 0.4, 0.1, 0.4)), 4, *setting(), front=False)
    widths = grid.widths(400)
    assert [(left, usable) for _, left, usable in grid.row(1).placed(widths)] == [(0, 27), (40, 360)]
    assert len(list(grid.row(2).placed(widths))) == 4
    read = written(publication(section(Table((), rows, (0.1, 0.4, 0.1, 0.4), quiet=True))), tmp_path)
    assert read.text.endswith(f"a b c d label {words} e f")


def test_a_day_beside_a_signature_stays_on_one_line() -> None:
    typesetter, frame = setting()
    empty, dated = (SignatureLine(typesetter, "Learner", "Sam Ellis", day) for day in ("", "30 September 2026"))
    width = frame.width - 24  # as within a frame
    assert dated.height(width, 500) == empty.height(width, 500)


def test_signers_stand_together(tmp_path: Path) -> None:
    lines = SignatureLines(tuple((f"Witness {number}", "", "") for number in range(4)))
    for filler in range(25, 45, 4):
        statement = Paragraph((Run("I confirm"),), keep_with_next=True)
        fill = paragraph("\n".join(["fill"] * filler))
        read = written(publication(section(fill, heading("Signatures", 3), statement, lines)), tmp_path)
        assert len({read.page_of(words) for words in ("Signatures", "I confirm", "Witness 0", "Witness 3")}) == 1
    many = SignatureLines(tuple((f"Witness {number}.", "", "") for number in range(40)))
    read = written(publication(section(heading("Signatures", 3), many)), tmp_path)
    assert [f"Witness {number}." in read.text for number in range(40)] == [True] * 40
    assert read.page_of("Witness 0.") == 1


def test_lines_to_sign_on_carry_what_is_known(tmp_path: Path) -> None:
    signatures = SignatureLines((("Learner", "Sam Ellis", "28 June 2026"), ("Assessor", "", "")))
    read = written(publication(section(signatures)), tmp_path)
    assert "Sam Ellis Learner Signature 28 June 2026 Date" in read.text
    assert "Assessor Signature Date" in read.text


def matrix(requirements: int, items: int, *, group_every: int = 0) -> Matrix:
    rows = []
    for number in range(requirements):
        if group_every and number % group_every == 0:
            rows.append(MatrixRow(f"LO{number // group_every + 1}", f"Outcome {number}", "", None, {}))
        claims = {
            column: MatrixCell(CoverageState.PROOF, f"p. {column}")
            for column in range(items)
            if (number + column) % 7 == 0
        }
        state = CoverageState.PROOF if claims else CoverageState.NONE
        rows.append(MatrixRow(f"R{number}", f"Requirement number {number}", f"r{number}", state, claims))
    columns = tuple(MatrixColumn(f"E{number}", f"Item {number}", f"e{number}") for number in range(items))
    return Matrix("Coverage of U1", tuple(rows), columns)


def codes(letter: str, text: str) -> list[str]:
    return re.findall(rf"{letter}\d+\b", text)


def test_a_small_matrix_is_one_sheet_with_its_places(tmp_path: Path) -> None:
    read = written(publication(section(matrix(8, 6), label="U1", landscape=True)), tmp_path)
    assert len(read.texts) == 1
    assert "sheet" not in read.text
    assert "p. 1" in read.text
    assert "claimed with proof (7)" in read.text
    assert "no claim (1)" in read.text


def test_a_large_matrix_is_split_both_ways_with_its_headers(tmp_path: Path) -> None:
    whole = matrix(40, 200, group_every=8)
    anchors = [
        paragraph("-", anchor=anchor)
        for anchor in [row.anchor for row in whole.rows] + [c.anchor for c in whole.columns]
    ]
    read = written(publication(section(whole, label="U1", landscape=True), section(*anchors)), tmp_path)
    sheets = [text for text in read.texts if "Coverage of U1 – sheet" in text]
    total = len(sheets)
    assert 4 < total <= 12
    seen: set[tuple[str, str]] = set()
    symbols = 0
    for number, text in enumerate(sheets, 1):
        assert f"sheet {number} of {total}" in text
        words = text.split()
        down, across = codes("R", text), codes("E", text)
        seen |= {(row, column) for row in down for column in across}
        symbols += words.count("●") - len(down) - 1  # beside each requirement, and in the legend
    assert len(seen) == 40 * 200
    assert symbols == sum(len(row.cells) for row in whole.rows)
    assert {name for _, name in read.links} == {c.anchor for c in whole.columns} | {r.anchor for r in whole.rows} - {""}


def test_a_group_is_named_again_where_its_rows_go_on(tmp_path: Path) -> None:
    read = written(publication(section(matrix(60, 5, group_every=40), landscape=True)), tmp_path)
    assert len(read.texts) > 1
    assert "Outcome 0 (continued)" in read.texts[1]
    for text in read.texts:
        last = [word for word in text.split() if word.startswith(("LO", "R")) and word[-1].isdigit()][-1]
        assert last.startswith("R")


def test_sheets_under_a_heading_with_their_title_only_say_which_they_are(tmp_path: Path) -> None:
    whole = matrix(60, 5)
    read = written(publication(section(heading(whole.title), whole, landscape=True)), tmp_path)
    assert read.text.count("Coverage of U1") == 1
    assert [f"Sheet {number} of {len(read.texts)}" in text for number, text in enumerate(read.texts, 1)] == [
        True for _ in read.texts
    ]


def test_titles_over_a_matrix_use_two_lines_where_columns_are_wide(tmp_path: Path) -> None:
    title = "Contact centre performance from April to June"
    columns = tuple(MatrixColumn(f"E{number}", title, "") for number in range(3))
    rows = matrix(4, 3).rows
    read = written(publication(section(Matrix("Coverage", rows, columns), landscape=True)), tmp_path)
    assert read.text.count(title) == 3
    longer = f"{title}, with all that was done about it since"
    columns = tuple(MatrixColumn(column.code, longer, "") for column in columns)
    read = written(publication(section(Matrix("Coverage", rows, columns), landscape=True)), tmp_path)
    cut = [word.removesuffix("…") for word in read.text.split() if word.endswith("…")]
    assert len(cut) == 3
    assert set(cut) <= set(longer.split())


def test_a_matrix_of_nothing_leaves_nothing(tmp_path: Path) -> None:
    read = written(publication(section(Matrix("Empty", (), ()), paragraph("after"))), tmp_path)
    assert read.text.endswith("after")


@settings(max_examples=15)
@given(requirements=st.integers(1, 70), items=st.integers(1, 60), group=st.integers(0, 9), landscape=st.booleans())
def test_every_cell_of_any_matrix_is_on_one_sheet(
    requirements: int, items: int, group: int, landscape: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = matrix(requirements, items, group_every=group)
    read = written(publication(section(whole, landscape=landscape)), tmp_path_factory.mktemp("any"))
    seen = [
        (row, column)
        for text in read.text.split("Coverage of U1")[1:]
        for row in codes("R", text)
        for column in codes("E", text)
    ]
    assert len(seen) == len(set(seen)) == requirements * items
