from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
import stat
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portfolio_app.domain.errors import Cancelled
from portfolio_app.storage.errors import DiskFull, FileChangedWhileRead, FileUnreadable, FileUnwritable
from portfolio_app.storage.files import FileState, FileStore, StoredFile

posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX files")


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "portfolio" / "files")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return _written(tmp_path / "Minutes 3 May.DOCX", b"what was agreed")


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _damage(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def _stored_path(store: FileStore, sha256: str) -> Path:
    place = store.path(sha256)
    assert place is not None
    return place


class _Meddler:
    """A progress that does something to the world while a file is being read."""

    def __init__(self, action: Callable[[], object]) -> None:
        self.action = action
        self.calls = 0

    def __call__(self, done: int, total: int, what: str) -> None:
        self.calls += 1
        if self.calls == 1:
            self.action()


# Adding


def test_a_file_is_stored_under_its_hash(store: FileStore, source: Path) -> None:
    stored = store.add(source)

    sha256 = hashlib.sha256(b"what was agreed").hexdigest()
    assert stored == StoredFile(sha256, 15, "docx")
    assert store.path(sha256) == store.folder / sha256[:2] / f"{sha256}.docx"
    assert _stored_path(store, sha256).read_bytes() == b"what was agreed"
    assert store.sizes() == {sha256: 15}
    assert store.verify(sha256) is FileState.OK
    assert store.temporaries() == []


@posix_only
def test_a_stored_file_is_write_protected(store: FileStore, source: Path) -> None:
    place = _stored_path(store, store.add(source).sha256)
    assert stat.S_IMODE(place.stat().st_mode) == 0o444


@pytest.mark.parametrize("size", [0, 1, 4095, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 * (1 << 20), 9_500_000])
def test_every_size_is_copied_exactly(store: FileStore, tmp_path: Path, size: int) -> None:
    content = random.Random(size).randbytes(size)
    stored = store.add(_written(tmp_path / "a.bin", content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.size == size
    assert _stored_path(store, stored.sha256).read_bytes() == content


def test_one_copy_per_content(store: FileStore, source: Path, tmp_path: Path) -> None:
    first = store.add(source)
    again = store.add(_written(tmp_path / "Other name.txt", source.read_bytes()))
    assert again == first
    assert _names(store.folder) == [f"{first.sha256}.docx"]


def test_adding_again_mends_a_damaged_copy(store: FileStore, source: Path) -> None:
    stored = store.add(source)
    for damage in (b"what was agreeD", b"", b"longer than it ever was"):
        _damage(_stored_path(store, stored.sha256), damage)
        assert store.add(source) == stored
        assert store.verify(stored.sha256) is FileState.OK
    assert _names(store.folder) == [f"{stored.sha256}.docx"]


def test_adding_the_stored_file_itself(store: FileStore, source: Path) -> None:
    stored = store.add(source)
    assert store.add(_stored_path(store, stored.sha256)) == stored
    assert len(store.sizes()) == 1


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("a.PDF", "pdf"),
        ("a.tar.gz", "gz"),
        ("a", ""),
        (".hidden", ""),
        ("a.", ""),
        ("a.p df", ""),
        ("a.pdé", ""),
        ("a.elevenchars", ""),
        ("a.tencharact", "tencharact"),
        ("a.\u202efdp", ""),
        ("CON.txt", "txt"),
        ("tab\there.txt", "txt"),
        ("😀.jpg", "jpg"),
        ("x" * 250 + ".txt", "txt"),
        ("trailing dots...", ""),
    ],
)
@posix_only
def test_hostile_names_never_reach_the_disk(store: FileStore, tmp_path: Path, name: str, extension: str) -> None:
    stored = store.add(_written(tmp_path / name, b"x"))
    assert stored.extension == extension
    assert _names(store.folder) == [f"{stored.sha256}.{extension}" if extension else stored.sha256]


@pytest.mark.parametrize("sha256", ["../../../etc/passwd", "", "AB" * 32, "ab" * 31, "a/" * 32, "\0" * 64])
def test_what_is_no_hash_has_no_path(store: FileStore, source: Path, sha256: str) -> None:
    store.add(source)
    assert store.path(sha256) is None
    assert store.verify(sha256) is FileState.MISSING


def test_progress_counts_bytes_and_names_the_file(store: FileStore, tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    store.add(_written(tmp_path / "a.bin", bytes(2_500_000)), lambda *step: seen.append(step))
    assert seen[-1] == (2_500_000, 2_500_000, "Adding a.bin")
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)


def test_cancelling_leaves_nothing(store: FileStore, tmp_path: Path) -> None:
    def cancel() -> None:
        raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        store.add(_written(tmp_path / "a.bin", bytes(5_000_000)), _Meddler(cancel))
    assert _names(store.folder) == []


def test_memory_stays_small(store: FileStore, tmp_path: Path) -> None:
    big = _written(tmp_path / "video.mp4", bytes(40_000_000))
    tracemalloc.start()
    try:
        store.add(big)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000


def test_the_copy_is_on_the_disk_before_it_has_its_name(
    store: FileStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(descriptor: int) -> None:
        order.append("sync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync file")
        real_sync(descriptor)

    def replace(self: Path, target: Path) -> Path:
        order.append("rename")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    store.add(source)
    if os.name == "nt":
        assert order == ["sync file", "rename"]
    else:
        assert order == ["sync file", "sync folder", "rename", "sync folder"]


@posix_only
def test_a_killed_program_leaves_only_whole_files_and_leftovers(store: FileStore, tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from portfolio_app.storage.files import FileStore
store, source = FileStore(Path(sys.argv[1])), Path(sys.argv[2])
for number in range(10_000):
    source.write_bytes(str(number).encode() * 400_000)
    print(store.add(source).sha256, flush=True)
"""
    acknowledged: list[str] = []
    chance = random.Random(3)
    for attempt in range(4):
        source = tmp_path / f"{attempt}.bin"
        with subprocess.Popen(
            [sys.executable, "-c", script, str(store.folder), str(source)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            acknowledged.append(process.stdout.readline().strip())
            time.sleep(chance.random() / 10)
            process.kill()
            acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
    assert set(acknowledged) <= set(store.sizes())
    assert all(store.verify(sha256) is FileState.OK for sha256 in store.sizes())
    store.remove_temporaries()
    assert store.temporaries() == store.strangers() == []


# Sources that cannot be used


def test_a_missing_source_is_a_sentence(store: FileStore, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"“gone\.pdf” was not added: there is no such file"):
        store.add(tmp_path / "gone.pdf")


def test_a_folder_is_refused(store: FileStore, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="is a folder"):
        store.add(tmp_path)


@pytest.mark.parametrize("name", ["a\0b", "x" * 400])
def test_impossible_names_are_sentences(store: FileStore, tmp_path: Path, name: str) -> None:
    with pytest.raises(FileUnreadable):
        store.add(tmp_path / name)


@posix_only
def test_pipes_and_devices_are_refused_without_waiting(store: FileStore, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for place in (tmp_path / "pipe", tmp_path / "link", Path("/dev/null"), Path("/dev/zero")):
        with pytest.raises(FileUnreadable, match="device or pipe"):
            store.add(place)


@posix_only
def test_a_file_that_becomes_a_pipe_is_refused(store: FileStore, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = source.stat()
    source.unlink()
    os.mkfifo(source)
    monkeypatch.setattr(Path, "stat", lambda self, **_: ordinary)
    with pytest.raises(FileUnreadable, match="device or pipe"):
        store.add(source)


@posix_only
def test_links_are_followed_and_circles_refused(store: FileStore, source: Path, tmp_path: Path) -> None:
    (tmp_path / "link.docx").symlink_to(source)
    assert store.add(tmp_path / "link.docx").size == 15
    (tmp_path / "a").symlink_to(tmp_path / "a")
    with pytest.raises(FileUnreadable):
        store.add(tmp_path / "a")


def test_a_forbidden_source_is_a_sentence(store: FileStore, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", forbid)
    with pytest.raises(FileUnreadable, match="you may not read it"):
        store.add(source)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that cannot be read")
def test_a_disk_that_fails_while_it_is_read(store: FileStore) -> None:
    with pytest.raises(FileUnreadable, match=r"reading it failed \(Input/output error\)"):
        store.add(Path("/proc/self/mem"))
    assert _names(store.folder) == []


# Sources that change under our hands


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def _cut(path: Path) -> None:
    os.truncate(path, 1_500_000)


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"other")
    os.utime(path, (time.time() + 5, time.time() + 5))


def _replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(bytes(path.stat().st_size))
    status = path.stat()
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)


def _remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("meddle", [_grow, _cut, _overwrite, _replace, _remove])
@posix_only
def test_a_source_that_changes_is_refused(store: FileStore, tmp_path: Path, meddle: Callable[[Path], None]) -> None:
    source = _written(tmp_path / "video.mp4", bytes(4_000_000))
    with pytest.raises(FileChangedWhileRead, match=r"“video\.mp4” was not added: it changed"):
        store.add(source, _Meddler(lambda: meddle(source)))
    assert _names(store.folder) == []


@posix_only
def test_a_source_that_grows_for_ever_comes_to_an_end(store: FileStore, tmp_path: Path) -> None:
    source = _written(tmp_path / "log.txt", bytes(2_000_000))

    def grow(done: int, total: int, what: str) -> None:
        with source.open("ab") as file:
            file.write(bytes(2_000_000))

    with pytest.raises(FileChangedWhileRead):
        store.add(source, grow)
    assert _names(store.folder) == []


# A disk that has no room


def test_too_little_room_is_told_before_anything_is_written(
    store: FileStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(source.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    with pytest.raises(DiskFull, match=r"needs 0\.0 MB and the disk has only 1\.0 MB free"):
        store.add(source)
    assert _names(store.folder) == []


def test_a_real_full_disk(small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(small_disk / "files")
    source = _written(tmp_path / "video.mp4", os.urandom(20_000_000))
    with pytest.raises(DiskFull, match="needs 20"):
        store.add(source)

    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(total=10**12, free=10**12))  # it fills meanwhile
    with pytest.raises(DiskFull, match="the disk is full"):
        store.add(source)
    monkeypatch.undo()

    assert _names(store.folder) == []
    small = store.add(_written(tmp_path / "small.txt", b"still fits"))
    assert store.verify(small.sha256) is FileState.OK


@posix_only
def test_a_limit_on_file_sizes(store: FileStore, tmp_path: Path) -> None:
    import resource

    source = _written(tmp_path / "video.mp4", bytes(3_000_000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, hard))
    try:
        with pytest.raises(DiskFull, match="larger than this disk allows"):
            store.add(source)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert _names(store.folder) == []


def test_a_folder_that_cannot_be_written(store: FileStore, source: Path) -> None:
    store.folder.parent.mkdir(parents=True)
    store.folder.write_text("a file where the folder should be")
    with pytest.raises(FileUnwritable, match="the portfolio's folder cannot be written"):
        store.add(source)


# Looking after what is stored


def test_an_empty_store(store: FileStore) -> None:
    assert store.sizes() == {}
    assert store.path("ab" * 32) is None
    assert store.temporaries() == []
    assert store.strangers() == []
    assert store.collect((), timedelta(0)) == []


def test_verify_tells_missing_changed_and_sound(store: FileStore, source: Path) -> None:
    sha256 = store.add(source).sha256
    place = _stored_path(store, sha256)
    _damage(place, b"what was agreeD")
    assert store.verify(sha256) is FileState.CHANGED
    place.unlink()
    assert store.verify(sha256) is FileState.MISSING


def test_verifying_can_be_cancelled(store: FileStore, source: Path) -> None:
    def cancel() -> None:
        raise Cancelled("Cancelled.")

    sha256 = store.add(source).sha256
    with pytest.raises(Cancelled):
        store.verify(sha256, _Meddler(cancel))


def test_ten_thousand_files_are_listed(store: FileStore) -> None:
    for number in range(10_000):
        sha256 = hashlib.sha256(str(number).encode()).hexdigest()
        folder = store.folder / sha256[:2]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{sha256}.txt").touch()
    assert len(store.sizes()) == 10_000


def test_leftovers_and_strangers_are_told_apart(store: FileStore, source: Path) -> None:
    stored = store.add(source)
    group = _stored_path(store, stored.sha256).parent
    _written(store.folder / ".incoming-0011.tmp", b"half")
    _written(store.folder / "Thumbs.db", b"x")
    _written(group / f"{stored.sha256} (conflicted copy).docx", b"x")
    (store.folder / "my folder").mkdir()
    store.collect((), timedelta(days=30))  # leaves its ledger, which is no stranger

    assert [path.name for path in store.temporaries()] == [".incoming-0011.tmp"]
    assert {path.name for path in store.strangers()} == {
        "Thumbs.db",
        f"{stored.sha256} (conflicted copy).docx",
        "my folder",
    }
    store.remove_temporaries()
    assert store.temporaries() == []
    assert len(store.sizes()) == 1


# Collecting what nothing names


def _age(store: FileStore, sha256: str, days: int) -> None:
    moment = time.time() - days * 86_400
    os.utime(_stored_path(store, sha256), (moment, moment))


def test_unused_files_are_removed_thirty_days_after_they_were_found_unused(store: FileStore, tmp_path: Path) -> None:
    used = store.add(_written(tmp_path / "used.txt", b"used")).sha256
    unused = store.add(_written(tmp_path / "unused.txt", b"unused")).sha256
    for sha256 in (used, unused):
        _age(store, sha256, 700)
    month = timedelta(days=30)
    today = datetime.now(UTC)

    assert store.collect({used}, month, today) == []
    assert store.collect({used}, month, today + timedelta(days=29)) == []
    assert store.collect({used}, month, today + timedelta(days=30)) == [unused]
    assert set(store.sizes()) == {used}


def test_a_file_that_is_used_again_starts_anew(store: FileStore, source: Path) -> None:
    sha256 = store.add(source).sha256
    _age(store, sha256, 700)
    month = timedelta(days=30)
    today = datetime.now(UTC)
    store.collect((), month, today)
    store.collect({sha256}, month, today + timedelta(days=20))

    assert store.collect((), month, today + timedelta(days=31)) == []
    assert store.collect((), month, today + timedelta(days=61)) == [sha256]


def test_a_file_that_was_just_added_again_is_spared(store: FileStore, source: Path) -> None:
    sha256 = store.add(source).sha256
    _age(store, sha256, 700)
    month = timedelta(days=30)
    now = datetime.now(UTC)
    store.collect((), month, now - timedelta(days=31))
    store.add(source)  # its row is not written yet
    assert store.collect((), month, now) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"ab": 5}', '{"ab": "soon"}', "\0"])
def test_a_damaged_ledger_only_means_that_the_time_starts_again(store: FileStore, source: Path, content: str) -> None:
    sha256 = store.add(source).sha256
    _age(store, sha256, 700)
    (store.folder / "unused.json").write_text(content)
    assert store.collect((), timedelta(days=30)) == []
    assert store.sizes() == {sha256: 15}


# Finding files again


def test_missing_files_are_found_by_content(store: FileStore, tmp_path: Path) -> None:
    attic = tmp_path / "attic" / "old"
    attic.mkdir(parents=True)
    wanted = {}
    for number in range(3):
        content = f"content {number}".encode()
        wanted[hashlib.sha256(content).hexdigest()] = len(content)
        if number:
            _written(attic / f"renamed {number}", content)
    _written(attic / "same size", b"content X")
    _written(attic / "other", b"something else")

    found = store.find_again(wanted, tmp_path / "attic")

    assert found == sorted(hashlib.sha256(f"content {number}".encode()).hexdigest() for number in (1, 2))
    assert set(store.sizes()) == set(found)
