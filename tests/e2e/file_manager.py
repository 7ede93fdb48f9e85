"""A window that holds files to be dragged out of it, as a file manager's does; a program of its own."""

from __future__ import annotations

import sys

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


class _Files(QLabel):
    """Where the mouse takes hold of all files."""

    def __init__(self, files: list[str]) -> None:
        super().__init__(f"{len(files)} files")
        self._files = files
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWindowFlags(Qt.WindowType.BypassWindowManagerHint | Qt.WindowType.WindowStaysOnTopHint)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        held = QMimeData()
        held.setUrls([QUrl.fromLocalFile(file) for file in self._files])
        drag = QDrag(self)
        drag.setMimeData(held)
        event.accept()
        drag.exec(Qt.DropAction.CopyAction)
        self.hide()  # the program stays: who takes the files asks it for them after they were let go


if __name__ == "__main__":
    left, top, width, height = map(int, sys.argv[1:5])
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    window = _Files(sys.argv[5:])
    window.resize(width, height)
    window.move(QPoint(left, top))
    window.show()
    sys.stdout.write("shown\n")
    sys.stdout.flush()
    application.exec()
