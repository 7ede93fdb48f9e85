"""The page about the command line is true: its examples run, one after the other, and no command is left out."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from openpyxl import Workbook
from PIL import Image
from tests.printed_specifications import made_up_units, write_pdf
from tests.returned_copies import fill_in, returned, signed_by

from portfolio_app.cli.program import build
from portfolio_app.storage.portfolio_file import PortfolioFile

CommandLine = Callable[..., Any]

PAGE = Path(__file__).parents[3] / "docs" / "command-line.md"
GUIDANCE = "Examiner Marking Points\n- Award credit for one thing.\n- Award credit for another thing.\n"


def _examples() -> list[list[str]]:
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    lines = "".join(text for language, text in blocks if not language).replace("\\\n", " ").splitlines()
    return [shlex.split(line)[1:] for line in lines]


def _table(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Units"
    for row in (("Ref", "Owner", "Criterion", "Guidance"), ("1", "", "Serve", ""), ("1.1", "", "Greet", "Smile")):
        sheet.append(row)
    book.save(path)


def test_every_example_runs(cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("portfolio_app.services.sample.build_sample", lambda folder, _: _start(cli, folder))
    (tmp_path / "guidance.txt").write_text(GUIDANCE, encoding="utf-8")
    (tmp_path / "plan.md").write_text("I **planned** it.", encoding="utf-8")
    (tmp_path / "rota.xlsx").write_bytes(b"PK\x03\x04 not really")
    (tmp_path / "password.txt").write_text("eleven green bottles\n", encoding="utf-8")
    _table(tmp_path / "units.xlsx")
    write_pdf(tmp_path / "specification.pdf", made_up_units(7, outcomes=2, criteria=2))
    Image.new("RGB", (40, 30), "white").save(tmp_path / "photo.jpg")
    for words in _examples():
        if words[0] == "review" and not Path(words[2]).exists():
            with PortfolioFile.open(Path(words[1])) as portfolio:
                returned(portfolio, Path(words[2]), signed_by("Dana Whyte") | {"r1.decision": "met"})
        if words[0] == "witness-form" and "--read" in words and not Path(words[2]).exists():
            fill_in(Path("form for Jo Hill.pdf"), Path(words[2]), {"account": "Sam did it.", "signature": "Jo Hill"})
        if words[:2] == ["backup", "restore"] and "--to" not in words:
            words[3] = cli("backup", "list", "Sam Ellis", "--json").json[0]["name"]
        outcome = cli(*words)
        assert outcome.code == 0, (words, outcome)
        assert outcome.out


def test_every_command_has_an_example() -> None:
    examples = {" ".join(words[:depth]) for words in _examples() for depth in (1, 2)}
    app = build()
    commands = [str(command.name) for command in app.registered_commands]
    for group in app.registered_groups:
        assert isinstance(group.typer_instance, typer.Typer)
        commands += [f"{group.name} {command.name}" for command in group.typer_instance.registered_commands]
    assert [command for command in commands if command not in examples] == []


def _start(cli: CommandLine, folder: Path) -> None:
    assert cli("new", folder, "--learner", "Sample").code == 0
