"""Changing a unit that is in the portfolio, and what would go with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Decision
from portfolio_app.domain.coverage import CoverageState, Tally, UnitCoverage, coverage
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.facts import AssessmentFacts, ClaimsByRequirement
from portfolio_app.domain.gap_facts import joined
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import Requirement, Unit, UnitRules
from portfolio_app.services.references import evidence_number
from portfolio_app.services.unit_checking import checked_rules, checked_unit, refuse_twin
from portfolio_app.storage.portfolio_file import PortfolioFile

_NAMED = 5


@dataclass(frozen=True, slots=True)
class LostClaim:
    """A claim that would go: the references of its item and its requirement."""

    evidence: str
    requirement: str


@dataclass(frozen=True, slots=True)
class Reworded:
    """A requirement whose words would no longer be those that an assessor decided on."""

    address: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a change to units would take away, or mean. Undo brings all of it back.

    ``decided`` are the addresses of requirements with a decision, which cannot go: with any, nothing is changed.
    ``unclaimed`` are references of items that would be claimed for nothing; ``parts`` are ticked parts that would go
    from requirements that stay. ``reworded`` requirements keep their decisions, which were made on other words.
    """

    claims: tuple[LostClaim, ...] = ()
    unclaimed: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()
    reworded: tuple[Reworded, ...] = ()

    def __bool__(self) -> bool:
        return self.loses or bool(self.decided or self.reworded)

    @property
    def loses(self) -> bool:
        """Whether something would go."""
        return bool(self.claims or self.parts)

    def __str__(self) -> str:
        """Say it in a sentence or two; empty where nothing goes and no decision is touched."""
        if self.decided:
            return _decided_sentence(self.decided)
        said = []
        if self.claims:
            refs = sorted({claim.evidence for claim in self.claims}, key=evidence_number)
            count = f"{len(self.claims):,} claim{'' if len(self.claims) == 1 else 's'}"
            said.append(f"{count} of {_some(refs)} would be removed.")
        if self.unclaimed:
            said.append(f"{_some(self.unclaimed)} would then be claimed for nothing; the evidence itself stays.")
        if self.parts:
            said.append(f"The ticks at {_some([f'“{part}”' for part in self.parts])} would be removed.")
        if self.reworded:
            said.append(_reworded_sentence(self.reworded))
        return " ".join(said)


@dataclass(frozen=True, slots=True)
class NodeStanding:
    """Where a requirement stands. ``tally`` is ``None`` on a leaf; ``items`` counts the evidence claimed for a leaf.

    ``placed`` of these claims have a quotation or a place; ``ticked`` are the ids of the parts that any claim ticks.
    """

    address: str
    depth: int
    state: CoverageState
    tally: Tally | None
    items: int
    placed: int
    ticked: frozenset[str]
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class UnitTree:
    """A unit with where each of its requirements stands, by id."""

    unit: Unit
    coverage: UnitCoverage
    nodes: Mapping[str, NodeStanding] = field(default_factory=dict)


def unit_trees(portfolio: PortfolioFile) -> list[UnitTree]:
    """Return the units in code order, each with the standing of every requirement."""
    with portfolio.read() as reader:
        facts = reader.facts({})
    covered = coverage(facts)
    groups = ClaimsByRequirement.of(facts.claims).groups

    def standing(address: str, depth: int, requirement: Requirement) -> NodeStanding:
        placed, pointless = groups.get(requirement.id, ((), ())) if requirement.is_leaf else ((), ())
        return NodeStanding(
            address=address,
            depth=depth,
            state=covered.states[requirement.id],
            tally=covered.tallies.get(requirement.id),
            items=len(placed) + len(pointless),
            placed=len(placed),
            ticked=frozenset(part.id for part in requirement.components if part.id in facts.ticked),
            decision=facts.decisions.get(requirement.id),
        )

    trees = []
    for unit, unit_coverage in zip(facts.units, covered.units, strict=True):
        addresses = unit.addresses()
        nodes = {
            requirement.id: standing(addresses[requirement.id], len(ancestors), requirement)
            for ancestors, requirement in unit.walk()
        }
        trees.append(UnitTree(unit, unit_coverage, nodes))
    return trees


def edit_unit(portfolio: PortfolioFile, unit: Unit) -> tuple[Unit, Changes]:
    """Make a stored unit what is given, in one step: its facts, guidance, rules and its whole tree.

    Requirements and parts with the ids they had keep their claims, wherever they stand now. The claims on those that
    are not there any more, or that others stand under now, are removed in the same step. The unit keeps its code.

    Raises:
        UnknownReference: the unit is not in the portfolio any more.
        InvalidInput: something of it cannot be stored, or a requirement with a decision would go.
    """
    unit = checked_unit(unit)
    with portfolio.read() as reader:
        facts = reader.facts({})
        current = _unit(facts, unit.id)
        unit = replace(_with_own_parts(unit, current), code=current.code, group_id=current.group_id)
        if unit.group_id:
            unit = replace(unit, mandatory=current.mandatory)  # as its group says
        refuse_twin(unit, [other for other in facts.units if other.id != unit.id])
        _refuse_decided(_losses(facts, [current], _leaf_ids(unit)))
        gone = [
            claim
            for requirement in _grouped_since(current, unit)
            for claim in reader.claims(requirement_id=requirement.id)
        ]
    with portfolio.edit(f"Change unit {unit.code} {unit.title}") as editor:
        for claim in gone:
            editor.remove_claim(claim.id)
        editor.put_unit(unit)
        return unit, editor.changes


def edit_consequences(portfolio: PortfolioFile, unit: Unit) -> Consequences:
    """Say what would go if a stored unit became what is given.

    Raises:
        UnknownReference: the unit is not in the portfolio any more.
    """
    with portfolio.read() as reader:
        facts = reader.facts({})
    current = _unit(facts, unit.id)
    unit = _with_own_parts(unit, current)
    parts = {part.id for _, node in unit.walk() for part in node.components}
    losses = _losses(facts, [current], _leaf_ids(unit), parts)
    return replace(losses, reworded=tuple(_reworded(facts, current, unit)))


def removal_consequences(
    portfolio: PortfolioFile, *, unit_id: str | None = None, requirement_ids: Collection[str] = ()
) -> Consequences:
    """Say what would go with a unit, or with these requirements and all that stands under them.

    Raises:
        UnknownReference: the unit is not in the portfolio any more.
    """
    with portfolio.read() as reader:
        facts = reader.facts({})
    units = [_unit(facts, unit_id)] if unit_id else facts.units
    wanted = set(requirement_ids)
    kept = (
        set()
        if unit_id
        else {
            node.id
            for unit in units
            for ancestors, node in unit.walk()
            if node.is_leaf and node.id not in wanted and not any(above.id in wanted for above in ancestors)
        }
    )
    return _losses(facts, units, kept)


def set_unit_rules(portfolio: PortfolioFile, unit_id: str, rules: UnitRules) -> tuple[Unit, Changes]:
    """Set what a unit's specification demands beyond its requirements.

    Raises:
        UnknownReference: the unit is not in the portfolio any more.
        InvalidInput: a number makes no sense.
    """
    rules = checked_rules(rules)
    with portfolio.read() as reader:
        unit = replace(_of_id(reader.units(), unit_id), rules=rules)
    with portfolio.edit(f"Change the rules of {unit.code}") as editor:
        editor.put_unit(unit)
        return unit, editor.changes


def reorder_units(portfolio: PortfolioFile, unit_ids: Sequence[str]) -> tuple[list[Unit], Changes]:
    """Put the units in this order, which gives the same codes out anew: U1 is always the first.

    Documents that were exported before still have the old codes.

    Raises:
        UnknownReference: these are not the portfolio's units, each of them once.
    """
    with portfolio.read() as reader:
        units = reader.units()
    if sorted(unit_ids) != sorted(unit.id for unit in units):
        raise UnknownReference("The units have changed meanwhile; look at them again before you put them in order.")
    by_id = {unit.id: unit for unit in units}
    wanted = [replace(by_id[unit_id], code=unit.code) for unit_id, unit in zip(unit_ids, units, strict=True)]
    moved = [unit for unit in wanted if unit.code != by_id[unit.id].code]
    with portfolio.edit("Put the units in order") as editor:
        for unit in moved:  # a code is one unit's only, at every moment
            editor.put_unit(replace(unit, code=new_id()))
        for unit in moved:
            editor.put_unit(unit)
        return wanted, editor.changes


def _unit(facts: AssessmentFacts, unit_id: str) -> Unit:
    return _of_id(facts.units, unit_id)


def _of_id(units: Iterable[Unit], unit_id: str) -> Unit:
    for unit in units:
        if unit.id == unit_id:
            return unit
    raise UnknownReference("That unit is not in this portfolio any more.")


def _leaf_ids(unit: Unit) -> set[str]:
    return {leaf.id for leaf in unit.leaves()}


def _with_own_parts(unit: Unit, current: Unit) -> Unit:
    """Give parts that have moved to another requirement new ids: what was ticked was a part of the old one."""
    owners = {part.id: node.id for _, node in current.walk() for part in node.components}

    def own(nodes: Iterable[Requirement]) -> tuple[Requirement, ...]:
        return tuple(
            replace(
                node,
                components=tuple(
                    part if owners.get(part.id, node.id) == node.id else replace(part, id=new_id())
                    for part in node.components
                ),
                children=own(node.children),
            )
            for node in nodes
        )

    return replace(unit, requirements=own(unit.requirements))


def _grouped_since(before: Unit, after: Unit) -> list[Requirement]:
    """Return what evidence could be claimed against before, and only groups others now."""
    leaves = _leaf_ids(before)
    return [node for _, node in after.walk() if not node.is_leaf and node.id in leaves]


def _losses(
    facts: AssessmentFacts, units: Iterable[Unit], kept: Collection[str], parts: Collection[str] | None = None
) -> Consequences:
    """Work out what goes when of the leaves of these units only some are kept, and of their parts only these."""
    groups = ClaimsByRequirement.of(facts.claims).groups
    numbers = {item.id: item.number for item in facts.evidence}
    claims: list[tuple[str, int]] = []
    lost_parts: list[str] = []
    decided: list[str] = []
    gone: set[str] = set()
    for unit in units:
        addresses = unit.addresses()
        for leaf in unit.leaves():
            if leaf.id in kept:
                if parts is not None:
                    lost_parts += [
                        part.text for part in leaf.components if part.id not in parts and part.id in facts.ticked
                    ]
                continue
            gone.add(leaf.id)
            if leaf.id in facts.decisions:
                decided.append(addresses[leaf.id])
            group = groups.get(leaf.id)
            claims += [
                (addresses[leaf.id], numbers[key])
                for key in ((*group.placed, *group.pointless) if group else ())
                if key in numbers
            ]
    still = {key for leaf, group in groups.items() if leaf not in gone for key in (*group.placed, *group.pointless)}
    losing = sorted({number for _, number in claims})
    held = {numbers[key] for key in still if key in numbers}
    return Consequences(
        claims=tuple(LostClaim(f"E{number}", address) for address, number in claims),
        unclaimed=tuple(f"E{number}" for number in losing if number not in held),
        parts=tuple(lost_parts),
        decided=tuple(decided),
    )


def _reworded(facts: AssessmentFacts, before: Unit, after: Unit) -> Iterator[Reworded]:
    addresses = before.addresses()
    words = {leaf.id: _words(leaf) for leaf in after.leaves()}
    for leaf in before.leaves():
        if leaf.id in facts.decisions and words.get(leaf.id, _words(leaf)) != _words(leaf):
            yield Reworded(addresses[leaf.id], facts.decisions[leaf.id])


def _words(requirement: Requirement) -> list[list[str]]:
    return [text.split() for text in (requirement.text, *(part.text for part in requirement.components))]


def _reworded_sentence(reworded: Sequence[Reworded]) -> str:
    if len(reworded) == 1:
        address, decision = reworded[0].address, reworded[0].decision
        day = day_in_words(decision.decided_at)
        return (
            f"{address} was decided on {day} (“{decision.verdict}”); changing its words does not change that decision."
        )
    addresses = _some([each.address for each in reworded])
    return f"{addresses} were decided before; changing their words does not change those decisions."


def _refuse_decided(losses: Consequences) -> None:
    if losses.decided:
        raise InvalidInput(_decided_sentence(losses.decided))


def _decided_sentence(addresses: Sequence[str]) -> str:
    if len(addresses) == 1:
        return (
            f"{addresses[0]} has a decision by an assessor, which is kept for good: it cannot be removed, and nothing "
            "can stand under it."
        )
    return (
        f"{_some(addresses)} have decisions by an assessor, which are kept for good: they cannot be removed, and "
        "nothing can stand under them."
    )


def _some(names: Sequence[str]) -> str:
    shown = list(names[:_NAMED])
    if len(names) > _NAMED:
        shown[-1:] = [f"{len(names) - _NAMED + 1:,} more"]
    return joined(shown)
