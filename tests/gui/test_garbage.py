"""Garbage that holds widgets or timers must go on the window's thread, whoever makes it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from portfolio_app.gui.garbage import GarbageCollection
from portfolio_app.gui.tasks import Tasks


class _Knot:
    """Part of a circle: only the collector can take it away."""

    def __init__(self, gone_on: list[threading.Thread]) -> None:
        self.itself = self
        self._gone_on = gone_on

    def __del__(self) -> None:
        self._gone_on.append(threading.current_thread())


@pytest.fixture
def collection(qapp: QApplication) -> Iterator[GarbageCollection]:
    was_on = gc.isenabled()
    made = GarbageCollection(qapp)
    yield made
    made.stop()
    if not was_on:
        gc.disable()


def test_work_in_other_threads_collects_nothing_there(
    qapp: QApplication, collection: GarbageCollection, qtbot: QtBot
) -> None:
    gone_on: list[threading.Thread] = []
    for _ in range(10):
        _Knot(gone_on)
    tasks = Tasks()
    receiver = QObject()
    with qtbot.waitSignal(tasks.idle, timeout=20_000):
        tasks.run(lambda: [[number] for number in range(200_000)], receiver=receiver)
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    qtbot.waitUntil(lambda: len(gone_on) == 10, timeout=20_000)
    assert set(gone_on) == {threading.main_thread()}
    tasks.stop()


def test_what_was_read_of_a_large_portfolio_is_not_looked_through(collection: GarbageCollection) -> None:
    passes: list[int] = []

    def note(phase: str, told: dict[str, int]) -> None:
        if phase == "stop":
            passes.append(told["generation"])

    gc.collect()
    gc.callbacks.append(note)
    try:
        read = [[number] for number in range(100_000)]
        collection.collect_what_is_due()
    finally:
        gc.callbacks.remove(note)
    assert passes == []
    assert gc.get_freeze_count() > len(read)
    collection.stop()
    assert gc.get_freeze_count() == 0


def test_small_circles_go_while_the_user_works(collection: GarbageCollection, qtbot: QtBot) -> None:
    gone_on: list[threading.Thread] = []
    gc.collect()
    _Knot(gone_on)
    kept = [[number] for number in range(10_000)]
    qtbot.waitUntil(lambda: len(gone_on) == 1, timeout=20_000)
    assert len(kept) == 10_000


def test_what_python_did_by_itself_it_does_again(qapp: QApplication) -> None:
    was_on = gc.isenabled()
    made = GarbageCollection(qapp)
    assert not gc.isenabled()
    made.stop()
    assert gc.isenabled()
    if not was_on:
        gc.disable()
