"""Where the portfolio stands, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from portfolio_app.domain.claims import Action
from portfolio_app.domain.coverage import Coverage, CoverageState, Tally, UnitCoverage, coverage
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.facts import AssessmentFacts
from portfolio_app.domain.gaps import Severity, find_gaps
from portfolio_app.domain.portfolio import PortfolioDetails
from portfolio_app.domain.text_facts import TextFacts
from portfolio_app.domain.unit_groups import QualificationStanding, qualification_standing
from portfolio_app.services.gap_list import (
    EVIDENCE_PLACE,
    FEEDBACK_PLACE,
    UNITS_PLACE,
    FixPlace,
    InWords,
    PlacedGap,
    facts_now,
    placed_gaps,
    words_about,
)
from portfolio_app.storage.history import HistoryStep, StepKind
from portfolio_app.storage.portfolio_file import PortfolioFile

NEXT_STEPS: Final = 5
"""How many things to do next are named."""

_SOON: Final = timedelta(days=7)
_NEAR_THE_END: Final = timedelta(days=14)
_STEPS_LOOKED_AT: Final = 100
_CHANGES_SHOWN: Final = 8

_UNANSWERED: Final = "decision-unanswered"
_DECLARATION: Final = "declaration-unsigned"
_OVERDUE: Final = "action-overdue"
_DUE: Final = "action-due"
_START: Final = "start"

# What matters most first. What is found by a rule that does not stand here is only worth a look.
_ORDER: Final[tuple[str, ...]] = (
    _START,
    _UNANSWERED,
    _OVERDUE,
    "attachment-missing",
    "attachment-changed",
    _DUE,
    "component-not-ticked",
    "claim-without-place",
    "no-claim",
    "witness-incomplete",
    "no-witness",
    "empty-evidence",
    "simulation-not-allowed",
    "own-word-only",
    "too-few-pieces",
    "groups-not-filled",
    "required-method-not-used",
    "standing-incomplete",
    "evidence-without-date",
    "evidence-not-claimed",
    _DECLARATION,
)


class Counts(NamedTuple):
    """What the navigation shows beside each page.

    ``gaps`` leaves out what is only worth a look and what was put aside; ``actions`` are the open ones,
    ``unanswered`` the decisions that ask for more and after which nothing has changed.
    """

    evidence: int
    units: int
    gaps: int
    actions: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class LeafStanding:
    """A requirement that evidence is claimed against, and how far it is."""

    requirement_id: str
    address: str
    text: str
    state: CoverageState


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """How far a unit is. ``gaps`` counts those on the unit and its requirements, not those of its evidence."""

    coverage: UnitCoverage
    leaves: tuple[LeafStanding, ...]
    gaps: int


@dataclass(frozen=True, slots=True)
class NextStep:
    """A thing to do: one sentence, the word on its button, and where it is done.

    ``source`` is the rule that found it, ``action-overdue``, ``action-due`` or ``start``; of an action,
    ``action_id`` says which. ``about`` is what the sentence names in words: a requirement, an item or a unit.
    """

    source: str
    sentence: str
    button: str
    place: FixPlace
    action_id: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class RecentChange:
    """What was done lately: the name of the step, when it was done last, and how many times in a row.

    ``about`` is the text of the requirement that the name gives the address of, or the title of the item; empty where
    there is none of that address now.
    """

    name: str
    at: datetime
    times: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole portfolio at a glance.

    ``qualification`` says how far its groups of units are. ``gaps`` counts what is missing, ``remarks`` what is only
    worth a look. ``days_left`` is negative after the planned end, ``None`` where none is set. ``last_backup`` is UTC.
    """

    details: PortfolioDetails
    qualification: QualificationStanding
    units: tuple[UnitStanding, ...]
    total: Tally
    complete_units: int
    evidence: int
    gaps: int
    remarks: int
    open_actions: int
    next_steps: tuple[NextStep, ...]
    recent: tuple[RecentChange, ...]
    days_left: int | None
    last_backup: datetime | None


def overview(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    today: date | None = None,
    texts: TextFacts | None = None,
) -> Overview:
    """Return where the portfolio stands and what to do next; what the evidence says counts only with ``texts``."""
    today = today or _today()
    facts = facts_now(portfolio)
    with portfolio.read() as reader:
        details, actions = reader.details(), reader.actions()
    about = words_about(facts)
    covered = coverage(facts)
    gaps = placed_gaps(facts, kinds, today, texts=texts)
    of_units = Counter(placed.gap.unit_id for placed in gaps if placed.gap.severity is Severity.GAP)
    missing = sum(placed.gap.severity is Severity.GAP for placed in gaps)
    newest_backup = next(iter(portfolio.backups.list()), None)
    days_left = (details.planned_end - today).days if details.planned_end else None
    return Overview(
        details=details,
        qualification=qualification_standing(
            facts.qualification, facts.units, {unit.unit_id: unit.tally for unit in covered.units}
        ),
        units=tuple(_units(facts, covered, of_units)),
        total=covered.total,
        complete_units=covered.complete_units,
        evidence=len(facts.evidence),
        gaps=missing,
        remarks=sum(placed.gap.severity is Severity.NUDGE for placed in gaps),
        open_actions=sum(action.done_on is None for action in actions),
        next_steps=tuple(next_steps(facts, covered, gaps, actions, today=today, days_left=days_left)),
        recent=tuple(_recent(portfolio.history(_STEPS_LOOKED_AT), about.values())),
        days_left=days_left,
        last_backup=newest_backup.made_at if newest_backup else None,
    )


def counts(portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind], today: date | None = None) -> Counts:
    """Return the numbers beside the names of the pages."""
    facts = facts_now(portfolio)
    with portfolio.read() as reader:
        actions = reader.actions()
    found = [
        gap
        for gap in find_gaps(facts, kinds, today or _today(), include_dismissed=False)
        if gap.severity is Severity.GAP
    ]
    return Counts(
        evidence=len(facts.evidence),
        units=len(facts.units),
        gaps=len(found),
        actions=sum(action.done_on is None for action in actions),
        unanswered=sum(gap.rule == _UNANSWERED for gap in found),
    )


def next_steps(
    facts: AssessmentFacts,
    covered: Coverage,
    gaps: Iterable[PlacedGap],
    actions: Iterable[Action],
    *,
    today: date,
    days_left: int | None = None,
) -> list[NextStep]:
    """Choose what to do next: first what the assessor waits for, then what is nearest to being complete.

    One thing of each sort before a second of any, so that the list never says the same five times while there
    is something else to do. The declaration is signed when all is claimed, or when the end is near.
    """
    standing = [placed for placed in gaps if placed.gap.severity is not Severity.INFO]
    may_sign = (covered.total.total > 0 and not covered.total[CoverageState.NONE]) or (
        days_left is not None and days_left <= _NEAR_THE_END.days
    )
    candidates: dict[str, list[NextStep]] = {}
    for step in _beginnings(facts):
        candidates.setdefault(step.source, []).append(step)
    answering = {placed.gap.requirement_id for placed in standing if placed.gap.rule == _UNANSWERED}
    for step in _due(actions, facts, answering, today, words_about(facts)):
        candidates.setdefault(step.source, []).append(step)
    nearness = _nearness(covered)
    ranked = sorted(standing, key=lambda placed: nearness.get(placed.gap.unit_id or "", (0, 0)))
    for placed in ranked:
        rule = placed.gap.rule
        if rule != _DECLARATION or may_sign:
            step = NextStep(rule, placed.gap.message, placed.fix.value, placed.place, about=placed.about)
            candidates.setdefault(rule, []).append(step)
    sources = [source for source in _ORDER if source in candidates]
    sources += [source for source in candidates if source not in _ORDER]
    chosen: list[NextStep] = []
    for turn in range(NEXT_STEPS):
        chosen += [candidates[source][turn] for source in sources if turn < len(candidates[source])]
    return chosen[:NEXT_STEPS]


def _beginnings(facts: AssessmentFacts) -> Iterator[NextStep]:
    if not facts.units:
        sentence = "The portfolio has no unit yet: add the units that you are working on."
        yield NextStep(_START, sentence, "Add a unit", FixPlace(UNITS_PLACE))
    if not facts.evidence:
        sentence = "There is no evidence yet: drop in a file, or write about something that you did."
        yield NextStep(_START, sentence, "Add evidence", FixPlace(EVIDENCE_PLACE))


def _due(
    actions: Iterable[Action],
    facts: AssessmentFacts,
    answering: set[str | None],
    today: date,
    about: Mapping[str, InWords],
) -> Iterator[NextStep]:
    """Yield open actions with a day, earliest first; one that answers a decision named already is left out."""
    leaves = {leaf.id: unit.id for unit in facts.units for leaf in unit.leaves()}
    decided = {decision.id for decision in facts.decisions.values()}
    dated = [(action.due, action) for action in actions if action.done_on is None and action.due]
    for due, action in sorted(dated, key=lambda pair: pair[0]):
        if due > today + _SOON or (action.origin in decided and action.requirement_id in answering):
            continue
        text = action.text.rstrip(" .")
        overdue = due < today
        when = "is due today" if due == today else f"{'was' if overdue else 'is'} due on {day_in_words(due)}"
        if action.evidence_id:
            place = FixPlace(EVIDENCE_PLACE, action.evidence_id)
        elif action.requirement_id:
            place = FixPlace(UNITS_PLACE, "", action.requirement_id, leaves.get(action.requirement_id, ""))
        else:
            place = FixPlace(FEEDBACK_PLACE)
        named = str(about.get(action.requirement_id or action.evidence_id or "", ""))
        yield NextStep(_OVERDUE if overdue else _DUE, f"“{text}” {when}.", "Show it", place, action.id, named)


def _nearness(covered: Coverage) -> dict[str, tuple[int, int]]:
    """Rank the units: begun before untouched, and of these the one with the fewest requirements to go first."""
    return {unit.unit_id: (int(not unit.tally.claimed) + 1, unit.tally[CoverageState.NONE]) for unit in covered.units}


def _units(facts: AssessmentFacts, covered: Coverage, gaps: Mapping[str | None, int]) -> Iterator[UnitStanding]:
    for unit, standing in zip(facts.units, covered.units, strict=True):
        addresses = unit.addresses()
        leaves = tuple(
            LeafStanding(leaf.id, addresses[leaf.id], leaf.short_text, covered.states[leaf.id])
            for leaf in unit.asked_for()
        )
        yield UnitStanding(standing, leaves, gaps.get(unit.id, 0))


def _recent(steps: Sequence[HistoryStep], about: Iterable[InWords]) -> list[RecentChange]:
    """Return the newest edits in force, those of one name in a row as one."""
    by_reference = dict(about)
    edits = [step for step in steps if step.kind is StepKind.EDIT and not step.undone]
    rows = [list(run) for _, run in groupby(edits, key=lambda step: step.name)]
    return [
        RecentChange(row[0].name, row[0].at, len(row), _named_in(row[0].name, by_reference))
        for row in rows[:_CHANGES_SHOWN]
    ]


def _named_in(name: str, by_reference: Mapping[str, str]) -> str:
    """Return the words of what a step is named after: of the requirement in “Claim E4 → U1/2.1”, else of the item.

    A step that says what something is called already needs no more.
    """
    found = [each for each in (part.rstrip(":,") for part in name.split()) if each in by_reference]
    words = by_reference[max(found, key=lambda each: "/" in each)] if found else ""
    return "" if words in name else words


def _today() -> date:
    return datetime.now().astimezone().date()
