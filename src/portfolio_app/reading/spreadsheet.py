"""Excel workbooks: what the cells of each sheet show, without a program that calculates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portfolio_app.reading.cell_formats import CellFormat, read_formats, shown_number
from portfolio_app.reading.limits import Limits, Problem, Unreadable
from portfolio_app.reading.packages import (
    Element,
    OfficePackage,
    Relation,
    attribute,
    child,
    children,
    walk,
)
from portfolio_app.reading.sink import Sink

_MAIN = "xl/workbook.xml"
_ON = {"1", "true"}
_REMARKS = frozenset({"comments", "threadedComment"})
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_STEP = "  "  # by which a text that is set in begins further in
_MOST_STRINGS = 2_000_000


@dataclass(slots=True)
class _Cell:
    column: int = 0
    kind: str = ""
    style: str = ""
    value: str = ""
    formula: str = ""


class _SheetTarget:
    """Takes the rows of a sheet as they are read, up to the limit."""

    def __init__(self, most_rows: int, limits: Limits) -> None:
        self.done = False
        self.rows: dict[int, list[_Cell]] = {}
        self.is_cut = False
        self.columns_cut = False
        self._most_rows = most_rows
        self._read_columns = limits.read_columns
        self._longest = limits.longest_cell + 1  # one more, which tells that it is cut
        self._row = 0
        self._column = 0
        self._cell: _Cell | None = None
        self._text: list[str] | None = None
        self._room = 0
        self._phonetic = 0

    def doctype(self, *_: object) -> None:
        raise Unreadable(Problem.DAMAGED)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() and len(number) < 8 else self._row + 1
            self._column = 0
            if len(self.rows) >= self._most_rows:
                self.is_cut = self.done = True
        elif name == "c":
            match = _REFERENCE.fullmatch(attributes.get("r", ""))
            self._column = _column_number(match[1]) if match else self._column + 1
            self._cell = _Cell(self._column, attributes.get("t", "n"), attributes.get("s", ""))
        elif name in {"v", "t", "f"} and self._cell is not None and not self._phonetic:
            self._text = []
            self._room = self._longest
        elif name == "rPh":
            self._phonetic += 1

    def data(self, text: str) -> None:
        if self._text is not None and self._room > 0:
            self._text.append(text[: self._room])
            self._room -= len(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name == "rPh":
            self._phonetic -= 1
        elif name in {"v", "t", "f"} and self._text is not None and self._cell is not None:
            text = "".join(self._text)
            self._text = None
            if name == "f":
                self._cell.formula = text
            else:
                self._cell.value = (self._cell.value + text)[: self._longest]
        elif name == "c":
            cell, self._cell = self._cell, None
            if self.done or cell is None or not (cell.value.strip() or cell.formula):
                return
            if cell.column > self._read_columns:
                self.columns_cut = True
                return
            self.rows.setdefault(self._row, []).append(cell)
        elif name == "sheetData":
            self.done = True

    def close(self) -> None:
        self.done = True


class _StringsTarget:
    """Takes those of the shared strings that are wanted."""

    def __init__(self, wanted: frozenset[int], limits: Limits) -> None:
        self.found: dict[int, str] = {}
        self._wanted = wanted
        self._longest = limits.longest_cell + 1
        self._last = max(wanted, default=-1)
        self.done = not wanted
        self._number = -1
        self._pieces: list[str] = []
        self._room = 0
        self._in_text = False
        self._phonetic = 0

    def doctype(self, *_: object) -> None:
        raise Unreadable(Problem.DAMAGED)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        del attributes
        name = tag.rpartition("}")[2]
        if name == "si":
            self._number += 1
            self._pieces = []
            self._room = self._longest
        elif name == "rPh":
            self._phonetic += 1
        elif name == "t":
            self._in_text = not self._phonetic and self._number in self._wanted

    def data(self, text: str) -> None:
        if self._in_text and self._room > 0:
            self._pieces.append(text[: self._room])
            self._room -= len(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name == "t":
            self._in_text = False
        elif name == "rPh":
            self._phonetic -= 1
        elif name == "si":
            if self._number in self._wanted:
                self.found[self._number] = "".join(self._pieces)
            if self._number >= self._last or self._number > _MOST_STRINGS:
                self.done = True

    def close(self) -> None:
        self.done = True


def read_workbook(package: OfficePackage, sink: Sink) -> None:
    """Read the sheets of a workbook, each as the tables that stand on it.

    Raises:
        Unreadable: it cannot be read.
        LimitReached: it is longer than what is shown.
    """
    _read(package, sink, whole=False)


def read_whole_workbook(package: OfficePackage, sink: Sink) -> None:
    """Read the sheets of a workbook with what was remarked about their cells.

    Raises:
        Unreadable: it cannot be read.
        LimitReached: the sink has enough.
    """
    _read(package, sink, whole=True)


def _read(package: OfficePackage, sink: Sink, *, whole: bool) -> None:
    words, limits = sink.words, sink.limits
    main = package.main_part(_MAIN)
    relations = package.relations(main)
    workbook = package.root(main)
    parts = {relation.kind: relation for relation in relations.values() if not relation.external}
    sheets = list(children(child(workbook, "sheets"), "sheet"))
    hidden = [sheet for sheet in sheets if attribute(sheet, "state") in {"hidden", "veryHidden"}]
    seen = [sheet for sheet in sheets if sheet not in hidden]
    read = _read_sheets(package, sink, seen[: limits.most_sheets], relations)
    wanted = frozenset(
        int(cell.value)
        for target in read.values()
        for cells in target.rows.values()
        for cell in cells
        if cell.kind == "s" and cell.value.isdecimal() and len(cell.value) < 9
    )
    strings = _StringsTarget(wanted, limits)
    if wanted and "sharedStrings" in parts:
        package.feed(parts["sharedStrings"].target, strings)
    styles = parts.get("styles")
    properties = child(workbook, "workbookPr")
    since_1904 = properties is not None and attribute(properties, "date1904") in _ON
    formats = read_formats(package.root(styles.target) if styles and styles.target in package else None)
    for number, sheet in enumerate(seen[: limits.most_sheets], 1):
        target = read.get(number)
        name = attribute(sheet, "name")
        sink.page(number, words("attached_text.sheet", name=name), name)
        rows = _texts(target, strings.found, formats, sink, since_1904=since_1904) if target else []
        if rows:
            sink.grid(rows)
        elif target is None:
            sink.note(words("attached_text.no_cells"))
        else:
            sink.note(words("attached_text.empty_sheet"), leaves_out=False)
        if target is not None and target.is_cut:
            sink.note(words("attached_text.rows_cut_sheet", shown=f"{len(target.rows):,}"))
        if target is not None and target.columns_cut:
            sink.note(words("attached_text.far_columns"))
        if whole and target is not None:
            _remarks(package, sink, relations[attribute(sheet, "id")].target)
    if len(seen) > limits.most_sheets:
        sink.note(words("attached_text.sheets_cut", shown=limits.most_sheets, total=f"{len(seen):,}"))
    if hidden:
        sink.note(words.count("attached_text.hidden_sheets", len(hidden)))


def _remarks(package: OfficePackage, sink: Sink, name: str) -> None:
    for relation in package.relations(name).values():
        if relation.kind not in _REMARKS or relation.external or relation.target not in package:
            continue
        root = package.root(relation.target)
        for remark in walk(root, "comment"):
            sink.text("".join(text.text or "" for text in walk(remark, "t")))
        for text in walk(root, "text") if relation.kind == "threadedComment" else ():
            sink.text(text.text or "")


def _read_sheets(
    package: OfficePackage, sink: Sink, sheets: Sequence[Element], relations: Mapping[str, Relation]
) -> dict[int, _SheetTarget]:
    """Read the cells of worksheets; sheets of a single chart have none."""
    read: dict[int, _SheetTarget] = {}
    left = sink.limits.most_rows_of_file
    for number, sheet in enumerate(sheets, 1):
        sink.watch()
        relation = relations.get(attribute(sheet, "id"))
        if relation is None or relation.external or relation.target not in package:
            raise Unreadable(Problem.DAMAGED)
        if relation.kind != "worksheet":
            continue
        target = _SheetTarget(min(sink.limits.most_rows, left), sink.limits)
        package.feed(relation.target, target)
        left -= len(target.rows)
        read[number] = target
    return read


def _texts(
    target: _SheetTarget,
    strings: Mapping[int, str],
    formats: Sequence[CellFormat],
    sink: Sink,
    *,
    since_1904: bool,
) -> list[list[str]]:
    """Return the rows as they are shown, each in its place; far down one blank row stands for all in between."""
    rows: list[list[str]] = []
    before = 0
    for number in sorted(target.rows):
        sink.watch()
        if number <= 2 * sink.limits.most_rows:
            rows += [[]] * (number - 1 - len(rows))
        elif number > before + 1:
            rows.append([])
        before = number
        row: list[str] = []
        for cell in sorted(target.rows[number], key=lambda cell: cell.column):
            row += [""] * (cell.column - 1 - len(row))
            text = _shown(cell, strings, formats, sink, since_1904=since_1904)
            if len(row) < cell.column:
                row.append(text)
        rows.append(row)
    return rows


def _shown(
    cell: _Cell,
    strings: Mapping[int, str],
    formats: Sequence[CellFormat],
    sink: Sink,
    *,
    since_1904: bool,
) -> str:
    if not cell.value:
        return f"={cell.formula}"  # never calculated
    index = int(cell.style) if cell.style.isdecimal() and len(cell.style) < 7 else 0
    kind = formats[index] if index < len(formats) else CellFormat()
    match cell.kind:
        case "s":
            text = strings.get(int(cell.value), "") if cell.value.isdecimal() and len(cell.value) < 9 else ""
        case "b":
            text = sink.words("answer.yes" if cell.value.strip() in _ON else "answer.no")
        case "n":
            text = shown_number(cell.value, kind, sink.words, since_1904=since_1904)
        case _:
            text = cell.value
    return f"{_STEP * kind.indent}{text}" if kind.indent and text else text


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number
