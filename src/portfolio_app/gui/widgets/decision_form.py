"""Recording what the assessor decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from PySide6.QtCore import QDate, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.coverage import CoverageState
from portfolio_app.gui import theme
from portfolio_app.gui.widgets.basics import Card, FlowLayout, MutedLabel, button, date_field
from portfolio_app.gui.widgets.due_field import DueField
from portfolio_app.services.text_input import LONGEST_LINE

_LINES: Final = 3
VERDICT_STATES: Final = {
    Verdict.MET: CoverageState.MET,
    Verdict.NOT_YET_MET: CoverageState.NOT_YET_MET,
    Verdict.MORE_NEEDED: CoverageState.MORE_NEEDED,
}


@dataclass(frozen=True, slots=True)
class DecisionGiven:
    """What is to be recorded."""

    verdict: Verdict
    by: str
    comment: str
    decided_on: date
    due: date | None


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """What was typed for a requirement and is not recorded; name and date are the same for all."""

    verdict: Verdict | None = None
    comment: str = ""
    due: date | None = None


class DecisionForm(Card):
    """The three verdicts, who, when, why, and by when the learner is to answer."""

    submitted = Signal(object)
    """A :class:`DecisionGiven`, which is to be confirmed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Record a decision", parent)
        self._choices = QButtonGroup(self)
        self._verdicts: dict[Verdict, QRadioButton] = {}
        for verdict in Verdict:
            choice = QRadioButton(f"{VERDICT_STATES[verdict].symbol}  {verdict.value.capitalize()}")
            choice.setAccessibleName(verdict.value.capitalize())
            self._choices.addButton(choice)
            self._verdicts[verdict] = choice
        self._by = QLineEdit()
        self._by.setMaxLength(LONGEST_LINE)
        self._by.setPlaceholderText("Who decided")
        self._day = date_field()
        self._comment = QPlainTextEdit()
        self._comment.setTabChangesFocus(True)
        self._comment.setPlaceholderText("What the assessor said; the learner reads it as it stands here")
        self._comment.setFixedHeight(self._comment.fontMetrics().lineSpacing() * _LINES + 18)
        self._due = DueField()
        self._record = button("Record …", "primary")
        self._record.setAutoDefault(False)
        self._missing = MutedLabel()
        self._build()
        self._choices.buttonToggled.connect(self._follow)
        self._by.textChanged.connect(self._follow)
        self._record.clicked.connect(self._submit)
        self.restore(DecisionDraft())

    @property
    def assessor(self) -> str:
        """The name that is given."""
        return self._by.text().strip()

    def set_assessor(self, name: str) -> None:
        """Give a name where none is given yet."""
        if not self._by.text():
            self._by.setText(name)

    def set_names(self, names: Sequence[str]) -> None:
        """Offer names while one is typed."""
        completer = QCompleter(list(names), self._by)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._by.setCompleter(completer)

    def focus_first(self) -> None:
        """Go to the verdicts."""
        first = self._choices.checkedButton() or self._verdicts[Verdict.MET]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_count(self, count: int) -> None:
        """Say how many requirements the decision is for."""
        self.set_title("Record a decision" if count == 1 else f"Record a decision on all {count:,}")

    def draft(self) -> DecisionDraft:
        """Return what was typed."""
        return DecisionDraft(self._verdict(), self._comment.toPlainText(), self._due.day())

    def restore(self, draft: DecisionDraft) -> None:
        """Show what was typed before, or an empty form."""
        with QSignalBlocker(self._choices):
            self._choices.setExclusive(False)
            for verdict, choice in self._verdicts.items():
                choice.setChecked(verdict is draft.verdict)
            self._choices.setExclusive(True)
        self._comment.setPlainText(draft.comment)
        self._due.set_day(draft.due)
        today = datetime.now().astimezone().date()
        latest = QDate(today.year, today.month, today.day)
        if self._day.maximumDate() != latest:
            self._day.setMaximumDate(latest)
            self._day.setDate(latest)
        self._follow()

    def _build(self) -> None:
        verdicts = QWidget()
        verdicts.setAccessibleName("Decision")
        row = FlowLayout(verdicts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for choice in self._verdicts.values():
            row.addWidget(choice)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        grid.addWidget(_label("&Assessor", self._by), 0, 0)
        grid.addWidget(self._by, 1, 0)
        grid.addWidget(_label("Decided &on", self._day), 0, 1)
        grid.addWidget(self._day, 1, 1)
        self._answer = QWidget()
        answer = QVBoxLayout(self._answer)
        answer.setContentsMargins(0, 0, 0, 0)
        answer.setSpacing(4)
        answer.addWidget(_label("To be answered &by", self._due))
        answer.addWidget(self._due)
        forever = MutedLabel("A decision is kept for good: it cannot be undone, only superseded by a later one.")
        self.body.addWidget(verdicts)
        self.body.addLayout(grid)
        self.body.addWidget(_label("&Comment", self._comment))
        self.body.addWidget(self._comment)
        self.body.addWidget(self._answer)
        self.body.addWidget(forever)
        last = QHBoxLayout()
        last.setSpacing(12)
        last.addWidget(self._record)
        last.addWidget(self._missing, 1)
        self.body.addLayout(last)

    def _verdict(self) -> Verdict | None:
        return next((verdict for verdict, choice in self._verdicts.items() if choice.isChecked()), None)

    def _follow(self, *_what: object) -> None:
        verdict = self._verdict()
        self._answer.setVisible(verdict not in (None, Verdict.MET))
        missing = "Choose the decision first." if verdict is None else "" if self.assessor else "Say who decided."
        self._missing.setText(missing)
        self._record.setEnabled(not missing)
        self._record.setAccessibleDescription(missing)

    def _submit(self) -> None:
        verdict, shown = self._verdict(), self._day.date()
        if verdict is None:
            return
        self.submitted.emit(
            DecisionGiven(
                verdict,
                self.assessor,
                self._comment.toPlainText(),
                date(shown.year(), shown.month(), shown.day()),
                None if verdict is Verdict.MET else self._due.day(),
            )
        )


def _label(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(buddy)
    buddy.setAccessibleName(text.replace("&", ""))
    theme.set_role(label, "muted")
    return label
