"""Copies that come back from an assessor: read one after the other, compared, and asked about before they count."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from portfolio_app.domain.progress import Progress
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.dialogs.review_answers import ReviewAnswersDialog
from portfolio_app.gui.page import Navigator
from portfolio_app.gui.session import Session
from portfolio_app.gui.tasks import Task
from portfolio_app.services.returned_copies import ReturnedCopy, read_apart
from portfolio_app.services.returned_forms import ReturnedForm, form_in
from portfolio_app.services.review import AcceptedReview, accept_review, compare_review
from portfolio_app.services.review_comparison import ReviewComparison

_PDF = ".pdf"
READ_ANSWERS = "Read the answers"


class ReviewIntake(QObject):
    """Takes returned copies: reads each in a process of its own, and shows what it says.

    The next one is read when the one before is dealt with, so that what is recorded of that one is known.
    """

    accepted = Signal(object)
    """The :class:`AcceptedReview` of a copy, when it is on the disk."""

    def __init__(self, session: Session, window: Navigator, page: QWidget) -> None:
        super().__init__(page)
        self._session = session
        self._window = window
        self._page = page
        self._waiting: deque[Path] = deque()
        self._is_busy = False

    def take(self, paths: Sequence[Path]) -> None:
        """Read these files, one after the other."""
        self._waiting += paths
        if not self._is_busy:
            self._go_on()

    def _go_on(self) -> None:
        self._is_busy = bool(self._waiting) and self._session.is_open
        if not self._is_busy:
            self._waiting.clear()
            return
        path = self._waiting.popleft()
        task = self._session.work(
            partial(_read, path),
            title=f"Reading “{path.name}”",
            done=self._compare,
            failed=self._refuse,
            receiver=self,
        )
        task.finished.connect(partial(self._stop_if_cancelled, task))

    def _stop_if_cancelled(self, task: Task) -> None:
        if task.is_cancelled:  # then nothing else is heard of it
            self._waiting.clear()
            self._is_busy = False

    def _compare(self, copy: ReturnedCopy) -> None:
        if not self._session.is_open:
            self._go_on()
            return
        self._session.read(compare_review, copy, done=self._ask, failed=self._refuse, receiver=self, topic="compare")

    def _ask(self, comparison: ReviewComparison) -> None:
        dialog = ReviewAnswersDialog(comparison, self._page, can_accept=not self._session.read_only)
        dialog.accepted_answers.connect(partial(self._accept, comparison.copy))
        dialog.rejected.connect(self._go_on)
        dialog.open()

    def _accept(self, copy: ReturnedCopy, chosen: frozenset[str], by: str) -> None:
        self._session.edit(accept_review, copy, chosen, by=by, done=self._has_accepted, failed=self._refuse)

    def _has_accepted(self, accepted: AcceptedReview) -> None:
        self.accepted.emit(accepted)
        self._go_on()

    def _refuse(self, error: BaseException) -> None:
        self._window.message(str(error), kind="warning")
        self._go_on()


def sort_out_reviews(
    session: Session, window: Navigator, parent: QWidget, paths: Sequence[Path], then: Callable[[list[Path]], object]
) -> None:
    """Ask about review copies among files that are about to become evidence; ``then`` gets what is to become some."""
    documents = [path for path in paths if path.suffix.lower() == _PDF]
    if not documents:
        then(list(paths))
        return
    session.work(
        partial(_reviews_among, documents),
        title="Looking at the files",
        done=partial(_ask_about, window, parent, list(paths), then),
        receiver=parent,
        quiet=True,
    )


def _ask_about(
    window: Navigator, parent: QWidget, paths: list[Path], then: Callable[[list[Path]], object], reviews: list[Path]
) -> None:
    if not reviews:
        then(paths)
        return
    others = [path for path in paths if path not in reviews]
    one = len(reviews) == 1
    which = f"“{reviews[0].name}” is a review copy" if one else f"{len(reviews):,} of the files are review copies"
    question = QuestionDialog(
        f"{which} with a form for the assessor’s answers",
        "Read the assessor’s answers, or keep it as a piece of evidence?"
        if one
        else "Read the assessor’s answers, or keep them as pieces of evidence?",
        "Keep as evidence",
        READ_ANSWERS,
        parent=parent,
    )

    def answer(pressed: str) -> None:
        if pressed == READ_ANSWERS:
            if others:
                then(others)
            window.read_answers(reviews)
        else:
            then(paths)

    question.answered.connect(answer)
    question.open()


# What follows runs beside the window's thread.


def _read(path: Path, progress: Progress) -> ReturnedCopy:
    return read_apart(path, progress)


def _reviews_among(paths: Sequence[Path], progress: Progress) -> list[Path]:
    found = []
    for number, path in enumerate(paths):
        progress(number, len(paths), "Looking at the files")
        if form_in(path) is ReturnedForm.REVIEW:
            found.append(path)
    return found
