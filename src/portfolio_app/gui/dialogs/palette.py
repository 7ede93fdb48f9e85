"""The search box: everything in the portfolio, and everything the window can do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from portfolio_app.domain.evidence import Person
from portfolio_app.domain.folding import folded, search_words
from portfolio_app.domain.listing import EvidenceQuery
from portfolio_app.gui import places, theme
from portfolio_app.gui.actions import ACTIONS, ActionDeclaration, plain_text
from portfolio_app.gui.icons import icon, kind_icon
from portfolio_app.gui.models.evidence_model import claims_in_words, title_of
from portfolio_app.gui.models.found_things import FOUND_ROLE, Found, FoundThings
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets.basics import MutedLabel, SearchField
from portfolio_app.services.claim_edits import RequirementChoice, matching, requirement_choices
from portfolio_app.services.evidence_list import EvidenceList, evidence_list
from portfolio_app.services.people import list_people

if TYPE_CHECKING:
    from portfolio_app.gui.main_window import MainWindow

_COMMAND, _EVIDENCE, _REQUIREMENT, _PERSON = "Commands", "Evidence", "Requirements", "People"
_NAMED: Final = "Commands that begin with what was typed"
_FROM_LETTERS: Final = 3
"""So many letters typed are meant as the beginning of a command’s name, which then stands before all else."""
_SORTS: Final = (_NAMED, _EVIDENCE, _REQUIREMENT, _PERSON, _COMMAND)
_MOST: Final = 8
_WIDTH: Final = 640
_HEIGHT: Final = 460
_FROM_TOP: Final = 44
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
Index = QModelIndex | QPersistentModelIndex


class CommandPalette(QDialog):
    """A field and what it finds; the arrow keys move, Enter goes there or does it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle("Search")
        theme.set_role(self, "palette")
        self._window = window
        self._choices: Sequence[RequirementChoice] = ()
        self._people: Sequence[Person] = ()
        self._model = FoundThings()
        for sort in _SORTS:
            self._model.set_found(sort, ())
        self._field = SearchField("Search evidence, requirements, people and commands")
        self._field.textChanged.connect(self._search)
        self._field.installEventFilter(self)
        self._list = QListView()
        self._list.setModel(self._model)
        self._list.setItemDelegate(_FoundDelegate(self._model, self._list))
        self._list.setAccessibleName("Found")
        self._list.setMouseTracking(True)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.clicked.connect(self._choose)
        theme.set_role(self._list, "plain")
        hint = MutedLabel("↑ ↓ to move · Enter to go there · Esc to close")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(8)
        column.addWidget(self._field)
        column.addWidget(self._list, 1)
        column.addWidget(hint)
        scaled = theme.current().scaled
        self.resize(min(scaled(_WIDTH), window.width() - 40), min(scaled(_HEIGHT), window.height() - 80))
        self.move(window.mapToGlobal(QPoint((window.width() - self.width()) // 2, _FROM_TOP)))
        if window.session.is_open:
            window.session.read(requirement_choices, done=self._take_choices, receiver=self, topic="choices")
            window.session.read(list_people, done=self._take_people, receiver=self, topic="people")
        self._search("")
        self._field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Move through the list from the field."""
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                last = self._model.rowCount() - 1
                self._mark(max(0, min(last, self._list.currentIndex().row() + step)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self._list.currentIndex())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.reject()
                return True
        return super().eventFilter(watched, event)

    def _search(self, typed: str) -> None:
        commands, start = self._commands(typed), folded(typed.strip())
        named = [one for one in commands if len(start) >= _FROM_LETTERS and folded(one.title).startswith(start)]
        self._model.set_found(_NAMED, named)
        self._model.set_found(_COMMAND, [one for one in commands if one not in named])
        requirements = matching(self._choices, typed)[:_MOST] if typed.strip() else ()
        self._model.set_found(_REQUIREMENT, [self._requirement(choice) for choice in requirements])
        words = search_words(typed)
        people = [person for person in self._people if words and all(word in folded(person.name) for word in words)]
        self._model.set_found(_PERSON, [self._person(person) for person in people[:_MOST]])
        session = self._window.session
        if session.is_open and typed.strip():
            query = EvidenceQuery(words=typed)
            session.read(evidence_list, session.kinds, query, done=self._show_evidence, receiver=self, topic="evidence")
        else:
            self._model.set_found(_EVIDENCE, ())
        self._mark(0)

    def _commands(self, typed: str) -> list[Found]:
        words = search_words(typed)
        found = []
        for action in ACTIONS:
            text = plain_text(action)
            searched = folded(f"{text} {action.words} {action.menu.replace('&', '')}")
            if action.id != "search" and all(word in searched for word in words) and self._can(action):
                keys = self._window.actions_[action.id].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                run = partial(self._window.run_action, action.id)
                found.append(Found(_COMMAND, text, action.icon, run, keys))
        return found

    def _can(self, action: ActionDeclaration) -> bool:
        return self._window.actions_[action.id].isEnabled()

    def _take_choices(self, choices: Sequence[RequirementChoice]) -> None:
        self._choices = choices
        self._search(self._field.text())

    def _take_people(self, people: Sequence[Person]) -> None:
        self._people = people

    def _show_evidence(self, found: EvidenceList) -> None:
        rows = [
            Found(
                _EVIDENCE,
                f"{row.ref}  {title_of(row)}",
                row.kind,
                partial(self._window.go, Place(places.EVIDENCE, evidence_id=row.id)),
                claims_in_words(row).partition(":")[0],
                is_kind=True,
            )
            for row in found.rows[:_MOST]
        ]
        self._model.set_found(_EVIDENCE, rows)
        self._mark(0)

    def _requirement(self, choice: RequirementChoice) -> Found:
        return Found(
            _REQUIREMENT,
            f"{choice.address}  {choice.requirement.short_text}",
            "circle",
            partial(self._window.go, Place(places.UNITS, unit_id=choice.unit_id, requirement_id=choice.requirement.id)),
            f"{choice.state.symbol} {choice.state}",
        )

    def _person(self, person: Person) -> Found:
        return Found(_PERSON, person.name, "user", partial(self._window.run_action, "people"), person.role)

    def _mark(self, row: int) -> None:
        if 0 <= row < self._model.rowCount():
            index = self._model.index(row)
            self._list.setCurrentIndex(index)
            self._list.scrollTo(index)

    def _choose(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        found = self._model.row(index.row())
        self.accept()
        found.choose()


class _FoundDelegate(QStyledItemDelegate):
    """An icon, the title, and at the right what else there is to say; the first of a sort stands below its heading."""

    def __init__(self, model: FoundThings, view: QListView) -> None:
        super().__init__(view)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """One line, or two with the heading."""
        del option
        line = QFontMetrics(theme.body_font()).height() + theme.current().scaled(12)
        heading = self._heading_height() if self._model.begins_sort(index.row()) else 0
        return QSize(100, line + heading)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a line."""
        row = index.data(FOUND_ROLE)
        if not isinstance(row, Found):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dress = theme.current()
        area = QRect(option.rect)
        if self._model.begins_sort(index.row()):
            heading = QRect(area.left() + 8, area.top(), area.width() - 16, self._heading_height())
            painter.setFont(theme.badge_font())
            painter.setPen(dress.colour("muted"))
            painter.drawText(heading, Qt.AlignmentFlag.AlignBottom, row.sort)
            area.setTop(heading.bottom() + 3)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(dress.colour("selection" if chosen else "hover"))
            painter.drawRoundedRect(area.adjusted(0, 1, 0, -1), 6, 6)
        side = dress.scaled(16)
        drawn = kind_icon(row.icon) if row.is_kind else icon(row.icon, colour="muted")
        drawn.paint(painter, QRect(area.left() + 8, area.center().y() - side // 2, side, side))
        painter.setFont(theme.body_font())
        metrics = painter.fontMetrics()
        inner = area.adjusted(side + 18, 0, -10, 0)
        aside = metrics.elidedText(row.aside, Qt.TextElideMode.ElideRight, inner.width() // 3)
        width = metrics.horizontalAdvance(aside)
        painter.setPen(dress.colour("muted"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, aside)
        painter.setPen(dress.colour("text"))
        title = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, inner.width() - width - 12)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.restore()

    def _heading_height(self) -> int:
        return QFontMetrics(theme.badge_font()).height() + theme.current().scaled(10)
