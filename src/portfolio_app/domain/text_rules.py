"""Rules that read text: what is worth a look in the words of the evidence.

That something stands in a text can be shown; that it does not, only for text that was read wholly, and even then a
reader may find what a list of words does not. So these say “not found”, never “not there”, ask only where a
requirement asks, and keep silent on items with a file that could not be read and on texts of a few words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    if texts is None:
        return
    figures, dates = list_name(PLAN, "figures"), list_name(PLAN, "dates")
    for evidence_id, address in _claimed_where_asked(known, texts, PLAN):
        item = known.items[evidence_id]
        kind = known.kinds.get(item.kind)
        reading = _whole(texts, PLAN, evidence_id)
        if kind is None or not kind.planning or reading is None:
            continue
        missing = [words for name, words in ((figures, "figure"), (dates, "date")) if name not in reading.holds]
        if missing:
            yield _on(
                evidence_id,
                f"No {joined(missing, 'or')} was found in E{item.number}, and {address} asks for a plan whose success "
                f"can be seen: write down {_wanted(missing)}.",
            )


def account_says_we(known: GapFacts) -> Iterator[Finding]:
    """An account of the learner's own work tells what “we” did and never what “I” did."""
    texts = known.texts
    if texts is None:
        return
    own_acts = list_name(ACCOUNT, "own_acts")
    for evidence_id, address in _claimed_where_asked(known, texts, ACCOUNT):
        item = known.items[evidence_id]
        kind = known.kinds.get(item.kind)
        reading = _whole(texts, ACCOUNT, evidence_id)
        if kind is None or not kind.own_word or reading is None:
            continue
        if reading.we >= texts.words.number(ACCOUNT, "times") and own_acts not in reading.holds:
            yield _on(
                evidence_id,
                f"E{item.number} says “we” or “our” {reading.we:,} times, and no sentence was found with what you did "
                f"yourself for {address}: write “I planned …”, “I supervised …”, “I controlled …” where it is true.",
            )


def problem_without_check(known: GapFacts) -> Iterator[Finding]:
    """A problem and its remedy are told, and nothing that is claimed with them tells of a later check."""
    texts = known.texts
    if texts is None:
        return
    remedies, checks = list_name(PROBLEM, "remedies"), list_name(PROBLEM, "checks")
    told = texts.words.number(PROBLEM, "times") if PROBLEM in texts.words.checks else 0
    said: set[str] = set()
    for leaf in _asked_of(known, texts, PROBLEM):
        readings = [texts.readings.get(evidence_id) for evidence_id in leaf.items]
        if any(reading is None or not reading.is_whole or checks in reading.holds for reading in readings):
            continue
        for item in known.in_order(leaf.items):
            reading = _whole(texts, PROBLEM, item.id)
            if item.id not in said and reading is not None and reading.problems >= told and remedies in reading.holds:
                said.add(item.id)
                yield _on(
                    item.id,
                    f"E{item.number} tells of a problem for {leaf.address}, and no later check was found. Did you "
                    "check later that it stayed solved? If so, say when, and what you found.",
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
    for leaf in _asked_of(known, texts, check):
        readings = [texts.readings.get(evidence_id) for evidence_id in leaf.items]
        whole = [reading for reading in readings if reading is not None and reading.is_whole]
        if len(whole) < len(readings) or sum(reading.words for reading in whole) < least:
            continue
        if not any(named in reading.holds for reading in whole):
            refs = _refs(item.number for item in known.in_order(leaf.items))
            yield _at(leaf, f"{leaf.address} asks for {what}, and no name of one was found in {refs}: {how}.")


def _asked_of(known: GapFacts, texts: TextFacts, check: str) -> Iterator[Leaf]:
    """Yield the open requirements with evidence that ask for a check."""
    for leaf in known.open_leaves():
        if leaf.items and check in texts.words.asked_by(leaf.requirement.text):
            yield leaf


def _claimed_where_asked(known: GapFacts, texts: TextFacts, check: str) -> list[tuple[str, str]]:
    """Return the items claimed for requirements that ask for a check, each with the first address, by reference."""
    first: dict[str, str] = {}
    for leaf in _asked_of(known, texts, check):
        for evidence_id in leaf.items:
            first.setdefault(evidence_id, leaf.address)
    return [(item.id, first[item.id]) for item in known.in_order(first)]


def _whole(texts: TextFacts, check: str, evidence_id: str) -> ItemReading | None:
    """Return what was read of an item, unless there may be more or it is too short to say that something lacks."""
    reading = texts.readings.get(evidence_id)
    if reading is None or not reading.is_whole or reading.words < texts.words.number(check, "words"):
        return None
    return reading


def _wanted(missing: list[str]) -> str:
    wanted = {"figure": "what will be measured and how much is enough", "date": "by when"}
    return joined(wanted[word] for word in missing)


def _on(evidence_id: str, message: str) -> Finding:
    return message, None, None, evidence_id


def _at(leaf: Leaf, message: str) -> Finding:
    return message, leaf.unit.id, leaf.requirement.id, None


def _refs(numbers: Iterable[int]) -> str:
    refs = [f"E{number}" for number in numbers]
    if len(refs) > _MOST_REFS:
        refs[_MOST_REFS - 1 :] = [f"{len(refs) - _MOST_REFS + 1:,} more"]
    return joined(refs)
