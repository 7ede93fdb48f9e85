"""What changed in a portfolio, newest first, under the days on which it did; older steps are fetched on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from portfolio_app.domain.dates import day_in_words
from portfolio_app.services.history import HistoryStep, StepKind

Index = QModelIndex | QPersistentModelIndex
Row: TypeAlias = HistoryStep | date
_NOWHERE: Final = QModelIndex()
ROW_ROLE: Final = Qt.ItemDataRole.UserRole


class HistoryModel(QAbstractListModel):
    """Days, and below each the steps of that day.

    It knows the newest steps only, and asks for more through ``wanted`` when a view comes to the last of them.
    """

    wanted = Signal(int)
    """More steps are wanted; so many are known."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._steps = 0
        self._is_whole = True
        self._is_waiting = False

    @property
    def steps(self) -> int:
        """How many steps are known."""
        return self._steps

    def set_steps(self, steps: Sequence[HistoryStep], *, whole: bool) -> None:
        """Show other steps; ``whole`` if there are no older ones."""
        self.beginResetModel()
        self._rows, self._steps = _rows_of(steps, None), len(steps)
        self._is_whole, self._is_waiting = whole, False
        self.endResetModel()

    def add_steps(self, steps: Sequence[HistoryStep], *, whole: bool) -> None:
        """Show older steps below those that are shown."""
        self._is_whole, self._is_waiting = whole, False
        last = next((row for row in reversed(self._rows) if isinstance(row, HistoryStep)), None)
        rows = _rows_of(steps, last)
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows += rows
            self._steps += len(steps)
            self.endInsertRows()

    def row(self, index: Index) -> Row | None:
        """Return the day or the step of a row."""
        return self._rows[index.row()] if index.isValid() else None

    def row_of(self, number: int) -> int:
        """Return the row of a step, or -1."""
        for place, row in enumerate(self._rows):
            if isinstance(row, HistoryStep) and row.number == number:
                return place
        return -1

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many days and steps are known."""
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802
        """Return whether there are older steps."""
        return not parent.isValid() and not self._is_whole and not self._is_waiting

    def fetchMore(self, parent: Index) -> None:  # noqa: N802
        """Ask for older steps."""
        if self.canFetchMore(parent):
            self._is_waiting = True
            self.wanted.emit(self._steps)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that steps can be marked and days cannot."""
        if isinstance(self.row(index), HistoryStep):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a row."""
        row = self.row(index)
        if role == ROW_ROLE:
            return row
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if isinstance(row, HistoryStep):
            return ", ".join(part for part in (time_of(row), what_was_done(row), note_on(row)) if part)
        return heading_of(row, date.today()) if row is not None else None  # noqa: DTZ011 - the user's own day


def time_of(step: HistoryStep) -> str:
    """Return when on its day a step was taken."""
    return f"{step.at.astimezone():%H:%M}"


def what_was_done(step: HistoryStep) -> str:
    """Return a step in words: "Undo: Add evidence E4"."""
    match step.kind:
        case StepKind.UNDO:
            return f"Undo: {step.name}"
        case StepKind.REDO:
            return f"Redo: {step.name}"
    return step.name


def note_on(step: HistoryStep) -> str:
    """Return what else there is to say of a step, or nothing."""
    if step.barrier:
        return "a decision: it stands"
    if step.undone:
        return "undone since"
    return ""


def heading_of(day: date, today: date) -> str:
    """Return a day as a heading."""
    near = {today: "Today", today - timedelta(days=1): "Yesterday"}
    return f"{near[day]}, {day_in_words(day)}" if day in near else day_in_words(day)


def _rows_of(steps: Sequence[HistoryStep], before: HistoryStep | None) -> list[Row]:
    rows: list[Row] = []
    day = before.at.astimezone().date() if before is not None else None
    for step in steps:
        its_day = step.at.astimezone().date()
        if its_day != day:
            rows.append(its_day)
            day = its_day
        rows.append(step)
    return rows
