"""How the assessor judges an item: valid, authentic, reliable, current, sufficient."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import Judgement
from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import FlowLayout, MutedLabel, SegmentedControl
from portfolio_app.gui.widgets.form.date_fields import DateLine
from portfolio_app.gui.widgets.form.person_field import KnownWords, complete
from portfolio_app.gui.widgets.form.text_change import change_line
from portfolio_app.gui.widgets.form.value_editor import ValueEditor
from portfolio_app.services.text_input import day, line

_QUESTIONS: Final = {
    "valid": ("Valid", "It is about what the criterion asks."),
    "authentic": ("Authentic", "It is the learner’s own work."),
    "reliable": ("Reliable", "Another assessor would judge it alike."),
    "current": ("Current", "The learner can still do it."),
    "sufficient": ("Sufficient", "There is enough of it."),
}
_OPEN: Final = "open"
_ANSWERS: Final = {"yes": True, "no": False, _OPEN: None}
_NAME_WIDTH: Final = 260


class JudgementField(ValueEditor):
    """Five answers, who gave them and when. The value is a :class:`Judgement`, or ``None`` while nothing is said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people = KnownWords(self)
        self._usual_assessor = ""
        self.answers = {
            name: SegmentedControl(
                [("yes", "Yes"), ("no", "No"), (_OPEN, "Not judged")], accessible_name=f"{title}: {meaning}"
            )
            for name, (title, meaning) in _QUESTIONS.items()
        }
        self.by = QLineEdit()
        self.by.setAccessibleName("Judged by")
        self.by.setPlaceholderText("The assessor’s name")
        self.on = DateLine("Judged on")
        complete(self.by, self._people).activated.connect(self._typed)
        self.by.textEdited.connect(self._typed)
        self.on.edited.connect(self._typed)
        self.on.day_picked.connect(self.flush)
        self._watch(self.by, self.on.line)
        for name, answer in self.answers.items():
            answer.set_current(_OPEN)
            answer.changed.connect(self._answered)
            for segment in answer.findChildren(QPushButton):
                segment.setAccessibleName(f"{_QUESTIONS[name][0]}: {segment.text()}")
        self._build()

    def set_people(self, names: list[str], usual_assessor: str = "") -> None:
        """Offer these names for the assessor; the usual one is filled in with the first answer."""
        self._people.set_words(names)
        self._usual_assessor = usual_assessor

    def value(self) -> Judgement | None:
        """Return the judgement; where it cannot be stored, the last one that could."""
        try:
            judgement = self._read()
        except InvalidInput:
            latest: Judgement | None = self._latest()
            return latest
        return None if judgement == Judgement() else judgement

    def problem(self) -> str:
        """Return what is missing or cannot be read."""
        try:
            self._read()
        except InvalidInput as error:
            return str(error)
        return ""

    def has_unstored(self) -> bool:
        """Whether what is shown cannot be stored."""
        return bool(self.problem())

    def draft(self) -> object:
        """Return what is on the screen if it cannot be stored."""
        if not self.has_unstored():
            return None
        return {name: answer.current for name, answer in self.answers.items()}, self.by.text(), self.on.text()

    def restore(self, draft: object) -> None:
        """Show such a draft again."""
        if isinstance(draft, tuple):
            answers, by, on = draft
            for name, answer in answers.items():
                self.answers[name].set_current(answer)
            self.by.setText(by)
            self.on.set_text(on)
            self._show_problem(self._hint())

    def focus(self) -> None:
        """Put the keyboard onto the first answer."""
        for segment in self.answers["valid"].findChildren(QPushButton):
            if segment.isChecked():
                segment.setFocus()

    def set_read_only(self, read_only: bool) -> None:
        """Let the judgement be read but not changed."""
        for answer in self.answers.values():
            answer.setEnabled(not read_only)
        self.by.setReadOnly(read_only)
        self.on.set_read_only(read_only)

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.S16)
        grid.setVerticalSpacing(Space.S8)
        grid.setColumnStretch(1, 1)
        for row, (name, (title, meaning)) in enumerate(_QUESTIONS.items()):
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(QLabel(title))
            words.addWidget(MutedLabel(meaning))
            grid.addWidget(self.answers[name], row, 0)
            grid.addLayout(words, row, 1)
        signed = QWidget()
        flow = FlowLayout(signed)
        flow.addWidget(_labelled("Judged by", self.by))
        flow.addWidget(_labelled("Judged on", self.on))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S12)
        column.addLayout(grid)
        column.addWidget(signed)
        theme.notifier().changed.connect(self._size)
        self._size()

    def _size(self) -> None:
        self.by.setFixedWidth(theme.current().scaled(_NAME_WIDTH))

    def _read(self) -> Judgement:
        answers = {name: _ANSWERS[answer.current] for name, answer in self.answers.items()}
        by = line(self.by.text(), "The assessor’s name")
        on: date | None = None
        if self.on.text():
            try:
                on = day(self.on.text())
            except InvalidInput as error:
                raise InvalidInput(f"“Judged on”: {error}") from None
        if not by and (on or any(answer is not None for answer in answers.values())):
            raise InvalidInput("The assessor’s name is missing; say who judged it.")
        return Judgement(**answers, by=by, on=on)

    def _load(self, value: Any, *, anew: bool) -> None:
        del anew
        judgement: Judgement = value or Judgement()
        words = {said: word for word, said in _ANSWERS.items()}
        for name, answer in self.answers.items():
            answer.set_current(words[getattr(judgement, name)])
        change_line(self.by, judgement.by)
        self.on.set_text(day_in_words(judgement.on) if judgement.on else "")

    def _answered(self) -> None:
        if not self.by.text().strip():
            self.by.setText(self._usual_assessor)
        self._touched_for_good()

    def _typed(self) -> None:
        self._touched()


def _labelled(label: str, field: QWidget) -> QWidget:
    part = QWidget()
    words = QLabel(label)
    words.setBuddy(field)
    theme.set_role(words, "muted")
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(words)
    column.addWidget(field)
    return part
