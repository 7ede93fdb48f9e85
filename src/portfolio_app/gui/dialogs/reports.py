"""The reports of faults that are kept, for whoever helps with the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QSplitter

from portfolio_app import crash
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.widgets.basics import EmptyState
from portfolio_app.paths import user_log_dir

if TYPE_CHECKING:
    from portfolio_app.domain.progress import Progress
    from portfolio_app.gui.main_window import MainWindow

Reports = tuple[crash.KeptReport, ...]


class ReportsDialog(DialogFrame):
    """Lists the reports, newest first, to be read and copied."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(
            "Reports of problems",
            window,
            says="When the program meets a fault of its own, it writes down where. Nothing of your portfolio is in a "
            "report, and it is not sent anywhere; give it to whoever helps you with the program.",
        )
        scaled = theme.current().scaled
        self.set_size(900, 560)
        self._reports: Reports = ()
        self._list = QListWidget()
        self._list.setAccessibleName("Reports")
        self._list.currentRowChanged.connect(self._show)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName("Report")
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._both = QSplitter()
        self._both.setChildrenCollapsible(False)
        self._both.addWidget(self._list)
        self._both.addWidget(self._text)
        self._both.setStretchFactor(1, 1)
        self._both.setSizes([scaled(220), scaled(630)])
        self._none = EmptyState("circle-check", "There are no reports: the program has met no fault.", "")
        self._none.hide()
        self.body.addWidget(self._both, 1)
        self.body.addWidget(self._none, 1)

        self._copy = self.add_left_button("Copy report")
        self._copy.clicked.connect(self._copy_report)
        self._folder = self.add_left_button("Open folder")
        self._folder.clicked.connect(self._open_folder)
        self._delete = self.add_button("Delete report", "danger")
        self._delete.clicked.connect(self._delete_report)
        for button in (self._copy, self._folder, self._delete):
            button.setEnabled(False)
        self._copied = QTimer(self, singleShot=True, interval=3000)
        self._copied.timeout.connect(self._forget_copying)
        self.add_close_button().setDefault(True)
        window.tasks.work(_reports, title="Looking for reports", done=self._fill, receiver=self, quiet=True)

    @Slot(object)
    def _fill(self, reports: Reports) -> None:
        self._reports = reports
        locale = QLocale()
        self._list.clear()
        for report in reports:
            when = QDateTime.fromSecsSinceEpoch(int(report.at))
            self._list.addItem(locale.toString(when, "d MMMM yyyy, HH:mm:ss"))
        self._both.setVisible(bool(reports))
        self._none.setVisible(not reports)
        for button in (self._copy, self._folder, self._delete):
            button.setEnabled(bool(reports))
        if reports:
            self._list.setCurrentRow(0)
            self._list.setFocus()

    @Slot(int)
    def _show(self, row: int) -> None:
        self._text.setPlainText(self._reports[row].text if row >= 0 else "")

    @Slot()
    def _copy_report(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        self._copy.setText("Copied ✓")
        self._copied.start()

    @Slot()
    def _forget_copying(self) -> None:
        self._copy.setText("Copy report")

    @Slot()
    def _delete_report(self) -> None:
        row = self._list.currentRow()
        if row < 0:
            return
        try:
            self._reports[row].path.unlink(missing_ok=True)
        except OSError as error:
            self.show_problem(f"The report could not be deleted: {error.strerror or error}.")
            return
        self.show_problem("")
        self._fill(self._reports[:row] + self._reports[row + 1 :])
        self._list.setCurrentRow(min(row, self._list.count() - 1))

    @Slot()
    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(user_log_dir())))


def _reports(progress: Progress) -> Reports:
    del progress
    return crash.kept_reports()
