"""What the page of an item does: saved as it is typed, one named step each, and each step undone and redone exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.publication_text import as_text

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.errors import InvalidInput, UnknownReference
from portfolio_app.domain.evidence import (
    DATE_IN_WORDS,
    Evidence,
    EvidenceKind,
    Involvement,
    Judgement,
    Person,
    PersonPart,
    StandingKind,
)
from portfolio_app.domain.gaps import find_gaps
from portfolio_app.domain.portfolio import Portfolio
from portfolio_app.domain.qualification import AssessmentMethod
from portfolio_app.exporting.portfolio_publication import ExportOptions, build_publication
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.decisions import decide
from portfolio_app.services.evidence_edits import (
    change_evidence,
    change_kind,
    duplicate_evidence,
    new_evidence,
    put_involvement,
    remove_involvement,
    set_judgement,
)
from portfolio_app.services.evidence_given import EvidenceGiven
from portfolio_app.services.evidence_many import (
    bin_evidence,
    delete_from_bin,
    empty_bin,
    mark_all,
    restore_from_bin,
    set_kind_of_all,
    tag_evidence,
)
from portfolio_app.services.history import list_history, redo, undo
from portfolio_app.services.people import (
    PersonGiven,
    merge_people,
    people_register,
    put_person,
    remove_people,
    remove_unused_people,
)
from portfolio_app.storage.errors import Conflict
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]


def _whole(portfolio: PortfolioFile) -> Portfolio:
    with portfolio.read() as reader:
        return replace(reader.portfolio(), revision=0, history_head="")


def _newest(portfolio: PortfolioFile) -> str:
    return list_history(portfolio, 1)[0].name


def _step(portfolio: PortfolioFile, name: str, edit: Callable[..., tuple[Any, Changes]], *arguments: Any) -> Any:
    """Make an edit that must be one step of this name, and see that undo and redo give exactly back."""
    before, steps = _whole(portfolio), len(list_history(portfolio))
    result, changes = edit(portfolio, *arguments)
    after = _whole(portfolio)
    assert (_newest(portfolio), len(list_history(portfolio))) == (name, steps + 1)
    assert undo(portfolio) == (name, changes)
    assert _whole(portfolio) == before
    redo(portfolio)
    assert _whole(portfolio) == after
    return result


@pytest.fixture
def item(portfolio: PortfolioFile, kinds: Kinds) -> Evidence:
    return new_evidence(portfolio, kinds, "plan", EvidenceGiven("Plan"))[0]


def test_each_part_is_a_step_with_a_name_of_its_own(portfolio: PortfolioFile, kinds: Kinds, item: Evidence) -> None:
    def change(name: str, **parts: Any) -> Evidence:
        changed: Evidence = _step(portfolio, name, change_evidence, kinds, item.id, EvidenceGiven(**parts))
        return changed

    change("Change the title of E1", title="New plan")
    change("Change the date of E1", date="March 2026")
    change("Change the text of E1", body="Words.")
    change("Change “What the plan is for” of E1", fields={"purpose": "Why"})
    change("Change the tags of E1", tags=["a", "b", "A"])
    change("Change where E1 is", standing=StandingKind.HELD)
    change("Change where E1 is", location="HR", confirmed_by="Ann", confirmed_on="9 March 2026")
    assert change("Change the assessment method of E1", method=AssessmentMethod.DISCUSSION).method
    changed = change("Change the assessment method of E1", method="")
    assert (changed.method, changed.tags, str(changed.date)) == (None, ("a", "b"), "March 2026")
    assert (changed.standing.location, changed.standing.confirmed_on) == ("HR", date(2026, 3, 9))
    change("Add Jo Hill to E1", people=[PersonGiven("Jo Hill")])
    change("Change evidence E1", title="", simulated=True)
    assert change("Change where E1 is", confirmed_on="").standing.confirmed_on is None


def test_what_does_not_fit_is_kept_as_typed_and_stops_neither_rules_nor_exports(
    portfolio: PortfolioFile, kinds: Kinds
) -> None:
    table = ({"milestone": "Start", "due": "soonish"},)
    plan = next(kind for kind in kinds.values() if any(field.type == "date" for field in kind.fields))
    fields = {field.name: "not a fit" for field in plan.fields if field.type != "table"}
    tables = {
        field.name: tuple({column.name: "neither" for column in field.columns} for _ in table)
        for kind in kinds.values()
        for field in kind.fields
        if field.type == "table" and kind.id == "plan"
    }
    for kind in (plan, kinds["plan"]):
        new, _ = new_evidence(portfolio, kinds, kind.id)
        given = EvidenceGiven(title="", date="some day in 2027?", fields=fields if kind is plan else tables)
        saved, _ = change_evidence(portfolio, kinds, new.id, given)
        assert (saved.title, saved.shown_title, saved.date) == ("", "Untitled", None)
        assert saved.fields[DATE_IN_WORDS] == "some day in 2027?"
        assert {name: saved.fields[name] for name in given.fields} == given.fields
    with portfolio.read() as reader:
        facts, whole = reader.facts({}), reader.portfolio()
    assert "evidence-without-date" in {gap.rule for gap in find_gaps(facts, kinds, date(2026, 6, 1))}
    text = as_text(build_publication(whole, kinds, lambda _: None, ExportOptions(), date(2026, 6, 1), "test"))
    assert "some day in 2027?" in text
    assert "not a fit" in text
    mended, _ = change_evidence(portfolio, kinds, new.id, EvidenceGiven(date="2026"))
    assert str(mended.date) == "2026"
    assert DATE_IN_WORDS not in mended.fields


def test_an_empty_item_with_only_a_date_in_words_counts_as_empty(portfolio: PortfolioFile, kinds: Kinds) -> None:
    new, _ = new_evidence(portfolio, kinds, "plan", EvidenceGiven(date="soon"))
    assert not new.has_content


_texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.tuples(_texts, _texts, _texts, _texts, _texts))
def test_any_typed_text_is_saved(portfolio: PortfolioFile, kinds: Kinds, typed: tuple[str, str, str, str, str]) -> None:
    title, day, body, value, place = typed
    new, _ = new_evidence(portfolio, kinds, "plan")
    given = EvidenceGiven(title, day, body, {"purpose": value, "approved_on": value}, location=place)
    saved, _ = change_evidence(portfolio, kinds, new.id, given)
    assert saved.title == " ".join(title.split())
    assert saved.fields.get("purpose", "") == value.strip("\n")
    assert saved.date is not None or saved.fields.get(DATE_IN_WORDS, "") == " ".join(day.split())
    assert saved.standing.location == " ".join(place.split())


def test_a_kind_can_be_changed_and_changed_back_without_loss(
    portfolio: PortfolioFile, kinds: Kinds, item: Evidence
) -> None:
    before, _ = change_evidence(portfolio, kinds, item.id, EvidenceGiven(fields={"purpose": "Why"}))
    changed = _step(portfolio, "Change E1 to reflective account", change_kind, kinds, item.id, "reflective-account")
    assert (changed.kind, dict(changed.fields)) == ("reflective-account", {"purpose": "Why"})
    _step(portfolio, "Change E1 to KPI or performance report", change_kind, kinds, item.id, "kpi-report")
    back = _step(portfolio, "Change E1 to plan", change_kind, kinds, item.id, "plan")
    assert replace(back, revised_at=None) == replace(before, revised_at=None)


def test_a_copy_has_the_files_but_nothing_that_others_said_of_the_original(
    portfolio: PortfolioFile, kinds: Kinds, item: Evidence, tmp_path: Path
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("a", encoding="utf-8")
    given = EvidenceGiven(
        files=[file],
        people=[PersonGiven("Jo Hill", part=PersonPart.WITNESS, signed_on=date(2026, 1, 1))],
        confirmed_by="Ann",
        tags=["x"],
    )
    original, _ = change_evidence(portfolio, kinds, item.id, given)
    set_judgement(portfolio, item.id, Judgement(valid=True, by="Ann"))
    add_claim(portfolio, "E1", "U1/1.1", ClaimGiven())
    copy = _step(portfolio, "Duplicate E1 as E2", duplicate_evidence, item.id)
    assert (copy.title, copy.tags, copy.judgement, copy.standing.confirmed_by) == ("Plan (copy)", ("x",), None, "")
    assert [part.signed_on for part in copy.people] == [None]
    assert copy.attachments[0].sha256 == original.attachments[0].sha256
    assert copy.attachments[0].id != original.attachments[0].id
    with portfolio.read() as reader:
        assert reader.claims(evidence_id=copy.id) == []


def test_evidence_for_a_requirement_is_added_and_claimed_in_one_step(portfolio: PortfolioFile, kinds: Kinds) -> None:
    def add(opened: PortfolioFile) -> tuple[Evidence, Changes]:
        return new_evidence(opened, kinds, "plan", requirement_id="Serve customers-1.2")

    made = _step(portfolio, "Add evidence E1 for U1/1.2", add)
    with portfolio.read() as reader:
        assert [claim.requirement_id for claim in reader.claims(evidence_id=made.id)] == ["Serve customers-1.2"]
    with pytest.raises(InvalidInput, match="only groups"):
        new_evidence(portfolio, kinds, "plan", requirement_id="Serve customers-LO1")


def test_parts_and_signatures_can_be_given_and_taken_back(
    portfolio: PortfolioFile, kinds: Kinds, item: Evidence
) -> None:
    put_person(portfolio, Person("jo", "Jo Hill", role="Manager"))
    signed = Involvement("jo", PersonPart.WITNESS, date(2026, 3, 9))
    assert _step(portfolio, "Add Jo Hill in E1", put_involvement, item.id, signed).people == (signed,)
    unsigned = replace(signed, signed_on=None)
    step = "Change the part of Jo Hill in E1"
    assert _step(portfolio, step, put_involvement, item.id, unsigned).people == (unsigned,)
    assert _step(portfolio, "Take Jo Hill off E1", remove_involvement, item.id, "jo").people == ()
    with pytest.raises(UnknownReference):
        put_involvement(portfolio, item.id, Involvement("nobody", PersonPart.WITNESS))


def test_a_judgement_names_who_judged(portfolio: PortfolioFile, item: Evidence) -> None:
    with pytest.raises(InvalidInput, match="name is missing"):
        set_judgement(portfolio, item.id, Judgement(valid=True))
    judged = _step(portfolio, "Judge E1", set_judgement, item.id, Judgement(valid=True, current=False, by="Ann"))
    assert (judged.judgement.current, judged.judgement.reliable) == (False, None)
    taken_back = _step(portfolio, "Take back the judgement of E1", set_judgement, item.id, Judgement())
    assert taken_back.judgement is None


def test_the_list_of_people_is_kept_tidy(portfolio: PortfolioFile, kinds: Kinds, item: Evidence) -> None:
    for person in (
        Person("jo", "Jo Hill", role="Manager"),
        Person("j", "J. Hill", email="jo@example.org"),
        Person("al", "Al"),
    ):
        put_person(portfolio, person)
    cleared = _step(portfolio, "Change Joanna Hill", put_person, Person("jo", "Joanna Hill"))
    assert cleared.role == ""
    with pytest.raises(InvalidInput, match="on the list already"):
        put_person(portfolio, Person("al", "JOANNA hill"))
    second, _ = new_evidence(portfolio, kinds, "plan", EvidenceGiven("Other"))
    put_involvement(portfolio, item.id, Involvement("jo", PersonPart.WITNESS))
    put_involvement(portfolio, item.id, Involvement("j", PersonPart.AUTHOR, date(2026, 1, 2)))
    put_involvement(portfolio, second.id, Involvement("j", PersonPart.OBSERVER))
    bin_evidence(portfolio, [second.id])
    assert {use.person.name: [ref for _, ref, _ in use.parts] for use in people_register(portfolio)} == {
        "Al": [],
        "J. Hill": ["E1", "E2"],
        "Joanna Hill": ["E1"],
    }
    with pytest.raises(Conflict, match="named in E1, E2"):
        remove_people(portfolio, ["j"])
    merged = _step(portfolio, "Merge J. Hill into Joanna Hill", merge_people, "jo", "j")
    assert merged.email == "jo@example.org"
    uses = {use.person.name: [part for _, _, part in use.parts] for use in people_register(portfolio)}
    assert uses["Joanna Hill"] == [
        Involvement("jo", PersonPart.WITNESS, date(2026, 1, 2)),
        Involvement("jo", PersonPart.OBSERVER),
    ]
    gone = _step(portfolio, "Remove Al from the list", remove_unused_people)
    assert [person.name for person in gone] == ["Al"]


def test_the_bin_takes_gives_back_and_can_be_emptied(portfolio: PortfolioFile, kinds: Kinds) -> None:
    ids = [new_evidence(portfolio, kinds, "plan", EvidenceGiven(str(n)))[0].id for n in range(3)]
    add_claim(portfolio, "E2", "U1/1.1", ClaimGiven())
    _step(portfolio, "Remove 3 evidence items", bin_evidence, ids)
    with pytest.raises(UnknownReference, match="in the bin"):
        bin_evidence(portfolio, ids[:1])
    with pytest.raises(UnknownReference, match="in the bin"):
        change_evidence(portfolio, kinds, ids[0], EvidenceGiven("New"))
    _step(portfolio, "Bring evidence E1 back", restore_from_bin, ids[:1])
    with pytest.raises(Conflict, match="not in the bin"):
        delete_from_bin(portfolio, ids)
    gone = _step(portfolio, "Delete 2 evidence items", empty_bin)
    assert [item.ref for item in gone] == ["E2", "E3"]
    undo(portfolio)
    restore_from_bin(portfolio, ids[1:2])
    with portfolio.read() as reader:
        assert len(reader.claims(evidence_id=ids[1])) == 1
    assert new_evidence(portfolio, kinds, "plan")[0].ref == "E4"


def test_many_items_are_changed_in_one_step(portfolio: PortfolioFile, kinds: Kinds) -> None:
    ids = [new_evidence(portfolio, kinds, "plan", EvidenceGiven(str(n), tags=["Old"]))[0].id for n in range(3)]
    tagged = _step(portfolio, "Tag 2 evidence items “New, old”", tag_evidence, ids[:2], ["New", "old"])
    assert [item.tags for item in tagged] == [("Old", "New")] * 2
    cleared = _step(portfolio, "Take the tag “old” off evidence E3", tag_evidence, ids[2:], [], ["old"])
    assert cleared[0].tags == ()
    changed = _step(portfolio, "Change 3 evidence items to staff rota", set_kind_of_all, kinds, ids, "staff-rota")
    assert {item.kind for item in changed} == {"staff-rota"}

    def mark(opened: PortfolioFile) -> tuple[list[Evidence], Changes]:
        return mark_all(opened, ids, confidential=True)

    assert all(item.confidential for item in _step(portfolio, "Mark 3 evidence items as confidential", mark))
    assert mark(portfolio)[1] == Changes()


def test_an_item_that_was_decided_on_can_still_be_changed_and_that_undone(
    portfolio: PortfolioFile, kinds: Kinds, item: Evidence
) -> None:
    add_claim(portfolio, "E1", "U1/1.1", ClaimGiven())
    decide(portfolio, "U1/1.1", Verdict.MET, "Ann")
    _step(portfolio, "Remove evidence E1", bin_evidence, [item.id])
