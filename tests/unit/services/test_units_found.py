"""Units of documents: what a file is by its content, why it cannot be read, and which of its units can be stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from tests.printed_specifications import Printed, made_up_units, write_pdf, write_word

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.importing.imported_unit import ImportedUnit
from portfolio_app.services.unit_desk import units_offered
from portfolio_app.services.unit_sources import import_units, units_from_text
from portfolio_app.services.units_found import chosen_numbers, units_found

_GUIDANCE = (
    "Key Concepts & Core Principles\n- Stock: what is there.\nExaminer Marking Points\n- Award credit for counting."
)


def test_guidance_is_read_as_such_in_whatever_document_it_stands(tmp_path: Path) -> None:
    document = Document()
    for line in _GUIDANCE.splitlines():
        document.add_paragraph(line.removeprefix("- "), style="List Bullet" if line.startswith("- ") else None)
    path = tmp_path / "guidance.docx"
    document.save(str(path))
    for found in (*import_units(path).units, *units_from_text(_GUIDANCE)):
        assert [(node.ref, node.text) for node in found.unit.requirements] == [("MP1", "Award credit for counting.")]
        assert found.unit.is_guidance


def test_a_web_page_and_rich_text_give_the_same_unit(tmp_path: Path) -> None:
    unit = Printed()
    rows = "".join(
        f"<tr><td>{f'{ref} {text}' if place == 0 else ''}</td><td>{number} {words}</td></tr>"
        for ref, text, criteria in unit.tree()
        for place, (number, words) in enumerate(criteria)
    )
    (tmp_path / "unit.html").write_text(
        f"<h1>{unit.title}</h1><p>Level: 4</p><table><tr><th>Learning outcome</th><th>Assessment criteria</th></tr>"
        f"{rows}</table>"
    )
    lines = [f"{ref} {text}" for _, _, criteria in unit.tree() for ref, text in criteria]
    (tmp_path / "unit.rtf").write_text("{\\rtf1 " + "\\par ".join([f"Unit title: {unit.title}", *lines]) + "}")
    page, text = (import_units(tmp_path / name).units[0].unit for name in ("unit.html", "unit.rtf"))
    assert (page.title, page.level, text.title) == (unit.title, "4", unit.title)
    assert [node.text for node in page.leaves()] == [node.text for node in text.leaves()]


def test_why_a_document_cannot_be_read_is_said(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "scan.pdf"))
    canvas.rect(100, 100, 200, 200, fill=1)
    canvas.save()
    (tmp_path / "half.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (tmp_path / "half.docx").write_bytes(b"PK\x03\x04 and then nothing")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n and so on")
    for name, words in {
        "scan.pdf": "holds no text, only pictures of its pages, as a scanned document does",
        "half.pdf": "cannot be read: it is damaged",
        "half.docx": "“half.docx”",
        "picture.png": "is a picture, not plain text",
        "missing.pdf": "there is no such file",
    }.items():
        with pytest.raises(InvalidInput, match=words):
            import_units(tmp_path / name)


def test_many_units_know_what_keeps_each_from_being_stored(tmp_path: Path) -> None:
    printed = made_up_units(3, outcomes=2, criteria=2)
    write_pdf(tmp_path / "units.pdf", [*printed, replace(printed[0], reference="", outcomes=printed[1].outcomes)])
    units = import_units(tmp_path / "units.pdf").units
    empty = ImportedUnit(replace(units[0].unit, title="Nothing", reference="", requirements=()))
    found = units_found([*units, empty], [replace(units[1].unit, code="U7")])
    assert [(each.number, each.requirements, each.code) for each in found] == [
        (1, 4, ""), (2, 4, "U7"), (3, 4, ""), (4, 4, ""), (5, 0, ""),
    ]  # fmt: skip
    assert [each.problem for each in found[:4]] == [
        "",
        "The portfolio has it already, as U7.",
        "",
        "It is called like number 1.",
    ]
    assert found[4].problem.startswith("There is no requirement")
    assert [each.page for each in found[:3]] == [2, 3, 4]


def test_a_new_portfolio_may_begin_with_the_sound_units_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "units.txt").write_text(
        "Unit 1: Cook\nLevel: 2\n1 Know food\n1.1 name dishes\nUnit 2: Serve\nLevel: 2\nCredits: 3"
    )
    (tmp_path / "serve-the-guests.txt").write_text("1 Know guests\n1.1 greet guests")
    (tmp_path / "none.txt").write_text("Dear all")
    assert [unit.title for unit in units_offered(tmp_path / "units.txt")] == ["Cook"]
    assert [unit.title for unit in units_offered(tmp_path / "serve-the-guests.txt")] == ["Serve the guests"]
    with pytest.raises(InvalidInput, match="holds no unit that can be stored"):
        units_offered(tmp_path / "none.txt")


def test_doubts_are_those_of_the_source_and_of_the_rows(tmp_path: Path) -> None:
    text = (
        "Unit title: Cook\n1 Know food\n1.1 name dishes\n1.4 name wines\n2 Know guests\n3 Serve\n3.1 carry " + "a " * 70
    )
    (found,) = units_found(units_from_text(text))
    assert [(warning.line, warning.sentence) for warning in found.doubts] == [
        (4, "The numbering goes from 1.1 to 1.4: check that nothing is missing."),
        (5, "2 is an outcome with nothing under it."),
        (7, "3.1 has 71 words: check that it is one requirement."),
    ]
    write_word(tmp_path / "unit.docx", [Printed()])
    (word,) = units_found(import_units(tmp_path / "unit.docx").units)
    assert [warning.sentence for warning in word.doubts] == ["Left out, as no requirements: “Assessment guidance”."]


def test_numbers_of_units() -> None:
    assert chosen_numbers(" 3, 1 ,5-7,6", 9) == [1, 3, 5, 6, 7]
    for text in ("", ",", "0", "10", "3-2", "all", "1-"):
        with pytest.raises(InvalidInput):
            chosen_numbers(text, 9)
