"""A portfolio, a file or a place that may not be written or read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

Program = Callable[..., Any]


@pytest.fixture
def folder(program: Program, tmp_path: Path) -> Path:
    folder = tmp_path / "Sam Ellis"
    rota = tmp_path / "rota.txt"
    rota.write_text("Monday: Sam", encoding="utf-8")
    assert program("new", folder, "--learner", "Sam Ellis").code == 0
    added = program("evidence", "add", folder, "--kind", "plan", "--title", "Plan", "--attach", rota)
    assert added.code == 0
    return folder


def test_on_a_read_only_medium_everything_can_be_read_and_nothing_changed(
    program: Program, folder: Path, without_privilege: tuple[str, ...]
) -> None:
    before = _bytes_of(folder)
    with _write_protected(folder):
        listed = program("evidence", "list", folder, "--json", before=without_privilege)
        assert (listed.code, listed.json[0]["ref"]) == (0, "E1")
        assert program("check", folder, before=without_privilege).code == 0
        exported = program("export", folder, folder.parent / "matrix.csv", before=without_privilege)
        assert exported.code == 0
        for command in (
            ("evidence", "edit", folder, "E1", "--title", "New"),
            ("undo", folder),
            ("backup", "make", folder),
            ("backup", "restore", folder),
        ):
            refused = program(*command, before=without_privilege)
            assert (refused.code, refused.out) == (2, ""), command
            assert "Traceback" not in refused.err
            assert refused.err.splitlines()[-1].endswith(".")
    assert _bytes_of(folder) == before


def test_a_file_that_may_not_be_read(
    program: Program, folder: Path, tmp_path: Path, without_privilege: tuple[str, ...]
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    secret.chmod(0)
    for option in ("--attach", "--body"):
        refused = program("evidence", "edit", folder, "E1", option, secret, before=without_privilege)
        assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
        assert "secret.txt" in refused.err


def test_a_place_that_may_not_be_written(
    program: Program, folder: Path, tmp_path: Path, without_privilege: tuple[str, ...]
) -> None:
    place = tmp_path / "place"
    place.mkdir(mode=0o555)
    for command in (("export", folder, place / "matrix.csv"), ("new", place / "p", "--learner", "Sam")):
        refused = program(*command, before=without_privilege)
        assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
        assert list(place.iterdir()) == []


def _bytes_of(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@contextmanager
def _write_protected(folder: Path) -> Iterator[None]:
    paths = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(modes[path] & ~0o222)
    try:
        yield
    finally:
        for path in paths:
            path.chmod(modes[path])
