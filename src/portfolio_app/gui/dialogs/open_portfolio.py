"""Choosing the portfolio to open, and what to do about one that is open elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog

from portfolio_app import settings as declared
from portfolio_app.gui.dialogs.frame import DialogFrame

if TYPE_CHECKING:
    from portfolio_app.gui.main_window import MainWindow
    from portfolio_app.storage.errors import PortfolioLocked


class OpenPortfolioDialog(QFileDialog):
    """Asks for the ``.portfolio`` file inside a portfolio's folder."""

    def __init__(self, window: MainWindow) -> None:
        recent = window.settings.get(declared.RECENT)
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        usual = window.settings.get(declared.PORTFOLIOS_FOLDER) or documents
        start = str(Path(recent[0]).parent) if recent else usual
        super().__init__(window, "Open a portfolio", start, "Portfolios (*.portfolio)")
        self._window = window
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
        self.fileSelected.connect(self._open)

    def _open(self, name: str) -> None:
        self._window.open_path(Path(name))


class LockedDialog(DialogFrame):
    """The portfolio is open in another window or on another computer: read it, or take it over if that may be."""

    def __init__(self, window: MainWindow, *, place: Path, error: PortfolioLocked) -> None:
        super().__init__("The portfolio is open elsewhere", window, says=str(error))
        self._window = window
        self._place = place
        if error.can_take_over:
            take = self.add_left_button("It is not open there: open it here")
            take.clicked.connect(self._take_over)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        read = self.add_button("Open it for reading", "primary", default=True)
        read.clicked.connect(self._read)

    def _read(self) -> None:
        self.accept()
        self._window.open_path(self._place, read_only=True)

    def _take_over(self) -> None:
        self.accept()
        self._window.open_path(self._place, take_over=True)
