"""A publication laid out on pages: which block draws what, in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from portfolio_app.exporting import house_style
from portfolio_app.exporting.pdf.attached import MOST_PAGES, AttachedDocument, Box, Placement
from portfolio_app.exporting.pdf.blocks import Anchor, Block, Space, Stack
from portfolio_app.exporting.pdf.destinations import Destination
from portfolio_app.exporting.pdf.figures import chart_block, picture_block
from portfolio_app.exporting.pdf.forms import form_block
from portfolio_app.exporting.pdf.front_matter import ContentsEntry, SignatureLine
from portfolio_app.exporting.pdf.matrix import matrix_block
from portfolio_app.exporting.pdf.pages import Flow, Pages
from portfolio_app.exporting.pdf.paper import CLOSER, HEADINGS, STYLES, Frame, Paper
from portfolio_app.exporting.pdf.pen import Pen, bounding_box
from portfolio_app.exporting.pdf.structure import HEADING, Element
from portfolio_app.exporting.pdf.tables import table_block
from portfolio_app.exporting.pdf.text import Marker, Typesetter
from portfolio_app.exporting.publication import (
    AttachedPages,
    ChartFigure,
    Contents,
    Form,
    GanttFigure,
    Heading,
    ListBlock,
    Matrix,
    PageHighlight,
    Paragraph,
    ParagraphStyle,
    Picture,
    Publication,
    Section,
    SignatureLines,
    Table,
)
from portfolio_app.exporting.publication import Block as PublishedBlock
from portfolio_app.exporting.typography import BOLD

_SHRUNK = {ParagraphStyle.TITLE: (2, (1.0, 0.8, 0.64, 0.54)), ParagraphStyle.SUBTITLE: (3, (1.0, 0.85))}
"""Titles that are set smaller, in steps, where they would take more than so many lines."""
_HOLDING_STYLES = {ParagraphStyle.LABEL}
_CONTENTS_LEVELS = 2
_SHORT_TAIL = 0.34  # of a page: more than this is worth a page
_SAVED = 0.17  # of each page, at most, where things are set closer
_FEW_BLOCKS, _FEW_ROWS, _FEW_PICTURES = 300, 400, 12
_LIST_INDENT = 18.0
_DEEPEST_INDENT = 8
_BETWEEN_ITEMS = 4.0
_FRONT_DROP = 90.0
_STRIP_SIZE = 9.0
_MARGIN_SIZE, _MARGIN_LEADING = 7.5, 9.5  # of what is written beside the pages of attached documents
_MARGIN_GAP, _MARGIN_EDGE = 4.0, 6.0


class HeadingBlock(Block):
    """A heading: a destination, and an entry of the outline at its level unless that is 0."""

    def __init__(self, text: Block, title: str, level: int, place: Destination) -> None:
        self.before = text.before
        self.after = text.after
        self._text = text
        self._title = title
        self._level = level
        self._place = place

    def height(self, width: float, room: float) -> float:
        """Return the height of its lines."""
        return self._text.height(width, room)

    def cut(self, width: float, room: float, *, force: bool) -> tuple[Block, Block] | None:
        """Cut only what would not fit on a page."""
        parts = self._text.cut(width, room, force=force) if force else None
        if parts is None:
            return None
        return HeadingBlock(parts[0], self._title, self._level, self._place), parts[1]

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Write it."""
        pen.bind(self._place, y + 8)
        if self._level:
            pen.outline(self._title, self._place, self._level - 1)
        self._text.paint(pen, x, y, width)


class Layout:
    """Lays one publication out with a pen; collects what is to be done when the pages exist."""

    def __init__(
        self,
        publication: Publication,
        *,
        paper: Paper,
        pen: Pen,
        typesetter: Typesetter,
        documents: Mapping[Path, AttachedDocument],
        step: Callable[[], None],
        tick: Callable[[], None],
    ) -> None:
        self._publication = publication
        self._paper = paper
        self._pen = pen
        self._typesetter = typesetter
        self._documents = documents
        self._step = step
        self._tick = tick
        self._words = typesetter.words
        self._pages = Pages(pen, paper, publication.running_title, self._words, tick)
        self._embedded = {file.sha256 for file in publication.embedded}
        self._headings = _heading_places(publication, typesetter.destinations.of_anchor)
        self.placements: list[Placement] = []
        self.warnings: list[str] = []

    def run(self) -> None:
        """Paint everything, page after page."""
        if not self._publication.sections:
            self._pages.begin(label="", landscape=False)
        for number, section in enumerate(self._publication.sections):
            self._lay_out(section, number)

    def _lay_out(self, section: Section, number: int) -> None:
        stretch: list[int] = []
        for place, block in enumerate(section.blocks):
            if not isinstance(block, AttachedPages):
                stretch.append(place)
                continue
            if stretch:
                self._fill(section, number, stretch)
                stretch = []
            self._attach(block, section.label)
            self._step()
        if stretch or not section.blocks:
            self._fill(section, number, stretch)

    def _fill(self, section: Section, number: int, places: Sequence[int]) -> None:
        """Fill pages of their own with some blocks of a section."""
        self._pages.begin(label=section.label, landscape=section.landscape, front=section.front)
        items = self._fitted(section, number, places)
        if _is_title_page(section):
            items = list(items)
            self._pages.place(Space(self._front_drop(items)))
        for item in items:
            self._pages.place(item)

    def _front_drop(self, items: Sequence[Block]) -> float:
        """Return how far down a title page starts: lower than others, but so that it stays one page."""
        measured = self._measured(items)
        frame = self._paper.frame(landscape=False)
        before = items[0].before if items else 0.0
        spare = frame.height * (1 - measured.filled) - before - 1.0
        return min(max(spare, 0.0), _FRONT_DROP) if measured.pages == 1 else 0.0

    def _fitted(self, section: Section, number: int, places: Sequence[int]) -> Iterable[Block]:
        """Return blocks as they are usually set, or closer if that saves a last page of a few lines."""
        usual = self._items(section, number, places, self._typesetter, self._step)
        is_running_text = not (section.front or section.landscape) or _is_title_page(section)
        if not is_running_text or not _is_small([section.blocks[place] for place in places]):
            return usual
        items = list(usual)
        measured = self._measured(items)
        if measured.filled < min(_SHORT_TAIL, _SAVED * (measured.pages - 1)):
            for spacing in CLOSER:
                closer = list(self._items(section, number, places, self._typesetter.spaced(spacing), self._tick))
                if self._measured(closer).pages < measured.pages:
                    return closer
        return items

    def _measured(self, items: Iterable[Block]) -> Flow:
        flow = Flow(self._paper.frame(landscape=False), self._tick)
        for item in items:
            flow.place(item)
        return flow

    def _items(
        self,
        section: Section,
        number: int,
        places: Sequence[int],
        typesetter: Typesetter,
        step: Callable[[], None],
    ) -> Iterator[Block]:
        """Yield what is painted for some blocks of a section; headings in one piece with what they are about."""
        held: list[Block] = []
        for place in places:
            block = section.blocks[place]
            for item in self._blocks(block, section, (number, place), typesetter):
                if _holds_next(block):
                    held.append(item)
                    continue
                yield Stack([*held, item], held=len(held)) if held else item
                held = []
            step()
        if held:
            yield Stack(held, held=len(held))

    def _blocks(  # noqa: PLR0912 - one branch for each block of the model
        self, block: PublishedBlock, section: Section, where: tuple[int, int], typesetter: Typesetter
    ) -> Iterator[Block]:
        frame = self._paper.frame(landscape=section.landscape)
        made: Block | None = None
        match block:
            case Heading():
                level = min(max(block.level, 1), len(HEADINGS))
                text = typesetter.plain(block.text, HEADINGS[level - 1], Element(HEADING, level=level))
                listed = level <= _CONTENTS_LEVELS and not section.front
                made = HeadingBlock(text, block.text, level if listed else 0, self._headings[where])
            case Paragraph():
                if block.style in _SHRUNK:
                    made = _shrunk(block, typesetter, frame.width)
                else:
                    quoted = block.style is ParagraphStyle.QUOTATION
                    element = Element("P", Element("BlockQuote") if quoted else None)
                    made = typesetter.block(block.runs, STYLES[block.style], anchor=block.anchor, element=element)
            case ListBlock():
                yield from self._list(block, 1, typesetter, None)
            case Table():
                made = table_block(block, typesetter, frame, front=section.front)
            case Matrix():
                headings = {other.text for other in section.blocks if isinstance(other, Heading)}
                made = matrix_block(block, typesetter, frame, titled=block.title not in headings)
            case Picture():
                made = self._picture(block, frame, typesetter)
            case ChartFigure() | GanttFigure():
                made = chart_block(block, typesetter, frame)
            case SignatureLines():
                lines = [SignatureLine(typesetter, who, name, day) for who, name, day in block.lines]
                made = Stack(lines, held=len(lines) - 1) if lines else None
            case Form():
                made = form_block(block, typesetter)
            case Contents():
                yield from self._contents(where)
        if made is not None:
            yield made

    def _picture(self, picture: Picture, frame: Frame, typesetter: Typesetter) -> Block:
        block, problem = picture_block(picture, typesetter, frame)
        if problem:
            self.warnings.append(problem)
        return block

    def _contents(self, where: tuple[int, int]) -> Iterator[Block]:
        """Yield an entry for each heading but those of front sections and those above in the contents' own."""
        section_number, place = where
        contents = Element("TOC")
        for number, section in enumerate(self._publication.sections):
            for index, block in enumerate(section.blocks):
                own = number == section_number and index < place
                if isinstance(block, Heading) and block.level <= _CONTENTS_LEVELS and not (own or section.front):
                    level = max(block.level, 1)
                    place_of = self._headings[number, index]
                    yield ContentsEntry(self._typesetter, block.text, level, place_of, contents)

    def _list(self, block: ListBlock, depth: int, typesetter: Typesetter, parent: Element | None) -> Iterator[Block]:
        bullet = "•" if depth % 2 else "–"
        indent = _LIST_INDENT * min(depth if block.marked else depth - 1, _DEEPEST_INDENT)
        numbering = ("Decimal" if depth % 2 else "LowerAlpha") if block.ordered else "Disc"
        whole = Element("L", parent, attributes=f"/O/List/ListNumbering/{numbering if block.marked else 'None'}")
        for number, item in enumerate(block.items, block.start):
            last = depth == 1 and number == block.start + len(block.items) - 1
            sign = (f"{number}." if depth % 2 else f"{_letters(number)}.") if block.ordered else bullet
            entry = Element("LI", whole)
            body = Element("LBody", entry)
            is_first = True
            for part in item or (Paragraph(()),):
                if isinstance(part, ListBlock):
                    yield from self._list(part, depth + 1, typesetter, body)
                    continue
                style = STYLES[part.style]
                after = style.after if last else min(style.after, _BETWEEN_ITEMS)
                style = replace(style, indent=style.indent + indent, after=after, rule=False)
                marker = Marker(sign, style.font, Element("Lbl", entry)) if is_first and block.marked else None
                element = Element("P", body)
                yield typesetter.block(part.runs, style, anchor=part.anchor, marker=marker, element=element)
                is_first = False

    def _attach(self, pages: AttachedPages, label: str) -> None:
        """Lay out a page for each page of the document; the pages themselves are put in later."""
        document = self._documents[pages.file.path]
        of_anchor = self._typesetter.destinations.of_anchor
        label = label or pages.evidence_ref
        if document.problem:
            self.warnings.append(document.problem)
            self._pages.begin(label=label, landscape=False)
            self._strip(
                pages, self._words("pdf.attached_file", ref=pages.evidence_ref, name=pages.file.name), pages.anchor
            )
            self._say(document.problem, pages)
            return
        by_page: dict[int, list[PageHighlight]] = {}
        for highlight in pages.highlights:
            by_page.setdefault(highlight.page, []).append(highlight)
        for number, size in enumerate(document.sizes, 1):
            landscape = size is not None and size.is_landscape
            self._pages.begin(label=label, landscape=landscape)
            if number == 1:
                self._pen.bind(of_anchor(pages.anchor), self._pages.frame.top + 20)
            text = self._words(
                "pdf.attached_page",
                ref=pages.evidence_ref,
                name=pages.file.name,
                page=number,
                total=document.page_count,
            )
            self._strip(pages, text, f"{pages.anchor}-p{number}")
            frame = self._paper.attached_frame(landscape=landscape)
            box = (frame.left, frame.top - frame.height, frame.left + frame.width, frame.top)
            quoted = by_page.get(number, ()) if size is not None else ()
            codes = ", ".join(dict.fromkeys(one.code for one in quoted))
            said = self._words("redaction.pictured_page", page=text) if number in pages.pictured else text
            alt = f"{said}. {self._words('attached.quoted_for', codes=codes)}" if quoted else said
            figure = Element("Figure", alt=alt, attributes=bounding_box(box))
            mark = self._pen.reserve(figure)
            lines = tuple(dict.fromkeys(line for one in quoted for line in one.boxes))
            self.placements.append(
                Placement(pages.file.path, pages.file.name, number - 1, self._pen.page, box, figure, mark, lines)
            )
            if size is not None and quoted:
                self._write_margin(quoted, size.placed_in(box))
        if document.page_count > MOST_PAGES:
            sentence = self._words(
                "pdf.too_many_pages", shown=MOST_PAGES, total=document.page_count, name=pages.file.name
            )
            self.warnings.append(sentence)
            self._pages.begin(label=label, landscape=False)
            self._say(sentence, pages)

    def _say(self, sentence: str, pages: AttachedPages) -> None:
        """Say why a document is not shown, and where it is all the same."""
        style = STYLES[ParagraphStyle.BODY]
        self._pages.place(self._typesetter.plain(sentence, style))
        if pages.file.sha256 in self._embedded:
            self._pages.place(self._typesetter.plain(self._words("pdf.see_original"), STYLES[ParagraphStyle.MUTED]))

    def _strip(self, pages: AttachedPages, text: str, anchor: str) -> None:
        """Write which page this is, leading back to the evidence, under the page's head."""
        pen, frame = self._pen, self._pages.frame
        self._pages.place(Anchor(self._typesetter.destinations.of_anchor(anchor)))
        back = self._typesetter.destinations.of_anchor(pages.back_anchor)
        _, height = self._paper.size(landscape=frame.width > frame.height)
        baseline = height - 64
        way_back = self._words("attached.back", ref=pages.evidence_ref) if back is not None else ""
        room = frame.width - pen.fonts.width(way_back, _STRIP_SIZE) - 16
        said = Element("P")
        pen.label(
            frame.left,
            baseline,
            pen.fonts.shortened(text, _STRIP_SIZE, room, BOLD),
            size=_STRIP_SIZE,
            font=BOLD,
            element=said,
        )
        if back is not None:
            right = frame.left + frame.width
            link = Element("Link", Element("P"))
            used = pen.label(
                right, baseline, way_back, size=_STRIP_SIZE, colour=house_style.ACCENT, right=True, element=link
            )
            pen.link(back, (right - used, baseline - 3, right, baseline + _STRIP_SIZE), way_back, link)

    def _write_margin(self, quoted: Sequence[PageHighlight], placed: Box) -> None:
        """Write beside each passage that is quoted what for, leading there."""
        pen = self._pen
        width, _ = self._paper.size(landscape=self._pages.frame.width > self._pages.frame.height)
        _, foot, right, head = placed
        room = width - right - _MARGIN_GAP - _MARGIN_EDGE
        wanted: dict[str, tuple[float, PageHighlight]] = {}
        for one in quoted:
            wanted.setdefault(one.code, (head - one.boxes[0][1] * (head - foot), one))
        lines = sorted(wanted.values(), key=lambda line: -line[0])
        baselines = _parted([top - _MARGIN_SIZE for top, _ in lines], foot, _MARGIN_LEADING)
        for baseline, (_, one) in zip(baselines, lines, strict=True):
            link = Element("Link", Element("P"), alt=self._words("attached.quoted_for", codes=one.code))
            said = pen.fonts.shortened(one.code, _MARGIN_SIZE, room, BOLD)
            start = right + _MARGIN_GAP
            used = pen.label(
                start, baseline, said, size=_MARGIN_SIZE, font=BOLD, colour=house_style.ACCENT, element=link
            )
            target = self._typesetter.destinations.of_anchor(one.anchor)
            if target is not None:
                box = (start, baseline - 2, start + used, baseline + _MARGIN_SIZE)
                pen.link(target, box, self._words("attached.quoted_for", codes=one.code), link)


def _parted(baselines: Sequence[float], foot: float, leading: float) -> list[float]:
    """Move lines (from above) so far that none stands on another, down first, and up again from the page's foot."""
    parted: list[float] = []
    for baseline in baselines:
        parted.append(min(baseline, parted[-1] - leading) if parted else baseline)
    lowest = foot
    for place in range(len(parted) - 1, -1, -1):
        if parted[place] >= lowest:
            break
        parted[place] = lowest
        lowest += leading
    return parted


def _heading_places(
    publication: Publication, of_anchor: Callable[[str], Destination | None]
) -> dict[tuple[int, int], Destination]:
    """Return a destination for every heading, by section and place in it; one of our own where it has no anchor."""
    places: dict[tuple[int, int], Destination] = {}
    taken: set[Destination] = set()
    for number, section in enumerate(publication.sections):
        for index, block in enumerate(section.blocks):
            if isinstance(block, Heading):
                place = of_anchor(block.anchor)
                if place is None or place in taken:
                    place = Destination(f".heading.{number}.{index}")
                taken.add(place)
                places[number, index] = place
    return places


def _is_title_page(section: Section) -> bool:
    return (
        section.front
        and not section.landscape
        and any(isinstance(block, Paragraph) and block.style is ParagraphStyle.TITLE for block in section.blocks)
    )


def _shrunk(paragraph: Paragraph, typesetter: Typesetter, width: float) -> Block:
    """Set a title as large as it can be on a few lines without breaking a word."""
    usual, (most_lines, scales) = STYLES[paragraph.style], _SHRUNK[paragraph.style]
    for scale in scales:
        style = replace(usual, size=usual.size * scale, leading=usual.leading * scale)
        element = Element(HEADING, level=1) if paragraph.style is ParagraphStyle.TITLE else Element("P")
        block = typesetter.block(paragraph.runs, style, anchor=paragraph.anchor, element=element)
        if block.line_count(width) <= most_lines and block.widest_word <= width:
            break
    return block


def _is_small(blocks: Sequence[PublishedBlock]) -> bool:
    """Say whether there are so few blocks that they may all be set before the first is painted."""
    rows = sum(len(block.rows) for block in blocks if isinstance(block, Table))
    pictures = sum(isinstance(block, Picture) for block in blocks)
    return len(blocks) <= _FEW_BLOCKS and rows <= _FEW_ROWS and pictures <= _FEW_PICTURES


def _holds_next(block: PublishedBlock) -> bool:
    return (
        isinstance(block, Heading)
        or (isinstance(block, Paragraph | SignatureLines) and block.keep_with_next)
        or (isinstance(block, Paragraph) and block.style in _HOLDING_STYLES)
    )


def _letters(number: int) -> str:
    """Return a, b … z, aa, ab … for 1, 2 …; the number itself below 1."""
    if number < 1:
        return str(number)
    text = ""
    while number:
        number, digit = divmod(number - 1, 26)
        text = chr(ord("a") + digit) + text
    return text
