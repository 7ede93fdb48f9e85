"""Walks a publication and writes it as a Word document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.durable import replace_atomically
from portfolio_app.exporting.docx import styles
from portfolio_app.exporting.docx.figures import Figures, Room
from portfolio_app.exporting.docx.matrix import matrix_xml
from portfolio_app.exporting.docx.package import WordPackage
from portfolio_app.exporting.docx.tables import signature_xml, table_xml
from portfolio_app.exporting.docx.text import Anchors, attribute, paragraph_xml, run_xml
from portfolio_app.exporting.publication import (
    AttachedPages,
    Block,
    ChartFigure,
    Contents,
    GanttFigure,
    Heading,
    ListBlock,
    Matrix,
    Paragraph,
    ParagraphStyle,
    Picture,
    Publication,
    Section,
    SignatureLines,
    Table,
    without_forms,
)
from portfolio_app.exporting.wording import Wording, wording_of

_PAGES = {"A4": (11906, 16838), "Letter": (12240, 15840)}  # twentieths of a point
_SIDE, _TOP, _BOTTOM, _HEADER, _FOOTER = 1361, 1474, 1304, 680, 624
_LANDSCAPE_SIDE = 1021
_CONTENTS_LEVELS = 2
_LONGEST_ALIAS = 64  # of a content control's title
_FRONT_TOP = '<w:spacing w:before="2000"/>'
_AFTER_LIST = '<w:spacing w:after="140"/>'
_INTRODUCTION = 200  # characters of a paragraph between a heading and a table that stays with both
_FIGURES = (Table, Matrix, Picture, ChartFigure, GanttFigure)

_PARAGRAPH_STYLES = {
    ParagraphStyle.BODY: "Normal",
    ParagraphStyle.LEAD: "Lead",
    ParagraphStyle.MUTED: "Muted",
    ParagraphStyle.QUOTATION: "Quote",
    ParagraphStyle.LABEL: "Label",
    ParagraphStyle.TITLE: "Title",
    ParagraphStyle.SUBTITLE: "Subtitle",
    ParagraphStyle.CAPTION: "Caption",
}
_NAMESPACES = (
    f"{styles.NAMESPACES} "
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)


@dataclass(frozen=True, slots=True)
class DocxResult:
    """What the writer has to say: sentences on pictures that could not be shown."""

    warnings: tuple[str, ...] = ()


def write_docx(
    publication: Publication,
    target: Path,
    *,
    page_size: str = "A4",
    progress: Progress = no_progress,
    invariant: bool = False,
) -> DocxResult:
    """Write a publication as a Word document.

    Attached PDF pages are named with their size and hash, not shown. Links that lead nowhere in this
    document become plain text.

    Args:
        publication: what to write.
        target: the file; replaced as a whole or left as it was.
        page_size: "A4" or "Letter".
        progress: called after each block; an exception it raises cancels and leaves nothing behind.
        invariant: leave out the time of writing, so that equal publications give equal bytes.

    Raises:
        CannotWrite: ``target`` cannot be written.
    """
    publication = without_forms(publication)
    with replace_atomically(target) as temporary:
        document = _Document(publication, page_size, progress)
        body = document.body()
        package = document.package
        package.describe(
            title=publication.title,
            author=publication.author,
            subject=publication.subject,
            keywords=", ".join(publication.keywords),
            language=publication.language,
            invariant=invariant,
        )
        package.save(temporary, body, document.tick)
    return DocxResult(tuple(document.warnings))


@dataclass(frozen=True, slots=True)
class _ContentsLine:
    level: int
    text: str
    bookmark: str


@dataclass(frozen=True, slots=True)
class _ListPlace:
    """What puts a paragraph in a list: its number, or the indent of a further paragraph of an item."""

    number: str
    indent: str


class _Document:
    """The body of one document as it grows."""

    def __init__(self, publication: Publication, page_size: str, progress: Progress) -> None:
        self.package = WordPackage(publication.language)
        self.warnings: list[str] = []
        self._publication = publication
        self._page = _PAGES[page_size]
        self._progress = progress
        self._anchors = Anchors(publication, self.package)
        self._words = wording_of(publication.language)
        self._figures = Figures(self.package, self._anchors, self._words, self.warnings.append)
        self._body: list[str] = []
        self._total = sum(len(section.blocks) for section in publication.sections)
        self._done = 0
        self._numbered: list[tuple[int, int]] = []
        self._headers: dict[tuple[str, bool, bool], str] = {}
        self._contents = _contents_lines(publication)
        self._headings_seen = 0
        self._last_heading = ""
        self._under_heading = False
        self._footer = ""

    def body(self) -> str:
        """Return ``document.xml``."""
        self._footer = self.package.add_footer(_footer_xml(self._words))
        sections = self._publication.sections or (Section(blocks=()),)
        for number, section in enumerate(sections, 1):
            room = self._room(section)
            upcoming = sections[number] if number < len(sections) else None
            going_on = upcoming is not None and _goes_on(section, upcoming)
            for position, block in enumerate(section.blocks):
                following = section.blocks[position + 1] if position + 1 < len(section.blocks) else None
                if following is None and upcoming is not None and going_on:
                    following = next(iter(upcoming.blocks), None)
                self._block(block, following, room, section if position == 0 else None)
                self._under_heading = isinstance(block, Heading)
                self._done += 1
                self.tick()
            if number == len(sections):
                self._body.append(self._section_properties(section))
            elif not going_on:
                self._end_section(self._section_properties(section))
        self.package.add_numbering(styles.numbering_xml(self._numbered))
        return f"{styles.XML_DECLARATION}<w:document {_NAMESPACES}><w:body>{''.join(self._body)}</w:body></w:document>"

    def tick(self) -> None:
        """Report where the work is."""
        self._progress(self._done, self._total, self._words("writing.word"))

    def _block(self, block: Block, following: Block | None, room: Room, begun: Section | None) -> None:
        """Write a block; ``begun`` is the section that it is the first of."""
        add = self._body.append
        match block:
            case Heading():
                add(self._heading(block, names_contents=isinstance(following, Contents), first=begun is not None))
            case Paragraph():
                held = isinstance(following, SignatureLines) or self._introduces(block, following)
                add(self._paragraph(block, lowered=begun is not None and begun.front, held=held))
            case ListBlock():
                self._list(block)
            case Table():
                # A list of files and what is said of the last of them read as one.
                with_next = isinstance(following, AttachedPages)
                add(table_xml(block, self._anchors, room.width, with_next=with_next))
            case Matrix():
                titled = block.title == self._last_heading
                pieces = matrix_xml(block, self._anchors, self._words, room.width, self.tick, titled=titled)
                self._body.extend(pieces)
            case Picture():
                add(self._figures.picture(block, room))
            case ChartFigure() | GanttFigure():
                add(self._figures.chart(block, room))
            case AttachedPages():
                add(self._figures.attached_pages(block))
            case SignatureLines():
                add(signature_xml(block, self._words, room.width))
            case Contents():
                add(self._contents_xml(room.width))

    def _heading(self, heading: Heading, *, names_contents: bool, first: bool) -> str:
        self._last_heading = heading.text
        level = min(4, max(1, heading.level))
        mark = self._anchors.mark(heading.anchor)
        at_top = '<w:spacing w:before="0"/>' if first else ""
        if level <= _CONTENTS_LEVELS:
            if names_contents:
                return paragraph_xml("TOCHeading", mark + run_xml(heading.text))
            mark += self._anchors.bookmark(self._contents[self._headings_seen].bookmark)
            self._headings_seen += 1
        return paragraph_xml(f"Heading{level}", mark + run_xml(heading.text), at_top)

    def _introduces(self, paragraph: Paragraph, following: Block | None) -> bool:
        """Say whether a paragraph is a word between a heading and what the heading is about."""
        short = sum(len(run.text) for run in paragraph.runs) <= _INTRODUCTION
        return self._under_heading and short and isinstance(following, _FIGURES)

    def _paragraph(self, paragraph: Paragraph, *, lowered: bool, held: bool) -> str:
        keep = "<w:keepNext/>" if paragraph.keep_with_next or held else ""
        place = _FRONT_TOP if lowered else ""
        content = self._anchors.mark(paragraph.anchor) + self._anchors.runs(paragraph.runs)
        return paragraph_xml(_PARAGRAPH_STYLES[paragraph.style], content, keep + place)

    def _list(self, block: ListBlock) -> None:
        lines = list(self._list_lines(block, 0))
        last = len(lines)
        for number, (paragraph, place) in enumerate(lines, 1):
            # No line of a list begins or ends a page alone.
            keep = "<w:keepNext/>" if paragraph.keep_with_next or (number in {1, last - 1} and number < last) else ""
            apart = _AFTER_LIST if number == last else ""
            style = "ListParagraph" if paragraph.style is ParagraphStyle.BODY else _PARAGRAPH_STYLES[paragraph.style]
            content = self._anchors.mark(paragraph.anchor) + self._anchors.runs(paragraph.runs)
            self._body.append(paragraph_xml(style, content, f"{keep}{place.number}{apart}{place.indent}"))

    def _list_lines(self, block: ListBlock, depth: int) -> Iterator[tuple[Paragraph, _ListPlace]]:
        """Yield the paragraphs of a list with their number or indent; the first of an item has the number."""
        level = min(depth, styles.LIST_LEVELS - 1)
        number = 1
        if block.ordered:
            self._numbered.append((level, max(0, block.start)))
            number = len(self._numbered) + 1
        first = _ListPlace(f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>', "")
        further = _ListPlace("", f'<w:ind w:left="{styles.list_indent(level)}"/>')
        if not block.marked:
            first = further = _ListPlace("", f'<w:ind w:left="{styles.list_indent(level - 1) if level else 0}"/>')
        for item in block.items:
            place = first
            for part in item:
                if isinstance(part, ListBlock):
                    yield from self._list_lines(part, depth + 1)
                else:
                    yield part, place
                place = further

    def _contents_xml(self, width: int) -> str:
        """Return the contents: links, each with a field for its page number.

        The numbers are left to whoever lays the pages out, and until then there are none rather than wrong
        ones: LibreOffice fills them in as it opens the document, Word when it prints or is asked to (the
        control's title says how). Marking them as outdated would make Word ask a question that frightens
        people, and within a TOC field LibreOffice would not fill them in.
        """
        if not self._contents:
            return ""
        tab = f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
        lines = []
        for line in self._contents:
            content = run_xml(line.text) + "<w:r><w:tab/></w:r>" + _field(f"PAGEREF {line.bookmark} \\h", "")
            link = f'<w:hyperlink w:anchor="{line.bookmark}" w:history="1">{content}</w:hyperlink>'
            lines.append(paragraph_xml(f"TOC{line.level}", link, tab))
        # Any other kind of control makes LibreOffice print the first line's field codes.
        part = '<w:docPartObj><w:docPartGallery w:val="Quick Parts"/><w:docPartUnique/></w:docPartObj>'
        title = f'<w:alias w:val="{attribute(self._words("contents.page_numbers")[:_LONGEST_ALIAS])}"/>'
        return f"<w:sdt><w:sdtPr>{title}{part}</w:sdtPr><w:sdtContent>{''.join(lines)}</w:sdtContent></w:sdt>"

    def _end_section(self, properties: str) -> None:
        """Let the last paragraph of a section carry its page layout; after a table add an invisible one."""
        last = self._body[-1] if self._body else ""
        if last.startswith("<w:p>") and last.count("</w:p>") == 1 and last.count("</w:pPr>") == 1:
            self._body[-1] = last.replace("</w:pPr>", f"{properties}</w:pPr>")
        else:
            self._body.append(paragraph_xml("SectionEnd", "", properties))

    def _room(self, section: Section) -> Room:
        across, down = self._page
        if section.landscape:
            return Room(down - 2 * _LANDSCAPE_SIDE, across - _TOP - _BOTTOM)
        return Room(across - 2 * _SIDE, down - _TOP - _BOTTOM)

    def _section_properties(self, section: Section) -> str:
        across, down = self._page
        side = _SIDE
        turned = ""
        if section.landscape:
            across, down, side, turned = down, across, _LANDSCAPE_SIDE, ' w:orient="landscape"'
        return (
            f'<w:sectPr><w:headerReference w:type="default" r:id="{self._header(section)}"/>'
            f'<w:footerReference w:type="default" r:id="{self._footer}"/><w:type w:val="nextPage"/>'
            f'<w:pgSz w:w="{across}" w:h="{down}"{turned}/>'
            f'<w:pgMar w:top="{_TOP}" w:right="{side}" w:bottom="{_BOTTOM}" w:left="{side}" '
            f'w:header="{_HEADER}" w:footer="{_FOOTER}" w:gutter="0"/></w:sectPr>'
        )

    def _header(self, section: Section) -> str:
        """Return the header of a section: fixed text, which every application shows, one part for each label."""
        key = (section.label, section.landscape, section.front)
        if key not in self._headers:
            title = "" if section.front else run_xml(self._publication.running_title)
            label = run_xml(section.label, style="PageLabel") if section.label else ""
            tab = f'<w:tabs><w:tab w:val="right" w:pos="{self._room(section).width}"/></w:tabs>'
            bare = '<w:pBdr><w:bottom w:val="nil"/></w:pBdr>' if section.front else ""
            content = title + ("<w:r><w:tab/></w:r>" + label if label else "")
            paragraph = paragraph_xml("Header", content, bare + tab)
            xml = f"{styles.XML_DECLARATION}<w:hdr {styles.NAMESPACES}>{paragraph}</w:hdr>"
            self._headers[key] = self.package.add_header(len(self._headers) + 1, xml)
        return self._headers[key]


def _goes_on(section: Section, following: Section) -> bool:
    """Say whether a section needs no page of its own: it only names attached documents, whose pages are not here."""
    if not all(isinstance(block, AttachedPages) for block in following.blocks):
        return False
    return (section.label, section.landscape, section.front) == (
        following.label,
        following.landscape,
        following.front,
    )


def _contents_lines(publication: Publication) -> list[_ContentsLine]:
    lines: list[_ContentsLine] = []
    for section in publication.sections:
        for position, block in enumerate(section.blocks):
            if not isinstance(block, Heading) or block.level > _CONTENTS_LEVELS:
                continue
            if isinstance(next(iter(section.blocks[position + 1 : position + 2]), None), Contents):
                continue
            lines.append(_ContentsLine(max(1, block.level), block.text, f"_Toc{len(lines) + 1:09d}"))
    return lines


def _footer_xml(words: Wording) -> str:
    pieces = re.split("([\0\1])", words("page.number", page="\0", pages="\1"))
    fields = {"\0": _field("PAGE", "1"), "\1": _field("NUMPAGES", "1")}
    content = "".join(fields.get(piece) or run_xml(piece) for piece in pieces)
    return f"{styles.XML_DECLARATION}<w:ftr {styles.NAMESPACES}>{paragraph_xml('Footer', content)}</w:ftr>"


def _field(code: str, result: str) -> str:
    shown = f"<w:r><w:t>{result}</w:t></w:r>" if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> {code} </w:instrText>'
        f'</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
