"""What sentences mean, kept beside a portfolio: it may be missing, damaged, a stranger's or unwritable."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from portfolio_app.storage import vector_cache
from portfolio_app.storage.vector_cache import VectorCache

_FILE = Path("cache", "meanings.sqlite")


def _kept(folder: Path, *keys: bytes) -> dict[bytes, bytes]:
    with VectorCache(folder) as cache:
        return dict(cache.get(keys))


def test_what_is_put_there_is_there_the_next_time(tmp_path: Path) -> None:
    with VectorCache(tmp_path) as cache:
        cache.put({b"a": b"1", b"b": b"2"})
        cache.put({b"b": b"3"})
        assert cache.get([b"b", b"c"]) == {b"b": b"3"}
    many = [b"%d" % number for number in range(1_200)]
    assert _kept(tmp_path, b"a", b"b", *many) == {b"a": b"1", b"b": b"3"}


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_cache, "MOST", 3)
    with VectorCache(tmp_path) as cache:
        for number in range(6):
            cache.put({b"%d" % number: b"x"})
    assert sorted(_kept(tmp_path, *(b"%d" % number for number in range(6)))) == [b"3", b"4", b"5"]


def test_two_may_use_it_at_a_time(tmp_path: Path) -> None:
    with VectorCache(tmp_path) as one, VectorCache(tmp_path) as other:
        one.put({b"a": b"1"})
        other.put({b"b": b"2"})
        assert other.get([b"a"]) == {b"a": b"1"}
        assert one.get([b"b"]) == {b"b": b"2"}


@pytest.mark.parametrize("content", [b"not a database", b"SQLite format 3\0" + b"\xff" * 4_000, b""])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / _FILE).parent.mkdir()
    (tmp_path / _FILE).write_bytes(content)
    with VectorCache(tmp_path) as cache:
        assert cache.get([b"a"]) == {}
        cache.put({b"a": b"1"})
    assert _kept(tmp_path, b"a") == {b"a": b"1"}


def test_nothing_that_a_stranger_put_into_it_is_run(tmp_path: Path) -> None:
    with VectorCache(tmp_path) as cache:
        cache.put({b"a": b"1"})
    with closing(sqlite3.connect(tmp_path / _FILE)) as connection:
        connection.execute("CREATE TRIGGER theirs AFTER INSERT ON meaning BEGIN UPDATE meaning SET value = x'00'; END")
        connection.commit()
    with VectorCache(tmp_path) as cache:
        cache.put({b"b": b"2"})
    assert _kept(tmp_path, b"a", b"b") == {b"b": b"2"}


def test_without_a_place_to_write_it_is_remembered_for_the_moment(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    with VectorCache(tmp_path) as cache:
        cache.put({b"a": b"1"})
        assert cache.get([b"a"]) == {b"a": b"1"}
    assert _kept(tmp_path, b"a") == {}
