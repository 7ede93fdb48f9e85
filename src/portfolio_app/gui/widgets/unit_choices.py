"""The units of the library as a list to tick, with those from files beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from portfolio_app.gui import theme
from portfolio_app.services.library import LibraryEntry

_SOURCE: Final = Qt.ItemDataRole.UserRole


class UnitChoiceList(QListWidget):
    """Units to choose from, each with its title and what is to be known of it."""

    ticked_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed: QListWidgetItem | None = None
        self.setAccessibleName("Units of the library")
        self.setMinimumHeight(theme.current().scaled(150))
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.itemChanged.connect(self._changed)

    def add_entry(self, entry: LibraryEntry, code: str = "") -> None:
        """Offer a unit of the library; with a ``code`` it is in the portfolio already and cannot be ticked."""
        facts = [part for part in (entry.reference, f"level {entry.level}" if entry.level else "") if part]
        facts.append(f"{entry.requirements} {'requirement' if entry.requirements == 1 else 'requirements'}")
        if code:
            facts.append(f"already in the portfolio as {code}")
        self.add_choice(entry.id, entry.title, " · ".join(facts), ticked=bool(code), enabled=not code)

    def add_choice(self, source: str, title: str, facts: str, *, ticked: bool = False, enabled: bool = True) -> None:
        """Offer a unit; ``source`` is what :meth:`ticked` names it by."""
        item = QListWidgetItem(f"{title}\n{facts}")
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        item.setData(_SOURCE, source)
        if not enabled:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)
        if ticked and enabled:
            self.scrollToItem(item)

    def ticked(self) -> Sequence[str]:
        """Return the sources of the units that are ticked and can be added, in the order of the list."""
        items = [self.item(row) for row in range(self.count())]
        return [
            str(item.data(_SOURCE))
            for item in items
            if item.checkState() == Qt.CheckState.Checked and item.flags() & Qt.ItemFlag.ItemIsEnabled
        ]

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Tick by a click on the words too: a row that is only highlighted looks chosen and is not."""
        item = self.itemAt(event.position().toPoint())
        if item is None or item is not self._pressed or event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        before = item.checkState()
        super().mouseReleaseEvent(event)
        if item.checkState() == before and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            ticked = before == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Remember where a click begins."""
        self._pressed = self.itemAt(event.position().toPoint())
        super().mousePressEvent(event)

    def _changed(self, _item: QListWidgetItem) -> None:
        self.ticked_changed.emit()
