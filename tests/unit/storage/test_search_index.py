"""The search index can be lost, damaged or forged, and its disk full: searching goes on, and nothing else suffers."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from portfolio_app.domain.attached_text import AttachedText, TextPassage, TextState
from portfolio_app.domain.search import HitSort, SearchableField, SearchableThing, parse_query
from portfolio_app.storage.search.index import IndexLost, SearchIndex, SearchUnavailable

SHA256 = "ab" * 32
TEXT = AttachedText(
    SHA256,
    TextState.READ,
    (
        TextPassage("Quinces\tand\nfigs", 1, 1),
        TextPassage("One long passage. " * 700, 2, 2),
        TextPassage("Ende", None, 3),
    ),
    complete=False,
)


def _thing(number: int, title: str = "Rota") -> SearchableThing:
    return SearchableThing(
        HitSort.EVIDENCE,
        f"item {number}",
        title,
        f"E{number}",
        number,
        body="Absence was reported.",
        fields=(SearchableField("purpose", "Purpose", "Cover the desk"),),
    )


def _file() -> SearchableThing:
    return SearchableThing(HitSort.ATTACHMENT, "file", "report.txt", "E1", 1, sha256=SHA256)


def _fill(index: SearchIndex) -> None:
    building = index.begin_anew("portfolio", "kinds")
    index.add(building, [_thing(1), _thing(2, "Plan"), _file()])
    index.finish(building, "head")
    index.put_texts([TEXT])


def _refs(index: SearchIndex, text: str) -> list[str]:
    return [found.ref for found in index.find(parse_query(text), 10).things]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    made = SearchIndex(tmp_path)
    yield made
    made.close()


def test_a_text_comes_back_as_it_was_read(index: SearchIndex) -> None:
    """With every place, however long its passages are; and is forgotten with the last thing that it is of."""
    _fill(index)
    assert index.attached_text(SHA256) == TEXT
    assert index.attached_text("cd" * 32) is None
    assert index.unread_files() == []
    index.update("head", "next", [], [(HitSort.ATTACHMENT, "file")])
    assert _refs(index, "quinces") == []
    index.forget_unnamed_texts()
    assert index.attached_text(SHA256) is None


def test_texts_of_files_outlive_what_is_read_anew(index: SearchIndex) -> None:
    """Reading them took long; a file of the same hash says the same."""
    _fill(index)
    building = index.begin_anew("another", "kinds")
    assert _refs(index, "rota") == []
    index.forget_unnamed_texts()  # not all that names them is there yet
    index.add(building, [_file()])
    index.finish(building, "head")
    assert index.attached_text(SHA256) == TEXT
    assert _refs(index, "quinces") == ["E1"]


def _garbage(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(20_000))


def _half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _holes(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)


def _changed(statement: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        connection = sqlite3.connect(path)
        connection.execute(statement)
        connection.commit()
        connection.close()

    return change


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _no_folder(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.write_bytes(b"")


_DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "garbage": _garbage,
    "cut off": _half,
    "zeros": _holes,
    "another version": _changed("PRAGMA user_version = 99"),
    "another program's": _changed("PRAGMA application_id = 1"),
    "a trigger": _changed("CREATE TRIGGER t AFTER INSERT ON thing BEGIN DELETE FROM label; END"),
    "a folder": _folder,
    "cache is a file": _no_folder,
}


@pytest.mark.parametrize("damage", _DAMAGES)
def test_an_index_that_is_not_right_is_made_anew(tmp_path: Path, damage: str) -> None:
    """Wherever that shows: on opening, or only when something is read or written."""
    first = SearchIndex(tmp_path)
    _fill(first)
    first.close()
    _DAMAGES[damage](first.path)
    index = SearchIndex(tmp_path)
    try:
        for _ in range(3):
            try:
                if index.state().head != "head":
                    _fill(index)
                assert _refs(index, "rota absence") == ["E1"]
                assert _refs(index, "quinces") == ["E1"]
            except IndexLost:
                continue
            break
        else:
            pytest.fail("it is lost each time")
    finally:
        index.close()


def _look_at_all(index: SearchIndex) -> None:
    _refs(index, "rota")
    index.attached_text(SHA256)


@pytest.mark.parametrize(
    "lie",
    [
        "UPDATE thing SET sort = 'nonsense'",
        "UPDATE file_text SET state = 'nonsense'",
        "UPDATE words SET places = '[[1]]' WHERE rowid < 0",
        "UPDATE words SET places = '[' WHERE rowid < 0",
    ],
)
def test_an_index_that_lies_is_made_anew(tmp_path: Path, lie: str) -> None:
    """What was never put there means that it is damaged; it is no bug of the program."""
    first = SearchIndex(tmp_path)
    _fill(first)
    first.close()
    _changed(lie)(first.path)
    index = SearchIndex(tmp_path)
    with pytest.raises(IndexLost):
        _look_at_all(index)
    assert index.state().head == ""
    index.close()


def test_flipped_bits_are_never_more_than_a_lost_index(tmp_path: Path) -> None:
    """Whatever is read or written next either goes on, or begins anew."""
    first = SearchIndex(tmp_path)
    _fill(first)
    first.close()
    sound = first.path.read_bytes()
    for seed in range(10):
        chance = random.Random(seed)
        damaged = bytearray(sound)
        for _ in range(chance.choice((1, 5, 50))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        first.path.write_bytes(damaged)
        index = SearchIndex(tmp_path)
        for use in (_look_at_all, SearchIndex.unread_files, _fill, _look_at_all):
            with suppress(SearchUnavailable):
                use(index)
        _fill(index)
        assert _refs(index, "rota") == ["E1"]
        index.close()


def test_the_folder_can_be_emptied_while_it_is_open(index: SearchIndex, tmp_path: Path) -> None:
    _fill(index)
    shutil.rmtree(tmp_path / "cache")
    assert index.state().head == ""
    _fill(index)
    assert _refs(index, "rota") == ["E1"]
    assert index.path.parent == tmp_path / "cache"


def test_whoever_was_overtaken_begins_again(tmp_path: Path) -> None:
    """Two programs at one folder never mix what they write."""
    one, other = SearchIndex(tmp_path), SearchIndex(tmp_path)
    building = one.begin_anew("portfolio", "kinds")
    _fill(other)
    with pytest.raises(IndexLost):
        one.add(building, [_thing(3)])
    other.update("head", "next", [_thing(3, "Visit")], [])
    with pytest.raises(IndexLost):
        one.update("head", "next", [_thing(4)], [])
    assert _refs(one, "visit") == ["E3"]
    one.close()
    other.close()


def test_nobody_waits_for_ever_while_another_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portfolio_app.storage.search.index._BUSY_SECONDS", 0.05)
    index = SearchIndex(tmp_path)
    _fill(index)
    other = sqlite3.connect(index.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert _refs(index, "rota") == ["E1"]
    with pytest.raises(SearchUnavailable, match="written by another program"):
        index.put_texts([TEXT])
    other.close()
    index.put_texts([TEXT])
    index.close()


def test_it_is_searched_while_it_is_written(index: SearchIndex) -> None:
    """In several threads, and each search sees one whole state."""
    _fill(index)
    wrong: list[object] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            found = _refs(index, "kind:none") + _refs(index, "rota")
            if found not in (["E1"], ["E1", "E9"], ["E9", "E1"]):
                wrong.append(found)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(20):
        index.update("head", "head", [_thing(9)] if number % 2 else [], [(HitSort.EVIDENCE, "item 9")])
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_disk_that_is_nearly_full_is_left_to_the_portfolio(small_disk: Path) -> None:
    """The index lies elsewhere then, and what lay there is given back."""
    (small_disk / "cache").mkdir()
    index = SearchIndex(small_disk)
    _fill(index)
    assert not index.path.is_relative_to(small_disk)
    assert _refs(index, "rota") == ["E1"]
    elsewhere = index.path.parent
    index.close()
    assert not elsewhere.exists()
    assert list((small_disk / "cache").iterdir()) == []


def test_what_cannot_be_written_is_read_and_goes_on_elsewhere(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disc or a write-protected stick: files that were read once are not read again."""
    monkeypatch.setattr("portfolio_app.storage.search.index._KEPT_FREE", 0)
    first = SearchIndex(small_disk)
    _fill(first)
    assert first.path.is_relative_to(small_disk)
    first.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    index = SearchIndex(small_disk)
    assert _refs(index, "quinces") == ["E1"]
    index.update("head", "next", [_thing(3, "Visit")], [])
    assert _refs(index, "visit") == ["E3"]
    assert not index.path.is_relative_to(small_disk)
    index.close()


def test_a_disk_that_becomes_full_is_left(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was writing begins again, elsewhere."""
    monkeypatch.setattr("portfolio_app.storage.search.index._KEPT_FREE", 0)
    index = SearchIndex(small_disk)
    _fill(index)
    rest = shutil.disk_usage(small_disk).free
    (small_disk / "other").write_bytes(bytes(rest))
    with pytest.raises(IndexLost):
        index.put_texts([TEXT])
    _fill(index)
    assert _refs(index, "quinces") == ["E1"]
    assert not index.path.is_relative_to(small_disk)
    index.close()


def _refuse(*_: object, **__: object) -> str:
    raise OSError(28, "No space left on device")


def test_without_any_place_there_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").write_bytes(b"")
    monkeypatch.setattr("portfolio_app.scratch.tempfile.mkdtemp", _refuse)
    index = SearchIndex(tmp_path)
    with pytest.raises(SearchUnavailable, match="There is no place for a search index"):
        index.state()
    index.close()


def test_a_closed_index_says_so(index: SearchIndex) -> None:
    index.close()
    with pytest.raises(SearchUnavailable, match="closed"):
        index.state()
