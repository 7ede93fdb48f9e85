"""Evidence items as a list shows them, and the choice and order of those that it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from portfolio_app.domain.coverage import CoverageState, Tally
from portfolio_app.domain.evidence import UNTITLED, EvidenceKind, StandingKind
from portfolio_app.domain.folding import folded, search_words, sorting_key


class EvidenceSummary(NamedTuple):
    """An item without its text, as one row of a list.

    ``date`` and ``revised_at`` are ISO 8601 text, empty if unknown; ``binned_at`` is empty while it is not in the
    bin. ``files`` and ``claims`` are counts, ``tally`` tells the claims by the state that each shows in the matrix,
    ``units`` are the ids of the units that it is claimed for. ``witnesses`` counts its witnesses and observers,
    ``unsigned`` those of them who have not signed.
    """

    id: str
    number: int
    kind: str
    title: str
    date: str
    standing: str
    tags: tuple[str, ...]
    files: int
    claims: int
    tally: Tally
    units: frozenset[str]
    witnesses: int
    unsigned: int
    has_content: bool
    simulated: bool
    confidential: bool
    revised_at: str
    binned_at: str

    @property
    def ref(self) -> str:
        """The reference printed on every page of the item."""
        return f"E{self.number}"

    @property
    def shown_title(self) -> str:
        """The title, or what stands for it on screen."""
        return self.title or UNTITLED


class EvidenceState(StrEnum):
    """What can be said of an item, and asked for in a list. The value is the words on screen."""

    NOT_CLAIMED = "not claimed"
    NO_PLACE = "claim without a place"
    UNSIGNED = "not signed"
    NO_DATE = "no date"
    EMPTY = "empty"
    UNDECIDED = "waiting for a decision"
    NOT_YET_MET = "not yet met"
    MORE_NEEDED = "more evidence needed"
    MET = "met"
    SIMULATED = "simulated"
    CONFIDENTIAL = "confidential"


class EvidenceOrder(StrEnum):
    """What a list is sorted by."""

    REF = "ref"
    TITLE = "title"
    KIND = "kind"
    DATE = "date"
    CLAIMS = "claims"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class EvidenceQuery:
    """Which items a list shows, and in which order.

    ``words`` is as typed: every word must occur somewhere in the item, and what stands in quotation marks as it is.
    Of ``kinds``, ``units`` (ids), ``states`` and ``tags`` each narrows the list to items that have any of those
    named; empty does not narrow. ``binned`` asks for the items in the bin instead.
    """

    words: str = ""
    kinds: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    states: frozenset[EvidenceState] = frozenset()
    tags: frozenset[str] = frozenset()
    binned: bool = False
    order: EvidenceOrder = EvidenceOrder.REF
    descending: bool = False

    @property
    def narrows(self) -> bool:
        """Whether it leaves any item out that is not in the bin (or, of the bin, that is)."""
        return bool(self.words.strip() or self.kinds or self.units or self.states or self.tags)


Kinds = Mapping[str, EvidenceKind]
_Test = Callable[[EvidenceSummary, Container[str]], bool]

# Each test gets the item and the ids of the kinds that need a witness.
_TESTS: Final[dict[EvidenceState, _Test]] = {
    EvidenceState.NOT_CLAIMED: lambda item, _: not item.claims,
    EvidenceState.NO_PLACE: lambda item, _: item.tally[CoverageState.CLAIMED] > 0,
    EvidenceState.UNSIGNED: lambda item, witnessed: (
        item.unsigned > 0 or (item.kind in witnessed and not item.witnesses)
    ),
    EvidenceState.NO_DATE: lambda item, _: not item.date,
    EvidenceState.EMPTY: lambda item, _: (
        not item.has_content and not item.files and item.standing == StandingKind.ATTACHED.value
    ),
    EvidenceState.UNDECIDED: lambda item, _: item.tally[CoverageState.CLAIMED] + item.tally[CoverageState.PROOF] > 0,
    EvidenceState.NOT_YET_MET: lambda item, _: item.tally[CoverageState.NOT_YET_MET] > 0,
    EvidenceState.MORE_NEEDED: lambda item, _: item.tally[CoverageState.MORE_NEEDED] > 0,
    EvidenceState.MET: lambda item, _: item.tally[CoverageState.MET] > 0,
    EvidenceState.SIMULATED: lambda item, _: item.simulated,
    EvidenceState.CONFIDENTIAL: lambda item, _: item.confidential,
}


def count_states(items: Iterable[EvidenceSummary], kinds: Kinds) -> dict[EvidenceState, int]:
    """Return of how many items each thing can be said, without those that can be said of none."""
    witnessed = _witnessed(kinds)
    # Thousands of items differ in what no test looks at: of those that are alike to the tests one is tested.
    alike: Counter[tuple[object, ...]] = Counter()
    examples: dict[tuple[object, ...], EvidenceSummary] = {}
    held: dict[int, frozenset[CoverageState]] = {}
    for item in items:
        tally = id(item.tally)
        if tally not in held:
            held[tally] = frozenset(state for state in CoverageState if item.tally[state])
        seen: tuple[object, ...] = (
            item.kind,
            not item.date,
            item.standing,
            not item.files,
            not item.claims,
            held[tally],
            not item.witnesses,
            not item.unsigned,
            item.has_content,
            item.simulated,
            item.confidential,
        )
        alike[seen] += 1
        examples[seen] = item
    found: Counter[EvidenceState] = Counter()
    for look, count in alike.items():
        for state, holds in _TESTS.items():
            if holds(examples[look], witnessed):
                found[state] += count
    return {state: found[state] for state in EvidenceState if found[state]}


def chosen(
    items: Iterable[EvidenceSummary], query: EvidenceQuery, kinds: Kinds, texts: Mapping[str, str]
) -> list[EvidenceSummary]:
    """Return the items that a query asks for, in its order.

    Args:
        items: all items, those in the bin too.
        query: what is asked for.
        kinds: the known kinds by id; their titles are searched and sorted by.
        texts: each item's folded text by its id; asked for only where there are words.
    """
    found = [item for item in items if bool(item.binned_at) is query.binned]
    if query.kinds:
        found = [item for item in found if item.kind in query.kinds]
    if query.units:
        found = [item for item in found if not query.units.isdisjoint(item.units)]
    if query.tags:
        wanted = frozenset(map(folded, query.tags))
        found = [item for item in found if any(folded(tag) in wanted for tag in item.tags)]
    if query.states:
        witnessed = _witnessed(kinds)
        tests = [_TESTS[state] for state in query.states]
        found = [item for item in found if any(holds(item, witnessed) for holds in tests)]
    for word in search_words(query.words):
        named = frozenset(kind.id for kind in kinds.values() if word in folded(kind.title))
        found = [item for item in found if word in texts[item.id] or item.kind in named]
    return _ordered(found, query, kinds)


def _ordered(found: list[EvidenceSummary], query: EvidenceQuery, kinds: Kinds) -> list[EvidenceSummary]:
    """Sort by reference first, so that equal items keep that order whichever way round the list is."""
    titles = {kind.id: folded(kind.title) for kind in kinds.values()}
    keys: dict[EvidenceOrder, Callable[[EvidenceSummary], Any]] = {
        EvidenceOrder.REF: lambda item: item.number,
        EvidenceOrder.TITLE: lambda item: sorting_key(item.title),
        EvidenceOrder.KIND: lambda item: titles.get(item.kind, item.kind),
        EvidenceOrder.DATE: lambda item: item.date,
        EvidenceOrder.CLAIMS: lambda item: item.claims,
        EvidenceOrder.CHANGED: lambda item: item.revised_at,
    }
    found.sort(key=keys[EvidenceOrder.REF])
    if query.order is EvidenceOrder.DATE:
        # Undated items come last either way: whoever sorts by date looks for dates.
        dated = sorted((item for item in found if item.date), key=keys[query.order], reverse=query.descending)
        return dated + [item for item in found if not item.date]
    found.sort(key=keys[query.order], reverse=query.descending)
    return found


def _witnessed(kinds: Kinds) -> frozenset[str]:
    return frozenset(kind.id for kind in kinds.values() if kind.witnessed)
