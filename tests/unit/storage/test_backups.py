from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_app.domain.evidence import Attachment, Evidence
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.portfolio import Learner, PortfolioDetails
from portfolio_app.storage.backups import KEPT_LAST, Backup, Backups, kept
from portfolio_app.storage.errors import BackupDamaged, DiskFull, FileUnwritable, PortfolioDamaged, StorageError
from portfolio_app.storage.portfolio_file import PortfolioFile

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class _Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def portfolio(tmp_path: Path) -> Iterator[PortfolioFile]:
    details = PortfolioDetails(id=new_id(), learner=Learner("Sam Ellis"))
    with PortfolioFile.create(tmp_path / "portfolio", details) as made:
        yield made


@pytest.fixture
def backups(portfolio: PortfolioFile, tmp_path: Path, clock: _Clock) -> Backups:
    return Backups(tmp_path / "backups", portfolio.path, clock)


def _add_evidence(portfolio: PortfolioFile, title: str = "Minutes", *, sha256: str = "ab" * 32) -> None:
    with portfolio.edit(f"Add {title}") as editor:
        attachment = Attachment(new_id(), "a.txt", sha256, 1, "text/plain")
        editor.put_evidence(
            Evidence(new_id(), editor.next_evidence_number(), "minutes", title, attachments=(attachment,))
        )


def _titles(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return [title for (title,) in connection.execute("SELECT title FROM evidence ORDER BY number")]


def _flip_a_bit(path: Path, at: int = -100) -> None:
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def _make_several(backups: Backups, portfolio: PortfolioFile, clock: _Clock, number: int, apart: timedelta) -> None:
    for index in range(number):
        _add_evidence(portfolio, f"Item {index}")
        backups.make()
        clock.now += apart


# Making


def test_a_backup_holds_the_portfolio_and_proves_itself(backups: Backups, portfolio: PortfolioFile) -> None:
    _add_evidence(portfolio)
    backup = backups.make()

    assert backup.made_at == NOON
    assert backup.name.startswith("20261121T120000Z-")
    assert backup.size == backup.path.stat().st_size
    assert backup.intact
    assert _titles(backup.path) == ["Minutes"]
    assert backups.list() == [backup]
    assert [path.name for path in backups.folder.iterdir()] == [backup.name]


def test_a_backup_keeps_what_marks_a_portfolio(backups: Backups, portfolio: PortfolioFile, tmp_path: Path) -> None:
    copy = tmp_path / "copy" / "Copy.portfolio"
    copy.parent.mkdir()
    backups.restore(backups.make(), copy)
    with PortfolioFile.open(copy) as opened, opened.read() as reader, portfolio.read() as original:
        assert reader.details() == original.details()
        assert reader.revision() == original.revision()


def test_an_unchanged_portfolio_gets_no_second_backup(
    backups: Backups, portfolio: PortfolioFile, clock: _Clock
) -> None:
    first = backups.make()
    clock.now += timedelta(hours=1)
    assert backups.make() == first
    _add_evidence(portfolio)
    assert backups.make() != first


def test_a_damaged_backup_does_not_stand_in_for_a_new_one(backups: Backups, clock: _Clock) -> None:
    first = backups.make()
    _flip_a_bit(first.path)
    clock.now += timedelta(hours=1)
    second = backups.make()
    assert second != first
    assert second.intact
    assert backups.newest_intact() == second


def test_order_does_not_depend_on_the_clock(backups: Backups, portfolio: PortfolioFile, clock: _Clock) -> None:
    first = backups.make()
    _add_evidence(portfolio)
    same_second = backups.make()
    clock.now -= timedelta(days=4000)
    _add_evidence(portfolio)
    after_the_battery_failed = backups.make()
    assert backups.list() == [after_the_battery_failed, same_second, first]


def test_a_backup_can_be_made_while_the_portfolio_is_being_read(backups: Backups, portfolio: PortfolioFile) -> None:
    with portfolio.read() as reader:
        reader.evidence_facts()
        assert backups.make().intact


def test_damage_is_not_copied_unseen(backups: Backups, portfolio: PortfolioFile) -> None:
    for number in range(40):
        _add_evidence(portfolio, f"Item {number}")
    portfolio.close()
    content = bytearray(portfolio.path.read_bytes())
    with closing(sqlite3.connect(portfolio.path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'evidence'").fetchone()[0]
        page = connection.execute("PRAGMA page_size").fetchone()[0]
    content[(root - 1) * page : root * page] = bytes(page)
    portfolio.path.write_bytes(content)

    with pytest.raises(PortfolioDamaged, match="No back-up was made"):
        backups.make()
    assert list(backups.folder.iterdir()) == []


def test_a_full_disk_leaves_no_half_backup(portfolio: PortfolioFile, small_disk: Path) -> None:
    (small_disk / "filling").write_bytes(bytes(12 * 1024 * 1024 - 80_000))
    backups = Backups(small_disk / "backups", portfolio.path)
    with pytest.raises(DiskFull, match="No back-up was made: the disk is full"):
        backups.make()
    assert list(backups.folder.iterdir()) == []


def test_a_folder_that_cannot_be_written(portfolio: PortfolioFile, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("a file where the folder should be")
    with pytest.raises(FileUnwritable, match="No back-up was made"):
        Backups(tmp_path / "backups", portfolio.path).make()


def test_foreign_files_are_not_backups(backups: Backups) -> None:
    backups.folder.mkdir()
    for name in ("notes.txt", "20261121T120000Z-3f9a12c4.portfolio.bak", "20269921T120000Z-3f9a12c4.portfolio"):
        (backups.folder / name).write_text("x")
    (backups.folder / "20261121T120000Z-3f9a12c4.portfolio").mkdir()
    assert backups.list() == []
    assert backups.newest_intact() is None


def test_leftovers_are_removed(backups: Backups) -> None:
    backup = backups.make()
    for name in (".making-00.tmp", ".making-00.tmp-journal"):
        (backups.folder / name).write_text("half")
    assert [path.name for path in backups.temporaries()] == [".making-00.tmp", ".making-00.tmp-journal"]
    backups.remove_temporaries()
    assert [path.name for path in backups.folder.iterdir()] == [backup.name]


# Restoring


def test_restoring_writes_over_nothing(backups: Backups, portfolio: PortfolioFile, tmp_path: Path) -> None:
    backup = backups.make()
    place = tmp_path / "restored"
    place.mkdir()
    wanted = place / "Sam Ellis.portfolio"
    wanted.write_text("something else")
    (place / "Sam Ellis (2).portfolio-journal").write_text("a stale journal")

    restored = backups.restore(backup, wanted)

    assert restored == place / "Sam Ellis (3).portfolio"
    assert restored.read_bytes() == backup.path.read_bytes()
    assert wanted.read_text() == "something else"
    with PortfolioFile.open(restored) as opened:
        assert not opened.read_only
        _add_evidence(opened, "after")


def test_a_damaged_backup_is_not_restored(backups: Backups, tmp_path: Path) -> None:
    backup = backups.make()
    _flip_a_bit(backup.path)
    assert not backup.intact
    assert backups.newest_intact() is None
    with pytest.raises(BackupDamaged, match="is damaged and was not restored"):
        backups.restore(backup, tmp_path / "restored.portfolio")
    assert not (tmp_path / "restored.portfolio").exists()
    assert not list(tmp_path.glob(".making-*"))


def test_restoring_on_a_full_disk_leaves_nothing(backups: Backups, small_disk: Path) -> None:
    backup = backups.make()
    (small_disk / "filling").write_bytes(bytes(12 * 1024 * 1024 - 80_000))
    with pytest.raises(DiskFull, match="was not restored"):
        backups.restore(backup, small_disk / "restored.portfolio")
    assert [path.name for path in small_disk.iterdir()] == ["filling"]


# Comparing


def test_a_comparison_counts_both_sides(backups: Backups, portfolio: PortfolioFile) -> None:
    _add_evidence(portfolio, "One")
    backup = backups.make()
    _add_evidence(portfolio, "Two")
    _add_evidence(portfolio, "Three")

    comparison = backups.compare(backup)

    assert comparison.backup.learner == "Sam Ellis"
    assert comparison.backup.items == comparison.backup.attachments == 1
    assert comparison.current is not None
    assert comparison.current.items == 3
    assert comparison.steps_since == 2
    assert comparison.backup.newest_change is not None
    assert comparison.current.newest_change is not None
    assert comparison.backup.newest_change <= comparison.current.newest_change


def test_a_comparison_tells_another_line_of_work(backups: Backups, portfolio: PortfolioFile, tmp_path: Path) -> None:
    early = backups.make()
    _add_evidence(portfolio, "One way")
    late = backups.make()
    with PortfolioFile.open(backups.restore(early, tmp_path / "other.portfolio")) as other:
        _add_evidence(other, "The other way")
        line = Backups(backups.folder, other.path)
        assert line.compare(late).steps_since is None
        assert line.compare(early).steps_since == 1


def test_a_backup_can_be_looked_at_when_the_portfolio_is_lost(backups: Backups, portfolio: PortfolioFile) -> None:
    backup = backups.make()
    portfolio.close()
    portfolio.path.write_bytes(b"nothing but rubbish" * 1000)
    comparison = backups.compare(backup)
    assert comparison.current is None
    assert comparison.steps_since is None
    assert comparison.backup.learner == "Sam Ellis"


def test_an_unreadable_backup_cannot_be_compared(backups: Backups) -> None:
    backup = backups.make()
    backup.path.chmod(0o600)
    backup.path.write_bytes(b"rubbish" * 1000)
    with pytest.raises(BackupDamaged, match="cannot be read"):
        backups.compare(backup)


def test_files_that_backups_name_are_told(backups: Backups, portfolio: PortfolioFile) -> None:
    _add_evidence(portfolio, sha256="aa" * 32)
    backups.make()
    _add_evidence(portfolio, sha256="bb" * 32)
    damaged = backups.make()
    assert backups.attached_files() == {"aa" * 32, "bb" * 32}
    damaged.path.chmod(0o600)
    damaged.path.write_bytes(b"rubbish")
    with pytest.raises(StorageError):
        backups.attached_files()


# Rotating


def test_rotation_removes_what_age_makes_superfluous(backups: Backups, portfolio: PortfolioFile, clock: _Clock) -> None:
    _make_several(backups, portfolio, clock, KEPT_LAST + 5, timedelta(minutes=1))
    before = backups.list()
    removed = backups.rotate(clock.now)
    assert backups.list() == before[:KEPT_LAST]
    assert removed == before[KEPT_LAST:]


def test_rotation_never_removes_the_last_intact_backup(
    backups: Backups, portfolio: PortfolioFile, clock: _Clock
) -> None:
    _make_several(backups, portfolio, clock, KEPT_LAST + 3, timedelta(minutes=1))
    for backup in backups.list()[: KEPT_LAST + 1]:
        _flip_a_bit(backup.path)
    intact = backups.newest_intact()

    removed = backups.rotate(clock.now)

    assert intact is not None
    assert backups.newest_intact() == intact
    assert intact not in removed
    assert len(removed) == 2


moments = st.integers(0, 2 * 365 * 86_400).map(lambda seconds: NOON + timedelta(days=10, seconds=-seconds))
recent = st.integers(0, 40 * 24 * 60).map(lambda minutes: NOON - timedelta(minutes=minutes))
histories = st.lists(st.one_of(moments, recent), max_size=120)


@given(histories)
def test_what_is_kept_is_enough(times: list[datetime]) -> None:
    chosen = kept(times, NOON)
    newest_first = sorted(set(times), reverse=True)

    assert chosen <= set(times)
    assert set(newest_first[:KEPT_LAST]) <= chosen
    for time in times:
        age = NOON - time
        same_week = [other for other in chosen if other.isocalendar()[:2] == time.isocalendar()[:2] and other >= time]
        assert same_week
        if age <= timedelta(days=30):
            assert any(other.date() == time.date() and other >= time for other in chosen)
        if age <= timedelta(hours=24):
            assert any((other.date(), other.hour) == (time.date(), time.hour) and other >= time for other in chosen)


@given(histories)
def test_what_is_kept_is_not_too_much(times: list[datetime]) -> None:
    now = max([NOON, *times])
    chosen = kept(times, now)
    in_a_day = [time for time in chosen if now - time <= timedelta(hours=24)]
    in_a_month = [time for time in chosen if now - time <= timedelta(days=30)]
    older = [time for time in chosen if now - time > timedelta(days=30)]
    assert len(in_a_day) <= KEPT_LAST + 25 + 2
    assert len(in_a_month) <= KEPT_LAST + 25 + 31 + 6
    assert len(older) <= KEPT_LAST + 110


@given(histories)
def test_rotating_twice_changes_nothing_more(times: list[datetime]) -> None:
    once = kept(times, NOON)
    assert kept(once, NOON) == once


@given(histories, st.lists(st.integers(1, 60 * 24 * 20), min_size=1, max_size=5))
def test_rotating_often_loses_no_week(times: list[datetime], steps: list[int]) -> None:
    now = NOON
    left = frozenset(time for time in times if time <= now)
    weeks = {time.isocalendar()[:2] for time in left}
    for minutes in steps:
        now += timedelta(minutes=minutes)
        left = kept(left, now)
    assert {time.isocalendar()[:2] for time in left} == weeks


def test_a_backup_removed_meanwhile_is_not_intact(tmp_path: Path) -> None:
    gone = Backup(tmp_path / "gone", "20261121T120000Z-3f9a12c4.portfolio", NOON, 1)
    assert not gone.intact
