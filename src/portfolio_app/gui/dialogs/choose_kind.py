"""Choosing a kind of evidence by its name, its description and its icon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.folding import folded, search_words
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.icons import kind_icon
from portfolio_app.gui.widgets.basics import SearchField
from portfolio_app.gui.widgets.text_lines import draw_lines

_KIND: Final = Qt.ItemDataRole.UserRole
_SEARCHED: Final = Qt.ItemDataRole.UserRole + 1
_DESCRIPTION: Final = Qt.ItemDataRole.UserRole + 2
_MOST_LINES: Final = 6
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
        self._list.setItemDelegate(_KindDelegate(self._list))
        self._list.setResizeMode(QListView.ResizeMode.Adjust)
        self._list.setMouseTracking(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.itemActivated.connect(self._take)
        self._list.itemDoubleClicked.connect(self._take)
        for kind in sorted(kinds.values(), key=lambda kind: kind.title.casefold()):
            item = QListWidgetItem(kind.title)
            item.setData(_KIND, kind.id)
            item.setData(_DESCRIPTION, kind.description)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{kind.title}: {kind.description}")
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
        self.set_size(560, 560)
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


class _KindDelegate(QStyledItemDelegate):
    """Draws a kind as its icon and title, and below them its description on as many lines as it needs."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As high as the title and the description are."""
        del option
        metrics, width = QFontMetrics(theme.body_font()), self._view.viewport().width()
        room = self._words(QRect(0, 0, width, 0)).width()
        wrapped = metrics.boundingRect(QRect(0, 0, room, 0), Qt.TextFlag.TextWordWrap, index.data(_DESCRIPTION))
        lines = -(-wrapped.height() // metrics.height())
        return QSize(
            width, QFontMetrics(_title_font()).height() + lines * metrics.height() + theme.current().scaled(18)
        )

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one kind."""
        dress = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect.adjusted(4, 1, -4, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(dress.colour("selection" if chosen else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(dress.colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 6, 6)
        words = self._words(option.rect)
        side = dress.scaled(20)
        font = _title_font()
        height = QFontMetrics(font).height()
        sign = QRect(area.left() + dress.scaled(8), words.top() + (height - side) // 2, side, side)
        kind_icon(str(index.data(_KIND)), 20).paint(painter, sign)
        painter.setFont(font)
        painter.setPen(dress.colour("text"))
        title = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, 0, title)
        painter.setFont(theme.body_font())
        painter.setPen(dress.colour("muted"))
        draw_lines(painter, str(index.data(_DESCRIPTION)), QRectF(words.adjusted(0, height, 0, 0)), _MOST_LINES)
        painter.restore()

    @staticmethod
    def _words(row: QRect) -> QRect:
        scaled = theme.current().scaled
        return row.adjusted(scaled(44), scaled(8), -scaled(16), 0)


def _title_font() -> QFont:
    font = theme.body_font()
    font.setBold(True)
    return font
