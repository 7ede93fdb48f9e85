"""Checking that nothing of a portfolio is lost or altered."""

from __future__ import annotations

from pathlib import Path

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.storage.check import CheckReport, Finding, Severity, check
from portfolio_app.storage.errors import PortfolioDamaged
from portfolio_app.storage.portfolio_file import PortfolioFile

__all__ = ["CheckReport", "check_portfolio"]


def check_portfolio(place: Path, progress: Progress = no_progress) -> CheckReport:
    """Check a portfolio without changing it: opened for editing, a damaged one would be replaced by a back-up.

    Raises:
        StorageError: there is no portfolio, or it cannot be read at all.
    """
    try:
        with PortfolioFile.open(place, read_only=True) as portfolio:
            return check(portfolio, progress)
    except PortfolioDamaged as error:
        return CheckReport((Finding(Severity.DAMAGE, "database", str(error)),), 0, 0, 0)
