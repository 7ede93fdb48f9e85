"""Things to do: what came of gaps and decisions and what one notes oneself, by due date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Action
from portfolio_app.gui import places, theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets.basics import Banner, Card, MutedLabel, button, set_rows
from portfolio_app.gui.widgets.due_field import DueField
from portfolio_app.services.action_list import PlacedAction, action_list, due_in_words
from portfolio_app.services.actions import add_action, edit_action, finish_action, remove_action, reopen_action
from portfolio_app.services.text_input import LONGEST_LINE

if TYPE_CHECKING:
    from portfolio_app.gui.main_window import MainWindow

_ACTION: Final = Qt.ItemDataRole.UserRole
_TEXT, _DUE, _FROM = range(3)


class ActionsDialog(DialogFrame):
    """Open actions by due date, done ones folded below; each is ticked, changed and removed here."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__("Things to do", window)
        self._window = window
        self._session = window.session
        self._can_edit = not self._session.read_only
        self._shown: PlacedAction | None = None
        self._is_over = False
        self._fold_done = True
        self._wanted = ""
        self._new = QLineEdit()
        self._new.setMaxLength(LONGEST_LINE)
        self._new.setPlaceholderText("What is to be done?")
        self._new.setAccessibleName("What is to be done")
        self._new_due = DueField()
        self._add = button("Add", "primary", "plus")
        self._add.setAutoDefault(False)
        self._undo = Banner("", "info", (("Undo", self._take_back),), dismissible=True)
        self._undo.hide()
        self._tree = QTreeWidget()
        self._tree.setHeaderLabels(["To do", "When", "From"])
        self._tree.setAccessibleName("Things to do")
        self._none = MutedLabel("Nothing is to be done. Note something above, or make an action of a gap.")
        self._text = QLineEdit()
        self._text.setMaxLength(LONGEST_LINE)
        self._due = DueField()
        self._source = button("", "link")
        self._remove = button("Remove", "quiet", "trash-2")
        self._card = Card()
        self._build()
        self._connect()
        self.add_close_button()
        dress = theme.current()
        self.resize(min(dress.scaled(760), window.width()), min(dress.scaled(600), window.height()))
        self._read()

    # Building

    def _build(self) -> None:
        top = QWidget()
        if not self._can_edit:
            top.hide()
        row = QHBoxLayout(top)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._new, 1)
        row.addWidget(self._new_due)
        row.addWidget(self._add)
        set_rows(self._tree)
        self._tree.setRootIsDecorated(True)
        self._tree.setAllColumnsShowFocus(True)
        self._tree.setUniformRowHeights(True)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self._tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_TEXT, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_DUE, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_FROM, QHeaderView.ResizeMode.ResizeToContents)
        for field in (self._text, self._due):
            field.setEnabled(self._can_edit)
        if not self._can_edit:
            self._remove.hide()
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.addWidget(_label("&What is to be done", self._text), 0, 0)
        grid.addWidget(self._text, 1, 0)
        grid.addWidget(_label("&By when", self._due), 0, 1)
        grid.addWidget(self._due, 1, 1)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._source)
        below.addStretch(1)
        below.addWidget(self._remove)
        self._card.body.addLayout(grid)
        self._card.body.addLayout(below)
        self._card.hide()
        middle = QVBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self._undo)
        middle.addWidget(self._tree, 1)
        middle.addWidget(self._none, 1, Qt.AlignmentFlag.AlignCenter)
        self._none.hide()
        self.body.addWidget(top)
        self.body.addLayout(middle, 1)
        self.body.addWidget(self._card)
        (self._new if self._can_edit else self._tree).setFocus()

    def _connect(self) -> None:
        self._session.changed.connect(self._hear)
        self._session.closed.connect(self.reject)
        self._add.clicked.connect(self._add_action)
        self._new.installEventFilter(self)
        self._new.textChanged.connect(self._follow_new)
        self._follow_new("")
        self._tree.currentItemChanged.connect(self._choose)
        self._tree.itemChanged.connect(self._tick)
        self._tree.itemActivated.connect(self._edit)
        self._tree.itemExpanded.connect(partial(self._note_fold, False))
        self._tree.itemCollapsed.connect(partial(self._note_fold, True))
        self._tree.installEventFilter(self)
        self._text.editingFinished.connect(self._save)
        self._due.changed.connect(self._save)
        self._source.clicked.connect(self._follow_source)
        self._remove.clicked.connect(self._remove_action)

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Enter in the field above adds, Delete in the list removes."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is self._new and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._add_action()
                return True
            if watched is self._tree and event.key() == Qt.Key.Key_Delete:
                self._remove_action()
                return True
        return super().eventFilter(watched, event)

    def done(self, result: int) -> None:
        """Save what was typed before the dialog goes."""
        self._save()
        self._is_over = True
        super().done(result)

    # Showing

    def _hear(self, changes: Changes, _initiator: object) -> None:
        if changes.actions or changes.decisions or changes.requirements or changes.evidence:
            self._read()

    def _read(self) -> None:
        if self._session.is_open:
            self._session.read(action_list, done=self._show, receiver=self, topic="actions")

    def _show(self, found: Sequence[PlacedAction]) -> None:
        wanted = self._wanted or self._id_in_hand()
        self._wanted = ""
        place = self._tree.currentIndex().row()
        today = _today()
        still = [placed for placed in found if placed.action.done_on is None]
        done = [placed for placed in found if placed.action.done_on is not None]
        items = {}
        with QSignalBlocker(self._tree):
            self._tree.clear()
            for placed in still:
                items[placed.action.id] = item = self._item(placed, today)
                self._tree.addTopLevelItem(item)
            if done:
                heading = QTreeWidgetItem([f"Done ({len(done):,})", "", ""])
                heading.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self._tree.addTopLevelItem(heading)
                for placed in done:
                    items[placed.action.id] = item = self._item(placed, today)
                    heading.addChild(item)
                heading.setExpanded(not self._fold_done)
            current = items.get(wanted)
            if current is None and still and place >= 0:
                current = self._tree.topLevelItem(min(place, len(still) - 1))
            if current is not None:
                self._tree.setCurrentItem(current)
        self._tree.setVisible(bool(found))
        self._none.setVisible(not found)
        self._choose(current, None)

    def _item(self, placed: PlacedAction, today: date) -> QTreeWidgetItem:
        action = placed.action
        when = due_in_words(action, today)
        source = placed.address or placed.evidence_ref
        item = QTreeWidgetItem([action.text, when, source])
        item.setData(_TEXT, _ACTION, placed)
        item.setToolTip(_TEXT, action.text)
        item.setToolTip(_FROM, placed.source)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(flags | Qt.ItemFlag.ItemIsUserCheckable if self._can_edit else flags)
        item.setCheckState(_TEXT, Qt.CheckState.Checked if action.done_on else Qt.CheckState.Unchecked)
        item.setData(
            _TEXT,
            Qt.ItemDataRole.AccessibleTextRole,
            ", ".join(part for part in (action.text, when, source, placed.source) if part),
        )
        if action.done_on is not None:
            item.setForeground(_TEXT, theme.current().colour("muted"))
        elif action.due is not None and action.due < today:
            item.setForeground(_DUE, theme.current().colour("not_yet"))
        return item

    def _choose(self, current: QTreeWidgetItem | None, _previous: QTreeWidgetItem | None) -> None:
        placed = _placed(current)
        is_same = placed is not None and self._shown is not None and placed.action.id == self._shown.action.id
        if not is_same:
            self._save()
        self._shown = placed
        self._card.setVisible(placed is not None)
        if placed is None:
            return
        if not (is_same and self._text.isModified()):
            self._text.setText(placed.action.text)
            self._text.setCursorPosition(0)
        self._due.set_day(placed.action.due)
        where = " · ".join(part for part in (placed.source, placed.address or placed.evidence_ref) if part)
        self._source.setText(where)
        self._source.setVisible(_place(placed) is not None)

    # Edits

    def _add_action(self) -> None:
        text = self._new.text().strip()
        if text and self._can_edit:
            self._edit_with(partial(add_action, text=text, due=self._new_due.day()), done=self._added)

    def _added(self, action: Action) -> None:
        if self._is_over:
            return
        self._wanted = action.id
        self._new.clear()
        self._new_due.set_day(None)

    def _tick(self, item: QTreeWidgetItem, column: int) -> None:
        placed = _placed(item)
        if placed is None or column != _TEXT:
            return
        ticked = item.checkState(_TEXT) == Qt.CheckState.Checked
        if ticked != (placed.action.done_on is not None):
            self._edit_with(partial(finish_action if ticked else reopen_action, action_id=placed.action.id))

    def _save(self) -> None:
        """Save the words and the day where they differ from what is stored."""
        shown = self._shown
        if shown is None or not self._can_edit or not self._session.is_open:
            return
        text = " ".join(self._text.text().split()) if self._text.isModified() else ""
        given = replace(shown.action, text=text or shown.action.text, due=self._due.day())
        self._text.setModified(False)
        if given != shown.action:
            self._shown = replace(shown, action=given)
            self._edit_with(partial(edit_action, action_id=given.id, text=given.text, due=given.due))

    def _remove_action(self) -> None:
        placed = _placed(self._tree.currentItem())
        if placed is not None and self._can_edit:
            self._shown = None
            self._edit_with(partial(remove_action, action_id=placed.action.id), done=self._removed)

    def _removed(self, action: Action) -> None:
        if self._is_over:
            self._window.toast(f"Removed “{action.text}”.", undo=True)
            return
        self._undo.set_message(f"Removed “{action.text}”.")
        self._undo.show()

    def _take_back(self) -> None:
        self._undo.hide()
        self._session.undo()

    def _edit_with(self, service: Callable[..., Any], done: Callable[[Any], None] | None = None) -> None:
        self.show_problem("")
        self._undo.hide()
        self._session.edit(service, done=done, failed=self._say)

    def _say(self, error: BaseException) -> None:
        if self._is_over:
            self._window.message(str(error), kind="error")
        else:
            self.show_error(error)

    # Where it came from

    def _follow_source(self) -> None:
        place = _place(self._shown) if self._shown else None
        if place is not None:
            self.accept()
            self._window.go(place)

    # Small things

    def _follow_new(self, text: str) -> None:
        self._add.setEnabled(bool(text.strip()))

    def _edit(self, item: QTreeWidgetItem, _column: int) -> None:
        if _placed(item) is None:
            item.setExpanded(not item.isExpanded())
        elif self._can_edit:
            self._text.setFocus(Qt.FocusReason.OtherFocusReason)
            self._text.selectAll()

    def _note_fold(self, folded: bool, _item: QTreeWidgetItem) -> None:
        self._fold_done = folded

    def _id_in_hand(self) -> str:
        placed = _placed(self._tree.currentItem())
        return placed.action.id if placed else ""


def _placed(item: QTreeWidgetItem | None) -> PlacedAction | None:
    placed = item.data(_TEXT, _ACTION) if item is not None else None
    return placed if isinstance(placed, PlacedAction) else None


def _place(placed: PlacedAction) -> Place | None:
    action = placed.action
    requirement_id, evidence_id = action.requirement_id or "", action.evidence_id or ""
    if placed.is_decided and placed.address:
        return Place(places.FEEDBACK, requirement_id=requirement_id)
    if placed.evidence_ref:
        field = places.CLAIM_FIELD if placed.address else ""
        return Place(places.EVIDENCE, evidence_id=evidence_id, requirement_id=requirement_id, field=field)
    return Place(places.UNITS, requirement_id=requirement_id) if placed.address else None


def _label(text: str, buddy: QWidget) -> QLabel:
    label = MutedLabel(text)
    label.setBuddy(buddy)
    buddy.setAccessibleName(text.replace("&", ""))
    return label


def _today() -> date:
    return datetime.now().astimezone().date()
