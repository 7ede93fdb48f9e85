"""What a returned review copy says, requirement by requirement and item by item, beside what is recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeAlias

from portfolio_app.domain.changes import ChangedSince
from portfolio_app.domain.claims import Decision, Verdict
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import Judgement
from portfolio_app.domain.gap_facts import GapFacts, Leaf, joined
from portfolio_app.domain.requirement_rules import newest_change
from portfolio_app.domain.review import (
    ASSESSED_ON,
    ASSESSOR_NAME,
    ASSESSOR_ROLE,
    COMMENT,
    DECISION,
    JUDGEMENTS,
    VERDICT_STATES,
    ReviewIdentity,
)
from portfolio_app.services.decisions import moment_of
from portfolio_app.services.returned_copies import ReturnedCopy
from portfolio_app.services.text_input import day, line, prose, shortened
from portfolio_app.storage.repositories import PortfolioReader

_VERDICTS: Final = {state: verdict for verdict, state in VERDICT_STATES.items()}
_NAMED_AT_MOST: Final = 6
_LONGEST_TITLE: Final = 80


class AnswerState(StrEnum):
    """What an answer means for the portfolio. The value is the word in JSON."""

    NEW = "new"
    RECORDED = "recorded"
    DIFFERS = "differs"
    COMMENT = "comment"
    UNCLEAR = "unclear"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ReviewAnswer:
    """What the form says of one requirement.

    Attributes:
        label: The name of its fields ("r7").
        requirement_id: Its id, whether it is still there or not.
        address: Its address, or what it was called where it is not there any more.
        text: Its wording, or empty where it is not there any more.
        verdict: What was ticked; ``None``: nothing, or what cannot be told.
        comment: What was written beside it.
        state: What that means here.
        says: The same as a sentence.
        recorded: The decision that counts now.
        changed: What has changed since the copy was made, each in a few words.
        is_acceptable: Whether accepting it records anything.
    """

    label: str
    requirement_id: str
    address: str
    text: str
    verdict: Verdict | None
    comment: str
    state: AnswerState
    says: str
    recorded: Decision | None
    changed: tuple[str, ...]
    is_acceptable: bool


@dataclass(frozen=True, slots=True)
class ReviewJudgement:
    """What the form says of one item. ``ticked`` are the words of a judgement; the rest is as in an answer."""

    label: str
    evidence_id: str
    ref: str
    title: str
    ticked: tuple[str, ...]
    state: AnswerState
    says: str
    recorded: Judgement | None
    changed: tuple[str, ...]
    is_acceptable: bool


@dataclass(frozen=True, slots=True)
class ReviewComparison:
    """A returned copy beside the portfolio.

    Attributes:
        copy: What came back.
        identity: Which copy of this portfolio it is.
        by: The assessor's name; empty where the form names nobody.
        role: What the assessor is, as typed.
        decided_on: The day in the form; ``None``: today counts.
        revision: The portfolio's present revision.
        warnings: Sentences on what speaks against the copy, the gravest first.
        notes: Further sentences.
        answers: The requirements of which something is said, in printed order.
        judgements: The items of which something is said, in printed order.
        blank: How many requirements of the form nothing is said of.
    """

    copy: ReturnedCopy
    identity: ReviewIdentity
    by: str
    role: str
    decided_on: date | None
    revision: int
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    answers: tuple[ReviewAnswer, ...]
    judgements: tuple[ReviewJudgement, ...]
    blank: int

    @property
    def acceptable(self) -> frozenset[str]:
        """The labels of all that accepting would record."""
        return frozenset(each.label for each in self.everything if each.is_acceptable)

    @property
    def everything(self) -> tuple[ReviewAnswer | ReviewJudgement, ...]:
        """The answers, then the judgements."""
        return (*self.answers, *self.judgements)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is filled in beside each requirement and item."""
        return not self.answers and not self.judgements


class Comparing:
    """Holds one returned copy against what a reader finds."""

    def __init__(self, reader: PortfolioReader, copy: ReturnedCopy, identity: ReviewIdentity, by: str) -> None:
        self._reader = reader
        self._copy = copy
        self._identity = identity
        self._by = shortened(_clean(copy.answers.get(ASSESSOR_NAME, ""))) or line(by, "The assessor’s name")
        self._role = shortened(_clean(copy.answers.get(ASSESSOR_ROLE, "")))
        self._decided_on, self._doubt = self._day()
        self._facts = GapFacts.gather(reader.facts({}), {}, date.min)
        self._leaves: dict[str, Leaf] = {
            leaf.requirement.id: leaf for leaves in self._facts.leaves.values() for leaf in leaves
        }
        self._decisions: dict[str, list[Decision]] = {}
        for decision in reader.decisions():
            self._decisions.setdefault(decision.requirement_id, []).append(decision)
        self._noted = {action.origin for action in reader.actions()}
        self._revision = reader.revision()[0]
        self._is_in_history = reader.revision_of(identity.head) == identity.revision

    def comparison(self) -> ReviewComparison:
        """Return the two side by side."""
        labels = sorted(self._identity.requirements.items(), key=_by_number)
        answers = [each for label, key in labels if (each := self._answer(label, key)) is not None]
        items = sorted(self._identity.evidence.items(), key=_by_number)
        judgements = [judged for label, key in items if (judged := self._judgement(label, key)) is not None]
        return ReviewComparison(
            copy=self._copy,
            identity=self._identity,
            by=self._by,
            role=self._role,
            decided_on=self._decided_on,
            revision=self._revision,
            warnings=tuple(self._warnings(answers, judgements)),
            notes=tuple(self._notes(answers, judgements)),
            answers=tuple(answers),
            judgements=tuple(judgements),
            blank=len(labels) - len(answers),
        )

    # What the form says

    def _day(self) -> tuple[date | None, str]:
        """Return the day in the form, and what speaks against taking it."""
        typed = " ".join(_clean(self._copy.answers.get(ASSESSED_ON, "")).split())
        if not typed:
            return None, ""
        shown = f"The date in the form, “{shortened(typed, _LONGEST_TITLE)}”,"
        try:
            decided_on = day(typed)
        except InvalidInput:
            return None, f"{shown} cannot be read as a day; today’s date is recorded."
        made = _local_day(self._identity.made)
        if decided_on > today():
            return None, f"{shown} is still to come; today’s date is recorded."
        if decided_on < made:
            return None, f"{shown} is before the copy was made, on {day_in_words(made)}; today’s date is recorded."
        return decided_on, ""

    def _answer(self, label: str, requirement_id: str) -> ReviewAnswer | None:
        field = f"{label}.{DECISION}"
        ticked = self._copy.answers.get(field, "")
        verdict = None if field in self._copy.unclear else _VERDICTS.get(ticked)
        is_unclear = verdict is None and (bool(ticked) or field in self._copy.unclear)
        comment = prose(self._copy.answers.get(f"{label}.{COMMENT}", ""), "A comment").strip()
        if f"{label}.{COMMENT}" in self._copy.unclear:
            is_unclear = is_unclear or not comment
        if not (verdict or comment or is_unclear):
            return None
        leaf = self._leaves.get(requirement_id)
        decisions = self._decisions.get(requirement_id, [])
        noted = note_origin(self._copy, requirement_id, comment) in self._noted
        if leaf is None:
            meaning = _gone(comment, noted=noted)
        elif verdict is None:
            meaning = _without_verdict(comment, is_unclear=is_unclear, noted=noted)
        else:
            meaning = self._decided(verdict, comment, decisions)
        state, says, is_acceptable = meaning
        return ReviewAnswer(
            label=label,
            requirement_id=requirement_id,
            address=leaf.address if leaf else self._name_of_gone(label, requirement_id),
            text=leaf.requirement.text if leaf else "",
            verdict=verdict,
            comment=comment,
            state=state,
            says=says,
            recorded=decisions[-1] if decisions else None,
            changed=tuple(self._changes_of(leaf)) if leaf else (),
            is_acceptable=is_acceptable,
        )

    def _decided(self, verdict: Verdict, comment: str, decisions: Sequence[Decision]) -> _Meaning:
        if any(self._is_recorded(decision, verdict, comment) for decision in decisions):
            return AnswerState.RECORDED, "Recorded already.", False
        if not decisions:
            return AnswerState.NEW, "New.", True
        last = decisions[-1]
        when = day_in_words(last.decided_at.astimezone())
        if last.verdict is verdict:
            state, says = AnswerState.NEW, f"New; {last.by} decided the same on {when}."
        else:
            state, says = AnswerState.DIFFERS, f"Differs: {last.by} decided “{last.verdict}” on {when}."
        if last.decided_at > moment_of(self._decided_on, self._identity.made):
            says += " That is the newer decision, so it goes on to count."
        return state, says, True

    def _is_recorded(self, decision: Decision, verdict: Verdict, comment: str) -> bool:
        """Return whether a decision is this answer: out of this file, or in the same words from the same copy."""
        if decision.source == self._copy.sha256:
            return True
        if (decision.verdict, _folded(decision.by), _folded(decision.comment)) != (
            verdict,
            _folded(self._by),
            _folded(comment),
        ):
            return False
        if decision.seen_at is not None:
            return decision.seen_at == self._identity.made
        return _local_day(decision.decided_at) == (self._decided_on or today())

    def _judgement(self, label: str, evidence_id: str) -> ReviewJudgement | None:
        ticked = tuple(word for word in JUDGEMENTS if self._copy.answers.get(f"{label}.{word}"))
        if not ticked:
            return None
        try:
            item = self._reader.evidence_by_id(evidence_id)
        except UnknownReference:
            ref, title, recorded = f"item {label[1:]} of the form", "", None
            state, says = AnswerState.GONE, "It is not in the portfolio any more."
        else:
            ref, title, recorded = item.ref, item.shown_title, item.judgement
            state, says = self._judged(ticked, recorded)
            if self._reader.is_binned(evidence_id):
                says += " The item is in the bin."
        return ReviewJudgement(
            label=label,
            evidence_id=evidence_id,
            ref=ref,
            title=title,
            ticked=ticked,
            state=state,
            says=says,
            recorded=recorded,
            changed=("its content",) if evidence_id in self._since.evidence else (),
            is_acceptable=state in (AnswerState.NEW, AnswerState.DIFFERS),
        )

    def _judged(self, ticked: Iterable[str], recorded: Judgement | None) -> tuple[AnswerState, str]:
        if recorded is None:
            return AnswerState.NEW, "New."
        denied = [word for word in ticked if getattr(recorded, word) is False]
        if denied:
            return AnswerState.DIFFERS, f"Differs: {recorded.by} judged it not {joined(denied, 'or')}."
        if all(getattr(recorded, word) for word in ticked) and (not self._by or named_in(recorded.by, self._by)):
            return AnswerState.RECORDED, "Recorded already."
        return AnswerState.NEW, f"New, beside what {recorded.by} judged."

    # What has changed since

    @cached_property
    def _since(self) -> ChangedSince:
        if self._is_in_history:
            return self._reader.changed_since(self._identity.revision)
        made = self._identity.made
        return ChangedSince(
            gone={key: "" for key in self._identity.requirements.values() if key not in self._leaves},
            claimed=frozenset(
                key
                for key, leaf in self._leaves.items()
                if (changed := newest_change(self._facts, leaf)) is not None and changed > made
            ),
            evidence=frozenset(
                key for key, item in self._facts.items.items() if item.revised_at > made.astimezone(UTC).isoformat()
            ),
        )

    @cached_property
    def _changed_items(self) -> Mapping[str, list[str]]:
        """The references of changed items by the requirements that they are claimed for, in the bin or not."""
        found: dict[str, list[str]] = {}
        for evidence_id in self._since.evidence:
            try:
                ref = self._reader.evidence_by_id(evidence_id).ref
            except UnknownReference:
                continue
            for claim in self._reader.claims(evidence_id=evidence_id):
                found.setdefault(claim.requirement_id, []).append(ref)
        return found

    def _changes_of(self, leaf: Leaf) -> Iterator[str]:
        key = leaf.requirement.id
        if key in self._since.reworded:
            yield "its wording"
        if key in self._since.claimed:
            yield "what is claimed for it"
        yield from sorted(self._changed_items.get(key, ()), key=_reference_order)

    def _name_of_gone(self, label: str, requirement_id: str) -> str:
        text = self._since.gone.get(requirement_id, "")
        return shortened(text, _LONGEST_TITLE) if text else f"requirement {label[1:]} of the form"

    # What there is to be told

    def _warnings(self, answers: Sequence[ReviewAnswer], judgements: Sequence[ReviewJudgement]) -> Iterator[str]:
        if self._copy.is_damaged:
            yield "The file was damaged or cut short on its way, so answers may be missing: ask for it again."
        yield from _page_differences(self._identity.pages, self._copy.pages)
        missing = [label for label in self._identity.requirements if f"{label}.{DECISION}" not in self._copy.answers]
        if missing:
            yield (
                f"The form was changed: it has no fields any more for {_counted(len(missing), 'requirement')} that it "
                "was made with."
            )
        yield from self._older()
        everything: list[ReviewAnswer | ReviewJudgement] = [*answers, *judgements]
        gone = [each for each in everything if each.state is AnswerState.GONE]
        if gone:
            yield (
                f"What it says of {_listed(_called(each) for each in gone)} cannot be recorded as it is: "
                f"{'that is' if len(gone) == 1 else 'those are'} not in the portfolio any more."
            )
        unclear = [each.address for each in answers if each.state is AnswerState.UNCLEAR]
        if unclear:
            yield f"What was filled in for {_listed(unclear)} cannot be read with certainty: ask the assessor."
        if self._doubt:
            yield self._doubt
        if not self._by and any(each.is_acceptable for each in everything):
            yield "The form does not say who decided: the assessor’s name is missing."

    def _older(self) -> Iterator[str]:
        """Say what has changed since the copy was made."""
        identity, since = self._identity, self._since
        if not self._is_in_history:
            yield (
                f"The copy was made at a revision ({identity.revision:,}) that the history of this portfolio does not "
                "hold: it was restored from a back-up since, or is worked on in two places. What has changed is told "
                "by dates alone."
            )
        asked = [leaf for key in identity.requirements.values() if (leaf := self._leaves.get(key)) is not None]
        parts = []
        reworded = [leaf.address for leaf in asked if leaf.requirement.id in since.reworded]
        if reworded:
            parts.append(f"the wording of {_listed(reworded)}")
        claimed = [leaf.address for leaf in asked if leaf.requirement.id in since.claimed]
        if claimed:
            parts.append(f"what is claimed for {_listed(claimed)}")
        shown = set(identity.evidence.values()) & since.evidence
        claimed_for = {ref for leaf in asked for ref in self._changed_items.get(leaf.requirement.id, ())}
        refs = {self._ref(key) for key in shown} | claimed_for
        if refs - {""}:
            parts.append(_listed(sorted(refs - {""}, key=_reference_order)))
        if parts:
            yield f"Changed since the copy was made, so that the assessor has not seen it: {'; '.join(parts)}."
        lost = [self._name_of_gone(label, key) for label, key in identity.requirements.items() if key in since.gone]
        if lost:
            yield f"Removed from the portfolio since the copy was made: {_listed(f'“{each}”' for each in lost)}."

    def _ref(self, evidence_id: str) -> str:
        try:
            return self._reader.evidence_by_id(evidence_id).ref
        except UnknownReference:
            return ""

    def _notes(self, answers: Sequence[ReviewAnswer], judgements: Sequence[ReviewJudgement]) -> Iterator[str]:
        identity = self._identity
        made = day_in_words(_local_day(identity.made))
        same = self._is_in_history and not any(True for _ in self._older())
        yield (
            f"A copy of revision {identity.revision:,}, made on {made}"
            + (
                "; nothing that it shows has changed since."
                if same
                else f"; the portfolio is at {self._revision:,} now."
            )
        )
        everything: list[ReviewAnswer | ReviewJudgement] = [*answers, *judgements]
        if not everything:
            yield "Nothing is filled in beside any requirement: if it should be, ask whether the copy was saved."
        elif all(each.state is AnswerState.RECORDED for each in everything):
            yield "Everything that it says is recorded already."
        blank = len(identity.requirements) - len(answers)
        if answers and blank:
            yield f"Nothing is said of {_counted(blank, 'further requirement')}."


_Meaning: TypeAlias = tuple[AnswerState, str, bool]


def _gone(comment: str, *, noted: bool) -> _Meaning:
    says = "It is not in the portfolio any more, so no decision can be recorded on it."
    if not comment:
        return AnswerState.GONE, says, False
    if noted:
        return AnswerState.GONE, f"{says} The comment is noted already.", False
    return AnswerState.GONE, f"{says} The comment becomes something to do.", True


def _without_verdict(comment: str, *, is_unclear: bool, noted: bool) -> _Meaning:
    if is_unclear:
        says = "What was filled in cannot be read with certainty."
        if not comment or noted:
            return AnswerState.UNCLEAR, f"{says} The comment is noted already." if noted else says, False
        return AnswerState.UNCLEAR, f"{says} The comment becomes something to do.", True
    if noted:
        return AnswerState.RECORDED, "A comment without a decision, noted already.", False
    return AnswerState.COMMENT, "A comment without a decision: it becomes something to do.", True


def note_origin(copy: ReturnedCopy, requirement_id: str, comment: str) -> str:
    """Return what tells that a comment was noted before, like the id of a decision."""
    token = copy.identity.token if copy.identity else ""
    words = "\n".join((token, requirement_id, _folded(copy.answers.get(ASSESSOR_NAME, "")), _folded(comment)))
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def named_in(names: str, name: str) -> bool:
    """Return whether an assessor is among those who are named."""
    return _folded(name) in _folded(names)


def _page_differences(expected: Sequence[str], present: Sequence[str]) -> Iterator[str]:
    """Say which pages are not as they were made."""
    changed = "so the assessor may have seen something else than you made"
    if len(expected) == len(present):
        pages = [number for number, (one, other) in enumerate(zip(expected, present, strict=True), 1) if one != other]
        if pages:
            verb = "is" if len(pages) == 1 else "are"
            yield f"{_numbered(pages)} {verb} not as {'it was' if len(pages) == 1 else 'they were'} made, {changed}."
        return
    begin = 0
    while begin < min(len(expected), len(present)) and expected[begin] == present[begin]:
        begin += 1
    end = 0
    while end < min(len(expected), len(present)) - begin and expected[-1 - end] == present[-1 - end]:
        end += 1
    lost = list(range(begin + 1, len(expected) - end + 1))
    added = list(range(begin + 1, len(present) - end + 1))
    counts = f"It has {_counted(len(present), 'page')}, and was made with {len(expected):,}: "
    if not added:
        yield f"{counts}{_in_sentence(_numbered(lost))} {'is' if len(lost) == 1 else 'are'} missing, {changed}."
    elif not lost:
        yield f"{counts}{_in_sentence(_numbered(added))} {'was' if len(added) == 1 else 'were'} added."
    else:
        yield f"{counts}{_in_sentence(_numbered(added))} differ from what was made, {changed}."


def _numbered(pages: Sequence[int]) -> str:
    """Write page numbers as people do: ``Pages 3, 5 to 9 and 12``."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and runs[-1][-1] == page - 1:
            runs[-1] = [runs[-1][0], page]
        else:
            runs.append([page, page])
    words = [str(first) if first == last else f"{first} to {last}" for first, last in runs]
    return f"{'Page' if len(pages) == 1 else 'Pages'} {_listed(words)}"


def _in_sentence(words: str) -> str:
    return words[:1].lower() + words[1:]


def _listed(words: Iterable[str]) -> str:
    """Name the first few, and say how many more there are."""
    everything = list(words)
    shown = everything[:_NAMED_AT_MOST]
    more = len(everything) - len(shown)
    return joined([*shown, f"{more:,} more"] if more else shown)


def _called(each: ReviewAnswer | ReviewJudgement) -> str:
    return f"“{each.address}”" if isinstance(each, ReviewAnswer) else each.ref


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _by_number(labelled: tuple[str, str]) -> int:
    return int(labelled[0][1:])


def _reference_order(ref: str) -> int:
    return int(ref[1:])


def _clean(text: str) -> str:
    return prose(text, "A text in the form")


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())


def _local_day(moment: datetime) -> date:
    return moment.astimezone().date()


def today() -> date:
    """Return the present day, where this computer is."""
    return datetime.now().astimezone().date()
