"""The order in which Tab goes through parts that were not there from the beginning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def go_after(place: QWidget, parts: Iterable[QWidget]) -> QWidget:
    """Let Tab go from a place through parts that were made later; within a part the order stays.

    What is added to a window later would otherwise come after everything else in it.

    Returns:
        The last of the stops: the place itself if the parts have none.
    """
    before = place
    for part in parts:
        for stop in [part, *_stops(part)] if _takes_tab(part) else _stops(part):
            QWidget.setTabOrder(before, stop)
            before = stop
    return before


def go_before(place: QWidget, parts: Iterable[QWidget]) -> None:
    """Let Tab go through parts that were made later, and then to the place where it would have come already."""
    last = go_after(place, parts)
    if last is not place:
        QWidget.setTabOrder(last, place)


def order_focus(around: QWidget, parts: Sequence[QWidget]) -> None:
    """Let Tab go through the parts of a widget in this order; within a part the order stays.

    This looks through the whole window: it is for parts that change places, not for those that come and go.
    """
    stops = _stops(around)
    before = _stop_before(around)
    for part in parts:
        for stop in stops:
            if stop is part or part.isAncestorOf(stop):
                if before is not None:
                    QWidget.setTabOrder(before, stop)
                before = stop


def _stops(around: QWidget) -> list[QWidget]:
    """Return the widgets within that take the keyboard, in their present order."""
    found: list[QWidget] = []
    # The chain goes through the whole window; what has just been made stands together in it.
    left = len(around.findChildren(QWidget))
    widget = around.nextInFocusChain()
    while left and widget is not None and widget is not around:
        if around.isAncestorOf(widget):
            left -= 1
            if _takes_tab(widget):
                found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def _stop_before(around: QWidget) -> QWidget | None:
    """Return what takes the keyboard before anything within; Qt orders only widgets that do."""
    widget = around.previousInFocusChain()
    while widget is not None and widget is not around:
        if _takes_tab(widget) and not around.isAncestorOf(widget):
            return widget
        widget = widget.previousInFocusChain()
    return None


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
