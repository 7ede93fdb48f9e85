"""Attached files read in a process of its own, which hostile ones may end."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from tests.attached_samples import pdf_file, word_file

from portfolio_app.domain.attached_text import TextState
from portfolio_app.domain.errors import Cancelled
from portfolio_app.media_types import media_type
from portfolio_app.reading.limits import SEARCHED
from portfolio_app.services import text_desk
from portfolio_app.services.text_desk import FileToRead, TextProcess

needs_pipes = pytest.mark.skipif(sys.platform == "win32", reason="files cannot be pipes there")


@pytest.fixture(scope="module")
def shared() -> Iterator[TextProcess]:
    """Return a process that outlives a test: to start one takes half a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_desk, "_SECONDS_MORE", 0.5)
        process = TextProcess(replace(SEARCHED, seconds=0.5))
    with process:
        yield process


def written(path: Path, data: bytes = b"") -> FileToRead:
    path.write_bytes(data)
    return FileToRead(path, path.name, media_type(path.name, data), path.name)


@pytest.fixture
def endless(tmp_path: Path) -> FileToRead:
    """Return a file that never ends to be opened: a pipe that nobody writes into."""
    path = tmp_path / "endless.txt"
    os.mkfifo(path)
    return FileToRead(path, path.name, "text/plain", "endless")


def test_files_are_read_one_after_the_other(shared: TextProcess, tmp_path: Path) -> None:
    files = [
        written(tmp_path / "a.pdf", pdf_file("In the plan")),
        written(tmp_path / "b.pdf", pdf_file("Secret", password="key")),
        FileToRead(tmp_path / "c.txt", "c.txt", "text/plain", "c.txt"),
        written(tmp_path / "d.docx", word_file("<w:p><w:r><w:t>Agreed</w:t></w:r></w:p>")),
    ]
    heard: list[tuple[int, int, str]] = []
    found = [shared.read(file, lambda *told: heard.append(told)) for file in files]
    assert [text.sha256 for text in found] == [file.name for file in files]
    assert [text.state for text in found] == [
        TextState.READ,
        TextState.ENCRYPTED,
        TextState.MISSING,
        TextState.READ,
    ]
    assert [passage.text for text in found for passage in text.passages] == ["In the plan", "Agreed"]
    assert list(dict.fromkeys(heard)) == [(0, 0, f"Reading {file.name}") for file in files]


@needs_pipes
def test_a_file_that_hangs_is_too_slow_and_the_next_is_read(
    shared: TextProcess, endless: FileToRead, tmp_path: Path
) -> None:
    sound = written(tmp_path / "a.txt", b"Words")
    hung = shared.read(endless)
    assert (hung.state, hung.sha256) == (TextState.TOO_SLOW, "endless")
    assert [passage.text for passage in shared.read(sound).passages] == ["Words"]


@needs_pipes
def test_a_file_that_ends_the_process_is_damaged_and_the_next_is_read(
    shared: TextProcess, endless: FileToRead, tmp_path: Path
) -> None:
    sound = written(tmp_path / "a.txt", b"Words")
    assert shared.read(sound).state is TextState.READ
    number = shared.process_id
    assert number is not None

    def kill() -> None:
        with endless.path.open("wb"):  # which waits for the process to open it
            os.kill(number, signal.SIGKILL)

    with ThreadPoolExecutor(1) as beside:
        killed = beside.submit(kill)
        assert shared.read(endless).state is TextState.DAMAGED
        killed.result(30)
    assert shared.read(sound).state is TextState.READ
    assert shared.process_id != number


@needs_pipes
def test_what_reads_can_be_cancelled(shared: TextProcess, endless: FileToRead) -> None:
    def stop(done: int, total: int, what: str) -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        shared.read(endless, stop)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell, or do not limit it")
def test_the_process_takes_no_more_memory_than_it_may_and_lets_others_go_first(
    shared: TextProcess, tmp_path: Path
) -> None:
    shared.read(written(tmp_path / "a.txt", b"Words"))
    assert shared.process_id is not None
    process = psutil.Process(shared.process_id)
    limit, _ = process.rlimit(psutil.RLIMIT_AS)
    assert 0 < limit <= 2_000_000_000
    assert process.nice() > psutil.Process().nice() or process.nice() == 19
