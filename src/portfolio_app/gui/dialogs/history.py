"""What changed in the portfolio, when, and what of it was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QProgressBar,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from portfolio_app.domain.folding import folded, search_words
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.portfolio_dialog import PortfolioDialog
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.models.history_model import ROW_ROLE, HistoryModel, note_on, time_of, what_was_done
from portfolio_app.gui.widgets.basics import EmptyState, SearchField
from portfolio_app.services.history import HistoryStep, StepKind, list_history, undo_some

if TYPE_CHECKING:
    from portfolio_app.gui.main_window import MainWindow
    from portfolio_app.storage.portfolio_file import PortfolioFile

_AT_A_TIME: Final = 300
_UNDONE_AT_A_TIME: Final = 10
_WIDTH, _HEIGHT = 720, 640
Index = QModelIndex | QPersistentModelIndex


class HistoryDialog(PortfolioDialog):
    """The steps of the portfolio, newest first. They can be searched, and the newest of them taken back together."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window, "What changed")
        self._everything: list[tuple[HistoryStep, str]] | None = None
        self._found: list[HistoryStep] | None = None
        self._to_undo = 0
        self._undone = 0
        self._search = SearchField("Search what was done")
        self._search.searched.connect(self._look_for)
        self._model = HistoryModel(self)
        self._model.wanted.connect(self._fetch)
        self._list = QListView()
        self._list.setModel(self._model)
        self._list.setItemDelegate(_StepDelegate(self._list))
        self._list.setAccessibleName("What changed, newest first")
        self._list.setUniformItemSizes(True)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setMouseTracking(True)
        self._list.selectionModel().currentChanged.connect(self._allow)
        self._none = EmptyState("history", "Nothing was changed yet.")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._list)
        self._stack.addWidget(self._none)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Taking back")
        self._bar.hide()
        for widget in (self._search, self._stack, self._bar):
            self.content.addWidget(widget)
        self._back = self.add_left_button("Undo back to here …", icon_name="undo-2")
        self._back.setToolTip("Take back the step in hand and all that came after it")
        self._back.setVisible(self.can_change)
        self._back.clicked.connect(self._ask)
        self._close = self.add_close_button()
        self._close.setDefault(True)
        self.set_size(_WIDTH, _HEIGHT)
        self._list.setFocus()
        self.refresh()

    def refresh(self) -> None:
        """Load the newest steps."""
        if not self.session.is_open or self._to_undo:
            return
        self._everything = None
        if self._search.text().strip():
            self._look_for(self._search.text())
        else:
            wanted = max(_AT_A_TIME, self._model.steps)
            self.session.read(list_history, wanted, done=partial(self._show, wanted), receiver=self, topic="steps")

    def reject(self) -> None:
        """Close; while steps are being taken back, stop that instead."""
        if self._to_undo and self.session.is_open:
            self._to_undo = self._undone
        else:
            super().reject()

    # The list

    def _show(self, wanted: int, steps: Sequence[HistoryStep]) -> None:
        if self._found is None:
            self._set_steps(steps, whole=len(steps) < wanted)

    def _set_steps(self, steps: Sequence[HistoryStep], *, whole: bool) -> None:
        row = self._model.row(self._list.currentIndex())
        number = row.number if isinstance(row, HistoryStep) else 0
        top = self._list.verticalScrollBar().value()
        self._model.set_steps(steps, whole=whole)
        self._stack.setCurrentIndex(0 if steps else 1)
        place = max(self._model.row_of(number), 1)
        if steps:
            self._list.setCurrentIndex(self._model.index(place))
            self._list.verticalScrollBar().setValue(top)
        self._allow()

    def _fetch(self, known: int) -> None:
        if self._found is not None:
            end = known + _AT_A_TIME
            self._model.add_steps(self._found[known:end], whole=end >= len(self._found))
        elif self.session.is_open:
            self.session.read(list_history, _AT_A_TIME, known, done=self._add, receiver=self, topic="steps")

    def _add(self, steps: Sequence[HistoryStep]) -> None:
        if self._found is None:
            self._model.add_steps(steps, whole=len(steps) < _AT_A_TIME)

    def _look_for(self, typed: str) -> None:
        words = search_words(typed)
        if not words:
            self._found = None
            self._none.set_text("Nothing was changed yet.")
            self.refresh()
        elif self._everything is None:
            self.session.read(_all_steps, done=self._know_everything, receiver=self, topic="everything")
        else:
            self._found = [step for step, said in self._everything if all(word in said for word in words)]
            self._none.set_text("Nothing of what was done is called that.")
            self._set_steps(self._found[:_AT_A_TIME], whole=len(self._found) <= _AT_A_TIME)

    def _know_everything(self, steps: list[tuple[HistoryStep, str]]) -> None:
        self._everything = steps
        self._look_for(self._search.text())

    # Taking back

    def _steps_back(self) -> list[HistoryStep]:
        """Return the steps that must be taken back for the one in hand to be, newest first; none where that cannot be.

        They are known only while the list is not narrowed.
        """
        chosen = self._model.row(self._list.currentIndex())
        if not isinstance(chosen, HistoryStep) or self._found is not None:
            return []
        if chosen.kind is not StepKind.EDIT or chosen.undone:
            return []
        rows = (self._model.row(self._model.index(row)) for row in range(self._list.currentIndex().row() + 1))
        steps = [row for row in rows if isinstance(row, HistoryStep) and row.kind is StepKind.EDIT and not row.undone]
        return [] if any(step.barrier for step in steps) else steps

    def _allow(self, *_indexes: object) -> None:
        self._back.setEnabled(not self._to_undo and bool(self._steps_back()))

    def _ask(self) -> None:
        steps = self._steps_back()
        if not steps:
            return
        if len(steps) == 1:
            self._take_back(1)
            return
        question = QuestionDialog(
            f"Take back the last {len(steps):,} steps?",
            f"The portfolio will be as it was before “{steps[-1].name}”. Until you change something else, Redo "
            "(Ctrl+Shift+Z) brings the steps back one by one.",
            f"Take {len(steps):,} steps back",
            parent=self,
        )
        question.answered.connect(lambda _answer: self._take_back(len(steps)))
        question.open()

    def _take_back(self, count: int) -> None:
        self._to_undo, self._undone = count, 0
        self._bar.setRange(0, count)
        self._bar.setValue(0)
        self._bar.setVisible(count > _UNDONE_AT_A_TIME)
        self._close.setText("Stop")
        self._allow()
        self._take_some_back()

    def _take_some_back(self) -> None:
        most = min(_UNDONE_AT_A_TIME, self._to_undo - self._undone)
        self.session.edit(undo_some, most, done=self._some_are_back, failed=self._stopped, initiator=self)

    def _some_are_back(self, names: list[str]) -> None:
        self._undone += len(names)
        self._bar.setValue(self._undone)
        if names and self._undone < self._to_undo:
            self._take_some_back()
        else:
            self._finish()

    def _stopped(self, error: BaseException) -> None:
        self._finish()
        self.show_error(error)

    def _finish(self) -> None:
        taken = self._undone
        self._to_undo = 0
        self._bar.hide()
        self._close.setText("Close")
        self.refresh()
        if taken:
            self.say(f"{'1 step was' if taken == 1 else f'{taken:,} steps were'} taken back.")


class _StepDelegate(QStyledItemDelegate):
    """Draws a day as a heading, a step as its time, its words and what became of it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """As high as any row of the house."""
        del option, index
        return QSize(200, theme.current().row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row = index.data(ROW_ROLE)
        dress = theme.current()
        area = option.rect.adjusted(4, 1, -4, -1)
        words = area.adjusted(dress.scaled(8), 0, -dress.scaled(8), 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, HistoryStep):
            self._ground(painter, area, option)
            self._step(painter, words, row)
        else:
            font = theme.body_font()
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(dress.colour("text"))
            painter.drawText(words, Qt.AlignmentFlag.AlignBottom, str(index.data()))
        painter.restore()

    def _ground(self, painter: QPainter, area: QRect, option: QStyleOptionViewItem) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.current().colour("selection" if chosen else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme.current().colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 6, 6)

    def _step(self, painter: QPainter, area: QRect, step: HistoryStep) -> None:
        dress = theme.current()
        font = theme.tabular(theme.body_font())
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(dress.colour("muted"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, middle, time_of(step))
        note = note_on(step)
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, note)
        left, right = metrics.horizontalAdvance("00:00") + dress.scaled(16), metrics.horizontalAdvance(note)
        room = area.adjusted(left, 0, -right - (dress.scaled(16) if note else 0), 0)
        painter.setPen(dress.colour("muted" if step.undone or step.kind is not StepKind.EDIT else "text"))
        shown = metrics.elidedText(what_was_done(step), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle, shown)


def _all_steps(portfolio: PortfolioFile) -> list[tuple[HistoryStep, str]]:
    """Return every step with the words by which it is found."""
    return [(step, folded(what_was_done(step))) for step in list_history(portfolio)]
