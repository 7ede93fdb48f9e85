"""Pages that scroll up and down, where the screen is small or the letters are large."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget


class UprightArea(QScrollArea):
    """Scrolls up and down only: it is never narrower than what it holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Be wide enough for what it holds, and its bar."""
        least, held = super().minimumSizeHint(), self.widget()
        if held is None:
            return least
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(max(least.width(), held.minimumSizeHint().width() + bar), least.height())

    def event(self, event: QEvent) -> bool:
        """Ask for other room where what it holds has become wider or narrower."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)


class ScrolledColumn(UprightArea):
    """A column that scrolls up and down.

    Attributes:
        column: The layout for what it holds.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        page = QWidget()
        self.column = QVBoxLayout(page)
        self.column.setContentsMargins(0, 0, 12, 0)
        self.column.setSpacing(16)
        self.setWidget(page)
