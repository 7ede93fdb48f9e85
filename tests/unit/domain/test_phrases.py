"""The notation of word lists: what a phrase finds, what it leaves alone, and what is no phrase."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.phrases import Phrases, check_phrase, plain_signs


def found(phrase: str, text: str) -> list[str]:
    return [text[span.start : span.end] for span in Phrases({"list": [phrase]}).find(text).get("list", [])]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("plan*", "Plans are planned, not explained.", ["Plans", "planned"]),
        ("Act", "the Act, an act, the ACT, Actor", ["Act"]),
        ("we", "We asked: were WE well?", ["We", "WE"]),
        (
            "service-profit chain",
            "the Service-Profit chain, service profit chain",
            ["Service-Profit chain", "service profit chain"],
        ),
        ("follow up", "a follow-up, to follow up, followup", ["follow-up", "follow up"]),
        ("did/made", "I did it and made it", ["did", "made"]),
        ("I … *ed", "Then I then carefully and calmly checked it.", ["I then carefully and calmly checked"]),
        ("I … *ed", "I was not there. He checked it.", []),
        ("I … *ed", "I one two three four five six seven checked", []),
        ("end of the … month", "by the end of the very month", ["end of the very month"]),
        ("#", "E4 took 3 of 12.5", ["3", "12.5"]),
        ("# weeks", "in 3 weeks, three weeks", ["3 weeks"]),
        ("<date>", "2026-03-01, 1/3/26, 12.03.2026, 2026 and 1,850", ["2026-03-01", "1/3/26", "12.03.2026", "2026"]),
        ("@ theory", "Vroom theory and that theory", ["Vroom theory"]),
        ("don't", "I don’t, you don't", ["don’t", "don't"]),
        ("Q#", "in Q3 and q3", ["Q3"]),
        ("été", "l'Été, en ÉTÉ", ["Été", "ÉTÉ"]),
        ("theory X/Y", "Theory X or theory Z", ["Theory X"]),
    ],
)
def test_what_a_phrase_finds(phrase: str, text: str, expected: list[str]) -> None:
    assert found(phrase, text) == expected


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "   ",
        "…",
        "… then",
        "then …",
        "*ed",
        "-",
        "“",
        "a … b … c … d",
        "a*b*c*",
        "did/",
        "/made",
        "x" * 161,
        "a/b/c/d/e/f/g/h/i/j/k/l/m",
    ],
)
def test_what_is_no_phrase(phrase: str) -> None:
    with pytest.raises(InvalidInput):
        check_phrase(phrase)


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_whatever_is_written_is_a_phrase_or_refused(phrase: str) -> None:
    try:
        check_phrase(phrase)
    except InvalidInput:
        return
    Phrases({"list": [phrase]}).find(f"before {phrase} after")


@given(
    st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=4),
    st.text(alphabet=" .,;!?\n", min_size=1),
)
def test_plain_words_are_found_wherever_they_stand(words: list[str], edge: str) -> None:
    phrase = " ".join(words)
    text = f"Zz{edge}{phrase.upper()}{edge}zz"
    assert phrase.upper() in found(phrase, text)


@given(st.text())
def test_plain_signs_keep_their_places(text: str) -> None:
    assert len(plain_signs(text)) == len(text)


def test_lists_are_found_together_and_in_order() -> None:
    phrases = Phrases({"problem": ["fault", "went down"], "check": ["check*"]})
    spans = phrases.find("It went down. I checked the fault.")
    assert {name: [span.start for span in each] for name, each in spans.items()} == {"problem": [3, 28], "check": [16]}
    assert phrases.names_in("All was well.") == frozenset()


def test_lists_that_take_too_long_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portfolio_app.domain.phrases.PATIENCE", 0.0)
    phrases = Phrases({"list": ["plan"]})
    assert phrases.find("Nothing to be tried.") == {}
    with pytest.raises(InvalidInput, match="shorten them"):
        phrases.find("A plan.")


def test_a_hostile_list_comes_to_an_end() -> None:
    """Many stars and gaps over a text that nearly matches: without bounds this would outlast the test’s time."""
    phrases = Phrases({"list": ["a*a … a*a a*b", *(f"a … {letter}*{letter}" for letter in "bcdefgh")]})
    assert phrases.find("a" * 1_000 + " " + "aaaa " * 1_000) == {}
