"""witness-form on the command line: made, shown, taken in, refused in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.returned_copies import fill_in

CommandLine = Callable[..., Any]
ANSWERS = {"account": "Sam listened.", "r1": "yes", "signature": "Jo Hill", "signed_on": "2026-03-12", "role": "Head"}


@pytest.fixture
def folder(cli: CommandLine, tmp_path: Path) -> Path:
    """A portfolio whose E1 is a testimony of Jo Hill's, claimed for U1/MP1."""
    folder = tmp_path / "p"
    (tmp_path / "guidance.txt").write_text(
        "Examiner Marking Points\n- Award credit for one thing.\n- Award credit for another thing.\n", encoding="utf-8"
    )
    assert cli("new", folder, "--learner", "Sam Ellis").code == 0
    assert cli("unit", "import", folder, tmp_path / "guidance.txt", "--title", "Serve").code == 0
    jo = "Jo Hill;role=Manager;part=witness"
    assert cli("evidence", "add", folder, "--kind", "witness-testimony", "--title", "Desk", "--person", jo).code == 0
    assert cli("claim", "add", folder, "E1", "U1/MP1").code == 0
    return folder


def test_a_form_is_made_shown_and_taken_in(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    form, back = tmp_path / "form.pdf", tmp_path / "back.pdf"
    made = cli("witness-form", folder, "E1", form, "--page-size", "letter")
    assert made.code == 0
    assert "the form for Jo Hill about E1" in made.out
    fill_in(form, back, ANSWERS)

    shown = cli("witness-form", folder, back, "--read")
    assert shown.code == 0
    assert "--accept takes in what is marked" in shown.out
    assert cli("evidence", "show", folder, "E1", "--json").json["body"] == ""

    taken = cli("witness-form", folder, back, "--read", "--accept")
    assert taken.code == 0
    assert "Took in Jo Hill’s testimony for E1; the file is attached to it." in taken.out
    item = cli("evidence", "show", folder, "E1", "--json").json
    assert "Sam listened." in item["body"]
    assert item["people"][0]["signed_on"] == "2026-03-12"

    again = cli("witness-form", folder, back, "--read", "--accept")
    assert again.code == 0
    assert "There was nothing new for E1 in it." in again.out


def test_json_says_what_was_made_and_what_is_taken_in(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    form, back = tmp_path / "form.pdf", tmp_path / "back.pdf"
    made = cli("witness-form", folder, "E1", form, "--json").json
    assert (made["evidence"], made["person"], made["listed"], made["claimed"]) == ("E1", "Jo Hill", 1, 1)
    fill_in(form, back, ANSWERS)
    shown = cli("witness-form", folder, back, "--read", "--json").json
    assert (shown["witness"], shown["known"], shown["signed"], shown["accepted"]) == ("Jo Hill", True, True, None)
    (role,) = [answer for answer in shown["answers"] if answer["answer"] == "role"]
    assert (role["now"], role["said"], role["state"], role["new"]) == ("Manager", "Head", "corrected", True)
    taken = cli("witness-form", folder, back, "--read", "--accept", "--json").json
    assert taken["accepted"] == {"evidence": "E1", "new": True}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["E1"], "Name the PDF to write"),
        (["E1", "form.pdf", "--accept"], "goes with --read"),
        (["E1", "form.pdf", "--read"], "takes the returned form alone"),
        (["E9", "form.pdf"], "E9"),
        (["E1", "form.pdf", "--person", "Nobody"], "names no “Nobody”"),
        (["E1", "form.pdf", "--page-size", "A7"], "A4 or Letter"),
        (["E1", "form.pdf", "--language", "xx"], "“xx”"),
        (["E1", "form.txt"], "end in .pdf"),
        (["missing.pdf", "--read"], "no file"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    cli: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], why: str
) -> None:
    monkeypatch.chdir(folder.parent)
    outcome = cli("witness-form", folder, *words)
    assert outcome.code == 2
    assert why in outcome.err
    assert len(outcome.err.splitlines()) == 1
    assert not list(folder.parent.glob("form.*"))
