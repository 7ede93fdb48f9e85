"""Claiming a requirement with evidence that is there already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStackedWidget, QStyleOptionViewItem, QWidget

from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.listing import EvidenceQuery
from portfolio_app.domain.qualification import Requirement
from portfolio_app.gui import theme
from portfolio_app.gui.dialogs.frame import DialogFrame
from portfolio_app.gui.models.evidence_model import EvidenceModel
from portfolio_app.gui.session import Session
from portfolio_app.gui.widgets.basics import EmptyState, MutedLabel, SearchField
from portfolio_app.gui.widgets.evidence_row import EvidenceRowDelegate
from portfolio_app.services.claim_edits import claim_all
from portfolio_app.services.evidence_list import EvidenceList, evidence_list

Index = QModelIndex | QPersistentModelIndex
_BOX: Final = 16


class TickedEvidenceModel(EvidenceModel):
    """Items that can be ticked; a tick stays while the list is narrowed."""

    ticked_changed = Signal()

    def __init__(self, kinds: Mapping[str, EvidenceKind], parent: QWidget | None = None) -> None:
        super().__init__(kinds, parent)
        self._ticked: dict[str, None] = {}

    def ticked(self) -> list[str]:
        """Return the ids of what is ticked, in the order of ticking."""
        return list(self._ticked)

    def is_ticked(self, evidence_id: str) -> bool:
        """Return whether an item is ticked."""
        return evidence_id in self._ticked

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows; the tick too."""
        if role == Qt.ItemDataRole.CheckStateRole and index.isValid():
            ticked = self.is_ticked(self.summary(index.row()).id)
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Tick an item, or take its tick away."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        evidence_id = self.summary(index.row()).id
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self._ticked[evidence_id] = None
        else:
            self._ticked.pop(evidence_id, None)
        self.dataChanged.emit(index, index, [Qt.ItemDataRole.CheckStateRole])
        self.ticked_changed.emit()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that items can be ticked."""
        return super().flags(index) | (Qt.ItemFlag.ItemIsUserCheckable if index.isValid() else Qt.ItemFlag.NoItemFlags)


class TickedEvidenceDelegate(EvidenceRowDelegate):
    """A box before the item; a click anywhere on the row, or Space, ticks it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the item and its box."""
        dress = theme.current()
        side = dress.scaled(_BOX)
        whole = QRect(option.rect)
        moved = QStyleOptionViewItem(option)
        moved.rect = whole.adjusted(side + 14, 0, 0, 0)
        super().paint(painter, moved, index)
        box = QRectF(whole.left() + 8, whole.center().y() - side / 2, side, side)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(dress.colour("accent"))
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(QPen(dress.colour("on_accent"), 2))
            corners = ((0.25, 0.52), (0.43, 0.7), (0.77, 0.32))
            painter.drawPolyline([QPointF(box.left() + x * side, box.top() + y * side) for x, y in corners])
        else:
            painter.setPen(QPen(dress.colour("control"), 1))
            painter.setBrush(dress.colour("surface"))
            painter.drawRoundedRect(box, 4, 4)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """As high as two lines."""
        return super().sizeHint(option, index)

    def editorEvent(  # type: ignore[override] # noqa: N802 - the stubs name the model's base class
        self, event: QEvent, model: TickedEvidenceModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Tick on a click or Space."""
        del option
        clicked = (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.LeftButton
        )
        pressed = (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select)
        )
        if not clicked and not pressed:
            return False
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        after = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
        return model.setData(index, after, Qt.ItemDataRole.CheckStateRole)


class ClaimExistingDialog(DialogFrame):
    """Search items, tick several, claim the requirement with them."""

    claimed = Signal(int)
    """How many items it was claimed with."""

    def __init__(
        self,
        session: Session,
        requirement: Requirement,
        address: str,
        *,
        already: Collection[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(f"Claim {address} with evidence already there", parent, says=requirement.text)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._requirement_id = requirement.id
        self._already = frozenset(already)
        self._search = SearchField("Search evidence")
        self._search.searched.connect(self._read)
        self._model = TickedEvidenceModel(session.kinds, self)
        self._model.ticked_changed.connect(self._follow)
        self._view = QListView()
        self._view.setModel(self._model)
        self._view.setItemDelegate(TickedEvidenceDelegate(self._model, self._view))
        self._view.setUniformItemSizes(True)
        self._view.setMouseTracking(True)
        self._view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._view.setAccessibleName("Evidence to claim it with")
        self._none = EmptyState("search-x", "Nothing matches.")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._none)
        self._count = MutedLabel("Tick what shows it. Why, and where in it, can be said afterwards.")
        self.body.addWidget(self._search)
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self._count)
        cancel = self.add_button("Cancel")
        cancel.clicked.connect(self.reject)
        self._claim = self.add_button("Claim", "primary", default=True)
        self._claim.clicked.connect(self._store)
        self.set_size(600, 600)
        self._search.setFocus()
        self._follow()
        self._read()

    def _read(self, *_typed: object) -> None:
        query = EvidenceQuery(words=self._search.text())
        self._session.read(
            evidence_list, self._session.kinds, query, done=self._show, receiver=self, topic="claim-existing"
        )

    def _show(self, found: EvidenceList) -> None:
        rows = [row for row in found.rows if row.id not in self._already]
        self._model.set_rows(rows)
        self._stack.setCurrentWidget(self._view if rows else self._none)
        if not rows:
            searched = bool(self._search.text().strip())
            self._none.set_text("Nothing matches." if searched else "Every item is claimed for it already.")

    def _follow(self) -> None:
        count = len(self._model.ticked())
        self._claim.setEnabled(count > 0)
        self._claim.setText(f"Claim with {count:,} {'item' if count == 1 else 'items'}" if count else "Claim")

    def _store(self) -> None:
        ids = self._model.ticked()
        if not ids:
            return
        self._claim.setEnabled(False)
        self._session.edit(claim_all, ids, [self._requirement_id], done=self._stored, failed=self._refused)

    def _stored(self, _claims: object) -> None:
        count = len(self._model.ticked())
        self.accept()
        self.claimed.emit(count)

    def _refused(self, error: BaseException) -> None:
        self._claim.setEnabled(True)
        self.show_error(error)
