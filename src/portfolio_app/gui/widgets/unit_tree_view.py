"""The tree of units as it is looked at, unfolded and put in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from portfolio_app.gui import theme
from portfolio_app.gui.models.unit_tree import UnitTreeModel, UnitTreeRow
from portfolio_app.gui.widgets.tree_branch import draw_branch
from portfolio_app.gui.widgets.unit_row import UnitRowDelegate

Index = QModelIndex | QPersistentModelIndex
_INDENTATION: Final = 16
_MEASURE_AFTER_MS: Final = 40
_MOST_UNFOLDED: Final = 400
"""With more rows than this only the unit in hand is unfolded of itself."""


class UnitTreeView(QTreeView):
    """Arrow keys walk through it; Alt with Up or Down, or dragging, puts the unit in hand elsewhere."""

    chosen = Signal(object)
    """The :class:`UnitTreeRow` in hand, or ``None``."""
    move_requested = Signal(str, int)
    """A unit's id and how far it is to go down (or up, with a negative number)."""

    def __init__(self, model: UnitTreeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._width = 0
        self.setModel(model)
        self.setItemDelegate(UnitRowDelegate(self))
        self.setHeaderHidden(True)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setAutoExpandDelay(-1)
        self.setAccessibleName("Units and their requirements")
        theme.set_role(self, "plain")
        self.selectionModel().currentChanged.connect(self._tell)
        self._measure_again = QTimer(self, singleShot=True, interval=_MEASURE_AFTER_MS)
        self._measure_again.timeout.connect(self.doItemsLayout)
        model.dataChanged.connect(self._measure_soon)
        theme.notifier().changed.connect(self._dress)
        self._dress()

    def current_row(self) -> UnitTreeRow | None:
        """Return the row in hand."""
        return self._model.row(self.currentIndex())

    def choose(self, row_id: str) -> bool:
        """Take a row in hand and unfold what is above it; return whether there is such a row."""
        index = self._model.index_of(row_id)
        if not index.isValid():
            return False
        above = index.parent()
        while above.isValid():
            self.expand(above)
            above = above.parent()
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        return True

    def unfolded(self) -> list[str]:
        """Return the ids of the rows that are unfolded."""
        found: list[str] = []

        def look(above: QModelIndex) -> None:
            for place in range(self._model.rowCount(above)):
                index = self._model.index(place, 0, above)
                if self.isExpanded(index):
                    row = self._model.row(index)
                    found.append(row.id if row else "")
                    look(index)

        look(QModelIndex())
        return found

    def unfold(self, row_ids: Iterable[str]) -> None:
        """Unfold these rows, where they are still there."""
        for row_id in row_ids:
            index = self._model.index_of(row_id)
            if index.isValid():
                self.expand(index)

    def unfold_as_usual(self) -> None:
        """Unfold units and outcomes, but no parts; with very many rows the first unit only."""
        if self._model.row_count_in_all() > _MOST_UNFOLDED:
            self.expand(self._model.first())
            return
        for unit in self._model.units():
            self.expand(self._model.index_of(unit.id))
            for ancestors, _ in unit.walk():
                for above in ancestors:
                    self.expand(self._model.index_of(above.id))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move the unit in hand with Alt and an arrow; Enter folds and unfolds."""
        row = self.current_row()
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if row is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
            if self._model.can_reorder and row.tree is not None:
                self.move_requested.emit(row.unit.id, steps[Qt.Key(event.key())])
            return
        if row is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row.children:
            self.setExpanded(self.currentIndex(), not self.isExpanded(self.currentIndex()))
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give rows the height that their words need at this width."""
        super().resizeEvent(event)
        if event.size().width() != self._width:
            self._width = event.size().width()
            self._measure_again.start()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Give rows another height with another type size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure_again.start()

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:  # noqa: N802
        """Draw the sign that a row can be unfolded, and nothing of the selection."""
        draw_branch(self, painter, rect, index)

    def _tell(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.chosen.emit(self._model.row(current))

    def _measure_soon(self, *_changed: object) -> None:
        self._measure_again.start()

    def _dress(self) -> None:
        self.setIndentation(theme.current().scaled(_INDENTATION))
        self._measure_again.start()
