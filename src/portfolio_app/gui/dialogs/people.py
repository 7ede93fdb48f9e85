"""Everybody the portfolio names: what is known of them, and what they are named in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.evidence import Involvement, Person
from portfolio_app.domain.folding import folded, search_words
from portfolio_app.domain.identifiers import new_id
from portfolio_app.gui import places, theme
from portfolio_app.gui.dialogs.portfolio_dialog import PortfolioDialog
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.models.records import Column, RecordModel
from portfolio_app.gui.places import Place
from portfolio_app.gui.widgets.basics import EmptyState, MutedLabel, SearchField, button
from portfolio_app.gui.widgets.record_table import RecordTable
from portfolio_app.gui.widgets.upright_area import ScrolledColumn
from portfolio_app.services.evidence_list import evidence_rows
from portfolio_app.services.people import (
    merge_people,
    people_register,
    put_person,
    remove_people,
    remove_unused_people,
)

if TYPE_CHECKING:
    from portfolio_app.domain.changes import Changes
    from portfolio_app.gui.main_window import MainWindow
    from portfolio_app.storage.portfolio_file import PortfolioFile

_WIDTH, _HEIGHT, _LIST_WIDTH = 940, 640, 420
_LABELS: Final = {
    "name": ("&Name", ""),
    "role": ("&Role", "e.g. team leader"),
    "relation": ("Relation to &you", "e.g. line manager for two years"),
    "organisation": ("&Organisation", ""),
    "status": ("&Status or qualification", "e.g. qualified in what they saw"),
    "email": ("&E-mail", ""),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """An item that names a person."""

    evidence_id: str
    title: str
    involvement: Involvement
    is_binned: bool


@dataclass(frozen=True, slots=True)
class _Listed:
    """A person with what they are named in, and the words by which they are found."""

    person: Person
    parts: tuple[_Part, ...]
    words: str


class PeopleDialog(PortfolioDialog):
    """The register of people. What is typed is saved on leaving a field, as everywhere.

    What cannot be saved (a name that somebody else has) stays in the form, also while another person is looked at.
    """

    def __init__(self, window: MainWindow, person_id: str = "") -> None:
        """Show everybody, and of them the one with this id."""
        super().__init__(
            window, "People", says="Witnesses, observers, authors and others. What you change here holds in every item."
        )
        self._people: list[_Listed] = []
        self._shown: Person | None = None
        self._wanted = ""
        self._asked_for = person_id
        self._drafts: dict[str, Person] = {}
        self._model = RecordModel(_COLUMNS, lambda listed: listed.person.id, self)
        self._table: RecordTable[_Listed] = RecordTable(self._model, "People", wide=1, many=True, sortable=True)
        self._parts = RecordModel(_PART_COLUMNS, lambda part: (part.evidence_id, part.involvement.part), self)
        self._part_table: RecordTable[_Part] = RecordTable(self._parts, "Named in")
        self._search = SearchField("Search people")
        self._lines = {name: QLineEdit() for name in _LABELS}
        self._beside = QStackedWidget()
        self._several = EmptyState("users", "")
        self._build()
        self._connect()
        self.set_size(_WIDTH, _HEIGHT)
        self._table.setFocus()
        self.refresh()

    def refresh(self) -> None:
        """Load everybody."""
        if self.session.is_open:
            self.session.read(_register, done=self._show, receiver=self, topic="register")

    def on_changes(self, changes: Changes) -> None:
        """Load anew where people, or items that may name them, changed."""
        if changes.people or changes.evidence:
            self.refresh()

    def reject(self) -> None:
        """Close, after a question where something typed cannot be saved."""
        self._commit()
        if not self._drafts:
            super().reject()
            return
        names = " and ".join(f"“{draft.name or 'without a name'}”" for draft in self._drafts.values())
        question = QuestionDialog(
            "Close without saving?", f"Not saved: {names}.", "Close", parent=self, no="Go on typing", danger=True
        )
        question.answered.connect(lambda _answer: self.done(0))
        question.open()

    # Building

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._search)
        column.addWidget(self._table, 1)
        self._add = button("Add a person", icon_name="user-plus")
        self._merge = button("Merge …", icon_name="merge")
        self._merge.setToolTip("Mark the two entries of one person (Ctrl and a click, or Shift and an arrow key)")
        self._remove = button("Remove", icon_name="trash-2")
        row = QHBoxLayout()
        row.setSpacing(8)
        for one in (self._add, self._merge, self._remove):
            one.setAutoDefault(False)
            if not self.can_change:
                one.hide()
            row.addWidget(one)
        row.addStretch(1)
        column.addLayout(row)
        self._beside.addWidget(self._several)
        self._beside.addWidget(self._build_form())
        self._beside.setContentsMargins(16, 0, 0, 0)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        theme.set_role(splitter, "open")
        splitter.addWidget(left)
        splitter.addWidget(self._beside)
        scaled = theme.current().scaled
        splitter.setSizes([scaled(_LIST_WIDTH), scaled(_WIDTH - _LIST_WIDTH)])
        splitter.setStretchFactor(1, 1)
        self.content.addWidget(splitter, 1)
        self._unused = self.add_left_button("Remove who is named nowhere")
        self._unused.hide()
        self.add_close_button().setDefault(True)

    def _build_form(self) -> QWidget:
        form = ScrolledColumn()
        form.column.setSpacing(12)
        abreast = 2 if self.screen().availableGeometry().width() >= theme.current().scaled(_WIDTH) else 1
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for place, (name, line) in enumerate(self._lines.items()):
            text, placeholder = _LABELS[name]
            label = QLabel(text)
            label.setBuddy(line)
            line.setReadOnly(not self.can_change)
            if self.can_change:
                line.setPlaceholderText(placeholder)
            row, side = divmod(place, abreast)
            grid.addWidget(label, row * 2, side)
            grid.addWidget(line, row * 2 + 1, side)
            grid.setColumnStretch(side, 1)
        self._problem_here = QLabel()
        self._problem_here.setWordWrap(True)
        theme.set_role(self._problem_here, "error")
        self._problem_here.hide()
        self._named = MutedLabel("")
        self._go = button("Show the item", "link", "arrow-right")
        self._go.setAutoDefault(False)
        head = QHBoxLayout()
        head.addWidget(self._named, 1)
        head.addWidget(self._go)
        form.column.addLayout(grid)
        form.column.addWidget(self._problem_here)
        form.column.addLayout(head)
        form.column.addWidget(self._part_table, 1)
        return form

    def _connect(self) -> None:
        self._search.searched.connect(self._narrow)
        self._table.chosen.connect(self._choose)
        self._table.delete_pressed.connect(self._take_off)
        self._table.opened.connect(self._lines["name"].setFocus)
        self._part_table.opened.connect(self._lead)
        self._part_table.chosen.connect(self._allow)
        self._go.clicked.connect(self._lead)
        self._add.clicked.connect(self._begin)
        self._merge.clicked.connect(self._ask_to_merge)
        self._remove.clicked.connect(self._take_off)
        self._unused.clicked.connect(self._take_unused_off)
        self.session.commit_requested.connect(self._commit)
        for line in self._lines.values():
            line.editingFinished.connect(self._commit)

    # The list

    def _show(self, people: list[_Listed]) -> None:
        self._people = people
        known = {listed.person.id for listed in people}
        if self._shown is not None and self._shown.id not in known and not self._is_new():
            self._shown = None
        self._narrow(self._search.text())
        asked_for, self._asked_for = self._asked_for, ""
        if self._model.row_of(asked_for) >= 0:
            self._table.choose([asked_for])
        unused = sum(not listed.parts for listed in people)
        self._unused.setText(f"Remove who is named nowhere ({unused:,})")
        self._unused.setVisible(bool(unused) and self.can_change)

    def _narrow(self, typed: str) -> None:
        words = search_words(typed)
        wanted = self._wanted
        self._table.show_records([each for each in self._people if all(word in each.words for word in words)])
        if wanted and self._model.row_of(wanted) >= 0:
            self._wanted = ""
            self._table.choose([wanted])

    def _choose(self) -> None:
        chosen = self._table.chosen_records()
        if self._wanted:
            self._allow()
            return
        if len(chosen) == 1:
            self._show_person(chosen[0])
        else:
            self._commit()
            self._shown = None
            self._several.set_text(_about(len(chosen), bool(self._people), can_change=self.can_change))
            self._beside.setCurrentIndex(0)
        self._allow()

    def _show_person(self, listed: _Listed) -> None:
        person = listed.person
        if self._shown is None or self._shown.id != person.id:
            self._commit()
            self._fill(self._drafts.get(person.id, person))
        elif self._typed() == self._shown:
            self._fill(person)
        self._shown = person
        self._part_table.show_records(listed.parts)
        count = len(listed.parts)
        self._named.setText(
            "Named in no item" if not count else f"Named in {count:,} {'item' if count == 1 else 'items'}"
        )
        self._beside.setCurrentIndex(1)
        self._say_problem()

    def _fill(self, person: Person) -> None:
        for name, line in self._lines.items():
            if line.text() != getattr(person, name):
                line.setText(getattr(person, name))
                line.setCursorPosition(0)

    def _allow(self) -> None:
        chosen = self._table.chosen_records()
        self._merge.setEnabled(len(chosen) == 2)
        self._remove.setEnabled(bool(chosen) and not any(listed.parts for listed in chosen))
        named = any(listed.parts for listed in chosen)
        self._remove.setToolTip("Whoever is named in an item stays on the list" if named else "")
        self._go.setVisible(bool(self._part_table.chosen_records()))

    # What is typed

    def _typed(self) -> Person:
        person = self._shown or Person("", "")
        return replace(person, **{name: line.text().strip() for name, line in self._lines.items()})

    def _is_new(self) -> bool:
        return self._shown is not None and not any(each.person.id == self._shown.id for each in self._people)

    def _begin(self) -> None:
        """Empty the form for somebody new, who joins the list with their name."""
        self._commit()
        self._search.clear()
        self._table.clearSelection()
        self._shown = Person(new_id(), "")
        self._fill(self._shown)
        self._part_table.show_records([])
        self._named.setText("Give the name first")
        self._beside.setCurrentIndex(1)
        self._say_problem()
        self._lines["name"].setFocus()

    def _commit(self) -> None:
        """Save what was typed of the person that is shown, or keep it in hand if it cannot be."""
        if self._shown is None or not self.can_change:
            return
        typed = self._typed()
        if typed == self._shown:
            self._drafts.pop(typed.id, None)
            self._say_problem()
            return
        if self._is_new() and not any(getattr(typed, name) for name in _LABELS):
            return
        self._drafts[typed.id] = typed
        if not self._why_not(typed):
            self._wanted = typed.id if self._is_new() else ""
            self._drafts.pop(typed.id)
            self._shown = typed
            self.session.edit(put_person, typed, failed=self._refused)
        self._say_problem()

    def _refused(self, error: BaseException) -> None:
        self._wanted = ""
        self.show_error(error)
        self.refresh()

    def _why_not(self, typed: Person) -> str:
        if not typed.name:
            return "A person needs a name."
        name = typed.name.casefold()
        if any(each.person.id != typed.id and each.person.name.casefold() == name for each in self._people):
            return f"{typed.name} is on the list already. If it is the same person, merge the two entries."
        return ""

    def _say_problem(self) -> None:
        draft = self._drafts.get(self._shown.id) if self._shown else None
        sentence = self._why_not(draft) if draft else ""
        self._problem_here.setText(sentence)
        self._problem_here.setVisible(bool(sentence))
        theme.set_state(self._lines["name"], "invalid", bool(sentence))
        self._lines["name"].setAccessibleDescription(sentence)

    # What is done to people

    def _lead(self) -> None:
        parts = self._part_table.chosen_records()
        if not parts:
            return
        part, window = parts[0], self.window_
        self.reject()
        if not self.isVisible():
            if part.is_binned:
                window.run_action("bin")
            else:
                window.go(Place(places.EVIDENCE, evidence_id=part.evidence_id, field="people"))

    def _ask_to_merge(self) -> None:
        self._commit()
        chosen = self._table.chosen_records()
        if len(chosen) != 2:
            return
        one, other = chosen
        names = {f"Keep “{one.person.name}”": (one, other), f"Keep “{other.person.name}”": (other, one)}
        question = QuestionDialog(
            f"Are “{one.person.name}” and “{other.person.name}” one person?",
            "One entry stays, with everything that either is named in. What only the other says of them is kept too.",
            *names,
            parent=self,
        )
        question.answered.connect(lambda answer: self._merge_into(*names[answer]))
        question.open()

    def _merge_into(self, kept: _Listed, other: _Listed) -> None:
        self._wanted = kept.person.id
        self.session.edit(
            merge_people,
            kept.person.id,
            other.person.id,
            done=lambda person: self.say(f"The two are one now: {person.name}.", undo=True),
            failed=self._refused,
        )

    def _take_off(self) -> None:
        if self.can_change and self._remove.isEnabled():
            ids = [listed.person.id for listed in self._table.chosen_records()]
            self.session.edit(remove_people, ids, done=self._are_off, failed=self.show_error)

    def _take_unused_off(self) -> None:
        self.session.edit(remove_unused_people, done=self._are_off, failed=self.show_error)

    def _are_off(self, people: list[Person]) -> None:
        who = people[0].name if len(people) == 1 else f"{len(people):,} people"
        self.say(f"Removed from the list: {who}.", undo=True)


def _about(marked: int, is_any: bool, *, can_change: bool) -> str:
    if marked:
        return f"{marked:,} people are marked." + (" Two entries for one person can be merged." if can_change else "")
    return "Choose somebody on the left." if is_any else "Nobody is named yet. People join the list as items name them."


def _part_in_words(part: _Part) -> str:
    signed = part.involvement.signed_on
    said = f"{part.involvement.part}, signed on {day_in_words(signed)}" if signed else str(part.involvement.part)
    return f"{said} (in the bin)" if part.is_binned else said


_COLUMNS: Final[Sequence[Column[_Listed]]] = (
    Column("Name", lambda listed: listed.person.name),
    Column("Role", lambda listed: listed.person.role or listed.person.relation),
    Column("Items", lambda listed: f"{len(listed.parts):,}", lambda listed: len(listed.parts), right=True),
)
_PART_COLUMNS: Final[Sequence[Column[_Part]]] = (
    Column("Item", lambda part: part.title),
    Column("As", _part_in_words),
)


def _register(portfolio: PortfolioFile) -> list[_Listed]:
    """Return everybody with the titles of what they are named in."""
    register = people_register(portfolio)
    rows = evidence_rows(portfolio, {evidence_id for use in register for evidence_id, _, _ in use.parts})
    told = [field.name for field in fields(Person) if field.name != "id"]
    return [
        _Listed(
            use.person,
            tuple(
                _Part(
                    evidence_id,
                    f"{ref}  {rows[evidence_id].shown_title}",
                    involvement,
                    bool(rows[evidence_id].binned_at),
                )
                for evidence_id, ref, involvement in use.parts
                if evidence_id in rows
            ),
            folded(" ".join(getattr(use.person, name) for name in told)),
        )
        for use in register
    ]
