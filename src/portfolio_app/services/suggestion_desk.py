"""Suggestions made beside the window: in a process of their own, which reads the portfolio itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, Self

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.domain.suggestions import Sibling, SuggestionSet
from portfolio_app.helper_process import HelperProcess
from portfolio_app.services.portfolios import open_portfolio
from portfolio_app.services.references import current_evidence, leaf_of_id
from portfolio_app.services.suggestion_engine import SuggestionEngine
from portfolio_app.services.suggestions import sibling_requirements, suggest_for_evidence, suggest_for_requirement

_WHAT: Final = "The part of the program that makes suggestions"
_ADVICE: Final = "Your portfolio is as it was; try again."


class SuggestionDesk:
    """Makes suggestions for a portfolio that others may be working on, as it is saved.

    They are remembered until the portfolio has changed.
    """

    def __init__(self, path: Path) -> None:
        """Use the database at ``path``; the sentence model is loaded when it is first needed."""
        self._path = path
        self._engine = SuggestionEngine(path.parent)
        self._head = ""
        self._made: dict[tuple[str, str], SuggestionSet] = {}

    def for_evidence(self, evidence_id: str, progress: Progress = no_progress) -> SuggestionSet:
        """Suggest requirements for an item, by its id; as :func:`suggest_for_evidence` does.

        Raises:
            KnownError: as there, or the portfolio cannot be read.
        """
        with open_portfolio(self._path, read_only=True) as portfolio:
            with portfolio.read() as reader:
                evidence_ref = current_evidence(reader, evidence_id).ref
                _, head = reader.revision()
            return self._remembered(
                head,
                ("item", evidence_id),
                lambda: suggest_for_evidence(portfolio, evidence_ref, self._engine, progress=progress),
            )

    def for_requirement(self, requirement_id: str, progress: Progress = no_progress) -> SuggestionSet:
        """Suggest items for a requirement, by its id; as :func:`suggest_for_requirement` does.

        Raises:
            KnownError: as there, or the portfolio cannot be read.
        """
        with open_portfolio(self._path, read_only=True) as portfolio:
            with portfolio.read() as reader:
                unit, _ = leaf_of_id(reader, requirement_id)
                _, head = reader.revision()
            address = unit.addresses()[requirement_id]
            return self._remembered(
                head,
                ("requirement", requirement_id),
                lambda: suggest_for_requirement(portfolio, address, self._engine, progress=progress),
            )

    def siblings(
        self, requirement_id: str, evidence_id: str = "", progress: Progress = no_progress
    ) -> tuple[Sibling, ...]:
        """Return requirements of other units like this one; as :func:`sibling_requirements` does.

        Raises:
            KnownError: as there, or the portfolio cannot be read.
        """
        progress(0, 0, "Comparing requirements")
        with open_portfolio(self._path, read_only=True) as portfolio:
            return sibling_requirements(portfolio, requirement_id, self._engine, evidence_id)

    def _remembered(self, head: str, key: tuple[str, str], make: Callable[[], SuggestionSet]) -> SuggestionSet:
        """Return what was made at this step of the history; anew where files were not read that may be by now."""
        if head != self._head:
            self._made.clear()
            self._head = head
        found = self._made.get(key)
        if found is None or found.unread:
            found = self._made[key] = make()
        return found


class SuggestionProcess:
    """A :class:`SuggestionDesk` in a process of its own. Its methods wait for the answer: not for the window's thread.

    It needs about 200 MB once it has been asked, so it is started when it is first needed, and closed with the
    portfolio. Rejecting a suggestion is an edit like any other: :func:`~portfolio_app.services.suggestions.
    reject_suggestion` on the open portfolio.
    """

    def __init__(self, path: Path) -> None:
        """Use the database at ``path``; the process is started when it is needed."""
        self._process = HelperProcess(partial(SuggestionDesk, path.absolute()), what=_WHAT, advice=_ADVICE)

    @property
    def process_id(self) -> int | None:
        """The number of the process, while there is one."""
        return self._process.process_id

    def start(self) -> None:
        """Start the process, so that it is there when it is needed.

        Raises:
            ProcessDied: it cannot be started.
        """
        self._process.start()

    def for_evidence(self, evidence_id: str, progress: Progress = no_progress) -> SuggestionSet:
        """Suggest at most three requirements for an item; as :meth:`SuggestionDesk.for_evidence` does.

        Raises:
            KnownError: as there, or the process ended.
        """
        return self._process.call(SuggestionDesk.for_evidence, evidence_id, progress=progress)

    def for_requirement(self, requirement_id: str, progress: Progress = no_progress) -> SuggestionSet:
        """Suggest at most three items for a requirement; as :meth:`SuggestionDesk.for_requirement` does.

        Raises:
            KnownError: as there, or the process ended.
        """
        return self._process.call(SuggestionDesk.for_requirement, requirement_id, progress=progress)

    def siblings(
        self, requirement_id: str, evidence_id: str = "", progress: Progress = no_progress
    ) -> tuple[Sibling, ...]:
        """Return requirements of other units like this one; as :meth:`SuggestionDesk.siblings` does.

        Raises:
            KnownError: as there, or the process ended.
        """
        return self._process.call(SuggestionDesk.siblings, requirement_id, evidence_id, progress=progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process for good; what it works on is cancelled."""
        self._process.close()
