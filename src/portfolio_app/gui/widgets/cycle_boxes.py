"""The improvement cycle of a unit: a box for each stage, with the passages that were found for it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import IconLabel, MutedLabel, button, clear_layout
from portfolio_app.gui.widgets.sheet import plain_label
from portfolio_app.services.improvement_cycle import PlacedBox, PlacedPassage, UnitCycle


class CycleBoxes(QWidget):
    """Five boxes below each other, as the cycle goes."""

    claim_requested = Signal(str, str)
    """An item's id and a requirement's: the claim that a passage stands for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S12)
        self._shown: UnitCycle | None = None

    def show_cycle(self, cycle: UnitCycle) -> None:
        """Show what was found for each stage."""
        if cycle == self._shown:
            return
        self._shown = cycle
        clear_layout(self._column)
        for number, box in enumerate(cycle.boxes, 1):
            self._column.addWidget(self._box(number, box))

    def _box(self, number: int, box: PlacedBox) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(Space.S8)
        heading = plain_label("field")
        heading.setText(f"{number}  {box.stage.heading}")
        head.addWidget(IconLabel("circle-dot" if box.passages else "circle-dashed"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(heading, 1)
        column.addLayout(head)
        meaning = MutedLabel(box.stage.meaning.capitalize() + ("" if box.passages else ": not found."))
        meaning.setContentsMargins(Space.S24, 0, 0, 0)
        if not box.passages:
            theme.set_state(meaning, "tone", "nothing")
        column.addWidget(meaning)
        for placed in box.passages:
            column.addWidget(self._passage(placed))
        if box.more:
            more = MutedLabel(f"and {box.more:,} more")
            more.setContentsMargins(Space.S24, 0, 0, 0)
            column.addWidget(more)
        holder.setAccessibleName(f"{box.stage.heading}: {len(box.passages) + box.more:,} found")
        return holder

    def _passage(self, placed: PlacedPassage) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(Space.S24, 0, 0, 0)
        line.setSpacing(Space.S8)
        passage = placed.passage
        link = button(f"{placed.evidence} for {placed.requirement}", "link")
        link.clicked.connect(partial(self.claim_requested.emit, passage.evidence_id, passage.requirement_id))
        words = plain_label()
        words.setText(f"“{passage.text}”" if passage.is_quotation else passage.text)
        line.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words, 1)
        return row
