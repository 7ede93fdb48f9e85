"""What a witness sent back, beside what its item says: looked at, ticked, and taken in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from portfolio_app.domain.witness import Change, Comparison, Place
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.models.records import Column, TickedRecordModel
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import Banner, MutedLabel
from portfolio_app.gui.widgets.record_table import TickedTable
from portfolio_app.gui.widgets.upright_area import UprightArea
from portfolio_app.services.witness_returns import WitnessComparison

_WIDTH, _HEIGHT = 900, 660
_WIDTHS = 180, 210  # of the first columns; the whole of what they say stands below the table
_STATES: Final = {
    Change.NEW: ("plus", "accent", "New"),
    Change.CORRECTED: ("pencil", "accent", "Corrected"),
    Change.DIFFERENT: ("triangle-alert", "claimed", "Different"),
    Change.SAME: ("check", "muted", "As it is"),
}
_HELP: Final = (
    "What is ticked is taken over, what the witness saw is added below the item’s own text, and the file is attached. "
    "It is one step, which can be undone."
)


class WitnessAnswersDialog(DialogFrame):
    """A returned form: who filled it in, what they saw, what speaks against it, and each answer with a tick."""

    accepted_answers = Signal(frozenset)
    """The places that are ticked."""

    def __init__(self, comparison: WitnessComparison, parent: QWidget | None = None, *, can_accept: bool) -> None:
        item = comparison.item
        who = comparison.name or "A witness"
        super().__init__(f"{who} on {item.ref}", parent, says=f"{item.shown_title} · “{comparison.file_name}”")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._comparison = comparison
        self._can_accept = can_accept and bool(comparison.name)
        self._model = TickedRecordModel(_columns(), lambda answer: answer.place, self._can_tick, self)
        self.table: TickedTable[Comparison] = TickedTable(self._model, "Answers", wide=2, widths=_WIDTHS)
        self._detail = QLabel()
        self._build()
        self._model.set_records(comparison.answers)
        self._model.set_ticked(comparison.usual)
        self._model.ticked_changed.connect(self._follow)
        self.table.chosen.connect(self._show_detail)
        if comparison.answers:
            self.table.choose([comparison.answers[-1].place])
        self._follow()
        self.set_size(_WIDTH, _HEIGHT)
        (self.take if self.take.isEnabled() else self.table).setFocus()

    def ticked(self) -> frozenset[Place]:
        """Return what would be taken over."""
        return frozenset(Place(str(key)) for key in self._model.ticked())

    def _can_tick(self, answer: Comparison) -> bool:
        return self._can_accept and answer.change is not Change.SAME

    def _build(self) -> None:
        comparison = self._comparison
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, Space.S8, 0)
        column.setSpacing(Space.S8)
        for warning in comparison.warnings:
            column.addWidget(Banner(warning, "warning"))
        for note in comparison.notes:
            column.addWidget(_words(MutedLabel(note)))
        for words, listed in (("Saw or heard themselves", comparison.seen), ("Not ticked", comparison.not_seen)):
            if listed:
                column.addWidget(_words(MutedLabel(f"{words}: {'; '.join(listed)}")))
        self.table.show_rows(len(comparison.answers))
        self._detail.setTextFormat(Qt.TextFormat.PlainText)
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.table, 1)
        column.addWidget(_words(self._detail))
        area = UprightArea()
        area.setWidget(inside)
        self.body.addWidget(area, 1)
        if self._can_accept:
            self.body.addWidget(_words(MutedLabel(_HELP)))
        self._close = self.add_close_button("Cancel" if self._can_accept else "Close")
        self.take = self.add_button("Take in", "primary", default=True)
        self.take.clicked.connect(self._take)
        self.take.setVisible(self._can_accept)

    def _show_detail(self) -> None:
        chosen = self.table.chosen_records()
        self._detail.setText("\n".join(_in_full(chosen[0])) if chosen else "")

    def _follow(self) -> None:
        self.take.setEnabled(self._can_accept and (bool(self.ticked()) or not self._comparison.was_taken_in))

    def _take(self) -> None:
        ticked = self.ticked()
        self.accept()
        self.accepted_answers.emit(ticked)


def _columns() -> Sequence[Column[Comparison]]:
    return (
        Column("Answer", lambda answer: answer.label),
        Column("In the portfolio", lambda answer: _line(answer.now)),
        Column("The witness says", lambda answer: _line(answer.said)),
        Column(
            "That is",
            lambda answer: _STATES[answer.change][2],
            icon=lambda answer: _STATES[answer.change][0],
            tone=lambda answer: _STATES[answer.change][1],
        ),
    )


def _line(text: str) -> str:
    return " ".join(text.split()) or "–"


def _in_full(answer: Comparison) -> list[str]:
    """Return all that there is to say of an answer, a paragraph each."""
    parts = [answer.label, f"The witness says: {answer.said or '(the boxes that are ticked)'}"]
    if answer.place is Place.TESTIMONY:
        return [*parts, "It is added below what stands there."] if answer.change is not Change.SAME else parts
    if answer.now and answer.change is not Change.SAME:
        parts.append(f"The portfolio says: {answer.now}")
    return parts


def _words(label: QLabel) -> QLabel:
    label.setWordWrap(True)
    return label
