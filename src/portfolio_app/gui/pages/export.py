"""The Export page: what the document is to hold, how its pages look, and writing it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QStandardPaths, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from portfolio_app.crash import program_version, without_home
from portfolio_app.domain.changes import Changes
from portfolio_app.domain.evidence import Attachment
from portfolio_app.domain.facts import EvidenceFact
from portfolio_app.domain.progress import Progress
from portfolio_app.exporting.options import ExportOptions
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.hold_back import HoldBackDialog
from portfolio_app.gui.page import PageInSteps
from portfolio_app.gui.tasks import Task
from portfolio_app.gui.widgets.attachments.pdf_view import PdfView
from portfolio_app.gui.widgets.basics import Banner, EmptyState, PageHeader, button
from portfolio_app.gui.widgets.export_form import ExportForm
from portfolio_app.gui.widgets.upright_area import UprightArea
from portfolio_app.scratch import remove_scratch, scratch_folder
from portfolio_app.services.attachment_previews import size_in_words
from portfolio_app.services.export_desk import ExportProcess
from portfolio_app.services.exports import (
    ExportChoices,
    ExportContents,
    Exported,
    export_choices,
    items_to_hold_back,
)
from portfolio_app.services.passwords import PasswordStrength, password_strength
from portfolio_app.services.seals import KeyPlace, key_place
from portfolio_app.services.word_templates import TEMPLATE_SUFFIXES, check_word_template, save_word_template

_PREVIEW_AFTER_MS: Final = 500
_OPTIONS_WIDTH: Final = 340
_KEY_BEGINS: Final = 15  # characters of a fingerprint: three groups, by which one recognises it


class ExportPage(PageInSteps):
    """Options at the left, pages at the right. The preview is the document itself, written to a temporary file.

    Documents are made in a process of their own, which is there while the page is.
    """

    def _make(self) -> Generator[None, None, None]:
        session = self.session
        self._desk = ExportProcess(session.path, session.kinds)
        self._knows_units = False
        self._is_stale = False
        self._preview_task: Task | None = None
        self._contents_task: Task | None = None
        self._writing: Task | None = None
        self._lent_keyboard: QWidget | None = None
        self._folder: Path | None = None
        self._at_the_end: list[Callable[[], None]] = [self._desk.close]
        self.destroyed.connect(partial(_beside, self._at_the_end))
        self._number = 0
        splitter = self._build_splitter()
        left, right = QWidget(splitter), QWidget(splitter)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([theme.current().scaled(_OPTIONS_WIDTH), 1000])
        self._build_options(left)
        yield
        self._build_pages(right)
        yield
        self._exported: Path | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PREVIEW_AFTER_MS)
        self._connect()
        self._options_changed()

    def refresh(self) -> None:
        """Take what the portfolio holds now, and draw the preview anew."""
        self.session.commit_requested.emit()
        self.session.work(
            partial(_start, self._desk), title="Getting ready", failed=self._not_drawn, receiver=self, quiet=True
        )
        self.session.read(export_choices, self._form.held_back, done=self._take_choices, receiver=self, topic="choices")
        self._look_for_key()

    def on_changes(self, changes: Changes) -> None:
        """Draw the preview anew."""
        if changes:
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Stop drawing pages that nobody sees."""
        super().hideEvent(event)
        self._pause.stop()
        self._cancel_preview()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Go on drawing where that was stopped."""
        super().showEvent(event)
        if self._is_stale:
            self._draw_soon()

    def state(self) -> dict[str, Any]:
        """Remember the options."""
        return self._form.state()

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the options."""
        self._form.restore_state(state)

    def options(self) -> ExportOptions:
        """Return what is asked for."""
        return self._form.options()

    def export_to(self, target: Path) -> None:
        """Write the document."""
        if not self._knows_units or self._writing is not None:
            return
        self._cancel_preview()
        self._result.hide()
        was_pressed = self._export.hasFocus()
        self._export.setEnabled(False)
        self._lent_keyboard = self.window().focusWidget() if was_pressed else None
        self._writing = self.session.work(
            partial(_write, self._desk, target, self.options(), self._form.password),
            title=f"Exporting {target.name}",
            done=self._has_exported,
            failed=self._not_exported,
            receiver=self,
        )
        self._writing.finished.connect(self._has_ended)

    def has_preview(self) -> bool:
        """Say whether pages are drawn."""
        return self._view.area.count > 0 and self._view.area.is_drawn()

    # Building

    def _build_splitter(self) -> QSplitter:
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        return splitter

    def _build_options(self, left: QWidget) -> None:
        theme.set_role(left, "side-pane")
        area = UprightArea(left)
        area.setAccessibleName("What the document holds")
        held = QWidget()
        area.setWidget(held)
        self._form = ExportForm(held)
        self._summary = QLabel()
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setWordWrap(True)
        self._gaps = Banner("", "warning", (("Show them", partial(self.window_.run_action, "go-gaps")),))
        self._gaps.hide()
        column = QVBoxLayout(held)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        for widget in (PageHeader("Export"), self._form, self._summary, self._gaps):
            column.addWidget(widget)
        column.addStretch(1)
        self._export = button("Export …", "primary", "share")
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 8, 24, 16)
        foot.addWidget(self._export)
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(area, 1)
        rows.addLayout(foot)

    def _build_pages(self, right: QWidget) -> None:
        self._result = Banner(
            "",
            "success",
            (("Open", self._open_result), ("Open folder", self._open_folder), ("The seal …", self._show_seal)),
            dismissible=True,
        )
        self._result.hide()
        self._preview = QStackedWidget(right)
        self._view = PdfView(self._preview)
        self._no_pages = EmptyState("table", "")
        self._no_pages.button.hide()
        self._preview.addWidget(self._view)
        self._preview.addWidget(self._no_pages)
        above = QVBoxLayout()
        above.setContentsMargins(8, 8, 8, 0)
        above.addWidget(self._result)
        pages = QVBoxLayout(right)
        pages.setContentsMargins(0, 0, 0, 0)
        pages.setSpacing(0)
        pages.addLayout(above)
        pages.addWidget(self._preview, 1)

    def _connect(self) -> None:
        self._form.changed.connect(self._options_changed)
        self._form.hold_back_wanted.connect(self._choose_held_back)
        self._form.marking_wanted.connect(partial(self.window_.run_action, "hide-names"))
        self._form.password_typed.connect(self._look_at_password)
        self._form.template_wanted.connect(self._choose_template)
        self._form.own_template_wanted.connect(self._pick_place_of_template)
        self._export.clicked.connect(self._pick_target)
        self._pause.timeout.connect(self._draw)
        self.session.closed.connect(self._has_closed)

    # What the portfolio holds

    def _take_choices(self, choices: ExportChoices) -> None:
        self._knows_units = True
        self._form.set_units(choices.units)
        self._form.set_redaction(choices.redaction)
        self._form.hold_back(choices.held_back)

    def _options_changed(self, *_value: object) -> None:
        self._show_options()
        self._draw_soon()

    def _show_options(self) -> None:
        self._export.setEnabled(self._writing is None and self._form.holds_something())

    def _look_for_key(self) -> None:
        self.session.work(
            partial(_key_of, self.session.details.learner.name),
            title="Looking for the key",
            done=self._show_key,
            receiver=self,
            quiet=True,
        )

    def _show_key(self, place: KeyPlace) -> None:
        self._form.show_key(_in_words_of_key(place))

    def _look_at_password(self, password: str) -> None:
        details = self.session.details
        known = (details.learner.name, details.qualification.title, details.centre)
        self.session.tasks.run(
            partial(password_strength, password, known), done=self._show_strength, receiver=self, topic="password"
        )

    def _show_strength(self, strength: PasswordStrength) -> None:
        self._form.show_strength(strength.says)

    def _has_closed(self) -> None:
        self._pause.stop()
        _beside([self._desk.close])

    # The preview

    def _draw_soon(self) -> None:
        self._is_stale = self._knows_units
        if self._is_stale and self.isVisible():
            self._pause.start()

    def _draw(self) -> None:
        if not self._export.isEnabled():
            return
        self._cancel_preview()
        options = self.options()
        today = datetime.now().astimezone().date()
        self._contents_task = self.session.work(
            partial(self._desk.contents, options, today),
            title="Looking at what the document holds",
            done=self._show_contents,
            failed=self._not_drawn,
            receiver=self,
            quiet=True,
        )
        if self._form.format.instead:
            self._no_pages.set_text(self._form.format.instead)
            self._preview.setCurrentWidget(self._no_pages)
            return
        self._preview.setCurrentWidget(self._view)
        self._number += 1
        target = self._preview_folder() / f"preview-{self._number}.pdf"
        self._preview_task = self.session.work(
            partial(_write, self._desk, target, replace(options, sealed=False), ""),
            title="Drawing the preview",
            done=self._show_preview,
            failed=self._not_drawn,
            receiver=self,
        )

    def _preview_folder(self) -> Path:
        if self._folder is None:
            self._folder = scratch_folder("preview")
            self._at_the_end.append(partial(remove_scratch, self._folder))
        return self._folder

    def _cancel_preview(self) -> None:
        for task in (self._preview_task, self._contents_task):
            if task is not None:
                task.cancel()
        self._preview_task = self._contents_task = None

    def _show_contents(self, contents: ExportContents) -> None:
        self._summary.setText(_in_words(contents))
        missing = sum(contents.gaps.values())
        self._gaps.setVisible(bool(missing))
        things = "thing is" if missing == 1 else "things are"
        self._gaps.set_message(f"{missing:,} {things} still missing. It can be exported all the same.", "warning")
        self._is_stale = self._preview.currentWidget() is self._view and self._is_stale

    def _show_preview(self, written: Sequence[Exported]) -> None:
        (document,) = written
        self._is_stale = False
        page = self._view.area.page + 1 if self._number > 1 else 1
        shown = Attachment("", "preview", "", document.size, "application/pdf")
        self._view.open(shown, document.path, page, "")
        for old in self._preview_folder().glob("preview-*.pdf"):
            if old != document.path:
                old.unlink(missing_ok=True)

    def _not_drawn(self, error: BaseException) -> None:
        self._no_pages.set_text(str(error))
        self._preview.setCurrentWidget(self._no_pages)

    def _choose_held_back(self) -> None:
        self.session.read(items_to_hold_back, done=self._show_items, receiver=self, topic="items")

    def _show_items(self, items: Sequence[EvidenceFact]) -> None:
        dialog = HoldBackDialog(items, self._form.held_back, self)
        dialog.chosen.connect(self._form.hold_back)
        dialog.open()

    # The template of Word documents

    def _choose_template(self) -> None:
        endings = " ".join(f"*{suffix}" for suffix in TEMPLATE_SUFFIXES)
        dialog = QFileDialog(self, "Choose a Word template", "", f"Word templates ({endings})")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.use_template(Path(path)))
        dialog.open()

    def use_template(self, path: Path) -> None:
        """Look at a Word template, and take it if it can be used."""
        self.session.work(
            partial(_looked_at, path),
            title="Looking at the template",
            done=self._take_template,
            failed=self._not_exported,
            receiver=self,
        )

    def _take_template(self, looked_at: tuple[Path, tuple[str, ...]]) -> None:
        path, warnings = looked_at
        self._form.take_template(path)
        for warning in warnings:
            self.window_.message(warning, kind="warning")

    def _pick_place_of_template(self) -> None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, "Save the Word template", str(Path(documents) / "Portfolio template.dotx"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Word template (*.dotx)")
        dialog.setDefaultSuffix("dotx")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.save_template(Path(path)))
        dialog.open()

    def save_template(self, target: Path) -> None:
        """Save a copy of the program's own Word template."""
        self.session.work(
            partial(_saved, target),
            title="Saving the template",
            done=self._has_saved_template,
            failed=self._not_exported,
            receiver=self,
        )

    def _has_saved_template(self, target: Path) -> None:
        self.window_.message(
            f"“{target.name}” was saved. Open it in Word – it says how to change it – and choose it here.",
            kind="success",
        )

    # Writing

    def _pick_target(self) -> None:
        if not self._form.can_be_used():
            return
        self.session.commit_requested.emit()
        chosen = self._form.format
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        stem = self.session.path.stem
        day = f"{datetime.now().astimezone():%Y-%m-%d}"
        name = f"{'Portfolio' if self._form.hides(stem) else stem} {day}{chosen.suffix}"
        dialog = QFileDialog(self, f"Export as {chosen.name}", str(Path(documents) / name))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilter(f"{chosen.name} (*{chosen.suffix})")
        dialog.setDefaultSuffix(chosen.suffix.removeprefix("."))
        dialog.selectFile(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path)))
        dialog.open()

    def _has_exported(self, written: Sequence[Exported]) -> None:
        document = written[0]
        self._exported = document.path
        pages = f", {document.pages:,} {'page' if document.pages == 1 else 'pages'}" if document.pages else ""
        said = f"“{document.path.name}” was exported ({size_in_words(document.size)}{pages})."
        if document.fingerprint:
            said += f" It is sealed with your key {document.fingerprint[:_KEY_BEGINS]}…"
            self._look_for_key()
        self._result.buttons[-1].setVisible(bool(document.fingerprint))
        self._result.set_message(said, "success")
        self._result.show()
        for warning in document.warnings:
            self.window_.message(warning, kind="warning")

    def _not_exported(self, error: BaseException) -> None:
        self.window_.message(str(error), kind="error")

    def _has_ended(self) -> None:
        self._writing = None
        self._show_options()
        lent, self._lent_keyboard = self._lent_keyboard, None
        if lent is not None and lent is self.window().focusWidget():
            self._export.setFocus(Qt.FocusReason.OtherFocusReason)  # which had to give it up while it wrote
        if self._is_stale:
            self._draw_soon()

    def _open_result(self) -> None:
        if self._exported is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._exported))):
            self.window_.message(f"No program on this computer opens “{self._exported.name}”.", kind="warning")

    def _show_seal(self) -> None:
        if self._exported is not None:
            self.window_.check_seal(self._exported)

    def _open_folder(self) -> None:
        if self._exported is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._exported.parent)))


def _start(desk: ExportProcess, progress: Progress) -> None:
    del progress
    desk.start()


def _beside(steps: Sequence[Callable[[], None]]) -> None:
    """Take steps one after the other that nobody waits for but the end of the program."""
    threading.Thread(target=_take, args=(steps,)).start()


def _take(steps: Sequence[Callable[[], None]]) -> None:
    for step in steps:
        step()


def _write(
    desk: ExportProcess, target: Path, options: ExportOptions, password: str, progress: Progress
) -> list[Exported]:
    today = datetime.now().astimezone().date()
    return desk.write(
        [target], options, today=today, program_version=program_version(), password=password, progress=progress
    )


def _looked_at(path: Path, progress: Progress) -> tuple[Path, tuple[str, ...]]:
    return path, check_word_template(path, progress)


def _saved(target: Path, progress: Progress) -> Path:
    del progress
    save_word_template(target)
    return target


def _key_of(name: str, progress: Progress) -> KeyPlace:
    del progress
    return key_place(name)


def _in_words_of_key(place: KeyPlace) -> str:
    folder = without_home(str(place.folder)).replace("/", "/\u200b").replace("\\", "\\\u200b")  # so that lines can end
    if place.is_made:
        return f"With your own key, in the name of {place.name}, which is kept in {folder}."
    return (
        f"The first time, a key of your own is made in the name of {place.name}. It is kept on this computer, in "
        f"{folder}; whoever has it can seal in your name."
    )


def _in_words(contents: ExportContents) -> str:
    parts = [f"{contents.items:,} {'item' if contents.items == 1 else 'items'} of evidence"]
    if contents.files:
        files = "attached file" if contents.files == 1 else "attached files"
        parts.append(f"{contents.files:,} {files}, {size_in_words(contents.size)}")
    if contents.withheld:
        parts.append(f"{len(contents.withheld)} held back")
    if contents.left_out:
        parts.append(f"{contents.left_out} claimed for none of these units, left out")
    if contents.missing_files:
        parts.append(f"missing files: {', '.join(contents.missing_files[:3])}")
    return " · ".join(parts)
