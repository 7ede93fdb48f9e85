"""Making a unit of the portfolio a newer version of itself, and what becomes of what hangs on its requirements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Action, Claim, Decision, Dismissal
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.gap_facts import joined
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import Component, Requirement, Unit, find_unit, plain_ref
from portfolio_app.domain.requirement_matching import match_parts
from portfolio_app.domain.unit_versions import (
    MatchedRequirement,
    RemovedRequirement,
    UnitComparison,
    compare_units,
    completed,
    older_version,
    updated_unit,
)
from portfolio_app.services.unit_checking import checked_unit, refuse_twin
from portfolio_app.services.unit_drafts import UnitDraft, draft_of
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioReader

_NAMED: Final = 5
_KEPT: Final = "Kept from an earlier version: "
"""Begins the line of a unit's source that names what the newest version does not have any more."""


class Removal(StrEnum):
    """What becomes of a requirement that the newer version does not have."""

    KEEP = "keep"
    MOVE = "move"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to become of a removed requirement.

    To move means its claims, to the newer version's requirement ``to_id``. What has a decision stays then too, with
    the claims that were decided on: its evidence is claimed for the other one as well.
    """

    removal: Removal
    to_id: str = ""


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on a requirement. ``binned`` counts the claims of items in the bin, ``claims`` all the others.

    ``decision`` is the one in force, of ``decisions``; ``actions`` those not done; ``ticked`` the ids of its parts that
    any claim ticks.
    """

    claims: int = 0
    binned: int = 0
    decision: Decision | None = None
    decisions: int = 0
    dismissals: int = 0
    actions: int = 0
    ticked: frozenset[str] = frozenset()

    @property
    def needs_answer(self) -> bool:
        """Whether it can go only if somebody has said what becomes of what hangs on it."""
        return bool(self.claims or self.binned or self.decisions)

    def __str__(self) -> str:
        """Say it in words, empty where nothing hangs on it: ``2 claims, 1 decision``."""
        counts = (
            (self.claims, "claim"),
            (self.binned, "claim of evidence in the bin", "claims of evidence in the bin"),
            (self.decisions, "decision"),
            (self.actions, "action"),
            (self.dismissals, "gap put aside", "gaps put aside"),
        )
        return ", ".join(
            f"{count:,} {words[0] if count == 1 else words[-1] if len(words) > 1 else f'{words[0]}s'}"
            for count, *words in counts
            if count
        )


@dataclass(frozen=True, slots=True)
class UnitUpdate:
    """A unit beside its newer version, with what hangs on the requirements of the older one by their ids."""

    comparison: UnitComparison
    hanging: Mapping[str, Hanging] = field(default_factory=dict)

    def on(self, requirement: Requirement) -> Hanging:
        """Return what hangs on a requirement of the older version."""
        return self.hanging.get(requirement.id, Hanging())

    @property
    def questions(self) -> tuple[RemovedRequirement, ...]:
        """Removed requirements of which somebody must say what becomes of them."""
        return tuple(
            each for each in self.comparison.removed if not each.is_former and self.on(each.requirement).needs_answer
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the learner is to check: decisions on words that are others now, and ticks of parts that are gone."""
        return tuple(sentence for each in self.comparison.matched for sentence in self.warnings_on(each))

    def warnings_on(self, matched: MatchedRequirement) -> Iterator[str]:
        """Yield what the learner is to check of one requirement."""
        hanging = self.on(matched.before)
        if hanging.decision is not None and matched.says_something_else:
            yield (
                f"{matched.new_address} was decided on {day_in_words(hanging.decision.decided_at.astimezone())} "
                f"(“{hanging.decision.verdict}”) in other words: ask whether the decision still holds."
            )
        lost = [part.text for part in matched.parts.removed if part.id in hanging.ticked]
        if lost:
            parts = joined([f"“{text}”" for text in lost])
            yield f"{matched.new_address} has no part {parts} any more; it was ticked."


@dataclass(frozen=True, slots=True)
class UpdatedUnit:
    """A unit after its update. ``kept`` are references of former requirements; the rest counts claims."""

    unit: Unit
    update: UnitUpdate
    kept: tuple[str, ...] = ()
    moved: int = 0
    removed: int = 0


def newer_among(current: Unit, found: Sequence[Unit]) -> Unit:
    """Return which of the units that were read is the newer version of one, with what it does not say as it was.

    The only one is, whatever it is called; of several the one of the same reference, else of the same title.

    Raises:
        InvalidInput: there are several, and none of them is called so.
    """
    return completed(_called_like(current, found), current)


def newer_draft(current: Unit, drafts: Sequence[UnitDraft]) -> UnitDraft:
    """Return which of the drafts that were read is the newer version of a unit, as :func:`newer_among` does.

    Raises:
        InvalidInput: there are several, and none of them is called so.
    """
    same = _called_like(current, [draft.unit for draft in drafts])
    draft = next(draft for draft in drafts if draft.unit is same)
    rows = draft.rows
    if all(row.is_requirement for row in rows):
        rows += draft_of(replace(current, requirements=())).rows
    return replace(draft, unit=replace(completed(same, current), guidance=()), rows=rows)


def _called_like(current: Unit, found: Sequence[Unit]) -> Unit:
    same = older_version(found, current) if len(found) > 1 else next(iter(found), None)
    if same is None:
        known = joined([f"“{unit.title}”" for unit in found[:_NAMED]])
        more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
        raise InvalidInput(
            f"None of the {len(found):,} units that were read has the reference or the title of {current.code} "
            f"“{current.title}” ({known}{more})."
        )
    return same


def compare_newer(
    portfolio: PortfolioFile, code: str, newer: Unit, apart: Collection[tuple[str, str]] = ()
) -> UnitUpdate:
    """Set a unit of the portfolio beside a newer version of it, and change nothing.

    Args:
        portfolio: The open portfolio.
        code: The unit's code or reference.
        newer: The newer version, ``completed`` with what its source does not say.
        apart: Pairs of ids, older and newer, that are not the same requirement though they look like it.

    Raises:
        UnknownReference: there is no such unit.
        InvalidInput: the newer version cannot be stored.
    """
    newer = checked_unit(newer)
    with portfolio.read() as reader:
        return _compared(reader, find_unit(reader.units(), code), newer, apart)


def update_unit(
    portfolio: PortfolioFile,
    code: str,
    newer: Unit,
    answers: Mapping[str, Answer] | None = None,
    apart: Collection[tuple[str, str]] = (),
) -> tuple[UpdatedUnit, Changes]:
    """Make a unit of the portfolio its newer version, in one step. Requirements in both keep all that hangs on them.

    A removed requirement goes if nothing hangs on it, else as ``answers`` say, by its id; one that was kept before
    stays unless they do. Nothing is written where nothing changed.

    Raises:
        UnknownReference: there is no such unit.
        InvalidInput: the newer version cannot be stored, or an answer is missing or cannot be.
    """
    newer = checked_unit(newer)
    with portfolio.read() as reader:
        current = find_unit(reader.units(), code)
        refuse_twin(newer, [unit for unit in reader.units() if unit.id != current.id])
        update = _compared(reader, current, newer, apart)
        plan = _plan(reader, update, answers or {})
    unit = plan.unit
    if unit == current and not plan.claims:
        return UpdatedUnit(current, update), Changes()
    with portfolio.edit(f"Update unit {unit.code} {unit.title}") as editor:
        for claim in plan.gone:
            editor.remove_claim(claim.id)
        editor.put_unit(unit)
        editor.put_claims_many(plan.claims)
        for action in plan.actions:
            editor.put_action(action)
        for dismissal in plan.dismissals:
            editor.put_dismissal(dismissal)
        return UpdatedUnit(unit, update, plan.kept, plan.moved, plan.removed), editor.changes


def _compared(
    reader: PortfolioReader, current: Unit, newer: Unit, apart: Collection[tuple[str, str]] = ()
) -> UnitUpdate:
    comparison = compare_units(current, newer, apart)
    return UnitUpdate(comparison, _hanging(reader, current))


def _hanging(reader: PortfolioReader, unit: Unit) -> dict[str, Hanging]:
    claims = _claims_of(reader, [node.id for _, node in unit.walk()])
    in_bin = {item.id for item in reader.evidence_facts(binned=True)}
    decisions, dismissals, actions = reader.decisions(), reader.dismissals(), reader.actions()
    found = {}
    for _, node in unit.walk():
        own = claims.get(node.id, [])
        decided = [each for each in decisions if each.requirement_id == node.id]
        found[node.id] = Hanging(
            claims=sum(claim.evidence_id not in in_bin for claim in own),
            binned=sum(claim.evidence_id in in_bin for claim in own),
            decision=decided[-1] if decided else None,
            decisions=len(decided),
            dismissals=sum(each.requirement_id == node.id for each in dismissals),
            actions=sum(each.requirement_id == node.id and each.done_on is None for each in actions),
            ticked=frozenset(part for claim in own for part in claim.component_ids),
        )
    return found


def _claims_of(reader: PortfolioReader, requirement_ids: Collection[str]) -> dict[str, list[Claim]]:
    """Return the claims by requirement, those of items in the bin too: these would go with a requirement as well."""
    claims = [claim for key in requirement_ids for claim in reader.claims(requirement_id=key)]
    for item in reader.evidence_facts(binned=True):
        claims += reader.claims(evidence_id=item.id)
    found: dict[str, list[Claim]] = {key: [] for key in requirement_ids}
    for claim in claims:
        if claim.requirement_id in found:
            found[claim.requirement_id].append(claim)
    return found


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is put into the portfolio: ``gone`` claims first, then the unit, then the rest."""

    unit: Unit
    kept: tuple[str, ...]
    gone: tuple[Claim, ...]
    claims: tuple[Claim, ...]
    actions: tuple[Action, ...]
    dismissals: tuple[Dismissal, ...]
    moved: int
    removed: int


def _plan(reader: PortfolioReader, update: UnitUpdate, answers: Mapping[str, Answer]) -> _Plan:
    comparison = update.comparison
    _refuse_unanswered(update, answers)
    targets = {leaf.id: leaf for leaf in comparison.after.leaves()}
    addresses = replace(comparison.after, code=comparison.before.code).addresses()
    kept: set[str] = set()
    moves: list[tuple[RemovedRequirement, Requirement]] = []
    removed = 0
    for each in comparison.removed:
        hanging, answer = update.on(each.requirement), answers.get(each.requirement.id)
        if answer is None:
            if each.is_former and hanging.needs_answer:
                kept.add(each.requirement.id)
            continue
        if answer.removal is Removal.REMOVE and hanging.decisions:
            raise InvalidInput(
                f"{each.address} has a decision by an assessor, which is kept for good: it cannot be removed."
            )
        if answer.removal is Removal.KEEP or hanging.decisions:
            kept.add(each.requirement.id)
        if answer.removal is Removal.MOVE:
            if answer.to_id not in targets:
                raise InvalidInput(f"Say which requirement of the newer version the claims of {each.address} move to.")
            moves.append((each, targets[answer.to_id]))
        elif answer.removal is Removal.REMOVE:
            removed += hanging.claims + hanging.binned
    unit = updated_unit(comparison, kept)
    refs = [plain_ref(leaf.ref) for leaf in unit.leaves() if leaf.id in kept]
    unit = replace(unit, source=_source(unit.source, refs))
    if comparison.is_same and not kept.symmetric_difference(
        each.requirement.id for each in comparison.removed if each.is_former and each.requirement.is_leaf
    ):
        unit = comparison.before
    mover = _Mover(reader, comparison, addresses)
    for each, target in moves:
        mover.move(each, target, stays=each.requirement.id in kept)
    return _Plan(
        unit=unit,
        kept=tuple(refs),
        gone=tuple(mover.gone),
        claims=tuple(mover.claims.values()),
        actions=tuple(mover.actions),
        dismissals=tuple(mover.dismissals),
        moved=mover.moved,
        removed=removed,
    )


def _refuse_unanswered(update: UnitUpdate, answers: Mapping[str, Answer]) -> None:
    open_ = [each for each in update.questions if each.requirement.id not in answers]
    if open_:
        said = joined([f"{each.address} ({update.on(each.requirement)})" for each in open_])
        raise InvalidInput(f"Not in the newer version: {said}. Say what is to become of what hangs on it.")


class _Mover:
    """Works out what moves with the claims of removed requirements; two claims of one item become one."""

    def __init__(self, reader: PortfolioReader, comparison: UnitComparison, addresses: Mapping[str, str]) -> None:
        self.gone: list[Claim] = []
        self.claims: dict[tuple[str, str], Claim] = {}
        self.actions: list[Action] = []
        self.dismissals: list[Dismissal] = []
        self.moved = 0
        self._comparison = comparison
        self._addresses = addresses
        self._claims = _claims_of(reader, [node.id for _, node in comparison.before.walk()])
        self._actions, self._dismissals = reader.actions(), reader.dismissals()
        self._parts = {node.id: node.components for _, node in updated_unit(comparison).walk()}

    def move(self, removed: RemovedRequirement, target: Requirement, *, stays: bool) -> None:
        requirement, to_id = removed.requirement, self._comparison.stored_id(target.id)
        for claim in self._claims[requirement.id]:
            self._move(claim, requirement, to_id, removed.address, stays=stays)
            self.moved += 1
        if stays:
            return
        self.actions += [
            replace(action, requirement_id=to_id) for action in self._actions if action.requirement_id == requirement.id
        ]
        self.dismissals += self._moved_dismissals(requirement.id, to_id)

    def _move(self, claim: Claim, requirement: Requirement, to_id: str, address: str, *, stays: bool) -> None:
        parts = match_parts(requirement.components, self._target_parts(to_id))
        ticked = frozenset(parts[part] for part in claim.component_ids if part in parts)
        pair = (claim.evidence_id, to_id)
        present = self.claims.get(pair) or next(
            (each for each in self._claims.get(to_id, ()) if each.evidence_id == claim.evidence_id), None
        )
        if not stays:
            self.gone.append(claim)
        if present is not None:
            self.claims[pair] = _as_one(present, replace(claim, component_ids=ticked), address)
        else:
            key = new_id() if stays else claim.id
            self.claims[pair] = replace(claim, id=key, requirement_id=to_id, component_ids=ticked, claimed_at=None)

    def _target_parts(self, to_id: str) -> Sequence[Component]:
        return self._parts[to_id]

    def _moved_dismissals(self, from_id: str, to_id: str) -> Iterable[Dismissal]:
        there = {_named(each) for each in self._dismissals}
        for each in self._dismissals:
            moved = replace(each, requirement_id=to_id)
            if each.requirement_id == from_id and _named(moved) not in there:
                yield moved


def _named(dismissal: Dismissal) -> tuple[str, str | None, str | None, str | None]:
    return dismissal.rule, dismissal.unit_id, dismissal.requirement_id, dismissal.evidence_id


def _as_one(present: Claim, moved: Claim, address: str) -> Claim:
    """Return the claim that is there with all that another one of the same item says, and it does not."""
    why = present.why
    if moved.why and moved.why not in why:
        why = "\n\n".join(filter(None, (why, moved.why)))
    quotation, locator = present.quotation, present.locator
    if not present.has_place:
        quotation, locator = moved.quotation, moved.locator
    elif moved.has_place and (moved.quotation, moved.locator) != (quotation, locator):
        place = ", ".join(filter(None, (f"“{moved.quotation}”" if moved.quotation else "", str(moved.locator))))
        why = "\n\n".join(filter(None, (why, f"From {address}: {place}")))
    return replace(
        present,
        why=why,
        quotation=quotation,
        locator=locator,
        component_ids=present.component_ids | moved.component_ids,
        claimed_at=None,
    )


def _source(source: str, kept: Sequence[str]) -> str:
    lines = [line for line in source.split("\n") if not line.startswith(_KEPT)]
    return "\n".join([*lines, f"{_KEPT}{', '.join(kept)}."] if kept else lines).strip("\n")
