"""Word documents: headings, paragraphs, lists, tables and notes, in order, without what was deleted under review."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from portfolio_app.reading.blocks import Cell, Entry, Link, Run, Runs, safe_link
from portfolio_app.reading.limits import Problem, Unreadable
from portfolio_app.reading.packages import (
    Element,
    OfficePackage,
    Relation,
    attribute,
    child,
    children,
    local,
    walk,
)
from portfolio_app.reading.sink import Sink
from portfolio_app.reading.word_numbering import ListNumbers

_MAIN = "word/document.xml"
_HEADING = re.compile(r"heading\s*([1-9])")
_TITLES = {"title": 1, "subtitle": 2}
_DEEPEST = 60
_LONGEST_DESCRIPTION = 1_000  # of a picture
_LONGEST_CHAIN = 20
_OFF = {"0", "false", "off", "none"}
_PASSED_THROUGH = frozenset({"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "fldSimple", "dir", "bdo"})
_NOT_SHOWN = frozenset({"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "Fallback"})
_BESIDE = frozenset({"header", "footer", "comments", "diagramData"})
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}


@dataclass(slots=True)
class _Style:
    """What matters of a paragraph style, what it is based on included."""

    heading: int = 0
    list_id: str = ""
    depth: int = 0


@dataclass(slots=True)
class _Paragraph:
    runs: list[Run] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


def read_word(package: OfficePackage, sink: Sink) -> None:
    """Read a document.

    Raises:
        Unreadable: it has no body.
        LimitReached: it is longer than what is shown.
    """
    _Reader(package, sink).read()


def read_whole_word(package: OfficePackage, sink: Sink) -> None:
    """Read a document with what stands beside its text: headers, footers, comments, and the words of diagrams.

    Raises:
        Unreadable: it has no body.
        LimitReached: the sink has enough.
    """
    reader = _Reader(package, sink)
    reader.read()
    reader.read_beside()


class _Reader:
    def __init__(self, package: OfficePackage, sink: Sink) -> None:
        self._package = package
        self._sink = sink
        self._main = package.main_part(_MAIN)
        self._relations = package.relations(self._main)
        parts = {relation.kind: relation for relation in self._relations.values() if not relation.external}
        self._styles = _styles(self._root(parts.get("styles")))
        self._numbers = ListNumbers(self._root(parts.get("numbering")))
        self._note_parts = {kind: parts.get(kind) for kind in _NOTES.values()}
        self._notes: list[tuple[str, str]] = []
        self._entries: list[Entry] = []

    def read(self) -> None:
        body = child(self._package.root(self._main), "body")
        if body is None:
            raise Unreadable(Problem.DAMAGED)
        self._blocks(body, 0)
        self._end_list()
        self._write_notes()

    def read_beside(self) -> None:
        """Read headers and footers, each text once, comments and diagrams."""
        told: set[str] = set()
        for relation in self._relations.values():
            if relation.kind not in _BESIDE or relation.external:
                continue
            root = self._root(relation)
            text = "" if root is None else "".join(map(str, root.itertext()))
            if root is not None and text not in told:
                told.add(text)
                for paragraph in walk(root, "p") if relation.kind == "diagramData" else ():
                    self._paragraph(paragraph, 0)
                for part in root if relation.kind == "comments" else (root,):
                    self._blocks(part, 0)
                self._end_list()

    def _root(self, relation: Relation | None) -> Element | None:
        """Return a part that the document can be read without."""
        if relation is None or relation.target not in self._package:
            return None
        return self._package.root(relation.target)

    def _blocks(self, parent: Element, depth: int) -> None:
        if depth > _DEEPEST:
            return
        for element in parent:
            self._sink.watch()
            match local(element):
                case "p":
                    self._paragraph(element, depth)
                case "tbl":
                    self._end_list()
                    self._table(element)
                case "AlternateContent":
                    self._blocks(_choice(element), depth + 1)
                case name if name in _PASSED_THROUGH:
                    self._blocks(element, depth + 1)
                case _:
                    pass

    def _paragraph(self, element: Element, depth: int) -> None:
        content = _Paragraph()
        self._runs(element, content, None, 0)
        runs = _merged(content.runs)
        properties = child(element, "pPr")
        style = self._styles.get(_value(child(properties, "pStyle")), _Style())
        level = style.heading
        outline = _value(child(properties, "outlineLvl"))
        if outline.isdecimal() and int(outline) < 9:
            level = int(outline) + 1
        has_text = any(run.text.strip() for run in runs)
        list_id, at = self._list_of(element) if has_text else ("", 0)
        number = self._numbers.next(list_id, at) if list_id and self._sink.wants_numbers else ""
        if number:
            runs = (Run(f"{number} "), *runs)
        if level and has_text:
            self._end_list()
            self._sink.heading("".join(run.text for run in runs), level)
        elif number:
            self._end_list()
            self._sink.paragraph(runs)
        elif list_id:
            ordered = self._numbers.is_ordered(list_id, at)
            if self._entries and at == 0 and self._entries[0].ordered != ordered:
                self._end_list()
            self._entries.append(Entry(runs, at, ordered))
        else:
            self._end_list()
            self._sink.paragraph(runs)
        for box in content.boxes:
            self._blocks(box, depth + 1)

    def _list_of(self, paragraph: Element) -> tuple[str, int]:
        """Return which list a paragraph belongs to, and how deep it stands in it; no list where it belongs to none."""
        properties = child(paragraph, "pPr")
        style = self._styles.get(_value(child(properties, "pStyle")), _Style())
        numbering = child(properties, "numPr")
        list_id = _value(child(numbering, "numId")) or style.list_id
        shown = _value(child(numbering, "ilvl"))
        return "" if list_id == "0" else list_id, min(int(shown), 8) if shown.isdecimal() else style.depth

    def _end_list(self) -> None:
        entries, self._entries = self._entries, []
        self._sink.listing(entries)

    def _runs(self, parent: Element, content: _Paragraph, link: Link | None, depth: int) -> None:
        if depth > _DEEPEST:
            return
        for element in parent:
            name = local(element)
            if name == "r":
                self._run(element, content, link)
            elif name == "hyperlink":
                relation = self._relations.get(attribute(element, "id"))
                address = safe_link(relation.target) if relation and relation.external else None
                self._runs(element, content, address, depth + 1)
            elif name in {"oMath", "oMathPara"}:
                content.runs.append(Run("".join(part.text or "" for part in walk(element, "t"))))
            elif name in _PASSED_THROUGH:
                self._runs(element, content, link, depth + 1)

    def _run(self, element: Element, content: _Paragraph, link: Link | None) -> None:
        properties = child(element, "rPr")
        if _is_on(properties, "vanish"):
            return
        bold, italic = _is_on(properties, "b"), _is_on(properties, "i")
        for part in element:
            name = local(part)
            text = ""
            if name == "t":
                text = part.text or ""
            elif name in {"br", "cr"}:
                text = "\n"
            elif name in {"tab", "ptab"}:
                text = " "
            elif name == "noBreakHyphen":
                text = "-"
            elif name == "sym":
                text = "•"  # of a font of signs, which is not at hand
            elif name in _NOTES:
                text = self._note(_NOTES[name], attribute(part, "id"))
            elif name in {"drawing", "pict", "object", "AlternateContent"}:
                self._drawing(_choice(part) if name == "AlternateContent" else part, content)
            if text:
                content.runs.append(Run(text, bold=bold, italic=italic, link=link))

    def _drawing(self, drawing: Element, content: _Paragraph) -> None:
        """Name a picture, and keep the text of a box for after the paragraph."""
        boxes = [box for box in walk(drawing, "txbxContent") if not _is_fallback(box, drawing)]
        content.boxes += boxes
        if not boxes:
            content.runs.append(Run(picture_words(self._sink, drawing), muted=True))

    def _note(self, kind: str, number: str) -> str:
        self._notes.append((kind, number))
        return f" [{len(self._notes)}]"

    def _write_notes(self) -> None:
        if not self._notes:
            return
        texts: dict[tuple[str, str], Runs] = {}
        wanted = set(self._notes)
        for kind, relation in self._note_parts.items():
            root = self._root(relation)
            for note in root if root is not None else ():
                key = kind, attribute(note, "id")
                if key not in wanted:
                    continue
                content = _Paragraph()
                for paragraph in children(note, "p"):
                    self._runs(paragraph, content, None, 0)
                    content.runs.append(Run(" "))
                texts[key] = _merged(content.runs)
        self._sink.heading(self._sink.words("attached_text.notes"))
        # A note may name others, which are added while the first are written; those have no number here.
        missing = (Run(self._sink.words("attached_text.no_note")),)
        self._sink.listing([Entry(texts.get(key, missing), ordered=True) for key in list(self._notes)])

    def _table(self, table: Element) -> None:
        most = self._sink.limits.most_rows
        rows: list[list[Cell]] = []
        total = 0
        header = False
        for element in self._rows(table, 0):
            total += 1
            self._sink.watch()
            if total > most:
                continue
            row = list(self._cells(element))
            if total == 1:
                header = child(element, "trPr", "tblHeader") is not None or _has_first_row(table)
            if row:
                rows.append(row)
        self._sink.table(rows, header=header)
        if total > most:
            self._sink.note(self._sink.words("attached_text.rows_cut", shown=f"{most:,}", total=f"{total:,}"))

    def _rows(self, parent: Element, depth: int) -> Iterator[Element]:
        for element in parent:
            if local(element) == "tr":
                yield element
            elif local(element) in _PASSED_THROUGH and depth < _DEEPEST:
                yield from self._rows(element, depth + 1)

    def _cells(self, row: Element) -> Iterator[Cell]:
        for element in row:
            cell = child(element, "sdtContent", "tc") if local(element) == "sdt" else element
            if cell is None or local(cell) != "tc":
                continue
            properties = child(cell, "tcPr")
            spread = _value(child(properties, "gridSpan"))
            merged = child(properties, "vMerge")
            goes_on = merged is not None and _value(merged) != "restart"
            plain = self._sink.cell("" if goes_on else self._cell_text(cell))
            span = min(int(spread), 64) if spread.isdecimal() and int(spread) else 1
            yield Cell(plain.paragraphs, span=span)

    def _cell_text(self, cell: Element) -> str:
        lines: list[str] = []
        length = 0
        for paragraph in walk(cell, "p"):
            content = _Paragraph()
            self._runs(paragraph, content, None, 0)
            text = "".join(run.text for run in content.runs)
            marked = child(paragraph, "pPr", "numPr") is not None and bool(text.strip())
            number = ""
            if self._sink.wants_numbers and text.strip():
                list_id, at = self._list_of(paragraph)
                number = self._numbers.next(list_id, at) if list_id else ""
                marked = bool(list_id)
            lines.append(f"{number or '•'} {text}" if marked else text)
            length += len(text)
            if length > self._sink.limits.longest_cell:
                break
        return "\n".join(lines)


def picture_words(sink: Sink, drawing: Element) -> str:
    """Return what stands for a picture or chart: "[Picture: The rota on the wall]"."""
    described = next((text for part in walk(drawing, "docPr") if (text := attribute(part, "descr").strip())), "")
    if not described:
        described = next((text for part in walk(drawing, "cNvPr") if (text := attribute(part, "descr").strip())), "")
    words = sink.words
    described = " ".join(described.split())[:_LONGEST_DESCRIPTION]
    return words("attached_text.picture_of", text=described) if described else words("attached_text.picture")


def _styles(root: Element | None) -> dict[str, _Style]:
    """Read the paragraph styles that make headings and lists."""
    elements = {attribute(style, "styleId"): style for style in children(root, "style")}
    found = {}
    for identity in elements:
        style = _Style()
        following: str = identity
        for _ in range(_LONGEST_CHAIN):
            element = elements.get(following)
            if element is None:
                break
            name = _value(child(element, "name")).casefold()
            match = _HEADING.fullmatch(name)
            style.heading = style.heading or (int(match[1]) if match else _TITLES.get(name, 0))
            numbering = child(element, "pPr", "numPr")
            if numbering is not None and not style.list_id:
                style.list_id = _value(child(numbering, "numId"))
                depth = _value(child(numbering, "ilvl"))
                style.depth = min(int(depth), 8) if depth.isdecimal() else 0
            following = _value(child(element, "basedOn"))
        found[identity] = style
    return found


def _has_first_row(table: Element) -> bool:
    look = child(table, "tblPr", "tblLook")
    if look is None:
        return False
    first = attribute(look, "firstRow")
    if first:
        return first not in _OFF
    try:
        return bool(int(_value(look) or "0", 16) & 0x20)
    except ValueError:
        return False


def _choice(alternatives: Element) -> Element:
    chosen = child(alternatives, "Choice")
    if chosen is None:
        chosen = child(alternatives, "Fallback")
    return alternatives if chosen is None else chosen


def _is_fallback(element: Element, top: Element) -> bool:
    """Whether something is said a second time for old programs, or stands within a box that is read already."""
    for above in element.iterancestors():
        if above is top:
            return False
        if local(above) in {"Fallback", "txbxContent"}:
            return True
    return False


def _value(element: Element | None) -> str:
    return "" if element is None else attribute(element, "val")


def _is_on(properties: Element | None, name: str) -> bool:
    element = child(properties, name)
    return element is not None and _value(element) not in _OFF


def _merged(runs: list[Run]) -> Runs:
    """Join neighbours of the same appearance: Word divides text at every correction."""
    joined: list[Run] = []
    texts: list[list[str]] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and (last.bold, last.italic, last.muted, last.link) == (run.bold, run.italic, run.muted, run.link):
            texts[-1].append(run.text)
        else:
            joined.append(run)
            texts.append([run.text])
    return tuple(
        Run("".join(parts), run.bold, run.italic, run.muted, run.link) for run, parts in zip(joined, texts, strict=True)
    )
