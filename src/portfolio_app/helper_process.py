"""A process of its own for long work: the window stays quick, and outlives what crashes there.

Threads would not do. Python lets one of them run at a time, and a fault in a library ends them all.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from functools import partial
from logging.handlers import QueueHandler
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final, Generic, NamedTuple, TypeVar

from portfolio_app.crash import HappenedElsewhere, traceback_text, without_home
from portfolio_app.domain.errors import Cancelled, KnownError
from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.durable import remove_unfinished
from portfolio_app.scratch import remove_scratch, scratch_folder

_Desk = TypeVar("_Desk")
_Result = TypeVar("_Result")

_ASKED_EVERY: Final = 0.05  # seconds between two looks whether the work is to stop
_TOLD_EVERY: Final = 0.1  # seconds between two reports of progress
_GRACE: Final = 0.6  # seconds for work to stop by itself; then the process is ended
_LAST_GRACE: Final = 60.0  # the same for work that nobody waits for any more, because the window is gone
_NUMBER_BYTES: Final = 8
_FAULTS: Final = "faults.txt"
_NO_MORE: Final = "Nothing is worked on any more."

_log = logging.getLogger(__name__)


class ProcessDied(KnownError):
    """The process ended in the middle of its work, or could not be started."""


class _Kind(Enum):
    """What the process tells."""

    BEGUN = 0
    PROGRESS = 1
    LOG = 2
    DONE = 3
    FAILED = 4


class _Told(NamedTuple):
    """One thing that the process tells of the job that it works on."""

    kind: _Kind
    value: Any = None

    @property
    def is_answer(self) -> bool:
        return self.kind in (_Kind.DONE, _Kind.FAILED)


class HelperProcess(Generic[_Desk]):
    """Calls methods of one object that lives in another process.

    The process is started by :meth:`start` or by the first call, and anew where it had to be ended. Calls block, so
    they are made from threads that may wait; the process answers one at a time. What goes there and comes back is
    pickled, so it should be little.
    """

    def __init__(self, make: Callable[[], _Desk], *, what: str, advice: str) -> None:
        """Call ``make`` in the process for the object.

        ``what`` is what users know the process as: it begins the sentence that it died; ``advice`` follows that.
        """
        self._make = make
        self._what = what
        self._advice = advice
        self._turn = threading.Lock()
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._scratch = Path()
        self._jobs = 0
        self._has_begun = False
        self._is_closed = False

    @property
    def process_id(self) -> int | None:
        """The number of the process, while there is one."""
        process = self._process
        return process.pid if process is not None else None

    def start(self) -> None:
        """Start the process, unless it runs or is not wanted any more; what it needs is imported meanwhile.

        Raises:
            ProcessDied: it cannot be started.
        """
        if self._turn.acquire(blocking=False):  # else it is in use
            try:
                if not self._is_closed:
                    self._started()
            finally:
                self._turn.release()

    def call(
        self,
        method: Callable[..., _Result],
        *arguments: object,
        progress: Progress = no_progress,
        targets: Sequence[Path] = (),
        **options: object,
    ) -> _Result:
        """Return what ``method(object, *arguments, progress=…, **options)`` returns in the process.

        ``targets`` are what it is to write with :func:`~portfolio_app.durable.replace_atomically`: what is unfinished
        beside them is removed should the process end.

        Raises:
            ProcessDied: the process ended.
            Cancelled: ``progress`` said so. Work that does not hear of it soon is ended together with the process.
            KnownError: what the method raised; any other error too, whose cause then tells where it was.
        """
        job = bytes(ForkingPickler.dumps((method, arguments, options)))
        with self._waited_for(progress):
            if self._is_closed:
                raise Cancelled(_NO_MORE)
            answer = self._answer(self._started(), job, progress, targets)
        if answer.kind is _Kind.DONE:
            result: _Result = answer.value
            return result
        error, happened = answer.value
        if isinstance(error, KnownError):
            raise error
        raise error from HappenedElsewhere(happened)

    def close(self) -> None:
        """End the process for good; work in progress is cancelled. A second time does nothing."""
        self._is_closed = True
        with self._turn:
            self._end()

    @contextmanager
    def _waited_for(self, progress: Progress) -> Iterator[None]:
        """Wait for those who asked before; also that can be cancelled."""
        while not self._turn.acquire(timeout=_ASKED_EVERY):
            progress(0, 0, "Waiting")
        try:
            yield
        finally:
            self._turn.release()

    def _started(self) -> Connection:
        if self._connection is not None and self._process is not None and self._process.is_alive():
            return self._connection
        self._end()
        try:
            self._scratch = scratch_folder("helper")
            ours, theirs = _CONTEXT.Pipe()
            with theirs:
                process = _CONTEXT.Process(
                    target=_serve, args=(theirs, self._make, self._scratch), name="portfolio-app helper", daemon=True
                )
                process.start()
        except OSError as error:  # no memory, no room on the disk, too many processes
            self._remove_scratch()
            _log.warning("The helper process was not started: %s", type(error).__name__)
            raise ProcessDied(f"{self._what} cannot be started ({error.strerror}). {self._advice}") from error
        self._process, self._connection = process, ours
        return ours

    def _answer(self, connection: Connection, job: bytes, progress: Progress, targets: Sequence[Path]) -> _Told:
        self._jobs += 1
        self._has_begun = False
        number = self._jobs.to_bytes(_NUMBER_BYTES, "big")
        try:
            connection.send_bytes(number + job)
            return self._heard(connection, progress)
        except Cancelled:
            answer = self._last_words(connection, number)
            if answer is not None:
                return answer
            self._end(targets)
            raise
        except (EOFError, OSError) as error:
            self._note_death()
            self._end(targets)
            raise ProcessDied(f"{self._what} ended unexpectedly, perhaps for want of memory. {self._advice}") from error
        except BaseException:
            self._end(targets)
            raise

    def _heard(self, connection: Connection, progress: Progress) -> _Told:
        """Pass reports on until the work has ended."""
        latest = (0, 0, "")
        while True:
            if connection.poll(_ASKED_EVERY):
                told = self._received(connection)
                if told.is_answer:
                    return told
                if told.kind is _Kind.PROGRESS:
                    latest = told.value
            if self._is_closed:
                raise Cancelled(_NO_MORE)
            progress(*latest)

    def _last_words(self, connection: Connection, number: bytes) -> _Told | None:
        """Ask work to stop, and return how it ended; ``None`` where it goes on."""
        until = None
        with suppress(EOFError, OSError):
            connection.send_bytes(number)
            while until is None or time.monotonic() < until:
                if until is None and (self._has_begun or self._is_closed):  # a process that only starts is not at fault
                    until = time.monotonic() + _GRACE
                if connection.poll(_ASKED_EVERY):
                    told = self._received(connection)
                    if told.is_answer:
                        return told
        return None

    def _received(self, connection: Connection) -> _Told:
        told: _Told = connection.recv()
        if told.kind is _Kind.LOG:
            logging.getLogger(told.value.name).handle(told.value)
        elif told.kind is _Kind.BEGUN:
            self._has_begun = True
        return told

    def _note_death(self) -> None:
        if self._process is None:
            return
        self._process.join(_GRACE)
        faults = ""
        with suppress(OSError):
            faults = without_home((self._scratch / _FAULTS).read_text(encoding="utf-8", errors="replace"))
        _log.error("The helper process ended with exit code %s. %s", self._process.exitcode, faults)

    def _end(self, targets: Sequence[Path] = ()) -> None:
        process, self._process = self._process, None
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if process is None:
            return
        number = process.pid or 0
        process.kill()
        process.join()
        self._remove_scratch()
        for target in targets:
            remove_unfinished(target, number)

    def _remove_scratch(self) -> None:
        if self._scratch.name:
            remove_scratch(self._scratch)


_CONTEXT: Final = get_context("spawn")  # a copy of a process with threads and a window would not live


# What follows runs in the process.


def _serve(connection: Connection, make: Callable[[], object], scratch: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the window decides what becomes of it
    tempfile.tempdir = str(scratch)
    teller = _Teller(connection)
    logging.getLogger().addHandler(QueueHandler(teller))  # type: ignore[arg-type] # asks for put_nowait alone
    jobs: SimpleQueue[bytes] = SimpleQueue()
    cancelled = _Cancelled()
    with (scratch / _FAULTS).open("w", encoding="utf-8") as faults:
        faulthandler.enable(faults)
        threading.Thread(target=_listen, args=(connection, jobs, cancelled, scratch), daemon=True).start()
        desk = make()
        while job := jobs.get():
            _do(desk, job, teller, cancelled)
        faulthandler.disable()
    shutil.rmtree(scratch, ignore_errors=True)


def _do(desk: object, job: bytes, teller: _Teller, cancelled: _Cancelled) -> None:
    progress = _Reports(teller, partial(cancelled.holds, int.from_bytes(job[:_NUMBER_BYTES], "big")))
    try:
        teller.tell(_Kind.BEGUN)
        progress.go_on()
        method, arguments, options = ForkingPickler.loads(job[_NUMBER_BYTES:])
        result = method(desk, *arguments, progress=progress, **options)
        teller.tell(_Kind.DONE, result)
    except Exception as error:  # noqa: BLE001 - it is raised again where it was asked for
        teller.tell_error(error)


def _listen(connection: Connection, jobs: SimpleQueue[bytes], cancelled: _Cancelled, scratch: Path) -> None:
    with suppress(EOFError, OSError):
        while True:
            message = connection.recv_bytes()
            if len(message) == _NUMBER_BYTES:
                cancelled.until = int.from_bytes(message, "big")
            else:
                jobs.put(message)
    cancelled.until = sys.maxsize  # the window has ended
    jobs.put(b"")
    time.sleep(_LAST_GRACE)
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(1)


@dataclass(slots=True)
class _Cancelled:
    """The numbers of the jobs that are not wanted any more: all up to one, because one is asked for at a time."""

    until: int = 0

    def holds(self, number: int) -> bool:
        return number <= self.until


class _Teller:
    """Sends what there is to tell of the job that is worked on; from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    def tell(self, kind: _Kind, value: object = None) -> None:
        message = bytes(ForkingPickler.dumps(_Told(kind, value)))
        with self._lock:
            self._connection.send_bytes(message)

    def tell_error(self, error: Exception) -> None:
        happened = traceback_text(error)
        error.__traceback__ = error.__cause__ = error.__context__ = None
        try:
            ForkingPickler.loads(ForkingPickler.dumps(error))
        except Exception:  # noqa: BLE001 - whatever hinders it, its name has to do
            error = RuntimeError(type(error).__qualname__)
        with suppress(OSError):
            self.tell(_Kind.FAILED, (error, happened))

    def put_nowait(self, record: logging.LogRecord) -> None:
        """Pass a record of the log on, as a queue does."""
        with suppress(OSError):
            self.tell(_Kind.LOG, record)


class _Reports:
    """The progress of one job: told now and then, and asked each time whether it is to stop."""

    def __init__(self, teller: _Teller, is_cancelled: Callable[[], bool]) -> None:
        self._teller = teller
        self._is_cancelled = is_cancelled
        self._told = 0.0
        self._what = ""

    def __call__(self, done: int, total: int, what: str) -> None:
        self.go_on()
        now = time.monotonic()
        if what != self._what or now - self._told >= _TOLD_EVERY:
            self._told, self._what = now, what
            self._teller.tell(_Kind.PROGRESS, (done, total, what))

    def go_on(self) -> None:
        if self._is_cancelled():
            raise Cancelled("The work was cancelled.")
