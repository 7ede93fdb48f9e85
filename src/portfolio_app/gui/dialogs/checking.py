"""Checking that nothing of the portfolio is lost or altered, and saying what was found."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from portfolio_app.gui.dialogs.portfolio_dialog import PortfolioDialog
from portfolio_app.gui.widgets.basics import Banner, IconLabel, Section, clear_layout
from portfolio_app.gui.widgets.task_progress import TaskProgress
from portfolio_app.gui.widgets.upright_area import ScrolledColumn
from portfolio_app.services.checking import CheckReport, Finding, Severity, check_portfolio

if TYPE_CHECKING:
    from portfolio_app.gui.main_window import MainWindow
    from portfolio_app.gui.tasks import Task
    from portfolio_app.storage.portfolio_file import PortfolioFile

_WIDTH, _HEIGHT = 640, 480
_COPIED_MS: Final = 3000
_HEADINGS: Final = {
    Severity.DAMAGE: ("Lost or altered", "octagon-alert", "not_yet"),
    Severity.WARNING: ("A safety net is weak", "triangle-alert", "claimed"),
    Severity.INFO: ("Good to know", "info", "proof"),
}
_WHAT_TO_DO: Final = {
    "database": "Go back to a back-up from before the damage: File, Back-ups and restore. What there is now is kept.",
    "schema": "Go back to a back-up from before the change: File, Back-ups and restore. What there is now is kept.",
    "history": "Your work is there; what was done when can no longer be proven. Say so when you hand it in.",
    "rows": "Something was changed outside this program. Look at it, or go back to a back-up.",
    "file": "A back-up cannot help here: attached files are kept once. Look for the original, and attach it again.",
    "back-up": "A new one is made when you close the portfolio, or now: File, Make a back-up now.",
    "leftover": "It can stay; it does no harm.",
}


class CheckDialog(PortfolioDialog):
    """Reads everything beside the window, and says in sentences what was found and what to do."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(
            window,
            "Check the portfolio",
            says="Every page of the database, every step of its history, every attached file and every back-up is "
            "read. Nothing is changed.",
        )
        self._task: Task | None = None
        self._report: CheckReport | None = None
        self._progress = TaskProgress("How much was checked")
        self._result = Banner("", "success")
        self._page = ScrolledColumn()
        for widget in (self._progress, self._result):
            self.content.addWidget(widget)
        self.content.addWidget(self._page, 1)
        self._copy = self.add_left_button("Copy as text", icon_name="copy")
        self._copy.clicked.connect(self._copy_report)
        self._copied = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._copied.timeout.connect(self._forget_copying)
        self._again = self.add_button("Check again")
        self._again.clicked.connect(self._begin)
        self._close = self.add_close_button()
        self._close.setDefault(True)
        self.finished.connect(self._stop)
        self.set_size(_WIDTH, _HEIGHT)
        self._begin()

    # Checking

    def _begin(self) -> None:
        self.show_problem("")
        self._report = None
        self._show_running(True)
        self._progress.wait("Waiting until everything is saved …")
        # After what was typed is on the disk: the portfolio's thread saves it first.
        self.session.read(_saved, done=self._start, receiver=self, topic="check")

    def _start(self, _nothing: object) -> None:
        self._task = self.session.work(
            partial(check_portfolio, self.session.path),
            title="Checking the portfolio",
            done=self._show,
            failed=self._not_checked,
            receiver=self,
            quiet=True,
        )
        self._progress.follow(self._task)

    def _show_running(self, running: bool) -> None:
        afterwards: tuple[QWidget, ...] = (self._result, self._page, self._copy, self._again)
        for part in afterwards:
            part.setVisible(not running)
        self._close.setText("Cancel" if running else "Close")

    def _not_checked(self, error: BaseException) -> None:
        self._task = None
        self._show_running(False)
        self._result.hide()
        self._copy.hide()
        self.show_error(error)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    # What was found

    def _show(self, report: CheckReport) -> None:
        self._task = None
        self._report = report
        self._show_running(False)
        self._result.set_message(in_words(report), "success" if report.sound else "error")
        clear_layout(self._page.column)
        for severity in Severity:
            found = [finding for finding in report.findings if finding.severity is severity]
            if found:
                self._page.column.addWidget(_section(severity, found))
        self._page.column.addStretch(1)
        self._close.setFocus()

    def _copy_report(self) -> None:
        if self._report is not None:
            QGuiApplication.clipboard().setText(as_text(self._report))
            self._copy.setText("Copied ✓")
            self._copied.start()

    def _forget_copying(self) -> None:
        self._copy.setText("Copy as text")


def in_words(report: CheckReport) -> str:
    """Return in a sentence or two whether all is well, and how much was read."""
    read = (
        f"{_counted(report.files_checked, 'file')}, {_counted(report.steps_checked, 'step')} of the history and "
        f"{_counted(report.backups_checked, 'back-up')} were read."
    )
    damaged = sum(finding.severity is Severity.DAMAGE for finding in report.findings)
    if damaged:
        return f"{_counted(damaged, 'thing')} {'is' if damaged == 1 else 'are'} lost or altered. {read}"
    if any(finding.severity is Severity.WARNING for finding in report.findings):
        return f"Nothing is lost or altered, but see below. {read}"
    return f"All is well. {read}"


def as_text(report: CheckReport) -> str:
    """Return what was found as text, for whoever helps."""
    findings = [f"- {_HEADINGS[finding.severity][0]}: {finding.sentence}" for finding in report.findings]
    return "\n".join([in_words(report), *findings]) + "\n"


def _section(severity: Severity, findings: list[Finding]) -> Section:
    heading, icon_name, tone = _HEADINGS[severity]
    section = Section(heading)
    for what in dict.fromkeys(finding.what for finding in findings):
        for finding in findings:
            if finding.what == what:
                section.body.addWidget(_sentence(finding.sentence, icon_name, tone))
        advice = _WHAT_TO_DO.get(what, "")
        if advice:
            section.body.addWidget(_sentence(advice, "arrow-right", "muted"))
    return section


def _sentence(text: str, icon_name: str, tone: str) -> QWidget:
    words = QLabel(text)
    words.setTextFormat(Qt.TextFormat.PlainText)
    words.setWordWrap(True)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    sign = QVBoxLayout()
    sign.setContentsMargins(0, 2, 0, 0)
    sign.addWidget(IconLabel(icon_name, 16, tone))
    sign.addStretch(1)
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    line.addLayout(sign)
    line.addWidget(words, 1)
    return row


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _saved(_portfolio: PortfolioFile) -> None:
    """Come after the edits before."""
