"""What can be read from a portfolio, as the domain's values."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, func, literal_column, select

from portfolio_app.domain.changes import ChangedSince, Changes
from portfolio_app.domain.claims import Action, Claim, ClaimWords, Decision, Dismissal
from portfolio_app.domain.collector import collector_paused
from portfolio_app.domain.errors import UnknownReference
from portfolio_app.domain.evidence import (
    Attachment,
    Evidence,
    EvidenceVersion,
    FieldValue,
    Involvement,
    Person,
    PersonPart,
)
from portfolio_app.domain.facts import AssessmentFacts, EvidenceFact
from portfolio_app.domain.listing import EvidenceSummary
from portfolio_app.domain.portfolio import Portfolio, PortfolioDetails
from portfolio_app.domain.qualification import Component, Requirement, Unit
from portfolio_app.domain.redaction import Redaction, RedactionRegion, RedactionTerm
from portfolio_app.domain.suggestions import RejectedSuggestion
from portfolio_app.storage import history
from portfolio_app.storage.database import compiled, run
from portfolio_app.storage.repositories.facts import FactsMemory, evidence_facts
from portfolio_app.storage.repositories.listing import ListMemory
from portfolio_app.storage.repositories.since import changed_since, items_at
from portfolio_app.storage.repositories.tables import Row, Tables
from portfolio_app.storage.repositories.values import (
    day_of,
    decision_of,
    details_of,
    evidence_of,
    fields_of,
    from_sound_rows,
    group_of,
    locator_of,
    natural_order,
    unit_of,
    version_of,
)
from portfolio_app.storage.schema import (
    action,
    attachment,
    claim,
    claim_component,
    component,
    decision,
    dismissal,
    evidence,
    evidence_content,
    evidence_version,
    involvement,
    person,
    portfolio,
    redaction_region,
    redaction_spared,
    redaction_term,
    rejected_suggestion,
    requirement,
    secret,
    unit,
    unit_group,
)

REVIEW_KEY: Final = "review"
"""The purpose of the secret that vouches for copies which come back from an assessor."""

_CURRENT = evidence.c.binned_at.is_(None)
_EVIDENCE_CHOICES: Final[dict[str, ColumnElement[bool]]] = {
    "current": _CURRENT,
    "id": evidence.c.id == bindparam("id"),
    "between": and_(_CURRENT, evidence.c.number.between(bindparam("first"), bindparam("last"))),
}


def _for_each_choice(make: Callable[[ColumnElement[bool]], Any]) -> dict[str, str]:
    return {name: compiled(make(condition)) for name, condition in _EVIDENCE_CHOICES.items()}


_WHOLE_EVIDENCE: Final = _for_each_choice(
    lambda chosen: (
        select(evidence, evidence_content.c.body, evidence_content.c.fields)
        .join(evidence_content, evidence_content.c.evidence_id == evidence.c.id)
        .where(chosen)
        .order_by(evidence.c.number)
    )
)
_CONTENT: Final = compiled(
    select(evidence_content.c.body, evidence_content.c.fields).where(evidence_content.c.evidence_id == bindparam("id"))
)
_THEIR_PEOPLE: Final = _for_each_choice(
    lambda chosen: (
        select(involvement.c.evidence_id, involvement.c.person_id, involvement.c.part, involvement.c.signed_on)
        .join(evidence, evidence.c.id == involvement.c.evidence_id)
        .where(chosen)
        .order_by(involvement.c.evidence_id, involvement.c.position)
    )
)
_THEIR_ATTACHMENTS: Final = _for_each_choice(
    lambda chosen: (
        select(attachment)
        .join(evidence, evidence.c.id == attachment.c.evidence_id)
        .where(chosen)
        .order_by(attachment.c.evidence_id, attachment.c.position)
    )
)

_CLAIM_CHOICES: Final[dict[tuple[bool, bool], ColumnElement[bool]]] = {
    (False, False): _CURRENT,
    (True, False): claim.c.evidence_id == bindparam("evidence_id"),
    (False, True): and_(claim.c.requirement_id == bindparam("requirement_id"), _CURRENT),
    (True, True): and_(
        claim.c.evidence_id == bindparam("evidence_id"), claim.c.requirement_id == bindparam("requirement_id")
    ),
}
_CLAIMS: Final = {
    choice: compiled(
        select(claim)
        .join(evidence, evidence.c.id == claim.c.evidence_id)
        .where(condition)
        .order_by(evidence.c.number, claim.c.claimed_at, claim.c.id)
    )
    for choice, condition in _CLAIM_CHOICES.items()
}
_CLAIM_COMPONENTS: Final = {
    choice: compiled(
        select(claim_component.c.claim_id, claim_component.c.component_id)
        .join(claim, claim.c.id == claim_component.c.claim_id)
        .join(evidence, evidence.c.id == claim.c.evidence_id)
        .where(condition)
    )
    for choice, condition in _CLAIM_CHOICES.items()
}

_CLAIM_WORDS: Final = compiled(
    select(claim.c.evidence_id, claim.c.requirement_id, claim.c.why, claim.c.quotation)
    .join(evidence, evidence.c.id == claim.c.evidence_id)
    .where(_EVIDENCE_CHOICES["between"])
    .order_by(evidence.c.number, claim.c.claimed_at, claim.c.id)
)
_BY_AGE = (
    select(
        claim.c.evidence_id,
        claim.c.requirement_id,
        claim.c.why,
        claim.c.quotation,
        func.row_number()
        .over(partition_by=claim.c.requirement_id, order_by=(claim.c.claimed_at.desc(), claim.c.id))
        .label("age"),
    )
    .join(evidence, evidence.c.id == claim.c.evidence_id)
    .where(_CURRENT, claim.c.quotation != literal_column("''"))  # a plain text would become a parameter
    .subquery()
)
_NEWEST_QUOTED: Final = compiled(
    select(_BY_AGE.c.evidence_id, _BY_AGE.c.requirement_id, _BY_AGE.c.why, _BY_AGE.c.quotation)
    .where(_BY_AGE.c.age <= bindparam("most"))
    .order_by(_BY_AGE.c.requirement_id, _BY_AGE.c.age)
)
_QUOTED: Final = compiled(
    select(claim.c.quotation != literal_column("''"))
    .join(evidence, evidence.c.id == claim.c.evidence_id)
    .where(claim.c.requirement_id == bindparam("requirement_id"), _CURRENT)
    .order_by(claim.c.has_place.desc())
)
_LAST_NUMBER: Final = compiled(select(func.max(evidence.c.number)))
_QUOTATIONS: Final = compiled(
    select(claim.c.evidence_id, claim.c.quotation)
    .join(evidence, evidence.c.id == claim.c.evidence_id)
    .where(claim.c.requirement_id == bindparam("requirement_id"), _CURRENT)
    .order_by(evidence.c.number)
)

_REQUIREMENTS: Final = compiled(select(requirement).order_by(requirement.c.position))
_COMPONENTS: Final = compiled(
    select(component.c.requirement_id, component.c.id, component.c.text).order_by(component.c.position)
)
_EVIDENCE_OF_NUMBER: Final = compiled(select(evidence.c.id).where(evidence.c.number == bindparam("number")))
_DECISIONS: Final = compiled(select(decision).order_by(decision.c.decided_at, decision.c.sequence))
_INVOLVEMENTS: Final = compiled(
    select(involvement.c.evidence_id, involvement.c.person_id, involvement.c.part, involvement.c.signed_on).order_by(
        involvement.c.evidence_id, involvement.c.position
    )
)
_ACTIONS: Final = compiled(select(action).order_by(action.c.sequence))
_DISMISSALS: Final = compiled(
    select(dismissal).order_by(
        dismissal.c.rule, dismissal.c.unit_id, dismissal.c.requirement_id, dismissal.c.evidence_id
    )
)

_VERSIONS: Final = compiled(
    select(evidence_version)
    .join(evidence, evidence.c.id == evidence_version.c.evidence_id)
    .where(_CURRENT)
    .order_by(evidence.c.number, evidence_version.c.number)
)
_VERSIONS_OF: Final = compiled(
    select(evidence_version)
    .where(evidence_version.c.evidence_id == bindparam("owner"))
    .order_by(evidence_version.c.number)
)
_TERMS: Final = compiled(
    select(
        redaction_term.c.id, redaction_term.c.text, redaction_term.c.replacement, redaction_term.c.whole_words
    ).order_by(redaction_term.c.sequence)
)
_REGIONS: Final = compiled(
    select(redaction_region)
    .join(attachment, attachment.c.id == redaction_region.c.attachment_id)
    .join(evidence, evidence.c.id == attachment.c.evidence_id)
    .order_by(
        evidence.c.number,
        attachment.c.position,
        redaction_region.c.page,
        redaction_region.c.top,
        redaction_region.c.left,
        redaction_region.c.id,
    )
)
_GROUPS: Final = compiled(select(unit_group).order_by(unit_group.c.position))
_SPARED: Final = compiled(select(redaction_spared.c.text).order_by(redaction_spared.c.text))


class PortfolioReader:
    """Reads one consistent state of a portfolio.

    What is read in bulk is remembered by the memories it is given. Without them everything is read anew each time, as
    it must be while a step is being put together.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        memory: FactsMemory | None = None,
        list_memory: ListMemory | None = None,
    ) -> None:
        self._connection = connection
        self._tables = Tables(connection)
        self._given_memory = memory
        self._given_list_memory = list_memory

    @property
    def _memory(self) -> FactsMemory:
        return self._given_memory or FactsMemory()

    @property
    def _list_memory(self) -> ListMemory:
        return self._given_list_memory or ListMemory()

    @from_sound_rows
    def details(self) -> PortfolioDetails:
        """Return what the front sheet says."""
        (row,) = self._tables.all(portfolio)
        return details_of(row, tuple(group_of(each) for each in self._tables.dicts(_GROUPS)))

    @from_sound_rows
    def units(self) -> tuple[Unit, ...]:
        """Return all units with their trees, U2 before U10."""
        return self._memory.units(self.revision()[1], self._read_units)

    def _read_units(self) -> tuple[Unit, ...]:
        components: dict[str, list[Component]] = {}
        for requirement_id, component_id, text in self._tables.rows(_COMPONENTS):
            components.setdefault(requirement_id, []).append(Component(component_id, text))
        nodes: dict[tuple[str, str | None], list[Row]] = {}
        for row in self._tables.dicts(_REQUIREMENTS):
            nodes.setdefault((row["unit_id"], row["parent_id"]), []).append(row)

        def tree(unit_id: str, parent_id: str | None) -> tuple[Requirement, ...]:
            return tuple(
                Requirement(
                    id=row["id"],
                    ref=row["ref"],
                    kind=row["kind"],
                    text=row["text"],
                    label=row["label"],
                    components=tuple(components.get(row["id"], ())),
                    children=tree(unit_id, row["id"]),
                    source_page=row["source_page"],
                    source_line=row["source_line"],
                )
                for row in nodes.get((unit_id, parent_id), ())
            )

        found = [unit_of(row, tree(row["id"], None)) for row in self._tables.all(unit)]
        return tuple(sorted(found, key=lambda each: natural_order(each.code)))

    def evidence(self, number: int) -> Evidence:
        """Return a whole item by its number (4 for E4).

        Raises:
            UnknownReference: there is none, or it is in the bin.
        """
        evidence_id = self._id_of(number)
        if evidence_id is None:
            raise UnknownReference(f"There is no evidence E{number} in this portfolio.")
        if self._tables.row(evidence, id=evidence_id)["binned_at"] is not None:
            raise UnknownReference(f"Evidence E{number} is in the bin; restore it first.")
        return self._whole("id", {"id": evidence_id})[0]

    def evidence_by_id(self, evidence_id: str) -> Evidence:
        """Return a whole item by its key, one in the bin as well.

        Raises:
            UnknownReference: there is none.
        """
        found = self._whole("id", {"id": evidence_id})
        if not found:
            raise UnknownReference("That evidence is not in this portfolio any more.")
        return found[0]

    def evidence_between(self, first: int, last: int) -> list[Evidence]:
        """Return whole items by their numbers, both ends included, without those in the bin."""
        return self._whole("between", {"first": first, "last": last})

    def last_number(self) -> int:
        """Return the highest number that an item has, 0 where there is none."""
        return self._tables.first(_LAST_NUMBER) or 0

    def is_binned(self, evidence_id: str) -> bool:
        """Return whether an item is in the bin; UnknownReference when there is none."""
        return self._tables.row(evidence, id=evidence_id)["binned_at"] is not None

    @from_sound_rows
    def evidence_facts(self, *, binned: bool = False) -> list[EvidenceFact]:
        """Return the narrow columns of all items, or of those in the bin, in reference order."""
        return evidence_facts(self._connection, binned=binned)

    @from_sound_rows
    def evidence_summaries(self) -> Mapping[str, EvidenceSummary]:
        """Return all items by id as lists show them, those in the bin too; not to be kept beyond the transaction."""
        return self._list_memory.rows(self._connection, self.revision()[1], self.decisions)

    @from_sound_rows
    def evidence_texts(self) -> Mapping[str, str]:
        """Return every item's searchable text, folded, by id; not to be kept beyond the transaction."""
        return self._list_memory.texts(self._connection, self.revision()[1])

    @from_sound_rows
    def contents(self, evidence_ids: Iterable[str]) -> list[tuple[str, str, Mapping[str, FieldValue]]]:
        """Return the id, body and fields of these items in their order; one that is not there is passed over."""
        return [
            (evidence_id, body, fields_of(fields))
            for evidence_id in evidence_ids
            for body, fields in self._tables.rows(_CONTENT, {"id": evidence_id})
        ]

    @from_sound_rows
    def claims(self, *, evidence_id: str | None = None, requirement_id: str | None = None) -> list[Claim]:
        """Return the claims of an item, a requirement, both or all, in reference order then oldest first.

        Claims of items in the bin are returned only when asked for by the item.
        """
        choice = (evidence_id is not None, requirement_id is not None)
        parameters = {"evidence_id": evidence_id, "requirement_id": requirement_id}
        components: dict[str, list[str]] = {}
        for claim_id, component_id in self._tables.rows(_CLAIM_COMPONENTS[choice], parameters):
            components.setdefault(claim_id, []).append(component_id)
        return [
            Claim(
                id=key,
                evidence_id=of_evidence,
                requirement_id=of_requirement,
                why=why,
                quotation=quotation,
                locator=locator_of(locator),
                component_ids=frozenset(components.get(key, ())),
                claimed_at=datetime.fromisoformat(claimed_at),
            )
            for key, of_evidence, of_requirement, why, quotation, locator, _, claimed_at in self._tables.rows(
                _CLAIMS[choice], parameters
            )
        ]

    @from_sound_rows
    def claim_words(self, first: int, last: int) -> list[ClaimWords]:
        """Return what claims say of the items with these numbers, both ends included, oldest first."""
        return [ClaimWords(*row) for row in self._tables.rows(_CLAIM_WORDS, {"first": first, "last": last})]

    @from_sound_rows
    def newest_quotations(self, most: int) -> list[ClaimWords]:
        """Return what the newest claims that quote something say: of each requirement at most so many, newest first."""
        return [ClaimWords(*row) for row in self._tables.rows(_NEWEST_QUOTED, {"most": most})]

    @from_sound_rows
    def claimed_requirements(self, requirement_ids: Iterable[str]) -> dict[str, bool]:
        """Return which of these requirements are claimed, and whether anything is quoted for each."""
        found: dict[str, bool] = {}
        for key in requirement_ids:
            for (quoted,) in run(self._connection, _QUOTED, {"requirement_id": key}):
                found[key] = bool(quoted)
                if quoted:
                    break
        return found

    @from_sound_rows
    def quotations(self, requirement_id: str) -> list[tuple[str, str]]:
        """Return the ids of the items claimed for a requirement, and what each claim quotes of it, empty where nothing.

        In reference order; items in the bin are left out.
        """
        return list(self._tables.rows(_QUOTATIONS, {"requirement_id": requirement_id}))

    @from_sound_rows
    def decisions(self) -> list[Decision]:
        """Return every decision ever made, oldest first."""
        return [decision_of(row) for row in self._tables.dicts(_DECISIONS)]

    @from_sound_rows
    def actions(self) -> list[Action]:
        """Return all actions in the order they were made."""
        return [
            Action(
                id=row["id"],
                text=row["text"],
                due=day_of(row["due"]),
                done_on=day_of(row["done_on"]),
                requirement_id=row["requirement_id"],
                evidence_id=row["evidence_id"],
                origin=row["origin"],
            )
            for row in self._tables.dicts(_ACTIONS)
        ]

    @from_sound_rows
    def people(self) -> list[Person]:
        """Return all people by name."""
        return sorted(
            (Person(**row) for row in self._tables.all(person)), key=lambda each: (each.name.casefold(), each.id)
        )

    @from_sound_rows
    def person(self, person_id: str) -> Person:
        """Return one person; UnknownReference when there is none."""
        return Person(**self._tables.row(person, id=person_id))

    @from_sound_rows
    def involvements(self) -> dict[str, list[Involvement]]:
        """Return everybody's parts by the item's id, of items in the bin too."""
        parts: dict[str, list[Involvement]] = {}
        for owner, person_id, part, signed_on in self._tables.rows(_INVOLVEMENTS):
            parts.setdefault(owner, []).append(Involvement(person_id, PersonPart(part), day_of(signed_on)))
        return parts

    @from_sound_rows
    def dismissals(self) -> list[Dismissal]:
        """Return the gaps that the learner has put aside."""
        return [
            Dismissal(
                rule=row["rule"],
                unit_id=row["unit_id"] or None,
                requirement_id=row["requirement_id"] or None,
                evidence_id=row["evidence_id"] or None,
                reason=row["reason"],
            )
            for row in self._tables.dicts(_DISMISSALS)
        ]

    @from_sound_rows
    def versions(self, evidence_id: str | None = None) -> list[EvidenceVersion]:
        """Return the earlier versions of an item, oldest first; or of all that are not in the bin, by reference."""
        chosen = (
            self._tables.dicts(_VERSIONS)
            if evidence_id is None
            else self._tables.dicts(_VERSIONS_OF, {"owner": evidence_id})
        )
        return [version_of(row) for row in chosen]

    @from_sound_rows
    def redaction(self) -> Redaction:
        """Return what is hidden in copies for others: terms in the order they were marked, regions by place."""
        return Redaction(
            terms=tuple(
                RedactionTerm(key, text, replacement, bool(whole_words))
                for key, text, replacement, whole_words in self._tables.rows(_TERMS)
            ),
            regions=tuple(RedactionRegion(*row) for row in self._tables.rows(_REGIONS)),
            spared=tuple(text for (text,) in self._tables.rows(_SPARED)),
        )

    @from_sound_rows
    def rejected_suggestions(self) -> frozenset[RejectedSuggestion]:
        """Return which suggestions the learner has rejected, those for items in the bin as well."""
        return frozenset(RejectedSuggestion(**row) for row in self._tables.all(rejected_suggestion))

    def review_key(self) -> bytes:
        """Return the 32 secret bytes by which this portfolio knows the copies again that it gave to an assessor."""
        return bytes(self._tables.row(secret, name=REVIEW_KEY)["value"])

    @from_sound_rows
    def facts(self, file_sizes: Mapping[str, int]) -> AssessmentFacts:
        """Return what coverage and gaps are computed from; ``file_sizes`` as of the store of files.

        Items in the bin and their claims are left out.
        """
        with collector_paused():
            items, claims = self._memory.facts(self._connection, self.revision()[1])
            details = self.details()
            return AssessmentFacts(
                units=self.units(),
                evidence=items.evidence,
                claims=claims.claims,
                ticked=claims.ticked,
                decisions={each.requirement_id: each for each in self.decisions()},
                newest_claim=claims.newest,
                involvements=items.involvements,
                attachments=items.attachments,
                file_sizes=file_sizes,
                declaration=details.declaration,
                dismissals=tuple(self.dismissals()),
                qualification=details.qualification,
            )

    def portfolio(self) -> Portfolio:
        """Return everything but items in the bin and their claims."""
        number, head = self.revision()
        with collector_paused():
            return Portfolio(
                details=self.details(),
                units=self.units(),
                evidence=tuple(self._whole("current", {})),
                claims=tuple(self.claims()),
                decisions=tuple(self.decisions()),
                actions=tuple(self.actions()),
                people=tuple(self.people()),
                dismissals=tuple(self.dismissals()),
                versions=tuple(self.versions()),
                redaction=self.redaction(),
                rejected_suggestions=self.rejected_suggestions(),
                revision=number,
                history_head=head,
            )

    def revision(self) -> tuple[int, str]:
        """Return the number of history steps and the newest one's hash in hexadecimal."""
        return history.head(self._connection)

    def revision_of(self, head: str) -> int | None:
        """Return the revision at which the history ended with this hash, or ``None`` if it never did."""
        return history.number_of(self._connection, head)

    @from_sound_rows
    def changes_since(self, revision: int, most_bytes: int) -> Changes | None:
        """Return what was touched since a revision; ``None`` if to tell that takes more bytes of history than these."""
        return history.changes_since(self._connection, revision, most_bytes)

    @from_sound_rows
    def changed_since(self, revision: int) -> ChangedSince:
        """Return what of requirements, claims and items is not as it was at an earlier revision."""
        return changed_since(self._connection, revision)

    @from_sound_rows
    def items_at(self, revision: int, evidence_ids: Iterable[str]) -> list[tuple[Evidence, Mapping[str, Person]]]:
        """Return items as they were at an earlier revision, with the people that they named, by id."""
        return list(items_at(self._connection, revision, evidence_ids))

    def _id_of(self, number: int) -> str | None:
        """Return the key of the item with this number, in the bin or not."""
        found: str | None = self._tables.first(_EVIDENCE_OF_NUMBER, {"number": number})
        return found

    @from_sound_rows
    def _whole(self, choice: str, parameters: Mapping[str, object]) -> list[Evidence]:
        people: dict[str, list[Involvement]] = {}
        for owner, person_id, part, signed_on in self._tables.rows(_THEIR_PEOPLE[choice], parameters):
            people.setdefault(owner, []).append(Involvement(person_id, PersonPart(part), day_of(signed_on)))
        attachments: dict[str, list[Attachment]] = {}
        for key, owner, _, name, sha256, size, media_type, caption in self._tables.rows(
            _THEIR_ATTACHMENTS[choice], parameters
        ):
            attachments.setdefault(owner, []).append(Attachment(key, name, sha256, size, media_type, caption))
        return [
            evidence_of(row, tuple(people.get(row["id"], ())), tuple(attachments.get(row["id"], ())))
            for row in self._tables.dicts(_WHOLE_EVIDENCE[choice], parameters)
        ]
