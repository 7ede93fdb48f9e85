"""Walks a publication and writes it as a Word document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.durable import replace_atomically
from portfolio_app.exporting.docx.figures import Figures, Room
from portfolio_app.exporting.docx.matrix import matrix_xml
from portfolio_app.exporting.docx.package import WordPackage
from portfolio_app.exporting.docx.parts import LIST_LEVELS, NAMESPACES, XML_DECLARATION, list_indent, numbering_xml
from portfolio_app.exporting.docx.tables import signature_xml, table_xml
from portfolio_app.exporting.docx.template import OWN_TEMPLATE, Margins, PageEdge, read_template
from portfolio_app.exporting.docx.text import Anchors, apart, attribute, field_xml, paragraph_xml, run_xml
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
from portfolio_app.exporting.wording import wording_of

_PAGES = {"A4": (11906, 16838), "Letter": (12240, 15840)}  # twentieths of a point
_CONTENTS_LEVELS = 2
_LONGEST_ALIAS = 64  # of a content control's title
_BELOW_TABLE = 160  # twentieths of a point
_BETWEEN_TABLES = paragraph_xml("BetweenTables", "")  # without it Word makes one table of two
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
    f"{NAMESPACES} "
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
    template: Path = OWN_TEMPLATE,
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
        template: a Word file that styles, margins, headers and footers are taken from.
        progress: called after each block; an exception it raises cancels and leaves nothing behind.
        invariant: leave out the time of writing, so that equal publications give equal bytes.

    Raises:
        CannotWrite: ``target`` cannot be written.
        TemplateUnusable: ``template`` is not one, or is damaged.
    """
    publication = without_forms(publication)
    with replace_atomically(target) as temporary:
        document = _Document(publication, page_size, template, progress)
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

    def __init__(self, publication: Publication, page_size: str, template: Path, progress: Progress) -> None:
        self.warnings: list[str] = []
        self._publication = publication
        self._page = _PAGES[page_size]
        self._progress = progress
        self._words = wording_of(publication.language)
        self._total = sum(len(section.blocks) for section in publication.sections)
        self._done = 0
        self._template = read_template(template, publication.language, self._words, self.tick)
        if not self._template.names_reference:
            self.warnings.append(self._words("template.no_reference", name=template.name))
        self.package = WordPackage(publication.language, self._template)
        self._anchors = Anchors(publication, self.package)
        self._figures = Figures(self.package, self._anchors, self._words, self.warnings.append)
        self._body: list[str] = []
        self._numbered: list[tuple[int, int]] = []
        self._edges: dict[str, str] = {}
        self._contents = _contents_lines(publication)
        self._headings_seen = 0
        self._last_heading = ""
        self._under_heading = False
        self._in_front = False

    def body(self) -> str:
        """Return ``document.xml``."""
        sections = self._publication.sections or (Section(blocks=()),)
        for number, section in enumerate(sections, 1):
            room = self._room(section)
            self._in_front = section.front
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
                if self._body and self._body[-1].endswith("</w:tbl>"):
                    self._body.append(paragraph_xml("SectionEnd", ""))  # Word needs one behind a last table
                self._body.append(self._section_properties(section))
            elif not going_on:
                self._end_section(self._section_properties(section))
        self.package.add_numbering(numbering_xml(self._numbered))
        return f"{XML_DECLARATION}<w:document {_NAMESPACES}><w:body>{''.join(self._body)}</w:body></w:document>"

    def tick(self) -> None:
        """Report where the work is."""
        self._progress(self._done, self._total, self._words("writing.word"))

    def _block(self, block: Block, following: Block | None, room: Room, begun: Section | None) -> None:
        """Write a block; ``begun`` is the section that it is the first of."""
        add = self._add
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
                add(table_xml(block, self._anchors, room.width, with_next=with_next, front=self._in_front))
            case Matrix():
                titled = block.title == self._last_heading
                for piece in matrix_xml(block, self._anchors, self._words, room.width, self.tick, titled=titled):
                    add(piece)
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

    def _add(self, xml: str) -> None:
        """Write a piece; below a table it keeps its distance, for a table has none of its own."""
        if self._body and self._body[-1].endswith("</w:tbl>"):
            if xml.startswith("<w:tbl>"):
                self._body.append(_BETWEEN_TABLES)
            else:
                xml = apart(xml, _BELOW_TABLE)
        if xml:
            self._body.append(xml)

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
            distance = _AFTER_LIST if number == last else ""
            style = "ListParagraph" if paragraph.style is ParagraphStyle.BODY else _PARAGRAPH_STYLES[paragraph.style]
            content = self._anchors.mark(paragraph.anchor) + self._anchors.runs(paragraph.runs)
            self._add(paragraph_xml(style, content, f"{keep}{place.number}{distance}{place.indent}"))

    def _list_lines(self, block: ListBlock, depth: int) -> Iterator[tuple[Paragraph, _ListPlace]]:
        """Yield the paragraphs of a list with their number or indent; the first of an item has the number."""
        level = min(depth, LIST_LEVELS - 1)
        number = 1
        if block.ordered:
            self._numbered.append((level, max(0, block.start)))
            number = len(self._numbered) + 1
        first = _ListPlace(f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>', "")
        further = _ListPlace("", f'<w:ind w:left="{list_indent(level)}"/>')
        if not block.marked:
            first = further = _ListPlace("", f'<w:ind w:left="{list_indent(level - 1) if level else 0}"/>')
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
            content = run_xml(line.text) + "<w:r><w:tab/></w:r>" + field_xml(f"PAGEREF {line.bookmark} \\h", "")
            link = f'<w:hyperlink w:anchor="{line.bookmark}" w:history="1">{content}</w:hyperlink>'
            lines.append(paragraph_xml(f"TOC{line.level}", link, tab))
        # Any other kind of control makes LibreOffice print the first line's field codes.
        part = '<w:docPartObj><w:docPartGallery w:val="Quick Parts"/><w:docPartUnique/></w:docPartObj>'
        title = f'<w:alias w:val="{attribute(self._words("contents.page_numbers")[:_LONGEST_ALIAS])}"/>'
        return f"<w:sdt><w:sdtPr>{title}{part}</w:sdtPr><w:sdtContent>{''.join(lines)}</w:sdtContent></w:sdt>"

    def _end_section(self, properties: str) -> None:
        """Let the last paragraph of a section carry its page layout; after a table add an invisible one."""
        last = self._body[-1] if self._body else ""
        if last.startswith("<w:p>") and last.count("</w:pPr>") == 1 and "<w:sectPr>" not in last:
            self._body[-1] = last.replace("</w:pPr>", f"{properties}</w:pPr>")
        else:
            self._body.append(paragraph_xml("SectionEnd", "", properties))

    def _margins(self, section: Section) -> Margins:
        return self._template.margins.lying if section.landscape else self._template.margins

    def _room(self, section: Section) -> Room:
        across, down = reversed(self._page) if section.landscape else self._page
        margins = self._margins(section)
        return Room(across - margins.left - margins.right, down - margins.top - margins.bottom)

    def _section_properties(self, section: Section) -> str:
        across, down = reversed(self._page) if section.landscape else self._page
        turned = ' w:orient="landscape"' if section.landscape else ""
        margins = self._margins(section)
        template = self._template
        edges = [("header", "default", template.header), ("footer", "default", template.footer)]
        if section.front:
            edges += [("header", "first", template.first_header), ("footer", "first", template.first_footer)]
        references = "".join(
            f'<w:{kind}Reference w:type="{pages}" r:id="{self._edge(kind, edge, section)}"/>'
            for kind, pages, edge in edges
        )
        return (
            f'<w:sectPr>{references}<w:type w:val="nextPage"/><w:pgSz w:w="{across}" w:h="{down}"{turned}/>'
            f'<w:pgMar w:top="{margins.top}" w:right="{margins.right}" w:bottom="{margins.bottom}" '
            f'w:left="{margins.left}" w:header="{margins.header}" w:footer="{margins.footer}" w:gutter="0"/>'
            f"{'<w:titlePg/>' if section.front else ''}</w:sectPr>"
        )

    def _edge(self, kind: str, edge: PageEdge, section: Section) -> str:
        """Return the header or footer of a section: fixed text, which every application shows, one part for each."""
        xml = edge.filled(self._publication.running_title, section.label, self._room(section).width)
        if kind + xml not in self._edges:
            add = self.package.add_header if kind == "header" else self.package.add_footer
            self._edges[kind + xml] = add(len(self._edges) + 1, edge, xml)
        return self._edges[kind + xml]


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
