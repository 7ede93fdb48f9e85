"""Word documents read back: structure, links, and what happens to hostile text, broken pictures and cancelling."""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import OpenXmlValidator
from PIL import Image
from tests.word_documents import WP, W, bookmarks, check_sound, words_of

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.errors import Cancelled
from portfolio_app.domain.progress import Progress
from portfolio_app.durable import CannotWrite
from portfolio_app.exporting.docx import write_docx
from portfolio_app.exporting.docx.matrix import LARGEST
from portfolio_app.exporting.docx.text import web_address
from portfolio_app.exporting.publication import (
    AttachedFile,
    AttachedPages,
    Block,
    Cell,
    ChartFigure,
    Contents,
    GanttFigure,
    GanttTask,
    Heading,
    Link,
    ListBlock,
    Matrix,
    MatrixCell,
    MatrixColumn,
    MatrixRow,
    Paragraph,
    ParagraphStyle,
    Picture,
    Publication,
    Run,
    Section,
    Series,
    SignatureLines,
    Table,
)


def text(
    words: str, style: ParagraphStyle = ParagraphStyle.BODY, anchor: str = "", link: Link | None = None
) -> Paragraph:
    return Paragraph((Run(words, link=link),), style, anchor)


def cell(
    words: str, anchor: str = "", link: Link | None = None, *, header: bool = False, numeric: bool = False
) -> Cell:
    return Cell(((Run(words, link=link),),), header, numeric, anchor)


def publication(*blocks: Block, landscape: bool = False) -> Publication:
    return Publication("Portfolio", "Sam Ellis", "Diploma", "Sam Ellis", (Section(blocks, landscape=landscape),))


def attached(path: Path, media_type: str = "image/jpeg") -> AttachedFile:
    data = path.read_bytes() if path.exists() else b""
    return AttachedFile(path, path.name, path.name, hashlib.sha256(data).hexdigest(), len(data), media_type)


def photograph(path: Path, size: tuple[int, int] = (1600, 900)) -> AttachedFile:
    Image.new("RGB", size, (30, 90, 160)).save(path)
    return attached(path)


def matrix(rows: int, columns: int) -> Matrix:
    heading = MatrixRow("LO1", "Organise", "LO1", None, {})
    requirements = tuple(
        MatrixRow(
            f"1.{row}",
            f"Explain matter {row}",
            f"U1-{row}",
            CoverageState.PROOF,
            {column: MatrixCell(CoverageState.PROOF, "p. 3") for column in range(row % 3, columns, 3)},
        )
        for row in range(1, rows + 1)
    )
    items = tuple(MatrixColumn(f"E{column + 1}", f"Plan {column + 1}", f"E{column + 1}") for column in range(columns))
    return Matrix("U1 Service", (heading, *requirements), items)


def written(folder: Path, what: Publication, **options: str | bool) -> Path:
    target = folder / "out.docx"
    write_docx(what, target, page_size=str(options.get("page_size", "A4")), invariant=bool(options.get("invariant")))
    return target


def body(path: Path) -> etree._Element:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


@pytest.fixture
def everything(tmp_path: Path) -> Publication:
    pikepdf = pytest.importorskip("pikepdf")
    with pikepdf.new() as pdf:
        for _ in range(3):
            pdf.add_blank_page()
        pdf.save(tmp_path / "budget.pdf")
    picture = photograph(tmp_path / "board.jpg")
    front = Section((text("Portfolio of evidence", ParagraphStyle.TITLE),), front=True)
    contents = Section((Heading(1, "Contents"), Contents()))
    unit = Section(
        (
            Heading(1, "U1 Service", "U1"),
            Heading(2, "Outcome", "LO1"),
            Heading(3, "1.1 Explain", "U1-1"),
            text("Claimed: E1, page 2", link=Link("E1-budget-p2", fallback="E1")),
            text("“We set a target.”", ParagraphStyle.QUOTATION),
            ListBlock(((text("one"), ListBlock(((text("deep"),),))), (text("two"),)), ordered=True, start=3),
            Table((cell("Measure"), cell("Actual", numeric=True)), ((cell("Calls"), cell("7", numeric=True)),), (3, 1)),
            SignatureLines((("Learner", "Sam Ellis", "1 June 2026"), ("Assessor", "", ""))),
        ),
        label="U1",
    )
    evidence = Section(
        (
            Heading(2, "E1 · Budget", "E1"),
            text("Back to the criterion", link=Link("U1-1")),
            text("The law", link=Link(url="https://example.org/a b")),
            Picture(picture, "The board", "A board with three tasks", "E1-board"),
            Picture(picture, "The board again", "The same board"),
            ChartFigure("Calls", ("May", "June"), (Series("Calls", (7.0, None)),), "Calls: May 7, June unknown"),
            GanttFigure("Plan", (GanttTask("Draft", date(2026, 1, 1), date(2026, 1, 9)),), "Draft: 1 to 9 January"),
            AttachedPages(attached(tmp_path / "budget.pdf", "application/pdf"), "E1", "E1-budget", "E1"),
        ),
        label="E1",
    )
    return Publication(
        "Portfolio of Sam",
        "Sam Ellis",
        "Diploma",
        "Sam Ellis · Diploma",
        (front, contents, unit, Section((matrix(5, 40),), landscape=True), evidence),
        keywords=("NVQ", "evidence"),
    )


def test_all_of_a_document_is_sound_and_read_back_by_another_library(tmp_path: Path, everything: Publication) -> None:
    path = written(tmp_path, everything)
    root = check_sound(path)
    document: Document = docx.Document(str(path))
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert styles["U1 Service"] == "Heading 1"
    assert styles["Outcome"] == "Heading 2"
    assert styles["1.1 Explain"] == "Heading 3"
    assert styles["“We set a target.”"] == "Quote"
    assert styles["Portfolio of evidence"] == "Title"
    assert styles["deep"] == "List Paragraph"
    assert len(document.sections) == len(everything.sections)
    assert [section.orientation for section in document.sections].count(WD_ORIENT.LANDSCAPE) == 1
    assert [section.header.paragraphs[0].text.strip() for section in document.sections][2:] == [
        "Sam Ellis · Diploma\tU1",
        "Sam Ellis · Diploma",
        "Sam Ellis · Diploma\tE1",
    ]
    assert "Page 1 of 1" in document.sections[0].footer.paragraphs[0].text
    fields = [str(code.text).split()[0] for code in root.iter(f"{W}instrText")]
    assert fields == ["PAGEREF"] * 3


def test_properties_name_the_learner_and_nobody_else(tmp_path: Path, everything: Publication) -> None:
    path = written(tmp_path, everything)
    properties = docx.Document(str(path)).core_properties
    assert (properties.title, properties.author, properties.subject) == ("Portfolio of Sam", "Sam Ellis", "Diploma")
    assert properties.last_modified_by == "Sam Ellis"
    assert properties.keywords == "NVQ, evidence"
    assert properties.language == "en-GB"
    assert not properties.comments
    with zipfile.ZipFile(path) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
        settings_xml = archive.read("word/settings.xml")
    assert b"python-docx" not in whole
    assert b"updateFields" not in settings_xml
    assert b'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"' in settings_xml


def test_contents_lead_to_headings_before_any_field_is_updated(tmp_path: Path, everything: Publication) -> None:
    root = check_sound(written(tmp_path, everything))
    lines = [
        ("".join(str(word.text) for word in link.iter(f"{W}t")), str(link.get(f"{W}anchor")))
        for link in root.iter(f"{W}hyperlink")
        if str(link.get(f"{W}anchor")).startswith("_Toc")
    ]
    assert [words for words, _ in lines] == ["U1 Service", "Outcome", "E1 · Budget"]
    for words, mark in lines:
        found = next(start for start in root.iter(f"{W}bookmarkStart") if start.get(f"{W}name") == mark)
        heading = found.getparent()
        assert heading is not None
        assert words_of(heading) == words


def test_contents_leave_page_numbers_to_the_reader_and_never_make_word_ask(
    tmp_path: Path, everything: Publication
) -> None:
    path = written(tmp_path, everything)
    root = check_sound(path)
    lines = [line for line in root.iter(f"{W}hyperlink") if str(line.get(f"{W}anchor")).startswith("_Toc")]
    for line in lines:
        code = next(line.iter(f"{W}instrText"))
        assert str(code.text).split() == ["PAGEREF", line.get(f"{W}anchor"), "\\h"]
        assert "".join(str(word.text) for word in line.iter(f"{W}t")) in {"U1 Service", "Outcome", "E1 · Budget"}
    assert not [sign for sign in root.iter(f"{W}fldChar") if sign.get(f"{W}dirty")]
    with zipfile.ZipFile(path) as archive:
        assert b"updateFields" not in archive.read("word/settings.xml")
    assert "F9" in str(next(root.iter(f"{W}alias")).get(f"{W}val"))


def test_links_lead_both_ways_and_pages_of_an_attached_document_to_its_heading(
    tmp_path: Path, everything: Publication
) -> None:
    root = check_sound(written(tmp_path, everything))
    targets = {words_of(link): link.get(f"{W}anchor") for link in root.iter(f"{W}hyperlink")}
    assert targets["Claimed: E1, page 2"] == "E1_budget"
    assert targets["Back to the criterion"] == "U1_1"
    assert targets["Back to E1"] == "E1"
    document = docx.Document(str(tmp_path / "out.docx"))
    external = [part.target_ref for part in document.part.rels.values() if part.is_external]
    assert external == ["https://example.org/a%20b"]


def test_attached_document_says_what_it_is(tmp_path: Path, everything: Publication) -> None:
    words = "\n".join(paragraph.text for paragraph in docx.Document(str(written(tmp_path, everything))).paragraphs)
    digest = hashlib.sha256((tmp_path / "budget.pdf").read_bytes()).hexdigest()
    assert "E1 · budget.pdf" in words
    assert "3 pages" in words
    assert digest in words


def test_attached_documents_need_no_page_of_their_own(tmp_path: Path) -> None:
    pages = AttachedPages(attached(tmp_path / "a.pdf", "application/pdf"), "E1", "E1-a", "E1")
    item = Section((Heading(2, "E1", "E1"),), label="E1")
    other = Section((Heading(2, "E2", "E2"),), label="E2")
    sections = (item, Section((pages,), label="E1"), other, Section((pages,), label="E1"))
    path = written(tmp_path, Publication("", "", "", "", sections))
    check_sound(path)
    headers = [section.header.paragraphs[0].text.strip() for section in docx.Document(str(path)).sections]
    assert headers == ["E1", "E2", "E1"]


def test_unreadable_attached_document_is_named_without_its_pages(tmp_path: Path) -> None:
    (tmp_path / "noise.pdf").write_bytes(b"no pdf at all")
    block = AttachedPages(attached(tmp_path / "noise.pdf", "application/pdf"), "E9", "E9-noise", "gone")
    words = "\n".join(
        paragraph.text for paragraph in docx.Document(str(written(tmp_path, publication(block)))).paragraphs
    )
    assert "E9 · noise.pdf" in words
    assert "13 bytes" in words


def test_pictures_have_words_fit_the_page_and_are_stored_once(tmp_path: Path, everything: Publication) -> None:
    path = written(tmp_path, everything)
    root = check_sound(path)
    described = [str(properties.get("descr")) for properties in root.iter(f"{WP}docPr")]
    assert described == [
        "A board with three tasks",
        "The same board",
        "Calls: May 7, June unknown",
        "Draft: 1 to 9 January",
    ]
    with zipfile.ZipFile(path) as archive:
        assert len([name for name in archive.namelist() if name.endswith(".jpeg")]) == 1
    width = docx.Document(str(path)).sections[-1]
    assert width.page_width is not None
    assert width.left_margin is not None
    room = width.page_width - 2 * width.left_margin
    assert all(int(str(extent.get("cx"))) <= room for extent in root.iter(f"{WP}extent"))


@pytest.mark.parametrize("content", [None, b"", b"\xff\xd8 cut off", b"GIF89a"])
def test_broken_picture_becomes_a_sentence_in_its_place(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.jpg"
    if content is not None:
        path.write_bytes(content)
    target = tmp_path / "out.docx"
    what = publication(Picture(attached(path), "The stand", "Our stand", "stand"), text("see", link=Link("stand")))
    result = write_docx(what, target)
    check_sound(target)
    assert len(result.warnings) == 1
    assert "broken.jpg" in result.warnings[0]
    first = docx.Document(str(target)).paragraphs[0].text
    assert result.warnings[0] in first
    assert "The stand" in first


def test_tables_repeat_their_heads_and_keep_rows_whole(tmp_path: Path) -> None:
    long = "word " * 600
    rows = tuple((cell(f"E{number}", header=True), cell(long if number == 3 else "plan")) for number in range(60))
    table = Table((cell("Ref"), cell("Title")), rows, (0.2, 0.8), caption="Evidence")
    root = check_sound(written(tmp_path, publication(table)))
    found = list(root.iter(f"{W}tr"))
    assert [bool(row.find(f".//{W}tblHeader") is not None) for row in found] == [True] + [False] * 60
    whole = [row.find(f".//{W}cantSplit") is not None for row in found]
    assert whole.count(False) == 1
    assert not whole[4]
    frame = next(root.iter(f"{W}tbl"))
    widths = [int(str(column.get(f"{W}w"))) for column in frame.iter(f"{W}gridCol")]
    assert widths[1] == pytest.approx(4 * widths[0], abs=3)
    assert "Evidence" in words_of(root)


def test_ragged_and_empty_tables_are_made_even(tmp_path: Path) -> None:
    ragged = Table((cell("a"),), ((cell("b"), cell("c"), cell("d")), ()), (0.0, float("nan")))
    root = check_sound(written(tmp_path, publication(ragged, Table((), (), ()), Table((), ((Cell(()),),), (1.0,)))))
    assert [len(list(row.iter(f"{W}tc"))) for row in root.iter(f"{W}tr")] == [3, 3, 3, 1]


def test_numbered_lists_start_where_they_should(tmp_path: Path) -> None:
    lists = [ListBlock(((text("a"),), (text("b"),)), ordered=True, start=start) for start in (1, 4)]
    path = written(tmp_path, publication(*lists, ListBlock(((text("c"), text("more of c")),))))
    with zipfile.ZipFile(path) as archive:
        numbering = etree.fromstring(archive.read("word/numbering.xml"))
    starts = {
        number.get(f"{W}numId"): override.get(f"{W}val")
        for number in numbering.iter(f"{W}num")
        for override in number.iter(f"{W}startOverride")
    }
    used = [mark.get(f"{W}val") for mark in check_sound(path).iter(f"{W}numId")]
    assert used == ["2", "2", "3", "3", "1"]
    assert starts == {"2": "1", "3": "4"}


def test_matrix_is_split_into_sheets_that_fit_the_page(tmp_path: Path) -> None:
    path = written(tmp_path, publication(matrix(20, 60), landscape=True))
    root = check_sound(path)
    document = docx.Document(str(path))
    section = document.sections[0]
    assert section.page_width is not None
    assert section.left_margin is not None
    room = (section.page_width - 2 * section.left_margin) / 635
    heads: list[str] = []
    for frame in root.iter(f"{W}tbl"):
        assert sum(int(str(column.get(f"{W}w"))) for column in frame.iter(f"{W}gridCol")) <= room + 1
        first = next(frame.iter(f"{W}tr"))
        assert first.find(f".//{W}tblHeader") is not None
        heads += [words_of(head).split()[0] for head in list(first.iter(f"{W}tc"))[3:]]
    assert heads == [f"E{number}" for number in range(1, 61)]
    titles = [paragraph.text for paragraph in document.paragraphs if "sheet" in paragraph.text]
    assert titles[0].endswith("sheet 1 of 3")
    assert titles[-1].endswith("E60 · sheet 3 of 3")


@pytest.mark.parametrize(("columns", "are_shown"), [(12, True), (20, False)])
def test_matrix_shows_places_where_they_make_no_sheet_more(tmp_path: Path, columns: int, are_shown: bool) -> None:
    grid = matrix(6, columns)
    path = written(tmp_path, publication(grid, landscape=True))
    found = words_of(check_sound(path)).count("●p.\u00a03")
    assert found == (sum(len(row.cells) for row in grid.rows) if are_shown else 0)
    assert not [paragraph for paragraph in docx.Document(str(path)).paragraphs if "sheet" in paragraph.text]


def test_no_cell_of_a_matrix_holds_a_place_that_its_column_would_tear(tmp_path: Path) -> None:
    places = ("p. 12", "budget.pdf, p. 3", "paragraph 12", "“What the figures mean”", "Nebenkostenabrechnung.pdf")
    cells = {column: MatrixCell(CoverageState.PROOF, place) for column, place in enumerate(places)}
    columns = tuple(MatrixColumn(f"E{number}", "Plan", f"E{number}") for number in range(len(places)))
    grid = Matrix("U1", (MatrixRow("1.1", "Explain", "U1-1", CoverageState.PROOF, cells),), columns)
    frame = next(check_sound(written(tmp_path, publication(grid, landscape=True))).iter(f"{W}tbl"))
    shown = [words_of(cell) for cell in list(frame.iter(f"{W}tr"))[1].iter(f"{W}tc")][3:]
    assert shown == ["●p.\u00a012", "●p.\u00a03", "●", "●", "●"]


def test_small_matrix_under_its_own_heading_has_no_second_title(tmp_path: Path) -> None:
    path = written(tmp_path, publication(Heading(1, "U1 Service"), matrix(2, 2), landscape=True))
    assert [paragraph.text for paragraph in docx.Document(str(path)).paragraphs].count("U1 Service") == 1


def test_enormous_matrix_becomes_a_list_that_says_the_same(tmp_path: Path) -> None:
    grid = matrix(LARGEST // 500, 510)
    root = check_sound(written(tmp_path, publication(Heading(2, "E1", "E1"), grid)))
    words = words_of(root)
    assert "too many for a page" in words
    rows = list(root.iter(f"{W}tr"))
    assert len(rows) == len(grid.rows) + 1
    assert words_of(rows[2]).count("●") == len(grid.rows[1].cells) + 1


def test_matrix_without_evidence_still_lists_its_requirements(tmp_path: Path) -> None:
    words = words_of(check_sound(written(tmp_path, publication(matrix(3, 0)))))
    assert "Explain matter 3" in words


def kept(element: etree._Element) -> bool:
    """Say whether each paragraph of an element stays on the page of the next, by itself or by its style."""
    paragraphs = [element] if element.tag == f"{W}p" else list(element.iter(f"{W}p"))
    return all(
        paragraph.find(f"{W}pPr/{W}keepNext") is not None
        or str(next(paragraph.iter(f"{W}pStyle")).get(f"{W}val")) in {"Heading1", "TableCaption", "TableHead"}
        for paragraph in paragraphs
    )


def test_statement_stays_with_the_lines_to_sign(tmp_path: Path) -> None:
    statement = text("I saw this myself.", ParagraphStyle.MUTED)
    what = publication(text("Before."), statement, SignatureLines((("Witness", "", ""), ("Assessor", "", ""))))
    root = check_sound(written(tmp_path, what))
    parts = list(next(root.iter(f"{W}body")))
    assert [kept(part) for part in parts[:2]] == [False, True]
    assert [kept(row) for row in root.iter(f"{W}tr")] == [True, True, True, False]


def test_word_between_a_heading_and_a_table_stays_with_both(tmp_path: Path) -> None:
    table = Table((cell("a"),), ((cell("b"),),), (1.0,))
    what = publication(Heading(2, "U1"), text("Guidance."), table, text("Long. " * 60), text("Note."), table)
    parts = list(next(check_sound(written(tmp_path, what)).iter(f"{W}body")))
    found = {words_of(part): kept(part) for part in parts if part.tag == f"{W}p"}
    assert found["Guidance."]
    assert not found["Note."]


def test_long_table_may_go_over_the_page_but_leaves_no_row_alone(tmp_path: Path) -> None:
    rows = tuple((cell(f"E{number}"),) for number in range(1, 10))
    root = check_sound(written(tmp_path, publication(Table((cell("Ref"),), rows, (1.0,)))))
    assert [kept(row) for row in list(root.iter(f"{W}tr"))[1:]] == [True, *[False] * 6, True, False]


def test_no_item_of_a_list_stands_alone_on_a_page(tmp_path: Path) -> None:
    items = tuple((text(f"item {number}"),) for number in range(1, 6))
    root = check_sound(written(tmp_path, publication(ListBlock(items), ListBlock(items[:1]))))
    assert [kept(paragraph) for paragraph in root.iter(f"{W}p")] == [True, False, False, True, False, False]


@pytest.mark.parametrize("rows", [6, 40])
def test_matrix_begins_under_its_heading_and_its_legend_stands_above(tmp_path: Path, rows: int) -> None:
    what = publication(Heading(1, "U1 Service"), text("Guidance."), matrix(rows, 40), landscape=True)
    root = check_sound(written(tmp_path, what))
    parts = list(next(root.iter(f"{W}body")))
    first = next(number for number, part in enumerate(parts) if part.tag == f"{W}tbl")
    assert "no claim" in words_of(parts[first - 1])
    assert all(kept(part) for part in parts[:first])
    sheet = [kept(row) for row in parts[first].iter(f"{W}tr")]
    assert not all(sheet[:-1])
    assert words_of(parts[first - 2]) == f"E1 to E{len(list(parts[first].iter(f'{W}gridCol'))) - 3} · sheet 1 of 2"
    later = [part for part in parts[first + 1 :] if "sheet 2" in words_of(part)]
    assert words_of(later[0]).startswith("U1 Service · ")
    assert (later[0].find(f"{W}pPr/{W}pageBreakBefore") is not None) == (rows == 40)


def test_list_of_files_stays_with_what_is_said_of_them(tmp_path: Path) -> None:
    pages = AttachedPages(attached(tmp_path / "a.pdf", "application/pdf"), "E1", "E1-a", "E1")
    files = Table((cell("File"),), ((cell("a.pdf"),), (cell("b.pdf"),)), (1.0,))
    what = Publication("", "", "", "", (Section((files,), label="E1"), Section((pages,), label="E1")))
    parts = list(next(check_sound(written(tmp_path, what)).iter(f"{W}body")))
    assert [kept(part) for part in parts[:2]] == [True, True]


def test_charts_and_pictures_leave_room_on_the_page(tmp_path: Path, everything: Publication) -> None:
    tall = photograph(tmp_path / "tall.jpg", (900, 1600))
    labels = tuple(f"Month {number}" for number in range(12))
    chart = ChartFigure("Calls", labels, (Series("Calls", tuple(map(float, range(12)))),), "Calls by month")
    root = check_sound(written(tmp_path, publication(Picture(tall, "", "A tall picture"), chart)))
    heights = [int(str(extent.get("cy"))) / 36_000 for extent in root.iter(f"{WP}extent")]
    assert heights[0] < 110
    assert 40 < heights[1] < 61


def test_words_of_an_unknown_language_are_english_ones(tmp_path: Path) -> None:
    what = Publication("", "", "", "", (Section((text("x"),)),), language="cy")
    path = written(tmp_path, what)
    assert docx.Document(str(path)).sections[0].footer.paragraphs[0].text == "Page 1 of 1"


def test_cells_over_several_columns(tmp_path: Path) -> None:
    pairs = ((cell("When"), cell("May"), cell("Kind"), cell("Plan")), (cell("About"), replace(cell("Long"), span=3)))
    path = written(tmp_path, publication(Table((), pairs, (0.2, 0.3, 0.2, 0.3), quiet=True)))
    check_sound(path)
    rows = [[found.text for found in row.cells] for row in docx.Document(str(path)).tables[0].rows]
    assert rows == [["When", "May", "Kind", "Plan"], ["About", "Long", "Long", "Long"]]


def test_signature_lines_name_who_signs(tmp_path: Path) -> None:
    path = written(tmp_path, publication(SignatureLines((("Learner", "Sam Ellis", "1 June"), ("Assessor", "", "")))))
    rows = [[one.text for one in row.cells] for row in docx.Document(str(path)).tables[0].rows]
    assert rows[0] == ["Sam Ellis", "", "", "", "1 June"]
    assert rows[3] == ["Assessor", "", "Signature", "", "Date"]


@pytest.mark.parametrize(("page_size", "width"), [("A4", 11906), ("Letter", 12240)])
def test_page_size(tmp_path: Path, page_size: str, width: int) -> None:
    root = body(written(tmp_path, publication(text("x")), page_size=page_size))
    assert next(root.iter(f"{W}pgSz")).get(f"{W}w") == str(width)


def test_publication_of_nothing_is_a_document(tmp_path: Path) -> None:
    check_sound(written(tmp_path, Publication("", "", "", "", ())))
    check_sound(written(tmp_path, publication(Contents(), SignatureLines(()), ListBlock(()))))


def test_links_that_lead_nowhere_are_text(tmp_path: Path) -> None:
    nowhere = [Link("gone"), Link(url="javascript:alert(1)"), Link(url="http://[bad"), Link(), Link("gone-p3")]
    root = check_sound(written(tmp_path, publication(*(text(f"t{n}", link=link) for n, link in enumerate(nowhere)))))
    assert not list(root.iter(f"{W}hyperlink"))
    assert words_of(root) == "t0t1t2t3t4"


def test_anchor_given_twice_and_anchors_alike_but_for_case_stay_apart(tmp_path: Path) -> None:
    long = "a-very-long-anchor-" * 5
    anchors = ["e1", "E1", "E1", "a.b", "a_b", long + "1", long + "2", "1st", "é", " ", "_x"]
    blocks = [text(anchor, anchor=anchor) for anchor in anchors]
    links = [text(f"to {anchor}", link=Link(anchor)) for anchor in anchors]
    root = check_sound(written(tmp_path, publication(*blocks, *links)))
    assert len(bookmarks(root)) == len(set(anchors))
    targets = {words_of(link): link.get(f"{W}anchor") for link in root.iter(f"{W}hyperlink")}
    assert len(set(targets.values())) == len(set(anchors))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/é?q=1&r=ä#x", "https://example.org/%C3%A9?q=1&r=%C3%A4#x"),
        ("HTTP://example.org", "http://example.org"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
        ("mailto:sam@example.org?subject=a b", "mailto:sam@example.org?subject=a%20b"),
        ("mailto:nobody", ""),
        ("https://", ""),
        ("https://example.org:port/", ""),
        ("https://exa mple.org/", ""),
        ("file:///etc/passwd", ""),
        ("www.example.org", ""),
        ("", ""),
    ],
)
def test_web_addresses_are_made_fit_or_refused(url: str, expected: str) -> None:
    assert web_address(url) == expected


@given(st.text())
def test_no_text_gives_an_address_with_anything_but_plain_characters(url: str) -> None:
    for candidate in (url, f"https://{url}", f"https://example.org/{url}", f"mailto:a@{url}"):
        address = web_address(candidate)
        assert re.fullmatch(r"[!#-;=?-Z\[\]_a-z~]*", address)
        assert not address or urlsplit(address).scheme in {"http", "https", "mailto"}


_any_text = st.text(st.characters(codec=None), max_size=40) | st.text(max_size=40)
_links = st.builds(Link, anchor=_any_text, url=_any_text, fallback=_any_text)
_runs = st.lists(
    st.builds(
        Run,
        _any_text,
        bold=st.booleans(),
        italic=st.booleans(),
        muted=st.booleans(),
        link=st.none() | _links,
        status=st.none() | st.sampled_from(CoverageState),
    ),
    max_size=3,
).map(tuple)
_paragraphs = st.builds(Paragraph, _runs, st.sampled_from(ParagraphStyle), _any_text, st.booleans())
_cells = st.builds(Cell, st.lists(_runs, max_size=2).map(tuple), st.booleans(), st.booleans(), _any_text)
_rows = st.lists(_cells, max_size=3).map(tuple)
_lists: st.SearchStrategy[ListBlock] = st.deferred(
    lambda: st.builds(
        ListBlock,
        st.lists(st.lists(_paragraphs | _lists, max_size=2).map(tuple), max_size=2).map(tuple),
        st.booleans(),
        st.integers(-3, 10**6),
    )
)
_matrices = st.builds(
    Matrix,
    _any_text,
    st.lists(
        st.builds(
            MatrixRow,
            _any_text,
            _any_text,
            _any_text,
            st.none() | st.sampled_from(CoverageState),
            st.dictionaries(
                st.integers(0, 1), st.builds(MatrixCell, st.sampled_from(CoverageState), _any_text), max_size=2
            ),
        ),
        max_size=3,
    ).map(tuple),
    st.lists(st.builds(MatrixColumn, _any_text, _any_text, _any_text), min_size=2, max_size=3).map(tuple),
)
_blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, st.integers(-1, 9), _any_text, _any_text),
    _paragraphs,
    _lists,
    st.builds(
        Table,
        _rows,
        st.lists(_rows, max_size=3).map(tuple),
        st.lists(st.floats(), max_size=3).map(tuple),
        _any_text,
        st.booleans(),
    ),
    _matrices,
    st.builds(SignatureLines, st.lists(st.tuples(_any_text, _any_text, _any_text), max_size=2).map(tuple)),
    st.just(Contents()),
)
_sections = st.builds(Section, st.lists(_blocks, max_size=4).map(tuple), _any_text, st.booleans(), st.booleans())
_publications = st.builds(
    Publication,
    _any_text,
    _any_text,
    _any_text,
    _any_text,
    st.lists(_sections, max_size=3).map(tuple),
    st.just(()),
    _any_text,
    st.lists(_any_text, max_size=2).map(tuple),
)


@given(_publications)
@example(Publication("", "", "", "", (Section(()), Section((), "E1", front=True), Section((), landscape=True))))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_any_publication_gives_a_sound_document(tmp_path: Path, what: Publication) -> None:
    path = written(tmp_path, what)
    check_sound(path)
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\v"), max_size=200))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_comes_back_but_for_what_xml_cannot_hold(tmp_path: Path, words: str) -> None:
    path = written(tmp_path, publication(text(words)))
    expected = re.sub("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", words)
    assert docx.Document(str(path)).paragraphs[0].text == expected


def test_equal_publications_give_equal_bytes(tmp_path: Path, everything: Publication) -> None:
    first = written(tmp_path, everything, invariant=True).read_bytes()
    assert written(tmp_path, everything, invariant=True).read_bytes() == first


def test_cancelling_at_any_step_leaves_nothing_and_the_old_file_alone(tmp_path: Path, everything: Publication) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "portfolio.docx"
    steps: list[tuple[int, int]] = []
    write_docx(everything, target, progress=lambda done, total, _: steps.append((done, total)))
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]
    before = target.read_bytes()

    def cancel_at(number: int) -> Progress:
        calls = 0

        def report(done: int, total: int, what: str) -> None:
            nonlocal calls
            calls += 1
            if calls == number:
                raise Cancelled("Cancelled.")

        return report

    for number in range(1, len(steps) + 1, 5):
        with pytest.raises(Cancelled):
            write_docx(everything, target, progress=cancel_at(number))
        assert [path.name for path in folder.iterdir()] == ["portfolio.docx"]
        assert target.read_bytes() == before


def test_unwritable_target_is_a_known_error(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        write_docx(publication(text("x")), tmp_path / "missing" / "out.docx")
