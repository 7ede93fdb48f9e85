"""Asking for what a new portfolio needs: a name, units and a place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from portfolio_app.domain.qualification import Unit
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.dialogs.import_unit import UNIT_FILES
from portfolio_app.gui.widgets.basics import MutedLabel, button
from portfolio_app.gui.widgets.folder_choice import NO_FOLDER, FolderChoice
from portfolio_app.gui.widgets.unit_choices import UnitChoiceList
from portfolio_app.gui.widgets.upright_area import ScrolledColumn
from portfolio_app.services.library import LibraryEntry, unit_library
from portfolio_app.services.portfolios import DetailsGiven, folder_name, start_portfolio
from portfolio_app.services.unit_desk import units_offered
from portfolio_app.services.unit_sources import unit_from
from portfolio_app.storage.portfolio_file import PortfolioFile

if TYPE_CHECKING:
    from portfolio_app.gui.main_window import MainWindow


_SIZE: Final = (620, 600)


class NewPortfolioDialog(DialogFrame):
    """Name, qualification, units and place; only the name is needed, the rest can follow."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__("New portfolio", window)
        self._window = window
        self._files: dict[str, Unit] = {}
        self._name = QLineEdit()
        self._name.setPlaceholderText("As it is to stand on the front sheet")
        self._qualification = QLineEdit()
        self._centre = QLineEdit()
        self._end = QLineEdit()
        self._end.setPlaceholderText("For example 18 December 2026")
        self._units = UnitChoiceList()
        self._place = FolderChoice(window.settings)
        self._build()
        self.set_size(*_SIZE)
        window.tasks.run(unit_library, done=self._show_library, failed=self.show_error, receiver=self)
        self._follow_name("")

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        _put(grid, 0, 0, "Your &name", self._name)
        _put(grid, 0, 1, "&Qualification (optional)", self._qualification)
        _put(grid, 2, 0, "C&entre or college (optional)", self._centre)
        _put(grid, 2, 1, "Planned en&d (optional)", self._end)
        page = ScrolledColumn()
        page.column.setSpacing(12)
        page.column.addLayout(grid)
        label = QLabel("&Units")
        label.setBuddy(self._units)
        from_file = button("From a file …", "link", "file-input")
        from_file.setToolTip("A guidance text (.txt) or a unit file (.toml)")
        from_file.clicked.connect(self._pick_file)
        head = QHBoxLayout()
        head.addWidget(label, 1)
        head.addWidget(from_file)
        page.column.addLayout(head)
        page.column.addWidget(self._units, 1)
        hint = MutedLabel("Tick what you are working on. Units can be added, changed and removed at any time.")
        hint.setWordWrap(True)
        page.column.addWidget(hint)
        place_label = QLabel("&Folder for the portfolio")
        place_label.setBuddy(self._place.field)
        page.column.addWidget(place_label)
        page.column.addWidget(self._place)
        self.body.addWidget(page, 1)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self._make = self.add_button("Make the portfolio", "primary", default=True)
        self._make.setEnabled(False)
        self._make.clicked.connect(self._start)
        self._name.textChanged.connect(self._follow_name)
        self._name.setFocus()

    def _show_library(self, entries: Sequence[LibraryEntry]) -> None:
        for entry in entries:
            self._units.add_entry(entry)

    def _follow_name(self, name: str) -> None:
        self._make.setEnabled(bool(name.strip()))
        self._place.suggest(folder_name(name))

    def _pick_file(self) -> None:
        chosen = QFileDialog(self, "Choose the files of units", "", UNIT_FILES)
        chosen.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chosen.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen.filesSelected.connect(self._read_files)
        chosen.open()

    def _read_files(self, names: Sequence[str]) -> None:
        self.show_problem("")
        for path in map(Path, names):
            self._window.tasks.work(
                partial(units_offered, path),
                title=f"Reading “{path.name}”",
                done=partial(self._take_units, path),
                failed=self.show_error,
                receiver=self,
            )

    def _take_units(self, path: Path, units: Sequence[Unit]) -> None:
        """Offer the units of a file: the only one is wanted, of many one chooses."""
        for number, unit in enumerate(units, 1):
            source = str(path) if len(units) == 1 else f"{path} {number}"
            if source in self._files:
                continue
            leaves = sum(1 for _ in unit.leaves())
            self._files[source] = unit
            facts = [
                unit.reference,
                f"from {path.name}",
                f"{leaves} {'requirement' if leaves == 1 else 'requirements'}",
            ]
            self._units.add_choice(source, unit.title, " · ".join(filter(None, facts)), ticked=len(units) == 1)

    def _start(self) -> None:
        sources = self._units.ticked()
        given = DetailsGiven(
            learner=self._name.text(),
            qualification=self._qualification.text(),
            centre=self._centre.text(),
            planned_end=self._end.text(),
        )
        folder = self._place.folder()
        if folder is None:
            self.show_problem(NO_FOLDER)
            return
        create = partial(_create, folder, given, sources, dict(self._files))
        self._make.setEnabled(False)
        self._window.start_portfolio(create, done=self.accept, failed=self._not_made)

    def _not_made(self, error: BaseException) -> None:
        self._make.setEnabled(True)
        self.show_error(error)


def _put(grid: QGridLayout, row: int, column: int, text: str, field: QWidget) -> None:
    label = QLabel(text)
    label.setBuddy(field)
    grid.addWidget(label, row, column)
    grid.addWidget(field, row + 1, column)


def _create(folder: Path, given: DetailsGiven, sources: Sequence[str], files: dict[str, Unit]) -> PortfolioFile:
    units = [files[source] if source in files else unit_from(source) for source in sources]
    return start_portfolio(folder, given, units)
