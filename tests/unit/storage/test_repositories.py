from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sample_portfolios import rich_portfolio
from tests.stored_portfolios import new_portfolio, store

from portfolio_app.domain.claims import Action, Claim, Decision, Dismissal, Locator, Verdict
from portfolio_app.domain.dates import Period
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import (
    Attachment,
    Evidence,
    EvidenceVersion,
    Involvement,
    Judgement,
    Person,
    PersonPart,
)
from portfolio_app.domain.facts import AssessmentFacts, facts_of
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.portfolio import Learner, Portfolio, PortfolioDetails
from portfolio_app.domain.qualification import Component, Requirement, Unit, UnitGroup
from portfolio_app.domain.redaction import Redaction, RedactionRegion, RedactionTerm
from portfolio_app.domain.suggestions import RejectedSuggestion
from portfolio_app.storage.errors import Conflict
from portfolio_app.storage.portfolio_file import PortfolioFile


@pytest.fixture
def portfolio(tmp_path: Path) -> Iterator[PortfolioFile]:
    with new_portfolio(tmp_path / "portfolio") as made:
        yield made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortfolioFile]:
    with new_portfolio(tmp_path_factory.mktemp("shared") / "portfolio") as made:
        yield made


def whole(portfolio: PortfolioFile) -> Portfolio:
    with portfolio.read() as reader:
        return reader.portfolio()


def add_item(portfolio: PortfolioFile, title: str = "Minutes", body: str = "") -> Evidence:
    with portfolio.edit(f"Add {title}") as editor:
        number = editor.next_evidence_number()
        editor.put_evidence(Evidence(new_id(), number, "meeting-minutes", title, body=body))
        return editor.evidence(number)


def add_unit(portfolio: PortfolioFile, *refs: str) -> Unit:
    nodes = tuple(
        Requirement(new_id(), ref, "criterion", f"Text of {ref}", components=(Component(new_id(), "part"),))
        for ref in refs
    )
    with portfolio.edit("Add unit") as editor:
        unit = Unit(new_id(), editor.next_unit_code(), "A unit", requirements=nodes)
        editor.put_unit(unit)
    return unit


def add_claim(portfolio: PortfolioFile, item: Evidence, requirement: Requirement, **given: object) -> Claim:
    claim = replace(Claim(new_id(), item.id, requirement.id), **given)  # type: ignore[arg-type]
    with portfolio.edit("Claim") as editor:
        editor.put_claim(claim)
    return claim


def in_one_order(facts: AssessmentFacts) -> AssessmentFacts:
    """Sort what may come in any order; what belongs to one item keeps its order."""
    return replace(
        facts,
        claims=sorted(facts.claims),
        involvements=sorted(facts.involvements, key=lambda fact: fact.evidence_id),
        attachments=sorted(facts.attachments, key=lambda fact: fact.evidence_id),
    )


def test_everything_stored_comes_back_as_it_was(tmp_path: Path) -> None:
    sample = rich_portfolio().portfolio
    with store(tmp_path / "portfolio", sample) as stored:
        found = whole(stored)
    by_id = {item.id: item for item in found.evidence}
    for item in sample.evidence:
        now = by_id[item.id]
        assert now.created_at is not None
        assert now.revised_at is not None
        assert replace(now, created_at=item.created_at, revised_at=item.revised_at) == item
        assert item.revised_at is None or now.revised_at == item.revised_at
    assert found.details == replace(sample.details, created_at=found.details.created_at)
    assert found.units == sample.units
    assert {claim.id: replace(claim, claimed_at=None) for claim in found.claims} == {
        claim.id: replace(claim, claimed_at=None) for claim in sample.claims
    }
    assert found.decisions == tuple(sorted(sample.decisions, key=lambda each: each.decided_at))
    assert found.actions == sample.actions
    assert set(found.people) == set(sample.people)
    assert set(found.dismissals) == set(sample.dismissals)


def test_narrow_facts_are_those_of_the_whole_portfolio(tmp_path: Path) -> None:
    sample = rich_portfolio().portfolio
    with store(tmp_path / "portfolio", sample) as stored:
        item = sample.evidence[0]
        with stored.edit("Bin one") as editor:
            editor.bin_evidence(item.id)
        with stored.read() as reader:
            facts, again, expected = reader.facts({"ab": 1}), reader.facts({}), facts_of(reader.portfolio(), {"ab": 1})
        assert item.id not in {fact.id for fact in facts.evidence}
        assert in_one_order(facts) == in_one_order(expected)
        assert replace(again, file_sizes={"ab": 1}) == facts


def test_remembered_facts_follow_every_kind_of_edit(portfolio: PortfolioFile) -> None:
    def check() -> None:
        with portfolio.read() as reader:
            facts = reader.facts({})
        with portfolio.edit("Look, where nothing is remembered") as editor:
            expected = facts_of(editor.portfolio(), {})
        assert in_one_order(facts) == in_one_order(expected)

    unit = add_unit(portfolio, "1.1", "1.2")
    item = add_item(portfolio)
    check()
    claim = add_claim(portfolio, item, unit.requirements[0])
    check()
    with portfolio.edit("Tick and quote") as editor:
        ticked = frozenset({unit.requirements[0].components[0].id})
        editor.put_claim(replace(claim, quotation="I did", component_ids=ticked))
    check()
    with portfolio.edit("Name a witness") as editor:
        person = Person(new_id(), "Dana")
        editor.put_person(person)
        editor.put_evidence(replace(item, people=(Involvement(person.id, PersonPart.WITNESS),)))
    check()
    with portfolio.edit("Rename the witness") as editor:
        editor.put_person(replace(person, name="Dana Price"))
    check()
    with portfolio.edit("Bin") as editor:
        editor.bin_evidence(item.id)
    check()
    portfolio.undo()
    check()
    with portfolio.edit("Drop a requirement") as editor:
        editor.put_unit(replace(unit, requirements=unit.requirements[1:]))
    check()
    for _ in range(4):
        portfolio.undo()
        check()
    for _ in range(4):
        portfolio.redo()
        check()
    with portfolio.edit("Rename the unit, then its first requirement") as editor:
        editor.put_unit(replace(unit, title="Lead a team"))
        renamed = replace(editor.units()[0], requirements=(replace(unit.requirements[0], text="Plan"),))
        editor.put_unit(renamed)
        assert editor.units() == (renamed,)
    check()
    portfolio.undo()
    check()
    portfolio.redo()
    check()


def test_a_reader_beside_the_writer_sees_each_saved_edit(portfolio: PortfolioFile) -> None:
    with PortfolioFile.open(portfolio.path, read_only=True) as beside:
        for count in (1, 2):
            add_item(portfolio, f"Item {count}")
            with beside.read() as reader:
                assert len(reader.facts({}).evidence) == count


# Half characters (surrogates) cannot be stored and are refused; everything else must come back.
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_fields = st.dictionaries(
    _texts, _texts | st.lists(st.dictionaries(_texts, _texts, max_size=3), max_size=3).map(tuple), max_size=3
)


@given(title=_texts, body=_texts, fields=_fields, tags=st.lists(_texts, max_size=3).map(tuple))
def test_any_text_comes_back_and_survives_undo_and_redo(
    shared: PortfolioFile, title: str, body: str, fields: dict[str, str], tags: tuple[str, ...]
) -> None:
    with shared.edit("Add") as editor:
        item = Evidence(new_id(), editor.next_evidence_number(), "plan", title, body=body, fields=fields, tags=tags)
        editor.put_evidence(item)
    shared.undo()
    shared.redo()
    with shared.read() as reader:
        found = reader.evidence(item.number)
    assert replace(found, created_at=None, revised_at=None) == item


def test_half_a_character_is_refused_and_nothing_is_changed(portfolio: PortfolioFile) -> None:
    before = portfolio.history()
    with pytest.raises(InvalidInput, match="half a character"):
        add_item(portfolio, "\ud83d")
    assert portfolio.history() == before


def test_units_are_in_the_order_of_their_codes(portfolio: PortfolioFile) -> None:
    with portfolio.edit("Add units") as editor:
        for code in ("U10", "X1", "U2", "U1"):
            editor.put_unit(Unit(new_id(), code, code))
        assert editor.next_unit_code() == "U11"
        assert [unit.code for unit in editor.units()] == ["U1", "U2", "U10", "X1"]


def test_a_unit_code_is_given_once(portfolio: PortfolioFile) -> None:
    add_unit(portfolio, "1.1")
    with pytest.raises(Conflict, match="already a unit u1"), portfolio.edit("Add") as editor:
        editor.put_unit(Unit(new_id(), "u1", "Another"))


def test_a_changed_unit_keeps_what_it_kept_and_loses_what_it_lost(portfolio: PortfolioFile) -> None:
    unit = add_unit(portfolio, "1.1", "1.2", "1.3")
    first, second, third = unit.requirements
    item = add_item(portfolio)
    claims = [add_claim(portfolio, item, node) for node in unit.requirements]
    group = Requirement(new_id(), "1", "outcome", "Group", children=(replace(third, ref="1.9"), first))
    changed = replace(unit, title="Better", requirements=(group,))
    with portfolio.edit("Change unit") as editor:
        editor.put_unit(changed)
    found = whole(portfolio)
    assert found.units == (changed,)
    assert {claim.id for claim in found.claims} == {claims[0].id, claims[2].id}
    assert second.id in editor.changes.requirements
    assert claims[1].id in editor.changes.claims
    portfolio.undo()
    assert whole(portfolio).units == (unit,)
    assert {claim.id for claim in whole(portfolio).claims} == {claim.id for claim in claims}


def test_a_requirement_moved_out_of_a_parent_that_goes_stays(portfolio: PortfolioFile) -> None:
    leaf = Requirement(new_id(), "1.1", "criterion", "Leaf")
    parent = Requirement(new_id(), "1", "outcome", "Parent", children=(leaf,))
    unit = Unit(new_id(), "U1", "Unit", requirements=(parent,))
    with portfolio.edit("Add") as editor:
        editor.put_unit(unit)
    with portfolio.edit("Flatten") as editor:
        editor.put_unit(replace(unit, requirements=(leaf,)))
    assert whole(portfolio).units[0].requirements == (leaf,)
    portfolio.undo()
    assert whole(portfolio).units[0].requirements == (parent,)


def test_what_an_assessor_decided_on_cannot_be_removed(portfolio: PortfolioFile) -> None:
    unit = add_unit(portfolio, "1.1", "1.2")
    with portfolio.edit("Decide") as editor:
        editor.add_decision(
            Decision(new_id(), unit.requirements[0].id, Verdict.MET, "Jo", "", datetime(2026, 5, 1, tzinfo=UTC))
        )
    said = r"Requirement 1\.1 of unit U1 has an assessor's decision"
    with pytest.raises(Conflict, match=said), portfolio.edit("Remove") as editor:
        editor.remove_unit(unit.id)
    with pytest.raises(Conflict, match="decision"), portfolio.edit("Shrink") as editor:
        editor.put_unit(replace(unit, requirements=unit.requirements[1:]))
    with portfolio.edit("Shrink") as editor:
        editor.put_unit(replace(unit, requirements=unit.requirements[:1]))
    assert len(whole(portfolio).decisions) == 1


def test_removing_a_unit_removes_its_claims_and_dismissals(portfolio: PortfolioFile) -> None:
    unit, other = add_unit(portfolio, "1.1"), add_unit(portfolio, "2.1")
    item = add_item(portfolio)
    add_claim(portfolio, item, unit.requirements[0])
    kept = add_claim(portfolio, item, other.requirements[0])
    with portfolio.edit("Dismiss") as editor:
        editor.put_dismissal(Dismissal("no-claim", unit.id, unit.requirements[0].id, None, "later"))
        editor.put_action(Action(new_id(), "Do it", requirement_id=unit.requirements[0].id))
    with portfolio.edit("Remove") as editor:
        editor.remove_unit(unit.id)
    found = whole(portfolio)
    assert [claim.id for claim in found.claims] == [kept.id]
    assert found.dismissals == ()
    assert [action.requirement_id for action in found.actions] == [None]
    assert unit.id in editor.changes.units


def test_numbers_are_never_given_again(portfolio: PortfolioFile) -> None:
    assert add_item(portfolio).number == 1
    portfolio.undo()
    second = add_item(portfolio)
    assert second.number == 2
    with portfolio.edit("Delete") as editor:
        editor.bin_evidence(second.id)
        editor.delete_evidence(second.id)
    assert add_item(portfolio).number == 3
    with portfolio.edit("Import") as editor:
        editor.put_evidence(Evidence(new_id(), 40, "plan", "Imported"))
    assert add_item(portfolio).number == 41


def test_a_number_belongs_to_one_item(portfolio: PortfolioFile) -> None:
    item = add_item(portfolio)
    with pytest.raises(Conflict, match="already an evidence item E1"), portfolio.edit("Add") as editor:
        editor.put_evidence(Evidence(new_id(), 1, "plan", "Second"))
    with pytest.raises(Conflict, match="E1 keeps its reference"), portfolio.edit("Renumber") as editor:
        editor.put_evidence(replace(item, number=5))
    with pytest.raises(InvalidInput), portfolio.edit("Add") as editor:
        editor.put_evidence(Evidence(new_id(), 0, "plan", "Nought"))


def test_only_a_change_of_content_counts_as_a_new_version(portfolio: PortfolioFile) -> None:
    early = datetime(2026, 1, 5, tzinfo=UTC)
    with portfolio.edit("Add") as editor:
        item = Evidence(new_id(), editor.next_evidence_number(), "plan", "Plan", created_at=early)
        editor.put_evidence(item)
        item = editor.evidence(item.number)
    assert item.revised_at == early

    def put(changed: Evidence) -> Evidence:
        with portfolio.edit("Change") as editor:
            editor.put_evidence(changed)
        with portfolio.read() as reader:
            return reader.evidence_by_id(changed.id)

    assert put(replace(item, tags=("a",), confidential=True)).revised_at == early
    attachment = Attachment(new_id(), "a.pdf", "ab" * 32, 1, "application/pdf")
    for changed in (
        replace(item, body="More"),
        replace(item, fields={"purpose": "x"}),
        replace(item, date=Period.parse("2026-03")),
        replace(item, attachments=(attachment,)),
    ):
        put(item)
        now = put(changed)
        assert now.revised_at is not None
        assert now.revised_at > early
        assert now.created_at == early


def test_putting_the_same_again_is_no_step(portfolio: PortfolioFile) -> None:
    sample = rich_portfolio().portfolio
    with portfolio.edit("Add") as editor:
        for unit in sample.units:
            editor.put_unit(unit)
        for person in sample.people:
            editor.put_person(person)
        editor.put_evidence_many(sample.evidence)
        editor.put_claims_many(sample.claims)
        for action in sample.actions:
            editor.put_action(action)
    before = portfolio.history()
    stored = whole(portfolio)
    with portfolio.edit("Again") as editor:
        editor.put_details(stored.details)
        for unit in stored.units:
            editor.put_unit(unit)
        for person in stored.people:
            editor.put_person(person)
        editor.put_evidence_many(stored.evidence)
        editor.put_claims_many(replace(claim, claimed_at=None) for claim in stored.claims)
        for action in stored.actions:
            editor.put_action(action)
    assert portfolio.history() == before
    assert not editor.changes


def test_a_refused_edit_gives_its_number_back(portfolio: PortfolioFile) -> None:
    with portfolio.edit("Think again") as editor:
        assert editor.next_evidence_number() == 1
    assert add_item(portfolio).number == 1


def test_the_bin_takes_an_item_out_of_everything_and_gives_it_back(portfolio: PortfolioFile) -> None:
    unit = add_unit(portfolio, "1.1")
    item = add_item(portfolio)
    claim = add_claim(portfolio, item, unit.requirements[0])
    with pytest.raises(Conflict, match="E1 is not in the bin"), portfolio.edit("Delete") as editor:
        editor.delete_evidence(item.id)
    with portfolio.edit("Bin") as editor:
        editor.bin_evidence(item.id)
    with portfolio.read() as reader:
        assert reader.portfolio().evidence == ()
        assert reader.claims() == reader.claims(requirement_id=unit.requirements[0].id) == []
        assert [fact.id for fact in reader.evidence_facts(binned=True)] == [item.id]
        assert [each.id for each in reader.claims(evidence_id=item.id)] == [claim.id]
        assert reader.evidence_by_id(item.id).title == item.title
        with pytest.raises(UnknownReference, match="E1 is in the bin"):
            reader.evidence(1)
    with portfolio.edit("Restore") as editor:
        editor.restore_evidence(item.id)
    with portfolio.read() as reader:
        assert reader.evidence(1) == item
        assert len(reader.claims()) == 1


def test_one_claim_stands_for_a_pair(portfolio: PortfolioFile) -> None:
    unit = add_unit(portfolio, "1.1", "1.2")
    item = add_item(portfolio)
    first = add_claim(portfolio, item, unit.requirements[0])
    with pytest.raises(Conflict, match="already claimed"):
        add_claim(portfolio, item, unit.requirements[0])
    with portfolio.edit("Move") as editor:
        editor.put_claim(replace(first, requirement_id=unit.requirements[1].id))
    assert editor.changes.requirements == {node.id for node in unit.requirements}
    with portfolio.read() as reader:
        assert [claim.requirement_id for claim in reader.claims()] == [unit.requirements[1].id]


def test_of_each_requirement_the_newest_quotations_are_read(portfolio: PortfolioFile) -> None:
    unit = add_unit(portfolio, "1.1", "1.2")
    first, second = unit.requirements
    items = [add_item(portfolio) for _ in range(4)]
    for day, (item, quotation) in enumerate(zip(items, ("oldest", "", "newer", "newest"), strict=True), 1):
        add_claim(portfolio, item, first, quotation=quotation, claimed_at=datetime(2026, 3, day, tzinfo=UTC))
    add_claim(portfolio, items[0], second, quotation="other")
    with portfolio.read() as reader:
        assert [(each.requirement_id, each.quotation) for each in reader.newest_quotations(2)] in (
            [(first.id, "newest"), (first.id, "newer"), (second.id, "other")],
            [(second.id, "other"), (first.id, "newest"), (first.id, "newer")],
        )
    with portfolio.edit("Bin") as editor:
        editor.bin_evidence(items[3].id)
    with portfolio.read() as reader:
        found = [each.quotation for each in reader.newest_quotations(9) if each.requirement_id == first.id]
    assert found == ["newer", "oldest"]


@pytest.mark.parametrize("missing", ["evidence_id", "requirement_id"])
def test_a_claim_needs_both_its_ends(portfolio: PortfolioFile, missing: str) -> None:
    unit = add_unit(portfolio, "1.1")
    item = add_item(portfolio)
    with pytest.raises(UnknownReference, match="not in this portfolio"):
        add_claim(portfolio, item, unit.requirements[0], **{missing: new_id()})
    with pytest.raises(UnknownReference):
        add_claim(portfolio, item, unit.requirements[0], component_ids=frozenset({new_id()}))
    assert whole(portfolio).claims == ()


def test_a_claim_keeps_its_time_unless_it_changes(portfolio: PortfolioFile) -> None:
    unit = add_unit(portfolio, "1.1")
    claimed = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    claim = add_claim(portfolio, add_item(portfolio), unit.requirements[0], claimed_at=claimed)
    with portfolio.read() as reader:
        assert reader.claims()[0].claimed_at == claimed
        assert reader.facts({}).newest_claim == {unit.requirements[0].id: "2026-03-01T10:00:00+00:00"}
    with portfolio.edit("Same") as editor:
        editor.put_claim(replace(claim, claimed_at=None))
    with portfolio.read() as reader:
        assert reader.claims()[0].claimed_at == claimed
    with portfolio.edit("Place") as editor:
        editor.put_claim(replace(claim, claimed_at=None, locator=Locator(page="3")))
    with portfolio.read() as reader:
        (now,) = reader.claims()
    assert now.claimed_at is not None
    assert now.claimed_at > claimed
    assert now.locator == Locator(page="3")


def test_the_newest_decision_counts_and_older_ones_stay(portfolio: PortfolioFile) -> None:
    requirement = add_unit(portfolio, "1.1").requirements[0]
    made = [
        Decision(new_id(), requirement.id, verdict, "Jo", "Because", datetime(2026, 5, day, tzinfo=UTC))
        for day, verdict in ((2, Verdict.NOT_YET_MET), (9, Verdict.MET), (1, Verdict.MORE_NEEDED))
    ]
    for decision in made:
        with portfolio.edit("Decide") as editor:
            editor.add_decision(decision)
    with portfolio.read() as reader:
        assert reader.decisions() == [made[2], made[0], made[1]]
        assert reader.facts({}).decisions == {requirement.id: made[1]}
    with pytest.raises(Conflict, match="superseded"), portfolio.edit("Again") as editor:
        editor.add_decision(made[0])
    with pytest.raises(UnknownReference), portfolio.edit("Elsewhere") as editor:
        editor.add_decision(replace(made[0], id=new_id(), requirement_id=new_id()))
    returned = replace(made[1], id=new_id(), seen_at=datetime(2026, 4, 30, 8, tzinfo=UTC), source="5e" * 32)
    with portfolio.edit("Decide by a document") as editor:
        editor.add_decision(returned)
    with portfolio.read() as reader:
        assert reader.decisions()[-1] == returned


def test_a_person_who_is_named_stays(portfolio: PortfolioFile) -> None:
    dana, omar = Person(new_id(), "dana"), Person(new_id(), "Omar")
    item = add_item(portfolio)
    with portfolio.edit("Name") as editor:
        editor.put_person(omar)
        editor.put_person(dana)
        editor.put_evidence(replace(item, people=(Involvement(dana.id, PersonPart.WITNESS, date(2026, 5, 1)),)))
    assert whole(portfolio).people == (dana, omar)
    with pytest.raises(Conflict, match="dana is named in E1"), portfolio.edit("Remove") as editor:
        editor.remove_person(dana.id)
    with portfolio.edit("Remove") as editor:
        editor.remove_person(omar.id)
    assert whole(portfolio).people == (dana,)


def test_actions_and_dismissals_come_and_go(portfolio: PortfolioFile) -> None:
    action = Action(new_id(), "Ask Dana", due=date(2026, 6, 1), origin="no-date")
    dismissal = Dismissal("old", None, None, None, "Still valid")
    with portfolio.edit("Add") as editor:
        editor.put_action(action)
        editor.put_dismissal(dismissal)
    with portfolio.edit("Change") as editor:
        editor.put_action(replace(action, done_on=date(2026, 5, 30)))
        editor.put_dismissal(replace(dismissal, reason="Checked"))
    found = whole(portfolio)
    assert found.actions == (replace(action, done_on=date(2026, 5, 30)),)
    assert found.dismissals == (replace(dismissal, reason="Checked"),)
    with portfolio.edit("Remove") as editor:
        editor.remove_action(action.id)
        editor.remove_dismissal(dismissal)
    assert whole(portfolio).actions == ()
    assert whole(portfolio).dismissals == ()


def test_earlier_versions_stay_with_their_item(portfolio: PortfolioFile) -> None:
    item = add_item(portfolio)
    then = datetime(2026, 6, 14, 9, 30, tzinfo=UTC)
    first = EvidenceVersion(
        new_id(),
        item.id,
        1,
        then,
        "One action had no date",
        "meeting-minutes",
        "Minutes",
        Period.parse("2026-06"),
        "We met.",
        {"place": "Desk", "actions": ({"action": "Ask", "by": "Omar"},)},
        (Attachment(new_id(), "a.pdf", "ab" * 32, 1, "application/pdf", "Signed"),),
        ("Dana Price, duty manager: witness",),
        Judgement(valid=True, current=False, by="Jo", on=date(2026, 6, 14)),
    )
    second = replace(first, id=new_id(), number=2, judgement=None, date=None)
    with portfolio.edit("Rework") as editor:
        editor.add_version(second)
        editor.add_version(first)
        assert editor.changes.evidence == {item.id}
    with portfolio.read() as reader:
        assert reader.versions(item.id) == [first, second]
        assert reader.versions(new_id()) == []
    assert whole(portfolio).versions == (first, second)
    with pytest.raises(Conflict), portfolio.edit("Again") as editor:
        editor.add_version(replace(first, id=new_id()))
    with pytest.raises(UnknownReference), portfolio.edit("Of nothing") as editor:
        editor.add_version(replace(first, id=new_id(), evidence_id=new_id()))
    with portfolio.edit("Bin") as editor:
        editor.bin_evidence(item.id)
    assert whole(portfolio).versions == ()
    with portfolio.edit("Delete") as editor:
        editor.delete_evidence(item.id)
    with portfolio.read() as reader:
        assert reader.versions(item.id) == []


def test_what_is_hidden_in_copies_comes_and_goes(portfolio: PortfolioFile) -> None:
    attachment = Attachment(new_id(), "a.pdf", "ab" * 32, 1, "application/pdf")
    item = add_item(portfolio)
    with portfolio.edit("Attach") as editor:
        editor.put_evidence(replace(item, attachments=(attachment,)))
    omar = RedactionTerm(new_id(), "Omar Reid", "a colleague")
    account = RedactionTerm(new_id(), "20-31-48", whole_words=False)
    low = RedactionRegion(new_id(), attachment.id, 1, 0, 9000, 10_000, 1000)
    high = replace(low, id=new_id(), top=10)
    with portfolio.edit("Mark") as editor:
        editor.put_redaction_term(omar)
        editor.put_redaction_term(account)
        editor.put_redaction_region(low)
        editor.put_redaction_region(high)
        editor.spare_text("Harbour Hotel")
        assert editor.changes.redaction == {omar.id, account.id, low.id, high.id, "Harbour Hotel"}
    assert whole(portfolio).redaction == Redaction((omar, account), (high, low), ("Harbour Hotel",))
    with portfolio.edit("Change") as editor:
        editor.put_redaction_term(replace(omar, replacement=""))
        editor.remove_redaction_region(high.id)
        editor.unspare_text("Harbour Hotel")
        editor.unspare_text("nothing")
    assert whole(portfolio).redaction == Redaction((replace(omar, replacement=""), account), (low,))
    with pytest.raises(UnknownReference), portfolio.edit("Mark nothing") as editor:
        editor.put_redaction_region(replace(low, id=new_id(), attachment_id=new_id()))
    with portfolio.edit("Take the file away") as editor:
        editor.put_evidence(item)
        editor.remove_redaction_term(account.id)
    assert whole(portfolio).redaction.regions == ()
    for _ in range(3):
        portfolio.undo()
    assert whole(portfolio).redaction == Redaction()


def test_groups_of_units_come_and_go(portfolio: PortfolioFile) -> None:
    optional = UnitGroup(new_id(), "Optional units", least_units=2, least_credits=12)
    core = UnitGroup(new_id(), "Core", mandatory=True)
    unit = replace(add_unit(portfolio, "1", "2"), mandatory=False, group_id=optional.id)
    with portfolio.edit("Group") as editor:
        details = editor.details()
        qualification = replace(details.qualification, least_credits=40, groups=(optional, core))
        editor.put_details(replace(details, qualification=qualification))
        editor.put_unit(unit)
        assert editor.changes.details
    assert whole(portfolio).details.qualification == qualification
    assert whole(portfolio).units == (unit,)
    with portfolio.edit("Turn round, and take one away") as editor:
        editor.put_details(replace(details, qualification=replace(qualification, groups=(core,))))
        assert editor.changes.units == {unit.id}
    assert whole(portfolio).details.qualification.groups == (core,)
    assert whole(portfolio).units == (replace(unit, group_id=""),)
    portfolio.undo()
    assert whole(portfolio).details.qualification.groups == (optional, core)
    assert whole(portfolio).units == (unit,)


def test_a_rejected_suggestion_stays_rejected_until_it_is_taken_back_or_gone(portfolio: PortfolioFile) -> None:
    unit = add_unit(portfolio, "1", "2")
    first, second = [requirement.id for requirement in unit.leaves()]
    item = add_item(portfolio)
    with portfolio.edit("Reject") as editor:
        editor.reject_suggestion(item.id, first)
        editor.reject_suggestion(item.id, second)
        editor.reject_suggestion(item.id, second)
        assert editor.changes.rejections == {item.id}
    both = frozenset({RejectedSuggestion(item.id, first), RejectedSuggestion(item.id, second)})
    assert whole(portfolio).rejected_suggestions == both
    with portfolio.edit("Take back") as editor:
        editor.unreject_suggestion(item.id, first)
        editor.unreject_suggestion(item.id, first)
    assert whole(portfolio).rejected_suggestions == {RejectedSuggestion(item.id, second)}
    with portfolio.edit("Remove the unit") as editor:
        editor.remove_unit(unit.id)
    assert whole(portfolio).rejected_suggestions == frozenset()
    portfolio.undo()
    portfolio.undo()
    assert whole(portfolio).rejected_suggestions == both
    with pytest.raises(UnknownReference), portfolio.edit("Reject nothing") as editor:
        editor.reject_suggestion(item.id, new_id())


def test_a_portfolio_keeps_the_secret_by_which_it_knows_its_copies(tmp_path: Path) -> None:
    with new_portfolio(tmp_path / "one") as one, new_portfolio(tmp_path / "two") as two:
        with one.read() as reader, two.read() as other:
            key = reader.review_key()
            assert len(key) == 32
            assert key != other.review_key()
        with one.edit("Again") as editor:
            editor.make_review_key()
            assert editor.review_key() == key
    with PortfolioFile.open(tmp_path / "one") as again, again.read() as reader:
        assert reader.review_key() == key


def test_what_is_not_there_is_said(portfolio: PortfolioFile) -> None:
    with portfolio.read() as reader:
        with pytest.raises(UnknownReference, match="There is no evidence E9"):
            reader.evidence(9)
        with pytest.raises(UnknownReference):
            reader.evidence_by_id(new_id())
    with portfolio.edit("Nothing") as editor:
        for remove in (
            editor.remove_unit,
            editor.remove_claim,
            editor.remove_action,
            editor.remove_person,
            editor.bin_evidence,
            editor.restore_evidence,
            editor.delete_evidence,
        ):
            with pytest.raises(UnknownReference, match="not in this portfolio"):
                remove(new_id())
        with pytest.raises(UnknownReference):
            editor.remove_dismissal(Dismissal("none", None, None, None, ""))


def test_details_change_but_not_whose_they_are(portfolio: PortfolioFile) -> None:
    with portfolio.edit("Change") as editor:
        details = replace(editor.details(), centre="Northgate", learner=Learner("Sam Ellis", "17"))
        editor.put_details(details)
    assert editor.changes.details
    assert whole(portfolio).details == details
    with pytest.raises(Conflict), portfolio.edit("Swap") as editor:
        editor.put_details(PortfolioDetails(new_id(), Learner("Someone")))
