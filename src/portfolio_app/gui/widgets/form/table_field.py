"""A table field: its rows, the buttons for them, and the charts drawn from them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QTextEdit, QToolButton, QVBoxLayout, QWidget

from portfolio_app.domain.evidence import FieldDefinition
from portfolio_app.gui.models.table_rows import CellProblem, TableRowsModel
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import button, icon_button
from portfolio_app.gui.widgets.form.chart_view import ChartsPanel
from portfolio_app.gui.widgets.form.person_field import KnownWords
from portfolio_app.gui.widgets.form.rows_view import COMMANDS, RowsView
from portfolio_app.gui.widgets.form.value_editor import ValueEditor

_ICONS = {
    "insert": "list-plus",
    "duplicate": "copy",
    "up": "arrow-up",
    "down": "arrow-down",
    "delete": "trash-2",
}
_REDRAW_AFTER = 120
_TOLD = 3


class TableEditor(ValueEditor):
    """Repeatable rows. The value is a tuple of rows, each a mapping from column to text."""

    text_edit_opened = Signal(QTextEdit)
    """A text in a cell is being edited; its spelling can be looked at."""

    def __init__(self, definition: FieldDefinition, people: KnownWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.definition = definition
        self.model = TableRowsModel(definition, self)
        self.view = RowsView(self.model, people)
        self.view.text_edit_opened.connect(self.text_edit_opened)
        self.view.refused.connect(self._say)
        self.set_entry(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S4)
        column.addWidget(self.view)
        self._bar = QWidget()
        self._buttons: list[QToolButton] = []
        column.addWidget(self._bar)
        self._fill_bar()
        self.charts: ChartsPanel | None = None
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(_REDRAW_AFTER)
        if definition.chart:
            self.charts = ChartsPanel(definition)
            column.addWidget(self.charts)
            self._redraw.timeout.connect(self._draw_charts)
            self.model.modelReset.connect(self._draw_charts)
            self._draw_charts()
        self._refused = ""
        self.model.edited.connect(self._edited)
        self.view.selectionModel().selectionChanged.connect(self._enable_buttons)
        self.view.selectionModel().currentChanged.connect(self._enable_buttons)
        self._watch(self.view)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)
        self._focus_moved(None, None)

    def value(self) -> Any:
        """Return the rows that can be stored."""
        return self.model.rows()

    def problem(self) -> str:
        """Return which cells do not fit, and why."""
        return _told(self.model.problems())

    def has_unstored(self) -> bool:
        """Whether a cell cannot be stored at all."""
        return any(problem.unstored for problem in self.model.problems())

    def is_empty(self) -> bool:
        """Whether nothing has been typed into the table."""
        return not self.model.rows() and not self.model.problems()

    def focus(self) -> None:
        """Put the keyboard onto the first empty row."""
        self.view.begin()

    def set_read_only(self, read_only: bool) -> None:
        """Let the rows be read and copied but not changed."""
        self.model.set_read_only(read_only)
        self._bar.setVisible(not read_only)

    def _load(self, value: Any, *, anew: bool) -> None:
        del anew
        current = self.view.currentIndex()
        at = (current.row(), current.column())
        self.model.set_rows(value if isinstance(value, tuple) else ())
        if self.view.hasFocus() and at[0] >= 0:
            self.view.setCurrentIndex(self.model.index(min(at[0], self.model.row_total()), at[1]))
        self._enable_buttons()

    def _hint(self) -> str:
        return self._refused or super()._hint()

    def _edited(self) -> None:
        self._refused = ""
        if self.charts is not None:
            self._redraw.start()
        self._touched()
        self._enable_buttons()

    def _say(self, sentence: str) -> None:
        self._refused = sentence
        self._show_problem(sentence)

    def _draw_charts(self) -> None:
        if self.charts is not None:
            self.charts.show_rows(self.model.typed_rows())

    def _fill_bar(self) -> None:
        self._row = row = QHBoxLayout(self._bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        words, keys = COMMANDS["add"]
        self.add_button = button(words, "quiet", "plus")
        self.add_button.setToolTip(f"{words} ({keys.replace('Return', 'Enter')})")
        self.add_button.setAccessibleName(f"{words} to {self.definition.label}")
        self.add_button.clicked.connect(self._pressed)
        self.add_button.setProperty("command", "add")
        row.addWidget(self.add_button)
        row.addStretch(1)

    def _make_buttons(self) -> None:
        """Make the buttons for rows when they are first needed: a page may have many tables."""
        for command, icon_name in _ICONS.items():
            words, keys = COMMANDS[command]
            one = icon_button(icon_name, f"{words} ({keys.replace('Return', 'Enter')})", self._bar)
            one.setProperty("command", command)
            one.clicked.connect(self._pressed)
            self._row.addWidget(one)
            self._buttons.append(one)
        self._enable_buttons()

    def _pressed(self) -> None:
        pressed = self.sender()
        if pressed is not None:
            self.view.perform(str(pressed.property("command")))

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Show what can be done with rows only while the keyboard is in the table."""
        within = now is not None and (now is self or self.isAncestorOf(now))
        if within and not self._buttons:
            self._make_buttons()
        for one in self._buttons:
            one.setVisible(within)

    def _enable_buttons(self) -> None:
        first, last = self.view.rows_in_hand()
        for one in self._buttons:
            command = one.property("command")
            one.setEnabled(
                first >= 0
                and not (command == "up" and first == 0)
                and not (command == "down" and last == self.model.row_total() - 1)
            )


def _told(problems: list[CellProblem]) -> str:
    told = [f"Row {problem.row + 1}: {problem.sentence}" for problem in problems[:_TOLD]]
    if len(problems) > _TOLD:
        told.append(f"There are {len(problems) - _TOLD} more cells like this.")
    return " ".join(told)
