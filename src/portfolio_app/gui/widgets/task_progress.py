"""How far long work is that a dialog waits for."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from portfolio_app.gui.tasks import Task
from portfolio_app.gui.widgets.basics import ElidedLabel

_TOLD_EVERY_MS = 100
_STEPS = 1000  # sizes of files are counted in bytes, more than the bar's 32 bits hold


class TaskProgress(QWidget):
    """A phrase and a bar below it; hidden while there is nothing to wait for."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Call the bar ``name`` to those who cannot see it."""
        super().__init__(parent)
        self._what = ElidedLabel("")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._what)
        column.addWidget(self._bar)
        self.hide()

    def wait(self, what: str) -> None:
        """Show that something is done of which nobody knows how long it takes."""
        self._bar.setRange(0, 0)
        self._what.setText(what)
        self.show()

    def follow(self, task: Task) -> None:
        """Show a task until it ends."""
        self.wait(task.title)
        clock = QTimer(task, interval=_TOLD_EVERY_MS)  # quiet tasks have nobody else to ask them
        clock.timeout.connect(task.show_progress)
        clock.start()
        task.progressed.connect(self._show)
        task.finished.connect(self.hide)

    def _show(self, done: int, total: int, what: str) -> None:
        self._bar.setRange(0, _STEPS if total else 0)
        self._bar.setValue(min(_STEPS, _STEPS * done // total) if total else 0)
        self._what.setText(what)
