"""review: what it shows, what it records with --accept, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.returned_copies import fill_in, review_copy, signed_by, ticked, without_form

from portfolio_app.storage.portfolio_file import PortfolioFile

CommandLine = Callable[..., Any]


@pytest.fixture
def blank(cli: CommandLine, folder: Path, tmp_path: Path) -> Path:
    assert cli("evidence", "add", folder, "--kind", "plan", "--title", "Rota").code == 0
    with PortfolioFile.open(folder) as portfolio:
        review_copy(portfolio, tmp_path / "blank.pdf")
    return tmp_path / "blank.pdf"


def test_a_returned_copy_is_shown_then_recorded_once(
    cli: CommandLine, folder: Path, blank: Path, tmp_path: Path
) -> None:
    answers = {"r1.decision": "met", "r2.decision": "not_yet_met", "r2.comment": "Show the costs.", "r3.comment": "Hm."}
    answers |= signed_by("Ann Lee", "Assessor") | ticked("e1", "valid")
    path = fill_in(blank, tmp_path / "back.pdf", answers)
    steps = len(cli("history", folder, "--json").json)
    shown = cli("review", folder, path)
    assert (shown.code, shown.err) == (0, "")
    assert "Ann Lee, Assessor" in shown.out
    assert "U1/MP2" in shown.out
    assert "Show the costs." in shown.out
    assert "Nothing was recorded; --accept records what is new." in shown.out
    assert len(cli("history", folder, "--json").json) == steps
    found = cli("review", folder, path, "--json").json
    assert [(each["requirement"], each["verdict"], each["state"]) for each in found["answers"]] == [
        ("U1/MP1", "met", "new"),
        ("U1/MP2", "not yet met", "new"),
        ("U1/MP3", None, "comment"),
    ]
    assert (found["judgements"][0]["ticked"], found["accepted"]) == (["valid"], None)

    accepted = cli("review", folder, path, "--accept")
    assert accepted.code == 0
    assert "Recorded: 2 decisions, 1 judgement, 1 further comment." in accepted.out
    assert "To do: U1/MP2: Show the costs." in accepted.out
    again = cli("review", folder, path, "--accept", "--json").json
    assert again["accepted"] == {"decisions": [], "actions": [], "judged": []}
    assert {each["state"] for each in again["answers"]} == {"recorded"}
    assert "There was nothing new to record." in cli("review", folder, path, "--accept").out


def test_what_cannot_be_recorded_is_refused_in_one_sentence(
    cli: CommandLine, folder: Path, blank: Path, tmp_path: Path
) -> None:
    nameless = fill_in(blank, tmp_path / "nameless.pdf", {"r1.decision": "met"})
    shown = cli("review", folder, nameless)
    assert shown.code == 0
    assert "the assessor’s name is missing" in " ".join(shown.out.split())
    for path, told in (
        (nameless, "the assessor’s name is missing"),
        (without_form(blank, tmp_path / "printed.pdf"), "printed to a PDF"),
        (tmp_path / "none.pdf", "There is no file"),
    ):
        outcome = cli("review", folder, path, "--accept")
        assert (outcome.code, outcome.out) == (2, "")
        assert told in outcome.err
        assert outcome.err.count("\n") == 1
