"""When to save what is being typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

PAUSE_MS: Final = 600
"""Without a key for so long, what was typed is saved."""
LONGEST_MS: Final = 2_000
"""Somebody who types without a pause has it saved so often all the same: no more than that can ever be lost."""


class TypingPause(QTimer):
    """Runs out when somebody pauses in typing, or has typed for long.

    Args:
        save: What is called then.
        parent: The owner.
        longest: Milliseconds after which it is called without a pause.
    """

    def __init__(self, save: Callable[[], object], parent: QObject, longest: int = LONGEST_MS) -> None:
        super().__init__(parent, singleShot=True, interval=PAUSE_MS)
        self._since = QElapsedTimer()
        self._longest = longest
        self.timeout.connect(save)

    def touch(self) -> None:
        """Note that something was typed."""
        if not self.isActive():
            self._since.start()
        if not self._since.hasExpired(self._longest - self.interval()):
            self.start()
