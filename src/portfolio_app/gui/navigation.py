"""The column on the left: the pages, each with a live count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QSizePolicy, QVBoxLayout, QWidget

from portfolio_app.gui import places, theme
from portfolio_app.gui.icons import icon

_WIDTH: Final = 176
_NARROW: Final = 52


@dataclass(frozen=True, slots=True)
class PageDeclaration:
    """A page: where its class is, and how the column on the left shows it."""

    name: str
    title: str
    icon: str
    module: str
    class_name: str
    counts: str = ""
    """What its count counts, for screen readers: “%n gaps”."""
    below: str = ""
    """The one service that it needs, where it is shown before the others are imported."""


PAGES: Final = (
    PageDeclaration(
        places.OVERVIEW,
        "Overview",
        "layout-dashboard",
        "portfolio_app.gui.pages.overview",
        "OverviewPage",
        below="portfolio_app.services.overview",
    ),
    PageDeclaration(
        places.EVIDENCE, "Evidence", "files", "portfolio_app.gui.pages.evidence", "EvidencePage", "%n items"
    ),
    PageDeclaration(places.UNITS, "Units", "list-tree", "portfolio_app.gui.pages.units", "UnitsPage", "%n units"),
    PageDeclaration(places.MATRIX, "Matrix", "grid-3x3", "portfolio_app.gui.pages.matrix", "MatrixPage"),
    PageDeclaration(places.GAPS, "Gaps", "triangle-alert", "portfolio_app.gui.pages.gaps", "GapsPage", "%n gaps"),
    PageDeclaration(
        places.FEEDBACK,
        "Feedback",
        "message-square",
        "portfolio_app.gui.pages.feedback",
        "FeedbackPage",
        "%n decisions to answer",
    ),
    PageDeclaration(places.EXPORT, "Export", "share", "portfolio_app.gui.pages.export", "ExportPage"),
)


class _Entry(QAbstractButton):
    """One page in the column, drawn as icon, title and count."""

    def __init__(self, page: PageDeclaration, parent: QWidget) -> None:
        super().__init__(parent)
        self.page = page
        self.count: int | None = None
        self.is_narrow = False
        self.setCheckable(True)
        self.setAutoExclusive(True)  # read aloud as one of several, not as a box to tick
        self.setText(page.title)
        self.setAccessibleName(page.title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_count(self, count: int | None) -> None:
        """Show a number, or none."""
        if count == self.count:
            return
        self.count = count
        described = self.page.counts.replace("%n", f"{count:,}") if count is not None else ""
        self.setAccessibleDescription(described)
        self._tell()
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        """Show the icon alone."""
        self.is_narrow = narrow
        self._tell()
        self.update()

    def _tell(self) -> None:
        words = [self.page.title] if self.is_narrow else []
        if self.accessibleDescription():
            words.append(self.accessibleDescription())
        self.setToolTip(" · ".join(words))

    def sizeHint(self) -> QSize:  # noqa: N802
        """As high as its text asks for."""
        return QSize(120, max(32, self.fontMetrics().height() + 14))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the entry."""
        del event
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.rect().adjusted(1, 1, -1, -1)
        chosen = self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("selection" if chosen else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        if self.hasFocus():
            pen = painter.pen()
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setColor(colours.colour("accent"))
            pen.setWidth(2)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 5, 5)
        ink = "text" if self.isEnabled() else "muted"
        side = max(16, round(self.fontMetrics().height() * 0.95))
        left = (self.width() - side) // 2 if self.is_narrow else area.left() + 10
        place = QRect(left, (self.height() - side) // 2, side, side)
        icon(self.page.icon, side, "accent" if chosen else ink).paint(painter, place)
        if self.is_narrow:
            return
        font = self.font()
        font.setBold(chosen)
        painter.setFont(font)
        painter.setPen(colours.colour(ink))
        text_area = area.adjusted(side + 20, 0, -8, 0)
        count = f"{self.count:,}" if self.count else ""
        painter.setFont(self.font())
        count_width = painter.fontMetrics().horizontalAdvance(count)
        painter.setPen(colours.colour("muted"))
        painter.drawText(text_area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        painter.setFont(font)
        painter.setPen(colours.colour(ink))
        room = text_area.adjusted(0, 0, -count_width - 6, 0)
        title = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)


class NavigationColumn(QFrame):
    """The pages to choose from, by mouse, Tab and the arrow keys."""

    chosen = Signal(str)
    """The name of a page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "navigation")
        self.setAccessibleName("Pages")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 12, 8, 12)
        layout.setSpacing(2)
        self._entries: dict[str, _Entry] = {}
        group = QButtonGroup(self)
        group.setExclusive(True)
        for page in PAGES:
            entry = _Entry(page, self)
            entry.clicked.connect(partial(self._choose, page.name))
            entry.installEventFilter(self)
            group.addButton(entry)
            layout.addWidget(entry)
            self._entries[page.name] = entry
        layout.addStretch(1)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Show icons alone where the window has little room."""
        scale = self.fontMetrics().height() / 18
        self.setFixedWidth(round((_NARROW if narrow else _WIDTH) * max(1.0, scale)))
        for entry in self._entries.values():
            entry.set_narrow(narrow)

    def show_page(self, name: str) -> None:
        """Mark the page that is shown."""
        self._entries[name].setChecked(True)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show a number beside each page named, and none beside the others."""
        for name, entry in self._entries.items():
            entry.set_count(counts.get(name))

    def eventFilter(self, watched: object, event: QEvent) -> bool:  # noqa: N802
        """Let the arrow keys move between the entries."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, _Entry):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                entries = list(self._entries.values())
                entries[(entries.index(watched) + step) % len(entries)].setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                watched.click()
                return True
        return False

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Be as wide as the letters ask for."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_entries"):
            self.set_narrow(next(iter(self._entries.values())).is_narrow)

    def _choose(self, name: str, _checked: bool = False) -> None:
        self.chosen.emit(name)
