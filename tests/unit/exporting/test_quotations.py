"""Quotations found again: in text set in another way, on pages of any turn, in blocks, and in the whole publication."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from tests.pdf_publications import failures, page_texts
from tests.pdf_structure import structure_of
from tests.publication_text import block_lines, blocks_of, runs_text
from tests.sample_portfolios import Sample, rich_portfolio

from portfolio_app.domain.claims import Locator
from portfolio_app.domain.evidence import Attachment
from portfolio_app.exporting.options import Profile
from portfolio_app.exporting.pdf import write_pdf
from portfolio_app.exporting.portfolio_publication import ExportOptions, build_publication
from portfolio_app.exporting.publication import AttachedPages, Cell, ListBlock, Paragraph, Publication, Run, Table
from portfolio_app.exporting.quotations.in_blocks import Quoted, mark_quotations
from portfolio_app.exporting.quotations.matching import Folded, Quotation
from portfolio_app.exporting.typography import REGULAR, FontBook


def found(quotation: str, text: str) -> list[str]:
    wanted = Quotation.of(quotation)
    assert wanted is not None
    return [text[start:end] for start, end in wanted.found_in(Folded.of(text))]


@pytest.mark.parametrize(
    ("quotation", "text", "stretches"),
    [
        ("told the team why", "We TOLD  the\nteam why.", ["TOLD  the\nteam why"]),
        ("customer service", "cus-\ntomer ser\u00advice", ["cus-\ntomer ser\u00advice"]),
        ("the office staff", "the oﬃce staﬀ", ["the oﬃce staﬀ"]),
        ("“It’s fine” – she said", '"It\'s fine" - she said', ["It's fine\" - she said"]),
        ("a café in Zürich", "a cafe\u0301 in Zu\u0308rich", ["a cafe\u0301 in Zu\u0308rich"]),
        ("we planned … the rota", "First we planned and agreed the rota.", ["we planned", "the rota"]),
        ("we planned [...] the rota", "The rota. Then we planned it.", []),
        ("team", "steamed", []),
        ("team", "steamed; the team", ["team"]),
        ("nothing of it", "something else", []),
    ],
)
def test_a_passage_is_found_however_it_is_set(quotation: str, text: str, stretches: list[str]) -> None:
    assert found(quotation, text) == stretches


def test_too_little_to_be_found_again_is_not_looked_for() -> None:
    assert Quotation.of("… “ok” …") is None


@given(st.text(max_size=80), st.text(min_size=12, max_size=60), st.text(max_size=80))
def test_what_stands_in_a_text_is_found_in_it(before: str, passage: str, after: str) -> None:
    quotation = Quotation.of(passage)
    if quotation is None or len(quotation.parts) > 1 or len(quotation.whole) < 12:
        return
    text = Folded.of(f"{before}\n{passage}\n{after}")
    ((start, end),) = quotation.found_in(text)
    assert Folded.of(text.source[start:end]).text == quotation.whole


def test_a_passage_goes_on_on_the_next_page_under_its_head() -> None:
    quotation = Quotation.of("we agreed the measures with the whole team")
    assert quotation is not None
    page, following = "In May we agreed the meas-\n\nPage 3", "Harbour Hotel\nures with the whole team. Then"
    both = quotation.found_over(Folded.of(page), Folded.of(following))
    assert both is not None
    ((start, end),), ((begin, stop),) = both
    assert (page[start:end], following[begin:stop]) == ("we agreed the meas", "ures with the whole team")


def test_passages_are_marked_over_runs_paragraphs_lists_and_cells() -> None:
    blocks = (
        Paragraph((Run("We "), Run("set a", bold=True), Run(" target."))),
        ListBlock(((Paragraph((Run("told the team"),)),),)),
        Table((), ((Cell(((Run("why it matters"),),)),),), (1.0,)),
    )
    wanted = [
        Quoted(quotation, code, "r1")
        for code, text in (("1.1", "set a target. Told the"), ("1.2", "why it"), ("1.3", "not there at all"))
        if (quotation := Quotation.of(text))
    ]
    marked = mark_quotations(blocks, wanted)
    assert marked.found == (True, True, False)
    assert [line for block in marked.blocks for line in block_lines(block)] == [
        "<body> We ==*set a*==== target.==",
        "- <body> ==told the==\u00a0[[1.1 → #r1]] team",
        "table",
        "  | ==why it==\u00a0[[1.2 → #r1]] matters",
    ]


PASSAGE = "We set a four-minute target and told the team why."


def pages_of(path: Path, *pages: list[str], turn: int = 0, crop: tuple[int, int, int, int] | None = None) -> Path:
    """Write a PDF of 800 × 500 points; each page is a list of lines, the first of them 60 points from its head."""
    FontBook()
    canvas = Canvas(str(path), pagesize=(800, 500), invariant=1, initialFontName=REGULAR)
    for lines in pages:
        canvas.setFont(REGULAR, 14)
        for number, line in enumerate(lines):
            canvas.drawString(150, 440 - 24 * number, line)
        canvas.showPage()
    canvas.save()
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for page in pdf.pages:
            page.obj.Rotate = turn
            if crop:
                page.obj.CropBox = Array(crop)
        pdf.save(path)
    return path


def claiming(path: Path, folder: Path, *quotations: tuple[str, str]) -> Publication:
    """Publish an item with the document and a claim for each pair of a quotation and a place."""
    sample: Sample = rich_portfolio()
    item = sample.portfolio.evidence[0]
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    attachment = Attachment("f" * 32, path.name, sha256, path.stat().st_size, "application/pdf")
    claim = sample.portfolio.claims[0]
    claims = tuple(
        replace(claim, id=str(number), quotation=quotation, locator=Locator.parse(place))
        for number, (quotation, place) in enumerate(quotations)
    )
    portfolio = replace(sample.portfolio, evidence=(replace(item, attachments=(attachment,)),), claims=claims)
    return build_publication(portfolio, sample.kinds, {sha256: path}.get, ExportOptions(), date(2026, 11, 22), "test")


def highlights(publication: Publication) -> dict[int, int]:
    """Return how many lines are marked on which pages."""
    (pages,) = (block for block in blocks_of(publication) if isinstance(block, AttachedPages))
    return {one.page: len(one.boxes) for one in pages.highlights}


def remarks(publication: Publication) -> list[str]:
    texts = [runs_text(block.runs) for block in blocks_of(publication) if isinstance(block, Paragraph)]
    return [text for text in texts if "quotation not found" in text or "quoted from" in text]


def is_marked(pixel: tuple[int, int, int]) -> bool:
    red, green, blue = pixel
    return red > 240 and blue < 200 and green > 220


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("font_in_file", [True, False])
def test_the_marker_is_over_the_words_however_the_page_lies(turn: int, font_in_file: bool, tmp_path: Path) -> None:
    path = pages_of(tmp_path / "budget.pdf", [PASSAGE], turn=turn, crop=(100, 100, 700, 480))
    if not font_in_file:  # then the page is drawn
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            for font in pdf.pages[0].resources.Font.values():
                del font.FontDescriptor["/FontFile2"]
            pdf.save(path)
    publication = claiming(path, tmp_path, ("a four-minute target", "p. 1"))
    assert highlights(publication) == {1: 1}
    for profile, rules in ((Profile.REVIEW, ["ua1"]), (Profile.ARCHIVE, ["ua1", "3a"])):
        target = tmp_path / f"{profile}.pdf"
        write_pdf(publication, target, profile=profile)
        assert failures(target, *rules) == []
    number = next(number for number, text in enumerate(page_texts(target)) if "page 1 of 1" in text)
    with pypdfium2.PdfDocument(target) as pdf:
        page = pdf[number]
        picture: Image.Image = page.render(scale=2).to_pil().convert("RGB")
        page.close()
    upright = picture.rotate(turn, expand=True)
    marked = [
        (x, y)
        for y in range(0, upright.height, 2)
        for x in range(0, upright.width, 2)
        if is_marked(upright.getpixel((x, y)))  # type: ignore[arg-type]
    ]
    left, right = min(x for x, _ in marked), max(x for x, _ in marked)
    top, bottom = min(y for _, y in marked), max(y for _, y in marked)
    assert right - left > 5 * (bottom - top)  # one line
    darkest = upright.crop((left, top, right, bottom)).convert("L").histogram()
    assert any(darkest[:90])  # the words, as dark as before


def test_each_passage_says_what_it_is_quoted_for_and_leads_there(tmp_path: Path) -> None:
    path = pages_of(tmp_path / "budget.pdf", ["Sheet one"], [PASSAGE])
    publication = claiming(path, tmp_path, ("told the team why", "p. 2"))
    write_pdf(publication, tmp_path / "out.pdf")
    structure = structure_of(tmp_path / "out.pdf")
    assert any("page 2 of 2. Quoted for U1/MP1" in figure.alt for figure in structure.all("Figure"))
    (link,) = (one for one in structure.all("Link") if one.alt == "Quoted for U1/MP1")
    assert link.text == "U1/MP1"
    assert remarks(publication) == []


def test_a_quotation_on_another_page_or_nowhere_is_said_so(tmp_path: Path) -> None:
    path = pages_of(tmp_path / "budget.pdf", ["Sheet one", PASSAGE], ["Sheet two"], [])
    publication = claiming(
        path,
        tmp_path,
        ("told the team why", "p. 2"),
        ("what nobody ever wrote down", "p. 2"),
        ("what nobody ever wrote down", "p. 3"),  # a scan: nobody can tell
    )
    assert highlights(publication) == {1: 1}
    there, nowhere = remarks(publication)
    assert "([quoted from p. 1 → #E1-pages1-p1 or #E1-file1])" in there
    assert "(quotation not found on p. 2)" in nowhere


def test_a_passage_over_two_pages_is_marked_on_both(tmp_path: Path) -> None:
    path = pages_of(
        tmp_path / "budget.pdf", ["Here we set a four-", "Page 1"], ["Harbour Hotel", "minute target for all."]
    )
    assert highlights(claiming(path, tmp_path, ("set a four-minute target for all", "pp. 1-2"))) == {1: 1, 2: 1}


def test_a_document_that_cannot_be_read_has_no_marks_and_no_remarks(tmp_path: Path) -> None:
    path = tmp_path / "budget.pdf"
    path.write_bytes(b"%PDF-1.7 and then nothing")
    publication = claiming(path, tmp_path, ("told the team why", "p. 1"))
    assert highlights(publication) == {}
    assert remarks(publication) == []
