"""Gap rules about evidence items, and about the portfolio as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import chain

from portfolio_app.domain.evidence import StandingKind
from portfolio_app.domain.facts import AttachmentFact, EvidenceFact
from portfolio_app.domain.gap_facts import Finding, GapFacts, joined
from portfolio_app.domain.qualification import Unit

_MOST = 0.6
_LARGE_UNIT = 6
_REST_OF_DATE = {len("2026"): "-12-31", len("2026-03"): "-31"}


def simulation_not_allowed(known: GapFacts) -> Iterator[Finding]:
    """A simulated item is claimed for a unit that forbids simulation."""
    simulated = [item for item in known.facts.evidence if item.simulated]
    for unit in known.facts.units:
        if unit.rules.simulation_allowed:
            continue
        claimed = known.claimed[unit.id]
        for item in simulated:
            if item.id in claimed:
                message = (
                    f"E{item.number} is simulated and {unit.code} does not allow simulation: "
                    "use evidence from real work there."
                )
                yield message, unit.id, None, item.id


def empty_evidence(known: GapFacts) -> Iterator[Finding]:
    """An item said to be in the portfolio has no file, no text and no filled field."""
    stored = StandingKind.ATTACHED.value
    attached = {attachment.evidence_id for attachment in known.facts.attachments}
    for item in known.facts.evidence:
        if not item.has_content and item.standing == stored and item.id not in attached:
            yield _on(item, f"E{item.number} is empty: attach its file, write it, or say where it is held.")


def attachment_missing(known: GapFacts) -> Iterator[Finding]:
    """A file that belongs to an item is not in the portfolio's folder."""
    sizes = known.facts.file_sizes
    missing = [attachment for attachment in known.facts.attachments if attachment.sha256 not in sizes]
    yield from _about_attachments(
        known, missing, "missing from the portfolio's folder: attach it again or restore it from a copy."
    )


def attachment_changed(known: GapFacts) -> Iterator[Finding]:
    """A file's size is not what it was when it was attached."""
    size_of = known.facts.file_sizes.get
    changed = [
        attachment
        for attachment in known.facts.attachments
        if size_of(attachment.sha256, attachment.size) != attachment.size
    ]
    yield from _about_attachments(known, changed, "not as it was when attached: attach the right file again.")


def no_witness(known: GapFacts) -> Iterator[Finding]:
    """An item of a kind that needs a witness names nobody."""
    witnessed = {kind.id: kind.title for kind in known.kinds.values() if kind.witnessed}
    for item in known.facts.evidence:
        if item.kind in witnessed and item.id not in known.witnesses:
            yield _on(
                item,
                f"E{item.number} ({witnessed[item.kind].lower()}) names nobody who can confirm it: "
                "add the person, with name, role, relation to the learner and signature.",
            )


def witness_incomplete(known: GapFacts) -> Iterator[Finding]:
    """A witness or observer lacks a name, a role, a relation to the learner or a dated signature."""
    if not known.witnesses:
        return
    lack_of = cache(_lack)  # the same few people sign for thousands of items
    for item in known.facts.evidence:
        people = known.witnesses.get(item.id)
        if people is None:
            continue
        lacks = [
            lack for person in people if (lack := lack_of(person.name, person.role, person.relation, person.signed_on))
        ]
        if lacks:
            yield _on(item, f"On E{item.number} {'; '.join(lacks)}: complete it, or ask them to sign and date it.")


def standing_incomplete(known: GapFacts) -> Iterator[Finding]:
    """An item that is elsewhere does not say where, or has no assessor's confirmation."""
    attached, linked, seen = StandingKind.ATTACHED.value, StandingKind.LINKED.value, StandingKind.SEEN.value
    for item in known.facts.evidence:
        standing = item.standing
        if standing == attached:
            continue
        missing = []
        if standing != seen and not item.location.strip():
            missing.append("its address" if standing == linked else "the place")
        if standing != linked and not item.confirmed_by.strip():
            missing.append("the name of the assessor who saw it")
        if missing:
            yield _on(item, f"E{item.number} is {standing}: give {joined(missing)}.")


def evidence_without_date(known: GapFacts) -> Iterator[Finding]:
    """An item does not say when it was made."""
    for item in known.facts.evidence:
        if not item.date:
            yield _on(item, f"E{item.number} has no date: say when it was done.")


def declaration_unsigned(known: GapFacts) -> Iterator[Finding]:
    """The learner has not signed the declaration of authenticity."""
    declaration = known.facts.declaration
    if not declaration.signed_by.strip() or declaration.signed_on is None:
        yield "The declaration that this is the learner's own work is unsigned: sign and date it.", None, None, None


def older_than_currency(known: GapFacts) -> Iterator[Finding]:
    """An item is older than a unit it is claimed for allows; the strictest unit is named."""
    limits: list[tuple[str, Unit]] = sorted(
        (
            (_years_before(known.today, unit.rules.currency_years).isoformat(), unit)
            for unit in known.facts.units
            if unit.rules.currency_years is not None
        ),
        key=lambda limit: limit[0],
        reverse=True,
    )
    if not limits:
        return
    newest_limit = limits[0][0]
    # A start before the limit is needed for an end before it: most items need no closer look.
    perhaps = {item.id: _last_day(item.date) for item in known.facts.evidence if "" < item.date < newest_limit}
    old = {evidence_id: day for evidence_id, day in perhaps.items() if day < newest_limit}
    strictest: dict[str, tuple[str, str]] = {}
    for limit, unit in limits:
        years = unit.rules.currency_years
        sentence = (
            f"is older than the {years} {'year' if years == 1 else 'years'} that {unit.code} takes as current: "
            "add something newer, or show that it still holds."
        )
        for evidence_id in known.claimed[unit.id].keys() & old.keys():
            if old[evidence_id] < limit:
                del old[evidence_id]
                strictest[evidence_id] = unit.id, sentence
    for item in known.in_order(strictest):
        unit_id, sentence = strictest[item.id]
        yield f"E{item.number} {sentence}", unit_id, None, item.id


def evidence_not_claimed(known: GapFacts) -> Iterator[Finding]:
    """An item is claimed for nothing."""
    used = known.used
    for item in known.facts.evidence:
        if item.id not in used:
            yield _on(item, f"E{item.number} is not claimed for anything yet: say what it proves.")


def one_item_for_most(known: GapFacts) -> Iterator[Finding]:
    """One item carries more than 60 % of a unit of six or more requirements."""
    for unit in known.facts.units:
        leaves = known.leaves[unit.id]
        total = len(leaves)
        if total < _LARGE_UNIT:
            continue
        counts = known.claimed[unit.id]
        if max(counts.values(), default=0) <= _MOST * total:
            continue
        most = [evidence_id for evidence_id, count in counts.items() if count > _MOST * total]
        without_place = Counter(chain.from_iterable(leaf.pointless for leaf in leaves))
        for item in known.in_order(most):
            bare = without_place[item.id]
            count = counts[item.id]
            without = f"{bare} of them without a quotation or place" if bare else "each with a quotation or place"
            message = (
                f"E{item.number} is claimed for {count:,} of the {total:,} requirements of {unit.code}, {without}: "
                "check that each claim holds by itself."
            )
            yield message, unit.id, None, item.id


def _on(item: EvidenceFact, message: str) -> Finding:
    return message, None, None, item.id


def _about_attachments(known: GapFacts, attachments: list[AttachmentFact], what: str) -> Iterator[Finding]:
    names: dict[str, list[str]] = {}
    for attachment in attachments:
        if attachment.evidence_id in known.items:
            names.setdefault(attachment.evidence_id, []).append(f"“{attachment.name}”")
    for item in known.in_order(names):
        files = names[item.id]
        yield _on(item, f"{joined(files)} of E{item.number} {'is' if len(files) == 1 else 'are'} {what}")


def _lack(name: str, role: str, relation: str, signed_on: str) -> str:
    missing = [
        word
        for word, value in (
            ("no name", name),
            ("no role", role),
            ("no relation to the learner", relation),
            ("no dated signature", signed_on),
        )
        if not value.strip()
    ]
    return f"{name.strip() or 'a witness'} has {joined(missing)}" if missing else ""


def _last_day(period: str) -> str:
    """Give the last day of a stored date or interval as text that sorts as dates do.

    Every month ends on a 31st here: later than its last day and before the next month, which is all that
    a comparison needs, and quick.
    """
    last = period[period.find("/") + 1 :]
    return last + _REST_OF_DATE.get(len(last), "")


def _years_before(today: date, years: int) -> date:
    year = max(today.year - years, 1)
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return date(year, today.month, day)
