"""Starting, opening and describing a portfolio."""

from __future__ import annotations

import contextlib
import itertools
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from portfolio_app.domain.changes import Changes
from portfolio_app.domain.errors import InvalidInput
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.portfolio import Declaration, Learner, PortfolioDetails
from portfolio_app.domain.qualification import Unit
from portfolio_app.services.history import StepKind
from portfolio_app.services.text_input import day, line, prose
from portfolio_app.services.units import insert_units
from portfolio_app.storage.errors import PortfolioDamaged, PortfolioLocked
from portfolio_app.storage.portfolio_file import PortfolioFile, file_stem

__all__ = [
    "DetailsGiven",
    "PortfolioLocked",
    "changed_since_signing",
    "declare",
    "note_ai_use",
    "open_portfolio",
    "opened",
    "opened_to_read",
    "portfolio_details",
    "set_details",
    "start_portfolio",
    "withdraw_declaration",
]


_SIGNING: Final = "Sign the declaration of authenticity"
_STEPS_AT_A_TIME: Final = 500


@dataclass(frozen=True, slots=True)
class DetailsGiven:
    """What the front sheet is to say, as typed. ``None`` leaves a detail as it is, empty text clears it."""

    learner: str | None = None
    learner_number: str | None = None
    email: str | None = None
    profile: str | None = None
    qualification: str | None = None
    qualification_number: str | None = None
    awarding_body: str | None = None
    level: str | None = None
    centre: str | None = None
    started_on: str | None = None
    planned_end: str | None = None


def folder_name(learner: str) -> str:
    """Return what the folder of a learner's portfolio may be called on any system."""
    return file_stem(learner)


def free_folder(around: Path, name: str) -> Path:
    """Return a folder of this name that does not exist yet, with a number where there is one already."""
    folder, number = around / name, 1
    while folder.exists():
        number += 1
        folder = around / f"{name} ({number})"
    return folder


def start_portfolio(folder: Path, given: DetailsGiven, units: Sequence[Unit] = ()) -> PortfolioFile:
    """Make a portfolio with its first units and return it open.

    When anything goes wrong, no folder is left behind that was not there before.

    Raises:
        InvalidInput: the learner has no name, or a detail cannot be used.
        StorageError: the folder is not empty or cannot be written.
    """
    details = _filled(PortfolioDetails(id=new_id(), learner=Learner(""), created_at=datetime.now(UTC)), given)
    was_there = folder.is_dir()
    portfolio = PortfolioFile.create(folder, details)
    try:
        if units:
            insert_units(portfolio, units)
    except BaseException:
        portfolio.close()
        _remove(portfolio.folder, keep_folder=was_there)
        raise
    return portfolio


def open_portfolio(place: Path, *, read_only: bool = False, take_over: bool = False) -> PortfolioFile:
    """Open a portfolio by its folder or its file and return it, to be closed by whoever asked.

    ``take_over`` opens one that another computer says to have open, for a user who knows that it has not.

    Raises:
        PortfolioLocked: it is open elsewhere; it can be opened ``read_only``, and with ``take_over`` where the error
            says ``can_take_over``.
        StorageError: it cannot be opened; nothing was changed.
    """
    return PortfolioFile.open(place, read_only=read_only, take_over=take_over)


@contextlib.contextmanager
def opened(place: Path) -> Iterator[PortfolioFile]:
    """Open a portfolio for editing."""
    with PortfolioFile.open(place) as portfolio:
        yield portfolio


@contextlib.contextmanager
def opened_to_read(place: Path) -> Iterator[PortfolioFile]:
    """Open a portfolio to look at, beside whoever has it open for editing; a damaged one is restored first."""
    try:
        portfolio = PortfolioFile.open(place, read_only=True)
    except PortfolioDamaged:
        portfolio = PortfolioFile.open(place)
    with portfolio:
        yield portfolio


def portfolio_details(portfolio: PortfolioFile) -> PortfolioDetails:
    """Return what the front sheet says."""
    with portfolio.read() as reader:
        return reader.details()


def set_details(portfolio: PortfolioFile, given: DetailsGiven) -> tuple[PortfolioDetails, Changes]:
    """Change what the front sheet says.

    Raises:
        InvalidInput: a detail cannot be used.
    """
    with portfolio.edit("Change the portfolio’s details") as editor:
        details = _filled(editor.details(), given)
        editor.put_details(details)
        return details, editor.changes


def declare(
    portfolio: PortfolioFile, *, ai_use: str, signed_by: str = "", signed_on: date | None = None
) -> tuple[PortfolioDetails, Changes]:
    """Sign the learner's declaration of authenticity; by the learner and today unless said otherwise.

    Raises:
        InvalidInput: the question on the use of AI is not answered, or the day is in the future.
    """
    answer = prose(ai_use, "The answer on the use of AI").strip()
    if not answer:
        raise InvalidInput("Say which AI tools were used and where, or that none were used.")
    today = datetime.now().astimezone().date()
    if signed_on is not None and signed_on > today:
        raise InvalidInput("A declaration cannot be signed on a day to come.")
    with portfolio.edit(_SIGNING) as editor:
        details = editor.details()
        name = line(signed_by, "The signature") or details.learner.name
        details = replace(details, declaration=Declaration(name, signed_on or today, answer))
        editor.put_details(details)
        return details, editor.changes


def changed_since_signing(portfolio: PortfolioFile) -> int:
    """Return how many steps that are in force were taken since the declaration was signed; 0 where it is not."""
    with portfolio.read() as reader:
        if not reader.details().declaration.signed_by:
            return 0
    changed = 0
    for start in itertools.count(0, _STEPS_AT_A_TIME):
        steps = portfolio.history(_STEPS_AT_A_TIME, start)
        for step in steps:
            if step.undone or step.kind is not StepKind.EDIT:
                continue
            if step.name == _SIGNING:
                return changed
            changed += 1
        if len(steps) < _STEPS_AT_A_TIME:
            break
    return 0  # it was signed before this history begins


def note_ai_use(portfolio: PortfolioFile, ai_use: str) -> tuple[PortfolioDetails, Changes]:
    """Keep the answer on the use of AI as it is written; a declaration that was signed on another one is not any more.

    Raises:
        InvalidInput: the answer is too long or not text.
    """
    answer = prose(ai_use, "The answer on the use of AI").strip()
    with portfolio.edit("Change the answer on the use of AI") as editor:
        details = editor.details()
        if details.declaration.ai_use != answer:
            details = replace(details, declaration=Declaration(ai_use=answer))
            editor.put_details(details)
        return details, editor.changes


def withdraw_declaration(portfolio: PortfolioFile) -> tuple[PortfolioDetails, Changes]:
    """Take the signature off the declaration; the answer on the use of AI stays."""
    with portfolio.edit("Withdraw the declaration of authenticity") as editor:
        details = editor.details()
        details = replace(details, declaration=Declaration(ai_use=details.declaration.ai_use))
        editor.put_details(details)
        return details, editor.changes


def _filled(details: PortfolioDetails, given: DetailsGiven) -> PortfolioDetails:
    def text(value: str | None, current: str, what: str, *, required: bool = False) -> str:
        return current if value is None else line(value, what, required=required)

    def on(value: str | None, current: date | None) -> date | None:
        if value is None:
            return current
        return day(value) if value.strip() else None

    learner, qualification = details.learner, details.qualification
    started_on, planned_end = on(given.started_on, details.started_on), on(given.planned_end, details.planned_end)
    if started_on and planned_end and planned_end < started_on:
        raise InvalidInput("The planned end is before the start.")
    return replace(
        details,
        learner=Learner(
            name=text(given.learner, learner.name, "The learner’s name", required=True),
            number=text(given.learner_number, learner.number, "The learner’s number"),
            email=text(given.email, learner.email, "The e-mail address"),
            profile=learner.profile if given.profile is None else prose(given.profile, "The profile"),
        ),
        qualification=replace(
            qualification,
            title=text(given.qualification, qualification.title, "The qualification"),
            number=text(given.qualification_number, qualification.number, "The qualification’s number"),
            awarding_body=text(given.awarding_body, qualification.awarding_body, "The awarding body"),
            level=text(given.level, qualification.level, "The level"),
        ),
        centre=text(given.centre, details.centre, "The centre"),
        started_on=started_on,
        planned_end=planned_end,
    )


def _remove(folder: Path, *, keep_folder: bool) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if keep_folder:
        folder.mkdir(exist_ok=True)
