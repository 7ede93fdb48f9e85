"""A process of its own: what comes back, how it is stopped, and what is left when it dies."""

from __future__ import annotations

import errno
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil
import pytest
from tests.errands import Errands

from portfolio_app.crash import traceback_text
from portfolio_app.domain.errors import Cancelled, InvalidInput
from portfolio_app.helper_process import HelperProcess, ProcessDied
from portfolio_app.storage.errors import PortfolioLocked

WHAT = "What runs errands"


@pytest.fixture(scope="module")
def shared() -> Iterator[HelperProcess[Errands]]:
    """Return a process that outlives a test: to start one takes half a second."""
    helper = HelperProcess(Errands, what=WHAT, advice="Try again.")
    yield helper
    helper.close()


@pytest.fixture
def helper(shared: HelperProcess[Errands]) -> HelperProcess[Errands]:
    shared.start()
    return shared


class _Until:
    """Cancels work once it has reported this."""

    def __init__(self, what: str) -> None:
        self._what = what
        self.cancelled_at = 0.0

    def __call__(self, done: int, total: int, what: str) -> None:
        if what == self._what:
            self.cancelled_at = time.monotonic()
            raise Cancelled("enough")


def test_one_object_answers_in_another_process(helper: HelperProcess[Errands]) -> None:
    number, calls = helper.call(Errands.count)
    assert number == helper.process_id != os.getpid()
    assert helper.call(Errands.count) == (number, calls + 1)


def test_nothing_of_the_window_is_imported_there(helper: HelperProcess[Errands]) -> None:
    assert not {name for name in helper.call(Errands.modules) if name.startswith(("PySide6", "portfolio_app.gui"))}


def test_known_errors_come_back_as_they_are(helper: HelperProcess[Errands]) -> None:
    with pytest.raises(PortfolioLocked, match=r"^It is open elsewhere\.$") as refused:
        helper.call(Errands.refuse)
    assert refused.value.can_take_over
    with pytest.raises(InvalidInput, match=r"^It cannot be used\.$"):
        helper.call(Errands.refuse_with_a_reason)


def test_a_bug_comes_back_with_the_place_and_without_what_was_typed(helper: HelperProcess[Errands]) -> None:
    typed = "a secret"
    with pytest.raises(LookupError, match=typed) as bug:
        helper.call(Errands.stumble, typed)
    report = traceback_text(bug.value)
    assert "in stumble" in report
    assert typed not in report
    with pytest.raises(RuntimeError, match="OfThisCall"):
        helper.call(Errands.raise_what_cannot_be_sent)


def test_progress_and_the_log_are_heard_here(helper: HelperProcess[Errands], caplog: pytest.LogCaptureFixture) -> None:
    heard: list[tuple[int, int, str]] = []
    assert helper.call(Errands.report, progress=lambda *told: heard.append(told)) == "done"
    assert [told for told in dict.fromkeys(heard) if told[2]] == [
        (0, 3, "Counting"),
        (1, 3, "Counting"),
        (2, 3, "Counting"),
    ]
    helper.call(Errands.write_down)
    assert [(record.name, record.message) for record in caplog.records] == [("portfolio_app.tests", "3 things")]


def test_work_that_hears_of_it_stops_and_the_process_goes_on(helper: HelperProcess[Errands], tmp_path: Path) -> None:
    number = helper.process_id
    with pytest.raises(Cancelled):
        helper.call(Errands.work_on, tmp_path / "a.txt", progress=_Until("Working on"))
    assert list(tmp_path.iterdir()) == []
    assert helper.call(Errands.count)[0] == number


def test_deaf_work_is_ended_with_its_process_and_nothing_is_left_of_it(
    helper: HelperProcess[Errands], tmp_path: Path
) -> None:
    targets = [tmp_path / "a.txt", tmp_path / "b.txt"]
    targets[0].write_text("old", encoding="utf-8")
    others = tmp_path / ".portfolio-app-1-0123456789abcdef.tmp"
    others.touch()
    scratch, number = helper.call(Errands.scratch), helper.process_id
    assert scratch.is_dir()
    with pytest.raises(Cancelled):
        helper.call(Errands.be_deaf, targets, targets=targets, progress=_Until("Deaf"))
    assert targets[0].read_text(encoding="utf-8") == "old"
    assert sorted(tmp_path.iterdir()) == [others, targets[0]]
    assert not scratch.exists()
    assert number is not None
    assert not psutil.pid_exists(number)
    assert helper.call(Errands.count)[1] == 1


@pytest.mark.skipif(os.name == "nt", reason="faults have other numbers there")
def test_a_crash_there_is_a_sentence_here(
    helper: HelperProcess[Errands], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    target = tmp_path / "a.txt"
    with pytest.raises(ProcessDied, match=rf"^{WHAT} ended unexpectedly, .*\. Try again\.$"):
        helper.call(Errands.die, target, targets=[target])
    assert list(tmp_path.iterdir()) == []
    assert f"exit code {-signal.SIGSEGV}" in caplog.text
    assert "in die" in caplog.text
    assert helper.call(Errands.count)[1] == 1


@pytest.mark.skipif(os.name == "nt", reason="processes are stopped otherwise there")
def test_a_process_that_died_while_idle_is_not_noticed(helper: HelperProcess[Errands]) -> None:
    number = helper.call(Errands.count)[0]
    os.kill(number, signal.SIGKILL)
    os.waitid(os.P_PID, number, os.WEXITED | os.WNOWAIT)
    assert helper.call(Errands.count)[0] != number


def test_who_waits_for_others_can_be_cancelled(helper: HelperProcess[Errands], tmp_path: Path) -> None:
    enough = threading.Event()
    begun = threading.Event()

    def progress(done: int, total: int, what: str) -> None:
        if what:
            begun.set()
        if enough.is_set():
            raise Cancelled("enough")

    with ThreadPoolExecutor(1) as beside:
        working = beside.submit(helper.call, Errands.work_on, tmp_path / "a.txt", progress=progress)
        assert begun.wait(60)
        with pytest.raises(Cancelled):
            helper.call(Errands.count, progress=_Until("Waiting"))
        enough.set()
        with pytest.raises(Cancelled):
            working.result(60)


def test_what_is_cancelled_before_it_begins_costs_no_process(tmp_path: Path) -> None:
    helper = HelperProcess(Errands, what=WHAT, advice="")
    with pytest.raises(Cancelled):
        helper.call(Errands.work_on, tmp_path / "a.txt", progress=_Until(""))
    number = helper.process_id
    assert helper.call(Errands.count) == (number, 1)
    assert list(tmp_path.iterdir()) == []
    helper.close()


def test_closing_ends_what_is_worked_on(tmp_path: Path) -> None:
    helper = HelperProcess(Errands, what=WHAT, advice="Try again.")
    begun = threading.Event()

    def progress(done: int, total: int, what: str) -> None:
        if what:
            begun.set()

    with ThreadPoolExecutor(1) as beside:
        working = beside.submit(helper.call, Errands.work_on, tmp_path / "a.txt", progress=progress)
        assert begun.wait(60)
        number = helper.process_id
        helper.close()
        with pytest.raises(Cancelled):
            working.result(60)
    assert number is not None
    assert not psutil.pid_exists(number)
    assert list(tmp_path.iterdir()) == []
    helper.start()
    with pytest.raises(Cancelled):
        helper.call(Errands.count)
    assert helper.process_id is None


def test_a_process_that_cannot_be_started_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def start(process: BaseProcess) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(multiprocessing.get_context("spawn").Process, "start", start)
    helper = HelperProcess(Errands, what=WHAT, advice="Try again.")
    with (
        caplog.at_level(logging.WARNING),
        pytest.raises(ProcessDied, match=r"cannot be started \(Cannot allocate memory\)"),
    ):
        helper.call(Errands.count)
    assert list(tmp_path.iterdir()) == []
    helper.close()


_WINDOW = """
import os, sys, threading
from pathlib import Path
from tests.errands import Errands
from portfolio_app.helper_process import HelperProcess

if __name__ == "__main__":
    helper = HelperProcess(Errands, what="", advice="")
    def progress(done, total, what):
        if what:
            print(helper.process_id, flush=True)
    helper.call(Errands.work_on, Path(sys.argv[1]), progress=progress)
"""


def test_nothing_works_on_when_the_window_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "window.py"
    script.write_text(_WINDOW, encoding="utf-8")
    folder = tmp_path / "documents"
    folder.mkdir()
    paths = os.pathsep.join(path for path in sys.path if path)
    with subprocess.Popen(
        [sys.executable, script, folder / "a.txt"],
        env=os.environ | {"PYTHONPATH": paths, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as window:
        assert window.stdout is not None
        worker = psutil.Process(int(window.stdout.readline()))
        window.kill()
    _wait_for(lambda: not worker.is_running())
    assert list(folder.iterdir()) == []
    assert sorted(tmp_path.iterdir()) == [folder, script]


def _wait_for(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)
