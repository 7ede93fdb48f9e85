"""What can be searched, kept up to date beside everything else: after opening, and after edits.

The index is written, and attached files are read, by threads of the pool (the files in a process of their own); of the
portfolio's thread they ask a few milliseconds at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from portfolio_app.gui.session import Session
from portfolio_app.gui.tasks import Task

if TYPE_CHECKING:  # the window is on screen before these are imported
    from collections.abc import Mapping

    from portfolio_app.domain.evidence import EvidenceKind
    from portfolio_app.domain.progress import Progress
    from portfolio_app.gui.session import OnPortfolio
    from portfolio_app.services.attached_texts import UnreadFile
    from portfolio_app.storage.portfolio_file import PortfolioFile

_BEGIN_AFTER_MS: Final = 3000  # after everything else is ready
_AFTER_EDITS_MS: Final = 1000
_FILES_AFTER_MS: Final = 1500  # of an index that is made
_SHOWN_AFTER_MS: Final = 5000
_MOST_REMEMBERED: Final = 5
_MOST_NAMED: Final = 3
_STOPPED: Final = "Not everything can be found: making it searchable was cancelled. It goes on when you search anew."
_CANCELLED: Final = "It was cancelled, and goes on when the portfolio is opened the next time."
_INDEXING: Final = "Making everything searchable"
_READING: Final = "Reading attached files for the search"


class SearchUpkeep(QObject):
    """Keeps the search index of the open portfolio up to date, and knows what cannot be found yet."""

    changed = Signal()
    """More can be found now, or it is known that it cannot."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._is_begun = self._is_behind = self._goes_on = False
        self._indexing: Task | None = None
        self._reading: Task | None = None
        self._unread: Sequence[UnreadFile] = ()
        self._problem = self._why_unread = ""
        self._lately: list[str] = []
        self._begin_clock = QTimer(self, singleShot=True, interval=_BEGIN_AFTER_MS)
        self._begin_clock.timeout.connect(self.begin)
        self._edits_clock = QTimer(self, singleShot=True, interval=_AFTER_EDITS_MS)
        self._edits_clock.timeout.connect(self._catch_up)
        self._files_clock = QTimer(self, singleShot=True, interval=_FILES_AFTER_MS)
        self._files_clock.timeout.connect(self._read_files)
        session.opened.connect(self._has_opened)
        session.changed.connect(self._has_changed)
        session.closed.connect(self._has_closed)

    # For the window and the search box

    @property
    def is_behind(self) -> bool:
        """Whether something in the portfolio itself is not in the index yet."""
        return self._is_behind

    @property
    def is_indexing(self) -> bool:
        """Whether the index is being written just now."""
        return self._indexing is not None

    @property
    def lately(self) -> tuple[str, ...]:
        """What was searched for and led to something, the latest first."""
        return tuple(self._lately)

    def remember(self, typed: str) -> None:
        """Remember what was searched for."""
        typed = typed.strip()
        if typed:
            self._lately = [typed, *(other for other in self._lately if other != typed)][:_MOST_REMEMBERED]

    def begin_soon(self) -> None:
        """Begin once the window has had nothing else to do for a while."""
        if self._session.is_open and not self._is_begun:
            self._begin_clock.start()

    def begin(self) -> None:
        """Begin now, or look again, because somebody is about to search: the index may be lost, or edits be waiting."""
        self._begin_clock.stop()
        if self._session.is_open:
            self._is_begun = True
            self._catch_up()

    def told(self, unread: int, *, brief: bool = False) -> Iterator[str]:
        """Yield sentences on what a search could not find.

        Args:
            unread: How many attached files the search knows no words of.
            brief: Whether to name at most one of those that cannot be read.
        """
        if self._problem:
            yield self._problem
        elif self._is_behind:
            yield "Not everything can be found yet: the search is still being made ready."
        refused = [file for file in self._unread if file.state is not None]
        left = unread - len(refused)
        if left > 0 and self._why_unread:
            yield f"{left:,} attached {'file was' if left == 1 else 'files were'} not read. {self._why_unread}"
        elif left > 0:
            yield f"Still reading {left:,} attached {'file' if left == 1 else 'files'}: there may be more to find."
        if len(refused) > 1 and brief:
            yield f"{len(refused):,} attached files cannot be searched."
        elif refused:
            names = "; ".join(f"“{file.name}” ({file.ref}), since {file.reason}" for file in refused[:_MOST_NAMED])
            more = f"; and {len(refused) - _MOST_NAMED:,} more" if len(refused) > _MOST_NAMED else ""
            yield f"Not searched: {names}{more}."

    # The portfolio

    def _has_opened(self) -> None:
        self._is_behind = True

    def _has_changed(self, *_change: object) -> None:
        if self._is_begun:
            self._is_behind = True
            self._edits_clock.start()

    def _has_closed(self) -> None:
        for task in (self._indexing, self._reading):
            if task is not None:
                task.cancel()
        for clock in (self._begin_clock, self._edits_clock, self._files_clock):
            clock.stop()
        self._indexing = self._reading = None
        self._is_begun = self._is_behind = self._goes_on = False
        self._unread, self._problem, self._why_unread = (), "", ""
        self._lately.clear()

    # Catching up

    def _catch_up(self) -> None:
        """Take in what the portfolio holds; afterwards what its files say."""
        self._edits_clock.stop()
        if self._indexing is not None:
            self._goes_on = True
            return
        self._problem = ""
        self._indexing = self._session.work_beside(
            partial(_index, self._session.kinds),
            title=_INDEXING,
            done=self._has_indexed,
            failed=self._cannot_index,
            receiver=self,
            shown_after_ms=_SHOWN_AFTER_MS,
        )
        self._indexing.finished.connect(partial(self._indexing_ended, self._indexing))

    def _indexing_ended(self, task: Task) -> None:
        if task is self._indexing:
            self._indexing = None
            if task.is_cancelled:
                self._goes_on = False
                self._problem = _STOPPED
                self.changed.emit()

    def _has_indexed(self, unread: Sequence[UnreadFile]) -> None:
        self._unread = unread
        if self._goes_on:
            self._goes_on = False
            self._catch_up()
            return
        self._is_behind = self._edits_clock.isActive()
        self.changed.emit()
        if self._reading is None and not self._why_unread and any(file.state is None for file in unread):
            self._files_clock.start()

    def _cannot_index(self, error: BaseException) -> None:
        self._goes_on = False
        self._problem = str(error)
        self.changed.emit()

    def _read_files(self) -> None:
        self._reading = self._session.work_beside(
            partial(_read, self._session.kinds),
            title=_READING,
            done=self._has_read,
            failed=self._cannot_read,
            receiver=self,
            shown_after_ms=_SHOWN_AFTER_MS,
        )
        self._reading.finished.connect(partial(self._reading_ended, self._reading))

    def _reading_ended(self, task: Task) -> None:
        if task is self._reading:
            self._reading = None
            if task.is_cancelled:
                self._why_unread = _CANCELLED
            self.changed.emit()

    def _has_read(self, unread: Sequence[UnreadFile]) -> None:
        self._unread = unread
        self.changed.emit()

    def _cannot_read(self, error: BaseException) -> None:
        self._why_unread = str(error)
        self.changed.emit()


# What follows runs in the pool, beside the window's thread and the portfolio's.
# ruff: noqa: PLC0415


def _index(
    kinds: Mapping[str, EvidenceKind], portfolio: PortfolioFile, on_portfolio: OnPortfolio, progress: Progress
) -> Sequence[UnreadFile]:
    from portfolio_app.services.attached_texts import unread_files
    from portfolio_app.services.searching import catch_up

    catch_up(portfolio, kinds, None, progress, on_portfolio)
    return unread_files(portfolio)


def _read(
    kinds: Mapping[str, EvidenceKind], portfolio: PortfolioFile, on_portfolio: OnPortfolio, progress: Progress
) -> Sequence[UnreadFile]:
    from portfolio_app.services.attached_texts import unread_files
    from portfolio_app.services.searching import catch_up
    from portfolio_app.services.text_desk import TextProcess

    with TextProcess() as process:
        catch_up(portfolio, kinds, process.read, progress, on_portfolio)
    return unread_files(portfolio)
