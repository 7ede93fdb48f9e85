"""Reports about bugs tell where, not what was typed; crashes of the process are told at the next start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portfolio_app import crash

SECRET = " ".join(["Sam", "Ellis"])  # built here, since a report shows lines of the program


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "log"
    monkeypatch.setattr(crash, "user_log_dir", lambda: folder)
    return folder


def _caught(error: BaseException) -> BaseException:
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError(SECRET), "KeyError: (its message is left out"),
        (ValueError(f"no date: {SECRET}"), "ValueError: (its message is left out"),
        (OSError(28, "No space left on device", f"/media/{SECRET}"), "OSError: [Errno 28] No space left on device"),
        (UnicodeEncodeError("ascii", SECRET, 0, 1, "ordinal not in range"), "UnicodeEncodeError: ordinal not in range"),
        (AttributeError("'Page' object has no attribute 'go'"), "'Page' object has no attribute 'go'"),
        (RuntimeError("Internal C++ object (QLabel) already deleted."), "(QLabel) already deleted."),
        (RuntimeError(SECRET), "RuntimeError: (its message is left out"),
        (ExceptionGroup(SECRET, [KeyError(SECRET), TypeError("f() takes 1")]), "TypeError: f() takes 1"),
        (ZeroDivisionError(), "ZeroDivisionError: \n"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_report_says_what_helps_and_nothing_typed(error: BaseException, said: str) -> None:
    error.add_note(SECRET)
    report = crash.report_text(_caught(error), "window")
    assert said in report
    assert SECRET not in report
    assert "in _caught" in report
    assert report.startswith("Portfolio App ")


def test_the_errors_before_are_told_without_what_they_quote() -> None:
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise TypeError("wrong sort") from error
    except TypeError as error:
        report = crash.report_text(error, "window")
    assert SECRET not in report
    assert report.index("ValueError") < report.index("This led directly to") < report.index("TypeError: wrong sort")


def test_an_error_that_is_its_own_reason_is_told_once() -> None:
    first, second = KeyError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    assert crash.report_text(first, "window").count("KeyError") == 2


def test_folders_of_the_user_are_shortened(logs: Path, tmp_path: Path) -> None:
    scope: dict[str, object] = {}
    exec(compile("def go():\n    raise KeyError\n", str(tmp_path / "kind.py"), "exec"), scope)
    try:
        scope["go"]()  # type: ignore[operator]
    except KeyError as error:
        report = crash.report_text(error, "window")
    assert str(tmp_path) not in report
    assert '"~' in report


def test_a_report_goes_elsewhere_where_its_folder_cannot_be_made(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.write_text("in the way")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "temporary"))
    path = crash.keep_report("report")
    assert path is not None
    assert path.is_relative_to(tmp_path / "temporary")


WATCHED = """
import faulthandler, os, sys
from pathlib import Path
from portfolio_app import crash
crash.user_log_dir = lambda: Path(sys.argv[1])
crash.start_watching()
if sys.argv[2] == "crash":
    faulthandler._sigsegv()
elif sys.argv[2] == "kill":
    os._exit(9)
"""


def _run(logs: Path, end: str) -> int:
    return subprocess.run([sys.executable, "-c", WATCHED, logs, end], check=False, timeout=60).returncode


def test_a_crash_is_offered_once_at_the_next_start(logs: Path) -> None:
    assert _run(logs, "crash") != 0
    report = crash.last_crash()
    assert report is not None
    assert "Segmentation fault" in report or "access violation" in report
    assert report.startswith("Portfolio App ")
    assert crash.last_crash() is None
    (kept,) = logs.iterdir()
    assert kept.read_text("utf-8") == report


@pytest.mark.parametrize("end", ["in order", "kill"])
def test_without_a_crash_nothing_is_offered_and_nothing_left(logs: Path, end: str) -> None:
    _run(logs, end)
    assert crash.last_crash() is None
    assert list(logs.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let go of a file that is in use")
def test_a_window_that_runs_keeps_its_watch(logs: Path) -> None:
    logs.mkdir()
    watch = logs / f"faults-{os.getppid()}.txt"
    watch.touch()
    assert crash.last_crash() is None
    assert watch.exists()


def test_a_crash_of_an_earlier_process_of_the_same_number_is_not_lost(logs: Path) -> None:
    logs.mkdir()
    (logs / f"faults-{os.getpid()}.txt").write_text("Fatal Python error: Aborted\n")
    code = (
        "import os, sys; from pathlib import Path; from portfolio_app import crash\n"
        "crash.user_log_dir = lambda: Path(sys.argv[1])\n"
        "os.getpid = lambda: int(sys.argv[2])\n"
        "crash.start_watching(); print(crash.last_crash())"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code, logs, str(os.getpid())], capture_output=True, text=True, check=True, timeout=60
    )
    assert "Fatal Python error: Aborted" in finished.stdout
