"""The groups of a qualification's units: what each asks for, and which units are in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QWidget

from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import Qualification, Unit, UnitGroup
from portfolio_app.domain.unit_groups import (
    QualificationStanding,
    credits_in_words,
    qualification_standing,
    units_in_words,
)
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.session import Session
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import ElidedLabel, MutedLabel, Section, button, icon_button
from portfolio_app.gui.widgets.upright_area import ScrolledColumn
from portfolio_app.services.qualification import (
    MOST_CREDITS,
    MOST_GROUPS,
    MOST_UNITS_ASKED,
    Structure,
    set_structure,
    standing_of_qualification,
)

_KINDS: Final = ("All its units", "A choice of its units")
_IN_NONE: Final = "In no group"


class UnitGroupsDialog(DialogFrame):
    """Groups and the units in them as one form, stored in one step."""

    stored = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            "Groups of units",
            parent,
            says="Where a qualification has mandatory and optional units, say what each group of them asks for.",
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._units: Sequence[Unit] = ()
        self._qualification = Qualification()
        self.rows: list[GroupRow] = []
        self.choices: dict[str, QComboBox] = {}
        self.whole = _LeastBox("credit", MOST_CREDITS, "Credits that all units come to", nought="not asked for")
        self.whole.valueChanged.connect(self._follow)
        self._whole_said = MutedLabel()
        self._whole_said.setWordWrap(True)
        self._groups = Section("Groups")
        self._members = Section("Units")
        self._add = button("Add a group", "", "plus")
        self._add.setAutoDefault(False)
        self._add.clicked.connect(self.add_group)
        self._build()
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self._save = self.add_button("Save the groups", "primary")
        self._save.setEnabled(False)
        self._save.clicked.connect(self.store)
        self.set_size(760, 700)
        session.read(
            standing_of_qualification, done=self._fill, failed=self.show_error, receiver=self, topic="unit-groups"
        )

    def add_group(self) -> None:
        """Add a group after the others, to be named."""
        number = len(self.rows) + 1
        title = "Mandatory units" if number == 1 else f"Optional group {number - 1}"
        row = self._add_row(UnitGroup(new_id(), title, mandatory=number == 1))
        row.title.setFocus()
        row.title.selectAll()
        group_of = {unit_id: str(box.currentData() or "") for unit_id, box in self.choices.items()}
        if number == 1:  # it is what was said of each unit so far
            group_of |= {unit.id: row.id for unit in self._units if unit.mandatory}
        self._show_choices(group_of)

    def store(self) -> None:
        """Store the groups, unless something is wrong with them; say so then."""
        self.show_problem("")
        self._save.setEnabled(False)
        structure = Structure(
            self.whole.value(),
            tuple(row.group() for row in self.rows),
            {unit_id: str(box.currentData() or "") for unit_id, box in self.choices.items()},
        )
        self._session.edit(set_structure, structure, done=self._has_stored, failed=self._refused)

    # Building

    def _build(self) -> None:
        page = ScrolledColumn()
        label = QLabel("&Credits of the whole qualification")
        label.setBuddy(self.whole)
        line = QHBoxLayout()
        line.setSpacing(Space.S12)
        line.addWidget(label)
        line.addWidget(self.whole)
        line.addStretch(1)
        page.column.addLayout(line)
        page.column.addWidget(self._whole_said)
        page.column.addWidget(self._groups)
        page.column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        page.column.addWidget(self._members)
        page.column.addStretch(1)
        self.body.addWidget(page, 1)

    def _fill(self, found: tuple[Qualification, QualificationStanding]) -> None:
        self._qualification, standing = found
        self._units = standing.whole.units
        with QSignalBlocker(self.whole):
            self.whole.setValue(self._qualification.least_credits)
        for group in self._qualification.groups:
            self._add_row(group)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.S12)
        grid.setVerticalSpacing(Space.S4)
        grid.setColumnStretch(0, 1)
        for place, unit in enumerate(self._units):
            about = credits_in_words(unit.credits) if unit.credits is not None else "no credits said"
            name = ElidedLabel(f"{unit.code}  {unit.title} · {about}")
            box = _Choice()
            box.setAccessibleName(f"Group of {unit.code} {unit.title}")
            box.currentIndexChanged.connect(self._follow)
            self.choices[unit.id] = box
            grid.addWidget(name, place, 0)
            grid.addWidget(box, place, 1)
        self._members.body.addLayout(grid)
        self._members.setVisible(bool(self._units))
        self._show_choices({unit.id: unit.group_id for unit in self._units})
        self._save.setEnabled(True)
        (self.rows[0].title if self.rows else self._add).setFocus()

    def _add_row(self, group: UnitGroup) -> GroupRow:
        row = GroupRow(group)
        row.changed.connect(self._follow)
        row.title.textChanged.connect(lambda _text: self._show_choices())
        row.removed.connect(partial(self._remove, row))
        row.moved.connect(partial(self._move, row))
        self.rows.append(row)
        self._groups.body.addWidget(row)
        self._add.setEnabled(len(self.rows) < MOST_GROUPS)
        return row

    # Changes

    def _remove(self, row: GroupRow) -> None:
        place = self.rows.index(row)
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self._add.setEnabled(True)
        self._show_choices()
        left = self.rows[min(place, len(self.rows) - 1)].title if self.rows else self._add
        left.setFocus()

    def _move(self, row: GroupRow, by: int) -> None:
        place = self.rows.index(row)
        to = max(0, min(len(self.rows) - 1, place + by))
        self.rows.insert(to, self.rows.pop(place))
        self._groups.body.removeWidget(row)
        self._groups.body.insertWidget(to, row)
        self._show_choices()

    def _show_choices(self, group_of: dict[str, str] | None = None) -> None:
        """Let every unit be put into the groups that there are now; it stays in its own where that is still there."""
        titles = [(row.id, " ".join(row.title.text().split()) or "(no title)") for row in self.rows]
        for unit_id, box in self.choices.items():
            wanted = group_of.get(unit_id, "") if group_of is not None else str(box.currentData() or "")
            with QSignalBlocker(box):
                box.clear()
                box.addItem(_IN_NONE, "")
                for group_id, title in titles:
                    box.addItem(title, group_id)
                box.setCurrentIndex(max(0, box.findData(wanted)))
        self._follow()

    def _follow(self) -> None:
        """Say of each group what its units come to."""
        groups = tuple(row.group() for row in self.rows)
        units = [
            replace(unit, group_id=str(self.choices[unit.id].currentData() or ""))
            for unit in self._units
            if unit.id in self.choices
        ]
        qualification = replace(self._qualification, groups=groups, least_credits=self.whole.value())
        standing = qualification_standing(qualification, units, {})
        for row, found in zip(self.rows, standing.groups, strict=True):
            chosen = f"{units_in_words(found.chosen.units)} with {credits_in_words(found.chosen.credits)} chosen."
            row.say(chosen if found.is_filled else found.shortage, is_short=not found.is_filled)
        whole = standing.whole
        has = f"The units in the portfolio have {credits_in_words(whole.chosen.credits)}."
        self._whole_said.setText(whole.shortage or has)

    # Storing

    def _has_stored(self, _qualification: Qualification) -> None:
        self.accept()
        self.stored.emit()

    def _refused(self, error: BaseException) -> None:
        self._save.setEnabled(True)
        self.show_error(error)


class GroupRow(QWidget):
    """What is said of one group, and what its units come to."""

    changed = Signal()
    removed = Signal()
    moved = Signal(int)

    def __init__(self, group: UnitGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.id = group.id
        self.title = QLineEdit(group.title)
        self.title.setAccessibleName("Title of the group")
        self.title.setPlaceholderText("Title of the group")
        self.kind = _Choice()
        self.kind.addItems(_KINDS)
        self.kind.setCurrentIndex(0 if group.mandatory else 1)
        self.kind.setAccessibleName("What has to be achieved of it")
        self.units = _LeastBox("unit", MOST_UNITS_ASKED, "Units to achieve at the least", nought="any number of units")
        self.units.setValue(group.least_units)
        self.credits = _LeastBox("credit", MOST_CREDITS, "Credits to come to at the least", nought="any credits")
        self.credits.setValue(group.least_credits)
        self._said = MutedLabel()
        self._said.setWordWrap(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, Space.S8)
        grid.setHorizontalSpacing(Space.S8)
        grid.setVerticalSpacing(Space.S4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.title, 0, 0, 1, 2)
        for column, (icon, name, signal) in enumerate(
            (
                ("arrow-up", "Move the group up", partial(self.moved.emit, -1)),
                ("arrow-down", "Move the group down", partial(self.moved.emit, 1)),
                ("trash-2", "Remove the group", self.removed.emit),
            ),
            2,
        ):
            tool = icon_button(icon, name)
            tool.clicked.connect(signal)
            grid.addWidget(tool, 0, column)
        asked = QHBoxLayout()
        asked.setSpacing(Space.S8)
        for field in (self.kind, self.units, self.credits):
            asked.addWidget(field)
        asked.addStretch(1)
        grid.addLayout(asked, 1, 0, 1, 5)
        grid.addWidget(self._said, 2, 0, 1, 5)
        self.title.textChanged.connect(self.changed)
        self.kind.currentIndexChanged.connect(self.changed)
        self.units.valueChanged.connect(self.changed)
        self.credits.valueChanged.connect(self.changed)

    def group(self) -> UnitGroup:
        """Return the group as it is said now."""
        return UnitGroup(
            self.id, self.title.text(), self.kind.currentIndex() == 0, self.units.value(), self.credits.value()
        )

    def say(self, sentence: str, *, is_short: bool) -> None:
        """Say what the group's units come to, or lack."""
        self._said.setText(sentence)
        theme.set_state(self._said, "tone", "claimed" if is_short else "")


class _Choice(QComboBox):
    """A choice that the wheel passes by: it scrolls the form."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Let what is around it scroll."""
        event.ignore()


class _LeastBox(QSpinBox):
    """A least number with its noun; the wheel scrolls the form."""

    def __init__(self, noun: str, most: int, name: str, *, nought: str) -> None:
        super().__init__()
        self._noun = noun
        self.setRange(0, most)
        self.setPrefix("at least ")
        self.setSpecialValueText(nought)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self._name)
        self._name(0)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Let what is around it scroll."""
        event.ignore()

    def _name(self, value: int) -> None:
        self.setSuffix(f" {self._noun}{'' if value == 1 else 's'}")
