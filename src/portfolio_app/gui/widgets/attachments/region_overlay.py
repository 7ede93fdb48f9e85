"""Regions to be hidden in copies: shown over a page or a picture, drawn with the mouse or set with the keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from portfolio_app.domain.redaction import RedactionRegion
from portfolio_app.gui import theme

WHOLE: Final = 10_000
"""What the edges of a region are parts of."""

Sheets: TypeAlias = Callable[[], Sequence[tuple[int, QRectF]]]
"""Which pages are seen, counted from 1, and where in the viewport each one lies."""

SHORTCUTS: Final = (
    ("Arrow keys", "Move the box"),
    ("Shift+Arrow keys", "Size the box"),
    ("Enter", "Hide what it holds"),
    ("N", "Next hidden region"),
    ("Delete", "Show this region again"),
    ("Page Up, Page Down", "Other pages"),
    ("Escape", "End marking"),
)
"""The keys while regions are marked and what they do, for the page of shortcuts."""

_SMALLEST: Final = 6.0  # pixels; a press without a drag marks nothing
_STEP, _LARGE_STEP = 100, 500
_FIRST_WIDTH, _FIRST_HEIGHT = 3_000, 600
# What is hidden is black in every theme, on paper that is white in every theme.
_HIDDEN = QColor(0, 0, 0, 150)
_HIDDEN_EDGE = QColor("#000000")
_IN_HAND = QColor("#FFC400")
_PAPER_EDGE = QColor("#FFFFFF")


@dataclass(slots=True)
class _Box:
    """The box in hand, on a page; edges in ten-thousandths."""

    page: int
    left: int
    top: int
    width: int
    height: int


class RegionOverlay(QWidget):
    """Lies over the viewport of what shows pages; the mouse and the keys pass through it unless regions are marked."""

    drawn = Signal(int, int, int, int, int)
    """A region is to be hidden: page (from 1), left, top, width and height in ten-thousandths."""
    unwanted = Signal(str)
    """The region with this id is to be shown again."""
    left = Signal()
    """Marking is over."""

    def __init__(self, area: QAbstractScrollArea, sheets: Sheets) -> None:
        super().__init__(area.viewport())
        self._area = area
        self._sheets = sheets
        self._regions: Sequence[RedactionRegion] = ()
        self._box: _Box | None = None
        self._drag: tuple[int, QPointF, QPointF] | None = None
        self._is_marking = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        area.viewport().installEventFilter(self)
        self.hide()

    @property
    def is_marking(self) -> bool:
        """Whether regions are being marked."""
        return self._is_marking

    def set_regions(self, regions: Sequence[RedactionRegion]) -> None:
        """Show these regions."""
        self._regions = tuple(regions)
        self._show_or_hide()
        self._tell()

    def set_marking(self, *, on: bool) -> None:
        """Begin to mark regions, with a box in the middle of what is seen, or end it."""
        if on == self._is_marking:
            return
        self._is_marking = on
        self._drag = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not on)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.NoFocus)
        self._box = self._first_box() if on else None
        self._show_or_hide()
        if on:
            self.setCursor(Qt.CursorShape.CrossCursor)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._tell()
        else:
            self.unsetCursor()
            self._area.setFocus(Qt.FocusReason.OtherFocusReason)
            self.left.emit()

    def _show_or_hide(self) -> None:
        self.setGeometry(self._area.viewport().rect())
        self.setVisible(self._is_marking or bool(self._regions))
        self.update()

    # Places

    def _on_screen(self, page: int, left: int, top: int, width: int, height: int) -> QRectF | None:
        for number, sheet in self._sheets():
            if number == page:
                across, down = sheet.width() / WHOLE, sheet.height() / WHOLE
                return QRectF(sheet.left() + left * across, sheet.top() + top * down, width * across, height * down)
        return None

    def _sheet_at(self, point: QPointF) -> tuple[int, QRectF] | None:
        return next(((page, sheet) for page, sheet in self._sheets() if sheet.contains(point)), None)

    def _first_box(self) -> _Box | None:
        middle = QPointF(self.rect().center())
        found = self._sheet_at(middle) or next(iter(self._sheets()), None)
        if found is None:
            return None
        page, sheet = found
        across = round((middle.x() - sheet.left()) / max(sheet.width(), 1) * WHOLE)
        down = round((middle.y() - sheet.top()) / max(sheet.height(), 1) * WHOLE)
        left = min(max(across - _FIRST_WIDTH // 2, 0), WHOLE - _FIRST_WIDTH)
        top = min(max(down - _FIRST_HEIGHT // 2, 0), WHOLE - _FIRST_HEIGHT)
        return _Box(page, left, top, _FIRST_WIDTH, _FIRST_HEIGHT)

    def _region_in_hand(self) -> RedactionRegion | None:
        box = self._box
        if box is None:
            return None
        middle = (box.left + box.width / 2, box.top + box.height / 2)
        for region in reversed(self._regions):
            if region.page == box.page and _holds(region, *middle):
                return region
        return None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the regions, and the box in hand."""
        del event
        painter = QPainter(self)
        in_hand = self._region_in_hand() if self._is_marking else None
        for region in self._regions:
            place = self._on_screen(region.page, region.left, region.top, region.width, region.height)
            if place is not None:
                painter.fillRect(place, _HIDDEN)
                painter.setPen(QPen(_IN_HAND if region is in_hand else _HIDDEN_EDGE, 3 if region is in_hand else 1))
                painter.drawRect(place)
        if self._drag is not None:
            self._outline(painter, QRectF(self._drag[1], self._drag[2]).normalized())
        elif self._is_marking and self._box is not None:
            box = self._box
            place = self._on_screen(box.page, box.left, box.top, box.width, box.height)
            if place is not None:
                self._outline(painter, place)
        if self._is_marking and self.hasFocus():
            painter.setPen(QPen(theme.current().colour("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    @staticmethod
    def _outline(painter: QPainter, place: QRectF) -> None:
        """Draw a box that is seen on light and on dark."""
        painter.setPen(QPen(_PAPER_EDGE, 3))
        painter.drawRect(place)
        painter.setPen(QPen(_HIDDEN_EDGE, 2, Qt.PenStyle.DashLine))
        painter.drawRect(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay as large as the viewport."""
        if event.type() == QEvent.Type.Resize and watched is self._area.viewport():
            self.setGeometry(self._area.viewport().rect())
        return False

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin a box, or take the region in hand that is there."""
        found = self._sheet_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or found is None:
            return
        self._drag = found[0], event.position(), event.position()
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Draw the box as far as the pointer is on the page."""
        if self._drag is not None:
            page, start, _ = self._drag
            sheet = next((sheet for number, sheet in self._sheets() if number == page), QRectF())
            end = event.position()
            end = QPointF(
                min(max(end.x(), sheet.left()), sheet.right()), min(max(end.y(), sheet.top()), sheet.bottom())
            )
            self._drag = page, start, end
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Hide what the box holds; where none was drawn, take the region under the pointer in hand."""
        if self._drag is None or event.button() != Qt.MouseButton.LeftButton:
            return
        page, start, end = self._drag
        self._drag = None
        drawn = QRectF(start, end).normalized()
        sheet = next((sheet for number, sheet in self._sheets() if number == page), None)
        if sheet is None:
            return
        across, down = WHOLE / max(sheet.width(), 1), WHOLE / max(sheet.height(), 1)
        left, top = (drawn.left() - sheet.left()) * across, (drawn.top() - sheet.top()) * down
        if drawn.width() >= _SMALLEST and drawn.height() >= _SMALLEST:
            self._box = _Box(page, round(left), round(top), round(drawn.width() * across), round(drawn.height() * down))
            self._hide_box()
        else:
            region = next((one for one in reversed(self._regions) if one.page == page and _holds(one, left, top)), None)
            if region is not None:
                self._take(region)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Scroll and zoom what lies below."""
        QApplication.sendEvent(self._area.viewport(), event)

    # The keys

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move and size the box, hide what it holds, show a region again, or end marking."""
        key, modifiers = event.key(), event.modifiers()
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if key == Qt.Key.Key_Escape:
            self.set_marking(on=False)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._hide_box()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            region = self._region_in_hand()
            if region is not None:
                self.unwanted.emit(region.id)
        elif key == Qt.Key.Key_N and self._regions:
            self._take_next()
        elif key in steps:
            large = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
            self._move(*steps[Qt.Key(key)], large=large, size=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            QApplication.sendEvent(self._area, event)
            self._box = self._first_box()
        else:
            super().keyPressEvent(event)
            return
        self._tell()
        self.update()

    def event(self, event: QEvent) -> bool:
        """Claim the keys that mean something here before the window's actions do."""
        own = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Escape)
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in own:
            event.accept()
            return True
        return super().event(event)

    def _move(self, across: int, down: int, *, large: bool, size: bool) -> None:
        box = self._box
        if box is None:
            return
        step = _LARGE_STEP if large else _STEP
        if size:
            box.width = min(max(box.width + across * step, _STEP), WHOLE - box.left)
            box.height = min(max(box.height + down * step, _STEP), WHOLE - box.top)
        else:
            box.left = min(max(box.left + across * step, 0), WHOLE - box.width)
            box.top = min(max(box.top + down * step, 0), WHOLE - box.height)

    def _hide_box(self) -> None:
        box = self._box
        if box is not None:
            self.drawn.emit(box.page, box.left, box.top, box.width, box.height)

    def _take(self, region: RedactionRegion) -> None:
        self._box = _Box(region.page, region.left, region.top, region.width, region.height)
        self._tell()

    def _take_next(self) -> None:
        seen = {page for page, _ in self._sheets()}
        here = [region for region in self._regions if region.page in seen] or list(self._regions)
        current = self._region_in_hand()
        place = here.index(current) + 1 if current in here else 0
        self._take(here[place % len(here)])

    def _tell(self) -> None:
        """Say where the box is, for those who do not see it."""
        if not self._is_marking:
            return
        self.setAccessibleName("Mark regions to hide")
        box = self._box
        if box is None:
            return
        said = (
            f"Page {box.page}: a box {box.left / 100:.0f} % from the left, {box.top / 100:.0f} % from the top, "
            f"{box.width / 100:.0f} % wide and {box.height / 100:.0f} % high."
        )
        if self._region_in_hand() is not None:
            said += " It is on a region that is hidden; Delete shows it again."
        self.setAccessibleDescription(said)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show that the focus has gone."""
        super().focusOutEvent(event)
        self.update()


def _holds(region: RedactionRegion, left: float, top: float) -> bool:
    return 0 <= left - region.left <= region.width and 0 <= top - region.top <= region.height
