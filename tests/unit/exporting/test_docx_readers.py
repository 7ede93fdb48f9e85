"""Word documents as others read them: held against the format's schemas, and laid out by LibreOffice."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.shared import Pt
from lxml import etree
from openxml_audit import OpenXmlValidator
from tests.sample_portfolios import TODAY, rich_portfolio
from tests.word_documents import W, bookmarks, check_sound, empty_paragraphs

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.exporting.docx import OWN_TEMPLATE, write_docx
from portfolio_app.exporting.portfolio_publication import ExportOptions, build_publication
from portfolio_app.exporting.publication import (
    AttachedPages,
    Cell,
    Contents,
    Heading,
    Link,
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
    SignatureLines,
    Table,
    without_forms,
)

HOSTILE = (
    "<w:p>&amp; ]]> <!-- \"'\x00\x08\x1b\ufffe\ud800 \u202egnp.exe\u2066 \U0001f469\u200d\U0001f680 "
    "e\u0301\u0327 {PAGE} \\h =1+1\r\n\v\ttab" + "W" * 300
)
LAYOUT_SECONDS = 120


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    sample = rich_portfolio()
    file_path = sample.write_files(tmp_path_factory.mktemp("files"))
    return build_publication(sample.portfolio, sample.kinds, file_path, ExportOptions(), TODAY, "0.1.0")


@pytest.fixture(scope="module")
def rich_document(rich: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("word") / "portfolio.docx"
    write_docx(rich, target)
    return target


def hostile_publication() -> Publication:
    """Put hostile text wherever text can stand."""
    runs = (Run(HOSTILE, link=Link(HOSTILE)), Run(HOSTILE, link=Link(url=f"https://example.org/{HOSTILE}")))
    cell = Cell((runs, ()), anchor=HOSTILE + "cell")
    row = MatrixRow(HOSTILE, HOSTILE, HOSTILE, CoverageState.MET, {0: MatrixCell(CoverageState.MET, HOSTILE)})
    item = Paragraph(runs, ParagraphStyle.QUOTATION, HOSTILE + "quotation")
    blocks = (
        Heading(1, HOSTILE, HOSTILE),
        Heading(2, HOSTILE, HOSTILE.lower()),
        item,
        ListBlock(((item, ListBlock(((item,),), ordered=True, start=0)), (item,)), ordered=True, start=10**6),
        Table((cell, cell), ((cell, cell), (cell,)), (1, 3), HOSTILE),
        Matrix(HOSTILE, (MatrixRow(HOSTILE, HOSTILE, "", None, {}), row), (MatrixColumn(HOSTILE, HOSTILE, HOSTILE),)),
        SignatureLines(((HOSTILE, HOSTILE, HOSTILE),)),
    )
    sections = (
        Section((Heading(1, HOSTILE), Contents()), HOSTILE, front=True),
        Section(blocks, HOSTILE),
        Section(blocks, HOSTILE, landscape=True),
    )
    return Publication(HOSTILE, HOSTILE, HOSTILE, HOSTILE, sections, keywords=(HOSTILE,))


def findings(path: Path) -> list[str]:
    return [str(error) for error in OpenXmlValidator().validate(path).errors]


def test_schemas_find_nothing_in_a_whole_portfolio(rich_document: Path) -> None:
    root = check_sound(rich_document)
    assert findings(rich_document) == []
    assert empty_paragraphs(root) == []


def test_headings_of_a_whole_portfolio_leave_no_level_out(rich_document: Path) -> None:
    levels = [
        int(style[-1])
        for style in (str(mark.get(f"{W}val")) for mark in check_sound(rich_document).iter(f"{W}pStyle"))
        if style.startswith("Heading")
    ]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_schemas_find_nothing_in_a_document_of_hostile_text(tmp_path: Path) -> None:
    target = tmp_path / "hostile.docx"
    write_docx(hostile_publication(), target)
    check_sound(target)
    assert findings(target) == []


def test_schemas_would_find_a_misplaced_element(tmp_path: Path, rich_document: Path) -> None:
    """The check above is worth something only if it notices what Word would."""
    spoilt = tmp_path / "spoilt.docx"
    with zipfile.ZipFile(rich_document) as archive, zipfile.ZipFile(spoilt, "w") as copy:
        for name in archive.namelist():
            data = archive.read(name)
            if name == "word/document.xml":
                data = data.replace(b"<w:body>", b"<w:body><w:tc/>", 1)
            copy.writestr(name, data)
    assert findings(spoilt)


SaveAs = Callable[[Path, str], Path]


@pytest.fixture(scope="module")
def save_as(tmp_path_factory: pytest.TempPathFactory) -> SaveAs:
    """Let LibreOffice open a document and save it in another format, which is named by its suffix."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("libreoffice")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"

    def save(document: Path, suffix: str) -> Path:
        command = [program, "--headless", profile, "--convert-to", suffix, "--outdir", str(folder), str(document)]
        done = subprocess.run(command, capture_output=True, timeout=LAYOUT_SECONDS, check=False)
        made = folder / f"{document.stem}.{suffix}"
        assert made.exists(), done.stderr.decode(errors="replace")
        return made

    return save


@pytest.fixture(scope="module")
def laid_out(rich_document: Path, save_as: SaveAs) -> list[str]:
    """Return the text of each page that LibreOffice makes of the document, line by line without spaces."""
    with pypdfium2.PdfDocument(save_as(rich_document, "pdf")) as pdf:
        return [_lines(page.get_textpage().get_text_bounded()) for page in pdf]


def _lines(text: str) -> str:
    return "\n".join(filter(None, map(squeezed, text.splitlines())))


def squeezed(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\ufffe\u2010\u00ad-]+", "", text)


def test_libreoffice_shows_every_section_and_numbers_every_page(rich: Publication, laid_out: list[str]) -> None:
    assert laid_out
    whole = squeezed("".join(laid_out))
    looked_for = 0
    for section in without_forms(rich).sections:
        headings = [block.text for block in section.blocks if isinstance(block, Heading)]
        titles = [block.runs[0].text for block in section.blocks if isinstance(block, Paragraph) and block.runs]
        notices = [block.file.name for block in section.blocks if isinstance(block, AttachedPages)]
        for words in (headings or titles or notices)[:1]:
            looked_for += 1
            assert squeezed(words) in whole
    assert looked_for == len([section for section in without_forms(rich).sections if section.blocks])
    total = len(laid_out)
    assert all(f"Page{number}of{total}" in page for number, page in enumerate(laid_out, 1))


def test_libreoffice_fills_in_the_page_numbers_of_the_contents(rich: Publication, laid_out: list[str]) -> None:
    chapters = [
        squeezed(section.blocks[0].text)
        for section in without_forms(rich).sections
        if not section.front and section.blocks
        if isinstance(section.blocks[0], Heading) and section.blocks[0].level == 1
    ]
    contents = next(page for page in laid_out if page.startswith("Contents"))
    assert chapters
    for chapter in chapters:
        found = re.search(rf"^{re.escape(chapter)}(\d+)$", contents, re.MULTILINE)
        assert found, chapter
        assert chapter in laid_out[int(found[1]) - 1], chapter


def test_libreoffice_keeps_links_bookmarks_and_repeated_heads(rich_document: Path, save_as: SaveAs) -> None:
    before, after = (_root(path) for path in (rich_document, save_as(rich_document, "docx")))
    for tag in ("hyperlink", "bookmarkStart", "tbl", "tblHeader", "sectPr", "drawing"):
        assert len(list(after.iter(f"{W}{tag}"))) == len(list(before.iter(f"{W}{tag}"))), tag
    marks = set(bookmarks(after))
    assert {link.get(f"{W}anchor") for link in after.iter(f"{W}hyperlink")} - {None} <= marks


def test_our_template_saved_by_libreoffice_is_followed(rich: Publication, save_as: SaveAs, tmp_path: Path) -> None:
    target = tmp_path / "portfolio.docx"
    assert write_docx(rich, target, template=save_as(OWN_TEMPLATE, "docx")).warnings == ()
    check_sound(target)
    document = docx.Document(str(target))
    headers = {section.header.paragraphs[0].text for section in document.sections}
    assert f"{rich.running_title}\tE1" in headers
    assert document.styles["Caption"].font.size == Pt(8.5)


def _root(path: Path) -> etree._Element:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def test_a_matrix_begins_on_the_page_of_its_heading(rich: Publication, laid_out: list[str]) -> None:
    matrices = [block for section in rich.sections for block in section.blocks if isinstance(block, Matrix)]
    assert matrices
    for matrix in matrices:
        title = squeezed(matrix.title)
        page = next(text for text in map(squeezed, laid_out) if title in text and "RefRequirementState" in text)
        first = next(row for row in matrix.rows if row.status is not None)
        assert squeezed(first.text)[:30] in page
