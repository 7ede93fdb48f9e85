"""Choosing items that stay out of an export."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QListView, QWidget

from portfolio_app.domain.facts import EvidenceFact
from portfolio_app.domain.folding import folded, search_words
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.icons import kind_icon
from portfolio_app.gui.widgets.basics import SearchField

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class HoldBackDialog(DialogFrame):
    """All items with a tick for each that is held back: its reference stays in the document, its content does not."""

    chosen = Signal(frozenset)
    """The ids of the items that are held back."""

    def __init__(
        self, evidence: Sequence[EvidenceFact], held_back: Collection[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "Hold back items",
            parent,
            says="Ticked items keep their reference in this export, so that no claim leads nowhere; what they hold "
            "stays out.",
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.items = TickedItems(evidence, held_back)
        search = SearchField("Search evidence")
        search.searched.connect(self.items.narrow)
        view = QListView()
        view.setAccessibleName("Evidence to hold back")
        view.setUniformItemSizes(True)
        view.setModel(self.items)
        self.body.addWidget(search)
        self.body.addWidget(view, 1)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        hold = self.add_button("Hold these back", "primary", default=True)
        hold.clicked.connect(self._take)
        self.set_size(560, 520)
        search.setFocus()

    def _take(self) -> None:
        self.accept()
        self.chosen.emit(frozenset(self.items.ticked))


class TickedItems(QAbstractListModel):
    """Items of evidence, each with a tick or without; a search shows some of them and leaves the ticks alone."""

    def __init__(self, evidence: Sequence[EvidenceFact], ticked: Collection[str]) -> None:
        super().__init__()
        self.ticked = set(ticked)
        self._all = evidence
        self._shown = evidence
        self._searched: list[str] = []

    def narrow(self, typed: str) -> None:
        """Show the items in whose reference and title each of these words is found."""
        words = search_words(typed)
        if words and not self._searched:
            self._searched = [folded(_line(item)) for item in self._all]
        self.beginResetModel()
        self._shown = (
            [item for item, text in zip(self._all, self._searched, strict=True) if all(word in text for word in words)]
            if words
            else self._all
        )
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many items are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return an item's line, its icon and its tick."""
        if not index.isValid() or not 0 <= index.row() < len(self._shown):
            return None
        item = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _line(item)
        if role == Qt.ItemDataRole.DecorationRole:
            return kind_icon(item.kind)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if item.id in self.ticked else Qt.CheckState.Unchecked
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Tick an item, or take its tick away."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        item = self._shown[index.row()]
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self.ticked.add(item.id)
        else:
            self.ticked.discard(item.id)
        self.dataChanged.emit(index, index, [role])
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let every item be ticked."""
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable


def _line(item: EvidenceFact) -> str:
    return f"E{item.number}  {item.title or 'Untitled'}"
