"""What a witness is asked, how answers stand beside what is known, and how a form knows itself again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.dates import Period
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import (
    Evidence,
    EvidenceKind,
    FieldDefinition,
    FieldType,
    Involvement,
    Person,
    PersonPart,
    WitnessQuestion,
)
from portfolio_app.domain.qualification import AssessmentMethod
from portfolio_app.domain.witness import (
    Change,
    Part,
    Place,
    WitnessStatement,
    compare,
    request_for,
    whom_to_ask,
    with_answers,
)
from portfolio_app.domain.witness_form import WitnessIdentity, WitnessRoot, content_of

KIND = EvidenceKind(
    "testimony",
    "Testimony",
    "",
    AssessmentMethod.WITNESS_TESTIMONY,
    witnessed=True,
    fields=(
        FieldDefinition("where", FieldType.TEXT, "Where", witness=WitnessQuestion.OCCASION),
        FieldDefinition("seen", FieldType.DATE, "Seen on", witness=WitnessQuestion.SEEN),
    ),
)
BARE = replace(KIND, fields=())
ITEM = Evidence("e", 4, "testimony", "Desk", fields={"where": "Front desk"})
DANA = Person("p", "Dana Whyte", role="Manager", email="dana@example.org")
IDENTITY = WitnessIdentity(
    "a" * 32, "b" * 32, "0123abcd", datetime(2026, 3, 1, tzinfo=UTC), "c", "p", {"r1": "x"}, {Part.NAME: "Dana"}, ("h",)
)


def _changes(
    item: Evidence, kind: EvidenceKind, parts: dict[Part, str], filled_in: dict[Part, str]
) -> dict[Place, Change]:
    answers = compare(item, kind, DANA, WitnessStatement(parts), filled_in)
    return {answer.place: answer.change for answer in answers}


def test_a_witness_is_asked_with_what_is_known_filled_in() -> None:
    item = replace(ITEM, date=Period.parse("9 March 2026 to 11 March 2026"))
    request = request_for(item, KIND, DANA, ["x", "y"])
    assert request.given == {
        Part.NAME: "Dana Whyte",
        Part.ROLE: "Manager",
        Part.REACHED_AT: "dana@example.org",
        Part.OCCASION: "Front desk",
        Part.SEEN_FROM: "9 March 2026",
        Part.SEEN_TO: "11 March 2026",
    }
    assert (request.person_id, request.requirements) == ("p", ("x", "y"))
    own = replace(item, fields={"seen": "2026-02"})
    assert request_for(own, KIND, None, []).given == {Part.SEEN_FROM: "February 2026"}


@pytest.mark.parametrize(
    ("now", "filled_in", "said", "change"),
    [
        ("", "", "Desk 2", Change.NEW),
        ("Desk", "Desk", "Desk", Change.SAME),
        ("Desk", "Desk", "Desk 2", Change.CORRECTED),
        ("Desk 3", "Desk", "Desk", Change.SAME),  # changed here, and left alone by the witness
        ("Desk 3", "Desk", "Desk 2", Change.DIFFERENT),
        ("Desk 3", "", "Desk 2", Change.DIFFERENT),
    ],
)
def test_only_what_was_on_the_form_can_be_corrected(now: str, filled_in: str, said: str, change: Change) -> None:
    item = replace(ITEM, fields={"where": now})
    assert _changes(item, KIND, {Part.OCCASION: said}, {Part.OCCASION: filled_in})[Place.OCCASION] is change


def test_what_was_left_empty_says_nothing() -> None:
    assert _changes(ITEM, KIND, {}, {Part.ROLE: "Manager"}) == {}
    assert not WitnessStatement({Part.ROLE: "Manager"}).says_more_than({Part.ROLE: "Manager", Part.NAME: "Dana"})
    assert WitnessStatement({}, seen=("x",)).says_more_than({})


@pytest.mark.parametrize(
    ("first", "last", "field", "when"),
    [
        ("9/3/2026", "", "9 March 2026", "9 March 2026"),
        ("9 March 2026", "11 March 2026", "March 2026", "9 March 2026 to 11 March 2026"),
        ("February 2026", "March 2026", "2026", "February 2026 to March 2026"),
        ("2025", "2026", "2026", "2025 to 2026"),
        ("", "March 2026", "March 2026", "March 2026"),
        ("11 March 2026", "9 March 2026", "", ""),
        ("last week", "", "", ""),
    ],
)
def test_when_it_was_seen_goes_into_the_form_and_the_date(first: str, last: str, field: str, when: str) -> None:
    statement = WitnessStatement({Part.SEEN_FROM: first, Part.SEEN_TO: last})
    answers = compare(ITEM, KIND, None, statement, {})
    item = with_answers(ITEM, KIND, answers)
    assert item.fields.get("seen", "") == field
    assert str(item.date or "") == when
    assert str(with_answers(ITEM, BARE, compare(ITEM, BARE, None, statement, {})).date or "") == when


def test_a_date_that_the_item_has_is_not_asked_about_where_its_form_has_one() -> None:
    item = replace(ITEM, date=Period.parse("2024"))
    seen = {Part.SEEN_FROM: "2026"}
    assert set(_changes(item, KIND, seen, {})) == {Place.SEEN}
    assert _changes(item, BARE, seen, {}) == {Place.DATE: Change.DIFFERENT}


@pytest.mark.parametrize(
    ("name", "day", "signed"),
    [
        ("Dana", "12 March 2026", date(2026, 3, 12)),
        ("", "12 March 2026", None),
        ("Dana", "March 2026", None),
        ("Dana", "tomorrow", None),
        ("Dana", "13 March 2026", None),
    ],
)
def test_a_signature_is_a_name_and_a_day_that_has_come(name: str, day: str, signed: date | None) -> None:
    parts = {Part.SIGNATURE: name, Part.SIGNED_ON: day}
    assert WitnessStatement(parts, today=date(2026, 3, 12)).signed_on == signed


@pytest.mark.parametrize(
    ("written", "email"),
    [
        ("dana@example.org", "dana@example.org"),
        ("0161 496 0000, dana@example.org (mornings)", "dana@example.org"),
        ("0161 496 0000", ""),
        ("@home", ""),
    ],
)
def test_an_address_is_found_among_other_words(written: str, email: str) -> None:
    assert WitnessStatement({Part.REACHED_AT: written}).email == email


def test_whoever_has_not_signed_is_asked_next() -> None:
    signed = Involvement("a", PersonPart.WITNESS, date(2026, 3, 1))
    author, unsigned = Involvement("b", PersonPart.AUTHOR), Involvement("c", PersonPart.OBSERVER)
    assert whom_to_ask(replace(ITEM, people=(author, signed, unsigned))) == "c"
    assert whom_to_ask(replace(ITEM, people=(author, signed))) == "a"
    assert whom_to_ask(replace(ITEM, people=(author,))) == ""


# The identity


def test_an_identity_is_the_same_when_it_comes_back_and_no_longer_genuine_when_changed() -> None:
    sealed = IDENTITY.signed(bytes(32))
    back = WitnessIdentity.from_json(sealed.to_json())
    assert back == sealed
    assert back.is_genuine(bytes(32))
    for other in (replace(back, boxes={"r1": "y"}), replace(back, given={}), replace(back, pages=()), IDENTITY):
        assert not other.is_genuine(bytes(32))
    assert WitnessRoot.of_name(str(sealed.root)) == sealed.root
    assert WitnessRoot.of_name("wf_a_b") is None


@given(
    st.one_of(
        st.text(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=9),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
        ).map(json.dumps),
        st.tuples(
            st.sampled_from(sorted(json.loads(IDENTITY.to_json()))), st.none() | st.lists(st.none(), min_size=1)
        ).map(lambda change: json.dumps({**json.loads(IDENTITY.to_json()), change[0]: change[1]})),
    )
)
def test_what_is_no_identity_is_refused_in_one_sentence(written: str) -> None:
    with pytest.raises(InvalidInput, match="does not say which item"):
        WitnessIdentity.from_json(written)


def test_an_identity_of_a_later_program_says_so() -> None:
    later = json.loads(IDENTITY.to_json()) | {"format": 2}
    with pytest.raises(InvalidInput, match="later version"):
        WitnessIdentity.from_json(json.dumps(later))


def test_content_changes_with_what_an_item_says_and_with_nothing_else() -> None:
    same = replace(ITEM, tags=("a",), people=(Involvement("p", PersonPart.WITNESS),), number=9)
    assert content_of(same) == content_of(ITEM)
    for other in (
        replace(ITEM, title="x"),
        replace(ITEM, body="x"),
        replace(ITEM, fields={}),
        replace(ITEM, date=Period.parse("2026")),
    ):
        assert content_of(other) != content_of(ITEM)


def test_line_ends_of_any_program_are_one_and_a_box_is_ticked_by_its_value_alone() -> None:
    values = {"account": "\r\nOne.\rTwo.\n", "role": " Duty \n manager ", "r1": "yes", "r2": "yes", "r9": "Off"}
    statement = IDENTITY.statement(values)
    assert statement[Part.ACCOUNT] == "One.\nTwo."
    assert statement[Part.ROLE] == "Duty manager"
    assert statement.seen == ("x",)
    assert IDENTITY.statement({"r1": "Off"}).seen == ()
    assert IDENTITY.statement({"may_be_contacted": "no"})[Part.MAY_BE_CONTACTED] == "no"
    assert IDENTITY.statement({"may_be_contacted": "ask me"})[Part.MAY_BE_CONTACTED] == ""
