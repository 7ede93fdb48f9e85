"""Copies of attached files in which marked terms and regions are gone, while the originals stay as they are."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, String
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from portfolio_app.domain.hidden_terms import TermFinder
from portfolio_app.domain.redaction import RedactionTerm
from portfolio_app.exporting.pictures import prepare_picture
from portfolio_app.exporting.publication import AttachedFile
from portfolio_app.exporting.redaction.pdf_copy import copy_pdf, page_texts
from portfolio_app.exporting.redaction.search import Search, Unsearchable
from portfolio_app.exporting.wording import load_wording

SECRET = "Quixwhyte"
FINDER = TermFinder([RedactionTerm("1", SECRET)])
NOTHING = TermFinder([])


def _tick() -> None:
    """Let everything go on."""


def _document(path: Path, *lines: str, rotation: int = 0) -> Path:
    """Write a PDF with one line on each page, 50 points from the left and 100 from the foot of 400 by 300."""
    canvas = Canvas(str(path), pagesize=(400, 300))
    for line in lines:
        if rotation:
            canvas.setPageRotation(rotation)
        canvas.setFont("Helvetica", 20)
        canvas.drawString(50, 100, line)
        canvas.showPage()
    canvas.save()
    return path


def _pages(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [document[number].get_textpage().get_text_range() for number in range(len(document))]


def _picture(path: Path, page: int) -> Image.Image:
    with pypdfium2.PdfDocument(path) as document:
        image: Image.Image = document[page].render(scale=1).to_pil().convert("L")
        return image


def _places(path: Path) -> list[str]:
    with path.open("rb") as file:
        return [one.place for one in Search(_tick).texts(file) if FINDER.find(one.text)]


def _dark(picture: Image.Image, box: tuple[int, int, int, int]) -> float:
    pixels = picture.crop(box)
    return sum(pixels.histogram()[:40]) / (pixels.width * pixels.height)


def test_a_page_with_a_term_becomes_a_picture_and_others_stay_text(tmp_path: Path) -> None:
    source = _document(tmp_path / "a.pdf", f"by {SECRET} here", "Nothing to see")
    before = source.read_bytes()
    made = copy_pdf(source, tmp_path / "copy.pdf", FINDER, {}, _tick)
    assert made.is_changed
    assert made.pictured == {1}
    first, second = _pages(tmp_path / "copy.pdf")
    assert first == ""
    assert "Nothing to see" in second
    assert _places(tmp_path / "copy.pdf") == []
    assert source.read_bytes() == before
    shown, original = _picture(tmp_path / "copy.pdf", 0), _picture(source, 0)
    assert shown.size == original.size
    at = (85, 186, 150, 204)  # within the word: "by " is some 30 points wide
    assert _dark(shown, at) > 0.98
    assert _dark(original, at) < 0.6
    before_it = (50, 180, 66, 206)
    assert _dark(shown, before_it) == pytest.approx(_dark(original, before_it), abs=0.05)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_the_box_is_where_the_word_is_seen_on_turned_pages(rotation: int, tmp_path: Path) -> None:
    source = _document(tmp_path / "a.pdf", SECRET, rotation=rotation)
    copy_pdf(source, tmp_path / "copy.pdf", FINDER, {}, _tick)
    shown, original = _picture(tmp_path / "copy.pdf", 0), _picture(source, 0)
    assert shown.size == original.size
    inked = original.point(lambda value: 255 if value < 200 else 0).getbbox()
    covered = shown.point(lambda value: 255 if value < 60 else 0).getbbox()
    assert inked is not None
    assert covered is not None
    assert all(abs(a - b) < 12 for a, b in zip(inked, covered, strict=True))
    assert _dark(shown, inked) > 0.98


def test_a_region_is_covered_without_any_term(tmp_path: Path) -> None:
    source = _document(tmp_path / "a.pdf", "First", "Second")
    made = copy_pdf(source, tmp_path / "copy.pdf", NOTHING, {2: [(0.5, 0.0, 1.0, 0.5)], 9: [(0, 0, 1, 1)]}, _tick)
    assert made.pictured == {2}
    shown = _picture(tmp_path / "copy.pdf", 1)
    assert _dark(shown, (202, 2, 398, 148)) == 1
    assert _dark(shown, (2, 2, 196, 148)) == 0
    assert _pages(tmp_path / "copy.pdf")[1] == ""


def test_a_pdf_that_holds_nothing_hidden_is_used_as_it_is(tmp_path: Path) -> None:
    made = copy_pdf(_document(tmp_path / "a.pdf", "First", ""), tmp_path / "copy.pdf", FINDER, {}, _tick)
    assert not made.is_changed
    assert made.wordless == 1
    assert not (tmp_path / "copy.pdf").exists()


def test_a_form_and_a_note_are_read_and_covered(tmp_path: Path) -> None:
    source = tmp_path / "form.pdf"
    canvas = Canvas(str(source), pagesize=(400, 300))
    canvas.acroForm.textfield(name="n", value=f"I am {SECRET}", x=50, y=100, width=200, height=30, fontSize=16)
    canvas.showPage()
    canvas.save()
    assert SECRET in next(page_texts(source, _tick))
    made = copy_pdf(source, tmp_path / "copy.pdf", FINDER, {}, _tick)
    assert made.pictured == {1}
    assert _places(tmp_path / "copy.pdf") == []
    assert _dark(_picture(tmp_path / "copy.pdf", 0), (100, 176, 150, 194)) > 0.95


def test_what_only_the_file_says_of_itself_is_left_behind_and_pages_stay_text(tmp_path: Path) -> None:
    source = _document(tmp_path / "a.pdf", "First", "Second")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        pdf.docinfo["/Author"] = SECRET
        pdf.attachments["x.txt"] = AttachedFileSpec(pdf, SECRET.encode(), filename="x.txt")  # type: ignore[call-arg]
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
        link.A = Dictionary(S=Name.URI, URI=String(f"https://{SECRET}.example"))
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])
        pdf.save(source)
    made = copy_pdf(source, tmp_path / "copy.pdf", FINDER, {}, _tick)
    assert made.is_changed
    assert made.pictured == frozenset()
    assert _places(tmp_path / "copy.pdf") == []
    assert [text.strip() for text in _pages(tmp_path / "copy.pdf")] == ["First", "Second"]


def test_names_that_a_page_draws_with_make_it_a_picture(tmp_path: Path) -> None:
    source = _document(tmp_path / "a.pdf", "First")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.Resources.ExtGState = Dictionary({f"/{SECRET}": Dictionary(CA=1)})
        pdf.save(source)
    assert copy_pdf(source, tmp_path / "copy.pdf", FINDER, {}, _tick).pictured == {1}
    assert _places(tmp_path / "copy.pdf") == []


def test_a_link_to_a_covered_page_does_not_bring_it_along(tmp_path: Path) -> None:
    source = _document(tmp_path / "a.pdf", "First", f"by {SECRET}")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
        link.Dest = Array([pdf.pages[1].obj, Name.Fit])
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])
        pdf.save(source)
    assert copy_pdf(source, tmp_path / "copy.pdf", FINDER, {}, _tick).pictured == {2}
    assert _places(tmp_path / "copy.pdf") == []


def test_a_broken_or_locked_pdf_cannot_be_copied(tmp_path: Path) -> None:
    broken, locked = tmp_path / "broken.pdf", tmp_path / "locked.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    with pikepdf.open(_document(tmp_path / "a.pdf", "First")) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    for path in (broken, locked):
        with pytest.raises(Unsearchable):
            copy_pdf(path, tmp_path / "copy.pdf", FINDER, {}, _tick)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1", "LA"])
def test_a_covered_part_of_a_picture_is_gone_and_so_is_its_data(mode: str, tmp_path: Path) -> None:
    path = tmp_path / f"{mode}.png"
    white = Image.new("L", (80, 40), 255).convert(mode)
    white.save(path)
    file = AttachedFile(path, path.name, path.name, f"hash {mode}", path.stat().st_size, "image/png")
    plain = prepare_picture(file, load_wording("en-GB"))
    covered = prepare_picture(replace(file, covered=((0.5, 0.0, 1.0, 0.5),)), load_wording("en-GB"))
    with Image.open(io.BytesIO(covered.data)) as shown, Image.open(io.BytesIO(plain.data)) as as_it_was:
        assert shown.convert("RGB").getpixel((60, 10)) == (0, 0, 0)
        assert shown.convert("RGB").getpixel((20, 10)) == (255, 255, 255)
        assert as_it_was.convert("RGB").getpixel((60, 10)) == (255, 255, 255)


def test_the_region_is_that_of_the_picture_as_it_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter to be seen
    exif[0x010E] = SECRET
    Image.new("RGB", (80, 40), "white").save(path, exif=exif)
    file = AttachedFile(path, path.name, path.name, "turned", path.stat().st_size, "image/jpeg", ((0, 0, 1, 0.25),))
    prepared = prepare_picture(file, load_wording("en-GB"))
    with Image.open(io.BytesIO(prepared.data)) as shown:
        assert shown.size == (40, 80)
        grey = shown.convert("L")
        assert grey.crop((2, 2, 38, 16)).getextrema()[1] < 40  # type: ignore[operator]
        assert grey.crop((2, 30, 38, 78)).getextrema()[0] > 220  # type: ignore[operator]
    assert SECRET.encode() not in prepared.data
