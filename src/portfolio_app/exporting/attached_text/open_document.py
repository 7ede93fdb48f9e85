"""Files of LibreOffice and its kin (OpenDocument): texts, spreadsheets and presentations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from portfolio_app.exporting.attached_text.composing import Composer, Entry, text_cell
from portfolio_app.exporting.attached_text.grids import show_grid
from portfolio_app.exporting.attached_text.limits import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_ROWS_OF_FILE,
    MOST_SHEETS,
    MOST_SLIDES,
    Unshowable,
)
from portfolio_app.exporting.attached_text.packages import Element, OfficePackage, attribute, child, children, local
from portfolio_app.exporting.prose import safe_link
from portfolio_app.exporting.publication import Link, ParagraphStyle, Run

_CONTENT: Final = "content.xml"
_MANIFEST: Final = "META-INF/manifest.xml"
_READ_COLUMNS: Final = 4 * MOST_COLUMNS
_DEEPEST_LIST: Final = 8
_DEEPEST: Final = 40
_MOST_SPACES: Final = 80
_LEFT_OUT: Final = frozenset(
    {"annotation", "annotation-end", "tracked-changes", "forms", "sequence-decls", "note-citation"}
)
_GROUPS: Final = frozenset({"section", "index-body", "table-of-content", "text-box", "frame", "g", "index-title"})


def read_open_text(package: OfficePackage, composer: Composer) -> None:
    """Read a text document.

    Raises:
        Unshowable: it cannot be read.
        LimitReached: it is longer than what is shown.
    """
    _Text(composer).blocks(_body(package, "text"), 0)


def read_open_sheets(package: OfficePackage, composer: Composer) -> None:
    """Read a spreadsheet.

    Raises:
        Unshowable: it cannot be read.
        LimitReached: it is longer than what is shown.
    """
    words = composer.words
    root = _root(package)
    unseen = {
        attribute(style, "name")
        for style in children(child(root, "automatic-styles"), "style")
        if any(attribute(one, "display") == "false" for one in children(style, "table-properties"))
    }
    tables = list(children(_body(package, "spreadsheet", root), "table"))
    visible = [table for table in tables if attribute(table, "style-name") not in unseen]
    left = MOST_ROWS_OF_FILE
    for number, table in enumerate(visible[:MOST_SHEETS], 1):
        name = attribute(table, "name")
        if len(visible) > 1:
            composer.page(number, words("attached_text.sheet", name=name), name)
        rows, is_cut = _grid(table, min(MOST_ROWS, left), composer)
        left -= len(rows)
        if any(any(text.strip() for text in row) for row in rows):
            show_grid(composer, rows)
        else:
            composer.note(words("attached_text.empty_sheet"))
        if is_cut:
            composer.note(words("attached_text.rows_cut_sheet", shown=f"{len(rows):,}"))
    if len(visible) > MOST_SHEETS:
        composer.note(words("attached_text.sheets_cut", shown=MOST_SHEETS, total=f"{len(visible):,}"))
    if len(visible) < len(tables):
        composer.note(words.count("attached_text.hidden_sheets", len(tables) - len(visible)))


def read_open_slides(package: OfficePackage, composer: Composer) -> None:
    """Read a presentation.

    Raises:
        Unshowable: it cannot be read.
        LimitReached: it is longer than what is shown.
    """
    words = composer.words
    pages = list(children(_body(package, "presentation"), "page"))
    for number, page in enumerate(pages[:MOST_SLIDES], 1):
        frames = [element for element in page if local(element) != "notes"]
        title = next((_plain(one) for one in frames if attribute(one, "class") in {"title", "subtitle"}), "")
        called = words("attached_text.slide", number=number, title=title)
        composer.page(number, called if title else words("attached_text.untitled_slide", number=number), title)
        for frame in frames:
            if attribute(frame, "class") != "title":
                _Text(composer).blocks([frame], 0)
        spoken = child(page, "notes")
        told = [
            _plain(frame) for frame in (spoken if spoken is not None else ()) if attribute(frame, "class") == "notes"
        ]
        if any(told):
            composer.text(words("attached_text.spoken", text="\n".join(filter(None, told))), ParagraphStyle.MUTED)
    if len(pages) > MOST_SLIDES:
        composer.note(words("attached_text.slides_cut", shown=MOST_SLIDES, total=f"{len(pages):,}"))


def _root(package: OfficePackage) -> Element:
    if _MANIFEST in package and any(
        True for entry in package.root(_MANIFEST) if child(entry, "encryption-data") is not None
    ):
        raise Unshowable("protected")
    return package.root(_CONTENT)


def _body(package: OfficePackage, kind: str, root: Element | None = None) -> Element:
    body = child(root if root is not None else _root(package), "body", kind)
    if body is None:
        raise Unshowable("damaged")
    return body


class _Text:
    """Goes through paragraphs, lists and tables."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer

    def blocks(self, elements: Element | list[Element], depth: int) -> None:
        for element in elements:
            self._composer.watch()
            name = local(element)
            if name == "h":
                level = attribute(element, "outline-level")
                self._composer.heading(_plain(element), int(level) if level.isdecimal() and len(level) < 3 else 1)
            elif name == "p":
                self._composer.paragraph(tuple(_runs(element, None, self._composer)))
                for box in (one for one in element.iter() if local(one) == "text-box" and depth < _DEEPEST):
                    self.blocks(box, _DEEPEST)  # once: boxes in boxes are found by this as well
            elif name == "list":
                self._composer.listing(list(_entries(element, 0, self._composer)))
            elif name == "table":
                self._table(element)
            elif name == "image":
                self._composer.paragraph((Run(self._composer.words("attached_text.picture"), muted=True),))
            elif name in _GROUPS and depth < _DEEPEST:
                self.blocks(element, depth + 1)

    def _table(self, table: Element) -> None:
        rows, is_cut = _grid(table, MOST_ROWS, self._composer)
        width = max(map(len, rows), default=0)
        cells = [[text_cell(text) for text in [*row, *[""] * (width - len(row))]] for row in rows]
        self._composer.table(cells, header=child(table, "table-header-rows") is not None)
        if is_cut:
            self._composer.note(self._composer.words("attached_text.rows_cut_sheet", shown=MOST_ROWS))


def _runs(element: Element, link: Link | None, composer: Composer, depth: int = 0) -> Iterator[Run]:
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
                words = composer.words
                yield Run(
                    words("attached_text.picture_of", text=text) if text else words("attached_text.picture"), muted=True
                )
        elif name not in _LEFT_OUT and depth < _DEEPEST:
            yield from _runs(inner, safe_link(attribute(inner, "href")) if name == "a" else link, composer, depth + 1)
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


def _entries(element: Element, depth: int, composer: Composer) -> Iterator[Entry]:
    for item in element:
        composer.watch()
        for part in item:
            name = local(part)
            if name in {"p", "h"}:
                yield Entry(tuple(_runs(part, None, composer)), depth)
            elif name == "list" and depth < _DEEPEST_LIST:
                yield from _entries(part, depth + 1, composer)


def _grid(table: Element, most: int, composer: Composer) -> tuple[list[list[str]], bool]:
    """Return the first rows of a table and whether there are more; repeated blank rows and cells count once."""
    rows: list[list[str]] = []
    blank = 0
    for row in _table_rows(table, 0):
        composer.watch()
        cells = _cells(row)
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


def _cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if local(cell) not in {"table-cell", "covered-table-cell"} or len(cells) >= _READ_COLUMNS:
            continue
        text = "\n".join(_plain(part) for part in children(cell, "p"))[: LONGEST_CELL + 1]
        again = attribute(cell, "number-columns-repeated")
        count = int(again) if again.isdecimal() and len(again) < 6 else 1
        cells += [text] * min(count, _READ_COLUMNS - len(cells))
    while cells and not cells[-1].strip():
        cells.pop()
    return cells
