"""The Evidence page: the list, the item in hand, and its claims beside it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QMenu, QSplitter, QStackedWidget, QVBoxLayout

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Locator
from portfolio_app.domain.evidence import Evidence
from portfolio_app.domain.listing import EvidenceQuery, EvidenceSummary
from portfolio_app.domain.qualification import Unit
from portfolio_app.domain.witness import has_form
from portfolio_app.gui import theme
from portfolio_app.gui.actions import declaration
from portfolio_app.gui.dialogs.choose_kind import ChooseKindDialog
from portfolio_app.gui.dialogs.earlier_versions import EarlierVersionsDialog
from portfolio_app.gui.dialogs.witness_form import WitnessFormDialog
from portfolio_app.gui.file_intake import NOT_HANDED_OVER, FileIntake, screenshot_name
from portfolio_app.gui.icons import icon
from portfolio_app.gui.page import PageInSteps
from portfolio_app.gui.places import CLAIM_FIELD, PARTS_FIELD, Place
from portfolio_app.gui.returned_intake import Forms, WitnessIntake, look_for_forms, sort_out_forms
from portfolio_app.gui.shared_spelling import shared_spelling
from portfolio_app.gui.widgets.basics import EmptyState
from portfolio_app.gui.widgets.bulk_bar import BulkBar
from portfolio_app.gui.widgets.claims_panel import ClaimsPanel
from portfolio_app.gui.widgets.clipboard import copied
from portfolio_app.gui.widgets.drop_zones import DropZones, files_in, pass_files_on, take
from portfolio_app.gui.widgets.evidence_editor.editor import EvidenceEditor
from portfolio_app.gui.widgets.evidence_list import EvidenceListPanel
from portfolio_app.services import evidence_list as lists
from portfolio_app.services import evidence_many as many
from portfolio_app.services.attaching import CopiedFile
from portfolio_app.services.evidence_edits import duplicate_evidence, new_evidence
from portfolio_app.services.evidence_files import ItemsFromFiles, add_evidence_from_copies
from portfolio_app.services.evidence_given import EvidenceGiven
from portfolio_app.services.returned_forms import ReturnedForm
from portfolio_app.services.units import list_units

_LIST_WIDTH: Final = 320
_CLAIMS_WIDTH: Final = 340
_LIST_SHARE: Final = 0.22
_CLAIMS_SHARE: Final = 0.24
_WIDEST_COLUMN: Final = 460
_MOST_OF_PAGE: Final = 0.42
"""How much of it a column takes at most to stay as wide as its words are large."""
_FACETS_AFTER_MS: Final = 400
_DRAWER_BELOW: Final = 1100
_PORTFOLIO_SUFFIX: Final = ".portfolio"


class EvidencePage(PageInSteps):
    """List, editor and claims side by side; where there is little room the claims become a drawer."""

    def _make(self) -> Generator[None, None, None]:
        session, window = self.session, self.window_
        self._whole = QStackedWidget(self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self._whole)
        self.list = EvidenceListPanel(session.kinds, self._splitter)
        self.list.set_read_only(session.read_only)
        self.middle = QStackedWidget(self._splitter)
        yield
        self.editor = EvidenceEditor(session, window, self.middle, in_steps=True)
        yield from self.editor.making
        yield
        self.claims = ClaimsPanel(session, window, self._splitter, in_steps=True)
        yield from self.claims.making
        yield
        self.bulk = BulkBar(self.middle)
        self.bulk.set_read_only(session.read_only)
        self._intake = FileIntake(session, window, self)
        self._statements = WitnessIntake(session, window, self)
        self._reading_facets = QTimer(self, singleShot=True, interval=_FACETS_AFTER_MS)
        self._reading_facets.timeout.connect(self._read_facets)
        self.zones = DropZones(self)
        self._wanted: Place | None = None
        self._item = ""
        self._is_listing = False
        self._claims_are_drawer = False
        self._widths: list[int] = []  # of the list and the claims, once the user has set them
        self._empty = EmptyState(
            "files",
            "Nothing collected yet. Drop files on this window, or write the first item.",
            "New evidence …",
            other_text="From files …",
        )
        self._empty.pressed.connect(self.new_item)
        self._empty.other_pressed.connect(self.new_from_files)
        for one in (self._empty.button, self._empty.other_button):
            one.setVisible(not session.read_only)
        self._none_chosen = EmptyState("file-text", "Choose an item on the left to read and edit it.")
        for widget in (self._none_chosen, self.bulk, self.editor):
            self.middle.addWidget(widget)
        self._build()
        self._connect()

    # What is shown

    def refresh(self) -> None:
        """Load the list and what it can be narrowed by."""
        self._read_list()
        self._reading_facets.start()
        self._read_units()

    def on_changes(self, changes: Changes) -> None:
        """Load the list anew where an item, or what becomes of it, changed."""
        if changes.units:
            self._read_units()
        if changes.evidence or changes.claims or changes.decisions or changes.units or changes.requirements:
            self._read_list()
            self._reading_facets.start()

    def commit(self) -> None:
        """Save what was typed in the item and its claims."""
        self.editor.commit()
        self.claims.commit()

    def show_place(self, place: Place) -> None:
        """Take an item in hand, and lead to its field or claim."""
        if place.evidence_id:
            self._wanted = place
            self._show_wanted()
        elif place.requirement_id:
            self.new_for_requirement(place.requirement_id)
        elif place.unit_id:
            self.list.set_query(EvidenceQuery(units=frozenset({place.unit_id})))

    def state(self) -> dict[str, Any]:
        """Remember the widths and the item in hand."""
        return {"widths": self._widths, "item": self._item}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the widths, and the item if the portfolio has it."""
        widths = state.get("widths")
        if isinstance(widths, list) and len(widths) == 2 and all(type(width) is int for width in widths):
            self._widths = widths
            self._share_out()
        if isinstance(state.get("item"), str) and state["item"]:
            self._wanted = Place("evidence", evidence_id=state["item"])

    # Handlers of actions

    def new_item(self) -> None:
        """Ask for a kind and begin an item of it."""
        self.new_for_requirement("")

    def new_for_requirement(self, requirement_id: str) -> None:
        """Ask for a kind and begin an item that is claimed for a requirement."""
        self.commit()
        dialog = ChooseKindDialog(self.session.kinds, "New evidence", self)
        dialog.chosen.connect(partial(self._begin_item, requirement_id=requirement_id))
        dialog.open()

    def new_from_files(self) -> None:
        """Ask for files and make an item of each."""
        dialog = QFileDialog(self, "New evidence from files")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.add_files([Path(name) for name in names]))
        dialog.open()

    def add_files(self, paths: Sequence[Path]) -> None:
        """Make an item of each file."""
        files = [path for path in paths if path.is_file()]
        if not files:
            why = "Only files can become evidence, not folders." if paths else NOT_HANDED_OVER
            self.window_.message(why, kind="warning")
            return
        self.commit()
        sort_out_forms(self.session, self.window_, self, files, lambda rest: self._intake.take(rest, self._make_items))

    def paste_as_new(self) -> None:
        """Make an item of the picture, files or text on the clipboard."""
        self.commit()
        data = copied()
        files = files_in(data)
        picture = data.imageData() if data.hasImage() else None
        if files:
            self.add_files(files)
        elif isinstance(picture, QImage) and not picture.isNull():
            self._intake.take_picture(picture, screenshot_name(datetime.now().astimezone()), self._make_items)
        elif data.text().strip():
            self._begin_item("other-product", given=EvidenceGiven(body=data.text()))
        else:
            self.window_.message("There is nothing on the clipboard that could become evidence.", kind="warning")

    def duplicate_item(self) -> None:
        """Make a copy of the item in hand, without its claims."""
        self._edit_current(duplicate_evidence, self._show_new_item)

    def change_kind(self) -> None:
        """Ask for another kind for the marked items."""
        ids = self._ids_in_hand()
        if not ids:
            self._say_none()
            return
        self.commit()
        dialog = ChooseKindDialog(self.session.kinds, "Change the kind", self)
        dialog.chosen.connect(partial(self._change_kind, ids))
        dialog.open()

    def show_versions(self) -> None:
        """Show what the item in hand was before it was reworked."""
        item = self.editor.evidence
        if item is None:
            self._say_none()
            return
        self.commit()
        EarlierVersionsDialog(self.session, self.window_, item, self).open()

    def make_witness_form(self) -> None:
        """Ask which witness of the item in hand a form is for, and where it goes."""
        item = self.editor.evidence
        if item is None:
            self._say_none()
            return
        kind = self.session.kinds.get(item.kind)
        if not has_form(kind):
            what = kind.title if kind else item.kind
            self.window_.toast(f"{item.ref} is of the kind “{what}”, which needs no witness.")
            return
        self.commit()
        WitnessFormDialog(self.session, self.window_, item, self).open()

    def pick_witness_forms(self) -> None:
        """Ask which forms witnesses sent back."""
        dialog = QFileDialog(self, "Read a witness’s form", "", "PDF documents (*.pdf)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.read_statements([Path(name) for name in names]))
        dialog.open()

    def read_statements(self, paths: Sequence[Path]) -> None:
        """Read forms that witnesses sent back, one after the other; nothing is taken in before it was looked at."""
        self.commit()
        look_for_forms(self.session, self, paths, partial(self._read_or_send_on, paths))

    def _read_or_send_on(self, paths: Sequence[Path], forms: Forms) -> None:
        """Read witnesses' forms, and whatever says itself why it is none; review copies have a page of their own."""
        copies = [path for path in paths if forms.get(path) is ReturnedForm.REVIEW]
        self._statements.take([path for path in paths if path not in copies])
        if copies:
            self.window_.read_answers(copies)

    def attach_files(self) -> None:
        """Ask for files to attach to the item in hand."""
        if self._item:
            self.editor.pick_files()
        else:
            self._say_none()

    def bin_items(self) -> None:
        """Move the marked items to the bin."""
        ids = self._ids_in_hand()
        if not ids:
            self._say_none()
            return
        self.commit()
        self.list.view.setFocus()
        said = "Moved to the bin." if len(ids) == 1 else f"{len(ids):,} items were moved to the bin."
        self.session.edit(many.bin_evidence, ids, done=lambda _: self.window_.toast(said, undo=True))

    def focus_search(self) -> None:
        """Type what to look for."""
        self.list.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.list.search.selectAll()

    def focus_claims(self) -> None:
        """Go to the claims of the item in hand."""
        if self._item:
            self._open_claims(True)
            self.claims.focus_search()

    # Files that hover over the page

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Say what becomes of files where they are dropped; portfolios and folders are left to the window."""
        files = files_in(event.mimeData())
        is_portfolio = any(path.suffix.lower() == _PORTFOLIO_SUFFIX for path in files)
        if self.session.read_only or not files or is_portfolio or files[0].is_dir():
            event.ignore()
        else:
            take(event)
            self.zones.show()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802
        """Show the page as it was, unless the files went to one of its parts."""
        self.zones.leave()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Make an item of each file that is dropped beside the parts that say something else."""
        take(event)
        self.zones.hide()
        self.add_files(files_in(event.mimeData()))

    def _attach_dropped(self, paths: Sequence[Path]) -> None:
        sort_out_forms(self.session, self.window_, self, paths, self.editor.attach)

    def _sentence_for_item(self) -> str:
        can_take = self.middle.currentWidget() is self.editor and self.editor.can_change
        return f"Attach to {self.editor.ref}" if can_take else ""

    # Building

    def _build(self) -> None:
        self.setAcceptDrops(True)
        self.zones.add(self.list, lambda: "A new item for each file", self.add_files)
        self.zones.add(self.middle, self._sentence_for_item, self._attach_dropped)
        self._splitter.setChildrenCollapsible(False)
        theme.set_role(self.list, "side-pane")
        theme.set_role(self.claims, "side-pane")
        self.list.setMinimumWidth(220)
        self.middle.setMinimumWidth(360)
        self.claims.setMinimumWidth(280)
        for stretch, widget in ((0, self.list), (1, self.middle), (0, self.claims)):
            self._splitter.addWidget(widget)
            self._splitter.setStretchFactor(self._splitter.count() - 1, stretch)
        self._whole.addWidget(self._splitter)
        self._whole.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._whole)
        for part in (self.list, self.claims):
            pass_files_on(part)
        spelling = shared_spelling(self.window_)
        self.editor.set_spelling(spelling)
        for field in self.claims.text_fields().text_edits():
            spelling.attach_to(field)

    def _connect(self) -> None:
        for field, key, act in (
            (self.list.view, Qt.Key.Key_Return, self._enter_item),
            (self.list.view, Qt.Key.Key_Enter, self._enter_item),
            (self.list.view, Qt.Key.Key_Delete, partial(self.window_.run_action, "bin-evidence")),
            (self.list.search, Qt.Key.Key_Down, self._enter_list),
        ):
            # Given the slot as well, PySide loses the context.
            shortcut = QShortcut(QKeySequence(key), field, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)
        self.list.query_changed.connect(self._read_list)
        self.list.chosen.connect(self._choose)
        self.list.selected.connect(self._mark)
        self.list.menu_requested.connect(self._show_menu)
        self.list.new_requested.connect(self.new_item)
        self.editor.quote_requested.connect(self._quote)
        self.editor.claims_toggled.connect(self._open_claims)
        self.claims.place_requested.connect(self.editor.show_quotation)
        self.bulk.bin_requested.connect(self.bin_items)
        self.bulk.kind_requested.connect(self.change_kind)
        self.bulk.tag_requested.connect(self._tag_items)
        self._splitter.splitterMoved.connect(self._note_widths)
        theme.notifier().changed.connect(self._share_out)

    # The list

    def _read_facets(self) -> None:
        if not self.session.is_open:
            return
        self.session.read(
            lists.evidence_facets, self.session.kinds, done=self._show_facets, receiver=self, topic="facets"
        )

    def _read_units(self) -> None:
        self.session.read(list_units, done=self._show_units, receiver=self, topic="units")

    def _read_list(self, *_query: object) -> None:
        self.session.read(
            lists.evidence_list,
            self.session.kinds,
            self.list.query,
            done=self._show_list,
            receiver=self,
            topic="list",
        )

    def _show_list(self, found: lists.EvidenceList) -> None:
        row = self.list.view.currentIndex().row()
        self._is_listing = True
        self.list.show_list(found)
        self._is_listing = False
        self._whole.setCurrentWidget(self._splitter if found.total else self._empty)
        if self._wanted is not None:
            self._show_wanted()
        elif self._item and self.list.current_id() != self._item:
            self.session.read(
                lists.evidence_rows,
                [self._item],
                done=partial(self._item_left, self._item, row),
                receiver=self,
                topic="left",
            )
        elif not self._item and found.rows:
            self.list.choose(found.rows[0].id)

    def _item_left(self, evidence_id: str, row: int, found: Mapping[str, EvidenceSummary]) -> None:
        """Take the neighbour of an item that is gone in hand; one that is only filtered out stays on the screen."""
        if self._item != evidence_id or self.list.current_id() == evidence_id:
            return
        summary = found.get(evidence_id)
        if summary is not None and not summary.binned_at:
            return
        count = self.list.model.rowCount()
        if count:
            self.list.choose(self.list.model.summary(min(max(row, 0), count - 1)).id)
        else:
            self._take_in_hand("")

    def _show_facets(self, facets: lists.EvidenceFacets) -> None:
        self.list.set_facets(facets)
        self.editor.set_known_tags(list(facets.tags))

    def _show_units(self, units: Sequence[Unit]) -> None:
        self.list.set_units({unit.id: f"{unit.code} {unit.title}" for unit in units})

    def _show_wanted(self) -> None:
        place, wanted = self._wanted, self._wanted.evidence_id if self._wanted else ""
        if place is None:
            return
        if not self.list.choose(wanted):
            if self.list.query.narrows:
                self.list.clear_query()  # the answer comes back here
            elif self.list.model.rowCount():
                self._wanted = None
                if not self._item:  # what was in hand at the last visit may be another portfolio's
                    self.list.choose(self.list.model.summary(0).id)
            return
        self._wanted = None
        if place.field in (CLAIM_FIELD, PARTS_FIELD) or (place.requirement_id and not place.field):
            self._open_claims(True)
            if place.passage and not place.requirement_id:
                self.claims.lead_to_passage(place.passage)
            else:
                self.claims.lead_to(place.requirement_id, place.field)
        elif place.field or place.attachment:
            self.editor.show_place(place)

    def _choose(self, evidence_id: str) -> None:
        if not self._is_listing:  # an item that is no longer listed may stay in hand
            self._take_in_hand(evidence_id)

    def _take_in_hand(self, evidence_id: str) -> None:
        self.commit()
        self._item = evidence_id
        self.editor.show_item(evidence_id)
        self.claims.show_item(evidence_id)
        self._show_middle()
        self.window_.inspect(Place("evidence", evidence_id=evidence_id) if evidence_id else None)

    def _mark(self, ids: Sequence[str]) -> None:
        self.bulk.set_count(len(ids))
        self._show_middle()

    def _show_middle(self) -> None:
        many = len(self.list.selected_ids()) > 1
        self.claims.setEnabled(bool(self._item) and not many)
        if many:
            self.middle.setCurrentWidget(self.bulk)
        else:
            self.middle.setCurrentWidget(self.editor if self._item else self._none_chosen)

    def _enter_item(self) -> None:
        if self._item:
            self.editor.show_place(Place("evidence", evidence_id=self._item, field="title"))

    def _enter_list(self) -> None:
        self.list.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.list.current_id() and self.list.model.rowCount():
            self.list.choose(self.list.model.summary(0).id)

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        many = len(self.list.selected_ids()) > 1
        for action_id, single in (
            ("duplicate-evidence", True),
            ("change-kind", False),
            ("attach-files", True),
            ("bin-evidence", False),
        ):
            declared = declaration(action_id)
            entry = menu.addAction(icon(declared.icon), declared.text)
            entry.setEnabled(not self.session.read_only and not (single and many))
            entry.triggered.connect(partial(self.window_.run_action, action_id))
        menu.popup(place)

    # Edits

    def _ids_in_hand(self) -> list[str]:
        return self.list.selected_ids() or ([self._item] if self._item else [])

    def _say_none(self) -> None:
        self.window_.message("Choose an item in the list first.")

    def _edit_current(self, service: Callable[..., Any], done: Callable[[Any], None]) -> None:
        if not self._item:
            self._say_none()
            return
        self.commit()
        self.session.edit(service, self._item, done=done)

    def _begin_item(self, kind_id: str, *, requirement_id: str = "", given: EvidenceGiven | None = None) -> None:
        self.session.edit(
            new_evidence, self.session.kinds, kind_id, given, requirement_id=requirement_id, done=self._show_new_item
        )

    def _make_items(self, files: Sequence[CopiedFile]) -> None:
        today = datetime.now().astimezone().date()
        self.session.edit(
            add_evidence_from_copies, self.session.kinds, files, today, done=self._show_new_items, failed=self._refuse
        )

    def _change_kind(self, ids: Sequence[str], kind_id: str) -> None:
        title = self.session.kinds[kind_id].title.lower()
        self.session.edit(
            many.set_kind_of_all,
            self.session.kinds,
            ids,
            kind_id,
            done=lambda _: self.window_.toast(f"Changed to {title}; nothing typed is lost.", undo=True),
        )

    def _tag_items(self, tag: str) -> None:
        ids = self._ids_in_hand()
        self.session.edit(many.tag_evidence, ids, [tag], done=lambda _: self.window_.toast("Tagged.", undo=True))

    def _show_new_item(self, item: Evidence) -> None:
        self._wanted = Place("evidence", evidence_id=item.id, field="title")
        self.list.clear_query()
        self._read_list()

    def _show_new_items(self, made: ItemsFromFiles) -> None:
        self._intake.tell(made.told)
        if not made.evidence:
            return
        self._show_new_item(made.evidence[0])
        if len(made.evidence) > 1:
            self.window_.toast(f"{len(made.evidence):,} items were made, one for each file.", undo=True)

    def _refuse(self, error: BaseException) -> None:
        self.window_.message(str(error), kind="error")

    # The claims column

    def _resized(self) -> None:
        """Turn the claims column into a drawer where there is little room."""
        narrow = self.width() < theme.current().scaled(_DRAWER_BELOW)
        if narrow != self._claims_are_drawer:
            self._claims_are_drawer = narrow
            self.claims.setVisible(not narrow)
            self.list.setVisible(True)
            self.editor.mark_claims_open(opened=False)
        self.editor.show_claims_button(shown=narrow)
        self._share_out()

    def _share_out(self) -> None:
        """Give the list and the claims the widths that the user set, or else a fair share of the page."""
        scaled = theme.current().scaled
        most, larger = scaled(_WIDEST_COLUMN), round(_MOST_OF_PAGE * self.width())
        listed, claims = self._widths or [
            max(least, min(scaled(least), larger), min(most, round(share * self.width())))
            for least, share in ((_LIST_WIDTH, _LIST_SHARE), (_CLAIMS_WIDTH, _CLAIMS_SHARE))
        ]
        self._splitter.setSizes([listed, max(0, self.width() - listed - claims), claims])

    def _note_widths(self) -> None:
        listed, _, claims = self._splitter.sizes()
        before = self._widths or [listed, _CLAIMS_WIDTH]
        self._widths = [listed or before[0], claims or before[1]]  # what is not shown has none now

    def _open_claims(self, opened: bool) -> None:
        if not self._claims_are_drawer:
            return
        # In a narrow window the drawer takes the place of the list.
        self.claims.setVisible(opened)
        self.list.setVisible(not opened)
        self.editor.mark_claims_open(opened=opened)

    def _quote(self, text: str, place: Locator) -> None:
        self._open_claims(True)
        self.claims.quote(text, place)
