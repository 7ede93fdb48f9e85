"""The assessor's answer: a review copy that came back, held against the portfolio, and what of it is accepted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Action, Decision
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.errors import InvalidInput, KnownError
from portfolio_app.domain.evidence import Evidence, EvidenceVersion, Judgement
from portfolio_app.domain.evidence_versions import version_of
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.portfolio import PortfolioDetails
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.qualification import Requirement, Unit
from portfolio_app.domain.review import ReviewIdentity
from portfolio_app.services.decisions import DecisionGiven, put_decisions
from portfolio_app.services.people import PersonGiven, put_given
from portfolio_app.services.returned_copies import ReturnedCopy, read_returned
from portfolio_app.services.returned_forms import ReturnedForm, learner_of, why_foreign
from portfolio_app.services.review_comparison import (
    Comparing,
    ReviewAnswer,
    ReviewComparison,
    ReviewJudgement,
    named_in,
    note_origin,
    today,
)
from portfolio_app.services.text_input import shortened
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioEditor, PortfolioReader

_LONGEST_NAME: Final = 60  # in the name of a step
_ROLE: Final = "Assessor"
_SAVE: Final = "Ask for the copy itself, saved in the PDF reader and not printed"


class ReviewRefused(KnownError):
    """A PDF holds no answer that could be recorded in this portfolio; nothing was taken from it."""


@dataclass(frozen=True, slots=True)
class AcceptedReview:
    """What was recorded; nothing, where all was recorded before.

    ``actions`` are what follows from the decisions, ``notes`` those made of comments without a decision, ``judged``
    the items whose judgement was noted.
    """

    comparison: ReviewComparison
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()
    notes: tuple[Action, ...] = ()
    judged: tuple[Evidence, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.decisions or self.notes or self.judged)


def read_review(portfolio: PortfolioFile, path: Path, progress: Progress = no_progress) -> ReviewComparison:
    """Read a returned copy and hold it against the portfolio; nothing is recorded.

    Raises:
        FormUnreadable, ReviewRefused: as :func:`read_returned` and :func:`compare_review`.
    """
    return compare_review(portfolio, read_returned(path, progress))


def compare_review(portfolio: PortfolioFile, copy: ReturnedCopy, *, by: str = "") -> ReviewComparison:
    """Hold a returned copy against the portfolio as it is now. ``by`` names the assessor where the form does not.

    Raises:
        ReviewRefused: it is not a copy of this portfolio whose form can be read.
        InvalidInput: a text in it cannot be stored.
    """
    with portfolio.read() as reader:
        identity = _checked(reader, copy)
        return Comparing(reader, copy, identity, by).comparison()


def accept_review(
    portfolio: PortfolioFile, copy: ReturnedCopy, chosen: Collection[str] | None = None, *, by: str = ""
) -> tuple[AcceptedReview, Changes]:
    """Record what a returned copy says, in one step that is never undone; nothing is recorded twice.

    ``chosen`` are labels of answers and judgements; ``None``: all that is new. ``by`` names the assessor where the form
    does not. What is not yet met becomes an action, and so does a comment without a decision. An item that was reworked
    since the copy was made keeps what the assessor saw of it as an earlier version.

    Raises:
        ReviewRefused: it is not a copy of this portfolio whose form can be read.
        InvalidInput: nobody is named, a text cannot be stored, or there is no such label.
    """
    comparison = compare_review(portfolio, copy, by=by)
    known = {each.label for each in comparison.everything}
    if chosen is not None and not known.issuperset(chosen):
        raise InvalidInput("Something was chosen that the form does not say; read it again.")
    wanted = comparison.acceptable if chosen is None else comparison.acceptable.intersection(chosen)
    if not wanted:
        return AcceptedReview(comparison), Changes()
    if not comparison.by:
        raise InvalidInput(
            f"“{copy.name}” does not say who decided, so nothing was recorded: the assessor’s name is missing in it."
        )
    who, on = shortened(comparison.by, _LONGEST_NAME), comparison.decided_on or today()
    with portfolio.edit(f"Accept {who}’s review of {day_in_words(on)}", barrier=True) as editor:
        return _record(editor, comparison, wanted, on), editor.changes


def _record(
    editor: PortfolioEditor, comparison: ReviewComparison, wanted: Collection[str], decided_on: date
) -> AcceptedReview:
    """Store what is wanted of a review inside an edit."""
    identity, by = comparison.identity, comparison.by
    leaves = {each.id: (unit, each) for unit in editor.units() for each in unit.leaves()}
    answers = [each for each in comparison.answers if each.label in wanted]
    ticks = {each.evidence_id: each for each in comparison.judgements if each.label in wanted}
    made = list(_decided(editor, comparison, answers, leaves, decided_on))
    notes = [
        _note(comparison.copy, each, by, leaves)
        for each in answers
        if each.verdict is None or each.requirement_id not in leaves
    ]
    # Of an item that was reworked since, no more was seen than the copy shows.
    judged = [
        _judged(editor.evidence_by_id(key), each.ticked, by, _seen_on(identity) if each.changed else decided_on)
        for key, each in ticks.items()
    ]
    decisions = [decision for decision, _ in made]
    for version in _seen(editor, comparison, decisions, ticks, decided_on):
        editor.add_version(version)
    put_decisions(editor, made)
    for note in notes:
        editor.put_action(note)
    editor.put_evidence_many(judged)
    person = next((each for each in editor.people() if each.name.casefold() == by.casefold()), None)
    if person is None or (comparison.role and not person.role):
        put_given(editor, PersonGiven(by, comparison.role or _ROLE))
    actions = tuple(action for _, action in made if action is not None)
    return AcceptedReview(comparison, tuple(decisions), actions, tuple(notes), tuple(judged))


def _decided(
    reader: PortfolioReader,
    comparison: ReviewComparison,
    answers: Iterable[ReviewAnswer],
    leaves: Mapping[str, tuple[Unit, Requirement]],
    decided_on: date,
) -> Iterator[tuple[Decision, Action | None]]:
    """Yield the decisions, each with the action that follows from it.

    Nothing is to be done about a decision that a newer one has superseded already.
    """
    copy, seen_at = comparison.copy, comparison.identity.made
    newest = {each.requirement_id: each.decided_at for each in reader.decisions()}
    for answer in answers:
        if answer.verdict is None or answer.requirement_id not in leaves:
            continue
        given = DecisionGiven(
            answer.verdict, comparison.by, answer.comment, decided_on, seen_at=seen_at, source=copy.sha256
        )
        decision, action = given.on(*leaves[answer.requirement_id])
        counts = newest.get(answer.requirement_id, decision.decided_at) <= decision.decided_at
        yield decision, action if counts else None


def _checked(reader: PortfolioReader, copy: ReturnedCopy) -> ReviewIdentity:
    """Return which copy of this portfolio it is that came back."""
    details, name = reader.details(), copy.name
    identity = copy.identity
    if identity is None:
        raise ReviewRefused(_why_nameless(reader, details, copy))
    refusal = why_foreign(identity, name, details, reader.review_key(), "review copy")
    if refusal:
        raise ReviewRefused(refusal)
    return identity


def _why_nameless(reader: PortfolioReader, details: PortfolioDetails, copy: ReturnedCopy) -> str:
    """Say why a PDF that says nothing of itself cannot be read, and whether it was a copy of this portfolio."""
    name = copy.name
    if copy.has_fields and copy.problem:
        return f"“{name}” cannot be taken for a copy of this portfolio. {copy.problem}"
    if copy.form is ReturnedForm.REVIEW:
        return (
            f"“{name}” has a review form, but not the part that says which portfolio it belongs to, so nothing was "
            "taken from it: ask for the copy itself."
        )
    if copy.has_fields:
        is_witness = copy.form is ReturnedForm.WITNESS
        other = " It is a witness’s: read it where its item is, or with “witness-form”." if is_witness else ""
        return f"“{name}” has a form, but not the review form of this program.{other}"
    revision = next(filter(None, map(reader.revision_of, copy.fingerprints)), None)
    if revision is not None or copy.identifier.partition("/")[0] == details.id:
        which = f"revision {revision:,}" if revision is not None else "a copy"
        return (
            f"“{name}” is {which} of {learner_of(details)}’s portfolio, but without the form: it is an archive copy, "
            "or it was printed to a PDF or flattened, so that only people can read the answers. "
            f"{_SAVE}, or record the decisions by hand."
        )
    if copy.fingerprints:
        return (
            f"“{name}” is a copy of another portfolio than {learner_of(details)}’s, and its form is gone: it was "
            f"printed to a PDF. {_SAVE}."
        )
    return (
        f"“{name}” has no form to read: it is not a review copy, or it was printed to a PDF or scanned. {_SAVE}, or "
        "record the decisions by hand."
    )


def _note(copy: ReturnedCopy, answer: ReviewAnswer, by: str, leaves: Collection[str]) -> Action:
    """Make something to do out of a comment that no decision carries."""
    said = f"decided “{answer.verdict}” and wrote" if answer.verdict else "wrote"
    return Action(
        new_id(),
        f"{answer.address}: {by} {said}: {' '.join(answer.comment.split())}",
        requirement_id=answer.requirement_id if answer.requirement_id in leaves else None,
        origin=note_origin(copy, answer.requirement_id, answer.comment),
    )


def _judged(item: Evidence, ticked: Iterable[str], by: str, on: date) -> Evidence:
    """Add an assessor's ticks to what is judged already: what is not ticked was not judged."""
    known = item.judgement or Judgement()
    who = by if not known.by else known.by if named_in(known.by, by) else f"{known.by}, {by}"
    judgement = replace(known, **dict.fromkeys(ticked, True), by=who, on=max(filter(None, (known.on, on))))
    return replace(item, judgement=judgement)


def _seen(
    reader: PortfolioReader,
    comparison: ReviewComparison,
    decisions: Sequence[Decision],
    ticks: Mapping[str, ReviewJudgement],
    decided_on: date,
) -> list[EvidenceVersion]:
    """Return items as the assessor saw them, where they were reworked since: what was said of them is about that."""
    identity, by = comparison.identity, comparison.by
    if reader.revision_of(identity.head) != identity.revision:
        return []  # it was made where the history went another way
    changed = reader.changed_since(identity.revision).evidence
    on_copy = f"on {day_in_words(decided_on)}, seeing the copy of {day_in_words(_seen_on(identity))}"
    reasons = {
        claim.evidence_id: f"{by} decided “{decision.verdict}” {on_copy}"
        for decision in reversed(decisions)
        for claim in reader.claims(requirement_id=decision.requirement_id)
    }
    reasons = dict.fromkeys(ticks, f"{by} judged it {on_copy}") | reasons
    versions = []
    for item, people in reader.items_at(identity.revision, [key for key in reasons if key in changed]):
        known = reader.versions(item.id)
        if _content(item) in [_content(reader.evidence_by_id(item.id)), *map(_content, known)]:
            continue
        judged = _judged(item, ticks[item.id].ticked, by, decided_on) if item.id in ticks else item
        versions.append(version_of(judged, len(known) + 1, reasons[item.id], datetime.now(UTC), people))
    return versions


def _content(item: Evidence | EvidenceVersion) -> tuple[object, ...]:
    return item.kind, item.title, item.date, item.body, dict(item.fields), item.attachments


def _seen_on(identity: ReviewIdentity) -> date:
    return identity.made.astimezone().date()
