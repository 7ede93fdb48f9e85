"""A copy that comes back is told apart from what is none, set beside what is recorded, and accepted once."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.returned_copies import (
    fill_in,
    of_another_portfolio,
    returned,
    review_copy,
    signed_by,
    ticked,
    with_other_pages,
    with_other_requirements,
    without_form,
)
from tests.stored_portfolios import new_portfolio, state

from portfolio_app.domain.claims import Verdict
from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.dates import day_in_words
from portfolio_app.domain.errors import InvalidInput, KnownError
from portfolio_app.domain.evidence import EvidenceKind, Judgement, PersonPart
from portfolio_app.domain.review import JUDGEMENTS
from portfolio_app.services.actions import edit_action, finish_action, list_actions
from portfolio_app.services.backups import make_backup
from portfolio_app.services.claims import ClaimGiven, add_claim, remove_claim
from portfolio_app.services.decisions import decisions_of, record_decision
from portfolio_app.services.evidence import EvidenceGiven, add_evidence, edit_evidence, remove_evidence
from portfolio_app.services.evidence_edits import set_judgement
from portfolio_app.services.evidence_versions import earlier_versions
from portfolio_app.services.feedback import feedback
from portfolio_app.services.history import list_history, undo
from portfolio_app.services.people import PersonGiven, add_person, list_people
from portfolio_app.services.returned_copies import read_returned
from portfolio_app.services.returned_forms import Returned
from portfolio_app.services.review import accept_review, compare_review, read_review
from portfolio_app.services.review_comparison import AnswerState
from portfolio_app.storage.errors import NothingToUndo
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]
R1, R2, R3 = "Serve customers-1.1", "Serve customers-1.2", "Serve customers-2.1"


def today() -> date:
    return datetime.now().astimezone().date()


@pytest.fixture
def claimed(portfolio: PortfolioFile, kinds: Kinds) -> PortfolioFile:
    """The portfolio with E1 claimed for 1.1 and 2.1, and E2 for 1.2."""
    for title in ("Plan", "Rota"):
        add_evidence(portfolio, kinds["plan"], EvidenceGiven(title=title))
    for ref, address in (("E1", "U1/1.1"), ("E1", "U1/2.1"), ("E2", "U1/1.2")):
        add_claim(portfolio, ref, address, ClaimGiven())
    return portfolio


def test_what_the_assessor_decided_is_recorded_in_one_step_that_stays(claimed: PortfolioFile, tmp_path: Path) -> None:
    answers = {
        "r1.decision": "met",
        "r2.decision": "not_yet_met",
        "r2.comment": "Say who\r\nplanned it.",
        "r3.decision": "more_evidence",
    }
    path = returned(claimed, tmp_path / "back.pdf", signed_by(role="Assessor, Leeds") | answers)
    before = state(claimed.path)
    comparison = read_review(claimed, path)
    assert state(claimed.path) == before
    assert (comparison.by, comparison.role, comparison.decided_on) == ("Dana Whyte", "Assessor, Leeds", None)
    assert [each.address for each in comparison.answers] == ["U1/1.1", "U1/1.2", "U1/2.1"]
    assert {each.state for each in comparison.answers} == {AnswerState.NEW}
    assert not comparison.warnings
    assert "nothing that it shows has changed since" in comparison.notes[0]
    steps = len(list_history(claimed))

    accepted, changes = accept_review(claimed, comparison.copy)
    assert len(list_history(claimed)) == steps + 1
    assert list_history(claimed)[0].name == f"Accept Dana Whyte’s review of {day_in_words(today())}"
    assert changes.decisions == {decision.id for decision in accepted.decisions}
    assert [decision.verdict for decision in accepted.decisions] == [
        Verdict.MET,
        Verdict.NOT_YET_MET,
        Verdict.MORE_NEEDED,
    ]
    stored = decisions_of(claimed, R2)[0]
    assert (stored.by, stored.comment, stored.source) == ("Dana Whyte", "Say who\nplanned it.", comparison.copy.sha256)
    assert stored.seen_at == comparison.identity.made
    assert [action.text for action in list_actions(claimed)] == [
        "U1/1.2: Say who planned it.",
        "U1/2.1: Answer Dana Whyte’s decision “more evidence needed”",
    ]
    assert [(person.name, person.role) for person in list_people(claimed)] == [("Dana Whyte", "Assessor, Leeds")]
    with pytest.raises(NothingToUndo):
        undo(claimed)


def test_the_same_file_changes_nothing_again_and_the_next_one_adds_what_is_new(
    claimed: PortfolioFile, tmp_path: Path
) -> None:
    review_copy(claimed, tmp_path / "blank.pdf")
    first = signed_by() | {"r1.decision": "not_yet_met", "r1.comment": "Sign it.", "r2.comment": "Nearly."}
    path = fill_in(tmp_path / "blank.pdf", tmp_path / "first.pdf", first | ticked("e1", "valid"))
    copy = read_returned(path)
    assert accept_review(claimed, copy)[0]
    learner_works_on_it = list_actions(claimed)
    edit_action(claimed, learner_works_on_it[1].id, "Ask Dana", None)
    finish_action(claimed, learner_works_on_it[0].id)
    before = state(claimed.path)
    again, changes = accept_review(claimed, copy)
    assert not again
    assert not changes
    assert state(claimed.path) == before
    comparison = read_review(claimed, path)
    assert {each.state for each in comparison.everything} == {AnswerState.RECORDED}
    assert "Everything that it says is recorded already." in comparison.notes

    more = first | {"r2.decision": "met", "r3.decision": "met"}
    path = fill_in(tmp_path / "first.pdf", tmp_path / "second.pdf", more)
    comparison = read_review(claimed, path)
    assert comparison.acceptable == {"r2", "r3"}
    accepted, _ = accept_review(claimed, comparison.copy)
    assert [decision.requirement_id for decision in accepted.decisions] == [R2, R3]
    assert accepted.decisions[0].comment == "Nearly."


def test_only_what_is_chosen_is_recorded(claimed: PortfolioFile, tmp_path: Path) -> None:
    answers = {"r1.decision": "met", "r2.decision": "met"} | ticked("e1", "valid", "current")
    copy = read_returned(returned(claimed, tmp_path / "back.pdf", signed_by() | answers))
    accepted, _ = accept_review(claimed, copy, ["r2"])
    assert ([each.requirement_id for each in accepted.decisions], accepted.judged) == ([R2], ())
    assert read_review(claimed, tmp_path / "back.pdf").acceptable == {"r1", "e1"}
    with pytest.raises(InvalidInput, match="form does not say"):
        accept_review(claimed, copy, ["r9"])


def test_two_assessors_answer_side_by_side_and_the_newer_decision_counts(
    claimed: PortfolioFile, tmp_path: Path
) -> None:
    review_copy(claimed, tmp_path / "blank.pdf")
    dana = signed_by() | {"r1.decision": "met", "r2.decision": "met"} | ticked("e1", "valid", "authentic")
    pat = signed_by("Pat Lee") | {"r1.decision": "not_yet_met", "r2.decision": "met"} | ticked("e1", "valid", "current")
    accept_review(claimed, read_returned(fill_in(tmp_path / "blank.pdf", tmp_path / "dana.pdf", dana)))
    comparison = read_review(claimed, fill_in(tmp_path / "blank.pdf", tmp_path / "pat.pdf", pat))
    first, second = comparison.answers
    when = day_in_words(today())
    assert (first.state, first.says) == (AnswerState.DIFFERS, f"Differs: Dana Whyte decided “met” on {when}.")
    assert (second.state, second.says) == (AnswerState.NEW, f"New; Dana Whyte decided the same on {when}.")
    assert comparison.judgements[0].says == "New, beside what Dana Whyte judged."
    assert not comparison.warnings  # what the other one decided is no change to what this one saw
    (accepted, _) = accept_review(claimed, comparison.copy)
    assert [decision.by for decision in decisions_of(claimed, R1)] == ["Pat Lee", "Dana Whyte"]
    judgement = accepted.judged[0].judgement
    assert judgement == Judgement(valid=True, authentic=True, current=True, by="Dana Whyte, Pat Lee", on=today())
    assert {person.name for person in list_people(claimed)} == {"Dana Whyte", "Pat Lee"}
    assert not accept_review(claimed, read_returned(tmp_path / "dana.pdf"))[0]


def test_an_older_decision_is_kept_and_does_not_count(claimed: PortfolioFile, tmp_path: Path) -> None:
    made = datetime.now(UTC) - timedelta(days=20)
    path = tmp_path / "blank.pdf"
    with claimed.read() as reader:
        key = reader.review_key()
    review_copy(claimed, path, sealed=lambda identity: replace(identity, made=made).signed(key))
    record_decision(claimed, R1, Verdict.MET, "Pat Lee", decided_on=today() - timedelta(days=2))
    on = today() - timedelta(days=9)
    copy = fill_in(path, tmp_path / "back.pdf", signed_by(on=day_in_words(on)) | {"r1.decision": "not_yet_met"})
    (answer,) = read_review(claimed, copy).answers
    assert answer.says.endswith("That is the newer decision, so it goes on to count.")
    (accepted, _) = accept_review(claimed, read_returned(copy))
    assert accepted.decisions[0].decided_at.astimezone().date() == on
    assert (accepted.actions, list_actions(claimed)) == ((), [])
    assert [each.by for each in decisions_of(claimed, R1)] == ["Pat Lee", "Dana Whyte"]
    leaf = feedback(claimed).units[0].requirements[0]
    assert leaf.state is CoverageState.MET


def test_what_the_learner_did_after_the_copy_was_made_is_the_assessors_turn(
    claimed: PortfolioFile, kinds: Kinds, tmp_path: Path
) -> None:
    path = returned(claimed, tmp_path / "back.pdf", signed_by() | {"r1.decision": "not_yet_met", "r2.decision": "met"})
    edit_evidence(claimed, kinds, "E1", EvidenceGiven(body="Now with figures."))
    comparison = read_review(claimed, path)
    assert [each.changed for each in comparison.answers] == [("E1",), ()]
    assert comparison.warnings == ("Changed since the copy was made, so that the assessor has not seen it: E1.",)
    accept_review(claimed, comparison.copy)
    first, second, _ = feedback(claimed).units[0].requirements
    assert (first.answered, second.answered) == (True, False)


def test_what_the_assessor_saw_of_an_item_that_was_reworked_since_is_kept_beside_what_they_said(
    claimed: PortfolioFile, kinds: Kinds, tmp_path: Path
) -> None:
    saw = EvidenceGiven(body="Two at noon.", people=[PersonGiven("Jo Hill", part=PersonPart.WITNESS)])
    for ref in ("E1", "E2"):
        edit_evidence(claimed, kinds, ref, saw)
    answers = signed_by() | {"r1.decision": "not_yet_met", "r2.decision": "met"} | ticked("e1", "valid")
    path = returned(claimed, tmp_path / "back.pdf", answers)
    (tmp_path / "rota.txt").write_text("Monday: Sam")
    edit_evidence(claimed, kinds, "E1", EvidenceGiven(body="Three at noon.", files=[tmp_path / "rota.txt"]))
    edit_evidence(claimed, kinds, "E1", EvidenceGiven(title="Better plan", removed_people=["Jo Hill"]))
    accept_review(claimed, read_returned(path))

    first, second = read_items(claimed)
    (kept,) = earlier_versions(claimed, first)
    version = kept.version
    assert (version.title, version.body, version.attachments) == ("Plan", "Two at noon.", ())
    assert version.people == ("Witness: Jo Hill",)
    assert version.judgement == Judgement(valid=True, by="Dana Whyte", on=today())
    assert version.reason.startswith("Dana Whyte decided “not yet met” on")
    assert earlier_versions(claimed, second) == []
    accept_review(claimed, read_returned(returned(claimed, tmp_path / "next.pdf", answers | signed_by("Pat"))))
    assert len(earlier_versions(claimed, first)) == 1
    edit_evidence(claimed, kinds, "E2", EvidenceGiven(body="Five at noon."))
    assert [kept.version.body for kept in earlier_versions(claimed, second)] == ["Two at noon."]


def test_what_has_changed_since_is_named_and_what_was_changed_back_is_not(
    claimed: PortfolioFile, kinds: Kinds, tmp_path: Path
) -> None:
    path = returned(claimed, tmp_path / "back.pdf", signed_by() | {f"r{n}.decision": "met" for n in (1, 2, 3)})
    edit_evidence(claimed, kinds, "E2", EvidenceGiven(title="Other"))
    undo(claimed)
    assert not read_review(claimed, path).warnings
    remove_claim(claimed, "E1", "U1/1.1")
    remove_evidence(claimed, "E2")
    with claimed.edit("Reword") as editor:
        unit = editor.units()[0]
        last = replace(unit.requirements[1], text="Do something else.")
        editor.put_unit(replace(unit, requirements=(unit.requirements[0], last)))
    comparison = read_review(claimed, path)
    assert [each.changed for each in comparison.answers] == [
        ("what is claimed for it",),
        ("E2",),
        ("its wording",),
    ]
    (warning,) = comparison.warnings
    assert warning.endswith(": the wording of U1/2.1; what is claimed for U1/1.1; E2.")


def test_an_answer_for_what_is_gone_is_shown_and_its_comment_kept(claimed: PortfolioFile, tmp_path: Path) -> None:
    answers = {"r2.decision": "met", "r3.decision": "not_yet_met", "r3.comment": "Add a date."}
    path = returned(claimed, tmp_path / "back.pdf", signed_by() | answers)
    with claimed.edit("Remove") as editor:
        unit = editor.units()[0]
        editor.put_unit(replace(unit, requirements=unit.requirements[:1]))
    comparison = read_review(claimed, path)
    gone = comparison.answers[1]
    assert (gone.address, gone.state) == ("2.1 Do 2.1.", AnswerState.GONE)
    assert "Removed from the portfolio since the copy was made: “2.1 Do 2.1.”." in comparison.warnings
    (accepted, _) = accept_review(claimed, comparison.copy)
    assert [decision.requirement_id for decision in accepted.decisions] == [R2]
    assert [note.text for note in accepted.notes] == [
        "2.1 Do 2.1.: Dana Whyte decided “not yet met” and wrote: Add a date."
    ]
    assert not accept_review(claimed, comparison.copy)[0]


def test_judgements_are_added_to_what_was_judged_and_contradictions_shown(
    claimed: PortfolioFile, tmp_path: Path
) -> None:
    item = next(iter(read_items(claimed)))
    set_judgement(claimed, item, Judgement(valid=False, reliable=True, by="Pat Lee", on=date(2026, 1, 2)))
    path = returned(claimed, tmp_path / "back.pdf", signed_by() | ticked("e1", "valid", "reliable"))
    (judgement,) = read_review(claimed, path).judgements
    assert (judgement.ref, judgement.ticked) == ("E1", ("valid", "reliable"))
    assert (judgement.state, judgement.says) == (AnswerState.DIFFERS, "Differs: Pat Lee judged it not valid.")
    (accepted, _) = accept_review(claimed, read_returned(path))
    assert accepted.judged[0].judgement == Judgement(valid=True, reliable=True, by="Pat Lee, Dana Whyte", on=today())
    assert read_review(claimed, path).judgements[0].state is AnswerState.RECORDED


def read_items(portfolio: PortfolioFile) -> list[str]:
    with portfolio.read() as reader:
        return [item.id for item in reader.evidence_facts()]


def test_a_form_that_names_nobody_is_read_and_needs_a_name(claimed: PortfolioFile, tmp_path: Path) -> None:
    add_person(claimed, PersonGiven("Dana Whyte", role="Lead assessor"))
    path = returned(claimed, tmp_path / "back.pdf", {"r1.decision": "met", "r2.comment": "Ask me."})
    comparison = read_review(claimed, path)
    assert comparison.warnings == ("The form does not say who decided: the assessor’s name is missing.",)
    with pytest.raises(InvalidInput, match="the assessor’s name is missing in it"):
        accept_review(claimed, comparison.copy)
    accepted, _ = accept_review(claimed, comparison.copy, by="Dana Whyte")
    assert accepted.decisions[0].by == "Dana Whyte"
    assert [person.role for person in list_people(claimed)] == ["Lead assessor"]
    assert not read_review(claimed, path).acceptable


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("soon", "cannot be read as a day"),
        ("March 2026", "cannot be read"),
        ("1/1/2120", "still to come"),
        ("1/1/2020", "before"),
    ],
)
def test_a_day_that_cannot_be_is_told_and_today_recorded(
    claimed: PortfolioFile, tmp_path: Path, typed: str, told: str
) -> None:
    path = returned(claimed, tmp_path / "back.pdf", signed_by(on=typed) | {"r1.decision": "met"})
    comparison = read_review(claimed, path)
    assert any(typed in warning and told in warning for warning in comparison.warnings)
    accepted, _ = accept_review(claimed, comparison.copy)
    assert accepted.decisions[0].decided_at.astimezone().date() == today()


def test_an_empty_form_says_so(claimed: PortfolioFile, tmp_path: Path) -> None:
    comparison = read_review(claimed, returned(claimed, tmp_path / "back.pdf", signed_by()))
    assert (comparison.answers, comparison.judgements) == ((), ())
    assert any(note.startswith("Nothing is filled in") for note in comparison.notes)
    assert not accept_review(claimed, comparison.copy)[0]


def test_changed_pages_are_named(claimed: PortfolioFile, tmp_path: Path) -> None:
    blank = tmp_path / "blank.pdf"
    review_copy(claimed, blank, pages=9)

    def warnings(change: str) -> list[str]:
        def edit(pdf: pikepdf.Pdf) -> None:
            match change:
                case "redrawn":
                    for number in (1, 4, 5):
                        pdf.pages[number].obj.Contents = pdf.make_stream(b"0 0 m 5 5 l S")
                case "removed":
                    del pdf.pages[4]
                case "added":
                    pdf.add_blank_page()

        return list(read_review(claimed, with_other_pages(blank, tmp_path / f"{change}.pdf", edit)).warnings)

    assert warnings("left") == []
    assert warnings("redrawn")[0].startswith("Pages 2 and 5 to 6 are not as they were made")
    assert warnings("removed")[0].startswith("It has 8 pages, and was made with 9: page 5 is missing")
    assert warnings("added") == ["It has 10 pages, and was made with 9: page 10 was added."]


def test_a_choice_that_cannot_be_told_is_not_recorded(claimed: PortfolioFile, tmp_path: Path) -> None:
    path = returned(claimed, tmp_path / "back.pdf", signed_by() | {"r1.decision": "met", "r1.comment": "Good."})

    def contradict(pdf: pikepdf.Pdf) -> None:
        def below(field: pikepdf.Object, name: str) -> pikepdf.Object:
            return next(kid for kid in field.Kids if str(kid.T) == name)

        below(below(pdf.Root.AcroForm.Fields[0], "r1"), "decision").V = pikepdf.Name.more_evidence

    comparison = read_review(claimed, with_other_pages(path, tmp_path / "torn.pdf", contradict))
    assert comparison.answers[0].state is AnswerState.UNCLEAR
    assert comparison.warnings == ("What was filled in for U1/1.1 cannot be read with certainty: ask the assessor.",)
    accepted, _ = accept_review(claimed, comparison.copy)
    assert not accepted.decisions
    assert [note.text for note in accepted.notes] == ["U1/1.1: Dana Whyte wrote: Good."]


def test_what_is_no_copy_of_this_portfolio_is_told_apart(claimed: PortfolioFile, tmp_path: Path) -> None:
    def told(path: Path) -> str:
        with pytest.raises(KnownError) as caught:
            read_review(claimed, path)
        sentence = str(caught.value)
        assert f"“{path.name}”" in sentence
        return sentence

    blank = tmp_path / "blank.pdf"
    review_copy(claimed, blank)
    letter = tmp_path / "letter.pdf"
    letter.write_text("Dear Sam")
    assert told(letter) == "“letter.pdf” is not a PDF."
    assert "or it was printed to a PDF or flattened" in told(without_form(blank, tmp_path / "flat.pdf"))
    assert "it is not a review copy, or it was printed" in told(
        without_form(blank, tmp_path / "scan.pdf", properties=False)
    )
    with new_portfolio(tmp_path / "other", "Alex Moor") as other:
        review_copy(other, tmp_path / "other.pdf")
    assert "of another portfolio than Sam Ellis’s" in told(tmp_path / "other.pdf")
    review_copy(claimed, tmp_path / "renamed.pdf", sealed=of_another_portfolio)
    assert "of another portfolio" in told(tmp_path / "renamed.pdf")
    review_copy(claimed, tmp_path / "forged.pdf", sealed=with_other_requirements)
    assert "its seal is wrong" in told(tmp_path / "forged.pdf")

    def change(text: str | None) -> Path:
        def edit(pdf: pikepdf.Pdf) -> None:
            fields = pdf.Root.AcroForm.Fields[0].Kids
            number = next(number for number, field in enumerate(fields) if str(field.T) == "identity")
            if text is None:
                pdf.pages[0].obj.Annots = pikepdf.Array()
                del fields[number]
            else:
                fields[number].V = pikepdf.String(text)

        return with_other_pages(blank, tmp_path / "torn.pdf", edit)

    assert "not the part that says which portfolio" in told(change(None))
    assert "cannot be taken for a copy of this portfolio" in told(change("{}"))
    assert "later version of this program" in told(change('{"format": 99}'))
    plain = pikepdf.new()
    page = plain.add_blank_page()
    field = plain.make_indirect(pikepdf.Dictionary(T=pikepdf.String("name"), FT=pikepdf.Name.Tx))
    page.obj.Annots = pikepdf.Array()
    plain.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
    plain.save(tmp_path / "club.pdf")
    assert "not the review form of this program" in told(tmp_path / "club.pdf")


def test_a_copy_made_before_the_portfolio_was_restored_is_still_its_own(
    claimed: PortfolioFile, kinds: Kinds, tmp_path: Path
) -> None:
    backup = make_backup(claimed)
    edit_evidence(claimed, kinds, "E1", EvidenceGiven(body="Later words."))
    path = returned(claimed, tmp_path / "back.pdf", signed_by() | {"r1.decision": "met"})
    restored = claimed.restore(backup)
    claimed.close()
    shutil.copytree(claimed.folder, tmp_path / "copied")
    for place in (restored, tmp_path / "copied"):
        with PortfolioFile.open(place) as portfolio:
            comparison = read_review(portfolio, path)
            assert comparison.warnings[0].startswith("The copy was made at a revision")
            assert comparison.acceptable == {"r1"}
            assert accept_review(portfolio, comparison.copy)[0].decisions


_FORMS = st.fixed_dictionaries(
    {},
    optional={
        f"r{number}.{field}": values
        for number in (1, 2, 3)
        for field, values in (
            ("decision", st.sampled_from(["met", "not_yet_met", "more_evidence", "no such state", ""])),
            ("comment", st.sampled_from(["", " \n", "Say who.", "Łódź ✓\r\n\x07two lines", "=1+1"])),
        )
    }
    | {f"e{number}.{word}": st.sampled_from(["yes", ""]) for number in (1, 2) for word in JUDGEMENTS},
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=_FORMS, second=_FORMS, names=st.lists(st.sampled_from(["Dana Whyte", "Pat Lee"]), min_size=2, max_size=2))
def test_whatever_two_forms_say_is_recorded_once_each_whole_or_piece_by_piece(
    claimed: PortfolioFile, tmp_path: Path, first: dict[str, str], second: dict[str, str], names: list[str]
) -> None:
    identity = review_copy(claimed, tmp_path / "blank.pdf")
    for number, (form, name) in enumerate(zip((first, second), names, strict=True)):
        copy = Returned("back.pdf", f"{identity.token}{number:056}", identity, answers=form | signed_by(name))
        wanted = compare_review(claimed, copy).acceptable
        before = len(list_history(claimed))
        for label in sorted(wanted):
            accepted, changes = accept_review(claimed, copy, [label])
            assert bool(accepted) is bool(changes)
        assert len(list_history(claimed)) == before + len(wanted)
        assert not accept_review(claimed, copy)[0]
        comparison = compare_review(claimed, copy)
        assert not comparison.acceptable
        for answer in comparison.answers:
            if answer.verdict is not None:
                recorded = [each for each in decisions_of(claimed, answer.requirement_id) if each.by == name]
                assert (answer.verdict, answer.comment) in {(each.verdict, each.comment) for each in recorded}
            elif answer.comment:
                assert any(" ".join(answer.comment.split()) in action.text for action in list_actions(claimed))
