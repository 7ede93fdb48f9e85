"""Everything that is typed into an item, in one column whose order suits the item's kind."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QTextEdit, QVBoxLayout, QWidget

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import (
    DATE_IN_WORDS,
    Evidence,
    EvidenceKind,
    FieldDefinition,
    FieldType,
    FieldValue,
    Involvement,
    Person,
    Standing,
)
from portfolio_app.domain.qualification import AssessmentMethod
from portfolio_app.domain.witness import has_form
from portfolio_app.gui import theme
from portfolio_app.gui.spelling import Spelling
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.attachments.cards import AttachmentsPanel
from portfolio_app.gui.widgets.basics import MutedLabel, Section, button
from portfolio_app.gui.widgets.drop_zones import pass_files_on
from portfolio_app.gui.widgets.evidence_editor.item_edits import ItemEdits
from portfolio_app.gui.widgets.evidence_editor.more_section import MoreSection
from portfolio_app.gui.widgets.evidence_editor.passages import find_words, lead_to
from portfolio_app.gui.widgets.evidence_editor.title_text import TitleText
from portfolio_app.gui.widgets.form.date_fields import PeriodField
from portfolio_app.gui.widgets.form.evidence_form import EvidenceForm
from portfolio_app.gui.widgets.form.form_field import FormField
from portfolio_app.gui.widgets.form.people_field import PeopleField
from portfolio_app.gui.widgets.form.rows_view import RowsView
from portfolio_app.gui.widgets.form.scrolling import bring_into_view
from portfolio_app.gui.widgets.form.table_field import TableEditor
from portfolio_app.gui.widgets.form.tags_field import TagsField
from portfolio_app.gui.widgets.form.text_fields import LongTextEditor
from portfolio_app.gui.widgets.form.value_editor import ValueEditor
from portfolio_app.gui.widgets.in_steps import InSteps
from portfolio_app.gui.widgets.prose_editor import ProseEditor
from portfolio_app.services.evidence_edits import put_involvement, remove_involvement, set_judgement
from portfolio_app.services.evidence_given import EvidenceGiven
from portfolio_app.services.evidence_sheet import EvidenceSheet
from portfolio_app.services.people import put_person
from portfolio_app.services.text_input import prose

_FIELD: Final = "field:"
_PERSON: Final = "person:"
_SETTLES_WITHIN_MS: Final = 1500
_CHECKED: Final = "spelling is checked"
_DATE_HELP: Final = "A day, a month or a year, or from one to another."
_WITNESS_HELP: Final = "Name, role, relation to you, and the day they signed."
_FILES_FIRST: Final = frozenset({"photograph-or-recording", "email-trail", "prior-certificate", "other-product"})


class ItemColumn(InSteps, QWidget):
    """Title, date, form, prose, files, people, tags, and what is seldom needed.

    What is typed is saved for the item that is shown, whatever is chosen meanwhile.
    """

    edited = Signal()
    """The user has changed something."""
    witness_form_wanted = Signal()
    """A form for the item's witness is to be made."""
    said = Signal(str)
    """Why something that belongs to no field on the screen was not saved."""

    def __init__(self, edits: ItemEdits, parent: QWidget | None = None, *, in_steps: bool = False) -> None:
        super().__init__(parent)
        self._edits = edits
        self._item: Evidence | None = None
        self._kind: EvidenceKind | None = None
        self._body_text = ""
        self._drafts: dict[str, dict[str, object]] = {}
        self._spelling: Spelling | None = None
        self._order: tuple[QWidget, ...] = ()
        self._is_read_only = False
        self._led_to: QWidget | None = None
        self._files_of = ""
        self._files_lead = False
        self._leading = QTimer(self, singleShot=True, interval=_SETTLES_WITHIN_MS)
        self._leading.timeout.connect(self._let_go)
        self.begin(in_steps=in_steps)

    def _make(self) -> Generator[None, None, None]:
        self._title_text = TitleText()
        self.title = LongTextEditor(FieldDefinition("title", FieldType.TEXT, "Title"), text=self._title_text)
        self.title_problem = QLabel()
        self.date = PeriodField()
        self.form = EvidenceForm(self)
        yield
        self._prose = Section("", self)
        self.body = ProseEditor(grows=True, quotes=True)
        self._prose.body.addWidget(self.body)
        yield
        self._files = Section("Files", self)
        self.files = AttachmentsPanel()
        self._files.body.addWidget(self.files)
        yield
        self._people = Section("People", self)
        self._people_help = MutedLabel(_WITNESS_HELP)
        self._people.body.addWidget(self._people_help)
        self.people = PeopleField()
        self._people.body.addWidget(self.people)
        self.witness_form = button("Form for the witness …", "quiet", "signature")
        self.witness_form.setToolTip("One page to fill in and send back: what they saw, and who they are")
        self.witness_form.clicked.connect(self.witness_form_wanted)
        self._people.add_header_widget(self.witness_form)
        self.tags = TagsField()
        yield
        self.more = MoreSection(self)
        yield
        self._build()
        self._connect()

    @property
    def item(self) -> str:
        """The id of the item that is shown, or nothing."""
        return self._item.id if self._item else ""

    def show_sheet(self, sheet: EvidenceSheet, kind: EvidenceKind | None) -> None:
        """Show an item; of one that is shown already only what has become different is touched."""
        item = self._edits.with_unsaved(sheet.evidence, kind)
        anew = item.id != self.item
        if anew:
            self.commit()
            self._keep_drafts()
        self._item = item
        values = {name: value for name, value in item.fields.items() if name != DATE_IN_WORDS}
        self.form.show_item(kind, values, item.id)
        self.form.setVisible(kind is None or bool(kind.fields) or bool(values))
        for part, editor in self._editors().items():
            editor.set_value(_value_of(item, part), anew=anew)
        self._date.refresh_needed()
        self._show_body(item, kind, anew=anew)
        self.people.set_kind(kind)
        self.people.set_value(sheet.people, item.people, of=item.id)
        self.more.set_item(item, kind)
        if anew:
            self._show_drafts()
        else:
            for part, sentence in self._edits.unsaved(item.id).items():
                self._say_refused(part, sentence)
        if not sheet.binned:
            self._edits.try_again(item.id)
        if kind != self._kind or not self._order:
            self._kind = kind
            self._arrange()

    def show_files(self, sheet: EvidenceSheet) -> None:
        """Show the files of the item that is shown."""
        paths = {file.attachment.id: file.path for file in sheet.files}
        had_none = self._files_of != self.item or not self.files.attachments
        self._files_of = self.item
        self.files.set_attachments(sheet.evidence.attachments, lambda attachment: paths.get(attachment.id))
        if had_none or not paths:
            # Of an item without prose they are what counts; while one is being written nothing changes its place.
            self._files_lead = bool(paths) and not self._body_text.strip()
            self._arrange()

    def lead_to_files(self) -> bool:
        """Scroll to the files unless something is being typed; return whether they are seen."""
        focused = self.window().focusWidget()
        is_typing = isinstance(focused, QTextEdit | QLineEdit) and self.isAncestorOf(focused)
        if not is_typing:
            self._led_to = self.files
            self._leading.start()
            QTimer.singleShot(0, self, self._keep_in_view)
        return not is_typing or not self.files.list.visibleRegion().isEmpty()

    def clear(self) -> None:
        """Let go of the item."""
        self.commit()
        self._keep_drafts()
        self._item = None

    def commit(self) -> None:
        """Save what was typed, now."""
        if self._item is None:
            return
        for editor in self._editors().values():
            editor.flush()
        self.form.flush()
        self.body.flush()
        self.people.flush()

    def refuse(self, item: str, part: str, sentence: str) -> None:
        """Say at a part of an item that it was not saved, and why."""
        if item != self.item or not self._say_refused(part, sentence):
            self.said.emit(f"Something you typed was not saved: {sentence} It is kept as long as the program runs.")

    def accept(self, item: str, part: str) -> None:
        """Say no more that a part of an item was not saved."""
        editor = self._editor(part)
        if item == self.item and editor is not None:
            editor.accept()

    def _say_refused(self, part: str, sentence: str) -> bool:
        editor = self._editor(part)
        if editor is not None:
            editor.refuse(sentence)
        elif part.startswith(_PERSON):
            self.people.refuse(part.removeprefix(_PERSON), sentence)
        else:
            return False
        return True

    def _editor(self, part: str) -> ValueEditor | None:
        if part.startswith(_FIELD):
            return self.form.editor(part.removeprefix(_FIELD))
        return self._editors().get(part)

    def focus_part(self, name: str) -> bool:
        """Put the keyboard into a part of the item or a field of its form; return whether it has it."""
        if name in self.more.editors():
            self.more.set_expanded(True)
        target: QWidget | None = self._editors().get(name)
        if isinstance(target, ValueEditor):
            target.focus()
            if target is self.title:
                self.title.text.selectAll()
        elif name == "body":
            target = self.body
            self.body.field.setFocus()
        elif name == "people":
            target = self.people
            self.people.focus()
        elif name == "attachments":
            target = self.files
            self.files.focus()
        elif self.form.focus_field(name):
            target = self.form.field(name) or self.form.kept
        self._led_to = target
        self._leading.start()
        self._keep_in_view()
        return target is not None

    def show_found(self, name: str, passage: str, words: Sequence[str]) -> bool:
        """Select the first of some words in a passage of a part of the item: a longer text, or a table.

        Returns:
            Whether the part is one of these, and has them.
        """
        editor = self.form.editor(name)
        if isinstance(editor, TableEditor) and editor.view.take_found(passage, words):
            self._led_to = editor.view
            self._leading.start()
            return True
        edit = self.body.field if name == "body" else editor.text if isinstance(editor, LongTextEditor) else None
        found = find_words(edit.document(), passage, words) if edit is not None else None
        if edit is None or found is None:
            return False
        lead_to(edit, found)
        self._led_to = edit
        self._leading.start()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the part that the keyboard was led to in sight while what is above it finds its height."""
        super().resizeEvent(event)
        if self._led_to is not None:
            QTimer.singleShot(0, self, self._keep_in_view)

    def set_people(self, people: list[Person], usual_assessor: str) -> None:
        """Offer these people wherever somebody is named."""
        self.people.set_register(people)
        self.form.set_people([person.name for person in people])
        self.more.set_people(people, usual_assessor)

    def set_spelling(self, spelling: Spelling) -> None:
        """Have the spelling of all prose checked."""
        self._spelling = spelling
        self.body.set_spelling(spelling)
        for edit in [*self.more.text_edits(), *self.form.text_edits()]:
            self._check_spelling(edit)

    def set_read_only(self, read_only: bool) -> None:
        """Let all of it be read and copied but not changed."""
        if read_only == self._is_read_only:
            return
        self._is_read_only = read_only
        for editor in self._editors().values():
            editor.set_read_only(read_only)
        self.form.set_read_only(read_only)
        self.body.set_read_only(read_only)
        self.files.set_read_only(read_only)
        self.people.set_read_only(read_only)

    def has_unstored(self) -> bool:
        """Whether something on the screen cannot be saved as it is."""
        names = [definition.name for definition in self._kind.fields] if self._kind else []
        editors = [*self._editors().values(), *(self.form.editor(name) for name in names)]
        return bool(self._edits.unsaved(self.item)) or any(editor and editor.has_unstored() for editor in editors)

    # Building

    def _build(self) -> None:
        theme.set_role(self.title_problem, "error")
        self.title_problem.setWordWrap(True)
        self.title_problem.hide()
        heading = QWidget(self)
        column = QVBoxLayout(heading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self.title_problem)
        self._date = FormField(self.date, "Date", _DATE_HELP, self, required=True)
        self._tags = FormField(self.tags, "Tags", parent=self)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(Space.S8, 0, Space.S8, 0)  # as far in as the words of the title
        self._column.setSpacing(Space.S24)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(Space.S16)
        whole.addWidget(heading)
        whole.addLayout(self._column)
        self._arrange()

    def _connect(self) -> None:
        for part, editor in self._editors().items():
            editor.committed.connect(partial(self._commit_value, part))
            editor.edited.connect(self.edited)
        self.title.problem_changed.connect(self._show_title_problem)
        self._title_text.entered.connect(self._leave_title)
        self.form.committed.connect(self._commit_field)
        self.form.text_edit_opened.connect(self._check_spelling)
        self.form.rebuilt.connect(self._take_in_fields)
        self.form.edited.connect(self.edited)
        self.form.settling.connect(self._hold_still)
        self.body.committed.connect(self._commit_body)
        self.people.person_committed.connect(self._commit_person)
        self.people.involvement_committed.connect(self._commit_involvement)
        self.people.involvement_removed.connect(self._remove_involvement)

    def _editors(self) -> dict[str, ValueEditor]:
        return {"title": self.title, "date": self.date, "tags": self.tags, **self.more.editors()}

    def _arrange(self) -> None:
        kind = self._kind
        middle: Sequence[QWidget] = (self.form, self._prose, self._files, self._people)
        if has_form(kind):
            middle = (self._people, self.form, self._prose, self._files)
        elif kind is not None and kind.id in _FILES_FIRST:
            middle = (self._files, self.form, self._prose, self._people)
        elif kind is not None and kind.own_word and len(kind.body_prompts) > len(kind.fields):
            middle = (self._prose, self.form, self._files, self._people)
        if self._files_lead:
            middle = (self._files, *(part for part in middle if part is not self._files))
        is_testimony = kind is not None and kind.method is AssessmentMethod.WITNESS_TESTIMONY
        self._people.set_title("Witness" if is_testimony else "People")
        self._people_help.setVisible(has_form(kind))
        self.witness_form.setVisible(has_form(kind))
        order = (self._date, *middle, self._tags, self.more)
        if order != self._order:
            for place, part in enumerate(order):
                self._column.removeWidget(part)
                self._column.insertWidget(place, part)
            self._order = order

    def _hold_still(self, settling: bool) -> None:
        """Paint nothing while the form grows: what is below it would be seen jumping down."""
        self.setUpdatesEnabled(not settling)

    def _take_in_fields(self) -> None:
        """See to fields that have just been built."""
        self._show_drafts(_FIELD)  # the others are given their values after the form
        pass_files_on(self.form)
        for edit in self.form.text_edits():
            self._check_spelling(edit)

    # Showing

    def _show_body(self, item: Evidence, kind: EvidenceKind | None, *, anew: bool) -> None:
        self._prose.set_title(kind.body_label if kind else "Notes")
        self.body.setAccessibleName(kind.body_label if kind else "Notes")
        if kind != self._kind or anew:
            self.body.set_prompts(kind.body_prompts if kind else (), folded=bool(item.body.strip()))
        if anew or item.body != self._body_text:
            self._body_text = item.body
            self.body.set_markdown(item.body, anew=anew)

    def _leave_title(self) -> None:
        self.title.flush()
        self.date.focus()

    def _show_title_problem(self, sentence: str) -> None:
        self.title_problem.setText(f"✗ {sentence}" if sentence else "")
        self.title_problem.setVisible(bool(sentence))

    def _check_spelling(self, edit: QTextEdit) -> None:
        if self._spelling is not None and not edit.property(_CHECKED):
            edit.setProperty(_CHECKED, True)
            self._spelling.attach_to(edit)

    def _keep_drafts(self) -> None:
        """Keep what cannot be stored, such as a text that is too long, until its item is shown again."""
        if self._item is None:
            return
        fields = {f"{_FIELD}{name}": editor for name, editor in self.form.editors().items()}
        for part, editor in {**self._editors(), **fields}.items():
            draft = editor.draft()
            if draft is not None:
                self._drafts.setdefault(self.item, {})[part] = draft
                self.said.emit(
                    f"Something you typed in {self._item.ref} is not saved: {editor.problem()} "
                    "It is kept there as long as the program runs."
                )

    def _show_drafts(self, of: str = "") -> None:
        drafts = self._drafts.get(self.item, {})
        for part in list(drafts):
            editor = self._editor(part)
            if editor is not None and part.startswith(of):
                editor.restore(drafts.pop(part))

    def _keep_in_view(self) -> None:
        target, focused = self._led_to, self.window().focusWidget()
        if isinstance(target, QTextEdit) and target is focused:
            bring_into_view(target, target.cursorRect())
        elif isinstance(target, RowsView) and target is focused:
            bring_into_view(target.viewport(), target.visualRect(target.currentIndex()))
        elif target is not None and (target is self.files or target is focused or target.isAncestorOf(focused)):
            bring_into_view(target)

    def _let_go(self) -> None:
        self._led_to = None

    # Saving

    def _commit_value(self, part: str, value: Any) -> None:
        if self._item is None:
            return
        if part == "judgement":
            self._edits.run(set_judgement, self._item.id, value, item=self._item.id, part=part)
        else:
            self._edits.change(self._item.id, part, _given(part, value))

    def _commit_field(self, name: str, value: FieldValue) -> None:
        if self.form.item:
            self._edits.change(self.form.item, f"{_FIELD}{name}", EvidenceGiven(fields={name: value}))

    def _commit_body(self, text: str) -> None:
        if self._item is not None:
            self._body_text = _as_stored(text)
            self._edits.change(self._item.id, "body", EvidenceGiven(body=text))

    def _commit_person(self, person: Person) -> None:
        self._change_people(put_person, person, person_id=person.id)

    def _commit_involvement(self, involvement: Involvement) -> None:
        self._change_people(put_involvement, self.people.item, involvement, person_id=involvement.person_id)

    def _remove_involvement(self, person_id: str) -> None:
        self._change_people(remove_involvement, self.people.item, person_id, person_id=person_id)

    def _change_people(self, service: Callable[..., tuple[Any, Changes]], *arguments: Any, person_id: str) -> None:
        part = f"{_PERSON}{person_id}"
        self._edits.run(service, *arguments, item=self.people.item, part=part)


def _as_stored(text: str) -> str:
    try:
        return prose(text, "The text")
    except InvalidInput:
        return text


def _value_of(item: Evidence, part: str) -> Any:
    if part == "date":
        return item.date.isoformat() if item.date else item.fields.get(DATE_IN_WORDS, "")
    return getattr(item, part)


def _given(part: str, value: Any) -> EvidenceGiven:
    if part == "standing":
        return _standing_given(value)
    if part == "method":
        return EvidenceGiven(method=value or "")
    given: Mapping[str, Any] = {part: value}
    return EvidenceGiven(**given)


def _standing_given(standing: Standing) -> EvidenceGiven:
    return EvidenceGiven(
        standing=standing.kind,
        location=standing.location,
        standing_description=standing.description,
        confirmed_by=standing.confirmed_by,
        confirmed_on=standing.confirmed_on.isoformat() if standing.confirmed_on else "",
    )
