"""The matrix as Qt sees it: the rows and columns in view, with words for tooltips and screen readers."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from portfolio_app.domain.facts import EvidenceFact
from portfolio_app.services.matrix_grid import STATES, GridRow, MatrixFilter, MatrixGrid, Shown, shown

Index = QModelIndex | QPersistentModelIndex

_NO_PARENT: Final = QModelIndex()
_EVIDENCE_REF: Final = re.compile(r"e\d+", re.IGNORECASE)
_WORDS: Final = frozenset(
    {
        Qt.ItemDataRole.AccessibleTextRole,
        Qt.ItemDataRole.AccessibleDescriptionRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.DisplayRole,
    }
)


class MatrixModel(QAbstractTableModel):
    """A grid seen through a view of it.

    Rows and columns here are those in view; the numbers that the grid itself uses are called grid rows and
    grid columns. Nothing is copied per cell: a row in view knows its claims only.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grid = MatrixGrid((), ())
        self._wanted = MatrixFilter()
        self._shown = Shown((), (), 0)
        self._kind_titles: Mapping[str, str] = {}
        self._place_of_column: Sequence[int] | None = None
        self._claims: dict[int, tuple[Sequence[int], bytes]] = {}
        self._counts: dict[int, Counter[int]] = {}

    @property
    def grid(self) -> MatrixGrid:
        """The whole matrix."""
        return self._grid

    @property
    def wanted(self) -> MatrixFilter:
        """What of it is wanted."""
        return self._wanted

    @property
    def shown(self) -> Shown:
        """What of it is in view."""
        return self._shown

    def set_kind_titles(self, titles: Mapping[str, str]) -> None:
        """Take the titles of the kinds of evidence, by which items are found too."""
        self._kind_titles = titles

    def show(self, grid: MatrixGrid, wanted: MatrixFilter) -> bool:
        """Take a grid and what is wanted of it; return whether rows or columns have changed, not cells alone."""
        now = shown(grid, wanted, self._kind_titles)
        if now == self._shown and wanted.grouping == self._wanted.grouping and grid.has_same_shape(self._grid):
            self._take(grid, wanted, now)
            if now.rows and now.columns:
                self.dataChanged.emit(self.index(0, 0), self.index(len(now.rows) - 1, len(now.columns) - 1))
            if now.rows:
                self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(now.rows) - 1)
            if now.columns:
                self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(now.columns) - 1)
            return False
        self.beginResetModel()
        self._take(grid, wanted, now)
        self.endResetModel()
        return True

    def _take(self, grid: MatrixGrid, wanted: MatrixFilter, now: Shown) -> None:
        self._grid, self._wanted, self._shown = grid, wanted, now
        self._claims.clear()
        self._counts.clear()
        self._place_of_column = None
        if len(now.columns) != len(grid.evidence):
            places = [-1] * len(grid.evidence)
            for place, column in enumerate(now.columns):
                places[column] = place
            self._place_of_column = places

    def line(self, row: int) -> GridRow:
        """Return the requirement or heading in a row."""
        return self._grid.rows[self._shown.rows[row]]

    def item(self, column: int) -> EvidenceFact:
        """Return the evidence in a column."""
        return self._grid.evidence[self._shown.columns[column]]

    def code(self, row: int, column: int) -> int:
        """Return the number of the state in a cell, 0 if nothing is claimed there."""
        return self.line(row).code(self._shown.columns[column])

    def claims(self, row: int, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Yield (column, number of its state) of the claims in a row between two columns, both included."""
        columns, codes = self._claims_of(row)
        for place in range(bisect_left(columns, first), bisect_right(columns, last)):
            yield columns[place], codes[place]

    def _claims_of(self, row: int) -> tuple[Sequence[int], bytes]:
        line = self.line(row)
        if self._place_of_column is None:
            return line.columns, line.codes
        found = self._claims.get(row)
        if found is None:
            places = self._place_of_column
            pairs = [
                (places[column], code)
                for column, code in zip(line.columns, line.codes, strict=True)
                if places[column] >= 0
            ]
            found = self._claims[row] = ([column for column, _ in pairs], bytes(code for _, code in pairs))
        return found

    def is_folded(self, row: int) -> bool:
        """Whether a heading hides what is below it."""
        line = self.line(row)
        return not line.is_requirement and line.id in self._wanted.folded

    def counts(self, row: int) -> Mapping[int, int]:
        """Return for a heading how many requirements below it each column is claimed for."""
        found = self._counts.get(row)
        if found is None:
            start = self._shown.rows[row]
            found = Counter()
            for line in self._grid.rows[start : self._grid.rows[start].end]:
                found.update(line.columns)
            if self._place_of_column is not None:
                places = self._place_of_column
                found = Counter({places[column]: count for column, count in found.items() if places[column] >= 0})
            self._counts[row] = found
        return found

    def place_of(self, row_id: str, evidence_id: str) -> tuple[int, int]:
        """Return row and column of a thing; -1 where it is absent. Of a row out of view, the nearest one above it."""
        grid_row, grid_column = self._grid.row_of(row_id), self._grid.column_of(evidence_id)
        row = bisect_right(self._shown.rows, grid_row) - 1 if grid_row >= 0 else -1
        column = bisect_left(self._shown.columns, grid_column)
        is_there = grid_column >= 0 and column < len(self._shown.columns) and self._shown.columns[column] == grid_column
        return row, column if is_there else -1

    def folds_over(self, row_id: str) -> frozenset[str]:
        """Return the ids of the folded headings that hide a row."""
        number = self._grid.row_of(row_id)
        return frozenset(
            row.id for row in self._grid.rows[: max(number, 0)] if row.end > number and row.id in self._wanted.folded
        )

    def find(self, text: str, near: int) -> tuple[int, int] | None:
        """Return (row, -1) or (-1, column) of what an address or a reference begins with; near a row first."""
        wanted = text.casefold().strip()
        if _EVIDENCE_REF.fullmatch(wanted):
            numbers = [f"e{self.item(column).number}" for column in range(len(self._shown.columns))]
            if wanted in numbers:
                return -1, numbers.index(wanted)
            return next(((-1, place) for place, number in enumerate(numbers) if number.startswith(wanted)), None)
        count = len(self._shown.rows)
        if not wanted or not count:
            return None
        unit = self.line(near).unit_id if 0 <= near < count else ""
        order = sorted(range(count), key=lambda row: self.line(row).unit_id != unit)
        for fits in (_is_called, _begins_with):
            for row in order:
                if fits(self.line(row), wanted):
                    return row, -1
        return None

    def next_claim(self, row: int, column: int, down: int, across: int) -> tuple[int, int] | None:
        """Return the nearest claimed cell in one direction: one of ``down`` and ``across`` is 1 or -1."""
        if across:
            columns, _ = self._claims_of(row)
            place = bisect_right(columns, column) if across > 0 else bisect_left(columns, column) - 1
            return (row, columns[place]) if 0 <= place < len(columns) else None
        row += down
        while 0 <= row < len(self._shown.rows):
            if self.code(row, column):
                return row, column
            row += down
        return None

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802
        """Return the number of rows in view."""
        return 0 if parent.isValid() else len(self._shown.rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802
        """Return the number of items in view."""
        return 0 if parent.isValid() else len(self._shown.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the sign of a cell, or its words for a tooltip or a screen reader."""
        if role not in _WORDS or not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            code = self.code(row, column)
            return STATES[code].symbol if code else ""
        line, item = self.line(row), self.item(column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{line.address} × E{item.number}: {self.cell_words(row, column)}"
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return f"{line.text}; {item.title}"
        return f"{line.address} {line.full_text}\nE{item.number} {item.title}\n{_capital(self.cell_words(row, column))}"

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a requirement or an item in words."""
        if role not in _WORDS or section < 0:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self._words_of_item(section, role) if section < len(self._shown.columns) else None
        return self._words_of_line(section, role) if section < len(self._shown.rows) else None

    def _words_of_line(self, row: int, role: int) -> str:
        line = self.line(row)
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{line.address} {line.text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{line.address} {line.full_text}\n{_capital(line.summary)}"
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return line.full_text
        folding = "" if line.is_requirement else ", folded" if self.is_folded(row) else ", unfolded"
        return f"{line.address} {line.text}: {line.summary}{folding}"

    def _words_of_item(self, column: int, role: int) -> str:
        item = self.item(column)
        ref = f"E{item.number}"
        kind = self._kind_titles.get(item.kind, "")
        about = ", ".join(part for part in (kind, item.date) if part)
        if role == Qt.ItemDataRole.DisplayRole:
            return ref
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{ref} {item.title}\n{about}".rstrip()
        return about if role == Qt.ItemDataRole.AccessibleDescriptionRole else f"{ref} {item.title}"

    def cell_words(self, row: int, column: int) -> str:
        """Say what a cell shows: "claimed with proof", "not claimed", "3 requirements claimed"."""
        line = self.line(row)
        if line.is_requirement:
            code = self.code(row, column)
            return STATES[code].value if code else "not claimed"
        count = self.counts(row).get(column, 0)
        return f"{count:,} requirement{'' if count == 1 else 's'} claimed" if count else "nothing claimed"


def _is_called(line: GridRow, wanted: str) -> bool:
    return wanted in (line.address.casefold(), line.ref.casefold())


def _begins_with(line: GridRow, wanted: str) -> bool:
    return line.address.casefold().startswith(wanted) or line.ref.casefold().startswith(wanted)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
