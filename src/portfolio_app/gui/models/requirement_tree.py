"""Requirements to tick, as a tree of units, outcomes and leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from portfolio_app.gui.models.tree_model import Index, TreeModel
from portfolio_app.services.claim_edits import RequirementChoice

NODE_ROLE: Final = Qt.ItemDataRole.UserRole


@dataclass(eq=False, slots=True)
class RequirementNode:
    """A row: a unit, a requirement that groups others, or a leaf (which alone has a ``choice``)."""

    key: str
    label: str
    text: str
    parent: RequirementNode | None = None
    choice: RequirementChoice | None = None
    children: list[RequirementNode] = field(default_factory=list)
    row: int = 0
    ticked: int = 0
    """Of a group: how many leaves below it are claimed."""

    def add(self, child: RequirementNode) -> RequirementNode:
        """Put a row below this one."""
        child.parent, child.row = self, len(self.children)
        self.children.append(child)
        return child

    def leaves(self) -> Iterator[RequirementNode]:
        """Yield the leaves below this row, and itself if it is one."""
        if self.choice is not None:
            yield self
        for child in self.children:
            yield from child.leaves()


class RequirementTreeModel(TreeModel[RequirementNode]):
    """Shows choices below their units and outcomes; ticks say what the item in hand is claimed for.

    A tick is only asked for, by ``tick_requested``: it shows when the claim is stored and :meth:`set_ticked` was told.
    """

    tick_requested = Signal(str, bool)
    """A requirement's id, and whether it is to be claimed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(RequirementNode("", "", ""), parent)
        self._choices: Sequence[RequirementChoice] = ()
        self._leaves: dict[str, RequirementNode] = {}
        self._ticked: Mapping[str, object] = {}
        self.can_tick = True

    def set_choices(self, choices: Sequence[RequirementChoice]) -> bool:
        """Show these requirements; return whether the rows are others than before, and folded."""
        if [_standing(choice) for choice in choices] == [_standing(choice) for choice in self._choices]:
            self._show_anew(choices)
            return False
        self._choices = choices
        root = _tree(choices)
        self._leaves = {node.choice.requirement.id: node for node in root.leaves() if node.choice}
        _count_ticks(root, self._ticked.keys())
        self.set_root(root)
        return True

    def set_ticked(self, requirement_ids: Mapping[str, object]) -> None:
        """Tick these requirements and no others."""
        touched = self._ticked.keys() ^ requirement_ids.keys()
        self._ticked = requirement_ids
        for requirement_id in touched:
            node = self._leaves.get(requirement_id)
            more = 1 if requirement_id in requirement_ids else -1
            while node is not None and node is not self.root:
                if node.choice is None:
                    node.ticked += more
                index = self.index_at(node)
                self.dataChanged.emit(index, index)
                node = node.parent

    def is_ticked(self, requirement_id: str) -> bool:
        """Return whether the item in hand is claimed for a requirement."""
        return requirement_id in self._ticked

    def index_of(self, requirement_id: str) -> QModelIndex:
        """Return the row of a leaf, or an invalid index."""
        node = self._leaves.get(requirement_id)
        return self.index_at(node) if node else QModelIndex()

    def units(self) -> list[QModelIndex]:
        """Return the rows of the units."""
        return [self.index_at(node) for node in self.root.children]

    # Qt

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows and what a screen reader says of it."""
        if not index.isValid():
            return None
        node = self.node(index)
        if role == NODE_ROLE:
            return node
        if role == Qt.ItemDataRole.CheckStateRole and node.choice is not None:
            return Qt.CheckState.Checked if node.choice.requirement.id in self._ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{node.label} {node.text}".strip()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._said(node)
        return node.text if role == Qt.ItemDataRole.ToolTipRole else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Ask for a tick."""
        node = self.node(index)
        if role != Qt.ItemDataRole.CheckStateRole or node.choice is None or not self.can_tick:
            return False
        self.tick_requested.emit(node.choice.requirement.id, Qt.CheckState(value) == Qt.CheckState.Checked)
        return False

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that leaves can be ticked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.node(index).choice is not None:
            flags |= Qt.ItemFlag.ItemNeverHasChildren
            if self.can_tick:
                flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def _show_anew(self, choices: Sequence[RequirementChoice]) -> None:
        """Take what has become of the requirements that are shown already."""
        self._choices = choices
        for choice in choices:
            node = self._leaves[choice.requirement.id]
            if node.choice != choice:
                node.choice = choice
                index = self.index_at(node)
                self.dataChanged.emit(index, index)

    def _said(self, node: RequirementNode) -> str:
        if node.choice is None:
            return f"{node.label} {node.text}, {node.ticked} claimed".strip()
        claimed = "claimed" if node.choice.requirement.id in self._ticked else "not claimed by this item"
        return f"{node.label} {node.text}: {claimed}; {node.choice.state}"


def _standing(choice: RequirementChoice) -> tuple[object, ...]:
    """Return what of a choice decides which rows there are and what they are called."""
    return choice.requirement, choice.unit_id, choice.unit_code, choice.unit_title, choice.ancestors


def _tree(choices: Iterable[RequirementChoice]) -> RequirementNode:
    root = RequirementNode("", "", "")
    groups: dict[str, RequirementNode] = {}
    for choice in choices:
        above = groups.get(choice.unit_id)
        if above is None:
            above = groups[choice.unit_id] = root.add(
                RequirementNode(choice.unit_id, choice.unit_code, choice.unit_title)
            )
        for ancestor in choice.ancestors:
            group = groups.get(ancestor.id)
            if group is None:
                group = groups[ancestor.id] = above.add(RequirementNode(ancestor.id, ancestor.ref, ancestor.short_text))
            above = group
        leaf = choice.requirement
        above.add(RequirementNode(leaf.id, leaf.ref, leaf.short_text, choice=choice))
    for unit in root.children:
        _lift_only_children(unit)
    return root


def _lift_only_children(node: RequirementNode) -> None:
    """Show a leaf in place of a group that holds nothing else: the group's own line would only repeat it."""
    for row, child in enumerate(node.children):
        _lift_only_children(child)
        if len(child.children) == 1 and child.children[0].choice is not None:
            lifted = child.children[0]
            lifted.parent, lifted.row = node, row
            node.children[row] = lifted


def _count_ticks(node: RequirementNode, ticked: Iterable[str]) -> int:
    if node.choice is not None:
        return int(node.choice.requirement.id in ticked)
    node.ticked = sum(_count_ticks(child, ticked) for child in node.children)
    return node.ticked
