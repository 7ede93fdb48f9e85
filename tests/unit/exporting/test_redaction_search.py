"""Each place in which a document can hold a word is searched: a word is planted in one after the other, and found."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, OutlineItem, String
from PIL import Image, PngImagePlugin
from reportlab.pdfgen.canvas import Canvas

from portfolio_app.domain.errors import Cancelled, KnownError
from portfolio_app.domain.hidden_terms import TermFinder
from portfolio_app.domain.redaction import RedactionTerm
from portfolio_app.exporting.redaction.check import TermSurvived, check_document
from portfolio_app.exporting.redaction.search import Search, Unsearchable
from portfolio_app.exporting.wording import load_wording

SECRET = "Quixwhyte"
FINDER = TermFinder([RedactionTerm("1", SECRET)])
WORDS = load_wording("en-GB")


def _found(data: bytes, name: str) -> list[str]:
    texts = Search(lambda: None).texts(io.BytesIO(data), name)
    return [one.place for one in texts if FINDER.find(one.text)]


def _drawn(text: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pageCompression=1)
    canvas.drawString(60, 700, text)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _saved(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(_drawn("Nothing to see"))) as pdf:
        change(pdf)
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()


def _font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return next(iter(pdf.pages[0].obj.Resources.Font.values()))


def _form(pdf: pikepdf.Pdf) -> pikepdf.Stream:
    return pikepdf.Stream(
        pdf,
        f"BT /F1 12 Tf 10 10 Td ({SECRET}) Tj ET".encode(),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 200, 40]),
        Resources=Dictionary(Font=Dictionary(F1=_font(pdf))),
    )


def _annotation(pdf: pikepdf.Pdf, **values: Any) -> pikepdf.Object:
    return pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), **values))


def _property(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = SECRET


def _xmp(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        metadata["dc:description"] = f"by {SECRET}"


def _outline(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem(SECRET, 0))


def _note(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Annots = Array([_annotation(pdf, Contents=String(f"ask {SECRET}"))])


def _appearance(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Annots = Array([_annotation(pdf, F=2, AP=Dictionary(N=_form(pdf)))])


def _field(pdf: pikepdf.Pdf) -> None:
    field = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("name"), V=String(SECRET)))
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))


def _structure(key: str) -> Callable[[pikepdf.Pdf], None]:
    def plant(pdf: pikepdf.Pdf) -> None:
        element = pdf.make_indirect(Dictionary({"/S": Name.P, "/P": Dictionary(), key: String(SECRET)}))
        pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array([element])))

    return plant


def _marked(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(f"/Span <</ActualText ({SECRET})>> BDC EMC".encode())


def _marked_in_utf16(pdf: pikepdf.Pdf) -> None:
    text = b"\xfe\xff" + SECRET.encode("utf-16-be")
    pdf.pages[0].contents_add(b"/Span <</ActualText <" + text.hex().encode() + b">>> BDC EMC")


def _attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["notes.txt"] = AttachedFileSpec(pdf, f"{SECRET} said so".encode(), filename="notes.txt")  # type: ignore[call-arg]


def _attached_pdf(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["x.pdf"] = AttachedFileSpec(pdf, _drawn(f"by {SECRET}"), filename="x.pdf")  # type: ignore[call-arg]


def _attachment_name(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = AttachedFileSpec(pdf, b"nothing", filename=f"{SECRET}.txt")  # type: ignore[call-arg]


def _destination(pdf: pikepdf.Pdf) -> None:
    target = Array([pdf.pages[0].obj, Name.Fit])
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String(SECRET), target])))


def _link(pdf: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.URI, URI=String(f"mailto:{SECRET}@example.org"))
    pdf.pages[0].obj.Annots = Array([_annotation(pdf, A=action)])


def _script(pdf: pikepdf.Pdf) -> None:
    script = pdf.make_stream(f"app.alert('{SECRET}')".encode())
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=script)


def _invisible(pdf: pikepdf.Pdf) -> None:
    name = next(iter(pdf.pages[0].obj.Resources.Font.keys()))
    pdf.pages[0].contents_add(f"BT 3 Tr {name} 9 Tf 20 20 Td ({SECRET}) Tj ET".encode())


def _outside(pdf: pikepdf.Pdf) -> None:
    name = next(iter(pdf.pages[0].obj.Resources.Font.keys()))
    pdf.pages[0].contents_add(f"BT {name} 9 Tf 20 -900 Td ({SECRET}) Tj ET".encode())


def _undrawn(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Resources.XObject = Dictionary(Fx=_form(pdf))


def _pattern(pdf: pikepdf.Pdf) -> None:
    pattern = _form(pdf)
    del pattern["/Subtype"]
    pattern.Type, pattern.PatternType, pattern.PaintType, pattern.TilingType = Name.Pattern, 1, 1, 1
    pattern.XStep, pattern.YStep = 200, 40
    pdf.pages[0].obj.Resources.Pattern = Dictionary(P1=pattern)


def _hidden_page(pdf: pikepdf.Pdf) -> None:
    with pikepdf.open(io.BytesIO(_drawn(SECRET))) as other:
        page = pdf.copy_foreign(other.pages[0].obj)
    pdf.Root.Kept = pdf.make_indirect(page)


def _resource_name(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Resources.ExtGState = Dictionary({f"/{SECRET}": Dictionary(CA=1)})


def _colour(pdf: pikepdf.Pdf) -> None:
    space = Array([Name.Separation, Name(f"/{SECRET}"), Name.DeviceGray, Dictionary(FunctionType=2)])
    pdf.pages[0].obj.Resources.ColorSpace = Dictionary(C1=space)


def _layer(pdf: pikepdf.Pdf) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(f"Notes of {SECRET}")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary())


def _piece(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.PieceInfo = Dictionary({f"/{SECRET}": Dictionary(Private=1)})


def _own_property(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo[f"/{SECRET}"] = "x"


def _certificate(pdf: pikepdf.Pdf) -> None:
    signature = Dictionary(Type=Name.Sig, Contents=String(b"\x30\x82" + b"\0" * 300 + SECRET.encode() + b"\0" * 9))
    pdf.Root.Kept = pdf.make_indirect(signature)


_CHANNELS = (
    *(_property, _xmp, _outline, _note, _appearance, _field, _structure("/Alt"), _structure("/ActualText")),
    *(_structure("/E"), _structure("/T"), _marked, _marked_in_utf16, _attachment, _attached_pdf, _attachment_name),
    *(_destination, _link, _script, _invisible, _outside, _undrawn, _pattern, _hidden_page, _resource_name, _colour),
    *(_layer, _piece, _own_property, _certificate),
)


@pytest.mark.parametrize("plant", _CHANNELS)
def test_every_channel_of_a_pdf_is_searched(plant: Callable[[pikepdf.Pdf], object], tmp_path: Path) -> None:
    data = _saved(plant)
    assert _found(data, "x.pdf")
    document = tmp_path / "x.pdf"
    document.write_bytes(data)
    with pytest.raises(TermSurvived, match=SECRET):
        check_document(document, "x.pdf", FINDER, WORDS)


def test_a_page_is_named_and_a_pdf_without_the_word_is_fine(tmp_path: Path) -> None:
    assert _found(_drawn(f"Seen by {SECRET}’s team"), "x.pdf") == ["page 1"]
    document = tmp_path / "x.pdf"
    document.write_bytes(_saved(lambda pdf: pdf))
    check_document(document, "x.pdf", FINDER, WORDS)


def _word(change: Callable[[docx.document.Document], object]) -> bytes:
    document = docx.Document()
    document.add_paragraph("Nothing to see")
    change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _with_member(data: bytes, name: str, content: bytes, comment: bytes = b"") -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(name, content)
        archive.comment = comment
    return buffer.getvalue()


def _split_over_runs(document: docx.document.Document) -> None:
    paragraph = document.add_paragraph()
    for piece in ("by Qui", "xwh", "yte, yes"):
        paragraph.add_run(piece).bold = piece != "xwh"


def _author(document: docx.document.Document) -> None:
    document.core_properties.author = SECRET


def _header(document: docx.document.Document) -> None:
    document.sections[0].header.paragraphs[0].text = SECRET


def _described(document: docx.document.Document) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    picture.seek(0)
    shape = document.add_picture(picture)
    shape._inline.docPr.set("descr", f"{SECRET} at work")


def _with_picture_data(document: docx.document.Document) -> None:
    picture, info = io.BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET)
    Image.new("RGB", (4, 4)).save(picture, "PNG", pnginfo=info)
    picture.seek(0)
    document.add_picture(picture)


@pytest.mark.parametrize(
    "plant",
    [
        _split_over_runs,
        _author,
        _header,
        _described,
        _with_picture_data,
        lambda document: document.add_table(1, 1).cell(0, 0).add_paragraph(SECRET),
        lambda document: document.styles.add_style(SECRET, 1),
        lambda document: document.part.relate_to(f"mailto:{SECRET}@x.org", "urn:x", is_external=True),
    ],
)
def test_every_channel_of_a_word_file_is_searched(plant: Callable[[docx.document.Document], object]) -> None:
    assert not _found(_word(lambda document: document), "x.docx")
    assert _found(_word(plant), "x.docx")


def test_members_of_an_office_file_are_searched_whatever_they_are() -> None:
    plain = _word(lambda document: document)
    assert _found(_with_member(plain, "customXml/own1.xml", f"<a b='{SECRET}'/>".encode()), "x.docx")
    assert _found(_with_member(plain, "customXml/own2.xml", f"<a><!-- {SECRET} --></a>".encode()), "x.docx")
    assert _found(_with_member(plain, f"word/media/{SECRET}.txt", b"x"), "x.docx")
    assert _found(_with_member(plain, "word/embeddings/x.docx", _word(_split_over_runs)), "x.docx")
    assert _found(_with_member(plain, "word/x.txt", b"x", SECRET.encode()), "x.docx")


def test_a_workbook_is_searched(tmp_path: Path) -> None:
    def book(change: Callable[[xlsxwriter.Workbook], object]) -> bytes:
        path = tmp_path / "x.xlsx"
        with xlsxwriter.Workbook(path) as workbook:
            workbook.add_worksheet("Sheet")
            change(workbook)
        return path.read_bytes()

    assert not _found(book(lambda workbook: None), "x.xlsx")
    for change in (
        lambda workbook: workbook.add_worksheet(SECRET),
        lambda workbook: workbook.worksheets()[0].write_string(0, 0, SECRET),
        lambda workbook: workbook.worksheets()[0].write_comment(0, 0, SECRET),
        lambda workbook: workbook.set_properties({"comments": SECRET}),
        lambda workbook: workbook.define_name(SECRET, "=Sheet!$A$1"),
    ):
        assert _found(book(change), "x.xlsx"), change


def test_texts_messages_and_pages_are_searched() -> None:
    message = (
        "From: a@b.org\r\nTo: c@d.org\r\nSubject: =?utf-8?b?UXVpeHdoeXRl?=\r\n\r\nNothing\r\n",
        (
            "From: a@b.org\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\nQui=78whyte\r\n"
        ),
        "From: a@b.org\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>Qui<b>xwh</b>yte</p>\r\n",
    )
    for text in message:
        assert _found(text.encode(), "x.eml"), text
    assert _found(f"{SECRET}\n".encode("utf-16"), "x.txt")
    assert _found("Name,Quix­whyte\n".encode(), "x.csv")
    assert _found(f"<html><body><img alt='{SECRET}'></body></html>".encode(), "x.html")
    assert _found(json.dumps({"a": [{"b": SECRET}]}).encode(), "x.json")
    assert not _found(b"Nothing to see here", "x.txt")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\0\1\2\3" * 100, "call.mp3"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.doc"),
        (rb"{\rtf1 Qui\b xwhyte}", "x.rtf"),
        (b"%PDF-1.4 broken", "x.pdf"),
        (b"PK\x03\x04 broken", "x.docx"),
        (b"\xff\xd8\xff broken", "x.jpg"),
    ],
)
def test_what_cannot_be_searched_says_so(data: bytes, name: str) -> None:
    with pytest.raises(Unsearchable):
        _found(data, name)


def test_a_locked_pdf_cannot_be_searched() -> None:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(_drawn("x"))) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="o", user=""))
    with pytest.raises(Unsearchable):
        _found(buffer.getvalue(), "x.pdf")


def test_a_bomb_is_not_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x.txt", "w") as member:
        for _ in range(130):
            member.write(b"0" * 1_000_000)
    with pytest.raises(Unsearchable):
        _found(buffer.getvalue(), "x.zip")


def test_the_search_can_be_cancelled() -> None:
    def stop() -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        list(Search(stop).texts(io.BytesIO(b"text"), "x.txt"))


@given(
    st.binary(max_size=400), st.sampled_from(["x.pdf", "x.docx", "x.eml", "x.html", "x.json", "x.csv", "x.png", "x"])
)
def test_nothing_but_known_errors_comes_of_rubbish(data: bytes, name: str) -> None:
    heads = {"x.pdf": b"%PDF-1.7\n", "x.docx": b"PK\x03\x04", "x.png": b"\x89PNG\r\n\x1a\n"}
    try:
        _found(heads.get(name, b"") + data, name)
    except KnownError:
        return
