"""The key for sealing: made once, kept from others, and replaced where it is of no use any more."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest

from portfolio_app.domain.errors import Cancelled, InvalidInput
from portfolio_app.domain.evidence import EvidenceKind
from portfolio_app.exporting.options import Profile
from portfolio_app.exporting.seal.keys import SealKey
from portfolio_app.services.exports import Exported, ExportOptions, export
from portfolio_app.services.seals import CannotSeal, SealState, is_kept_here, key_of, verify
from portfolio_app.storage.portfolio_file import PortfolioFile

Kinds = Mapping[str, EvidenceKind]
SEALED = ExportOptions(profile=Profile.ARCHIVE, sealed=True)


@pytest.fixture(autouse=True)
def data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setattr("portfolio_app.services.seals.user_data_dir", lambda: folder)
    return folder


def _export(portfolio: PortfolioFile, kinds: Kinds, *targets: Path, options: ExportOptions = SEALED) -> list[Exported]:
    return export(portfolio, kinds, targets, options, today=date(2026, 6, 1), program_version="1")


def _key_file(folder: Path) -> Path:
    (found,) = folder.rglob("*.pem")
    return found


def test_the_archive_copy_is_sealed_in_the_learners_name(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path
) -> None:
    (first,) = _export(portfolio, kinds, tmp_path / "a.pdf")
    (second,) = _export(portfolio, kinds, tmp_path / "b.pdf")
    report = verify(first.path)
    assert (report.state, report.sealed_by) == (SealState.UNCHANGED, "Sam Ellis")
    assert first.size == first.path.stat().st_size
    assert first.fingerprint == second.fingerprint == report.fingerprint
    assert is_kept_here(report)
    assert len(first.warnings) == 1
    assert "A key for sealing was made in the name of Sam Ellis" in first.warnings[0]
    assert second.warnings == ()


@pytest.mark.skipif(os.name == "nt", reason="permissions are not bits there")
def test_nobody_else_can_read_the_key(data_folder: Path) -> None:
    key_of("Sam Ellis")
    key = _key_file(data_folder)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    key.chmod(0o644)
    key_of("Sam Ellis")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [path.name for path in key.parent.iterdir()] == [key.name]


def test_each_learner_has_a_key(data_folder: Path) -> None:
    assert key_of("Sam Ellis").fingerprint == key_of(" Sam  Ellis").fingerprint != key_of("Jo Hill").fingerprint


def test_a_lost_key_is_made_anew_and_the_old_seal_remains_good(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path, data_folder: Path
) -> None:
    (sealed,) = _export(portfolio, kinds, tmp_path / "a.pdf")
    _key_file(data_folder).unlink()
    again = key_of("Sam Ellis")
    report = verify(sealed.path)
    assert again.fingerprint != report.fingerprint
    assert "seals made with it remain good" in again.warnings[0]
    assert report.state is SealState.UNCHANGED
    assert not is_kept_here(report)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is damaged"),
        (b"-----BEGIN PRIVATE KEY-----\nnonsense\n", "is damaged"),
        (SealKey.make("Sam Ellis", datetime(2010, 1, 1, tzinfo=UTC)).to_pem(), "is not valid at the date"),
        (SealKey.make("Sam Ellis", datetime(2190, 1, 1, tzinfo=UTC)).to_pem(), "is not valid at the date"),
    ],
)
def test_a_useless_key_is_put_aside(content: bytes, reason: str, data_folder: Path) -> None:
    key_of("Sam Ellis")
    place = _key_file(data_folder)
    place.write_bytes(content)
    (told,) = key_of("Sam Ellis").warnings
    assert reason in told
    assert key_of("Sam Ellis").warnings == ()
    assert [path.read_bytes() for path in place.parent.iterdir() if path != place] == [content]


def test_a_key_that_cannot_be_kept_or_read_is_said_and_nothing_written(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path, data_folder: Path
) -> None:
    data_folder.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(CannotSeal, match="nothing was written"):
        _export(portfolio, kinds, tmp_path / "a.pdf")
    data_folder.unlink()
    key_of("Sam Ellis")
    place = _key_file(data_folder)
    place.unlink()
    place.mkdir()
    with pytest.raises(CannotSeal, match="cannot be read"):
        _export(portfolio, kinds, tmp_path / "a.pdf")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


def test_cancelled_while_it_is_sealed_leaves_the_old_document(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path
) -> None:
    old = tmp_path / "a.pdf"
    old.write_text("old", encoding="utf-8")

    def stop(done: int, total: int, what: str) -> None:
        if what == "Sealing the document":
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        export(portfolio, kinds, [old], SEALED, today=date(2026, 6, 1), program_version="1", progress=stop)
    assert old.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.pdf"]


def test_only_an_archive_copy_in_pdf_can_be_sealed(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path, data_folder: Path
) -> None:
    with pytest.raises(InvalidInput, match="Only the archive copy"):
        _export(portfolio, kinds, tmp_path / "a.pdf", options=ExportOptions(sealed=True))
    with pytest.raises(InvalidInput, match="only a PDF can"):
        _export(portfolio, kinds, tmp_path / "a.pdf", tmp_path / "a.docx")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []
    assert not data_folder.exists()


@pytest.mark.parametrize("year", [1970, 9999])
def test_a_clock_that_was_never_set_is_said_before_anything_is_written(
    portfolio: PortfolioFile, kinds: Kinds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, year: int
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(year, 6, 1, 12, 0, tzinfo=tz)

    before = set(tmp_path.rglob("*"))
    monkeypatch.setattr("portfolio_app.services.seals.datetime", Clock)
    with pytest.raises(CannotSeal, match=f"shows the year {year}"):
        _export(portfolio, kinds, tmp_path / "a.pdf")
    assert set(tmp_path.rglob("*")) == before
