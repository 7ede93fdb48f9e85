from __future__ import annotations

import ast
import re
import string
from datetime import date
from pathlib import Path

import pytest

import portfolio_app.exporting
import portfolio_app.reading
from portfolio_app.domain.claims import Locator, Verdict
from portfolio_app.domain.coverage import CoverageState
from portfolio_app.domain.dates import Period
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.evidence import PersonPart, StandingKind
from portfolio_app.domain.gaps import Severity
from portfolio_app.domain.qualification import AssessmentMethod
from portfolio_app.exporting.options import Audience
from portfolio_app.exporting.wording import Wording, load_wording

WORDS = load_wording("en-GB")


def test_dates_places_and_sizes_are_written_as_people_do() -> None:
    assert WORDS.day(date(2026, 3, 9)) == "9 March 2026"
    assert WORDS.day(None) == ""
    assert WORDS.period(Period.parse("2026-03")) == "March 2026"
    assert WORDS.period(Period.parse("2026-03-09 to 2027")) == "9 March 2026 to 2027"
    assert WORDS.period(Period.parse("2026-03-09 to 2026-03-12")) == "9 to 12 March 2026"
    assert WORDS.period(Period.parse("2026-03-09 to 2026-04-12")) == "9 March to 12 April 2026"
    assert WORDS.period(Period.parse("2026-03 to 2026-04")) == "March to April 2026"
    assert WORDS.period(Period.parse("2026-03-09 to 2026-04")) == "9 March 2026 to April 2026"
    assert WORDS.period(Period.parse("2025-12 to 2026-01")) == "December 2025 to January 2026"
    assert WORDS.period(None) == ""
    assert WORDS.place(Locator.parse("budget.pdf, pp. 3-4, para 2, 04:10")) == "budget.pdf, pp. 3-4, para 2, at 04:10"
    assert WORDS.place(Locator(page="3", heading="Aims")) == "p. 3, “Aims”"
    assert [WORDS.size(size) for size in (0, 1, 999, 1000, 9_949, 18_432, 999_600, 7_300_000_000)] == [
        *("0 bytes", "1 byte", "999 bytes", "1.0 kB", "9.9 kB", "18 kB", "1.0 MB", "7.3 GB"),
    ]


def test_there_are_forms_for_none_one_and_many() -> None:
    assert WORDS.count("front.items", 0) == "no evidence yet"
    assert WORDS.count("front.items", 1) == "1 item of evidence"
    assert WORDS.count("front.items", 10_000) == "10,000 items of evidence"


def test_braces_in_what_people_typed_do_no_harm() -> None:
    assert WORDS("decision.by", name="{x} {0}", day="{") == "{x} {0}, {"


@pytest.mark.parametrize("language", ["cy", "", "../en-GB", "en-GB.toml"])
def test_an_unknown_language_is_refused(language: str) -> None:
    with pytest.raises(InvalidInput, match=r"known: en-GB"):
        load_wording(language)


def test_every_value_of_the_domain_has_a_word() -> None:
    for prefix, values in {
        "state": CoverageState,
        "method": AssessmentMethod,
        "standing": StandingKind,
        "part": PersonPart,
        "copy": Audience,
    }.items():
        for value in values:
            assert WORDS(f"{prefix}.{value.value}")
    for verdict in Verdict:
        assert WORDS(f"state.{verdict.value}")
    for severity in Severity:
        assert WORDS.count(f"gaps.{severity.value}", 2)
    assert len({WORDS(f"month.{month}") for month in range(1, 13)}) == 12


def _keys_used() -> set[str]:
    """Collect the first argument of every call of the words; an f-string gives its beginning."""
    used = set()
    folders = [Path(portfolio_app.exporting.__file__).parent, Path(portfolio_app.reading.__file__).parent]
    for path in (path for folder in folders for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used |= set(re.findall(r"^[a-z_]+\.[a-z_]*$", node.value))
    return used


def test_every_word_is_used_and_every_word_used_exists() -> None:
    used = _keys_used()
    stems = {re.sub(r"\.(\d+|other)$", "", key) for key in WORDS.known_keys}
    unused = {
        stem
        for stem in stems
        if stem not in used and not any(key.endswith(".") and f"{stem}.".startswith(key) for key in used)
    }
    assert not unused
    called = {key for key in used if key.split(".")[0] in {stem.split(".")[0] for stem in stems}}
    assert not {key for key in called if not key.endswith(".") and key not in stems}


def test_forms_of_the_same_words_take_no_values_that_others_do_not_know() -> None:
    for key in WORDS.known_keys:
        fields = {name for _, name, _, _ in string.Formatter().parse(WORDS._texts[key]) if name is not None}
        assert all(re.fullmatch("[a-z]+", field) for field in fields), key
        if match := re.fullmatch(r"(.*)\.\d+", key):
            other = WORDS._texts[f"{match[1]}.other"] if f"{match[1]}.other" in WORDS else WORDS._texts[key]
            known = {name for _, name, _, _ in string.Formatter().parse(other) if name is not None}
            assert fields <= known, key


def test_keys_are_dotted() -> None:
    words = Wording("xx", {"a": {"b": "c", "d": {"1": "one", "other": "{number} ds"}}})
    assert words.known_keys == {"a.b", "a.d.1", "a.d.other"}
    assert [words.count("a.d", number) for number in (1, 2)] == ["one", "2 ds"]
    with pytest.raises(KeyError):
        words("a.x")
