"""Exports and back-ups: all of it or nothing, and never over anything."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from portfolio_app.domain.errors import Cancelled, InvalidInput, KnownError
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.services.backups import choose_backup, list_backups, make_backup, restore_backup
from portfolio_app.services.checking import check_portfolio
from portfolio_app.services.claims import ClaimGiven, add_claim
from portfolio_app.services.evidence import EvidenceGiven, add_evidence, edit_evidence, list_evidence, show_evidence
from portfolio_app.services.exports import (
    Exported,
    ExportOptions,
    export,
    export_contents,
    export_snapshot,
    write_export,
)
from portfolio_app.services.portfolios import opened, opened_to_read
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]


def _export(portfolio: PortfolioFile, kinds: Kinds, *targets: Path) -> list[Exported]:
    return export(portfolio, kinds, targets, ExportOptions(), today=date(2026, 6, 1), program_version="1")


def _add(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path, title: str) -> None:
    file = tmp_path / f"{title}.txt"
    file.write_text(title, encoding="utf-8")
    add_evidence(portfolio, kinds["plan"], EvidenceGiven(title=title, files=[file]))


def test_the_suffix_says_the_format(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    written = _export(portfolio, kinds, *(tmp_path / name for name in ("a.PDF", "a.Docx", "a.xlsx", "a.csv")))
    assert [document.path.read_bytes()[:2] for document in written] == [b"%P", b"PK", b"PK", b"\xef\xbb"]
    assert [document.pages is None for document in written] == [False, True, True, True]
    assert all(document.size == document.path.stat().st_size > 0 for document in written)


def test_one_bad_target_and_nothing_is_written(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    inside = portfolio.folder / "files" / "x.csv"
    for bad in (tmp_path / "bad.odt", tmp_path / "none" / "x.pdf", inside, good, tmp_path / "x\0.csv"):
        with pytest.raises(KnownError):
            _export(portfolio, kinds, good, bad)
    assert not good.exists()
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_a_cancelled_export_leaves_the_old_document(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    old = tmp_path / "a.csv"
    old.write_text("old", encoding="utf-8")

    def stop(done: int, total: int, what: str) -> None:
        if done:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        export(
            portfolio, kinds, [old, tmp_path / "a.pdf"], ExportOptions(), today=date(2026, 6, 1), program_version="1",
            progress=stop,
        )  # fmt: skip
    assert old.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.csv"]


def test_a_snapshot_is_written_on_another_thread_while_the_learner_works_on(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path
) -> None:
    _add(portfolio, kinds, tmp_path, "first")
    snapshot = export_snapshot(portfolio, kinds)
    today = date(2026, 6, 1)
    told: list[tuple[int, int, str]] = []
    going_on = Event()

    def progress(done: int, total: int, what: str) -> None:
        told.append((done, total, what))
        assert going_on.wait(60)

    def write() -> list[Exported]:
        target = tmp_path / "a.csv"
        return write_export(snapshot, [target], ExportOptions(), today=today, program_version="1", progress=progress)

    with ThreadPoolExecutor(1) as beside:
        writing = beside.submit(write)
        _add(portfolio, kinds, tmp_path, "second")
        going_on.set()
        (written,) = writing.result()
    assert "E2" not in written.path.read_text(encoding="utf-8-sig")
    assert told[0] == (0, 0, "Putting the portfolio together")
    portfolio.close()
    (pdf,) = write_export(snapshot, [tmp_path / "a.pdf"], ExportOptions(), today=today, program_version="1")
    assert pdf.pages
    inside = snapshot.folder / "files" / "a.pdf"
    with pytest.raises(InvalidInput, match="own files"):
        write_export(snapshot, [inside], ExportOptions(), today=today, program_version="1")


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".xlsx"])
def test_every_long_export_can_be_cancelled_whenever_it_reports(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path, suffix: str
) -> None:
    _add(portfolio, kinds, tmp_path, "first")
    snapshot = export_snapshot(portfolio, kinds)
    target = tmp_path / f"a{suffix}"
    reports: list[str] = []

    def write(stop_at: int) -> None:
        reports.clear()

        def progress(done: int, total: int, what: str) -> None:
            reports.append(what)
            if len(reports) > stop_at:
                raise Cancelled("stopped")

        write_export(
            snapshot, [target], ExportOptions(), today=date(2026, 6, 1), program_version="1", progress=progress
        )

    write(1_000)
    total = len(reports)
    assert total > 1
    target.unlink()
    cancelled = 0
    for stop_at in range(total):
        try:
            write(stop_at)
        except Cancelled:
            cancelled += 1
            assert not target.exists()
        else:  # it was quicker this time, and reports are made by the clock
            assert len(reports) <= stop_at
            target.unlink()
    assert cancelled > 1
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["first.txt"]


def test_what_a_document_would_hold_is_known_before(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    for title in ("first", "second", "third"):
        _add(portfolio, kinds, tmp_path, title)
    edit_evidence(portfolio, kinds, "E2", EvidenceGiven(confidential=True))
    add_claim(portfolio, "E1", "U1/2.1", ClaimGiven())
    add_claim(portfolio, "E2", "U1/2.1", ClaimGiven())
    (portfolio.files.path(show_evidence(portfolio, "E3").evidence.attachments[0].sha256) or tmp_path).unlink()
    snapshot = export_snapshot(portfolio, kinds)
    today = date(2026, 6, 1)
    everything = export_contents(snapshot, ExportOptions(), today)
    assert (everything.units, everything.items, everything.withheld, everything.left_out) == (("U1",), 3, (), 0)
    assert (everything.files, everything.size, everything.missing_files) == (2, 11, ("third.txt",))
    assert everything.gaps.keys() >= {"no-claim", "attachment-missing", "declaration-unsigned"}
    held = frozenset({show_evidence(portfolio, "E1").evidence.id})
    options = ExportOptions(unit_codes=("U1",), include_confidential=False, held_back=held)
    some = export_contents(snapshot, options, today)
    assert (some.items, some.withheld, some.left_out, some.files, some.missing_files) == (2, ("E1", "E2"), 1, 0, ())
    assert everything.gaps["evidence-without-date"] == 3
    assert not some.gaps.keys() & {"evidence-without-date", "attachment-missing"}
    without = export_contents(snapshot, ExportOptions(with_files=False), today)
    assert (without.files, without.size) == (0, 0)


def test_a_back_up_comes_back_as_the_folders_current_portfolio(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path
) -> None:
    _add(portfolio, kinds, tmp_path, "first")
    backup = make_backup(portfolio)
    _add(portfolio, kinds, tmp_path, "second")
    restored = restore_backup(portfolio, backup)
    assert restored.place.parent == portfolio.folder
    portfolio.close()
    with opened(portfolio.folder) as now:
        assert now.path == restored.place
        assert [item.title for item in list_evidence(now)] == ["first"]
        # What was there until then is a back-up too.
        newest = list_backups(now)[0]
        again = restore_backup(now, newest)
    with opened_to_read(again.place) as before:
        assert [item.title for item in list_evidence(before)] == ["first", "second"]


def test_a_back_up_comes_back_whole_in_a_new_folder(portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path) -> None:
    _add(portfolio, kinds, tmp_path, "first")
    make_backup(portfolio)
    target = tmp_path / "again"
    restored = restore_backup(portfolio, choose_backup(list_backups(portfolio), None), target)
    assert (restored.place, restored.missing) == (target, ())
    report = check_portfolio(target)
    assert (report.sound, report.files_checked) == (True, 1)
    with pytest.raises(InvalidInput, match="exists already"):
        restore_backup(portfolio, restored.backup, target)
    with pytest.raises(InvalidInput, match="no folder"):
        restore_backup(portfolio, restored.backup, tmp_path / "none" / "x")


def test_a_file_that_is_lost_is_named_when_a_back_up_comes_back(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path
) -> None:
    _add(portfolio, kinds, tmp_path, "first")
    backup = make_backup(portfolio)
    for path in (portfolio.folder / "files").rglob("*.txt"):
        path.unlink()
    assert restore_backup(portfolio, backup, tmp_path / "again").missing == ("first.txt",)


def test_a_back_up_is_named_by_the_beginning_of_its_name(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path
) -> None:
    for title in ("first", "second"):
        _add(portfolio, kinds, tmp_path, title)
        make_backup(portfolio)
    newest, oldest = list_backups(portfolio)
    assert choose_backup([newest, oldest], None) == newest
    assert choose_backup([newest, oldest], oldest.name) == oldest
    with pytest.raises(InvalidInput, match="2 back-ups begin"):
        choose_backup([newest, oldest], "20")
    newest.path.chmod(0o644)
    newest.path.write_bytes(b"spoilt")
    assert choose_backup([newest, oldest], None) == oldest


def test_a_database_alone_can_be_restored(portfolio: PortfolioFile, tmp_path: Path) -> None:
    backup = make_backup(portfolio)
    assert restore_backup(portfolio, backup, tmp_path / "alone.portfolio").place.read_bytes()[:6] == b"SQLite"
