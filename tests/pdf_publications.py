"""Small publications for the tests of the PDF, documents to attach to them, and what a reader finds in the result."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import page
import pikepdf
import pypdfium2
from reportlab.pdfgen.canvas import Canvas

from portfolio_app.exporting.pdf import PdfResult, write_pdf
from portfolio_app.exporting.publication import (
    AttachedFile,
    AttachedPages,
    Block,
    Heading,
    Link,
    Paragraph,
    ParagraphStyle,
    Publication,
    Run,
    Section,
)
from portfolio_app.exporting.typography import REGULAR, FontBook

_WRONGLY_FOUND = "STREAM-LENGTH-001"
"""The checker takes a carriage return at the end of a stream's data for a part of the line end that follows it."""


def publication(*sections: Section, embedded: tuple[AttachedFile, ...] = ()) -> Publication:
    return Publication(
        "Portfolio of Sam Ellis",
        "Sam Ellis",
        "Level 4 NVQ Diploma in Customer Service",
        "Sam Ellis · Customer Service",
        sections,
        embedded,
        keywords=("portfolio", "NVQ"),
    )


def section(*blocks: Block, label: str = "", landscape: bool = False) -> Section:
    return Section(blocks, label, landscape)


def paragraph(text: str, *, anchor: str = "", style: ParagraphStyle = ParagraphStyle.BODY) -> Paragraph:
    return Paragraph((Run(text),), style, anchor)


def link_to(text: str, anchor: str = "", *, url: str = "", fallback: str = "") -> Paragraph:
    return Paragraph((Run(text, link=Link(anchor, url, fallback)),))


def heading(text: str, level: int = 1, anchor: str = "") -> Heading:
    return Heading(level, text, anchor)


def file_of(path: Path, media_type: str = "application/pdf", *, sha256: str | None = None) -> AttachedFile:
    content = path.read_bytes() if path.is_file() else b""
    known = hashlib.sha256(content).hexdigest() if sha256 is None else sha256
    return AttachedFile(path, path.name, f"E12, {path.name}", known, len(content), media_type)


def attached(path: Path) -> AttachedPages:
    return AttachedPages(file_of(path), "E12", "E12-f1", "E12")


def document(
    path: Path,
    pages: int = 1,
    *,
    size: tuple[float, float] = (595, 842),
    embedded_font: bool = True,
    words: str = "Budget sheet",
) -> Path:
    """Write a PDF that says "<words> <page>" near the top of each page."""
    buffer = io.BytesIO()
    FontBook()  # registers the font
    font = REGULAR if embedded_font else "Helvetica"
    canvas = Canvas(buffer, pagesize=size, invariant=1, initialFontName=font)
    for number in range(1, pages + 1):
        canvas.setFont(font, 24)
        canvas.drawString(40, size[1] - 60, f"{words} {number}")
        canvas.rect(20, 20, size[0] - 40, size[1] - 40)
        canvas.showPage()
    canvas.save()
    path.write_bytes(buffer.getvalue())
    return path


@dataclass(frozen=True)
class Read:
    """A PDF as its readers find it: the text of each page, where links lead, where names are."""

    result: PdfResult
    path: Path
    texts: list[str]
    places: dict[str, int]  # named destination → page, from 1
    links: list[tuple[int, str]]  # page, name or address

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def page_of(self, words: str) -> int:
        return next(number for number, text in enumerate(self.texts, 1) if words in text)


def written(source: Publication, folder: Path, *, page_size: str = "A4") -> Read:
    """Write the publication and read it back; every file the tests make must also be sound PDF."""
    target = folder / "out.pdf"
    result = write_pdf(source, target, page_size=page_size, invariant=True)
    found_wrong = failures(target, "ua1")
    assert not found_wrong, found_wrong
    with pikepdf.open(target) as pdf:
        assert pdf.check_pdf_syntax() == []
        numbers = {one.obj.objgen: number for number, one in enumerate(pdf.pages, 1)}
        names = pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests")
        found = dict(pikepdf.NameTree(names).items()) if names is not None else {}
        points = {str(name): (numbers[place[0].objgen], float(place[3])) for name, place in found.items()}
        named: dict[tuple[int, float], str] = {}
        for name, point in points.items():
            named.setdefault(point, name)
        links = []
        for number, one in enumerate(pdf.pages, 1):
            for note in one.obj.get("/Annots", pikepdf.Array()):
                if "/Dest" not in note and "/A" not in note:
                    continue  # a field
                if "/A" in note:
                    links.append((number, str(note.A.URI)))
                else:
                    links.append((number, named[numbers[note.Dest[0].objgen], float(note.Dest[3])]))
        places = {name: number for name, (number, _) in points.items()}
    return Read(result, target, page_texts(target), places, links)


def failures(path: Path, *profiles: str) -> list[str]:
    """Return where a PDF does not keep to standards ("ua1": PDF/UA-1, "3a": PDF/A-3a), each rule once."""
    found: dict[str, str] = {}
    for profile in profiles:
        for failure in page.validate_pdf(path, profile=profile, limits=page.SafetyLimits.unlimited()).failures:
            if not failure.rule_id.endswith(_WRONGLY_FOUND):
                found.setdefault(failure.rule_id, failure.message)
    return [f"{rule}: {message}" for rule, message in found.items()]


def page_texts(path: Path) -> list[str]:
    """Return the text of each page in the order it was written, line ends as spaces."""
    texts = []
    with pypdfium2.PdfDocument(path) as pdf:
        for one in pdf:
            content = one.get_textpage()
            texts.append(" ".join(content.get_text_range().split()))
            content.close()
            one.close()
    return texts
