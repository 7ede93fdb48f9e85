"""Modules that are imported when they are first needed, by the portfolio's thread, so that the window never waits."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING

from portfolio_app.gui.tasks import Tasks

if TYPE_CHECKING:
    from portfolio_app.domain.progress import Progress


class LateModules:
    """Imports modules away from the window's thread, once each."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._imported: set[str] = set()

    def use(self, name: str, act: Callable[[ModuleType], object]) -> None:
        """Call ``act`` with a module: at once if it has been imported, else when it is."""
        if name in self._imported:
            act(sys.modules[name])
            return
        self._tasks.run(partial(importlib.import_module, name), done=partial(self._has_imported, act))

    def warm_up(self, names: Iterable[str]) -> None:
        """Import modules beside everything else, while the user reads the first page."""
        wanted = [name for name in names if name not in self._imported]

        def work(progress: Progress) -> list[ModuleType]:
            modules = []
            for number, name in enumerate(wanted):
                progress(number, len(wanted), name)
                modules.append(importlib.import_module(name))
            return modules

        self._tasks.work(work, title="Getting ready", done=self._are_imported, quiet=True)

    def _has_imported(self, act: Callable[[ModuleType], object], module: ModuleType) -> None:
        self._imported.add(module.__name__)
        act(module)

    def _are_imported(self, modules: Iterable[ModuleType]) -> None:
        self._imported.update(module.__name__ for module in modules)
