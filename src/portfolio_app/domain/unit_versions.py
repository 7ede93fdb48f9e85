"""A unit beside a newer version of it: what changed, and the unit that becomes of the two."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from portfolio_app.domain.qualification import (
    AssessmentMethod,
    Component,
    Guidance,
    Requirement,
    Unit,
    UnitRules,
    former_ref,
)
from portfolio_app.domain.requirement_matching import (
    Node,
    in_other_places,
    match_parts,
    match_requirements,
    nodes_of,
    words_of,
)
from portfolio_app.domain.unit_checks import DEEPEST


@dataclass(frozen=True, slots=True)
class PartChanges:
    """What became of the parts of a requirement. ``reworded`` are parts with what they say now."""

    new: tuple[Component, ...] = ()
    removed: tuple[Component, ...] = ()
    reworded: tuple[tuple[Component, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.removed or self.reworded)


@dataclass(frozen=True, slots=True)
class MatchedRequirement:
    """A requirement that is in both versions, as each has it. Addresses are those in the respective version.

    ``is_moved``: it stands under another heading, or among the same requirements in another place.
    """

    before: Requirement
    after: Requirement
    old_address: str
    new_address: str
    parts: PartChanges
    is_moved: bool

    @property
    def is_reworded(self) -> bool:
        """Whether its text or its parts are others."""
        return self.before.text.split() != self.after.text.split() or bool(self.parts)

    @property
    def says_something_else(self) -> bool:
        """Whether the words are others, and not only signs and capitals."""
        return words_of(self.before.text) != words_of(self.after.text) or bool(self.parts)

    @property
    def is_renumbered(self) -> bool:
        """Whether its own reference is another."""
        return self.before.ref != self.after.ref

    @property
    def is_of_other_kind(self) -> bool:
        """Whether it is called something else now: an outcome, a criterion."""
        return self.before.kind != self.after.kind

    @property
    def is_unchanged(self) -> bool:
        """Whether both versions have it alike, in the same place."""
        return not (self.is_reworded or self.is_renumbered or self.is_moved or self.is_of_other_kind)


@dataclass(frozen=True, slots=True)
class NewRequirement:
    """A requirement that only the newer version has."""

    requirement: Requirement
    address: str


@dataclass(frozen=True, slots=True)
class RemovedRequirement:
    """A requirement that only the older version has.

    ``nearest_id`` is that of the newer version which is most like it, ``heading`` the address of what has its place
    or its words now and groups others; each empty where there is none. ``is_former``: it was kept when an earlier
    update had no such any more.
    """

    requirement: Requirement
    address: str
    nearest_id: str = ""
    heading: str = ""
    is_former: bool = False


@dataclass(frozen=True, slots=True)
class FactChange:
    """Something of the unit's head or rules, in words as they are shown."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class UnitComparison:
    """Two versions of a unit. Requirements stand in printed order: of the newer version, those removed of the older.

    ``facts`` are changes of the head and the rules; ``apart`` are pairs that were kept from being matched.
    """

    before: Unit
    after: Unit
    matched: tuple[MatchedRequirement, ...]
    new: tuple[NewRequirement, ...]
    removed: tuple[RemovedRequirement, ...]
    facts: tuple[FactChange, ...]
    new_guidance: tuple[Guidance, ...]
    removed_guidance: tuple[Guidance, ...]
    apart: frozenset[tuple[str, str]] = frozenset()

    @property
    def unchanged(self) -> tuple[MatchedRequirement, ...]:
        """What both have alike."""
        return tuple(each for each in self.matched if each.is_unchanged)

    @property
    def reworded(self) -> tuple[MatchedRequirement, ...]:
        """What says something else now; it may be renumbered and moved too."""
        return tuple(each for each in self.matched if each.is_reworded)

    @property
    def renumbered(self) -> tuple[MatchedRequirement, ...]:
        """What has another reference; it may be reworded and moved too."""
        return tuple(each for each in self.matched if each.is_renumbered)

    @property
    def moved(self) -> tuple[MatchedRequirement, ...]:
        """What stands elsewhere; it may be reworded and renumbered too."""
        return tuple(each for each in self.matched if each.is_moved)

    @property
    def of_other_kind(self) -> tuple[MatchedRequirement, ...]:
        """What is called something else."""
        return tuple(each for each in self.matched if each.is_of_other_kind)

    @property
    def is_same(self) -> bool:
        """Whether nothing changed. What was kept before is no change."""
        return not (
            self.facts
            or self.new
            or self.new_guidance
            or self.removed_guidance
            or any(not each.is_former for each in self.removed)
            or any(not each.is_unchanged for each in self.matched)
        )

    def stored_id(self, newer_id: str) -> str:
        """Return the id that a requirement of the newer version has, or gets, in the portfolio."""
        return next((each.before.id for each in self.matched if each.after.id == newer_id), newer_id)


def older_version(units: Iterable[Unit], newer: Unit) -> Unit | None:
    """Return the unit of the reference, else of the title, that a newer one has; case and spaces do not count."""
    known = list(units)
    by_reference = (unit for unit in known if _same_name(unit.reference, newer.reference))
    by_title = (unit for unit in known if _same_name(unit.title, newer.title))
    return next(chain(by_reference, by_title), None)


def completed(newer: Unit, before: Unit) -> Unit:
    """Return a newly read unit with what its source does not say, as it was before.

    Whether it is mandatory, and in which group, is for the qualification to say, not for the unit's own text.
    """
    return replace(
        newer,
        id=before.id,
        code=before.code,
        title=newer.title or before.title,
        reference=newer.reference or before.reference,
        level=newer.level or before.level,
        credits=before.credits if newer.credits is None else newer.credits,
        synopsis=newer.synopsis or before.synopsis,
        source=newer.source or before.source,
        mandatory=before.mandatory,
        group_id=before.group_id,
        guidance=newer.guidance or before.guidance,
        rules=before.rules if newer.rules == UnitRules() else newer.rules,
    )


def compare_units(before: Unit, after: Unit, apart: Collection[tuple[str, str]] = ()) -> UnitComparison:
    """Set a unit beside a newer version of it.

    Args:
        before: The unit as it is.
        after: The newer version, :func:`completed`.
        apart: Pairs of ids, older and newer, that somebody has said are not the same requirement.
    """
    matching = match_requirements(before, after, apart)
    old, new = {node.id: node for node in nodes_of(before)}, {node.id: node for node in nodes_of(after)}
    older = {newer: older for older, newer in matching.pairs.items()}
    elsewhere = _elsewhere(old, new, matching.pairs)
    old_addresses, new_addresses = before.addresses(), replace(after, code=before.code).addresses()
    return UnitComparison(
        before=before,
        after=after,
        matched=tuple(
            MatchedRequirement(
                old[older[key]].requirement,
                node.requirement,
                old_addresses[older[key]],
                new_addresses[key],
                _part_changes(old[older[key]].requirement, node.requirement),
                key in elsewhere,
            )
            for key, node in new.items()
            if key in older
        ),
        new=tuple(
            NewRequirement(node.requirement, new_addresses[key]) for key, node in new.items() if key not in older
        ),
        removed=tuple(
            RemovedRequirement(
                node.requirement,
                old_addresses[key],
                matching.nearest.get(key, ""),
                _heading_instead(node, new.values(), new_addresses),
                node.requirement.is_former,
            )
            for key, node in old.items()
            if key not in matching.pairs
        ),
        facts=tuple(_fact_changes(before, after)),
        new_guidance=tuple(piece for piece in after.guidance if piece not in before.guidance),
        removed_guidance=tuple(piece for piece in before.guidance if piece not in after.guidance),
        apart=frozenset(apart),
    )


def updated_unit(comparison: UnitComparison, kept: Collection[str] = ()) -> Unit:
    """Return the newer version with the ids that the older one has for the same requirements and parts.

    Args:
        comparison: The two versions.
        kept: Ids of removed requirements that are to stay: each at the end of what it stood under, its reference
            saying that it is a former one. A heading that is gone stays with what is kept under it.
    """
    matched = {each.after.id: each.before for each in comparison.matched}
    staying = _staying(comparison, kept)

    def tree(parent: str, nodes: Sequence[Requirement], depth: int) -> tuple[Requirement, ...]:
        made = []
        for node in nodes:
            former = matched.get(node.id)
            own = former.id if former else node.id
            parts = node.components if former is None else _parts_with_ids(former, node)
            made.append(replace(node, id=own, components=parts, children=tree(own, node.children, depth + 1)))
        return (*made, *_formers(staying.get(parent, ()), {each.ref.casefold() for each in made}, depth))

    before, after = comparison.before, comparison.after
    return replace(
        after,
        id=before.id,
        code=before.code,
        mandatory=before.mandatory if before.group_id else after.mandatory,
        group_id=before.group_id,
        requirements=tree("", after.requirements, 1),
    )


def _same_name(one: str, other: str) -> bool:
    return bool(one.strip()) and one.casefold().split() == other.casefold().split()


def _elsewhere(old: Mapping[str, Node], new: Mapping[str, Node], pairs: Mapping[str, str]) -> set[str]:
    """Return the ids, in the newer version, of what stands under another parent or in another place under the same."""
    found: set[str] = set()
    siblings: dict[str, list[str]] = {}
    for older, newer in pairs.items():
        old_parent, parent = old[older].parent, new[newer].parent
        if (pairs.get(old_parent, "?") if old_parent else "") != parent:
            found.add(newer)
        else:
            siblings.setdefault(parent, []).append(older)
    for family in siblings.values():
        family.sort(key=lambda key: old[key].position)
        places = {new[pairs[key]].position: pairs[key] for key in family}
        found |= {places[place] for place in in_other_places(list(places))}
    return found


def _part_changes(before: Requirement, after: Requirement) -> PartChanges:
    now = _parts_now(before, after)
    pairs = match_parts(before.components, now)
    texts = {part.id: part.text for part in now}
    return PartChanges(
        new=tuple(part for part in now if part.id not in pairs.values()),
        removed=tuple(part for part in before.components if part.id not in pairs),
        reworded=tuple(
            (part, texts[pairs[part.id]])
            for part in before.components
            if part.id in pairs and texts[pairs[part.id]].split() != part.text.split()
        ),
    )


def _parts_with_ids(before: Requirement, after: Requirement) -> tuple[Component, ...]:
    now = _parts_now(before, after)
    older = {newer: older for older, newer in match_parts(before.components, now).items()}
    return tuple(Component(older.get(part.id, part.id), part.text) for part in now)


def _parts_now(before: Requirement, after: Requirement) -> tuple[Component, ...]:
    """Return the parts of the newer version. Where the words stay, those that a learner has made stay with them."""
    keeps = not after.components and words_of(before.text) == words_of(after.text)
    return before.components if keeps else after.components


def _heading_instead(node: Node, new: Iterable[Node], addresses: Mapping[str, str]) -> str:
    if not node.requirement.is_leaf:
        return ""
    return next(
        (
            addresses[other.id]
            for other in new
            if not other.requirement.is_leaf and (other.path == node.path or (node.words and other.words == node.words))
        ),
        "",
    )


def _fact_changes(before: Unit, after: Unit) -> Iterator[FactChange]:
    for name, old, new in (
        ("Title", before.title, after.title),
        ("Reference", before.reference, after.reference),
        ("Level", before.level, after.level),
        ("Credits", _number(before.credits), _number(after.credits)),
        ("Synopsis", before.synopsis, after.synopsis),
        ("Origin", _origin(before), _origin(after)),
        ("Required methods", _methods(before.rules.required_methods), _methods(after.rules.required_methods)),
        ("Simulation", _allowed(before.rules), _allowed(after.rules)),
        (
            "Pieces for each requirement",
            _number(before.rules.pieces_per_requirement),
            _number(after.rules.pieces_per_requirement),
        ),
        ("Years that evidence is current", _years(before.rules), _years(after.rules)),
    ):
        if old.split() != new.split():
            yield FactChange(name, old, new)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _origin(unit: Unit) -> str:
    return "revision guidance" if unit.is_guidance else "specification"


def _methods(methods: Iterable[AssessmentMethod]) -> str:
    return ", ".join(sorted(methods))


def _allowed(rules: UnitRules) -> str:
    return "allowed" if rules.simulation_allowed else "not allowed"


def _years(rules: UnitRules) -> str:
    return "any number" if rules.currency_years is None else str(rules.currency_years)


def _staying(comparison: UnitComparison, kept: Collection[str]) -> dict[str, list[Requirement]]:
    """Return what is kept of the older tree, cut down to it, by the id of what it is put under (empty: outermost)."""
    matched = {each.before.id for each in comparison.matched}
    wanted = {each.requirement.id for each in comparison.removed} & set(kept)
    found: dict[str, list[Requirement]] = {}

    def cut(node: Requirement) -> Requirement | None:
        if node.id in matched:
            return None
        children = tuple(each for child in node.children if (each := cut(child)) is not None)
        return replace(node, children=children) if children or (node.is_leaf and node.id in wanted) else None

    def gather(parent: str, nodes: Iterable[Requirement]) -> None:
        for node in nodes:
            left = cut(node)
            if left is not None:
                found.setdefault(parent, []).append(left)
            gather_matched(parent, node)

    def gather_matched(parent: str, node: Requirement) -> None:
        """Look under what is matched; under what is not, only for what is matched."""
        if node.id in matched:
            gather(node.id, node.children)
        else:
            for child in node.children:
                gather_matched(parent, child)

    gather("", comparison.before.requirements)
    return found


def _formers(nodes: Iterable[Requirement], taken: set[str], depth: int) -> Iterator[Requirement]:
    """Yield kept requirements with references of their own; headings too deep in are left out, not what is in them."""
    for node in nodes:
        if node.children and depth + _height(node) > DEEPEST:
            yield from _formers(node.children, taken, depth)
            continue
        ref = former_ref(node.ref, taken)
        taken.add(ref.casefold())
        yield replace(node, ref=ref, children=tuple(_formers(node.children, set(), depth + 1)))


def _height(node: Requirement) -> int:
    return 1 + max(map(_height, node.children)) if node.children else 0
