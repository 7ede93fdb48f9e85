"""Choosing a kind of evidence by its name, its description and its icon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.folding import folded, search_words
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.icons import kind_icon
from portfolio_app.gui.widgets.basics import SearchField

_KIND: Final = Qt.ItemDataRole.UserRole
_SEARCHED: Final = Qt.ItemDataRole.UserRole + 1
_STEPS: Final = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class ChooseKindDialog(DialogFrame):
    """All kinds with a search field in which the arrow keys move through the list."""

    chosen = Signal(str)
    """The id of a kind."""

    def __init__(
        self, kinds: Mapping[str, EvidenceKind], title: str, parent: QWidget | None = None, *, current: str = ""
    ) -> None:
        super().__init__(title, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._search = SearchField("Search kinds of evidence")
        self._search.textChanged.connect(self._narrow)
        self._search.installEventFilter(self)
        self._list = QListWidget()
        self._list.setAccessibleName("Kinds of evidence")
        self._list.setIconSize(QSize(20, 20))
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.itemActivated.connect(self._take)
        self._list.itemDoubleClicked.connect(self._take)
        for kind in sorted(kinds.values(), key=lambda kind: kind.title.casefold()):
            item = QListWidgetItem(kind_icon(kind.id, 20), f"{kind.title}\n{kind.description}")
            item.setData(_KIND, kind.id)
            item.setData(_SEARCHED, folded(f"{kind.title} {kind.description} {kind.method}"))
            self._list.addItem(item)
            if kind.id == current:
                self._list.setCurrentItem(item)
        if self._list.currentRow() < 0:
            self._list.setCurrentRow(0)
        self.body.addWidget(self._search)
        self.body.addWidget(self._list, 1)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self._choose = self.add_button("Choose this kind", "primary", default=True)
        self._choose.clicked.connect(self._take)
        self._list.currentItemChanged.connect(self._follow)
        self.resize(theme.current().scaled(560), theme.current().scaled(560))
        self._search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let the arrow keys move through the list while the search field has the focus."""
        if (
            watched is self._search
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in _STEPS
        ):
            self._step(event)
            return True
        return super().eventFilter(watched, event)

    def _step(self, event: QKeyEvent) -> None:
        shown = [row for row in range(self._list.count()) if not self._list.item(row).isHidden()]
        if not shown:
            return
        by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}
        row = self._list.currentRow()
        place = shown.index(row) if row in shown else 0
        self._list.setCurrentRow(shown[max(0, min(len(shown) - 1, place + by[Qt.Key(event.key())]))])

    def _narrow(self, typed: str) -> None:
        words, begun = search_words(typed), folded(typed).strip()
        shown = []
        for row in range(self._list.count()):
            item = self._list.item(row)
            matches = all(word in item.data(_SEARCHED) for word in words)
            item.setHidden(not matches)
            if matches:
                shown.append(row)
        if words and shown:
            # Enter takes what was named, which need not be what comes first in the alphabet.
            self._list.setCurrentRow(max(shown, key=lambda row: self._list.item(row).data(_SEARCHED).startswith(begun)))
        elif not self._has_choice():
            self._list.setCurrentRow(shown[0] if shown else -1)
        self._list.scrollToItem(self._list.currentItem())
        self._follow()

    def _has_choice(self) -> bool:
        row = self._list.currentRow()
        return row >= 0 and not self._list.item(row).isHidden()

    def _follow(self, *_items: object) -> None:
        self._choose.setEnabled(self._has_choice())

    def _take(self, *_item: object) -> None:
        if self._has_choice():
            kind_id = str(self._list.currentItem().data(_KIND))
            self.accept()
            self.chosen.emit(kind_id)
