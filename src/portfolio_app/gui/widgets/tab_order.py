"""Tab goes through a window as it is read, whenever and in whatever order its parts were made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QGridLayout, QLayout, QScrollArea, QWidget

_MARGIN = 50
"""How much is shown around what has got the keyboard, where it had to be scrolled to: as Qt does."""
_BACKWARDS = (QBoxLayout.Direction.RightToLeft, QBoxLayout.Direction.BottomToTop)


def go_on(window: QWidget, *, forward: bool) -> bool:
    """Give the keyboard to the next stop of a window, or the one before; return whether there is one.

    Qt itself goes by when widgets came into the window: what was filled in later would come last, wherever it stands.
    """
    around = list(_in_order(window))
    held_by = window.focusWidget()
    if held_by in around:
        place = around.index(held_by)
        around = [*around[place + 1 :], *around[:place]]
    following = around if forward else reversed(around)
    left = _choices_beside(held_by)
    target = next((widget for widget in following if takes_tab(widget) and widget not in left), None)
    if target is None:
        return False
    target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    _bring_into_view(target)
    return True


def takes_tab(widget: QWidget) -> bool:
    """Return whether Tab stops at a widget that is shown, as the desktop has it.

    Of choices of which one is taken, that one is the stop: the arrow keys lead to the others. Qt takes it to be the
    one that had the keyboard last.
    """
    everything = Qt.TabFocusBehavior.TabFocusAllControls
    all_controls = QGuiApplication.styleHints().tabFocusBehavior() == everything
    needed = Qt.FocusPolicy.TabFocus if all_controls else Qt.FocusPolicy.StrongFocus
    choices = _choices_beside(widget)
    taken = next((choice for choice in choices if choice.isChecked() and choice.isEnabled()), None)
    if taken is not None:
        return widget is taken and any(choice.focusPolicy() & needed == needed for choice in choices)
    return widget.focusPolicy() & needed == needed and widget.isEnabled() and widget.focusProxy() is None


def _choices_beside(widget: QWidget | None) -> list[QAbstractButton]:
    """Return the buttons of which one is taken, where this is one of them."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group.buttons() if group is not None and group.exclusive() else []


def _in_order(widget: QWidget) -> Iterator[QWidget]:
    """Yield everything shown within a widget, as it is read."""
    for part in _parts(widget):
        if not part.isHidden() and not part.isWindow():
            yield part
            yield from _in_order(part)


def _parts(widget: QWidget) -> list[QWidget]:
    """Return what stands directly in a widget: first what its layout places, then the rest as it stands there."""
    children = [child for child in widget.children() if isinstance(child, QWidget)]
    layout = widget.layout() if children else None
    placed = list(_placed(layout, children)) if layout is not None else []
    if len(placed) == len(children):
        return placed
    known = set(placed)
    return [*placed, *sorted((child for child in children if child not in known), key=_corner)]


def _placed(layout: QLayout, children: list[QWidget]) -> Iterator[QWidget]:
    # Not by itemAt(): PySide keeps what that returns, and does not hear when Qt deletes it.
    places: dict[QWidget | QLayout, int] = {child: layout.indexOf(child) for child in children}
    places |= {inner: layout.indexOf(inner) for inner in layout.children() if isinstance(inner, QLayout)}
    for part in _in_line(layout, {part: place for part, place in places.items() if place >= 0}):
        if isinstance(part, QLayout):
            yield from _placed(part, children)
        else:
            yield part


def _in_line(layout: QLayout, places: dict[QWidget | QLayout, int]) -> list[QWidget | QLayout]:
    if isinstance(layout, QGridLayout):
        cells = {part: cast(tuple[int, int, int, int], layout.getItemPosition(place)) for part, place in places.items()}
        return sorted(cells, key=cells.__getitem__)
    backwards = isinstance(layout, QBoxLayout) and layout.direction() in _BACKWARDS
    return sorted(places, key=places.__getitem__, reverse=backwards)


def _corner(widget: QWidget) -> tuple[int, int]:
    return widget.y(), widget.x()


def _bring_into_view(widget: QWidget) -> None:
    """Scroll to what has got the keyboard: Qt does so only where it was in the same area before."""
    above = widget.parentWidget()
    while above is not None and not widget.isWindow():
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget, _MARGIN, _MARGIN)
        above = above.parentWidget()
