"""Widgets made of several, which hand the keyboard to one of them."""

from __future__ import annotations

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget


class FocusPassing(QWidget):
    """A widget that is itself no stop for Tab; given the keyboard, it hands it to its entry.

    Qt's focus proxies do so too, but Tab would take the widget for a stop of its own: from wherever it stands in the
    order it jumps to the proxy, past what comes before that, or back to it for ever.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry: QWidget | None = None

    @property
    def entry(self) -> QWidget | None:
        """What has the keyboard in the end when this widget is given it."""
        within = self._entry
        return (within.entry or within) if isinstance(within, FocusPassing) else within

    def set_entry(self, part: QWidget) -> None:
        """Say which part takes the keyboard."""
        self._entry = part

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hand the keyboard on."""
        super().focusInEvent(event)
        if self._entry is not None:
            self._entry.setFocus(event.reason())
