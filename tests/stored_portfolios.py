"""Portfolios on disk for tests: a rich one stored, and what a database holds as one text to compare."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.portfolio import Learner, Portfolio, PortfolioDetails
from portfolio_app.storage import schema
from portfolio_app.storage.portfolio_file import PortfolioFile

UNDONE_WITH_THE_REST = [
    table for table in schema.metadata.sorted_tables if table.name not in {"counter", "history_step", "history_image"}
]
"""Every table that undo brings back: all but the counter of references and the history itself."""


def new_portfolio(folder: Path, learner: str = "Sam Ellis") -> PortfolioFile:
    """Make an empty portfolio and return it open."""
    return PortfolioFile.create(folder, PortfolioDetails(id=new_id(), learner=Learner(learner)))


def store(folder: Path, portfolio: Portfolio) -> PortfolioFile:
    """Make a portfolio with this content and return it open; each kind of thing is a step of its own."""
    made = PortfolioFile.create(folder, portfolio.details)
    with made.edit("Add units") as editor:
        for unit in portfolio.units:
            editor.put_unit(unit)
    with made.edit("Add evidence") as editor:
        for person in portfolio.people:
            editor.put_person(person)
        editor.put_evidence_many(portfolio.evidence)
    with made.edit("Add claims") as editor:
        editor.put_claims_many(portfolio.claims)
    for decision in portfolio.decisions:
        with made.edit("Decide") as editor:
            editor.add_decision(decision)
    with made.edit("Add actions") as editor:
        for action in portfolio.actions:
            editor.put_action(action)
        for dismissal in portfolio.dismissals:
            editor.put_dismissal(dismissal)
    return made


def state(database: Path) -> str:
    """Return every row that undo brings back, as text; read beside whoever has the portfolio open."""
    lines = []
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        for table in UNDONE_WITH_THE_REST:
            key = ", ".join(column.name for column in table.primary_key)
            rows = connection.execute(f"SELECT * FROM {table.name} ORDER BY {key}").fetchall()
            lines += [f"{table.name} {row!r}" for row in rows]
    return "\n".join(lines)
