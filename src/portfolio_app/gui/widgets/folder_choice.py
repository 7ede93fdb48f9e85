"""Where a portfolio that is about to be made is to stand."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from portfolio_app import settings as declared
from portfolio_app.gui.widgets.basics import button
from portfolio_app.gui.widgets.focus_passing import FocusPassing
from portfolio_app.settings import Settings

NO_FOLDER = "Say where the portfolio’s folder is to be, from the top of a disk or your home on."
"""What to say where :meth:`FolderChoice.folder` returns nothing."""


class FolderChoice(FocusPassing):
    """A field with the whole path, which follows a name until it is typed in, and a button to choose what is around."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._name = ""
        self._is_own = False
        self.field = QLineEdit()
        self.field.setAccessibleName("Folder for the portfolio")
        browse = button("Choose …")
        browse.setAccessibleName("Choose where to put the portfolio’s folder")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._pick)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field, 1)
        row.addWidget(browse)
        self.field.textEdited.connect(self._keep)
        self.set_entry(self.field)

    @property
    def around(self) -> Path:
        """The folder that portfolios are put into."""
        stored = self._settings.get(declared.PORTFOLIOS_FOLDER)
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return Path(stored or documents or Path.home())

    def folder(self) -> Path | None:
        """Return the folder; ``None`` where that is not a whole path."""
        text = self.field.text().strip()
        folder = Path(text).expanduser()
        return folder if text and folder.is_absolute() else None

    def suggest(self, name: str) -> None:
        """Call the folder so, unless a path was typed."""
        self._name = name
        if not self._is_own:
            self.field.setText(str(self.around / name))

    def _keep(self, _text: str) -> None:
        self._is_own = True

    def _pick(self) -> None:
        chosen = QFileDialog(self, "Choose where to put the portfolio’s folder", str(self.around))
        chosen.setFileMode(QFileDialog.FileMode.Directory)
        chosen.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen.fileSelected.connect(self._take)
        chosen.open()

    def _take(self, folder: str) -> None:
        self._settings.set(declared.PORTFOLIOS_FOLDER, folder)
        self._is_own = False
        self.suggest(self._name)
