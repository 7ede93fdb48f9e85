"""A picture to look at: fitted to the window, or larger and moved with the mouse or the arrows."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.evidence import Attachment
from portfolio_app.gui import theme
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.attachments.rendering import Channel, picture_image
from portfolio_app.gui.widgets.basics import MutedLabel, button, hairline, icon_button
from portfolio_app.gui.widgets.focus_passing import FocusPassing

LONGEST_SIDE: Final = 4096
"""Pixels that are kept of a picture, enough for the largest screens; scans have far more."""

_STEP = 1.25
_LARGEST = 8.0
_SMALLEST = 0.05
_ARROW_STEP = 48


class PictureArea(QAbstractScrollArea):
    """Paints a picture and moves it. Ctrl and the wheel zoom, dragging moves, a double click fits it again."""

    zoom_changed = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._image = QImage()
        self._full = QSize()
        self._zoom: float | None = None  # None: fitted
        self._grabbed: QPointF | None = None
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.setSingleStep(_ARROW_STEP)

    @property
    def image(self) -> QImage:
        """The picture, or an empty one."""
        return self._image

    @property
    def is_fitted(self) -> bool:
        """Whether the picture has the size of the window."""
        return self._zoom is None

    @property
    def zoom(self) -> float:
        """How large the picture is shown; at 1 each of its pixels is one of the screen's."""
        return self._fitting() if self._zoom is None else self._zoom

    def set_image(self, image: QImage, full: QSize) -> None:
        """Show a picture, fitted; ``full`` is the size it has itself."""
        self._image, self._full = image, full
        self.fit()

    def fit(self) -> None:
        """Show the whole picture."""
        self._set_zoom(None)

    def zoom_in(self) -> None:
        """Show the picture larger by a step."""
        self.zoom_by(_STEP)

    def zoom_out(self) -> None:
        """Show the picture smaller by a step."""
        self.zoom_by(1 / _STEP)

    def zoom_by(self, factor: float, centre: QPointF | None = None) -> None:
        """Show the picture larger or smaller; the point of the window stays where it is."""
        self._set_zoom(min(max(self.zoom * factor, _SMALLEST), _LARGEST), centre)

    def set_actual_size(self) -> None:
        """Show each pixel of the picture as one of the screen's."""
        self._set_zoom(1.0)

    def _fitting(self) -> float:
        if self._full.isEmpty():
            return 1.0
        room = QSizeF(self.viewport().size()) * self.devicePixelRatioF()
        across, down = room.width() / self._full.width(), room.height() / self._full.height()
        return min(1.0, across, down)

    def _shown_size(self) -> QSizeF:
        return QSizeF(self._full) * (self.zoom / self.devicePixelRatioF())

    def _place(self) -> QRectF:
        size, view = self._shown_size(), self.viewport().size()
        left = max(0.0, (view.width() - size.width()) / 2) - self.horizontalScrollBar().value()
        top = max(0.0, (view.height() - size.height()) / 2) - self.verticalScrollBar().value()
        return QRectF(QPointF(left, top), size)

    def sheets(self) -> list[tuple[int, QRectF]]:
        """Return the picture as the one page that it is, and where in the viewport it lies."""
        return [] if self._image.isNull() else [(1, self._place())]

    def _set_zoom(self, zoom: float | None, centre: QPointF | None = None) -> None:
        point = centre or QPointF(self.viewport().rect().center())
        before = self._place()
        across = (point.x() - before.left()) / max(1.0, before.width())
        down = (point.y() - before.top()) / max(1.0, before.height())
        self._zoom = zoom
        self._set_bars()
        size = self._shown_size()
        self.horizontalScrollBar().setValue(round(across * size.width() - point.x()))
        self.verticalScrollBar().setValue(round(down * size.height() - point.y()))
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor if zoom is None else Qt.CursorShape.OpenHandCursor)
        self.viewport().update()
        self.zoom_changed.emit()

    def _set_bars(self) -> None:
        size, view = self._shown_size(), self.viewport().size()
        for bar, length, room in (
            (self.horizontalScrollBar(), size.width(), view.width()),
            (self.verticalScrollBar(), size.height(), view.height()),
        ):
            bar.setRange(0, 0 if self._zoom is None else max(0, round(length) - room))
            bar.setPageStep(room)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the part of the picture that is seen."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.current().colour("sunken"))
        if not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            place = self._place()
            seen = place.intersected(QRectF(self.viewport().rect()))
            factor = self._image.width() / max(1.0, place.width())
            part = QRectF((seen.topLeft() - place.topLeft()) * factor, seen.size() * factor)
            painter.drawImage(seen, self._image, part)
        if self.hasFocus():
            painter.setPen(QPen(theme.current().colour("accent"), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def scrollContentsBy(self, _across: int, _down: int) -> None:  # noqa: N802
        """Show another part."""
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fit the picture again."""
        super().resizeEvent(event)
        self._set_bars()
        if self._zoom is None:
            self.zoom_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom with Ctrl, else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.zoom_by(_STEP if event.angleDelta().y() > 0 else 1 / _STEP, event.position())
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of the picture."""
        if event.button() == Qt.MouseButton.LeftButton and self._zoom is not None:
            self._grabbed = event.position()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the picture."""
        if self._grabbed is not None:
            moved = (event.position() - self._grabbed).toPoint()
            self._grabbed = event.position()
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Let the picture go."""
        if self._grabbed is not None:
            self._grabbed = None
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go between the whole picture and its own size."""
        if self._zoom is None:
            self._set_zoom(max(1.0, self.zoom * 2), event.position())
        else:
            self.fit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask for a menu."""
        self.menu_wanted.emit(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show that the focus has gone."""
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Zoom, fit, copy."""
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom_out()
        elif event.key() == Qt.Key.Key_0:
            self.fit()
        elif event.key() == Qt.Key.Key_1:
            self.set_actual_size()
        elif event.matches(QKeySequence.StandardKey.Copy) and not self._image.isNull():
            QGuiApplication.clipboard().setImage(self._image)
        else:
            super().keyPressEvent(event)


class ImageView(FocusPassing):
    """Reads a picture on another thread and shows it, with its size and a zoom."""

    failed = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._channel = Channel(self)
        self.area = PictureArea()
        self._told = MutedLabel()
        self._told.setWordWrap(False)
        smaller, larger = icon_button("zoom-out", "Smaller (−)"), icon_button("zoom-in", "Larger (+)")
        fit = button("Fit", "quiet")
        fit.setToolTip("Show the whole picture (0)")
        actual = button("100%", "quiet")
        actual.setToolTip("Show the picture at its own size (1)")
        row = QHBoxLayout()
        row.setContentsMargins(Space.S8, Space.S4, Space.S8, Space.S4)
        row.setSpacing(Space.S4)
        row.addWidget(self._told)
        row.addStretch(1)
        for widget in (smaller, fit, actual, larger):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(hairline())
        column.addWidget(self.area, 1)
        self.set_entry(self.area)
        self._full = QSize()
        smaller.clicked.connect(self.area.zoom_out)
        larger.clicked.connect(self.area.zoom_in)
        fit.clicked.connect(self.area.fit)
        actual.clicked.connect(self.area.set_actual_size)
        self.area.zoom_changed.connect(self._tell)
        self.area.menu_wanted.connect(self.menu_wanted)

    def open(self, attachment: Attachment, path: Path) -> None:
        """Show a picture."""
        self.close_file()
        self.area.setAccessibleName(f"Picture {attachment.name}")
        self.area.setAccessibleDescription(attachment.caption)
        self._channel.ask(
            "picture",
            partial(picture_image, path, attachment.name, LONGEST_SIDE),
            self._has_read,
            failed=self._cannot_read,
        )

    def close_file(self) -> None:
        """Show nothing."""
        self._channel.forget_all()
        self._full = QSize()
        self.area.set_image(QImage(), QSize())

    def _has_read(self, outcome: tuple[QImage, QSize]) -> None:
        image, self._full = outcome
        self.area.set_image(image, self._full)

    def _cannot_read(self, error: KnownError) -> None:
        self.failed.emit(str(error))

    def _tell(self) -> None:
        if self._full.isEmpty():
            self._told.setText("")
        else:
            self._told.setText(f"{self._full.width():,} × {self._full.height():,} · {self.area.zoom:.0%}")
