from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from portfolio_app.storage import lock as lock_module
from portfolio_app.storage.errors import DiskFull, FileUnwritable, PortfolioLocked, ReadOnlyPortfolio
from portfolio_app.storage.lock import Holder, PortfolioLock

posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX locks and signals")

_HOLD = """
import sys, time
from pathlib import Path
from portfolio_app.storage.lock import PortfolioLock
lock = PortfolioLock.acquire(Path(sys.argv[1]))
print("locked", flush=True)
sys.stdin.read()
lock.release()
print("released", flush=True)
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "Sam Ellis.portfolio"


@contextmanager
def _other_process(database: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock; it lets go when its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "locked\n"
            yield process
        finally:
            process.kill()


def _elsewhere() -> Holder:
    return replace(
        Holder.this_process(), host="LAB-3", user="sam", machine="another", since="2026-11-21T14:02:00+00:00"
    )


def _leave_note(database: Path, holder: Holder) -> None:
    PortfolioLock.path_for(database).write_text(json.dumps(asdict(holder)))


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on some network drives and sticks: the system's locks do not work."""
    monkeypatch.setattr(lock_module, "_lock", lambda _: None)


def test_a_lock_is_taken_noted_and_given_back(database: Path) -> None:
    with PortfolioLock.acquire(database) as lock:
        assert PortfolioLock.holder_of(database) == lock.holder
        assert lock.holder.pid == os.getpid()
        assert lock.holder.is_here
        assert lock.holder.is_alive
    assert list(database.parent.iterdir()) == []
    assert PortfolioLock.holder_of(database) is None


def test_releasing_twice_does_nothing(database: Path) -> None:
    lock = PortfolioLock.acquire(database)
    lock.release()
    with PortfolioLock.acquire(database):
        lock.release()
        with pytest.raises(PortfolioLocked):
            PortfolioLock.acquire(database)


def test_a_second_window_of_the_same_process_is_refused(database: Path) -> None:
    with PortfolioLock.acquire(database):
        with pytest.raises(PortfolioLocked, match="“Sam Ellis” is already open in another window on this computer"):
            PortfolioLock.acquire(database)
        with pytest.raises(PortfolioLocked) as caught:
            PortfolioLock.acquire(database, take_over=True)
        assert not caught.value.can_take_over


def test_another_process_is_refused_until_it_lets_go(database: Path) -> None:
    with _other_process(database) as process:
        with pytest.raises(PortfolioLocked, match="reading only"):
            PortfolioLock.acquire(database)
        assert process.stdin is not None
        process.stdin.close()
        assert process.stdout is not None
        assert process.stdout.readline() == "released\n"
        PortfolioLock.acquire(database).release()


@posix_only
def test_a_killed_process_blocks_nobody(database: Path) -> None:
    for _ in range(3):
        with _other_process(database) as process:
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert PortfolioLock.holder_of(database) is not None
            with PortfolioLock.acquire(database) as lock:
                assert PortfolioLock.holder_of(database) == lock.holder


@posix_only
def test_a_lock_does_not_pass_to_children(database: Path) -> None:
    lock = PortfolioLock.acquire(database)
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as child:
        lock.release()
        PortfolioLock.acquire(database).release()
        child.kill()


@posix_only
def test_many_who_come_at_once_and_leave_at_once(database: Path) -> None:
    """Each of four processes takes the lock twenty times; whoever holds it must be alone."""
    script = """
import sys, time, os
from pathlib import Path
from portfolio_app.storage.errors import PortfolioLocked
from portfolio_app.storage.lock import PortfolioLock
database, taken = Path(sys.argv[1]), 0
inside = database.with_name("inside")
while taken < 20:
    try:
        with PortfolioLock.acquire(database):
            os.close(os.open(inside, os.O_CREAT | os.O_EXCL))
            taken += 1
            inside.unlink()
    except PortfolioLocked:
        time.sleep(0.001)
"""
    processes = [subprocess.Popen([sys.executable, "-c", script, str(database)]) for _ in range(4)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0, 0]
    assert list(database.parent.iterdir()) == []


def test_another_computer_is_named_with_what_to_do(database: Path) -> None:
    _leave_note(database, _elsewhere())
    with pytest.raises(PortfolioLocked) as caught:
        PortfolioLock.acquire(database)
    sentence = str(caught.value)
    assert caught.value.can_take_over
    assert re.search(r"computer “LAB-3” \(user sam, since 2026-11-\d\d \d\d:\d\d\)", sentence)
    assert "remove the file “.Sam Ellis.portfolio.lock”" in sentence
    noted = PortfolioLock.holder_of(database)
    assert noted is not None
    assert noted.host == "LAB-3"  # it was left as it was


def test_another_computers_note_can_be_taken_over_on_request(database: Path) -> None:
    _leave_note(database, _elsewhere())
    with PortfolioLock.acquire(database, take_over=True) as lock:
        assert PortfolioLock.holder_of(database) == lock.holder


def test_removing_the_file_is_enough(database: Path) -> None:
    _leave_note(database, _elsewhere())
    PortfolioLock.path_for(database).unlink()
    PortfolioLock.acquire(database).release()


@pytest.mark.parametrize(
    "note",
    [b"", b"{", b"[1]", b"\xff\xfe", b'{"host": 1}', b'{"host":"a","user":"b","pid":1e999,"since":"x"}', b"[" * 4000],
)
def test_a_note_that_cannot_be_read_blocks_nobody(database: Path, note: bytes) -> None:
    PortfolioLock.path_for(database).write_bytes(note)
    PortfolioLock.acquire(database).release()


def test_renaming_this_computer_does_not_lock_it_out(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_module, "_machine_mark", lambda: "same")
    _leave_note(database, replace(Holder.this_process(), host="its old name", pid=2**22 + 1, process=""))
    PortfolioLock.acquire(database).release()


# Where the system's locks do not work


@pytest.mark.usefixtures("no_locks")
def test_without_locks_the_note_of_a_living_process_counts(database: Path) -> None:
    with PortfolioLock.acquire(database), pytest.raises(PortfolioLocked, match="another window on this computer"):
        PortfolioLock.acquire(database)
    PortfolioLock.acquire(database).release()


@posix_only
@pytest.mark.usefixtures("no_locks")
def test_without_locks_a_dead_process_is_taken_over(database: Path) -> None:
    with _other_process(database) as process:
        with pytest.raises(PortfolioLocked):
            PortfolioLock.acquire(database)
        process.send_signal(signal.SIGKILL)
        process.wait()
        PortfolioLock.acquire(database).release()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs the start time of processes")
@pytest.mark.usefixtures("no_locks")
def test_without_locks_a_process_that_has_the_number_of_a_dead_one_is_not_taken_for_it(database: Path) -> None:
    _leave_note(database, replace(Holder.this_process(), process="before-the-restart"))
    PortfolioLock.acquire(database).release()


@pytest.mark.usefixtures("no_locks")
def test_without_locks_another_computer_counts(database: Path) -> None:
    _leave_note(database, _elsewhere())
    with pytest.raises(PortfolioLocked, match="LAB-3"):
        PortfolioLock.acquire(database)


@posix_only
@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL])
def test_file_systems_that_refuse_locks_still_open(database: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("fcntl.flock", refuse)
    with PortfolioLock.acquire(database), pytest.raises(PortfolioLocked):
        PortfolioLock.acquire(database)


# Places that cannot be written


def _refuse(code: int) -> Callable[..., int]:
    def refuse(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    return refuse


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        (errno.EROFS, ReadOnlyPortfolio, "reading only"),
        (errno.EACCES, ReadOnlyPortfolio, "reading only"),
        (errno.ENOSPC, DiskFull, "the disk is full"),
        (errno.EIO, FileUnwritable, "its folder reports"),
    ],
)
def test_places_that_cannot_be_written_are_sentences(
    database: Path, monkeypatch: pytest.MonkeyPatch, code: int, error: type[Exception], words: str
) -> None:
    monkeypatch.setattr(os, "open", _refuse(code))
    with pytest.raises(error, match=words):
        PortfolioLock.acquire(database)


def test_a_missing_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileUnwritable):
        PortfolioLock.acquire(tmp_path / "missing" / "a.portfolio")


@posix_only
def test_a_full_disk_does_not_lock_the_learner_out(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", _refuse(errno.ENOSPC))
    with PortfolioLock.acquire(database):
        assert PortfolioLock.holder_of(database) is None
        with pytest.raises(PortfolioLocked, match="another window"):
            PortfolioLock.acquire(database)


def test_no_descriptor_is_left_open(database: Path) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("counts descriptors in /proc")
    before = sum(1 for _ in Path("/proc/self/fd").iterdir())
    for _ in range(20):
        with PortfolioLock.acquire(database), pytest.raises(PortfolioLocked):
            PortfolioLock.acquire(database)
    assert sum(1 for _ in Path("/proc/self/fd").iterdir()) == before
