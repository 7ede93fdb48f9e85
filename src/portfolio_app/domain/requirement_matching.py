"""Which requirement of a unit is which of a newer version: by their words, their references, and where they stand.

Each is matched with one at most, what evidence is claimed against only with such, and a heading only with a heading.
The result depends on nothing but the two units. Words weigh by how few requirements of the unit have them, and "explain
the purpose of" weighs little in any: it does not say which one is meant.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum, log
from typing import Final

from portfolio_app.domain.folding import folded
from portfolio_app.domain.qualification import Component, Requirement, Unit

_LIKE: Final = 0.5
"""From this likeness on (0 nothing in common, 1 the same words) two texts are one requirement that was reworded."""
_LIKE_OF_SAME_REF: Final = 0.42
_LIKE_IN_PLACE: Final = 0.35
"""The same where the reference is the same, or that and all above it. In real units that were put into other words
throughout, different requirements are alike up to 0.3, and nearly all that are the same more than 0.45."""
_A_LITTLE_LIKE: Final = 0.2
_LIKE_PART: Final = 0.5
_IN_PLACE: Final = 0.15
_SAME_PARENT: Final = 0.05
_STEM: Final = 5
"""Letters of a word that count: "organise" is "organisation" is "organizing"."""
_COMMON: Final = 64
_MOST_LOOKS: Final = 64_000
"""A word that more requirements than the one have is no reason to look at a pair; of a thousand requirements and more,
so many fewer that each word leads to no more looks than the other."""
_SAYING_LITTLE: Final = """
a an and are as at be been by can do for from has have how if in is it its may must of on or own should so such that the
their them they this to used using was what when where which who why will with your
analyse assess compare define demonstrate describe discuss ensure evaluate explain identify include justify know list
outline review show state summarise understand understanding use
appropriate different effective importance main methods purpose relevant ways
"""
"""Words that hold requirements of any subject together, or begin them."""
_LITTLE_STEMS: Final = frozenset(word[:_STEM] for word in _SAYING_LITTLE.split())
_LITTLE: Final = 0.25
_WORD: Final = re.compile(r"\w+")


def words_of(text: str) -> tuple[str, ...]:
    """Return what counts when texts are compared: their words, without case, accents and signs."""
    return tuple(_WORD.findall(folded(text)))


@dataclass(frozen=True)
class Node:
    """A requirement in its unit. ``position`` counts from 0 in printed order; ``path`` are the references down to it.

    ``parent`` is the id of what it stands under, or empty.
    """

    requirement: Requirement
    position: int
    path: tuple[str, ...]
    parent: str

    @property
    def id(self) -> str:
        """The requirement's id."""
        return self.requirement.id

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its text."""
        return words_of(self.requirement.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of its words."""
        return frozenset(word[:_STEM] for word in self.words)


def nodes_of(unit: Unit) -> list[Node]:
    """Return the requirements of a unit in printed order."""
    return [
        Node(
            node,
            position,
            tuple(each.ref.casefold() for each in (*above, node)),
            above[-1].id if above else "",
        )
        for position, (above, node) in enumerate(unit.walk())
    ]


@dataclass(frozen=True, slots=True)
class Matching:
    """Which is which, by ids: ``pairs`` lead from the older version to the newer.

    ``nearest`` names, for evidence's requirements that are in the older version only, the one of the newer that is
    most like it, where one is at all.
    """

    pairs: Mapping[str, str]
    nearest: Mapping[str, str]


def match_requirements(before: Unit, after: Unit, apart: Collection[tuple[str, str]] = ()) -> Matching:
    """Match the requirements of two versions of a unit.

    Args:
        before: The older version.
        after: The newer one.
        apart: Pairs of ids, older and newer, that somebody has said are not the same.
    """
    search = _Search(nodes_of(before), nodes_of(after), frozenset(apart))
    search.take_identical(leaves=False)
    search.take_alike(leaves=False)
    search.take_identical(leaves=True)
    search.take_alike(leaves=True)
    search.take_headings_by_what_they_hold()
    return Matching(search.pairs, search.nearest())


def match_parts(before: Sequence[Component], after: Sequence[Component]) -> dict[str, str]:
    """Match the parts of a requirement that is in both versions, by their words; ids of the older to the newer."""
    pairs: dict[str, str] = {}
    taken: set[str] = set()

    def take(old: Component, new: Component) -> None:
        if old.id not in pairs and new.id not in taken:
            pairs[old.id] = new.id
            taken.add(new.id)

    for old in before:
        for new in after:
            if words_of(old.text) == words_of(new.text):
                take(old, new)
    alike = [
        (-likeness, abs(place - other), place, other)
        for place, old in enumerate(before)
        for other, new in enumerate(after)
        if old.id not in pairs and new.id not in taken
        if (likeness := _plain_likeness(old.text, new.text)) >= _LIKE_PART
    ]
    for _, _, place, other in sorted(alike):
        take(before[place], after[other])
    return pairs


def in_other_places(order: Sequence[int]) -> set[int]:
    """Return the fewest of these different numbers without which the rest is in ascending order."""
    longest: list[list[int]] = []  # by length: the run of that length with the smallest end
    for number in order:
        place = next((at for at, run in enumerate(longest) if run[-1] > number), len(longest))
        run = [*(longest[place - 1] if place else ()), number]
        longest[place : place + 1] = [run]
    return set(order) - set(longest[-1] if longest else ())


class _Search:
    def __init__(self, before: list[Node], after: list[Node], apart: Collection[tuple[str, str]]) -> None:
        self.pairs: dict[str, str] = {}
        self._before, self._after, self._apart = before, after, apart
        self._taken: set[str] = set()
        self._weights = _weights(before, after)

    def take_identical(self, *, leaves: bool) -> None:
        old, new = self._old(leaves=leaves), self._new(leaves=leaves)
        self._take_by(old, new, lambda node, _: (node.path, node.words))
        # Outer headings first: what stands under them is then known to stand under the same.
        for depth in sorted({len(node.path) for node in old}):
            level = [node for node in old if len(node.path) == depth and node.words]
            self._take_by(level, new, lambda node, parent: (parent, node.words))
            self._take_by(level, new, lambda node, _: node.words)

    def take_alike(self, *, leaves: bool) -> None:
        old = [node for node in self._old(leaves=leaves) if not node.requirement.is_former]
        new = self._new(leaves=leaves)
        ranked = []
        for one, other, likeness in self._alike(old, new):
            in_place = self._in_place(one, other)
            same_ref = one.path[-1] == other.path[-1]
            if likeness >= (_LIKE_IN_PLACE if in_place else _LIKE_OF_SAME_REF if same_ref else _LIKE):
                score = likeness + _IN_PLACE * in_place + _SAME_PARENT * (self._parent(one) == other.parent)
                distance = abs(one.position - other.position)
                ranked.append((-score, distance, one.position, other.position))
        for _, _, place, other_place in sorted(ranked):
            self._take(self._before[place], self._after[other_place])

    def take_headings_by_what_they_hold(self) -> None:
        """Match headings of which nothing else is known by most of what stands under them."""
        owners = {node.id: node.parent for node in self._after}
        open_new = {node.id: node for node in self._new(leaves=False)}
        for heading in reversed(self._old(leaves=False)):
            if heading.requirement.is_former:
                continue
            held = [self.pairs[child.id] for child in heading.requirement.children if child.id in self.pairs]
            votes = Counter(owners[child] for child in held)
            parent, count = votes.most_common(1)[0] if votes else ("", 0)
            if parent in open_new and 2 * count > len(held):
                self._take(heading, open_new[parent])

    def nearest(self) -> dict[str, str]:
        old = [node for node in self._old(leaves=True) if not node.requirement.is_former]
        new = [node for node in self._after if node.requirement.is_leaf]
        found: dict[str, tuple[float, int, str]] = {}
        for one, other, likeness in self._alike(old, new):
            if likeness >= _A_LITTLE_LIKE:
                candidate = (-likeness, other.position, other.id)
                found[one.id] = min(found.get(one.id, candidate), candidate)
        paths = {node.path: node.id for node in new if node.id not in self._taken}
        return {
            node.id: found[node.id][2] if node.id in found else paths[node.path]
            for node in old
            if node.id in found or node.path in paths
        }

    def _take(self, one: Node, other: Node) -> bool:
        """Match two, unless one of them is matched or they are to be kept apart; say whether they were."""
        free = one.id not in self.pairs and other.id not in self._taken and (one.id, other.id) not in self._apart
        if free:
            self.pairs[one.id] = other.id
            self._taken.add(other.id)
        return free

    def _take_by(self, old: Iterable[Node], new: Iterable[Node], key: Callable[[Node, str], object]) -> None:
        """Match in order what has the same key, which is made of a node and the parent it has in the newer version."""
        known: dict[object, list[Node]] = defaultdict(list)
        for node in new:
            if node.id not in self._taken:
                known[key(node, node.parent)].append(node)
        for node in old:
            if node.id in self.pairs:
                continue
            same = known.get(key(node, self._parent(node)), [])
            taken = next((place for place, other in enumerate(same) if self._take(node, other)), None)
            if taken is not None:
                del same[taken]

    def _parent(self, node: Node) -> str:
        """Return the id, in the newer version, of what a node stood under; ``?`` if that is not there."""
        return self.pairs.get(node.parent, "?") if node.parent else ""

    def _in_place(self, one: Node, other: Node) -> bool:
        """Say whether the one stood where the other stands, by the references."""
        same_parent = self._parent(one) == other.parent
        return one.path == other.path or (same_parent and one.path[-1] == other.path[-1])

    def _old(self, *, leaves: bool) -> list[Node]:
        return [node for node in self._before if node.requirement.is_leaf is leaves and node.id not in self.pairs]

    def _new(self, *, leaves: bool) -> list[Node]:
        return [node for node in self._after if node.requirement.is_leaf is leaves and node.id not in self._taken]

    def _alike(self, old: Sequence[Node], new: Sequence[Node]) -> Iterator[tuple[Node, Node, float]]:
        """Yield the pairs that have a word in common which says something, or the same path, and their likeness."""
        holders: dict[str, list[int]] = defaultdict(list)
        for place, node in enumerate(new):
            for stem in node.stems:
                holders[stem].append(place)
        paths = {node.path: place for place, node in enumerate(new)}
        common = min(_COMMON, _MOST_LOOKS // max(len(old), 1))
        for one in old:
            places = {place for stem in one.stems if len(found := holders.get(stem, ())) <= common for place in found}
            if one.path in paths:
                places.add(paths[one.path])
            for place in sorted(places):
                yield one, new[place], _likeness(one.stems, new[place].stems, self._weights)


def _weights(before: Sequence[Node], after: Sequence[Node]) -> Mapping[str, float]:
    counts = [Counter(stem for node in nodes for stem in node.stems) for nodes in (before, after)]
    most = max(len(before), len(after))
    return {
        stem: log((2 + most) / max(count[stem] for count in counts)) * (_LITTLE if stem in _LITTLE_STEMS else 1)
        for count in counts
        for stem in count
    }


def _likeness(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    # Exact sums: the order of a set is another one each time the program runs.
    total = fsum(weights[stem] for stem in one) + fsum(weights[stem] for stem in other)
    return 2 * fsum(weights[stem] for stem in one & other) / total if total else 0.0


def _plain_likeness(one: str, other: str) -> float:
    stems = [frozenset(word[:_STEM] for word in words_of(text)) for text in (one, other)]
    return _likeness(stems[0], stems[1], dict.fromkeys(stems[0] | stems[1], 1.0))
