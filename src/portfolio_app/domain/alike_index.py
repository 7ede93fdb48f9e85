"""Which of thousands of items may have a passage in common, without comparing each with each."""

from __future__ import annotations

from collections import Counter
from typing import Final

_MOST_OWNERS: Final = 8
"""A shingle that stands in more items leads to the earliest of them only."""

_LEAST_SHARED: Final = 2
"""A run of words that is long enough to be named shares so many at least: of every eight shingles one is kept."""


class AlikeIndex:
    """Items by the fingerprints of their texts. ``number`` is that of their reference: of two items the later asks."""

    def __init__(self) -> None:
        # Plain tuples: there are hundreds of thousands, which the garbage collector need not look at then.
        self._prints: dict[str, tuple[int, ...]] = {}
        self._numbers: dict[str, int] = {}
        self._owners: dict[int, tuple[str, ...]] = {}

    def put(self, evidence_id: str, number: int, prints: tuple[int, ...]) -> set[str]:
        """Take an item's fingerprints in place of those known, and return the later items that share some."""
        self.remove(evidence_id)
        self._prints[evidence_id] = prints
        self._numbers[evidence_id] = number
        later: set[str] = set()
        for print_ in prints:
            owners = self._owners.get(print_, ())
            position = len(owners)
            while position and self._numbers[owners[position - 1]] > number:
                position -= 1
            later.update(owners[position : position + _MOST_OWNERS])
            self._owners[print_] = (*owners[:position], evidence_id, *owners[position:])
        return later

    def remove(self, evidence_id: str) -> None:
        """Forget an item, if it is known."""
        for print_ in self._prints.pop(evidence_id, ()):
            owners = tuple(owner for owner in self._owners.pop(print_) if owner != evidence_id)
            if owners:
                self._owners[print_] = owners
        self._numbers.pop(evidence_id, None)

    def earlier(self, evidence_id: str, most: int) -> list[str]:
        """Return the earlier items that share most with this one, at most so many."""
        number = self._numbers.get(evidence_id, 0)
        shared = Counter(
            owner
            for print_ in self._prints.get(evidence_id, ())
            for owner in self._owners[print_][:_MOST_OWNERS]
            if self._numbers[owner] < number
        )
        return [owner for owner, count in shared.most_common(most) if count >= _LEAST_SHARED]
