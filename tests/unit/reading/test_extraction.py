"""The text of attached files with its places; whatever is wrong with a file is a state of it."""

from __future__ import annotations

import io
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from PIL import Image
from reportlab.pdfgen import canvas
from tests.attached_samples import (
    BOMB,
    NAMESPACES,
    WHOLE,
    A,
    P,
    W,
    compound_file,
    old_slides_file,
    old_word_file,
    old_workbook,
    open_file,
    outlook_email,
    pdf_file,
    relations,
    saved,
    sheet_file,
    slides_file,
    word_file,
    zipped,
)

from portfolio_app.domain.attached_text import AttachedText, TextState
from portfolio_app.domain.errors import Cancelled
from portfolio_app.media_types import media_type
from portfolio_app.reading import limits
from portfolio_app.reading.extraction import extract_text
from portfolio_app.reading.limits import SEARCHED, Limits

Extract = Callable[..., AttachedText]
SMALL = replace(
    SEARCHED,
    most_characters=20_000,
    most_text_bytes=50_000,
    largest_email=400_000,
    largest_part=300_000,
    largest_stream=300_000,
    most_unpacked=600_000,
    largest_rich_text=400_000,
    largest_rich_text_words=100_000,
    longest_web_page=100_000,
    most_rows=200,
    most_pages=20,
)
"""Limits that are reached soon."""


@pytest.fixture
def extract(tmp_path: Path) -> Extract:
    def extracted(name: str, data: bytes, most: Limits = SEARCHED) -> AttachedText:
        path = tmp_path / name
        path.write_bytes(data)
        return extract_text(path, name, media_type(name, data[:4096]), "hash", limits=most)

    return extracted


def places(text: AttachedText) -> list[tuple[int | None, str]]:
    return [(passage.page, passage.text) for passage in text.passages]


def said(text: AttachedText) -> list[str]:
    return [passage.text for passage in text.passages]


# What is found, and where


def test_passages_of_a_pdf_are_its_paragraphs_page_by_page(extract: Extract) -> None:
    found = extract("a.pdf", pdf_file("We set a tar-\nget first.\n\n\nThen we\nmet it.", "", "It held."))
    assert found.state is TextState.READ
    assert found.complete
    assert [(each.page, each.paragraph, each.text) for each in found.passages] == [
        (1, 1, "We set a target first."),
        (1, 2, "Then we met it."),
        (3, 3, "It held."),
    ]


def test_a_scan_has_no_words(extract: Extract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = extract("scan.pdf", pdf_file("", ""))
    assert (found.state, found.passages) == (TextState.NOTHING, ())


def test_a_word_document_is_read_with_what_stands_beside_its_text(extract: Extract) -> None:
    def part(kind: str, text: str) -> str:
        return f'<w:{kind} xmlns:w="{W}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{kind}>'

    body = (
        "<w:p><w:r><w:t>Kept</w:t></w:r><w:del><w:r><w:delText>struck out</w:delText></w:r></w:del>"
        '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Sam</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>June</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Boxed</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
        '<w:p><w:r><w:drawing><docPr xmlns="x" descr="The rota"/></w:drawing></w:r></w:p>'
    )
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>A note</w:t></w:r></w:p></w:footnote>'
    data = zipped(
        {
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
            "word/_rels/document.xml.rels": relations(
                a="footnotes|footnotes.xml",
                b="header|header1.xml",
                c="header|header2.xml",
                d="footer|footer1.xml",
                e="comments|comments.xml",
            ),
            "word/footnotes.xml": f'<w:footnotes xmlns:w="{W}">{note}</w:footnotes>',
            "word/header1.xml": part("hdr", "Head of page"),
            "word/header2.xml": part("hdr", "Head of page"),
            "word/footer1.xml": part("ftr", "Foot of page"),
            "word/comments.xml": f'<w:comments xmlns:w="{W}">{part("comment", "Well said")}</w:comments>',
        }
    )
    assert places(extract("a.docx", data)) == [
        (None, "Kept [1]"),
        (None, "Sam\tJune"),
        (None, "Boxed"),
        (None, "The rota"),
        (None, "A note"),
        (None, "Head of page"),
        (None, "Foot of page"),
        (None, "Well said"),
    ]


def test_an_open_text_is_read_with_its_remarks_and_the_edges_of_its_pages(extract: Extract) -> None:
    by = '<dc:creator xmlns:dc="x">Dana</dc:creator><dc:date xmlns:dc="x">2026-03-09</dc:date>'
    text = f"<text:p>We plan<office:annotation>{by}<text:p>Well said</text:p></office:annotation></text:p>"
    edges = (
        "<style:header><text:p>Head of page</text:p></style:header><style:footer><text:p>Foot</text:p></style:footer>"
    )
    styles = f"<a{NAMESPACES}><office:master-styles>{edges}{edges}</office:master-styles></a>"
    assert said(extract("a.odt", open_file("text", text, others={"styles.xml": styles}))) == [
        "We plan",
        "Well said",
        "Head of page",
        "Foot",
    ]


def test_what_was_filled_into_a_form_is_read(extract: Extract) -> None:
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer)
    paper.drawString(72, 700, "What did you see?")
    paper.acroForm.textfield(name="a", value="Sam briefed the team", x=72, y=600, width=200, height=20)
    paper.save()
    assert said(extract("a.pdf", buffer.getvalue())) == ["What did you see?", "Sam briefed the team"]


def test_slides_and_sheets_are_pages(extract: Extract) -> None:
    assert places(extract("a.pptx", slides_file(("Rota", "Less waiting", "Speak slowly"), ("", "Thanks", "")))) == [
        (1, "Rota"),
        (1, "Less waiting"),
        (1, "Speak slowly"),
        (2, "Thanks"),
    ]
    book = openpyxl.Workbook()
    book.active.title = "Budget"
    book.active.append(["Item", "Cost"])
    book.active.append(["Training", 1234.5])
    book.create_sheet("Done").append([True])
    assert places(extract("a.xlsx", saved(book))) == [
        (1, "Budget"),
        (1, "Item\tCost"),
        (1, "Training\t1234.5"),
        (2, "Done"),
        (2, "yes"),
    ]


def test_diagrams_and_remarks_are_read_where_they_stand(extract: Extract) -> None:
    diagram = f'<d xmlns:a="{A}"><pt><t><a:p><a:r><a:t>Plan, do, check</a:t></a:r></a:p></t></pt></d>'
    remark = f'<c xmlns:p="{P}"><p:cm><p:text>Well said</p:text></p:cm></c>'
    slides = slides_file(("Rota", "", ""), ("Next", "", ""), others={"diagramData": diagram, "comments": remark})
    assert places(extract("a.pptx", slides)) == [(1, "Rota"), (1, "Plan, do, check"), (1, "Well said"), (2, "Next")]
    book = openpyxl.Workbook()
    book.active["A1"] = 12
    book.active["A1"].comment = Comment("Too many", "Dana")
    assert places(extract("a.xlsx", saved(book))) == [(1, "Sheet"), (1, "12"), (1, "Too many")]


def test_an_email_is_read_with_the_files_in_it(extract: Extract) -> None:
    inner = EmailMessage()
    inner["Subject"], inner["From"] = "Within", "dana@example.org"
    inner.set_content("Inner words")
    inner.add_attachment(b"Deepest words", maintype="text", subtype="plain", filename="deep.txt")
    message = EmailMessage()
    message["From"], message["Subject"] = "Sam Ellis <sam@example.org>", "Targets"
    message.set_content("Agreed.")
    message.add_attachment(pdf_file("In the plan"), maintype="application", subtype="pdf", filename="plan.pdf")
    message.add_attachment(inner)
    found = extract("a.eml", message.as_bytes())
    assert found.complete
    assert {each.page for each in found.passages} == {None}
    assert "In the plan" in said(found)
    assert "Inner words" in said(found)
    assert "Deepest words" in said(found)
    assert said(found)[:2] == ["Sam Ellis <sam@example.org>", "Targets"]
    shallow = extract("a.eml", message.as_bytes(), replace(SEARCHED, deepest_file=1))
    assert "Inner words" in said(shallow)
    assert "Deepest words" not in said(shallow)
    assert not shallow.complete


def test_an_email_of_outlooks_is_read_with_what_is_in_it(extract: Extract) -> None:
    email = outlook_email(
        "Targets – café",
        "Agreed.",
        files={"plan.pdf": pdf_file("In the plan")},
        within=outlook_email("Within", "Inner"),
    )
    assert said(extract("a.msg", compound_file(email))) == [
        *("Dana Lee <dana@example.org>", "Sam Ellis", "9 March 2026, 14:30", "Targets – café", "plan.pdf", "Agreed."),
        "In the plan",
        *("Dana Lee <dana@example.org>", "Sam Ellis", "9 March 2026, 14:30", "Within", "Inner"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.txt", "Café\nnext\n\nlast".encode("cp1252"), ["Café\nnext", "last"]),
        ("a.md", b"# Plan\n\n- do", ["# Plan", "- do"]),
        ("a.csv", b"week;calls\n1;20\n", ["week\tcalls", "1\t20"]),
        ("a.html", b"<h1>Rota</h1><p>We <b>plan</b></p><script>no</script>", ["Rota", "We plan"]),
        ("a.rtf", b"{\\rtf1\\ansi We plan\\par caf\\'e9}", ["We plan", "café"]),
        ("a.odt", open_file("text", "<text:h>Rota</text:h><text:p>We plan</text:p>"), ["Rota", "We plan"]),
        ("a.ics", b"BEGIN:VCALENDAR\nSUMMARY:Team meeting", ["BEGIN:VCALENDAR\nSUMMARY:Team meeting"]),
        ("no suffix", b"Plain words", ["Plain words"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_formats_are_read(extract: Extract, name: str, data: bytes, expected: list[str]) -> None:
    assert said(extract(name, data)) == expected


def test_a_workbook_of_before_2007_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(old_workbook((0, 0, "Week"), (0, 1, "Cost"), (1, 0, 12.5)))
    assert said(extract_text(path, "a.xls", "application/vnd.ms-excel", "hash")) == ["Week\tCost", "12.5"]


def test_documents_and_presentations_of_before_2007_are_read(extract: Extract) -> None:
    narrow = b"\x13 HYPERLINK x.example \x14the rota\x15\rWho\x07When\x07\x07Sam\x07"
    document = extract("a.doc", old_word_file("Café plan\rSee ", narrow, "June\x07\x07End\x0bof it\r"))
    assert said(document) == ["Café plan", "See the rota", "Who\tWhen", "Sam\tJune", "End\nof it"]
    slides = extract("a.ppt", old_slides_file("Rota\rLess waiting", b"Thanks"))
    assert said(slides) == ["Rota", "Less waiting", "Thanks"]


def test_a_long_paragraph_is_cut_at_sentences_and_stays_one(extract: Extract) -> None:
    found = extract("a.txt", b"We met the target today. " * 400)
    assert len(found.passages) == 5
    assert {each.paragraph for each in found.passages} == {1}
    assert all(each.text.startswith("We met") and each.text.endswith("today.") for each in found.passages)


TESSERACT = r"""
import sys

if sys.argv[1:] == ["--list-langs"]:
    print("List of available languages (3):\ndeu\neng\nosd")
else:
    assert open(sys.argv[1], "rb").read(4) == b"\x89PNG"
    print("level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext")
    words = (1, 96.5, sys.argv[4]), (1, 12, "~~"), (2, 95, "All"), (2, 91, "agreed"), (3, 99, "|"), (4, -1, "")
    for block, confidence, word in words:
        print(5, 1, block, 1, 1, 1, 0, 0, 0, 0, confidence, word, sep="\t")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_pictures_and_scans_are_read_where_tesseract_is(
    extract: Extract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{TESSERACT}", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    picture = tmp_path / "board.jpg"
    Image.new("RGB", (60, 40), "white").save(picture)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert extract("a.jpg", picture.read_bytes()).state is TextState.NOTHING
    monkeypatch.setenv("PATH", str(program.parent))
    assert said(extract("a.jpg", picture.read_bytes())) == ["eng", "All agreed"]
    scanned = extract("a.pdf", pdf_file("Typed", ""))
    assert places(scanned) == [(1, "Typed"), (2, "eng"), (2, "All agreed")]
    assert extract("b.jpg", picture.read_bytes()[:200]).state is TextState.DAMAGED


# What is wrong with files


PROTECTED_SHEETS = zipped(
    {
        "content.xml": "<a/>",
        "META-INF/manifest.xml": f"<m{NAMESPACES}><manifest:file-entry><manifest:encryption-data/>"
        "</manifest:file-entry></m>",
    }
)


@pytest.mark.parametrize(
    ("name", "data", "state"),
    [
        *((f"a.{kind}", b"", TextState.NOTHING) for kind in ("pdf", "docx", "msg", "txt", "jpg", "xyz")),
        ("a.pdf", pdf_file("Secret", password="key"), TextState.ENCRYPTED),
        ("a.pdf", pdf_file("Words")[:300], TextState.DAMAGED),
        ("a.pdf", b"%PDF-1.7\n" + b"\xff" * 3000, TextState.DAMAGED),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), TextState.ENCRYPTED),
        ("a.docx", word_file("<w:p/>")[:200], TextState.DAMAGED),
        ("a.docx", word_file("<w:sdt>" * 5000 + "</w:sdt>" * 5000), TextState.DAMAGED),
        ("a.docx", word_file("<w:p/>" * 100_000), TextState.TOO_LARGE),
        ("a.docx", zipped({"word/document.xml": f"{BOMB}<a>&c;</a>"}), TextState.DAMAGED),
        ("a.docx", sheet_file("<row/>"), TextState.DAMAGED),
        ("a.xlsx", sheet_file("<row>" + "<x/>" * 100_000), TextState.TOO_LARGE),
        ("a.ods", PROTECTED_SHEETS, TextState.ENCRYPTED),
        ("a.eml", b"\n" + b"x" * 500_000, TextState.TOO_LARGE),
        ("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), TextState.DAMAGED),
        ("a.msg", compound_file({"other": b"x"}), TextState.DAMAGED),
        ("a.msg", compound_file(outlook_email("a", "b", files={"a.bin": bytes(500_000)})), TextState.TOO_LARGE),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), TextState.DAMAGED),
        ("a.doc", old_word_file("Secret", flags=0x0100), TextState.ENCRYPTED),
        ("a.doc", compound_file({"WordDocument": b"\xdb\xa5"}), TextState.UNKNOWN_FORMAT),
        ("a.doc", old_word_file(flags=0x0200), TextState.DAMAGED),
        ("a.ppt", old_slides_file("x", user=bytes(12) + b"\xdf\xc4\xd1\xf3"), TextState.ENCRYPTED),
        ("a.ppt", compound_file({"other": b"x"}), TextState.DAMAGED),
        ("a.rtf", b"{\\rtf1 " + b"{" * 200_000, TextState.TOO_LARGE),
        ("a.html", b"<html><script>alert(1)</script>", TextState.NOTHING),
        ("a.html", b"<html>" + b"<div>" * 50_000, TextState.TOO_LARGE),
        ("a.zip", zipped({"a.txt": "words"}), TextState.UNKNOWN_FORMAT),
        ("a.mp3", b"ID3" + bytes(100), TextState.UNKNOWN_FORMAT),
        ("a.txt", bytes(range(32)) * 9, TextState.UNKNOWN_FORMAT),
        ("photo.jpg", b"\xff\xd8\xff" + bytes(99), TextState.NOTHING),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_file_is_its_state(
    extract: Extract, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, state: TextState
) -> None:
    monkeypatch.setenv("PATH", "")
    found = extract(name, data, SMALL)
    assert (found.state, found.passages, found.sha256) == (state, (), "hash")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", pdf_file(*["Words"] * 30)),
        ("a.txt", b"Words and words.\n\n" * 4000),
        ("a.xlsx", sheet_file("<row><c t='inlineStr'><is><t>x</t></is></c></row>" * 1000)),
        ("a.docx", word_file("<w:p><w:r><w:t>Words and words</w:t></w:r></w:p>" * 2000)),
    ],
    ids=["pdf", "txt", "xlsx", "docx"],
)
def test_more_than_is_read_is_left_out_and_known(extract: Extract, name: str, data: bytes) -> None:
    found = extract(name, data, SMALL)
    assert found.state is TextState.READ
    assert not found.complete
    assert 0 < sum(map(len, said(found))) <= SMALL.most_characters


def test_a_file_that_is_gone_is_missing(tmp_path: Path) -> None:
    assert extract_text(tmp_path / "a.pdf", "a.pdf", "application/pdf", "hash").state is TextState.MISSING
    assert extract_text(tmp_path, "a.txt", "text/plain", "hash").state is TextState.MISSING


def test_reading_ends_when_its_time_is_up_or_it_is_cancelled(
    extract: Extract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_SECONDS_BETWEEN_TICKS", 0.0)
    document = word_file("<w:p><w:r><w:t>Words</w:t></w:r></w:p>")
    assert extract("a.docx", document, replace(SEARCHED, seconds=-1.0)).state is TextState.TOO_SLOW

    def stop() -> None:
        raise Cancelled("stopped")

    for name, data in (("a.pdf", pdf_file("Words")), ("a.msg", compound_file(outlook_email("a", "b")))):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Cancelled):
            extract_text(tmp_path / name, name, media_type(name, data[:4096]), "hash", stop)


ANY = {
    **WHOLE,
    "pdf": pdf_file("We plan", "and do"),
    "pptx": slides_file(("Rota", "Less waiting", "Speak slowly")),
    "msg": compound_file(outlook_email("Targets", "Agreed", files={"a.txt": b"text"})),
    "doc": old_word_file("We plan\r", b"Who\x07When\x07\x07"),
    "ppt": old_slides_file("Rota", b"Thanks"),
    "jpg": b"\xff\xd8\xff",
}


@settings(max_examples=200)
@given(st.sampled_from(sorted(ANY)), st.sampled_from(sorted(ANY)), st.data())
def test_any_bytes_under_any_suffix_have_a_state(
    tmp_path_factory: pytest.TempPathFactory, kind: str, suffix: str, data: st.DataObject
) -> None:
    whole = bytearray(ANY[kind])
    for _ in range(data.draw(st.integers(0, 4))):
        begin = data.draw(st.integers(0, len(whole)))
        whole[begin : begin + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=12))
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(bytes(whole))
    name = f"any.{suffix}"
    for sort in {media_type(name, bytes(whole[:4096])), media_type(name, b"")}:
        found = extract_text(path, name, sort, "hash", limits=SMALL)
        assert (found.state is TextState.READ) == bool(found.passages)
        assert all(passage.text.strip() for passage in found.passages)
        assert [each.paragraph for each in found.passages] == sorted(each.paragraph for each in found.passages)
