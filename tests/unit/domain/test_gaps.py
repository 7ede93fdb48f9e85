from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment_facts import KINDS, TODAY, decision, item, large_facts, sound_facts

from portfolio_app.domain.claims import Dismissal, Verdict
from portfolio_app.domain.coverage import coverage
from portfolio_app.domain.facts import AssessmentFacts, AttachmentFact, ClaimFact, InvolvementFact
from portfolio_app.domain.gaps import RULES, Gap, Severity, find_gaps
from portfolio_app.domain.portfolio import Declaration
from portfolio_app.domain.qualification import (
    CRITERION,
    AssessmentMethod,
    Component,
    Requirement,
    Unit,
    UnitRules,
)

T = TypeVar("T")


def found(facts: AssessmentFacts) -> list[Gap]:
    return find_gaps(facts, KINDS, TODAY)


def only(facts: AssessmentFacts) -> Gap:
    """Return the one gap of these facts."""
    gaps = found(facts)
    assert len(gaps) == 1, [gap.message for gap in gaps]
    return gaps[0]


def place(gap: Gap) -> tuple[str | None, str | None, str | None]:
    return gap.unit_id, gap.requirement_id, gap.evidence_id


def with_item(number: int, **changes: object) -> AssessmentFacts:
    facts = sound_facts()
    evidence = tuple(fact._replace(**changes) if fact.number == number else fact for fact in facts.evidence)  # type: ignore[arg-type]
    return replace(facts, evidence=evidence)


def with_rules(**rules: object) -> AssessmentFacts:
    facts = sound_facts()
    return replace(facts, units=(replace(facts.units[0], rules=UnitRules(**rules)),))  # type: ignore[arg-type]


def test_a_sound_portfolio_has_no_gaps() -> None:
    assert found(sound_facts()) == []


def test_no_claim() -> None:
    facts = sound_facts()
    facts = replace(facts, claims=tuple(facts.claims)[:2], evidence=facts.evidence[:3:2])
    facts = replace(facts, involvements=())
    gap = only(facts)
    assert (gap.rule, gap.severity, place(gap)) == ("no-claim", Severity.GAP, ("unit", "manage", None))
    assert gap.message.startswith("Nothing is claimed for U1/1.2 yet:")


def test_a_component_nobody_ticked_is_named() -> None:
    gap = only(replace(sound_facts(), ticked=frozenset({"c1"})))
    assert (gap.rule, place(gap)) == ("component-not-ticked", ("unit", "explain", None))
    assert "U1/1.1" in gap.message
    assert "“how”" in gap.message
    assert "“why”" not in gap.message


def test_all_open_components_of_a_requirement_are_one_gap() -> None:
    gap = only(replace(sound_facts(), ticked=frozenset()))
    assert "“why” or “how”" in gap.message


def test_components_wait_until_something_is_claimed() -> None:
    facts = sound_facts()
    facts = replace(facts, claims=tuple(facts.claims)[2:], ticked=frozenset(), evidence=facts.evidence[1::2])
    assert [gap.rule for gap in found(replace(facts, attachments=()))] == ["no-claim"]


def test_each_claim_that_shows_no_place_is_named() -> None:
    facts = sound_facts()
    claims = tuple(claim._replace(has_place=0) if claim.requirement_id == "manage" else claim for claim in facts.claims)
    gaps = found(replace(facts, claims=tuple(reversed(claims))))
    assert [gap.rule for gap in gaps] == ["claim-without-place"] * 2
    assert [place(gap) for gap in gaps] == [("unit", "manage", "e2"), ("unit", "manage", "e4")]
    assert "E2 for U1/1.2" in gaps[0].message


def test_a_witnessed_kind_without_a_witness() -> None:
    gap = only(replace(sound_facts(), involvements=()))
    assert (gap.rule, place(gap)) == ("no-witness", (None, None, "e2"))
    assert gap.message.startswith("E2 (witness testimony) names nobody")


@pytest.mark.parametrize("part", ["author", "participant"])
def test_an_author_is_no_witness(part: str) -> None:
    facts = sound_facts()
    gap = only(replace(facts, involvements=(facts.involvements[0]._replace(part=part),)))
    assert gap.rule == "no-witness"


@pytest.mark.parametrize("part", ["witness", "observer"])
@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("role", "Jo Bell has no role:"),
        ("relation", "Jo Bell has no relation to the learner:"),
        ("signed_on", "Jo Bell has no dated signature:"),
        ("name", "a witness has no name:"),
    ],
)
def test_what_a_witness_lacks_is_said(part: str, field: str, words: str) -> None:
    facts = sound_facts()
    lacking = facts.involvements[0]._replace(part=part)._replace(**{field: " "})
    gap = only(replace(facts, involvements=(lacking,)))
    assert (gap.rule, place(gap)) == ("witness-incomplete", (None, None, "e2"))
    assert words in gap.message


def test_several_witnesses_of_an_item_are_one_gap() -> None:
    facts = sound_facts()
    second = InvolvementFact("e2", "witness", "Al Cole", "", "", "2026-03-12")
    unsigned = facts.involvements[0]._replace(signed_on="")
    gap = only(replace(facts, involvements=(unsigned, second)))
    assert "Jo Bell has no dated signature; Al Cole has no role and no relation to the learner:" in gap.message


def test_a_witness_of_any_kind_of_item_is_checked() -> None:
    facts = sound_facts()
    gap = only(replace(facts, involvements=(*facts.involvements, InvolvementFact("e3", "witness", "Al", "", "x", "y"))))
    assert (gap.rule, gap.evidence_id) == ("witness-incomplete", "e3")


def test_evidence_without_a_date() -> None:
    gap = only(with_item(3, date=""))
    assert (gap.rule, gap.message) == ("evidence-without-date", "E3 has no date: say when it was done.")


def test_an_attachment_that_is_gone() -> None:
    gap = only(replace(sound_facts(), file_sizes={}))
    assert (gap.rule, place(gap)) == ("attachment-missing", (None, None, "e3"))
    assert "“rota.xlsx” of E3 is missing" in gap.message


def test_an_attachment_of_another_size() -> None:
    facts = sound_facts()
    gap = only(replace(facts, file_sizes={"ab" * 32: 1199}))
    assert gap.rule == "attachment-changed"


def test_several_missing_files_of_an_item_are_one_gap() -> None:
    facts = sound_facts()
    second = AttachmentFact("e3", "notes.txt", "cd" * 32, 5)
    gap = only(replace(facts, attachments=(*facts.attachments, second), file_sizes={}))
    assert gap.message.startswith("“rota.xlsx” and “notes.txt” of E3 are missing")


def test_an_item_with_nothing_in_it() -> None:
    assert found(with_item(3, has_content=0)) == []  # it has a file
    gap = only(with_item(4, has_content=0))
    assert (gap.rule, gap.evidence_id) == ("empty-evidence", "e4")


@pytest.mark.parametrize(
    ("standing", "location", "confirmed_by", "words"),
    [
        ("held at a location", "", "Dana Price", "give the place."),
        ("held at a location", "Office safe", "", "give the name of the assessor who saw it."),
        ("held at a location", "", "", "give the place and the name of the assessor who saw it."),
        ("seen by the assessor", "", "", "give the name of the assessor who saw it."),
        ("linked", " ", "", "give its address."),
    ],
)
def test_evidence_that_is_elsewhere(standing: str, location: str, confirmed_by: str, words: str) -> None:
    facts = with_item(4, standing=standing, location=location, confirmed_by=confirmed_by, has_content=0)
    gap = only(facts)
    assert (gap.rule, gap.evidence_id) == ("standing-incomplete", "e4")
    assert gap.message == f"E4 is {standing}: {words}"


@pytest.mark.parametrize(
    ("standing", "location", "confirmed_by"),
    [
        ("held at a location", "Office safe", "Dana Price"),
        ("seen by the assessor", "", "Dana Price"),
        ("linked", "https://example.org/minutes", ""),
    ],
)
def test_evidence_elsewhere_with_what_it_takes(standing: str, location: str, confirmed_by: str) -> None:
    assert found(with_item(4, standing=standing, location=location, confirmed_by=confirmed_by)) == []


def test_a_required_method_that_is_not_used() -> None:
    used, unused = AssessmentMethod.PRODUCT, (AssessmentMethod.OBSERVATION, AssessmentMethod.QUESTIONING)
    gap = only(with_rules(required_methods=(used, *unused)))
    assert (gap.rule, place(gap)) == ("required-method-not-used", ("unit", None, None))
    assert gap.message.startswith("U1 must be assessed by observation and questioning ")


def test_a_required_method_by_an_items_own_method() -> None:
    facts = with_item(3, method="observation")
    rules = UnitRules(required_methods=(AssessmentMethod.OBSERVATION,))
    assert found(replace(facts, units=(replace(facts.units[0], rules=rules),))) == []


def test_a_method_of_another_unit_does_not_count() -> None:
    facts = with_rules(required_methods=(AssessmentMethod.PRODUCT,))
    other = Unit("other", "U2", "Other", requirements=(Requirement("x", "1", CRITERION, "Explain it"),))
    claims = (*(claim for claim in facts.claims if claim.evidence_id != "e3"), ClaimFact("e3", "x", 1))
    rules = {gap.rule for gap in found(replace(facts, units=(*facts.units, other), claims=claims))}
    assert "required-method-not-used" in rules


def test_simulation_where_the_unit_forbids_it() -> None:
    facts = with_item(3, simulated=1)
    assert found(facts) == []
    strict = replace(facts.units[0], rules=UnitRules(simulation_allowed=False))
    gap = only(replace(facts, units=(strict,)))
    assert (gap.rule, place(gap)) == ("simulation-not-allowed", ("unit", None, "e3"))


def own_word_facts() -> AssessmentFacts:
    facts = sound_facts()
    return replace(
        facts,
        claims=(
            *tuple(facts.claims)[:2],
            ClaimFact("e1", "manage", 1),
            ClaimFact("e4", "manage", 1),
            ClaimFact("e2", "explain", 1),
        ),
    )


def test_only_the_learners_own_word_on_something_done() -> None:
    gaps = {gap.rule: gap for gap in found(own_word_facts())}
    assert set(gaps) == {"own-word-only", "one-kind-only"}
    gap = gaps["own-word-only"]
    assert place(gap) == ("unit", "manage", None)
    assert "E1 and E4 are only the learner's own word" in gap.message


def test_the_learners_own_word_is_enough_for_knowledge() -> None:
    facts = own_word_facts()
    outcome = facts.units[0].requirements[0]
    explain_too = replace(outcome.children[1], text="Explain how operations are managed")
    unit = replace(facts.units[0], requirements=(replace(outcome, children=(outcome.children[0], explain_too)),))
    assert {gap.rule for gap in found(replace(facts, units=(unit,)))} == {"one-kind-only"}


def test_a_signed_witness_bears_the_learners_word_out() -> None:
    facts = own_word_facts()
    witness = facts.involvements[0]._replace(evidence_id="e4")
    rules = {gap.rule for gap in found(replace(facts, involvements=(*facts.involvements, witness)))}
    assert rules == {"one-kind-only"}


def test_fewer_pieces_than_the_unit_asks_for() -> None:
    gaps = found(with_rules(pieces_per_requirement=3))
    assert [gap.rule for gap in gaps] == ["too-few-pieces"] * 2
    assert "U1/1.1 has 2 of the 3 pieces" in gaps[0].message
    assert found(with_rules(pieces_per_requirement=2)) == []


@pytest.mark.parametrize("verdict", [Verdict.NOT_YET_MET, Verdict.MORE_NEEDED])
def test_a_decision_that_nothing_answers(verdict: Verdict) -> None:
    facts = replace(sound_facts(), decisions={"manage": decision("manage", verdict)})
    gap = only(facts)
    assert (gap.rule, place(gap)) == ("decision-unanswered", ("unit", "manage", None))
    assert gap.message.startswith(f"Dana Price decided “{verdict}” on U1/1.2 on 1 May 2026")


@pytest.mark.parametrize(
    "answered",
    [
        lambda facts: replace(facts, newest_claim={"manage": "2026-05-02T08:00:00+00:00"}),
        lambda facts: replace(facts, newest_claim={"manage": "2026-05-01T12:00:00.5Z"}),
        lambda facts: replace(facts, newest_claim={"manage": "2026-05-01T12:00:01"}),
        lambda facts: replace(
            facts, evidence=(*facts.evidence[:3], item(4, "account", revised_at="2026-05-02T08:00:00+00:00"))
        ),
    ],
)
def test_a_newer_claim_or_version_answers_a_decision(answered: Callable[[AssessmentFacts], AssessmentFacts]) -> None:
    facts = replace(sound_facts(), decisions={"manage": decision("manage", Verdict.NOT_YET_MET)})
    assert found(answered(facts)) == []


def test_a_new_version_of_other_evidence_answers_nothing() -> None:
    facts = with_item(1, revised_at="2026-06-02T08:00:00+00:00")
    facts = replace(facts, decisions={"manage": decision("manage", Verdict.NOT_YET_MET)})
    assert only(facts).rule == "decision-unanswered"


@pytest.mark.parametrize("declaration", [Declaration(), Declaration("Sam"), Declaration("", date(2026, 4, 1))])
def test_an_unsigned_declaration(declaration: Declaration) -> None:
    gap = only(replace(sound_facts(), declaration=declaration))
    assert (gap.rule, place(gap)) == ("declaration-unsigned", (None, None, None))


def test_what_is_decided_met_has_no_gaps_of_its_own() -> None:
    facts = replace(
        sound_facts(),
        claims=(ClaimFact("e1", "explain", 0),),
        ticked=frozenset(),
        evidence=(item(1, "account"),),
        involvements=(),
        attachments=(),
        decisions={"explain": decision("explain", Verdict.MET), "manage": decision("manage", Verdict.MET)},
    )
    assert found(facts) == []


def test_a_former_requirement_has_no_gaps_of_its_own_and_its_evidence_is_claimed() -> None:
    facts = sound_facts()
    (unit,) = facts.units
    former = Requirement("former", "1.3 (former)", CRITERION, "Keep a diary", components=(Component("c9", "daily"),))
    kept = replace(unit, requirements=(*unit.requirements, former))
    facts = replace(
        facts,
        units=(kept,),
        evidence=(*facts.evidence, item(5)),
        claims=(*facts.claims, ClaimFact("e5", "former", 0)),
        decisions={"former": decision("former", Verdict.NOT_YET_MET)},
    )
    assert found(facts) == []


def test_hanging_on_one_item_is_a_nudge() -> None:
    facts = sound_facts()
    gap = only(replace(facts, claims=tuple(facts.claims)[1:], evidence=facts.evidence[1:]))
    assert (gap.rule, gap.severity, place(gap)) == ("one-item-only", Severity.NUDGE, ("unit", "explain", None))
    assert "U1/1.1 hangs on E3 alone" in gap.message


def test_one_kind_only_is_a_nudge() -> None:
    gap = only(with_item(1, kind="record"))
    assert (gap.rule, gap.severity, place(gap)) == ("one-kind-only", Severity.NUDGE, ("unit", "explain", None))
    assert "All 2 items claimed for U1/1.1 are of the kind “Record from work”" in gap.message


def test_a_kind_that_is_no_longer_known_is_named_by_its_id() -> None:
    facts = with_item(1, kind="lost-kind")
    evidence = tuple(fact._replace(kind="lost-kind") if fact.number == 3 else fact for fact in facts.evidence)
    assert "“lost-kind”" in only(replace(facts, evidence=evidence)).message


@pytest.mark.parametrize(
    ("text", "old"),
    [
        ("2024-06-29", True),
        ("2024-06-30", False),
        ("2024-05", True),
        ("2024-06", False),
        ("2023", True),
        ("2024", False),
        ("2020-01/2024-06-29", True),
        ("2020-01-01/2025", False),
    ],
)
def test_older_than_the_units_currency(text: str, old: bool) -> None:
    gaps = found(with_item(1, date=text))
    assert [(gap.rule, place(gap)) for gap in gaps] == [("older-than-currency", ("unit", None, "e1"))] * old


def test_currency_of_one_year_and_switched_off() -> None:
    facts = with_item(1, date="2025-01")
    year = replace(facts.units[0], rules=UnitRules(currency_years=1))
    assert "older than the 1 year that U1" in only(replace(facts, units=(year,))).message
    never = replace(facts.units[0], rules=UnitRules(currency_years=None))
    assert found(replace(facts, units=(never,), evidence=(item(1, "account", date="1999"), *facts.evidence[1:]))) == []


def test_currency_counts_from_a_leap_day_and_for_ever() -> None:
    facts = with_item(1, date="2023-02-27")
    gaps = find_gaps(facts, KINDS, date(2024, 2, 29))
    assert gaps == []
    ages = replace(facts.units[0], rules=UnitRules(currency_years=9999))
    assert find_gaps(replace(facts, units=(ages,)), KINDS, date(2024, 2, 29)) == []
    one = replace(facts.units[0], rules=UnitRules(currency_years=1))
    assert [gap.rule for gap in find_gaps(replace(facts, units=(one,)), KINDS, date(2024, 2, 29))] == [
        "older-than-currency"
    ]


def test_the_strictest_unit_is_named_for_an_old_item() -> None:
    facts = with_item(1, date="2020")
    strict = Unit(
        "strict",
        "U2",
        "Strict",
        requirements=(Requirement("x", "1", CRITERION, "Explain it"),),
        rules=UnitRules(currency_years=1),
    )
    claims = (*facts.claims, ClaimFact("e1", "x", 1), ClaimFact("e3", "x", 1))
    gap = only(replace(facts, units=(*facts.units, strict), claims=claims))
    assert place(gap) == ("strict", None, "e1")


def test_evidence_that_is_claimed_for_nothing() -> None:
    facts = sound_facts()
    gap = only(replace(facts, evidence=(*facts.evidence, item(5))))
    assert (gap.rule, gap.severity, gap.evidence_id) == ("evidence-not-claimed", Severity.NUDGE, "e5")


def wide_unit(leaves: int, claimed: int, bare: int) -> AssessmentFacts:
    requirements = tuple(Requirement(f"r{n}", f"MP{n + 1}", CRITERION, "Explain it") for n in range(leaves))
    return replace(
        sound_facts(),
        units=(Unit("unit", "U1", "Wide", requirements=requirements),),
        claims=tuple(ClaimFact("e1", f"r{n}", int(n >= bare)) for n in range(claimed)),
    )


@pytest.mark.parametrize(
    ("leaves", "claimed", "expected"), [(5, 5, False), (6, 4, True), (10, 6, False), (10, 7, True), (8, 5, True)]
)
def test_one_item_for_most_of_a_unit(leaves: int, claimed: int, expected: bool) -> None:
    gaps = [gap for gap in found(wide_unit(leaves, claimed, 0)) if gap.rule == "one-item-for-most"]
    assert [place(gap) for gap in gaps] == [("unit", None, "e1")] * expected
    assert all(gap.severity is Severity.INFO for gap in gaps)


def test_one_item_for_most_says_how_many_claims_show_no_place() -> None:
    message = next(gap.message for gap in found(wide_unit(8, 7, 3)) if gap.rule == "one-item-for-most")
    assert "7 of the 8 requirements of U1, 3 of them without a quotation or place" in message


def test_dismissed_gaps_carry_the_reason_or_are_left_out() -> None:
    facts = with_item(3, date="")
    put_aside = Dismissal("evidence-without-date", None, None, "e3", "Undated on purpose")
    elsewhere = Dismissal("evidence-without-date", None, None, "e4", "Not this one")
    facts = replace(facts, dismissals=(elsewhere, put_aside))
    assert only(facts).dismissed_reason == "Undated on purpose"
    assert find_gaps(facts, KINDS, TODAY, include_dismissed=False) == []
    assert only(replace(facts, dismissals=(elsewhere,))).dismissed_reason is None


def test_claims_of_things_that_are_gone_are_passed_over() -> None:
    facts = sound_facts()
    gone = (ClaimFact("gone", "explain", 0), ClaimFact("e1", "gone", 0))
    lost = AttachmentFact("gone", "x", "ef" * 32, 1)
    assert found(replace(facts, claims=(*facts.claims, *gone), attachments=(*facts.attachments, lost))) == []


def test_an_empty_portfolio_asks_only_for_the_declaration() -> None:
    empty = replace(
        sound_facts(), units=(), evidence=(), claims=(), involvements=(), attachments=(), declaration=Declaration()
    )
    assert only(empty).rule == "declaration-unsigned"
    assert coverage(empty).total.total == 0


def test_rules_are_told_apart_and_stand_by_weight() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    order = list(Severity)
    weights = [order.index(rule.severity) for rule in RULES]
    assert weights == sorted(weights)
    titles = {rule.title for rule in RULES}
    assert len(titles) == len(RULES)
    assert all(title and not title.endswith(".") for title in titles)


@settings(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(chance: random.Random) -> None:
    facts, kinds = large_facts(60, 150, 30)
    shuffled = replace(
        facts,
        claims=_shuffled(tuple(facts.claims), chance),
        evidence=_shuffled(facts.evidence, chance),
        attachments=_shuffled(facts.attachments, chance),
    )
    assert sorted(find_gaps(shuffled, kinds, TODAY)) == sorted(find_gaps(facts, kinds, TODAY))


def _shuffled(things: Sequence[T], chance: random.Random) -> list[T]:
    return chance.sample(things, len(things))


def test_every_message_is_one_sentence_that_names_its_thing() -> None:
    facts, kinds = large_facts(200, 900, 60)
    refs = {fact.id: f"E{fact.number}" for fact in facts.evidence}
    addresses = {key: address for unit in facts.units for key, address in unit.addresses().items()}
    gaps = find_gaps(facts, kinds, TODAY)
    assert len({gap.rule for gap in gaps}) >= 10
    for gap in gaps:
        assert gap.message.endswith(".")
        assert "not met" not in gap.message.replace("not yet met", "")
        assert gap.guidance
        if gap.evidence_id:
            assert refs[gap.evidence_id] in gap.message
        if gap.requirement_id:
            assert addresses[gap.requirement_id] in gap.message
