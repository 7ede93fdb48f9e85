"""What the front sheet says, and the learner's declaration that the work is their own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, Qt, QTimer
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.portfolio import PortfolioDetails
from portfolio_app.exporting.wording import load_wording
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.portfolio_dialog import PortfolioDialog
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.shared_spelling import shared_spelling
from portfolio_app.gui.widgets.basics import Banner, Card, MutedLabel, Section, button, date_field
from portfolio_app.gui.widgets.form.date_fields import DateLine
from portfolio_app.gui.widgets.prose_editor import ProseEditor
from portfolio_app.gui.widgets.upright_area import ScrolledColumn
from portfolio_app.services.portfolios import (
    DetailsGiven,
    changed_since_signing,
    declare,
    note_ai_use,
    set_details,
    withdraw_declaration,
)
from portfolio_app.services.text_input import day

if TYPE_CHECKING:
    from portfolio_app.domain.changes import Changes
    from portfolio_app.gui.main_window import MainWindow

_WIDTH, _HEIGHT = 680, 700
_PROFILE_HEIGHT: Final = 200
_ANSWER_LINES: Final = 4
_KEPT_AFTER_MS: Final = 800
_NONE_USED: Final = "I used no tool based on AI."
_MEANING: Final = (
    "To sign means that you say this yourself: exports print your name and the day below it. It does not replace a "
    "signature on paper where your centre asks for one."
)


class DetailsDialog(PortfolioDialog):
    """Learner, qualification, centre and dates, saved together; nothing typed is lost where something is refused."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window, "Portfolio details", says="This is what the front sheet of the portfolio says.")
        self._shown: dict[str, str] = {}
        self._lines = {
            name: QLineEdit()
            for name in (
                "learner",
                "learner_number",
                "email",
                "qualification",
                "qualification_number",
                "awarding_body",
                "level",
                "centre",
            )
        }
        self._dates = {"started_on": DateLine("Start"), "planned_end": DateLine("Planned end")}
        self._problems = {name: _problem() for name in ("learner", *self._dates)}
        self._profile = ProseEditor(spelling=shared_spelling(window))
        self._profile.setAccessibleName("About you")
        self._profile.set_placeholder("Your job, your employer, your experience. Exports print it before the units.")
        self._profile.setMinimumHeight(theme.current().scaled(_PROFILE_HEIGHT))
        self._build()
        self._show(self.session.details)
        self.session.commit_requested.connect(self._keep)
        self.set_size(_WIDTH, _HEIGHT)
        self._lines["learner"].setFocus()

    def on_changes(self, changes: Changes) -> None:
        """Show what was changed meanwhile, unless something was typed."""
        if changes.details and not self._typed():
            self._show(self.session.details)

    def reject(self) -> None:
        """Close; what was typed and not saved is asked about."""
        if not self.can_change or not self._typed():
            super().reject()
            return
        save, leave = "Save the details", "Close without saving"
        question = QuestionDialog(
            "Save what you changed?", "It is not saved yet.", leave, save, parent=self, no="Go on typing"
        )
        question.answered.connect(lambda answer: self._save() if answer == save else self.done(0))
        question.open()

    # Building

    def _build(self) -> None:
        lines, dates = self._lines, self._dates
        self._page = ScrolledColumn()
        self.content.addWidget(self._page)
        column = self._page.column
        you, qualification, centre = Section("You"), Section("Qualification"), Section("Centre and dates")
        grid = _grid(you)
        _put(grid, (0, 0), "Your &name", lines["learner"], self._problems["learner"])
        _put(grid, (0, 1), "&Learner number", lines["learner_number"])
        _put(grid, (3, 0), "&E-mail address", lines["email"], span=2)
        _put(grid, (6, 0), "A&bout you", self._profile, span=2)
        grid = _grid(qualification)
        _put(grid, (0, 0), "&Qualification", lines["qualification"], span=2)
        _put(grid, (3, 0), "N&umber", lines["qualification_number"])
        _put(grid, (3, 1), "Le&vel", lines["level"])
        _put(grid, (6, 0), "A&warding body", lines["awarding_body"], span=2)
        grid = _grid(centre)
        _put(grid, (0, 0), "&Centre or college", lines["centre"], span=2)
        _put(grid, (3, 0), "S&tart", dates["started_on"], self._problems["started_on"])
        _put(grid, (3, 1), "&Planned end", dates["planned_end"], self._problems["planned_end"])
        for section in (you, qualification, centre):
            column.addWidget(section)
        column.addStretch(1)
        if not self.can_change:
            for line in lines.values():
                line.setReadOnly(True)
            for date_line in dates.values():
                date_line.set_read_only(True)
            self._profile.set_read_only(True)
            self.add_close_button().setDefault(True)
            return
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self._save_button = self.add_button("Save the details", "primary", default=True)
        self._save_button.clicked.connect(self._save)

    # Values

    def _show(self, details: PortfolioDetails) -> None:
        learner, qualification = details.learner, details.qualification
        self._lines["learner"].setText(learner.name)
        self._lines["learner_number"].setText(learner.number)
        self._lines["email"].setText(learner.email)
        self._profile.set_markdown(learner.profile)
        self._lines["qualification"].setText(qualification.title)
        self._lines["qualification_number"].setText(qualification.number)
        self._lines["awarding_body"].setText(qualification.awarding_body)
        self._lines["level"].setText(qualification.level)
        self._lines["centre"].setText(details.centre)
        for name, known in (("started_on", details.started_on), ("planned_end", details.planned_end)):
            self._dates[name].line.setText(day_in_words(known) if known else "")
        self._shown = self._values()
        for line in self._lines.values():
            line.setCursorPosition(0)

    def _values(self) -> dict[str, str]:
        values = {name: line.text() for name, line in self._lines.items()}
        values |= {name: line.text() for name, line in self._dates.items()}
        return {**values, "profile": self._profile.markdown()}

    def _typed(self) -> dict[str, str]:
        return {name: value for name, value in self._values().items() if value != self._shown[name]}

    def _check(self) -> bool:
        """Say beside a field what is wrong with it; return whether nothing is."""
        found = dict.fromkeys(self._problems, "")
        if not self._lines["learner"].text().strip():
            found["learner"] = "A portfolio needs the name of its learner."
        for name, field in self._dates.items():
            if field.text():
                try:
                    day(field.text())
                except InvalidInput as error:
                    found[name] = str(error)
        lines = {"learner": self._lines["learner"]} | {name: field.line for name, field in self._dates.items()}
        wrong = [name for name, sentence in found.items() if sentence]
        for name, label in self._problems.items():
            label.setText(found[name])
            label.setVisible(bool(found[name]))
            theme.set_state(lines[name], "invalid", bool(found[name]))
            lines[name].setAccessibleDescription(found[name])
        if wrong:
            lines[wrong[0]].setFocus()
            self._page.ensureWidgetVisible(self._problems[wrong[0]])
        return not wrong

    # Saving

    def _save(self) -> None:
        self.show_problem("")
        typed = self._typed()
        if not typed:
            self.done(1)
        elif self._check():
            self._save_button.setEnabled(False)
            self.session.edit(set_details, DetailsGiven(**typed), done=self._saved, failed=self._refused)

    def _saved(self, _details: PortfolioDetails) -> None:
        self.window_.toast("The details were saved.", undo=True)
        self.done(1)

    def _refused(self, error: BaseException) -> None:
        self._save_button.setEnabled(True)
        self.show_error(error)

    def _keep(self) -> None:
        """Save what can be saved, before the portfolio is closed or a step taken back."""
        if self.can_change and (typed := self._typed()) and self._check():
            self._shown = self._values()
            self.session.edit(set_details, DetailsGiven(**typed))


class DeclarationDialog(PortfolioDialog):
    """The declaration of authenticity as exports print it: the question on AI, and the learner's signature."""

    def __init__(self, window: MainWindow) -> None:
        words = load_wording("en-GB")
        super().__init__(window, words("declaration.title"))
        self._words = words
        self._saved_answer = ""
        self._text = _paragraph("")
        self._text.setFont(theme.prose_font())
        self._state = Banner("", "info")
        self._answer = QPlainTextEdit()
        self._answer.setTabChangesFocus(True)
        self._answer.setPlaceholderText("For example: “ChatGPT, to correct the English of E4; I checked every figure.”")
        self._answer.setFixedHeight(self._answer.fontMetrics().lineSpacing() * _ANSWER_LINES + 18)
        self._answer.textChanged.connect(self._typed)
        shared_spelling(window).attach_to(self._answer)
        self._none_used = button("I used none", "link")
        self._none_used.clicked.connect(self._use_none)
        self._name = QLineEdit()
        self._name.setPlaceholderText("Type your name")
        self._name.textChanged.connect(self._allow)
        self._day = date_field()
        self._day.setMaximumDate(QDate.currentDate())
        self._day.setDate(QDate.currentDate())
        self._pause = QTimer(self, singleShot=True, interval=_KEPT_AFTER_MS)
        self._pause.timeout.connect(self._keep_answer)
        self._build()
        self.session.commit_requested.connect(self._keep_answer)
        self.finished.connect(self._keep_answer)
        self.set_size(_WIDTH, _HEIGHT)
        self.refresh()
        if self._unsigned.isVisibleTo(self):
            (self._name if self._answer.toPlainText() else self._answer).setFocus()

    def refresh(self) -> None:
        """Show what is answered and signed."""
        if not self.session.is_open:
            return
        details = self.session.details
        declared = details.declaration
        signed = bool(declared.signed_by)
        self._text.setText(self._words("declaration.learner", name=details.learner.name))
        if not self._pause.isActive():
            self._saved_answer = declared.ai_use
            if self._answer.toPlainText() != declared.ai_use:
                self._answer.setPlainText(declared.ai_use)
                self._pause.stop()
        self._answer.setReadOnly(signed or not self.can_change)
        self._unsigned.setVisible(not signed and self.can_change)
        self._sign.setVisible(not signed and self.can_change)
        self._withdraw.setVisible(signed and self.can_change)
        self._show_state(changed=0)
        if signed:
            self.session.read(changed_since_signing, done=self._show_changed, receiver=self, topic="changed")
        self._allow()

    # Building

    def _build(self) -> None:
        page = ScrolledColumn()
        self.content.addWidget(page)
        column = page.column
        column.addWidget(self._state)
        card = Card()
        card.body.addWidget(self._text)
        column.addWidget(card)
        question = Section(self._words("declaration.ai_title"))
        asked = _paragraph(self._words("declaration.ai_question"))
        asked.setBuddy(self._answer)
        self._answer.setAccessibleName(asked.text())
        question.body.addWidget(asked)
        question.body.addWidget(self._answer)
        question.body.addWidget(self._none_used, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(question)
        self._unsigned = Section("Sign")
        row = QHBoxLayout()
        row.setSpacing(16)
        for text, field, stretch in (("Your &name", self._name, 1), ("&Date", self._day, 0)):
            label = QLabel(text)
            label.setBuddy(field)
            one = QVBoxLayout()
            one.setSpacing(4)
            one.addWidget(label)
            one.addWidget(field)
            row.addLayout(one, stretch)
        self._unsigned.body.addLayout(row)
        meaning = MutedLabel(_MEANING)
        meaning.setWordWrap(True)
        self._unsigned.body.addWidget(meaning)
        column.addWidget(self._unsigned)
        column.addStretch(1)
        self._withdraw = self.add_left_button("Withdraw the signature")
        self._withdraw.clicked.connect(self._take_back)
        self._sign = self.add_button("Sign the declaration", "primary", icon_name="pen-line")
        self._sign.clicked.connect(self._put_name)
        self.add_close_button().setDefault(True)

    def _show_changed(self, changed: int) -> None:
        self._show_state(changed=changed)

    def _show_state(self, *, changed: int) -> None:
        declared = self.session.details.declaration
        if not declared.signed_by:
            self._state.set_message("It is not signed yet.", "warning")
            return
        on = f" on {day_in_words(declared.signed_on)}" if declared.signed_on else ""
        signed = f"Signed by {declared.signed_by}{on}."
        if changed:
            steps = "One thing has" if changed == 1 else f"{changed:,} things have"
            self._state.set_message(
                f"{signed} {steps} been changed in the portfolio since; sign anew before you hand it in.", "warning"
            )
        else:
            self._state.set_message(f"{signed} To change anything here, withdraw the signature.", "success")

    # What is typed

    def _typed(self) -> None:
        if self._answer.toPlainText().strip() != self._saved_answer:
            self._pause.start()
        self._allow()

    def _allow(self) -> None:
        answered = bool(self._answer.toPlainText().strip())
        self._none_used.setVisible(not answered and not self._answer.isReadOnly())
        self._sign.setEnabled(answered and bool(self._name.text().strip()))
        self._sign.setToolTip("" if answered else "Answer the question on AI first")

    def _use_none(self) -> None:
        self._answer.setPlainText(_NONE_USED)
        self._name.setFocus()

    def _keep_answer(self) -> None:
        self._pause.stop()
        answer = self._answer.toPlainText().strip()
        if self.can_change and not self._answer.isReadOnly() and answer != self._saved_answer:
            self._saved_answer = answer
            self.session.edit(note_ai_use, answer, failed=self.show_error)

    def _put_name(self) -> None:
        self.show_problem("")
        self._pause.stop()
        shown = self._day.date()
        answer = self._answer.toPlainText()
        self._saved_answer = answer.strip()
        self.session.edit(
            declare,
            ai_use=answer,
            signed_by=self._name.text(),
            signed_on=date(shown.year(), shown.month(), shown.day()),
            done=lambda _: self.say("The declaration is signed.", undo=True),
            failed=self.show_error,
        )

    def _take_back(self) -> None:
        self._name.clear()
        self.session.edit(
            withdraw_declaration,
            done=lambda _: self.say("The signature was withdrawn.", undo=True),
            failed=self.show_error,
        )


def _grid(section: Section) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    for column in (0, 1):
        grid.setColumnStretch(column, 1)
    section.body.addLayout(grid)
    return grid


def _put(
    grid: QGridLayout,
    place: tuple[int, int],
    text: str,
    field: QWidget,
    problem: QLabel | None = None,
    *,
    span: int = 1,
) -> None:
    row, column = place
    label = QLabel(text)
    label.setBuddy(field)
    label.setContentsMargins(0, 6 if row else 0, 0, 0)
    grid.addWidget(label, row, column, 1, span)
    grid.addWidget(field, row + 1, column, 1, span)
    if problem is not None:
        grid.addWidget(problem, row + 2, column, 1, span)


def _problem() -> QLabel:
    label = _paragraph("")
    theme.set_role(label, "error")
    label.hide()
    return label


def _paragraph(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
