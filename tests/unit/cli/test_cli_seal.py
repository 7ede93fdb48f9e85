"""export --seal and verify: what they print, and their exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.sealed_documents import sign_as

CommandLine = Callable[..., Any]


@pytest.fixture
def sealed(cli: CommandLine, folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "archive.pdf"
    outcome = cli("export", folder, path, "--profile", "archive", "--seal")
    assert outcome.code == 0, outcome.err
    return path


def test_an_export_tells_the_key_that_verify_shows(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "archive.pdf"
    (made,) = cli("export", folder, path, "--profile", "archive", "--seal", "--json").json
    found = cli("verify", path, "--json")
    assert found.code == 0
    assert found.json["fingerprint"] == made["fingerprint"]
    assert (found.json["state"], found.json["kept_here"], found.json["bytes_added"]) == ("unchanged", True, 0)
    assert made["fingerprint"] in cli("export", folder, path, "--profile", "archive", "--seal").out
    assert cli("export", folder, path, "--profile", "archive", "--json").json[0]["fingerprint"] is None


def test_unchanged_is_said_with_what_it_proves_and_what_not(cli: CommandLine, sealed: Path) -> None:
    outcome = cli("verify", sealed)
    assert (outcome.code, outcome.err) == (0, "")
    assert "“archive.pdf” is unchanged since it was sealed." in outcome.out
    assert "What this proves" in outcome.out
    assert "What it does not prove: who sealed it, or when." in " ".join(outcome.out.split())


def test_a_change_ends_with_one(cli: CommandLine, sealed: Path) -> None:
    content = bytearray(sealed.read_bytes())
    content[len(content) // 3] ^= 1
    sealed.write_bytes(content)
    outcome = cli("verify", sealed)
    assert (outcome.code, outcome.err) == (1, "")
    assert "“archive.pdf” was changed since it was sealed." in outcome.out
    assert "What it does not prove" not in outcome.out
    assert cli("verify", sealed, "--json").json["state"] == "changed"


def test_so_does_what_was_added(cli: CommandLine, sealed: Path) -> None:
    sign_as("Ann Lee", sealed)
    outcome = cli("verify", sealed)
    assert outcome.code == 1
    assert "something was added to it" in outcome.out
    assert "signed by Ann Lee (not checked)" in " ".join(outcome.out.split())


def test_a_seal_that_cannot_be_read_is_said_too(cli: CommandLine, sealed: Path) -> None:
    sealed.write_bytes(sealed.read_bytes().replace(b"/AcroForm", b"/AcroFarm"))
    outcome = cli("verify", sealed)
    assert outcome.code == 1
    assert "its seal cannot be read any more" in outcome.out
    assert cli("verify", sealed, "--json").json["fingerprint"] is None


@pytest.mark.parametrize(
    ("options", "name"),
    [(("--seal",), "a.pdf"), (("--seal", "--profile", "archive"), "a.docx")],
)
def test_what_cannot_be_sealed_is_refused(
    cli: CommandLine, folder: Path, tmp_path: Path, options: tuple[str, ...], name: str
) -> None:
    outcome = cli("export", folder, tmp_path / name, *options)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert "seal" in outcome.err
    assert not (tmp_path / name).exists()


def test_without_a_seal_nothing_can_be_said(cli: CommandLine, folder: Path, tmp_path: Path) -> None:
    cli("export", folder, tmp_path / "a.pdf")
    outcome = cli("verify", tmp_path / "a.pdf")
    assert (outcome.code, outcome.out) == (2, "")
    assert "bears no seal" in outcome.err
