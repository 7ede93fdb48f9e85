"""Every released format opens for ever."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.make_format_fixture import FORMATS, contents

from portfolio_app.domain.redaction import Redaction
from portfolio_app.storage import history, schema
from portfolio_app.storage.errors import NothingToUndo
from portfolio_app.storage.portfolio_file import PortfolioFile

RELEASED = sorted(path.name for path in FORMATS.iterdir())


def must_contain(found: Any, expected: Any, where: str = "") -> None:
    """Compare all that the example's format knew; a later format may say more."""
    if isinstance(expected, dict):
        for name, value in expected.items():
            must_contain(found[name], value, f"{where}/{name}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), where
        for position, value in enumerate(expected):
            must_contain(found[position], value, f"{where}/{position}")
    else:
        assert found == expected, where


@pytest.fixture(params=RELEASED)
def example(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    source: Path = FORMATS / request.param
    shutil.copytree(source, tmp_path / "portfolio", ignore=shutil.ignore_patterns("*.sql", "*.json"))
    return source


def test_there_is_an_example_of_every_format() -> None:
    assert sorted(f"format-{number}" for number in range(1, schema.FORMAT + 1)) == RELEASED


def test_an_example_opens_with_everything_in_it(example: Path, tmp_path: Path) -> None:
    expected = json.loads((example / "contents.json").read_text(encoding="utf-8"))
    with PortfolioFile.open(tmp_path / "portfolio") as portfolio:
        found = contents(portfolio)
        assert [problem for _, problem in history.verify(portfolio._database.raw) if problem] == []
    steps_since = len(found["history"]) - len(expected["history"])
    must_contain(found["history"][steps_since:], expected["history"])
    if example.name == f"format-{schema.FORMAT}":
        assert found == expected
    for passing in ("history", "revision", "history_head"):
        del expected[passing]
    must_contain(found, expected)


def test_the_steps_of_the_present_formats_example_can_be_undone_and_redone(tmp_path: Path) -> None:
    source = FORMATS / f"format-{schema.FORMAT}"
    shutil.copytree(source, tmp_path / "portfolio", ignore=shutil.ignore_patterns("*.sql", "*.json"))
    with PortfolioFile.open(tmp_path / "portfolio") as portfolio:
        assert portfolio.redo()[0] == "Change the centre"
        with portfolio.read() as reader:
            assert reader.details().centre == "Undone Centre"
        undoable = ("Change the centre", "Rename the learner", "Bin the last item", "Reject a suggestion")
        for name in (*undoable, "Group the units", "Mark what is to be hidden", "Rework the item"):
            assert portfolio.undo()[0] == name
        with portfolio.read() as reader:
            assert reader.details().learner.name == "Sam Ellis"
            assert reader.evidence_facts(binned=True) == []
            assert (reader.versions(), reader.redaction()) == ([], Redaction())
            assert (reader.details().qualification.groups, reader.rejected_suggestions()) == ((), frozenset())
        with pytest.raises(NothingToUndo, match="Accept a review"):
            portfolio.undo()


def test_the_present_schema_is_that_of_its_example() -> None:
    text = (FORMATS / f"format-{schema.FORMAT}" / "schema.sql").read_text(encoding="utf-8")
    frozen = [schema.normalised(statement) for statement in text.split(";\n") if statement.strip()]
    assert [schema.normalised(statement) for statement in schema.statements()] == frozen
