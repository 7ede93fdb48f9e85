"""Rows to domain values and back: what can be read from a portfolio and what can be put into it.

A reader or editor lives as long as its transaction (``PortfolioFile.read`` and ``PortfolioFile.edit``).
"""

from __future__ import annotations

import gc
import json
import re
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import wraps
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, ParamSpec, TypeAlias, TypeVar

from sqlalchemy import and_, bindparam, func, literal_column, select

from portfolio_app.domain.claims import Action, Claim, Decision, Dismissal, Locator, Verdict
from portfolio_app.domain.dates import PartialDate, Period
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import (
    Attachment,
    Evidence,
    FieldValue,
    Involvement,
    Judgement,
    Person,
    PersonPart,
    Standing,
    StandingKind,
)
from portfolio_app.domain.facts import AssessmentFacts, AttachmentFact, ClaimFact, EvidenceFact, InvolvementFact
from portfolio_app.domain.portfolio import Declaration, Learner, Portfolio, PortfolioDetails
from portfolio_app.domain.qualification import (
    AssessmentMethod,
    Component,
    Guidance,
    GuidanceKind,
    Qualification,
    Requirement,
    Unit,
    UnitRules,
)
from portfolio_app.storage import history
from portfolio_app.storage.database import RowStatements, compiled, run
from portfolio_app.storage.errors import Conflict, PortfolioDamaged
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
    involvement,
    person,
    portfolio,
    requirement,
    unit,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from sqlalchemy import ColumnElement, Table

    from portfolio_app.domain.changes import Changes

Row: TypeAlias = dict[str, Any]

_EVIDENCE_NUMBERS: Final = "evidence"

_ROWS: Final = {
    table: RowStatements(table)
    for table in (
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
        involvement,
        person,
        portfolio,
        requirement,
        unit,
    )
}


# --- statements, compiled once -----------------------------------------------------------------------------------


_CURRENT = evidence.c.binned_at.is_(None)
_EVIDENCE_CHOICES: Final[dict[str, ColumnElement[bool]]] = {
    "current": _CURRENT,
    "number": evidence.c.number == bindparam("number"),
    "id": evidence.c.id == bindparam("id"),
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

_facts_columns = (
    evidence.c.id,
    evidence.c.number,
    evidence.c.kind,
    evidence.c.title,
    evidence.c.date,
    evidence.c.method,
    evidence.c.standing,
    evidence.c.location,
    evidence.c.confirmed_by,
    evidence.c.simulated,
    evidence.c.revised_at,
    evidence.c.has_content,
)
_EVIDENCE_FACTS: Final = compiled(select(*_facts_columns).where(_CURRENT))
_BINNED_FACTS: Final = compiled(select(*_facts_columns).where(evidence.c.binned_at.is_not(None)))
_binned = select(evidence.c.id).where(evidence.c.binned_at.is_not(None))
_BINNED: Final = compiled(_binned)

_COMMA: Final[Any] = literal_column("','")  # a plain text would become a parameter

# One row for each requirement instead of one for each claim: that halves the time to read them.
_claim_facts = select(
    claim.c.requirement_id,
    claim.c.has_place,
    func.aggregate_strings(claim.c.evidence_id, _COMMA),
    func.max(claim.c.claimed_at),
).group_by(claim.c.requirement_id, claim.c.has_place)
_ticked = select(claim_component.c.component_id).distinct()
_CLAIM_FACTS: Final = compiled(_claim_facts)
_CLAIM_FACTS_UNBINNED: Final = compiled(_claim_facts.where(claim.c.evidence_id.not_in(_binned)))
_TICKED: Final = compiled(_ticked)
_TICKED_UNBINNED: Final = compiled(
    _ticked.join(claim, claim.c.id == claim_component.c.claim_id).where(claim.c.evidence_id.not_in(_binned))
)
_INVOLVEMENT_FACTS: Final = compiled(
    select(
        involvement.c.evidence_id,
        involvement.c.part,
        person.c.name,
        person.c.role,
        person.c.relation,
        involvement.c.signed_on,
        involvement.c.position,
    ).join(person, person.c.id == involvement.c.person_id)
)
_ATTACHMENT_FACTS: Final = compiled(
    select(
        attachment.c.evidence_id,
        attachment.c.name,
        attachment.c.sha256,
        attachment.c.size,
        attachment.c.position,
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

_DETAILS: Final = compiled(select(portfolio))
_UNITS: Final = compiled(select(unit))
_REQUIREMENTS: Final = compiled(select(requirement).order_by(requirement.c.position))
_COMPONENTS: Final = compiled(
    select(component.c.requirement_id, component.c.id, component.c.text).order_by(component.c.position)
)
_DECISIONS: Final = compiled(select(decision).order_by(decision.c.decided_at, decision.c.sequence))
_ACTIONS: Final = compiled(select(action).order_by(action.c.sequence))
_PEOPLE: Final = compiled(select(person))
_DISMISSALS: Final = compiled(
    select(dismissal).order_by(
        dismissal.c.rule, dismissal.c.unit_id, dismissal.c.requirement_id, dismissal.c.evidence_id
    )
)

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
_EVIDENCE_OF_NUMBER: Final = compiled(select(evidence.c.id).where(evidence.c.number == bindparam("number")))
_LAST_NUMBER: Final = compiled(select(func.max(evidence.c.number)))
_UNIT_CODES: Final = compiled(select(unit.c.code))
_LAST_DECISION: Final = compiled(select(func.max(decision.c.sequence)))
_LAST_ACTION: Final = compiled(select(func.max(action.c.sequence)))
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


_P = ParamSpec("_P")
_T = TypeVar("_T")


def _from_sound_rows(read: Callable[_P, _T]) -> Callable[_P, _T]:
    """Say that the database is damaged where a stored value makes no sense; nothing that was put in is like that."""

    @wraps(read)
    def reading(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return read(*args, **kwargs)
        except (ValueError, TypeError, KeyError, InvalidInput) as error:
            raise PortfolioDamaged(
                f"The portfolio holds something that cannot be read ({error}). Check it, and restore a back-up."
            ) from error

    return reading


_NUMBER: Final = EvidenceFact._fields.index("number")


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from going through everything again and again while thousands of rows are made."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _ItemFacts(NamedTuple):
    evidence: list[EvidenceFact]
    involvements: list[InvolvementFact]
    attachments: list[AttachmentFact]


class _ClaimFacts(NamedTuple):
    claims: list[ClaimFact]
    newest: dict[str, str]
    ticked: frozenset[str]
    binned: frozenset[str]


class FactsMemory:
    """The facts as they were last read, for as long as they stand: most edits touch items or claims, not both.

    Belongs to one open portfolio. ``items`` and ``claims`` are ``None`` when they must be read.
    """

    _OF_ITEMS: Final = frozenset(table.name for table in (evidence, involvement, attachment, person))
    _OF_CLAIMS: Final = frozenset(table.name for table in (claim, claim_component))

    def __init__(self) -> None:
        self.items: _ItemFacts | None = None
        self.claims: _ClaimFacts | None = None
        self._head = ""

    def is_at(self, head: str) -> None:
        """Say at which step of the history the portfolio is; after another's edit everything is forgotten."""
        if head != self._head:
            self.items = self.claims = None
            self._head = head

    def has_moved(self, head: str, tables: AbstractSet[str]) -> None:
        """Say to which step an own edit has led and which tables it changed."""
        if tables & self._OF_ITEMS:
            self.items = None
        if tables & self._OF_CLAIMS:
            self.claims = None
        self._head = head


class PortfolioReader:
    """Reads one consistent state of a portfolio."""

    def __init__(self, connection: sqlite3.Connection, memory: FactsMemory | None = None) -> None:
        self._connection = connection
        self._memory = memory or FactsMemory()

    @_from_sound_rows
    def details(self) -> PortfolioDetails:
        """Return what the front sheet says."""
        (row,) = self._dicts(_DETAILS)
        return _details_of(row)

    @_from_sound_rows
    def units(self) -> tuple[Unit, ...]:
        """Return all units with their trees, U2 before U10."""
        components: dict[str, list[Component]] = {}
        for requirement_id, component_id, text in self._rows(_COMPONENTS):
            components.setdefault(requirement_id, []).append(Component(component_id, text))
        nodes: dict[tuple[str, str | None], list[Row]] = {}
        for row in self._dicts(_REQUIREMENTS):
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

        found = [_unit_of(row, tree(row["id"], None)) for row in self._dicts(_UNITS)]
        return tuple(sorted(found, key=lambda each: _natural(each.code)))

    def evidence(self, number: int) -> Evidence:
        """Return a whole item by its number (4 for E4).

        Raises:
            UnknownReference: there is none, or it is in the bin.
        """
        row = run(self._connection, _EVIDENCE_OF_NUMBER, {"number": number}).fetchone()
        if row is None:
            raise UnknownReference(f"There is no evidence E{number} in this portfolio.")
        if self._row(evidence, id=row[0])["binned_at"] is not None:
            raise UnknownReference(f"Evidence E{number} is in the bin; restore it first.")
        return self._whole("id", {"id": row[0]})[0]

    def evidence_by_id(self, evidence_id: str) -> Evidence:
        """Return a whole item by its key, one in the bin as well.

        Raises:
            UnknownReference: there is none.
        """
        found = self._whole("id", {"id": evidence_id})
        if not found:
            raise UnknownReference("That evidence is not in this portfolio any more.")
        return found[0]

    @_from_sound_rows
    def evidence_facts(self, *, binned: bool = False) -> list[EvidenceFact]:
        """Return the narrow columns of all items, or of those in the bin, in reference order."""
        with _collector_paused():
            rows = self._rows(_BINNED_FACTS if binned else _EVIDENCE_FACTS)
            rows.sort(key=itemgetter(_NUMBER))
            return list(map(tuple.__new__, repeat(EvidenceFact), rows))

    @_from_sound_rows
    def claims(self, *, evidence_id: str | None = None, requirement_id: str | None = None) -> list[Claim]:
        """Return the claims of an item, a requirement, both or all, in reference order then oldest first.

        Claims of items in the bin are returned only when asked for by the item.
        """
        choice = (evidence_id is not None, requirement_id is not None)
        parameters = {"evidence_id": evidence_id, "requirement_id": requirement_id}
        components: dict[str, list[str]] = {}
        for claim_id, component_id in self._rows(_CLAIM_COMPONENTS[choice], parameters):
            components.setdefault(claim_id, []).append(component_id)
        return [
            Claim(
                id=key,
                evidence_id=of_evidence,
                requirement_id=of_requirement,
                why=why,
                quotation=quotation,
                locator=_locator_of(locator),
                component_ids=frozenset(components.get(key, ())),
                claimed_at=datetime.fromisoformat(claimed_at),
            )
            for key, of_evidence, of_requirement, why, quotation, locator, _, claimed_at in self._rows(
                _CLAIMS[choice], parameters
            )
        ]

    @_from_sound_rows
    def decisions(self) -> list[Decision]:
        """Return every decision ever made, oldest first."""
        return [
            Decision(
                id=row["id"],
                requirement_id=row["requirement_id"],
                verdict=Verdict(row["verdict"]),
                by=row["decided_by"],
                comment=row["comment"],
                decided_at=datetime.fromisoformat(row["decided_at"]),
            )
            for row in self._dicts(_DECISIONS)
        ]

    @_from_sound_rows
    def actions(self) -> list[Action]:
        """Return all actions in the order they were made."""
        return [
            Action(
                id=row["id"],
                text=row["text"],
                due=_day_of(row["due"]),
                done_on=_day_of(row["done_on"]),
                requirement_id=row["requirement_id"],
                evidence_id=row["evidence_id"],
                origin=row["origin"],
            )
            for row in self._dicts(_ACTIONS)
        ]

    @_from_sound_rows
    def people(self) -> list[Person]:
        """Return all people by name."""
        return sorted((Person(**row) for row in self._dicts(_PEOPLE)), key=lambda each: (each.name.casefold(), each.id))

    @_from_sound_rows
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
            for row in self._dicts(_DISMISSALS)
        ]

    def facts(self, file_sizes: Mapping[str, int]) -> AssessmentFacts:
        """Return what coverage and gaps are computed from; ``file_sizes`` as of the store of files.

        Items in the bin and their claims are left out.
        """
        memory = self._memory
        memory.is_at(self.revision()[1])
        with _collector_paused():
            items = memory.items or self._item_facts()
            binned = frozenset(key for (key,) in self._rows(_BINNED))
            claims = memory.claims if memory.claims and memory.claims.binned == binned else self._claim_facts(binned)
            memory.items, memory.claims = items, claims
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
                declaration=self.details().declaration,
                dismissals=tuple(self.dismissals()),
            )

    def _item_facts(self) -> _ItemFacts:
        items = self.evidence_facts()
        order = {item.id: position for position, item in enumerate(items)}
        return _ItemFacts(
            items,
            [InvolvementFact._make(row) for row in self._of_items(_INVOLVEMENT_FACTS, order)],
            [AttachmentFact._make(row) for row in self._of_items(_ATTACHMENT_FACTS, order)],
        )

    def _claim_facts(self, binned: frozenset[str]) -> _ClaimFacts:
        claims: list[ClaimFact] = []
        newest: dict[str, str] = {}
        for requirement_id, has_place, evidence_ids, moment in self._rows(
            _CLAIM_FACTS_UNBINNED if binned else _CLAIM_FACTS
        ):
            facts = zip(evidence_ids.split(","), repeat(requirement_id), repeat(has_place), strict=False)
            claims.extend(map(tuple.__new__, repeat(ClaimFact), facts))
            newest[requirement_id] = max(moment, newest.get(requirement_id, ""))
        ticked = frozenset(key for (key,) in self._rows(_TICKED_UNBINNED if binned else _TICKED))
        return _ClaimFacts(claims, newest, ticked, binned)

    def portfolio(self) -> Portfolio:
        """Return everything but items in the bin and their claims."""
        number, head = self.revision()
        with _collector_paused():
            return Portfolio(
                details=self.details(),
                units=self.units(),
                evidence=tuple(self._whole("current", {})),
                claims=tuple(self.claims()),
                decisions=tuple(self.decisions()),
                actions=tuple(self.actions()),
                people=tuple(self.people()),
                dismissals=tuple(self.dismissals()),
                revision=number,
                history_head=head,
            )

    def revision(self) -> tuple[int, str]:
        """Return the number of history steps and the newest one's hash in hexadecimal."""
        return history.head(self._connection)

    def _of_items(self, sql: str, order: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
        """Yield rows that begin with an item's id and end with a position, without it, in the order of the items."""
        rows = [row for row in self._rows(sql) if row[0] in order]
        rows.sort(key=lambda row: (order[row[0]], row[-1]))
        return (row[:-1] for row in rows)

    def _rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Any]:
        return run(self._connection, sql, parameters).fetchall()

    def _dicts(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        cursor = run(self._connection, sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def _row(self, table: Table, **key: object) -> Row:
        found = self._find(table, **key)
        if found is None:
            raise UnknownReference(f"That {_NAMES[table]} is not in this portfolio any more.")
        return found

    def _find(self, table: Table, **key: object) -> Row | None:
        found = self._dicts(_ROWS[table].select, _ROWS[table].key_of(key))
        return found[0] if found else None

    @_from_sound_rows
    def _whole(self, choice: str, parameters: Mapping[str, object]) -> list[Evidence]:
        people: dict[str, list[Involvement]] = {}
        for owner, person_id, part, signed_on in self._rows(_THEIR_PEOPLE[choice], parameters):
            people.setdefault(owner, []).append(Involvement(person_id, PersonPart(part), _day_of(signed_on)))
        attachments: dict[str, list[Attachment]] = {}
        for key, owner, _, name, sha256, size, media_type, caption in self._rows(
            _THEIR_ATTACHMENTS[choice], parameters
        ):
            attachments.setdefault(owner, []).append(Attachment(key, name, sha256, size, media_type, caption))
        return [
            _evidence_of(row, tuple(people.get(row["id"], ())), tuple(attachments.get(row["id"], ())))
            for row in self._dicts(_WHOLE_EVIDENCE[choice], parameters)
        ]


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
        """Change what the front sheet says.

        Raises:
            Conflict: the key is another one; a portfolio keeps its key for ever.
        """
        stored = self._dicts(_DETAILS)
        created_at = details.created_at.astimezone(UTC).isoformat() if details.created_at else self._now
        if stored and stored[0]["id"] != details.id:
            raise Conflict("These details belong to another portfolio.")
        self._put(portfolio, _row_of_details(details, stored[0]["created_at"] if stored else created_at))

    def put_unit(self, value: Unit) -> None:
        """Add a unit or change it; requirements that it no longer has are removed together with their claims.

        Raises:
            Conflict: another unit has its code, or a requirement that would go has an assessor's decision.
        """
        if any(each.code.casefold() == value.code.casefold() and each.id != value.id for each in self._codes()):
            raise Conflict(f"There is already a unit {value.code} in this portfolio.")
        nodes = list(_requirement_rows(value.id, None, value.requirements))
        kept = {row["id"] for row, _ in nodes}
        self._refuse_decided(value.id, kept, f"of unit {value.code}")
        self._put(unit, _row_of_unit(value))
        wanted = [row for row, _ in nodes]
        gone = self._sync(requirement, self._dicts(_REQUIREMENTS_OF_UNIT, {"owner": value.id}), wanted)
        for row in gone:
            self._drop_dismissals("requirement_id", row["id"])
        components = [
            {"id": part.id, "requirement_id": row["id"], "position": position, "text": part.text}
            for row, parts in nodes
            for position, part in enumerate(parts)
        ]
        self._sync(component, self._dicts(_COMPONENTS_OF_UNIT, {"owner": value.id}), components)

    def remove_unit(self, unit_id: str) -> None:
        """Remove a unit with its requirements and their claims.

        Raises:
            UnknownReference: there is no such unit.
            Conflict: one of its requirements has an assessor's decision.
        """
        stored = self._row(unit, id=unit_id)
        self._refuse_decided(unit_id, frozenset(), f"of unit {stored['code']}")
        self._drop_dismissals("unit_id", unit_id)
        for row in self._dicts(_REQUIREMENTS_OF_UNIT, {"owner": unit_id}):
            self._drop_dismissals("requirement_id", row["id"])
        self._remove(unit, stored)

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
        in the bin stays there.

        Raises:
            Conflict: the number belongs to another item, or the item has another number.
        """
        stored = self._find(evidence, id=value.id)
        content = {"evidence_id": value.id, "body": value.body, "fields": _json(_plain_fields(value.fields))}
        people = _rows_of_people(value)
        attachments = _rows_of_attachments(value)
        row = _row_of_evidence(value)
        if stored is None:
            self._claim_number(value)
            row["created_at"] = _moment(value.created_at) or self._now
            row["revised_at"] = _moment(value.revised_at) or row["created_at"]
            row["binned_at"] = None
            self._insert(evidence, row)
            self._insert(evidence_content, content)
            for each in people:
                self._insert(involvement, each)
            for each in attachments:
                self._insert(attachment, each)
            return
        if stored["number"] != value.number:
            raise Conflict(f"E{stored['number']} keeps its reference; it cannot become E{value.number}.")
        changed = any(stored[name] != row[name] for name in _CONTENT_COLUMNS)
        changed |= self._put(evidence_content, content)
        before = (self._dicts(_INVOLVEMENTS_OF, {"owner": value.id}), self._dicts(_ATTACHMENTS_OF, {"owner": value.id}))
        changed |= _by_key(involvement, before[0]) != _by_key(involvement, people)
        changed |= _by_key(attachment, before[1]) != _by_key(attachment, attachments)
        self._sync(involvement, before[0], people)
        self._sync(attachment, before[1], attachments)
        row["created_at"] = stored["created_at"]
        row["revised_at"] = self._now if changed else stored["revised_at"]
        row["binned_at"] = stored["binned_at"]
        if row != stored:
            run(self._connection, _ROWS[evidence].update, row | _ROWS[evidence].key_of(row))

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
        stored = self._row(evidence, id=evidence_id)
        if stored["binned_at"] is None:
            raise Conflict(f"E{stored['number']} is not in the bin; put it there first.")
        self._drop_dismissals("evidence_id", evidence_id)
        self._remove(evidence, stored)

    def put_claim(self, value: Claim) -> None:
        """Add a claim or change it.

        Without ``claimed_at``, a new or changed claim gets the present time.

        Raises:
            UnknownReference: its evidence, requirement or a component does not exist.
            Conflict: another claim stands for the same evidence and requirement.
        """
        other = run(
            self._connection,
            _CLAIM_OF_PAIR,
            {"evidence_id": value.evidence_id, "requirement_id": value.requirement_id},
        ).fetchone()
        if other is not None and other[0] != value.id:
            raise Conflict("This evidence is already claimed for that requirement; change that claim instead.")
        stored = self._find(claim, id=value.id)
        row = _row_of_claim(value)
        components = [{"claim_id": value.id, "component_id": key} for key in sorted(value.component_ids)]
        before: list[Row] = []
        if stored is not None:
            before = self._dicts(_COMPONENTS_OF_CLAIM, {"owner": value.id})
        if value.claimed_at is None:
            row["claimed_at"] = self._now
            same = stored is not None and row == stored | {"claimed_at": self._now}
            if stored is not None and same and _by_key(claim_component, before) == _by_key(claim_component, components):
                row["claimed_at"] = stored["claimed_at"]
        if stored is not None and (stored["evidence_id"], stored["requirement_id"]) != (
            value.evidence_id,
            value.requirement_id,
        ):
            # Both the old and the new pair are touched, so that views of either refresh.
            self._remove(claim, stored)
            stored, before = None, []
        if stored is None:
            self._insert(claim, row)
        else:
            self._put(claim, row)
        self._sync(claim_component, before, components)

    def put_claims_many(self, values: Iterable[Claim]) -> None:
        """Add or change many claims, as :meth:`put_claim` does."""
        for value in values:
            self.put_claim(value)

    def remove_claim(self, claim_id: str) -> None:
        """Remove a claim; UnknownReference when there is none."""
        self._remove(claim, self._row(claim, id=claim_id))

    def add_decision(self, value: Decision) -> None:
        """Add an assessor's decision, which makes the step one that is never undone.

        Raises:
            UnknownReference: there is no such requirement.
            Conflict: the decision is already there.
        """
        self._row(requirement, id=value.requirement_id)
        if self._find(decision, id=value.id) is not None:
            raise Conflict("That decision is already in the portfolio; decisions are superseded, never changed.")
        self._insert(
            decision,
            {
                "id": value.id,
                "sequence": (run(self._connection, _LAST_DECISION).fetchone()[0] or 0) + 1,
                "requirement_id": value.requirement_id,
                "verdict": value.verdict.value,
                "decided_by": value.by,
                "comment": value.comment,
                "decided_at": _moment(value.decided_at),
            },
        )
        self.is_barrier = True

    def put_action(self, value: Action) -> None:
        """Add an action or change it."""
        stored = self._find(action, id=value.id)
        last = run(self._connection, _LAST_ACTION).fetchone()[0] or 0
        self._put(
            action,
            {
                "id": value.id,
                "sequence": stored["sequence"] if stored else last + 1,
                "text": value.text,
                "due": _day_text(value.due),
                "done_on": _day_text(value.done_on),
                "requirement_id": value.requirement_id,
                "evidence_id": value.evidence_id,
                "origin": value.origin,
            },
        )

    def remove_action(self, action_id: str) -> None:
        """Remove an action; UnknownReference when there is none."""
        self._remove(action, self._row(action, id=action_id))

    def put_person(self, value: Person) -> None:
        """Add a person or change them."""
        self._put(person, asdict(value))

    def remove_person(self, person_id: str) -> None:
        """Remove a person.

        Raises:
            UnknownReference: there is no such person.
            Conflict: an item, in the bin or not, still names them.
        """
        stored = self._row(person, id=person_id)
        naming = [f"E{number}" for (number,) in self._rows(_ITEMS_NAMING, {"owner": person_id})]
        if naming:
            listed = ", ".join(naming[:5]) + (f" and {len(naming) - 5} more" if len(naming) > 5 else "")
            raise Conflict(f"{stored['name']} is named in {listed}; take them out there first.")
        self._remove(person, stored)

    def put_dismissal(self, value: Dismissal) -> None:
        """Put a gap aside, or change the reason."""
        self._put(dismissal, _row_of_dismissal(value))

    def remove_dismissal(self, value: Dismissal) -> None:
        """Let a gap count again; UnknownReference when it was not put aside."""
        row = _row_of_dismissal(value)
        self._remove(dismissal, self._row(dismissal, **{name: row[name] for name in _ROWS[dismissal].keys}))

    def _insert(self, table: Table, row: Row) -> None:
        run(self._connection, _ROWS[table].insert, row)

    def _put(self, table: Table, row: Row) -> bool:
        """Insert the row, or update the one with its key; return whether anything changed."""
        stored = self._find(table, **{name: row[name] for name in _ROWS[table].keys})
        if stored is None:
            self._insert(table, row)
        elif stored != row:
            run(self._connection, _ROWS[table].update, row | _ROWS[table].key_of(row))
        return stored != row

    def _remove(self, table: Table, row: Row) -> None:
        run(self._connection, _ROWS[table].delete, _ROWS[table].key_of(row))

    def _sync(self, table: Table, stored: list[Row], wanted: list[Row]) -> list[Row]:
        """Make the stored rows those that are wanted, in this order, touching no other; return those that went.

        Rows are added and changed before any is removed, because removing a parent removes its children.
        """
        before, after = _by_key(table, stored), _by_key(table, wanted)
        for key, row in after.items():
            if key not in before:
                self._insert(table, row)
            elif before[key] != row:
                run(self._connection, _ROWS[table].update, row | _ROWS[table].key_of(row))
        gone = [row for key, row in before.items() if key not in after]
        for row in gone:
            self._remove(table, row)
        return gone

    def _codes(self) -> list[Unit]:
        return [_unit_of(row, ()) for row in self._dicts(_UNITS)]

    def _refuse_decided(self, unit_id: str, kept: Iterable[str], where: str) -> None:
        decided = {key for (key,) in self._rows(_DECIDED_IN_UNIT, {"owner": unit_id})} - set(kept)
        if decided:
            refs = sorted(self._row(requirement, id=key)["ref"] for key in decided)
            raise Conflict(
                f"Requirement {', '.join(refs)} {where} has an assessor's decision, which is kept for ever, "
                "so it cannot be removed."
            )

    def _drop_dismissals(self, column: str, key: str) -> None:
        for row in self._dicts(_DISMISSALS_OF[column], {"owner": key}):
            self._remove(dismissal, row)

    def _last_number(self) -> int:
        row = self._find(counter, name=_EVIDENCE_NUMBERS)
        return int(row["value"]) if row else 0

    def _use_number(self, number: int) -> None:
        if number > self._last_number():
            self._put(counter, {"name": _EVIDENCE_NUMBERS, "value": number})

    def _claim_number(self, value: Evidence) -> None:
        if value.number < 1:
            raise InvalidInput("The reference of an evidence item is a number from 1.")
        if run(self._connection, _EVIDENCE_OF_NUMBER, {"number": value.number}).fetchone() is not None:
            raise Conflict(f"There is already an evidence item E{value.number} in this portfolio.")
        self._use_number(value.number)

    def _set_binned(self, evidence_id: str, moment: str | None) -> None:
        stored = self._row(evidence, id=evidence_id)
        if (stored["binned_at"] is None) != (moment is None):
            self._put(evidence, stored | {"binned_at": moment})


_NAMES: Final[dict[Table, str]] = {
    unit: "unit",
    requirement: "requirement",
    evidence: "evidence",
    claim: "claim",
    action: "action",
    person: "person",
    dismissal: "dismissal",
}


# --- values to rows ----------------------------------------------------------------------------------------------


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _moment(value: datetime | None) -> str | None:
    """Return the UTC moment as text that sorts in time order; one without a zone is taken as UTC."""
    if value is None:
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _day_text(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _by_key(table: Table, rows: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    return {tuple(row[name] for name in _ROWS[table].keys): row for row in rows}


def _row_of_details(details: PortfolioDetails, created_at: str) -> Row:
    learner, qualification, declaration = details.learner, details.qualification, details.declaration
    return {
        "id": details.id,
        "learner_name": learner.name,
        "learner_number": learner.number,
        "learner_email": learner.email,
        "learner_profile": learner.profile,
        "qualification_title": qualification.title,
        "qualification_number": qualification.number,
        "awarding_body": qualification.awarding_body,
        "qualification_level": qualification.level,
        "centre": details.centre,
        "started_on": _day_text(details.started_on),
        "planned_end": _day_text(details.planned_end),
        "declared_by": declaration.signed_by,
        "declared_on": _day_text(declaration.signed_on),
        "ai_use": declaration.ai_use,
        "created_at": created_at,
    }


def _row_of_unit(value: Unit) -> Row:
    rules = value.rules
    return {
        "id": value.id,
        "code": value.code,
        "title": value.title,
        "reference": value.reference,
        "level": value.level,
        "credits": value.credits,
        "synopsis": value.synopsis,
        "source": value.source,
        "is_guidance": int(value.is_guidance),
        "mandatory": int(value.mandatory),
        "required_methods": _json([method.value for method in rules.required_methods]),
        "simulation_allowed": int(rules.simulation_allowed),
        "pieces_per_requirement": rules.pieces_per_requirement,
        "currency_years": rules.currency_years,
        "guidance": _json([[piece.kind.value, piece.title, piece.text] for piece in value.guidance]),
    }


def _requirement_rows(
    unit_id: str, parent_id: str | None, nodes: Sequence[Requirement]
) -> Iterable[tuple[Row, tuple[Component, ...]]]:
    for position, node in enumerate(nodes):
        yield (
            {
                "id": node.id,
                "unit_id": unit_id,
                "parent_id": parent_id,
                "position": position,
                "ref": node.ref,
                "kind": node.kind,
                "text": node.text,
                "label": node.label,
                "source_page": node.source_page,
                "source_line": node.source_line,
            },
            node.components,
        )
        yield from _requirement_rows(unit_id, node.id, node.children)


def _row_of_evidence(value: Evidence) -> Row:
    standing = value.standing
    return {
        "id": value.id,
        "number": value.number,
        "kind": value.kind,
        "title": value.title,
        "date": value.date.isoformat() if value.date else "",
        "method": value.method.value if value.method else "",
        "standing": standing.kind.value,
        "location": standing.location,
        "location_description": standing.description,
        "confirmed_by": standing.confirmed_by,
        "confirmed_on": _day_text(standing.confirmed_on),
        "simulated": int(value.simulated),
        "has_content": int(value.has_content),
        "confidential": int(value.confidential),
        "tags": _json(value.tags),
        "judgement": _judgement_text(value.judgement),
    }


def _judgement_text(value: Judgement | None) -> str | None:
    if value is None:
        return None
    return _json(asdict(value) | {"on": _day_text(value.on)})


def _plain_fields(fields: Mapping[str, FieldValue]) -> dict[str, object]:
    return {name: value if isinstance(value, str) else [dict(line) for line in value] for name, value in fields.items()}


def _rows_of_people(value: Evidence) -> list[Row]:
    return [
        {
            "evidence_id": value.id,
            "position": position,
            "person_id": each.person_id,
            "part": each.part.value,
            "signed_on": _day_text(each.signed_on) or "",
        }
        for position, each in enumerate(value.people)
    ]


def _rows_of_attachments(value: Evidence) -> list[Row]:
    return [
        {
            "id": each.id,
            "evidence_id": value.id,
            "position": position,
            "name": each.name,
            "sha256": each.sha256,
            "size": each.size,
            "media_type": each.media_type,
            "caption": each.caption,
        }
        for position, each in enumerate(value.attachments)
    ]


def _row_of_claim(value: Claim) -> Row:
    return {
        "id": value.id,
        "evidence_id": value.evidence_id,
        "requirement_id": value.requirement_id,
        "why": value.why,
        "quotation": value.quotation,
        "locator": _json({k: v for k, v in asdict(value.locator).items() if v}) if value.locator else "",
        "has_place": int(value.has_place),
        "claimed_at": _moment(value.claimed_at),
    }


def _row_of_dismissal(value: Dismissal) -> Row:
    return {name: text or "" for name, text in asdict(value).items()}


# --- rows to values ----------------------------------------------------------------------------------------------


def _natural(code: str) -> tuple[tuple[int, int | str], ...]:
    return tuple(
        (0, int(part)) if part.isdecimal() else (1, part.casefold()) for part in re.split(r"(\d+)", code) if part
    )


def _day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _details_of(row: Row) -> PortfolioDetails:
    return PortfolioDetails(
        id=row["id"],
        learner=Learner(row["learner_name"], row["learner_number"], row["learner_email"], row["learner_profile"]),
        qualification=Qualification(
            row["qualification_title"], row["qualification_number"], row["awarding_body"], row["qualification_level"]
        ),
        centre=row["centre"],
        started_on=_day_of(row["started_on"]),
        planned_end=_day_of(row["planned_end"]),
        declaration=Declaration(row["declared_by"], _day_of(row["declared_on"]), row["ai_use"]),
        created_at=datetime.fromisoformat(row["created_at"]),
    )


def _unit_of(row: Row, requirements: tuple[Requirement, ...]) -> Unit:
    return Unit(
        id=row["id"],
        code=row["code"],
        title=row["title"],
        reference=row["reference"],
        level=row["level"],
        credits=row["credits"],
        synopsis=row["synopsis"],
        source=row["source"],
        is_guidance=bool(row["is_guidance"]),
        mandatory=bool(row["mandatory"]),
        requirements=requirements,
        guidance=tuple(
            Guidance(GuidanceKind(kind), text=text, title=title) for kind, title, text in json.loads(row["guidance"])
        ),
        rules=UnitRules(
            required_methods=tuple(AssessmentMethod(method) for method in json.loads(row["required_methods"])),
            simulation_allowed=bool(row["simulation_allowed"]),
            pieces_per_requirement=row["pieces_per_requirement"],
            currency_years=row["currency_years"],
        ),
    )


def _evidence_of(row: Row, people: tuple[Involvement, ...], attachments: tuple[Attachment, ...]) -> Evidence:
    return Evidence(
        id=row["id"],
        number=row["number"],
        kind=row["kind"],
        title=row["title"],
        date=_period_of(row["date"]),
        body=row["body"],
        fields={
            name: value if isinstance(value, str) else tuple(value) for name, value in json.loads(row["fields"]).items()
        },
        standing=Standing(
            StandingKind(row["standing"]),
            row["location"],
            row["location_description"],
            row["confirmed_by"],
            _day_of(row["confirmed_on"]),
        ),
        method=AssessmentMethod(row["method"]) if row["method"] else None,
        simulated=bool(row["simulated"]),
        confidential=bool(row["confidential"]),
        tags=tuple(json.loads(row["tags"])),
        people=people,
        attachments=attachments,
        judgement=_judgement_of(row["judgement"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        revised_at=datetime.fromisoformat(row["revised_at"]),
    )


def _period_of(text: str) -> Period | None:
    if not text:
        return None
    start, _, end = text.partition("/")
    return Period(PartialDate.parse(start), PartialDate.parse(end) if end else None)


def _judgement_of(text: str | None) -> Judgement | None:
    if text is None:
        return None
    values = json.loads(text)
    return Judgement(**values | {"on": _day_of(values["on"])})


def _locator_of(text: str) -> Locator:
    return Locator(**json.loads(text)) if text else Locator()
