"""A requirement, read: its words, its parts, where it stands, and the evidence claimed for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from portfolio_app.domain.claims import Claim, Decision
from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.qualification import Guidance
from portfolio_app.gui import theme
from portfolio_app.gui.models.unit_tree import UnitTreeRow
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.advice_notes import AdviceNotes
from portfolio_app.gui.widgets.basics import (
    Card,
    ElidedLabel,
    FlowLayout,
    IconLabel,
    MutedLabel,
    StateLabel,
    add_together,
    button,
    clear_layout,
)
from portfolio_app.gui.widgets.coverage_bar import CoverageBar, tally_in_words
from portfolio_app.gui.widgets.row_button import RowButton
from portfolio_app.gui.widgets.sheet import Sheet, plain_label
from portfolio_app.services.claim_edits import ItemClaim, RequirementClaims
from portfolio_app.services.gap_list import FixPlace, PlacedGap

_AT_FIRST: Final = 20
_MOST_GAPS: Final = 8


class RequirementSheet(Sheet):
    """What a requirement asks for, and what shows it."""

    evidence_requested = Signal(str)
    """An item's id: its claim on this requirement is to be shown."""
    add_requested = Signal()
    claim_requested = Signal()
    unit_requested = Signal()
    fix_requested = Signal(object)
    """A :class:`FixPlace`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: UnitTreeRow | None = None
        self._claims: Sequence[ItemClaim] = ()
        self._read_only = False
        self._path = button("", "link")
        self._path.setToolTip("Show the unit and its guidance")
        self._address = plain_label("page-title")
        self._kind = MutedLabel()
        self._state = StateLabel(CoverageState.NONE)
        self._text = plain_label()
        self._text.setFont(theme.prose_font())
        self._from_guidance = MutedLabel("From revision guidance, not an awarding body’s text.")
        self._advice = AdviceNotes()
        self._components = Card("Parts")
        self._bar = CoverageBar()
        self._tally = QLabel()
        self._tally.setWordWrap(True)
        self._decision = plain_label()
        self._decision_card = Card("The assessor’s decision")
        self._evidence = Card("Evidence claimed for it")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._more = button("", "link")
        self._none = MutedLabel("Nothing is claimed for it yet.")
        self._add = button("Add evidence for this", "primary", "file-plus")
        self._claim = button("Claim with evidence already there …", "", "badge-check")
        self._gaps = Card("What is missing")
        self._build()
        theme.notifier().changed.connect(self._dress)

    @property
    def requirement_id(self) -> str:
        """The requirement that is shown, or nothing."""
        return self._row.requirement.id if self._row is not None and self._row.requirement else ""

    def show_row(self, row: UnitTreeRow) -> None:
        """Show a requirement; what is claimed for it comes by :meth:`show_claims`."""
        requirement = row.requirement
        if requirement is None:
            return
        if requirement.id != self.requirement_id:
            self.verticalScrollBar().setValue(0)
            self._show_evidence(())
            self._none.hide()
            self._decision_card.hide()
            self._advice.show_advice(())
            self.show_gaps(())
        self._row = row
        standing = row.standing
        self._path.setText(f"{row.unit.code}  {row.unit.title}")
        self._address.setText(standing.address)
        self._kind.setText(requirement.kind.capitalize())
        self._text.setText(requirement.text)
        self._from_guidance.setVisible(row.unit.is_guidance)
        self._state.set_state(standing.state)
        self._state.setVisible(requirement.is_leaf)
        group = standing.tally
        self._bar.setVisible(group is not None)
        self._tally.setVisible(group is not None)
        if group is not None:
            self._bar.set_tally(group)
            self._tally.setText(tally_in_words(group))
        self._evidence.setVisible(requirement.is_leaf)
        self._show_components(row)

    def show_claims(self, found: RequirementClaims) -> None:
        """Show what is claimed for the requirement, and the decision on it."""
        if found.requirement.id != self.requirement_id:
            return
        self._state.set_state(found.state)
        self._show_evidence(found.claims)
        self._none.setVisible(not found.claims)
        self._decision.setText(_decision_in_words(found.decision) if found.decision else "")
        self._decision_card.setVisible(found.decision is not None)

    def show_advice(self, requirement_id: str, pieces: Sequence[Guidance]) -> None:
        """Show the tips and misconceptions that matter for the requirement."""
        if requirement_id == self.requirement_id:
            self._advice.show_advice(pieces)

    def show_gaps(self, gaps: Sequence[PlacedGap]) -> None:
        """Show what the rules find about the requirement, each with what mends it."""
        clear_layout(self._gaps.body)
        add_together(self._gaps.body, map(self._gap_row, gaps[:_MOST_GAPS]))
        self._gaps.setVisible(bool(gaps))

    def add_below_evidence(self, widget: QWidget) -> None:
        """Put something below what is claimed."""
        self._evidence.body.addWidget(widget)

    def set_read_only(self, read_only: bool) -> None:
        """Show everything and let nothing be changed."""
        self._read_only = read_only
        self._add.setVisible(not read_only)
        self._claim.setVisible(not read_only)

    def _build(self) -> None:
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S12)
        line.addWidget(self._address, 1)
        line.addWidget(self._state, 0, Qt.AlignmentFlag.AlignVCenter)
        self._path.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._path.clicked.connect(self.unit_requested)
        self._decision_card.body.addWidget(self._decision)
        body = self._evidence.body
        body.addLayout(self._rows)
        body.addWidget(self._none)
        body.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._more.clicked.connect(self._show_all)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        flow.addWidget(self._add)
        flow.addWidget(self._claim)
        self._add.clicked.connect(self.add_requested)
        self._claim.clicked.connect(self.claim_requested)
        body.addWidget(buttons)
        self.set_parts(
            (
                self._path,
                head,
                self._kind,
                self._text,
                self._from_guidance,
                self._bar,
                self._tally,
                self._advice,
                self._components,
                self._decision_card,
                self._evidence,
                self._gaps,
            )
        )
        self.setAccessibleName("Requirement")

    def _show_components(self, row: UnitTreeRow) -> None:
        clear_layout(self._components.body)
        components = row.requirement.components if row.requirement and row.requirement.is_leaf else ()
        self._components.setVisible(bool(components))
        ticked = row.standing.ticked
        for component in components:
            shown = component.id in ticked
            label = plain_label()
            label.setText(f"{'●' if shown else '○'}  {component.text}{'' if shown else ' – not shown yet'}")
            theme.set_state(label, "tone", "" if shown else "nothing")
            self._components.body.addWidget(label)

    def _show_evidence(self, claims: Sequence[ItemClaim], most: int = _AT_FIRST) -> None:
        self._claims = claims
        clear_layout(self._rows)
        add_together(self._rows, map(self._claimed_row, claims[:most]))
        left = len(claims) - most
        self._more.setText(f"Show {left:,} more")
        self._more.setVisible(left > 0)
        self._evidence.set_title(f"Evidence claimed for it  {len(claims):,}" if claims else "Evidence claimed for it")

    def _show_all(self) -> None:
        shown = self._rows.count()
        self._show_evidence(self._claims, shown + 10 * _AT_FIRST)

    def _claimed_row(self, claimed: ItemClaim) -> QWidget:
        row = ClaimedItemRow(claimed)
        row.pressed.connect(partial(self.evidence_requested.emit, claimed.item.id))
        return row

    def _gap_row(self, placed: PlacedGap) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S8)
        words = plain_label()
        words.setText(placed.gap.message)
        line.addWidget(IconLabel("triangle-alert"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words, 1)
        if not self._read_only:
            fix = button(str(placed.fix))
            fix.setAccessibleDescription(placed.gap.message)
            fix.clicked.connect(partial(self._ask_to_fix, placed.place))
            line.addWidget(fix, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _ask_to_fix(self, place: FixPlace) -> None:
        self.fix_requested.emit(place)

    def _dress(self) -> None:
        self._text.setFont(theme.prose_font())


class ClaimedItemRow(RowButton):
    """An item that is claimed: what it is, where in it, and why; leads to it."""

    def __init__(self, claimed: ItemClaim, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        claim, item = claimed.claim, claimed.item
        title = ElidedLabel(f"{item.ref}  {item.shown_title}")
        state = StateLabel(claimed.state)
        top = QHBoxLayout()
        top.setSpacing(Space.S12)
        top.addWidget(title, 1)
        top.addWidget(state)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.S8, Space.S8, Space.S8, Space.S8)
        column.setSpacing(2)
        column.addLayout(top)
        words = _claim_in_words(claim)
        if words:
            label = MutedLabel()
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setText(words)
            column.addWidget(label)
        self.setAccessibleName(f"{item.ref} {item.shown_title}: {claimed.state}. {words}".strip())


def _claim_in_words(claim: Claim) -> str:
    place = str(claim.locator)
    quoted = f"“{claim.quotation}”" if claim.quotation else ""
    first = " – ".join(part for part in (place, quoted) if part)
    return "\n".join(part for part in (first, claim.why) if part)


def _decision_in_words(decision: Decision) -> str:
    day = day_in_words(decision.decided_at.astimezone().date())
    said = f"{decision.verdict.capitalize()} – {decision.by}, {day}"
    return f"{said}\n{decision.comment}" if decision.comment else said
