"""An open portfolio with a unit of three requirements, the second with components."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.domain.qualification import Component, Requirement, Unit
from portfolio_app.importing.evidence_kinds import load_kinds
from portfolio_app.services.portfolios import DetailsGiven, start_portfolio
from portfolio_app.storage.portfolio_file import PortfolioFile


def _unit(title: str = "Serve customers") -> Unit:
    """Return a unit without a code; its ids begin with its title."""

    def leaf(ref: str, *components: str) -> Requirement:
        parts = tuple(Component(f"{title}-{ref}-{part}", part) for part in components)
        return Requirement(f"{title}-{ref}", ref, "criterion", f"Do {ref}.", components=parts)

    outcome = Requirement(
        f"{title}-LO1", "LO1", "outcome", "Outcome.", children=(leaf("1.1"), leaf("1.2", "first", "second"))
    )
    return Unit(f"id-{title}", "", title, requirements=(outcome, leaf("2.1")))


@pytest.fixture(scope="session")
def kinds() -> dict[str, EvidenceKind]:
    return load_kinds()


@pytest.fixture
def portfolio(tmp_path: Path) -> Iterator[PortfolioFile]:
    with start_portfolio(tmp_path / "p", DetailsGiven(learner="Sam Ellis"), [_unit()]) as portfolio:
        yield portfolio
