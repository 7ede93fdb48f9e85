"""Files of LibreOffice and its kin (OpenDocument): texts, spreadsheets and presentations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from portfolio_app.reading.blocks import Entry, Link, ParagraphStyle, Run, safe_link
from portfolio_app.reading.limits import Limits, Problem, Unreadable
from portfolio_app.reading.packages import Element, OfficePackage, attribute, child, children, local
from portfolio_app.reading.sink import Sink

_CONTENT: Final = "content.xml"
_STYLES: Final = "styles.xml"
_MANIFEST: Final = "META-INF/manifest.xml"
_DEEPEST_LIST: Final = 8
_DEEPEST: Final = 40
_MOST_SPACES: Final = 80
_LEFT_OUT: Final = frozenset(
    {"annotation", "annotation-end", "tracked-changes", "forms", "sequence-decls", "note-citation"}
)
_REMARKS: Final = frozenset({"annotation"})
_ABOUT_REMARKS: Final = frozenset({"creator", "creator-initials", "date", "date-string"})
_EDGES: Final = frozenset({"header", "footer", "header-left", "footer-left", "header-first", "footer-first"})
_GROUPS: Final = frozenset({"section", "index-body", "table-of-content", "text-box", "frame", "g", "index-title"})


def read_open_text(package: OfficePackage, sink: Sink) -> None:
    """Read a text document.

    Raises:
        Unreadable: it cannot be read.
        LimitReached: it is longer than what is shown.
    """
    _Text(sink).blocks(_body(package, "text"), 0)


def read_open_sheets(package: OfficePackage, sink: Sink) -> None:
    """Read a spreadsheet.

    Raises:
        Unreadable: it cannot be read.
        LimitReached: it is longer than what is shown.
    """
    words, limits = sink.words, sink.limits
    root = _root(package)
    unseen = {
        attribute(style, "name")
        for style in children(child(root, "automatic-styles"), "style")
        if any(attribute(one, "display") == "false" for one in children(style, "table-properties"))
    }
    tables = list(children(_body(package, "spreadsheet", root), "table"))
    visible = [table for table in tables if attribute(table, "style-name") not in unseen]
    left = limits.most_rows_of_file
    for number, table in enumerate(visible[: limits.most_sheets], 1):
        name = attribute(table, "name")
        if len(visible) > 1:
            sink.page(number, words("attached_text.sheet", name=name), name)
        rows, is_cut = _grid(table, min(limits.most_rows, left), sink)
        left -= len(rows)
        if any(any(text.strip() for text in row) for row in rows):
            sink.grid(rows)
        else:
            sink.note(words("attached_text.empty_sheet"), leaves_out=False)
        if is_cut:
            sink.note(words("attached_text.rows_cut_sheet", shown=f"{len(rows):,}"))
    if len(visible) > limits.most_sheets:
        sink.note(words("attached_text.sheets_cut", shown=limits.most_sheets, total=f"{len(visible):,}"))
    if len(visible) < len(tables):
        sink.note(words.count("attached_text.hidden_sheets", len(tables) - len(visible)))


def read_open_slides(package: OfficePackage, sink: Sink) -> None:
    """Read a presentation.

    Raises:
        Unreadable: it cannot be read.
        LimitReached: it is longer than what is shown.
    """
    words, most = sink.words, sink.limits.most_slides
    pages = list(children(_body(package, "presentation"), "page"))
    for number, page in enumerate(pages[:most], 1):
        frames = [element for element in page if local(element) != "notes"]
        title = next((_plain(one) for one in frames if attribute(one, "class") in {"title", "subtitle"}), "")
        called = words("attached_text.slide", number=number, title=title)
        sink.page(number, called if title else words("attached_text.untitled_slide", number=number), title)
        for frame in frames:
            if attribute(frame, "class") != "title":
                _Text(sink).blocks([frame], 0)
        spoken = child(page, "notes")
        told = [
            _plain(frame) for frame in (spoken if spoken is not None else ()) if attribute(frame, "class") == "notes"
        ]
        if any(told):
            sink.text(words("attached_text.spoken", text="\n".join(filter(None, told))), ParagraphStyle.MUTED)
    if len(pages) > most:
        sink.note(words("attached_text.slides_cut", shown=most, total=f"{len(pages):,}"))


def read_beside_open_text(package: OfficePackage, sink: Sink) -> None:
    """Read the remarks in an OpenDocument file, and the headers and footers of its pages, each text once.

    Raises:
        Unreadable: it cannot be read.
        LimitReached: it is longer than what is wanted.
    """
    told: set[str] = set()
    pages = child(package.root(_STYLES), "master-styles") if _STYLES in package else None
    for root, names in ((package.root(_CONTENT), _REMARKS), (pages, _EDGES)):
        for element in root.iter() if root is not None else ():
            sink.watch()
            parts = element if local(element) in names else ()
            text = " ".join(_plain(part) for part in parts if local(part) not in _ABOUT_REMARKS)
            if text and text not in told:
                told.add(text)
                sink.text(text)


def _root(package: OfficePackage) -> Element:
    if _MANIFEST in package and any(
        True for entry in package.root(_MANIFEST) if child(entry, "encryption-data") is not None
    ):
        raise Unreadable(Problem.PROTECTED)
    return package.root(_CONTENT)


def _body(package: OfficePackage, kind: str, root: Element | None = None) -> Element:
    body = child(root if root is not None else _root(package), "body", kind)
    if body is None:
        raise Unreadable(Problem.DAMAGED)
    return body


class _Text:
    """Goes through paragraphs, lists and tables."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def blocks(self, elements: Element | list[Element], depth: int) -> None:
        for element in elements:
            self._sink.watch()
            name = local(element)
            if name == "h":
                level = attribute(element, "outline-level")
                self._sink.heading(_plain(element), int(level) if level.isdecimal() and len(level) < 3 else 1)
            elif name == "p":
                self._sink.paragraph(tuple(_runs(element, None, self._sink)))
                for box in (one for one in element.iter() if local(one) == "text-box" and depth < _DEEPEST):
                    self.blocks(box, _DEEPEST)  # once: boxes in boxes are found by this as well
            elif name == "list":
                self._sink.listing(list(_entries(element, 0, self._sink)))
            elif name == "table":
                self._table(element)
            elif name == "image":
                self._sink.paragraph((Run(self._sink.words("attached_text.picture"), muted=True),))
            elif name in _GROUPS and depth < _DEEPEST:
                self.blocks(element, depth + 1)

    def _table(self, table: Element) -> None:
        most = self._sink.limits.most_rows
        rows, is_cut = _grid(table, most, self._sink)
        width = max(map(len, rows), default=0)
        cells = [[self._sink.cell(text) for text in [*row, *[""] * (width - len(row))]] for row in rows]
        self._sink.table(cells, header=child(table, "table-header-rows") is not None)
        if is_cut:
            self._sink.note(self._sink.words("attached_text.rows_cut_sheet", shown=most))


def _runs(element: Element, link: Link | None, sink: Sink, depth: int = 0) -> Iterator[Run]:
    """Yield what a paragraph says; notes in brackets, pictures by a word, boxes not at all."""
    if element.text:
        yield Run(" ".join(element.text.split("\n")), link=link)
    for inner in element:
        name = local(inner)
        if name == "s":
            count = attribute(inner, "c")
            yield Run(" " * (min(int(count), _MOST_SPACES) if count.isdecimal() and len(count) < 4 else 1))
        elif name == "tab":
            yield Run(" ")
        elif name == "line-break":
            yield Run("\n")
        elif name == "note":
            yield Run(f" [{_plain(inner)}]", muted=True)
        elif name == "frame":
            if any(local(one) == "image" for one in inner):
                text = next((_plain(one) for one in inner if local(one) in {"title", "desc"}), "")
                words = sink.words
                yield Run(
                    words("attached_text.picture_of", text=text) if text else words("attached_text.picture"), muted=True
                )
        elif name not in _LEFT_OUT and depth < _DEEPEST:
            yield from _runs(inner, safe_link(attribute(inner, "href")) if name == "a" else link, sink, depth + 1)
        if inner.tail:
            yield Run(" ".join(inner.tail.split("\n")), link=link)


def _plain(element: Element) -> str:
    parts: list[str] = []
    for inner in element.iter():
        if local(inner) in {"p", "h", "tab", "s", "line-break"}:
            parts.append(" ")
        if inner.text and local(inner) not in _LEFT_OUT:
            parts.append(inner.text)
        if inner.tail and inner is not element:
            parts.append(inner.tail)
    return " ".join("".join(parts).split())


def _entries(element: Element, depth: int, sink: Sink) -> Iterator[Entry]:
    for item in element:
        sink.watch()
        for part in item:
            name = local(part)
            if name in {"p", "h"}:
                yield Entry(tuple(_runs(part, None, sink)), depth)
            elif name == "list" and depth < _DEEPEST_LIST:
                yield from _entries(part, depth + 1, sink)


def _grid(table: Element, most: int, sink: Sink) -> tuple[list[list[str]], bool]:
    """Return the first rows of a table and whether there are more; repeated blank rows and cells count once."""
    rows: list[list[str]] = []
    blank = 0
    for row in _table_rows(table, 0):
        sink.watch()
        cells = _cells(row, sink.limits)
        if not any(text.strip() for text in cells):
            blank = 1
            continue
        if len(rows) + blank >= most:
            return rows, True
        rows += [[]] * (blank if rows else 0)
        blank = 0
        again = attribute(row, "number-rows-repeated")
        count = int(again) if again.isdecimal() and len(again) < 8 else 1
        room = most - len(rows)
        rows += [cells] * min(count, room)
        if count > room:
            return rows, True
    return rows, False


def _table_rows(table: Element, depth: int) -> Iterator[Element]:
    for element in table:
        name = local(element)
        if name == "table-row":
            if attribute(element, "visibility") not in {"collapse", "filter"}:
                yield element
        elif name in {"table-header-rows", "table-rows", "table-row-group"} and depth < _DEEPEST:
            yield from _table_rows(element, depth + 1)


def _cells(row: Element, limits: Limits) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if local(cell) not in {"table-cell", "covered-table-cell"} or len(cells) >= limits.read_columns:
            continue
        text = "\n".join(_plain(part) for part in children(cell, "p"))[: limits.longest_cell + 1]
        again = attribute(cell, "number-columns-repeated")
        count = int(again) if again.isdecimal() and len(again) < 6 else 1
        cells += [text] * min(count, limits.read_columns - len(cells))
    while cells and not cells[-1].strip():
        cells.pop()
    return cells
