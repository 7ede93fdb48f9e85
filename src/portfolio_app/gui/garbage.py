"""Python's cyclic garbage, collected on the window's thread alone.

The collector runs in whichever thread happens to allocate. When that is a worker's, it may destroy a widget or a timer
there, and Qt ends the process. So it is switched off, and run from a timer of the window's thread.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_EVERY_MS: Final = 500
_YOUNGEST: Final = 5000
"""New objects after which the youngest generation is looked through."""
_MIDDLE: Final = 10
"""Collections of the youngest after which the middle one is."""
_BURST: Final = 20_000
"""New objects at once that are what was read of a large portfolio. Hardly any of them is ever part of a cycle, and
looking through them would hold the window up, so they are set aside until the user is away."""
_OLDEST: Final = 200
"""Collections of the middle one after which everything is: with a large portfolio that takes a tenth of a second, so
it is rather done when the user has turned to another program."""


class GarbageCollection(QObject):
    """Collects garbage now and then until it is stopped; then Python does so by itself again."""

    def __init__(self, application: QGuiApplication) -> None:
        super().__init__(application)
        gc.disable()
        self._clock = QTimer(self, interval=_EVERY_MS)
        self._clock.timeout.connect(self.collect_what_is_due)
        self._clock.start()
        application.applicationStateChanged.connect(self._collect_while_away)

    def collect_what_is_due(self) -> None:
        """Collect the oldest generation whose turn it is, with those younger than it."""
        youngest, middle, oldest = gc.get_count()
        if youngest > _BURST:
            gc.freeze()
        elif oldest > _OLDEST:
            gc.collect()
        elif middle > _MIDDLE:
            gc.collect(1)
        elif youngest > _YOUNGEST:
            gc.collect(0)

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._clock.stop()
        gc.unfreeze()
        gc.enable()

    def _collect_while_away(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationInactive:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
