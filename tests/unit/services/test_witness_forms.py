"""A form goes out, comes back filled in, is set beside its item, and is taken in once and in one step."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.form_clients import CLIENTS, Client
from tests.pdf_publications import failures, page_texts
from tests.returned_copies import fill_in, review_copy, with_other_pages, without_form
from tests.stored_portfolios import new_portfolio, state

from portfolio_app.domain.claims import Claim
from portfolio_app.domain.errors import InvalidInput, KnownError, UnknownReference
from portfolio_app.domain.evidence import Evidence, EvidenceKind, PersonPart
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.witness import Change, Place
from portfolio_app.domain.witness_form import WitnessIdentity
from portfolio_app.exporting.prose import plain, prose_blocks
from portfolio_app.exporting.publication import Paragraph
from portfolio_app.importing.pdf_form import read_form
from portfolio_app.importing.unit_library import library, load_library_unit
from portfolio_app.plain_text import printable
from portfolio_app.services.attaching import file_copier
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.evidence import EvidenceGiven, add_evidence, edit_evidence, remove_evidence, show_evidence
from portfolio_app.services.history import list_history, undo
from portfolio_app.services.people import PersonGiven, add_person, edit_person, list_people
from portfolio_app.services.redaction import add_terms
from portfolio_app.services.returned_forms import Returned
from portfolio_app.services.review import read_review
from portfolio_app.services.units import insert_units
from portfolio_app.services.witness_forms import witness_form, witness_form_for, write_form
from portfolio_app.services.witness_returns import (
    TakenIn,
    WitnessComparison,
    WitnessFormRefused,
    compare_statement,
    read_statement,
    take_in,
)
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]
SIGNED = {"signature": "Dana Whyte", "signed_on": "12/3/2026"}
ACCOUNT = {"account": "Sam let the customer finish.\r\n1. Then * wrote * it down.", "r1": "yes"}


@pytest.fixture
def asked(portfolio: PortfolioFile, kinds: Kinds) -> PortfolioFile:
    """The portfolio with E1, a testimony of Dana Whyte's who has not signed, claimed for 1.1 and 2.1."""
    add_person(portfolio, PersonGiven("Dana Whyte", role="Duty manager", email="dana@example.org"))
    given = EvidenceGiven(
        title="Complaint at the front desk",
        date="9 March 2026",
        fields={"occasion": "Front desk"},
        people=[PersonGiven("Dana Whyte", part=PersonPart.WITNESS)],
    )
    add_evidence(portfolio, kinds["witness-testimony"], given)
    for address in ("U1/1.1", "U1/2.1"):
        add_claim(portfolio, "E1", address, ClaimGiven())
    return portfolio


Fill = Callable[..., Path]


@pytest.fixture
def filled(asked: PortfolioFile, kinds: Kinds, tmp_path: Path) -> Fill:
    """Make a form for an item, and fill it in."""

    def fill(answers: Mapping[str, str], name: str = "back.pdf", ref: str = "E1") -> Path:
        blank = tmp_path / f"blank {name}"
        write_form(witness_form_for(asked, kinds, ref), blank)
        return fill_in(blank, tmp_path / name, answers)

    return fill


def _compared(portfolio: PortfolioFile, kinds: Kinds, path: Path) -> WitnessComparison:
    return compare_statement(portfolio, kinds, read_statement(path))


def _taken_in(portfolio: PortfolioFile, kinds: Kinds, path: Path, chosen: frozenset[Place] | None = None) -> TakenIn:
    copied = file_copier(portfolio).copy(path)
    return take_in(portfolio, kinds, read_statement(path), copied, chosen)[0]


def _item(portfolio: PortfolioFile, ref: str = "E1") -> Evidence:
    return show_evidence(portfolio, ref).evidence


def _changes(comparison: WitnessComparison) -> dict[Place, Change]:
    return {answer.place: answer.change for answer in comparison.answers}


def test_what_a_witness_wrote_is_taken_in_with_the_file_in_one_step_that_can_be_undone(
    asked: PortfolioFile, kinds: Kinds, filled: Fill
) -> None:
    answers = {"organisation": "Northgate", "relation": "line manager", "role": "Manager", "may_be_contacted": "yes"}
    path = filled(SIGNED | ACCOUNT | answers)
    before, steps = state(asked.path), len(list_history(asked))
    comparison = _compared(asked, kinds, path)
    assert state(asked.path) == before
    assert _changes(comparison) == {
        Place.ROLE: Change.CORRECTED,
        Place.ORGANISATION: Change.NEW,
        Place.RELATION: Change.NEW,
        Place.EMAIL: Change.SAME,
        Place.SIGNED: Change.NEW,
        Place.SEEN: Change.NEW,
        Place.OCCASION: Change.SAME,
        Place.KNOWS: Change.NEW,
        Place.CONTACT: Change.NEW,
        Place.TESTIMONY: Change.NEW,
    }
    assert (comparison.seen, comparison.not_seen) == (("U1/1.1 Do 1.1.",), ("U1/2.1 Do 2.1.",))
    assert comparison.signed
    assert not comparison.warnings
    assert not comparison.notes

    taken = _taken_in(asked, kinds, path)
    assert taken.is_new
    assert len(list_history(asked)) == steps + 1
    assert list_history(asked)[0].name == "Take in Dana Whyte’s testimony for E1"
    item = _item(asked)
    assert item.body == (
        "**Dana Whyte, Manager, Northgate, signed on 12 March 2026:**\n\n"
        "Sam let the customer finish.\n\n1\\. Then \\* wrote \\* it down.\n\n"
        "Saw or heard it themselves: U1/1.1 Do 1.1."
    )
    assert item.fields == {
        "occasion": "Front desk",
        "seen_on": "9 March 2026",
        "relation": "line manager",
        "can_be_contacted": "yes",
    }
    (involvement,) = item.people
    assert (involvement.part, involvement.signed_on) == (PersonPart.WITNESS, date(2026, 3, 12))
    (attachment,) = item.attachments
    assert (attachment.name, attachment.caption) == (
        "back.pdf",
        "Form filled in by Dana Whyte, signed on 12 March 2026",
    )
    (dana,) = list_people(asked)
    assert (dana.role, dana.organisation, dana.relation) == ("Manager", "Northgate", "line manager")
    undo(asked)
    assert not _item(asked).attachments
    assert not _item(asked).body


def test_the_same_file_changes_nothing_again(asked: PortfolioFile, kinds: Kinds, filled: Fill) -> None:
    path = filled(SIGNED | ACCOUNT)
    _taken_in(asked, kinds, path)
    edit_evidence(asked, kinds, "E1", EvidenceGiven(body="Dana saw it."))
    before = state(asked.path)
    comparison = _compared(asked, kinds, path)
    assert comparison.was_taken_in
    assert "taken in before" in comparison.notes[0]
    assert not _taken_in(asked, kinds, path).is_new
    assert state(asked.path) == before
    # Unless the learner says so.
    assert _taken_in(asked, kinds, path, frozenset({Place.TESTIMONY})).is_new
    assert _item(asked).body.startswith("Dana saw it.\n\n**Dana Whyte")
    assert len(_item(asked).attachments) == 1


def test_nothing_the_learner_wrote_is_written_over(asked: PortfolioFile, kinds: Kinds, filled: Fill) -> None:
    path = filled(SIGNED | ACCOUNT | {"occasion": "Reception", "seen_from": "March 2026", "role": ""})
    edit_evidence(
        asked, kinds, "E1", EvidenceGiven(body="What I did.", fields={"occasion": "Desk 2", "seen_on": "8 March 2026"})
    )
    edit_person(asked, PersonGiven("Dana Whyte", email="dana@new.example.org"))
    comparison = _compared(asked, kinds, path)
    changes = _changes(comparison)
    assert changes[Place.OCCASION] is changes[Place.SEEN] is Change.DIFFERENT
    assert changes[Place.EMAIL] is Change.SAME  # the witness left it as it was filled in
    assert Place.ROLE not in changes
    assert any("E1 was changed after the form was made" in warning for warning in comparison.warnings)
    _taken_in(asked, kinds, path)
    item = _item(asked)
    assert item.body.startswith("What I did.\n\n**Dana Whyte")
    assert (item.fields["occasion"], item.fields["seen_on"]) == ("Desk 2", "8 March 2026")
    assert [(each.role, each.email) for each in list_people(asked)] == [("Duty manager", "dana@new.example.org")]
    # Taken in all the same where the learner wants it.
    _taken_in(asked, kinds, path, frozenset({Place.OCCASION}))
    assert _item(asked).fields["occasion"] == "Reception"


def test_an_attached_file_is_not_attached_twice(asked: PortfolioFile, kinds: Kinds, filled: Fill) -> None:
    path = filled(SIGNED | ACCOUNT)
    edit_evidence(asked, kinds, "E1", EvidenceGiven(files=[path]))
    assert _taken_in(asked, kinds, path).is_new
    (attachment,) = _item(asked).attachments
    assert attachment.caption.startswith("Form filled in by Dana Whyte")


def test_somebody_else_than_was_asked_is_another_person(asked: PortfolioFile, kinds: Kinds, filled: Fill) -> None:
    path = filled(ACCOUNT | {"name": "Pat Brown", "role": "Clerk", "signature": "Patricia Brown", "signed_on": "2026"})
    comparison = _compared(asked, kinds, path)
    assert not comparison.is_known
    assert not comparison.signed
    assert {warning.partition(",")[0] for warning in comparison.warnings} == {
        "It was made for Dana Whyte",
        "It is signed",
        "It is signed “Patricia Brown”",
    }
    _taken_in(asked, kinds, path)
    assert {(each.name, each.role) for each in list_people(asked)} == {
        ("Dana Whyte", "Duty manager"),
        ("Pat Brown", "Clerk"),
    }
    assert [each.signed_on for each in _item(asked).people] == [None, None]


@pytest.mark.parametrize(
    ("answers", "note"),
    [
        (ACCOUNT, "not signed: no name"),
        (ACCOUNT | {"signature": "Dana Whyte"}, "there is no date"),
        (ACCOUNT | {"signature": "Dana Whyte", "signed_on": "soon"}, "“soon” is no day"),
        (SIGNED | {"account": "Saw it."}, "No box is ticked"),
        (SIGNED | ACCOUNT | {"seen_from": "last spring"}, "“last spring”) is no date"),
        (SIGNED | ACCOUNT | {"reached_at": "0161 496 0000"}, "“0161 496 0000” is kept in the file"),
    ],
)
def test_what_is_missing_is_said(
    asked: PortfolioFile, kinds: Kinds, filled: Fill, answers: Mapping[str, str], note: str
) -> None:
    comparison = _compared(asked, kinds, filled(answers))
    assert note in " ".join((*comparison.warnings, *comparison.notes))
    assert Place.SIGNED in _changes(comparison) or not comparison.signed


def test_what_is_too_long_for_a_line_is_shortened_and_nothing_else_is_lost(
    asked: PortfolioFile, kinds: Kinds, filled: Fill
) -> None:
    edit_evidence(asked, kinds, "E1", EvidenceGiven(fields={"occasion": "Front desk, " * 60}))
    path = filled(SIGNED | ACCOUNT | {"role": "Manager of everything " * 50})
    comparison = _compared(asked, kinds, path)
    assert comparison.warnings == (
        "What it says of role is too long for a line and is shortened; the file has it whole.",
    )
    assert Place.OCCASION not in _changes(comparison)  # too long to be filled in, and so left empty
    _taken_in(asked, kinds, path)
    assert list_people(asked)[0].role.endswith("Manager of…")


def test_nobody_signs_on_a_day_to_come(asked: PortfolioFile, kinds: Kinds, filled: Fill) -> None:
    tomorrow = datetime.now().astimezone().date() + timedelta(days=1)
    comparison = _compared(asked, kinds, filled(ACCOUNT | SIGNED | {"signed_on": tomorrow.isoformat()}))
    assert not comparison.signed


def test_a_changed_page_is_said(asked: PortfolioFile, kinds: Kinds, filled: Fill, tmp_path: Path) -> None:
    def scrawl(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(b"0 0 m 9 9 l S")

    path = with_other_pages(filled(SIGNED | ACCOUNT), tmp_path / "changed.pdf", scrawl)
    assert "what is printed on it was changed" in " ".join(_compared(asked, kinds, path).warnings)


def _refused(portfolio: PortfolioFile, kinds: Kinds, path: Path) -> str:
    before = state(portfolio.path)
    with pytest.raises(WitnessFormRefused) as refused:
        _taken_in(portfolio, kinds, path)
    assert state(portfolio.path) == before
    return str(refused.value)


def test_a_form_that_says_nothing_is_refused(asked: PortfolioFile, kinds: Kinds, filled: Fill, tmp_path: Path) -> None:
    assert "form for E1, but nothing was filled in" in _refused(asked, kinds, filled({}))
    path = filled(SIGNED | ACCOUNT)
    assert "form for E1, but it was printed" in _refused(asked, kinds, without_form(path, tmp_path / "flat.pdf"))
    nameless = without_form(path, tmp_path / "print.pdf", properties=False)
    assert "has no form to read" in _refused(asked, kinds, nameless)


def test_a_form_of_something_else_is_refused(asked: PortfolioFile, kinds: Kinds, filled: Fill, tmp_path: Path) -> None:
    path = filled(SIGNED | ACCOUNT)
    with new_portfolio(tmp_path / "other") as other:
        assert "another portfolio than" in _refused(other, kinds, path)
    review_copy(asked, tmp_path / "review.pdf")
    assert "review copy: read it on the Feedback page" in _refused(asked, kinds, tmp_path / "review.pdf")
    with pytest.raises(KnownError, match="It is a witness’s"):
        read_review(asked, path)
    remove_evidence(asked, "E1")
    assert "E1, which is in the bin" in _refused(asked, kinds, path)


def test_a_forged_form_is_refused(asked: PortfolioFile, kinds: Kinds, filled: Fill, tmp_path: Path) -> None:
    path = filled(SIGNED | ACCOUNT)
    identity = read_statement(path).identity
    assert isinstance(identity, WitnessIdentity)
    forged = replace(identity, boxes={"r1": "Serve customers-2.1", "r2": "Serve customers-1.1"})
    assert "its seal is wrong" in _refused(
        asked, kinds, fill_in(path, tmp_path / "forged.pdf", {"identity": forged.to_json()})
    )
    spoilt = fill_in(path, tmp_path / "spoilt.pdf", {"identity": "{}"})
    assert "does not say which item" in _refused(asked, kinds, spoilt)


def test_nothing_is_taken_in_that_is_not_as_it_was_shown(asked: PortfolioFile, kinds: Kinds, filled: Fill) -> None:
    path = filled(SIGNED | ACCOUNT)
    returned = read_statement(path)
    shown = compare_statement(asked, kinds, returned)
    copied = file_copier(asked).copy(path)
    edit_evidence(asked, kinds, "E1", EvidenceGiven(fields={"occasion": "Desk 2"}))
    with pytest.raises(InvalidInput, match="E1 was changed meanwhile"):
        take_in(asked, kinds, returned, copied, shown=shown)
    other = replace(copied, sha256="0" * 64)
    with pytest.raises(InvalidInput, match="changed while it was read"):
        take_in(asked, kinds, returned, other)


def test_the_next_who_has_not_signed_is_asked(asked: PortfolioFile, kinds: Kinds) -> None:
    pat = PersonGiven("Pat Brown", part=PersonPart.OBSERVER)
    dana = PersonGiven("Dana Whyte", signed_on=date(2026, 3, 1))
    edit_evidence(asked, kinds, "E1", EvidenceGiven(people=[pat, dana]))
    form = witness_form(asked, kinds, _item(asked).id)
    assert form.person is not None
    assert form.person.name == "Pat Brown"
    assert form.file_name == "E1 – form for Pat Brown.pdf"
    assert witness_form_for(asked, kinds, "E1", "dana whyte").mail_address.startswith(
        "mailto:dana@example.org?subject="
    )
    with pytest.raises(UnknownReference, match="names no “Sam”"):
        witness_form_for(asked, kinds, "E1", "Sam")


def test_an_item_that_nobody_need_witness_has_no_form(asked: PortfolioFile, kinds: Kinds) -> None:
    add_evidence(asked, kinds["plan"], EvidenceGiven(title="Plan"))
    with pytest.raises(InvalidInput, match="no form for a witness of E2"):
        witness_form_for(asked, kinds, "E2")


def test_a_form_goes_where_documents_may_go(asked: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    form = witness_form_for(asked, kinds, "E1")
    for target, why in (
        (tmp_path / "form.docx", "end in .pdf"),
        (asked.folder / "files" / "form.pdf", "own files"),
        (tmp_path / "missing" / "form.pdf", "missing"),
    ):
        with pytest.raises(KnownError, match=why):
            write_form(form, target)
        assert not target.exists()


def test_what_is_marked_or_confidential_stays_at_home(asked: PortfolioFile, kinds: Kinds, filled: Fill) -> None:
    edit_evidence(asked, kinds, "E1", EvidenceGiven(title="Mrs Grey at the desk", body="Mrs Grey rang. All was well."))
    edit_evidence(asked, kinds, "E1", EvidenceGiven(fields={"occasion": "Desk, with Mrs Grey"}))
    add_terms(asked, ["Mrs Grey"])
    path = filled(SIGNED | ACCOUNT)
    said = page_texts(path)[0]
    assert "[removed] rang. All was well." in " ".join(said.split())
    for text in (said, *read_form(path).values.values()):
        assert "Grey" not in text
    # What was hidden comes back as it went out, and changes nothing.
    assert _changes(_compared(asked, kinds, path))[Place.OCCASION] is Change.SAME
    edit_evidence(asked, kinds, "E1", EvidenceGiven(confidential=True))
    said = page_texts(filled(SIGNED, "confidential.pdf"))[0]
    assert "All was well" not in said
    assert "is confidential" in said


def test_an_observer_who_nobody_knew_is_put_on_the_list(asked: PortfolioFile, kinds: Kinds, filled: Fill) -> None:
    add_evidence(asked, kinds["professional-discussion"], EvidenceGiven(title="Talk"))
    path = filled(
        {
            "account": "We talked.",
            "name": "Jo Hill",
            "occasion": "Room 3",
            "seen_from": "1 May 2026",
            "seen_to": "3 May 2026",
        },
        ref="E2",
    )
    _taken_in(asked, kinds, path)
    item = _item(asked, "E2")
    assert item.body == "**Jo Hill, not signed:**\n\nWe talked.\n\nOccasion: Room 3"
    assert str(item.date) == "1 May 2026 to 3 May 2026"
    assert "Jo Hill" in {person.name for person in list_people(asked)}


_MARKS = ("# a", "* b", "1. c", "> d", "|x|y|", "---", "===", "**e**", "_f_", "<b>", "&amp;", "[g](h)", "`i`", "~~~")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(account=st.lists(st.sampled_from(_MARKS) | st.text(max_size=20), max_size=6).map("\n".join))
def test_a_witness_is_quoted_word_for_word_whatever_signs_they_use(
    asked: PortfolioFile, kinds: Kinds, account: str
) -> None:
    form = witness_form_for(asked, kinds, "E1")
    identity = WitnessIdentity(form.details.id, form.item.id, "0123abcd", datetime.now(UTC), "c", pages=("h",))
    answers = {"account": account, "signature": "Dana Whyte"}
    returned = Returned("back.pdf", "", identity.signed(form.key), answers=answers, pages=("h",))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "back.pdf")
        file.write_text(account, "utf-8", "replace")
        copied = file_copier(asked).copy(file) if account else None
    if copied is None:
        return
    taken, _ = take_in(asked, kinds, replace(returned, sha256=copied.sha256), copied)
    paragraphs = [plain(block.runs) for block in prose_blocks(taken.evidence.body) if isinstance(block, Paragraph)]
    assert len(paragraphs) == len(prose_blocks(taken.evidence.body))
    written = (" ".join(line.split()) for line in printable(account).split("\n"))
    assert [" ".join(each.split()) for each in paragraphs[1:]] == [line for line in written if line]
    undo(asked)


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_whichever_program_fills_it_in_all_of_it_comes_back(
    asked: PortfolioFile, kinds: Kinds, tmp_path: Path, client: Client
) -> None:
    blank, back = tmp_path / "form.pdf", tmp_path / "back.pdf"
    write_form(witness_form_for(asked, kinds, "E1"), blank)
    answers = {
        "r2": "yes",
        "account": "Sam let the customer finish – and wrote it down.\r\nThen Sam rang the café.",
        "organisation": "Northgate Library",
        "may_be_contacted": "no",
        "signature": "Dana Whyte",
        "signed_on": "12 March 2026",
    }
    client(blank, back, answers)
    taken = _taken_in(asked, kinds, back)
    assert not taken.comparison.warnings
    assert taken.comparison.seen == ("U1/2.1 Do 2.1.",)
    item = _item(asked)
    assert "and wrote it down.\n\nThen Sam rang the café.\n\nSaw or heard it themselves: U1/2.1 Do 2.1." in item.body
    assert item.fields["can_be_contacted"] == "no"
    assert item.people[0].signed_on == date(2026, 3, 12)
    assert list_people(asked)[0].organisation == "Northgate Library"


@pytest.mark.parametrize("page_size", ["A4", "Letter"])
def test_claimed_for_all_of_the_units_of_the_library_it_still_is_one_page(
    asked: PortfolioFile, kinds: Kinds, tmp_path: Path, page_size: str
) -> None:
    units, _ = insert_units(asked, [load_library_unit(entry.id) for entry in library()])
    leaves = [leaf for unit in units for leaf in unit.leaves()]
    item = _item(asked)
    with asked.edit("Claim it for everything") as editor:
        for leaf in leaves:
            editor.put_claim(Claim(new_id(), item.id, leaf.id))
    written = write_form(witness_form_for(asked, kinds, "E1"), tmp_path / "form.pdf", page_size=page_size)
    assert failures(written.path, "ua1") == []
    assert written.claimed == len(leaves) + 2
    assert written.listed >= (20 if page_size == "A4" else 14)
    with pikepdf.open(written.path) as pdf:
        assert len(pdf.pages) == 1
