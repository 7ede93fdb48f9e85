"""The Feedback page: what the assessor decided, what has changed since, and recording decisions by hand."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFileDialog,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from portfolio_app import settings as declared
from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Decision
from portfolio_app.gui import places, theme
from portfolio_app.gui.dialogs.record_decision import RecordDecisionDialog
from portfolio_app.gui.file_intake import NOT_HANDED_OVER
from portfolio_app.gui.models.feedback_tree import FeedbackTreeModel, Turn, shown_groups
from portfolio_app.gui.page import PageInSteps
from portfolio_app.gui.places import Place
from portfolio_app.gui.returned_intake import Forms, ReviewIntake, look_for_forms
from portfolio_app.gui.widgets.basics import EmptyState, PageHeader, SearchField, button
from portfolio_app.gui.widgets.decision_form import DecisionDraft, DecisionForm, DecisionGiven
from portfolio_app.gui.widgets.drop_zones import DropZones, files_in, pass_files_on, take
from portfolio_app.gui.widgets.feedback_row import FeedbackRowDelegate
from portfolio_app.gui.widgets.grouped_tree import GroupedTree
from portfolio_app.gui.widgets.requirement_feedback import RequirementFeedbackView
from portfolio_app.gui.widgets.upright_area import UprightArea
from portfolio_app.services.actions import finish_action, reopen_action
from portfolio_app.services.claim_edits import RequirementClaims, claims_for_requirement
from portfolio_app.services.decisions import acknowledge, record_decisions
from portfolio_app.services.feedback import Feedback, RequirementFeedback, feedback
from portfolio_app.services.returned_forms import ReturnedForm
from portfolio_app.services.review import AcceptedReview

_LIST_WIDTH: Final = 340
_LARGEST_SHARE: Final = 0.36
_FORM_WIDTH: Final = 380
_BESIDE_FROM: Final = 1300
_BOUNDLESS: Final = 16_777_215
_MOST_DRAFTS: Final = 50
_LETTERS_OF_TURN: Final = 12


class FeedbackPage(PageInSteps):
    """Requirements by unit on the left; the one in hand, with the form for a decision, on the right."""

    def _make(self) -> Generator[None, None, None]:
        session, window = self.session, self.window_
        self._found = Feedback((), (), ())
        self._claims: RequirementClaims | None = None
        self._in_hand: tuple[str, ...] = ()
        self._drafts: dict[tuple[str, ...], DecisionDraft] = {}
        self._wanted = ""
        self._has_own_sizes = False
        self._header = PageHeader("Feedback")
        self._intake = ReviewIntake(session, window, self)
        self._intake.accepted.connect(self._show_accepted)
        self._zones = DropZones(self)
        self._read = button("Read a returned copy …", icon_name="inbox")
        self._read.setToolTip(
            "A review copy that the assessor filled in and sent back; it can also be dropped on this page"
        )
        self._read.clicked.connect(partial(window.run_action, "read-answers"))
        self._header.add_action_widget(self._read)
        if session.read_only:
            self._read.hide()
        self._search = SearchField("Find requirements")
        self._turn = QComboBox()
        self._turn.setAccessibleName("Which requirements are shown")
        self._turn.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._turn.setMinimumContentsLength(_LETTERS_OF_TURN)
        self._model = FeedbackTreeModel(self)
        self.tree = GroupedTree(self._model)
        self.tree.setItemDelegate(FeedbackRowDelegate(self._model, self.tree))
        self.tree.setAccessibleName("Requirements")
        self.view = RequirementFeedbackView(read_only=session.read_only)
        yield
        self.form = DecisionForm()
        self.form.set_assessor(window.settings.get(declared.ASSESSOR))
        self._several = QLabel()
        self._several.setTextFormat(Qt.TextFormat.PlainText)
        self._several.setWordWrap(True)
        self._marked = QLabel()
        theme.set_role(self._marked, "page-title")
        self._no_units = EmptyState("list-tree", "Decisions are made on the requirements of units.", "Add units")
        self._no_match = EmptyState("funnel-x", "Nothing here matches.", "Show everything")
        self._none = EmptyState("message-square", "Choose a requirement to see what was decided on it.")
        yield
        self._build()
        self._connect()
        self._show_turns()

    # What is shown

    def refresh(self) -> None:
        """Load all decisions."""
        self.session.read(feedback, done=self._show, receiver=self, topic="feedback")

    def on_changes(self, changes: Changes) -> None:
        """Load what was decided and claimed anew."""
        touched = (changes.decisions, changes.claims, changes.actions, changes.requirements, changes.units)
        if any(touched) or changes.evidence or changes.people:
            self.refresh()

    def commit(self) -> None:
        """Remember who decides; a decision itself is only recorded by its button."""
        if self.form.assessor:
            self.window_.settings.set(declared.ASSESSOR, self.form.assessor)

    def show_place(self, place: Place) -> None:
        """Take a requirement in hand."""
        if self._read.hasFocus():  # as what comes first on the page, though that is seldom what it is opened for
            self.tree.setFocus()
        self._wanted = place.requirement_id
        self._show_wanted()

    def read_answers(self, paths: Sequence[Path]) -> None:
        """Read copies that came back, one after the other; nothing is recorded before it was accepted."""
        files = [path for path in paths if path.is_file()]
        if files:
            look_for_forms(self.session, self, files, partial(self._read_or_send_on, files))
        else:
            self.window_.message("A folder is no returned copy." if paths else NOT_HANDED_OVER, kind="warning")

    def _read_or_send_on(self, files: Sequence[Path], forms: Forms) -> None:
        """Read review copies, and whatever says itself why it is none; a witness’s form belongs to its item."""
        statements = [path for path in files if forms.get(path) is ReturnedForm.WITNESS]
        copies = [path for path in files if path not in statements]
        if copies:
            self._intake.take(copies)
        if statements:
            self.window_.read_statements(statements)

    def pick_returned(self) -> None:
        """Ask which copies came back."""
        dialog = QFileDialog(self, "Read a returned copy", "", "PDF documents (*.pdf)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.read_answers([Path(name) for name in names]))
        dialog.open()

    # Files that hover over the page

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Say what becomes of PDFs that are dropped; other files are left to the window."""
        if not self.session.read_only and _are_documents(files_in(event.mimeData())):
            take(event)
            self._zones.show()
        else:
            event.ignore()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802
        """Show the page as it was, unless the files went to what covers it."""
        self._zones.leave()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Read what is dropped."""
        take(event)
        self._zones.hide()
        self.read_answers(files_in(event.mimeData()))

    def state(self) -> dict[str, Any]:
        """Remember widths, which requirements are shown, and what is folded."""
        sizes = self._splitter.sizes() if self._has_own_sizes else []
        return {"sizes": sizes, "turn": self._chosen_turn().name, "folded": self.tree.folded()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take what was remembered, as far as it is known."""
        if state.get("turn") in Turn.__members__:
            self._turn.setCurrentIndex(self._turn.findData(state["turn"]))
        folded = state.get("folded")
        if isinstance(folded, list):
            self.tree.set_folded(key for key in folded if isinstance(key, str))
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 2 and all(type(size) is int and size > 0 for size in sizes):
            self._splitter.setSizes(sizes)
            self._has_own_sizes = True

    def _resized(self) -> None:
        """Put the form beside the requirement where there is room, else below it."""
        self._arrange()

    # Building

    def _build(self) -> None:
        # From the outside in: what is moved into another widget is dressed by the style sheet once more.
        self._stack = QStackedWidget()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 16, 24, 16)
        whole.setSpacing(12)
        whole.addWidget(self._header)
        whole.addWidget(self._stack, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(16)
        theme.set_role(self._splitter, "open")
        for page in (QWidget(), self._splitter, self._no_units):
            self._stack.addWidget(page)
        left = QWidget()
        self._right = QStackedWidget()
        for number, pane in enumerate((left, self._right)):
            self._splitter.addWidget(pane)
            self._splitter.setStretchFactor(number, number)
        self._fill_left(left)
        self._fill_right()
        self.set_entry(self.tree)
        self.setAcceptDrops(True)
        self._zones.add(self._stack, lambda: "Read the assessor’s answers in this copy", self.read_answers)
        pass_files_on(self)

    def _fill_left(self, left: QWidget) -> None:
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._search, self._turn):
            column.addWidget(widget)
        self._lists = QStackedWidget()
        column.addWidget(self._lists, 1)
        self._lists.addWidget(self.tree)
        self._lists.addWidget(self._no_match)

    def _fill_right(self) -> None:
        content = QWidget()
        self._area = UprightArea()
        self._area.setWidget(content)
        self._right.addWidget(self._none)
        self._right.addWidget(self._area)
        self._panes = QBoxLayout(QBoxLayout.Direction.TopToBottom, content)
        self._panes.setContentsMargins(0, 0, 8, 0)
        self._panes.setSpacing(16)
        shown = QVBoxLayout()
        shown.setSpacing(12)
        self._panes.addLayout(shown, 1)
        self._tops = QWidget()
        shown.addWidget(self._tops)
        names = QVBoxLayout(self._tops)
        names.setContentsMargins(0, 0, 0, 0)
        names.addWidget(self._marked)
        names.addWidget(self._several)
        shown.addWidget(self.view)
        shown.addStretch(1)
        self._panes.addWidget(self.form, 0, Qt.AlignmentFlag.AlignTop)

    def _arrange(self) -> None:
        dress = theme.current()
        if not self._has_own_sizes:
            left = min(dress.scaled(_LIST_WIDTH), int(self.width() * _LARGEST_SHARE))
            self._splitter.setSizes([left, self.width() - left])
        beside = self.width() >= dress.scaled(_BESIDE_FROM)
        self._panes.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self._panes.setStretch(0, 1 if beside else 0)
        self._panes.setStretch(1, 0 if beside else 1)
        self.form.setMinimumWidth(dress.scaled(_FORM_WIDTH) if beside else 0)
        self.form.setMaximumWidth(dress.scaled(_FORM_WIDTH) if beside else _BOUNDLESS)
        self.view.decide.setVisible(not beside and not self.session.read_only)

    def _keep_sizes(self, _position: int, _handle: int) -> None:
        self._has_own_sizes = True

    def _show_form(self) -> None:
        self._area.ensureWidgetVisible(self.form)
        self.form.focus_first()

    def _connect(self) -> None:
        theme.notifier().changed.connect(self._arrange)
        self._splitter.splitterMoved.connect(self._keep_sizes)
        self.view.decision_requested.connect(self._show_form)
        self._search.searched.connect(self._narrow)
        self._turn.currentIndexChanged.connect(self._narrow)
        self.tree.row_chosen.connect(self._choose)
        self.tree.row_activated.connect(self._go_on)
        self.view.place_requested.connect(self.window_.go)
        self.view.acknowledged.connect(self._acknowledge)
        self.view.action_ticked.connect(self._tick)
        self.form.submitted.connect(self._ask)
        self.form.setVisible(not self.session.read_only)
        self._no_units.pressed.connect(partial(self.window_.run_action, "add-units"))
        self._no_units.button.setVisible(not self.session.read_only)
        self._no_match.pressed.connect(self._show_everything)

    # Loading

    def _show(self, found: Feedback) -> None:
        self._found = found
        parts = []
        if found.waiting_for_learner:
            parts.append(f"{found.waiting_for_learner:,} waiting for you")
        if found.waiting_for_assessor:
            parts.append(f"{found.waiting_for_assessor:,} waiting for the assessor")
        self._header.set_subtitle(" · ".join(parts))
        self.form.set_names(found.assessors)
        self._show_turns()
        self._stack.setCurrentWidget(self._splitter if found.units else self._no_units)
        self._narrow()

    def _show_turns(self) -> None:
        chosen = self._chosen_turn()
        rows = [row for unit in self._found.units for row in unit.requirements]
        self._turn.blockSignals(True)
        self._turn.clear()
        for turn in Turn:
            self._turn.addItem(f"{turn} ({sum(turn.takes(row) for row in rows):,})", turn.name)
        self._turn.setCurrentIndex(self._turn.findData(chosen.name))
        self._turn.blockSignals(False)

    def _chosen_turn(self) -> Turn:
        return Turn[self._turn.currentData()] if self._turn.currentData() else Turn.IN_HAND

    def _narrow(self, *_what: object) -> None:
        groups = shown_groups(self._found.units, self._chosen_turn(), self._search.text())
        self.tree.set_groups(groups)
        if groups and self.tree.current_row() is None and not self._wanted:
            self.tree.choose_first()
        self._lists.setCurrentWidget(self.tree if groups else self._no_match)
        self._show_wanted()

    def _show_everything(self) -> None:
        self._search.clear()
        self._turn.setCurrentIndex(self._turn.findData(Turn.ALL.name))
        self._narrow()

    def _show_wanted(self) -> None:
        wanted = self._wanted
        if not wanted or not self._found.units:
            return
        if self.tree.show_key(wanted):
            self._wanted = ""
        elif any(row.requirement.id == wanted for unit in self._found.units for row in unit.requirements):
            self._show_everything()  # comes back here
        else:
            self._wanted = ""

    # The requirement in hand

    def _rows_in_hand(self) -> list[RequirementFeedback]:
        marked = self.tree.marked_rows()
        current = self.tree.current_row()
        return marked or ([current] if current is not None else [])

    def _choose(self) -> None:
        rows = self._rows_in_hand()
        ids = tuple(row.requirement.id for row in rows)
        self._right.setCurrentWidget(self._area if rows else self._none)
        is_other = ids != self._in_hand
        if is_other:
            self._keep_draft()
            self._in_hand = ids
            self._claims = None
            self.form.restore(self._drafts.get(ids, DecisionDraft()))
            self.form.set_count(max(1, len(rows)))
            self._area.verticalScrollBar().setValue(0)
        self._tops.setVisible(len(rows) > 1)
        self.view.setVisible(len(rows) == 1)
        if len(rows) > 1:
            self._marked.setText(f"{len(rows):,} requirements are marked")
            self._several.setText(", ".join(row.address for row in rows))
            self.window_.inspect(None)
        elif rows:
            self.view.show_requirement(rows[0], self._claims)
            self.session.read(
                claims_for_requirement, ids[0], done=self._show_claims, failed=_gone, receiver=self, topic="claims"
            )
            if is_other:
                self.window_.inspect(Place(places.UNITS, requirement_id=ids[0]))

    def _show_claims(self, claimed: RequirementClaims) -> None:
        rows = self._rows_in_hand()
        if len(rows) == 1 and rows[0].requirement.id == claimed.requirement.id:
            self._claims = claimed
            self.view.show_requirement(rows[0], claimed)

    def _keep_draft(self) -> None:
        draft = self.form.draft()
        self._drafts.pop(self._in_hand, None)
        if self._in_hand and draft != DecisionDraft():
            self._drafts[self._in_hand] = draft
            while len(self._drafts) > _MOST_DRAFTS:
                self._drafts.pop(next(iter(self._drafts)))

    def _go_on(self, _row: RequirementFeedback) -> None:
        """Go from the list to the form."""
        if self.form.isVisible():
            self._show_form()

    # Edits

    def _ask(self, given: DecisionGiven) -> None:
        rows = self._rows_in_hand()
        if not rows:
            return
        dialog = RecordDecisionDialog(given, [row.address for row in rows], self)
        dialog.confirmed.connect(partial(self._record, [row.requirement.id for row in rows], given))
        dialog.open()

    def _record(self, ids: Sequence[str], given: DecisionGiven) -> None:
        self.window_.settings.set(declared.ASSESSOR, given.by)
        self.session.edit(
            record_decisions,
            ids,
            given.verdict,
            given.by,
            given.comment,
            decided_on=given.decided_on,
            due=given.due,
            done=partial(self._recorded, tuple(ids)),
        )

    def _recorded(self, ids: tuple[str, ...], decisions: Sequence[Decision]) -> None:
        self._drafts.pop(ids, None)
        if self._in_hand == ids:
            self.tree.setFocus()  # the button cannot be pressed again, and the next requirement is chosen there
            self.form.restore(DecisionDraft())
        count = len(decisions)
        what = "The decision is recorded." if count == 1 else f"{count:,} decisions are recorded."
        self.window_.toast(what)

    def _show_accepted(self, accepted: AcceptedReview) -> None:
        """Lead to what came."""
        if not accepted:
            self.window_.toast("All of it was recorded already.")
            return
        counts = (
            (len(accepted.decisions), "decision"),
            (len(accepted.judged), "judgement"),
            (len(accepted.notes), "comment"),
        )
        said = ", ".join(f"{count:,} {what}{'' if count == 1 else 's'}" for count, what in counts if count)
        self.window_.toast(f"Recorded: {said} of {accepted.comparison.by}.")
        decided = [decision.requirement_id for decision in accepted.decisions]
        noted = [note.requirement_id for note in accepted.notes if note.requirement_id]
        self._wanted = next(iter([*decided, *noted]), "")
        self.refresh()

    def _acknowledge(self, decision_id: str) -> None:
        self.session.edit(
            acknowledge, decision_id, done=lambda _: self.window_.toast("The decision is acknowledged.", undo=True)
        )

    def _tick(self, action_id: str, ticked: bool) -> None:
        self.session.edit(finish_action if ticked else reopen_action, action_id)


def _are_documents(files: Sequence[Path]) -> bool:
    return bool(files) and all(path.suffix.lower() == ".pdf" for path in files)


def _gone(_error: BaseException) -> None:
    """The requirement was removed while it was being read; the list follows at once."""
