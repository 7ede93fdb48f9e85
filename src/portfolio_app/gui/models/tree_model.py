"""Trees as Qt asks for them, over nodes that a subclass makes anew when what they show has changed."""

from __future__ import annotations

from typing import Final, Generic, Protocol, Self, TypeVar

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
N = TypeVar("N", bound="TreeNode")


class TreeNode(Protocol):
    """A row of a tree; ``row`` is its place among the children of its parent, the root has no parent."""

    @property
    def row(self) -> int:
        """Its place among its parent's children."""

    @property
    def parent(self) -> Self | None:
        """The row above."""

    @property
    def children(self) -> list[Self]:
        """The rows below."""


class TreeModel(QAbstractItemModel, Generic[N]):
    """A tree of one column.

    Indexes carry a number and not the node itself: Qt holds no reference to a Python object, so an index that
    outlived its node would lead into freed memory.
    """

    def __init__(self, root: N, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes: list[N] = []
        self._numbers: dict[int, int] = {}
        self._root = root
        self._take(root)

    @property
    def root(self) -> N:
        """The node above all rows, which is not shown."""
        return self._root

    def set_root(self, root: N) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._take(root)
        self.endResetModel()

    def node(self, index: Index) -> N:
        """Return what a row shows; of an index that is not valid, the root."""
        number = index.internalId()
        return self._nodes[number] if index.isValid() and 0 <= number < len(self._nodes) else self._root

    def index_at(self, node: N) -> QModelIndex:
        """Return the index of a node of this tree; of the root an invalid one."""
        return QModelIndex() if node is self._root else self.createIndex(node.row, 0, self._numbers[id(node)])

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        """Return the row's index."""
        above = self.node(parent)
        if column != 0 or not 0 <= row < len(above.children):
            return QModelIndex()
        return self.index_at(above.children[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override] # QObject.parent is another
        """Return the index of the row above."""
        above = self.node(index).parent if index.isValid() else None
        return QModelIndex() if above is None else self.index_at(above)

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many rows stand below one."""
        return 0 if parent.column() > 0 else len(self.node(parent).children)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return that there is one column."""
        del parent
        return 1

    def _take(self, root: N) -> None:
        self._root = root
        nodes, waiting = [], list(root.children)
        while waiting:
            node = waiting.pop()
            nodes.append(node)
            waiting += node.children
        self._nodes = nodes
        self._numbers = {id(node): number for number, node in enumerate(nodes)}
