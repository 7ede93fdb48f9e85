from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Text
from tests.sample_portfolios import rich_portfolio
from tests.stored_portfolios import state, store

from portfolio_app.storage import history, migrations, schema, trail
from portfolio_app.storage.errors import NothingToUndo, ReadOnlyPortfolio, UpdateFailed
from portfolio_app.storage.migrations import Migration
from portfolio_app.storage.portfolio_file import PortfolioFile

FORMAT_1 = schema.statements()
NEXT = schema.FORMAT + 1


def _with_column(statement: str, table: str) -> str:
    if not statement.startswith(f"CREATE TABLE {table} "):
        return statement
    return statement.replace("\n\tPRIMARY KEY", "\n\tmood TEXT DEFAULT '' NOT NULL, \n\tPRIMARY KEY", 1)


FORMAT_2 = [_with_column(statement, "evidence") for statement in FORMAT_1]


def rebuild_evidence(connection: sqlite3.Connection) -> None:
    """Give evidence, whose children are deleted with it, another column."""
    (made,) = [statement for statement in FORMAT_2 if statement.startswith("CREATE TABLE evidence ")]
    columns = ", ".join(column.name for column in schema.evidence.c)
    connection.execute(made.replace("CREATE TABLE evidence ", "CREATE TABLE new_evidence ", 1))
    connection.execute(f"INSERT INTO new_evidence ({columns}) SELECT {columns} FROM evidence")
    connection.execute("DROP TABLE evidence")
    connection.execute("ALTER TABLE new_evidence RENAME TO evidence")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    with store(tmp_path / "portfolio", rich_portfolio().portfolio) as stored:
        pass
    for backup in stored.backups.list():
        backup.path.unlink()
    return stored.path


@pytest.fixture
def next_format(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[sqlite3.Connection], None]], None]:
    """Return what makes the program one of the next format, with the given step to it."""

    def install(change: Callable[[sqlite3.Connection], None]) -> None:
        expected = schema.items_of(FORMAT_2)
        monkeypatch.setattr(schema, "FORMAT", NEXT)
        monkeypatch.setattr(schema, "expected_items", lambda: expected)
        monkeypatch.setattr(migrations, "MIGRATIONS", (Migration(schema.FORMAT - 1, FORMAT_1, change),))

    return install


def rows(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            table.name: connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
            for table in schema.metadata.sorted_tables
        }


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_no_row_is_lost_when_a_table_with_children_is_rebuilt(
    old: Path, next_format: Callable[[Callable[[sqlite3.Connection], None]], None]
) -> None:
    before = rows(old)
    assert min(before[name] for name in ("claim", "attachment", "involvement", "evidence_content")) > 0
    next_format(rebuild_evidence)
    with PortfolioFile.open(old) as opened:
        assert any("brought up to date; a back-up" in notice for notice in opened.notices)
        with opened.read() as reader:
            found = reader.portfolio()
        newest = opened.history(1)[0]
        assert (newest.name, newest.hash) == (f"Update to format {NEXT}", found.history_head)
        with pytest.raises(NothingToUndo, match="nothing to undo"):
            opened.undo()
        with opened.edit("Go on") as editor:
            editor.put_details(replace(editor.details(), centre="Northgate"))
        assert opened.undo()[0] == "Go on"
        assert opened._database.pragma("foreign_keys") == 1
        assert [problem for _, problem in history.verify(opened._database.raw) if problem] == []
    assert version(old) == NEXT
    assert rows(old) == before | {
        "history_step": before["history_step"] + 3,
        "history_image": before["history_image"] + 3,
    }
    assert {item.id for item in found.evidence} == {item.id for item in rich_portfolio().portfolio.evidence}
    with PortfolioFile.open(old) as again:
        assert again.notices == tuple(notice for notice in again.notices if "missing" in notice)


def test_how_it_was_is_backed_up_before(
    old: Path, next_format: Callable[[Callable[[sqlite3.Connection], None]], None]
) -> None:
    before = state(old)
    next_format(rebuild_evidence)
    with PortfolioFile.open(old) as opened:
        (backup,) = opened.backups.list()
        assert backup.intact
        assert version(backup.path) == NEXT - 1
        assert state(backup.path) == before


def test_an_update_is_no_tampering_and_hides_none(
    old: Path,
    next_format: Callable[[Callable[[sqlite3.Connection], None]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = MetaData()
    for table in schema.metadata.sorted_tables:
        table.to_metadata(made)
    newer = made.tables["evidence"]
    newer.append_column(Column("mood", Text, nullable=False, server_default=""))
    compared = tuple(newer if table is schema.evidence else table for table in trail.COMPARED)
    monkeypatch.setattr(trail, "COMPARED", compared)
    next_format(rebuild_evidence)
    with PortfolioFile.open(old) as opened:
        steps = opened.history(1)[0].number
        images = list(history.images(opened._database.raw, steps))
        assert {table for table, _, _ in images} == {"evidence"}
        assert images[0] == ("evidence", None, None)
        assert all(after is not None and after["mood"] == "" for _, _, after in images[1:])

        def altered() -> list[str]:
            return list(trail.altered_rows(opened._database.raw, steps, lambda: None))

        assert altered() == []
        opened._database.raw.execute("UPDATE evidence SET mood = 'glum' WHERE number = 1")
        assert altered() == ["E1 was altered without a step in the history."]


def half_way(connection: sqlite3.Connection) -> None:
    rebuild_evidence(connection)
    connection.execute("INSERT INTO nowhere VALUES (1)")


def loses_rows(connection: sqlite3.Connection) -> None:
    rebuild_evidence(connection)
    connection.execute("DELETE FROM attachment")


def leaves_orphans(connection: sqlite3.Connection) -> None:
    rebuild_evidence(connection)
    connection.execute("UPDATE claim SET evidence_id = 'gone' WHERE id = (SELECT id FROM claim LIMIT 1)")


def forgets_the_index(connection: sqlite3.Connection) -> None:
    rebuild_evidence(connection)
    connection.execute("DROP INDEX claim_facts")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (half_way, sqlite3.OperationalError),
        (loses_rows, UpdateFailed),
        (leaves_orphans, UpdateFailed),
        (forgets_the_index, UpdateFailed),
    ],
)
def test_a_step_that_fails_leaves_everything_as_it_was(
    old: Path,
    next_format: Callable[[Callable[[sqlite3.Connection], None]], None],
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[sqlite3.Connection], None],
    error: type[Exception],
) -> None:
    before = state(old)
    next_format(change)
    with pytest.raises(error):
        PortfolioFile.open(old)
    monkeypatch.undo()
    assert version(old) == schema.FORMAT
    assert state(old) == before
    assert [path.name for path in old.parent.glob("*.portfolio")] == [old.name]
    with PortfolioFile.open(old) as opened:
        assert opened.path == old


def test_an_older_format_is_not_changed_by_reading(
    old: Path, next_format: Callable[[Callable[[sqlite3.Connection], None]], None]
) -> None:
    next_format(rebuild_evidence)
    content = old.read_bytes()
    with pytest.raises(ReadOnlyPortfolio, match="open it for editing once"):
        PortfolioFile.open(old, read_only=True)
    assert old.read_bytes() == content
