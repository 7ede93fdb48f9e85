"""Bringing a part of a form into the part of the page that is seen, and making room for one that grows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QRect, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

_ROOM_AROUND = 32


def bring_into_view(widget: QWidget, part: QRect | None = None) -> None:
    """Scroll the page up or down so that a widget, or a part of it, is seen; of what is higher than that, its top."""
    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    page = area.widget() if area is not None else None
    if area is None or page is None:
        return
    part = part or widget.rect()
    top, bottom = (widget.mapTo(page, corner).y() for corner in (part.topLeft(), part.bottomLeft()))
    left = area.horizontalScrollBar().value()
    area.ensureVisible(left, bottom, 0, _ROOM_AROUND)
    area.ensureVisible(left, top, 0, _ROOM_AROUND)


def make_room_soon(widget: QWidget) -> None:
    """Do so once the layout that is now at work is done."""
    QTimer.singleShot(0, widget, lambda: make_room(widget))


def make_room(widget: QWidget) -> None:
    """Lay everything around a widget out anew, now that its height has changed.

    Qt would do so one level after the other, and meanwhile paint what is below it on top of it.
    """
    if not widget.isVisible():
        return
    around = widget.parentWidget()
    while around is not None and not isinstance(around.parentWidget(), QScrollArea):
        layout = around.layout()
        if layout is not None:
            layout.activate()
        viewport = around.parentWidget()
        if viewport is not None and isinstance(viewport.parentWidget(), QScrollArea):
            QCoreApplication.sendEvent(around, QEvent(QEvent.Type.LayoutRequest))
            return
        around = viewport


def settled_heights(root: QWidget) -> list[int]:
    """Lay out everything within a widget, from the innermost outwards, and return how high its parts are now."""
    laid_out = [widget for widget in root.findChildren(QWidget) if widget.layout() is not None and widget.isVisible()]
    for widget in reversed(laid_out):
        layout = widget.layout()
        if layout is not None:
            layout.activate()
    make_room(root)
    return [widget.height() for widget in laid_out]
