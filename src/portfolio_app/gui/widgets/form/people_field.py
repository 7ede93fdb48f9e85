"""The people an item names, and what part each of them had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import EvidenceKind, Involvement, Person, PersonPart
from portfolio_app.domain.identifiers import new_id
from portfolio_app.gui import theme
from portfolio_app.gui.icons import set_icon
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import ElidedLabel, MutedLabel, add_together, button, icon_button
from portfolio_app.gui.widgets.form.date_fields import DateLine
from portfolio_app.gui.widgets.form.person_field import KnownWords, complete
from portfolio_app.gui.widgets.form.text_change import change_line
from portfolio_app.gui.widgets.form.value_editor import ValueEditor
from portfolio_app.services.text_input import day, line

_TWO_ABREAST = 440
_MOST_SPARE = 2
"""Rows that are kept for the next item: making one takes as long as all else that is shown of an item."""
_NOTE = "What is known of a person is the same wherever they are named."
_WORDS = {
    "role": ("Role", "e.g. team leader"),
    "relation": ("Relation to you", "e.g. line manager for two years"),
    "organisation": ("Organisation", ""),
    "status": ("Status or qualification", "e.g. qualified in what they saw"),
}


class NamedPerson(NamedTuple):
    """A person and their part in the item."""

    person: Person
    involvement: Involvement


_NOBODY = NamedPerson(Person("", ""), Involvement("", PersonPart.PARTICIPANT))


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all rows of a field share: the people that are known, and their names to offer."""

    register: dict[str, Person]
    names: KnownWords

    def named(self, name: str) -> Person | None:
        return self.register.get(name.strip().casefold())


class PersonRow(ValueEditor):
    """One person: a line that says who, and below it what is known of them. The value is a :class:`NamedPerson`."""

    removed = Signal()

    def __init__(self, shared: _Shared, value: NamedPerson, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shared = shared
        self._stored = value
        self._person_id = value.person.id
        self._email = value.person.email
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.name = QLineEdit()
        self.part = QComboBox()
        for part in PersonPart:
            self.part.addItem(part.value.capitalize(), part.value)
        self.words = {key: QLineEdit() for key in _WORDS}
        self.signed_on = DateLine("Signed on")
        self._build()
        self._watch(self.name, self.part, *self.words.values(), self.signed_on.line)
        complete(self.name, shared.names).activated.connect(self._completed)
        self._choosing = QTimer(self)
        self._choosing.setSingleShot(True)
        self._choosing.setInterval(0)
        self._choosing.timeout.connect(self._name_finished)
        self.name.textEdited.connect(self._name_typed)
        self.name.editingFinished.connect(self._name_finished)
        self.part.activated.connect(self._chosen)
        for field in self.words.values():
            field.textEdited.connect(self._typed)
        self.signed_on.edited.connect(self._typed)
        self.signed_on.day_picked.connect(self.flush)
        self._load(value, anew=True)
        self.unfold(not value.person.name)

    @property
    def person_id(self) -> str:
        """The id of the person in the row."""
        return self._person_id

    def value(self) -> NamedPerson:
        """Return the person and the part as shown; what cannot be stored stays as it was."""
        latest: NamedPerson = self._latest()
        known = {key: field.text() for key, field in self.words.items()}
        try:
            person = Person(
                id=self._person_id,
                name=line(self.name.text(), "The name"),
                email=self._email,
                **{key: line(text, _WORDS[key][0]) for key, text in known.items()},
            )
        except InvalidInput:
            person = latest.person
        signed_on = latest.involvement.signed_on if self._day_problem() else self._day()
        return NamedPerson(person, Involvement(self._person_id, PersonPart(self.part.currentData()), signed_on))

    def problem(self) -> str:
        """Return what is missing or cannot be read."""
        try:
            for field in (self.name, *self.words.values()):
                line(field.text(), "This")
        except InvalidInput as error:
            return str(error)
        if not self.name.text().strip():
            return "Give a name, or a role where names are confidential."
        return self._day_problem()

    def has_unstored(self) -> bool:
        """Whether anything is wrong: without a name, or with a day that cannot be read, it is not stored."""
        return bool(self.problem())

    def set_value(self, value: Any, *, anew: bool = False) -> None:
        """Show what is stored; the person and the part come back one after the other, as they are stored."""
        if not anew:
            person, involvement = value
            latest: NamedPerson = self._latest()
            own = [self._stored, *self._underway]
            if person in [one.person for one in own]:
                person = latest.person
            if involvement in [one.involvement for one in own]:
                involvement = latest.involvement
            if value != latest and (person, involvement) == latest:
                return
            value = NamedPerson(person, involvement)
        super().set_value(value, anew=anew)

    def show_another(self, value: NamedPerson) -> None:
        """Show another person, as if the row had just been made."""
        self.set_value(value, anew=True)
        self.unfold(not value.person.name)

    def is_blank(self) -> bool:
        """Whether nothing has been typed into the row."""
        return not any(field.text().strip() for field in (self.name, *self.words.values(), self.signed_on.line))

    def unfold(self, unfolded: bool) -> None:
        """Show what is known of the person, or only who it is."""
        self._details.setVisible(unfolded)
        self._lock_name()
        set_icon(self.toggle, "chevron-up" if unfolded else "square-pen", colour="muted")
        self.toggle.setToolTip("Show less" if unfolded else "Show and change")
        self.toggle.setAccessibleName(f"{self.toggle.toolTip()}: {self.name.text() or 'a new person'}")
        self._summarise()

    def is_unfolded(self) -> bool:
        """Whether more than a line is shown."""
        return not self._details.isHidden()

    def focus(self) -> None:
        """Unfold, and put the keyboard to the first thing that is missing, else to the name."""
        self.unfold(True)
        missing = (self.words["role"], self.words["relation"], self.signed_on.line)
        named = bool(self.name.text())
        next((field for field in missing if named and not field.text()), self.name).setFocus()

    def set_read_only(self, read_only: bool) -> None:
        """Let the person be read but not changed."""
        self._details.setEnabled(not read_only)
        self.remove.setVisible(not read_only)

    def _build(self) -> None:
        self.title = ElidedLabel()
        self.summary = ElidedLabel()
        theme.set_role(self.title, "field")
        theme.set_role(self.summary, "muted")
        self.toggle = icon_button("square-pen", "Show and change")
        self.toggle.clicked.connect(self._toggle)
        self.remove = icon_button("x", "Take off this item")
        self.remove.clicked.connect(self.removed)
        who = QVBoxLayout()
        who.setSpacing(0)
        who.addWidget(self.title)
        who.addWidget(self.summary)
        top = QHBoxLayout()
        top.setSpacing(Space.S4)
        top.addLayout(who, 1)
        top.addWidget(self.toggle)
        top.addWidget(self.remove)
        self._build_details()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.hide()
        theme.set_role(self.message, "error")
        self.problem_changed.connect(self._tell)
        frame = QFrame()
        theme.set_role(frame, "card")
        column = QVBoxLayout(frame)
        column.setContentsMargins(Space.S12, Space.S8, Space.S8, Space.S8)
        column.setSpacing(Space.S8)
        column.addLayout(top)
        column.addWidget(self._details)
        column.addWidget(self.message)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def _build_details(self) -> None:
        self._details = QWidget()
        inside = QVBoxLayout(self._details)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(Space.S8)
        self._grid = QGridLayout()
        inside.addLayout(self._grid)
        self._grid.setHorizontalSpacing(Space.S12)
        self._grid.setVerticalSpacing(Space.S8)
        self._parts = [_labelled("Name", self.name), _labelled("Part", self.part)]
        for key, field in self.words.items():
            label, example = _WORDS[key]
            field.setPlaceholderText(example)
            self._parts.append(_labelled(label, field))
        self._parts.append(_labelled("Signed on", self.signed_on))
        self.correct = button("Correct the name", "link")
        self.correct.clicked.connect(self._correct)
        self.note = MutedLabel(_NOTE)
        last = QHBoxLayout()
        last.addWidget(self.note, 1)
        last.addWidget(self.correct, 0, Qt.AlignmentFlag.AlignBottom)
        inside.addLayout(last)
        self._abreast = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Put two fields beside each other where there is room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        abreast = 2 if self.width() >= theme.current().scaled(_TWO_ABREAST) else 1
        if abreast == self._abreast:
            return
        self._abreast = abreast
        for part in self._parts:
            self._grid.removeWidget(part)
        for place, part in enumerate(self._parts):
            self._grid.addWidget(part, place // abreast, place % abreast)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < abreast else 0)

    def _load(self, value: Any, *, anew: bool) -> None:
        del anew
        person, involvement = value
        self._person_id, self._email = person.id, person.email
        change_line(self.name, person.name)
        for key, field in self.words.items():
            change_line(field, getattr(person, key))
        self.part.setCurrentIndex(self.part.findData(involvement.part.value))
        self.signed_on.set_text(day_in_words(involvement.signed_on) if involvement.signed_on else "")
        self._summarise()

    def _summarise(self) -> None:
        role = self.words["role"].text()
        signed = self.signed_on.text()
        facts = [self.part.currentText().lower() if self.name.text() else "", role, self.words["relation"].text()]
        facts.append(f"signed {signed}" if signed else "")
        self.title.setText(self.name.text() or "New person")
        self.summary.setText(" · ".join(fact for fact in facts if fact))
        self.summary.setVisible(bool(self.name.text()) and not self.is_unfolded())
        self.remove.setAccessibleName(f"Take {self.name.text() or 'this person'} off this item")

    def _tell(self, sentence: str) -> None:
        self.message.setText(f"✗ {sentence}" if sentence else "")
        self.message.setVisible(bool(sentence))

    def _typed(self) -> None:
        self._touched()
        self._summarise()

    def _chosen(self) -> None:
        self._touched_for_good()
        self._summarise()

    def _toggle(self) -> None:
        self.unfold(not self.is_unfolded())
        if self.is_unfolded():
            self.name.setFocus()
        else:
            self.flush()

    def _completed(self) -> None:
        # The chosen name is put into the line after this signal.
        self._choosing.start()

    def _name_typed(self) -> None:
        """Wait until the whole name is there: half a name must not become a person of its own."""
        self._touched()
        self._pause.stop()
        self._summarise()

    def _name_finished(self) -> None:
        """Fill in what is known of somebody whose name was chosen or typed."""
        known = self._shared.named(self.name.text())
        if known is not None and known.id != self._person_id and not self.name.isReadOnly():
            self._load(NamedPerson(known, self.value().involvement), anew=False)
            self._touched()
        if self._dirty and not self.is_blank():
            self.flush()

    def _correct(self) -> None:
        self.name.setReadOnly(False)
        self.correct.hide()
        self.note.setText("The corrected name shows wherever this person is named.")
        self.name.setFocus()
        self.name.selectAll()

    def _lock_name(self) -> None:
        """Keep a person from becoming another by accident, in every item that names them."""
        stored = bool(self._stored.person.name)
        self.name.setReadOnly(stored)
        self.correct.setVisible(stored)
        self.note.setText(_NOTE)

    def _hint(self) -> str:
        return "" if self.is_blank() else super()._hint()

    def _day(self) -> date | None:
        return day(self.signed_on.text()) if self.signed_on.text() else None

    def _day_problem(self) -> str:
        try:
            self._day()
        except InvalidInput as error:
            return f"“Signed on”: {error}"
        return ""


class PeopleField(QWidget):
    """The people an item names.

    Each change is signalled by itself, in the order in which it is to be stored: a person who is new or of whom
    something else is known, then their part; somebody taken off; and for somebody changed for another both.
    """

    person_committed = Signal(object)
    """A :class:`Person` to put into the portfolio."""
    involvement_committed = Signal(object)
    """An :class:`Involvement` to put into the item."""
    involvement_removed = Signal(str)
    """The id of a person who has no part any more."""
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shared = _Shared({}, KnownWords(self))
        self._rows: list[PersonRow] = []
        self._spare: list[PersonRow] = []
        self._given: dict[PersonRow, NamedPerson] = {}
        self._item = ""
        self._awaited: set[str] = set()  # people who were added here and are not stored yet
        self._leaving: set[str] = set()  # people who were taken off here and are still stored
        self._usual = PersonPart.PARTICIPANT
        self._read_only = False
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S8)
        self.add_button = button("Add a person", "quiet", "user-plus")
        self.add_button.clicked.connect(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S8)
        column.addLayout(self._list)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def item(self) -> str:
        """What :meth:`set_value` said the people are of; the signals are of this item."""
        return self._item

    @property
    def rows(self) -> Sequence[PersonRow]:
        """The rows, one for each person."""
        return self._rows

    def set_register(self, people: Sequence[Person]) -> None:
        """Offer these people where a name is typed, with all that is known of them."""
        self._shared.register.clear()
        self._shared.register.update({person.name.casefold(): person for person in people})
        self._shared.names.set_words([person.name for person in people])

    def set_kind(self, kind: EvidenceKind | None) -> None:
        """Say which part a new person usually has: a witness where the kind wants one."""
        self._usual = PersonPart.WITNESS if kind and kind.witnessed else PersonPart.PARTICIPANT

    def value(self) -> tuple[NamedPerson, ...]:
        """Return the people who have a name."""
        values = (row.value() for row in self._rows)
        return tuple(value for value in values if value.person.name)

    def set_value(self, people: Mapping[str, Person], involvements: Sequence[Involvement], of: str = "") -> None:
        """Show an item's people without signalling; ``of`` is the id of the item, as for a form's values."""
        anew = of != self._item
        if anew:
            self.flush()
            self._item = of
            self._awaited.clear()
            self._leaving.clear()
            for row in list(self._rows):
                self._drop(row)
        wanted = [NamedPerson(people[one.person_id], one) for one in involvements if one.person_id in people]
        ids = {one.person.id for one in wanted}
        for row in list(self._rows):
            # Somebody just added may not be stored yet; a row without a name is still being typed.
            if row in self._given and row.person_id not in ids | self._awaited:
                self._drop(row)
        self._awaited -= ids
        self._leaving &= ids
        wanted = [one for one in wanted if one.person.id not in self._leaving]
        shown = {row.person_id: row for row in self._rows}
        for one in wanted:
            present = shown.get(one.person.id)
            if present is None:
                present = self._new_row(one)
            else:
                present.set_value(one)
            self._given[present] = one

    def add(self) -> PersonRow:
        """Begin a new person."""
        for row in self._rows:
            if row.is_blank():
                row.focus()
                return row
        person = Person(new_id(), "")
        row = self._new_row(NamedPerson(person, Involvement(person.id, self._usual)))
        row.focus()
        return row

    def focus(self) -> None:
        """Put the keyboard to the first person of whom something is missing, else to a new one."""
        lacking = (row for row in self._rows if not (row.words["role"].text() and row.signed_on.text()))
        row = next(lacking, None)
        if row is not None:
            row.focus()
        else:
            self.add()

    def flush(self) -> None:
        """Give on what was typed, now."""
        for row in list(self._rows):
            if not row.is_blank():
                row.flush()

    def refuse(self, person_id: str, sentence: str) -> None:
        """Say beside a person that they were not stored, and why."""
        for row in self._rows:
            if row.person_id == person_id:
                self._given.pop(row, None)
                self._awaited.discard(person_id)
                row.refuse(sentence)
        self._leaving.discard(person_id)

    def set_read_only(self, read_only: bool) -> None:
        """Let the people be read but not changed."""
        self._read_only = read_only
        self.add_button.setVisible(not read_only)
        for row in self._rows:
            row.set_read_only(read_only)

    def _new_row(self, value: NamedPerson) -> PersonRow:
        if self._spare:
            row = self._spare.pop()
            row.show_another(value)
        else:
            row = PersonRow(self._shared, value, self)
            row.committed.connect(self._committed)
            row.edited.connect(self.edited)
            row.removed.connect(self._removed)
        row.set_read_only(self._read_only)
        self._rows.append(row)
        add_together(self._list, (row,))
        row.show()  # a spare one was hidden
        return row

    def _drop(self, row: PersonRow) -> None:
        self._rows.remove(row)
        self._given.pop(row, None)
        self._list.removeWidget(row)
        row.hide()
        if len(self._spare) < _MOST_SPARE:
            row.show_another(_NOBODY)
            self._spare.append(row)
        else:
            row.deleteLater()

    def _committed(self, value: NamedPerson) -> None:
        row = self.sender()
        if not isinstance(row, PersonRow) or not value.person.name:
            return
        before = self._given.get(row)
        self._given[row] = value
        if before is not None and before.person.id != value.person.id:
            self._leaving.add(before.person.id)
            self.involvement_removed.emit(before.person.id)
        if before is None or before.person.id != value.person.id:
            self._awaited.add(value.person.id)
        known = self._shared.named(value.person.name)
        if value.person not in {known, before.person if before else None}:
            self._shared.register[value.person.name.casefold()] = value.person
            self.person_committed.emit(value.person)
        if before is None or before.involvement != value.involvement:
            self.involvement_committed.emit(value.involvement)

    def _removed(self) -> None:
        row = self.sender()
        if not isinstance(row, PersonRow):
            return
        given = self._given.get(row)
        self._drop(row)
        self.add_button.setFocus()
        if given is not None:
            self._leaving.add(given.person.id)
            self.involvement_removed.emit(given.person.id)


def _labelled(label: str, field: QWidget) -> QWidget:
    part = QWidget()
    words = QLabel(label)
    words.setBuddy(field)
    theme.set_role(words, "muted")
    if not isinstance(field, DateLine):
        field.setAccessibleName(label)
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(words)
    column.addWidget(field)
    return part
