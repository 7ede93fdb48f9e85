"""Claims by ids: each one step that is undone exactly, seen from the item and from the requirement."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Locator, Verdict
from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.services.claim_edits import (
    claim_all,
    claims_for_evidence,
    claims_for_requirement,
    matching,
    remove_claims,
    requirement_choices,
    set_claim,
    tick_component,
)
from portfolio_app.services.claims import ClaimGiven
from portfolio_app.services.decisions import decide
from portfolio_app.services.evidence_edits import new_evidence
from portfolio_app.services.evidence_given import EvidenceGiven
from portfolio_app.services.evidence_many import bin_evidence
from portfolio_app.services.history import list_history, redo, undo
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]
ONE, TWO, THREE = (f"Serve customers-{ref}" for ref in ("1.1", "1.2", "2.1"))


@pytest.fixture
def items(portfolio: PortfolioFile, kinds: Kinds) -> list[str]:
    """The ids of E1 to E3."""
    return [new_evidence(portfolio, kinds, "plan", EvidenceGiven(title))[0].id for title in ("Plan", "Rota", "Log")]


def _newest(portfolio: PortfolioFile) -> str:
    return list_history(portfolio, 1)[0].name


def test_a_claim_is_made_changed_and_taken_back(portfolio: PortfolioFile, items: list[str]) -> None:
    made, changes = set_claim(portfolio, items[0], TWO)
    assert (_newest(portfolio), made.address) == ("Claim E1 → U1/1.2", "U1/1.2")
    assert (list(changes.claims), list(changes.evidence), list(changes.requirements)) == (
        [made.claim.id],
        [items[0]],
        [TWO],
    )
    assert set_claim(portfolio, items[0], TWO)[1] == Changes()
    words = ClaimGiven(why="So", quotation="“It was”", locator=Locator(page="3", heading="Aims"))
    changed, _ = set_claim(portfolio, items[0], TWO, words)
    assert (_newest(portfolio), str(changed.claim.locator)) == ("Change claim E1 → U1/1.2", "p. 3, “Aims”")
    assert changed.claim.id == made.claim.id
    ticked, _ = tick_component(portfolio, items[0], TWO, f"{TWO}-second", ticked=True)
    assert ticked.claim.component_ids == {f"{TWO}-second"}
    (seen,) = claims_for_evidence(portfolio, items[0])
    assert (seen.claim, seen.state, [node.ref for node in seen.ancestors]) == (
        ticked.claim, CoverageState.PROOF, ["LO1"],
    )  # fmt: skip
    remove_claims(portfolio, [(items[0], TWO)])
    assert _newest(portfolio) == "Remove claim E1 → U1/1.2"
    assert claims_for_evidence(portfolio, items[0]) == ()
    undo(portfolio)
    assert claims_for_evidence(portfolio, items[0])[0].claim == ticked.claim
    undo(portfolio)
    assert claims_for_evidence(portfolio, items[0])[0].claim == changed.claim
    redo(portfolio)
    assert claims_for_evidence(portfolio, items[0])[0].claim == ticked.claim
    untick, _ = tick_component(portfolio, items[0], TWO, f"{TWO}-second", ticked=False)
    assert untick.claim.component_ids == frozenset()
    assert untick.claim.why == "So"


def test_only_what_is_there_can_be_claimed(portfolio: PortfolioFile, items: list[str]) -> None:
    with pytest.raises(InvalidInput, match="only groups"):
        set_claim(portfolio, items[0], "Serve customers-LO1")
    with pytest.raises(UnknownReference, match="component"):
        tick_component(portfolio, items[0], ONE, f"{TWO}-first", ticked=True)
    with pytest.raises(UnknownReference):
        remove_claims(portfolio, [(items[0], ONE)])
    bin_evidence(portfolio, items[:1])
    with pytest.raises(UnknownReference, match="in the bin"):
        set_claim(portfolio, items[0], ONE)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_whatever_is_typed_as_a_place_is_kept(portfolio: PortfolioFile, kinds: Kinds, typed: str) -> None:
    item, _ = new_evidence(portfolio, kinds, "plan")
    saved, _ = set_claim(portfolio, item.id, ONE, ClaimGiven(place=typed))
    bare = typed.strip("“”\"';, \t\n\u00a0")
    assert bool(saved.claim.locator) or not any(character.isalnum() for character in bare)


def test_a_place_that_cannot_be_read_stays_as_it_was_typed(portfolio: PortfolioFile, items: list[str]) -> None:
    for typed in ("p. 3, p. 5", "gone.pdf, p. 3"):
        saved, _ = set_claim(portfolio, items[0], ONE, ClaimGiven(place=typed))
        assert saved.claim.locator == Locator(heading=typed)


def test_many_claims_are_one_step(portfolio: PortfolioFile, items: list[str]) -> None:
    set_claim(portfolio, items[0], ONE, ClaimGiven(why="First"))
    made, _ = claim_all(portfolio, items[:2], [ONE, THREE])
    assert (_newest(portfolio), len(made)) == ("Claim 2 items → 2 requirements", 3)
    assert claims_for_evidence(portfolio, items[0])[0].claim.why == "First"
    assert claim_all(portfolio, items[:2], [ONE])[1] == Changes()
    claim_all(portfolio, items[2:], [ONE])
    assert _newest(portfolio) == "Claim E3 → U1/1.1"
    remove_claims(portfolio, [(items[1], ONE), (items[1], THREE)])
    assert _newest(portfolio) == "Remove 2 claims"
    undo(portfolio)
    assert len(claims_for_evidence(portfolio, items[1])) == 2


def test_a_requirement_shows_what_is_claimed_for_it(portfolio: PortfolioFile, items: list[str]) -> None:
    set_claim(portfolio, items[1], ONE, ClaimGiven(place="p. 1"))
    set_claim(portfolio, items[0], ONE)
    set_claim(portfolio, items[2], ONE)
    bin_evidence(portfolio, items[2:])
    seen = claims_for_requirement(portfolio, ONE)
    assert [(each.item.ref, each.item.title, each.state) for each in seen.claims] == [
        ("E1", "Plan", CoverageState.CLAIMED),
        ("E2", "Rota", CoverageState.PROOF),
    ]
    assert (seen.address, seen.unit.code, seen.state, seen.decision) == ("U1/1.1", "U1", CoverageState.PROOF, None)
    decide(portfolio, "U1/1.1", Verdict.NOT_YET_MET, "Ann", "No.")
    decide(portfolio, "U1/1.1", Verdict.MET, "Ann")
    decided = claims_for_requirement(portfolio, ONE)
    assert decided.decision is not None
    assert (decided.decision.verdict, {each.state for each in decided.claims}) == (Verdict.MET, {CoverageState.MET})


def test_requirements_are_chosen_by_words_and_by_reference(portfolio: PortfolioFile, items: list[str]) -> None:
    set_claim(portfolio, items[0], TWO)
    choices = requirement_choices(portfolio)
    assert [(choice.address, choice.claims, choice.state) for choice in choices] == [
        ("U1/1.1", 0, CoverageState.NONE),
        ("U1/1.2", 1, CoverageState.CLAIMED),
        ("U1/2.1", 0, CoverageState.NONE),
    ]

    def found(typed: str) -> str:
        return " ".join(choice.address for choice in matching(choices, typed))

    assert found("") == "U1/1.1 U1/1.2 U1/2.1"
    assert found("serve SECOND") == "U1/1.2"
    assert found("lo1") == "U1/1.1 U1/1.2"
    assert found("1.2") == "U1/1.2"
    assert found("2") == "U1/2.1 U1/1.2"
    assert found("nothing") == ""
