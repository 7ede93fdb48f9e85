"""The Export page: what the document is to hold, how its pages look, and writing it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from PySide6.QtCore import QStandardPaths, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.crash import program_version
from portfolio_app.domain.changes import Changes
from portfolio_app.domain.evidence import Attachment
from portfolio_app.domain.facts import EvidenceFact
from portfolio_app.domain.progress import Progress
from portfolio_app.domain.qualification import Unit
from portfolio_app.exporting.options import Audience, ExportOptions, Profile
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.hold_back import HoldBackDialog
from portfolio_app.gui.page import PageInSteps
from portfolio_app.gui.tasks import Task
from portfolio_app.gui.widgets.attachments.pdf_view import PdfView
from portfolio_app.gui.widgets.basics import (
    Banner,
    EmptyState,
    MutedLabel,
    PageHeader,
    SegmentedControl,
    button,
    clear_layout,
)
from portfolio_app.gui.widgets.elided_buttons import ElidedCheckBox
from portfolio_app.gui.widgets.upright_area import UprightArea
from portfolio_app.services.export_desk import ExportProcess
from portfolio_app.services.exports import (
    ExportChoices,
    ExportContents,
    Exported,
    export_choices,
    items_to_hold_back,
)

_PREVIEW_AFTER_MS: Final = 500
_OPTIONS_WIDTH: Final = 340
_AUDIENCES: Final = (
    (Audience.LEARNER, "Me", "Your own copy"),
    (Audience.ASSESSOR, "Assessor", "With space for decisions"),
    (Audience.TUTOR, "Tutor", "With the gaps that are left"),
)


@dataclass(frozen=True, slots=True)
class Format:
    """A format to export: its file's suffix, its name, and what stands in for pages that it does not have."""

    suffix: str
    name: str
    says: str = ""


FORMATS: Final = (
    Format(".pdf", "PDF"),
    Format(".docx", "Word"),
    Format(
        ".xlsx",
        "Spreadsheet",
        "A workbook with the coverage matrix of each unit, the evidence and the gaps, to sort and filter.",
    ),
    Format(".csv", "CSV", "One table: each requirement with each item of evidence claimed for it."),
)


class ExportPage(PageInSteps):
    """Options at the left, pages at the right. The preview is the document itself, written to a temporary file.

    Documents are made in a process of their own, which is there while the page is.
    """

    def _make(self) -> Generator[None, None, None]:
        session, window = self.session, self.window_
        self._desk = ExportProcess(session.path, session.kinds)
        self._knows_units = False
        self._is_stale = False
        self._held_back: frozenset[str] = frozenset()
        self._preview_task: Task | None = None
        self._contents_task: Task | None = None
        self._writing: Task | None = None
        self._folder: Path | None = None
        self._at_the_end: list[Callable[[], None]] = [self._desk.close]
        self.destroyed.connect(partial(_beside, self._at_the_end))
        self._number = 0
        self._unit_boxes: dict[str, QCheckBox] = {}
        self._format = SegmentedControl([(kind.suffix, kind.name) for kind in FORMATS], accessible_name="Format")
        self._audience = SegmentedControl(
            [(audience.value, name) for audience, name, _ in _AUDIENCES], accessible_name="For whom"
        )
        self._audience_says = MutedLabel("")
        self._units = QVBoxLayout()
        self._no_units = MutedLabel("The portfolio has none yet.")
        self._confidential = QCheckBox("Leave out confidential items")
        self._files = QCheckBox("With the attached files")
        self._files.setChecked(True)
        self._hold_back = button("Hold back items …", "link")
        self._for_keeping = QCheckBox("For the archive (PDF/A)")
        self._for_keeping.setToolTip("The colours and fonts of every page are such that it looks the same in decades.")
        self._paper = QComboBox()
        self._paper.addItems(["A4", "Letter"])
        self._paper.setAccessibleName("Paper")
        self._summary = QLabel()
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setWordWrap(True)
        self._gaps = Banner("", "warning", (("Show them", partial(window.run_action, "go-gaps")),))
        self._gaps.hide()
        self._result = Banner(
            "", "success", (("Open", self._open_result), ("Open folder", self._open_folder)), dismissible=True
        )
        self._result.hide()
        self._exported: Path | None = None
        self._export = button("Export …", "primary", "share")
        yield
        self._view = PdfView()
        self._no_pages = EmptyState("table", "")
        self._no_pages.button.hide()
        self._preview = QStackedWidget()
        self._preview.addWidget(self._view)
        self._preview.addWidget(self._no_pages)
        self._pause = QTimer(self, singleShot=True, interval=_PREVIEW_AFTER_MS)
        yield
        self._build()
        self._connect()
        self._options_changed()

    def refresh(self) -> None:
        """Take what the portfolio holds now, and draw the preview anew."""
        self.session.commit_requested.emit()
        self.session.work(
            partial(_start, self._desk), title="Getting ready", failed=self._not_drawn, receiver=self, quiet=True
        )
        self.session.read(export_choices, self._held_back, done=self._take_choices, receiver=self, topic="choices")

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
        return {
            "format": self._format.current,
            "audience": self._audience.current,
            "confidential": self._confidential.isChecked(),
            "files": self._files.isChecked(),
            "paper": self._paper.currentText(),
            "archive": self._for_keeping.isChecked(),
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the options."""
        if state.get("format") in {kind.suffix for kind in FORMATS}:
            self._format.set_current(state["format"])
        if state.get("audience") in {audience.value for audience in Audience}:
            self._audience.set_current(state["audience"])
        if isinstance(state.get("confidential"), bool):
            self._confidential.setChecked(state["confidential"])
        if isinstance(state.get("files"), bool):
            self._files.setChecked(state["files"])
        if state.get("paper") in {"A4", "Letter"}:
            self._paper.setCurrentText(state["paper"])
        if isinstance(state.get("archive"), bool):
            self._for_keeping.setChecked(state["archive"])
        self._options_changed()

    def options(self) -> ExportOptions:
        """Return what is asked for."""
        codes = tuple(code for code, box in self._unit_boxes.items() if box.isChecked())
        return ExportOptions(
            audience=Audience(self._audience.current),
            unit_codes=() if len(codes) == len(self._unit_boxes) else codes,
            include_confidential=not self._confidential.isChecked(),
            held_back=self._held_back,
            with_files=self._files.isChecked(),
            page_size=self._paper.currentText(),
            profile=Profile.ARCHIVE if self._for_keeping.isChecked() else Profile.REVIEW,
        )

    def export_to(self, target: Path) -> None:
        """Write the document."""
        if not self._knows_units or self._writing is not None:
            return
        self._cancel_preview()
        self._result.hide()
        self._export.setEnabled(False)
        self._writing = self.session.work(
            partial(_write, self._desk, target, self.options()),
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

    def _build(self) -> None:
        area = UprightArea()
        area.setAccessibleName("What the document holds")
        area.setWidget(self._options_form())
        left = QWidget()
        theme.set_role(left, "side-pane")
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 8, 24, 16)
        foot.setSpacing(8)
        foot.addWidget(self._result)
        foot.addWidget(self._export)
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(area, 1)
        rows.addLayout(foot)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self._preview)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([theme.current().scaled(_OPTIONS_WIDTH), 1000])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _options_form(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addWidget(PageHeader("Export"))
        self._units.setSpacing(4)
        units = QWidget()
        units.setLayout(self._units)
        self._units.setContentsMargins(0, 0, 0, 0)
        parts: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("Format", (self._format,)),
            ("For", (self._audience, self._audience_says)),
            ("Units", (units, self._no_units)),
            ("Evidence", (self._files, self._confidential, self._hold_back)),
            ("Paper", (self._paper, self._for_keeping)),
        )
        for title, widgets in parts:
            column.addSpacing(8)
            column.addWidget(_heading(title))
            for widget in widgets:
                beside = widget in (self._hold_back, self._paper)
                column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft if beside else Qt.AlignmentFlag(0))
        column.addSpacing(8)
        column.addWidget(self._summary)
        column.addWidget(self._gaps)
        column.addStretch(1)
        return form

    def _connect(self) -> None:
        self._format.changed.connect(self._options_changed)
        self._audience.changed.connect(self._options_changed)
        self._confidential.toggled.connect(self._options_changed)
        self._files.toggled.connect(self._options_changed)
        self._paper.currentTextChanged.connect(self._options_changed)
        self._for_keeping.toggled.connect(self._options_changed)
        self._hold_back.clicked.connect(self._choose_held_back)
        self._export.clicked.connect(self._pick_target)
        self._pause.timeout.connect(self._draw)
        self.session.closed.connect(self._has_closed)

    # What the portfolio holds

    def _take_choices(self, choices: ExportChoices) -> None:
        self._knows_units = True
        self._held_back = choices.held_back
        self._show_units(choices.units)
        self._options_changed()

    def _show_units(self, units: Sequence[Unit]) -> None:
        self._no_units.setVisible(not units)
        if [unit.code for unit in units] == list(self._unit_boxes):
            return
        unticked = {code for code, box in self._unit_boxes.items() if not box.isChecked()}
        clear_layout(self._units)
        self._unit_boxes = {}
        for unit in units:
            box = ElidedCheckBox(f"{unit.code}  {unit.title}")
            box.setChecked(unit.code not in unticked)
            box.toggled.connect(self._options_changed)
            self._units.addWidget(box)
            self._unit_boxes[unit.code] = box
        if not units:
            self._units.addWidget(MutedLabel("There are no units yet."))

    def _options_changed(self, *_value: object) -> None:
        self._show_options()
        self._draw_soon()

    def _show_options(self) -> None:
        says = {audience.value: words for audience, _, words in _AUDIENCES}
        self._audience_says.setText(says[self._audience.current])
        self._for_keeping.setVisible(self._format.current == ".pdf")
        held = len(self._held_back)
        self._hold_back.setText(f"{held} held back …" if held else "Hold back items …")
        boxes = self._unit_boxes.values()
        self._export.setEnabled(self._writing is None and (not boxes or any(box.isChecked() for box in boxes)))

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
        chosen = next(kind for kind in FORMATS if kind.suffix == self._format.current)
        if chosen.says:
            self._no_pages.set_text(chosen.says)
            self._preview.setCurrentWidget(self._no_pages)
            return
        self._preview.setCurrentWidget(self._view)
        self._number += 1
        target = self._preview_folder() / f"preview-{self._number}.pdf"
        self._preview_task = self.session.work(
            partial(_write, self._desk, target, options),
            title="Drawing the preview",
            done=self._show_preview,
            failed=self._not_drawn,
            receiver=self,
        )

    def _preview_folder(self) -> Path:
        if self._folder is None:
            made = TemporaryDirectory(prefix="portfolio-app-preview-", ignore_cleanup_errors=True)
            self._at_the_end.append(made.cleanup)
            self._folder = Path(made.name)
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
        dialog = HoldBackDialog(items, self._held_back, self)
        dialog.chosen.connect(self._hold_items_back)
        dialog.open()

    def _hold_items_back(self, ids: frozenset[str]) -> None:
        self._held_back = ids
        self._options_changed()

    # Writing

    def _pick_target(self) -> None:
        self.session.commit_requested.emit()
        chosen = next(kind for kind in FORMATS if kind.suffix == self._format.current)
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"{self.session.path.stem} {datetime.now().astimezone():%Y-%m-%d}{chosen.suffix}"
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
        self._result.set_message(f"“{document.path.name}” was exported ({_size(document.size)}{pages}).", "success")
        self._result.show()
        for warning in document.warnings:
            self.window_.message(warning, kind="warning")

    def _not_exported(self, error: BaseException) -> None:
        self.window_.message(str(error), kind="error")

    def _has_ended(self) -> None:
        self._writing = None
        self._show_options()
        if self._is_stale:
            self._draw_soon()

    def _open_result(self) -> None:
        if self._exported is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._exported))):
            self.window_.message(f"No program on this computer opens “{self._exported.name}”.", kind="warning")

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


def _write(desk: ExportProcess, target: Path, options: ExportOptions, progress: Progress) -> list[Exported]:
    today = datetime.now().astimezone().date()
    return desk.write([target], options, today=today, program_version=program_version(), progress=progress)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    theme.set_role(label, "field")
    return label


def _in_words(contents: ExportContents) -> str:
    parts = [f"{contents.items:,} {'item' if contents.items == 1 else 'items'} of evidence"]
    if contents.files:
        files = "attached file" if contents.files == 1 else "attached files"
        parts.append(f"{contents.files:,} {files}, {_size(contents.size)}")
    if contents.withheld:
        parts.append(f"{len(contents.withheld)} held back")
    if contents.left_out:
        parts.append(f"{contents.left_out} claimed for none of these units, left out")
    if contents.missing_files:
        parts.append(f"missing files: {', '.join(contents.missing_files[:3])}")
    return " · ".join(parts)


def _size(size: int) -> str:
    for unit, step in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size} bytes"
