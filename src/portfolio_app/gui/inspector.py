"""The inspector at the right: what is known of the thing in hand, wherever it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.gui import places, theme
from portfolio_app.gui.page import Navigator
from portfolio_app.gui.places import CLAIM_FIELD, Place
from portfolio_app.gui.session import Session
from portfolio_app.gui.widgets.basics import ElidedLabel, MutedLabel, StateLabel, button, clear_layout, icon_button
from portfolio_app.gui.widgets.elided_buttons import ElidedLink
from portfolio_app.gui.widgets.upright_area import UprightArea
from portfolio_app.services.claim_edits import RequirementClaims, claims_for_requirement
from portfolio_app.services.evidence_sheet import EvidenceSheet, evidence_for_editing

_WIDTH = 320


class Inspector(QFrame):
    """Shows an item with its claims, or a requirement with the evidence claimed for it."""

    def __init__(self, session: Session, window: Navigator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "side-pane")
        self.setAccessibleName("Inspector")
        self._session = session
        self._window = window
        self._place: Place | None = None
        self._heading = QLabel()
        self._heading.setTextFormat(Qt.TextFormat.PlainText)
        self._heading.setWordWrap(True)
        theme.set_role(self._heading, "section-title")
        close = icon_button("x", "Close the inspector (F4)")
        close.clicked.connect(partial(window.run_action, "inspector"))
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._body = QVBoxLayout()
        self._body.setSpacing(8)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(self._body)
        column.addStretch(1)
        area = UprightArea()
        area.setAccessibleName("What is known of it")
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # to scroll by the arrow keys
        area.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        session.changed.connect(self._hear)
        self.show_place(None)

    def show_place(self, place: Place | None) -> None:
        """Show what is known of a thing."""
        self._place = place
        if place is not None and place.requirement_id:
            self._session.read(
                claims_for_requirement,
                place.requirement_id,
                done=self._show_requirement,
                failed=self._show_nothing,
                receiver=self,
                topic="inspect",
            )
        elif place is not None and place.evidence_id:
            self._session.read(
                evidence_for_editing,
                place.evidence_id,
                done=self._show_item,
                failed=self._show_nothing,
                receiver=self,
                topic="inspect",
            )
        else:
            self._show_nothing()

    def _hear(self, changes: Changes, _initiator: QObject | None) -> None:
        if changes and self.isVisible():
            self.show_place(self._place)

    def _show_nothing(self, *_error: object) -> None:
        self._heading.setText("Nothing chosen")
        clear_layout(self._body)
        self._say("Choose an item, a requirement or a cell, and what is known of it stands here.")

    def _show_item(self, sheet: EvidenceSheet) -> None:
        item = sheet.evidence
        kind: EvidenceKind | None = self._session.kinds.get(item.kind)
        self._heading.setText(f"{item.ref}  {item.title or 'Untitled'}")
        clear_layout(self._body)
        facts = [kind.title if kind else item.kind, str(item.date) if item.date else "no date", str(item.standing.kind)]
        self._say(" · ".join(facts))
        people = [sheet.people[part.person_id].name for part in item.people if part.person_id in sheet.people]
        self._list("People", people)
        self._list("Files", [file.attachment.name for file in sheet.files])
        self._list("Tags", item.tags)
        self._title(f"Claims: {len(sheet.claims):,}" if sheet.claims else "Not claimed yet")
        for placed in sheet.claims:
            place = Place(places.EVIDENCE, evidence_id=item.id, requirement_id=placed.requirement.id, field=CLAIM_FIELD)
            self._link(f"{placed.address}  {placed.requirement.short_text}", place)
            self._body.addWidget(StateLabel(placed.state))

    def _show_requirement(self, found: RequirementClaims) -> None:
        self._heading.setText(found.address)
        clear_layout(self._body)
        self._body.addWidget(StateLabel(found.state))
        self._say(found.requirement.text, muted=False)
        if found.decision is not None:
            day = day_in_words(found.decision.decided_at.astimezone().date())
            self._say(f"{found.decision.by}, {day}: {found.decision.verdict}. {found.decision.comment}".strip())
        self._title(f"Evidence: {len(found.claims):,}" if found.claims else "No evidence claimed yet")
        for claimed in found.claims:
            place = Place(
                places.EVIDENCE,
                evidence_id=claimed.item.id,
                requirement_id=found.requirement.id,
                field=CLAIM_FIELD,
            )
            self._link(f"{claimed.item.ref}  {claimed.item.title or 'Untitled'}", place)
            words = claimed.claim.quotation or str(claimed.claim.locator)
            if words:
                self._say(f"“{words}”" if claimed.claim.quotation else words)
        if not self._session.read_only:
            add = button("Add evidence for this", icon_name="file-plus")
            add.clicked.connect(partial(self._window.go, Place(places.EVIDENCE, requirement_id=found.requirement.id)))
            self._body.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)

    def _title(self, text: str) -> None:
        label = QLabel(text)
        theme.set_role(label, "field")
        self._body.addSpacing(4)
        self._body.addWidget(label)

    def _say(self, text: str, *, muted: bool = True) -> None:
        label = MutedLabel(text) if muted else QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._body.addWidget(label)

    def _list(self, title: str, words: Sequence[str]) -> None:
        if words:
            self._title(title)
            for word in words:
                self._body.addWidget(ElidedLabel(word))

    def _link(self, text: str, place: Place) -> None:
        link = ElidedLink(text)
        link.clicked.connect(partial(self._window.go, place))
        self._body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
