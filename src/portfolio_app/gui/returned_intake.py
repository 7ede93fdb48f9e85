"""Forms that come back, from an assessor or a witness: read one after the other, compared, and asked about."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from portfolio_app.domain.progress import Progress
from portfolio_app.domain.witness import Place as WitnessPlace
from portfolio_app.gui import places
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.gui.dialogs.review_answers import ReviewAnswersDialog
from portfolio_app.gui.dialogs.witness_answers import WitnessAnswersDialog
from portfolio_app.gui.page import Navigator
from portfolio_app.gui.places import Place
from portfolio_app.gui.session import Session
from portfolio_app.gui.tasks import Task
from portfolio_app.services.attaching import CopiedFile, FileCopier, file_copier
from portfolio_app.services.returned_copies import ReturnedCopy, read_returned
from portfolio_app.services.returned_forms import ReturnedForm, form_in, read_apart
from portfolio_app.services.review import AcceptedReview, accept_review, compare_review
from portfolio_app.services.review_comparison import ReviewComparison
from portfolio_app.services.witness_returns import (
    ReturnedStatement,
    TakenIn,
    WitnessComparison,
    compare_statement,
    read_statement,
    take_in,
)

READ_ANSWERS: Final = "Read the answers"
KEEP: Final = "Keep as evidence"
_PDF: Final = ".pdf"
_LOOKING: Final = "Looking at the files"
_WHAT: Final = {
    ReturnedForm.REVIEW: "a review copy with a form for the assessor’s answers",
    ReturnedForm.WITNESS: "a form for a witness",
}


class ReturnedIntake(QObject):
    """Takes forms that came back: reads each in a process of its own, and shows what it says.

    The next one is read when the one before is dealt with, so that what is recorded of that one is known.
    """

    def __init__(
        self, session: Session, window: Navigator, page: QWidget, read: Callable[[Path, Progress], Any]
    ) -> None:
        super().__init__(page)
        self._session = session
        self._window = window
        self._page = page
        self._read = read
        self._waiting: deque[Path] = deque()
        self._is_busy = False

    def take(self, paths: Sequence[Path]) -> None:
        """Read these files, one after the other."""
        self._waiting += paths
        if not self._is_busy:
            self._go_on()

    def _compare(self, path: Path, returned: Any) -> None:
        """Hold what a file says against the portfolio; ask, and go on when it is dealt with."""
        raise NotImplementedError

    def _go_on(self) -> None:
        self._is_busy = bool(self._waiting) and self._session.is_open
        if not self._is_busy:
            self._waiting.clear()
            return
        path = self._waiting.popleft()
        self._work(
            partial(read_apart, self._read, path), f"Reading “{path.name}”", partial(self._compare_if_open, path)
        )

    def _work(self, function: Callable[[Progress], Any], title: str, done: Callable[[Any], None]) -> None:
        task = self._session.work(function, title=title, done=done, failed=self._refuse, receiver=self)
        task.finished.connect(partial(self._stop_if_cancelled, task))

    def _stop_if_cancelled(self, task: Task) -> None:
        if task.is_cancelled:  # then nothing else is heard of it
            self._waiting.clear()
            self._is_busy = False

    def _compare_if_open(self, path: Path, returned: Any) -> None:
        if self._session.is_open:
            self._compare(path, returned)
        else:
            self._go_on()

    def _refuse(self, error: BaseException) -> None:
        self._window.message(str(error), kind="warning")
        self._go_on()


class ReviewIntake(ReturnedIntake):
    """Takes review copies that an assessor sent back."""

    accepted = Signal(object)
    """The :class:`AcceptedReview` of a copy, when it is on the disk."""

    def __init__(self, session: Session, window: Navigator, page: QWidget) -> None:
        super().__init__(session, window, page, read_returned)

    def _compare(self, path: Path, returned: ReturnedCopy) -> None:  # noqa: ARG002 - the file is not kept
        self._session.read(
            compare_review, returned, done=self._ask, failed=self._refuse, receiver=self, topic="compare"
        )

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


class WitnessIntake(ReturnedIntake):
    """Takes forms that witnesses sent back; what is taken in is shown on the item."""

    def __init__(self, session: Session, window: Navigator, page: QWidget) -> None:
        super().__init__(session, window, page, read_statement)

    def _compare(self, path: Path, returned: ReturnedStatement) -> None:
        self._session.read(
            compare_statement,
            self._session.kinds,
            returned,
            done=partial(self._ask, path, returned),
            failed=self._refuse,
            receiver=self,
            topic="compare",
        )

    def _ask(self, path: Path, returned: ReturnedStatement, comparison: WitnessComparison) -> None:
        dialog = WitnessAnswersDialog(comparison, self._page, can_accept=not self._session.read_only)
        dialog.accepted_answers.connect(partial(self._copy, path, returned, comparison))
        dialog.rejected.connect(self._go_on)
        dialog.open()

    def _copy(
        self, path: Path, returned: ReturnedStatement, shown: WitnessComparison, chosen: frozenset[WitnessPlace]
    ) -> None:
        """Bring the file into the portfolio's folder before it is attached."""

        def copy(copier: FileCopier) -> None:
            self._work(
                partial(copier.copy, path), f"Copying “{path.name}”", partial(self._take_in, returned, shown, chosen)
            )

        self._session.read(file_copier, done=copy, failed=self._refuse, receiver=self)

    def _take_in(
        self,
        returned: ReturnedStatement,
        shown: WitnessComparison,
        chosen: frozenset[WitnessPlace],
        file: CopiedFile,
    ) -> None:
        self._session.edit(
            take_in,
            self._session.kinds,
            returned,
            file,
            chosen,
            shown=shown,
            done=self._has_taken_in,
            failed=self._refuse,
        )

    def _has_taken_in(self, taken: TakenIn) -> None:
        item, name = taken.evidence, taken.comparison.name
        self._window.go(Place(places.EVIDENCE, evidence_id=item.id))
        if taken.is_new:
            self._window.toast(f"{name}’s testimony was taken in for {item.ref}.", undo=True)
        else:
            self._window.toast(f"There was nothing new for {item.ref} in it.")
        self._go_on()


Forms = Mapping[Path, ReturnedForm]


def look_for_forms(session: Session, receiver: QObject, paths: Sequence[Path], done: Callable[[Forms], None]) -> None:
    """Find out which of these files are forms of ours; ``done`` gets which."""
    documents = [path for path in paths if path.suffix.lower() == _PDF]
    if not documents:
        done({})
        return
    session.work(partial(_forms_among, documents), title=_LOOKING, done=done, receiver=receiver, quiet=True)


def read_forms(window: Navigator, forms: Forms) -> None:
    """Have forms that came back read on the pages that show what they say."""
    for form, read in ((ReturnedForm.REVIEW, window.read_answers), (ReturnedForm.WITNESS, window.read_statements)):
        files = [path for path, found in forms.items() if found is form]
        if files:
            read(files)


def sort_out_forms(
    session: Session, window: Navigator, parent: QWidget, paths: Sequence[Path], then: Callable[[list[Path]], object]
) -> None:
    """Ask about forms of ours among files that are about to become evidence; ``then`` gets what is to become some."""
    look_for_forms(session, parent, paths, partial(_ask_about, window, parent, list(paths), then))


def _ask_about(
    window: Navigator, parent: QWidget, paths: list[Path], then: Callable[[list[Path]], object], forms: Forms
) -> None:
    if not forms:
        then(paths)
        return
    others = [path for path in paths if path not in forms]
    (first, form), *more = forms.items()
    which = _forms_in_words(len(forms), of=len(paths)) if more else f"“{first.name}” is {_WHAT[form]}"
    question = QuestionDialog(
        which,
        "Read the answers that were filled in, or keep "
        + ("them as pieces of evidence?" if more else "it as a piece of evidence?"),
        KEEP,
        READ_ANSWERS,
        parent=parent,
    )

    def answer(pressed: str) -> None:
        if pressed == READ_ANSWERS:
            if others:
                then(others)
            read_forms(window, forms)
        else:
            then(paths)

    question.answered.connect(answer)
    question.open()


def _forms_in_words(count: int, of: int) -> str:
    if count < of:
        return f"{count:,} of the {of:,} files are forms"
    return "Both files are forms" if count == 2 else f"All {count:,} files are forms"


# What follows runs beside the window's thread.


def _forms_among(paths: Sequence[Path], progress: Progress) -> Forms:
    found = {}
    for number, path in enumerate(paths):
        progress(number, len(paths), _LOOKING)
        if form := form_in(path):
            found[path] = form
    return found
