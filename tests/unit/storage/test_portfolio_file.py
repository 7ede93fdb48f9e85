from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.stored_portfolios import new_portfolio, state

from portfolio_app.domain.evidence import Evidence
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.portfolio import Learner, PortfolioDetails
from portfolio_app.storage import database, opening, portfolio_file
from portfolio_app.storage.errors import (
    AlreadyExists,
    DiskFull,
    FileUnwritable,
    PortfolioLocked,
    ReadOnlyPortfolio,
    StorageError,
)
from portfolio_app.storage.lock import PortfolioLock
from portfolio_app.storage.portfolio_file import PortfolioFile, file_stem


@pytest.fixture
def portfolio(tmp_path: Path) -> Iterator[PortfolioFile]:
    with new_portfolio(tmp_path / "portfolio") as made:
        yield made


def add_item(portfolio: PortfolioFile, title: str = "Minutes", body: str = "") -> None:
    with portfolio.edit(f"Add {title}") as editor:
        editor.put_evidence(Evidence(new_id(), editor.next_evidence_number(), "plan", title, body=body))


def titles(place: Path) -> list[str]:
    with PortfolioFile.open(place, read_only=True) as portfolio, portfolio.read() as reader:
        return [fact.title for fact in reader.evidence_facts()]


# --- create ------------------------------------------------------------------------------------------------------


def test_a_new_portfolio_is_one_folder_with_a_file_named_after_the_learner(tmp_path: Path) -> None:
    details = PortfolioDetails(new_id(), Learner("Sam Ellis"))
    with PortfolioFile.create(tmp_path / "deep" / "down", details) as made:
        assert made.path == tmp_path / "deep" / "down" / "Sam Ellis.portfolio"
        assert made.notices == ()
        assert [step.name for step in made.history()] == ["New portfolio"]
        with made.read() as reader:
            assert replace(reader.details(), created_at=None) == details
    assert sorted(path.name for path in made.folder.iterdir() if not path.name.startswith(".")) in (
        ["Sam Ellis.portfolio"],
        ["Sam Ellis.portfolio", "Sam Ellis.portfolio-journal"],
    )


def test_the_settings_are_those_that_were_proved(portfolio: PortfolioFile) -> None:
    expected = {
        "journal_mode": "truncate",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "mmap_size": 0,
        "user_version": 3,
        "application_id": 0x50464C4F,
    }
    assert {name: portfolio._database.pragma(name) for name in expected} == expected


def test_an_empty_folder_may_become_a_portfolio(tmp_path: Path) -> None:
    (tmp_path / ".new-portfolio-0123").write_bytes(b"left by a killed program")
    with new_portfolio(tmp_path) as made:
        assert made.folder == tmp_path
    assert not (tmp_path / ".new-portfolio-0123").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(AlreadyExists, match="not empty"):
        new_portfolio(tmp_path)
    with pytest.raises(AlreadyExists):
        new_portfolio(tmp_path / "holiday.jpg")
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_portfolio_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for place in (tmp_path / "file" / "folder", tmp_path / ("long" * 100), tmp_path / "nul\0"):
        with pytest.raises(FileUnwritable, match="No portfolio could be made"):
            new_portfolio(place)


def test_what_fails_half_way_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("anything")

    monkeypatch.setattr("portfolio_app.storage.history.record", fail)
    with pytest.raises(sqlite3.OperationalError):
        new_portfolio(tmp_path / "deep" / "down")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("learner", "stem"),
    [
        ("Sam Ellis", "Sam Ellis"),
        ("  Ana  Ó’Neill ", "Ana Ó’Neill"),
        ("../../etc/passwd", "etc passwd"),
        ('a<b>:"/\\|?*c\n\0d', "a b c d"),
        ("con", "Portfolio con"),
        ("LPT1.old", "Portfolio LPT1.old"),
        ("...", "Portfolio"),
        ("", "Portfolio"),
        ("é" * 100, "é" * 60),
    ],
)
def test_any_learner_gives_a_name_that_every_system_takes(learner: str, stem: str, tmp_path: Path) -> None:
    assert file_stem(learner) == stem
    with new_portfolio(tmp_path / "portfolio", learner) as made:
        assert made.path.name == f"{stem}.portfolio"


# --- edit --------------------------------------------------------------------------------------------------------


def test_an_edit_is_there_after_opening_again(portfolio: PortfolioFile) -> None:
    add_item(portfolio, "Kept")
    portfolio.close()
    assert titles(portfolio.folder) == ["Kept"]


def test_an_edit_that_raises_changes_nothing(portfolio: PortfolioFile) -> None:
    before = state(portfolio.path)
    with pytest.raises(ZeroDivisionError), portfolio.edit("Add") as editor:
        editor.put_evidence(Evidence(new_id(), 1 // (editor.next_evidence_number() - 1), "plan", "Lost"))
    assert state(portfolio.path) == before
    assert len(portfolio.history()) == 1
    add_item(portfolio, "First")
    assert titles(portfolio.folder) == ["First"]


def test_edits_do_not_nest(portfolio: PortfolioFile) -> None:
    with pytest.raises(RuntimeError, match="already under way"), portfolio.edit("Outer"), portfolio.read():
        pytest.fail("two transactions at once")
    add_item(portfolio)


def test_the_changes_of_a_step_are_known_while_and_after_it_is_made(portfolio: PortfolioFile) -> None:
    with portfolio.edit("Add") as editor:
        assert not editor.changes
        editor.put_evidence(Evidence("a" * 32, editor.next_evidence_number(), "plan", "One"))
        assert editor.changes.evidence == {"a" * 32}
        editor.put_evidence(Evidence("b" * 32, editor.next_evidence_number(), "plan", "Two"))
    assert editor.changes.evidence == {"a" * 32, "b" * 32}
    assert portfolio.undo() == ("Add", editor.changes)


# --- who else has it open ----------------------------------------------------------------------------------------


def test_a_second_window_may_only_read(portfolio: PortfolioFile) -> None:
    add_item(portfolio, "Seen")
    with pytest.raises(PortfolioLocked, match="already open in another window"):
        PortfolioFile.open(portfolio.folder)
    with PortfolioFile.open(portfolio.folder, read_only=True) as second:
        assert second.read_only
        with pytest.raises(ReadOnlyPortfolio, match="reading only"), second.edit("Change"):
            pytest.fail("an edit began")
        for change in (second.undo, second.redo):
            with pytest.raises(ReadOnlyPortfolio):
                change()
        with second.read() as reader:
            assert [fact.title for fact in reader.evidence_facts()] == ["Seen"]
    portfolio.close()
    with PortfolioFile.open(portfolio.folder) as third:
        assert not third.read_only


def test_closing_twice_and_closing_the_reader_harms_nobody(portfolio: PortfolioFile) -> None:
    PortfolioFile.open(portfolio.folder, read_only=True).close()
    add_item(portfolio)
    portfolio.close()
    portfolio.close()
    with PortfolioFile.open(portfolio.folder) as again:
        portfolio.close()
        assert PortfolioLock.holder_of(again.path) is not None


def test_another_program_in_the_middle_of_saving_is_waited_for_then_named(
    portfolio: PortfolioFile,
) -> None:
    portfolio._database.raw.execute("PRAGMA busy_timeout = 50")
    before = state(portfolio.path)
    with closing(sqlite3.connect(portfolio.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(PortfolioLocked, match="used by another program; nothing was changed"):
            add_item(portfolio)
        other.execute("ROLLBACK")
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM evidence").fetchone()
        with pytest.raises(PortfolioLocked):
            add_item(portfolio)
        other.execute("ROLLBACK")
    assert state(portfolio.path) == before
    add_item(portfolio, "After")
    assert titles(portfolio.folder) == ["After"]


# --- disks that refuse -------------------------------------------------------------------------------------------


def test_a_full_database_saves_nothing_of_the_edit_and_frees_the_ballast(portfolio: PortfolioFile) -> None:
    add_item(portfolio, "Before")
    ballast = portfolio.folder / ".ballast"
    assert ballast.stat().st_size == 8 << 20
    pages = portfolio._database.pragma("page_count")
    portfolio._database.raw.execute(f"PRAGMA max_page_count = {pages}")
    before = state(portfolio.path)
    with pytest.raises(DiskFull, match="“Add Big” was not saved and everything is as it was"):
        add_item(portfolio, "Big", "word " * 100_000)
    assert not ballast.exists()
    assert state(portfolio.path) == before
    with pytest.raises(DiskFull, match="Make some room"):
        add_item(portfolio, "Big", "word " * 100_000)
    portfolio._database.raw.execute("PRAGMA max_page_count = 1000000")
    add_item(portfolio, "Big", "word " * 100_000)
    portfolio.close()
    with PortfolioFile.open(portfolio.folder) as again:
        assert again.notices == ()
        assert ballast.stat().st_size == 8 << 20
    assert titles(portfolio.folder) == ["Before", "Big"]


def _fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while file.write(b"\1" * size) == size:
                    pass
            except OSError:
                continue


def test_on_a_full_disk_no_portfolio_is_begun(small_disk: Path) -> None:
    _fill(small_disk)
    with pytest.raises(DiskFull, match="The disk is full, so no portfolio was made in"):
        new_portfolio(small_disk / "some" / "where")
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


def _add_until_refused(portfolio: PortfolioFile) -> int:
    for number in range(10_000):
        before = state(portfolio.path)
        try:
            add_item(portfolio, f"Item {number}", "word " * 100_000)
        except DiskFull:
            assert state(portfolio.path) == before
            return number
    pytest.fail("the disk never filled up")


def test_on_a_disk_that_fills_up_the_last_edits_are_saved(small_disk: Path) -> None:
    with new_portfolio(small_disk / "portfolio") as portfolio:
        _fill(small_disk)
        add_item(portfolio, "Saved on the ballast", "word " * 2000)
        assert any("disk is nearly full" in notice for notice in portfolio.notices)
        assert not (portfolio.folder / ".ballast").exists()
        assert _add_until_refused(portfolio) > 0
        _add_until_refused(portfolio)
    assert any("no back-up was made" in notice.lower() for notice in portfolio.notices)
    with PortfolioFile.open(portfolio.folder, read_only=True) as again, again.read() as reader:
        assert reader.evidence_facts()[0].title == "Saved on the ballast"


def test_opening_on_a_full_disk_gives_up_the_ballast_for_the_lock(small_disk: Path) -> None:
    new_portfolio(small_disk / "portfolio").close()
    _fill(small_disk)
    with PortfolioFile.open(small_disk / "portfolio") as portfolio:
        add_item(portfolio, "Saved")
    (small_disk / "filler").unlink()
    assert titles(portfolio.folder) == ["Saved"]


@pytest.fixture
def read_only_disk(small_disk: Path) -> Iterator[Path]:
    with new_portfolio(small_disk / "portfolio") as portfolio:
        add_item(portfolio, "Readable")
    if subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=False).returncode != 0:
        pytest.skip("may not remount a disk here")
    yield small_disk
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)


def test_a_read_only_medium_opens_read_only_and_says_so(read_only_disk: Path) -> None:
    with PortfolioFile.open(read_only_disk / "portfolio") as portfolio:
        assert portfolio.read_only
        assert any("cannot be written" in notice for notice in portfolio.notices)
        with portfolio.read() as reader:
            assert [fact.title for fact in reader.evidence_facts()] == ["Readable"]
        with pytest.raises(ReadOnlyPortfolio), portfolio.edit("Change"):
            pytest.fail("an edit began")
    with pytest.raises(FileUnwritable, match="Read-only file system"):
        new_portfolio(read_only_disk / "second")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of folders")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_write_protected_folder_opens_read_only(portfolio: PortfolioFile) -> None:
    portfolio.close()
    portfolio.folder.chmod(0o500)
    try:
        with PortfolioFile.open(portfolio.folder) as opened:
            assert opened.read_only
            assert opened.notices
    finally:
        portfolio.folder.chmod(0o700)


def test_a_write_protected_database_opens_read_only(portfolio: PortfolioFile, monkeypatch: pytest.MonkeyPatch) -> None:
    portfolio.close()

    class WriteProtected(database.Database):
        """What SQLite does with a file that it may not write: it opens it for reading."""

        def __init__(self, path: Path, access: database.Access = database.Access.WRITE) -> None:
            super().__init__(path, database.Access.READ if access is database.Access.WRITE else access)

    monkeypatch.setattr(opening, "Database", WriteProtected)
    with PortfolioFile.open(portfolio.folder) as opened:
        assert opened.read_only
        assert any("cannot be written" in notice for notice in opened.notices)


# --- back-ups ----------------------------------------------------------------------------------------------------


def test_closing_backs_up_what_was_changed_and_only_then(portfolio: PortfolioFile) -> None:
    portfolio.close()
    assert portfolio.backups.list() == []
    with PortfolioFile.open(portfolio.folder) as opened:
        add_item(opened)
    assert len(opened.backups.list()) == 1
    PortfolioFile.open(portfolio.folder).close()
    assert len(opened.backups.list()) == 1


def test_long_editing_is_backed_up_meanwhile(portfolio: PortfolioFile, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(portfolio_file, "monotonic", lambda: clock[0])
    portfolio._backed_up = clock[0]
    add_item(portfolio, "One")
    assert portfolio.backups.list() == []
    clock[0] += portfolio_file.BACKUP_SECONDS
    add_item(portfolio, "Two")
    assert len(portfolio.backups.list()) == 1
    add_item(portfolio, "Three")
    assert len(portfolio.backups.list()) == 1


def test_a_backup_that_fails_is_told_and_loses_nothing(
    portfolio: PortfolioFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise DiskFull("No back-up was made: the disk is full.")

    monkeypatch.setattr(portfolio.backups, "make", fail)
    add_item(portfolio, "Safe")
    portfolio.close()
    assert portfolio.notices == ("No back-up was made: the disk is full. Every edit is saved nevertheless.",)
    assert titles(portfolio.folder) == ["Safe"]


def test_restoring_gives_a_new_file_that_the_folder_opens_from_then_on(portfolio: PortfolioFile) -> None:
    add_item(portfolio, "Wanted")
    backup = portfolio.backups.make()
    add_item(portfolio, "Mistake")
    restored = portfolio.restore(backup)
    portfolio.close()
    assert restored.name.startswith("Sam Ellis (restored 2")
    assert titles(portfolio.folder) == ["Wanted"]
    assert titles(portfolio.path) == ["Wanted", "Mistake"]
    with PortfolioFile.open(portfolio.folder) as again:
        assert again.path == restored
        assert again.notices == ()
        second = again.restore(again.backups.list()[0])
        assert second != restored
        assert "restored" not in second.name.replace("(restored", "", 1)


def test_a_damaged_backup_is_not_restored(portfolio: PortfolioFile) -> None:
    add_item(portfolio)
    backup = portfolio.backups.make()
    backup.path.chmod(0o600)
    backup.path.write_bytes(backup.path.read_bytes()[:-1])
    with pytest.raises(StorageError, match="damaged and was not restored"):
        portfolio.restore(backup)
    assert [path.name for path in portfolio.folder.glob("*.portfolio")] == ["Sam Ellis.portfolio"]


def test_a_killed_program_keeps_every_acknowledged_edit(tmp_path: Path) -> None:
    new_portfolio(tmp_path / "portfolio").close()
    program = (
        "import sys; from pathlib import Path\n"
        "from portfolio_app.domain.evidence import Evidence\n"
        "from portfolio_app.domain.identifiers import new_id\n"
        "from portfolio_app.storage.portfolio_file import PortfolioFile\n"
        "with PortfolioFile.open(Path(sys.argv[1])) as portfolio:\n"
        "    while True:\n"
        "        with portfolio.edit('Add') as editor:\n"
        "            number = editor.next_evidence_number()\n"
        "            editor.put_evidence(Evidence(new_id(), number, 'plan', str(number), body='x' * 20000))\n"
        "        print(number, flush=True)\n"
    )
    acknowledged = 0
    for run in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "portfolio")], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for _ in range(3 + 5 * run):
                acknowledged = int(process.stdout.readline())
            process.kill()
            acknowledged = max([acknowledged, *map(int, process.stdout.read().split())])
        with PortfolioFile.open(tmp_path / "portfolio") as portfolio, portfolio.read() as reader:
            assert portfolio.notices == ()
            numbers = [fact.number for fact in reader.evidence_facts()]
        assert numbers[:acknowledged] == list(range(1, acknowledged + 1))
        assert len(numbers) <= acknowledged + 1


def test_a_copied_portfolio_is_whole(portfolio: PortfolioFile, tmp_path: Path) -> None:
    add_item(portfolio, "Copied")
    portfolio.close()
    shutil.copytree(portfolio.folder, tmp_path / "copy")
    assert titles(tmp_path / "copy") == ["Copied"]
