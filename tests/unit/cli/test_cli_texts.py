"""What the command line says of the words of the evidence: remarks, the improvement cycle, a centre's word lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.cli.conftest import CommandLine

PROBLEM = """Two families complained that their lesson had been given to somebody else: a problem of two lists that
nobody compares. We apologised, offered both families a place in another class, corrected the register on the same day,
refunded the first lesson and told the swim school about the error."""


@pytest.fixture
def at_work(cli: CommandLine, tmp_path: Path) -> Path:
    """E1 tells of a problem and is claimed for U1/MP3."""
    folder = tmp_path / "work"
    for arguments, stdin in (
        (("new", folder, "--learner", "Sam", "--unit", "plan-organise-control-customer-service-operations"), b""),
        (("evidence", "add", folder, "--kind", "problem-log", "--title", "Doubles", "--body", "-"), PROBLEM.encode()),
        (("claim", "add", folder, "E1", "U1/MP3", "--quote", "corrected the register on the same day"), b""),
    ):
        outcome = cli(*arguments, stdin=stdin)
        assert outcome.code == 0, outcome.err
    return folder


def test_remarks_on_texts_come_with_their_advice_and_are_put_aside(cli: CommandLine, at_work: Path) -> None:
    (gap,) = [gap for gap in cli("gaps", at_work, "--json").json if gap["rule"] == "problem-without-check"]
    assert (gap["severity"], gap["evidence"]) == ("nudge", "E1")
    assert [(piece["kind"], piece["text"].split(",")[0]) for piece in gap["advice"]] == [
        ("tip", "For solving problems"),
        ("misconception", "Noting problems down without a method to analyse them"),
    ]
    assert cli("dismiss", at_work, "problem-without-check", "--evidence", "E1", "--reason", "It is recent").code == 0
    assert "problem-without-check" not in [gap["rule"] for gap in cli("gaps", at_work, "--json").json]


def test_the_cycle_names_what_was_found_and_what_was_not(cli: CommandLine, at_work: Path) -> None:
    cli("claim", "edit", at_work, "E1", "U1/MP3", "--quote", "I trained the team, and complaints fell from 12 to 1")
    (cycle,) = cli("cycle", at_work, "--json").json
    found = {stage["stage"]: stage["passages"] for stage in cycle["stages"]}
    assert list(found) == ["plan", "do", "monitor", "evaluate", "act"]
    assert found["evaluate"] == [
        {
            "evidence": "E1",
            "requirement": "U1/MP3",
            "text": "I trained the team, and complaints fell from 12 to 1",
            "quotation": True,
        }
    ]
    assert cycle["not_found"] == ["plan", "do", "monitor", "act"]
    assert "not found: what was done" in " ".join(cli("cycle", at_work, "--unit", "U1").out.split())
    assert cli("cycle", at_work, "--unit", "U9").code == 2


def test_a_centre_s_word_lists_count_and_a_slip_in_them_is_told(cli: CommandLine, at_work: Path) -> None:
    folder = at_work / "quality"
    folder.mkdir()
    mine = folder / "problem.toml"
    mine.write_text('id = "problem-without-check"\nadd = true\n[lists]\nchecks = ["told the swim school"]\n', "utf-8")
    assert "problem-without-check" not in [gap["rule"] for gap in cli("gaps", at_work, "--json").json]
    mine.write_text('id = "problem-without-check"\nadds = true\n', "utf-8")
    for command in ("gaps", "cycle"):
        outcome = cli(command, at_work)
        assert (outcome.code, outcome.out) == (2, "")
        assert "problem.toml" in outcome.err
        assert len(outcome.err.strip().splitlines()) <= 3
