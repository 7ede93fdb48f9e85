from __future__ import annotations

import hashlib
import io
import warnings
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from tests.pdf_publications import (
    Read,
    attached,
    document,
    file_of,
    heading,
    link_to,
    page_texts,
    paragraph,
    publication,
    section,
    written,
)

from portfolio_app.exporting.pdf import assemble, embedding
from portfolio_app.exporting.pdf import attached as attached_module
from portfolio_app.exporting.publication import AttachedFile


def with_attached(path: Path, folder: Path) -> Read:
    return written(
        publication(
            section(
                heading("E12 Budget", 2, "E12"),
                link_to("page two", "E12-f1-p2", fallback="E12"),
                attached(path),
                label="E12",
            ),
            section(paragraph("after")),
        ),
        folder,
    )


def images_on(path: Path, page: int) -> int:
    """Count the pictures that a page shows, in attached forms too."""

    def count(resources: pikepdf.Object) -> int:
        found = 0
        for inner in resources.get("/XObject", Dictionary()).values():
            if inner.get("/Subtype") == Name.Image:
                found += 1
            elif "/Resources" in inner:
                found += count(inner.Resources)
        return found

    with pikepdf.open(path) as pdf:
        return count(pdf.pages[page - 1].obj.Resources)


def shown(path: Path, page: int) -> Image.Image:
    with pypdfium2.PdfDocument(path) as pdf:
        picture: Image.Image = pdf[page - 1].render(scale=0.5).to_pil().convert("L")
        return picture


def darkest(picture: Image.Image) -> int:
    return picture.histogram().index(next(filter(None, picture.histogram())))


def test_each_page_stands_under_its_name_and_links_lead_to_it(tmp_path: Path) -> None:
    read = with_attached(document(tmp_path / "budget.pdf", 3), tmp_path)
    assert len(read.texts) == 5
    for number in (1, 2, 3):
        text = read.texts[number]
        assert f"E12 · budget.pdf · page {number} of 3 Back to E12" in text
        assert f"Budget sheet {number}" in text
        assert text.startswith("Sam Ellis · Customer Service E12")
        assert (number + 1, "E12") in read.links
    assert (1, "E12-f1-p2") in read.links
    assert read.places["E12-f1-p2"] == 3
    assert read.places["E12-f1"] == 2
    assert images_on(read.path, 2) == 0
    assert read.result.warnings == ()


def test_a_page_without_its_fonts_is_drawn_as_a_picture(tmp_path: Path) -> None:
    read = with_attached(document(tmp_path / "helvetica.pdf", embedded_font=False), tmp_path)
    assert images_on(read.path, 2) == 1
    assert "Budget sheet" not in read.texts[1]
    assert darkest(shown(read.path, 2)) < 128


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_pages_are_turned_and_cropped_as_readers_show_them(turn: int, tmp_path: Path) -> None:
    path = document(tmp_path / "wide.pdf", size=(800, 500))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        page.obj.CropBox = Array([100, 100, 700, 480])
        page.obj.Rotate = turn
        page.contents_add(b"0 g 100 380 100 100 re f")  # black, in the upper left corner of what is seen
        pdf.save(path)
    read = with_attached(path, tmp_path)
    with pikepdf.open(read.path) as pdf:
        _, _, width, height = (float(edge) for edge in pdf.pages[1].mediabox)
    assert (width > height) == (turn % 180 == 0)
    picture = shown(read.path, 2)
    dark = picture.point(lambda value: 255 if value < 40 else 0).getbbox()
    assert dark is not None
    left, top, right, bottom = dark
    middle = (left + right) / 2 < picture.width / 2, (top + bottom) / 2 < picture.height / 2
    blob = shown(read.path, 2).crop((0, 45, picture.width, picture.height - 30))
    black = [(x, y) for y in range(0, blob.height, 4) for x in range(0, blob.width, 4) if blob.getpixel((x, y)) == 0]
    x = sum(place[0] for place in black) / len(black) / blob.width
    y = sum(place[1] for place in black) / len(black) / blob.height
    assert (x < 0.5, y < 0.5) == {0: (True, True), 90: (False, True), 180: (False, False), 270: (True, False)}[turn]
    assert middle


def test_filled_in_fields_stay_visible(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1)
    canvas.acroForm.textfield(name="witness", value="Dana Price", x=50, y=700, width=300, height=30, fontSize=14)
    canvas.showPage()
    canvas.save()
    path = tmp_path / "form.pdf"
    path.write_bytes(buffer.getvalue())
    read = with_attached(path, tmp_path)
    assert darkest(shown(read.path, 2).crop((20, 60, 200, 130))) < 140
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for note in pdf.pages[0].obj.Annots:
            del note["/AP"]
        pdf.save(path)
    assert images_on(with_attached(path, tmp_path).path, 2) == 1


def test_hidden_layers_stay_hidden(tmp_path: Path) -> None:
    path = document(tmp_path / "layers.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("secret")))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        page = pdf.pages[0]
        page.obj.Resources.Properties = Dictionary(L=layer)
        page.contents_add(b"/OC /L BDC 0 g 100 100 400 400 re f EMC")
        pdf.save(path)
    read = with_attached(path, tmp_path)
    picture = shown(read.path, 2)
    assert picture.getpixel((picture.width // 2, picture.height // 2)) == 255


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    read = with_attached(tmp_path / "gone.pdf", tmp_path)
    sentence = "“gone.pdf” cannot be shown here: the file is missing from the portfolio."
    assert read.result.warnings == (sentence,)
    assert sentence in read.texts[1]
    assert read.places["E12-f1"] == 2
    assert (1, "E12") in read.links  # the fallback of a page that is not there


def noise(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_off(path: Path) -> None:
    path.write_bytes(document(path, 3).read_bytes()[:700])


def folder(path: Path) -> None:
    path.mkdir()


def no_pages(path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.save(path)


def locked(path: Path) -> None:
    with pikepdf.open(io.BytesIO(document(path).read_bytes())) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))


def only_adobe(path: Path) -> None:
    with pikepdf.open(io.BytesIO(document(path).read_bytes())) as pdf:
        pdf.Root.NeedsRendering = True
        pdf.save(path)


@pytest.mark.parametrize("spoil", [noise, empty, cut_off, folder, no_pages, locked, only_adobe])
def test_what_cannot_be_read_is_said_so_on_a_page_and_goes_along_all_the_same(spoil: object, tmp_path: Path) -> None:
    assert callable(spoil)
    path = tmp_path / "bad.pdf"
    spoil(path)
    file = file_of(path)
    read = written(
        publication(section(heading("E12", 2, "E12"), attached(path)), section(paragraph("after")), embedded=(file,)),
        tmp_path,
    )
    assert len(read.texts) == 3
    assert "“bad.pdf” cannot be shown here: " in read.texts[1]
    assert "The original file is embedded in this document" in read.texts[1]
    assert read.texts[2].endswith("after")
    assert read.result.warnings


def test_a_document_with_an_owners_password_only_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "owner.pdf"
    with pikepdf.open(io.BytesIO(document(path).read_bytes())) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user=""))
    assert "Budget sheet 1" in with_attached(path, tmp_path).texts[1]


def test_hostile_pages_are_replaced_one_by_one(tmp_path: Path) -> None:
    path = document(tmp_path / "hostile.pdf", 6)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is done to the file here
        first, second, third, fourth, fifth, _ = (page.obj for page in pdf.pages)
        first.MediaBox = Array([0, 0, 0, 0])
        second.MediaBox = String("large")
        third.Resources = Dictionary(XObject=Dictionary(Loop=Name.Odd), Font=Array([1, 2]))
        del fourth["/Contents"]
        loop = pdf.make_stream(b"/Loop Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        loop.Resources = Dictionary(XObject=Dictionary(Loop=loop))
        fifth.Resources.XObject = Dictionary(Loop=loop)
        fifth.Annots = Array([String("no"), Dictionary(Subtype=Name.Widget, Parent=first)])
        pdf.save(path)
    read = with_attached(path, tmp_path)
    assert len(read.texts) == 8
    assert "Budget sheet 6" in read.texts[6]
    for warning in read.result.warnings:
        assert "cannot be shown here: it is damaged." in warning
    assert "Page 1 of “hostile.pdf” cannot be shown here: it is damaged." in read.texts[1]


def test_a_file_that_spoils_the_result_is_found_and_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = assemble._placed
    attempts = []

    def fail_first(*arguments: object, careful: bool) -> list[str]:
        attempts.append(careful)
        if not careful:
            raise pikepdf.PdfError("a stream cannot be written")
        return real(*arguments, careful=careful)  # type: ignore[arg-type]

    monkeypatch.setattr(assemble, "_placed", fail_first)
    read = with_attached(document(tmp_path / "budget.pdf", 2), tmp_path)
    assert attempts == [False, True]
    assert "Budget sheet 2" in read.texts[2]


def test_pages_of_many_files_are_placed_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assemble, "_FILES_AT_ONCE", 3)
    files = [document(tmp_path / f"f{number}.pdf", words=f"File{number}") for number in range(7)]
    read = written(publication(*(section(attached(path)) for path in files)), tmp_path)
    for number, text in enumerate(read.texts):
        assert f"File{number} 1" in text


def test_only_so_many_pages_of_one_document_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached_module, "MOST_PAGES", 4)
    monkeypatch.setattr("portfolio_app.exporting.pdf.layout.MOST_PAGES", 4)
    read = with_attached(document(tmp_path / "long.pdf", 9), tmp_path)
    assert len(read.texts) == 7
    assert read.result.warnings == ("Only the first 4 of the 9 pages of “long.pdf” are shown.",)
    assert read.result.warnings[0] in read.texts[5]


def embedded_in(path: Path) -> dict[str, bytes]:
    with pikepdf.open(path) as pdf:
        return {name: specification.get_file().read_bytes() for name, specification in pdf.attachments.items()}


def test_originals_are_embedded_byte_by_byte(tmp_path: Path) -> None:
    sheet = tmp_path / "rota June.xlsx"
    sheet.write_bytes(b"PK" + bytes(range(256)) * 5000)
    note = tmp_path / "ünïcode \u202enote.txt"
    note.write_bytes(b"")
    twin = tmp_path / "other" / "rota June.xlsx"
    twin.parent.mkdir()
    twin.write_bytes(b"another")
    files = (
        file_of(sheet, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        file_of(note, "not a type"),
        file_of(twin, "image/jpeg"),
    )
    read = written(publication(section(paragraph("x")), embedded=files), tmp_path)
    assert embedded_in(read.path) == {
        "rota June.xlsx": sheet.read_bytes(),
        "ünïcode note.txt": b"",
        "rota June (2).xlsx": b"another",
    }
    with pikepdf.open(read.path) as pdf:
        specification = pdf.attachments["rota June.xlsx"]
        assert specification.description == "E12, rota June.xlsx"
        stream = specification.obj.EF.F
        assert stream.Subtype == "/application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        assert stream.Params.Size == len(sheet.read_bytes())
        assert bytes(stream.Params.CheckSum) == hashlib.md5(sheet.read_bytes(), usedforsecurity=False).digest()
        assert specification.obj.AFRelationship == Name.Supplement
        assert len(pdf.Root.AF) == 3


def test_what_is_not_embedded_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "LARGEST_EMBEDDED", 1_000_000)
    good = tmp_path / "good.txt"
    good.write_bytes(b"good")
    large = tmp_path / "film.mp4"
    large.write_bytes(b"0" * 2_000_000)
    files: tuple[AttachedFile, ...] = (
        file_of(tmp_path / "gone.txt", "text/plain"),
        file_of(large, "video/mp4"),
        file_of(good, "text/plain", sha256="0" * 64),
        file_of(good, "text/plain"),
    )
    read = written(publication(section(paragraph("x")), embedded=files), tmp_path)
    assert embedded_in(read.path) == {"good.txt": b"good"}
    assert read.result.warnings == (
        "“gone.txt” could not be embedded: the file is missing from the portfolio.",
        "“film.mp4” is too large to be embedded (2 MB); it is listed with its checksum instead.",
        "“good.txt” was not embedded: its content is not the one the portfolio recorded.",
    )


def test_the_program_reads_its_own_export_as_an_attachment(tmp_path: Path) -> None:
    first = with_attached(document(tmp_path / "budget.pdf", 2), tmp_path)
    again = tmp_path / "again.pdf"
    again.write_bytes(first.path.read_bytes())
    read = with_attached(again, tmp_path)
    assert "Budget sheet 2" in page_texts(read.path)[3]
