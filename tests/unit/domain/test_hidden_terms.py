"""Terms to be hidden are found however they are written, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.hidden_terms import TermFinder, check_term
from portfolio_app.domain.redaction import RedactionTerm


def _finder(*texts: str, whole_words: bool = True) -> TermFinder:
    return TermFinder([RedactionTerm(str(number), text, "", whole_words) for number, text in enumerate(texts)])


@pytest.mark.parametrize(
    ("term", "text", "hidden"),
    [
        ("Dana Whyte", "By Dana Whyte’s plan, DANA WHYTE", "By #’s plan, #"),
        ("Dana Whyte", "dana\nwhyte, Dana\u00a0 Whyte, Whyte, Dana", "#, #, Whyte, Dana"),
        (
            "Dana Whyte",
            "dana.whyte@example.org DanaWhytePlan.docx dana_whyte-2.pdf",
            "#@example.org #Plan.docx #-2.pdf",
        ),
        ("Dana Whyte", "**Dana** Whyte, [Dana Whyte](x), Dana&nbsp;Whyte, Dana%20Whyte", "**#, [#](x), #, #"),
        (
            "Whyte",
            "Why-\nte and Why\u00adte, Why\ufffete, not Whyteness or dewhyte",
            "# and #, #, not Whyteness or dewhyte",
        ),
        ("Zoë", "ZOE, zoe\u0308, Zoë’s but zoo", "#, #, #’s but zoo"),
        ("Sorensen", "Sørensen and SØRENSEN", "# and #"),
        ("Strauß", "STRAUSS", "#"),
        ("O'Brien", "O’Brien, OBrien, O‘Brien", "#, #, #"),
        ("Smith-Jones", "Smith Jones, Smith–Jones, SmithJones", "#, #, #"),
        ("020 7946 0018", "+44 (0)20 7946 0018, 02079460018, 0044 20 7946 0018", "#, #, #"),
        ("07700900123", "+44 7700 900 123", "#"),
        ("12345678", "1234 5678, 912345678, ab12345678", "#, 912345678, ab#"),
        ("123456", "9f2c123456ab88", "9f2c123456ab88"),
        ("QQ123456C", "QQ 12 34 56 C", "#"),
        ("王芳", "我叫王芳的", "我叫#的"),
        ("May", "May, may, Maybe, Mayor", "#, #, Maybe, Mayor"),
    ],
)
def test_what_is_found(term: str, text: str, hidden: str) -> None:
    assert _finder(term).hidden(text, "#") == hidden


def test_parts_of_words_are_found_where_that_is_asked_for() -> None:
    assert _finder("whyte", whole_words=False).hidden("Whyteness, deWhyte", "#") == "#ness, de#"


def test_the_longest_of_overlapping_terms_gives_the_replacement() -> None:
    terms = [RedactionTerm("1", "Dana", "A."), RedactionTerm("2", "Dana Whyte", "A. B."), RedactionTerm("3", "Whyte")]
    assert TermFinder(terms).hidden("Dana Whyte met Dana and Whyte", "#") == "A. B. met A. and #"


def test_what_a_replacement_leaves_beside_it_is_hidden_too() -> None:
    finder = TermFinder([RedactionTerm("1", "Dana Whyte"), RedactionTerm("2", "Quix", "–")])
    assert finder.hidden("Dana Quix Whyte", "#") == "#"


def test_a_term_over_several_cells_or_runs_is_hidden_in_each() -> None:
    finder = _finder("Dana Whyte")
    assert finder.hidden_in([["Name"], ["Dana"], ["Whyte", ", manager"]], "#") == [["Name"], ["#"], ["#", ", manager"]]
    assert finder.hidden_in([["by Da", "na Why", "te."], ["x"]], "#") == [["by #", "", "."], ["x"]]
    assert finder.hidden_in([["Dana Whyte and Dana", " Whyte"], []], "#") == [["# and #", ""], []]


@pytest.mark.parametrize("text", ["", " ", "D", "–’", "42", "2026", "x" * 201])
def test_what_cannot_be_a_term(text: str) -> None:
    with pytest.raises(InvalidInput):
        check_term(text)


_LETTERS = st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x24F)
_WORDS = st.lists(st.text(_LETTERS, min_size=2, max_size=8), min_size=1, max_size=3)
_BETWEEN = st.sampled_from([" ", "\n", "  ", "\u00a0", ".", "_", " - ", "", "\u200b", "** ", ", "])


@given(words=_WORDS, between=_BETWEEN, before=st.text(max_size=30), after=st.text(max_size=30), upper=st.booleans())
def test_a_planted_term_never_survives(words: list[str], between: str, before: str, after: str, upper: bool) -> None:
    finder = _finder(" ".join(words), whole_words=False)
    planted = between.join(words)
    text = before + (planted.upper() if upper else planted) + after
    if not finder:
        return
    found = finder.find(text)
    assert found
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    hidden = finder.hidden(text, "█")
    assert not finder.find(hidden)


@given(
    at=st.integers(19_980, 20_020), between=st.sampled_from([" ", "\n", "%20", "&nbsp;"]), edge=st.sampled_from(" x")
)
def test_a_long_text_is_searched_across_the_pieces_it_is_cut_into(at: int, between: str, edge: str) -> None:
    planted = f"Dana{between}Whyte"
    text = "-" * at + edge + planted + edge + "-" * 30_000
    places = [(one.start, one.end) for one in _finder("Dana Whyte").find(text)]
    assert places == ([(at + 1, at + 1 + len(planted))] if edge == " " else [])
    counted = _finder("Dana Whyte", "Dana").counts(text)
    assert sorted(counted.values()) == ([1, 1] if edge == " " else [1])


@given(groups=st.lists(st.lists(st.text("Dana Whyte.", max_size=12), min_size=1, max_size=3), max_size=5))
def test_pieces_stay_pieces(groups: list[list[str]]) -> None:
    finder = _finder("Dana Whyte", "an")
    hidden = finder.hidden_in(groups, "#")
    assert [len(group) for group in hidden] == [len(group) for group in groups]
    assert not finder.find("\n".join("".join(group) for group in hidden))
    if not finder.find("\n".join("".join(group) for group in groups)):
        assert hidden == groups
