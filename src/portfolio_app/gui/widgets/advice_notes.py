"""Tips and misconceptions from a unit's guidance, beside the thing they are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from portfolio_app.domain.qualification import Guidance, GuidanceKind
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import IconLabel, MutedLabel, clear_layout

_SIGNS: Final = {GuidanceKind.TIP: "lightbulb", GuidanceKind.MISCONCEPTION: "circle-alert"}


class AdviceNotes(QWidget):
    """Shows some pieces of advice, and nothing where there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Sequence[Guidance] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S4)
        self.hide()

    def show_advice(self, pieces: Sequence[Guidance]) -> None:
        """Show these pieces, each after what it is."""
        if pieces == self._shown:
            return
        self._shown = pieces
        clear_layout(self._column)
        for piece in pieces:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(Space.S8)
            words = MutedLabel(f"{piece.kind.value.capitalize()}: {piece.text}")
            words.setTextFormat(Qt.TextFormat.PlainText)
            line.addWidget(IconLabel(_SIGNS.get(piece.kind, "info")), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(words, 1)
            self._column.addWidget(row)
        self.setVisible(bool(pieces))
