"""Gap rules about requirements: what no evidence, too little or too weak evidence is claimed for.

A requirement that the assessor decided is met is settled: no rule here speaks of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.gap_facts import Finding, GapFacts, Leaf, joined
from portfolio_app.domain.performance import asks_for_performance


def no_claim(known: GapFacts) -> Iterator[Finding]:
    """Nothing at all is claimed for a requirement."""
    for leaf in known.open_leaves():
        if not leaf.items:
            yield _at(leaf, f"Nothing is claimed for {leaf.address} yet: claim it with evidence that shows it.")


def component_not_ticked(known: GapFacts) -> Iterator[Finding]:
    """A requirement is claimed, but no claim ticks one of its parts."""
    ticked = known.facts.ticked
    for leaf in known.open_leaves():
        if leaf.items and leaf.requirement.components:
            open_parts = [f"“{part.text}”" for part in leaf.requirement.components if part.id not in ticked]
            if open_parts:
                them = "it" if len(open_parts) == 1 else "them"
                yield _at(
                    leaf,
                    f"No claim on {leaf.address} ticks {joined(open_parts, 'or')}: "
                    f"tick {them} where the evidence shows {them}, or add evidence that does.",
                )


def claim_without_place(known: GapFacts) -> Iterator[Finding]:
    """A claim has neither a quotation nor a place."""
    for leaf in known.open_leaves():
        unit_id, requirement_id = leaf.unit.id, leaf.requirement.id
        rest = (
            f" for {leaf.address} does not say where to look: "
            "quote the sentence, or give the page, heading or time that proves it."
        )
        for item in known.in_order(leaf.pointless):
            yield f"The claim of E{item.number}{rest}", unit_id, requirement_id, item.id


def newest_change(known: GapFacts, leaf: Leaf) -> datetime | None:
    """Return when a claim on a requirement, or the evidence claimed for it, changed last (UTC), if ever."""
    newest = max((known.items[evidence_id].revised_at for evidence_id in leaf.items), default="")
    texts = [text for text in (newest, known.facts.newest_claim.get(leaf.requirement.id, "")) if text]
    return max(map(_moment, texts), default=None)


def decision_unanswered(known: GapFacts) -> Iterator[Finding]:
    """The assessor asked for more, and neither a claim nor the evidence has changed since."""
    facts = known.facts
    for leaf in known.open_leaves():
        decision = facts.decisions.get(leaf.requirement.id)
        if decision is None:
            continue
        changed = newest_change(known, leaf)
        if changed is None or changed <= _in_utc(decision.considers):
            day = day_in_words(decision.decided_at)
            yield _at(
                leaf,
                f"{decision.by or 'The assessor'} decided “{decision.verdict}” on {leaf.address} on {day} and nothing "
                "has changed since: add to the evidence or claim it with another item.",
            )


def too_few_pieces(known: GapFacts) -> Iterator[Finding]:
    """A requirement has evidence, but fewer pieces than the unit asks for."""
    for leaf in known.open_leaves():
        asked, there = leaf.unit.rules.pieces_per_requirement, len(leaf.items)
        if 0 < there < asked:
            yield _at(
                leaf,
                f"{leaf.address} has {there} of the {asked} pieces of evidence that the unit asks for: "
                f"claim it with {asked - there} more.",
            )


def own_word_only(known: GapFacts) -> Iterator[Finding]:
    """A requirement asks for something done, and only the learner says that it was.

    An item that a witness or observer signed is no longer only the learner's word.
    """
    own = {kind.id for kind in known.kinds.values() if kind.own_word}
    items, witnesses = known.items, known.witnesses
    for leaf in known.open_leaves():
        requirement = leaf.requirement
        if (
            leaf.items
            and all(items[evidence_id].kind in own for evidence_id in leaf.items)
            and not requirement.kind.casefold().startswith("knowledge")
            and asks_for_performance(requirement.short_text)
            and not any(person.signed_on for evidence_id in leaf.items for person in witnesses.get(evidence_id, ()))
        ):
            refs = _refs(known, leaf)
            yield _at(
                leaf,
                f"{leaf.address} asks for something done, and {refs} {_is(leaf)} only the learner's own word: "
                "add a witness, an observation or a record from work.",
            )


def required_method_not_used(known: GapFacts) -> Iterator[Finding]:
    """A unit's specification fixes an assessment method that no claimed item has."""
    method_of = known.methods.get
    for unit in known.facts.units:
        claimed = known.claimed[unit.id]
        missing = [
            method.value
            for method in dict.fromkeys(unit.rules.required_methods)
            if not any(method_of(evidence_id) is method for evidence_id in claimed)
        ]
        if missing:
            message = (
                f"{unit.code} must be assessed by {joined(missing)} and has no such evidence yet: claim some for it."
            )
            yield message, unit.id, None, None


def one_item_only(known: GapFacts) -> Iterator[Finding]:
    """Everything hangs on one item, where the unit does not ask for more anyway."""
    for leaf in known.open_leaves():
        if len(leaf.items) == 1 and leaf.unit.rules.pieces_per_requirement <= 1:
            yield _at(
                leaf,
                f"{leaf.address} hangs on {_refs(known, leaf)} alone: "
                "a second item of another kind would make it safer.",
            )


def one_kind_only(known: GapFacts) -> Iterator[Finding]:
    """Two or more items, all of one kind."""
    items = known.items
    for leaf in known.open_leaves():
        if len(leaf.items) < 2:
            continue
        kind_id = items[leaf.items[0]].kind
        if all(items[evidence_id].kind == kind_id for evidence_id in leaf.items):
            kind = known.kinds.get(kind_id)
            yield _at(
                leaf,
                f"All {len(leaf.items):,} items claimed for {leaf.address} are of the kind "
                f"“{kind.title if kind else kind_id}”: evidence of another kind would bear them out.",
            )


def _at(leaf: Leaf, message: str) -> Finding:
    return message, leaf.unit.id, leaf.requirement.id, None


def _refs(known: GapFacts, leaf: Leaf) -> str:
    refs = [f"E{item.number}" for item in known.in_order(leaf.items)]
    if len(refs) > 4:
        refs[3:] = [f"{len(refs) - 3:,} more"]
    return joined(refs)


def _is(leaf: Leaf) -> str:
    return "is" if len(leaf.items) == 1 else "are"


def _moment(text: str) -> datetime:
    return _in_utc(datetime.fromisoformat(text))


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
