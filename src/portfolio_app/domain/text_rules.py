"""Rules that read text: what is worth a look in the words of the evidence.

That something stands in a text can be shown; that it does not, only for text that was read wholly, and even then a
reader may find what a list of words does not. So these say “not found”, never “not there”, ask only where a
requirement asks, and keep silent on items with a file that could not be read and on texts of a few words.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from portfolio_app.domain.gap_facts import Finding, GapFacts, Leaf, joined
from portfolio_app.domain.item_reading import ItemReading
from portfolio_app.domain.quality_words import (
    ACCOUNT,
    BOTH_WAYS,
    DATA,
    LAW,
    PLAN,
    PROBLEM,
    THEORY,
    list_name,
)
from portfolio_app.domain.text_facts import TextFacts

_MOST_REFS: Final = 4


def plan_without_figures(known: GapFacts) -> Iterator[Finding]:
    """A plan is claimed where a requirement asks for aims that can be measured or for times, and it has none."""
    texts = known.texts
    if texts is None or PLAN not in texts.words.checks:
        return
    lists = ((list_name(PLAN, "figures"), "figure"), (list_name(PLAN, "dates"), "date"))
    plans = {kind.id for kind in known.kinds.values() if kind.planning}
    bare = {
        evidence_id: missing
        for evidence_id, reading in _long_enough(known, texts, PLAN, plans)
        if (missing := [words for name, words in lists if name not in reading.holds])
    }
    for evidence_id, address in _claimed_where_asked(known, texts, PLAN, bare.keys()):
        missing = bare[evidence_id]
        yield _on(
            evidence_id,
            f"No {joined(missing, 'or')} was found in E{known.items[evidence_id].number}, and {address} asks for a "
            f"plan whose success can be seen: write down {_wanted(missing)}.",
        )


def account_says_we(known: GapFacts) -> Iterator[Finding]:
    """An account of the learner's own work tells what “we” did and never what “I” did."""
    texts = known.texts
    if texts is None or ACCOUNT not in texts.words.checks:
        return
    own_acts, least = list_name(ACCOUNT, "own_acts"), texts.words.number(ACCOUNT, "times")
    accounts = {kind.id for kind in known.kinds.values() if kind.own_word}
    times = {
        evidence_id: reading.we
        for evidence_id, reading in _long_enough(known, texts, ACCOUNT, accounts)
        if reading.we >= least and own_acts not in reading.holds
    }
    for evidence_id, address in _claimed_where_asked(known, texts, ACCOUNT, times.keys()):
        yield _on(
            evidence_id,
            f"E{known.items[evidence_id].number} says “we” or “our” {times[evidence_id]:,} times, and no sentence was "
            f"found with what you did yourself for {address}: write “I planned …”, “I supervised …”, “I controlled …” "
            "where it is true.",
        )


def problem_without_check(known: GapFacts) -> Iterator[Finding]:
    """A problem and its remedy are told, and nothing that is claimed with them tells of a later check."""
    texts = known.texts
    if texts is None or PROBLEM not in texts.words.checks:
        return
    remedies, checks = list_name(PROBLEM, "remedies"), list_name(PROBLEM, "checks")
    least = texts.words.number(PROBLEM, "times")
    told = {
        evidence_id
        for evidence_id, reading in _long_enough(known, texts, PROBLEM)
        if reading.problems >= least and remedies in reading.holds
    }
    without = {key for key, reading in texts.readings.items() if reading.is_whole and checks not in reading.holds}
    for evidence_id, address in _claimed_where_asked(known, texts, PROBLEM, told, all_of=without):
        yield _on(
            evidence_id,
            f"E{known.items[evidence_id].number} tells of a problem for {address}, and no later check was found. Did "
            "you check later that it stayed solved? If so, say when, and what you found.",
        )


def one_sort_of_data(known: GapFacts) -> Iterator[Finding]:
    """A requirement asks for figures and for opinions in so many words, and only one of the two is ticked."""
    texts = known.texts
    if texts is None:
        return
    ticked = known.facts.ticked
    for leaf in _asked_of(known, texts, DATA):
        shown: dict[str, bool] = {}
        for part in leaf.requirement.components:
            for sort in texts.words.in_parts.names_in(part.text):
                shown[sort] = shown.get(sort, False) or part.id in ticked
        if len(shown) == 2 and any(shown.values()) and not all(shown.values()):
            there, missing = sorted(shown, key=shown.__getitem__, reverse=True)
            yield _at(
                leaf,
                f"{leaf.address} asks for quantitative and qualitative data and only {there} data is ticked: "
                f"show {missing} data too.",
            )


def proactive_and_reactive(known: GapFacts) -> Iterator[Finding]:
    """A unit wants to see what was prevented and what was answered, and no account is marked as one of the two."""
    texts = known.texts
    if texts is None:
        return
    names = {list_name(BOTH_WAYS, name): f"“{name}”" for name in ("proactive", "reactive")}
    for unit in known.facts.units:
        wants = (*(leaf.requirement.text for leaf in known.leaves[unit.id]), *(each.text for each in unit.guidance))
        if all(leaf.met for leaf in known.leaves[unit.id]) or not any(
            BOTH_WAYS in texts.words.asked_by(text) for text in wants
        ):
            continue
        claimed = known.in_order(known.claimed[unit.id])
        accounts = [item for item in claimed if (kind := known.kinds.get(item.kind)) is not None and kind.own_word]
        readings = [texts.readings.get(item.id) for item in claimed]
        if not accounts or any(reading is None for reading in readings):
            continue
        held = frozenset[str]().union(*(reading.holds for reading in readings if reading is not None))
        missing = [word for name, word in names.items() if name not in held]
        if missing:
            refs = _refs(item.number for item in accounts)
            message = (
                f"{unit.code} wants to see both what you prevented and what you answered, and nothing claimed for it "
                f"was found marked as {joined(missing, 'or')}: say in {refs} which it was, or add an example."
            )
            yield message, unit.id, None, None


def theory_not_named(known: GapFacts) -> Iterator[Finding]:
    """A requirement asks for a theory or model, and no claimed text names one."""
    return _not_named(known, THEORY, "a theory or model", "say which one you used, and where one can see it")


def law_not_named(known: GapFacts) -> Iterator[Finding]:
    """A requirement asks for law or regulation, and no claimed text names any."""
    return _not_named(
        known, LAW, "law or regulation", "name the Act, regulation or policy, and what it changed for you"
    )


def alike_passages(known: GapFacts) -> Iterator[Finding]:
    """A passage stands in two items, nearly word for word."""
    texts = known.texts
    if texts is None or not texts.alike:
        return
    for item in known.facts.evidence:
        other = texts.alike.get(item.id)
        earlier = known.items.get(other.evidence_id) if other else None
        if other is not None and earlier is not None:
            yield _on(
                item.id,
                f"E{item.number} and E{earlier.number} have {other.words:,} words in common, nearly word for word: see "
                "both side by side, and decide whether each of them needs the passage.",
            )


def _not_named(known: GapFacts, check: str, what: str, how: str) -> Iterator[Finding]:
    texts = known.texts
    if texts is None or check not in texts.words.checks:
        return
    named, least = list_name(check, "named"), texts.words.number(check, "words")
    words = {key: each.words for key, each in texts.readings.items() if each.is_whole and named not in each.holds}
    for leaf in _asked_of(known, texts, check):
        if words.keys() >= set(leaf.items) and sum(map(words.__getitem__, leaf.items)) >= least:
            refs = _refs(known.items[evidence_id].number for evidence_id in leaf.items)
            yield _at(leaf, f"{leaf.address} asks for {what}, and no name of one was found in {refs}: {how}.")


def _asked_of(known: GapFacts, texts: TextFacts, check: str) -> Iterator[Leaf]:
    """Yield the open requirements with evidence that ask for a check."""
    for leaf in known.open_leaves():
        if leaf.items and check in texts.words.asked_by(leaf.requirement.text):
            yield leaf


def _long_enough(
    known: GapFacts, texts: TextFacts, check: str, kinds: Container[str] | None = None
) -> Iterator[tuple[str, ItemReading]]:
    """Yield the items of these kinds, or all, that were read wholly and say enough to miss something in them."""
    least = texts.words.number(check, "words")
    for item in known.facts.evidence:
        if kinds is None or item.kind in kinds:
            reading = texts.readings.get(item.id)
            if reading is not None and reading.is_whole and reading.words >= least:
                yield item.id, reading


def _claimed_where_asked(
    known: GapFacts, texts: TextFacts, check: str, wanted: AbstractSet[str], *, all_of: AbstractSet[str] | None = None
) -> list[tuple[str, str]]:
    """Return those of some items that are claimed for a requirement which asks for a check, by reference.

    Each comes with the first such requirement's address; with ``all_of``, requirements for which any other item is
    claimed do not count.
    """
    first: dict[str, str] = {}
    if wanted:
        for leaf in _asked_of(known, texts, check):
            if all_of is None or all_of >= set(leaf.items):
                for evidence_id in wanted & set(leaf.items):
                    first.setdefault(evidence_id, leaf.address)
    return [(item.id, first[item.id]) for item in known.in_order(first)]


def _wanted(missing: list[str]) -> str:
    wanted = {"figure": "what will be measured and how much is enough", "date": "by when"}
    return joined(wanted[word] for word in missing)


def _on(evidence_id: str, message: str) -> Finding:
    return message, None, None, evidence_id


def _at(leaf: Leaf, message: str) -> Finding:
    return message, leaf.unit.id, leaf.requirement.id, None


def _refs(numbers: Iterable[int]) -> str:
    ordered = sorted(numbers)
    refs = [f"E{number}" for number in ordered[:_MOST_REFS]]
    if len(ordered) > _MOST_REFS:
        refs[-1] = f"{len(ordered) - _MOST_REFS + 1:,} more"
    return joined(refs)
