"""The units of a portfolio with their requirements and parts, as a tree; units can be put in another order.

Where the qualification has groups, a heading stands above the units of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    Qt,
    Signal,
)

from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.qualification import Component, Requirement, Unit
from portfolio_app.domain.unit_groups import GroupStanding, credits_in_words, units_in_words
from portfolio_app.gui.models.tree_model import Index, TreeModel
from portfolio_app.gui.widgets.coverage_bar import tally_in_words
from portfolio_app.services.qualification import standing_of_trees
from portfolio_app.services.unit_editing import NodeStanding, UnitTree, unit_trees

if TYPE_CHECKING:
    from portfolio_app.storage.portfolio_file import PortfolioFile

ROW_ROLE: Final = Qt.ItemDataRole.UserRole
_IN_NO_GROUP: Final = "in-no-group"  # as the id of a heading
UNIT_MIME: Final = "application/x-portfolio-unit"
# Put together once: flags are asked for thousands of times.
_BRANCH: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_END: Final = _BRANCH | Qt.ItemFlag.ItemNeverHasChildren
_MOVABLE: Final = _BRANCH | Qt.ItemFlag.ItemIsDragEnabled


@dataclass(frozen=True, slots=True)
class GroupHeading:
    """What stands above the units of a group; ``standing`` is ``None`` above those that are in none."""

    standing: GroupStanding | None = None

    @property
    def group_id(self) -> str:
        """The group's id, empty for the units in none."""
        return self.standing.group.id if self.standing and self.standing.group else ""

    @property
    def title(self) -> str:
        """What it is called."""
        return self.standing.title if self.standing else "In no group"

    @property
    def asks(self) -> str:
        """What the group asks for, to follow its title: “choose at least 2 units”."""
        if self.standing is None or self.standing.group is None:
            return ""
        rule = self.standing.rule
        return rule if self.standing.group.mandatory or rule.startswith("any") else f"choose {rule}"

    @property
    def far(self) -> str:
        """How far it is: “1 of 2 units, 6 of 12 credits achieved”."""
        if self.standing is None:
            return ""
        done, needed = self.standing.achieved, self.standing.needed
        parts = [f"{done.units:,} of {units_in_words(needed.units)}"] if needed.units else []
        parts += [f"{done.credits:,} of {credits_in_words(needed.credits)}"] if needed.credits else []
        return f"{', '.join(parts)} achieved" if parts else ""


@dataclass(eq=False, slots=True)
class UnitTreeRow:
    """A row: a group's heading, a unit, a requirement, or a part of one, with whose id it is."""

    id: str
    tree: UnitTree | None = None
    requirement: Requirement | None = None
    component: Component | None = None
    heading: GroupHeading | None = None
    parent: UnitTreeRow | None = None
    row: int = 0
    children: list[UnitTreeRow] = field(default_factory=list)

    @property
    def is_unit(self) -> bool:
        """Whether it is a unit's own row."""
        return self.tree is not None and self.requirement is None

    @property
    def unit(self) -> Unit:
        """The unit that it belongs to."""
        if self.tree is None:
            raise ValueError("the root of the tree and headings belong to no unit")
        return self.tree.unit

    @property
    def standing(self) -> NodeStanding:
        """Where its requirement stands; of a part, that of its whole requirement."""
        if self.tree is None or self.requirement is None:
            raise ValueError("only requirements and their parts have a standing")
        return self.tree.nodes[self.requirement.id]

    @property
    def is_ticked(self) -> bool:
        """Whether any claim shows this part."""
        return self.component is not None and self.component.id in self.standing.ticked

    def walk(self) -> Iterator[UnitTreeRow]:
        """Yield the rows below this one, in the order of the tree."""
        for child in self.children:
            yield child
            yield from child.walk()


class UnitTreeModel(TreeModel[UnitTreeRow]):
    """Shows units → outcomes → criteria → parts with where each stands.

    A unit that is dragged to another place asks for an order, by ``order_requested``; it moves when that is stored.
    """

    order_requested = Signal(list)
    """The ids of the units in the order that is wanted."""
    group_requested = Signal(str, str)
    """The id of a unit, and that of the group that it is to be in, which is empty for none."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(UnitTreeRow(""), parent)
        self._rows: dict[str, UnitTreeRow] = {}
        self.can_reorder = True

    def set_units(self, units: Sequence[UnitTreeRow]) -> bool:
        """Show these units; return whether rows came, went or moved (else only words and standings have changed).

        Args:
            units: The rows of the units, from :func:`unit_rows`.
        """
        before = self.root.children
        touched = [
            (old, new)
            for old, new in zip(before, units, strict=False)
            if old.tree != new.tree or old.heading != new.heading
        ]
        same_units = [row.id for row in before] == [row.id for row in units]
        if same_units and all(_shape(old) == _shape(new) for old, new in touched):
            for old, new in touched:
                self._update(old, new)
            return False
        root = UnitTreeRow("")
        for unit in units:
            _add(root, unit)
        self._rows = {row.id: row for row in root.walk()}
        self.set_root(root)
        return True

    def units(self) -> list[Unit]:
        """Return the units in their order."""
        return [row.unit for row in self.root.children if row.is_unit]

    def groups(self) -> list[GroupHeading]:
        """Return the headings, none where the qualification has no groups."""
        return [row.heading for row in self.root.children if row.heading is not None]

    def first(self) -> QModelIndex:
        """Return the row of the first unit."""
        units = self.units()
        return self.index_of(units[0].id) if units else QModelIndex()

    def row(self, index: Index) -> UnitTreeRow | None:
        """Return what a row shows, or ``None`` for no row."""
        return self.node(index) if index.isValid() else None

    def index_of(self, row_id: str) -> QModelIndex:
        """Return the row of a unit, requirement or part, or an invalid index."""
        row = self._rows.get(row_id)
        return self.index_at(row) if row else QModelIndex()

    def row_count_in_all(self) -> int:
        """Return how many rows there are at every depth."""
        return len(self._rows)

    def moved(self, unit_id: str, by: int) -> list[str]:
        """Return the ids of the units with one of them further down (or up, with a negative number) in its group."""
        units = self.units()
        ids = [unit.id for unit in units]
        place = ids.index(unit_id)
        to = max(0, min(len(ids) - 1, place + by))
        if not self.groups() or units[to].group_id == units[place].group_id:
            ids.insert(to, ids.pop(place))
        return ids

    # Qt

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows and what a screen reader says of it."""
        if not index.isValid():
            return None
        row = self.node(index)
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return words_of(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{words_of(row)}: {standing_in_words(row)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tool_tip(row)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that units can be dragged, to between other units."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled if self.can_reorder else Qt.ItemFlag.NoItemFlags
        row = self.node(index)
        if row.heading is not None:
            return _END | Qt.ItemFlag.ItemIsDropEnabled if self.can_reorder else _END
        if row.is_unit and self.can_reorder:
            return _MOVABLE
        return _BRANCH if row.children else _END

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802
        """Return that units are moved."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802
        """Return the type of a unit on its way."""
        return [UNIT_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802
        """Return the unit that is dragged."""
        data = QMimeData()
        ids = [self.node(index).id for index in indexes if self.node(index).is_unit]
        if ids:
            data.setData(UNIT_MIME, QByteArray(ids[0].encode()))
        return data

    def dropMimeData(  # noqa: N802
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Ask for the group or the order that a drop means. No row is moved here, and none is removed by the view."""
        del column
        onto = self.row(parent)
        if not self.can_reorder or (onto is not None and onto.heading is None) or action != Qt.DropAction.MoveAction:
            return False
        moving = bytes(data.data(UNIT_MIME).data()).decode()
        units = self.units()
        dropped = next((unit for unit in units if unit.id == moving), None)
        if dropped is None:
            return False
        place = onto.row + 1 if onto is not None else len(self.root.children) if row < 0 else row
        above = [each.heading for each in self.root.children[:place] if each.heading is not None]
        under = above[-1] if above else next(iter(self.groups()), None)
        if under is not None and under.group_id != dropped.group_id:
            self.group_requested.emit(moving, under.group_id)
            return False
        to = sum(each.is_unit for each in self.root.children[:place])
        before = [unit.id for unit in units]
        after = [unit_id for unit_id in before[:to] if unit_id != moving] + [moving]
        after += [unit_id for unit_id in before[to:] if unit_id != moving]
        if after != before:
            self.order_requested.emit(after)
        return False

    def _update(self, old: UnitTreeRow, new: UnitTreeRow) -> None:
        """Let a row and those below it show what others show that have the same places."""
        changed = _shown(old) != _shown(new)
        old.tree, old.requirement, old.component = new.tree, new.requirement, new.component
        old.heading = new.heading
        if changed:
            index = self.index_at(old)
            self.dataChanged.emit(index, index)
        for old_child, new_child in zip(old.children, new.children, strict=True):
            self._update(old_child, new_child)


def unit_rows(portfolio: PortfolioFile) -> list[UnitTreeRow]:
    """Return the units of a portfolio as rows; to be called where the portfolio is read, not in the window."""
    trees = unit_trees(portfolio)
    standing = standing_of_trees(portfolio, trees)
    by_id: dict[str, UnitTreeRow] = {}
    for tree in trees:
        row = by_id[tree.unit.id] = UnitTreeRow(tree.unit.id, tree)
        _add_requirements(row, tree, tree.unit.requirements)
    if not standing.groups:
        return list(by_id.values())
    rows: list[UnitTreeRow] = []
    for group in standing.groups:
        heading = GroupHeading(group)
        rows.append(UnitTreeRow(heading.group_id, heading=heading))
        rows += [by_id[unit.id] for unit in group.units]
    if standing.ungrouped:
        rows.append(UnitTreeRow(_IN_NO_GROUP, heading=GroupHeading()))
        rows += [by_id[unit.id] for unit in standing.ungrouped]
    return rows


def words_of(row: UnitTreeRow) -> str:
    """Return what a row is called: the code or reference and the title, text, or words of the part."""
    if row.heading is not None:
        return row.heading.title
    if row.component is not None:
        return row.component.text
    if row.requirement is not None:
        return f"{row.requirement.ref}  {row.requirement.short_text}"
    return f"{row.unit.code}  {row.unit.title}"


def standing_in_words(row: UnitTreeRow) -> str:
    """Return where a row stands: “claimed with proof, 3 items”, “6 of 8 met, 2 no claim”."""
    if row.heading is not None:
        return ", ".join(filter(None, (row.heading.asks, row.heading.far)))
    if row.component is not None:
        return "shown by a claim" if row.is_ticked else "not shown yet"
    if row.tree is not None and row.is_unit:
        return tally_in_words(row.tree.coverage.tally)
    standing = row.standing
    if standing.tally is not None:
        return tally_in_words(standing.tally)
    if standing.state is CoverageState.NONE:
        return standing.state.value
    return f"{standing.state}, {items_in_words(standing.items)}"


def items_in_words(count: int) -> str:
    """Return a number of items: “1 item”, “3 items”."""
    return f"{count:,} {'item' if count == 1 else 'items'}"


def _add(above: UnitTreeRow, row: UnitTreeRow) -> UnitTreeRow:
    row.parent, row.row = above, len(above.children)
    above.children.append(row)
    return row


def _add_requirements(above: UnitTreeRow, tree: UnitTree, requirements: Sequence[Requirement]) -> None:
    for requirement in requirements:
        row = _add(above, UnitTreeRow(requirement.id, tree, requirement))
        _add_requirements(row, tree, requirement.children)
        for component in requirement.components if requirement.is_leaf else ():
            _add(row, UnitTreeRow(component.id, tree, requirement, component))


def _shape(row: UnitTreeRow) -> list[tuple[str, str]]:
    """What must stay for a unit to keep its rows."""
    return [(below.id, below.parent.id if below.parent else "") for below in row.walk()]


def _shown(row: UnitTreeRow) -> tuple[object, ...]:
    """What a row is drawn from."""
    if row.heading is not None:
        return (row.heading,)
    if row.tree is not None and row.is_unit:
        return row.unit.code, row.unit.title, row.tree.coverage
    return row.requirement, row.standing if row.component is None else row.is_ticked


def _tool_tip(row: UnitTreeRow) -> str:
    if row.heading is not None:
        return (row.heading.standing.missing if row.heading.standing else "") or standing_in_words(row)
    if row.component is not None:
        text = row.component.text
    elif row.requirement is not None:
        text = row.requirement.text
    else:
        text = f"{row.unit.code} {row.unit.title}"
    return f"{text}\n{standing_in_words(row)}"
