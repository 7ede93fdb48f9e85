"""Sentences for the user that do not stop the work: messages above the page, and toasts over it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.widgets.basics import Banner, BannerKind

_TOAST_MS: Final = 6000
_APART: Final = 8
_MOST_MESSAGES: Final = 3


class MessageArea(QWidget):
    """Messages above the page, newest first, each until it is put away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 8, 16, 0)
        self._layout.setSpacing(8)
        self._banners: dict[str, Banner] = {}
        self.hide()

    def show_message(self, text: str, kind: BannerKind) -> None:
        """Show a sentence; the same one is shown once."""
        if text in self._banners:
            return
        banner = Banner(text, kind, dismissible=True)
        banner.dismissed.connect(lambda: self._remove(text))
        self._banners[text] = banner
        self._layout.insertWidget(0, banner)
        self.show()
        while len(self._banners) > _MOST_MESSAGES:
            self._remove(next(iter(self._banners)))

    def clear(self) -> None:
        """Put all messages away."""
        for text in list(self._banners):
            self._remove(text)

    def _remove(self, text: str) -> None:
        banner = self._banners.pop(text, None)
        if banner is not None:
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._banners))


class Toast(QFrame):
    """One short sentence at the bottom of a widget, gone after some seconds; not while the pointer is on it."""

    undo_pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._around = parent
        theme.set_role(self, "toast")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(12)
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._undo = QPushButton("Undo")
        theme.set_role(self._undo, "quiet")
        self._undo.clicked.connect(self._press)
        layout.addWidget(self._text)
        layout.addWidget(self._undo)
        self._clock = QTimer(self, singleShot=True, interval=_TOAST_MS)
        self._clock.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def show_text(self, text: str, *, undo: bool) -> None:
        """Show a sentence in place of the one before."""
        self._text.setText(text if len(text) <= 120 else f"{text[:119]}…")
        self._undo.setVisible(undo)
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self._clock.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay at the bottom of the widget when that is resized."""
        if watched is self._around and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Wait while the pointer is here."""
        del event
        self._clock.stop()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Count anew."""
        del event
        self._clock.start()

    def _press(self) -> None:
        self.hide()
        self.undo_pressed.emit()

    def _place(self) -> None:
        """Stand at the bottom, in the middle; higher where a button would be covered there."""
        self.adjustSize()
        around = self._around.rect()
        usual = QRect(QPoint((around.width() - self.width()) // 2, around.height() - self.height() - 20), self.size())
        place, buttons = usual, self._buttons()
        while covered := [button for button in buttons if button.intersects(place)]:
            place = place.translated(0, min(button.top() for button in covered) - _APART - place.bottom())
        self.move((place if place.top() > around.height() // 2 else usual).topLeft())

    def _buttons(self) -> list[QRect]:
        return [
            QRect(button.mapTo(self._around, QPoint(0, 0)), button.size())
            for button in self._around.findChildren(QAbstractButton)
            if button.isVisible() and not self.isAncestorOf(button) and not button.visibleRegion().isEmpty()
        ]
