"""The item in hand: its bar, its column, and the preview of one of its files in their place."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage, QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from portfolio_app import settings
from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Locator
from portfolio_app.domain.evidence import Attachment, Evidence, Person
from portfolio_app.domain.redaction import RedactionTerm
from portfolio_app.gui import theme
from portfolio_app.gui.file_intake import NOT_HANDED_OVER, FileIntake, screenshot_name
from portfolio_app.gui.page import Navigator
from portfolio_app.gui.places import Place
from portfolio_app.gui.session import Session
from portfolio_app.gui.spelling import Spelling
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.attachments.preview import PreviewPane
from portfolio_app.gui.widgets.basics import Banner, hairline
from portfolio_app.gui.widgets.drop_zones import pass_files_on
from portfolio_app.gui.widgets.evidence_editor.item_bar import ItemBar
from portfolio_app.gui.widgets.evidence_editor.item_column import ItemColumn
from portfolio_app.gui.widgets.evidence_editor.item_edits import ItemEdits
from portfolio_app.gui.widgets.evidence_editor.passages import mark_passage, place_of
from portfolio_app.gui.widgets.in_steps import InSteps
from portfolio_app.services.attached_texts import words_to_read
from portfolio_app.services.attaching import CopiedFile
from portfolio_app.services.attachment_previews import TextPreview
from portfolio_app.services.evidence_files import (
    Attached,
    attach_copies,
    caption_attachment,
    remove_attachments,
    rename_attachment,
)
from portfolio_app.services.evidence_many import restore_from_bin
from portfolio_app.services.evidence_sheet import EvidenceSheet, evidence_for_editing
from portfolio_app.services.people import list_people
from portfolio_app.services.redaction import add_region, add_terms, regions_of, remove_regions

_WIDEST: Final = 760
_COVER_AFTER_MS: Final = 200
_LOOK_AFTER_MS: Final = 700


class EvidenceEditor(InSteps, QWidget):
    """Shows one item of evidence and saves what is typed into it.

    Of items chosen quickly one after the other only the last is read. What is typed belongs to the item on the
    screen, also while another is being read.
    """

    quote_requested = Signal(str, object)
    """A passage for a claim, and its :class:`Locator`."""
    claims_toggled = Signal(bool)
    shown = Signal(str)
    """The id of another item that is on the screen now."""

    def __init__(
        self, session: Session, window: Navigator, parent: QWidget | None = None, *, in_steps: bool = False
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._window = window
        self._wanted = ""
        self._place: Place | None = None
        self._quotation: tuple[str, str, str] | None = None
        self._sheet: EvidenceSheet | None = None
        self._reads_again = False
        self._spelling: Spelling | None = None
        self._removed: list[str] = []
        self._attached = ""
        self._edits = ItemEdits(session, self)
        self._intake = FileIntake(session, window, self)
        self.begin(in_steps=in_steps)

    def _make(self) -> Generator[None, None, None]:
        window = self._window
        self._whole = QWidget(self)
        self._whole.hide()
        self.bar = ItemBar(window.run_action, self._whole)
        self._stack = QStackedWidget(self._whole)
        self.area = QScrollArea(self._stack)
        self.area.setWidgetResizable(True)  # while nothing is in it that would be measured
        self._inner = QWidget()
        self.area.setWidget(self._inner)
        self.column = ItemColumn(self._edits, self._inner, in_steps=True)
        yield from self.column.making
        yield
        self.banner = Banner("This item is in the bin.", "warning", (("Restore", self._restore),))
        self._cover = QTimer(self, singleShot=True, interval=_COVER_AFTER_MS)
        self._look = QTimer(self, singleShot=True, interval=_LOOK_AFTER_MS)
        self._removing = QTimer(self, singleShot=True, interval=0)
        self._build()
        self._connect()
        pass_files_on(self)
        self._read_people()

    # For the page

    @cached_property
    def preview(self) -> PreviewPane:
        """Where attached files are shown; made for the first of them."""
        pane = PreviewPane(self._stack, closable=False)
        pane.quote_requested.connect(self._quote_file)
        pane.saved.connect(self._say_saved)
        pane.hide_wanted.connect(self.hide_in_copies)
        pane.region_drawn.connect(self._hide_region)
        pane.region_unwanted.connect(self._show_region)
        self._stack.addWidget(pane)
        return pane

    @property
    def _previewed(self) -> Attachment | None:
        return self.preview.attachment if self._stack.count() > 1 else None

    @property
    def item(self) -> str:
        """The id of the item that is on the screen, or nothing."""
        return self.column.item

    @property
    def evidence(self) -> Evidence | None:
        """The item that is on the screen, as it was read last."""
        return self._sheet.evidence if self._sheet and self.item else None

    @property
    def ref(self) -> str:
        """The reference of the item that is on the screen, or nothing."""
        return self._sheet.evidence.ref if self._sheet else ""

    @property
    def can_change(self) -> bool:
        """Whether the item on the screen can be changed."""
        return self._sheet is not None and not self._sheet.binned and not self._session.read_only

    def show_item(self, evidence_id: str) -> None:
        """Show another item, or none."""
        if evidence_id == self._wanted:
            return
        self.commit()
        self._wanted = evidence_id
        self._place = self._quotation = None
        if evidence_id:
            self._cover.start()
            self._read()
        else:
            self._show_nothing()

    def commit(self) -> None:
        """Save what was typed, now."""
        self.column.commit()

    def show_place(self, place: Place) -> None:
        """Lead to a part of the item, a field of its form, or a page of one of its files."""
        self._place = place
        if self._is_ready():
            self._go_to_place()

    def show_quotation(self, attachment: str, page: str, quotation: str) -> None:
        """Show where a quotation stands: in a file, or without one in the item's own text."""
        self._quotation = (attachment, page, quotation)
        if self._is_ready():
            self._go_to_quotation()

    def pick_files(self) -> None:
        """Ask for files to attach."""
        if not self.can_change:
            return
        dialog = QFileDialog(self, "Attach files")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(partial(self._take_names, self.item))
        dialog.open()

    def attach(self, paths: Sequence[Path]) -> None:
        """Attach files to the item on the screen."""
        files = [path for path in paths if path.is_file()]
        if not files:
            why = "Only files can be attached, not folders." if paths else NOT_HANDED_OVER
            self._window.message(why, kind="warning")
        elif self.can_change:
            self._intake.take(files, partial(self._attach, self.item))

    def show_claims_button(self, *, shown: bool) -> None:
        """Offer the claims, where they are a drawer."""
        self.bar.claims.setVisible(shown)

    def mark_claims_open(self, *, opened: bool) -> None:
        """Show whether the drawer of claims is open."""
        self.bar.claims.setChecked(opened)

    def set_known_tags(self, tags: Sequence[str]) -> None:
        """Offer these tags."""
        self.column.tags.set_known_tags(tags)

    def set_spelling(self, spelling: Spelling) -> None:
        """Have the spelling of all prose checked; the people of the portfolio are spelt right."""
        self._spelling = spelling
        self.column.set_spelling(spelling)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go back from a file to the item on Escape."""
        if event.key() == Qt.Key.Key_Escape and self._stack.currentWidget() is not self.area:
            self._close_preview()
        else:
            super().keyPressEvent(event)

    # Building

    def _build(self) -> None:
        row = QHBoxLayout(self._inner)
        row.setContentsMargins(Space.S16, Space.S12, Space.S16, Space.S32)
        row.addStretch(1)
        row.addWidget(self.column, 1000)
        row.addStretch(1)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._banner_row = QWidget()
        around = QVBoxLayout(self._banner_row)
        around.setContentsMargins(Space.S16, 0, Space.S16, Space.S8)
        around.addWidget(self.banner)
        self._banner_row.hide()
        self._stack.addWidget(self.area)
        column = QVBoxLayout(self._whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(hairline())
        column.addWidget(self._banner_row)
        column.addWidget(self._stack, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._whole)
        self._whole.hide()
        theme.notifier().changed.connect(self._set_width)
        self._set_width()

    def _connect(self) -> None:
        self._session.changed.connect(self._hear)
        self._cover.timeout.connect(self._whole.hide)
        self._look.timeout.connect(self._look_for_problems)
        self._removing.timeout.connect(self._remove_files)
        self._edits.refused.connect(self.column.refuse)
        self._edits.saved.connect(self.column.accept)
        self._edits.settled.connect(self._has_settled)
        self.bar.back_requested.connect(self._close_preview)
        self.bar.claims_toggled.connect(self.claims_toggled)
        column = self.column
        column.edited.connect(self._look.start)
        column.said.connect(partial(self._window.message, kind="error"))
        column.witness_form_wanted.connect(partial(self._window.run_action, "witness-form"))
        column.body.quote_requested.connect(self._quote_prose)
        column.body.hide_requested.connect(self.hide_in_copies)
        column.body.files_dropped.connect(self.attach)
        column.body.image_pasted.connect(self._attach_picture)
        column.body.link_activated.connect(_open_address)
        column.files.files_added.connect(self.attach)
        column.files.image_pasted.connect(self._attach_picture)
        column.files.removed.connect(self._remove_file)
        column.files.renamed.connect(self._rename_file)
        column.files.caption_changed.connect(self._caption_file)
        column.files.preview_requested.connect(self._preview_file)
        column.files.saved.connect(self._say_saved)

    def _set_width(self) -> None:
        self.column.setMaximumWidth(theme.current().scaled(_WIDEST))

    # Reading

    def _hear(self, changes: Changes, _initiator: QObject | None) -> None:
        # Its own edits as well: a field takes what comes back as the sign that it is stored.
        if changes.redaction:
            self._read_regions()
        if changes.people:
            self._read_people()
        shown = self._wanted
        names_one = self._sheet is not None and not changes.people.isdisjoint(self._sheet.people)
        if shown and (shown in changes.evidence or names_one):
            self._read()

    def _read(self) -> None:
        self._session.read(
            evidence_for_editing, self._wanted, done=self._show, failed=self._gone, receiver=self, topic="item"
        )

    def _read_people(self) -> None:
        self._session.read(list_people, done=self._show_people, receiver=self, topic="people")

    def _show_people(self, people: list[Person]) -> None:
        self.column.set_people(people, self._window.settings.get(settings.ASSESSOR))
        if self._spelling is not None:
            details = self._session.details
            names = [name for person in people for name in (person.name, person.organisation)]
            self._spelling.set_names([*names, details.learner.name, details.centre])

    def _gone(self, _error: BaseException) -> None:
        self._wanted = ""
        self._show_nothing()

    def _show_nothing(self) -> None:
        self._cover.stop()
        self._whole.hide()
        self.column.clear()
        self._sheet = None
        self._leave_preview()

    def _show(self, sheet: EvidenceSheet) -> None:
        if sheet.evidence.id != self._wanted:
            return
        is_another = sheet.evidence.id != self.column.item
        if not is_another and self._edits.is_underway:
            self._reads_again = True  # what was read may be older than what is on its way to be stored
            return
        self._reads_again = False
        self._cover.stop()
        before, self._sheet = self._sheet, sheet
        kind = self._session.kinds.get(sheet.evidence.kind)
        can_change = self.can_change
        self._whole.setUpdatesEnabled(False)
        try:
            self.column.show_sheet(sheet, kind)
            if is_another or before is None or before.files != sheet.files:
                self.column.show_files(sheet)
                self._lead_to_attached(sheet, before)
            self.column.set_read_only(not can_change)
            self.bar.set_item(sheet.evidence, kind, can_change=can_change)
            self._banner_row.setVisible(sheet.binned)
            for button in self.banner.buttons:
                button.setVisible(not self._session.read_only)
            if is_another:
                self._look.start()
                self._leave_preview()
                self.area.verticalScrollBar().setValue(0)
            self._whole.show()
        finally:
            self._whole.setUpdatesEnabled(True)
        self._keep_preview(sheet)
        if is_another:
            self.shown.emit(self.item)
        self._go_to_place()
        self._go_to_quotation()

    def _look_for_problems(self) -> None:
        self.bar.show_problem(is_there=self.column.has_unstored())

    def _has_settled(self) -> None:
        self._look.start()
        if self._reads_again and self._wanted:
            self._reads_again = False
            self._read()

    def _is_ready(self) -> bool:
        return bool(self._wanted) and self.column.item == self._wanted

    # Places

    def _go_to_place(self) -> None:
        place, self._place = self._place, None
        if place is None:
            return
        if place.attachment:
            self._open_file(place.attachment, place.page_number, "", place.words, place.passage)
            return
        self._leave_preview()
        if not (place.passage and self.column.show_found(place.field, place.passage, place.words)):
            self.column.focus_part(place.field)

    def _go_to_quotation(self) -> None:
        wanted, self._quotation = self._quotation, None
        if wanted is None:
            return
        attachment, page, quotation = wanted
        if attachment:
            self._open_file(attachment, page, quotation)
            return
        self._leave_preview()
        edits = [self.column.body.field, *self.column.form.text_edits()]
        if not any(mark_passage(edit, quotation) for edit in edits):
            self.column.body.field.setFocus()
            self._window.toast("That sentence is not in the text of this item.")

    # Files

    def _take_names(self, item: str, names: Sequence[str]) -> None:
        self._intake.take([Path(name) for name in names], partial(self._attach, item))

    def _attach_picture(self, image: QImage) -> None:
        if self.can_change:
            name = screenshot_name(datetime.now().astimezone())
            self._intake.take_picture(image, name, partial(self._attach, self.item))

    def _attach(self, item: str, files: Sequence[CopiedFile]) -> None:
        self._session.edit(attach_copies, item, files, done=self._say_attached)

    def _say_attached(self, attached: Attached) -> None:
        self._attached = attached.evidence.id
        self._intake.tell(attached.told)

    def _lead_to_attached(self, sheet: EvidenceSheet, before: EvidenceSheet | None) -> None:
        """Show the files that have just been attached, or say that they are there."""
        attached, self._attached = self._attached, ""
        if attached != self.item or before is None or before.evidence.id != attached:
            return
        count = len(sheet.files) - len(before.files)
        if count > 0 and not self.column.lead_to_files():
            name = sheet.files[-1].attachment.name
            said = f"“{name}” was attached." if count == 1 else f"{count:,} files were attached."
            self._window.toast(said, undo=True)

    def _remove_file(self, attachment_id: str) -> None:
        # Several that are marked come one by one, and are one step.
        self._removed.append(attachment_id)
        self._removing.start()

    def _remove_files(self) -> None:
        removed, self._removed = self._removed, []
        said = "The file was removed." if len(removed) == 1 else f"{len(removed):,} files were removed."
        self._session.edit(remove_attachments, self.item, removed, done=lambda _: self._window.toast(said, undo=True))

    def _rename_file(self, attachment_id: str, name: str) -> None:
        self._edit_file(rename_attachment, attachment_id, name)

    def _caption_file(self, attachment_id: str, caption: str) -> None:
        self._edit_file(caption_attachment, attachment_id, caption)

    def _edit_file(self, service: Any, attachment_id: str, text: str) -> None:
        self._session.edit(service, self.item, attachment_id, text, failed=self._refuse_file)

    def _refuse_file(self, error: BaseException) -> None:
        self._window.message(str(error), kind="error")
        if self._sheet is not None and self._sheet.evidence.id == self.item:
            self.column.show_files(self._sheet)

    def _say_saved(self, copy: Path) -> None:
        self._window.toast(f"A copy was saved as “{copy.name}”.")

    # The preview

    def _preview_file(self, attachment_id: str) -> None:
        if self._sheet is not None:
            for file in self._sheet.files:
                if file.attachment.id == attachment_id:
                    self._open_file(file.attachment.name, "", "")

    def _open_file(self, name: str, page: str, quotation: str, words: Sequence[str] = (), passage: str = "") -> None:
        found = None
        if self._sheet is not None:
            found = next((file for file in self._sheet.files if file.attachment.name == name), None)
        if found is None:
            self._window.message(f"No file called “{name}” is attached to this item any more.", kind="warning")
            return
        self.preview.show_file(found.attachment, found.path, page, quotation, words=words, passage=passage)
        self.preview.allow_hiding(allowed=self.can_change)
        self._read_regions()
        self._stack.setCurrentWidget(self.preview)
        self.bar.show_back(shown=True)
        self.preview.setFocus()
        if self.preview.can_show_words:
            self._session.read(
                words_to_read,
                found.attachment.sha256,
                found.attachment.name,
                done=partial(self._show_words, found.attachment.sha256),
                failed=self._has_no_words,
                receiver=self,
                topic="words",
            )

    def _show_words(self, sha256: str, words: TextPreview | None) -> None:
        if words is not None and self._previewed is not None:
            self.preview.show_words(sha256, words)

    def _has_no_words(self, _error: BaseException) -> None:
        """Leave it at what is said of the file."""

    def _close_preview(self) -> None:
        attachment = self._previewed
        self._leave_preview()
        if attachment is not None:
            self.column.files.show_attachment(attachment.id)

    # What is hidden in copies

    def hide_in_copies(self, text: str) -> None:
        """Mark words to be hidden in copies for others."""
        if not self._session.read_only:
            self._session.edit(add_terms, [text], done=self._say_hidden, failed=self._not_hidden)

    def _say_hidden(self, added: Sequence[RedactionTerm]) -> None:
        said = f"“{added[0].text}” will be hidden in copies." if added else "That is hidden in copies already."
        self._window.toast(said, undo=bool(added))

    def _not_hidden(self, error: BaseException) -> None:
        self._window.message(str(error), kind="warning")

    def _hide_region(self, page: int, left: int, top: int, width: int, height: int) -> None:
        shown = self._previewed
        if shown is not None and self.can_change:
            box = (left, top, width, height)
            said = "The region will be hidden in copies."
            self._session.edit(
                add_region,
                shown,
                page,
                box,
                done=lambda _: self._window.toast(said, undo=True),
                failed=self._not_hidden,
            )

    def _show_region(self, region_id: str) -> None:
        if self.can_change:
            self._session.edit(
                remove_regions,
                [region_id],
                done=lambda _: self._window.toast("The region will be shown in copies.", undo=True),
                failed=self._not_hidden,
            )

    def _read_regions(self) -> None:
        shown = self._previewed
        if shown is not None:
            self._session.read(regions_of, shown.id, done=self.preview.set_regions, receiver=self, topic="regions")

    def _leave_preview(self) -> None:
        if self._stack.currentWidget() is not self.area:
            self._stack.setCurrentWidget(self.area)
            self.bar.show_back(shown=False)
            self.preview.clear()

    def _keep_preview(self, sheet: EvidenceSheet) -> None:
        """Close the preview of a file that is no longer attached."""
        shown = self._previewed
        if shown is not None and shown.id not in {file.attachment.id for file in sheet.files}:
            self._leave_preview()

    # Quoting

    def _quote_prose(self, text: str) -> None:
        self.quote_requested.emit(text, place_of(self.column.body.field.textCursor()))

    def _quote_file(self, text: str, page: str) -> None:
        if self.preview.attachment is not None:
            self.quote_requested.emit(text, Locator(page=page, attachment=self.preview.attachment.name))

    # The bin

    def _restore(self) -> None:
        if self.item:
            self._session.edit(restore_from_bin, [self.item])


def _open_address(address: str) -> None:
    QDesktopServices.openUrl(QUrl(address))
