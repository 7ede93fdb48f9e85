"""A newer version of a unit keeps what hangs on its requirements, loses nothing unasked, and can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.stored_portfolios import state

from portfolio_app.domain.claims import Action, Claim, Dismissal, Locator, Verdict
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.qualification import Component, Requirement, Unit
from portfolio_app.domain.unit_versions import completed
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.decisions import record_decision
from portfolio_app.services.evidence import EvidenceGiven, add_evidence
from portfolio_app.services.evidence_many import bin_evidence, restore_from_bin
from portfolio_app.services.history import list_history, redo, undo
from portfolio_app.services.unit_checking import UnitIsThere
from portfolio_app.services.unit_versions import Answer, Removal, compare_newer, update_unit
from portfolio_app.services.units import insert_units, list_units
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]
ONE, TWO, FLAT = (f"Serve customers-{ref}" for ref in ("1.1", "1.2", "2.1"))
KEEP, REMOVE = Answer(Removal.KEEP), Answer(Removal.REMOVE)


def leaf(key: str, ref: str, text: str, *parts: str) -> Requirement:
    components = tuple(Component(f"{key}-{part}", part) for part in parts)
    return Requirement(key, ref, "criterion", text, components=components)


def newer_unit(*leaves: Requirement, title: str = "Serve customers") -> Unit:
    outcome = Requirement("new-LO1", "LO1", "outcome", "Outcome.", children=leaves)
    return Unit("newer", "", title, requirements=(outcome, leaf("new-2.1", "2.1", "Do 2.1.")))


WITHOUT_TWO = newer_unit(leaf("new-1.1", "1.1", "Do 1.1."), leaf("new-1.2", "1.2", "Recruit new colleagues.", "second"))


@pytest.fixture
def claimed(portfolio: PortfolioFile, kinds: Kinds) -> PortfolioFile:
    """E1 is claimed for 1.1 and, with a part, for 1.2; E2 and E3 for 1.2 only, and E3 is in the bin."""
    for title in ("A", "B", "C"):
        add_evidence(portfolio, kinds["plan"], EvidenceGiven(title=title))
    add_claim(portfolio, "E1", "U1/1.1", ClaimGiven(why="So", quotation="We did."))
    add_claim(portfolio, "E1", "U1/1.2", ClaimGiven(why="Thus", place="p. 2", components=[1, 2]))
    add_claim(portfolio, "E2", "U1/1.2", ClaimGiven())
    add_claim(portfolio, "E3", "U1/1.2", ClaimGiven(why="From the bin"))
    with portfolio.read() as reader:
        third = reader.evidence(3).id
    bin_evidence(portfolio, [third])
    return portfolio


def the_unit(portfolio: PortfolioFile) -> Unit:
    return list_units(portfolio)[0]


def claims(portfolio: PortfolioFile) -> dict[tuple[str, str], Claim]:
    addresses = the_unit(portfolio).addresses()
    with portfolio.read() as reader:
        refs = {item.id: f"E{item.number}" for item in reader.evidence_facts()}
        return {(refs[claim.evidence_id], addresses[claim.requirement_id]): claim for claim in reader.claims()}


def ready(portfolio: PortfolioFile, newer: Unit) -> Unit:
    return completed(newer, the_unit(portfolio))


def test_claims_ticks_and_what_was_put_aside_stay_with_requirements_that_are_in_both(claimed: PortfolioFile) -> None:
    unit_id = the_unit(claimed).id
    with claimed.edit("Put aside") as editor:
        editor.put_dismissal(Dismissal("no-claim", unit_id, ONE, None, "Later"))
    before, held = state(claimed.path), claims(claimed)
    newer = newer_unit(
        leaf("a", "1.1", "Recruit new colleagues."),
        leaf("b", "1.2", "Do 1.1."),
        leaf("c", "1.3", "Do 1.2 thoroughly.", "second", "third"),
        title="Serve  customers well",
    )
    ready_unit = replace(ready(claimed, newer), rules=the_unit(claimed).rules)
    comparison = compare_newer(claimed, "U1", ready_unit).comparison
    assert [(each.old_address, each.new_address) for each in comparison.renumbered] == [
        ("U1/1.1", "U1/1.2"),
        ("U1/1.2", "U1/1.3"),
    ]
    done, changes = update_unit(claimed, "U1", ready_unit)
    assert (done.unit, done.moved, done.removed) == (the_unit(claimed), 0, 0)
    assert (done.unit.code, done.unit.title) == ("U1", "Serve customers well")
    after = claims(claimed)
    assert {pair: claim.id for pair, claim in after.items()} == {
        ("E1", "U1/1.2"): held["E1", "U1/1.1"].id,
        ("E1", "U1/1.3"): held["E1", "U1/1.2"].id,
        ("E2", "U1/1.3"): held["E2", "U1/1.2"].id,
    }
    assert after["E1", "U1/1.3"].component_ids == {"Serve customers-1.2-second"}
    assert done.update.warnings == ("U1/1.3 has no part “first” any more; it was ticked.",)
    with claimed.read() as reader:
        assert [each.requirement_id for each in reader.dismissals()] == [ONE]
    assert changes.units == {done.unit.id}
    assert list_history(claimed, 1)[0].name == "Update unit U1 Serve customers well"
    updated = state(claimed.path)
    undo(claimed)
    assert state(claimed.path) == before
    redo(claimed)
    assert state(claimed.path) == updated


def test_nothing_goes_unasked_and_the_same_version_again_changes_nothing(claimed: PortfolioFile) -> None:
    before, steps = state(claimed.path), len(list_history(claimed))
    newer = ready(claimed, WITHOUT_TWO)
    update = compare_newer(claimed, "u1", newer)
    (question,) = update.questions
    assert (question.address, str(update.on(question.requirement))) == (
        "U1/1.2",
        "2 claims, 1 claim of evidence in the bin",
    )
    with pytest.raises(InvalidInput, match=r"Not in the newer version: U1/1.2 \(2 claims, 1 claim of evidence in the"):
        update_unit(claimed, "U1", newer)
    with pytest.raises(InvalidInput, match="Say which requirement"):
        update_unit(claimed, "U1", newer, {TWO: Answer(Removal.MOVE, "new-LO1")})
    same = replace(the_unit(claimed), guidance=())
    assert update_unit(claimed, "U1", same)[1] == type(update_unit(claimed, "U1", same)[1])()
    insert_units(claimed, [replace(same, id="o", title="Lead", requirements=(leaf("other", "1", "Lead."),))])
    with pytest.raises(UnitIsThere, match="already has “Lead” as U2"):
        update_unit(claimed, "U1", replace(newer, title="LEAD"), {TWO: KEEP})
    undo(claimed)
    assert (state(claimed.path), len(list_history(claimed))) == (before, steps + 2)


def test_a_removed_requirement_is_kept_and_is_not_asked_about_again(claimed: PortfolioFile) -> None:
    held = {claim.id for claim in claims(claimed).values()}
    newer = ready(claimed, WITHOUT_TWO)
    done, _ = update_unit(claimed, "U1", newer, {TWO: KEEP})
    assert [node.ref for node in done.unit.requirements[0].children] == ["1.1", "1.2", "1.2 (former)"]
    assert (done.kept, done.unit.source) == (("1.2",), "Kept from an earlier version: 1.2.")
    assert {claim.id for claim in claims(claimed).values()} == held
    again = ready(claimed, WITHOUT_TWO)
    again = replace(
        again,
        requirements=newer_unit(
            leaf("x", "1.1", "Do 1.1."), leaf("y", "1.2", "Recruit new colleagues.", "second")
        ).requirements,
    )
    assert compare_newer(claimed, "U1", again).questions == ()
    repeated, changes = update_unit(claimed, "U1", again)
    assert (repeated.unit, bool(changes)) == (the_unit(claimed), False)
    gone, _ = update_unit(claimed, "U1", again, {TWO: REMOVE})
    assert (gone.removed, gone.unit.source, len(claims(claimed))) == (3, "", 1)


def test_claims_move_with_what_they_say_and_two_of_one_item_become_one(claimed: PortfolioFile) -> None:
    evidence = {pair[0]: claim.evidence_id for pair, claim in claims(claimed).items()}
    unit_id = the_unit(claimed).id
    with claimed.edit("More hangs on it") as editor:
        editor.put_action(Action(new_id(), "Ask Jo", requirement_id=TWO))
        editor.put_dismissal(Dismissal("one-item-only", unit_id, TWO, None, "Enough"))
        third = editor.evidence_facts(binned=True)[0].id
    before = state(claimed.path)
    newer = ready(claimed, WITHOUT_TWO)
    done, _ = update_unit(claimed, "U1", newer, {TWO: Answer(Removal.MOVE, "new-1.2")})
    found = claims(claimed)
    assert (done.moved, done.kept, set(found)) == (3, (), {("E1", "U1/1.1"), ("E1", "U1/1.2"), ("E2", "U1/1.2")})
    moved = found["E1", "U1/1.2"]
    assert (moved.why, moved.locator, moved.component_ids) == (
        "Thus",
        Locator(page="2"),
        frozenset({"new-1.2-second"}),
    )
    with claimed.read() as reader:
        assert [each.requirement_id for each in reader.actions()] == ["new-1.2"]
        assert [each.requirement_id for each in reader.dismissals()] == ["new-1.2"]
    restore_from_bin(claimed, [third])
    assert claims(claimed)["E3", "U1/1.2"].why == "From the bin"
    undo(claimed)
    undo(claimed)
    assert state(claimed.path) == before

    update_unit(claimed, "U1", newer, {TWO: Answer(Removal.MOVE, "new-1.1")})
    found = claims(claimed)
    assert set(found) == {("E1", "U1/1.1"), ("E2", "U1/1.1")}
    joined = found["E1", "U1/1.1"]
    assert (joined.evidence_id, joined.requirement_id, joined.quotation) == (evidence["E1"], ONE, "We did.")
    assert joined.why == "So\n\nThus\n\nFrom U1/1.2: p. 2"


def test_removed_with_its_claims_the_evidence_stays(claimed: PortfolioFile) -> None:
    before = state(claimed.path)
    done, _ = update_unit(claimed, "U1", ready(claimed, WITHOUT_TWO), {TWO: REMOVE})
    assert (done.removed, set(claims(claimed))) == (3, {("E1", "U1/1.1")})
    with claimed.read() as reader:
        assert [item.number for item in reader.evidence_facts()] == [1, 2]
        assert [item.number for item in reader.evidence_facts(binned=True)] == [3]
    undo(claimed)
    assert state(claimed.path) == before


def test_decisions_stay_with_the_words_they_were_made_on(claimed: PortfolioFile) -> None:
    for requirement, verdict in ((ONE, Verdict.MET), (TWO, Verdict.MET)):
        record_decision(claimed, requirement, verdict, "Ana Lopez")
    newer = ready(claimed, newer_unit(leaf("n", "1.1", "Do 1.1 carefully."), *WITHOUT_TWO.requirements[0].children[1:]))
    update = compare_newer(claimed, "U1", newer)
    (warning,) = update.warnings
    assert warning.startswith("U1/1.1 was decided on ")
    assert warning.endswith("(“met”) in other words: ask whether the decision still holds.")
    typography = ready(claimed, newer_unit(leaf("n", "1.1", "do 1.1"), leaf("m", "1.2", "Do 1.2.", "first", "second")))
    assert compare_newer(claimed, "U1", typography).warnings == ()
    with pytest.raises(InvalidInput, match=r"U1/1.2 has a decision .* cannot be removed"):
        update_unit(claimed, "U1", newer, {TWO: REMOVE})
    # What was decided on stays as it was; the evidence counts for the other requirement too.
    done, _ = update_unit(claimed, "U1", newer, {TWO: Answer(Removal.MOVE, "new-1.2")})
    assert set(claims(claimed)) == {
        (ref, f"U1/{place}")
        for ref, place in (("E1", "1.1"), ("E1", "1.2"), ("E2", "1.2"), ("E1", "1.2 (former)"), ("E2", "1.2 (former)"))
    }
    assert done.kept == ("1.2",)
    with claimed.read() as reader:
        assert {each.requirement_id for each in reader.decisions()} == {ONE, TWO}


TEXTS = (
    "Explain how resources are planned",
    "Describe a service level agreement",
    "Analyse complaints by root cause",
    "Supervise a team",
    "Keep records of incidents",
    "Review the budget",
)


@st.composite
def outcomes(draw: st.DrawFn, prefix: str) -> tuple[Requirement, ...]:
    """Draw up to three outcomes of up to three criteria, whose texts may repeat; ids begin with the prefix."""
    made = []
    for place in range(1, draw(st.integers(1, 3)) + 1):
        texts = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3))
        children = tuple(
            leaf(
                f"{prefix}-{place}-{number}",
                f"{place}.{number}",
                text,
                *(["one", "two"] if draw(st.booleans()) else []),
            )
            for number, text in enumerate(texts, 1)
        )
        made.append(Requirement(f"{prefix}-{place}", f"LO{place}", "outcome", f"Outcome {place}.", children=children))
    return tuple(made)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_changes_no_claim_goes_unless_it_was_said_and_undo_brings_all_back(
    claimed: PortfolioFile, data: st.DataObject
) -> None:
    number = len(list_history(claimed))
    older = replace(the_unit(claimed), id=f"u{number}", code="", title=f"Unit {number}")
    (unit,), _ = insert_units(claimed, [replace(older, requirements=data.draw(outcomes(f"old{number}")))])
    with claimed.read() as reader:
        items = [item.id for item in reader.evidence_facts()]
    pairs = [(item, each) for each in unit.leaves() for item in items if data.draw(st.booleans())]
    with claimed.edit("Claim") as editor:
        for item, each in pairs:
            ticked = frozenset(part.id for part in each.components[:1])
            editor.put_claim(Claim(new_id(), item, each.id, why=f"{item} {each.id}", component_ids=ticked))
    before = state(claimed.path)
    newer = completed(replace(unit, requirements=data.draw(outcomes(f"new{number}"))), unit)
    update = compare_newer(claimed, unit.code, newer)
    targets = [each.id for each in newer.leaves()]
    choices = st.sampled_from([KEEP, REMOVE, *(Answer(Removal.MOVE, target) for target in targets)])
    answers = {each.requirement.id: data.draw(choices) for each in update.questions}
    done, _ = update_unit(claimed, unit.code, newer, answers)

    wanted = set()
    for item, each in pairs:
        answer = answers.get(each.id)
        if answer is None or answer.removal is Removal.KEEP:
            wanted.add((item, each.id))
        elif answer.removal is Removal.MOVE:
            wanted.add((item, update.comparison.stored_id(answer.to_id)))
    leaves = {each.id for each in done.unit.leaves()}
    with claimed.read() as reader:
        found = {(claim.evidence_id, claim.requirement_id): claim for claim in reader.claims()}
        assert done.unit in reader.units()
    assert {pair for pair in found if pair[1] in leaves} == wanted
    said = "".join(found[pair].why for pair in wanted)
    assert all(
        f"{item} {each.id}" in said
        for item, each in pairs
        if each.id not in answers or answers[each.id].removal is not Removal.REMOVE
    )
    if state(claimed.path) != before:
        undo(claimed)
    assert state(claimed.path) == before
