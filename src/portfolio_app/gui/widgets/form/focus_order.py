"""The order in which Tab goes through parts that were not there from the beginning."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def order_focus(around: QWidget, parts: Sequence[QWidget], at: QWidget | None = None) -> None:
    """Let Tab go through these parts one after the other; within a part the order stays.

    What is added to a window later would otherwise come after everything else in it.

    Args:
        around: The widget that the parts are in.
        parts: The parts in the order in which they are to come.
        at: The widget that is in its place among those outside: ``around`` itself if not given.
    """
    stops = _stops(around)
    before = _stop_before(around, at or around)
    for part in parts:
        for stop in stops:
            if stop is part or part.isAncestorOf(stop):
                if before is not None:
                    QWidget.setTabOrder(before, stop)
                before = stop


def _stops(around: QWidget) -> list[QWidget]:
    """Return the widgets within that take the keyboard, in their present order."""
    found: list[QWidget] = []
    # The chain goes through the whole window, in which these are a few that mostly stand together.
    left = len(around.findChildren(QWidget))
    widget = around.nextInFocusChain()
    while left and widget is not None and widget is not around:
        if around.isAncestorOf(widget):
            left -= 1
            if _takes_tab(widget):
                found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def _stop_before(around: QWidget, place: QWidget) -> QWidget | None:
    """Return what takes the keyboard before anything within; Qt orders only widgets that do."""
    widget = place.previousInFocusChain()
    while widget is not None and widget is not place:
        if _takes_tab(widget) and not around.isAncestorOf(widget):
            return widget
        widget = widget.previousInFocusChain()
    return None


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
