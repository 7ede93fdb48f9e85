from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from tests.pdf_publications import (
    attached,
    document,
    file_of,
    heading,
    paragraph,
    publication,
    section,
    written,
)

from portfolio_app.domain.errors import Cancelled, InvalidInput
from portfolio_app.durable import CannotWrite
from portfolio_app.exporting.pdf import write_pdf
from portfolio_app.exporting.publication import (
    AttachedFile,
    Cell,
    ChartFigure,
    Paragraph,
    ParagraphStyle,
    Picture,
    Publication,
    Run,
    Section,
    Series,
    Table,
)


def rich(folder: Path) -> Publication:
    """Return a publication that uses every step of the export."""
    Image.new("RGB", (800, 600), "#336699").save(folder / "photo.jpg")
    plan = document(folder / "plan.pdf", 3)
    drawn = document(folder / "drawn.pdf", 2, embedded_font=False)
    photo = file_of(folder / "photo.jpg", "image/jpeg")
    return publication(
        section(heading("Unit", 1, "U1"), paragraph("words " * 900), label="U1"),
        section(
            heading("E12", 2, "E12"),
            Picture(photo, "The team", "Six people at a desk"),
            ChartFigure("Calls", ("Jan", "Feb"), (Series("Calls", (3, 4)),), "three, four"),
            attached(plan),
            attached(drawn),
            label="E12",
        ),
        embedded=(file_of(plan), photo),
    )


def test_the_same_publication_gives_the_same_bytes(tmp_path: Path) -> None:
    source = rich(tmp_path)
    write_pdf(source, tmp_path / "one.pdf", invariant=True)
    write_pdf(source, tmp_path / "two.pdf", invariant=True)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_it_says_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_bytes(b"note")
    embedded = (file_of(tmp_path / "note.txt", "text/plain"),)
    source = publication(section(heading("Ünit")), embedded=embedded)
    source = replace(source, title="Portfolio of Zoë\u202e\ud800", language="cy")
    read = written(source, tmp_path)
    with pikepdf.open(read.path) as pdf:
        info = {key: str(value) for key, value in pdf.docinfo.items()}
        assert info["/Title"].startswith("Portfolio of Zoë")
        assert info["/Author"] == "Sam Ellis"
        assert info["/Subject"] == "Level 4 NVQ Diploma in Customer Service"
        assert info["/Keywords"] == "portfolio, NVQ"
        assert pdf.Root.Lang == "cy"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.Root.PageMode == "/UseOutlines"


def test_every_font_that_is_used_is_in_the_file(tmp_path: Path) -> None:
    read = written(publication(section(heading("A → ✓ ①"), paragraph("italic"))), tmp_path)
    with pikepdf.open(read.path) as pdf:
        fonts = [
            thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font"
        ]
        assert fonts
        for font in fonts:
            assert "/FontFile2" in font.FontDescriptor
            assert "/ToUnicode" in font


def test_american_paper(tmp_path: Path) -> None:
    source = publication(section(paragraph("x " * 2000)), Section((paragraph("wide"),), landscape=True))
    read = written(source, tmp_path, page_size="Letter")
    with pikepdf.open(read.path) as pdf:
        assert [float(edge) for edge in pdf.pages[0].mediabox] == [0, 0, 612, 792]
        assert [float(edge) for edge in pdf.pages[-1].mediabox] == [0, 0, 792, 612]
    with pytest.raises(InvalidInput, match="A4 or Letter"):
        write_pdf(source, tmp_path / "x.pdf", page_size="A5")


def test_a_publication_of_nothing_is_one_empty_page(tmp_path: Path) -> None:
    assert written(publication(), tmp_path).result.pages == 1
    assert written(publication(section(), section()), tmp_path).result.pages == 2


def test_a_front_sheet_starts_low_but_stays_one_page(tmp_path: Path) -> None:
    title = Paragraph((Run("Sam Ellis"),), ParagraphStyle.TITLE)

    def front(rows: int) -> Section:
        cells = tuple((Cell(((Run("label"),),)), Cell(((Run(f"value{number}"),),))) for number in range(rows))
        return Section((title, Table((), cells, (1.0, 2.0), quiet=True)), front=True)

    for rows in (5, 25, 28):
        assert len(written(publication(front(rows)), tmp_path).texts) == 1
    assert len(written(publication(front(60)), tmp_path).texts) == 2


def test_pictures_that_cannot_be_shown_are_replaced_by_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8\xff no picture")
    (tmp_path / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64))
    names = ("bad.jpg", "phone.heic", "gone.png")
    pictures = [Picture(file_of(tmp_path / name, "image/jpeg"), f"caption of {name}", "", name) for name in names]
    read = written(publication(section(*pictures)), tmp_path)
    assert len(read.result.warnings) == 3
    for name, warning in zip(names, read.result.warnings, strict=True):
        assert warning in read.text
        assert f"caption of {name}" in read.text


def test_a_picture_shrinks_a_little_rather_than_leave_a_gap(tmp_path: Path) -> None:
    Image.new("RGB", (1000, 900), "white").save(tmp_path / "p.png")
    picture = Picture(file_of(tmp_path / "p.png", "image/png"), "caption", "alt")
    for lines, pages in ((4, 1), (20, 1), (40, 2)):
        read = written(publication(section(paragraph("\n".join(["line"] * lines)), picture)), tmp_path)
        assert len(read.texts) == pages


class Stop:
    """Cancels at the nth report."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.whats: list[str] = []

    def __call__(self, done: int, total: int, what: str) -> None:
        assert 0 <= done <= total
        self.whats.append(what)
        if len(self.whats) > self.after:
            raise Cancelled("Cancelled; nothing was changed.")


def test_cancelling_at_any_moment_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portfolio_app.exporting.pdf._SECONDS_BETWEEN_REPORTS", 0.0)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    source = rich(tmp_path)
    target = tmp_path / "target" / "portfolio.pdf"
    target.parent.mkdir()
    target.write_bytes(b"what was there")
    whole = Stop(10_000)
    write_pdf(source, tmp_path / "whole.pdf", progress=whole)
    assert list(dict.fromkeys(whole.whats)) == [
        "Reading attached documents",
        "Laying out the document",
        "Placing attached pages",
        "Embedding original files",
        "Writing the PDF",
    ]
    for after in range(0, len(whole.whats), max(1, len(whole.whats) // 25)):
        with pytest.raises(Cancelled):
            write_pdf(source, target, progress=Stop(after))
        assert target.read_bytes() == b"what was there"
        assert list(target.parent.iterdir()) == [target]
        assert list(scratch.iterdir()) == []


def test_progress_is_told_all_along(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    rows = tuple((Cell(((Run(f"row {number}"),),)), Cell(((Run("words " * 20),),))) for number in range(2000))
    source = publication(
        section(paragraph("many words " * 40_000)),
        section(Table((), rows, (1.0, 3.0))),
        *(section(heading(f"E{number}", 2), paragraph("words " * 250)) for number in range(100)),
    )
    write_pdf(source, tmp_path / "out.pdf", progress=lambda done, total, _: told.append((done, total)))
    shares = [done / total for done, total in told]
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert 0.9 < shares[-1] <= 1
    assert len(set(shares)) >= 5


def test_where_it_cannot_be_written_is_said(tmp_path: Path) -> None:
    source = publication(section(paragraph("x")))
    with pytest.raises(CannotWrite, match="folder"):
        write_pdf(source, tmp_path / "missing" / "x.pdf")
    with pytest.raises(CannotWrite, match="folder"):
        write_pdf(source, tmp_path)


def test_an_attachment_that_vanishes_meanwhile_is_a_sentence(tmp_path: Path) -> None:
    path = document(tmp_path / "plan.pdf", 2)
    files: tuple[AttachedFile, ...] = (file_of(path),)

    def vanish(done: int, total: int, what: str) -> None:
        if what == "Laying out the document":
            path.unlink(missing_ok=True)

    source = publication(section(paragraph("x"), attached(path)), embedded=files)
    result = write_pdf(source, tmp_path / "out.pdf", progress=vanish)
    assert result.pages == 3
    assert result.warnings == (
        "Page 1 of “plan.pdf” cannot be shown here: it is damaged.",
        "Page 2 of “plan.pdf” cannot be shown here: it is damaged.",
        "“plan.pdf” could not be embedded: the file is missing from the portfolio.",
    )


def words(text: str) -> Cell:
    return Cell(((Run(text),),))


@pytest.mark.parametrize("page_size", ["A4", "Letter"])
def test_a_front_sheet_with_long_names_is_one_page(page_size: str, tmp_path: Path) -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff " * 5 + "Alexandra Mary"
    units = [
        f"U{number} Develop and improve a customer service strategy for a large organisation" for number in "123456"
    ]
    front = Section(
        (
            paragraph("Portfolio of evidence", style=ParagraphStyle.LABEL),
            paragraph(name, style=ParagraphStyle.TITLE),
            paragraph("Diploma in Customer Service for the Public Sector " * 6, style=ParagraphStyle.SUBTITLE),
            Table(
                (), tuple((words(f"Label {number}"), words("value")) for number in range(9)), (0.28, 0.72), quiet=True
            ),
            Table((), tuple((words(unit), words("4 of 8"), words("✓ 4")) for unit in units), (0.6, 0.1, 0.3)),
            paragraph("Fingerprint", style=ParagraphStyle.CAPTION),
        ),
        front=True,
    )
    read = written(publication(front), tmp_path, page_size=page_size)
    assert read.result.pages == 1
    assert read.text.count("Wolfeschlegelsteinhausenbergerdorff") == 5
