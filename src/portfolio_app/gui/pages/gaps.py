"""The Gaps page: what is missing and what is worth a look, each with what mends it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from portfolio_app.domain.claims import Action
from portfolio_app.domain.fixes import ALIKE_PART
from portfolio_app.domain.gaps import Gap, Severity
from portfolio_app.domain.qualification import Guidance
from portfolio_app.gui import places, theme
from portfolio_app.gui.dialogs.action_from_gap import ActionFromGapDialog
from portfolio_app.gui.dialogs.compare_passages import ComparePassagesDialog
from portfolio_app.gui.dialogs.put_aside import PutAsideDialog
from portfolio_app.gui.icons import icon
from portfolio_app.gui.models.gap_tree import FoundGaps, GapTreeModel, found_gaps, gap_key
from portfolio_app.gui.page import PageInSteps
from portfolio_app.gui.places import Place
from portfolio_app.gui.theme import Space
from portfolio_app.gui.widgets.basics import (
    Banner,
    EmptyState,
    FlowLayout,
    PageHeader,
    SearchField,
    SegmentedControl,
)
from portfolio_app.gui.widgets.gap_card import SEVERITY_ICONS, GapCard
from portfolio_app.gui.widgets.grouped_tree import GroupedRowDelegate, GroupedTree, draw_lines
from portfolio_app.services.actions import action_from_gap
from portfolio_app.services.advice import gap_advice
from portfolio_app.services.alike_pairs import AlikePair, alike_pair
from portfolio_app.services.gap_list import EVIDENCE_PLACE, Grouping, PlacedGap, bring_back, put_aside

_BESIDE_FROM: Final = 1000
_SHORT_BELOW: Final = 560
_CARD_WIDTH: Final = 340
_CARD_HEIGHT: Final = 232
_BUTTON_HEIGHT: Final = 31
_SEARCH_WIDTH: Final = 180
_BOUNDLESS: Final = 16_777_215
_EVERY_WEIGHT: Final = "All gaps"
_SHOW: Final = "Show it"
_BRING_BACK: Final = "Bring back"


class GapsPage(PageInSteps):
    """All gaps under headings; the one in hand beside them, with the buttons that deal with it."""

    def _make(self) -> Generator[None, None, None]:
        self._found = FoundGaps((), (), has_units=True)
        self._grouping = Grouping.UNIT
        self._folded: dict[str, list[str]] = {}
        read_only = self.session.read_only
        self._header = PageHeader("Gaps", self)
        self._divided = SegmentedControl(
            (
                (Grouping.UNIT.value, "By unit"),
                (Grouping.SEVERITY.value, "By importance"),
                (Grouping.RULE.value, "By kind"),
            ),
            accessible_name="How the gaps are divided",
        )
        self._search = SearchField("Find in the gaps")
        self._weight = QComboBox()
        self._weight.setAccessibleName("Which gaps are shown")
        self._aside = QCheckBox("Show what was put aside")
        self._told = Banner("", parent=self)
        self._told.hide()
        self._model = GapTreeModel(self)
        self._stack = QStackedWidget(self)
        self._listed = QWidget(self._stack)
        self.tree = GroupedTree(self._model, self._listed)
        self.tree.setItemDelegate(_GapDelegate(self._model, self.tree, read_only=read_only))
        self.tree.setAccessibleName("Gaps")
        self.tree.setMinimumWidth(300)
        yield
        self.card = GapCard(self._listed, read_only=read_only)
        yield
        self._nothing = EmptyState(
            "circle-check", "Nothing is missing. Export the portfolio and hand it over.", "Export …"
        )
        self._no_units = EmptyState("list-tree", "What is missing shows when the portfolio has its units.", "Add units")
        self._no_match = EmptyState("funnel-x", "Nothing here matches.", "Show everything")
        self._build()
        self._connect()
        self._show_weights()

    # What is shown

    def refresh(self) -> None:
        """Find the gaps anew, and have the texts read that some of them are about."""
        self.session.texts.want()
        self._tell_of_texts()
        self.session.read(
            found_gaps,
            self.session.kinds,
            _today(),
            self._grouping,
            include_dismissed=self._aside.isChecked(),
            texts=self.session.texts.facts,
            done=self._show,
            receiver=self,
            topic="gaps",
        )

    def show_place(self, place: Place) -> None:
        """Show what an item has in common with another, where that is meant."""
        if place.field == ALIKE_PART and place.evidence_id and self.session.texts.facts is not None:
            self.session.read(
                alike_pair,
                self.session.kinds,
                self.session.texts.facts,
                place.evidence_id,
                done=self._compare,
                receiver=self,
                topic="alike",
            )

    def state(self) -> dict[str, Any]:
        """Remember how the gaps are divided and what is folded."""
        self._folded[self._grouping.value] = self.tree.folded()
        return {
            "grouping": self._grouping.value,
            "folded": self._folded,
            "aside": self._aside.isChecked(),
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take what was remembered, as far as it is known."""
        folded = state.get("folded")
        if isinstance(folded, dict):
            self._folded = {
                name: [key for key in keys if isinstance(key, str)]
                for name, keys in folded.items()
                if isinstance(name, str) and isinstance(keys, list)
            }
        if state.get("grouping") in [grouping.value for grouping in Grouping]:
            self._grouping = Grouping(state["grouping"])
            self._divided.set_current(self._grouping.value)
        self.tree.set_folded(self._folded.get(self._grouping.value, ()))
        if state.get("aside") is True:
            self._aside.blockSignals(True)
            self._aside.setChecked(True)
            self._aside.blockSignals(False)

    def _resized(self) -> None:
        """Put the card beside the list where there is room, else below it."""
        self._arrange()

    # Building

    def _build(self) -> None:
        self._header.add_action_widget(self._divided)
        filters = QWidget()
        row = FlowLayout(filters)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S8)
        for widget in (self._search, self._weight, self._aside):
            row.addWidget(widget)
        self._filters = filters
        self._panes = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._panes.setContentsMargins(0, 0, 0, 0)
        self._panes.setSpacing(Space.S12)
        self._panes.addWidget(self.tree, 1)
        self._panes.addWidget(self.card)
        self._listed.setLayout(self._panes)
        for page in (QWidget(), self._listed, self._nothing, self._no_units, self._no_match):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.S24, Space.S16, Space.S24, Space.S16)
        column.setSpacing(Space.S12)
        column.addWidget(self._header)
        column.addWidget(self._told)
        column.addWidget(filters)
        column.addWidget(self._stack, 1)
        self.set_entry(self.tree)

    def _arrange(self) -> None:
        dress = theme.current()
        beside = self.width() >= dress.scaled(_BESIDE_FROM)
        short = not beside and self.height() < dress.scaled(_SHORT_BELOW)
        self._panes.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self._search.setMinimumWidth(dress.scaled(_SEARCH_WIDTH))
        self.card.set_brief(short)
        self.card.setMinimumSize(0, 0)
        self.card.setMaximumSize(_BOUNDLESS, _BOUNDLESS)
        if beside:
            self.card.setFixedWidth(dress.scaled(_CARD_WIDTH))
        else:
            brief = dress.scaled(_BUTTON_HEIGHT) + 2 * Space.S16 + 2
            self.card.setFixedHeight(brief if short else dress.scaled(_CARD_HEIGHT))

    def _connect(self) -> None:
        theme.notifier().changed.connect(self._arrange)
        self.session.texts.changed.connect(self.reload)
        self.session.texts.progressed.connect(self._tell_of_texts)
        self._divided.changed.connect(self._divide)
        self._search.searched.connect(self._narrow)
        self._weight.currentIndexChanged.connect(self._narrow)
        self._aside.toggled.connect(self._reload)
        self.tree.row_chosen.connect(self._show_card)
        self.tree.row_activated.connect(self._mend)
        self.tree.link_pressed.connect(self._follow_link)
        self.tree.delete_pressed.connect(self.put_aside)
        self.tree.customContextMenuRequested.connect(self._open_menu)
        self.card.fix_pressed.connect(self.mend)
        self.card.aside_pressed.connect(self.put_aside)
        self.card.action_pressed.connect(self.make_action)
        self.card.back_pressed.connect(self.bring_back)
        self.card.place_pressed.connect(self.window_.go)
        self._nothing.pressed.connect(partial(self.window_.run_action, "export"))
        self._no_units.pressed.connect(partial(self.window_.run_action, "add-units"))
        self._no_units.button.setVisible(not self.session.read_only)
        self._no_match.pressed.connect(self._show_everything)

    # Loading

    def _tell_of_texts(self) -> None:
        """Say how far the texts are read, where that takes longer than a moment, or why they are not."""
        texts = self.session.texts
        told = texts.told if texts.has_problem or texts.is_slow else ""
        self._told.set_message(told)
        self._told.setVisible(bool(told))

    def _divide(self, grouping: str) -> None:
        self._folded[self._grouping.value] = self.tree.folded()
        self._grouping = Grouping(grouping)
        self.tree.set_folded(self._folded.get(grouping, ()))
        self.refresh()

    def _reload(self, _ticked: bool) -> None:
        self.refresh()

    def _show(self, found: FoundGaps) -> None:
        self._found = found
        weights = Counter(placed.gap.severity for group in found.groups for placed in _standing(group.rows))
        aside = found.total - weights.total()
        parts = [f"{weights[weight]:,} {weight.heading.lower()}" for weight in Severity if weights[weight]]
        if aside:
            parts.append(f"{aside:,} put aside")
        self._header.set_subtitle("" if self._is_bare() else " · ".join(parts))
        self._show_weights(weights)
        self._narrow()

    def _show_weights(self, counts: Counter[Severity] | None = None) -> None:
        chosen = self._weight.currentData()
        self._weight.blockSignals(True)
        self._weight.clear()
        self._weight.addItem(_EVERY_WEIGHT, "")
        for weight in Severity:
            count = counts[weight] if counts else 0
            self._weight.addItem(f"{weight.heading} ({count:,})", weight.value)
        self._weight.setCurrentIndex(max(0, self._weight.findData(chosen)))
        self._weight.blockSignals(False)

    def _narrow(self, *_what: object) -> None:
        chosen = self._weight.currentData()
        groups = self._found.narrowed(self._search.text(), Severity(chosen) if chosen else None)
        self.tree.set_groups(groups)
        if groups and self.tree.current_row() is None:
            self.tree.choose_first()
        if groups and not self._is_bare():
            page: QWidget = self._listed
        elif not self._found.has_units:
            page = self._no_units
        else:
            page = self._no_match if self._found.total else self._nothing
        for widget in (self._filters, self._divided):
            widget.setVisible(page is not self._no_units)
        self._stack.setCurrentWidget(page)
        self._show_card()

    def _is_bare(self) -> bool:
        """Return whether there is neither a unit nor an item that anything could be missing of."""
        return not self._found.has_units and not any(
            placed.gap.evidence_id for group in self._found.groups for placed in group.rows
        )

    def _show_everything(self) -> None:
        self._search.clear()
        self._weight.setCurrentIndex(0)

    def _show_card(self) -> None:
        marked = self.tree.marked_rows()
        if not marked and (current := self.tree.current_row()) is not None:
            marked = [current]
        self.card.show_gaps(marked, fix_word(marked[0], read_only=self.session.read_only) if marked else "")
        if len(marked) == 1:
            place = self._place(marked[0])
            self.window_.inspect(place if place.requirement_id or place.evidence_id else None)
            self._read_advice(marked[0].gap)

    def _read_advice(self, gap: Gap) -> None:
        texts = self.session.texts.facts
        if texts is not None:
            show = partial(self._show_advice, gap)
            self.session.read(gap_advice, [gap], texts.words, done=show, receiver=self, topic="advice")

    def _show_advice(self, gap: Gap, found: Sequence[Sequence[Guidance]]) -> None:
        marked = self.tree.marked_rows() or [self.tree.current_row()]
        if len(marked) == 1 and marked[0] is not None and gap_key(marked[0].gap) == gap_key(gap):
            self.card.show_advice(found[0])

    def _compare(self, pair: AlikePair | None) -> None:
        if pair is None:
            self.window_.message("These two items have nothing in common any more.")
            return
        dialog = ComparePassagesDialog(pair, self)
        dialog.place_chosen.connect(self.window_.go)
        dialog.open()

    # What can be done

    def mend(self) -> None:
        """Lead to what mends the gap in hand."""
        current = self.tree.current_row()
        if current is not None:
            self._mend(current)

    def put_aside(self) -> None:
        """Ask why the marked gaps can be put aside, and put them aside."""
        gaps = [placed.gap for placed in _standing(self.tree.marked_rows())]
        if not gaps or self.session.read_only:
            return
        dialog = PutAsideDialog(gaps, self)
        dialog.reason_given.connect(partial(self._put_aside, gaps))
        dialog.open()

    def bring_back(self) -> None:
        """Let the marked gaps that were put aside count again."""
        gaps = [placed.gap for placed in self.tree.marked_rows() if placed.gap.dismissed_reason is not None]
        if gaps and not self.session.read_only:
            said = "Brought back." if len(gaps) == 1 else f"Brought {len(gaps):,} back."
            self.session.edit(bring_back, gaps, done=lambda _: self.window_.toast(said, undo=True))

    def make_action(self) -> None:
        """Ask for the words and the day of something to do about the gap in hand."""
        current = self.tree.current_row()
        if current is None or self.session.read_only:
            return
        dialog = ActionFromGapDialog(current.gap.message, self)
        dialog.action_given.connect(partial(self._make_action, current.gap))
        dialog.open()

    def make_menu(self) -> QMenu:
        """Return the menu of what is marked."""
        menu = QMenu(self)
        marked, current = self.tree.marked_rows(), self.tree.current_row()
        if current is not None and len(marked) <= 1:
            menu.addAction(icon("arrow-right"), fix_word(current, read_only=self.session.read_only), self.mend)
        if not self.session.read_only and marked:
            if list(_standing(marked)):
                menu.addAction(icon("archive"), "Put aside …", self.put_aside)
            if any(placed.gap.dismissed_reason is not None for placed in marked):
                menu.addAction(icon("undo-2"), _BRING_BACK, self.bring_back)
            if len(marked) == 1:
                menu.addAction(icon("list-checks"), "Make an action …", self.make_action)
        menu.addSeparator()
        menu.addAction(icon("chevrons-down-up"), "Fold all", self.tree.collapseAll)
        menu.addAction(icon("chevrons-up-down"), "Unfold all", self.tree.expandAll)
        return menu

    def _open_menu(self, position: QPoint) -> None:
        menu = self.make_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.tree.viewport().mapToGlobal(position))

    def _mend(self, placed: PlacedGap) -> None:
        self.window_.go(self._place(placed))

    def _follow_link(self, placed: PlacedGap) -> None:
        if placed.gap.dismissed_reason is not None and not self.session.read_only:
            self.bring_back()
        else:
            self._mend(placed)

    def _place(self, placed: PlacedGap) -> Place:
        place = Place(**placed.place._asdict())
        if self.session.read_only and place.page == EVIDENCE_PLACE and not place.evidence_id:
            return Place(places.UNITS, requirement_id=place.requirement_id, unit_id=place.unit_id)
        return place

    def _put_aside(self, gaps: Sequence[Gap], reason: str) -> None:
        said = "Put aside." if len(gaps) == 1 else f"Put {len(gaps):,} aside."
        self.session.edit(put_aside, gaps, reason, done=lambda _: self.window_.toast(said, undo=True))

    def _make_action(self, gap: Gap, text: str, due: date | None) -> None:
        self.session.edit(action_from_gap, gap, text=text, due=due, done=self._say_action)

    def _say_action(self, action: Action) -> None:
        self.window_.toast(f"To do: {action.text}", undo=True)


class _GapDelegate(GroupedRowDelegate[PlacedGap]):
    """The sign of the weight, what is missing, below it what that names in words, and at the right what mends it."""

    def __init__(self, model: GapTreeModel, view: GroupedTree, *, read_only: bool) -> None:
        super().__init__(model, view)
        self._read_only = read_only

    def draw_row(self, painter: QPainter, area: QRect, row: PlacedGap) -> None:
        """Draw a gap."""
        dress = theme.current()
        gap = row.gap
        side = dress.scaled(16)
        name, colour = SEVERITY_ICONS[gap.severity]
        put_aside = gap.dismissed_reason is not None
        sign = QRect(area.left() + dress.scaled(12), area.center().y() - side // 2 + 1, side, side)
        icon("archive" if put_aside else name, 16, "muted" if put_aside else colour).paint(painter, sign)
        link = self.link_area(area, row)
        words = QRect(sign.right() + 10, area.top(), link.left() - sign.right() - 26, area.height())
        painter.setPen(dress.colour("muted" if put_aside else "text"))
        text = f"{gap.message} Put aside: {gap.dismissed_reason}" if put_aside else gap.message
        if row.about:
            height = QFontMetrics(theme.body_font()).height()
            first = QRect(words.left(), words.center().y() + 1 - height, words.width(), height)
            draw_lines(painter, text, first, theme.body_font(), most=1)
            painter.setPen(dress.colour("muted"))
            draw_lines(painter, row.about, first.translated(0, height), theme.body_font(), most=1)
        else:
            draw_lines(painter, text, words, theme.body_font())
        painter.setFont(theme.body_font())
        painter.setPen(dress.colour("accent"))
        painter.drawText(link, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._link_word(row))

    def link_area(self, area: QRect, row: PlacedGap) -> QRect:
        """Return where the word stands that mends it."""
        metrics = QFontMetrics(theme.body_font())
        width = metrics.horizontalAdvance(self._link_word(row)) + 2
        height = metrics.height()
        return QRect(area.right() - width, area.center().y() - height // 2, width, height)

    def _link_word(self, row: PlacedGap) -> str:
        return fix_word(row, read_only=self._read_only)


def fix_word(placed: PlacedGap, *, read_only: bool) -> str:
    """Return the words of the link and the button that deal with a gap."""
    if read_only:
        return _SHOW
    return placed.fix.value if placed.gap.dismissed_reason is None else _BRING_BACK


def _standing(rows: Sequence[PlacedGap]) -> list[PlacedGap]:
    return [placed for placed in rows if placed.gap.dismissed_reason is None]


def _today() -> date:
    return datetime.now().astimezone().date()
