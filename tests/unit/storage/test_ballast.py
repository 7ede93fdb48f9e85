from __future__ import annotations

import os
from pathlib import Path

import pytest

from portfolio_app.storage.ballast import SIZE, Ballast


def test_ballast_takes_real_room(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast")
    assert ballast.refill()
    assert ballast.is_whole
    assert ballast.path.stat().st_size == SIZE == 8 * 1024 * 1024
    if os.name == "posix":
        assert ballast.path.stat().st_blocks * 512 >= SIZE
    assert [path.name for path in tmp_path.iterdir()] == ["ballast"]


def test_refilling_writes_only_what_is_missing(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast", 1_500_000)
    ballast.refill()
    content = ballast.path.read_bytes()
    assert ballast.refill()
    assert ballast.path.read_bytes() == content
    os.truncate(ballast.path, 1000)
    assert ballast.refill()
    assert ballast.path.stat().st_size == 1_500_000


def test_releasing_tells_whether_there_was_any(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast", 1000)
    ballast.refill()
    assert ballast.release()
    assert not ballast.release()
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_no_error(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "missing" / "ballast", 1000)
    assert not ballast.refill()
    assert not ballast.release()


def test_released_ballast_is_room_on_a_full_disk(small_disk: Path) -> None:
    ballast = Ballast(small_disk / "ballast")
    assert ballast.refill()
    with pytest.raises(OSError, match="No space left"):
        (small_disk / "filling").write_bytes(os.urandom(8 << 20))
    with pytest.raises(OSError, match="No space left"):
        (small_disk / "edit").write_bytes(os.urandom(1 << 20))

    assert ballast.release()
    assert (small_disk / "edit").write_bytes(os.urandom(1 << 20)) == 1 << 20
    assert not ballast.refill()
    assert sorted(path.name for path in small_disk.iterdir()) == ["edit", "filling"]
