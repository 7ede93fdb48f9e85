"""Where a unit that is not in the library comes from: files, a text that is pasted, or somebody who writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QPlainTextEdit, QWidget

from portfolio_app.gui.dialogs.choose_columns import ColumnQuestions
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.session import Session
from portfolio_app.gui.widgets.basics import MutedLabel, button
from portfolio_app.services.column_imports import TableFile, open_table
from portfolio_app.services.unit_drafts import UnitDraft, draft_of_import, new_draft
from portfolio_app.services.unit_sources import import_units, title_from, units_from_text

_FILES: Final = (
    "Units and frameworks (*.txt *.md *.toml *.csv *.tsv *.xlsx *.xlsm *.ods *.xls *.matrix *.json);;All files (*)"
)


class ImportUnitDialog(DialogFrame):
    """The first step: what the unit is read from. What comes of it is looked through before it is stored."""

    read = Signal(list)
    """The :class:`UnitDraft` s to be looked through."""

    def __init__(self, session: Session, parent: QWidget | None = None, *, title: str = "Import a unit") -> None:
        super().__init__(title, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._text = PastedText()
        self._text.files_dropped.connect(self._read_files)
        self._text.textChanged.connect(self._follow)
        label = QLabel("&Paste the text of the unit")
        label.setBuddy(self._text)
        self._files = button("Choose files …", "", "file-input")
        self._files.setAutoDefault(False)
        self._files.clicked.connect(self._pick_files)
        hint = MutedLabel(
            "Guidance texts (.txt), tables (.csv, .xlsx, .ods), frameworks of Mahara (.matrix), Moodle (.csv) and CASE "
            "(.json) and unit files (.toml) can be read. You see everything that was found, and can correct it, before "
            "it is stored."
        )
        self.body.addWidget(label)
        self.body.addWidget(self._text, 1)
        self.body.addWidget(self._files, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(hint)
        by_hand = self.add_left_button("Write it by hand", "link", icon_name="pencil")
        by_hand.clicked.connect(self._write)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self._review = self.add_button("Review", "primary")
        self._review.clicked.connect(self._read_text)
        self.set_size(680, 520)
        self._text.setFocus()
        self._follow()

    def _follow(self) -> None:
        self._review.setEnabled(bool(self._text.toPlainText().strip()))

    def _read_text(self) -> None:
        self._run(partial(_drafts_of_text, self._text.toPlainText()))

    def _pick_files(self) -> None:
        chosen = QFileDialog(self, "Choose the files of units", "", _FILES)
        chosen.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chosen.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen.filesSelected.connect(self._read_files)
        chosen.open()

    def _read_files(self, names: Sequence[str]) -> None:
        self._run(partial(_drafts_of_files, [Path(name) for name in names]))

    def _write(self) -> None:
        self._found([new_draft()])

    def _run(self, work: Callable[[], Sequence[UnitDraft | TableFile]]) -> None:
        self.show_problem("")
        self.setEnabled(False)
        self._session.tasks.run(work, done=self._ask_for_columns, failed=self._refused, receiver=self)

    def _ask_for_columns(self, found: Sequence[UnitDraft | TableFile]) -> None:
        self.setEnabled(True)
        questions = ColumnQuestions(self._session, found, self)
        questions.answered.connect(self._found)
        questions.ask()

    def _found(self, drafts: list[UnitDraft]) -> None:
        self.accept()
        self.read.emit(drafts)

    def _refused(self, error: BaseException) -> None:
        self.setEnabled(True)
        self.show_error(error)
        self._text.setFocus()


class PastedText(QPlainTextEdit):
    """A large field for a text; files that are dropped on it are read instead."""

    files_dropped = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Text of the unit")
        self.setPlaceholderText("Key Concepts & Core Principles\n- …\n\nExaminer Marking Points\n- Award credit for …")
        self.setTabChangesFocus(True)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802
        """Take files too."""
        return bool(_files_of(source)) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Read files that are dropped or pasted; insert words."""
        files = _files_of(source)
        if files:
            self.files_dropped.emit(files)
        else:
            super().insertFromMimeData(source)


def _files_of(data: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]


def _drafts_of_text(text: str) -> list[UnitDraft]:
    return [draft_of_import(found) for found in units_from_text(text)]


def _drafts_of_files(paths: Sequence[Path]) -> list[UnitDraft | TableFile]:
    found: list[UnitDraft | TableFile] = []
    for path in paths:
        table = open_table(path)
        if table is not None:
            found.append(table)
            continue
        for unit in import_units(path).units:
            draft = draft_of_import(unit)
            if not draft.unit.title:
                draft = replace(draft, unit=replace(draft.unit, title=title_from(path.name)))
            found.append(draft)
    return found
