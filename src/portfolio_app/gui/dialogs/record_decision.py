"""Asking once more before a decision is recorded for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from portfolio_app.domain.dates import day_in_words
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.widgets.basics import MutedLabel
from portfolio_app.gui.widgets.decision_form import VERDICT_STATES, DecisionGiven

_MOST_NAMED: Final = 12


class RecordDecisionDialog(DialogFrame):
    """Says what would be recorded, on what. Enter goes back: what is recorded cannot be undone."""

    confirmed = Signal()

    def __init__(self, given: DecisionGiven, addresses: Sequence[str], parent: QWidget | None = None) -> None:
        count = len(addresses)
        where = addresses[0] if count == 1 else f"{count:,} requirements"
        super().__init__(f"Record the decision on {where}?", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        state = VERDICT_STATES[given.verdict]
        verdict = _line(f"{state.symbol}  {given.verdict.value.capitalize()}")
        theme.set_role(verdict, "section-title")
        theme.set_state(verdict, "tone", theme.state_token(state))
        self.body.addWidget(verdict)
        self.body.addWidget(_line(f"{given.by}, {day_in_words(given.decided_on)}"))
        if given.comment.strip():
            self.body.addWidget(_line(given.comment.strip()))
        if given.due is not None:
            self.body.addWidget(_line(f"To be answered by {day_in_words(given.due)}"))
        if count > 1:
            more = f" and {count - _MOST_NAMED:,} more" if count > _MOST_NAMED else ""
            self.body.addWidget(_line(f"On {', '.join(addresses[:_MOST_NAMED])}{more}"))
        self.body.addWidget(MutedLabel("It is kept for good: it cannot be undone, only superseded by a later one."))
        self.body.addStretch(1)
        back = self.add_button("Go back", default=True)
        back.clicked.connect(self.reject)
        record = self.add_button("Record for good", "primary")
        record.clicked.connect(self._confirm)
        self.resize(theme.current().scaled(480), self.sizeHint().height())
        back.setFocus()

    def _confirm(self) -> None:
        self.accept()
        self.confirmed.emit()


def _line(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
