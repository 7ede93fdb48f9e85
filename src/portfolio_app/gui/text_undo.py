"""Undo in a text that has nothing of its own to take back: the portfolio's step is taken back instead."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget


class TextUndo(QObject):
    """Watches the text in hand: Qt's texts keep Ctrl+Z for themselves even when they cannot use it."""

    def __init__(self, application: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        application.focusChanged.connect(self._watch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let the window have a key that the text cannot use."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo, redo = _can(watched)
            if (event.matches(QKeySequence.StandardKey.Undo) and not undo) or (
                event.matches(QKeySequence.StandardKey.Redo) and not redo
            ):
                event.ignore()
                return True
        return False

    def _watch(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and self._watched is not now:
            with suppress(RuntimeError):  # the widget may have been deleted
                self._watched.removeEventFilter(self)
            self._watched = None
        if isinstance(now, QLineEdit | QTextEdit | QPlainTextEdit):
            now.installEventFilter(self)
            self._watched = now


def _can(widget: QObject) -> tuple[bool, bool]:
    if isinstance(widget, QLineEdit):
        return widget.isUndoAvailable(), widget.isRedoAvailable()
    if isinstance(widget, QTextEdit | QPlainTextEdit):
        document = widget.document()
        return document.isUndoAvailable(), document.isRedoAvailable()
    return True, True
