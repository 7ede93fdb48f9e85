"""A unit on its way in, as a table: one row for each requirement and each piece of guidance."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from portfolio_app.domain.qualification import GuidanceKind, Unit
from portfolio_app.services import unit_drafts as drafts
from portfolio_app.services.unit_drafts import DraftRow, Remark, RowKind, Rows, UnitDraft

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
# Put together once: flags are asked for thousands of times.
_FIXED: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_EDITED: Final = _FIXED | Qt.ItemFlag.ItemIsEditable
_MOST_STEPS: Final = 500
LOOK_AFTER_MS: Final = 150


class Column(IntEnum):
    """The columns of the table."""

    KIND = 0
    REF = 1
    TEXT = 2
    PARTS = 3
    SHORT = 4


class DraftRole(IntEnum):
    """What a row tells beside its words."""

    ROW = Qt.ItemDataRole.UserRole
    """The :class:`DraftRow`."""
    REMARKS = Qt.ItemDataRole.UserRole + 1
    """The remarks on the row, those that keep the unit from being stored first."""


HEADINGS: Final[Mapping[Column, str]] = {
    Column.KIND: "Kind",
    Column.REF: "Ref",
    Column.TEXT: "Text",
    Column.PARTS: "Parts, one a line",
    Column.SHORT: "Short text or title",
}


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    before: Rows
    after: Rows


class UnitDraftModel(QAbstractTableModel):
    """The rows of a draft: edited in place or by the changes of the services, taken back and done again.

    What stops the unit from being stored, and what is worth a look, is looked up after a pause; ``remarked`` tells.
    """

    remarked = Signal()
    steps_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draft = drafts.new_draft()
        self._remarks: Sequence[Remark] = ()
        self._by_key: dict[str, list[Remark]] = {}
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self._look = QTimer(self, singleShot=True, interval=LOOK_AFTER_MS)
        self._look.timeout.connect(self.look_now)

    # The draft

    @property
    def draft(self) -> UnitDraft:
        """The unit with the rows as they are now."""
        return self._draft

    @property
    def rows(self) -> Rows:
        """The rows as they are now."""
        return self._draft.rows

    @property
    def remarks(self) -> Sequence[Remark]:
        """What stops the draft from being stored, then what is worth a look."""
        if self._look.isActive():
            self.look_now()
        return self._remarks

    def set_draft(self, draft: UnitDraft) -> None:
        """Begin with another draft."""
        self.beginResetModel()
        self._draft = draft
        self._done.clear()
        self._undone.clear()
        self._remarks, self._by_key = (), {}
        self.endResetModel()
        self.steps_changed.emit()
        self.look_now()

    def set_unit(self, unit: Unit) -> None:
        """Take another title, reference, level and so on."""
        if unit != self._draft.unit:
            self._draft = replace(self._draft, unit=unit)
            self._look.start()

    def look_now(self) -> None:
        """Look what stops the draft from being stored, and what is worth a look."""
        self._look.stop()
        before = self._by_key
        self._remarks = drafts.remarks(self._draft)
        self._by_key = {}
        for remark in self._remarks:
            if remark.row is not None:
                self._by_key.setdefault(self.rows[remark.row].key, []).append(remark)
        for place, row in enumerate(self.rows):
            if _sentences(before.get(row.key)) != _sentences(self._by_key.get(row.key)):
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(Column) - 1))
        self.remarked.emit()

    def places_of(self, keys: Iterable[str]) -> list[int]:
        """Return where the rows with these keys are now."""
        wanted = set(keys)
        return [place for place, row in enumerate(self.rows) if row.key in wanted]

    # Changes

    def change(self, name: str, make: Callable[[Rows], Rows]) -> list[str]:
        """Make other rows of the rows, as one step that can be taken back.

        Returns:
            The keys of the rows that are new or have changed, in their order.
        """
        before = self.rows
        after = make(before)
        if after == before:
            return []
        self._done.append(_Step(name, before, after))
        del self._done[:-_MOST_STEPS]
        self._undone.clear()
        self._become(after)
        self.steps_changed.emit()
        known = {row.key: row for row in before}
        return [row.key for row in after if known.get(row.key) != row]

    def undo(self) -> None:
        """Take the newest step back."""
        if self._done:
            step = self._done.pop()
            self._undone.append(step)
            self._become(step.before)
            self.steps_changed.emit()

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        if self._undone:
            step = self._undone.pop()
            self._done.append(step)
            self._become(step.after)
            self.steps_changed.emit()

    @property
    def undo_name(self) -> str:
        """What would be taken back, or nothing."""
        return self._done[-1].name if self._done else ""

    @property
    def redo_name(self) -> str:
        """What would be done again, or nothing."""
        return self._undone[-1].name if self._undone else ""

    # Qt

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the headings, and the numbers of the rows."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return HEADINGS[Column(section)] if 0 <= section < len(Column) else None
        return str(section + 1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's words, its row, the remarks on it, and what a screen reader says."""
        if not index.isValid() or not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        column = Column(index.column())
        remarks = self._by_key.get(row.key, [])
        found: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                found = cell_text(row, column)
            case DraftRole.ROW:
                found = row
            case DraftRole.REMARKS:
                found = remarks
            case Qt.ItemDataRole.ToolTipRole:
                found = "\n".join(remark.sentence for remark in remarks) or None
            case Qt.ItemDataRole.AccessibleTextRole:
                found = _said(row, column, remarks)
            case _:
                pass
        return found

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Take what was typed in a cell, as one step."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or not self._can_edit(index):
            return False
        place, column, typed = index.row(), Column(index.column()), str(value)
        if typed == cell_text(self.rows[place], column):
            return True
        return bool(self.change(f"change {HEADINGS[column].lower()}", lambda rows: _typed(rows, place, column, typed)))

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that cells can be edited where the row's kind has such a thing."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _EDITED if self._can_edit(index) else _FIXED

    def _can_edit(self, index: Index) -> bool:
        row = self.rows[index.row()]
        if row.is_requirement or index.column() in (Column.KIND, Column.TEXT):
            return True
        return index.column() == Column.SHORT and row.guidance is GuidanceKind.CONCEPT

    def _become(self, rows: Rows) -> None:
        """Show other rows, with as few of them leaving and coming as the change needs."""
        before = self.rows
        first = 0
        while first < min(len(before), len(rows)) and before[first].key == rows[first].key:
            first += 1
        last = 0
        while last < min(len(before), len(rows)) - first and before[-1 - last].key == rows[-1 - last].key:
            last += 1
        if first < len(before) - last:
            self.beginRemoveRows(_NOWHERE, first, len(before) - last - 1)
            self._draft = replace(self._draft, rows=before[:first] + before[len(before) - last :])
            self.endRemoveRows()
        if first < len(rows) - last:
            self.beginInsertRows(_NOWHERE, first, len(rows) - last - 1)
            self._draft = replace(
                self._draft, rows=self.rows[:first] + rows[first : len(rows) - last] + self.rows[first:]
            )
            self.endInsertRows()
        stayed = self.rows
        self._draft = replace(self._draft, rows=rows)
        changed = [place for place, row in enumerate(rows) if row != stayed[place]]
        for start, end in runs(changed):
            self.dataChanged.emit(self.index(start, 0), self.index(end, len(Column) - 1))
        self._look.start()


def cell_text(row: DraftRow, column: Column) -> str:
    """Return what a cell shows and what is edited in it."""
    match column:
        case Column.KIND:
            return row.kind_name.capitalize()
        case Column.REF:
            return row.ref if row.is_requirement else ""
        case Column.TEXT:
            return row.text
        case Column.PARTS:
            return "\n".join(part.text for part in row.components) if row.is_requirement else ""
        case Column.SHORT:
            if row.is_requirement:
                return row.label
            return row.title if row.guidance is GuidanceKind.CONCEPT else ""


def _said(row: DraftRow, column: Column, remarks: Sequence[Remark]) -> str:
    said = f"{HEADINGS[column]}: {cell_text(row, column) or 'empty'}"
    if column is Column.KIND and row.is_requirement:
        said += f", level {row.depth + 1}"
    return " ".join([f"{said}.", *(remark.sentence for remark in remarks)]) if remarks else said


def kind_of(words: str) -> RowKind:
    """Return the kind that a word means; an unknown word is a kind of requirement that a framework has."""
    wanted = " ".join(words.split())
    for name, kind in drafts.KINDS.items():
        if name.casefold() == wanted.casefold():
            return kind
    return wanted[:1].lower() + wanted[1:] if wanted[1:].islower() else wanted


def _sentences(remarks: Sequence[Remark] | None) -> list[tuple[str, bool]]:
    return [(remark.sentence, remark.blocks) for remark in remarks or ()]


def _typed(rows: Rows, place: int, column: Column, typed: str) -> Rows:
    row = rows[place]
    match column:
        case Column.KIND:
            return drafts.change_kind(rows, [place], kind_of(typed)) if typed.strip() else rows
        case Column.TEXT:
            return drafts.set_text(rows, place, typed.strip())
        case Column.PARTS:
            return drafts.set_components(rows, place, typed.splitlines())
        case Column.REF:
            return _with(rows, place, replace(row, ref=" ".join(typed.split())))
        case Column.SHORT:
            words = " ".join(typed.split())
            return _with(rows, place, replace(row, label=words) if row.is_requirement else replace(row, title=words))


def _with(rows: Rows, place: int, row: DraftRow) -> Rows:
    return (*rows[:place], row, *rows[place + 1 :])


def runs(places: Collection[int]) -> Iterable[tuple[int, int]]:
    """Return runs of places that follow each other, as first and last."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
