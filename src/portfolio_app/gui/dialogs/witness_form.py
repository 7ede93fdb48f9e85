"""Making a form for a witness: whom it is for, where it goes, and the e-mail to go with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QSizePolicy, QWidget

from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.evidence import Evidence
from portfolio_app.domain.progress import Progress
from portfolio_app.gui.dialogs.frame import DialogFrame, form_layout
from portfolio_app.gui.page import Navigator
from portfolio_app.gui.session import Session
from portfolio_app.gui.widgets.basics import Banner, MutedLabel
from portfolio_app.services.witness_forms import (
    WitnessForm,
    WitnessToAsk,
    WrittenForm,
    witness_form,
    witnesses_to_ask,
    write_form,
)

_WIDTH, _HEIGHT = 600, 440  # with room for what is said when it is saved
_FEWEST_LETTERS: Final = 12  # of a choice; longer ones are cut
_PAPERS: Final = ("A4", "Letter")
_SAYS: Final = (
    "A PDF of one page. It says what the item is about and asks the witness what they saw, who they are, and to sign "
    "by typing their name. They fill it in with any PDF reader and send it back; drop it on this window then."
)
_NOBODY: Final = "Somebody who is not named yet"


class WitnessFormDialog(DialogFrame):
    """Asks which witness a form is for and where it is to be saved; then offers to open it and to write the e-mail."""

    def __init__(self, session: Session, window: Navigator, item: Evidence, parent: QWidget | None = None) -> None:
        super().__init__(f"Form for the witness of {item.ref}", parent, says=_SAYS)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._window, self._item = session, window, item
        self._form: WitnessForm | None = None
        self._written: WrittenForm | None = None
        self.whom = QComboBox()
        self.paper = QComboBox()
        self._result = Banner(
            "", "success", (("Open", self._open), ("Open folder", self._open_folder), ("Write an e-mail", self._mail))
        )
        self._result.hide()
        self._note = MutedLabel("The e-mail opens in your mail program; attach the form to it there.")
        self._build()
        self._close = self.add_close_button("Cancel")
        self.save = self.add_button("Save the form …", "primary", icon_name="save", default=True)
        self.save.clicked.connect(self._ask_where)
        self.save.setEnabled(False)
        session.read(witnesses_to_ask, item.id, done=self._show_witnesses, failed=self.show_error, receiver=self)

    def _build(self) -> None:
        form = form_layout()
        self.paper.addItems(_PAPERS)
        for field in (self.whom, self.paper):
            field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            field.setMinimumContentsLength(_FEWEST_LETTERS)
            field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for label, field in (("&Who it is for", self.whom), ("&Paper", self.paper)):
            words = QLabel(label)
            words.setBuddy(field)
            field.setAccessibleName(label.replace("&", ""))
            form.addRow(words, field)
        self.body.addLayout(form)
        self.body.addWidget(self._result)
        self._note.setWordWrap(True)
        self._note.hide()
        self.body.addWidget(self._note)
        self.body.addStretch(1)
        self.set_size(_WIDTH, _HEIGHT)

    def _show_witnesses(self, witnesses: Sequence[WitnessToAsk]) -> None:
        for witness in witnesses:
            person, signed = witness.person, witness.signed_on
            facts = [person.name, person.role, f"signed on {day_in_words(signed)}" if signed else "not signed yet"]
            self.whom.addItem(" · ".join(filter(None, facts)), person.id)
            if witness.is_next:
                self.whom.setCurrentIndex(self.whom.count() - 1)
        self.whom.addItem(_NOBODY, "")
        self.save.setEnabled(True)
        self.save.setFocus()

    # Saving it

    def _ask_where(self) -> None:
        self.show_problem("")
        self._session.read(
            witness_form,
            self._session.kinds,
            self._item.id,
            self.whom.currentData(),
            done=self._ask_name,
            failed=self.show_error,
            receiver=self,
            topic="form",
        )

    def _ask_name(self, form: WitnessForm) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, "Save the form", str(Path(folder) / form.file_name), "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(partial(self._write, form))
        dialog.open()

    def _write(self, form: WitnessForm, name: str) -> None:
        self.save.setEnabled(False)
        self._form = form
        self._session.work(
            partial(_written, form, Path(name), self.paper.currentText()),
            title=f"Writing “{Path(name).name}”",
            done=self._show_written,
            failed=self._not_written,
            receiver=self,
        )

    def _not_written(self, error: BaseException) -> None:
        self.save.setEnabled(True)
        self.show_error(error)

    def _show_written(self, written: WrittenForm) -> None:
        self._written = written
        said = f"“{written.path.name}” was saved."
        if left := written.claimed - written.listed:
            said += f" {left:,} of the {written.claimed:,} requirements had no room on its page."
        self._result.set_message(said, "success")
        self._result.show()
        self._note.show()
        self.save.setEnabled(True)
        self._close.setText("Close")
        self._result.buttons[-1].setFocus()

    # What comes next

    def _open(self) -> None:
        if self._written is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.path))):
            self.show_problem(f"No program on this computer opens “{self._written.path.name}”.")

    def _open_folder(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.path.parent)))

    def _mail(self) -> None:
        if self._form is not None and not QDesktopServices.openUrl(
            QUrl.fromEncoded(QByteArray(self._form.mail_address.encode()))
        ):
            self.show_problem("No program on this computer writes e-mails; send the form as you usually do.")


# What follows runs beside the window's thread.


def _written(form: WitnessForm, target: Path, page_size: str, progress: Progress) -> WrittenForm:
    progress(0, 0, f"Writing {target.name}")
    return write_form(form, target, page_size=page_size)
