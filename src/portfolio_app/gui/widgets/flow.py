"""A layout that sets widgets in lines like words, as many to a line as fit."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget

from portfolio_app.gui import theme


class FlowLayout(QLayout):
    """Sets its widgets one after another, and begins a new line where the next would not fit."""

    def __init__(self, parent: QWidget | None = None, gap: int = theme.Space.S8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802
        """Append an item."""
        self._items.append(item)

    def insert_widget(self, index: int, widget: QWidget) -> None:
        """Put a widget before the one at a position."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Return the item at a position, or None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Remove and return the item at a position, or None past the end."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def clear(self) -> None:
        """Remove and delete every widget."""
        while self._items:
            widget = self._items.pop().widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.invalidate()

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        """Return that the layout wants no more room than its lines."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Return that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Return the height of the lines at a width."""
        return self._lay_out(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rectangle: QRect) -> None:  # noqa: N802
        """Set the widgets within a rectangle."""
        super().setGeometry(rectangle)
        self._lay_out(rectangle, move=True)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size with everything on one line."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(0, len(shown) - 1)
        return self._with_margins(QSize(width, max((size.height() for size in shown), default=0)))

    def minimumSize(self) -> QSize:  # noqa: N802
        """Return the size of the largest widget."""
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return self._with_margins(size)

    def _with_margins(self, size: QSize) -> QSize:
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _lay_out(self, rectangle: QRect, *, move: bool) -> int:
        area = rectangle.marginsRemoved(self.contentsMargins())
        right, y = area.x() + area.width(), area.y()
        line: list[tuple[QLayoutItem, QRect]] = []
        x, height = area.x(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            widest = max(area.width(), item.minimumSize().width())
            size = item.sizeHint()
            size.setWidth(min(size.width(), widest))
            if line and x + size.width() > right:
                self._set_line(line, area, height, move=move)
                x, y, height, line = area.x(), y + height + self.spacing(), 0, []
            line.append((item, QRect(QPoint(x, y), size)))
            x += size.width() + self.spacing()
            height = max(height, size.height())
        self._set_line(line, area, height, move=move)
        return y + height - rectangle.y() + self.contentsMargins().bottom()

    def _set_line(self, line: list[tuple[QLayoutItem, QRect]], area: QRect, height: int, *, move: bool) -> None:
        if not move:
            return
        parent = self.parentWidget()
        direction = parent.layoutDirection() if parent is not None else Qt.LayoutDirection.LeftToRight
        for item, place in line:
            place.translate(0, (height - place.height()) // 2)
            item.setGeometry(QStyle.visualRect(direction, area, place))
