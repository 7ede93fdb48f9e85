from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assessment_facts import KINDS, decision, item, sound_facts

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.coverage import (
    Coverage,
    CoverageState,
    Tally,
    cell_state,
    class_matrix,
    coverage,
    evidence_methods,
    matrix_cells,
    method_cells,
)
from portfolio_app.domain.facts import AssessmentFacts, ClaimFact
from portfolio_app.domain.qualification import CRITERION, OUTCOME, AssessmentMethod, Requirement, Unit

NONE, CLAIMED, PROOF, NOT_YET_MET, MORE_NEEDED, MET = CoverageState


def state_of(facts: AssessmentFacts, requirement_id: str) -> CoverageState:
    return coverage(facts).states[requirement_id]


def test_a_requirement_without_claims_has_none() -> None:
    facts = replace(sound_facts(), claims=(), ticked=frozenset())
    assert state_of(facts, "explain") is NONE


def test_proof_takes_a_place_on_any_claim_and_every_component_ticked() -> None:
    facts = sound_facts()
    assert state_of(facts, "explain") is PROOF
    assert state_of(replace(facts, ticked=frozenset({"c1"})), "explain") is CLAIMED
    one_place = (ClaimFact("e1", "explain", 0), ClaimFact("e3", "explain", 1))
    assert state_of(replace(facts, claims=one_place), "explain") is PROOF
    no_place = (ClaimFact("e1", "explain", 0), ClaimFact("e3", "explain", 0))
    assert state_of(replace(facts, claims=no_place), "explain") is CLAIMED


def test_ticks_without_a_claim_prove_nothing() -> None:
    assert state_of(replace(sound_facts(), claims=()), "explain") is NONE


@pytest.mark.parametrize(
    ("verdict", "state"),
    [(Verdict.MET, MET), (Verdict.NOT_YET_MET, NOT_YET_MET), (Verdict.MORE_NEEDED, MORE_NEEDED)],
)
@pytest.mark.parametrize("with_claims", [True, False])
def test_a_decision_wins_over_claims(verdict: Verdict, state: CoverageState, with_claims: bool) -> None:
    facts = sound_facts()
    facts = replace(
        facts, claims=facts.claims if with_claims else (), decisions={"explain": decision("explain", verdict)}
    )
    assert state_of(facts, "explain") is state


def test_not_yet_met_stays_after_a_newer_claim_until_decided_anew() -> None:
    facts = replace(
        sound_facts(),
        decisions={"manage": decision("manage", Verdict.NOT_YET_MET)},
        newest_claim={"manage": "2026-06-01T09:00:00+00:00"},
    )
    assert state_of(facts, "manage") is NOT_YET_MET
    assert state_of(replace(facts, decisions={"manage": decision("manage", Verdict.MET, 20)}), "manage") is MET


def test_a_parent_is_as_far_as_its_least_leaf() -> None:
    facts = replace(sound_facts(), decisions={"explain": decision("explain", Verdict.MET)})
    covered = coverage(facts)
    assert covered.states["outcome"] is PROOF
    assert covered.tallies["outcome"].counts == {MET: 1, PROOF: 1}
    assert str(covered.tallies["outcome"]) == "1 of 2 met"


def test_decisions_and_claims_on_a_parent_do_not_count() -> None:
    facts = sound_facts()
    facts = replace(
        facts, claims=(ClaimFact("e1", "outcome", 1),), decisions={"outcome": decision("outcome", Verdict.MET)}
    )
    covered = coverage(facts)
    assert covered.states["outcome"] is NONE
    assert not covered.unit("unit").complete


def test_a_unit_is_complete_only_when_every_requirement_is_met() -> None:
    facts = sound_facts()
    one = replace(facts, decisions={"explain": decision("explain", Verdict.MET)})
    both = replace(
        facts,
        decisions={"explain": decision("explain", Verdict.MET), "manage": decision("manage", Verdict.MET)},
    )
    assert not coverage(one).unit("unit").complete
    assert coverage(one).complete_units == 0
    assert coverage(both).unit("unit").complete
    assert coverage(both).complete_units == 1
    assert coverage(both).total.percentage == 100


def test_former_requirements_are_seen_and_not_asked_for() -> None:
    facts = sound_facts()
    (unit,) = facts.units
    outcome = unit.requirements[0]
    former = Requirement("former", "1.3 (former)", CRITERION, "Keep a paper diary")
    heading = Requirement("old", "LO2 (former)", OUTCOME, "Keep records", children=(replace(former, id="older"),))
    kept = replace(unit, requirements=(replace(outcome, children=(*outcome.children, former)), heading))
    decided = {key: decision(key, Verdict.MET) for key in ("explain", "manage")}
    decided |= {key: decision(key, Verdict.NOT_YET_MET) for key in ("former", "older")}
    covered = coverage(replace(facts, units=(kept,), decisions=decided))
    assert [covered.states[key] for key in ("former", "older", "old", "outcome")] == [NOT_YET_MET] * 3 + [MET]
    assert covered.tallies["outcome"].counts == {MET: 2}
    assert covered.unit("unit").complete
    assert [leaf.id for leaf in kept.asked_for()] == ["explain", "manage"]


def test_a_unit_without_requirements_is_not_complete() -> None:
    covered = coverage(replace(sound_facts(), units=(Unit("empty", "U2", "Nothing in it"),)))
    assert not covered.unit("empty").complete
    assert covered.unit("empty").tally.state is NONE
    assert covered.total.percentage == 0


def test_an_unknown_unit_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        coverage(sound_facts()).unit("gone")


def test_percentage_never_reaches_100_before_everything_is_met() -> None:
    tally = Tally({MET: 999, PROOF: 1})
    assert tally.percentage == 99
    assert not tally.complete
    assert tally.claimed == 1000


@given(st.dictionaries(st.sampled_from(list(CoverageState)), st.integers(0, 50)))
def test_tallies_add_up(counts: dict[CoverageState, int]) -> None:
    tally = Tally(counts)
    double = tally + tally
    assert double.total == 2 * tally.total
    assert double.complete == tally.complete
    assert double.state is tally.state
    assert sum((tally, tally), Tally({})).met == 2 * tally.met


@given(st.lists(st.sampled_from([None, *Verdict]), min_size=1, max_size=6), st.integers(1, 4))
def test_roll_up_counts_each_leaf_once_at_any_depth(verdicts: list[Verdict | None], depth: int) -> None:
    nodes = tuple(Requirement(f"r{n}", str(n), CRITERION, "Do it") for n in range(len(verdicts)))
    for level in range(depth - 1):
        nodes = (Requirement(f"o{level}", f"LO{level}", OUTCOME, "Outcome", children=nodes),)
    decisions = {f"r{n}": decision(f"r{n}", verdict) for n, verdict in enumerate(verdicts) if verdict is not None}
    covered = coverage(
        replace(sound_facts(), units=(Unit("u", "U1", "T", requirements=nodes),), claims=(), decisions=decisions)
    )
    tally = covered.unit("u").tally
    assert tally.total == len(verdicts)
    assert tally.met == sum(verdict is Verdict.MET for verdict in verdicts)
    assert tally.complete == all(verdict is Verdict.MET for verdict in verdicts)
    assert all(each.counts == tally.counts for each in covered.tallies.values())


def test_matrix_cells_show_the_strength_of_each_claim_or_the_decision() -> None:
    facts = sound_facts()
    claims = (*facts.claims, ClaimFact("e4", "explain", 0), ClaimFact("e1", "elsewhere", 1))
    cells = matrix_cells(replace(facts, claims=claims), facts.units[0])
    assert cells == {
        "explain": {"e1": PROOF, "e3": PROOF, "e4": CLAIMED},
        "manage": {"e2": PROOF, "e4": PROOF},
    }
    decided = replace(facts, claims=claims, decisions={"explain": decision("explain", Verdict.MORE_NEEDED)})
    assert set(matrix_cells(decided, facts.units[0])["explain"].values()) == {MORE_NEEDED}
    assert cell_state(has_place=False, decision=None) is CLAIMED


def test_methods_are_the_items_own_or_those_of_their_kind() -> None:
    facts = sound_facts()
    evidence = (item(1, "account"), item(2, "record", method="observation"), item(3, "unheard of"))
    facts = replace(facts, evidence=evidence, claims=tuple(ClaimFact(f"e{n}", "explain", 1) for n in (1, 2, 3)))
    assert evidence_methods(facts, KINDS) == {
        "e1": AssessmentMethod.REFLECTION,
        "e2": AssessmentMethod.OBSERVATION,
    }
    assert method_cells(facts, KINDS, facts.units[0]) == {
        "explain": {AssessmentMethod.REFLECTION: 1, AssessmentMethod.OBSERVATION: 1},
        "manage": {},
    }


def test_a_class_is_set_side_by_side_by_reference_or_title() -> None:
    first = coverage(sound_facts())
    other_code = replace(sound_facts().units[0], id="x", code="U7", reference="a / 1", title="Named otherwise")
    untitled = Unit("y", "U2", "Extra unit", requirements=(Requirement("z", "1", CRITERION, "Do it"),))
    second: Coverage = coverage(replace(sound_facts(), units=(untitled, other_code)))
    table = class_matrix([("Sam", first), ("Kim", second), ("Sam", first)])
    assert [unit.title for unit in table.units] == ["Run a service", "Extra unit"]
    assert [row.learner for row in table.rows] == ["Sam", "Kim", "Sam"]
    assert [[cell and cell.total for cell in row.cells] for row in table.rows] == [[2, None], [2, 1], [2, None]]


def test_every_state_has_its_own_sign_and_word() -> None:
    assert len({state.symbol for state in CoverageState}) == len(CoverageState) == len({*map(str, CoverageState)})


def test_large_tallies_are_written_with_their_thousands_apart() -> None:
    assert str(Tally({CoverageState.MET: 1_234, CoverageState.NONE: 2_100})) == "1,234 of 3,334 met"
