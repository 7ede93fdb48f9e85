"""The order in which Tab goes through parts that change places."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def put_in_tab_order(parts: Sequence[QWidget]) -> None:
    """Let Tab go through the parts one after the other, and within each as before."""
    stops = [stop for part in parts for stop in _stops(part)]
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def _stops(part: QWidget) -> list[QWidget]:
    """Return where Tab stops within a part, in its order."""
    found: list[QWidget] = []
    widget = part.nextInFocusChain()
    while widget is not None and widget is not part:
        stops = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        if stops and part.isAncestorOf(widget):
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found
