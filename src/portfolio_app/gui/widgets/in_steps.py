"""Widgets of so many parts that making them at once would hold the window up."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator


class InSteps:
    """What is made part by part: :meth:`_make` yields between them.

    Attributes:
        making: What is still to be done, in steps, before it can be used.
    """

    making: Generator[None, None, None]

    def begin(self, *, in_steps: bool) -> None:
        """Make all parts now, or leave that to whoever takes the steps of :attr:`making`."""
        self.making = self._make()
        if not in_steps:
            deque(self.making, maxlen=0)

    def _make(self) -> Generator[None, None, None]:
        """Make the parts in their order, from the outside in: what moves to another parent is dressed anew."""
        raise NotImplementedError
