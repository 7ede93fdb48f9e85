"""The back-ups: listed with their state, compared, and restored into the folder or as a copy."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget
from tests.gui.dialogs.parts import button, open_dialog, said, table
from tests.gui.stand import StandWindow

from portfolio_app.gui.dialogs.backups import BackupsDialog, in_words
from portfolio_app.gui.dialogs.question import QuestionDialog
from portfolio_app.services.backups import Backup, list_backups, make_backup
from portfolio_app.services.comparison import compare_backup, whole_portfolio
from portfolio_app.services.evidence_list import evidence_list
from portfolio_app.services.evidence_many import bin_evidence
from portfolio_app.services.portfolios import opened


@pytest.fixture
def folder(sample_folder: Path) -> Path:
    """Return a portfolio with a sound back-up, from before two items were binned, and a damaged one."""
    with opened(sample_folder) as portfolio:
        make_backup(portfolio)
        bin_evidence(portfolio, evidence_list(portfolio, {}).ids[:2])
    damaged = sample_folder / "backups" / "20260101T101500Z-deadbeef.portfolio"
    damaged.write_bytes(b"nothing that a database begins with")
    return sample_folder


@pytest.fixture
def dialog(folder: Path, sample_window: StandWindow) -> BackupsDialog:
    del folder  # before the window
    return open_dialog(sample_window, "backups", BackupsDialog)


def _choose_the_sound_one(dialog: BackupsDialog, window: StandWindow) -> Backup:
    rows = table(dialog)
    rows.selectRow(rows.model().rowCount() - 2)
    window.wait_until(lambda: any(sentence.startswith("Restoring it would") for sentence in said(dialog)))
    chosen: Backup = rows.chosen_records()[0].backup
    return chosen


def test_a_damaged_backup_is_told_and_cannot_be_restored(dialog: BackupsDialog, sample_window: StandWindow) -> None:
    rows = table(dialog)
    last = rows.model().rowCount() - 1
    assert rows.model().index(last, 2).data() == "damaged"
    assert rows.model().index(0, 2).data() == "intact"
    rows.selectRow(last)
    sample_window.settle()
    assert not button(dialog, "Go back to this one …").isEnabled()
    assert not button(dialog, "Restore as a copy …").isEnabled()


def test_what_would_be_different_is_named(dialog: BackupsDialog, sample_window: StandWindow) -> None:
    _choose_the_sound_one(dialog, sample_window)
    (tree,) = dialog.findChildren(QTreeWidget)
    (evidence,) = tree.findItems("Evidence", Qt.MatchFlag.MatchExactly)
    items = [evidence.child(row) for row in range(evidence.childCount())]
    assert [item.text(0)[:3] for item in items if item] == ["E1 ", "E2 "]
    assert {item.text(1) for item in items if item} == {"comes back"}
    assert any("bring" in sentence and "back" in sentence for sentence in said(dialog))


def test_going_back_opens_what_came_back_and_keeps_what_was_there(
    dialog: BackupsDialog, sample_window: StandWindow
) -> None:
    before = sample_window.session.path
    _choose_the_sound_one(dialog, sample_window)
    button(dialog, "Go back to this one …").click()
    (question,) = dialog.findChildren(QuestionDialog)
    assert question.no.isDefault()
    question.buttons["Go back to it"].click()
    sample_window.settle()
    assert sample_window.session.is_open
    assert sample_window.session.path != before
    assert before.exists()
    counted: list[int] = []
    sample_window.session.read(evidence_list, {}, done=lambda found: counted.append(found.total))
    sample_window.settle()
    assert counted == [31]
    assert not sample_window.refused


def test_a_copy_is_a_portfolio_of_its_own(dialog: BackupsDialog, sample_window: StandWindow, tmp_path: Path) -> None:
    backup = _choose_the_sound_one(dialog, sample_window)
    dialog.copy_to(backup, tmp_path / "Copy")
    sample_window.settle()
    with opened(tmp_path / "Copy") as copy:
        assert evidence_list(copy, {}).total == 31
        assert any((copy.folder / "files").iterdir())
    assert sample_window.session.folder != tmp_path / "Copy"
    (question,) = dialog.findChildren(QuestionDialog)
    question.buttons["Open the copy"].click()
    sample_window.settle()
    assert sample_window.session.folder == tmp_path / "Copy"


def test_a_copy_does_not_replace_a_folder(dialog: BackupsDialog, sample_window: StandWindow, tmp_path: Path) -> None:
    (tmp_path / "Taken").mkdir()
    backup = table(dialog).chosen_records()[0].backup
    dialog.copy_to(backup, tmp_path / "Taken")
    sample_window.settle()
    assert any("exists already" in sentence for sentence in said(dialog))
    assert button(dialog, "Restore as a copy …").isEnabled()


def test_reading_a_portfolio_offers_a_copy_only(sample_folder: Path) -> None:
    with opened(sample_folder) as portfolio:
        make_backup(portfolio)
    window = StandWindow(sample_folder, read_only=True)
    dialog = open_dialog(window, "backups", BackupsDialog)
    assert not button(dialog, "Go back to this one …").isVisible()
    assert not button(dialog, "Make a back-up now").isVisible()
    assert button(dialog, "Restore as a copy …").isVisible()
    window.close()


def test_the_sentence_counts_what_comes_and_goes(folder: Path) -> None:
    with opened(folder) as portfolio:
        present, backups = whole_portfolio(portfolio), list_backups(portfolio)
        same = make_backup(portfolio)
    assert in_words(compare_backup(present, backups[-2])).startswith("Restoring it would bring ")
    assert in_words(compare_backup(present, same)) == "It holds the same as the portfolio does now."
