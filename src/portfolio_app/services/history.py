"""What was done, and taking it back."""

from __future__ import annotations

from portfolio_app.domain.changes import Changes
from portfolio_app.storage.errors import NothingToUndo
from portfolio_app.storage.history import HistoryStep, StepKind, UndoNames
from portfolio_app.storage.portfolio_file import PortfolioFile

__all__ = ["HistoryStep", "StepKind", "UndoNames", "list_history", "redo", "undo", "undo_names", "undo_some"]


def list_history(portfolio: PortfolioFile, limit: int | None = None, offset: int = 0) -> list[HistoryStep]:
    """Return the steps, newest first: at most ``limit`` of them after the newest ``offset``."""
    return portfolio.history(limit, offset)


def undo_names(portfolio: PortfolioFile) -> UndoNames:
    """Return what undo and redo would take back and do again, for "Undo claim E4 → 1.2"; empty where nothing."""
    return portfolio.undo_names()


def undo(portfolio: PortfolioFile) -> tuple[str, Changes]:
    """Take the newest step back and return its name.

    Raises:
        NothingToUndo: there is none, or it is a decision.
    """
    return portfolio.undo()


def undo_some(portfolio: PortfolioFile, most: int) -> tuple[list[str], Changes]:
    """Take back the newest steps, one after the other, and return their names; fewer where a decision is in the way.

    Raises:
        NothingToUndo: not one could be taken back.
    """
    names: list[str] = []
    touched = Changes()
    while len(names) < most:
        try:
            name, changes = portfolio.undo()
        except NothingToUndo:
            if not names:
                raise
            break
        names.append(name)
        touched |= changes
    return names, touched


def redo(portfolio: PortfolioFile) -> tuple[str, Changes]:
    """Do the step that was taken back last again and return its name.

    Raises:
        NothingToUndo: nothing was taken back since the last edit.
    """
    return portfolio.redo()
