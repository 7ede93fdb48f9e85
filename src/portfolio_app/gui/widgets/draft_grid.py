"""The review grid: the rows of a unit on its way in, and everything that can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QToolButton, QVBoxLayout, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.icons import set_icon
from portfolio_app.gui.models.unit_draft_model import Column, UnitDraftModel, runs
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import FlowLayout, icon_button
from portfolio_app.gui.widgets.draft_cells import DraftCellDelegate
from portfolio_app.gui.widgets.focus_passing import FocusPassing
from portfolio_app.services import unit_drafts as drafts
from portfolio_app.services.unit_drafts import RowKind, Rows

Index = QModelIndex | QPersistentModelIndex
_BATCH: Final = 120
"""Rows measured at a time, so that a long unit never holds the window up."""
_WIDTHS: Final = {Column.KIND: 112, Column.REF: 64, Column.PARTS: 170, Column.SHORT: 170}
_NARROW_WIDTHS: Final = {Column.KIND: 100, Column.REF: 54, Column.PARTS: 120, Column.SHORT: 170}
_LEAST_TEXT: Final = 220
_NO_ROWS: Final = "No requirements yet. Press Insert, or the plus sign above, to write the first."
_THIS_ROW: Final = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done with the rows in hand: its words, its keys (the first is shown) and its icon."""

    id: str
    words: str
    keys: str = ""
    icon: str = ""
    starts_group: bool = False


COMMANDS: Final = (
    Command("undo", "Undo", "Ctrl+Z", "undo-2"),
    Command("redo", "Redo", "Ctrl+Y Ctrl+Shift+Z", "redo-2"),
    Command("insert", "Insert a row below", "Ins", "plus", starts_group=True),
    Command("delete", "Delete the rows", "Del", "trash-2"),
    Command("promote", "Move out one level", "Alt+Left", "indent-decrease", starts_group=True),
    Command("demote", "Move in one level, under the row above", "Alt+Right", "indent-increase"),
    Command("up", "Move up", "Alt+Up", "arrow-up"),
    Command("down", "Move down", "Alt+Down", "arrow-down"),
    Command("split", "Cut in two at the cursor", "Ctrl+Return", "scissors", starts_group=True),
    Command("merge", "Merge with the next row, or the rows marked", "Ctrl+M", "merge"),
    Command("group", "Put the rows under a new outcome", "Ctrl+G", "layers"),
    Command("parts", "Find the parts that the text lists", "Ctrl+Shift+P", "list-checks"),
    Command("number", "Number what has no reference", "Ctrl+R", "hash", starts_group=True),
    Command("renumber", "Number everything anew", "Ctrl+Shift+R", "list-ordered"),
)


class DraftGrid(FocusPassing):
    """A table to read, correct and structure a unit in; by mouse, by keys, or by its buttons."""

    hinted = Signal(str)
    """What to do for something to work, in a sentence."""
    row_in_hand = Signal(int)

    def __init__(self, model: UnitDraftModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.view = DraftTable(model)
        self.actions_: dict[str, QAction] = {}
        self._kinds = QToolButton()
        self._build()
        self.view.split_requested.connect(self._split_at)
        self.view.selectionModel().currentRowChanged.connect(self._tell_row)
        self.view.selectionModel().selectionChanged.connect(self._follow)
        self.view.customContextMenuRequested.connect(self._show_menu)
        model.steps_changed.connect(self._follow)
        self._follow()

    def perform(self, command: str) -> None:
        """Do one of :data:`COMMANDS` to the rows in hand."""
        cut = self.view.cell_delegate.cursor_in_text()
        self.view.commit_open()
        places = self.view.marked_rows()
        match command:
            case "undo" | "redo":
                keys = self._keys(places)
                getattr(self.model, command)()
                self._mark(keys)
            case "insert":
                self._insert(places)
            case "delete":
                self._delete(places)
            case "up" | "down":
                self._move(places, -1 if command == "up" else 1)
            case "split":
                self._split(places, cut)
            case "merge":
                self._merge(places)
            case "group":
                self._group(places)
            case "promote" | "demote":
                self._restructure(command, places, partial(getattr(drafts, command), places=places))
            case "parts":
                self._find_parts(places)
            case "number":
                self._restructure("number", places, drafts.number_missing)
            case "renumber":
                self._restructure("number anew", places, drafts.renumber)

    def change_kind(self, kind: RowKind) -> None:
        """Make the rows in hand something else."""
        self.view.commit_open()
        places = self.view.marked_rows()
        self._restructure("change kind", places, partial(drafts.change_kind, places=places, kind=kind))

    def take(self, place: int, column: Column = Column.TEXT) -> None:
        """Take a row in hand."""
        if 0 <= place < self.model.rowCount():
            index = self.model.index(place, column)
            # The view itself would look at the keys that are held, and Ctrl is while its shortcuts are used.
            self.view.selectionModel().setCurrentIndex(index, _THIS_ROW)
            self.view.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    # Building

    def _build(self) -> None:
        bar = QWidget()
        flow = FlowLayout(bar, gap=2)
        for command in COMMANDS:
            action = QAction(command.words, self)
            action.setShortcuts([QKeySequence(keys) for keys in command.keys.split()])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(partial(self._triggered, command.id))
            set_icon(action, command.icon)
            self.view.addAction(action)
            self.actions_[command.id] = action
            tool = icon_button(command.icon, command.words)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            tool.setToolTip(f"{command.words} ({keys})")
            tool.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor where it is
            tool.clicked.connect(action.trigger)
            action.enabledChanged.connect(tool.setEnabled)
            if command.starts_group:
                flow.addWidget(_gap())
            flow.addWidget(tool)
        self._kinds.setText("Kind")
        self._kinds.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._kinds.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._kinds.setToolTip("Make the rows something else")
        self._kinds.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_icon(self._kinds, "shapes", colour="muted")
        theme.set_role(self._kinds, "quiet")
        self._kinds.setMenu(self._kind_menu())
        flow.addWidget(_gap())
        flow.addWidget(self._kinds)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S4)
        column.addWidget(bar)
        column.addWidget(self.view, 1)
        self.set_entry(self.view)

    def _kind_menu(self) -> QMenu:
        menu = QMenu("Kind", self)
        for number, (name, kind) in enumerate(drafts.KINDS.items(), 1):
            action = menu.addAction(name)
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(partial(self._kind_chosen, kind))
            self.view.addAction(action)
        return menu

    def _triggered(self, command: str, _checked: bool = False) -> None:
        self.perform(command)

    def _kind_chosen(self, kind: RowKind, _checked: bool = False) -> None:
        self.change_kind(kind)

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for command in COMMANDS[2:]:
            if command.starts_group and menu.actions():
                menu.addSeparator()
            menu.addAction(self.actions_[command.id])
        menu.addSeparator()
        menu.addMenu(self._kinds.menu())
        menu.popup(self.view.viewport().mapToGlobal(place))

    # What the commands do

    def _restructure(self, name: str, places: Sequence[int], make: Callable[[Rows], Rows]) -> None:
        keys = self._keys(places)
        self.model.change(name, make)
        self._mark(keys)

    def _insert(self, places: Sequence[int]) -> None:
        below = places[-1] + 1 if places else self.model.rowCount()
        if self.model.change("insert", partial(drafts.insert, place=below)):
            self.take(below)
            self.view.edit(self.model.index(below, Column.TEXT))

    def _delete(self, places: Sequence[int]) -> None:
        if places:
            self.model.change("delete", partial(drafts.remove, places=places))
            self.take(min(places[0], self.model.rowCount() - 1))

    def _move(self, places: Sequence[int], by: int) -> None:
        if not places:
            return
        to = _place_above(self.model.rows, places[0]) if by < 0 else _place_below(self.model.rows, places)
        if to is not None:
            self._restructure("move", places, partial(drafts.move, places=places, to=to))

    def _split(self, places: Sequence[int], cut: tuple[int, int] | None) -> None:
        if cut is not None:
            self._split_at(*cut)
        elif len(places) == 1:
            self.hinted.emit("Put the cursor where the second part begins, then cut again.")
            self.take(places[0])
            self.view.edit(self.model.index(places[0], Column.TEXT))
            self.view.cell_delegate.clear_selection()

    def _split_at(self, place: int, position: int) -> None:
        keys = self.model.change("cut in two", partial(drafts.split, place=place, position=position))
        if keys:
            self.take(place + 1)
        else:
            self.hinted.emit("There must be words on both sides of the cursor to cut a row in two.")

    def _merge(self, places: Sequence[int]) -> None:
        merged = list(places)
        if len(merged) == 1 and merged[0] + 1 < self.model.rowCount():
            merged.append(merged[0] + 1)
        if len(merged) > 1:
            self.model.change("merge", partial(drafts.merge, places=merged))
            self.take(merged[0])

    def _group(self, places: Sequence[int]) -> None:
        new = self.model.change("group", partial(drafts.group, places=places))
        headings = [place for place in self.model.places_of(new) if not self.model.rows[place].text]
        if headings:
            self.take(headings[0])
            self.view.edit(self.model.index(headings[0], Column.TEXT))

    def _find_parts(self, places: Sequence[int]) -> None:
        def suggest(rows: Rows) -> Rows:
            for place in places:
                if rows[place].is_requirement:
                    rows = drafts.suggest_components(rows, place)
            return rows

        if not self.model.change("find parts", suggest):
            self.hinted.emit("The text lists no other parts outright, as “including a, b and c” does.")

    def _keys(self, places: Sequence[int]) -> list[str]:
        return [self.model.rows[place].key for place in places]

    def _mark(self, keys: Sequence[str]) -> None:
        places = self.model.places_of(keys)
        if not places:
            return
        column = max(0, self.view.currentIndex().column())
        selection = self.view.selectionModel()
        selection.setCurrentIndex(self.model.index(places[0], column), QItemSelectionModel.SelectionFlag.NoUpdate)
        wanted = QItemSelection()
        for first, last in runs(places):
            wanted.select(self.model.index(first, 0), self.model.index(last, len(Column) - 1))
        selection.select(wanted, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _tell_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.row_in_hand.emit(current.row())

    def _follow(self, *_selection: object) -> None:
        some = bool(self.view.marked_rows())
        for command in COMMANDS:
            self.actions_[command.id].setEnabled(some or command.id in {"insert", "number", "renumber"})
        self.actions_["undo"].setEnabled(bool(self.model.undo_name))
        self.actions_["redo"].setEnabled(bool(self.model.redo_name))
        self._kinds.setEnabled(some)


class DraftTable(QTableView):
    """The table itself: rows as high as their words, whole rows marked, single cells edited."""

    split_requested = Signal(int, int)

    def __init__(self, model: UnitDraftModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._is_narrow: bool | None = None
        self.setModel(model)
        self.cell_delegate = DraftCellDelegate(self, model)
        self.cell_delegate.split_requested.connect(self.split_requested)
        self.cell_delegate.sizeHintChanged.connect(self._measure_index)
        self.setItemDelegate(self.cell_delegate)
        self.setAccessibleName("Rows of the unit")
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.AnyKeyPressed | trigger.DoubleClicked | trigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setTabKeyNavigation(False)
        labels = self.horizontalHeader()
        labels.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        labels.setHighlightSections(False)
        labels.setMinimumSectionSize(40)
        labels.sectionResized.connect(self._measure_all_soon)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.verticalHeader().setHighlightSections(False)
        self._to_measure: range = range(0)
        self._measuring = QTimer(self, singleShot=True, interval=0)
        self._measuring.timeout.connect(self._measure_more)
        model.modelReset.connect(self._measure_all_soon)
        model.dataChanged.connect(self._measure_changed)
        model.rowsInserted.connect(self._measure_inserted)
        theme.notifier().changed.connect(self._dress)
        self._dress()

    def marked_rows(self) -> list[int]:
        """Return the rows that are marked, from the top; without any, the one in hand."""
        blocks = self.selectionModel().selection()
        ranges = [blocks.at(place) for place in range(blocks.size())]
        found = sorted({row for block in ranges for row in range(block.top(), block.bottom() + 1)})
        if not found and self.currentIndex().isValid():
            found = [self.currentIndex().row()]
        return found

    def commit_open(self) -> None:
        """Take what is being typed."""
        self.cell_delegate.commit_open()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Edit the cell in hand with Enter."""
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if entered and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            self.edit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Begin at the first column, now that there is the width to show it."""
        super().showEvent(event)
        self.horizontalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give the text what the other columns leave."""
        super().resizeEvent(event)
        self._share()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Say how to begin where there is no row yet."""
        super().paintEvent(event)
        if not self._model.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(theme.current().colour("muted"))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, _NO_ROWS)

    def _share(self) -> None:
        scaled = theme.current().scaled
        narrow = self.viewport().width() < scaled(sum(_WIDTHS.values()) + _LEAST_TEXT)
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            for column, width in (_NARROW_WIDTHS if narrow else _WIDTHS).items():
                self.setColumnWidth(column, scaled(width))
        # Where there is no room for all, the short text is left to be scrolled to: it says least.
        beside = [column for column in _WIDTHS if not (narrow and column is Column.SHORT)]
        others = sum(self.columnWidth(column) for column in beside)
        self.setColumnWidth(Column.TEXT, max(scaled(_LEAST_TEXT), self.viewport().width() - others))

    def _dress(self) -> None:
        self._is_narrow = None
        self.cell_delegate.forget_heights()
        self._share()
        self._measure_all_soon()

    def _measure_all_soon(self, *_section: object) -> None:
        self._to_measure = range(self._model.rowCount())
        self._measuring.start()

    def _measure_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        self._measure(range(max(0, first.row() - 1), last.row() + 1))

    def _measure_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._measure(range(max(0, first - 1), last + 1))

    def _measure_index(self, index: QModelIndex) -> None:
        if index.isValid():
            self._measure(range(index.row(), index.row() + 1))

    def _measure(self, rows: range) -> None:
        if len(rows) > _BATCH:
            self._measure_all_soon()
            return
        for row in rows:
            self._set_height(row)

    def _measure_more(self) -> None:
        now, self._to_measure = self._to_measure[:_BATCH], self._to_measure[_BATCH:]
        for row in now:
            self._set_height(row)
        if self._to_measure:
            self._measuring.start()

    def _set_height(self, row: int) -> None:
        if not 0 <= row < self._model.rowCount():
            return
        least = theme.current().scaled(theme.COMPACT_ROW_HEIGHT)
        height = max(
            self.cell_delegate.height(self._model.index(row, column), self.columnWidth(column)) for column in Column
        )
        if self.rowHeight(row) != max(least, height):
            self.setRowHeight(row, max(least, height))


def _place_above(rows: Rows, first: int) -> int | None:
    """Return where rows go when they move up one: before the nearest row above that is no deeper."""
    if first == 0:
        return None
    place = first - 1
    while place > 0 and rows[place].is_requirement and rows[place].depth > rows[first].depth:
        place -= 1
    return place


def _place_below(rows: Rows, places: Sequence[int]) -> int | None:
    """Return where rows go when they move down one: after the next row that is no deeper, and what is under it."""
    depth = rows[places[0]].depth
    place = places[-1] + 1
    while place < len(rows) and rows[place].depth > rows[places[-1]].depth:
        place += 1
    if place >= len(rows):
        return None
    if rows[place].depth < depth:
        return place + 1
    place += 1
    while place < len(rows) and rows[place].depth > depth:
        place += 1
    return place


def _gap() -> QWidget:
    gap = QWidget()
    gap.setFixedSize(Space.S12, 1)
    return gap
