"""A bar on standard error for work that takes longer than half a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_PATIENCE = 0.5  # seconds before a bar is worth showing
_BETWEEN = 0.05  # seconds between two updates of it


class LiveProgress:
    """Progress for services, as a context manager; shows nothing where standard error is no terminal."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._updated = 0.0
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._visible = sys.stderr.isatty()

    def __call__(self, done: int, total: int, what: str) -> None:
        """Show where the work is."""
        now = time.monotonic()
        if not self._visible or now - self._began < _PATIENCE or now - self._updated < _BETWEEN:
            return
        self._updated = now
        if self._bar is None or self._task is None:
            self._bar, self._task = _started(what)
        self._bar.update(self._task, description=what, completed=done, total=total or None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _started(what: str) -> tuple[Bar, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    bar.start()
    return bar, bar.add_task(what, total=None)
