"""Gap rules about requirements: what no evidence, too little or too weak evidence is claimed for.

A requirement that the assessor decided is met is settled: no rule here speaks of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.gap_facts import Finding, joined
from portfolio_app.domain.performance import asks_for_performance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portfolio_app.domain.gap_facts import GapFacts, Leaf


def no_claim(known: GapFacts) -> Iterator[Finding]:
    """Nothing at all is claimed for a requirement."""
    for leaf in known.leaves:
        if not leaf.claims and not leaf.met:
            yield _at(leaf, f"Nothing is claimed for {leaf.address} yet: claim it with evidence that shows it.")


def component_not_ticked(known: GapFacts) -> Iterator[Finding]:
    """A requirement is claimed, but no claim ticks one of its parts."""
    ticked = known.facts.ticked
    for leaf in known.leaves:
        if leaf.claims and not leaf.met and leaf.requirement.components:
            open_parts = [f"“{part.text}”" for part in leaf.requirement.components if part.id not in ticked]
            if open_parts:
                them = "it where it is" if len(open_parts) == 1 else "each where it is"
                yield _at(
                    leaf,
                    f"No claim on {leaf.address} covers {joined(open_parts, 'or')}: "
                    f"tick {them} shown, or add evidence for it.",
                )


def claim_without_place(known: GapFacts) -> Iterator[Finding]:
    """A claim has neither a quotation nor a place."""
    items = known.items
    for leaf in known.leaves:
        if leaf.met:
            continue
        unit_id, requirement_id, address = leaf.unit.id, leaf.requirement.id, leaf.address
        pointless = [items[claim[0]] for claim in leaf.claims if not claim[2]]
        pointless.sort(key=lambda item: item.number)
        for item in pointless:
            yield Finding(
                f"The claim of E{item.number} for {address} does not say where to look: "
                "quote the sentence, or give the page, heading or time that proves it.",
                unit_id,
                requirement_id,
                item.id,
            )


def decision_unanswered(known: GapFacts) -> Iterator[Finding]:
    """The assessor asked for more, and neither a claim nor the evidence has changed since."""
    facts, items = known.facts, known.items
    for leaf in known.leaves:
        decision = facts.decisions.get(leaf.requirement.id)
        if decision is None or leaf.met:
            continue
        newest = max((items[claim[0]].revised_at for claim in leaf.claims), default="")
        changed = [_moment(text) for text in (newest, facts.newest_claim.get(leaf.requirement.id, "")) if text]
        if all(moment <= _in_utc(decision.decided_at) for moment in changed):
            day = day_in_words(decision.decided_at)
            yield _at(
                leaf,
                f"{decision.by or 'The assessor'} decided “{decision.verdict}” on {leaf.address} on {day} and nothing "
                "has changed since: add to the evidence or claim it with another item.",
            )


def too_few_pieces(known: GapFacts) -> Iterator[Finding]:
    """A requirement has evidence, but fewer pieces than the unit asks for."""
    for leaf in known.leaves:
        asked, there = leaf.unit.rules.pieces_per_requirement, len(leaf.claims)
        if 0 < there < asked and not leaf.met:
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
    for leaf in known.leaves:
        requirement = leaf.requirement
        if (
            leaf.claims
            and not leaf.met
            and all(items[claim[0]].kind in own for claim in leaf.claims)
            and not requirement.kind.casefold().startswith("knowledge")
            and asks_for_performance(requirement.short_text)
            and not any(person.signed_on for claim in leaf.claims for person in witnesses.get(claim[0], ()))
        ):
            refs = _refs(known, leaf)
            yield _at(
                leaf,
                f"{leaf.address} asks for something done, and {refs} {_is(leaf)} only the learner's own word: "
                "add a witness, an observation or a record from work.",
            )


def required_method_not_used(known: GapFacts) -> Iterator[Finding]:
    """A unit's specification fixes an assessment method that no claimed item has."""
    for unit in known.facts.units:
        if not unit.rules.required_methods:
            continue
        used = {known.methods.get(evidence_id) for evidence_id in known.items_of_unit[unit.id]}
        missing = [method.value for method in dict.fromkeys(unit.rules.required_methods) if method not in used]
        if missing:
            yield Finding(
                f"{unit.code} must be assessed by {joined(missing)} as well: claim an item of that method for it.",
                unit.id,
            )


def one_item_only(known: GapFacts) -> Iterator[Finding]:
    """Everything hangs on one item, where the unit does not ask for more anyway."""
    for leaf in known.leaves:
        if len(leaf.claims) == 1 and not leaf.met and leaf.unit.rules.pieces_per_requirement <= 1:
            yield _at(
                leaf,
                f"{leaf.address} hangs on {_refs(known, leaf)} alone: "
                "a second item of another kind would make it safer.",
            )


def one_kind_only(known: GapFacts) -> Iterator[Finding]:
    """Two or more items, all of one kind."""
    items = known.items
    for leaf in known.leaves:
        if len(leaf.claims) < 2 or leaf.met:
            continue
        kind_id = items[leaf.claims[0][0]].kind
        if all(items[claim[0]].kind == kind_id for claim in leaf.claims):
            kind = known.kinds.get(kind_id)
            yield _at(
                leaf,
                f"All {len(leaf.claims)} items claimed for {leaf.address} are of the kind "
                f"“{kind.title if kind else kind_id}”: evidence of another kind would bear them out.",
            )


def one_sort_of_data(known: GapFacts) -> Iterator[Finding]:
    """A requirement asks for figures and for opinions in so many words, and only one of the two is ticked."""
    ticked = known.facts.ticked
    for leaf in known.leaves:
        if leaf.met or not leaf.claims or len(leaf.requirement.components) < 2:
            continue
        text = leaf.requirement.text.casefold()
        if "quantitative" not in text or "qualitative" not in text:
            continue
        shown = {
            sort: any(part.id in ticked for part in leaf.requirement.components if sort in part.text.casefold())
            for sort in ("quantitative", "qualitative")
            if any(sort in part.text.casefold() for part in leaf.requirement.components)
        }
        if len(shown) == 2 and shown["quantitative"] != shown["qualitative"]:
            there, missing = (
                ("quantitative", "qualitative") if shown["quantitative"] else ("qualitative", "quantitative")
            )
            yield _at(
                leaf,
                f"{leaf.address} asks for quantitative and qualitative data and only {there} data is ticked: "
                f"show {missing} data too.",
            )


def _at(leaf: Leaf, message: str) -> Finding:
    return Finding(message, leaf.unit.id, leaf.requirement.id)


def _refs(known: GapFacts, leaf: Leaf) -> str:
    refs = [f"E{item.number}" for item in known.in_order(claim[0] for claim in leaf.claims)]
    if len(refs) > 4:
        refs[3:] = [f"{len(refs) - 3} more"]
    return joined(refs)


def _is(leaf: Leaf) -> str:
    return "is" if len(leaf.claims) == 1 else "are"


def _moment(text: str) -> datetime:
    return _in_utc(datetime.fromisoformat(text))


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
