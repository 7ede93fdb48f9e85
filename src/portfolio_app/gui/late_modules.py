"""Modules that are imported when they are first needed, so that the window is there at once and never waits.

What lies below the window (SQLAlchemy, ReportLab …) takes a second to import, and the portfolio's thread does it. The
window's own modules are imported by the window's thread alone: PySide keeps what it knows of Python's classes in
tables that another thread must not add to while Qt looks into them, or the process ends.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from portfolio_app.gui.tasks import Tasks

if TYPE_CHECKING:
    from portfolio_app.domain.progress import Progress

_SERVICES: Final = "portfolio_app.services"
_OTHERS_BELOW: Final = ("nh3", "pypdfium2", "spylls.hunspell", "markdown_it")
_WINDOW: Final = "portfolio_app.gui"
_IMPORT_AGAIN_MS: Final = 20
_GO_ON_AGAIN_MS: Final = 200
_PARTS: Final = (
    "models",
    "widgets.form",
    "widgets.attachments",
    "widgets",
    "widgets.evidence_editor",
    "dialogs",
    "pages",
)
"""Packages of the window, those that others import before these: so each step imports little."""


class LateModules(QObject):
    """Imports modules when they are asked for, and the rest while nothing else is to be done."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._is_ready = False
        self._waiting: deque[str] = deque()
        self._then: Iterator[None] = iter(())
        self._clock = QTimer(self, interval=0)
        self._clock.timeout.connect(self._do_one)

    def use(self, name: str, act: Callable[[ModuleType], object], *, below: str = "") -> None:
        """Call ``act`` with a module of the window: at once if what lies below it is imported, else when it is.

        ``below`` names the one module below the window that it needs, where that is little.
        """
        if name in sys.modules:
            act(sys.modules[name])
        elif self._is_ready:
            act(importlib.import_module(name))
        else:
            work = partial(importlib.import_module, below) if below else _import_below
            self._tasks.run(work, done=partial(self._use_now, name, act))

    def warm_up(self, names: Iterable[str], then: Iterator[None]) -> None:
        """Import these modules of the window, and all that they may need, while the user reads the first page.

        After that the steps of ``then`` are taken, in place of those of an earlier call.
        """
        begin = partial(self._begin, list(names), then)
        self._tasks.work(_import_below, title="Getting ready", done=begin, quiet=True)

    def _use_now(self, name: str, act: Callable[[ModuleType], object], _below: object) -> None:
        act(importlib.import_module(name))

    def _begin(self, names: list[str], then: Iterator[None], _nothing: None) -> None:
        self._is_ready = True
        self._then = then
        parts = [module for part in _PARTS for module in _modules_of(f"{_WINDOW}.{part}")]
        self._waiting.extend(name for name in (*parts, *names) if name not in sys.modules)
        self._clock.start()

    def _do_one(self) -> None:
        """Import one module, or take one step; the window does what else it has to do before the next.

        While the portfolio's thread is at work it is left alone: both would only wait for each other.
        """
        again = _IMPORT_AGAIN_MS if self._waiting else _GO_ON_AGAIN_MS
        self._clock.setInterval(0 if self._tasks.is_idle else again)
        if not self._tasks.is_idle:
            return
        while self._waiting:
            name = self._waiting.popleft()
            if name not in sys.modules:
                importlib.import_module(name)
                return
        try:
            next(self._then)
        except StopIteration:
            self._clock.stop()


def _import_below(progress: Progress | None = None) -> None:
    """Import everything below the window; of several threads one does so and the others find it done."""
    for name in (*_modules_of(_SERVICES), *_OTHERS_BELOW):
        if progress is not None:
            progress(0, 0, name)
        importlib.import_module(name)


def _modules_of(package: str) -> list[str]:
    """Return the names of the modules and packages in a package, without importing them."""
    return [found.name for found in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}.")]
