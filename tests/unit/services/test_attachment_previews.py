from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import docx
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen import canvas

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.evidence import Attachment
from portfolio_app.exporting.pictures import PictureUnreadable
from portfolio_app.reading.limits import SHOWN
from portfolio_app.scratch import remove_scratch
from portfolio_app.services import attachment_previews as previews
from portfolio_app.services.attachment_copies import (
    CannotBeOpened,
    copy_to_open,
    refusal_to_open,
    save_copy,
)
from portfolio_app.services.attachment_previews import PreviewKind, PreviewUnavailable
from portfolio_app.services.pdf_pages import PagesUnreadable, Part, PdfPages

WriteFile = Callable[[str, bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> WriteFile:
    def written(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return written


def attached(name: str, media_type: str = "application/pdf", data: bytes = b"") -> Attachment:
    return Attachment("a1", name, hashlib.sha256(data).hexdigest(), len(data), media_type)


def pdf(*pages: list[str], turned: int = 0) -> bytes:
    """Return a PDF whose pages hold these lines."""
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=(400, 600))
    for lines in pages:
        paper.setPageRotation(turned)
        text = paper.beginText(72, 328)
        text.setFont("Helvetica", 12)
        for line in lines:
            text.textLine(line)
        paper.drawText(text)
        paper.showPage()
    paper.save()
    return buffer.getvalue()


# Pages of a PDF


def test_a_page_is_drawn_part_by_part_as_it_is_drawn_whole(write: WriteFile) -> None:
    pages = PdfPages(write("a.pdf", pdf(["We set a four-minute target."])), "a.pdf")
    whole = pages.drawn(Part(0, 2.0, 0, 0, 800, 1200))
    part = pages.drawn(Part(0, 2.0, 100, 500, 300, 200))
    pages.close()
    rows = [whole.data[(500 + row) * 3200 + 400 : (500 + row) * 3200 + 1600] for row in range(200)]
    assert bytes(part.data) == b"".join(rows)
    assert len(set(part.data)) > 2, "there is text in it"


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_text_stands_where_it_is_drawn_however_the_page_is_turned(write: WriteFile, turned: int) -> None:
    pages = PdfPages(write("a.pdf", pdf(["Target"], turned=turned)), "a.pdf")
    text = pages.text(0)
    width, height = (round(side) for side in pages.sizes[0])
    drawn = pages.drawn(Part(0, 1.0, 0, 0, width, height))
    pages.close()
    assert text.text == "Target"
    dark = [
        (place % width, place // width)
        for place in range(width * height)
        if min(drawn.data[4 * place : 4 * place + 3]) < 200
    ]
    left, top, right, bottom = text.boxes(0, 6)[0]
    assert dark
    assert all(left - 2 <= x <= right + 2 and top - 2 <= y <= bottom + 2 for x, y in dark)


def test_text_of_a_page_with_a_shifted_box_stands_where_it_is_drawn(write: WriteFile) -> None:
    path = write("a.pdf", pdf(["Target"]))
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.pages[0].cropbox = pikepdf.Array([50, 200, 350, 390])
        document.save(path)
    pages = PdfPages(path, "a.pdf")
    left, top, _, _ = pages.text(0).boxes(0, 6)[0]
    size = pages.sizes[0]
    pages.close()
    assert (*size, left, top) == pytest.approx((300, 190, 22, 390 - 328 - 11), abs=4)


def test_a_document_can_be_read_from_several_threads(write: WriteFile) -> None:
    pages = PdfPages(write("a.pdf", pdf(*[[f"Page {number}"] for number in range(20)])), "a.pdf")
    found: dict[int, str] = {}

    def read(numbers: range) -> None:
        for number in numbers:
            found[number] = pages.text(number).text

    threads = [threading.Thread(target=read, args=(range(start, 20, 3),)) for start in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pages.close()
    assert found == {number: f"Page {number}" for number in range(20)}


def test_what_cannot_be_shown_is_said_in_one_sentence(write: WriteFile, tmp_path: Path) -> None:
    whole = pdf(["Text"])
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(io.BytesIO(whole)) as document:
        document.save(locked, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    empty = tmp_path / "empty.pdf"
    pikepdf.new().save(empty)
    for path, words in (
        (locked, "protected with a password"),
        (empty, "it "),
        (write("cut.pdf", whole[:200]), "damaged"),
        (write("none.pdf", b""), "damaged"),
        (tmp_path / "absent.pdf", "missing"),
    ):
        with pytest.raises(PagesUnreadable, match=words):
            PdfPages(path, path.name)


def test_a_closed_document_is_not_read(write: WriteFile) -> None:
    pages = PdfPages(write("a.pdf", pdf(["Text"])), "a.pdf")
    pages.close()
    pages.close()
    with pytest.raises(PagesUnreadable, match="not open"):
        pages.text(0)


def test_only_so_many_pages_of_a_huge_document_are_shown(write: WriteFile) -> None:
    path = write("a.pdf", pdf(["Text"]))
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        for _ in range(2004):
            document.pages.append(document.pages[0])
        document.save(path)
    pages = PdfPages(path, "a.pdf")
    counts = pages.count, pages.pages_in_file, len(pages.sizes)
    pages.close()
    assert counts == (2000, 2005, 2000)


def test_a_real_page_is_quoted_without_its_line_ends(write: WriteFile) -> None:
    pages = PdfPages(write("a.pdf", pdf(["We set a four-minute target for each cus-", "tomer of ours."])), "a.pdf")
    page = pages.text(0)
    pages.close()
    assert page.quoted(0, len(page)) == "We set a four-minute target for each customer of ours."


# Text, tables, e-mail, pictures


def test_text_is_read_whatever_wrote_it(write: WriteFile) -> None:
    for data in (
        "Café – £4\r\nnext".encode(),
        "Café – £4\r\nnext".encode("cp1252"),
        "Café – £4\r\nnext".encode("utf-16"),
    ):
        assert previews.read_text(write("a.txt", data), "a.txt").text == "Café – £4\nnext"
    for data, words in ((b"", "empty"), (b"\x00\x01\x02" * 50, "not plain text"), (b"PK\x03\x04zip", "not plain text")):
        with pytest.raises(PreviewUnavailable, match=words):
            previews.read_text(write("a.txt", data), "a.txt")


def test_only_the_beginning_of_a_long_text_is_shown(write: WriteFile) -> None:
    preview = previews.read_text(write("a.txt", "naïve line\n".encode() * 300_000), "a.txt")
    assert "beginning" in preview.note
    assert len(preview.text.encode()) <= SHOWN.most_text_bytes
    assert set(preview.text.split("\n")) == {"naïve line"}


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_table_is_divided_where_its_columns_are(write: WriteFile, sign: str) -> None:
    text = f'week{sign}calls{sign}note\n1{sign}20{sign}"a, b; c\td|e"\n2{sign}30\n'
    preview = previews.read_table(write("a.csv", text.encode()), "a.csv")
    assert preview.rows == (("week", "calls", "note"), ("1", "20", "a, b; c\td|e"), ("2", "30", ""))
    assert not preview.note


def test_a_long_table_says_that_it_is_cut(write: WriteFile) -> None:
    preview = previews.read_table(write("a.csv", b"a,b\n" * 6000), "a.csv")
    assert len(preview.rows) == previews.MOST_ROWS
    assert "5,000 rows" in preview.note


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading_of_a_file(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    for read in (
        previews.read_text,
        previews.read_table,
        previews.read_email,
        previews.read_web_page,
        previews.read_words,
    ):
        with suppress(PreviewUnavailable):
            read(path, "any")


def nested_email() -> bytes:
    message = EmailMessage()
    message["From"] = "Siân Ellis <sian@example.org>"
    message["To"] = "team@example.org"
    message["Cc"] = "boss@example.org"
    message["Date"] = "Fri, 06 Mar 2026 14:05:00 +0000"
    message["Subject"] = "Targets – café"
    message.set_content("We set a target.")
    message.add_alternative(
        '<p onclick="x()">We <b>set</b> a target.</p><img src="https://tracker.example/x.png">'
        "<script>alert(1)</script><style>p{}</style><a href='file:///etc/passwd'>here</a>",
        subtype="html",
    )
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="plan.pdf")
    inner = EmailMessage()
    inner["Subject"] = "The first mail"
    inner.set_content("Inner words.")
    message.add_attachment(inner)
    return message.as_bytes()


def test_an_email_shows_its_head_its_words_and_its_files(write: WriteFile) -> None:
    preview = previews.read_email(write("a.eml", nested_email()), "a.eml")
    assert preview.sender == "Siân Ellis <sian@example.org>"
    assert (preview.recipients, preview.copied) == ("team@example.org", "boss@example.org")
    assert (preview.date, preview.subject) == ("6 March 2026, 14:05", "Targets – café")
    assert preview.text == "We set a target."
    assert "<b>set</b>" in preview.html
    assert not any(word in preview.html for word in ("img", "script", "onclick", "href", "tracker", "alert"))
    assert [(part.name, part.size > 0) for part in preview.files] == [
        ("plan.pdf", True),
        ("E-mail: The first mail", True),
    ]
    assert "Inner" not in preview.text


def test_an_email_with_a_lying_head_is_still_read(write: WriteFile) -> None:
    data = b"From: =?utf-8?q?broken\r\nDate: whenever\r\nContent-Type: text/plain; charset=klingon\r\n\r\nCaf\xe9 \xa34"
    preview = previews.read_email(write("a.eml", data), "a.eml")
    assert preview.date == "whenever"
    assert preview.text == "Café £4"


def test_a_web_page_shows_words_only(write: WriteFile) -> None:
    html = "<html><head><meta charset='iso-8859-1'><title>t</title></head><body><h1>Café</h1><script>x</script>"
    preview = previews.read_web_page(write("a.html", html.encode("latin-1")), "a.html")
    assert preview.html == "<h1>Café</h1>"


def test_the_words_of_a_document_are_shown_in_order(write: WriteFile, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("First")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "a", "b"
    document.add_paragraph("Last")
    document.save(str(tmp_path / "a.docx"))
    assert previews.read_words(tmp_path / "a.docx", "a.docx").text == "First\na\tb\nLast"
    with pytest.raises(PreviewUnavailable, match="damaged"):
        previews.read_words(write("b.docx", (tmp_path / "a.docx").read_bytes()[:500]), "b.docx")


def test_a_document_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<a/>" * 6_000_000)
    with pytest.raises(PreviewUnavailable, match="too large"):
        previews.read_words(tmp_path / "bomb.docx", "bomb.docx")


def test_a_photograph_is_shown_upright_and_no_larger_than_asked(tmp_path: Path) -> None:
    picture = Image.new("RGB", (800, 400), "blue")
    picture.paste("red", (0, 0, 400, 400))  # left half; after the turn it is the upper one
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "a.jpg", exif=exif)
    preview = previews.read_picture(tmp_path / "a.jpg", "a.jpg", 100)
    assert (preview.width, preview.height) == (50, 100)
    assert (preview.full_width, preview.full_height) == (400, 800)
    assert preview.data[:1] > b"\xe0"
    assert len(preview.data) == 50 * 100 * 4


def test_the_first_frame_of_an_animation_is_shown_and_apples_format_is_named(write: WriteFile, tmp_path: Path) -> None:
    frames = [Image.new("P", (8, 8), colour) for colour in (1, 2)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert previews.read_picture(tmp_path / "a.gif", "a.gif", 100).width == 8
    with pytest.raises(PictureUnreadable, match="HEIC"):
        previews.read_picture(write("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 40), "a.heic", 100)


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/pdf", PreviewKind.PAGES),
        ("image/jpeg", PreviewKind.PICTURE),
        ("image/svg+xml", PreviewKind.TEXT),
        ("text/markdown", PreviewKind.TEXT),
        ("text/csv", PreviewKind.TABLE),
        ("message/rfc822", PreviewKind.EMAIL),
        ("text/html", PreviewKind.WEB_PAGE),
        ("video/mp4", PreviewKind.NONE),
        ("application/octet-stream", PreviewKind.NONE),
    ],
)
def test_each_sort_of_file_is_shown_in_its_way(media_type: str, kind: PreviewKind) -> None:
    assert previews.preview_kind(attached("a", media_type)) is kind


def test_a_missing_or_altered_file_is_noticed(write: WriteFile) -> None:
    file = attached("a.txt", "text/plain", b"words")
    assert previews.file_problem(file, write("a.txt", b"words")) == ""
    assert "changed" in previews.file_problem(file, write("b.txt", b"sword"))
    assert "changed" in previews.file_problem(file, write("c.txt", b"more words"))
    assert "missing" in previews.file_problem(file, None)


# Copies


def test_a_program_gets_a_copy_that_it_cannot_write(write: WriteFile, tmp_path: Path) -> None:
    original = write("abc123", b"%PDF-1.4")
    folder = tmp_path / "opened"
    folder.mkdir()
    first = copy_to_open(attached("plan.pdf"), original, folder)
    second = copy_to_open(attached("plan.pdf"), original, folder)
    assert first.name == "plan.pdf"
    assert first != second
    assert first.read_bytes() == b"%PDF-1.4"
    assert first.stat().st_mode & 0o222 == 0
    assert copy_to_open(attached("plan"), original, folder).name == "plan.pdf"
    remove_scratch(folder)
    assert not folder.exists()
    assert original.exists()


@pytest.mark.parametrize(
    ("name", "media_type", "words"),
    [
        ("setup.exe", "application/x-msdownload", "may be a program"),
        ("plan.pdf", "application/x-executable", "may be a program"),
        ("run.sh", "text/x-shellscript", "may be a program"),
        ("run.ps1", "text/plain", "not a document"),
        ("shortcut.lnk", "application/octet-stream", "may be a program"),
        ("app.desktop", "text/plain", "not a document"),
        ("figures.xlsm", "application/vnd.ms-excel.sheet.macroenabled.12", "macros"),
        ("all.zip", "application/zip", "not a document"),
        ("thing", "application/octet-stream", "not a document"),
    ],
)
def test_what_could_run_is_not_opened(name: str, media_type: str, words: str, tmp_path: Path, write: WriteFile) -> None:
    file = attached(name, media_type)
    assert words in refusal_to_open(file)
    with pytest.raises(CannotBeOpened, match="save a copy"):
        copy_to_open(file, write("abc", b"x"), tmp_path)


@pytest.mark.parametrize(
    ("html", "opens"),
    [
        (b"<p>Words only</p>", True),
        (b"<script>alert(1)</script>", False),
        (b'<img src="x" onerror="alert(1)">', False),
        (b"<a href='JavaScript:x'>x</a>", False),
        ("<script>x</script>".encode("utf-16"), False),
    ],
)
def test_a_web_page_is_opened_only_without_scripts(html: bytes, opens: bool, write: WriteFile, tmp_path: Path) -> None:
    file, path = attached("page.html", "text/html"), write("abc", html)
    if opens:
        assert copy_to_open(file, path, tmp_path).read_bytes() == html
    else:
        with pytest.raises(CannotBeOpened, match="script"):
            copy_to_open(file, path, tmp_path)


def test_a_copy_is_saved_or_the_reason_told(write: WriteFile, tmp_path: Path) -> None:
    save_copy(attached("plan.pdf"), write("abc", b"%PDF-"), tmp_path / "copy.pdf")
    assert (tmp_path / "copy.pdf").read_bytes() == b"%PDF-"
    with pytest.raises(CannotBeOpened, match="missing"):
        save_copy(attached("plan.pdf"), None, tmp_path / "copy.pdf")
    with pytest.raises(KnownError, match="does not exist"):
        save_copy(attached("plan.pdf"), tmp_path / "copy.pdf", tmp_path / "nowhere" / "copy.pdf")
