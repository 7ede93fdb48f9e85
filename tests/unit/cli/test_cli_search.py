"""Search on the command line: what is found and where, what is not known, and what cannot be meant."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.unit.cli.conftest import CommandLine

from portfolio_app.storage.portfolio_file import PortfolioFile


@pytest.fixture(scope="module")
def searched(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portfolio of this module's, whose index is made once."""
    copy = tmp_path_factory.mktemp("searched") / prepared.name
    shutil.copytree(prepared, copy)
    return copy


def test_text_of_files_and_of_the_portfolio_is_found_at_its_place(cli: CommandLine, searched: Path) -> None:
    outcome = cli("search", searched, "monday", "sam")
    assert outcome.code == 0
    assert outcome.out.split("\n")[:2] == ["E1  rota.txt – paragraph 1", "    Monday: Sam"]
    assert outcome.out.endswith("1 found.\n")
    found = cli("search", searched, "in:criteria timelin", "--json").json
    assert found["total"] == 1
    (hit,) = found["hits"]
    assert (hit["sort"], hit["ref"], hit["page"]) == ("requirement", "U1/MP2", None)
    assert [hit["excerpt"][start:end] for start, end in hit["marks"]] == ["timeline"]
    assert found["unread"] == []
    assert cli("search", searched, "xylophone").out == "Nothing was found.\n"
    assert "1 of 7 that were found; --limit shows more." in cli("search", searched, "plan", "--limit", "1").out


def test_what_cannot_be_meant_is_refused(cli: CommandLine, searched: Path) -> None:
    for typed, sentence in {
        "colour:red": "There is no filter “colour:”",
        "before:soon": "is no date",
        "kind:": "holds nothing to look for",
        "?!": "holds nothing to look for",
    }.items():
        outcome = cli("search", searched, typed)
        assert (outcome.code, outcome.out) == (2, "")
        assert sentence in outcome.err


def test_a_file_that_is_not_there_is_told_and_read_when_it_is(cli: CommandLine, folder: Path) -> None:
    with PortfolioFile.open(folder, read_only=True) as portfolio, portfolio.read() as reader:
        stored = portfolio.files.path(reader.evidence(1).attachments[0].sha256)
    assert stored is not None
    aside = stored.rename(folder / "aside.txt")
    outcome = cli("search", folder, "monday")
    assert outcome.out == "Nothing was found.\n"
    assert "Not searched: E1 “rota.txt”, because it is missing from the portfolio’s folder." in outcome.err
    aside.rename(stored)
    outcome = cli("search", folder, "monday")
    assert "rota.txt" in outcome.out
    assert outcome.err == ""
