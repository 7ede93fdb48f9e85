"""What is typed is saved at each pause, and while somebody types without one."""

from __future__ import annotations

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from portfolio_app.gui.widgets.typing_pause import TypingPause


def test_a_pause_saves_once(qtbot: QtBot) -> None:
    owner, saved = QObject(), []
    pause = TypingPause(lambda: saved.append(1), owner)
    pause.setInterval(20)
    for _ in range(5):
        pause.touch()
    qtbot.waitUntil(lambda: bool(saved))
    qtbot.wait(60)
    assert saved == [1]


def test_nobody_can_put_saving_off(qtbot: QtBot) -> None:
    owner, saved = QObject(), []
    pause = TypingPause(lambda: saved.append(1), owner, longest=400)
    pause.setInterval(300)
    for _ in range(200):  # a key every 10 milliseconds, far quicker than a pause
        pause.touch()
        qtbot.wait(10)
        if len(saved) == 2:
            break
    assert len(saved) == 2
    assert not pause.isActive()
    pause.touch()
    assert pause.isActive()
