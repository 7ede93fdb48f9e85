"""Garbage that holds widgets or timers must go on the window's thread, whoever makes it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
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


def test_work_in_other_threads_collects_nothing_there(collection: GarbageCollection, qtbot: QtBot) -> None:
    gone_on: list[threading.Thread] = []
    for _ in range(10):
        _Knot(gone_on)
    tasks = Tasks()
    receiver = QObject()
    with qtbot.waitSignal(tasks.idle, timeout=20_000):
        tasks.run(lambda: [[number] for number in range(200_000)], receiver=receiver)
    qtbot.waitUntil(lambda: len(gone_on) == 10, timeout=20_000)
    assert set(gone_on) == {threading.main_thread()}
    tasks.stop()


def test_what_python_did_by_itself_it_does_again(qapp: QApplication) -> None:
    was_on = gc.isenabled()
    made = GarbageCollection(qapp)
    assert not gc.isenabled()
    made.stop()
    assert gc.isenabled()
    if not was_on:
        gc.disable()
