"""The program as its users run it: a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.e2e import virtual_screen
from tests.e2e.virtual_screen import VirtualScreen
from tests.e2e.window_driver import WindowDriver

from portfolio_app.services.sample import build_sample


@dataclass(frozen=True)
class Finished:
    """What a process left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Program = Callable[..., Finished]
COMMAND = (sys.executable, "-m", "portfolio_app")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which the user has no configuration, and the terminal 80 columns."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    own = {f"XDG_{name}_HOME": str(tmp_path / "home" / name) for name in ("CONFIG", "STATE", "DATA", "CACHE")}
    return kept | own | {"COLUMNS": "80", "LC_ALL": "C.UTF-8"}


@pytest.fixture
def program(environment: dict[str, str]) -> Program:
    """Run the program: ``program("evidence", "list", folder)``; ``before`` are words before the command itself."""

    def run(
        *arguments: object, stdin: bytes = b"", before: Sequence[str] = (), env: dict[str, str] | None = None
    ) -> Finished:
        finished = subprocess.run(
            [*before, *COMMAND, *(str(argument) for argument in arguments)],
            input=stdin,
            capture_output=True,
            env=environment | (env or {}),
            timeout=120,
            check=False,
        )
        return Finished(finished.returncode, finished.stdout.decode(), finished.stderr.decode())

    return run


@pytest.fixture
def without_privilege() -> tuple[str, ...]:
    """Return what to run a command by, so that permissions hold for it even where tests run as root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return ()
    drop = shutil.which("setpriv")
    if drop is None:
        pytest.skip("root may read and write everything, and there is no setpriv to give that up")
    words = (drop, "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-dac_override,-dac_read_search")
    if subprocess.run([*words, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("root cannot give up its privilege here")
    return words


@pytest.fixture(scope="session")
def screen() -> Iterator[VirtualScreen]:
    """Return a screen to show windows on."""
    if missing := virtual_screen.missing():
        pytest.skip(f"no window can be shown without {', '.join(missing)}")
    # Its name is short: the address of a socket has a hundred characters.
    with tempfile.TemporaryDirectory(prefix="screen-") as folder, virtual_screen.started(Path(folder)) as shown:
        yield shown


@pytest.fixture
def window(screen: VirtualScreen, tmp_path: Path) -> Iterator[WindowDriver]:
    """Return the window of a user who has never used the program; ``start`` it."""
    driver = WindowDriver(screen, tmp_path / "home")
    yield driver
    driver.finish()


@pytest.fixture
def sample_folder(tmp_path: Path, _sample: Path) -> Path:
    """Return a copy of the sample portfolio."""
    return Path(shutil.copytree(_sample, tmp_path / "Sample"))


@pytest.fixture(scope="session")
def _sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_sample(tmp_path_factory.mktemp("sample") / "Sample").parent
