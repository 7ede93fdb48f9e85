"""Adding units of the library to the portfolio."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from portfolio_app.domain.qualification import Unit
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.session import Session
from portfolio_app.gui.widgets.unit_choices import UnitChoiceList
from portfolio_app.services.unit_sources import LibraryChoice, add_library_units, library_choices


class AddUnitsDialog(DialogFrame):
    """The library with ticks; what the portfolio has already is marked."""

    added = Signal(list)
    """The units that were added."""
    import_requested = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Add units", parent, says="Tick what you are working on.")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._list = UnitChoiceList()
        self._list.ticked_changed.connect(self._follow)
        self.body.addWidget(self._list, 1)
        other = self.add_left_button("It is not here …", "link")
        other.setToolTip("Import a text, or write the unit")
        other.clicked.connect(self._go_to_import)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self._add = self.add_button("Add", "primary", default=True)
        self._add.clicked.connect(self._store)
        self.set_size(560, 480)
        self._list.setFocus()
        self._follow()
        session.read(library_choices, done=self._show, failed=self.show_error, receiver=self, topic="library")

    def _show(self, choices: Sequence[LibraryChoice]) -> None:
        for choice in choices:
            self._list.add_entry(choice.entry, choice.code)
        self._follow()

    def _follow(self) -> None:
        count = len(self._list.ticked())
        self._add.setEnabled(count > 0)
        self._add.setText(f"Add {count:,} {'unit' if count == 1 else 'units'}" if count else "Add")

    def _store(self) -> None:
        self._add.setEnabled(False)
        self._session.edit(add_library_units, self._list.ticked(), done=self._stored, failed=self._refused)

    def _stored(self, units: list[Unit]) -> None:
        self.accept()
        self.added.emit(units)

    def _refused(self, error: BaseException) -> None:
        self.show_error(error)
        self._follow()

    def _go_to_import(self) -> None:
        self.reject()
        self.import_requested.emit()
