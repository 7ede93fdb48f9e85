"""A unit beside a newer version of it: looked at, what is gone answered, and brought up to date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QWidget

from portfolio_app.domain.word_changes import Passage, WordChange, word_change
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.models.records import Column, RecordModel
from portfolio_app.gui.models.unit_changes import Sort, UnitChange, fate, unit_changes
from portfolio_app.gui.session import Session
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import MutedLabel, button
from portfolio_app.gui.widgets.record_table import RecordTable
from portfolio_app.gui.widgets.removal_choice import RemovalChoice
from portfolio_app.gui.widgets.upright_area import ScrolledColumn
from portfolio_app.gui.widgets.word_changes import PASSAGES_ROLE, ChangeText, PassageDelegate
from portfolio_app.services.text_input import shortened
from portfolio_app.services.unit_versions import Answer, Removal, UnitUpdate, compare_newer, update_unit

Index = QModelIndex | QPersistentModelIndex
_WIDTH, _HEIGHT = 1040, 740
_ROWS: Final = 4  # that can be seen at least
_DETAIL_LINES: Final = 5
_FATE_WIDTH: Final = 210
_FATE_SHARE: Final = 0.27
_TARGET_LETTERS: Final = 90
_WHAT, _NAME, _TEXT, _FATE = range(4)
_HELP: Final = (
    "What is in both versions keeps its claims, decisions and ticks. It is one step, which can be undone; documents "
    "exported before keep the old words and numbers."
)


class ChangeModel(RecordModel[UnitChange]):
    """Changes as rows; the words that are others are marked in what they say."""

    def __init__(self, columns: Sequence[Column[UnitChange]], parent: QWidget) -> None:
        super().__init__(columns, lambda change: change.key, parent)
        self._passages: dict[str, tuple[Sequence[Passage], bool]] = {}

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows, or the passages of a text."""
        if role == PASSAGES_ROLE and index.isValid() and index.column() == _TEXT:
            change = self.record(index.row())
            if change.key not in self._passages:  # only what is seen is compared word by word
                self._passages[change.key] = (_words(change).after if change.is_compared else (), False)
            return self._passages[change.key]
        return super().data(index, role)

    def look_anew(self) -> None:
        """Show every row anew: an answer is another."""
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, _FATE))


class UnitUpdateDialog(DialogFrame):
    """All that changes in a table, the change in hand in full below it, and a choice for each that is gone.

    Args:
        session: The portfolio that the unit is in.
        update: The unit beside its newer version.
        parent: The widget that it is shown over.
    """

    updated = Signal(object)
    """The :class:`UpdatedUnit`."""
    back_wanted = Signal()
    """The newer version is to be looked through once more."""

    def __init__(self, session: Session, update: UnitUpdate, parent: QWidget | None = None) -> None:
        unit = update.comparison.before
        super().__init__(f"Update {unit.code}", parent, says=unit.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._update = update
        self._code = unit.code
        self._newer = update.comparison.after
        self._addresses = replace(self._newer, code=unit.code).addresses()
        self._apart: list[tuple[str, str]] = []
        self._answers: dict[str, Answer] = {}
        self._changes: list[UnitChange] = []
        self._model = ChangeModel(self._columns(), self)
        self._area = ScrolledColumn()
        self.body.addWidget(self._area, 1)  # before it holds anything: what moves to another parent is dressed anew
        inside = self._area.widget()
        self.table: RecordTable[UnitChange] = RecordTable(self._model, "What changes", inside, wide=_TEXT)
        self._said = QLabel(inside)
        self._counted = MutedLabel("", inside)
        self._next = button("Next question (F8)", "quiet", "arrow-down", inside)
        self._detail = ChangeText("The change in hand", inside)
        self.choice = RemovalChoice(self._targets(), inside)
        self._apart_button = button("Not the same requirement", "quiet", "unlink", inside)
        self._build()
        self._connect()
        self.set_size(_WIDTH, _HEIGHT)
        self._show(update)
        self.table.setFocus()

    def next_question(self) -> None:
        """Go to the next requirement of which nobody has said what becomes of it, round and round."""
        waiting = [change.key for change in self._changes if self._waits(change)]
        if not waiting:
            return
        order = [change.key for change in self._changes]
        current = next(iter(self.table.chosen_keys()), "")
        here = order.index(str(current)) if current in order else -1
        self.table.choose([next((key for key in waiting if order.index(key) > here), waiting[0])])
        self.choice.take_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave room for what requirements say where the dialog is narrow."""
        super().resizeEvent(event)
        width = min(theme.current().scaled(_FATE_WIDTH), round(self.width() * _FATE_SHARE))
        self.table.horizontalHeader().resizeSection(_FATE, width)

    # Building

    def _build(self) -> None:
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setWordWrap(True)
        column = self._area.column
        column.setSpacing(Space.S8)
        self.table.setItemDelegateForColumn(_TEXT, PassageDelegate(self.table))
        self.table.horizontalHeader().setSectionResizeMode(_FATE, QHeaderView.ResizeMode.Interactive)
        header = self.table.horizontalHeader().sizeHint().height()
        rows = self.table.verticalHeader().defaultSectionSize()
        self.table.setMinimumHeight(header + rows * _ROWS + 2 * self.table.frameWidth())
        self._detail.setMinimumHeight(self._detail.fontMetrics().lineSpacing() * _DETAIL_LINES)
        asking = QHBoxLayout()
        asking.setSpacing(Space.S8)
        asking.addWidget(self._counted, 1)
        asking.addWidget(self._next)
        column.addWidget(self._said)
        column.addWidget(self.table, 3)
        column.addLayout(asking)
        column.addWidget(self._detail, 2)
        column.addWidget(self.choice)
        column.addWidget(self._apart_button, 0, Qt.AlignmentFlag.AlignLeft)
        help_ = MutedLabel(_HELP, self._area.widget())
        help_.setWordWrap(True)
        column.addWidget(help_)
        back = self.add_left_button("Back to the review")
        back.clicked.connect(self._go_back)
        self._together = self.add_left_button("Match them again")
        self._together.setToolTip("Takes back the last “Not the same requirement”.")
        self._together.clicked.connect(self._match_again)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self.apply = self.add_button(f"Update {self._code}", "primary")
        self.apply.clicked.connect(self._apply)

    def _connect(self) -> None:
        self.table.chosen.connect(self._show_in_hand)
        self.table.opened.connect(self._enter)
        self.choice.answered.connect(self._take_answer)
        self._next.clicked.connect(self.next_question)
        self._apart_button.clicked.connect(self._set_apart)
        QShortcut(QKeySequence(Qt.Key.Key_F8), self, self.next_question)

    def _targets(self) -> list[tuple[str, str]]:
        return [
            (shortened(f"{self._addresses[leaf.id]} {leaf.text}", _TARGET_LETTERS), leaf.id)
            for leaf in self._newer.leaves()
        ]

    def _columns(self) -> Sequence[Column[UnitChange]]:
        return (
            Column(
                "Change",
                lambda change: change.sort.word,
                icon=lambda change: "triangle-alert" if change.warnings else change.sort.value[1],
                tone=lambda change: "claimed" if change.warnings else change.sort.value[2],
            ),
            Column("What", lambda change: change.name),
            Column("What it says", lambda change: " ".join(change.text.split())),
            Column(
                "Claims and more",
                self._fate,
                icon=lambda change: "circle-question-mark" if self._waits(change) else "",
                tone=lambda change: "claimed" if self._waits(change) else "",
            ),
        )

    # What is shown

    def _show(self, update: UnitUpdate) -> None:
        self._update = update
        self._changes = unit_changes(update)
        known = {change.removed.requirement.id for change in self._changes if change.removed is not None}
        self._answers = {key: answer for key, answer in self._answers.items() if key in known}
        self.table.show_records(self._changes)
        if self._changes and not self.table.chosen_keys():
            self.table.choose([self._changes[0].key])
        self.table.setColumnHidden(_FATE, not any(map(self._fate, self._changes)))
        self._said.setText(_summary(self._changes, len(update.comparison.unchanged)))
        self._together.setVisible(bool(self._apart))
        self._show_in_hand()
        self._follow()

    def _in_hand(self) -> UnitChange | None:
        return next(iter(self.table.chosen_records()), None)

    def _show_in_hand(self) -> None:
        change = self._in_hand()
        self._detail.show_paragraphs(list(_paragraphs(change)) if change is not None else ())
        asks = change is not None and change.can_be_answered
        self.choice.setVisible(asks)
        if change is not None and change.removed is not None and asks:
            self.choice.show_choice(change.hanging, self._answer(change), change.removed.nearest_id)
        is_match = change is not None and change.matched is not None and change.matched.before.is_leaf
        self._apart_button.setVisible(is_match)

    def _follow(self) -> None:
        asked = [change for change in self._changes if change.needs_answer]
        waiting = [change for change in asked if self._waits(change)]
        self._counted.setText(f"{len(asked) - len(waiting):,} of {len(asked):,} answered" if asked else "")
        self._next.setVisible(bool(asked))
        self._next.setEnabled(bool(waiting))
        self.apply.setEnabled(not waiting)

    def _waits(self, change: UnitChange) -> bool:
        return change.needs_answer and self._answer(change) is None

    def _answer(self, change: UnitChange) -> Answer | None:
        """Return what was answered, or what is so where nobody says anything else."""
        if change.removed is None:
            return None
        answer = self._answers.get(change.removed.requirement.id)
        if answer is None and not change.needs_answer:
            return Answer(Removal.KEEP if change.hanging.needs_answer else Removal.REMOVE)
        return answer

    def _fate(self, change: UnitChange) -> str:
        return fate(change, self._answers, self._addresses)

    # What is done

    def _enter(self) -> None:
        """Enter on a row leads to its choice."""
        if self.choice.isVisible():
            self.choice.take_focus()

    def _take_answer(self, answer: Answer) -> None:
        change = self._in_hand()
        if change is not None and change.removed is not None:
            self._answers[change.removed.requirement.id] = answer
            self._model.look_anew()
            self._follow()

    def _set_apart(self) -> None:
        change = self._in_hand()
        if change is not None and change.matched is not None:
            self._apart.append((change.matched.before.id, change.matched.after.id))
            self.show_problem("")
            self._compare(f"gone {change.matched.before.id}")

    def _match_again(self) -> None:
        self.show_problem("")
        older, _ = self._apart.pop()
        self._compare(f"matched {older}")

    def _compare(self, key: str) -> None:
        self._session.read(
            compare_newer,
            self._code,
            self._newer,
            tuple(self._apart),
            done=partial(self._show_compared, key),
            failed=self.show_error,
            receiver=self,
            topic="compare",
        )

    def _show_compared(self, key: str, update: UnitUpdate) -> None:
        self._show(update)
        self.table.choose([key])
        self.table.setFocus()

    def _go_back(self) -> None:
        self.reject()
        self.back_wanted.emit()

    def _apply(self) -> None:
        self.show_problem("")
        self.apply.setEnabled(False)
        self._session.edit(
            update_unit,
            self._code,
            self._newer,
            dict(self._answers),
            tuple(self._apart),
            done=self._finish,
            failed=self._refused,
        )

    def _finish(self, done: object) -> None:
        self.accept()
        self.updated.emit(done)

    def _refused(self, error: BaseException) -> None:
        """Say why not, and show what there is now: claims may have come meanwhile."""
        self._follow()
        self.show_error(error)
        self._compare(str(next(iter(self.table.chosen_keys()), "")))


def _summary(changes: Sequence[UnitChange], unchanged: int) -> str:
    of_requirements = [sort for sort in Sort if sort not in (Sort.FACT, Sort.GUIDANCE_NEW, Sort.GUIDANCE_GONE)]
    counts = {sort: sum(change.sort is sort for change in changes) for sort in Sort}
    said = [f"{counts[sort]:,} {sort.word.lower()}" for sort in of_requirements if counts[sort]]
    said.append(f"{unchanged:,} unchanged")
    facts = [change.name.lower() for change in changes if change.sort is Sort.FACT]
    guidance = counts[Sort.GUIDANCE_NEW] + counts[Sort.GUIDANCE_GONE]
    facts += ["guidance"] if guidance else []
    also = f" Also changed: {', '.join(facts)}." if facts else ""
    return f"Requirements: {', '.join(said)}.{also}"


def _words(change: UnitChange) -> WordChange:
    return word_change(change.before, change.after)


def _paragraphs(change: UnitChange) -> Iterator[tuple[str, Sequence[Passage], bool]]:
    """Yield what there is to say of a change in full."""
    yield change.sort.word, (Passage(change.name),), False
    for warning in change.warnings:
        yield "Check", (Passage(warning),), False
    if change.before and change.after and change.before.split() != change.after.split():
        words = _words(change)
        yield "Before", words.before, True
        yield "Now", words.after, False
    else:
        yield "It says", (Passage(change.text),), False
    if change.matched is not None:
        parts = change.matched.parts
        for part, text in parts.reworded:
            words = word_change(part.text, text)
            yield "Part before", words.before, True
            yield "Part now", words.after, False
        for part in parts.removed:
            yield "Part that is gone", (Passage(part.text, changed=True),), True
        for part in parts.new:
            yield "New part", (Passage(part.text, changed=True),), False
        if change.matched.is_of_other_kind:
            yield "It is called", (Passage(f"{change.matched.before.kind}, now {change.matched.after.kind}"),), False
    if str(change.hanging):
        yield "Hanging on it", (Passage(str(change.hanging)),), False
    if change.removed is not None and change.removed.heading:
        words_ = f"{change.removed.heading} groups others now; nothing can be claimed for it itself."
        yield "Instead", (Passage(words_),), False
