"""What tests have another process do; a module of its own, because that process imports it."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.progress import Progress
from portfolio_app.durable import replace_atomically
from portfolio_app.storage.errors import PortfolioLocked


class Errands:
    """Stands in the other process."""

    def __init__(self) -> None:
        self._calls = 0

    def count(self, *, progress: Progress) -> tuple[int, int]:
        """Return the number of the process and how often it was asked."""
        self._calls += 1
        return os.getpid(), self._calls

    def modules(self, *, progress: Progress) -> set[str]:
        return set(sys.modules)

    def scratch(self, *, progress: Progress) -> Path:
        return Path(tempfile.gettempdir())

    def refuse(self, *, progress: Progress) -> None:
        raise PortfolioLocked("It is open elsewhere.", can_take_over=True)

    def stumble(self, typed: str, *, progress: Progress) -> None:
        raise LookupError(typed)

    def raise_what_cannot_be_sent(self, *, progress: Progress) -> None:
        class OfThisCall(Exception):
            pass

        raise OfThisCall

    def refuse_with_a_reason(self, *, progress: Progress) -> None:
        try:
            Path("\0").stat()
        except ValueError as error:
            raise InvalidInput("It cannot be used.") from error

    def report(self, *, progress: Progress) -> str:
        for step in range(3):
            progress(step, 3, "Counting")
            time.sleep(0.12)
        return "done"

    def write_down(self, *, progress: Progress) -> None:
        logging.getLogger("portfolio_app.tests").warning("%s things", 3)

    def work_on(self, target: Path, *, progress: Progress) -> None:
        """Write for ever, and hear when it is enough."""
        with replace_atomically(target) as place:
            place.write_text("half", encoding="utf-8")
            for step in range(10_000):
                progress(step, 0, "Working on")
                time.sleep(0.01)

    def be_deaf(self, targets: Sequence[Path], *, progress: Progress) -> None:
        """Write for ever, and hear nothing."""
        for target in targets:
            with replace_atomically(target) as place, tempfile.TemporaryDirectory():
                place.write_text("half", encoding="utf-8")
                progress(1, 0, "Deaf")
                time.sleep(100)

    def die(self, target: Path, *, progress: Progress) -> None:
        """Write, and crash as a library would."""
        with replace_atomically(target):
            faulthandler._sigsegv()  # type: ignore[attr-defined] # there to try it
