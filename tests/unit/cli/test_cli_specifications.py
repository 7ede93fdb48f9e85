"""Specifications on the command line: many units at once, some of them, and what is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.printed_specifications import made_up_units, write_pdf
from tests.unit.cli.conftest import CommandLine


@pytest.fixture
def specification(tmp_path: Path) -> Path:
    path = tmp_path / "units.pdf"
    write_pdf(path, made_up_units(5, outcomes=2, criteria=2))
    return path


def test_many_units_are_listed_and_imported(cli: CommandLine, folder: Path, specification: Path) -> None:
    listed = cli("unit", "import", folder, specification, "--dry-run").out
    assert "Nothing was stored" in listed
    assert "A/601/1500" in listed
    assert "1.1" not in listed
    assert "1.1" in cli("unit", "import", folder, specification, "--dry-run", "--only", "2").out
    before = len(cli("unit", "show", folder, "--json").json)
    told = cli("unit", "import", folder, specification, "--only", "2,4", "--json").json
    assert [(each["number"], each["unit"]["reference"]) for each in told["units"]] == [
        (2, "B/601/1501"),
        (4, "D/601/1503"),
    ]
    assert told["units"][0]["unit"]["requirements"][0]["children"][0]["source_page"] == 3
    rest = cli("unit", "import", folder, specification)
    assert rest.out.count("Imported U") == 3
    assert "Left out number 2" in rest.out
    assert len(cli("unit", "show", folder, "--json").json) == before + 5
    assert cli("undo", folder).code == 0
    assert len(cli("unit", "show", folder, "--json").json) == before + 2


def test_units_that_cannot_be_stored_are_refused_if_they_were_named(
    cli: CommandLine, folder: Path, specification: Path
) -> None:
    assert cli("unit", "import", folder, specification, "--only", "1").code == 0
    for options, sentence in {
        ("--only", "1"): "The portfolio already has",
        ("--only", "9"): "There is no unit 9: the file holds 5 units.",
        ("--title", "All of them"): "holds 5 units",
    }.items():
        refused = cli("unit", "import", folder, specification, *options)
        assert refused.code != 0
        assert sentence in refused.err
        assert "Traceback" not in refused.err
