"""Groups of units on the command line."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.conftest import CommandLine


def test_groups_are_made_filled_changed_and_removed(cli: CommandLine, folder: Path) -> None:
    assert "no groups" in cli("qualification", "show", folder).out
    entry = cli("library", "--json").json[0]["id"]
    assert cli("unit", "add", folder, entry).code == 0
    cli("qualification", "set", folder, "--least-credits", "20")
    cli("qualification", "group", folder, "Core", "--mandatory")
    cli("qualification", "group", folder, "Group A", "--least-units", "2", "--least-credits", "12")
    cli("qualification", "put", folder, "core", "U1")
    found = cli("qualification", "put", folder, "Group A", "u2", "--json").json
    core, choice = found["groups"]
    assert (core["title"], core["mandatory"], core["units"], core["needed"]["units"]) == ("Core", True, ["U1"], 1)
    assert (choice["units"], choice["is_filled"], found["achieved"]) == (["U2"], False, False)
    assert found["whole"]["least_credits"] == 20
    assert choice["missing"].startswith("The group “Group A” asks for at least 2 units and 12 credits; the units")
    shown = cli("qualification", "show", folder).out
    for words in ("Group A", "all its units", "0 of 1", "Core: 0 of 1 unit achieved so far."):
        assert words in shown
    moved = cli("qualification", "group", folder, "Group A", "--rename", "Choice", "--place", "1", "--json").json
    assert [group["title"] for group in moved["groups"]] == ["Choice", "Core"]
    assert cli("qualification", "take-out", folder, "U2", "--json").json["ungrouped"] == ["U2"]
    assert [
        each["title"] for each in cli("qualification", "remove-group", folder, "Choice", "--json").json["groups"]
    ] == ["Core"]
    # The credits of the whole are still more than the units have.
    assert "groups-not-filled" in cli("gaps", folder, "--json").out


def test_what_cannot_be_is_refused_in_a_sentence(cli: CommandLine, folder: Path) -> None:
    for words, sentence in {
        ("put", "{folder}", "Core", "U1"): "no group “Core” (it has none yet)",
        ("group", "{folder}", " "): "is empty",
        ("group", "{folder}", "A", "--least-credits", "-3"): "a number from 0 to 9,999",
        ("group", "{folder}", "A", "--place", "7"): "places 1 to 1",
        ("remove-group", "{folder}", "A group"): "no group “A group”",
    }.items():
        outcome = cli("qualification", *(word.format(folder=folder) for word in words))
        assert (outcome.code, outcome.out) == (2, "")
        assert sentence in outcome.err
