"""The gap in hand: all of its words, the principle behind it, and what can be done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from portfolio_app.domain.gaps import Severity
from portfolio_app.domain.qualification import Guidance
from portfolio_app.gui import places, theme
from portfolio_app.gui.places import Place
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.advice_notes import AdviceNotes
from portfolio_app.gui.widgets.basics import Card, FlowLayout, IconLabel, MutedLabel, button, clear_layout
from portfolio_app.services.gap_list import PlacedGap

SEVERITY_ICONS: Final = {
    Severity.GAP: ("triangle-alert", "claimed"),
    Severity.NUDGE: ("eye", "proof"),
    Severity.INFO: ("info", "nothing"),
}
"""The sign of a weight and its colour; its word always stands near."""


class GapCard(Card):
    """Shows one gap, or how many are marked."""

    fix_pressed = Signal()
    aside_pressed = Signal()
    action_pressed = Signal()
    back_pressed = Signal()
    place_pressed = Signal(object)
    """A :class:`Place`: the requirement or the item that the gap names."""

    def __init__(self, parent: QWidget | None = None, *, read_only: bool = False) -> None:
        super().__init__("", parent)
        self._read_only = read_only
        self._is_aside = False
        self._sign = IconLabel("info")
        self._weight = QLabel()
        self._rule = _words("section-title")
        self._message = _words()
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._about = MutedLabel()
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._guidance = MutedLabel()
        self._reason = MutedLabel()
        self._advice = AdviceNotes()
        self._links = QWidget()
        FlowLayout(self._links).setContentsMargins(0, 0, 0, 0)
        self._fix = button("", "primary")
        self._fix.clicked.connect(self._press_fix)
        self._aside = button("Put aside …", icon_name="archive")
        self._aside.clicked.connect(self.aside_pressed)
        self._action = button("Make an action …", icon_name="list-checks")
        self._action.clicked.connect(self.action_pressed)
        self._back = button("Bring back", icon_name="undo-2")
        self._back.clicked.connect(self.back_pressed)
        self._build()
        self.show_gaps((), "")

    def show_gaps(self, marked: Sequence[PlacedGap], fix_word: str) -> None:
        """Show the gap, or the number of them, that the buttons are for."""
        one = marked[0] if len(marked) == 1 else None
        aside = sum(placed.gap.dismissed_reason is not None for placed in marked)
        self._content.setVisible(bool(marked))
        self._show_weight(marked)
        self._rule.setText(one.title if one else f"{len(marked):,} are marked")
        self._message.setText(one.gap.message if one else _by_rule(marked))
        self._about.setText(one.about if one else "")
        self._about.setVisible(one is not None and bool(one.about))
        self._guidance.setText(f"Why: {one.gap.guidance}." if one else "")
        self._guidance.setVisible(one is not None)
        reason = one.gap.dismissed_reason if one else None
        self._reason.setText(f"Put aside: {reason}")
        self._reason.setVisible(reason is not None)
        self._advice.show_advice(())
        self._is_aside = one is not None and reason is not None
        self._show_links(one)
        self._fix.setText(fix_word)
        self._fix.setVisible(one is not None)
        self._aside.setVisible(not self._read_only and aside < len(marked))
        self._action.setVisible(not self._read_only and one is not None and reason is None)
        self._back.setVisible(not self._read_only and aside > 0 and one is None)

    def show_advice(self, pieces: Sequence[Guidance]) -> None:
        """Show the advice of the unit that belongs to the gap."""
        self._advice.show_advice(pieces)

    def set_brief(self, brief: bool) -> None:
        """Show the buttons alone, where there is no room for more: the row says what is missing."""
        self._said.setVisible(not brief)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S8)
        head.addWidget(self._sign)
        head.addWidget(self._weight, 1)
        self._said = QWidget()
        said = QVBoxLayout(self._said)
        said.setContentsMargins(0, 0, 0, Space.S4)
        said.setSpacing(Space.S8)
        said.addLayout(head)
        for widget in (self._rule, self._message, self._about, self._reason, self._guidance, self._advice, self._links):
            said.addWidget(widget)
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S8)
        column.addWidget(self._said)
        buttons = QWidget()
        row = FlowLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S8)
        for pressed in (self._fix, self._aside, self._action, self._back):
            row.addWidget(pressed)
        column.addWidget(buttons)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._content)
        self.body.addWidget(area)

    def _show_weight(self, marked: Sequence[PlacedGap]) -> None:
        weights = [weight for weight in Severity if any(placed.gap.severity is weight for placed in marked)]
        if not weights:
            return
        name, colour = SEVERITY_ICONS[weights[0]]
        self._sign.set_icon(name, colour)
        self._weight.setText(", ".join(weight.heading for weight in weights))
        theme.set_state(self._weight, "tone", colour)

    def _show_links(self, one: PlacedGap | None) -> None:
        layout = self._links.layout()
        if layout is None:
            return
        clear_layout(layout)
        gap = one.gap if one else None
        if one and gap and one.requirement:
            place = Place(places.UNITS, requirement_id=gap.requirement_id or "", unit_id=gap.unit_id or "")
            layout.addWidget(self._link(f"{one.requirement} in Units", place))
        elif one and gap and one.unit:
            layout.addWidget(self._link(f"{one.unit} in Units", Place(places.UNITS, unit_id=gap.unit_id or "")))
        if one and gap and one.evidence:
            layout.addWidget(self._link(one.evidence, Place(places.EVIDENCE, evidence_id=gap.evidence_id or "")))
        self._links.setVisible(bool(layout.count()))

    def _link(self, text: str, place: Place) -> QWidget:
        made = button(text, "link")
        made.clicked.connect(partial(self.place_pressed.emit, place))
        return made

    def _press_fix(self) -> None:
        (self.back_pressed if self._is_aside and not self._read_only else self.fix_pressed).emit()


def _words(role: str = "") -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        theme.set_role(label, role)
    return label


def _by_rule(marked: Sequence[PlacedGap]) -> str:
    counts = Counter(placed.title for placed in marked)
    return "\n".join(f"{count:,} × {title}" for title, count in counts.most_common())
