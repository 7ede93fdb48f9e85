"""unit update: what changed is shown, what hangs on removed requirements is asked about, and undo brings all back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CommandLine = Callable[..., Any]
POINTS = (
    "Award credit for explaining how staffing is matched to demand.",
    "Evidence must show a plan for a service, including objectives, resources and a timeline.",
    "Check for a review of customer complaints.",
)
NEWER = (
    POINTS[1],
    "Award credit for explaining how staffing levels are matched to seasonal demand.",
    "Award credit for recruiting colleagues.",
)


def text(path: Path, points: tuple[str, ...]) -> Path:
    path.write_text("\n".join(["Examiner Marking Points", *(f"- {point}" for point in points)]), encoding="utf-8")
    return path


@pytest.fixture
def folder(cli: CommandLine, tmp_path: Path) -> Path:
    """A portfolio whose E1 is claimed for all three points of U1."""
    folder = tmp_path / "p"
    assert cli("new", folder, "--learner", "Sam Ellis").code == 0
    assert cli("unit", "import", folder, text(tmp_path / "one.txt", POINTS), "--title", "Plan").code == 0
    assert cli("evidence", "add", folder, "--kind", "plan", "--title", "A").code == 0
    for number in (1, 2, 3):
        assert cli("claim", "add", folder, "E1", f"U1/MP{number}").code == 0
    return folder


def test_an_update_shows_what_changed_and_needs_an_answer(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    newer = text(tmp_path / "two.txt", NEWER)
    refused = cli("unit", "import", folder, newer, "--title", "plan")
    assert refused.code == 2
    assert "“unit update” makes U1 a newer version of itself." in refused.err
    shown = cli("unit", "update", folder, "U1", newer, "--dry-run")
    assert shown.code == 0
    for words in (
        "U1 Plan: 1 reworded, 2 renumbered, 1 moved, 1 new, 1 not there any more.",
        "{+levels are+}",
        "U1/MP1 → U1/MP2",
        "U1/MP2 → U1/MP1",
        "(1 claim: say what becomes of it)",
        "Nothing was stored.",
    ):
        assert words in shown.out
    assert "give its title" not in shown.out
    unanswered = cli("unit", "update", folder, "U1", newer)
    assert unanswered.code == 2
    assert "Not in the newer version: U1/MP3 (1 claim). Give --removed keep" in unanswered.err
    before = cli("unit", "show", folder, "--json").out
    kept = cli("unit", "update", folder, "U1", newer, "--removed", "keep")
    assert kept.code == 0
    assert "Updated U1 Plan; kept MP3." in kept.out
    addresses = [each["address"] for each in cli("unit", "show", folder, "--json").json[0]["requirements"]]
    assert addresses == ["U1/MP1", "U1/MP2", "U1/MP3", "U1/MP3 (former)"]
    assert "There was nothing to store." in cli("unit", "update", folder, "U1", newer).out
    assert cli("undo", folder).code == 0
    assert cli("unit", "show", folder, "--json").out == before


def test_json_says_what_became_of_everything(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    newer = text(tmp_path / "two.txt", NEWER)
    moved = cli("unit", "update", folder, "u1", newer, "--move", "MP3=U1/MP3", "--json").json
    assert (moved["stored"], moved["claims_moved"], moved["kept"]) == (True, 1, [])
    (gone,) = moved["removed"]
    assert (gone["address"], gone["claims"], gone["answer"], gone["moved_to"]) == ("U1/MP3", 1, "move", "U1/MP3")
    changes = {each["old_address"]: (each["address"], each["changes"]) for each in moved["requirements"]}
    assert changes["U1/MP1"][0] == "U1/MP2"
    assert changes["U1/MP1"][1][:2] == ["reworded", "renumbered"]
    assert moved["unit"]["requirements"][2]["text"] == NEWER[2]
    assert cli("undo", folder).code == 0
    removed = cli("unit", "update", folder, "U1", newer, "--removed", "remove", "--json").json
    assert (removed["claims_removed"], len(removed["unit"]["requirements"])) == (1, 3)
    assert cli("undo", folder).code == 0
    apart = cli("unit", "update", folder, "U1", newer, "--apart", "MP1=MP2", "--dry-run", "--json").json
    assert [each["address"] for each in apart["removed"]] == ["U1/MP1", "U1/MP3"]


def test_what_cannot_be_is_said_in_a_sentence(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    newer = text(tmp_path / "two.txt", NEWER)
    for words, said in (
        (["U9", newer], "There is no unit “U9”"),
        (["U1", tmp_path / "none.txt"], "there is no such file"),
        (["U1", newer, "--move", "MP3"], "is no pair for --move"),
        (["U1", newer, "--move", "MP3=MP9"], "has no requirement “MP9”"),
        (["U1", newer, "--move", "MP2=MP2"], "is in the newer version too"),
        (["U1", newer, "--apart", "x=MP2"], "has no requirement “x”"),
    ):
        refused = cli("unit", "update", folder, *words)
        assert refused.code == 2
        assert said in " ".join(refused.err.split())
        assert refused.err.count("\n") == 1
