"""The list of evidence: search, filters, order, and the items themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.listing import EvidenceOrder, EvidenceQuery, EvidenceState, EvidenceSummary
from portfolio_app.gui import theme
from portfolio_app.gui.icons import kind_icon, set_icon
from portfolio_app.gui.models.evidence_model import EvidenceModel
from portfolio_app.gui.widgets.basics import EmptyState, MutedLabel, SearchField
from portfolio_app.gui.widgets.evidence_row import EvidenceRowDelegate
from portfolio_app.services.evidence_list import EvidenceFacets, EvidenceList

_ORDERS: Final = {
    EvidenceOrder.REF: "Reference",
    EvidenceOrder.TITLE: "Title",
    EvidenceOrder.KIND: "Kind",
    EvidenceOrder.DATE: "Date",
    EvidenceOrder.CLAIMS: "Number of claims",
    EvidenceOrder.CHANGED: "Last changed",
}
_LARGEST_MENU: Final = 30


class EvidenceListPanel(QWidget):
    """Shows what a query found; asks for another through ``query_changed``.

    ``chosen`` names the item to show, or is empty; it follows the arrow keys. ``selected`` are all ids that are
    marked, for what is done to many at once.
    """

    query_changed = Signal(object)
    chosen = Signal(str)
    selected = Signal(list)
    menu_requested = Signal(QPoint)
    new_requested = Signal()

    def __init__(self, kinds: Mapping[str, EvidenceKind], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self._units: Mapping[str, str] = {}
        self._facets: EvidenceFacets | None = None
        self.query = EvidenceQuery()
        self.model = EvidenceModel(kinds, self)
        self.search = SearchField("Search evidence")
        self.search.textChanged.connect(self._search)  # no pause: a newer question drops the older
        self._filter = self._menu_button("filter", "Filter", self._fill_filter)
        self._order = self._menu_button("arrow-up-down", "Sort", self._fill_order)
        self.view = QListView()
        self.view.setModel(self.model)
        self._delegate = EvidenceRowDelegate(self.model, self.view)
        self.view.setItemDelegate(self._delegate)
        self.view.setUniformItemSizes(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setAccessibleName("Evidence")
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._ask_for_menu)
        self.view.selectionModel().currentChanged.connect(self._choose)
        self.view.selectionModel().selectionChanged.connect(self._select)
        theme.set_role(self.view, "plain-list")
        self._none = EmptyState("search-x", "Nothing matches.", "Show all")
        self._none.pressed.connect(self.clear_query)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._none)
        self._count = MutedLabel("")
        self._new = QToolButton()
        self._new.setText("New")
        self._new.setToolTip("New evidence (Ctrl+N)")
        self._new.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_icon(self._new, "plus", colour="on_accent")
        theme.set_role(self._new, "primary")
        self._new.clicked.connect(self.new_requested)
        self._lay_out()
        self._says_filter()

    def set_read_only(self, read_only: bool) -> None:
        """Offer nothing new where nothing can be changed."""
        self._new.setVisible(not read_only)

    def set_units(self, units: Mapping[str, str]) -> None:
        """Take the units that the list can be narrowed to: what each is called, by its id."""
        self._units = units

    def set_facets(self, facets: EvidenceFacets) -> None:
        """Take how many items there are of each kind, unit, state and tag."""
        self._facets = facets

    def show_list(self, found: EvidenceList) -> None:
        """Show what a query found; the item in hand stays in hand if it is still there."""
        if list(found.ids) == self.model.ids():
            self.model.update_rows(found.rows)
            self._say_count(found)
            return
        current = self.current_id()
        marked = set(self.selected_ids())
        top = self.view.verticalScrollBar().value()
        selection = self.view.selectionModel()
        selection.blockSignals(True)
        self.model.set_rows(found.rows)
        row = self.model.row_of(current) if current else -1
        if row >= 0:
            selection.setCurrentIndex(self.model.index(row), QItemSelectionModel.SelectionFlag.NoUpdate)
        for evidence_id in marked:
            place = self.model.row_of(evidence_id)
            if place >= 0:
                selection.select(self.model.index(place), QItemSelectionModel.SelectionFlag.Select)
        selection.blockSignals(False)
        self.view.verticalScrollBar().setValue(top)
        self.view.viewport().update()
        self._say_count(found)
        if current and row < 0:
            self.chosen.emit("")

    def update_rows(self, rows: Iterable[EvidenceSummary]) -> None:
        """Show what changed of some items."""
        self.model.update_rows(rows)

    def current_id(self) -> str:
        """Return the id of the item in hand, or nothing."""
        index = self.view.currentIndex()
        return self.model.summary(index.row()).id if index.isValid() else ""

    def selected_ids(self) -> list[str]:
        """Return the ids of the marked items in the list's order."""
        rows = sorted(index.row() for index in self.view.selectionModel().selectedIndexes())
        return [self.model.summary(row).id for row in rows]

    def choose(self, evidence_id: str) -> bool:
        """Take an item in hand and mark it alone; say whether it is in the list."""
        row = self.model.row_of(evidence_id)
        if row < 0:
            return False
        index = self.model.index(row)
        if index != self.view.currentIndex() or self.view.selectionModel().selectedIndexes() != [index]:
            self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.view.scrollTo(index)
        return True

    def choose_many(self, ids: Sequence[str]) -> None:
        """Mark items; the first is taken in hand."""
        if ids and self.choose(ids[0]):
            for evidence_id in ids[1:]:
                row = self.model.row_of(evidence_id)
                if row >= 0:
                    self.view.selectionModel().select(self.model.index(row), QItemSelectionModel.SelectionFlag.Select)

    def set_query(self, query: EvidenceQuery) -> None:
        """Ask for other items."""
        if query == self.query:
            return
        self.query = query
        if self.search.text() != query.words:
            self.search.blockSignals(True)
            self.search.setText(query.words)
            self.search.blockSignals(False)
        self._says_filter()
        self.query_changed.emit(query)

    def clear_query(self) -> None:
        """Show all items, in the order that was chosen."""
        self.set_query(EvidenceQuery(order=self.query.order, descending=self.query.descending))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Lay the rows out anew for larger letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "view"):
            self.view.scheduleDelayedItemsLayout()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.search, 1)
        top.addWidget(self._filter)
        top.addWidget(self._order)
        bottom = QHBoxLayout()
        bottom.addWidget(self._count, 1)
        bottom.addWidget(self._new)
        head = QVBoxLayout()
        head.setContentsMargins(12, 12, 8, 8)
        head.addLayout(top)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 12, 8)
        foot.addLayout(bottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        layout.addLayout(foot)

    def _menu_button(self, icon_name: str, name: str, fill: Callable[[QMenu], None]) -> QToolButton:
        button = QToolButton()
        set_icon(button, icon_name, colour="muted")
        theme.set_role(button, "quiet")
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.aboutToShow.connect(partial(fill, menu))
        button.setMenu(menu)
        return button

    def _fill_filter(self, menu: QMenu) -> None:
        menu.clear()
        facets = self._facets
        if facets is None:
            return
        show_all = menu.addAction("Show all")
        show_all.setEnabled(self.query.narrows)
        show_all.triggered.connect(self.clear_query)
        menu.addSeparator()
        self._add_facet(menu, "State", "states", {state: str(state) for state in facets.states}, facets.states)
        kinds = {kind: self._kinds[kind].title if kind in self._kinds else kind for kind in facets.kinds}
        self._add_facet(menu, "Kind", "kinds", dict(sorted(kinds.items(), key=lambda item: item[1])), facets.kinds)
        units = {unit: self._units[unit] for unit in self._units if unit in facets.units}
        self._add_facet(menu, "Unit", "units", units, facets.units)
        self._add_facet(menu, "Tag", "tags", {tag: tag for tag in facets.tags}, facets.tags)

    def _add_facet(
        self, menu: QMenu, title: str, field: str, names: Mapping[Any, str], counts: Mapping[Any, int]
    ) -> None:
        below = menu.addMenu(title)
        below.setEnabled(bool(names))
        chosen = getattr(self.query, field)
        for value, name in list(names.items())[:_LARGEST_MENU]:
            action = QAction(f"{name[:1].upper()}{name[1:]}  ({counts.get(value, 0):,})".replace("&", "&&"), below)
            if field == "kinds":
                action.setIcon(kind_icon(value))
            action.setCheckable(True)
            action.setChecked(value in chosen)
            action.toggled.connect(partial(self._narrow, field, value))
            below.addAction(action)

    def _fill_order(self, menu: QMenu) -> None:
        menu.clear()
        group = QActionGroup(menu)
        for order, name in _ORDERS.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(order is self.query.order)
            action.triggered.connect(partial(self._sort, order))
            group.addAction(action)
        menu.addSeparator()
        descending = menu.addAction("Last first")
        descending.setCheckable(True)
        descending.setChecked(self.query.descending)
        descending.triggered.connect(self._turn)

    def _say_count(self, found: EvidenceList) -> None:
        self._stack.setCurrentWidget(self.view if found.rows or not self.query.narrows else self._none)
        shown, total = len(found.rows), found.total
        items = "item" if total == 1 else "items"
        self._count.setText(f"{total:,} {items}" if shown == total else f"{shown:,} of {total:,} {items}")

    def _narrow(self, field: str, value: object, on: bool) -> None:
        chosen = getattr(self.query, field)
        changed: dict[str, Any] = {field: chosen | {value} if on else chosen - {value}}
        self.set_query(replace(self.query, **changed))

    def _sort(self, order: EvidenceOrder, _checked: bool = False) -> None:
        self.set_query(replace(self.query, order=order))

    def _turn(self, descending: bool) -> None:
        self.set_query(replace(self.query, descending=descending))

    def _search(self, words: str) -> None:
        self.set_query(replace(self.query, words=words))

    def _says_filter(self) -> None:
        narrowing = [
            *(str(state) for state in EvidenceState if state in self.query.states),
            *(self._kinds[kind].title for kind in self.query.kinds if kind in self._kinds),
            *(self._units.get(unit, "a unit") for unit in self.query.units),
            *self.query.tags,
        ]
        set_icon(self._filter, "filter", colour="accent" if narrowing else "muted")
        said = f"Filter: {', '.join(narrowing)}" if narrowing else "Filter"
        self._filter.setToolTip(said)
        self._filter.setAccessibleName(said)

    def _choose(self, *_indexes: object) -> None:
        self.chosen.emit(self.current_id())

    def _select(self, *_selections: object) -> None:
        self.selected.emit(self.selected_ids())

    def _ask_for_menu(self, place: QPoint) -> None:
        if self.view.indexAt(place).isValid():
            self.menu_requested.emit(self.view.viewport().mapToGlobal(place))
