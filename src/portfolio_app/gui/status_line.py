"""The line at the bottom: whether everything is saved, and what is running."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.tasks import Task
from portfolio_app.gui.widgets.basics import ElidedLabel


class _RunningTask(QWidget):
    """A task's title, how far it is, and Cancel."""

    def __init__(self, task: Task, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = ElidedLabel(task.title)
        self._title.setMaximumWidth(360)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(140)
        self._bar.setAccessibleName(task.title)
        cancel = QPushButton("Cancel")
        theme.set_role(cancel, "quiet")
        cancel.setAccessibleName(f"Cancel: {task.title}")
        cancel.clicked.connect(partial(self._cancel, task))
        self._button = cancel
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._title)
        layout.addWidget(self._bar)
        layout.addWidget(cancel)
        task.progressed.connect(self._show_progress)
        task.finished.connect(self.deleteLater)

    def _show_progress(self, done: int, total: int, what: str) -> None:
        # Sizes of files are counted in bytes, more than the bar's 32 bits hold.
        self._bar.setRange(0, 1000 if total > 0 else 0)
        self._bar.setValue(min(1000, 1000 * done // total) if total > 0 else 0)
        if what:
            self._title.setText(what)

    def _cancel(self, task: Task) -> None:
        self._button.setEnabled(False)
        self._title.setText("Cancelling …")
        task.cancel()


class StatusLine(QFrame):
    """“All changes saved”, and the long work that is running."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "status-line")
        self._saved = QLabel()
        theme.set_role(self._saved, "muted")
        self._saved.setTextFormat(Qt.TextFormat.PlainText)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(16, 4, 16, 4)
        self._layout.setSpacing(24)
        self._layout.addWidget(self._saved)
        self._layout.addStretch(1)

    def show_state(self, text: str) -> None:
        """Say how the portfolio stands."""
        if self._saved.text() != text:
            self._saved.setText(text)
            self._saved.setAccessibleName(text)

    def show_task(self, task: Task) -> None:
        """Show long work until it ends."""
        if not task.is_finished:
            self._layout.addWidget(_RunningTask(task, self))
