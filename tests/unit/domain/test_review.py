from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.review import ReviewIdentity, ReviewRoot, evidence_labels, requirement_labels

KEY = bytes(range(32))
IDENTITY = ReviewIdentity(
    portfolio="0f" * 16,
    revision=212,
    head="ab" * 32,
    made=datetime(2026, 3, 9, 14, 5, 1, tzinfo=UTC),
    token="1a2b3c4d",
    pages=("00112233aabbccdd", "ffeeddcc00112233"),
    requirements=requirement_labels(["one", "two"]),
    evidence=evidence_labels(["item"]),
).signed(KEY)


def test_an_identity_comes_back_from_the_form_as_it_was() -> None:
    text = IDENTITY.to_json()
    assert text.isascii()
    assert "\n" not in text
    assert ReviewIdentity.from_json(text) == IDENTITY
    assert ReviewIdentity.from_json(text).is_genuine(KEY)
    assert json.loads(text)["requirements"] == {"r1": "one", "r2": "two"}


@pytest.mark.parametrize(
    "forged",
    [
        replace(IDENTITY, revision=213),
        replace(IDENTITY, requirements={"r1": "two", "r2": "one"}),
        replace(IDENTITY, pages=("00112233aabbccdd",)),
        replace(IDENTITY, made=datetime(2026, 3, 10, tzinfo=UTC)),
        replace(IDENTITY, mac=""),
        replace(IDENTITY, mac="é"),
    ],
)
def test_what_was_changed_is_not_genuine(forged: ReviewIdentity) -> None:
    assert not forged.is_genuine(KEY)
    assert not ReviewIdentity.from_json(forged.to_json()).is_genuine(KEY)
    assert not IDENTITY.is_genuine(KEY[:-1])


def test_the_root_says_which_copy_it_is_and_holds_no_full_stop() -> None:
    assert ReviewRoot.of_name(str(IDENTITY.root)) == IDENTITY.root
    assert "." not in str(ReviewRoot("a.b", 3, "00000000"))


@pytest.mark.parametrize(
    "name",
    ["", "pf_", "pf_x_1_0000000", "pf_x_-1_00000000", "pf_x.y_1_00000000", "PF_x_1_00000000", "pf_x_1_00000000.r1"],
)
def test_other_names_are_no_roots(name: str) -> None:
    assert ReviewRoot.of_name(name) is None


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "nonsense", "[" * 100_000]
    + [
        json.dumps({**json.loads(IDENTITY.to_json()), **change})
        for change in (
            {"format": 0},
            {"format": True},
            {"made": "soon"},
            {"revision": "212"},
            {"pages": "00112233aabbccdd"},
            {"requirements": {"r1.decision": "one"}},
            {"evidence": {"e1": None}},
            {"mac": None},
        )
    ],
)
def test_what_is_no_identity_says_so(text: str) -> None:
    with pytest.raises(InvalidInput, match="which portfolio"):
        ReviewIdentity.from_json(text)


def test_a_form_of_a_later_program_asks_for_an_update() -> None:
    with pytest.raises(InvalidInput, match="later version"):
        ReviewIdentity.from_json(json.dumps({"format": 2}))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda one: (
            st.lists(one) | st.dictionaries(st.sampled_from(["format", "made", "pages", "mac", "r1"]) | st.text(), one)
        ),
    )
)
def test_any_other_json_is_refused_in_words(value: object) -> None:
    with pytest.raises(InvalidInput):
        ReviewIdentity.from_json(json.dumps(value))
