"""Checking that nothing of a portfolio is lost or altered."""

from __future__ import annotations

from pathlib import Path

from portfolio_app.domain.progress import Progress, no_progress
from portfolio_app.storage.check import CheckReport, Finding, Severity, check, check_file
from portfolio_app.storage.errors import ForeignSchema, PortfolioDamaged, StorageError
from portfolio_app.storage.opening import locate
from portfolio_app.storage.portfolio_file import PortfolioFile

__all__ = ["CheckReport", "Finding", "Severity", "check_portfolio"]


def check_portfolio(place: Path, progress: Progress = no_progress) -> CheckReport:
    """Check a portfolio without changing it: opened for editing, a damaged one would be replaced by a back-up.

    Raises:
        StorageError: there is no portfolio, or it may not be read.
    """
    try:
        with PortfolioFile.open(place, read_only=True) as portfolio:
            return check(portfolio, progress)
    except (PortfolioDamaged, ForeignSchema) as error:
        return _of_a_spoilt_one(place, error, progress)


def _of_a_spoilt_one(place: Path, error: StorageError, progress: Progress) -> CheckReport:
    """Say what is wrong with a portfolio that cannot be opened, and what of it is sound."""
    why = Finding(Severity.DAMAGE, "database", str(error))
    try:
        report = check_file(locate(place), progress)
    except StorageError:
        return CheckReport((why,), 0, 0, 0)
    return CheckReport((why, *report.findings), report.files_checked, report.steps_checked, report.backups_checked)
