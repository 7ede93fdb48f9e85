from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sample_portfolios import rich_portfolio
from tests.stored_portfolios import new_portfolio, state, store

from portfolio_app.domain.errors import KnownError
from portfolio_app.domain.evidence import Attachment, Evidence
from portfolio_app.domain.identifiers import new_id
from portfolio_app.storage import schema
from portfolio_app.storage.errors import (
    FileUnreadable,
    ForeignSchema,
    NewerFormat,
    NotAPortfolio,
    PortfolioDamaged,
    PortfolioLocked,
    StorageError,
)
from portfolio_app.storage.lock import PortfolioLock
from portfolio_app.storage.portfolio_file import PortfolioFile


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """Return a closed portfolio's database with one item and no back-up."""
    with new_portfolio(tmp_path / "portfolio") as made:
        add_item(made, "Kept")
    shutil.rmtree(made.backups.folder)
    return made.path


@pytest.fixture
def backed_up(closed: Path) -> Path:
    """Return the same with two back-ups, the newer of which holds all."""
    with PortfolioFile.open(closed) as opened:
        opened.backups.make()
        add_item(opened, "Newest")
    return closed


def add_item(portfolio: PortfolioFile, title: str, *attachments: Attachment, body: str = "") -> None:
    with portfolio.edit(f"Add {title}") as editor:
        number = editor.next_evidence_number()
        editor.put_evidence(Evidence(new_id(), number, "plan", title, body=body, attachments=attachments))


def titles(portfolio: PortfolioFile) -> list[str]:
    with portfolio.read() as reader:
        return [fact.title for fact in reader.evidence_facts()]


def run_sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def backups_of(path: Path) -> list[Path]:
    return sorted((path.parent / "backups").iterdir())


def is_one_sentence(error: Exception) -> bool:
    text = str(error)
    return text.endswith(".") and "\n" not in text and "Traceback" not in text and len(text) < 400


# --- what is not a portfolio -------------------------------------------------------------------------------------

NOISE = bytes(range(256)) * 40


@pytest.mark.parametrize("name", ["holiday.jpg", "Sam Ellis.portfolio"])
@pytest.mark.parametrize(
    "content", [b"", b"SQLite", b"hello", NOISE, b"SQLite format 3\0", b"SQLite format 3\0" + NOISE]
)
@pytest.mark.parametrize("read_only", [False, True])
def test_another_kind_of_file_is_named_and_left_alone(
    tmp_path: Path, name: str, content: bytes, read_only: bool
) -> None:
    place = tmp_path / name
    place.write_bytes(content)
    with pytest.raises(StorageError) as caught:
        PortfolioFile.open(place, read_only=read_only)
    assert is_one_sentence(caught.value)
    assert f"“{name}”" in str(caught.value)
    assert place.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_places_without_a_portfolio_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "holiday.jpg").write_bytes(NOISE)
    for place, error, words in (
        (tmp_path / "empty", NotAPortfolio, "holds no portfolio"),
        (tmp_path, NotAPortfolio, "holds no portfolio"),
        (tmp_path / "gone", FileUnreadable, "There is no portfolio at"),
        (tmp_path / "gone.portfolio", FileUnreadable, "There is no portfolio at"),
        (tmp_path / "holiday.jpg" / "below", FileUnreadable, "There is no portfolio at"),
        (tmp_path / ("long" * 100), FileUnreadable, "cannot be opened"),
        (tmp_path / "nul\0", FileUnreadable, "nul"),
    ):
        with pytest.raises(error, match=words) as caught:
            PortfolioFile.open(place)
        assert is_one_sentence(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are elsewhere there")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.portfolio")
    with pytest.raises(NotAPortfolio, match="neither a file nor a folder"):
        PortfolioFile.open(tmp_path / "pipe.portfolio")


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    run_sql(tmp_path / "x.portfolio", "CREATE TABLE music (id)")
    with pytest.raises(NotAPortfolio, match="another program"):
        PortfolioFile.open(tmp_path / "x.portfolio")


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_format_is_refused(backed_up: Path, read_only: bool) -> None:
    run_sql(backed_up, f"PRAGMA user_version = {schema.FORMAT + 1}")
    before = backed_up.read_bytes()
    with pytest.raises(NewerFormat, match=r"newer version of this program .* Update the program"):
        PortfolioFile.open(backed_up, read_only=read_only)
    assert backed_up.read_bytes() == before


@pytest.mark.parametrize("version", [0, -1])
def test_a_format_that_never_was_is_refused(closed: Path, version: int) -> None:
    run_sql(closed, f"PRAGMA user_version = {version}")
    with pytest.raises(ForeignSchema, match="never wrote"):
        PortfolioFile.open(closed)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("CREATE TRIGGER evil AFTER INSERT ON evidence BEGIN DELETE FROM claim; END", "trigger “evil”"),
        ("CREATE VIEW spy AS SELECT * FROM person", "view “spy”"),
        ("CREATE TABLE extra (id)", "table “extra”"),
        ("CREATE INDEX odd ON evidence (title)", "index “odd”"),
        ("ALTER TABLE person ADD COLUMN phone TEXT", "table “person”"),
        ("DROP TRIGGER decision_no_delete", "trigger “decision_no_delete”"),
        ("DROP INDEX claim_facts", "index “claim_facts”"),
        ("CREATE VIRTUAL TABLE found USING fts5(text)", "found"),
    ],
)
@pytest.mark.parametrize("read_only", [False, True])
def test_a_schema_that_another_program_changed_is_refused(
    backed_up: Path, statement: str, named: str, read_only: bool
) -> None:
    run_sql(backed_up, statement)
    before = backed_up.read_bytes()
    with pytest.raises(ForeignSchema, match=re.escape(named)) as caught:
        PortfolioFile.open(backed_up, read_only=read_only)
    assert is_one_sentence(caught.value)
    assert backed_up.read_bytes() == before
    PortfolioFile.open(backups_of(backed_up)[0]).close()


def test_a_trigger_that_calls_itself_sqlites_own_is_refused_too(closed: Path) -> None:
    run_sql(
        closed,
        "CREATE TRIGGER evil AFTER INSERT ON evidence BEGIN DELETE FROM claim; END",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET name = 'sqlite_autoindex_evil' WHERE name = 'evil'",
    )
    with pytest.raises(StorageError):
        PortfolioFile.open(closed)


def test_what_analyze_leaves_is_harmless(closed: Path) -> None:
    run_sql(closed, "ANALYZE")
    with PortfolioFile.open(closed) as opened:
        assert opened.notices == ()


def test_a_file_switched_to_wal_is_switched_back(closed: Path) -> None:
    run_sql(closed, "PRAGMA journal_mode = WAL")
    with PortfolioFile.open(closed) as opened:
        assert opened._database.pragma("journal_mode") == "truncate"
        assert titles(opened) == ["Kept"]


# --- damage ------------------------------------------------------------------------------------------------------


def _zero_the_header(path: Path) -> None:
    path.write_bytes(bytes(4096) + path.read_bytes()[4096:])


def _cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _cut_to_nothing(path: Path) -> None:
    path.write_bytes(b"")


def _scribble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for start in range(8192, len(content), 8192):
        content[start : start + 24] = b"\xff" * 24
    path.write_bytes(content)


def _garble_a_type(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"title TEXT NOT NULL", b"title TEXT \xccOT NULL"))


def _garble_a_statement(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE evidence", b"CRE\xc1TE TABLE evidence"))


def _remove(path: Path) -> None:
    path.unlink()


DAMAGES: list[Callable[[Path], None]] = [
    _zero_the_header,
    _cut_off,
    _cut_to_nothing,
    _scribble,
    _garble_a_type,
    _garble_a_statement,
]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("by_folder", [True, False])
def test_in_a_damaged_ones_place_the_newest_backup_is_restored(
    backed_up: Path, damage: Callable[[Path], None], by_folder: bool
) -> None:
    before = state(backed_up)
    damage(backed_up)
    damaged = backed_up.read_bytes()
    backups = backups_of(backed_up)
    with PortfolioFile.open(backed_up.parent if by_folder else backed_up) as opened:
        assert not opened.read_only
        assert titles(opened) == ["Kept", "Newest"]
        assert opened.path.name.startswith("Sam Ellis (restored 2")
        (notice,) = opened.notices
        assert re.search(r"back-up of \d{4}-\d\d-\d\d \d\d:\d\d was restored as “Sam Ellis \(restored", notice)
        assert "2 evidence items, 0 claims and 0 decisions" in notice
        add_item(opened, "Afterwards")
    assert state(backups[-1]) == before
    (kept,) = backed_up.parent.glob("*-damaged")
    assert kept.read_bytes() == damaged
    assert f"kept as “{kept.name}”" in notice
    assert not backed_up.exists()
    assert backups == backups_of(backed_up)[:2]
    # The folder, and whoever still has the old name, come to the restored one, without being told again.
    for place in (backed_up.parent, backed_up):
        with PortfolioFile.open(place) as again:
            assert again.notices == ()
            assert titles(again) == ["Kept", "Newest", "Afterwards"]


def test_a_database_that_was_deleted_comes_back_from_its_backups(backed_up: Path) -> None:
    backed_up.unlink()
    with PortfolioFile.open(backed_up.parent) as opened:
        assert titles(opened) == ["Kept", "Newest"]
        assert "is missing" in opened.notices[0]


def test_a_damaged_backup_is_passed_over(backed_up: Path) -> None:
    _scribble(backed_up)
    newest = backups_of(backed_up)[-1]
    newest.chmod(0o600)
    _scribble(newest)
    with PortfolioFile.open(backed_up) as opened:
        assert titles(opened) == ["Kept"]


def test_a_backup_that_would_not_open_is_passed_over(backed_up: Path) -> None:
    _scribble(backed_up)
    newest = backups_of(backed_up)[-1]
    mark = hashlib.sha256(NOISE).hexdigest()[:8]
    newest.with_name(f"29991231T235959Z-{mark}.portfolio").write_bytes(NOISE)
    with PortfolioFile.open(backed_up) as opened:
        assert titles(opened) == ["Kept", "Newest"]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("read_only", [False, True])
def test_without_a_backup_the_damaged_file_is_left_as_it_is(
    closed: Path, damage: Callable[[Path], None], read_only: bool
) -> None:
    damage(closed)
    damaged = closed.read_bytes()
    with pytest.raises((PortfolioDamaged, NotAPortfolio)) as caught:
        PortfolioFile.open(closed, read_only=read_only)
    assert "\n" not in str(caught.value)
    assert closed.read_bytes() == damaged


def test_opening_for_reading_restores_nothing(backed_up: Path) -> None:
    _scribble(backed_up)
    names = sorted(path.name for path in backed_up.parent.iterdir())
    with pytest.raises(PortfolioDamaged, match="Open it for editing to have it restored"):
        PortfolioFile.open(backed_up, read_only=True)
    assert sorted(path.name for path in backed_up.parent.iterdir()) == names


def test_a_damaged_portfolio_that_is_open_elsewhere_is_not_touched(backed_up: Path) -> None:
    with PortfolioFile.open(backed_up):
        content = backed_up.read_bytes()
        _scribble(backed_up)
        with pytest.raises(PortfolioLocked):
            PortfolioFile.open(backed_up)
        assert not list(backed_up.parent.glob("*restored*"))
        backed_up.write_bytes(content)


def test_no_journal_is_left_for_the_restored_file_to_replay(backed_up: Path) -> None:
    journal = backed_up.with_name(f"{backed_up.name}-journal")
    _cut_to_nothing(backed_up)
    journal.write_bytes(NOISE)
    with PortfolioFile.open(backed_up) as opened:
        assert titles(opened) == ["Kept", "Newest"]
        assert not opened.path.with_name(f"{opened.path.name}-journal").exists() or (
            opened.path.with_name(f"{opened.path.name}-journal").stat().st_size == 0
        )
    assert not backed_up.exists()


@given(data=st.data())
@settings(max_examples=60)
def test_flipped_bits_never_bring_a_traceback(data: st.DataObject, rich: Path) -> None:
    folder = rich.parent
    content = bytearray(rich.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    place = folder / "flipped.portfolio"
    place.write_bytes(content)
    try:
        with PortfolioFile.open(place, read_only=True) as opened, opened.read() as reader:
            reader.portfolio()
            reader.facts({})
    except KnownError as error:
        said = str(error)
    else:
        said = ""
    assert "\n" not in said


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with store(tmp_path_factory.mktemp("rich") / "portfolio", rich_portfolio().portfolio) as stored:
        pass
    return stored.path


# --- power cuts --------------------------------------------------------------------------------------------------


@pytest.fixture
def cut_off_while_saving(closed: Path, tmp_path: Path) -> Path:
    """Return a copy of a portfolio as a power cut leaves it: half of an edit in the file, its journal beside it."""
    with closing(sqlite3.connect(closed, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = TRUNCATE")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        for number in range(400):
            connection.execute(
                "INSERT INTO person VALUES (?, ?, ?, '', '', '', '')", (f"{number}", "x" * 300, "y" * 300)
            )
        connection.execute("UPDATE evidence SET title = 'Half'")
        copy = tmp_path / "copy"
        shutil.copytree(closed.parent, copy)
        connection.execute("ROLLBACK")
    path = copy / closed.name
    assert path.with_name(f"{path.name}-journal").stat().st_size > 0
    assert path.read_bytes() != closed.read_bytes()
    return path


def test_damage_on_a_read_only_medium_says_what_to_do(backed_up: Path, small_disk: Path) -> None:
    _scribble(backed_up)
    shutil.copytree(backed_up.parent, small_disk / "portfolio", ignore=shutil.ignore_patterns(".ballast"))
    if subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=False).returncode != 0:
        pytest.skip("may not remount a disk here")
    try:
        with pytest.raises(PortfolioDamaged, match="copy it to another disk"):
            PortfolioFile.open(small_disk / "portfolio")
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)


def test_what_another_window_has_just_restored_is_opened(backed_up: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _scribble(backed_up)
    acquire = PortfolioLock.acquire
    calls: list[Path] = []

    def acquire_late(database: Path, *, take_over: bool = False) -> PortfolioLock:
        calls.append(database)
        if len(calls) == 2:
            monkeypatch.setattr(PortfolioLock, "acquire", acquire)
            PortfolioFile.open(backed_up).close()
        return acquire(database, take_over=take_over)

    monkeypatch.setattr(PortfolioLock, "acquire", acquire_late)
    with PortfolioFile.open(backed_up) as opened:
        assert titles(opened) == ["Kept", "Newest"]
        assert opened.notices == ()
    assert len(list(backed_up.parent.glob("*restored*.portfolio"))) == 1


@pytest.mark.parametrize("read_only", [False, True])
def test_an_edit_cut_off_by_a_power_cut_is_rolled_back(cut_off_while_saving: Path, read_only: bool) -> None:
    with PortfolioFile.open(cut_off_while_saving, read_only=read_only) as opened:
        assert opened.notices == ()
        assert titles(opened) == ["Kept"]
        with opened.read() as reader:
            assert reader.people() == []


def test_such_a_portfolio_on_a_read_only_medium_says_what_to_do(cut_off_while_saving: Path, small_disk: Path) -> None:
    shutil.copytree(cut_off_while_saving.parent, small_disk / "portfolio", ignore=shutil.ignore_patterns(".ballast"))
    if subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=False).returncode != 0:
        pytest.skip("may not remount a disk here")
    try:
        for read_only in (False, True):
            with pytest.raises(StorageError, match="copy the portfolio's folder") as caught:
                PortfolioFile.open(small_disk / "portfolio", read_only=read_only)
            assert is_one_sentence(caught.value)
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)


# --- which file is meant -----------------------------------------------------------------------------------------


def test_of_several_files_the_one_restored_last_is_current(closed: Path) -> None:
    for mark in ("20260101T100000Z", "20260301T100000Z", "20260201T100000Z"):
        shutil.copy(closed, closed.with_name(f"Sam Ellis (restored {mark}).portfolio"))
    with PortfolioFile.open(closed.parent) as opened:
        assert opened.path.name == "Sam Ellis (restored 20260301T100000Z).portfolio"
    with PortfolioFile.open(closed) as opened:
        assert opened.path == closed


def test_several_files_of_equal_right_are_named(closed: Path) -> None:
    shutil.copy(closed, closed.with_name("Sam Ellis (conflicted copy).portfolio"))
    with pytest.raises(NotAPortfolio, match=r"several portfolios: “Sam Ellis .conflicted copy.*Open one of them"):
        PortfolioFile.open(closed.parent)
    with PortfolioFile.open(closed) as opened:
        assert titles(opened) == ["Kept"]


def test_a_file_moved_alone_opens_and_says_which_attachments_it_misses(tmp_path: Path) -> None:
    source = tmp_path / "budget.pdf"
    source.write_bytes(b"%PDF")
    with new_portfolio(tmp_path / "portfolio") as made:
        stored = made.files.add(source)
        attachment = Attachment(new_id(), "budget.pdf", stored.sha256, stored.size, "application/pdf")
        add_item(made, "With a file", attachment, replace(attachment, id=new_id(), name="again.pdf"))
        for number in range(5):
            add_item(made, "Lost", Attachment(new_id(), f"{number}.jpg", f"{number:064}", 1, "image/jpeg"))
    with PortfolioFile.open(made.folder) as opened:
        assert "5 attached files are missing: “0.jpg” (E2), “1.jpg” (E3), “2.jpg” (E4) and 2 more" in opened.notices[0]
    (tmp_path / "elsewhere").mkdir()
    moved = tmp_path / "elsewhere" / made.path.name
    shutil.move(made.path, moved)
    with PortfolioFile.open(moved) as opened:
        assert "6 attached files are missing: “budget.pdf” (E1)" in opened.notices[0]
        assert len(titles(opened)) == 6
