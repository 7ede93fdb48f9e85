"""A second start hands its files to the first, and nobody else can make it open anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from portfolio_app.gui import single_instance
from portfolio_app.gui.single_instance import SingleInstance

SECOND_START = """
import sys
from pathlib import Path
from portfolio_app.gui.single_instance import SingleInstance
sys.exit(0 if SingleInstance(sys.argv[1]).hand_over([Path(path) for path in sys.argv[2:]]) else 7)
"""


@pytest.fixture
def name(tmp_path: Path) -> str:
    if sys.platform == "win32":
        return f"portfolio-app-test-{os.getpid()}-{time.monotonic_ns()}"
    return str(tmp_path / "s")


@pytest.fixture
def first(name: str, qtbot: QtBot) -> Iterator[SingleInstance]:
    instance = SingleInstance(name)
    assert instance.listen()
    yield instance
    instance.close()


@pytest.fixture
def second_start(name: str, qtbot: QtBot) -> Callable[..., int]:
    def start(*paths: str, cwd: Path | None = None, **environment: str) -> int:
        command = [sys.executable, "-c", SECOND_START, name, *paths]
        process = subprocess.Popen(command, cwd=cwd, env={**os.environ, **environment})
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=30_000)
        return process.returncode

    return start


def _say(name: str, message: bytes, qtbot: QtBot) -> bytes:
    """Send bytes to the first program and return all it answers, until it hangs up."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    assert socket.waitForConnected(1000)
    socket.write(message)
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState, timeout=10_000)
    return bytes(socket.readAll().data())


def test_a_second_start_hands_its_files_over_and_ends(
    first: SingleInstance, second_start: Callable[..., int], qtbot: QtBot, tmp_path: Path
) -> None:
    asked: list[list[Path]] = []
    first.opened.connect(asked.append)
    assert second_start("Anwen’s.portfolio", str(tmp_path / "b"), cwd=tmp_path) == 0
    assert second_start() == 0
    assert asked == [[tmp_path / "Anwen’s.portfolio", tmp_path / "b"], []]


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
def test_a_name_that_is_no_text_arrives_as_it_is(
    first: SingleInstance, second_start: Callable[..., int], qtbot: QtBot, tmp_path: Path
) -> None:
    asked: list[list[Path]] = []
    first.opened.connect(asked.append)
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.portfolio"))
    assert second_start(str(path)) == 0
    assert asked == [[path]]


def test_what_lets_the_window_come_to_the_front_is_handed_over(
    first: SingleInstance, second_start: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "old")
    assert second_start(XDG_ACTIVATION_TOKEN="token-of-the-desktop") == 0
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "token-of-the-desktop"


def test_the_first_start_finds_nobody(name: str) -> None:
    assert not SingleInstance(name).hand_over([])


def test_only_one_is_the_first(first: SingleInstance, name: str) -> None:
    other = SingleInstance(name)
    assert not other.listen()
    first.close()
    assert other.listen()
    other.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe ends with its program")
def test_a_socket_left_behind_by_a_crash_is_replaced(name: str, qtbot: QtBot) -> None:
    code = (
        "import os, sys; from PySide6.QtCore import QCoreApplication; app = QCoreApplication([])\n"
        "from portfolio_app.gui.single_instance import SingleInstance\n"
        "first = SingleInstance(sys.argv[1]); assert first.listen(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, name], check=True, timeout=60)
    assert Path(name).exists()
    assert not SingleInstance(name).hand_over([])
    instance = SingleInstance(name)
    assert instance.listen()
    instance.close()


def test_a_first_program_that_hangs_is_not_waited_for(name: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_instance, "ANSWER_MS", 50)
    silent = QLocalServer()
    assert silent.listen(name)
    assert not SingleInstance(name).hand_over([Path("a.portfolio")])
    silent.close()


@pytest.mark.parametrize(
    "message",
    [
        b"\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        b'{"format": 2, "paths": []}\n',
        b'{"format": 1}\n',
        b'{"format": 1, "paths": "/etc/passwd"}\n',
        b'{"format": 1, "paths": ["relative.portfolio"]}\n',
        b'{"format": 1, "paths": ["/a\\u0000b"]}\n',
        b'{"format": 1, "paths": [7]}\n',
        b'{"format": 1, "paths": [], "token": {}}\n',
        json.dumps({"format": 1, "paths": ["/a"] * 1001}).encode() + b"\n",
        b"x" * (single_instance._LONGEST + 1),
    ],
    ids=lambda message: repr(message[:30]),
)
def test_strange_messages_open_nothing(first: SingleInstance, name: str, qtbot: QtBot, message: bytes) -> None:
    asked: list[list[Path]] = []
    first.opened.connect(asked.append)
    assert _say(name, message, qtbot) == b""
    assert _say(name, b'{"format": 1, "paths": []}\n', qtbot) == b"opened\n"
    assert asked == [[]]


def test_a_caller_who_says_nothing_is_shown_out(name: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_instance, "_PATIENCE_MS", 20)
    instance = SingleInstance(name)
    assert instance.listen()
    assert _say(name, b'{"format": 1,', qtbot) == b""
    instance.close()


def test_many_callers_do_not_pile_up(first: SingleInstance, name: str, qtbot: QtBot) -> None:
    callers = [QLocalSocket() for _ in range(30)]
    for caller in callers:
        caller.connectToServer(name)
        qtbot.wait(1)
    gone = QLocalSocket.LocalSocketState.UnconnectedState
    qtbot.waitUntil(lambda: sum(caller.state() != gone for caller in callers) <= single_instance._MOST_CALLERS)
    for caller in callers:
        caller.abort()
    qtbot.waitUntil(lambda: not first._callers)
    assert _say(name, b'{"format": 1, "paths": []}\n', qtbot) == b"opened\n"


@given(line=st.one_of(st.binary(max_size=60), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["format", "paths", "token"]), inner),
).map(lambda value: json.dumps(value).encode())))  # fmt: skip
def test_what_is_understood_is_always_of_the_one_form(line: bytes) -> None:
    wanted: Any = single_instance._understood(line)
    assert wanted is None or all(path.is_absolute() for path in wanted[0])


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have no folder")
def test_where_they_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:  # tmp_path is longer than the address of a socket may be
        runtime, temporary = Path(folder, "run"), Path(folder, "tmp")
        runtime.mkdir(mode=0o700)
        temporary.mkdir()
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
        monkeypatch.setenv("TMPDIR", str(temporary))
        monkeypatch.setenv("DISPLAY", ":1")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        here = single_instance._meeting_place()
        assert Path(here).parent == runtime
        monkeypatch.setenv("DISPLAY", ":2")
        assert single_instance._meeting_place() != here, "another desktop has a program of its own"
        monkeypatch.setenv("DISPLAY", ":1")
        assert single_instance._meeting_place() == here
        monkeypatch.setenv("XDG_CONFIG_HOME", str(temporary))
        assert single_instance._meeting_place() != here, "so have other settings"

        runtime.chmod(0o777)
        elsewhere = Path(single_instance._meeting_place())
        assert elsewhere.parent.parent == temporary, "a folder open to others is not used"
        elsewhere.parent.chmod(0o755)
        assert single_instance._meeting_place() == ""
        instance = SingleInstance()
        assert not instance.hand_over([])
        assert not instance.listen()
