"""What is on the clipboard."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication


def copied() -> QMimeData:
    """Return what was copied last, here or in another program: nothing on a desktop that has no clipboard."""
    data = cast(QMimeData | None, QGuiApplication.clipboard().mimeData())
    return QMimeData() if data is None else data
