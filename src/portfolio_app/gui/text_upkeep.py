"""What the evidence says, read for the remarks on it: beside everything else, a few milliseconds at a time.

It begins when a page first wants to know. The portfolio's own thread reads, and rests between two slices, so that
neither an edit nor the window waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:  # the window is on screen before these are imported
    from collections.abc import Callable, Mapping, Sequence

    from portfolio_app.domain.changes import Changes
    from portfolio_app.domain.evidence import EvidenceKind
    from portfolio_app.domain.qualification import Guidance
    from portfolio_app.domain.text_facts import TextFacts
    from portfolio_app.gui.session import Session
    from portfolio_app.services.text_reading import ReadSoFar, TextReader
    from portfolio_app.storage.portfolio_file import PortfolioFile

_SLICE: Final = 0.005  # seconds
_REST_MS: Final = 15
_BEGIN_AFTER_MS: Final = 300
_GIVEN_WAY_MS: Final = 250
_AFTER_EDITS_MS: Final = 1200
_MANY: Final = 500


class TextUpkeep(QObject):
    """Knows what was found in the texts of the open portfolio."""

    changed = Signal()
    """All is read, and something is new; or it is known that it cannot be read."""
    progressed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._reading = _Reading()
        self._facts: TextFacts | None = None
        self._so_far: ReadSoFar | None = None
        self._problem = ""
        self._is_wanted = self._is_begun = self._is_new = False
        self._is_busy: Callable[[], bool] = bool  # which is never so
        self._clock = QTimer(self, singleShot=True)
        self._clock.timeout.connect(self._read_on)
        session.changed.connect(self._has_changed)
        session.closed.connect(self._forget)

    @property
    def facts(self) -> TextFacts | None:
        """What is known for the rules; ``None`` until everything was read once."""
        return self._facts

    @property
    def told(self) -> str:
        """A sentence on why remarks on texts are missing; empty where they are not."""
        so_far = self._so_far
        if self._problem:
            return f"The texts of the evidence are not looked at. {self._problem}"
        if so_far is not None and self._facts is None:
            return f"Reading the evidence: {so_far.read:,} of {so_far.total:,}."
        return ""

    @property
    def is_slow(self) -> bool:
        """Whether there is so much to be read that somebody may wonder where the remarks are."""
        return self._so_far is not None and self._so_far.total >= _MANY

    @property
    def has_problem(self) -> bool:
        """Whether the texts cannot be looked at."""
        return bool(self._problem)

    def give_way(self, is_busy: Callable[[], bool]) -> None:
        """Rest for as long as ``is_busy`` says that something else takes what time the processor has."""
        self._is_busy = is_busy

    def want(self, *, soon: bool = True) -> None:
        """Begin to read, if nobody has begun; where it is not ``soon``, once attached files have been looked at."""
        if self._session.is_open and not self._problem and not self._is_begun:
            self._is_wanted = True
            if soon:
                self._clock.start(_BEGIN_AFTER_MS)

    def read_advice(
        self, requirement_id: str, *, done: Callable[[Sequence[Guidance]], None], receiver: QObject
    ) -> None:
        """Have ``done`` called with the advice that matters for a requirement; without sound word lists, not at all."""
        self._session.read(
            self._reading.advice,
            self._session.kinds,
            requirement_id,
            done=done,
            failed=self._cannot,
            receiver=receiver,
            topic="advice",
        )

    def look_again(self) -> None:
        """Take in what attached files say that were read meanwhile."""
        if self._is_wanted and not self._is_begun:
            self.want()
        elif self._is_wanted and not self._problem:
            look = self._reading.look_again
            self._session.read(look, done=self._has_looked, failed=self._cannot, receiver=self, topic="look-again")

    def _has_changed(self, changes: Changes, _initiator: object) -> None:
        if self._is_begun and not self._problem and changes.evidence:
            self._clock.start(_AFTER_EDITS_MS)

    def _forget(self) -> None:
        self._clock.stop()
        self._reading = _Reading()
        self._facts = self._so_far = None
        self._problem = ""
        self._is_wanted = self._is_begun = self._is_new = False

    def _read_on(self) -> None:
        if self._is_busy():
            self._clock.start(_GIVEN_WAY_MS)
        elif self._session.is_open:
            self._is_begun = True
            kinds, read = self._session.kinds, self._reading.read_on
            self._session.read(read, kinds, done=self._has_read, failed=self._cannot, receiver=self, topic="read-on")

    def _has_read(self, outcome: tuple[ReadSoFar, TextFacts | None]) -> None:
        self._so_far, facts = outcome
        self._is_new |= self._so_far.is_new
        if facts is None:
            self._clock.start(_REST_MS)
            self.progressed.emit()
        elif self._is_new or self._facts is None:
            self._facts, self._is_new = facts, False
            self.changed.emit()

    def _has_looked(self, anything: bool) -> None:
        if anything:
            self._clock.start(_REST_MS)

    def _cannot(self, error: BaseException) -> None:
        self._problem = str(error)
        self.changed.emit()


class _Reading:
    """The reader of one portfolio; all of it runs on the portfolio's thread."""

    def __init__(self) -> None:
        self._reader: TextReader | None = None

    def read_on(
        self, portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind]
    ) -> tuple[ReadSoFar, TextFacts | None]:
        """Read a slice; with the last one return what is known."""
        reader = self._opened(portfolio, kinds)
        so_far = reader.read_on(portfolio, _SLICE)
        return so_far, reader.facts() if so_far.is_complete else None

    def advice(
        self, portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind], requirement_id: str
    ) -> Sequence[Guidance]:
        """Return the advice that matters for a requirement."""
        from portfolio_app.services.advice import requirement_advice  # noqa: PLC0415 - start-up time

        return requirement_advice(portfolio, requirement_id, self._opened(portfolio, kinds).words)

    def look_again(self, portfolio: PortfolioFile) -> bool:
        """Return whether an attached file was read that was not before."""
        from portfolio_app.services.text_reading import files_still_unread  # noqa: PLC0415 - start-up time

        return self._reader is not None and self._reader.look_again(files_still_unread(portfolio))

    def _opened(self, portfolio: PortfolioFile, kinds: Mapping[str, EvidenceKind]) -> TextReader:
        from portfolio_app.services.text_reading import text_reader  # noqa: PLC0415 - start-up time

        if self._reader is None:
            self._reader = text_reader(portfolio, kinds)
        return self._reader
