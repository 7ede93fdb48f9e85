"""A few facts, each beside what it is called."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import clear_layout


class FactList(QWidget):
    """Facts that can be selected and copied; a continued line is called nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.S16)
        self._grid.setVerticalSpacing(Space.S4)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show other facts: pairs of what each is called and what it is."""
        clear_layout(self._grid)
        for row, (word, fact) in enumerate(facts):
            called, said = QLabel(word), QLabel(fact)
            theme.set_role(called, "field")
            said.setWordWrap(True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            for label in (called, said):
                label.setTextFormat(Qt.TextFormat.PlainText)
            self._grid.addWidget(called, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(said, row, 1)
