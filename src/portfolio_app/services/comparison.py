"""A back-up beside the portfolio as it is now: what would come back, and what would be gone."""

from __future__ import annotations

import tempfile
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from portfolio_app.domain.claims import Dismissal
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.gaps import RULES_BY_ID
from portfolio_app.domain.portfolio import Portfolio, PortfolioDetails
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.services.text_input import shortened
from portfolio_app.storage.backups import Backup, Backups
from portfolio_app.storage.errors import BackupDamaged, DiskFull, ReadOnlyPortfolio
from portfolio_app.storage.portfolio_file import SUFFIX, PortfolioFile

_LONGEST_NAME: Final = 80


class Compared(StrEnum):
    """What is compared. The value is the heading."""

    DETAILS = "Details"
    UNITS = "Units"
    EVIDENCE = "Evidence"
    CLAIMS = "Claims"
    DECISIONS = "Decisions"
    ACTIONS = "Actions"
    PEOPLE = "People"
    PUT_ASIDE = "Put aside"
    VERSIONS = "Earlier versions"
    HIDDEN = "Hidden in copies"
    REJECTED = "Rejected suggestions"


@dataclass(frozen=True, slots=True)
class Differences:
    """The differences of one sort, each named as the learner knows it ("E4 Service plan", "E4 → U1/1.2").

    ``then`` and ``now`` count all things of the sort in the back-up and in the portfolio. Restoring would bring back
    ``only_then``, lose ``only_now``, and make ``changed`` what they were.
    """

    sort: Compared
    then: int
    now: int
    only_then: tuple[str, ...] = ()
    only_now: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.only_then or self.only_now or self.changed)


@dataclass(frozen=True, slots=True)
class BackupComparison:
    """A back-up beside the present. ``learner`` is the one in the back-up; every sort is in ``differences``."""

    made_at: datetime
    learner: str
    differences: tuple[Differences, ...]

    @property
    def same(self) -> bool:
        """Whether restoring would change nothing."""
        return not any(self.differences)

    def of(self, sort: Compared) -> Differences:
        """Return the differences of a sort."""
        return next(each for each in self.differences if each.sort is sort)


def whole_portfolio(portfolio: PortfolioFile) -> Portfolio:
    """Return the portfolio as a value, without what is in the bin, to be compared on another thread."""
    with portfolio.read() as reader:
        return reader.portfolio()


def compare_backup(present: Portfolio, backup: Backup, progress: Progress = no_progress) -> BackupComparison:
    """Set a back-up beside the present, by what it holds. Neither is touched: a copy of the back-up is read.

    Needs no open portfolio, and may take seconds where that is large.

    Raises:
        BackupDamaged: the back-up cannot be read.
        DiskFull: there is no room for a copy.
        Cancelled: ``progress`` said so.
    """
    progress(0, 2, "Reading the back-up")
    then = _content(backup)
    progress(1, 2, "Comparing")
    return BackupComparison(backup.made_at, then.details.learner.name, tuple(_differences(then, present)))


def _content(backup: Backup) -> Portfolio:
    with tempfile.TemporaryDirectory() as folder:
        try:
            copy = Backups(backup.path.parent, backup.path).restore(backup, Path(folder) / f"copy{SUFFIX}")
            return _read(copy)
        except DiskFull:
            raise
        except KnownError as error:
            raise BackupDamaged(
                f"The back-up of {backup.made_at.astimezone():%Y-%m-%d %H:%M} cannot be read; choose another one."
            ) from error


def _read(copy: Path) -> Portfolio:
    try:
        portfolio = PortfolioFile.open(copy, read_only=True)
    except ReadOnlyPortfolio:  # of an older format: the copy is brought up to date
        portfolio = PortfolioFile.open(copy)
    with portfolio:
        return whole_portfolio(portfolio)


def _differences(then: Portfolio, now: Portfolio) -> Iterator[Differences]:
    before, after = _things(then), _things(now)
    for sort in Compared:
        old, new = before[sort], after[sort]
        yield Differences(
            sort,
            len(old),
            len(new),
            only_then=tuple(thing.name for key, thing in old.items() if key not in new),
            only_now=tuple(thing.name for key, thing in new.items() if key not in old),
            changed=tuple(thing.name for key, thing in new.items() if key in old and old[key].value != thing.value),
        )


class _Thing(NamedTuple):
    """What a learner calls something, and what of it must differ for it to have changed."""

    name: str
    value: object


def _things(portfolio: Portfolio) -> dict[Compared, dict[Hashable, _Thing]]:
    """Return everything in a portfolio by what tells it apart."""
    refs = {item.id: item.ref for item in portfolio.evidence}
    files = {
        attachment.id: f"{item.ref} {attachment.name}" for item in portfolio.evidence for attachment in item.attachments
    }
    codes = {unit.id: unit.code for unit in portfolio.units}
    addresses = {key: address for unit in portfolio.units for key, address in unit.addresses().items()}

    def where(dismissal: Dismissal) -> str:
        found = (
            refs.get(dismissal.evidence_id or ""),
            addresses.get(dismissal.requirement_id or "") or codes.get(dismissal.unit_id or ""),
        )
        title = RULES_BY_ID[dismissal.rule].title if dismissal.rule in RULES_BY_ID else dismissal.rule
        return " ".join([f"“{title}”", *filter(None, found)])

    return {
        Compared.DETAILS: _details(portfolio.details),
        Compared.UNITS: {unit.id: _Thing(_short(f"{unit.code} {unit.title}"), unit) for unit in portfolio.units},
        Compared.EVIDENCE: {item.id: _Thing(_short(f"{item.ref} {item.title}"), item) for item in portfolio.evidence},
        Compared.CLAIMS: {
            (claim.evidence_id, claim.requirement_id): _Thing(
                f"{refs.get(claim.evidence_id, '')} → {addresses.get(claim.requirement_id, '')}",
                (claim.why, claim.quotation, claim.locator, claim.component_ids),
            )
            for claim in portfolio.claims
        },
        Compared.DECISIONS: {
            decision.id: _Thing(
                f"{addresses.get(decision.requirement_id, '')}: {decision.verdict} "
                f"({decision.by}, {day_in_words(decision.decided_at.astimezone())})",
                decision,
            )
            for decision in portfolio.decisions
        },
        Compared.ACTIONS: {action.id: _Thing(_short(action.text), action) for action in portfolio.actions},
        Compared.PEOPLE: {person.id: _Thing(person.name, person) for person in portfolio.people},
        Compared.PUT_ASIDE: {
            (each.rule, each.unit_id, each.requirement_id, each.evidence_id): _Thing(where(each), each.reason)
            for each in portfolio.dismissals
        },
        Compared.VERSIONS: {
            version.id: _Thing(
                _short(f"{refs.get(version.evidence_id, '')} version {version.number} {version.title}"), version
            )
            for version in portfolio.versions
        },
        Compared.HIDDEN: {
            **{term.id: _Thing(_short(f"“{term.text}”"), term) for term in portfolio.redaction.terms},
            **{
                region.id: _Thing(f"a region of {files.get(region.attachment_id, '')}, page {region.page}", region)
                for region in portfolio.redaction.regions
            },
        },
        Compared.REJECTED: {
            each: _Thing(f"{refs.get(each.evidence_id, '')} → {addresses.get(each.requirement_id, '')}", each)
            for each in portfolio.rejected_suggestions
        },
    }


def _details(details: PortfolioDetails) -> dict[Hashable, _Thing]:
    """Return what the front sheet says; what is empty is not there."""
    learner, qualification, declaration = details.learner, details.qualification, details.declaration
    said = {
        "The learner’s name": learner.name,
        "The learner’s number": learner.number,
        "The e-mail address": learner.email,
        "The profile": learner.profile,
        "The qualification": qualification.title,
        "The qualification’s number": qualification.number,
        "The awarding body": qualification.awarding_body,
        "The level": qualification.level,
        "The credits asked for": qualification.least_credits,
        "The groups of units": qualification.groups,
        "The centre": details.centre,
        "The start": details.started_on,
        "The planned end": details.planned_end,
        "The signature of the declaration": (declaration.signed_by, declaration.signed_on)
        if declaration.signed_by
        else None,
        "The answer on the use of AI": declaration.ai_use,
    }
    return {name: _Thing(name, value) for name, value in said.items() if value}


def _short(text: str) -> str:
    return shortened(text, _LONGEST_NAME)
