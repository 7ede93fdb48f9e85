"""A requirement with what is claimed for it, what was decided on it, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from portfolio_app.domain.claims import Action, Claim, Decision, Verdict
from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.dates import day_in_words
from portfolio_app.gui import places, theme
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets.basics import (
    Card,
    ElidedLabel,
    FlowLayout,
    MutedLabel,
    StateLabel,
    add_together,
    button,
    clear_layout,
    hairline,
)
from portfolio_app.gui.widgets.decision_form import VERDICT_STATES
from portfolio_app.services.action_list import due_in_words
from portfolio_app.services.claim_edits import ItemClaim, RequirementClaims
from portfolio_app.services.feedback import RequirementFeedback

_CLAIMS_AT_ONCE: Final = 10
_BESIDE_TICK: Final = 3


class RequirementFeedbackView(QWidget):
    """Shows one requirement; what is done about it is asked for by signals.

    Attributes:
        decide: The button that leads to the form, where that is not in sight.
    """

    place_requested = Signal(object)
    decision_requested = Signal()
    acknowledged = Signal(str)
    """A decision's id."""
    action_ticked = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None, *, read_only: bool = False) -> None:
        super().__init__(parent)
        self._read_only = read_only
        self._row: RequirementFeedback | None = None
        self._claimed: RequirementClaims | None = None
        self._claims_shown = _CLAIMS_AT_ONCE
        self._address = QLabel()
        theme.set_role(self._address, "page-title")
        self._state = StateLabel(CoverageState.NONE)
        self._above = MutedLabel()
        self._text = _words("")
        self._text.setFont(theme.prose_font())
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.notifier().changed.connect(self._dress)
        self._decisions = Card("Decisions")
        self._claims = Card("Claimed with")
        self._actions = Card("To do")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._address, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addWidget(self._state, 1, Qt.AlignmentFlag.AlignBaseline)
        self.decide = button("Record a decision …", icon_name="stamp")
        self.decide.clicked.connect(self.decision_requested)
        if read_only:
            self.decide.hide()
        head.addWidget(self.decide, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._above)
        column.addWidget(self._text)
        for card in (self._decisions, self._actions, self._claims):
            column.addWidget(card)

    def show_requirement(self, row: RequirementFeedback, claimed: RequirementClaims | None) -> None:
        """Show a requirement; ``claimed`` is ``None`` until it has been read."""
        if (row, claimed) == (self._row, self._claimed):
            return
        if self._row is None or row.requirement.id != self._row.requirement.id:
            self._claims_shown = _CLAIMS_AT_ONCE
        is_new = row != self._row
        self._row, self._claimed = row, claimed
        self._address.setText(row.address)
        self._state.set_state(row.state)
        self._text.setText(row.requirement.text)
        ancestors = [f"{node.ref} {node.short_text}".strip() for node in claimed.ancestors] if claimed else []
        self._above.setText(" › ".join(ancestors))
        self._above.setVisible(bool(ancestors))
        if is_new:
            self._show_decisions(row)
            self._show_actions(row.actions)
        self._show_claims()

    def _dress(self) -> None:
        self._text.setFont(theme.prose_font())

    # Decisions

    def _show_decisions(self, row: RequirementFeedback) -> None:
        clear_layout(self._decisions.body)
        for number, decision in enumerate(row.decisions):
            if number:
                self._decisions.body.addWidget(hairline())
            self._decisions.body.addWidget(_decision(decision, superseded=number > 0))
            if not number:
                self._add_answer(row, decision)
        if not row.decisions:
            self._decisions.body.addWidget(MutedLabel("Nothing is decided yet."))

    def _add_answer(self, row: RequirementFeedback, decision: Decision) -> None:
        """Say what has changed since the decision that counts, and offer to answer it."""
        if row.changed:
            self._decisions.body.addWidget(MutedLabel(f"Changed since: {', '.join(row.changed)}"))
        elif row.answered:
            self._decisions.body.addWidget(MutedLabel("The claims have changed since."))
        if decision.verdict is Verdict.MET:
            return
        answers = QWidget()
        buttons = FlowLayout(answers)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(8)
        if not self._read_only:
            resubmit = button(
                "Resubmit: open the evidence" if row.evidence else "Resubmit: add evidence",
                "primary" if row.waits_for_learner else "",
                "file-pen" if row.evidence else "file-plus",
            )
            resubmit.clicked.connect(self._resubmit)
            buttons.addWidget(resubmit)
        if row.acknowledged:
            buttons.addWidget(QLabel("✓ Acknowledged"))
        elif not self._read_only:
            acknowledge = button("Acknowledge", icon_name="check")
            acknowledge.setToolTip("Note that you have read it; what it asks for counts as done")
            acknowledge.clicked.connect(partial(self.acknowledged.emit, decision.id))
            buttons.addWidget(acknowledge)
        self._decisions.body.addWidget(answers)

    def _resubmit(self) -> None:
        if self._row is None:
            return
        requirement_id = self._row.requirement.id
        if self._claimed is not None and self._claimed.claims:
            item = self._claimed.claims[0].item.id
            place = Place(places.EVIDENCE, evidence_id=item, requirement_id=requirement_id, field=places.CLAIM_FIELD)
        else:
            place = Place(places.EVIDENCE, requirement_id=requirement_id)
        self.place_requested.emit(place)

    # Claims

    def _show_claims(self) -> None:
        clear_layout(self._claims.body)
        claims = self._claimed.claims if self._claimed else ()
        if self._claimed is not None and not claims:
            self._claims.body.addWidget(MutedLabel("Nothing is claimed for it yet."))
        add_together(self._claims.body, _parted(map(self._claim, claims[: self._claims_shown])))
        left = len(claims) - self._claims_shown
        if left > 0:
            more = button(f"Show more ({left:,} left)", "link")
            more.clicked.connect(self._show_more)
            self._claims.body.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_more(self) -> None:
        self._claims_shown += 2 * _CLAIMS_AT_ONCE
        self._show_claims()

    def _claim(self, each: ItemClaim) -> QWidget:
        claim = each.claim
        opener = button(each.item.ref, "link")
        opener.setToolTip(f"Open {each.item.ref} at what is claimed")
        opener.setAccessibleName(f"{each.item.ref} {each.item.shown_title}")
        opener.clicked.connect(partial(self.place_requested.emit, _place_of(claim)))
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(opener)
        head.addWidget(ElidedLabel(each.item.shown_title), 1)
        rows: list[QWidget] = []
        if claim.quotation:
            rows.append(_words(f"“{claim.quotation}”"))
        if claim.locator:
            rows.append(MutedLabel(f"Where: {claim.locator}"))
        if claim.why:
            rows.append(MutedLabel(claim.why))
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        for row in rows:
            row.setContentsMargins(5, 0, 0, 0)
            column.addWidget(row)
        return frame

    # Actions

    def _show_actions(self, actions: Sequence[Action]) -> None:
        clear_layout(self._actions.body)
        self._actions.setVisible(bool(actions))
        today = datetime.now().astimezone().date()
        for action in sorted(actions, key=lambda action: action.done_on is not None):
            self._actions.body.addWidget(self._action(action, today))

    def _action(self, action: Action, today: date) -> QWidget:
        tick = QCheckBox()
        tick.setChecked(action.done_on is not None)
        tick.setAccessibleName(f"Done: {action.text}")
        tick.setEnabled(not self._read_only)
        tick.toggled.connect(partial(self.action_ticked.emit, action.id))
        text = _words(action.text)
        due = MutedLabel(due_in_words(action, today))
        if action.done_on is not None:
            theme.set_role(text, "muted")
        elif action.due is not None and action.due < today:
            theme.set_role(due, "error")
        frame = QWidget()
        words = QVBoxLayout()
        words.setContentsMargins(0, _BESIDE_TICK, 0, 0)
        words.setSpacing(0)
        words.addWidget(text)
        if due.text():
            words.addWidget(due)
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(tick, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return frame


def _parted(widgets: Iterable[QWidget]) -> Iterator[QWidget]:
    """Yield widgets with a line between each and the next."""
    for number, widget in enumerate(widgets):
        if number:
            yield hairline()
        yield widget


def _decision(decision: Decision, *, superseded: bool) -> QWidget:
    state = VERDICT_STATES[decision.verdict]
    verdict = StateLabel(state)
    day = day_in_words(decision.decided_at.astimezone().date())
    seen = f" · on the copy of {day_in_words(decision.seen_at.astimezone())}" if decision.seen_at else ""
    by = MutedLabel(f"{decision.by}, {day}{seen}{' · superseded' if superseded else ''}")
    head = QHBoxLayout()
    head.setSpacing(12)
    head.addWidget(verdict, 0, Qt.AlignmentFlag.AlignBaseline)
    head.addWidget(by, 1, Qt.AlignmentFlag.AlignBaseline)
    frame = QFrame()
    frame.setAccessibleName(f"{decision.verdict}, {by.text()}: {decision.comment}")
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addLayout(head)
    if decision.comment:
        comment = _words(decision.comment)
        if superseded:
            theme.set_role(comment, "muted")
        column.addWidget(comment)
    return frame


def _place_of(claim: Claim) -> Place:
    return Place(
        places.EVIDENCE,
        evidence_id=claim.evidence_id,
        requirement_id=claim.requirement_id,
        field=places.CLAIM_FIELD,
        attachment=claim.locator.attachment,
        page_number=claim.locator.page,
    )


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
