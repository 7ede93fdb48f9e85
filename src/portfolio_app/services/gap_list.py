"""What is missing and what is worth a look: with its place, put aside and brought back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Dismissal
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.facts import AssessmentFacts, ClaimsByRequirement
from portfolio_app.domain.fixes import Fix
from portfolio_app.domain.gaps import RULES_BY_ID, Gap, find_gaps
from portfolio_app.domain.qualification import find_requirement, find_unit
from portfolio_app.domain.quality_words import BOTH_WAYS
from portfolio_app.domain.text_facts import TextFacts
from portfolio_app.services.references import find_evidence, nearest
from portfolio_app.services.text_input import prose
from portfolio_app.storage.portfolio_file import PortfolioFile

EVIDENCE_PLACE = "evidence"
FEEDBACK_PLACE = "feedback"
GAPS_PLACE = "gaps"
OVERVIEW_PLACE = "overview"
UNITS_PLACE = "units"


class FixPlace(NamedTuple):
    """Where something is mended: a page and the very thing on it. Every part but the page may be empty.

    The page of evidence with a requirement or unit but no item means: evidence is to be added for it.
    """

    page: str
    evidence_id: str = ""
    requirement_id: str = ""
    unit_id: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class PlacedGap:
    """A gap with the references that users know: unit code, requirement's address, evidence reference, or ``None``.

    ``place`` is where to mend it. ``about`` says what the gap names in words, on one line: the requirement's address
    and text, or else the item's reference and title, or the unit's; it is empty for the whole portfolio.
    """

    gap: Gap
    unit: str | None
    requirement: str | None
    evidence: str | None
    place: FixPlace
    about: str = ""

    @property
    def title(self) -> str:
        """The heading of its rule."""
        return RULES_BY_ID[self.gap.rule].title

    @property
    def fix(self) -> Fix:
        """What mends it; the value is the word on the button."""
        return RULES_BY_ID[self.gap.rule].fix


class Grouping(StrEnum):
    """How a list of gaps is divided."""

    UNIT = "unit"
    SEVERITY = "severity"
    RULE = "rule"


class GapGroup(NamedTuple):
    """Gaps under one heading; ``key`` tells the group apart from all others of its grouping."""

    key: str
    heading: str
    gaps: list[PlacedGap]


def gap_list(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    today: date,
    *,
    include_dismissed: bool = False,
    texts: TextFacts | None = None,
) -> list[PlacedGap]:
    """Return what the rules find, in their order; of what the evidence says only with ``texts``."""
    return placed_gaps(facts_now(portfolio), kinds, today, include_dismissed=include_dismissed, texts=texts)


def grouped_gap_list(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    today: date,
    grouping: Grouping,
    *,
    include_dismissed: bool = False,
    texts: TextFacts | None = None,
) -> list[GapGroup]:
    """Return what the rules find under headings: units in their order, severities by weight, rules in theirs.

    Grouped by unit, gaps of evidence that name no unit come after the units, and those of the whole portfolio last.
    """
    facts = facts_now(portfolio)
    titles = {unit.code: f"{unit.code} {unit.title}" for unit in facts.units}
    headings: dict[str, str] = {}
    if grouping is Grouping.UNIT:
        headings = {**titles, "evidence": "Evidence", "": "The whole portfolio"}
    found: dict[str, list[PlacedGap]] = {key: [] for key in headings}
    for placed in placed_gaps(facts, kinds, today, include_dismissed=include_dismissed, texts=texts):
        gap = placed.gap
        if grouping is Grouping.SEVERITY:
            key, heading = gap.severity.value, gap.severity.heading
        elif grouping is Grouping.RULE:
            key, heading = gap.rule, placed.title
        else:
            key = placed.unit or ("evidence" if gap.evidence_id else "")
            heading = headings[key]
        headings[key] = heading
        found.setdefault(key, []).append(placed)
    return [GapGroup(key, headings[key], gaps) for key, gaps in found.items() if gaps]


def facts_now(portfolio: PortfolioFile) -> AssessmentFacts:
    """Return the facts of the portfolio with the files that are on the disk now."""
    sizes = portfolio.files.sizes()
    with portfolio.read() as reader:
        return reader.facts(sizes)


def placed_gaps(
    facts: AssessmentFacts,
    kinds: Mapping[str, EvidenceKind],
    today: date,
    *,
    include_dismissed: bool = False,
    texts: TextFacts | None = None,
) -> list[PlacedGap]:
    """Find the gaps of these facts, in the rules' order, each with its references and its place."""
    codes = {unit.id: unit.code for unit in facts.units}
    addresses = {key: address for unit in facts.units for key, address in unit.addresses().items()}
    numbers = {item.id: item.number for item in facts.evidence}
    about = words_about(facts)
    claims = ClaimsByRequirement.of(facts.claims).groups

    own_words = {item.id for item in facts.evidence if (kind := kinds.get(item.kind)) is not None and kind.own_word}
    leaves = {unit.id: [leaf.id for leaf in unit.leaves()] for unit in facts.units}

    def claimed_first(requirement_id: str | None) -> str:
        """The item to mend it in: the first of those claimed, where a place is given already before others."""
        group = claims.get(requirement_id or "")
        items = (group.placed or group.pointless) if group else []
        return min((key for key in items if key in numbers), key=numbers.__getitem__, default="")

    def first_account(unit_id: str | None) -> str:
        """The learner's first own account among what is claimed for a unit."""
        groups = [group for leaf in leaves.get(unit_id or "", ()) if (group := claims.get(leaf))]
        items = {key for group in groups for key in (*group.placed, *group.pointless)} & own_words
        return min(items, key=numbers.__getitem__, default="")

    def item_of(gap: Gap, fix: Fix) -> str:
        if fix is Fix.TICK_PARTS or (fix is Fix.ADD_TO_TEXT and gap.requirement_id):
            return claimed_first(gap.requirement_id)
        return first_account(gap.unit_id) if fix is Fix.MARK_EXAMPLES else gap.evidence_id or ""

    marked = texts.words.checks[BOTH_WAYS].field if texts and BOTH_WAYS in texts.words.checks else ""
    placed = []
    for gap in find_gaps(facts, kinds, today, include_dismissed=include_dismissed, texts=texts):
        fix = RULES_BY_ID[gap.rule].fix
        evidence_id = item_of(gap, fix)
        number = numbers.get(gap.evidence_id or "")
        placed.append(
            PlacedGap(
                gap,
                codes.get(gap.unit_id or ""),
                addresses.get(gap.requirement_id or ""),
                f"E{number}" if number else None,
                FixPlace(
                    _PAGES.get(fix, EVIDENCE_PLACE),
                    evidence_id,
                    gap.requirement_id or "",
                    gap.unit_id or "",
                    marked if fix is Fix.MARK_EXAMPLES and marked else fix.part,
                ),
                str(about.get(gap.requirement_id or gap.evidence_id or gap.unit_id or "", "")),
            )
        )
    return placed


class InWords(NamedTuple):
    """What a reference stands for, on one line: the text of a requirement, the title of an item or a unit."""

    reference: str
    words: str

    def __str__(self) -> str:
        return f"{self.reference}  {self.words}" if self.words else ""


def words_about(facts: AssessmentFacts) -> dict[str, InWords]:
    """Return by its id what each unit, requirement and item is in words."""
    about = {item.id: InWords(f"E{item.number}", " ".join(item.title.split())) for item in facts.evidence}
    for unit in facts.units:
        about[unit.id] = InWords(unit.code, unit.title)
        addresses = unit.addresses()
        for _, requirement in unit.walk():
            about[requirement.id] = InWords(addresses[requirement.id], " ".join(requirement.short_text.split()))
    return about


_PAGES = {
    Fix.SEE_DECISION: FEEDBACK_PLACE,
    Fix.SIGN_DECLARATION: OVERVIEW_PLACE,
    Fix.CHOOSE_UNITS: UNITS_PLACE,
    Fix.COMPARE: GAPS_PLACE,
}


def put_aside(portfolio: PortfolioFile, gaps: Sequence[Gap], reason: str) -> tuple[list[Dismissal], Changes]:
    """Put gaps aside for one reason, as one step. One that was put aside before gets the new reason.

    Raises:
        InvalidInput: there is no reason, or no gap.
    """
    reason = _reason(reason)
    if not gaps:
        raise InvalidInput("Choose what is to be put aside.")
    dismissals = [_dismissal(gap, reason) for gap in gaps]
    with portfolio.edit(f"Put aside {_named(gaps)}") as editor:
        for dismissal in dismissals:
            editor.put_dismissal(dismissal)
        return dismissals, editor.changes


def bring_back(portfolio: PortfolioFile, gaps: Sequence[Gap]) -> tuple[int, Changes]:
    """Let gaps count again that were put aside, as one step, and return how many.

    Raises:
        UnknownReference: one of them is not put aside.
    """
    with portfolio.edit(f"Bring {_named(gaps)} back") as editor:
        for gap in gaps:
            editor.remove_dismissal(_dismissal(gap, ""))
        return len(gaps), editor.changes


def dismiss_gap(
    portfolio: PortfolioFile,
    kinds: Mapping[str, EvidenceKind],
    today: date,
    rule: str,
    reason: str,
    *,
    address: str | None = None,
    evidence_ref: str | None = None,
    texts: TextFacts | None = None,
) -> tuple[Sequence[PlacedGap], Changes]:
    """Put aside what a rule finds about a unit, a requirement or an item (or everywhere), and say why.

    Raises:
        UnknownReference: there is no such rule, unit, requirement or item.
        InvalidInput: there is no reason, or the rule finds nothing there.
    """
    if rule not in RULES_BY_ID:
        raise UnknownReference(f"There is no rule “{rule}”{nearest(rule, RULES_BY_ID)}; “gaps” names them.")
    reason = _reason(reason)
    unit_id = requirement_id = evidence_id = None
    with portfolio.read() as reader:
        if address and "/" in address:
            requirement_id = find_requirement(reader.units(), address)[1].id
        elif address:
            unit_id = find_unit(reader.units(), address).id
        if evidence_ref:
            evidence_id = find_evidence(reader, evidence_ref).id
    found = [
        placed
        for placed in gap_list(portfolio, kinds, today, texts=texts)
        if placed.gap.rule == rule
        and unit_id in (None, placed.gap.unit_id)
        and requirement_id in (None, placed.gap.requirement_id)
        and evidence_id in (None, placed.gap.evidence_id)
    ]
    if not found:
        raise InvalidInput(f"“{rule}” finds nothing there, so there is nothing to put aside.")
    _, changes = put_aside(portfolio, [placed.gap for placed in found], reason)
    return found, changes


def _reason(text: str) -> str:
    reason = prose(text, "The reason").strip()
    if not reason:
        raise InvalidInput("Say why it can be put aside.")
    return reason


def _dismissal(gap: Gap, reason: str) -> Dismissal:
    return Dismissal(gap.rule, gap.unit_id, gap.requirement_id, gap.evidence_id, reason)


def _named(gaps: Sequence[Gap]) -> str:
    rules = {gap.rule for gap in gaps}
    title = f"“{RULES_BY_ID[gaps[0].rule].title}”" if len(rules) == 1 else "remarks"
    return title if len(gaps) == 1 else f"{len(gaps):,} × {title}" if len(rules) == 1 else f"{len(gaps):,} {title}"
