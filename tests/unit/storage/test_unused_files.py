from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.stored_portfolios import new_portfolio

from portfolio_app.domain.evidence import Attachment, Evidence
from portfolio_app.domain.identifiers import new_id
from portfolio_app.storage.errors import StorageError
from portfolio_app.storage.portfolio_file import PortfolioFile
from portfolio_app.storage.unused_files import KEPT_UNUSED, remove_unused

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def portfolio(tmp_path: Path) -> Iterator[PortfolioFile]:
    with new_portfolio(tmp_path / "portfolio") as made:
        yield made


def add_file(portfolio: PortfolioFile, content: str) -> str:
    """Add a file that looks old, and return its hash."""
    source = portfolio.folder.parent / f"{content}.txt"
    source.write_text(content)
    sha256 = portfolio.files.add(source).sha256
    place = portfolio.files.path(sha256)
    assert place is not None
    os.utime(place, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    return sha256


def attach(portfolio: PortfolioFile, sha256: str) -> Evidence:
    with portfolio.edit("Attach") as editor:
        item = Evidence(new_id(), editor.next_evidence_number(), "minutes", "Minutes")
        item = replace(item, attachments=(Attachment(new_id(), "a.txt", sha256, 1, "text/plain"),))
        editor.put_evidence(item)
    return item


def tidy(portfolio: PortfolioFile, after: timedelta) -> list[str]:
    with portfolio.read() as reader:
        connection = reader._connection
        return remove_unused(connection, portfolio.path, portfolio.files, portfolio.backups, LONG_AGO + after)


def tidy_twice(portfolio: PortfolioFile) -> list[str]:
    """Find files unused, and look again when their time is over."""
    assert tidy(portfolio, timedelta()) == []
    return tidy(portfolio, KEPT_UNUSED)


def test_only_what_nothing_names_is_removed(portfolio: PortfolioFile) -> None:
    used, unused = add_file(portfolio, "used"), add_file(portfolio, "unused")
    attach(portfolio, used)
    assert tidy_twice(portfolio) == [unused]
    assert portfolio.files.sizes().keys() == {used}


def test_what_undo_could_bring_back_stays(portfolio: PortfolioFile) -> None:
    sha256 = add_file(portfolio, "taken out")
    item = attach(portfolio, sha256)
    with portfolio.edit("Take the file out") as editor:
        editor.put_evidence(replace(item, attachments=()))
    assert tidy_twice(portfolio) == []
    assert portfolio.files.path(sha256) is not None


def test_nothing_is_removed_while_a_backup_cannot_be_read(portfolio: PortfolioFile) -> None:
    sha256 = add_file(portfolio, "unused")
    backup = portfolio.backups.make()
    content = backup.path.read_bytes()
    backup.path.chmod(0o600)
    backup.path.write_bytes(b"rubbish")
    with pytest.raises(StorageError):
        tidy(portfolio, KEPT_UNUSED)
    assert portfolio.files.path(sha256) is not None
    backup.path.write_bytes(content)
    assert tidy_twice(portfolio) == [sha256]


@pytest.mark.parametrize("name", ["Another.portfolio", "Sam Ellis (damaged 20260101T000000Z).portfolio-damaged"])
def test_nothing_is_removed_while_another_database_may_need_it(portfolio: PortfolioFile, name: str) -> None:
    sha256 = add_file(portfolio, "unused")
    other = portfolio.folder / name
    other.write_bytes(portfolio.path.read_bytes())
    assert tidy_twice(portfolio) == []
    other.unlink()
    assert tidy_twice(portfolio) == [sha256]


def test_what_only_a_backup_names_stays(portfolio: PortfolioFile, tmp_path: Path) -> None:
    sha256 = add_file(portfolio, "of another line")
    with new_portfolio(tmp_path / "other") as other:
        attach(other, sha256)
        backup = other.backups.make()
    portfolio.backups.folder.mkdir()
    (portfolio.backups.folder / backup.name).write_bytes(backup.path.read_bytes())
    assert tidy_twice(portfolio) == []


def test_closing_removes_what_has_long_been_unused(portfolio: PortfolioFile) -> None:
    used, unused = add_file(portfolio, "used"), add_file(portfolio, "unused")
    tidy(portfolio, timedelta())
    attach(portfolio, used)
    portfolio.close()
    assert portfolio.files.sizes().keys() == {used}
    assert portfolio.files.path(unused) is None


def test_closing_is_not_held_up_by_what_cannot_be_read(portfolio: PortfolioFile) -> None:
    sha256 = add_file(portfolio, "unused")
    tidy(portfolio, timedelta())
    portfolio.backups.folder.mkdir()
    (portfolio.backups.folder / "20260101T000000Z-00000000.portfolio").write_bytes(b"rubbish")
    attach(portfolio, add_file(portfolio, "used"))
    portfolio.close()
    assert portfolio.files.path(sha256) is not None
