"""What a witness wrote: a form that came back, held against its item, and what of it is taken in.

Nothing that the learner wrote is written over by itself. The witness's own words are added to the item's text, the
file itself is attached: that is the evidence. A tick says what the witness saw; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.errors import InvalidInput, KnownError, UnknownReference
from portfolio_app.domain.evidence import Evidence, EvidenceKind, Person, WitnessQuestion
from portfolio_app.domain.gap_facts import joined
from portfolio_app.domain.portfolio import PortfolioDetails
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.witness import (
    Change,
    Comparison,
    Part,
    Place,
    WitnessStatement,
    compare,
    with_answers,
)
from portfolio_app.domain.witness_form import WitnessIdentity, content_of
from portfolio_app.exporting.prose_markdown import Block, Span, Style, plain_blocks, write_markdown
from portfolio_app.importing.pdf_form import FormUnreadable
from portfolio_app.services.attaching import CopiedFile, with_files
from portfolio_app.services.evidence import with_people
from portfolio_app.services.people import PersonGiven
from portfolio_app.services.returned_forms import Returned, ReturnedForm, read_returned_form, why_foreign
from portfolio_app.services.text_input import LONGEST_LINE, line, prose, shortened
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.repositories import PortfolioEditor, PortfolioReader

__all__ = [
    "FormUnreadable",
    "ReturnedStatement",
    "TakenIn",
    "WitnessComparison",
    "WitnessFormRefused",
    "compare_statement",
    "read_statement",
    "take_in",
]

ReturnedStatement: TypeAlias = Returned[WitnessIdentity]

_LONGEST_NAME: Final = 60  # in the name of a step
_LONGEST_LABEL: Final = 160
_SAVE: Final = "Ask for the file itself, saved in the PDF reader and not printed"


class WitnessFormRefused(KnownError):
    """A PDF holds nothing of a witness that could be taken into this portfolio; nothing was taken from it."""


@dataclass(frozen=True, slots=True)
class WitnessComparison:
    """What a returned form says beside what the item says now.

    Attributes:
        file_name: What the file is called.
        item: The item as it is.
        name: The witness's name.
        is_known: Whether somebody of that name is on the list of people.
        signed: Whether the form bears a typed name, and a day that can be read.
        answers: Each answer beside what is known, in the order of the form.
        seen: Addresses and labels of the requirements whose box is ticked.
        not_seen: Those whose box is not.
        warnings: What speaks against taking it in as it is, a sentence each.
        notes: What else is worth knowing, a sentence each.
        was_taken_in: Whether this very file was taken in before.
    """

    file_name: str
    item: Evidence
    name: str
    is_known: bool
    signed: bool
    answers: tuple[Comparison, ...]
    seen: tuple[str, ...]
    not_seen: tuple[str, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    was_taken_in: bool

    @property
    def usual(self) -> frozenset[Place]:
        """What is taken in unless the learner chooses: nothing a second time."""
        if self.was_taken_in:
            return frozenset()
        return frozenset(answer.place for answer in self.answers if answer.change.is_taken)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An item after a form was taken in. ``is_new``: something of it was not there before."""

    comparison: WitnessComparison
    evidence: Evidence
    is_new: bool


def read_statement(path: Path, progress: Progress = no_progress) -> ReturnedStatement:
    """Read a form that came back. Needs no portfolio.

    Raises:
        FormUnreadable: it is no PDF that can be read.
        Cancelled: ``progress`` said so.
    """
    return read_returned_form(path, WitnessIdentity, progress)


def compare_statement(
    portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind], returned: ReturnedStatement
) -> WitnessComparison:
    """Hold a returned form against its item as it is now; nothing is changed.

    Raises:
        WitnessFormRefused: it is not a filled-in form of this portfolio, or its item is not there.
        InvalidInput: a text in it cannot be stored.
    """
    with portfolio.read() as reader:
        return _Read(reader, kinds, returned).comparison


def take_in(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    returned: ReturnedStatement,
    file: CopiedFile,
    chosen: Collection[Place] | None = None,
    *,
    shown: WitnessComparison | None = None,
) -> tuple[TakenIn, Changes]:
    """Take what a witness wrote into the item in one step, and attach the file; nothing is taken in twice.

    Args:
        portfolio: where it goes.
        kinds: the known kinds by id.
        returned: what the file says.
        file: the same file, copied before.
        chosen: which answers are taken; ``None``: what is new, and what the witness corrected.
        shown: the comparison that the learner has seen, if any: nothing is taken in after it has become another.

    Raises:
        WitnessFormRefused: as :func:`compare_statement`.
        InvalidInput: nobody is named, a text cannot be stored, or something is not as it was shown.
    """
    with portfolio.read() as reader:
        read = _Read(reader, kinds, returned)
    comparison = read.comparison
    if file.sha256 != returned.sha256:
        raise InvalidInput(f"“{returned.name}” was changed while it was read; nothing was taken in. Read it once more.")
    if shown is not None and shown != comparison:
        raise InvalidInput(f"{read.item.ref} was changed meanwhile; nothing was taken in. Read the form once more.")
    wanted = comparison.usual if chosen is None else frozenset(chosen)
    taken = [answer for answer in comparison.answers if answer.place in wanted and answer.change is not Change.SAME]
    if not comparison.name:
        raise InvalidInput(f"“{returned.name}” does not say who the witness is; nothing was taken in.")
    with portfolio.edit(
        f"Take in {shortened(comparison.name, _LONGEST_NAME)}’s testimony for {read.item.ref}"
    ) as editor:
        if not comparison.was_taken_in or taken:
            editor.put_evidence(read.taken_in(editor, taken, file))
        return TakenIn(comparison, editor.evidence(read.item.number), bool(editor.changes)), editor.changes


class _Read:
    """One returned form beside the portfolio as it is now."""

    def __init__(self, reader: PortfolioReader, kinds: Mapping[str, EvidenceKind], returned: ReturnedStatement) -> None:
        self._returned = returned
        self._identity = identity = _checked(reader, returned)
        self.item = _item_of(reader, identity, returned.name)
        self._kind = kinds.get(self.item.kind)
        self._written = identity.statement(returned.answers)
        self._said = _clean(self._written)
        if not self._said.says_more_than(identity.given):
            raise WitnessFormRefused(
                f"“{returned.name}” is the form for {self.item.ref}, but nothing was filled in. Some programs for PDFs "
                "show what is typed without saving it: ask the witness to save the file in another one."
            )
        people = reader.people()
        self._asked = next((person for person in people if person.id == identity.person), None)
        self._person = self._witness(people)
        self._units = reader.units()
        self.comparison = self._compared()

    def _witness(self, people: Sequence[Person]) -> Person | None:
        """Return who the witness is on the list of people: whom the form was made for, unless it names another."""
        name = self._name
        if self._asked is not None and name == self._identity.given.get(Part.NAME, ""):
            return self._asked
        return next((person for person in people if person.name.casefold() == name.casefold()), None)

    @property
    def _name(self) -> str:
        return self._said[Part.NAME] or self._said[Part.SIGNATURE]

    def _compared(self) -> WitnessComparison:
        answers = compare(self.item, self._kind, self._person, self._said, self._identity.given)
        testimony = self._testimony()
        if testimony:
            is_there = testimony in self.item.body
            label = self._kind.body_label if self._kind else "Text"
            now = " ".join(self.item.body.split())
            change = Change.SAME if is_there else Change.NEW
            answers.append(Comparison(Place.TESTIMONY, label, now, self._said[Part.ACCOUNT], change))
        labels = dict(self._labels())
        boxes = [labels[one] for one in self._identity.boxes.values() if one in labels]
        seen = [labels[one] for one in self._said.seen if one in labels]
        return WitnessComparison(
            file_name=self._returned.name,
            item=self.item,
            name=self._person.name if self._person else self._name,
            is_known=self._person is not None,
            signed=self._said.signed_on is not None,
            answers=tuple(answers),
            seen=tuple(seen),
            not_seen=tuple(box for box in boxes if box not in seen),
            warnings=(*self._warnings(), *self._warnings_on_signature()),
            notes=tuple(self._notes(len(labels))),
            was_taken_in=self._was_taken_in(),
        )

    def _labels(self) -> Iterator[tuple[str, str]]:
        """Yield the requirements that the form lists and that are still there, each with its address and label."""
        listed = set(self._identity.boxes.values())
        for unit in self._units:
            addresses = unit.addresses()
            for leaf in unit.leaves():
                if leaf.id in listed:
                    yield leaf.id, f"{addresses[leaf.id]} {shortened(leaf.short_text, _LONGEST_LABEL)}"

    def _testimony(self) -> str:
        """Return what is added to the item's text, as Markdown: who says it, in their own words, and what they saw."""
        said, labels = self._said, dict(self._labels())
        account = plain_blocks(said[Part.ACCOUNT])
        seen = [labels[one] for one in said.seen if one in labels]
        if not account and not seen:
            return ""
        who = ", ".join(filter(None, (self._name, said[Part.ROLE], said[Part.ORGANISATION])))
        signed = f"signed on {day_in_words(said.signed_on)}" if said.signed_on else "not signed"
        blocks = [Block(Style.BODY, (Span(f"{who}, {signed}:", bold=True),)), *account]
        has_field = self._kind is not None and self._kind.field_for(WitnessQuestion.OCCASION) is not None
        if said[Part.OCCASION] and not has_field:
            blocks.append(Block(Style.BODY, (Span(f"Occasion: {said[Part.OCCASION]}"),)))
        if seen:
            listed = "; ".join(label.rstrip(".") for label in seen)
            blocks.append(Block(Style.BODY, (Span(f"Saw or heard it themselves: {listed}."),)))
        return write_markdown(blocks)

    @property
    def _caption(self) -> str:
        said = self._said
        signed = f", signed on {day_in_words(said.signed_on)}" if said.signed_on else ""
        return shortened(f"Form filled in by {self._name}{signed}")

    def _was_taken_in(self) -> bool:
        return any(
            each.sha256 == self._returned.sha256 and each.caption == self._caption for each in self.item.attachments
        )

    def taken_in(self, editor: PortfolioEditor, taken: Sequence[Comparison], file: CopiedFile) -> Evidence:
        """Return the item with these answers, the witness and the file; the witness is put on the list of people."""
        said = {answer.place: answer.said for answer in taken}
        item = with_answers(self.item, self._kind, taken)
        if Place.TESTIMONY in said:
            text = self._testimony()
            item = replace(item, body=f"{item.body.rstrip()}\n\n{text}" if item.body.strip() else text)
        given = PersonGiven(
            self.comparison.name,
            role=said.get(Place.ROLE, ""),
            organisation=said.get(Place.ORGANISATION, ""),
            relation=said.get(Place.RELATION, ""),
            email=said.get(Place.EMAIL, ""),
            signed_on=self._said.signed_on if Place.SIGNED in said else None,
        )
        item = with_people(editor, item, self._kind, [given])
        attachments, _ = with_files(item.attachments, [file])
        captioned = (
            replace(each, caption=self._caption) if each.sha256 == file.sha256 and not each.caption else each
            for each in attachments
        )
        return replace(item, attachments=tuple(captioned))

    def _warnings(self) -> Iterator[str]:
        returned, identity, ref = self._returned, self._identity, self.item.ref
        if returned.is_damaged:
            yield "The file had to be mended before it could be read, so something may be missing in it."
        unclear = [part.value.replace("_", " ") for part in Part if part.value in returned.unclear]
        if unclear:
            yield f"What it says of {joined(unclear)} cannot be read."
        lines = (part for part in Part if part is not Part.ACCOUNT)
        long = [part.value.replace("_", " ") for part in lines if len(self._written[part]) > LONGEST_LINE]
        if long:
            yield f"What it says of {joined(long)} is too long for a line and is shortened; the file has it whole."
        if returned.pages != identity.pages:
            yield (
                "Its page is not as it was made here: what is printed on it was changed. Compare it with what you sent."
            )
        if content_of(self.item) != identity.content and not self._was_taken_in():
            made = day_in_words(identity.made.astimezone().date())
            yield f"{ref} was changed after the form was made on {made}: the witness read what it said then."

    def _notes(self, still_there: int) -> Iterator[str]:
        said, identity = self._said, self._identity
        if self._was_taken_in():
            yield f"This file was taken in before; it is attached to {self.item.ref}."
        if identity.boxes and not said.seen:
            yield "No box is ticked: the witness says of none of the requirements that they saw it."
        if gone := len(identity.boxes) - still_there:
            yield f"{_counted(gone)} not in this portfolio any more."
        when = joined(filter(None, (said[Part.SEEN_FROM], said[Part.SEEN_TO])))
        if when and said.seen_on is None:
            yield f"When it was seen (“{when}”) is no date that can be read; it stays in the file."
        reached_at = said[Part.REACHED_AT]
        if reached_at and reached_at != said.email:
            yield f"“{reached_at}” is kept in the file: only an e-mail address goes on the list of people."

    def _warnings_on_signature(self) -> Iterator[str]:
        said, name = self._said, self._name
        signature, day = said[Part.SIGNATURE], said[Part.SIGNED_ON]
        asked = self._identity.given.get(Part.NAME, "")
        if asked and name and name.casefold() != asked.casefold():
            yield f"It was made for {asked}, and filled in by {name}."
        if not signature:
            yield "It is not signed: no name was typed in place of a signature."
        elif said.signed_on is None:
            why = f"“{day}” is no day that can be read, or one to come" if day else "there is no date"
            yield f"It is signed, but {why}; so the day is left open."
        if signature and signature.casefold() != name.casefold():
            yield f"It is signed “{signature}”, which is not the name of the witness, {name}."


def _checked(reader: PortfolioReader, returned: ReturnedStatement) -> WitnessIdentity:
    """Return which form of this portfolio it is that came back."""
    details, name, identity = reader.details(), returned.name, returned.identity
    if identity is None:
        raise WitnessFormRefused(_why_nameless(reader, details, returned))
    refusal = why_foreign(identity, name, details, reader.review_key(), "form")
    if refusal:
        raise WitnessFormRefused(refusal)
    return identity


def _why_nameless(reader: PortfolioReader, details: PortfolioDetails, returned: ReturnedStatement) -> str:
    """Say why a PDF that says nothing of itself cannot be read, and which item it was about if its properties tell."""
    name = returned.name
    if returned.form is ReturnedForm.REVIEW:
        return f"“{name}” is an assessor’s review copy: read it on the Feedback page, or with “review”."
    if returned.has_fields and returned.problem:
        return f"“{name}” cannot be taken for a form of this portfolio. {returned.problem}"
    if returned.form is ReturnedForm.WITNESS:
        return (
            f"“{name}” has the form for a witness, but not the part that says which item it is about, so nothing was "
            "taken from it: ask for the file itself."
        )
    if returned.has_fields:
        return f"“{name}” has a form, but not the form for a witness of this program."
    portfolio_id, _, rest = returned.identifier.partition("/")
    if portfolio_id == details.id:
        with suppress(UnknownReference):
            ref = reader.evidence_by_id(rest.partition("/")[0]).ref
            return (
                f"“{name}” is the form for {ref}, but it was printed to a PDF or flattened, so that only people can "
                f"read the answers. {_SAVE}, or attach it to {ref} and type in what it says."
            )
    return (
        f"“{name}” has no form to read: it is not the form for a witness, or it was printed to a PDF or scanned. "
        f"{_SAVE}, or attach it to its item and type in what it says."
    )


def _item_of(reader: PortfolioReader, identity: WitnessIdentity, name: str) -> Evidence:
    try:
        item = reader.evidence_by_id(identity.evidence)
    except UnknownReference:
        raise WitnessFormRefused(
            f"“{name}” is about an item that is not in this portfolio any more; nothing was taken from it."
        ) from None
    if reader.is_binned(item.id):
        raise WitnessFormRefused(
            f"“{name}” is about {item.ref}, which is in the bin: bring it back first, then read the form."
        )
    return item


def _clean(statement: WitnessStatement) -> WitnessStatement:
    """Return the statement with texts that can be stored; nobody can have signed on a day to come."""
    parts = {
        part: prose(text, "What the witness wrote")
        if part is Part.ACCOUNT
        else line(shortened(text), f"“{part.value.replace('_', ' ')}” on the form")
        for part, text in statement.parts.items()
    }
    return replace(statement, parts=parts, today=datetime.now().astimezone().date())


def _counted(count: int) -> str:
    return "One requirement that it lists is" if count == 1 else f"{count:,} requirements that it lists are"
