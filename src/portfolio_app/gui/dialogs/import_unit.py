"""Where a unit that is not in the library comes from: files, a text that is pasted, or somebody who writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QPlainTextEdit, QWidget

from portfolio_app.domain.progress import Progress
from portfolio_app.gui.dialogs.choose_columns import ChooseColumnsDialog
from portfolio_app.gui.dialogs.choose_units import ChooseUnitsDialog
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.session import Session
from portfolio_app.gui.tasks import Task
from portfolio_app.gui.widgets.basics import MutedLabel, button
from portfolio_app.services.column_imports import TableFile
from portfolio_app.services.unit_desk import UnitsRead, read_pasted, read_sources
from portfolio_app.services.unit_drafts import UnitDraft, draft_of_import, new_draft
from portfolio_app.services.unit_sources import title_from
from portfolio_app.services.units_found import UnitFound, units_found_for

UNIT_FILES: Final = (
    "Units and frameworks (*.pdf *.docx *.docm *.odt *.rtf *.htm *.html *.txt *.md *.toml *.csv *.tsv *.xlsx *.xlsm "
    "*.ods *.xls *.matrix *.json);;All files (*)"
)
"""What units can be read from, as a dialog for files filters them."""


class ImportUnitDialog(DialogFrame):
    """The first step: what units are read from. What comes of it is looked through before it is stored.

    Args:
        session: The open portfolio.
        parent: The widget that it is shown over.
        title: What it is for.
        asks_which: Whether a document with several units asks which of them are wanted.
    """

    read = Signal(list)
    """The :class:`UnitDraft` s to be looked through."""

    def __init__(
        self,
        session: Session,
        parent: QWidget | None = None,
        *,
        title: str = "Import units",
        asks_which: bool = True,
    ) -> None:
        super().__init__(title, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._asks_which = asks_which
        self._task: Task | None = None
        self._text = PastedText()
        self._text.files_dropped.connect(self._read_files)
        self._text.textChanged.connect(self._follow)
        label = QLabel("&Paste the text of the unit")
        label.setBuddy(self._text)
        self._files = button("Choose files …", "", "file-input")
        self._files.setAutoDefault(False)
        self._files.clicked.connect(self._pick_files)
        hint = MutedLabel(
            "Specifications (PDF, Word, text), guidance texts, tables (.csv, .xlsx, .ods), frameworks of Mahara "
            "(.matrix), Moodle (.csv) and CASE (.json) and unit files (.toml) can be read. You see everything that was "
            "found, and can correct it, before it is stored."
        )
        self._reading = MutedLabel("")
        self._reading.hide()
        self.body.addWidget(label)
        self.body.addWidget(self._text, 1)
        self.body.addWidget(self._files, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(hint)
        self.body.addWidget(self._reading)
        by_hand = self._by_hand = self.add_left_button("Write it by hand", "link", icon_name="pencil")
        by_hand.clicked.connect(self._write)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self._review = self.add_button("Review", "primary")
        self._review.clicked.connect(self._read_text)
        self.set_size(680, 520)
        self._text.setFocus()
        self._follow()

    def _follow(self) -> None:
        self._review.setEnabled(bool(self._text.toPlainText().strip()) and self._task is None)

    def reject(self) -> None:
        """Stop reading, if something is being read."""
        if self._task is not None:
            self._task.cancel()
        super().reject()

    def _read_text(self) -> None:
        self._run(partial(read_pasted, self._text.toPlainText()))

    def _pick_files(self) -> None:
        chosen = QFileDialog(self, "Choose the files of units", "", UNIT_FILES)
        chosen.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chosen.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen.filesSelected.connect(self._read_files)
        chosen.open()

    def _read_files(self, names: Sequence[str]) -> None:
        self._run(partial(read_sources, [Path(name) for name in names]))

    def _write(self) -> None:
        self._found([new_draft()])

    def _run(self, work: Callable[[Progress], Sequence[UnitsRead | TableFile]]) -> None:
        if self._task is not None:
            return
        self.show_problem("")
        self._task = self._session.work(
            work, title="Reading units", done=self._ask, failed=self._refused, receiver=self, quiet=True
        )
        self._task.progressed.connect(self._show_progress)
        self._set_reading(True)

    def _show_progress(self, _done: int, _total: int, what: str) -> None:
        self._reading.setText(f"{what} …")
        self._reading.show()

    def _set_reading(self, reading: bool) -> None:
        for widget in (self._text, self._files, self._by_hand):
            widget.setEnabled(not reading)
        self._reading.setVisible(reading and bool(self._reading.text()))
        self._follow()

    def _ask(self, found: Sequence[UnitsRead | TableFile]) -> None:
        self._task = None
        self._set_reading(False)
        questions = ImportQuestions(self._session, found, self, asks_which=self._asks_which)
        questions.answered.connect(self._found)
        questions.refused.connect(self._refused)
        questions.ask()

    def _found(self, drafts: list[UnitDraft]) -> None:
        self.accept()
        self.read.emit(drafts)

    def _refused(self, error: BaseException) -> None:
        self._task = None
        self._reading.setText("")
        self._set_reading(False)
        self.show_error(error)
        self._text.setFocus()


class ImportQuestions(QObject):
    """Asks what is to be known before units can be looked through: which of a document, the columns of a table.

    Args:
        session: The portfolio, in which some of the units may be already.
        found: What was read, in its order.
        parent: The widget that the questions are shown over.
        asks_which: Whether it asks which units of a document are wanted.
    """

    answered = Signal(list)
    """All the :class:`UnitDraft` s, in the order in which they were found; not sent where a question is cancelled."""
    refused = Signal(object)
    """The error that kept a question from being asked."""

    def __init__(
        self, session: Session, found: Sequence[UnitsRead | TableFile], parent: QWidget, *, asks_which: bool
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting = list(found)
        self._over = parent
        self._asks_which = asks_which
        self._drafts: list[UnitDraft] = []

    def ask(self) -> None:
        """Ask about the next file, or give the drafts where there is none any more."""
        while self._waiting:
            each = self._waiting.pop(0)
            if isinstance(each, TableFile):
                columns = ChooseColumnsDialog(self._session, each, self._over)
                columns.chosen.connect(self._take)
                columns.open()
                return
            if len(each.units) > 1 and self._asks_which:
                self._session.read(
                    units_found_for,
                    each.units,
                    done=partial(self._ask_which, each.name),
                    failed=self.refused.emit,
                    receiver=self,
                )
                return
            self._drafts += drafts_of(each)
        self.answered.emit(self._drafts)

    def _ask_which(self, name: str, found: Sequence[UnitFound]) -> None:
        units = ChooseUnitsDialog(name, found, self._over)
        units.chosen.connect(self._take_units)
        units.open()

    def _take_units(self, units: Sequence[UnitFound]) -> None:
        self._take([draft_of_import(unit.found) for unit in units])

    def _take(self, drafts: list[UnitDraft]) -> None:
        self._drafts += drafts
        self.ask()


class PastedText(QPlainTextEdit):
    """A large field for a text; files that are dropped on it are read instead."""

    files_dropped = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Text of the unit")
        self.setPlaceholderText(
            "Unit title: …\nUnit reference number: …\n\n1 Understand …\n1.1 explain …\n1.2 describe …\n2 Be able to …"
        )
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


def drafts_of(read: UnitsRead) -> list[UnitDraft]:
    """Return what was read as drafts; the only unit of a file that does not name it is called like the file."""
    drafts = [draft_of_import(unit) for unit in read.units]
    if len(drafts) == 1 and not drafts[0].unit.title:
        drafts[0] = replace(drafts[0], unit=replace(drafts[0].unit, title=title_from(read.name)))
    return drafts
