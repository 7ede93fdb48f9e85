"""What can be put into a portfolio, and the rules that no edit may break."""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Action, Claim, Decision, Dismissal
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import Evidence, EvidenceVersion, Person
from portfolio_app.domain.evidence_versions import reason_to_keep, version_of
from portfolio_app.domain.portfolio import PortfolioDetails
from portfolio_app.domain.qualification import Unit
from portfolio_app.domain.redaction import RedactionRegion, RedactionTerm
from portfolio_app.storage import history
from portfolio_app.storage.database import compiled
from portfolio_app.storage.errors import Conflict
from portfolio_app.storage.repositories.reading import REVIEW_KEY, PortfolioReader
from portfolio_app.storage.repositories.rows import (
    day_text,
    moment_text,
    requirement_rows,
    row_of_claim,
    row_of_content,
    row_of_decision,
    row_of_details,
    row_of_dismissal,
    row_of_evidence,
    row_of_unit,
    row_of_version,
    rows_of_attachments,
    rows_of_groups,
    rows_of_people,
)
from portfolio_app.storage.repositories.tables import Row, by_key
from portfolio_app.storage.repositories.values import decision_of, unit_of
from portfolio_app.storage.schema import (
    action,
    attachment,
    claim,
    claim_component,
    component,
    counter,
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

_EVIDENCE_NUMBERS: Final = "evidence"
REVIEW_KEY_SIZE: Final = 32  # bytes, those of the hash that is keyed with it

_REQUIREMENTS_OF_UNIT: Final = compiled(select(requirement).where(requirement.c.unit_id == bindparam("owner")))
_COMPONENTS_OF_UNIT: Final = compiled(
    select(component)
    .join(requirement, requirement.c.id == component.c.requirement_id)
    .where(requirement.c.unit_id == bindparam("owner"))
)
_INVOLVEMENTS_OF: Final = compiled(select(involvement).where(involvement.c.evidence_id == bindparam("owner")))
_ATTACHMENTS_OF: Final = compiled(select(attachment).where(attachment.c.evidence_id == bindparam("owner")))
_COMPONENTS_OF_CLAIM: Final = compiled(select(claim_component).where(claim_component.c.claim_id == bindparam("owner")))
_DECIDED_IN_UNIT: Final = compiled(
    select(decision.c.requirement_id)
    .join(requirement, requirement.c.id == decision.c.requirement_id)
    .where(requirement.c.unit_id == bindparam("owner"))
)
_CLAIM_OF_PAIR: Final = compiled(
    select(claim.c.id).where(
        claim.c.evidence_id == bindparam("evidence_id"), claim.c.requirement_id == bindparam("requirement_id")
    )
)
_ITEMS_NAMING: Final = compiled(
    select(evidence.c.number)
    .join(involvement, involvement.c.evidence_id == evidence.c.id)
    .where(involvement.c.person_id == bindparam("owner"))
    .distinct()
    .order_by(evidence.c.number)
)
_DECIDED_SINCE: Final = compiled(
    select(decision)
    .join(claim, claim.c.requirement_id == decision.c.requirement_id)
    .where(claim.c.evidence_id == bindparam("owner"), decision.c.decided_at >= bindparam("revised_at"))
)
_LAST_DECISION: Final = compiled(select(func.max(decision.c.sequence)))
_LAST_ACTION: Final = compiled(select(func.max(action.c.sequence)))
_LAST_TERM: Final = compiled(select(func.max(redaction_term.c.sequence)))
_DISMISSALS_OF: Final = {
    column.name: compiled(select(dismissal).where(column == bindparam("owner")))
    for column in (dismissal.c.unit_id, dismissal.c.requirement_id, dismissal.c.evidence_id)
}

_CONTENT_COLUMNS: Final = (
    "kind",
    "title",
    "date",
    "method",
    "standing",
    "location",
    "location_description",
    "confirmed_by",
    "confirmed_on",
    "simulated",
)


class PortfolioEditor(PortfolioReader):
    """Puts values into a portfolio as part of one named step; it reads what it has put.

    ``is_barrier`` says whether the step may ever be undone; adding a decision sets it.
    """

    def __init__(self, connection: sqlite3.Connection, now: datetime) -> None:
        super().__init__(connection)
        self.is_barrier = False
        self._now = now.isoformat()
        self._pending = history.PendingChanges(connection)
        self._final: Changes | None = None

    @property
    def changes(self) -> Changes:
        """What the step has touched so far; after the step, what it touched in all."""
        return self._pending.changes() if self._final is None else self._final

    def finish(self, changes: Changes) -> None:
        """Keep what the step touched in all; the transaction is about to end."""
        self._final = changes

    def put_details(self, details: PortfolioDetails) -> None:
        """Change what the front sheet says. Units of a group that is gone are in none.

        Raises:
            Conflict: the key is another one; a portfolio keeps its key for ever.
        """
        stored = self._tables.all(portfolio)
        created_at = moment_text(details.created_at) or self._now
        if stored and stored[0]["id"] != details.id:
            raise Conflict("These details belong to another portfolio.")
        self._tables.put(portfolio, row_of_details(details, stored[0]["created_at"] if stored else created_at))
        self._tables.sync(unit_group, self._tables.all(unit_group), rows_of_groups(details.qualification.groups))

    def put_unit(self, value: Unit) -> None:
        """Add a unit or change it; requirements that it no longer has are removed together with their claims.

        Raises:
            Conflict: another unit has its code, or a requirement that would go has an assessor's decision.
        """
        if any(each.code.casefold() == value.code.casefold() and each.id != value.id for each in self._codes()):
            raise Conflict(f"There is already a unit {value.code} in this portfolio.")
        nodes = list(requirement_rows(value.id, None, value.requirements))
        kept = {row["id"] for row, _ in nodes}
        self._refuse_decided(value.id, kept, f"of unit {value.code}")
        self._tables.put(unit, row_of_unit(value))
        wanted = [row for row, _ in nodes]
        gone = self._tables.sync(requirement, self._tables.dicts(_REQUIREMENTS_OF_UNIT, {"owner": value.id}), wanted)
        for row in gone:
            self._drop_dismissals("requirement_id", row["id"])
        components = [
            {"id": part.id, "requirement_id": row["id"], "position": position, "text": part.text}
            for row, parts in nodes
            for position, part in enumerate(parts)
        ]
        self._tables.sync(component, self._tables.dicts(_COMPONENTS_OF_UNIT, {"owner": value.id}), components)

    def remove_unit(self, unit_id: str) -> None:
        """Remove a unit with its requirements and their claims.

        Raises:
            UnknownReference: there is no such unit.
            Conflict: one of its requirements has an assessor's decision.
        """
        stored = self._tables.row(unit, id=unit_id)
        self._refuse_decided(unit_id, frozenset(), f"of unit {stored['code']}")
        self._drop_dismissals("unit_id", unit_id)
        for row in self._tables.dicts(_REQUIREMENTS_OF_UNIT, {"owner": unit_id}):
            self._drop_dismissals("requirement_id", row["id"])
        self._tables.remove(unit, stored)

    def next_unit_code(self) -> str:
        """Return the code for one more unit: one above the highest."""
        numbers = [
            int(match[1]) for each in self._codes() if (match := re.fullmatch(r"U(\d+)", each.code, re.IGNORECASE))
        ]
        return f"U{max(numbers, default=0) + 1}"

    def next_evidence_number(self) -> int:
        """Return the number for one more item. It is never given again, even when the item is removed or undone."""
        number = self._last_number() + 1
        self._use_number(number)
        return number

    def put_evidence(self, value: Evidence) -> None:
        """Add an item or change it, with its people and attachments.

        ``created_at`` is set when the item is new and has none; ``revised_at`` when its content changed. An item
        in the bin stays there. Where an assessor looked at it as it was, that is kept as an earlier version of it,
        and the judgement goes with that.

        Raises:
            Conflict: the number belongs to another item, or the item has another number.
        """
        stored = self._tables.find(evidence, id=value.id)
        content = row_of_content(value)
        people = rows_of_people(value)
        attachments = rows_of_attachments(value)
        row = row_of_evidence(value)
        if stored is None:
            self._claim_number(value)
            row["created_at"] = moment_text(value.created_at) or self._now
            row["revised_at"] = moment_text(value.revised_at) or row["created_at"]
            row["binned_at"] = None
            self._tables.insert(evidence, row)
            self._tables.insert(evidence_content, content)
            for each in people:
                self._tables.insert(involvement, each)
            for each in attachments:
                self._tables.insert(attachment, each)
            return
        if stored["number"] != value.number:
            raise Conflict(f"E{stored['number']} keeps its reference; it cannot become E{value.number}.")
        earlier = self._version_to_keep(value.id, stored)
        changed = any(stored[name] != row[name] for name in _CONTENT_COLUMNS)
        changed |= self._tables.put(evidence_content, content)
        before = (
            self._tables.dicts(_INVOLVEMENTS_OF, {"owner": value.id}),
            self._tables.dicts(_ATTACHMENTS_OF, {"owner": value.id}),
        )
        changed |= by_key(involvement, before[0]) != by_key(involvement, people)
        changed |= by_key(attachment, before[1]) != by_key(attachment, attachments)
        self._tables.sync(involvement, before[0], people)
        self._tables.sync(attachment, before[1], attachments)
        row["created_at"] = stored["created_at"]
        row["revised_at"] = self._now if changed else stored["revised_at"]
        row["binned_at"] = stored["binned_at"]
        if changed and earlier is not None:
            self.add_version(earlier)
            row["judgement"] = None
        if row != stored:
            self._tables.update(evidence, row)

    def put_evidence_many(self, values: Iterable[Evidence]) -> None:
        """Add or change many items, as :meth:`put_evidence` does."""
        for value in values:
            self.put_evidence(value)

    def bin_evidence(self, evidence_id: str) -> None:
        """Put an item into the bin: it keeps its number and claims but counts for nothing."""
        self._set_binned(evidence_id, self._now)

    def restore_evidence(self, evidence_id: str) -> None:
        """Take an item out of the bin again."""
        self._set_binned(evidence_id, None)

    def delete_evidence(self, evidence_id: str) -> None:
        """Remove an item that is in the bin for good, with its claims. Its number is not given again.

        Raises:
            Conflict: the item is not in the bin.
        """
        stored = self._tables.row(evidence, id=evidence_id)
        if stored["binned_at"] is None:
            raise Conflict(f"E{stored['number']} is not in the bin; put it there first.")
        self._drop_dismissals("evidence_id", evidence_id)
        self._tables.remove(evidence, stored)

    def put_claim(self, value: Claim) -> None:
        """Add a claim or change it.

        Without ``claimed_at``, a new or changed claim gets the present time.

        Raises:
            UnknownReference: its evidence, requirement or a component does not exist.
            Conflict: another claim stands for the same evidence and requirement.
        """
        other = self._tables.first(
            _CLAIM_OF_PAIR, {"evidence_id": value.evidence_id, "requirement_id": value.requirement_id}
        )
        if other is not None and other != value.id:
            raise Conflict("This evidence is already claimed for that requirement; change that claim instead.")
        stored = self._tables.find(claim, id=value.id)
        row = row_of_claim(value)
        components = [{"claim_id": value.id, "component_id": key} for key in sorted(value.component_ids)]
        before: list[Row] = []
        if stored is not None:
            before = self._tables.dicts(_COMPONENTS_OF_CLAIM, {"owner": value.id})
        if value.claimed_at is None:
            row["claimed_at"] = self._now
            same = stored is not None and row == stored | {"claimed_at": self._now}
            if stored is not None and same and by_key(claim_component, before) == by_key(claim_component, components):
                row["claimed_at"] = stored["claimed_at"]
        if stored is not None and (stored["evidence_id"], stored["requirement_id"]) != (
            value.evidence_id,
            value.requirement_id,
        ):
            # Both the old and the new pair are touched, so that views of either refresh.
            self._tables.remove(claim, stored)
            stored, before = None, []
        if stored is None:
            self._tables.insert(claim, row)
        else:
            self._tables.put(claim, row)
        self._tables.sync(claim_component, before, components)

    def put_claims_many(self, values: Iterable[Claim]) -> None:
        """Add or change many claims, as :meth:`put_claim` does."""
        for value in values:
            self.put_claim(value)

    def remove_claim(self, claim_id: str) -> None:
        """Remove a claim; UnknownReference when there is none."""
        self._tables.remove(claim, self._tables.row(claim, id=claim_id))

    def add_decision(self, value: Decision) -> None:
        """Add an assessor's decision, which makes the step one that is never undone.

        Raises:
            UnknownReference: there is no such requirement.
            Conflict: the decision is already there.
        """
        self._tables.row(requirement, id=value.requirement_id)
        if self._tables.find(decision, id=value.id) is not None:
            raise Conflict("That decision is already in the portfolio; decisions are superseded, never changed.")
        self._tables.insert(decision, row_of_decision(value, (self._tables.first(_LAST_DECISION) or 0) + 1))
        self.is_barrier = True

    def put_action(self, value: Action) -> None:
        """Add an action or change it."""
        stored = self._tables.find(action, id=value.id)
        last = self._tables.first(_LAST_ACTION) or 0
        self._tables.put(
            action,
            {
                "id": value.id,
                "sequence": stored["sequence"] if stored else last + 1,
                "text": value.text,
                "due": day_text(value.due),
                "done_on": day_text(value.done_on),
                "requirement_id": value.requirement_id,
                "evidence_id": value.evidence_id,
                "origin": value.origin,
            },
        )

    def remove_action(self, action_id: str) -> None:
        """Remove an action; UnknownReference when there is none."""
        self._tables.remove(action, self._tables.row(action, id=action_id))

    def put_person(self, value: Person) -> None:
        """Add a person or change them."""
        self._tables.put(person, asdict(value))

    def remove_person(self, person_id: str) -> None:
        """Remove a person.

        Raises:
            UnknownReference: there is no such person.
            Conflict: an item, in the bin or not, still names them.
        """
        stored = self._tables.row(person, id=person_id)
        naming = [f"E{number}" for (number,) in self._tables.rows(_ITEMS_NAMING, {"owner": person_id})]
        if naming:
            listed = ", ".join(naming[:5]) + (f" and {len(naming) - 5} more" if len(naming) > 5 else "")
            raise Conflict(f"{stored['name']} is named in {listed}; take them out there first.")
        self._tables.remove(person, stored)

    def put_dismissal(self, value: Dismissal) -> None:
        """Put a gap aside, or change the reason."""
        self._tables.put(dismissal, row_of_dismissal(value))

    def remove_dismissal(self, value: Dismissal) -> None:
        """Let a gap count again; UnknownReference when it was not put aside."""
        row = row_of_dismissal(value)
        self._tables.remove(dismissal, self._tables.like(dismissal, row))

    def add_version(self, value: EvidenceVersion) -> None:
        """Keep what an item was before it is reworked.

        Raises:
            UnknownReference: there is no such item.
            Conflict: the item has a version of this number already.
        """
        self._tables.row(evidence, id=value.evidence_id)
        self._tables.insert(evidence_version, row_of_version(value))

    def put_redaction_term(self, value: RedactionTerm) -> None:
        """Mark words to hide, or change how they are hidden."""
        stored = self._tables.find(redaction_term, id=value.id)
        sequence = stored["sequence"] if stored else (self._tables.first(_LAST_TERM) or 0) + 1
        row = asdict(value) | {"sequence": sequence, "whole_words": int(value.whole_words)}
        self._tables.put(redaction_term, row)

    def remove_redaction_term(self, term_id: str) -> None:
        """Show marked words again; UnknownReference when they are not marked."""
        self._tables.remove(redaction_term, self._tables.row(redaction_term, id=term_id))

    def put_redaction_region(self, value: RedactionRegion) -> None:
        """Mark a region to hide, or move it; UnknownReference when its attachment does not exist."""
        self._tables.put(redaction_region, asdict(value))

    def remove_redaction_region(self, region_id: str) -> None:
        """Show a marked region again; UnknownReference when it is not marked."""
        self._tables.remove(redaction_region, self._tables.row(redaction_region, id=region_id))

    def spare_text(self, text: str) -> None:
        """Note that words which were proposed for hiding are to be left."""
        self._tables.put(redaction_spared, {"text": text})

    def unspare_text(self, text: str) -> None:
        """Let words be proposed for hiding again; where they were not spared nothing happens."""
        if self._tables.find(redaction_spared, text=text) is not None:
            self._tables.remove(redaction_spared, {"text": text})

    def reject_suggestion(self, evidence_id: str, requirement_id: str) -> None:
        """Note that an item is not to be suggested for a requirement.

        Raises:
            UnknownReference: there is no such item or requirement.
        """
        self._tables.row(evidence, id=evidence_id)
        self._tables.row(requirement, id=requirement_id)
        self._tables.put(rejected_suggestion, {"evidence_id": evidence_id, "requirement_id": requirement_id})

    def unreject_suggestion(self, evidence_id: str, requirement_id: str) -> None:
        """Let an item be suggested for a requirement again; where it was not rejected nothing happens."""
        row = {"evidence_id": evidence_id, "requirement_id": requirement_id}
        if self._tables.find(rejected_suggestion, **row) is not None:
            self._tables.remove(rejected_suggestion, row)

    def make_review_key(self) -> None:
        """Give a new portfolio its secret; one that has a secret keeps it."""
        if self._tables.find(secret, name=REVIEW_KEY) is None:
            self._tables.insert(secret, {"name": REVIEW_KEY, "value": secrets.token_bytes(REVIEW_KEY_SIZE)})

    def _version_to_keep(self, evidence_id: str, stored: Row) -> EvidenceVersion | None:
        decisions = [
            decision_of(row)
            for row in self._tables.dicts(_DECIDED_SINCE, {"owner": evidence_id, "revised_at": stored["revised_at"]})
        ]
        if not decisions and stored["judgement"] is None:
            return None
        item = self.evidence_by_id(evidence_id)
        reason = reason_to_keep(item, decisions)
        if not reason:
            return None
        people = {each.person_id: self.person(each.person_id) for each in item.people}
        number = len(self.versions(evidence_id)) + 1
        return version_of(item, number, reason, datetime.fromisoformat(self._now), people)

    def _codes(self) -> list[Unit]:
        return [unit_of(row, ()) for row in self._tables.all(unit)]

    def _refuse_decided(self, unit_id: str, kept: Iterable[str], where: str) -> None:
        decided = {key for (key,) in self._tables.rows(_DECIDED_IN_UNIT, {"owner": unit_id})} - set(kept)
        if decided:
            refs = sorted(self._tables.row(requirement, id=key)["ref"] for key in decided)
            raise Conflict(
                f"Requirement {', '.join(refs)} {where} has an assessor's decision, which is kept for ever, "
                "so it cannot be removed."
            )

    def _drop_dismissals(self, column: str, key: str) -> None:
        for row in self._tables.dicts(_DISMISSALS_OF[column], {"owner": key}):
            self._tables.remove(dismissal, row)

    def _last_number(self) -> int:
        row = self._tables.find(counter, name=_EVIDENCE_NUMBERS)
        return int(row["value"]) if row else 0

    def _use_number(self, number: int) -> None:
        if number > self._last_number():
            self._tables.put(counter, {"name": _EVIDENCE_NUMBERS, "value": number})

    def _claim_number(self, value: Evidence) -> None:
        if value.number < 1:
            raise InvalidInput("The reference of an evidence item is a number from 1.")
        if self._id_of(value.number) is not None:
            raise Conflict(f"There is already an evidence item E{value.number} in this portfolio.")
        self._use_number(value.number)

    def _set_binned(self, evidence_id: str, moment: str | None) -> None:
        stored = self._tables.row(evidence, id=evidence_id)
        if (stored["binned_at"] is None) != (moment is None):
            self._tables.put(evidence, stored | {"binned_at": moment})
