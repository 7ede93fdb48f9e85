"""Work away from the window's thread: order, what is dropped, what is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.progress import Progress
from portfolio_app.gui.tasks import Task, Tasks


@pytest.fixture
def tasks(qapp: object) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.stop()


def test_results_arrive_on_the_windows_thread_in_the_order_asked_for(tasks: Tasks, qtbot: QtBot) -> None:
    heard: list[int] = []
    threads: set[threading.Thread] = set()
    work_threads: set[threading.Thread] = set()

    def work(number: int) -> int:
        work_threads.add(threading.current_thread())
        return number

    def done(number: int) -> None:
        threads.add(threading.current_thread())
        heard.append(number)

    with qtbot.waitSignal(tasks.idle):
        for number in range(50):
            tasks.run(lambda number=number: work(number), done=done)  # type: ignore[misc]
    assert heard == list(range(50))
    assert threads == {threading.main_thread()}
    assert len(work_threads) == 1
    assert threading.main_thread() not in work_threads


def test_a_newer_question_of_the_same_topic_replaces_the_older(tasks: Tasks, qtbot: QtBot) -> None:
    receiver = QObject()
    worked: list[str] = []
    heard: list[str] = []
    gate = threading.Event()
    tasks.run(gate.wait)
    for word in ("p", "pl", "pla", "plan"):

        def work(word: str = word) -> str:
            worked.append(word)
            return word

        tasks.run(work, done=heard.append, receiver=receiver, topic="search")
    with qtbot.waitSignal(tasks.idle):
        gate.set()
    assert heard == ["plan"]
    assert worked == ["plan"]


def test_nothing_is_delivered_to_a_receiver_that_is_gone(tasks: Tasks, qtbot: QtBot) -> None:
    receiver = QObject()
    heard: list[int] = []
    gate = threading.Event()
    tasks.run(gate.wait)
    tasks.run(lambda: 1, done=heard.append, receiver=receiver)
    receiver.deleteLater()
    qtbot.wait(10)
    with qtbot.waitSignal(tasks.idle):
        gate.set()
    assert heard == []


def test_a_known_error_goes_to_whoever_asked_or_else_to_everybody(tasks: Tasks, qtbot: QtBot) -> None:
    def refuse() -> None:
        raise InvalidInput("The date cannot be read.")

    heard: list[BaseException] = []
    with qtbot.waitSignal(tasks.idle):
        tasks.run(refuse, failed=heard.append)
    assert [str(error) for error in heard] == ["The date cannot be read."]
    with qtbot.waitSignal(tasks.refused) as told:
        tasks.run(refuse)
    assert str(told.args[0]) == "The date cannot be read."


def test_a_bug_is_raised_on_the_windows_thread_and_work_goes_on(tasks: Tasks, qtbot: QtBot) -> None:
    def stumble() -> None:
        raise ZeroDivisionError("a bug")

    heard: list[int] = []
    with qtbot.captureExceptions() as bugs, qtbot.waitSignal(tasks.idle):
        tasks.run(stumble, failed=lambda _: heard.append(0))
        tasks.run(lambda: 2, done=heard.append)
    assert [bug[0] for bug in bugs] == [ZeroDivisionError]
    assert heard == [2]


def test_long_work_shows_its_progress_and_can_be_cancelled(tasks: Tasks, qtbot: QtBot) -> None:
    heard: list[object] = []
    begun = threading.Event()

    def work(progress: Progress) -> None:
        step = 0
        while True:
            progress(step, 0, "Counting")
            begun.set()
            step += 1
            threading.Event().wait(0.005)

    with qtbot.waitSignal(tasks.started, timeout=5000) as started:
        task = tasks.work(work, title="Count for ever", done=heard.append, failed=heard.append)
    assert started.args == [task]
    with qtbot.waitSignal(task.progressed) as progressed:
        pass
    assert progressed.args is not None
    assert progressed.args[2] == "Counting"
    with qtbot.waitSignal(task.finished, timeout=1000):
        task.cancel()
    assert heard == []
    assert tasks.running == ()


def test_short_work_shows_nothing(tasks: Tasks, qtbot: QtBot) -> None:
    shown: list[Task] = []
    tasks.started.connect(shown.append)
    heard: list[int] = []
    task = tasks.work(lambda _: 3, title="Quick", done=heard.append)
    with qtbot.waitSignal(task.finished):
        pass
    qtbot.wait(600)
    assert heard == [3]
    assert shown == []


def test_long_work_has_parts_of_it_done_on_the_portfolios_thread_after_what_the_window_asks(
    tasks: Tasks, qtbot: QtBot
) -> None:
    gate = threading.Event()
    done: list[str] = []

    def ask() -> None:
        gate.wait()
        done.append("asked")

    def look() -> int:
        done.append("part")
        return 7

    def refuse() -> int:
        raise InvalidInput("no")

    def work(progress: Progress) -> int:
        found = int(tasks.on_portfolio(look, lambda: progress(1, 2, "")))
        with pytest.raises(InvalidInput):
            tasks.on_portfolio(refuse, lambda: progress(1, 2, ""))
        return found

    tasks.run(ask)
    results: list[int] = []
    tasks.work(work, title="Long", done=results.append)
    qtbot.wait(60)
    assert done == []
    gate.set()
    qtbot.waitUntil(lambda: results == [7])
    assert done == ["asked", "part"]


def test_a_part_that_waits_is_cancelled_with_its_work(tasks: Tasks, qtbot: QtBot) -> None:
    gate = threading.Event()
    done: list[int] = []
    tasks.run(gate.wait)
    task = tasks.work(
        lambda progress: tasks.on_portfolio(lambda: 1, lambda: progress(0, 0, "")), title="Long", done=done.append
    )
    with qtbot.waitSignal(task.finished):
        task.cancel()
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert done == []


def test_stopping_finishes_what_the_portfolio_was_given(qtbot: QtBot) -> None:
    tasks = Tasks()
    written: list[int] = []
    for number in range(20):
        tasks.run(lambda number=number: written.append(number))  # type: ignore[misc]
    tasks.stop()
    assert written == list(range(20))
    qtbot.wait(10)
