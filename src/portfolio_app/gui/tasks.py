"""Work that must not hold up the window: one thread for the portfolio, a pool for whatever takes long.

Nothing here knows of portfolios. Work gets plain values, runs elsewhere, and its result is delivered on the
thread of the window, in the order in which the work was asked for.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QObject, Qt, QTimer, Signal

from portfolio_app.domain.errors import Cancelled, KnownError
from portfolio_app.domain.progress import Progress

SHOWN_AFTER_MS: Final = 500
"""Work that takes longer than this shows that it is running."""

_POOL_THREADS: Final = 5  # most of them only wait for a process: one writes, two draw, one reads files, one searches
_LOOKS_EVERY: Final = 0.03  # seconds between two looks whether work that waits may go on or is to stop
_YIELDS_FOR: Final = 2.0  # seconds that long work leaves the portfolio's thread to the window at most
_PATIENCE_MS: Final = 2000  # for work that was cancelled
_TO_END: Final = 0.1  # seconds for a thread that has nothing left to do

Done = Callable[[Any], None]
Failed = Callable[[BaseException], None]


class _Courier(QObject):
    """Carries calls to the thread it lives in, which does what else it has to do between one and the next."""

    _called = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[Callable[[], None]] = deque()
        self._clock = QTimer(self, interval=0)
        self._clock.timeout.connect(self._call_next)
        self._called.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def deliver(self, call: Callable[[], None]) -> None:
        """Have ``call`` made on the courier's thread; may be used from any."""
        self._called.emit(call)

    def _take(self, call: Callable[[], None]) -> None:
        self._waiting.append(call)
        self._clock.start()

    def _call_next(self) -> None:
        call = self._waiting.popleft()
        if not self._waiting:
            self._clock.stop()
        call()


@dataclass(eq=False, slots=True)
class Job:
    """A piece of work in the queue of a worker, and where its result or its error goes."""

    work: Callable[[], Any]
    done: Done
    failed: Failed


class Worker:
    """One thread that does jobs one after the other."""

    def __init__(self, name: str, courier: _Courier, jobs: queue.SimpleQueue[Job | None] | None = None) -> None:
        self._courier = courier
        self._jobs: queue.SimpleQueue[Job | None] = jobs or queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def add(self, job: Job) -> None:
        """Do a job when those before it are done."""
        self._jobs.put(job)

    def finish(self) -> None:
        """End the thread when what is in the queue is done; of several at one queue, any of them."""
        self._jobs.put(None)

    def join(self, seconds: float | None = None) -> None:
        """Wait for the end of the thread, at most ``seconds``."""
        self._thread.join(seconds)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                result = job.work()
            except BaseException as error:  # noqa: BLE001 - it is raised again, or told, where the window is
                self._courier.deliver(partial(job.failed, error))
            else:
                self._courier.deliver(partial(job.done, result))
            del job


class Task(QObject):
    """Long work as the window shows it: a title, how far it is, and a way to cancel it."""

    progressed = Signal(int, int, str)
    """Done, total (0 while unknown) and a short phrase."""
    finished = Signal()

    def __init__(self, title: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.is_finished = False
        self._cancelled = threading.Event()
        self._latest: tuple[int, int, str] | None = None
        self._lock = threading.Lock()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked for it to stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._cancelled.set()

    def report(self, done: int, total: int, what: str) -> None:
        """Note how far the work is (from any thread).

        Raises:
            Cancelled: it is to stop.
        """
        if self._cancelled.is_set():
            raise Cancelled(f"{self.title} was cancelled.")
        with self._lock:
            self._latest = (done, total, what)

    def show_progress(self) -> None:
        """Tell the window of the newest report, if there is one that it has not heard."""
        with self._lock:
            latest, self._latest = self._latest, None
        if latest is not None:
            self.progressed.emit(*latest)

    def finish(self) -> None:
        """Say that the work has ended, one way or another."""
        self.is_finished = True
        self.finished.emit()


@dataclass(slots=True)
class _Pool:
    courier: _Courier
    jobs: queue.SimpleQueue[Job | None] = field(default_factory=queue.SimpleQueue)
    workers: list[Worker] = field(default_factory=list)

    def add(self, job: Job) -> None:
        if not self.workers:
            self.workers = [Worker(f"long work {number}", self.courier, self.jobs) for number in range(_POOL_THREADS)]
        self.jobs.put(job)

    def stop(self) -> None:
        for worker in self.workers:
            worker.finish()
        for worker in self.workers:
            worker.join(_TO_END)


class Tasks(QObject):
    """Runs work away from the window's thread and brings results back to it.

    A result is not delivered when its ``receiver`` has been deleted meanwhile, nor when the same receiver has
    asked for the same ``topic`` anew. An error that nobody handles is raised in the window's thread: a known one
    goes to ``refused``, any other reaches the crash dialog.
    """

    started = Signal(object)
    """A :class:`Task` of long work."""
    refused = Signal(object)
    """A known error that the work's own caller does not show."""
    idle = Signal()
    """All work of the portfolio's thread has been delivered."""
    _worked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._courier = _Courier()
        self._storage: Worker | None = None
        self._pool = _Pool(self._courier)
        self._newest: dict[tuple[int, str], int] = {}
        self._counter = 0
        self._waiting = 0
        self._running: list[Task] = []
        self._clock = QTimer(self, interval=100)
        self._clock.timeout.connect(self._show_progress)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked of the portfolio's thread."""
        return self._waiting == 0

    @property
    def running(self) -> tuple[Task, ...]:
        """The long work that has not ended."""
        return tuple(self._running)

    def run(
        self,
        work: Callable[[], Any],
        *,
        done: Done | None = None,
        failed: Failed | None = None,
        ended: Callable[[], object] | None = None,
        receiver: QObject | None = None,
        topic: str = "",
    ) -> None:
        """Run ``work`` on the portfolio's thread; jobs keep their order.

        With a ``topic`` the job is skipped if its receiver asks for the same topic again before it begins. ``ended``
        is called before anything else hears of the end, whatever that is: a bug too.
        """
        if self._storage is None:
            self._storage = Worker("portfolio", self._courier)
        key = (id(receiver), topic)
        self._counter += 1
        number = self._counter
        if topic:
            self._newest[key] = number
        self._waiting += 1

        def is_outdated() -> bool:
            return bool(topic) and self._newest.get(key) != number

        def wanted() -> bool:
            return not is_outdated() and (receiver is None or shiboken6.isValid(receiver))

        def finish(result: Any) -> None:
            try:
                if ended is not None:
                    ended()
                if done is not None and wanted():
                    done(result)
            finally:
                self._one_less(key, number)

        def give_up(error: BaseException) -> None:
            try:
                if ended is not None:
                    ended()
                if isinstance(error, _Outdated):
                    return
                if failed is not None and wanted() and isinstance(error, KnownError):
                    failed(error)
                else:
                    self._unhandled(error)
            finally:
                self._one_less(key, number)

        def work_if_wanted() -> Any:
            if is_outdated():
                raise _Outdated
            return work()

        self._storage.add(Job(work_if_wanted, finish, give_up))

    def work(
        self,
        function: Callable[[Progress], Any],
        *,
        title: str,
        done: Done | None = None,
        failed: Failed | None = None,
        receiver: QObject | None = None,
        quiet: bool = False,
        shown_after_ms: int = SHOWN_AFTER_MS,
    ) -> Task:
        """Run ``function(progress)`` in the pool and return its task.

        It is shown at the bottom when it takes longer than ``shown_after_ms``, ``quiet`` work never. Cancelled
        work ends without a result and without an error.
        """
        task = Task(title, self)

        def wanted() -> bool:
            return receiver is None or shiboken6.isValid(receiver)

        def finish(result: Any) -> None:
            self._end(task)
            if done is not None and wanted():
                done(result)

        def give_up(error: BaseException) -> None:
            self._end(task)
            if isinstance(error, Cancelled):
                return
            if failed is not None and wanted() and isinstance(error, KnownError):
                failed(error)
            else:
                self._unhandled(error)

        self._running.append(task)
        if not quiet:
            self._clock.start()
            QTimer.singleShot(shown_after_ms, task, partial(self._announce, task))
        self._pool.add(Job(partial(function, task.report), finish, give_up))
        return task

    def on_portfolio(self, work: Callable[[], Any], go_on: Callable[[], None]) -> Any:
        """Do a small part of long work on the portfolio's thread, and wait for what it returns: for the pool alone.

        What the window asks of that thread comes first, for a while. ``go_on`` is called while it waits.

        Raises:
            Cancelled: ``go_on`` said so, or that thread has ended.
        """
        patience = time.monotonic() + _YIELDS_FOR
        while self._waiting and time.monotonic() < patience:
            go_on()
            time.sleep(_LOOKS_EVERY)
        storage = self._storage
        if storage is None:
            raise Cancelled("The portfolio was closed.")
        answer: Future[Any] = Future()
        storage.add(Job(partial(_answer, answer, work), _leave, _leave))
        while not wait([answer], _LOOKS_EVERY).done:
            go_on()
        return answer.result()

    def rest(self) -> None:
        """Return when the portfolio's thread has done all that it was given, and long work has been cancelled.

        The desktop is answered meanwhile. Work that does not hear of being cancelled is not waited for very long.
        """
        for task in self._running:
            task.cancel()
        patience = QDeadlineTimer(_PATIENCE_MS)
        waiting = QEventLoop()
        self.idle.connect(waiting.quit)
        self._worked.connect(waiting.quit)
        QTimer.singleShot(_PATIENCE_MS, waiting, waiting.quit)
        while not self.is_idle or (self._running and not patience.hasExpired()):
            waiting.exec()

    def stop(self) -> None:
        """Come to rest, and end the threads."""
        self.rest()
        if self._storage is not None:
            self._storage.finish()
            self._storage.join()
            self._storage = None
        self._pool.stop()

    def _announce(self, task: Task) -> None:
        if not task.is_finished:
            self.started.emit(task)

    def _show_progress(self) -> None:
        for task in self._running:
            task.show_progress()

    def _end(self, task: Task) -> None:
        self._running.remove(task)
        if not self._running:
            self._clock.stop()
        task.finish()
        task.deleteLater()
        if not self._running:
            self._worked.emit()

    def _one_less(self, key: tuple[int, str], number: int) -> None:
        if self._newest.get(key) == number:
            del self._newest[key]
        self._waiting -= 1
        if not self._waiting:
            self.idle.emit()

    def _unhandled(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self.refused.emit(error)
        else:
            raise error


def _answer(answer: Future[Any], work: Callable[[], Any]) -> None:
    try:
        answer.set_result(work())
    except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for
        answer.set_exception(error)


def _leave(_outcome: object) -> None:
    """The answer has gone where it was waited for."""


class _Outdated(Exception):
    """The job's receiver has asked for the same thing again."""
