"""The command line in the test's own process, and a portfolio to use it on."""

from __future__ import annotations

import io
import json
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from portfolio_app.cli import run

GUIDANCE = """A blurb that is cut off in the mid
Topic Synopsis
How a service is planned.
Key Concepts & Core Principles
- Planning: setting measurable goals.
Exam Tips & Revision Strategies
- Use figures.
Common Misconceptions & Mistakes to Avoid
- A plan is never finished.
Examiner Marking Points
- Award credit for explaining how a service is planned.
- Evidence must show a plan for a service, including objectives, resources and a timeline.
- Check for a review of the plan.
"""


@dataclass(frozen=True)
class Outcome:
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


CommandLine = Callable[..., Outcome]


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("command-line")


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep the user's own configuration and reports out of the tests."""
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path / "home" / "XDG_CONFIG_HOME" / "portfolio-app"


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[CommandLine]:
    """Run a command: ``cli("evidence", "list", folder)``."""
    before = signal.getsignal(signal.SIGTERM)

    def command(*arguments: object, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        printed = capfd.readouterr()
        return Outcome(code, printed.out, printed.err)

    yield command
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="session")
def prepared(session_folder: Path) -> Path:
    """Make one portfolio, to be copied: a unit U1 with MP1 to MP3, E1 with a file, and E1 claimed for U1/MP1."""
    folder = session_folder / "Sam Ellis"
    text = session_folder / "unit.txt"
    text.write_text(GUIDANCE, encoding="utf-8")
    attached = session_folder / "rota.txt"
    attached.write_text("Monday: Sam\n", encoding="utf-8")
    commands: list[list[object]] = [
        ["new", folder, "--learner", "Sam Ellis"],
        ["unit", "import", folder, text, "--title", "Planning a service"],
        ["evidence", "add", folder, "--kind", "plan", "--title", "Plan", "--date", "2026-03", "--attach", attached],
        ["claim", "add", folder, "E1", "U1/MP1", "--at", "p. 1"],
    ]
    before = signal.getsignal(signal.SIGTERM)
    for command in commands:
        assert run([str(word) for word in command]) == 0
    signal.signal(signal.SIGTERM, before)
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """Return a portfolio of the test's own."""
    copy = tmp_path / prepared.name
    shutil.copytree(prepared, copy)
    return copy
