"""Word, spreadsheet, presentation, e-mail and text files as documents show them; files of strangers do no harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.attached_samples import (
    BOMB,
    NAMESPACES,
    OUTSIDE,
    TYPES,
    WHOLE,
    A,
    P,
    R,
    W,
    old_workbook,
    open_file,
    relations,
    saved,
    sheet_file,
    word_file,
    zipped,
)
from tests.publication_text import block_lines

from portfolio_app.domain.errors import Cancelled
from portfolio_app.exporting.attached_text import ShownFile, is_shown_as_text, show_file, showing
from portfolio_app.exporting.publication import AttachedFile, Heading, Table
from portfolio_app.exporting.wording import load_wording
from portfolio_app.reading import limits
from portfolio_app.reading.limits import SHOWN

WORDS = load_wording("en-GB")
Show = Callable[[str, bytes], ShownFile]


@pytest.fixture
def show(tmp_path: Path) -> Show:
    def shown(name: str, data: bytes) -> ShownFile:
        path = tmp_path / name
        path.write_bytes(data)
        return show_file(attached(path), "E1-pages1", WORDS, lambda: None)

    return shown


def attached(path: Path, media_type: str = "") -> AttachedFile:
    kind = media_type or TYPES[path.suffix[1:]]
    size = path.stat().st_size if path.exists() else 0
    return AttachedFile(path, path.name, f"E1, {path.name}", "0" * 64, size, kind)


def lines(shown: ShownFile) -> list[str]:
    return [line for block in shown.blocks for line in block_lines(block)]


# What each format says


def test_a_word_document_keeps_headings_lists_and_tables(show: Show) -> None:
    document = docx.Document()
    document.add_heading("Action plan", 1)
    document.add_heading("Why", 2)
    text = document.add_paragraph("We ")
    text.add_run("must").bold = True
    text.add_run(" act <b>now</b> & here.")
    for item in ("Ring back", "Write it down"):
        document.add_paragraph(item, style="List Bullet")
    document.add_paragraph("First", style="List Number")
    table = document.add_table(2, 2, style="Table Grid")
    for cell, content in zip(table._cells, ("Who", "When", "Sam", "June"), strict=True):
        cell.text = content
    table.cell(1, 0).text = "Sam\nEllis"
    shown = show("plan.docx", saved(document))
    assert lines(shown) == [
        "#### Action plan {#E1-pages1-heading1}",
        "<label> Why {#E1-pages1-heading2}",
        "<body> We *must* act <b>now</b> & here.",
        "- <body> Ring back",
        "- <body> Write it down",
        "1. <body> First",
        "table",
        "  || *Who* | *When*",
        "  | Sam / Ellis | June",
    ]
    assert shown.anchor_of(None, "action PLAN") == "E1-pages1-heading1"


def test_what_was_deleted_under_review_is_not_shown_and_notes_are(show: Show) -> None:
    body = (
        "<w:p><w:r><w:t>Kept</w:t></w:r><w:ins><w:r><w:t> and added</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>struck out</w:delText></w:r></w:del>"
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r></w:p>'
        "<w:sdt><w:sdtContent><w:p><w:r>"
        "<w:t>In a field</w:t><w:br/><w:t>second line</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        '<w:p><w:r><w:drawing><docPr xmlns="x" descr="The rota"/></w:drawing></w:r></w:p>'
        "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Boxed</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )
    data = zipped(
        {
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
            "word/_rels/document.xml.rels": relations(r1="footnotes|footnotes.xml"),
            "word/footnotes.xml": f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2"><w:p><w:r>'
            "<w:t>From the log</w:t></w:r>"
            "</w:p></w:footnote></w:footnotes>",
        }
    )
    assert lines(show("a.docx", data)) == [
        "<body> Kept and added [1]",
        "<body> In a field ⏎ second line",
        "<body> [Picture: The rota]",
        "<body> Boxed",
        "#### Notes {#E1-pages1-heading1}",
        "1. <body> From the log ",
    ]


def test_a_workbook_shows_what_its_cells_show(show: Show) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Money & time"
    for row in (
        ("Budget 2026",),
        (),
        ("Item", "Cost", "Share", "When", "Done"),
        ("Training", 1234.5, 0.125, date(2026, 3, 9), True),
        ("Travel", 80, 0.5, datetime.fromisoformat("2026-03-09T14:30"), False),
        ("Sum", "=B4+B5"),
        (),
        ("Approved by Dana.",),
    ):
        sheet.append(row)
    sheet["B4"].number_format = '"£"#,##0.00'
    sheet["C4"].number_format = sheet["C5"].number_format = "0.0%"
    book.create_sheet("Secret").sheet_state = "hidden"
    book.create_sheet("Empty")
    shown = show("budget.xlsx", saved(book))
    assert lines(shown) == [
        "#### Sheet “Money & time” {#E1-pages1-p1}",
        "<body> Budget 2026",
        "table",
        "  || *Item* | *Cost* | *Share* | *When* | *Done*",
        "  | Training | £1,234.50 | 12.5% | 9 March 2026 | yes",
        "  | Travel | 80 | 50.0% | 9 March 2026, 14:30 | no",
        "  | Sum | =B4+B5 |  |  | ",
        "<body> Approved by Dana.",
        "#### Sheet “Empty” {#E1-pages1-p2}",
        "<muted> There is nothing on this sheet.",
        "<muted> One sheet is hidden in the workbook and not shown here.",
    ]
    assert shown.anchor_of(None, "empty") == shown.anchor_of(2, "") == "E1-pages1-p2"


def test_a_presentation_shows_title_text_and_notes_of_each_slide(show: Show) -> None:
    def shape(place: str, *paragraphs: tuple[int, str]) -> str:
        text = "".join(f'<a:p><a:pPr lvl="{level}"/><a:r><a:t>{words}</a:t></a:r></a:p>' for level, words in paragraphs)
        return f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{place}"/></p:nvPr></p:nvSpPr><p:txBody>{text}</p:txBody></p:sp>'

    def slide(kind: str, content: str, attributes: str = "") -> str:
        tree = f"<p:cSld><p:spTree>{content}</p:spTree></p:cSld>"
        return f'<p:{kind} xmlns:p="{P}" xmlns:a="{A}" {attributes}>{tree}</p:{kind}>'

    listed = "".join(f'<p:sldId id="{number}" r:id="r{number}"/>' for number in (1, 2, 3))
    data = zipped(
        {
            "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>{listed}</p:sldIdLst>'
            "</p:presentation>",
            "ppt/_rels/presentation.xml.rels": relations(
                r1="slide|slides/slide7.xml", r2="slide|/ppt/slides/slide2.xml", r3="slide|slides/slide3.xml"
            ),
            "ppt/slides/slide7.xml": slide(
                "sld",
                shape("ctrTitle", (0, "Rota")) + shape("body", (0, "Why"), (1, "Queues")) + shape("sldNum", (0, "1")),
            ),
            "ppt/slides/_rels/slide7.xml.rels": relations(n="notesSlide|../notesSlides/notesSlide1.xml"),
            "ppt/notesSlides/notesSlide1.xml": slide("notes", shape("body", (0, "Speak slowly."))),
            "ppt/slides/slide2.xml": slide("sld", shape("title", (0, "Hidden")), 'show="0"'),
            "ppt/slides/slide3.xml": slide("sld", shape("body", (0, "Alone"))),
        }
    )
    shown = show("talk.pptx", data)
    assert lines(shown) == [
        "#### Slide 1: Rota {#E1-pages1-p1}",
        "- <body> Why",
        "  - <body> Queues",
        "<muted> Speaker’s notes: Speak slowly.",
        "#### Slide 3 {#E1-pages1-p3}",
        "<body> Alone",
        "<muted> One slide is hidden in the presentation and not shown here.",
    ]
    assert shown.anchor_of(3, "") == "E1-pages1-p3"


def test_an_email_shows_head_words_quotations_and_files(show: Show) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "Siân Ellis <sian@example.org>", "team@example.org"
    message["Date"], message["Subject"] = "Fri, 06 Mar 2026 14:05:00 +0000", "Targets – <café>"
    message.set_content("Agreed.\nThanks\n\nDana wrote:\n> Shall we?\n>\n> Yours\n")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="plan.pdf")
    assert lines(show("mail.eml", message.as_bytes())) == [
        "table (quiet)",
        "  | From | Siân Ellis <sian@example.org>",
        "  | To | team@example.org",
        "  | Date | 6 March 2026, 14:05",
        "  | Subject | Targets – <café>",
        "  | Files in it | plan.pdf (5 bytes)",
        "<body> Agreed. ⏎ Thanks",
        "<body> Dana wrote:",
        "<quotation> Shall we?",
        "<quotation> Yours",
    ]


def test_text_tables_and_markdown_are_read(show: Show) -> None:
    assert lines(show("a.txt", "Café – £4\r\nnext\r\n\r\n# no heading".encode("cp1252"))) == [
        "<body> Café – £4 ⏎ next",
        "<body> # no heading",
    ]
    assert lines(show("a.csv", b'week;calls\n1;20\n2;"30\nor, so"\n')) == [
        "table",
        "  || *week* | *calls*",
        "  | 1 | 20",
        "  | 2 | 30 / or, so",
    ]
    assert lines(show("a.md", b"# Plan\n\nDo *it*.\n\n- a\n- b\n")) == [
        "#### Plan {#E1-pages1-heading1}",
        "<body> Do it.",
        "- <body> a",
        "- <body> b",
    ]


# Limits


def test_a_web_page_shows_its_words_lists_and_tables_and_nothing_that_runs(show: Show) -> None:
    page = """<!DOCTYPE html><html><head><title>No</title><style>p {color: red}</style></head><body onload="x()">
    <h1>Our  rota</h1><p>We set a <b>four-minute</b>
      <a href="https://rota.example/a">target</a> <a href="javascript:alert(1)">now</a>.</p>
    <script>alert("no")</script><ul><li>one<ul><li>deeper</li></ul></li><li>two</li></ul>
    Loose <i>words</i><blockquote><p>Well done</p></blockquote><img src="http://elsewhere/x.png" alt="A board">
    <table><tr><th>Name</th><th>Task</th></tr><tr><td>Sam</td><td colspan="x">Rota &amp; more</td></tr></table>"""
    shown = show("a.html", page.encode())
    assert lines(shown) == [
        "#### Our rota {#E1-pages1-heading1}",
        "<body> We set a *four-minute* [target → https://rota.example/a] now.",
        "- <body> one",
        "  - <body> deeper",
        "- <body> two",
        "<body> Loose words",
        "<quotation> Well done",
        "<body> [Picture: A board]",
        "table",
        "  || *Name* | *Task*",
        "  | Sam | Rota & more",
    ]


def test_rich_text_shows_its_words_and_tables_without_pictures(show: Show) -> None:
    picture = "{\\pict\\pngblip " + "89504e47" * 5000 + "}"
    text = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 We set a target\rquote s date.\par "
        + picture
        + r"\par caf\'e9 \u8211 ? done\par\trowd Name\cell Task\cell\row\trowd Sam\cell Rota\cell\row\pard End.\par}"
    )
    assert lines(show("a.rtf", text.encode())) == [
        "<body> We set a target’s date.",
        "<body> café – done",
        "table",
        "  || *Name* | *Task*",
        "  | Sam | Rota",
        "<body> End.",
    ]


def test_an_open_text_keeps_headings_lists_tables_and_notes(show: Show) -> None:
    body = (
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
        '<text:h text:outline-level="1">Minutes</text:h>'
        '<text:p>We set<text:s text:c="2"/>a <text:span>target</text:span>'
        "<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>of four minutes</text:p></text:note-body></text:note>.<text:line-break/>So.</text:p>"
        "<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>deeper</text:p>"
        "</text:list-item></text:list></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row>"
        "<table:table-cell><text:p>Name</text:p></table:table-cell><table:table-cell><text:p>Task</text:p>"
        "</table:table-cell></table:table-row></table:table-header-rows>"
        "<table:table-row><table:table-cell><text:p>Sam</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert lines(show("a.odt", open_file("text", body))) == [
        "#### Minutes {#E1-pages1-heading1}",
        "<body> We set  a target [of four minutes]. ⏎ So.",
        "- <body> one",
        "  - <body> deeper",
        "table",
        "  || *Name* | *Task*",
        "  | Sam | ",
    ]


def test_open_sheets_show_what_is_seen_and_repeat_no_blanks(show: Show) -> None:
    def sheet(name: str, rows: str, style: str = "") -> str:
        return f'<table:table table:name="{name}" table:style-name="{style}">{rows}</table:table>'

    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"

    blank = '<table:table-cell table:number-columns-repeated="16000"/>'
    rows = (
        f"<table:table-row>{cell('Week')}{cell('Cost')}{blank}</table:table-row>"
        f"<table:table-row>{cell('1')}{cell('12.50')}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="1048000">{blank}</table:table-row>'
        f"<table:table-row>{cell('Total')}</table:table-row>"
    )
    hidden = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    shown = show("a.ods", open_file("spreadsheet", sheet("Rota", rows) + sheet("Secret", rows, "h"), hidden))
    assert lines(shown) == [
        "table",
        "  || *Week* | *Cost*",
        "  | 1 | 12.50",
        "<body> Total",
        "<muted> One sheet is hidden in the workbook and not shown here.",
    ]
    wide = cell("x", 'table:number-columns-repeated="9"')
    many = f'<table:table-row table:number-rows-repeated="1048576">{wide}</table:table-row>'
    assert "only its first 100 rows" in lines(show("b.ods", open_file("spreadsheet", sheet("A", many))))[-1]


def test_open_slides_show_title_text_and_notes(show: Show) -> None:
    body = (
        '<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>Our plan</text:p>'
        '</draw:text-box></draw:frame><draw:frame presentation:class="outline"><draw:text-box>'
        "<text:list><text:list-item><text:p>Less waiting</text:p></text:list-item></text:list>"
        '</draw:text-box></draw:frame><presentation:notes><draw:frame presentation:class="notes">'
        "<draw:text-box><text:p>Say why</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>"
    )
    assert lines(show("a.odp", open_file("presentation", body))) == [
        "#### Slide 1: Our plan {#E1-pages1-p1}",
        "- <body> Less waiting",
        "<muted> Speaker’s notes: Say why",
    ]


def test_a_workbook_of_before_2007_is_shown(show: Show) -> None:
    cells = ((0, 0, "Week"), (0, 1, "Cost"), (1, 0, 1.0), (1, 1, 12.5))
    assert lines(show("a.xls", old_workbook(*cells))) == ["table", "  || *Week* | *Cost*", "  | 1 | 12.5"]


def test_a_huge_table_is_cut_and_says_so(show: Show) -> None:
    row = "<c t='inlineStr'><is><t>x</t></is></c>" * 30
    shown = show("a.xlsx", sheet_file(f"<row>{row}</row>" * 5000))
    (table,) = [block for block in shown.blocks if isinstance(block, Table)]
    assert len(table.rows) + bool(table.header) == SHOWN.most_rows
    assert {len(cells) for cells in table.rows} == {SHOWN.most_columns}
    assert shown.landscape
    assert "first 16 of its 30 columns" in lines(shown)[-2]
    assert "only its first 100 rows" in lines(shown)[-1]


def test_a_long_text_is_cut_and_says_so(show: Show) -> None:
    shown = show("a.txt", b"Words and words.\n\n" * 100_000)
    assert sum(map(len, lines(shown))) < 2 * SHOWN.most_characters
    assert "only its beginning" in lines(shown)[-1]


def test_one_monstrous_cell_or_line_does_no_harm(show: Show) -> None:
    huge = "a" * 3_000_000
    for name, data in (
        ("a.xlsx", sheet_file(f"<row><c t='inlineStr'><is><t>{huge}</t></is></c></row>")),
        ("a.docx", word_file(f"<w:p><w:r><w:t>{huge}</w:t></w:r></w:p>")),
        ("a.csv", f"a,b\n{huge},c".encode()),
        ("a.md", ("[" * 100_000).encode()),
    ):
        assert sum(map(len, lines(show(name, data)))) <= SHOWN.most_characters + 200, name


def test_an_email_of_a_thousand_boxes_in_boxes_shows_its_words(show: Show) -> None:
    data = b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 50_000 + b"Well done"
    assert "<body> Well done" in lines(show("a.eml", data))


def test_an_email_with_a_monstrous_head_is_still_read(show: Show) -> None:
    crowd = b"From: dana@example.org\r\nTo: " + b"someone@example.org, " * 50_000 + b"\r\n\r\nHello"
    shown = lines(show("a.eml", crowd))
    assert shown[1] == "  | From | dana@example.org"
    assert shown[2].startswith("  | To | someone@example.org, ")
    assert len(shown[2]) < 1100


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.docx", b"", "damaged"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
        ("a.docx", word_file("<w:p/>")[:200], "damaged"),
        ("a.docx", word_file("<w:p>"), "damaged"),
        ("a.docx", word_file("<w:p/>"), "no words"),
        ("a.docx", word_file("<w:sdt>" * 5000 + "</w:sdt>" * 5000), "damaged"),
        ("a.docx", word_file("<w:p/>" * 3_000_000), "enormous"),
        ("a.docx", zipped({"word/document.xml": f"{BOMB}<a>&c;</a>"}), "damaged"),
        ("a.docx", zipped({"word/document.xml": f"{OUTSIDE}<a>&b;</a>"}), "damaged"),
        ("a.xlsx", zipped({"xl/workbook.xml": f"{BOMB}<a>&c;</a>"}), "damaged"),
        ("a.xlsx", zipped({"word/document.xml": "<a/>"}), "damaged"),
        ("a.pptx", b"PK\x05\x06" + b"\xff" * 18, "enormous"),
        ("a.txt", b"\n", "empty"),
        ("a.txt", bytes(range(32)) * 9, "not text"),
        ("a.csv", b"%PDF-1.4", "not text"),
        ("a.eml", b"", "damaged"),
        (
            "a.eml",
            b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(3000)),
            "damaged",
        ),
        ("a.csv", b'"' + b"a," * 200_000, "damaged"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "before 2007"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
        ("a.xls", b"\t\0", "damaged"),
        ("a.html", b"<html><script>alert(1)</script>", "no words"),
        ("a.html", b"<html>" + b"<div>" * 200_000, "no words"),
        ("a.rtf", b"words", "damaged"),
        ("a.rtf", b"{\\rtf1 " + b"{" * 2_000_000, "enormous"),
        ("a.rtf", b"{\\rtf1 }", "no words"),
        ("a.odt", zipped({"mimetype": "x"}), "damaged"),
        ("a.odt", open_file("spreadsheet", ""), "damaged"),
        ("a.odt", zipped({"content.xml": f"{BOMB}<a>&c;</a>"}), "damaged"),
        ("a.odt", open_file("text", "<text:p/>" * 1_500_000), "enormous"),
        (
            "a.ods",
            zipped(
                {
                    "content.xml": "<a/>",
                    "META-INF/manifest.xml": f"<m{NAMESPACES}><manifest:file-entry>"
                    "<manifest:encryption-data/></manifest:file-entry></m>",
                }
            ),
            "password",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_shown_is_said_in_one_sentence(show: Show, name: str, data: bytes, reason: str) -> None:
    shown = show(name, data)
    assert shown.problem.startswith(f"“{name}” cannot be shown here: ")
    assert reason in shown.problem
    assert shown.problem.endswith("the original comes with this portfolio.")
    assert len(shown.blocks) == 1


def test_a_sheet_that_unpacks_without_end_is_refused(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "SHOWN", replace(SHOWN, largest_stream=100_000))
    assert "enormous" in show("a.xlsx", sheet_file("<row>" + "<x/>" * 100_000)).problem


def test_a_missing_or_protected_file_is_said(tmp_path: Path) -> None:
    missing = show_file(attached(tmp_path / "a.docx"), "E1-pages1", WORDS, lambda: None)
    assert "missing" in missing.problem
    (tmp_path / "b.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99))
    protected = attached(tmp_path / "b.xlsx", "application/x-ole-storage")
    assert is_shown_as_text(protected)
    assert "password" in show_file(protected, "E1-pages1", WORDS, lambda: None).problem
    assert not is_shown_as_text(attached(tmp_path / "c.msg", "application/vnd.ms-outlook"))
    assert not is_shown_as_text(None)


def test_a_file_that_takes_too_long_is_given_up(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "SHOWN", replace(SHOWN, seconds=-1.0))
    monkeypatch.setattr(limits, "_SECONDS_BETWEEN_TICKS", 0.0)
    assert "too long" in show("a.docx", word_file("<w:p><w:r><w:t>x</w:t></w:r></w:p>")).problem


def test_reading_can_be_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_SECONDS_BETWEEN_TICKS", 0.0)

    def stop() -> None:
        raise Cancelled("stopped")

    for name, data in (("a.docx", word_file("<w:p/>")), ("a.xlsx", sheet_file("")), ("a.txt", b"words")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Cancelled):
            show_file(attached(tmp_path / name), "E1-pages1", WORDS, stop)


# Whatever the bytes


@settings(max_examples=150)
@given(st.sampled_from(sorted(TYPES)), st.data())
def test_no_bytes_break_the_reading(tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject) -> None:
    whole = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(0, 4))):
        begin = data.draw(st.integers(0, len(whole)))
        whole[begin : begin + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=12))
    path = tmp_path_factory.getbasetemp() / f"any.{kind}"
    path.write_bytes(bytes(whole))
    shown = show_file(attached(path), "E1-pages1", WORDS, lambda: None)
    assert shown.blocks


NAMES = st.sampled_from(
    ["p", "r", "t", "tbl", "tr", "tc", "sdt", "sdtContent", "pPr", "numPr", "ins", "hyperlink", "drawing"]
)
TREES = st.recursive(
    st.tuples(NAMES, st.just("")).map(lambda pair: f"<w:{pair[0]}>x</w:{pair[0]}>"),
    lambda inner: st.tuples(NAMES, st.lists(inner, max_size=4)).map(
        lambda pair: f"<w:{pair[0]} w:val='7' w:id='1'>{''.join(pair[1])}</w:{pair[0]}>"
    ),
    max_leaves=20,
)


@settings(max_examples=100)
@given(st.lists(TREES, max_size=5))
def test_any_order_of_elements_is_read(tmp_path_factory: pytest.TempPathFactory, trees: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "tree.docx"
    path.write_bytes(word_file("".join(trees)))
    shown = show_file(attached(path), "E1-pages1", WORDS, lambda: None)
    assert shown.blocks
    assert "damaged" not in shown.problem
    for block in shown.blocks:
        if isinstance(block, Table):
            assert sum(block.widths) == pytest.approx(1)
        if isinstance(block, Heading):
            assert block.level == 4
