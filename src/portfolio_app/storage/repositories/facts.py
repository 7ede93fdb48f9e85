"""The narrow facts that coverage and gaps are computed from, read in bulk and remembered between edits."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from itertools import repeat
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, func, literal_column, select

from portfolio_app.domain.collector import collector_paused
from portfolio_app.domain.facts import (
    AttachmentFact,
    ClaimedItems,
    ClaimsByRequirement,
    EvidenceFact,
    InvolvementFact,
)
from portfolio_app.domain.qualification import Unit
from portfolio_app.storage.database import compiled, run
from portfolio_app.storage.schema import (
    attachment,
    claim,
    claim_component,
    component,
    evidence,
    involvement,
    person,
    requirement,
    unit,
)

_IN_THE_BIN = evidence.c.binned_at.is_not(None)
_COMMA: Final[Any] = literal_column("','")  # a plain text would become a parameter

_items = select(*(evidence.c[name] for name in EvidenceFact._fields))
_ITEMS: Final = compiled(_items.where(evidence.c.binned_at.is_(None)))
_BINNED_ITEMS: Final = compiled(_items.where(_IN_THE_BIN))

_involvements = (
    select(
        involvement.c.evidence_id,
        involvement.c.part,
        person.c.name,
        person.c.role,
        person.c.relation,
        involvement.c.signed_on,
    )
    .join(person, person.c.id == involvement.c.person_id)
    .order_by(involvement.c.evidence_id, involvement.c.position)
)
_attachments = select(
    attachment.c.evidence_id, attachment.c.name, attachment.c.sha256, attachment.c.size, attachment.c.position
)
# One row for each requirement instead of one for each claim: that halves the time to read them.
_claims = select(
    claim.c.requirement_id,
    claim.c.has_place,
    func.aggregate_strings(claim.c.evidence_id, _COMMA),
    func.max(claim.c.claimed_at),
).group_by(claim.c.requirement_id, claim.c.has_place)
_ticked = select(claim_component.c.component_id).distinct()


class _Statement:
    """A statement in two forms: most portfolios have nothing in the bin, and then it is not asked for."""

    def __init__(self, everything: Select[Any], unbinned: Select[Any]) -> None:
        self._everything = compiled(everything)
        self._unbinned = compiled(unbinned)

    def rows(self, connection: sqlite3.Connection, binned: AbstractSet[str]) -> Iterator[Any]:
        return run(connection, self._unbinned if binned else self._everything)


_binned = select(evidence.c.id).where(_IN_THE_BIN)
_BINNED: Final = compiled(_binned)
_INVOLVEMENTS: Final = _Statement(_involvements, _involvements.where(involvement.c.evidence_id.not_in(_binned)))
_ATTACHMENTS: Final = _Statement(_attachments, _attachments.where(attachment.c.evidence_id.not_in(_binned)))
_CLAIMS: Final = _Statement(_claims, _claims.where(claim.c.evidence_id.not_in(_binned)))
_TICKED: Final = _Statement(
    _ticked,
    _ticked.join(claim, claim.c.id == claim_component.c.claim_id).where(claim.c.evidence_id.not_in(_binned)),
)

_NUMBER: Final = EvidenceFact._fields.index("number")
_POSITION: Final = 4  # of an attachment's row


class ItemFacts(NamedTuple):
    """The facts of items, and which items are in the bin."""

    evidence: list[EvidenceFact]
    involvements: list[InvolvementFact]
    attachments: list[AttachmentFact]
    binned: frozenset[str]


class ClaimFacts(NamedTuple):
    """The facts of claims; ``binned`` are the items whose claims were left out."""

    claims: ClaimsByRequirement
    newest: dict[str, str]
    ticked: frozenset[str]
    binned: frozenset[str]


class FactsMemory:
    """The facts as they were last read, for as long as they stand: most edits touch units, items or claims alone.

    Belongs to one open portfolio.
    """

    _OF_UNITS: Final = frozenset(table.name for table in (unit, requirement, component))
    _OF_ITEMS: Final = frozenset(table.name for table in (evidence, involvement, attachment, person))
    _OF_CLAIMS: Final = frozenset(table.name for table in (claim, claim_component))

    def __init__(self) -> None:
        self._units: tuple[Unit, ...] | None = None
        self._items: ItemFacts | None = None
        self._claims: ClaimFacts | None = None
        self._head = ""

    def units(self, head: str, read: Callable[[], tuple[Unit, ...]]) -> tuple[Unit, ...]:
        """Return the units at this step of the history; ``read`` finds them in the store."""
        self._stand_at(head)
        if self._units is None:
            self._units = read()
        return self._units

    def facts(self, connection: sqlite3.Connection, head: str) -> tuple[ItemFacts, ClaimFacts]:
        """Return the facts at this step of the history; after another's edit everything is read again."""
        self._stand_at(head)
        items = self._items = self._items or _item_facts(connection)
        if self._claims is None or self._claims.binned != items.binned:
            self._claims = _claim_facts(connection, items.binned)
        return items, self._claims

    def has_moved(self, head: str, tables: AbstractSet[str]) -> None:
        """Say to which step an own edit has led and which tables it changed."""
        if tables & self._OF_UNITS:
            self._units = None
        if tables & self._OF_ITEMS:
            self._items = None
        if tables & self._OF_CLAIMS:
            self._claims = None
        self._head = head

    def _stand_at(self, head: str) -> None:
        if head != self._head:
            self._units = self._items = self._claims = None
            self._head = head


def evidence_facts(connection: sqlite3.Connection, *, binned: bool = False) -> list[EvidenceFact]:
    """Return the narrow columns of all items, or of those in the bin, in reference order."""
    with collector_paused():
        rows = run(connection, _BINNED_ITEMS if binned else _ITEMS)
        facts = list(map(tuple.__new__, repeat(EvidenceFact), rows))
        facts.sort(key=itemgetter(_NUMBER))
        return facts


def _item_facts(connection: sqlite3.Connection) -> ItemFacts:
    binned = frozenset(key for (key,) in run(connection, _BINNED))
    # The order within an item is all that counts, and most items have one attachment.
    attachments = sorted(_ATTACHMENTS.rows(connection, binned), key=itemgetter(_POSITION))
    return ItemFacts(
        evidence_facts(connection),
        list(map(tuple.__new__, repeat(InvolvementFact), _INVOLVEMENTS.rows(connection, binned))),
        [tuple.__new__(AttachmentFact, row[:_POSITION]) for row in attachments],
        binned,
    )


def _claim_facts(connection: sqlite3.Connection, binned: frozenset[str]) -> ClaimFacts:
    groups: dict[str, ClaimedItems] = {}
    newest: dict[str, str] = {}
    for requirement_id, has_place, evidence_ids, moment in _CLAIMS.rows(connection, binned):
        group = groups.setdefault(requirement_id, ClaimedItems([], []))
        (group.placed if has_place else group.pointless).extend(evidence_ids.split(","))
        newest[requirement_id] = max(moment, newest.get(requirement_id, ""))
    ticked = frozenset(key for (key,) in _TICKED.rows(connection, binned))
    return ClaimFacts(ClaimsByRequirement(groups), newest, ticked, binned)
