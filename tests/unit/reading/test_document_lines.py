"""Documents as lines: paragraphs and rows in order, without what only the pages of a PDF repeat."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from docx import Document

from portfolio_app.reading.document_lines import (
    PDF,
    SourceLine,
    read_lines,
    text_lines,
    without_running_titles,
)
from portfolio_app.reading.limits import Problem, Unreadable

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _pdf(path: Path, pages: list[str]) -> Path:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    for page in pages:
        for place, line in enumerate(page.splitlines()):
            canvas.drawString(60, 780 - 14 * place, line)
        canvas.showPage()
    canvas.save()
    return path


def test_word_gives_paragraphs_headings_and_rows_in_order(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("Unit 1", 2)
    document.add_paragraph("Before")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "1", "one"
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(1, 1).text = "two\nlines"
    document.add_paragraph("An item", style="List Bullet")
    path = tmp_path / "unit.docx"
    document.save(str(path))
    assert [line for line in read_lines(path, path.name, WORD) if line.text] == [
        SourceLine("Unit 1", heading=2),
        SourceLine("Before"),
        SourceLine("1 one", cells=("1", "one")),
        SourceLine("two lines", cells=("", "two\nlines")),
        SourceLine("• An item"),
    ]


def test_pdf_gives_pages_without_titles_and_numbers(tmp_path: Path) -> None:
    pages = [f"A Qualification {number}\nWhat page {number} says\n{number + 6}" for number in range(1, 5)]
    path = _pdf(tmp_path / "unit.pdf", pages)
    assert read_lines(path, path.name, PDF) == tuple(
        SourceLine(f"What page {number} says", number) for number in range(1, 5)
    )


def test_a_lone_number_that_does_not_grow_with_the_pages_stays() -> None:
    pages = [["1", "Know a"], ["1", "Know b"], ["2", "Know c"], ["1", "Know d"]]
    assert without_running_titles(pages)[3] == ["1", "Know d"]


def test_words_that_recur_further_in_stay() -> None:
    pages = [["Title", f"a{page}", "and so on", f"b{page}"] for page in range(6)]
    assert without_running_titles(pages) == [[f"a{page}", "and so on", f"b{page}"] for page in range(6)]
    assert without_running_titles(pages, lambda line: line == "Title") == pages


@pytest.mark.parametrize("problem", [Problem.NO_TEXT, Problem.PROTECTED, Problem.DAMAGED])
def test_a_pdf_without_words_says_why(tmp_path: Path, problem: Problem) -> None:
    path = _pdf(tmp_path / "unit.pdf", ["" if problem is Problem.NO_TEXT else "words"])
    if problem is Problem.PROTECTED:
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            pdf.save(path, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    elif problem is Problem.DAMAGED:
        path.write_bytes(b"%PDF-1.7\nnothing more")
    with pytest.raises(Unreadable) as raised:
        read_lines(path, path.name, PDF)
    assert raised.value.problem is problem


def test_text_knows_rows_pages_and_headings() -> None:
    assert text_lines("# Unit\n| a | b |\n|---|---|\n1.1\tc\n") == (
        SourceLine("# Unit", heading=1),
        SourceLine("| a | b |", cells=("a", "b")),
        SourceLine(""),
        SourceLine("1.1\tc", cells=("1.1", "c")),
    )
    assert [(line.text, line.page) for line in text_lines("one\n\ftwo\f")] == [("one", 1), ("two", 2)]
