"""Packages from the command line: out, in again, and what is said on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.packages import content_of, everything, write_zip

CommandLine = Callable[..., Any]


def test_a_package_goes_out_and_comes_in(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "Sam.zip"
    written = cli("export", folder, out, tmp_path / "Sam.csv", "--json")
    assert written.code == 0, written.err
    assert [(document["format"], document["warnings"]) for document in written.json] == [("zip", []), ("csv", [])]
    made = cli("import-package", out, tmp_path / "again", "--json")
    assert made.code == 0, made.err
    assert made.json == {"folder": str(tmp_path / "again"), "missing_files": []}
    assert everything(tmp_path / "again") == everything(folder)
    assert cli("check", tmp_path / "again").code == 0


def test_a_password_is_read_from_a_file(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    word = tmp_path / "password.txt"
    word.write_bytes("elf grüne Flaschen\r\nand more".encode())
    assert cli("export", folder, tmp_path / "a.zip", "--password-file", word).code == 0
    refused = cli("import-package", tmp_path / "a.zip", tmp_path / "again")
    assert (refused.code, "--password-file" in refused.err) == (2, True)
    assert cli("import-package", tmp_path / "a.zip", tmp_path / "again", "--password-file", word).code == 0
    assert everything(tmp_path / "again") == everything(folder)


def test_a_password_is_asked_for(
    cli: CommandLine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def prompt(text: str, *, hide_input: bool, confirmation_prompt: bool, err: bool) -> str:
        assert (text, hide_input, err) == ("Password", True, True)
        asked.append(confirmation_prompt)
        return "eleven green bottles"

    monkeypatch.setattr("typer.prompt", prompt)
    assert cli("export", folder, tmp_path / "a.zip", "--password").code == 0
    with monkeypatch.context() as terminal:
        terminal.setattr("portfolio_app.cli.package_commands.is_terminal", lambda: True)
        assert cli("import-package", tmp_path / "a.zip", tmp_path / "again").code == 0
    assert asked == [True, False]


def test_one_sentence_and_nothing_changed(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    short, empty = tmp_path / "short.txt", tmp_path / "empty.txt"
    short.write_text("short", encoding="utf-8")
    empty.write_bytes(b"")
    assert cli("export", folder, tmp_path / "a.zip").code == 0
    content = content_of(tmp_path / "a.zip")
    write_zip(tmp_path / "changed.zip", content | {"data/index.html": b"?" * len(content["data/index.html"])})
    before = sorted(tmp_path.iterdir())
    for words in (
        ("export", folder, tmp_path / "b.zip", "--password-file", short),
        ("export", folder, tmp_path / "b.zip", "--password-file", empty),
        ("export", folder, tmp_path / "b.zip", "--password-file", tmp_path / "none.txt"),
        ("export", folder, tmp_path / "b.pdf", "--password-file", tmp_path / "a.zip"),
        ("import-package", tmp_path / "changed.zip", tmp_path / "new"),
        ("import-package", tmp_path / "none.zip", tmp_path / "new"),
        ("import-package", short, tmp_path / "new"),
        ("import-package", tmp_path / "a.zip", folder),
    ):
        outcome = cli(*words)
        assert (outcome.code, outcome.out) == (2, ""), words
        assert outcome.err.count("\n") == 1
        assert "Something went wrong" not in outcome.err
    assert sorted(tmp_path.iterdir()) == before


def test_a_copy_for_others_says_what_it_is(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    outcome = cli("export", folder, tmp_path / "a.zip", "--hold-back", "E1")
    assert outcome.code == 0
    assert "cannot be imported again" in outcome.err
    assert cli("import-package", tmp_path / "a.zip", tmp_path / "new").code == 2
