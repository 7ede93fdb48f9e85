"""Folders of the moment: those of a process that was killed are removed by a later one, and no others."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from portfolio_app.scratch import remove_leftovers, remove_scratch, scratch_folder, scratch_prefix


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def _of_a_dead_process(temporary: Path) -> Path:
    make = "import os; print(os.getpid(), end=str())"
    number = subprocess.run([sys.executable, "-c", make], capture_output=True, text=True, check=True).stdout
    folder = temporary / f"portfolio-app-preview-{number}-ab_12"
    folder.mkdir()
    return folder


def test_what_a_dead_process_left_is_removed_and_nothing_else(temporary: Path) -> None:
    left = _of_a_dead_process(temporary)
    (left / "inside").mkdir()
    (left / "inside" / "preview-1.pdf").write_bytes(b"%PDF-")
    (left / "inside" / "preview-1.pdf").chmod(0o444)
    own = scratch_folder("preview")
    others = [temporary / name for name in ("portfolio-app-0", "portfolio-app-preview-x", left.name.removeprefix("p"))]
    for other in others:
        other.mkdir()
    remove_leftovers()
    assert sorted(temporary.iterdir()) == sorted([own, *others])


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_of_such_a_name_leads_nowhere(temporary: Path) -> None:
    left = _of_a_dead_process(temporary)
    left.rmdir()
    (temporary / "mine").mkdir()
    (temporary / "mine" / "thesis.txt").write_text("mine", encoding="utf-8")
    left.symlink_to(temporary / "mine")
    remove_leftovers()
    assert (temporary / "mine" / "thesis.txt").exists()


def test_a_folder_is_for_its_user_alone_and_goes_when_it_is_done_with(temporary: Path) -> None:
    folder = scratch_folder("copies")
    assert folder.parent == temporary
    assert folder.name.startswith(scratch_prefix("copies"))
    if sys.platform != "win32":
        assert folder.stat().st_mode & 0o077 == 0
    (folder / "plan.pdf").write_bytes(b"x")
    (folder / "plan.pdf").chmod(0o444)
    remove_scratch(folder)
    assert not folder.exists()


def test_where_no_temporary_folder_can_be_read_nothing_happens(
    monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / "none"))
    remove_leftovers()
