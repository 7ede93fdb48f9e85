"""The export page: options, the preview, and what is written."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QListView, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.stand import OpenSession, RecordingNavigator

from portfolio_app.exporting.options import Audience, Profile
from portfolio_app.gui.dialogs.hold_back import HoldBackDialog
from portfolio_app.gui.pages.export import ExportPage
from portfolio_app.services.evidence_many import bin_evidence


@pytest.fixture
def page(sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot) -> ExportPage:
    made = ExportPage(sample_session, navigator)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    sample_session.settle()
    return made


def _box(page: ExportPage, text: str) -> QCheckBox:
    return next(box for box in page.findChildren(QCheckBox) if text in box.text())


def test_what_is_ticked_is_what_is_asked_for(page: ExportPage) -> None:
    assert page.options().unit_codes == ()
    _box(page, "U2").click()
    _box(page, "confidential").click()
    _box(page, "attached").click()
    page._audience.set_current(Audience.ASSESSOR)
    options = page.options()
    assert options.unit_codes == ("U1", "U3")
    assert not options.include_confidential
    assert not options.with_files
    assert options.audience is Audience.ASSESSOR


def test_nothing_can_be_exported_without_a_unit(page: ExportPage) -> None:
    for code in ("U1", "U2", "U3"):
        _box(page, code).click()
    assert not page._export.isEnabled()
    _box(page, "U2").click()
    assert page._export.isEnabled()


def test_the_preview_shows_real_pages_and_says_what_they_hold(page: ExportPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page._view.loaded, timeout=60_000):
        pass
    assert page._view.area.count > 20
    qtbot.waitUntil(lambda: "31 items of evidence" in page._summary.text(), timeout=20_000)
    assert page._gaps.isVisible()
    assert "still missing" in page._gaps.text


@pytest.mark.parametrize("suffix", [".pdf", ".xlsx"])
def test_a_document_is_written_and_said(page: ExportPage, qtbot: QtBot, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"Sam{suffix}"
    page.export_to(target)
    assert not page._export.isEnabled()
    qtbot.waitUntil(page._result.isVisible, timeout=60_000)
    assert target.stat().st_size > 10_000
    assert f"“Sam{suffix}” was exported" in page._result.text
    if suffix == ".pdf":
        with pikepdf.open(target) as document:
            assert f"{len(document.pages)} pages" in page._result.text
    qtbot.waitUntil(page._export.isEnabled)


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(
    page: ExportPage, navigator: RecordingNavigator, qtbot: QtBot, tmp_path: Path
) -> None:
    page.export_to(tmp_path / "no such folder" / "Sam.pdf")
    qtbot.waitUntil(lambda: bool(navigator.messages), timeout=60_000)
    ((sentence, kind),) = navigator.messages
    assert "no such folder" in sentence
    assert kind == "error"


def test_cancelling_leaves_nothing_behind(page: ExportPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.export_to(tmp_path / "Sam.pdf")
    task = page._writing
    assert task is not None
    with qtbot.waitSignal(task.finished, timeout=60_000):
        task.cancel()
    assert list(tmp_path.glob("*.pdf")) == []
    assert not page._result.isVisible()


def test_options_come_back(
    page: ExportPage, sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot
) -> None:
    page._format.set_current(".docx")
    page._audience.set_current(Audience.TUTOR)
    _box(page, "confidential").click()
    _box(page, "archive").click()
    assert page.options().profile is Profile.ARCHIVE
    other = ExportPage(sample_session, navigator)
    qtbot.addWidget(other)
    other.restore_state(page.state())
    assert other.state() == page.state()
    other.restore_state({"format": ".exe", "audience": 3, "confidential": "yes", "paper": None})
    assert other.state() == page.state()


def test_items_are_held_back_by_ticking_them(page: ExportPage, sample_session: OpenSession, qtbot: QtBot) -> None:
    button = next(button for button in page.findChildren(QPushButton) if button.text() == "Hold back items …")
    button.click()
    sample_session.settle()
    dialog = page.findChild(HoldBackDialog)
    assert isinstance(dialog, HoldBackDialog)
    view = dialog.findChild(QListView)
    assert isinstance(view, QListView)
    assert dialog.items.rowCount() == 31
    dialog.items.narrow("E3 ")
    first = dialog.items.index(0)
    assert str(first.data()).startswith("E3  ")
    view.setCurrentIndex(first)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert first.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    dialog.items.narrow("")
    dialog._take()
    assert len(page.options().held_back) == 1
    assert button.text() == "1 held back …"
    qtbot.waitUntil(lambda: "1 held back" in page._summary.text(), timeout=60_000)
    (held,) = page.options().held_back
    sample_session.edit(bin_evidence, [held])
    sample_session.settle()
    assert button.text() == "Hold back items …", "it is not there any more"


def test_who_comes_back_sees_the_preview_that_was_not_finished(page: ExportPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page._preview_task is not None, timeout=20_000)
    page.hide()
    assert page._preview_task is None
    page.show()
    with qtbot.waitSignal(page._view.loaded, timeout=60_000):
        pass
    page.hide()
    page.show()
    assert not page._pause.isActive(), "it is drawn already"


def test_a_crash_while_drawing_is_a_sentence_and_the_window_goes_on(
    page: ExportPage, sample_session: OpenSession, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: page._preview_task is not None and bool(page._desk.process_id), timeout=20_000)
    psutil.Process(page._desk.process_id).kill()
    said = page._no_pages.findChildren(QLabel)
    qtbot.waitUntil(lambda: any("ended unexpectedly" in label.text() for label in said), timeout=20_000)
    assert page._no_pages.isVisible()
    assert sample_session.refused == []
    page.export_to(tmp_path / "Sam.csv")
    qtbot.waitUntil(page._result.isVisible, timeout=60_000)


def test_the_process_goes_with_the_portfolio(
    sample_session: OpenSession, navigator: RecordingNavigator, qtbot: QtBot
) -> None:
    page = ExportPage(sample_session, navigator)
    page.show()
    qtbot.waitUntil(lambda: page._preview_task is not None and bool(page._desk.process_id), timeout=20_000)
    process = psutil.Process(page._desk.process_id)
    folder = page._folder
    assert folder is not None
    sample_session.close()
    qtbot.waitUntil(lambda: not process.is_running(), timeout=20_000)
    page.deleteLater()
    qtbot.waitUntil(lambda: not folder.exists(), timeout=20_000)
    assert sample_session.refused == []


def test_a_portfolio_that_cannot_be_changed_is_exported(
    sample_folder: Path, navigator: RecordingNavigator, qtbot: QtBot, tmp_path: Path
) -> None:
    session = OpenSession(sample_folder, read_only=True)
    page = ExportPage(session, navigator)
    qtbot.addWidget(page)
    page.show()
    session.settle()
    page.export_to(tmp_path / "Sam.csv")
    qtbot.waitUntil(page._result.isVisible, timeout=60_000)
    session.finish()
