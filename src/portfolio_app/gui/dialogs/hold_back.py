"""Choosing items that stay out of an export."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from portfolio_app.domain.evidence import Evidence
from portfolio_app.domain.folding import folded, search_words
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.icons import kind_icon
from portfolio_app.gui.widgets.basics import SearchField

_ID: Final = Qt.ItemDataRole.UserRole


class HoldBackDialog(DialogFrame):
    """All items with a tick for each that is held back: its reference stays in the document, its content does not."""

    chosen = Signal(frozenset)
    """The ids of the items that are held back."""

    def __init__(self, evidence: Sequence[Evidence], held_back: Collection[str], parent: QWidget | None = None) -> None:
        super().__init__(
            "Hold back items",
            parent,
            says="Ticked items keep their reference in this export, so that no claim leads nowhere; what they hold "
            "stays out.",
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        search = SearchField("Search evidence")
        search.searched.connect(self._narrow)
        self._list = QListWidget()
        self._list.setAccessibleName("Evidence to hold back")
        self._list.setUniformItemSizes(True)
        for item in evidence:
            row = QListWidgetItem(kind_icon(item.kind), f"{item.ref}  {item.title or 'Untitled'}")
            row.setFlags(row.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            row.setCheckState(Qt.CheckState.Checked if item.id in held_back else Qt.CheckState.Unchecked)
            row.setData(_ID, item.id)
            self._list.addItem(row)
        self.body.addWidget(search)
        self.body.addWidget(self._list, 1)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        hold = self.add_button("Hold these back", "primary", default=True)
        hold.clicked.connect(self._take)
        self.resize(theme.current().scaled(560), theme.current().scaled(520))
        search.setFocus()

    def _narrow(self, typed: str) -> None:
        words = search_words(typed)
        for row in range(self._list.count()):
            text = folded(self._list.item(row).text())
            self._list.item(row).setHidden(not all(word in text for word in words))

    def _take(self) -> None:
        rows = (self._list.item(row) for row in range(self._list.count()))
        ids = frozenset(str(row.data(_ID)) for row in rows if row.checkState() == Qt.CheckState.Checked)
        self.accept()
        self.chosen.emit(ids)
