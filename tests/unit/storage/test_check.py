from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from portfolio_app.domain.errors import Cancelled
from portfolio_app.domain.evidence import Attachment, Evidence
from portfolio_app.domain.identifiers import new_id
from portfolio_app.domain.portfolio import Learner, PortfolioDetails
from portfolio_app.storage.backups import Backups
from portfolio_app.storage.check import CheckReport, Finding, Severity, check, check_file
from portfolio_app.storage.errors import FileUnreadable
from portfolio_app.storage.portfolio_file import PortfolioFile


@pytest.fixture
def portfolio(tmp_path: Path) -> Iterator[PortfolioFile]:
    """Three items with a file each, one step undone, and a back-up."""
    details = PortfolioDetails(id=new_id(), learner=Learner("Sam Ellis"))
    with PortfolioFile.create(tmp_path / "portfolio", details) as made:
        for number in (1, 2, 3):
            source = tmp_path / f"Minutes {number}.txt"
            source.write_text(f"meeting {number}")
            stored = made.files.add(source)
            attachment = Attachment(new_id(), source.name, stored.sha256, stored.size, "text/plain")
            with made.edit(f"Add evidence E{number}") as editor:
                evidence = Evidence(new_id(), editor.next_evidence_number(), "minutes", "T", body="Said. " * 2000)
                editor.put_evidence(replace(evidence, attachments=(attachment,)))
        with made.edit("Rename E1") as editor:
            editor.put_evidence(replace(editor.evidence(1), title="Renamed"))
        made.undo()
        _backups(made).make()
        yield made


def _backups(portfolio: PortfolioFile) -> Backups:
    return Backups(portfolio.folder / "backups", portfolio.path)


def _tamper(portfolio: PortfolioFile, *statements: str) -> None:
    with closing(sqlite3.connect(portfolio.path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def _attached_file(portfolio: PortfolioFile, number: int) -> Path:
    with portfolio.read() as reader:
        place = portfolio.files.path(reader.evidence(number).attachments[0].sha256)
    assert place is not None
    return place


def _overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


def _kinds(report: CheckReport) -> set[tuple[Severity, str]]:
    return {(finding.severity, finding.what) for finding in report.findings}


def test_a_sound_portfolio(portfolio: PortfolioFile) -> None:
    assert check(portfolio) == CheckReport((), files_checked=3, steps_checked=6, backups_checked=1)
    assert check(portfolio).sound


def test_checking_changes_nothing(portfolio: PortfolioFile) -> None:
    def state() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in portfolio.folder.rglob("*") if path.is_file()}

    before = state()
    check(portfolio)
    assert state() == before


def test_a_bin_an_undo_and_a_redo_are_no_tampering(portfolio: PortfolioFile) -> None:
    with portfolio.read() as reader:
        first, second = reader.evidence(1), reader.evidence(2)
    with portfolio.edit("Bin E1") as editor:
        editor.bin_evidence(first.id)
    with portfolio.edit("Delete E2") as editor:
        editor.bin_evidence(second.id)
        editor.delete_evidence(second.id)
    portfolio.undo()
    portfolio.redo()
    portfolio.undo()
    portfolio.undo()
    assert check(portfolio).findings == ()


def test_every_flipped_bit_of_an_attached_file_is_found(portfolio: PortfolioFile) -> None:
    place = _attached_file(portfolio, 2)
    content = place.read_bytes()
    for bit in range(0, len(content) * 8, 13):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        _overwrite(place, bytes(flipped))
        assert check(portfolio).findings == (
            Finding(
                Severity.DAMAGE,
                "file",
                "The file “Minutes 2.txt” of E2 is no longer what was attached; add it again from the original.",
            ),
        )


def test_a_missing_file_is_named(portfolio: PortfolioFile) -> None:
    _attached_file(portfolio, 3).unlink()
    report = check(portfolio)
    assert report.findings == (
        Finding(Severity.DAMAGE, "file", "The file “Minutes 3.txt” of E3 is missing; add it again."),
    )
    assert not report.sound


def test_a_damaged_file_that_nothing_uses_is_a_warning(portfolio: PortfolioFile, tmp_path: Path) -> None:
    unused = tmp_path / "unused.txt"
    unused.write_text("unused")
    place = portfolio.files.path(portfolio.files.add(unused).sha256)
    assert place is not None
    _overwrite(place, b"other")
    report = check(portfolio)
    assert _kinds(report) == {(Severity.WARNING, "file")}
    assert report.sound


def test_flipped_bits_of_the_database_never_pass_for_sound_content(portfolio: PortfolioFile, tmp_path: Path) -> None:
    """A bit may lie in room that nothing uses; but if what can be read differs, it must be reported."""
    portfolio.close()
    content = portfolio.path.read_bytes()
    sound = _everything(portfolio.path)
    place = tmp_path / "copy" / portfolio.path.name
    place.parent.mkdir()
    shutil.copytree(portfolio.folder / "files", place.parent / "files")
    chance = random.Random(1)
    reported = 0
    for _ in range(80):
        flipped = bytearray(content)
        flipped[chance.randrange(100, len(content))] ^= 1 << chance.randrange(8)
        place.write_bytes(flipped)
        report = check_file(place)
        reported += not report.sound
        if report.sound:
            assert _everything(place) == sound
    assert reported > 5


def _everything(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return list(connection.iterdump())


def test_a_page_of_zeros_is_damage_and_the_files_are_checked_all_the_same(portfolio: PortfolioFile) -> None:
    _attached_file(portfolio, 1).unlink()
    portfolio.close()
    content = bytearray(portfolio.path.read_bytes())
    with closing(sqlite3.connect(portfolio.path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'evidence_content'").fetchone()[0]
        page = connection.execute("PRAGMA page_size").fetchone()[0]
    content[(root - 1) * page : root * page] = bytes(page)
    portfolio.path.write_bytes(content)

    report = check_file(portfolio.path)

    assert {(Severity.DAMAGE, "database"), (Severity.DAMAGE, "file")} <= _kinds(report)
    assert report.files_checked == 2
    assert report.backups_checked == 1


@pytest.mark.parametrize("content", [b"", b"no database at all", bytes(100_000), b"SQLite format 3\0" + bytes(5000)])
def test_rubbish_in_place_of_the_database_is_damage(portfolio: PortfolioFile, content: bytes) -> None:
    portfolio.close()
    portfolio.path.write_bytes(content)
    assert not check_file(portfolio.path).sound


def test_a_missing_portfolio_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="There is no portfolio"):
        check_file(tmp_path / "gone.portfolio")


_WITHOUT_GUARD = "DROP TRIGGER history_step_no_update"
_GUARD = (
    "CREATE TRIGGER history_step_no_update BEFORE UPDATE ON history_step "
    "BEGIN SELECT RAISE(ABORT, 'history_step is append only'); END"
)


def test_an_edited_step_of_the_history_breaks_the_chain(portfolio: PortfolioFile) -> None:
    _tamper(portfolio, _WITHOUT_GUARD, "UPDATE history_step SET name = 'Nothing' WHERE number = 3", _GUARD)
    report = check(portfolio)
    assert _kinds(report) == {(Severity.DAMAGE, "history")}
    assert "step 3" in report.findings[0].sentence


def test_a_removed_guard_is_told(portfolio: PortfolioFile) -> None:
    _tamper(portfolio, _WITHOUT_GUARD)
    assert (Severity.DAMAGE, "schema") in _kinds(check(portfolio))


def test_an_edit_behind_the_historys_back_is_found(portfolio: PortfolioFile) -> None:
    _tamper(portfolio, "UPDATE evidence SET title = 'Forged' WHERE number = 2")
    assert check(portfolio).findings == (
        Finding(Severity.DAMAGE, "rows", "E2 was altered without a step in the history."),
    )


def test_long_text_edited_behind_the_historys_back_is_found(portfolio: PortfolioFile) -> None:
    _tamper(portfolio, "UPDATE evidence_content SET body = replace(body, 'Said', 'Done')")
    assert [finding.sentence for finding in check(portfolio).findings] == [
        f"E{number} (evidence content) was altered without a step in the history." for number in (1, 2, 3)
    ]


def test_rows_added_and_removed_behind_the_historys_back_are_found(portfolio: PortfolioFile) -> None:
    _tamper(
        portfolio,
        "INSERT INTO person (id, name, role, organisation, relation, status, email) "
        "VALUES ('p', 'Nobody', '', '', '', '', '')",
        "DELETE FROM attachment WHERE name = 'Minutes 1.txt'",
    )
    sentences = [finding.sentence for finding in check(portfolio).findings]
    assert sorted(sentences) == [
        "A row of “attachment” was removed without a step in the history.",
        "A row of “person” was added without a step in the history.",
    ]


def test_rows_without_their_owner_are_found(portfolio: PortfolioFile) -> None:
    _tamper(portfolio, "DELETE FROM evidence WHERE number = 1")  # without foreign keys: nothing else goes with it
    assert (Severity.DAMAGE, "database") in _kinds(check(portfolio))


def test_a_thousand_findings_of_a_kind_are_counted_not_listed(portfolio: PortfolioFile) -> None:
    rows = ", ".join(f"('p{number}', '', '', '', '', '', '')" for number in range(1000))
    _tamper(portfolio, f"INSERT INTO person (id, name, role, organisation, relation, status, email) VALUES {rows}")
    report = check(portfolio)
    assert len(report.findings) == 21
    assert report.findings[-1].sentence == "… and 980 more of this kind."


def test_a_damaged_backup_is_a_warning(portfolio: PortfolioFile) -> None:
    backup = _backups(portfolio).list()[0]
    content = bytearray(backup.path.read_bytes())
    content[5000] ^= 1
    _overwrite(backup.path, bytes(content))
    report = check(portfolio)
    assert report.sound
    assert [finding.sentence for finding in report.findings] == [
        f"The back-up “{backup.name}” is damaged; the others do not depend on it.",
        "No back-up is intact; make one now.",
    ]


def test_leftovers_and_strangers_are_only_mentioned(portfolio: PortfolioFile) -> None:
    for place in ("files/.incoming-00.tmp", "backups/.making-00.tmp", "files/Thumbs.db"):
        (portfolio.folder / place).write_text("x")
    report = check(portfolio)
    assert report.sound
    assert _kinds(report) == {(Severity.INFO, "leftover")}
    assert [finding.sentence for finding in report.findings] == [
        "“files/.incoming-00.tmp” is a copy that was never finished.",
        "“backups/.making-00.tmp” is a copy that was never finished.",
        f"“{Path('files', 'Thumbs.db')}” was not put there by this program.",
    ]


def test_a_save_that_was_cut_off_is_no_damage(portfolio: PortfolioFile, tmp_path: Path) -> None:
    portfolio.close()
    cut_off = tmp_path / "cut off" / portfolio.path.name
    shutil.copytree(portfolio.folder, cut_off.parent)
    with closing(sqlite3.connect(portfolio.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")  # so that pages reach the file before the commit
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE evidence_content SET body = body || body || body")
        for place in (portfolio.path, portfolio.path.with_name(f"{portfolio.path.name}-journal")):
            shutil.copy(place, cut_off.parent)
        connection.execute("ROLLBACK")
    assert cut_off.with_name(f"{cut_off.name}-journal").stat().st_size > 512

    assert check_file(cut_off).findings == ()


def test_the_worst_comes_first(portfolio: PortfolioFile) -> None:
    (portfolio.folder / "files" / "Thumbs.db").write_text("x")
    _overwrite(_backups(portfolio).list()[0].path, b"rubbish")
    _tamper(portfolio, "UPDATE evidence SET title = 'Forged' WHERE number = 2")
    severities = [finding.severity for finding in check(portfolio).findings]
    assert severities == [Severity.DAMAGE, Severity.WARNING, Severity.WARNING, Severity.INFO]


def test_progress_grows_to_the_end(portfolio: PortfolioFile) -> None:
    seen: list[tuple[int, int, str]] = []
    check(portfolio, lambda *step: seen.append(step))
    done = [step[0] for step in seen]
    assert done == sorted(done)
    assert seen[-1][0] == seen[-1][1]
    assert any("“Minutes 1.txt” of E1" in what for _, _, what in seen)


@pytest.mark.parametrize("error", [Cancelled("Cancelled."), ValueError("a bug in the window")])
def test_whatever_progress_raises_ends_the_check(portfolio: PortfolioFile, error: Exception) -> None:
    calls = 0

    def count(done: int, total: int, what: str) -> None:
        nonlocal calls
        calls += 1

    check(portfolio, count)
    for last in range(1, calls + 1):
        left = last

        def stop(done: int, total: int, what: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise error

        with pytest.raises(type(error)):
            check(portfolio, stop)


def test_a_long_look_at_the_pages_can_be_cancelled(portfolio: PortfolioFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portfolio_app.storage.check._INSTRUCTIONS_BETWEEN_LOOKS", 50)

    def stop(done: int, total: int, what: str) -> None:
        raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        check(portfolio, stop)
