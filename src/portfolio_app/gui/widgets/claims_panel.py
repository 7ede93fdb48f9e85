"""The claims of the item in hand: the requirements to tick, and the claim that is open."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLabel, QScrollArea, QSplitter, QTreeView, QVBoxLayout, QWidget

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Claim, Locator
from portfolio_app.gui import theme
from portfolio_app.gui.models.requirement_tree import RequirementTreeModel
from portfolio_app.gui.page import Navigator
from portfolio_app.gui.places import CLAIM_FIELD
from portfolio_app.gui.session import Session
from portfolio_app.gui.widgets.basics import Banner, EmptyState, SearchField, SegmentedControl
from portfolio_app.gui.widgets.claim_form import ClaimForm
from portfolio_app.gui.widgets.in_steps import InSteps
from portfolio_app.gui.widgets.requirement_row import RequirementRowDelegate
from portfolio_app.gui.widgets.suggestions import ItemSuggestions
from portfolio_app.gui.widgets.tree_branch import draw_branch
from portfolio_app.services.claim_edits import (
    RequirementChoice,
    claims_for_evidence,
    matching,
    remove_claims,
    requirement_choices,
    set_claim,
    tick_component,
)
from portfolio_app.services.claims import ClaimGiven
from portfolio_app.services.evidence_sheet import ClaimInPlace

_ALL, _CLAIMED, _OPEN = "all", "claimed", "open"
_MOST_EXPANDED: Final = 400
_AROUND: Final = 40
_QUOTED_SHOWN: Final = 80
_LEAST_TREE: Final = 260
_HIGH_ENOUGH: Final = 560
"""From that height on there is room for the sentences of suggestions."""
_CHOICES_AFTER_MS: Final = 400


class ClaimsPanel(InSteps, QWidget):
    """Search, tick, say why, quote, give the place.

    A quotation that comes without a requirement in hand waits until one is chosen.
    """

    place_requested = Signal(str, str, str)
    """The attachment, the page and the quotation of a claim that is to be looked at."""

    def __init__(
        self, session: Session, window: Navigator, parent: QWidget | None = None, *, in_steps: bool = False
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._window = window
        self._is_made = False
        self._item = ""
        self._choices: Sequence[RequirementChoice] = ()
        self._claims: dict[str, ClaimInPlace] = {}
        self._wanted = self._sought = ""
        self._led_to: tuple[str, str] | None = None
        self._advised = ""
        self._quoted: tuple[str, Locator] | None = None
        self._reading_choices = QTimer(self, singleShot=True, interval=_CHOICES_AFTER_MS)
        self._reading_choices.timeout.connect(self._read_choices)
        self.begin(in_steps=in_steps)

    def _make(self) -> Generator[None, None, None]:
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.setChildrenCollapsible(False)
        upper = QWidget(splitter)
        upper.setMinimumHeight(theme.current().scaled(_LEAST_TREE))
        self._lower = QScrollArea(splitter)
        for part in range(splitter.count()):
            splitter.setStretchFactor(part, 1)
        splitter.setSizes([1000, 1000])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        self._build_upper(upper)
        yield
        self._build_lower()
        yield
        self._session.changed.connect(self._hear)
        self._is_made = True

    def show_item(self, evidence_id: str) -> None:
        """Show the claims of another item, or none."""
        self.commit()
        self._led_to = None
        self._sought = ""
        self._item = evidence_id
        self._claims = {}
        self._model.set_ticked({})
        self._suggestions.show_item("" if self._session.read_only else evidence_id)
        self.setEnabled(bool(evidence_id))
        if not self._choices:
            self._read_choices()
        self._read_claims()

    def show_requirement(self, requirement_id: str) -> None:
        """Open the claim on a requirement."""
        self._wanted = requirement_id
        self._search.clear()
        self._which.set_current(_ALL)
        self._narrow()

    def lead_to(self, requirement_id: str, part: str = "") -> None:
        """Open the claim on a requirement and give the focus to a part of it; without one, to the search for one."""
        if not requirement_id:
            self.focus_search()
            return
        self._led_to = (requirement_id, part)
        self.show_requirement(requirement_id)
        self._show_open()

    def lead_to_passage(self, passage: str) -> None:
        """Open the claim whose words hold a passage, once the claims are there."""
        self._sought = passage
        self._look_for_passage()

    def quote(self, text: str, place: Locator) -> None:
        """Take a quotation for the claim that is open, or for the requirement chosen next."""
        quoted = " ".join(text.split())
        if not quoted or not self._item or self._session.read_only:
            return
        requirement_id = self._form.requirement_id
        if requirement_id and requirement_id in self._claims:
            self._put_quotation(requirement_id, quoted, place)
            return
        self._quoted = (quoted, place)
        shown = quoted if len(quoted) <= _QUOTED_SHOWN else f"{quoted[:_QUOTED_SHOWN]}…"
        self._waiting.set_message(f"Choose what this proves: “{shown}”")
        self._waiting.show()
        self._tree.setCurrentIndex(QModelIndex())
        self._search.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show suggestions in full where that leaves room for the requirements."""
        super().resizeEvent(event)
        if self._is_made:
            self._share_height()

    def _share_height(self) -> None:
        is_low = self.height() < theme.current().scaled(_HIGH_ENOUGH)
        self._suggestions.set_brief(is_low or not self._lower.isHidden())

    def commit(self) -> None:
        """Save what was typed."""
        self._form.flush()

    def focus_search(self) -> None:
        """Type what to look for."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def text_fields(self) -> ClaimForm:
        """Return the form, whose fields' spelling is looked at."""
        return self._form

    # Building

    def _build_upper(self, upper: QWidget) -> None:
        self._header = QLabel("Claims")
        theme.set_role(self._header, "section-title")
        self._search = SearchField("Search requirements")
        self._search.searched.connect(self._narrow)
        self._which = SegmentedControl(
            ((_ALL, "All"), (_CLAIMED, "Claimed"), (_OPEN, "Still open")),
            accessible_name="Which requirements are shown",
        )
        self._which.changed.connect(self._narrow)
        self._waiting = Banner("", "info", (("Cancel", self._forget_quotation),))
        self._waiting.hide()
        self._suggestions = ItemSuggestions(self._session, self._window, upper)
        self._suggestions.looked_at.connect(self._look_at)
        if self._session.read_only:
            self._suggestions.hide()
        self._build_tree(upper)
        self._none = EmptyState("list-tree", "There are no requirements to claim yet.", "Add units")
        self._none.pressed.connect(partial(self._window.run_action, "add-units"))
        self._none.hide()
        top = QVBoxLayout()
        top.setContentsMargins(12, 12, 12, 8)
        top.setSpacing(8)
        for widget in (self._header, self._suggestions, self._search, self._which, self._waiting):
            top.addWidget(widget)
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._tree, 1)
        column.addWidget(self._none, 1)

    def _build_tree(self, upper: QWidget) -> None:
        self._model = RequirementTreeModel(self)
        self._model.can_tick = not self._session.read_only
        self._model.tick_requested.connect(self._tick)
        self._tree = _RequirementTree(upper)
        self._tree.setModel(self._model)
        self._tree.setItemDelegate(RequirementRowDelegate(self._tree, self._model))
        self._tree.setHeaderHidden(True)
        self._tree.setIndentation(theme.current().scaled(14))
        self._tree.setMouseTracking(True)
        self._tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tree.setAccessibleName("Requirements")
        theme.set_role(self._tree, "plain")
        self._tree.selectionModel().currentChanged.connect(self._choose)
        self._tree.activated.connect(self._activate)

    def _build_lower(self) -> None:
        self._form = ClaimForm()
        self._form.set_read_only(self._session.read_only)
        self._form.committed.connect(self._save)
        self._form.claim_requested.connect(partial(self._tick, ticked=True))
        self._form.removal_requested.connect(partial(self._tick, ticked=False))
        self._form.component_ticked.connect(self._tick_component)
        self._form.place_requested.connect(self.place_requested)
        self._form.suggestion_taken.connect(self._suggestions.take)
        self._form.suggestion_turned_down.connect(self._suggestions.turn_down)
        self._lower.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lower.setWidgetResizable(True)
        self._lower.setFrameShape(QFrame.Shape.NoFrame)
        self._lower.setWidget(self._form)
        self._lower.hide()

    # Reading

    def _hear(self, changes: Changes, initiator: QObject | None) -> None:
        del initiator  # the panel shows its own edits too: a tick appears when it is stored
        if changes.units or changes.requirements or changes.decisions or changes.claims:
            self._read_choices()
        elif changes.evidence:  # only an item that went to the bin or came back alters how many claims there are
            self._reading_choices.start()
        if changes.claims or changes.decisions or changes.requirements or self._item in changes.evidence:
            self._read_claims()

    def _read_choices(self) -> None:
        self._reading_choices.stop()
        self._session.read(requirement_choices, done=self._show_choices, receiver=self, topic="choices")

    def _read_claims(self) -> None:
        if self._item:
            self._session.read(
                claims_for_evidence,
                self._item,
                done=self._show_claims,
                failed=self._gone,
                receiver=self,
                topic="claims",
            )

    def _gone(self, _error: BaseException) -> None:
        self._claims = {}
        self._model.set_ticked({})

    def _show_choices(self, choices: Sequence[RequirementChoice]) -> None:
        if choices == self._choices:
            return
        self._choices = choices
        self._none.setVisible(not choices)
        self._tree.setVisible(bool(choices))
        self._narrow()

    def _show_claims(self, claims: Sequence[ClaimInPlace]) -> None:
        self._claims = {placed.requirement.id: placed for placed in claims}
        self._model.set_ticked(self._claims)
        self._header.setText(f"Claims  {len(claims):,}" if claims else "Claims")
        if self._which.current != _ALL:
            self._narrow()
        self._show_open()
        self._look_for_passage()

    def _look_for_passage(self) -> None:
        wanted = " ".join(self._sought.split())
        for placed in self._claims.values() if wanted else ():
            if wanted in " ".join(f"{placed.claim.why} {placed.claim.quotation}".split()):
                self._sought = ""
                self.lead_to(placed.requirement.id, CLAIM_FIELD)
                return

    def _narrow(self, *_typed: object) -> None:
        in_hand = self._wanted or self._form.requirement_id
        choices = matching(self._choices, self._search.text())
        if self._which.current == _CLAIMED:
            choices = [choice for choice in choices if choice.requirement.id in self._claims]
        elif self._which.current == _OPEN:
            choices = [choice for choice in choices if not choice.claims]
        are_others = self._model.set_choices(choices)
        if are_others and (len(choices) <= _MOST_EXPANDED or self._search.text()):
            self._tree.expandAll()
        elif are_others:
            for unit in self._model.units()[:1]:
                self._tree.expand(unit)
        index = self._model.index_of(in_hand) if in_hand and (are_others or self._wanted) else QModelIndex()
        if index.isValid():
            self._wanted = ""
            self._tree.setCurrentIndex(index)
            self._tree.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        else:
            self._show_open()

    # The claim that is open

    def _choose(self, current: QModelIndex, _previous: QModelIndex) -> None:
        choice = self._model.node(current).choice if current.isValid() else None
        if choice is not None and self._quoted is not None:
            quoted, place = self._quoted
            self._forget_quotation()
            self._put_quotation(choice.requirement.id, quoted, place)
        self._show_open()

    def _show_open(self) -> None:
        current = self._tree.currentIndex()
        choice = self._model.node(current).choice if current.isValid() else None
        placed = self._claims.get(choice.requirement.id) if choice else None
        self._form.show_requirement(choice, _claim_of(placed), placed.decision if placed else None)
        self._form.propose(self._suggestions.suggestion_for(choice.requirement.id) if choice else None)
        advised, self._advised = self._advised, self._form.requirement_id if choice else ""
        if self._advised and self._advised != advised:
            show = partial(self._form.show_advice, self._advised)
            self._session.texts.read_advice(self._advised, done=show, receiver=self)
        if self._lower.isVisible() != (choice is not None):
            self._lower.setVisible(choice is not None)
            self._share_height()
            QTimer.singleShot(0, self, self._keep_in_sight)
        if self._led_to is not None and placed is not None and placed.requirement.id == self._led_to[0]:
            QTimer.singleShot(0, self, self._arrive)

    def _look_at(self, requirement_id: str) -> None:
        """Show what is suggested with its sentence, ready to be claimed or put in other words."""
        self.show_requirement(requirement_id)
        self._form.focus_first()

    def _arrive(self) -> None:
        if self._led_to is None or self._led_to[0] != self._form.requirement_id:
            return
        part, self._led_to = self._led_to[1], None
        found = self._form.focus_part(part)
        # The form has its height when it has been laid out.
        QTimer.singleShot(0, found, partial(self._show_part, found))

    def _show_part(self, found: QWidget) -> None:
        """Bring what has the keyboard into sight, of parts to tick as many as there is room for."""
        last = self._form.last_part
        if last is not None and self._form.is_part(found):
            self._lower.ensureWidgetVisible(last)
        self._lower.ensureWidgetVisible(found, 0, _AROUND)

    def _keep_in_sight(self) -> None:
        self._tree.scrollTo(self._tree.currentIndex())

    def _activate(self, index: QModelIndex) -> None:
        choice = self._model.node(index).choice
        if choice is None:
            self._tree.setExpanded(index, not self._tree.isExpanded(index))
        elif not self._session.read_only:
            if choice.requirement.id not in self._claims:
                self._tick(choice.requirement.id, ticked=True)
            self._form.focus_first()

    # Edits

    def _tick(self, requirement_id: str, ticked: bool) -> None:
        if not self._item:
            return
        self._led_to = None
        if ticked:
            self._wanted = requirement_id
            self._session.edit(set_claim, self._item, requirement_id, initiator=self)
            index = self._model.index_of(requirement_id)
            if index.isValid():
                self._tree.setCurrentIndex(index)
            return
        placed = self._claims.get(requirement_id)
        if placed is None:
            return
        self._session.edit(
            remove_claims,
            [(self._item, requirement_id)],
            done=lambda _: self._window.toast(f"The claim on {placed.address} was removed.", undo=True),
            initiator=self,
        )

    def _save(self, requirement_id: str, given: ClaimGiven) -> None:
        if self._item:
            self._session.edit(set_claim, self._item, requirement_id, given, initiator=self)

    def _tick_component(self, requirement_id: str, component_id: str, ticked: bool) -> None:
        if self._item:
            self._session.edit(tick_component, self._item, requirement_id, component_id, ticked=ticked, initiator=self)

    def _put_quotation(self, requirement_id: str, quoted: str, place: Locator) -> None:
        self.commit()
        given = ClaimGiven(quotation=quoted, locator=place or None)
        self._session.edit(
            set_claim,
            self._item,
            requirement_id,
            given,
            done=lambda placed: self._window.toast(f"Quoted for {placed.address}.", undo=True),
            initiator=self,
        )

    def _forget_quotation(self) -> None:
        self._quoted = None
        self._waiting.hide()


class _RequirementTree(QTreeView):
    """Rows whose delegate draws the one in hand, and which are as high as their words need at this width."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Measure the rows anew at another width, as when a scroll bar comes or goes."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def drawBranches(self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802
        """Draw nothing of the selection before the row."""
        draw_branch(self, painter, rect, index)


def _claim_of(placed: ClaimInPlace | None) -> Claim | None:
    return placed.claim if placed else None
