"""“suggest”: what an item may be claimed for, said or as JSON, and what is not to be suggested again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CommandLine = Callable[..., Any]

_PLAN = "I set objectives, shared out the resources for the service, and drew a timeline for the plan."


@pytest.fixture(autouse=True)
def words_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("portfolio_app.suggesting.model_files.model_folder", lambda: tmp_path / "no model")


def _add(cli: CommandLine, folder: Path, text: str, *more: object) -> None:
    added = cli(
        "evidence", "add", folder, "--kind", "plan", "--title", "May", "--body", "-", *more, stdin=text.encode()
    )
    assert added.code == 0, added.err


def test_an_item_is_suggested_for_a_requirement_with_the_sentence(cli: CommandLine, folder: Path) -> None:
    _add(cli, folder, f"May was dry.\n\n{_PLAN}")
    said = cli("suggest", folder, "E2")
    assert said.code == 0
    assert "Strong: U1/MP2" in said.out
    assert " ".join(_PLAN.split()[:6]) in said.out
    assert "para 2" in said.out
    assert said.err == "The sentence model is not installed, so only words were compared, not meanings.\n"
    found = cli("suggest", folder, "E2", "--json").json
    assert found["suggestions"][0] == {
        "evidence": "E2",
        "requirement": "U1/MP2",
        "band": "strong",
        "quotation": _PLAN,
        "place": "para 2",
        "locator": {"page": "", "heading": "", "paragraph": "2", "time": "", "attachment": ""},
    }
    assert (found["with_model"], found["unread"]) == (False, 0)


def test_a_requirement_finds_items_by_what_their_files_say(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(f"Notes.\n\n{_PLAN}", encoding="utf-8")
    _add(cli, folder, "May was dry.", "--attach", file)
    (found,) = cli("suggest", folder, "--for", "U1/MP2", "--json").json["suggestions"]
    assert (found["evidence"], found["quotation"], found["place"]) == ("E2", _PLAN, "notes.txt, para 2")
    assert "E2 May" in cli("suggest", folder, "--for", "U1/MP2").out


def test_there_may_be_nothing(cli: CommandLine, folder: Path) -> None:
    _add(cli, folder, "Bake the rolls at 220 degrees.")
    assert cli("suggest", folder, "E2").out == "Probably nothing here.\n"
    assert cli("suggest", folder, "E2", "--json").json["suggestions"] == []


def test_what_is_rejected_is_remembered_and_can_be_undone(cli: CommandLine, folder: Path) -> None:
    _add(cli, folder, _PLAN)
    assert cli("suggest", folder, "E2", "--reject", "u1/mp2").out == "U1/MP2 is not suggested for E2 any more.\n"
    assert cli("suggest", folder, "E2", "--reject", "U1/MP2").out == "U1/MP2 was rejected already.\n"
    addresses = [each["requirement"] for each in cli("suggest", folder, "E2", "--json").json["suggestions"]]
    assert "U1/MP2" not in addresses
    assert cli("undo", folder).code == 0
    assert "U1/MP2" in cli("suggest", folder, "E2").out
    rejected = cli("suggest", folder, "E2", "--reject", "U1/MP2", "--json").json
    assert rejected == {"evidence": "E2", "requirement": "U1/MP2", "rejected": True}
    assert cli("suggest", folder, "E2", "--allow", "U1/MP2").out == "U1/MP2 may be suggested for E2 again.\n"
    assert "U1/MP2" in cli("suggest", folder, "E2").out


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("E1", "--for", "U1/MP1"),
        ("--reject", "U1/MP1"),
        ("E1", "--reject", "U1/MP1", "--allow", "U1/MP1"),
        ("E9",),
        ("--for", "U1/MP9"),
        ("E1", "--reject", "U7/MP1"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(cli: CommandLine, folder: Path, words: tuple[str, ...]) -> None:
    refused = cli("suggest", folder, *words)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.count("\n") == 1


def test_a_damaged_model_is_said_and_words_are_compared(
    cli: CommandLine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "model"
    broken.mkdir()
    for name in ("weights.npz", "vocabulary.txt"):
        (broken / name).write_bytes(b"half of it")
    monkeypatch.setattr("portfolio_app.suggesting.model_files.model_folder", lambda: broken)
    _add(cli, folder, _PLAN)
    said = cli("suggest", folder, "E2")
    assert "U1/MP2" in said.out
    assert "model is damaged" in said.err


def test_a_portfolio_that_cannot_be_written_has_suggestions_all_the_same(cli: CommandLine, folder: Path) -> None:
    _add(cli, folder, _PLAN)
    shutil.rmtree(folder / "cache", ignore_errors=True)
    (folder / "cache").write_text("a file in its place", encoding="utf-8")
    assert "U1/MP2" in cli("suggest", folder, "E2").out
