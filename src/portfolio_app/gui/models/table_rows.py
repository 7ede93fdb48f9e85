"""The rows of a table field as they are being typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from portfolio_app.domain.dates import PartialDate
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import FieldDefinition, FieldType, TableRow
from portfolio_app.domain.forms import parse_field
from portfolio_app.gui.models.clipboard_grid import Grid
from portfolio_app.services.text_input import prose

MOST_ROWS: Final = 2_000
"""More belong in a spreadsheet that is attached."""

Index = QModelIndex | QPersistentModelIndex


class RowRole(IntEnum):
    """What else the model tells of a cell."""

    PROBLEM = Qt.ItemDataRole.UserRole
    NEEDED = Qt.ItemDataRole.UserRole + 1
    IS_NEW_ROW = Qt.ItemDataRole.UserRole + 2


class TooManyRows(InvalidInput):
    """What was to be added does not fit into a form."""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a cell; ``row`` and ``column`` count from 0. ``unstored``: it is not even kept as typed."""

    row: int
    column: int
    sentence: str
    unstored: bool


@dataclass(slots=True)
class _Row:
    """``typed`` is what the screen shows, ``kept`` what of it is stored, both without empty cells.

    ``problems`` say what does not fit its column, and ``unstored`` which of that cannot be stored at all.
    """

    typed: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    unstored: set[str] = field(default_factory=set)

    @classmethod
    def stored(cls, row: TableRow) -> _Row:
        cells = {name: text for name, text in row.items() if text}
        return cls(cells, dict(cells))

    def put(self, column: FieldDefinition, text: str) -> None:
        name = column.name
        for cells in (self.typed, self.problems):
            cells.pop(name, None)
        if text:
            self.typed[name] = text
        self.unstored.discard(name)
        if problem := problem_of(column, text):
            self.problems[name] = problem
        try:
            kept = stored_text(column, text)
        except InvalidInput:
            self.unstored.add(name)
            return
        self.kept.pop(name, None)
        if kept:
            self.kept[name] = kept

    def has_words(self) -> bool:
        return any(text.strip() for text in self.typed.values())


def stored_text(column: FieldDefinition, text: str) -> str:
    """Return what was typed as it is stored: what fits the field tidied, all else as it is.

    Raises:
        InvalidInput: it is too long, or not text.
    """
    try:
        value = parse_field(column, text)
    except InvalidInput:
        value = text
    return prose(value if isinstance(value, str) else text, f"“{column.label}”")


def problem_of(column: FieldDefinition, text: str) -> str:
    """Return why what was typed does not fit the field, in a sentence, or nothing."""
    try:
        parse_field(column, text)
        stored_text(column, text)
    except InvalidInput as error:
        return str(error)
    return ""


def understood(column: FieldDefinition, text: str) -> str:
    """Return a cell as it reads: a date in words, yes and no as words, all else as typed."""
    if column.type is FieldType.DATE:
        try:
            return str(PartialDate.parse(text))
        except InvalidInput:
            return text
    if column.type is FieldType.YES_NO and text in {"yes", "no"}:
        return text.capitalize()
    return text


class TableRowsModel(QAbstractTableModel):
    """The rows of a table field, and one empty row more to type in.

    Columns that the rows have from another kind's form follow those of the definition and can only be read. A cell
    that does not fit its column is stored as it was typed and says what is wrong.
    """

    edited = Signal()
    """The user has changed something (not :meth:`set_rows`)."""

    def __init__(self, definition: FieldDefinition, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.definition = definition
        self._columns = [*definition.columns]
        self._rows: list[_Row] = []
        self._start: tuple[TableRow, ...] = ()
        self._read_only = False
        self.set_rows(())

    # What is in it

    def columns(self) -> Sequence[FieldDefinition]:
        """The columns in their order, those of an earlier form last."""
        return self._columns

    def is_left_over(self, column: int) -> bool:
        """Whether the column is of an earlier form."""
        return column >= len(self.definition.columns)

    def row_total(self) -> int:
        """How many rows there are, without the empty one at the end."""
        return len(self._rows)

    def rows(self) -> tuple[TableRow, ...]:
        """Return the rows as they can be stored: without empty ones, and nothing where only first cells stand."""
        kept = tuple(dict(row.kept) for row in self._rows if row.kept)
        return () if kept == self._start else kept

    def typed_rows(self) -> list[TableRow]:
        """Return the rows as they stand on the screen, for a chart that follows the typing."""
        return [row.typed for row in self._rows]

    def set_rows(self, rows: Sequence[TableRow]) -> None:
        """Show these rows, or for none those that the kind starts a new table with."""
        self.beginResetModel()
        self._start = ()
        known = {column.name for column in self.definition.columns}
        left = dict.fromkeys(name for row in rows for name in row if name not in known and row[name])
        self._columns = [*self.definition.columns, *(_left_over_column(name) for name in left)]
        self._rows = [_Row.stored(row) for row in rows]
        for row in self._rows:
            for column in self.definition.columns:
                if (text := row.typed.get(column.name)) and (problem := problem_of(column, text)):
                    row.problems[column.name] = problem
        if not rows and self.definition.rows:
            first = self.definition.columns[0].name
            self._start = tuple({first: cell} for cell in self.definition.rows)
            self._rows = [_Row.stored(row) for row in self._start]
        self.endResetModel()

    def problems(self) -> list[CellProblem]:
        """Return the cells that are not sound, from the top."""
        return [
            CellProblem(place, self._column_place(name), sentence, name in row.unstored)
            for place, row in enumerate(self._rows)
            for name, sentence in row.problems.items()
        ]

    def set_read_only(self, read_only: bool) -> None:
        """Let the rows be read but not changed; there is then no empty row to type in."""
        if read_only != self._read_only:
            self.beginResetModel()
            self._read_only = read_only
            self.endResetModel()

    @property
    def read_only(self) -> bool:
        """Whether the rows can only be read."""
        return self._read_only

    # As Qt asks for it

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's
        """The rows and the empty one."""
        return 0 if parent.isValid() else len(self._rows) + (not self._read_only)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's
        """The columns."""
        return 0 if parent.isValid() else len(self._columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells can be edited, but not those of an earlier form."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not self._read_only and not self.is_left_over(index.column()):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell: as it reads, as it was typed, what is wrong with it, and how a screen reader says it."""
        if not index.isValid():
            return None
        column = self._columns[index.column()]
        row = self._rows[index.row()] if index.row() < len(self._rows) else _Row()
        text = row.typed.get(column.name, "")
        problem = row.problems.get(column.name, "")
        answer: object = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                answer = understood(column, text)
            case Qt.ItemDataRole.EditRole:
                answer = text
            case Qt.ItemDataRole.ToolTipRole:
                answer = problem or None
            case Qt.ItemDataRole.AccessibleTextRole:
                answer = self._spoken(index.row(), column, row)
            case Qt.ItemDataRole.TextAlignmentRole if column.type is FieldType.NUMBER:
                answer = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            case RowRole.PROBLEM:
                answer = problem
            case RowRole.NEEDED:
                answer = self._needs(column, row)
            case RowRole.IS_NEW_ROW:
                answer = index.row() >= len(self._rows)
        return answer

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802 - Qt's
        """Take what was typed into a cell; in the empty row that begins a row."""
        if role != Qt.ItemDataRole.EditRole or not self.flags(index) & Qt.ItemFlag.ItemIsEditable:
            return False
        text = "" if value is None else str(value)
        if text == index.data(Qt.ItemDataRole.EditRole):
            return True
        if index.row() >= MOST_ROWS:
            return False
        place, column = index.row(), index.column()
        self._ensure_rows(place + 1)
        row = self._rows[place]
        had_words = row.has_words()
        row.put(self._columns[column], text)
        if row.has_words() == had_words:
            # A change of one cell is drawn without all the others.
            self.dataChanged.emit(self.index(place, column), self.index(place, column))
        else:
            self._changed(place, place)
        self.edited.emit()
        return True

    def headerData(  # noqa: N802 - Qt's
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The columns' labels and the rows' numbers."""
        display = role == Qt.ItemDataRole.DisplayRole
        if orientation is Qt.Orientation.Vertical:
            return (str(section + 1) if section < len(self._rows) else "+") if display else None
        if not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole}:
            hints = [column.help, "Needed in every row." if column.required else ""]
            return " ".join(hint for hint in hints if hint) or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.type is FieldType.NUMBER else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return column.label if display else None

    # What the user does with rows

    def insert_row(self, place: int) -> None:
        """Put an empty row before this one."""
        self._check_room(1)
        place = min(place, len(self._rows))
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows.insert(place, _Row())
        self.endInsertRows()
        self.edited.emit()

    def duplicate_rows(self, first: int, last: int) -> None:
        """Put copies of these rows after them."""
        copies = deepcopy(self._rows[first : last + 1])
        if not copies:
            return
        self._check_room(len(copies))
        after = first + len(copies)
        self.beginInsertRows(QModelIndex(), after, after + len(copies) - 1)
        self._rows[after:after] = copies
        self.endInsertRows()
        self.edited.emit()

    def remove_rows(self, first: int, last: int) -> None:
        """Take these rows out."""
        last = min(last, len(self._rows) - 1)
        if first > last:
            return
        self.beginRemoveRows(QModelIndex(), first, last)
        del self._rows[first : last + 1]
        self.endRemoveRows()
        self.edited.emit()

    def trim(self) -> None:
        """Take empty rows from the end, left by typing that was taken back."""
        first = len(self._rows)
        while first and not self._rows[first - 1].has_words():
            first -= 1
        self.remove_rows(first, len(self._rows) - 1)

    def move_rows(self, first: int, last: int, by: int) -> bool:
        """Move rows up (-1) or down (1) by one; return whether there was room."""
        if (
            by not in {-1, 1}
            or not 0 <= first <= last < len(self._rows)
            or not 0 <= first + by <= last + by < len(self._rows)
        ):
            return False
        parent = QModelIndex()
        self.beginMoveRows(parent, first, last, parent, first - 1 if by < 0 else last + 2)
        block = self._rows[first : last + 1]
        del self._rows[first : last + 1]
        self._rows[first + by : first + by] = block
        self.endMoveRows()
        self.edited.emit()
        return True

    def clear_cells(self, cells: Iterable[Index]) -> None:
        """Empty these cells, those of an earlier form too."""
        touched: set[int] = set()
        for cell in cells:
            if cell.row() < len(self._rows) and not self._read_only:
                row, column = self._rows[cell.row()], self._columns[cell.column()]
                if row.typed.get(column.name):
                    row.put(column, "")
                    touched.add(cell.row())
        if touched:
            self._changed(min(touched), max(touched))
            self.edited.emit()

    def paste(self, place: int, column: int, grid: Grid) -> tuple[int, int]:
        """Fill cells from this one on, making rows as needed; return the last row and column that were filled.

        A first line that only repeats the columns' labels is left out.

        Raises:
            TooManyRows: it is more than a form can hold.
        """
        targets = self.definition.columns[column:]
        if len(grid) > 1 and _repeats_labels(grid[0], targets):
            grid = grid[1:]
        if not grid or not targets or self._read_only:
            return place, column
        self._check_room(max(0, place + len(grid) - len(self._rows)))
        self._ensure_rows(place + len(grid))
        for row, cells in zip(self._rows[place:], grid, strict=False):
            for target, text in zip(targets, cells, strict=False):
                row.put(target, text.strip())
        last = place + len(grid) - 1
        self._changed(place, last)
        self.edited.emit()
        return last, column + min(len(targets), max(len(cells) for cells in grid)) - 1

    def grid(self, first: Index, last: Index) -> Grid:
        """Return the cells of a rectangle as they read, to be copied."""
        return [
            [
                str(self.index(row, column).data(Qt.ItemDataRole.DisplayRole))
                for column in range(first.column(), last.column() + 1)
            ]
            for row in range(first.row(), min(last.row(), len(self._rows) - 1) + 1)
        ]

    def _ensure_rows(self, total: int) -> None:
        missing = total - len(self._rows)
        if missing > 0:
            # The empty row becomes one of these, so that the new ones come after it.
            at = len(self._rows) + 1
            self.beginInsertRows(QModelIndex(), at, at + missing - 1)
            self._rows += [_Row() for _ in range(missing)]
            self.endInsertRows()
            self.headerDataChanged.emit(Qt.Orientation.Vertical, at - 1, at - 1)

    def _check_room(self, more: int) -> None:
        if len(self._rows) + more > MOST_ROWS:
            raise TooManyRows(
                f"“{self.definition.label}” would have {len(self._rows) + more:,} rows; at most {MOST_ROWS:,} fit into "
                f"a form. Attach the spreadsheet as a file instead."
            )

    def _changed(self, first: int, last: int) -> None:
        # "Needed" shows in any cell of a row as soon as another one has words.
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    def _column_place(self, name: str) -> int:
        return next(place for place, column in enumerate(self._columns) if column.name == name)

    def _needs(self, column: FieldDefinition, row: _Row) -> bool:
        """Whether a row that somebody has begun lacks a cell that is needed."""
        return column.required and not row.typed.get(column.name) and row.has_words() and row.typed not in self._start

    def _spoken(self, place: int, column: FieldDefinition, row: _Row) -> str:
        text = row.typed.get(column.name, "")
        where = f"{column.label}, row {place + 1}" if place < len(self._rows) else f"{column.label}, new row"
        said = understood(column, text) or ("needed" if self._needs(column, row) else "empty")
        problem = row.problems.get(column.name, "")
        return f"{where}: {said}. {problem}" if problem else f"{where}: {said}"


def _left_over_column(name: str) -> FieldDefinition:
    words = name.replace("_", " ").strip().capitalize()
    return FieldDefinition(name, FieldType.LONG_TEXT, f"{words} (kept from before)", "This kind has no such column.")


def _repeats_labels(cells: Sequence[str], columns: Sequence[FieldDefinition]) -> bool:
    labels = [column.label.casefold() for column in columns]
    given = [cell.strip().casefold() for cell in cells]
    return len(given) <= len(labels) and given == labels[: len(given)]
