"""Rows to domain values and back: what can be read from a portfolio and what can be put into it.

A reader or editor lives as long as its transaction (``PortfolioFile.read`` and ``PortfolioFile.edit``).
"""

from __future__ import annotations

from portfolio_app.storage.repositories.editing import PortfolioEditor
from portfolio_app.storage.repositories.facts import FactsMemory
from portfolio_app.storage.repositories.listing import ListMemory
from portfolio_app.storage.repositories.reading import PortfolioReader

__all__ = ["FactsMemory", "ListMemory", "PortfolioEditor", "PortfolioReader"]
