"""What was done, and taking it back."""

from __future__ import annotations

from portfolio_app.domain.changes import Changes
from portfolio_app.storage.history import HistoryStep
from portfolio_app.storage.portfolio_file import PortfolioFile


def list_history(portfolio: PortfolioFile, limit: int | None = None) -> list[HistoryStep]:
    """Return the steps, newest first."""
    return portfolio.history(limit)


def undo(portfolio: PortfolioFile) -> tuple[str, Changes]:
    """Take the newest step back and return its name.

    Raises:
        NothingToUndo: there is none, or it is a decision.
    """
    return portfolio.undo()


def redo(portfolio: PortfolioFile) -> tuple[str, Changes]:
    """Do the step that was taken back last again and return its name.

    Raises:
        NothingToUndo: nothing was taken back since the last edit.
    """
    return portfolio.redo()
