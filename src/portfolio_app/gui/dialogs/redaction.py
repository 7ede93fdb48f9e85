"""What is hidden in copies for others: marked words and regions, and what might be marked."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from portfolio_app.domain.hidden_terms import letters_of
from portfolio_app.domain.redaction import Redaction, RedactionTerm
from portfolio_app.gui import places
from portfolio_app.gui.dialogs.portfolio_dialog import PortfolioDialog
from portfolio_app.gui.models.records import Column, RecordModel
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets.basics import MutedLabel, SegmentedControl, button
from portfolio_app.gui.widgets.record_table import RecordTable
from portfolio_app.gui.widgets.upright_area import ScrolledColumn
from portfolio_app.services.export_desk import ExportProcess
from portfolio_app.services.redaction import (
    Candidate,
    MarkedRegion,
    Survey,
    add_terms,
    edit_term,
    list_marks,
    marked_regions,
    propose_again,
    remove_regions,
    remove_terms,
    spare,
)

if TYPE_CHECKING:
    from portfolio_app.domain.changes import Changes
    from portfolio_app.domain.progress import Progress
    from portfolio_app.gui.main_window import MainWindow
    from portfolio_app.gui.tasks import Task
    from portfolio_app.storage.portfolio_file import PortfolioFile

_WIDTH, _HEIGHT = 900, 640
_LOOK_AFTER_MS: Final = 400
_MARKED, _PROPOSED, _REGIONS = "marked", "proposed", "regions"
_SAYS: Final = (
    "What you mark here is left out of every copy; your portfolio stays as it is. What nobody marked is not hidden, "
    "and no word can be found in a picture or a scan: so read the copy before you hand it over."
)
_NOTHING: Final = {
    _MARKED: "Nothing is marked yet. Type a name above, or look at what was found.",
    _PROPOSED: "Nothing else was found that might be hidden. Names that are on no list cannot be known.",
    _REGIONS: "No region is marked. Open an attached page or picture, and choose “Mark regions to hide” above it.",
}


@dataclass(frozen=True, slots=True)
class _Marked:
    """A marked term with what the last search said of it: how often it stands there (None: not known yet)."""

    term: RedactionTerm
    count: int | None
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Marks:
    """Everything that is marked, as it was read last."""

    redaction: Redaction
    regions: Sequence[MarkedRegion]


class RedactionDialog(PortfolioDialog):
    """Three lists: what is marked, what was found, and regions. Each edit is a step that can be undone."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window, "Hide names and regions in copies", says=_SAYS)
        # The whole portfolio is gone through: in a process of its own, as for a document.
        self._desk = ExportProcess(self.session.path, self.session.kinds)
        self._marks = _Marks(Redaction(), ())
        self._survey: Survey | None = None
        self._looking: Task | None = None
        self._typed = QLineEdit()
        self._typed.setPlaceholderText("A name, a number, a word")
        self._typed.setAccessibleName("A name, a number or a word to hide")
        self._add = button("Hide", "primary")
        self._which = SegmentedControl(
            [(_MARKED, "Hidden"), (_PROPOSED, "Found"), (_REGIONS, "Regions")], accessible_name="What is listed"
        )
        self._looks = MutedLabel()
        self._marked = RecordModel(_MARKED_COLUMNS, lambda one: one.term.id, self)
        self._proposed = RecordModel(_PROPOSED_COLUMNS, lambda one: letters_of(one.text), self)
        self._regions = RecordModel(_REGION_COLUMNS, lambda one: one.region.id, self)
        self._tables: dict[str, RecordTable[Any]] = {
            _MARKED: RecordTable(self._marked, "Words that are hidden", many=True, sortable=True),
            _PROPOSED: RecordTable(self._proposed, "Words that might be hidden", many=True, sortable=True),
            _REGIONS: RecordTable(self._regions, "Regions that are hidden", wide=1, many=True, sortable=True),
        }
        self._instead = QLineEdit()
        self._instead.setPlaceholderText("[removed]")
        self._within = QCheckBox("Also within longer words")
        self._stacks: dict[str, QStackedWidget] = {}
        self._pages = QStackedWidget()
        self._shown_term = ""
        self._pause = QTimer(self, singleShot=True, interval=_LOOK_AFTER_MS)
        self._build()
        self._connect()
        self.set_size(_WIDTH, _HEIGHT)
        self._typed.setFocus()
        self.refresh()
        self._look()

    def refresh(self) -> None:
        """Load what is marked."""
        if self.session.is_open:
            self.session.read(_marks, done=self._take_marks, receiver=self, topic="marks")

    def on_changes(self, changes: Changes) -> None:
        """Load anew what is marked, and look again once nothing has changed for a moment."""
        del changes
        self.refresh()
        self._pause.start()

    def done(self, result: int) -> None:
        """Close, and stop looking."""
        self._pause.stop()
        if self._looking is not None:
            self._looking.cancel()
        Thread(target=self._desk.close).start()  # which may wait for the process
        super().done(result)

    # Building

    def _build(self) -> None:
        typing = QHBoxLayout()
        typing.setSpacing(8)
        typing.addWidget(self._typed, 1)
        typing.addWidget(self._add)
        self._add.setAutoDefault(False)
        choosing = QHBoxLayout()
        choosing.setSpacing(12)
        choosing.addWidget(self._which)
        choosing.addWidget(self._looks, 1)
        self.content.addLayout(typing)
        self.content.addLayout(choosing)
        buttons: dict[str, tuple[tuple[str, Callable[[], None]], ...]] = {
            _MARKED: (("Show again", self._show_again),),
            _PROPOSED: (("Hide these", self._hide_proposed), ("Leave them", self._leave)),
            _REGIONS: (("Go there", self._go_to_region), ("Show again", self._show_regions_again)),
        }
        self._acting: dict[str, list[QWidget]] = {}
        for name, table in self._tables.items():
            nothing = ScrolledColumn()
            nothing.column.addWidget(MutedLabel(_NOTHING[name]))
            nothing.column.addStretch(1)
            stack = self._stacks[name] = QStackedWidget()
            stack.addWidget(table)
            stack.addWidget(nothing)
            page = QWidget()
            rows = QVBoxLayout(page)
            rows.setContentsMargins(0, 0, 0, 0)
            rows.setSpacing(8)
            rows.addWidget(stack, 1)
            row = QHBoxLayout()
            row.setSpacing(8)
            if name == _MARKED:
                label = QLabel("In its &place")
                label.setBuddy(self._instead)
                row.addWidget(label)
                row.addWidget(self._instead, 1)
                row.addWidget(self._within)
            else:
                row.addStretch(1)
            self._acting[name] = []
            for text, act in buttons[name]:
                made = button(text)
                made.setAutoDefault(False)
                made.clicked.connect(act)
                row.addWidget(made)
                self._acting[name].append(made)
            rows.addLayout(row)
            self._pages.addWidget(page)
        self.content.addWidget(self._pages, 1)
        self._again = self.add_left_button("Propose again what was left")
        self.add_close_button().setDefault(False)
        for widget in (self._typed, self._add, self._instead, self._within):
            widget.setEnabled(self.can_change)

    def _connect(self) -> None:
        self._typed.returnPressed.connect(self._hide_typed)
        self._typed.textChanged.connect(self._follow)
        self._add.clicked.connect(self._hide_typed)
        self._which.changed.connect(self._show_list)
        self._again.clicked.connect(self._propose_again)
        self._instead.editingFinished.connect(self._change_term)
        self._within.clicked.connect(self._change_term)
        self._pause.timeout.connect(self._look)
        acts = {_MARKED: self._show_again, _PROPOSED: self._hide_proposed, _REGIONS: self._go_to_region}
        for name, table in self._tables.items():
            table.chosen.connect(self._follow)
            if name != _MARKED:
                table.opened.connect(acts[name])
        self._tables[_MARKED].delete_pressed.connect(self._show_again)
        self._tables[_PROPOSED].delete_pressed.connect(self._leave)
        self._tables[_REGIONS].delete_pressed.connect(self._show_regions_again)

    # What is shown

    def _take_marks(self, marks: _Marks) -> None:
        self._marks = marks
        self._show_all()

    def _look(self) -> None:
        if not self.session.is_open:
            return
        if self._looking is not None:
            self._looking.cancel()
        self._looks.setText("Looking for names and numbers …")
        self._looking = self.session.work(
            partial(_looked, self._desk),
            title="Looking for names and numbers",
            done=self._take_survey,
            failed=self._not_looked,
            receiver=self,
            quiet=True,
        )

    def _take_survey(self, found: Survey) -> None:
        self._survey = found
        things = "1 picture or scanned page" if found.unread == 1 else f"{found.unread:,} pictures and scanned pages"
        self._looks.setText(f"No word can be found in {things}: look at them." if found.unread else "")
        self._show_all()

    def _not_looked(self, error: BaseException) -> None:
        self._looks.setText(str(error))

    def _show_all(self) -> None:
        redaction, found = self._marks.redaction, self._survey
        known: dict[str, tuple[int, tuple[str, ...]]] = {}
        for one in found.candidates if found else ():
            known[letters_of(one.text)] = (one.count, one.places)
        for marked in found.terms if found else ():
            known[letters_of(marked.term.text)] = (marked.count, marked.places)
        self._tables[_MARKED].show_records(
            [_Marked(term, *known.get(letters_of(term.text), (None, ()))) for term in redaction.terms]
        )
        settled = {letters_of(text) for text in (*redaction.spared, *(term.text for term in redaction.terms))}
        proposed = [one for one in (found.candidates if found else ()) if letters_of(one.text) not in settled]
        self._tables[_PROPOSED].show_records(proposed)
        self._tables[_REGIONS].show_records(self._marks.regions)
        for name, stack in self._stacks.items():
            stack.setCurrentIndex(0 if self._tables[name].model().rowCount() else 1)
        counts = (len(redaction.terms), len(proposed), len(self._marks.regions))
        for number, (word, count) in enumerate(zip(("Hidden", "Found", "Regions"), counts, strict=True)):
            self._which.set_words(number, f"{word} ({count:,})" if count else word)
        self._follow()

    def _show_list(self, name: str) -> None:
        self._pages.setCurrentIndex(list(self._tables).index(name))
        self._follow()

    def _follow(self, *_changed: object) -> None:
        self._add.setEnabled(self.can_change and bool(self._typed.text().strip()))
        for name, widgets in self._acting.items():
            chosen = len(self._tables[name].chosen_records())
            for widget in widgets:
                widget.setEnabled(bool(chosen) and self.can_change)
            if name == _REGIONS:
                widgets[0].setEnabled(chosen == 1)
        self._again.setVisible(
            self.can_change and self._which.current == _PROPOSED and bool(self._marks.redaction.spared)
        )
        chosen_terms = self._tables[_MARKED].chosen_records()
        one = chosen_terms[0].term if len(chosen_terms) == 1 else None
        for field in (self._instead, self._within):
            field.setEnabled(one is not None and self.can_change)
        if one is None or one.id != self._shown_term or not self._instead.hasFocus():
            self._shown_term = one.id if one else ""
            self._instead.setText(one.replacement if one else "")
            self._within.setChecked(one is not None and not one.whole_words)

    # What is done

    def _hide_typed(self) -> None:
        text = self._typed.text().strip()
        if text and self.can_change:
            self.session.edit(add_terms, [text], done=self._has_added, failed=self.show_error)

    def _has_added(self, added: list[RedactionTerm]) -> None:
        self._typed.clear()
        self._tell(added, "will be hidden in copies.")
        if not added:
            self.say("That is marked already.")

    def _hide_proposed(self) -> None:
        texts = [one.text for one in self._tables[_PROPOSED].chosen_records()]
        if texts and self.can_change:
            said = partial(self._tell, said="will be hidden in copies.")
            self.session.edit(add_terms, texts, done=said, failed=self.show_error)

    def _leave(self) -> None:
        texts = [one.text for one in self._tables[_PROPOSED].chosen_records()]
        if texts and self.can_change:
            self.session.edit(spare, texts, failed=self.show_error)

    def _propose_again(self) -> None:
        self.session.edit(propose_again, list(self._marks.redaction.spared), failed=self.show_error)

    def _show_again(self) -> None:
        texts = [one.term.text for one in self._tables[_MARKED].chosen_records()]
        if texts and self.can_change:
            self.session.edit(
                remove_terms, texts, done=partial(self._tell, said="will be shown again."), failed=self.show_error
            )

    def _change_term(self) -> None:
        chosen = self._tables[_MARKED].chosen_records()
        term = next((one.term for one in chosen if one.term.id == self._shown_term), None)
        if term is None or not self.can_change:
            return
        instead, whole = self._instead.text().strip(), not self._within.isChecked()
        if (instead, whole) != (term.replacement, term.whole_words):
            self.session.edit(edit_term, term.id, replacement=instead, whole_words=whole, failed=self._not_changed)

    def _not_changed(self, error: BaseException) -> None:
        self._shown_term = ""
        self._follow()
        self.show_error(error)

    def _go_to_region(self) -> None:
        chosen: list[MarkedRegion] = self._tables[_REGIONS].chosen_records()
        if len(chosen) == 1:
            self.accept()
            one = chosen[0]
            self.window_.go(
                Place(
                    places.EVIDENCE,
                    one.item.id,
                    attachment=one.attachment.name,
                    page_number=str(one.region.page),
                )
            )

    def _show_regions_again(self) -> None:
        ids: list[Hashable] = self._tables[_REGIONS].chosen_keys()
        if ids and self.can_change:
            self.session.edit(remove_regions, ids, done=self._regions_are_back, failed=self.show_error)

    def _regions_are_back(self, count: int) -> None:
        self.say(f"{'The region' if count == 1 else f'{count:,} regions'} will be shown again.", undo=True)

    def _tell(self, terms: list[RedactionTerm], said: str) -> None:
        if terms:
            what = f"“{terms[0].text}”" if len(terms) == 1 else f"{len(terms):,} terms"
            self.say(f"{what} {said}", undo=True)


def _marks(portfolio: PortfolioFile) -> _Marks:
    return _Marks(list_marks(portfolio), marked_regions(portfolio))


def _looked(desk: ExportProcess, progress: Progress) -> Survey:
    return desk.survey(datetime.now().astimezone().date(), progress)


_MARKED_COLUMNS: Final[tuple[Column[_Marked], ...]] = (
    Column("Hidden", lambda one: one.term.text),
    Column("In its place", lambda one: one.term.replacement or "[removed]"),
    Column("Times", lambda one: "…" if one.count is None else f"{one.count:,}", lambda one: one.count or 0, right=True),
    Column("Where", lambda one: _short(one.places)),
)
_PROPOSED_COLUMNS: Final[tuple[Column[Candidate], ...]] = (
    Column("Text", lambda one: one.text),
    Column("What it is", lambda one: one.kind.value),
    Column("Times", lambda one: f"{one.count:,}", lambda one: one.count, right=True),
    Column("Where", lambda one: _short(one.places)),
)
_REGION_COLUMNS: Final[tuple[Column[MarkedRegion], ...]] = (
    Column("Item", lambda one: one.item.ref, lambda one: one.item.number),
    Column("File", lambda one: one.attachment.name),
    Column("Page", lambda one: f"{one.region.page:,}", lambda one: one.region.page, right=True),
)
_PLACES_NAMED: Final = 3


def _short(found: Sequence[str]) -> str:
    named = ", ".join(found[:_PLACES_NAMED])
    return f"{named} …" if len(found) > _PLACES_NAMED else named
