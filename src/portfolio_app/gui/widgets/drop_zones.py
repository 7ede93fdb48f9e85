"""What becomes of files that are dropped: while they hover, each part of a page says it in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space

_LEFT_AFTER_MS: Final = 120
_RADIUS: Final = 6
_DRAGS: Final = frozenset({QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop})


def files_in(data: QMimeData) -> list[Path]:
    """Return the files of this computer that are dropped or pasted."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class DropZone(QWidget):
    """Lies over a part of a page while files hover over the page."""

    entered = Signal()
    left = Signal()
    dropped = Signal(list)

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._sentence = ""
        self._is_over = False
        self.setAcceptDrops(True)
        self.hide()

    def show_over(self, area: QRect, sentence: str) -> None:
        """Cover an area of the page and say what dropping there does."""
        self._sentence, self._is_over = sentence, False
        self.setAccessibleName(sentence)
        self.setGeometry(area)
        self.raise_()
        self.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files."""
        take(event)
        self._is_over = True
        self.update()
        self.entered.emit()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        """Take files."""
        take(event)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802
        """Look as before."""
        self._is_over = False
        self.update()
        self.left.emit()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Give the files on."""
        take(event)
        self.dropped.emit(files_in(event.mimeData()))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Say in words what dropping here does."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = colours.colour("selection" if self._is_over else "surface")
        ground.setAlpha(240)
        painter.setBrush(ground)
        painter.setPen(QPen(colours.colour("accent" if self._is_over else "control"), 2, Qt.PenStyle.DashLine))
        edge = Space.S8
        painter.drawRoundedRect(self.rect().adjusted(edge, edge, -edge, -edge), _RADIUS, _RADIUS)
        painter.setPen(colours.colour("text" if self._is_over else "muted"))
        painter.setFont(theme.section_font())
        words = self.rect().adjusted(Space.S24, Space.S24, -Space.S24, -Space.S24)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._sentence)


@dataclass(frozen=True, slots=True)
class _Part:
    zone: DropZone
    target: QWidget
    sentence: Callable[[], str]


class DropZones(QObject):
    """Shows the zones of a page from when files come over it until they are dropped or gone."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._parts: list[_Part] = []
        self._leaving = QTimer(self, singleShot=True, interval=_LEFT_AFTER_MS)
        self._leaving.timeout.connect(self.hide)

    def add(self, target: QWidget, sentence: Callable[[], str], take_files: Callable[[Sequence[Path]], object]) -> None:
        """Say over a widget what dropping there does; where ``sentence`` returns nothing there is no zone."""
        zone = DropZone(self._page)
        zone.entered.connect(self._leaving.stop)
        zone.left.connect(self._leaving.start)
        zone.dropped.connect(self.hide)
        zone.dropped.connect(take_files)
        self._parts.append(_Part(zone, target, sentence))

    def show(self) -> None:
        """Cover the parts."""
        self._leaving.stop()
        for part in self._parts:
            sentence = part.sentence()
            if sentence and part.target.isVisible():
                corner = part.target.mapTo(self._page, QPoint(0, 0))
                part.zone.show_over(QRect(corner, part.target.size()), sentence)

    def leave(self) -> None:
        """Uncover the parts soon, unless the files have only gone from one part to another."""
        self._leaving.start()

    def hide(self) -> None:
        """Uncover the parts."""
        self._leaving.stop()
        for part in self._parts:
            part.zone.hide()


class _PassesFilesOn(QObject):
    """Keeps a field from taking files as text, so that they reach what stands around it."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Leave files to the page."""
        if event.type() in _DRAGS and isinstance(event, QDropEvent) and files_in(event.mimeData()):
            event.ignore()
            return True
        return False


def pass_files_on(part: QWidget) -> None:
    """Let files that are dropped on the fields within a part reach what stands around them."""
    passes_on = part.findChild(_PassesFilesOn) or _PassesFilesOn(part)
    fields: list[QWidget] = [*part.findChildren(QLineEdit)]
    fields += [area.viewport() for area in part.findChildren(QAbstractScrollArea) if area.viewport().acceptDrops()]
    for field in fields:
        field.installEventFilter(passes_on)  # which is no other filter where it is installed already


def take(event: QDropEvent) -> None:
    """Accept files; the originals stay where they are."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
