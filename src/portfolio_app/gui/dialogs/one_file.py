"""Dialogs about one file, which is picked in them or dropped on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.widgets.basics import ElidedLabel, button
from portfolio_app.gui.widgets.drop_zones import files_in, take
from portfolio_app.gui.widgets.task_progress import TaskProgress
from portfolio_app.gui.widgets.upright_area import ScrolledColumn

if TYPE_CHECKING:
    from portfolio_app.domain.progress import Progress
    from portfolio_app.gui.main_window import MainWindow
    from portfolio_app.gui.tasks import Task

_Result = TypeVar("_Result")


class OneFileDialog(DialogFrame):
    """Shows which file it is about, and works on it beside the window; closing the dialog ends that.

    Attributes:
        page: What is said of the file, which scrolls.
        path: The file, once there is one.
    """

    def __init__(self, window: MainWindow, title: str, *, says: str, wanted: str, kinds: str) -> None:
        """Ask for a file.

        Args:
            window: The window that it is asked over.
            title: The verb and what for.
            says: What the dialog is good for.
            wanted: What the file is, as in “Choose the document”.
            kinds: The files to choose from, as Qt's dialog for files wants it.
        """
        super().__init__(title, window, says=says)
        self.window_ = window
        self.path: Path | None = None
        self._wanted, self._kinds = wanted, kinds
        self._task: Task | None = None
        self.setAcceptDrops(True)
        self._name = ElidedLabel("None yet: choose one, or drop it here.", mode=Qt.TextElideMode.ElideMiddle)
        self._choose = button("Choose …")
        self._choose.setAccessibleName(f"Choose the {wanted}")
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self._pick)
        row = QHBoxLayout()
        row.addWidget(self._name, 1)
        row.addWidget(self._choose)
        self.progress = TaskProgress(title)
        self.page = ScrolledColumn()
        self.page.column.setSpacing(12)
        self.body.addLayout(row)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.page, 1)
        self.finished.connect(self._stop)

    def show_file(self, path: Path) -> None:
        """Be about this file from now on."""
        self._stop()
        self.show_problem("")
        self.path = path
        self._name.setText(path.name)
        self._name.setAccessibleName(f"The {self._wanted}: {path.name}")
        self._choose.setText("Another …")
        self.look()

    def look(self) -> None:
        """Find out about the file, which is a new one."""
        raise NotImplementedError

    def work(
        self,
        function: Callable[[Progress], _Result],
        *,
        title: str,
        done: Callable[[_Result], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Run ``function(progress)`` beside the window, in place of what is running."""
        self._stop()
        task = self.window_.tasks.work(
            function, title=title, done=done, failed=failed or self.show_error, receiver=self, quiet=True
        )
        self._task = task
        task.finished.connect(self._is_done)
        self.progress.follow(task)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take a file."""
        if len(files_in(event.mimeData())) == 1:
            take(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Be about the file that is dropped."""
        (path,) = files_in(event.mimeData())[:1]
        take(event)
        self.show_file(path)

    def _pick(self) -> None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        start = str(self.path.parent) if self.path else documents
        chosen = QFileDialog(self, f"Choose the {self._wanted}", start, f"{self._kinds};;All files (*)")
        chosen.setFileMode(QFileDialog.FileMode.ExistingFile)
        chosen.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen.fileSelected.connect(self._take_name)
        chosen.open()

    def _take_name(self, name: str) -> None:
        self.show_file(Path(name))

    def _is_done(self) -> None:
        if self.sender() is self._task:
            self._task = None

    def _stop(self, *_result: Any) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
