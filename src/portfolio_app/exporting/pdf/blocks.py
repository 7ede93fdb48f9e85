"""What stands on a page: a block knows its height, where it may be cut in two, and how it is painted."""

from __future__ import annotations

from collections.abc import Sequence

from portfolio_app.exporting.pdf.destinations import Destination
from portfolio_app.exporting.pdf.pen import Pen
from portfolio_app.exporting.pdf.structure import Element

EPSILON = 1e-3


class Block:
    """Something of a certain width that is painted downwards from a point.

    ``before`` and ``after`` are the space it wants above and below; between two blocks the larger counts,
    and none at the top of a page.
    """

    before: float = 0.0
    after: float = 0.0

    def height(self, width: float, room: float) -> float:
        """Return the height in points; any number above ``room`` if it is higher than that."""
        raise NotImplementedError

    def cut(self, width: float, room: float, *, force: bool) -> tuple[Block, Block] | None:  # noqa: ARG002
        """Return what fits in ``room`` and the rest, or None if it should not be cut there.

        ``force`` is set at the top of a page, where there will never be more room.
        """
        return None

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw with the upper left corner at (x, y); ``height`` was called with the same width before."""
        raise NotImplementedError


class Space(Block):
    """Nothing, for a certain height."""

    def __init__(self, height: float) -> None:
        self._height = height

    def height(self, width: float, room: float) -> float:  # noqa: ARG002
        """Return the height it was made with."""
        return self._height

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw nothing."""


class Anchor(Block):
    """A place that links lead to, where there is nothing else to mark."""

    def __init__(self, place: Destination | None) -> None:
        self._place = place

    def height(self, width: float, room: float) -> float:  # noqa: ARG002
        """Return 0."""
        return 0.0

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:  # noqa: ARG002
        """Mark the place."""
        pen.bind(self._place, y + 6)


class Inside(Block):
    """A block that is part of an element."""

    def __init__(self, block: Block, element: Element) -> None:
        self.before = block.before
        self.after = block.after
        self._block = block
        self._element = element

    def height(self, width: float, room: float) -> float:
        """Return the block's height."""
        return self._block.height(width, room)

    def cut(self, width: float, room: float, *, force: bool) -> tuple[Block, Block] | None:
        """Cut the block."""
        parts = self._block.cut(width, room, force=force)
        return (Inside(parts[0], self._element), Inside(parts[1], self._element)) if parts else None

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Paint the block."""
        with pen.structure.within(self._element):
            self._block.paint(pen, x, y, width)


class Stack(Block):
    """Blocks one under the other. The first ``held`` of them stay on the page where the next one starts."""

    def __init__(self, blocks: Sequence[Block], held: int = 0) -> None:
        self._blocks = list(blocks)
        self._held = held
        self._tops: list[float] = []
        self.before = blocks[0].before if blocks else 0.0
        self.after = blocks[-1].after if blocks else 0.0

    def height(self, width: float, room: float) -> float:
        """Return the height of all blocks and the space between them."""
        self._tops = []
        total, after = 0.0, 0.0
        for number, block in enumerate(self._blocks):
            if number:
                total += max(after, block.before)
            self._tops.append(total)
            total += block.height(width, max(room - total, 0.0))
            after = block.after
            if total > room + EPSILON:
                break
        return total

    def cut(self, width: float, room: float, *, force: bool) -> tuple[Block, Block] | None:
        """Cut inside the block that does not fit, or before it."""
        self.height(width, room)
        number = len(self._tops) - 1
        if number < 0:
            return None
        block, left = self._blocks[number], room - self._tops[number]
        parts = None
        if number >= self._held or force:
            parts = block.cut(width, left, force=force and number <= self._held) if left > 0 else None
        if parts is not None:
            return (
                Stack([*self._blocks[:number], parts[0]]),
                Stack([parts[1], *self._blocks[number + 1 :]], max(0, self._held - number)),
            )
        if number > self._held or (force and number):
            return Stack(self._blocks[:number]), Stack(self._blocks[number:], max(0, self._held - number))
        return None

    def paint(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Paint each block under the one before."""
        for block, top in zip(self._blocks, self._tops, strict=True):
            block.paint(pen, x, y - top, width)
