"""What is still missing or worth a look: one table of rules over a portfolio's facts.

A gap is only what can be shown from structure and counts. What was looked for in text and not found is worth a look at
most. Nothing is ever called "not met": that is the assessor's word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import repeat
from typing import NamedTuple

from portfolio_app.domain import (
    evidence_rules,
    qualification_rules,
    quality_words,
    requirement_rules,
    text_rules,
)
from portfolio_app.domain.collector import collector_paused
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.facts import AssessmentFacts
from portfolio_app.domain.fixes import Fix
from portfolio_app.domain.gap_facts import Finding, GapFacts
from portfolio_app.domain.text_facts import TextFacts


class Severity(StrEnum):
    """How much weight a finding has, most first: something is missing, worth a look, or good to know."""

    GAP = "gap"
    NUDGE = "nudge"
    INFO = "info"

    @property
    def heading(self) -> str:
        """What stands over a list of them."""
        return _SEVERITY_HEADINGS[self]


_SEVERITY_HEADINGS = {
    Severity.GAP: "Missing",
    Severity.NUDGE: "Worth a look",
    Severity.INFO: "Good to know",
}


class Gap(NamedTuple):
    """One finding of one rule.

    ``message`` is one sentence that names the thing and says what to do; the ids say where to do it.
    ``guidance`` is the principle that the rule comes from. ``dismissed_reason`` is the learner's reason for
    putting it aside, ``None`` while it stands.
    """

    rule: str
    severity: Severity
    message: str
    unit_id: str | None
    requirement_id: str | None
    evidence_id: str | None
    guidance: str
    dismissed_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name for good, its weight, the principle behind it, and the function that finds.

    ``title`` is the heading over what it finds, ``fix`` what mends each.
    """

    id: str
    severity: Severity
    title: str
    fix: Fix
    guidance: str
    find: Callable[[GapFacts], Iterator[Finding]]


_EVERY_REQUIREMENT = "A unit is achieved only when every requirement is met"
_SUFFICIENT = "Evidence must be sufficient"
_AUTHENTIC = "Evidence must be authentic"
_CURRENT = "Evidence must be current"
_RELIABLE = "Evidence must be reliable"
_VALID = "Evidence must be valid: the assessor must be able to see what proves what"
_UNIT_SAYS = "The unit's assessment requirements"
_QUALIFICATION_SAYS = "The qualification's structure"
_MEASURABLE = "A plan shows by figures and dates whether it was kept"
_LASTING = "A problem is solved when a later check shows that it stayed away"
_BOTH_WAYS = "The unit's guidance asks for both kinds of example"
_NAMED = "The requirement asks for it by name"
_OWN_SAKE = "Each item should prove something of its own"

RULES: tuple[Rule, ...] = (
    Rule(
        "no-claim",
        Severity.GAP,
        "Nothing claimed yet",
        Fix.ADD_EVIDENCE,
        _EVERY_REQUIREMENT,
        requirement_rules.no_claim,
    ),
    Rule(
        "component-not-ticked",
        Severity.GAP,
        "Parts not ticked",
        Fix.TICK_PARTS,
        _EVERY_REQUIREMENT,
        requirement_rules.component_not_ticked,
    ),
    Rule(
        "decision-unanswered",
        Severity.GAP,
        "The assessor asked for more",
        Fix.SEE_DECISION,
        "The assessor's decision",
        requirement_rules.decision_unanswered,
    ),
    Rule(
        "claim-without-place",
        Severity.GAP,
        "Claims that do not say where to look",
        Fix.OPEN_CLAIM,
        _VALID,
        requirement_rules.claim_without_place,
    ),
    Rule(
        "too-few-pieces",
        Severity.GAP,
        "Fewer pieces than the unit asks for",
        Fix.ADD_EVIDENCE,
        _UNIT_SAYS,
        requirement_rules.too_few_pieces,
    ),
    Rule(
        "own-word-only",
        Severity.GAP,
        "Only the learner’s own word",
        Fix.ADD_EVIDENCE,
        _AUTHENTIC,
        requirement_rules.own_word_only,
    ),
    Rule(
        "required-method-not-used",
        Severity.GAP,
        "A required method is not used",
        Fix.ADD_EVIDENCE,
        _UNIT_SAYS,
        requirement_rules.required_method_not_used,
    ),
    Rule(
        "groups-not-filled",
        Severity.GAP,
        "Groups of units not filled",
        Fix.CHOOSE_UNITS,
        _QUALIFICATION_SAYS,
        qualification_rules.groups_not_filled,
    ),
    Rule(
        "simulation-not-allowed",
        Severity.GAP,
        "Simulated evidence where none is allowed",
        Fix.CHECK_SIMULATION,
        _UNIT_SAYS,
        evidence_rules.simulation_not_allowed,
    ),
    Rule("empty-evidence", Severity.GAP, "Empty evidence", Fix.WRITE, _VALID, evidence_rules.empty_evidence),
    Rule(
        "attachment-missing",
        Severity.GAP,
        "Attached files that are missing",
        Fix.ATTACH_AGAIN,
        _RELIABLE,
        evidence_rules.attachment_missing,
    ),
    Rule(
        "attachment-changed",
        Severity.GAP,
        "Attached files that have changed",
        Fix.ATTACH_AGAIN,
        _RELIABLE,
        evidence_rules.attachment_changed,
    ),
    Rule("no-witness", Severity.GAP, "No witness named", Fix.NAME_WITNESS, _AUTHENTIC, evidence_rules.no_witness),
    Rule(
        "witness-incomplete",
        Severity.GAP,
        "Witnesses not complete, or not signed",
        Fix.COMPLETE_WITNESS,
        _AUTHENTIC,
        evidence_rules.witness_incomplete,
    ),
    Rule(
        "standing-incomplete",
        Severity.GAP,
        "Evidence elsewhere that does not say where",
        Fix.SAY_WHERE,
        _AUTHENTIC,
        evidence_rules.standing_incomplete,
    ),
    Rule(
        "evidence-without-date",
        Severity.GAP,
        "Evidence without a date",
        Fix.GIVE_DATE,
        _CURRENT,
        evidence_rules.evidence_without_date,
    ),
    Rule(
        "declaration-unsigned",
        Severity.GAP,
        "The declaration is not signed",
        Fix.SIGN_DECLARATION,
        _AUTHENTIC,
        evidence_rules.declaration_unsigned,
    ),
    Rule(
        "one-item-only",
        Severity.NUDGE,
        "Hanging on one item",
        Fix.ADD_EVIDENCE,
        _SUFFICIENT,
        requirement_rules.one_item_only,
    ),
    Rule(
        "one-kind-only",
        Severity.NUDGE,
        "Evidence of one kind only",
        Fix.ADD_EVIDENCE,
        _RELIABLE,
        requirement_rules.one_kind_only,
    ),
    Rule(
        quality_words.DATA,
        Severity.NUDGE,
        "Figures or opinions only",
        Fix.TICK_PARTS,
        _SUFFICIENT,
        text_rules.one_sort_of_data,
    ),
    Rule(
        quality_words.PLAN,
        Severity.NUDGE,
        "Plans without a figure or a date",
        Fix.ADD_TO_TEXT,
        _MEASURABLE,
        text_rules.plan_without_figures,
    ),
    Rule(
        quality_words.ACCOUNT,
        Severity.NUDGE,
        "Accounts that say “we”",
        Fix.ADD_TO_TEXT,
        _AUTHENTIC,
        text_rules.account_says_we,
    ),
    Rule(
        quality_words.PROBLEM,
        Severity.NUDGE,
        "Problems without a later check",
        Fix.ADD_TO_TEXT,
        _LASTING,
        text_rules.problem_without_check,
    ),
    Rule(
        quality_words.BOTH_WAYS,
        Severity.NUDGE,
        "Prevented or answered only",
        Fix.MARK_EXAMPLES,
        _BOTH_WAYS,
        text_rules.proactive_and_reactive,
    ),
    Rule(
        quality_words.THEORY,
        Severity.NUDGE,
        "No theory or model named",
        Fix.ADD_TO_TEXT,
        _NAMED,
        text_rules.theory_not_named,
    ),
    Rule(
        quality_words.LAW,
        Severity.NUDGE,
        "No law or regulation named",
        Fix.ADD_TO_TEXT,
        _NAMED,
        text_rules.law_not_named,
    ),
    Rule(
        "older-than-currency",
        Severity.NUDGE,
        "Older than the unit takes as current",
        Fix.CHECK_DATE,
        _CURRENT,
        evidence_rules.older_than_currency,
    ),
    Rule(
        "evidence-not-claimed",
        Severity.NUDGE,
        "Evidence that is not claimed for anything",
        Fix.CLAIM,
        _VALID,
        evidence_rules.evidence_not_claimed,
    ),
    Rule(
        "one-item-for-most",
        Severity.INFO,
        "One item for most of a unit",
        Fix.REVIEW_CLAIMS,
        _SUFFICIENT,
        evidence_rules.one_item_for_most,
    ),
    Rule(
        quality_words.ALIKE,
        Severity.INFO,
        "The same passage in two items",
        Fix.COMPARE,
        _OWN_SAKE,
        text_rules.alike_passages,
    ),
)

RULES_BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}


def find_gaps(
    facts: AssessmentFacts,
    kinds: Mapping[str, EvidenceKind],
    today: date,
    *,
    include_dismissed: bool = True,
    texts: TextFacts | None = None,
) -> list[Gap]:
    """Apply every rule. The order is fixed: the rules' own, then the portfolio's (units, requirements, items).

    What the assessor decided is met has no gaps of its own; its evidence still may. Dismissed findings carry
    the learner's reason, or are left out. Without ``texts`` nothing is said of what the evidence says. Linear in
    claims, items and requirements.
    """
    reasons = {
        (dismissal.rule, dismissal.unit_id, dismissal.requirement_id, dismissal.evidence_id): dismissal.reason
        for dismissal in facts.dismissals
    }
    gaps: list[Gap] = []
    with collector_paused():
        known = GapFacts.gather(facts, kinds, today, texts)
        for rule in RULES:
            gaps += _gaps(rule, rule.find(known), reasons)
    return gaps if include_dismissed else [gap for gap in gaps if gap.dismissed_reason is None]


def _gaps(
    rule: Rule, findings: Iterable[Finding], reasons: Mapping[tuple[str, str | None, str | None, str | None], str]
) -> Iterator[Gap]:
    name, severity, guidance = rule.id, rule.severity, rule.guidance
    if not reasons:
        # Thousands of findings are the usual case here; this makes them in a third of the time.
        made = (
            (name, severity, message, unit_id, requirement_id, evidence_id, guidance, None)
            for message, unit_id, requirement_id, evidence_id in findings
        )
        return map(tuple.__new__, repeat(Gap), made)
    return (Gap(name, severity, *finding, guidance, reasons.get((name, *finding[1:]))) for finding in findings)
