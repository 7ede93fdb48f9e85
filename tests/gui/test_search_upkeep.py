"""What can be searched: made ready beside everything else, told where it is not, ended with the portfolio."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Self

import pytest
from tests.gui.stand import StandWindow

from portfolio_app.domain.attached_text import AttachedText, TextPassage, TextState
from portfolio_app.domain.errors import Cancelled
from portfolio_app.domain.progress import Progress
from portfolio_app.domain.search import SearchResults
from portfolio_app.gui.tasks import Task
from portfolio_app.helper_process import ProcessDied
from portfolio_app.services import searching, text_desk
from portfolio_app.services.searching import search
from portfolio_app.services.text_desk import FileToRead

Read = Callable[[FileToRead, Progress], AttachedText]


class _Process:
    """Reads attached files here instead of in a process of its own, as the test says."""

    read: Read

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Leave nothing behind."""


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[Read], None]:
    """Return a function that says what attached files say."""

    def use(read: Read) -> None:
        monkeypatch.setattr(_Process, "read", staticmethod(read), raising=False)
        monkeypatch.setattr(text_desk, "TextProcess", _Process)

    return use


def _begin(window: StandWindow) -> None:
    window.searching._files_clock.setInterval(0)
    window.searching.begin()


def _searched(window: StandWindow, typed: str) -> SearchResults:
    found: list[SearchResults] = []
    window.session.read(search, typed, done=found.append)
    window.settle()
    return found[0]


def _told(window: StandWindow) -> str:
    return " ".join(window.searching.told(_searched(window, "").unread))


def _says(file: FileToRead, _progress: Progress) -> AttachedText:
    if file.name.endswith(".pdf"):
        return AttachedText(file.sha256, TextState.ENCRYPTED)
    return AttachedText(file.sha256, TextState.READ, (TextPassage("wombats", None, 1),))


def test_all_is_made_ready_and_what_cannot_be_read_is_told(
    sample_window: StandWindow, reads: Callable[[Read], None]
) -> None:
    reads(_says)
    assert _searched(sample_window, "rota").total == 0
    _begin(sample_window)
    sample_window.settle()
    assert not sample_window.searching.is_behind
    assert _searched(sample_window, "wombat").total == 5
    assert _told(sample_window) == (
        "Not searched: “team-leading-certificate.pdf” (E28), since it is protected by a password; "
        "“enrolment-week-rota.pdf” (E3), since it is protected by a password; "
        "“service-level-agreement.pdf” (E2), since it is protected by a password."
    )


def test_files_that_are_still_read_are_counted_and_cancelling_is_told(
    sample_window: StandWindow, reads: Callable[[Read], None]
) -> None:
    is_reading, go_on = Event(), Event()

    def read(file: FileToRead, progress: Progress) -> AttachedText:
        is_reading.set()
        while not go_on.wait(0.01):
            progress(0, 0, "")
        return _says(file, progress)

    reads(read)
    tasks: list[Task] = []
    _begin(sample_window)
    sample_window.wait_until(is_reading.is_set)
    tasks += sample_window.tasks.running
    assert " ".join(sample_window.searching.told(8)) == "Still reading 8 attached files: there may be more to find."
    assert [task.title for task in tasks] == ["Reading attached files for the search"]
    tasks[0].cancel()
    sample_window.settle()
    assert _told(sample_window).startswith("8 attached files were not read. It was cancelled")


def test_making_the_index_can_be_cancelled_and_begun_again(
    sample_window: StandWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_making = Event()

    def make(*arguments: object) -> None:
        progress = arguments[3]
        is_making.set()
        while callable(progress):
            progress(0, 0, "")

    with monkeypatch.context() as patched:
        patched.setattr(searching, "catch_up", make)
        sample_window.searching.begin()
        sample_window.wait_until(is_making.is_set)
        assert _told_of(sample_window).startswith("Not everything can be found yet")
        sample_window.tasks.running[0].cancel()
        sample_window.settle()
    assert "was cancelled" in _told_of(sample_window)
    sample_window.searching.begin()
    sample_window.settle()
    assert _told_of(sample_window) == ""
    assert _searched(sample_window, "rota").total > 3


def _told_of(window: StandWindow) -> str:
    return " ".join(window.searching.told(0))


def test_a_process_that_does_not_start_is_told(sample_window: StandWindow, reads: Callable[[Read], None]) -> None:
    def read(_file: FileToRead, _progress: Progress) -> AttachedText:
        raise ProcessDied("It cannot be started.")

    reads(read)
    _begin(sample_window)
    sample_window.settle()
    assert _told(sample_window) == "8 attached files were not read. It cannot be started."
    assert _searched(sample_window, "rota").total > 3
    assert not sample_window.refused


def test_reading_ends_with_the_portfolio_and_the_next_is_read(
    sample_window: StandWindow, sample_folder: Path, reads: Callable[[Read], None]
) -> None:
    is_reading, has_ended = Event(), Event()

    def read(_file: FileToRead, progress: Progress) -> AttachedText:
        is_reading.set()
        try:
            while True:
                progress(0, 0, "")
        except Cancelled:
            has_ended.set()
            raise

    reads(read)
    _begin(sample_window)
    sample_window.wait_until(is_reading.is_set)
    sample_window.session.close()
    sample_window.settle()
    assert has_ended.is_set()
    reads(_says)
    sample_window.open_path(sample_folder)
    sample_window.settle()
    _begin(sample_window)
    sample_window.settle()
    assert _searched(sample_window, "wombat").total == 5
    assert not sample_window.refused


def test_closing_while_the_index_is_made_leaves_it_to_the_next_time(
    sample_window: StandWindow, sample_folder: Path
) -> None:
    _begin(sample_window)
    sample_window.session.close()
    sample_window.settle()
    assert not sample_window.refused
    sample_window.open_path(sample_folder)
    sample_window.settle()
    _begin(sample_window)
    sample_window.settle()
    assert _searched(sample_window, "rota").total > 3
