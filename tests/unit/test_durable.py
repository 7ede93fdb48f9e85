from __future__ import annotations

import errno
import os
import stat
import time
from pathlib import Path

import pytest

from portfolio_app.domain.errors import Cancelled
from portfolio_app.durable import CannotWrite, is_disk_full, replace_atomically, sync_folder


class _LibraryError(Exception):
    """As libraries wrap the disk's errors in their own."""


def _fail(code: int) -> None:
    raise OSError(code, os.strerror(code))


def _fail_as_libraries_do(target: Path, code: int) -> None:
    with replace_atomically(target):
        try:
            _fail(code)
        except OSError as error:
            raise _LibraryError("could not write") from error


def _cancel_half_way(target: Path) -> None:
    with replace_atomically(target) as temporary:
        temporary.write_text("half")
        raise Cancelled("Cancelled.")


def _fill(target: Path, text: str) -> None:
    with replace_atomically(target) as temporary:
        temporary.write_text(text, encoding="utf-8")


def test_writes_a_new_file(tmp_path: Path) -> None:
    _fill(tmp_path / "a.pdf", "whole")

    assert (tmp_path / "a.pdf").read_text() == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


def test_target_stays_as_it_was_until_the_end(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    _fill(target, "old")

    with replace_atomically(target) as temporary:
        temporary.write_text("new")
        assert target.read_text() == "old"

    assert target.read_text() == "new"


def test_any_exception_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    _fill(target, "old")

    with pytest.raises(Cancelled):
        _cancel_half_way(target)

    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_bug_of_the_writer_passes_through(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), replace_atomically(tmp_path / "a"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_an_error_about_another_file_passes_through(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replace_atomically(tmp_path / "a"):
        (tmp_path / "photo.jpg").read_bytes()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EFBIG, "larger than"), (errno.EIO, "the disk reported")],
)
def test_errors_of_the_disk_are_sentences_even_when_wrapped(tmp_path: Path, code: int, words: str) -> None:
    target = tmp_path / "a.xlsx"
    _fill(target, "old")

    with pytest.raises(CannotWrite, match=words) as caught:
        _fail_as_libraries_do(target, code)

    assert "“a.xlsx” was not written" in str(caught.value)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_disk_filling_up_at_the_sync_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="disk is full"):
        _fill(tmp_path / "a", "text")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_takes_over_the_permissions_of_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a"
    _fill(target, "old")
    target.chmod(0o640)
    _fill(target, "new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_follows_a_link_instead_of_replacing_it(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link.pdf"
    link.symlink_to(tmp_path / "real" / "file.pdf")
    _fill(link, "text")
    assert link.is_symlink()
    assert (tmp_path / "real" / "file.pdf").read_text() == "text"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_links_in_a_circle_are_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(CannotWrite):
        _fill(tmp_path / "a", "text")


def test_refuses_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="is a folder"):
        _fill(tmp_path, "text")


def test_names_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="missing” does not exist"):
        _fill(tmp_path / "missing" / "a.pdf", "text")
    assert list(tmp_path.iterdir()) == []


def test_refuses_a_file_as_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(CannotWrite):
        _fill(tmp_path / "a" / "b.pdf", "text")


@pytest.mark.parametrize("name", ["a\0b.pdf", "x" * 300, "é" * 200])
def test_impossible_names_are_sentences(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotWrite):
        _fill(tmp_path / name, "text")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX devices")
def test_refuses_devices_and_pipes_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for target in (Path("/dev/null"), tmp_path / "pipe"):
        with pytest.raises(CannotWrite, match="not a file"):
            _fill(target, "text")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs POSIX permissions, which root has not")
def test_refuses_what_may_not_be_written(tmp_path: Path) -> None:
    protected = tmp_path / "protected.pdf"
    protected.write_text("old")
    protected.chmod(0o444)
    with pytest.raises(CannotWrite, match="write-protected"):
        _fill(protected, "new")

    tmp_path.chmod(0o555)
    try:
        with pytest.raises(CannotWrite, match="may not write"):
            _fill(tmp_path / "b.pdf", "new")
    finally:
        tmp_path.chmod(0o755)


def test_longest_possible_name_works(tmp_path: Path) -> None:
    _fill(tmp_path / ("x" * 251 + ".pdf"), "text")
    assert len(list(tmp_path.iterdir())) == 1


def test_removes_only_its_own_and_old_leftovers(tmp_path: Path) -> None:
    abandoned = tmp_path / ".portfolio-app-0123456789abcdef.tmp"
    running = tmp_path / ".portfolio-app-fedcba9876543210.tmp"
    other = tmp_path / ".other.tmp"
    for path in (abandoned, running, other):
        path.write_text("x")
    two_days_ago = time.time() - 2 * 86_400
    os.utime(abandoned, (two_days_ago, two_days_ago))
    os.utime(other, (two_days_ago, two_days_ago))

    _fill(tmp_path / "a.pdf", "text")

    assert {path.name for path in tmp_path.iterdir()} == {running.name, other.name, "a.pdf"}


def test_file_and_folder_are_synced_in_this_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def note(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        synced.append(f"{kind} {'after' if (tmp_path / 'a').exists() else 'before'} the rename")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    _fill(tmp_path / "a", "text")
    assert synced == ["file before the rename"] + ([] if os.name == "nt" else ["folder after the rename"])


def test_file_systems_that_cannot_sync_folders_are_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", refuse)
    sync_folder(tmp_path)


def test_knows_a_full_disk() -> None:
    assert is_disk_full(OSError(errno.ENOSPC, ""))
    assert not is_disk_full(OSError(errno.EACCES, ""))
    assert not is_disk_full(ValueError())
