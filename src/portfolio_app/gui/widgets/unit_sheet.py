"""A unit, read: what it is, how far it is, its rules, and the guidance on it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from portfolio_app.domain.qualification import Guidance, GuidanceKind, Unit
from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import Banner, Card, FlowLayout, MutedLabel, Section, button, clear_layout
from portfolio_app.gui.widgets.coverage_bar import CoverageBar, StateStrip, tally_in_words
from portfolio_app.gui.widgets.cycle_boxes import CycleBoxes
from portfolio_app.gui.widgets.form.scrolling import bring_into_view, make_room
from portfolio_app.gui.widgets.sheet import Sheet, plain_label
from portfolio_app.gui.widgets.unit_rules_form import UnitRulesForm
from portfolio_app.services.improvement_cycle import UnitCycle
from portfolio_app.services.unit_editing import UnitTree

_TITLES: Final = {
    GuidanceKind.CONCEPT: "Key concepts",
    GuidanceKind.TIP: "Tips",
    GuidanceKind.MISCONCEPTION: "Misconceptions",
}
_FROM_GUIDANCE: Final = (
    "From revision guidance: its marking points are not an awarding body’s text. "
    "Check them against the specification that you are registered for."
)


_ON_CYCLE: Final = (
    "Passages from what is claimed for this unit, sorted by their words. “Not found” is no verdict: "
    "it may stand there in other words."
)


class UnitSheet(Sheet):
    """Everything about a unit but its requirements, which stand in the tree beside it."""

    edit_requested = Signal()
    removal_requested = Signal()
    gaps_requested = Signal()
    claim_requested = Signal(str, str)
    """An item's id and a requirement's: the claim between them."""
    rules_committed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit: Unit | None = None
        self._guidance_shown: Sequence[Guidance] = ()
        self._pieces: list[tuple[Guidance, QWidget]] = []
        self._title = plain_label("page-title")
        self._facts = MutedLabel()
        self._from_guidance = Banner(_FROM_GUIDANCE)
        self._synopsis = plain_label()
        self._source = MutedLabel()
        self._source.setTextFormat(Qt.TextFormat.PlainText)
        self._edit = button("Edit …", "", "pencil")
        self._edit.setToolTip("Change its title, requirements and guidance")
        self._remove = button("Remove …", "", "trash-2")
        self._read = button("Read the guidance", "", "lightbulb")
        self._bar = CoverageBar()
        self._strip = StateStrip()
        self._tally = QLabel()
        self._gaps = button("", "link", "triangle-alert")
        self.rules = UnitRulesForm()
        self._sections = {kind: Section(title, collapsible=True, expanded=False) for kind, title in _TITLES.items()}
        self._guidance = Card("Guidance")
        self._cycle_card = Card("The improvement cycle")
        self._cycle = CycleBoxes()
        self._cycle.claim_requested.connect(self.claim_requested)
        self._cycle_card.hide()
        self._build()
        self._edit.clicked.connect(self.edit_requested)
        self._remove.clicked.connect(self.removal_requested)
        self._gaps.clicked.connect(self.gaps_requested)
        self._read.clicked.connect(self.show_guidance)
        self.rules.committed.connect(self.rules_committed)

    def show_unit(self, tree: UnitTree) -> None:
        """Show a unit and how far it is."""
        unit = tree.unit
        if self._unit is None or self._unit.id != unit.id:
            self.verticalScrollBar().setValue(0)
            self._cycle_card.hide()
        self._unit = unit
        self._title.setText(f"{unit.code}  {unit.title}")
        self._facts.setText(" · ".join(_facts(unit)))
        self._from_guidance.setVisible(unit.is_guidance)
        self._synopsis.setText(unit.synopsis)
        self._synopsis.setVisible(bool(unit.synopsis))
        self._source.setText(f"Source: {unit.source}")
        self._source.setVisible(bool(unit.source))
        tally = tree.coverage.tally
        self._bar.set_tally(tally)
        self._strip.set_states([tree.nodes[leaf.id].state for leaf in unit.asked_for()])
        self._tally.setText(f"✓ {tally_in_words(tally)}" if tally.complete else tally_in_words(tally))
        theme.set_state(self._tally, "tone", "met" if tally.complete else "")
        self._show_guidance(unit.guidance)
        self.rules.show_rules(unit.id, unit.rules)

    def show_cycle(self, unit_id: str, cycle: UnitCycle | None) -> None:
        """Show the improvement cycle of the unit, or nothing where the unit does not ask for improvement."""
        if self._unit is None or self._unit.id != unit_id:
            return
        if cycle is not None:
            self._cycle.show_cycle(cycle)
        self._cycle_card.setVisible(cycle is not None)

    def set_gaps(self, count: int) -> None:
        """Say how many gaps there are in the unit."""
        self._gaps.setText(f"{count:,} {'gap' if count == 1 else 'gaps'}")
        self._gaps.setVisible(count > 0)

    def set_read_only(self, read_only: bool) -> None:
        """Show everything and let nothing be changed."""
        self._edit.setVisible(not read_only)
        self._remove.setVisible(not read_only)
        self.rules.set_read_only(read_only)

    def show_guidance(self) -> None:
        """Unfold the guidance and lead to it."""
        for section in self._sections.values():
            section.set_expanded(True)
        QTimer.singleShot(0, self, self._scroll_to_guidance)

    def show_found(self, passage: str) -> None:
        """Unfold the guidance in which a passage stands, colour it and lead to it."""
        wanted = _on_one_line(passage)
        for piece, shown in self._pieces:
            is_found = wanted in _on_one_line(f"{piece.title} {piece.text}")
            theme.set_state(shown, "found", is_found)
            if is_found:
                self._sections[piece.kind].set_expanded(True)
                QTimer.singleShot(0, shown, partial(self._scroll_to, shown))

    def unfolded(self) -> list[str]:
        """Return which parts of the guidance are unfolded."""
        return [kind.value for kind, section in self._sections.items() if section.is_expanded()]

    def unfold(self, kinds: Sequence[str]) -> None:
        """Unfold these parts of the guidance and no others."""
        for kind, section in self._sections.items():
            section.set_expanded(kind.value in kinds)

    def _scroll_to_guidance(self) -> None:
        self.verticalScrollBar().setValue(self._guidance.y() - Space.S12)
        heading = next((one.findChild(QToolButton) for one in self._sections.values() if one.isVisible()), None)
        if heading is not None:
            heading.setFocus(Qt.FocusReason.OtherFocusReason)

    def _scroll_to(self, piece: QWidget) -> None:
        make_room(piece)
        bring_into_view(piece)

    def _show_guidance(self, guidance: Sequence[Guidance]) -> None:
        self._guidance.setVisible(bool(guidance))
        self._read.setVisible(bool(guidance))
        if guidance == self._guidance_shown:
            return
        self._guidance_shown = guidance
        self._pieces = []
        for kind, section in self._sections.items():
            pieces = [piece for piece in guidance if piece.kind is kind]
            clear_layout(section.body)
            for piece in pieces:
                shown = _piece(piece)
                section.body.addWidget(shown)
                self._pieces.append((piece, shown))
            section.set_title(f"{_TITLES[kind]}  {len(pieces):,}")
            section.setVisible(bool(pieces))

    def _build(self) -> None:
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for each in (self._read, self._edit, self._remove):
            flow.addWidget(each)
        coverage = Card("How far it is")
        coverage.add_header_widget(self._gaps)
        self._tally.setWordWrap(True)
        coverage.body.addWidget(self._bar)
        coverage.body.addWidget(self._strip)
        coverage.body.addWidget(self._tally)
        rules = Card("What the specification demands")
        rules.body.addWidget(self.rules)
        self._cycle_card.body.addWidget(MutedLabel(_ON_CYCLE))
        self._cycle_card.body.addWidget(self._cycle)
        note = MutedLabel("Advice only. It is never assessed.")
        self._guidance.body.addWidget(note)
        for section in self._sections.values():
            self._guidance.body.addWidget(section)
        self.set_parts(
            (
                self._title,
                self._facts,
                buttons,
                self._from_guidance,
                self._synopsis,
                coverage,
                self._cycle_card,
                rules,
                self._guidance,
                self._source,
            )
        )
        self.setAccessibleName("Unit")


def _facts(unit: Unit) -> list[str]:
    facts = [part for part in (unit.reference, f"Level {unit.level}" if unit.level else "") if part]
    if unit.credits is not None:
        facts.append(f"{unit.credits} {'credit' if unit.credits == 1 else 'credits'}")
    facts.append("mandatory" if unit.mandatory else "optional")
    leaves = sum(1 for _ in unit.asked_for())
    facts.append(f"{leaves:,} {'requirement' if leaves == 1 else 'requirements'}")
    return facts


def _on_one_line(text: str) -> str:
    return " ".join(text.split()).casefold()


def _piece(piece: Guidance) -> QWidget:
    holder = QFrame()
    theme.set_role(holder, "piece")
    column = QVBoxLayout(holder)
    column.setContentsMargins(Space.S24, 0, 0, Space.S4)
    column.setSpacing(2)
    if piece.title:
        title = plain_label("field")
        title.setText(piece.title)
        column.addWidget(title)
    text = plain_label()
    text.setText(piece.text)
    column.addWidget(text)
    return holder
