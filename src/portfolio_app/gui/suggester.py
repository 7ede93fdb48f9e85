"""Suggestions for all pages of a window: asked for beside it, one question at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt

from portfolio_app.domain.progress import Progress
from portfolio_app.domain.suggestions import Sibling, SuggestionSet
from portfolio_app.gui.page import Navigator
from portfolio_app.gui.session import Session
from portfolio_app.gui.tasks import Task
from portfolio_app.services.suggestion_desk import SuggestionProcess

Failed = Callable[[BaseException], None]


class Suggester(QObject):
    """Asks a process of its own, which begins with the first question and ends with the portfolio.

    A question that is asked of the same kind drops the one before: nobody looks at that any more.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._process: SuggestionProcess | None = None
        self._tasks: dict[str, Task] = {}
        self._ending: list[Callable[[], None]] = []
        session.closed.connect(self._end)
        self.destroyed.connect(partial(_end_soon, self._ending))

    def for_evidence(
        self, evidence_id: str, *, done: Callable[[SuggestionSet], None], failed: Failed, receiver: QObject
    ) -> None:
        """Ask what an item might meet."""
        self._ask(
            "evidence", SuggestionProcess.for_evidence, (evidence_id,), done=done, failed=failed, receiver=receiver
        )

    def for_requirement(
        self, requirement_id: str, *, done: Callable[[SuggestionSet], None], failed: Failed, receiver: QObject
    ) -> None:
        """Ask which items might meet a requirement."""
        self._ask(
            "requirement",
            SuggestionProcess.for_requirement,
            (requirement_id,),
            done=done,
            failed=failed,
            receiver=receiver,
        )

    def siblings(
        self,
        requirement_id: str,
        evidence_id: str,
        *,
        done: Callable[[tuple[Sibling, ...]], None],
        failed: Failed,
        receiver: QObject,
    ) -> None:
        """Ask which requirements of other units ask for the same, and are not claimed for the item yet."""
        self._ask(
            "siblings",
            SuggestionProcess.siblings,
            (requirement_id, evidence_id),
            done=done,
            failed=failed,
            receiver=receiver,
        )

    def _ask(
        self,
        sort: str,
        question: Callable[..., Any],
        words: tuple[str, ...],
        *,
        done: Callable[[Any], None],
        failed: Failed,
        receiver: QObject,
    ) -> None:
        before = self._tasks.pop(sort, None)
        if before is not None:
            before.cancel()
        if self._process is None:
            self._process = SuggestionProcess(self._session.path)
            self._ending.append(self._process.close)
        self._tasks[sort] = self._session.work(
            partial(_answer, question, self._process, words),
            title="Looking for suggestions",
            done=done,
            failed=failed,
            receiver=receiver,
            quiet=True,
        )

    def _end(self) -> None:
        self._process = None
        self._tasks.clear()
        _end_soon(self._ending)


def shared_suggester(window: Navigator, session: Session) -> Suggester:
    """Return what a window asks for suggestions; it is made when it is first wanted."""
    parent = window if isinstance(window, QObject) else None
    found = parent.findChild(Suggester, options=Qt.FindChildOption.FindDirectChildrenOnly) if parent else None
    return found if isinstance(found, Suggester) else Suggester(session, parent)


def _answer(
    question: Callable[..., Any], process: SuggestionProcess, words: tuple[str, ...], progress: Progress
) -> Any:
    return question(process, *words, progress=progress)


def _end_soon(ending: list[Callable[[], None]]) -> None:
    """End the process beside the window, which does not wait for it."""
    steps, ending[:] = list(ending), []
    for step in steps:
        threading.Thread(target=step).start()
