"""What an assessor sent back, beside what is recorded: looked at, ticked, and accepted for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.review import JUDGEMENTS
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.models.records import Column, TickedRecordModel
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import Banner, MutedLabel
from portfolio_app.gui.widgets.decision_form import VERDICT_STATES
from portfolio_app.gui.widgets.record_table import TickedTable
from portfolio_app.gui.widgets.upright_area import UprightArea
from portfolio_app.services.review_comparison import AnswerState, ReviewAnswer, ReviewComparison, ReviewJudgement
from portfolio_app.services.text_input import LONGEST_LINE

_Row: TypeAlias = ReviewAnswer | ReviewJudgement

_WIDTH, _HEIGHT = 980, 700
_WIDTHS = 150, 190, 190  # of the first columns; the whole of what they say stands below the table
_STATES: Final = {
    AnswerState.NEW: ("plus", "accent", "New"),
    AnswerState.RECORDED: ("check", "muted", "Recorded already"),
    AnswerState.DIFFERS: ("triangle-alert", "claimed", "Differs"),
    AnswerState.COMMENT: ("message-square", "proof", "Comment only"),
    AnswerState.UNCLEAR: ("circle-question-mark", "claimed", "Unclear"),
    AnswerState.GONE: ("x", "not_yet", "Not here any more"),
}


class ReviewAnswersDialog(DialogFrame):
    """A returned copy: who answered and when, what speaks against it, and each answer with a tick.

    Enter closes it: what is accepted cannot be undone.
    """

    accepted_answers = Signal(frozenset, str)
    """The labels that are ticked, and who decided where the form does not say so."""

    def __init__(self, comparison: ReviewComparison, parent: QWidget | None = None, *, can_accept: bool) -> None:
        who = f"{comparison.by}’s review" if comparison.by else "A review without a name"
        super().__init__(who, parent, says=_about(comparison))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._comparison = comparison
        self._can_accept = can_accept and bool(comparison.acceptable)
        self._model = TickedRecordModel(
            _columns(), lambda row: row.label, lambda row: self._can_accept and row.is_acceptable, self
        )
        self.table: TickedTable[_Row] = TickedTable(self._model, "Answers", wide=4, widths=_WIDTHS)
        self._name = QLineEdit()
        self._detail = QLabel()
        self._build()
        self._model.set_records(comparison.everything)
        self._model.set_ticked(comparison.acceptable)
        self._model.ticked_changed.connect(self._follow)
        self.table.chosen.connect(self._show_detail)
        self._name.textChanged.connect(self._follow)
        if comparison.everything:
            self.table.choose([comparison.everything[0].label])
        self._follow()
        self.set_size(_WIDTH, _HEIGHT)
        (self.table if comparison.everything else self._close).setFocus()

    def ticked(self) -> frozenset[str]:
        """Return the labels of what would be accepted."""
        return frozenset(str(key) for key in self._model.ticked())

    # Building

    def _build(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.S8, 0)
        column.setSpacing(Space.S8)
        for sentence in self._comparison.warnings:
            column.addWidget(Banner(sentence, "warning"))
        for sentence in self._comparison.notes:
            column.addWidget(_words(MutedLabel(sentence)))
        if not self._comparison.by and self._can_accept:
            label = QLabel("Who &decided")
            label.setBuddy(self._name)
            self._name.setAccessibleName("Who decided")
            self._name.setMaxLength(LONGEST_LINE)
            self._name.setPlaceholderText("The form does not say; ask the assessor")
            column.addWidget(label)
            column.addWidget(self._name)
        rows = len(self._comparison.everything)
        if rows:
            self.table.show_rows(rows)
            self._detail.setTextFormat(Qt.TextFormat.PlainText)
            self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._detail.setAlignment(Qt.AlignmentFlag.AlignTop)
            column.addWidget(self.table, 1)
            column.addWidget(_words(self._detail))
        else:
            column.addStretch(1)
        area = UprightArea()
        area.setWidget(inside)
        self.body.addWidget(area, 1)
        if self._can_accept:
            self.body.addWidget(
                _words(MutedLabel("What you accept is kept for good: it cannot be undone, only superseded."))
            )
        self._all = self.add_left_button("Tick none")
        self._all.setVisible(self._can_accept and len(self._comparison.acceptable) > 1)
        self._all.clicked.connect(self._tick_all_or_none)
        self._close = self.add_button("Cancel" if self._can_accept else "Close", default=True)
        self._close.clicked.connect(self.reject)
        self._accept = self.add_button("Accept", "primary")
        self._accept.clicked.connect(self._take)
        self._accept.setVisible(self._can_accept)

    # What is shown

    def _show_detail(self) -> None:
        chosen = self.table.chosen_records()
        self._detail.setText("\n".join(_in_full(chosen[0])) if chosen else "")

    def _follow(self) -> None:
        count = len(self.ticked())
        self._accept.setText(f"Accept {count:,} {'answer' if count == 1 else 'answers'}" if count else "Accept")
        self._all.setText("Tick none" if count else "Tick all")
        is_named = bool(self._comparison.by or self._name.text().strip())
        self._accept.setEnabled(bool(count) and is_named)

    def _tick_all_or_none(self) -> None:
        self._model.set_ticked(() if self.ticked() else self._comparison.acceptable)

    def _take(self) -> None:
        ticked, name = self.ticked(), self._name.text().strip()
        self.accept()
        self.accepted_answers.emit(ticked, name)


def _columns() -> Sequence[Column[_Row]]:
    return (
        Column("About", _subject),
        Column("The form says", _said, tone=lambda row: _tone(row.verdict) if isinstance(row, ReviewAnswer) else ""),
        Column("Recorded now", _recorded, tone=_tone_of_recorded),
        Column(
            "Here",
            lambda row: _STATES[row.state][2],
            icon=lambda row: _STATES[row.state][0],
            tone=lambda row: _STATES[row.state][1],
        ),
        Column("Details", _in_short),
    )


def _subject(row: _Row) -> str:
    return row.address if isinstance(row, ReviewAnswer) else f"{row.ref} {row.title}".strip()


def _said(row: _Row) -> str:
    if isinstance(row, ReviewAnswer):
        return _in_words(row.verdict) if row.verdict else "–"
    return _listed(row.ticked)


def _recorded(row: _Row) -> str:
    if isinstance(row, ReviewAnswer):
        return _in_words(row.recorded.verdict) if row.recorded else "–"
    return _listed([word for word in JUDGEMENTS if row.recorded and getattr(row.recorded, word)])


def _listed(words: Sequence[str]) -> str:
    """Name the words of a judgement: all of them by their usual name, which is shorter."""
    return "All five (VARCS)" if len(words) == len(JUDGEMENTS) else ", ".join(words).capitalize() or "–"


def _in_words(verdict: Verdict) -> str:
    return f"{VERDICT_STATES[verdict].symbol}  {verdict.value.capitalize()}"


def _tone(verdict: Verdict | None) -> str:
    return theme.state_token(VERDICT_STATES[verdict]) if verdict else ""


def _tone_of_recorded(row: _Row) -> str:
    return _tone(row.recorded.verdict) if isinstance(row, ReviewAnswer) and row.recorded else ""


def _in_short(row: _Row) -> str:
    """Return what an answer means in a line: what was written, else what is to be known of it."""
    parts = [f"“{' '.join(row.comment.split())}”"] if isinstance(row, ReviewAnswer) and row.comment else []
    if row.changed:
        parts.append(f"changed since: {', '.join(row.changed)}")
    return " · ".join(parts) or (row.says if row.state is not AnswerState.NEW else "")


def _in_full(row: _Row) -> list[str]:
    """Return all that there is to say of an answer, a paragraph each."""
    parts = [f"{_subject(row)}  {row.text}".strip() if isinstance(row, ReviewAnswer) else _subject(row)]
    if isinstance(row, ReviewAnswer) and row.comment:
        parts.append(f"“{row.comment}”")
    parts.append(row.says)
    if row.changed:
        parts.append(f"Changed since the copy was made: {', '.join(row.changed)}.")
    return parts


def _about(comparison: ReviewComparison) -> str:
    day = comparison.decided_on
    parts = [comparison.role, day_in_words(day) if day else "recorded with today’s date"]
    return " · ".join([*filter(None, parts), f"“{comparison.copy.name}”"])


def _words(label: QLabel) -> QLabel:
    label.setWordWrap(True)
    return label
