"""The portfolio that is open, as the pages of the window see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from portfolio_app.domain.errors import Cancelled
from portfolio_app.gui.tasks import SHOWN_AFTER_MS, Task, Tasks
from portfolio_app.gui.text_upkeep import TextUpkeep

if TYPE_CHECKING:  # the window is on screen before SQLAlchemy is imported
    from portfolio_app.domain.changes import Changes
    from portfolio_app.domain.evidence import EvidenceKind
    from portfolio_app.domain.portfolio import PortfolioDetails
    from portfolio_app.domain.progress import Progress
    from portfolio_app.storage.portfolio_file import PortfolioFile

Read = Callable[..., Any]
OnPortfolio = Callable[[Callable[[], Any]], Any]


@dataclass(frozen=True, slots=True)
class _Opened:
    portfolio: PortfolioFile
    kinds: Mapping[str, EvidenceKind]
    told: set[str]  # used on the portfolio's thread only
    ended: Event = field(default_factory=Event)


@dataclass(frozen=True, slots=True)
class UndoNames:
    """What undo and redo would take back or do again; empty where there is nothing."""

    undo: str = ""
    redo: str = ""


@dataclass(slots=True)
class _State:
    opened: _Opened | None = None
    details: PortfolioDetails | None = None
    edits: int = 0
    names: UndoNames = field(default_factory=UndoNames)


class Session(QObject):
    """Reads and edits the open portfolio on its own thread; results arrive on the window's.

    To be used from the thread of the window. Services get the portfolio as their first argument. Whoever shows
    values refreshes on ``changed``, which names what an edit touched and who asked for it.
    """

    opened = Signal()
    commit_requested = Signal()
    """What was typed must be committed now: the portfolio is about to be closed, exported or taken back a step."""
    closed = Signal()
    changed = Signal(object, object)
    """The :class:`~portfolio_app.domain.changes.Changes` of an edit, and its initiator or ``None``."""
    saving_changed = Signal(bool)
    """Whether edits are on their way to the disk."""
    undo_names_changed = Signal(object)
    """:class:`UndoNames`."""
    noticed = Signal(str)
    """A sentence about the portfolio that the user should see."""
    done_again = Signal(str)
    """The name of a step that was taken back or done again, as a sentence."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks = tasks
        self._state = _State()
        self.texts = TextUpkeep(self)

    @property
    def is_open(self) -> bool:
        """Whether a portfolio is open."""
        return self._state.opened is not None

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed."""
        return self._opened.portfolio.read_only

    @property
    def folder(self) -> Path:
        """The folder of the open portfolio."""
        return self._opened.portfolio.folder

    @property
    def path(self) -> Path:
        """The database of the open portfolio."""
        return self._opened.portfolio.path

    @property
    def details(self) -> PortfolioDetails:
        """What the front sheet says, as it was last saved."""
        if self._state.details is None:
            raise RuntimeError("no portfolio is open")
        return self._state.details

    @property
    def kinds(self) -> Mapping[str, EvidenceKind]:
        """The kinds of evidence by id: the program's, the user's and the portfolio's own."""
        return self._opened.kinds

    @property
    def undo_names(self) -> UndoNames:
        """What undo and redo would do."""
        return self._state.names

    @property
    def is_saving(self) -> bool:
        """Whether an edit is not on the disk yet."""
        return self._state.edits > 0

    def open(
        self,
        opener: Callable[[], PortfolioFile],
        *,
        done: Callable[[], object] | None = None,
        failed: Callable[[BaseException], None],
    ) -> None:
        """Open what ``opener`` returns in place of what is open; on a known error that stays open."""
        self.tasks.run(partial(_open, opener), done=partial(self._has_opened, done), failed=failed)

    def close(self) -> None:
        """Commit what was typed and close the portfolio; a back-up is made if it was changed."""
        if self._state.opened is None:
            return
        self.commit_requested.emit()
        portfolio = self._state.opened.portfolio
        self._state.opened.ended.set()
        self._state.opened = self._state.details = None
        self._state.names = UndoNames()
        self.tasks.run(partial(_close, portfolio), done=self._tell)
        self.closed.emit()
        self.undo_names_changed.emit(self._state.names)

    def read(
        self,
        service: Read,
        *arguments: Any,
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None = None,
        receiver: QObject | None = None,
        topic: str = "",
        **options: Any,
    ) -> None:
        """Have ``service(portfolio, *arguments, **options)`` called, and ``done`` with what it returned.

        A read whose receiver asks for the same topic again is dropped; nothing reaches a receiver that is gone, and
        nothing is read of a portfolio that was closed meanwhile.
        """
        opened = self._state.opened
        if opened is None:
            return
        call = partial(service, opened.portfolio, *arguments, **options)
        self.tasks.run(call, done=partial(self._deliver, opened, done), failed=failed, receiver=receiver, topic=topic)

    def edit(
        self,
        service: Callable[..., tuple[Any, Changes]],
        *arguments: Any,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        initiator: QObject | None = None,
        **options: Any,
    ) -> None:
        """Have a service change the portfolio; ``done`` gets its result, then everybody hears what changed.

        A known error goes to ``failed``, or is shown to the user; nothing was changed then.
        """
        opened = self._opened
        self._state.edits += 1
        if self._state.edits == 1:
            self.saving_changed.emit(True)

        def call() -> tuple[Any, Changes, tuple[str, ...], UndoNames]:
            result, changes = service(opened.portfolio, *arguments, **options)
            return result, changes, _new_notices(opened.portfolio, opened.told), undo_names(opened.portfolio)

        def finish(outcome: tuple[Any, Changes, tuple[str, ...], UndoNames]) -> None:
            if self._state.opened is not opened:
                return
            result, changes, notices, names = outcome
            if done is not None:
                done(result)
            if changes.details:
                self.read(_details, done=partial(self._has_details, changes, initiator))
            elif changes:
                self.changed.emit(changes, initiator)
            self._set_names(names)
            self._tell(notices)

        self.tasks.run(call, done=finish, failed=failed, ended=self._one_edit_less)

    def work(
        self,
        function: Callable[[Progress], Any],
        *,
        title: str,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        receiver: QObject | None = None,
        quiet: bool = False,
        shown_after_ms: int = SHOWN_AFTER_MS,
    ) -> Task:
        """Run ``function(progress)`` beside the portfolio's thread, with progress and Cancel at the bottom.

        ``quiet`` work is not shown there, any other when it takes longer than ``shown_after_ms``.
        """
        return self.tasks.work(
            function,
            title=title,
            done=done,
            failed=failed,
            receiver=receiver,
            quiet=quiet,
            shown_after_ms=shown_after_ms,
        )

    def work_beside(
        self,
        function: Callable[[PortfolioFile, OnPortfolio, Progress], Any],
        *,
        title: str,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        receiver: QObject | None = None,
        quiet: bool = False,
        shown_after_ms: int = SHOWN_AFTER_MS,
    ) -> Task:
        """Run ``function(portfolio, on_portfolio, progress)`` beside the portfolio's thread, as :meth:`work` does.

        What of it reads the portfolio is given to ``on_portfolio``, in parts of a few milliseconds. It is cancelled
        when the portfolio is closed; nothing comes back of one that is not open any more.
        """
        opened = self._opened

        def call(progress: Progress) -> Any:
            latest = (0, 0, "")

            def report(done: int, total: int, what: str) -> None:
                nonlocal latest
                latest = (done, total, what)
                progress(done, total, what)

            def on_portfolio(work: Callable[[], Any]) -> Any:
                return self.tasks.on_portfolio(partial(_while_open, opened, work), lambda: progress(*latest))

            return function(opened.portfolio, on_portfolio, report)

        task = self.tasks.work(
            call,
            title=title,
            done=partial(self._deliver, opened, done) if done is not None else None,
            failed=partial(self._deliver, opened, failed or self.tasks.refused.emit),
            receiver=receiver,
            quiet=quiet,
            shown_after_ms=shown_after_ms,
        )
        self.closed.connect(task.cancel)
        return task

    def undo(self) -> None:
        """Take the newest step back, after what was typed has been committed."""
        self._step(_undo, "Undone: {}")

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        self._step(_redo, "Done again: {}")

    def _step(self, step: Callable[[PortfolioFile], tuple[str, Changes]], sentence: str) -> None:
        if not self.is_open:
            return
        self.commit_requested.emit()
        self.edit(step, done=lambda name: self.done_again.emit(sentence.format(name)))

    @property
    def _opened(self) -> _Opened:
        if self._state.opened is None:
            raise RuntimeError("no portfolio is open")
        return self._state.opened

    def _has_opened(
        self, done: Callable[[], object] | None, outcome: tuple[_Opened, PortfolioDetails, tuple[str, ...], UndoNames]
    ) -> None:
        self.close()
        self._state.opened, self._state.details, notices, names = outcome
        if done is not None:
            done()
        self.opened.emit()
        self._set_names(names)
        self._tell(notices)

    def _deliver(self, opened: _Opened, done: Callable[[Any], None], result: Any) -> None:
        if self._state.opened is opened:
            done(result)

    def _has_details(self, changes: Changes, initiator: QObject | None, details: PortfolioDetails) -> None:
        self._state.details = details
        self.changed.emit(changes, initiator)

    def _one_edit_less(self) -> None:
        self._state.edits -= 1
        if not self._state.edits:
            self.saving_changed.emit(False)

    def _set_names(self, names: UndoNames) -> None:
        if names != self._state.names:
            self._state.names = names
            self.undo_names_changed.emit(names)

    def _tell(self, notices: tuple[str, ...]) -> None:
        for notice in notices:
            self.noticed.emit(notice)


# What follows runs on the portfolio's thread, which is also the first to import what lies below the window.
# ruff: noqa: PLC0415


def _open(opener: Callable[[], PortfolioFile]) -> tuple[_Opened, PortfolioDetails, tuple[str, ...], UndoNames]:
    from portfolio_app.services.library import evidence_kinds

    portfolio = opener()
    try:
        opened = _Opened(portfolio, evidence_kinds(portfolio.folder), set())
        return opened, _details(portfolio), _new_notices(portfolio, opened.told), undo_names(portfolio)
    except BaseException:
        portfolio.close()
        raise


def _while_open(opened: _Opened, work: Callable[[], Any]) -> Any:
    if opened.ended.is_set():
        raise Cancelled("The portfolio was closed.")
    return work()


def _close(portfolio: PortfolioFile) -> tuple[str, ...]:
    told = set(portfolio.notices)
    portfolio.close()
    return _new_notices(portfolio, told)


def _details(portfolio: PortfolioFile) -> PortfolioDetails:
    from portfolio_app.services.portfolios import portfolio_details

    return portfolio_details(portfolio)


def _undo(portfolio: PortfolioFile) -> tuple[str, Changes]:
    from portfolio_app.services.history import undo

    return undo(portfolio)


def _redo(portfolio: PortfolioFile) -> tuple[str, Changes]:
    from portfolio_app.services.history import redo

    return redo(portfolio)


def _new_notices(portfolio: PortfolioFile, told: set[str]) -> tuple[str, ...]:
    new = tuple(notice for notice in portfolio.notices if notice not in told)
    told.update(new)
    return new


def undo_names(portfolio: PortfolioFile) -> UndoNames:
    """Return what undo and redo would do to the portfolio."""
    from portfolio_app.services import history

    names = history.undo_names(portfolio)
    return UndoNames(names.undo, names.redo)
