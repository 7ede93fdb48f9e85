"""Which arguments open the window and which are commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from portfolio_app.__main__ import COMMANDS, wants_window
from portfolio_app.cli.program import build


def test_every_command_is_known_at_the_door() -> None:
    assert set(typer.main.get_command(build()).commands) == COMMANDS  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ([], True),
        (["Sam.portfolio"], True),
        (["Sam.zip"], True),
        (["/home/sam/Portfolio"], True),
        (["./demo"], True),
        (["demo"], False),
        (["gaps", "/home/sam/Portfolio"], False),
        (["--help"], False),
        (["--version"], False),
        (["nonsense"], False),
        ([""], False),
        (["x" * 5000], False),
        (["half\0word"], False),
    ],
)
def test_arguments_open_the_window_or_run_a_command(arguments: list[str], window: bool) -> None:
    assert wants_window(arguments) is window


def test_a_folder_named_without_a_path_opens_in_the_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Sam Ellis").mkdir()
    (tmp_path / "demo").mkdir()
    monkeypatch.chdir(tmp_path)
    assert wants_window(["Sam Ellis"])
    assert not wants_window(["demo"])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there may a screen be missing")
def test_without_a_screen_one_sentence_says_so() -> None:
    without = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    finished = subprocess.run(
        [sys.executable, "-m", "portfolio_app"], env=without, capture_output=True, text=True, timeout=60, check=False
    )
    assert finished.returncode == 2
    assert finished.stderr.startswith("There is no screen")
    assert len(finished.stderr.splitlines()) == 1
