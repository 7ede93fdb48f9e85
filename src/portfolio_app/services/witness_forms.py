"""Forms for witnesses: one page about one item, for one person to fill in and send back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import Evidence, EvidenceKind, Person
from portfolio_app.domain.hidden_terms import TermFinder
from portfolio_app.domain.portfolio import PortfolioDetails
from portfolio_app.domain.qualification import Requirement
from portfolio_app.domain.redaction import RedactionTerm
from portfolio_app.domain.witness import VOUCHING, has_form, request_for, whom_to_ask
from portfolio_app.domain.witness_form import WitnessIdentity, content_of
from portfolio_app.exporting.wording import load_wording
from portfolio_app.services.claims import claims_of
from portfolio_app.services.export_targets import check_targets
from portfolio_app.services.people import find_person
from portfolio_app.services.references import current_evidence, find_evidence
from portfolio_app.storage.attachment_names import clean_name
from portfolio_app.storage.portfolio_file import PortfolioFile

SUFFIX: Final = ".pdf"
_TOKEN_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class WitnessForm:
    """A form that is ready to be written: plain values, which any thread may use.

    ``person`` is whom it is for, if anybody is known. ``terms`` are marked to be hidden. ``key`` is the portfolio's
    secret.
    """

    details: PortfolioDetails
    item: Evidence
    kind: EvidenceKind
    person: Person | None
    requirements: tuple[tuple[str, Requirement], ...]
    terms: tuple[RedactionTerm, ...]
    key: bytes
    folder: Path

    @property
    def file_name(self) -> str:
        """What the file may be called."""
        whom = f" – form for {self.person.name}" if self.person else " – form for the witness"
        return clean_name(f"{self.item.ref}{whom}{SUFFIX}")

    @property
    def mail_address(self) -> str:
        """A mailto: address that begins the e-mail to go with it; no program can attach the file by itself."""
        learner = self.details.learner.name
        greeting = f"Dear {self.person.name},\n\n" if self.person else "Hello,\n\n"
        text = (
            f"{greeting}I am collecting evidence of my work for a qualification. Would you confirm what you saw of it? "
            "The attached form takes about two minutes: please check what is filled in, tick what you saw yourself, "
            "add a few sentences, type your name at the end, save it, and send it back to me.\n\n"
            f"Thank you,\n{learner}\n"
        ).replace("\n", "\r\n")
        subject = f"{self.kind.title} for {learner}: {self.item.shown_title}"
        to = quote(self.person.email, safe="@") if self.person else ""
        return f"mailto:{to}?subject={quote(subject)}&body={quote(text)}"


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """A form that was written. ``size`` in bytes; ``listed`` of its ``claimed`` requirements found room on the page."""

    path: Path
    size: int
    listed: int
    claimed: int


@dataclass(frozen=True, slots=True)
class WitnessToAsk:
    """A witness of an item. ``is_next``: they are the one to be asked next."""

    person: Person
    signed_on: date | None
    is_next: bool


def witnesses_to_ask(portfolio: PortfolioFile, evidence_id: str) -> list[WitnessToAsk]:
    """Return the witnesses of an item, in its order.

    Raises:
        UnknownReference: the item is not there any more or in the bin.
    """
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
        people = {person.id: person for person in reader.people()}
    following = whom_to_ask(item)
    return [
        WitnessToAsk(people[each.person_id], each.signed_on, each.person_id == following)
        for each in item.people
        if each.part in VOUCHING
    ]


def witness_form(
    portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind], evidence_id: str, person_id: str | None = None
) -> WitnessForm:
    """Return the form about an item for a witness: the one named, nobody in particular (""), or the next to sign.

    Raises:
        UnknownReference: the item or the person is not there any more, or the item is in the bin.
        InvalidInput: no witness is needed for an item of this kind.
    """
    with portfolio.read() as reader:
        item = current_evidence(reader, evidence_id)
        kind = kinds.get(item.kind)
        if kind is None or not has_form(kind):
            what = kind.title if kind else item.kind
            raise InvalidInput(
                f"There is no form for a witness of {item.ref}: it is of the kind “{what}”, which needs no witness."
            )
        asked = whom_to_ask(item) if person_id is None else person_id
        person = reader.person(asked) if asked else None
        claimed = tuple((placed.address, placed.requirement) for placed in claims_of(reader, item))
        terms = reader.redaction().terms
        return WitnessForm(reader.details(), item, kind, person, claimed, terms, reader.review_key(), portfolio.folder)


def witness_form_for(
    portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind], evidence_ref: str, name: str = ""
) -> WitnessForm:
    """Return the form as :func:`witness_form` does, by the item's reference and the witness's name.

    Raises:
        UnknownReference: there is no such item, or nobody of this name is a witness of it.
        InvalidInput: no witness is needed for an item of this kind.
    """
    with portfolio.read() as reader:
        item = find_evidence(reader, evidence_ref)
        witnesses = {each.person_id for each in item.people if each.part in VOUCHING}
        people = [person for person in reader.people() if person.id in witnesses]
    return witness_form(portfolio, kinds, item.id, find_person(people, name).id if name else None)


def write_form(form: WitnessForm, target: Path, *, page_size: str = "A4", language: str = "en-GB") -> WrittenForm:
    """Write a form; needs no open portfolio.

    Raises:
        InvalidInput: the target does not end in .pdf or belongs to the portfolio itself, or the page size or the
            language is not known.
        CannotWrite: the folder is missing or not writable, or the disk is full.
    """
    from portfolio_app.exporting.pdf.witness_form import write_witness_form  # noqa: PLC0415 - slow to load
    from portfolio_app.exporting.witness_sheet import witness_sheet  # noqa: PLC0415 - as above

    if target.suffix.lower() != SUFFIX:
        raise InvalidInput(f"“{target.name}” does not say that it is a PDF; let the name end in {SUFFIX}.")
    check_targets(form.folder, [target])
    ids = [requirement.id for _, requirement in form.requirements]
    request = request_for(form.item, form.kind, form.person, ids)
    words = load_wording(language)
    sheet = witness_sheet(
        form.details,
        form.item,
        form.kind,
        form.requirements,
        given=request.given,
        words=words,
        hidden=TermFinder(form.terms),
    )
    identity = WitnessIdentity(
        portfolio=form.details.id,
        evidence=form.item.id,
        token=secrets.token_hex(_TOKEN_BYTES),
        made=datetime.now(UTC),
        content=content_of(form.item),
        person=request.person_id,
        given=sheet.given,
    )
    listed = write_witness_form(sheet, ids, identity, form.key, target, page_size=page_size)
    return WrittenForm(target, target.stat().st_size, listed, len(ids))
