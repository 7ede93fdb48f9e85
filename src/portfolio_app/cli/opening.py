"""Portfolios as the commands open them, with what there is to be told about them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from portfolio_app.cli.output import tell
from portfolio_app.cli.parameters import STANDARD_INPUT

if TYPE_CHECKING:
    from portfolio_app.domain.evidence import EvidenceKind
    from portfolio_app.storage.portfolio_file import PortfolioFile


@contextmanager
def editing(place: Path) -> Iterator[PortfolioFile]:
    """Open a portfolio to change it."""
    from portfolio_app.services.portfolios import opened

    with _telling(opened(place)) as portfolio:
        yield portfolio


@contextmanager
def reading(place: Path) -> Iterator[PortfolioFile]:
    """Open a portfolio to look at it."""
    from portfolio_app.services.portfolios import opened_to_read

    with _telling(opened_to_read(place)) as portfolio:
        yield portfolio


def kinds_of(portfolio: PortfolioFile) -> dict[str, EvidenceKind]:
    """Return the kinds of evidence that this portfolio knows."""
    from portfolio_app.services.library import evidence_kinds

    return evidence_kinds(portfolio.folder)


def text_from(source: Path | None) -> str | None:
    """Return the text of a file, or of standard input for ``-``; ``None`` where there is no source.

    Raises:
        InvalidInput: it cannot be read, is empty, too large, or not text.
    """
    from portfolio_app.services.text_input import LARGEST_TEXT, bounded, decode, read_bounded

    if source is None:
        return None
    if str(source) == STANDARD_INPUT:
        name = "The text on standard input"
        data = sys.stdin.buffer.read(LARGEST_TEXT + 1) if sys.stdin is not None else b""
        return decode(bounded(data, name), name)
    return decode(read_bounded(source), f"“{source.name}”")


@contextmanager
def _telling(opening: AbstractContextManager[PortfolioFile]) -> Iterator[PortfolioFile]:
    """Tell what there is to be told about a portfolio, on opening, and after closing what has come up since."""
    with opening as portfolio:
        for notice in portfolio.notices:
            tell(notice)
        told = len(portfolio.notices)
        yield portfolio
    for notice in portfolio.notices[told:]:
        tell(notice)
