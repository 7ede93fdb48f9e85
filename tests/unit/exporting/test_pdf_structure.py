"""What a screen reader finds in a PDF, and the standards that the file keeps to."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.pdf_publications import (
    attached,
    document,
    failures,
    file_of,
    heading,
    link_to,
    page_texts,
    paragraph,
    publication,
    section,
    written,
)
from tests.pdf_structure import Node, structure_of
from tests.sample_portfolios import large_portfolio, rich_portfolio

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting.options import Profile
from portfolio_app.exporting.pdf import write_pdf
from portfolio_app.exporting.portfolio_publication import Audience, ExportOptions, build_publication
from portfolio_app.exporting.publication import (
    Cell,
    ChartFigure,
    CheckField,
    ChoiceField,
    Form,
    ListBlock,
    Matrix,
    MatrixCell,
    MatrixColumn,
    MatrixRow,
    Paragraph,
    ParagraphStyle,
    Publication,
    Run,
    Section,
    Series,
    Table,
    TextField,
    without_forms,
)

WORDS = " ".join(f"word{number}" for number in range(900))


def _cells(*texts: str, header: bool = False) -> tuple[Cell, ...]:
    return tuple(Cell(((Run(text),),), header=header) for text in texts)


@pytest.mark.parametrize("audience", list(Audience))
def test_a_whole_portfolio_keeps_to_the_standards(tmp_path: Path, audience: Audience) -> None:
    sample = rich_portfolio()
    options = ExportOptions(audience=audience)
    source = build_publication(sample.portfolio, sample.kinds, lambda _: None, options, date(2026, 11, 22), "0.1")
    for profile, rules in ((Profile.REVIEW, ("ua1",)), (Profile.ARCHIVE, ("ua1", "3a"))):
        write_pdf(source, tmp_path / "out.pdf", profile=profile)
        assert failures(tmp_path / "out.pdf", *rules) == []


def test_600_pages_keep_to_the_standards(tmp_path: Path) -> None:
    sample = large_portfolio(items=420, criteria=40, claims_per_item=6)
    source = build_publication(
        sample.portfolio, sample.kinds, lambda _: None, ExportOptions(), date(2026, 11, 22), "0.1"
    )
    assert write_pdf(source, tmp_path / "out.pdf", profile=Profile.ARCHIVE).pages > 600
    assert failures(tmp_path / "out.pdf", "ua1", "3a") == []


def test_a_paragraph_over_two_pages_is_one_element(tmp_path: Path) -> None:
    read = written(publication(section(paragraph(WORDS))), tmp_path)
    assert len(read.texts) > 1
    (whole,) = structure_of(read.path).all("P")
    assert whole.text == WORDS


def test_headings_follow_each_other_without_a_gap(tmp_path: Path) -> None:
    source = publication(section(heading("A", 2), heading("B", 4), heading("C", 3)), section(heading("D", 1)))
    tree = structure_of(written(source, tmp_path).path)
    assert [(node.tag, node.text) for node in tree.walk() if re.fullmatch(r"H\d", node.tag)] == [
        ("H1", "A"),
        ("H2", "B"),
        ("H3", "C"),
        ("H1", "D"),
    ]


def test_lists_have_labels_and_bodies(tmp_path: Path) -> None:
    inner = ListBlock(((paragraph("deep"),),))
    source = publication(section(ListBlock(((paragraph("one"), inner), (paragraph("two"),)), ordered=True)))
    tree = structure_of(written(source, tmp_path).path)
    outer, nested = tree.all("L")
    assert (outer.attributes["ListNumbering"], nested.attributes["ListNumbering"]) == ("/Decimal", "/Disc")
    assert [node.text for node in outer.all("Lbl")] == ["1.", "–", "2."]
    assert [part.tag for part in outer.parts if not isinstance(part, str)] == ["LI", "LI"]
    first = outer.all("LI")[0]
    assert [part.tag for part in first.parts if not isinstance(part, str)] == ["Lbl", "LBody"]
    assert nested in first.all("LBody")[0].parts


def test_a_table_over_pages_is_one_table_with_its_header_once(tmp_path: Path) -> None:
    rows = tuple(_cells(f"row {number}", "x" * 30) for number in range(90))
    table = Table(_cells("Name", "What"), rows, (0.5, 0.5), caption="People")
    read = written(publication(section(table)), tmp_path)
    assert len(read.texts) > 1
    (whole,) = structure_of(read.path).all("Table")
    assert [node.text for node in whole.all("Caption")] == ["People"]
    heads = whole.all("TH")
    assert [(node.text, node.attributes["Scope"]) for node in heads] == [("Name", "/Column"), ("What", "/Column")]
    assert [line.all("TD")[0].text for line in whole.all("TR")[1:]] == [f"row {number}" for number in range(90)]


def test_a_matrix_is_a_table_that_says_what_its_signs_mean(tmp_path: Path) -> None:
    columns = tuple(MatrixColumn(f"E{number}", f"Item {number}", f"E{number}") for number in range(1, 7))
    met = MatrixCell(CoverageState.MET, "p. 3")
    row = MatrixRow("1.1", "Plan the work", "R", CoverageState.MET, {1: met, 4: met})
    source = publication(section(heading("R", 1, "R"), Matrix("U1", (row,), columns)), section(heading("E", 1, "E2")))
    tree = structure_of(written(source, tmp_path).path)
    (table,) = tree.all("Table")
    head, line, totals = table.all("TR")
    assert [node.text for node in head.all("TH")] == ["", *(f"E{n} Item {n}" for n in range(1, 7))]
    assert line.all("TH")[0].text == "1.1 Plan the work met"
    assert [(node.text, node.attributes.get("ColSpan", "1")) for node in line.all("TD")] == [
        ("", "1"),
        ("p. 3 met", "1"),
        ("", "2"),
        ("p. 3 met", "1"),
        ("", "1"),
    ]
    assert len(totals.all("TD")) == 6
    assert [node.text for node in tree.all("Link")] == ["E2", "1.1"]


def test_a_link_holds_its_words_and_its_place(tmp_path: Path) -> None:
    source = publication(section(heading("Top", 1, "top"), link_to("see the top of it all", "top"), paragraph("after")))
    (link,) = structure_of(written(source, tmp_path).path).all("Link")
    assert (link.text, link.links) == ("see the top of it all", 1)


def test_figures_say_what_they_show_and_furniture_is_not_read(tmp_path: Path) -> None:
    chart = ChartFigure("Calls", ("May", "June"), (Series("Calls", (3.0, 4.0)),), "Calls: May 3, June 4")
    attachment = document(tmp_path / "budget.pdf", 2)
    read = written(publication(section(heading("Files", 1, "E12"), chart, attached(attachment), label="E12")), tmp_path)
    tree = structure_of(read.path)
    assert [node.alt for node in tree.all("Figure")] == [
        "Calls: May 3, June 4",
        "E12 · budget.pdf · page 1 of 2",
        "E12 · budget.pdf · page 2 of 2",
    ]
    assert "page 1 of 3" in read.texts[0].lower()
    assert "page 1 of 3" not in tree.text.lower()


def test_every_word_of_the_publication_is_read_in_its_order(tmp_path: Path) -> None:
    style = ParagraphStyle.QUOTATION
    blocks = (heading("One"), paragraph(WORDS), paragraph("said", style=style), ListBlock(((paragraph("item"),),)))
    read = written(publication(section(*blocks), section(heading("Two"), paragraph("end"))), tmp_path)
    assert structure_of(read.path).text == f"One {WORDS} said • item Two end"


_TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
_RUNS = st.lists(
    st.builds(Run, _TEXT, bold=st.booleans(), status=st.none() | st.sampled_from(CoverageState)), max_size=3
).map(tuple)
_PARAGRAPHS = st.builds(Paragraph, _RUNS, st.sampled_from(ParagraphStyle))
_TABLES = st.builds(
    lambda header, rows: Table(header, rows, (0.5, 0.5)),
    st.just(_cells("A", "B")) | st.just(()),
    st.lists(st.tuples(st.builds(Cell, st.tuples(_RUNS)), st.builds(Cell, st.tuples(_RUNS))), max_size=4).map(tuple),
)
_FORMS = st.builds(
    lambda number, label, tips, lines, boxes, widths: Form(
        (
            TextField(f"t{number}", label, f"Say {tips[0]}", lines),
            ChoiceField(f"c{number}", label, f"Choose {tips[1]}", (("met", label), ("not_yet_met", tips[0]))),
            CheckField(
                label, tuple((f"b{number}.x{place}", text, f"It is {text}") for place, text in enumerate(boxes))
            ),
        ),
        widths,
    ),
    st.uuids(),
    _TEXT,
    st.tuples(_TEXT, _TEXT),
    st.integers(1, 6),
    st.lists(_TEXT, max_size=6),
    st.tuples(st.floats(0.1, 5), st.floats(0.1, 5), st.floats(0.1, 5)) | st.just(()),
)
_BLOCKS = (
    _PARAGRAPHS
    | _FORMS
    | _TABLES
    | st.builds(heading, _TEXT, st.integers(1, 4))
    | st.builds(lambda items: ListBlock(tuple((item,) for item in items)), st.lists(_PARAGRAPHS, max_size=3))
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks=st.lists(_BLOCKS, max_size=6))
def test_any_publication_keeps_to_the_standards(tmp_path: Path, blocks: list[Paragraph]) -> None:
    source: Publication = publication(section(*blocks))
    target = tmp_path / "out.pdf"
    write_pdf(source, target, profile=Profile.ARCHIVE)
    assert failures(target, "ua1", "3a") == []
    write_pdf(source, target)
    assert failures(target, "ua1") == []


def test_a_form_is_read_with_its_labels_and_what_it_asks_for(tmp_path: Path) -> None:
    choice = ChoiceField(
        "r1.decision", "Decision on 1.1", "1.1: your decision", (("met", "met"), ("no", "not yet met"))
    )
    boxes = CheckField("E1 is", (("e1.valid", "valid", "E1 is valid"), ("e1.current", "current", "E1 is current")))
    blocks = (
        heading("1.1"),
        Form((choice, TextField("r1.comment", "Comment", "1.1: your comment", 3)), (0.3, 0.7)),
        Form((boxes,), (1.0,)),
        paragraph("end"),
    )
    read = written(publication(section(*blocks)), tmp_path)
    tree = structure_of(read.path)
    assert [part.tag for part in tree.parts if isinstance(part, Node)] == ["H1", "Div", "P", "P"]
    assert tree.text == "1.1 Decision on 1.1 met not yet met Comment E1 is valid current end"
    assert [[part if isinstance(part, str) else part.tag for part in node.parts] for node in tree.all("P")[1:4]] == [
        ["Form", "met"],
        ["Form", "not yet met"],
        ["Comment", "Form"],
    ]
    with pikepdf.open(read.path) as pdf:
        said = [str(note.TU) for note in pdf.pages[0].obj.Annots]
    assert said == [
        "1.1: your decision: met",
        "1.1: your decision: not yet met",
        "1.1: your comment",
        "E1 is valid",
        "E1 is current",
    ]


def test_what_cannot_be_filled_in_has_something_else_instead_or_nothing(tmp_path: Path) -> None:
    field = TextField("name", "Name", "Your name")
    blocks = (
        Paragraph((Run("before"),), keep_with_next=True),
        Form((field,), (1.0,)),
        Paragraph((Run("between"),), keep_with_next=True),
        Form((field,), (1.0,), (paragraph("Name: ______"),)),
    )
    source = publication(Section(blocks), Section((heading("How to"),), about_form=True))
    plain = without_forms(source)
    assert plain.sections == (
        Section(
            (paragraph("before"), Paragraph((Run("between"),), keep_with_next=True), paragraph("Name: ______")),
        ),
    )
    write_pdf(source, tmp_path / "kept.pdf", profile=Profile.ARCHIVE)
    assert page_texts(tmp_path / "kept.pdf")[0].endswith("before between Name: ______")


def test_an_archive_copy_has_no_inks_and_embeds_originals(tmp_path: Path) -> None:
    printed = tmp_path / "printed.pdf"
    document(printed)
    with pikepdf.open(printed, allow_overwriting_input=True) as pdf:
        pdf.pages[0].contents_add(b"q 1 0 0 0 k 100 100 200 200 re f Q")
        pdf.save(printed)
    note = tmp_path / "note.txt"
    note.write_text("Call her back.", encoding="utf-8")
    source = publication(
        section(heading("Files", 1, "E12"), attached(printed)), embedded=(file_of(note, "text/plain"),)
    )
    write_pdf(source, tmp_path / "out.pdf", profile=Profile.ARCHIVE)
    assert failures(tmp_path / "out.pdf", "ua1", "3a") == []
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert pdf.attachments["note.txt"].get_file().read_bytes() == b"Call her back."


@pytest.mark.parametrize("changes", ["rotated", "tiny", "huge", "bare font", "moved"])
def test_pages_of_any_kind_keep_to_the_standards(tmp_path: Path, changes: str) -> None:
    sizes = {"tiny": (20.0, 20.0), "huge": (9000.0, 9000.0)}
    path = document(
        tmp_path / "odd.pdf", 1, size=sizes.get(changes, (595.0, 842.0)), embedded_font=changes != "bare font"
    )
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        if changes == "rotated":
            page.Rotate = 90
        elif changes == "moved":
            page.MediaBox = [-100, -50, 495, 792]
        pdf.save(path)
    source = publication(section(heading("Files", 1, "E12"), attached(path)))
    write_pdf(source, tmp_path / "out.pdf", profile=Profile.ARCHIVE)
    assert failures(tmp_path / "out.pdf", "ua1", "3a") == []
