"""Looking through a unit before it is stored: one that was imported, is written by hand, or is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeySequence, QShortcut, QShowEvent, QTextBlock, QTextCursor, QTextFormat
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.qualification import Unit
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.models.unit_draft_model import Column, UnitDraftModel
from portfolio_app.gui.session import Session
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import MutedLabel, Section, button
from portfolio_app.gui.widgets.draft_grid import DraftGrid
from portfolio_app.services.unit_checking import UnitIsThere
from portfolio_app.services.unit_drafts import DraftRow, Remark, UnitDraft, unit_of
from portfolio_app.services.unit_editing import Consequences, edit_consequences, edit_unit
from portfolio_app.services.units import insert_units

_WIDTH: Final = 1240
_HEIGHT: Final = 760
_LEAST_HEIGHT: Final = 480
_SOURCE_WIDTH: Final = 320
_SYNOPSIS_LINES: Final = 4
_SOURCE_LABEL: Final = "Text that it was read from"


class UnitReviewDialog(DialogFrame):
    """The head of a unit, its rows in the review grid, and the text that they were read from beside it.

    Args:
        session: The portfolio that it is stored in.
        draft: The unit on its way in, or one of the portfolio that is changed.
        parent: The widget that it is shown over.
        is_stored: Whether the unit is in the portfolio and is changed.
        newer_of: The code of the unit that this is a newer version of; nothing is stored here then.
        place: Where it stands among several that were imported, such as “2 of 3”.
    """

    stored = Signal(object)
    """The :class:`Unit` as it is in the portfolio now."""
    reviewed = Signal(object)
    """The :class:`UnitDraft` of a newer version, which is to be compared."""
    is_there = Signal(str, object)
    """A unit of this code has that title or reference; the :class:`UnitDraft` is to make it a newer version."""
    skipped = Signal()
    """It is not to be stored; the next one is to be looked at."""

    def __init__(
        self,
        session: Session,
        draft: UnitDraft,
        parent: QWidget | None = None,
        *,
        is_stored: bool = False,
        newer_of: str = "",
        place: str = "",
    ) -> None:
        what = f"the newer version of {newer_of}" if newer_of else "the unit"
        title = f"Edit {draft.unit.code}" if is_stored else f"Review {what}{f' ({place})' if place else ''}"
        super().__init__(title, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._is_stored = is_stored
        self._newer_of = newer_of
        self._begun = draft
        self._is_storing = False
        self._remark = -1
        self._splitter: QSplitter | None = None
        self.model = UnitDraftModel(self)
        self.model.set_draft(draft)
        self.grid = DraftGrid(self.model)
        self._title = QLineEdit(draft.unit.title)
        self._reference = QLineEdit(draft.unit.reference)
        self._level = QLineEdit(draft.unit.level)
        self._credits = QLineEdit("" if draft.unit.credits is None else str(draft.unit.credits))
        self._mandatory = QCheckBox("Mandatory")
        self._mandatory.setChecked(draft.unit.mandatory)
        if draft.unit.group_id:
            self._mandatory.setEnabled(False)
            self._mandatory.setToolTip("The group that the unit is in says whether it is mandatory.")
        self._is_guidance = QCheckBox("Revision guidance")
        self._is_guidance.setToolTip("It is not an awarding body’s own text, and is never shown as such.")
        self._is_guidance.setChecked(draft.unit.is_guidance)
        self._synopsis = QPlainTextEdit(draft.unit.synopsis)
        self._source = SourceText(draft.source, draft.first_line)
        self._source_label = QLabel(_SOURCE_LABEL)
        self._said = QLabel()
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setWordWrap(True)
        self._next = button("Next (F8)", "quiet", "arrow-down")
        self._hint = MutedLabel()
        self._head = QWidget()
        self._fold = button("Title and facts", "quiet", "sliders-horizontal")
        self._hint_clock = QTimer(self, singleShot=True, interval=6000)
        self._build(skips=bool(place))
        self._connect()
        self._fit(parent)
        self._show_remarks()
        self.grid.take(0)
        (self.grid.view if draft.unit.title else self._title).setFocus()

    def reject(self) -> None:
        """Ask before what was typed is lost."""
        self.grid.view.commit_open()
        if not self._has_changed() or self._is_storing:
            super().reject()
            return
        question = QuestionDialog(
            "Leave without storing?",
            "What you changed here would be lost.",
            "Leave",
            parent=self,
            no="Go on editing",
            danger=True,
        )
        question.answered.connect(self._leave)
        question.open()

    def next_remark(self) -> None:
        """Go to the next thing that stops the unit from being stored, or is worth a look."""
        remarks = self.model.remarks
        if remarks:
            self._remark = (self._remark + 1) % len(remarks)
            self._go_to(remarks[self._remark])

    def store(self) -> None:
        """Store the unit, unless something keeps it from being stored; say so then and go there."""
        self.grid.view.commit_open()
        self.show_problem("")
        self._take_head()
        blocking = next((remark for remark in self.model.remarks if remark.blocks), None)
        problem = self._credits_problem()
        if problem:
            self.show_problem(problem)
            self._fold.setChecked(True)
            self._credits.setFocus()
            return
        if blocking is not None:
            self.show_problem(blocking.sentence)
            self._go_to(blocking)
            return
        try:
            unit = unit_of(self.model.draft)
        except InvalidInput as error:
            self.show_error(error)
            return
        if self._newer_of:
            self.accept()
            self.reviewed.emit(self.model.draft)
            return
        self._set_storing(True)
        if self._is_stored:
            self._session.read(
                edit_consequences,
                unit,
                done=partial(self._ask_or_store, unit),
                failed=self._refused,
                receiver=self,
                topic="consequences",
            )
        else:
            self._session.edit(insert_units, [unit], "Import", done=self._inserted, failed=self._refused)

    # Building

    def _build(self, *, skips: bool) -> None:
        self._build_head()
        about = QHBoxLayout()
        about.setSpacing(Space.S8)
        about.addWidget(self._fold)
        about.addWidget(self._said, 1)
        about.addWidget(self._next)
        self.body.addWidget(self._head)
        self.body.addLayout(about)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.grid)
        splitter.setStretchFactor(0, 1)
        splitter.setCollapsible(0, False)
        if self._begun.source:
            splitter.addWidget(self._build_source())
            self._splitter = splitter
        self.body.addWidget(splitter, 1)
        self.body.addWidget(self._hint)
        self._hint.hide()
        if skips:
            skip = self.add_left_button("Skip this one")
            skip.clicked.connect(self._skip)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        act = f"Compare with {self._newer_of}" if self._newer_of else "Add the unit"
        self._store = self.add_button("Save the changes" if self._is_stored else act, "primary")
        self._store.clicked.connect(self.store)

    def _build_head(self) -> None:
        self._title.setPlaceholderText("As it is called in the specification")
        self._reference.setPlaceholderText("M/506/2898")
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.S12)
        grid.setVerticalSpacing(Space.S4)
        fields = (
            ("&Title (needed)", self._title, 0),
            ("&Reference", self._reference, 150),
            ("&Level", self._level, 70),
            ("&Credits", self._credits, 70),
        )
        for column, (words, field, width) in enumerate(fields):
            label = QLabel(words)
            label.setBuddy(field)
            grid.addWidget(label, 0, column)
            grid.addWidget(field, 1, column)
            if width:
                field.setFixedWidth(theme.current().scaled(width))
            field.setAccessibleName(words.replace("&", ""))
        grid.setColumnStretch(0, 1)
        synopsis = Section("Synopsis", collapsible=True, expanded=False)
        self._synopsis.setAccessibleName("Synopsis")
        self._synopsis.setTabChangesFocus(True)
        self._synopsis.setFixedHeight(self._synopsis.fontMetrics().lineSpacing() * _SYNOPSIS_LINES + 18)
        synopsis.body.addWidget(self._synopsis)
        synopsis.add_header_widget(self._mandatory)
        synopsis.add_header_widget(self._is_guidance)
        head = QVBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(Space.S4)
        head.addLayout(grid)
        head.addWidget(synopsis)
        self._fold.setCheckable(True)
        self._fold.setChecked(True)
        self._fold.hide()
        self._fold.toggled.connect(self._head.setVisible)

    def _build_source(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(Space.S8, 0, 0, 0)
        column.setSpacing(Space.S4)
        self._source_label.setBuddy(self._source)
        column.addWidget(self._source_label)
        column.addWidget(self._source, 1)
        return holder

    def _connect(self) -> None:
        for field in (self._title, self._reference, self._level, self._credits):
            field.textEdited.connect(self._take_head)
        for box in (self._mandatory, self._is_guidance):
            box.toggled.connect(self._take_head)
        self._synopsis.textChanged.connect(self._take_head)
        self._next.clicked.connect(self.next_remark)
        self.model.remarked.connect(self._show_remarks)
        self.grid.hinted.connect(self._show_hint)
        self.grid.row_in_hand.connect(self._show_source)
        self._hint_clock.timeout.connect(self._hint.hide)
        self._source.line_chosen.connect(self._take_line)
        QShortcut(QKeySequence(Qt.Key.Key_F8), self, self.next_remark)
        QShortcut(QKeySequence("Ctrl+S"), self, self.store)

    def _fit(self, parent: QWidget | None) -> None:
        scaled = theme.current().scaled
        width, height = scaled(_WIDTH), scaled(_HEIGHT)
        around = parent.window() if parent is not None else None
        if around is not None:
            width, height = min(width, around.width() - 32), min(height, around.height() - 32)
        self.resize(width, height)
        if self._splitter is not None:
            beside = min(scaled(_SOURCE_WIDTH), width // 4)
            self._splitter.setSizes([width - beside, beside])
        if height < scaled(_LEAST_HEIGHT):
            heading = self.findChild(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if heading is not None:
                heading.hide()  # the window says it too, and the rows need the room
            self.set_edge(Space.S12)
            self._fold.show()
            self._fold.setChecked(not self._begun.unit.title)

    # The head

    def _take_head(self, *_value: object) -> None:
        unit = self.model.draft.unit
        self.model.set_unit(
            replace(
                unit,
                title=self._title.text(),
                reference=self._reference.text(),
                level=self._level.text(),
                credits=_number(self._credits.text()),
                mandatory=self._mandatory.isChecked(),
                is_guidance=self._is_guidance.isChecked(),
                synopsis=self._synopsis.toPlainText(),
            )
        )
        theme.set_state(self._credits, "invalid", bool(self._credits_problem()))

    def _credits_problem(self) -> str:
        typed = self._credits.text().strip()
        return "" if not typed or typed.isdecimal() else "The credits are a number from 0 to 999."

    def _has_changed(self) -> bool:
        return self.model.draft.rows != self._begun.rows or self.model.draft.unit != self._begun.unit

    # What is to be said

    def _show_remarks(self) -> None:
        remarks = self.model.remarks
        blocking = [remark for remark in remarks if remark.blocks]
        doubtful = sum(not remark.blocks and not remark.certain for remark in remarks)
        said = _counted(len(blocking), doubtful)
        whole = [remark.sentence for remark in remarks if remark.row is None]
        self._said.setText(" ".join([said, *whole[:2]]))
        theme.set_state(self._said, "tone", "not_yet" if blocking else ("claimed" if doubtful else "met"))
        self._next.setVisible(bool(blocking or doubtful))
        self._remark = min(self._remark, len(remarks) - 1)

    def _go_to(self, remark: Remark) -> None:
        if remark.row is None:
            self._fold.setChecked(self._fold.isChecked() or not self._title.text().strip())
            (self._title if not self._title.text().strip() else self.grid.view).setFocus()
            return
        column = Column.REF if "reference" in remark.sentence.casefold() else Column.TEXT
        self.grid.take(remark.row, column)
        self.grid.view.setFocus()

    def _show_hint(self, sentence: str) -> None:
        self._hint.setText(sentence)
        self._hint.show()
        self._hint_clock.start()

    def _show_source(self, place: int) -> None:
        rows = self.model.rows
        row = rows[place] if 0 <= place < len(rows) else None
        self._source.show_line(row.line if row else None)
        self._source_label.setText(f"{_SOURCE_LABEL}{_place_of(row)}")

    def _take_line(self, line: int) -> None:
        place = next((place for place, row in enumerate(self.model.rows) if row.line == line), None)
        if place is not None:
            self.grid.take(place)

    # Storing

    def _ask_or_store(self, unit: Unit, consequences: Consequences) -> None:
        if consequences.decided:
            self._set_storing(False)
            self.show_problem(str(consequences))
        elif consequences:
            self._set_storing(False)
            question = QuestionDialog(
                "Save the changes?",
                f"{consequences} You can undo it.",
                "Save",
                parent=self,
                no="Go on editing",
                danger=consequences.loses,
            )
            question.answered.connect(partial(self._save, unit))
            question.open()
        else:
            self._save(unit)

    def _save(self, unit: Unit, _answer: str = "") -> None:
        self._set_storing(True)
        self._session.edit(edit_unit, unit, done=self._finish, failed=self._refused)

    def _inserted(self, units: Sequence[Unit]) -> None:
        self._finish(units[0])

    def _finish(self, unit: Unit) -> None:
        self.accept()
        self.stored.emit(unit)

    def _refused(self, error: BaseException) -> None:
        self._set_storing(False)
        self.show_error(error)
        if isinstance(error, UnitIsThere) and error.code and not self._is_stored:
            question = QuestionDialog(
                f"Update {error.code}?",
                f"{error.code} has this title or reference. Is this a newer version of it? If not, give it others.",
                f"Update {error.code}",
                parent=self,
                no="Go on editing",
            )
            question.answered.connect(partial(self._update, error.code))
            question.open()

    def _update(self, code: str, _answer: str) -> None:
        self.accept()
        self.is_there.emit(code, self.model.draft)

    def _set_storing(self, storing: bool) -> None:
        self._is_storing = storing
        self._store.setEnabled(not storing)

    def _skip(self) -> None:
        super().reject()
        self.skipped.emit()

    def _leave(self, _answer: str) -> None:
        super().reject()


class SourceText(QPlainTextEdit):
    """The text that a unit was read from, the line of the row in hand marked; a click on a line leads to its row."""

    line_chosen = Signal(int)

    def __init__(self, lines: Sequence[str], first_line: int = 1, parent: QWidget | None = None) -> None:
        super().__init__("\n".join(lines), parent)
        self._first_line = first_line
        self.setReadOnly(True)
        self.setAccessibleName("Text that the unit was read from")
        self._line: int | None = None
        self.cursorPositionChanged.connect(self._tell)
        theme.notifier().changed.connect(self._mark)

    def show_line(self, line: int | None) -> None:
        """Mark a line of the file, counted from 1, and bring it into view; or none."""
        self._line = line
        block = self._block()
        if block.isValid():
            with QSignalBlocker(self):
                self.setTextCursor(QTextCursor(block))
            self.centerCursor()
        self._mark()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Bring the line into view now that there is a height to do so in."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self.centerCursor)

    def _mark(self) -> None:
        block = self._block()
        if not block.isValid():
            self.setExtraSelections([])
            return
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        colour: QColor = theme.current().colour("selection")
        selection.format.setBackground(colour)
        selection.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        self.setExtraSelections([selection])

    def _block(self) -> QTextBlock:
        return self.document().findBlockByNumber(self._line - self._first_line) if self._line else QTextBlock()

    def _tell(self) -> None:
        line = self.textCursor().blockNumber() + self._first_line
        if self.hasFocus() and line != self._line:
            self.line_chosen.emit(line)


def _place_of(row: DraftRow | None) -> str:
    """Say where in the source a row stands."""
    if row is None or not (row.page or row.line):
        return ""
    return f" · page {row.page}" if row.page else f" · line {row.line}"


def _counted(blocking: int, doubtful: int) -> str:
    parts = []
    if blocking:
        parts.append(f"{blocking} {'thing keeps' if blocking == 1 else 'things keep'} it from being stored")
    if doubtful:
        parts.append(f"{doubtful} {'thing is' if doubtful == 1 else 'things are'} worth a look")
    return f"{', '.join(parts)}." if parts else "Nothing keeps it from being stored."


def _number(typed: str) -> int | None:
    typed = typed.strip()
    return int(typed) if typed.isdecimal() and len(typed) < 6 else None
