"""What a newer version of a unit changes, as rows of a table: what needs an answer first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from portfolio_app.domain.qualification import Guidance
from portfolio_app.domain.unit_versions import MatchedRequirement, RemovedRequirement
from portfolio_app.services.unit_versions import Answer, Hanging, Removal, UnitUpdate

_NOTHING = Hanging()
_SHORT = 60  # characters


class Sort(Enum):
    """What happened to something: its word, and the icon and the colour that go with it."""

    GONE = ("Gone", "x", "not_yet")
    REWORDED = ("Reworded", "pencil", "accent")
    RENUMBERED = ("Renumbered", "arrow-up-down", "accent")
    MOVED = ("Moved", "corner-down-right", "accent")
    KIND = ("Another kind", "refresh-cw", "accent")
    NEW = ("New", "plus", "met")
    FACT = ("Changed", "pencil", "accent")
    GUIDANCE_NEW = ("New guidance", "plus", "met")
    GUIDANCE_GONE = ("Guidance gone", "x", "muted")

    @property
    def word(self) -> str:
        """What it is called."""
        return self.value[0]


@dataclass(frozen=True, slots=True)
class UnitChange:
    """Something that is not as it was. ``before`` or ``after`` is empty where it was or is not there.

    ``name`` is what it is called, then and now; ``warnings`` are what is to be checked.
    """

    key: str
    sort: Sort
    name: str
    before: str = ""
    after: str = ""
    warnings: tuple[str, ...] = ()
    hanging: Hanging = _NOTHING
    matched: MatchedRequirement | None = None
    removed: RemovedRequirement | None = None

    @property
    def text(self) -> str:
        """What it says now, or said; of a short fact both."""
        if self.sort is Sort.FACT and len(self.before) + len(self.after) <= _SHORT:
            return f"{self.before or '(none)'} → {self.after or '(none)'}"
        return self.after or self.before

    @property
    def is_compared(self) -> bool:
        """Whether what it says was something else, so that words can be marked."""
        return bool(self.before and self.after) and self.text == self.after and self.before != self.after

    @property
    def needs_answer(self) -> bool:
        """Whether it goes only if somebody says what becomes of what hangs on it."""
        return self.removed is not None and self.hanging.needs_answer and not self.removed.is_former

    @property
    def can_be_answered(self) -> bool:
        """Whether somebody may say what becomes of it."""
        return self.removed is not None and self.removed.requirement.is_leaf


def unit_changes(update: UnitUpdate) -> list[UnitChange]:
    """Return everything that is to be seen before a unit is brought up to date."""
    comparison = update.comparison
    gone = sorted(_gone(update), key=lambda change: not change.needs_answer)
    reworded = [each for each in comparison.matched if each.is_reworded]
    others = [each for each in comparison.matched if not (each.is_reworded or each.is_unchanged)]
    facts = (
        UnitChange(f"fact {fact.name}", Sort.FACT, fact.name, fact.before, fact.after) for fact in comparison.facts
    )
    new = (
        UnitChange(f"new {each.requirement.id}", Sort.NEW, each.address, after=each.requirement.text)
        for each in comparison.new
    )
    asked = [change for change in gone if change.needs_answer]
    return [
        *asked,
        *facts,
        *(_matched(update, each, Sort.REWORDED) for each in reworded),
        *(_matched(update, each, _sort(each)) for each in others),
        *new,
        *(change for change in gone if not change.needs_answer),
        *_guidance(comparison.new_guidance, Sort.GUIDANCE_NEW),
        *_guidance(comparison.removed_guidance, Sort.GUIDANCE_GONE),
    ]


def fate(change: UnitChange, answers: Mapping[str, Answer], addresses: Mapping[str, str]) -> str:
    """Say what hangs on something and, if it is gone, what becomes of that; ``addresses`` are the newer ones."""
    said = str(change.hanging)
    if change.removed is None:
        return said
    answer = answers.get(change.removed.requirement.id)
    if answer is None:
        is_kept = change.removed.is_former and change.hanging.needs_answer
        what = "to be answered" if change.needs_answer else "kept as before" if is_kept else ""
    elif answer.removal is Removal.MOVE:
        where = addresses.get(answer.to_id, "")
        what = f"kept, and to {where} too" if change.hanging.decisions else f"to {where}"
    else:
        what = "kept" if answer.removal is Removal.KEEP else "removed"
    return " – ".join(filter(None, (said, what)))


def _gone(update: UnitUpdate) -> Iterator[UnitChange]:
    for each in update.comparison.removed:
        yield UnitChange(
            f"gone {each.requirement.id}",
            Sort.GONE,
            each.address,
            before=each.requirement.text,
            hanging=update.on(each.requirement),
            removed=each,
        )


def _matched(update: UnitUpdate, each: MatchedRequirement, sort: Sort) -> UnitChange:
    same_name = each.old_address == each.new_address
    return UnitChange(
        f"matched {each.before.id}",
        sort,
        each.new_address if same_name else f"{each.old_address} → {each.new_address}",
        each.before.text,
        each.after.text,
        tuple(update.warnings_on(each)),
        update.on(each.before),
        matched=each,
    )


def _sort(each: MatchedRequirement) -> Sort:
    if each.is_renumbered:
        return Sort.RENUMBERED
    return Sort.MOVED if each.is_moved else Sort.KIND


def _guidance(pieces: Iterable[Guidance], sort: Sort) -> Iterator[UnitChange]:
    for number, piece in enumerate(pieces):
        text = f"{piece.title}: {piece.text}" if piece.title else piece.text
        is_new = sort is Sort.GUIDANCE_NEW
        name = piece.kind.value.capitalize()
        yield UnitChange(f"{sort.word} {number}", sort, name, "" if is_new else text, text if is_new else "")
