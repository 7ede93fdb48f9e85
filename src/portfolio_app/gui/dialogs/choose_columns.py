"""Saying what the columns of a table hold, before the units that come of it are looked through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.session import Session
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import MutedLabel
from portfolio_app.gui.widgets.table_columns import TableColumns
from portfolio_app.gui.widgets.upright_area import ScrolledColumn
from portfolio_app.services.column_imports import (
    ColumnMapping,
    ColumnRole,
    Nesting,
    TableFile,
    TableReading,
    column_letter,
    guess_nesting,
    guess_roles,
    try_mapping,
)
from portfolio_app.services.unit_drafts import draft_of_import
from portfolio_app.services.unit_sources import title_from

_ROLES: Final[dict[ColumnRole | None, str]] = {
    None: "Not read",
    ColumnRole.TEXT: "Requirement",
    ColumnRole.REF: "Reference",
    ColumnRole.OUTCOME: "Outcome above it",
    ColumnRole.OUTCOME_REF: "Outcome reference",
    ColumnRole.PARENT: "Parent reference",
    ColumnRole.KIND: "Kind",
    ColumnRole.NOTES: "Notes, as tips",
    ColumnRole.UNIT: "Unit title",
    ColumnRole.UNIT_REF: "Unit reference",
    ColumnRole.LEVEL: "Unit level",
    ColumnRole.CREDITS: "Unit credits",
    ColumnRole.MANDATORY: "Unit is mandatory",
}
_NESTINGS: Final = {
    Nesting.PREFIX: "By reference: 1.2 under 1",
    Nesting.OUTCOME: "Under the outcome in its row",
    Nesting.PARENT: "By the parent’s reference",
    Nesting.INDENT: "By column, or how far in it stands",
    Nesting.NONE: "Not at all: one level",
}
_ALL_SHEETS: Final = "All sheets, read alike"
_HEADING_ROWS: Final = 30
_WARNINGS_SHOWN: Final = 4
_UNITS_NAMED: Final = 4


class ChooseColumnsDialog(DialogFrame):
    """The first rows of a table with a choice above each column, and what comes of it, at once.

    Args:
        session: What reads the table.
        table: The file.
        parent: The widget that it is shown over.
    """

    chosen = Signal(list)
    """The :class:`UnitDraft` s that the table gives."""

    def __init__(self, session: Session, table: TableFile, parent: QWidget | None = None) -> None:
        super().__init__(
            "Choose the columns",
            parent,
            says=f"“{table.name}” is a table. Say what its columns hold; what is chosen already is a guess.",
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._table = table
        self._sheet = table.sheets[table.likely]
        self._mapping = ColumnMapping(())
        self._nests_itself = True
        self._reads_all = False
        self._reading = TableReading()
        self.columns = TableColumns(list(_ROLES.values()))
        self.columns.chosen.connect(self._set_role)
        self.sheet_box, self.heading_box, self.nesting_box = QComboBox(), QComboBox(), QComboBox()
        self._outcome = QLabel()
        self._outcome.setTextFormat(Qt.TextFormat.PlainText)
        self._outcome.setWordWrap(True)
        self._doubts = MutedLabel()
        self._doubts.setWordWrap(True)
        self._build()
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self._review = self.add_button("Review", "primary", default=True)
        self._review.clicked.connect(self._choose)
        self.set_size(1080, 700)
        self._show_sheet(table.likely)
        boxes = self.columns.boxes
        (boxes[0] if boxes else self.nesting_box).setFocus()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.S16)
        grid.setVerticalSpacing(Space.S4)
        fields = [("Row with the &headings", self.heading_box), ("How it is &nested", self.nesting_box)]
        if len(self._table.sheets) > 1:
            fields.insert(0, ("&Sheet", self.sheet_box))
        for place, (words, box) in enumerate(fields):
            label = QLabel(words)
            label.setBuddy(box)
            box.setAccessibleName(words.replace("&", ""))
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(12)
            grid.addWidget(label, 0, place)
            grid.addWidget(box, 1, place)
            grid.setColumnStretch(place, 1)
        self.sheet_box.addItems([*(sheet.name for sheet in self._table.sheets), _ALL_SHEETS])
        self.sheet_box.setCurrentIndex(self._table.likely)
        self.sheet_box.activated.connect(self._show_sheet)
        self.heading_box.activated.connect(self._set_header)
        self.nesting_box.addItems(list(_NESTINGS.values()))
        self.nesting_box.activated.connect(self._set_nesting)
        page = ScrolledColumn()
        page.column.setSpacing(Space.S12)
        page.column.addLayout(grid)
        page.column.addWidget(self.columns)
        page.column.addWidget(self._doubts)
        page.column.addStretch(1)
        self.body.addWidget(page, 1)
        self.body.addWidget(self._outcome)

    # What is chosen

    def _show_sheet(self, place: int) -> None:
        if place == len(self._table.sheets):  # all of them, read as the one that is seen
            self._reads_all = True
            self._follow()
            return
        self._reads_all = False
        self._sheet = self._table.sheets[place]
        self._nests_itself = True
        self.heading_box.clear()
        self.heading_box.addItem("None: it begins at once")
        for row, cells in enumerate(self._sheet.rows[:_HEADING_ROWS], 1):
            words = ", ".join(" ".join(cell.split()) for cell in cells if cell.strip())
            self.heading_box.addItem(f"{row}: {words[:60]}" if words else f"{row} (blank)")
        self._take(self._table.guesses[place])

    def _set_header(self, choice: int) -> None:
        self._nests_itself = True
        self._review.setEnabled(False)
        self._session.tasks.run(
            partial(guess_roles, self._sheet.rows, choice - 1 if choice else None),
            done=self._take,
            receiver=self,
            topic="headings",
        )

    def _take(self, mapping: ColumnMapping) -> None:
        self._mapping = mapping
        self.heading_box.setCurrentIndex(0 if mapping.header is None else mapping.header + 1)
        names = [column_letter(place) for place in range(len(mapping.roles))]
        self.columns.show_table(self._sheet.rows, names, mapping.header, self._roles())
        self._follow()

    def _roles(self) -> list[int]:
        """Return for each column the place of its role among those to choose from."""
        order = list(_ROLES)
        return [order.index(role) for role in self._mapping.roles]

    def _set_role(self, place: int, role: int) -> None:
        mapping = self._mapping.with_role(place, list(_ROLES)[role])
        if self._nests_itself:
            mapping = replace(mapping, nesting=guess_nesting(self._sheet.rows, mapping))
        self._mapping = mapping
        self._follow()

    def _set_nesting(self, place: int) -> None:
        self._nests_itself = False
        self._mapping = replace(self._mapping, nesting=list(_NESTINGS)[place])
        self._follow()

    # What comes of it

    def _follow(self) -> None:
        """Show the mapping, and have the table read like that."""
        self.columns.show_roles(self._roles())
        self.nesting_box.setCurrentIndex(list(_NESTINGS).index(self._mapping.nesting))
        self._review.setEnabled(False)
        self._session.tasks.run(
            partial(try_mapping, self._table, None if self._reads_all else self._sheet, self._mapping),
            done=self._show_reading,
            receiver=self,
            topic="columns",
        )

    def _show_reading(self, reading: TableReading) -> None:
        self._reading = reading
        warnings = [warning.sentence for found in reading.units for warning in found.warnings]
        if reading.problem:
            self._outcome.setText(reading.problem)
        else:
            titles = [found.unit.title or "the unit, which has no title yet" for found in reading.units]
            count = sum(1 for found in reading.units for _ in found.unit.walk())
            leaves = sum(1 for found in reading.units for _ in found.unit.leaves())
            claimed = "" if leaves == count else f", {leaves:,} of them to claim evidence against"
            self._outcome.setText(
                f"This gives {_counted(len(titles), 'unit')} with {_counted(count, 'requirement')}{claimed}: "
                f"{_listed(titles, _UNITS_NAMED)}."
                + (
                    f" {len(warnings):,} {'thing is' if len(warnings) == 1 else 'things are'} worth a look."
                    if warnings
                    else ""
                )
            )
        theme.set_state(self._outcome, "tone", "not_yet" if reading.problem else "claimed" if warnings else "met")
        self._doubts.setText("\n".join(_few(warnings)))
        self._doubts.setVisible(bool(warnings))
        self._review.setEnabled(not reading.problem)

    def _choose(self) -> None:
        drafts = [draft_of_import(found) for found in self._reading.units]
        if len(drafts) == 1 and not drafts[0].unit.title:
            drafts[0] = replace(drafts[0], unit=replace(drafts[0].unit, title=title_from(self._table.name)))
        self.accept()
        self.chosen.emit(drafts)


def _few(warnings: Sequence[str]) -> list[str]:
    more = len(warnings) - _WARNINGS_SHOWN
    return [*warnings[:_WARNINGS_SHOWN], *([f"… and {_counted(more, 'more thing')} worth a look."] if more > 0 else [])]


def _to_look_at(number: int) -> str:
    return f" {_counted(number, 'thing')} {'is' if number == 1 else 'are'} worth a look." if number else ""


def _listed(words: Sequence[str], most: int) -> str:
    more = len(words) - most
    return ", ".join(words[:most]) + (f" and {more:,} more" if more > 0 else "")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
