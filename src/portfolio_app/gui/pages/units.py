"""The Units page: what is to be shown, how far it is, and where units come from."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from portfolio_app.crash import program_version
from portfolio_app.domain.changes import Changes
from portfolio_app.domain.qualification import Unit, UnitRules
from portfolio_app.gui import places, theme
from portfolio_app.gui.dialogs.add_units import AddUnitsDialog
from portfolio_app.gui.dialogs.claim_existing import ClaimExistingDialog
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.dialogs.unit_groups import UnitGroupsDialog
from portfolio_app.gui.dialogs.unit_review import UnitReviewDialog
from portfolio_app.gui.models.unit_tree import GroupHeading, UnitTreeModel, UnitTreeRow, items_in_words, unit_rows
from portfolio_app.gui.page import PageInSteps
from portfolio_app.gui.places import CLAIM_FIELD, GROUPS_FIELD, GUIDANCE_FIELD, Place
from portfolio_app.gui.theme import Space
from portfolio_app.gui.unit_intake import UnitIntake, updated_in_words
from portfolio_app.gui.widgets.basics import EmptyState, PageHeader, button
from portfolio_app.gui.widgets.group_sheet import GroupSheet
from portfolio_app.gui.widgets.requirement_sheet import RequirementSheet
from portfolio_app.gui.widgets.suggestions import RequirementSuggestions
from portfolio_app.gui.widgets.unit_sheet import UnitSheet
from portfolio_app.gui.widgets.unit_tree_view import UnitTreeView
from portfolio_app.services.claim_edits import RequirementClaims, claims_for_requirement
from portfolio_app.services.gap_list import FixPlace, PlacedGap, gap_list
from portfolio_app.services.improvement_cycle import UnitCycle, unit_cycles
from portfolio_app.services.qualification import put_units
from portfolio_app.services.unit_drafts import draft_of
from portfolio_app.services.unit_editing import (
    Consequences,
    removal_consequences,
    reorder_units,
    set_unit_rules,
)
from portfolio_app.services.unit_files import UNIT_FORMATS, unit_file_name, write_unit
from portfolio_app.services.unit_versions import UpdatedUnit
from portfolio_app.services.units import UnitCounts, remove_unit

_TREE_WIDTH: Final = 440
_MOST_FOR_TREE: Final = 0.42
_LEAST_TREE: Final = 260
_GAPS_AFTER_MS: Final = 150
"""The tree is drawn first: what is missing takes the portfolio's thread longer."""
_LEAST_SHEET: Final = 320
_MOST_REMEMBERED: Final = 400


class UnitsPage(PageInSteps):
    """The tree of units on the left; on the right what is known of the unit or requirement in hand."""

    def _make(self) -> Generator[None, None, None]:
        self._wanted = ""
        self._passage = ""
        self._unfolded: list[str] | None = None
        self._is_shown = False
        self._has_width = False
        self._pending: Callable[[], None] | None = None
        self._gaps: Sequence[PlacedGap] = ()
        self._reading_gaps = QTimer(self, singleShot=True, interval=_GAPS_AFTER_MS)
        self._reading_gaps.timeout.connect(self._read_gaps)
        self._model = UnitTreeModel(self)
        self._intake = UnitIntake(self.session, self.window_, self, self._model.units)
        self._model.can_reorder = not self.session.read_only
        self._stack = QStackedWidget(self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._empty = self._build_empty()
        for widget in (QWidget(), self._empty, self._splitter):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        left, self._right = QWidget(self._splitter), QStackedWidget(self._splitter)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(1, 1)
        left.setMinimumWidth(_LEAST_TREE)
        self._right.setMinimumWidth(_LEAST_SHEET)
        self._right.addWidget(QWidget())
        self._build_left(left)
        yield
        self._unit_sheet = UnitSheet(self._right)
        yield
        self._requirement_sheet = RequirementSheet(self._right)
        self._group_sheet = GroupSheet(self._right)
        for sheet in (self._unit_sheet, self._requirement_sheet, self._group_sheet):
            sheet.set_read_only(self.session.read_only)
            self._right.addWidget(sheet)
        yield
        self._candidates = RequirementSuggestions(self.session, self.window_, self._requirement_sheet)
        if self.session.read_only:
            self._candidates.hide()
        self._requirement_sheet.add_below_evidence(self._candidates)
        self._connect()

    # What is shown

    def refresh(self) -> None:
        """Load the units and where they stand, then what is missing."""
        self.session.read(unit_rows, done=self._show, receiver=self, topic="units")
        self._reading_gaps.start()

    def on_changes(self, changes: Changes) -> None:
        """Load anew where a unit, or how far it is, changed."""
        if changes != Changes(actions=changes.actions, details=changes.details):
            self.refresh()

    def commit(self) -> None:
        """Save the rules that were chosen."""
        self._unit_sheet.rules.flush()

    def show_place(self, place: Place) -> None:
        """Take a unit or requirement in hand."""
        if place.field == GROUPS_FIELD and not self.session.read_only:
            self.edit_groups()
        wanted = place.requirement_id or place.unit_id
        if wanted:
            self._wanted = wanted
            self._passage = place.passage if place.field == GUIDANCE_FIELD else ""
            if self._is_shown:
                self._show_wanted()

    def state(self) -> dict[str, Any]:
        """Remember the widths, what is unfolded and what is in hand."""
        row = self._tree.current_row()
        return {
            "sizes": self._splitter.sizes(),
            "current": row.id if row else "",
            "unfolded": self._tree.unfolded()[:_MOST_REMEMBERED],
            "guidance": self._unit_sheet.unfolded(),
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the look of the last time, where the portfolio still has what it names."""
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 2 and all(type(size) is int and size > 0 for size in sizes):
            self._splitter.setSizes(sizes)
            self._has_width = True
        if isinstance(state.get("current"), str):
            self._wanted = state["current"]
        if isinstance(state.get("unfolded"), list):
            self._unfolded = [row_id for row_id in state["unfolded"] if isinstance(row_id, str)]
        if isinstance(state.get("guidance"), list):
            self._unit_sheet.unfold([kind for kind in state["guidance"] if isinstance(kind, str)])

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Give the tree its usual width, as far as there is room, where nobody has set another."""
        super().showEvent(event)
        if not self._has_width:
            self._has_width = True
            wanted = min(theme.current().scaled(_TREE_WIDTH), int(self.width() * _MOST_FOR_TREE))
            self._splitter.setSizes([wanted, max(1, self.width() - wanted)])

    # Handlers of actions

    def add_library_units(self) -> None:
        """Offer the units of the library."""
        dialog = AddUnitsDialog(self.session, self)
        dialog.added.connect(self._has_added)
        dialog.import_requested.connect(self.import_unit)
        dialog.open()

    def import_unit(self) -> None:
        """Ask for a text, and have what was read from it looked through."""
        self._intake.import_units()

    def edit_unit(self) -> None:
        """Open the unit in hand in the grid."""
        if self._waits(self.edit_unit):
            return
        unit = self._unit_in_hand()
        if unit is not None:
            self.commit()
            dialog = UnitReviewDialog(self.session, draft_of(unit), self, is_stored=True)
            dialog.stored.connect(self._has_changed)
            dialog.open()

    def update_unit(self) -> None:
        """Ask for a newer version of the unit in hand, and have what changed looked through."""
        if self._waits(self.update_unit):
            return
        unit = self._unit_in_hand()
        if unit is not None:
            self.commit()
            self._intake.update(unit)

    def edit_groups(self) -> None:
        """Open the groups of units."""
        self.commit()
        dialog = UnitGroupsDialog(self.session, self)
        dialog.stored.connect(partial(self.window_.toast, "The groups were saved.", undo=True))
        dialog.open()

    def export_unit(self) -> None:
        """Ask where the unit in hand is to be written, and in which format."""
        if self._waits(self.export_unit):
            return
        unit = self._unit_in_hand()
        if unit is None:
            return
        filters = [f"{what} (*{suffix})" for suffix, what in UNIT_FORMATS.items()]
        dialog = QFileDialog(self, "Export the unit", "", ";;".join(filters))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(next(iter(UNIT_FORMATS)))
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(_suffix_in(chosen)))
        dialog.selectFile(unit_file_name(unit))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(partial(self.write_unit, unit.code))
        dialog.open()

    def write_unit(self, code: str, name: str) -> None:
        """Write a unit to a file, whose suffix says the format."""
        self.session.read(
            write_unit,
            code,
            Path(name),
            program_version(),
            done=lambda unit: self.window_.toast(f"{unit.code} was written to “{Path(name).name}”."),
            failed=lambda error: self.window_.message(str(error), kind="error"),
            receiver=self,
        )

    def remove_unit(self) -> None:
        """Say what would go with the unit in hand, and ask once."""
        if self._waits(self.remove_unit):
            return
        unit = self._unit_in_hand()
        if unit is not None:
            self.commit()
            self.session.read(
                removal_consequences,
                unit_id=unit.id,
                done=partial(self._ask_to_remove, unit),
                receiver=self,
                topic="removal",
            )

    # Building

    def _build_left(self, left: QWidget) -> None:
        self._tree = UnitTreeView(self._model, left)
        header = PageHeader("Units", left)
        header.setContentsMargins(Space.S8, 0, Space.S8, 0)
        add = button("Add", "", "plus")
        add.setProperty("menu", "true")
        add.setToolTip("Add units from the library, from a text, or written by hand")
        menu = QMenu(add)
        menu.addAction("From the library …", partial(self.window_.run_action, "add-units"))
        menu.addAction("From a text, or by hand …", partial(self.window_.run_action, "import-unit"))
        menu.addAction("Groups of units …", partial(self.window_.run_action, "unit-groups"))
        add.setMenu(menu)
        header.add_action_widget(add)
        add.setVisible(not self.session.read_only)
        column = QVBoxLayout(left)
        column.setContentsMargins(Space.S16, Space.S16, Space.S8, Space.S8)
        column.setSpacing(Space.S12)
        column.addWidget(header)
        column.addWidget(self._tree, 1)
        self.set_entry(self._tree)

    def _build_empty(self) -> EmptyState:
        empty = EmptyState(
            "list-tree", "A portfolio begins with its units: what is to be shown.", "Add from the library"
        )
        empty.pressed.connect(partial(self.window_.run_action, "add-units"))
        other = button("Import a text, or write a unit …", "link")
        other.clicked.connect(partial(self.window_.run_action, "import-unit"))
        column = empty.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(column.count() - 1, other, 0, Qt.AlignmentFlag.AlignHCenter)
        if self.session.read_only:
            empty.set_text("There are no units in this portfolio.")
            other.hide()
        return empty

    def _connect(self) -> None:
        self._tree.chosen.connect(self._choose)
        self._tree.move_requested.connect(self._move)
        self._tree.customContextMenuRequested.connect(self._show_menu)
        self._model.order_requested.connect(self._reorder)
        self._model.group_requested.connect(self._put_into_group)
        self._group_sheet.edit_requested.connect(partial(self.window_.run_action, "unit-groups"))
        sheet = self._unit_sheet
        sheet.edit_requested.connect(partial(self.window_.run_action, "edit-unit"))
        sheet.removal_requested.connect(partial(self.window_.run_action, "remove-unit"))
        sheet.gaps_requested.connect(self._go_to_gaps)
        sheet.rules_committed.connect(self._save_rules)
        self._intake.added.connect(self._has_imported)
        self._intake.updated.connect(self._has_updated)
        sheet.claim_requested.connect(self._go_to_claim)
        self.session.texts.changed.connect(self._texts_changed)
        requirement = self._requirement_sheet
        requirement.evidence_requested.connect(self._go_to_evidence)
        requirement.add_requested.connect(self._add_evidence)
        requirement.claim_requested.connect(self._claim_existing)
        requirement.unit_requested.connect(self._go_to_unit)
        requirement.fix_requested.connect(self._fix)
        self._candidates.looked_at.connect(self._go_to_evidence)

    # Reading

    def _read_gaps(self) -> None:
        if not self.session.is_open:
            return
        today = datetime.now().astimezone().date()
        texts = self.session.texts.facts
        self.session.read(
            gap_list, self.session.kinds, today, texts=texts, done=self._show_gaps, receiver=self, topic="units-gaps"
        )
        self.session.texts.want()

    def _show(self, units: Sequence[UnitTreeRow]) -> None:
        current = self._tree.current_row()
        current_id = current.id if current else ""
        unit_id = current.unit.id if current and current.tree else ""
        unfolded = self._tree.unfolded()
        top = self._tree.verticalScrollBar().value()
        known = {unit.id for unit in self._model.units()}
        self._stack.setCurrentWidget(self._splitter if units else self._empty)
        if self._model.set_units(units):
            if self._is_shown:
                self._tree.unfold(unfolded)
                self._tree.unfold(row.id for row in units if row.id not in known)
            elif self._unfolded is not None:
                self._tree.unfold(self._unfolded)
            else:
                self._tree.unfold_as_usual()
            self._tree.verticalScrollBar().setValue(top)
        self._is_shown = True
        if not self._show_wanted() and not self._take_again(current_id) and not self._take_again(unit_id):
            self._tree.setCurrentIndex(self._model.first())
        self._choose(self._tree.current_row())
        if self._pending is not None:
            pending, self._pending = self._pending, None
            pending()

    def _show_wanted(self) -> bool:
        wanted, self._wanted = self._wanted, ""
        passage, self._passage = self._passage, ""
        is_there = bool(wanted) and self._tree.choose(wanted)
        if is_there and passage:
            self._unit_sheet.show_found(passage)
        return is_there

    def _take_again(self, row_id: str) -> bool:
        index = self._model.index_of(row_id)
        if index.isValid():
            self._tree.setCurrentIndex(index)
        return index.isValid()

    def _show_gaps(self, gaps: Sequence[PlacedGap]) -> None:
        self._gaps = gaps
        self._show_gaps_in_hand()

    def _texts_changed(self) -> None:
        if self.isVisible():
            self._reading_gaps.start()
            self._read_of_texts()
        else:
            self.reload()

    def _read_of_texts(self) -> None:
        """Ask for what depends on word lists and texts: the cycle of the unit in hand, or advice on the requirement."""
        row, texts = self._tree.current_row(), self.session.texts.facts
        if row is None or row.tree is None:
            return
        if row.requirement is not None:
            show = partial(self._requirement_sheet.show_advice, row.requirement.id)
            self.session.texts.read_advice(row.requirement.id, done=show, receiver=self)
        elif texts is not None:
            self.session.read(
                unit_cycles,
                self.session.kinds,
                texts,
                row.unit.code,
                done=partial(self._show_cycle, row.unit.id),
                failed=self._gone,
                receiver=self,
                topic="cycle",
            )

    def _show_cycle(self, unit_id: str, cycles: Sequence[UnitCycle]) -> None:
        self._unit_sheet.show_cycle(unit_id, cycles[0] if cycles else None)

    def _show_gaps_in_hand(self) -> None:
        row = self._tree.current_row()
        if row is None or row.tree is None:
            return
        if row.requirement is None:
            self._unit_sheet.set_gaps(sum(placed.gap.unit_id == row.unit.id for placed in self._gaps))
        else:
            self._requirement_sheet.show_gaps(
                [placed for placed in self._gaps if placed.gap.requirement_id == row.requirement.id]
            )

    def _choose(self, row: UnitTreeRow | None) -> None:
        if row is None or row.tree is None:
            self._show_heading(row)
            return
        if row.requirement is None:
            self._right.setCurrentWidget(self._unit_sheet)
            self._unit_sheet.show_unit(row.tree)
            self.window_.inspect(Place(places.UNITS, unit_id=row.unit.id))
        else:
            self._unit_sheet.rules.flush()
            self._right.setCurrentWidget(self._requirement_sheet)
            self._requirement_sheet.show_row(row)
            self._candidates.show_requirement(row.requirement.id if row.requirement.is_leaf else "")
            self.window_.inspect(Place(places.UNITS, unit_id=row.unit.id, requirement_id=row.requirement.id))
            if row.requirement.is_leaf:
                self.session.read(
                    claims_for_requirement,
                    row.requirement.id,
                    done=self._requirement_sheet.show_claims,
                    failed=self._gone,
                    receiver=self,
                    topic="requirement",
                )
        self._show_gaps_in_hand()
        self._read_of_texts()

    def _show_heading(self, row: UnitTreeRow | None) -> None:
        self._unit_sheet.rules.flush()
        self.window_.inspect(None)
        if row is None or row.heading is None:
            self._right.setCurrentIndex(0)
            return
        self._right.setCurrentWidget(self._group_sheet)
        self._group_sheet.show_group(row.heading)

    def _gone(self, _error: BaseException) -> None:
        """A requirement that went meanwhile leaves the tree with the next refresh."""

    # Leading elsewhere

    def _go_to_evidence(self, evidence_id: str) -> None:
        self._go_to_claim(evidence_id, self._requirement_sheet.requirement_id)

    def _go_to_claim(self, evidence_id: str, requirement_id: str) -> None:
        self.window_.go(
            Place(places.EVIDENCE, evidence_id=evidence_id, requirement_id=requirement_id, field=CLAIM_FIELD)
        )

    def _add_evidence(self) -> None:
        self.window_.go(Place(places.EVIDENCE, requirement_id=self._requirement_sheet.requirement_id))

    def _go_to_gaps(self) -> None:
        unit = self._unit_in_hand()
        if unit is not None:
            self.window_.go(Place(places.GAPS, unit_id=unit.id))

    def _go_to_unit(self) -> None:
        row = self._tree.current_row()
        if row is not None and row.tree is not None:
            self._tree.choose(row.unit.id)
            self._tree.setFocus()

    def _fix(self, place: FixPlace) -> None:
        self.window_.go(Place(**place._asdict()))

    # Edits

    def _waits(self, handler: Callable[[], None]) -> bool:
        """Put a handler off until the units are there."""
        if not self._is_shown:
            self._pending = handler
        return not self._is_shown

    def _unit_in_hand(self) -> Unit | None:
        row = self._tree.current_row()
        if row is None or row.tree is None:
            self.window_.message("Choose a unit first.", kind="warning")
            return None
        return row.unit

    def _has_added(self, units: Sequence[Unit]) -> None:
        self._wanted = units[0].id
        names = units[0].title if len(units) == 1 else f"{len(units):,} units"
        self.window_.toast(f"Added {names}.", undo=True)

    def _has_imported(self, unit: Unit) -> None:
        self._wanted = unit.id
        self.window_.toast(f"Added {unit.code} {unit.title}.", undo=True)

    def _has_updated(self, done: UpdatedUnit) -> None:
        self._wanted = done.unit.id
        self.window_.toast(updated_in_words(done), undo=True)

    def _has_changed(self, unit: Unit) -> None:
        self.window_.toast(f"{unit.code} {unit.title} was changed.", undo=True)

    def _ask_to_remove(self, unit: Unit, consequences: Consequences) -> None:
        if consequences.decided:
            self.window_.message(
                f"{unit.code} has decisions by an assessor, which are kept for good, so it cannot be removed.",
                kind="warning",
            )
            return
        question = QuestionDialog(
            f"Remove {unit.code} {unit.title}?",
            str(consequences) or "Nothing is claimed for it.",
            "Remove the unit",
            parent=self,
            no="Keep it",
            danger=True,
        )
        question.answered.connect(partial(self._remove, unit.code))
        question.open()

    def _remove(self, code: str, _answer: str) -> None:
        self.session.edit(remove_unit, code, done=self._has_removed)

    def _has_removed(self, removed: tuple[Unit, UnitCounts]) -> None:
        unit, _counts = removed
        self.window_.toast(f"{unit.code} {unit.title} was removed.", undo=True)

    def _save_rules(self, unit_id: str, rules: UnitRules) -> None:
        self.session.edit(set_unit_rules, unit_id, rules)

    def _move(self, unit_id: str, by: int) -> None:
        order = self._model.moved(unit_id, by)
        if order != [unit.id for unit in self._model.units()]:
            self._reorder(order)

    def _reorder(self, order: Sequence[str]) -> None:
        self.commit()
        self.session.edit(reorder_units, order, done=self._has_reordered)

    def _has_reordered(self, _units: Sequence[Unit]) -> None:
        self.window_.toast("The units have new codes. Documents exported before have the old ones.", undo=True)

    def _put_into_group(self, unit_id: str, group_id: str) -> None:
        self.commit()
        code = next(unit.code for unit in self._model.units() if unit.id == unit_id)
        title = next((each.title for each in self._model.groups() if each.group_id == group_id), "") if group_id else ""
        where = f"in “{title}”" if title else "in no group"
        self._wanted = unit_id
        self.session.edit(
            put_units,
            title,
            [code],
            done=lambda _units: self.window_.toast(f"{code} is {where}.", undo=True),
            failed=lambda error: self.window_.message(str(error), kind="error"),
        )

    def _claim_existing(self) -> None:
        row = self._tree.current_row()
        if row is None or row.requirement is None:
            return
        self.session.read(
            claims_for_requirement,
            row.requirement.id,
            done=self._open_claim_dialog,
            receiver=self,
            topic="claim-existing",
        )

    def _open_claim_dialog(self, found: RequirementClaims) -> None:
        dialog = ClaimExistingDialog(
            self.session,
            found.requirement,
            found.address,
            already=[claimed.item.id for claimed in found.claims],
            parent=self,
        )
        dialog.claimed.connect(partial(self._has_claimed, found.address))
        dialog.open()

    def _has_claimed(self, address: str, count: int) -> None:
        self.window_.toast(f"{address} is claimed with {items_in_words(count)}.", undo=True)

    def _show_menu(self, place: QPoint) -> None:
        row = self._tree.current_row()
        if row is None or self.session.read_only:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if row.tree is None:
            menu.addAction("Change the groups …", partial(self.window_.run_action, "unit-groups"))
            menu.popup(self._tree.viewport().mapToGlobal(place))
            return
        if row.requirement is not None and row.requirement.is_leaf:
            menu.addAction("Add evidence for this", self._add_evidence)
            menu.addAction("Claim with evidence already there …", self._claim_existing)
            menu.addSeparator()
        menu.addAction("Edit the unit …", partial(self.window_.run_action, "edit-unit"))
        menu.addAction("Update from a newer version …", partial(self.window_.run_action, "update-unit"))
        menu.addAction("Export the unit …", partial(self.window_.run_action, "export-unit"))
        menu.addAction("Remove the unit …", partial(self.window_.run_action, "remove-unit"))
        menu.addSeparator()
        menu.addAction("Move the unit up\tAlt+Up", partial(self._move, row.unit.id, -1))
        menu.addAction("Move the unit down\tAlt+Down", partial(self._move, row.unit.id, 1))
        self._offer_groups(menu, row.unit)
        menu.popup(self._tree.viewport().mapToGlobal(place))

    def _offer_groups(self, menu: QMenu, unit: Unit) -> None:
        """Let the unit be put into another group, where there are any."""
        groups = [each for each in self._model.groups() if each.group_id]
        if not groups:
            return
        choices = menu.addMenu("Put the unit into")
        for heading in (*groups, GroupHeading()):
            choice = choices.addAction(heading.title, partial(self._put_into_group, unit.id, heading.group_id))
            choice.setEnabled(heading.group_id != unit.group_id)


def _suffix_in(chosen: str) -> str:
    """Return the suffix that a dialog's filter names: ``.csv`` of "… (*.csv)"."""
    return chosen.rpartition("(*")[2].removesuffix(")")
