"""Starting the program on a screen: alone, with a portfolio, a second time, and with what cannot be opened."""

from __future__ import annotations

import re
import shutil
import signal
from pathlib import Path

from tests.e2e.window_driver import WindowDriver

from portfolio_app.storage.portfolio_file import PortfolioFile

OPEN = "Sam Ellis – Portfolio App"


def _database(folder: Path) -> Path:
    (database,) = folder.glob("*.portfolio")
    return database


def test_with_a_portfolio(window: WindowDriver, sample_folder: Path) -> None:
    window.start(_database(sample_folder))
    window.wait_for(OPEN, "frame")
    window.wait_for("All changes saved", "label")
    assert window.quit() == 0
    assert window.complaints() == ""
    PortfolioFile.open(sample_folder).close()


def test_comes_back_where_it_was_left(window: WindowDriver, sample_folder: Path) -> None:
    window.start(sample_folder)
    window.wait_for(OPEN, "frame")
    window.keys("ctrl+4")
    window.wait_for("Coverage matrix", "table")
    assert window.quit() == 0
    window.start()
    window.wait_for(OPEN, "frame")
    window.wait_for("Coverage matrix", "table")
    assert window.quit() == 0


def test_a_second_start_hands_over_to_the_first(window: WindowDriver, sample_folder: Path) -> None:
    window.start()
    second = window.launch(_database(sample_folder))
    assert second.wait(30) == 0
    window.wait_for(OPEN, "frame")
    assert window.launch().wait(30) == 0
    assert len(window.find_all(re.compile(""), "frame")) == 1


def test_without_a_portfolio_there(window: WindowDriver, tmp_path: Path) -> None:
    (tmp_path / "Photographs").mkdir()
    window.start(tmp_path / "Photographs")
    window.wait_for(re.compile("“.*Photographs” holds no portfolio"), "label")
    window.wait_for("New portfolio …", "push button")


def test_with_a_damaged_portfolio(window: WindowDriver, sample_folder: Path) -> None:
    database = _database(sample_folder)
    damaged = database.read_bytes()[:5000] + b"\0" * 20_000
    database.write_bytes(damaged)
    window.start(database)
    window.wait_for(re.compile("is damaged: .* was restored as .* with 31 evidence items"), "label")
    window.wait_for(OPEN, "frame")
    assert window.quit() == 0
    assert [path.read_bytes() for path in sample_folder.glob("*.portfolio-damaged")] == [damaged]


def test_with_a_damaged_portfolio_and_no_back_up(window: WindowDriver, sample_folder: Path) -> None:
    database = _database(sample_folder)
    database.write_bytes(b"\0" * 20_000)
    shutil.rmtree(sample_folder / "backups")
    window.start(database)
    window.wait_for(re.compile("damaged|not a portfolio"), "label")
    window.wait_for("New portfolio …", "push button")
    assert database.read_bytes() == b"\0" * 20_000


def test_with_a_portfolio_that_is_open_elsewhere(window: WindowDriver, sample_folder: Path) -> None:
    with PortfolioFile.open(sample_folder):
        window.start(sample_folder)
        window.wait_for(re.compile("^The portfolio is open elsewhere"), "dialog")
        window.press("Open it for reading")
        window.wait_for(OPEN, "frame")
        window.wait_for("Opened for reading: nothing can be changed", "label")
        assert window.quit() == 0


def test_after_a_crash_the_report_is_offered(window: WindowDriver) -> None:
    window.start().wait_for("New portfolio …", "push button")
    window.signal(signal.SIGSEGV)
    window.start()
    window.wait_for(re.compile("^The program ended unexpectedly last time"), "dialog")
    window.press("Continue")
    window.wait_gone(re.compile("^The program ended unexpectedly"), "dialog")
    assert window.quit() == 0
    window.start().wait_for("New portfolio …", "push button")
    assert window.find(re.compile("unexpectedly"), "dialog") is None
